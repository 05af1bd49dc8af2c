# tables of cases read best with one case a line
"""Claims on disk: every field there and back, what no cell can hold refused with its place, what is wrong told."""

import csv
import io
import json
import os
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

import alphabet as abc
from dealerrouting import Company, Dealer, Facts, FactsError, Lead, Plan, Registration, Territory, by, route, where
from dealerrouting.documents import (
    DocumentError,
    dump_registrations,
    from_data,
    load_facts,
    load_leads,
    read_registration,
    to_data,
)
from dealerrouting.documents.fact_rows import TABLES
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import SOURCES, STATUSES, Transition, readable_text
from dealerrouting.registrations import Reason, Refusal, submit
from dealerrouting.terms import ClaimTerms
from quick import upto

pytestmark = pytest.mark.pure

PLAN = Plan(
    "p",
    house="inside",
    timezone="Europe/Brussels",
    dealers=[Dealer("delta"), Dealer("maas"), Dealer("inside", kind="house")],
    territories=[Territory("nl", dealers=["delta"], country="NL")],
    precedence=[by.registrations(), by.territories()],
)
AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
LEI = "724500VNNHZHYDLFMO70"
CONTRACT = (
    "id,dealer,company,country,company_number,vat,domain,email,postcode,city,products,status,submitted_at,decided_at,"
    "expires_at"
)
SINCE = "lei,source,evidence,protected_until,history"

SHOWN = FrozenMap({"meeting": "note-17", "quote": "Q-3"})
CLAIM = Registration(
    "R7",
    "maas",
    Company(
        "Jansen Metaal BV",
        number="24123456",
        vat="NL123456782B90",
        lei=LEI,
        domain="jansen.example",
        country="NL",
        postcode="3011 AB",
        city="Rotterdam",
    ),
    status="approved",
    submitted_at=AT,
    decided_at=AT + timedelta(hours=1),
    expires_at=AT + timedelta(days=90),
    protected_until=AT + timedelta(days=150, microseconds=1),
    products=["press", "lathe"],
    email="a@jansen.example",
    source="list",
    evidence=SHOWN,
    history=[
        Transition("submit", "submitted", AT, "delta-jan", "waiting", FrozenMap({"meeting": "note-17"})),
        Transition("approve", "approved", AT + timedelta(hours=1), "anna", "no-objection", SHOWN),
        Transition("expire", "expired", AT + timedelta(days=90), "", ""),
    ],
)
HISTORY = (
    "submit,submitted,2027-01-08T09:00:00+00:00,delta-jan,waiting,meeting:note-17; approve,approved,"
    "2027-01-08T10:00:00+00:00,anna,no-objection,meeting:note-17,quote:Q-3; expire,expired,2027-04-08T09:00:00+00:00,,"
)
ROW = (
    "R7,maas,Jansen Metaal BV,NL,24123456,NL123456782B90,jansen.example,a@jansen.example,3011 AB,Rotterdam,lathe; press,"
    "approved,2027-01-08T09:00:00+00:00,2027-01-08T10:00:00+00:00,2027-04-08T09:00:00+00:00,"
    f'{LEI},list,meeting:note-17; quote:Q-3,2027-06-07T09:00:00.000001+00:00,"{HISTORY}"'
)


def dumped(claims, **kwargs):
    text = io.StringIO()
    dump_registrations(claims, text, **kwargs)
    return text.getvalue()


def loaded(place, text, say=lambda _: None):
    (place / "registrations.csv").write_text(text, "utf-8", newline="")
    return load_facts(place, PLAN, say=say).registrations


# Every field, as what it is


def test_a_claim_is_written_as_the_contract_says():
    assert dumped([CLAIM]) == f"{CONTRACT},{SINCE}\n{ROW}\n"
    assert dumped([]) == f"{CONTRACT},{SINCE}\n"


def test_every_column_is_read(tmp_path):
    notes = []
    assert loaded(tmp_path, f"{CONTRACT},{SINCE}\n{ROW}\n", notes.append) == (CLAIM,)
    assert notes == []


def test_a_table_without_the_newer_columns_is_read_as_ever(tmp_path):
    (claim,) = loaded(tmp_path, f"{CONTRACT}\n{ROW.partition(f',{LEI}')[0]}\n")
    assert claim == as_of_old(CLAIM)
    assert (claim.source, claim.evidence, claim.protected_until, claim.history) == ("dealer", {}, None, ())


def as_of_old(claim):
    company = claim.company
    older = Company(
        company.name,
        number=company.number,
        vat=company.vat,
        domain=company.domain,
        country=company.country,
        postcode=company.postcode,
        city=company.city,
    )
    return Registration(
        claim.id,
        claim.dealer,
        older,
        status=claim.status,
        submitted_at=claim.submitted_at,
        decided_at=claim.decided_at,
        expires_at=claim.expires_at,
        products=claim.products,
        email=claim.email,
    )


def test_an_instant_of_a_step_without_an_offset_is_of_the_plans_clock(tmp_path):
    row = 'R1,maas,x.example,approved,2027-01-08,"submit, submitted ,2027-01-08T10:00, anna,,meeting: note-1 "'
    (claim,) = loaded(tmp_path, f"id,dealer,domain,status,submitted_at,history\n{row}\n")
    assert claim.history == (Transition("submit", "submitted", AT, "anna", "", FrozenMap({"meeting": "note-1"})),)


def test_the_order_is_by_id_and_the_same_claim_is_written_once():
    others = [small(f"R{number}") for number in (10, 2, 1)]
    text = dumped([*others, *reversed(others)])
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ["R1", "R10", "R2"]


def small(name="R1", **said):
    company = said.pop("company", Company(domain="x.example"))
    return Registration(name, "maas", company, submitted_at=said.pop("submitted_at", AT), **said)


def test_the_json_of_a_claim():
    data = json.loads(json.dumps(to_data(CLAIM), allow_nan=False))
    assert list(data) == [
        "schema_version", "id", "dealer", "company", "status", "submitted_at", "decided_at", "expires_at", "protected_until",
        "products", "email", "source", "evidence", "history",
    ]  # fmt: skip
    assert data["company"]["lei"] == LEI
    assert data["evidence"] == {"meeting": "note-17", "quote": "Q-3"}
    assert data["history"][2] == {
        "do": "expire", "status": "expired", "at": "2027-04-08T09:00:00+00:00", "actor": "", "rule": "", "evidence": {},
    }  # fmt: skip
    assert from_data("registration", data) == CLAIM


def test_a_claim_of_an_older_release_is_read(tmp_path):
    data = to_data(small())
    for name in ("schema_version", "source"):
        del data[name]
    assert from_data("registration", data) == small()


# There and back

TEXT = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+31 10",
            "-x",
            "@x",
            'a "b"',
            '"',
            '""',
            "a;b",
            "a,b",
            "a\nb",
            '"\n"',
            "é",
            "\u202eb",
            "１２",
            "  x ",
            "a\tb",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1, max_size=8),
).filter(lambda text: readable_text(text) is not None)
PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ", exclude_characters=";:,`\"'")
IDS = st.text(PRINTABLE, min_size=1, max_size=6).map(lambda text: readable_text(text) or "x").filter(str.isprintable)
NOTES = st.dictionaries(IDS, IDS, max_size=3)
INSTANTS = st.one_of(
    st.sampled_from([AT, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)]),
    st.datetimes(
        datetime(1900, 1, 1),
        datetime(2200, 1, 1),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30)), timezone(timedelta(seconds=7))]),
    ),
)
STEPS = st.builds(
    Transition,
    st.sampled_from(["submit", "approve"]) | IDS,
    st.sampled_from(STATUSES),
    INSTANTS,
    st.just("") | IDS,
    st.just("") | IDS,
    NOTES.map(FrozenMap),
)
COMPANIES = st.builds(
    Company,
    st.none() | TEXT,
    number=st.none() | st.sampled_from(["24123456", "007"]) | TEXT,
    vat=st.none() | st.just("NL123456782B90") | TEXT,
    lei=st.none() | st.just(LEI) | TEXT,
    domain=st.none() | st.just("x.example") | TEXT,
    country=st.none() | st.sampled_from(["NL", "be"]),
    postcode=st.none() | st.just("3011 AB") | TEXT,
    city=st.none() | TEXT,
)


@st.composite
def registrations(draw, name="R1"):
    """A claim of which every field may be anything that it can hold; its instants come in an order that can be."""
    submitted, decided, *ends = sorted(draw(st.lists(INSTANTS, min_size=4, max_size=4, unique=True)))
    ends = draw(st.permutations(ends))
    return Registration(
        draw(IDS) if name is None else name,
        draw(st.sampled_from(["maas", "delta"]) | IDS),
        draw(COMPANIES),
        status=draw(st.sampled_from(STATUSES)),
        submitted_at=submitted,
        decided_at=draw(st.sampled_from([None, submitted, decided])),
        expires_at=draw(st.sampled_from([None, ends[0]])),
        protected_until=draw(st.sampled_from([None, ends[1]])),
        products=draw(st.lists(TEXT.filter(lambda text: ";" not in text), max_size=3)),
        email=draw(st.none() | TEXT),
        source=draw(st.sampled_from(SOURCES)),
        evidence=draw(NOTES),
        history=sorted(draw(st.lists(STEPS, max_size=3)), key=lambda step: step.at),
    )


def check_json(claim):
    """JSON there and back gives an equal claim, alone and among facts, and the same bytes again."""
    text = json.dumps(to_data(claim), allow_nan=False)
    twin = from_data("registration", json.loads(text))
    assert twin == claim
    assert json.dumps(to_data(twin)) == text
    facts = Facts(registrations=[claim])
    assert from_data("facts", json.loads(json.dumps(to_data(facts)))) == facts


def check_csv(claims, place):
    """What is loaded, dumped and loaded again is equal, and so is its text."""
    text = dumped(claims)
    twins = loaded(place, text)
    assert twins == Facts(registrations=claims).registrations
    assert dumped(twins) == text


@given(registrations())
@example(CLAIM)
def test_claims_come_back_from_json(claim):
    check_json(claim)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("claims")


@pytest.mark.slow
@settings(max_examples=upto(200), deadline=None)
@given(st.lists(registrations(name=None), max_size=4, unique_by=lambda claim: claim.id))
@example([CLAIM])
def test_claims_come_back_from_a_table(place, claims):
    check_csv(claims, place)


def test_the_claims_of_all_other_tests_come_back(place):
    random = Random(1)
    claims = {name: abc.a_registration(random, name) for name in (f"R{number:03}" for number in range(300))}
    sound = [claim for claim in claims.values() if not claim.company.unreadable and in_order(claim)]
    assert len(sound) > 200
    check_csv(sound, place)


def in_order(claim):
    """Whether it is decided, and ends, after it began."""
    moments = [claim.submitted_at, claim.decided_at or claim.submitted_at]
    return moments == sorted(moments) and (claim.expires_at is None or claim.expires_at > moments[1])


# What no cell can hold

ODD = st.builds(
    Transition,
    st.text(max_size=3) | st.sampled_from(["a;b", "a,b", "a\nb", "", " x", "x" * 101]),
    st.sampled_from(["approved", "aproved", ""]),
    INSTANTS | st.just(datetime(2027, 1, 8)),
    st.sampled_from(["", "anna", "a;b", "a,b", '"', " "]),
    st.sampled_from(["", "rule", "e\u0301"]),
    st.dictionaries(st.sampled_from(["a", "a:b", ""]), st.sampled_from(["n", "", "n;m", "n,m"]), max_size=2),
)


@settings(deadline=None)
@given(
    st.lists(ODD, max_size=2),
    st.lists(st.sampled_from(["a", "a;b", "a\r\nb", ";"]), max_size=2),
    st.sampled_from([Company("a\rb"), Company("x", country="Nedrland"), Company("\0"), Company("x")]),
)
def test_whatever_a_claim_holds_it_comes_back_or_is_refused(place, history, products, company):
    claim = small(history=history, products=products, company=company)
    try:
        check_csv([claim], place)
    except DocumentError as error:
        assert error.faults
        assert all(fault.place.startswith("registration `R1`.") and fault.what for fault in error.faults)


ORDER = "give instants in the order in which things happened"
STEP = Transition("submit", "submitted", AT, "anna", "")
REFUSED = [
    (small(products=["press", "lathe; big"]), "products: holds a `;` inside a value; call the product something else"),
    (small(company=Company("Jansen\rBV")), "company: holds a carriage return; take it out"),
    (small(email="a\r@x"), "email: holds a carriage return; take it out"),
    (small(company=Company("X", country="Nedrland")), "country: could not be read when the claim was made; mend it, or leave it out"),
    (small(history=[STEP, evolve(STEP, actor="an;na")]), "history: step 2: `an;na` is not an id; an id is 1 to 100 printable"),
    (small(history=[evolve(STEP, do="")]), "history: step 1: `` is not an id"),
    (small(history=[evolve(STEP, rule="a,b")]), "history: step 1: `b` names no note; write meeting:note-17"),
    (small(history=[evolve(STEP, status="aproved")]), "history: step 1: unknown status `aproved`; did you mean `approved`?"),
    (small(history=[evolve(STEP, at=datetime(2027, 1, 8))]), "history: step 1: `2027-01-08 00:00:00` is not an instant; give an aware datetime"),
    (small(history=[evolve(STEP, actor=" anna")]), "history: step 1: `submit,submitted,2027-01-08T09:00:00+00:00, anna,` would not be read as it is"),
    (small(history=[evolve(STEP, evidence={"a:b": "c"})]), "history: step 1: `b:c` is not an id"),
    (small(history=[STEP, evolve(STEP, at=AT - timedelta(seconds=1))]), "history: step 2: lies before step 1; write the steps in order, the first first"),
    (small(decided_at=AT - timedelta(microseconds=1)), f"decided_at: lies before `submitted_at`; {ORDER}"),
    (small(expires_at=AT), f"expires_at: does not lie after `submitted_at`; {ORDER}"),
    (small(history=[STEP] * 10_001), "history: 10,001 steps; the bound is 10,000"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "said"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_no_cell_can_hold_is_refused_with_its_place(claim, said):
    with pytest.raises(DocumentError) as caught:
        dumped([claim])
    assert str(caught.value.faults[0]).startswith(f"registration `R1`.{said}")


def test_everything_that_is_refused_is_refused_at_once_and_nothing_is_written(tmp_path):
    path = tmp_path / "registrations.csv"
    path.write_text("as it was")
    claims = [small("R2", products=["a;b"], company=Company("\0x\r")), small("R1"), small("R1", source="list")]
    with pytest.raises(DocumentError) as caught:
        dump_registrations(claims, path)
    assert [fault.place for fault in caught.value.faults] == [
        "registration `R1`.id",
        "registration `R2`.company",
        "registration `R2`.products",
    ]
    assert "\0" not in str(caught.value)
    assert path.read_text() == "as it was"
    assert os.listdir(tmp_path) == ["registrations.csv"]


def test_no_refusal_tells_whose_company_it_is():
    with pytest.raises(DocumentError) as caught:
        dumped([small(company=Company("Secret\rBV", country="Secretland"), email="secret\r@x")])
    assert len(caught.value.faults) == 3
    assert "ecret" not in str(caught.value)


def test_only_registrations_are_written():
    with pytest.raises(TypeError, match="`3` is not a registration"):
        dumped([3])


# Where it goes


def test_to_a_path_as_text_or_a_path_or_a_stream(tmp_path):
    for target in (tmp_path / "a.csv", str(tmp_path / "b.csv")):
        dump_registrations([CLAIM], target)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes() == dumped([CLAIM]).encode()


@pytest.mark.parametrize("name", [".", "nowhere/x.csv"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, name):
    with pytest.raises(DocumentError, match="cannot be written: .*; check the folder"):
        dump_registrations([CLAIM], tmp_path / name)


def test_what_a_spreadsheet_takes_for_a_formula_is_said_and_not_changed(place):
    heard = []
    claims = [
        small("R1", company=Company("=1+1", number="-7"), products=["@x", "b"]),
        small("R2", company=Company("+x")),
        small("=R3", company=Company("1=1")),
    ]
    text = dumped(claims, say=heard.append)
    end = "; written as it is: have a spreadsheet import the column as text"
    assert heard == [
        f"registrations.csv:id: 1 cell begins as a formula does, first of `=R3`{end}",
        f"registrations.csv:company: 2 cells begin as a formula does, first of `R1`{end}",
        f"registrations.csv:company_number: 1 cell begins as a formula does, first of `R1`{end}",
        f"registrations.csv:products: 1 cell begins as a formula does, first of `R1`{end}",
    ]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["company"] for row in rows] == ["1=1", "=1+1", "+x"]
    assert loaded(place, text) == Facts(registrations=claims).registrations


def test_a_note_names_the_file_that_is_written(tmp_path):
    heard = []
    dump_registrations([small("=R1")], tmp_path / "x.csv", say=heard.append)
    assert heard[0].startswith(f"{tmp_path / 'x.csv'}:id: 1 cell begins")


# What is wrong with a table


def told(place, columns, row):
    with pytest.raises(FactsError) as caught:
        loaded(place, f"id,dealer,domain,status,submitted_at,{columns}\nR1,maas,x.example,approved,2027-01-08,{row}\n")
    return [str(fault).replace(f"{place}{os.sep}", "") for fault in caught.value.faults]


EXAMPLE = "write submit,submitted,2027-01-08T09:00:00+00:00,delta-jan,,meeting:note-17"
WRONG = [
    ("source", "dealr", ["source: unknown source `dealr`; did you mean `dealer`?"]),
    ("evidence", "meeting", ["evidence: `meeting` names no note; write meeting:note-17"]),
    ("evidence", "m:a; ", ["evidence: `` names no note"]),
    ("evidence", "meeting:", ["evidence: `` is not an id; an id is 1 to 100 printable characters without ; : , or quotes"]),
    ("evidence", "meeting:a; meeting:b", ["evidence: `meeting` is named twice; give each one id"]),
    ("evidence", "m:a:b", ["evidence: `a:b` is not an id; an id is"]),
    ("evidence", "x" * 101 + ":a", ["evidence: `xxx"]),
    ("protected_until", "soon", ["protected_until: `soon` is not an instant; write 2027-01-01, or"]),
    ("history", '"submit"', [f"history: step 1: has 1 of the parts do, status, at, actor, rule; {EXAMPLE}"]),
    ("history", '"a,approved,2027-01-08,,;"', ["history: step 2: has 1 of the parts"]),
    ("history", '"a,approved,soon,,; b,aproved,2027-01-08,,"',
     ["history: step 1: `soon` is not an instant; write 2027-01-08T09:00:00+00:00", "history: step 2: unknown status `aproved`; did you mean `approved`?"]),
    ("history", '"a,approved,2027-01-08,x:y,,"', ["history: step 1: `x:y` is not an id; an id is", "history: step 1: `` names no note"]),
    ("history", '"a,approved,2027-01-08,,,note-1"', ["history: step 1: `note-1` names no note; write meeting:note-17"]),
    ("history", '",approved,2027-01-08,,"', ["history: step 1: `` is not an id"]),
    ("history", '"a,approved,2027-01-08,,,m:n,m:o"', ["history: step 1: `m` is named twice; give each one id"]),
    ("history", '"a,approved,2027-01-08,\u202e,"', ["history: step 1: `?` is not an id"]),
    ("history", ";" * 10_000, ["history: 10,001 steps; the bound is 10,000"]),
    ("hystory", "x", ["unknown column `hystory`; did you mean `history`?"]),
    ("decided_at", "2027-01-07T23:59:59.999999", [f"decided_at: lies before `submitted_at`; {ORDER}"]),
    ("expires_at", "2027-01-08", [f"expires_at: does not lie after `submitted_at`; {ORDER}"]),
    ("expires_at", "2026-12-31", [f"expires_at: does not lie after `submitted_at`; {ORDER}"]),
    ("decided_at,expires_at", "2027-02-01,2027-02-01", [f"expires_at: does not lie after `decided_at`; {ORDER}"]),
    ("decided_at,protected_until", "2027-02-01,2027-01-31", [f"protected_until: does not lie after `decided_at`; {ORDER}"]),
    ("history", '"a,approved,2027-01-09,,; b,approved,2027-01-08T23:59,,; c,approved,2027-01-08,,"',
     ["history: step 2: lies before step 1; write the steps in order, the first first", "history: step 3: lies before step 2"]),
    ("lei", "x" * 1025, ["lei: 1,025 characters; the bound is 1,024"]),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_wrong_cell_is_told_with_its_place_and_cure(tmp_path, column, cell, said):
    found = told(tmp_path, column, cell)
    start = "registrations.csv:1:6: " if "column" in said[0] else "registrations.csv:2:"
    assert len(found) >= len(said)
    for line, words in zip(found, said, strict=False):
        assert line.startswith(start + words)


def test_everything_wrong_with_a_claim_is_told_at_once(tmp_path):
    found = told(tmp_path, "source,evidence,protected_until,expires_at,history", 'x,meeting:,soon,2027-01-01,"a,b,c,d"')
    assert [line.split(": ")[0] for line in found] == [
        "registrations.csv:2:evidence",
        "registrations.csv:2:expires_at",
        "registrations.csv:2:history",
        "registrations.csv:2:protected_until",
        "registrations.csv:2:source",
    ]


def test_instants_that_can_be_are_believed(tmp_path):
    """Decided as it was made, steps of one instant; and no clock says that a claim lies in the future."""
    head = "id,dealer,domain,status,submitted_at,decided_at,expires_at,history"
    row = 'R1,maas,x.example,approved,2099-01-08,2099-01-08,2099-01-08T00:00:00.000001,"a,approved,2099-01-08,,; b,approved,2099-01-08,,"'
    notes = []
    (claim,) = loaded(tmp_path, f"{head}\n{row}\n", notes.append)
    assert (claim.expires_at - claim.submitted_at, notes) == (timedelta(microseconds=1), [])


# What is odd, and may be right

COLUMNS = "id,dealer,company,country,company_number,vat,lei,domain,status,submitted_at,history"
NONE = "gives no key: it has the wrong form or fails its check"
REMARKS = [
    ("R1,maas,,NL,24123456,NL123456782B90,{LEI},,approved,2027-01-08,", []),
    ("R1,maas,,NL,241234567,,,x.example,approved,2027-01-08,", [f"company_number: {NONE}; mend it, or leave it out"]),
    ("R1,maas,,NL,00000000,,,x.example,approved,2027-01-08,", [f"company_number: {NONE}; mend it, or leave it out"]),
    ("R1,maas,,,24123456,,,x.example,approved,2027-01-08,", [f"company_number: {NONE}; name its country, or mend it"]),
    ("R1,maas,,NL,,NL123456783B90,,x.example,approved,2027-01-08,", [f"vat: {NONE}; mend it, or leave it out"]),
    ("R1,maas,,NL,24123456,BE0123456789,,,approved,2027-01-08,", [f"vat: {NONE}; mend it, or leave it out"]),
    ("R1,maas,,BE,0417497106,BE0417497105,,,approved,2027-01-08,", [f"vat: {NONE}; mend it, or leave it out"]),
    ("R1,maas,,BE,0417497107,BE0417497105,,,approved,2027-01-08,",
     [f"company_number: {NONE}; mend it, or leave it out", f"vat: {NONE}; mend it, or leave it out",
      "company: has no key, so no lead will meet it; give a number"]),
    ("R1,maas,,,,,724500VNNHZHYDLFMO71,x.example,approved,2027-01-08,", [f"lei: {NONE}; mend it, or leave it out"]),
    ("R1,inside,,,,,,x.example,approved,2027-01-08,",
     ["dealer: `inside` is a team of the house, and claims are made by dealers; what the house has already is an account"]),
    ("R1,mass,,,,,,x.example,approved,2027-01-08,", ["dealer: `mass` is no dealer of this plan; did you mean `maas`?"]),
    ('R1,maas,,,,,,x.example,approved,2099-01-08,"submit,submitted,2027-01-08,,"',
     ["submitted_at: lies after the last step of `history`; mend it, or add the steps since"]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said"), REMARKS, ids=[str(n) for n in range(len(REMARKS))])
def test_what_is_odd_is_a_remark_with_its_place_and_cure(tmp_path, row, said):
    heard = []
    assert len(loaded(tmp_path, f"{COLUMNS}\n{row.replace('{LEI}', LEI)}\n", heard.append)) == 1
    assert len(heard) == len(said)
    for line, words in zip(heard, said, strict=True):
        assert line.startswith(f"note: {tmp_path / 'registrations.csv'}:2:{words}")


HOSTILE = st.one_of(
    st.sampled_from([one for one in abc.HOSTILE if isinstance(one, str)]),
    st.text(alphabet="abc,;:\"' \n\0\u202e", max_size=20),
    st.text(max_size=10),
    st.sampled_from([HISTORY, "," * 2_000, ";" * 2_000, "a,approved,2027-01-08,,," + "m:n," * 500]),
)


@settings(max_examples=upto(300), deadline=None)
@given(st.sampled_from(["source", "evidence", "protected_until", "history", "lei"]), HOSTILE)
def test_hostile_cells_are_read_or_told(place, column, cell):
    rows = io.StringIO()
    head = ["id", "dealer", "status", "submitted_at", column]
    csv.writer(rows, lineterminator="\n").writerows([head, ["R1", "maas", "approved", "2027-01-08", cell]])
    (place / "registrations.csv").write_bytes(rows.getvalue().encode("utf-8", "surrogatepass"))
    try:
        claims = load_facts(place, PLAN).registrations
    except FactsError as error:
        *faults, last = error.faults  # of very many the last says only how many more there are
        assert all(str(place) in fault.place and fault.what and "\n" not in str(fault) for fault in faults)
        assert last.place.startswith(str(place)) or "more of these" in last.what
    else:
        if not any("\r" in (claim.company.lei or "") for claim in claims):
            check_csv(claims, place)


WRONG_JSON = [
    ([], "registration: `list` is not a mapping"),
    ({"schema_version": 2}, "schema_version: `2` is not known here; this release reads 1"),
    ({"histroy": []}, "registration: unknown key `histroy`; did you mean `history`?"),
    ({"source": "web"}, "registration.source: unknown source `web`"),
    ({"evidence": "meeting:note-17"}, "registration.evidence: `str` is not a mapping"),
    ({"evidence": {"meeting": 3}}, "registration.evidence: `3` is not an id"),
    ({"protected_until": 3}, "registration.protected_until: `3` is not an instant"),
    ({"history": {}}, "registration.history: `dict` is not a list"),
    ({"history": [3]}, "registration.history[0]: `int` is not a mapping"),
    ({"history": [{"do": "x", "status": "approved"}]}, "registration.history[0].at: is missing; give the instant of the step"),
    ({"history": [{"do": 3, "status": "approved", "at": "2027-01-08T09:00:00Z"}]}, "registration.history[0].do: `3` is not readable text"),
    ({"history": [{"do": "x", "status": "aproved", "at": "2027-01-08T09:00:00Z"}]}, "registration.history[0].status: unknown status `aproved`; did you"),
    ({"history": [{"do": "x", "status": [], "at": "2027-01-08T09:00:00Z"}]}, "registration.history[0].status: unknown status `[]`"),
    ({"history": [{"do": "x", "status": "approved", "at": "2027-01-08T09:00:00Z", "evidence": {"a": []}}]}, "registration.history[0].evidence: `[]` is not"),
    ({"company": {"lie": "x"}}, "registration.company: unknown key `lie`; did you mean `lei`?"),
    ({"submitted_at": None}, "registration.submitted_at: is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG_JSON, ids=[str(n) for n in range(len(WRONG_JSON))])
def test_json_that_is_no_claim_is_refused_with_the_way_to_it(change, said):
    data = {**to_data(small()), **change} if isinstance(change, dict) else change
    with pytest.raises(DocumentError) as caught:
        from_data("registration", data)
    assert any(str(fault).startswith(said) for fault in caught.value.faults), caught.value.faults


def test_a_step_says_at_least_its_status_and_instant():
    data = {**to_data(small()), "history": [{"at": "2027-01-08T09:00:00Z"}]}
    with pytest.raises(DocumentError, match=r"history\[0\]\.status: unknown status `None`"):
        from_data("registration", data)


# What a dealer sends in

FORM = {"id": "R1", "dealer": "maas", "company": "Jansen Metaal BV", "country": "NL", "company_number": "24123456"}


def test_a_form_is_a_claim_made_now():
    claim = read_registration(
        {**FORM, "vat": "", "email": "  ", "products": None, "evidence": "meeting:note-17"}, at=AT
    )
    company = Company("Jansen Metaal BV", number="24123456", country="NL")
    assert claim == Registration("R1", "maas", company, submitted_at=AT, evidence={"meeting": "note-17"})
    assert submit(claim, [], ClaimTerms(), at=AT).status == "submitted"


def test_a_form_may_hold_numbers_as_numbers_and_lists_as_lists():
    sent = {**FORM, "company_number": 24123456, "products": ["press", "lathe"], "evidence": {"quote": "Q-3"}}
    claim = read_registration(sent, at=AT)
    assert (claim.company.number, claim.products, claim.evidence) == ("24123456", ("lathe", "press"), {"quote": "Q-3"})


def test_the_instant_has_to_be_one():
    with pytest.raises(TypeError):
        read_registration(FORM, at=datetime(2027, 1, 8))


def check_sent(claim):
    """As JSON, and as a row of the table: both are the claim."""
    later = AT + timedelta(days=400)
    assert read_registration(json.loads(json.dumps(to_data(claim))), at=later) == claim
    (row,) = csv.DictReader(io.StringIO(dumped([claim]), newline=""))
    assert read_registration(row, at=later) == claim


@settings(deadline=None)
@given(registrations())
@example(CLAIM)
def test_every_claim_can_be_sent_either_way(claim):
    try:
        check_sent(claim)
    except DocumentError:
        assert claim.company.unreadable


MEND = "mend it, or leave it out"
AN_ID = "an id is 1 to 100 printable characters without ; : , or quotes"
LONG = "write at most 1,024 characters"
SENT = [
    (None, [("", "send a mapping of fields"), ("id", AN_ID), ("dealer", AN_ID)]),
    ([FORM], [("", "send a mapping of fields"), ("id", AN_ID), ("dealer", AN_ID)]),
    ({**FORM, "company": "x" * 2_000}, [("company.name", LONG)]),
    ({**FORM, "company": {"name": "x" * 2_000, "vat": "9" * 1_025}, "country": ""},
     [("", "`company_number` is not known; did you mean `company`?"), ("company.name", LONG), ("company.vat", LONG)]),
    ({**FORM, "id": "a;b"}, [("id", AN_ID)]),
    ({**FORM, "id": 7, "dealer": "x" * 101}, [("id", AN_ID), ("dealer", AN_ID)]),
    ({**FORM, "id": "x" * 10**6}, [("id", AN_ID)]),
    ({**FORM, "source": "web"}, [("source", "known here: `dealer`, `list`")]),
    ({**FORM, "source": 10**5_000}, [("source", "known here: `dealer`, `list`")]),
    ({**FORM, "status": "aproved"}, [("status", "did you mean `approved`?")]),
    ({**FORM, "products": "press;;lathe"}, [("products", "separate the items with one `;`")]),
    ({**FORM, "products": {"press": 1}}, [("products", "separate the items with `;`")]),
    ({**FORM, "products": ["x"] * 10_001}, [("products", "separate the items with `;`")]),
    ({**FORM, "evidence": "meeting"}, [("evidence", "write `meeting:note-17`")]),
    ({**FORM, "evidence": {"meeting": ["note-17"]}}, [("evidence", AN_ID)]),
    ({**FORM, "evidence": 3}, [("evidence", "write meeting:note-17")]),
    ({**FORM, "email": ["a@b.example"]}, [("email", LONG)]),
    ({**FORM, "email": "a" * 1_025}, [("email", LONG)]),
    ({**FORM, "country": "Nedrland"}, [("company.country", "write its two-letter code")]),
    ({**FORM, "city": ["Rotterdam"], "postcode": True, "vat": 10**5_000},
     [("company.vat", LONG), ("company.city", LONG), ("company.postcode", MEND)]),
    ({**FORM, "submitted_at": "yesterday"}, [("submitted_at", "write 2027-01-01T09:00:00+01:00")]),
    ({**FORM, "submitted_at": "2027-01-08T09:00"}, [("submitted_at", "write 2027-01-01T09:00:00+01:00")]),
    ({**FORM, "expires_at": 2027}, [("expires_at", "write 2027-01-01T09:00:00+01:00")]),
    ({**FORM, "history": "submit"}, [("history", EXAMPLE)]),
    ({**FORM, "history": [{"do": "submit"}]}, [("history", "give the instant of the step")]),
    ({**FORM, "history": {"do": "submit"}}, [("history", "a new claim has none")]),
    ({**FORM, "vta": "NL123456782B90"}, [("", "`vta` is not known; did you mean `vat`?")]),
    ({**FORM, "schema_version": 2}, [("schema_version", "this release reads 1")]),
    ({**to_data(small()), "company": {"country": None, "unreadable": {"country": "Nedrland"}}}, [("company.country", MEND)]),
    ({"id": "", "dealer": " ", "country": "Nedrland", "email": 3, "evidence": "a"},
     [("company.country", "write its two-letter code"), ("email", LONG), ("id", AN_ID), ("dealer", AN_ID), ("evidence", "write `meeting:note-17`")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), SENT, ids=[str(n) for n in range(len(SENT))])
def test_what_cannot_be_a_claim_is_refused_field_by_field(data, said):
    found = read_registration(data, at=AT)
    assert isinstance(found, Refusal)
    assert (found.do, found.at) == ("submit", AT)
    assert list(found.reasons) == [Reason("unreadable", name, cure) for name, cure in said]
    assert found.for_dealer() == found.reasons  # nothing in it is of others


def test_the_refusal_names_the_claim_as_far_as_it_can():
    sent = {**FORM, "source": "web"}
    assert [read_registration({**sent, "id": name}, at=AT).claim for name in ("R1", "a;b", None)] == ["R1", "", ""]


def test_no_reason_tells_what_was_sent():
    sent = dict.fromkeys(TABLES["registrations"][0], "secret;:\0secret")
    found = read_registration(sent, at=AT)
    assert len(found.reasons) > 8
    assert "ecret" not in str([str(reason) for reason in found.reasons])


NESTED = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5), st.binary(max_size=2), INSTANTS, st.just(5_000).map(lambda digits: 10**digits), st.builds(object),
        st.sampled_from([*(one for one in abc.HOSTILE if isinstance(one, str)), "x" * 1_025, "2027-01-08T09:00:00Z", "0001-01-01T00:00:00+14:00"]),
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "vat", "do", "at", "status", "evidence", "unreadable", "meeting"]) | st.text(max_size=2), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=upto(500), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*TABLES["registrations"][0], "schema_version"]) | st.integers(), NESTED, max_size=8
    )
)
def test_whatever_a_form_holds_nothing_raises(sent):
    found = read_registration({**FORM, **sent}, at=AT)
    assert isinstance(found, Registration | Refusal)
    if isinstance(found, Refusal):
        assert found.reasons
        assert all(
            reason.rule == "unreadable" and reason.cure and str(reason).isprintable() for reason in found.reasons
        )
    else:
        submit(found, [], ClaimTerms(), at=AT)


# The LEI, wherever a company stands


def test_a_lei_is_a_column_wherever_a_company_stands(tmp_path):
    assert all("lei" in TABLES[name][0] for name in ("registrations", "incumbents"))
    (tmp_path / "registrations.csv").write_text(
        f"id,dealer,lei,status,submitted_at\nR1,maas,{LEI},approved,2027-01-01\n", "utf-8"
    )
    (tmp_path / "incumbents.csv").write_text(f"lei,dealer,since\n{LEI},maas,2027-01-01\n", "utf-8")
    notes = []
    facts = load_facts(tmp_path, PLAN, say=notes.append)
    assert notes == []
    assert [[str(key) for key in record.company] == [] for record in facts.incumbents] == [False]
    (tmp_path / "leads.csv").write_text(f"id,country,lei\nL1,NL,{LEI}\n", "utf-8")
    (lead,) = load_leads(tmp_path / "leads.csv", PLAN)
    assert lead == Lead("L1", company=Company(lei=LEI, country="NL"), country="NL")
    decision = route(lead, PLAN, facts, at=AT)
    assert (decision.holder, decision.because) == ("maas", ("R1",))


def test_a_lei_in_json_lines_and_in_a_plan(tmp_path):
    (tmp_path / "leads.jsonl").write_text(
        json.dumps({"id": "L1", "lei": LEI}) + "\n" + json.dumps({"id": "L2", "company": {"lei": LEI}}), "utf-8"
    )
    assert [lead.company.lei for lead in load_leads(tmp_path / "leads.jsonl", PLAN)] == [LEI, LEI]
    data = to_data(PLAN) | {
        "accounts": [{"id": "A1", "holder": "maas", "lei": LEI}],
        "precedence": ["accounts", "territories"],
    }
    plan = from_data("plan", data)
    assert plan.accounts[0].company.lei == LEI
    assert from_data("plan", to_data(plan)) == plan
    assert route(Lead("L1", company=Company(lei=LEI), country="NL"), plan, at=AT).because == ("A1",)


def test_a_lei_can_be_asked_by_a_condition():
    rule = {"rules": [{"id": "r", "when": {"lei": {"eq": LEI}}, "dealers": ["maas"]}]}
    plan = from_data("plan", to_data(PLAN) | {"precedence": [rule, "territories"]})
    assert plan.rung("rules").rules[0].when == (where.lei == LEI)
    assert route(Lead("L1", company=Company(lei=LEI), country="NL"), plan, at=AT).because == ("r",)
    assert route(Lead("L1", country="NL"), plan, at=AT).because == ("nl",)
