"""A whole log, lead by lead."""

from datetime import UTC, datetime, timedelta

import pytest

from dealerrouting import Calendar, Elapsed, Terms, sla
from dealerrouting.events import Accepted, Assigned, Migrate, ReminderSent, Tick, Updated
from dealerrouting.terms import Policy

pytestmark = pytest.mark.pure
T0 = datetime(2027, 3, 1, 9, tzinfo=UTC)
US = timedelta(microseconds=1)
POLICY = Policy(Terms(), "house")
NEW = Policy(Terms(remind_after=Elapsed(hours=24)), "house")


def at(hours=0.0):
    return T0 + timedelta(hours=hours)


def given(lead="L", **more):
    return Assigned(f"{lead}-1", lead, assignment=1, holder="a", received_at=T0, **more)


def told(stories):
    """What was done when, but for records and calls to wake."""
    return [
        (effect.lead, effect.does, effect.at)
        for story in stories
        for effect in story.effects
        if effect.does not in ("record", "wake")
    ]


def one(log, **more):
    (story,) = sla.replay(log, POLICY, **more)
    return story


def test_leads_by_id_whatever_the_order_in_the_log():
    log = [given("M"), given("L"), Accepted("2", "M", assignment=1, received_at=at(1))]
    assert [(story.lead, story.state.phase) for story in sla.replay(log, POLICY)] == [
        ("L", "offered"),
        ("M", "accepted"),
    ]
    assert list(sla.replay(log[::-1], POLICY)) == list(sla.replay(log, POLICY))
    assert list(sla.replay([], POLICY)) == []


def test_time_runs_to_the_last_instant_of_the_log_for_every_lead():
    log = [given("L"), given("M"), Updated("2", "M", assignment=1, status="contacted", received_at=at(49))]
    assert told(sla.replay(log, POLICY)) == [("L", "remind", at(48) + US), ("M", "remind", at(48) + US)]
    assert told(sla.replay(log[:2], POLICY)) == []


def test_time_runs_to_until_and_no_further():
    assert told([one([given()], until=at(48))]) == []
    assert told([one([given()], until=at(48) + US)]) == [("L", "remind", at(48) + US)]
    late = Accepted("2", "L", assignment=1, received_at=at(50))
    assert one([given(), late], until=at(49)).state.phase == "offered"
    assert one([given(), late], until=at(50)).state.phase == "accepted"
    with pytest.raises(TypeError, match="aware"):
        one([given()], until=datetime(2027, 3, 2))


def test_a_relay_that_goes_well_is_supplied_where_the_log_has_none():
    story = one([given()], until=at(121))
    assert [does for _, does, _ in told([story])] == ["remind", "withdraw", "request_next"]
    assert story.effects[-2].detail["did"] == "withdraw:first_status ask:routing"
    assert told([story])[1:] == [("L", "withdraw", at(120) + US), ("L", "request_next", at(120) + US)]
    assert story.count("remind") == 1
    assert story.count("notify") == 0


def test_a_log_with_a_relay_of_its_own_gets_no_other():
    elsewhere = ReminderSent("9", "M", assignment=1, effect="M/1/remind:first_status", received_at=at(60))
    stories = list(sla.replay([given("L"), given("M"), elsewhere], POLICY, until=at(121)))
    assert told(stories) == [
        ("L", "remind", at(48) + US),
        ("L", "escalate", at(96) + 2 * US),
        ("M", "remind", at(48) + US),
        ("M", "withdraw", at(120) + US),
        ("M", "request_next", at(120) + US),
    ]


def test_a_log_with_ticks_gets_no_others():
    ticks = [Tick(at(hours)) for hours in (1, 47, 60, 240)]
    story = one([given(), *ticks])
    assert told([story]) == [("L", "remind", at(60)), ("L", "withdraw", at(240)), ("L", "request_next", at(240))]
    assert (
        story.state.ticks == 4
    )  # the first settles the assignment, the second finds nothing; the relay's word is settled too
    assert told([one([given(), Tick(at(1))], until=at(500))]) == []


def test_an_event_of_one_instant_comes_before_the_tick():
    update = Updated("2", "L", assignment=1, status="contacted", received_at=at(48) + US)
    assert told([one([given(), update])]) == []


def test_what_is_not_allowed_is_kept_and_changes_nothing():
    won = Updated("2", "L", assignment=1, status="won", received_at=at(1))
    after = Accepted("3", "L", assignment=1, received_at=at(2))
    story = one([given(), won, after])
    assert story.refused == ((after, "`accepted` is not allowed for a lead that is `won`"),)
    assert story.state == one([given(), won], until=at(2)).state


def test_a_migration_goes_to_a_policy_that_is_at_hand():
    move = Migrate("2", "L", to=NEW.digest, how="recompute_from_start", received_at=at(12))
    story = one([given(), move], until=at(30), policies=[NEW])
    assert story.state.policy == NEW.digest
    assert told([story]) == [("L", "remind", at(24) + US)]
    refused = one([given(), move], until=at(30))
    assert refused.state.policy == POLICY.digest
    assert [(event, why.split(":")[-1]) for event, why in refused.refused] == [(move, " give that policy")]


DAY = Calendar("UTC", {"mon-sun": ["09:00-17:00"]})
LATE = Calendar("UTC", {"mon-sun": ["20:00-22:00"]})


def heard_of_the_relay(story):
    """When each reminder was heard to have left."""
    return [
        (effect.detail["event"], effect.due)
        for effect in story.effects
        if effect.does == "record" and effect.detail["type"] == "reminder_sent"
    ]


def test_several_reminders_leave_when_the_dealer_opens():
    """Both are decided at night, and both leave in the morning."""
    terms = Terms(accept_within=Elapsed(hours=10), remind_after=Elapsed(hours=11), calendar="day")
    (story,) = sla.replay([given()], Policy(terms, "house", {"day": DAY}), until=at(25))
    assert heard_of_the_relay(story) == [
        ("sent:L/1/remind:acceptance", at(24)),
        ("sent:L/1/remind:first_status", at(24)),
    ]


def test_a_reminder_that_may_leave_sooner_leaves_sooner():
    """The first dealer opens late in the evening; the second has been given the lead by then and is open."""
    terms = Terms(remind_after=Elapsed(hours=1))
    policy = Policy(terms, "house", {"day": DAY, "late": LATE}, {"a": "late", "b": "day"})
    by = {"by_hand": True, "actor": "p", "reason": "r"}
    moved = Assigned("2", "L", assignment=2, holder="b", received_at=at(2), **by)
    (story,) = sla.replay([given(), moved], policy, until=at(13))
    assert heard_of_the_relay(story) == [
        ("sent:L/2/remind:first_status", at(3) + US),
        ("sent:L/1/remind:first_status", at(11)),
    ]


def test_a_mistyped_year_is_no_eternity_of_reminders():
    far = given("M")
    log = [given(), far, Accepted("9", "M", assignment=1, received_at=datetime(9999, 1, 1, tzinfo=UTC))]
    stories = list(sla.replay(log, POLICY))
    assert all(len(story.effects) < 500 for story in stories)
    assert stories[1].state.seen == {"M-1", "9", "sent:M/1/remind:first_status", "sent:M/2/remind:house-0"}
