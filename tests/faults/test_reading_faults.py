"""Numbers with more decimals than anybody means must not be read: each planted fault turns a test of theirs red."""

import importlib
import importlib.util
import json
from decimal import Decimal
from pathlib import Path

import pytest

from dealerrouting import Lead, where
from dealerrouting.documents import to_data

lead_module = importlib.import_module("dealerrouting.model.lead")
reading = importlib.import_module("dealerrouting.rules.reading")
TESTS = Path(__file__).parents[1]
pytestmark = pytest.mark.pure


def _checks(folder, name):
    spec = importlib.util.spec_from_file_location(f"{name}_checks", TESTS / folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


leads, conditions = _checks("model", "test_lead"), _checks("rules", "test_conditions")
ONES = "0." + "1" * 31


@pytest.mark.parametrize("raw", ["1e-31", "1e-400000", "0e-400000", ONES])
def test_no_bound_is_noticed(monkeypatch, raw):
    leads.test_what_cannot_be_read_is_absent_and_kept("value", raw, raw)
    monkeypatch.setattr(lead_module, "decimals", lambda number: 0)
    with pytest.raises(AssertionError):
        leads.test_what_cannot_be_read_is_absent_and_kept("value", raw, raw)


def test_a_bound_on_how_small_instead_of_how_fine_is_noticed(monkeypatch):
    monkeypatch.setattr(lead_module, "decimals", lambda number: -number.adjusted())
    with pytest.raises(AssertionError):
        leads.test_what_cannot_be_read_is_absent_and_kept("value", ONES, ONES)


@pytest.mark.parametrize(
    ("condition", "attributes", "expected"),
    [(where.score >= 0, {"score": "1e-31"}, None), (where.fleet.exists(), {"fleet": "0e-31"}, False)],
)
def test_no_bound_on_own_fields_is_noticed(monkeypatch, condition, attributes, expected):
    conditions.test_operators_hold_their_ends(condition, {"attributes": attributes}, expected)
    monkeypatch.setattr(reading, "decimals", lambda number: 0)
    with pytest.raises(AssertionError):
        conditions.test_operators_hold_their_ends(condition, {"attributes": attributes}, expected)


def test_without_the_bound_a_few_signs_are_written_as_very_many(monkeypatch):
    assert len(json.dumps(to_data(Lead("L", value="1e-400000")))) < 1_000
    monkeypatch.setattr(lead_module, "MAX_DECIMALS", 10**9)
    assert len(json.dumps(to_data(Lead("L", value="1e-400000")))) > 100_000


def test_a_bound_off_by_one_is_noticed(monkeypatch):
    monkeypatch.setattr(lead_module, "MAX_DECIMALS", 29)
    with pytest.raises(AssertionError):
        leads.test_what_can_be_read("value", "1e-30", Decimal("1e-30"))
    monkeypatch.setattr(lead_module, "MAX_DECIMALS", 31)
    with pytest.raises(AssertionError):
        leads.test_what_cannot_be_read_is_absent_and_kept("value", "1e-31", "1e-31")
