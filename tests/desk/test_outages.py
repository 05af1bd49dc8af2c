"""When the database fails: an error of ours with a reason, nobody's data in it, and no lead lost or doubled.

A command that failed is repeated with its key when the database is back, on the same store; it is then done once.
"""

import asyncio
import os
import pickle
import shutil
import sqlite3
import traceback
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event

import servers
from canary import Canaries
from dealerrouting import Dealer, Lead, Plan, Territory, by
from dealerrouting.adapters.sql import AsyncSqlStore, SqlStore, upgrade
from dealerrouting.desk import AsyncLeadDesk, LeadDesk
from dealerrouting.errors import StoreUnavailable

pytestmark = pytest.mark.slow

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
REASONS = {"unreachable", "busy", "full", "read_only", "outdated", "failed", "unknown"}


def now():
    return AT


def plan():
    dealers = [Dealer("a"), Dealer("b"), Dealer("h", kind="house")]
    territories = [Territory("t", {"a": 1, "b": 1}, country="NL")]
    return Plan("outages", house="h", dealers=dealers, territories=territories, precedence=[by.territories()])


class Waited:
    """What is awaited, as if it answered at once."""

    def __init__(self, runner, awaited):
        self.runner, self.awaited = runner, awaited

    def __getattr__(self, name):
        return lambda *args, **named: self.runner.run(getattr(self.awaited, name)(*args, **named))


class Scene:
    """A desk on a store, leads that say canaries, and what must hold after an outage."""

    def __init__(self, store, desk):
        self.store, self.desk, self.made, self.leads = store, desk, Canaries("outages"), []

    def lead(self):
        id = f"L{len(self.leads)}"
        mail = f"{self.made(f'{id}.email')}@{self.made(f'{id}.domain')}.example"
        message = self.made.long(f"{id}.message")
        self.leads.append(Lead(id, country="NL", postcode="3011 AB", email=mail, message=message))
        return self.leads[-1]

    def receive(self, lead):
        return self.desk.receive(lead, key=f"key-{lead.id}")

    def fails(self, reason, do, *args, **named):
        """It fails for this reason, and says nothing of any lead, wherever one looks."""
        with pytest.raises(StoreUnavailable) as raised:
            do(*args, **named)
        error = raised.value
        assert error.reason in REASONS
        assert error.reason in reason if isinstance(reason, tuple) else error.reason == reason, error
        assert error.__cause__ is None
        assert error.__context__ is None, "who logs it would log the driver's own text"
        told = "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(vars(error))
        assert not self.made.found(told.encode() + pickle.dumps(error))
        return error

    def lost_and_found(self, reason, broken, do=None):
        """A lead comes in while it is broken; when it is whole again, the lead is repeated, and is there once."""
        lead = self.lead()
        with broken():
            self.fails(reason, do or self.receive, lead)
        self.receive(lead)
        self.whole()

    def whole(self):
        """Every lead is there, once, with one holder, one decision, and one message that is to leave."""
        for lead in self.leads:
            assert self.receive(lead).repeated, f"{lead.id} was lost"
            kept = self.store.history(lead.id)
            assert kept.content == lead
            assert kept.case.holder in ("a", "b")
            assert len(kept.decisions) == len(kept.messages) == 1, f"{lead.id} was doubled"
        assert sum(self.store.survey(AT).phases.values()) == len(self.leads)
        assert len(self.desk.messages()) == len(self.leads)


@contextmanager
def scene(url, awaited=False, **options):
    """One on a database that is ready, sync or async."""
    if awaited:
        with asyncio.Runner() as runner:
            store = AsyncSqlStore(url, clock=now, **options)
            try:
                yield _begun(Scene(Waited(runner, store), Waited(runner, AsyncLeadDesk(store))))
            finally:
                runner.run(store.close())
    else:
        with SqlStore(url, clock=now, **options) as store:
            yield _begun(Scene(store, LeadDesk(store)))


def _begun(made):
    made.desk.activate(plan(), actor="ops")
    made.receive(made.lead())
    return made


both = pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])


# SQLite


@pytest.fixture
def path(tmp_path):
    (tmp_path / "db").mkdir()
    path = tmp_path / "db" / "leads.db"
    upgrade(f"sqlite:///{path}")
    return path


@contextmanager
def on_sqlite(path, awaited=False, patience=0):
    """A scene on a file; `patience`, in seconds, is how long it waits for others."""
    with scene(f"sqlite:///{path}?timeout={patience}", awaited) as made:
        yield made


@contextmanager
def moved(path):
    """The file and its log are away."""
    away = path.parent.with_name("away")
    path.parent.rename(away)
    try:
        yield
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)
        away.rename(path.parent)


@both
def test_a_file_that_is_locked_for_too_long(path, awaited):
    @contextmanager
    def locked():
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")
            yield
            other.execute("rollback")

    with on_sqlite(path, awaited) as made:
        made.lost_and_found("busy", locked)


@both
def test_a_file_whose_directory_is_away(path, awaited):
    """Connections that were open go on with the file they have; new ones find nothing, and make nothing."""
    with on_sqlite(path, awaited) as made:
        made.store.close()
        made.lost_and_found("unreachable", lambda: moved(path))


def test_a_file_that_is_away_is_not_begun_anew(path):
    """An empty file of the same name has no tables: it is told, and no lead goes into it."""

    @contextmanager
    def emptied():
        with moved(path):
            path.parent.mkdir()
            yield
            made.store.close()  # it has the other file open

    with on_sqlite(path) as made:
        made.store.close()
        made.lost_and_found("outdated", emptied)


def test_a_file_that_is_no_database(path):
    @contextmanager
    def spoilt():
        with moved(path):
            path.parent.mkdir()
            path.write_bytes(b"no database at all " * 100)
            yield

    with on_sqlite(path) as made:
        made.store.close()
        made.lost_and_found("failed", spoilt)


def test_a_file_that_may_only_be_read(path):
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with on_sqlite(path) as made, SqlStore(url, clock=now) as reader:
        lead = made.lead()
        made.fails("read_only", LeadDesk(reader).receive, lead, key=f"key-{lead.id}")
        assert LeadDesk(reader).health().survey.phases == {"offered": 1}
        made.receive(lead)
        made.whole()


def test_a_disk_that_is_full(path):
    """As large as it is the file may stay, and no larger."""
    size = []

    def limit(connection, _record):
        if size:
            connection.execute(f"pragma max_page_count = {size[0]}")

    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    event.listen(engine, "connect", limit)

    @contextmanager
    def full():
        with closing(sqlite3.connect(path)) as other:
            size.append(other.execute("pragma page_count").fetchone()[0])
        made.store.engine.dispose()
        yield
        size.clear()
        made.store.engine.dispose()

    with scene(engine) as made:
        made.lost_and_found("full", full)
        made.store.engine.dispose()


def test_a_file_with_no_room_for_its_log(path):
    """A limit of the process on how large a file may grow: the system itself says that it does not go."""
    resource = pytest.importorskip("resource")
    import signal

    @contextmanager
    def limited():
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (max(file.stat().st_size for file in path.parent.iterdir()), before[1])
        )
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handled)

    with on_sqlite(path) as made:
        made.lost_and_found(("full", "failed"), limited)


def test_no_connection_is_free(path):
    engine = create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0, pool_timeout=0)

    @contextmanager
    def taken():
        with engine.connect():
            yield

    with scene(engine) as made:
        made.lost_and_found("busy", taken)
    engine.dispose()


@both
def test_no_tables(tmp_path, awaited):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with pytest.raises(StoreUnavailable, match="db upgrade") as raised, scene(url, awaited):
        pass
    assert raised.value.reason == "outdated"
    upgrade(url)
    with scene(url, awaited) as made:
        made.whole()


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_tables_of_another_release(path, version):
    def set_to(number):
        with closing(sqlite3.connect(path)) as other:
            other.execute("update dr_version set version_num = ?", [number])
            other.commit()

    with on_sqlite(path) as made:
        with closing(sqlite3.connect(path)) as other:
            was = other.execute("select version_num from dr_version").fetchone()[0]
        lead = made.lead()
        set_to(version)
        with SqlStore(f"sqlite:///{path}", clock=now) as later:
            made.fails("outdated", LeadDesk(later).receive, lead, key=f"key-{lead.id}")
        set_to(was)
        made.receive(lead)
        made.whole()


def test_a_table_that_is_gone(path):
    @contextmanager
    def gone():
        with closing(sqlite3.connect(path)) as other:
            other.execute("alter table dr_answer rename to dr_elsewhere")
            yield
            other.execute("alter table dr_elsewhere rename to dr_answer")

    with on_sqlite(path) as made:
        made.lost_and_found("outdated", gone)


# PostgreSQL: stopped and started again under a desk that goes on with the engine it has


@both
def test_a_server_that_stops_and_comes_back(postgres_throwaway, awaited):
    server = postgres_throwaway()
    upgrade(server.url())

    @contextmanager
    def stopped(how):
        server.stop(how)
        yield
        server.start()

    with scene(server.url(), awaited) as made:
        for how in ("fast", "crash"):
            made.lost_and_found("unreachable", lambda how=how: stopped(how))


@both
def test_a_connection_that_is_cut(postgres_schema, awaited):
    """Before every statement of a command in turn, the last of them `commit`; repeated with its key it is done once."""
    url, _ = postgres_schema
    upgrade(url)
    with scene(url, awaited) as made, closing(servers.connect(url)) as other:
        engine = made.store.awaited.engine.sync_engine if awaited else made.store.engine
        cutting = Cutting(engine, other)
        for n in range(1, 200):
            lead = made.lead()
            with cutting.at(n):
                try:
                    made.receive(lead)
                except StoreUnavailable as error:
                    told = "".join(traceback.format_exception(error)) + repr(vars(error))
                    assert not made.made.found(told)
                    assert error.reason in ("unreachable", "unknown")
            made.receive(lead)
            if not cutting.reached:
                break
        assert n > 8
        made.whole()


class Cutting:
    """Ends the connection of an engine by the server, before its n-th statement or commit."""

    def __init__(self, engine, other):
        self.other, self.left, self.reached = other, 0, False
        event.listen(engine, "before_cursor_execute", lambda connection, *_: self.count(connection))
        event.listen(engine, "commit", self.count)

    @contextmanager
    def at(self, n):
        self.left = n
        yield
        self.reached, self.left = self.left <= 0, 0

    def count(self, connection):
        self.left -= 1
        if self.left == 0:
            driver = connection.connection.dbapi_connection
            pid = (getattr(driver, "driver_connection", None) or driver).info.backend_pid
            self.other.execute("select pg_terminate_backend(%s, 5000)", [pid])


def test_all_connections_are_taken(postgres_schema):
    url, _ = postgres_schema
    upgrade(url)
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0)

    @contextmanager
    def taken():
        with engine.connect():
            yield

    with scene(engine) as made:
        made.lost_and_found("busy", taken)
    engine.dispose()


@both
def test_rows_that_are_locked_for_too_long(postgres_schema, awaited):
    url, _ = postgres_schema
    upgrade(url)
    from sqlalchemy import make_url

    given = make_url(url)
    hasty = given.update_query_dict({"options": f"{given.query['options']} -clock_timeout=50ms"})

    @contextmanager
    def locked():
        with closing(servers.connect(url)) as other, other.transaction():
            other.execute("lock table dr_case in access exclusive mode")
            yield

    with scene(hasty.render_as_string(hide_password=False), awaited) as made:
        made.lost_and_found("busy", locked)


@both
def test_a_database_that_may_only_be_read(postgres_schema, awaited):
    url, _ = postgres_schema
    upgrade(url)
    with scene(url, awaited) as made:
        lead = made.lead()
        options = "-cdefault_transaction_read_only=on"
        from sqlalchemy import make_url

        given = make_url(url)
        reading = given.update_query_dict({"options": f"{given.query['options']} {options}"})
        with SqlStore(reading, clock=now) as reader:
            made.fails("read_only", LeadDesk(reader).receive, lead, key=f"key-{lead.id}")
        made.receive(lead)
        made.whole()


@both
def test_a_schema_without_tables(postgres_schema, awaited):
    url, _ = postgres_schema
    with pytest.raises(StoreUnavailable, match="db upgrade") as raised, scene(url, awaited):
        pass
    assert raised.value.reason == "outdated"


@both
def test_nobody_listens(tmp_path, awaited):
    url = f"postgresql+psycopg://postgres@/postgres?host={tmp_path}"
    with pytest.raises(StoreUnavailable) as raised, scene(url, awaited):
        pass
    assert raised.value.reason == "unreachable"
    assert os.fspath(tmp_path) not in str(raised.value)
