"""Planted faults: the tests of who serves what, and of what may have been missed there, turn red."""

import importlib
import importlib.util
from pathlib import Path

import pytest
from attrs import evolve

from dealerrouting import verify, where

pytestmark = pytest.mark.pure
HERE = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("verify_test_coverage", HERE / "verify" / "test_coverage.py")
TESTS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(TESTS)


def room(name):
    return importlib.import_module(f"dealerrouting.verify.{name}")


coverage, missed = map(room, ("coverage", "missed"))


def turns_red(monkeypatch, target, name, planted, test, *given):
    """The test is green without the fault, and red with it."""
    test(*given)
    monkeypatch.setattr(target, name, planted)
    with pytest.raises((AssertionError, ValueError)):
        test(*given)


def test_an_end_is_looked_for_on_all_days_at_once(monkeypatch):
    def on_any_day(asked, entry, hole, cuts, parts):
        when = asked.space.when
        later = when.span_of(when.stretch_of(when.at(cuts[-1])))
        holds = [dict(box.sides).get(0, when.full) for box in entry.boxes if coverage._meets(box, hole, parts)]
        return not any(mask & later for mask in holds)

    test = TESTS.test_a_rule_ends_on_the_days_on_which_it_does_though_it_goes_on_on_others
    turns_red(monkeypatch, coverage, "_runs_out", on_any_day, test, where.weekday.in_(["sat", "sun"]))


@pytest.mark.parametrize("ask", [verify.gaps, verify.check])
def test_nothing_is_ever_missed(monkeypatch, ask):
    test = TESTS.test_a_gap_that_may_have_been_missed_is_said
    turns_red(monkeypatch, coverage, "untold", lambda *_: iter(()), test, ask)


def test_what_may_be_true_is_taken_to_be_so(monkeypatch):
    real = missed._Said.truth

    def loosely(self, plan, leaf):
        return real(evolve(self, sure=False), plan, leaf)

    test = TESTS.test_a_gap_that_may_have_been_missed_is_said
    turns_red(monkeypatch, missed._Said, "truth", loosely, test, verify.gaps)


def test_what_may_be_true_is_taken_not_to_be(monkeypatch):
    real = missed._Said.truth

    def strictly(self, plan, leaf):
        return real(evolve(self, sure=True), plan, leaf)

    turns_red(monkeypatch, missed._Said, "truth", strictly, TESTS.test_an_end_that_may_have_been_missed_is_said)


def test_a_list_that_is_said_is_not_known_to_be_said(monkeypatch):
    real = missed._Said.truth

    def joint(self, plan, leaf):
        return real(evolve(self, joint=True), plan, leaf)

    test = TESTS.test_where_somebody_serves_whatever_the_lead_says_nothing_was_missed
    turns_red(monkeypatch, missed._Said, "truth", joint, test, verify.gaps)


def test_what_is_asked_of_has_been_tried(monkeypatch):
    real = coverage.doubt
    test = TESTS.test_what_is_asked_of_may_be_missed_too
    turns_red(monkeypatch, coverage, "doubt", lambda asked, among=None: real(asked), test, where.country == "BE", False)


def test_whoever_is_near_somebody_is_served(monkeypatch):
    turns_red(monkeypatch, missed, "_near", lambda *_: iter(()), TESTS.test_whoever_is_near_nobody_may_be_a_gap)


def test_a_lone_dealer_is_shown_by_whoever_nobody_serves(monkeypatch):
    test = TESTS.test_a_lone_dealer_is_shown_by_a_lead_that_it_serves
    turns_red(monkeypatch, coverage, "_nobody_else", coverage._nobody, test, [TESTS.OTHER])


def test_nobody_comes_from_the_dealers_door(monkeypatch):
    test = TESTS.test_a_lone_dealer_is_shown_by_a_lead_that_it_serves
    turns_red(monkeypatch, coverage, "_at_the_door", lambda *_: iter(()), test, [TESTS.OTHER])


def test_nearness_is_taken_to_be_told_exactly(monkeypatch):
    test = TESTS.test_a_lone_dealer_is_shown_by_a_lead_that_it_serves
    turns_red(monkeypatch, coverage, "_by_nearness", lambda *_: False, test, [])


def test_of_all_that_may_be_missed_nothing_is_said(monkeypatch):
    def of_many():
        for seed in range(30):
            TESTS.test_no_lead_that_nobody_serves_lies_outside_of_what_is_told(seed)

    turns_red(monkeypatch, coverage, "untold", lambda *_: iter(()), of_many)


def test_the_days_of_other_parts_are_looked_at(monkeypatch):
    def of_many():
        for seed in range(30):
            TESTS.test_ends_by_dates_and_weekdays_are_those_of_every_lead(seed)

    turns_red(monkeypatch, coverage, "_runs_out", lambda *_: False, of_many)
