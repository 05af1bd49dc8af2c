"""What must hold of all that a desk keeps, seen in a store in memory.

May know: the store in memory, the desk. May not know: which commands were given, any plan's author.
`NotKept` names the law by its number in the design.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from dealerrouting.desk import LeadDesk
from dealerrouting.events import Assigned, Reopened, Tick
from dealerrouting.model import MILLION
from dealerrouting.ports import Ref
from dealerrouting.sla import FINAL, Effect
from dealerrouting.terms import Terms

__all__ = ["OF_ALL", "NotKept", "insist", "nobody_is_named", "nothing_stale_is_told"]


class NotKept(AssertionError):
    """A law is broken by what a store keeps: `law` is its number."""

    def __init__(self, law: int, why: str) -> None:
        self.law = law
        super().__init__(f"law {law}: {why}")


def insist(law: int, so: object, why: str) -> None:
    """What a law demands."""
    if not so:
        raise NotKept(law, why)


@lru_cache(maxsize=16)
def _hops(text: str) -> int:
    """How often a lead may move on, by a plan as it is kept."""
    return int(json.loads(text).get("terms", {}).get("max_reassignments", Terms().max_reassignments))


def exactly_one_holder(store: Any, desk: LeadDesk) -> None:
    """2: every lead that is open has exactly one holder, itself or through the lead it goes with."""
    for case in store._cases.values():
        if case.open:
            insist(2, case.holder and case.phase != "waiting", f"nobody holds {case.lead}")
        elif case.linked and case.erased_at is None:
            primary = store._cases.get(case.linked)
            insist(2, primary is not None and primary.linked is None, f"{case.lead} goes with nobody")
            if primary.open:
                insist(2, case.lead in primary.links, f"{primary.lead} does not know of {case.lead}")
                insist(2, case.over_since is None, f"{case.lead} is over before the lead it goes with")
        insist(2, case.erased_at or case.state or case.linked or case.watched, f"{case.lead} is nothing")


def counts_are_counted(store: Any, desk: LeadDesk) -> None:
    """23: the number of open leads of each dealer is what counting gives."""
    kept = {name: n for name, n in store._counts.items() if n}
    counted = dict(Counter(case.holder for case in store._cases.values() if case.open))
    insist(23, kept == counted, f"kept {kept}, counted {counted}")


def credits_are_bounded(store: Any, desk: LeadDesk) -> None:
    """8: nobody is owed more leads than there are dealers in the ledger; and the ledger is the fold of decisions."""
    folded: dict[str, dict[str, int]] = {}
    for one in (*store._decisions, *store._watched):
        changes = one.decision.changes
        if changes.ledger and changes.credits:
            folded.setdefault(changes.ledger, {}).update(changes.credits)
    for name, credits in store._ledgers.items():
        worst = max(map(abs, credits.values()), default=0)
        insist(8, worst <= len(credits) * MILLION, f"{name} is off by {worst / MILLION:.2f} leads")
        insist(8, set(credits) == set(folded.get(name, {})), f"{name} has credits that no decision gave")


def nobody_has_it_twice(store: Any, desk: LeadDesk) -> None:
    """13: nobody holds a lead twice, unless it was reopened or a person says so. 14: hops are bounded."""
    for case in store._cases.values():
        if case.state is None:
            continue
        events = store._events[case.lead]
        given = [one for one in events if isinstance(one, Assigned) and _taken(store, case.lead, one)]
        had, hops = set[str](), 0
        for event in given:
            if event.outcome == "assigned" and not event.by_hand:
                insist(13, event.holder not in had, f"{event.holder} has {case.lead} twice")
                hops += bool(had)
            had |= {event.holder} if event.outcome == "assigned" else set()
        most = _hops(store._plans[case.state.policy])
        insist(14, hops <= most, f"{case.lead} moved {hops} times")
        otherwise = any(isinstance(one, Reopened) for one in events) or any(one.by_hand for one in given)
        if not otherwise and given and case.state.standing.kind == "assigned":
            insist(13, case.holder == given[-1].holder, f"{case.lead} is not with whom it was given to")


def _taken(store: Any, lead: str, event: Assigned) -> bool:
    return any(
        one.detail.get("event") == event.id and one.detail["outcome"] == "applied" for one in store._records[lead]
    )


def replays(store: Any, desk: LeadDesk) -> None:
    """20: what is kept, folded again, is what is kept; of erased leads too."""
    for case in store._cases.values():
        if case.state is not None:
            insist(20, desk.replayed(case.lead).same, f"{case.lead} is not what its events come to")


def everybody_is_told(store: Any, desk: LeadDesk) -> None:
    """25: whoever is given a lead by the plan or by hand is told, in the outbox."""
    for name, events in store._events.items():
        case = store._cases[name]
        if case.erased_at is not None or case.state is None:
            continue
        for event in events:
            quiet = isinstance(event, Assigned) and event.reason in ("adopted", "erased")
            if isinstance(event, Assigned) and not quiet and _taken(store, name, event):
                told = [one for one in store._messages.values() if one.lead == name and one.does == "offer"]
                found = any(one.assignment == event.assignment and one.to == event.holder for one in told)
                insist(25, found, f"{event.holder} was never told of {name}/{event.assignment}")


def links_agree(store: Any, desk: LeadDesk) -> None:
    """2: who goes with a lead says so, and the lead knows it."""
    for case in store._cases.values():
        for name in case.links:
            insist(2, store._cases[name].linked == case.lead, f"{name} does not go with {case.lead}")


def companies_are_found(store: Any, desk: LeadDesk) -> None:
    """24: what is open or won is found by all its keys, and nothing that is erased is."""
    for case in store._cases.values():
        keys = store._known.get(Ref("lead", case.lead), ())
        expected = tuple(map(str, case.keys)) if case.known else ()
        insist(24, keys == expected, f"{case.lead} is found by {len(keys)} keys and has {len(expected)}")


def one_claim_stands(store: Any, desk: LeadDesk) -> None:
    """24: of the claims on one prospect one stands."""
    standing = [one.claim for one in store._claims.values() if one.claim.status == "approved"]
    seen = Counter(str(key) for claim in standing for key in claim.keys if not claim.products)
    twice = [n for n in seen.values() if n > 1]
    insist(24, not twice, "two claims on one prospect stand")


def ticks_are_logged(store: Any, desk: LeadDesk) -> None:
    """17: a tick that changed something is itself recorded, and so is every event."""
    for name, case in store._cases.items():
        if case.state is not None:
            ticks = sum(isinstance(event, Tick) for event in store._events[name])
            insist(17, ticks == case.state.ticks, f"{name} has had {case.state.ticks} ticks, {ticks} are logged")


def what_is_over_is_said_to_be(store: Any, desk: LeadDesk) -> None:
    """19: what is closed says since when, and waits for nobody; only what the house holds waits for a dealer."""
    for case in store._cases.values():
        if case.state is None or case.erased_at is not None:
            continue
        insist(19, (case.over_since is not None) == (case.phase in FINAL), f"{case.lead}: over since {case.over_since}")
        waits = bool(case.retry) or case.offer_at is not None
        insist(19, not waits or case.phase == "house", f"{case.lead} is {case.phase}, and waits")


def erased_is_nowhere(store: Any, desk: LeadDesk) -> None:
    """29: of what is erased there is no content, no answer, no message that waits."""
    for case in store._cases.values():
        if case.erased_at is None:
            continue
        ref = Ref("lead", case.lead)
        insist(29, case.lead not in store._contents, f"{case.lead} is erased and still says something")
        insist(26, not any(one.about == ref for one in store._answers.values()), f"an answer about {case.lead} is kept")
        waiting = [key for key, one in store._messages.items() if one.lead == case.lead and key not in store._left]
        insist(29, not waiting, f"{waiting} still wait")
    abouts = {one.about for one in store._answers.values() if one.command == "register" and _stood(one)}
    gone = sorted(ref.id for ref in abouts if ref.id not in store._claims)
    insist(26, not gone, f"answers about claims that are erased: {gone}")


def _stood(answer: Any) -> bool:
    return bool(answer.answer["outcome"] != "refused")


OF_ALL: tuple[Callable[[Any, LeadDesk], None], ...] = (
    exactly_one_holder,
    counts_are_counted,
    credits_are_bounded,
    nobody_has_it_twice,
    replays,
    everybody_is_told,
    links_agree,
    companies_are_found,
    one_claim_stands,
    ticks_are_logged,
    what_is_over_is_said_to_be,
    erased_is_nowhere,
)


def nothing_stale_is_told(store: Any, messages: Iterable[Effect]) -> None:
    """25: a message about an assignment is about the one that is current."""
    for one in messages:
        case = store._cases[one.lead]
        insist(25, case.erased_at is None, f"{one.key} is about an erased lead")
        if one.does in ("offer", "linked", "remind", "escalate"):
            holds = store._cases[case.linked] if case.linked else case
            if one.does == "linked" and not case.linked:
                insist(25, one.to == case.holder, f"{one.key} goes to whom does not hold it")
                continue
            insist(25, (holds.state is not None and holds.open) or one.does != "remind", f"{one.key}: it is over")
            insist(25, one.assignment == holds.state.assignment, f"{one.key} is about an assignment that is over")
            if one.does in ("offer", "linked", "remind"):
                insist(25, one.to == holds.holder, f"{one.key} goes to whom does not hold it")


def nobody_is_named(store: Any, canary: str) -> None:
    """29: what a person or company said is in contents and claims, and nowhere else."""
    for name in _NAMELESS:
        text = repr([getattr(store, name), _deep(getattr(store, name))])
        insist(29, canary not in text.casefold(), f"{name} holds what a person said")


_NAMELESS = (
    "_cases", "_known", "_ledgers", "_claimants", "_events", "_records", "_decisions", "_watched", "_acts", "_messages",
    "_answers", "_troubles", "_versions",
)  # fmt: skip


def _deep(table: Any) -> list[str]:
    """Fields that do not show themselves are looked into as well."""
    values = table.values() if hasattr(table, "values") else table
    return [repr(getattr(one, "facts", None)) for one in values]
