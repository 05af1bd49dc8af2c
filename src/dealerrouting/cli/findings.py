"""One finding in words: what it is about and where that stands, what makes it so, and a lead that shows it.

May know: findings, the catalogues. May not know: how findings are sought, how a page looks.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dealerrouting.calendar import instant
from dealerrouting.documents import to_data
from dealerrouting.documents.values.names import LEAD_FIELDS
from dealerrouting.errors import nearest
from dealerrouting.model import Lead
from dealerrouting.rules import Plan
from dealerrouting.telling import Telling, moment, tell
from dealerrouting.verify import CODES, Finding, Witness

__all__ = [
    "Sites",
    "about",
    "details",
    "explaining",
    "figure",
    "kind_of",
    "part",
    "pronounced",
    "shown",
    "site_of",
    "witnessed",
]

Sites = Mapping[tuple[str, str], str]
_KINDS = {
    "unserved-region": "country",
    "overlapping-territory": "territory",
    "overlapping-rule": "rule",
    "overlapping-account": "account",
    "broken-exclusive": "territory",
    "shadowed-rule": "rule",
    "shadowed-territory": "territory",
    "unreachable-rule": "rule",
    "unreachable-territory": "territory",
    "idle-dealer": "dealer",
    "lone-dealer": "dealer",
    "closed-deadline": "terms",
    "broken-promise": "dealer",
    "unknown-region": "question",
    "unused-suppression": "suppress",
}
"""What the ids of a finding are ids of; one that is not here is about whatever the plan has by that id."""
_PICKS = ("conflict", "rotation", "hashed", "least_loaded", "nearest")


def pronounced(lang: str, message: str, **values: Any) -> str:
    """One message in words."""
    return next(tell(lang, [Telling(0, message, values)]))


# What it is about


def kind_of(finding: Finding, name: str, plan: Plan) -> str:
    """What this id of the finding is: a territory, a rule, an account, a dealer, a country, a part of the terms."""
    known = _KINDS.get(finding.name)
    if known is not None:
        return known
    if "rung" in finding.values:
        return "territory" if finding.values["rung"] == "territories" else "rule"
    territories = {one.id for one in plan.territories}
    rules = {rule.id for rung in plan.precedence for rule in rung.rules}
    return "territory" if name in territories else "rule" if name in rules else "dealer"


def site_of(finding: Finding, name: str, plan: Plan, sites: Sites) -> str | None:
    """Where this id stands in the plan's files, if that is known."""
    kind = kind_of(finding, name, plan)
    if kind == "suppress":
        return sites.get((kind, f"{finding.values['finding']} {name}"))
    if kind == "territory" and (parts := _parts(finding)):
        found = (sites.get(("part", f"{name} {number}")) for number in parts)
        return ", ".join(dict.fromkeys(place for place in found if place)) or None
    return sites.get((kind, name.removeprefix("terms.") if kind == "terms" else name))


def _parts(finding: Finding) -> tuple[int, ...]:
    """The parts of its territory that it is about, by number; none where it is about all of it."""
    values = finding.values
    return (values["part"],) if "part" in values else tuple(values.get("parts", ()))


def about(finding: Finding, plan: Plan, sites: Sites, lang: str) -> str:
    """`territory "antwerp" (territories.csv:7), territory "port" (territories.csv:9)`."""
    return ", ".join(_about(finding, name, plan, sites, lang) for name in finding.at)


def _about(finding: Finding, name: str, plan: Plan, sites: Sites, lang: str) -> str:
    kind, site = kind_of(finding, name, plan), site_of(finding, name, plan, sites)
    if (kind, name) == ("country", "elsewhere"):
        return pronounced(lang, "region.elsewhere")
    word = pronounced(lang, f"word.{kind}")
    said = name if kind in ("country", "terms", "question") else f'"{name}"'
    return f"{word} {said}" + (f" ({site})" if site else "")


# What makes it so


def details(finding: Finding, plan: Plan, lang: str, leads: int = 0) -> Iterator[str]:
    """What its sentence does not say: what decides, since when, how much of a country or of the past leads."""
    values = finding.values
    if "part" in values:
        yield pronounced(lang, "part.of", part=values["part"])
    match finding.name:
        case "unserved-region":
            yield from _size(finding, lang, leads)
        case "overlapping-territory" | "overlapping-rule" | "overlapping-account":
            yield from _shared(values, plan, lang)
        case "undecided-dealers":
            yield pronounced(lang, "undecided.among", dealers=values["dealers"], house=plan.house)
        case "shadowed-rule" | "shadowed-territory":
            yield from _before(values, lang)
        case "unreachable-rule" | "unreachable-territory":
            yield pronounced(lang, f"unreachable.{values['why']}")
        case "idle-dealer":
            named = values["offered_by"]
            yield pronounced(lang, "idle.offered" if named else "idle.nothing", ids=named)
        case "ending-service":
            yield pronounced(lang, "ending.at", at=moment(values["end"], plan.lens.zone))
        case "closed-deadline":
            yield pronounced(lang, "deadline.closed", **values)
        case "unknown-region":
            yield pronounced(lang, "unknown.tried" if finding.level == "note" else "unknown.work")
        case "unused-suppression":
            why = "unknown" if values["cure"] else "all" if finding.at == ("*",) else "gone"
            yield pronounced(lang, f"unused.{why}", finding=values["finding"], cure=_meant(values["finding"], lang))
    if not finding.exact and finding.opaque:
        yield pronounced(lang, "finding.tried", names=finding.opaque)


def _shared(values: Mapping[str, Any], plan: Plan, lang: str) -> Iterator[str]:
    """Which parts meet, and what decides between those that do."""
    decided = str(values["decided_by"])
    if values.get("parts"):
        yield pronounced(lang, "overlap.parts", parts=tuple(map(str, values["parts"])))
    told = decided if decided in _PICKS else "pick"
    yield pronounced(lang, f"overlap.{told}", name=decided, house=plan.house)


def _before(values: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What comes first, with what nothing chooses, in whose absence alone it decides."""
    first, among = _by_part(values, "by", lang), _by_part(values, "conflict", lang)
    if first and among:
        yield pronounced(lang, "shadowed.mixed", by=first, ids=among)
    elif first or among:
        yield pronounced(lang, "shadowed.by" if first else "shadowed.conflict", ids=first or among)
    alone = values["only_without"]
    if len(alone) == 1:
        yield pronounced(lang, "shadowed.only_without", dealer=alone)
    elif alone:
        yield pronounced(lang, "shadowed.only_without_one", dealers=alone)


def _by_part(values: Mapping[str, Any], name: str, lang: str) -> tuple[str, ...]:
    """Ids, with the parts that are meant of territories that have several."""
    parts = values.get(f"{name}_parts", {})
    return tuple(
        pronounced(lang, "part.named", id=one, parts=tuple(map(str, parts[one]))) if one in parts else one
        for one in values[name]
    )


def _meant(word: str, lang: str) -> str:
    """The finding whose name is nearest, or all names; in the language, unlike the cure of an error."""
    near = nearest(word, CODES)
    return pronounced(lang, "cure.near", name=near) if near else pronounced(lang, "cure.known", names=tuple(CODES))


def _size(finding: Finding, lang: str, leads: int) -> Iterator[str]:
    """In how many of the country's postcodes, and how many past leads lie there."""
    codes = finding.values["codes"]
    if codes:
        yield pronounced(lang, "gap.codes", share=part(codes, lang), country=finding.at[0])
    if finding.leads is not None and leads:
        yield pronounced(lang, "gap.leads", count=figure(finding.leads, lang), total=figure(leads, lang))


def part(share: Fraction, lang: str = "en") -> str:
    """A part of a whole: `12.5%`, `< 0.001%`; neither none nor all unless it is."""
    if share in (0, 1):
        return f"{int(share):.0%}"
    if share < Fraction(1, 100_000):
        return f"< {figure('0.001%', lang)}"
    if share > Fraction(999, 1_000):
        return f"> {figure('99.9%', lang)}"
    return figure(f"{float(share):.3%}" if share < Fraction(1, 100) else f"{float(share):.1%}", lang)


def figure(number: int | Decimal | str, lang: str) -> str:
    """A number as people write it there: `1,234.50`, `1.234,50`."""
    text = number if isinstance(number, str) else f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    return text.translate(str.maketrans(",.", pronounced(lang, "word.signs")))


# The lead that shows it


def shown(lead: Lead, lang: str) -> str:
    """What the lead says, by the names of its columns: `country NL, postcode 3011 AB`."""
    data = to_data(lead)
    said = [f"{name} {_cell(data[name])}" for name in LEAD_FIELDS if name in data]
    said += [f"x_{name} {_cell(value)}" for name, value in data.get("attributes", {}).items()]
    said += [f"company {name} {_cell(value)}" for name, value in data.get("company", {}).items() if name != "country"]
    return ", ".join(said) or pronounced(lang, "witness.nothing")


def _cell(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def witnessed(witness: Witness, plan: Plan, lang: str) -> str:
    """The lead, the instant on the plan's clock, what has happened besides, and whom it goes to."""
    values = {"said": shown(witness.lead, lang), "at": moment(witness.at, plan.lens.zone)}
    told = pronounced(lang, "witness.lead", **values) + "".join(_besides(witness, lang))
    if witness.planned is None:
        return f"{told}: {_decided(witness.decision, lang)}"
    before, after = _decided(witness.decision, lang), _decided(witness.planned, lang)
    message = "witness.same" if before == after else "witness.moves"  # of several it may be the same one's turn
    return f"{told}: {pronounced(lang, message, before=before, after=after)}"


def _besides(witness: Witness, lang: str) -> Iterator[str]:
    facts = witness.facts
    for claim in facts.registrations:
        yield pronounced(lang, "witness.claim", dealer=claim.dealer)
    for held in facts.incumbents:
        yield pronounced(lang, "witness.incumbent", dealer=held.dealer)
    for past in facts.past_holders:
        yield pronounced(lang, "witness.away", dealer=past.dealer)


def _decided(decision: Any, lang: str) -> str:
    how = "conflict" if "conflict" in decision.flags else "house" if decision.by == "house" else "held"
    return pronounced(
        lang, f"witness.{how}", holder=decision.holder, by=decision.by, because=decision.because or ("-",)
    )


def explaining(witness: Witness, plan: str) -> str | None:
    """What to type to have the lead explained; None where that takes facts, for which a folder would be needed."""
    facts = witness.facts
    if facts.registrations or facts.incumbents or facts.past_holders:
        return None
    import json

    lead = shlex.quote(json.dumps(to_data(witness.lead)))
    at = instant(witness.at).isoformat().replace("+00:00", "Z")
    named = f"{shlex.quote(plan)} - --lead {shlex.quote(witness.lead.id)} --at {at}"
    return f"echo {lead} | dealerrouting explain {named}"
