"""Questions about plans, proved before they go live: who serves whom, who would quarrel, what never fires, what moves.

May know: plans and how they route. May not know: files, stores, the time of day. Every answer is a pure function of
plans, and every finding comes with a lead that shows it.

The constants of a plan cut the space of leads into cells, in each of which the same sources match. Cells are never
counted out one by one: places are swept, the other attributes are cut as far as the few sources that are active in a
place ask for it. Exact are countries and postcodes (coarse ones too), sectors on every level, words with their
prefixes, numbers, dates, lists, truth, time, geohash cells. Circles, degrees, functions of the caller's own and the
company behind a lead can only be tried: what hangs on them is called inexact, and named.

Inside, each module imports only those named before it. The space and its regions: `region`, `axes`, `place`, `boxes`,
`ordered`, `when`, `spot`, `space`, `times`, `drawing`. What a plan makes of a cell: `narrow`, `outcome`, `scenarios`,
`unlike`, `cells`, `given`, `sharing`, `contest`. From a cell to a lead that shows it: `finding`, `accounts`, `witness`,
`past`, `tries`, `compact`, `proof`, `roughly`, `missed`. The questions: `breaches`, `coverage`, `deadlines`, `doubles`,
`meeting`, `reach`, `promises`, `changes`, `checks`.
"""

from dealerrouting.verify.cells import Budget
from dealerrouting.verify.changes import Change, Moved, PlanDiff, Verdict, diff, equal
from dealerrouting.verify.checks import check
from dealerrouting.verify.coverage import cliffs, gaps
from dealerrouting.verify.deadlines import deadlines
from dealerrouting.verify.finding import CODES, LEVELS, Code, Finding, Witness
from dealerrouting.verify.meeting import exclusive, overlaps
from dealerrouting.verify.outcome import Outcome
from dealerrouting.verify.promises import ANY_LEAD, always, never
from dealerrouting.verify.reach import idle, shadowed, unreachable
from dealerrouting.verify.region import Band, Region, Side

__all__ = [
    "ANY_LEAD",
    "CODES",
    "LEVELS",
    "Band",
    "Budget",
    "Change",
    "Code",
    "Finding",
    "Moved",
    "Outcome",
    "PlanDiff",
    "Region",
    "Side",
    "Verdict",
    "Witness",
    "always",
    "check",
    "cliffs",
    "deadlines",
    "diff",
    "equal",
    "exclusive",
    "gaps",
    "idle",
    "never",
    "overlaps",
    "shadowed",
    "unreachable",
]
