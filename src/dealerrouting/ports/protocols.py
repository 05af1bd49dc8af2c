"""The ladder: what to offer, method by method.

May know: what a store keeps and what a change is. May not know: who asks.

A store raises `Conflict` where somebody was faster, `StoreUnavailable` where it cannot answer, `CorruptRecord` for a
record that cannot be read; and none of their texts holds what a person said. Nothing else is expected of its errors:
what it raises besides goes through the desk untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from dealerrouting.model import Facts
from dealerrouting.ports.values import Due, Ref
from dealerrouting.ports.writes import Act, History, Reads, Snapshot, Survey, Watched, Writes
from dealerrouting.rules import Needs
from dealerrouting.sla import Effect

__all__ = ["AsyncCaseStore", "AsyncFactsSource", "AsyncOutbox", "CaseStore", "FactsSource", "Outbox"]


@runtime_checkable
class FactsSource(Protocol):
    """The first rung: whoever has facts of its own and wants leads routed by them."""

    def facts(self, needs: Needs) -> Facts:
        """What `needs` asks for; more does no harm, less may decide otherwise."""


@runtime_checkable
class CaseStore(Protocol):
    """The second rung: cases, what is due, and one commit or nothing."""

    def load(self, refs: Sequence[Ref], at: datetime | None = None) -> Snapshot:
        """A value for each ref, a version for each that has one; `CorruptRecord` for a record that cannot be read.

        The versions are no younger than the values. `at` is the desk's own clock, where it has one: then `recent`
        counts from there, and the snapshot's `at` is this one.
        """

    def commit(self, reads: Reads, writes: Writes) -> None:
        """Make all of `writes` true, if everything in `reads` still has that version; else `Conflict`, and nothing.

        Every version in `writes.changed()` grows by one, whoever read it or not.
        """

    def due(self, at: datetime, limit: int, *, lease: timedelta | None = None) -> tuple[Due, ...]:
        """What is due at `at` or before, the first first, at most `limit`: leads by `Case.next_due`, claims by
        `Claimed.next_due`. What is parked is left out.

        With `lease` nobody else is given the same until that much has gone by, or it was committed: two sweeps side by
        side share the work. A lease is a courtesy, never a lock.
        """

    def unlease(self, refs: Sequence[Ref]) -> None:
        """Give back what was leased and not dealt with."""

    def history(self, lead: str) -> History:
        """All that is kept of one lead."""

    def survey(self, at: datetime) -> Survey:
        """The store in numbers."""

    def expired(self, before: datetime, limit: int) -> tuple[Ref, ...]:
        """Leads and claims that have been over since before then and are not erased, in order."""

    def about(self, person: str) -> tuple[Ref, ...]:
        """The leads and claims that hold a person's mail address, whatever its case, in order."""

    def acts(self) -> tuple[Act, ...]:
        """What persons did to the desk, the first first."""

    def watched(self) -> tuple[Watched, ...]:
        """What was only watched, the first first."""

    def scrub(self) -> bool:
        """Clear away what erased records have left in files. False where that could not be done now."""


@runtime_checkable
class Outbox(Protocol):
    """The third rung: messages that are to leave, at least once. With it `Writes.messages`, `left` and `answers` are
    kept, and `answer` can be loaded.
    """

    def pending(self, at: datetime, limit: int) -> tuple[Effect, ...]:
        """The messages that may leave at `at` and have not, in order of (`send_from` or `at`, key)."""


class AsyncFactsSource(Protocol):
    """The first rung, to be awaited."""

    async def facts(self, needs: Needs) -> Facts:
        """As `FactsSource.facts`."""


class AsyncCaseStore(Protocol):
    """The second rung, to be awaited; every method as in `CaseStore`."""

    async def load(self, refs: Sequence[Ref], at: datetime | None = None) -> Snapshot:
        """As `CaseStore.load`."""

    async def commit(self, reads: Reads, writes: Writes) -> None:
        """As `CaseStore.commit`."""

    async def due(self, at: datetime, limit: int, *, lease: timedelta | None = None) -> tuple[Due, ...]:
        """As `CaseStore.due`."""

    async def unlease(self, refs: Sequence[Ref]) -> None:
        """As `CaseStore.unlease`."""

    async def history(self, lead: str) -> History:
        """As `CaseStore.history`."""

    async def survey(self, at: datetime) -> Survey:
        """As `CaseStore.survey`."""

    async def expired(self, before: datetime, limit: int) -> tuple[Ref, ...]:
        """As `CaseStore.expired`."""

    async def about(self, person: str) -> tuple[Ref, ...]:
        """As `CaseStore.about`."""

    async def acts(self) -> tuple[Act, ...]:
        """As `CaseStore.acts`."""

    async def watched(self) -> tuple[Watched, ...]:
        """As `CaseStore.watched`."""

    async def scrub(self) -> bool:
        """As `CaseStore.scrub`."""


class AsyncOutbox(Protocol):
    """The third rung, to be awaited."""

    async def pending(self, at: datetime, limit: int) -> tuple[Effect, ...]:
        """As `Outbox.pending`."""
