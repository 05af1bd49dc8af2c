"""Who gets it? Conditions, rungs, plans, `route` and `explain`.

May know: the nouns and the instruments. May not know: the life of a claim, deadlines, scores,
files, stores. Pure functions over values: no clock, no chance, no I/O.
"""

from dealerrouting.rules.conditions import Condition, Custom, where
from dealerrouting.rules.counterfactual import MENU, Counterfactual
from dealerrouting.rules.explain import Considered, DealerView, Explanation, Found, Missed, RungReport, explain
from dealerrouting.rules.needs import MODES, Needs, needs, route_all
from dealerrouting.rules.picks import Pick
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import route
from dealerrouting.rules.rungs import Rule, Rung, by
from dealerrouting.telling import LANGUAGES

__all__ = [
    "LANGUAGES",
    "MENU",
    "MODES",
    "Condition",
    "Considered",
    "Counterfactual",
    "Custom",
    "DealerView",
    "Explanation",
    "Found",
    "Missed",
    "Needs",
    "Pick",
    "Plan",
    "Rule",
    "Rung",
    "RungReport",
    "by",
    "explain",
    "needs",
    "route",
    "route_all",
    "where",
]
