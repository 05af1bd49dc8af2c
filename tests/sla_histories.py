"""Hypothesis strategies for the life of a lead: what arrives at the machine, in whatever order, at whatever time.

Terms and calendars come from a pool of ready policies, the plainest first. A history is made of windows: some
events, in any order of arrival, and then a tick or a migration. Times are drawn at the boundaries, and which
boundaries there are is what the machine says as the history goes on; that makes histories deep, and cannot make
them right. What is drawn is the list of concrete arrivals, so that an example can be read and typed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from attrs import frozen
from hypothesis import settings
from hypothesis import strategies as st

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import EVENTS, HOW_TO_MIGRATE, STATUSES, Assigned, Migrate, ReminderSent, Tick
from dealerrouting.sla import FINAL, HELD, begin, step
from dealerrouting.terms import LATE_ANSWERS, ON_SILENCE, HouseTerms, Policy, Terms

__all__ = ["CALENDARS", "History", "histories", "lived", "many"]

many = settings(max_examples=max(300, settings.default.max_examples), deadline=None, report_multiple_bugs=False)
"""A few hundred histories, and as many as the profile `long` says under it."""

FOLLOWERS = (), ("ann",), ("bob", "zoe")
LEAD, HOUSE, DEALERS = "L1", "HQ", ("ann", "bob", "cas", "dee")
OFFICE = Calendar("Europe/Brussels", {"mon-fri": ["09:00-12:30", "13:00-17:30"]}, holidays=["2026-04-06", "2026-12-25"])
SHOP = Calendar("Europe/London", {"tue-sat": ["10:00-18:00"]}, dates={"2026-03-31": ["12:00-13:00"]})
CALENDARS = {"office": OFFICE, "shop": SHOP}
STARTS = (
    datetime(2026, 6, 1, 8, tzinfo=UTC),  # a Monday
    datetime(2026, 3, 27, 16, 30, tzinfo=UTC),  # the Friday before clocks go forward, at closing
    datetime(2026, 10, 24, 22, 59, 59, 999_999, tzinfo=UTC),  # the night in which they go back
    datetime(2026, 12, 24, 12, 15, tzinfo=UTC),  # Christmas is near
)
MOMENT, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)


# Policies


def a_policy(rng):
    """Terms of all kinds, short enough that much happens within weeks, and who keeps which calendar."""

    def some(*lengths):
        return rng.choice(lengths)

    terms = Terms(
        max_reassignments=some(2, 2, 1, 0),
        **some(
            {},
            {"remind_after": Business(hours=8), "withdraw_after": Business(hours=20)},
            {"remind_after": BusinessDays(1), "withdraw_after": BusinessDays(3)},
            {"remind_after": Elapsed(hours=36), "withdraw_after": BusinessDays(3)},
            {"remind_after": BusinessDays(2), "withdraw_after": Elapsed(days=2)},
        ),
        notice=some(Elapsed(hours=24), Business(hours=4), BusinessDays(1)),
        accept_within=some(None, None, Elapsed(hours=4), Business(hours=3), BusinessDays(1)),
        escalate_after=some(None, Elapsed(days=3), Business(hours=16), BusinessDays(2)),
        stale_after=some(Elapsed(days=3), Business(hours=12), BusinessDays(2)),
        on_silence=some(ON_SILENCE, ON_SILENCE, "return"),
        counts_as_update=some(STATUSES[1:], STATUSES[1:], STATUSES, STATUSES, ("qualified", "won")),
        needs_evidence=some(("uncontactable",), (), ("uncontactable", "won")),
        max_resets=some(12, 1, 2),
        max_reopens=some(3, 1, 0),
        max_pause=some(Elapsed(days=7), Elapsed(days=2), Elapsed(hours=5)),
        delivery_bound=some(Elapsed(days=2), Elapsed(hours=6)),
        late_answer=some(*LATE_ANSWERS),
        backdate_tolerance=some(None, Elapsed(hours=3), Elapsed(days=3)),
        skew_tolerance=some(Elapsed(minutes=5), Elapsed(hours=2)),
        calendar=some("office", "shop"),
        house=some(
            HouseTerms(),
            HouseTerms(Business(hours=8), Business(hours=16)),
            HouseTerms(BusinessDays(1), Elapsed(days=1)),
        ),
    )
    keeps = {dealer: rng.choice(("office", "shop")) for dealer in (*DEALERS[:2], HOUSE) if rng.random() < 0.5}
    return Policy(terms, HOUSE, CALENDARS, keeps)


def _pool(size):
    rng = Random(0)
    return [Policy(Terms(), HOUSE), *sorted((a_policy(rng) for _ in range(size)), key=lambda one: len(repr(one)))]


POLICIES = _pool(200)


# Histories


@frozen
class History:
    """All that arrives for one lead, in order: events, ticks, pairs of a migration and the policy it leads to."""

    begun: datetime
    policy: Policy
    followers: tuple[str, ...]
    arrived: tuple[object, ...]

    def begin(self):
        return begin(LEAD, self.policy, at=self.begun, claimants=self.followers)


def lived(state, one, policy):
    """One arrival at the machine: the state, the effects, and the policy after it."""
    what, new = one if isinstance(one, tuple) else (one, policy)
    state, effects = step(state, what, new)
    return state, effects, new if state.policy == new.digest else policy


def _lived(state, one, policy):
    try:
        return lived(state, one, policy)
    except TransitionNotAllowed:
        return state, (), policy


_any = st.integers(0, 59)


def chosen(draw, options):
    """One of them, the first at best; the number that is drawn keeps its meaning when what is before it shrinks."""
    return options[draw(_any) % len(options)]


@st.composite
def histories(draw, windows=10):
    """A history: events in any order between ticks, outages, clocks that are wrong, duplicates, migrations."""
    begun, policy, followers = chosen(draw, STARTS), chosen(draw, POLICIES), chosen(draw, FOLLOWERS)
    life, calm = History(begun, policy, followers, ()), chosen(draw, (True, False))
    state, now, arrived, owed = life.begin(), begun, [], []
    for window in range(windows):
        if chosen(draw, (False, True, True, True)):  # rather than a number of them: one that is not needed shrinks away
            known, come = state, owed
            for number in range(1 if calm else 3):
                if chosen(draw, (False, True)):
                    now = _later(draw, known, now)
                    come = [*come, _event(draw, f"e{window}{number}", known, now)]
                    known, _, _ = _lived(known, come[-1], policy)
            if arrived and chosen(draw, (False, False, False, True)):
                come = [*come, chosen(draw, arrived)]  # again, whatever it was
            come = draw(st.permutations(come)) if len(come) > 1 else come
            for one in come:
                state, _, policy = _lived(state, one, policy)
            now = _later(draw, state, now)
            closing, owed = _closing(draw, f"m{window}", now, state), []
            for one in closing:
                state, effects, policy = _lived(state, one, policy)
                owed += _owed(draw, effects, window) if calm else []
            arrived += [*come, *closing]
    return History(begun, life.policy, followers, tuple(arrived))


def _later(draw, state, now):
    """Some time later: soon, after an outage, or around an instant at which something is due."""
    gap = chosen(draw, (timedelta(0), MOMENT, HOUR, 5 * HOUR, DAY, 10 * DAY, *[None] * 9))
    due, late = chosen(draw, range(3)), chosen(draw, (MOMENT, timedelta(0), -MOMENT))
    if gap is not None or len(state.dues) <= due:
        return now + (gap or timedelta(0))
    return min(max(now, state.dues[due].at + late), now + 60 * DAY)


def _owed(draw, effects, window):
    """What a relay and a router say that work as they should, if not at once."""
    for one in effects:
        if one.does == "remind":
            yield ReminderSent(
                f"s{window}{one.rule}", LEAD, assignment=one.assignment, effect=one.key, received_at=one.send_from
            )
        if one.does == "request_next":
            free = [name for name in DEALERS if name not in one.exclude]
            number, at = one.assignment + 1, one.at + chosen(draw, (timedelta(0), HOUR, DAY))
            yield Assigned(f"r{window}{number}", LEAD, assignment=number, holder=free[0], received_at=at)


def _closing(draw, id, now, state):
    """A window closes with a tick, on time or out of order; or with a migration, when all has been settled."""
    how = chosen(draw, ("tick", "tick", "tick", "migrate" if state.settled.pause else "tick", "early", "migrate"))
    if how == "early":
        return [Tick(now - chosen(draw, (MOMENT, 5 * HOUR, 2 * DAY)))]
    if how == "tick":
        return [Tick(now)]
    settle = [Tick(max(now, state.inbox[-1].received_at))] if state.inbox else []
    policy, at = chosen(draw, POLICIES), now - chosen(draw, (timedelta(0), timedelta(0), DAY))
    move = Migrate(id, LEAD, received_at=at, to=policy.digest, how=chosen(draw, HOW_TO_MIGRATE))
    return [*settle, (move, policy)]


def _likely(now):
    """What mostly comes when a lead stands so."""
    if now.phase in FINAL:
        return ("reopened",)
    if now.phase == "waiting":
        return ("assigned", "accepted", "updated", "assigned") if now.past else ("assigned",)
    likely = ("updated", "accepted", "updated", "paused", "assigned", "updated", "updated", "withdrawn")
    likely += ("resumed", "resumed") if now.pause else ("paused",)
    likely += ("declined", "referred") if now.phase in HELD else ()
    return likely + ("reminder_sent",) * 8 * any(one.sent_at is None for one in now.reminders)


def _event(draw, id, state, now):
    """An event that mostly fits what is known, with times and numbers that mostly do."""
    kind = chosen(draw, tuple(_MORE) if chosen(draw, ODD) else _likely(state.standing))
    number = state.assignment + (kind == "assigned") + chosen(draw, NUMBERS)
    received, said = now + chosen(draw, RECEIVED), chosen(draw, SAID)
    return EVENTS[kind](
        id,
        LEAD,
        assignment=max(1, number),
        received_at=received,
        occurred_at=None if said is None else received + said,
        **_MORE[kind](draw, now, state.standing.reminders),
    )


NUMBERS = (*[0] * 12, -1, 1)
"""An answer is to the assignment that there is, to the one before, to one that is not there yet."""
ODD = (*[False] * 9, True)
"""Every tenth event is of any kind."""
RECEIVED = (*[timedelta(0)] * 8, -5 * HOUR, -2 * DAY, HOUR)
"""Most is received when it comes; some came late, and another server's clock is fast."""
SAID = (
    *[None] * 20,
    *(-length - late for length in (HOUR, 3 * HOUR, 3 * DAY) for late in (timedelta(0), MOMENT)),
    *(length + late for length in (HOUR / 12, 2 * HOUR) for late in (timedelta(0), MOMENT)),
)
"""How far from its receipt an event may say that it occurred: within, at and beyond what terms tolerate."""
BY_HAND = {"by_hand": True, "actor": "eve", "reason": "knows them"}
UNTIL = (DAY, 5 * HOUR, 3 * DAY, 10 * DAY, timedelta(0), MOMENT)
HOLDERS = [*({"holder": one} for one in (*DEALERS, *DEALERS, HOUSE)), {"holder": "team", "outcome": "house"}]
STATED = ("contacted", "qualified", "quoted", *STATUSES)

_MORE = {
    "assigned": lambda draw, now, had: chosen(draw, HOLDERS) | chosen(draw, ({}, {}, {}, BY_HAND)),
    "accepted": lambda draw, now, had: {},
    "resumed": lambda draw, now, had: {},
    "declined": lambda draw, now, had: {"reason": "busy"},
    "referred": lambda draw, now, had: {"reason": "too big"},
    "reopened": lambda draw, now, had: {"reason": "called back"},
    "withdrawn": lambda draw, now, had: {"then": chosen(draw, ON_SILENCE), "reason": "asked", "actor": "eve"},
    "paused": lambda draw, now, had: {"until": now + chosen(draw, UNTIL), "reason": "holiday"},
    "updated": lambda draw, now, had: {
        "status": chosen(draw, STATED),
        "evidence": chosen(draw, ("call-7", None)),
    },
    "reminder_sent": lambda draw, now, had: {
        "effect": chosen(draw, [*(one.key for one in had if not one.sent_at), "L1/1/remind:first_status"])
    },
}
