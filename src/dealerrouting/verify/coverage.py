"""Who serves what: gaps, service that ends with nothing after it, and dealers on whom a region hangs alone.

May know: contests, boxes, findings. May not know: who wins among several.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import partial
from heapq import nlargest
from itertools import islice
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from dealerrouting.model import Dealer, Facts, Lead
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course, consider
from dealerrouting.verify.axes import bits
from dealerrouting.verify.axes import union as either
from dealerrouting.verify.boxes import Box, Sides, sides_meet, sides_minus
from dealerrouting.verify.cells import Budget, Exhausted, holes, stretches
from dealerrouting.verify.compact import outline, plainness
from dealerrouting.verify.contest import Contest, Entry, contest
from dealerrouting.verify.drawing import volume
from dealerrouting.verify.finding import Finding
from dealerrouting.verify.given import leads_of
from dealerrouting.verify.missed import Doubt, doubt, untold
from dealerrouting.verify.outcome import Outcome
from dealerrouting.verify.past import to_come
from dealerrouting.verify.place import Runs, overlap, union
from dealerrouting.verify.proof import Proof, bind, finding, unknown
from dealerrouting.verify.space import WHEN, Space
from dealerrouting.verify.when import START, When
from dealerrouting.verify.witness import but_for, facts_of, samples

__all__ = [
    "asking",
    "cliffs",
    "cliffs_of",
    "gaps",
    "missing",
    "only_from_the_start",
    "placeless",
    "served_by",
    "told",
    "uncovered",
]


@frozen
class Hole:
    """Parts of a stretch of places that nobody serves, and the sources that serve the rest of their hull there."""

    runs: Runs
    parts: tuple[Sides, ...]
    beside: frozenset[str] = frozenset()

    @property
    def boxes(self) -> list[Box]:
        """The parts as boxes."""
        return [Box(self.runs, sides) for sides in self.parts]


def gaps(
    plan: Plan,
    *,
    among: Condition | None = None,
    at: datetime | None = None,
    leads: Iterable[Lead] = (),
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """Where nobody serves: leads that only the house can take, for want of anybody else.

    Asked of leads in the countries that the plan names that say a postcode; `among` asks of other leads instead.
    `at`: only from this instant on. A region is told with the sources that serve parts of it: it is what they leave.
    With past `leads` each gap says how many of them lie in it, as leads to come: see `diff`. Where somebody may serve
    by what could only be tried, and nobody does in any case, a gap may have been missed: an `unknown-region`, a note.
    """
    past = leads_of(leads)
    asked, where = asking(plan, among, at, budget)
    found, lost = uncovered(asked, served_by(asked), where)
    missed = missing("unserved-region", doubt(asked, None if among is None else bind(plan, among)))
    return (*told(asked, found, where, past), *unknown(asked, "unserved-region", lost), *missed)


def missing(question: str, doubtful: Doubt | None) -> Iterator[Finding]:
    """What a question about who serves may have missed, for it hangs on what could only be tried."""
    if doubtful is not None and doubtful.boxes:
        some = dict.fromkeys(box for _, box in doubtful.boxes)
        found, lost = uncovered(doubtful.asked, served_by(doubtful.asked), list(some))
        places: dict[tuple[Sides, ...], list[Hole]] = {}
        for hole in (*found, *lost):
            places.setdefault(hole.parts, []).append(hole)
        boxes = (
            Box(union(run for hole in same for run in hole.runs), part)
            for parts, same in places.items()
            for part in parts
        )
        yield from untold(question, doubtful, boxes)


def asking(
    plan: Plan, among: Condition | None, at: datetime | None, budget: Budget | None
) -> tuple[Contest, list[Box]]:
    """The contest of a plan, and the boxes of the leads that are asked about."""
    bound = None if among is None else bind(plan, among)
    also = [] if bound is None else [leaf for leaf in leaves(bound) if isinstance(leaf, Leaf)]
    asked = contest(plan, also=also, since=at, budget=budget)
    if bound is not None:
        return asked, list(asked.space.boxes(0, bound, "among"))
    return asked, [Box(asked.space.place.named)] if asked.space.place.named else []


Served: TypeAlias = list[tuple[str, Box]]
"""Boxes in which somebody serves, each with the name of its source."""


def served_by(asked: Contest) -> Served:
    """Where each source has a dealer that can take the lead."""
    return [(_named(asked.entries[n]), box) for n, box in asked.serving()]


def _named(entry: Entry) -> str:
    """A source by its id; those of the rung `nearest` by the rung, for they are dealers."""
    return entry.rung if entry.rung == "nearest" else entry.id


def uncovered(asked: Contest, served: Served, where: Sequence[Box]) -> tuple[list[Hole], list[Hole]]:
    """The parts of `where` that no box serves, and the parts that were too much to work out."""
    found: list[Hole] = []
    lost: list[Hole] = []
    count = len(served)
    boxes = [box for _, box in served]
    left = Left(asked)
    for stretch in stretches([*boxes, *where], asked.space.place.size):
        inside = tuple(where[n - count].sides for n in stretch.active if n >= count)
        active = [n for n in stretch.active if n < count]
        if not inside:
            continue
        parts = left.of(frozenset(boxes[n].sides for n in active), inside)
        if parts is None:
            lost.append(Hole(stretch.runs, inside))
        elif parts:
            hull = outline(asked.space, parts)
            beside = frozenset(served[n][0] for n in active if sides_meet(boxes[n].sides, hull) is not None)
            found.append(Hole(stretch.runs, parts, beside))
    return found, lost


@define
class Left:
    """What some boxes leave of others, worked out once for the same boxes."""

    asked: Contest
    _known: dict[tuple[Any, ...], tuple[Sides, ...] | None] = field(factory=dict)

    def of(self, sides: frozenset[Sides], inside: tuple[Sides, ...]) -> tuple[Sides, ...] | None:
        """What of `inside` none of `sides` holds; None where that is too much to work out."""
        if () in sides:
            return ()
        if (sides, inside) not in self._known:
            self._known[sides, inside] = self._work_out(sides, inside)
        return self._known[sides, inside]

    def _work_out(self, sides: frozenset[Sides], inside: tuple[Sides, ...]) -> tuple[Sides, ...] | None:
        full, budget = self.asked.space.full, self.asked.budget
        budget.begin()
        try:
            areas = _apart(inside, full) if len(inside) > 1 else inside
            return tuple(hole for area in areas for hole in holes(sorted(sides), full, budget, within=area))
        except Exhausted:
            return None


def _apart(inside: Sequence[Sides], full: dict[int, int]) -> Iterator[Sides]:
    """Boxes as parts that do not overlap."""
    done: list[Sides] = []
    for sides in inside:
        parts = [sides]
        for other in done:
            parts = [rest for part in parts for rest in sides_minus(part, other, full)]
        yield from parts
        done.append(sides)


# ----------------------------------------------------------------------------------------------- gaps


def told(asked: Contest, found: Sequence[Hole], where: Sequence[Box], leads: Sequence[Lead] = ()) -> Iterator[Finding]:
    """One finding for each country and outline."""
    since = asked.space.when.cuts[0]
    past = [asked.space.locate(*to_come(lead, None if since <= START else since)) for lead in leads]
    groups: dict[tuple[str, Sides], list[Hole]] = {}
    for hole in found:
        block = asked.space.place.block_of(hole.runs[0][0])
        groups.setdefault((block.country if block else "elsewhere", outline(asked.space, hole.parts)), []).append(hole)
    for (country, _), some in sorted(groups.items()):
        codes = asked.space.place.weight(union(run for hole in some for run in hole.runs))
        told = _told(asked, "unserved-region", (country,), some, where, values={"codes": codes})
        boxes = [box for hole in some for box in hole.boxes]
        inside = sum(any(asked.space.inside(box, spot) for box in boxes) for spot in past)
        yield evolve(told, leads=inside) if leads else told


def _told(
    asked: Contest,
    name: str,
    at: tuple[str, ...],
    some: Sequence[Hole],
    where: Sequence[Box],
    *,
    away: str | None = None,
    values: Mapping[str, Any] | None = None,
    tried: tuple[str, ...] = (),
) -> Finding:
    """A finding for some holes, with a region for each outline that they have."""
    outlines: dict[Sides, list[Hole]] = {}
    for hole in some:
        outlines.setdefault(outline(asked.space, hole.parts), []).append(hole)
    told = [
        (
            Box(union(run for hole in same for run in hole.runs), hull),
            tuple(sorted({one for hole in same for one in hole.beside})),
        )
        for hull, same in outlines.items()
    ]
    best = nlargest(
        1 if away is None else _CELLS,
        (box for hole in some for box in hole.boxes),
        key=lambda box: plainness(asked.space, box.sides),
    )
    share = sum((volume(asked.space, hole.boxes) for hole in some), Fraction(0)) / (volume(asked.space, where) or 1)
    proof, *others = (Proof(box.place[0][0], box.sides, away=away) for box in best)
    shows = _nobody if away is None else _nobody_else
    tries = partial(_at_the_door, asked.space) if tried else None
    more: dict[str, Any] = {"values": values, "tried": tried}
    return finding(asked, name, at, told, proof, others=others, share=share, shows=shows, tries=tries, **more)


_CELLS, _LEADS = 8, 8
"""How many cells are tried for a lead that shows who is alone, and leads of each from the dealer's door."""


def _nobody(_: Course, real: Outcome) -> bool:
    """Whether nobody serves a lead that was routed."""
    return real.rung == "house"


def _nobody_else(course: Course, real: Outcome) -> bool:
    """Whether nobody serves it without the dealer that is away, and somebody does with everybody there."""
    case = course.case
    return real.rung == "house" and consider(case.lead, case.plan, at=case.at).decided is not None


def _at_the_door(here: Space, proof: Proof, plan: Plan) -> Iterator[tuple[Lead, Facts, datetime]]:
    """Leads of the cell from where the dealer is that is away."""
    point = None if proof.away is None else plan.by_id[proof.away].point
    for lead, at in islice(samples(here, proof.place, proof.sides), _LEADS if point is not None else 0):
        placed = but_for(lead, lat=point[0], lon=point[1]) if point is not None else lead
        yield (*facts_of(placed, proof.scenario, plan, proof.away, at), at)


# --------------------------------------------------------------------------------------------- cliffs


def cliffs(plan: Plan, *, at: datetime | None = None, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Where service ends with nothing after it, and dealers on whom alone a region hangs."""
    asked, where = asking(plan, None, at, budget)
    doubtful = doubt(asked)
    here = None if doubtful is None else doubtful.within(placeless(doubtful.asked.space, where))
    return (*cliffs_of(asked, list(placeless(asked.space, where))), *missing("ending-service", here))


def cliffs_of(asked: Contest, where: Sequence[Box]) -> Iterator[Finding]:
    """The same of a contest."""
    found, lost = uncovered(asked, served_by(asked), where)
    yield from endings(asked, found, where)
    yield from unknown(asked, "ending-service", lost)
    yield from lone(asked, where)


def endings(asked: Contest, found: Sequence[Hole], where: Sequence[Box]) -> Iterator[Finding]:
    """Where a hole begins that was none before, by the instant and by the sources that end there."""
    groups: dict[tuple[datetime, tuple[str, ...]], list[Hole]] = {}
    dated = [entry for entry in asked.entries if _dated(entry)]
    for hole in found:
        for cuts, parts in begun(asked, hole).items():
            ended = sorted(set(_ended(asked, hole, cuts, parts, dated)))
            names = tuple(sorted({name for _, name in ended}))
            groups.setdefault((ended[-1][0] if ended else cuts[-1], names), []).append(
                Hole(hole.runs, parts, hole.beside)
            )
    for (cut, names), some in sorted(groups.items()):
        yield _told(asked, "ending-service", names, some, where, values={"end": cut})


def _dated(entry: Entry) -> bool:
    """Whether its condition asks for dates, so that it can end by itself."""
    found = (leaf for source in entry.sources.values() for leaf in leaves(source.condition))
    return any(isinstance(leaf, Leaf) and leaf.field == "date" for leaf in found)


def _ended(
    asked: Contest, hole: Hole, cuts: Sequence[datetime], parts: Sequence[Sides], dated: Sequence[Entry]
) -> Iterator[tuple[datetime, str]]:
    """The sources, and the dealers of sources, that end at one of these instants and served the parts before."""
    ending = {d.id: max(ends) for d in asked.plans[0].dealers if (ends := _ends(d, cuts))}
    for entry in asked.entries:
        gone = ending.keys() & set(entry.source.dealers)
        until = entry.source.valid_until
        if (gone or until in cuts) and _beside(entry, hole, parts):
            yield from ((ending[name], name) for name in gone) if gone else [(until or cuts[-1], entry.id)]
    for entry in dated:
        if _runs_out(asked, entry, hole, cuts, parts):
            yield cuts[-1], entry.id


def _ends(dealer: Dealer, cuts: Sequence[datetime]) -> list[datetime]:
    """At which of these instants the dealer leaves or closes."""
    return [cut for cut in cuts if dealer.active_until == cut or any(pause[0] == cut for pause in dealer.paused)]


def _runs_out(asked: Contest, entry: Entry, hole: Hole, cuts: Sequence[datetime], parts: Sequence[Sides]) -> bool:
    """Whether its condition was true of one of the parts before the first of these instants, and is not after.

    Of each part on days of its kind: what asks for dates or weekends may end on working days alone.
    """
    when = asked.space.when
    before, now = (when.span_of(bisect_left(when.cuts, cut) + step) for cut, step in ((cuts[0], -1), (cuts[-1], 0)))
    for part in parts:
        days = either(when.alike[when.kinds[at]] for at in bits(dict(part).get(WHEN, when.full) & now))
        holds = either(dict(box.sides).get(WHEN, when.full) for box in entry.boxes if _meets(box, hole, [part]))
        if holds & days & before and not holds & days & now:
            return True
    return False


def _meets(box: Box, hole: Hole, parts: Sequence[Sides]) -> bool:
    """Whether the box holds some of the parts, but for the time."""
    apart = not overlap(hole.runs, box.place)
    return not apart and any(sides_meet(_timeless(box.sides), _timeless(part)) is not None for part in parts)


def _beside(entry: Entry, hole: Hole, parts: Sequence[Sides]) -> bool:
    """Whether the entry served any of the parts before, but for the time."""
    return any(_meets(box, hole, parts) for box in entry.boxes)


def _timeless(sides: Sides) -> Sides:
    return tuple(side for side in sides if side[0] != WHEN)


def begun(asked: Contest, hole: Hole) -> dict[tuple[datetime, ...], tuple[Sides, ...]]:
    """The parts of a hole, from where it begins on, that were served on the last day of their kind before.

    By the instants at which that can have ended: one, or several where no day of the kind lies between them.
    """
    when = asked.space.when
    masks = [(dict(part).get(WHEN, when.full), _timeless(part)) for part in hole.parts]
    found: dict[tuple[datetime, ...], dict[Sides, None]] = {}
    for n in range(1, len(when.starts)):
        for (last, earlier, now), classes in _changed(when, masks, n).items():
            later = either(when.alike[when.kinds[at]] for at in classes) & ~((1 << when.starts[n]) - 1)
            begins = [sides_meet(rest, ((WHEN, later),)) for rest in _new(asked, earlier, now)]
            parts = (sides_meet(part, one) for part in hole.parts for one in begins if one is not None)
            new = dict.fromkeys(part for part in parts if part is not None)
            if new:
                found.setdefault(tuple(when.cuts[last + 1 : n + 1]), {}).update(new)
    return {cuts: tuple(parts) for cuts, parts in found.items()}


_Rests: TypeAlias = tuple[Sides, ...]


def _changed(when: When, masks: Sequence[tuple[int, Sides]], n: int) -> dict[tuple[int, _Rests, _Rests], list[int]]:
    """The classes of a stretch by what is a hole on such days there, and in the last stretch that has any."""
    groups: dict[tuple[int, _Rests, _Rests], list[int]] = {}
    for at in bits(when.span_of(n)):
        before = when.before(at)
        if before is not None:
            earlier, now = (tuple(rest for mask, rest in masks if mask >> each & 1) for each in (before, at))
            if now and now != earlier:
                groups.setdefault((when.stretch_of(before), earlier, now), []).append(at)
    return groups


def _new(asked: Contest, earlier: _Rests, now: _Rests) -> Iterator[Sides]:
    """What is a hole now and was none earlier."""
    for rest in now:
        parts = [rest]
        for other in earlier:
            parts = [left for part in parts for left in sides_minus(part, other, asked.space.full)]
        yield from parts


def only_from_the_start(asked: Contest, found: Sequence[Hole]) -> list[Hole]:
    """Holes without the parts that begin where service ends: those are told as such."""
    kept = []
    for hole in found:
        parts = list(hole.parts)
        for ended in begun(asked, hole).values():
            for other in ended:
                parts = [left for part in parts for left in sides_minus(part, other, asked.space.full)]
        if parts:
            kept.append(Hole(hole.runs, tuple(parts), hole.beside))
    return kept


def lone(asked: Contest, where: Sequence[Box]) -> Iterator[Finding]:
    """For each dealer what nobody serves while it is away, but that it serves."""
    found: dict[str, list[Hole]] = {}
    near: set[str] = set()
    lost: list[Hole] = []
    left = Left(asked)
    count = len(asked.boxes)
    for stretch in stretches([*asked.boxes, *where], asked.space.place.size):
        inside = [where[n - count].sides for n in stretch.active if n >= count]
        active = [n for n in stretch.active if n < count]
        for dealer in _dealers(asked, active) if inside else ():
            parts = _without(asked, left, dealer, active, inside)
            if parts is None:
                lost.append(Hole(stretch.runs, tuple(inside)))
            elif parts:
                beside = _others(asked, dealer, active, outline(asked.space, parts))
                found.setdefault(dealer, []).append(Hole(stretch.runs, parts, beside))
                near |= {dealer} if _by_nearness(asked, left, dealer, active, parts) else set()
    for dealer, some in sorted(found.items()):
        tried = ("nearest",) if dealer in near else ()
        yield _told(asked, "lone-dealer", (dealer,), some, where, away=dealer, tried=tried)
    yield from unknown(asked, "lone-dealer", lost)


def placeless(here: Space, where: Iterable[Box]) -> Iterator[Box]:
    """The same for leads that do not say where on the globe they are, where points can only be tried."""
    axis = here.fields.get("location")
    for box in where:
        tried = axis is not None and not here.axes[axis].exact
        sides = sides_meet(box.sides, ((axis, 1),)) if tried and axis is not None else box.sides
        if sides is not None:
            yield Box(box.place, sides)


def _dealers(asked: Contest, active: Iterable[int]) -> list[str]:
    """The dealers, not of the house, that sources other than nearness offer here."""
    entries = {asked.entries[asked.owner[n]] for n in active}
    names = {name for entry in entries if entry.rung != "nearest" for name in entry.source.dealers}
    return sorted(name for name in names if asked.plans[0].by_id[name].kind == "dealer")


def _without(
    asked: Contest, left: Left, dealer: str, active: Sequence[int], inside: Sequence[Sides]
) -> tuple[Sides, ...] | None:
    """What the dealer serves here and nobody else does."""
    others = frozenset(side for n in active for side in asked.sides_of(n, without=dealer))
    if () in others:
        return ()
    mine = [side for n in active for side in asked.sides_of(n, only=dealer)]
    own = tuple(dict.fromkeys(b for a in inside for m in mine if (b := sides_meet(a, m)) is not None))
    return left.of(others, own)


def _by_nearness(asked: Contest, left: Left, dealer: str, active: Sequence[int], parts: tuple[Sides, ...]) -> bool:
    """Whether it serves some of these parts by nearness alone, so that it hangs on where exactly a lead comes from."""
    named = [n for n in active if asked.entries[asked.owner[n]].rung != "nearest"]
    if len(named) == len(active):
        return False
    return left.of(frozenset(side for n in named for side in asked.sides_of(n, only=dealer)), parts) != ()


def _others(asked: Contest, dealer: str, active: Sequence[int], hull: Sides) -> frozenset[str]:
    """The sources that serve parts of the hull by somebody else."""
    entries = [
        asked.entries[asked.owner[n]]
        for n in active
        for side in asked.sides_of(n, without=dealer)
        if sides_meet(side, hull) is not None
    ]
    return frozenset(map(_named, entries))
