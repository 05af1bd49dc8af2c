"""`database`: an empty place for tables in SQLite and in PostgreSQL."""

import pytest

from dealerrouting.adapters.sql import SqlStore, upgrade


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    """The URL of a database without tables of ours."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    return request.getfixturevalue("postgres_schema").url


@pytest.fixture
def url(database):
    """The URL of one that is upgraded."""
    upgrade(database)
    return database


@pytest.fixture
def store(url):
    with SqlStore(url) as made:
        yield made
