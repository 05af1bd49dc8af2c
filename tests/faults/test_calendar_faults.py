"""A broken calendar must not pass: each planted fault turns a law, or a check beside a reference, red."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import clockwork as cw
from dealerrouting.calendar import Calendar, opening, reading, shifts, timeline, years

pytestmark = pytest.mark.pure
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def daily(*hours):
    return {day: list(hours) for day in cw.WEEKDAYS}


OFFICE = {"timezone": "Europe/Brussels", "hours": daily("09:00-12:30", "13:00-17:30")}
INSIDE = {"timezone": "Europe/Brussels", "hours": daily("01:15-02:20", "02:40-03:10")}  # of gaps and folds
NIGHT = {
    "timezone": "Europe/Brussels",
    "hours": daily("22:00-06:00", "05:00-10:00"),
    "breaks": {"sun": ["01:00-01:30"], "mon": ["07:00-08:00"]},
    "dates": {"2027-12-30": [], "2028-01-02": ["08:00-09:00"]},
    "holidays": [date(2027, 3, 29), date(2028, 1, 1)],
}
ALWAYS = {"timezone": "Asia/Tokyo", "hours": daily("00:00-24:00")}
SPECS = [OFFICE, INSIDE, NIGHT]
MOMENTS = [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)]
AROUND = [(spec, at - 2 * DAY, at + 3 * DAY) for spec in SPECS for at in MOMENTS]


def spans():
    for spec, start, end in AROUND:
        cw.check_spans(Calendar(**spec), spec, start, end, cw.by_whenever(spec["timezone"]))


def counting():
    for spec, start, end in AROUND:
        cw.check_counting(Calendar(**spec), spec, start, end, cw.by_whenever(spec["timezone"]))


def days():
    for spec, start, end in AROUND:
        cw.check_days(Calendar(**spec), spec, start, end, cw.by_whenever(spec["timezone"]))


def naive():
    for spec, start, end in AROUND[:3]:
        cw.check_naive(Calendar(**spec), spec, start, end - 3 * DAY)


def laws():
    for spec, start, end in AROUND:
        calendar = Calendar(**spec)
        for at in (start + 9 * HOUR, start + 22.5 * HOUR, end):
            cw.law_add_is_undone(calendar, at, 40 * HOUR)
            cw.law_additive(calendar, [at, start, end + 365 * DAY], [3 * HOUR, 8 * HOUR])
            cw.law_days(calendar, at, 3, 4)
            cw.law_monotone(calendar, [start, at, end])
            cw.law_spans(calendar, start, end)


def splitting():
    for spec in SPECS:
        cw.law_splitting(spec, [150, 600, 1380])


def together():
    for spec, also in ((NIGHT, OFFICE), (OFFICE, NIGHT), (NIGHT, ALWAYS)):
        one, other, when = Calendar(**spec), Calendar(**also), cw.by_whenever(spec["timezone"])
        for at in MOMENTS:
            cw.law_both(one, other, at - 2 * DAY, at + 3 * DAY)
            cw.check_days(one & other, spec, at - 2 * DAY, at + 3 * DAY, when, also)


def far():
    """Far away a total is the sum of its own spans."""
    calendar = Calendar(**NIGHT)
    for year in (1234, 2600, 4000):
        start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        total = sum((last - first for first, last in calendar.spans(start, end)), cw.NOTHING)
        assert calendar.between(start, end) == total


CHECKS = [spans, counting, days, naive, laws, splitting, together, far]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_checks_pass_on_the_code_as_it_is(check):
    check()


Timeline = timeline.Timeline
moment, tabled, shared = years.moment, years.tabled, years.shared
merged, without, read_shift = shifts.merged, shifts.without, shifts.read_shift
open_for, between, close_of, year_of = Timeline.open_for, Timeline.between, Timeline.close_of, Timeline.year


# The clock on the wall


def one_offset_for_the_whole_year(wall, midnight):
    local = midnight + timedelta(minutes=wall)
    return (local - local.replace(month=1, day=1).utcoffset()).replace(tzinfo=UTC)


def the_second_of_two(wall, midnight):
    return (midnight + timedelta(minutes=wall)).replace(fold=1).astimezone(UTC)


def a_skipped_time_is_the_end_of_the_gap(wall, midnight):
    local = midnight + timedelta(minutes=wall)
    skipped = local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None)
    return moment(wall - local.minute if skipped else wall, midnight)


def wall_time_is_added(self, start, left):
    """As `aware + timedelta` does."""
    zone = ZoneInfo("Europe/Brussels")
    found = open_for(self, start, left)
    shift = found.astimezone(zone).utcoffset() - start.astimezone(zone).utcoffset()
    return found - shift


# Shifts


def leaves_overlaps(pairs):
    return tuple(sorted(pairs))


def leaves_neighbours_apart(pairs):
    found = []
    for start, end in sorted(pairs):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def ignores_breaks(kept, holes):
    return kept


def breaks_end_at_midnight(kept, holes):
    return without(kept, [(start, min(end, shifts.DAY)) for start, end in holes if start < shifts.DAY])


def closes_at_midnight(text):
    found = read_shift(text)
    return found and (found[0], min(found[1], shifts.DAY))


def opened_by(shifts_of):
    """A calendar whose shifts on a date (an ordinal) are found by a broken rule."""

    def broken(self, year):
        return years.opening(year, ZoneInfo(self.timezone), lambda day: shifts_of(self, day))

    broken.__name__ = shifts_of.__name__
    return broken


def usual(self, day):
    return self._special.get(day, self.week[(day - 1) % 7])


def a_holiday_ends_the_night_before(self, day):
    whole = usual(self, day)
    tomorrow = date.fromordinal(day + 1) in self.holidays
    return tuple((start, min(end, shifts.DAY)) for start, end in whole) if tomorrow else whole


def a_holiday_spares_the_night(self, day):
    whole = self.week[(day - 1) % 7]
    return whole[-1:] if date.fromordinal(day) in self.holidays else usual(self, day)


def holidays_are_open(self, day):
    return dict(self.dates).get(date.fromordinal(day), self.week[(day - 1) % 7])


def a_date_adds_to_its_weekday(self, day):
    return merged((*usual(self, day), *self.week[(day - 1) % 7])) if usual(self, day) else ()


def the_week_begins_on_sunday(self, day):
    return self._special.get(day, self.week[day % 7])


# Years and counting


def loses_the_night_at_new_year(year, found):
    first = datetime(year, 1, 1, tzinfo=UTC)
    return tabled(year, years.Opening(tuple(span for span in found.spans if span[0] >= first), found.days))


def counts_a_day_where_it_opens(year, found):
    table = tabled(year, found)
    return table._replace(opens=table.opens[: len(table.closes)])


def due_when_it_opens_again(self, start, left):
    return self.next_open(open_for(self, start, left))


def forgets_the_first_year(self, start, end):
    return (
        self.year(end.year).until(end) - self.year(start.year).until(start)
        if start.year == end.year
        else between(self, datetime(end.year, 1, 1, tzinfo=UTC), end)
    )


def open_at_closing(self, at):
    return any(
        start <= at <= end for start, end in zip(self.year(at.year).starts, self.year(at.year).ends, strict=True)
    )


def counts_a_day_that_has_begun(self, start, left):
    return close_of(self, start - cw.MICRO, left)


def a_day_that_is_still_open_counts(self, start, end):
    return timeline.bisect_left(self.year(end.year).opens, end) - timeline.bisect_left(
        self.year(start.year).opens, start
    )


def remembers_one_year(self, number):
    return self._years.setdefault(0, year_of(self, number))


def comes_round_after_28_years(self, number):
    return 2028 + (number - 2028) % 28


def the_days_of_the_other(one, other):
    return shared(other, one)


def the_days_stay_whole(one, other):
    return years.Opening(shared(one, other).spans, one.days)


FAULTS = [
    (years, "moment", one_offset_for_the_whole_year, spans),
    (years, "moment", one_offset_for_the_whole_year, naive),
    (years, "moment", the_second_of_two, spans),
    (years, "moment", a_skipped_time_is_the_end_of_the_gap, spans),
    (years, "moment", a_skipped_time_is_the_end_of_the_gap, days),
    (Timeline, "open_for", wall_time_is_added, laws),
    (Timeline, "open_for", wall_time_is_added, counting),
    (years, "merged", leaves_overlaps, spans),
    (years, "merged", leaves_overlaps, counting),
    (years, "merged", leaves_overlaps, laws),
    (reading, "merged", leaves_neighbours_apart, splitting),
    (reading, "without", ignores_breaks, spans),
    (reading, "without", breaks_end_at_midnight, spans),
    (reading, "read_shift", closes_at_midnight, spans),
    (Calendar, "_opening", opened_by(a_holiday_ends_the_night_before), spans),
    (Calendar, "_opening", opened_by(a_holiday_spares_the_night), spans),
    (Calendar, "_opening", opened_by(a_holiday_spares_the_night), days),
    (Calendar, "_opening", opened_by(holidays_are_open), spans),
    (Calendar, "_opening", opened_by(a_date_adds_to_its_weekday), spans),
    (Calendar, "_opening", opened_by(the_week_begins_on_sunday), spans),
    (years, "_MARGIN", 0, spans),
    (years, "_MARGIN", 0, days),
    (timeline, "tabled", loses_the_night_at_new_year, spans),
    (timeline, "tabled", counts_a_day_where_it_opens, days),
    (Timeline, "open_for", due_when_it_opens_again, laws),
    (Timeline, "open_for", due_when_it_opens_again, counting),
    (Timeline, "between", forgets_the_first_year, laws),
    (Timeline, "is_open", open_at_closing, spans),
    (Timeline, "is_open", open_at_closing, naive),
    (Timeline, "close_of", counts_a_day_that_has_begun, days),
    (Timeline, "days", a_day_that_is_still_open_counts, days),
    (Timeline, "year", remembers_one_year, laws),
    (Timeline, "_alike", comes_round_after_28_years, far),
    (opening, "shared", the_days_of_the_other, together),
    (opening, "shared", the_days_stay_whole, together),
]


@pytest.mark.parametrize(
    ("where", "name", "broken", "check"),
    FAULTS,
    ids=[f"{getattr(broken, '__name__', name)}-{check.__name__}" for _, name, broken, check in FAULTS],
)
def test_a_planted_fault_is_seen(monkeypatch, where, name, broken, check):
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(AssertionError):
        check()
