"""TOML text to plain data; the standard reader says no places, so parts are named by their trail.

May know: places. May not know: what the data means.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from dealerrouting.documents.places import Text, Trail, Unreadable
from dealerrouting.errors import quoted

__all__ = ["MOST_DEPTH", "read_toml"]

MOST_DEPTH = 64
_MOST = 40


def read_toml(text: str) -> Text:
    """The document in `text`; `Unreadable` where it is not TOML."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"this is not TOML: {error}", "mend it there or just before", *_mark(str(error))) from None
    except (ValueError, RecursionError):
        raise Unreadable("this is not TOML: a number too long or nesting too deep", "write it flatter") from None
    wrong: list[tuple[Trail, str, str]] = []
    return Text(_plain(data, (), wrong), {}, {}, tuple(wrong))


def _mark(message: str) -> tuple[int, int]:
    """Line and column out of the reader's own words, `(at line 3, column 7)`."""
    words = message.replace(",", " ").replace(")", " ").split()
    found = [words[words.index(name) + 1] for name in ("line", "column") if name in words[:-1]]
    return (int(found[0]), int(found[1])) if len(found) == 2 and "".join(found).isdecimal() else (1, 1)


def _plain(value: Any, trail: Trail, wrong: list[tuple[Trail, str, str]]) -> Any:
    """Dates as text, as in the other formats; no number without bounds, no depth without end."""
    if len(trail) > MOST_DEPTH:
        raise Unreadable(f"nested more than {MOST_DEPTH} deep", "write it flatter")
    match value:
        case dict():
            return {key: _plain(item, (*trail, key), wrong) for key, item in value.items()}
        case list():
            return [_plain(item, (*trail, index), wrong) for index, item in enumerate(value)]
        case datetime() | date() | time():
            return value.isoformat()
        case bool():
            return value
        case int() | float() if abs(value) >= 10**_MOST or not isfinite(value):
            wrong.append((trail, f"{quoted(value)} is a number beyond all bounds", "mend it"))
            return None
    return value
