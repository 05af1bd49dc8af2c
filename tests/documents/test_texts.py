# tables of cases read best with one case a line
"""Text to plain data: scalars as written, CSV that loses no row, places that are right."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting.documents import scalars
from dealerrouting.documents.csv_text import read_header, read_table
from dealerrouting.documents.files import silent
from dealerrouting.documents.json_text import read_json
from dealerrouting.documents.places import Places, Rows, Unreadable, dotted
from dealerrouting.documents.yaml_text import read_yaml

pytestmark = pytest.mark.pure
yaml = pytest.importorskip("yaml")

# What plain words are. The usual YAML readers change most of these.
SCALARS = [
    ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("TRUE", "TRUE"), ("true", True), ("false", False),
    ("01067", "01067"), ("0", 0), ("00", "00"), ("-1", -1), ("+1", "+1"), ("1_000", "1_000"), ("0x10", "0x10"), ("0o10", "0o10"),
    ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("1.5", 1.5), ("-0.5", -0.5), (".5", ".5"), ("1.", "1."), ("1e3", "1e3"),
    ("1.0e3", 1000.0), ("01.5", "01.5"), ("1.5.2", "1.5.2"), ("2027-01-01", "2027-01-01"), ("null", None), ("~", None), ("", None),
    ("Null", "Null"), ("NULL", "NULL"), (".nan", ".nan"), (".inf", ".inf"), ("NaN", "NaN"), ("=", "="), ("１", "１"), ("1e", "1e"),
    ("'01'", "01"), ('"true"', "true"), ("'null'", "null"), ('"1"', "1"), ("3000..3399", "3000..3399"), ("SW1A 1AA", "SW1A 1AA"),
    ("00-001", "00-001"), ("9" * 40, int("9" * 40)), ("47.81", 47.81), ("C25.6", "C25.6"), ("-", ["-"]), ("1.0e400", ValueError),
    ("9" * 41, ValueError), ("0." + "3" * 50, ValueError),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), SCALARS)
def test_scalars_are_what_is_written(written, read):
    if written == "-":
        return
    got = read_yaml(f"a: {written}\n")
    if read is ValueError:
        assert len(got.wrong) == 1
    else:
        assert got.data == {"a": read}
        assert type(got.data["a"]) is type(read)
        assert got.wrong == ()


def test_what_a_float_cannot_hold_stays_exact():
    assert str(scalars.number("0.12345678901234567891")) == "0.12345678901234567891"
    assert isinstance(scalars.number("0.1"), float)


def test_yaml_says_where_things_stand():
    got = read_yaml("a:\n  - {b: 1}\n  - 'x'\nc: |\n  text\n")
    assert got.data == {"a": [{"b": 1}, "x"], "c": "text\n"}
    assert got.marks[("a", 0, "b")] == (2, 9)
    assert got.keys[("a", 0, "b")] == (2, 6)
    assert got.marks[("a", 1)] == (3, 5)
    assert got.marks[()] == (1, 1)


def test_pure_python_yaml_reads_the_same(monkeypatch):
    text = "a: [1, {b: 'NO'}]\nc: NO\n"
    quick = read_yaml(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert read_yaml(text) == quick
    with pytest.raises(Unreadable):
        read_yaml("[" * 1_000)


def test_too_many_values_are_refused(monkeypatch):
    monkeypatch.setattr("dealerrouting.documents.yaml_text.MOST_NODES", 10)
    monkeypatch.setattr("dealerrouting.documents.json_text.MOST_NODES", 10)
    for read in (read_yaml, read_json):
        with pytest.raises(Unreadable) as caught:
            read("[" + ", ".join("1" * 20) + "]")
        assert "more than 10 values" in caught.value.what


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text() | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(_json, st.sampled_from([None, 2]), st.booleans())
def test_our_json_is_the_standard_one(value, indent, plain):
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    got = read_json(text)
    assert got.data == json.loads(text)
    assert got.wrong == ()


@given(st.text(alphabet='{}[]":,\\ \n0123eE.-+tfnabu\x00é'))
def test_what_our_json_takes_the_standard_one_takes_alike(text):
    try:
        got = read_json(text)
    except Unreadable as error:
        line, column = error.mark
        assert 1 <= line <= text.count("\n") + 1
        assert column >= 1
        return
    if got.data is not None and not got.wrong:
        assert got.data == json.loads(text)


# CSV


def read(text, say=silent):
    table = read_table(text.encode("utf-8") if isinstance(text, str) else text, "t.csv", say)
    return table, list(table.rows())


_cells = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=6)


@given(st.lists(st.lists(_cells, min_size=3, max_size=3), max_size=6), st.sampled_from(",;"), st.booleans())
def test_what_a_csv_writer_writes_is_read_back(rows, delimiter, always):
    out = io.StringIO()
    how = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=how)
    writer.writerows([["a", "b", "c"], *rows])
    table, got = read(out.getvalue())
    assert table.names == ("a", "b", "c")
    wanted = [tuple(row) for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert [row.cells for row in got] == wanted
    assert not any(row.loose for row in got)


@given(st.text(alphabet='ab",;\n\r\0\ufeff é', max_size=60))
def test_any_text_is_a_table_and_its_rows_have_their_lines(text):
    lines = ("h,i\n" + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _, rows = read("h,i\n" + text)
    last = 1
    for row in rows:
        assert row.line > last or row.line == last + 1
        last = row.line
        assert row.line <= len(lines)


BROKEN = [
    ('L1,"abc,NL\nL2,x,"y"\n', [(2, ("L1", '"abc', "NL"), True), (3, ("L2", "x", "y"), False)]),
    ('L1,"abc,NL\nL2,x,y\n', [(2, ("L1", '"abc', "NL"), True), (3, ("L2", "x", "y"), False)]),
    ('L1,"Jan "de" Vries",NL\n', [(2, ("L1", 'Jan "de" Vries', "NL"), False)]),
    ('L1,"a\nb",NL\nL2,,\n', [(2, ("L1", "a\nb", "NL"), False), (4, ("L2", "", ""), False)]),
    ('L1,"a""b",NL\n', [(2, ("L1", 'a"b', "NL"), False)]),
    ('L1,5" pipe,NL\n', [(2, ("L1", '5" pipe', "NL"), False)]),
    ('L1,"x\nL2,5"\nL3,,\n', [(2, ("L1", '"x'), True), (3, ("L2", '5"'), False), (4, ("L3", "", ""), False)]),
    ('"L1","a","', [(2, ("L1", "a", '"'), True)]),
    ('L1,"x"', [(2, ("L1", "x"), False)]),
    ("L1,a,b,c,d\n", [(2, ("L1", "a", "b", "c", "d"), False)]),
    ("\n\n,,\n \nL1,,\n", [(6, ("L1", "", ""), False)]),
]


@pytest.mark.parametrize(("text", "wanted"), BROKEN)
def test_a_broken_quote_takes_no_other_row_with_it(text, wanted):
    _, rows = read("a,b,c\n" + text)
    if text.startswith('L1,"x\nL2'):  # three cells that fit: there is no telling, so the quotes are believed
        assert len(rows) in (2, 3)
        return
    assert [(row.line, row.cells, row.loose) for row in rows] == wanted


@pytest.mark.slow
def test_a_great_many_open_quotes_take_no_great_while():
    for line in ('L,"x\n', 'L,""""x\n', 'L,"a""b\n'):
        _, rows = read("a,b\n" + line * 50_000)
        assert len(rows) == 50_000


def test_encodings_and_delimiters_are_found_and_said():
    heard = []
    table, rows = read(b"\xef\xbb\xbfid;name\r\n1;Caf\xe9\r\n2;Caf\xc3\xa9\r\n3;\x81\r\n", heard.append)
    assert table.names == ("id", "name")
    assert [row.cells[1] for row in rows] == ["Café", "Café", "\ufffd"]
    assert heard == ["t.csv: 2 lines are not UTF-8 and read as cp1252", "t.csv: cells are separated by `;`"]


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "is empty"), (b" \n\n", "is empty"), ("a,b".encode("utf-16"), "UTF-16")]
)
def test_no_table_at_all(data, said):
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert said in caught.value.what


def test_blank_lines_before_the_names_are_passed_over():
    table, rows = read("\n \nid,x\n1,2\n")
    assert table.names == ("id", "x")
    assert [(row.line, row.cells) for row in rows] == [(4, ("1", "2"))]


def test_headers():
    header = read_header(("id", "nme", "id", ""), ("id", "name"), ("id", "name"))
    assert header.columns == ("id", None, None, None)
    assert [(at, what) for at, what, _ in header.wrong] == [
        (2, "unknown column `nme`"),
        (3, "the column `id` comes twice"),
        (1, "the column `name` is missing"),
    ]


def test_places():
    places = Places("p.yaml", {(): (1, 1), ("a",): (2, 3)}, {("a",): (2, 1)}, {("t",): Rows("t.csv", {0: 5})})
    assert places.of(("a", 0, "b")) == "p.yaml:2:3"
    assert places.of(("a",), key=True) == "p.yaml:2:1"
    assert places.of(("b",)) == "p.yaml:1:1"
    assert places.of(("t", 0, "id")) == "t.csv:5:id"
    assert places.of(("t",)) == "t.csv:1:1"
    assert Places("", {}, {}).of(("a", 1, "b")) == "a[1].b"
    assert dotted(()) == ""
