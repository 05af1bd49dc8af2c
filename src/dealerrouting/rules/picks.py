"""Picks: how one of several dealers is chosen, as a chain in which each policy narrows the pool.

May know: candidates, the facts, the mapping. May not know: which rung is asking, or why.

`first`, `priority` and `specific` compare sources; `nearest`, `least_loaded`, `hashed` and
`rotation` compare distinct dealers, and a dealer in several sources counts once, with its largest
weight. A policy keeps at least one. `hashed` and `rotation` always leave one dealer; the others
may leave a tie, which is the next policy's, and a conflict after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from attrs import field, frozen

from dealerrouting.errors import Fault, PlanError, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import MILLION, Dealer, Facts, Lead
from dealerrouting.rules.binding import ALWAYS, Bound, implies

__all__ = ["POLICIES", "Candidate", "Draw", "Kept", "Pick", "entitlements", "keep", "turn"]


@frozen
class Candidate:
    """One dealer offered by one source: a registration, an account, a rule, a territory, or itself.

    `rank` orders what precedes by its own nature (claims, incumbents): the least comes first.
    """

    source: str
    dealer: str
    weight: Decimal = Decimal(1)
    region: Bound = field(default=ALWAYS, repr=False)
    priority: int = 0
    order: int = 0
    ledger: str | None = None
    exclusive: bool = False
    rank: tuple[Any, ...] = ()


@frozen
class Pick:
    """A pick of the caller's own: `fn(lead, dealers)` returns those of the dealers to keep.

    `dealers` are ids in code-point order. If `fn` raises, or keeps none of them, all stay and the
    lead is flagged `opaque_error`. Name and version are part of the plan's digest.
    """

    name: str
    fn: Callable[[Lead, tuple[str, ...]], Iterable[str]] = field(eq=False, repr=False)
    version: str = "1"

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be named or called."""
        if not isinstance(self.name, str) or not self.name.strip() or not callable(self.fn) or not self.version:
            raise PlanError([Fault(f"pick {quoted(self.name)}", "needs a name, a function and a version")])


@frozen
class Draw:
    """What a policy may look at: the lead, the facts, the dealers, distances, and the rung's ledger.

    `gives` says whether the rung gives leads away: elsewhere a share weighs nothing, for what is a
    dealer's already is not shared out.
    """

    lead: Lead
    facts: Facts
    dealers: Mapping[str, Dealer]
    metres: Callable[[str], int | None]
    ledger: str
    gives: bool = True


@frozen
class Kept:
    """What one policy left of the pool; a rotation also says whose credit is now what."""

    pool: tuple[Candidate, ...]
    ledger: str | None = None
    credits: FrozenMap[int] = FrozenMap()
    raised: bool = False


def weights(pool: Iterable[Candidate], draw: Draw) -> dict[str, Fraction]:
    """Each distinct dealer's largest weight times its share, in code-point order."""
    found: dict[str, Decimal] = {}
    for candidate in pool:
        found[candidate.dealer] = max(candidate.weight, found.get(candidate.dealer, Decimal(0)))
    shares = {name: draw.facts.share(name) if draw.gives else Decimal(1) for name in sorted(found)}
    return {name: Fraction(found[name]) * Fraction(share) for name, share in shares.items()}


def _only(pool: tuple[Candidate, ...], dealers: Iterable[str]) -> Kept:
    chosen = set(dealers)
    return Kept(tuple(candidate for candidate in pool if candidate.dealer in chosen))


def _least(pool: tuple[Candidate, ...], key: Callable[[Candidate], Any]) -> Kept:
    best = min(map(key, pool))
    return Kept(tuple(candidate for candidate in pool if key(candidate) == best))


def _unique(pool: tuple[Candidate, ...], _: Draw) -> Kept:
    return Kept(pool)


def _first(pool: tuple[Candidate, ...], _: Draw) -> Kept:
    return _least(pool, lambda candidate: candidate.order)


def _priority(pool: tuple[Candidate, ...], _: Draw) -> Kept:
    return _least(pool, lambda candidate: -candidate.priority)


def _ranked(pool: tuple[Candidate, ...], _: Draw) -> Kept:
    return _least(pool, lambda candidate: candidate.rank)


def _specific(pool: tuple[Candidate, ...], _: Draw) -> Kept:
    """Drop each candidate whose region strictly contains that of another."""
    regions = tuple(dict.fromkeys(candidate.region for candidate in pool))
    general = {
        wide
        for wide in regions
        for narrow in regions
        if wide is not narrow and implies(narrow, wide) and not implies(wide, narrow)
    }
    return Kept(tuple(candidate for candidate in pool if candidate.region not in general))


def _nearest(pool: tuple[Candidate, ...], draw: Draw) -> Kept:
    """Whole metres; a dealer whose distance is unknown is farther than any that is known."""
    metres = {candidate.dealer: draw.metres(candidate.dealer) for candidate in pool}
    return _least(pool, lambda c: (metres[c.dealer] is None, metres[c.dealer] or 0))


def _least_loaded(pool: tuple[Candidate, ...], draw: Draw) -> Kept:
    return _least(pool, lambda candidate: draw.facts.count(candidate.dealer).open)


def _log2(number: int) -> int:
    """The binary logarithm of a positive number below 2**64, in units of 2**-32, rounded down.

    Whole numbers only, by repeated squaring: a float's logarithm may differ in its last bit from
    one machine to another, and a dealer with it.
    """
    exponent = number.bit_length() - 1
    mantissa = number << (64 - exponent)
    bits = 0
    for _ in range(32):
        mantissa = (mantissa * mantissa) >> 64
        bits <<= 1
        if mantissa >> 65:
            mantissa >>= 1
            bits |= 1
    return (exponent << 32) | bits


def _hashed(pool: tuple[Candidate, ...], draw: Draw) -> Kept:
    """Weighted rendezvous hashing: the least of -log(u) / weight, u drawn from lead and dealer.

    Each dealer's draw depends on nothing but itself and the lead, so a dealer that leaves moves
    only its own leads. Source: Schindelhauer and Schomaker, Weighted distributed hash tables (2005).
    """
    drawn: list[tuple[Fraction, str]] = []
    for name, weight in weights(pool, draw).items():
        text = f"{len(draw.lead.id)}:{draw.lead.id}:{name}".encode()
        number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big") | 1
        drawn.append((((64 << 32) - _log2(number)) / weight, name))
    return _only(pool, [min(drawn)[1]])


def entitlements(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Each dealer's part of one lead in millionths, by largest remainder; ties by id."""
    total = sum(shares.values())
    exact = {name: share * MILLION / total for name, share in shares.items()}
    whole = {name: int(part) for name, part in exact.items()}
    left = MILLION - sum(whole.values())
    for name in sorted(exact, key=lambda n: (whole[n] - exact[n], n))[:left]:
        whole[name] += 1
    return whole


def turn(credits: Mapping[str, int], due: Mapping[str, int]) -> str:
    """Whose turn it is, `credits` holding this lead's entitlement `due` already.

    The largest credit, where one is worth a whole lead; else, among the positive, the one that
    would first be worth one at its present entitlement; else the largest. Ties by larger credit,
    then by id. The largest alone, and the earliest alone, both drift away from what is fair.
    """
    names = sorted(credits, key=lambda name: (-credits[name], name))
    if credits[names[0]] >= MILLION:
        return names[0]
    positive = [name for name in names if credits[name] > 0 and due[name] > 0]
    return min(positive, key=lambda n: Fraction(MILLION - credits[n], due[n])) if positive else names[0]


def _rotation(pool: tuple[Candidate, ...], draw: Draw) -> Kept:
    """Every eligible dealer earns its part of the lead; the one whose turn it is pays a whole one."""
    named = {candidate.ledger or draw.ledger for candidate in pool}
    ledger = named.pop() if len(named) == 1 else draw.ledger
    before = draw.facts.ledgers.get(ledger, FrozenMap())
    due = entitlements(weights(pool, draw))
    credits = {name: before.get(name, 0) + part for name, part in due.items()}
    winner = turn(credits, due)
    credits[winner] -= MILLION
    moved = {name: credit for name, credit in credits.items() if credit != before.get(name, 0)}
    return Kept(_only(pool, [winner]).pool, ledger, FrozenMap(moved))


POLICIES: Mapping[str, Callable[[tuple[Candidate, ...], Draw], Kept]] = {
    "unique": _unique,
    "first": _first,
    "priority": _priority,
    "specific": _specific,
    "nearest": _nearest,
    "least_loaded": _least_loaded,
    "hashed": _hashed,
    "rotation": _rotation,
    "ranked": _ranked,
}
"""Every policy by name. `ranked` is how claims and incumbents precede each other; a plan cannot
choose it."""


def keep(policy: str | Pick, pool: tuple[Candidate, ...], draw: Draw) -> Kept:
    """The non-empty part of `pool` that `policy` leaves."""
    if isinstance(policy, str):
        return POLICIES[policy](pool, draw)
    dealers = tuple(sorted({candidate.dealer for candidate in pool}))
    try:
        answer = policy.fn(draw.lead, dealers)
        chosen = set() if isinstance(answer, str) else set(dealers) & set(answer)
    except Exception:  # whatever it raises, the lead must not be lost
        chosen = set()
    return _only(pool, chosen) if chosen else Kept(pool, raised=True)
