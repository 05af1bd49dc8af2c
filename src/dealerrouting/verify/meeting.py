"""Where sources meet: overlaps that a pick or nobody decides, and exclusive ones that are not alone.

May know: contests, outcomes, findings. May not know: what nobody serves, two plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from attrs import astuple, define, field, frozen

from dealerrouting.identity import match
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Account
from dealerrouting.rules.binding import implies
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.rungs import Rung
from dealerrouting.verify.boxes import Box, Sides, meet, merged, sides_meet
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.compact import compact, plainness
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.drawing import part_of, plain
from dealerrouting.verify.finding import CODES, Finding
from dealerrouting.verify.outcome import Outcome, named
from dealerrouting.verify.place import EVERYWHERE, Runs
from dealerrouting.verify.proof import Lost, Proof, finding, unknown
from dealerrouting.verify.witness import twice

__all__ = ["exclusive", "overlaps"]


def overlaps(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Where different sources are left with different dealers: what would decide, or that nothing does.

    Sources that the rung's own picks set apart (the more specific, the higher priority, the first) do not overlap.
    """
    return overlaps_of(contest(plan, since=at, budget=budget))


def overlaps_of(asked: Contest) -> tuple[Finding, ...]:
    """The same of a contest."""
    pairs = _Pairs(asked)
    for stretch in asked.stretches:
        asked.budget.begin()
        try:
            pairs.look(stretch)
        except Exhausted:
            pairs.lost.append(Lost(stretch))
    return (
        *pairs.findings(),
        *accounts(asked.plans[0], asked.space.when.cuts[0]),
        *unknown(asked, "overlapping-territory", pairs.lost),
    )


@frozen
class _Tie:
    """What is left in some cells: the sources, and what would decide among them."""

    because: tuple[str, ...]
    rung: str
    left: tuple[str, ...]


@define(eq=False)
class _Pairs:
    """Who was found to overlap, and where."""

    asked: Contest
    found: dict[_Tie, list[tuple[Stretch, list[tuple[Sides, Met]]]]] = field(factory=dict)
    lost: list[Lost] = field(factory=list)
    _tie: dict[tuple[int, int], bool] = field(factory=dict)

    def look(self, stretch: Stretch) -> None:
        """Every cell of a stretch in which two that may tie meet."""
        asked = self.asked
        numbers = sorted({asked.owner[box] for box in stretch.active})
        asked.budget.step(len(numbers) * (len(numbers) - 1) // 2)
        ties = [pair for pair in combinations(numbers, 2) if self.may_tie(*pair)]
        asked.budget.step(len(ties))
        if not ties:
            return
        cells: dict[_Tie, list[tuple[Sides, Met]]] = {}
        for sides, met in asked.cells(stretch, need=ties, upto=max(asked.depth[a] for a, _ in ties)):
            outcome = asked.outcome(met)
            if self._quarrel(met, outcome):
                cells.setdefault(_Tie(outcome.because, outcome.rung, outcome.left), []).append((sides, met))
        for tie, some in cells.items():
            self.found.setdefault(tie, []).append((stretch, some))

    def _quarrel(self, met: Met, outcome: Outcome) -> bool:
        """Whether different sources are left with different dealers; a broken exclusive is a finding of its own."""
        if len(outcome.because) < 2 or len(outcome.pool) < 2:
            return False
        here = [self.asked.entries[n] for n in met.entries]
        left = [entry for entry in here if entry.rung == outcome.rung and entry.id in outcome.because]
        alone = outcome.conflict and any(entry.source.exclusive for entry in left)
        return not alone and len({frozenset(entry.source.dealers) for entry in left}) > 1

    def may_tie(self, a: int, b: int) -> bool:
        """Whether the two could both be left after the picks that plan and lead decide."""
        if (a, b) not in self._tie:
            self._tie[a, b] = _may_tie(self.asked, self.asked.entries[a], self.asked.entries[b])
        return self._tie[a, b]

    def findings(self) -> Iterator[Finding]:
        """One finding for each set of sources and what would decide among them."""
        for tie, places in sorted(self.found.items(), key=lambda one: astuple(one[0])):
            yield self._finding(tie, places)

    def _finding(self, tie: _Tie, places: Sequence[tuple[Stretch, Sequence[tuple[Sides, Met]]]]) -> Finding:
        asked = self.asked
        plainest = max(
            ((stretch, sides) for stretch, some in places for sides, _ in some),
            key=lambda one: (plainness(asked.space, one[1]), -one[0].first),
        )
        return finding(
            asked,
            "overlapping-territory" if tie.rung == "territories" else "overlapping-rule",
            tie.because,
            compact(asked, places),
            Proof(plainest[0].first, plainest[1]),
            share=part_of(asked.space, [Box(stretch.runs, sides) for stretch, some in places for sides, _ in some]),
            values={"decided_by": tie.left[0] if tie.left else "conflict", "rung": tie.rung},
            level=None if tie.left else "error",
            shows=lambda _, told: set(tie.because) <= set(told.because),
        )


def _may_tie(asked: Contest, a: Entry, b: Entry) -> bool:
    if a.rung != b.rung or a.rung == "nearest" or a.id == b.id or set(a.source.dealers) == set(b.source.dealers):
        return False
    rung = next(rung for rung in asked.plans[0].precedence if rung.name == a.rung)
    if _set_apart(rung, a, b):
        return False
    return any(meet(x, y) is not None for x in a.boxes for y in b.boxes)


def _set_apart(rung: Rung, a: Entry, b: Entry) -> bool:
    """Whether a pick that plan and lead decide never leaves both."""
    one, two = a.source, b.source
    for policy in rung.pick:
        if policy == "first" and one.order != two.order:
            return True
        if policy == "priority" and one.priority != two.priority:
            return True
        if policy == "specific":
            narrow, wide = implies(one.condition, two.condition), implies(two.condition, one.condition)
            if narrow != wide:
                return True
        if not isinstance(policy, str) or policy not in ("first", "priority", "specific", "unique"):
            return False
    return False


# ------------------------------------------------------------------------------------------ exclusive


def exclusive(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Exclusive territories where another one matches the same lead."""
    return tuple(exclusive_of(contest(plan, since=at, budget=budget)))


def exclusive_of(asked: Contest) -> Iterator[Finding]:
    """The same of a contest."""
    found: dict[tuple[str, ...], list[Box]] = {}
    alone = [entry for entry in asked.entries if entry.source.exclusive]
    for stretch in asked.stretches if alone else ():
        here = {asked.owner[box] for box in stretch.active}
        for entry in (one for one in alone if one.number in here):
            for ids, sides in _meets(asked, stretch, entry):
                found.setdefault(ids, []).append(Box(stretch.runs, sides))
    for ids, boxes in sorted(found.items()):
        if boxes:
            proof = Proof(boxes[0].place[0][0], boxes[0].sides)
            yield finding(
                asked,
                "broken-exclusive",
                ids,
                plain(merged(boxes, asked.space.full)),
                proof,
            )


def _meets(asked: Contest, stretch: Stretch, entry: Entry) -> Iterator[tuple[tuple[str, ...], Sides]]:
    """Whom an exclusive source meets in a stretch, and where."""
    mine = [box.sides for box in entry.boxes if _covers(box.place, stretch.first)]
    for box in stretch.active:
        other = asked.entries[asked.owner[box]]
        if other.rung == entry.rung and other.id != entry.id:
            both = (sides_meet(sides, asked.boxes[box].sides) for sides in mine)
            yield from ((tuple(sorted((entry.id, other.id))), sides) for sides in both if sides is not None)


def _covers(place: Runs, at: int) -> bool:
    return place is EVERYWHERE or any(first <= at <= last for first, last in place)


# ------------------------------------------------------------------------------------------- accounts


def accounts(plan: Plan, since: datetime) -> Iterator[Finding]:
    """Accounts of different holders that one company can be, at one time from `since` on."""
    by_key: dict[Any, list[Account]] = {}
    found: set[tuple[str, str]] = set()
    for account in plan.accounts:
        for key in account.keys:
            by_key.setdefault(key, []).append(account)
    for same in by_key.values():
        for a, b in combinations(same, 2):
            if a.holder != b.holder and _at_once(a, b, since) and match(a.keys, b.keys).routes:
                found.add((a.id, b.id))
    for pair in sorted(found):
        yield from _told(plan, pair, since)


def _told(plan: Plan, pair: tuple[str, str], since: datetime) -> Iterator[Finding]:
    """A finding, if at some instant both holders are there to quarrel."""
    one, two = (next(account for account in plan.accounts if account.id == name) for name in pair)
    witness = twice(plan, one, two, since)
    if witness is not None:
        rung = plan.rung("accounts")
        left = rung.pick[0] if rung is not None else "unique"
        values = FrozenMap({"decided_by": "conflict" if left == "unique" else named(left), "rung": "accounts"})
        yield Finding("overlapping-account", pair, CODES["overlapping-account"].level, witness=witness, values=values)


def _at_once(a: Account, b: Account, since: datetime) -> bool:
    starts = [since, *(bound for bound in (a.valid_from, b.valid_from) if bound is not None)]
    ends = [bound for bound in (a.valid_until, b.valid_until) if bound is not None]
    return not ends or max(starts) < min(ends)
