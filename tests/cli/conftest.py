"""A store that nobody has swept for days, made once and copied for each test; and the commands on it."""

import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cli_store import PLAN, fill
from dealerrouting.cli.commands import commands


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "leads.db"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(filled, tmp_path):
    """The file of a store that nobody has swept for days."""
    return shutil.copy(filled, tmp_path / "leads.db")


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "second.yaml"
    path.write_text(PLAN, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_store_of_the_user(monkeypatch):
    for name in ("DEALERROUTING_STORE", "DEALERROUTING_SECRET", "DEALERROUTING_CUSTOMS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def on():
    """Runs a command on a store: `on(store, "status", ...)`; nothing that it says holds what a prospect said."""

    def run(store, *arguments, env=None):
        env = {"DEALERROUTING_STORE": None if store is None else str(store), **(env or {})}
        result = CliRunner().invoke(commands, [str(one) for one in arguments], env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        if arguments[0] not in ("export-person",) and arguments[:2] != ("db", "dump"):
            assert "anary" not in result.output
        return result

    return run


@pytest.fixture
def process(tmp_path):
    """The same in a process of its own, with its output in a pipe."""

    def run(store, *arguments, env=None, code="from dealerrouting.cli import main; main()"):
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "DEALERROUTING_STORE": str(store), **(env or {})},
            check=False,
        )

    return run


@pytest.fixture
def on_a_terminal(tmp_path):
    """The same where all that it reads and writes is a terminal: its exit code, and what is seen there."""
    pty = pytest.importorskip("pty", reason="there are no terminals of this kind here")

    def run(*arguments, **env):
        pid, end = pty.fork()
        if pid == 0:  # pragma: no cover - the other process
            os.chdir(tmp_path)
            code = "from dealerrouting.cli import main; main()"
            os.execve(sys.executable, [sys.executable, "-c", code, *map(str, arguments)], {**os.environ, **env})
        written = b""
        while True:
            try:
                some = os.read(end, 65_536)
            except OSError:  # Linux says so that the other end is closed
                break
            if not some:
                break
            written += some
        os.close(end)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), written.decode().replace("\r\n", "\n")

    return run
