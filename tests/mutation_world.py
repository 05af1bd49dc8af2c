"""A small plan with one of everything that a mutant may change, and the tests of it that cover half."""

from datetime import UTC, datetime, timedelta
from itertools import product

from dealerrouting import (
    Account,
    Company,
    Dealer,
    Facts,
    Lead,
    PastHolder,
    Plan,
    Rule,
    Territory,
    by,
    route,
    where,
)
from dealerrouting.calendar import Elapsed

FEBRUARY = datetime(2027, 2, 1, tzinfo=UTC)
MAY = datetime(2027, 5, 1, tzinfo=UTC)
JANSEN = Company("Jansen Metaal BV", number="24123456", country="NL")
HOUSE = Dealer("office", kind="house")
DEALERS = (HOUSE, Dealer("a"), Dealer("b"), Dealer("c"))


def plan(*, dealers=DEALERS, territories=None, rules=None, rungs=None, **more):
    """The plan of everything, or of what is given."""
    rules = RULES if rules is None else rules
    rungs = (
        [
            by.registrations(),
            by.accounts(),
            by.incumbent(won_within=Elapsed(days=730)),
            by.rules(*rules),
            by.territories(),
            by.nearest(within_km=80),
        ]
        if rungs is None
        else rungs
    )
    return Plan(
        "small",
        house="office",
        dealers=dealers,
        territories=TERRITORIES if territories is None else territories,
        accounts=more.pop("accounts", ACCOUNTS),
        precedence=rungs,
        attributes={"fleet": int},
        **more,
    )


RULES = (
    Rule("big", when=(where.country == "NL") & (where.value >= 1_000), dealers=["c"]),
    Rule("north", when=(where.country == "NL") & where.postcode.between("7800", "9999"), dealers=["a"]),
    Rule("august", when=where.month.in_([7, 8]) | ~where.sector.under("C10"), dealers=["b"], valid_until=MAY),
)
TERRITORIES = (
    Territory("city", dealers={"a": 2, "b": 1}, country="NL", postcodes="3000..3399; 3500"),
    Territory("food", dealers=["b"], country="NL", sectors="C10", products="x; y", languages="nl", exclusive=True),
    Territory("south", dealers=["c"], country="NL", postcodes="4000..4999", valid_until=FEBRUARY),
    Territory("south", dealers=["a"], country="NL", postcodes="4000..4999", valid_from=FEBRUARY, priority=3),
    Territory("cells", dealers=["a"], country="BE", postcodes="2000", geohashes="u155"),
)
ACCOUNTS = (Account("K1", holder="a", company=JANSEN, valid_from=FEBRUARY),)

# What a user has: the same half, as files.

FILES = {
    "plan.yaml": """\
schema_version: 1
name: small
house: office
dealers: [{id: a}, {id: b}, {id: c}, {id: office, kind: house}]
territories:
  - {id: city, dealers: {a: 2, b: 1}, country: NL, postcodes: "3000..3399"}
  - {id: south, dealers: {c: 1}, country: NL, postcodes: "4000..4999"}
  - {id: late, dealers: {b: 1}, country: BE, valid_from: "2027-02-01T00:00:00Z"}
precedence:
  - rules: [{id: big, when: {all: [{country: {eq: NL}}, {value: {gte: 1000}}]}, dealers: [c]}]
  - territories: {pick: [specific, rotation]}
""",
    "tests/cases.routing.yaml": """\
plan: ../plan.yaml
at: 2027-01-08T09:00:00Z
cases:
  - name: south low
    lead: {country: NL, postcode: "4000"}
    expect: {holder: c, by: territories, because: [south], flags: []}
  - name: south high
    lead: {country: NL, postcode: "4999"}
    expect: {holder: c, by: territories, because: [south], flags: []}
  - name: big
    lead: {country: NL, postcode: "3000", value: 1000}
    expect: {holder: c, by: rules, because: [big], flags: []}
""",
}


def write(folder, files):
    """These texts as files below the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def snapshot(folder):
    """Every file and folder below, with what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


# Two plans held against each other by trying: what `verify.equal` must find, on the plan of the files.


def differing(a, b):
    """A lead, facts and instant that the two plans decide differently, or None: by trying what FILES tells apart."""
    for lead, facts, at in _tries():
        mine, theirs = (route(lead, plan, facts, at=at) for plan in (a, b))
        if (mine.holder, mine.by, mine.because, mine.flags) != (theirs.holder, theirs.by, theirs.because, theirs.flags):
            return lead, facts, at
    return None


def _tries():
    day = timedelta(days=1)
    for at in (FEBRUARY - 2 * day, FEBRUARY - day, FEBRUARY, FEBRUARY + day):
        for away in (None, "a", "b", "c"):
            facts = Facts(past_holders=[PastHolder("L", away, "excluded")] if away else ())
            for country, codes in (("NL", CODES), ("BE", (None, "1000"))):
                for code, value in product(codes, (None, 999, 1000)):
                    yield Lead("L", country=country, postcode=code, value=value), facts, at
            yield Lead("L", value=1000), facts, at


CODES = (None, "2999", "3000", "3001", "3398", "3399", "3400", "3999", "4000", "4001", "4998", "4999", "5000", "9999")
