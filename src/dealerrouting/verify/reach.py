"""What never decides: sources that are shadowed or can never be true, dealers that nothing reaches.

May know: contests, outcomes, findings. May not know: what nobody serves, two plans.

A source decides where it is among those left on the rung that decides, and one dealer can be chosen there: a conflict
decides nothing. To show that it does takes one lead; to show that it does not takes every cell of its region. So a lead
from inside, away from the others, is tried first. Where something could only be tried, not to have found such a lead
shows nothing: then it is asked again, whatever a lead may say of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from attrs import define, field

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Dealer
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course
from dealerrouting.verify.boxes import Box, Sides
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.drawing import plain
from dealerrouting.verify.finding import CODES, Finding
from dealerrouting.verify.meeting import left, undecided
from dealerrouting.verify.outcome import Outcome
from dealerrouting.verify.place import EVERYWHERE
from dealerrouting.verify.proof import Proof, finding, unknown
from dealerrouting.verify.roughly import Rough, roughly
from dealerrouting.verify.space import WHEN

__all__ = ["idle", "shadowed", "unreachable"]


def shadowed(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Rules and territories that match leads and never decide: others come first, or nothing chooses.

    `values["by"]` are those that come first, `values["conflict"]` those among which, with it, nothing chooses; of
    territories of several parts `values["by_parts"]` and `values["conflict_parts"]` say which parts these are.
    `values["only_without"]` are the dealers in whose absence it would decide, each of them alone; none where not even
    then. What hangs on what can only be tried is not told, nor what hangs on `undecided-dealers`.
    """
    return shadowed_of(Reach(contest(plan, since=at, budget=budget)))


def unreachable(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Rules and territories that match no lead at all, or none that one of their dealers can take.

    What hangs on what can only be tried is not told.
    """
    return tuple(unreachable_of(Reach(contest(plan, since=at, budget=budget))))


def idle(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Dealers to whom nothing in the plan leads: no source that decides, no account, and they are near nobody.

    What hangs on what can only be tried is not told, nor what hangs on `undecided-dealers`.
    """
    return tuple(idle_of(Reach(contest(plan, since=at, budget=budget))))


@define(eq=False)
class Reach:
    """Where the sources of a plan decide."""

    asked: Contest
    lost: list[Entry] = field(factory=list)
    _decides: dict[tuple[int, str | None], bool | None] = field(factory=dict)

    @cached_property
    def by_entry(self) -> dict[int, list[tuple[Stretch, int]]]:
        """By entry the stretches in which a box of it is active, with that box."""
        found: dict[int, list[tuple[Stretch, int]]] = {}
        for stretch in self.asked.stretches:
            for box in stretch.active:
                found.setdefault(self.asked.owner[box], []).append((stretch, box))
        return found

    @cached_property
    def rough(self) -> Rough | None:
        """The contest without what could only be tried; None where nothing was."""
        return roughly(self.asked)

    @cached_property
    def _roughly(self) -> Reach | None:
        return None if self.rough is None else Reach(self.rough.asked)

    def decides(self, entry: Entry, *, dealer: str | None = None) -> bool | None:
        """Whether the source is ever left on the rung that decides, with everybody there; None where unknown.

        With a `dealer`: whether it is, with that dealer in its pool.
        """
        key = (entry.number, dealer)
        if key not in self._decides:
            self._decides[key] = self._worked_out(entry, dealer)
        return self._decides[key]

    def _worked_out(self, entry: Entry, dealer: str | None) -> bool | None:
        try:
            if self._tried(entry, dealer) or self._anywhere(entry, dealer):
                return True
            return None if self._might(entry, dealer) else False
        except Exhausted:
            self.lost.append(entry)
            return None

    def _might(self, entry: Entry, dealer: str | None) -> bool:
        """Whether it might yet decide for a lead of a kind that was not tried."""
        if self.rough is None or self._roughly is None:
            return False
        asked = self.rough.asked
        for _, _, met in self._roughly.cells(asked.entries[entry.number]):
            choices = self.rough.choices(met, entry)
            if choices is None or any(self.wins(entry, asked.outcome(one), dealer) for one in choices):
                return True
        return False

    def usable(self, entry: Entry) -> bool | None:
        """Whether somebody could take a lead by this source, if nothing came before it; None where unknown."""
        if any(True for _ in self.asked.served(entry)):
            return True
        if self.rough is None:
            return False
        asked = self.rough.asked
        return None if any(True for _ in asked.served(asked.entries[entry.number])) else False

    def true(self, entry: Entry) -> bool:
        """Whether it might be true for some lead."""
        return bool(entry.boxes or (self.rough is not None and self.rough.asked.entries[entry.number].boxes))

    def wins(self, entry: Entry, outcome: Outcome, dealer: str | None = None) -> bool:
        """Whether the source decides in this outcome; with a `dealer`, and that one may be chosen."""
        if outcome.rung != entry.rung:  # where nobody is near, what comes below decides
            return outcome.below is not None and self.wins(entry, outcome.below, dealer)
        if outcome.conflict or not outcome.keeps(entry.source):
            return False
        return dealer is None or dealer in outcome.pool

    def _tried(self, entry: Entry, dealer: str | None) -> bool:
        """One lead from each of the first few places, away from the others."""
        asked = self.asked
        for stretch, box in self.by_entry.get(entry.number, [])[:_TRIES]:
            asked.budget.begin()
            asked.budget.step(len(stretch.active) ** 2)
            for stands in asked.sides_of(box, only=dealer)[:_TRIES]:
                met = asked.at(stretch, self._aside(stretch, box, stands), upto=asked.depth[entry.number])
                if entry.number in met.entries and self.wins(entry, asked.outcome(met), dealer):
                    return True
        return False

    def _aside(self, stretch: Stretch, box: int, stands: Sides) -> dict[int, int]:
        """A single class on every axis that matters here: inside the sides, in as few of the others as can be."""
        asked = self.asked
        depth = asked.depth[asked.owner[box]]
        chosen = dict(stands)
        for n in stretch.active:
            if n != box and asked.depth[asked.owner[n]] <= depth:  # as long as something is left, keep out of each
                for axis, mask in asked.boxes[n].sides:
                    left = chosen.get(axis, asked.space.full[axis])
                    chosen[axis] = left & ~mask or left
        return {axis: mask & -mask for axis, mask in chosen.items()}

    def _anywhere(self, entry: Entry, dealer: str | None) -> bool:
        """Every cell of the region."""
        return any(self.wins(entry, self.asked.outcome(met), dealer) for _, _, met in self.cells(entry))

    def cells(self, entry: Entry) -> Iterator[tuple[Stretch, Sides, Met]]:
        """The cells of the entry's region."""
        asked = self.asked
        for stretch, box in self.by_entry.get(entry.number, []):
            asked.budget.begin()
            found = asked.cells(
                stretch, within=asked.boxes[box].sides, need=[[entry.number]], upto=asked.depth[entry.number]
            )
            yield from ((stretch, sides, met) for sides, met in found)

    def without(self, entry: Entry, met: Met) -> Iterator[str]:
        """The dealers in whose absence, each alone, the source decides in this cell."""
        for dealer in self.asked.outcome(met).offered:
            if self.wins(entry, self.asked.outcome(met, away=dealer)):
                yield dealer

    def undecided(self, dealer: str, entries: Iterable[Entry]) -> bool:
        """Whether a lead would come to the dealer by one of these, if anything chose among those whom they name."""
        asked = self.asked
        cells = ((met, asked.outcome(met)) for entry in entries for _, _, met in self.cells(entry))
        return any(dealer in outcome.pool and undecided(asked, met, outcome) for met, outcome in cells)


_TRIES = 3


def parts_of(asked: Contest) -> Iterator[list[Entry]]:
    """The entries of each rule and territory: several parts may share an id."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in asked.entries:
        if entry.rung != "nearest":
            found.setdefault((entry.rung, entry.id), []).append(entry)
    yield from found.values()


def shadowed_of(reach: Reach) -> tuple[Finding, ...]:
    """The same of a contest."""
    every = [entry for entries in parts_of(reach.asked) for entry in entries]
    reached = [entry for entry in every if any(True for _ in reach.asked.served(entry))]
    found: list[Finding] = []
    for entry in (entry for entry in reached if reach.decides(entry) is False):
        try:
            found += _shadowed(reach, entry)
        except Exhausted:  # it never decides; what does instead was too much to say
            reach.lost.append(entry)
    return (*found, *unknown(reach.asked, "shadowed-territory", map(_Lost, reach.lost)))


@define
class _Lost:
    """A source of which it is not known whether it ever decides."""

    entry: Entry

    @property
    def boxes(self) -> Sequence[Box]:
        return self.entry.boxes


@define
class _Causes:
    """What keeps a source from deciding: sources before it, and those it ties with, with the parts of territories."""

    first: dict[str, set[int]] = field(factory=dict)
    among: dict[str, set[int]] = field(factory=dict)
    without: set[str] = field(factory=set)
    undecided: bool = False  # somewhere it would decide, if anything chose among its dealers
    place: tuple[Stretch, Sides] | None = None

    def take(self, reach: Reach, entry: Entry, where: tuple[Stretch, Sides], met: Met) -> None:
        """A cell more."""
        outcome = reach.asked.outcome(met)
        mine = outcome.conflict and entry.rung == outcome.rung and (outcome.keeps(entry.source) or not outcome.kept)
        causes = self.among if mine else self.first
        for name in outcome.because:
            causes.setdefault(name, set())
        for one in left(reach.asked, met, outcome):
            number = reach.asked.part(one)
            causes[one.id] |= set() if number is None else {number}
        self.undecided |= outcome.keeps(entry.source) and undecided(reach.asked, met, outcome)
        self.without.update(reach.without(entry, met))
        self.place = self.place or where

    def values(self) -> Iterator[tuple[str, Any]]:
        """As a finding says them."""
        for name, causes in (("by", self.first), ("conflict", self.among)):
            yield name, tuple(sorted(causes))
            parts = {one: tuple(sorted(numbers)) for one, numbers in sorted(causes.items()) if numbers}
            if parts:
                yield f"{name}_parts", FrozenMap(parts)
        yield "only_without", tuple(sorted(self.without))


def _shadowed(reach: Reach, entry: Entry) -> Iterator[Finding]:
    """A finding with what keeps it from deciding; none where it is told already, as `undecided-dealers`."""
    asked = reach.asked
    causes, known = _Causes(), set()
    for stretch, sides, met in reach.cells(entry):
        if met not in known and asked.able(entry, met):
            causes.take(reach, entry, (stretch, sides), met)
        known.add(met)
    if causes.undecided:
        return
    best = causes.place
    box = entry.boxes[0]
    place = best[0].first if best else 0 if box.place is EVERYWHERE else box.place[0][0]
    yield finding(
        asked,
        "shadowed-territory" if entry.rung == "territories" else "shadowed-rule",
        (entry.id,),
        plain(entry.boxes),
        Proof(place, best[1] if best else box.sides),
        shows=lambda course, told: _able(course, entry) and not reach.wins(entry, told),
        values={**dict(causes.values()), "rung": entry.rung, **_part(asked, entry)},
    )


def _part(asked: Contest, entry: Entry) -> Mapping[str, int]:
    """Which part of a territory it is."""
    number = asked.part(entry)
    return {} if number is None else {"part": number}


def _offered(course: Course, entry: Entry) -> bool:
    """Whether a lead that was routed is offered by this source."""
    heard = (one for one in course.heard if one.rung.name == entry.rung)
    return any(c.source == entry.id and c.region is entry.source.condition for one in heard for c in one.offered)


def _able(course: Course, entry: Entry) -> bool:
    """Whether one of its dealers could have had it."""
    barred = {name for one in course.heard if one.rung.name == entry.rung for name in one.barred}
    return _offered(course, entry) and not set(entry.source.dealers) <= barred


def unreachable_of(reach: Reach) -> Iterator[Finding]:
    """The same of a contest."""
    for entries in parts_of(reach.asked):
        for entry in entries:
            if reach.usable(entry) is False:
                yield _unreachable(reach, entry)


def _unreachable(reach: Reach, entry: Entry) -> Finding:
    asked = reach.asked
    name = "unreachable-territory" if entry.rung == "territories" else "unreachable-rule"
    values = {"why": "dealers" if reach.true(entry) else "never", "rung": entry.rung, **_part(asked, entry)}
    if not entry.boxes:
        return Finding(name, (entry.id,), CODES[name].level, values=FrozenMap(values))
    box = entry.boxes[0]
    proof = Proof(0 if box.place is EVERYWHERE else box.place[0][0], box.sides)
    return finding(asked, name, (entry.id,), plain(entry.boxes), proof, shows=_refused(entry), values=values)


def _refused(entry: Entry) -> Callable[[Course, Outcome], bool]:
    """Whether a lead that was routed is offered by this source, and none of its dealers can take it."""

    return lambda course, _: _offered(course, entry) and not _able(course, entry)


def idle_of(reach: Reach) -> Iterator[Finding]:
    """The same of a contest."""
    plan = reach.asked.plans[0]
    known = {plan.house, *_holders(reach.asked)}
    offering: dict[str, list[Entry]] = {}
    for entry in reach.asked.entries:
        for name in entry.source.dealers:
            offering.setdefault(name, []).append(entry)
    for dealer in (dealer for dealer in plan.dealers if dealer.id not in known):
        mine = offering.get(dealer.id, [])
        if all(reach.decides(entry, dealer=dealer.id) is False for entry in mine) and not _undecided(
            reach, dealer, mine
        ):
            values = FrozenMap({"offered_by": tuple(sorted({entry.id for entry in mine}))})
            yield Finding("idle-dealer", (dealer.id,), CODES["idle-dealer"].level, values=values)


def _undecided(reach: Reach, dealer: Dealer, entries: Sequence[Entry]) -> bool:
    try:
        return reach.undecided(dealer.id, entries)
    except Exhausted:  # that it is idle is known; what else may be told of it is not
        return False


def _holders(asked: Contest) -> Iterator[str]:
    """The dealers that hold an account while they are there, in the time asked about."""
    plan, when = asked.plans[0], asked.space.when
    for account in plan.accounts if plan.rung("accounts") is not None else ():
        standing = asked.standings[0].get(account.holder)
        active = when.full if standing is None else dict(standing.active).get(WHEN, when.full)
        if active & when.valid(account.valid_from, account.valid_until):
            yield account.holder
