"""Values beside a constant: at it, one step to either side, and something else.

May know: postcodes, sectors, places, numbers, the constants of bound conditions. May not know: Hypothesis, sources,
what lies inside of what: that is asked afterwards.

A value is *said* in the arguments of a `Lead` (`{"country": "NL", "postcode": "3011 AB"}`); a declared attribute is
said as `x_fleet`, a field of the company as `company.number`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import asin, cos, degrees, radians, sin
from typing import Any

from dealerrouting import geo
from dealerrouting.model import readable_text
from dealerrouting.postcode import Postcode, PostcodeSet
from dealerrouting.postcode.trees import Order, Tree, order_of
from dealerrouting.rules.fields import FIELDS, Around, Cells, Under
from dealerrouting.rules.reading import Lens
from dealerrouting.taxonomy import Taxonomy

__all__ = ["TICK", "Said", "beside", "coordinate", "edges"]

Said = Mapping[str, Any]
TICK = timedelta(microseconds=1)
_COMPANY = {"company": "name", "company_number": "number", "vat": "vat", "lei": "lei", "domain": "domain"}
_TOGETHER = {
    "received_at": "time",
    "month": "time",
    "weekday": "time",
    "date": "time",
    "country": "place",
    "postcode": "place",
    "location": "point",
    "lat": "point",
    "lon": "point",
}
_MOST = Decimal(10) ** 15
_DEGREE = Decimal("0.000001")
_ELSEWHERE = ("SE", "PT")


def coordinate(field: str) -> str:
    """What this field moves together with: a postcode with its country, a latitude with its longitude."""
    return _TOGETHER.get(field, field)


def beside(field: str, const: Any, kind: str, lens: Lens) -> Iterator[Said]:
    """What leads may say at a constant, one step beside it on every side, and far from it."""
    each = _each(const)
    match kind:
        case "country":
            yield from ({"country": one} for one in (*each, *_ELSEWHERE))
        case "postcode":
            yield from _codes(const)
        case "sector":
            codes = const.codes if isinstance(const, Under) else each
            yield from ({"sector": lens.taxonomy.display(code)} for code in _families(codes, lens.taxonomy))
        case "point":
            yield from _places(const)
        case "number" if field in ("lat", "lon"):
            yield from _degrees(field, each)
        case "number":
            yield from (_plain(field, _spoken(one)) for one in _numbers(field, each, lens))
        case "instant" | "month" | "weekday":
            yield from ({"received_at": one} for one in edges(field, each, lens))
        case "date" if field == "date":
            yield from ({"received_at": one} for one in edges(field, each, lens))
        case "date":
            yield from (_plain(field, one.isoformat()) for one in _days(each))
        case "bool":
            yield from (_plain(field, one) for one in (True, False))
        case "list":
            lists = [((one,), tuple(sorted({one, "other"}))) for one in each]
            yield from (_plain(field, tags) for tags in (*(tags for pair in lists for tags in pair), ("other",)))
        case _:
            yield from (_plain(field, one) for one in _texts(field, kind, each))


def _each(const: Any) -> tuple[Any, ...]:
    """The constants of a comparison: one, both ends, or all of a set, in order."""
    if isinstance(const, frozenset):
        return tuple(sorted(const, key=lambda one: one.lo if isinstance(one, Postcode) else one))
    return () if const is None else const if isinstance(const, tuple) else (const,)


def _plain(field: str, value: Any) -> Said:
    if field in _COMPANY:
        return {f"company.{_COMPANY[field]}": value}
    return {field if field in FIELDS else f"x_{field}": value}


# Places


def _codes(const: Any) -> Iterator[Said]:
    if isinstance(const, PostcodeSet):
        order = order_of(const.country)
        for lo, hi in const.intervals:
            yield from _at_numbers(order, lo, hi)
        return
    for code in _each(const):
        yield {"country": code.country, "postcode": code.text}
        yield from _at_numbers(order_of(code.country), code.lo, code.hi)


def _at_numbers(order: Order, lo: int, hi: int) -> Iterator[Said]:
    """The finest and the coarsest code at both ends, in the middle, and one step outside."""
    most = order.sizes[0] if isinstance(order, Tree) else hi + 2
    for number in dict.fromkeys((lo, hi, (lo + hi) // 2, lo - 1, hi + 1)):
        if 0 <= number < most:
            texts = [order.write(number)] + ([order.full(number)] if isinstance(order, Tree) else [])
            yield from ({"country": order.country, "postcode": text} for text in dict.fromkeys(texts) if text)


def _places(const: Any) -> Iterator[Said]:
    if const is None:
        yield _point(52.0, 5.0)
        return
    points = _corners(const.cells) if isinstance(const, Cells) else _circle(const)
    yield from (_point(lat, lon) for lat, lon in dict.fromkeys(points) if geo.valid_point(lat, lon))


def _point(lat: float, lon: float) -> Said:
    return {"lat": lat, "lon": lon}


def _corners(cells: Iterable[str]) -> Iterator[tuple[float, float]]:
    """The centre; the first and the last corner; just outside on every side."""
    for cell in cells:
        low, high, west, east = geo.cell_box(cell)
        tall, wide = (high - low) / 1_000, (east - west) / 1_000
        lat, lon = geo.sample_point(cell)
        yield from ((lat, lon), (low, west), (high - tall, east - wide))
        yield from ((low - tall, lon), (high, lon), (lat, west - wide), (lat, east))


def _circle(around: Around) -> Iterator[tuple[float, float]]:
    """The centre; to the north, the south and the east: the last metre, and the next one."""
    lat, lon = around.lat, around.lon
    yield lat, lon
    for metres in (around.metres, around.metres + 1):
        angle = degrees(metres / geo.EARTH_RADIUS_M)
        yield from ((lat + angle, lon), (lat - angle, lon))
        across, half = abs(cos(radians(lat))), sin(radians(angle) / 2)
        if across > half:
            yield lat, (lon + degrees(2 * asin(half / across)) + 180) % 360 - 180


def _degrees(field: str, each: Iterable[Decimal]) -> Iterator[Said]:
    for one in each:
        for step in (Decimal(0), -_DEGREE, _DEGREE):
            lat, lon = (float(one + step), 0.0) if field == "lat" else (0.0, float(one + step))
            if geo.valid_point(lat, lon):
                yield _point(lat, lon)


# Sectors


def _families(codes: Iterable[str], tree: Taxonomy) -> Iterable[str]:
    return dict.fromkeys(near for code in codes for near in _family(code, tree))


def _family(code: str, tree: Taxonomy) -> Iterator[str]:
    """The code, its first and last child and the deepest below it; its parent, those beside it and one below them."""
    children, above = tree.children(code), tree.parents.get(code)
    yield from (code, *children[:1], *children[-1:], _deepest(code, tree))
    row = tree.children(above)
    at = row.index(code)
    for near in (*row[max(0, at - 1) : at], *row[at + 1 : at + 2]):
        yield from (near, _deepest(near, tree))
    yield from [above] if above is not None else []


def _deepest(code: str, tree: Taxonomy) -> str:
    while children := tree.children(code):
        code = children[0]
    return code


# Numbers, times, texts


def _spoken(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else str(number)


def _numbers(field: str, each: Iterable[Decimal], lens: Lens) -> Iterable[Decimal]:
    whole = field == "employees" or lens.attributes.get(field) == "int"
    least = 0 if field in ("employees", "value") else 1 - _MOST
    numbers = (near for one in each for near in _around_number(one, whole))
    return dict.fromkeys(one for one in numbers if least <= one < _MOST)


def _around_number(one: Decimal, whole: bool) -> Iterator[Decimal]:
    exponent = one.as_tuple().exponent
    step = Decimal(1) if whole else Decimal(1).scaleb(min(-2, exponent if isinstance(exponent, int) else 0))
    low, high = (one.to_integral_value(way) if whole else one for way in (ROUND_FLOOR, ROUND_CEILING))
    yield from (low, high, low - step, high + step)


def _days(each: Iterable[date]) -> Iterable[date]:
    return dict.fromkeys(near for one in each for near in (one, _moved(one, -1), _moved(one, 1)))


def _moved(day: date, by: int) -> date:
    return day if day in (date.min, date.max) else day + timedelta(days=by)


def edges(field: str, each: Iterable[Any], lens: Lens) -> Iterator[datetime]:
    """The instants at which a comparison of time begins and ends to hold, one microsecond before and after each."""
    for one in each:
        for edge in [one] if isinstance(one, datetime) else _midnights(field, one, lens):
            for step in (timedelta(0), -TICK, TICK):
                try:
                    yield edge + step
                except OverflowError:
                    continue


def _midnights(field: str, one: Any, lens: Lens) -> Iterator[datetime]:
    """On the plan's clock. A month or a weekday comes again and again: one of 2027 stands for them."""
    if field == "month":
        days = [date(2027, one, 1), date(2027 + one // 12, one % 12 + 1, 1)]
    elif field == "weekday":
        days = [date(2027, 1, 3 + one), date(2027, 1, 4 + one)]
    else:
        days = [one, _moved(one, 1)]
    for day in days:
        try:
            yield datetime.combine(day, time(), lens.zone).astimezone(UTC)
        except OverflowError:
            continue


def _texts(field: str, kind: str, each: Iterable[str]) -> Iterator[str]:
    """The constant, what is a little longer, shorter or otherwise written, and something else."""
    for one in each:
        closed = kind == "language" or field == "currency"
        near = (one,) if closed else (one, f"{one}x", f"{one} en meer", one[:-1], one.swapcase())
        yield from (text for text in map(readable_text, near) if text and len(text) <= 1_024)
    yield {"language": "fi", "currency": "SEK"}.get(field, "other")
