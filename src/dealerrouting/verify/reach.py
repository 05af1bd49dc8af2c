"""What never decides: sources that are shadowed or can never be true, dealers that nothing reaches.

May know: contests, outcomes, findings. May not know: what nobody serves, two plans.

A source decides where it is among those left on the rung that decides. To show that it does takes one lead; to show
that it does not takes every cell of its region. So a lead from inside, away from the others, is tried first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import define, field

from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.boxes import Box, Sides
from dealerrouting.verify.cells import Budget, Exhausted, Stretch
from dealerrouting.verify.contest import Contest, Entry, Met, contest
from dealerrouting.verify.drawing import plain
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.outcome import Outcome
from dealerrouting.verify.place import EVERYWHERE
from dealerrouting.verify.proof import Proof, finding, unknown

__all__ = ["idle", "shadowed", "unreachable"]


def shadowed(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Rules and territories that match leads and never decide: others always come first.

    `values["only_without"]` names a dealer in whose absence alone it would decide; None where not even then.
    """
    return shadowed_of(Reach(contest(plan, since=at, budget=budget)))


def unreachable(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Rules and territories that match no lead at all, or none that one of their dealers can take."""
    return tuple(unreachable_of(contest(plan, since=at, budget=budget)))


def idle(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Dealers to whom nothing in the plan leads: no source that decides, no account, and they are near nobody."""
    return tuple(idle_of(Reach(contest(plan, since=at, budget=budget))))


@define(eq=False)
class Reach:
    """Where the sources of a plan decide."""

    asked: Contest
    lost: list[Entry] = field(factory=list)
    _by_entry: dict[int, list[tuple[Stretch, int]]] = field(init=False)
    _decides: dict[tuple[int, str | None], bool | None] = field(factory=dict)

    @_by_entry.default
    def _stretches(self) -> dict[int, list[tuple[Stretch, int]]]:
        """By entry the stretches in which a box of it is active, with that box."""
        found: dict[int, list[tuple[Stretch, int]]] = {}
        for stretch in self.asked.stretches:
            for box in stretch.active:
                found.setdefault(self.asked.owner[box], []).append((stretch, box))
        return found

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
            return self._tried(entry, dealer) or self._anywhere(entry, dealer)
        except Exhausted:
            self.lost.append(entry)
            return None

    def _wins(self, entry: Entry, outcome: Outcome, dealer: str | None) -> bool:
        if outcome.rung != entry.rung or entry.id not in outcome.because:
            return False
        return any(name in outcome.pool for name in entry.source.dealers) if dealer is None else dealer in outcome.pool

    def _tried(self, entry: Entry, dealer: str | None) -> bool:
        """One lead from each of the first few places, away from the others."""
        asked = self.asked
        for stretch, box in self._by_entry.get(entry.number, [])[:_TRIES]:
            asked.budget.begin()
            asked.budget.step(len(stretch.active) ** 2)
            for stands in asked.sides_of(box, only=dealer)[:_TRIES]:
                met = asked.at(stretch, self._aside(stretch, box, stands), upto=asked.depth[entry.number])
                if entry.number in met.entries and self._wins(entry, asked.outcome(met), dealer):
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
        return any(self._wins(entry, self.asked.outcome(met), dealer) for _, _, met in self.cells(entry))

    def cells(self, entry: Entry) -> Iterator[tuple[Stretch, Sides, Met]]:
        """The cells of the entry's region."""
        asked = self.asked
        for stretch, box in self._by_entry.get(entry.number, []):
            asked.budget.begin()
            found = asked.cells(
                stretch, within=asked.boxes[box].sides, need=[[entry.number]], upto=asked.depth[entry.number]
            )
            yield from ((stretch, sides, met) for sides, met in found)

    def only_without(self, entry: Entry) -> str | None:
        """A dealer in whose absence the source decides."""
        for _, _, met in self.cells(entry):
            for dealer in self.asked.outcome(met).offered:
                outcome = self.asked.outcome(met, away=dealer)
                if self._wins(entry, outcome, None):
                    return dealer
        return None


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
    found = [_shadowed(reach, entry) for entry in reached if reach.decides(entry) is False]
    return (*found, *unknown(reach.asked, "shadowed-territory", map(_Lost, reach.lost)))


@define
class _Lost:
    """A source of which it is not known whether it ever decides."""

    entry: Entry

    @property
    def boxes(self) -> Sequence[Box]:
        return self.entry.boxes


def _shadowed(reach: Reach, entry: Entry) -> Finding:
    """A finding with the sources that come first."""
    first: set[str] = set()
    best: tuple[Stretch, Sides] | None = None
    for stretch, sides, met in reach.cells(entry):
        first |= set(reach.asked.outcome(met).because)
        best = best or (stretch, sides)
    box = entry.boxes[0]
    place = best[0].first if best else 0 if box.place is EVERYWHERE else box.place[0][0]
    proof = Proof(place, best[1] if best else box.sides)
    name = "shadowed-territory" if entry.rung == "territories" else "shadowed-rule"
    values = {"by": tuple(sorted(first)), "only_without": reach.only_without(entry), "rung": entry.rung}
    tried = incomplete(reach.asked, reach.asked.entries)
    return finding(reach.asked, name, (entry.id,), plain(entry.boxes), proof, values=values, tried=tried)


def unreachable_of(asked: Contest) -> Iterator[Finding]:
    """The same of a contest."""
    for entries in parts_of(asked):
        for entry in entries:
            if not any(True for _ in asked.served(entry)):
                yield _unreachable(asked, entry)


def _unreachable(asked: Contest, entry: Entry) -> Finding:
    name = "unreachable-territory" if entry.rung == "territories" else "unreachable-rule"
    why = "dealers" if entry.boxes else "never"
    if not entry.boxes:
        from dealerrouting.mapping import FrozenMap
        from dealerrouting.verify.finding import CODES

        said = FrozenMap({"why": why, "rung": entry.rung})
        tried = incomplete(asked, [entry])
        return Finding(name, (entry.id,), CODES[name].level, values=said, exact=not tried, opaque=tried)
    box = entry.boxes[0]
    proof = Proof(0 if box.place is EVERYWHERE else box.place[0][0], box.sides)
    return finding(asked, name, (entry.id,), plain(entry.boxes), proof, values={"why": why, "rung": entry.rung})


def incomplete(asked: Contest, entries: Iterable[Entry]) -> tuple[str, ...]:
    """What the conditions of some sources ask for and could only be tried: what was not found there may still be."""
    return asked.space.tried(
        {leaf.field for e in entries for leaf in leaves(e.source.condition) if isinstance(leaf, Leaf)}
    )


def idle_of(reach: Reach) -> Iterator[Finding]:
    """The same of a contest."""
    from dealerrouting.mapping import FrozenMap
    from dealerrouting.verify.finding import CODES

    plan = reach.asked.plans[0]
    held = {account.holder for account in plan.accounts}
    offering: dict[str, list[Entry]] = {}
    for entry in reach.asked.entries:
        for name in entry.source.dealers:
            offering.setdefault(name, []).append(entry)
    for dealer in plan.dealers:
        if dealer.id == plan.house or dealer.id in held:
            continue
        if not any(reach.decides(entry, dealer=dealer.id) is not False for entry in offering.get(dealer.id, ())):
            at = tuple(sorted({entry.id for entry in offering.get(dealer.id, ())}))
            values = FrozenMap({"offered_by": at})
            tried = incomplete(reach.asked, offering.get(dealer.id, ()))
            level = CODES["idle-dealer"].level
            yield Finding("idle-dealer", (dealer.id,), level, values=values, exact=not tried, opaque=tried)
