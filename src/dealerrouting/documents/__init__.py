"""Untrusted text to core values and back: plans, leads, registrations, facts, decisions, events.

May know: the core, pydantic, PyYAML. May not know: commands, stores.
Everything that is wrong with a document is said at once, each with file, line and column, and a cure.
"""

from dealerrouting.documents.claim_form import read_registration
from dealerrouting.documents.event_log import Events, load_events
from dealerrouting.documents.facts import load_facts
from dealerrouting.documents.leads import Leads, Refused, load_leads
from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.plans import dump_plan, load_plan
from dealerrouting.documents.registrations import dump_registrations
from dealerrouting.documents.values import explanation_data, from_data, to_data

__all__ = [
    "DocumentError",
    "Events",
    "Leads",
    "Refused",
    "dump_plan",
    "dump_registrations",
    "explanation_data",
    "from_data",
    "load_events",
    "load_facts",
    "load_leads",
    "load_plan",
    "read_registration",
    "to_data",
]
