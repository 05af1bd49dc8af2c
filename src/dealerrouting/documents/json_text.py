"""JSON text to plain data with places.

May know: scalars, places. May not know: what the data means.
The standard reader says neither where a value stood nor that a key came twice, and takes `NaN`;
so this one walks the text itself. Strings are cut out by hand and unescaped by the standard reader.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import accumulate
from typing import Any

from attrs import define, field

from dealerrouting.documents.places import Mark, Text, Trail, Unreadable
from dealerrouting.documents.scalars import number
from dealerrouting.errors import quoted

__all__ = ["MOST_DEPTH", "MOST_NODES", "read_json"]

MOST_DEPTH = 64
MOST_NODES = 1_000_000
_BLANK = " \t\n\r"
_STOPS = frozenset(' \t\n\r,:]}[{"')
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@define
class _Reader:
    text: str
    starts: list[int]
    at: int = 0
    nodes: int = 0
    marks: dict[Trail, Mark] = field(factory=dict)
    keys: dict[Trail, Mark] = field(factory=dict)
    wrong: list[tuple[Trail, str, str]] = field(factory=list)
    dropped: int = 0

    def mark(self, at: int) -> Mark:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def broken(self, what: str, cure: str = "mend it here or just before") -> Unreadable:
        return Unreadable(what, cure, *self.mark(min(self.at, len(self.text))))

    def blank(self) -> str:
        """Skip blanks; the next character, or nothing at the end."""
        while self.text[self.at : self.at + 1] and self.text[self.at] in _BLANK:
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self, trail: Trail) -> Any:
        sign = self.blank()
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.broken(f"more than {MOST_NODES:,} values", "put tables in CSV files")
        if len(trail) > MOST_DEPTH:
            raise self.broken(f"nested more than {MOST_DEPTH} deep", "write it flatter")
        self.marks.setdefault(trail, self.mark(self.at))
        match sign:
            case "{":
                return self.mapping(trail)
            case "[":
                return self.listing(trail)
            case '"':
                return self.string()
            case "":
                raise self.broken("this is not JSON: it ends too early")
        return self.word(trail)

    def mapping(self, trail: Trail) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        if self.blank() == "}":
            self.at += 1
            return found
        while True:
            if self.blank() != '"':
                raise self.broken("this is not JSON: a key in double quotes belongs here")
            mark = self.mark(self.at)
            key = self.string()
            if self.blank() != ":":
                raise self.broken("this is not JSON: a `:` belongs here")
            self.at += 1
            self.pair(found, trail, key, mark)
            if self.close("}"):
                return found

    def pair(self, found: dict[str, Any], trail: Trail, key: str, mark: Mark) -> None:
        if key not in found:
            self.keys[(*trail, key)] = mark
            found[key] = self.value((*trail, key))
            return
        self.dropped += 1
        own = (*trail, f"\0{self.dropped}")
        line = self.keys[(*trail, key)][0]
        self.wrong.append((own, f"the key {quoted(key)} comes twice, first on line {line}", "keep one of them"))
        self.marks[own] = self.keys[own] = mark
        self.value(own)

    def listing(self, trail: Trail) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        if self.blank() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value((*trail, len(found))))
            if self.close("]"):
                return found

    def close(self, sign: str) -> bool:
        """Whether the mapping or list ends here; else past the comma."""
        here = self.blank()
        if here not in (sign, ","):
            raise self.broken(f"this is not JSON: a `,` or `{sign}` belongs here")
        self.at += 1
        return here == sign

    def string(self) -> str:
        end = self.text.find('"', self.at + 1)
        while end >= 0 and self.escaped(end):
            end = self.text.find('"', end + 1)
        if end < 0:
            raise self.broken("this is not JSON: a text without its closing quote")
        raw = self.text[self.at : end + 1]
        try:
            found = json.loads(raw)
        except ValueError:
            raise self.broken(
                f"this is not JSON: {quoted(raw)} has an escape or a character that no text may"
            ) from None
        self.at = end + 1
        return str(found)

    def escaped(self, at: int) -> bool:
        """Whether an odd number of backslashes stands before."""
        before = at
        while self.text[before - 1] == "\\":
            before -= 1
        return (at - before) % 2 == 1

    def word(self, trail: Trail) -> Any:
        end = self.at
        while end < len(self.text) and self.text[end] not in _STOPS:
            end += 1
        text = self.text[self.at : end]
        if text in _NO_NUMBERS:
            self.wrong.append((trail, f"{quoted(text)} is not a number", "write a number, or leave it out"))
            self.at = end
            return 0
        if text in _WORDS:
            self.at = end
            return _WORDS[text]
        try:
            found = _number(text)
        except ValueError as error:
            self.wrong.append((trail, f"{quoted(text)}: {error}", "write it in quotes, or mend it"))
            found = 0
        if found is None:
            raise self.broken(f"this is not JSON: {quoted(text or self.text[self.at])}", "put text in double quotes")
        self.at = end
        return found


def _number(text: str) -> Any:
    """JSON's numbers; `1e3` is one of them, though not one of a plain word in YAML."""
    head, mark, power = text.replace("E", "e").partition("e")
    return number(f"{head}{'' if '.' in head else '.0'}e{power}") if mark else number(text)


def read_json(text: str) -> Text:
    """The one value in `text`; `Unreadable` where it is not JSON, or beyond a bound."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    reader = _Reader(text, starts)
    data = None
    if reader.blank():
        data = reader.value(())
        if reader.blank():
            raise reader.broken("this is not JSON: something follows the end", "keep one value in a file")
    return Text(data, reader.marks, reader.keys, tuple(reader.wrong))
