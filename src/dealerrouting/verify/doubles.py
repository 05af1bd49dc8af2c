"""Accounts of different holders that one company can be.

May know: contests, accounts, findings. May not know: which other sources meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations, islice
from typing import Any

from dealerrouting.identity import findable, match
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Account, Company
from dealerrouting.rules.route import Course
from dealerrouting.verify.accounts import tellings
from dealerrouting.verify.boxes import Sides
from dealerrouting.verify.cells import Exhausted, Stretch
from dealerrouting.verify.contest import Contest, Met
from dealerrouting.verify.finding import CODES, Finding, Witness
from dealerrouting.verify.outcome import Outcome, Scenario, named
from dealerrouting.verify.proof import Lost, Proof, prove, unknown
from dealerrouting.verify.space import WHEN
from dealerrouting.verify.witness import twice

__all__ = ["doubles_of"]


def doubles_of(asked: Contest) -> Iterator[Finding]:
    """Accounts of different holders that one company can be at one time, where no rung before them takes the lead.

    What a lead leaves out counts: two companies with register numbers of their own and one domain are both meant by a
    lead that says no more than the domain.
    """
    plan, since = asked.plans[0], asked.space.when.cuts[0]
    by_key: dict[Any, list[Account]] = {}
    found: set[tuple[str, str]] = set()
    for account in plan.accounts:
        for key in findable(account.keys):
            by_key.setdefault(key, []).append(account)
    for same in by_key.values():
        for a, b in combinations(same, 2):
            if a.holder != b.holder and _at_once(a, b, since):
                found.add((a.id, b.id))
    lost: list[Lost] = []
    for pair in sorted(found):
        yield from _told(asked, pair, lost)
    yield from unknown(asked, "overlapping-account", {one.stretch: one for one in lost}.values())


def _told(asked: Contest, pair: tuple[str, str], lost: list[Lost]) -> Iterator[Finding]:
    """A finding, if at some instant both holders are there to quarrel."""
    plan = asked.plans[0]
    one, two = (next(account for account in plan.accounts if account.id == name) for name in pair)
    said = (company for account in (one, two) for company in tellings(account.company))
    both = (company for company in said if all(match(company.keys(), a.keys).routes for a in (one, two)))
    witness = _shown(asked, (one, two), both, lost)
    if witness is not None:
        rung = plan.rung("accounts")
        left = rung.pick[0] if rung is not None else "unique"
        values = FrozenMap({"decided_by": "conflict" if left == "unique" else named(left), "rung": "accounts"})
        yield Finding("overlapping-account", pair, CODES["overlapping-account"].level, witness=witness, values=values)


def _shown(asked: Contest, both: Sequence[Account], said: Iterable[Company], lost: list[Lost]) -> Witness | None:
    """A lead of one of these companies that both accounts are asked about."""
    plan, since = asked.plans[0], asked.space.when.cuts[0]
    taken: Company | None = None
    for company in said:
        witness = twice(plan, both[0], both[1], company, since)
        if witness is not None and witness.decision.by == "accounts":
            return witness
        taken = taken or (company if witness is not None else None)
    # A rung before the accounts takes such a lead; perhaps not one that says more.
    return None if taken is None else _saying_more(asked, both, taken, lost)


def _saying_more(asked: Contest, both: Sequence[Account], company: Company, lost: list[Lost]) -> Witness | None:
    """A lead of the company that no rung before the accounts takes, so that both of them are asked."""
    when = asked.space.when
    scenario = Scenario("accounts", tuple((one.id, one.holder) for one in both), company)
    mask = when.full
    for one in both:
        mask &= when.valid(one.valid_from, one.valid_until)
    shows = _both(tuple(one.id for one in both))
    proofs = (
        Proof(stretch.first, sides, scenario)
        for stretch, sides, met in _before(asked, mask, {one.holder for one in both})
        if asked.outcome(met, scenario=scenario).rung == "accounts"
    )
    try:
        found = (prove(asked, proof, shows) for proof in islice(proofs, _TRIES))
        return next((witness for witness in found if witness is not None), None)
    except Exhausted:
        lost += [Lost(stretch) for stretch in asked.stretches]
        return None


_TRIES = 100


def _both(ids: tuple[str, ...]) -> Callable[[Course, Outcome], bool]:
    return lambda _, told: len(told.pool) > 1 and set(ids) <= set(told.because)


def _before(asked: Contest, mask: int, holders: set[str]) -> Iterator[tuple[Stretch, Sides, Met]]:
    """Every cell of these classes of time, as the rungs before the accounts and the holders tell them apart."""
    upto = [rung.kind for rung in asked.plans[0].precedence].index("accounts")
    within = ((WHEN, mask),) if mask != asked.space.when.full else ()
    for stretch in asked.stretches:
        asked.budget.begin()
        found = asked.cells(stretch, within=within, upto=upto, empty=True, dealers=holders)
        yield from ((stretch, sides, met) for sides, met in found)


def _at_once(a: Account, b: Account, since: datetime) -> bool:
    starts = [since, *(bound for bound in (a.valid_from, b.valid_from) if bound is not None)]
    ends = [bound for bound in (a.valid_until, b.valid_until) if bound is not None]
    return not ends or max(starts) < min(ends)
