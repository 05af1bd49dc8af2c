"""`AsyncSqlStore`: the same store, to be awaited.

May know: the sync store and its work. May not know: how a command works.
On PostgreSQL the work runs on an asynchronous connection. SQLite is a file, and its work runs in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import URL, Connection, make_url

from dealerrouting.adapters.sql.engines import async_engine
from dealerrouting.adapters.sql.failures import ERRORS, Unit, not_now, told
from dealerrouting.adapters.sql.store import Clock, SqlStore
from dealerrouting.adapters.sql.work import Work
from dealerrouting.errors import StoreError
from dealerrouting.ports import Act, Due, History, Reads, Ref, Snapshot, Survey, Watched, Writes
from dealerrouting.sla import Effect

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

__all__ = ["AsyncSqlStore"]

T = TypeVar("T")


class AsyncSqlStore:
    """`SqlStore`, to be awaited; `on` is an URL or an asynchronous engine on PostgreSQL."""

    def __init__(
        self, on: str | URL | AsyncEngine, *, schema: str | None = None, prefix: str = "dr_", clock: Clock | None = None
    ) -> None:
        self._threads: SqlStore | None = None
        self._connection: AsyncConnection | None = None
        self._owned = isinstance(on, (str, URL))
        if isinstance(on, (str, URL)) and make_url(on).get_backend_name() == "sqlite":
            self._threads = SqlStore(on, schema=schema, prefix=prefix, clock=clock)
            self.work = self._threads.work
        else:
            self.engine = async_engine(on)
            self.work = Work(self.engine.dialect, schema, prefix, clock)

    @classmethod
    def on(
        cls, connection: AsyncConnection, *, schema: str | None = None, prefix: str = "dr_", clock: Clock | None = None
    ) -> Self:
        """The store in a transaction of the caller's, as `SqlStore.on`."""
        made = cls.__new__(cls)
        made.work = Work(connection.dialect, schema, prefix, clock)
        made._threads, made._owned, made._connection = None, False, connection
        return made

    async def close(self) -> None:
        """Close the connections, if they are the store's own."""
        if self._threads is not None:
            await asyncio.to_thread(self._threads.close)
        elif self._owned:
            await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _do(self, do: Callable[[Connection], T], *, write: bool = False) -> T:
        """Do it in a transaction, and say what went wrong in words of ours."""
        if self._threads is not None:
            return await asyncio.to_thread(self._threads.do, do, write=write)
        unit = Unit()
        try:
            if self._connection is not None:
                return await self._connection.run_sync(self.work.nested, do, write)
            async with self.engine.connect() as connection:
                return await connection.run_sync(self.work.whole, do, write, unit)
        except ERRORS as error:
            problem: StoreError = told(error, unit)
        raise problem

    # The ladder

    async def load(self, refs: Sequence[Ref], at: datetime | None = None) -> Snapshot:
        """A value for each ref, a version for each that has one."""
        return await self._do(lambda on: self.work.reading.load(on, refs, at))

    async def commit(self, reads: Reads, writes: Writes) -> None:
        """All of it, or a `Conflict` and nothing."""
        await self._do(lambda on: self.work.writing.commit(on, reads, writes), write=True)

    async def due(self, at: datetime, limit: int, *, lease: timedelta | None = None) -> tuple[Due, ...]:
        """What is due, the first first."""
        return await self._do(lambda on: self.work.reading.due(on, at, limit, lease), write=lease is not None)

    async def unlease(self, refs: Sequence[Ref]) -> None:
        """Give back what was leased."""
        await self._do(lambda on: self.work.reading.lease(on, refs, None), write=True)

    async def history(self, lead: str) -> History:
        """All that is kept of one lead."""
        return await self._do(lambda on: self.work.reading.history(on, lead))

    async def survey(self, at: datetime) -> Survey:
        """The store in numbers."""
        return await self._do(lambda on: self.work.reading.survey(on, at))

    async def expired(self, before: datetime, limit: int) -> tuple[Ref, ...]:
        """What has been over since before then."""
        return await self._do(lambda on: self.work.reading.expired(on, before, limit))

    async def about(self, person: str) -> tuple[Ref, ...]:
        """The leads and claims that hold this mail address."""
        return await self._do(lambda on: self.work.reading.about(on, person))

    async def acts(self) -> tuple[Act, ...]:
        """What persons did to the desk."""
        return await self._do(self.work.reading.acts)

    async def watched(self) -> tuple[Watched, ...]:
        """What was only watched."""
        return await self._do(self.work.reading.watched)

    async def pending(self, at: datetime, limit: int) -> tuple[Effect, ...]:
        """The messages that may leave, the first first."""
        return await self._do(lambda on: self.work.reading.pending(on, at, limit))

    async def scrub(self) -> bool:
        """Clear away what erased records have left in files, as `SqlStore.scrub`."""
        if self._threads is not None:
            return await asyncio.to_thread(self._threads.scrub)
        if self._connection is not None:
            return False
        try:
            async with self.engine.connect() as connection:
                return await connection.run_sync(self.work.scrub)
        except ERRORS as error:
            if not_now(error):
                return False
            problem = told(error, Unit())
        raise problem
