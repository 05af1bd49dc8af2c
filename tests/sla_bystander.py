"""How a bystander keeps its notes on a lead, from events, effects and the public face.

It is told each event that arrived, each effect that came of a tick, and each time the face: phase, holder, number of
the assignment, promises broken, what is due next. It knows what an answer may lead to and does to a clock, but where
the face says that the lead is, there it is: whether that is right is for the laws to judge.
"""

from __future__ import annotations

from attrs import evolve

from dealerrouting.events import (
    Accepted,
    Assigned,
    Declined,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Updated,
    Withdrawn,
)
from sla_notes import CLOSED, HOUSE, MOMENT, NOTHING, Deed, Heard, Reminder

# What to make of an event


def counts_from(event, terms):
    """On receipt, or as far back as the terms believe it."""
    said, back = event.occurred_at, terms.backdate_tolerance
    believed = said is not None and back is not None and NOTHING < event.received_at - said <= back.delta
    return said if believed else event.received_at


def from_the_future(event, terms):
    """Whether it says that it happens later than the terms put up with."""
    return event.occurred_at is not None and event.occurred_at - event.received_at > terms.skew_tolerance.delta


def is_late(notes, event):
    """An answer to an assignment that is over; while nobody has the lead every assignment is."""
    if from_the_future(event, notes.terms):
        return False  # refused, whatever it is about
    if isinstance(event, Assigned):
        return event.assignment <= notes.face.number
    return event.assignment < notes.face.number + (notes.face.phase == "waiting")


def says_something(event, terms):
    """Whether a status counts as an update."""
    proven = event.evidence is not None or event.status not in terms.needs_evidence
    return event.status in terms.counts_as_update and proven


def is_premature(notes, event):
    """About an assignment that nobody has heard of; the router's answer is about the next one."""
    next_one = notes.face.number + isinstance(event, Assigned)
    return event.assignment > next_one


def may_restore(notes, event):
    """Whether an answer gives the lead back to the dealer that has just lost it for its silence."""
    wakes = isinstance(event, Accepted) or (isinstance(event, Updated) and says_something(event, notes.terms))
    allowed = notes.terms.late_answer == "restore" and notes.hops < notes.terms.max_reassignments
    in_time = notes.silent and notes.face.phase == "waiting" and notes.silent[0] == event.assignment
    return bool(wakes and allowed and in_time and not from_the_future(event, notes.terms))


# Where it leads


def leads_to(notes, event):
    """Where the lead is after an event: phase, holder, number. What cannot be believed leads nowhere."""
    face, terms = notes.face, notes.terms
    phase, holder, n = face.place
    if may_restore(notes, event):
        return says(event, "accepted"), notes.silent[1], n + 1
    if from_the_future(event, terms) or is_premature(notes, event) or is_late(notes, event):
        return face.place
    match event:
        case Assigned() if may_have(notes, event):
            return "offered" if event.outcome == "assigned" else HOUSE, event.holder, n + 1
        case Accepted() if phase == "offered":
            return "accepted", holder, n
        case Updated() if says_something(event, terms):
            said = says(event, phase)
            return HOUSE if holder == HOUSE and said not in CLOSED else said, holder, n
        case Declined():
            return goes_on(notes)
        case Withdrawn() if event.then == "reassign":
            return goes_on(notes)
        case Withdrawn() if holder != HOUSE:
            return HOUSE, HOUSE, n + 1
        case Referred():
            return HOUSE, HOUSE, n + 1
        case Reopened() if notes.reopened < terms.max_reopens:
            return HOUSE if holder == HOUSE else "accepted", holder, n + 1
    return face.place


def says(event, otherwise):
    """The phase that a status is of."""
    status = getattr(event, "status", otherwise)
    return "contacted" if status == "attempted" else status


def may_have(notes, event):
    """Whether whoever is named may have the lead: anybody by hand, and of the router only who has not had it."""
    dealer = event.outcome == "assigned"
    if event.by_hand or (dealer and event.holder == HOUSE):
        return event.by_hand and not (dealer and event.holder == HOUSE)
    free = notes.face.holder is None or (dealer and notes.face.holder == HOUSE)
    return free and not (dealer and (event.holder in notes.had or is_exhausted(notes)))


def is_exhausted(notes):
    """Whether it has moved on from dealer to dealer as often as it may."""
    had = notes.had | ({notes.face.holder} - {None, HOUSE})
    return bool(had) and notes.hops >= notes.terms.max_reassignments


def goes_on(notes):
    """Where a lead is that was taken from its holder: with nobody, or with the house after the last hop."""
    n = notes.face.number
    return (HOUSE, HOUSE, n + 1) if is_exhausted(notes) else ("waiting", None, n)


# Events


def hear(notes, event, face):
    """The notes after an event has arrived, with the face that it left."""
    at, was = counts_from(event, notes.terms), notes.awake(counts_from(event, notes.terms))
    now = _moved(was, event, face, at) or _told(was, event, at)
    now = now.resumed(at) if face.phase in CLOSED else now
    heard = Heard(event.id, event.received_at, notes.face, face, is_late(notes, event))
    by_hand = face.place != notes.face.place and (getattr(event, "by_hand", False) or isinstance(event, Withdrawn))
    now = now.but(face=face, inbox=(*notes.inbox, heard), hands=now.hands + by_hand)
    before, after = ((one.face.phase, one.face.number, one.clock) for one in (was, now))
    return _with_broken(now, was, was.missed(at) if before != after else [])


def _moved(was, event, face, at):
    """Another has it, or nobody: the notes begin anew. None where whoever had it has it still."""
    if face.number == was.face.number:
        return was.anew(face, at) if face.phase == "waiting" != was.face.phase else None
    now = was.anew(face, at)
    if isinstance(event, Reopened):
        return now.but(reopened=now.reopened + 1)
    told = isinstance(event, Updated)  # the dealer that had lost it has it back, and has told something at once
    return now.but(resets=int(told), hops=now.hops + (face.holder != HOUSE and bool(now.had)))


def _told(now, event, at):
    """What an answer of the present holder does to its clocks."""
    about_now = event.assignment == now.face.number and now.face.phase != "waiting"
    if not about_now or from_the_future(event, now.terms):
        return now
    match event:
        case Updated() if says_something(event, now.terms) and now.resets < now.terms.max_resets:
            return now.but(resets=now.resets + 1, clock=max(at, now.clock), kept=None, kept_at=None)
        case Paused():
            return now.but(pause=now.pause or now.to_pause(at, event.until))
        case Resumed():
            return now.resumed(at)
        case ReminderSent():
            known = (evolve(one, sent=one.sent or at) if one.key == event.effect else one for one in now.reminders)
            return now.but(reminders=tuple(known))
    return now


def _with_broken(now, was, deeds):
    """A promise is broken once in an assignment, and what was broken in another is no matter in this one."""
    news = tuple((was.face.number, deed.rule, deed.at) for deed in deeds if deed.rule not in was.broken)
    same = was.face.number == now.face.number and now.face.phase != "waiting"
    return now.but(news=news, broken=was.broken | {rule for _, rule, _ in news} if same else frozenset())


# Ticks and migrations


def tick(notes, at, effects, face):
    """The notes after a tick, by its effects alone, and where these leave the lead."""
    now = notes.awake(at - MOMENT).but(inbox=(), news=())
    due = {deed.rule: deed.at for deed in notes.must_do(at) if deed.does == "remind"}
    for effect in effects:
        now = _saw(now, effect, at, due)
    return now.but(face=face).settled(), now.face.place


def _saw(now, effect, at, due):
    match effect.does:
        case "remind":
            after = now.but(reminders=(*now.reminders, Reminder(effect.rule, effect.key, effect.send_from)))
            after = _with_broken(after, now, [Deed(due.get(effect.rule, effect.due), "remind", effect.rule)])
            return after.but(news=(*now.news, *after.news))
        case "escalate":
            others = tuple(one for one in now.told if one[0] != effect.rule)
            return now.but(told=(*others, (effect.rule, at)))
        case "withdraw" if effect.detail["why"] == "silence":
            nobody = evolve(now.face, phase="waiting", holder=None)
            return now.anew(nobody, at).but(silent=(effect.assignment, effect.to), news=now.news)
        case "return_to_house" if effect.assignment > now.face.number:
            house = evolve(now.face, phase=HOUSE, holder=HOUSE, number=effect.assignment)
            return now.anew(house, at).but(news=now.news)
        case "request_next" if now.face.phase == "waiting":
            return now.but(asked=at)
        case "wake":
            return now.but(wake=effect.due)
    return now


def migrate(notes, event, terms, effects, face):
    """The notes after the terms have changed: what has begun stays, and runs on as the event says."""
    at = event.received_at
    now = notes.but(terms=terms, face=face, news=(), migrations=notes.migrations + 1, kept=None, kept_at=None)
    if event.how == "keep_due":
        now = now.but(kept=tuple(_left(notes, at)) or None, kept_at=at)
    if event.how == "recompute_from_now":
        now = now.but(clock=at, asked=now.asked and at)
    for effect in effects:
        now = _saw(now, effect, at, {})
    return now.settled()


def _left(notes, at):
    """How much of each clock is left; what is paused after `at` is no part of it."""
    ends = notes.ends()
    for name, start, _ in notes.clocks():
        if name in ends:
            still = notes.pause and notes.pause[0] < ends[name] and notes.pause[1] > at
            yield name, start, ends[name], ends[name] - at - (notes.pause[1] - at if still else NOTHING)
