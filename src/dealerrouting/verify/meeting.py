"""Where sources meet: overlaps that a pick or nobody decides, and exclusive ones that are not alone.

May know: contests, outcomes, findings. May not know: what nobody serves, two plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, TypeAlias

from attrs import astuple, define, field, frozen

from dealerrouting.rules.binding import implies
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course
from dealerrouting.rules.rungs import Rung
from dealerrouting.verify.boxes import Box, Sides, meet, sides_meet
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.compact import compact, plainness
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.doubles import doubles_of
from dealerrouting.verify.drawing import part_of
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.outcome import Outcome
from dealerrouting.verify.proof import Lost, Proof, finding, unknown
from dealerrouting.verify.space import WHEN

__all__ = ["exclusive", "left", "overlaps", "undecided"]


def overlaps(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Where several dealers are left by different sources, or by one among whom nothing chooses.

    Sources are rules, territories and the parts of a territory. `values["decided_by"]` is what decides among them, or
    `conflict`. Sources that the rung's own picks set apart (the more specific, the higher priority, the first) do not
    overlap. Dealers whom one source names are told only where no pick can choose: as `undecided-dealers`.
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
    return (*pairs.findings(), *doubles_of(asked), *unknown(asked, "overlapping-territory", pairs.lost))


Places: TypeAlias = list[tuple[Stretch, list[tuple[Sides, Met]]]]
"""Cells by the stretch in which they lie, each with what meets there."""


@frozen
class _Tie:
    """What is left in some cells: the sources, what would decide among them, and what kind of finding that is."""

    name: str
    because: tuple[str, ...]
    rung: str
    left: tuple[str, ...]

    def shows(self, _: Course, told: Outcome) -> bool:
        """Whether a lead that was routed has just this left."""
        several = len(told.pool) > 1 and set(self.because) <= set(told.because)
        return several and told.rung == self.rung and told.conflict is not bool(self.left)


@define(eq=False)
class _Pairs:
    """Who was found to overlap, and where."""

    asked: Contest
    found: dict[_Tie, Places] = field(factory=dict)
    lost: list[Lost] = field(factory=list)
    _tie: dict[tuple[int, int], bool] = field(factory=dict)

    def look(self, stretch: Stretch) -> None:
        """Every cell of a stretch in which two that may tie meet, or one that nothing chooses for."""
        asked = self.asked
        numbers = sorted({asked.owner[box] for box in stretch.active})
        asked.budget.step(len(numbers) * (len(numbers) - 1) // 2)
        need: list[tuple[int, ...]] = [pair for pair in combinations(numbers, 2) if self.may_tie(*pair)]
        need += [(n,) for n in numbers if _undecided(asked, asked.entries[n])]
        asked.budget.step(len(need))
        if not need:
            return
        cells: dict[_Tie, list[tuple[Sides, Met]]] = {}
        for sides, met in asked.cells(stretch, need=need, upto=max(asked.depth[some[0]] for some in need)):
            tie = self._tied(met, asked.outcome(met))
            if tie is not None:
                cells.setdefault(tie, []).append((sides, met))
        for tie, some in cells.items():
            self.found.setdefault(tie, []).append((stretch, some))

    def _tied(self, met: Met, outcome: Outcome) -> _Tie | None:
        """What is left for the dealers of a cell to quarrel about; a broken exclusive is a finding of its own."""
        if len(outcome.pool) < 2 or _broken(self.asked, met, outcome):
            return None
        if undecided(self.asked, met, outcome):
            name = "undecided-dealers"
        elif _alike(self.asked, met, outcome):
            return None
        else:
            name = "overlapping-territory" if outcome.rung == "territories" else "overlapping-rule"
        return _Tie(name, outcome.because, outcome.rung, outcome.left)

    def may_tie(self, a: int, b: int) -> bool:
        """Whether the two could both be left after the picks that plan and lead decide."""
        if (a, b) not in self._tie:
            self._tie[a, b] = _may_tie(self.asked, self.asked.entries[a], self.asked.entries[b])
        return self._tie[a, b]

    def findings(self) -> Iterator[Finding]:
        """One finding for each set of sources and what would decide among them."""
        for tie, places in sorted(self.found.items(), key=lambda one: astuple(one[0])):
            values = {"rung": tie.rung, **self._values(tie, [met for _, some in places for _, met in some])}
            level = None if tie.left else "error"
            yield _finding(self.asked, tie.name, tie.because, places, values, tie.shows, level)

    def _values(self, tie: _Tie, mets: Sequence[Met]) -> Mapping[str, Any]:
        """What decides, or among which dealers nothing does; of one territory, which parts of it they are."""
        outcomes = [(met, self.asked.outcome(met)) for met in mets]
        if tie.name == "undecided-dealers":
            said: dict[str, Any] = {
                "dealers": tuple(sorted({name for _, outcome in outcomes for name in outcome.pool}))
            }
        else:
            said = {"decided_by": tie.left[0] if tie.left else "conflict"}
        if len(tie.because) == 1:
            numbers = {self.asked.part(part) for met, outcome in outcomes for part in left(self.asked, met, outcome)}
            known = tuple(sorted(number for number in numbers if number is not None))
            said |= {"parts": known} if known else {}
        return said


def left(asked: Contest, met: Met, outcome: Outcome) -> list[Entry]:
    """The rules, or the parts of territories, that are left in a cell."""
    here = (asked.entries[n] for n in met.entries)
    return [entry for entry in here if entry.rung == outcome.rung and outcome.keeps(entry.source)]


def undecided(asked: Contest, met: Met, outcome: Outcome) -> bool:
    """Whether a cell is a conflict among dealers whom each source that is left names: `undecided-dealers`."""
    return outcome.conflict and not _broken(asked, met, outcome) and _alike(asked, met, outcome)


def _alike(asked: Contest, met: Met, outcome: Outcome) -> bool:
    return len({frozenset(part.source.dealers) for part in left(asked, met, outcome)}) < 2


def _finding(
    asked: Contest,
    name: str,
    at: tuple[str, ...],
    places: Places,
    values: Mapping[str, Any],
    shows: Callable[[Course, Outcome], bool],
    level: str | None,
) -> Finding:
    """A finding about some cells, with a lead from where it can be plainest."""
    plainest = max(
        ((stretch, sides) for stretch, some in places for sides, _ in some),
        key=lambda one: (plainness(asked.space, one[1]), -one[0].first, -_begins(one[1])),
    )
    return finding(
        asked,
        name,
        at,
        compact(asked, places),
        Proof(plainest[0].first, plainest[1]),
        share=part_of(asked.space, [Box(stretch.runs, sides) for stretch, some in places for sides, _ in some]),
        values=values,
        level=level,
        shows=shows,
    )


def _begins(sides: Sides) -> int:
    """The first class of time, as its bit."""
    when = dict(sides).get(WHEN, 1)
    return when & -when


_DECIDED = ("first", "priority", "specific", "unique")
"""The picks that need nothing but plan and lead."""


def _undecided(asked: Contest, entry: Entry) -> bool:
    """Whether nothing may choose among the dealers whom a source names."""
    if entry.rung == "nearest" or len(entry.source.dealers) < 2:
        return False
    rung = next(rung for rung in asked.plans[0].precedence if rung.name == entry.rung)
    return all(policy in _DECIDED for policy in rung.pick)


def _may_tie(asked: Contest, a: Entry, b: Entry) -> bool:
    if a.rung != b.rung or a.rung == "nearest" or set(a.source.dealers) == set(b.source.dealers):
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
        if policy not in _DECIDED:
            return False
    return False


# ------------------------------------------------------------------------------------------ exclusive


def exclusive(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Exclusive territories where another one matches the same lead, and no rung before them takes it."""
    return tuple(exclusive_of(contest(plan, since=at, budget=budget)))


def exclusive_of(asked: Contest) -> Iterator[Finding]:
    """The same of a contest."""
    found: dict[tuple[str, ...], Places] = {}
    lost = []
    for stretch in asked.stretches if any(entry.source.exclusive for entry in asked.entries) else ():
        asked.budget.begin()
        try:
            for ids, some in _meets(asked, stretch).items():
                found.setdefault(ids, []).append((stretch, some))
        except Exhausted:
            lost.append(Lost(stretch))
    for ids, places in sorted(found.items()):
        yield _finding(asked, "broken-exclusive", ids, places, {}, _alone(ids), None)
    yield from unknown(asked, "broken-exclusive", lost)


def _alone(ids: tuple[str, ...]) -> Callable[[Course, Outcome], bool]:
    return lambda _, told: told.conflict and set(ids) <= set(told.because)


def _meets(asked: Contest, stretch: Stretch) -> dict[tuple[str, ...], list[tuple[Sides, Met]]]:
    """The cells of a stretch in which an exclusive source keeps the lead from everybody, by whom it meets there."""
    here = [(asked.entries[asked.owner[box]], asked.boxes[box].sides) for box in stretch.active]
    need = {
        (one.number, other.number)
        for one, mine in here
        if one.source.exclusive
        for other, theirs in here
        if other.rung == one.rung and other.id != one.id and sides_meet(mine, theirs) is not None
    }
    found: dict[tuple[str, ...], list[tuple[Sides, Met]]] = {}
    if need:
        for sides, met in asked.cells(stretch, need=sorted(need), upto=max(asked.depth[n] for n, _ in need)):
            for ids in _broken(asked, met, asked.outcome(met)):
                found.setdefault(ids, []).append((sides, met))
    return found


def _broken(asked: Contest, met: Met, outcome: Outcome) -> set[tuple[str, ...]]:
    """The pairs of an exclusive source and another in a cell where their meeting makes a conflict."""
    if not outcome.conflict or len(outcome.because) < 2:
        return set()
    here = [asked.entries[n] for n in met.entries if asked.entries[n].rung == outcome.rung]
    alone = {entry.id for entry in here if entry.source.exclusive}
    return {tuple(sorted((a, b))) for a in alone for b in outcome.because if a != b}
