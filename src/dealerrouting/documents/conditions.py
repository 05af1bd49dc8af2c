"""Conditions and pick chains as documents write them.

May know: conditions, places. May not know: fields and their kinds; the plan says what fits.

    {all: [{country: {eq: BE}}, {postcode: {between: ["2000", "2660"]}}, {not: {month: {in: [8]}}}]}

One question a mapping. Several comparisons of one field are *and*; `{country: NL}` is short for
`{country: {eq: NL}}`. Where the core would see one part more than the document has, its trail is kept
beside the document's own, so that what it says lands on the right line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from attrs import define, field, frozen

from dealerrouting.documents.checks import shown
from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.errors import did_you_mean, quoted
from dealerrouting.rules import Condition, Custom, Pick, where
from dealerrouting.rules.conditions import AllOf, AnyOf, Not, Ref

__all__ = ["Customs", "Reader"]


@frozen
class Customs:
    """The functions that `{custom: name}` means: in a condition, and in a pick chain."""

    conditions: Mapping[str, Custom] = field(factory=dict)
    picks: Mapping[str, Pick] = field(factory=dict)


_EXAMPLE = "write {country: {eq: NL}} for example"


def _within(ref: Ref, value: Any) -> Condition:
    return ref.within_km(value.get("lat"), value.get("lon"), value.get("km"))


def _under(ref: Ref, value: Any) -> Condition:
    return ref.under([item.strip() for item in value.split(";")] if isinstance(value, str) else value)


OPS: Mapping[str, Callable[[Ref, Any], Condition]] = {
    "eq": lambda ref, value: ref == value,
    "ne": lambda ref, value: ref != value,
    "in": lambda ref, value: ref.in_(value),
    "between": lambda ref, value: ref.between(*value),
    "gte": lambda ref, value: ref.gte(value),
    "lte": lambda ref, value: ref.lte(value),
    "startswith": lambda ref, value: ref.startswith(value),
    "under": _under,
    "has": lambda ref, value: ref.has(value),
    "within_km": _within,
    "exists": lambda ref, _: ref.exists(),
}


@define
class Reader:
    """Reads conditions and chains; notes what is wrong in `wrongs` and other trails of the core's in `trails`."""

    customs: Customs
    wrongs: Wrongs
    trails: dict[Trail, Trail] = field(factory=dict)

    def condition(self, node: Any, here: Trail, core: Trail) -> Condition | None:
        """The condition at `here`, or None where it is none. The core will call it `core`."""
        self.trails[core] = here
        if not isinstance(node, dict) or len(node) != 1:
            self._no_condition(node, here)
            return None
        ((name, value),) = node.items()
        trail, inner = (*here, name), (*core, name)
        if name in ("all", "any"):
            return self._parts(name, value, trail, inner)
        if name == "not":
            part = self.condition(value, trail, inner)
            return None if part is None else Not(part)
        if name == "custom" and not isinstance(value, dict):
            return self._custom(value, trail)
        return self._field(name, value, trail, core)

    def _no_condition(self, node: Any, here: Trail) -> None:
        if isinstance(node, dict) and node:
            names = ", ".join(quoted(name) for name in list(node)[:4])
            self.wrongs.add(here, f"a condition asks one thing, and here are {names}", "write {all: [{..}, {..}]}")
        else:
            self.wrongs.add(here, f"{'an empty mapping' if node == {} else shown(node)} is not a condition", _EXAMPLE)

    def _parts(self, name: str, value: Any, trail: Trail, core: Trail) -> Condition | None:
        if not isinstance(value, list):
            self.wrongs.add(
                trail, f"`{name}` takes a list of conditions, not {shown(value)}", f"write {{{name}: [..]}}"
            )
            return None
        if not value:
            self.wrongs.add(trail, f"`{name}` is empty: true or false for every lead", "name a condition in it")
            return None
        parts = [self.condition(part, (*trail, index), (*core, index)) for index, part in enumerate(value)]
        known = tuple(part for part in parts if part is not None)
        if len(known) < len(parts):
            return None
        return AllOf(known) if name == "all" else AnyOf(known)

    def _custom(self, name: Any, trail: Trail) -> Condition | None:
        known = self.customs.conditions
        if isinstance(name, str) and name in known:
            return known[name]
        self.wrongs.add(trail, f"no custom function {quoted(name)} is given", _cure(name, known, "Custom"))
        return None

    def _field(self, name: str, value: Any, trail: Trail, core: Trail) -> Condition | None:
        if isinstance(value, dict) and value:
            ops = value
        elif isinstance(value, (str, int, float, Decimal)):
            ops = {"eq": value}
            self.trails[(*core, name, "eq")] = trail
        else:
            cure = f"write {{{str(name)[:30]}: {{in: [..]}}}}" if isinstance(value, list) else _EXAMPLE
            self.wrongs.add(trail, f"{shown(value)} is not a comparison", cure)
            return None
        tests: list[Condition | None] = []
        for index, (op, const) in enumerate(ops.items()):
            if len(ops) > 1:  # the core sees an *and* here, the document a mapping
                self.trails[(*core, "all", index)] = trail[:-1]
            tests.append(self._test(name, op, const, (*trail, op) if value is ops else trail))
        known = tuple(test for test in tests if test is not None)
        if len(known) < len(tests):
            return None
        return known[0] if len(known) == 1 else AllOf(known)

    def _test(self, name: str, op: str, const: Any, trail: Trail) -> Condition | None:
        if op not in OPS:
            self.wrongs.add(trail, f"unknown comparison {quoted(op)}", did_you_mean(op, OPS), key=True)
        elif op == "between" and (not isinstance(const, list) or len(const) != 2):
            self.wrongs.add(trail, f"`between` takes two ends, not {shown(const)}", "write [first, last]: both hold")
        elif op == "exists" and const is not True:
            cure = "write {exists: true}, with {not: ..} around it for the opposite"
            self.wrongs.add(trail, f"`exists` takes no constant, not {shown(const)}", cure)
        elif op == "within_km" and (not isinstance(const, dict) or set(const) != {"lat", "lon", "km"}):
            self.wrongs.add(trail, "`within_km` takes `lat`, `lon` and `km`", "write {lat: 51.9, lon: 4.5, km: 30}")
        elif op in ("in", "under") and isinstance(const, list) and any(isinstance(c, (list, dict)) for c in const):
            self.wrongs.add(trail, "a list in a list", "write plain values")
        else:
            return OPS[op](where[name], const)
        return None

    def chain(self, given: Any, trail: Trail) -> tuple[str | Pick, ...] | None:
        """A pick chain; None where the rung's own default holds, or for want of a step of it."""
        if given is None:
            return None
        steps = [given] if isinstance(given, str) else given
        found = [self._step(step, (*trail, index)) for index, step in enumerate(steps)]
        known = tuple(step for step in found if step is not None)
        return known if len(known) == len(found) else None

    def _step(self, step: Any, trail: Trail) -> str | Pick | None:
        if not isinstance(step, dict):
            return step  # type: ignore[no-any-return]  # text or, where it was bad, None
        name = str(step.get("custom"))
        known = self.customs.picks
        if name in known:
            return known[name]
        self.wrongs.add(trail, f"no custom pick {quoted(name)} is given", _cure(name, known, "Pick"))
        return None


def _cure(name: Any, known: Mapping[str, object], kind: str) -> str:
    if known:
        return did_you_mean(name, known)
    return f"load the plan in Python with customs={{name: {kind}(...)}}, or name it there as package.module:attribute"
