"""Registrations: what a dealer claimed, nobody takes; and nobody can claim everything.

May know: the nouns, terms, the instruments. May not know: plans, how a lead is routed, clocks, stores. Routing knows a
`Registration` as a noun, and asks only whether it stands.

`submit` takes a claim in, `step` does what the table allows, `may_claim` answers a dealer's question; each gives a
value, and a refusal is a value too. Inside, each module imports only those named before it: `table`, `standing`, `now`,
`conflicts`, `faults`, `life`, `asking`.
"""

from dealerrouting.registrations.asking import ANSWERS, Answer, may_claim
from dealerrouting.registrations.conflicts import Objection, objections
from dealerrouting.registrations.life import next_due, owed, step, submit
from dealerrouting.registrations.now import Move, Now, Reason, Refusal, rule_for_dealer
from dealerrouting.registrations.standing import Market, Standing, index
from dealerrouting.registrations.table import MOVES, OPEN, OVER, RULES, TABLE, Row, Rule

__all__ = [
    "ANSWERS",
    "MOVES",
    "OPEN",
    "OVER",
    "RULES",
    "TABLE",
    "Answer",
    "Market",
    "Move",
    "Now",
    "Objection",
    "Reason",
    "Refusal",
    "Row",
    "Rule",
    "Standing",
    "index",
    "may_claim",
    "next_due",
    "objections",
    "owed",
    "rule_for_dealer",
    "step",
    "submit",
]
