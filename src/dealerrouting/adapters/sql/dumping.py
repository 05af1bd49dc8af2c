"""`dump`: a whole store as lines of JSON, to any file, from either database.

May know: the tables, engines. May not know: what the text in a row means, how lines come back.
The first line says what this is, each further one holds a row, and the last one counts them: a dump that was cut off is
seen to be. It holds all that the store holds, so persons' data and the secret: keep it as you keep the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, select

from dealerrouting.adapters.sql.failures import ERRORS, Unit, told
from dealerrouting.adapters.sql.store import SqlStore
from dealerrouting.adapters.sql.tables import REVISION, Tables
from dealerrouting.adapters.sql.upgrading import check
from dealerrouting.errors import StoreError

__all__ = ["FORMAT", "VERSION", "dump", "dumped", "kept", "opened"]

FORMAT, VERSION = "dealerrouting store", 1
_AT_ONCE = 1_000
_OWN = ("n", "lease_until")
"""What is of this database only: the place in the order, and who is at work."""


@contextmanager
def opened(on: SqlStore | str | URL | Engine, schema: str | None, prefix: str) -> Iterator[SqlStore]:
    """The store, closed again if it was made here."""
    if isinstance(on, SqlStore):
        yield on
        return
    made = SqlStore(on, schema=schema, prefix=prefix)
    try:
        yield made
    finally:
        made.close()


def dump(on: SqlStore | str | URL | Engine, *, schema: str | None = None, prefix: str = "dr_") -> Iterator[str]:
    """The whole store as it is at one instant, a line at a time, without line ends; `restore` takes them.

    Nobody waits for it: it reads a snapshot, for as long as lines are taken.
    """
    try:
        with opened(on, schema, prefix) as store, store.engine.connect() as connection:
            if store.work.say.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            check(connection, store.work.t)
            connection.rollback()
            store.work.say.begin(connection, False)
            yield from _lines(connection, store.work.t)
            connection.rollback()
        return
    except ERRORS as error:
        problem: StoreError = told(error, Unit())
    raise problem


def dumped(t: Tables) -> dict[str, Table]:
    """The tables that are dumped."""
    return {name: table for name, table in t.all.items() if name != "version"}


def kept(table: Table) -> tuple[str, ...]:
    """The columns of a table that are dumped."""
    return tuple(column.name for column in table.c if column.name not in _OWN)


def _lines(connection: Connection, t: Tables) -> Iterator[str]:
    yield json.dumps({"format": FORMAT, "version": VERSION, "revision": REVISION})
    counts = {}
    for name, table in dumped(t).items():
        counts[name] = 0
        for line in _rows(connection, name, table):
            counts[name] += 1
            yield line
    yield json.dumps({"end": counts})


def _rows(connection: Connection, name: str, table: Table) -> Iterator[str]:
    columns = kept(table)
    statement = select(*(table.c[column] for column in columns)).order_by(*_order(table))
    found = connection.execution_options(yield_per=_AT_ONCE).execute(statement)
    for row in found:
        said = {column: _plain(value) for column, value in zip(columns, row, strict=True) if value is not None}
        yield json.dumps({"table": name, "row": said}, separators=(",", ":"))


def _order(table: Table) -> Any:
    return (table.c.n,) if "n" in table.c else tuple(table.c)[:2]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
