# tables of cases read best with one case a line
"""Leads from files: every row is a lead, or refused for want of an id or for a bound, and nothing else."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies
from dealerrouting import Dealer, Lead, Plan, Territory, by, route_all
from dealerrouting.documents import DocumentError, load_leads, to_data

pytestmark = pytest.mark.pure

PLAN = Plan(
    "small",
    house="h",
    timezone="Europe/Brussels",
    dealers=[Dealer("h", kind="house"), Dealer("d")],
    attributes={"fleet": int, "segment": str},
    territories=[Territory("t", "d", country="NL")],
    precedence=[by.territories()],
)
HEAD = "id,received_at,country,postcode,company,x_fleet,message\n"


def load(text, **kwargs):
    data = text.encode("utf-8") if isinstance(text, str) else text
    return load_leads(io.BytesIO(data), PLAN, file=kwargs.pop("file", "l.csv"), **kwargs)


def refused(leads):
    return [(one.row, one.column, one.reason) for one in leads.refused]


def test_a_table_of_leads():
    leads = load(
        HEAD + 'L1,2027-01-01T09:00:00+01:00,nl,3011ab,"Jansen, BV",12,"two\nlines"\nL2,,,,,,\n',
    )
    assert len(leads) == 2
    first, second = leads
    assert (first.id, first.country, first.postcode, first.company.name) == ("L1", "NL", "3011 AB", "Jansen, BV")
    assert first.company.country == "NL"
    assert first.received_at.isoformat() == "2027-01-01T08:00:00+00:00"
    assert (first.attributes, first.message) == ({"fleet": "12"}, "two\nlines")
    assert second == Lead("L2")
    assert (leads.refused, leads.notes, leads.refused_rows) == ((), (), 0)


def test_only_ids_and_bounds_refuse_a_row():
    leads = load(
        HEAD
        + "L1,rubbish,XX,???,,x,\n"
        + ",2027-01-01T09:00:00Z,NL,3011,Jan Jansen,,\n"
        + " L1 ,,,,,,\n"
        + f"L2,,,{'9' * 1_025},,{'9' * 1_025},\n"
        + f"L3,,,,,,{'m' * 65_536}\n"
        + f"L4,,,,,,{'m' * 65_537}\n"
        + "\0,,NL,,,,\n"
        + "L2,,NL,,,,\n"
    )
    assert [lead.id for lead in leads] == ["L1", "L3", "L2"]
    assert set(leads.leads[0].unreadable) == {"received_at", "country", "postcode"}
    assert refused(leads) == [
        (3, "id", "is missing or unreadable; give every lead an id of its own"),
        (4, "id", "repeats the id of row 2"),
        (5, "postcode", "1,025 characters; the bound is 1,024"),
        (5, "x_fleet", "1,025 characters; the bound is 1,024"),
        (7, "message", "65,537 characters; the bound is 65,536"),
        (8, "id", "is missing or unreadable; give every lead an id of its own"),
    ]
    assert leads.refused_rows == 5
    assert str(leads.refused[0]) == "l.csv:3:id: is missing or unreadable; give every lead an id of its own"
    assert not any("Jansen" in str(one) for one in leads.refused)


@pytest.mark.parametrize("column", ["id", "postcode", "company", "x_fleet", "message"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_ten_megabytes_in_one_cell_refuse_one_row(column, quote):
    names = HEAD.strip().split(",")
    cells = [f"{quote}{'x' * 10_000_000}{quote}" if name == column else "L1" if name == "id" else "" for name in names]
    leads = load(HEAD + ",".join(cells) + "\nL2,,NL,3011,,,\n")
    assert [lead.id for lead in leads] == ["L2"]
    assert [(one.row, one.column) for one in leads.refused] == [(2, column)]
    assert "10,000,000 characters" in leads.refused[0].reason


def test_a_flood_of_marks_costs_no_great_while():
    leads = load(HEAD + "a" + "\u0316\u0301" * 500_000 + ",,NL,,,,\nL2,,,,,,\n")
    assert (len(leads), leads.refused_rows) == (1, 1)


def test_what_loses_nothing_is_said_once():
    heard = []
    leads = load(HEAD.strip() + '\nL1,,NL,3011,,,,more\nL2,,NL\nL3,,,,,,,,\nL4,"x,,,,,\n,,,,,,\n\n', say=heard.append)
    assert [lead.id for lead in leads] == ["L1", "L2", "L3", "L4"]
    assert leads.refused == ()
    assert tuple(heard) == leads.notes
    assert sorted(heard) == [
        "l.csv: 1 row without any content left out",
        "l.csv:2: more cells than columns; those beyond the last column are left out (2 rows)",
        "l.csv:3: fewer cells than columns; the others are absent (1 row)",
        "l.csv:5: a quote that does not close is read as a character (1 row)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "l.csv:1:1: is empty; its first line names the columns"),
        ("country\nNL\n", "l.csv:1:1: the column `id` is missing"),
        ("id,contry\nL1,NL\n", "l.csv:1:2: unknown column `contry`; did you mean `country`?"),
        ("id,x_flet\nL1,1\n", "l.csv:1:2: unknown column `x_flet`; did you mean `x_fleet`?"),
        ("id,id\nL1,L1\n", "l.csv:1:2: the column `id` comes twice; keep one of them"),
        ("nonsense", "l.csv:1:1: unknown column `nonsense`"),
        ("id,a\u202eb\nL1,\n", "unknown column `a?b`"),
        ('{"id": "L1", "contry": "NL"}\n', "l.csv:1:1: unknown key `contry`; did you mean `country`?"),
        ('{"id": "L1", "attributes": {"flet": 1}}\n', "l.csv:1:1: unknown key `x_flet`; did you mean `x_fleet`?"),
    ],
)
def test_a_file_that_is_no_table_of_leads(text, said):
    with pytest.raises(DocumentError) as caught:
        load(text)
    assert said in str(caught.value)


def test_all_wrong_columns_are_said_at_once():
    with pytest.raises(DocumentError) as caught:
        load("contry,postcod,x_flet\n")
    assert len(caught.value.faults) == 4


def test_files_that_cannot_be_read(tmp_path):
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "no.csv", "no such file"), ("a\0b", "cannot be read")):
        with pytest.raises(DocumentError, match=said):
            load_leads(path, PLAN)
    with pytest.raises(DocumentError, match="UTF-16"):
        load("id\nL1\n".encode("utf-16"))
    with pytest.raises(DocumentError, match="unknown time zone `Mars`"):
        load("id\n", timezone="Mars")


def test_too_large_a_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr("dealerrouting.documents.leads.MOST_LEADS", 10)
    (tmp_path / "l.csv").write_text("id\n" + "L\n" * 10, "utf-8")
    for source in (tmp_path / "l.csv", io.BytesIO(b"id\n" + b"L\n" * 10)):
        with pytest.raises(DocumentError, match="more than 10 bytes"):
            load_leads(source, PLAN)


def test_a_spreadsheet_from_windows_is_read_and_it_is_said():
    heard = []
    leads = load("id;company;country\r\nL1;Caf\xe9 'Zur Sonne';DE\r\n".encode("cp1252"), say=heard.append)
    assert leads.leads[0].company.name == "Caf\xe9 'Zur Sonne'"
    assert heard == ["l.csv: 1 line is not UTF-8 and read as cp1252", "l.csv: cells are separated by `;`"]


@pytest.mark.parametrize(
    ("text", "zone", "read"),
    [
        ("2027-01-01T09:00:00+01:00", None, "2027-01-01T08:00:00+00:00"),
        ("2027-01-01T09:00:00", None, None),
        ("2027-01-01 09:00", "Europe/Brussels", "2027-01-01T08:00:00+00:00"),
        ("2027-01-01T09:00:00Z", "Europe/Brussels", "2027-01-01T09:00:00+00:00"),
        ("2027-03-28T02:30:00", "Europe/Brussels", "2027-03-28T01:30:00+00:00"),
        ("2027-10-31T02:30:00", "Europe/Brussels", "2027-10-31T00:30:00+00:00"),
        ("2027-01-01", None, None),
        ("2027-01-01", "Europe/Brussels", "2026-12-31T23:00:00+00:00"),
        ("soon", "Europe/Brussels", None),
    ],
)
def test_instants_without_an_offset(text, zone, read):
    lead = load(f"id,received_at\nL1,{text}\n", timezone=zone).leads[0]
    assert (lead.received_at.isoformat() if lead.received_at else None) == read
    assert ("received_at" in lead.unreadable) == (read is None)


def test_json_lines():
    lines = [
        {"id": "L1", "country": "NL", "company": "Jansen", "x_fleet": 3, "holder": "d", "value": 12.5, "lat": 51.9, "lon": 4},
        {"id": "L2", "company": {"name": "Jansen", "country": "NL"}, "attributes": {"fleet": "3"}},
        {"id": 3, "company": 7, "value": 10**40, "message": None},
    ]  # fmt: skip
    text = "\n\n".join(map(json.dumps, lines)) + '\n[1]\n{"id": \n"text"\n{}\n' + "[" * 100_000 + '\n{"id": "L1"}\n'
    text += '{"id": "L4", "country": "NL", "country": "BE", "lat": NaN, "value": 1e999}\n{"id": "L5", "id": "L6"}\n'
    leads = load(text, file="l.jsonl")
    assert [lead.id for lead in leads] == ["L1", "L2", "3", "L4"]
    assert leads.leads[0].attributes == {"fleet": 3}
    assert leads.leads[0].company.country == "NL"
    assert leads.leads[1].company.name == "Jansen"
    assert leads.leads[2].company.name == "7"
    assert "value" in leads.leads[2].unreadable
    assert set(leads.leads[3].unreadable) >= {"country", "lat", "value"}
    assert [(row, column) for row, column, _ in refused(leads)] == [(n, "id") for n in (6, 7, 8, 9, 10, 11, 13)]
    assert [reason.partition(": ")[2][:20] for _, _, reason in refused(leads)[:3]] == [
        "the line is not a JS",
        "the line is not JSON",
        "the line is not a JS",
    ]


def test_json_lines_have_the_same_bounds():
    long = "x" * 10_000_000
    rows = [
        {"id": "L1", "postcode": long},
        {"id": "L2", "company": {"name": long}},
        {"id": "L3", "attributes": {"fleet": long}},
    ]
    leads = load("\n".join(map(json.dumps, [*rows, {"id": "L4", "x_segment": ["a"] * 1_000}])), file="l.jsonl")
    assert len(leads) == 0
    assert [(one.row, one.column) for one in leads.refused] == [
        (1, "postcode"),
        (2, "company"),
        (3, "x_fleet"),
        (4, "x_segment"),
    ]


@given(strategies.leads())
def test_a_lead_comes_back_from_its_own_line(lead):
    plan = Plan("x", house="h", dealers=[Dealer("h", kind="house")], precedence=[by.registrations()],
                attributes={**abc.ATTRIBUTES, "undeclared": str})  # fmt: skip
    data = io.BytesIO((json.dumps(to_data(lead)) + "\n").encode())
    assert load_leads(data, plan, file="l.jsonl").leads == (lead,)


def check_no_row_is_lost(rows):
    """Each row with an id of its own within bounds is one lead, and each lead is routed to one holder."""
    text = HEAD + "".join(",".join(cells) + "\n" for cells in rows)
    leads = load(text)
    assert len(leads) + leads.refused_rows == len(rows)
    assert len({lead.id for lead in leads}) == len(leads)
    decisions = list(route_all(leads, PLAN, at=abc.APRIL))
    assert sorted(decision.lead for decision in decisions) == sorted(lead.id for lead in leads)
    for decision in decisions:
        assert decision.holder in ("h", "d")
    return leads, decisions


@pytest.mark.slow
def test_ten_thousand_rows_with_some_dirt_are_all_routed():
    rows, dirty = [], set()
    for number in range(10_000):
        cells = [f"L{number}", "2027-01-01T09:00:00Z", "NL", "3011 AB", "Voorbeeld BV", "3", "bericht"]
        if number % 33 == 0:
            column, dirt = (1 + number % 5, ("n/a?", "\u202e??", "99999999999", "\0", "?" * 1_024)[number % 5])
            cells[column] = dirt
            dirty.add(cells[0])
        rows.append(cells)
    rows[77][0], rows[78][0], rows[79][0] = "", "   ", "L5"
    leads, decisions = check_no_row_is_lost(rows)
    assert [(one.row, one.column) for one in leads.refused] == [(79, "id"), (80, "id"), (81, "id")]
    flagged = {one.lead for one in decisions if any(flag.startswith("unreadable:") for flag in one.flags)}
    assert flagged <= dirty
    assert len(flagged) > 150


_cell = st.text(alphabet=st.characters(exclude_characters='",;\n\r'), max_size=8) | st.sampled_from(
    ["NL", "3011", "\0", "\ufeff"]
)


@given(st.lists(st.tuples(*[_cell] * 6), max_size=8))
def test_any_cells_with_an_id_are_a_lead(rows):
    check_no_row_is_lost(
        [(f"L{number}", *(c.encode("utf-8", "replace").decode() for c in cells)) for number, cells in enumerate(rows)]
    )


@given(st.binary(max_size=80) | st.text(alphabet='id,x\n";L1{}[]:\0\\é', max_size=60).map(str.encode))
def test_any_bytes_are_leads_or_are_refused(data):
    for start in (b"", b"id,country\n", b'{"id":"L0"}\n'):
        try:
            leads = load(start + data)
        except DocumentError as error:
            assert error.faults
        else:
            assert len({lead.id for lead in leads}) == len(leads)
