"""Why something is due when it is, as data and in words of two languages."""

from datetime import UTC, datetime, timedelta

import pytest

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.events import Paused, Resumed, Updated
from dealerrouting.sla import explain_due
from sla_life import OFFICE, Life, at, offered, reminded

pytestmark = pytest.mark.pure


def why(life, lang="en", **more):
    return explain_due(life.state).text(lang, **more).split("\n")


def test_a_reckoning_is_data():
    life = offered()
    reckoning = explain_due(life.state)
    assert (reckoning.lead, reckoning.assignment, reckoning.holder) == ("L1", 1, "ann")
    assert reckoning.due == life.state.dues[0]
    assert reckoning.text() == reckoning.text("en")


def test_why_a_reminder_goes_out():
    assert why(offered()) == [
        "Lead L1, assignment 1 of ann: a reminder (first_status) after Wednesday 2026-06-03 08:00 UTC.",
        "  first_status: 2d from Monday 2026-06-01 08:00 UTC is used up at Wednesday 2026-06-03 08:00 UTC",
    ]
    assert why(offered(), "nl", timezone="Europe/Brussels") == [
        "Lead L1, toewijzing 1 van ann: een herinnering (first_status) na woensdag 2026-06-03 10:00 CEST.",
        "  first_status: 2d vanaf maandag 2026-06-01 10:00 CEST is op om woensdag 2026-06-03 10:00 CEST",
    ]


def test_why_the_house_is_told():
    life = offered()
    life.ticks(at(hours=48, late=1))
    end = "Friday 2026-06-05 08:00:00.000001 UTC"
    assert why(life) == [
        f"Lead L1, assignment 1 of ann: the reminder (first_status) has not left; the house is told after {end}.",
        f"  delivery: 2d from Wednesday 2026-06-03 08:00:00.000001 UTC is used up at {end}",
    ]
    assert why(life, "nl")[0] == (
        "Lead L1, toewijzing 1 van ann: de herinnering (first_status) is niet vertrokken; "
        "het huis hoort het na vrijdag 2026-06-05 08:00:00.000001 UTC."
    )


def test_why_a_lead_is_taken_away():
    life = reminded()
    assert why(life) == [
        "Lead L1, assignment 1 of ann: withdrawn (first_status) after Saturday 2026-06-06 08:00 UTC.",
        "  silence: 5d from Monday 2026-06-01 08:00 UTC is used up at Saturday 2026-06-06 08:00 UTC",
        "  notice: 1d from Wednesday 2026-06-03 09:00 UTC is used up at Thursday 2026-06-04 09:00 UTC",
        "    this alone would be over earlier; the latest counts",
    ]
    assert (
        why(life, "nl")[0]
        == "Lead L1, toewijzing 1 van ann: ingetrokken (first_status) na zaterdag 2026-06-06 08:00 UTC."
    )
    assert why(life, "nl")[-1] == "    dit alleen zou eerder voorbij zijn; het laatste telt"


def test_why_a_manager_is_told_and_why_it_goes_to_the_house():
    life = offered(escalate_after=Elapsed(hours=1), remind_after=Elapsed(hours=2, seconds=1))
    assert why(life) == [
        "Lead L1, assignment 1 of ann: its manager is told (first_status) after Monday 2026-06-01 09:00 UTC.",
        "  escalation: 1h from Monday 2026-06-01 08:00 UTC is used up at Monday 2026-06-01 09:00 UTC",
    ]
    life = Life(begun=at(late=500_000), delivery_bound=Elapsed(days=1, hours=2, minutes=3, seconds=4))
    life.ticks(at(late=500_000))
    assert why(life) == [
        "Lead L1, held by nobody: to the house (routing) after Tuesday 2026-06-02 10:03:04.5 UTC.",
        "  routing: 1d 2h 3m 4s from Monday 2026-06-01 08:00:00.5 UTC is used up at Tuesday 2026-06-02 10:03:04.5 UTC",
    ]


def test_why_nothing_happens_during_a_pause_and_when_it_does():
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    assert why(life) == [
        "Lead L1, assignment 1 of ann: the pause ends at Tuesday 2026-06-02 18:00 UTC; no deadline acts before."
    ]
    assert why(life, "nl") == [
        "Lead L1, toewijzing 1 van ann: de pauze eindigt op dinsdag 2026-06-02 18:00 UTC; tot dan gebeurt er niets."
    ]
    life.settles(Resumed, at(hours=10, late=1))
    assert why(life)[1:] == [
        "  first_status: 2d from Monday 2026-06-01 08:00 UTC is used up at Wednesday 2026-06-03 08:00:00.000001 UTC",
        "    ran from Monday 2026-06-01 08:00 UTC to Monday 2026-06-01 18:00 UTC: 10h",
        "    paused from Monday 2026-06-01 18:00 UTC to Monday 2026-06-01 18:00:00.000001 UTC",
        "    ran from Monday 2026-06-01 18:00:00.000001 UTC to Wednesday 2026-06-03 08:00:00.000001 UTC: 1d 14h",
    ]


def test_why_open_time_ends_when_it_does_over_a_change_of_clocks_and_a_pause():
    friday = datetime(2026, 3, 27, 15, tzinfo=UTC)  # 16:00 in Brussels
    terms = {"remind_after": Business(hours=2, minutes=30), "calendar": "office"}
    life = offered(when=friday, begun=friday, calendars={"office": OFFICE}, **terms)
    start = "Friday 2026-03-27 16:00 CET"
    assert why(life) == [
        "Lead L1, assignment 1 of ann: a reminder (first_status) after Monday 2026-03-30 10:30 CEST.",
        f"  first_status: 2h 30m of open time from {start} is used up at Monday 2026-03-30 10:30 CEST",
        f"    on the calendar office, version {OFFICE.version[:19]}",
    ]
    # Clocks in Brussels say 17:30 when it closes its laptop after hours, and 09:10 when it opens it again.
    life.settles(Paused, friday + timedelta(hours=1.5), until=friday + timedelta(days=3), reason="weekend")
    life.settles(Resumed, datetime(2026, 3, 30, 7, 10, tzinfo=UTC))
    assert why(life, "nl") == [
        "Lead L1, toewijzing 1 van ann: een herinnering (first_status) na maandag 2026-03-30 10:40 CEST.",
        "  first_status: 2h 30m openingstijd vanaf vrijdag 2026-03-27 16:00 CET is op om maandag 2026-03-30 10:40 CEST",
        "    liep van vrijdag 2026-03-27 16:00 CET tot vrijdag 2026-03-27 17:30 CET: 1h",
        "    pauze van vrijdag 2026-03-27 17:30 CET tot maandag 2026-03-30 09:10 CEST",
        "    liep van maandag 2026-03-30 09:10 CEST tot maandag 2026-03-30 10:40 CEST: 1h 30m",
        f"    op de kalender office, versie {OFFICE.version[:19]}",
    ]
    assert why(life, timezone="UTC")[0].endswith("(first_status) after Monday 2026-03-30 08:40 UTC.")


def test_the_calendar_of_a_dealer_is_named_and_its_clocks_are_read():
    late_shift = Calendar("Europe/London", {"mon-fri": ["13:00-21:00"]})
    keeps = {"calendars": {"office": OFFICE, "late": late_shift}, "calendar": "office", "keeps": {"bob": "late"}}
    assert why(offered("bob", remind_after=Business(hours=4), **keeps))[1:] == [
        "  first_status: 4h of open time from Monday 2026-06-01 09:00 BST is used up at Monday 2026-06-01 17:00 BST",
        f"    on the calendar late, version {late_shift.version[:19]}",
    ]


def test_why_business_days_end_when_they_do():
    life = offered(calendars={"office": OFFICE}, calendar="office", remind_after=BusinessDays(2))
    life.settles(Paused, at(days=1, hours=7), until=at(days=1, hours=9), reason="evening")
    life.ticks(at(days=1, hours=10))
    start = "Monday 2026-06-01 10:00 CEST"
    assert why(life)[1:] == [
        f"  first_status: 2 business days from {start} is used up at Wednesday 2026-06-03 17:00 CEST",
        f"    ran from {start} to Tuesday 2026-06-02 17:00 CEST: 1",
        "    paused from Tuesday 2026-06-02 17:00 CEST to Tuesday 2026-06-02 19:00 CEST",
        "    ran from Tuesday 2026-06-02 19:00 CEST to Wednesday 2026-06-03 17:00 CEST: 1",
        f"    on the calendar office, version {OFFICE.version[:19]}",
    ]
    assert why(life, "nl")[1].startswith("  first_status: 2 werkdagen vanaf maandag")


def test_a_stretch_in_which_it_was_never_open_has_used_nothing():
    evening = at(hours=8)  # 18:00 in Brussels
    life = offered(
        when=evening, begun=evening, calendars={"office": OFFICE}, calendar="office", remind_after=Business(hours=1)
    )
    life.settles(Paused, at(hours=9), until=at(hours=10), reason="evening")
    life.ticks(at(hours=11))
    assert why(life)[2] == "    ran from Monday 2026-06-01 18:00 CEST to Monday 2026-06-01 19:00 CEST: 0s"


def test_an_end_that_was_kept_says_so():
    life = offered()
    life.migrates(at(hours=1), "keep_due", remind_after=Elapsed(hours=1))
    (_, kept), (_, gehouden) = why(life), why(life, "nl")
    assert kept == (
        "  first_status: began at Monday 2026-06-01 08:00 UTC; "
        "its end at Wednesday 2026-06-03 08:00 UTC was kept from an earlier policy"
    )
    assert gehouden == (
        "  first_status: begon op maandag 2026-06-01 08:00 UTC; "
        "het einde op woensdag 2026-06-03 08:00 UTC is gehouden van eerdere voorwaarden"
    )


def test_why_speaks_of_what_is_known():
    life = offered()
    life.hears(Updated, at(hours=1), status="contacted")
    assert why(life)[0].startswith("Lead L1, assignment 1 of ann: a reminder (stale-1) after Monday 2026-06-22")


def test_the_end_of_time_can_be_told_anywhere():
    life = offered(remind_after=Elapsed(days=3_000_000), withdraw_after=Elapsed(days=3_100_000))
    end = "Friday 9999-12-31 23:59:59.999999 UTC"
    assert why(life, timezone="Europe/Brussels") == [
        f"Lead L1, assignment 1 of ann: a reminder (first_status) after {end}.",
        f"  first_status: 3000000d from Monday 2026-06-01 10:00 CEST is used up at {end}",
    ]
