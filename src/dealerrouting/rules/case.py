"""One lead before one plan, and what each rung said of it.

May know: the lead, the plan, the facts, the instant. May not know: how a decision is reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from dealerrouting import geo
from dealerrouting.identity import Identity, Key, Match
from dealerrouting.model import Dealer, Facts, Lead, Registration
from dealerrouting.rules.binding import Asked
from dealerrouting.rules.picks import Candidate, Kept, Pick
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.reading import Reading
from dealerrouting.rules.rungs import Rung

__all__ = ["Case", "Heard", "Reviewed"]


@frozen
class Reviewed:
    """A standing registration that only a person can say is on this company, and what the two say of each other."""

    claim: Registration
    match: Match


@frozen
class Case:
    """One lead before one plan: everything the rungs may look at."""

    lead: Lead
    plan: Plan
    facts: Facts
    at: datetime
    known: Identity  # without the keys that the plan takes for none
    hinted: frozenset[Key]  # the domains that the plan says many companies share
    reading: Reading
    asked: Asked
    opaque: set[tuple[str, str]] = field(factory=set)  # rung and source that a failing custom left unknown

    @property
    def keys(self) -> frozenset[Key]:
        """The keys by which the company that asks is found."""
        return self.known.keys

    def dealer(self, name: str) -> Dealer | None:
        """The dealer of this id, if the plan knows it."""
        return self.plan.dealer(name)

    @property
    def exhausted(self) -> bool:
        """Whether the lead has been with as many dealers as the terms allow."""
        held = sum(why != "excluded" for why in self.facts.past(self.lead.id).values())
        return held > self.plan.terms.max_reassignments

    def metres(self, name: str) -> int | None:
        """How far the dealer is from the lead, in whole metres, where both places are known."""
        dealer = self.dealer(name)
        if self.lead.point is None or dealer is None or dealer.point is None:
            return None
        return geo.distance_m(self.lead.point, dealer.point)


@frozen
class Heard:
    """What one rung said: whom it offered, who was barred and why, what each policy left."""

    rung: Rung
    offered: tuple[Candidate, ...]
    barred: Mapping[str, str]
    steps: tuple[tuple[str | Pick, Kept], ...]
    exclusive: bool  # an exclusive source met another
    opaque: bool  # a function of the caller's own failed where its answer was needed

    @property
    def pool(self) -> tuple[Candidate, ...]:
        """The candidates that are left."""
        if self.steps and not self.exclusive:
            return self.steps[-1][1].pool
        return tuple(c for c in self.offered if c.dealer not in self.barred)

    @property
    def left(self) -> tuple[str, ...]:
        """The distinct dealers that are left."""
        return tuple(sorted({candidate.dealer for candidate in self.pool}))

    @property
    def conflict(self) -> bool:
        """Whether this rung ended with a quarrel."""
        return self.exclusive or len(self.left) > 1
