"""Hypothesis profiles, and a PostgreSQL; and planted faults are slow, for each seeks until something turns red."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

# Where a test does not say how many examples it takes.
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.register_profile("quick", max_examples=15, deadline=None)
FAULTS = Path(__file__).parent / "faults"


def pytest_collection_modifyitems(items):
    """`make check` leaves the planted faults to `make test`; what asks for a server is marked so."""
    for item in items:
        if FAULTS in item.path.parents:
            item.add_marker(pytest.mark.slow)
        if any(name.startswith("postgres_") for name in getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


def start_postgres(stack, **settings):
    import servers

    try:
        return stack.enter_context(servers.Server(**settings))
    except servers.Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_server():
    """The `servers.Server` of this worker process: its `url()`, its `data`, its `log`."""
    with ExitStack() as stack:
        yield start_postgres(stack)


@pytest.fixture(scope="session")
def postgres_url(request):
    """An URL for SQLAlchemy, sync and async: a new database on the server that is given, or this worker's server."""
    import servers

    if given := os.environ.get(servers.GIVEN):
        with servers.own_database(given) as url:
            yield url
    else:
        yield request.getfixturevalue("postgres_server").url()


@pytest.fixture
def postgres_schema(postgres_url):
    """`(url, name)` of an empty schema; connections by this URL see it and nothing else."""
    import servers

    with servers.own_schema(postgres_url) as schema:
        yield schema


@pytest.fixture
def postgres_throwaway():
    """Starts further servers, each with the settings it is called with; they end with the test."""
    with ExitStack() as stack:
        yield lambda **settings: start_postgres(stack, **settings)
