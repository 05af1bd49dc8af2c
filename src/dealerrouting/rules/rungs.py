"""Rungs: who is asked in which order. `by` makes them; the house is always last.

May know: conditions, picks' names, terms of time. May not know: what a plan holds, any lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import define, frozen

from dealerrouting.calendar import Elapsed
from dealerrouting.errors import Fault, PlanError, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.model.definition import Definition
from dealerrouting.model.network import Weights
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.picks import Pick

__all__ = ["GIVES", "Rule", "Rung", "by"]

GIVES = frozenset({"rules", "territories", "nearest"})
"""The rungs that give a lead away. The others only say whose it is already, so caps do not touch them."""

Chain = str | Pick | Iterable[str | Pick]


@define(frozen=True, init=False)
class Rule:
    """A lead for which `when` is true goes to one of `dealers`.

    `dealers` have weights like a territory's; `priority`, `ledger` and the dates mean the same.
    """

    id: str
    when: Condition
    dealers: FrozenMap[Decimal]
    priority: int
    ledger: str | None
    valid_from: datetime | None
    valid_until: datetime | None

    def __init__(
        self,
        id: str,
        when: Condition,
        dealers: Weights,
        *,
        priority: int = 0,
        ledger: str | None = None,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> None:
        read = Definition("rule", id)
        if not isinstance(when, Condition):
            read.wrong("when", f"{quoted(when)} is not a condition", 'write for example (where.country == "NL")')
        valid = read.span(valid_from, valid_until, ("valid_from", "valid_until"))
        self.__attrs_init__(
            id=read.ident("id", id),
            when=when,
            dealers=read.weights("dealers", dealers),
            priority=read.whole("priority", priority, least=-(10**9)) or 0,
            ledger=read.maybe_ident("ledger", ledger),
            valid_from=valid[0],
            valid_until=valid[1],
        )
        read.done()


@frozen
class Rung:
    """One step of the precedence: a kind, its pick chain, and what it needs besides the plan."""

    kind: str
    pick: tuple[str | Pick, ...]
    rules: tuple[Rule, ...] = ()
    within_metres: int | None = None
    won_within: Elapsed | None = None
    name: str = ""

    @property
    def gives(self) -> bool:
        """Whether this rung gives a lead away, so that caps and shares count."""
        return self.kind in GIVES


def _chain(pick: Chain) -> tuple[str | Pick, ...]:
    return (pick,) if isinstance(pick, (str, Pick)) else tuple(pick)


class By:
    """The namespace of rungs: `by.registrations()`, `by.territories(pick=[...])` and so on."""

    __slots__ = ()

    def registrations(self) -> Rung:
        """The dealer whose registration stands: by key strength, named product, first submitted, id."""
        return Rung("registrations", ("ranked",))

    def accounts(self, *, pick: Chain = "unique") -> Rung:
        """The fixed holder of a named account."""
        return Rung("accounts", _chain(pick))

    def incumbent(self, *, won_within: Elapsed | None = None) -> Rung:
        """The dealer that has an open lead of the same company, or won one at most `won_within` ago.

        Never the house. Several: by key strength, then since the latest, then id.
        """
        if won_within is not None and not isinstance(won_within, Elapsed):
            cure = "write Elapsed(days=730)"
            raise PlanError([Fault("incumbent.won_within", f"{quoted(won_within)} is not a length of time", cure)])
        return Rung("incumbent", ("ranked",), won_within=won_within)

    def rules(self, *rules: Rule, pick: Chain = "first") -> Rung:
        """The dealers of the rules that are true; under `first`, of the first of them."""
        faults = [Fault("rules", f"{quoted(r)} is not a Rule") for r in rules if not isinstance(r, Rule)]
        if faults:
            raise PlanError(faults)
        return Rung("rules", _chain(pick), rules=rules)

    def territories(self, *, pick: Chain = ("specific", "priority", "rotation")) -> Rung:
        """The dealers of the territories in which the lead lies."""
        return Rung("territories", _chain(pick))

    def nearest(self, *, within_km: float | None = None, pick: Chain = ("nearest", "rotation")) -> Rung:
        """The nearest dealer with a place, at most `within_km` kilometres over the great circle."""
        return Rung("nearest", _chain(pick), within_metres=_metres(within_km))


def _metres(km: Any) -> int | None:
    if km is None:
        return None
    if isinstance(km, bool) or not isinstance(km, (int, float, Decimal)) or not 0 <= km <= 20_100:
        raise PlanError([Fault("nearest.within_km", f"{quoted(km)} is not a distance", "give 0 to 20,100 km")])
    return int(Decimal(str(km)) * 1_000)


by = By()
