"""`restore`: a store as a dump says it was, but for those who were forgotten since.

May know: the tables, dumps, stored text. May not know: how a command works.
One transaction: what is wrong with a line, wherever it is, leaves the store as it was.
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import URL, Boolean, Connection, Engine, Table, Text, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dealerrouting.adapters.sql.dumping import FORMAT, VERSION, dumped, kept, opened
from dealerrouting.adapters.sql.reading import parted
from dealerrouting.adapters.sql.store import SqlStore
from dealerrouting.adapters.sql.tables import REVISION, Instant
from dealerrouting.calendar import parse_instant
from dealerrouting.documents.stored import read_stored, stored_text
from dealerrouting.errors import CorruptRecord
from dealerrouting.events import Event
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import DESK, Act, Answered, Case, Claimed, Counter, Decided, Desk, Hold, Trouble, Watched
from dealerrouting.sla import Effect

__all__ = ["Restored", "restore"]

_JUMP = 10**9
"""By how much versions grow: whoever has read one, even of changes that the dump has not seen, finds it changed."""
_AT_ONCE = 500
_DOCS: dict[str, type] = {
    "desk": Desk, "case": Case, "ledger": dict, "claimant": Counter, "event": Event, "record": Effect,
    "decision": Decided, "watched": Watched, "act": Act, "message": Effect, "answer": Answered, "trouble": Trouble,
}  # fmt: skip


@frozen
class Restored:
    """How many rows came back, by table, and who stays forgotten (`lead:L1`) although the dump still knew them."""

    rows: FrozenMap[int]
    forgotten: tuple[str, ...] = ()


def restore(
    on: SqlStore | str | URL | Engine,
    lines: Iterable[str],
    *,
    schema: str | None = None,
    prefix: str = "dr_",
    actor: str = "restore",
    reason: str = "restored from a dump",
) -> Restored:
    """Put what `dump` gave in the place of what is there, in one transaction.

    What was erased here since the dump was made stays erased. Every version is greater than any before. The desk holds
    everything afterwards, so that a person looks before anything is sent; `actor` and `reason` are those of the hold
    and of the record. The tables must be there. `CorruptRecord` with the line that is wrong, and nothing is changed.
    """
    with opened(on, schema, prefix) as store:
        return store.do(lambda connection: _Restoring(store, connection).all(lines, actor, reason), write=True)


@define
class _Restoring:
    store: SqlStore
    connection: Connection
    erased: frozenset[str] = field(default=frozenset(), init=False)
    over: frozenset[str] = field(default=frozenset(), init=False)
    """Leads whose case says that they are erased; it stays."""
    met: set[str] = field(factory=set, init=False)
    fewer: Tally[str] = field(factory=Tally, init=False)
    desk: Desk = field(factory=Desk, init=False)

    def all(self, lines: Iterable[str], actor: str, reason: str) -> Restored:
        self._lock()
        self._remember()
        self._clear()
        counts = self._fill(_read(lines))
        self._hold(actor, reason)
        return Restored(FrozenMap(counts), tuple(sorted(self.met)))

    # What is there

    def _lock(self) -> None:
        if self.store.work.say.name == "postgresql":
            name = self.connection.dialect.identifier_preparer.format_table(self.store.work.t.aggregate)
            self.connection.exec_driver_sql(f"lock table {name} in exclusive mode")

    def _remember(self) -> None:
        t = self.store.work.t
        again = exists().where(t.content.c.ref == t.erased.c.ref)
        self.erased = frozenset(self.connection.execute(select(t.erased.c.ref).where(~again)).scalars())
        over = self.connection.execute(select(t.case.c.lead).where(t.case.c.erased_at.is_not(None))).scalars()
        self.over = frozenset(f"lead:{lead}" for lead in over)

    def _clear(self) -> None:
        t = self.store.work.t
        for name, table in dumped(t).items():
            if name == "case":
                self.connection.execute(delete(table).where(table.c.erased_at.is_(None)))
            elif name not in ("aggregate", "erased"):
                self.connection.execute(delete(table))
        self.connection.execute(update(t.aggregate).values(version=t.aggregate.c.version + _JUMP))

    # What comes

    def _fill(self, rows: Iterator[tuple[int, str, dict[str, Any]]]) -> dict[str, int]:
        t, waiting, counts = self.store.work.t, dict[str, list[dict[str, Any]]](), Tally[str]()
        for line, name, said in rows:
            if name == "end":
                self._complete(counts, said)
                break
            counts[name] += 1
            row = _row(line, dumped(t).get(name), name, said)
            if self._stays_away(name, row):
                continue
            some = waiting.setdefault(name, [])
            some.append(row)
            if len(some) >= _AT_ONCE:
                self._insert(name, waiting.pop(name))
        else:
            raise CorruptRecord("the dump", "its last line is missing, so it is not whole")
        for name, some in waiting.items():
            self._insert(name, some)
        return dict(counts)

    def _complete(self, counts: Tally[str], said: dict[str, Any]) -> None:
        wrong = sorted(name for name in {*counts, *said} if counts.get(name, 0) != said.get(name, 0))
        if wrong:
            raise CorruptRecord("the dump", f"rows are missing, or there are too many, in {', '.join(wrong)[:200]}")

    def _stays_away(self, name: str, row: dict[str, Any]) -> bool:
        """Whether a row is one of somebody who was forgotten since."""
        ref = _about(name, row)
        if name == "case" and ref in self.over:
            case: Case = read_stored(Case, row["doc"], ref)
            self.fewer[case.holder or ""] += case.served
            self.met |= {ref} if case.erased_at is None else set()
            return True
        gone = ref in self.erased or ref in self.over
        if not gone or name == "erased" or (name == "message" and row.get("leaves_at") is None):
            return False
        self.met |= {ref} if name == "content" else set()
        return True

    def _insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        t, say = self.store.work.t, self.store.work.say
        table = t.all[name]
        if name == "aggregate":
            new = say.insert(table)
            larger = func.greatest if say.name == "postgresql" else func.max
            statement = new.on_conflict_do_update(
                index_elements=["ref"], set_={"version": larger(table.c.version, new.excluded.version)}
            )
            rows = [{**row, "version": row["version"] + _JUMP} for row in rows]
        elif name == "erased":
            statement = say.insert(table).on_conflict_do_nothing(index_elements=["ref"])
        else:
            statement = insert(table).inline()
        if name == "desk":
            self.desk = read_stored(Desk, rows[-1]["doc"], str(DESK))
        try:
            self.connection.execute(statement, rows)
            return
        except IntegrityError:
            pass
        raise CorruptRecord("the dump", f"of its rows of {name} some have the same key, or none")

    # What follows

    def _hold(self, actor: str, reason: str) -> None:
        work = self.store.work
        now = work.reading.load(self.connection, (), None).at.astimezone(UTC)
        desk = self.desk
        if desk.held("all") is None:
            desk = Desk(desk.activations, (*desk.holds, Hold("all", now, actor, reason)), desk.seal)
        made = work.writing.say
        self.connection.execute(made.put["desk"], {"id": "", "doc": stored_text(desk)})
        act = {"at": now, "doc": stored_text(Act(now, "restore", "all", actor, reason))}
        self.connection.execute(made.add["act"], act)
        for dealer, fewer in sorted(self.fewer.items()):
            if fewer:
                self.connection.execute(made.count, {"id": dealer, "open": -fewer})
        versions = [{"ref": str(DESK), "version": 1 + _JUMP}]
        self.connection.execute(made.enter, versions)


def _about(name: str, row: dict[str, Any]) -> str:
    """The lead or claim that a row is about; events, records and decisions hold ids only, and stay."""
    match name:
        case "content" | "known" | "erased":
            return str(row["ref"])
        case "answer":
            return str(row["about"])
        case "case" | "waiting" | "message":
            return f"lead:{row.get('lead')}"
        case "claim":
            return f"claim:{row['id']}"
    return ""


def _read(lines: Iterable[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, table and row of each line; the last one is of `end`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        data = _parsed(number, line)
        if number == 1:
            _begins(data)
        elif isinstance(data.get("end"), dict):
            yield number, "end", data["end"]
        elif isinstance(data.get("row"), dict) and isinstance(data.get("table"), str):
            yield number, data["table"], data["row"]
        else:
            raise CorruptRecord(f"line {number}", "it is no row of a dump")


def _parsed(number: int, line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise CorruptRecord(f"line {number}", "it is no JSON object")
    return data


def _begins(data: dict[str, Any]) -> None:
    if data.get("format") != FORMAT:
        raise CorruptRecord("the dump", "it does not begin as the dump of a store does")
    if data.get("version") != VERSION or data.get("revision") != REVISION:
        raise CorruptRecord("the dump", f"it is of another release; this one reads version {VERSION} at {REVISION}")


def _row(line: int, table: Table | None, name: str, said: dict[str, Any]) -> dict[str, Any]:
    """A row as it is inserted; every value is looked at, and the text in it is read."""
    if table is None:
        raise CorruptRecord(f"line {line}", "there is no such table")
    columns = kept(table)
    if said.keys() - set(columns):
        raise CorruptRecord(f"line {line}", f"{name} has a column that is not known")
    row = {column: _value(line, f"{name}.{column}", table.c[column].type, said.get(column)) for column in columns}
    kind = _DOCS.get(name) if row.get("doc") is not None else None
    if name == "content":
        kind = Claimed if parted(row["ref"] or "").kind == "claim" else Lead
    if kind is not None:
        read_stored(kind, row["doc"], f"line {line}")
    return row


def _value(line: int, what: str, kind: Any, value: Any) -> Any:
    if value is None:
        return None
    found: datetime | None = parse_instant(value) if isinstance(kind, Instant) and isinstance(value, str) else None
    if found is not None:
        return found
    expected = bool if isinstance(kind, Boolean) else str if isinstance(kind, Text) else int
    if isinstance(kind, Instant) or type(value) is not expected:
        raise CorruptRecord(f"line {line}", f"{what} is not what it is to be")
    return value
