"""A national register, its names of before as claims and those of today as leads, through `route` itself."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("rapidfuzz")
ROOT = Path(__file__).parents[2]
BENCH, DATA = ROOT / "benchmarks" / "register.py", ROOT.parent / "shared" / "data" / "company_names"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BENCH.exists(), reason="the benchmarks are not beside these tests"),
    pytest.mark.skipif(not DATA.exists(), reason="../shared/data/company_names is not here"),
]


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("register_bench", BENCH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_by_number_every_renamed_company_is_found(bench):
    found = bench.asked("by number")
    assert found.routed.total() == len(bench.changes()) == 364
    assert (found.false, found.false_shown) == ([], [])


@pytest.mark.parametrize(
    ("way", "false"),
    [
        ("by name, own postcode", []),
        # It is Qualinx Holding now, and another company has the name; at one address only the number could tell.
        ("by name, one postcode", [("62571591", "Qualinx B.V.", "91057876 'Qualinx B.V.'")]),
    ],
)
def test_without_numbers_only_what_is_written_otherwise_is_found(bench, way, false):
    found = bench.asked(way)
    assert found.routed == {"ampersand_or_spacing": 314}
    # A foundation that had been without its form, and a company that became one of another form.
    assert found.shown == {"legal_form_or_punctuation": 2}
    assert (found.false, found.false_shown) == (false, [])
