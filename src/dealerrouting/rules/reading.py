"""Reading: one lead as one plan sees it, at one instant.

May know: the lead, the plan's fields and taxonomy. May not know: rungs, dealers, outcomes.
A lead is read on its own when it is made; what only a plan can read (a sector in its taxonomy, the
caller's own fields by their declared types, money in its currency, the hour on its clock) is read
here. What cannot be read is absent, and flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from attrs import frozen

from dealerrouting import postcode
from dealerrouting.model import Attribute, Lead
from dealerrouting.model.lead import MAX_DECIMALS, decimals
from dealerrouting.taxonomy import Taxonomy, split, taxonomy, translate

__all__ = ["Lens", "Reading"]


@frozen
class Reading:
    """The fields of a lead by name, absent ones left out, and which of them were unreadable."""

    facts: Mapping[str, Any]
    unreadable: tuple[str, ...]


@frozen
class Lens:
    """What a plan brings to the reading of a lead."""

    taxonomy: Taxonomy
    zone: tzinfo
    currency: str | None
    attributes: Mapping[str, str]

    def read(self, lead: Lead, at: datetime | None) -> Reading:
        """The lead's fields at the instant `at`; without one, nothing is said of month, weekday and date."""
        facts: dict[str, Any] = {
            "id": lead.id,
            "received_at": lead.received_at,
            "company": lead.company.name,
            "company_number": lead.company.number,
            "vat": lead.company.vat,
            "lei": lead.company.lei,
            "domain": lead.company.domain,
            "country": lead.country,
            "postcode": postcode.parse(lead.country, lead.postcode) if lead.postcode else None,
            "city": lead.city,
            "lat": None if lead.lat is None else Decimal(str(lead.lat)),
            "lon": None if lead.lon is None else Decimal(str(lead.lon)),
            "location": lead.point,
            "product": lead.product,
            "language": lead.language,
            "source": lead.source,
            "campaign": lead.campaign,
            "employees": lead.employees,
            "contact_name": lead.contact_name,
            "email": lead.email,
            "phone": lead.phone,
            "message": lead.message,
        }
        bad = set(lead.unreadable)
        facts["sector"] = self._sector(lead, bad)
        facts.update(self._money(lead, bad))
        facts.update(self._own(lead, bad))
        if at is not None:
            facts.update(self._clock(at))
        known = {name: fact for name, fact in facts.items() if fact is not None}
        return Reading(known, tuple(sorted(bad)))

    def _clock(self, at: datetime) -> dict[str, Any]:
        try:
            local = at.astimezone(self.zone)
        except OverflowError:  # the first and the last hours of time have no date in every zone
            return {}
        return {"month": local.month, "weekday": local.isoweekday(), "date": local.date()}

    def _sector(self, lead: Lead, bad: set[str]) -> str | None:
        if lead.sector is None:
            return None
        code = read_sector(lead.sector, self.taxonomy)
        if code is None:
            bad.add("sector")
        return code

    def _money(self, lead: Lead, bad: set[str]) -> dict[str, Any]:
        """One currency a plan: an amount in another is not a number that its rules can use."""
        foreign = self.currency is not None and lead.currency not in (None, self.currency)
        if foreign and lead.value is not None:
            bad.add("value")
        return {"value": None if foreign else lead.value, "currency": lead.currency}

    def _own(self, lead: Lead, bad: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, kind in self.attributes.items():
            raw = lead.attributes.get(name)
            found[name] = None if raw is None else _typed(raw, kind)
            if raw is not None and found[name] is None:
                bad.add(f"x_{name}")
        return found


def read_sector(text: str, here: Taxonomy) -> str | None:
    """A sector as written, in the plan's taxonomy; None rather than a guess.

    Unqualified text is a code of the plan's own taxonomy. `nace-2:47.81` is carried over only
    where everything it means lies under one code here.
    """
    named, code = split(text)
    if named is None or named == here.id:
        return here.read(code)
    origin = taxonomy(named)
    known = origin.read(code) if origin else None
    return translate(known, origin, here) if origin and known else None


def _typed(raw: Attribute, kind: str) -> Any:
    """A caller's own value as its declared type, or None."""
    if kind == "list":
        return raw if isinstance(raw, tuple) else tuple(sorted(_items(raw))) or None
    if isinstance(raw, tuple):
        return None
    if kind == "str":
        return str(raw)
    if kind == "bool":
        return raw if isinstance(raw, bool) else {"true": True, "false": False}.get(str(raw).lower())
    if isinstance(raw, bool):
        return None
    return _date(raw) if kind == "date" else _number(raw, whole=kind == "int")


def _items(raw: Attribute) -> set[str]:
    return {item for part in str(raw).split(";") if (item := part.strip())}


def _date(raw: Attribute) -> date | None:
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        return None


def _number(raw: Attribute, *, whole: bool) -> Decimal | None:
    try:
        number = Decimal(str(raw))
    except ArithmeticError:
        return None
    if not number.is_finite() or decimals(number) > MAX_DECIMALS or abs(number) >= 10**15:
        return None
    return None if whole and number != number.to_integral_value() else number
