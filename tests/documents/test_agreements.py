# a table of wrong text reads best when each case is one line
"""Terms and calendars on disk: every wrong item told at its own place, what is right comes back equal."""

import json
import os
import sys
from datetime import date

import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
from dealerrouting import (
    Business,
    BusinessDays,
    Calendar,
    Dealer,
    Elapsed,
    HouseTerms,
    MissingExtra,
    Plan,
    PlanError,
    Terms,
    by,
)
from dealerrouting.calendar import national_holidays
from dealerrouting.documents import dump_plan, from_data, load_plan, to_data
from dealerrouting.documents.agreements import _LENGTHS
from dealerrouting.events import STATUSES
from dealerrouting.terms import LATE_ANSWERS, length_data
from quick import upto

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

PLAN = """\
name: small
house: office
dealers: dealers.csv
precedence: [registrations, {incumbent: {won_within: {elapsed: 730d}}}]
calendars:
  nl:
    timezone: Europe/Amsterdam
    hours: {mon-fri: ["09:00-12:30", "13:00-17:30"], sat: 10:00-14:00}
    breaks: {wed: 15:00-15:30}
    dates: {"2027-12-24": ["09:00-12:00"], 2027-12-31: []}
    holidays: [2027-04-27, "2027-12-25"]
  be: {timezone: Europe/Brussels, hours: {mon-fri: 09:00-17:00}}
terms:
  remind_after: {elapsed: 48h}
  withdraw_after: {business_days: 5}
  accept_within: {business: 16h}
  max_pause: {elapsed: 7d}
  on_silence: [reassign, return]
  counts_as_update: [contacted, won]
  needs_evidence: uncontactable
  max_resets: 3
  late_answer: restore
  calendar: nl
  house: {remind_after: {elapsed: 48h}, escalate_after: {elapsed: 6d}}
"""
DEALERS = "id,kind,calendar\ndelta,,be\nmaas,,\noffice,house,nl\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder for plans, called by its short name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def written(home, plan=PLAN, dealers=DEALERS, name="plan.yaml"):
    (home / name).write_text(plan, "utf-8")
    (home / "dealers.csv").write_text(dealers, "utf-8")
    return "p"


def faults(home, **parts):
    """What is wrong, as lines, with a plan of these parts."""
    with pytest.raises(PlanError) as caught:
        load_plan(written(home, **parts))
    return [str(fault).replace(os.sep, "/") for fault in caught.value.faults]


def test_a_plan_says_what_was_agreed(home):
    plan = load_plan(written(home))
    nl = Calendar(
        "Europe/Amsterdam",
        {"mon-fri": ["09:00-12:30", "13:00-17:30"], "sat": ["10:00-14:00"]},
        breaks={"wed": ["15:00-15:30"]},
        dates={date(2027, 12, 24): ["09:00-12:00"], date(2027, 12, 31): []},
        holidays=[date(2027, 4, 27), date(2027, 12, 25)],
    )
    assert plan.calendars == {"nl": nl, "be": Calendar("Europe/Brussels", {"mon-fri": ["09:00-17:00"]})}
    assert plan.terms == Terms(
        remind_after=Elapsed(hours=48),
        withdraw_after=BusinessDays(5),
        accept_within=Business(hours=16),
        max_pause=Elapsed(days=7),
        counts_as_update=["contacted", "won"],
        max_resets=3,
        late_answer="restore",
        calendar="nl",
        house=HouseTerms(Elapsed(hours=48), Elapsed(days=6)),
    )
    assert dict(plan.policy.keeps) == {"delta": "be", "office": "nl"}


def test_the_forms_mean_the_same(home):
    plan = load_plan(written(home))
    (home / "plan.toml").write_text(
        'name = "small"\nhouse = "office"\ndealers = "dealers.csv"\nprecedence = ["registrations", {incumbent = {won_within = '
        '{elapsed = "730d"}}}]\n[calendars.nl]\ntimezone = "Europe/Amsterdam"\nbreaks = {wed = "15:00-15:30"}\n'
        'hours = {mon-fri = ["09:00-12:30", "13:00-17:30"], sat = "10:00-14:00"}\nholidays = [2027-04-27, "2027-12-25"]\n'
        'dates = {2027-12-24 = ["09:00-12:00"], 2027-12-31 = []}\n[calendars.be]\ntimezone = "Europe/Brussels"\n'
        'hours = {mon-fri = "09:00-17:00"}\n[terms]\nwithdraw_after = {business_days = 5}\naccept_within = {business = "16h"}\n'
        'counts_as_update = "contacted won"\nmax_resets = 3\nlate_answer = "restore"\ncalendar = "nl"\n'
        'house = {escalate_after = {elapsed = "6d"}}\n'.replace('"contacted won"', '["contacted", "won"]'),
        "utf-8",
    )
    (home / "one.json").write_text(dump_plan(plan, form="json"), "utf-8")
    (home / "one.yaml").write_text(dump_plan(plan), "utf-8")
    for name in ("plan.toml", "one.json", "one.yaml"):
        again = load_plan(home / name)
        assert (again, again.digest, again.policy.digest) == (plan, plan.digest, plan.policy.digest), name


# What is wrong


LENGTH = "write {elapsed: 48h}, {business: 16h} or {business_days: 5}"
WRONG = [
    # lengths of time
    ("{elapsed: 48h}\n  withdraw", "48h\n  withdraw", f"p/plan.yaml:14:17: `48h` does not say which time: all of it, or open hours only; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "48\n  withdraw", f"p/plan.yaml:14:17: `48` is not a length of time; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "soon\n  withdraw", f"p/plan.yaml:14:17: `soon` is not a length of time; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "true\n  withdraw", f"p/plan.yaml:14:17: `true` is not a length of time; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "[48h]\n  withdraw", f"p/plan.yaml:14:17: a list is not a length of time; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "{}\n  withdraw", f"p/plan.yaml:14:17: an empty mapping is not a length of time; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "{elapsed: 2d, business: 8h}\n  withdraw", f"p/plan.yaml:14:17: a length of time is one thing, and here are `elapsed`, `business`; {LENGTH}"),
    ("{elapsed: 48h}\n  withdraw", "{elapsd: 48h}\n  withdraw", "p/plan.yaml:14:18: unknown key `elapsd`; did you mean `elapsed`?"),
    ("{elapsed: 48h}\n  withdraw", "{elapsed: 48}\n  withdraw", "p/plan.yaml:14:27: `48` is not a length of time; write 48h: a number with s, m, h or d"),
    ("{elapsed: 48h}\n  withdraw", "{elapsed: }\n  withdraw", "p/plan.yaml:14:27: nothing is not a length of time; write 48h"),
    ("{elapsed: 48h}\n  withdraw", "{elapsed: 0h}\n  withdraw", "p/plan.yaml:14:27: `0h` is not a length of time"),
    ("{elapsed: 48h}\n  withdraw", "{elapsed: 1000000000d}\n  withdraw", "p/plan.yaml:14:27: `1000000000d` is not a length of time"),
    ("{business: 16h}", "{business: 2d}", "p/plan.yaml:16:29: `2d` is not a length of open time; write 16h: a number with s, m or h; whole days are {business_days: 5}"),
    ("{business: 16h}", "{business: 0s}", "p/plan.yaml:16:29: `0s` is not a length of open time"),
    ("{business: 16h}", "{business: 1000001h}", "p/plan.yaml:16:29: `1000001h` is not a length of open time"),
    ("{business_days: 5}", "{business_days: 0}", "p/plan.yaml:15:35: `0` is not a number of days; write a whole number from 1 to 100,000"),
    ("{business_days: 5}", "{business_days: 5d}", "p/plan.yaml:15:35: `5d` is not a number of days"),
    ("{business_days: 5}", "{business_days: true}", "p/plan.yaml:15:35: `true` is not a number of days"),
    ("{elapsed: 7d}", "{business: 8h}", "p/plan.yaml:17:15: only real time can stand here, not `business`; write {elapsed: 48h}"),
    ("{elapsed: 7d}", "7d", "p/plan.yaml:17:14: `7d` does not say which time: all of it, or open hours only; write {elapsed: 48h}"),
    ("{elapsed: 730d}", "730d", "p/plan.yaml:4:54: `730d` does not say which time"),
    ("{elapsed: 730d}", "{business_days: 500}", "p/plan.yaml:4:55: only real time can stand here, not `business_days`"),
    ("{elapsed: 48h}\n  withdraw_after: {business_days: 5}", "{elapsed: 6d}\n  withdraw_after: soon", "p/plan.yaml:15:19: `soon` is not a length of time"),
    # the other terms
    ("max_resets: 3", "max_resetts: 3", "p/plan.yaml:21:3: unknown key `max_resetts`; did you mean `max_resets`?"),
    ("max_resets: 3", "max_resets: 0", "p/plan.yaml:21:15: `0` is not a number of resets; give a whole number from 1 to 100"),
    ("max_resets: 3", "max_resets: many", "p/plan.yaml:21:15: `many` is not a whole number"),
    ("late_answer: restore", "late_answer: restor", "p/plan.yaml:22:16: unknown late_answer `restor`; did you mean `restore`?"),
    ("[reassign, return]", "[reasign]", "p/plan.yaml:18:15: unknown word `reasign`; did you mean `reassign`?"),
    ("[contacted, won]", "[]", "p/plan.yaml:19:21: terms.counts_as_update: is empty; name at least one of attempted"),
    ("needs_evidence: uncontactable", "needs_evidence: 3", "p/plan.yaml:20:19: `3` is not text or a list"),
    ("calendar: nl", "calendar: nll", "p/plan.yaml:23:13: unknown calendar `nll`; did you mean `nl`?"),
    ("  calendar: nl\n", "", "p/plan.yaml:14:3: terms.calendar: business time needs a calendar for whoever keeps none of its own; name one of"),
    ("{elapsed: 6d}", "{elapsed: 6h}", "p/plan.yaml:24:57: is not longer than `remind_after`; make `remind_after` the shorter one"),
    ("house: {remind_after: {elapsed: 48h}, ", "house: {remind: 48h, ", "p/plan.yaml:24:11: unknown key `remind`; did you mean `remind_after`?"),
    ("house: {remind_after: {elapsed: 48h}, escalate_after: {elapsed: 6d}}", "house: 48h", "p/plan.yaml:24:10: `48h` is not a mapping"),
    # calendars
    ("timezone: Europe/Amsterdam", "timezone: Europe/Amsterdm", "p/plan.yaml:7:15: unknown time zone `Europe/Amsterdm`; did you mean `Europe/Amsterdam`?"),
    ("    timezone: Europe/Amsterdam\n", "", "p/plan.yaml:7:5: `timezone` is missing; add it"),
    (", hours: {mon-fri: 09:00-17:00}", "", "p/plan.yaml:12:7: `hours` is missing; add it"),
    ("hours: {mon-fri: 09:00-17:00}", "hours: {}", "p/plan.yaml:12:42: calendar.hours: no hour of the week is open; open at least one"),
    ("hours: {mon-fri: 09:00-17:00}", "hours: [09:00-17:00]", "p/plan.yaml:12:42: a list is not a mapping"),
    ("mon-fri: 09:00-17:00", "mon-fry: 09:00-17:00", "p/plan.yaml:12:43: unknown weekday `fry`; did you mean `fri`?"),
    ("mon-fri: 09:00-17:00", "mon-fri: 9-17", "p/plan.yaml:12:52: `9-17` is not an interval; write `09:00-17:30`, from 00:00 to 24:00"),
    ("mon-fri: 09:00-17:00", "mon-fri: 9", "p/plan.yaml:12:52: `9` is not text or a list; write it in quotes"),
    ("mon-fri: 09:00-17:00", "mon-fri: ", "p/plan.yaml:12:52: nothing is not text or a list"),
    ('"13:00-17:30"]', '"13.00-17:30"]', "p/plan.yaml:8:38: `13.00-17:30` is not an interval"),
    ('"13:00-17:30"]', "13]", "p/plan.yaml:8:38: `13` is not text; write it in quotes"),
    ("wed: 15:00-15:30", "wed: 15:00-15:00", "p/plan.yaml:9:19: `15:00-15:00` closes when it opens"),
    ("wed: 15:00-15:30", "wed: 15:00-15:30, mon-wed: 10:00-10:15", "p/plan.yaml:9:32: `wed` comes twice"),
    ('"2027-12-24": ["09:00-12:00"]', '"2027-13-24": ["09:00-12:00"]', "p/plan.yaml:10:13: `2027-13-24` is not a date; write `2027-05-05`"),
    ('"2027-12-24": ["09:00-12:00"]', '"2027-12-24": ["09:00-12:00", "x"]', "p/plan.yaml:10:43: `x` is not an interval"),
    ("2027-12-31: []", "2027-12-31: ", "nothing is not text or a list"),
    ('[2027-04-27, "2027-12-25"]', '[2027-04-27, "2027-12-52"]', "p/plan.yaml:11:28: `2027-12-52` is not a date; write `2027-05-05`"),
    ('[2027-04-27, "2027-12-25"]', "2027-4-27", "p/plan.yaml:11:15: `2027-4-27` is not a date"),
    ('[2027-04-27, "2027-12-25"]', "27", "p/plan.yaml:11:15: `27` is not "),
    ("    holidays: [", "    holiday: [", "p/plan.yaml:11:5: unknown key `holiday`; did you mean `holidays`?"),
    ("  be: {timezone: Europe/Brussels, hours: {mon-fri: 09:00-17:00}}", "  be: 09:00-17:00", "p/plan.yaml:12:7: `09:00-17:00` is not a mapping"),
    ("  be: {timezone", "  'b;e': {timezone: UTC, hours: {mon: 09:00-10:00}}\n  be: {timezone", "p/plan.yaml:12:3: `b;e` is not an id"),
    ("  be: {", "  be: {also: [{timezone: UTC, hours: {mon: 9-17}}], ", "p/plan.yaml:12:44: `9-17` is not an interval"),
    ("  be: {", "  be: {also: [{timezone: UTC, hours: {mo: 09:00-17:00}}], ", "p/plan.yaml:12:39: unknown weekday `mo`"),
    ("  be: {", "  be: {also: [{timezone: UTC, hours: {mon: 09:00-17:00}, holiday: []}], ", "p/plan.yaml:12:58: unknown key `holiday`"),
    ("  be: {", "  be: {also: [{timezone: UTC, hours: {sun: 09:00-17:00}}], ", "p/plan.yaml:12:14: calendar.also: never open together"),
    ("  be: {", "  be: {also: [" + "{timezone: UTC, hours: {mon: 09:00-17:00}}, " * 21 + "], ", "p/plan.yaml:12:14: 21 further calendars; the bound is 20"),
    ("calendars:\n", "calendars:\n" + "".join(f"  c{n}: {{timezone: UTC, hours: {{mon: 09:00-17:00}}}}\n" for n in range(999)), "p/plan.yaml:6:3: 1,001 calendars; the bound is 1,000"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_wrong_agreement_is_told_once_with_its_place(home, right, wrong, said):
    assert right in PLAN
    told = faults(home, plan=PLAN.replace(right, wrong, 1))
    assert any(said in line for line in told), told
    assert len(told) == 1, told


# Everything at once, and nothing twice

ALL_WRONG = """\
name: small
house: office
dealers: [{id: office, kind: house, calendar: nll}, {id: delta, calendar: nl}, {id: maas, calendar: xx}]
calendars:
  nl:
    timezone: Europe/Amsterdm
    hours: {mon-fr: ["09:00-12:30", "13.00-17:30"], sun: 9}
    dates: {2027-13-24: [09:00-12:00]}
  xx: 5
  late: {timezone: UTC, hours: {mon: 9}}
precedence: [registrations, {incumbent: {won_within: {business: 3h}}}]
terms:
  remind_after: 48h
  withdraw_after: {elapsed: 24h}
  notice: {elapsd: 24h}
  on_silence: reasign
  max_resets: 0
  calendar: bee
  house: {remind_after: {business: 16h}, escalate_after: {business: 8h}, remind: 3}
"""
ALL_SAID = [
    "3:47: unknown calendar `nll`",
    "6:15: unknown time zone `Europe/Amsterdm`",
    "7:13: unknown weekday `fr`",
    "7:37: `13.00-17:30` is not an interval",
    "7:58: `9` is not text or a list",
    "8:13: `2027-13-24` is not a date",
    "9:7: `5` is not a mapping",
    "10:38: `9` is not text or a list",
    "11:55: only real time can stand here, not `business`",
    "13:17: `48h` does not say which time",
    "15:12: unknown key `elapsd`",
    "16:15: unknown word `reasign`",
    "17:15: `0` is not a number of resets",
    "18:13: unknown calendar `bee`",
    "19:58: is not longer than `remind_after`",
    "19:74: unknown key `remind`",
]


def check_all_said(home):
    """From top to bottom; no calendar that was told is missed by who names it, no lost length compared."""
    told = faults(home, plan=ALL_WRONG)
    assert [line.removeprefix("p/plan.yaml:").startswith(said) for line, said in zip(told, ALL_SAID, strict=True)] == [
        True
    ] * len(told), told


def test_everything_is_said_at_once_and_once(home):
    check_all_said(home)


def test_calendars_that_are_none_are_not_missed_by_who_names_them(home):
    told = faults(home, plan=PLAN[: PLAN.index("  nl:")] + "  - nl\n" + PLAN[PLAN.index("terms:") :])
    assert told == ["p/plan.yaml:6:3: a list is not a mapping"]


def test_a_dealer_names_a_calendar_that_there_is(home):
    told = faults(home, dealers="id,kind,calendar\ndelta,,bee\nmaas,,b;e\noffice,house,nl\n")
    assert told[0] == "p/dealers.csv:2:calendar: unknown calendar `bee`; did you mean `be`?"
    assert told[1].startswith("p/dealers.csv:3:calendar: `b;e` is not an id")


# National holidays

BE = "hours: {mon-fri: 09:00-17:00}}\nterms:"


def with_holidays(text):
    assert BE in PLAN
    return PLAN.replace(BE, BE.replace("}}", f"}}, holidays: {text}}}", 1))


HOLIDAYS = [
    ("{country: BE, from: 2026, until: 2032}", {"years": range(2026, 2033)}),
    ("{country: BE}", {}),
    ("{country: BE, from: 2044}", {"years": range(2044, 2046)}),
    ("{country: BE, until: 2020}", {"years": [2020]}),
    ('{country: BE, drop: ["2027-07-21"], add: 2027-12-24}', {"drop": [date(2027, 7, 21)], "add": [date(2027, 12, 24)]}),
    ("{country: DE, subdivision: BY, from: 2027, until: 2027}", {"country": "DE", "subdivision": "BY", "years": [2027]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), HOLIDAYS)
def test_the_holidays_of_a_country_are_frozen_into_dates(home, text, meant):
    pytest.importorskip("holidays")
    plan = load_plan(written(home, plan=with_holidays(text)))
    dates = national_holidays(**{"country": "BE"} | meant)
    assert plan.calendars["be"].holidays == dates
    assert plan_of(plan)["calendars"]["be"]["holidays"] == [day.isoformat() for day in dates]


def plan_of(plan):
    return json.loads(dump_plan(plan, form="json"))


def test_what_was_frozen_needs_no_package(home, monkeypatch):
    pytest.importorskip("holidays")
    plan = load_plan(written(home, plan=with_holidays("{country: BE, from: 2027, until: 2027}")))
    (home / "frozen.yaml").write_text(dump_plan(plan), "utf-8")
    monkeypatch.setitem(sys.modules, "holidays", None)
    again = load_plan(home / "frozen.yaml")
    assert (again, again.digest) == (plan, plan.digest)
    with pytest.raises(MissingExtra, match=r"pip install 'dealerrouting\[calendars\]'"):
        load_plan("p")
    with pytest.raises(MissingExtra):
        from_data(
            "plan",
            {**plan_of(plan), "calendars": {"nl": {**plan_of(plan)["calendars"]["nl"], "holidays": {"country": "NL"}}}},
        )


WRONG_HOLIDAYS = [
    ("{country: BEE}", "12:86: unknown country `BEE`; did you mean `"),
    ("{country: 32}", "12:86: `32` is not text; write it in quotes"),
    ("{contry: BE, country: BE}", "12:77: unknown key `contry`; did you mean `country`?"),
    ("{from: 2027}", "12:76: `country` is missing; add it"),
    ("{country: DE, subdivision: BYY}", "12:103: unknown subdivision `BYY` of `DE`; did you mean `BY`?"),
    ("{country: BE, from: 2030, until: 2027}", "12:109: from `2030` until `2027` is not a stretch of years; write the first and the"),
    ("{country: BE, from: 1, until: 2027}", "12:106: from `1` until `2027` is not a stretch of years"),
    ("{country: BE, from: 2090, until: 2200}", "12:96: the holidays of `BE` are known from "),
    ("{country: BE, from: soon}", "12:96: `soon` is not a whole number"),
    ("{country: BE, drop: [2027-05-05]}", "12:97: `2027-05-05` is no holiday of `BE` in these years; did you mean"),
    ("{country: BE, drop: [2027-07-21, 2027-07]}", "12:109: `2027-07` is not a date"),
    ("{country: BE, drop: May}", "12:96: `May` is not a date"),
    ("{country: BE, add: [2027-02-29]}", "12:96: `2027-02-29` is not a date"),
    ("{country: BE, add: 2}", "12:95: `2` is not text or a list"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG_HOLIDAYS)
def test_wrong_holidays_are_told_once_with_their_place(home, text, said):
    pytest.importorskip("holidays")
    (line,) = faults(home, plan=with_holidays(text))
    assert line.startswith(f"p/plan.yaml:{said}"), line


# There and back

TERMS = {attribute.name: attribute for attribute in fields(Terms)}
elapsed = st.integers(1, 10**6).map(lambda seconds: Elapsed(seconds=seconds)) | st.integers(1, 400).map(
    lambda n: Elapsed(days=n)
)
lengths = elapsed | st.integers(1, 10**6).map(lambda n: Business(seconds=n)) | st.integers(1, 100).map(BusinessDays)
some_of = st.lists(st.sampled_from(STATUSES), min_size=1)
parts = st.fixed_dictionaries(
    {"calendar": st.sampled_from(list(abc.CALENDARS))},
    optional={
        **{name: elapsed if kinds == ("elapsed",) else lengths for name, kinds in _LENGTHS.items()},
        **{name: st.integers(1, 100) for name, one in TERMS.items() if isinstance(one.default, int)},
        "on_silence": st.sampled_from(["return", "reassign", ["reassign", "return"]]),
        "counts_as_update": some_of,
        "needs_evidence": st.just(()) | some_of,
        "late_answer": st.sampled_from(LATE_ANSWERS),
        "house": st.builds(HouseTerms, elapsed.filter(lambda one: one < Elapsed(days=5))),
    },
)


def test_every_length_among_the_terms_is_read_as_one():
    assert set(_LENGTHS) == {name for name, one in TERMS.items() if "Length" in one.type or "Elapsed" in one.type}
    assert {name for name, kinds in _LENGTHS.items() if kinds == ("elapsed",)} == {
        name for name, one in TERMS.items() if one.type.startswith("Elapsed")
    }


def plan_with(terms, calendars=abc.CALENDARS):
    people = [Dealer("h", kind="house"), *(Dealer(f"d{at}", calendar=name) for at, name in enumerate(calendars))]
    return Plan("x", house="h", dealers=people, precedence=[by.registrations()], terms=terms, calendars=calendars)


def check_terms(given):
    """Terms in a plan come back equal, whatever lengths they are made of."""
    try:
        terms = Terms(**given)
    except PlanError:
        return
    plan = plan_with(terms)
    again = from_data("plan", json.loads(json.dumps(to_data(plan))))
    assert again == plan
    assert (again.terms, again.digest, again.policy.digest) == (terms, plan.digest, plan.policy.digest)


@settings(max_examples=upto(150), deadline=None)
@given(parts)
def test_terms_come_back(given):
    check_terms(given)


@given(lengths)
def test_a_length_is_read_as_it_is_written(length):
    data = {
        **to_data(plan_with(Terms(calendar="office"))),
        "terms": {"notice": length_data(length), "calendar": "office"},
    }
    assert from_data("plan", data).terms.notice == length


BOTH = Calendar("Europe/Brussels", {"mon-sat": ["08:00-18:00"]}) & Calendar("UTC", {"mon": ["00:00-24:00"]})
minutes = st.integers(0, 24 * 4).map(lambda quarters: f"{quarters // 4:02}:{quarters % 4 * 15:02}")
stretches = st.tuples(minutes, minutes).filter(lambda ends: ends[0] != ends[1] and ends[0] != "24:00").map("-".join)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
weeks = st.dictionaries(st.sampled_from(["mon", "tue", "wed", "sat", "sun"]), st.lists(stretches, max_size=3))


@st.composite
def calendars(draw):
    """A calendar of any sort, perhaps open only while another is."""
    try:
        return Calendar(
            draw(st.sampled_from(["Europe/Amsterdam", "America/Sao_Paulo", "Pacific/Apia", "UTC"])),
            draw(weeks),
            breaks=draw(weeks),
            dates=draw(st.dictionaries(days, st.lists(stretches, max_size=2), max_size=3)),
            holidays=draw(st.lists(days, max_size=3)),
            also=[abc.CALENDARS["office"]] if draw(st.integers(0, 3)) == 3 else (),
        )
    except PlanError:
        return BOTH


def check_calendars(made):
    """Calendars come back equal from every form."""
    plan = plan_with(Terms(), {f"c{at}": one for at, one in enumerate(made)})
    again = from_data("plan", json.loads(json.dumps(to_data(plan))))
    assert again == plan
    assert [one.version for one in again.calendars.values()] == [one.version for one in made]
    assert (again.digest, again.policy.digest) == (plan.digest, plan.policy.digest)


@settings(max_examples=upto(60), deadline=None)
@given(st.lists(calendars(), max_size=3))
def test_calendars_come_back(made):
    check_calendars(made)


@settings(max_examples=upto(20), deadline=None)
@given(calendars())
def test_calendars_come_back_from_text(tmp_path_factory, one):
    plan = plan_with(Terms(calendar="c"), {"c": one})
    for form in ("yaml", "json"):
        path = tmp_path_factory.mktemp("plan", numbered=True) / f"plan.{form}"
        path.write_text(dump_plan(plan, form=form), "utf-8")
        again = load_plan(path)
        assert (again, again.digest) == (plan, plan.digest)


# Hostile text

_words = st.sampled_from(
    ["mon", "mon-fri", "9", "09:00-17:00", "24:00-24:01", "２4:00", "-", "", "\u202e", "elapsed", "48h", "business", "business_days", "x" * 2_000,
     "country", "holidays", "dates", "hours", "also", "2027-12-24", "9999-12-31", "0001-01-01", "house", "calendar", "timezone", "../x", "UTC", "\0"]
)  # fmt: skip
_anything = st.recursive(
    _words | st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=upto(250), deadline=None)
@given(
    st.sampled_from(["terms", "calendars"]),
    st.sampled_from([*TERMS, "hours", "nl"]),
    _anything,
    st.sampled_from(["hours", "dates", "breaks", "holidays", "also", "timezone"]),
)
def test_hostile_agreements_are_refused_and_no_more(part, name, value, column):
    data = to_data(plan_with(Terms(calendar="office")))
    inner = {"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, column: value} if part == "calendars" else value
    data[part] = {**data[part], name: inner}
    try:
        plan = from_data("plan", data)
    except (PlanError, MissingExtra) as error:
        assert isinstance(error, MissingExtra) or error.faults
    else:
        assert from_data("plan", to_data(plan)) == plan
