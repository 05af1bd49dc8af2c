"""The tables by themselves: what is kept, how far is looked ahead, which years are alike."""

from datetime import MAXYEAR, UTC, datetime, timedelta

import pytest

from dealerrouting.calendar import END
from dealerrouting.calendar.timeline import Timeline
from dealerrouting.calendar.years import Opening

pytestmark = pytest.mark.pure
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def noon(year):
    return datetime(year, 7, 1, 12, tzinfo=UTC)


class Open:
    """Open for an hour on 1 July of some years, or of all; it notes which years it is asked for."""

    def __init__(self, *years):
        self.years, self.asked = years, []

    def __call__(self, year):
        self.asked.append(year)
        spans = ((noon(year), noon(year) + HOUR),) if not self.years or year in self.years else ()
        return Opening(spans, spans)


def test_a_table_is_made_once():
    opening = Open()
    timeline = Timeline(opening, ())
    for _ in range(3):
        assert timeline.between(noon(2020), noon(2025)) == 5 * HOUR
        assert timeline.days(noon(2020), noon(2025)) == 5
        assert timeline.open_for(noon(2020), 4 * HOUR) == noon(2023) + HOUR
        assert timeline.close_of(noon(2020), 4) == noon(2023) + HOUR
    assert sorted(opening.asked) == [2020, 2021, 2022, 2023, 2024, 2025]


def test_totals_are_kept_longer_than_tables():
    opening = Open()
    timeline = Timeline(opening, ())
    assert timeline.between(noon(1700), noon(2300)) == 600 * HOUR
    once = list(opening.asked)
    assert timeline.between(noon(1700), noon(2300)) == 600 * HOUR
    assert opening.asked == [*once, 2300, 1700]  # both tables were given up, no total was
    assert sorted(set(once)) == list(range(1700, 2301))


def test_sixteen_tables_are_kept():
    opening = Open()
    timeline = Timeline(opening, ())
    for year in (*range(2001, 2017), *range(2001, 2017)):
        timeline.year(year)
    assert opening.asked == [*range(2001, 2017)]
    timeline.year(2017)
    timeline.year(2016)
    assert opening.asked == [*range(2001, 2018), 2016]
    assert timeline.year(2017) is timeline.year(2017)


@pytest.mark.parametrize("start", [noon(2000) - HOUR, noon(2000) + 2 * HOUR])
def test_a_hundred_years_without_an_open_hour_are_for_ever(start):
    near, far = Timeline(Open(2000, 2100), ()), Timeline(Open(2000, 2101), ())
    usual = 1 if start < noon(2000) else 0
    assert near.open_for(start, usual * HOUR + HOUR) == noon(2100) + HOUR
    assert near.close_of(start, usual + 1) == noon(2100) + HOUR
    assert near.next_open(noon(2000) + HOUR) == noon(2100)
    assert far.open_for(start, usual * HOUR + HOUR) == END
    assert far.close_of(start, usual + 1) == END
    assert far.next_open(noon(2000) + HOUR) == END
    assert far.next_open(noon(2001)) == noon(2101)


def test_every_open_hour_gives_new_hope():
    timeline = Timeline(Open(2000, 2099, 2198, 2297), ())
    assert timeline.open_for(noon(2000), 4 * HOUR) == noon(2297) + HOUR
    assert timeline.close_of(noon(2000), 4) == noon(2297) + HOUR
    assert timeline.open_for(noon(2000), 5 * HOUR) == END


def test_the_last_year_counts():
    timeline = Timeline(Open(MAXYEAR), ())
    assert timeline.next_open(noon(9950)) == noon(MAXYEAR)
    assert timeline.open_for(noon(9950), HOUR) == noon(MAXYEAR) + HOUR
    assert timeline.close_of(noon(9950), 1) == noon(MAXYEAR) + HOUR
    assert timeline.open_for(noon(9950), 2 * HOUR) == END
    assert timeline.close_of(noon(9950), 2) == END
    assert timeline.between(noon(9998), END) == HOUR
    assert timeline.days(noon(9998), END) == 1


@pytest.mark.parametrize(
    ("year", "like"),
    [
        *((1600, 1600), (2027, 2027), (2500, 2500), (1, 1), (9999, 9999)),
        *((2501, 2501), (2899, 2899), (2900, 2500), (2901, 2501), (9998, 2798), (9300, 2500)),
        *((1599, 1599), (1201, 1201), (1200, 1600), (1199, 1599), (2, 1202)),
        *((3000, 3000), (3400, 2600 + 800), (2600, 2600), (2601, 2601), (3001, 2601)),
    ],
)
def test_years_that_are_alike(year, like):
    """Years come round within 2500 to 2899 and 1201 to 1600; 3000 and 2600 are odd, and like no other."""
    opening = Open()
    Timeline(opening, (2600, 3000)).total(year)
    assert opening.asked == [like]


@pytest.mark.parametrize(("year", "like"), [(1200, 1200), (1201, 1201), (400, 800), (801, 1201), (1600, 1600)])
def test_odd_years_long_ago(year, like):
    opening = Open()
    Timeline(opening, (1200, 1600)).total(year)
    assert opening.asked == [like]


def test_spans_go_on_over_new_year():
    def opening(year):
        turn = datetime(year, 1, 1, tzinfo=UTC)
        ends = ((turn - 2 * DAY, turn + DAY), (turn + 10 * DAY, turn + 11 * DAY), (turn + 363 * DAY, turn + 366 * DAY))
        return Opening(ends, ())

    timeline = Timeline(opening, ())
    start, turn = datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert list(timeline.spans(start, turn + 20 * DAY)) == [
        (turn - 2 * DAY, turn + DAY),
        (turn + 10 * DAY, turn + 11 * DAY),
    ]
    assert list(timeline.spans(turn - DAY, turn)) == [(turn - DAY, turn)]
    assert list(timeline.spans(turn, turn)) == []
    assert list(timeline.spans(turn + DAY, turn - DAY)) == []
