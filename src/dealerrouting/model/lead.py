"""`Lead` and `Company`: what came in, read as far as it can be read.

May know: the instruments (postcodes, geography, identity, time). May not know: plans, rules,
files, or which dealer serves what.

A lead is data from a web form, and a web form holds anything. Whatever cannot be read becomes
absent, keeps its raw text in `unreadable`, and is flagged by routing. Only a lead without an id,
or with a field beyond its bound, is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import define, field

from dealerrouting import geo, postcode
from dealerrouting.calendar import instant, is_instant, parse_instant
from dealerrouting.errors import Fault, LeadRefused, quoted
from dealerrouting.identity import Identity, Key, identify
from dealerrouting.identity import keys as keys_of
from dealerrouting.mapping import FrozenMap
from dealerrouting.tables.countries import read_country

__all__ = ["MAX_DECIMALS", "MAX_FIELD", "MAX_MESSAGE", "Attribute", "Company", "Lead", "decimals", "readable_text"]

MAX_FIELD = 1_024
MAX_MESSAGE = 65_536
MAX_ATTRIBUTES = 256
MAX_DECIMALS = 30
"""The most decimals of a number: a few signs such as `1e-400000` would have as many as they please."""
_MAX_VALUE = Decimal(10) ** 15

Attribute = str | int | bool | tuple[str, ...]
"""What a caller's own field may hold; the plan says how it is read."""


def readable_text(value: object) -> str | None:
    """Text without its margins, in Unicode's composed form; None if it cannot be stored as UTF-8."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        value = _written(value)
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        return None
    if not value.isascii():
        if _flooded(value):
            return None
        value = unicodedata.normalize("NFC", value)
    return value.strip() or None


def _flooded(text: str) -> bool:
    """Whether more combining marks follow each other than any writing has (Unicode UAX #15: 30).

    Composing a long run of them takes time that grows with its square.
    """
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        if run > 30:
            return True
    return False


def _written(number: float | Decimal) -> str | None:
    """A number as text; None where it has more digits than Python will write."""
    try:
        return str(number)
    except ValueError:
        return None


def _country(value: object) -> str | None:
    return read_country(value) if isinstance(value, str) else None


def _language(value: object) -> str | None:
    """The primary part of a language tag: `nl` of `nl-BE`."""
    text = readable_text(value) or ""
    head = text.replace("_", "-").partition("-")[0].lower()
    return head if len(head) in (2, 3) and head.isascii() and head.isalpha() else None


def _money(value: object) -> Decimal | None:
    """An amount. Text such as `250.000` is unreadable: half of Europe means a quarter of a million by it."""
    if isinstance(value, str):
        whole, _, part = value.strip().partition(".")
        if len(part) == 3 and len(whole.lstrip("+-")) <= 3:
            return None
    return _number(value)


def _number(value: object) -> Decimal | None:
    """A plain decimal number, not below nothing; no other notation is guessed at."""
    text = _written(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        return None
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        return None
    readable = number.is_finite() and decimals(number) <= MAX_DECIMALS and 0 <= number < _MAX_VALUE
    return number + 0 if readable else None


def decimals(number: Decimal) -> int:
    """How many digits a finite number has behind its point, as it is written."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _degrees(value: object) -> float | None:
    try:
        known = isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool)
        return float(value) if known else None  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _instant(value: object) -> datetime | None:
    try:
        if isinstance(value, datetime):
            return instant(value) if is_instant(value) else None
        return parse_instant(value) if isinstance(value, str) else None
    except OverflowError:
        return None


def _currency(value: object) -> str | None:
    text = (readable_text(value) or "").upper()
    return text if len(text) == 3 and text.isascii() and text.isalpha() else None


Reader = Callable[[object], Any]
_COMPANY: dict[str, Reader] = {
    "name": readable_text,
    "number": readable_text,
    "vat": readable_text,
    "lei": readable_text,
    "domain": readable_text,
    "country": _country,
    "postcode": readable_text,
    "city": readable_text,
}
_LEAD: dict[str, Reader] = {
    "received_at": _instant,
    "country": _country,
    "postcode": readable_text,
    "city": readable_text,
    "lat": _degrees,
    "lon": _degrees,
    "sector": readable_text,
    "product": readable_text,
    "language": _language,
    "source": readable_text,
    "campaign": readable_text,
    "value": _money,
    "currency": _currency,
    "employees": _whole,
    "contact_name": readable_text,
    "email": readable_text,
    "phone": readable_text,
    "message": readable_text,
}


def _raw(value: object) -> str:
    """What stood there, as text that can be stored."""
    text = value if isinstance(value, str) else quoted(value).strip("`")
    return text.encode("utf-8", "backslashreplace").decode()[:MAX_FIELD]


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _too_long(name: str, value: object) -> bool:
    bound = MAX_MESSAGE if name == "message" else MAX_FIELD
    return isinstance(value, str) and len(value) > bound


def _over_bounds(fields: Mapping[str, object], place: str) -> list[Fault]:
    return [
        Fault(
            f"{place}.{name}" if place else name,
            f"{len(value):,} characters",  # type: ignore[arg-type]  # only text is ever too long
            f"the bound is {MAX_MESSAGE if name == 'message' else MAX_FIELD:,}",
            (name,),
        )
        for name, value in fields.items()
        if _too_long(name, value)
    ]


def _read(fields: Mapping[str, object], readers: Mapping[str, Reader]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each field read or absent, and the raw text of those that could not be read."""
    values: dict[str, Any] = dict.fromkeys(readers)
    unreadable: dict[str, str] = {}
    for name, raw in fields.items():
        if _absent(raw):
            continue
        value = readers[name](raw)
        if value is None or _too_long(name, value):  # composing may have made it longer than it came
            unreadable[name] = _raw(raw)
        else:
            values[name] = value
    return values, unreadable


@define(frozen=True, init=False)
class Company:
    """A prospect or customer, as far as it is known; every field may be absent.

    `number` is the number in its country's company register, `vat` its VAT number, `lei` its legal entity
    identifier, `domain` its own web or mail domain. `country` says whose register it is. `LeadRefused` where a
    field is longer than 1,024 characters; anything else that cannot be read is in `unreadable`.
    """

    name: str | None
    number: str | None
    vat: str | None
    lei: str | None
    domain: str | None
    country: str | None
    postcode: str | None
    city: str | None
    unreadable: FrozenMap[str]

    def __init__(
        self,
        name: object = None,
        *,
        number: object = None,
        vat: object = None,
        lei: object = None,
        domain: object = None,
        country: object = None,
        postcode: object = None,
        city: object = None,
        unreadable: Mapping[str, str] | None = None,
    ) -> None:
        given: dict[str, object] = {
            "name": name,
            "number": number,
            "vat": vat,
            "lei": lei,
            "domain": domain,
            "country": country,
            "postcode": postcode,
            "city": city,
        }
        if faults := _over_bounds(given, "company"):
            raise LeadRefused(faults)
        values, bad = _read(given, _COMPANY)
        kept = {k: v for k, v in (unreadable or {}).items() if values.get(k) is None}
        self.__attrs_init__(**values, unreadable=FrozenMap({**kept, **bad}))

    def identity(
        self,
        *,
        country: str | None = None,
        email: str | None = None,
        postcode: str | None = None,
        city: str | None = None,
    ) -> Identity:
        """All by which this company is known; what it does not say itself is taken from the arguments."""
        return identify(**self._said(country, email, postcode), city=self.city or city)

    def keys(self, *, country: str | None = None, email: str | None = None) -> frozenset[Key]:
        """The exact keys by which this company is known; `country` is whose register, if it says none itself."""
        return keys_of(**self._said(country, email, None))

    def _said(self, country: str | None, email: str | None, postcode: str | None) -> dict[str, str | None]:
        here = self.country or country
        return {
            "country": here,
            "number": self.number,
            "vat": self.vat,
            "lei": self.lei,
            "domain": self.domain,
            "email": email,
            "name": self.name,
            "postcode": _whole_code(here, self.postcode or postcode),
        }


def _whole_code(country: str | None, text: str | None) -> str | None:
    """A postcode in its normal form, where it is whole: a coarse one is no address."""
    code = postcode.parse(country, text)
    return code.text if code is not None and code.lo == code.hi else None


def _company(value: object) -> Company:
    if isinstance(value, Company):
        return value
    if isinstance(value, Mapping):
        return Company(**{k: v for k, v in value.items() if k in _COMPANY})
    return Company(value)


def _attribute(value: object) -> Attribute | None:
    """A caller's value as text, whole number, truth or list of texts: what survives JSON unchanged."""
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        texts = [readable_text(item) for item in value]
        return tuple(sorted({t for t in texts if t})) if None not in texts else None
    return readable_text(value)


def _attributes(given: Mapping[str, object]) -> tuple[dict[str, Attribute], dict[str, str]]:
    values: dict[str, Attribute] = {}
    bad: dict[str, str] = {}
    for name, raw in given.items():
        if _absent(raw):
            continue
        value = _attribute(raw) if readable_text(name) == name else None
        if value is None:
            bad[f"x_{_raw(name)}"] = _raw(raw)
        else:
            values[name] = value
    return values, bad


def _too_wide(name: object) -> bool:
    return isinstance(name, str) and len(name) > 64


def _attribute_faults(given: Mapping[str, object]) -> list[Fault]:
    long = [(f"x_{_raw(name)}"[:80], value) for name, value in given.items() if _too_long("", value) or _too_wide(name)]
    faults = [Fault(name, "is too long", f"the bound is {MAX_FIELD:,} characters", (name,)) for name, _ in long]
    for name, value in given.items():
        if isinstance(value, (list, tuple, set, frozenset)) and (
            len(value) > MAX_ATTRIBUTES or any(_too_long(name, item) for item in value)
        ):
            faults.append(Fault(f"x_{name}", "is too long", f"at most {MAX_ATTRIBUTES} texts", (f"x_{name}",)))
        if isinstance(value, int) and abs(value) >= 10**18:
            faults.append(Fault(f"x_{name}", "is too large a number", "the bound is 10^18", (f"x_{name}",)))
    if len(given) > MAX_ATTRIBUTES:
        faults.append(Fault("attributes", f"{len(given):,} fields", f"the bound is {MAX_ATTRIBUTES}"))
    return faults


def _place(values: dict[str, Any], given: Mapping[str, object], bad: dict[str, str]) -> None:
    """Read together what only means something together: code and country, latitude and longitude."""
    code = postcode.parse(values["country"], values["postcode"])
    if values["postcode"] and code is None:
        bad["postcode"] = _raw(given["postcode"])
    values["postcode"] = code.text if code else None
    lat, lon = values["lat"], values["lon"]
    if lat is None or lon is None or geo.valid_point(lat, lon) is None:
        bad.update({name: _raw(given[name]) for name in ("lat", "lon") if not _absent(given[name])})
        values["lat"] = values["lon"] = None


@define(frozen=True, init=False)
class Lead:
    """An inquiry: who asks, from where, in which sector, for what.

    `id` is the caller's and never repeats. `received_at` is an instant. `country` is an ISO 3166
    alpha-2 code, `postcode` is held in its country's normal form, `lat` and `lon` are degrees
    (WGS 84). `sector` is a code as written, read in the plan's taxonomy when the lead is routed;
    `nace-2:47.81` says which taxonomy it is from. `value` is money in `currency`. `attributes`
    are the caller's own fields, typed by the plan.

    Any value may be given as text. What cannot be read is absent and kept in `unreadable`, by
    field. `LeadRefused` only without an id, or where a field is longer than 1,024 characters
    (the message: 65,536).
    """

    id: str
    company: Company
    received_at: datetime | None
    country: str | None
    postcode: str | None
    city: str | None
    lat: float | None
    lon: float | None
    sector: str | None
    product: str | None
    language: str | None
    source: str | None
    campaign: str | None
    value: Decimal | None
    currency: str | None
    employees: int | None
    contact_name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    message: str | None = field(repr=False)
    attributes: FrozenMap[Attribute]
    unreadable: FrozenMap[str] = field(repr=False)

    def __init__(
        self,
        id: object,
        company: object = None,
        *,
        received_at: object = None,
        country: object = None,
        postcode: object = None,
        city: object = None,
        lat: object = None,
        lon: object = None,
        sector: object = None,
        product: object = None,
        language: object = None,
        source: object = None,
        campaign: object = None,
        value: object = None,
        currency: object = None,
        employees: object = None,
        contact_name: object = None,
        email: object = None,
        phone: object = None,
        message: object = None,
        attributes: Mapping[str, object] | None = None,
        unreadable: Mapping[str, str] | None = None,
    ) -> None:
        given: dict[str, object] = {
            "received_at": received_at,
            "country": country,
            "postcode": postcode,
            "city": city,
            "lat": lat,
            "lon": lon,
            "sector": sector,
            "product": product,
            "language": language,
            "source": source,
            "campaign": campaign,
            "value": value,
            "currency": currency,
            "employees": employees,
            "contact_name": contact_name,
            "email": email,
            "phone": phone,
            "message": message,
        }
        own = dict(attributes or {})
        faults = _over_bounds({"id": id, "company": company, **given}, "") + _attribute_faults(own)
        known_as = readable_text(id)
        if known_as is None:
            faults.insert(0, Fault("id", "is missing or unreadable", "give every lead an id of its own", ("id",)))
        if faults:
            raise LeadRefused(faults)
        values, bad = _read(given, _LEAD)
        _place(values, given, bad)
        asks = _company(company)
        extra, bad_extra = _attributes(own)
        held = {**values, **{f"x_{k}": v for k, v in extra.items()}}
        kept = {k: v for k, v in (unreadable or {}).items() if held.get(k) is None and not k.startswith("company.")}
        kept.update({f"company.{k}": v for k, v in asks.unreadable.items()})
        self.__attrs_init__(
            id=known_as or "",
            company=asks,
            **values,
            attributes=FrozenMap(extra),
            unreadable=FrozenMap({**kept, **bad, **bad_extra}),
        )

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    @property
    def identity(self) -> Identity:
        """All that the company that asks is known by; what it does not say of itself, the lead says.

        A mail address counts for its own domain only.
        """
        return self.company.identity(country=self.country, email=self.email, postcode=self.postcode, city=self.city)

    def keys(self) -> frozenset[Key]:
        """The exact keys of the company that asks."""
        return self.identity.keys
