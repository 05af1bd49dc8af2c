"""The PostgreSQL that tests ask for: it answers, keeps tests apart, takes settings, and does not outlive them."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import servers

sqlalchemy = pytest.importorskip("sqlalchemy")
RAISED = "select current_schema(), lower('ÉTÉ'), count(*) from leads"


def test_a_schema_answers_sync_and_async(postgres_schema):
    from sqlalchemy.ext.asyncio import create_async_engine

    async def ask():
        engine = create_async_engine(postgres_schema.url)
        async with engine.connect() as connection:
            row = (await connection.execute(sqlalchemy.text(RAISED))).one()
        await engine.dispose()
        return row

    engine = sqlalchemy.create_engine(postgres_schema.url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table leads (id text)"))
        assert tuple(connection.execute(sqlalchemy.text(RAISED)).one()) == (postgres_schema.name, "été", 0)
    engine.dispose()
    assert tuple(asyncio.run(ask())) == (postgres_schema.name, "été", 0)


@pytest.mark.parametrize("which", ["one", "another"])
def test_a_schema_is_empty_and_goes(postgres_url, which):
    with servers.own_schema(postgres_url) as (url, name), servers.connect(url) as connection:
        connection.execute("create table leads (id text)")  # would be there already
        assert connection.execute("select current_schemas(false)").fetchone() == ([name],)
    with servers.connect(postgres_url) as connection:
        assert connection.execute("select to_regnamespace(%s)", [name]).fetchone() == (None,)


def test_a_transaction_left_open_is_told_and_goes(postgres_url):
    schema = servers.own_schema(postgres_url, lock_timeout="50ms")
    url, name = schema.__enter__()
    with closing(servers.connect(url)) as left:
        left.execute("create table leads (id text)")
        left.execute("begin")
        left.execute("lock table leads")
        with pytest.raises(RuntimeError, match="left a transaction open"):
            schema.__exit__(None, None, None)
    with servers.connect(postgres_url) as connection:
        assert connection.execute("select to_regnamespace(%s)", [name]).fetchone() == (None,)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["fast", "crash"])
def test_a_throwaway_has_its_settings_and_shows_its_files(postgres_throwaway, how):
    server = postgres_throwaway(wal_recycle="off", log_statement="all", application_name="it's")
    with servers.connect(server.url()) as connection:
        assert connection.execute("show wal_recycle").fetchone() == ("off",)
        assert connection.execute("show application_name").fetchone() == ("it's",)
        connection.execute("create table leads as select 'jane@' || 'example.test' as mail")
    server.stop(how)
    with pytest.raises(Exception, match="No such file"):
        servers.connect(server.url())
    assert "create table leads" in server.log.read_text("utf-8")
    assert any(b"jane@example.test" in path.read_bytes() for path in (server.data / "pg_wal").glob("0*"))
    server.start()
    with servers.connect(server.url()) as connection:
        assert connection.execute("select mail from leads").fetchone() == ("jane@example.test",)
    server.close()
    assert not server.directory.exists()


@pytest.mark.slow
def test_a_setting_that_does_not_exist_is_told(postgres_throwaway):
    with pytest.raises(RuntimeError, match="no_such_setting"):
        postgres_throwaway(no_such_setting="on")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system cannot wait for another's process")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_does_not_outlive_tests_that_are_killed(postgres_server, end):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(servers.__file__).parent)!r}); import servers\n"
        "server = servers.Server()\n"
        "print(server.pid, server._keeper.pid, server.directory, flush=True)\n"
        "sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", code], text=True, start_new_session=True, **pipes) as tests:
        server, keeper, directory = tests.stdout.readline().split()
        ends = [os.pidfd_open(int(server)), os.pidfd_open(int(keeper))]
        os.killpg(tests.pid, end)
    try:
        for process in ends:
            assert select.select([process], [], [], 30)[0]
    finally:
        for process in ends:
            os.close(process)
    assert not Path(directory).exists()
