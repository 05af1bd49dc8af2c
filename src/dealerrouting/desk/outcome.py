"""`Outcome`: what came of a command; and how it is kept, so that who asks again gets the same.

May know: decisions, documents' text of them. May not know: any command.
It holds ids and words, never what a lead says: it may be logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from dealerrouting.documents.values import from_data, to_data
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision
from dealerrouting.ports import Ref
from dealerrouting.registrations import Reason
from dealerrouting.sla import Effect

__all__ = ["Outcome"]


@frozen
class Outcome:
    """What a command has done to what it was `about`.

    `outcome` is a word: `assigned`, `house` or `linked` for a new lead (`repeated`, where it was there and no answers
    are kept); for an event what the SLA made of it
    (`applied`, `late`, `nothing`, `not_counted`, `refused:...`); for a claim its status, or `refused`; `erased` where
    what it is about is there no more. `holder`, `assignment` and `phase` are those after it. `linked` is the lead with
    which this one goes. `rule` is that by which a claim is as it is, `reasons` say why it was refused. `effects` are
    what is to be told because of it, where the store keeps no outbox. `repeated`: this is the first answer, given
    again.
    """

    about: Ref
    outcome: str
    holder: str | None = None
    assignment: int = 0
    phase: str | None = None
    linked: str | None = None
    decision: Decision | None = None
    reasons: tuple[Reason, ...] = ()
    rule: str | None = None
    effects: tuple[Effect, ...] = field(default=(), repr=False)
    repeated: bool = False

    @property
    def refused(self) -> bool:
        """Whether nothing was done."""
        return self.outcome.startswith(("refused", "erased"))


_WORDS = ("outcome", "holder", "assignment", "phase", "linked", "rule")


def with_effects(outcome: Outcome, *more: tuple[Effect, ...]) -> Outcome:
    """The outcome, with what is to be told of other leads because of it."""
    return evolve(outcome, effects=(*outcome.effects, *(effect for some in more for effect in some)))


def outcome_data(outcome: Outcome) -> FrozenMap[object]:
    """The outcome in JSON's own types."""
    data: dict[str, object] = {name: getattr(outcome, name) for name in _WORDS}
    data["decision"] = to_data(outcome.decision) if outcome.decision else None
    data["reasons"] = [[one.rule, one.field, one.cure, list(one.because)] for one in outcome.reasons]
    return FrozenMap(data)


def read_outcome(about: Ref, data: Mapping[str, Any]) -> Outcome:
    """The outcome of which `outcome_data` gave `data`, as the first answer given again."""
    decision = from_data("decision", data["decision"]) if data["decision"] else None
    reasons = tuple(Reason(rule, name, cure, tuple(because)) for rule, name, cure, because in data["reasons"])
    words: dict[str, Any] = {name: data.get(name) for name in _WORDS}
    return Outcome(about, decision=decision, reasons=reasons, repeated=True, **words)
