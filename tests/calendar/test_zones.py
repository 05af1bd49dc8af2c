"""Every change of clocks from 2020 to 2037, in every IANA time zone, beside `whenever`.

Zones whose clocks do the same in these years are tried once: what a calendar does depends on the clocks
and not on their name. That two zones do the same is read off each of them, change by change.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

import clockwork as cw
from dealerrouting.calendar import Business, BusinessDays, Calendar

HOURS = {
    "always": ["00:00-24:00"],
    "office": ["09:00-12:30", "13:00-17:30"],
    "night": ["22:00-06:00"],
    "inside": ["00:10-00:50", "01:15-01:45", "02:20-02:40", "02:45-03:15", "23:30-00:05"],
}
BEFORE, AFTER = timedelta(days=1, hours=7), timedelta(days=1, hours=19)


@cache
def runs_from(name, weekday):
    """Open stretches of the wall over a week that begins on this weekday, in minutes from its midnight."""
    monday = date(2024, 1, 1) + timedelta(days=weekday)
    spec = {"hours": dict.fromkeys(cw.WEEKDAYS, HOURS[name])}
    minutes = set().union(*(cw.own_minutes(spec, monday + timedelta(days=number)) for number in range(8)))
    return [
        (first - cw.DAY * monday.toordinal(), last - cw.DAY * monday.toordinal()) for first, last in cw.runs(minutes)
    ]


def expected(name, zone, start, end):
    first = start.date() - timedelta(days=2)
    since, when = first.toordinal() * cw.DAY, cw.by_whenever(zone)
    pairs = [(when(low + since), when(high + since)) for low, high in runs_from(name, first.weekday())]
    return cw.cut(cw.united(pairs), start, end)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOURS)
def test_every_change_of_clocks(name):
    tried = 0
    for zone in cw.kinds_of_clocks():
        calendar = Calendar(zone, {"mon-sun": HOURS[name]})
        for at, _, _ in cw.changes(zone):
            start, end = at - BEFORE, at + AFTER
            spans = expected(name, zone, start, end)
            total = sum((last - first for first, last in spans), cw.NOTHING)
            assert list(calendar.spans(start, end)) == spans, (zone, at)
            assert calendar.between(start, end) == total, (zone, at)
            assert calendar.add_open(start, total) == spans[-1][1], (zone, at)
            assert calendar.is_open(at) == any(first <= at < last for first, last in spans), (zone, at)
            tried += 1
    assert tried > 1_000


@pytest.mark.slow
def test_every_zone_is_tried():
    kinds = cw.kinds_of_clocks()
    assert {zone for zones in kinds.values() for zone in zones} == available_timezones()
    assert len(kinds) > 50
    assert all(cw.changes(one) == cw.changes(other) for one, *others in kinds.values() for other in others)
    brussels = [at for at, *_ in cw.changes("Europe/Brussels")]
    assert len(brussels) == 36
    assert datetime(2027, 3, 28, 1, tzinfo=UTC) in brussels


@pytest.mark.slow
def test_business_days_over_every_change_of_clocks():
    """A shift a day is a business day a day, of whatever length."""
    for zone in cw.kinds_of_clocks():
        calendar = Calendar(zone, {"mon-sun": ["08:00-20:00"]})
        for at, _, _ in cw.changes(zone):
            start = at - timedelta(days=3)
            for number in range(1, 6):
                end = calendar.add(start, BusinessDays(number))
                assert calendar.days(start, end) == number, (zone, at)
                assert calendar.between(end - timedelta(hours=12), end) == timedelta(hours=12), (zone, at)
                assert calendar.add(end, Business(hours=12)) == calendar.add(end, BusinessDays(1)), (zone, at)


@pytest.mark.slow
def test_no_zone_changes_its_rules_where_years_are_taken_from_others():
    """Totals of years before 1600 and after 2500 are those of a year 400 or 800 or ... years away."""
    for zone in sorted(available_timezones()):
        clocks = ZoneInfo(zone)
        for year, like in ((1201, 801), (1599, 1199), (2501, 2901), (2899, 3299), (2600, 9000)):
            for day in range(0, 366, 6):
                here, there = (datetime(one, 1, 1, tzinfo=UTC) + timedelta(days=day) for one in (year, like))
                assert here.astimezone(clocks).utcoffset() == there.astimezone(clocks).utcoffset(), (zone, year)
