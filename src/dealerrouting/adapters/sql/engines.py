"""Engines: how a store reaches its database, and says nothing of it in any log.

May know: SQLAlchemy's engines, what each database needs to be told. May not know: what is stored.
SQLAlchemy writes parameters to its log at INFO and whole rows at DEBUG. Both are left out here, also where the caller's
engine would write them: the store takes the caller's pool, and an engine of its own over it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

from dealerrouting.adapters.sql.dialects import speech
from dealerrouting.errors import MissingExtra

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = ["async_engine", "engine", "quiet"]

_NAME = "dealerrouting"
_PATIENCE = 30
"""Seconds for which a writer of SQLite waits for the others, where the URL does not say (`?timeout=5`)."""


class _NoRows(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


_NO_ROWS = _NoRows()
"""One for all: a logger takes the same filter once."""


def engine(given: str | URL | Engine) -> Engine:
    """An engine on what is given; `ValueError` for a database that is none of ours, or is only in memory."""
    if isinstance(given, Engine):
        speech(given.dialect)
        return quiet(given)
    url = _url(given)
    try:
        made = create_engine(url, hide_parameters=True, **_options(url))
    except ImportError:
        raise MissingExtra("a store on PostgreSQL", "postgres") from None
    speech(made.dialect)
    if url.get_backend_name() == "sqlite":
        event.listen(made, "connect", _tell_sqlite)
    return quiet(made)


def async_engine(given: str | URL | AsyncEngine) -> AsyncEngine:
    """An asynchronous engine on PostgreSQL."""
    from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

    if isinstance(given, AsyncEngine):
        speech(given.dialect)
        return AsyncEngine(quiet(given.sync_engine))
    try:
        made = create_async_engine(_url(given), hide_parameters=True)
        speech(made.dialect)
    except ImportError:
        raise MissingExtra("a store on PostgreSQL", "postgres") from None
    return AsyncEngine(quiet(made.sync_engine))


def quiet(given: Engine) -> Engine:
    """An engine over the same pool that logs statements, and neither parameters nor rows."""
    made = Engine(given.pool, given.dialect, given.url, logging_name=_NAME, hide_parameters=True)
    logging.getLogger(f"sqlalchemy.engine.Engine.{_NAME}").addFilter(_NO_ROWS)
    return made


def _url(given: str | URL) -> URL:
    url = make_url(given)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("a store on SQLite is a file: write sqlite:///leads.db; in memory there is `MemoryStore`")
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _options(url: URL) -> dict[str, Any]:
    patient = url.get_backend_name() == "sqlite" and "timeout" not in url.query
    return {"connect_args": {"timeout": _PATIENCE}} if patient else {}


def _tell_sqlite(connection: Any, _record: object) -> None:
    """What holds for one connection: what is deleted is overwritten, what is committed is on the disk."""
    for pragma in ("secure_delete = ON", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
