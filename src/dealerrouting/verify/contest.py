"""A contest: every source of one or two plans as boxes, and who of them meets where.

May know: plans, spaces, boxes, cells, outcomes. May not know: what is asked, findings, words.

Inside a cell the sources that match are the same for all leads, and so are the dealers that are active and serve it:
so is the outcome. Sources that two plans share are kept once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import define, field, frozen

from dealerrouting.model import Dealer
from dealerrouting.rules.binding import Leaf
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.verify.boxes import Box, Sides, sides_meet
from dealerrouting.verify.cells import Budget, Stretch, cells, stretches
from dealerrouting.verify.given import budget_of, plan_of
from dealerrouting.verify.narrow import MANY, narrowed
from dealerrouting.verify.outcome import Ladder, Outcome, Scenario
from dealerrouting.verify.sharing import Shared, boxes_of, shared
from dealerrouting.verify.space import WHEN, Space, space

__all__ = ["Contest", "Entry", "Met", "contest"]

NOBODY = Scenario()


@frozen(eq=False)
class Entry:
    """A source on a rung: the plans that have it (a bit for each), and where it is true and in force."""

    number: int
    plans: int
    rung: str
    sources: Mapping[int, Source]  # by plan: the same but for its place among rules
    boxes: tuple[Box, ...]

    @property
    def source(self) -> Source:
        """In the first plan that has it."""
        return self.sources[min(self.sources)]

    @property
    def id(self) -> str:
        """Of the rule or territory."""
        return self.source.id


@frozen(eq=False)
class Standing:
    """When a dealer is active, and what it serves, as sides."""

    active: Sides = ()
    serves: Sides = ()
    never: bool = False  # it is never active
    takes: bool = True  # something may be given to it


@frozen
class Met:
    """What meets in one cell: the entries that match, and the dealers that are not active there or do not serve it."""

    entries: tuple[int, ...]
    inactive: tuple[frozenset[str], ...]  # by plan
    unserving: tuple[frozenset[str], ...]


@define(eq=False)
class Contest:
    """Everything that can be asked about some plans is asked of this."""

    space: Space
    entries: tuple[Entry, ...]
    ladders: tuple[Ladder, ...]
    standings: tuple[Mapping[str, Standing], ...]  # by plan; dealers that always stand are left out
    budget: Budget
    boxes: list[Box] = field(init=False)
    owner: list[int] = field(init=False)  # by box: the number of its entry
    depth: list[int] = field(init=False)  # by entry: how far down its rung stands, in the plan where it is lower
    never: tuple[frozenset[str], ...] = field(init=False)  # by plan: the dealers that are never active
    _outcomes: dict[tuple[Any, ...], Outcome] = field(factory=dict)
    _sides: dict[tuple[Any, ...], tuple[Sides, ...]] = field(factory=dict)
    _stretches: list[Stretch] | None = None
    _parts: dict[str, list[Source]] | None = None  # the parts of each territory of the first plan

    @boxes.default
    def _boxes(self) -> list[Box]:
        return [box for entry in self.entries for box in entry.boxes]

    @owner.default
    def _owner(self) -> list[int]:
        return [entry.number for entry in self.entries for _ in entry.boxes]

    @never.default
    def _never(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(name for name, one in known.items() if one.never) for known in self.standings)

    @depth.default
    def _depth(self) -> list[int]:
        rungs = [{rung.name: at for at, rung in enumerate(plan.precedence)} for plan in self.space.plans]
        return [max(known.get(entry.rung, 0) for known in rungs) for entry in self.entries]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that are asked about."""
        return self.space.plans

    def part(self, entry: Entry) -> int | None:
        """Which part of its territory it is, from 1 on, as the first plan gives them; None where it is all of it."""
        if self._parts is None:
            self._parts = {}
            for source in self.plans[0].sources.get("territories", ()):
                self._parts.setdefault(source.id, []).append(source)
        mine = self._parts.get(entry.id, []) if entry.rung == "territories" else []
        return next((n for n, one in enumerate(mine, 1) if one is entry.source), None) if len(mine) > 1 else None

    @property
    def stretches(self) -> list[Stretch]:
        """The places, cut where any box begins or ends."""
        if self._stretches is None:
            self._stretches = list(stretches(self.boxes, self.space.place.size))
        return self._stretches

    def cells(
        self,
        stretch: Stretch,
        *,
        within: Sides = (),
        need: Iterable[Sequence[int]] = (),
        upto: int = 1 << 30,
        empty: bool = False,
        dealers: Collection[str] = (),
    ) -> Iterator[tuple[Sides, Met]]:
        """The cells of a stretch inside `within`, and what meets in each.

        Only cells in which all entries of one of the lists of `need` match, or, without any, some entry does; those
        that are `empty` too if asked. Entries of rungs below the `upto`-th are left out: who decides before them does
        not depend on them. `dealers` are told apart by where they stand even if no source offers them.
        """
        active = [box for box in stretch.active if self.depth[self.owner[box]] <= upto]
        owners = [self.owner[box] for box in active]
        sides = [self.boxes[box].sides for box in active]
        extras = list(self._standing_of({self.entries[n] for n in owners}, dealers))
        sides += [extra[-1] for extra in extras]
        bits: dict[int, int] = {}
        for n, owner in enumerate(owners):
            bits[owner] = bits.get(owner, 0) | 1 << n
        wanted = [[bits.get(entry, 0) for entry in entries] for entries in need]
        hopeful = (1 << len(active)) - 1

        def matters(alive: int) -> bool:
            if wanted:
                return any(all(alive & mask for mask in masks) for masks in wanted)
            return empty or bool(alive & hopeful)

        for found, alive in cells(sides, self.space.full, self.budget, within=within, matters=matters):
            yield found, self._met(alive, owners, extras)

    def at(self, stretch: Stretch, point: Mapping[int, int], *, upto: int = 1 << 30) -> Met:
        """What meets in a single class of every axis; an axis that the point leaves out must limit nothing there."""
        active = [box for box in stretch.active if self.depth[self.owner[box]] <= upto]
        owners = [self.owner[box] for box in active]
        extras = list(self._standing_of({self.entries[n] for n in owners}))
        sides = [*(self.boxes[box].sides for box in active), *(extra[-1] for extra in extras)]
        alive = 0
        for n, mine in enumerate(sides):
            if all(point.get(axis, mask) & mask for axis, mask in mine):
                alive |= 1 << n
        return self._met(alive, owners, extras)

    def _met(self, alive: int, owners: Sequence[int], extras: Sequence[tuple[int, str, str, Sides]]) -> Met:
        entries = tuple(sorted({owners[n] for n in range(len(owners)) if alive >> n & 1}))
        inactive: list[set[str]] = [set() for _ in self.plans]
        unserving: list[set[str]] = [set() for _ in self.plans]
        for at, (plan, dealer, kind, _) in enumerate(extras, len(owners)):
            if not alive >> at & 1:
                (inactive if kind == "active" else unserving)[plan].add(dealer)
        return Met(entries, tuple(map(frozenset, inactive)), tuple(map(frozenset, unserving)))

    def _standing_of(
        self, entries: Collection[Entry], dealers: Collection[str] = ()
    ) -> Iterator[tuple[int, str, str, Sides]]:
        """The dealers behind these entries whose standing depends on the lead."""
        for plan, standings in enumerate(self.standings):
            told = (e for e in entries if e.plans >> plan & 1 and e.rung != "nearest")
            names = {*dealers, *(name for entry in told for name in entry.source.dealers)}
            for name in sorted(name for name in names if name in standings):
                one = standings[name]
                if one.active and not one.never:
                    yield plan, name, "active", one.active
                if one.serves:
                    yield plan, name, "serves", one.serves

    def outcome(self, met: Met, *, plan: int = 0, away: str | None = None, scenario: Scenario = NOBODY) -> Outcome:
        """What that plan makes of a cell."""
        key = (met.entries, met.inactive[plan], met.unserving[plan], plan, away, scenario)
        if key not in self._outcomes:
            matched: dict[str, list[Source]] = {}
            for number in met.entries:
                entry = self.entries[number]
                if entry.plans >> plan & 1:
                    matched.setdefault(entry.rung, []).append(entry.sources[plan])
            self._outcomes[key] = self.ladders[plan].judge(
                matched,
                inactive=met.inactive[plan] | self.never[plan],
                unserving=met.unserving[plan],
                away=away,
                scenario=scenario,
            )
        return self._outcomes[key]

    def plan_at(self, place: int, plan: int = 0) -> Plan:
        """The plan; where it has very many sources, with those of this class of places only."""
        whole = self.plans[plan]
        if sum(map(len, whole.sources.values())) <= MANY:
            return whole
        here = self.stretches[bisect_right(self.stretches, place, key=_first) - 1]
        kept: dict[str, dict[int, Source]] = {}
        for entry in (self.entries[self.owner[box]] for box in here.active):
            if plan in entry.sources and entry.rung in whole.sources:
                kept.setdefault(entry.rung, {})[entry.number] = entry.sources[plan]
        return narrowed(whole, {name: tuple(found.values()) for name, found in kept.items()})

    def serving(self, plan: int = 0, *, without: str | None = None) -> list[tuple[int, Box]]:
        """Where each entry of a plan has a dealer that can take the lead, as entry and box."""
        found = []
        for entry in self.entries:
            if entry.plans >> plan & 1:
                found += [(entry.number, box) for box in self.served(entry, plan, without=without)]
        return found

    def served(self, entry: Entry, plan: int = 0, *, without: str | None = None) -> Iterator[Box]:
        """Where this entry has a dealer, other than `without`, that is active and serves the lead."""
        if entry.rung == "nearest":  # who of them stands there is not told apart
            yield from entry.boxes if set(entry.source.dealers) - {without} else ()
            return
        sides = [s for name in entry.source.dealers if name != without for s in self.stands(name, plan)]
        for box in entry.boxes:
            if () in sides:
                yield box
                continue
            for mine in dict.fromkeys(sides):
                both = sides_meet(box.sides, mine)
                if both is not None:
                    yield Box(box.place, both)

    def sides_of(self, box: int, *, without: str | None = None, only: str | None = None) -> tuple[Sides, ...]:
        """The sides in which a dealer of this box's entry serves: any, any but one, or just that one."""
        key = (box, without, only)
        if key not in self._sides:
            entry = self.entries[self.owner[box]]
            dealers = entry.source.dealers
            names = [name for name in dealers if name != without and only in (None, name)]
            near = entry.rung == "nearest" and bool(names)
            stands = dict.fromkeys([()] if near else (sides for name in names for sides in self.stands(name)))
            found = (self.boxes[box].sides,) if () in stands else (sides_meet(self.boxes[box].sides, s) for s in stands)
            self._sides[key] = tuple(sides for sides in found if sides is not None)
        return self._sides[key]

    def able(self, entry: Entry, met: Met, plan: int = 0) -> bool:
        """Whether a dealer of an entry that matches in a cell could take the lead there."""
        out = met.inactive[plan] | met.unserving[plan]
        return any(name not in out and any(True for _ in self.stands(name, plan)) for name in entry.source.dealers)

    def stands(self, name: str, plan: int = 0) -> Iterator[Sides]:
        """Where a dealer may be given leads: nowhere, or in one box."""
        if name not in self.plans[plan].by_id:
            return
        one = self.standings[plan].get(name)
        if one is None:
            yield ()
        elif one.takes and not one.never:
            both = sides_meet(one.active, one.serves)
            if both is not None:
                yield both


def _first(stretch: Stretch) -> int:
    return stretch.first


# ------------------------------------------------------------------------------------------ making one


def contest(
    *plans: Plan,
    also: Iterable[Leaf] = (),
    since: datetime | None = None,
    budget: Budget | None = None,
    only: Callable[[Space, list[Shared]], Iterable[Shared]] | None = None,
) -> Contest:
    """The contest of one plan, or of two to be compared; of `only` those sources that matter to who asks."""
    budget = budget_of(budget)
    for plan in plans:
        plan_of(plan)
    if all(plan.lens == plans[0].lens for plan in plans):
        found = shared(plans)
        here = space(plans, also=also, since=since, sources=_once(found, len(plans)))
    else:  # the same words may mean other leads on another clock, in another currency or tree
        here = space(plans, also=also, since=since)
        found = shared(plans, lambda at, source: boxes_of(here, at, source))
    kept = found if only is None else only(here, found)
    standings = tuple(_standings(plan, at, here) for at, plan in enumerate(plans))
    return Contest(here, tuple(_entries(here, kept)), tuple(map(Ladder, plans)), standings, budget)


def _once(found: Iterable[Shared], plans: int) -> list[list[Source]]:
    """The sources by plan, those that several have in the first of them."""
    mine: list[list[Source]] = [[] for _ in range(plans)]
    for one in found:
        mine[one.first].append(one.source)
    return mine


def _standings(plan: Plan, at: int, here: Space) -> dict[str, Standing]:
    found = {}
    for dealer in plan.dealers:
        one = _standing(dealer, here)
        if one is not None:
            found[dealer.id] = one
    return found


def _standing(dealer: Dealer, here: Space) -> Standing | None:
    when = here.when
    active = when.valid(dealer.active_from, dealer.active_until)
    for start, end in dealer.paused:
        active &= ~when.valid(start, end)
    serves: list[tuple[int, int]] = []
    for name, words in (("language", dealer.serves_languages), ("product", dealer.serves_products)):
        if words:
            axis: Any = here.axes[here.fields[name]]
            serves.append((here.fields[name], axis.of(words) | (axis.full & ~axis.present)))
    takes = 0 not in (dealer.max_open, dealer.max_per_30_days)
    if active == when.full and not serves and takes:
        return None
    sides = () if active == when.full else ((WHEN, active),)
    return Standing(sides, tuple(sorted(serves)), not active, takes)


def _entries(here: Space, found: Iterable[Shared]) -> Iterator[Entry]:
    for number, one in enumerate(found):
        plans = sum(1 << plan for plan in one.sources)
        yield Entry(number, plans, one.rung, one.sources, boxes_of(here, one.first, one.source))
