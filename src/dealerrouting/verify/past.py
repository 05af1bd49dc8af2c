"""Past leads as leads to come: which of them other dealers could have under another plan.

May know: plans, leads, `route`, outcomes. May not know: regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from dealerrouting.model import Lead
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import NO_FACTS, consider
from dealerrouting.verify.outcome import Outcome, of_course
from dealerrouting.verify.witness import PLAIN, but_for

__all__ = ["Moved", "later", "moved", "to_come"]


@frozen
class Moved:
    """A past lead whose dealers change: who could have it under each plan, and its value in the lead's own currency."""

    lead: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    value: Decimal | None
    currency: str | None = None

    def worth(self, currency: str | None) -> Decimal | None:
        """Its value where that is said in this currency, or in none; None where it is not."""
        return self.value if self.currency is None or currency in (None, self.currency) else None


def moved(active: Plan, planned: Plan, leads: Iterable[Lead], at: datetime | None) -> Iterator[Moved]:
    """The past leads that other dealers could have, or with other parts."""
    for lead in leads:
        asking, when = to_come(lead, at)
        one, two = (of_course(consider(asking, plan, NO_FACTS, at=when)) for plan in (active, planned))
        if _parts(one, active.house) != _parts(two, planned.house):
            yield Moved(lead.id, one.holders(active.house), two.holders(planned.house), lead.value, lead.currency)


_SEASONS = timedelta(weeks=52)


def to_come(lead: Lead, at: datetime | None) -> tuple[Lead, datetime]:
    """The lead as if it came from the instant `at` on, and when: in its season, on its day of the week.

    One that does not say when it came does so at `at`, or else on a plain Monday.
    """
    if lead.received_at is None:
        return lead, at or PLAIN
    when = later(lead.received_at, at)
    return (lead if when == lead.received_at else but_for(lead, received_at=when)), when


def later(when: datetime, at: datetime | None) -> datetime:
    """The instant, or the first one from `at` on that is some times 52 weeks later."""
    if at is None or when >= at:
        return when
    try:
        return when + _SEASONS * -((when - at) // _SEASONS)
    except OverflowError:  # at the end of time
        return at


def _parts(outcome: Outcome, house: str) -> tuple[Any, ...]:
    """Who could have the lead, with which part; then the same of what comes where nobody is near."""
    alone = outcome.conflict or not outcome.pool
    mine = ((house, Fraction(1)),) if alone else tuple(sorted(outcome.pool.items()))
    return mine if outcome.below is None else (*mine, _parts(outcome.below, house))
