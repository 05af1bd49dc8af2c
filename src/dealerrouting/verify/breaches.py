"""Every way in which a promise is broken, each with a lead that breaks it.

May know: contests, scenarios, outcomes, findings. May not know: how a promise is written.

What may come of an outcome is all that its picks may leave; that it really comes so is shown by a lead, routed with
facts under which they do. Where no lead shows it, it is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial, reduce
from heapq import nlargest
from itertools import islice, product
from operator import or_
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Facts, Lead
from dealerrouting.rules.binding import Asked, Bound
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course
from dealerrouting.verify.accounts import known, while_known
from dealerrouting.verify.boxes import Box, Sides, sides_meet, sides_minus
from dealerrouting.verify.cells import Exhausted, Stretch, stretches
from dealerrouting.verify.compact import Told, compact, plainness
from dealerrouting.verify.contest import Contest, Met
from dealerrouting.verify.drawing import regions
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.outcome import Outcome, Scenario, agrees
from dealerrouting.verify.place import overlap
from dealerrouting.verify.proof import Lost, Proof, finding, unknown
from dealerrouting.verify.scenarios import stand
from dealerrouting.verify.space import WHEN
from dealerrouting.verify.tries import Turn, callers, may_tie
from dealerrouting.verify.witness import samples

__all__ = ["Promise", "Wanted"]

_CELLS, _LEADS, _ENDS = 8, 8, 8
"""How many cells of one way to break it are tried, leads of each, and those who must not have it."""
_TRIES = 20_000
"""How many leads are made, for all ways to break it together, that are not just the plainest of their cells."""


@frozen
class Wanted:
    """What an outcome has to be, or must not be."""

    holders: frozenset[str] | None
    rungs: frozenset[str] | None
    house: str
    kinds: frozenset[str] | None  # the dealers of the kind
    yes: bool

    def kept(self, outcome: Outcome) -> bool:
        """Whether whatever comes of the outcome is as it has to be."""
        return not any(self.broken(holder, one.rung) for one, holder in _ends(outcome, self.house))

    def broken(self, holder: str, by: str) -> bool:
        """Whether it is broken by a lead that this rung gives to this holder."""
        said = (
            (self.holders is None or holder in self.holders)
            and (self.kinds is None or holder in self.kinds)
            and (self.rungs is None or by in self.rungs)
        )
        return said is not self.yes


def _ends(outcome: Outcome, house: str) -> Iterator[tuple[Outcome, str]]:
    """All that may come of an outcome: who ends up with the lead, and what was decided then."""
    quarrel = outcome.conflict or not outcome.pool
    yield from ((outcome, name) for name in (() if quarrel else outcome.dealers))
    if quarrel or may_tie(outcome):
        yield outcome, house
    if outcome.below is not None:
        yield from _ends(outcome.below, house)


@frozen
class _Broken:
    """How a promise is broken: the outcome, what had happened, who was away."""

    outcome: Outcome
    scenario: Scenario
    away: str | None


_Cell: TypeAlias = tuple[Stretch, Sides, Met]


@define(eq=False)
class Promise:
    """A promise held against every cell of its leads."""

    asked: Contest
    wanted: Wanted
    when: Bound
    scenarios: Sequence[tuple[Scenario, int]]  # each with the classes of time in which it can be
    away: bool
    where: list[Box]
    tried: tuple[str, ...]  # what could only be tried: a promise that is not broken there is not proved
    broken: dict[_Broken, list[_Cell]] = field(factory=dict)
    lost: list[Lost] = field(factory=list)
    left: int = _TRIES  # how many more leads may be tried

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
        told = [self._told(how, cells) for how, cells in self.broken.items()]
        shown = [one for one in told if one.name == "broken-promise"]
        yield from {(one.values, one.regions): one for one in shown}.values()  # several may be shown by one account
        yield from unknown(self.asked, "broken-promise", self.lost)
        unshown = [one for one in told if one.name != "broken-promise"]
        if unshown or (self.tried and not told and not self.lost):
            yield self._unshown(unshown)

    def _unshown(self, found: Sequence[Finding]) -> Finding:
        """What may break it, and no lead that was tried does, as one; none at all where classes were only tried."""
        regions = tuple(dict.fromkeys(region for one in found for region in one.regions))
        opaque = tuple(sorted({*self.tried, *(name for one in found for name in one.opaque)}))
        values = FrozenMap({"question": "broken-promise"})
        return Finding(
            "unknown-region", ("broken-promise",), "note", regions, values=values, exact=False, opaque=opaque
        )

    def _early(self, scenario: Scenario, mask: int) -> Iterator[tuple[Scenario, int]]:
        """What is decided before anything is given is the same in every place; what is not so is left for later."""
        when = self.asked.space.when
        if self.away or stand(self.asked.plans[0], scenario.kind) != ():
            yield scenario, mask
            return
        late = 0
        for box in self.where:
            for first, last in overlap(box.place, self.asked.space.place.everywhere):
                stretch = Stretch(first, last, ())
                try:
                    late |= self._everywhere(stretch, box.sides, scenario, mask)
                except Exhausted:
                    self.lost.append(Lost(stretch))
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

    def _note(self, outcome: Outcome, scenario: Scenario, away: str | None, cell: _Cell) -> None:
        if not self.wanted.kept(outcome):
            self.broken.setdefault(_Broken(outcome, scenario, away), []).append(cell)

    def _told(self, how: _Broken, cells: Sequence[_Cell]) -> Finding:
        asked, scenario = self.asked, how.scenario
        by_stretch: dict[Stretch, list[tuple[Sides, Met]]] = {}
        for here, mine, met in cells:
            by_stretch.setdefault(here, []).append((mine, met))
        ends = tuple(dict.fromkeys(holder for _, holder in _ends(how.outcome, self.wanted.house)))
        values = {
            "by": how.outcome.rung,
            "holders": ends,
            "away": how.away,
            "claimant": scenario.dealer if scenario.kind == "registrations" else None,
            "incumbent": scenario.dealer if scenario.kind == "incumbent" else None,
            "accounts": tuple(source for source, _ in scenario.offers) if scenario.kind == "accounts" else (),
        }
        told = self._shown(how, cells, compact(asked, by_stretch.items()), values)
        if told.witness is not None:
            return self._as_known(how, by_stretch, told)
        return told if told.opaque else evolve(told, opaque=_picks(how.outcome))  # what alone could not be made so

    def _shown(self, how: _Broken, cells: Sequence[_Cell], where: Told, values: Mapping[str, Any]) -> Finding:
        """With a lead that shows it in all the time of its cells, or else in some of it."""
        proof, *others = self._proofs(how, cells)
        ask = partial(
            finding, self.asked, "broken-promise", values["holders"], where, proof, others=others, values=values
        )
        found: list[tuple[Lead, Facts, datetime]] = []
        told = ask(shows=partial(self._shows, how, _when(self.asked, cells), found), tries=partial(self._tries, how))
        if told.witness is not None or not found:
            return told
        return ask(shows=partial(self._shows, how, 0, []), tries=lambda proof, plan: iter(found[:1]))

    def _as_known(self, how: _Broken, cells: Mapping[Stretch, Sequence[tuple[Sides, Met]]], told: Finding) -> Finding:
        """The accounts of the company that shows it, and the regions while they are what was taken to have happened."""
        witness, here = told.witness, self.asked.space
        assert witness is not None
        at = here.when.at(witness.at)
        ids = tuple(one.id for one, when in known(here, witness.lead) if at is not None and when >> at & 1)
        if how.scenario.kind == "accounts" and ids:
            told = evolve(told, values=FrozenMap({**told.values, "accounts": ids}))
        times = while_known(here, how.scenario, witness.lead, witness.decision.by)
        if times == here.when.full:
            return told
        within = {
            stretch: [(both, met) for mine, met in some if (both := sides_meet(mine, ((WHEN, times),))) is not None]
            for stretch, some in cells.items()
        }
        left = [(stretch, some) for stretch, some in within.items() if some]
        return evolve(told, regions=regions(here, compact(self.asked, left)))

    def _proofs(self, how: _Broken, cells: Sequence[_Cell]) -> list[Proof]:
        """Where to take a lead from: the plainest cell, then some others."""
        best = nlargest(_CELLS, cells, key=lambda one: (plainness(self.asked.space, one[1]), -one[0].first))
        return [Proof(stretch.first, sides, how.scenario, how.away) for stretch, sides, _ in best]

    def _shows(
        self, how: _Broken, when: int, besides: list[tuple[Lead, Facts, datetime]], course: Course, real: Outcome
    ) -> bool:
        """Whether a lead is one of those promised about, came out so, and breaks it, as it would in all those times.

        A lead that does when it comes, and would not in all of them, is one `besides`.
        """
        decision, case = course.decision, course.case
        broken = agrees(how.outcome, real) and self.wanted.broken(decision.holder, decision.by)
        if not broken or Asked(case.reading.facts).holds(self.when) is not True:
            return False
        here = self.asked.space
        times, at = while_known(here, how.scenario, case.lead, decision.by), here.when.at(case.at)
        if at is None or not times >> at & 1:
            return False
        if when & ~times:
            besides.append((case.lead, case.facts, case.at))
            return False
        return True

    def _tries(self, how: _Broken, proof: Proof, plan: Plan) -> Iterator[tuple[Lead, Facts, datetime]]:
        """Leads and facts with which the picks come down on whoever must not have it, those promised about only."""
        space = self.asked.space
        ends = [(one, h) for one, h in _ends(how.outcome, self.wanted.house) if self.wanted.broken(h, one.rung)]
        usual = list(islice(samples(space, proof.place, proof.sides), _LEADS))
        for outcome, holder in ends[:_ENDS]:
            turn = Turn(plan, outcome, holder, proof.scenario, proof.away)
            for (lead, at), who in product(usual, callers(space, proof.sides, proof.scenario, [self.when])):
                for asking, facts in turn.tries(lead, at, who):
                    self.left -= 1
                    if self.left < 0:
                        return
                    if Asked(plan.lens.read(asking, at).facts).holds(self.when) is True:
                        yield asking, facts, at


def _picks(outcome: Outcome) -> tuple[str, ...]:
    """The picks that are left, on whatever rung."""
    below = () if outcome.below is None else _picks(outcome.below)
    return tuple(sorted({*outcome.left, *below}))


def _when(asked: Contest, cells: Sequence[_Cell]) -> int:
    """The classes of time of some cells."""
    full = asked.space.when.full
    return reduce(or_, (dict(sides).get(WHEN, full) for _, sides, _ in cells))
