"""Text to plain data: what each format means, what it refuses, and where in the file it says so."""

import csv
import io
import json
import os
import random
import sys
import tomllib
from decimal import Decimal
from math import copysign
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dealerrouting.documents import csv_text, files, json_text, yaml_text
from dealerrouting.documents.csv_text import Row, read_header, read_table
from dealerrouting.documents.files import beside, bytes_of, silent, table_text, text_of
from dealerrouting.documents.json_text import read_json
from dealerrouting.documents.places import Unreadable
from dealerrouting.documents.scalars import MOST_DIGITS, number, plain
from dealerrouting.documents.toml_text import read_toml
from dealerrouting.documents.yaml_text import read_yaml
from dealerrouting.errors import MissingExtra
from quick import upto

pytestmark = pytest.mark.pure

quick = settings(max_examples=upto(80), deadline=None)


# Checks, also for tests/faults


def check_same(found, meant):
    """Equal, and of the same type: 1, 1.0, True and Decimal(1) are not the same."""
    assert (type(found), repr(found)) == (type(meant), repr(meant))


def check_word(text, meant):
    """One unquoted word, by itself and wherever YAML lets it stand."""
    check_same(plain(text), meant)
    if text and text == text.strip() and not text.startswith(("- ", "? ")):
        check_same(read_yaml(f"- {text}\n").data, [meant])
        if "," not in text:
            check_same(read_yaml(f"{{a: {text}}}").data, {"a": meant})
        check_same(read_yaml(f"- '{text}'\n- \"{text}\"\n").data, [text, text])


def said(read, text):
    """What is noted of parts of the text, each with the line and column where it stands."""
    found = read(text)
    places = [found.keys.get(trail) or found.marks.get(trail) for trail, _, _ in found.wrong]
    return [(place, what) for place, (_, what, _) in zip(places, found.wrong, strict=True)]


def check_noted(read, text, data, *notes):
    """Parts that stand for nothing: the rest is read, and each is said with its place."""
    check_same(read(text).data, data)
    found = said(read, text)
    assert [place for place, _ in found] == [place for place, _ in notes]
    for (_, what), (_, words) in zip(found, notes, strict=True):
        assert words in what


def check_refused(read, text, mark, words):
    """Not readable at all from `mark` on."""
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert (caught.value.mark, words in caught.value.what) == (mark, True), caught.value.what
    assert caught.value.cure


# Words

LONGEST = "9" * MOST_DIGITS
WORDS = [
    *((word, None) for word in ("", "~", "null")),
    ("true", True),
    ("false", False),
    ("0", 0),
    ("-0", 0),
    ("7", 7),
    ("-12", -12),
    (LONGEST, int(LONGEST)),
    ("-" + LONGEST, -int(LONGEST)),
    ("0.5", 0.5),
    ("-0.0", -0.0),
    ("1.50", 1.5),
    ("1.5e3", 1500.0),
    ("1.0E+3", 1000.0),
    ("2.5e-3", 0.0025),
    ("51.9225", 51.9225),
    ("0.1000000000000000055", Decimal("0.1000000000000000055")),
    ("9007199254740993.0", Decimal("9007199254740993.0")),
]
TEXTS = """01067 00 007 -01 00.5 01.5 NO no No yes on off Y True TRUE False Null NULL None .5 1. -.5 +1 +0.5 1e5 1E5 1e400
    0x1F 0o17 0b1 1_000 12:30 12:30:45 190:20:30 2027-01-01 2027-01-01T09:00:00+01:00 1.2.3 1,5 1.5e 1.5e+ 1.5e1.5 1.-5
    .inf .nan nan inf Infinity -- 1-2 12a 3011AB １２ ² 1.² 1.5e² ٣ -x = =1 << ...x""".split()


@pytest.mark.parametrize(("text", "meant"), [*WORDS, *((text, text) for text in TEXTS if text not in ("--", "<<"))])
def test_an_unquoted_word(text, meant):
    check_word(text, meant)


def test_a_negative_zero_keeps_its_sign():
    assert copysign(1, plain("-0.0")) == -1


@pytest.mark.parametrize("text", ["9" * 41, "-" + "9" * 41, "9" * 5_000, "0." + "1" * 39, "1.0e400", "-1.0e4000000"])
def test_numbers_beyond_the_bounds_are_refused_not_rounded(text):
    with pytest.raises(ValueError, match=r"more than 40 digits|beyond all bounds"):
        plain(text)
    check_noted(read_yaml, f"a: {text}", {"a": None}, ((1, 1), "`"))
    assert read_yaml(f"a: '{text}'").data == {"a": text}
    check_noted(read_json, f'{{"a": {text}}}', {"a": 0}, ((1, 2), "`"))


@quick
@given(st.text(st.sampled_from("0123456789.-+eE_x:²１ "), max_size=12))
def test_a_word_is_a_number_only_where_json_says_so(text):
    """The reference: the standard reader of JSON, but for a power without a point."""
    try:
        meant = json.loads(text) if text == text.strip() else None
    except ValueError:
        meant = None
    if isinstance(meant, float) and "." not in text:
        meant = None
    try:
        found = number(text)
    except ValueError:
        assert meant in (float("inf"), float("-inf"))
        return
    assert (found is None) == (meant is None)
    assert meant is None or float(found) == float(meant)


@quick
@given(st.one_of(st.integers(-(10**39), 10**39), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_what_python_writes_is_read_back(value):
    text = json.dumps(value)
    check_same(read_json(text).data, value)
    if "e" not in text or "." in text:
        check_same(read_yaml(text).data, value)


# YAML


YAML = """\
# a plan
name: "two words"
empty:
list: [1, {b: NO}, []]
block:
- 01067
-
  c: 'x: y'
long: >-
  one
  two
"""
YAML_DATA = {
    "name": "two words",
    "empty": None,
    "list": [1, {"b": "NO"}, []],
    "block": ["01067", {"c": "x: y"}],
    "long": "one two",
}


def test_yaml_says_where_everything_stands():
    found = read_yaml(YAML)
    check_same(found.data, YAML_DATA)
    assert found.wrong == ()
    assert {trail: found.keys[trail] for trail in [("name",), ("list", 1, "b"), ("block", 1, "c")]} == {
        ("name",): (2, 1),
        ("list", 1, "b"): (4, 12),
        ("block", 1, "c"): (8, 3),
    }
    trails = [(), ("name",), ("list",), ("list", 0), ("list", 1, "b"), ("block", 0), ("block", 1), ("long",)]
    marks = [(2, 1), (2, 7), (4, 7), (4, 8), (4, 15), (6, 3), (8, 3), (9, 7)]
    assert [found.marks[trail] for trail in trails] == marks


YAML_NOTED = [
    ("a: 1\nb: 2\na: 3\n", {"a": 1, "b": 2}, ((3, 1), "`a` comes twice, first on line 1")),
    ("'a': 1\na: 2", {"a": 1}, ((2, 1), "`a` comes twice")),
    ("a: {b: 1, b: {x: 1}, c: 2}", {"a": {"b": 1, "c": 2}}, ((1, 11), "`b` comes twice")),
    ("a: 1\na: [x, {y: z}]\nb: 2", {"a": 1, "b": 2}, ((2, 1), "`a` comes twice")),
    ("a:\n  <<: {b: 1}\n  c: 2", {"a": {"c": 2}}, ((2, 3), "merge keys (`<<`) are not read")),
    ("a: &x 1\nb: 2", {"a": 1, "b": 2}, ((1, 1), "anchors (`&x`) are not read")),
    ("a: &x [1]\nb: *x", {"a": [1], "b": None}, ((1, 1), "anchors"), ((2, 1), "aliases (`*x`) are not read")),
    ("- !!str 1\n- !own {b: 1}", [1, {"b": 1}], ((1, 3), "tags"), ((2, 3), "tags (`!own`) are not read")),
    ("a: !!python/object/apply:os.system [ls]", {"a": ["ls"]}, ((1, 1), "tags")),
    ("!!str a: 1\nb: 2", {"b": 2}, ((1, 1), "tags and anchors are not read, as at `a`")),
    ("&k a: 1\nb: 2", {"b": 2}, ((1, 1), "tags and anchors")),
    ("1: x\nb: 2", {"b": 2}, ((1, 1), "`1` is not text")),
    ("true: x\nnull: y\n1.5: z", {}, *(((line, 1), "is not text") for line in (1, 2, 3))),
    ("{~: 1}", {}, ((1, 2), "is not text")),
    ("9" * 50 + ": 1", {}, ((1, 1), "is not text")),
    ("- 1\n- " + "9" * 41, [1, None], ((2, 3), "more than 40 digits")),
]


@pytest.mark.parametrize(("text", "data", "notes"), [(text, data, notes) for text, data, *notes in YAML_NOTED])
def test_yaml_that_is_not_read_is_said_and_the_rest_is(text, data, notes):
    check_noted(read_yaml, text, data, *notes)


def test_keys_in_quotes_are_text():
    check_same(read_yaml("'1': a\n\"true\": b\n'<<': c\nNO: d\n01067: e").data, dict(zip(
        ["1", "true", "<<", "NO", "01067"], "abcde", strict=True)))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mark", "words"),
    [
        ("--- 1\n--- 2\n", (2, 1), "a second document"),
        ("a: 1\n...\n---\nb: 1", (3, 1), "a second document"),
        ("b: 1\n[1]: 2", (2, 1), "a key that is not text"),
        ("? {a: 1}\n: 2", (1, 3), "a key that is not text"),
        ("x: 1\n*a : 1", (2, 1), "a key that is not text"),
        ("[" * 65 + "]" * 65, (1, 65), "nested more than 64 deep"),
        ("[" * 100_000, (1, 65), "nested more than 64 deep"),
        ("{a: " * 100_000, (1, 254), "nested more than 64 deep"),
        ("a: [1,\n", (2, 1), "this is not YAML"),
        ("a: 1\n b: 2", (2, 3), "this is not YAML"),
        ("a: 'x\n", (2, 1), "this is not YAML"),
        ("a:\n\t- b", (2, 1), "this is not YAML"),
        ("a: @x", (1, 4), "this is not YAML"),
        ("a: b\x00c", (1, 1), "this is not YAML"),
        ("a: \x01", (1, 1), "this is not YAML"),
    ],
)
def test_yaml_that_is_no_document_is_refused(text, mark, words):
    check_refused(read_yaml, text, mark, words)


def test_the_deepest_yaml_and_json_are_read():
    deep = "[" * 64 + "]" * 64
    assert str(read_yaml(deep).data) == str(read_json(deep).data) == deep


def check_alias_bomb():
    """Nine lists, each nine times the one before: 9^9 values in usual readers, none here."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))]
    found = read_yaml("\n".join(lines))
    assert found.data == {"a0": ["x"], **{f"a{n}": [None] * 9 for n in range(1, 10)}}
    assert len(found.wrong) == 20
    assert [found.keys[found.wrong[at][0]] for at in (0, 1)] == [(1, 1), (2, 1)]


def test_an_alias_bomb_stays_small():
    check_alias_bomb()


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "~"])
def test_an_empty_yaml_document_is_nothing(text):
    assert read_yaml(text).data is None


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(yaml_text, "MOST_NODES", 10)
    monkeypatch.setattr(json_text, "MOST_NODES", 10)
    assert read_yaml("[1,2,3,4,5,6,7,8,9]").data == read_json("[1,2,3,4,5,6,7,8,9]").data
    check_refused(read_yaml, "[1,2,3,4,5,6,7,8,9,10]", (1, 20), "more than 10 values")
    check_refused(read_json, "[1,2,3,4,5,6,7,8,9,10]", (1, 20), "more than 10 values")


def test_yaml_needs_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtra, match="yaml"):
        read_yaml("a: 1")


def test_the_slower_reader_finds_the_same(monkeypatch):
    """PyYAML without its C library reads the same data at the same places."""
    yaml = pytest.importorskip("yaml")
    fast = [read_yaml(text) for text in (YAML, *(case[0] for case in YAML_NOTED))]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = [read_yaml(text) for text in (YAML, *(case[0] for case in YAML_NOTED))]
    assert [(one.data, one.keys, len(one.wrong)) for one in slow] == [
        (one.data, one.keys, len(one.wrong)) for one in fast
    ]
    check_refused(read_yaml, "a: [1", (1, 6), "this is not YAML")
    check_refused(read_yaml, "a: \x00", (1, 1), "this is not YAML")


# JSON


JSON_NOTED = [
    ('{"a": 1,\n "a": 2, "b": 3}', {"a": 1, "b": 3}, ((2, 2), "`a` comes twice, first on line 1")),
    ('{"\\u0061": 1, "a": [2, {"x": 1}]}', {"a": 1}, ((1, 15), "`a` comes twice")),
    ('{"a": {"b": 1, "b": 2}, "a": {"b": 3, "b": 4}}', {"a": {"b": 1}},
     ((1, 16), "`b` comes twice"), ((1, 25), "`a` comes twice"), ((1, 39), "`b` comes twice")),
    ("[NaN,\nInfinity, -Infinity, 1]", [0, 0, 0, 1],
     ((1, 2), "`NaN` is not a number"), ((2, 1), "`Infinity`"), ((2, 11), "`-Infinity`")),
    ("[1e400]", [0], ((1, 2), "beyond all bounds")),
    (f"[1, {'9' * 41}]", [1, 0], ((1, 5), "more than 40 digits")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "data", "notes"), [(text, data, notes) for text, data, *notes in JSON_NOTED])
def test_json_that_is_not_read_is_said_and_the_rest_is(text, data, notes):
    check_noted(read_json, text, data, *notes)


@pytest.mark.parametrize(
    ("text", "mark", "words"),
    [
        ("[1,]", (1, 4), "`]`"),
        ('{"a": 1,\n}', (2, 1), "a key in double quotes belongs here"),
        ("{a: 1}", (1, 2), "a key in double quotes belongs here"),
        ("{'a': 1}", (1, 2), "a key in double quotes belongs here"),
        ("{1: 1}", (1, 2), "a key in double quotes belongs here"),
        ("{", (1, 2), "a key in double quotes belongs here"),
        ('{"a" 1}', (1, 6), "a `:` belongs here"),
        ("[1 2]", (1, 4), "a `,` or `]` belongs here"),
        ("[1}", (1, 3), "a `,` or `]` belongs here"),
        ('{"a": 1 "b": 2}', (1, 9), "a `,` or `}` belongs here"),
        ("[1]\nx", (2, 1), "something follows the end"),
        ("{} {}", (1, 4), "something follows the end"),
        ('{"a":\n', (2, 1), "it ends too early"),
        ("[", (1, 2), "it ends too early"),
        ('["abc]', (1, 2), "a text without its closing quote"),
        ('["abc\\"]', (1, 2), "a text without its closing quote"),
        ('["a\\x"]', (1, 2), "an escape or a character that no text may"),
        ('["a\nb"]', (1, 2), "an escape or a character that no text may"),
        ('["a\x00b"]', (1, 2), "an escape or a character that no text may"),
        ("\x00", (1, 1), "this is not JSON"),
        ("// x\n1", (1, 1), "`//`"),
        *((f"[0, {word}]", (1, 5), f"`{word}`") for word in "tru True nan 01 -01 +1 .5 1. 0x1F 1e 1e5.5 e5 - --1".split()),
        ("[" * 66 + "]" * 66, (1, 66), "nested more than 64 deep"),
        ("[" * 100_000, (1, 66), "nested more than 64 deep"),
        ('{"a":' * 100_000, (1, 326), "nested more than 64 deep"),
    ],
)  # fmt: skip
def test_json_that_is_no_document_is_refused(text, mark, words):
    check_refused(read_json, text, mark, words)


def test_json_says_where_everything_stands():
    found = read_json('{"a": [1,\n  {"b": "x"}],\n "c": null}')
    check_same(found.data, {"a": [1, {"b": "x"}], "c": None})
    assert found.marks[("a", 1, "b")] == (2, 9)
    assert found.keys[("a", 1, "b")] == (2, 4)
    assert found.keys[("c",)] == (3, 2)
    assert [read_json(text).data for text in ("", " \n")] == [None, None]
    check_same(read_json("[1e5, 1E5, 1e+5, 15E-1, -0, -0.0]").data, [1e5, 1e5, 1e5, 1.5, 0, -0.0])


texts = st.one_of(
    st.text(max_size=6), st.sampled_from(['"', "\\", '\\"', "01067", "NO", "12:30", "~", "a: b", "#", "é"])
)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(-1e9, 1e9), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@quick
@given(trees, st.sampled_from([None, 1]), st.booleans())
def test_json_is_read_as_the_standard_reader_does(tree, indent, narrow):
    text = json.dumps(tree, indent=indent, ensure_ascii=narrow)
    found = read_json(text)
    check_same(found.data, json.loads(text))
    assert found.wrong == ()


@quick
@given(trees)
def test_yaml_holds_whatever_json_does(tree):
    """JSON with short keys in flow style is YAML; quoted text stays text."""
    text = json.dumps(tree)
    if "\\ud" in text or "e+" in text or "e-" in text:
        return
    check_same(read_yaml(text).data, tree)


@quick
@given(st.text(st.sampled_from('{}[]",:\\ \n01.eENaNtrue-') | st.characters(), max_size=25))
def test_any_text_is_read_or_refused(text):
    for read in (read_json, read_toml, read_yaml):
        try:
            read(text_of(text.encode("utf-8", "ignore")))
        except Unreadable as error:
            assert error.mark >= (1, 1)


@quick
@given(st.text(st.sampled_from('{}[]",:\\ 01a\n'), max_size=14))
@example('{"a":1,"a":2}')
def test_what_the_standard_reader_refuses_is_refused_here(text):
    try:
        json.loads(text)
        sound = True
    except ValueError:
        sound = not text.strip()
    try:
        read_json(text)
    except Unreadable:
        assert not sound
    else:
        assert sound


# TOML


def test_toml_is_read_with_dates_as_text():
    text = """
        a = 2027-01-01
        b = 2027-01-01T09:00:00+01:00
        c = 07:30:00
        d = [true, 1, 1.5, "01067", {e = "NO"}]
        [[dealers]]
        id = "x"
    """
    dates = {"a": "2027-01-01", "b": "2027-01-01T09:00:00+01:00", "c": "07:30:00"}
    found = read_toml(text)
    check_same(found.data, {**dates, "d": [True, 1, 1.5, "01067", {"e": "NO"}], "dealers": [{"id": "x"}]})
    assert (found.wrong, found.marks) == ((), {})
    assert read_toml("").data == {}


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "9" * 41, "1e41", "-" + "9" * 41])
def test_numbers_without_bounds_are_noted_in_toml(word):
    ((trail, what, cure),) = read_toml(f"[[d]]\na = 1\n[[d]]\na = {word}").wrong
    assert (trail, cure) == (("d", 1, "a"), "mend it")
    assert "a number beyond all bounds" in what


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a = 01067", (1, 6)),
        ("x = 1\n= 1", (2, 1)),
        ("x = {a = 1, a = 2}", (1, 18)),
        ("a = 1\nb = [1,,2]", (2, 8)),
        ("a = NO", (1, 5)),
        ("a = \x00", (1, 5)),
        ("a = 1\na = 2\nb = 1", (2, 6)),
    ],
)
def test_toml_that_is_no_document_is_refused(text, mark):
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    check_refused(read_toml, text, mark, "this is not TOML")


def test_toml_beyond_the_bounds_is_refused():
    check_refused(read_toml, "a = " + "9" * 5_000, (1, 1), "too long")
    for deep in ("a = " + "[" * 100_000, ".".join("a" * 5_000) + " = 1", f"[{'.'.join('a' * 5_000)}]"):
        check_refused(read_toml, deep, (1, 1), "deep")
    check_refused(read_toml, "a = " + "[" * 65 + "]" * 65, (1, 1), "deep")
    assert str(read_toml("a = " + "[" * 60 + "]" * 60).data["a"]) == "[" * 60 + "]" * 60


def test_a_message_without_a_place_is_at_the_start():
    check_refused(read_toml, "a = 1\nb = ", (1, 1), "end of document")


# CSV


def table(text):
    """The names, the rows with their lines, and what was said."""
    heard = []
    found = read_table(text if isinstance(text, bytes) else text.encode(), "t.csv", heard.append)
    rows = list(found.rows())
    return found, rows, heard


def check_rows(text, *rows):
    """Line and cells of each row, and whether a quote in it does not close."""
    _, found, _ = table(text)
    assert [(row.line, *row.cells) for row in found if not row.loose] == [row for row in rows if row[-1] != "LOOSE"]
    assert [(row.line, *row.cells, "LOOSE") for row in found if row.loose] == [r for r in rows if r[-1] == "LOOSE"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n3,4\n", [(2, "1", "2"), (3, "3", "4")]),
        ("a,b\n1,2", [(2, "1", "2")]),
        ("a,b\r\n1,2\r\n3,4\r\n", [(2, "1", "2"), (3, "3", "4")]),
        ("a,b\r1,2\r3,4\r", [(2, "1", "2"), (3, "3", "4")]),
        ("\ufeffa,b\n1,2\n", [(2, "1", "2")]),
        ("\n \n,\n1,2\n", [(4, "1", "2")]),
        ("a,b\n\n1,2\n \n,\n\n3,4\n", [(3, "1", "2"), (7, "3", "4")]),
        ('a,b\n"1,5","say ""x"""\n', [(2, "1,5", 'say "x"')]),
        ('a,b\n"one\ntwo\n\nthree",2\n3,4\n', [(2, "one\ntwo\n\nthree", "2"), (6, "3", "4")]),
        ('a,b\n"",""""\n', [(2, "", '"')]),
        ('a,b\n1,"x"', [(2, "1", "x")]),
        ('a,b\n5" pipe,2\n', [(2, '5" pipe', "2")]),
        ('a,b\n"the "best" one",2\n', [(2, 'the "best" one', "2")]),
        ("a,b\n1\n1,2,3\n", [(2, "1"), (3, "1", "2", "3")]),
        ('a,b\n"x,1\n2,3\n4,5\n', [(2, '"x', "1", "LOOSE"), (3, "2", "3"), (4, "4", "5")]),
        ('a,b\n1,"x\n2,"y"\n"3",4\n', [(2, "1", '"x', "LOOSE"), (3, "2", "y"), (4, "3", "4")]),
        ('a,b\n"x,1\n2,3"\n4,5\n', [(2, '"x', "1", "LOOSE"), (3, "2", '3"'), (4, "4", "5")]),
        ('a,b\n"x "y,1\n2,3\n', [(2, '"x "y', "1", "LOOSE"), (3, "2", "3")]),
        ('a,b\n1,"', [(2, "1", '"', "LOOSE")]),
        ("01067,NO\n 1 ,\t2\n", [(2, " 1 ", "\t2")]),
    ],
)  # fmt: skip
def test_rows_and_their_lines(text, rows):
    check_rows(text, *rows)


def test_names_are_trimmed_and_blank_rows_counted():
    found, rows, heard = table("\n a , b\n,\n1,2\n , \n\n")
    assert (found.names, found.delimiter, found.blank, heard) == (("a", "b"), ",", 2, [])
    assert [row.line for row in rows] == [4]


def test_semicolons_and_cp1252_are_said():
    found, rows, heard = table("plaats;straat\nLiège;É, 1\nGent;x\n".encode("cp1252"))
    assert (found.names, found.delimiter) == (("plaats", "straat"), ";")
    assert [row.cells for row in rows] == [("Liège", "É, 1"), ("Gent", "x")]
    assert heard == ["t.csv: 1 line is not UTF-8 and read as cp1252", "t.csv: cells are separated by `;`"]
    _, rows, heard = table("a,b\né,1\n".encode() + "é,2\n€,3\n".encode("cp1252"))
    assert [row.cells[0] for row in rows] == ["é", "é", "€"]
    assert heard == ["t.csv: 2 lines are not UTF-8 and read as cp1252"]
    _, rows, _ = table(b"a,b\n\x81\x8d,x\xff\n")
    assert rows[0].cells == ("\ufffd\ufffd", "xÿ")


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t", b"\xef\xbb\xbf"])
def test_an_empty_table_is_refused(data):
    with pytest.raises(Unreadable, match="is empty"):
        read_table(data, "t.csv", silent)


def test_a_header_over_several_lines():
    _, rows, _ = table('"a\nb",c\n1,2\n')
    assert rows == [Row(3, ("1", "2"))]


def test_a_very_long_cell_is_one_cell():
    big = "x" * 10_000_000
    _, rows, _ = table(f'a,b\n"{big}",1\n{big},2\n"{big}\n{big}",3\n')
    assert [(row.line, len(row.cells[0]), row.cells[1]) for row in rows] == [
        (2, 10_000_000, "1"),
        (3, 10_000_000, "2"),
        (4, 20_000_001, "3"),
    ]


@pytest.mark.slow
def test_many_open_quotes_cost_no_more_than_the_text():
    """Each opens a cell that never closes: were each search to run to the end, this would take minutes."""
    text = "a,b\n" + '"x,1\n' * 200_000
    _, rows, _ = table(text)
    assert (len(rows), all(row.loose for row in rows), rows[-1].line) == (200_000, True, 200_001)


cells = st.text(st.sampled_from('ab01;,"\n\r é\u2028\x00\x0c'), max_size=6)


@st.composite
def grids(draw):
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))


@quick
@given(
    grids(), st.sampled_from([",", ";"]), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([0, 1]), st.booleans()
)
def test_what_the_standard_writer_writes_is_read_back(grid, delimiter, end, quoting, bom):
    stream = io.StringIO()
    names = [f"column {at}" for at in range(len(grid[0]))]
    if len(names) == 1 and delimiter == ";":
        delimiter = ","  # with one column nothing tells which it is
    if set("".join(map("".join, grid))) & set("\r\n") - set(end):
        quoting = csv.QUOTE_ALL  # the writer only minds the line ends that it writes itself
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([names, *grid])
    text = stream.getvalue()
    found, rows, _ = table(("\ufeff" if bom else "") + text)
    meant = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row) for row in grid]
    assert found.names == tuple(names)
    assert [row.cells for row in rows] == [row for row in meant if any(cell.strip() for cell in row)]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in rows:
        assert row.cells[0].split("\n")[0].replace('"', '""') in lines[row.line - 1]
        assert not row.loose


def check_stray(seed):
    """A quote that is never closed costs no other row, and its own row keeps its other cells."""
    rng = random.Random(seed)
    width, height = rng.randint(2, 4), rng.randint(2, 6)
    grid = [[rng.choice(["x", "", "1", "y z", "p,q", 'r"s', "t\nu"]) for _ in range(width - 1)] for _ in range(height)]
    grid = [[f"r{at}", *row] for at, row in enumerate(grid)]
    at, column = rng.randrange(height), rng.randrange(width)
    grid[at] = [cell if cell.isalnum() else "v" for cell in grid[at]]
    lines = [
        ",".join(f'"{c.replace(chr(34), 2 * chr(34))}"' if set(c) & set(',"\n') else c for c in row) for row in grid
    ]
    hurt = list(grid[at])
    hurt[column] = f'"{hurt[column]}'
    lines[at] = ",".join(hurt)
    _, rows, _ = table("\n".join([",".join("abcd"[:width]), *lines, ""]))
    assert [row.cells for row in rows] == [tuple(hurt if at == n else row) for n, row in enumerate(grid)]
    assert [row.loose for row in rows] == [n == at for n in range(height)]


@pytest.mark.parametrize("seed", range(60))
def test_a_stray_quote_costs_no_other_row(seed):
    check_stray(seed)


@quick
@given(st.binary(max_size=60) | st.text(st.sampled_from('a",;\n\r'), max_size=40).map(str.encode))
def test_any_bytes_are_a_table_or_refused(data):
    try:
        found, rows, _ = table(data)
    except Unreadable:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    content = [cell for row in rows for cell in (*row.cells, *found.names) if cell]
    assert all(cell in table_text(data)[0].replace('""', '"') or '"' in cell for cell in content)


def test_a_header_tells_unknown_repeated_and_missing_columns():
    header = read_header(("id", "dealrs", "id", "", "country"), ("id", "dealers", "country"), ("id", "dealers"))
    assert header.columns == ("id", None, None, None, "country")
    assert header.missing == ("dealers",)
    assert [(at, what) for at, what, _ in header.wrong] == [
        (2, "unknown column `dealrs`"),
        (3, "the column `id` comes twice"),
        (1, "the column `dealers` is missing"),
    ]
    assert "did you mean `dealers`" in header.wrong[0][2]
    assert header.cells(Row(2, ("1", "x", "2", "y", " ", "more"))) == {"id": "1"}
    assert header.cells(Row(2, ("1",))) == {"id": "1"}


# Bytes


def refused(call, *given):
    with pytest.raises(Unreadable) as caught:
        call(*given)
    return caught.value.what, caught.value.cure, caught.value.mark


def test_text_is_utf8_with_or_without_its_mark():
    assert text_of("\ufeffé\r\nx\ry\n".encode()) == text_of("é\nx\ny\n".encode())
    assert refused(text_of, "é".encode("utf-16")) == ("is in UTF-16", "save it as UTF-8", (1, 1))
    assert refused(text_of, b"\xfe\xff\x00a")[0] == "is in UTF-16"
    assert refused(text_of, b"a: 1\nbc: \xe9") == ("is not in UTF-8 from here on", "save it as UTF-8", (2, 5))
    assert refused(text_of, b"\xc0\x80")[2] == (1, 1)
    assert refused(text_of, "\ud800".encode("utf-8", "surrogatepass"))[2] == (1, 1)
    assert refused(table_text, "a".encode("utf-16"))[0] == "is in UTF-16"
    assert refused(table_text, b"\xfe\xff\x00a")[1] == "save it as CSV in UTF-8"


def test_a_file_is_read_up_to_its_bound(tmp_path):
    file = tmp_path / "leads.csv"
    file.write_bytes(b"12345")
    assert bytes_of(file, 5) == b"12345"
    assert refused(bytes_of, file, 4) == ("has more than 4 bytes", "split it", (1, 1))
    assert refused(bytes_of, tmp_path, 9)[0] == "is a folder, and a file belongs here"
    what, cure, _ = refused(bytes_of, tmp_path / "lead.csv", 9)
    assert (what, "`leads.csv`" in cure) == ("there is no such file", True)
    assert refused(bytes_of, tmp_path / "nowhere" / "x.csv", 9)[:2] == ("there is no such file", "")
    (tmp_path / "empty").mkdir()
    assert refused(bytes_of, tmp_path / "empty" / "x.csv", 9)[:2] == ("there is no such file", "")
    assert "cannot be read" in refused(bytes_of, file / "below", 9)[0]
    assert "cannot be read" in refused(bytes_of, tmp_path / "a\0b", 9)[0]
    assert "cannot be read" in refused(bytes_of, tmp_path / ("x" * 5_000), 9)[0]
    files.silent("nothing")


OUTSIDE = [
    "../x.csv",
    "a/../../x.csv",
    "a/..",
    "..",
    "..\\x.csv",
    "/etc/passwd",
    "C:x.csv",
    "C:\\x.csv",
    "\\x.csv",
    "\\\\h\\s\\x",
]


@pytest.mark.parametrize("name", [*OUTSIDE, "", " ", "a\0.csv", "a\nb.csv", "\u202ex.csv"])
def test_only_files_beside_the_plan_are_named(tmp_path, name):
    what, cure, _ = refused(beside, tmp_path, name)
    assert ("is not a file beside the plan" in what, cure) == (True, "name a file in the plan's own folder")


def test_below_the_plan_is_beside_it_and_links_do_not_lead_out(tmp_path):
    folder = tmp_path / "plan"
    folder.mkdir()
    assert beside(folder, "tables/x.csv") == folder / "tables" / "x.csv"
    assert beside(folder, "./x..csv") == folder / "x..csv"
    (tmp_path / "x.csv").write_text("id\n")
    os.symlink(tmp_path / "x.csv", folder / "out.csv")
    assert "leads out of the plan's folder" in refused(beside, folder, "out.csv")[0]
    os.symlink(folder / "loop", folder / "loop")
    with pytest.raises(Unreadable):
        bytes_of(beside(folder, "loop"), 9)


def test_a_folder_that_cannot_be_resolved_is_none(monkeypatch, tmp_path):
    def broken(self):
        raise OSError("too many links")

    monkeypatch.setattr(Path, "resolve", broken)
    assert "leads out" in refused(beside, tmp_path, "x.csv")[0]


def test_the_bounds_are_ordered():
    assert files.MOST_PLAN < files.MOST_TABLE < files.MOST_LEADS
    assert json_text.MOST_DEPTH == yaml_text.MOST_DEPTH
    assert csv_text.read_table is read_table
