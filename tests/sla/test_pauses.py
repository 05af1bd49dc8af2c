"""Pauses: time that is no part of any clock."""

from datetime import timedelta

import pytest

from dealerrouting.calendar import Business, BusinessDays, Elapsed
from dealerrouting.events import Assigned, Declined, Paused, Referred, Resumed, Updated
from dealerrouting.sla import Breach, Due, Leg, Pause, Segment, next_due
from sla_life import MOMENT, OFFICE, T0, at, offered

pytestmark = pytest.mark.pure


def test_a_pause_is_no_part_of_the_clock():
    life = offered()
    assert life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday") == "applied"
    assert life.state.standing.pause == Pause(at(hours=10), at(hours=34), "holiday")
    assert life.state.dues == (Due("pause", "resume", at(hours=34)),)
    assert next_due(life.state) == at(hours=34, late=1)
    assert life.told(at(hours=34)) == []
    assert life.state.standing.pause is not None
    assert life.told(at(hours=34, late=1)) == []
    assert life.state.standing.pauses == ((at(hours=10), at(hours=34)),)
    assert life.dues() == [("first_status", "remind", at(hours=72))]
    assert life.state.dues[0].legs == (
        Leg(
            "first_status",
            T0,
            Elapsed(hours=48),
            at(hours=72),
            (
                Segment(T0, at(hours=10), timedelta(hours=10)),
                Segment(at(hours=34), at(hours=72), timedelta(hours=38)),
            ),
        ),
    )


def test_a_pause_ends_at_its_bound_however_late_the_tick():
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    assert life.told(at(days=10)) == ["1/remind:first_status"]
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=72)),)
    assert life.effects[-2].detail["did"] == "resume:pause remind:first_status"


def test_who_resumes_early_has_paused_less():
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    assert life.settles(Resumed, at(hours=12)) == "applied"
    assert life.settles(Resumed, at(hours=13)) == "nothing"
    assert life.state.standing.pauses == ((at(hours=10), at(hours=12)),)
    assert life.dues() == [("first_status", "remind", at(hours=50))]


def test_who_resumes_at_once_has_not_paused():
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    life.settles(Resumed, at(hours=10))
    assert life.state.standing.pauses == ()
    assert life.dues() == [("first_status", "remind", at(hours=48))]


def test_pauses_add_up_to_what_the_terms_allow():
    life = offered(max_pause=Elapsed(hours=5))
    life.settles(Paused, at(hours=1), until=at(hours=3), reason="holiday")
    life.settles(Paused, at(hours=4), until=at(hours=90), reason="holiday")
    assert life.state.standing.pause == Pause(at(hours=4), at(hours=7), "holiday")
    life.ticks(at(hours=8))
    assert life.settles(Paused, at(hours=8), until=at(hours=9), reason="holiday") == "refused:pauses_spent"
    assert life.dues() == [("first_status", "remind", at(hours=53))]


def test_a_pause_of_just_what_is_left_is_allowed():
    life = offered(max_pause=Elapsed(hours=5))
    life.settles(Paused, at(hours=1), until=at(hours=6), reason="holiday")
    assert life.state.standing.pause == Pause(at(hours=1), at(hours=6), "holiday")


@pytest.mark.parametrize(
    ("until", "outcome"),
    [
        (at(hours=1), "refused:pause_is_over"),
        (at(minutes=59), "refused:pause_is_over"),
        (at(hours=1, late=1), "applied"),
    ],
)
def test_a_pause_ends_after_it_begins(until, outcome):
    assert offered().settles(Paused, at(hours=1), until=until, reason="holiday") == outcome


def test_one_pause_at_a_time_and_the_next_may_follow_at_once():
    life = offered()
    life.settles(Paused, at(hours=1), until=at(hours=3), reason="holiday")
    assert life.settles(Paused, at(hours=3, late=-1), until=at(hours=5), reason="again") == "refused:paused_already"
    assert life.settles(Paused, at(hours=3), until=at(hours=5), reason="again") == "applied"
    life.ticks(at(hours=5, late=1))
    assert life.dues() == [("first_status", "remind", at(hours=52))]


def test_no_time_is_paused_twice():
    life = offered(backdate_tolerance=Elapsed(days=1))
    life.settles(Paused, at(hours=4), until=at(hours=6), reason="holiday")
    life.ticks(at(hours=7))
    # Said at eight o'clock: "I have been away since three."
    life.settles(Paused, at(hours=8), occurred_at=at(hours=3), until=at(hours=9), reason="ill")
    assert life.state.standing.pause == Pause(at(hours=6), at(hours=9), "ill")
    life.ticks(at(hours=10))
    assert life.dues() == [("first_status", "remind", at(hours=53))]
    said = {"occurred_at": at(hours=3), "until": at(hours=9), "reason": "ill"}
    assert life.settles(Paused, at(hours=11), **said) == "refused:pause_is_over"


def test_what_was_due_before_a_pause_stays_due_at_its_instant():
    life = offered()
    life.settles(Paused, at(hours=50), until=at(hours=60), reason="holiday")
    assert life.told(at(hours=60)) == []
    assert life.told(at(hours=60, late=1)) == ["1/remind:first_status"]
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)


def test_a_clock_that_is_used_up_as_the_pause_begins_is_due_then():
    life = offered()
    life.settles(Paused, at(hours=48), until=at(hours=60), reason="holiday")
    life.ticks(at(hours=61))
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)


@pytest.mark.parametrize(
    ("length", "due"),
    [
        (Elapsed(hours=20), at(hours=45)),
        (Business(hours=4), at(hours=29)),  # from Tuesday 11:00
        (BusinessDays(1), at(days=2, hours=7)),  # Wednesday
    ],
)
def test_a_status_during_a_pause_starts_a_clock_that_waits_for_its_end(length, due):
    life = offered(calendars={"office": OFFICE}, calendar="office", stale_after=length)
    life.settles(Paused, at(hours=1), until=at(hours=25), reason="holiday")
    life.settles(Updated, at(hours=2), status="contacted")
    assert life.state.standing.pause is not None
    life.ticks(at(hours=26))
    assert life.dues() == [("stale-1", "remind", due)]


def test_pauses_before_and_after_a_status():
    life = offered(stale_after=Elapsed(days=3))
    life.settles(Paused, at(hours=1), until=at(hours=2), reason="holiday")
    life.settles(Updated, at(hours=3), status="contacted")
    life.settles(Paused, at(hours=4), until=at(hours=6), reason="holiday")
    life.ticks(at(hours=7))
    assert life.dues() == [("stale-1", "remind", at(days=3, hours=5))]


def test_a_clock_that_is_paused_from_the_first_runs_in_one_stretch():
    life = offered()
    life.settles(Paused, T0, until=at(hours=2), reason="holiday")
    life.ticks(at(hours=3))
    assert life.state.dues[0].legs[0].segments == (Segment(at(hours=2), at(hours=50), timedelta(hours=48)),)


def test_a_pause_ends_with_the_lead():
    life = offered()
    life.settles(Paused, at(hours=1), until=at(hours=25), reason="holiday")
    life.settles(Updated, at(hours=2), status="won")
    assert life.state.standing.pause is None
    assert life.state.standing.pauses == ((at(hours=1), at(hours=2)),)
    assert life.state.dues == ()


def test_a_new_holder_has_not_paused():
    life = offered()
    life.settles(Paused, at(hours=1), until=at(hours=25), reason="holiday")
    life.settles(Declined, at(hours=2), reason="busy")
    assert (life.state.standing.pause, life.state.standing.pauses) == (None, ())
    life.settles(Assigned, at(hours=3), holder="bob")
    assert life.dues() == [("first_status", "remind", at(hours=51))]


def test_the_house_may_pause_too():
    life = offered()
    life.settles(Referred, T0, reason="too big")
    assert life.settles(Paused, at(hours=1), until=at(hours=2), reason="holiday") == "applied"
    assert life.settles(Resumed, at(hours=2)) == "nothing"  # it is over by itself
    assert life.dues()[0] == ("house-0", "remind", at(hours=49))


def test_notice_stands_still_too():
    life = offered(withdraw_after=Elapsed(hours=49))
    life.ticks(at(hours=48, late=1))
    life.sent(at(hours=49))
    assert life.dues() == [("first_status", "withdraw", at(hours=73))]
    life.settles(Paused, at(hours=50), until=at(hours=60), reason="holiday")
    life.ticks(at(hours=61))
    assert life.dues() == [("first_status", "withdraw", at(hours=83))]


def test_a_pause_takes_open_time_out_of_business_time():
    life = offered(calendars={"office": OFFICE}, calendar="office", remind_after=Business(hours=16))
    # Tuesday 12:00 to Wednesday 12:00: eight of the hours in which the office is open.
    life.settles(Paused, at(days=1, hours=2), until=at(days=2, hours=2), reason="holiday")
    life.ticks(at(days=2, hours=3))
    assert life.state.dues[0].legs[0].segments == (
        Segment(T0, at(days=1, hours=2), timedelta(hours=10)),
        Segment(at(days=2, hours=2), at(days=3), timedelta(hours=6)),
    )
    assert life.dues() == [("first_status", "remind", at(days=3))]


def test_a_pause_at_night_takes_nothing_out_of_business_time():
    life = offered(calendars={"office": OFFICE}, calendar="office", remind_after=Business(hours=16))
    life.settles(Paused, at(hours=8), until=at(hours=20), reason="sleep")
    life.ticks(at(hours=21))
    assert life.dues() == [("first_status", "remind", at(days=2))]


@pytest.mark.parametrize(
    ("start", "until", "due"),
    [
        (at(days=1, hours=1), at(days=1, hours=2), at(days=3, hours=7)),  # Tuesday does not count
        (at(days=1, hours=6, minutes=59), at(days=1, hours=8), at(days=3, hours=7)),  # touched in its last minute
        (at(days=1, hours=7), at(days=1, hours=20), at(days=2, hours=7)),  # after closing, and over by opening
        (at(hours=1), at(hours=2), at(days=2, hours=7)),  # Monday had begun, so it did not count anyway
        (at(days=1, hours=7), at(days=1, hours=23, late=1), at(days=3, hours=7)),  # Wednesday did not open in time
    ],
)
def test_a_business_day_that_a_pause_touches_does_not_count(start, until, due):
    life = offered(calendars={"office": OFFICE}, calendar="office", remind_after=BusinessDays(2))
    assert life.dues() == [("first_status", "remind", at(days=2, hours=7))]
    life.settles(Paused, start, until=until, reason="holiday")
    life.ticks(until + MOMENT)
    assert life.dues() == [("first_status", "remind", due)]


def test_many_short_pauses_are_no_way_to_keep_a_lead():
    """A business day touched by a pause does not count, so the pauses are counted, and not only their time."""
    life = offered(
        calendars={"office": OFFICE}, calendar="office", remind_after=BusinessDays(2), withdraw_after=BusinessDays(5)
    )
    for day in range(7):
        assert life.settles(Paused, at(days=day), reason="r", until=at(days=day, minutes=1)) == "applied"
    assert life.settles(Paused, at(days=7), reason="r", until=at(days=7, minutes=1)) == "refused:pauses_spent"
    assert [one.does for one in life.ticks(at(days=11))] == ["remind"]
