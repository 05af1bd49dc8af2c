"""Every answer of `verify`, by routing every lead of a plan's small world with the real core.

Knows: `consider`, the world. Does not know: how `verify` finds anything.

`Seen(plan, cases)` holds what happens to each lead, with everybody open and with each single dealer away. The questions
are methods; each answers with the leads themselves, so that a region, a witness or a proof can be held against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from attrs import evolve, field, frozen

from dealerrouting import Facts, PastHolder, Plan
from dealerrouting.rules.case import Heard
from dealerrouting.rules.picks import Candidate, Pick
from dealerrouting.rules.route import Course, _hear, consider
from verify_world import Case, facts_of

DETERMINED = frozenset({"specific", "priority", "first", "unique", "ranked"})
"""The picks that need nothing but the plan and the lead."""


@frozen
class Result:
    """The verified result: the rung that decided, whom it has left by weight, and the picks that are left then."""

    rung: str | None = None
    pool: tuple[tuple[str, Fraction], ...] = ()
    left: tuple[Any, ...] = ()
    ledger: str | None = None
    conflict: bool = False
    sources: frozenset[str] = field(default=frozenset(), eq=False)
    by_dealer: frozenset[tuple[str, str]] = field(default=frozenset(), eq=False)  # source and dealer of the pool
    parts: frozenset[tuple[str, int]] = field(default=frozenset(), eq=False)  # source and, by identity, its condition

    @property
    def dealers(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.pool)


NOBODY = Result()


def result(course: Course) -> Result:
    """What the core's course shows, as far as plan and lead alone decide."""
    return NOBODY if course.decided is None else _said(course.decided)


def _said(heard: Heard) -> Result:
    pool, left = _narrowed(heard)
    parts = _parts(pool, "rotation" in left or "hashed" in left)
    named = {one.ledger for one in pool}
    ledger = heard.rung.name if len(named) != 1 else named.pop() or heard.rung.name
    sources = frozenset(c.source for c in (heard.offered if heard.exclusive else pool))
    pairs = frozenset((c.source, c.dealer) for c in pool)
    regions = frozenset((c.source, id(c.region)) for c in pool)
    if heard.exclusive:
        return Result(heard.rung.name, _parts(pool, False), (), None, True, sources, pairs, regions)
    if len(parts) == 1:
        return Result(heard.rung.name, parts, (), None, False, sources, pairs, regions)
    ledger = ledger if "rotation" in left else None
    return Result(heard.rung.name, parts, left, ledger, not left, sources, pairs, regions)


def _narrowed(heard: Heard) -> tuple[tuple[Candidate, ...], tuple[Any, ...]]:
    """What the picks that plan and lead decide leave of the pool, and the picks that come then."""
    pool = tuple(c for c in heard.offered if c.dealer not in heard.barred)
    for at, (policy, kept) in enumerate(heard.steps):
        if isinstance(policy, Pick) or policy not in DETERMINED:
            return pool, heard.rung.pick[at:]
        pool = kept.pool
    return pool, ()


def determined(heard: Heard) -> tuple[Candidate, ...]:
    """The candidates left by the picks that plan and lead decide."""
    return _narrowed(heard)[0]


def _parts(pool: Iterable[Candidate], counts: bool) -> tuple[tuple[str, Fraction], ...]:
    """What part of the leads is each dealer's: by its largest weight where that counts, else they are alike."""
    weights: dict[str, Fraction] = {}
    for one in pool:
        weights[one.dealer] = max(Fraction(one.weight) if counts else Fraction(1), weights.get(one.dealer, Fraction(0)))
    return tuple((name, weight / sum(weights.values())) for name, weight in sorted(weights.items()))


@cache
def _away(scene: str, dealer: str) -> Facts:
    """The facts of a scene, with one dealer away."""
    facts = facts_of(scene)
    return Facts(facts.registrations, facts.incumbents, past_holders=[PastHolder("L", dealer, "excluded")])


@frozen
class Shown:
    """What happens to one lead."""

    case: Case
    course: Course
    open: Result
    away: Mapping[str, Result]  # by the dealer that is away; whoever changes nothing by it is left out

    def without(self, dealer: str) -> Result:
        return self.away.get(dealer, self.open)


@frozen(eq=False)
class Seen:
    """What happens to every lead of the world of one plan."""

    plan: Plan
    shown: tuple[Shown, ...]

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.shown)

    @cached_property
    def sources(self) -> dict[str, str]:
        """Each rule and territory, with the rung that asks it."""
        return {one.id: rung for rung, sources in self.plan.sources.items() for one in sources}

    def gaps(self) -> list[Shown]:
        """The leads that nobody serves."""
        return [one for one in self if one.open.rung is None]

    def reached(self) -> set[tuple[str, str]]:
        """(rung, source) whose condition is true for some lead while it is in force."""
        return {(h.rung.name, c.source) for one in self for h in one.course.heard for c in h.offered}

    def deciding(self) -> set[tuple[str, str]]:
        """(rung, source) that is left with somebody for some lead, with everybody open, and not in a conflict."""
        clear = [one.open for one in self if one.open.rung and not one.open.conflict]
        return {(res.rung, source) for res in clear for source, _ in res.by_dealer}

    def served(self) -> set[str]:
        """The dealers that are in some pool, with everybody open."""
        return {name for one in self for name in one.open.dealers}

    def quarrels(self) -> list[Shown]:
        """The leads for which several dealers of several sources are left."""
        return [one for one in self if len(one.open.pool) > 1 and len(one.open.sources) > 1]

    def undecided(self) -> list[Shown]:
        """The leads for which one source leaves several dealers, and nothing chooses."""
        return [one for one in self if one.open.conflict and len(one.open.sources) == 1]

    def own(self) -> list[Shown]:
        """The leads for which several parts of one territory are left with several dealers."""
        alone = [one for one in self if len(one.open.pool) > 1 and len(one.open.sources) == 1]
        return [one for one in alone if len(one.open.parts) > 1]

    def alone(self) -> list[tuple[Shown, str]]:
        """(lead, dealer) where that dealer has the lead alone, and without it nobody serves."""
        return [(one, name) for one in self for name, res in one.away.items() if res.rung is None and one.open.rung]


def seen(plan: Plan, cases: Iterable[Case], *, slowly: bool = False) -> Seen:
    """Route every lead. `slowly`: with each dealer away by a call of its own, whether or not that can matter."""
    return Seen(plan, tuple(_show(plan, case, slowly) for case in cases))


def _show(plan: Plan, case: Case, slowly: bool = False) -> Shown:
    course = consider(case.lead, plan, case.facts, at=case.at)
    if slowly:
        names = sorted(d.id for d in plan.dealers)
        away = {n: result(consider(case.lead, plan, _away(case.scene, n), at=case.at)) for n in names}
    else:
        away = {name: _without(course, _away(case.scene, name)) for name in _chosen(course)}
    return Shown(case, course, result(course), away)


def _chosen(course: Course) -> list[str]:
    """Whoever the deciding rung does not offer, or has barred already, changes nothing by leaving."""
    heard = course.decided
    return sorted({c.dealer for c in heard.offered} - set(heard.barred)) if heard else []


def _without(course: Course, facts: Facts) -> Result:
    """The same lead, read already, before the rungs again."""
    case = evolve(course.case, facts=facts)
    again = (_hear(rung, case, reached=True) for rung in case.plan.precedence)
    return next((_said(heard) for heard in again if heard.pool), NOBODY)


def differs(a: Shown, b: Shown) -> bool:
    """Whether one lead has another result under the second plan."""
    return a.open != b.open or any(a.without(name) != b.without(name) for name in {*a.away, *b.away})


def changed(active: Plan, planned: Plan, cases: Iterable[Case]) -> list[tuple[Shown, Shown]]:
    """The leads whose result is not the same in both plans."""
    pairs = ((_show(active, case), _show(planned, case)) for case in cases)
    return [(a, b) for a, b in pairs if differs(a, b)]
