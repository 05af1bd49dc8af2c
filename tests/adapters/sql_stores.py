"""Empty stores on both databases, made quickly: a file is copied, tables of PostgreSQL are used again."""

import itertools
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine

from dealerrouting.adapters.sql import AsyncSqlStore, SqlStore, upgrade
from dealerrouting.adapters.sql.tables import tables

NUMBERS = itertools.count()


@cache
def template(folder):
    """An upgraded file without anything in it."""
    path = Path(folder) / "template.db"
    upgrade(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        connection.detach()
    return path


@contextmanager
def sqlite_url():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        shutil.copyfile(template(FOLDER), path)
        yield f"sqlite:///{path}"


FOLDER = tempfile.mkdtemp()
"""Where the template is; one small file a process."""


@contextmanager
def sqlite_store(**options):
    with sqlite_url() as url, SqlStore(url, **options) as store:
        yield store


@contextmanager
def async_sqlite_store():
    with sqlite_url() as url:
        yield AsyncSqlStore(url)


class Postgres:
    """Stores in one database; prefixes that are given back are emptied and used again."""

    def __init__(self, url):
        self.url, self.free = url, []
        self.engine = create_engine(url, isolation_level="AUTOCOMMIT")

    @contextmanager
    def prefix(self):
        prefix = self.free.pop() if self.free else self.made()
        yield prefix
        emptied = [f"delete from {t}" for name, t in tables(prefix, None).all.items() if name != "version"]
        with self.engine.connect() as connection:
            connection.exec_driver_sql("; ".join(emptied))  # quicker than `truncate` where there is little
        self.free.append(prefix)

    def made(self):
        prefix = f"s{next(NUMBERS)}_"
        upgrade(self.engine, prefix=prefix)
        return prefix

    @contextmanager
    def store(self):
        with self.prefix() as prefix, SqlStore(self.url, prefix=prefix) as store:
            yield store

    @contextmanager
    def on(self):
        """A store in a transaction that is never committed."""
        engine = create_engine(self.url)
        with self.prefix() as prefix, engine.connect() as connection:
            yield SqlStore.on(connection, prefix=prefix)
            connection.rollback()
        engine.dispose()
