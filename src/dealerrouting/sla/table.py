"""The machine as a table, and the theory of it.

May know: what answers do, events. May not know: calendars, how a step is made.

**The phases.** A lead is `waiting` while nobody holds it and the router has been asked; `offered` to a
dealer; `accepted` by it; worked on: `contacted`, `qualified`, `quoted`; with the `house`; or closed:
`won`, `lost`, `uncontactable`. Every time somebody gets the lead is an assignment with a number of
its own, and numbers only grow, so that an answer says which assignment it is about.

**Events and ticks.** An event changes what is known, at once. Only a tick makes anything happen: it
settles the events that have come, in order of receipt whatever the order of arrival, and then does what is
due. So the order in which events arrive between two ticks cannot matter, and what was done is
never taken back for something that turns up later.

**Clocks.** One clock runs at a time in each phase, counted from the assignment or from the last status
that counted; several deadlines may hang on it. A deadline is its last instant that is still in time: a tick acts
when it is later. While a lead is paused no deadline acts, and the pause is no part of any clock.

**Fairness.** A dealer loses a lead for silence only if it was reminded, the reminder left, and notice has gone
by since. So a sweep that comes ten days late reminds, and withdraws nothing. A reminder that cannot be
delivered ends at a person, never at a withdrawal.

**Why it ends.** Silence alone leads from every phase to a person: each dealer is reminded and then
withdrawn; hops are bounded, and the next is the house; a router that does not answer is the house too; and the
house's manager is told, again and again. Whatever could start a clock anew is bounded: updates, pauses,
reopenings, hops. The only phases without a deadline are the closed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from dealerrouting.calendar import Length
from dealerrouting.sla import answers
from dealerrouting.sla.answers import AnswerTo
from dealerrouting.terms import Terms

__all__ = [
    "ANSWERS",
    "CLOCKS",
    "CLOCKS_OF",
    "DEADLINES",
    "DEADLINES_OF",
    "FINAL",
    "HELD",
    "PHASES",
    "TABLE",
    "WORKING",
    "Clock",
    "Deadline",
    "Row",
]

WORKING = ("contacted", "qualified", "quoted")
HELD = ("offered", "accepted", *WORKING)
FINAL = ("won", "lost", "uncontactable")
PHASES: Mapping[str, str] = {
    "waiting": "nobody holds it; the router is asked",
    "offered": "a dealer has it, and has not said whether it takes it on",
    "accepted": "a dealer has taken it on",
    "contacted": "the dealer has spoken to the prospect",
    "qualified": "the prospect wants and can",
    "quoted": "the prospect has an offer",
    "house": "a team of the manufacturer's own has it",
    "won": "closed: sold",
    "lost": "closed: not sold",
    "uncontactable": "closed: nobody could be reached, and there is evidence of it",
}
"""Where a lead can be."""


@frozen
class Row:
    """In these phases this event may come, and leads to one of those (or changes no phase)."""

    phases: tuple[str, ...]
    event: str
    to: tuple[str, ...]
    answer: AnswerTo
    why: str


_ON = ("waiting", "house")  # where a lead goes on to
_NEXT = (*WORKING, *FINAL)

TABLE = (
    Row(("waiting",), "assigned", ("offered", "house"), answers.assigned, "the router answers"),
    Row(
        ("house",), "assigned", ("offered", "house"), answers.assigned, "a dealer has room by now, or a person decides"
    ),
    Row(HELD, "assigned", ("offered", "house"), answers.assigned, "only by hand: a person gives it to another"),
    Row(("offered",), "accepted", ("accepted",), answers.accepted, "the holder takes it on"),
    Row(("accepted", *WORKING, "house"), "accepted", (), answers.accepted, "the holder had taken it on already"),
    Row(HELD, "declined", _ON, answers.declined, "the dealer does not want it"),
    Row(HELD, "updated", _NEXT, answers.updated, "the dealer claims a status"),
    Row(("house",), "updated", ("house", *FINAL), answers.updated, "the house claims a status"),
    Row((*HELD, "house"), "paused", (), answers.paused, "the clock stands still, with a reason and a bound"),
    Row((*HELD, "house"), "resumed", (), answers.resumed, "the clock goes on"),
    Row(HELD, "referred", ("house",), answers.referred, "the dealer hands it to the house and wants to hear of it"),
    Row((*HELD, "house"), "withdrawn", _ON, answers.withdrawn, "a person takes it away"),
    Row(FINAL, "reopened", ("accepted", "house"), answers.reopened, "it is alive again, with whoever held it"),
    Row((*HELD, "house", *FINAL), "reminder_sent", (), answers.reminder_sent, "the reminder has left: notice runs"),
)
"""Every event that may come in every phase. What is not here is not allowed, but for an answer to an assignment
that is over: that may come in every phase and is recorded as `late`. Where `late_answer` restores, one that
accepts the lead or says a status takes it from `waiting` back to its dealer."""

ANSWERS: Mapping[tuple[str, str], AnswerTo] = {(phase, row.event): row.answer for row in TABLE for phase in row.phases}
"""The same, to look up."""


@frozen
class Clock:
    """A clock that runs in these phases, and how long it may.

    `again`: it begins anew whenever this rule told a person.
    """

    name: str
    phases: tuple[str, ...]
    term: str
    length: Callable[[Terms], Length | None]
    again: str = ""


CLOCKS = (
    Clock("acceptance", ("offered",), "accept_within", lambda terms: terms.accept_within),
    Clock("first_status", ("offered", "accepted"), "remind_after", lambda terms: terms.remind_after),
    Clock("silence", ("offered", "accepted"), "withdraw_after", lambda terms: terms.withdraw_after),
    Clock("escalation", ("offered", "accepted"), "escalate_after", lambda terms: terms.escalate_after),
    Clock("stale", WORKING, "stale_after", lambda terms: terms.stale_after),
    Clock("house", ("house",), "house.remind_after", lambda terms: terms.house.remind_after),
    Clock("house_silence", ("house",), "house.escalate_after", lambda terms: terms.house.escalate_after, "house"),
    Clock("routing", ("waiting",), "delivery_bound", lambda terms: terms.delivery_bound),
)
"""The clocks that count from the beginning of an assignment, or from the last status that counted."""


@frozen
class Deadline:
    """In these phases, once `clock` has run out, `does` is done under `rule`.

    `noticed`: not before the reminder of the rule has left and notice has run. `again`: it may happen more than
    once in one assignment. A rule that starts anew with each status has the number of the status in its name,
    so that each has its one reminder.
    """

    rule: str
    phases: tuple[str, ...]
    does: str
    clock: str
    to: tuple[str, ...]
    why: str
    noticed: bool = False
    again: bool = False


_FIRST = ("offered", "accepted")
DEADLINES = (
    Deadline("acceptance", ("offered",), "remind", "acceptance", (), "not accepted in time"),
    Deadline("first_status", _FIRST, "remind", "first_status", (), "no status in time"),
    Deadline("first_status", _FIRST, "escalate", "escalation", (), "still no status: its manager is to know"),
    Deadline("acceptance", ("offered",), "withdraw", "acceptance", _ON, "reminded, and still not accepted", True),
    Deadline("first_status", _FIRST, "withdraw", "silence", _ON, "reminded, and still silent", True),
    Deadline("stale", WORKING, "remind", "stale", (), "nothing new for long"),
    Deadline("stale", WORKING, "withdraw", "stale", _ON, "reminded, and still nothing new", True),
    Deadline("house", ("house",), "remind", "house", (), "the house owes a status too"),
    Deadline("house", ("house",), "escalate", "house_silence", (), "reminded, and still silent", True, True),
    Deadline("routing", ("waiting",), "return", "routing", ("house",), "the router does not answer"),
)
"""What happens when nothing does. Besides these, a pause ends at its bound, and a reminder that has not left
within `delivery_bound` is told to a person of the house, again each time as much has gone by."""

CLOCKS_OF: Mapping[str, tuple[Clock, ...]] = {p: tuple(one for one in CLOCKS if p in one.phases) for p in PHASES}
DEADLINES_OF: Mapping[str, tuple[Deadline, ...]] = {p: tuple(d for d in DEADLINES if p in d.phases) for p in PHASES}
