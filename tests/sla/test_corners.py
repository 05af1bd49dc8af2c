"""Corners in which a wrong word or a wrong time would be easy to overlook: each was one, planted by a mutation."""

import pytest

from dealerrouting import BusinessDays, Calendar, Elapsed
from dealerrouting.events import (
    Accepted,
    Assigned,
    Declined,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Updated,
    Withdrawn,
)
from sla_life import BY_EVE, OFFICE, REMINDER, Life, at, offered, reminded

pytestmark = pytest.mark.pure
NIGHT = Calendar("Europe/Brussels", {"mon-fri": ["20:00-06:00"]})
"""Open when the office is not: at 18:00 and at 19:00 it opens next at 18:00 UTC."""


def test_each_message_leaves_when_its_own_recipient_opens():
    """The dealer keeps one calendar, the house another, and neither is that of the terms."""
    calendars = {"office": OFFICE, "night": NIGHT, "always": Calendar("UTC", {"mon-sun": ["00:00-24:00"]})}
    life = offered(calendars=calendars, keeps={"ann": "night", "hq": "office"}, calendar="always")
    (reminder,) = life.ticks(at(hours=48, late=1))
    assert (reminder.to, reminder.send_from) == ("ann", at(hours=58))
    assert life.state.settled.reminders[0].at == at(hours=48, late=1)
    (told,) = life.ticks(at(days=4, hours=12))
    assert (told.to, told.send_from) == ("hq", at(days=6, hours=23))


def test_an_assignment_is_over_when_it_was_given_up():
    life = offered()
    life.hears(Declined, at(hours=5), reason="r")
    assert (life.state.standing.since, life.state.standing.clock_from) == (at(hours=5), at(hours=5))
    life = offered()
    assert life.settles(Withdrawn, at(hours=6), **BY_EVE) == "applied"
    assert (life.state.standing.since, life.state.standing.clock_from) == (at(hours=6), at(hours=6))
    life = reminded()
    life.ticks(at(days=5, late=1))
    assert (life.state.standing.since, life.state.standing.clock_from) == (at(days=5, late=1), at(days=5, late=1))


def test_a_router_that_is_silent_is_told_as_that():
    life = offered()
    life.settles(Declined, at(hours=1), reason="r")
    house, *_ = life.ticks(at(hours=49, late=1))
    assert (house.does, house.detail["why"]) == ("return_to_house", "routing")
    assert life.state.standing.clock_from == at(hours=49, late=1)


def test_what_is_reopened_is_what_was_closed():
    life = offered()
    life.settles(Declined, at(hours=1), reason="r")
    life.settles(Assigned, at(hours=2), holder="bob")
    life.settles(Updated, at(hours=3), status="won")
    assert life.settles(Reopened, at(hours=4), reason="r") == "applied"
    now = life.state.standing
    assert (now.phase, now.holder, now.kind, now.hops, now.reopens) == ("accepted", "bob", "assigned", 1, 1)
    life.settles(Declined, at(hours=5), reason="r")
    assert (life.state.standing.reopens, life.state.standing.hops) == (1, 1)
    house = Life()
    house.settles(Assigned, at(), holder="hq", outcome="house")
    house.settles(Updated, at(hours=1), status="lost")
    house.settles(Reopened, at(hours=2), reason="r")
    assert (house.state.phase, house.state.holder, house.state.standing.kind) == ("house", "hq", "house")


def test_of_two_reminders_only_the_one_that_left_has_left():
    life = offered(accept_within=Elapsed(hours=10))
    life.ticks(at(hours=11))
    life.ticks(at(hours=49))
    assert life.sent(at(hours=50)) == "applied"
    assert [(one.rule, one.sent_at) for one in life.state.standing.reminders] == [
        ("acceptance", None),
        ("first_status", at(hours=50)),
    ]


def test_referring_is_settled_as_applied():
    assert offered().settles(Referred, at(hours=1), reason="r") == "applied"


def test_a_late_answer_restores_only_as_often_as_a_lead_may_move():
    life = reminded(late_answer="restore", max_reassignments=0)
    life.ticks(at(days=5, late=1))
    assert life.state.phase == "house"  # there is no next dealer, and so no waiting in which to come back
    life = reminded(late_answer="restore", max_reassignments=1)
    life.ticks(at(days=5, late=1))
    assert life.settles(Accepted, at(days=5, hours=1)) == "restored"
    life = offered(late_answer="restore", max_reassignments=1)
    life.settles(Declined, at(hours=1), reason="r")
    assert life.settles(Accepted, at(hours=2)) == "late"


def test_notice_in_business_time_is_that_of_the_dealer():
    """Reminded on Wednesday at 10:00: a business day of notice that opens after that closes on Thursday at 17:00."""
    life = offered(calendars={"office": OFFICE}, keeps={"ann": "office"}, calendar="office", notice=BusinessDays(1))
    life.ticks(at(days=2, late=1))
    life.settles(ReminderSent, at(days=2, hours=1), effect=REMINDER)
    (notice,) = (leg for leg in life.state.legs if leg.name == "notice:first_status")
    assert (notice.calendar, notice.due) == ("office", at(days=3, hours=7))


def test_a_clock_that_begins_inside_a_pause_begins_when_it_ends():
    """Business days too: none is used up by a pause that began before the clock did."""
    life = offered(calendars={"office": OFFICE}, calendar="office", stale_after=BusinessDays(2))
    life.settles(Paused, at(hours=1), reason="r", until=at(days=1, hours=1))
    life.settles(Updated, at(hours=2), status="contacted")
    (stale,) = (leg for leg in life.state.legs if leg.name == "stale")
    assert stale.due == at(days=3, hours=7)  # Tuesday is touched by the pause; Wednesday and Thursday count
