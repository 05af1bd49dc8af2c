"""The laws of business time on random calendars, and two independent readings of the same calendars."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import clockwork as cw
from dealerrouting import PlanError
from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from quick import upto

pytestmark = pytest.mark.pure

ZONES = (
    "UTC",
    "Europe/Brussels",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Casablanca",  # back in Ramadan
    "Antarctica/Troll",  # two hours
    "Africa/Cairo",  # at midnight
    "America/Santiago",  # at midnight, to the day before
    "Asia/Kathmandu",  # 05:45
    "Pacific/Kiritimati",  # +14
    "America/Scoresbysund",  # a change of zone and of clocks at once
)
INTERVALS = (
    "09:00-17:30 09:00-12:30 13:00-17:30 10:00-14:00 00:00-24:00 22:00-06:00 18:00-02:30 00:00-02:00 00:30-00:31 "
    "01:30-02:30 02:00-03:00 02:15-02:45 02:30-04:00 03:00-09:00 12:00-24:00 23:00-00:00 23:59-00:01 10:00-09:59 "
    "12:00-13:00 00:00-00:30 01:00-01:30 17:30-22:00 23:30-23:59"
).split()
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NEAR = (
    *(timedelta(0), -cw.MICRO, cw.MICRO, timedelta(minutes=30), timedelta(hours=-1), timedelta(hours=2), -DAY, DAY),
    *(timedelta(days=2, hours=7, seconds=59), timedelta(days=-6), timedelta(days=30), timedelta(days=365)),
)
PLAIN = (
    datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2027, 12, 31, 23, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC),
    datetime(2027, 6, 4, 8, 7, 33, 5, tzinfo=UTC),
)
pick = st.sampled_from
hours = st.lists(pick(INTERVALS), max_size=3)
weekly = st.dictionaries(pick(cw.WEEKDAYS), hours, max_size=7)
lengths = st.one_of(
    pick([cw.MICRO, SECOND, timedelta(hours=1), timedelta(hours=8), timedelta(hours=40), timedelta(days=90)]),
    st.integers(1, 10**12).map(lambda number: number * cw.MICRO),
)


def near(zone):
    """Instants near what matters: changes of clocks in 2027 and 2028, turns of years, a leap day."""
    changes = [at for at, *_ in cw.changes(zone) if at.year in {2027, 2028}]
    return st.builds(lambda at, more: at + more, pick([*changes, *PLAIN]), pick(NEAR))


def dates_near(zone):
    return near(zone).map(lambda at: at.date())


@st.composite
def specs(draw):
    """A calendar as it is written; one weekday a key."""
    zone = draw(pick(ZONES))
    spec = {"timezone": zone, "hours": draw(weekly)}
    if draw(st.booleans()):
        spec["breaks"] = draw(weekly)
    if draw(st.booleans()):
        spec["dates"] = draw(st.dictionaries(dates_near(zone), hours, max_size=4))
        spec["holidays"] = draw(st.lists(dates_near(zone), max_size=4))
    return spec


@st.composite
def calendars(draw):
    spec = draw(specs())
    try:
        return spec, Calendar(**spec)
    except PlanError:
        assume(False)


@st.composite
def worlds(draw):
    """A calendar, three instants, two lengths."""
    spec, calendar = draw(calendars())
    instants = [draw(near(spec["timezone"])) for _ in range(3)]
    return spec, calendar, instants, [draw(lengths), draw(lengths)]


checked = settings(max_examples=upto(40), deadline=None, suppress_health_check=list(HealthCheck))


def check_laws(world):
    spec, calendar, instants, times = world
    cw.law_add_is_undone(calendar, instants[0], times[0])
    cw.law_monotone(calendar, instants)
    cw.law_additive(calendar, instants, times)
    cw.law_days(calendar, instants[0], 1 + times[0].days, 3)
    cw.law_spans(calendar, *instants[:2])
    cw.law_splitting(spec, [60, 12 * 60, times[0].seconds // 60])


def check_whenever(world):
    spec, calendar, (at, *_), _ = world
    start, end = at - timedelta(days=2), at + timedelta(days=9)
    when = cw.by_whenever(spec["timezone"])
    cw.check_spans(calendar, spec, start, end, when)
    cw.check_counting(calendar, spec, start, end, when)
    cw.check_days(calendar, spec, start, end, when)


def check_stepping(world):
    spec, calendar, (at, *_), _ = world
    start = cw.midnight(at.date())
    end = start + timedelta(days=2)
    when = cw.by_stepping(spec["timezone"], start.date(), end.date())
    cw.check_spans(calendar, spec, start, end, when)
    cw.check_days(calendar, spec, start, end, when)
    if cw.is_plain(spec, start, end):
        cw.check_naive(calendar, spec, start, end)


def check_both(world, other):
    spec, one, (at, *_), _ = world
    also, another = other
    try:
        both = one & another
    except PlanError:
        return
    start, end = at - timedelta(days=2), at + timedelta(days=9)
    cw.law_both(one, another, start, end)
    cw.check_days(both, spec, start, end, cw.by_whenever(spec["timezone"]), also)


@checked
@given(worlds())
def test_the_laws_hold(world):
    check_laws(world)


@pytest.mark.slow
@checked
@given(worlds())
def test_it_is_open_when_whenever_says_so(world):
    check_whenever(world)


@settings(checked, max_examples=15)
@given(worlds())
def test_it_is_open_when_stepping_by_minutes_says_so(world):
    check_stepping(world)


@pytest.mark.slow
@settings(checked, max_examples=15)
@given(worlds(), calendars())
def test_two_calendars_are_open_together(world, other):
    check_both(world, other)


@checked
@given(worlds(), st.integers(1, 10**6))
def test_elapsed_time_knows_no_hours(world, seconds):
    _, calendar, (start, *_), _ = world
    assert calendar.add(start, Elapsed(seconds=seconds)) == start + timedelta(seconds=seconds)


@pytest.mark.slow
@checked
@given(worlds())
def test_what_was_asked_before_changes_no_answer(world):
    spec, calendar, instants, _ = world
    asked = [calendar.between(instants[0], at) for at in instants]
    fresh = Calendar(**spec)
    assert [fresh.between(instants[0], at) for at in reversed(instants)] == asked[::-1]
    assert fresh.add(instants[1], Business(hours=30)) == calendar.add(instants[1], Business(hours=30))
    assert fresh.add(instants[2], BusinessDays(30)) == calendar.add(instants[2], BusinessDays(30))
    assert fresh == calendar


@pytest.mark.long
@settings(checked, max_examples=3_000)
@given(worlds(), calendars())
def test_everything_on_many_calendars(world, other):
    check_laws(world)
    check_whenever(world)
    check_stepping(world)
    check_both(world, other)
