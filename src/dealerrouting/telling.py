"""Telling: messages with values, put into words of one language.

May know: the catalogues. May not know: what the messages are about.
A language is a catalogue and nothing else: a module with one dictionary, the same message names
and the same placeholders as the English one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from importlib import import_module
from typing import Any

from attrs import frozen

__all__ = ["LANGUAGES", "Telling", "moment", "tell"]

LANGUAGES = ("en", "nl")
"""The languages there is a catalogue for."""


@frozen
class Telling:
    """One line: how deep it stands, its message and the values in it."""

    depth: int
    message: str
    values: Mapping[str, Any]


def tell(lang: str, lines: Iterable[Telling]) -> Iterator[str]:
    """The lines in words; `ValueError` for a language without a catalogue."""
    if lang not in LANGUAGES:
        raise ValueError(f"no catalogue for {lang!r}; there are {', '.join(LANGUAGES)}")
    messages: Mapping[str, str] = import_module(f"dealerrouting.catalogues.{lang}").MESSAGES
    for line in lines:
        values = {name: _word(name, value, messages) for name, value in line.values.items()}
        yield "  " * line.depth + messages[line.message].format_map(values)


def _word(name: str, value: Any, messages: Mapping[str, str]) -> str:
    if name == "length":
        kind, amount = value
        return messages[f"length.{kind}"].format(amount=amount)
    if name in ("start", "when"):
        return _on_the_wall(value, messages)
    if isinstance(value, tuple):
        return ", ".join(_word(name, item, messages) for item in value) or messages["nothing"]
    if isinstance(value, datetime):
        return moment(value)
    if value is None:
        return messages["unknown_time"] if name == "at" else messages["nothing"]
    word = str(value)
    if name in ("rung", "by", "kinds"):
        head, dash, number = word.partition("-")
        return messages.get(f"word.{word}") or (
            f"{messages[f'word.{head}']} {number}" if dash and number.isdigit() and f"word.{head}" in messages else word
        )
    return word


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    """An instant on the clock of a zone: `2027-06-01 00:00 CEST`; seconds only where there are any."""
    try:
        wall = at.astimezone(zone)
    except OverflowError:  # the first and the last hours of time have no date in every zone
        wall = at
    exact = "auto" if wall.second or wall.microsecond else "minutes"
    return f"{wall.replace(tzinfo=None).isoformat(' ', exact)} {wall:%Z}"


def _on_the_wall(when: datetime, messages: Mapping[str, str]) -> str:
    """A wall time of its own zone, with the weekday that people remember it by; seconds only where there are any."""
    seconds = f":{when:%S.%f}".rstrip("0").rstrip(".") if when.second or when.microsecond else ""
    clock = f"{when:%H:%M}{seconds}"
    return f"{messages[f'weekday.{when.weekday()}']} {when:%Y-%m-%d} {clock} {when:%Z}"
