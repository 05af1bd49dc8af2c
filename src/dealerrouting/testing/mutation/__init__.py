"""Mutation of the user's own plan: which of its rules does no test cover?

May know: plans, tests, how two plans are told apart. May not know: commands.
A mutant is the plan with one thing changed. Tests that stay green on it do not cover that thing, unless the mutant
decides every lead as the plan does; then it is equivalent, and nobody can tell them apart.

Inside, each module imports only those named before it: `mutant`, `stepping`, `conditions`, `nouns`, `clauses`,
`rungs`, `written`, `mutants`, `cases`, `reaching`, `worker`, `running`, `survivors`, `report`.
"""

from dealerrouting.testing.mutation.cases import Case
from dealerrouting.testing.mutation.mutant import KINDS, Mutant
from dealerrouting.testing.mutation.mutants import mutants
from dealerrouting.testing.mutation.report import Report
from dealerrouting.testing.mutation.running import Bench, RedTests, Run
from dealerrouting.testing.mutation.survivors import Judged, judged
from dealerrouting.testing.mutation.written import written_terms

__all__ = [
    "KINDS",
    "Bench",
    "Case",
    "Judged",
    "Mutant",
    "RedTests",
    "Report",
    "Run",
    "judged",
    "mutants",
    "written_terms",
]
