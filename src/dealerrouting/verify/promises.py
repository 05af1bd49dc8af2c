"""What the user holds of a plan: that some leads always come out so, or never.

May know: contests, scenarios, outcomes, findings. May not know: what is usual.

    verify.never(plan, where.sector.under("C21"), by="nearest")
    verify.always(plan, where.country == "LU", holder=["lux-lu"])
    verify.never(plan, ANY_LEAD, kind="house", claimed=True)     # a standing registration never goes to the house
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen

from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import AllOf, Condition
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.verify.accounts import companies
from dealerrouting.verify.boxes import Box, Sides, sides_meet, sides_minus
from dealerrouting.verify.cells import Budget, Exhausted, Stretch, stretches
from dealerrouting.verify.compact import compact, plainness
from dealerrouting.verify.contest import Contest, Met, contest
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.outcome import Outcome, Scenario, agrees
from dealerrouting.verify.place import overlap
from dealerrouting.verify.proof import Lost, Proof, bind, finding, unknown
from dealerrouting.verify.scenarios import claimed as claims
from dealerrouting.verify.scenarios import stand
from dealerrouting.verify.space import WHEN

__all__ = ["ANY_LEAD", "always", "never"]

ANY_LEAD: Condition = AllOf(())
"""The condition of every lead."""


def always(
    plan: Plan,
    when: Condition,
    *,
    holder: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    kind: str | None = None,
    accounts: bool = True,
    claimed: bool = False,
    away: bool = False,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """That every lead for which `when` is true ends up so: nothing is found where the promise holds.

    `holder`: with one of these dealers, whoever of the pool it is; `by`: decided by one of these rungs (or `house`);
    `kind`: with a `dealer` or the `house`; what is given has to hold together. It is asked of companies without and,
    unless `accounts` is False, with an account in the plan; with `claimed` instead of leads on which a dealer has a
    standing registration, for each dealer. `away`: it must hold also with any single dealer away.

    Each way to break it is a `broken-promise` with a lead that does; what could not be worked out, or only tried, is an
    `unknown-region`. `PlanError` for what the plan does not know.
    """
    wanted = _Wanted.read(plan, holder, by, kind, yes=True)
    return _asked(plan, when, wanted, (accounts, claimed, away), at, budget)


def never(
    plan: Plan,
    when: Condition,
    *,
    holder: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    kind: str | None = None,
    accounts: bool = True,
    claimed: bool = False,
    away: bool = False,
    at: datetime | None = None,
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """That no lead for which `when` is true can end up so: the arguments are those of `always`."""
    wanted = _Wanted.read(plan, holder, by, kind, yes=False)
    return _asked(plan, when, wanted, (accounts, claimed, away), at, budget)


@frozen
class _Wanted:
    """What an outcome has to be, or must not be."""

    holders: frozenset[str] | None
    rungs: frozenset[str] | None
    house: str
    kinds: frozenset[str] | None  # the dealers of the kind
    yes: bool

    @classmethod
    def read(cls, plan: Plan, holder: Any, by: Any, kind: str | None, *, yes: bool) -> _Wanted:
        """The arguments of a promise; `PlanError` with everything that is wrong with them."""
        holders, rungs = _names(holder), _names(by)
        known = {"house", *(rung.name for rung in plan.precedence)}
        faults = [_unknown("holder", name, plan.by_id) for name in holders or () if name not in plan.by_id]
        faults += [_unknown("by", name, known) for name in rungs or () if name not in known]
        if kind not in (None, "dealer", "house"):
            faults.append(Fault("kind", f"{quoted(kind)} is no kind of dealer", "write `dealer` or `house`"))
        if holders is None and rungs is None and kind is None:
            faults.append(Fault("promise", "says nothing of the outcome", "give `holder`, `by` or `kind`"))
        if faults:
            raise PlanError(faults)
        kinds = None if kind is None else frozenset(d.id for d in plan.dealers if d.kind == kind)
        return cls(holders, rungs, plan.house, kinds, yes)

    def kept(self, outcome: Outcome) -> bool:
        """Whether whatever comes of the outcome is as it has to be."""
        mine = evolve(outcome, below=None) if outcome.below is not None else outcome
        told = [self._is(holder, mine) for holder in mine.holders(self.house)]
        kept = all(told) if self.yes else not any(told)
        return kept and (outcome.below is None or self.kept(outcome.below))

    def _is(self, holder: str, outcome: Outcome) -> bool:
        by = outcome.rung
        return (
            (self.holders is None or holder in self.holders)
            and (self.kinds is None or holder in self.kinds)
            and (self.rungs is None or by in self.rungs)
        )


def _names(value: str | Iterable[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset([value] if isinstance(value, str) else value)


def _unknown(place: str, name: str, known: Iterable[str]) -> Fault:
    return Fault(place, f"the plan has no {quoted(name)}", did_you_mean(name, known))


# --------------------------------------------------------------------------------------------- asking


def _asked(
    plan: Plan,
    when: Condition,
    wanted: _Wanted,
    asking: tuple[bool, bool, bool],
    at: datetime | None,
    budget: Budget | None,
) -> tuple[Finding, ...]:
    bound = bind(plan, when)
    asked = contest(plan, also=[x for x in leaves(bound) if isinstance(x, Leaf)], since=at, budget=budget)
    whole = asked.space.when.full
    accounts, claimed, away = asking
    held = companies(asked.space) if accounts else ()
    scenarios = [(one, whole) for one in claims(plan)] if claimed else [(Scenario(), whole), *held]
    parts = (leaf for source in _sources(plan) for leaf in leaves(source.condition))
    tried = asked.space.tried({leaf.field for leaf in parts if isinstance(leaf, Leaf)})
    promise = _Promise(asked, wanted, scenarios, away, list(asked.space.boxes(0, bound, "promise")), tried)
    return tuple(promise.findings())


def _sources(plan: Plan) -> Iterator[Source]:
    return (source for found in plan.sources.values() for source in found)


@frozen
class _Broken:
    """How a promise is broken: the outcome, what had happened, who was away."""

    outcome: Outcome
    scenario: Scenario
    away: str | None


@define(eq=False)
class _Promise:
    """A promise held against every cell of its leads."""

    asked: Contest
    wanted: _Wanted
    scenarios: Sequence[tuple[Scenario, int]]  # each with the classes of time in which it can be
    away: bool
    where: list[Box]
    tried: tuple[str, ...]  # what could only be tried: a promise that is not broken there is not proved
    broken: dict[_Broken, list[tuple[Stretch, Sides, Met]]] = field(factory=dict)
    lost: list[Lost] = field(factory=list)

    def findings(self) -> Iterator[Finding]:
        """One for each way in which it is broken."""
        self.scenarios = [late for one in self.scenarios for late in self._early(*one)]
        count = len(self.asked.boxes)
        for stretch in stretches([*self.asked.boxes, *self.where], self.asked.space.place.size):
            inside = [self.where[n - count].sides for n in stretch.active if n >= count]
            here = Stretch(stretch.first, stretch.last, tuple(n for n in stretch.active if n < count))
            self.asked.budget.begin()
            try:
                self._look(here, inside)
            except Exhausted:
                self.lost.append(Lost(here))
        yield from (self._told(how, cells) for how, cells in self.broken.items())
        yield from unknown(self.asked, "broken-promise", self.lost)
        if self.tried and not self.broken and not self.lost:
            values = FrozenMap({"question": "broken-promise"})
            yield Finding("unknown-region", ("broken-promise",), "note", values=values, exact=False, opaque=self.tried)

    def _early(self, scenario: Scenario, mask: int) -> Iterator[tuple[Scenario, int]]:
        """What is decided before anything is given is the same in every place; what is not so is left for later."""
        when = self.asked.space.when
        if self.away or stand(self.asked.plans[0], scenario.kind) != ():
            yield scenario, mask
            return
        late = 0
        for n, place in enumerate(box.place for box in self.where):
            for first, last in overlap(place, self.asked.space.place.everywhere):
                late |= self._everywhere(Stretch(first, last, ()), self.where[n].sides, scenario, mask)
        if late:
            yield scenario, late & when.full

    def _everywhere(self, stretch: Stretch, part: Sides, scenario: Scenario, mask: int) -> int:
        """Judge a part in which nothing but the scenario matters; the classes of time in which more does."""
        inside = sides_meet(part, ((WHEN, mask),))
        dealers = {dealer for _, dealer in scenario.offers}
        late = 0
        self.asked.budget.begin()
        for sides, met in self.asked.cells(stretch, within=inside, empty=True, dealers=dealers) if inside else ():
            outcome = self.asked.outcome(met, scenario=scenario)
            if outcome.rung == scenario.kind:
                self._note(outcome, scenario, None, (stretch, sides, met))
            else:
                late |= dict(sides).get(WHEN, self.asked.space.when.full)
        return late

    def _look(self, stretch: Stretch, inside: Sequence[Sides]) -> None:
        done: list[Sides] = []
        for area in inside:
            parts = [area]
            for other in done:
                parts = [rest for part in parts for rest in sides_minus(part, other, self.asked.space.full)]
            done.append(area)
            for part in parts:
                self._within(stretch, part)

    def _within(self, stretch: Stretch, part: Sides) -> None:
        """Every cell of a part, for each thing that may have happened while it can be."""
        holders = {dealer for scenario, _ in self.scenarios for _, dealer in scenario.offers}
        for mask in dict.fromkeys(mask for _, mask in self.scenarios):
            inside = sides_meet(part, () if mask == self.asked.space.when.full else ((WHEN, mask),))
            these = [scenario for scenario, when in self.scenarios if when == mask]
            if inside is not None:
                for sides, met in self.asked.cells(stretch, within=inside, empty=True, dealers=holders):
                    self._judge(stretch, sides, met, these)

    def _judge(self, stretch: Stretch, sides: Sides, met: Met, scenarios: Sequence[Scenario]) -> None:
        for scenario in scenarios:
            self.asked.budget.step()
            outcome = self.asked.outcome(met, scenario=scenario)
            self._note(outcome, scenario, None, (stretch, sides, met))
            for dealer in outcome.offered if self.away else ():
                other = self.asked.outcome(met, scenario=scenario, away=dealer)
                self._note(other, scenario, dealer, (stretch, sides, met))

    def _note(self, outcome: Outcome, scenario: Scenario, away: str | None, cell: tuple[Stretch, Sides, Met]) -> None:
        if not self.wanted.kept(outcome):
            self.broken.setdefault(_Broken(outcome, scenario, away), []).append(cell)

    def _told(self, how: _Broken, cells: Sequence[tuple[Stretch, Sides, Met]]) -> Finding:
        asked = self.asked
        stretch, sides, _ = max(cells, key=lambda one: (plainness(asked.space, one[1]), -one[0].first))
        by_stretch: dict[Stretch, list[tuple[Sides, Met]]] = {}
        for here, mine, met in cells:
            by_stretch.setdefault(here, []).append((mine, met))
        values = {
            "by": how.outcome.rung,
            "holders": how.outcome.holders(self.wanted.house),
            "away": how.away,
            "claimant": how.scenario.dealer or None,
        }
        return finding(
            asked,
            "broken-promise",
            how.outcome.holders(self.wanted.house),
            compact(asked, by_stretch.items()),
            Proof(stretch.first, sides, how.scenario, how.away),
            values=values,
            shows=lambda _, real: agrees(how.outcome, real),
        )
