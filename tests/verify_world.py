"""Small plans whose bounds touch, and for each of them every kind of lead that there is.

Knows: the package's front door, bound conditions, the orders of postcodes. Does not know: `dealerrouting.verify`, which
is held against it.

`a_plan(rng)` makes a plan of one to six territories and up to three rules over few fields: ranges that touch, nest,
overlap by one or cut inside a coarse code; sectors on three levels; texts, numbers, dates, validities that meet.
`world(plan)` is its small world: one lead for every cell that the plan's constants cut lead space into, at the bound
itself and one step on each side, with every field absent too, at every instant around each bound, and for each thing
that the facts may say (nothing; an account; a claim; an open lead of the company). `edited(rng, plan)` is the plan
after a small edit, `smaller(plan)` what is a step simpler than it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise, product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from dealerrouting import (
    Account,
    Company,
    Custom,
    Dealer,
    Facts,
    Incumbent,
    Lead,
    PlanError,
    Registration,
    Rule,
    Territory,
    by,
    postcode,
    where,
)
from dealerrouting import Plan as RealPlan
from dealerrouting.postcode.trees import order_of
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Not
from dealerrouting.rules.fields import FIELDS
from dealerrouting.rules.rungs import Rung
from dealerrouting.taxonomy import make

TICK = timedelta(microseconds=1)
SECTORS = make("trades", {"M": None, "M1": "M", "M11": "M1", "M12": "M1", "M2": "M", "W": None})
"""Three levels, and a root by itself."""
EDGES = tuple(datetime(2027, month, 1, tzinfo=UTC) for month in (1, 3, 6))
PLACES: Mapping[str, tuple[str, ...]] = {
    "NL": (
        "3000..3004",
        "3004..3007",
        "3008..3010",
        "3005",
        "3002..3003",
        "3000..3010",
        "30*",
        "3004 AB..3004 BZ",
        "3004 BZ..3005",
        "3004 AA..3004 MZ",
        "3004 NA..3004 ZZ",
        "3004 AB",
        "3000..3003; 3005..3010",
    ),
    "DE": ("01067", "01067..01069", "01069..01079", "01070..01079", "0106*", "01*", "01068; 01079", "01000..01999"),
    "GB": ("SW1", "SW1..SW3", "SW3..SW10", "SW", "SW1A", "SW1A 1", "SW1A 1AA..SW1A 1ZZ", "SW1*", "SW1 1AA", "SW2..SW4"),
    "PL": ("00-001..00-005", "00-005..00-009", "00-006..00-009", "00-0*", "00-004", "00-001..00-009", "00-003; 00-005"),
    "PT": ("1234", "1234-500..1234-999", "1233..1234", "1234-500", "1234-000..1234-500", "123*", "1235..1240"),
    "AR": ("C1425", "C14*", "C1426", "C1425; C1426", "C*"),  # no structure: a code stands for itself
}
PRODUCTS = ("press", "lathe", "saw")
LANGUAGES = ("nl", "fr", "de")
OWN = {"fleet": "int", "ratio": "number", "vip": "bool", "needs": "list", "since": "date", "segment": "str"}
TEXTS: Mapping[str, tuple[str, ...]] = {
    "product": PRODUCTS,
    "source": ("fair", "fairs", "web"),
    "campaign": ("spring", "spring-2", "Spring"),
    "segment": ("gold", "golden", "tin"),
}
NUMBERS: Mapping[str, tuple[Any, ...]] = {
    "employees": (0, 10, 11, 12, 50),
    "value": (Decimal("0"), Decimal("100"), Decimal("100.5"), Decimal("101"), Decimal("-1")),
    "fleet": (-1, 0, 3, 4),
    "ratio": (Decimal("-0.5"), Decimal("0"), Decimal("0.5")),
}
DATES = (date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 2))
DEALERS = ("a", "b", "c", "d")
HOUSES = ("house", "team")
RULE_CHAINS = (
    *([["first"]] * 6),
    ["priority"],
    ["priority", "first"],
    ["specific"],
    ["specific", "first"],
    ["unique"],
    ["specific", "priority", "unique"],
    ["priority", "rotation"],
    ["rotation"],
    ["hashed"],
    ["least_loaded"],
    ["first", "hashed"],
    ["priority", "specific", "rotation"],
)
TERRITORY_CHAINS = (
    *([["specific", "priority", "rotation"]] * 5),
    ["specific"],
    ["priority"],
    ["unique"],
    ["specific", "unique"],
    ["priority", "specific", "rotation"],
    ["priority", "unique"],
    ["rotation"],
    ["hashed"],
    ["specific", "hashed"],
    ["least_loaded", "rotation"],
    ["specific", "least_loaded"],
    ["nearest", "rotation"],
)


# Parts of a plan.


@frozen
class Palette:
    """What one plan speaks of: few things, so that its parts meet."""

    countries: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]  # the few postcode texts of each country
    fields: frozenset[str]  # the fields that parts may limit
    edges: tuple[datetime, ...]
    dealers: tuple[str, ...]

    def has(self, name: str) -> bool:
        return name in self.fields


_KINDS = ("place", "place", "place", "sector", "sector", "product", "language", "number", "text", "own", "clock")
_OWN_FIELDS = tuple(OWN)


def a_palette(rng: Random) -> Palette:
    chosen: set[str] = set()
    for kind in {rng.choice(_KINDS) for _ in range(rng.choice((1, 2, 2, 3)))}:
        chosen.add(
            {
                "number": rng.choice(("employees", "value")),
                "text": rng.choice(("source", "campaign")),
                "own": rng.choice(_OWN_FIELDS),
                "clock": rng.choice(("month", "weekday", "date")),
            }.get(kind, kind)
        )
    if rng.random() < 0.5:
        chosen.add("place")
    countries = tuple(rng.sample(("NL", "NL", "NL", "DE", "GB", "PL", "PT", "AR"), rng.choice((1, 1, 2))))
    countries = tuple(dict.fromkeys(countries))
    items = {c: tuple(rng.sample(PLACES[c], rng.choice((2, 3)))) for c in countries}
    edges = tuple(sorted(rng.sample(EDGES, rng.choice((1, 2))))) if rng.random() < 0.4 else ()
    dealers = DEALERS[: rng.choice((1, 2, 2, 3, 3, 4))]
    return Palette(countries, items, frozenset(chosen), edges, dealers)


def a_span(rng: Random, palette: Palette, often: float = 0.4) -> dict[str, datetime | None]:
    if not palette.edges or rng.random() > often:
        return {}
    start, end = rng.choice((None, *palette.edges)), rng.choice((None, *palette.edges))
    if start and end and start >= end:
        start, end = (end, start) if end < start else (start, None)
    return {"valid_from": start, "valid_until": end}


def some_dealers(rng: Random, palette: Palette) -> dict[str, int]:
    names = (*palette.dealers, "team") if rng.random() < 0.1 else palette.dealers
    picked = rng.sample(names, min(len(names), rng.choice((1, 1, 1, 2, 2, 3))))
    return {name: rng.choice((1, 1, 1, 2)) for name in picked}


def a_territory(rng: Random, palette: Palette, name: str) -> Territory:
    columns: dict[str, Any] = {}
    if palette.has("place") and rng.random() < 0.9:
        country = rng.choice(palette.countries)
        if rng.random() < 0.8:
            columns |= {"country": country, "postcodes": rng.choice(palette.items[country])}
        else:
            columns["country"] = rng.choice((country, palette.countries))
    if palette.has("sector") and rng.random() < 0.7:
        columns["sectors"] = rng.sample(SECTORS.codes(), rng.choice((1, 1, 2)))
    if palette.has("product") and rng.random() < 0.6:
        columns["products"] = rng.sample(PRODUCTS, rng.choice((1, 2)))
    if palette.has("language") and rng.random() < 0.6:
        columns["languages"] = rng.sample(LANGUAGES, rng.choice((1, 2)))
    return Territory(
        name,
        some_dealers(rng, palette),
        **columns,
        priority=rng.choice((0, 0, 0, 1, -1)),
        exclusive=rng.random() < 0.1,
        ledger=rng.choice((None, None, None, "own")),
        **a_span(rng, palette),
    )


def a_test(rng: Random, palette: Palette) -> Condition:
    name = rng.choice(sorted(palette.fields))
    return _tests()[_kind(name)](rng, palette, name)


def _kind(name: str) -> str:
    if name in TEXTS or name == "language":
        return "text"
    return "number" if name in NUMBERS or name in ("month", "weekday") else {"since": "date"}.get(name, name)


@cache
def _tests() -> Mapping[str, Callable[[Random, Palette, str], Condition]]:
    return {
        "place": _place_test,
        "sector": _sector_test,
        "text": _text_test,
        "number": _number_test,
        "date": _number_test,
        "vip": _truth_test,
        "needs": _list_test,
    }


def _place_test(rng: Random, palette: Palette, _: str) -> Condition:
    country = rng.choice(palette.countries)
    here: Condition = where.country == country
    item = rng.choice(palette.items[country])
    how = rng.choice(("country", "not", "in", "under", "under", "between", "eq", "startswith", "exists", "elsewhere"))
    ends = item.split(";")[0].strip().split("..")
    whole = "*" not in ends[0]
    match how:
        case "country":
            return here
        case "not":
            return where.country != country
        case "in":
            return where.country.in_([*palette.countries, "BE"])
        case "between" if country != "AR" and whole:
            return here & where.postcode.between(ends[0], ends[-1])
        case "eq" if whole:
            return here & (where.postcode == ends[0]) if rng.random() < 0.6 else here & (where.postcode != ends[0])
        case "startswith":
            return here & where.postcode.startswith(ends[0].strip("*")[:2])
        case "exists":
            return rng.choice((where.postcode, where.country)).exists()
        case "elsewhere":
            return here & ~where.postcode.under(item)
    return here & where.postcode.under(item)


def _sector_test(rng: Random, _: Palette, __: str) -> Condition:
    code, other = rng.sample(SECTORS.codes(), 2)
    ref = where.sector
    under = ref.under(code)
    return rng.choice(
        (under, under, ref.under(code, other), ref == code, ref != code, ref.in_([code, other]), ref.exists())
    )


def _text_test(rng: Random, _: Palette, name: str) -> Condition:
    one, other = rng.sample(TEXTS.get(name, LANGUAGES), 2)
    ref = where[name]
    found = [ref == one, ref == one, ref != one, ref.in_([one, other]), ref.exists()]
    if name in TEXTS and name != "product":
        found.append(ref.startswith(one[:4]))
    return rng.choice(found)


def _number_test(rng: Random, palette: Palette, name: str) -> Condition:
    pool = {"month": (1, 2, 3, 12), "weekday": (1, 5, 6, 7)}.get(name) or NUMBERS.get(name, DATES)
    low, high = sorted(rng.choices(pool, k=2))
    ref = where[name]
    how = rng.choice(("between", "between", "gte", "lte", "eq", "ne", "in", "exists"))
    match how:
        case "between":
            return ref.between(low, high)
        case "in":
            return ref.in_([low, high])
        case "exists":
            return ref.exists()
        case "eq":
            return ref == low
        case "ne":
            return ref != low
    return ref >= low if how == "gte" else ref <= low


def _truth_test(rng: Random, _: Palette, name: str) -> Condition:
    ref = where[name]
    return rng.choice((ref == True, ref == False, ref != True, ref.in_([True]), ref.exists()))  # noqa: E712


def _list_test(rng: Random, _: Palette, name: str) -> Condition:
    ref = where[name]
    return rng.choice((ref.has("crane"), ref.has("van"), ref.exists()))


def a_condition(rng: Random, palette: Palette, depth: int = 2) -> Condition:
    dice = rng.random()
    if depth == 0 or dice < 0.45:
        return a_test(rng, palette)
    if dice < 0.6:
        return ~a_condition(rng, palette, depth - 1)
    kind = AllOf if dice < 0.82 else AnyOf
    return kind(tuple(a_condition(rng, palette, depth - 1) for _ in range(2)))


def a_rule(rng: Random, palette: Palette, name: str) -> Rule:
    return Rule(
        name,
        a_condition(rng, palette),
        some_dealers(rng, palette),
        priority=rng.choice((0, 0, 1)),
        ledger=rng.choice((None, None, None, "own")),
        **a_span(rng, palette, 0.3),
    )


def a_dealer(rng: Random, palette: Palette, name: str, kind: str = "dealer") -> Dealer:
    more: dict[str, Any] = {}
    if palette.has("language") and rng.random() < 0.25:
        more["serves_languages"] = rng.sample(LANGUAGES, rng.choice((1, 2)))
    if palette.has("product") and rng.random() < 0.25:
        more["serves_products"] = rng.sample(PRODUCTS, rng.choice((1, 2)))
    dice = rng.random()
    if palette.edges and dice < 0.25:
        span = a_span(rng, palette, 1.0)
        more |= {"active_from": span.get("valid_from"), "active_until": span.get("valid_until")}
    elif len(palette.edges) == 2 and dice < 0.4:
        more["paused"] = [palette.edges]
    elif dice > 0.96:
        more["max_open"] = 0
    elif dice > 0.93:
        more["max_per_30_days"] = 0
    return Dealer(name, kind=kind, **more)


PROSPECTS = tuple(Company(domain=f"{name}.example") for name in ("anvil", "brick"))
ASKED_FOR = Company(domain="known.example")
"""The company of whom the facts say something."""


def an_account(rng: Random, palette: Palette, name: str) -> Account:
    return Account(name, rng.choice((*palette.dealers, "team")), rng.choice(PROSPECTS), **a_span(rng, palette, 0.3))


def a_precedence(rng: Random, palette: Palette, rules: tuple[Rule, ...], accounts: bool) -> list[Rung]:
    rungs: list[Rung] = []
    if rules:
        at = rng.randint(1, len(rules))
        rungs = [by.rules(*part, pick=rng.choice(RULE_CHAINS)) for part in (rules[:at], rules[at:]) if part]
    rungs.insert(rng.randint(0, len(rungs)), by.territories(pick=rng.choice(TERRITORY_CHAINS)))
    if accounts:
        rungs.insert(rng.randint(0, len(rungs)), by.accounts(pick=rng.choice(("unique", "rotation"))))
    if rng.random() < 0.15:
        rungs.insert(rng.randint(0, len(rungs)), by.incumbent())
    return [by.registrations(), *rungs] if rng.random() < 0.3 else rungs


def a_plan(rng: Random, *, sizes: tuple[int, int] = (6, 3)) -> RealPlan:
    """A small plan, valid by construction; nothing in it is opaque."""
    palette = a_palette(rng)
    territories, most = [], sizes[0]
    for number in range(rng.choice((1, 2, 2, 3, 3, 4, most))):
        name = f"t{number}" if number == 0 or rng.random() > 0.1 else f"t{number - 1}"
        territories.append(a_territory(rng, palette, name))
    rules = tuple(a_rule(rng, palette, f"r{n}") for n in range(rng.choice((0, 0, 1, 2, sizes[1]))))
    accounts = [an_account(rng, palette, f"k{n}") for n in range(rng.choice((0, 0, 0, 0, 1, 2)))]
    dealers = [Dealer("house", kind="house"), a_dealer(rng, palette, "team", "house")]
    dealers += [a_dealer(rng, palette, name) for name in palette.dealers]
    own = {name: kind for name, kind in OWN.items() if name in palette.fields}
    return built(
        dealers=dealers,
        territories=_apart(territories),
        accounts=accounts,
        precedence=a_precedence(rng, palette, rules, bool(accounts)),
        timezone=rng.choice(("UTC", "Europe/Brussels", "America/New_York")),
        currency="EUR" if "value" in palette.fields and rng.random() < 0.4 else None,
        attributes=own,
    )


def built(**parts: Any) -> RealPlan:
    return RealPlan("small", house="house", taxonomy=SECTORS, **parts)


def _apart(territories: Iterable[Territory]) -> list[Territory]:
    """Parts of one territory may not be equal at one time: such a one gets an id of its own."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for number, one in enumerate(territories):
        region = (one.id, *one.region, frozenset(one.sectors))
        found.append(evolve(one, id=f"t{number}x") if region in seen else one)
        seen.add(region)
    return found


def an_opaque_plan(rng: Random) -> RealPlan:
    """A small plan in which some things cannot be cut into cells: customs, circles, cells of the map, the nearest."""
    plan = a_plan(rng)
    strange: tuple[Condition, ...] = (
        where.location.within_km(51.9, 4.5, 20),
        Custom(
            "odd",
            lambda lead: None if lead["product"] is None else len(lead["product"]) % 2 == 1,
            reads=("product",),
            version="1",
        ),
        where.location.under("u15"),
    )
    rule = Rule("odd", rng.choice(strange), {rng.choice(DEALERS[:1]): 1})
    rungs = [by.rules(rule), *plan.precedence] if rng.random() < 0.6 else [*plan.precedence, by.nearest(within_km=50)]
    if rungs[1].kind == "registrations":
        rungs[0], rungs[1] = rungs[1], rungs[0]
    placed = [evolve(d, lat=51.9, lon=4.5) if d.id == "a" else d for d in plan.dealers]
    return remade(plan, precedence=rungs, dealers=placed)


# The same plan with other parts.


def remade(plan: RealPlan, **changes: Any) -> RealPlan:
    kept = ("dealers", "territories", "accounts", "precedence", "timezone", "currency", "attributes")
    return built(**{name: getattr(plan, name) for name in kept} | changes)


def _without(items: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    return items[:at] + items[at + 1 :]


def _with(items: tuple[Any, ...], at: int, one: Any) -> tuple[Any, ...]:
    return (*items[:at], one, *items[at + 1 :])


_PLAIN = {
    "postcodes": None, "sectors": (), "products": (), "languages": (), "country": (), "priority": 0, "exclusive": False,
    "ledger": None, "valid_from": None, "valid_until": None, "serves_languages": (), "serves_products": (),
    "max_open": None, "max_per_30_days": None, "active_from": None, "active_until": None, "paused": (),
}  # fmt: skip


def _plainer(one: Any) -> Iterator[Callable[[], Any]]:
    for name, plain in _PLAIN.items():
        if getattr(one, name, plain) != plain:
            yield lambda name=name, plain=plain: evolve(one, **{name: plain})
    dealers = getattr(one, "dealers", {})
    for gone in dealers if len(dealers) > 1 else ():
        yield lambda gone=gone: evolve(one, dealers={n: w for n, w in dealers.items() if n != gone})
    if any(weight != 1 for weight in dealers.values()):
        yield lambda: evolve(one, dealers=dict.fromkeys(dealers, 1))
    if isinstance(one, Rule):
        for when in _plainer_conditions(one.when):
            yield lambda when=when: evolve(one, when=when)
    if isinstance(one, Territory) and one.postcodes is not None and len(one.postcodes.items) > 1:
        for item in one.postcodes.items:
            yield lambda item=item: evolve(one, postcodes=item)


def _plainer_conditions(when: Condition) -> Iterator[Condition]:
    match when:
        case Not(part):
            yield part
        case AllOf(parts) | AnyOf(parts):
            yield from parts
            if len(parts) > 2:
                yield from (type(when)(_without(parts, at)) for at in range(len(parts)))


def _simpler_parts(plan: RealPlan) -> Iterator[Callable[[], RealPlan]]:
    for name in ("territories", "accounts", "precedence", "dealers"):
        items = getattr(plan, name)
        for at in range(len(items)):
            yield lambda name=name, items=items, at=at: remade(plan, **{name: _without(items, at)})
    for number, rung in enumerate(plan.precedence):
        for at in range(len(rung.rules) if len(rung.rules) > 1 else 0):
            less = evolve(rung, rules=_without(rung.rules, at))
            yield lambda number=number, less=less: remade(plan, precedence=_with(plan.precedence, number, less))
    yield from (
        (lambda n=n, v=v: remade(plan, **{n: v}))
        for n, v in (("timezone", "UTC"), ("currency", None), ("attributes", {}))
        if getattr(plan, n) != v
    )
    for name in ("territories", "dealers", "accounts"):
        for at, one in enumerate(getattr(plan, name)):
            for make_it in _plainer(one):
                yield lambda n=name, at=at, m=make_it: remade(plan, **{n: _with(getattr(plan, n), at, m())})
    for number, rung in enumerate(plan.precedence):
        for at, rule in enumerate(rung.rules):
            for make_it in _plainer(rule):
                yield lambda n=number, r=rung, at=at, m=make_it: remade(
                    plan, precedence=_with(plan.precedence, n, evolve(r, rules=_with(r.rules, at, m())))
                )
        if len(rung.pick) > 1:
            for at in range(len(rung.pick)):
                less = evolve(rung, pick=_without(rung.pick, at))
                yield lambda number=number, less=less: remade(plan, precedence=_with(plan.precedence, number, less))


def smaller(plan: RealPlan) -> Iterator[RealPlan]:
    """Plans that are one step simpler."""
    for make_it in _simpler_parts(plan):
        try:
            yield make_it()
        except (PlanError, ValueError):
            continue


def shrunk(plan: RealPlan, bad: Callable[[RealPlan], bool]) -> RealPlan:
    """The plainest plan to be found, step by step, that is still bad."""
    while simpler := next((one for one in smaller(plan) if one.digest != plan.digest and bad(one)), None):
        plan = simpler
    return plan


def shown(plan: RealPlan) -> str:
    """A plan in as few words as will do, for a failure's text."""
    lines = []
    for one in (*plan.dealers, *plan.territories, *plan.accounts):
        names = [n for n in getattr(one, "__attrs_attrs__", ()) if n.init]
        said = {n.name: getattr(one, n.name) for n in names}
        plain = {
            n: v for n, v in said.items() if v is not False and v not in (None, ()) and (n, v) != ("kind", "dealer")
        }
        lines.append(f"{type(one).__name__} " + ", ".join(f"{n}={_said(v)}" for n, v in plain.items()))
    for rung in plan.precedence:
        lines.append(f"by.{rung.kind} pick={list(rung.pick)}")
        for r in rung.rules:
            more = {n: getattr(r, n) for n in ("priority", "ledger", "valid_from", "valid_until") if getattr(r, n)}
            lines.append(f"    Rule {r.id} {r.when} -> {_said(r.dealers)} {more or ''}")
    lines.append(f"timezone={plan.timezone} currency={plan.currency} attributes={dict(plan.attributes)}")
    return "\n".join(lines)


def _said(value: Any) -> str:
    if isinstance(value, postcode.PostcodeSet):
        return repr("; ".join(value.items))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}"
    return f"Company({value.domain})" if isinstance(value, Company) else str(value)


# Edits, for what compares two plans.


def edited(rng: Random, plan: RealPlan) -> RealPlan:
    """The plan after one small edit, some of which change nothing that routes."""
    for _ in range(40):
        try:
            return _EDITS[rng.randrange(len(_EDITS))](rng, plan)
        except (PlanError, IndexError, ValueError):
            continue
    return plan


def palette_of(plan: RealPlan) -> Palette:
    spoken = {leaf.field for leaf in leaves_of(plan)}
    fields = {("place" if name in ("country", "postcode") else name) for name in spoken} or {"place"}
    countries = tuple(sorted({c for leaf in leaves_of(plan) for c in _countries(leaf)} & set(PLACES))) or ("NL",)
    dealers = tuple(d.id for d in plan.dealers if d.kind == "dealer")
    edges = tuple(b for b in bounds(plan) if b in EDGES)
    if not dealers:
        raise ValueError("nobody is left")
    fields &= {"place", "sector", "language", "month", "weekday", "date", *TEXTS, *NUMBERS, *plan.attributes}
    return Palette(countries, {c: PLACES[c] for c in countries}, frozenset(fields or {"place"}), edges, dealers)


def _edit_territory(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.randrange(len(plan.territories))
    one, palette = plan.territories[at], palette_of(plan)
    how = rng.choice(("drop", "postcodes", "sectors", "priority", "dealers", "dates", "split", "exclusive", "weights"))
    match how:
        case "drop":
            return remade(plan, territories=_without(plan.territories, at))
        case "postcodes" if one.postcodes is not None:
            new = [evolve(one, postcodes=rng.choice(PLACES[one.country[0]]))]
        case "split" if one.postcodes is not None:  # the same region in two parts
            (lo, hi), *rest = one.postcodes.intervals
            if lo == hi or rest:
                raise ValueError("nothing to split")
            middle = rng.randrange(lo, hi)
            order = order_of(one.country[0])
            cut = [f"{order.write(a)}..{order.write(b)}" for a, b in ((lo, middle), (middle + 1, hi))]
            new = [evolve(one, postcodes=cell) for cell in cut]
        case "sectors" if one.sectors:
            new = [evolve(one, sectors=rng.sample(SECTORS.codes(), 1))]
        case "priority":
            new = [evolve(one, priority=one.priority + rng.choice((-1, 1)))]
        case "dates" if palette.edges:
            new = [evolve(one, **{"valid_from": None, "valid_until": None} | a_span(rng, palette, 1.0))]
        case "exclusive":
            new = [evolve(one, exclusive=not one.exclusive)]
        case "weights":
            new = [evolve(one, dealers={n: w * 2 for n, w in one.dealers.items()})]
        case _:
            new = [evolve(one, dealers=some_dealers(rng, palette))]
    return remade(plan, territories=[*_without(plan.territories, at), *new])


def _edit_more(rng: Random, plan: RealPlan) -> RealPlan:
    palette = palette_of(plan)
    return remade(plan, territories=[*plan.territories, a_territory(rng, palette, "new")])


def _edit_rules(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.choice([n for n, rung in enumerate(plan.precedence) if rung.kind == "rules"])
    rung, palette = plan.precedence[at], palette_of(plan)
    here = rng.randrange(len(rung.rules))
    rule = rung.rules[here]
    match rng.choice(("drop", "swap", "when", "dealers", "double", "pick", "priority")):
        case "drop" if len(rung.rules) > 1:
            rules = _without(rung.rules, here)
        case "swap":
            rules = tuple(rng.sample(rung.rules, len(rung.rules)))
        case "when":
            rules = _with(rung.rules, here, evolve(rule, when=a_condition(rng, palette)))
        case "double":
            rules = (*rung.rules, evolve(rule, id="twice"))
        case "pick":
            return remade(
                plan, precedence=_with(plan.precedence, at, evolve(rung, pick=tuple(rng.choice(RULE_CHAINS))))
            )
        case "priority":
            rules = _with(rung.rules, here, evolve(rule, priority=rule.priority + 1))
        case _:
            rules = _with(rung.rules, here, evolve(rule, dealers=some_dealers(rng, palette)))
    return remade(plan, precedence=_with(plan.precedence, at, evolve(rung, rules=rules)))


def _edit_rungs(rng: Random, plan: RealPlan) -> RealPlan:
    kept = [rung for rung in plan.precedence if rung.kind != "registrations"]
    first = [rung for rung in plan.precedence if rung.kind == "registrations"]
    if rng.random() < 0.6:
        return remade(plan, precedence=[*first, *rng.sample(kept, len(kept))])
    at = next(n for n, rung in enumerate(plan.precedence) if rung.kind == "territories")
    other = evolve(plan.precedence[at], pick=tuple(rng.choice(TERRITORY_CHAINS)))
    return remade(plan, precedence=_with(plan.precedence, at, other))


def _edit_dealer(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.choice([n for n, one in enumerate(plan.dealers) if one.id != "house"])
    one = plan.dealers[at]
    return remade(plan, dealers=_with(plan.dealers, at, a_dealer(rng, palette_of(plan), one.id, one.kind)))


def _edit_account(rng: Random, plan: RealPlan) -> RealPlan:
    at = rng.randrange(len(plan.accounts))
    if rng.random() < 0.3:
        return remade(plan, accounts=_without(plan.accounts, at))
    other = an_account(rng, palette_of(plan), plan.accounts[at].id)
    return remade(plan, accounts=_with(plan.accounts, at, other))


def _edit_settings(rng: Random, plan: RealPlan) -> RealPlan:
    if plan.currency is not None or rng.random() < 0.3:
        return remade(plan, currency=rng.choice((None, "USD")))
    return remade(plan, timezone=rng.choice(("UTC", "Europe/Brussels", "America/New_York")))


_EDITS = (
    _edit_account,
    _edit_account,
    _edit_settings,
    _edit_territory,
    _edit_territory,
    _edit_territory,
    _edit_more,
    _edit_rules,
    _edit_rules,
    _edit_rungs,
    _edit_dealer,
)


# The world of a plan.

NOTHING = Facts()


@frozen
class Case:
    """One lead of the world, with what the facts say, at one instant; `scene` is what they say, by name."""

    lead: Lead
    facts: Facts
    at: datetime
    scene: str


def leaves_of(plan: RealPlan) -> tuple[Leaf, ...]:
    """Every question at the bottom of the plan's conditions."""
    bound = (source.condition for sources in plan.sources.values() for source in sources)
    return tuple(dict.fromkeys(leaf for one in bound for leaf in leaves(one) if isinstance(leaf, Leaf)))


def bounds(plan: RealPlan) -> tuple[datetime, ...]:
    """Every instant at which the plan says something else than before."""
    found: set[datetime | None] = set()
    for one in (*plan.territories, *plan.accounts, *(r for rung in plan.precedence for r in rung.rules)):
        found |= {one.valid_from, one.valid_until}
    for dealer in plan.dealers:
        found |= {dealer.active_from, dealer.active_until, *(edge for span in dealer.paused for edge in span)}
    return tuple(sorted(found - {None}))


def world(
    *plans: RealPlan, cap: int = 400, rng: Random | None = None, since: datetime | None = None
) -> tuple[Case, ...]:
    """A lead for every cell that the constants of these plans cut lead space into, at most about `cap` of them.

    Cells are never dropped. Where there would be more leads than `cap`, each cell keeps its first and its last lead,
    then only one of them, drawn by `rng`.
    """
    rng = rng or Random(0)
    axes = (*_axes(plans), _instants(plans, since))
    for how in (0, 1, 2):
        kept = [_thinned(axis, how, rng) for axis in axes]
        if _size(kept) <= cap:
            break
    return tuple(_cases(kept, _scenes(plans), rng))


def cells(*plans: RealPlan) -> int:
    """How many leads the least world of these plans has: one in each cell, and again for all that facts may say."""
    return _size([_thinned(axis, 2) for axis in (*_axes(plans), _instants(plans, None))]) * (1 + len(_scenes(plans)))


def a_tiny_plan(rng: Random, most: int = 120) -> RealPlan:
    """A small plan whose world has few leads."""
    return next(plan for plan in iter(lambda: a_plan(rng), None) if cells(plan) <= most)


def _size(axes: Iterable[tuple[Any, ...]]) -> int:
    total = 1
    for axis in axes:
        total *= len(axis)
    return total


Value = tuple[Any, dict[str, Any]]  # what tells one cell from another, and the lead's fields
Axis = tuple[Value, ...]


def _thinned(axis: Axis, how: int, rng: Random | None = None) -> Axis:
    if how == 0:
        return axis
    cells: dict[Any, list[Value]] = {}
    for value in axis:
        cells.setdefault(value[0], []).append(value)
    if how == 1:
        return tuple(one for cell in cells.values() for one in ([cell[0], cell[-1]] if len(cell) > 1 else cell))
    return tuple((rng or Random(0)).choice(cell) for cell in cells.values())


def _cases(axes: list[Axis], scenes: Axis, rng: Random) -> Iterator[Case]:
    for values in product(*axes[:-1]):
        said: dict[str, Any] = {}
        for _, fields in values:
            said |= (
                fields
                if "attributes" not in fields
                else {"attributes": said.get("attributes", {}) | fields["attributes"]}
            )
        lead = Lead("L", **said)
        for _, clock in axes[-1]:
            yield Case(lead, NOTHING, clock["at"], "")
    few = [_thinned(axis, 2, rng) for axis in axes]
    for (name, scene), values in product(scenes, product(*few)):
        said = {"company": scene["company"]}
        for _, fields in values[:-1]:
            said |= (
                fields
                if "attributes" not in fields
                else {"attributes": said.get("attributes", {}) | fields["attributes"]}
            )
        yield Case(Lead("L", **said), scene["facts"], values[-1][1]["at"], name)


# One axis a field: its values with what tells them apart.


def _signature(asked: Iterable[Leaf], facts: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(leaf.truth(facts, lambda _: None) for leaf in asked)


def _axes(plans: tuple[RealPlan, ...]) -> list[Axis]:
    asked = tuple(dict.fromkeys(leaf for plan in plans for leaf in leaves_of(plan)))
    names = {leaf.field for leaf in asked}
    found = [_places(plans, tuple(leaf for leaf in asked if leaf.field in ("country", "postcode")))]
    if not names & {"country", "postcode"}:
        found = []
    served = {
        "language": {w for plan in plans for d in plan.dealers for w in d.serves_languages},
        "product": {w for plan in plans for d in plan.dealers for w in d.serves_products},
    }
    names |= {name for name, words in served.items() if words}
    for name in sorted(names - {"country", "postcode", "month", "weekday", "date", "location"}):
        leaf = tuple(one for one in asked if one.field == name)
        found.append(_axis(name, plans, leaf, served.get(name, set())))
    if "location" in names or any(r.kind == "nearest" for p in plans for r in p.precedence):
        found.append(tuple((f"point {n}", place) for n, place in enumerate(_POINTS)))
    if any(plan.currency for plan in plans) and "value" in names and "currency" not in names:
        found.append(tuple((("currency", c), {"currency": c}) for c in (None, "EUR", "USD")))
    return found


_POINTS = ({}, {"lat": 51.9, "lon": 4.5}, {"lat": 52.2, "lon": 4.5}, {"lat": 0.0, "lon": 0.0})


def _axis(name: str, plans: tuple[RealPlan, ...], asked: tuple[Leaf, ...], served: set[str]) -> Axis:
    own = next((plan.attributes[name] for plan in plans if name in plan.attributes), None)
    kind = {"str": "text", "int": "number"}.get(own or "", own) or FIELDS[name]
    found: list[Value] = []
    for value in (None, *_VALUES[kind](name, asked, served)):
        fields = {} if value is None else {"attributes": {name: value}} if own else {name: value}
        read = [plan.lens.read(Lead("L", **fields), None).facts for plan in plans]
        parted = tuple(value in d.serves_products or value in d.serves_languages for p in plans for d in p.dealers)
        cell = (_signature(asked, read[0]), name in read[0], parted if name in ("product", "language") else ())
        found.append((cell, fields))
    return tuple(found)


def _constants(asked: Iterable[Leaf]) -> Iterator[Any]:
    for leaf in asked:
        if isinstance(leaf.const, frozenset | tuple):
            yield from leaf.const
        elif leaf.const is not None:
            yield leaf.const


def _text_values(name: str, asked: tuple[Leaf, ...], served: set[str]) -> list[Any]:
    known = {*_constants(asked), *served}
    if name == "currency":
        return [*sorted(known), "CHF"]
    if name == "language":
        return [*sorted(known), "xx"]
    return [*sorted(known | {f"{word}s" for word in known} | {word[:-1] for word in known if len(word) > 1}), "~ other"]


def _number_values(name: str, asked: tuple[Leaf, ...], _: set[str]) -> list[Any]:
    whole = name in ("employees", "fleet")
    known = sorted({Decimal(c) for c in _constants(asked)})
    step = Decimal(1) if whole else Decimal("0.25")
    found = {n + d for n in known for d in (-step, 0, step)} | {
        known[0] - 1 if known else 0,
        known[-1] + 1 if known else 1,
    }
    least = None if name in ("fleet", "ratio") else 0
    mine = sorted(n for n in found | {Decimal(0)} if (least is None or n >= least) and (not whole or n == int(n)))
    return [int(n) for n in mine] if whole else [str(n) if name == "ratio" else n for n in mine]


def _date_values(_: str, asked: tuple[Leaf, ...], __: set[str]) -> list[Any]:
    known = set(_constants(asked)) or {DATES[0]}
    return sorted({day + timedelta(days=d) for day in known for d in (-1, 0, 1)})


def _list_values(_: str, asked: tuple[Leaf, ...], __: set[str]) -> list[Any]:
    known = sorted(set(_constants(asked)))
    subsets = [[item for at, item in enumerate(known) if bits >> at & 1] for bits in range(1 << len(known))]
    return [*(tuple(s) for s in subsets), ("other",)]


def _sector_values(_: str, asked: tuple[Leaf, ...], __: set[str]) -> list[Any]:
    return [*SECTORS.codes(), "no such code"]


_VALUES: Mapping[str, Callable[[str, tuple[Leaf, ...], set[str]], list[Any]]] = {
    "text": _text_values,
    "language": _text_values,
    "number": _number_values,
    "date": _date_values,
    "list": _list_values,
    "bool": lambda *_: [True, False],
    "sector": _sector_values,
}


def _countries(leaf: Leaf) -> Iterator[str]:
    if leaf.field == "country":
        yield from _constants([leaf])
    if leaf.field == "postcode":
        for const in (leaf.const,) if not isinstance(leaf.const, frozenset) else leaf.const:
            if const is not None:
                yield const.country


def _places(plans: tuple[RealPlan, ...], asked: tuple[Leaf, ...]) -> Axis:
    named = sorted({country for leaf in asked for country in _countries(leaf)})
    codes = any(leaf.field == "postcode" for leaf in asked)
    found: list[Value] = []
    for country in (None, *named, "JP"):
        texts = [None, *(_codes(country, asked) if codes and country else ())]
        for text in texts:
            fields = {"country": country, "postcode": text}
            read = plans[0].lens.read(Lead("L", **fields), None).facts
            # Of one cell are only codes that every question takes alike, and that are both coarse or both fine.
            found.append(((_signature(asked, read), country, text is None), fields))
    return tuple(found)


def _codes(country: str, asked: tuple[Leaf, ...]) -> list[str]:
    """Codes at each bound and one step outside, on every level of the country's tree, in their order."""
    order = order_of(country)
    edges: set[int] = set()
    for leaf in asked:
        for const in leaf.const if isinstance(leaf.const, frozenset) else (leaf.const,):
            for lo, hi in _intervals(const, country):
                edges |= {lo - 1, lo, hi, hi + 1}
    return _written(country, tuple(sorted(edges))) or [getattr(order, "example", "1")]


@cache
def _written(country: str, edges: tuple[int, ...]) -> list[str]:
    order = order_of(country)
    sizes = getattr(order, "sizes", None)
    if sizes is None:
        return list(dict.fromkeys(order.write(n) for n in edges if n > 0))
    inside = [n for n in edges if 0 <= n < sizes[0]]
    levels = [*sorted(order.stops)]
    texts = dict.fromkeys(order.write(n, depth) for n in inside for depth in levels)
    codes = {text: code for text in texts if (code := postcode.parse(country, text))}
    return sorted(codes, key=lambda text: (codes[text].lo, -codes[text].hi))


def _intervals(const: Any, country: str) -> tuple[tuple[int, int], ...]:
    if getattr(const, "country", None) != country:
        return ()
    return const.intervals if hasattr(const, "intervals") else ((const.lo, const.hi),)


# The axis of time: one instant for every cell of validity, month, weekday and date.


def _instants(plans: tuple[RealPlan, ...], since: datetime | None) -> Axis:
    asked = [
        (plan, tuple(leaf for leaf in leaves_of(plan) if leaf.field in ("month", "weekday", "date"))) for plan in plans
    ]
    marks = {edge for plan in plans for edge in bounds(plan)} | ({since} if since else set())
    for plan, mine in asked:
        for day in _constants(leaf for leaf in mine if leaf.field == "date"):
            marks |= {_midnight(day, plan.timezone), _midnight(day + timedelta(days=1), plan.timezone)}
    edges = sorted(marks)
    found: dict[datetime, Any] = {}
    months = any(leaf.field in ("month", "weekday") for _, mine in asked for leaf in mine)
    for number, (start, end) in enumerate(_segments(edges)):
        for at in dict.fromkeys((start, *(_days(plans, start, end) if months else ()), end - TICK)):
            found[at] = (number, tuple(_signature(mine, plan.lens.read(_NOBODY, at).facts) for plan, mine in asked))
    if since is not None:
        found = {at: cell for at, cell in found.items() if at >= since}
    first_and_last: dict[Any, list[datetime]] = {}
    for at, cell in sorted(found.items()):
        first_and_last.setdefault(cell, []).append(at)
    few = {at for ats in first_and_last.values() for at in (ats[0], ats[-1])}
    return tuple((found[at], {"at": at}) for at in sorted(few))


_NOBODY = Lead("L")
_LONG = timedelta(days=400)


def _segments(edges: list[datetime]) -> list[tuple[datetime, datetime]]:
    if not edges:
        return [(EDGES[1], EDGES[1] + _LONG)]
    ends = [edges[0] - _LONG, *edges, edges[-1] + _LONG]
    return list(pairwise(ends))


def _days(plans: tuple[RealPlan, ...], start: datetime, end: datetime) -> Iterator[datetime]:
    for zone in sorted({plan.timezone for plan in plans}):
        day = start.astimezone(ZoneInfo(zone)).date()
        while (at := _midnight(day, zone)) < end:
            if at >= start:
                yield at
            day += timedelta(days=1)


@cache
def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# What the facts may say.


def _scene(name: str, company: Company) -> Value:
    return name, {"facts": facts_of(name), "company": company}


_LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@cache
def facts_of(scene: str) -> Facts:
    """What the facts say in a scene, by its name: `claim a`, `incumbent b`; nothing otherwise."""
    kind, _, dealer = scene.partition(" ")
    if kind == "claim":
        claim = Registration("claim", dealer, ASKED_FOR, status="approved", submitted_at=_LONG_AGO)
        return Facts(registrations=[claim])
    return Facts(incumbents=[Incumbent(ASKED_FOR, dealer, since=_LONG_AGO)]) if kind == "incumbent" else NOTHING


def _scenes(plans: tuple[RealPlan, ...]) -> Axis:
    kinds = {rung.kind for plan in plans for rung in plan.precedence}
    companies = dict.fromkeys(account.company for plan in plans for account in plan.accounts)
    dealers = {dealer.id: dealer.kind for plan in plans for dealer in plan.dealers}
    found = [_scene(f"account {one.domain}", one) for one in companies]
    for name in sorted(name for name, kind in dealers.items() if kind == "dealer"):
        if "registrations" in kinds:
            found.append(_scene(f"claim {name}", ASKED_FOR))
        if "incumbent" in kinds:
            found.append(_scene(f"incumbent {name}", ASKED_FOR))
    return tuple(found)
