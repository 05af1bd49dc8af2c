"""The conditions that a manufacturer and its dealers have agreed on.

May know: time, the statuses of a lead, errors. May not know: plans, routing, where one lead or one claim stands.
`Terms` are what a plan says, `Terms.claims` what it says of registrations; a `Policy` is what a running deadline is
pinned to. Inside, each module imports only those named before it: `agreed`, `claims`, `follow_up`, `policy`.
"""

from dealerrouting.terms.agreed import length_data
from dealerrouting.terms.claims import ClaimTerms
from dealerrouting.terms.follow_up import LATE_ANSWERS, ON_SILENCE, HouseTerms, Terms
from dealerrouting.terms.policy import Policy, calendar_faults

__all__ = [
    "LATE_ANSWERS",
    "ON_SILENCE",
    "ClaimTerms",
    "HouseTerms",
    "Policy",
    "Terms",
    "calendar_faults",
    "length_data",
]
