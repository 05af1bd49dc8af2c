"""Every Python block in the README and the docs runs, each page from top to bottom."""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SYBIL = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()], path=str(ROOT), patterns=["**/*.md"])

settings.register_profile("pages", deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def unhurried():
    """However busy the machine is: the pages' own tests say nothing of time."""
    before = settings.get_current_profile_name()
    settings.load_profile("pages")
    yield
    settings.load_profile(before)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="the pages are not beside these tests")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs(page):
    with contextlib.redirect_stdout(io.StringIO()):
        for example in SYBIL.parse(page):
            example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    if not page.exists():
        pytest.skip("the pages are not beside these tests")
    text = page.read_text("utf-8")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    local = [target.split("#")[0] for target in targets if not target.startswith(("http", "#"))]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing
