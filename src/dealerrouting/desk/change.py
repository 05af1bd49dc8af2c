"""`Change`: what one command will write, collected; and what has to follow it.

May know: ports, the SLA's values. May not know: how anything is decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import define, evolve, field

from dealerrouting.events import Event, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import (
    Act,
    Answered,
    Case,
    Claimed,
    Decided,
    Desk,
    Known,
    Logged,
    Ref,
    Trouble,
    Watched,
    Writes,
)
from dealerrouting.ports import Counter as Made
from dealerrouting.sla import Effect

__all__ = ["Change"]


@define(eq=False)
class Change:
    """Writes being collected. `freed` are the dealers that have one open lead less, `settle` the claims to be looked at
    again: both are for after the commit.
    """

    at: datetime
    desk: Desk | None = None
    cases: dict[str, Case] = field(factory=dict)
    contents: list[Lead] = field(factory=list)
    claims: list[Claimed] = field(factory=list)
    ledgers: dict[str, FrozenMap[int]] = field(factory=dict)
    claimants: dict[str, Made] = field(factory=dict)
    counts: Counter[str] = field(factory=Counter)
    known: dict[Ref, Known] = field(factory=dict)
    plans: list[tuple[str, str, str]] = field(factory=list)
    events: list[Logged] = field(factory=list)
    records: list[Effect] = field(factory=list)
    decisions: list[Decided] = field(factory=list)
    watched: list[Watched] = field(factory=list)
    acts: list[Act] = field(factory=list)
    messages: list[Effect] = field(factory=list)
    left: list[str] = field(factory=list)
    answers: list[Answered] = field(factory=list)
    troubles: list[tuple[Ref, Trouble | None]] = field(factory=list)
    erase: list[Ref] = field(factory=list)
    touched: list[Ref] = field(factory=list)
    freed: set[str] = field(factory=set)
    settle: set[str] = field(factory=set)

    def put(self, before: Case | None, after: Case) -> None:
        """The case as it is now; the counts, and what it is found by, follow from what has changed."""
        was, now = _counted(before), _counted(after)
        if was != now:
            self.counts.update({was: -1} if was else {})
            self.counts.update({now: 1} if now else {})
            self.freed |= {was} if was else set()
        keys = tuple(map(str, after.keys)) if after.known else ()
        if keys != (tuple(map(str, before.keys)) if before is not None and before.known else ()):
            ref = Ref("lead", after.lead)
            self.known[ref] = Known(ref, keys)
            # Who finds it no more is to know as well.
            self.touched += [Ref("prospect", str(key)) for key in (before.keys if before is not None else ())]
        self.cases[after.lead] = evolve(after, changed_at=self.at)

    def again(self, case: Case | None) -> Change:
        """What was done already may have been broken off before what had to follow it: that is done again."""
        if case is not None and case.state is not None:
            self.freed |= {over.holder for over in case.state.standing.past}
            self.freed |= {case.state.holder} if case.state.holder and not case.open else set()
        return self

    def log(self, lead: str, events: Iterable[Event | Tick]) -> None:
        """Events and ticks that changed something."""
        self.events += [Logged(lead, event) for event in events]

    def act(self, do: str, what: str, actor: str, reason: str = "") -> None:
        """What a person did; `ValueError` where nobody is named."""
        if not actor.strip():
            raise ValueError(f"`{do}` needs an actor: the id of who does it")
        self.acts.append(Act(self.at, do, what, actor, reason))

    def merge(self, other: Change) -> None:
        """All of another change as well."""
        self.desk = other.desk or self.desk
        for name in ("cases", "ledgers", "claimants", "known"):
            getattr(self, name).update(getattr(other, name))
        for name in _LISTS:
            getattr(self, name).extend(getattr(other, name))
        self.counts.update(other.counts)
        self.freed |= other.freed
        self.settle |= other.settle

    def writes(self, *, outbox: bool) -> Writes:
        """The change as a store takes it."""
        listed: dict[str, Any] = {name: tuple(getattr(self, name)) for name in _LISTS}
        if not outbox:
            listed |= {"messages": (), "left": (), "answers": ()}
        return Writes(
            desk=self.desk,
            cases=tuple(self.cases[name] for name in sorted(self.cases)),
            ledgers=FrozenMap(self.ledgers),
            claimants=FrozenMap(self.claimants),
            counts=FrozenMap({name: n for name, n in self.counts.items() if n}),
            known=tuple(self.known[ref] for ref in sorted(self.known)),
            **listed,
        )


_LISTS = (
    "contents", "claims", "plans", "events", "records", "decisions", "watched", "acts", "messages", "left", "answers",
    "troubles", "erase", "touched",
)  # fmt: skip


def _counted(case: Case | None) -> str | None:
    """Among whose open leads it counts."""
    return case.holder if case is not None and case.open else None
