"""The values of each field that tell one lead from another under small plans: at every bound and a step to each side.

Knows: bound conditions, the orders of postcodes. Does not know: `dealerrouting.verify`, which is held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from dealerrouting import Lead, postcode
from dealerrouting import Plan as RealPlan
from dealerrouting.postcode.trees import order_of
from dealerrouting.rules.binding import Leaf
from dealerrouting.rules.fields import FIELDS
from verify_palette import DATES, EDGES, SECTORS
from verify_plans import bounds, constants_of, countries_of, leaves_of

TICK = timedelta(microseconds=1)
Value = tuple[Any, dict[str, Any]]  # what tells one cell from another, and the lead's fields
Axis = tuple[Value, ...]


def _signature(asked: Iterable[Leaf], facts: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(leaf.truth(facts, lambda _: None) for leaf in asked)


def field_axes(plans: tuple[RealPlan, ...]) -> list[Axis]:
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


def _text_values(name: str, asked: tuple[Leaf, ...], served: set[str]) -> list[Any]:
    known = {*constants_of(asked), *served}
    if name == "currency":
        return [*sorted(known), "CHF"]
    if name == "language":
        return [*sorted(known), "xx"]
    return [*sorted(known | {f"{word}s" for word in known} | {word[:-1] for word in known if len(word) > 1}), "~ other"]


def _number_values(name: str, asked: tuple[Leaf, ...], _: set[str]) -> list[Any]:
    whole = name in ("employees", "fleet")
    known = sorted({Decimal(c) for c in constants_of(asked)})
    step = Decimal(1) if whole else Decimal("0.25")
    found = {n + d for n in known for d in (-step, 0, step)} | {
        known[0] - 1 if known else 0,
        known[-1] + 1 if known else 1,
    }
    least = None if name in ("fleet", "ratio") else 0
    mine = sorted(n for n in found | {Decimal(0)} if (least is None or n >= least) and (not whole or n == int(n)))
    return [int(n) for n in mine] if whole else [str(n) if name == "ratio" else n for n in mine]


def _date_values(_: str, asked: tuple[Leaf, ...], __: set[str]) -> list[Any]:
    known = set(constants_of(asked)) or {DATES[0]}
    return sorted({day + timedelta(days=d) for day in known for d in (-1, 0, 1)})


def _list_values(_: str, asked: tuple[Leaf, ...], __: set[str]) -> list[Any]:
    known = sorted(set(constants_of(asked)))
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


def _places(plans: tuple[RealPlan, ...], asked: tuple[Leaf, ...]) -> Axis:
    named = sorted({country for leaf in asked for country in countries_of(leaf)})
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


def instants(plans: tuple[RealPlan, ...], since: datetime | None) -> Axis:
    asked = [
        (plan, tuple(leaf for leaf in leaves_of(plan) if leaf.field in ("month", "weekday", "date"))) for plan in plans
    ]
    marks = {edge for plan in plans for edge in bounds(plan)} | ({since} if since else set())
    for plan, mine in asked:
        for day in constants_of(leaf for leaf in mine if leaf.field == "date"):
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
