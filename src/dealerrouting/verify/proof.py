"""Proofs: a finding put together with a lead that shows it, routed.

May know: contests, witnesses, findings. May not know: which question was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import chain, islice
from typing import Any, TypeAlias

from attrs import frozen

from dealerrouting.errors import Fault, PlanError
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Facts, Lead
from dealerrouting.rules.binding import Binder, Bound
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.fields import ATTRIBUTE_TYPES, FIELDS
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course, consider
from dealerrouting.verify.axes import Sampled
from dealerrouting.verify.boxes import Box, Sides
from dealerrouting.verify.cells import Stretch
from dealerrouting.verify.contest import Contest
from dealerrouting.verify.drawing import plain, regions
from dealerrouting.verify.finding import CODES, Finding, Witness
from dealerrouting.verify.outcome import Outcome, Scenario, of_course
from dealerrouting.verify.witness import facts_of, samples

__all__ = ["Lost", "Proof", "bind", "finding", "prove", "told_exactly", "unknown"]


@frozen
class Proof:
    """Where to take a witness from: a class of places, sides, what has happened, who is away."""

    place: int
    sides: Sides
    scenario: Scenario = Scenario()
    away: str | None = None


Shows: TypeAlias = Callable[[Course, Outcome], bool]
"""Whether a lead that was routed shows what was found."""
Tries: TypeAlias = Callable[[Proof, Plan], Iterator[tuple[Lead, Facts, datetime]]]
"""What else to try, where the leads of the cell do not show it."""
_MOST = 1_000


@frozen
class Lost:
    """A stretch of places that was too much to work out."""

    stretch: Stretch

    @property
    def boxes(self) -> list[Box]:
        """All of it."""
        return [Box(self.stretch.runs)]


def bind(plan: Plan, condition: Condition) -> Bound:
    """A condition of the user's own, read against the plan's fields; `PlanError` with everything wrong with it."""
    faults: list[Fault] = []
    kinds = {**FIELDS, **{name: ATTRIBUTE_TYPES[kind] for name, kind in plan.attributes.items()}}
    bound = Binder(plan.taxonomy, kinds, faults.append).bind(condition, "condition", ())
    if faults:
        raise PlanError(faults)
    return bound


def prove(asked: Contest, proof: Proof, shows: Shows | None = None, tries: Tries | None = None) -> Witness | None:
    """The first lead of the cell that, really routed, shows it; None where none of those tried does."""
    plan = asked.plan_at(proof.place)
    usual = (
        (*facts_of(lead, proof.scenario, plan, proof.away, at), at)
        for lead, at in samples(asked.space, proof.place, proof.sides)
    )
    more = islice(tries(proof, plan) if tries is not None else (), _MOST)
    for asking, facts, at in chain(usual, more):
        course = consider(asking, plan, facts, at=at)
        if shows is None or shows(course, of_course(course)):
            return Witness(asking, facts, at, course.decision)
    return None


def finding(
    asked: Contest,
    name: str,
    at: tuple[str, ...],
    told: Sequence[tuple[Box, tuple[str, ...]]],
    proof: Proof,
    *,
    others: Iterable[Proof] = (),
    shows: Shows | None = None,
    tries: Tries | None = None,
    values: Mapping[str, Any] | None = None,
    share: Fraction = Fraction(0),
    level: str | None = None,
    tried: Iterable[str] = (),
) -> Finding:
    """A finding with its regions and its witness, exact unless it hangs on what could only be tried (`tried` besides).

    Where no lead that was tried shows it, nor one of the `others`, it is no finding, but an `unknown-region`.
    """
    sides = [*(side for box, _ in told for side in box.sides), *proof.sides]
    names = {asked.space.axes[axis].name for axis, mask in sides if not told_exactly(asked, axis, mask)}
    proved = (prove(asked, one, shows, tries) for one in (proof, *others))
    witness = next((one for one in proved if one is not None), None)
    opaque = tuple(sorted({*names, *tried}))
    if witness is None:  # no lead shows it: it is not known whether any would
        said = FrozenMap({"question": name})
        level = "note"
        return Finding(
            "unknown-region", (name,), level, regions(asked.space, told), values=said, exact=False, opaque=opaque
        )
    level = level or CODES[name].level
    said = FrozenMap(values or {})
    where = regions(asked.space, told)
    return Finding(name, at, level, where, share, witness, said, exact=not opaque, opaque=opaque)


def told_exactly(asked: Contest, axis: int, mask: int) -> bool:
    """Whether these classes are all there are, or hold the leads that leave the field out."""
    one = asked.space.axes[axis]
    return one.exact or (isinstance(one, Sampled) and bool(mask & 1) and not one.samples[0])


def unknown(asked: Contest, question: str, lost: Iterable[Any]) -> tuple[Finding, ...]:
    """What a question could not work out within its budget, as one finding."""
    boxes = [box for hole in lost for box in hole.boxes]
    if not boxes:
        return ()
    level = CODES["unknown-region"].level
    values = FrozenMap({"question": question})
    return (
        Finding("unknown-region", (question,), level, regions(asked.space, plain(boxes)), values=values, exact=False),
    )
