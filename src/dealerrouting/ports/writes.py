"""What is read for a change, and the change itself: one value, that a store makes true whole or not at all.

May know: what a store keeps. May not know: how it is kept, what a command does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

from dealerrouting.events import Event, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.ports.values import DESK, Answered, Case, Claimed, Counter, Desk, Known, Ref, Trouble
from dealerrouting.sla import Effect

__all__ = ["Act", "Decided", "History", "Logged", "Reads", "Snapshot", "Survey", "Watched", "Writes"]

Reads = Mapping[Ref, int]
"""What a change was decided on: every thing that was read, with its version then, 0 for what was not there."""


@frozen
class Snapshot:
    """What was loaded: a value for each thing that was asked for, a version for each that has one, and `at`: the
    instant by the store's clock, read after the versions, so that instants follow each other as changes do.
    """

    at: datetime
    versions: Mapping[Ref, int]
    values: Mapping[Ref, Any]


@frozen
class Logged:
    """An event or a tick of a lead, in the order in which it was stepped."""

    lead: str
    event: Event | Tick


@frozen
class Decided:
    """A decision, the assignment that it led to, and the facts that it used: ids and sealed keys, nobody's data."""

    decision: Decision
    assignment: int
    facts: Facts = field(repr=False)


@frozen
class Act:
    """What a person did to the desk, for the record: when, what to what, who, why."""

    at: datetime
    do: str
    what: str
    actor: str
    reason: str = ""


@frozen
class Watched:
    """What a desk that only watches would have decided, beside what was done."""

    decision: Decision
    chosen: str


@frozen
class Writes:
    """One change. Everything in it is made true, or nothing.

    `desk`, `cases`, `contents`, `claims`, `ledgers` (whole, by id) and `claimants` take the place of what was there.
    `counts` is added to the number of open leads of each dealer, so that two changes need not wait for each other.
    `known` says by what keys a lead or claim is found. `plans` is JSON text by digest, with the digest of the policy.
    `events`, `records`, `decisions`, `watched` and `acts` are appended. `messages` are to leave; one whose key is known
    is not added again. `left` are the keys of those that have left, or need not any more. `answers` are kept by key; a
    key that is known already makes the change a `Conflict`. `troubles` are kept; None forgets them. `erase` removes
    what a lead said, and the answers and messages about it; or a claim altogether. `touched` names what else has
    changed.
    """

    desk: Desk | None = None
    cases: tuple[Case, ...] = ()
    contents: tuple[Lead, ...] = field(default=(), repr=False)
    claims: tuple[Claimed, ...] = field(default=(), repr=False)
    ledgers: FrozenMap[FrozenMap[int]] = FrozenMap()
    claimants: FrozenMap[Counter] = FrozenMap()
    counts: FrozenMap[int] = FrozenMap()
    known: tuple[Known, ...] = ()
    plans: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    events: tuple[Logged, ...] = ()
    records: tuple[Effect, ...] = ()
    decisions: tuple[Decided, ...] = ()
    watched: tuple[Watched, ...] = ()
    acts: tuple[Act, ...] = ()
    messages: tuple[Effect, ...] = ()
    left: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()
    troubles: tuple[tuple[Ref, Trouble | None], ...] = ()
    erase: tuple[Ref, ...] = ()
    touched: tuple[Ref, ...] = ()

    def changed(self) -> frozenset[Ref]:
        """Everything whose version grows by one with this change."""
        return frozenset(self._changed())

    def _changed(self) -> Iterator[Ref]:
        yield from (DESK,) if self.desk is not None else ()
        yield from (Ref("lead", one.lead) for one in self.cases)
        yield from (Ref("claim", one.claim.id) for one in self.claims)
        yield from (Ref("ledger", name) for name in self.ledgers)
        yield from (Ref("claimant", name) for name in self.claimants)
        yield from (Ref("dealer", name) for name in self.counts)
        yield from (Ref("prospect", key) for one in self.known for key in one.keys)
        yield from self.erase
        yield from self.touched


@frozen
class History:
    """All that is kept of one lead, in order: what it says, how it stands, what happened, what was decided and why,
    what has been told and is to be told.
    """

    case: Case | None
    content: Lead | None = field(repr=False)
    events: tuple[Event | Tick, ...] = ()
    records: tuple[Effect, ...] = ()
    decisions: tuple[Decided, ...] = ()
    messages: tuple[tuple[Effect, bool], ...] = ()


@frozen
class Survey:
    """The store at one instant, in numbers: open leads by phase and by holder, what is due and since when, what waits
    to leave and since when, what is parked (`lead:L1`) and why.
    """

    at: datetime
    phases: FrozenMap[int] = FrozenMap()
    holders: FrozenMap[int] = FrozenMap()
    claims: FrozenMap[int] = FrozenMap()
    due: int = 0
    oldest_due: datetime | None = None
    messages: int = 0
    oldest_message: datetime | None = None
    waiting: int = 0
    parked: FrozenMap[str] = FrozenMap()
