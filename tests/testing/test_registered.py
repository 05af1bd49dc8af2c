"""`st.from_type` knows our types, and Hypothesis does not import us to know it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import strategies as st
from hypothesis.strategies._internal import types

import _dealerrouting_hypothesis
from dealerrouting import Dealer, Lead
from dealerrouting.testing import registered
from strategies_world import drawn


@pytest.mark.parametrize("kind", registered.STRATEGIES, ids=lambda kind: kind.__name__)
def test_from_type_gives_valid_values(kind):
    found = drawn(st.from_type(kind), 15)
    assert found
    assert {isinstance(one, kind) for one in found} == {True}


def test_from_type_works_inside_of_other_types():
    assert any(drawn(st.from_type(list[Lead]), 30))
    assert {type(one) for one in drawn(st.from_type(Lead | Dealer), 50)} == {Lead, Dealer}


def _says(code):
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_hypothesis_alone_imports_nothing_of_ours():
    code = "import sys, hypothesis; print([name for name in sys.modules if name.startswith('dealerrouting')])"
    assert _says(code) == "[]"


@pytest.mark.parametrize("order", ["hypothesis, dealerrouting", "dealerrouting, hypothesis"])
def test_whichever_is_imported_first(order):
    code = f"import {order}; from hypothesis import strategies as st; print(st.from_type(dealerrouting.Lead).example())"
    assert _says(code).startswith("Lead(id=")


def test_other_types_are_left_to_others():
    assert _dealerrouting_hypothesis._resolve(int) is None
    assert _dealerrouting_hypothesis._resolve(Lead) is not None
    assert registered.strategy_of(type("Lead", (), {"__module__": "dealerrouting.other"})) is None


def test_a_hypothesis_that_does_not_ask_is_told_at_once(monkeypatch):
    monkeypatch.delattr(types, "_global_extra_lookup")
    monkeypatch.setattr(types, "_global_type_lookup", dict(types._global_type_lookup))
    _dealerrouting_hypothesis.register()
    assert set(registered.STRATEGIES) <= set(types._global_type_lookup)
