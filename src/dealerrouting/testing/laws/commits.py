"""What must hold at every commit of a desk: `Lawful` is a `MemoryStore` that looks at each, before and after.

May know: the store in memory. May not know: which commands were given, any plan's author.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from attrs import fields, frozen

from dealerrouting.memory import MemoryStore
from dealerrouting.model import Decision
from dealerrouting.ports import DESK, Case, Reads, Ref, Writes
from dealerrouting.rules.rungs import GIVES
from dealerrouting.testing.laws.kept import insist

__all__ = ["AT_COMMIT", "Commit", "Lawful", "copied", "tables"]


@frozen
class Commit:
    """A commit that was made: the store after it, and what was there before of what it changes."""

    store: Any
    reads: Reads
    writes: Writes
    cases: Mapping[str, Case | None]
    ledgers: Mapping[str, Mapping[str, int]]
    counts: Mapping[str, int]
    messages: frozenset[str]


class Lawful(MemoryStore):
    """A store in memory that refuses to be told what no law allows. `asked` are the laws that it asks."""

    asked: tuple[Callable[[Commit], None], ...] | None = None

    def commit(self, reads: Reads, writes: Writes) -> None:
        """Commit, and look at it."""
        before = {one.lead: self._cases.get(one.lead) for one in writes.cases}
        ledgers, counts, known = dict(self._ledgers), Counter(self._counts), frozenset(self._messages)
        super().commit(reads, writes)
        made = Commit(self, reads, writes, before, ledgers, counts, known)
        for law in AT_COMMIT if self.asked is None else self.asked:
            law(made)


def every_change_was_read(made: Commit) -> None:
    """24: what is replaced was read; what is decided on was read."""
    reads, writes = made.reads, made.writes
    if writes.cases or writes.claims or writes.claimants or writes.ledgers or writes.desk:
        insist(24, DESK in reads, "a change that does not know which plan was active")
    needed = [Ref("lead", one.lead) for one in writes.cases]
    needed += [Ref("claim", one.claim.id) for one in writes.claims]
    needed += [Ref("ledger", name) for name in writes.ledgers]
    needed += [Ref("claimant", name) for name in writes.claimants]
    needed += [Ref("dealer", count.dealer) for one in writes.decisions for count in one.facts.counts.values()]
    needed += [Ref("claim", claim.id) for one in writes.decisions for claim in one.facts.registrations]
    missing = sorted(str(ref) for ref in needed if ref not in reads)
    insist(24, not missing, f"written or decided on, and not read: {missing}")


def every_change_has_its_record(made: Commit) -> None:
    """22: events, ticks and records come in pairs; a new state has an event or a tick."""
    writes = made.writes
    logged = Counter(one.lead for one in writes.events)
    recorded = Counter(one.lead for one in writes.records)
    insist(22, logged == recorded, f"{dict(logged)} are logged, {dict(recorded)} are recorded")
    acted = {act.what for act in writes.acts}
    decided = {one.decision.lead for one in writes.decisions} | {one.decision.lead for one in writes.watched}
    for case in writes.cases:
        was = made.cases[case.lead]
        if was is None or was.state != case.state:
            why = logged[case.lead] or case.lead in decided or (case.linked and f"lead:{case.lead}" in acted)
            insist(22, why, f"{case.lead} has changed, and nothing says why")
        if case.erased_at is not None and (was is None or was.erased_at is None):
            insist(22, f"lead:{case.lead}" in acted, f"{case.lead} is erased, and nobody did it")


def nobody_above_its_cap(made: Commit) -> None:
    """4: who is given a lead by a rung that gives had room for it."""
    linked = {one.lead for one in made.writes.cases if one.linked}
    for one in made.writes.decisions:
        decision = one.decision
        kind = decision.by.partition("-")[0]
        if kind not in GIVES or decision.outcome != "assigned" or decision.lead in linked:
            continue
        name = decision.holder
        most_open, most_recent = _caps(made.store._plans[decision.plan])[name]
        if most_open is not None:
            insist(4, made.counts[name] < most_open, f"{name} is full and was given {decision.lead}")
        if most_recent is not None:
            given = len(list(made.store._given(name, decision.at)))
            insist(4, given <= most_recent, f"{name} was given {given} in thirty days")


@lru_cache(maxsize=16)
def _caps(text: str) -> dict[str, tuple[int | None, int | None]]:
    """How much each dealer takes, by a plan as it is kept."""
    dealers = json.loads(text)["dealers"]
    return {one["id"]: (one.get("max_open"), one.get("max_per_30_days")) for one in dealers}


def ledgers_are_folds(made: Commit) -> None:
    """8: a ledger is what it was, and the credits that the decisions say."""
    decisions: list[Decision] = [one.decision for one in made.writes.decisions]
    told = [one.changes for one in (*decisions, *(one.decision for one in made.writes.watched))]
    for name, credits in made.writes.ledgers.items():
        expected = dict(made.ledgers.get(name, {}))
        for changes in told:
            if changes.ledger == name:
                expected |= changes.credits
        insist(8, dict(credits) == expected, f"ledger {name} is not what the decisions come to")
    paid = {changes.ledger for changes in told if changes.ledger and changes.credits}
    insist(8, paid <= set(made.writes.ledgers), "a decision was kept and its ledger was not")


def keys_are_new(made: Commit) -> None:
    """25: a message with a key that is known would never leave; so every new message has a key of its own."""
    # that a dealer was passed over is told once a lead, and meant so
    keys = [one.key for one in made.writes.messages if one.does != "passed_over"]
    again = sorted(key for key in keys if key in made.messages)
    insist(25, not again and len(set(keys)) == len(keys), f"messages that nobody will ever be sent: {again or keys}")


AT_COMMIT = (
    every_change_was_read,
    every_change_has_its_record,
    nobody_above_its_cap,
    ledgers_are_folds,
    keys_are_new,
)


# All that is in a store

_UNCOMPARED = ("_lock", "_leases", "clock")
_TABLES: tuple[str, ...] = tuple(one.name for one in fields(MemoryStore) if one.name not in _UNCOMPARED)


def tables(store: Any, but: Iterable[str] = ()) -> dict[str, Any]:
    """Everything that is in the store, as one value that can be compared."""
    return {name: _plain(getattr(store, name)) for name in _TABLES if name not in but}


def _plain(table: Any) -> Any:
    if isinstance(table, dict):
        # A count of none is no count; and what was loaded of a missing version is not kept.
        return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items() if value != 0}
    return tuple(table) if isinstance(table, list) else frozenset(table) if isinstance(table, set) else table


def copied(store: Any, kind: Any = None) -> Any:
    """Another store with the same in it: values are shared, tables are not."""
    new = (kind or type(store))(store.clock)
    for name in _TABLES:
        table = getattr(store, name)
        if isinstance(table, dict):
            fresh = type(table)()
            fresh.update({key: list(value) if isinstance(value, list) else value for key, value in table.items()})
            setattr(new, name, fresh)
        else:
            setattr(new, name, type(table)(table) if isinstance(table, (list, set)) else table)
    return new
