"""Events, when they count, and the ticks that settle them."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from dealerrouting.calendar import END, Elapsed
from dealerrouting.events import Accepted, Assigned, Paused, Tick, Updated
from dealerrouting.sla import Due, begin, next_due, run, step, wanted
from dealerrouting.terms import Policy, Terms
from sla_life import BY_EVE, T0, at, effect, offered, reminded

pytestmark = pytest.mark.pure


# What an event says of its time


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (None, at(hours=50)),
        (at(hours=50), at(hours=50)),
        (at(hours=47), at(hours=47)),
        (at(hours=47, late=-1), at(hours=50)),  # longer ago than is believed
        (at(hours=50, minutes=5), at(hours=50)),  # a clock may be a little fast
    ],
)
def test_an_event_counts_when_it_occurred_as_far_as_the_terms_believe_it(said, counts):
    life = offered(backdate_tolerance=Elapsed(hours=3))
    assert life.settles(Updated, at(hours=50), occurred_at=said, status="contacted") == "applied"
    assert life.state.standing.clock_from == counts
    assert bool(life.state.standing.breached) == (counts > at(hours=48))


def test_without_a_tolerance_the_time_of_receipt_counts():
    life = offered()
    life.settles(Updated, at(hours=50), occurred_at=at(hours=49, minutes=59), status="contacted")
    assert life.state.standing.clock_from == at(hours=50)


def test_an_event_from_the_future_is_refused():
    life = offered()
    future = at(hours=1, minutes=5, late=1)
    assert life.settles(Updated, at(hours=1), occurred_at=future, status="won") == "refused:from_the_future"
    assert life.settles(Accepted, at(hours=1), occurred_at=future, number=9) == "refused:from_the_future"
    assert life.state.phase == "offered"


def test_a_status_of_earlier_does_not_turn_the_clock_back():
    life = offered(backdate_tolerance=Elapsed(days=3))
    life.settles(Updated, at(hours=10), status="contacted")
    life.settles(Updated, at(hours=11), occurred_at=at(hours=5), status="qualified")
    assert life.state.standing.clock_from == at(hours=10)
    assert life.dues() == [("stale-2", "remind", at(days=21, hours=10))]


# Events and ticks


def test_an_event_is_known_at_once_and_settled_by_a_tick():
    life = offered()
    life.hears(Updated, at(hours=1), status="contacted")
    assert (life.state.phase, life.state.settled.phase) == ("contacted", "offered")
    assert [one.id for one in life.state.inbox] == ["e2"]
    assert next_due(life.state) == at(hours=1)
    assert life.dues() == [("stale-1", "remind", at(days=21, hours=1))]
    assert [leg.name for leg in life.state.legs] == ["stale"]
    assert life.step(Tick(at(hours=1, late=-1))) == []
    life.ticks(at(hours=1))
    assert life.state.settled == life.state.standing
    assert (life.state.inbox, life.state.seen) == ((), {"e1", "e2"})


def test_a_tick_settles_what_was_received_by_then():
    life = offered()
    life.hears(Updated, at(hours=3), status="quoted")
    life.hears(Accepted, at(hours=2))
    life.ticks(at(hours=2))
    assert (life.state.settled.phase, life.state.phase) == ("accepted", "quoted")
    assert [one.id for one in life.state.inbox] == ["e2"]
    assert life.state.seen == {"e1", "e3"}
    assert next_due(life.state) == at(hours=3)
    assert life.effects[-1].due == at(hours=3)


def test_what_is_due_before_the_next_event_acts_before_it():
    """An event whose receipt is wrong by years must not keep a lead from everybody's eyes."""
    life = offered()
    life.hears(Updated, at(days=9_999), status="contacted")
    assert next_due(life.state) == at(hours=48, late=1)
    assert life.told(at(hours=48, late=1)) == ["1/remind:first_status"]
    assert next_due(life.state) == at(hours=96, late=2)


def test_events_of_one_window_may_come_in_any_order():
    def lived(order):
        life = offered(accept_within=Elapsed(hours=4))
        events = [
            life.event(Accepted, at(hours=1)),
            life.event(Updated, at(hours=2), status="contacted"),
            life.event(Paused, at(hours=2), until=at(hours=9), reason="holiday"),
            life.event(Updated, at(hours=3), status="quoted"),
        ]
        for number in order:
            life.step(events[number])
        life.ticks(at(hours=5))
        return life

    assert lived([3, 1, 2, 0]).state == lived([0, 1, 2, 3]).state
    assert lived([2, 3, 0, 1]).effects == lived([0, 1, 2, 3]).effects


def test_a_tick_says_what_came_of_each_event():
    life = offered(claimants=["zoe"])
    life.hears(Accepted, at(hours=1))
    life.hears(Updated, at(hours=2), status="contacted")
    effects = life.step(Tick(at(hours=3)))
    keys = ["1/notify:zoe:2", "record:e2", "1/notify:zoe:3", "record:e3", "tick:2"]
    assert [one.key.removeprefix("L1/") for one in effects[:-1]] == keys
    assert effects[-1].does == "wake"


def test_a_repeated_event_changes_nothing():
    life = offered()
    event = life.event(Updated, at(hours=1), status="contacted")
    life.step(event)
    before = life.state
    assert life.step(event) == []
    assert life.state is before
    life.ticks(at(hours=2))
    before = life.state
    assert life.step(evolve(event, received_at=at(hours=3), status="won")) == []
    assert life.state is before


def test_what_comes_too_late_for_a_tick_undoes_nothing_that_it_did():
    life = reminded()
    life.ticks(at(days=5, late=1))
    assert life.settles(Updated, at(days=4), status="contacted") == "late"  # the portal had been down
    assert life.state.phase == "waiting"


def test_two_ticks_at_one_instant_have_a_record_each():
    life = offered()
    life.ticks(at(hours=49))
    life.hears(Updated, at(hours=49), status="contacted")
    life.ticks(at(hours=49))
    keys = [one.key for one in life.effects if "/tick:" in one.key]
    assert keys == ["L1/tick:1", "L1/tick:2", "L1/tick:3"]
    assert life.state.ticks == 3


def test_a_wake_is_asked_for_when_what_is_due_has_changed():
    life = offered()
    assert life.state.wake == at(hours=48, late=1)
    life.hears(Accepted, at(hours=1))
    assert [one.does for one in life.step(Tick(at(hours=1)))] == ["record", "record"]  # due as before
    life.hears(Updated, at(hours=2), status="contacted")
    assert life.step(Tick(at(hours=2)))[-1] == effect(
        "wake", "wake:2026-06-22T10:00:00.000001+00:00", 1, at(hours=2), due=at(days=21, hours=2, late=1)
    )
    assert life.state.wake == at(days=21, hours=2, late=1)


def test_run_steps_everything_in_turn():
    policy = Policy(Terms(), "hq")
    state = begin("L1", policy, at=T0)
    events = [
        Tick(T0),
        Assigned("a", "L1", assignment=1, holder="ann", received_at=at(hours=1)),
        Tick(at(hours=1)),
        Tick(at(hours=50)),
    ]
    by_hand, effects = state, []
    for event in events:
        by_hand, more = step(by_hand, event, policy)
        effects += more
    assert run(state, iter(events), policy) == (by_hand, tuple(effects))
    assert run(state, [], policy) == (state, ())


def test_begin_takes_any_aware_datetime():
    summer = datetime.fromisoformat("2026-06-01T10:00:00+02:00")
    state = begin("L1", Policy(Terms(), "hq"), at=summer)
    assert state == begin("L1", Policy(Terms(), "hq"), at=T0)
    assert state.standing.since.tzinfo is UTC


def test_what_is_due_at_the_end_of_time_never_acts():
    assert Due("x", "remind", END).acts is None
    assert Due("x", "remind", at(hours=1)).acts == at(hours=1, late=1)
    life = offered(remind_after=Elapsed(days=3_000_000), withdraw_after=Elapsed(days=3_100_000))
    assert life.dues() == [("first_status", "remind", END)]
    assert next_due(life.state) is None
    assert life.step(Tick(END)) == []


# Whether a message is still wanted


def test_a_message_is_for_nothing_once_its_rule_has_been_met():
    life = offered()
    (reminder,) = life.ticks(at(hours=48, late=1))
    (undelivered,) = life.ticks(at(hours=97))
    assert wanted(life.state, reminder)
    assert wanted(life.state, undelivered)
    life.hears(Updated, at(hours=98), status="contacted")  # known is enough
    assert not wanted(life.state, reminder)
    assert not wanted(life.state, undelivered)


def test_a_message_is_for_nothing_once_its_assignment_is_over():
    life = offered()
    (reminder,) = life.ticks(at(hours=48, late=1))
    life.hears(Assigned, at(hours=49), holder="bob", by_hand=True, **BY_EVE)
    assert not wanted(life.state, reminder)
    (withdrawn,) = life.ticks(at(hours=49))
    assert wanted(life.state, withdrawn)  # that is told however late it is
    assert wanted(life.state, evolve(withdrawn, rule="first_status"))
