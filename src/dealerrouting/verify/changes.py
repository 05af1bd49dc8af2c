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
from typing import Any

from attrs import define, evolve, field, frozen

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Dealer, Lead
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import NO_FACTS, consider
from dealerrouting.verify.boxes import Box, Sides, sides_minus
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.compact import compact, plainness
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.drawing import regions, volume
from dealerrouting.verify.finding import Finding, Witness
from dealerrouting.verify.outcome import ELSEWHERE, Outcome, Scenario, agrees, named, of_course
from dealerrouting.verify.proof import told_exactly, unknown
from dealerrouting.verify.region import Region, Side
from dealerrouting.verify.scenarios import differing
from dealerrouting.verify.space import WHEN
from dealerrouting.verify.witness import samples, tried

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
class Moved:
    """A past lead whose dealers change: who could have it under each plan, and its value."""

    lead: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    value: Decimal | None


@frozen
class PlanDiff:
    """What changes from one plan to another.

    `changes` by region, the largest first; `besides` are settings that differ and say nothing about regions (caps,
    terms, calendars); `unknown` are the regions that the budget did not reach. With past leads: how many there were,
    and those that `moved`.
    """

    changes: tuple[Change, ...]
    besides: tuple[str, ...]
    unknown: tuple[Finding, ...]
    leads: int = 0
    moved: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.unknown)

    @property
    def exact(self) -> bool:
        """Whether every change is known exactly."""
        return not self.unknown and all(change.exact for change in self.changes)

    @property
    def share(self) -> Fraction:
        """The part of the past leads that moved."""
        return Fraction(len(self.moved), self.leads) if self.leads else Fraction(0)

    @property
    def value(self) -> Decimal:
        """The value of the past leads that moved, as far as they say one."""
        return sum((lead.value for lead in self.moved if lead.value is not None), Decimal(0))


@frozen
class Verdict:
    """Whether two plans give every lead the same result: `holds` is True, False with a `witness`, or None: unknown.

    `besides` are settings that differ and were not asked about.
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
    pair = _Pair(contest(a, b, since=at, budget=budget))
    besides = tuple(settings(a, b))
    opaque: set[str] = set()
    for change in pair.changes():
        names = pair.opaque(change.sides)
        witness = pair.witness(change)
        if witness is not None:
            return Verdict(False, witness, tuple(sorted(names)), besides)
        opaque |= names or {"?"}
    for other in accounts(pair.asked):
        return Verdict(False, other.witness, (), besides)
    if opaque or pair.lost:
        return Verdict(None, None, tuple(sorted(opaque)), besides)
    return Verdict(True, None, tuple(sorted(pair.tried())), besides)


def diff(
    active: Plan,
    planned: Plan,
    leads: Iterable[Lead] = (),
    *,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> PlanDiff:
    """Everything that changes between the active plan and a planned one, from the instant `at` on.

    Past `leads` are held against both plans as they came (at `received_at`; at `at`, or now said nothing, at the
    first instant of the space), without facts: which dealers could have them.
    """
    pair = _Pair(contest(active, planned, since=at, budget=budget))
    groups: dict[tuple[Any, ...], list[_Cell]] = {}
    for cell in pair.changes():
        groups.setdefault((cell.before, cell.after, cell.away, cell.scenario), []).append(cell)
    told = [*(pair.told(cells) for cells in groups.values()), *accounts(pair.asked)]
    changes = sorted(told, key=_by_size)
    past = list(leads)
    return PlanDiff(
        tuple(changes),
        tuple(settings(active, planned)),
        unknown(pair.asked, "diff", pair.lost),
        len(past),
        tuple(moved(active, planned, past, at)),
    )


def _by_size(change: Change) -> tuple[Any, ...]:
    return (-change.volume, change.away or "", change.scenario.kind, change.scenario.dealer, change.why)


# -------------------------------------------------------------------------------------------- the pair


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
    scenario: Scenario


@frozen
class _Lost:
    """Where the budget ended."""

    stretch: Stretch

    @property
    def boxes(self) -> list[Box]:
        return [Box(self.stretch.runs)]


@define(eq=False)
class _Pair:
    """A contest of two plans."""

    asked: Contest
    lost: list[_Lost] = field(factory=list)

    def changes(self) -> Iterator[_Cell]:
        """Every cell whose result changes."""
        alone = {entry.number for entry in self.asked.entries if self._differs(entry)}
        everywhere = _ladders_differ(*self.asked.plans)
        scenarios = list(differing(*self.asked.plans))
        for stretch in self.asked.stretches:
            self.asked.budget.begin()
            try:
                yield from self._in(stretch, alone, everywhere, scenarios)
            except Exhausted:
                self.lost.append(_Lost(stretch))

    def _differs(self, entry: Entry) -> bool:
        """Whether only one plan has the source, or a dealer of it is not the same in both."""
        if entry.plans != 0b11:
            return True
        return any(_dealer_differs(name, *self.asked.plans) for name in entry.source.dealers)

    def _in(
        self, stretch: Stretch, alone: set[int], everywhere: bool, scenarios: Sequence[Scenario]
    ) -> Iterator[_Cell]:
        if everywhere or scenarios:
            cells = self._all(stretch)
        else:
            here = [box for box in stretch.active if self.asked.owner[box] in alone]
            cells = self._within(stretch, here) if here else iter(())
        for sides, met in cells:
            if everywhere or any(n in alone for n in met.entries):
                yield from self._compare(stretch, sides, met, NOTHING, alone)
            for scenario in scenarios:
                yield from self._compare(stretch, sides, met, scenario, alone)

    def _all(self, stretch: Stretch) -> Iterator[tuple[Sides, Met]]:
        yield from self.asked.cells(stretch, empty=True)

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

    def _compare(
        self, stretch: Stretch, sides: Sides, met: Met, scenario: Scenario, alone: set[int]
    ) -> Iterator[_Cell]:
        """The changes of one cell: with everybody there, else with each dealer away."""
        asked = self.asked
        asked.budget.step()
        before = asked.outcome(met, plan=0, scenario=scenario)
        after = asked.outcome(met, plan=1, scenario=scenario)
        why = frozenset(asked.entries[n].id for n in met.entries if n in alone)
        if before != after:
            yield _Cell(stretch, sides, met, before, after, why, None, scenario)
        for dealer in sorted({*before.offered, *after.offered}):
            was = asked.outcome(met, plan=0, away=dealer, scenario=scenario)
            now = asked.outcome(met, plan=1, away=dealer, scenario=scenario)
            if was != now and (before == after or (was, now) != (before, after)):
                yield _Cell(stretch, sides, met, was, now, why, dealer, scenario)

    def opaque(self, sides: Sides) -> set[str]:
        """What of these sides could only be tried."""
        return {self.asked.space.axes[axis].name for axis, mask in sides if not told_exactly(self.asked, axis, mask)}

    def tried(self) -> set[str]:
        """Whatever could only be tried anywhere in the two plans."""
        return {axis.name for axis in self.asked.space.axes if not axis.exact}

    def witness(self, cell: _Cell) -> Witness | None:
        """A lead whose result really changes so."""
        active, planned = (self.asked.plan_at(cell.stretch.first, n) for n in (0, 1))
        for lead, at in samples(self.asked.space, cell.stretch.first, cell.sides):
            one, asking, facts = tried(active, lead, at, scenario=cell.scenario, away=cell.away)
            two = consider(asking, planned, facts, at=at)
            if agrees(cell.before, of_course(one)) and agrees(cell.after, of_course(two)):
                return Witness(asking, facts, at, one.decision, two.decision)
        return None

    def told(self, cells: Sequence[_Cell]) -> Change:
        """The cells of one change put together."""
        here = self.asked.space
        boxes = [Box(cell.stretch.runs, cell.sides) for cell in cells]
        opaque = set().union(*(self.opaque(cell.sides) for cell in cells))
        plainest = max(cells, key=lambda cell: (plainness(here, cell.sides), -cell.stretch.first))
        return Change(
            cells[0].before,
            cells[0].after,
            regions(here, compact(self.asked, _by_stretch(cells))),
            tuple(sorted(frozenset().union(*(cell.why for cell in cells)))) or _why(*self.asked.plans),
            volume(here, boxes),
            self.witness(plainest),
            cells[0].away,
            cells[0].scenario,
            not opaque,
            tuple(sorted(opaque)),
        )


def _by_stretch(cells: Sequence[_Cell]) -> Iterator[tuple[Stretch, list[tuple[Sides, Met]]]]:
    found: dict[Stretch, list[tuple[Sides, Met]]] = {}
    for cell in cells:
        found.setdefault(cell.stretch, []).append((cell.sides, cell.met))
    yield from found.items()


def _why(active: Plan, planned: Plan) -> tuple[str, ...]:
    return ("precedence",) if _ladders_differ(active, planned) else ()


# ------------------------------------------------------------------------------------------- accounts


def accounts(asked: Contest) -> Iterator[Change]:
    """Accounts that one plan has and the other has not, or with another holder, or at other times.

    Where accounts are asked earlier or later than they were, so do those that rungs before them can take.
    """
    keys = dict.fromkeys((account.id, account.keys) for plan in asked.plans for account in plan.accounts)
    taken = [tuple(_before_accounts(plan)) for plan in asked.plans]
    for known in keys:
        one, two = (_holding(asked, plan, known) for plan in (0, 1))
        masks: dict[tuple[str | None, str | None], int] = {}
        for at in range(asked.space.when.size):
            pair = _holder(one, at), _holder(two, at)
            masks[pair] = masks.get(pair, 0) | 1 << at
        for (was, now), mask in masks.items():
            if was != now:
                yield _account_change(asked, known, (was, now), mask, taken[0])
            elif was is not None and taken[0] != taken[1]:
                later = len(taken[0]) < len(taken[1])
                yield _account_change(asked, known, (was, None) if later else (None, now), mask, ())


def _before_accounts(plan: Plan) -> Iterator[str]:
    """The sources that give before anybody asks for accounts."""
    for rung in plan.precedence:
        if rung.kind == "accounts":
            return
        if rung.gives:
            yield from sorted({source.id for source in plan.sources[rung.name]} or {rung.name})


def _holding(asked: Contest, plan: int, known: tuple[str, frozenset[Any]]) -> dict[str, int]:
    """Who holds the account in one plan, and when: in force, and active."""
    found: dict[str, int] = {}
    for account in asked.plans[plan].accounts:
        if (account.id, account.keys) == known and asked.plans[plan].rung("accounts") is not None:
            valid = asked.space.when.valid(account.valid_from, account.valid_until)
            standing = asked.standings[plan].get(account.holder)
            active = dict(standing.active).get(WHEN, -1) if standing is not None else -1
            found[account.holder] = 0 if standing is not None and standing.never else valid & active
    return found


def _holder(holding: dict[str, int], at: int) -> str | None:
    return next((holder for holder, mask in holding.items() if mask >> at & 1), None)


def _account_change(
    asked: Contest,
    known: tuple[str, frozenset[Any]],
    holders: tuple[str | None, str | None],
    mask: int,
    before: tuple[str, ...],
) -> Change:
    every = (account for plan in asked.plans for account in plan.accounts)
    account = next(account for account in every if (account.id, account.keys) == known)
    was, now = (ELSEWHERE if h is None else Outcome("accounts", FrozenMap({h: Fraction(1)})) for h in holders)
    sides = () if mask == asked.space.when.full else ((WHEN, mask),)
    region = next(iter(regions(asked.space, [(Box(sides=sides), before)])))
    told = evolve(region, sides=(Side("account", (account.id,)), *region.sides))
    at = asked.space.when.samples[(mask & -mask).bit_length() - 1]["at"]
    lead = Lead("witness", account.company)
    decisions = [consider(lead, plan, NO_FACTS, at=at).decision for plan in asked.plans]
    witness = Witness(lead, NO_FACTS, at, *decisions)
    return Change(was, now, (told,), (account.id,), Fraction(0), witness, None, Scenario("accounts", "", account.id))


# --------------------------------------------------------------------------------- what differs at all


def _ladders_differ(active: Plan, planned: Plan) -> bool:
    """Whether the rungs that give, their order or their picks differ, or whose house it is."""
    ladders = [[_rung(rung) for rung in plan.precedence if rung.gives] for plan in (active, planned)]
    return ladders[0] != ladders[1] or active.house != planned.house


def _rung(rung: Any) -> tuple[Any, ...]:
    return rung.kind, rung.name, tuple(named(step) for step in rung.pick), rung.within_metres


_ROUTES = ("kind", "active_from", "active_until", "paused", "serves_languages", "serves_products", "lat", "lon")
_CAPS = ("max_open", "max_per_30_days")


def _dealer_differs(name: str, active: Plan, planned: Plan) -> bool:
    one, two = active.by_id.get(name), planned.by_id.get(name)
    return one is None or two is None or _what(one) != _what(two)


def _what(dealer: Dealer) -> tuple[Any, ...]:
    never = 0 in (dealer.max_open, dealer.max_per_30_days)
    return (*(getattr(dealer, name) for name in _ROUTES), never)


def settings(active: Plan, planned: Plan) -> Iterator[str]:
    """What differs and says nothing about regions, by name."""
    for name in ("timezone", "currency", "terms", "calendars", "attributes"):
        if getattr(active, name) != getattr(planned, name):
            yield name
    if active.taxonomy.id != planned.taxonomy.id:
        yield "taxonomy"
    if [rung.name for rung in active.precedence] != [rung.name for rung in planned.precedence]:
        yield "precedence"
    for dealer in active.dealers:
        other = planned.by_id.get(dealer.id)
        if other is not None:
            yield from (f"{dealer.id}.{n}" for n in _CAPS if getattr(dealer, n) != getattr(other, n))
    won = [rung.won_within for plan in (active, planned) for rung in plan.precedence if rung.kind == "incumbent"]
    if len(won) == 2 and won[0] != won[1]:
        yield "incumbent.won_within"


# ------------------------------------------------------------------------------------------ past leads


def moved(active: Plan, planned: Plan, leads: Iterable[Lead], at: datetime | None) -> Iterator[Moved]:
    """The past leads that other dealers could have, or with other parts."""
    for lead in leads:
        when = lead.received_at or at or _PLAIN
        one = of_course(consider(lead, active, NO_FACTS, at=when))
        two = of_course(consider(lead, planned, NO_FACTS, at=when))
        if evolve(one, rung="") != evolve(two, rung=""):
            yield Moved(lead.id, one.holders(active.house), two.holders(planned.house), lead.value)


_PLAIN = datetime.fromisoformat("2027-01-04T08:00:00+00:00")
