"""What follows from a decision: changed facts, whom to wait for, whom to tell.

May know: the case, what every rung said, which one decided. May not know: another way to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from dealerrouting.calendar import Elapsed
from dealerrouting.identity import sealed
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Dealer, Owed, PassedOver, Retry
from dealerrouting.rules.case import Case, Heard
from dealerrouting.rules.offers import CHOICE

__all__ = ["changes", "owed", "passed_over", "retry"]

_OWN = frozenset({"registrations", "accounts", "incumbent", "territories"})  # what a dealer calls its own
_MONTH = Elapsed(days=30)
_WAITS = {"inactive": "active", "max_open": "max_open", "max_per_30_days": "max_per_30_days", "share": "share"}


def changes(case: Case, decided: Heard | None, holder: Dealer) -> Changes:
    """What the facts for the next lead must say differently."""
    drawn = [kept for _, kept in decided.steps if kept.ledger] if decided and not decided.conflict else []
    served = holder.kind == "dealer" and case.plan.rung("incumbent") is not None
    return Changes(
        opened=holder.id,
        ledger=drawn[0].ledger if drawn else None,  # a rotation leaves one dealer: none after it draws again
        credits=drawn[0].credits if drawn else FrozenMap(),
        incumbent=tuple(sorted(map(sealed, case.keys), key=str)) if served else (),
    )


def retry(case: Case, heard: Iterable[Heard]) -> tuple[Retry, ...]:
    """The dealers that would have had it but for a condition that time or the caller can lift."""
    found: dict[str, Retry] = {}
    for one in heard:
        for name, reason in one.barred.items():
            dealer = case.plan.by_id.get(name)
            if dealer is None or name in found or reason not in _WAITS:
                continue
            when = _when(reason, dealer, case)
            if reason != "inactive" or when is not None:
                found[name] = Retry(name, _WAITS[reason], when)
    return tuple(found[name] for name in sorted(found))


def _when(reason: str, dealer: Dealer, case: Case) -> datetime | None:
    """The first instant at which the reason is gone by itself, where that is known."""
    if reason == "inactive":
        ends = [end for end in (dealer.active_from, *(end for _, end in dealer.paused)) if end and end > case.at]
        return min((end for end in ends if dealer.active(end)), default=None)
    if reason == "max_per_30_days" and dealer.max_per_30_days:
        count = case.facts.count(dealer.id)
        over = count.in_30_days(case.at) - dealer.max_per_30_days
        freed = [_MONTH.after(given) for given in count.assigned_at if case.at - given < _MONTH.delta]
        return sorted(freed)[over] if over < len(freed) else None
    return None


def passed_over(case: Case, heard: Iterable[Heard], decided: Heard | None, holder: str) -> Iterator[PassedOver]:
    """Dealers that may call this lead their own and did not get it; sharing by turns passes nobody over."""
    for one in heard:
        if one.rung.kind not in _OWN:
            continue
        for name in sorted({candidate.dealer for candidate in one.offered}):
            dealer = case.plan.by_id.get(name)
            reason = _why_passed(one, name, decided)
            if reason and name != holder and dealer is not None and dealer.kind == "dealer":
                ids = tuple(sorted({c.source for c in one.offered if c.dealer == name}))
                yield PassedOver(name, one.rung.name, ids, reason)


def owed(case: Case, heard: Iterable[Heard], decided: Heard | None, holder: str) -> Iterator[Owed]:
    """What claimants are owed whose claims gave way to the customer's choice."""
    if decided is None or not _chosen(decided):
        return
    claims = [c for c in decided.offered if c.rank != CHOICE and c.dealer != holder]
    for name in sorted({c.dealer for c in claims}):
        ids = tuple(sorted(c.source for c in claims if c.dealer == name))
        yield Owed(name, ids, "customers_choice", case.plan.terms.claims.credit)


def _chosen(one: Heard) -> bool:
    """Whether the customer's choice decided."""
    return one.rung.kind == "registrations" and any(c.rank == CHOICE for c in one.pool)


def _why_passed(one: Heard, name: str, decided: Heard | None) -> str | None:
    if name in one.barred:
        return one.barred[name]
    if one is not decided:
        return "outranked"
    if _chosen(one):
        return "customers_choice"
    if one.conflict:
        return "conflict" if one.exclusive or name in one.left else None
    return "outranked" if one.rung.pick == ("ranked",) else None
