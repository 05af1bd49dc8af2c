"""Conditions: the closed algebra in which a plan says which leads it means.

May know: nothing of leads or plans; a condition is only text and constants until `binding` reads
it against a plan's fields. May not know: how it will be answered.

    (where.country == "NL") & where.postcode.between("3000", "3399") & where.sector.under("C10")

The algebra is closed so that a plan can be proved, not only tried. What lies outside it is a
`Custom`, which says what it reads and which version it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any, NoReturn

import attrs
from attrs import field, frozen

from dealerrouting.calendar import instant, is_instant
from dealerrouting.errors import Fault, PlanError, quoted

__all__ = ["AllOf", "AnyOf", "Condition", "Custom", "Not", "Test", "Where", "where"]

_HINT = "use & | ~ between conditions, with each comparison in brackets: (where.a == 1) & (where.b == 2)"


class Condition:
    """A question about a lead that is true, false, or unknown where the lead does not say."""

    __slots__ = ()

    def __and__(self, other: object) -> Condition:
        return AllOf((*_parts(self, AllOf), *_parts(other, AllOf)))

    def __or__(self, other: object) -> Condition:
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> Condition:
        return self.part if isinstance(self, Not) else Not(self)

    def __rand__(self, other: object) -> NoReturn:
        raise TypeError(f"{quoted(other)} is not a condition; {_HINT}")

    __ror__ = __rand__

    def __bool__(self) -> NoReturn:
        raise TypeError(f"a condition is not true or false by itself; {_HINT}")


def _parts(value: object, kind: type[AllOf | AnyOf]) -> tuple[Condition, ...]:
    if not isinstance(value, Condition):
        raise TypeError(f"{quoted(value)} is not a condition; {_HINT}")
    return value.parts if isinstance(value, kind) else (value,)


_EVERY_DIGIT = Context(prec=1_000, traps=[])
"""What numbers are compared in: the default one would round what a plan may write."""


def _constant(value: Any) -> str:
    """A constant as it compares: the same one, whether Python wrote it or a document gave it back.

    1.5 is one number as a float and as a decimal, and a day or an instant is the text that a document has of it.
    """
    match value:
        case bool():
            return repr(value)
        case int() | float() | Decimal():
            return f"number {_EVERY_DIGIT.plus(Decimal(str(value))).normalize(_EVERY_DIGIT)}"
        case datetime():
            return repr(instant(value).isoformat() if is_instant(value) else value)
        case date():
            return repr(value.isoformat())
        case tuple() | list():
            return f"({', '.join(map(_constant, value))})"
    return repr(value)


@frozen
class Test(Condition):
    """One field held against a constant: `Test("country", "eq", "NL")`."""

    __test__ = False  # pytest would take the name for its own
    field: str
    op: str
    value: Any = attrs.field(default=None, eq=_constant)


def _in_any_order(parts: tuple[Condition, ...]) -> tuple[str, ...]:
    """What two lists of parts are compared by: *and* and *or* have no order, on any level."""
    return tuple(sorted(map(_written, parts)))


def _written(condition: Condition) -> str:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return f"{type(condition).__name__}{_in_any_order(parts)}"
        case Not(part):
            return f"Not({_written(part)})"
        case Test(name, op, value):
            return f"{name} {op} {_constant(value)}"
    return repr(condition)


@frozen
class AllOf(Condition):
    """True where every part is; false where one is false; else unknown."""

    parts: tuple[Condition, ...] = field(eq=_in_any_order)


@frozen
class AnyOf(Condition):
    """True where one part is; false where every part is false; else unknown."""

    parts: tuple[Condition, ...] = field(eq=_in_any_order)


@frozen
class Not(Condition):
    """True where the part is false, false where it is true, unknown where it is unknown."""

    part: Condition


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(given)))


@frozen
class Custom(Condition):
    """A question answered by the caller's own pure function.

    `fn` gets a read-only mapping of just the fields in `reads` (absent ones as None) and answers
    True, False, or None for unknown. If it raises, or answers anything else, the answer is
    unknown and the lead is flagged `opaque_error` where that matters. `name`, `version` and
    `reads` are part of the plan's digest; the code cannot be, so raise `version` when it changes.
    """

    name: str
    fn: Callable[[Mapping[str, Any]], bool | None] = field(eq=False, repr=False)
    reads: tuple[str, ...] = field(kw_only=True, converter=_names)
    version: str = field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be named in a digest or could not be called."""
        faults = [
            Fault(f"custom {quoted(self.name)}", what, cure)
            for wrong, what, cure in (
                (not isinstance(self.name, str) or not self.name.strip(), "has no name", "give it one"),
                (
                    not isinstance(self.version, str) or not self.version,
                    "has no version",
                    'write version="1"',
                ),
                (not callable(self.fn), "is not callable", "give a function of one mapping"),
                (
                    not all(isinstance(name, str) for name in self.reads),
                    "reads what is no field",
                    "name fields",
                ),
            )
            if wrong
        ]
        if faults:
            raise PlanError(faults)


class Ref:
    """A field of the lead, waiting for its comparison."""

    __slots__ = ("_name",)
    __hash__ = None  # type: ignore[assignment]  # == makes a condition, so a field cannot be a key

    def __init__(self, name: str) -> None:
        self._name = name

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return Test(self._name, "eq", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return Test(self._name, "ne", other)

    def __ge__(self, other: object) -> Condition:
        return Test(self._name, "gte", other)

    def __le__(self, other: object) -> Condition:
        return Test(self._name, "lte", other)

    def in_(self, values: Iterable[Any]) -> Condition:
        """One of these values."""
        return Test(self._name, "in", _values(values))

    def between(self, first: Any, last: Any) -> Condition:
        """From `first` to `last`; both ends hold."""
        return Test(self._name, "between", (first, last))

    def gte(self, least: Any) -> Condition:
        """At least this."""
        return Test(self._name, "gte", least)

    def lte(self, most: Any) -> Condition:
        """At most this."""
        return Test(self._name, "lte", most)

    def startswith(self, prefix: str) -> Condition:
        """Text that begins so; for a postcode, its normal form."""
        return Test(self._name, "startswith", prefix)

    def under(self, *codes: Any) -> Condition:
        """One of these codes, or below it: a sector, a postcode or a range of them, a geohash cell."""
        flat = codes[0] if len(codes) == 1 and not isinstance(codes[0], str) else codes
        return Test(self._name, "under", _values(flat))

    def has(self, item: str) -> Condition:
        """A list that holds this item."""
        return Test(self._name, "has", item)

    def within_km(self, lat: float, lon: float, km: float) -> Condition:
        """A place at most `km` kilometres from latitude and longitude, over the great circle."""
        return Test(self._name, "within_km", (lat, lon, km))

    def exists(self) -> Condition:
        """The lead says so; the one question that is never unknown."""
        return Test(self._name, "exists")

    def _loose(self, other: object = None) -> NoReturn:
        raise TypeError(f"`{self._name}` stands beside & or | without its comparison; {_HINT}")

    __and__ = __or__ = __rand__ = __ror__ = __invert__ = __bool__ = _loose

    def __repr__(self) -> str:
        return f"where.{self._name}"


def _values(values: Any) -> Any:
    """A list in a fixed order; anything else stays, so that the plan can say what is wrong with it."""
    if not isinstance(values, (list, tuple, set, frozenset, range, Iterator)):
        return values
    return tuple(sorted(values, key=lambda value: (type(value).__name__, str(value))))


class Where:
    """The root of a condition: `where.postcode` is the field `postcode` of the lead.

    `where["segment"]` reads the caller's own field `segment` just as `where.segment` does. Whether
    a field exists, and what it can be compared with, is said when the plan is made.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Ref:
        if name.startswith("__"):
            raise AttributeError(name)
        return Ref(name)

    def __getitem__(self, name: str) -> Ref:
        return Ref(name)

    def __repr__(self) -> str:
        return "where"


where = Where()
