"""What the machine does while a dealer holds a lead, case by case, in the words in which it is asked about."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.events import (
    STATUSES,
    Accepted,
    Assigned,
    Declined,
    Referred,
    ReminderSent,
    Tick,
    Updated,
    Withdrawn,
)
from dealerrouting.sla import Breach, Past, Reminder, explain_due, next_due
from sla_life import MOMENT, OFFICE, REMINDER, T0, Life, at, effect, offered, record, reminded

pytestmark = pytest.mark.pure

# The way it should go


def test_a_lead_goes_from_the_router_to_won():
    life = Life()
    assert life.state.phase == "waiting"
    assert life.state.holder is None
    assert life.told(T0) == ["0/request_next"]
    steps = [
        (Assigned, {"holder": "ann"}, "offered"),
        (Accepted, {}, "accepted"),
        (Updated, {"status": "contacted"}, "contacted"),
        (Updated, {"status": "qualified"}, "qualified"),
        (Updated, {"status": "quoted"}, "quoted"),
        (Updated, {"status": "won"}, "won"),
    ]
    for hour, (kind, said, phase) in enumerate(steps, 1):
        assert life.settles(kind, at(hours=hour), **said) == "applied"
        assert (life.state.phase, life.state.holder, life.state.assignment) == (phase, "ann", 1)
    standing = life.state.standing
    assert standing == life.state.settled
    assert (standing.status, standing.since, standing.clock_from) == ("won", at(hours=1), at(hours=6))
    assert (standing.resets, standing.changes, standing.hops) == (4, 6, 0)
    assert (standing.past, standing.breached, standing.reminders) == ((), (), ())


def test_nothing_is_due_once_a_lead_is_closed():
    life = offered()
    life.settles(Updated, at(hours=1), status="lost")
    assert life.state.dues == ()
    assert next_due(life.state) is None
    assert life.state.wake is None
    assert explain_due(life.state) is None
    before = life.state
    assert life.step(Tick(at(days=9_999))) == []
    assert life.state is before


def test_everything_that_comes_of_a_silent_dealer():
    """All effects of a life, with all that is in them, in their order."""
    life = Life(claimants=["zoe"])
    life.ticks(T0)
    life.hears(Assigned, at(hours=1), holder="ann")
    life.ticks(at(hours=1))
    life.ticks(at(hours=49, late=1))
    life.hears(ReminderSent, at(hours=50), effect=REMINDER, actor="relay")
    life.ticks(at(hours=50))
    life.ticks(at(hours=121, late=1))
    given, due, left, over = at(hours=1), at(hours=49), at(hours=50), at(hours=121)

    def ticked(count, number, when, did, before, after):
        one = record("", number, when, before, after, type="tick", did=did)
        return evolve(one, key=f"L1/tick:{count}")

    def wake(number, when, due):
        return effect("wake", f"wake:{due.isoformat()}", number, when, due=due)

    assigned = {"event": "e1", "type": "assigned", "outcome": "applied", "holder": "ann"}
    came = {"event": "e2", "type": "reminder_sent", "outcome": "applied", "actor": "relay"}
    assert life.effects == [
        effect("request_next", "0/request_next", 0, T0, next="1"),
        ticked(1, 0, T0, "ask:routing", "waiting", "waiting"),
        wake(0, T0, at(days=2, late=1)),
        effect("notify", "1/notify:zoe:1", 1, given, "zoe", "inbox", phase="offered"),
        record("e1", 1, given, "waiting", "offered", given, **assigned),
        ticked(2, 1, given, "settle", "waiting", "offered"),
        wake(1, given, due + MOMENT),
        effect("remind", "1/remind:first_status", 1, due + MOMENT, "ann", "inbox", "first_status", due, due + MOMENT),
        ticked(3, 1, due + MOMENT, "remind:first_status", "offered", "offered"),
        wake(1, due + MOMENT, at(hours=97, late=2)),
        record("e2", 1, left, "offered", "offered", left, **came),
        ticked(4, 1, left, "settle", "offered", "offered"),
        wake(1, left, over + MOMENT),
        effect("withdraw", "1/withdraw", 1, over + MOMENT, "ann", "inbox", why="silence"),
        effect("notify", "1/notify:zoe:2", 1, over + MOMENT, "zoe", "inbox", phase="waiting"),
        effect("request_next", "1/request_next", 1, over + MOMENT, exclude=("ann",), next="2"),
        ticked(5, 1, over + MOMENT, "withdraw:first_status ask:routing", "offered", "waiting"),
        wake(1, over + MOMENT, at(hours=169, late=2)),
    ]
    assert life.state.standing.past == (Past(1, "ann", "assigned", "silence"),)
    assert life.state.standing.breached == (Breach(1, "first_status", due),)


# 48 hours and five days


def test_a_reminder_goes_out_after_48_hours_and_not_at_48_hours():
    life = offered()
    assert life.dues() == [
        ("first_status", "remind", at(hours=48)),
    ]
    assert next_due(life.state) == at(hours=48, late=1)
    assert life.told(at(hours=48)) == []
    assert life.state.standing.breached == ()
    acts = at(hours=48, late=1)
    assert life.told(acts) == ["1/remind:first_status"]
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)
    assert life.state.standing.reminders == (Reminder("first_status", REMINDER, acts, acts),)


def test_the_lead_is_taken_away_after_five_days_and_not_at_five_days():
    life = reminded()
    assert life.dues() == [("first_status", "withdraw", at(days=5))]
    assert next_due(life.state) == at(days=5, late=1)
    assert life.told(at(days=5)) == []
    assert life.told(at(days=5, late=1)) == ["1/withdraw", "1/request_next"]
    assert (life.state.phase, life.state.holder, life.state.assignment) == ("waiting", None, 1)
    assert life.state.standing.since == life.state.standing.clock_from == at(days=5, late=1)


def test_one_reminder_however_often_it_ticks():
    life = offered()
    assert life.told(at(hours=49)) == ["1/remind:first_status"]
    for hour in range(50, 90):
        assert life.told(at(hours=hour)) == []


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "attempted"])
def test_any_status_that_counts_stops_the_clock(status):
    life = offered()
    assert life.settles(Updated, at(hours=48), status=status, evidence="call-7") == "applied"
    assert life.told(at(days=5)) == []
    assert (life.state.phase, life.state.standing.status) == (status, status)
    assert life.state.standing.breached == ()


def test_accepting_alone_does_not_stop_the_clock():
    life = offered()
    assert life.settles(Accepted, at(hours=40)) == "applied"
    assert life.settles(Accepted, at(hours=41)) == "nothing"
    assert life.state.phase == "accepted"
    assert life.told(at(hours=48, late=1)) == ["1/remind:first_status"]
    life.sent(at(hours=49))
    assert life.told(at(days=5, late=1)) == ["1/withdraw", "1/request_next"]


def test_a_status_that_comes_late_is_a_breach_even_if_no_tick_saw_it():
    life = offered()
    assert life.settles(Updated, at(hours=48, late=1), status="contacted") == "applied"
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)
    assert not any(one.does == "remind" for one in life.effects)


@pytest.mark.parametrize("kind", [Declined, Referred, Withdrawn])
def test_a_breach_is_not_undone_by_giving_the_lead_away(kind):
    life = offered()
    life.settles(kind, at(hours=48, late=1), reason="late", actor="eve")
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)


def test_a_breach_is_recorded_once():
    life = offered(accept_within=Elapsed(hours=4))
    life.ticks(at(hours=4, late=1))
    life.settles(Accepted, at(hours=50))
    life.ticks(at(hours=50))
    assert life.state.standing.breached == (
        Breach(1, "acceptance", at(hours=4)),
        Breach(1, "first_status", at(hours=48)),
    )


def test_business_time_counts_the_hours_in_which_the_dealer_is_open():
    # Monday from 10:00 seven hours, Tuesday eight, Wednesday one more: Wednesday 10:00 in Brussels.
    life = offered(
        calendars={"office": OFFICE},
        calendar="office",
        remind_after=Business(hours=16),
        withdraw_after=BusinessDays(5),
    )
    assert life.dues() == [("first_status", "remind", at(days=2))]
    assert life.told(at(days=2)) == []
    assert life.told(at(days=2, late=1)) == ["1/remind:first_status"]
    life.sent(at(days=2, hours=1))
    # Five days that open after Monday 10:00: Tuesday to Monday, closing at 17:00.
    assert life.dues() == [("first_status", "withdraw", at(days=7, hours=7))]


def test_each_dealer_has_its_own_calendar():
    late_shift = Calendar("Europe/Brussels", {"mon-fri": ["13:00-21:00"]})
    terms = {"remind_after": Business(hours=4), "calendar": "office"}
    more = {"calendars": {"office": OFFICE, "late": late_shift}, "keeps": {"bob": "late"}}
    assert offered("ann", **terms, **more).dues() == [("first_status", "remind", at(hours=4))]
    assert offered("bob", **terms, **more).dues() == [("first_status", "remind", at(hours=7))]


def test_the_hours_count_through_a_change_of_clocks():
    friday = datetime(2026, 3, 27, 15, tzinfo=UTC)  # 16:00 in Brussels; clocks go forward on Sunday
    life = offered(
        when=friday,
        begun=friday,
        calendars={"office": OFFICE},
        calendar="office",
        withdraw_after=Business(hours=2),
    )
    assert [(leg.name, leg.due) for leg in life.state.legs] == [
        ("first_status", friday + timedelta(hours=48)),
        ("silence", datetime(2026, 3, 30, 8, tzinfo=UTC)),  # Monday 10:00, by now two hours ahead of UTC
    ]


# Notice


def test_a_tick_that_comes_ten_days_late_reminds_and_takes_nothing_away():
    life = offered()
    assert life.told(at(days=10)) == ["1/remind:first_status"]
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)
    assert life.dues() == [("undelivered:first_status", "escalate", at(days=12))]
    life.sent(at(days=10, hours=1))
    assert life.dues() == [("first_status", "withdraw", at(days=11, hours=1))]
    assert life.told(at(days=11, hours=1)) == []
    assert life.told(at(days=11, hours=1, late=1)) == ["1/withdraw", "1/request_next"]


def test_notice_runs_from_when_the_reminder_may_reach_the_dealer():
    night = {"remind_after": Elapsed(hours=10), "withdraw_after": Elapsed(hours=11), "notice": Elapsed(hours=2)}
    life = offered(calendars={"office": OFFICE}, calendar="office", **night)
    (reminder,) = life.ticks(at(hours=10, late=1))  # 20:00 in Brussels
    assert (reminder.at, reminder.due, reminder.send_from) == (at(hours=10, late=1), at(hours=10), at(hours=23))
    life.sent(at(hours=11))  # the relay says so too early
    assert life.dues() == [("first_status", "withdraw", at(hours=25))]
    assert life.state.standing.reminders[0].sent_at == at(hours=11)


def test_notice_runs_from_when_the_reminder_left_if_that_is_later():
    life = offered(calendars={"office": OFFICE}, calendar="office", remind_after=Elapsed(hours=10))
    life.ticks(at(hours=10, late=1))
    life.sent(at(days=4, hours=12))
    assert life.dues() == [("first_status", "withdraw", at(days=5, hours=12))]


def test_a_message_waits_until_its_recipient_opens():
    """The dealer's hours for the dealer, the house's for the house."""
    late_shift = Calendar("Europe/Brussels", {"mon-sun": ["13:00-21:00"]})
    keeps = {"ann": "late", "hq": "office"}
    life = offered(calendars={"office": OFFICE, "late": late_shift}, keeps=keeps, escalate_after=Elapsed(hours=49))
    (reminder,) = life.ticks(at(hours=48, late=1))  # Wednesday 10:00
    (manager,) = life.ticks(at(hours=49, late=1))
    assert (reminder.send_from, manager.send_from) == (at(hours=51), at(hours=51))
    (undelivered,) = life.ticks(at(hours=103))  # Friday 17:00, and the house opens on Monday
    assert (undelivered.to, undelivered.send_from) == ("hq", at(days=6, hours=23))


def test_notice_may_be_in_business_time():
    terms = {"withdraw_after": Elapsed(hours=49), "notice": Business(hours=4)}
    life = offered(calendars={"office": OFFICE}, calendar="office", **terms)
    life.ticks(at(hours=48, late=1))
    life.sent(at(hours=53))  # Wednesday 15:00
    assert life.dues() == [("first_status", "withdraw", at(hours=73))]


def test_a_message_leaves_at_once_where_the_recipient_is_open():
    life = offered(calendars={"office": OFFICE}, calendar="office")
    (reminder,) = life.ticks(at(hours=48, late=1))
    assert reminder.send_from == at(hours=48, late=1)


def test_a_reminder_that_cannot_be_delivered_ends_at_a_person():
    life = offered()
    life.ticks(at(hours=48, late=1))
    rule, first = "undelivered:first_status", at(hours=96, late=1)
    assert life.dues() == [(rule, "escalate", first)]
    assert life.told(first) == []
    acts, key = first + MOMENT, "1/escalate:undelivered:first_status:1"
    assert life.ticks(acts) == [effect("escalate", key, 1, acts, "hq", "manager", rule, first, acts)]
    assert life.dues() == [("undelivered:first_status", "escalate", at(hours=144, late=2))]
    assert life.told(at(days=30)) == ["1/escalate:undelivered:first_status:2"]
    assert life.dues() == [("undelivered:first_status", "escalate", at(days=32))]
    assert (life.state.phase, life.state.holder) == ("offered", "ann")
    life.sent(at(days=31))  # and then it did leave
    assert life.dues() == [("first_status", "withdraw", at(days=32))]


def test_a_reminder_is_sent_once_and_only_if_there_was_one():
    life = offered()
    life.ticks(at(hours=48, late=1))
    assert life.sent(at(hours=49), "L1/1/remind:acceptance") == "refused:unknown_reminder"
    assert life.sent(at(hours=50)) == "applied"
    assert life.sent(at(hours=51)) == "nothing"
    assert [one.sent_at for one in life.state.standing.reminders] == [at(hours=50)]


def test_each_reminder_leaves_by_itself():
    life = offered(accept_within=Elapsed(hours=48))
    assert life.told(at(hours=49)) == ["1/remind:acceptance", "1/remind:first_status"]
    life.sent(at(hours=50))
    assert [(one.rule, one.sent_at) for one in life.state.standing.reminders] == [
        ("acceptance", None),
        ("first_status", at(hours=50)),
    ]


def test_a_reminder_that_left_too_late_is_still_recorded():
    life = offered()
    life.ticks(at(hours=48, late=1))
    life.settles(Updated, at(hours=49), status="won")
    assert life.sent(at(hours=50)) == "applied"
    assert life.state.dues == ()


# Accepting in time


def test_who_has_to_accept_is_reminded_and_then_loses_the_lead():
    life = offered(accept_within=Elapsed(hours=4), notice=Elapsed(hours=2))
    assert life.dues()[0] == ("acceptance", "remind", at(hours=4))
    due, acts = at(hours=4), at(hours=4, late=1)
    assert life.ticks(acts) == [
        effect("remind", "1/remind:acceptance", 1, acts, "ann", "inbox", "acceptance", due, acts),
    ]
    life.sent(at(hours=5), "L1/1/remind:acceptance")
    assert life.dues()[0] == ("acceptance", "withdraw", at(hours=7))
    assert life.told(at(hours=7, late=1)) == ["1/withdraw", "1/request_next"]


def test_who_accepted_in_time_hears_no_more_of_it():
    life = offered(accept_within=Elapsed(hours=4))
    assert life.settles(Accepted, at(hours=4)) == "applied"
    assert life.dues() == [("first_status", "remind", at(hours=48))]
    assert life.state.standing.breached == ()


def test_the_manager_of_a_silent_dealer_is_told_once():
    life = offered(escalate_after=Elapsed(days=3))
    life.ticks(at(hours=48, late=1))
    assert life.dues()[0] == ("first_status", "escalate", at(days=3))
    due, acts = at(days=3), at(days=3, late=1)
    assert life.ticks(acts) == [
        effect("escalate", "1/escalate:first_status:1", 1, acts, "ann", "manager", "first_status", due, acts),
    ]
    assert life.dues() == [("undelivered:first_status", "escalate", at(hours=96, late=1))]
    life.sent(at(days=3, hours=1))
    assert life.dues() == [("first_status", "withdraw", at(days=5))]


# Work that lies still


def test_each_status_has_one_reminder_of_its_own():
    life = offered(stale_after=Elapsed(days=3))
    life.settles(Updated, at(days=1), status="contacted")
    assert life.dues() == [("stale-1", "remind", at(days=4))]
    assert life.told(at(days=4, late=1)) == ["1/remind:stale-1"]
    life.settles(Updated, at(days=5), status="contacted")
    assert life.dues() == [("stale-2", "remind", at(days=8))]
    assert life.told(at(days=9)) == ["1/remind:stale-2"]
    life.sent(at(days=9, hours=1), "L1/1/remind:stale-2")
    assert life.dues() == [("stale-2", "withdraw", at(days=10, hours=1))]
    assert life.told(at(days=10, hours=2)) == ["1/withdraw", "1/request_next"]
    assert life.state.standing.breached == (Breach(1, "stale-1", at(days=4)), Breach(1, "stale-2", at(days=8)))


def test_a_reminder_of_an_earlier_status_gives_no_notice_for_this_one():
    life = offered(stale_after=Elapsed(days=3))
    life.settles(Updated, at(days=1), status="contacted")
    life.ticks(at(days=4, late=1))
    life.settles(Updated, at(days=5), status="quoted")
    life.sent(at(days=5), "L1/1/remind:stale-1")
    assert life.dues() == [("stale-2", "remind", at(days=8))]


def test_statuses_start_the_clock_anew_only_so_often():
    life = offered(stale_after=Elapsed(days=3), max_resets=2)
    for day, status in [(1, "contacted"), (2, "qualified"), (3, "quoted")]:
        assert life.settles(Updated, at(days=day), status=status) == "applied"
    assert (life.state.phase, life.state.standing.status, life.state.standing.resets) == ("quoted", "quoted", 2)
    assert life.dues() == [("stale-2", "remind", at(days=5))]  # counted from the second status
    assert life.told(at(days=5, late=1)) == ["1/remind:stale-2"]
    assert life.settles(Updated, at(days=6), status="contacted") == "applied"
    life.sent(at(days=6), "L1/1/remind:stale-2")
    assert life.told(at(days=7, late=1)) == ["1/withdraw", "1/request_next"]


# Statuses are claims


def test_who_could_not_be_reached_needs_evidence():
    life = offered()
    assert life.settles(Updated, at(hours=1), status="uncontactable") == "refused:no_evidence"
    assert (life.state.phase, life.state.standing.status) == ("offered", None)
    assert life.dues() == [("first_status", "remind", at(hours=48))]
    assert life.settles(Updated, at(hours=2), status="uncontactable", evidence="call-7") == "applied"
    assert life.state.phase == "uncontactable"


def test_a_status_that_does_not_count_changes_nothing():
    life = offered()
    assert life.settles(Updated, at(hours=1), status="attempted") == "not_counted"
    assert life.state.phase == "offered"
    assert life.dues() == [("first_status", "remind", at(hours=48))]


def test_trying_is_working_where_the_terms_say_that_it_counts():
    life = offered(counts_as_update=["attempted", "won"], stale_after=Elapsed(days=3))
    assert life.settles(Updated, at(hours=1), status="contacted") == "not_counted"
    assert life.settles(Updated, at(hours=2), status="attempted") == "applied"
    assert (life.state.phase, life.state.standing.status) == ("contacted", "attempted")
    assert life.dues() == [("stale-1", "remind", at(days=3, hours=2))]


def test_a_status_may_go_back():
    life = offered()
    life.settles(Updated, at(hours=1), status="quoted")
    assert life.settles(Updated, at(hours=2), status="contacted") == "applied"
    assert life.state.phase == "contacted"
