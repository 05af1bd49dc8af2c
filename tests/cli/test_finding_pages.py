"""Every code has a page, a place in the index and words in every language; and no page is of nothing."""

from importlib import import_module
from pathlib import Path

import pytest

from dealerrouting.catalogues import en
from dealerrouting.telling import LANGUAGES
from dealerrouting.verify import CODES, LEVELS

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "findings"
INDEX = (PAGES / "index.md").read_text("utf-8").splitlines() if PAGES.exists() else []
pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the pages are not beside these tests")
CAN_BE_SUPPRESSED = set(CODES) - {"broken-promise", "unknown-region", "unused-suppression"}


def page(code):
    return (PAGES / f"{code.code}.md").read_text("utf-8")


def test_there_is_a_page_for_every_code_and_for_nothing_else():
    assert {path.stem for path in PAGES.glob("*.md")} == {code.code for code in CODES.values()} | {"index"}


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_page_says_what_why_and_what_to_do_with_an_example_that_shows_it(code):
    text = page(code)
    assert text.startswith(f"# {code.code} {code.name}\n\nLevel: {code.level}. ")
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == ["## Why it is bad", "## Example", "## What to do"]
    example = text.split("```python")[1].split("```")[0]
    assert "assert " in example
    assert code.code in example or f'"{code.name}"' in example or "verify.unreachable" in example
    assert (f"{{finding: {code.name}, at: " in text) == (code.name in CAN_BE_SUPPRESSED)


def test_the_index_has_every_code_in_order():
    rows = [line.split("|") for line in (PAGES / "index.md").read_text("utf-8").splitlines() if line.startswith("| [")]
    assert [(row[1].strip(), row[2].strip(), row[3].strip()) for row in rows] == [
        (f"[{code.code}]({code.code}.md)", f"`{code.name}`", code.level)
        for code in sorted(CODES.values(), key=lambda code: code.code)
    ]


@pytest.mark.parametrize("row", [line for line in INDEX if line.startswith("| [")], ids=lambda row: row[3:8])
def test_a_row_of_the_index_says_in_short_what_its_code_says(row):
    """Its words are more like those of its own sentence than like those of any other."""
    _, _, name, _, short, _ = (cell.strip("` ") for cell in row.split("|"))
    alike = {other: len(words(short) & words(en.MESSAGES[f"finding.{other}"])) for other in CODES}
    assert alike[name] == max(alike.values()) > 0


def words(text):
    return {word.strip(".,:-").lower() for word in text.split()} - {"the", "a", "an", "is", "by", "of"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_and_level_has_words(lang):
    words = import_module(f"dealerrouting.catalogues.{lang}").MESSAGES
    assert {name for name in words if name.startswith("finding.")} == {f"finding.{n}" for n in CODES} | {
        "finding.tried"
    }
    assert {name for name in words if name.startswith("level.")} == {f"level.{level}" for level in LEVELS}
