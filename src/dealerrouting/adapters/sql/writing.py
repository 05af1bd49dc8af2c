"""What is changed in a store, on one connection, in a transaction that has begun.

May know: the statements, stored text, ports' values. May not know: whose connection it is, who commits it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Connection

from dealerrouting.adapters.sql.statements import Statements
from dealerrouting.documents.stored import stored_text
from dealerrouting.errors import Conflict
from dealerrouting.ports import DESK, Case, Claimed, Reads, Ref, Trouble, Writes
from dealerrouting.sla import Effect

__all__ = ["Writing", "case_row"]

Row = dict[str, Any]


@frozen
class Writing:
    """Changes to the tables."""

    say: Statements
    clock: Callable[[], datetime] | None

    def commit(self, connection: Connection, reads: Reads, writes: Writes) -> None:
        """All of it, if everything read is as it was; else a `Conflict`, and whoever began must roll back."""
        changed = sorted(map(str, writes.changed()))
        self._hold(connection, {str(ref): version for ref, version in reads.items()}, changed)
        new = {ref.id for ref, version in reads.items() if ref.kind == "lead" and version == 0}
        self._put(connection, writes, new)
        self._append(connection, writes)
        self._erase(connection, writes.erase)
        self._unlease(connection, writes)

    # Versions

    def _hold(self, connection: Connection, reads: Mapping[str, int], changed: list[str]) -> None:
        """Hold what was read and what changes against all others, and let it grow by one."""
        if self.say.say.name == "sqlite":  # holds everything already
            self._compare(connection, self.say.versions, reads)
            self._many(connection, self.say.raised, [{"ref": ref, "version": 1} for ref in changed])
            return
        everything = sorted({*reads, *changed})
        absent = [ref for ref in everything if reads.get(ref, 0) == 0]
        self._many(connection, self.say.enter, [{"ref": ref, "version": 0} for ref in absent])
        self._lock(connection, reads, changed, everything)
        if changed:
            connection.execute(self.say.bump, {"ids": changed})

    def _lock(self, connection: Connection, reads: Mapping[str, int], changed: list[str], refs: list[str]) -> None:
        """The desk first, by all that only read it at once; then the rest in an order that is everybody's."""
        desk = str(DESK)
        if desk in refs:
            statement = self.say.lock if desk in changed else self.say.share
            self._compare(connection, statement, {desk: reads[desk]} if desk in reads else {}, [desk])
        rest = [ref for ref in refs if ref != desk]
        if rest:
            known = {ref: version for ref, version in reads.items() if ref != desk}
            self._compare(connection, self.say.lock, known, rest)

    def _compare(
        self, connection: Connection, statement: Any, reads: Mapping[str, int], refs: Iterable[str] | None = None
    ) -> None:
        ids = list(reads if refs is None else refs)
        if not ids:
            return
        found = {row.ref: row.version for row in connection.execute(statement, {"ids": self.say.say.many(ids)})}
        stale = sorted(ref for ref, version in reads.items() if found.get(ref, 0) != version)
        if stale:
            raise Conflict(f"changed meanwhile: {', '.join(stale)}")

    # Values

    def _put(self, connection: Connection, writes: Writes, new: set[str]) -> None:
        cases = {case.lead: case for case in writes.cases}
        contents = [
            *({"ref": f"lead:{one.id}", "mail": _mail(one.email), "doc": stored_text(one)} for one in writes.contents),
            *(_claim_content(one) for one in writes.claims),
        ]
        desk = [{"id": "", "doc": stored_text(writes.desk)}] if writes.desk is not None else []
        rows: dict[str, list[Row]] = {
            "desk": desk,
            "case": [case_row(case) for case in cases.values()],
            "content": contents,
            "claim": [_claim_row(one) for one in writes.claims],
            "ledger": [{"id": name, "doc": stored_text(credits)} for name, credits in writes.ledgers.items()],
            "claimant": [{"id": name, "doc": stored_text(one)} for name, one in writes.claimants.items()],
            "plan": [row for plan in writes.plans for row in _plan_rows(*plan)],
        }
        for name, some in rows.items():
            self._many(connection, self.say.put[name], some)
        counts = [{"id": dealer, "open": by} for dealer, by in sorted(writes.counts.items())]
        self._many(connection, self.say.count, counts)
        self._find_by(connection, writes, new)
        self._wait(connection, cases, new)
        self._trouble(connection, dict(writes.troubles))

    def _find_by(self, connection: Connection, writes: Writes, new: set[str]) -> None:
        """By which keys leads and claims are found; a lead that is new was not found before."""
        known = {one.ref: one.keys for one in writes.known}
        self._gone(connection, "known", [str(r) for r in known if not (r.kind == "lead" and r.id in new)])
        rows = [{"key": key, "ref": str(ref)} for ref, keys in known.items() for key in sorted(set(keys))]
        self._many(connection, self.say.add["known"], rows)

    def _wait(self, connection: Connection, cases: Mapping[str, Case], new: set[str]) -> None:
        """For which dealers leads wait."""
        self._gone(connection, "waiting", [lead for lead in cases if lead not in new])
        rows = [
            {"lead": case.lead, "dealer": dealer, "received_at": case.received_at}
            for case in cases.values()
            for dealer in case.waits_for
        ]
        self._many(connection, self.say.add["waiting"], rows)

    def _trouble(self, connection: Connection, troubles: Mapping[Ref, Trouble | None]) -> None:
        self._gone(connection, "trouble", [str(ref) for ref, one in troubles.items() if one is None])
        rows = [
            {"ref": str(ref), "parked": one.parked, "reason": one.reason, "doc": stored_text(one)}
            for ref, one in troubles.items()
            if one is not None
        ]
        self._many(connection, self.say.put["trouble"], rows)

    def _append(self, connection: Connection, writes: Writes) -> None:
        made = [one.decision for one in writes.decisions]
        rows: dict[str, list[Row]] = {
            "event": [{"lead": one.lead, "doc": stored_text(one.event)} for one in writes.events],
            "record": [{"lead": one.lead, "doc": stored_text(one)} for one in writes.records],
            "decision": [
                {"lead": what.lead, "holder": what.holder, "at": what.at, "doc": stored_text(one)}
                for one, what in zip(writes.decisions, made, strict=True)
            ],
            "watched": [{"lead": one.decision.lead, "doc": stored_text(one)} for one in writes.watched],
            "act": [{"at": one.at, "doc": stored_text(one)} for one in writes.acts],
            "answer": [
                {"key": key, "about": str(one.about), "doc": stored_text(one)}
                for key, one in sorted({one.key: one for one in writes.answers}.items())
            ],
        }
        for name, some in rows.items():
            self._many(connection, self.say.add[name], some)
        self._many(connection, self.say.send, [_message_row(one) for one in writes.messages])
        left = [{"key": key, "leaves_at": None, "lead": None, "doc": None} for key in sorted(set(writes.left))]
        self._many(connection, self.say.left, left)

    # What goes

    def _erase(self, connection: Connection, refs: Iterable[Ref]) -> None:
        refs = sorted(set(refs))
        if not refs:
            return
        names, leads = [str(ref) for ref in refs], [ref.id for ref in refs if ref.kind == "lead"]
        claims = [ref for ref in refs if ref.kind == "claim"]
        self._gone(connection, "content", names)
        self._gone(connection, "answer", names)
        self._gone(connection, "message", leads)
        self._gone(connection, "claim", [ref.id for ref in claims])
        self._gone(connection, "known", [str(ref) for ref in claims])
        now = self.clock() if self.clock else datetime.now(UTC)
        self._many(connection, self.say.put["erased"], [{"ref": name, "at": now} for name in names])

    def _gone(self, connection: Connection, name: str, ids: list[str]) -> None:
        if ids:
            connection.execute(self.say.remove[name], {"ids": self.say.say.many(sorted(ids))})

    def _unlease(self, connection: Connection, writes: Writes) -> None:
        """What was written whole has no lease any more; what was only touched has it taken away."""
        for kind, written in (
            ("lead", {one.lead for one in writes.cases}),
            ("claim", {one.claim.id for one in writes.claims}),
        ):
            others = {ref.id for ref in writes.changed() if ref.kind == kind} - written
            if others:
                connection.execute(self.say.lease[kind], {"ids": self.say.say.many(sorted(others)), "until": None})

    def _many(self, connection: Connection, statement: Any, rows: list[Row]) -> None:
        """One row, or many at once."""
        if rows:
            connection.execute(statement, rows[0] if len(rows) == 1 else rows)


def case_row(case: Case) -> Row:
    """A case as a row: what is looked for, and all of it as text."""
    return {
        "lead": case.lead,
        "received_at": case.received_at,
        "phase": case.phase,
        "holder": case.holder,
        "open": case.open,
        "known": case.known,
        "next_due": case.next_due,
        "over_since": case.over_since,
        "erased_at": case.erased_at,
        "lease_until": None,
        "doc": stored_text(case),
    }


def _claim_row(one: Claimed) -> Row:
    claim, due = one.claim, {"next_due": one.next_due, "over_since": one.over_since, "lease_until": None}
    return {"id": claim.id, "dealer": claim.dealer, "status": claim.status, **due}


def _claim_content(one: Claimed) -> Row:
    return {"ref": f"claim:{one.claim.id}", "mail": _mail(one.claim.email), "doc": stored_text(one)}


def _mail(address: str | None) -> str | None:
    """A mail address as it is looked for."""
    return address.casefold() if address else None


def _plan_rows(plan: str, policy: str, text: str) -> list[Row]:
    """A plan by its digest, and by that of its policy, which may be many plans' own: then it is the last one."""
    return [{"digest": policy, "plan": plan, "doc": None}, {"digest": plan, "plan": None, "doc": text}]


def _message_row(one: Effect) -> Row:
    return {"key": one.key, "lead": one.lead, "leaves_at": one.send_from or one.at, "doc": stored_text(one)}
