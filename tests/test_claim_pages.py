"""The pages of registrations are what the code says, and the words that no table holds are held against it."""

import importlib
import inspect
from html import unescape
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attrs import evolve, fields

from dealerrouting import registrations
from dealerrouting.model import STATUSES
from dealerrouting.registrations import RULES, TABLE, rule_for_dealer, table
from dealerrouting.terms import ClaimTerms

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "make_claim_pages.py"
NAMES = ("registration-states.svg", "registration-states.txt", "registrations.md")
DECIDING = [name for name, rule in RULES.items() if rule.does in {"rejects", "waits", "asks"}]

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="the pages and their tool are not beside these tests")


@pytest.fixture(autouse=True)
def _tools_at_hand(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOL.parent))


@pytest.fixture
def tool():
    return importlib.import_module(TOOL.stem)


@pytest.fixture
def words():
    return importlib.import_module("claim_words")


@pytest.fixture
def picture():
    return importlib.import_module("claim_picture")


# They are up to date, and would be seen not to be


def test_the_pages_are_as_the_code_says(tool):
    assert not tool.stale(), (
        f"{', '.join(tool.stale())}: not as the code says; run `make pages` and commit what it writes"
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.do)
def test_a_row_less_is_seen_on_every_page(tool, monkeypatch, row):
    monkeypatch.setattr(table, "TABLE", tuple(one for one in TABLE if one is not row))
    assert set(tool.stale()) == set(NAMES)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.do)
@pytest.mark.parametrize("change", [{"who": "nobody"}, {"why": "why not"}, {"statuses": ("converted",)}])
def test_a_row_that_says_something_else_is_seen_on_every_page(tool, monkeypatch, row, change):
    other = tuple(evolve(one, **change) if one is row else one for one in TABLE)
    monkeypatch.setattr(table, "TABLE", other)
    assert _seen(tool) == set(NAMES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_less_is_seen(tool, monkeypatch, rule):
    monkeypatch.setattr(table, "RULES", {name: one for name, one in RULES.items() if name != rule})
    monkeypatch.setattr(importlib.import_module("dealerrouting.registrations.now"), "RULES", table.RULES)
    assert set(tool.stale()) == (set(NAMES) if rule in DECIDING else set(NAMES[1:]))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_a_dealer_reads_otherwise_is_seen(tool, monkeypatch, rule):
    other = RULES | {rule: evolve(RULES[rule], dealer="otherwise")}
    monkeypatch.setattr(importlib.import_module("dealerrouting.registrations.now"), "RULES", other)
    assert set(tool.stale()) == set(NAMES[1:])


def _seen(tool):
    """The pages that differ; a picture that cannot be drawn any more is none that would be passed over."""
    try:
        return set(tool.stale())
    except LookupError:
        without = {name: make for name, make in tool.PAGES.items() if name != NAMES[0]}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tool, "PAGES", without)
            return {NAMES[0], *tool.stale()}


def test_a_page_that_was_edited_by_hand_or_is_gone_is_seen(tool, monkeypatch, tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes((ROOT / "docs" / "reference" / name).read_bytes())
    monkeypatch.setattr(tool, "FOLDER", tmp_path)
    assert not tool.stale()
    (tmp_path / NAMES[0]).unlink()
    (tmp_path / NAMES[2]).write_bytes((tmp_path / NAMES[2]).read_bytes() + b" ")
    assert set(tool.stale()) == {NAMES[0], NAMES[2]}


def test_checking_writes_nothing_and_writing_mends(tool, monkeypatch, tmp_path, capsys):
    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "FOLDER", folder)
    monkeypatch.setattr("sys.argv", [TOOL.name, "--check"])
    assert tool.main() == 1
    assert not list(folder.iterdir())
    monkeypatch.setattr("sys.argv", [TOOL.name])
    assert tool.main() == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    capsys.readouterr()
    monkeypatch.setattr("sys.argv", [TOOL.name, "--check"])
    assert (tool.main(), capsys.readouterr().out) == (0, "")


def test_a_move_that_has_no_room_in_the_picture_says_what_to_add(tool, monkeypatch):
    odd = table.Row("revive", ("rejected",), ("approved",), "person", "it was a mistake")
    monkeypatch.setattr(table, "TABLE", (*TABLE, odd))
    with pytest.raises(LookupError, match=r"from rejected to approved: add .* to ROUTES"):
        tool.stale()
    monkeypatch.setattr(table, "TABLE", (*TABLE, evolve(odd, to=("approved", "withdrawn"))))
    with pytest.raises(LookupError, match="draw a card for each"):
        tool.stale()


# Everything is on them


@pytest.mark.parametrize("name", NAMES)
def test_every_status_row_and_deciding_rule_is_on_every_page(tool, name):
    text = unescape(tool.PAGES[name]()).replace("`", "")
    wanted = [*STATUSES, *(row.do for row in TABLE), *(row.why.replace("`", "") for row in TABLE), *DECIDING]
    assert [word for word in wanted if word not in text] == []


def test_the_page_has_every_rule_with_its_reason_and_what_a_dealer_reads_and_every_term(tool):
    text = tool.PAGES["registrations.md"]()
    lines = [f"| `{name}` | {rule.why} | `{rule_for_dealer(name)}` |" for name, rule in RULES.items()]
    assert [line for line in lines if line not in text] == []
    assert [column.name for column in fields(ClaimTerms) if column.init and f"\n| `{column.name}` |" not in text] == []


def test_the_page_names_the_rules_in_the_order_in_which_they_weigh(tool):
    conflicts = importlib.import_module("dealerrouting.registrations.conflicts")
    text = tool.PAGES["registrations.md"]()
    ordered = sorted(DECIDING, key=lambda name: (conflicts._WEIGHT.index(RULES[name].does), list(RULES).index(name)))
    at = [text.index(f"\n| `{name}` |") for name in ordered]
    assert at == sorted(at)


def test_the_text_has_each_move_in_each_of_its_statuses(tool):
    parts = dict(part.split(":", 1) for part in tool.PAGES["registration-states.txt"]().split("\n\n")[2:10])
    assert list(parts) == ["new", *STATUSES]
    for row in TABLE:
        here = [status for status, said in parts.items() if f"\n  {row.do} " in said]
        assert here == [status or "new" for status in (None, *STATUSES) if status in row.statuses]


def test_the_picture_has_each_move_of_the_table_and_no_other(picture, words):
    inside = words.groups()
    drawn, rules = set(), {arrow.target for arrow in picture.arrows() if arrow.source == picture.RULES}
    for arrow in picture.arrows():
        for start in inside.get(arrow.source, (arrow.source,)):
            for end in rules if arrow.target == picture.RULES else inside.get(arrow.target, (arrow.target,)):
                drawn |= {(start, end, arrow.who, word.removesuffix(" *")) for word in arrow.words}
    moves = {(status or "new", end, row.who, row.do) for row in TABLE for status in row.statuses for end in row.to}
    stays = {("approved", "approved", row.who, row.do) for row in TABLE if row.to == row.statuses == ("approved",)}
    assert {one for one in drawn if one[0] != picture.RULES} == moves - stays
    feet = {(status, status, who, line) for status in STATUSES for who, line, _ in picture._foot(status)}
    said = {(*one[:3], f"stays: {one[3]}{' *' * table.MOVES[one[3]].evidence}") for one in stays}
    assert feet == said


SVG = "{http://www.w3.org/2000/svg}"
LETTER = {"title": 12.5, "name": 9.0, "soft": 6.4, "note": 6.8, "mono": 7.55}
"""The width of a letter in each kind of text, in a wide font."""


@pytest.fixture
def drawn(tool):
    return ElementTree.fromstring(tool.PAGES["registration-states.svg"]())


def test_the_picture_has_a_name_and_says_itself_in_words(drawn):
    assert drawn.find(f"{SVG}title").text
    assert all(status in drawn.find(f"{SVG}desc").text for status in STATUSES)


def test_no_words_lie_on_others_or_beside_the_picture(drawn):
    found = [_place(one) for one in drawn.iter(f"{SVG}text")]
    for (one, a, b, y), (other, c, d, z) in combinations(found, 2):
        assert b <= c or d <= a or abs(y - z) >= 12, (one, other)
    assert all(0 < a < b < int(drawn.get("width")) and y < int(drawn.get("height")) for _, a, b, y in found)


def test_words_in_a_card_stay_in_it(drawn, picture):
    found = [_place(one) for one in drawn.iter(f"{SVG}text")]
    for card in picture.CARDS.values():
        for said, a, b, y in found:
            if card.x < a < card.x + card.width and card.y < y < card.y + card.height + 9:
                assert b < card.x + card.width, said
                assert y < card.y + card.height - 3, said


def test_no_arrow_runs_through_words_or_cards(drawn, picture):
    """Except that arrows of the rules enter the card of their own status, at its edge."""
    words = [_place(one) for one in drawn.iter(f"{SVG}text")]
    for route in picture.ROUTES.values():
        for (ax, ay), (bx, by) in zip(route.corners, route.corners[1:], strict=False):
            left, right, top, low = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
            hit = [said for said, a, b, y in words if left < b and a < right and top < y + 2 and y - 9 < low]
            assert hit == [], route
            inner = [
                name
                for name, card in picture.CARDS.items()
                if left < card.x + card.width and card.x < right and top < card.y + card.height and card.y < low
            ]
            assert inner == [], route


def _place(one):
    """The words, from where to where they reach, and their height on the page."""
    title = one.find(f"{SVG}title")
    said = ((one.text or "") if title is None else title.tail).rstrip()
    x, width = int(one.get("x")), len(said) * LETTER[one.get("class").split()[0]]
    start = {"start": x, "middle": x - width / 2, "end": x - width}[one.get("text-anchor", "start")]
    return said, start, start + width, int(one.get("y"))


# The words that no table holds


def test_the_words_are_those_of_the_code(words, picture):
    assert tuple(words.STATUSES) == STATUSES
    assert set(words.WHO) == {row.who for row in TABLE} == set(picture.COLOURS) - {"rules"}
    assert set(words.DOES) == {rule.does for rule in RULES.values()}
    assert list(words.TERMS) == [column.name for column in fields(ClaimTerms) if column.init]
    assert set(picture.CARDS) == {words.NEW, picture.RULES, *STATUSES}
    assert list(picture.BOXES) == list(words.groups())
    public = {name for name in registrations.__all__ if name.islower()}
    assert {call.partition("(")[0] for call in words.CALLS} == public
    values = {name for name in registrations.__all__ if name[0].isupper() and not name.isupper()}
    assert {kind.__name__ for kind in words.VALUES} == values - {"Row", "Rule"}


def test_every_route_is_used(picture):
    assert set(picture.ROUTES) == {(one.source, one.target, one.who) for one in picture.arrows()}


def test_the_calls_take_what_the_page_says(words):
    for call in words.CALLS:
        name, _, given = call.partition("(")
        taken = inspect.signature(getattr(registrations, name)).parameters.values()
        said = [word.strip() for word in given.rstrip(")").split(",")]
        assert [word.rstrip("=") for word in said] == [one.name for one in taken]
        assert [word.endswith("=") for word in said] == [one.kind is one.KEYWORD_ONLY for one in taken]


def test_the_defaults_are_those_of_the_terms(words):
    said = {name: words.default_of(name) for name in words.TERMS}
    assert (said["protects"], said["extensions"], said["auto_approve"]) == ("90d", "1", "false")
    assert (said["activity_within"], said["needs_evidence"], said["credit"]) == ("off", "none", "0")
