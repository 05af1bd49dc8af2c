"""JSON lines: one object a line, each read by itself.

May know: JSON. May not know: what the objects mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from attrs import frozen

__all__ = ["Broken", "Twice", "numbered", "read_line"]


@frozen
class Twice:
    """What stands under a key that a line has twice: nothing that could be read."""

    def __repr__(self) -> str:
        return "given twice"


@frozen
class Broken:
    """Why a line is no object, and at which column that shows, if at one."""

    what: str
    column: int | None = None

    def __str__(self) -> str:
        """`the line is not JSON, at column 3`."""
        return self.what if self.column is None else f"{self.what}, at column {self.column}"


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, each with its number; the first is 1."""
    for row, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            yield row, line


def read_line(line: str) -> dict[str, Any] | Broken:
    """A line's object, or why it is none. Numbers that no float holds stay text."""
    try:
        value = json.loads(line, object_pairs_hook=_pairs, parse_int=_int, parse_float=str, parse_constant=str)
    except ValueError as error:
        return Broken("the line is not JSON", getattr(error, "colno", 1))
    except RecursionError:
        return Broken("the line is nested too deep")
    return value if isinstance(value, dict) else Broken("the line is not a JSON object")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = Twice() if name in found else value
    return found


def _int(text: str) -> Any:
    return int(text) if len(text) < 30 else text
