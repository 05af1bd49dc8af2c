"""The pages of the SLA are what the code says, and the words that no table holds are held against it."""

import ast
import importlib
import inspect
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attrs import fields

from dealerrouting import HouseTerms, Terms, sla
from dealerrouting.events import EVENTS, Assigned, Migrate, Paused, ReminderSent, Tick, Updated, Withdrawn
from dealerrouting.sla import CLOCKS, DEADLINES, PHASES, TABLE, VERBS, Effect, answers, table
from dealerrouting.terms import Policy

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "make_sla_pages.py"
NAMES = ("sla-states.svg", "sla-states.txt", "sla.md")
T0 = datetime(2027, 1, 4, 9, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="the pages and their tool are not beside these tests")


@pytest.fixture(autouse=True)
def _tools_at_hand(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOL.parent))


@pytest.fixture
def tool():
    return importlib.import_module(TOOL.stem)


@pytest.fixture
def words():
    return importlib.import_module("sla_words")


# They are up to date, and would be seen not to be


def test_the_pages_are_as_the_code_says(tool):
    assert not tool.stale(), (
        f"{', '.join(tool.stale())}: not as the code says; run `make pages` and commit what it writes"
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.event}-{row.phases[0]}")
def test_a_row_less_is_seen_on_every_page(tool, monkeypatch, row):
    monkeypatch.setattr(table, "TABLE", tuple(one for one in TABLE if one is not row))
    assert _seen(tool) == set(NAMES)


@pytest.mark.parametrize("row", DEADLINES, ids=lambda row: f"{row.does}-{row.rule}")
def test_a_deadline_less_is_seen_on_every_page(tool, monkeypatch, row):
    monkeypatch.setattr(table, "DEADLINES", tuple(one for one in DEADLINES if one is not row))
    assert _seen(tool) == set(NAMES)


def _seen(tool):
    """The pages that differ; a picture that cannot be drawn any more is none that would be passed over."""
    try:
        return set(tool.stale())
    except LookupError:
        without = {name: make for name, make in tool.PAGES.items() if name != NAMES[0]}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tool, "PAGES", without)
            return {NAMES[0], *tool.stale()}


def test_a_row_more_is_seen_on_every_page(tool, monkeypatch):
    more = table.Row(("waiting",), "withdrawn", ("house",), answers.withdrawn, "a person will not wait")
    monkeypatch.setattr(table, "TABLE", (*TABLE, more))
    assert set(tool.stale()) == set(NAMES)


def test_a_page_that_was_edited_by_hand_or_is_gone_is_seen(tool, monkeypatch, tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes((ROOT / "docs" / "reference" / name).read_bytes())
    monkeypatch.setattr(tool, "FOLDER", tmp_path)
    assert not tool.stale()
    (tmp_path / NAMES[0]).unlink()
    (tmp_path / NAMES[2]).write_bytes((tmp_path / NAMES[2]).read_bytes() + b" ")
    assert set(tool.stale()) == {NAMES[0], NAMES[2]}


def test_a_move_that_has_no_room_in_the_picture_says_what_to_add(tool, monkeypatch):
    odd = table.Row(("waiting",), "accepted", ("won",), answers.accepted, "sold to nobody")
    monkeypatch.setattr(table, "TABLE", (*TABLE, odd))
    with pytest.raises(LookupError, match=r"from waiting to won: add .* to ROUTES"):
        tool.stale()


# Everything is on them


@pytest.mark.parametrize("name", NAMES)
def test_every_phase_event_row_and_deadline_is_on_every_page(tool, name):
    text = unescape(tool.PAGES[name]())
    wanted = [*PHASES, *EVENTS, *(row.why for row in TABLE), *(row.why for row in DEADLINES)]
    wanted += [row.event for row in TABLE] + [word for row in DEADLINES for word in (row.rule, row.does)]
    assert [word for word in wanted if word not in text] == []


def test_the_page_has_every_clock_verb_and_term(tool):
    text = tool.PAGES["sla.md"]()
    wanted = [*(word for clock in CLOCKS for word in (clock.name, clock.term)), *VERBS, *_terms()]
    assert [word for word in wanted if f"`{word}`" not in text] == []


def test_the_text_has_each_row_in_each_of_its_phases(tool):
    parts = dict(part.split(":", 1) for part in tool.PAGES["sla-states.txt"]().split("\n\n")[2:-1])
    assert list(parts) == list(PHASES)
    for row in TABLE:
        assert [p for p, said in parts.items() if f"    {row.event} " in said and row.why in said] == _order(row.phases)
    for row in DEADLINES:
        line = rf"    {row.rule} +{row.does}.*{re.escape(row.why)}"
        assert [phase for phase, said in parts.items() if re.search(line, said)] == _order(row.phases)


def _order(phases):
    return [phase for phase in PHASES if phase in phases]


def test_the_picture_has_each_move_of_the_table_and_no_other(tool, words):
    picture = importlib.import_module("sla_picture")
    inside = words.groups()
    drawn = {
        (start, end, arrow.timed, word)
        for arrow in picture.arrows()
        for word in arrow.words
        for start in inside.get(arrow.source, (arrow.source,))
        for end in inside.get(arrow.target, (arrow.target,))
    }
    events = {(start, end, False, row.event) for row in TABLE for start in row.phases for end in row.to}
    timed = {(start, end, True, row.does) for row in DEADLINES for start in row.phases for end in row.to}
    assert {one for one in drawn if not one[2]} == events
    assert {one for one in drawn if one[3] in {row.does for row in DEADLINES}} == timed
    assert {one[3] for one in drawn if one[2]} == {w for row in DEADLINES if row.to for w in (row.rule, row.does)}


SVG = "{http://www.w3.org/2000/svg}"
LETTER = {"title": 12.5, "name": 9.0, "soft": 6.4, "note": 6.8, "mono": 7.55}
"""The width of a letter in each kind of text, in a wide font."""


@pytest.fixture
def drawn(tool):
    return ElementTree.fromstring(tool.PAGES["sla-states.svg"]())


def test_the_picture_has_a_name_and_says_itself_in_words(drawn):
    assert drawn.find(f"{SVG}title").text
    assert all(phase in drawn.find(f"{SVG}desc").text for phase in PHASES)


def test_no_words_lie_on_others_or_beside_the_picture(drawn):
    found = [_place(one) for one in drawn.iter(f"{SVG}text")]
    for (one, a, b, y), (other, c, d, z) in combinations(found, 2):
        assert b <= c or d <= a or abs(y - z) >= 12, (one, other)
    assert all(0 < a < b < int(drawn.get("width")) and y < int(drawn.get("height")) for _, a, b, y in found)


def test_no_words_lie_under_a_card(drawn):
    before = []
    for one in drawn.iter():
        if one.tag == f"{SVG}text":
            before.append(_place(one))
        elif one.tag == f"{SVG}rect" and one.get("x"):
            x, y, wide, high = (int(one.get(side)) for side in ("x", "y", "width", "height"))
            hidden = [
                said for said, a, b, line in before if a < x + wide and x < b and y < line and line - 9 < y + high
            ]
            assert hidden == [], (x, y)


def _place(one):
    """The words, from where to where they reach, and their height on the page."""
    title = one.find(f"{SVG}title")
    said = ((one.text or "") if title is None else title.tail).rstrip()
    x, width = int(one.get("x")), len(said) * LETTER[one.get("class").split()[0]]
    start = {"start": x, "middle": x - width / 2, "end": x - width}[one.get("text-anchor", "start")]
    return said, start, start + width, int(one.get("y"))


# The words that no table holds


def _terms():
    plain = [column.name for column in fields(Terms) if column.name not in ("house", "claims")]
    return [*plain, *(f"house.{column.name}" for column in fields(HouseTerms))]


def test_the_words_are_those_of_the_code(words):
    picture = importlib.import_module("sla_picture")
    assert list(words.TERMS) == _terms()
    assert list(words.KEYS) == list(VERBS)
    assert set(picture.CARDS) == set(PHASES)
    assert list(picture.BOXES) == list(words.groups())
    assert {clock.term for clock in CLOCKS} <= set(words.TERMS)
    assert {call.partition("(")[0] for call in words.CALLS} == {name for name in sla.__all__ if name.islower()}


def test_the_calls_take_what_the_page_says(words):
    for call in words.CALLS:
        name, _, given = call.partition("(")
        taken = inspect.signature(getattr(sla, name)).parameters
        assert [word.strip().rstrip("=") for word in given.rstrip(")").split(",")] == list(taken)


def test_the_outcomes_are_those_of_the_code(words):
    said = {*words.OUTCOMES, *(f"refused:{word}" for word in words.REFUSALS)} - {"refused"}
    assert said == set(_outcomes())


def _outcomes():
    """Every word that the code gives back beside a standing."""
    for room in (answers, importlib.import_module("dealerrouting.sla.step")):
        for node in ast.walk(ast.parse(inspect.getsource(room))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                yield from _text(node.elts[1])
            if isinstance(node, ast.FunctionDef) and node.name == "_objection":
                returned = (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
                yield from (f"refused:{word}" for value in returned for word in _text(value))


def _text(node):
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_the_effects_have_the_keys_and_fields_that_the_page_says(words):
    made = _effects()
    assert {effect.does for effect in made} == set(VERBS)
    for verb, (keys, filled) in words.KEYS.items():
        of = [effect for effect in made if effect.does == verb]
        assert [
            one.key for one in of if not any(re.fullmatch(_like(key, one), one.key) for key in keys.split(", "))
        ] == []
        said = set(re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", filled)))
        assert set().union(*map(_filled, of)) == said
        assert {one.role for one in of if one.role} == set(re.findall(r"\(`(\w+)`\)", filled))


def _like(key, effect):
    parts = {"LEAD": re.escape(effect.lead), "NUMBER": str(effect.assignment), "RULE": re.escape(effect.rule or "")}
    parts |= {"COUNT": r"\d+", "CHANGE": r"\d+", "DEALER": effect.to or "", "EVENT": effect.detail.get("event", "-")}
    parts |= {"INSTANT": re.escape(effect.due.isoformat() if effect.due else "")}
    return re.sub("|".join(parts), lambda found: parts[found.group()], key)


def _filled(effect):
    always = {"does", "key", "lead", "assignment", "at"}
    given = {column.name for column in fields(Effect) if getattr(effect, column.name) not in (None, (), {})}
    return (given - always) | set(effect.detail)


def _effects():
    """One lead with everything: forgotten by a dealer, then by the router, and looked after by the house at last."""
    policy = Policy(Terms(), "house")
    state = sla.begin("L1", policy, at=T0, referred_by="ref")
    effects, month = [], T0 + timedelta(days=30)
    for event in (
        Assigned("e1", "L1", assignment=1, holder="a", received_at=T0, actor="desk"),
        *(Tick(T0 + timedelta(hours=12 * count)) for count in range(6)),
        ReminderSent("e2", "L1", assignment=1, effect="L1/1/remind:first_status", received_at=T0 + timedelta(days=3)),
        *(Tick(T0 + timedelta(hours=12 * count)) for count in range(6, 60)),
        Updated("e3", "L1", assignment=2, status="quoted", evidence="q1", received_at=month),
        Paused("e6", "L1", assignment=2, reason="away", until=month + timedelta(hours=1), received_at=month),
        Withdrawn("e4", "L1", assignment=2, reason="sold_twice", actor="desk", received_at=month),
        Tick(month),
        Migrate("e5", "L1", to=policy.digest, how="keep_due", received_at=month),
    ):
        state, more = sla.step(state, event, policy)
        effects += more
    return effects
