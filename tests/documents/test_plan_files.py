"""Plans on disk, beside `test_plans.py`: every part of a document by itself, the example network, corners."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
import strategies as some
from dealerrouting import Dealer, Elapsed, PlanError, Terms, network, where
from dealerrouting.documents import dump_plan, load_plan
from dealerrouting.documents.assemble import zone_of
from dealerrouting.documents.checks import check, pruned, shown
from dealerrouting.documents.conditions import OPS, Customs, Reader
from dealerrouting.documents.nouns import dealer, typed
from dealerrouting.documents.places import Places, Wrongs
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.documents.shapes import RUNGS, columns, known_keys
from dealerrouting.rules.canonical import plan_data
from dealerrouting.rules.conditions import AllOf, AnyOf, Not
from dealerrouting.terms import ClaimTerms
from quick import upto

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

CUSTOMS = (*abc.CUSTOMS, *abc.PICKS)
HOUSE = {"id": "h", "kind": "house"}
SMALL = {"name": "small", "house": "h", "dealers": [HOUSE, {"id": "d"}], "precedence": ["registrations"]}


def told(data, **given):
    """What is wrong with data, as lines."""
    with pytest.raises(PlanError) as caught:
        plan_from_data(data, **given)
    return [str(fault) for fault in caught.value.faults]


def told_of(path):
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    return [str(fault).replace(str(path.parent) + os.sep, "") for fault in caught.value.faults]


def written(folder, text, name="plan.yaml", **tables):
    for table, rows in tables.items():
        (folder / f"{table}.csv").write_text(rows, "utf-8")
    (folder / name).write_text(text, "utf-8")
    return folder / name


# Conditions


def condition(node, customs=abc.CUSTOMS):
    """The condition that a document means, and what was said of it."""
    wrongs = Wrongs(Places(""))
    found = Reader(Customs({one.name: one for one in customs}), wrongs).condition(node, ("when",), ("core",))
    return found, [str(fault) for fault in wrongs.faults]


MEANT = [
    ({"country": "NL"}, where.country == "NL"),
    ({"country": {"eq": "NL"}}, where.country == "NL"),
    ({"country": {"ne": "NL"}}, where.country != "NL"),
    ({"country": {"in": ["NL", "BE"]}}, where.country.in_(["NL", "BE"])),
    ({"postcode": {"between": ["2000", "2660"]}}, where.postcode.between("2000", "2660")),
    ({"employees": {"gte": 10}}, where.employees.gte(10)),
    ({"employees": {"lte": 10}}, where.employees.lte(10)),
    ({"employees": {"gte": 10, "lte": 20}}, AllOf((where.employees.gte(10), where.employees.lte(20)))),
    ({"city": {"startswith": "Rot"}}, where.city.startswith("Rot")),
    ({"sector": {"under": ["C25", "G"]}}, where.sector.under(["C25", "G"])),
    ({"sector": {"under": " C25 ; G"}}, where.sector.under(["C25", "G"])),
    ({"message": {"has": "press"}}, where.message.has("press")),
    ({"location": {"within_km": {"lat": 51.9, "lon": 4.5, "km": 30}}}, where.location.within_km(51.9, 4.5, 30)),
    ({"email": {"exists": True}}, where.email.exists()),
    ({"not": {"email": {"exists": True}}}, Not(where.email.exists())),
    ({"all": [{"country": "NL"}, {"city": "X"}]}, AllOf((where.country == "NL", where.city == "X"))),
    ({"any": [{"country": "NL"}, {"not": {"city": "X"}}]}, AnyOf((where.country == "NL", Not(where.city == "X")))),
    ({"custom": abc.CUSTOMS[0].name}, abc.CUSTOMS[0]),
    ({"custom": {"eq": 1}}, where["custom"] == 1),
    ({"vip": True}, where.vip == True),  # noqa: E712
]


@pytest.mark.parametrize(("node", "meant"), MEANT)
def test_a_condition_is_what_it_says(node, meant):
    assert condition(node) == (meant, [])


def test_every_comparison_is_among_the_cases():
    asked = {op for node, _ in MEANT for value in node.values() if isinstance(value, dict) for op in value}
    assert set(OPS) <= asked


NONSENSE = [
    (True, "`true` is not a condition"),
    (None, "nothing is not a condition"),
    ([], "a list is not a condition"),
    ("NL", "`NL` is not a condition"),
    ({}, "an empty mapping is not a condition"),
    ({"country": "NL", "city": "X"}, "asks one thing, and here are `country`, `city`"),
    ({"all": {"country": "NL"}}, "`all` takes a list of conditions, not a mapping"),
    ({"any": "x"}, "`any` takes a list of conditions, not `x`"),
    ({"not": []}, "a list is not a condition"),
    ({"not": {"all": [{"country": "NL"}, 3]}}, "`3` is not a condition"),
    ({"custom": "nobody"}, "no custom function `nobody` is given"),
    ({"custom": None}, "no custom function"),
    ({"custom": "last"}, "no custom function `last` is given"),
    ({"country": None}, "nothing is not a comparison"),
    ({"country": {}}, "a mapping is not a comparison"),
    ({"country": ["NL"]}, "write {country: {in: [..]}}"),
    ({"country": {"eqq": "NL"}}, "unknown comparison `eqq`; did you mean `eq`?"),
    ({"country": {"eq": "NL", "nee": "BE"}}, "unknown comparison `nee`"),
    ({"postcode": {"between": ["1", "2", "3"]}}, "`between` takes two ends, not a list"),
    ({"postcode": {"between": "1..2"}}, "`between` takes two ends, not `1..2`"),
    ({"email": {"exists": False}}, "`exists` takes no constant, not `false`"),
    ({"email": {"exists": 1}}, "`exists` takes no constant, not `1`"),
    ({"location": {"within_km": 3}}, "`within_km` takes `lat`, `lon` and `km`"),
    ({"location": {"within_km": {"lat": 1, "lon": 2, "km": 3, "m": 4}}}, "`within_km` takes"),
    ({"country": {"in": [["NL"]]}}, "a list in a list"),
    ({"sector": {"under": [{"a": 1}]}}, "a list in a list"),
]


@pytest.mark.parametrize(("node", "said"), NONSENSE)
def test_a_condition_that_is_none_is_said_once(node, said):
    found, faults = condition(node)
    assert (found, len(faults)) == (None, 1)
    assert said in faults[0]


def check_all_said():
    """Each wrong part of one condition is said by itself."""
    parts = [node for node, _ in NONSENSE if node not in (None, {})]
    found, faults = condition({"any": [{"all": parts}, {"country": "NL"}]})
    assert found is None
    assert len(faults) == len(parts)
    assert all(f"any[0].all[{at}]" in fault for at, fault in enumerate(faults))


def test_all_that_is_wrong_in_a_condition_is_said():
    check_all_said()


def test_without_customs_the_cure_tells_how_to_give_them():
    assert "customs={name: Custom(...)}" in condition({"custom": "x"}, ())[1][0]


FIELDS = [
    ({"contry": "NL"}, "no field `contry`; did you mean `country`?"),
    ({"employees": {"gte": "many"}}, "`many` is not a number"),
    ({"employees": {"startswith": "1"}}, "takes no `startswith`"),
    ({"country": {"eq": "NLD"}}, "`NLD`"),
    ({"month": {"in": [13]}}, "`13`"),
    ({"postcode": {"between": ["9", "1"]}}, "`country`"),
    ({"all": [{"country": "NL"}, {"postcode": {"between": ["3399", "3000"]}}]}, "backward"),
    (True, "`true` is not a condition"),
]


@pytest.mark.parametrize(("when", "said"), FIELDS)
def test_a_condition_that_fits_no_field_is_said_with_its_trail(when, said):
    lines = told({**SMALL, "precedence": [{"rules": [{"id": "r", "when": when, "dealers": ["d"]}]}]})
    assert len(lines) == 1
    assert lines[0].startswith("precedence[0].rules[0].when")
    assert said in lines[0] or said.replace("`country`", "country") in lines[0]


# Shapes


def test_the_keys_that_may_stand_anywhere():
    assert columns("accounts")[:2] == ("id", "holder")
    assert "schema_version" in known_keys(())
    assert known_keys(("territories", 3)) == columns("territories")
    assert known_keys(("precedence", 0)) == (*RUNGS, "pick")
    assert "when" in known_keys(("precedence", 0, "rules", 1))
    assert known_keys(("precedence", 0, "nearest")) == ("pick", "within_km")
    assert known_keys(("precedence", 0, "registrations")) == ()
    assert known_keys(("taxonomy",)) == ("id", "codes", "file")
    assert known_keys(("terms",)) == tuple(attribute.name for attribute in fields(Terms))
    assert known_keys(("terms", "house")) == ("remind_after", "escalate_after")
    assert known_keys(("terms", "claims")) == tuple(
        attribute.name for attribute in fields(ClaimTerms) if attribute.init
    )
    assert known_keys(("calendars", "nl")) == ("timezone", "hours", "breaks", "dates", "holidays", "also")
    assert known_keys(("calendars", "nl", "also", 0)) == ("timezone", "hours", "breaks", "dates", "holidays")
    assert known_keys(("calendars", "nl", "holidays")) == ("country", "subdivision", "from", "until", "drop", "add")
    assert known_keys(("calendars", "nl", "also", 0, "holidays")) == known_keys(("calendars", "nl", "holidays"))
    assert known_keys(("precedence", 0, "territories", "pick", 0)) == ("custom",)


UNKNOWN = [
    ({"dealers": [HOUSE, {"id": "d", "postcod": "1"}]}, "dealers[1].postcod: unknown key `postcod`; did you mean `postcode`?"),
    ({"precedence": [{"rules": [{"id": "r", "when": {"country": "NL"}, "dealers": "d", "whn": 1}]}]},
     "precedence[0].rules[0].whn: unknown key `whn`; did you mean `when`?"),
    ({"precedence": [{"nearest": {"within": 3}}]}, "precedence[0].nearest.within: unknown key `within`; did you mean `within_km`?"),
    ({"precedence": [{"incumbent": {"won_within": {"elapse": "3d"}}}]}, "`elapse`; did you mean `elapsed`?"),
    ({"taxonomy": {"id": "x", "codes": {}, "code": 1}}, "taxonomy.code: unknown key `code`; did you mean `codes`?"),
    ({"terms": {"max_reassignment": 1}}, "terms.max_reassignment: unknown key"),
    ({"precedence": [{"territories": {"pick": [{"custom": "x", "costum": 1}]}}]}, "`costum`"),
    ({"precedence": [{"territories": {}, "pik": "x"}]}, "`pik`; did you mean `pick`?"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), UNKNOWN)
def test_an_unknown_key_is_said_with_the_one_that_is_meant(change, said):
    lines = told({**SMALL, **change})
    assert any(said in line for line in lines), lines


WRONG_KINDS = [
    ({"name": 7}, "name: `7` is not text; write it in quotes"),
    ({"name": True}, "name: `true` is not text"),
    ({"dealers": {"a": 1}}, "dealers: a mapping is not text or a list"),
    ({"dealers": [7]}, "dealers[0]: `7` is not a mapping"),
    ({"dealers": [{**HOUSE, "max_open": 1.5}]}, "`1.5` is not a whole number"),
    ({"dealers": [{**HOUSE, "max_open": True}]}, "`true` is not a whole number"),
    ({"dealers": [{**HOUSE, "lat": "far"}]}, "`far` is not a number"),
    ({"dealers": [{**HOUSE, "postcode": 1067}]}, "`1067` is not text; write it in quotes"),
    ({"precedence": "registrations"}, "precedence: `registrations` is not a list"),
    ({"precedence": [None]}, "precedence[0]: nothing is not a rung"),
    ({"precedence": [[]]}, "precedence[0]: a list is not a rung"),
    ({"precedence": [{}]}, "unknown rung `nothing`"),
    ({"terms": []}, "terms: a list is not a mapping"),
    ({"schema_version": "1"}, "schema_version `1` is not known here"),
    ({"attributes": {"fleet": 1}}, "attributes.fleet: `1` is not text"),
]


@pytest.mark.parametrize(("change", "said"), WRONG_KINDS)
def test_a_part_of_the_wrong_kind_is_said(change, said):
    lines = told({**SMALL, **change})
    assert any(said in line for line in lines), lines


@pytest.mark.parametrize("data", [None, 7, "text", [], {}])
def test_no_plan_at_all(data):
    assert told(data)


def test_pruning_keeps_the_indexes():
    data = {"a": [1, {"b": 2, "c": 3}, 4], "d": 5}
    assert pruned(data, {("a", 0), ("a", 1, "c"), ("d",), ("d", "x")}) == {"a": [None, {"b": 2}, 4]}
    assert pruned(data, set()) is data
    assert pruned({"d": 5}, {("d", "x", 1)}) == {"d": 5}
    wrongs = Wrongs(Places(""))
    check(SMALL, wrongs)
    assert wrongs.faults == []
    assert [shown(value) for value in (None, True, False, [], {}, 7)] == [
        "nothing", "`true`", "`false`", "a list", "a mapping", "`7`"]  # fmt: skip


# Nouns


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("postcode", " 01067 ", "01067"),
        ("country", "NO", "NO"),
        ("max_open", " 7 ", 7),
        ("max_open", "-7", -7),
        ("max_open", "+7", 7),
        ("max_open", "007", 7),
        ("max_open", "7.0", "7.0"),
        ("max_open", "1_000", "1_000"),
        ("max_open", "７", "７"),
        ("max_open", "9" * 20, "9" * 20),
        ("lat", "51.9", 51.9),
        ("lat", "-0.5", -0.5),
        ("lat", "51,9", "51,9"),
        ("lat", "1e2", "1e2"),
        ("lat", "nan", "nan"),
        ("lat", "1.2.3", "1.2.3"),
        ("exclusive", "TRUE", True),
        ("exclusive", "false", False),
        ("exclusive", "yes", "yes"),
    ],
)
def test_a_cell_is_what_its_column_holds(column, cell, meant):
    assert (type(typed(column, cell)), typed(column, cell)) == (type(meant), meant)


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def check_pause(autumn="2027-10-30..2027-10-31"):
    """Both days of a pause are in it, in the plan's zone, on the days of the change of clocks too."""
    heard = []
    made = dealer({"id": "d", "paused": f"2027-03-27..2027-03-28; {autumn}"}, AMSTERDAM, lambda *one: heard.append(one))
    assert heard == []
    for day in ("2027-03-27", "2027-03-28", "2027-10-31"):
        for time in ("00:00:00", "23:59:59"):
            assert any(start <= local(f"{day}T{time}") < end for start, end in made.paused), (day, time)
    for instant in ("2027-03-26T23:59:59", "2027-03-29T00:00:00", "2027-10-29T23:59:59", "2027-11-01T00:00:00"):
        assert not any(start <= local(instant) < end for start, end in made.paused), instant


def test_both_ends_of_a_pause_are_in_it():
    check_pause()
    check_pause("2027-10-30; 2027-10-31")


@settings(max_examples=upto(60), deadline=None)
@given(st.dates(datetime(1990, 1, 1).date(), datetime(2100, 1, 1).date()), st.integers(0, 400))
def test_a_pause_begins_and_ends_at_midnight(first, days):
    last = first + timedelta(days=days)
    (start, end), = dealer({"id": "d", "paused": f" {first} .. {last} "}, AMSTERDAM, pytest.fail).paused  # fmt: skip
    assert start.astimezone(AMSTERDAM).date() == first
    assert (end - timedelta(microseconds=1)).astimezone(AMSTERDAM).date() == last
    assert end.astimezone(AMSTERDAM).date() == last + timedelta(days=1)


PAUSES = [
    ("2027-08-01..2027-07-01", "runs backward; write `2027-07-01..2027-08-01`"),
    ("2027-02-30", "`2027-02-30` is not a stretch of days"),
    ("2027-02-01..", "is not a stretch of days"),
    ("summer", "`summer` is not a stretch"),
    ("20270101", "is not a stretch"),
    ("2027-01-01..9999-12-31", "is not a stretch of days"),
    ("9999-12-31", "is not a stretch of days"),
    ([["2027-01-01", "soon"]], "is not a stretch"),
    ([["2027-01-01"]], "is not a stretch"),
]


@pytest.mark.parametrize(("given", "said"), PAUSES)
def test_what_is_no_pause_is_said(given, said):
    lines = told({**SMALL, "dealers": [HOUSE, {"id": "d", "paused": given}]})
    assert any(said in line for line in lines), lines
    assert not any("9999-12-31..2027" in line for line in lines)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31", "0001-01-02"])
def test_the_first_and_last_days_are_read_or_refused(zone, day):
    for row in ({"paused": day}, {"active_from": day}, {"active_until": day}):
        try:
            plan_from_data({**SMALL, "timezone": zone, "dealers": [HOUSE, {"id": "d", **row}]})
        except PlanError as error:
            assert error.faults


def test_pairs_of_instants_are_taken_as_they_stand():
    pair = ["2027-01-01T09:00:00Z", "2027-01-02"]
    plan = plan_from_data({**SMALL, "timezone": "Europe/Amsterdam", "dealers": [HOUSE, {"id": "d", "paused": [pair]}]})
    assert plan.by_id["d"].paused == (
        (datetime(2027, 1, 1, 9, tzinfo=UTC), datetime(2027, 1, 1, 23, tzinfo=UTC)),
    )  # fmt: skip


def test_dates_are_midnight_in_the_zone_of_the_plan():
    for zone, hour in (("UTC", 0), ("Europe/Amsterdam", 23), ("America/New_York", 5)):
        plan = plan_from_data({**SMALL, "timezone": zone, "dealers": [HOUSE, {"id": "d", "active_from": "2027-01-02"}]})
        meant = datetime(2027, 1, 1 if hour == 23 else 2, hour, tzinfo=UTC)
        assert plan.by_id["d"].active_from == meant


def test_zones():
    assert zone_of("Europe/Amsterdam") == AMSTERDAM
    assert [zone_of(name) for name in (None, 7, "Nowhere/Else", "", "../x", "a\0b", "Europe")] == [None] * 7


ELAPSED = [
    ("1s", 1),
    (" 48h ", 48 * 3_600),
    ("90m", 5_400),
    ("1000000d", 10**6 * 86_400),
    ("999999999d", 999_999_999 * 86_400),
    *((text, None) for text in ("1000000000d", "0h", "-1h", "h", "", "1.5h", "1w", "２h", "1" * 15 + "s", "1 h", "48")),
]


@pytest.mark.parametrize(("text", "seconds"), ELAPSED)
def test_lengths_of_time(text, seconds):
    data = {**SMALL, "precedence": [{"incumbent": {"won_within": {"elapsed": text}}}]}
    if seconds is None:
        (line,) = told(data)
        assert "is not a length of time; write 48h" in line
    else:
        assert plan_from_data(data).rung("incumbent").won_within == Elapsed(seconds=seconds)


# Corners of a plan


def test_a_shipped_taxonomy_may_be_named_by_its_id():
    plain = plan_from_data({**SMALL, "taxonomy": "nace-2.1"})
    assert plan_from_data({**SMALL, "taxonomy": {"id": "nace-2.1"}}) == plain == plan_from_data(SMALL)


def test_a_taxonomy_inline_and_by_file(tmp_path):
    inline = plan_from_data({**SMALL, "taxonomy": {"id": "own", "codes": {"a": None, "b": "a"}}})
    text = json.dumps({**SMALL, "taxonomy": {"id": "own", "file": "codes.csv"}})
    path = written(tmp_path, text, "plan.json", codes="code,parent\na,\nb,a\n")
    assert load_plan(path) == inline
    both = {**SMALL, "taxonomy": {"id": "own", "file": "codes.csv", "codes": {"a": None}}}
    (line,) = told_of(written(tmp_path, json.dumps(both), "plan.json"))
    assert "`codes` and `file` are both given; keep one of them" in line
    assert line.startswith("plan.json:1:")
    lost = {**SMALL, "taxonomy": {"id": "own", "file": "../codes.csv"}}
    (line,) = told_of(written(tmp_path, json.dumps(lost), "plan.json"))
    assert "`../codes.csv` is not a file beside the plan" in line
    (tmp_path / "codes.csv").write_text("", "utf-8")
    lines = told_of(written(tmp_path, text, "plan.json"))
    assert lines == ["codes.csv:1:1: is empty; its first line names the columns"]


def test_a_wrong_pick_of_rules_stands_at_the_rung():
    rules = [{"id": "r", "when": {"country": "NL"}, "dealers": ["d"]}]
    (line,) = told({**SMALL, "precedence": [{"rules": rules, "pick": "frist"}]})
    assert line.startswith("precedence[0].pick")
    assert "`frist`" in line


def test_the_core_counts_only_the_rungs_that_were_made():
    rules = [{"id": "r", "when": {"contry": "NL"}, "dealers": ["x"]}]
    lines = told({**SMALL, "precedence": ["nerest", "registrations", {"rules": rules}]})
    assert [line.split(": ")[0] for line in lines] == [
        "precedence[0]", "precedence[2].rules[0].dealers[0]", "precedence[2].rules[0].when.contry"
    ] or sorted(line.split(": ")[0].split("[")[0] for line in lines) == ["precedence"] * 3  # fmt: skip
    assert sum("precedence[2].rules[0]" in line for line in lines) == 2


def test_a_folder_of_plans(tmp_path):
    assert "has no `plan.yaml`" in told_of(tmp_path)[0]
    (tmp_path / "plan.yml").write_text("{}", "utf-8")
    (tmp_path / "plan.json").write_text("{}", "utf-8")
    assert "more than one plan: `plan.json`, `plan.yml`" in told_of(tmp_path)[0]
    assert "is no form of a plan" in told_of(written(tmp_path, "x", "plan.txt"))[0]
    assert "there is no such file or folder; did you mean `plan.json`?" in told_of(tmp_path / "plan.jsn.json")[0]


def test_a_folder_that_cannot_be_looked_into(monkeypatch, tmp_path):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "cannot be read: Permission denied" in told_of(tmp_path)[0]


FAULTY = """\
name: small
house: ofice
timezone: Europe/Amsterdm
dealers: dealers.csv
territories: territories.csv
precedence:
  - rules:
      - {id: r1, when: {contry: NL}, dealers: [d]}
      - {id: r2, when: true, dealers: [dd]}
  - territories: {pick: [specifik]}
  - nerest
colour: red
"""
FAULTY_TABLES = {
    "dealers": "id,kind\noffice,house\nd,\nd,\n",
    "territories": "id,dealers,country,postcodes\nt,d,NL,3399..3000\nu,dx,NL,1000\nv,d,BE,1..\n",
}
FAULTY_SAID = [
    ("dealers.csv:4:id", "`d`: this id comes twice"),
    ("plan.yaml:2:8", "unknown dealer `ofice`; did you mean `office`?"),
    ("plan.yaml:3:11", "unknown time zone `Europe/Amsterdm`"),
    ("plan.yaml:8:33", "no field `contry`; did you mean `country`?"),
    ("plan.yaml:9:24", "`true` is not a condition"),
    ("plan.yaml:9:39", "unknown dealer `dd`"),
    ("plan.yaml:10:25", "unknown policy `specifik`; did you mean `specific`?"),
    ("plan.yaml:11:5", "unknown rung `nerest`; did you mean `nearest`?"),
    ("plan.yaml:12:1", "unknown key `colour`"),
    ("territories.csv:2:postcodes", "backward; write `3000..3399`"),
    ("territories.csv:3:dealers", "unknown dealer `dx`"),
    ("territories.csv:4:postcodes", "`1..`"),
]


def check_everything_said(folder):
    """One plan, everything wrong with it: each once, with its place, from top to bottom."""
    lines = told_of(written(folder, FAULTY, **FAULTY_TABLES))
    assert len(lines) == len(FAULTY_SAID), lines
    for line, (place, said) in zip(lines, FAULTY_SAID, strict=True):
        assert line.startswith(place + ":"), line
        assert said in line, line


def test_everything_is_said_at_once(tmp_path):
    check_everything_said(tmp_path)


def check_duplicate(folder):
    path = written(folder, "name: a\nname: b\nhouse: h\ndealers: [{id: h, kind: house}]\nprecedence: [registrations]\n")
    assert told_of(path) == ["plan.yaml:2:1: the key `name` comes twice, first on line 1; keep one of them"]


def test_a_key_that_comes_twice_is_no_plan(tmp_path):
    check_duplicate(tmp_path)


# There and back


def check_round_trip(plan, folder, *, equal=True):
    """Dumped and loaded a plan has its digest; it is equal but for instants in conditions, which come back as text."""
    for form, name in (("yaml", "plan.yaml"), ("json", "plan.json")):
        path = written(folder, dump_plan(plan, form=form), name)
        once = load_plan(path, customs=CUSTOMS)
        assert once.digest == plan.digest
        assert plan_data(once) == plan_data(plan)
        assert dump_plan(once, form=form) == dump_plan(plan, form=form)
        assert load_plan(written(folder, dump_plan(once, form=form), name), customs=CUSTOMS) == once
        assert once == plan or not equal
    again = plan_from_data(json.loads(json.dumps(plan_data(plan))), CUSTOMS)
    assert again.digest == plan.digest


@settings(max_examples=upto(30), deadline=None)
@given(some.plans(claims=True))
def test_a_plan_comes_back(tmp_path_factory, plan):
    equal = "received_at" not in json.dumps(plan_data(plan))
    check_round_trip(plan, tmp_path_factory.mktemp("plan", numbered=True), equal=equal)


def test_the_example_network_comes_back(tmp_path):
    plan = load_plan(network.path())
    assert plan.name == "meridiaan-2027"
    assert len(plan.territories) > len(plan.dealers) > 5
    check_round_trip(plan, tmp_path)


@pytest.mark.slow
def test_a_dealer_with_awkward_words_comes_back(tmp_path):
    rng = Random(7)
    words = [
        *abc.HOSTILE,
        "NO",
        "01067",
        "12:30",
        "~",
        "- x",
        "{a: b}",
        "#",
        "a: b",
        " x",
        "\t",
        "<<",
        "1e5",
        "é\u2028x",
    ]
    for at, word in enumerate(rng.sample(words, len(words))):
        try:
            one = Dealer("d", word if isinstance(word, str) and word.strip() else "x", city="NO")
            data = {**SMALL, "dealers": [HOUSE]}
            plan = plan_from_data(data)
            plan = type(plan)(
                plan.name, house="h", dealers=[Dealer("h", kind="house"), one], precedence=plan.precedence
            )
        except PlanError:
            continue
        folder = tmp_path / str(at)
        folder.mkdir()
        try:
            check_round_trip(plan, folder)
        except UnicodeEncodeError:
            assert any("\ud800" <= sign <= "\udfff" for sign in word)
