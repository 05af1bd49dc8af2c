"""What happens to a lead that somebody holds, and when: a table, clocks, and one pure function.

May know: events, terms, time. May not know: who should get a lead, how anything is stored or sent.
`begin` a lead, `step` its events and ticks, do the effects. `table` opens with the theory.
"""

from dealerrouting.sla.deadlines import wanted
from dealerrouting.sla.effects import VERBS, Effect
from dealerrouting.sla.explain import Reckoning, explain_due
from dealerrouting.sla.replay import Story, replay
from dealerrouting.sla.state import Breach, Due, Leg, Past, Pause, Reminder, Segment, SlaState, Standing, Told
from dealerrouting.sla.step import begin, next_due, run, step
from dealerrouting.sla.table import CLOCKS, DEADLINES, FINAL, HELD, PHASES, TABLE, WORKING

__all__ = [
    "CLOCKS",
    "DEADLINES",
    "FINAL",
    "HELD",
    "PHASES",
    "TABLE",
    "VERBS",
    "WORKING",
    "Breach",
    "Due",
    "Effect",
    "Leg",
    "Past",
    "Pause",
    "Reckoning",
    "Reminder",
    "Segment",
    "SlaState",
    "Standing",
    "Story",
    "Told",
    "begin",
    "explain_due",
    "next_due",
    "replay",
    "run",
    "step",
    "wanted",
]
