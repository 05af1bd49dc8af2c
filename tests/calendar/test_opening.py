"""When a calendar is open, and every fork in how its time is counted, case by case."""

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dealerrouting.calendar import END, NEVER, Business, BusinessDays, Calendar, Elapsed
from dealerrouting.errors import Fault, PlanError, quoted

pytestmark = pytest.mark.pure
MICRO, MINUTE, HOUR, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALWAYS = {"mon-sun": ["00:00-24:00"]}
OFFICE = {"mon-fri": ["09:00-12:30", "13:00-17:30"], "sat": ["10:00-14:00"]}


def at(text, zone="UTC"):
    """An instant; a wall time of `zone` where the text has no offset."""
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def opened(calendar, start, end):
    """The spans as short text."""
    return [f"{first:%d %H:%M}-{last:%d %H:%M}" for first, last in calendar.spans(start, end)]


# One week, by hand

B = "Europe/Brussels"


@pytest.fixture(scope="module")
def brussels():
    return Calendar(B, OFFICE)


@pytest.mark.parametrize(
    ("moment", "is_open", "next_open"),
    [
        ("2027-06-07T08:59:59.999999", False, "2027-06-07T09:00"),  # a Monday
        ("2027-06-07T09:00", True, "2027-06-07T09:00"),
        ("2027-06-07T12:29:59.999999", True, "2027-06-07T12:29:59.999999"),
        ("2027-06-07T12:30", False, "2027-06-07T13:00"),
        ("2027-06-07T17:30", False, "2027-06-08T09:00"),
        ("2027-06-11T17:30", False, "2027-06-12T10:00"),
        ("2027-06-12T14:00", False, "2027-06-14T09:00"),
        ("2027-12-31T17:30", False, "2028-01-01T10:00"),
    ],
)
def test_the_week(moment, is_open, next_open, brussels):
    assert brussels.is_open(at(moment, B)) is is_open
    assert brussels.next_open(at(moment, B)) == at(next_open, B)


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        ("2027-06-07T09:00", "2027-06-07T17:30", 8 * HOUR),
        ("2027-06-07T00:00", "2027-06-08T00:00", 8 * HOUR),
        ("2027-06-07T12:15", "2027-06-07T13:15", 30 * MINUTE),
        ("2027-06-07T12:29:59.999999", "2027-06-07T13:00:00.000001", 2 * MICRO),
        ("2027-06-07T12:30", "2027-06-07T13:00", 0 * HOUR),
        ("2027-06-07T11:00", "2027-06-07T11:00", 0 * HOUR),
        ("2027-06-07T00:00", "2027-06-14T00:00", 44 * HOUR),
        ("2027-06-12T13:00", "2027-06-14T10:00", 2 * HOUR),
        ("2027-12-31T17:00", "2028-01-01T10:30", HOUR),
        ("2026-06-01T00:00", "2028-06-05T00:00", 105 * 44 * HOUR),
    ],
)
def test_between(start, end, length, brussels):
    start, end = at(start, B), at(end, B)
    assert brussels.between(start, end) == length
    assert brussels.between(end, start) == -length
    assert brussels.between(start.astimezone(ZoneInfo("Asia/Tokyo")), end) == length


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2027-06-07T09:00", Business(hours=1), "2027-06-07T10:00"),
        ("2027-06-07T00:00", Business(hours=1), "2027-06-07T10:00"),
        ("2027-06-07T12:00", Business(hours=1), "2027-06-07T13:30"),
        ("2027-06-07T12:00", Business(minutes=30), "2027-06-07T12:30"),  # used up exactly at closing
        ("2027-06-07T12:00", Business(minutes=30, seconds=1), "2027-06-07T13:00:01"),
        ("2027-06-07T09:00", Business(hours=8), "2027-06-07T17:30"),
        ("2027-06-12T13:00", Business(hours=1), "2027-06-12T14:00"),
        ("2027-06-12T14:00", Business(hours=1), "2027-06-14T10:00"),
        ("2027-06-07T09:00", Business(hours=44), "2027-06-12T14:00"),
        ("2027-06-07T09:00:00.000001", Business(hours=44), "2027-06-14T09:00:00.000001"),
        ("2027-12-31T13:00", Business(hours=5), "2028-01-01T10:30"),
        ("2026-06-01T00:00", Business(hours=105 * 44), "2028-06-03T14:00"),
        ("2027-06-07T09:00", BusinessDays(1), "2027-06-07T17:30"),
        ("2027-06-07T09:00:00.000001", BusinessDays(1), "2027-06-08T17:30"),
        ("2027-06-07T17:30", BusinessDays(1), "2027-06-08T17:30"),
        ("2027-06-07T00:00", BusinessDays(6), "2027-06-12T14:00"),
        ("2027-06-07T00:00", BusinessDays(7), "2027-06-14T17:30"),
        ("2027-12-31T09:00", BusinessDays(2), "2028-01-01T14:00"),
        ("2026-06-01T00:00", BusinessDays(105 * 6), "2028-06-03T14:00"),
        ("2027-03-27T12:00", Elapsed(hours=24), "2027-03-28T13:00"),
    ],
)
def test_add(start, length, end, brussels):
    found = brussels.add(at(start, B), length)
    assert found == at(end, B)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2027-06-07T09:00", "2027-06-07T17:30", 1),
        ("2027-06-07T09:00", "2027-06-07T17:29:59.999999", 0),
        ("2027-06-07T09:00:00.000001", "2027-06-07T17:30", 0),
        ("2027-06-07T10:00", "2027-06-07T11:00", 0),
        ("2027-06-07T10:00", "2027-06-08T12:00", 0),
        ("2027-06-07T00:00", "2027-06-14T00:00", 6),
        ("2027-12-31T00:00", "2028-01-02T00:00", 2),
        ("2026-06-01T00:00", "2028-06-05T00:00", 630),
    ],
)
def test_days(start, end, days, brussels):
    start, end = at(start, B), at(end, B)
    assert brussels.days(start, end) == days
    assert brussels.days(end, start) == -days


def test_spans_are_cut_off_at_both_ends(brussels):
    monday = at("2027-06-07T00:00", B)
    assert opened(brussels, monday, monday + 2 * DAY) == [
        *("07 07:00-07 10:30", "07 11:00-07 15:30", "08 07:00-08 10:30", "08 11:00-08 15:30")
    ]
    assert list(brussels.spans(monday + 10 * HOUR, monday + 14 * HOUR)) == [
        (monday + 10 * HOUR, monday + 12.5 * HOUR),
        (monday + 13 * HOUR, monday + 14 * HOUR),
    ]
    noon = monday + 12 * HOUR
    assert list(brussels.spans(noon, noon + MICRO)) == [(noon, noon + MICRO)]
    assert list(brussels.spans(noon, noon)) == []
    assert list(brussels.spans(noon, noon - MICRO)) == []
    assert list(brussels.spans(noon, noon - DAY)) == []
    assert list(brussels.spans(noon, noon - 1000 * DAY)) == []
    assert list(brussels.spans(noon + HOUR / 2, noon + HOUR)) == []


def test_all_answers_are_in_utc():
    calendar = Calendar(B, OFFICE)
    start = datetime(2027, 6, 7, 16, tzinfo=ZoneInfo("Asia/Tokyo"))  # 09:00 in Brussels
    answers = [
        calendar.next_open(start),
        calendar.next_open(start + 9 * HOUR),
        *(calendar.add(start, length) for length in (Business(hours=1), BusinessDays(1), Elapsed(hours=1))),
        *(at for span in calendar.spans(start, start + 10 * HOUR) for at in span),
    ]
    assert len(answers) == 9
    assert all(answer.tzinfo is UTC for answer in answers)


# Overnight, holidays, dates of their own

FRIDAY = at("2027-06-11T00:00")


def test_overnight_belongs_to_the_weekday_on_which_it_opens():
    night = Calendar("UTC", {"fri": ["22:00-06:00"], "sat": ["10:00-14:00"]})
    assert opened(night, FRIDAY, FRIDAY + 3 * DAY) == ["11 22:00-12 06:00", "12 10:00-12 14:00"]
    assert night.is_open(FRIDAY + 26 * HOUR)
    assert night.add(FRIDAY, BusinessDays(1)) == FRIDAY + 30 * HOUR
    assert night.add(FRIDAY, BusinessDays(2)) == FRIDAY + 38 * HOUR
    assert night.add(FRIDAY + 23 * HOUR, BusinessDays(1)) == FRIDAY + 38 * HOUR
    assert night.days(FRIDAY, FRIDAY + 30 * HOUR) == 1


@pytest.mark.parametrize(
    ("holiday", "spans"),
    [
        (date(2027, 6, 11), ["12 10:00-12 14:00"]),  # the whole night goes
        (date(2027, 6, 12), ["11 22:00-12 06:00"]),  # the night that began the day before stays
        (date(2027, 6, 10), ["11 22:00-12 06:00", "12 10:00-12 14:00"]),
    ],
)
def test_a_holiday_cancels_what_opens_on_it(holiday, spans):
    calendar = Calendar("UTC", {"fri": ["22:00-06:00"], "sat": ["10:00-14:00"]}, holidays=[holiday])
    assert opened(calendar, FRIDAY, FRIDAY + 3 * DAY) == spans
    assert calendar.days(FRIDAY, FRIDAY + 3 * DAY) == len(spans)


def test_a_night_over_two_holidays_and_new_year():
    calendar = Calendar("UTC", {"mon-sun": ["20:00-04:00"]}, holidays=["2027-12-30", "2028-01-01"])
    start = at("2027-12-30T12:00")
    assert opened(calendar, start, start + 4 * DAY) == ["31 20:00-01 04:00", "02 20:00-03 04:00"]
    assert calendar.between(start, start + 4 * DAY) == 16 * HOUR
    assert calendar.add(start, BusinessDays(1)) == at("2028-01-01T04:00")
    assert calendar.add(start, BusinessDays(2)) == at("2028-01-03T04:00")
    assert calendar.add(at("2027-12-31T20:00"), BusinessDays(1)) == at("2028-01-01T04:00")
    assert calendar.add(at("2027-12-31T20:00:01"), BusinessDays(1)) == at("2028-01-03T04:00")
    assert calendar.days(at("2027-12-31T20:00"), at("2028-01-01T04:00")) == 1
    assert calendar.days(at("2027-12-31T20:00:01"), at("2028-01-01T04:00")) == 0
    assert calendar.days(at("2027-12-31T20:00:01"), at("2028-01-03T04:00")) == 1
    assert calendar.add(start, Business(hours=6)) == at("2028-01-01T02:00")
    assert calendar.add(start, Business(hours=4)) == at("2028-01-01T00:00")


def test_a_closing_at_new_year_belongs_to_both_years():
    calendar = Calendar("UTC", {"fri": ["20:00-24:00"]})
    start, turn = at("2027-12-31T20:00"), at("2028-01-01T00:00")
    assert calendar.days(start, turn) == 1
    assert calendar.days(start, turn - MICRO) == 0
    assert calendar.add(start, BusinessDays(1)) == turn
    assert calendar.add(start, Business(hours=4)) == turn
    assert calendar.add(turn, BusinessDays(1)) == at("2028-01-08T00:00")
    assert calendar.days(turn, turn) == 0
    assert calendar.days(turn, at("2028-01-08T00:00")) == 1


def test_overlapping_openings_are_open_once():
    calendar = Calendar("UTC", {"fri": ["22:00-12:00"], "sat": ["06:00-08:00", "10:00-14:00"], "sun": ["09:00-10:00"]})
    assert opened(calendar, FRIDAY, FRIDAY + 3 * DAY) == ["11 22:00-12 14:00", "13 09:00-13 10:00"]
    assert calendar.between(FRIDAY, FRIDAY + 2 * DAY) == 16 * HOUR
    assert calendar.add(FRIDAY, BusinessDays(1)) == FRIDAY + 36 * HOUR
    assert calendar.add(FRIDAY, BusinessDays(2)) == FRIDAY + 38 * HOUR  # of its own: from 12:00
    assert calendar.add(FRIDAY + 36 * HOUR, BusinessDays(1)) == FRIDAY + 38 * HOUR
    assert calendar.add(FRIDAY + 36 * HOUR + MICRO, BusinessDays(1)) == FRIDAY + 58 * HOUR


def test_a_day_that_opens_after_the_night_before():
    calendar = Calendar("UTC", {"fri": ["22:00-12:00"], "sat": ["06:00-08:00", "13:00-14:00"]})
    assert calendar.add(FRIDAY + 36 * HOUR, BusinessDays(1)) == FRIDAY + 38 * HOUR
    assert calendar.add(FRIDAY + 37 * HOUR, BusinessDays(1)) == FRIDAY + 38 * HOUR
    assert calendar.days(FRIDAY + 37 * HOUR, FRIDAY + 38 * HOUR) == 1


def test_a_day_without_time_of_its_own_is_no_business_day():
    calendar = Calendar("UTC", {"fri": ["22:00-12:00"], "sat": ["06:00-12:00"], "mon": ["09:00-10:00"]})
    assert calendar.days(FRIDAY, FRIDAY + 4 * DAY) == 2
    assert calendar.add(FRIDAY, BusinessDays(2)) == at("2027-06-14T10:00")


def test_dates_have_hours_of_their_own():
    calendar = Calendar(
        "UTC",
        {"mon-fri": ["09:00-17:00"]},
        breaks={"mon-fri": ["12:00-13:00"]},
        dates={
            date(2027, 6, 8): ["11:00-14:00"],  # instead of hours and breaks
            date(2027, 6, 9): [],  # closed
            date(2027, 6, 10): ["20:00-02:00"],  # a holiday, open after all
            date(2027, 6, 12): ["10:00-11:00"],  # a Saturday
        },
        holidays=[date(2027, 6, 10), date(2027, 6, 11)],
    )
    monday = at("2027-06-07T00:00")
    assert opened(calendar, monday, monday + 7 * DAY) == [
        *("07 09:00-07 12:00", "07 13:00-07 17:00", "08 11:00-08 14:00", "10 20:00-11 02:00", "12 10:00-12 11:00")
    ]
    assert calendar.days(monday, monday + 7 * DAY) == 4


def test_always_open():
    calendar = Calendar(B, ALWAYS)
    start = at("2027-03-27T12:00")
    assert list(calendar.spans(start, start + 1000 * DAY)) == [(start, start + 1000 * DAY)]
    assert calendar.between(start, start + 1000 * DAY) == 1000 * DAY
    assert calendar.add(start, Business(hours=48)) == start + 48 * HOUR
    assert calendar.next_open(start) == start
    assert calendar.add(start, BusinessDays(1)) == at("2027-03-29T00:00", B)  # Sunday, of 23 hours
    assert calendar.days(start, start + 1000 * DAY) == 999
    assert calendar.days(at("2027-01-01T00:00", B), at("2028-01-01T00:00", B)) == 365
    assert calendar.days(at("2028-01-01T00:00", B), at("2029-01-01T00:00", B)) == 366


def test_a_leap_day():
    calendar = Calendar("UTC", {"tue": ["09:00-17:00"]}, dates={date(2032, 2, 29): ["10:00-11:00"]})
    assert calendar.between(at("2028-02-29T00:00"), at("2028-03-01T00:00")) == 8 * HOUR
    assert calendar.between(at("2032-02-29T00:00"), at("2032-03-01T00:00")) == HOUR
    assert calendar.add(at("2028-02-28T00:00"), Business(hours=8)) == at("2028-02-29T17:00")


# Clocks that change

SUNDAY = "2027-03-28"  # Brussels skips from 02:00 to 03:00, which is 01:00 in UTC
OCTOBER = "2027-10-31"  # and shows 02:00 to 03:00 twice, from 00:00 and from 01:00 in UTC


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ("00:00-06:00", ["27 23:00-28 04:00"]),  # five hours of real time
        ("01:00-02:00", ["28 00:00-28 01:00"]),
        ("01:00-02:30", ["28 00:00-28 01:30"]),  # forward by the gap: it closes at 03:30
        ("02:30-04:00", ["28 01:30-28 02:00"]),
        ("02:15-02:45", ["28 01:15-28 01:45"]),
        ("02:00-03:00", []),  # the hour that there is not
        ("02:30-03:00", []),
        ("02:30-03:15", []),
        ("02:15-03:20", ["28 01:15-28 01:20"]),
        ("03:00-04:00", ["28 01:00-28 02:00"]),
        ("02:00-04:00", ["28 01:00-28 02:00"]),
    ],
)
def test_clocks_that_skip_an_hour(hours, spans):
    calendar = Calendar(B, {"sun": [hours]})
    start = at(f"{SUNDAY}T00:00", B)
    assert opened(calendar, start, start + DAY) == spans
    assert calendar.days(start, start + DAY) == len(spans)


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        ("00:00-06:00", ["30 22:00-31 05:00"]),  # the doubled hour counts twice
        ("01:00-02:00", ["30 23:00-31 00:00"]),  # to the first 02:00
        ("01:00-02:30", ["30 23:00-31 00:30"]),  # to the first 02:30, and not open again at the second
        ("02:00-03:00", ["31 00:00-31 02:00"]),
        ("02:30-04:00", ["31 00:30-31 03:00"]),
        ("02:15-02:45", ["31 00:15-31 00:45"]),
        ("03:00-04:00", ["31 02:00-31 03:00"]),
    ],
)
def test_clocks_that_show_an_hour_twice(hours, spans):
    calendar = Calendar(B, {"sun": [hours]})
    start = at(f"{OCTOBER}T00:00", B)
    assert opened(calendar, start, start + DAY) == spans
    assert calendar.add(start, Business(minutes=10)) == calendar.next_open(start) + 10 * MINUTE


def test_splitting_inside_a_gap_changes_nothing():
    whole = Calendar(B, {"sun": ["01:00-03:15"], "sat": ["20:00-02:10"]})
    split = Calendar(B, {"sun": ["02:30-03:15", "01:00-02:30"], "sat": ["23:00-02:10", "20:00-23:00"]})
    start = at("2027-03-27T00:00", B)
    assert split == whole
    assert opened(split, start, start + 2 * DAY) == ["27 19:00-28 01:15"]


def test_two_shifts_that_a_gap_puts_out_of_order():
    calendar = Calendar(B, {"sun": ["02:30-02:45", "03:00-03:20"]})  # 03:30 to 03:45, and 03:00 to 03:20
    start = at(f"{SUNDAY}T00:00", B)
    assert opened(calendar, start, start + DAY) == ["28 01:00-28 01:20", "28 01:30-28 01:45"]
    assert calendar.add(start, BusinessDays(1)) == start + 2.75 * HOUR
    overlap = Calendar(B, {"sun": ["02:30-02:45", "03:00-04:20"]})
    assert opened(overlap, start, start + DAY) == ["28 01:00-28 02:20"]
    assert overlap.between(start, start + DAY) == 80 * MINUTE
    assert overlap.add(start, BusinessDays(1)) == start + 3 * HOUR + 20 * MINUTE


def test_a_day_counts_only_what_is_really_open():
    """Saturday's night and Sunday's hours touch at 03:00; together they begin after they end."""
    calendar = Calendar(B, {"sat": ["22:00-03:00"], "sun": ["03:00-03:10"]}, breaks={"sat": ["20:00-02:30"]})
    start = at("2027-03-27T00:00", B)
    assert opened(calendar, start, start + 2 * DAY) == []
    assert calendar.days(start, start + 2 * DAY) == 0
    assert calendar.days(start, start + 9 * DAY) == 2


@pytest.mark.parametrize(
    ("zone", "hours", "start", "spans"),
    [
        # Midnight is skipped: 5 September 2027 begins at 01:00 in Santiago.
        ("America/Santiago", {"sat": ["22:00-24:00"]}, "2027-09-04T12:00", ["05 02:00-05 04:00"]),
        ("America/Santiago", {"sat": ["22:00-00:30"]}, "2027-09-04T12:00", ["05 02:00-05 04:30"]),
        ("America/Santiago", {"sun": ["00:00-02:00"]}, "2027-09-04T12:00", ["05 04:00-05 05:00"]),
        # Midnight comes twice: clocks go back to 23:00 of 3 April.
        ("America/Santiago", {"sat": ["22:00-24:00"]}, "2027-04-03T12:00", ["04 01:00-04 04:00"]),
        ("America/Santiago", {"sun": ["00:00-01:00"]}, "2027-04-03T12:00", ["04 04:00-04 05:00"]),
        ("America/Santiago", {"sat": ["23:30-24:00"]}, "2027-04-03T12:00", ["04 02:30-04 04:00"]),
        # Half an hour.
        ("Australia/Lord_Howe", {"sun": ["00:00-06:00"]}, "2027-10-03T00:00", ["02 13:30-02 19:00"]),
        ("Australia/Lord_Howe", {"sun": ["02:15-06:00"]}, "2027-10-03T00:00", ["02 15:45-02 19:00"]),
        ("Australia/Lord_Howe", {"sun": ["00:00-06:00"]}, "2027-04-04T00:00", ["03 13:00-03 19:30"]),
        # Two hours.
        ("Antarctica/Troll", {"sun": ["00:00-06:00"]}, "2027-03-28T00:00", ["28 00:00-28 04:00"]),
        ("Antarctica/Troll", {"sun": ["00:00-06:00"]}, "2027-10-31T00:00", ["30 22:00-31 06:00"]),
        # Back for Ramadan and forward again.
        ("Africa/Casablanca", {"sun": ["00:00-06:00"]}, "2027-02-07T00:00", ["06 23:00-07 06:00"]),
        ("Africa/Casablanca", {"sun": ["00:00-06:00"]}, "2027-03-14T00:00", ["14 00:00-14 05:00"]),
    ],
)
def test_other_clocks(zone, hours, start, spans):
    start = at(start, zone)
    assert opened(Calendar(zone, hours), start, start + DAY) == spans


def test_a_date_that_there_was_not():
    """Samoa went from 29 to 31 December 2011, from 24:00 to 00:00, with no time in between."""
    calendar = Calendar("Pacific/Apia", {"thu-sat": ["09:00-17:00"]})
    start = at("2011-12-29T00:00", "Pacific/Apia")
    assert opened(calendar, start, start + 2 * DAY) == ["29 19:00-30 03:00", "30 19:00-31 03:00"]
    assert calendar.between(start, start + 2 * DAY) == 16 * HOUR
    assert calendar.days(start, start + 2 * DAY) == 2
    always = Calendar("Pacific/Apia", ALWAYS)
    assert always.between(start, start + 2 * DAY) == 48 * HOUR
    assert always.days(start, start + 2 * DAY) == 2
    night = Calendar("Pacific/Apia", {"thu": ["22:00-06:00"], "fri": ["12:00-13:00"]})
    assert opened(night, start, start + 2 * DAY) == ["30 08:00-30 16:00", "30 22:00-30 23:00"]


def test_a_date_that_came_twice():
    """Kwajalein's neighbour on the date line: Manila had 31 December 1844 once less, Alaska a day more in 1867."""
    calendar = Calendar("America/Juneau", ALWAYS)
    start = at("1867-10-17T00:00", "America/Juneau")
    assert calendar.between(start, start + 3 * DAY) == 3 * DAY


# Far away


def test_the_ends_of_time():
    for zone in ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"):
        calendar = Calendar(zone, ALWAYS)
        assert calendar.next_open(END) == END
        assert not calendar.is_open(END)
        assert calendar.add(END, Business(seconds=1)) == END
        assert calendar.add(END, BusinessDays(1)) == END
        assert calendar.add(END - DAY * 2, Business(hours=1_000_000)) == END
        assert calendar.add(NEVER, Business(hours=100)) < NEVER + 7 * DAY
        assert calendar.add(NEVER, BusinessDays(1)) < NEVER + 3 * DAY
        assert calendar.next_open(NEVER) < NEVER + DAY
        assert calendar.between(NEVER, NEVER) == 0 * DAY
        assert calendar.days(END, END) == 0
        assert len(list(calendar.spans(END - 800 * DAY, END))) == 1
        assert 799 * DAY < calendar.between(END - 800 * DAY, END) <= 800 * DAY
        assert 799 * DAY < calendar.between(NEVER, NEVER + 800 * DAY) <= 800 * DAY
    assert Calendar("UTC", ALWAYS).between(NEVER, NEVER + DAY) == DAY
    assert Calendar("UTC", ALWAYS).between(END - DAY, END) == DAY
    assert Calendar("UTC", ALWAYS).is_open(END - MICRO)
    assert Calendar("UTC", {"fri": ["22:00-06:00"]}).between(END - DAY, END) == 2 * HOUR - MICRO  # a Friday


@pytest.mark.slow
def test_all_of_time():
    calendar = Calendar("UTC", {"mon": ["09:00-17:00"]})
    mondays = (END - NEVER) // (7 * DAY) + 1  # 1 January of year 1 was a Monday
    assert calendar.between(NEVER, END) == mondays * 8 * HOUR
    assert calendar.days(NEVER, END) == mondays
    assert calendar.add(NEVER, BusinessDays(100_000)) == NEVER + 99_999 * 7 * DAY + 17 * HOUR
    assert calendar.add(NEVER, Business(hours=800_000)) == NEVER + 99_999 * 7 * DAY + 17 * HOUR
    assert calendar.add(NEVER + 35_000 * DAY, Business(hours=720_000)) == NEVER + 94_999 * 7 * DAY + 17 * HOUR


FAR = [date(1, 1, 8), date(1203, 3, 5), date(1600, 1, 3), date(2500, 12, 27), date(2600, 1, 2), date(9000, 7, 7)]


@pytest.mark.parametrize("day", FAR)
def test_dates_far_away_are_counted(day):
    """What comes round every 400 years does so only outside the years with dates of their own."""
    plain, special = (Calendar("UTC", {"mon": ["09:00-17:00"]}, dates=dates) for dates in ({}, {day: ["03:00-04:00"]}))
    before = datetime(day.year, day.month, day.day, tzinfo=UTC)
    usual = plain.between(before, before + DAY)
    start, end = max(before, NEVER + 800 * DAY) - 800 * DAY, before + 800 * DAY
    assert special.between(before, before + DAY) == HOUR
    assert special.between(start, end) == plain.between(start, end) - usual + HOUR
    assert special.days(start, end) == plain.days(start, end) + (not usual)
    assert special.next_open(before) == before + 3 * HOUR
    for year in (803, 1500, 2900, 3000, 3400, 9400):  # those that come round with it
        start, end = datetime(year - 1, 6, 1, tzinfo=UTC), datetime(year + 2, 6, 1, tzinfo=UTC)
        assert special.between(start, end) == plain.between(start, end)
        assert special.days(start, end) == plain.days(start, end)


def test_a_date_at_the_turn_of_a_year_touches_the_next():
    night = Calendar("UTC", {"mon": ["09:00-17:00"]}, dates={date(3000, 12, 31): ["20:00-04:00"]})
    early = Calendar("Asia/Tokyo", {"mon": ["09:00-17:00"]}, dates={date(3001, 1, 1): ["01:00-02:00"]})
    for calendar, hours in ((night, 8), (early, 1)):
        start, end = datetime(2999, 6, 1, tzinfo=UTC), datetime(3002, 6, 1, tzinfo=UTC)
        total = sum((last - first for first, last in calendar.spans(start, end)), 0 * DAY)
        assert calendar.between(start, end) == total
        assert (total - hours * HOUR) % (8 * HOUR) == 0 * HOUR


@pytest.mark.parametrize("zone", ["UTC", "Europe/Brussels", "Africa/Casablanca", "America/Santiago", "Asia/Manila"])
@pytest.mark.parametrize("year", [2501, 2899, 3000, 1599, 1201, 9998, 2])
def test_what_comes_round_every_400_years(zone, year):
    """The total of a year that is taken from another is the sum of its own spans."""
    calendar = Calendar(zone, {"mon-sat": ["22:00-02:30"], "sun": ["00:00-05:00"]})
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    assert calendar.between(start, end) == sum((last - first for first, last in calendar.spans(start, end)), 0 * DAY)
    table = calendar._timeline.year(year)
    assert calendar._timeline.total(year) == (table.before[-1], len(table.closes))


def test_a_calendar_that_is_never_open_again():
    """Ten thousand holidays close every Monday for 191 years, which is more than it looks ahead."""
    first = date(2027, 6, 7)
    mondays = [first + number * 7 * DAY for number in range(10_000)]
    calendar = Calendar("UTC", {"mon": ["09:00-17:00"]}, holidays=mondays)
    start = at("2027-06-07T00:00")
    assert calendar.next_open(start) == END
    assert calendar.add(start, Business(seconds=1)) == END
    assert calendar.add(start, BusinessDays(1)) == END
    again = Calendar("UTC", {"mon": ["09:00-17:00"]}, holidays=mondays[:5_000])  # 96 years
    assert again.next_open(start) == start + 5_000 * 7 * DAY + 9 * HOUR
    assert again.add(start, Business(hours=1)) == start + 5_000 * 7 * DAY + 10 * HOUR
    assert again.add(start, BusinessDays(1)) == start + 5_000 * 7 * DAY + 17 * HOUR


def test_more_years_than_are_kept():
    calendar = Calendar("UTC", {"mon": ["09:00-17:00"]})
    years = [datetime(year, 1, 1, tzinfo=UTC) for year in range(2000, 2041)]
    once = [calendar.next_open(start) for start in years]
    assert [calendar.next_open(start) for start in years] == once
    assert calendar.between(years[0], years[-1]) == len(list(calendar.spans(years[0], years[-1]))) * 8 * HOUR


# Two calendars


@pytest.fixture(scope="module")
def tokyo():
    return Calendar("Asia/Tokyo", {"mon-fri": ["08:00-20:00"]})


def test_open_together(brussels, tokyo):
    both = brussels & tokyo  # 09:00 in Brussels is 16:00 in Tokyo
    monday = at("2027-06-07T00:00", B)
    assert both == brussels.intersect(tokyo)
    assert opened(both, monday, monday + 7 * DAY) == [f"{day:02} 07:00-{day:02} 10:30" for day in range(7, 12)]
    assert both.between(monday, monday + 7 * DAY) == 17.5 * HOUR
    assert both.add(monday, Business(hours=3, minutes=30)) == at("2027-06-07T12:30", B)
    assert both.add(monday, BusinessDays(1)) == at("2027-06-07T12:30", B)
    assert both.days(monday, monday + 7 * DAY) == 5  # not the Saturday
    assert both.is_open(monday + 9 * HOUR)
    assert not both.is_open(monday + 13 * HOUR)
    assert both.timezone == "Europe/Brussels"


def test_together_the_days_are_those_of_the_first():
    office = Calendar("UTC", {"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]})
    night = Calendar("UTC", {"mon": ["16:00-10:00"]})
    monday = at("2027-06-07T00:00")
    assert opened(office & night, monday, monday + 3 * DAY) == ["07 16:00-07 17:00", "08 09:00-08 10:00"]
    assert opened(night & office, monday, monday + 3 * DAY) == ["07 16:00-07 17:00", "08 09:00-08 10:00"]
    assert (office & night).days(monday, monday + 3 * DAY) == 2
    assert (night & office).days(monday, monday + 3 * DAY) == 1
    assert (office & night).add(monday, BusinessDays(1)) == monday + 17 * HOUR
    assert (night & office).add(monday, BusinessDays(1)) == monday + 34 * HOUR
    assert (office & night) != (night & office)


def test_together_over_new_year():
    one = Calendar("UTC", {"fri": ["20:00-04:00"]})
    both = one & Calendar("UTC", {"fri": ["22:00-23:00"], "sat": ["01:00-02:00"]})
    start = at("2027-12-31T12:00")
    assert opened(both, start, start + DAY) == ["31 22:00-31 23:00", "01 01:00-01 02:00"]
    assert both.days(start, start + DAY) == 1
    assert both.add(start, BusinessDays(1)) == at("2028-01-01T02:00")
    assert both.days(at("2027-12-31T22:00"), start + DAY) == 1
    assert both.days(at("2027-12-31T22:00") + MICRO, start + DAY) == 0


def test_together_is_an_algebra(brussels, tokyo):
    a, b = brussels, tokyo
    c = Calendar("UTC", {"mon-sun": ["08:30-23:00"]}, holidays=["2027-06-08"])
    assert (a & b) & c == a & (b & c) == (a & c) & b
    assert a & a == a
    assert (a & b) & a == a & b == a & (b & a)
    assert (a & b).version not in {a.version, b.version, (b & a).version}
    assert hash(a & b) == hash(a & b)
    monday = at("2027-06-07T00:00", B)
    assert opened(a & b & c, monday, monday + 7 * DAY) == [
        *("07 08:30-07 10:30", "09 08:30-09 10:30", "10 08:30-10 10:30", "11 08:30-11 10:30")
    ]


def test_together_is_a_value(brussels, tokyo):
    both = brussels & tokyo & Calendar("UTC", {"mon-sun": ["08:30-23:00"]})
    data = both.data()
    assert len(data["also"]) == 2
    assert Calendar(**data) == both
    assert Calendar(**data).data() == data
    assert pickle.loads(pickle.dumps(both)) == both
    assert Calendar("Europe/Brussels", OFFICE, also=[tokyo]) == brussels & tokyo
    assert Calendar("Europe/Brussels", OFFICE, also=(tokyo.data(),)) == brussels & tokyo
    assert Calendar("Europe/Brussels", OFFICE, also=iter([brussels])) == brussels


NEVER_BOTH = Fault("calendar.also", "never open together from 2020 to 2037", "compare their hours", ("also",))


def test_never_open_together():
    one, other = Calendar("UTC", {"mon": ["09:00-12:00"]}), Calendar("UTC", {"mon": ["12:00-17:00"]})
    with pytest.raises(PlanError) as caught:
        one & other
    assert caught.value.faults == (NEVER_BOTH,)
    with pytest.raises(PlanError) as caught:
        Calendar("UTC", {"mon": ["09:00-12:00"]}, also=[other])
    assert caught.value.faults == (NEVER_BOTH,)
    late = Calendar("UTC", {"tue": ["09:00-12:00"]}, dates={"2037-12-28": ["09:00-10:00"]})
    assert (one & late).next_open(at("2027-01-01T00:00")) == at("2037-12-28T09:00")
    assert (one & late).next_open(at("2037-12-28T10:00")) == END
    early = Calendar("UTC", {"tue": ["09:00-12:00"]}, dates={"2020-01-06": ["09:00-10:00"]})
    assert (one & early).next_open(at("2019-01-01T00:00")) == at("2020-01-06T09:00")
    for year in ("2038-01-04", "2019-12-30"):
        with pytest.raises(PlanError):
            one & Calendar("UTC", {"tue": ["09:00-12:00"]}, dates={year: ["09:00-10:00"]})


def test_far_dates_of_the_other_count():
    one = Calendar("UTC", {"mon": ["09:00-12:00"]})
    plain, far = (Calendar("UTC", {"mon": ["09:00-12:00"]}, dates=dates) for dates in ({}, {"5003-07-04": []}))
    assert date(5003, 7, 4).weekday() == 0
    start, end = datetime(5001, 1, 1, tzinfo=UTC), datetime(5006, 1, 1, tzinfo=UTC)
    assert (one & far).between(start, end) == (one & plain).between(start, end) - 3 * HOUR
    assert (far & one).between(start, end) == (one & plain).between(start, end) - 3 * HOUR


@pytest.mark.parametrize("other", [5, "Europe/Brussels", {"timezone": "UTC"}])
def test_only_calendars_are_open_together(other, brussels):
    for ask in (lambda: brussels & other, lambda: brussels.intersect(other)):
        with pytest.raises(TypeError) as caught:
            ask()
        assert str(caught.value) == f"a calendar is intersected with a calendar, not `{other}`"


def test_what_is_also_asked_is_read_as_strictly(brussels):
    with pytest.raises(PlanError) as caught:
        Calendar(
            "UTC",
            ALWAYS,
            also=[brussels, 5, {"timezone": "UTC", "hours": {"calendar": ["9-5"]}}, {"zone": "UTC"}, "UTC", {}],
        )
    cure = "give a Calendar, or its data"
    assert caught.value.faults == (
        Fault("calendar.also[1]", "`5` is not a calendar", cure, ("also", 1)),
        Fault(
            "calendar.also[2].hours.calendar[0]",
            "`9-5` is not an interval",
            "write `09:00-17:30`, from 00:00 to 24:00",
            ("also", 2, "hours", "calendar", 0),
        ),
        Fault(
            "calendar.also[2].hours.calendar",
            "unknown weekday `calendar`",
            "known here: `fri`, `mon`, `sat`, `sun`, `thu`, `tue`, `wed`",
            ("also", 2, "hours", "calendar"),
        ),
        Fault("calendar.also[3]", "`{'zone': 'UTC'}` is not a calendar", cure, ("also", 3)),
        Fault("calendar.also[4]", "`UTC` is not a calendar", cure, ("also", 4)),
        Fault("calendar.also[5]", "`{}` is not a calendar", cure, ("also", 5)),
    )
    for wrong in (5, None, {"timezone": "UTC"}):
        with pytest.raises(PlanError) as caught:
            Calendar("UTC", ALWAYS, also=wrong)
        (fault,) = caught.value.faults
        assert fault.path == ("also",)
        assert fault.what == f"{quoted(wrong)} is not a list of calendars"
        assert fault.cure == "give a list of them"


# Bad input


@pytest.mark.parametrize("naive", [datetime(2027, 6, 7, 12), date(2027, 6, 7), "2027-06-07T12:00Z", None])
def test_instants_are_aware(naive, brussels):
    good = at("2027-06-07T12:00")
    for ask in (
        lambda: brussels.is_open(naive),
        lambda: brussels.next_open(naive),
        lambda: brussels.add(naive, Business(hours=1)),
        lambda: brussels.add(naive, Elapsed(hours=1)),
        lambda: brussels.add_open(naive, HOUR),
        lambda: brussels.between(naive, good),
        lambda: brussels.between(good, naive),
        lambda: brussels.days(naive, good),
        lambda: brussels.days(good, naive),
        lambda: brussels.spans(naive, good),
        lambda: brussels.spans(good, naive),
    ):
        with pytest.raises(TypeError, match="an instant is an aware datetime"):
            ask()


@pytest.mark.parametrize(
    ("length", "shown"), [(HOUR, "datetime.timedelta(seconds=3600)"), (8, "8"), (None, "None"), ("8h", "8h")]
)
def test_a_length_is_one_of_three(length, shown, brussels):
    with pytest.raises(TypeError) as caught:
        brussels.add(at("2027-06-07T12:00"), length)
    assert str(caught.value) == f"a length is Elapsed, Business or BusinessDays, not `{shown}`"


def test_open_time_of_any_length(brussels):
    start = at("2027-06-07T09:00", B)
    assert brussels.add_open(start, MICRO) == start + MICRO
    assert brussels.add_open(start, 8 * HOUR + MICRO) == start + DAY + MICRO
    for nothing in (0 * HOUR, -MICRO):
        with pytest.raises(ValueError, match="^open time is more than nothing, not "):
            brussels.add_open(start, nothing)
