"""What a store keeps, as JSON text and back.

May know: ports' values, the nouns, states, events. May not know: any store, which columns there are.
Text is compact and ASCII, so that it is the same in every database. There and back gives an equal value, but for the
answer of `Answered`: that is of JSON's own types.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from attrs import fields

from dealerrouting.documents.events import event_data, read_event
from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.states import ByType, plain
from dealerrouting.documents.values.decided import read_decision
from dealerrouting.documents.values.nouns import read_facts, read_lead, read_registration
from dealerrouting.documents.values.writing import decision_data, facts_data, lead_data, registration_data
from dealerrouting.errors import CorruptRecord, Faulty
from dealerrouting.events import Event, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision, Facts, Lead, Registration
from dealerrouting.ports import Act, Answered, Case, Claimed, Counter, Decided, Desk, Ref, Trouble, Watched
from dealerrouting.sla import Effect

__all__ = ["read_stored", "stored_text"]


def stored_text(value: Any) -> str:
    """The value as JSON text; `TypeError` for what no store keeps. A mapping is as it is."""
    return json.dumps(_data(value), separators=(",", ":"))


def _data(value: Any) -> Any:
    match value:
        case Claimed():
            return {**_moments(value), "claim": registration_data(value.claim)}
        case Decided():
            decision, facts = decision_data(value.decision), facts_data(value.facts)
            return {"decision": decision, "assignment": value.assignment, "facts": facts}
        case Watched():
            return {"decision": decision_data(value.decision), "chosen": value.chosen}
        case Case() | Desk() | Counter() | Answered() | Trouble() | Act() | Effect() | Mapping():
            return plain(value)
        case Event() | Tick():
            return event_data(value)
    for kind, write in _NOUNS.items():
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"a {type(value).__name__} is nothing that a store keeps")


_NOUNS: Mapping[type, Callable[[Any], Any]] = {
    Lead: lead_data,
    Registration: registration_data,
    Decision: decision_data,
    Facts: facts_data,
}


def _moments(one: Claimed) -> dict[str, Any]:
    given = {"next_due": one.next_due, "over_since": one.over_since}
    return {name: plain(at) for name, at in given.items() if at is not None}


def read_stored(kind: type, text: Any, what: str) -> Any:
    """The value of this kind that `stored_text` wrote; `kind` may be `Event`, for ticks too, and `dict` for a mapping.

    `CorruptRecord` where there is none in it. Its text says `what`, the kind and id of the record, and where in the
    record the fault is; and never what stands there.
    """
    try:
        return _READERS[kind](json.loads(text))
    except (Faulty, DocumentError) as error:
        why = _places(kind, error)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        why = "it is no JSON of ours"
    raise CorruptRecord(what, why) from None


def _places(kind: type, error: Faulty | DocumentError) -> str:
    """Which fields are wrong: only names that the value itself has, for anything may stand in a broken record."""
    known = {one.name for one in fields(kind)} if hasattr(kind, "__attrs_attrs__") else frozenset()
    steps = {str(step) for fault in error.faults for step in fault.path for step in str(step).split(".")}
    found = ", ".join(sorted(steps & known))
    return f"it does not read as a {kind.__name__}" + (f": see {found}" if found else "")


def _by_type(kind: type, data: Any) -> Any:
    return ByType().whole(data, kind, kind.__name__.lower())


def _claimed(data: Any) -> Claimed:
    given = dict(data)
    return Claimed(read_registration(given.pop("claim")), **_instants(given))


def _instants(given: Mapping[str, Any]) -> dict[str, Any]:
    read = ByType()
    found = {name: read.moment(text, (name,)) for name, text in given.items()}
    if read.faults:
        raise DocumentError(read.faults)
    return found


def _decided(data: Any) -> Decided:
    return Decided(read_decision(data["decision"]), _whole(data["assignment"]), read_facts(data["facts"]))


def _watched(data: Any) -> Watched:
    return Watched(read_decision(data["decision"]), _text(data["chosen"]))


def _answered(data: Any) -> Answered:
    words = {name: _text(data[name]) for name in ("key", "command", "content")}
    return Answered(about=_by_type(Ref, data["about"]), answer=_map(data["answer"]), **words)


def _map(data: Any) -> FrozenMap[Any]:
    return FrozenMap(_of(dict, data))


def _of(kind: type, data: Any) -> Any:
    if not isinstance(data, kind) or isinstance(data, bool):
        raise ValueError("is of another type")
    return data


_text, _whole = partial(_of, str), partial(_of, int)
_READERS: Mapping[type, Callable[[Any], Any]] = {
    **{kind: partial(_by_type, kind) for kind in (Case, Desk, Counter, Trouble, Act, Effect)},
    Answered: _answered,
    Claimed: _claimed,
    Decided: _decided,
    Watched: _watched,
    Event: read_event,
    Lead: read_lead,
    Registration: read_registration,
    Decision: read_decision,
    Facts: read_facts,
    dict: _map,
}
