"""Workers killed at every statement and at random, connections cut around COMMIT: nothing is lost, nothing doubled.

Crash campaigns run in processes of their own (`crashing`); here their reports are read. Figures for CI are about a
hundred kills each; `long` has more than a thousand.
"""

import pytest

from crashing import campaign
from cutting import CUTS, cut_run
from servers import own_schema

SQLITE, POSTGRES = "sqlite", "postgres"
slow = [pytest.mark.slow]
DATABASES = [pytest.param(SQLITE, marks=slow), pytest.param(POSTGRES, marks=[*slow, pytest.mark.postgres])]


@pytest.fixture
def places(request, tmp_path):
    """Two empty places on the database of this name: URLs."""

    def made(database):
        if database == SQLITE:
            return [f"sqlite:///{tmp_path}/{name}.db" for name in ("worked", "calm")]
        url = request.getfixturevalue("postgres_url")
        schemas = [own_schema(url) for _ in range(2)]
        request.addfinalizer(lambda: [schema.__exit__(None, None, None) for schema in schemas])
        return [schema.__enter__().url for schema in schemas]

    return made


@pytest.mark.parametrize("database", DATABASES)
def test_killed_at_statements_and_around_every_commit(places, database):
    worked, calm = places(database)
    report = campaign("statements", worked, calm=calm)
    assert report["faults"] == []
    assert report["kills"] >= 70
    assert report["around_commit"] >= 40


@pytest.mark.parametrize("database", DATABASES)
def test_killed_at_random(places, database):
    report = campaign("random", places(database)[0], kills=50)
    assert report["faults"] == []
    assert report["kills"] == 50


@pytest.mark.parametrize("database", DATABASES)
def test_eight_writers_at_once(places, database):
    """No `database is locked` reaches anybody, and what is contested comes through."""
    report = campaign("writers", places(database)[0], length=20)
    assert report["faults"] == []
    assert report["commands"] == 8 * 19


@pytest.mark.parametrize("database", DATABASES)
def test_four_sweeps_at_once(places, database):
    """Every due lead is dealt with once, and told of once."""
    report = campaign("sweepers", places(database)[0])
    assert report["faults"] == []
    assert sum(report["swept"]) == sum(report["looked"]) == 160


@pytest.mark.slow
@pytest.mark.parametrize("how", CUTS)
def test_a_connection_cut_around_commit(postgres_schema, how):
    """The caller is told `unknown`, repeats the command with its key, and it is done once."""
    report = cut_run(postgres_schema.url, how)
    assert report.faults == []
    assert report.cuts == report.errors.total() > 20
    assert set(report.errors) == {("StoreUnavailable", "unknown")}


@pytest.mark.slow
def test_a_backend_ended_at_a_statement(postgres_schema):
    """The caller is told; of a change that was being committed, that it may have been made."""
    report = cut_run(postgres_schema.url, "terminate")
    assert report.faults == []
    assert report.cuts == report.errors.total() > 30
    assert set(report.errors) == {("StoreUnavailable", "unreachable"), ("StoreUnavailable", "unknown")}


# Long


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_killed_at_every_statement_in_turn(places, database):
    worked, calm = places(database)
    report = campaign("statements", worked, calm=calm, every=True, length=60, seed=2)
    assert report["faults"] == []
    assert report["kills"] >= 1_000


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_killed_at_random_a_thousand_times(places, database):
    report = campaign("random", places(database)[0], kills=1_000, seed=2)
    assert report["faults"] == []
    assert report["kills"] == 1_000
