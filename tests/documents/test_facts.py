# tables of cases read best with one case a line
"""Facts from a folder: what is wrong is said with its row, what is odd is said and kept."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting import Count, Dealer, Facts, FactsError, PastHolder, Plan, by
from dealerrouting.documents import load_facts

pytestmark = pytest.mark.pure

PLAN = Plan(
    "small",
    house="h",
    timezone="Europe/Brussels",
    dealers=[Dealer("h", kind="house"), Dealer("delta"), Dealer("maas")],
    precedence=[by.registrations()],
)
CLAIMS = "id,dealer,company,country,company_number,vat,domain,email,postcode,city,products,status,submitted_at,decided_at,expires_at\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def made(**tables):
        path = tmp_path / "facts"
        path.mkdir(exist_ok=True)
        for old in path.iterdir():
            old.unlink()
        for name, text in tables.items():
            (path / f"{name}.csv").write_text(text, "utf-8")
        return "facts"

    return made


def wrong(folder, **tables):
    with pytest.raises(FactsError) as caught:
        load_facts(folder(**tables), PLAN)
    return [str(fault).replace(os.sep, "/") for fault in caught.value.faults]


def test_a_whole_folder(folder):
    heard = []
    facts = load_facts(
        folder(
            registrations=CLAIMS
            + "R1,maas,Jansen,NL,24123456,,,info@jansen.example,,,a;b,approved,2027-01-01,,2027-07-01\n",
            incumbents="company,country,company_number,dealer,since,status\nX,NL,24123456,delta,2027-01-01T09:00,won\n"
            "X,NL,24123457,delta,2027-01-01T09:00:00Z,\n",
            counts="dealer,open,last_30_days\ndelta,3,\nmaas,1,2\n",
            ledgers="ledger,dealer,credit\ncity,delta,-250000\ncity,maas,250000\n",
            shares="dealer,share\ndelta,0.80\n",
            past_holders="lead,dealer,why\nL1,delta,declined\n",
        ),
        PLAN,
        say=heard.append,
    )
    assert heard == []
    claim = facts.registrations[0]
    assert (claim.products, claim.status) == (("a", "b"), "approved")
    assert claim.submitted_at.isoformat() == "2026-12-31T23:00:00+00:00"
    assert {str(key) for key in claim.keys} == {"number:NL:24123456", "domain:jansen.example"}
    assert [(i.dealer, i.status, i.since.hour) for i in facts.incumbents] == [("delta", "won", 8), ("delta", "open", 9)]
    assert facts.counts == {"delta": Count("delta", 3, 0), "maas": Count("maas", 1, 2)}
    assert facts.ledgers == {"city": {"delta": -250_000, "maas": 250_000}}
    assert str(facts.share("delta")) == "0.8"
    assert facts.past_holders == (PastHolder("L1", "delta", "declined"),)


def test_nothing_there_is_no_facts(folder):
    assert load_facts(folder(), PLAN) == Facts()


def test_the_same_again_says_nothing_new(folder):
    facts = load_facts(
        folder(counts="dealer,open\ndelta,3\ndelta,3\n", shares="dealer,share\ndelta,1\ndelta,1.0\n"), PLAN
    )
    assert facts.count("delta").open == 3


def test_what_is_odd_is_said(folder, tmp_path):
    path = folder(counts="dealer;open\ndleta;3\n", registrations=CLAIMS + "R1,maas,X,,,,,,,,,approved,2027-01-01,,\n")
    (tmp_path / "facts" / "registratons.csv").write_text("x", "utf-8")
    (tmp_path / "facts" / ".hidden").write_text("x", "utf-8")
    heard = []
    facts = load_facts(path, PLAN, say=heard.append)
    assert facts.count("dleta").open == 3
    assert [line.replace(os.sep, "/") for line in heard] == [
        "note: facts/registratons.csv: is no table of facts and is left alone; did you mean `registrations.csv`?",
        "note: facts/registrations.csv:2:company: has no key, so no lead will meet it; give a number or VAT number with its country, an LEI, a domain, or a name with country and whole postcode",
        "note: facts/counts.csv: cells are separated by `;`",
        "note: facts/counts.csv:2:dealer: `dleta` is no dealer of this plan; did you mean `delta`?",
    ]


WRONG = [
    ("registrations", "id,dealr,status,submitted_at\n", "facts/registrations.csv:1:2: unknown column `dealr`; did you mean `dealer`?"),
    ("registrations", "id,dealer,status,submitted_at\nR1,maas,aproved,2027-01-01\n", "2:status: unknown status `aproved`; did you mean `app"),
    ("registrations", "id,dealer,status,submitted_at\nR1,maas,approved,soon\n", "csv:2:submitted_at: `soon` is not an instant; write 2027"),
    ("registrations", "id,dealer,status,submitted_at\nR1,maas,approved,\n", "csv:2:submitted_at: `submitted_at` is missing"),
    ("registrations", "id,dealer,status,submitted_at\n,maas,approved,2027-01-01\n", "csv:2:id: `id` is missing"),
    ("registrations", "id,dealer,status,submitted_at\na:b,maas,approved,2027-01-01\n", "csv:2:id: `a:b` is not an id"),
    ("registrations", "id,dealer,country,status,submitted_at\nR1,maas,Nedrland,approved,2027-01-01\n", "csv:2:country: `Nedrland` cannot"),
    ("registrations", "id,dealer,status,submitted_at\nR,maas,approved,2027-01-01\nR,delta,approved,2027-01-01\n", "csv:3:id: `R` is given"),
    ("registrations", f"id,dealer,vat,status,submitted_at\nR,maas,{'9' * 2_000},approved,2027-01-01\n", "csv:2:vat: 2,000 characters; the b"),
    ("incumbents", "dealer,since,status\nmaas,2027-01-01,had\n", "facts/incumbents.csv:2:status: unknown status `had`"),
    ("incumbents", "dealer,since\nmaas,\n", "facts/incumbents.csv:2:since: `since` is missing"),
    ("counts", "dealer,open\nmaas,-1\n", "facts/counts.csv:2:open: `-1` is not a whole number from 0"),
    ("counts", "dealer,open\nmaas,many\n", "facts/counts.csv:2:open: `many` is not a whole number from 0"),
    ("counts", "dealer,open\nmaas,1\nmaas,2\n", "facts/counts.csv:3:dealer: `maas` is given twice, and differs; give each once"),
    ("counts", "dealer,open\nmaas,1,2\n", "facts/counts.csv:2:row: more cells than columns"),
    ("counts", 'dealer,open\nmaas,"1\n', "facts/counts.csv:2:row: a quote that does not close"),
    ("counts", "", "facts/counts.csv:1:1: is empty; its first line names the columns"),
    ("counts", "open\n1\n", "facts/counts.csv:1:1: the column `dealer` is missing"),
    ("ledgers", "ledger,dealer,credit\na,maas,0.5\n", "facts/ledgers.csv:2:credit: `0.5` is not a whole number; write whole millionths"),
    ("ledgers", "ledger,dealer,credit\na,maas,1\na,maas,2\n", "facts/ledgers.csv:3:credit: `maas` is given twice, and differs"),
    ("shares", "dealer,share\nmaas,much\n", "facts/shares.csv:2:share: `much` is not a share; write a number from 0"),
    ("shares", "dealer,share\nmaas,-1\n", "facts/shares.csv:2:share: `-1` is not a share"),
    ("shares", "dealer,share\nmaas,1\nmaas,2\n", "facts/shares.csv:3:dealer: `maas` is given twice, and differs"),
    ("past_holders", "lead,dealer,why\nL1,maas,declind\n", "facts/past_holders.csv:2:why: unknown why `declind`; did you mean `declined`?"),
    ("past_holders", "lead,dealer,why\nL1,maas,declined\nL1,maas,excluded\n", "facts/past_holders.csv:3:lead: `L1 maas` is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_wrong_table_is_told_with_file_row_and_column(folder, table, text, said):
    told = wrong(folder, **{table: text})
    assert any(said in line for line in told), told
    assert len(told) <= 2, told


def test_everything_wrong_is_said_at_once(folder):
    told = wrong(folder, counts="dealer,open\nmaas,x\ndelta,y\n", shares="dealer,share\nmaas,z\n", ledgers="")
    assert [line.split(": ")[0] for line in told] == [
        "facts/counts.csv:2:open",
        "facts/counts.csv:3:open",
        "facts/ledgers.csv:1:1",
        "facts/shares.csv:2:share",
    ]


def test_no_folder(folder, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    for name in ("nowhere", "file", "a\0b"):
        with pytest.raises(FactsError, match="cannot be read"):
            load_facts(tmp_path / name, PLAN)


_names = st.sampled_from(["registrations", "incumbents", "counts", "ledgers", "shares", "past_holders"])
_text = st.text(alphabet='id,dealer\n";0.9:\0é-x', max_size=60)
_rows = st.sampled_from(
    [
        "id,dealer,status,submitted_at\n",
        "dealer,since\n",
        "dealer,open\n",
        "ledger,dealer,credit\n",
        "dealer,share\n",
        "lead,dealer,why\n",
    ]
)


@given(st.dictionaries(_names, st.tuples(_rows | st.just(""), _text).map("".join), max_size=3))
def test_any_tables_are_facts_or_are_refused(tmp_path_factory, tables):
    path = tmp_path_factory.mktemp("facts", numbered=True)
    for name, text in tables.items():
        (path / f"{name}.csv").write_text(text, "utf-8")
    try:
        facts = load_facts(path, PLAN)
    except FactsError as error:
        assert error.faults
    else:
        assert isinstance(facts, Facts)
