"""A second opinion on larger plans: lead space, conditions and the ladder of rungs as formulas that z3 answers.

Knows: plans, their bound conditions, z3. Does not know: `dealerrouting.verify`, worlds of leads.

Postcodes, numbers, dates and the instant are whole numbers or reals, a code's level in its country's tree a choice;
sectors and words are finite. A condition is two formulas: where it is true, and where it is false. Only the exact
fragment without months, weekdays and what facts say is put into formulas; prefixes of texts neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise, product
from random import Random
from typing import Any

import z3
from attrs import define, evolve, field

from dealerrouting import Dealer, Plan, Rule, Territory, by, where
from dealerrouting.postcode import Postcode, PostcodeSet
from dealerrouting.postcode.trees import order_of
from dealerrouting.rules.binding import All, Any_, Flip, Leaf, implies
from dealerrouting.rules.fields import Under
from dealerrouting.rules.plan import Source
from dealerrouting.rules.rungs import Rung
from verify_conditions import a_condition
from verify_palette import (
    DEALERS,
    EDGES,
    HOUSES,
    OWN,
    PLACES,
    RULE_CHAINS,
    SECTORS,
    TERRITORY_CHAINS,
    Palette,
    a_span,
    some_dealers,
)
from verify_plans import a_dealer, apart, built, constants_of, countries_of, leaves_of

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_DECIDED = ("specific", "priority", "first", "unique")
Both = tuple[Any, Any]


def fits(plan: Plan) -> bool:
    """Whether a plan can be put into formulas: no clock but validity, no money in another currency, plain codes."""
    kinds = {rung.kind for rung in plan.precedence}
    return plan.currency is None and kinds <= {"rules", "territories"} and all(map(_fits, leaves_of(plan)))


def _fits(leaf: Leaf) -> bool:
    places = set(countries_of(leaf)) & {"GB", "AR"}  # a district of one digit is 27 of them; the other has no levels
    clock = leaf.field in ("month", "weekday", "date", "needs", "location", "currency")
    return not places and not clock and (leaf.op != "startswith" or leaf.field == "postcode")


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _any(parts: Iterable[Any]) -> Any:
    return z3.Or(list(parts))


def _all(parts: Iterable[Any]) -> Any:
    return z3.And(list(parts))


@define(eq=False, slots=False)
class Space:
    """A lead and an instant as variables; `limits` is what is true of every lead."""

    plans: tuple[Plan, ...]
    limits: list[Any] = field(factory=list)
    words: dict[str, list[Any]] = field(factory=dict)  # by field, the values that have a number of their own
    known: dict[str, Any] = field(factory=dict)  # by field, its variable
    said: dict[str, Any] = field(factory=dict)  # by field, whether the lead says it
    countries: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.at = z3.Int("at")
        self.away = z3.Int("away")
        self.dealers = sorted({d.id for plan in self.plans for d in plan.dealers})
        self.limits += [self.away >= -1, self.away < len(self.dealers)]
        asked = {leaf for plan in self.plans for leaf in leaves_of(plan)}
        self._places(asked)
        for name in sorted({leaf.field for leaf in asked} | {"language", "product"}):
            if name not in ("country", "postcode"):
                self._field(name, [leaf for leaf in asked if leaf.field == name])

    def _places(self, asked: set[Leaf]) -> None:
        self.countries = sorted({c for leaf in asked for c in countries_of(leaf)})
        self.country, self.lo, self.hi = z3.Ints("country lo hi")
        self.coded = z3.Bool("coded")
        named = len(self.countries)  # this number stands for all others
        self.limits += [self.country >= -1, self.country <= named, z3.Implies(self.coded, self.country >= 0)]
        for at, name in enumerate(self.countries):
            self.limits.append(z3.Implies(z3.And(self.coded, self.country == at), self._code(name)))

    def _code(self, country: str) -> Any:
        order: Any = order_of(country)
        levels = []
        for depth in order.stops:
            size, at = order.sizes[depth], z3.Int(f"{country}{depth}")
            inside = z3.And(at >= 0, at < order.sizes[0] // size)
            levels.append(z3.And(inside, self.lo == at * size, self.hi == at * size + size - 1))
        return _any(levels)

    def _field(self, name: str, asked: list[Leaf]) -> None:
        kinds = {plan.attributes.get(name) for plan in self.plans} - {None}
        self.said[name] = z3.Bool(f"{name}?")
        if name in ("employees", "fleet", "since"):
            self.known[name] = z3.Int(name)
        elif name in ("value", "ratio"):
            self.known[name] = z3.Real(name)
        else:
            self.known[name] = z3.Int(name)
            served = {s for p in self.plans for d in p.dealers for s in (*d.serves_languages, *d.serves_products)}
            words = {*constants_of(asked), *served} if name != "sector" else set(SECTORS.codes())
            self.words[name] = [True, False] if kinds == {"bool"} else sorted(x for x in words if isinstance(x, str))
            others = 0 if name == "sector" or kinds == {"bool"} else 1
            self.limits += [self.known[name] >= 0, self.known[name] < len(self.words[name]) + others]
        if name in ("employees", "value"):
            self.limits.append(self.known[name] >= 0)

    def _of(self, name: str, values: Iterable[Any]) -> Any:
        known = self.words.get(name)
        return _any(self.known[name] == (self._number(v) if known is None else known.index(v)) for v in values)

    def _number(self, value: Any) -> Any:
        if isinstance(value, date):
            return value.toordinal()
        number = Decimal(value)
        return z3.Q(*number.as_integer_ratio()) if number != int(number) else int(number)

    def truth(self, bound: Any) -> Both:
        """Where a condition is true, and where it is false."""
        match bound:
            case Leaf():
                return self._leaf(bound)
            case Flip(part):
                yes, no = self.truth(part)
                return no, yes
            case All(parts):
                both = [self.truth(part) for part in parts]
                return _all(yes for yes, _ in both), _any(no for _, no in both)
            case Any_(parts):
                both = [self.truth(part) for part in parts]
                return _any(yes for yes, _ in both), _all(no for _, no in both)
        raise NotImplementedError(bound)

    def _leaf(self, leaf: Leaf) -> Both:
        name = leaf.field
        said = self.coded if name == "postcode" else self.country >= 0 if name == "country" else self.said[name]
        if leaf.op == "exists":
            return said, z3.Not(said)
        if isinstance(leaf.const, PostcodeSet):
            here = self.country == self._country(leaf.const.country)
            inside = _any(z3.And(self.lo >= a, self.hi <= b) for a, b in leaf.const.intervals)
            apart = _all(z3.Or(self.hi < a, self.lo > b) for a, b in leaf.const.intervals)
            return z3.And(said, here, inside), z3.And(said, z3.Or(z3.Not(here), apart))
        if isinstance(leaf.const, Under):
            return self._under(leaf.const, said)
        yes = self._simple(leaf)
        yes = z3.Not(yes) if leaf.op == "ne" else yes
        return z3.And(said, yes), z3.And(said, z3.Not(yes))

    def _country(self, name: str) -> int:
        return self.countries.index(name)

    def _under(self, wanted: Under, said: Any) -> Both:
        """True at the codes and below, unknown above them, false elsewhere; read from the tree itself."""
        parents = wanted.taxonomy.parents

        def chain(code: str | None) -> Iterator[str]:
            while code is not None:
                yield code
                code = parents[code]

        below = {code for code in parents if set(chain(code)) & set(wanted.codes)}
        above = {a for code in wanted.codes for a in chain(code)} - below
        yes, no = self._of("sector", sorted(below)), self._of("sector", sorted(set(parents) - below - above))
        return z3.And(said, yes), z3.And(said, no)

    def _simple(self, leaf: Leaf) -> Any:
        name, const = leaf.field, leaf.const
        values = list(const) if leaf.op == "in" else [const]
        if name == "country":
            return _any(self.country == self._country(one) for one in values)
        if name == "postcode":
            return _any(self._exactly(one) for one in values)
        if leaf.op in ("eq", "ne", "in"):
            return self._of(name, values)
        x = self.known[name]
        match leaf.op:
            case "gte":
                return x >= self._number(const)
            case "lte":
                return x <= self._number(const)
            case "between":
                return z3.And(x >= self._number(const[0]), x <= self._number(const[1]))
        raise NotImplementedError(leaf)

    def _exactly(self, code: Postcode) -> Any:
        return z3.And(self.country == self._country(code.country), self.lo == code.lo, self.hi == code.hi)

    # Dealers and sources.

    def _between(self, start: datetime | None, end: datetime | None) -> Any:
        after = [] if start is None else [self.at >= _ticks(start)]
        return _all([*after, *([] if end is None else [self.at < _ticks(end)])])

    def can(self, dealer: Dealer, gives: bool) -> Any:
        """Where this dealer can have the lead from a rung that gives, or from another."""
        found = [self.away != self.dealers.index(dealer.id), self._between(dealer.active_from, dealer.active_until)]
        found += [z3.Not(self._between(start, end)) for start, end in dealer.paused]
        if not gives:
            return _all(found)
        if 0 in (dealer.max_open, dealer.max_per_30_days):
            return z3.BoolVal(False)
        for name, served in (("language", dealer.serves_languages), ("product", dealer.serves_products)):
            if served:
                found.append(z3.Or(z3.Not(self.said[name]), self._of(name, served)))
        return _all(found)

    def offers(self, source: Source) -> Any:
        """Where a source is in force and its condition true."""
        return z3.And(self.truth(source.condition)[0], self._between(source.valid_from, source.valid_until))


@define(eq=False, slots=False)
class Said:
    """One rung of one plan as formulas."""

    rung: Rung
    offers: dict[int, Any]  # by the number of the source
    some: Any  # whether anybody eligible is offered
    quarrel: Any  # an exclusive source met another
    kept: dict[int, Any]  # the sources left with somebody, after the picks that plan and lead decide
    pool: dict[tuple[str, Decimal], Any]  # a dealer is left with at least this weight
    left: tuple[Any, ...]
    ledgers: dict[str, Any]  # every source left names this ledger
    sources: tuple[Source, ...]


def _hear(space: Space, plan: Plan, rung: Rung) -> Said:
    sources = plan.sources[rung.name]
    can = {d.id: space.can(d, rung.gives) for d in plan.dealers}
    offers = {n: space.offers(source) for n, source in enumerate(sources)}
    alive = {n: z3.And(offers[n], _any(can[name] for name in s.dealers)) for n, s in enumerate(sources)}
    some = _any(alive.values())
    others = {n: _any(offers[m] for m, o in enumerate(sources) if o.id != s.id) for n, s in enumerate(sources)}
    quarrel = z3.And(some, _any(z3.And(offers[n], others[n]) for n, s in enumerate(sources) if s.exclusive))
    kept, left = alive, ()
    for at, policy in enumerate(rung.pick):
        if policy not in _DECIDED:
            left = rung.pick[at:]
            break
        kept = _kept(str(policy), sources, kept)
    pool = {}
    final = {n: z3.If(quarrel, alive[n], kept[n]) for n in kept}
    for name, weight in sorted({(d, v) for s in sources for d, v in s.dealers.items()}):
        mine = _any(final[n] for n, s in enumerate(sources) if s.dealers.get(name, 0) >= weight)
        pool[name, weight] = z3.And(can[name], mine)
    named = {s.ledger for s in sources if s.ledger}
    ledgers = {one: _all(z3.Not(final[n]) for n, s in enumerate(sources) if s.ledger != one) for one in named}
    return Said(rung, offers, some, quarrel, final, pool, left, ledgers, sources)


def _kept(policy: str, sources: tuple[Source, ...], alive: dict[int, Any]) -> dict[int, Any]:
    def beats(other: Source, mine: Source) -> bool:
        if policy == "priority":
            return other.priority > mine.priority
        if policy == "first":
            return other.order < mine.order
        narrower = implies(other.condition, mine.condition) and not implies(mine.condition, other.condition)
        return policy == "specific" and narrower

    return {
        n: z3.And(alive[n], *(z3.Not(alive[m]) for m, other in enumerate(sources) if beats(other, sources[n])))
        for n in alive
    }


@define(eq=False, slots=False)
class Opinion:
    """What z3 says of one plan, or of two."""

    plans: tuple[Plan, ...]
    space: Space = field(init=False)
    heard: list[list[Said]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.space = Space(self.plans)
        self.heard = [[_hear(self.space, plan, rung) for rung in plan.precedence] for plan in self.plans]
        self.solver = z3.Solver()
        self.solver.add(*self.space.limits)

    def possible(self, *parts: Any) -> bool:
        """Whether there is such a lead."""
        self.solver.push()
        self.solver.add(*parts)
        answer = self.solver.check()
        self.model = self.solver.model() if answer == z3.sat else None
        self.solver.pop()
        assert answer != z3.unknown
        return answer == z3.sat

    @property
    def everybody(self) -> Any:
        return self.space.away == -1

    def decides(self, plan: int, at: int) -> Any:
        """Where this rung is the first with somebody eligible."""
        rungs = self.heard[plan]
        return z3.And(rungs[at].some, *(z3.Not(rung.some) for rung in rungs[:at]))

    def has_gap(self) -> bool:
        """Whether some lead has nobody on any rung."""
        return self.possible(self.everybody, *(z3.Not(rung.some) for rung in self.heard[0]))

    def _sources(self, made: Any) -> set[tuple[str, str]]:
        found = set()
        for at, said in enumerate(self.heard[0]):
            for n, source in enumerate(said.sources):
                key = (said.rung.name, source.id)
                if key not in found and self.possible(self.everybody, made(at, said, n)):
                    found.add(key)
        return found

    def reached(self) -> set[tuple[str, str]]:
        """(rung, source) that is true for some lead."""
        return self._sources(lambda _, said, n: said.offers[n])

    def deciding(self) -> set[tuple[str, str]]:
        """(rung, source) that is left where its rung decides, and does not end in a conflict."""
        return self._sources(lambda at, said, n: z3.And(self.decides(0, at), said.kept[n], z3.Not(_fights(said))))

    def left(self) -> set[tuple[str, str]]:
        """The same, with those that end in a conflict of just the dealers that each source left names."""
        return self._sources(lambda at, said, n: z3.And(self.decides(0, at), said.kept[n], z3.Not(_disputed(said, n))))

    def equal(self) -> bool:
        """Whether no lead has another result under the second plan, with everybody open and with each away."""
        names = [[said.rung.name for said in rungs] for rungs in self.heard]
        here = {name: at for at, name in enumerate(names[0])}
        there = {name: at for at, name in enumerate(names[1])}
        never = z3.BoolVal(False)
        parts = []
        for name in sorted({*here, *there}):
            mine = self.decides(0, here[name]) if name in here else never
            theirs = self.decides(1, there[name]) if name in there else never
            parts.append(mine != theirs)
            if name in here and name in there:
                parts.append(z3.And(mine, theirs, _apart(self.heard[0][here[name]], self.heard[1][there[name]])))
        return not self.possible(_any(parts))


def _fights(said: Said) -> Any:
    """Whether several are left and nothing chooses among them, or an exclusive source met another."""
    names = sorted({name for name, _ in said.pool})
    return said.quarrel if said.left else z3.Or(said.quarrel, z3.Not(_single(said, names)))


def _disputed(said: Said, n: int) -> Any:
    """Whether it is a conflict with a source of other dealers, or of an exclusive one that met another."""
    mine = set(said.sources[n].dealers)
    others = _any(said.kept[m] for m, source in enumerate(said.sources) if set(source.dealers) != mine)
    return z3.Or(said.quarrel, z3.And(_fights(said), others))


def _apart(a: Said, b: Said) -> Any:
    """Whether two rungs that both decide leave something else."""
    names = sorted({name for said in (a, b) for name, _ in said.pool})
    someone = [_has(a, name) != _has(b, name) for name in names]
    alone = [z3.And(_single(said, names), z3.Not(said.quarrel)) for said in (a, b)]
    fights = [z3.BoolVal(True) if not said.left else said.quarrel for said in (a, b)]
    ledgers = [_ledger(a, one) != _ledger(b, one) for one in sorted({*a.ledgers, *b.ledgers})]
    other = [z3.BoolVal(a.left != b.left), *(ledgers if "rotation" in a.left else ())]
    if {"rotation", "hashed"} & set(a.left):
        other += [_unlike(a, b, one, two) for one, two in combinations(names, 2)]
    many = z3.Or(fights[0] != fights[1], z3.And(z3.Not(fights[0]), z3.Not(fights[1]), z3.Or(*other)))
    return z3.Or(*someone, alone[0] != alone[1], z3.And(z3.Not(alone[0]), many))


def _unlike(a: Said, b: Said, one: str, two: str) -> Any:
    """Whether the weights of two dealers have another ratio."""
    known = [[(v, _weighs(said, name, v)) for v in _weights(said, name)] for said in (a, b) for name in (one, two)]
    return _any(
        z3.And(is_1, is_2, is_3, is_4)
        for (v, is_1), (w, is_2), (x, is_3), (y, is_4) in product(*known)
        if v * y != w * x
    )


def _weights(said: Said, name: str) -> list[Decimal]:
    return sorted(v for who, v in said.pool if who == name)


def _weighs(said: Said, name: str, weight: Decimal) -> Any:
    """Whether a dealer is left with just this weight as its largest."""
    larger = [v for v in _weights(said, name) if v > weight]
    return z3.And(_has(said, name, weight), z3.Not(_has(said, name, larger[0])) if larger else True)


def _has(said: Said, name: str, weight: Decimal | None = None) -> Any:
    """Whether a dealer is left, with at least this weight."""
    return _any(part for (who, v), part in said.pool.items() if who == name and (weight is None or v >= weight))


def _single(said: Said, names: list[str]) -> Any:
    return z3.PbEq([(_has(said, name), 1) for name in names], 1) if names else z3.BoolVal(False)


def _ledger(said: Said, name: str) -> Any:
    return said.ledgers.get(name, z3.BoolVal(False))


# Larger plans.


_RANGES = {
    "NL": ("{:04}", 3000, 3300),
    "DE": ("{:05}", 1000, 1300),
    "PL": ("00-{:03}", 0, 300),
    "PT": ("{:04}", 1000, 1300),
}


def _runs(rng: Random, country: str, number: int, overlap: float) -> Iterator[str]:
    """Ranges from left to right, that meet; some overlap, a few leave something out."""
    how, first, last = _RANGES[country]
    cuts = sorted({first, last, *(rng.randrange(first, last) for _ in range(number - 1))})
    for start, end in pairwise(cuts):
        low, high = max(first, start - (rng.random() < overlap)), end - 1 - (rng.random() < 0.02)
        yield f"{how.format(low)}..{how.format(max(low, high))}"


def a_large_plan(rng: Random) -> Plan:
    """20 to 60 territories and rules on what can be cut into cells, with a few things that may be wrong."""
    palette = Palette(
        tuple(rng.sample(tuple(_RANGES), rng.choice((1, 2)))),
        PLACES,
        frozenset({"sector", "product", rng.choice(("language", "employees", "value", "fleet"))}),
        EDGES if rng.random() < 0.5 else (),
        DEALERS,
    )
    territories = []
    for country in palette.countries:
        for cell in _runs(rng, country, rng.randint(10, 40) // len(palette.countries), 0.1):
            territories += _ground(rng, palette, country, cell, len(territories))
    if rng.random() < 0.7:  # whatever is left over, so that some plans serve everybody
        more = {} if rng.random() < 0.7 else {"sectors": ["M", "W"]}
        territories.append(Territory("rest", {"a": 1}, **more, priority=-5))
    rules = [_a_rule(rng, palette, f"r{n}") for n in range(rng.randint(2, 10))]
    dealers = [
        *(Dealer(name, kind="house") for name in HOUSES),
        *(a_dealer(rng, palette, name) for name in DEALERS),
    ]
    dealers = [evolve(d, active_from=None, active_until=None, paused=()) if d.id == "a" else d for d in dealers]
    rungs = [by.rules(*rules, pick=rng.choice(RULE_CHAINS)), by.territories(pick=rng.choice(TERRITORY_CHAINS))]
    rng.shuffle(rungs)
    own = {name: kind for name, kind in OWN.items() if name in palette.fields}
    return built(dealers=dealers, territories=apart(territories), precedence=rungs, attributes=own)


def _ground(rng: Random, palette: Palette, country: str, cell: str, at: int) -> list[Territory]:
    """One range for one territory, or for several that part it between them."""
    common: dict[str, Any] = {"country": country, "postcodes": cell, "priority": rng.choice((0, 0, 0, 1))}
    who = some_dealers(rng, palette)
    span = a_span(rng, palette, 0.1)
    dice = rng.random()
    if dice < 0.2:
        wider = Territory(f"t{at}b", some_dealers(rng, palette), **common)
        return [Territory(f"t{at}", who, **common, sectors="M", **span), wider]
    if dice < 0.3:
        return [Territory(f"t{at}", who, **common, products=["press", "saw"], exclusive=rng.random() < 0.2)]
    return [Territory(f"t{at}", who, **common, **span)]


def _a_rule(rng: Random, palette: Palette, name: str) -> Rule:
    country = rng.choice(palette.countries)
    how, first, last = _RANGES[country]
    low = rng.randrange(first, last - 5)
    here = (where.country == country) & where.postcode.between(how.format(low), how.format(low + rng.randrange(5)))
    when = here & a_condition(rng, evolve(palette, items={}), 1) if rng.random() < 0.7 else a_condition(rng, palette)
    return Rule(name, when, some_dealers(rng, palette), priority=rng.choice((0, 1)), **a_span(rng, palette, 0.2))
