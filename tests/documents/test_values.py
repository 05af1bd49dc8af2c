# tables of cases read best with one case a line
"""Values to JSON and back are equal; what is no value is refused with all that is wrong."""

import copy
import json
import pickle
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies
from dealerrouting import Company, Facts, FactsError, Lead, LeadRefused, PlanError, explain, route
from dealerrouting.documents import DocumentError, explanation_data, from_data, to_data
from dealerrouting.errors import Fault
from dealerrouting.identity import Key
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Decision, PassedOver, Retry

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
        assert all("no custom" in fault.what for fault in error.faults)
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
            "owed",
            "review",
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
        from_data("ledger", {})


WRONG = [
    ("lead", [], LeadRefused, "is not a mapping"),
    ("lead", {"id": "L1", "contry": "NL"}, LeadRefused, "unknown key `contry`; did you mean `country`?"),
    ("lead", {"id": "L1", "company": {"nam": "x"}}, LeadRefused, "unknown key `nam`; did you mean `name`?"),
    ("lead", {"id": "L1", "attributes": 3}, LeadRefused, "lead.attributes: `int` is not a mapping"),
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
        assert error.faults
    else:
        check_there_and_back(kind, value)


def test_errors_survive_pickle():
    error = DocumentError([Fault("a:1:1", "is wrong", "mend it")])
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.faults, str(twin)) == (error.faults, "a:1:1: is wrong; mend it")
    assert from_data("facts", {}) == Facts()


# Data that was good until somebody touched it

_ERRORS = {"lead": LeadRefused, "facts": FactsError, "decision": DocumentError, "plan": PlanError}
_JUNK = [
    None, True, False, 0, -1, 1.5, float("nan"), 10**30, "", "x", "\0", "\ud800", "x" * 2_000, [], [[]], ["x"], [1],
    {}, {"x": 1}, {"name": {}}, {1: 2}, [{}], [None], "2027-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
]  # fmt: skip


def spots(data, trail=()):
    """The trails of all parts of data."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in list(parts):
        yield (*trail, step)
        yield from spots(part, (*trail, step))


def touched(data, random):
    """The data with one part taken away, replaced, renamed, doubled, or with a strange one beside it."""
    data = copy.deepcopy(data)
    *way, last = random.choice(list(spots(data)))
    around = data
    for step in way:
        around = around[step]
    how = random.randrange(5)
    if how == 0:
        del around[last]
    elif how == 1 and isinstance(around, dict):
        around[random.choice(["x", str(last).upper(), 1, "\ud800", "x" * 2_000])] = around.pop(last)
    elif how == 2 and isinstance(around, list):
        around.append(copy.deepcopy(around[last]))
    else:
        around[last] = copy.deepcopy(random.choice(_JUNK))
    return data


def check_refused_in_its_own_words(kind, data):
    """It is a value that comes back, or one error of its kind, whose every fault says where and what."""
    before = copy.deepcopy(data)
    try:
        value = from_data(kind, data)
    except _ERRORS[kind] as error:
        assert error.faults
        whole = kind == "plan"  # where the place of a fault may be the whole document
        assert all(fault.what and (fault.place or whole) for fault in error.faults)
    else:
        if kind != "plan":
            check_there_and_back(kind, value)
    assert repr(data) == repr(before)


_seeds = st.integers(0, 2**32)


@pytest.mark.slow
@strategies.checked
@given(strategies.cases(), _seeds, st.integers(1, 3))
def test_data_that_somebody_touched_is_a_value_or_is_refused(case, seed, times):
    lead, plan, facts, at = case
    random = Random(seed)
    decision = route(lead, plan, facts, at=at)
    for kind, value in (("lead", lead), ("facts", facts.after(decision)), ("decision", decision), ("plan", plan)):
        good = json.loads(json.dumps(to_data(value)))
        for _ in range(8):
            data = good
            for _ in range(times):
                data = touched(data, random) if list(spots(data)) else data
            check_refused_in_its_own_words(kind, data)


@pytest.mark.parametrize("kind", ["lead", "facts", "decision", "plan"])
@pytest.mark.parametrize("data", _JUNK, ids=[str(n) for n in range(len(_JUNK))])
def test_junk_is_refused(kind, data):
    check_refused_in_its_own_words(kind, data)


@pytest.mark.parametrize(
    ("kind", "data", "places"),
    [
        ("lead", {"id": "L1", "company": {"unreadable": [1]}}, ["lead.company.unreadable"]),
        ("lead", {"id": "L1", "company": {"unreadable": {"vat": 1}}}, ["lead.company.unreadable"]),
        ("lead", {"id": "L1", "unreadable": {1: "x"}, "attributes": []}, ["lead.attributes", "lead.unreadable"]),
        ("lead", {"id": "L1", "attributes": "x", "b": 1, "a": 1}, ["lead", "lead", "lead.attributes"]),
        (
            "facts",
            {
                "registrations": [{"company": {"unreadable": 1}}],
                "counts": [{"dealer": "a", "assigned_at": ["x"]}],
                "shares": {"a": "-1"},
            },
            ["registrations[0].company.unreadable", "counts[0].assigned_at"],
        ),
        ("facts", {"shares": {"a": "-1"}}, ["shares.a"]),
        ("decision", {"lead": "L", "outcome": "house", "holder": "h", "by": "house", "plan": "p"}, ["at"]),
    ],
)
def test_faults_name_the_place(kind, data, places):
    with pytest.raises(_ERRORS[kind]) as caught:
        from_data(kind, data)
    assert [place for place in [fault.place for fault in caught.value.faults] if place in places] == places


def test_unknown_keys_are_told_in_their_order():
    names = [f"k{number}" for number in (5, 3, 9, 1, 7, 2)]
    with pytest.raises(LeadRefused) as caught:
        from_data("lead", {"id": "L1", **dict.fromkeys(names, 1)})
    assert [fault.what for fault in caught.value.faults] == [f"unknown key `{name}`" for name in names]


def test_a_decision_that_moves_and_waits_comes_back_whole():
    key = Key.parse("domain:" + "jansen.example")
    changes = Changes("delta", "nl", FrozenMap({"delta": -5, "maas": 5}), (key,) if key else ())
    retry = (Retry("maas", "max_open", None), Retry("rijn", "paused", abc.JULY))
    passed = (PassedOver("maas", "territories", ("nl",), "max_open"),)
    decision = Decision(
        lead="L1",
        at=abc.APRIL,
        outcome="assigned",
        holder="delta",
        by="territories",
        because=("nl",),
        flags=("conflict",),
        passed_over=passed,
        retry=retry,
        changes=changes,
        plan="sha256:x",
    )
    check_there_and_back("decision", decision)
    assert to_data(decision)["retry"] == [
        {"dealer": "maas", "condition": "max_open", "at": None},
        {"dealer": "rijn", "condition": "paused", "at": abc.JULY.isoformat()},
    ]
    assert to_data(decision)["changes"]["credits"] == {"delta": -5, "maas": 5}
