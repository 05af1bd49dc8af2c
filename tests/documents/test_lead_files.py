"""`load_leads`: no row is lost without a word, and no word says what stood in a cell."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
import strategies as some
from dealerrouting import Company, Dealer, Lead, Plan, Rule, by, route, where
from dealerrouting.documents import DocumentError, load_leads, to_data
from dealerrouting.documents import leads as room
from dealerrouting.documents.leads import COLUMNS
from quick import upto

pytestmark = pytest.mark.pure

AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
SECRET = "Zuster Clementine"
PLAN = Plan(
    "p",
    house="inside",
    timezone="Europe/Brussels",
    dealers=[Dealer("delta"), Dealer("inside", kind="house")],
    attributes={"fleet": int, "segment": str},
    precedence=[by.rules(Rule("big", when=where.fleet >= 12, dealers=["delta"]))],
)
ROW = {
    "id": "L1",
    "received_at": "2027-01-08T09:00:00+01:00",
    "company": "Jansen, Metaal BV",
    "company_number": "24123456",
    "vat": "NL123456782B90",
    "domain": "jansen.example",
    "country": "NL",
    "postcode": "3011 ab",
    "city": "Rotterdam",
    "lat": "51.92",
    "lon": "4.48",
    "sector": "C25.6",
    "product": "press",
    "language": "nl-BE",
    "source": "web",
    "campaign": "spring",
    "value": "250000.50",
    "currency": "eur",
    "employees": "12",
    "contact_name": "J. Jansen",
    "email": "j@jansen.example",
    "phone": "+31 10 000",
    "message": 'said "yes";\nand more',
    "x_fleet": "12",
    "x_segment": "heavy",
}


def as_csv(rows, columns=None, delimiter=","):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_lines(rows):
    return "\n".join(json.dumps(row) for row in rows).encode()


def read(data, **more):
    data = data if isinstance(data, bytes) else data.encode()
    return load_leads(io.BytesIO(data), PLAN, **more)


def refused(found):
    return [(one.row, one.column, one.reason) for one in found.refused]


def faults(data, **more):
    with pytest.raises(DocumentError) as raised:
        read(data, **more)
    return [str(fault) for fault in raised.value.faults]


# What is read


def test_a_row_of_every_column_becomes_the_lead_that_it_says():
    found = read(as_csv([ROW]))
    company = Company(
        "Jansen, Metaal BV",
        number="24123456",
        vat="NL123456782B90",
        domain="jansen.example",
        country="NL",
        postcode="3011 ab",
        city="Rotterdam",
    )
    [lead] = found
    assert lead == Lead(
        "L1",
        company=company,
        received_at=datetime(2027, 1, 8, 8, tzinfo=UTC),
        country="NL",
        postcode="3011 AB",
        city="Rotterdam",
        lat=51.92,
        lon=4.48,
        sector="C25.6",
        product="press",
        language="nl",
        source="web",
        campaign="spring",
        value=Decimal("250000.50"),
        currency="EUR",
        employees=12,
        contact_name="J. Jansen",
        email="j@jansen.example",
        phone="+31 10 000",
        message='said "yes";\nand more',
        attributes={"fleet": "12", "segment": "heavy"},
    )
    assert (len(found), found.refused, found.refused_rows, found.notes, dict(lead.unreadable)) == (1, (), 0, (), {})


def test_the_forms_read_to_the_same_leads():
    rows = [ROW, {"id": "L2", "country": "BE", "postcode": "2000"}, {"id": "L3", "company": "Só", "lat": "x"}]
    comma, semicolon = as_csv(rows), as_csv(rows, delimiter=";")
    given = [read(data) for data in (comma, semicolon, as_lines(rows), b"\xef\xbb\xbf" + as_lines(rows))]
    assert len(given[0]) == 3
    assert all(one.leads == given[0].leads for one in given)
    assert [one.notes for one in given] == [(), ("stdin: cells are separated by `;`",), (), ()]
    assert read(comma.replace(b"\n", b"\r\n").replace(b";\r\n", b";\n")).leads == given[0].leads
    latin = read(comma.decode().encode("cp1252"))
    assert latin.leads == given[0].leads
    assert latin.notes == ("stdin: 1 line is not UTF-8 and read as cp1252",)
    two = b'{"id": "1", "city": "Li\xe8ge"}\n{"id": "2", "city": "Gen\xe8ve"}\n{"id": "3", "city": "Li\xc3\xa8ge"}'
    assert [lead.city for lead in read(two)] == ["Liège", "Genève", "Liège"]
    assert read(two).notes == ("stdin: 2 lines are not UTF-8 and read as cp1252",)
    assert read(two.splitlines()[0]).notes == ("stdin: 1 line is not UTF-8 and read as cp1252",)


@pytest.mark.parametrize("name", ["leads.csv", "leads.jsonl", "LEADS.NDJSON"])
def test_a_path_is_as_good_as_a_stream(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(as_csv([ROW]) if name.endswith("csv") else as_lines([ROW]))
    assert load_leads(path, PLAN).leads == load_leads(str(path), PLAN).leads == read(as_csv([ROW])).leads


def test_columns_of_audits_are_known_and_belong_to_no_lead():
    more = {"holder": "delta", "first_status_at": "2027-01-09", "outcome": "won", "won_value": "12"}
    assert read(as_csv([ROW | more])).leads == read(as_lines([ROW | more])).leads == read(as_csv([ROW])).leads


def test_own_fields_are_typed_by_the_plan_when_routed():
    data = "id,x_fleet\na,12\nb,11\nc,\nd,many\n"
    decisions = [route(lead, PLAN, at=AT) for lead in read(data)]
    assert [one.holder for one in decisions] == ["delta", "inside", "inside", "inside"]
    assert ["unreadable:x_fleet" in one.flags for one in decisions] == [False, False, False, True]
    flat = '{"id": "a", "x_fleet": 12}\n{"id": "b", "attributes": {"fleet": 11}}'
    assert [dict(lead.attributes) for lead in read(flat)] == [{"fleet": 12}, {"fleet": 11}]


def test_what_stands_there_twice_or_in_no_shape_is_absent_and_flagged():
    found = read(
        '{"id": "a", "city": "x", "city": "y", "company": ["x"], "value": NaN, "lat": 1e999, "lon": 4}\n'
        '{"id": "b", "company": {"name": {}, "name": 1}, "email": {}, "employees": 9' + "9" * 40 + "}\n"
        '{"id": "c", "company": true, "unreadable": 7}\n'
        '{"id": "d", "company": {"name": "N", "shoe": 1, "country": "Atlantis"}, "unreadable": {"sector": "?", "city": 1}}'
    )
    flags = [sorted(lead.unreadable) for lead in found]
    assert flags == [
        ["city", "company.name", "lat", "lon", "value"],
        ["company.name", "email", "employees"],
        ["company.name"],
        ["company.country", "sector"],
    ]
    assert found.leads[3].company.name == "N"


def test_an_unreadable_country_is_flagged_once():
    rows = [{"id": "L1", "company": "Jansen", "country": "Atlantis", "postcode": "3011", "city": "a\0b"}]
    for data in (as_csv(rows), as_lines(rows)):
        [lead] = read(data)
        assert sorted(lead.unreadable) == ["city", "country", "postcode"]
        assert (lead.company.name, lead.company.country, lead.company.city) == ("Jansen", None, None)
        flags = [flag for flag in route(lead, PLAN, at=AT).flags if flag.startswith("unreadable:")]
        assert flags == ["unreadable:city", "unreadable:country", "unreadable:postcode"]


def test_the_company_is_where_the_inquiry_is():
    [lead] = read("id,country,postcode,city\nL1,nl,3011 AB,Rotterdam\n")
    assert lead.company == Company(country="NL", postcode="3011 AB", city="Rotterdam")


@some.checked
@given(st.lists(some.leads(ids=("L1",)), min_size=1, max_size=2))
def test_what_to_data_writes_is_read_again(leads):
    plan = Plan(
        "p",
        house="inside",
        dealers=[Dealer("inside", kind="house")],
        attributes={name: str for lead in leads for name in lead.attributes},
        precedence=[by.territories()],
    )
    wanted = leads[:1]
    data = as_lines([to_data(lead) for lead in wanted])
    assert list(load_leads(io.BytesIO(data), plan)) == wanted


def test_what_could_not_be_read_is_kept_by_a_lead_that_comes_back():
    lead = Lead("L1", company=Company("N", country="Atlantis"), value="1.000,5", lat="x", attributes={"fleet": "\0"})
    assert sorted(lead.unreadable) == ["company.country", "lat", "value", "x_fleet"]
    assert list(read(as_lines([to_data(lead)]))) == [lead]


def test_what_is_kept_can_be_stored():
    kept = {"sector": "\ud800" + "x" * 2000, "\udfff": "x", "a\0": "x", "x" * 1025: "x", "lat": 1}
    [lead] = read(as_lines([{"id": "L1", "unreadable": kept, "company": {"unreadable": kept}}]))
    assert sorted(lead.unreadable) == ["company.sector", "sector"]
    assert lead.unreadable["sector"] == "\\ud800" + "x" * 1018
    for decision in (to_data(lead), to_data(route(lead, PLAN, at=AT))):
        json.dumps(decision, ensure_ascii=False).encode()


# Time


@pytest.mark.parametrize("received", ["2027-01-08T09:00", "2027-01-08 09:00:00"])
def test_a_time_without_an_offset_needs_a_zone(received):
    for data in (f"id,received_at\nL1,{received}\n", as_lines([{"id": "L1", "received_at": received}])):
        [bare] = read(data)
        assert (bare.received_at, dict(bare.unreadable)) == (None, {"received_at": received})
        [zoned] = read(data, timezone="Europe/Brussels")
        assert (zoned.received_at, dict(zoned.unreadable)) == (datetime(2027, 1, 8, 8, tzinfo=UTC), {})


def test_an_offset_outweighs_the_zone_and_rubbish_stays_rubbish():
    zoned = read("id,received_at\na,2027-01-08T09:00Z\nb,soon\nc,\n", timezone="Asia/Tokyo")
    assert [lead.received_at for lead in zoned] == [AT, None, None]
    assert [dict(lead.unreadable) for lead in zoned] == [{}, {"received_at": "soon"}, {}]


@pytest.mark.parametrize("zone", ["Europe/Brusels", "", "../etc/passwd", "a\0b", "x" * 10_000])
def test_an_unknown_zone_is_told(zone):
    [fault] = faults("id\nL1\n", timezone=zone)
    assert fault.startswith("timezone: unknown time zone ")


# What is refused


@pytest.mark.parametrize("form", [as_csv, as_lines])
def test_only_ids_and_bounds_refuse_a_row(form):
    long = SECRET * 100
    rows = [
        {"id": "L1", "city": "x" * 1024, "message": "m" * 65_536, "x_segment": "s" * 1024},
        {"id": "", "city": SECRET},
        {"id": "L1", "city": SECRET},
        {"id": "L2", "city": long, "message": "m" * 65_537, "x_segment": long, "company": long},
        {"id": long, "city": SECRET},
        {"id": "L3", "country": SECRET, "lat": SECRET, "value": SECRET},
        {"id": " L1 "},
        {"id": "\0"},
        {"id": "L2"},
    ]
    columns = ["id", "city", "message", "company", "x_segment", "country", "lat", "value"]
    found = read(as_csv(rows, columns) if form is as_csv else as_lines(rows), file="in.csv" if form is as_csv else "")
    first = 2 if form is as_csv else 1
    assert [lead.id for lead in found] == ["L1", "L3", "L2"]
    missing = "is missing or unreadable; give every lead an id of its own"
    bound = "1,700 characters; the bound is 1,024"
    assert sorted(refused(found)) == sorted(
        [
            (first + 1, "id", missing),
            (first + 2, "id", f"repeats the id of row {first}"),
            (first + 3, "city", bound),
            (first + 3, "company", bound),
            (first + 3, "message", "65,537 characters; the bound is 65,536"),
            (first + 3, "x_segment", bound),
            (first + 4, "id", bound),
            (first + 6, "id", f"repeats the id of row {first}"),
            (first + 7, "id", missing),
        ]
    )
    assert found.refused_rows == 6
    assert len(found) + found.refused_rows == len(rows)
    assert str(found.refused[0]) == f"{'in.csv' if form is as_csv else 'stdin'}:{first + 1}:id: {missing}"
    assert SECRET not in "".join(map(str, found.refused)) + "".join(found.notes)


def test_what_a_company_of_its_own_says_is_bounded_too():
    found = read(as_lines([{"id": "a", "company": {"vat": "x" * 1025}}, {"id": "b", "company": {"vat": "x" * 1024}}]))
    assert [lead.id for lead in found] == ["b"]
    [one] = found.refused
    assert (one.row, one.column) == (1, "company")
    assert "1,024" in one.reason


def test_a_list_or_number_beyond_its_bound_is_refused_by_its_column():
    rows = [
        {"id": "a", "x_segment": ["x"] * 257},
        {"id": "b", "x_fleet": 10**18},
        {"id": "c", "x_segment": ["x"] * 256},
    ]
    found = read(as_lines(rows))
    assert [lead.id for lead in found] == ["c"]
    assert [(one.row, one.column) for one in found.refused] == [(1, "x_segment"), (2, "x_fleet")]


def test_lines_that_are_no_objects_are_refused_and_the_others_are_read():
    lines = ['{"id": "a"}', f'{{"id": "{SECRET}', f'["{SECRET}"]', "", "null", "[" * 100_000, '{"id": "b"}', "\t", "{}"]
    found = read("\n".join(lines))
    assert [lead.id for lead in found] == ["a", "b"]
    why = [(row, reason) for row, _, reason in refused(found)]
    assert why[0] == (2, "is missing: the line is not JSON, at column 8")
    assert why[1] == (3, "is missing: the line is not a JSON object")
    assert why[2] == (5, "is missing: the line is not a JSON object")
    assert why[3][0] == 6
    assert why[3][1].startswith("is missing: the line is n")
    assert why[4] == (9, "is missing or unreadable; give every lead an id of its own")
    assert {column for _, column, _ in refused(found)} == {"id"}
    assert SECRET not in str(found.refused)


def test_a_repeated_key_id_is_no_id():
    found = read('{"id": "a", "id": "b"}\n')
    assert [(one.row, one.column) for one in found.refused] == [(1, "id")]


# What is noticed


def test_odd_rows_are_read_and_noted_once_with_the_first_line():
    heard = []
    data = 'id,city,phone\na,x,y,z\nb,x\nc,"x,y\nd,x,y,z,w\n,,\n\n ,,\ne,x,y\n'
    found = read(data, file="in.csv", say=heard.append)
    assert [lead.id for lead in found] == ["a", "b", "c", "d", "e"]
    assert found.leads[2].city == '"x'
    assert found.notes == tuple(heard)
    assert sorted(found.notes) == [
        "in.csv: 2 rows without any content left out",
        "in.csv:2: more cells than columns; those beyond the last column are left out (2 rows)",
        "in.csv:3: fewer cells than columns; the others are absent (1 row)",
        "in.csv:4: a quote that does not close is read as a character (1 row)",
    ]
    assert read("id,city\na,b\n,\n").notes == ("stdin: 1 row without any content left out",)


def test_attributes_that_are_no_mapping_are_noted():
    found = read('{"id": "a", "attributes": [1]}\n{"id": "b", "attributes": null}\n')
    assert [dict(lead.attributes) for lead in found] == [{}, {}]
    assert found.notes == ("stdin:1: `attributes` is no mapping and is left out (1 row)",)


# What cannot be read as a whole


def test_wrong_columns_are_told_all_at_once_with_what_was_meant():
    assert faults("id,contry,x_fleat,id,postcode\n", file="in.csv") == [
        "in.csv:1:2: unknown column `contry`; did you mean `country`?",
        "in.csv:1:3: unknown column `x_fleat`; did you mean `x_fleet`?",
        "in.csv:1:4: the column `id` comes twice; keep one of them",
    ]
    [missing] = faults("country,city\n")
    assert missing.startswith("stdin:1:1: the column `id` is missing")


def test_wrong_keys_are_told_once_each_with_what_was_meant():
    rows = [{"id": "a"}, {"id": "b", "contry": 1}, {"id": "c", "contry": 2, "attributes": {"fleat": 1}}, 7]
    assert faults(as_lines(rows), file="in.jsonl") == [
        "in.jsonl:2:1: unknown key `contry`; did you mean `country`?",
        "in.jsonl:3:1: unknown key `x_fleat`; did you mean `x_fleet`?",
    ]
    assert len(faults(json.dumps({f"k{number}": 1 for number in range(1000)}))) == 50


@pytest.mark.parametrize("data", [b"", b"  \n\n", b"\xef\xbb\xbf"])
def test_an_empty_table_is_told_and_empty_lines_are_no_leads(data):
    [fault] = faults(data, file="in.csv")
    assert fault == "in.csv:1:1: is empty; its first line names the columns"
    assert read(data, file="in.jsonl").leads == ()


def test_a_table_of_columns_only_has_no_leads():
    assert read("id,city\n") == room.Leads((), (), ())
    assert [lead.id for lead in read("\n\nid\nL1")] == ["L1"]


def test_files_that_are_none_are_told(tmp_path):
    (tmp_path / "leads.csv").write_text("id\nL1\n")
    for path, what in ((tmp_path, "is a folder"), (tmp_path / "lead.csv", "there is no such file"), ("a\0b", "cannot")):
        with pytest.raises(DocumentError) as raised:
            load_leads(path, PLAN)
        assert what in str(raised.value)
    with pytest.raises(DocumentError, match="did you mean `leads.csv`"):
        load_leads(tmp_path / "lead.csv", PLAN)
    assert faults("id\nL1".encode("utf-16"))[0].startswith("stdin:1:1: is in UTF-16")


def test_too_much_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "MOST_LEADS", 5)
    assert read("id\nL1").leads[0].id == "L1"
    assert faults("id\nL12") == ["stdin:1:1: has more than 5 bytes; split it"]
    path = tmp_path / "in.csv"
    path.write_text("id\nL12")
    with pytest.raises(DocumentError, match="more than 5 bytes"):
        load_leads(path, PLAN)


# Whatever comes

TEXTS = st.one_of(
    st.sampled_from([one for one in abc.HOSTILE if isinstance(one, str)]),
    st.text(st.characters(exclude_categories=()), max_size=8),
)
CELLS = st.one_of(TEXTS, st.sampled_from(['"', 'a"b', ",", ";", "\n", "x,y", "L1", "NL", "7" * 1025]))
ROWS = st.lists(
    st.dictionaries(st.sampled_from([*COLUMNS, "x_fleet", "x_segment"]), CELLS, max_size=5), min_size=1, max_size=6
)
quick = settings(some.checked, max_examples=upto(150))


def check_no_row_is_lost(found, rows):
    assert len(found) + found.refused_rows == rows
    assert len({lead.id for lead in found}) == len(found)
    for lead in found:
        route(lead, PLAN, at=AT)


@quick
@given(ROWS)
def test_no_object_is_lost(rows):
    check_no_row_is_lost(read(as_lines(rows), file="in.jsonl"), len(rows))


@quick
@given(ROWS)
def test_no_row_of_a_table_is_lost(rows):
    columns = ["id", "source", *dict.fromkeys(n for row in rows for n in row if n not in ("id", "source"))]
    rows = [{**row, "source": "web"} for row in rows]  # so that none is blank
    kept = [{n: c.replace("\r", "").encode("utf-8", "replace").decode() for n, c in row.items()} for row in rows]
    check_no_row_is_lost(read(as_csv(kept, columns)), len(rows))


@quick
@given(
    st.lists(CELLS | st.sampled_from(["id", "city", "{}", '{"id": "a"}', "{", "[1]", '{"a": {"b": 1}}']), max_size=12),
    st.sampled_from([",", ";", "\n", '"', "\r\n", '","']),
    st.sampled_from(["", "id,city\n", "id;city;phone\n", "id\n", '{"id": "a"}\n']),
    st.sampled_from(["", "in.csv", "in.jsonl"]),
)
def test_any_text_is_read_or_told(cells, glue, head, file):
    data = (head + glue.join(cells)).encode("utf-8", "surrogatepass")
    try:
        found = read(data, file=file)
    except DocumentError as error:
        assert all(fault.place and fault.what for fault in error.faults)
        return
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    assert all(1 <= one.row <= len(lines) for one in found.refused)
    assert all(0 < ord(sign) for note in found.notes for sign in note)


@quick
@given(st.binary(max_size=60), st.sampled_from(["in.csv", "in.jsonl"]))
def test_any_bytes_are_read_or_told(data, file):
    try:
        read(b"id\n" + data if file == "in.csv" else data, file=file)
    except DocumentError as error:
        assert error.faults


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "vat", "fleet", "a"]), inner),
    max_leaves=6,
)


@quick
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "company", "attributes", "unreadable", "city", "lat", "received_at", "x_fleet"]),
            json_values,
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_objects_of_any_shape_are_leads_or_refused(rows):
    try:
        found = read(as_lines(rows))
    except DocumentError as error:
        assert all("unknown key" in fault.what or "column" in fault.what for fault in error.faults)
        return
    check_no_row_is_lost(found, len(rows))
