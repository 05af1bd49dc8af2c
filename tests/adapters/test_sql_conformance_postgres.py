"""The conformance kit on PostgreSQL, sync and async, and in a transaction of the caller's."""

from contextlib import asynccontextmanager

import pytest

from adapters.sql_stores import Postgres
from dealerrouting.adapters.sql import AsyncSqlStore
from dealerrouting.testing import conformance

pytestmark = pytest.mark.slow

HERE = {}


@pytest.fixture(scope="module", autouse=True)
def _server(postgres_url):
    """The kit makes its stores itself, so it is told here where."""
    HERE["it"] = Postgres(postgres_url)
    yield
    HERE.pop("it").engine.dispose()


@asynccontextmanager
async def async_store():
    with HERE["it"].prefix() as prefix:
        async with AsyncSqlStore(HERE["it"].url, prefix=prefix) as store:
            yield store


TestPostgres = conformance.outbox(lambda: HERE["it"].store(), shared=True, examples=20)
TestAsyncPostgres = conformance.outbox(async_store, shared=True, examples=5)
TestPostgresOnAConnection = conformance.outbox(lambda: HERE["it"].on(), examples=5)
