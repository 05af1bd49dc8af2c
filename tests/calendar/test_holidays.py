"""Public holidays come out of the real package once, and are dates from then on."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from dealerrouting.calendar import BusinessDays, Calendar, national_holidays
from dealerrouting.errors import Fault, MissingExtra, PlanError, quoted

pytestmark = pytest.mark.pure


def faults(*arguments, **more):
    with pytest.raises(PlanError) as caught:
        national_holidays(*arguments, **more)
    return list(caught.value.faults)


def test_the_holidays_of_a_country():
    assert [f"{day:%d %m}" for day in national_holidays("NL", years=[2027])] == [
        *("01 01", "26 03", "28 03", "29 03", "27 04", "06 05", "16 05", "17 05", "25 12", "26 12")
    ]
    assert national_holidays("NL", years=(2028, 2027)) == national_holidays("NL", years=range(2027, 2029))
    assert national_holidays("NL", years=[2027, 2027]) == national_holidays("NL", years=[2027])
    every = national_holidays("BE")
    assert {day.year for day in every} == set(range(2020, 2046))
    assert list(every) == sorted(set(every))
    assert all(type(day) is date for day in every)


def test_a_part_of_a_country_has_more():
    bavaria, germany = (set(national_holidays("DE", subdivision=part, years=[2027])) for part in ("BY", None))
    assert date(2027, 1, 6) in bavaria - germany
    assert germany < bavaria


def test_a_plan_adds_and_drops_days():
    usual = national_holidays("NL", years=[2027])
    own = national_holidays(
        "NL",
        years=[2027],
        add=["2027-05-07", date(2030, 1, 1), "2027-12-25"],
        drop=iter([date(2027, 5, 6), "2027-04-27"]),
    )
    assert set(own) == (set(usual) | {date(2027, 5, 7), date(2030, 1, 1)}) - {date(2027, 5, 6), date(2027, 4, 27)}
    assert list(own) == sorted(set(own))


def test_they_are_frozen_into_a_calendar():
    hours = {"mon-fri": ["09:00-17:00"]}
    calendar = Calendar("Europe/Amsterdam", hours, holidays=national_holidays("NL", years=[2027]))
    kings_day = datetime(2027, 4, 27, tzinfo=UTC)  # a Tuesday
    assert calendar.between(kings_day, kings_day + timedelta(days=1)) == timedelta(0)
    assert calendar.add(kings_day - timedelta(days=1), BusinessDays(2)) == kings_day + timedelta(days=1, hours=15)
    assert "2027-04-27" in calendar.data()["holidays"]
    other = Calendar("Europe/Amsterdam", hours, holidays=national_holidays("NL", years=[2027], drop=["2027-04-27"]))
    assert other.version != calendar.version
    again = Calendar("Europe/Amsterdam", hours, holidays=national_holidays("NL", years=[2027], drop=["2027-04-27"]))
    assert again == other


@pytest.mark.parametrize(
    ("country", "cure"),
    [
        ("NLD", "did you mean `NL`?"),
        ("nl", "did you mean `NL`?"),
        ("UK", "known here: `AD`, `AE`, "),
        ("", "known here: `AD`, `AE`, "),
        (None, ""),
        (5, ""),
        ([], ""),
    ],
)
def test_an_unknown_country(country, cure):
    (found,) = faults(country)
    assert (found.place, found.path) == ("holidays.country", ("country",))
    assert found.what == f"unknown country {quoted(country)}"
    assert found.cure.startswith(cure)


def test_an_unknown_subdivision():
    assert faults("DE", subdivision="BYE") == [
        Fault("holidays.subdivision", "unknown subdivision `BYE` of `DE`", "did you mean `BY`?", ("subdivision",))
    ]
    assert faults("DE", subdivision="")[0].path == ("subdivision",)
    assert faults("DE", subdivision=5)[0].path == ("subdivision",)
    assert faults("VA", subdivision="X")[0].cure == ""


@pytest.mark.parametrize("years", [[], [True], ["2027"], [2027.0], 2027, None, range(100_000), range(1967, 1967 + 201)])
def test_years_are_whole_and_bounded(years):
    assert faults("NL", years=years) == [
        Fault("holidays.years", "these are not 1 to 200 years", "give range(2020, 2046)", ("years",))
    ]


def test_years_that_nobody_knows():
    span = "the holidays of `NL` are known from 1966 to 2100"
    for years in ([1965, 2027], [2027, 2101], [1]):
        assert faults("NL", years=years) == [Fault("holidays.years", span, "ask for those years only", ("years",))]
    assert national_holidays("NL", years=[2100, 1966])
    assert len({day.year for day in national_holidays("BE", years=range(1901, 2101))}) == 200


def test_dropping_what_is_no_holiday():
    assert faults("NL", years=[2027], drop=["2027-04-27", "2027-04-26", "tomorrow"], add=[5]) == [
        Fault("holidays.add[0]", "`5` is not a date", "write `2027-05-05`", ("add", 0)),
        Fault("holidays.drop[2]", "`tomorrow` is not a date", "write `2027-05-05`", ("drop", 2)),
        Fault(
            "holidays.drop[1]",
            "`2027-04-26` is no holiday of `NL` in these years",
            "did you mean `2027-04-27`?",
            ("drop", 1),
        ),
    ]
    assert [found.path for found in faults("NL", years=[2027], drop=["2028-01-01"])] == [("drop", 0)]
    assert [found.path for found in faults("XX", drop=["2027-04-26"])] == [("country",)]
    assert [found.path for found in faults("NL", drop="2027-04-27", add=5)] == [("add",), ("drop",)]


def test_all_faults_come_at_once():
    found = faults("XX", years=[], add=["x"], drop=["y"])
    assert [one.path for one in found] == [("years",), ("country",), ("add", 0), ("drop", 0)]


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(
        MissingExtra, match=r"^reading national holidays needs an optional package: pip install 'dealer"
    ) as caught:
        national_holidays("NL")
    assert caught.value.extra == "calendars"
    assert Calendar("UTC", {"mon": ["09:00-10:00"]}, holidays=["2027-01-01"]).holidays == (date(2027, 1, 1),)


def test_the_package_is_loaded_when_asked_for():
    code = (
        "import sys, dealerrouting.calendar as c; print('holidays' in sys.modules);"
        "c.national_holidays('NL'); print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
