"""The page on documents: every example on it can be loaded, and nothing that there is is missing from it."""

import json
from pathlib import Path

import pytest
from attrs import fields

from dealerrouting import HouseTerms, Terms
from dealerrouting.documents import from_data, load_events, load_plan, to_data
from dealerrouting.documents.shapes import columns, known_keys
from dealerrouting.events import EVENTS, Tick

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
    (text,) = [text for text in examples("yaml") if text.startswith("terms:")]
    assert loaded(tmp_path, text).terms == Terms()


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
    assert set(known_keys(("calendars", "x"))) <= told("### Calendars")
    assert set(known_keys(("calendars", "x", "holidays"))) - {"country"} <= told("### Calendars")
    assert set(EVENTS) | {Tick.type} <= told("## Events")
    own = {attribute.name for kind in EVENTS.values() for attribute in fields(kind)}
    assert own - {"id", "lead", "received_at"} <= told("## Events") | {"assignment"}
    assert set(columns("dealers")) <= told("## A plan on disk")
