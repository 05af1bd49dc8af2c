"""Faults say where, what and the cure, on one line, whatever the text they are about."""

import pickle

import pytest
from hypothesis import given

import strategies as some
from dealerrouting.errors import (
    DealerRoutingError,
    FactsError,
    Fault,
    LeadRefused,
    MissingExtra,
    PlanError,
    did_you_mean,
    quoted,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            Fault("leads.csv:7:country", "unknown country `NLL`", "did you mean `NL`?"),
            "leads.csv:7:country: unknown country `NLL`; did you mean `NL`?",
        ),
        (Fault("house", "is missing"), "house: is missing"),
        (Fault("", "is missing", "give one"), "is missing; give one"),
    ],
)
def test_a_fault_is_one_line(fault, text):
    assert str(fault) == text


@pytest.mark.parametrize("kind", [PlanError, FactsError, LeadRefused])
def test_errors_hold_all_their_faults_and_pickle(kind):
    error = kind(iter([Fault("a", "b"), Fault("c", "d", "e", ("f", 1))]))
    assert len(error.faults) == 2
    assert str(error) == "a: b\nc: d; e"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.faults == error.faults
    assert isinstance(error, DealerRoutingError)
    assert isinstance(error, ValueError)


def test_a_missing_extra_says_what_to_install():
    error = MissingExtra("reading YAML", "yaml")
    assert "pip install 'dealerrouting[yaml]'" in str(error)
    assert isinstance(error, ImportError)


@some.checked
@given(some.hostile)
def test_quoted_is_short_printable_and_in_backticks(value):
    text = quoted(value)
    assert text.isprintable()
    assert text[0] == text[-1] == "`"
    assert text.count("`") == 2
    assert len(text) <= 65
    assert text.encode("utf-8")


@pytest.mark.parametrize(
    ("word", "known", "cure"),
    [
        ("contry", ["country", "city"], "did you mean `country`?"),
        ("zzz", ["b", "a", "a"], "known here: `a`, `b`"),
        ("zzz", [f"w{n:02}" for n in range(20)], "known here: " + ", ".join(f"`w{n:02}`" for n in range(12)) + ", ..."),
        ("zzz", [], ""),
        (7, ["a"], "known here: `a`"),
        ("x" * 10**6, ["a"], "known here: `a`"),
    ],
)
def test_did_you_mean(word, known, cure):
    assert did_you_mean(word, known) == cure
