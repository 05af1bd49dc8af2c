"""Outages: each has a word, none has a value in its text, and the store goes on when the database does."""

import asyncio
import sqlite3
import traceback

import pytest
from sqlalchemy import create_engine, event, exc, text

from adapters.test_sql_store import AT, SECRET, case, everything, one, said
from dealerrouting.adapters.sql import AsyncSqlStore, SqlStore, dump, upgrade
from dealerrouting.adapters.sql.failures import Unit, told
from dealerrouting.errors import Conflict, StoreUnavailable
from dealerrouting.ports import DESK, Desk, Ref, Writes


def failing(do, reason):
    with pytest.raises(StoreUnavailable) as caught:
        do()
    error = caught.value
    assert error.reason == reason
    assert SECRET not in "".join(traceback.format_exception(error))
    assert error.__context__ is None
    assert error.__cause__ is None
    return error


def test_no_server(tmp_path):
    url = f"postgresql+psycopg://u:{SECRET}@/x?host={tmp_path}"
    with SqlStore(url) as store:
        failing(lambda: store.load([DESK]), "unreachable")
        failing(lambda: store.commit({}, everything(SECRET)), "unreachable")
        failing(store.scrub, "unreachable")
        failing(lambda: list(dump(store)), "unreachable")
    failing(lambda: upgrade(url), "unreachable")

    async def ask():
        async with AsyncSqlStore(url) as store:
            await store.load([DESK])

    failing(lambda: asyncio.run(ask()), "unreachable")


def test_a_server_that_goes_and_comes_back(postgres_throwaway):
    server = postgres_throwaway()
    upgrade(server.url())
    with SqlStore(server.url()) as store:
        store.commit({}, everything(SECRET))
        server.stop("crash")
        failing(lambda: store.commit({}, everything(SECRET)), "unreachable")
        failing(lambda: store.load([Ref("content", "L1")]), "unreachable")
        server.start()
        assert one(store, "content", "L1") == said(word=SECRET)


def test_a_connection_that_breaks_in_the_commit_is_unknown(store):
    def cut(connection):
        raw = connection.connection.dbapi_connection
        raw.close()

    event.listen(store.engine, "commit", cut)
    if store.engine.dialect.name == "postgresql":
        failing(lambda: store.commit({}, everything(SECRET)), "unknown")
    else:  # nobody is between the process and its file
        with pytest.raises(StoreUnavailable):
            store.commit({}, everything(SECRET))
    event.remove(store.engine, "commit", cut)
    assert one(store, "lead", "L1") is None


def test_no_connection_is_free(url):
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with SqlStore(engine) as store, engine.connect():
        failing(lambda: store.commit({}, everything(SECRET)), "busy")
        failing(lambda: store.load([DESK]), "busy")
        assert store.scrub() is False
    engine.dispose()


def test_a_file_that_somebody_writes_is_busy(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    engine = create_engine(url, connect_args={"timeout": 0})
    with SqlStore(engine) as store, engine.connect() as other:
        other.exec_driver_sql("begin immediate")
        failing(lambda: store.commit({}, everything(SECRET)), "busy")
        assert one(store, "lead", "L1") is None
        other.rollback()
        store.commit({}, everything(SECRET))
    engine.dispose()


def test_a_file_that_may_only_be_read(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    with SqlStore(url) as store:
        store.commit({}, everything(SECRET))
        with store.engine.connect() as connection:  # root may write what nobody may
            connection.exec_driver_sql("pragma query_only = on")
        failing(lambda: store.commit({}, Writes(desk=Desk(seal=SECRET))), "read_only")
        assert one(store, "lead", "L1") == case()


def test_a_server_that_may_only_be_read(postgres_schema):
    upgrade(postgres_schema.url)
    engine = create_engine(postgres_schema.url)

    def only_read(dbapi, _):
        dbapi.execute("set default_transaction_read_only = on")
        dbapi.commit()

    event.listen(engine, "connect", only_read)
    with SqlStore(engine) as store:
        failing(lambda: store.commit({}, everything(SECRET)), "read_only")
        assert one(store, "lead", "L1") is None
    engine.dispose()


def test_a_full_disk_loses_nothing_that_was_there(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    engine = create_engine(url)

    def small(dbapi, _):
        pages = dbapi.execute("pragma page_count").fetchone()[0]
        dbapi.execute(f"pragma max_page_count = {pages + 3}")

    event.listen(engine, "connect", small)
    with SqlStore(engine) as store:
        store.commit({}, Writes(contents=(said(),)))
        long = tuple(said(f"X{n}", SECRET * 90) for n in range(60))
        failing(lambda: store.commit({}, Writes(contents=long, desk=Desk())), "full")
        assert (one(store, "desk", ""), one(store, "content", "L1")) == (None, said())
        store.commit({}, Writes(desk=Desk()))
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "store.db").write_text(SECRET * 200)
    with SqlStore(f"sqlite:///{tmp_path}/store.db") as store:
        failing(lambda: store.load([DESK]), "failed")


def test_a_folder_that_is_not_there(tmp_path):
    with SqlStore(f"sqlite:///{tmp_path}/no/store.db") as store:
        failing(lambda: store.load([DESK]), "unreachable")


def test_what_cannot_be_written_is_said_without_it(store):
    failing_id = f"{SECRET}\0" if store.engine.dialect.name == "postgresql" else f"{SECRET}\ud800"
    with pytest.raises((StoreUnavailable, UnicodeEncodeError)) as caught:
        store.commit({Ref("lead", failing_id): 0}, Writes(cases=(case(failing_id),)))
    if isinstance(caught.value, StoreUnavailable):
        assert SECRET not in str(caught.value)


class Coded(Exception):
    def __init__(self, sqlstate):
        super().__init__(SECRET)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("53100", "full"), ("53300", "busy"), ("55P03", "busy"), ("57014", "busy"), ("25006", "read_only"),
        ("42P01", "outdated"), ("08006", "unreachable"), ("57P01", "unreachable"), ("42501", "failed"),
        ("XX000", "failed"),
        ("22021", "failed"),
    ],
)  # fmt: skip
def test_what_postgresql_says_has_a_word(state, reason):
    error = told(exc.DBAPIError(SECRET, {"x": SECRET}, Coded(state)), Unit())
    assert isinstance(error, StoreUnavailable)
    assert error.reason == reason
    assert SECRET not in str(error)


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_who_was_slower_has_a_conflict(state):
    assert isinstance(told(exc.DBAPIError(SECRET, {}, Coded(state)), Unit()), Conflict)


@pytest.mark.parametrize(("state", "reason"), [("08006", "unknown"), ("08007", "unknown"), ("53100", "full")])
def test_only_what_broke_in_the_commit_is_unknown(state, reason):
    unit = Unit()
    unit.committing = True
    assert told(exc.DBAPIError(SECRET, {}, Coded(state)), unit).reason == reason
    assert Unit().committing is False
    assert told(sqlite3.OperationalError(SECRET), Unit()).reason == "failed"


def test_a_statement_that_takes_too_long_is_busy(postgres_schema):
    upgrade(postgres_schema.url)
    engine = create_engine(postgres_schema.url)

    def impatient(dbapi, _):
        dbapi.execute("set lock_timeout = '1ms'")
        dbapi.commit()

    with SqlStore(engine) as first:
        first.commit({}, Writes(desk=Desk()))
    event.listen(engine, "connect", impatient)
    engine.dispose()
    holder = create_engine(postgres_schema.url)
    with SqlStore(engine) as store, holder.connect() as connection:
        connection.execute(text("select * from dr_aggregate for update"))
        failing(lambda: store.commit({DESK: 1}, Writes(desk=Desk(seal="s"))), "busy")
        assert store.load([DESK], AT).versions == {DESK: 1}
    engine.dispose()
    holder.dispose()
