"""Hypothesis strategies for everything that routes: valid by construction, drawn at the boundaries of a plan.

May know: the core, Hypothesis. May not know: files, the desk, commands.

Each can be called without an argument, and shrinks to something plain. `leads(plan)`, `facts(plan)` and
`instants(plan)` draw at the boundaries of a plan of yours.
"""

from dealerrouting.testing.strategies.courses import histories
from dealerrouting.testing.strategies.happenings import cases, facts, instants
from dealerrouting.testing.strategies.hostile import HOSTILE, hostile_text
from dealerrouting.testing.strategies.inquiries import leads
from dealerrouting.testing.strategies.network import (
    accounts,
    companies,
    dealers,
    postcode_sets,
    registrations,
    territories,
)
from dealerrouting.testing.strategies.rulings import conditions, plans, rules

__all__ = [
    "HOSTILE",
    "accounts",
    "cases",
    "companies",
    "conditions",
    "dealers",
    "facts",
    "histories",
    "hostile_text",
    "instants",
    "leads",
    "plans",
    "postcode_sets",
    "registrations",
    "rules",
    "territories",
]
