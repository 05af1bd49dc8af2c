"""The checks of taxonomies turn red on planted faults."""

import importlib.util
from pathlib import Path

import pytest

from dealerrouting import taxonomy
from dealerrouting.taxonomy import Taxonomy

pytestmark = pytest.mark.pure

SPEC = importlib.util.spec_from_file_location("taxonomy_checks", Path(__file__).parents[1] / "test_taxonomy.py")
CHECKS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECKS)
OLD, NEW = CHECKS.VERSIONS

READ, UNDER, TRANSLATE = Taxonomy.read, Taxonomy.under, taxonomy.translate


def ignores_the_letter(self, text):
    return READ(self, text.strip()[1:]) if text.strip()[:1].isalpha() and len(text.strip()) > 1 else READ(self, text)


def repairs_zeros(self, text):
    return READ(self, text) or READ(self, f"0{text}")


def one_letter_case(self, text):
    return None if text[:1].islower() else READ(self, text)


@pytest.mark.parametrize("planted", [ignores_the_letter, repairs_zeros, one_letter_case])
def test_reading(monkeypatch, planted):
    CHECKS.check_writings("0113", NEW, OLD)
    monkeypatch.setattr(Taxonomy, "read", planted)
    with pytest.raises(AssertionError):
        CHECKS.check_writings("0113", NEW, OLD)


def same_digits(code, source, target):
    return code if code in target.parents else None


def first_counterpart(code, source, target):
    return next(iter(taxonomy.counterparts(code, source, target)), None)


def forgets_what_is_lost(code, source, target):
    meets = taxonomy.counterparts(code, source, target)
    return meets[0] if len(meets) == 1 else None


@pytest.mark.parametrize("planted", [same_digits, first_counterpart, forgets_what_is_lost])
def test_translating(monkeypatch, planted):
    CHECKS.check_translation(NEW, OLD)
    monkeypatch.setattr(taxonomy, "translate", planted)
    with pytest.raises(AssertionError):
        CHECKS.check_translation(NEW, OLD)


@pytest.mark.parametrize("planted", [same_digits, first_counterpart])
def test_mixing_versions(monkeypatch, planted):
    CHECKS.check_no_mix()
    monkeypatch.setattr(taxonomy, "translate", planted)
    with pytest.raises(AssertionError):
        CHECKS.check_no_mix()


def never_unknown(self, code, ancestor):
    return UNDER(self, code, ancestor) or False


def by_prefix(self, code, ancestor):
    return True if code.startswith(ancestor) else None if ancestor.startswith(code) else False


@pytest.mark.parametrize("planted", [never_unknown, by_prefix])
def test_comparing(monkeypatch, planted):
    tree = taxonomy.make("own", {"a": None, "b": "a", "bc": None})
    above = {"a": set(), "b": {"a"}, "bc": set()}
    CHECKS.check_under(tree, above)
    monkeypatch.setattr(Taxonomy, "under", planted)
    with pytest.raises(AssertionError):
        CHECKS.check_under(tree, above)
