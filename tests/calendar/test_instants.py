"""Instants: aware, in UTC, no wall-clock arithmetic."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies as some
from dealerrouting.calendar import END, NEVER, instant, is_instant, midnight, parse_instant

pytestmark = pytest.mark.pure
BRUSSELS = ZoneInfo("Europe/Brussels")
APRIL = datetime(2027, 3, 31, 22, tzinfo=UTC)


@some.checked
@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones()))
def test_an_instant_is_held_in_utc(when):
    assert instant(when).timestamp() == when.timestamp()  # in a doubled hour two zones never compare equal
    assert instant(when).tzinfo is UTC
    assert is_instant(when)


@pytest.mark.parametrize("wrong", [datetime(2027, 1, 1), date(2027, 1, 1), "2027-01-01T00:00:00Z", None, 0])
def test_what_is_no_instant(wrong):
    assert not is_instant(wrong)
    with pytest.raises(
        TypeError, match=r"^an instant is an aware datetime, for example datetime\(..., tzinfo=UTC\), not "
    ):
        instant(wrong)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2027-03-31T22:00:00Z", None, APRIL),
        (" 2027-04-01T00:00+02:00 ", None, APRIL),
        ("2027-04-01 00:00", BRUSSELS, APRIL),
        ("2027-04-01", BRUSSELS, APRIL),
        ("2027-04-01", None, None),
        ("2027-04-01T00:00", None, None),
        ("2027-03-28T02:30", BRUSSELS, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # skipped: forward by the gap
        ("2027-10-31T02:30", BRUSSELS, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # twice: the first
        ("0001-01-01T00:00:00+23:59", None, None),
        ("9999-12-31T23:59:59-23:59", None, None),
        ("0001-01-01", BRUSSELS, None),
        ("31-03-2027", None, None),
        ("2027-02-30T00:00Z", None, None),
        ("", None, None),
        ("\ud800", None, None),
        ("2027-03-31T22:00:00Z" * 1000, None, None),
    ],
)
def test_text_as_an_instant(text, zone, expected):
    found = parse_instant(text, zone)
    assert found == expected
    assert found is None or found.tzinfo is UTC


@some.checked
@given(some.hostile)
def test_hostile_text_is_an_instant_or_none(value):
    if isinstance(value, str):
        found = parse_instant(value, BRUSSELS)
        assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2027, 4, 1), BRUSSELS, APRIL),
        (date(2027, 4, 1), UTC, datetime(2027, 4, 1, tzinfo=UTC)),
        (date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"), datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight is skipped
        (date(2018, 2, 17), ZoneInfo("America/Sao_Paulo"), datetime(2018, 2, 17, 2, tzinfo=UTC)),
        (date(2017, 11, 5), ZoneInfo("America/Havana"), datetime(2017, 11, 5, 4, tzinfo=UTC)),  # midnight comes twice
    ],
)
def test_the_day_begins(day, zone, expected):
    assert midnight(day, zone) == expected
    assert midnight(day, zone).tzinfo is UTC


def test_both_ends_of_time():
    early, late = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    assert datetime.min.replace(tzinfo=UTC) == NEVER
    assert datetime.max.replace(tzinfo=UTC) == END
    assert NEVER.tzinfo is END.tzinfo is UTC
    assert instant(datetime(1, 1, 1, tzinfo=early)) == NEVER
    assert instant(datetime(9999, 12, 31, 23, tzinfo=late)) == END
    assert min(NEVER, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-5)))) == NEVER
