"""`upgrade`: the tables of this release, made or brought up to date; and whether they are there.

May know: Alembic, engines, the tables' version. May not know: what is stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.command import upgrade as alembic_upgrade
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, inspect, select
from sqlalchemy.schema import CreateSchema

from dealerrouting.adapters.sql.dialects import speech
from dealerrouting.adapters.sql.engines import engine
from dealerrouting.adapters.sql.failures import ERRORS, UPGRADE, Unit, told
from dealerrouting.adapters.sql.tables import REVISION, Tables, tables
from dealerrouting.errors import StoreError, StoreUnavailable

__all__ = ["check", "upgrade"]

_HERE = Path(__file__).parent / "migrations"


def upgrade(on: str | URL | Engine | Connection, *, schema: str | None = None, prefix: str = "dr_") -> None:
    """Make the tables, or bring them to this release; what is up to date stays as it is.

    All of it is one transaction. On a `Connection` it is the caller's, who commits it. The schema is made where it is
    not there. `StoreUnavailable` where the database cannot do it, or its tables are of a newer release.
    """
    unit = Unit()
    try:
        return _upgrade(on, schema, prefix)
    except ERRORS as error:
        problem: StoreError = told(error, unit)
    raise problem


def _upgrade(on: Any, schema: str | None, prefix: str) -> None:
    if isinstance(on, Connection):
        return _migrate(on, schema, prefix)
    made = engine(on)
    try:
        with made.connect() as connection:
            say = speech(made.dialect)
            if say.name == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                connection.rollback()
            say.begin(connection, write=True)
            _migrate(connection, schema, prefix)
            connection.commit()
    finally:
        if not isinstance(on, Engine):
            made.dispose()


def _migrate(connection: Connection, schema: str | None, prefix: str) -> None:
    speech(connection.dialect)
    if connection.dialect.name == "sqlite" and not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("select pg_advisory_xact_lock(6003947)")  # two upgrades, one after the other
        if schema is not None and not inspect(connection).has_schema(schema):
            connection.execute(CreateSchema(schema))
    if _found(connection, tables(prefix, schema)) == REVISION:
        return
    _refuse_newer(_found(connection, tables(prefix, schema)))
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes.update(connection=connection, prefix=prefix, schema=schema)
    alembic_upgrade(config, REVISION)


def _in_transaction(connection: Connection) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))


def _found(connection: Connection, t: Tables) -> str | None:
    """The migration that the tables are at; None where there are none."""
    if not inspect(connection).has_table(t.version.name, schema=t.schema):
        return None
    return connection.execute(select(t.version.c.version_num)).scalar()


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > REVISION:
        what = f"the tables are at {found}, and this release knows {REVISION}: use the release that made them"
        raise StoreUnavailable("outdated", what)


def check(connection: Connection, t: Tables) -> None:
    """`StoreUnavailable` unless the tables are those of this release."""
    found = _found(connection, t)
    _refuse_newer(found)
    if found != REVISION:
        raise StoreUnavailable("outdated", f"the tables are at {found or 'nothing'}, not {REVISION}: {UPGRADE}")
