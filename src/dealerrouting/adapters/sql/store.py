"""`SqlStore`: a store on SQLite or PostgreSQL.

May know: engines, reading and writing, failures. May not know: how a command works.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Self, TypeVar

from sqlalchemy import URL, Connection, Engine

from dealerrouting.adapters.sql.dialects import speech
from dealerrouting.adapters.sql.engines import engine as engine_of
from dealerrouting.adapters.sql.failures import ERRORS, Unit, not_now, told
from dealerrouting.adapters.sql.work import Work
from dealerrouting.errors import StoreError
from dealerrouting.ports import Act, Due, History, Reads, Ref, Snapshot, Survey, Watched, Writes
from dealerrouting.sla import Effect

__all__ = ["SqlStore"]

T = TypeVar("T")
Clock = Callable[[], datetime]


class SqlStore:
    """Everything in a database: all three rungs of the ladder. Threads may share it.

    `on` is an URL (`sqlite:///leads.db`, `postgresql+psycopg://...`) or an engine of SQLAlchemy. The tables are in
    `schema` (where that is None, wherever the database puts them), and their names begin with `prefix`; `upgrade` makes
    them. `clock` gives the time instead of the database (PostgreSQL) or the machine (SQLite, in its process).

    Durability and the like are set on connections of an engine that is made here; one that is given brings its own.
    `StoreUnavailable` where the database cannot answer; `reason` says why.
    """

    def __init__(
        self, on: str | URL | Engine, *, schema: str | None = None, prefix: str = "dr_", clock: Clock | None = None
    ) -> None:
        self.engine = engine_of(on)
        """Over the pool of the engine that was given, if one was; it logs no parameters and no rows."""
        self.work = Work(self.engine.dialect, schema, prefix, clock)
        self._owned = not isinstance(on, Engine)
        self._connection: Connection | None = None

    @classmethod
    def on(
        cls, connection: Connection, *, schema: str | None = None, prefix: str = "dr_", clock: Clock | None = None
    ) -> Self:
        """The store in a transaction of the caller's, which the caller commits or takes back.

        `commit` is all or nothing by a savepoint. The caller's engine logs as the caller has set it: give it
        `hide_parameters=True`, and no level DEBUG, for at that SQLAlchemy writes whole rows.
        """
        made = cls.__new__(cls)
        speech(connection.dialect)
        made.engine, made.work = connection.engine, Work(connection.dialect, schema, prefix, clock)
        made._owned, made._connection = False, connection
        return made

    def close(self) -> None:
        """Close the connections, if they are the store's own."""
        if self._owned:
            self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SqlStore({self.engine.dialect.name}, schema={self.work.t.schema!r}, prefix={self.work.t.prefix!r})"

    def do(self, do: Callable[[Connection], T], *, write: bool = False) -> T:
        """Do it in a transaction, and say what went wrong in words of ours."""
        unit = Unit()
        try:
            if self._connection is not None:
                return self.work.nested(self._connection, do, write)
            with self.engine.connect() as connection:
                return self.work.whole(connection, do, write, unit)
        except ERRORS as error:
            problem: StoreError = told(error, unit)
        raise problem

    # The ladder

    def load(self, refs: Sequence[Ref], at: datetime | None = None) -> Snapshot:
        """A value for each ref, a version for each that has one."""
        return self.do(lambda on: self.work.reading.load(on, refs, at))

    def commit(self, reads: Reads, writes: Writes) -> None:
        """All of it, or a `Conflict` and nothing."""
        self.do(lambda on: self.work.writing.commit(on, reads, writes), write=True)

    def due(self, at: datetime, limit: int, *, lease: timedelta | None = None) -> tuple[Due, ...]:
        """What is due, the first first."""
        return self.do(lambda on: self.work.reading.due(on, at, limit, lease), write=lease is not None)

    def unlease(self, refs: Sequence[Ref]) -> None:
        """Give back what was leased."""
        self.do(lambda on: self.work.reading.lease(on, refs, None), write=True)

    def history(self, lead: str) -> History:
        """All that is kept of one lead."""
        return self.do(lambda on: self.work.reading.history(on, lead))

    def survey(self, at: datetime) -> Survey:
        """The store in numbers."""
        return self.do(lambda on: self.work.reading.survey(on, at))

    def expired(self, before: datetime, limit: int) -> tuple[Ref, ...]:
        """What has been over since before then."""
        return self.do(lambda on: self.work.reading.expired(on, before, limit))

    def about(self, person: str) -> tuple[Ref, ...]:
        """The leads and claims that hold this mail address."""
        return self.do(lambda on: self.work.reading.about(on, person))

    def acts(self) -> tuple[Act, ...]:
        """What persons did to the desk."""
        return self.do(self.work.reading.acts)

    def watched(self) -> tuple[Watched, ...]:
        """What was only watched."""
        return self.do(self.work.reading.watched)

    def pending(self, at: datetime, limit: int) -> tuple[Effect, ...]:
        """The messages that may leave, the first first."""
        return self.do(lambda on: self.work.reading.pending(on, at, limit))

    def scrub(self) -> bool:
        """Clear away what erased records have left in files; False where that could not be done now.

        SQLite: what is in the file is overwritten already, and its log is cut. PostgreSQL: the tables are written anew,
        which keeps everybody out of them meanwhile.
        """
        if self._connection is not None:
            return False
        try:
            with self.engine.connect() as connection:
                return self.work.scrub(connection)
        except ERRORS as error:
            if not_now(error):
                return False
            problem = told(error, Unit())
        raise problem
