"""The page on documents: every example on it can be loaded, and nothing that there is is missing from it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import fields

from dealerrouting import Company, Dealer, Facts, HouseTerms, Lead, Plan, Registration, Terms, by, explain, route
from dealerrouting.documents import (
    dump_registrations,
    explanation_data,
    from_data,
    load_events,
    load_facts,
    load_plan,
    to_data,
)
from dealerrouting.documents.fact_rows import TABLES as FACTS
from dealerrouting.documents.shapes import columns, known_keys
from dealerrouting.events import EVENTS, Tick
from dealerrouting.model import FLAGS, SOURCES, STATUSES, Changes, Owed, PassedOver, Retry
from dealerrouting.terms import ClaimTerms

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "documents.md"
pytestmark = [pytest.mark.pure, pytest.mark.skipif(not PAGE.exists(), reason="the page is not beside these tests")]
pytest.importorskip("yaml")

TEXT = PAGE.read_text("utf-8") if PAGE.exists() else ""
BASE = "name: x\nhouse: office\ndealers: dealers.csv\nprecedence: [registrations]\n"
TABLES = {
    "dealers": "id,kind,calendar\noffice,house,\ndelta,,nl-office\nkey-accounts,house,\n",
    "territories": "id,dealers,country\nzuid,delta,NL\n",
    "accounts": "id,holder,domain\nA1,delta,x.example\n",
}


def examples(language):
    return [part.split("```")[0] for part in TEXT.split(f"```{language}\n")[1:]]


def loaded(folder, text):
    for name, rows in TABLES.items():
        (folder / f"{name}.csv").write_text(rows, "utf-8")
    if "calendars:" not in text:
        (folder / "dealers.csv").write_text(TABLES["dealers"].replace("nl-office", ""), "utf-8")
    (folder / "plan.yaml").write_text(text if "precedence:" in text else BASE + text, "utf-8")
    return load_plan(folder)


@pytest.mark.parametrize("text", examples("yaml"))
def test_every_plan_on_the_page_is_one(tmp_path, text):
    if "country: NL, from" in text:
        pytest.importorskip("holidays")
    plan = loaded(tmp_path, text)
    assert from_data("plan", json.loads(json.dumps(to_data(plan)))).digest == plan.digest


def test_a_term_that_is_left_out_is_as_on_the_page(tmp_path):
    texts = [text for text in examples("yaml") if text.startswith("terms:")]
    assert [loaded(tmp_path, text).terms for text in texts] == [Terms(), Terms()]


def test_the_registrations_on_the_page_are_some(tmp_path):
    (text,) = examples("csv")
    (tmp_path / "registrations.csv").write_text(text, "utf-8")
    plan = loaded(tmp_path, examples("yaml")[0])
    facts = load_facts(tmp_path, plan)
    assert [(claim.id, len(claim.history), len(claim.keys)) for claim in facts.registrations] == [("R7", 2, 1)]
    (tmp_path / "again").mkdir()
    dump_registrations(facts.registrations, tmp_path / "again" / "registrations.csv")
    assert load_facts(tmp_path / "again", plan) == facts


def test_the_decision_on_the_page_has_every_key():
    (text,) = [text for text in examples("json") if '"schema_version"' in text and '"type"' not in text]
    lead = Lead("L1", country="NL", received_at=datetime(2027, 1, 8, 9, tzinfo=UTC))
    plan = Plan("x", house="h", dealers=[Dealer("h", kind="house")], precedence=[by.registrations()])
    data = to_data(route(lead, plan, at=lead.received_at))
    assert list(json.loads(text)) == list(data)
    assert set(data) | set(FLAGS) <= told("## Commands") | {"schema_version", "lead", "at", "plan"}
    assert {a.name for kind in (Owed, PassedOver, Retry, Changes) for a in fields(kind)} <= told("## Commands")


def test_what_a_company_was_found_by_is_as_on_the_page():
    (text,) = [text for text in examples("json") if '"strength"' in text]
    claim = Registration(
        "R7",
        "maas",
        Company(number="24123456", country="NL", domain="jansen.example"),
        status="approved",
        submitted_at=datetime(2027, 1, 8, 9, tzinfo=UTC),
    )
    plan = Plan("x", house="h", dealers=[Dealer("maas"), Dealer("h", kind="house")], precedence=[by.registrations()])
    lead = Lead("L1", company=claim.company)
    data = explanation_data(explain(lead, plan, Facts(registrations=[claim]), at=claim.submitted_at))
    assert data["rungs"][0]["found"] == [json.loads(text)]


def test_the_event_on_the_page_is_one(tmp_path):
    (text,) = [text for text in examples("json") if '"type"' in text]
    path = tmp_path / "events.jsonl"
    path.write_text(text.replace("\n", ""), "utf-8")
    (event,) = load_events(path)
    assert to_data(event) == json.loads(text)


def told(heading):
    """The words in backticks under a heading of the page."""
    part = TEXT.split(f"{heading}\n")[1].split("\n#")[0]
    return {word for quoted in part.split("`")[1::2] for word in quoted.split()}


def test_the_page_tells_all_there_is():
    assert {attribute.name for attribute in fields(Terms)} <= told("### Terms")
    assert {attribute.name for attribute in fields(HouseTerms)} <= told("### Terms")
    assert {attribute.name for attribute in fields(ClaimTerms) if attribute.init} <= told("### Claims")
    for name, (known, _) in FACTS.items():
        assert set(known) <= told("## Facts")
        assert f"| {name}.csv |" in TEXT
    assert {*STATUSES, *SOURCES} <= told("### Registrations")
    assert set(columns("accounts")) <= told("## A plan on disk")
    assert set(known_keys(("calendars", "x"))) <= told("### Calendars")
    assert set(known_keys(("calendars", "x", "holidays"))) - {"country"} <= told("### Calendars")
    assert set(EVENTS) | {Tick.type} <= told("## Events")
    own = {attribute.name for kind in EVENTS.values() for attribute in fields(kind)}
    assert own - {"id", "lead", "received_at"} <= told("## Events") | {"assignment"}
    assert set(columns("dealers")) <= told("## A plan on disk")
