"""What the two databases say differently.

May know: SQLAlchemy and its dialects. May not know: what is stored.
A list goes to the database as one parameter, so that a statement is the same text for any number of ids: it is
compiled and prepared once, and no bound on variables is met.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Dialect, Select, Text, any_, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import Table

__all__ = ["POSTGRES", "SQLITE", "Postgres", "Speech", "Sqlite", "speech"]


class Sqlite:
    """SQLite: one writer at a time, an order by code point, no clock of its own."""

    name = "sqlite"

    def many(self, values: Iterable[str]) -> Any:
        """A list as one parameter."""
        return json.dumps(list(values))

    def among(self, one: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        """Whether the column is in the list."""
        listed = func.json_each(bindparam(parameter, type_=Text())).table_valued(column("value", Text()))
        return one.in_(select(listed.c.value))

    def insert(self, table: Table) -> Any:
        """An insert that may say what to do about what is there already."""
        return sqlite.insert(table)

    def skip_locked(self, statement: Select[Any]) -> Select[Any]:
        """Nothing: the transaction is the only one that writes."""
        return statement

    def begin(self, connection: Connection, write: bool) -> None:
        """Begin for real: the driver would wait for the first write, and that may then find the file locked."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
        if write:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")


class Postgres:
    """PostgreSQL: rows are locked, in an order that all keep; its clock is everybody's."""

    name = "postgresql"

    def many(self, values: Iterable[str]) -> Any:
        """A list as one parameter."""
        return list(values)

    def among(self, one: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        """Whether the column is in the list."""
        return one == any_(bindparam(parameter, type_=postgresql.ARRAY(Text())))

    def insert(self, table: Table) -> Any:
        """An insert that may say what to do about what is there already."""
        return postgresql.insert(table)

    def skip_locked(self, statement: Select[Any]) -> Select[Any]:
        """Only rows that nobody else holds, and they are held from now on."""
        return statement.with_for_update(skip_locked=True)

    def begin(self, connection: Connection, write: bool) -> None:
        """The driver begins with the first statement."""


SQLITE, POSTGRES = Sqlite(), Postgres()
Speech = Sqlite | Postgres


def speech(dialect: Dialect) -> Speech:
    """What is said to this database; `ValueError` for one that is neither SQLite nor PostgreSQL by psycopg."""
    known: dict[tuple[str, str], Speech] = {
        ("sqlite", "pysqlite"): SQLITE,
        ("postgresql", "psycopg"): POSTGRES,
        ("postgresql", "psycopg_async"): POSTGRES,
    }
    found = known.get((dialect.name, dialect.driver))
    if found is None:
        raise ValueError(
            f"no store on {dialect.name}+{dialect.driver}: write sqlite:///FILE or postgresql+psycopg://..."
        )
    return found
