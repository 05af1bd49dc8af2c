"""The first tables.

May know: Alembic. May not know: the tables of today.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table and index."""
    prefix, schema = (context.config.attributes[name] for name in ("prefix", "schema"))

    def table(name: str, *columns: Any) -> None:
        op.create_table(f"{prefix}{name}", *columns, schema=schema)

    def index(name: str, on: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
        some: Any = {f"{database}_where": sa.text(where) for database in ("postgresql", "sqlite")} if where else {}
        op.create_index(f"{prefix}{name}", f"{prefix}{on}", list(columns), schema=schema, unique=unique, **some)

    table("aggregate", _id("ref", key=True), sa.Column("version", sa.BigInteger, nullable=False))
    _leads(table, index)
    if op.get_bind().dialect.name == "postgresql":  # it would keep samples of what persons said among its statistics
        content = op.get_bind().dialect.identifier_preparer.format_table(sa.table(f"{prefix}content", schema=schema))
        for column in ("mail", "doc"):
            op.execute(f"alter table {content} alter column {column} set statistics 0")
    _prospects(table, index)
    _records(table, index)
    _outbox(table, index)


def _leads(table: Any, index: Any) -> None:
    table("desk", _id("id", key=True), _doc())
    table(
        "case", _id("lead", key=True), _moment("received_at", False), _id("phase"), _id("holder", True),
        sa.Column("open", sa.Boolean, nullable=False), sa.Column("known", sa.Boolean, nullable=False),
        _moment("next_due"), _moment("over_since"), _moment("erased_at"), _moment("lease_until"), _doc(),
    )  # fmt: skip
    index("case_due", "case", "next_due", "lead", where="next_due is not null")
    index("case_over", "case", "over_since", where="over_since is not null and erased_at is null")
    index("case_open", "case", "phase", "holder", where=_is("open"))
    table("waiting", _id("lead", key=True), _id("dealer", key=True), _moment("received_at", False))
    index("waiting_first", "waiting", "dealer", "received_at", "lead")
    table("content", _id("ref", key=True), sa.Column("mail", sa.Text), _doc())
    index("content_mail", "content", "mail", where="mail is not null")
    table("erased", _id("ref", key=True), _moment("at", False))


def _prospects(table: Any, index: Any) -> None:
    table("known", _id("key", key=True), _id("ref", key=True))
    index("known_ref", "known", "ref")
    table(
        "claim", _id("id", key=True), _id("dealer"), _id("status"), _moment("next_due"), _moment("over_since"),
        _moment("lease_until"),
    )  # fmt: skip
    index("claim_due", "claim", "next_due", "id", where="next_due is not null")
    index("claim_over", "claim", "over_since", where="over_since is not null")
    for name in ("ledger", "claimant"):
        table(name, _id("id", key=True), _doc())
    table("dealer", _id("id", key=True), sa.Column("open", sa.BigInteger, nullable=False))
    table("plan", _id("digest", key=True), _id("plan", True), _doc(True))


def _records(table: Any, index: Any) -> None:
    for name in ("event", "record"):
        table(name, _number(), _id("lead"), _doc())
        index(f"{name}_lead", name, "lead", "n")
    table("decision", _number(), _id("lead"), _id("holder"), _moment("at", False), _doc())
    index("decision_lead", "decision", "lead", "n")
    index("decision_holder", "decision", "holder", "at")
    table("watched", _number(), _id("lead"), _doc())
    table("act", _number(), _moment("at", False), _doc())


def _outbox(table: Any, index: Any) -> None:
    table("message", _number(), _id("key"), _id("lead", True), _moment("leaves_at"), _doc(True))
    index("message_key", "message", "key", unique=True)
    index("message_leaves", "message", "leaves_at", "key", where="leaves_at is not null")
    index("message_lead", "message", "lead", "n")
    table("answer", _id("key", key=True), _id("about"), _doc())
    index("answer_about", "answer", "about")
    flag = sa.Column("parked", sa.Boolean, nullable=False)
    table("trouble", _id("ref", key=True), flag, sa.Column("reason", sa.Text, nullable=False), _doc())


def _is(flag: str) -> str:
    """A truth in an index: SQLite keeps a number and uses the index only where the query says the same."""
    return f"{flag} = 1" if op.get_bind().dialect.name == "sqlite" else flag


def _id(name: str, empty: bool = False, *, key: bool = False) -> sa.Column[str]:
    """An id or a word, in order by code point."""
    kind = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, kind, primary_key=key, nullable=empty)


def _doc(empty: bool = False) -> sa.Column[str]:
    return sa.Column("doc", sa.Text, nullable=empty)


def _moment(name: str, empty: bool = True) -> sa.Column[Any]:
    """An instant: text of one width in SQLite."""
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite"), nullable=empty)


def _number() -> sa.Column[int]:
    """The order in which rows were added."""
    return sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), primary_key=True)
