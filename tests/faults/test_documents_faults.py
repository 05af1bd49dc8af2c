# one case a line
"""Broken readers must not pass: each planted fault turns a check of `tests/documents` red."""

import importlib
import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest

import alphabet as abc
from dealerrouting import Business, Company, Count, Elapsed, Facts, Lead, PlanError
from dealerrouting.documents import csv_text, leads, nouns, places, scalars, values, yaml_text
from dealerrouting.documents.places import Wrongs
from dealerrouting.errors import EventError, Fault
from dealerrouting.events import EVENTS

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")


def _checks(name):
    path = Path(__file__).parents[1] / "documents" / f"test_{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_checks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


loading = importlib.import_module("dealerrouting.documents.plans")
texts, intake, kinds, plans = _checks("texts"), _checks("leads"), _checks("values"), _checks("plans")


def check_scalars():
    for written, read in texts.SCALARS:
        texts.test_scalars_are_what_is_written(written, read)


def check_quotes():
    for text, wanted in texts.BROKEN:
        texts.test_a_broken_quote_takes_no_other_row_with_it(text, wanted)


def check_rows():
    intake.check_no_row_is_lost(
        [["L1", *[""] * 6], ["", *[""] * 5, "x"], ["L1", *[""] * 6], ["L2", "?", "XX", *[""] * 4]]
    )


def check_values():
    lead = Lead(
        "L1", company=Company("X", country="?"), value="0.1", lat="1.5", lon=2, country="XX", attributes={"a": [1, "b"]}
    )
    kinds.check_there_and_back("lead", lead)
    facts = Facts(counts=[Count("d", 1, 1, (abc.APRIL,))], shares={"d": "0.1"}, ledgers={"l": {"d": -3}})
    kinds.check_there_and_back("facts", facts)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def check_places(home):
    plans.test_everything_is_said_at_once_from_top_to_bottom(home)


def check_cascades(home):
    plans.test_what_only_follows_from_a_fault_is_not_said(home)


def check_bomb(home):
    plans.test_an_alias_bomb_is_refused(home)


def check_link(home):
    assert any(
        "not a file beside" in line for line in plans.faults(home, plan=plans.PLAN.replace("dealers.csv", "../x.csv"))
    )


def check_missing(home):
    plans.test_a_plan_that_is_not_there_is_said_with_what_there_is(home)


CHECKS = (check_scalars, check_quotes, check_rows, check_values)
CHECKS_OF_PLANS = (check_places, check_cascades, check_bomb, check_link, check_missing)


@pytest.mark.parametrize("check", CHECKS)
def test_sound_readers_pass(check):
    check()


@pytest.mark.parametrize("check", CHECKS_OF_PLANS)
def test_sound_plans_pass(check, home):
    check(home)


def _octal(text):
    """As the usual readers do it."""
    digits = text.lstrip("0")
    return int(digits) if text[:1] == "0" and digits.isdigit() else scalars.plain(text)


def _lenient(text):
    return {"NO": False, "yes": True}.get(text, scalars.plain(text))


def _to_the_next_quote(text, at, delimiter, *, span):
    return text.find('"', at)


def _no_second_line(text, at, delimiter, *, span):
    return text.find('"', at, text.find("\n", at))


def _forgetful(self, row, faults):
    """Drops the row without a word."""


def _all_the_same(self, row, fields, own):
    self.leads.append(intake.Lead("L1"))


def _nothing_unreadable(company):
    return {"name": company.name}


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_scalars, yaml_text, "plain", _octal),
        (check_scalars, yaml_text, "plain", _lenient),
        (check_quotes, csv_text, "_close", _to_the_next_quote),
        (check_quotes, csv_text, "_close", _no_second_line),
        (check_rows, leads._Intake, "refuse", _forgetful),
        (check_rows, leads._Intake, "take", _all_the_same),
        (check_values, values.writing, "_company_data", _nothing_unreadable),
    ],
)
def test_a_planted_fault_turns_a_check_red(check, room, name, fault, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises((AssertionError, TypeError)):
        check()


def _wrong_line(self, rest):
    return f"{self.file}:{self.lines.get(rest[0], 1) - 1}:{rest[1]}" if len(rest) > 1 else f"{self.file}:1:1"


def _says_all(self, trail):
    return False


def _lets_aliases_in(self, event, trail, yaml):
    """Anchors and aliases are no matter."""


def _anywhere(folder, name):
    return folder / name


def _nothing_near(path):
    return Fault(str(path), "there is no such file or folder", plans.HOW)


def _all_of_it(folder, *, folders_only):
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []


def _files_too(folder, *, folders_only, real=loading._plans_in):
    return real(folder, folders_only=False)


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_places, places.Rows, "place", _wrong_line),
        (check_places, Wrongs, "sorted", lambda self: self.faults),
        (check_cascades, Wrongs, "known", _says_all),
        (check_bomb, yaml_text._Builder, "marked", _lets_aliases_in),
        (check_link, loading, "beside", _anywhere),
        (check_missing, loading, "_nothing_at", _nothing_near),
        (check_missing, loading, "_plans_in", _all_of_it),
        (check_missing, loading, "_plans_in", _files_too),
    ],
)
def test_a_planted_fault_in_plans_turns_a_check_red(check, room, name, fault, home, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(AssertionError):
        check(home)


# What `test_formats.py` and `test_plan_files.py` check


formats, parts = _checks("formats"), _checks("plan_files")


def check_words():
    for text, meant in (*formats.WORDS, ("01067", "01067"), ("NO", "NO")):
        formats.check_word(text, meant)


def check_stray():
    for seed in range(20):
        formats.check_stray(seed)


def check_pause():
    parts.check_pause()


def check_key(home):
    parts.check_duplicate(home)


def check_all(home):
    parts.check_everything_said(home)


def _no_day_more(days):
    """The last day of a pause is not in it."""
    return timedelta(0)


def _keeps_both(self, frame, mark, what, cure):
    """A key that comes twice is taken, and the last one holds."""
    frame.key, frame.skip = "name", False


def _the_first(self):
    return SORTED(self)[:1]


SORTED = Wrongs.sorted


@pytest.mark.parametrize("check", [check_words, check_stray, check_pause])
def test_sound_parts_pass(check):
    check()


@pytest.mark.parametrize("check", [check_key, check_all])
def test_sound_files_pass(check, home):
    check(home)


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_words, yaml_text, "plain", _octal),
        (check_words, yaml_text, "plain", _lenient),
        (check_stray, csv_text, "_close", _to_the_next_quote),
        (check_pause, nouns, "timedelta", _no_day_more),
    ],
)
def test_a_planted_fault_in_a_part_turns_a_check_red(check, room, name, fault, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises((AssertionError, TypeError)):
        check()


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_key, yaml_text._Builder, "refuse", _keeps_both),
        (check_all, Wrongs, "sorted", _the_first),
    ],
)
def test_a_planted_fault_in_a_file_turns_a_check_red(check, room, name, fault, home, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check(home)


# What `test_agreements.py` and `test_events.py` check


agreed, log = _checks("agreements"), _checks("events")
agreements, lengths, events, event_log = (
    importlib.import_module(f"dealerrouting.documents.{name}")
    for name in ("agreements", "lengths", "events", "event_log")
)


def check_terms():
    for given in abc.AGREED:
        agreed.check_terms(given)


def check_calendars():
    agreed.check_calendars([*abc.CALENDARS.values(), agreed.BOTH])


def check_events():
    log.check_there_and_back(
        EVENTS["paused"](
            "e", "L", received_at=abc.APRIL, occurred_at=abc.NEW_YEAR, assignment=1, reason="x", until=abc.JULY
        )
    )


def check_lines():
    log.check_no_line_is_lost([log.LINE, "{", "", log.but(id=""), log.TICK, "[]"])


def check_secrets():
    log.check_secrets()


def check_all_agreed(home):
    agreed.check_all_said(home)


def _by_the_hour(text):
    """Open time is taken for hours, whatever the unit."""
    return Business(hours=int(text[:-1]))


def _in_a_row(self, given, trail):
    """Holidays are not read."""
    return ()


def _alone(value):
    """Of several stretches of a day only the first counts."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)[:1]


def _forgetful_of_lines(self, row, column, reason):
    """Drops the line without a word."""


def _with_the_value(self, fault, value):
    self.wrong(events._path(str(fault.path[0])), fault.what, fault.cure)


@pytest.mark.parametrize("check", [check_terms, check_calendars, check_events, check_lines, check_secrets])
def test_sound_agreements_and_events_pass(check):
    check()


def test_sound_agreements_are_told(home):
    check_all_agreed(home)


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_terms, lengths, "_READERS", {**lengths._READERS, "business": _by_the_hour}),
        (check_terms, lengths, "_READERS", {**lengths._READERS, "business_days": lambda days: Elapsed(days=days)}),
        (check_calendars, agreements.Agreements, "holidays", _in_a_row),
        (check_calendars, agreements, "_list", _alone),
        (check_events, events, "_MOMENTS", ("received_at", "until")),
        (check_events, events, "_plain", str),
        (check_lines, event_log._Intake, "refuse", _forgetful_of_lines),
        (check_lines, event_log, "numbered", lambda text: list(enumerate(text.split("\n"), start=1))[:3]),
        (check_secrets, events._Reader, "hear", _with_the_value),
    ],
)
def test_a_planted_fault_in_agreements_or_events_turns_a_check_red(check, room, name, fault, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises((AssertionError, PlanError, EventError, TypeError)):
        check()


@pytest.mark.parametrize(
    ("room", "name", "fault"),
    [
        (agreements.Agreements, "told_in", lambda self, trail: False),  # too little was left to be open
        (agreements, "stand_in", dict),  # who names a bad calendar is told too
        (agreements, "_LENGTHS", dict.fromkeys(agreements._LENGTHS, lengths.REAL_TIME)),
        (Wrongs, "sorted", lambda self: self.faults),
    ],
)
def test_a_planted_fault_among_all_that_was_agreed_turns_the_check_red(room, name, fault, home, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises((AssertionError, ValueError)):
        check_all_agreed(home)
