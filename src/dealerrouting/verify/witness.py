"""From a cell to a lead: what to write so that it lies there, and the lead really routed.

May know: contests, leads, `route`. May not know: what the lead is to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Any

from dealerrouting.calendar import NEVER
from dealerrouting.model import Account, Company, Facts, Incumbent, Lead, PastHolder, Registration
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import consider
from dealerrouting.verify.axes import bits, lead_of
from dealerrouting.verify.boxes import Sides
from dealerrouting.verify.finding import Witness
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.space import WHEN, Space

__all__ = ["PLAIN", "PROSPECT", "but_for", "facts_of", "sample", "samples", "twice"]

PLAIN = datetime(2027, 1, 4, 8, tzinfo=UTC)
"""A plain Monday morning, for leads that do not say when they came."""
_TRIES = 60
_CLASSES = 4


def sample(here: Space, place: int, sides: Sides) -> tuple[Lead, datetime]:
    """A lead in the cell, and an instant: the plainest, with nothing said where it does not matter."""
    return next(samples(here, place, sides))


def samples(here: Space, place: int, sides: Sides) -> Iterator[tuple[Lead, datetime]]:
    """Leads in the cell: the plainest first, then others from the classes that its sides leave."""
    inside = {WHEN: here.full[WHEN], **dict(sides)}
    known = {axis: mask for axis, mask in inside.items() if here.axes[axis].samples[0] or axis != WHEN}
    choices = [[(axis, at) for at in islice(bits(mask), _CLASSES)] for axis, mask in sorted(known.items())]
    for chosen in islice(product(*choices), _TRIES):
        said: dict[str, Any] = dict(here.place.sample(place))
        for axis, number in chosen:
            said |= here.axes[axis].samples[number]
        at: datetime = said.get("at") or here.when.samples[0]["at"]
        yield lead_of(said), at


def facts_of(
    lead: Lead, scenario: Scenario, plan: Plan, away: str | None, at: datetime, company: Company | None = None
) -> tuple[Lead, Facts]:
    """The facts of a scenario with a dealer away, and the lead as it then asks.

    `company` is who asks, instead of the one that is usual there; without a scenario the lead's own is kept.
    """
    past = [PastHolder(lead.id, away, "excluded")] if away is not None else []
    if scenario.kind == "none":
        return lead if company is None else but_for(lead, company=company), Facts(past_holders=past)
    if scenario.company is not None:
        return but_for(lead, company=company or scenario.company), Facts(past_holders=past)
    company = company or PROSPECT
    asking, since = but_for(lead, company=company), at - timedelta(days=1)
    if scenario.kind == "incumbent":
        return asking, Facts(incumbents=[Incumbent(company, scenario.dealer, since=since)], past_holders=past)
    claim = Registration(
        scenario.source,
        scenario.dealer,
        company,
        status="approved",
        submitted_at=since,
        decided_at=since,
        expires_at=at + timedelta(days=1),
    )
    return asking, Facts(registrations=[claim], past_holders=past)


PROSPECT = Company("Prospect", domain="prospect.example", country="NL")
"""Who asks where a claim or an open lead is taken to be there."""


def but_for(lead: Lead, **changed: Any) -> Lead:
    """The same lead but for some of its fields."""
    kept = {name: getattr(lead, name) for name in Lead.__slots__ if name not in ("unreadable", "__weakref__")}
    return Lead(**kept | changed)


def twice(plan: Plan, one: Account, two: Account, company: Company, since: datetime) -> Witness | None:
    """A lead of a company that two accounts know, at an instant from `since` on at which both could have it."""
    lead = Lead("witness", company)
    dealers = [plan.by_id[account.holder] for account in (one, two)]
    bounds = [
        one.valid_from,
        two.valid_from,
        *(d.active_from for d in dealers),
        *(p[1] for d in dealers for p in d.paused),
    ]
    ends = [one.valid_until, two.valid_until, *(d.active_until for d in dealers)]
    before = [end - timedelta(microseconds=1) for end in ends if end is not None]
    for at in sorted({PLAIN, max(since, _FIRST), *(bound for bound in bounds if bound is not None), *before}):
        course = consider(lead, plan, Facts(), at=at)
        heard = next((said for said in course.heard if said.rung.kind == "accounts"), None)
        known = {c.source for c in heard.offered if c.dealer not in heard.barred} if heard is not None else set()
        if at >= since and {one.id, two.id} <= known:
            return Witness(lead, Facts(), at, course.decision)
    return None


_FIRST = NEVER + timedelta(days=3)
