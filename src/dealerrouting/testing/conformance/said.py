"""How the kit says what is wrong: in plain words, with what was expected, what came, and the law that it breaks.

May know: attrs values. May not know: stores, checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import fields, has

__all__ = ["LAWS", "Broken", "NotHere", "differences", "same", "shown"]

LAWS: Mapping[int, str] = {
    1: "the same lead, plan, facts and instant give the same decision: a source leaves nothing out and adds nothing",
    2: "every lead has one holder, and none is lost: what was kept comes back as it was, and what waits is found",
    11: "never before due, and `next_due` is the first instant at which something acts, in whole microseconds",
    16: "duplicates change nothing",
    17: "what happened is told in the order in which it was committed",
    19: "every state that is not final has a next due instant, and a sweep finds it",
    20: "replay gives identical effects: events, records and decisions are kept as they were",
    22: "every change has one record that explains it",
    23: "one commit or nothing",
    24: "`commit(reads, writes)` is made if all in `reads` still has that version, absence included; else Conflict",
    25: "a message leaves at least once, with a deterministic key",
    26: "a command repeated with its key gives the first answer again, as long as its lead is there",
    29: "what is erased is nowhere, and no error says what a person said",
}
"""The laws of the design that a store can break, in short."""

_LONG = 160


class Broken(AssertionError):
    """A store does not do what its rung demands. `law` is the number of the law in the design."""

    def __init__(self, wrong: str, law: int, expected: str = "", got: str = "") -> None:
        self.wrong, self.law = wrong, law
        lines = [wrong]
        lines += [f"  expected: {expected}", f"  got:      {got}"] if expected or got else []
        super().__init__("\n".join([*lines, f"  law {law}: {LAWS[law]}"]))


class NotHere(Exception):
    """A check that cannot be made where it runs, and why."""


def shown(value: object) -> str:
    """A value on one line, short enough to read."""
    text = ascii(value) if isinstance(value, str) else str(value) if isinstance(value, datetime) else repr(value)
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]} ... {text[-_LONG // 2 :]}"


def same(got: object, expected: object, what: str, law: int) -> None:
    """`Broken` where the two differ, with the first places at which they do; `what` names the value."""
    found = list(differences(expected, got))
    if not found:
        return
    place, wanted, came = found[0]
    more = f" (and {len(found) - 1} more differences)" if len(found) > 1 else ""
    raise Broken(f"{what}{place} is not what it must be{more}", law, wanted, came)


def differences(expected: object, got: object, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two values differ: the place, what is expected there, what is there."""
    if _equal(expected, got):
        return
    for kind, inside in _INSIDE:
        if isinstance(expected, kind) and isinstance(got, kind):
            found = list(inside(expected, got, place))
            yield from found or [(place, shown(expected), shown(got))]
            return
    if has(type(expected)) and type(expected) is type(got):
        found = [one for name in _compared(expected) for one in _field(expected, got, name, place)]
        yield from found or [(place, shown(expected), shown(got))]
        return
    yield place, _typed(expected, got), _typed(got, expected)


def _equal(expected: object, got: object) -> bool:
    """Equal, and of one type where Python calls things equal that are not the same: 1 and True, 1 and Decimal(1)."""
    return expected == got and (type(expected) is type(got) or not isinstance(expected, (bool, int, float, str)))


def _typed(value: object, other: object) -> str:
    differ = type(value) is not type(other) and value is not None and other is not None
    return f"{shown(value)} ({type(value).__name__})" if differ else shown(value)


def _compared(value: Any) -> list[str]:
    return [one.name for one in fields(type(value)) if one.eq and not one.name.startswith("_")]


def _field(expected: object, got: object, name: str, place: str) -> Iterator[tuple[str, str, str]]:
    return differences(getattr(expected, name), getattr(got, name), f"{place}.{name}")


def _in_mapping(expected: Any, got: Any, place: str) -> Iterator[tuple[str, str, str]]:
    for key in sorted({*expected, *got}, key=str):
        if key not in got:
            yield f"{place}[{shown(str(key))}]", shown(expected[key]), "nothing"
        elif key not in expected:
            yield f"{place}[{shown(str(key))}]", "nothing", shown(got[key])
        else:
            yield from differences(expected[key], got[key], f"{place}[{shown(str(key))}]")


def _in_tuple(expected: Any, got: Any, place: str) -> Iterator[tuple[str, str, str]]:
    if len(expected) != len(got):
        yield place, f"{len(expected)} of them: {shown(expected)}", f"{len(got)}: {shown(got)}"
    elif sorted(map(repr, expected)) == sorted(map(repr, got)):
        yield place, f"in this order: {shown(expected)}", f"in another order: {shown(got)}"
    else:
        for index, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from differences(one, other, f"{place}[{index}]")


_INSIDE: tuple[tuple[type, Callable[[Any, Any, str], Iterator[tuple[str, str, str]]]], ...] = (
    (Mapping, _in_mapping),
    (tuple, _in_tuple),
)
