"""What a plan makes of a lead, as far as plan and lead alone decide it.

May know: plans, rungs, picks. May not know: regions, how leads are told apart.

The verified result is the ordered ladder up to the first rung that has an eligible dealer, with its pool after the
picks that need nothing but plan and lead (`specific priority first unique`). What a ledger, a hash, a load or a
distance would choose is not decided here: the pick that would is what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Company, Dealer
from dealerrouting.rules.binding import Bound, implies
from dealerrouting.rules.offers import offered_by
from dealerrouting.rules.picks import Candidate, Pick, keep
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.rules.route import Course
from dealerrouting.rules.rungs import Rung

__all__ = ["ELSEWHERE", "Ladder", "Outcome", "Scenario", "agrees", "named", "narrowed", "of_course", "told"]

_DECIDED = frozenset({"specific", "priority", "first", "unique", "ranked"})
_TOTAL = frozenset({"rotation", "hashed"})


@frozen
class Outcome:
    """The rung that decides, its pool of dealers and the part of each, and the picks left to choose among several.

    `rung` is `house` where nobody is left; then the pool is empty. With one dealer nothing is left. Parts are those of
    the weights where a rotation or a hash is left, else alike. `conflict`: several are left and no pick, or an
    exclusive source met another. `basis` is what distances will be taken from, and whose house it is. `because` are
    the sources left, `offered` everybody the rung named, `kept` who is left by what (nobody where an exclusive source
    met another); they are no part of what makes two outcomes the same.

    On the rung `nearest` the pool is whoever could be near: who is, and whether anybody is near enough, only distances
    can say. `below` is what comes where nobody is.
    """

    rung: str
    pool: FrozenMap[Fraction] = field(default=FrozenMap())
    left: tuple[str, ...] = ()
    ledger: str | None = None
    conflict: bool = False
    basis: tuple[Any, ...] = ()
    below: Outcome | None = None
    because: tuple[str, ...] = field(default=(), eq=False)
    offered: tuple[str, ...] = field(default=(), eq=False)
    kept: tuple[Candidate, ...] = field(default=(), eq=False, repr=False)

    def keeps(self, source: Source) -> bool:
        """Whether this rule, or this part of a territory, is left with somebody."""
        return any(one.source == source.id and one.region is source.condition for one in self.kept)

    @property
    def dealers(self) -> tuple[str, ...]:
        """Who may get the lead."""
        return tuple(self.pool)

    @property
    def open(self) -> bool:
        """Whether it may be that nobody on this rung is near, and the next one decides."""
        return self.below is not None

    def holders(self, house: str) -> tuple[str, ...]:
        """Who may end up with the lead: the house where nobody is left, and where several quarrel."""
        if self.conflict or not self.pool:
            return (house,)
        return self.dealers if self.below is None else (*self.dealers, *self.below.holders(house))


ELSEWHERE = Outcome("elsewhere")
"""Whatever the other rungs make of it."""


@frozen
class Scenario:
    """What is taken to have happened besides the lead: at most one thing, which offers the lead to one dealer.

    `kind` is `none`, or the rung that hears of it: `registrations`, `accounts` or `incumbent`. `offers` are what it
    offers there: source and dealer; several only where a company is several accounts, and then it is of `company`.
    """

    kind: str = "none"
    offers: tuple[tuple[str, str], ...] = ()
    company: Company | None = field(default=None, eq=False, repr=False)

    @property
    def dealer(self) -> str:
        """The dealer to whom it offers the lead."""
        return self.offers[0][1] if self.offers else ""

    @property
    def source(self) -> str:
        """What it offers the lead by."""
        return self.offers[0][0] if self.offers else ""


@frozen(eq=False)
class Ladder:
    """The rungs of a plan, ready to judge which sources matched."""

    plan: Plan
    _contained: dict[tuple[int, int], bool] = field(factory=dict)  # by the identities of two regions of the plan's own
    dealers: Mapping[str, Dealer] = field(init=False)

    @dealers.default
    def _dealers(self) -> Mapping[str, Dealer]:
        return self.plan.by_id

    def judge(
        self,
        matched: Mapping[str, Sequence[Source]],
        *,
        inactive: Collection[str] = (),
        unserving: Collection[str] = (),
        away: str | None = None,
        scenario: Scenario = Scenario(),
    ) -> Outcome:
        """The outcome where just these sources are true, by rung.

        `inactive` dealers are barred everywhere, `unserving` ones in rungs that give; so is whoever never takes any.
        """
        out = {*inactive, away} if away is not None else set(inactive)
        return self._judge(list(self.plan.precedence), matched, out, unserving, away, scenario)

    def _judge(
        self,
        rungs: Sequence[Rung],
        matched: Mapping[str, Sequence[Source]],
        out: Collection[str],
        unserving: Collection[str],
        away: str | None,
        scenario: Scenario,
    ) -> Outcome:
        for n, rung in enumerate(rungs, 1):
            offered = list(self._candidates(rung, matched.get(rung.name, ()), scenario))
            if not offered:
                continue
            if rung.kind == "nearest":
                below = self._judge(rungs[n:], matched, out, unserving, away, scenario)
                return self._near(rung, tuple(c for c in offered if c.dealer != away), below)
            pool = tuple(c for c in offered if c.dealer not in out and self._takes(c.dealer, rung, unserving))
            if pool:
                return self._picked(rung, tuple(offered), pool)
        return _house(self.plan)

    def _candidates(self, rung: Rung, sources: Sequence[Source], scenario: Scenario) -> Iterator[Candidate]:
        if rung.kind == scenario.kind:
            for by, name in scenario.offers:
                dealer = self.dealers.get(name)
                if rung.kind != "incumbent" or dealer is None or dealer.kind == "dealer":  # never a team of the house
                    yield Candidate(by, name)
        for source in sources:
            yield from offered_by(source)

    def _near(self, rung: Rung, pool: tuple[Candidate, ...], below: Outcome) -> Outcome:
        """Whoever could be near: who is, who is active then and serves it, is not told apart."""
        names = tuple(sorted({candidate.dealer for candidate in pool}))
        left = tuple(named(step) for step in rung.pick)
        basis = (rung.within_metres, *(_standing(self.dealers[name]) for name in names))
        return Outcome(rung.name, _parts(pool, ()), left, None, False, basis, below, ("nearest",), names, pool)

    def _takes(self, name: str, rung: Rung, unserving: Collection[str]) -> bool:
        dealer = self.dealers.get(name)
        if dealer is None:
            return False
        return not rung.gives or (name not in unserving and 0 not in (dealer.max_open, dealer.max_per_30_days))

    def _picked(self, rung: Rung, offered: tuple[Candidate, ...], pool: tuple[Candidate, ...]) -> Outcome:
        sources = {c.source for c in offered}
        names = tuple(sorted({c.dealer for c in offered}))
        if len(sources) > 1 and any(c.exclusive for c in offered):
            house = (self.plan.house,)
            return Outcome(rung.name, _parts(pool, ()), (), None, True, house, None, tuple(sorted(sources)), names)
        if len(pool) > 1:
            pool, left = narrowed(rung, pool, self._specific)
        else:
            left = ()
        outcome = told(rung, pool, left, names)
        if outcome.conflict:
            return evolve(outcome, basis=(self.plan.house,))
        basis = self._basis(outcome, pool) if outcome.left else ()
        return evolve(outcome, basis=basis) if basis else outcome

    def _specific(self, pool: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """What the pick of that name keeps; which of two regions holds the other is worked out once."""
        regions = {id(candidate.region): candidate.region for candidate in pool}
        if len(regions) == 1:
            return pool
        wide = {b for b in regions for a in regions if a != b and self._holds(a, b, regions)}
        return tuple(candidate for candidate in pool if id(candidate.region) not in wide)

    def _holds(self, a: int, b: int, regions: Mapping[int, Bound]) -> bool:
        """Whether the region `b` strictly holds `a`; both are the plan's own, so they can be known by identity."""
        if (a, b) not in self._contained:
            one, two = regions[a], regions[b]
            self._contained[a, b] = implies(one, two) and not implies(two, one)
        return self._contained[a, b]

    def _basis(self, outcome: Outcome, pool: tuple[Candidate, ...]) -> tuple[Any, ...]:
        """What the picks that are left will look at besides weights: places, and what tells the sources apart."""
        places = (*((n, self.dealers[n].point) for n in outcome.pool),) if "nearest" in outcome.left else ()
        if not _DECIDED.intersection(outcome.left[1:]):
            return places
        orders = sorted({candidate.order for candidate in pool})
        told = {(c.dealer, c.weight, c.priority, orders.index(c.order), c.region) for c in pool}
        return (*places, frozenset(told))


def _standing(dealer: Dealer) -> tuple[Any, ...]:
    """Where a dealer is, and when and whom it serves."""
    never = 0 in (dealer.max_open, dealer.max_per_30_days)
    times = (dealer.active_from, dealer.active_until, dealer.paused)
    return (dealer.id, dealer.point, *times, dealer.serves_languages, dealer.serves_products, never)


def _house(plan: Plan) -> Outcome:
    """Nobody on any rung."""
    return Outcome("house", basis=(plan.house,))


Specific: TypeAlias = Callable[[tuple[Candidate, ...]], tuple[Candidate, ...]]


def narrowed(
    rung: Rung, pool: tuple[Candidate, ...], specific: Specific | None = None
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """The pool after the picks that are decided by plan and lead, and the picks left."""
    for at, policy in enumerate(rung.pick):
        if not isinstance(policy, str) or policy not in _DECIDED:
            return pool, _left(rung.pick[at:])
        quick = specific if policy == "specific" else None
        # These picks look at the candidates only.
        pool = quick(pool) if quick is not None else keep(policy, pool, None).pool  # type: ignore[arg-type]
    return pool, ()


def _left(picks: Sequence[str | Pick]) -> tuple[str, ...]:
    """The picks left, up to the first that always leaves one dealer."""
    total = next((at for at, step in enumerate(picks, 1) if isinstance(step, str) and step in _TOTAL), len(picks))
    return tuple(named(step) for step in picks[:total])


def told(rung: Rung, pool: tuple[Candidate, ...], left: tuple[str, ...], offered: tuple[str, ...] = ()) -> Outcome:
    """The outcome of what is left of a pool."""
    because = tuple(sorted({c.source for c in pool}))
    parts = _parts(pool, left)
    if len(parts) == 1:
        return Outcome(rung.name, parts, (), None, False, (), None, because, offered, pool)
    ledgers = {c.ledger or rung.name for c in pool}
    ledger = (ledgers.pop() if len(ledgers) == 1 else rung.name) if "rotation" in left else None
    return Outcome(rung.name, parts, left, ledger, not left, (), None, because, offered, pool)


def named(step: str | Pick) -> str:
    """A pick by its name and, where it is the caller's own, its version."""
    return step if isinstance(step, str) else f"{step.name}@{step.version}"


_WHOLE = Fraction(1)


def _parts(pool: Iterable[Candidate], left: tuple[str, ...]) -> FrozenMap[Fraction]:
    """Each dealer's part: by its largest weight where that will count, else all alike."""
    names = {candidate.dealer for candidate in pool}
    if len(names) == 1:
        return FrozenMap(dict.fromkeys(names, _WHOLE))
    found: dict[str, Decimal] = {}
    for candidate in pool:
        weight = candidate.weight if _TOTAL & set(left) else Decimal(1)
        found[candidate.dealer] = max(weight, found.get(candidate.dealer, Decimal(0)))
    total = sum(map(Fraction, found.values()))
    return FrozenMap({name: Fraction(found[name]) / total for name in sorted(found)})


def of_course(course: Course) -> Outcome:
    """The outcome of one lead that was really routed, read from what its rungs said."""
    heard = course.decided
    if heard is None:
        return _house(course.case.plan)
    eligible = tuple(c for c in heard.offered if c.dealer not in heard.barred)
    names = tuple(sorted({c.dealer for c in heard.offered}))
    if heard.exclusive:
        because: tuple[Any, ...] = tuple(sorted({c.source for c in heard.offered}))
        return Outcome(heard.rung.name, _parts(eligible, ()), (), None, True, (), None, because, names)
    return told(heard.rung, *narrowed(heard.rung, eligible), names)


def agrees(predicted: Outcome, real: Outcome) -> bool:
    """Whether a lead that was really routed came out as its cell was predicted."""
    if predicted == ELSEWHERE:
        return real.rung != "accounts"
    if predicted.rung == "nearest":
        near = real.rung == "nearest" and set(real.pool) <= set(predicted.pool)
        return near or (predicted.below is not None and agrees(predicted.below, real))
    return evolve(real, basis=()) == evolve(predicted, basis=())
