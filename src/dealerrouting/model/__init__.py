"""The nouns: leads, dealers, territories, accounts, registrations, facts, decisions.

May know: the instruments. May not know: plans and rules, states that wait, files, stores.
All are frozen values that compare equal whatever the order in which they were written, where
order has no meaning.
"""

from dealerrouting.model.decision import FLAGS, Changes, Decision, Owed, PassedOver, Retry
from dealerrouting.model.facts import MILLION, PARTS, Count, Facts, Incumbent, PastHolder
from dealerrouting.model.lead import MAX_FIELD, MAX_MESSAGE, Attribute, Company, Lead, readable_text
from dealerrouting.model.network import Account, Dealer, Territory, in_force
from dealerrouting.model.registration import SOURCES, STATUSES, Choice, Registration, Transition
from dealerrouting.model.suppression import Suppression

__all__ = [
    "FLAGS",
    "MAX_FIELD",
    "MAX_MESSAGE",
    "MILLION",
    "PARTS",
    "SOURCES",
    "STATUSES",
    "Account",
    "Attribute",
    "Changes",
    "Choice",
    "Company",
    "Count",
    "Dealer",
    "Decision",
    "Facts",
    "Incumbent",
    "Lead",
    "Owed",
    "PassedOver",
    "PastHolder",
    "Registration",
    "Retry",
    "Suppression",
    "Territory",
    "Transition",
    "in_force",
    "readable_text",
]
