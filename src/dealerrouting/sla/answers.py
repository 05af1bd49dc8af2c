"""What each event does to a standing.

May know: standings, events, terms. May not know: deadlines, effects, which event is allowed where.
Every answer is `(standing, event, at, policy) -> (standing, outcome)`; `at` is the time that counts
for the event. The outcome is a word for the record: `applied`, `nothing` (it was so already), `late`
(an old assignment), `restored`, `not_counted`, or `refused:` and why; and `not_allowed` from whoever asks the
table in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve

from dealerrouting.events import (
    Accepted,
    Answer,
    Assigned,
    Declined,
    Event,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Updated,
    Withdrawn,
)
from dealerrouting.sla.state import Past, Pause, Standing
from dealerrouting.terms import Policy, Terms

__all__ = ["AnswerTo", "Said", "accepted", "assigned", "closed", "counting_time", "declined", "given", "late", "let_go"]

Said = tuple[Standing, str]
AnswerTo = Callable[[Standing, Any, datetime, Policy], Said]

_PHASE_OF = {"attempted": "contacted"}
"""A status and the phase it leads to, where that has another name: whoever tries is at work."""
_FINAL = ("won", "lost", "uncontactable")


def counting_time(event: Event, terms: Terms) -> datetime:
    """When an event counts as having happened: on receipt, or earlier as far as the terms believe it."""
    said, received = event.occurred_at, event.received_at
    if said is None or said >= received or terms.backdate_tolerance is None:
        return received
    return said if received - said <= terms.backdate_tolerance.delta else received


# Assignments begin and end


def given(now: Standing, holder: str, kind: str, phase: str, at: datetime, *, hops: int) -> Standing:
    """A new assignment, under the next number, with clocks of its own."""
    return Standing(
        phase=phase,
        since=at,
        clock_from=at,
        assignment=now.assignment + 1,
        holder=holder,
        kind=kind,
        hops=hops,
        past=now.past,
        reopens=now.reopens,
        breached=now.breached,
        changes=now.changes + 1,
        followers=now.followers,
    )


def _over(now: Standing, why: str) -> Standing:
    """The assignment is history; who is next is not said."""
    if now.holder is None or now.kind is None:
        return now
    return evolve(now, past=(*now.past, Past(now.assignment, now.holder, now.kind, why)))


def let_go(now: Standing, why: str, then: str, at: datetime, policy: Policy) -> Standing:
    """The holder has it no more: the router is to be asked, or the house has it at once.

    The house has it where `then` says so, and where the lead has moved on as often as the terms allow.
    """
    over = _over(now, why)
    if then == "return" or (over.had() and over.hops >= policy.terms.max_reassignments):
        return given(over, policy.house, "house", "house", at, hops=over.hops)
    return Standing(
        phase="waiting",
        since=at,
        clock_from=at,
        assignment=over.assignment,
        hops=over.hops,
        past=over.past,
        reopens=over.reopens,
        breached=over.breached,
        changes=over.changes + 1,
        followers=over.followers,
    )


def assigned(now: Standing, event: Assigned, at: datetime, policy: Policy) -> Said:
    """The router's answer, or a person's, is checked and taken."""
    objection = _objection(now, event, policy)
    if objection:
        return now, f"refused:{objection}"
    over = _over(now, "reassigned")
    dealer = event.outcome == "assigned"
    hops = over.hops + (dealer and bool(over.had()))
    return given(over, event.holder, event.outcome, "offered" if dealer else "house", at, hops=hops), "applied"


def _objection(now: Standing, event: Assigned, policy: Policy) -> str | None:
    if event.assignment > now.assignment + 1:
        return "unknown_assignment"
    dealer = event.outcome == "assigned"
    if dealer and event.holder == policy.house:
        return "house_is_no_dealer"
    if event.by_hand:
        return None
    if now.holder is not None and not (dealer and now.kind == "house"):
        return "somebody_holds_it"
    if dealer and event.holder in now.had():
        return "past_holder"
    if dealer and now.had() and now.hops >= policy.terms.max_reassignments:
        return "hops_exhausted"
    return None


def accepted(now: Standing, event: Accepted, at: datetime, policy: Policy) -> Said:
    """The holder takes it on; whoever works on it already did."""
    if now.phase != "offered":
        return now, "nothing"
    return evolve(now, phase="accepted", changes=now.changes + 1), "applied"


def declined(now: Standing, event: Declined, at: datetime, policy: Policy) -> Said:
    """Another dealer, while the terms allow it."""
    return let_go(now, "declined", "reassign", at, policy), "applied"


def withdrawn(now: Standing, event: Withdrawn, at: datetime, policy: Policy) -> Said:
    """A person takes it away; from the house it can only go on."""
    if now.kind == "house" and event.then == "return":
        return now, "nothing"
    return let_go(now, "withdrawn", event.then, at, policy), "applied"


def referred(now: Standing, event: Referred, at: datetime, policy: Policy) -> Said:
    """The house has it, and the dealer that handed it over hears of it from now on."""
    followers = tuple(sorted({*now.followers, now.holder or ""}))
    return let_go(evolve(now, followers=followers), "referred", "return", at, policy), "applied"


# Statuses


def updated(now: Standing, event: Updated, at: datetime, policy: Policy) -> Said:
    """A status is a claim: whether it counts is in the terms."""
    terms = policy.terms
    if event.status not in terms.counts_as_update:
        return now, "not_counted"
    if event.status in terms.needs_evidence and event.evidence is None:
        return now, "refused:no_evidence"
    phase = _PHASE_OF.get(event.status, event.status)
    if now.kind == "house" and phase not in _FINAL:
        phase = "house"
    told = evolve(now, phase=phase, status=event.status, changes=now.changes + 1)
    if phase in _FINAL:
        told = closed(told, at)  # no clock runs any more that could stand still
    if now.resets >= terms.max_resets:
        return told, "applied"  # believed, but the clock runs on
    return evolve(told, resets=now.resets + 1, clock_from=max(at, now.clock_from), kept=None, kept_at=None), "applied"


def reopened(now: Standing, event: Reopened, at: datetime, policy: Policy) -> Said:
    """Whoever had closed it has it again, under a new number."""
    if now.reopens >= policy.terms.max_reopens:
        return now, "refused:reopened_too_often"
    over = evolve(_over(now, "reopened"), reopens=now.reopens + 1)
    phase = "house" if now.kind == "house" else "accepted"
    return given(over, now.holder or "", now.kind or "", phase, at, hops=now.hops), "applied"


# Pauses


def paused(now: Standing, event: Paused, at: datetime, policy: Policy) -> Said:
    """The clock stands still until the bound, as far as the terms allow it in all."""
    if now.pause is not None:
        return now, "refused:paused_already"
    start = max([at, *(end for _, end in now.pauses)])  # no time is paused twice
    if event.until <= start:
        return now, "refused:pause_is_over"
    left = policy.terms.max_pause.delta - sum((end - begin for begin, end in now.pauses), timedelta(0))
    if left <= timedelta(0) or len(now.pauses) >= policy.terms.max_pauses:
        return now, "refused:pauses_spent"
    return evolve(now, pause=Pause(start, _bound(event.until, start, left), event.reason)), "applied"


def _bound(until: datetime, start: datetime, left: timedelta) -> datetime:
    return until if until - start <= left else start + left


def resumed(now: Standing, event: Resumed, at: datetime, policy: Policy) -> Said:
    """The clock goes on."""
    return (closed(now, at), "applied") if now.pause is not None else (now, "nothing")


def closed(now: Standing, at: datetime) -> Standing:
    """The pause is over at `at`, or at its bound where that is earlier."""
    if now.pause is None:
        return now
    start, end = now.pause.start, min(at, now.pause.until)
    over = ((start, end),) if start < end else ()
    return evolve(now, pause=None, pauses=(*now.pauses, *over))


# What comes back


def reminder_sent(now: Standing, event: ReminderSent, at: datetime, policy: Policy) -> Said:
    """The reminder has left: notice runs."""
    known = next((one for one in now.reminders if one.key == event.effect), None)
    if known is None:
        return now, "refused:unknown_reminder"
    if known.sent_at is not None:
        return now, "nothing"
    sent = tuple(evolve(one, sent_at=at) if one is known else one for one in now.reminders)
    return evolve(now, reminders=sent), "applied"


def late(now: Standing, event: Answer, at: datetime, policy: Policy) -> Said:
    """An answer to an assignment that is over: recorded, and nothing else, except as `late_answer` says.

    `restore`: the dealer from which the lead was withdrawn for silence gets it back, while nobody holds
    it. That is a hop like any other, so that it cannot go on for ever.
    """
    last = now.past[-1] if now.past else None
    wakes = isinstance(event, Accepted) or (isinstance(event, Updated) and _counts(event, policy.terms))
    may = policy.terms.late_answer == "restore" and now.hops < policy.terms.max_reassignments
    if not (may and wakes and now.phase == "waiting" and last is not None and last.why == "silence"):
        return now, "late"
    if last.assignment != event.assignment:
        return now, "late"
    back = given(now, last.holder, last.kind, "accepted", at, hops=now.hops + 1)
    return (updated(back, event, at, policy)[0] if isinstance(event, Updated) else back), "restored"


def _counts(event: Updated, terms: Terms) -> bool:
    counts = event.status in terms.counts_as_update
    return counts and (event.status not in terms.needs_evidence or event.evidence is not None)
