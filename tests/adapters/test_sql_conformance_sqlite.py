"""The conformance kit on SQLite, sync and async, and in a transaction of the caller's."""

from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine

from adapters.sql_stores import async_sqlite_store, sqlite_store, sqlite_url
from dealerrouting.adapters.sql import SqlStore
from dealerrouting.testing import conformance

pytestmark = pytest.mark.slow


@contextmanager
def on_a_connection():
    with sqlite_url() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            yield SqlStore.on(connection)
        engine.dispose()


TestSqlite = conformance.outbox(sqlite_store, shared=True)
TestAsyncSqlite = conformance.outbox(async_sqlite_store, shared=True, examples=5)
TestSqliteOnAConnection = conformance.outbox(on_a_connection, examples=5)
