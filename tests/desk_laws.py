"""The laws of a desk for the tests of this desk: those that are shipped, and replays that are not made again.

`Lawful` is a `MemoryStore` that looks at each commit before and after; `Broken` names the law, by its number in the
design.
"""

from __future__ import annotations

from dealerrouting.desk import LeadDesk
from dealerrouting.testing.laws import kept
from dealerrouting.testing.laws.commits import Lawful
from dealerrouting.testing.laws.kept import NotKept as Broken
from dealerrouting.testing.laws.kept import insist, nobody_is_named, nothing_stale_is_told

__all__ = ["Broken", "Lawful", "all_laws", "insist", "nobody_is_named", "nothing_stale_is_told"]


def all_laws(store, desk=None, secret=None):
    """Every law that can be seen in what is kept."""
    desk = desk or LeadDesk(store, secret=secret)
    for law in kept.OF_ALL:
        (replays if law is kept.replays else law)(store, desk)


def replays(store, desk):
    """20: what is kept, folded again, is what is kept; of erased leads too."""
    for case in store._cases.values():
        events = store._events.get(case.lead, ())
        if case.state is None or _REPLAYED.get(case.lead) == (id(case), len(events)):
            continue
        insist(20, desk.replayed(case.lead).same, f"{case.lead} is not what its events come to")
        _REPLAYED[case.lead] = (id(case), len(events))
        _KEPT.append(case)  # or its id would be another's


_REPLAYED, _KEPT = {}, []
"""What was replayed last of each lead: stores that are copies of one another share most of their cases."""
