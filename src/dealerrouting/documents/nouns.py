"""Rows to nouns: the columns of dealers, territories, accounts and claims, as the core takes them.

May know: the nouns, time, places. May not know: files, plans.
A row is a mapping of columns that say something. What a cell of a CSV file holds is text; `typed` makes
of it what its column is for, or leaves it as it is, for the shape to complain of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from dealerrouting.calendar import midnight, parse_instant
from dealerrouting.errors import quoted
from dealerrouting.model import Account, Company, Dealer, Territory

__all__ = ["COMPANY", "Complain", "account", "company", "dealer", "moment", "territory", "typed"]

Row = Mapping[str, Any]
Complain = Callable[[str, str, str], None]
"""Hears of one column: its name, what is wrong with it, the cure."""

_WHOLE = frozenset({"max_open", "max_per_30_days", "priority", "open", "last_30_days", "credit"})
_DEGREES = frozenset({"lat", "lon"})


def typed(column: str, cell: str) -> Any:
    """A cell as what its column holds; text that does not fit stays text."""
    text = cell.strip()
    if column in _WHOLE:
        digits = text[1:] if text[:1] in ("-", "+") else text
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else text
    if column in _DEGREES:
        return _degrees(text)
    if column == "exclusive":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _degrees(text: str) -> Any:
    plain = text.isascii() and not set(text) - set("+-.0123456789")
    try:
        return float(text) if plain else text
    except ValueError:
        return text


def moment(row: Row, column: str, zone: tzinfo | None, complain: Complain) -> datetime | None:
    """A column's instant: with an offset, or a wall time or day of `zone`; without a zone it needs an offset."""
    text = row.get(column)
    if text is None:
        return None
    found = parse_instant(text, zone) if isinstance(text, str) else None
    if found is None:
        cure = "write 2027-01-01, or 2027-01-01T09:00:00+01:00" if zone else "write 2027-01-01T09:00:00+01:00"
        complain(column, f"{quoted(text)} is not an instant", cure)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _pauses(row: Row, zone: tzinfo, complain: Complain) -> list[tuple[datetime, datetime]]:
    """`2027-07-12..2027-08-01; ...`, both days included; or pairs of instants, the second not."""
    given = row.get("paused") or ()
    items = given.split(";") if isinstance(given, str) else given
    found = [_pause(item, zone, complain) for item in items]
    return [pause for pause in found if pause]


def _pause(item: Any, zone: tzinfo, complain: Complain) -> tuple[datetime, datetime] | None:
    if isinstance(item, list):
        ends = [parse_instant(end, zone) if isinstance(end, str) else None for end in item]
        if len(ends) == 2 and ends[0] and ends[1]:
            return ends[0], ends[1]
    elif isinstance(item, str):
        first, dots, last = (part.strip() for part in item.partition(".."))
        start, end = _day(first), _day(last) if dots else _day(first)
        if start and end and start <= end:
            try:
                return midnight(start, zone), midnight(end + timedelta(days=1), zone)
            except OverflowError:  # within a day of either end of time
                pass
        elif start and end:
            complain("paused", f"{quoted(item)} runs backward", f"write `{end}..{start}`")
            return None
    if item is not None:
        cure = "write 2027-07-12..2027-08-01, with `;` between several; both days are included"
        complain("paused", f"{quoted(item)} is not a stretch of days", cure)
    return None


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, (int, Decimal)) else value


def dealer(row: Row, zone: tzinfo, complain: Complain) -> Dealer:
    """A dealer; `PlanError` with what the core says of it."""
    return Dealer(
        row.get("id", ""),
        row.get("name"),
        kind=row.get("kind", "dealer"),
        country=row.get("country"),
        postcode=row.get("postcode"),
        city=row.get("city"),
        lat=_float(row.get("lat")),
        lon=_float(row.get("lon")),
        calendar=row.get("calendar"),
        serves_languages=row.get("serves_languages"),
        serves_products=row.get("serves_products"),
        max_open=row.get("max_open"),
        max_per_30_days=row.get("max_per_30_days"),
        active_from=moment(row, "active_from", zone, complain),
        active_until=moment(row, "active_until", zone, complain),
        paused=_pauses(row, zone, complain),
    )


def territory(row: Row, zone: tzinfo, complain: Complain) -> Territory:
    """One part of a territory; `PlanError` with what the core says of it."""
    return Territory(
        row.get("id", ""),
        row.get("dealers", ()),
        country=row.get("country"),
        postcodes=row.get("postcodes"),
        geohashes=row.get("geohashes"),
        sectors=row.get("sectors"),
        products=row.get("products"),
        languages=row.get("languages"),
        priority=row.get("priority", 0),
        exclusive=row.get("exclusive", False),
        ledger=row.get("ledger"),
        valid_from=moment(row, "valid_from", zone, complain),
        valid_until=moment(row, "valid_until", zone, complain),
    )


COMPANY = {
    "company": "name",
    "company_number": "number",
    "vat": "vat",
    "lei": "lei",
    "domain": "domain",
    "country": "country",
    "postcode": "postcode",
    "city": "city",
}
"""The columns of a company, and what the noun calls them."""


def company(row: Row, complain: Complain) -> Company:
    """The company that a row of a plan or of facts names; here, unlike in a lead, it must be readable."""
    given = {column: row.get(column) for column in COMPANY}
    long = [column for column, value in given.items() if isinstance(value, str) and len(value) > 1_024]
    for column in long:
        complain(column, f"{len(given[column] or ''):,} characters", "the bound is 1,024")
        given[column] = None
    found = Company(**{COMPANY[column]: value for column, value in given.items()})
    for column, name in COMPANY.items():
        if name in found.unreadable:
            cure = "write its two-letter code" if column == "country" else "mend it, or leave it out"
            complain(column, f"{quoted(given[column])} cannot be read", cure)
    return found


def account(row: Row, zone: tzinfo, complain: Complain) -> Account:
    """An account; `PlanError` with what the core says of it."""
    return Account(
        row.get("id", ""),
        row.get("holder", ""),
        company(row, complain),
        valid_from=moment(row, "valid_from", zone, complain),
        valid_until=moment(row, "valid_until", zone, complain),
    )
