"""A plan as plain data, and its digest.

May know: plans and everything in them. May not know: files; `documents` writes this data to them.
Two plans have one digest exactly where they decide alike by what they say: lists are sorted where
order has no meaning, names for people are left out, the data the package brings is named by its
version, and a custom function by its name, version and what it reads, never by its code. Terms,
calendars and who keeps which stand in it by the digest of their policy.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from dealerrouting import identity, postcode, taxonomy
from dealerrouting.calendar import instant
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Custom, Not, Test
from dealerrouting.rules.picks import Pick
from dealerrouting.terms import length_data

if TYPE_CHECKING:
    from dealerrouting.model import Account, Company, Dealer, Territory
    from dealerrouting.rules.plan import Plan
    from dealerrouting.rules.rungs import Rule, Rung

__all__ = ["canonical_json", "condition_data", "digest", "plan_data", "value_data"]

Data = Any
"""JSON's own types."""


def value_data(value: Any) -> Data:
    """A constant in JSON's own types."""
    match value:
        case datetime():
            return instant(value).isoformat()
        case date():
            return value.isoformat()
        case float():
            return value_data(Decimal(repr(value)))
        case Decimal():
            whole = value == value.to_integral_value()
            return int(value) if whole else _fraction(value)
        case tuple() | list():
            return [value_data(item) for item in value]
        case _:
            return value


def _fraction(value: Decimal) -> Data:
    """A number where JSON's holds it exactly as written, so that a plan file can give it back; else text."""
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value.normalize())


def _given(**columns: Any) -> dict[str, Data]:
    """The columns that say something."""
    return {name: value_data(value) for name, value in columns.items() if value not in (None, (), False, "")}


def condition_data(condition: Condition) -> Data:
    """A condition as a plan file writes it."""
    match condition:
        case AllOf(parts):
            return {"all": [condition_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_data(part) for part in parts]}
        case Not(part):
            return {"not": condition_data(part)}
        case Custom():
            return {"custom": condition.name}
        case Test(name, "exists"):
            return {name: {"exists": True}}
        case Test(name, "within_km", (lat, lon, km)):
            return {name: {"within_km": {"lat": lat, "lon": lon, "km": value_data(km)}}}
        case Test(name, op, value):
            return {name: {op: value_data(value)}}
    raise TypeError(f"{condition!r} is not a condition")


def _weights(dealers: Any) -> Data:
    return {name: value_data(weight) for name, weight in dealers.items()}


def company_data(company: Company) -> Data:
    """A company's columns, as tables name them."""
    return _given(
        company=company.name,
        country=company.country,
        company_number=company.number,
        vat=company.vat,
        lei=company.lei,
        domain=company.domain,
        postcode=company.postcode,
        city=company.city,
    )


def dealer_data(dealer: Dealer) -> Data:
    """A dealer's columns, an absent one left out."""
    return _given(
        id=dealer.id,
        name=dealer.name,
        kind=dealer.kind,
        country=dealer.country,
        postcode=dealer.postcode,
        city=dealer.city,
        calendar=dealer.calendar,
        serves_languages=dealer.serves_languages,
        serves_products=dealer.serves_products,
        active_from=dealer.active_from,
        active_until=dealer.active_until,
        paused=tuple(tuple(span) for span in dealer.paused),
    ) | {
        name: value
        for name in ("lat", "lon", "max_open", "max_per_30_days")
        if (value := getattr(dealer, name)) is not None
    }


def territory_data(territory: Territory) -> Data:
    """A territory's columns, an absent one left out."""
    codes = territory.postcodes.items if territory.postcodes else ()
    return _given(
        id=territory.id,
        country=territory.country,
        postcodes=codes,
        geohashes=territory.geohashes,
        sectors=territory.sectors,
        products=territory.products,
        languages=territory.languages,
        exclusive=territory.exclusive,
        ledger=territory.ledger,
        valid_from=territory.valid_from,
        valid_until=territory.valid_until,
    ) | {"dealers": _weights(territory.dealers), "priority": territory.priority}


def account_data(account: Account) -> Data:
    """An account's columns, an absent one left out."""
    dates = _given(valid_from=account.valid_from, valid_until=account.valid_until)
    return {"id": account.id, "holder": account.holder, **company_data(account.company), **dates}


def rule_data(rule: Rule) -> Data:
    """A rule as a plan file writes it."""
    dates = _given(ledger=rule.ledger, valid_from=rule.valid_from, valid_until=rule.valid_until)
    return {
        "id": rule.id,
        "when": condition_data(rule.when),
        "dealers": _weights(rule.dealers),
        "priority": rule.priority,
        **dates,
    }


def _pick_data(chain: tuple[str | Pick, ...]) -> Data:
    return [step if isinstance(step, str) else {"custom": step.name} for step in chain]


def rung_data(rung: Rung) -> Data:
    """A rung as a plan file writes it."""
    if rung.kind == "rules":
        return {"rules": [rule_data(rule) for rule in rung.rules], "pick": _pick_data(rung.pick)}
    settings: dict[str, Data] = {} if rung.pick == ("ranked",) else {"pick": _pick_data(rung.pick)}
    if rung.won_within is not None:
        settings["won_within"] = length_data(rung.won_within)
    if rung.within_metres is not None:
        settings["within_km"] = value_data(Decimal(rung.within_metres) / 1_000)
    return {rung.kind: settings}


def plan_data(plan: Plan) -> dict[str, Data]:
    """The whole plan as one plan file with everything inline."""
    own = plan.taxonomy.id not in taxonomy.SHIPPED
    calendars = {name: calendar.data() for name, calendar in plan.calendars.items()}
    suppress = [{"finding": one.finding, "at": one.at, "reason": one.reason} for one in plan.suppress]
    return {
        "schema_version": 1,
        "name": plan.name,
        "house": plan.house,
        "timezone": plan.timezone,
        "currency": plan.currency,
        "taxonomy": {"id": plan.taxonomy.id, "codes": dict(plan.taxonomy.parents)} if own else plan.taxonomy.id,
        "attributes": dict(plan.attributes),
        "dealers": [dealer_data(dealer) for dealer in plan.dealers],
        "territories": [territory_data(territory) for territory in plan.territories],
        "accounts": [account_data(account) for account in plan.accounts],
        **({"calendars": calendars} if calendars else {}),
        "precedence": [rung_data(rung) for rung in plan.precedence],
        "terms": plan.terms.data(),
        **({"suppress": suppress} if suppress else {}),
    }


def canonical_json(data: Data) -> str:
    """One text for one value: sorted keys, no white space, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _sorted(items: list[Data]) -> list[Data]:
    return sorted(items, key=canonical_json)


def _meaning(node: Data) -> Data:
    """A condition with its parts in one order: *and* and *or* have none."""
    if isinstance(node, dict):
        return {
            key: _sorted([_meaning(p) for p in value]) if key in ("all", "any") else _meaning(value)
            for key, value in node.items()
        }
    return node


def _rung_meaning(rung: Rung) -> Data:
    data = rung_data(rung)
    if rung.kind == "rules":
        rules = [{**rule, "when": _meaning(rule["when"])} for rule in data["rules"]]
        data["rules"] = rules if "first" in rung.pick else _sorted(rules)
    return data


_TOLD_OTHERWISE = ("schema_version", "name", "calendars", "terms", "suppress")


def digest(plan: Plan) -> str:
    """`sha256:` and 64 hex digits over everything in the plan that can decide, and how long it lets things be kept.

    A calendar that nobody keeps decides nothing, and is left out; so is what a check of the plan is not to say.
    """
    data = {name: part for name, part in plan_data(plan).items() if name not in _TOLD_OTHERWISE}
    for dealer in data["dealers"]:
        for column in ("name", "city", "postcode", "country", "calendar"):
            dealer.pop(column, None)
    for account, row in zip(plan.accounts, data["accounts"], strict=True):
        for column in company_data(account.company):
            row.pop(column)
        row["keys"] = sorted(map(str, account.keys))
    for territory, row in zip(plan.territories, data["territories"], strict=True):
        row["postcodes"] = [list(span) for span in territory.postcodes.intervals] if territory.postcodes else []
        row["sectors"] = sorted(plan.taxonomy.read(taxonomy.split(code)[1]) or code for code in territory.sectors)
    if plan.terms.retention is not None:  # decides nothing, but is a plan's word, that has to be kept with it
        data["retention"] = length_data(plan.terms.retention)
    data |= {
        "policy": plan.policy.digest,
        "claims": plan.terms.claims.data(),
        "territories": _sorted(data["territories"]),
        "precedence": [_rung_meaning(rung) for rung in plan.precedence],
        "customs": [[c.name, c.version, list(c.reads)] for c in plan.customs],
        "picks": sorted([p.name, p.version] for rung in plan.precedence for p in rung.pick if isinstance(p, Pick)),
        "data": {
            "postcodes": postcode.TABLE_VERSION,
            "taxonomies": taxonomy.DATA_VERSION,
            **identity.data_versions(),
        },
    }
    return "sha256:" + sha256(canonical_json(data).encode("ascii")).hexdigest()
