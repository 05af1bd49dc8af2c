"""What names find and what they merge, on labelled pairs and a country's register: the figures of the benchmark."""

import importlib.util
import sys
from pathlib import Path

import pytest

from dealerrouting import identity

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "company_names"
BENCH = ROOT / "benchmarks" / "identity.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="../shared/data/company_names is not here"),
    pytest.mark.skipif(not BENCH.exists(), reason="the benchmarks are not beside these tests"),
]

# Two companies of the register with one name. The first of a pair may be without its legal form; nothing else
# tells these apart but the number, and none of them share an address.
MERGED = {
    ("Actually Design", "Actually Design B.V."),
    ("Avans Hogeschool", "Avans Hogeschool B.V."),
    ("COFRA Amsterdam", "Cofra Amsterdam B.V."),
    ("DXC Technology", "DXC Technology"),
    ("Dentons Europe LLP", "Dentons Europe LLP"),
    ("Internationale School Eerde", "Internationale School Eerde B.V."),
    ("Newtone Audit", "Newtone Audit N.V."),
    ("Satelligence B.V.", "Satelligence B.V."),
    ("The Chiropractor", "The Chiropractor B.V."),
    ("WORKS B.V.", "Works B.V."),
}


@pytest.fixture(scope="module")
def bench():
    pytest.importorskip("rapidfuzz")
    spec = importlib.util.spec_from_file_location("identity_figures", BENCH)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "identity_figures", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def figures(bench):
    return {title: bench.SETS[title]() for title in bench.SETS}


def together(bench, figures, *parts):
    return sum((figures[title][part] for title in bench.COUNTED for part in parts), bench.Figures())


@pytest.mark.parametrize("half", ["A", "B"])
def test_recall_and_precision_of_each_half(bench, figures, half):
    found = together(bench, figures, half)
    assert found.recall >= 0.86
    # Equal names with two legal forms are for a person on purpose, and counted below.
    others = sum(result != bench.FORM for *_, result in found.false)
    assert found.found / (found.found + others) >= 0.998


def test_recall_and_precision_of_the_whole(bench, figures):
    found = together(bench, figures, "A", "B", "across")
    assert found.recall >= 0.86
    assert found.precision >= 0.998
    assert [(a.text, b.text, result) for a, b, result in found.false] == [("Stanton LLC", "Stanton\x11PLC", bench.FORM)]


def test_nothing_that_routes_is_false(bench, figures):
    for halves in figures.values():
        assert all(result != bench.ROUTES for found in halves.values() for *_, result in found.false)


def test_all_as_if_at_one_place(bench, figures):
    """500 names with few surnames, all at one postcode: the only thing worse is the same name to the letter."""
    false = [pair for found in figures["typing errors, one place"].values() for pair in found.false]
    assert {
        (a.row, b.row) for a, b, result in false if result == bench.ALIKE and not bench.RENAMED & {a.row, b.row}
    } == {("254", "207")}
    assert sum(result == bench.FORM for *_, result in false) == 6
    assert len(false) == 12


def test_the_register_under_its_names_before(bench, figures):
    found = sum(figures["register, names before"].values(), bench.Figures())
    assert found.same == {bench.ROUTES: 314, bench.FORM: 2}
    assert found.false == []


def test_hints_lose_nothing_that_is_found(figures):
    assert all(found.blocked == 0 for halves in figures.values() for found in halves.values())


def test_other_names_are_not_found(bench):
    """Names that changed in a word are not the same name; the company's number finds them."""
    assert sum(bench.changes(["partial_change", "rebrand"]).values(), bench.Figures()).found == 0


def test_false_merges_of_the_register(bench):
    assert {(a.text, b.text) for a, b in bench.merges()} == MERGED


def test_the_benchmark_says_what_match_says(bench, figures):
    """The outcomes are those of `identity.match` for companies at one postcode."""
    strengths = {bench.ROUTES: "name", bench.ALIKE: "alike", bench.FORM: "alike", bench.MISSED: None}
    pairs = [(a, b) for found in figures["typing errors, one place"].values() for a, b, _ in found.false]
    pairs += list(bench.merges())
    rows = bench.rows("synthetic_typos")
    pairs += [(bench.name(row["id"], row["name"]), bench.name(row["id"], row["name_perturbed"])) for row in rows]
    for a, b in pairs:
        one, other = (identity.identify(country="NL", name=name.text, postcode="1011AB") for name in (a, b))
        if min(len(name.called.folded.bare) for name in (a, b)) > 2:
            assert identity.match(one, other, fuzzy=True).strength == strengths[bench.outcome(a.called, b.called)], (
                a,
                b,
            )
