"""Ports: what the world must offer so that a plan can run in it. A ladder, each rung of use by itself.

May know: the core's values. May not know: any database, how a command works.

1. `FactsSource`: answer what `needs` asks. Enough to route (`desk.decide`).
2. `CaseStore`: keep cases, say what is due in a total order, and commit a change whole or not at all. Enough for
   the desk.
3. `Outbox`: keep messages until they have left, and the first answer to every key. Enough to promise that nothing
   is lost between the two, and that a command sent twice is done once.

`AsyncFactsSource`, `AsyncCaseStore` and `AsyncOutbox` have the same names, to be awaited.
"""

from dealerrouting.ports.protocols import (
    AsyncCaseStore,
    AsyncFactsSource,
    AsyncOutbox,
    CaseStore,
    FactsSource,
    Outbox,
)
from dealerrouting.ports.values import (
    DESK,
    KINDS,
    MOST_WAITING,
    RECENT,
    Activation,
    Answered,
    Case,
    Claimed,
    Counter,
    Desk,
    Due,
    Hold,
    Known,
    Prospect,
    Ref,
    Trouble,
)
from dealerrouting.ports.writes import Act, Decided, History, Logged, Reads, Snapshot, Survey, Watched, Writes

__all__ = [
    "DESK",
    "KINDS",
    "MOST_WAITING",
    "RECENT",
    "Act",
    "Activation",
    "Answered",
    "AsyncCaseStore",
    "AsyncFactsSource",
    "AsyncOutbox",
    "Case",
    "CaseStore",
    "Claimed",
    "Counter",
    "Decided",
    "Desk",
    "Due",
    "FactsSource",
    "History",
    "Hold",
    "Known",
    "Logged",
    "Outbox",
    "Prospect",
    "Reads",
    "Ref",
    "Snapshot",
    "Survey",
    "Trouble",
    "Watched",
    "Writes",
]
