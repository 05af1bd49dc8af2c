"""`load_facts`: each table as what it says, and everything wrong at once, where it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies as some
from dealerrouting import (
    Company,
    Count,
    Dealer,
    Facts,
    FactsError,
    Incumbent,
    Lead,
    PastHolder,
    Plan,
    Registration,
    Territory,
    by,
    route,
)
from dealerrouting.documents import load_facts
from dealerrouting.documents.facts import TABLES

pytestmark = pytest.mark.pure

PLAN = Plan(
    "p",
    house="inside",
    timezone="Europe/Brussels",
    dealers=[Dealer("delta"), Dealer("maas"), Dealer("inside", kind="house")],
    territories=[Territory("nl", dealers=["delta"], country="NL")],
    precedence=[by.registrations(), by.incumbent(), by.territories()],
)
WINTER = datetime(2027, 1, 7, 23, tzinfo=UTC)  # midnight of the eighth in Brussels
SUMMER = datetime(2027, 7, 1, 7, tzinfo=UTC)  # nine o'clock there
CLAIMS = "id,dealer,domain,status,submitted_at\n"


@pytest.fixture
def folder(tmp_path):
    """Writes tables and reads them: the facts, and what was said of them without the folder's name."""

    def read(**tables):
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        heard = []
        try:
            facts = load_facts(tmp_path, PLAN, say=heard.append)
        except FactsError as error:
            return [str(fault).replace(f"{tmp_path}/", "") for fault in error.faults]
        assert all(note.startswith(f"note: {tmp_path}/") for note in heard)  # nobody takes it for an error
        return facts, [note.removeprefix(f"note: {tmp_path}/") for note in heard]

    return read


# Each table


def test_no_tables_are_no_facts(folder):
    assert folder() == (Facts(), [])


def test_a_table_of_columns_only_says_nothing(folder):
    assert folder(**{name: ",".join(known) + "\n" for name, (known, _) in TABLES.items()}) == (Facts(), [])


def test_every_table_becomes_what_it_says(folder):
    facts, notes = folder(
        registrations="id,dealer,company,country,company_number,vat,domain,email,postcode,city,products,status,"
        "submitted_at,decided_at,expires_at\n"
        "R1,maas,Jansen BV,NL,24123456,NL123456782B90,jansen.example,a@b.example,3011 AB,Rotterdam,press; lathe,"
        "approved,2027-01-08,2027-07-01T09:00,2028-01-01T00:00:00Z\n",
        incumbents="company_number,country,dealer,since,status\n24123456,NL,delta,2027-01-08,won\n24123457,NL,maas,2027-01-08,\n",
        counts="dealer,open,last_30_days\ndelta,3,7\nmaas,,\n",
        ledgers="ledger,dealer,credit\nnl,delta,-250000\nnl,maas,250000\nbe,maas,0\n",
        shares="dealer,share\ndelta,0.25\nmaas,2\n",
        past_holders="lead,dealer,why\nL1,delta,declined\nL1,maas,excluded\n",
    )
    jansen = Company(
        "Jansen BV",
        number="24123456",
        vat="NL123456782B90",
        domain="jansen.example",
        country="NL",
        postcode="3011 AB",
        city="Rotterdam",
    )
    claim = Registration(
        "R1",
        "maas",
        jansen,
        status="approved",
        submitted_at=WINTER,
        decided_at=SUMMER,
        expires_at=datetime(2028, 1, 1, tzinfo=UTC),
        products=["press", "lathe"],
        email="a@b.example",
    )
    assert notes == []
    assert facts == Facts(
        registrations=[claim],
        incumbents=[
            Incumbent(Company(number="24123456", country="NL"), "delta", since=WINTER, status="won"),
            Incumbent(Company(number="24123457", country="NL"), "maas", since=WINTER),
        ],
        counts=[Count("delta", 3, 7), Count("maas", 0, 0)],
        ledgers={"nl": {"delta": -250_000, "maas": 250_000}, "be": {"maas": 0}},
        shares={"delta": Decimal("0.25"), "maas": 2},
        past_holders=[PastHolder("L1", "delta", "declined"), PastHolder("L1", "maas", "excluded")],
    )


def test_claims_and_incumbents_meet_the_leads_of_their_company(folder):
    lead = Lead("L1", company=Company(domain="jansen.example"), country="NL")
    at = datetime(2027, 3, 1, tzinfo=UTC)
    assert route(lead, PLAN, at=at).holder == "delta"
    facts, _ = folder(registrations=f"{CLAIMS}R1,maas,jansen.example,approved,2027-01-08\n")
    assert (route(lead, PLAN, facts, at=at).holder, route(lead, PLAN, facts, at=WINTER).holder) == ("maas", "maas")
    facts, _ = folder(registrations=CLAIMS, incumbents="domain,dealer,since\njansen.example,maas,2027-01-08\n")
    assert route(lead, PLAN, facts, at=at).by == "incumbent"


def test_times_without_an_offset_are_of_the_plans_clock(folder):
    rows = ["2027-01-08", "2027-01-08T00:00", "2027-01-07T23:00Z", "2027-01-08T08:00+09:00"]
    text = "".join(f"R{at},maas,jansen.example,approved,{when}\n" for at, when in enumerate(rows))
    facts, _ = folder(registrations=CLAIMS + text)
    assert [claim.submitted_at for claim in facts.registrations] == [WINTER] * 4


def test_other_forms_of_a_table_are_read(folder):
    plain, _ = folder(counts="dealer,open\ndelta,3\nmaas,4\n")
    facts, notes = folder(counts="\ufeffopen;dealer\r\n 3 ;delta\r\n;\r\n4;maas\r\n")
    assert facts == plain
    assert notes == ["counts.csv: cells are separated by `;`"]
    facts, notes = folder(
        counts="dealer,open\n", incumbents="dealer,since,company\ndelta,2027-01-08,M\xfcller".encode("cp1252")
    )
    assert notes[0] == "incumbents.csv: 1 line is not UTF-8 and read as cp1252"


# What is said and is not wrong


def test_unknown_dealers_are_said(folder):
    facts, notes = folder(counts="dealer,open\ndelto,3\nmaas,1\n", past_holders="lead,dealer,why\nL1,gone,returned\n")
    assert sorted(facts.counts) == ["delto", "maas"]
    assert notes == [
        "counts.csv:2:dealer: `delto` is no dealer of this plan; did you mean `delta`?",
        "past_holders.csv:2:dealer: `gone` is no dealer of this plan; known here: `delta`, `inside`, `maas`",
    ]


def test_claims_and_incumbents_without_a_key_are_said(folder):
    facts, notes = folder(
        registrations="id,dealer,company,company_number,country,status,submitted_at\n"
        "R1,maas,Jansen,,NL,approved,2027-01-08\nR2,maas,,24123456,,approved,2027-01-08\n"
        "R3,maas,,24123456,NL,approved,2027-01-08\n",
        incumbents="company,dealer,since\nJansen,delta,2027-01-08\n",
    )
    assert len(facts.registrations) == 3
    assert len(facts.incumbents) == 1
    assert [note.partition(" ")[0] for note in notes] == [
        "registrations.csv:2:company:",
        "registrations.csv:3:company_number:",
        "registrations.csv:3:company:",
        "incumbents.csv:2:company:",
    ]
    assert all("has no key, so no lead will meet it" in note for note in notes if ":company:" in note)


def test_a_number_of_an_incumbent_that_gives_no_key_is_said(folder):
    _, notes = folder(
        incumbents="company_number,country,domain,dealer,since\n241234567,NL,a.example,inside,2027-01-08\n"
    )
    assert notes == [
        "incumbents.csv:2:company_number: gives no key: it has the wrong form or fails its check; mend it, or leave it out"
    ]


CHOICES = "id,lead,dealer,evidence,actor,chosen_at\n"
ASKED = [
    ("choices", f"{CHOICES}C1,L1,delta,letter-3,anna,2027-01-08\n"),
    ("registrations", f"{CLAIMS}R1,maas,a.example,approved,2027-01-08\n"),
]


@pytest.mark.parametrize(("table", "text"), ASKED, ids=[table for table, _ in ASKED])
def test_claims_and_choices_that_the_plan_will_not_ask_are_said(tmp_path, table, text):
    (tmp_path / f"{table}.csv").write_text(text)
    plan = Plan("p", house="inside", dealers=PLAN.dealers, precedence=[by.incumbent()])
    asked, ignored = [], []
    load_facts(tmp_path, PLAN, say=asked.append)
    load_facts(tmp_path, plan, say=ignored.append)
    what = "will not be asked: the plan has no rung `registrations`; put it into the plan's precedence"
    assert (asked, ignored) == ([], [f"note: {tmp_path / table}.csv: {what}"])


def test_tables_without_rows_are_not_missed_by_a_plan_that_does_not_ask(tmp_path):
    (tmp_path / "choices.csv").write_text(CHOICES)
    heard = []
    load_facts(tmp_path, Plan("p", house="inside", dealers=PLAN.dealers, precedence=[by.incumbent()]), say=heard.append)
    assert heard == []


def test_of_very_many_remarks_the_first_are_said_table_by_table(folder):
    _, notes = folder(
        registrations=CLAIMS + "".join(f"R{number},maas,,approved,2027-01-08\n" for number in range(1_000)),
        counts="dealer,open\ndelto,3\n",
    )
    assert len(notes) == 202
    assert notes[200] == "registrations.csv: and 800 more of these"
    assert notes[201].startswith("counts.csv:2:dealer: `delto`")


def test_other_files_are_said_and_left_alone(folder, tmp_path):
    for name in ("registration.csv", "notes.txt", ".hidden", "counts.CSV"):
        (tmp_path / name).write_text("x\n")
    facts, notes = folder()
    assert facts == Facts()
    assert [note.partition(":")[0] for note in notes] == ["counts.CSV", "notes.txt", "registration.csv"]
    assert notes[2] == "registration.csv: is no table of facts and is left alone; did you mean `registrations.csv`?"


def test_the_same_again_says_nothing_new(folder):
    rows = {
        "registrations": (CLAIMS, "R1,maas,jansen.example,approved,2027-01-08\n"),
        "incumbents": ("domain,dealer,since\n", "jansen.example,maas,2027-01-08\n"),
        "counts": ("dealer,open\n", "delta,3\n"),
        "ledgers": ("ledger,dealer,credit\n", "nl,delta,5\n"),
        "shares": ("dealer,share\n", "delta,0.5\n"),
        "past_holders": ("lead,dealer,why\n", "L1,delta,declined\n"),
    }
    once = folder(**{name: head + row for name, (head, row) in rows.items()})
    assert folder(**{name: head + row * 3 for name, (head, row) in rows.items()}) == once
    assert len(once[0].registrations) == len(once[0].incumbents) == 1


# What is wrong

TWICE = "is given twice, and differs; give each once"


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("registrations", f"{CLAIMS}R1,maas,a.example,aproved,2027-01-08\n", "2:status: unknown status `aproved`; did you mean `approved`?"),
        ("registrations", f"{CLAIMS}R1,maas,a.example,approved,8 jan\n", "2:submitted_at: `8 jan` is not an instant; write 2027-01-01"),
        ("registrations", f"{CLAIMS},maas,a.example,approved,2027-01-08\n", "2:id: `id` is missing"),
        ("registrations", f"{CLAIMS}R1,,a.example,approved,2027-01-08\n", "2:dealer: `dealer` is missing"),
        ("registrations", f"{CLAIMS}R1,maas,a.example,,2027-01-08\n", "2:status: `status` is missing"),
        ("registrations", f"{CLAIMS}R1,maas,a.example,approved,\n", "2:submitted_at: `submitted_at` is missing"),
        (
            "registrations",
            f"{CLAIMS}R1,maas,a.example,approved,2027-01-08\n\nR1,maas,b.example,approved,2027-01-08\n",
            f"4:id: `R1` {TWICE}",
        ),
        ("registrations", "id,dealer,status,submitted_at,country\nR1,maas,approved,2027-01-08,Atlantis\n", "2:country: `Atlantis` cannot be read; write its two-letter code"),
        ("registrations", f"{CLAIMS}R1,maas,{'x' * 1025},approved,2027-01-08\n", "2:domain: 1,025 characters; the bound is 1,024"),
        ("registrations", "id,dealer,status\n", "1:1: the column `submitted_at` is missing"),
        ("incumbents", "domain,dealer,since,status\na.example,maas,2027-01-08,one\n", "2:status: unknown status `one`; "),
        ("incumbents", "domain,dealer,since\na.example,maas,soon\n", "2:since: `soon` is not an instant; "),
        ("incumbents", "domain,dealer,since\na.example,maas,\n", "2:since: `since` is missing"),
        ("counts", "dealer,open\ndelta,-1\n", "2:open: `-1` is not a whole number from 0"),
        ("counts", "dealer,last_30_days\ndelta,1.5\n", "2:last_30_days: `1.5` is not a whole number from 0"),
        ("counts", "dealer,open\n,1\n", "2:dealer: `dealer` is missing"),
        ("counts", "dealer,open\ndelta,1\ndelta,2\n", f"3:dealer: `delta` {TWICE}"),
        ("counts", "dealer,opn\ndelta,1\n", "1:2: unknown column `opn`; did you mean `open`?"),
        ("counts", "dealer,dealer\ndelta,1\n", "1:2: the column `dealer` comes twice; keep one of them"),
        ("counts", "dealer,open\ndelta,1,2\n", "2:row: more cells than columns; quote a cell that holds the delimiter"),
        ("counts", 'dealer,open\n"delta,1\n', "2:row: a quote that does not close; quote a cell that holds the delimiter"),
        ("counts", "", "1:1: is empty; its first line names the columns"),
        ("counts", "dealer\ndelta\n".encode("utf-16"), "1:1: is in UTF-16; save it as CSV in UTF-8"),
        ("ledgers", "ledger,dealer,credit\nnl,delta,0.5\n", "2:credit: `0.5` is not a whole number; write whole millionths of a lead"),
        ("ledgers", "ledger,dealer,credit\nnl,delta,１\n", "2:credit: `１` is not a whole number; write whole millionths of a lead"),
        ("ledgers", "ledger,dealer,credit\nnl,delta,1\nnl,delta,2\n", f"3:credit: `delta` {TWICE}"),
        ("ledgers", "ledger,dealer,credit\n,delta,1\n", "2:ledger: `ledger` is missing"),
        ("shares", "dealer,share\ndelta,half\n", "2:share: `half` is not a share; write a number from 0, with at most six decimals"),
        ("shares", "dealer,share\ndelta,-0.5\n", "2:share: `-0.5` is not a share; "),
        ("shares", "dealer,share\ndelta,NaN\n", "2:share: `NaN` is not a share; "),
        ("shares", "dealer,share\ndelta,0.1234567\n", "2:share: `0.1234567` is not a share; "),
        ("shares", "dealer,share\ndelta,1\ndelta,2\n", f"3:dealer: `delta` {TWICE}"),
        ("shares", "dealer,share\ndelta,\n", "2:share: `share` is missing"),
        ("past_holders", "lead,dealer,why\nL1,delta,declnied\n", "2:why: unknown why `declnied`; did you mean `declined`?"),
        ("past_holders", "lead,dealer,why\nL1,delta,declined\nL1,delta,returned\n", f"3:lead: `L1 delta` {TWICE}"),
        ("past_holders", "lead,dealer,why\n,delta,declined\n", "2:lead: `lead` is missing"),
    ],
)  # fmt: skip
def test_each_fault_is_told_once_with_its_place_and_cure(folder, table, text, said):
    found = folder(**{table: text})
    assert isinstance(found, list), found
    [fault] = found
    assert fault.startswith(f"{table}.csv:{said}")


def test_all_faults_of_all_tables_are_told_at_once(folder):
    found = folder(
        shares="dealer,share\ndelta,1\nmaas,x\n",
        registrations=f"{CLAIMS}R1,maas,a.example,aproved,never\n,maas,a.example,approved,2027-01-08\n",
        counts="dealer,opn\ndelta,1\n",
        ledgers="",
        past_holders="lead,dealer\nL1,delta\n",
    )
    assert [fault.partition(" ")[0] for fault in found] == [
        "counts.csv:1:2:",
        "ledgers.csv:1:1:",
        "past_holders.csv:1:1:",
        "registrations.csv:2:status:",
        "registrations.csv:2:submitted_at:",
        "registrations.csv:3:id:",
        "shares.csv:3:share:",
    ]


def test_of_very_many_faults_the_first_are_told(folder):
    found = folder(counts="dealer,open\n" + "".join(f"d{number},x\n" for number in range(1000)))
    assert len(found) == 201
    assert found[0].startswith("counts.csv:2:open")
    assert found[-1] == "and 800 more of these"


@pytest.mark.parametrize("name", ["nowhere", "file", "a\0b"])
def test_what_is_no_folder_is_told(tmp_path, name):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FactsError, match=r"cannot be read.*give a folder with registrations\.csv"):
        load_facts(tmp_path / name, PLAN)


def test_a_table_that_is_a_folder_is_told(folder, tmp_path):
    (tmp_path / "counts.csv").mkdir()
    assert folder() == ["counts.csv:1:1: is a folder, and a file belongs here"]


# Whatever comes

TEXTS = st.one_of(
    st.sampled_from([one for one in abc.HOSTILE if isinstance(one, str)]),
    st.text(max_size=6),
    st.sampled_from(["delta", "R1", "2027-01-08", "approved", "1", "0.5", "declined", "NL", "x" * 1025, '"', "9" * 25]),
)


@st.composite
def tables(draw):
    """Any of the tables, with any cells, perhaps without a column."""
    found = {}
    for name in draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=3, unique=True)):
        known, needed = TABLES[name]
        columns = [*needed, *draw(st.lists(st.sampled_from(known), max_size=3))]
        columns = list(dict.fromkeys(columns))[draw(st.integers(0, 9)) == 9 :]
        rows = draw(st.lists(st.tuples(*[TEXTS] * len(columns)), max_size=3))
        found[name] = "\n".join([",".join(columns), *map(",".join, rows)]).encode("utf-8", "surrogatepass")
    return found


@some.checked
@given(tables())
def test_any_tables_are_facts_or_told(tmp_path_factory, given_tables):
    place = tmp_path_factory.mktemp("facts")
    for name, data in given_tables.items():
        (place / f"{name}.csv").write_bytes(data)
    try:
        facts = load_facts(place, PLAN)
    except FactsError as error:
        for fault in error.faults:
            assert fault.place == "" or fault.place.startswith(str(place))
            assert fault.what
            assert "\n" not in str(fault)
        return
    assert facts == load_facts(place, PLAN)
    route(Lead("L1", country="NL"), PLAN, facts, at=SUMMER)
