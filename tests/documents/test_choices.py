# tables of cases read best with one case a line
"""What customers chose, what claimants are owed and what a person should look at: there and back, wrong ones told."""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies
from dealerrouting import Company, Dealer, Facts, FactsError, Lead, Plan, Registration, Territory, by, explain, route
from dealerrouting.documents import DocumentError, explanation_data, from_data, load_facts, to_data
from dealerrouting.identity import Key
from dealerrouting.model import Choice, Decision, Owed
from dealerrouting.terms import ClaimTerms, Terms

pytestmark = pytest.mark.pure

AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
PLAN = Plan(
    "p",
    house="inside",
    timezone="Europe/Brussels",
    dealers=[Dealer("delta"), Dealer("maas"), Dealer("inside", kind="house")],
    territories=[Territory("nl", dealers=["delta"], country="NL")],
    precedence=[by.registrations(), by.territories()],
    terms=Terms(claims=ClaimTerms(credit=Decimal("0.125"), shared_domains=["shared.example"])),
)
HEAD = "id,lead,dealer,evidence,actor,chosen_at\n"
CHOICE = Choice("C1", "L1", "delta", evidence="letter-3", actor="anna", chosen_at=AT)
CLAIM = Registration("R1", "maas", Company(domain="jansen.example"), status="approved", submitted_at=AT)
LEAD = Lead("L1", company=Company("Jansen", domain="jansen.example"), country="NL")


@pytest.fixture
def read(tmp_path):
    """Reads a table of choices: the facts, or what is wrong without the folder's name."""

    def choices(rows, say=lambda _: None):
        (tmp_path / "choices.csv").write_text(rows, "utf-8")
        try:
            return load_facts(tmp_path, PLAN, say=say)
        except FactsError as error:
            return [str(fault).replace(f"{tmp_path}{os.sep}", "") for fault in error.faults]

    return choices


# Choices


def test_a_table_of_choices(read):
    rows = "C1,L1,delta,letter-3,anna,2027-01-08T09:00:00Z\nC2,L2;x,maas,letter-4,anna,2027-01-08T10:00\n"
    other = Choice("C2", "L2;x", "maas", evidence="letter-4", actor="anna", chosen_at=AT)
    assert read(HEAD + rows) == Facts(choices=[CHOICE, other])
    assert read(HEAD + rows + rows) == Facts(choices=[CHOICE, other])
    assert read(HEAD) == Facts()


def test_a_choice_of_an_unknown_dealer_is_said(read):
    heard = []
    assert read(f"{HEAD}C1,L1,dleta,letter-3,anna,2027-01-08\n", heard.append).choices["L1"].dealer == "dleta"
    assert all(line.startswith("note: ") for line in heard)
    assert [line.partition("choices.csv")[2] for line in heard] == [
        ":2:dealer: `dleta` is no dealer of this plan; did you mean `delta`?"
    ]


WRONG = [
    ("C1,L1,delta,letter-3,anna,soon", "2:chosen_at: `soon` is not an instant; write 2027-01-01, or"),
    ("C1,L1,delta,letter-3,anna,", "2:chosen_at: `chosen_at` is missing"),
    ("C1,,delta,letter-3,anna,2027-01-08", "2:lead: `lead` is missing"),
    ("C1,L1,,letter-3,anna,2027-01-08", "2:dealer: `dealer` is missing"),
    ("C1,L1,delta,,anna,2027-01-08", "2:evidence: `evidence` is missing"),
    ("C1,L1,delta,letter-3,,2027-01-08", "2:actor: `actor` is missing"),
    ("a:b,L1,delta,letter-3,anna,2027-01-08", "2:id: `a:b` is not an id; an id is 1 to 100 printable characters"),
    ("C1,L1,delta,a;b,anna,2027-01-08", "2:evidence: `a;b` is not an id"),
    ("C1,L1,delta,letter-3,\u202eanna,2027-01-08", "2:actor: `?anna` is not an id"),
    ("C1,L1,delta,l,a,2027-01-08\nC2,L1,maas,l,a,2027-01-08", "3:lead: `L1` is given twice, and differs; give each once"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_wrong_choice_is_told_with_its_place(read, row, said):
    (line,) = read(f"{HEAD}{row}\n")
    assert line.startswith(f"choices.csv:{said}")


def test_a_table_without_a_column_is_told(read):
    assert read("id,lead,dealer,evidence,chosen\nC1,L1,delta,x,2027-01-08\n") == [
        "choices.csv:1:1: the column `actor` is missing; its first line names the columns",
        "choices.csv:1:1: the column `chosen_at` is missing; its first line names the columns",
        "choices.csv:1:5: unknown column `chosen`; did you mean `chosen_at`?",
    ]


def check_facts(facts):
    """Facts come back equal, and the same bytes again."""
    text = json.dumps(to_data(facts), allow_nan=False)
    twin = from_data("facts", json.loads(text))
    assert twin == facts
    assert json.dumps(to_data(twin)) == text


def test_choices_come_back():
    check_facts(Facts(choices=[CHOICE]))
    assert to_data(Facts(choices=[CHOICE]))["choices"] == [
        {"id": "C1", "lead": "L1", "dealer": "delta", "evidence": "letter-3", "actor": "anna", "chosen_at": "2027-01-08T09:00:00+00:00"}
    ]  # fmt: skip


@given(st.lists(strategies.choices, max_size=4, unique_by=lambda choice: choice.lead))
def test_any_choices_come_back(choices):
    check_facts(Facts(choices=choices))


def test_facts_of_an_older_release_have_no_choices():
    data = to_data(Facts(registrations=[CLAIM]))
    del data["choices"]
    assert from_data("facts", data) == Facts(registrations=[CLAIM])


WRONG_JSON = [
    ({"chosen_at": None}, "choices[0].chosen_at: is missing; give the instant"),
    ({"chosen_at": 3}, "choices[0].chosen_at: `3` is not an instant"),
    ({"lead": 3}, "choices[0].lead: is missing; give the id of the lead"),
    ({"actor": ""}, "choices[0].actor: `` is not an id"),
    ({"dealr": "x"}, "choices[0]: unknown key `dealr`; did you mean `dealer`?"),
]


@pytest.mark.parametrize(("change", "said"), WRONG_JSON, ids=[str(n) for n in range(len(WRONG_JSON))])
def test_json_that_is_no_choice_is_refused(change, said):
    data = to_data(Facts(choices=[CHOICE]))
    data["choices"] = [{**data["choices"][0], **change}]
    with pytest.raises(FactsError) as caught:
        from_data("facts", data)
    assert any(str(fault).startswith(said) for fault in caught.value.faults)


# What a decision says of them


def check_decision(decision):
    """A decision comes back equal, and the same bytes again."""
    text = json.dumps(to_data(decision), allow_nan=False)
    twin = from_data("decision", json.loads(text))
    assert twin == decision
    assert json.dumps(to_data(twin)) == text


def test_a_claimant_that_gave_way_is_owed_and_that_comes_back():
    decision = route(LEAD, PLAN, Facts(registrations=[CLAIM], choices=[CHOICE]), at=AT)
    assert (decision.holder, decision.because) == ("delta", ("C1",))
    (owed,) = to_data(decision)["owed"]
    assert (owed["dealer"], owed["because"], owed["credit"]) == ("maas", ["R1"], "0.125")
    check_decision(decision)


def test_what_a_person_should_look_at_comes_back():
    claim = Registration("R2", "maas", Company(domain="shared.example"), status="approved", submitted_at=AT)
    lead = Lead("L1", company=Company("Jansen", domain="shared.example"), country="NL")
    facts = Facts(registrations=[claim])
    decision = route(lead, PLAN, facts, at=AT)
    assert (decision.holder, decision.flags, decision.review) == ("delta", ("review_match",), ("R2",))
    check_decision(decision)
    data = json.loads(json.dumps(explanation_data(explain(lead, PLAN, facts, at=AT)), allow_nan=False))
    assert data["decision"]["review"] == ["R2"]
    assert data["review"] == [
        {"source": "R2", "dealer": "maas", "strength": "alike", "agree": [], "hinted": ["domain:shared.example"], "contradict": [], "likeness": None}
    ]  # fmt: skip


def test_what_a_company_was_found_by_stands_in_the_explanation():
    lead = Lead("L1", company=Company(vat="NL123456782B90", domain="jansen.example"), country="NL")
    claim = Registration(
        "R1",
        "maas",
        Company(vat="NL004495445B01", domain="jansen.example", country="NL"),
        status="approved",
        submitted_at=AT,
    )
    data = explanation_data(explain(lead, PLAN, Facts(registrations=[claim, CLAIM_2]), at=AT))
    found = {one["source"]: one for one in data["rungs"][0]["found"]}
    assert found["R2"]["strength"] == "domain"
    assert found["R2"]["agree"] == ["domain:jansen.example"]


CLAIM_2 = Registration("R2", "maas", Company(domain="jansen.example"), status="approved", submitted_at=AT)


def test_a_decision_of_an_older_release_owes_nothing():
    decision = route(LEAD, PLAN, at=AT)
    data = to_data(decision)
    del data["owed"], data["review"]
    assert from_data("decision", data) == decision


CREDITS = st.decimals(0, 1, places=4) | st.sampled_from([Decimal(0), Decimal(1), Decimal("1E-7"), Decimal("0.50")])
OWED = st.builds(
    Owed,
    st.sampled_from(["delta", "maas"]),
    st.lists(st.sampled_from(["R1", "R2"])).map(tuple),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
    CREDITS,
)


@given(st.lists(OWED, max_size=3), st.lists(st.sampled_from(["R1", "R2"]), max_size=3))
def test_whatever_is_owed_comes_back(owed, review):
    check_decision(
        Decision(
            "L1", abc.APRIL, "house", "h", "house", owed=tuple(owed), review=tuple(review), flags=("review_match",)
        )
    )


WRONG_DECISIONS = [
    ({"owed": {}}, "owed: `dict` is not a list"),
    ({"owed": [3]}, "owed: `int` is not a mapping"),
    ({"owed": [{"dealer": "a", "rule": "r", "credit": 0.5}]}, 'owed.credit: `0.5` is not a part of a whole; write "0.1", from 0 to 1'),
    ({"owed": [{"dealer": "a", "rule": "r", "credit": "2"}]}, "owed.credit: `2` is not a part"),
    ({"owed": [{"dealer": "a", "rule": "r", "credit": "1e-999999"}]}, "owed.credit: `1e-999999` is not a part"),
    ({"owed": [{"dealer": "a", "rule": "r", "credit": "."}]}, "owed.credit: `.` is not a part"),
    ({"owed": [{"dealer": "a", "rule": "r", "credit": "nan"}]}, "owed.credit: `nan` is not a part"),
    ({"owed": [{"dealer": "a", "rule": "r"}]}, "owed.credit: `None` is not a part"),
    ({"owed": [{"dealer": "a", "rul": "r", "credit": "0"}]}, "owed: unknown key `rul`; did you mean `rule`?"),
    ({"owed": [{"dealer": 3, "rule": "r", "credit": "0"}]}, "owed.dealer: `3` is not text"),
    ({"review": "R1"}, "decision.review: `str` is not a list"),
    ({"review": [1]}, "decision.review: holds what is not text"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG_DECISIONS, ids=[str(n) for n in range(len(WRONG_DECISIONS))])
def test_what_is_wrong_with_a_decision_is_told(change, said):
    with pytest.raises(DocumentError) as caught:
        from_data("decision", {**to_data(route(LEAD, PLAN, at=AT)), **change})
    assert any(str(fault).startswith(said) for fault in caught.value.faults), caught.value.faults


def test_the_keys_that_are_told_can_be_read_again():
    why = explain(LEAD, PLAN, Facts(registrations=[CLAIM]), at=AT)
    told = [key for rung in explanation_data(why)["rungs"] for found in rung["found"] for key in found["agree"]]
    assert told
    assert all(Key.parse(key) for key in told)
