"""What a question is handed, refused where it is something else: a plan, past leads, a budget.

May know: plans, leads, budgets. May not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from dealerrouting.errors import quoted
from dealerrouting.model import Lead
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.cells import Budget

__all__ = ["budget_of", "leads_of", "plan_of"]


def plan_of(given: Plan) -> Plan:
    """The plan; `TypeError` where it is none."""
    if not isinstance(given, Plan):
        raise TypeError(f"a Plan is asked, not {quoted(given)}; read one with dealerrouting.documents.load_plan(...)")
    return given


def leads_of(given: Iterable[Lead]) -> list[Lead]:
    """Past leads; `TypeError` with the place of the first that is none, never with what it says."""
    if isinstance(given, Lead) or not isinstance(given, Iterable):
        raise TypeError(f"leads are several, not one {type(given).__name__}; give a list of Lead")
    leads = list(given)
    for at, one in enumerate(leads):
        if not isinstance(one, Lead):
            cure = "read them with dealerrouting.documents.load_leads(...)"
            raise TypeError(f"leads[{at}] is of type {type(one).__name__}, not a Lead; {cure}")
    return leads


def budget_of(given: Budget | None) -> Budget:
    """The budget, or the usual one; `TypeError` where it is none."""
    if given is not None and not isinstance(given, Budget):
        raise TypeError(f"a budget is verify.Budget(left=..., stretch=...), not {quoted(given)}")
    return given or Budget()
