"""Every statement of a store, made once for its tables.

May know: the tables, what each database says differently. May not know: ports' values.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)

from dealerrouting.adapters.sql.dialects import POSTGRES, SQLITE, Speech
from dealerrouting.adapters.sql.tables import Instant, Tables, tables

__all__ = ["Statements", "statements"]


class Statements:
    """The statements of a store under this prefix, in this schema, in this database."""

    def __init__(self, t: Tables, say: Speech) -> None:
        self.t, self.say = t, say
        self.values = cache(self._values)
        self._read()
        self._write()
        self._sweep()
        self._ask()

    def among(self, one: Any, parameter: str = "ids") -> Any:
        """Whether the column is in a list given as a parameter."""
        return self.say.among(one, parameter)

    # What is loaded: versions and values as rows of (kind, id, text), in one statement and so in one snapshot

    def _values(self, kinds: frozenset[str]) -> Any:
        """For these kinds: a row for each thing that is there; `version` is one of them."""
        return union_all(*(self._one(kind) for kind in sorted(kinds)))

    def _one(self, kind: str) -> Select[Any]:
        t = self.t
        simple = {
            "version": (t.aggregate.c.ref, cast(t.aggregate.c.version, Text)),
            "desk": (t.desk.c.id, t.desk.c.doc),
            "lead": (t.case.c.lead, t.case.c.doc),
            "content": (t.content.c.ref, t.content.c.doc),
            "ledger": (t.ledger.c.id, t.ledger.c.doc),
            "claimant": (t.claimant.c.id, t.claimant.c.doc),
            "dealer": (t.dealer.c.id, cast(t.dealer.c.open, Text)),
            "answer": (t.answer.c.key, t.answer.c.doc),
            "trouble": (t.trouble.c.ref, t.trouble.c.doc),
        }
        label = literal_column(f"'{kind}'", Text).label("kind")
        if kind in simple:
            id, doc = simple[kind]
            return select(label, id.label("id"), doc.label("doc")).where(self.among(id, kind))
        return {"prospect": self._prospect, "plan": self._plan, "clock": self._clock}[kind](label)

    def _prospect(self, label: Any) -> Select[Any]:
        known, one = self.t.known, self.t.case
        open_or_won = exists().where(known.c.ref == literal("lead:") + one.c.lead, one.c.known)
        found = or_(known.c.ref.like("claim:%"), open_or_won)
        return select(label, known.c.key.label("id"), known.c.ref.label("doc")).where(
            self.among(known.c.key, "prospect"), found
        )

    def _plan(self, label: Any) -> Select[Any]:
        one, of = self.t.plan, self.t.plan.alias("of")
        text = func.coalesce(one.c.doc, of.c.doc).label("doc")
        joined = one.outerjoin(of, of.c.digest == one.c.plan)
        return select(label, one.c.digest.label("id"), text).select_from(joined).where(self.among(one.c.digest, "plan"))

    def _clock(self, label: Any) -> Select[Any]:
        now = func.timezone("UTC", func.clock_timestamp())
        return select(label, literal_column("''", Text).label("id"), func.to_char(now, _MICROS).label("doc"))

    def _read(self) -> None:
        given, wait = self.t.decision, self.t.waiting
        self.recent = select(given.c.holder, given.c.at).where(
            self.among(given.c.holder), given.c.at > bindparam("since", type_=Instant()),
            given.c.at <= bindparam("now", type_=Instant()),
        )  # fmt: skip
        self.waiting = (
            select(wait.c.lead)
            .where(wait.c.dealer == bindparam("dealer"))
            .order_by(wait.c.received_at, wait.c.lead)
            .limit(bindparam("most", type_=Integer()))
        )

    # What is committed

    def _write(self) -> None:
        t, say = self.t, self.say
        one = t.aggregate
        self.versions = select(one.c.ref, one.c.version).where(self.among(one.c.ref))
        self.lock = self.versions.order_by(one.c.ref).with_for_update()
        self.share = self.versions.with_for_update(read=True)
        self.enter = say.insert(one).on_conflict_do_nothing(index_elements=["ref"])
        self.bump = update(one).where(self.among(one.c.ref)).values(version=one.c.version + 1)
        first = say.insert(one)
        self.raised = first.on_conflict_do_update(index_elements=["ref"], set_={"version": one.c.version + 1})
        whole = {
            "desk": "id", "case": "lead", "content": "ref", "claim": "id", "ledger": "id", "claimant": "id",
            "plan": "digest", "trouble": "ref", "erased": "ref",
        }  # fmt: skip
        self.put = {name: self._put(name, key) for name, key in whole.items()}
        added = say.insert(t.dealer)
        self.count = added.on_conflict_do_update(
            index_elements=["id"], set_={"open": t.dealer.c.open + added.excluded.open}
        )
        self.add = {
            name: insert(t.all[name]).inline()
            for name in ("event", "record", "decision", "watched", "act", "answer", "known", "waiting")
        }
        sent = say.insert(t.message)
        self.send = sent.inline().on_conflict_do_update(
            index_elements=["key"],
            set_={"lead": sent.excluded.lead, "doc": sent.excluded.doc},
            where=t.message.c.doc.is_(None),
        )
        self.left = (
            say.insert(t.message).inline().on_conflict_do_update(index_elements=["key"], set_={"leaves_at": null()})
        )
        self._remove()

    def _put(self, name: str, key: str) -> Any:
        table = self.t.all[name]
        new = self.say.insert(table)
        rest = {column.name: new.excluded[column.name] for column in table.c if column.name != key}
        return new.on_conflict_do_update(index_elements=[key], set_=rest)

    def _remove(self) -> None:
        t = self.t
        keys = {
            "known": t.known.c.ref, "waiting": t.waiting.c.lead, "content": t.content.c.ref, "claim": t.claim.c.id,
            "answer": t.answer.c.about, "trouble": t.trouble.c.ref, "message": t.message.c.lead,
        }  # fmt: skip
        self.remove = {name: delete(t.all[name]).where(self.among(key)) for name, key in keys.items()}
        self.remove["message"] = self.remove["message"].where(t.message.c.leaves_at.is_not(None))

    # What is swept

    def _sweep(self) -> None:
        t = self.t
        self.due = {"lead": self._due("lead", t.case.c.lead), "claim": self._due("claim", t.claim.c.id)}
        free = {kind: self._free(kind, one) for kind, one in self.due.items()}
        self.free = free
        self.take = {kind: self.say.skip_locked(one) for kind, one in free.items()}
        until = {"lease_until": bindparam("until", type_=Instant())}
        self.lease = {
            "lead": update(t.case).where(self.among(t.case.c.lead)).values(until),
            "claim": update(t.claim).where(self.among(t.claim.c.id)).values(until),
        }
        sent = t.message
        ready = and_(sent.c.leaves_at <= bindparam("at", type_=Instant()), sent.c.doc.is_not(None))
        self.pending = (
            select(sent.c.key, sent.c.doc)
            .where(ready)
            .order_by(sent.c.leaves_at, sent.c.key)
            .limit(bindparam("most", type_=Integer()))
        )

    def _due(self, kind: str, id: Any) -> Select[Any]:
        """What is due and not parked."""
        one, trouble = id.table, self.t.trouble
        parked = exists().where(trouble.c.ref == literal(f"{kind}:") + id, trouble.c.parked)
        return select(id.label("id"), one.c.next_due).where(one.c.next_due <= bindparam("at", type_=Instant()), ~parked)

    def _free(self, kind: str, due: Select[Any]) -> Select[Any]:
        one = self.t.case if kind == "lead" else self.t.claim
        until, id = one.c.lease_until, (one.c.lead if kind == "lead" else one.c.id)
        unleased = or_(until.is_(None), until <= bindparam("at", type_=Instant()))
        return due.where(unleased).order_by(one.c.next_due, id).limit(bindparam("most", type_=Integer()))

    # What is asked

    def _ask(self) -> None:
        t = self.t
        self.of_lead = {
            name: select(t.all[name].c.doc).where(t.all[name].c.lead == bindparam("lead")).order_by(t.all[name].c.n)
            for name in ("event", "record", "decision")
        }
        sent = t.message
        gone = case((sent.c.leaves_at.is_(None), 1), else_=0)
        self.messages = (
            select(sent.c.key, sent.c.doc, gone)
            .where(sent.c.lead == bindparam("lead"), sent.c.doc.is_not(None))
            .order_by(sent.c.n)
        )
        self.listed = {name: select(t.all[name].c.doc).order_by(t.all[name].c.n) for name in ("act", "watched")}
        self.about = select(t.content.c.ref).where(t.content.c.mail == bindparam("mail"))
        over, most = bindparam("before", type_=Instant()), bindparam("most", type_=Integer())
        self.expired = {
            "lead": select(t.case.c.lead).where(t.case.c.over_since < over, t.case.c.erased_at.is_(None)),
            "claim": select(t.claim.c.id).where(t.claim.c.over_since < over),
        }
        for kind, one in self.expired.items():
            id = one.selected_columns[0] + literal_column("''", Text)  # so that nobody walks all ids in their order
            self.expired[kind] = one.order_by(id).limit(most)
        self._survey()

    def _survey(self) -> None:
        t = self.t
        self.open = select(t.case.c.phase, t.case.c.holder, func.count()).where(t.case.c.open)
        self.open = self.open.group_by(t.case.c.phase, t.case.c.holder)
        self.claims = select(t.claim.c.status, func.count()).group_by(t.claim.c.status)
        self.overdue = {}
        for kind, one in self.due.items():
            found = one.subquery()
            self.overdue[kind] = select(func.count(), func.min(found.c.next_due, type_=Instant()))
        sent = t.message
        self.unsent = select(func.count(), func.min(sent.c.leaves_at, type_=Instant())).where(
            sent.c.leaves_at.is_not(None), sent.c.doc.is_not(None)
        )
        self.waiters = select(func.count(t.waiting.c.lead.distinct()))
        self.parked = select(t.trouble.c.ref, t.trouble.c.reason).where(t.trouble.c.parked)


_MICROS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@lru_cache(maxsize=64)
def statements(prefix: str, schema: str | None, database: str) -> Statements:
    """The statements for these tables, made once: SQLAlchemy then finds what it has compiled."""
    return Statements(tables(prefix, schema), SQLITE if database == "sqlite" else POSTGRES)
