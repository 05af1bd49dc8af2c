# one case a line
"""Broken tables and terms of claims must not pass: each planted fault turns a check of `tests/documents` red."""

import importlib
import importlib.util
import sys
from datetime import datetime
from pathlib import Path

import pytest

from dealerrouting import Elapsed, FactsError, PlanError
from dealerrouting.documents import (
    DocumentError,
    agreements,
    claim_form,
    fact_rows,
    facts,
    histories,
    lengths,
    nouns,
    registrations,
)
from dealerrouting.documents.places import Wrongs
from dealerrouting.documents.values import decided, reader, writing
from dealerrouting.documents.values import nouns as read_nouns
from dealerrouting.model import Decision, Owed
from dealerrouting.terms import ClaimTerms

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")


def _checks(name):
    path = Path(__file__).parents[1] / "documents" / f"test_{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_checks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


claims, choices, terms = _checks("registrations"), _checks("choices"), _checks("claim_terms")
tables = _checks("fact_files")
OFFSET = claims.evolve(
    claims.STEP, at=datetime(2027, 1, 8, 11, tzinfo=claims.timezone(claims.timedelta(hours=2))), rule="r", actor=""
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def check_written(_):
    claims.test_a_claim_is_written_as_the_contract_says()


def check_read(place):
    claims.test_every_column_is_read(place)


def check_table(place):
    claims.check_csv(
        [claims.CLAIM, claims.small("R2", history=[OFFSET]), claims.small("R1", email="=x@x.example")], place
    )


def check_json(_):
    for claim in (claims.CLAIM, claims.small(history=[OFFSET])):
        claims.check_json(claim)


def check_refused(_):
    for claim, said in claims.REFUSED:
        claims.test_what_no_cell_can_hold_is_refused_with_its_place(claim, said)


def check_whole(place):
    claims.test_everything_that_is_refused_is_refused_at_once_and_nothing_is_written(place)


def check_order(_):
    claims.test_the_order_is_by_id_and_the_same_claim_is_written_once()


def check_formulas(place):
    claims.test_what_a_spreadsheet_takes_for_a_formula_is_said_and_not_changed(place)


def check_secrets(_):
    claims.test_no_refusal_tells_whose_company_it_is()


def check_told(place):
    for column, cell, said in claims.WRONG:
        claims.test_a_wrong_cell_is_told_with_its_place_and_cure(place, column, cell, said)


def check_remarks(place):
    for row, said in claims.REMARKS:
        claims.test_what_is_odd_is_a_remark_with_its_place_and_cure(place, row, said)


def check_asked(place):
    for number, (table, text) in enumerate(tables.ASKED):
        (place / str(number)).mkdir()
        tables.test_claims_and_choices_that_the_plan_will_not_ask_are_said(place / str(number), table, text)


def check_sent(_):
    for claim in (claims.CLAIM, claims.small(history=[OFFSET])):
        claims.check_sent(claim)


def check_form(_):
    claims.test_a_form_is_a_claim_made_now()
    claims.test_a_form_may_hold_numbers_as_numbers_and_lists_as_lists()


def check_unsent(_):
    for data, said in claims.SENT:
        claims.test_what_cannot_be_a_claim_is_refused_field_by_field(data, said)


def check_quiet(_):
    claims.test_no_reason_tells_what_was_sent()


def check_lei(place):
    claims.test_a_lei_is_a_column_wherever_a_company_stands(place)


def check_choices(_):
    choices.test_choices_come_back()


def check_decisions(_):
    choices.check_decision(
        Decision(
            "L1",
            claims.AT,
            "house",
            "h",
            "house",
            review=("R2",),
            owed=(Owed("d", ("R1",), "r", choices.Decimal("0.5")),),
        )
    )


def check_older(_):
    choices.test_facts_of_an_older_release_have_no_choices()
    choices.test_a_decision_of_an_older_release_owes_nothing()


def check_terms(_):
    terms.check_terms(credit="0.25", protects=Elapsed(days=100), extends=Elapsed(seconds=7), needs_evidence=["meeting"])


def check_all_said(place):
    terms.check_all_said(place)


CHECKS = [
    check_written, check_read, check_table, check_json, check_refused, check_whole, check_order, check_formulas,
    check_secrets, check_told, check_remarks, check_asked, check_sent, check_form, check_unsent, check_quiet, check_lei,
    check_choices, check_decisions, check_older, check_terms, check_all_said,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_sound_documents_pass(check, place):
    check(place)


# Faults


def _no_steps(history, wrong):
    """The life of a claim is left out."""
    return ""


def _without_its_zone(moment):
    """An instant as it came, whatever its offset, without the offset."""
    return moment.replace(tzinfo=None)


def _joined_by_comma(evidence):
    return ", ".join(histories._pairs(evidence))


def _silent(claims, rows):
    return iter(())


def _guarded(claim, faults):
    """As many tools do it: what a spreadsheet would take for a formula is changed."""
    return [f"'{cell}" if cell.startswith(registrations._FORMULA) else cell for cell in ROW(claim, faults)]


def _any_order(given, faults):
    return list(given)


def _forgiving(claim, faults):
    return ROW(claim, [])


def _with_the_value(claim, column, what, cure=""):
    return FAULT(claim, column, f"{what}: {claim.company.name} {claim.company.unreadable}", cure)


def _first_only(cell, zone, wrong):
    """Only the first step counts."""
    return READ_HISTORY(cell.partition(";")[0], zone, wrong)


def _lenient(text, zone, wrong):
    """A step that is wrong is left out without a word."""
    return STEP(text, zone, lambda what, cure: None)


def _unnumbered(number, wrong):
    return wrong


def _no_history(claim):
    return {name: part for name, part in REGISTRATION(claim).items() if name != "history"}


def _nothing_owed(read, row):
    return Owed("", (), "", choices.Decimal(0))


def _by_float(self, data, name, place):
    return choices.Decimal(float(data[name]) / 3)


def _without_lei(row, complain):
    return COMPANY({name: cell for name, cell in row.items() if name != "lei"}, complain)


def _nothing_odd(*_):
    return iter(())


def _unmarked(self, text):
    """As it was: a remark looks like an error."""
    self.hears(text)


def _first_reason(self, name, cure):
    if not self.reasons:
        self.reasons.append(claim_form.Reason("unreadable", name, cure))


def _with_the_text(self, row, name, default=""):
    if isinstance(row.get(name), str) and ";" in row[name]:
        self.wrong(name, f"{row[name]} cannot be read")
    return TEXT(self, row, name, default)


def _only_known(self, row, names):
    """A slip of the pen is left out without a word."""
    return {name: row[name] for name in names if name in row}


def _raising(self, row, name, default=""):
    return row.get(name, default)


TEXT = claim_form._Form.text
ROW, FAULT, STEP, COMPANY = registrations._row, registrations._fault, histories._step, nouns.company
READ_HISTORY, REGISTRATION = histories.read_history, writing.registration_data


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (check_written, registrations, "_COLUMNS", registrations._COLUMNS[:-1]),
        (check_written, registrations, "evidence_cell", _joined_by_comma),
        (check_written, registrations, "history_cell", _no_steps),
        (check_table, registrations, "history_cell", _no_steps),
        (check_table, histories, "instant", _without_its_zone),
        (check_table, registrations, "_row", _guarded),
        (check_table, registrations, "evidence_cell", _joined_by_comma),
        (check_read, fact_rows, "read_history", _first_only),
        (check_read, fact_rows, "MOMENTS", ("submitted_at", "decided_at", "expires_at")),
        (check_refused, registrations, "_row", _forgiving),
        (check_refused, histories, "_of", _unnumbered),
        (check_refused, histories, "_step", _lenient),
        (check_whole, registrations, "_row", _forgiving),
        (check_order, registrations, "_sorted", _any_order),
        (check_formulas, registrations, "_formulas", _silent),
        (check_formulas, registrations, "_FORMULA", ("=", "+")),
        (check_formulas, registrations, "_row", _guarded),
        (check_secrets, registrations, "_fault", _with_the_value),
        (check_told, histories, "_step", _lenient),
        (check_told, histories, "_of", _unnumbered),
        (check_told, fact_rows, "unnoted", lambda pairs: ()),
        (check_told, histories, "_MOST_STEPS", 10**6),
        (check_told, fact_rows, "impossible", _nothing_odd),
        (check_refused, registrations, "impossible", _nothing_odd),
        (check_remarks, fact_rows, "doubtful_numbers", _nothing_odd),
        (check_remarks, fact_rows, "early", _nothing_odd),
        (check_remarks, facts._Folder, "known_dealer", _nothing_odd),
        (check_remarks, facts._Remarks, "__call__", _unmarked),
        (check_asked, facts, "_ASKED", ("registrations",)),
        (check_asked, facts._Folder, "asked", _nothing_odd),
        (check_sent, claim_form, "read_steps", lambda read, data, place: []),
        (check_sent, claim_form, "read_history", _first_only),
        (check_sent, claim_form, "COMPANY", {"company": "name"}),
        (check_sent, claim_form, "MOMENTS", ("submitted_at", "decided_at", "expires_at")),
        (check_form, claim_form, "_blank", lambda value: value is None),
        (check_unsent, claim_form, "_fits", lambda value: True),
        (check_unsent, claim_form._Form, "wrong", _first_reason),
        (check_unsent, claim_form._Form, "known", _only_known),
        (check_unsent, claim_form._Form, "text", _raising),
        (check_quiet, claim_form._Form, "text", _with_the_text),
        (check_lei, nouns, "company", _without_lei),
        (check_json, writing, "registration_data", _no_history),
        (check_json, writing, "COMPANY_FIELDS", tuple(name for name in writing.COMPANY_FIELDS if name != "lei")),
        (check_json, writing, "instant", lambda moment: moment),
        (check_json, read_nouns, "_step", lambda read, row, place: []),
        (check_choices, writing, "_choice_data", lambda choice: {"id": choice.id, "lead": choice.lead}),
        (check_choices, read_nouns, "_choice", lambda read, row, place: []),
        (check_decisions, decided, "_owed", _nothing_owed),
        (check_decisions, reader.Reader, "part", _by_float),
        (check_older, reader.Reader, "items", lambda self, data, place: list(data)),
        (check_terms, agreements, "_OF_CLAIMS", {}),
        (check_terms, agreements, "_INNER", {"claims": lambda **given: ClaimTerms()}),
        (check_terms, lengths, "_UNITS", {"s": 1, "m": 60, "h": 3_600, "d": 3_600}),
        (check_all_said, agreements, "_INNER", {"claims": lambda **given: ClaimTerms()}),
        (check_all_said, Wrongs, "sorted", lambda self: self.faults[:1]),
    ],
)
def test_a_planted_fault_turns_a_check_red(check, room, name, fault, place, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(
        (AssertionError, pytest.fail.Exception, FactsError, DocumentError, PlanError, TypeError, ValueError)
    ):
        check(place)


def test_a_plan_that_never_asks_for_the_extra_turns_its_check_red(place, monkeypatch):
    monkeypatch.setattr(sys.modules["dealerrouting.rules.plan"], "require", lambda: None)
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(pytest.fail.Exception):
        terms.test_a_plan_that_reviews_names_without_the_extra_is_refused_when_it_is_made(place)
