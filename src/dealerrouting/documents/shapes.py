"""The shape of a plan document: which keys there are, and what kind of thing each holds.

May know: pydantic, places, the shape of what was agreed. May not know: what a value means; the core says that when
it reads it.
What stands as `Any` has a reader of its own: conditions and lengths of time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from dealerrouting.documents.agreed_shapes import (
    CalendarShape,
    ClaimTermsShape,
    HolidaysShape,
    HoursShape,
    HouseTermsShape,
    Number,
    Shape,
    TermsShape,
    Words,
)
from dealerrouting.documents.places import Trail

__all__ = ["RUNGS", "PlanShape", "columns", "known_keys"]


Weights = str | list[str] | dict[str, int | float | Decimal | str]


class DealerShape(Shape):
    """A dealer's columns."""

    id: str
    name: str | None = None
    kind: str | None = None
    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    lat: Number | None = None
    lon: Number | None = None
    calendar: str | None = None
    serves_languages: Words = None
    serves_products: Words = None
    max_open: int | None = None
    max_per_30_days: int | None = None
    active_from: str | None = None
    active_until: str | None = None
    paused: str | list[str | list[str]] | None = None


class TerritoryShape(Shape):
    """A territory's columns."""

    id: str
    dealers: Weights
    country: Words = None
    postcodes: Words = None
    geohashes: Words = None
    sectors: Words = None
    products: Words = None
    languages: Words = None
    priority: int | None = None
    exclusive: bool | None = None
    ledger: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


class AccountShape(Shape):
    """An account's columns; those of its company stand among them."""

    id: str
    holder: str
    company: str | None = None
    country: str | None = None
    company_number: str | None = None
    vat: str | None = None
    lei: str | None = None
    domain: str | None = None
    postcode: str | None = None
    city: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


class CustomShape(Shape):
    """A function of the caller's own, by its name."""

    custom: str


class NothingShape(Shape):
    """A rung that takes no settings."""


Chain = str | list[str | CustomShape] | None


class PickShape(Shape):
    """A rung that only takes a pick chain."""

    pick: Chain = None


class IncumbentShape(Shape):
    """How long a won lead counts."""

    won_within: Any = None


class NearestShape(PickShape):
    """How far is near."""

    within_km: Number | None = None


class RuleShape(Shape):
    """A rule; its condition is read by its own reader."""

    id: str
    when: Any
    dealers: Weights
    priority: int | None = None
    ledger: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None


class RegistrationsRung(Shape):
    """Claims."""

    registrations: NothingShape | None


class AccountsRung(Shape):
    """Named accounts."""

    accounts: PickShape | None


class IncumbentRung(Shape):
    """Who has the company already."""

    incumbent: IncumbentShape | None


class RulesRung(Shape):
    """Rules, and how one is picked."""

    rules: list[RuleShape]
    pick: Chain = None


class TerritoriesRung(Shape):
    """Territories."""

    territories: PickShape | None


class NearestRung(Shape):
    """The nearest dealer."""

    nearest: NearestShape | None


RUNGS = ("registrations", "accounts", "incumbent", "rules", "territories", "nearest")
"""The rungs there are."""


def _kind(item: Any) -> str | None:
    """Which rung a mapping means; a bare word means one without settings."""
    if isinstance(item, str):
        return "word" if item in RUNGS and item != "rules" else None
    found = [name for name in RUNGS if name in item] if isinstance(item, dict) else []
    return f"rung:{found[0]}" if len(found) == 1 else None


RungShape = Annotated[
    Annotated[str, Tag("word")]
    | Annotated[RegistrationsRung, Tag("rung:registrations")]
    | Annotated[AccountsRung, Tag("rung:accounts")]
    | Annotated[IncumbentRung, Tag("rung:incumbent")]
    | Annotated[RulesRung, Tag("rung:rules")]
    | Annotated[TerritoriesRung, Tag("rung:territories")]
    | Annotated[NearestRung, Tag("rung:nearest")],
    Discriminator(_kind),
]


class CodesShape(Shape):
    """A taxonomy of the caller's own, inline or in a file."""

    id: str
    codes: dict[str, str | None] | None = None
    file: str | None = None


class SuppressionShape(Shape):
    """A finding that the plan lives with."""

    finding: str
    at: str
    reason: str


class PlanShape(Shape):
    """A whole plan, its tables inline or named by file."""

    schema_version: Literal[1] = 1
    name: str
    house: str
    timezone: str | None = None
    currency: str | None = None
    taxonomy: str | CodesShape | None = None
    attributes: dict[str, str] | None = None
    dealers: str | list[DealerShape]
    territories: str | list[TerritoryShape] | None = None
    accounts: str | list[AccountShape] | None = None
    calendars: dict[str, CalendarShape] | None = None
    precedence: list[RungShape]
    terms: TermsShape | None = None
    suppress: list[SuppressionShape] | None = None


_ROWS: dict[str, type[Shape]] = {"dealers": DealerShape, "territories": TerritoryShape, "accounts": AccountShape}
_SETTINGS: dict[str, type[Shape]] = {
    "registrations": NothingShape,
    "accounts": PickShape,
    "incumbent": IncumbentShape,
    "territories": PickShape,
    "nearest": NearestShape,
}
_FIXED: dict[Trail, type[Shape]] = {
    ("taxonomy",): CodesShape,
    ("terms",): TermsShape,
    ("terms", "house"): HouseTermsShape,
    ("terms", "claims"): ClaimTermsShape,
}


def columns(table: str) -> tuple[str, ...]:
    """The columns of one of a plan's tables."""
    return tuple(_ROWS[table].model_fields)


def known_keys(trail: Trail) -> tuple[str, ...]:
    """The keys that may stand in the mapping at `trail`."""
    match trail:
        case ():
            shape: type[Shape] = PlanShape
        case ("dealers" | "territories" | "accounts" as table, int()):
            shape = _ROWS[table]
        case ("precedence", int()):
            return (*RUNGS, "pick")
        case ("precedence", int(), "rules", int()):
            shape = RuleShape
        case ("precedence", int(), str() as kind) if kind in _SETTINGS:
            shape = _SETTINGS[kind]
        case _ if trail in _FIXED:
            shape = _FIXED[trail]
        case ("suppress", int()):
            shape = SuppressionShape
        case ("calendars", str()):
            shape = CalendarShape
        case ("calendars", str(), "also", int()):
            shape = HoursShape
        case ("calendars", *_, "holidays"):
            shape = HolidaysShape
        case _:
            shape = CustomShape
    return tuple(field.alias or name for name, field in shape.model_fields.items())
