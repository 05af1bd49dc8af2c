"""The shape of a plan document: which keys there are, and what kind of thing each holds.

May know: pydantic, places. May not know: what a value means; the core says that when it reads it.
pydantic finds everything that has the wrong shape; this module says it in the words of a person, by
the place where it stands.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.errors import did_you_mean, quoted

__all__ = ["RUNGS", "PlanShape", "check", "columns", "known_keys", "pruned"]


class Shape(BaseModel):
    """Nothing is converted, and nothing unknown is let in."""

    model_config = ConfigDict(extra="forbid", strict=True, protected_namespaces=())


Words = str | list[str] | None
Number = int | float | Decimal
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


class ElapsedShape(Shape):
    """Real time: `48h`."""

    elapsed: str


class IncumbentShape(Shape):
    """How long a won lead counts."""

    won_within: ElapsedShape | None = None


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


class TermsShape(Shape):
    """The terms that routing knows."""

    max_reassignments: int | None = None


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
    precedence: list[RungShape]
    terms: TermsShape | None = Field(default=None)


_ROWS: dict[str, type[Shape]] = {"dealers": DealerShape, "territories": TerritoryShape, "accounts": AccountShape}
_SETTINGS: dict[str, type[Shape]] = {
    "registrations": NothingShape,
    "accounts": PickShape,
    "incumbent": IncumbentShape,
    "territories": PickShape,
    "nearest": NearestShape,
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
        case ("precedence", _, "incumbent", "won_within"):
            shape = ElapsedShape
        case ("taxonomy",):
            shape = CodesShape
        case ("terms",):
            shape = TermsShape
        case _:
            shape = CustomShape
    return tuple(shape.model_fields)


def check(data: Any, wrongs: Wrongs) -> None:
    """Note everything in `data` that does not have the shape of a plan."""
    try:
        PlanShape.model_validate(data)
    except ValidationError as error:
        found: dict[Trail, list[Any]] = {}
        for one in error.errors(include_url=False, include_context=True):
            found.setdefault(_trail(data, one), []).append(one)
        for trail in sorted(found, key=len, reverse=True):
            if not any(trail == other[: len(trail)] and trail != other for other in found):
                _say(data, trail, found[trail], wrongs)


def _trail(data: Any, error: Any) -> Trail:
    """pydantic's path without the names of the branches it tried."""
    trail: list[str | int] = []
    here = data
    for step in error["loc"]:
        inside = step in here if isinstance(here, dict) else isinstance(here, list) and isinstance(step, int)
        if inside:
            here = here[step]
            trail.append(step)
    if error["type"] == "missing":
        trail.append(error["loc"][-1])
    return tuple(trail)


_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "is_instance_of": "a number",
    "decimal_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def _say(data: Any, trail: Trail, errors: list[Any], wrongs: Wrongs) -> None:
    kinds = {error["type"] for error in errors}
    name = trail[-1] if trail else ""
    if "missing" in kinds:
        wrongs.add(trail, f"`{name}` is missing", "add it")
    elif "extra_forbidden" in kinds:
        wrongs.add(trail, f"unknown key {quoted(name)}", did_you_mean(name, known_keys(trail[:-1])), key=True)
    elif "union_tag_not_found" in kinds or "union_tag_invalid" in kinds:
        _say_rung(errors[0]["input"], trail, wrongs)
    elif "literal_error" in kinds:
        wrongs.add(trail, f"schema_version {shown(errors[0]['input'])} is not known here", "this release reads 1")
    else:
        _say_kind(_at(data, trail), trail, kinds, wrongs)


def _say_kind(value: Any, trail: Trail, kinds: set[str], wrongs: Wrongs) -> None:
    if not trail and value is None:
        wrongs.add((), "the plan is empty", "begin with `name`, `house`, `dealers` and `precedence`")
        return
    meant = [_KINDS[kind] for kind in _KINDS if kind in kinds] or ["what belongs here"]
    if "a number" in meant:
        meant = [kind for kind in meant if kind != "a whole number"]
    cure = "write it in quotes" if "text" in meant and isinstance(value, (int, float, Decimal)) else ""
    if not trail:
        cure = "a plan begins with `name`, `house`, `dealers` and `precedence`"
    wrongs.add(trail, f"{shown(value)} is not {' or '.join(dict.fromkeys(meant))}", cure)


def _say_rung(item: Any, trail: Trail, wrongs: Wrongs) -> None:
    words = [key for key in item if key != "pick"] if isinstance(item, dict) else [item]
    if len([word for word in words if word in RUNGS]) > 1:
        wrongs.add(trail, "two rungs in one item", "begin each with a `-` of its own")
    elif words == ["rules"]:
        wrongs.add(trail, "`rules` needs its list of rules", "write {rules: [{id: .., when: .., dealers: [..]}]}")
    elif isinstance(item, (dict, str)):
        word = words[0] if words else "nothing"
        wrongs.add(trail, f"unknown rung {quoted(word)}", did_you_mean(word, RUNGS), key=True)
    else:
        wrongs.add(trail, f"{shown(item)} is not a rung", "write {territories: {}} for example")


def shown(value: Any) -> str:
    """A value of a document in backticks, or what kind of thing it is."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else quoted(value)  # 1 is no `true`


def _at(data: Any, trail: Trail) -> Any:
    for step in trail:
        data = data[step]
    return data


def pruned(data: Any, bad: set[Trail]) -> Any:
    """The data without its bad parts; in lists nothing stands in their place, so that indexes stay."""
    around = {trail[:length] for trail in bad for length in range(len(trail))}
    return _pruned(data, (), bad, around)


def _pruned(node: Any, trail: Trail, bad: set[Trail], around: set[Trail]) -> Any:
    if trail in bad and trail:
        return None
    if trail not in around:
        return node
    if isinstance(node, dict):
        return {
            key: _pruned(value, (*trail, key), bad, around) for key, value in node.items() if (*trail, key) not in bad
        }
    if isinstance(node, list):
        return [_pruned(value, (*trail, index), bad, around) for index, value in enumerate(node)]
    return node
