"""Codes are read, compared and carried over by one version of one tree, and never by guessing."""

import copy
import csv
import gzip
import importlib.util
import itertools
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting import taxonomy
from dealerrouting.errors import PlanError
from dealerrouting.tables import nace

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[1]
SECTORS = ROOT.parent / "shared" / "data" / "sectors"
OLD, NEW = taxonomy.taxonomy("nace-2"), taxonomy.taxonomy("nace-2.1")
VERSIONS = (OLD, NEW)

hostile = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text("C025.6 \x00\u200f\u0301２５\ud800:-", max_size=12),
    st.sampled_from(
        [
            "9" * 10**6,
            "C" * 10**6,
            " " * 10**6,
            "1\u0301" * 2000,
            "\ud800",
            "\x00",
            "C\x0025",
            "\u202eC25",
            "２５",
            "2\u00b25",
        ]
    ),
)


def rows(name):
    path = SECTORS / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Laws, as plain functions so that tests/faults can show that they bite


def check_writings(code, tree, other):
    letter, digits = tree.ancestors(code)[-1], code
    if code.isalpha():
        writings = [code, code.lower(), f" {code} "]
    else:
        dotted = f"{digits[:2]}.{digits[2:]}" if len(digits) > 2 else digits
        writings = [
            digits,
            dotted,
            f"{letter}{digits}",
            f"{letter}{dotted}",
            f"{letter} {dotted}",
            f"{letter.lower()}{dotted} ",
        ]
        for wrong in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if wrong != letter:
                assert tree.read(f"{wrong}{dotted}") is None
        if digits.startswith("0"):
            assert tree.read(digits[1:]) != code
            assert tree.read(dotted[1:]) != code
    for written in writings:
        assert tree.read(written) == code, written
    assert tree.read(tree.display(code)) == code
    # What the other version makes of it is its own reading: the same digits in its own section, or nothing.
    assert other.read(tree.display(code)) in {None, code}


def check_no_mix():
    assert OLD.read("47.81") == NEW.read("47.81") == "4781"
    assert taxonomy.translate("4781", OLD, NEW) is None
    assert taxonomy.translate("4781", NEW, OLD) is None
    assert set(taxonomy.counterparts("4781", NEW, OLD)) == {"4511", "4519"}
    assert "4781" not in taxonomy.counterparts("4781", OLD, NEW)
    assert OLD.read("J62") == "62"
    assert NEW.read("J62") is None
    assert NEW.read("K62") == "62"
    assert OLD.read("45") == "45"
    assert NEW.read("45") is None


def check_translation(source, target):
    """Sound and complete against the definition, looking at one pair of classes after the other."""
    leaves = {leaf: source.ancestors(leaf) for leaf in source.codes() if len(source.ancestors(leaf)) == 4}
    for code in source.codes():
        classes = [leaf for leaf, above in leaves.items() if code in above]
        homes = set()
        for leaf in classes:
            meets = taxonomy.counterparts(leaf, source, target)
            homes |= {target.ancestors(other)[-len(source.ancestors(code))] for other in meets} if meets else {None}
        want = next(iter(homes)) if len(homes) == 1 else None
        assert taxonomy.translate(code, source, target) == want, code


def check_under(tree, above):
    """`above`: for each code the set of codes strictly above it."""
    for code, other in itertools.product(above, repeat=2):
        want = True if other == code or other in above[code] else None if code in above[other] else False
        assert tree.under(code, other) is want


# The shipped versions


@pytest.mark.parametrize(("tree", "name"), [(OLD, "nace_rev2"), (NEW, "nace_rev2_1")])
def test_codes_and_parents_are_those_published(tree, name):
    assert dict(tree.parents) == {row["code"]: row["parent"] or None for row in rows(name)}


def test_counterparts_are_those_published_on_every_level():
    pairs = {(row["nace_rev2_1"], row["nace_rev2"]) for row in rows("nace_rev2_1_to_rev2")}
    assert pairs == {(code, other) for code in NEW.codes() for other in taxonomy.counterparts(code, NEW, OLD)}
    assert pairs == {(other, code) for code in OLD.codes() for other in taxonomy.counterparts(code, OLD, NEW)}


def test_tables_are_as_generated():
    if not SECTORS.exists():
        pytest.skip("the data that the tables are made from is not here")
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "tools" / "make_tables.py")
    tools = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tools)
    for name, text in (("nace.py", tools.nace()), ("freemail.py", tools.freemail())):
        assert (tools.TABLES / name).read_text(encoding="utf-8") == text
        assert max(map(len, text.splitlines())) <= 110


def test_shipped_by_id_only():
    assert [taxonomy.taxonomy(name).id for name in taxonomy.SHIPPED] == ["nace-2", "nace-2.1"]
    assert taxonomy.taxonomy("nace-2") is OLD
    assert taxonomy.taxonomy("NACE-2") is taxonomy.taxonomy("sbi-2008") is taxonomy.taxonomy("") is None
    assert taxonomy.DATA_VERSION == nace.VERSION
    assert nace.VERSION.startswith("nace-2+2.1/")


@pytest.mark.parametrize(("tree", "other"), [VERSIONS, VERSIONS[::-1]])
def test_every_code_is_read_in_every_usual_writing(tree, other):
    for code in tree.codes():
        check_writings(code, tree, other)


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "25.", "C.", "C25.", "25.6.1", "2 5", "256.1", "1131", "1.13", "0", "00", "99999", "C2561 X", "-25",
     "+25", "25,6", "２５", "2²", "٢٥", "C-25", "nace-2:25", "AA", "W", "25.60", None,
     25, 25.6, 2561, True, b"25", ["25"]],
)  # fmt: skip
@pytest.mark.parametrize("tree", VERSIONS)
def test_never_guesses(tree, text):
    assert tree.read(text) is None


@given(hostile)
def test_reads_any_text_without_raising(text):
    for tree in VERSIONS:
        code = tree.read(text)
        assert code is None or tree.read(tree.display(code)) == code
    taxonomy.near(text, NEW)


def test_versions_are_not_mixed_up():
    check_no_mix()


def test_too_coarse_to_tell():
    assert NEW.under("2561", "C") is True
    assert NEW.under("C", "2561") is None
    assert NEW.under("25", "25") is True
    assert NEW.under("25", "26") is False
    assert NEW.under("A", "C") is False
    assert NEW.under("unknown", "C") is False
    assert NEW.under("C", "unknown") is False


@pytest.mark.parametrize("tree", VERSIONS)
def test_tree(tree):
    assert tree.ancestors("2561") == ("2561", "256", "25", "C")
    assert "".join(tree.children()) == "ABCDEFGHIJKLMNOPQRSTUV"[: len(tree.children())]
    assert tree.children("25")[:2] == ("251", "252")
    assert tree.children("2561") == tree.children("unknown") == ()
    assert tree.display("2561") == "C25.61"
    assert tree.display("01") == "A01"
    assert tree.display("A") == "A"
    assert list(tree.codes()) == sorted(tree.codes())
    for code in tree.codes():
        assert all(tree.parents[child] == code for child in tree.children(code))


# From one version to the other


@pytest.mark.parametrize(("source", "target"), [VERSIONS, VERSIONS[::-1]])
def test_translates_only_what_has_one_home(source, target):
    check_translation(source, target)


@pytest.mark.parametrize(
    ("code", "source", "target", "want"),
    [
        ("0112", OLD, NEW, "0112"),
        ("62", OLD, NEW, "62"),
        ("J", OLD, NEW, None),
        ("K", OLD, NEW, "L"),
        ("45", OLD, NEW, None),
        ("4511", OLD, NEW, None),
        ("4689", NEW, OLD, None),  # without a counterpart,
        ("468", NEW, OLD, None),  # so neither what contains it,
        ("G", NEW, OLD, None),  # although the rest of it has one home
        ("2561", OLD, OLD, "2561"),
        ("9999", OLD, OLD, None),
        ("9999", OLD, NEW, None),
        ("", NEW, OLD, None),
    ],
)
def test_translations(code, source, target, want):
    assert taxonomy.translate(code, source, target) == want


def test_translates_between_shipped_versions_only():
    own = taxonomy.make("own", {"25": None})
    assert taxonomy.translate("25", own, own) == "25"
    assert taxonomy.translate("25", own, NEW) is taxonomy.translate("25", NEW, own) is None
    assert taxonomy.counterparts("25", own, NEW) == taxonomy.counterparts("25", NEW, NEW) == ()


# A caller's own


@st.composite
def trees(draw):
    codes = draw(
        st.lists(
            st.text("abzÄ.25 ", min_size=1, max_size=4).map(str.strip).filter(bool), min_size=1, max_size=9, unique=True
        )
    )
    return {code: draw(st.sampled_from([None, *codes[:at]])) for at, code in enumerate(codes)}


@given(trees(), st.randoms(use_true_random=False))
def test_own_tree_against_its_closure(parents, random):
    tree = taxonomy.make("acme-segments-3", parents)
    above = {}
    for code, parent in parents.items():  # parents come before their children
        above[code] = set() if parent is None else {parent} | above[parent]
    check_under(tree, above)
    for code, codes in above.items():
        assert tree.ancestors(code)[0] == tree.read(f" {code}\t") == tree.display(code) == code
        assert set(tree.ancestors(code)[1:]) == codes
    items = list(parents.items())
    random.shuffle(items)
    same = taxonomy.make("acme-segments-3", dict(items))
    assert same == tree
    assert hash(same) == hash(tree)
    assert list(same.parents) == list(tree.parents)
    assert taxonomy.make("other", parents) != tree


@pytest.mark.parametrize("tree", [OLD, taxonomy.make("own", {"a": None, "b": "a"})])
def test_values(tree):
    assert pickle.loads(pickle.dumps(tree)) == copy.deepcopy(tree) == tree
    assert {tree: 1}[copy.copy(tree)] == 1
    with pytest.raises(TypeError):
        tree.parents["x"] = None


def test_own_codes_are_exact():
    tree = taxonomy.make("own", {"A": None, "a1": "A", "25.6": "A"})
    assert [tree.read(text) for text in ("A", " a1 ", "a", "A1", "256", "25.6", 25.6, "A" * 2000)] == [
        "A", "a1", None, None, None, "25.6", None, None,
    ]  # fmt: skip


def test_changing_the_callers_mapping_changes_nothing():
    parents = {"a": None}
    tree = taxonomy.make("own", parents)
    parents["b"] = "a"
    assert tree.codes() == ("a",)


@pytest.mark.parametrize(
    ("name", "codes", "said"),
    [
        ("own", {}, ["has 0 codes"]),
        ("own", {str(n): None for n in range(taxonomy.MAX_NODES + 1)}, ["has 10001 codes"]),
        ("own", [], ["no mapping"]),
        ("own", {"a": "b"}, ["`a` is part of `b`", "not among"]),
        ("own", {"steel": None, "bars": "stel"}, ["did you mean `steel`?"]),
        ("own", {"a": "a"}, ["`a` > `a` is a cycle"]),
        ("own", {"a": "b", "b": "c", "c": "a", "d": "a"}, ["is a cycle"]),
        ("own", {"": None, " a": None, "a;b": None, "a:b": None, "\x00": None, "\ud800": None}, ["is no code"] * 6),
        ("own", {"x" * 65: None}, ["is no code"]),
        ("own", {1: None}, ["a value of type `int` is no code"]),
        pytest.param("own", {"a": 10**5000}, ["the parent of `a`", "type `int`"], id="huge"),
        ("own", {str(n): str(n - 1) if n else None for n in range(33)}, ["more than 32 levels deep"]),
        ("nace-2", {"a": None}, ["in the package"]),
        ("a:b", {"a": None}, ["is no id"]),
        ("", {"a": "b"}, ["is no id", "not among"]),
        (None, {"a": None}, ["is no id"]),
    ],
)  # fmt: skip
def test_faults(name, codes, said):
    with pytest.raises(PlanError) as caught:
        taxonomy.make(name, codes)
    text = str(caught.value)
    for part in said:
        assert part in text
        text = text.replace(part, "", 1)
    assert all(fault.path[0] in {"id", "codes"} for fault in caught.value.faults)
    assert len(str(caught.value)) < 10_000


def test_all_faults_at_once():
    with pytest.raises(PlanError) as caught:
        taxonomy.make("nace-2", {"a": "x", "b": "y", "c": "c", "d": "e", "e": "d"})
    assert [fault.path for fault in caught.value.faults] == [
        ("id",), ("codes", "a"), ("codes", "b"), ("codes", "c"), ("codes", "d"),
    ]  # fmt: skip


def test_deepest_tree():
    tree = taxonomy.make("own", {f"{n:02}": f"{n - 1:02}" if n else None for n in range(taxonomy.MAX_DEPTH)})
    assert len(tree.ancestors("31")) == taxonomy.MAX_DEPTH
    assert tree.under("31", "00") is True


def test_unchecked_cycle_ends():
    assert len(taxonomy.Taxonomy("raw", {"a": "b", "b": "a"}).ancestors("a")) == taxonomy.MAX_DEPTH


# Qualified codes and cures


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("nace-2:47.81", ("nace-2", "47.81")),
        (" nace-2.1 : C 25 ", ("nace-2.1", "C 25")),
        ("47.81", (None, "47.81")),
        (" 47.81 ", (None, "47.81")),
        ("a:b:c", ("a", "b:c")),
        (":25", (None, "25")),
        ("nace-2:", ("nace-2", "")),
        ("", (None, "")),
        (None, (None, "")),
        (25, (None, "")),
    ],
)
def test_split(text, want):
    assert taxonomy.split(text) == want


@given(hostile)
def test_splits_any_text(text):
    version, code = taxonomy.split(text)
    assert code == code.strip()
    assert version or version is None
    assert len(code) <= len(text)


@pytest.mark.parametrize(
    ("text", "tree", "said"),
    [
        ("45.11", NEW, ["`G45.11` is a code of nace-2", "in nace-2.1", "`G47.81`"]),
        ("J62", NEW, ["`J62` is a code of nace-2", "another section: `K62`"]),
        ("46.89", OLD, ["is a code of nace-2.1", "corresponds to nothing"]),
        ("113", NEW, ["leading zero", "`A01.13`"]),
        ("C25.65", OLD, ["did you mean `C25."]),
        ("25.65", OLD, ["did you mean `25."]),
        ("X25.61", NEW, ["another section: `C25.61`"]),
        ("zzzz", NEW, ["known here"]),
        (25, NEW, ["as text"]),
        pytest.param(10**5000, NEW, ["as text"], id="huge"),
        ("stel", taxonomy.make("own", {"steel": None}), ["did you mean `steel`?"]),
    ],
)
def test_cures(text, tree, said):
    cure = taxonomy.near(text, tree)
    assert all(part in cure for part in said), cure
    assert "\n" not in cure


def test_no_cure_for_what_is_well():
    assert taxonomy.near("C25.61", NEW) == ""
