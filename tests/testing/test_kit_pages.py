"""The pages on the kit name what there is: every law with its number and sentence, every strategy."""

import re
from pathlib import Path

import pytest

from dealerrouting.testing import laws, strategies

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "strategies-and-laws.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the pages are not beside these tests")


def test_every_law_is_in_the_table():
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(str(law.number), law.name, law.text) for law in laws.LAWS]


def test_every_strategy_is_named():
    named = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8")))
    assert [name for name in strategies.__all__ if name not in named] == []
