"""What a question about a plan answers: findings, each with its place, its region and a lead that shows it.

May know: leads, facts, decisions, regions. May not know: how a finding is found, or in which words it is told.

The codes are grouped: 1 who has it, 2 what never decides, 3 what ends, 4 the clocks, 5 the user's own promises,
9 about the check itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.verify.region import Region

__all__ = ["CODES", "LEVELS", "Code", "Finding", "Witness"]

LEVELS = ("error", "warning", "note")
"""A conflict or a contradiction; what its author hardly meant; what is worth knowing, and fails nothing."""


@frozen
class Code:
    """One kind of finding: `DR102`, its name in kebab case, and how bad it usually is."""

    code: str
    name: str
    level: str


def _codes(*rows: tuple[str, str, str]) -> Mapping[str, Code]:
    return FrozenMap({name: Code(code, name, level) for code, name, level in rows})


CODES: Mapping[str, Code] = _codes(
    ("DR101", "unserved-region", "warning"),
    ("DR102", "overlapping-territory", "warning"),
    ("DR103", "overlapping-rule", "warning"),
    ("DR104", "overlapping-account", "error"),
    ("DR105", "broken-exclusive", "error"),
    ("DR106", "undecided-dealers", "error"),
    ("DR201", "shadowed-rule", "warning"),
    ("DR202", "shadowed-territory", "warning"),
    ("DR203", "unreachable-rule", "warning"),
    ("DR204", "unreachable-territory", "warning"),
    ("DR205", "idle-dealer", "warning"),
    ("DR301", "ending-service", "warning"),
    ("DR302", "lone-dealer", "note"),
    ("DR401", "closed-deadline", "warning"),
    ("DR501", "broken-promise", "error"),
    ("DR901", "unknown-region", "warning"),
    ("DR902", "unused-suppression", "warning"),
)
"""Every kind of finding, by name."""


@frozen
class Witness:
    """A concrete lead that shows a finding: routed with `facts` at `at`, it has this `decision`.

    For a difference between two plans, `decision` is the active plan's and `planned` the other's.
    """

    lead: Lead
    facts: Facts
    at: datetime
    decision: Decision
    planned: Decision | None = None


@frozen
class Finding:
    """One thing that a question found.

    `name` is one of `CODES`; `at` are the ids of what it is about (territories, rules, accounts, dealers, a country,
    a clock of the terms), by which a plan can suppress it. `regions` are where, the largest first, and `volume` is
    their part of the space asked about. `leads` is the number of past leads that lie there, where leads were given.
    `values` are what its sentence says besides. `exact` is False where something could only be sampled: `opaque`
    names it. `suppressed` is the reason that the plan gives for living with it.
    """

    name: str
    at: tuple[str, ...]
    level: str
    regions: tuple[Region, ...] = ()
    volume: Fraction = Fraction(0)
    witness: Witness | None = None
    values: FrozenMap[Any] = field(default=FrozenMap())
    leads: int | None = None
    exact: bool = True
    opaque: tuple[str, ...] = ()
    suppressed: str | None = None

    @property
    def code(self) -> str:
        """`DR102`: what its page in the docs is called by."""
        return CODES[self.name].code
