"""The tables: made, made again, placed, refused where they are of another release."""

import pytest
from sqlalchemy import create_engine, inspect, text

from dealerrouting.adapters.sql import SqlStore, upgrade
from dealerrouting.adapters.sql.tables import REVISION, tables
from dealerrouting.errors import StoreUnavailable
from dealerrouting.ports import DESK, Desk, Writes


@pytest.fixture
def engine(database):
    made = create_engine(database)
    yield made
    made.dispose()


def names(engine, prefix=""):
    return {name for name in inspect(engine).get_table_names() if name.startswith(prefix)}


def test_it_can_be_repeated_and_loses_nothing(database):
    for _ in range(3):
        upgrade(database)
        with SqlStore(database) as store:
            store.commit({}, Writes(desk=Desk(seal="s")))
    with SqlStore(database) as store:
        assert store.load([DESK]).versions == {DESK: 3}


def test_the_tables_are_those_that_the_statements_are_about(engine):
    upgrade(engine, prefix="my_")
    made = tables("my_", None)
    assert names(engine) == {table.name for table in made.all.values()}
    for table in made.all.values():
        found = {column["name"] for column in inspect(engine).get_columns(table.name)}
        assert found == {column.name for column in table.c}, table.name


def test_it_is_the_callers_transaction_on_the_callers_connection(engine):
    with engine.connect() as connection:
        upgrade(connection)
        SqlStore.on(connection).commit({DESK: 0}, Writes(desk=Desk()))
        connection.rollback()
    assert names(engine) == set()
    with engine.begin() as connection:
        upgrade(connection)
    assert "dr_case" in names(engine)


def test_the_hosts_own_migrations_are_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32) primary key)"))
        connection.execute(text("insert into alembic_version values ('theirs')"))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == ["theirs"]
        assert connection.execute(text("select version_num from dr_version")).scalars().all() == [REVISION]


@pytest.mark.parametrize("do", [lambda store: store.load([DESK]), lambda store: store.commit({}, Writes())])
def test_without_tables_the_cure_is_named(database, do):
    with SqlStore(database) as store, pytest.raises(StoreUnavailable, match="dealerrouting db upgrade") as caught:
        do(store)
    assert caught.value.reason == "outdated"


def test_older_tables_are_refused_with_the_cure(engine, database):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("update dr_version set version_num = '0000'"))
    with SqlStore(database) as store, pytest.raises(StoreUnavailable, match="db upgrade") as caught:
        store.load([DESK])
    assert caught.value.reason == "outdated"


def test_newer_tables_are_refused_and_not_touched(engine, database):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("update dr_version set version_num = '9999'"))
    for do in (lambda: upgrade(engine), lambda: SqlStore(engine).load([DESK])):
        with pytest.raises(StoreUnavailable, match="the release that made them") as caught:
            do()
        assert caught.value.reason == "outdated"


def test_a_store_that_found_its_tables_and_lost_them_says_so(engine, database):
    upgrade(engine)
    with SqlStore(database) as store:
        store.load([DESK])
        with engine.begin() as connection:
            connection.execute(text("drop table dr_aggregate"))
        with pytest.raises(StoreUnavailable) as caught:
            store.load([DESK])
        assert caught.value.reason == "outdated"


def test_sqlite_keeps_what_it_has_said_it_has(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    with SqlStore(url) as store, store.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"pragma {name}").scalar()
                 for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")}  # fmt: skip
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
