"""The tables, as they are in this release.

May know: SQLAlchemy's schema. May not know: ports' values, how a table came to be (`migrations`).
What a person said stands in `content` and nowhere else; every other table holds ids, instants, sealed keys and words.
Ids compare by code point in every database, so that each gives the same order. What is looked for or counted is a
column; all else is in `doc`, JSON text. A `ref` is a kind and an id in one: `lead:L1`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Dialect, MetaData, Table, Text, TypeDecorator, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from dealerrouting.errors import StoreUnavailable, quoted

__all__ = ["REVISION", "Instant", "Tables", "tables"]

_LONGEST = 40  # PostgreSQL cuts names of more than 63 characters, and ours are added to it
REVISION = "0001"
"""The newest migration: what `Tables` describes."""


class _InUtc(FunctionElement[datetime]):
    """An instant as it is read: in UTC, whatever the zone of the session. Another has no date near the ends of time."""

    inherit_cache = True
    type = DateTime()


@compiles(_InUtc)
def _as_it_is(element: _InUtc, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_InUtc, "postgresql")
def _in_utc(element: _InUtc, compiler: SQLCompiler, **options: Any) -> str:
    return f"timezone('UTC', {compiler.process(element.clauses, **options)})"


class Instant(TypeDecorator[datetime]):
    """An instant to the microsecond, from the first to the last there is, in order and equal in every database.

    PostgreSQL keeps it as `timestamptz`, others as text of one width: `2027-01-01T09:00:00.000000Z`.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What this database has for it."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column as it is read."""
        return type_coerce(_InUtc(column), self)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """An instant as the driver takes it."""
        if value is None or dialect.name == "postgresql":
            return value
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What the driver gives as an instant in UTC."""
        if value is None:
            return None
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC)


_COLUMNS: dict[str, dict[str, type[TypeEngine[Any]]]] = {
    "aggregate": {"ref": Text, "version": BigInteger},
    "desk": {"id": Text, "doc": Text},
    "case": {
        "lead": Text,
        "received_at": Instant,
        "phase": Text,
        "holder": Text,
        "open": Boolean,
        "known": Boolean,
        "next_due": Instant,
        "over_since": Instant,
        "erased_at": Instant,
        "lease_until": Instant,
        "doc": Text,
    },
    "waiting": {"lead": Text, "dealer": Text, "received_at": Instant},
    "known": {"key": Text, "ref": Text},
    "content": {"ref": Text, "mail": Text, "doc": Text},
    "claim": {
        "id": Text,
        "dealer": Text,
        "status": Text,
        "next_due": Instant,
        "over_since": Instant,
        "lease_until": Instant,
    },
    "ledger": {"id": Text, "doc": Text},
    "claimant": {"id": Text, "doc": Text},
    "dealer": {"id": Text, "open": BigInteger},
    "plan": {"digest": Text, "plan": Text, "doc": Text},
    "event": {"n": BigInteger, "lead": Text, "doc": Text},
    "record": {"n": BigInteger, "lead": Text, "doc": Text},
    "decision": {"n": BigInteger, "lead": Text, "holder": Text, "at": Instant, "doc": Text},
    "watched": {"n": BigInteger, "lead": Text, "doc": Text},
    "act": {"n": BigInteger, "at": Instant, "doc": Text},
    "message": {"n": BigInteger, "key": Text, "lead": Text, "leaves_at": Instant, "doc": Text},
    "answer": {"key": Text, "about": Text, "doc": Text},
    "trouble": {"ref": Text, "parked": Boolean, "reason": Text, "doc": Text},
    "erased": {"ref": Text, "at": Instant},
    "version": {"version_num": Text},
}
"""`message.leaves_at` is empty once it has left; a row without `doc` is a key that left before its message was known.
`plan.doc` is empty for the digest of a policy, and `plan` names the plan then. `erased` remembers what a backup must
not bring back."""


class Tables:
    """Every table of one store, in one schema or under one prefix, by its name without the prefix."""

    def __init__(self, prefix: str, schema: str | None) -> None:
        self.prefix, self.schema = prefix, schema
        self.metadata = MetaData(schema=schema)
        self.all: dict[str, Table] = {}
        for name, columns in _COLUMNS.items():
            made = [Column(column, kind()) for column, kind in columns.items()]
            self.all[name] = Table(f"{prefix}{name}", self.metadata, *made)

    def __getattr__(self, name: str) -> Table:
        try:
            return self.__dict__["all"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


@lru_cache(maxsize=64)
def tables(prefix: str, schema: str | None) -> Tables:
    """The tables under this prefix, made once; `StoreUnavailable` for one that databases could not all keep."""
    plain = prefix.isascii() and (prefix + "x").isidentifier() and len(prefix) <= _LONGEST
    if not plain:
        what = f"{quoted(prefix)} is no prefix of tables: give at most {_LONGEST} letters, digits and `_`"
        raise StoreUnavailable("failed", what)
    return Tables(prefix, schema)
