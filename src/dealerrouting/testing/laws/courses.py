"""Courses: what may happen to one lead under the terms of a plan, lived by the real machine, move by move.

May know: events, the SLA, Hypothesis. May not know: what any law says, stores.
A script is drawn as plain numbers, and each says which of the likely things comes next: so courses go deep, and the
smallest script is a course of the plainest things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from dealerrouting import events, sla
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import HOW_TO_MIGRATE, Answer, Assigned, Event, Migrate, ReminderSent, Tick
from dealerrouting.rules import Plan
from dealerrouting.sla import FINAL, HELD, Effect, SlaState, begin
from dealerrouting.terms import Policy
from dealerrouting.testing.laws.law import Subject

__all__ = ["LEAD", "MOMENT", "Course", "Move", "Script", "Step", "dealers_of", "lived", "scripts", "told_course"]

LEAD = "L1"
MOMENT = timedelta(microseconds=1)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
STARTS = (
    datetime(2027, 1, 4, 9, tzinfo=UTC),  # a Monday
    datetime(2027, 3, 26, 16, 30, tzinfo=UTC),  # Good Friday, and the clocks go forward two days later
    datetime(2027, 12, 24, 12, 15, tzinfo=UTC),
)
WAITS = ("due", "none", "hour", "almost due", "day", "outage")
"""Until what comes next is due and a moment more; not at all; and so on."""


@frozen
class Step:
    """The next thing: the `what`-th of the likely ones, after waiting, and whether a tick follows."""

    what: int = 0
    wait: int = 0
    who: int = 0
    tick: bool = True


@frozen
class Script:
    """A course that has not been lived yet."""

    start: int
    steps: tuple[Step, ...]
    migrates: bool = True


@frozen
class Move:
    """One event or tick: the state before and after it, what it did, and the policy that holds after it."""

    what: Event | Tick
    before: SlaState
    after: SlaState
    effects: tuple[Effect, ...]
    policy: Policy

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.what.at if isinstance(self.what, Tick) else self.what.received_at

    @property
    def silenced(self) -> tuple[Effect, ...]:
        """Whom the clock took the lead from."""
        return tuple(one for one in self.effects if one.does == "withdraw" and one.detail["why"] == "silence")

    def of(self, *verbs: str) -> tuple[Effect, ...]:
        """Its effects of some kinds."""
        return tuple(one for one in self.effects if one.does in verbs)


@frozen
class Course:
    """All that happened to one lead."""

    policy: Policy
    begun: SlaState
    moves: tuple[Move, ...] = field(repr=False)

    @property
    def state(self) -> SlaState:
        """Where it stands at the end."""
        return self.moves[-1].after if self.moves else self.begun

    @property
    def last(self) -> Policy:
        """The policy at the end."""
        return self.moves[-1].policy if self.moves else self.policy


def dealers_of(plan: Plan) -> tuple[str, ...]:
    """A few dealers of the plan, those that keep a calendar of their own first."""
    dealers = sorted((one for one in plan.dealers if one.kind == "dealer"), key=lambda one: (not one.calendar, one.id))
    return tuple(one.id for one in dealers[:4])


_steps = st.builds(
    Step, st.integers(0, 40), st.integers(0, 11), st.integers(0, 3), st.integers(0, 3).map(lambda n: n < 3)
)


def scripts(on: Subject) -> st.SearchStrategy[Script]:
    """Scripts with everything."""
    return st.builds(Script, st.integers(0, 2), st.lists(_steps, max_size=12).map(tuple))


def scripts_of_one_policy(on: Subject) -> st.SearchStrategy[Script]:
    """Scripts in which the terms stay."""
    return scripts(on).map(lambda script: evolve(script, migrates=False))


# Living


def lived(plan: Plan, script: Script) -> Course:
    """The course of a script under the plan's policy."""
    return Course(plan.policy, begin(LEAD, plan.policy, at=STARTS[script.start]), tuple(_moves(plan, script)))


def _moves(plan: Plan, script: Script) -> Iterator[Move]:
    now, policy, last = STARTS[script.start], plan.policy, None
    state = begin(LEAD, policy, at=now)
    dealers = dealers_of(plan) or (plan.house,)
    for number, step in enumerate(script.steps):
        now = _later(now, step, state)
        likely = _likely(state, script.migrates)
        do = likely[step.what % len(likely)]
        event = (
            last
            if do == "again"
            else _EVENTS[do](state, f"e{number + 1:03}", now, dealers[step.who % len(dealers)], plan)
        )
        if event is not None:
            for move in _move(state, event, policy):
                yield move
                state, last, policy = move.after, event if not isinstance(event, Migrate) else last, move.policy
        if step.tick or do == "tick":
            for move in _move(state, Tick(now), policy):
                yield move
                state = move.after


def _move(state: SlaState, what: Event | Tick, policy: Policy) -> Iterator[Move]:
    """The move, if the table has it."""
    if isinstance(what, Migrate):
        if state.inbox:
            return
        policy = _other(policy)
        what = evolve(what, to=policy.digest)
    try:
        after, effects = sla.step(state, what, policy)
    except TransitionNotAllowed:
        return
    yield Move(what, state, after, effects, policy)


def _other(policy: Policy) -> Policy:
    """Other terms that allow as much of a dealer, and one reopening more."""
    return evolve(policy, terms=evolve(policy.terms, max_reopens=policy.terms.max_reopens + 1))


def _later(now: datetime, step: Step, state: SlaState) -> datetime:
    wait = WAITS[step.wait % len(WAITS)]
    due = sla.next_due(state)
    if wait in ("due", "almost due"):
        if due is None or due > now + 400 * _DAY:
            return now + _DAY
        return max(now, due - MOMENT * (wait == "almost due"))
    return now + {"none": timedelta(0), "hour": _HOUR, "day": _DAY, "outage": 10 * _DAY}[wait]


# What is likely


def _likely(state: SlaState, migrates: bool) -> tuple[str, ...]:
    now = state.standing
    odd = ("again", "late", "late status", *(f"migrate {how}" for how in HOW_TO_MIGRATE if migrates))
    if now.phase == "waiting":
        return ("offer", "tick", "offer", "offer", "back", "house", *odd)
    if now.phase in FINAL:
        return ("tick", "reopen", "reopen", *odd)
    told = ("sent", "sent", "sent") if any(one.sent_at is None for one in now.reminders) else ()
    paused = ("resume",) if now.pause else ("pause",)
    dealer = ("accept", "decline", "refer") if now.phase in HELD else ("offer",)
    said = ("say contacted", "say quoted", "withdraw", "by hand", "say won", "say lost")
    return (*told, "tick", *dealer, "tick", "say contacted", *paused, *said, *odd)


_Make = Callable[[SlaState, str, datetime, str, Plan], Event | None]


def _about(kind: type[Any], back: int = 0, **more: Any) -> _Make:
    """An answer about the assignment that is, or one before it."""

    def make(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event | None:
        number = state.assignment - back
        return kind(name, LEAD, assignment=number, received_at=at, **more) if number > 0 else None

    return make


def _offer(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Assigned:
    return Assigned(name, LEAD, assignment=state.assignment + 1, holder=who, outcome=_kind(plan, who), received_at=at)


def _back(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event:
    """The router names whoever had it first."""
    held = [one.holder for one in state.standing.past if one.kind == "assigned"]
    return _offer(state, name, at, held[0] if held else who, plan)


def _house(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event:
    return _offer(state, name, at, plan.house, plan)


def _by_hand(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event:
    told: dict[str, Any] = {"by_hand": True, "actor": "person", "reason": "asked"}
    return evolve(_offer(state, name, at, who, plan), **told)


def _kind(plan: Plan, who: str) -> str:
    dealer = plan.dealer(who)
    return "house" if dealer is not None and dealer.kind == "house" else "assigned"


def _pause(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event | None:
    make = _about(events.Paused, until=at + (3 * _DAY if len(who) % 2 else _HOUR), reason="holiday")
    return make(state, name, at, who, plan)


def _sent(state: SlaState, name: str, at: datetime, who: str, plan: Plan) -> Event | None:
    for one in state.standing.reminders:
        if one.sent_at is None:
            when = max(at, one.send_from)
            return ReminderSent(name, LEAD, assignment=state.assignment, effect=one.key, received_at=when)
    return None


def _migrate(how: str) -> _Make:
    return lambda state, name, at, who, plan: Migrate(name, LEAD, received_at=at, to="other", how=how)


_EVENTS: dict[str, _Make] = {
    "tick": lambda *_: None,
    "offer": _offer,
    "back": _back,
    "house": _house,
    "by hand": _by_hand,
    "pause": _pause,
    "sent": _sent,
    "accept": _about(events.Accepted),
    "decline": _about(events.Declined, reason="busy"),
    "refer": _about(events.Referred, reason="too large"),
    "resume": _about(events.Resumed),
    "reopen": _about(events.Reopened, reason="called"),
    "withdraw": _about(events.Withdrawn, reason="asked", actor="person"),
    "late": _about(events.Accepted, back=1),
    "late status": _about(events.Updated, back=1, status="contacted"),
    **{f"say {status}": _about(events.Updated, status=status) for status in ("contacted", "quoted", "won", "lost")},
    **{f"migrate {how}": _migrate(how) for how in HOW_TO_MIGRATE},
}


# How it is shown


def told_course(on: Subject, script: Script) -> str:
    """Each move, its instant, and what it did."""
    try:
        moves: Sequence[Move] = lived(on.plan, script).moves
    except Exception as error:  # a broken machine may not be able to live it again
        return f"shown by a lead that raised {type(error).__name__}: {error}"
    return "shown by\n" + "\n".join(f"  {_line(move)}" for move in moves)


def _line(move: Move) -> str:
    did = [
        f"{one.does}{f' {one.rule}' if one.rule else ''}" for one in move.effects if one.does not in ("record", "wake")
    ]
    what = "tick" if isinstance(move.what, Tick) else _word(move.what)
    stands = f"{move.after.phase} with {move.after.holder or 'nobody'}"
    return f"{move.at.isoformat()}  {what}: {', '.join(did) or '-'} → {stands}"


def _word(event: Event) -> str:
    more = [str(getattr(event, name)) for name in ("holder", "status", "how") if getattr(event, name, None)]
    number = f" {event.assignment}" if isinstance(event, Answer) else ""
    return " ".join([f"{event.type}{number}", *more])
