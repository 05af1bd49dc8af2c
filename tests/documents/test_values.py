# ruff: noqa: E501  # tables of cases read best with one case a line
"""Values to JSON and back are equal; what is no value is refused with all that is wrong."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies
from dealerrouting import Company, Facts, FactsError, Lead, LeadRefused, PlanError, explain, route
from dealerrouting.documents import DocumentError, explanation_data, from_data, to_data
from dealerrouting.errors import Fault

pytestmark = pytest.mark.pure


def check_there_and_back(kind, value):
    """JSON there and back gives an equal value, and the same bytes again."""
    text = json.dumps(to_data(value), allow_nan=False)
    twin = from_data(kind, json.loads(text))
    assert twin == value
    assert json.dumps(to_data(twin)) == text


@given(strategies.leads())
def test_leads(lead):
    check_there_and_back("lead", lead)


@given(strategies.hostile_leads())
def test_hostile_leads(arguments):
    check_there_and_back("lead", Lead(**arguments))


@given(strategies.facts())
def test_facts(facts):
    check_there_and_back("facts", facts)


@given(strategies.cases())
def test_decisions_and_what_follows_from_them(case):
    lead, plan, facts, at = case
    decision = route(lead, plan, facts, at=at)
    check_there_and_back("decision", decision)
    check_there_and_back("facts", facts.after(decision))
    why = explain(lead, plan, facts, at=at)
    data = json.loads(json.dumps(explanation_data(why), allow_nan=False))
    assert data["decision"] == json.loads(json.dumps(to_data(decision)))
    assert [rung["rung"] for rung in data["rungs"]] == [rung.name for rung in plan.precedence]


@given(strategies.plans())
def test_plans_without_customs(plan):
    try:
        twin = from_data("plan", json.loads(json.dumps(to_data(plan), allow_nan=False)))
    except PlanError as error:
        assert all("no custom" in fault.what for fault in error.faults)  # noqa: PT017
    else:
        assert twin.digest == plan.digest


def test_a_decision_is_the_line_of_the_contract():
    lead = Lead("L1", country="NL", postcode="3011", received_at=abc.APRIL)
    plan = abc.make_plan([abc.Dealer("delta")], [abc.Territory("t", "delta", country="NL")], [], [abc.by.territories()])
    data = to_data(route(lead, plan, at=abc.APRIL))
    assert list(data) == (
        [
            "schema_version",
            "lead",
            "at",
            "outcome",
            "holder",
            "by",
            "because",
            "flags",
            "passed_over",
            "retry",
            "changes",
            "plan",
        ]
    )
    assert data["schema_version"] == 1
    assert data["at"] == "2027-03-31T22:00:00+00:00"
    assert (data["outcome"], data["holder"], data["retry"], data["because"]) == ("assigned", "delta", None, ["t"])
    assert list(data["changes"]) == ["opened", "ledger", "credits", "incumbent"]


def test_no_person_is_in_a_decision():
    lead = Lead(
        "L1",
        company=Company("Jansen", domain="jansen.example"),
        email="piet@jansen.example",
        contact_name="Piet",
        phone="1",
    )
    plan = abc.make_plan(
        [abc.Dealer("delta")], [abc.Territory("t", "delta")], [], [abc.by.incumbent(), abc.by.territories()]
    )
    text = json.dumps(to_data(route(lead, plan, at=abc.APRIL))).lower()
    assert "jansen" not in text
    assert "piet" not in text


def test_only_what_has_a_form():
    with pytest.raises(TypeError):
        to_data("text")
    with pytest.raises(ValueError, match="kind is one of"):
        from_data("event", {})


WRONG = [
    ("lead", [], LeadRefused, "is not a mapping"),
    ("lead", {"id": "L1", "contry": "NL"}, LeadRefused, "unknown key `contry`; did you mean `country`?"),
    ("lead", {"id": "L1", "company": {"nam": "x"}}, LeadRefused, "unknown key `nam`; did you mean `name`?"),
    ("lead", {"id": "L1", "attributes": 3}, LeadRefused, "are mappings"),
    ("lead", {}, LeadRefused, "id: is missing"),
    ("lead", {"id": "L1", "postcode": "9" * 2_000}, LeadRefused, "2,000 characters"),
    ("decision", {}, DocumentError, "`None` is not text"),
    ("decision", {"at": "now"}, DocumentError, "`now` is not an instant"),
    ("decision", {"schema_version": 2}, DocumentError, "schema_version: `2` is not known here"),
    ("decision", {"changes": {"opened": 3, "credits": {"a": "b"}, "incumbent": ["x"]}}, DocumentError, "`x` is not a key"),
    ("decision", {"retry": [3], "passed_over": "x"}, DocumentError, "`str` is not a list"),
    ("decision", {"because": [1]}, DocumentError, "holds what is not text"),
    ("facts", {"registrations": [{"id": "R"}]}, FactsError, "registrations[0].submitted_at: is missing"),
    ("facts", {"registrations": [{"company": {"country": 9 * [9]}}, 3]}, FactsError, "registrations[1]: `int` is not a mapping"),
    ("facts", {"incumbents": [{"dealer": "a"}]}, FactsError, "incumbents[0].since: is missing"),
    ("facts", {"counts": [{"dealer": 3, "open": "x"}]}, FactsError, "counts[0].open: `x` is not a whole number"),
    ("facts", {"ledgers": [], "shares": 3}, FactsError, "shares: `int` is not a mapping"),
    ("facts", {"ledgers": {"a": {"b": "c"}}}, FactsError, "is not a credit"),
    ("facts", {"past_holders": [{"lead": "L"}]}, FactsError, "past_holders[0].dealer: `None` is not text"),
    ("facts", {"schema_version": 3, "x": 1}, FactsError, "unknown key `x`"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "error", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_what_is_no_value_is_refused(kind, data, error, said):
    with pytest.raises(error) as caught:
        from_data(kind, data)
    assert said in str(caught.value)


_keys = st.sampled_from(
    [
        "schema_version",
        "id",
        "lead",
        "at",
        "holder",
        "by",
        "because",
        "flags",
        "retry",
        "changes",
        "opened",
        "ledger",
        "credits",
        "incumbent",
        "passed_over",
        "company",
        "dealer",
        "since",
        "registrations",
        "incumbents",
        "counts",
        "ledgers",
        "shares",
        "past_holders",
        "attributes",
        "unreadable",
        "name",
        "country",
        "plan",
        "outcome",
        "open",
        "why",
    ]
)
_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["x", "", "2027-01-01T00:00:00Z", "\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(["lead", "facts", "decision"]), _data | st.dictionaries(_keys, _data, max_size=5))
def test_any_data_is_a_value_or_is_refused(kind, data):
    try:
        value = from_data(kind, data)
    except (LeadRefused, FactsError, DocumentError) as error:
        assert error.faults  # noqa: PT017
    else:
        check_there_and_back(kind, value)


def test_errors_survive_pickle():
    error = DocumentError([Fault("a:1:1", "is wrong", "mend it")])
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.faults, str(twin)) == (error.faults, "a:1:1: is wrong; mend it")
    assert from_data("facts", {}) == Facts()
