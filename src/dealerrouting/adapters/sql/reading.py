"""What is asked of a store, on one connection.

May know: the statements, stored text, ports' values. May not know: whose connection it is, how it was begun.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Connection

from dealerrouting.adapters.sql.statements import Statements
from dealerrouting.documents.stored import read_stored
from dealerrouting.events import Event
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import (
    MOST_WAITING,
    RECENT,
    Act,
    Answered,
    Case,
    Claimed,
    Counter,
    Decided,
    Desk,
    Due,
    History,
    Prospect,
    Ref,
    Snapshot,
    Survey,
    Trouble,
    Watched,
)
from dealerrouting.sla import Effect

__all__ = ["Reading", "parted"]

_KEPT: dict[str, type] = {
    "desk": Desk, "lead": Case, "claim": Claimed, "claimant": Counter, "ledger": dict, "answer": Answered,
    "trouble": Trouble, "content": Lead,
}  # fmt: skip
_APART = ("recent", "waiting")
"""What is not loaded with the rest: it depends on the instant, or takes an order and a limit."""


def parted(ref: str) -> Ref:
    """The ref that is written so."""
    kind, _, id = ref.partition(":")
    return Ref(kind, id)


@frozen
class Reading:
    """Questions to the tables; `clock` is the process's, asked where the database has none."""

    say: Statements
    clock: Callable[[], datetime] | None

    # A snapshot

    def load(self, connection: Connection, refs: Sequence[Ref], at: datetime | None) -> Snapshot:
        """Versions, values and the clock: in one statement, so in one snapshot, but for what depends on the clock."""
        asked = _asked(refs)
        server = at is None and self.clock is None and self.say.say.name == "postgresql"
        found = self._found(connection, asked, server)
        now = at or self._now(found.get(("clock", "")))
        values = {ref: self._value(ref, found) for ref in refs if ref.kind not in _APART}
        values |= self._apart(connection, refs, now)
        versions = {r: int(found.get(("version", str(r)), ["0"])[0]) for r in refs if r.versioned}
        return Snapshot(now, versions, values)

    def _found(self, connection: Connection, asked: dict[str, list[str]], server: bool) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = defaultdict(list)
        kinds = frozenset(asked) | ({"clock"} if server else frozenset())
        if kinds:
            given = {kind: self.say.say.many(ids) for kind, ids in asked.items()}
            for kind, id, doc in connection.execute(self.say.values(kinds), given):
                found[kind, id].append(doc)
        return found

    def _now(self, told: list[str] | None) -> datetime:
        if told:
            return datetime.fromisoformat(told[0])
        return self.clock() if self.clock else datetime.now(UTC)

    def _value(self, ref: Ref, found: dict[Any, list[str]]) -> Any:
        kind, id = _row(ref)
        docs = found.get((kind, id), [])
        match ref.kind:
            case "prospect":
                near = sorted(map(parted, docs))
                leads, claims = ([r.id for r in near if r.kind == one] for one in ("lead", "claim"))
                return Prospect(tuple(leads), tuple(claims))
            case "dealer":
                return int(docs[0]) if docs else 0
            case "plan":
                return docs[0] if docs else None
            case _ if docs:
                return read_stored(_KEPT[ref.kind], docs[0], str(ref))
        return {"ledger": FrozenMap(), "claimant": Counter()}.get(ref.kind)

    def _apart(self, connection: Connection, refs: Sequence[Ref], now: datetime) -> dict[Ref, Any]:
        values: dict[Ref, Any] = {}
        for ref in refs:
            if ref.kind == "waiting":
                rows = connection.execute(self.say.waiting, {"dealer": ref.id, "most": MOST_WAITING})
                values[ref] = tuple(rows.scalars())
        dealers = [ref.id for ref in refs if ref.kind == "recent"]
        if dealers:
            given = self._recent(connection, dealers, now)
            values |= {Ref("recent", dealer): tuple(sorted(given[dealer])) for dealer in dealers}
        return values

    def _recent(self, connection: Connection, dealers: list[str], now: datetime) -> dict[str, list[datetime]]:
        given: dict[str, list[datetime]] = defaultdict(list)
        asked = {"ids": self.say.say.many(dealers), "since": _month_before(now), "now": now}
        for holder, when in connection.execute(self.say.recent, asked):
            given[holder].append(when)
        return given

    # What waits

    def due(self, connection: Connection, at: datetime, limit: int, lease: timedelta | None) -> tuple[Due, ...]:
        """What is due, the first first; with a lease it is nobody else's until then."""
        asked, found = {"at": at, "most": max(limit, 0)}, []
        for kind, statement in (self.say.free if lease is None else self.say.take).items():
            found += [Due(when, Ref(kind, id)) for id, when in connection.execute(statement, asked)]
        taken = tuple(sorted(found)[: max(limit, 0)])
        if lease is not None:
            self.lease(connection, [one.ref for one in taken], at + lease)
        return taken

    def lease(self, connection: Connection, refs: Iterable[Ref], until: datetime | None) -> None:
        """Lease these until then, or give them back."""
        ids: dict[str, list[str]] = defaultdict(list)
        for ref in refs:
            ids[ref.kind].append(ref.id)
        for kind, statement in self.say.lease.items():
            if ids[kind]:
                connection.execute(statement, {"ids": self.say.say.many(sorted(ids[kind])), "until": until})

    def pending(self, connection: Connection, at: datetime, limit: int) -> tuple[Effect, ...]:
        """The messages that may leave, the first first."""
        rows = connection.execute(self.say.pending, {"at": at, "most": max(limit, 0)})
        return tuple(read_stored(Effect, doc, f"message:{key}") for key, doc in rows)

    # All that is kept

    def history(self, connection: Connection, lead: str) -> History:
        """All that is kept of one lead."""
        found = self._found(connection, {"lead": [lead], "content": [f"lead:{lead}"]}, False)

        def told(name: str, kind: type) -> tuple[Any, ...]:
            rows = connection.execute(self.say.of_lead[name], {"lead": lead}).scalars()
            return tuple(read_stored(kind, doc, f"{name} of lead:{lead}") for doc in rows)

        return History(
            self._value(Ref("lead", lead), found),
            self._value(Ref("content", lead), found),
            told("event", Event),
            told("record", Effect),
            told("decision", Decided),
            tuple(
                (read_stored(Effect, doc, f"message:{key}"), bool(gone))
                for key, doc, gone in connection.execute(self.say.messages, {"lead": lead})
            ),
        )

    def survey(self, connection: Connection, at: datetime) -> Survey:
        """The store in numbers."""
        phases: dict[str, int] = defaultdict(int)
        holders: dict[str, int] = defaultdict(int)
        for phase, holder, count in connection.execute(self.say.open):
            phases[phase] += count
            holders[holder or ""] += count
        dues = [connection.execute(one, {"at": at}).one() for one in self.say.overdue.values()]
        claims = _counted(connection.execute(self.say.claims))
        messages, oldest = connection.execute(self.say.unsent).one()
        return Survey(
            at,
            FrozenMap(phases),
            FrozenMap(holders),
            FrozenMap(claims),
            sum(count for count, _ in dues),
            min((first for _, first in dues if first), default=None),
            messages,
            oldest,
            connection.execute(self.say.waiters).scalar_one(),
            FrozenMap(_counted(connection.execute(self.say.parked))),
        )

    def expired(self, connection: Connection, before: datetime, limit: int) -> tuple[Ref, ...]:
        """What has been over since before then."""
        found: list[Ref] = []
        for kind, statement in self.say.expired.items():
            rows = connection.execute(statement, {"before": before, "most": max(limit, 0)}).scalars()
            found += [Ref(kind, id) for id in rows]
        return tuple(sorted(found)[: max(limit, 0)])

    def about(self, connection: Connection, person: str) -> tuple[Ref, ...]:
        """The leads and claims that hold this mail address."""
        return tuple(sorted(map(parted, connection.execute(self.say.about, {"mail": person.casefold()}).scalars())))

    def acts(self, connection: Connection) -> tuple[Act, ...]:
        """What persons did to the desk."""
        return tuple(read_stored(Act, doc, "act:") for doc in connection.execute(self.say.listed["act"]).scalars())

    def watched(self, connection: Connection) -> tuple[Watched, ...]:
        """What was only watched."""
        rows = connection.execute(self.say.listed["watched"]).scalars()
        return tuple(read_stored(Watched, doc, "watched:") for doc in rows)


def _row(ref: Ref) -> tuple[str, str]:
    """Where the text of a thing stands: a claim's is a content like a lead's."""
    match ref.kind:
        case "claim":
            return "content", str(ref)
        case "content":
            return "content", f"lead:{ref.id}"
    return ref.kind, ref.id


def _asked(refs: Sequence[Ref]) -> dict[str, list[str]]:
    """The ids to look for, by the kind of row."""
    asked: dict[str, list[str]] = {}
    for ref in dict.fromkeys(refs):
        if ref.versioned:
            asked.setdefault("version", []).append(str(ref))
        if ref.kind not in _APART:
            kind, id = _row(ref)
            asked.setdefault(kind, []).append(id)
    return asked


def _counted(rows: Iterable[Any]) -> dict[str, Any]:
    """Rows of two columns, by the first."""
    return {row[0]: row[1] for row in rows}


def _month_before(now: datetime) -> datetime:
    try:
        return now - RECENT
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
