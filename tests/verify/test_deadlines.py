"""Clocks that end where nobody works, held against every minute of the starts that there are."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from dealerrouting import Account, Calendar, Company, Dealer, Elapsed, Plan, Rule, Terms, Territory, by, verify, where
from dealerrouting.rules.route import consider

pytestmark = pytest.mark.pure
WEEK = Calendar("Europe/Amsterdam", {"mon-fri": ["09:00-17:00"]})
OFFICE = Dealer("office", kind="house")


def plan(calendar=WEEK, hours=14, dealers=None, seconds=0, **given):
    given = {"territories": [Territory("t", ["a"], country="NL")], "precedence": [by.territories()], **given}
    return Plan(
        "clock",
        house="office",
        timezone="Europe/Amsterdam",
        dealers=[*(dealers or [Dealer("a", calendar="x")]), OFFICE],
        calendars={"x": calendar},
        terms=Terms(accept_within=Elapsed(hours=hours, seconds=seconds)),
        **given,
    )


def accepted(whole, at=None):
    """The finding about accept_within, which is shown by its witness, or None."""
    found = [one for one in verify.deadlines(whole, at=at) if one.at == ("terms.accept_within",)]
    assert len(found) <= 1
    for one in found:
        assert shown(whole, one, at)
    return found[0] if found else None


def shown(whole, finding, at):
    """The lead goes to somebody who is open then, and the clock ends on a day on which that one is closed."""
    witness = finding.witness
    decision = consider(witness.lead, whole, witness.facts, at=witness.at).decision
    calendar = whole.policy.calendar_of(decision.holder)
    end = whole.terms.accept_within.after(witness.at)
    assert decision == witness.decision
    assert at is None or witness.at >= at
    assert (finding.values["start"], finding.values["when"]) == (witness.at, end)
    return calendar.is_open(witness.at) and closed(calendar, end)


def closed(calendar, at):
    zone = ZoneInfo(calendar.timezone)
    first = datetime.combine(at.astimezone(zone).date(), datetime.min.time(), tzinfo=zone).astimezone(UTC)
    last = datetime.combine(at.astimezone(zone).date() + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    return not any(True for _ in calendar.spans(first, last.astimezone(UTC)))


@pytest.mark.parametrize(("hours", "found"), [(1, False), (6, False), (7, False), (8, True), (14, True), (24, True)])
def test_any_instant_of_work_can_start_it(hours, found):
    assert (accepted(plan(hours=hours)) is not None) == found


def test_the_last_second_of_work_can_start_it():
    seven = [accepted(plan(hours=7, seconds=more)) for more in (0, 1)]
    assert [one is not None for one in seven] == [False, True]


@pytest.mark.parametrize("day", [date(2026, 5, 5), date(2027, 12, 25), date(2031, 12, 25)])
def test_a_holiday_is_seen_in_whatever_year(day):
    calendar = Calendar("Europe/Amsterdam", {"mon-sun": ["09:00-17:00"]}, holidays=[day])
    finding = accepted(plan(calendar, 24))
    assert finding.values["when"].date() == day
    assert accepted(plan(Calendar("Europe/Amsterdam", {"mon-sun": ["09:00-17:00"]}), 24)) is None


def test_a_day_that_is_open_for_once_can_start_it():
    """Saturday noon in 2030, by exception: a day later it is Sunday."""
    calendar = Calendar("Europe/Amsterdam", {"mon-sat": ["09:00-09:01"]}, dates={date(2030, 6, 1): ["09:00-23:00"]})
    for hours in (2, 14):
        assert accepted(plan(calendar, hours)).values["start"].date() == date(2030, 6, 1)


def test_only_what_comes_from_then_on_is_asked_about():
    calendar = Calendar("Europe/Amsterdam", {"mon-sun": ["09:00-17:00"]}, holidays=[date(2027, 5, 5)])
    assert accepted(plan(calendar, 24), datetime(2027, 5, 4, 14, 59, tzinfo=UTC)) is not None
    assert accepted(plan(calendar, 24), datetime(2027, 5, 4, 15, tzinfo=UTC)) is None
    assert accepted(plan(calendar, 24), datetime(2026, 5, 5, tzinfo=UTC)) is not None


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)])
def test_time_has_ends(at):
    accepted(plan(WEEK, 24), at)
    accepted(plan(WEEK, 80_000_000), at)
    accepted(plan(WEEK, 80_000_000))


def test_nobody_who_gets_nothing_is_spoken_of():
    """A clock of a dealer that no lead can come to never runs."""
    nobody = plan(territories=[Territory("t", ["office"], country="NL")])
    assert accepted(nobody) is None
    gone = plan(dealers=[Dealer("a", calendar="x", active_until=datetime(2020, 1, 1, tzinfo=UTC))])
    assert accepted(gone, datetime(2027, 1, 1, tzinfo=UTC)) is None


def test_the_lead_that_shows_it_is_one_that_its_holder_is_given():
    """Not the first of the region, which a rule takes; the second of a pool; a company with an account or a claim."""
    rule = Rule("r", (where.country == "NL") & where.postcode.exists(), ["b"])
    after_a_rule = [by.rules(rule), by.territories()]
    two = [Dealer("a", calendar="x"), Dealer("b")]
    assert accepted(plan(dealers=two, precedence=after_a_rule)).witness.decision.holder == "a"
    turns = [Territory("t", ["b", "a"], country="NL")]
    two = [Dealer("a"), Dealer("b", calendar="x")]
    assert accepted(plan(dealers=two, territories=turns)).witness.decision.holder == "b"
    account = Account("A1", "a", Company("Jansen", domain="jansen.example", country="NL"))
    assert accepted(plan(territories=[], precedence=[by.accounts()], accounts=[account])) is not None
    assert accepted(plan(territories=[], precedence=[by.registrations()])) is not None
    assert accepted(plan(territories=[], precedence=[by.incumbent()])) is not None


def test_while_the_dealer_is_away_it_is_not_asked():
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    away = plan(dealers=[Dealer("a", calendar="x", paused=[(start, end)])])
    assert accepted(away).witness.at >= end


def test_what_could_not_be_worked_out_is_said():
    found = verify.check(plan(), budget=verify.Budget(1, 1))
    assert ("closed-deadline",) in [one.at for one in found if one.name == "unknown-region"]


def a_calendar(rng):
    days = rng.choice(["mon-fri", "mon-sat", "tue-thu", "mon-sun"])
    hours = rng.choice([["09:00-17:00"], ["08:00-12:00", "13:00-18:00"], ["22:00-06:00"], ["00:00-24:00"]])
    free = [date(2027, 1, 1) + timedelta(days=rng.randrange(60)) for _ in range(rng.randrange(3))]
    return Calendar(rng.choice(["Europe/Amsterdam", "Asia/Tokyo", "UTC"]), {days: hours}, holidays=free)


@pytest.mark.parametrize("seed", range(25))
def test_it_is_found_just_where_a_start_in_ten_minutes_steps_shows_it(seed):
    rng = Random(seed)
    calendar, hours = a_calendar(rng), rng.choice([1, 3, 7, 9, 14, 24, 30, 48, 72])
    since = datetime(2027, 1, 4, tzinfo=UTC)
    starts = (since + timedelta(minutes=10 * n) for n in range(6 * 24 * 70))
    real = any(calendar.is_open(one) and closed(calendar, one + timedelta(hours=hours)) for one in starts)
    finding = accepted(plan(calendar, hours), since)
    assert (finding is not None) == real
