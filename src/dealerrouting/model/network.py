"""`Dealer`, `Territory`, `Account`: who there is, and what was agreed with whom.

May know: the instruments and how definitions are read. May not know: leads, plans, rules, files.
Each noun checks itself when it is made; whether the dealers it names exist is the plan's question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import define, field

from dealerrouting import geo, identity, postcode
from dealerrouting.mapping import FrozenMap
from dealerrouting.model.definition import Definition
from dealerrouting.model.lead import Company
from dealerrouting.postcode import PostcodeError, PostcodeSet

__all__ = ["Account", "Dealer", "Territory", "in_force"]

Weights = str | Iterable[str] | Mapping[str, Any]
"""Dealers: `"a:2; b:1"`, `["a", "b"]` or `{"a": 2, "b": 1}`."""


def in_force(start: datetime | None, end: datetime | None, at: datetime) -> bool:
    """Whether `at` lies in the half-open stretch `start <= at < end`; None is no bound."""
    return (start is None or start <= at) and (end is None or at < end)


@define(frozen=True, init=False)
class Dealer:
    """Who can hold a lead: a `dealer`, or a `house` team of the manufacturer's own.

    `max_open` and `max_per_30_days` cap what it is given; a claim, an account or an open lead of
    its own still reaches it. `active_from <= at < active_until`, and not in a stretch of
    `paused`. `serves_languages` and `serves_products` limit what it is given; empty is no limit.
    `calendar` names the plan's calendar that it keeps; without one it keeps that of the terms.
    """

    id: str
    name: str | None
    kind: str
    country: str | None
    postcode: str | None
    city: str | None
    lat: float | None
    lon: float | None
    calendar: str | None
    serves_languages: tuple[str, ...]
    serves_products: tuple[str, ...]
    max_open: int | None
    max_per_30_days: int | None
    active_from: datetime | None
    active_until: datetime | None
    paused: tuple[tuple[datetime, datetime], ...]

    def __init__(
        self,
        id: str,
        name: str | None = None,
        *,
        kind: str = "dealer",
        country: str | None = None,
        postcode: str | None = None,
        city: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        calendar: str | None = None,
        serves_languages: str | Iterable[str] | None = None,
        serves_products: str | Iterable[str] | None = None,
        max_open: int | None = None,
        max_per_30_days: int | None = None,
        active_from: datetime | None = None,
        active_until: datetime | None = None,
        paused: Iterable[tuple[datetime, datetime]] = (),
    ) -> None:
        read = Definition("dealer", id)
        known_as = read.ident("id", id)
        where = read.countries("country", country)
        degrees = read.point(lat, lon)
        active = read.span(active_from, active_until, ("active_from", "active_until"))
        self.__attrs_init__(
            id=known_as,
            name=read.text("name", name),
            kind=read.choice("kind", kind, ("dealer", "house")),
            country=where[0] if where else None,
            postcode=_office(read, where, postcode),
            city=read.text("city", city),
            lat=degrees[0],
            lon=degrees[1],
            calendar=read.maybe_ident("calendar", calendar),
            serves_languages=read.languages("serves_languages", serves_languages),
            serves_products=read.words("serves_products", serves_products),
            max_open=read.whole("max_open", max_open),
            max_per_30_days=read.whole("max_per_30_days", max_per_30_days),
            active_from=active[0],
            active_until=active[1],
            paused=read.spans("paused", paused),
        )
        read.done()

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    def active(self, at: datetime) -> bool:
        """Whether this dealer can act at the instant `at`."""
        return in_force(self.active_from, self.active_until, at) and not any(
            start <= at < end for start, end in self.paused
        )


def _office(read: Definition, country: tuple[str, ...], code: str | None) -> str | None:
    """A dealer's own postcode in normal form."""
    if code is None:
        return None
    parsed = postcode.parse(country[0], code) if country else None
    if parsed is None:
        read.wrong("postcode", f"`{str(code)[:20]}` cannot be read", "give a postcode of the dealer's own country")
    return parsed.text if parsed else None


@define(frozen=True, init=False)
class Territory:
    """A named region and/or sector with its dealers and dates.

    Columns are *and*: a lead must be in one of the countries, in the place, in one of the
    sectors, want one of the products, speak one of the languages. The place is *or*: in the
    postcodes or in one of the geohash cells. An empty column is no limit. Postcodes and geohashes
    need exactly one `country`. Several territories may share an id: parts or periods of one.

    `dealers` have weights: `{"a": 2, "b": 1}` shares two to one. `priority`: the higher wins.
    `exclusive`: no other territory may match the same lead. `ledger` names a rotation of its own.
    """

    id: str
    dealers: FrozenMap[Decimal]
    country: tuple[str, ...]
    postcodes: PostcodeSet | None
    geohashes: tuple[str, ...]
    sectors: tuple[str, ...]
    products: tuple[str, ...]
    languages: tuple[str, ...]
    priority: int
    exclusive: bool
    ledger: str | None
    valid_from: datetime | None
    valid_until: datetime | None

    def __init__(
        self,
        id: str,
        dealers: Weights,
        *,
        country: str | Iterable[str] | None = None,
        postcodes: str | Iterable[str] | PostcodeSet | None = None,
        geohashes: str | Iterable[str] | None = None,
        sectors: str | Iterable[str] | None = None,
        products: str | Iterable[str] | None = None,
        languages: str | Iterable[str] | None = None,
        priority: int = 0,
        exclusive: bool = False,
        ledger: str | None = None,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> None:
        read = Definition("territory", id)
        if not isinstance(exclusive, bool):
            read.wrong("exclusive", f"`{exclusive}` is not true or false")
        where = read.countries("country", country)
        if (postcodes or geohashes) and len(where) != 1:
            read.wrong("country", "postcodes and geohashes need exactly one country", "name it in `country`")
        valid = read.span(valid_from, valid_until, ("valid_from", "valid_until"))
        self.__attrs_init__(
            id=read.ident("id", id),
            dealers=read.weights("dealers", dealers),
            country=where,
            postcodes=_postcodes(read, where, postcodes),
            geohashes=_cells(read, geohashes),
            sectors=read.words("sectors", sectors),
            products=read.words("products", products),
            languages=read.languages("languages", languages),
            priority=read.whole("priority", priority, least=-(10**9)) or 0,
            exclusive=bool(exclusive),
            ledger=read.maybe_ident("ledger", ledger),
            valid_from=valid[0],
            valid_until=valid[1],
        )
        read.done()

    @property
    def region(self) -> tuple[object, ...]:
        """What this territory is a territory of, but for its sectors, which only a plan's taxonomy can read.

        Dates, priority and dealers are no part of it.
        """
        return self.country, self.postcodes, self.geohashes, self.products, self.languages


def _postcodes(
    read: Definition, country: tuple[str, ...], value: str | Iterable[str] | PostcodeSet | None
) -> PostcodeSet | None:
    if not value or len(country) != 1:
        return None
    if isinstance(value, PostcodeSet):
        if value.country != country[0]:
            read.wrong("postcodes", f"are those of {value.country}", f"give postcodes of {country[0]}")
        return value
    try:
        return postcode.parse_set(country[0], value)
    except PostcodeError as error:
        for fault in error.faults:
            read.wrong("postcodes", ": ".join(p for p in (fault.place, fault.what) if p), fault.cure)
        return None


def _cells(read: Definition, value: object) -> tuple[str, ...]:
    cells = {word: geo.read_geohash(word) for word in read.words("geohashes", value)}
    for word, cell in cells.items():
        if cell is None:
            read.wrong("geohashes", f"`{word[:20]}` is not a geohash", "1 to 12 of 0-9 and b-z without i, l, o")
    return tuple(sorted({cell for cell in cells.values() if cell}))


@define(frozen=True, init=False)
class Account:
    """A named prospect or customer with a fixed holder, from `valid_from` until `valid_until`.

    It is found by its company's exact keys, so it needs at least one: a number in its country's
    register, a VAT number or a domain of its own.
    """

    id: str
    holder: str
    company: Company
    valid_from: datetime | None
    valid_until: datetime | None
    keys: frozenset[identity.Key] = field(eq=False, repr=False, init=False)

    def __init__(
        self,
        id: str,
        holder: str,
        company: Company,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> None:
        read = Definition("account", id)
        valid = read.span(valid_from, valid_until, ("valid_from", "valid_until"))
        keys = company.keys() if isinstance(company, Company) else frozenset()
        if not keys:
            read.wrong(
                "company",
                "has no key by which it can be found",
                "give a number or VAT with its country, or a domain",
            )
        self.__attrs_init__(
            id=read.ident("id", id),
            holder=read.ident("holder", holder),
            company=company,
            valid_from=valid[0],
            valid_until=valid[1],
        )
        object.__setattr__(self, "keys", keys)
        read.done()
