"""Plans that the public laws are asked about: one with everything in it, one with next to nothing."""

from datetime import UTC, datetime
from functools import cache

from dealerrouting import (
    Account,
    Business,
    Calendar,
    ClaimTerms,
    Company,
    Custom,
    Dealer,
    Elapsed,
    Pick,
    Plan,
    Rule,
    Terms,
    Territory,
    by,
    where,
)

OFFICE = Calendar("Europe/Brussels", {"mon-fri": ["09:00-12:30", "13:00-17:30"]}, holidays=["2027-03-29"])
OFFICE_ENDS = datetime(2027, 3, 31, 22, tzinfo=UTC)
JANSEN = Company("Jansen Metaal BV", number="24123456", country="NL")


def fleet(said):
    """Fails where the lead does not say how many."""
    return said["fleet"] > 10


def local(lead, dealers):
    """Fails where the lead does not say in which country it is."""
    return [name for name in dealers if name[0] == lead.country[0].lower()]


@cache
def everything():
    """A plan that every law can be asked of."""
    return Plan(
        "everything",
        house="house",
        timezone="Europe/Brussels",
        attributes={"fleet": "int"},
        dealers=[
            Dealer("b-one", max_open=1),
            Dealer("b-two", calendar="office"),
            Dealer("n-one", active_until=OFFICE_ENDS),
            Dealer("n-two", max_per_30_days=3),
            Dealer("house", kind="house"),
        ],
        territories=[
            Territory("be", {"b-one": 1, "b-two": 2}, country="BE"),
            Territory("be-north", ["b-two"], country="BE", postcodes="2000..2999", priority=1),
            Territory("lu", ["b-one"], country="LU"),
            Territory("nl", {"n-one": 1, "n-two": 1}, country="NL"),
            Territory("nl-metal", {"n-one": 2, "n-two": 1}, country="NL", sectors=["C25"], ledger="metal"),
        ],
        accounts=[Account("jansen", "n-two", JANSEN)],
        precedence=[
            by.registrations(),
            by.accounts(),
            by.incumbent(won_within=Elapsed(days=365)),
            by.rules(
                Rule(
                    "fleet",
                    where.product.in_(["press"]) & Custom("fleet", fleet, reads=["fleet"], version="1"),
                    ["b-one"],
                ),
                Rule("january", where.month.in_([1]) & where.country.in_(["BE"]), ["b-one", "b-two"]),
                pick=["first", Pick("local", local), "rotation"],
            ),
            by.territories(),
        ],
        terms=Terms(
            max_reassignments=1,
            accept_within=Business(hours=8),
            escalate_after=Elapsed(days=7),
            calendar="office",
            claims=ClaimTerms(auto_approve=True, per_dealer_per_30_days=2, extensions=1),
        ),
        calendars={"office": OFFICE},
    )


@cache
def little():
    """One dealer, one territory, and the terms as they come."""
    return Plan(
        "little",
        house="house",
        dealers=[Dealer("a"), Dealer("house", kind="house")],
        territories=[Territory("nl", ["a"], country="NL")],
        precedence=[by.territories()],
    )


@cache
def hundred():
    """A hundred territories of forty dealers, each with two that take turns."""
    return Plan(
        "hundred",
        house="house",
        dealers=[Dealer("house", kind="house"), *(Dealer(f"d{n}") for n in range(40))],
        territories=[
            Territory(f"t{n}", {f"d{n % 40}": 1, f"d{(n * 7 + 1) % 40}": 2}, country="NL",
                      postcodes=f"{1000 + 80 * n}..{1000 + 80 * n + 90}")
            for n in range(100)
        ],
        precedence=[by.registrations(), by.accounts(), by.incumbent(), by.territories()],
    )  # fmt: skip
