"""A store as it is named on the command line, opened with a desk over it, and closed again.

May know: stores on SQL, the desk. May not know: any command.
A password is in an URL to be used and never to be shown: what is shown is put together from the parts that may be.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import define, field, frozen

from dealerrouting.cli.calling import UNAVAILABLE, fault, said

if TYPE_CHECKING:
    from sqlalchemy import URL

    from dealerrouting.adapters.sql import SqlStore
    from dealerrouting.desk import LeadDesk
    from dealerrouting.ports import Desk, Ref, Survey

__all__ = ["Given", "Opened", "Place", "guarded", "opened", "place_of", "private", "store_options"]

_VARIABLE, _SECRET, _CUSTOMS = "DEALERROUTING_STORE", "DEALERROUTING_SECRET", "DEALERROUTING_CUSTOMS"
_FORMS = "write sqlite:///leads.db, or postgresql://HOST/NAME"
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_PATIENCE = "10"
"""Seconds for which PostgreSQL is waited for, unless the URL or PGCONNECT_TIMEOUT says otherwise."""
_MAGIC = b"SQLite format 3\x00"


@frozen
class Given:
    """What the options of a command say of its store."""

    url: str | None = field(repr=False)
    schema: str | None
    prefix: str
    customs: str | None


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command on a store takes; it gets them as one argument, `given`."""

    @wraps(command)
    def called(**named: Any) -> Any:
        taken = {name: named.pop(name) for name in ("schema", "prefix", "customs")}
        return command(given=Given(named.pop("store"), **taken), **named)

    for add in (
        click.option(
            "--customs",
            metavar="NAME",
            envvar=_CUSTOMS,
            help=f"package.module:attribute of the functions that plans name. Default: {_CUSTOMS}.",
        ),
        click.option("--prefix", default="dr_", show_default=True, metavar="TEXT", help="What its tables begin with."),
        click.option("--schema", metavar="NAME", help="The schema of its tables, on PostgreSQL."),
        click.option(
            "--store", metavar="URL", envvar=_VARIABLE, help=f"sqlite:///FILE, postgresql://... Default: {_VARIABLE}."
        ),
    ):
        called = add(called)
    return called


# Where it is


@frozen
class Place:
    """Where a store is. `shown` holds no user and no password; `file` is SQLite's."""

    url: URL = field(repr=False)
    shown: str
    file: Path | None = None


def place_of(given: Given) -> Place:
    """Where the options say that the store is."""
    if not given.url:
        raise fault("--store", "no store is given", f"set {_VARIABLE}, or {_FORMS}")
    import dealerrouting.adapters.sql  # noqa: F401 - says what to install, where that is missing

    url = _url(given.url)
    if given.schema is not None and url.get_backend_name() == "sqlite":
        raise fault("--schema", "SQLite has no schemas", "use --prefix")
    return _in_file(url) if url.get_backend_name() == "sqlite" else _on_server(url)


def _url(text: str) -> URL:
    """The URL with its driver in full. Nothing of the text is quoted: any part of it may be the password."""
    from sqlalchemy import URL, make_url

    if "://" not in text:
        if text.partition(":")[0] in ("sqlite", "postgresql", "postgres") or text == ":memory:":
            raise fault("--store", "this is no URL of a store", _FORMS)
        return URL.create("sqlite+pysqlite", database=text)
    try:
        url = make_url(text)
    except Exception:  # its text may quote the password
        url = None
    if url is None:
        cure = "in a user or a password, write @ as %40, : as %3A and / as %2F"
        raise fault("--store", "this URL cannot be read", f"{_FORMS}; {cure}")
    backend, _, driver = url.drivername.partition("+")
    backend = "postgresql" if backend == "postgres" else backend
    if driver not in ("", _DRIVERS.get(backend)) or backend not in _DRIVERS:
        known = url.drivername if url.drivername.replace("+", "").isalnum() else "this database"
        raise fault("--store", f"there is no store on {known}", _FORMS)
    return url.set(drivername=f"{backend}+{_DRIVERS[backend]}")


def _in_file(url: URL) -> Place:
    if url.database in (None, "", ":memory:"):
        raise fault("--store", "a store on SQLite is a file", "write sqlite:///leads.db, or sqlite:////folder/leads.db")
    return Place(url, str(url.database), Path(str(url.database)))


def _on_server(url: URL) -> Place:
    query = dict(url.query)
    host = url.host or query.get("host") or "the local socket"
    shown = f"postgresql://{host}{f':{url.port}' if url.port else ''}/{url.database or ''}"
    if "connect_timeout" not in query and "PGCONNECT_TIMEOUT" not in os.environ:
        url = url.update_query_dict({"connect_timeout": _PATIENCE})
    return Place(url, shown)


def _look_at(file: Path) -> None:
    """`StoreUnavailable` where there is no file, or it is none of SQLite's: the driver would make one, or say less."""
    from dealerrouting.errors import StoreUnavailable

    if not file.exists():
        raise StoreUnavailable("unreachable", "there is no such file; `dealerrouting db upgrade` makes it")
    try:
        with file.open("rb") as opened:
            begin = opened.read(len(_MAGIC))
    except OSError as error:
        raise StoreUnavailable("unreachable", f"the file cannot be read: {error.strerror}") from None
    if begin not in (b"", _MAGIC):
        raise StoreUnavailable("failed", "the file is no SQLite database; name another one with --store")


# Opened


@define
class Opened:
    """A store, a desk over it, and what a command wants to know before it asks the desk."""

    given: Given
    place: Place
    store: SqlStore
    desk: LeadDesk

    def state(self) -> Desk:
        """The desk's own record."""
        from dealerrouting.ports import DESK
        from dealerrouting.ports import Desk as Kept

        return self.store.load([DESK]).values[DESK] or Kept()

    def survey(self) -> Survey:
        """The store in numbers, by its own clock."""
        return self.store.survey(self.store.load([]).at)

    def plans(self, digests: set[str]) -> Mapping[str, Mapping[str, Any]]:
        """The kept plans with these digests, as data."""
        from dealerrouting.ports import Ref

        found = self.store.load([Ref("plan", digest) for digest in sorted(digests)]).values
        return {ref.id: json.loads(text) for ref, text in found.items() if text is not None}

    def missing(self, kind: str, ids: tuple[str, ...]) -> list[str]:
        """Which of these leads or claims there are none of."""
        from dealerrouting.ports import Ref

        return [id for id in dict.fromkeys(ids) if not self._there(Ref(kind, id))]

    def _there(self, ref: Ref) -> bool:
        from dealerrouting.errors import CorruptRecord

        try:
            return self.store.load([ref]).values[ref] is not None
        except CorruptRecord:  # it is there, and may be released or erased all the same
            return True


@contextmanager
def opened(given: Given, *, make: bool = False) -> Iterator[Opened]:
    """The store that is given, and a desk over it. With `make` its file need not be there yet."""
    _quiet()
    with said():
        place, secret = place_of(given), _secret()
        sys.path.insert(0, os.getcwd())  # functions and plans in Python stand where the user stands
    with said(place.shown), guarded():
        from dealerrouting.adapters.sql import SqlStore
        from dealerrouting.desk import LeadDesk

        if place.file is not None and (not make or place.file.exists()):
            _look_at(place.file)
        with SqlStore(place.url, schema=given.schema, prefix=given.prefix) as store:
            customs: Any = given.customs
            yield Opened(given, place, store, LeadDesk(store, secret=secret, customs=customs))


def _quiet() -> None:
    """What a command says it prints; the log is for a host that wants one."""
    log = logging.getLogger("dealerrouting")
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _secret() -> bytes | None:
    text = os.environ.get(_SECRET)
    if not text:
        return None
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if not 16 <= len(secret) <= 64:
        cure = 'make one with `python -c "import secrets; print(secrets.token_hex(32))"`'
        raise fault(_SECRET, "a secret is 16 to 64 bytes in hexadecimal", cure)
    return secret


@contextmanager
def guarded() -> Iterator[None]:
    """What fails unexpectedly is told by its kind and place alone: its text may hold what a person said."""
    from dealerrouting.cli.output import note
    from dealerrouting.errors import DealerRoutingError

    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit, DealerRoutingError, BrokenPipeError):
        raise
    except Exception as error:
        from traceback import extract_tb

        frames = [one for one in extract_tb(error.__traceback__) if "dealerrouting" in one.filename]
        last = frames[-1] if frames else None
        spot = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
        note(f"failed unexpectedly: {type(error).__name__}{spot}; what it says is not shown, for it may be personal")
        raise click.exceptions.Exit(UNAVAILABLE) from None


# Files with personal data


@contextmanager
def private(target: Path) -> Iterator[Callable[[str], object]]:
    """Writes a file that only its owner may read; it is there whole, or not at all."""
    whole = target.is_file() or not target.exists()  # a device or a pipe is written to, never replaced
    name = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
    flags = os.O_WRONLY | (os.O_CREAT | os.O_EXCL if whole else 0)
    try:
        with open(os.open(name, flags, 0o600), "w", encoding="utf-8", newline="") as file:
            yield file.write
            file.flush()
            if whole:
                os.fsync(file.fileno())
        if whole:
            os.replace(name, target)
    except OSError as error:
        raise fault(str(target), f"cannot be written: {error.strerror}", "check the folder") from None
    finally:
        if whole:
            name.unlink(missing_ok=True)
