"""The conditions that a manufacturer and its dealers have agreed on.

May know: time, the statuses of a lead, errors. May not know: plans, routing, where one lead stands.
`Terms` are what a plan says; a `Policy` is what a running deadline is pinned to: the terms, the
calendars and who keeps which, under one digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from attrs import Attribute, field, fields, frozen

from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed, Length
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.events import STATUSES
from dealerrouting.mapping import FrozenMap

__all__ = ["LATE_ANSWERS", "ON_SILENCE", "HouseTerms", "Policy", "Terms", "length_data"]

ON_SILENCE = ("reassign", "return")
"""What may follow silence: another dealer, the house."""
LATE_ANSWERS = ("audit_only", "restore")
"""What an answer after a withdrawal may do: be recorded, or get the lead back while nobody holds it."""

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def length_data(length: Length) -> dict[str, Any]:
    """A length of time as a plan file writes it: `{"elapsed": "48h"}`, `{"business_days": 5}`."""
    if isinstance(length, BusinessDays):
        return {"business_days": length.days}
    # Open time is never written in days, for a day of it has no fixed length; and people say 48 hours.
    units = _UNITS[1:] if isinstance(length, Business) or length.seconds <= 72 * 3_600 else _UNITS
    unit, seconds = next((u, n) for u, n in units if length.seconds % n == 0)
    return {"business" if isinstance(length, Business) else "elapsed": f"{length.seconds // seconds}{unit}"}


def _words(value: Any) -> Any:
    """One word or several, as a tuple; anything else stays, to be refused."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) else value


def _said(value: Any) -> Any:
    """A term as a plan file writes it."""
    if isinstance(value, HouseTerms):
        return value.data()
    if isinstance(value, (Elapsed, Business, BusinessDays)):
        return length_data(value)
    return list(value) if isinstance(value, tuple) else value


class _Agreed:
    """What both kinds of terms have in common: they check themselves, and can be written down."""

    _place = "terms"

    def __attrs_post_init__(self) -> None:
        found = list(self._faults())
        if found:
            raise PlanError(found)

    def _faults(self) -> Iterator[Fault]:
        raise NotImplementedError

    def _columns(self) -> tuple[Attribute[Any], ...]:
        kind: Any = type(self)
        return tuple(fields(kind))

    def _fault(self, name: str, what: str, cure: str = "") -> Fault:
        return Fault(f"{self._place}.{name}", what, cure, (*self._place.split("."), name))

    def _lengths(self, *names: str, real: bool = False) -> Iterator[Fault]:
        """A length of time has a type of its own, so that nobody has to guess the unit."""
        types = (Elapsed,) if real else (Elapsed, Business, BusinessDays)
        for name in names:
            value = getattr(self, name)
            optional = next(a for a in self._columns() if a.name == name).default is None
            if not isinstance(value, types) and not (optional and value is None):
                cure = "write Elapsed(hours=48)" + ("" if real else ", Business(hours=16) or BusinessDays(5)")
                yield self._fault(name, f"{quoted(value)} is not a length of {'real ' if real else ''}time", cure)

    def _ordered(self, first: str, second: str) -> Iterator[Fault]:
        a, b = getattr(self, first), getattr(self, second)
        if type(a) is type(b) and isinstance(a, (Elapsed, Business, BusinessDays)) and not a < b:
            yield self._fault(second, f"is not longer than `{first}`", f"make `{first}` the shorter one")

    def data(self) -> dict[str, Any]:
        """The terms as a plan file writes them, in JSON's own types."""
        named = {a.name: getattr(self, a.name) for a in self._columns()}
        return {name: _said(value) for name, value in named.items() if value is not None}

    def lengths(self) -> Iterator[Length]:
        """Every length of time in these terms."""
        for column in self._columns():
            value = getattr(self, column.name)
            if isinstance(value, HouseTerms):
                yield from value.lengths()
            elif isinstance(value, (Elapsed, Business, BusinessDays)):
                yield value


@frozen
class HouseTerms(_Agreed):
    """What the house has promised on the leads it holds: those that dealers referred, and those for want of a dealer.

    `remind_after` the last status: the house is reminded. `escalate_after`: its manager is told, and
    again each time as much has gone by.
    """

    remind_after: Length = Elapsed(hours=48)
    escalate_after: Length = Elapsed(days=5)
    _place = "terms.house"

    def _faults(self) -> Iterator[Fault]:
        yield from self._lengths("remind_after", "escalate_after")
        yield from self._ordered("remind_after", "escalate_after")


@frozen
class Terms(_Agreed):
    """What holds for every lead under a plan. `PlanError` with all faults at once.

    Deadlines of a dealer, each a `Elapsed`, `Business` or `BusinessDays`:

    `accept_within` the assignment (None: nobody has to accept). `remind_after` and `withdraw_after` the
    assignment without a status that counts. `stale_after` the last status that counts. `escalate_after` the
    assignment without one: its manager is told (None: never). No lead is withdrawn for silence before
    `notice` has gone by since the reminder was sent.

    `on_silence`: `reassign` (another dealer, after the last hop the house) or `return` (the house).
    `max_reassignments`: how often one lead may move on to another dealer.

    `counts_as_update`: the statuses that stop the clock; `needs_evidence`: those that count only with some.
    `max_resets`: how often the holder may start its own clock anew in one assignment. `max_reopens`: how
    often a closed lead may be opened again. `max_pauses` and `max_pause`: how often, and for how long in all, one
    assignment may pause.

    `delivery_bound`: how long a reminder, or the router's answer, may be under way before a person is told.
    `late_answer`: `audit_only`, or `restore` while nobody holds the lead. `backdate_tolerance`: how far back
    an event may say that it occurred (None: the time of receipt counts). `skew_tolerance`: how far ahead.

    `calendar` names the plan's calendar for whoever keeps none of its own.

    With the terms as they come no lead lies still for a month: 21 days, a week's pause, a day's notice.
    """

    max_reassignments: int = 2
    remind_after: Length = Elapsed(hours=48)
    withdraw_after: Length = Elapsed(days=5)
    notice: Length = Elapsed(hours=24)
    accept_within: Length | None = None
    escalate_after: Length | None = None
    stale_after: Length = Elapsed(days=21)
    on_silence: tuple[str, ...] = field(default=ON_SILENCE, converter=_words)
    counts_as_update: tuple[str, ...] = field(default=STATUSES[1:], converter=_words)
    needs_evidence: tuple[str, ...] = field(default=("uncontactable",), converter=_words)
    max_resets: int = 12
    max_reopens: int = 3
    max_pauses: int = 7
    max_pause: Elapsed = Elapsed(days=7)
    delivery_bound: Elapsed = Elapsed(days=2)
    late_answer: str = "audit_only"
    backdate_tolerance: Elapsed | None = None
    skew_tolerance: Elapsed = Elapsed(minutes=5)
    calendar: str | None = None
    house: HouseTerms = HouseTerms()

    def __attrs_post_init__(self) -> None:
        """Check, and settle what has no order."""
        super().__attrs_post_init__()
        for name in ("counts_as_update", "needs_evidence"):
            said = getattr(self, name)
            object.__setattr__(self, name, tuple(status for status in STATUSES if status in said))
        object.__setattr__(self, "on_silence", ON_SILENCE if "reassign" in self.on_silence else ("return",))

    def _faults(self) -> Iterator[Fault]:
        yield from self._whole("max_reassignments", 0, "a number of reassignments")
        yield from self._whole("max_resets", 1, "a number of resets")
        yield from self._whole("max_reopens", 0, "a number of reopenings")
        yield from self._whole("max_pauses", 0, "a number of pauses")
        yield from self._lengths("remind_after", "withdraw_after", "notice", "accept_within", "escalate_after")
        yield from self._lengths("stale_after")
        yield from self._lengths("max_pause", "delivery_bound", "backdate_tolerance", "skew_tolerance", real=True)
        yield from self._ordered("remind_after", "withdraw_after")
        yield from self._statuses("counts_as_update", STATUSES)
        yield from self._statuses("needs_evidence", STATUSES, empty=True)
        yield from self._statuses("on_silence", ON_SILENCE)
        if self.late_answer not in LATE_ANSWERS:
            cure = did_you_mean(self.late_answer, LATE_ANSWERS)
            yield self._fault("late_answer", f"unknown late_answer {quoted(self.late_answer)}", cure)
        if self.calendar is not None and not isinstance(self.calendar, str):
            yield self._fault("calendar", f"{quoted(self.calendar)} is not the id of a calendar")
        if not isinstance(self.house, HouseTerms):
            yield self._fault("house", f"{quoted(self.house)} is not HouseTerms", "write HouseTerms(...)")

    def _whole(self, name: str, least: int, what: str) -> Iterator[Fault]:
        value = getattr(self, name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= 100:
            yield self._fault(name, f"{quoted(value)} is not {what}", f"give a whole number from {least} to 100")

    def _statuses(self, name: str, known: tuple[str, ...], *, empty: bool = False) -> Iterator[Fault]:
        words = getattr(self, name)
        if not isinstance(words, tuple) or not (words or empty):
            what = "is empty" if words == () else f"{quoted(words)} is not a list of words"
            yield self._fault(name, what, "name at least one of " + ", ".join(known))
            return
        for word in words:
            if word not in known:
                yield self._fault(name, f"unknown word {quoted(word)}", did_you_mean(word, known))


def _calendars(given: Mapping[str, Calendar]) -> FrozenMap[Calendar]:
    return FrozenMap(given)


def _ids(given: Mapping[str, str]) -> FrozenMap[str]:
    return FrozenMap(given)


@frozen
class Policy:
    """What a running deadline is pinned to: terms, calendars by id, and who keeps which calendar.

    `house` is the team that takes what no dealer can. `keeps` says which calendar a dealer keeps; the
    others keep `terms.calendar`, or none. `digest` is the same for policies that mean the same.
    `PlanError` where a calendar that is asked for is not there.
    """

    terms: Terms
    house: str
    calendars: FrozenMap[Calendar] = field(factory=FrozenMap, converter=_calendars, repr=False)
    keeps: FrozenMap[str] = field(factory=FrozenMap, converter=_ids, repr=False)
    digest: str = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Check that every clock can be read, and seal the whole."""
        found = list(calendar_faults(self.terms, self.calendars, self.keeps))
        if found:
            raise PlanError(found)
        used = {self.terms.calendar, *self.keeps.values()} - {None}
        data = {
            "terms": self.terms.data(),
            "house": self.house,
            "calendars": {name: one.version for name, one in self.calendars.items() if name in used},
            "keeps": {dealer: name for dealer, name in self.keeps.items() if name != self.terms.calendar},
        }
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        object.__setattr__(self, "digest", "sha256:" + sha256(text.encode("ascii")).hexdigest())

    def calendar_id(self, holder: str | None) -> str | None:
        """The id of the calendar that this holder keeps, if any."""
        return self.keeps.get(holder or "", self.terms.calendar)

    def calendar_of(self, holder: str | None) -> Calendar | None:
        """The calendar that this holder keeps, if any."""
        name = self.calendar_id(holder)
        return None if name is None else self.calendars[name]


def calendar_faults(terms: Terms, calendars: Mapping[str, Calendar], keeps: Mapping[str, str]) -> Iterator[Fault]:
    """Calendars that are asked for and not there."""
    if terms.calendar is not None and terms.calendar not in calendars:
        cure = did_you_mean(terms.calendar, calendars) or "give it in `calendars`"
        yield Fault("terms.calendar", f"unknown calendar {quoted(terms.calendar)}", cure, ("terms", "calendar"))
    for dealer, name in keeps.items():
        if name not in calendars:
            cure = did_you_mean(name, calendars) or "give it in `calendars`"
            yield Fault(
                f"dealer {quoted(dealer)}.calendar", f"unknown calendar {quoted(name)}", cure, ("keeps", dealer)
            )
    if terms.calendar is None and any(isinstance(length, (Business, BusinessDays)) for length in terms.lengths()):
        what = "business time needs a calendar for whoever keeps none of its own"
        yield Fault("terms.calendar", what, "name one of `calendars`", ("terms", "calendar"))
