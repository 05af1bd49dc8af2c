"""Findings, changes, regions and witnesses in JSON's own types, in a shape that stays.

May know: findings, differences of plans. May not know: how they are sought, how a page looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from dealerrouting.calendar import instant
from dealerrouting.cli.findings import Sites, details, kind_of, pronounced, site_of
from dealerrouting.documents import to_data
from dealerrouting.model import Facts
from dealerrouting.rules import Plan
from dealerrouting.verify import Change, Finding, Outcome, Region, Witness
from dealerrouting.verify.outcome import ELSEWHERE

__all__ = ["change_data", "finding_data", "moment_data", "region_data", "witness_data"]

Data = Any


def moment_data(at: datetime | None) -> Data:
    """An instant in UTC, or null."""
    return None if at is None else instant(at).isoformat()


def finding_data(finding: Finding, plan: Plan, sites: Sites, lang: str, leads: int = 0) -> Data:
    """One finding with everything that is known of it."""
    return {
        "code": finding.code,
        "name": finding.name,
        "level": finding.level,
        "at": list(finding.at),
        "about": [
            {"kind": kind_of(finding, name, plan), "id": name, "place": site_of(finding, name, plan, sites)}
            for name in finding.at
        ],
        "text": _text(pronounced(lang, f"finding.{finding.name}"), *details(finding, plan, lang, leads)),
        "values": {name: _plain(value) for name, value in finding.values.items()},
        "regions": [region_data(region, lang) for region in finding.regions],
        "volume": float(finding.volume),
        "leads": finding.leads,
        "witness": witness_data(finding.witness),
        "exact": finding.exact,
        "opaque": list(finding.opaque),
        "suppressed": finding.suppressed,
    }


def _text(sentence: str, *more: str) -> str:
    """The sentence, with what else there is to say behind it."""
    return "; ".join((sentence.removesuffix("."), *more)) + "." if more else sentence


def _plain(value: Any) -> Data:
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case tuple() | list():
            return [_plain(part) for part in value]
        case Fraction():
            return float(value)
        case None | bool() | int() | str():
            return value
    return str(value)


def region_data(region: Region, lang: str) -> Data:
    """A region: its places, what it says of each attribute, the sources whose regions are no part of it."""
    return {
        "text": region.text(lang),
        "bands": [
            {"country": band.country, "kind": band.kind, "text": band.text({}), "lo": band.lo, "hi": band.hi}
            for band in region.bands
        ],
        "sides": [
            {"field": side.field, "values": list(side.values), "absent": side.absent, "but": side.but}
            for side in region.sides
        ],
        "but_for": list(region.but_for),
    }


def witness_data(witness: Witness | None) -> Data:
    """The lead as `load_leads` and `from_data` read it, the instant, the facts that matter, what was decided."""
    if witness is None:
        return None
    return {
        "lead": to_data(witness.lead),
        "at": moment_data(witness.at),
        "facts": None if witness.facts == Facts() else to_data(witness.facts),
        "decision": to_data(witness.decision),
        "planned": None if witness.planned is None else to_data(witness.planned),
    }


def change_data(change: Change, lang: str, houses: tuple[str, str]) -> Data:
    """One change between two plans."""
    return {
        "before": _outcome_data(change.before, houses[0]),
        "after": _outcome_data(change.after, houses[1]),
        "why": list(change.why),
        "away": change.away,
        "scenario": {
            "kind": change.scenario.kind,
            "dealer": change.scenario.dealer or None,
            "source": change.scenario.source or None,
        },
        "regions": [region_data(region, lang) for region in change.regions],
        "volume": float(change.volume),
        "witness": witness_data(change.witness),
        "exact": change.exact,
        "opaque": list(change.opaque),
    }


def _outcome_data(outcome: Outcome, house: str) -> Data:
    """Who may get the lead, each dealer's part as a fraction, and what is left to choose by.

    What the other rungs make of it is not said, and so are its holders not.
    """
    return {
        "by": outcome.rung,
        "holders": [] if outcome == ELSEWHERE else list(outcome.holders(house)),
        "pool": {name: str(share) for name, share in outcome.pool.items()},
        "left": list(outcome.left),
        "ledger": outcome.ledger,
        "conflict": outcome.conflict,
    }
