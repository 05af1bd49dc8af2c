"""The laws of the SLA, 9 to 22: what becomes of a lead under the plan's own terms and calendars.

May know: the SLA, courses. May not know: routing, stores, pytest.
Each law looks at a course from outside: what came, what was done, where the lead stands. What is due is worked out
again from terms and calendar, never taken from the machine's own clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, permutations
from typing import Any

from attrs import evolve

from dealerrouting import sla
from dealerrouting.calendar import END, Elapsed, Length
from dealerrouting.errors import PolicyMismatch, TransitionNotAllowed
from dealerrouting.events import Answer, Assigned, Event, Migrate, ReminderSent, Reopened, Tick
from dealerrouting.sla import FINAL, SlaState
from dealerrouting.terms import Policy
from dealerrouting.testing.laws.courses import (
    LEAD,
    MOMENT,
    Course,
    Move,
    Script,
    lived,
    scripts,
    scripts_of_one_policy,
    told_course,
)
from dealerrouting.testing.laws.drawing import always
from dealerrouting.testing.laws.law import Law, Subject, insist, listed

__all__ = ["FOLLOW_UP"]

_CLOCK = ("remind", "escalate")
_MOST_TICKS = 60
_ORDERS = 24


def runs_out(policy: Policy, holder: str | None, start: datetime, length: Length) -> datetime:
    """The last instant of a length from `start` on the holder's calendar, where nothing is paused."""
    calendar = policy.calendar_of(holder)
    if isinstance(length, Elapsed):
        return length.after(start)
    return calendar.add(start, length) if calendar is not None else END


# 9 to 12: clocks


def _one_reminder(course: Course) -> None:
    seen: set[tuple[int, str | None]] = set()
    for move in course.moves:
        for one in move.of("remind"):
            insist((one.assignment, one.rule) not in seen, f"assignment {one.assignment} is reminded twice: {one.rule}")
            seen.add((one.assignment, one.rule))


def _pauses_hold(course: Course) -> None:
    for move in course.moves:
        pause = move.after.standing.pause
        if pause is None or (isinstance(move.what, Tick) and move.at > pause.until):
            continue
        done = [one.does for one in (*move.of(*_CLOCK), *move.silenced)]
        insist(not done, f"paused until {pause.until}, and the clock does {listed(done)}")
        if not move.after.inbox:
            due = sla.next_due(move.after)
            insist(due == pause.until + MOMENT, f"paused until {pause.until}, and due at {due}")


def _never_early(course: Course) -> None:
    """A tick acts at `next_due` and not a moment before; what is due is due by terms and calendar."""
    for move in course.moves:
        due = sla.next_due(move.before)
        if isinstance(move.what, Tick):
            acts = due is not None and move.at >= due
            insist(bool(move.effects) == acts, f"due at {due}, and a tick at {move.at} does {len(move.effects)} things")
        elif due is not None:
            early, none = sla.step(move.before, Tick(due - MOMENT), _pinned(course, move.before))
            insist(early == move.before and not none, f"due at {due}, and a tick acts before")
        for one in move.of(*_CLOCK):
            insist(one.due is not None and one.due < move.at, f"{one.rule}: due at {one.due}, done at {move.at}")
    _as_agreed(course)


_TERMS = {"acceptance": "accept_within", "first_status": "remind_after"}


def _as_agreed(course: Course) -> None:
    """The first reminders of an assignment are due as the terms say, counted from its beginning."""
    begun: dict[int, tuple[datetime, str]] = {}
    for move in course.moves:
        if isinstance(move.what, Assigned) and move.after.assignment > move.before.assignment:
            begun[move.after.assignment] = (move.at, move.what.holder)
        for one in move.of("remind"):
            length = getattr(course.policy.terms, _TERMS.get(one.rule or "", ""), None)
            if one.assignment in begun and length is not None and not _paused(course, one.assignment):
                start, holder = begun[one.assignment]
                due = runs_out(course.policy, holder, start, length)
                insist(one.due == due, f"{one.rule} runs from {start} for {length}: due at {due}, and not at {one.due}")


def _paused(course: Course, number: int) -> bool:
    return any(getattr(m.what, "type", "") == "paused" and m.after.assignment == number for m in course.moves)


def _pinned(course: Course, state: SlaState) -> Policy:
    known = {policy.digest: policy for policy in (course.policy, *(move.policy for move in course.moves))}
    return known[state.policy]


_LAST = {"acceptance": "accept_within", "first_status": "withdraw_after", "stale": "stale_after"}


def _fair_after_an_outage(course: Course) -> None:
    """Withdrawn for silence only with a reminder that left, notice since, and all the time that the terms give."""
    sent: dict[str, datetime] = {}
    terms = course.policy.terms
    for move in course.moves:
        if isinstance(move.what, ReminderSent):
            sent.setdefault(move.what.effect, move.at)
        for lost in move.silenced:
            reminders = [one for one in _reminders(course, lost.assignment) if one.key in sent]
            insist(reminders, f"{lost.to} loses it for its silence, and no reminder had left")
            insist(not [one for one in move.of("remind") if one.assignment == lost.assignment],
                   f"{lost.to} is reminded and loses it in one tick")  # fmt: skip
            fair = [one for one in reminders if _notice_over(course, one, sent[one.key], move.at)]
            insist(fair, f"{lost.to} loses it at {move.at}, before {terms.notice} have gone by since the reminder")
            whole = [one for one in fair if _all_used(course, one, lost.to, move)]
            insist(whole, f"{lost.to} loses it at {move.at}, before its time was used up")


def _reminders(course: Course, number: int) -> list[Any]:
    return [one for move in course.moves for one in move.of("remind") if one.assignment == number]


def _notice_over(course: Course, reminder: Any, sent: datetime, at: datetime) -> bool:
    start = max(sent, reminder.send_from)
    return runs_out(course.policy, reminder.to, start, course.policy.terms.notice) < at


def _all_used(course: Course, reminder: Any, holder: str | None, move: Move) -> bool:
    length = getattr(course.policy.terms, _LAST[reminder.rule.partition("-")[0]])
    return runs_out(course.policy, holder, _clock_from(course, reminder.assignment, move), length) < move.at


def _clock_from(course: Course, number: int, until: Move) -> datetime:
    """When the assignment began, or its last status that counted came."""
    at, terms = course.begun.standing.since, course.policy.terms
    for move in course.moves:
        if move is until:
            break
        if move.after.assignment == number and move.before.assignment < number:
            at = move.at
        said = getattr(move.what, "status", None) in terms.counts_as_update
        if said and getattr(move.what, "assignment", 0) == number:
            at = move.at
    return at


# 13 to 15: holders


def _never_twice(course: Course) -> None:
    had: set[str] = set()
    for move in course.moves:
        holder, what = move.after.holder, move.what
        if move.after.assignment == move.before.assignment or move.after.standing.kind != "assigned":
            continue
        allowed = isinstance(what, Reopened) or getattr(what, "by_hand", False) or _restored(move)
        insist(allowed or holder not in had, f"{holder} has it a second time")
        had |= {holder} if holder else set()


def _restored(move: Move) -> bool:
    """Whether a late answer gave the lead back, as the terms allow."""
    what = move.what
    if not isinstance(what, Answer) or isinstance(what, Assigned) or move.policy.terms.late_answer != "restore":
        return False
    return what.type in ("accepted", "updated") and move.before.phase == "waiting"


def _hops_bounded(course: Course) -> None:
    hops, dealers = 0, 0
    for move in course.moves:
        if move.after.assignment == move.before.assignment or move.after.standing.kind != "assigned":
            continue
        if not isinstance(move.what, Reopened):
            hops += bool(dealers)
            dealers += 1
            most = move.policy.terms.max_reassignments
            by_hand = getattr(move.what, "by_hand", False)
            insist(by_hand or hops <= most, f"it moves on for the {hops}th time, and may {most} times")


def _old_answers_move_nothing(course: Course) -> None:
    for number, move in enumerate(course.moves):
        what, old = move.what, move.before
        if not isinstance(what, Answer) or isinstance(what, Assigned) or _restored(move):
            continue
        over = what.assignment < old.assignment + (old.phase == "waiting")
        if not over or what.id in _ids(old):
            continue
        place, now = ((one.phase, one.holder, one.assignment) for one in (old, move.after))
        insist(place == now, f"an answer to assignment {what.assignment} moves the lead from {place} to {now}")
        for record in _records_of(course.moves[number:], what.id):
            insist(record.detail["outcome"] == "late", f"it is recorded as {record.detail['outcome']}")


def _ids(state: SlaState) -> set[str]:
    return {*state.seen, *(event.id for event in state.inbox)}


def _records_of(moves: Sequence[Move], ident: str) -> Iterator[Any]:
    return (one for move in moves for one in move.of("record") if one.detail.get("event") == ident)


# 16 to 18: order and repetition


def _duplicates_change_nothing(course: Course) -> None:
    for move in course.moves:
        if isinstance(move.what, Event):
            again, effects = sla.step(move.after, move.what, move.policy)
            insist(again == move.after and not effects, f"{move.what.type} comes twice, and changes something")
    for move in course.moves:
        if isinstance(move.what, Event) and not isinstance(move.what, Migrate):
            again, effects = sla.step(course.state, move.what, course.last)
            same = again == course.state and not effects
            insist(same, f"{move.what.type} comes again at the end, and changes something")


def _order_of_arrival(course: Course) -> None:
    """What comes between two ticks comes to the same after the second, in whatever order it came."""
    for begin, some, tick in _windows(course.moves):
        known = _settled(begin, some, tick)
        for order in islice(permutations(some), 1, _ORDERS):
            other = _settled(begin, order, tick)
            insist(other is None or other == known, f"as {listed(m.what.type for m in order)} it ends otherwise")


def _windows(moves: Sequence[Move]) -> Iterator[tuple[SlaState, list[Any], Move]]:
    some: list[Any] = []
    for move in moves:
        if isinstance(move.what, Tick):
            if len(some) > 1:
                yield some[0].before, some, move
            some = []
        elif isinstance(move.what, Migrate):
            some = []
        elif move.after != move.before:
            some.append(move)


def _settled(state: SlaState, moves: Sequence[Move], tick: Move) -> Any:
    """State and keys after the tick; None where one of them was not allowed at its turn."""
    try:
        for move in moves:
            state, _ = sla.step(state, move.what, tick.policy)
    except TransitionNotAllowed:
        return None
    state, effects = sla.step(state, tick.what, tick.policy)
    return state, sorted(one.key for one in effects)


def _never_undone(course: Course) -> None:
    """What a tick has settled stays: broken promises, reminders of this assignment, assignments that are over."""
    for move in course.moves:
        before, after = move.before.settled, move.after.settled
        kept = after.breached[: len(before.breached)]
        insist(kept == before.breached, "a broken promise is forgotten")
        insist(after.past[: len(before.past)] == before.past, "an assignment that was over is not")
        if after.assignment == before.assignment and after.phase != "waiting":
            lost = {one.rule for one in before.reminders} - {one.rule for one in after.reminders}
            insist(not lost, f"a reminder is forgotten: {listed(sorted(lost))}")


# 19 to 22: an end, and the same again


def _silence_ends(course: Course) -> None:
    for move in course.moves:
        due = sla.next_due(move.after)
        insist(due is not None or move.after.phase in FINAL, f"{move.after.phase}, and nothing is due")
    state, policy = course.state, course.last
    for _ in range(_MOST_TICKS):
        due = sla.next_due(state)
        if due is None or state.standing.kind == "house":
            return
        state, effects = sla.step(state, Tick(due), policy)
        if any(one.does in ("escalate", "return_to_house") for one in effects):
            return
    raise AssertionError(f"nobody says anything, and after {_MOST_TICKS} ticks no person has been told")


def _replays(course: Course) -> None:
    """All of it once more, under an equal policy: the same states, the same keys."""
    twins = {move.policy.digest: evolve(move.policy) for move in course.moves}
    state = sla.begin(LEAD, course.policy, at=course.begun.standing.since)
    insist(state == course.begun, "it begins otherwise")
    for move in course.moves:
        state, effects = sla.step(state, move.what, twins[move.policy.digest])
        insist(state == move.after, "another state")
        keys = [one.key for one in effects]
        insist(keys == [one.key for one in move.effects], "effects with other keys")


def _policies_are_pinned(course: Course) -> None:
    """Another policy is refused, and to keep what is due keeps it."""
    strange = evolve(course.last, terms=evolve(course.last.terms, max_reopens=course.last.terms.max_reopens + 7))
    at = course.moves[-1].at if course.moves else course.begun.standing.since
    for what in (Tick(at), Migrate("x", LEAD, received_at=at, to=course.last.digest, how="keep_due")):
        try:
            sla.step(course.state, what, strange)
        except PolicyMismatch:
            continue
        raise AssertionError("another policy is taken")
    for move in course.moves:
        if isinstance(move.what, Migrate) and move.what.how == "keep_due":
            before, after = sla.next_due(move.before), sla.next_due(move.after)
            insist(before == after, f"to keep what is due moves it from {before} to {after}")


def _one_record_each(course: Course) -> None:
    for move in course.moves:
        records = move.of("record")
        told = [one.detail["event"] for one in records if one.detail["type"] != "tick"]
        if isinstance(move.what, Tick):
            come = [one.id for one in move.before.inbox if one.received_at <= move.at] if move.effects else []
            insist(told == come, f"{listed(come)} came, and {listed(told)} are recorded")
            ticks = len(records) - len(told)
            insist(ticks == (move.after != move.before), f"a tick that changes something has {ticks} records")
        elif isinstance(move.what, Migrate):
            insist(told == [move.what.id], f"a migration has the records {listed(told)}")


def _law(number: int, name: str, text: str, judge: Any, drawn: Any = scripts) -> Law:
    def holds(on: Subject, script: Script) -> None:
        judge(lived(on.plan, script))

    return Law(number, name, text, "sla", drawn, holds, told_course, always)


FOLLOW_UP = (
    _law(9, "one_reminder", "There is at most one reminder for each assignment and rule.", _one_reminder),
    _law(10, "pauses_hold", "While a lead is paused its clock does nothing, and the end of the pause is due next.",
         _pauses_hold),
    _law(11, "never_early", "Nothing is done before it is due by terms and calendar, and everything at the first tick"
         " after.", _never_early, scripts_of_one_policy),
    _law(12, "fair_after_an_outage", "Nobody loses a lead for silence without a reminder that left, notice since then,"
         " and all its time.", _fair_after_an_outage, scripts_of_one_policy),
    _law(13, "never_twice", "No dealer holds a lead twice, unless it is reopened, restored, or a person says so.",
         _never_twice),
    _law(14, "hops_bounded", "A lead moves on no more often than the terms allow, unless a person says so.",
         _hops_bounded),
    _law(15, "old_answers_move_nothing", "An answer to an assignment that is over is recorded and changes nothing,"
         " except as `late_answer` says.", _old_answers_move_nothing),
    _law(16, "duplicates_change_nothing", "The same event twice is that event once.", _duplicates_change_nothing),
    _law(17, "order_of_arrival", "The order in which events arrive between two ticks does not matter.",
         _order_of_arrival),
    _law(18, "never_undone", "A broken promise, a reminder and a withdrawal are never undone.", _never_undone),
    _law(19, "silence_ends", "Something is always due until a lead is closed, and silence alone ends at a person.",
         _silence_ends),
    _law(20, "sla_replays", "The same events again give the same states and the same keys.", _replays),
    _law(21, "policies_are_pinned", "Changed terms move no running deadline, unless a migration says so.",
         _policies_are_pinned),
    _law(22, "one_record_each", "Every event has one record, and every tick that changes something.", _one_record_each),
)  # fmt: skip
