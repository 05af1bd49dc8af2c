"""`Event`: a fact about one lead, with its time.

May know: time, errors. May not know: what follows from a fact; that is the table of `sla`.
An event says what somebody claims, not what is so: whether it counts is decided where it is folded. It
is kept and sent about, so it carries ids and short words, never a person's data: a note is an id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.converters import optional

from dealerrouting.calendar import instant
from dealerrouting.errors import EventError, Fault, did_you_mean, quoted

__all__ = [
    "EVENTS",
    "HOW_TO_MIGRATE",
    "STATUSES",
    "Accepted",
    "Answer",
    "Assigned",
    "Declined",
    "Event",
    "Migrate",
    "Paused",
    "Referred",
    "ReminderSent",
    "Reopened",
    "Resumed",
    "Tick",
    "Updated",
    "Withdrawn",
]

STATUSES = ("attempted", "contacted", "uncontactable", "qualified", "quoted", "won", "lost")
"""What a holder may say of a lead."""
HOW_TO_MIGRATE = ("keep_due", "recompute_from_start", "recompute_from_now")
"""What a change of policy may do to a running clock."""
_MAX_ID = 200


def _moment(value: Any) -> datetime:
    return instant(value)


@frozen(kw_only=True)
class Event:
    """One fact about one lead. `EventError` with everything that is wrong; `TypeError` for a naive datetime.

    `id` is the event's own, and says which events are the same one. `received_at` is when the
    server had it: deadlines go by that. `occurred_at` is when somebody says it happened. `actor` is
    the id of who did it.
    """

    type: ClassVar[str] = ""
    id: str = field(kw_only=False)
    lead: str = field(kw_only=False)
    received_at: datetime = field(converter=_moment)
    occurred_at: datetime | None = field(default=None, converter=optional(_moment))
    actor: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be a fact at all, with all faults at once."""
        found = list(self._faults())
        if found:
            raise EventError(found)

    def _faults(self) -> Iterator[Fault]:
        yield from self._word("id")
        yield from self._word("lead")
        yield from self._word("actor", needed=False)

    def _fault(self, name: str, what: str, cure: str = "") -> Fault:
        return Fault(f"{self.type} {quoted(self.id)}.{name}", what, cure, (name,))

    def _word(self, name: str, *, needed: bool = True) -> Iterator[Fault]:
        """An id or a short word."""
        value = getattr(self, name)
        if value is None and not needed:
            return
        sound = isinstance(value, str) and 0 < len(value) <= _MAX_ID and value.isprintable() and value.strip() == value
        if not sound:
            yield self._fault(name, f"{quoted(value)} is not an id", f"give 1 to {_MAX_ID} printable characters")

    def _choice(self, name: str, known: tuple[str, ...]) -> Iterator[Fault]:
        value = getattr(self, name)
        if value not in known:
            yield self._fault(name, f"unknown {name} {quoted(value)}", did_you_mean(value, known))


@frozen(kw_only=True)
class Answer(Event):
    """An event about one assignment of the lead, by its number."""

    assignment: int

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if not isinstance(self.assignment, int) or isinstance(self.assignment, bool) or self.assignment < 1:
            cure = "give its number, from 1"
            yield self._fault("assignment", f"{quoted(self.assignment)} is not the number of an assignment", cure)


@frozen(kw_only=True)
class _Reasoned(Answer):
    """An answer that must say why, in a word."""

    reason: str

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._word("reason")


@frozen(kw_only=True)
class Assigned(Answer):
    """The router's answer: `holder` has the lead, under the next number.

    `outcome` is that of the decision: `assigned` (a dealer) or `house` (a team of the house). `by_hand`: a
    person decided, whose id is `actor` and who gives a `reason`; then a past holder may have it again.
    """

    type: ClassVar[str] = "assigned"
    holder: str
    outcome: str = "assigned"
    by_hand: bool = False
    reason: str | None = None

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._word("holder")
        yield from self._choice("outcome", ("assigned", "house"))
        if not isinstance(self.by_hand, bool):
            yield self._fault("by_hand", f"{quoted(self.by_hand)} is not true or false")
        yield from self._word("reason", needed=bool(self.by_hand))
        if self.by_hand and self.actor is None:
            yield self._fault("actor", "is missing", "by hand needs who did it")


@frozen(kw_only=True)
class Accepted(Answer):
    """The holder takes the lead on."""

    type: ClassVar[str] = "accepted"


@frozen(kw_only=True)
class Declined(_Reasoned):
    """The holder does not want it: it goes to another dealer."""

    type: ClassVar[str] = "declined"


@frozen(kw_only=True)
class Updated(Answer):
    """The holder claims a status. `evidence` is the id of what shows it: a call record, an offer."""

    type: ClassVar[str] = "updated"
    status: str
    evidence: str | None = None

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._choice("status", STATUSES)
        yield from self._word("evidence", needed=False)


@frozen(kw_only=True)
class Paused(_Reasoned):
    """The clock shall stand still until `until`, for a reason."""

    type: ClassVar[str] = "paused"
    until: datetime = field(converter=_moment)


@frozen(kw_only=True)
class Resumed(Answer):
    """The pause is over before its time."""

    type: ClassVar[str] = "resumed"


@frozen(kw_only=True)
class Referred(_Reasoned):
    """The dealer hands the lead to the house, and wants to hear what becomes of it."""

    type: ClassVar[str] = "referred"


@frozen(kw_only=True)
class Reopened(_Reasoned):
    """A closed lead is alive again, with whoever held it."""

    type: ClassVar[str] = "reopened"


@frozen(kw_only=True)
class Withdrawn(_Reasoned):
    """A person takes the lead from its holder, and it goes on as `then` says: `reassign` or `return`."""

    type: ClassVar[str] = "withdrawn"
    then: str = "reassign"

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._choice("then", ("reassign", "return"))
        if self.actor is None:
            yield self._fault("actor", "is missing", "by hand needs who did it")


@frozen(kw_only=True)
class ReminderSent(Answer):
    """From whoever delivers: the reminder with the key `effect` has left. Notice runs from here."""

    type: ClassVar[str] = "reminder_sent"
    effect: str

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if not isinstance(self.effect, str) or not 0 < len(self.effect) <= 4 * _MAX_ID:
            yield self._fault("effect", f"{quoted(self.effect)} is not the key of an effect")


@frozen(kw_only=True)
class Migrate(Event):
    """From here the policy with the digest `to` holds; `how` says what becomes of a running clock.

    `keep_due`: it ends when it would have. `recompute_from_start`: it ends as the new policy says,
    counted from where it began. `recompute_from_now`: it begins anew.
    """

    type: ClassVar[str] = "migrate"
    to: str
    how: str

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._word("to")
        yield from self._choice("how", HOW_TO_MIGRATE)


@frozen
class Tick:
    """It is `at`. Time is an event like any other; only a tick makes anything happen."""

    type: ClassVar[str] = "tick"
    at: datetime = field(converter=_moment)


EVENTS: Mapping[str, type[Event]] = {
    kind.type: kind
    for kind in (
        Assigned,
        Accepted,
        Declined,
        Updated,
        Paused,
        Resumed,
        Referred,
        Reopened,
        Withdrawn,
        ReminderSent,
        Migrate,
    )
}
"""Every event but the tick, by its type."""
