"""Connections to PostgreSQL that break at a chosen moment, and a caller that repeats its command with its key.

May know: `crashing`'s commands, PostgreSQL's socket. May not know: pytest, how a store does what it does.

A `Cutter` stands between the two: it passes on what both say until it is told to cut at the next COMMIT, either before
the server hears of it or after the server has answered it, and then closes both ends. To `terminate`, the server is
asked to end the worker's backend before a statement is sent.
"""

import contextlib
import random
import socket
import tempfile
import threading
from collections import Counter
from contextlib import closing
from datetime import timedelta

from attrs import define, field
from sqlalchemy import event, make_url

import crashing
import desk_audit
import servers
from dealerrouting.adapters.sql import upgrade
from dealerrouting.errors import StoreUnavailable

CUTS = ("unheard", "unanswered")
"""COMMIT never arrived; or it was carried out, and nobody was told."""


_COMMIT = b"COMMIT\0"


class Cutter:
    """A socket that passes everything on to the server of this URL, until it is to cut."""

    def __init__(self, url):
        self.url, self.how, self.cuts = make_url(url), None, 0
        self.directory = tempfile.TemporaryDirectory(prefix="cut-", dir="/tmp")
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(f"{self.directory.name}/.s.PGSQL.5432")
        self.door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.door.accept()
                server = self._server()
                cut = threading.Event()
                for work in (self._up, self._down):
                    threading.Thread(target=work, args=(client, server, cut), daemon=True).start()

    def _server(self):
        directory, port = self.url.query.get("host", ""), self.url.port or 5432
        if not directory:
            return socket.create_connection((self.url.host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{directory}/.s.PGSQL.{port}")
        return server

    def through(self):
        """The URL by which one connects through this."""
        url = self.url.set(host=None, port=5432).update_query_dict({"host": self.directory.name})
        return url.render_as_string(hide_password=False)

    def _up(self, client, server, cut):
        """From the client to the server."""
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                if self.how and _COMMIT in data:
                    how, self.how, self.cuts = self.how, None, self.cuts + 1
                    if how == "unheard":
                        break
                    cut.set()  # its answer is the last that the server says
                server.sendall(data)
        _shut(client, server)

    def _down(self, client, server, cut):
        """From the server to the client."""
        with contextlib.suppress(OSError):
            while data := server.recv(65_536):
                if cut.is_set():
                    break
                client.sendall(data)
        _shut(client, server)

    def close(self):
        _shut(self.door)
        self.directory.cleanup()


def _shut(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@define
class Report:
    """How often it was cut, what the caller was told each time, and what was wrong in the end."""

    cuts: int = 0
    errors: Counter = field(factory=Counter)
    faults: list = field(factory=list)


def cut_run(url, how, seed=3, length=45, kind=crashing.SqlStore):
    """A script of commands, cut again and again; each is repeated until it is answered. What an undisturbed run
    answers is expected.
    """
    upgrade(url)
    with closing(Cutter(url)) as cutter, closing(servers.connect(url)) as boss:
        world = crashing.World(cutter.through(), kind)
        world.lease(timedelta(0))
        steps, report = crashing.script(seed, length, True, "p"), Report()
        hook = _Terminate(world, boss, random.Random(seed)) if how == "terminate" else _Cut(cutter, how)
        for step in steps:
            world.at = crashing.START + step.at
            _until_answered(world, step, hook, report)
        leads = [one.about for one in steps if one.do in ("receive", "adopt")]
        report.cuts = hook.cuts
        report.faults = desk_audit.audit(world.desk, world.store, leads)
        world.store.close()
        return report


def _until_answered(world, step, hook, report):
    hook.arm()
    for _ in range(50):
        try:
            crashing.do(world.desk, step)
        except StoreUnavailable as error:
            report.errors[type(error).__name__, error.reason] += 1
        else:
            hook.disarm()
            return
    report.faults.append(f"{step.key} {step.do} is never answered")


class _Cut:
    """Cuts at the first COMMIT of every command."""

    def __init__(self, cutter, how):
        self.cutter, self.how = cutter, how

    @property
    def cuts(self):
        return self.cutter.cuts

    def arm(self):
        self.cutter.how = self.how

    def disarm(self):
        self.cutter.how = None


class _Terminate:
    """Ends the backend before a statement, or before a COMMIT, of every command."""

    def __init__(self, world, boss, rng):
        self.boss, self.rng, self.cuts, self.left, self.commit = boss, rng, 0, None, False
        event.listen(world.store.engine, "before_cursor_execute", self._sees)
        crashing.Points(world.store.engine, self._at)

    def _sees(self, connection, *_):
        self.pid = connection.connection.dbapi_connection.info.backend_pid

    def arm(self):
        self.commit = self.rng.random() < 0.5
        self.left = self.rng.randrange(1, 12)

    def disarm(self):
        self.left = None

    def _at(self, _number, commit):
        if self.left is None:
            return
        self.left -= 1
        if (commit and commit[0] == "before") if self.commit else (self.left <= 0 and commit is None):
            self._end()

    def _end(self):
        self.left, self.cuts = None, self.cuts + 1
        self.boss.execute("select pg_terminate_backend(%s, 10000)", [self.pid])


__all__ = ["CUTS", "Cutter", "cut_run"]
