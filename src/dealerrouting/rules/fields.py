"""Fields: what of a lead a condition may ask, of which kind it is, and how its constants are read.

May know: the instruments and the lead's own readings. May not know: plans, dealers, rungs.
Every kind says which comparisons it takes; a constant that the kind cannot read is a fault when
the plan is made, never a surprise when a lead comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from dealerrouting import geo, postcode
from dealerrouting.calendar import instant, is_instant
from dealerrouting.errors import did_you_mean, quoted
from dealerrouting.model import readable_text
from dealerrouting.postcode import Postcode, PostcodeError, PostcodeSet
from dealerrouting.tables.countries import COUNTRIES, read_country
from dealerrouting.taxonomy import Taxonomy, near, split

__all__ = ["ATTRIBUTE_TYPES", "FIELDS", "KINDS", "Around", "Cells", "Context", "Kind", "Under", "Unfit"]


class Unfit(Exception):
    """A constant that its field cannot be compared with: what is wrong, and the cure."""

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


@frozen
class Context:
    """What a constant needs to be read: the plan's taxonomy, and the country named beside it."""

    taxonomy: Taxonomy
    country: str | None = None


@frozen
class Under:
    """One of some codes of a taxonomy, or anything below them."""

    taxonomy: Taxonomy = field(hash=False)  # a thousand codes; the few below tell two apart
    codes: tuple[str, ...]

    def covers(self, code: str) -> bool | None:
        """True below one of them; unknown where the lead's code is too coarse to tell."""
        answers = {self.taxonomy.under(code, mine) for mine in self.codes}
        return True if True in answers else None if None in answers else False

    def contains(self, other: Under) -> bool:
        """Whether everything below `other` is below this."""
        return all(self.covers(code) is True for code in other.codes)


@frozen
class Cells:
    """One of some geohash cells."""

    cells: tuple[str, ...]

    def covers(self, point: tuple[float, float]) -> bool:
        """Whether the point lies in one of the cells."""
        return any(geo.in_geohash(point, cell) for cell in self.cells)

    def contains(self, other: Cells) -> bool:
        """Whether every cell of `other` lies in one of these."""
        return all(any(geo.cell_contains(mine, cell) for mine in self.cells) for cell in other.cells)


@frozen
class Around:
    """A circle on the globe, its radius in whole metres."""

    lat: float
    lon: float
    metres: int

    def covers(self, point: tuple[float, float]) -> bool:
        """Whether the point lies at most the radius away."""
        return geo.distance_m((self.lat, self.lon), point) <= self.metres

    def contains(self, other: Around) -> bool:
        """Whether a circle with the same centre is no larger; other circles are not compared."""
        return (self.lat, self.lon) == (other.lat, other.lon) and self.metres >= other.metres


Constant = Callable[[Any, Context], Any]


@frozen(eq=False)
class Kind:
    """One kind of field: its name for people, the comparisons it takes, and how constants are read."""

    name: str
    ops: Mapping[str, Constant]


def _text(value: Any, _: Context) -> str:
    text = readable_text(value) if isinstance(value, str) else None
    if text is None or len(text) > 1_024:
        raise Unfit(f"{quoted(value)} is not text", 'write "..."')
    return text


def _country(value: Any, _: Context) -> str:
    code = read_country(value) if isinstance(value, str) else None
    if code is None:
        raise Unfit(f"unknown country {quoted(value)}", did_you_mean(str(value).upper()[:60], COUNTRIES))
    return code


def _language(value: Any, _: Context) -> str:
    if not isinstance(value, str) or len(value) not in (2, 3) or not value.isascii() or not value.isalpha():
        raise Unfit(f"{quoted(value)} is not a language code", "write `nl`, `fr`, `de`")
    return value.lower()


def _number(value: Any, _: Context) -> Decimal:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite() and abs(number) < 10**15:
            return number
    raise Unfit(f"{quoted(value)} is not a number", "write it without quotes, with a point before decimals")


def _truth(value: Any, _: Context) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"{quoted(value)} is not true or false", "write true or false")
    return value


def _date(value: Any, _: Context) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit(f"{quoted(value)} is not a date", "write it as 2027-08-31") from None
    if isinstance(day, datetime):
        raise Unfit(f"{quoted(value)} is an instant, not a date", "write it as 2027-08-31")
    return day


def _moment(value: Any, _: Context) -> datetime:
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
    if not is_instant(moment):
        raise Unfit(f"{quoted(value)} is not an instant", "write it as 2027-08-31T09:00:00+02:00")
    return instant(moment)


def _month(value: Any, _: Context) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise Unfit(f"{quoted(value)} is not a month", "write 1 to 12")
    return value


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekday(value: Any, _: Context) -> int:
    if isinstance(value, str) and value.lower() in _WEEKDAYS:
        return _WEEKDAYS.index(value.lower()) + 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 7:
        raise Unfit(f"{quoted(value)} is not a weekday", "write `mon` to `sun`, or 1 to 7")
    return value


def _here(context: Context) -> str:
    if context.country is None:
        raise Unfit(
            "a postcode means nothing without its country",
            'put (where.country == "..") beside it, joined by &',
        )
    return context.country


def _code(value: Any, context: Context) -> Postcode:
    country = _here(context)
    code = postcode.parse(country, value)
    if code is None:
        raise Unfit(f"{quoted(value)} is not a postcode of {country}", "write it as it is written there")
    return code


def _codes(items: Any, context: Context) -> PostcodeSet:
    texts = isinstance(items, tuple) and all(isinstance(item, str) for item in items)
    try:
        return postcode.parse_set(_here(context), ";".join(items) if texts else items)
    except PostcodeError as error:
        raise Unfit(*_joined(error)) from None


def _joined(error: PostcodeError) -> tuple[str, str]:
    whats = "; ".join(": ".join(p for p in (f.place, f.what) if p) for f in error.faults)
    return whats, "; ".join(dict.fromkeys(f.cure for f in error.faults if f.cure))


def _code_range(ends: Any, context: Context) -> PostcodeSet:
    try:
        return postcode.between(_here(context), *ends)
    except PostcodeError as error:
        raise Unfit(*_joined(error)) from None


def _code_prefix(value: Any, context: Context) -> PostcodeSet:
    try:
        return postcode.prefix(_here(context), value)
    except PostcodeError as error:
        raise Unfit(*_joined(error)) from None


def _sector(value: Any, context: Context) -> str:
    here = context.taxonomy
    named, text = split(value) if isinstance(value, str) else (None, "")
    if named is not None and named != here.id:
        raise Unfit(f"{quoted(value)} is a code of `{named}`; this plan is in `{here.id}`", near(text, here))
    code = here.read(text)
    if code is None:
        raise Unfit(f"unknown sector {quoted(value)} in `{here.id}`", near(text or str(value)[:60], here))
    return code


def _cell(value: Any, _: Context) -> str:
    cell = geo.read_geohash(value) if isinstance(value, str) else None
    if cell is None:
        raise Unfit(f"{quoted(value)} is not a geohash", "1 to 12 of 0-9 and b-z without i, l, o")
    return cell


def _around(value: Any, context: Context) -> Around:
    try:
        lat, lon, km = value
        centre, radius = geo.valid_point(float(lat), float(lon)), _number(km, context)
    except (TypeError, ValueError, OverflowError):
        raise Unfit(f"{quoted(value)} is not a circle", "give latitude, longitude and kilometres") from None
    if centre is None or not 0 <= radius <= 20_100:
        raise Unfit(f"{quoted(value)} is not a circle on the globe", "degrees, and 0 to 20,100 km")
    return Around(*centre, int(radius * 1_000))


def _exists(value: Any, _: Context) -> None:
    if value is not None and value is not True:
        raise Unfit(f"`exists` takes no constant, not {quoted(value)}", "write exists(), or ~ before it")


def _each(read: Constant) -> Constant:
    def values(items: Any, context: Context) -> frozenset[Any]:
        if not isinstance(items, tuple) or not items:
            raise Unfit(f"{quoted(items)} is not a list of values", "write [..., ...] with at least one")
        if len(items) > 10_000:
            raise Unfit(f"{len(items):,} values", "the bound is 10,000")
        return frozenset(read(item, context) for item in items)

    return values


def _ends(read: Constant) -> Constant:
    def pair(ends: Any, context: Context) -> tuple[Any, Any]:
        if not isinstance(ends, tuple) or len(ends) != 2:
            raise Unfit(f"{quoted(ends)} is not a pair", "give the first and the last")
        first, last = read(ends[0], context), read(ends[1], context)
        if first > last:
            raise Unfit(f"{quoted(ends[0])} comes after {quoted(ends[1])}", "swap them: both ends hold")
        return first, last

    return pair


def _some(read: Constant, make: Callable[[tuple[Any, ...], Context], Any]) -> Constant:
    def under(items: Any, context: Context) -> Any:
        listed = items if isinstance(items, tuple) else (items,)
        if not listed:
            raise Unfit("no code is given", "name at least one")
        return make(tuple(sorted({read(item, context) for item in listed})), context)

    return under


def _equals(read: Constant) -> dict[str, Constant]:
    return {"eq": read, "ne": read, "in": _each(read), "exists": _exists}


def _orders(read: Constant) -> dict[str, Constant]:
    return {**_equals(read), "between": _ends(read), "gte": read, "lte": read}


KINDS: Mapping[str, Kind] = {
    "text": Kind("text", {**_equals(_text), "startswith": _text}),
    "country": Kind("a country", _equals(_country)),
    "language": Kind("a language", _equals(_language)),
    "postcode": Kind(
        "a postcode",
        {**_equals(_code), "between": _code_range, "under": _codes, "startswith": _code_prefix},
    ),
    "sector": Kind(
        "a sector", {**_equals(_sector), "under": _some(_sector, lambda codes, c: Under(c.taxonomy, codes))}
    ),
    "point": Kind(
        "a place",
        {"under": _some(_cell, lambda cells, _: Cells(cells)), "within_km": _around, "exists": _exists},
    ),
    "number": Kind("a number", _orders(_number)),
    "date": Kind("a date", _orders(_date)),
    "instant": Kind("an instant", _orders(_moment)),
    "month": Kind("a month", _orders(_month)),
    "weekday": Kind("a weekday", _orders(_weekday)),
    "bool": Kind("true or false", _equals(_truth)),
    "list": Kind("a list", {"has": _text, "exists": _exists}),
}
"""Every kind of field, by name."""

FIELDS: Mapping[str, str] = {
    "id": "text",
    "received_at": "instant",
    "company": "text",
    "company_number": "text",
    "vat": "text",
    "lei": "text",
    "domain": "text",
    "country": "country",
    "postcode": "postcode",
    "city": "text",
    "lat": "number",
    "lon": "number",
    "location": "point",
    "sector": "sector",
    "product": "text",
    "language": "language",
    "source": "text",
    "campaign": "text",
    "value": "number",
    "currency": "text",
    "employees": "number",
    "contact_name": "text",
    "email": "text",
    "phone": "text",
    "message": "text",
    "month": "month",
    "weekday": "weekday",
    "date": "date",
}
"""Every field a condition may ask, and its kind; a plan's declared attributes come beside them.
`month`, `weekday` and `date` are those of the instant decided for, in the plan's zone; `location` is
latitude and longitude together."""

ATTRIBUTE_TYPES: Mapping[str, str] = {
    "str": "text",
    "int": "number",
    "number": "number",
    "bool": "bool",
    "date": "date",
    "list": "list",
}
"""The types a plan may declare for the caller's own fields, and the kind each becomes."""
