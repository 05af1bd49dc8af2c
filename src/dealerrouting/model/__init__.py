"""The nouns: leads, dealers, territories, accounts, registrations, facts, decisions.

May know: the instruments. May not know: plans and rules, states that wait, files, stores.
All are frozen values that compare equal whatever the order in which they were written, where
order has no meaning.
"""

from dealerrouting.model.decision import FLAGS, Changes, Decision, PassedOver, Retry
from dealerrouting.model.facts import MILLION, Count, Facts, Incumbent, PastHolder
from dealerrouting.model.lead import MAX_FIELD, MAX_MESSAGE, Attribute, Company, Lead, readable_text
from dealerrouting.model.network import STATUSES, Account, Dealer, Registration, Territory, in_force

__all__ = [
    "FLAGS",
    "MAX_FIELD",
    "MAX_MESSAGE",
    "MILLION",
    "STATUSES",
    "Account",
    "Attribute",
    "Changes",
    "Company",
    "Count",
    "Dealer",
    "Decision",
    "Facts",
    "Incumbent",
    "Lead",
    "PassedOver",
    "PastHolder",
    "Registration",
    "Retry",
    "Territory",
    "in_force",
    "readable_text",
]
