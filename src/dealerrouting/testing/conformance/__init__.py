"""The contract of the ports, as tests for a store of your own: one line of pytest for each rung of the ladder.

    TestMyStore = conformance.outbox(make_store)

May know: the ports, the model store, the core; pytest and Hypothesis. May not know: any database.

Inside, each module imports only those named before it: `said`, `registry`, `lives`, `worlds`, `bench`, `routes`,
`parts`, the `cases`, `machine`, `run`.
"""

from dealerrouting.errors import MissingExtra

try:
    import hypothesis
    import pytest
except ModuleNotFoundError as error:
    raise MissingExtra("the conformance kit", "testing") from error

from dealerrouting.testing.conformance.run import case_store, facts_source, outbox
from dealerrouting.testing.conformance.said import Broken

__all__ = ["Broken", "case_store", "facts_source", "outbox"]
_NEEDED = (hypothesis, pytest)
