"""The question "do two networks mean the same?" put to the z3 solver; only for `verify.py --z3`.

One whole number stands for each attribute of a lead: country, postcode, sector (its place in the tree from left to
right, so that everything below a code is a stretch), product, language, employees, and the stretch of time. 0 says
nothing. For each dealer a formula says whether it is in the pool that the picks leave: of the first rung that has
anybody who serves the lead, the sources that no narrower one is inside of, and of those the highest priority. The two
networks mean the same if no lead makes the formulas of one dealer differ. Weights play no part here; none differ.
"""

from __future__ import annotations

from collections.abc import Iterable

import z3
from plausible import COUNTRIES, MONTHS, NACE, PRODUCTS, SPOKEN, Network, Row

from dealerrouting.rules.binding import implies

__all__ = ["equal"]

COUNTRY_AT = {country: at for at, country in enumerate(COUNTRIES, 1)}
PRODUCT_AT = {product: at for at, product in enumerate(PRODUCTS, 1)}
LANGUAGE_AT = {word: at for at, word in enumerate(sorted({"en", "pl", *(w for s in SPOKEN.values() for w in s)}), 1)}


def _tree() -> dict[str, tuple[int, int]]:
    spans: dict[str, tuple[int, int]] = {}

    def walk(code: str, at: int) -> int:
        first = at
        at += 1
        for child in NACE.children(code):
            at = walk(child, at)
        spans[code] = (first, at - 1)
        return at

    at = 1
    for root in NACE.children():
        at = walk(root, at)
    return spans


SECTOR_AT = _tree()
NAMES = ("country", "postcode", "sector", "product", "language", "employees", "time")
LEAD = {name: z3.Int(name) for name in NAMES}


def _in(name: str, spans: Iterable[tuple[int, int]]) -> z3.BoolRef:
    return z3.Or([z3.And(LEAD[name] >= first, LEAD[name] <= last) for first, last in spans])


def _one_of(name: str, places: Iterable[int]) -> z3.BoolRef:
    return _in(name, ((at, at) for at in places))


def _time(moment) -> int:
    return sum(moment >= month for month in (*MONTHS, MONTHS[-1].replace(year=2028, month=1)))


def _true(row: Row) -> z3.BoolRef:
    """Where the row's condition is true and the row in force."""
    parts = [LEAD["country"] == COUNTRY_AT[row.country]]
    if row.span:
        parts.append(_in("postcode", [(row.span[0] + 1, row.span[1] + 1)]))  # 0 says nothing
    if row.sectors:
        parts.append(_in("sector", [SECTOR_AT[NACE.read(code)] for code in row.sectors]))
    if row.products:
        parts.append(_one_of("product", (PRODUCT_AT[product] for product in row.products)))
    if row.languages:
        parts.append(_one_of("language", (LANGUAGE_AT[word] for word in row.languages)))
    parts += [_in("employees", [(first + 1, last + 1)]) for first, last in row.sizes]
    if row.valid_from:
        parts.append(LEAD["time"] >= _time(row.valid_from))
    if row.valid_until:
        parts.append(LEAD["time"] < _time(row.valid_until))
    return z3.And(parts)


def _serving(network: Network) -> dict[str, z3.BoolRef]:
    found = {}
    for dealer in network.dealers:
        spoken = [0, *(LANGUAGE_AT[word] for word in dealer.serves_languages if word in LANGUAGE_AT)]
        served = [0, *(PRODUCT_AT[product] for product in dealer.serves_products)]
        limits = [_one_of("language", spoken)] if dealer.serves_languages else []
        limits += [_one_of("product", served)] if dealer.serves_products else []
        found[dealer.id] = z3.And(limits)
    return found


def _narrower(network: Network, rule: bool) -> dict[str, list[str]]:
    """For each row of one rung the rows whose region lies strictly inside; only rows that can meet are compared."""
    conditions = {s.id: s.condition for sources in network.plan().sources.values() for s in sources}
    rows = sorted((row for row in network.rows if row.rule is rule), key=lambda row: row.span or (-1, 0))
    found: dict[str, list[str]] = {}
    for at, wide in enumerate(rows):
        last = wide.span[1] if wide.span else 10**6
        found[wide.id] = []
        for row in rows if wide.span is None else rows[max(0, at - 100) :]:
            if row.span is not None and row.span[0] > last:
                break
            if row.country != wide.country or row.id == wide.id:
                continue
            mine, theirs = conditions[row.id], conditions[wide.id]
            if implies(mine, theirs) and not implies(theirs, mine):
                found[wide.id].append(row.id)
    return found


def _rung(network: Network, rule: bool) -> tuple[z3.BoolRef, dict[str, list[z3.BoolRef]]]:
    """Whether the rung has anybody, and for each dealer the formulas of which one puts it into the pool."""
    serving = _serving(network)
    rows = [row for row in network.rows if row.rule is rule]
    true = {row.id: z3.And(_true(row), z3.Or([serving[d] for d in row.dealers])) for row in rows}
    inside = _narrower(network, rule)
    left = {row.id: z3.And(true[row.id], z3.Not(z3.Or([true[n] for n in inside[row.id]]))) for row in rows}
    levels = sorted({row.priority for row in rows})
    above = {level: z3.Or([left[row.id] for row in rows if row.priority > level]) for level in levels}
    pool: dict[str, list[z3.BoolRef]] = {}
    for row in rows:
        for dealer in row.dealers:
            here = z3.And(left[row.id], z3.Not(above[row.priority]), serving[dealer])
            pool.setdefault(dealer, []).append(here)
    return z3.Or(list(true.values())), pool


def _pools(network: Network) -> dict[tuple[str, str], z3.BoolRef]:
    any_rule, ruled = _rung(network, True)
    _, placed = _rung(network, False)
    found = {("rules", dealer): z3.Or(parts) for dealer, parts in ruled.items()}
    found |= {("territories", dealer): z3.And(z3.Not(any_rule), z3.Or(parts)) for dealer, parts in placed.items()}
    return found


def equal(a: Network, b: Network, seconds: int = 600) -> bool | None:
    """Whether the two mean the same; None where z3 gives up."""
    solver = z3.Solver()
    solver.set("timeout", seconds * 1_000)
    for name in NAMES:
        solver.add(LEAD[name] >= 0)
    solver.add(LEAD["country"] <= len(COUNTRIES), LEAD["product"] <= len(PRODUCTS) + 1, LEAD["time"] <= 12)
    mine, theirs = _pools(a), _pools(b)
    keys = sorted({*mine, *theirs})
    solver.add(z3.Or([mine.get(key, z3.BoolVal(False)) != theirs.get(key, z3.BoolVal(False)) for key in keys]))
    answer = solver.check()
    return None if answer == z3.unknown else answer == z3.unsat
