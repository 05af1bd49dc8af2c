"""`Now`: what holds at the instant of a step; `Move`: what is to be done; `Refusal`: why it is not.

May know: the nouns, terms, what stands, the names of the rules. May not know: how a claim moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import field, frozen

from dealerrouting.calendar import instant
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Registration
from dealerrouting.registrations.standing import Standing
from dealerrouting.registrations.table import RULES
from dealerrouting.terms import ClaimTerms, Terms

__all__ = ["Move", "Now", "Reason", "Refusal", "rule_for_dealer"]


def _notes(given: Mapping[str, str]) -> FrozenMap[str]:
    return FrozenMap(given)


@frozen
class Move:
    """What is to be done with a claim: a word of the table, who does it, on what evidence.

    `actor` is an id of the caller's; that a dealer moves only claims of its own is the caller's to see to. `evidence`
    are ids of notes or documents by what they show. `completed` is the claim with the missing data, for `complete`.
    """

    do: str
    actor: str = ""
    evidence: FrozenMap[str] = field(factory=FrozenMap, converter=_notes)
    completed: Registration | None = None


@frozen
class Now:
    """The instant of a step, what stands then, and under which terms."""

    at: datetime
    standing: Standing
    terms: ClaimTerms

    @staticmethod
    def of(standing: Standing | Iterable[Registration], terms: Terms | ClaimTerms, at: datetime) -> Now:
        """From what callers may give; `TypeError` where `at` is no aware datetime."""
        held = standing if isinstance(standing, Standing) else Standing(standing)
        return Now(instant(at), held, ClaimTerms.of(terms))


@frozen
class Reason:
    """One reason for a refusal: the rule, the field it is about if it is about one, and the cure.

    `because` are ids of what stands in the way: for the house, never for another dealer.
    """

    rule: str
    field: str = ""
    cure: str = ""
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Field, reason and cure on one line; no value of the claim, and no id."""
        return f"{self.field}: " * bool(self.field) + RULES[self.rule].why + f"; {self.cure}" * bool(self.cure)


@frozen
class Refusal:
    """Why a step was not made. Nothing was changed, and nothing is to be kept."""

    claim: str
    do: str
    at: datetime
    reasons: tuple[Reason, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules."""
        return tuple(reason.rule for reason in self.reasons)

    def for_dealer(self) -> tuple[Reason, ...]:
        """What the claimant may read: its own faults, and of others that it is taken, or that it must ask."""
        told = (r if rule_for_dealer(r.rule) == r.rule else Reason(rule_for_dealer(r.rule)) for r in self.reasons)
        return tuple(dict.fromkeys(told))


def rule_for_dealer(rule: str) -> str:
    """The word that a dealer reads for a rule; it tells nothing of others but `taken` and `ask`."""
    return RULES[rule].dealer or rule
