"""States and effects of the SLA to JSON's own types and back.

May know: the values of `sla`, events, lengths. May not know: files, what a state leads to.
A store of any kind can keep a state as this text and index it by `sla.next_due`. Every field is written by
its name and read by its type, so that a state is the same after it; one that is not there is as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, has

from dealerrouting.calendar import Business, BusinessDays, Elapsed, Length, parse_instant
from dealerrouting.documents.events import event_data, read_event
from dealerrouting.documents.lengths import read_length
from dealerrouting.documents.places import DocumentError, Places, Trail, Wrongs, dotted
from dealerrouting.errors import EventError, Fault, did_you_mean, quoted
from dealerrouting.events import Event
from dealerrouting.mapping import FrozenMap
from dealerrouting.sla import Effect, SlaState
from dealerrouting.terms import length_data

__all__ = ["ByType", "effect_data", "plain", "read_effect", "read_state", "state_data"]


def state_data(state: SlaState) -> dict[str, Any]:
    """The state in JSON's own types; `read_state` makes an equal one of it."""
    return {"schema_version": 1, **plain(state)}


def effect_data(effect: Effect) -> dict[str, Any]:
    """The effect in JSON's own types; `read_effect` makes an equal one of it."""
    return {"schema_version": 1, **plain(effect)}


def read_state(data: Any) -> SlaState:
    """The state of which `state_data` gave `data`; `DocumentError` with everything that is wrong."""
    state: SlaState = ByType().whole(data, SlaState, "state")
    return state


def read_effect(data: Any) -> Effect:
    """The effect of which `effect_data` gave `data`; `DocumentError` with everything that is wrong."""
    effect: Effect = ByType().whole(data, Effect, "effect")
    return effect


def plain(value: Any) -> Any:
    """A value in JSON's own types; what a field is by default is left out."""
    if value is None or type(value) in _SIMPLE:
        return value
    match value:
        case Event():
            return event_data(value)
        case Elapsed() | Business() | BusinessDays():
            return length_data(value)
        case datetime():
            return value.isoformat()
        case timedelta():
            return {"microseconds": value // timedelta(microseconds=1)}
        case tuple():
            return [plain(item) for item in value]
        case frozenset():
            return sorted(value)
        case Mapping():
            return {name: plain(item) for name, item in value.items()}
        case _ if has(type(value)):
            kind: Any = type(value)
            return {name: plain(v) for name, usual in _usual(kind) if (v := getattr(value, name)) != usual}
    return value


class ByType:
    """Reads data by the type that it is to be; every fault is noted with the way to it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, trail: Trail, what: str, cure: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(dotted(trail), what, cure, trail))

    def whole(self, data: Any, kind: type, name: str) -> Any:
        """One whole value, or everything that is wrong with it."""
        given = dict(data) if isinstance(data, dict) else data
        version = given.pop("schema_version", 1) if isinstance(given, dict) else 1
        if version != 1 or isinstance(version, bool):
            self.wrong((name, "schema_version"), f"{quoted(version)} is not known here", "this release reads 1")
        found = self.read(given, kind, (name,))
        if self.faults:
            raise DocumentError(self.faults)
        return found

    def read(self, data: Any, kind: Any, trail: Trail) -> Any:
        """The value of this type; what it is where it cannot be read does not matter, for that is noted."""
        if kind in _SIMPLE and type(data) is kind:
            return data
        origin, inner = _shape(kind)
        if origin in (UnionType, Union):
            return self.either(data, inner, trail)
        if kind in _SPECIAL:
            return _SPECIAL[kind](self, data, trail)
        if origin is tuple:
            return self.items(data, inner, trail)
        if origin is frozenset:
            return frozenset(self.items(data, (inner[0], ...), trail))
        if origin is FrozenMap:
            return FrozenMap({n: self.read(v, inner[0], (*trail, n)) for n, v in self.mapping(data, trail).items()})
        if has(kind):
            return self.noun(data, kind, trail)
        if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
            self.wrong(trail, f"{quoted(data)} is not {_NAMES.get(kind, kind.__name__)}")
        return data

    def either(self, data: Any, kinds: tuple[Any, ...], trail: Trail) -> Any:
        """One of several types: nothing, or the one that fits what it looks like."""
        if data is None and NoneType in kinds:
            return None
        kinds = tuple(kind for kind in kinds if kind is not NoneType)
        if set(kinds) == set(get_args(Length)):
            return self.length(data, trail)
        if set(kinds) == {timedelta, int}:
            return self.read(data, timedelta if isinstance(data, dict) else int, trail)
        return self.read(data, kinds[0], trail)

    def items(self, data: Any, inner: tuple[Any, ...], trail: Trail) -> tuple[Any, ...]:
        """A list of one type, or of so many things each of its own."""
        if not isinstance(data, list):
            self.wrong(trail, f"{quoted(type(data).__name__)} is not a list")
            return ()
        kinds = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        if len(kinds) != len(data):
            self.wrong(trail, f"has {len(data)} items", f"it takes {len(kinds)}")
            return ()
        return tuple(
            self.read(item, kind, (*trail, at)) for at, (item, kind) in enumerate(zip(data, kinds, strict=True))
        )

    def mapping(self, data: Any, trail: Trail) -> dict[str, Any]:
        """A mapping of names; an empty one where it is none."""
        if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
            self.wrong(trail, f"{quoted(type(data).__name__)} is not a mapping of names")
            return {}
        return data

    def noun(self, data: Any, kind: Any, trail: Trail) -> Any:
        """A value of the SLA by its fields."""
        given, types, before = self.mapping(data, trail), _types(kind), len(self.faults)
        for name in given.keys() - types.keys():
            self.wrong((*trail, name), f"unknown key {quoted(name)}", did_you_mean(name, types))
        for name, usual in _usual(kind):
            if usual is NOTHING and name not in given:
                self.wrong((*trail, name), f"`{name}` is missing", "add it")
        read = {n: self.read(v, types[n], (*trail, n)) for n, v in given.items() if n in types}
        return kind(**read) if len(self.faults) == before else None

    def moment(self, data: Any, trail: Trail) -> datetime | None:
        """An instant."""
        found = parse_instant(data) if isinstance(data, str) else None
        if found is None:
            self.wrong(trail, f"{quoted(data)} is not an instant", "write 2027-01-01T09:00:00+01:00")
        return found

    def stretch(self, data: Any, trail: Trail) -> timedelta:
        """A stretch of time, to the microsecond."""
        given = self.mapping(data, trail)
        count = given.get("microseconds")
        if not isinstance(count, int) or isinstance(count, bool) or abs(count) > 10**18:
            self.wrong(trail, f"{quoted(data)} is not a stretch of time", "write {microseconds: 1}")
            return timedelta(0)
        return timedelta(microseconds=count)

    def length(self, data: Any, trail: Trail) -> Length | None:
        """A length, elapsed or of business time."""
        wrongs = Wrongs(Places(""))
        found = read_length(data, trail, wrongs)
        self.faults += wrongs.faults
        return found

    def event(self, data: Any, trail: Trail) -> Any:
        """An event, read by its own reader."""
        try:
            return read_event(data)
        except EventError as error:
            for fault in error.faults:
                self.wrong((*trail, *fault.path), fault.what, fault.cure)
            return None


_SIMPLE = frozenset({str, int, bool})


@cache
def _usual(kind: Any) -> tuple[tuple[str, Any], ...]:
    """A noun's fields, and what each is by default."""
    return tuple((one.name, one.default) for one in fields(kind))


@cache
def _shape(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a type is made of."""
    return get_origin(kind), get_args(kind)


@cache
def _types(kind: Any) -> dict[str, Any]:
    """The types of a noun's fields; worked out once, for a store reads the same few all day."""
    return get_type_hints(kind)


_SPECIAL: Mapping[Any, Callable[[ByType, Any, Trail], Any]] = {
    datetime: ByType.moment,
    timedelta: ByType.stretch,
    Event: ByType.event,
}
_NAMES = {str: "text", int: "a whole number", bool: "true or false"}
