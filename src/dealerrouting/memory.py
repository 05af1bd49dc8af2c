"""`MemoryStore`: the store in memory, and the model that every other store is held against.

May know: ports, the core's values. May not know: what a command does, any database.
It is written to be read, not to be fast: whatever it does is what a store is to do.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from attrs import define, field

from dealerrouting.errors import Conflict
from dealerrouting.events import Event, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import (
    MOST_WAITING,
    RECENT,
    Act,
    Answered,
    Case,
    Claimed,
    Counter,
    Decided,
    Desk,
    Due,
    History,
    Prospect,
    Reads,
    Ref,
    Snapshot,
    Survey,
    Trouble,
    Watched,
    Writes,
)
from dealerrouting.sla import Effect

__all__ = ["MemoryStore"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@define(eq=False)
class MemoryStore:
    """Everything in memory, gone with the process. `clock` is its own; threads may share it.

    All three rungs of the ladder: `CaseStore`, `Outbox`, idempotency keys.
    """

    clock: Callable[[], datetime] = _utc_now
    _versions: dict[Ref, int] = field(factory=dict, init=False)
    _desk: Desk | None = field(default=None, init=False)
    _cases: dict[str, Case] = field(factory=dict, init=False)
    _contents: dict[str, Lead] = field(factory=dict, init=False)
    _claims: dict[str, Claimed] = field(factory=dict, init=False)
    _known: dict[Ref, tuple[str, ...]] = field(factory=dict, init=False)
    _ledgers: dict[str, FrozenMap[int]] = field(factory=dict, init=False)
    _claimants: dict[str, Counter] = field(factory=dict, init=False)
    _counts: Tally[str] = field(factory=Tally, init=False)
    _plans: dict[str, str] = field(factory=dict, init=False)
    _events: dict[str, list[Event | Tick]] = field(factory=dict, init=False)
    _records: dict[str, list[Effect]] = field(factory=dict, init=False)
    _decisions: list[Decided] = field(factory=list, init=False)
    _watched: list[Watched] = field(factory=list, init=False)
    _acts: list[Act] = field(factory=list, init=False)
    _messages: dict[str, Effect] = field(factory=dict, init=False)
    _left: set[str] = field(factory=set, init=False)
    _answers: dict[str, Answered] = field(factory=dict, init=False)
    _troubles: dict[str, Trouble] = field(factory=dict, init=False)
    _leases: dict[Ref, datetime] = field(factory=dict, init=False)
    _lock: RLock = field(factory=RLock, init=False)

    # What is asked

    def load(self, refs: Sequence[Ref], at: datetime | None = None) -> Snapshot:
        """A value for each ref, a version for each that has one."""
        with self._lock:
            now = self.clock() if at is None else at
            versions = {ref: self._versions.get(ref, 0) for ref in refs if ref.versioned}
            return Snapshot(now, versions, {ref: self._value(ref, now) for ref in refs})

    def _value(self, ref: Ref, now: datetime) -> Any:
        match ref.kind:
            case "desk":
                return self._desk
            case "prospect":
                return self._prospect(ref.id)
            case "dealer":
                return self._counts[ref.id]
            case "recent":
                return tuple(sorted(self._given(ref.id, now)))
            case "waiting":
                waiting = [case for case in self._cases.values() if ref.id in case.waits_for]
                waiting.sort(key=lambda case: (case.received_at, case.lead))
                return tuple(case.lead for case in waiting[:MOST_WAITING])
            case "ledger":
                return self._ledgers.get(ref.id, FrozenMap())
            case "claimant":
                return self._claimants.get(ref.id, Counter())
        tables: Mapping[str, Mapping[str, Any]] = {
            "lead": self._cases,
            "claim": self._claims,
            "content": self._contents,
            "plan": self._plans,
            "answer": self._answers,
            "trouble": self._troubles,
        }
        return tables[ref.kind].get(ref.id)

    def _prospect(self, key: str) -> Prospect:
        """Who is found by the key: leads that are open or won, and claims."""
        found = [ref for ref, keys in self._known.items() if key in keys]
        leads = (ref.id for ref in found if ref.kind == "lead" and self._cases[ref.id].known)
        return Prospect(tuple(sorted(leads)), tuple(sorted(ref.id for ref in found if ref.kind == "claim")))

    def _given(self, dealer: str, now: datetime) -> Iterator[datetime]:
        for one in self._decisions:
            if one.decision.holder == dealer and now - RECENT < one.decision.at <= now:
                yield one.decision.at

    def due(self, at: datetime, limit: int, *, lease: timedelta | None = None) -> tuple[Due, ...]:
        """What is due, the first first."""
        with self._lock:
            free = [one for one in self._due(at) if self._leases.get(one.ref, at) <= at]
            taken = tuple(sorted(free)[:limit])
            if lease is not None:
                self._leases |= {one.ref: at + lease for one in taken}
            return taken

    def _due(self, at: datetime) -> Iterator[Due]:
        whens = {Ref("lead", case.lead): case.next_due for case in self._cases.values()}
        whens |= {Ref("claim", name): one.next_due for name, one in self._claims.items()}
        for ref, when in whens.items():
            if when is not None and when <= at and not self._parked(ref):
                yield Due(when, ref)

    def _parked(self, ref: Ref) -> bool:
        known = self._troubles.get(str(ref))
        return known is not None and known.parked

    def unlease(self, refs: Sequence[Ref]) -> None:
        """Give back what was leased."""
        with self._lock:
            for ref in refs:
                self._leases.pop(ref, None)

    def pending(self, at: datetime, limit: int) -> tuple[Effect, ...]:
        """The messages that may leave, the first first."""
        with self._lock:
            ready = [one for key, one in self._messages.items() if key not in self._left and _from(one) <= at]
            return tuple(sorted(ready, key=lambda one: (_from(one), one.key))[:limit])

    def history(self, lead: str) -> History:
        """All that is kept of one lead."""
        with self._lock:
            return History(
                self._cases.get(lead),
                self._contents.get(lead),
                tuple(self._events.get(lead, ())),
                tuple(self._records.get(lead, ())),
                tuple(one for one in self._decisions if one.decision.lead == lead),
                tuple((one, key in self._left) for key, one in self._messages.items() if one.lead == lead),
            )

    def survey(self, at: datetime) -> Survey:
        """The store in numbers."""
        with self._lock:
            cases = [case for case in self._cases.values() if case.open]
            dues = sorted(self._due(at))
            waiting = [_from(one) for key, one in self._messages.items() if key not in self._left]
            return Survey(
                at,
                FrozenMap(Tally(case.phase for case in cases)),
                FrozenMap(Tally(case.holder or "" for case in cases)),
                FrozenMap(Tally(one.claim.status for one in self._claims.values())),
                len(dues),
                dues[0].at if dues else None,
                len(waiting),
                min(waiting, default=None),
                sum(bool(case.waits_for) for case in cases),
                FrozenMap({name: one.reason for name, one in self._troubles.items() if one.parked}),
            )

    def expired(self, before: datetime, limit: int) -> tuple[Ref, ...]:
        """What has been over since before then."""
        with self._lock:
            over = {Ref("lead", c.lead): c.over_since for c in self._cases.values() if c.erased_at is None}
            over |= {Ref("claim", name): one.over_since for name, one in self._claims.items()}
            return tuple(sorted(ref for ref, since in over.items() if since is not None and since < before)[:limit])

    def about(self, person: str) -> tuple[Ref, ...]:
        """The leads and claims that hold this mail address."""
        with self._lock:
            mails = {Ref("lead", name): lead.email for name, lead in self._contents.items()}
            mails |= {Ref("claim", name): one.claim.email for name, one in self._claims.items()}
            return tuple(sorted(ref for ref, mail in mails.items() if mail and mail.casefold() == person.casefold()))

    def acts(self) -> tuple[Act, ...]:
        """What persons did to the desk."""
        with self._lock:
            return tuple(self._acts)

    def watched(self) -> tuple[Watched, ...]:
        """What was only watched."""
        with self._lock:
            return tuple(self._watched)

    def scrub(self) -> bool:
        """Nothing is in files."""
        return True

    # What is changed

    def commit(self, reads: Reads, writes: Writes) -> None:
        """All of it, or a `Conflict` and nothing."""
        with self._lock:
            stale = sorted(str(ref) for ref, version in reads.items() if self._versions.get(ref, 0) != version)
            if stale or any(one.key in self._answers for one in writes.answers):
                raise Conflict(f"changed meanwhile: {', '.join(stale) or 'a key'}")
            self._put(writes)
            self._append(writes)
            for ref in writes.erase:
                self._erase(ref)
            for ref in writes.changed():
                self._versions[ref] = self._versions.get(ref, 0) + 1
                self._leases.pop(ref, None)

    def _put(self, writes: Writes) -> None:
        self._desk = writes.desk or self._desk
        self._cases |= {case.lead: case for case in writes.cases}
        self._contents |= {lead.id: lead for lead in writes.contents}
        self._claims |= {one.claim.id: one for one in writes.claims}
        self._ledgers |= writes.ledgers
        self._claimants |= writes.claimants
        self._counts.update(writes.counts)
        self._known |= {one.ref: one.keys for one in writes.known}
        for plan, policy, text in writes.plans:
            self._plans |= {plan: text, policy: text}
        for ref, trouble in writes.troubles:
            self._troubles.pop(str(ref), None)
            self._troubles |= {str(ref): trouble} if trouble else {}

    def _append(self, writes: Writes) -> None:
        for one in writes.events:
            self._events.setdefault(one.lead, []).append(one.event)
        for record in writes.records:
            self._records.setdefault(record.lead, []).append(record)
        self._decisions += writes.decisions
        self._watched += writes.watched
        self._acts += writes.acts
        self._answers |= {one.key: one for one in writes.answers}
        for message in writes.messages:
            self._messages.setdefault(message.key, message)
        self._left |= set(writes.left)

    def _erase(self, ref: Ref) -> None:
        if ref.kind == "claim":
            self._claims.pop(ref.id, None)
            self._known.pop(ref, None)
        self._contents.pop(ref.id if ref.kind == "lead" else "", None)
        self._answers = {key: one for key, one in self._answers.items() if one.about != ref}
        lead = ref.id if ref.kind == "lead" else None
        self._messages = {k: one for k, one in self._messages.items() if one.lead != lead or k in self._left}


def _from(message: Effect) -> datetime:
    """When a message may leave."""
    return message.send_from or message.at
