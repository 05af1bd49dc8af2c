"""One piece of work on a connection: begun, done, committed or taken back. Sync and async stores do the same work.

May know: reading and writing, transactions. May not know: who gave the connection, what an error means to others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Dialect, text

from dealerrouting.adapters.sql.dialects import speech
from dealerrouting.adapters.sql.failures import Unit
from dealerrouting.adapters.sql.reading import Reading
from dealerrouting.adapters.sql.statements import statements
from dealerrouting.adapters.sql.tables import tables
from dealerrouting.adapters.sql.upgrading import check
from dealerrouting.adapters.sql.writing import Writing

__all__ = ["Work"]

T = TypeVar("T")
_PERSONAL = ("content", "answer", "known")
"""What a person said, hashes of what was asked, sealed keys of companies."""
_UNSEEN = """
    select not exists (
        select from pg_stat_activity where pid <> pg_backend_pid()
        and greatest(age(backend_xmin), age(backend_xid)) > age(cast(:now as xid))
    ) and not exists (
        select from pg_prepared_xacts where age(transaction) > age(cast(:now as xid))
    ) and not exists (
        select from pg_replication_slots where greatest(age(xmin), age(catalog_xmin)) > age(cast(:now as xid))
    )
"""
"""Whether nothing that began before `now` is still under way: what it may see, PostgreSQL keeps."""


class Work:
    """What a store does, on whatever connection."""

    def __init__(self, dialect: Dialect, schema: str | None, prefix: str, clock: Callable[[], datetime] | None) -> None:
        self.say = speech(dialect)
        self.t = tables(prefix, schema)
        made = statements(prefix, schema, self.say.name)
        self.reading, self.writing = Reading(made, clock), Writing(made, clock)
        self._checked = False

    def whole(self, connection: Connection, do: Callable[[Connection], T], write: bool, unit: Unit) -> T:
        """The work in a transaction of its own."""
        self._check(connection)
        connection.rollback()  # what the check has begun
        if not write and self.say.name == "postgresql":
            return do(connection.execution_options(isolation_level="AUTOCOMMIT"))
        self.say.begin(connection, write)
        done = do(connection)
        unit.committing = True
        connection.commit()
        unit.committing = False
        return done

    def nested(self, connection: Connection, do: Callable[[Connection], T], write: bool) -> T:
        """The work in the caller's transaction; what is written by it is taken back alone where it fails."""
        if self.say.name == "sqlite" and not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
            self.say.begin(connection, True)  # a savepoint outside a transaction would end in a commit
        self._check(connection)
        if not write:
            return do(connection)
        with connection.begin_nested():
            return do(connection)

    def _check(self, connection: Connection) -> None:
        """Once for each store: whether the tables are those of this release."""
        if not self._checked:
            check(connection, self.t)
            self._checked = True

    def scrub(self, connection: Connection) -> bool:
        """Nothing of what was erased is left in files, or it could not be done now."""
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        if self.say.name == "sqlite":
            busy, *_ = alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy
        alone.exec_driver_sql("SET lock_timeout = '10s'")
        try:
            return self._rewrite(alone)
        finally:
            alone.exec_driver_sql("RESET lock_timeout")

    def _rewrite(self, alone: Connection) -> bool:
        """PostgreSQL only warns of tables that it may not write anew, so whose they are is asked before; and whether
        anybody may still see what was erased, for then it is carried along.
        """
        named = [alone.dialect.identifier_preparer.format_table(self.t.all[name]) for name in _PERSONAL]
        owned = text("select pg_has_role(relowner, 'USAGE') from pg_class where oid = cast(:name as regclass)")
        if not all(alone.execute(owned, {"name": name}).scalar() for name in named):
            return False
        now = alone.execute(text("select cast(cast(pg_current_xact_id() as xid) as text)")).scalar()
        if not alone.execute(text(_UNSEEN), {"now": now}).scalar():
            return False
        for name in named:
            alone.exec_driver_sql(f"VACUUM FULL {name}")
        if alone.exec_driver_sql("select pg_has_role('pg_checkpoint', 'USAGE')").scalar():
            alone.exec_driver_sql("CHECKPOINT")
        return True
