"""A plan with fewer sources to ask, so that a lead can be routed among tens of thousands in no time.

May know: plans. May not know: which sources matter where.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from dealerrouting.rules.plan import Plan, Source

__all__ = ["MANY", "narrowed"]

MANY = 1_000
"""More sources than this, and a witness is routed among those of its place only."""


def narrowed(plan: Plan, kept: Mapping[str, tuple[Source, ...]]) -> Plan:
    """The plan with fewer sources to ask: those left out must be of other places, where they are false."""
    view = copy(plan)
    object.__setattr__(view, "sources", {name: kept.get(name, ()) for name in plan.sources})
    return view
