"""Values to JSON's own types and back: leads, registrations, facts, decisions, plans, events, states.

May know: the nouns, decisions, facts, plans, events, states. May not know: files.
Amounts and shares are text, because a float would change them; instants are ISO 8601 in UTC. There and
back gives an equal value.

Inside, each module imports only those named before it: `names`, `writing`, `reader`, `nouns`, `decided`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dealerrouting.documents.events import event_data, read_event
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.documents.states import effect_data, read_effect, read_state, state_data
from dealerrouting.documents.values.decided import read_decision
from dealerrouting.documents.values.names import LEAD_FIELDS, Data
from dealerrouting.documents.values.nouns import read_facts, read_lead, read_registration
from dealerrouting.documents.values.writing import (
    decision_data,
    explanation_data,
    facts_data,
    lead_data,
    registration_data,
)
from dealerrouting.errors import quoted
from dealerrouting.events import EVENTS, Event, Tick
from dealerrouting.model import Decision, Facts, Lead, Registration
from dealerrouting.rules import Plan
from dealerrouting.rules.canonical import plan_data
from dealerrouting.sla import Effect, SlaState

__all__ = ["KINDS", "LEAD_FIELDS", "explanation_data", "from_data", "to_data"]

KINDS: Mapping[str, Callable[[Any], Any]] = {
    "plan": plan_from_data,
    "lead": read_lead,
    "registration": read_registration,
    "facts": read_facts,
    "decision": read_decision,
    "event": read_event,
    "state": read_state,
    "effect": read_effect,
}
"""What can be made of data, by name."""


def to_data(value: Plan | Lead | Registration | Facts | Decision | Event | Tick | SlaState | Effect) -> Data:
    """The value in JSON's own types; `from_data` makes an equal one of it.

    A plan's custom functions are written by name. `TypeError` for anything else.
    """
    match value:
        case Plan():
            return plan_data(value)
        case Lead():
            return lead_data(value)
        case Registration():
            return {"schema_version": 1, **registration_data(value)}
        case Facts():
            return facts_data(value)
        case Decision():
            return decision_data(value)
        case Event() | Tick() if type(value) in (Tick, *EVENTS.values()):
            return event_data(value)
        case SlaState():
            return state_data(value)
        case Effect():
            return effect_data(value)
    raise TypeError(f"{quoted(value)} is not a plan, lead, registration, facts, decision, event, state or effect")


def from_data(kind: str, data: Any) -> Any:
    """The `plan`, `lead`, `registration`, `facts`, `decision`, `event`, `state` or `effect` that `to_data` wrote.

    `PlanError`, `LeadRefused`, `FactsError`, `DocumentError` or `EventError` with all faults; `ValueError` for
    another kind. A plan with custom functions is loaded by `load_plan`, which takes them.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")
    return KINDS[kind](data)
