"""Two plans beside each other: where the result changes, from whom to whom and why; and whether they are the same.

May know: contests of two plans, outcomes, findings. May not know: what is wrong with either plan.

Only cells in which something differs can change: a source that one plan has and the other has not, or a dealer that
is not the same in both. Where rungs or their picks differ, every cell is looked at. What is compared is the verified
result: the outcome with everybody there, and with each single dealer away that is offered there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from dealerrouting.model import Facts, Lead
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import consider
from dealerrouting.verify.accounts import Held, held, mixed
from dealerrouting.verify.boxes import Box, Sides, sides_minus
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.compact import compact, plainness
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.drawing import part_of, regions
from dealerrouting.verify.finding import Finding, Witness
from dealerrouting.verify.given import leads_of
from dealerrouting.verify.outcome import ELSEWHERE, Outcome, Scenario, agrees, of_course
from dealerrouting.verify.past import Moved, moved
from dealerrouting.verify.proof import Lost, told_exactly, unknown
from dealerrouting.verify.region import Region, Side
from dealerrouting.verify.scenarios import differing
from dealerrouting.verify.sharing import Shared, beside
from dealerrouting.verify.space import WHEN, Space
from dealerrouting.verify.tries import callers
from dealerrouting.verify.unlike import dealers_unlike, ladders_unlike, routes, settings
from dealerrouting.verify.witness import but_for, facts_of, samples

__all__ = ["Change", "Moved", "PlanDiff", "Verdict", "diff", "equal"]

NOTHING = Scenario()


@frozen
class Change:
    """Some regions whose leads had one outcome and have another.

    `away` is the dealer in whose absence alone it changes; `scenario` what has happened besides (`registrations`,
    `accounts`, `incumbent`, or `none`). `why` are the ids that differ and matter there.
    """

    before: Outcome
    after: Outcome
    regions: tuple[Region, ...]
    why: tuple[str, ...]
    volume: Fraction
    witness: Witness | None
    away: str | None = None
    scenario: Scenario = NOTHING
    exact: bool = True
    opaque: tuple[str, ...] = ()


@frozen
class PlanDiff:
    """What changes from one plan to another.

    `changes` by region, the largest first; `besides` are settings that differ and say nothing about regions (caps,
    terms, calendars); `unknown` are the regions that the budget did not reach, `opaque` what could only be tried, so
    that a change may have been missed. With past leads: how many there were, and those that `moved`.
    """

    changes: tuple[Change, ...]
    besides: tuple[str, ...]
    unknown: tuple[Finding, ...]
    opaque: tuple[str, ...] = ()
    leads: int = 0
    moved: tuple[Moved, ...] = ()
    currency: str | None = None  # the active plan's

    def __bool__(self) -> bool:
        return bool(self.changes or self.unknown)

    @property
    def exact(self) -> bool:
        """Whether every change is known exactly."""
        return not self.unknown and not self.opaque and all(change.exact for change in self.changes)

    @property
    def share(self) -> Fraction:
        """The part of the past leads that moved."""
        return Fraction(len(self.moved), self.leads) if self.leads else Fraction(0)

    @property
    def value(self) -> Decimal:
        """The value of the past leads that moved, as far as they say one in the active plan's currency, or in none."""
        return sum((worth for lead in self.moved if (worth := lead.worth(self.currency)) is not None), Decimal(0))


@frozen
class Verdict:
    """Whether two plans give every lead the same result: `holds` is True, False with a `witness`, or None: unknown.

    `besides` are settings that differ and say nothing about regions. Where one of them can still send a lead elsewhere
    (caps, `won_within`, the order of claims, accounts and open leads), `holds` is not True.
    """

    holds: bool | None
    witness: Witness | None = None
    opaque: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether nothing had to be tried."""
        return not self.opaque


def equal(a: Plan, b: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> Verdict:
    """Whether the two plans give every lead the same result, from the instant `at` on."""
    pair = _Pair(contest(a, b, since=at, budget=budget, only=_apart))
    besides = tuple(settings(a, b))
    opaque: set[str] = set()
    for change in pair.changes():
        names = pair.opaque(change.sides)
        witness = pair.witness(change)
        if witness is not None:
            return Verdict(False, witness, tuple(sorted(names)), besides)
        opaque |= names or {"?"}
    opaque |= pair.tried()
    if opaque or pair.lost or any(routes(name) for name in besides):
        return Verdict(None, None, tuple(sorted(opaque)), besides)
    return Verdict(True, None, (), besides)


def diff(
    active: Plan,
    planned: Plan,
    leads: Iterable[Lead] = (),
    *,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> PlanDiff:
    """Everything that changes between the active plan and a planned one, from the instant `at` on.

    Past `leads` are held against both plans without facts: which dealers could have them, and with which parts. They
    count as leads to come: one that came before `at` is taken to come as many times 52 weeks later as it takes, on the
    same day of the week in the same season. Without `at` it counts when it came; one that does not say when, at `at`
    or else on a plain Monday.
    """
    past = leads_of(leads)
    pair = _Pair(contest(active, planned, since=at, budget=budget, only=_apart))
    groups: dict[tuple[Any, ...], list[_Cell]] = {}
    for cell in pair.changes():
        groups.setdefault((cell.before, cell.after, cell.away, cell.scenarios), []).append(cell)
    changes = sorted((pair.told(cells) for cells in groups.values()), key=_by_size)
    return PlanDiff(
        tuple(changes),
        tuple(settings(active, planned)),
        unknown(pair.asked, "diff", pair.lost),
        tuple(sorted(pair.tried())),
        len(past),
        tuple(moved(active, planned, past, at)),
        active.currency,
    )


def _by_size(change: Change) -> tuple[Any, ...]:
    what = (change.away or "", change.scenario.kind, change.scenario.offers, change.why)
    return (-change.volume, *what, change.before.rung, tuple(change.before.pool), tuple(change.after.pool))


# -------------------------------------------------------------------------------------------- the pair


Unlike: TypeAlias = tuple[Outcome, Outcome, str | None]
"""What came before, what comes after, and who alone has to be away for that."""


@frozen
class _Cell:
    """A cell in which the two outcomes differ."""

    stretch: Stretch
    sides: Sides
    met: Met
    before: Outcome
    after: Outcome
    why: frozenset[str]
    away: str | None
    scenarios: tuple[Scenario, Scenario]  # what has happened besides, as each plan sees it

    @property
    def scenario(self) -> Scenario:
        """As the plan sees it that offers the lead to somebody."""
        one, two = self.scenarios
        return one if one.offers else two


def _apart(here: Space, found: list[Shared]) -> list[Shared]:
    """The sources without those that lie apart from all that differs, where that can be told from their places."""
    looked_at_everywhere = ladders_unlike(*here.plans) or any(differing(*here.plans)) or any(held(here))
    return found if looked_at_everywhere else beside(here, found, dealers_unlike(*here.plans))


@define(eq=False)
class _Pair:
    """A contest of two plans."""

    asked: Contest
    lost: list[Lost] = field(factory=list)
    moved: frozenset[str] = field(init=False)
    _unlike: dict[tuple[Met, tuple[Scenario, Scenario]], tuple[Unlike, ...]] = field(factory=dict)

    @moved.default
    def _moved(self) -> frozenset[str]:
        return dealers_unlike(*self.asked.plans)

    def changes(self) -> Iterator[_Cell]:
        """Every cell whose result changes."""
        alone = {entry.number for entry in self.asked.entries if self.differs(entry)}
        everywhere = ladders_unlike(*self.asked.plans)
        scenarios = list(differing(*self.asked.plans))
        for stretch in self.asked.stretches:
            self.asked.budget.begin()
            try:
                yield from self._in(stretch, alone, everywhere, scenarios)
            except Exhausted:
                self.lost.append(Lost(stretch))
        for one in held(self.asked.space):
            yield from self._held(one, alone)

    def _held(self, one: Held, alone: set[int]) -> Iterator[_Cell]:
        """What changes for a company with an account: everywhere at once, where accounts are asked before all else."""
        asked = self.asked
        within = () if one.when == asked.space.when.full else ((WHEN, one.when),)
        for stretch in [Stretch(0, asked.space.place.size - 1, ())] if one.early else asked.stretches:
            asked.budget.begin()
            try:
                for sides, met in asked.cells(stretch, within=within, empty=True, dealers=one.holders):
                    for cell in self.compare(stretch, sides, met, one.scenarios, alone):
                        yield evolve(_by_accounts(cell) if one.early else cell, why=frozenset(one.accounts))
            except Exhausted:
                self.lost.append(Lost(stretch))

    def differs(self, entry: Entry) -> bool:
        """Whether only one plan has the source, or a dealer of it is not the same in both."""
        return entry.plans != 0b11 or any(name in self.moved for name in entry.source.dealers)

    def _in(
        self, stretch: Stretch, alone: set[int], everywhere: bool, scenarios: Sequence[Scenario]
    ) -> Iterator[_Cell]:
        if everywhere or scenarios:
            cells = self.asked.cells(stretch, empty=True, dealers={scenario.dealer for scenario in scenarios})
        else:
            here = [box for box in stretch.active if self.asked.owner[box] in alone]
            cells = self._within(stretch, here) if here else iter(())
        for sides, met in cells:
            if everywhere or any(n in alone for n in met.entries):
                yield from self.compare(stretch, sides, met, (NOTHING, NOTHING), alone)
            for scenario in scenarios:
                yield from self.compare(stretch, sides, met, (scenario, scenario), alone)

    def _within(self, stretch: Stretch, boxes: Sequence[int]) -> Iterator[tuple[Sides, Met]]:
        """The cells inside some boxes, each once."""
        full = self.asked.space.full
        done: list[Sides] = []
        for box in boxes:
            sides = self.asked.boxes[box].sides
            parts = [sides]
            for other in done:
                parts = [rest for part in parts for rest in sides_minus(part, other, full)]
            for part in parts:
                yield from self.asked.cells(stretch, within=part, need=[[self.asked.owner[box]]])
            done.append(sides)

    def compare(
        self, stretch: Stretch, sides: Sides, met: Met, scenarios: tuple[Scenario, Scenario], alone: set[int]
    ) -> Iterator[_Cell]:
        """The changes of one cell: with everybody there, else with each dealer away."""
        self.asked.budget.step()
        if (met, scenarios) not in self._unlike:
            self._unlike[met, scenarios] = tuple(self._outcomes(met, scenarios))
        for before, after, away in self._unlike[met, scenarios]:
            why = {self.asked.entries[n].id for n in met.entries if n in alone}
            why |= {dealer for scenario in scenarios for _, dealer in scenario.offers if dealer in self.moved}
            yield _Cell(stretch, sides, met, before, after, frozenset(why), away, scenarios)

    def _outcomes(self, met: Met, scenarios: tuple[Scenario, Scenario]) -> Iterator[Unlike]:
        """What differs where just these meet: with everybody there, and with each single dealer away."""
        asked = self.asked
        one, two = scenarios
        before = asked.outcome(met, plan=0, scenario=one)
        after = asked.outcome(met, plan=1, scenario=two)
        if before != after:
            yield before, after, None
        for dealer in sorted({*before.offered, *after.offered}):
            was = asked.outcome(met, plan=0, away=dealer, scenario=one)
            now = asked.outcome(met, plan=1, away=dealer, scenario=two)
            if was != now and (before == after or (was, now) != (before, after)):
                yield was, now, dealer

    def opaque(self, sides: Sides) -> set[str]:
        """What of these sides could only be tried."""
        return {self.asked.space.axes[axis].name for axis, mask in sides if not told_exactly(self.asked, axis, mask)}

    def tried(self) -> set[str]:
        """What could only be tried, and something that differs asks for: a change may have been missed there."""
        whole = ladders_unlike(*self.asked.plans) or any(map(self.differs, self.asked.entries))
        every = self.asked.entries if whole else ()
        found = (leaf for entry in every for one in entry.sources.values() for leaf in leaves(one.condition))
        names = self.asked.space.tried({leaf.field for leaf in found if isinstance(leaf, Leaf)}) if whole else ()
        return {*names, *(("accounts",) if mixed(self.asked.space) else ())}

    def witness(self, cell: _Cell) -> Witness | None:
        """A lead whose result really changes so."""
        active, planned = (self.asked.plan_at(cell.stretch.first, n) for n in (0, 1))
        for asking, facts, at in self._tries(cell, active):
            one, two = (consider(asking, plan, facts, at=at) for plan in (active, planned))
            if agrees(cell.before, of_course(one)) and agrees(cell.after, of_course(two)):
                return Witness(asking, facts, at, one.decision, two.decision)
        return None

    def _tries(self, cell: _Cell, active: Plan) -> Iterator[tuple[Lead, Facts, datetime]]:
        here = self.asked.space
        for lead, at in samples(here, cell.stretch.first, cell.sides):
            for who in callers(here, cell.sides, cell.scenario):
                said = {name: value for name, value in who.items() if name != "company"}
                asking = but_for(lead, **said) if said else lead
                yield *facts_of(asking, cell.scenario, active, cell.away, at, who.get("company")), at

    def told(self, cells: Sequence[_Cell]) -> Change:
        """The cells of one change put together."""
        here = self.asked.space
        boxes = [Box(cell.stretch.runs, cell.sides) for cell in cells]
        opaque = set().union(*(self.opaque(cell.sides) for cell in cells))
        plainest = max(cells, key=lambda cell: (plainness(here, cell.sides), -cell.stretch.first))
        found = regions(here, compact(self.asked, _by_stretch(cells)))
        scenario = cells[0].scenario
        if scenario.kind == "accounts":
            ids = tuple(sorted({source for source, _ in scenario.offers}))
            found = tuple(evolve(region, sides=(Side("account", ids), *region.sides)) for region in found)
        return Change(
            cells[0].before,
            cells[0].after,
            found,
            tuple(sorted(frozenset().union(*(cell.why for cell in cells)))) or _why(*self.asked.plans),
            part_of(here, boxes),
            self.witness(plainest),
            cells[0].away,
            scenario,
            not opaque,
            tuple(sorted(opaque)),
        )


def _by_accounts(cell: _Cell) -> _Cell:
    """The same where no other rung was asked: what accounts do not decide, those do."""
    before, after = (ELSEWHERE if told.rung == "house" else told for told in (cell.before, cell.after))
    return evolve(cell, before=before, after=after)


def _by_stretch(cells: Sequence[_Cell]) -> Iterator[tuple[Stretch, list[tuple[Sides, Met]]]]:
    found: dict[Stretch, list[tuple[Sides, Met]]] = {}
    for cell in cells:
        found.setdefault(cell.stretch, []).append((cell.sides, cell.met))
    yield from found.items()


def _why(active: Plan, planned: Plan) -> tuple[str, ...]:
    """Where no source is why, and no dealer, the rungs are."""
    rungs = [[(rung.name, rung.pick, rung.within_metres) for rung in plan.precedence] for plan in (active, planned)]
    return ("precedence",) if rungs[0] != rungs[1] or ladders_unlike(active, planned) else ()
