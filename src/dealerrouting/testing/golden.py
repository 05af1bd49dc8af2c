"""Golden cases: who holds a lead, as a channel manager wrote it down, held against a plan.

May know: the modules `golden_...` beside it. May not know: pytest.

    file = golden.read("cases/antwerp.routing.yaml")
    for case in file.cases:
        verdict = golden.judge(case, file.plan)
"""

from __future__ import annotations

from dealerrouting.testing.golden_case import Expect, GoldenCase, Miss, Verdict, judge
from dealerrouting.testing.golden_read import GoldenFile, read
from dealerrouting.testing.golden_tell import smallest, told
from dealerrouting.testing.golden_text import case_text
from dealerrouting.testing.golden_update import Update, update, write

__all__ = [
    "Expect",
    "GoldenCase",
    "GoldenFile",
    "Miss",
    "Update",
    "Verdict",
    "case_text",
    "judge",
    "read",
    "smallest",
    "told",
    "update",
    "write",
]
