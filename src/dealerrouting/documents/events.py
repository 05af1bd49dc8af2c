"""An event to JSON's own types and back.

May know: events, time. May not know: files, what follows from an event.
The line of the contract: what all events have stands side by side, what only its type has in `data`.
What is wrong is said without what stands there: events carry no person's data, but who wrote a wrong one
may not have known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from attrs import NOTHING, define, field, fields

from dealerrouting.calendar import NEVER, parse_instant
from dealerrouting.documents.json_lines import Twice
from dealerrouting.documents.places import Trail, dotted
from dealerrouting.errors import EventError, Fault, did_you_mean, quoted
from dealerrouting.events import EVENTS, Event, Tick

__all__ = ["event_data", "read_event"]

_HEAD = ("schema_version", "id", "type", "lead", "assignment", "received_at", "occurred_at", "actor", "data")
_TICK = ("schema_version", "type", "received_at")
_MOMENTS = ("received_at", "occurred_at", "until")
_TYPES = (*EVENTS, Tick.type)


def event_data(event: Event | Tick) -> dict[str, Any]:
    """The event in JSON's own types; what it does not say is left out."""
    if isinstance(event, Tick):
        return {"schema_version": 1, "type": event.type, "received_at": event.at.isoformat()}
    given = {name: _plain(getattr(event, name)) for name in _names(type(event))}
    own = {name: value for name, value in given.items() if name not in _HEAD and value is not None}
    known = {"schema_version": 1, **given, "type": event.type, "data": own or None}
    return {name: known[name] for name in _HEAD if known.get(name) is not None}


def read_event(data: Any, zone: tzinfo | None = None) -> Event | Tick:
    """The event of which `event_data` gave `data`; `EventError` with everything that is wrong.

    `zone` is that of instants without an offset; without it they are none.
    """
    read = _Reader(zone)
    event = read.event(data)
    if read.faults or event is None:
        raise EventError(read.faults)
    return event


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _names(kind: type[Event]) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(kind))


@define
class _Reader:
    """Reads one event strictly; every fault is noted, and each thing is told once."""

    zone: tzinfo | None
    faults: list[Fault] = field(factory=list)
    told: set[Any] = field(factory=set)

    def wrong(self, path: Trail, what: str, cure: str = "") -> None:
        self.faults.append(Fault(dotted(path) or "event", what, cure, path))
        self.told.update(path[-1:])

    def event(self, data: Any) -> Event | Tick | None:
        if not isinstance(data, dict):
            self.wrong((), f"{quoted(type(data).__name__)} is not a mapping")
            return None
        version = data.get("schema_version", 1)
        if version != 1 or isinstance(version, bool):
            self.wrong(("schema_version",), f"{quoted(version)} is not known here", "this release reads 1")
        name = data.get("type")
        if name == Tick.type:
            return self.tick(data)
        if isinstance(name, str) and name in EVENTS:
            return self.fact(EVENTS[name], data)
        what = f"unknown type {quoted(name)}" if isinstance(name, str) else "is not the type of an event"
        self.wrong(("type",), what, did_you_mean(name, _TYPES))
        self.known(data, _HEAD, (), {})
        return None

    def tick(self, data: dict[str, Any]) -> Tick | None:
        cure = "leave it out: a tick is for all leads"
        given = self.known(data, _TICK, (), dict.fromkeys(_HEAD, cure))
        at = self.moment(given, "received_at")
        if at is None and "received_at" not in self.told:
            self.wrong(("received_at",), "is missing", "add it")
        return None if at is None else Tick(at)

    def fact(self, kind: type[Event], data: dict[str, Any]) -> Event | None:
        """An event of this kind, or None where it can be none."""
        names = _names(kind)
        own = tuple(name for name in names if name not in _HEAD)
        head = tuple(name for name in _HEAD if name in (*names, "schema_version", "type", "data"))
        beside = dict.fromkeys(own, "put it in `data`") | {"assignment": f"leave it out: a `{kind.type}` has none"}
        given = self.known(data, head, (), beside)
        inner = given.pop("data", {})
        if not isinstance(inner, dict):
            self.wrong(("data",), f"{quoted(type(inner).__name__)} is not a mapping", _example(own))
            self.told.update(own)
            inner = {}
        given |= self.known(inner, own, ("data",), dict.fromkeys(_HEAD, "put it beside `data`"))
        return self.made(kind, {name: given.get(name) for name in names})

    def known(
        self, data: dict[str, Any], names: Iterable[str], path: Trail, cures: Mapping[str, str]
    ) -> dict[str, Any]:
        """What stands under the known names and says something; the others are told."""
        names = tuple(names)
        for name, value in data.items():
            if name not in names:
                cure = cures.get(name) or did_you_mean(name, names)
                self.wrong((*path, name), f"unknown key {quoted(name)}", cure)
            elif isinstance(value, Twice):
                self.wrong((*path, name), "is given twice", "keep one of them")
        return {name: data[name] for name in names if data.get(name) is not None and name not in self.told}

    def made(self, kind: type[Event], given: dict[str, Any]) -> Event | None:
        """The event; what is not there or no instant is told first, and the core is not heard on it."""
        for attribute in fields(kind):
            name, needed = attribute.name, attribute.default is NOTHING
            if given[name] is None and needed and name not in self.told:
                self.wrong(_path(name), "is missing", "add it")
            if name in _MOMENTS:
                given[name] = self.moment(given, name) or (NEVER if needed else None)
        said = {name: value for name, value in given.items() if value is not None or name in self.told}
        try:
            return kind(**said)
        except EventError as error:
            for fault in error.faults:
                self.hear(fault, given.get(str(fault.path[0])))
        return None

    def hear(self, fault: Fault, value: Any) -> None:
        """What the core says, without the value."""
        name = str(fault.path[0])
        if name not in self.told:
            what = fault.what.removeprefix(f"{quoted(value)} ")
            self.wrong(_path(name), "is missing" if value is None else what, fault.cure)

    def moment(self, given: Mapping[str, Any], name: str) -> datetime | None:
        text = given.get(name)
        if text is None:
            return None
        found = parse_instant(text, self.zone) if isinstance(text, str) else None
        if found is None:
            self.wrong(_path(name), "is not an instant", "write 2027-01-01T09:00:00+01:00")
        return found


def _path(name: str) -> Trail:
    return (name,) if name in _HEAD else ("data", name)


def _example(own: tuple[str, ...]) -> str:
    return f"write {{{own[0]}: ..}}" if own else "leave it out"
