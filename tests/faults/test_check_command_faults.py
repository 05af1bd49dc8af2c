"""A broken `check`, `diff` or `suppress` must not pass: each planted fault turns a test of theirs red."""

import importlib.util
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from shutil import get_terminal_size

import pytest
from attrs import evolve

from dealerrouting import PlanError, verify
from dealerrouting.catalogues import en
from dealerrouting.cli import bands, check_page, checking, diff_page, diffing, finding_data, findings, paper
from dealerrouting.documents import plans
from dealerrouting.documents.assemble import Assembly
from dealerrouting.rules import canonical
from dealerrouting.verify import CODES, Finding, PlanDiff, past

pytest.importorskip("yaml")
TESTS = Path(__file__).parents[1]


def _checks(folder, name):
    spec = importlib.util.spec_from_file_location(f"{name}_checks", TESTS / folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check, diff, pages = (_checks("cli", name) for name in ("test_check", "test_diff", "test_finding_pages"))
suppress = _checks("documents", "test_suppress")
RED = (AssertionError, KeyError, ValueError, PlanError, pytest.fail.Exception)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plant(monkeypatch):
    return monkeypatch.setattr


def turns_red(fault, test):
    """The test is green as it is, and red with the fault."""
    test()
    fault()
    with pytest.raises(RED):
        test()


# check


def _only_errors(page):
    return any(one.level == "error" for one in page.found)


def _notes_too(page):
    return bool(page.found)


def _without(finding, name):
    return {key: value for key, value in finding.items() if key != name}


CHECKS = {
    "warnings pass": (
        lambda plant: plant(check_page.CheckPage, "fails", property(_only_errors)),
        lambda here: check.test_a_finding_says_what_where_why_and_shows_a_lead(here),
    ),
    "notes fail": (
        lambda plant: plant(check_page.CheckPage, "fails", property(_notes_too)),
        lambda here: check.test_notes_fail_nothing(here),
    ),
    "what the plan lives with counts": (
        lambda plant: plant(check_page, "_counts", lambda finding: True),
        lambda here: check.test_a_plan_that_lives_with_all_of_it_passes(here),
    ),
    "what is not known can be lived with": (
        lambda plant: plant(check_page, "_counts", lambda finding: finding.suppressed is None),
        lambda here: _patched(check.test_what_is_not_known_is_listed_and_fails_whatever_the_plan_says, here),
    ),
    "of all time instead of from now on": (
        lambda plant: plant(checking, "span", lambda at, all_time, timezone: None),
        lambda here: _patched(check.test_it_asks_of_leads_from_now_on, here),
    ),
    "past leads are not handed on": (
        lambda plant: plant(checking, "past", lambda *given: []),
        lambda here: check.test_past_leads_say_how_many_lie_in_a_gap(here),
    ),
    "a lead is shown at another instant": (
        lambda plant: plant(finding_data, "moment_data", lambda at: "2030-01-01T00:00:00+00:00"),
        lambda here: check.test_every_witness_routes_as_it_says(here),
    ),
    "the facts of a lead are left out": (
        lambda plant: _plant_witness(plant, lambda data: data | {"facts": None}),
        lambda here: check.test_every_witness_routes_as_it_says(here),
    ),
    "what to type leaves out the instant": (
        lambda plant: _plant_typed(plant, lambda line: line.split(" --at ")[0]),
        lambda here: check.test_what_it_says_to_type_shows_the_same_lead(here),
    ),
    "what to type has no lead": (
        lambda plant: _plant_typed(plant, lambda line: line.replace('"country"', '"city"')),
        lambda here: check.test_what_it_says_to_type_shows_the_same_lead(here),
    ),
    "positions are lost": (
        lambda plant: plant(plans, "sites", lambda data, places: {}),
        lambda here: check.test_a_finding_says_what_where_why_and_shows_a_lead(here),
    ),
    "the last of several parts is shown, and no line": (
        lambda plant: plant(findings, "site_of", lambda finding, name, plan, sites: "plan.yaml"),
        lambda here: check.test_a_finding_says_what_where_why_and_shows_a_lead(here),
    ),
    "always in English": (
        lambda plant: _plant_english(plant),
        lambda here: check.test_it_is_told_in_dutch(here),
    ),
    "text from outside writes on the terminal": (
        lambda plant: plant("dealerrouting.cli.paper.plain", lambda text: text),
        lambda here: check.test_a_reason_cannot_write_on_the_terminal(here),
    ),
    "a key of JSON is gone": (
        lambda plant: _plant_data(plant, lambda data: _without(data, "exact")),
        lambda here: check.test_json_has_everything_in_a_shape_that_stays(here),
    ),
    "the totals count something else": (
        lambda plant: plant(check_page.CheckPage, "totals", property(lambda page: dict.fromkeys(_TOTALS, 1))),
        lambda here: check.test_the_totals_stand_last_and_count_what_is_listed(here),
    ),
    "the budget is not handed on": (
        lambda plant: plant(checking, "allowed", lambda steps: None),
        lambda here: check.test_a_budget_says_how_much_work_to_do(here),
    ),
    "the budget grows in all only": (
        lambda plant: plant(checking, "allowed", lambda steps: steps and verify.Budget(left=steps)),
        lambda here: check.test_a_budget_grows_in_all_and_in_one_place(),
    ),
    "a note has its first region only": (
        lambda plant: _plant_places(plant, lambda lines: lines[:1]),
        lambda here: check.test_of_the_regions_of_a_note_a_few_are_told(here, 3, "00003"),
    ),
    "the other regions of a note are left out in silence": (
        lambda plant: _plant_places(plant, lambda lines: lines[:3]),
        lambda here: check.test_of_the_regions_of_a_note_a_few_are_told(here, 4, "and 1 more"),
    ),
    "the other regions are left out in silence": (
        lambda plant: plant(check_page, "len", lambda given: min(3, len(given)), raising=False),
        lambda here: check.test_of_many_regions_a_few_are_told(here, 5, "    and 2 more; --format json has them all\n"),
    ),
    "what a note leaves out is not said": (
        lambda plant: plant(check_page, "evolve", lambda region, but_for: region),
        lambda here: check.test_of_many_sources_that_are_no_part_of_a_note_their_number_is_said(here),
    ),
    "notes are listed with the first reason": (
        lambda plant: plant(check_page, "_groups", _by_code),
        lambda here: check.test_notes_with_different_reasons_are_listed_apart(here),
    ),
    "a page is as wide as any": (
        lambda plant: plant(paper, "_as_wide", lambda: paper.WIDTH),
        lambda here: _patched(check.test_a_page_is_as_wide_as_its_terminal, here, 60, 60),
    ),
    "a picture is as wide as any": (
        lambda plant: plant(check_page, "picture", lambda given, encoding, room: bands.picture(given)),
        lambda here: _patched(check.test_a_page_is_as_wide_as_its_terminal, here, 60, 60),
    ),
    "what is piped is as wide as the terminal": (
        lambda plant: plant(paper.Paper, "write", _as_the_terminal(paper.Paper.write)),
        lambda here: _patched(check.test_what_is_piped_is_as_wide_whatever_the_terminal, here),
    ),
    "figures are English": (
        lambda plant: _plant_figures(plant),
        lambda here: check.test_figures_are_written_as_people_write_them_there(),
    ),
    "nearly all is all": (
        lambda plant: plant(check, "part", lambda share, lang="en": "100%" if share > 0.99 else part(share, lang)),
        lambda here: check.test_figures_are_written_as_people_write_them_there(),
    ),
    "other countries are a country": (
        lambda plant: plant(findings, "kind_of", lambda finding, name, plan: "region"),
        lambda here: check.test_leads_of_no_country_that_is_named_are_other_countries(here),
    ),
}
part = findings.part


def _plant_places(plant, change):
    whole = check_page.CheckPage._places
    plant(check_page.CheckPage, "_places", lambda page, regions: change(list(whole(page, regions))))


def _by_code(found):
    groups = {}
    for one in found:
        groups.setdefault(one.code, []).append(one)
    yield from groups.values()


def _as_the_terminal(whole):
    def write(page, *given):
        page.width = get_terminal_size((110, 24)).columns
        whole(page, *given)

    return write


def _plant_figures(plant):
    whole = findings.figure
    for module in (findings, check):
        plant(module, "figure", lambda number, lang: whole(number, "en"))


_TOTALS = ("error", "warning", "note", "suppressed")


def _patched(test, here, *given):
    with pytest.MonkeyPatch.context() as patch:
        test(here, patch, *given)


def _plant_witness(plant, change):
    whole = finding_data.witness_data
    plant(finding_data, "witness_data", lambda witness: None if witness is None else change(whole(witness)))


def _plant_typed(plant, change):
    whole = check_page.explaining

    def typed(witness, command):
        line = whole(witness, command)
        return None if line is None else change(line)

    plant(check_page, "explaining", typed)


def _plant_english(plant):
    whole = findings.pronounced
    for module in (findings, check_page):
        plant(module, "pronounced", lambda lang, message, **values: whole("en", message, **values))


def _plant_data(plant, change):
    whole = check_page.finding_data
    plant(check_page, "finding_data", lambda *given: change(whole(*given)))


@pytest.mark.parametrize("name", CHECKS)
def test_a_broken_check_is_noticed(name, folder, plant):
    fault, test = CHECKS[name]

    def again():
        for path in folder.iterdir():
            path.unlink()
        test(check.written(folder))

    turns_red(lambda: fault(plant), again)


def test_a_suppression_by_name_only_is_noticed(folder, plant):
    """One that is not heard by its code."""
    whole = verify.check

    def by_name(plan, **given):
        kept = [one for one in plan.suppress if one.finding in CODES]
        bare = plans.plan_from_data({**canonical.plan_data(plan), "suppress": []})
        object.__setattr__(bare, "suppress", tuple(kept))
        return whole(bare, **given)

    turns_red(
        lambda: plant(verify, "check", by_name),
        lambda: check.test_what_the_plan_lives_with_is_counted_and_listed_when_asked(check.written(folder)),
    )


# Pictures


PICTURES = {
    "the end of a run is left out": lambda runs: [(lo, hi - 1) for lo, hi in runs],
    "the start of a run is left out": lambda runs: [(lo + 1, hi) for lo, hi in runs],
    "only the first run is drawn": lambda runs: runs[:1],
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_wrong_picture_is_noticed(name, plant):
    whole, change = bands._drawn, PICTURES[name]
    rows = check.test_postcodes_are_drawn_over_their_country.pytestmark[0].args[1]

    def every():
        for row in rows:
            check.test_postcodes_are_drawn_over_their_country(*row)

    turns_red(
        lambda: plant(bands, "_drawn", lambda runs, first, last, width: whole(change(runs), first, last, width)), every
    )


# diff


def _at_the_limit(page):
    return page.limit is not None and page.found.share >= page.limit


DIFFS = {
    "at the limit is over it": (
        lambda plant: plant(diff_page.DiffPage, "over", property(_at_the_limit)),
        lambda here: diff.test_more_than_the_limit_is_one(here, "50%", 0, "within the limit of 50%"),
    ),
    "nothing is ever over": (
        lambda plant: plant(diff_page.DiffPage, "over", property(lambda page: False)),
        lambda here: diff.test_more_than_the_limit_is_one(here, "49.9%", 1, "over the limit of 49.9%"),
    ),
    "a percentage is a number": (
        lambda plant: plant(diffing, "percentage", lambda text: Fraction(text.strip().rstrip("% ")) * 1),
        lambda here: (
            diff.test_more_than_the_limit_is_one(here, "0%", 1, "over the limit of 0%")
            or diff.test_more_than_the_limit_is_one(here, "49.9%", 1, "over the limit of 49.9%")
        ),
    ),
    "without leads a limit holds": (
        lambda plant: plant(diffing, "fault", lambda *said: ValueError(said)),
        lambda here: diff.test_a_wrong_call_is_said_with_its_cure(
            here, ["--max-moved", "5%"], "--max-moved: is a part of the past leads"
        ),
    ),
    "the plans change places": (
        lambda plant: _plant_swapped(plant),
        lambda here: diff.test_a_change_says_from_whom_to_whom_why_and_shows_a_lead(here),
    ),
    "what changes with a dealer away is told as here": (
        lambda plant: plant(diff_page.DiffPage, "here", property(lambda page: list(page.found.changes))),
        lambda here: diff.test_what_changes_only_with_a_dealer_away_is_counted_until_it_is_asked_for(here),
    ),
    "what changes with a dealer away is lost": (
        lambda plant: plant(diff_page.DiffPage, "absent", property(lambda page: [])),
        lambda here: diff.test_what_changes_only_with_a_dealer_away_is_counted_until_it_is_asked_for(here),
    ),
    "other settings are not named": (
        lambda plant: _plant_diff(plant, lambda found: evolve(found, besides=())),
        lambda here: diff.test_a_change_says_from_whom_to_whom_why_and_shows_a_lead(here),
    ),
    "one of the leads is lost": (
        lambda plant: _plant_diff(plant, lambda found: evolve(found, moved=found.moved[1:])),
        lambda here: diff.test_past_leads_are_counted_and_named(here),
    ),
    "a value that is not said is none": (
        lambda plant: plant(
            diff_page.DiffPage,
            "_valued",
            lambda page, form, value, currency, told: page._say(form, value=f"{Decimal(value or 0):,f} EUR", **told),
        ),
        lambda here: diff.test_past_leads_are_counted_and_named(here),
    ),
    "amounts in every currency are one sum": (
        lambda plant: plant(past.Moved, "worth", lambda moved, currency: moved.value),
        lambda here: diff.test_an_amount_in_another_currency_is_in_no_sum(here),
    ),
    "leads that count as coming later are not said": (
        lambda plant: plant(diff_page.DiffPage, "forward", 0),
        lambda here: diff.test_leads_that_came_before_the_instant_are_said_to_count_as_coming_later(here),
    ),
    "instants are on another clock": (
        lambda plant: plant(check_page, "moment", lambda at, zone: f"{at:%Y-%m-%d %H:%M} UTC"),
        lambda here: diff.test_every_instant_is_on_the_clock_of_the_active_plan(here),
    ),
    "parts are not told": (
        lambda plant: plant(diff_page, "_parts", lambda outcome: iter(outcome.pool)),
        lambda here: diff.test_parts_picks_and_rungs_are_told(here),
    ),
    "what was too much is not said": (
        lambda plant: plant(check_page.CheckPage, "listed", lambda page, besides=(): diff_page.Paper()),
        lambda here: _patched(diff.test_what_was_too_much_is_listed, here),
    ),
    "the budget is not handed on": (
        lambda plant: plant(diffing, "allowed", lambda steps: None),
        lambda here: diff.test_a_budget_says_how_much_work_to_do(here),
    ),
    "unknown regions are over the limit": (
        lambda plant: plant(diff_page.DiffPage, "over", property(lambda page: bool(page.found.unknown))),
        lambda here: diff.test_a_budget_says_how_much_work_to_do(here),
    ),
    "whoever the other rungs give it to is the house": (
        lambda plant: plant(diff_page, "ELSEWHERE", None),
        lambda here: diff.test_accounts_that_change_hands_are_told(here),
    ),
    "whoever the other rungs give it to has a holder": (
        lambda plant: plant(finding_data, "ELSEWHERE", None),
        lambda here: diff.test_accounts_that_change_hands_are_told(here),
    ),
    "a lead of the same dealer is said to move": (
        lambda plant: _plant_moving(plant),
        lambda here: diff.test_a_lead_that_goes_to_the_same_dealer_in_both_is_told_so(here),
    ),
    "leads are read by the active plan": (
        lambda plant: plant(diffing, "max", lambda *given, key: given[0], raising=False),
        lambda here: diff.test_leads_are_read_by_the_plan_that_has_more_fields(here),
    ),
}


def _plant_moving(plant):
    whole = findings.pronounced

    def moving(lang, message, **values):
        return whole(lang, message.replace("witness.same", "witness.moves"), **values)

    plant(findings, "pronounced", moving)


def _plant_diff(plant, change):
    whole = verify.diff
    plant(verify, "diff", lambda *given, **options: change(whole(*given, **options)))


def _plant_swapped(plant):
    whole = verify.diff

    def swapped(active, planned, *given, **options) -> PlanDiff:
        return whole(planned, active, *given, **options)

    plant(verify, "diff", swapped)


@pytest.mark.parametrize("name", DIFFS)
def test_a_broken_diff_is_noticed(name, folder, plant):
    fault, test = DIFFS[name]

    def again():
        for path in folder.iterdir():
            path.unlink()
        diff.plan(folder, "active")
        (folder / "leads.csv").write_text(diff.LEADS, "utf-8")
        test(folder)

    turns_red(lambda: fault(plant), again)


# suppress in documents


def _swallowed(self, rows):
    for row in rows:
        try:
            yield suppress.Suppression(**row)
        except (PlanError, TypeError):
            continue


DOCUMENTS = {
    "it is not read": (
        lambda plant: plant(Assembly, "suppressions", lambda self, rows: ()),
        lambda folder: suppress.test_every_form_says_what_the_plan_lives_with(
            folder, "plan.json", json.dumps(suppress.data(suppress=suppress.ROWS))
        ),
    ),
    "faults are swallowed": (
        lambda plant: plant(Assembly, "suppressions", _swallowed),
        lambda folder: suppress.test_a_wrong_one_is_told_once_with_its_place(folder, *suppress.FAULTS[3]),
    ),
    "it is part of the digest": (
        lambda plant: plant(canonical, "_TOLD_OTHERWISE", ("schema_version", "name", "calendars", "terms")),
        lambda folder: suppress.test_nothing_of_it_is_in_the_digest(),
    ),
    "it is not written": (
        lambda plant: plant(plans, "plan_data", lambda plan: canonical.plan_data(plan) | {"suppress": []}),
        lambda folder: suppress.test_what_is_written_is_read_again(folder, "json"),
    ),
    "rules have no place": (
        lambda plant: plant(plans, "sites", _without_rules),
        lambda folder: suppress.test_where_the_parts_of_a_plan_stand(folder),
    ),
}
_sites = plans.sites


def _without_rules(data, places):
    return {key: place for key, place in _sites(data, places).items() if key[0] != "rule"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_broken_suppress_is_noticed(name, folder, plant):
    fault, test = DOCUMENTS[name]
    turns_red(lambda: fault(plant), lambda: test(folder))


# Pages and words


def test_a_page_that_is_not_there_is_noticed(plant, tmp_path):
    if not pages.PAGES.exists():
        pytest.skip("the pages are not beside these tests")
    pages.test_there_is_a_page_for_every_code_and_for_nothing_else()
    plant(pages, "CODES", {**CODES, "new": verify.Code("DR999", "new", "note")})
    with pytest.raises(AssertionError):
        pages.test_there_is_a_page_for_every_code_and_for_nothing_else()
    with pytest.raises(AssertionError):
        pages.test_every_code_and_level_has_words("en")


def test_rows_of_the_index_in_another_order_are_noticed(plant):
    """Sorted by name, with the words in the old order."""
    rows = [row for row in pages.INDEX if row.startswith("| [")]
    if not rows:
        pytest.skip("the pages are not beside these tests")
    for row in rows:
        pages.test_a_row_of_the_index_says_in_short_what_its_code_says(row)
    by_name = sorted(rows, key=lambda row: row.split("|")[2])
    mixed = ["|".join([*a.split("|")[:4], *b.split("|")[4:]]) for a, b in zip(by_name, rows, strict=True)]
    red = 0
    for row in mixed:
        try:
            pages.test_a_row_of_the_index_says_in_short_what_its_code_says(row)
        except AssertionError:
            red += 1
    assert red > 10


def test_a_sentence_that_is_not_there_is_noticed(plant):
    plant(en, "MESSAGES", {name: text for name, text in en.MESSAGES.items() if name != "finding.lone-dealer"})
    with pytest.raises(KeyError):
        check.test_every_code_can_be_told("en", "lone-dealer")
    assert Finding("lone-dealer", ("a",), "note").code == "DR302"
