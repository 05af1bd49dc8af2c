"""A calendar is read strictly, with all faults at once, and says the same however it is written."""

import copy
import json
import pickle
from datetime import date, datetime

import pytest
from attrs.exceptions import FrozenInstanceError

from dealerrouting.calendar import Calendar
from dealerrouting.calendar.reading import read_date
from dealerrouting.calendar.shifts import clock, merged, read_shift, without, written
from dealerrouting.errors import Fault, PlanError, quoted

pytestmark = pytest.mark.pure
WEEK = {"mon-fri": ["09:00-17:30"]}


def faults(timezone="Europe/Brussels", hours=WEEK, **more):
    with pytest.raises(PlanError) as caught:
        Calendar(timezone, hours, **more)
    return list(caught.value.faults)


def fault(path, what, cure):
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return Fault(f"calendar{place}", what, cure, path)


def endless():
    """More than anybody may read."""
    yield from map(str, range(20_000))
    pytest.fail("it was read to the end")


# Faults: place, what, cure, path

INTERVAL = "write `09:00-17:30`, from 00:00 to 24:00"
LIST = 'write ["09:00-17:30"], or [] where closed'


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("Europe/Brussel", "did you mean `Europe/Brussels`?"),
        ("Europe", "did you mean `Europe/Rome`?"),
        ("../../etc/passwd", "an IANA name: Europe/Brussels"),
        ("", "an IANA name: Europe/Brussels"),
        ("qqq", "an IANA name: Europe/Brussels"),
        ("\0", "an IANA name: Europe/Brussels"),
        ("\ud800", "an IANA name: Europe/Brussels"),
        ("x" * 10_000, "an IANA name: Europe/Brussels"),
        (None, "an IANA name: Europe/Brussels"),
        (5, "an IANA name: Europe/Brussels"),
        ([], "an IANA name: Europe/Brussels"),
        pytest.param(10**5000, "an IANA name: Europe/Brussels", id="huge"),
        ("localtime", "an IANA name: Europe/Brussels"),  # whatever the machine is set to
        ("posixrules", "an IANA name: Europe/Brussels"),
        ("Factory", "an IANA name: Europe/Brussels"),
    ],
)
def test_an_unknown_zone(name, cure):
    (found,) = faults(timezone=name)
    assert (found.place, found.path) == ("calendar.timezone", ("timezone",))
    assert found.what == f"unknown time zone {quoted(name)}"
    assert found.cure == cure or (name == "Europe" and found.cure.startswith("did you mean `"))


@pytest.mark.parametrize(
    ("key", "wrong", "cure"),
    [
        ("monday", "monday", "did you mean `mon`?"),
        ("Mon", "Mon", "did you mean `mon`?"),
        ("mon-fr", "fr", "did you mean `fri`?"),
        ("mon,we", "we", "did you mean `wed`?"),
        ("mon-tue-wed", "tue-wed", "did you mean `wed`?"),
        ("", "", "known here: `fri`, `mon`, `sat`, `sun`, `thu`, `tue`, `wed`"),
        ("mon,", "", "known here: `fri`, `mon`, `sat`, `sun`, `thu`, `tue`, `wed`"),
    ],
)
@pytest.mark.parametrize("column", ["hours", "breaks"])
def test_an_unknown_weekday(column, key, wrong, cure):
    given = {"hours": WEEK} | {column: {key: ["10:00-11:00"]}}
    found = faults(**given)
    assert found == [Fault(f"calendar.{column}.{key}", f"unknown weekday `{wrong}`", cure, (column, key))]


@pytest.mark.parametrize(("key", "shown"), [(1, "`1`"), (None, "`None`"), (True, "`True`"), (("mon",), "`('mon',)`")])
def test_a_weekday_is_text(key, shown):
    (found,) = faults(hours={key: ["10:00-11:00"]})
    assert found.what == f"unknown weekday {shown}"
    assert found.path == ("hours", shown)


def test_a_weekday_comes_once():
    cure = "name each weekday once, with all its hours"
    assert faults(hours={"mon-wed": ["09:00-10:00"], "tue": [], "sun-mon": []}) == [
        fault(("hours", "tue"), "`tue` comes twice", cure),
        fault(("hours", "sun-mon"), "`mon` comes twice", cure),
    ]
    assert faults(hours={"mon,mon": ["09:00-10:00"]}) == [fault(("hours", "mon,mon"), "`mon` comes twice", cure)]


BAD = """9:00-17:00 09:00-9:00 9-17 09:00 09:00- -17:00 09:00-24:01 09:60-10:00 09:00-25:00 24:00-01:00 09.00-10.00
09:00-10:00-11:00 09:00--10:00 ٠٩:00-10:00 +9:00-10:00 09:00–10:00 09:0a-10:00 0900-1000 09:000-10:00""".split()


@pytest.mark.parametrize("text", [*BAD, "", " 09:00-10:00", "09:00 - 10:00", "09:00-10:00\n"])
def test_text_that_is_no_interval(text):
    assert read_shift(text) is None
    (found,) = faults(hours={"mon": ["08:00-09:00", text]})
    assert found.place == "calendar.hours.mon[1]"
    assert found.path == ("hours", "mon", 1)
    assert found.what == f"{quoted(text)} is not an interval"
    assert found.cure == INTERVAL


@pytest.mark.parametrize("value", [None, 9, 9.5, ["09:00-10:00"], b"09:00-10:00", ("09:00", "10:00")])
def test_an_interval_is_text(value):
    (found,) = faults(hours={"mon": [value]})
    assert (found.path, found.cure) == (("hours", "mon", 0), INTERVAL)
    assert found.what == f"{quoted(value)} is not an interval"


@pytest.mark.parametrize("text", ["09:00-09:00", "00:00-00:00"])
def test_an_interval_has_a_length(text):
    assert faults(hours={"mon": [text], "tue": ["09:00-10:00"]}) == [
        fault(("hours", "mon", 0), f"`{text}` closes when it opens", "write `00:00-24:00` for a whole day")
    ]


@pytest.mark.parametrize("value", ["09:00-17:30", None, 5, {"09:00": "10:00"}])
def test_hours_are_a_list(value):
    (found,) = faults(hours={"mon-fri": value})
    assert (found.place, found.path, found.cure) == ("calendar.hours.mon-fri", ("hours", "mon-fri"), LIST)
    assert found.what == f"{quoted(value)} is not a list of hours"
    (found,) = faults(dates={"2027-05-05": value})
    assert (found.place, found.path) == ("calendar.dates.2027-05-05", ("dates", "2027-05-05"))


@pytest.mark.parametrize("column", ["hours", "breaks"])
@pytest.mark.parametrize("value", ["mon-fri", 5, ["mon"], ()])
def test_weekly_hours_are_a_mapping(column, value):
    (found,) = faults(**{column: value})
    assert found.path == (column,)
    assert found.what == f"{quoted(value)} is not a mapping"
    assert found.cure == 'write {"mon-fri": ["09:00-17:30"]}'


def test_lists_are_bounded():
    assert faults(hours={"mon": ["09:00-10:00"] * 101}) == [
        fault(("hours", "mon"), "there are more than 100 intervals", "write the hours of one day")
    ]
    assert faults(hours={"mon": endless()}) == [
        fault(("hours", "mon"), "there are more than 100 intervals", "write the hours of one day")
    ]
    assert Calendar("UTC", {"mon": ["09:00-10:00"] * 100}) == Calendar("UTC", {"mon": ["09:00-10:00"]})


OPEN = 'open at least one: {"mon-fri": ["09:00-17:30"]}'


@pytest.mark.parametrize("hours", [{}, {"mon": []}, {"mon-sun": []}])
def test_a_week_without_an_open_hour(hours):
    nothing = fault(("hours",), "no hour of the week is open", OPEN)
    assert faults(hours=hours) == [nothing]
    assert faults(hours=hours, dates={"2027-05-05": ["10:00-12:00"]}) == [nothing]
    assert faults(hours=hours, breaks={"mon": ["10:00-12:00"]}) == [nothing]


def test_a_week_of_breaks():
    assert faults(breaks={"mon-sun": ["08:00-12:00", "11:00-18:00"]}) == [
        fault(("hours",), "no hour of the week is left open after the breaks", OPEN)
    ]


DATE = "write `2027-05-05`"


@pytest.mark.parametrize(
    "key", ["2027-02-30", "20270505", "2027-W01-1", "2027-5-5", "05-05-2027", "", "2027-05-05T00:00", " 2027-05-05"]
)
def test_text_that_is_no_date(key):
    assert read_date(key) is None
    assert faults(dates={key: []}) == [Fault(f"calendar.dates.{key}", f"`{key}` is not a date", DATE, ("dates", key))]
    assert faults(holidays=["2027-01-01", key]) == [fault(("holidays", 1), f"`{key}` is not a date", DATE)]


@pytest.mark.parametrize("key", [5, None, datetime(2027, 5, 5), (2027, 5, 5)])
def test_what_is_no_date(key):
    assert read_date(key) is None
    (found,) = faults(dates={key: []})
    assert found.what == f"{quoted(key)} is not a date"
    assert found.path[0] == "dates"
    assert isinstance(found.path[1], str)
    (found,) = faults(holidays=[key])
    assert (found.path, found.cure) == (("holidays", 0), DATE)


def test_a_date_is_named_as_it_is_written():
    assert faults(dates={date(2027, 5, 5): ["x"]}) == [
        fault(("dates", "2027-05-05", 0), "`x` is not an interval", INTERVAL)
    ]
    (found,) = faults(dates={(2027, 5, 5): []})
    assert found.path == ("dates", "`(2027, 5, 5)`")


def test_a_date_comes_once():
    assert faults(dates={date(2027, 5, 5): [], "2027-05-05": ["09:00-10:00"]}) == [
        fault(("dates", "2027-05-05"), "`2027-05-05` comes twice", "name each date once")
    ]
    twice = Calendar("UTC", WEEK, holidays=[date(2027, 5, 5), "2027-05-05"])
    assert twice == Calendar("UTC", WEEK, holidays=["2027-05-05"])


@pytest.mark.parametrize("value", ["2027-05-05", 5, ["2027-05-05"], ()])
def test_dates_are_a_mapping(value):
    (found,) = faults(dates=value)
    assert (found.place, found.path) == ("calendar.dates", ("dates",))
    assert found.what == f"{quoted(value)} is not a mapping"
    assert found.cure == 'write {"2027-05-05": ["10:00-12:00"]}'


@pytest.mark.parametrize("value", ["2027-05-05", 5, None, {"2027-05-05": []}])
def test_holidays_are_a_list(value):
    (found,) = faults(holidays=value)
    assert (found.place, found.path) == ("calendar.holidays", ("holidays",))
    assert found.what == f"{quoted(value)} is not a list of dates"
    assert found.cure == 'write ["2027-12-25"]'


def test_dates_are_bounded():
    days = [date.fromordinal(700_000 + number) for number in range(10_001)]
    assert faults(dates=dict.fromkeys(days, ())) == [
        fault(("dates",), "there are 10,001 dates", "write at most 10,000")
    ]
    assert faults(holidays=days) == [fault(("holidays",), "there are more than 10,000 dates", "write fewer")]
    assert faults(holidays=endless()) == [fault(("holidays",), "there are more than 10,000 dates", "write fewer")]
    many = Calendar("UTC", WEEK, dates=dict.fromkeys(days[1:], ()), holidays=days[:10_000])
    assert (len(many.dates), len(many.holidays)) == (10_000, 10_000)


def test_all_faults_come_at_once():
    found = faults(
        timezone="Europe/Brussel",
        hours={"monday": ["9-17"], "tue": "09:00-10:00"},
        breaks={"mon": ["12:00-12:00"]},
        dates={"2027-02-30": ["x"], "2027-01-01": [7]},
        holidays=["tomorrow"],
        also=[5],
    )
    assert [one.path for one in found] == [
        ("timezone",),
        ("hours", "monday", 0),
        ("hours", "monday"),
        ("hours", "tue"),
        ("breaks", "mon", 0),
        ("dates", "2027-02-30"),
        ("dates", "2027-02-30", 0),
        ("dates", "2027-01-01", 0),
        ("holidays", 0),
        ("also", 0),
    ]


def test_a_place_is_one_short_line():
    (found,) = faults(hours={"mon\n" + "x" * 10_000: ["09:00-10:00"]})
    assert len(found.place) < 100
    assert "\n" not in str(found)
    assert found.path == ("hours", "mon\n" + "x" * 10_000)


# What is written in other ways


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon", "mon"),
        ("mon-fri", "mon tue wed thu fri"),
        ("sat-mon", "sat sun mon"),
        ("sun-sat", "sun mon tue wed thu fri sat"),
        ("mon-sun", "mon tue wed thu fri sat sun"),
        ("mon,wed", "mon wed"),
        ("mon-tue, fri-sat", "mon tue fri sat"),
        (" wed ", "wed"),
        ("tue-tue", "tue"),
    ],
)
def test_a_key_names_weekdays(key, days):
    assert Calendar("UTC", {key: ["09:00-10:00"]}).data()["hours"].keys() == set(days.split())


def test_hours_are_put_in_order_and_together():
    written = Calendar("UTC", {"mon": ["13:00-17:30", "09:00-12:00", "11:00-12:30", "12:30-12:45", "20:00-02:00"]})
    assert written.data() == {"timezone": "UTC", "hours": {"mon": ["09:00-12:45", "13:00-17:30", "20:00-02:00"]}}
    assert written.week == (((540, 765), (780, 1050), (1200, 1560)), (), (), (), (), (), ())


def test_breaks_are_taken_out_wherever_they_fall():
    lunch = Calendar("UTC", {"mon-sun": ["09:00-17:30"]}, breaks={"mon-fri": ["12:30-13:00"], "sat": ["17:00-18:00"]})
    assert lunch.data() == {
        "timezone": "UTC",
        "hours": {
            **{day: ["09:00-12:30", "13:00-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")},
            "sat": ["09:00-17:00"],
            "sun": ["09:00-17:30"],
        },
    }


def test_a_break_goes_on_after_midnight_and_after_sunday():
    calendar = Calendar(
        "UTC", {"mon": ["00:00-06:00"], "sun": ["20:00-02:00"]}, breaks={"sun": ["23:00-01:00"], "mon": ["05:00-07:00"]}
    )
    assert calendar.week == (((60, 300),), (), (), (), (), (), ((1200, 1380), (1500, 1560)))


NIGHT = [
    # hours, breaks, the shifts that are left of the first weekday, its hours and all breaks as written again
    ("sun", ["22:00-06:00"], {"mon": ["02:00-03:00"]}, ((1320, 1560), (1620, 1800)), ["22:00-06:00"]),
    ("fri", ["22:00-06:00"], {"sat": ["02:00-03:00"]}, ((1320, 1560), (1620, 1800)), ["22:00-06:00"]),
    ("fri", ["22:00-06:00"], {"sat": ["00:00-01:00"]}, ((1320, 1440), (1500, 1800)), ["22:00-06:00"]),
    ("fri", ["22:00-06:00"], {"fri": ["23:00-01:00"]}, ((1320, 1380), (1500, 1800)), ["22:00-23:00", "23:59-06:00"]),
    ("fri", ["22:00-06:00"], {"fri": ["20:00-01:00"]}, ((1500, 1800),), ["23:59-06:00"]),
    ("fri", ["22:00-06:00"], {"fri": ["23:59-24:00"]}, ((1320, 1439), (1440, 1800)), ["22:00-23:59", "23:59-06:00"]),
    ("fri", ["02:00-01:00", "22:00-06:00"], {}, ((120, 1800),), ["02:00-24:00", "23:59-06:00"]),
    ("fri", ["00:00-24:00"], {}, ((0, 1440),), ["00:00-24:00"]),
    ("fri", ["06:00-24:00", "23:00-06:00"], {}, ((360, 1800),), ["06:00-24:00", "23:59-06:00"]),
    ("fri", ["06:00-24:00", "23:00-05:59"], {}, ((360, 1799),), ["06:00-05:59"]),
    ("fri", ["00:00-24:00", "23:00-00:30"], {}, ((0, 1470),), ["00:00-24:00", "23:59-00:30"]),
]


@pytest.mark.parametrize(("day", "hours", "breaks", "shifts", "texts"), NIGHT)
def test_a_calendar_can_be_written_again(day, hours, breaks, shifts, texts):
    calendar = Calendar("UTC", {day: hours}, breaks=breaks)
    assert [shifts] == [found for found in calendar.week if found]
    data = calendar.data()
    assert data["hours"] == {day: texts}
    assert ("breaks" in data) == (shifts[-1][0] >= 1440)
    assert Calendar(**data) == calendar
    assert Calendar(**json.loads(json.dumps(data))).data() == data


def test_breaks_of_two_days_are_written_together():
    night = Calendar("UTC", {"mon-tue": ["22:00-06:00"]}, breaks={"tue": ["23:00-01:00"], "wed": ["01:00-02:00"]})
    twice = Calendar("UTC", {"sun-mon": ["22:00-06:00"]}, breaks={"mon": ["23:00-01:00", "03:00-04:00"]})
    assert night.data()["breaks"] == {"tue": ["23:59-02:00"]}
    assert twice.data()["breaks"] == {"mon": ["03:00-04:00", "23:59-01:00"]}
    assert Calendar(**night.data()) == night
    assert Calendar(**twice.data()) == twice


FULL = {
    "timezone": "Europe/Brussels",
    "hours": {"mon": ["09:00-17:30"], "fri": ["22:00-06:00"]},
    "breaks": {"sat": ["02:00-03:00"]},
    "dates": {"2027-05-05": [], "2027-05-04": ["10:00-12:00", "13:00-01:00"]},
    "holidays": ["2027-12-25", "2027-01-01"],
}


def test_data_is_what_a_plan_file_says():
    data = Calendar(**FULL).data()
    assert data == FULL | {"holidays": ["2027-01-01", "2027-12-25"]}
    assert list(data) == ["timezone", "hours", "breaks", "dates", "holidays"]
    assert list(data["dates"]) == ["2027-05-04", "2027-05-05"]
    assert json.loads(json.dumps(data)) == data


def test_the_version_is_that_of_what_is_said():
    calendar = Calendar(**FULL)
    turned = Calendar(
        "Europe/Brussels",
        {"fri": ("23:00-06:00", "22:00-23:00"), "mon": iter(["12:00-17:30", "09:00-12:00"]), "sun": ()},
        breaks={"sat": ["02:30-03:00", "02:00-02:45"]},
        dates={date(2027, 5, 5): (), date(2027, 5, 4): ["13:00-01:00", "10:00-12:00"]},
        holidays={date(2027, 1, 1), date(2027, 12, 25)},
    )
    assert turned == calendar
    assert turned.version == calendar.version
    assert hash(turned) == hash(calendar)
    assert len({turned, calendar}) == 1
    assert turned.dates == calendar.dates == ((date(2027, 5, 4), ((600, 720), (780, 1500))), (date(2027, 5, 5), ()))
    assert turned.holidays == calendar.holidays == (date(2027, 1, 1), date(2027, 12, 25))


def test_the_version_never_moves_by_itself():
    """Kept deadlines name it: a version of the library that changes it must say so."""
    assert Calendar("UTC", {"mon-fri": ["09:00-17:30"]}).version == (
        "sha256:129aa575965a7cb695337f3fd9fbf13611b1dfd71bfee454734c578ffad94da3"
    )
    assert Calendar(**FULL).version == "sha256:85ca91914528ac6e519f651833f1a6de3681a3b1022ea870bbe9348b713ebf4c"


@pytest.mark.parametrize(
    "other",
    [
        {"timezone": "Europe/Paris"},
        {"hours": FULL["hours"] | {"tue": ["09:00-17:30"]}},
        {"hours": {"mon": ["09:00-17:31"], "fri": ["22:00-06:00"]}},
        {"breaks": {}},
        {"dates": {"2027-05-05": []}},
        {"dates": FULL["dates"] | {"2027-05-05": ["10:00-12:00"]}},
        {"holidays": ["2027-12-25"]},
        {"also": [Calendar("UTC", {"mon-sun": ["00:00-24:00"]})]},
    ],
)
def test_what_says_something_else_is_another(other):
    assert Calendar(**FULL | other) != Calendar(**FULL)
    assert Calendar(**FULL | other).version != Calendar(**FULL).version
    assert Calendar(**FULL) != "Europe/Brussels"


def test_a_calendar_is_a_frozen_value():
    calendar = Calendar(**FULL)
    again = pickle.loads(pickle.dumps(calendar))
    assert again == calendar
    assert again.data() == calendar.data()
    assert copy.copy(calendar) == copy.deepcopy(calendar) == calendar
    assert repr(calendar) == f"Calendar(timezone='Europe/Brussels', version='{calendar.version}')"
    with pytest.raises(FrozenInstanceError):
        calendar.timezone = "UTC"


# Shifts by themselves


def test_the_clock():
    assert [clock(text) for text in ("00:00", "00:01", "09:30", "23:59", "24:00")] == [0, 1, 570, 1439, 1440]
    assert [clock(text) for text in ("24:01", "00:60", "0:000", "00-00", "٠0:00", "00:0", "00:00 ")] == [None] * 7
    assert read_shift("22:00-06:00") == (1320, 1800)
    assert read_shift("22:00-24:00") == read_shift("22:00-00:00") == (1320, 1440)
    assert read_shift("09:00-09:00") == (540, 540)


def test_merging_and_taking_out():
    assert merged([(5, 7), (1, 3), (3, 4), (6, 9), (6, 8)]) == ((1, 4), (5, 9))
    assert merged([]) == ()
    assert without(((1, 4), (5, 9)), [(2, 3), (3, 6), (8, 8)]) == ((1, 2), (6, 8), (8, 9))
    assert without(((1, 4),), [(4, 5), (0, 1)]) == ((1, 4),)
    assert without(((1, 4),), [(0, 5)]) == ()
    assert written(((540, 600),)) == (["09:00-10:00"], ())
