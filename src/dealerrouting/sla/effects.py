"""`Effect`: something the caller must do, as data.

May know: time, the mapping. May not know: when anything is done.
A key is made of what the effect is about and of nothing else, neither of when the tick came nor of how
often: whoever does the same history again gets the same keys, and a message with a key that has left is
not sent again.
"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from dealerrouting.mapping import FrozenMap

__all__ = ["VERBS", "Effect", "key"]

VERBS = {
    "remind": "tell the holder that a status is due",
    "escalate": "tell a person: a manager, or the house",
    "withdraw": "tell the dealer that it holds the lead no more",
    "request_next": "ask the router for the next holder, without those that had it",
    "return_to_house": "tell the house that it holds the lead now",
    "notify": "tell the dealer that referred or claimed the lead how it stands",
    "wake": "tick this lead again at that instant",
    "record": "write down what happened",
}
"""What an effect can ask for."""


@frozen
class Effect:
    """`does` one of `VERBS`; `key` says which effects are the same one.

    `to` is the id of a dealer or team, `role` which of its contacts (`inbox`, `manager`). `at` is when it
    was decided, `due` the exact instant that made it due, `send_from` the earliest instant at which it may
    leave: when the recipient opens. `exclude` are the dealers that may not have the lead next. `detail` is
    the rest, in ids and short words.
    """

    does: str
    key: str
    lead: str
    assignment: int
    at: datetime
    to: str | None = None
    role: str | None = None
    rule: str | None = None
    due: datetime | None = None
    send_from: datetime | None = None
    exclude: tuple[str, ...] = ()
    detail: FrozenMap[str] = FrozenMap()


def key(lead: str, assignment: int, does: str, what: object = "") -> str:
    """`L1/2/remind:first_status`: the same for the same thing, however often it is worked out."""
    return f"{lead}/{assignment}/{does}:{what}" if what != "" else f"{lead}/{assignment}/{does}"
