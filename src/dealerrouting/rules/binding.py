"""Binding: a condition read against a plan's fields, ready to be asked.

May know: conditions and fields. May not know: rungs, dealers, how an answer is used.

Truth has three values (Kleene): an absent field makes its question unknown, `~unknown` is unknown,
`exists` is never unknown. The closed part is asked first; a `Custom` is called only where the
answer depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs
from attrs import define, frozen

from dealerrouting.errors import Fault, did_you_mean, quoted
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition, Custom, Not, Test
from dealerrouting.rules.fields import KINDS, Context, Unfit
from dealerrouting.tables.countries import read_country
from dealerrouting.taxonomy import Taxonomy

__all__ = [
    "ALWAYS",
    "All",
    "Any_",
    "Asked",
    "Binder",
    "Bound",
    "Flip",
    "Leaf",
    "Opaque",
    "implies",
    "leaves",
]

MAX_DEPTH = 32
MAX_NODES = 10_000


Answer = bool | None
Ask = Callable[[Custom], Answer]
"""Who answers for a custom function."""

_ASK: Mapping[str, Callable[[Any, Any], Answer]] = {
    "eq": lambda fact, const: bool(fact == const),
    "ne": lambda fact, const: bool(fact != const),
    "in": lambda fact, const: fact in const,
    "gte": lambda fact, const: bool(fact >= const),
    "lte": lambda fact, const: bool(fact <= const),
    "has": lambda fact, const: const in fact,
    "covers": lambda fact, const: const.covers(fact),
    "between": lambda fact, const: bool(const[0] <= fact <= const[1]),
    "startswith": lambda fact, const: bool(fact.startswith(const)),
}


@frozen
class Leaf:
    """One field, one comparison, one constant that the field's kind has read."""

    field: str
    op: str
    const: Any
    test: Test = attrs.field(eq=False)  # as written, for people; two leaves are the same by their constants
    _how: str = attrs.field(init=False, eq=False, repr=False)

    @_how.default
    def _asked_how(self) -> str:
        """A set of places or codes answers for itself whether it covers the fact."""
        return "covers" if hasattr(self.const, "covers") else self.op

    def truth(self, facts: Mapping[str, Any], _: Ask) -> Answer:
        """Unknown where the lead does not say; `exists` never is."""
        fact = facts.get(self.field)
        if self.op == "exists":
            return fact is not None
        return None if fact is None else _ASK[self._how](fact, self.const)


@frozen
class All:
    """Kleene's *and*: false where one part is; else unknown where one is."""

    parts: tuple[Bound, ...]

    def truth(self, facts: Mapping[str, Any], ask: Ask) -> Answer:
        """The first false part decides."""
        answer: Answer = True
        for part in self.parts:
            one = part.truth(facts, ask)
            if one is False:
                return False
            if one is None:
                answer = None
        return answer


@frozen
class Any_:
    """Kleene's *or*: true where one part is; else unknown where one is."""

    parts: tuple[Bound, ...]

    def truth(self, facts: Mapping[str, Any], ask: Ask) -> Answer:
        """The first true part decides."""
        answer: Answer = False
        for part in self.parts:
            one = part.truth(facts, ask)
            if one is True:
                return True
            if one is None:
                answer = None
        return answer


@frozen
class Flip:
    """Not the part; unknown stays unknown."""

    part: Bound

    def truth(self, facts: Mapping[str, Any], ask: Ask) -> Answer:
        """The other answer."""
        inner = self.part.truth(facts, ask)
        return None if inner is None else not inner


@frozen
class Opaque:
    """A custom function."""

    custom: Custom

    def truth(self, _: Mapping[str, Any], ask: Ask) -> Answer:
        """Whatever `ask` says."""
        return ask(self.custom)


Bound = Leaf | All | Any_ | Flip | Opaque
ALWAYS = All(())
"""The condition of a source that names none."""


def _unknown(_: Custom) -> None:
    return None


@define
class Asked:
    """One lead under question: its facts, what its customs answered, and which of them failed."""

    facts: Mapping[str, Any]
    answers: dict[tuple[str, str], Answer] = attrs.field(factory=dict)
    failed: set[tuple[str, str]] = attrs.field(factory=set)
    _touched: set[tuple[str, str]] = attrs.field(factory=set, init=False)

    def holds(self, bound: Bound) -> Answer:
        """What `bound` answers for this lead; its customs are asked only where that depends on them."""
        self._touched.clear()
        return self._holds(bound)

    @property
    def opaque(self) -> bool:
        """Whether a custom that failed was asked for the last condition."""
        return not self._touched.isdisjoint(self.failed)

    def _holds(self, bound: Bound) -> Answer:
        """The closed part first, at every level; then every part, so that their order means nothing."""
        answer = bound.truth(self.facts, _unknown)
        if answer is not None or isinstance(bound, Leaf):
            return answer
        match bound:
            case Opaque(custom):
                return self._ask(custom)
            case Flip(part):
                inner = self._holds(part)
                return None if inner is None else not inner
        decisive = isinstance(bound, Any_)
        answers = {self._holds(part) for part in bound.parts}
        return decisive if decisive in answers else None if None in answers else not decisive

    def _ask(self, custom: Custom) -> Answer:
        """The custom's answer, asked once a lead; unknown where it fails."""
        key = (custom.name, custom.version)
        self._touched.add(key)
        if key not in self.answers:
            self.answers[key] = self._call(key, custom)
        return self.answers[key]

    def _call(self, key: tuple[str, str], custom: Custom) -> Answer:
        try:
            answer = custom.fn({name: self.facts.get(name) for name in custom.reads})
        except Exception:  # whatever it raises, the lead must not be lost
            answer = NotImplemented
        if answer is None or isinstance(answer, bool):
            return answer
        self.failed.add(key)
        return None


def leaves(bound: Bound) -> Iterator[Leaf | Opaque]:
    """Every question at the bottom of `bound`, in order."""
    match bound:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from leaves(part)
        case Flip(part):
            yield from leaves(part)
        case _:
            yield bound


def implies(given: Bound, wanted: Bound) -> bool:
    """Whether every lead for which `given` is true is one for which `wanted` is.

    Sound, not complete: it compares conjunct by conjunct, attribute by attribute. What it cannot
    compare it does not claim.
    """
    if given == wanted:
        return True
    match given, wanted:
        case _, All(parts):
            return all(implies(given, part) for part in parts)
        case Any_(parts), _:
            return bool(parts) and all(implies(part, wanted) for part in parts)
        case Leaf(), Leaf():
            return given.field == wanted.field and _within(given, wanted)
    narrower = given.parts if isinstance(given, All) else ()
    wider = wanted.parts if isinstance(wanted, Any_) else ()
    return any(implies(part, wanted) for part in narrower) or any(implies(given, part) for part in wider)


def _within(given: Leaf, wanted: Leaf) -> bool:
    """Whether the values that `given` lets through are all let through by `wanted`."""
    if wanted.op == "exists":
        return True
    if hasattr(wanted.const, "contains"):
        if type(given.const) is type(wanted.const):
            return bool(wanted.const.contains(given.const))
        points = {"eq": (given.const,), "in": given.const}.get(given.op, ())
        return bool(points) and all(wanted.const.covers(point) is True for point in points)
    if given.op in ("eq", "in") and wanted.op in _ASK:
        points = given.const if given.op == "in" else (given.const,)
        return all(_ASK[wanted.op](point, wanted.const) for point in points)
    return _interval_within(given, wanted)


def _interval_within(given: Leaf, wanted: Leaf) -> bool:
    """The same for `between`, `gte` and `lte`; and for prefixes of text."""
    mine, theirs = _interval(given), _interval(wanted)
    if mine is None or theirs is None:
        texts = given.op == wanted.op == "startswith" and isinstance(given.const, str)
        return texts and bool(given.const.startswith(wanted.const))
    (low, high), (least, most) = mine, theirs
    above = least is None or (low is not None and low >= least)
    return above and (most is None or (high is not None and high <= most))


def _interval(leaf: Leaf) -> tuple[Any, Any] | None:
    """Both ends of what the leaf lets through, None for an open end; None where it is no interval."""
    match leaf.op:
        case "between" if isinstance(leaf.const, tuple):
            return leaf.const[0], leaf.const[1]
        case "gte":
            return leaf.const, None
        case "lte":
            return None, leaf.const
    return None


@frozen
class Binder:
    """Reads conditions against a plan's fields; every fault goes to `wrong` with its path."""

    taxonomy: Taxonomy
    kinds: Mapping[str, str]
    wrong: Callable[[Fault], None]

    def bind(self, condition: object, place: str, path: tuple[str | int, ...]) -> Bound:
        """The condition ready to be asked; never true where something is wrong with it."""
        size = _size(condition, 0)
        if size is None:
            self._wrong(place, path, "is too deep or too large", f"at most {MAX_DEPTH} deep, {MAX_NODES:,} parts")
            return Any_(())
        return self._bind(condition, place, path, None)

    def _wrong(self, place: str, path: tuple[str | int, ...], what: str, cure: str = "") -> None:
        self.wrong(Fault(place, what, cure, path))

    def _bind(self, node: object, place: str, path: tuple[str | int, ...], country: str | None) -> Bound:
        match node:
            case AllOf(parts):
                here = _country(parts) or country
                return All(tuple(self._bind(p, place, (*path, "all", i), here) for i, p in enumerate(parts)))
            case AnyOf(parts):
                return Any_(tuple(self._bind(p, place, (*path, "any", i), country) for i, p in enumerate(parts)))
            case Not(part):
                return Flip(self._bind(part, place, (*path, "not"), country))
            case Custom():
                for name in node.reads:
                    self._kind(name, f"{place}, custom {quoted(node.name)}", path)
                return Opaque(node)
            case Test():
                return self._leaf(node, place, path, country)
        self._wrong(place, path, f"{quoted(node)} is not a condition", 'write for example (where.country == "NL")')
        return Any_(())

    def _kind(self, name: str, place: str, path: tuple[str | int, ...]) -> str | None:
        kind = self.kinds.get(name)
        if kind is None:
            self._wrong(place, path, f"no field {quoted(name)}", did_you_mean(name, self.kinds))
        return kind

    def _leaf(self, test: Test, place: str, path: tuple[str | int, ...], country: str | None) -> Bound:
        path = (*path, test.field)
        name = self._kind(test.field, place, path)
        if name is None:
            return Any_(())
        kind = KINDS[name]
        if test.op not in kind.ops:
            what = f"{quoted(test.field)} is {kind.name} and takes no {quoted(test.op)}"
            self._wrong(place, path, what, did_you_mean(test.op, kind.ops))
            return Any_(())
        try:
            const = kind.ops[test.op](test.value, Context(self.taxonomy, country))
        except Unfit as unfit:
            self._wrong(f"{place}, {test.field}", (*path, test.op), unfit.what, unfit.cure)
            return Any_(())
        return Leaf(test.field, test.op, const, test)


def _country(parts: Iterable[Condition]) -> str | None:
    """The one country that the parts of an *and* name, which postcodes beside it belong to."""
    for part in parts:
        if isinstance(part, Test) and part.field == "country":
            values = (part.value,) if part.op == "eq" else part.value if part.op == "in" else ()
            if isinstance(values, tuple) and len(values) == 1 and isinstance(values[0], str):
                return read_country(values[0])
    return None


def _size(node: object, depth: int) -> int | None:
    """The number of nodes, or None beyond the bounds."""
    if depth >= MAX_DEPTH:
        return None
    parts: tuple[object, ...] = (
        node.parts if isinstance(node, (AllOf, AnyOf)) else (node.part,) if isinstance(node, Not) else ()
    )
    total = 1
    for part in parts:
        size = _size(part, depth + 1)
        if size is None or (total := total + size) > MAX_NODES:
            return None
    return total
