"""Claims under the names of before, leads under the names of today: the register of `../shared/data/company_names`.

    python benchmarks/register.py

364 companies changed the writing of their name, or their name, between two states of a Dutch register. A dealer has a
claim on each of them under the name of before; then every company of the register asks, under the name of today. What
`route` makes of that is counted three times: with company numbers; without them, each company at a postcode of its own;
and without them, all at one postcode, which is worse than anything real. A lead that goes to a claim on another company
is a false merge, and is listed. The register gives no postcodes: they are drawn by the number from the real ones.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from dealerrouting import ClaimTerms, Company, Dealer, Facts, Lead, Plan, Registration, Terms, by, route

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
WAYS = ("by number", "by name, own postcode", "by name, one postcode")
PLAN = Plan(
    "register",
    house="house",
    dealers=[Dealer("dealer"), Dealer("house", kind="house")],
    precedence=[by.registrations()],
    terms=Terms(claims=ClaimTerms(review_alike=True)),
)


@dataclass
class Found:
    """What became of the companies with a claim, by kind of change; and leads that went to a claim on another
    company.
    """

    routed: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    false: list[tuple[str, str, str]] = field(default_factory=list)
    false_shown: list[tuple[str, str, str]] = field(default_factory=list)


def rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def changes() -> dict[str, dict[str, str]]:
    return {row["kvk_number"]: row for row in rows("company_names/nl_register_name_changes")}


@cache
def towns() -> list[str]:
    return sorted({row["zipcode"] for row in rows("postcodes/nl")})


def company(number: str, name: str, way: str) -> Company:
    """A company as it writes itself, known in one way only."""
    if way == "by number":
        return Company(name, number=number, country="NL")
    drawn = int.from_bytes(sha256(number.encode()).digest()[:8], "big")
    place = f"{towns()[drawn % len(towns())]} AB" if way == "by name, own postcode" else "1011 AB"
    return Company(name, country="NL", postcode=place)


def asked(way: str) -> Found:
    """Every company of today's register asks."""
    claims = [
        Registration(number, "dealer", company(number, row["name_old"], way), status="approved", submitted_at=AT)
        for number, row in changes().items()
    ]
    facts, found = Facts(claims), Found()
    today = {row["kvk_number"]: row["name"] for row in rows("company_names/nl_register_2024")}
    today |= {number: row["name_new"] for number, row in changes().items()}
    for number, name in today.items():
        decision = route(Lead(number, company(number, name, way)), PLAN, facts, at=AT)
        if decision.by == "registrations":
            for claim in decision.because:
                _count(found.routed, found.false, number, claim, name)
        for claim in decision.review:
            _count(found.shown, found.false_shown, number, claim, name)
    return found


def _count(right: Counter[str], wrong: list[tuple[str, str, str]], number: str, claim: str, name: str) -> None:
    if number == claim:
        right[changes()[number]["change"]] += 1
    else:
        wrong.append((claim, changes()[claim]["name_old"], f"{number} {name!r}"))


def main() -> None:
    """Print what was found."""
    kinds = Counter(row["change"] for row in changes().values())
    print(f"{'':26} {'change of name':>28} {'claims':>7} {'routed':>7} {'shown':>6}")
    for way in WAYS:
        found = asked(way)
        for kind, many in kinds.items():
            print(f"{way:26} {kind:>28} {many:>7} {found.routed[kind]:>7} {found.shown[kind]:>6}")
        total = (kinds.total(), found.routed.total(), found.shown.total())
        print(f"{way:26} {'all':>28} {total[0]:>7} {total[1]:>7} {total[2]:>6}")
        print(f"  routed to a claim on another company: {len(found.false)}")
        for claim, old, other in found.false:
            print(f"    {claim} {old!r} / {other}")
        print(f"  shown with a claim on another company: {len(found.false_shown)}")
        for claim, old, other in found.false_shown:
            print(f"    {claim} {old!r} / {other}")


if __name__ == "__main__":
    main()
