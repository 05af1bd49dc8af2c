"""What the pages of the SLA say and no table of the code does.

May know: the vocabulary of `sla`. May not know: how a page is written.
Every word here is held against the code by `tests/test_sla_pages.py`: a rule, a verb, an outcome or a term that the
code has and that is not here, or the other way round, is a red test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import Attribute, fields

from dealerrouting.sla import table
from dealerrouting.terms import HouseTerms, Terms, length_data

__all__ = [
    "BESIDES",
    "CALLS",
    "GROUPS",
    "KEYS",
    "MADE",
    "OUTCOMES",
    "REFUSALS",
    "TERMS",
    "default_of",
    "groups",
    "places",
]

MADE = "Made by `make pages` from the code: change that, not this."
BESIDES = (
    "A pause ends at its bound. A reminder that has not left within `delivery_bound` is told to the house, and again.",
    "Where `late_answer` is `restore`, a dealer that was silent gets a waiting lead back by `accepted` or `updated`.",
    "`migrate` may come in every phase, and moves nothing.",
)
"""What holds besides the rows."""

GROUPS = ("held", "working", "closed")
"""Names for phases that often go the same way, the largest first."""

CALLS: Mapping[str, str] = {
    "begin(lead, policy, at=, referred_by=, claimants=)": (
        "the state of a lead that nobody holds yet; the dealers that referred or claim it hear of each change"
    ),
    "step(state, event, policy)": "the state after an event or a `Tick`, and the effects",
    "run(state, events, policy)": "the same for several in turn",
    "next_due(state)": "the first instant at which a tick would change something; None where none ever will",
    "explain_due(state)": "why the next thing is due when it is, as data and as `.text(lang=)`; None where nothing is",
    "wanted(state, effect)": "whether a message that has not left yet still has something to say",
    "replay(log, policy, until=, policies=)": "the story of each lead in a log",
}
"""What the room does, and what comes back."""

KEYS: Mapping[str, tuple[str, str]] = {
    "remind": ("LEAD/NUMBER/remind:RULE", "`to` `role` (`inbox`) `rule` `due` `send_from`"),
    "escalate": ("LEAD/NUMBER/escalate:RULE:COUNT", "`to` `role` (`manager`) `rule` `due` `send_from`"),
    "withdraw": ("LEAD/NUMBER/withdraw", "`to` `role` (`inbox`) `detail`: `why`"),
    "request_next": ("LEAD/NUMBER/request_next", "`exclude` `detail`: `next`, the number of the answer"),
    "return_to_house": ("LEAD/NUMBER/return_to_house", "`to` `role` (`inbox`) `detail`: `why`"),
    "notify": ("LEAD/NUMBER/notify:DEALER:CHANGE", "`to` `role` (`inbox`) `detail`: `phase` `status`"),
    "wake": ("LEAD/wake:INSTANT", "`due`"),
    "record": (
        "LEAD/record:EVENT, LEAD/tick:COUNT",
        (
            "`due`, the receipt, and `detail`: `event` `type` `outcome` `from` `to`, and of what the event says `actor`"
            " `holder` `status` `reason` `evidence` `until` `then` `how`; of a tick `type` `did` `from` `to`"
        ),
    ),
}
"""Of each verb: how its key is made, and the fields that it fills."""

OUTCOMES: Mapping[str, str] = {
    "applied": "it was taken",
    "nothing": "it was so already",
    "not_counted": "a status that the terms do not count",
    "late": "it is about an assignment that is over: it changes nothing",
    "restored": "it was late, and the dealer has the lead back, under a new number",
    "not_allowed": "it was allowed when it came, but one received before it came later and left no room for it",
    "refused": "it cannot be believed, and the word after the colon says why",
}
REFUSALS: Mapping[str, str] = {
    "unknown_assignment": "a number that no assignment has",
    "from_the_future": "it says that it occurred later than it was received, by more than `skew_tolerance`",
    "somebody_holds_it": "the router's answer for a lead that somebody has: only a person may take it away",
    "past_holder": "the router's answer names a dealer that has had the lead",
    "hops_exhausted": "the router's answer names a further dealer, and the lead has moved on often enough",
    "house_is_no_dealer": "the team that takes what no dealer can was named as a dealer",
    "no_evidence": "a status that needs evidence came without any",
    "paused_already": "a pause in a pause",
    "pause_is_over": "a pause that ends before it begins",
    "pauses_spent": "the assignment has paused for as long as it may",
    "reopened_too_often": "the lead was reopened as often as it may be",
    "unknown_reminder": "no reminder of this assignment has that key",
}

TERMS: Mapping[str, str] = {
    "max_reassignments": "how often one lead may move on to another dealer",
    "remind_after": "from the assignment without a status that counts: the holder is reminded",
    "withdraw_after": "from the assignment without a status that counts: withdrawn, once `notice` is over too",
    "notice": "how much must have gone by since a reminder left before anything is withdrawn for silence",
    "accept_within": "from the assignment: it is to be accepted; off: nobody has to",
    "escalate_after": "from the assignment without a status that counts: its manager is told; off: never",
    "stale_after": "from the last status that counts: reminded, and withdrawn if nothing new comes",
    "on_silence": "what follows silence: `reassign`, or `return` to the house",
    "counts_as_update": "the statuses that stop a clock",
    "needs_evidence": "those that count only with evidence",
    "max_resets": "how often a holder may start its own clock anew in one assignment",
    "max_reopens": "how often a closed lead may be opened again",
    "max_pauses": "how many pauses one assignment may have",
    "max_pause": "for how long in all one assignment may pause",
    "delivery_bound": "how long a reminder or the router's answer may be under way",
    "late_answer": "what an answer may do after a withdrawal: `audit_only` or `restore`",
    "backdate_tolerance": "how far back an event is believed to have occurred; off: the receipt counts",
    "skew_tolerance": "how far ahead an event may say that it occurred",
    "calendar": "the calendar of whoever keeps none of its own",
    "retention": "how long what a lead says is kept once it is over; off: until somebody erases it; no deadline",
    "house.remind_after": "from the last status of the house: it is reminded",
    "house.escalate_after": "from the last status of the house, and again each time: its manager is told",
}
"""What each term sets, in the order of the terms."""


def groups() -> dict[str, tuple[str, ...]]:
    """The phases of each group."""
    return dict(zip(GROUPS, (table.HELD, table.WORKING, table.FINAL), strict=True))


def places(phases: Iterable[str]) -> Iterator[str]:
    """The fewest groups and phases that are these phases and no others."""
    left = set(phases)
    for name, inside in groups().items():
        if left.issuperset(inside):
            yield name
            left.difference_update(inside)
    yield from (phase for phase in table.PHASES if phase in left)


def default_of(term: str) -> str:
    """What a term is where nobody gives it, as a plan file writes it."""
    house, _, name = term.rpartition(".")
    kind: Any = HouseTerms if house else Terms
    column: Attribute[Any] = getattr(fields(kind), name)
    match column.default:
        case None:
            return "off"
        case str() | int():
            return str(column.default)
        case tuple():
            return " ".join(column.default)
    return " ".join(map(str, length_data(column.default).values()))
