"""Lengths of time: real time, open time and business days are three things."""

import copy
import pickle
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from dealerrouting.calendar import END, NEVER, Business, BusinessDays, Elapsed, Length
from dealerrouting.errors import quoted

pytestmark = pytest.mark.pure
BRUSSELS = ZoneInfo("Europe/Brussels")


def test_elapsed_is_real_time_over_a_change_of_clocks():
    before = datetime(2027, 3, 27, 12, tzinfo=BRUSSELS)
    assert Elapsed(hours=48).after(before) == datetime(2027, 3, 29, 13, tzinfo=BRUSSELS).astimezone(UTC)
    assert Elapsed(days=2).after(before) - before.astimezone(UTC) == timedelta(hours=48)


def test_parts_add_up_and_order():
    assert Elapsed(days=1, hours=1, minutes=1, seconds=1).seconds == 90_061
    assert Elapsed(days=1, hours=1, minutes=1, seconds=1).delta == timedelta(seconds=90_061)
    assert Elapsed(days=2) == Elapsed(hours=48)
    assert Elapsed(seconds=1) < Elapsed(minutes=1) < Elapsed(days=1)
    assert hash(Elapsed(days=2)) == hash(Elapsed(hours=48))
    assert Business(hours=25, minutes=1, seconds=1).seconds == 90_061
    assert Business(hours=25, minutes=1, seconds=1).delta == timedelta(seconds=90_061)
    assert Business(hours=1) == Business(minutes=60) == Business(seconds=3_600)
    assert Business(seconds=1) < Business(minutes=1) < Business(hours=1)
    assert hash(Business(hours=1)) == hash(Business(minutes=60))
    assert BusinessDays(1) < BusinessDays(2)
    assert BusinessDays(5).days == 5


@pytest.mark.parametrize(
    "length",
    [
        *(Elapsed(days=2), Elapsed(hours=1, seconds=1), Business(hours=7, minutes=30, seconds=1), BusinessDays(5)),
        *(Business(hours=1_000_000), BusinessDays(100_000), BusinessDays(1), Business(seconds=1)),
    ],
)
def test_a_length_is_a_value(length):
    assert pickle.loads(pickle.dumps(length)) == length
    assert copy.copy(length) == length
    assert copy.deepcopy(length) == length
    assert isinstance(length, get_args(Length))
    with pytest.raises(AttributeError):
        length.days = 3


def test_lengths_of_different_kinds_are_never_equal():
    different = [Elapsed(hours=1), Business(hours=1), BusinessDays(1)]
    assert len(set(different)) == 3
    assert Elapsed(hours=1) != Business(hours=1)
    with pytest.raises(TypeError):
        assert Elapsed(hours=1) < Business(hours=2)


@pytest.mark.parametrize("nothing", [{}, {"days": 0}, {"hours": -1}, {"days": 1, "hours": -24}])
def test_a_length_of_time_is_more_than_nothing(nothing):
    with pytest.raises(ValueError, match="^a length of time is more than nothing, not "):
        Elapsed(**nothing)


@pytest.mark.parametrize("nothing", [{}, {"hours": 0}, {"hours": 0, "minutes": 0, "seconds": 0}])
def test_business_time_is_more_than_nothing(nothing):
    with pytest.raises(ValueError, match="^a length of time is more than nothing, not 0:00:00"):
        Business(**nothing)


@pytest.mark.parametrize("part", [-1, 0.5, "1", None, True, timedelta(hours=1)])
@pytest.mark.parametrize("unit", ["hours", "minutes", "seconds"])
def test_business_time_is_made_of_whole_parts(unit, part):
    with pytest.raises(ValueError, match="^business time is made of whole hours, minutes and seconds, not `") as caught:
        Business(**{"hours": 2, unit: part})
    assert str(caught.value).endswith(f"not {quoted(part)}")


@pytest.mark.parametrize(
    "much", [{"hours": 1_000_000, "seconds": 1}, {"minutes": 60_000_001}, pytest.param({"hours": 10**5000}, id="huge")]
)
def test_business_time_is_bounded(much):
    with pytest.raises(ValueError, match="^business time is at most 1,000,000 hours"):
        Business(**much)


@pytest.mark.parametrize("wrong", [0, -1, 100_001, 1.0, "5", None, True, pytest.param(10**5000, id="huge")])
def test_business_days_are_a_bounded_whole_number(wrong):
    with pytest.raises(ValueError, match="^business days are a whole number from 1 to 100,000, not `") as caught:
        BusinessDays(wrong)
    assert str(caught.value).endswith(f"not {quoted(wrong)}")


@pytest.mark.parametrize("part", [0.5, "1", None, True, timedelta(hours=1)])
@pytest.mark.parametrize("unit", ["days", "hours", "minutes", "seconds"])
def test_elapsed_time_is_made_of_whole_parts(unit, part):
    with pytest.raises(ValueError, match="^a length of time is made of whole days, hours, minutes and ") as caught:
        Elapsed(**{"hours": 2, unit: part})
    assert str(caught.value).endswith(f"seconds, not {quoted(part)}")


def test_bounds_are_allowed():
    assert BusinessDays(100_000).days == 100_000
    assert BusinessDays(1).days == 1
    assert Business(hours=1_000_000).delta == timedelta(hours=1_000_000)
    assert Business(seconds=1).delta == Elapsed(seconds=1).delta == timedelta(seconds=1)


def test_much_time_is_no_time():
    with pytest.raises(ValueError, match="^a length of time is less than a billion days"):
        Elapsed(days=10**9)


def test_the_end_of_time_is_the_end():
    assert Elapsed(days=1).after(END) == END
    assert Elapsed(days=1).after(NEVER) == NEVER + timedelta(days=1)
    assert Elapsed(seconds=1).after(END - timedelta(seconds=1)) == END
