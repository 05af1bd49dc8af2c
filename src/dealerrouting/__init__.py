"""Route leads to dealers by a plan you can read, prove and replay.

The front door: the names of the first page, and no work of its own.
"""

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.errors import DealerRoutingError, FactsError, Fault, LeadRefused, MissingExtra, PlanError
from dealerrouting.model import (
    Account,
    Choice,
    Company,
    Count,
    Dealer,
    Decision,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Registration,
    Territory,
)
from dealerrouting.rules import Custom, Pick, Plan, Rule, by, explain, needs, route, route_all, where
from dealerrouting.terms import ClaimTerms, HouseTerms, Terms

__all__ = [
    "Account",
    "Business",
    "BusinessDays",
    "Calendar",
    "Choice",
    "ClaimTerms",
    "Company",
    "Count",
    "Custom",
    "Dealer",
    "DealerRoutingError",
    "Decision",
    "Elapsed",
    "Facts",
    "FactsError",
    "Fault",
    "HouseTerms",
    "Incumbent",
    "Lead",
    "LeadRefused",
    "MissingExtra",
    "PastHolder",
    "Pick",
    "Plan",
    "PlanError",
    "Registration",
    "Rule",
    "Terms",
    "Territory",
    "by",
    "explain",
    "needs",
    "route",
    "route_all",
    "where",
]

__version__ = "0.1.0"
