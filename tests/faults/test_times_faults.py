"""Planted faults: the tests of deadlines, of stretches of time and of what past leads are worth turn red."""

import importlib
import importlib.util
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dealerrouting import where

pytestmark = pytest.mark.pure
HERE = Path(__file__).parents[1]


def loaded(path):
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), HERE / f"{path}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def room(name):
    return importlib.import_module(f"dealerrouting.verify.{name}")


DEADLINES, TIMES = loaded("verify/test_deadlines"), loaded("verify/test_times")
deadlines, times, coverage, checks, when = map(room, ("deadlines", "times", "coverage", "checks", "when"))


def turns_red(monkeypatch, target, name, planted, test, *given):
    """The test is green without the fault, and red with it."""
    test(*given)
    monkeypatch.setattr(target, name, planted)
    with pytest.raises((AssertionError, AttributeError, OverflowError)):
        test(*given)


def test_only_openings_start_a_clock(monkeypatch):
    real = deadlines._starts

    def openings(calendar, length, since):
        return (one for one in real(calendar, length, since) if not calendar.is_open(one - timedelta(minutes=1)))

    turns_red(monkeypatch, deadlines, "_starts", openings, DEADLINES.test_any_instant_of_work_can_start_it, 14, True)


def test_the_dates_of_a_calendar_are_forgotten(monkeypatch):
    real = deadlines._days

    def ordinary(calendar, length, since):
        return (day for day in real(calendar, length, since) if day < date(2028, 2, 1).toordinal())

    turns_red(
        monkeypatch, deadlines, "_days", ordinary, DEADLINES.test_a_holiday_is_seen_in_whatever_year, date(2031, 12, 25)
    )


def test_what_was_before_is_asked_about(monkeypatch):
    real = deadlines._starts

    def always(calendar, length, since):
        return real(calendar, length, datetime(2020, 1, 1, tzinfo=UTC))

    turns_red(monkeypatch, deadlines, "_starts", always, DEADLINES.test_only_what_comes_from_then_on_is_asked_about)


def test_whoever_holds_the_lead_is_shown(monkeypatch):
    def anybody(self, plan, lead, facts, at):
        return room("finding").Witness(lead, facts, at, deadlines.consider(lead, plan, facts, at=at).decision)

    test = DEADLINES.test_the_lead_that_shows_it_is_one_that_its_holder_is_given
    turns_red(monkeypatch, deadlines._Held, "_routed", anybody, test)


def test_every_date_cuts_the_days(monkeypatch):
    test = TIMES.test_dates_that_do_not_matter_cut_nothing
    turns_red(monkeypatch, times._Run, "takes", lambda self, *stretch: False, test)


def test_all_stretches_are_one(monkeypatch):
    real = times._Run.takes

    def always(self, n, within, without):
        real(self, n, within, without)
        self.last = n
        return True

    test = TIMES.test_what_differs_from_stretch_to_stretch_is_told_apart
    turns_red(monkeypatch, times._Run, "takes", always, test)


def test_months_are_taken_for_weekdays(monkeypatch):
    planted = lambda when, day, month: times.answers(when.asked, [{"weekday": day + 1, "month": 1} for _ in when.zones])  # noqa: E731
    test = TIMES.test_days_are_told_by_weekday_and_month
    given = ~where.month.in_([7, 8]), "in July, August", "month 7, 8~.."
    turns_red(monkeypatch, times, "_kind", planted, test, *given)


def test_dates_that_run_out_are_not_named(monkeypatch):
    turns_red(monkeypatch, coverage, "_dated", lambda entry: False, TIMES.test_a_rule_whose_dates_run_out_is_named)


def test_days_are_held_against_any_day_before(monkeypatch):
    def before(self, at):
        first = self.starts[self.stretch_of(at)]
        return first - 1 if first else None

    test = TIMES.test_a_day_that_was_never_served_does_not_end_because_a_stretch_has_no_such_day
    turns_red(monkeypatch, when.When, "before", before, test)


def test_what_is_unknown_is_called_unused(monkeypatch):
    test = TIMES.test_a_suppression_is_not_called_unused_where_nobody_knows
    turns_red(monkeypatch, checks, "_asked_by", lambda finding: iter(()), test)
