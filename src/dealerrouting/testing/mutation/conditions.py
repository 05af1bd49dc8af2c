"""Changes of a rule's condition: its constants one step wider or narrower, a part left out, a `not` taken away.

May know: conditions and how they are read. May not know: rules, plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from attrs import evolve

from dealerrouting.postcode import PostcodeSet
from dealerrouting.rules.binding import All, Any_, Bound, Flip, Leaf
from dealerrouting.rules.canonical import value_data
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Custom, Not, Test
from dealerrouting.rules.fields import Under
from dealerrouting.testing.mutation.mutant import Change
from dealerrouting.testing.mutation.stepping import (
    next_value,
    stepped_cells,
    stepped_codes,
    stepped_sectors,
    without_one,
)

__all__ = ["changed", "said"]

_OTHER_WAY = {"widen": "narrow", "narrow": "widen"}
_LONG = 60
_ORDERED = {"gte": (("start", 0),), "lte": (("end", 0),), "between": (("start", 0), ("end", 1))}
"""Which end of what a comparison lets through its constants are."""


def changed(condition: Condition, bound: Bound) -> Iterator[Change[Condition]]:
    """Every single change of the condition; `bound` is what a plan has read it as."""
    match condition, bound:
        case ((AllOf(parts) | AnyOf(parts)), All(read) | Any_(read)):
            yield from _fewer(condition, parts)
            for at, (part, mine) in enumerate(zip(parts, read, strict=True)):
                for change in changed(part, mine):
                    yield change.inside(partial(_instead, condition, at), f"{at}.")
        case Not(part), Flip(mine):
            yield Change("not", "negate", "mutant.unnegated", {"was": said(part)}, partial(_same, part))
            for change in changed(part, mine):
                yield evolve(change.inside(_negated, "not."), kind=_OTHER_WAY.get(change.kind, change.kind))
        case Test(), Leaf():
            yield from _constants(condition, bound)


def _fewer(condition: AllOf | AnyOf, parts: tuple[Condition, ...]) -> Iterator[Change[Condition]]:
    kind = "widen" if isinstance(condition, AllOf) else "narrow"
    for at, part in enumerate(parts if len(parts) > 1 else ()):
        left = parts[:at] + parts[at + 1 :]
        whole = left[0] if len(left) == 1 else type(condition)(left)
        yield Change(f"{at}.drop", kind, "mutant.without_part", {"was": said(part)}, partial(_same, whole))


def _instead(condition: AllOf | AnyOf, at: int, part: Condition) -> Condition:
    return type(condition)((*condition.parts[:at], part, *condition.parts[at + 1 :]))


def _negated(part: Condition) -> Condition:
    return Not(part)


def _same(condition: Condition) -> Condition:
    return condition


def _constants(test: Test, leaf: Leaf) -> Iterator[Change[Condition]]:
    """Changes of what a field is held against."""
    put = partial(Test, test.field, test.op)
    match test.op, leaf.const:
        case "in", _:
            changes: Iterator[Change[Any]] = without_one(test.field, test.value)
        case "between" | "under", PostcodeSet() as codes:
            changes = (c.inside(_ends if test.op == "between" else _items) for c in stepped_codes(test.field, codes))
        case "under", Under() as under:
            changes = stepped_sectors(test.field, under.codes, under.taxonomy)
        case "under", _:
            changes = stepped_cells(test.field, leaf.const.cells)
        case "startswith", _:
            changes = _shorter(test)
        case "within_km", _:
            changes = _radius(test)
        case (("between" | "gte" | "lte"), _):
            changes = _stepped(test, leaf.const)
        case _:
            return
    for change in changes:
        yield change.inside(put)


def _ends(codes: PostcodeSet) -> tuple[str, str]:
    """A run of codes as `between` writes it."""
    first, _, last = codes.items[0].partition("..")
    return first, last or first


def _items(codes: PostcodeSet) -> tuple[str, ...]:
    return codes.items


def _shorter(test: Test) -> Iterator[Change[str]]:
    if len(test.value) > 1:
        told = {"column": test.field, "was": test.value, "now": test.value[:-1]}
        yield Change(f"{test.field}.widen", "widen", "mutant.instead", told, partial(str, test.value[:-1]))


def _radius(test: Test) -> Iterator[Change[tuple[Any, ...]]]:
    lat, lon, km = test.value
    for kind, way in (("widen", 1), ("narrow", -1)):
        now = Decimal(str(km)) + way
        told = {"column": f"{test.field}.km", "was": str(km), "now": str(now)}
        yield Change(f"{test.field}.{kind}", kind, "mutant.instead", told, partial(_same_value, (lat, lon, now)))


def _same_value(value: Any) -> Any:
    return value


def _stepped(test: Test, const: Any) -> Iterator[Change[Any]]:
    """Each end one step out, and one in."""
    both = const if isinstance(const, tuple) else (const,)
    for side, at in _ORDERED[test.op]:
        for way in (-1, 1):
            now = next_value(both[at], way)
            kind = "widen" if (way < 0) == (side == "start") else "narrow"
            ends = (*both[:at], now, *both[at + 1 :])
            told = {"column": test.field, "was": _shown(both[at]), "now": _shown(now)}
            value = ends if test.op == "between" else now
            slug = f"{test.field}.{side}{'+' if way > 0 else '-'}"
            yield Change(slug, kind, f"mutant.{side}", told, partial(_same_value, value))


def _shown(value: Any) -> str:
    return str(value_data(value))


def said(condition: Condition) -> str:
    """A condition in one short line."""
    text = _whole(condition)
    return text if len(text) <= _LONG else f"{text[: _LONG - 3]}..."


def _whole(condition: Condition) -> str:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            word = "all" if isinstance(condition, AllOf) else "any"
            return f"{word}({', '.join(map(_whole, parts))})"
        case Not(part):
            return f"not {_whole(part)}"
        case Test(name, "exists"):
            return f"{name} exists"
        case Test(name, op, value):
            listed = ", ".join(map(_shown, value)) if isinstance(value, tuple) else _shown(value)
            return f"{name} {op} {listed}"
        case Custom():
            return condition.name
    return repr(condition)
