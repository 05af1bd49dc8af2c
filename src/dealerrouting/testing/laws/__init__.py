"""The laws of the design, asked of a plan of yours in one line.

    laws.check(plan)                    # raises Broken, with the smallest lead that shows it
    test_plan = laws.suite(plan)        # in a test module: one test for each law

May know: the core, the desk on the store in memory; pytest and Hypothesis. May not know: any database.

Inside, each module imports only those named before it: `law`, `shuffling`, `drawing`, `routing`, `courses`,
`follow_up`, `stories`, `claims`, `kept`, `commits`, `scenes`, `desk`, `run`.
"""

from dealerrouting.errors import MissingExtra

try:
    import hypothesis
    import pytest
except ModuleNotFoundError as error:
    raise MissingExtra("the laws as tests", "testing") from error

from dealerrouting.testing.laws.law import ROOMS, Breach, Broken, Law
from dealerrouting.testing.laws.run import LAWS, check, suite

__all__ = ["LAWS", "ROOMS", "Breach", "Broken", "Law", "check", "suite"]
_NEEDED = (hypothesis, pytest)
