"""Where things stand: from a part of a document to file, line and column.

May know: errors. May not know: what the parts mean.
A document is read into plain data, and beside it the places of its parts are kept by trail: the
keys and indexes that lead to a part. So whatever is found wrong later, by whomever, can be said
with its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, field, frozen

from dealerrouting.errors import DealerRoutingError, Fault

__all__ = ["MOST_FAULTS", "DocumentError", "Places", "Rows", "Text", "Trail", "Unreadable", "Wrongs", "dotted"]

Trail = tuple[str | int, ...]
Mark = tuple[int, int]
MOST_FAULTS = 200


class DocumentError(DealerRoutingError, ValueError):
    """A file that cannot be read as what it should be; `faults` holds everything at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type, tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class Unreadable(Exception):
    """Text that is no document from some point on: what is wrong there, line and column from 1."""

    def __init__(self, what: str, cure: str = "", line: int = 1, column: int = 1) -> None:
        super().__init__(what)
        self.what, self.cure, self.mark = what, cure, (line, column)


def dotted(trail: Trail) -> str:
    """A trail for people: `precedence[1].rules[0].when`."""
    text = ""
    for step in trail:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@frozen
class Text:
    """A document as plain data, with the places of its values and keys, and what is wrong with it as text.

    `wrong` are the trails of parts that stand for nothing: they have been complained of already.
    """

    data: Any
    marks: Mapping[Trail, Mark]
    keys: Mapping[Trail, Mark]
    wrong: tuple[tuple[Trail, str, str], ...] = ()


@frozen
class Rows:
    """A table in a file of its own: the line of each row by its index (or of each code by itself)."""

    file: str
    lines: Mapping[str | int, int]

    def place(self, rest: Trail) -> str:
        """`territories.csv:7:postcodes`; the first line where no row is meant."""
        line = self.lines.get(rest[0], 1) if rest else 1
        column = rest[1] if len(rest) > 1 else 1
        return f"{self.file}:{line}:{column}"


@define
class Places:
    """The places of everything in a document and the tables it names."""

    file: str
    marks: Mapping[Trail, Mark] = field(factory=dict)
    keys: Mapping[Trail, Mark] = field(factory=dict)
    tables: dict[Trail, Rows] = field(factory=dict)

    def of(self, trail: Trail, *, key: bool = False) -> str:
        """The place of a part, or of the nearest thing around it that has one."""
        for length in range(len(trail), 0, -1):
            rows = self.tables.get(trail[:length])
            if rows is not None:
                return rows.place(trail[length:])
        if not self.marks:  # data that came without text, or from a format without positions
            return ": ".join(part for part in (self.file, dotted(trail)) if part)
        marks = self.keys if key and trail in self.keys else self.marks
        for length in range(len(trail), -1, -1):
            if trail[:length] in marks:
                line, column = marks[trail[:length]]
                return f"{self.file}:{line}:{column}"
        return f"{self.file}:1:1"


def _order(fault: Fault) -> tuple[Any, ...]:
    """By file, then line, then column, so that a person can mend from top to bottom."""
    head, _, column = fault.place.rpartition(":")
    file, _, line = head.rpartition(":")
    if not line.isdecimal():
        return (fault.place, 0, 0, "")
    return (file, int(line), int(column) if column.isdecimal() else 0, column)


@define
class Wrongs:
    """Everything that is wrong with one document, each thing once.

    A part that was complained of is `bad`: what others say of it, or of what is in it, is dropped, for
    it would be the same fault again in other words.
    """

    places: Places
    faults: list[Fault] = field(factory=list)
    bad: set[Trail] = field(factory=set)

    def add(self, trail: Trail, what: str, cure: str = "", *, key: bool = False) -> None:
        """Note what is wrong with one part, and that it is bad."""
        self.say(trail, what, cure, key=key)
        self.bad.add(trail)

    def say(self, trail: Trail, what: str, cure: str = "", *, key: bool = False) -> None:
        """Note what is wrong, unless that part or one around it is bad already."""
        if not self.known(trail):
            self.faults.append(Fault(self.places.of(trail, key=key), what, cure, trail))

    def known(self, trail: Trail) -> bool:
        """Whether this part, or one around it, was complained of."""
        return any(trail[:length] in self.bad for length in range(1, len(trail) + 1))

    def sorted(self) -> list[Fault]:
        """All of them from top to bottom; of very many, the first."""
        first = sorted(dict.fromkeys(self.faults), key=_order)
        if len(first) > MOST_FAULTS:
            more = Fault("", f"and {len(first) - MOST_FAULTS:,} more of these")
            return [*first[:MOST_FAULTS], more]
        return first
