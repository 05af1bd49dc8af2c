"""Instants, ages, numbers and ids in words, and text in columns: for whoever reads a terminal at night.

May know: how text is made safe to show. May not know: any command.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from textwrap import wrap

from attrs import define, field

from dealerrouting.cli.output import plain

__all__ = ["Sheet", "age", "counted", "most", "number", "short", "typed", "when"]

_WIDTH = 100
_LABEL = 13
_DIGEST = 19
"""`sha256:` and twelve figures."""


def when(at: datetime) -> str:
    """An instant: `2027-01-14 02:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def age(length: timedelta) -> str:
    """A length in its two largest units: `2 days 3 hours`."""
    seconds = int(length.total_seconds())
    units = (("day", seconds // 86_400), ("hour", seconds // 3_600 % 24), ("minute", seconds // 60 % 60))
    first = next((i for i, (_, n) in enumerate(units) if n), None)
    if first is None:
        return "less than a minute"
    return " ".join(number(n, name) for name, n in units[first : first + 2] if n)


def number(n: int, name: str) -> str:
    """`1 lead`, `1,204 leads`."""
    return f"{n:,} {name}{'' if n == 1 else 's'}"


def short(digest: str) -> str:
    """A digest, as far as anybody reads it."""
    return digest[:_DIGEST]


def typed(id: str) -> str:
    """An id as it is typed in a shell."""
    return shlex.quote(plain(id))


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Pairs of name and number, the largest number first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def counted(counts: Mapping[str, int], at_most: int = 8) -> str:
    """`delta 50, maas 12`: the largest first, and how many more there are."""
    pairs = most(counts)
    said = ", ".join(f"{name} {n:,}" for name, n in pairs[:at_most])
    return said + (f", and {len(pairs) - at_most:,} more" if len(pairs) > at_most else "")


@define
class Sheet:
    """Labels with text beside them, folded at the width of a page; bold and yellow on a terminal only."""

    lines: list[str] = field(factory=list)
    coloured: bool = field(factory=lambda: sys.stdout.isatty() and "NO_COLOR" not in os.environ)

    def row(self, label: str, text: str = "", *, alarm: bool = False) -> None:
        """A label and its text."""
        first, *rest = _folded(text) or [""]
        shown = f"\x1b[1m{label.ljust(_LABEL)}\x1b[0m" if self.coloured else label.ljust(_LABEL)
        self.lines.append(f"{shown}{self._alarming(first) if alarm else first}".rstrip())
        for line in rest:
            self.more(line, alarm=alarm)

    def more(self, text: str, *, alarm: bool = False, indent: int = 0) -> None:
        """Further text under the last."""
        for line in _folded(text, indent):
            self.lines.append(" " * _LABEL + (self._alarming(line) if alarm else line))

    def table(self, label: str, pairs: Iterable[tuple[str, int]]) -> None:
        """Numbers under each other, each before its name."""
        for name, n in pairs:
            self.row(label, f"{n:>9,}  {name}")
            label = ""

    def gap(self) -> None:
        """An empty line."""
        self.lines.append("")

    def text(self) -> str:
        """The whole page."""
        return "".join(f"{line}\n" for line in self.lines)

    def _alarming(self, text: str) -> str:
        return f"\x1b[33m{text}\x1b[0m" if self.coloured else text


def _folded(text: str, indent: int = 0) -> list[str]:
    """The text in lines that fit beside a label; what leads a line in spaces stays, and what follows it hangs below."""
    text = plain(text)
    lead = " " * (indent + len(text) - len(text.lstrip()))
    return wrap(text.lstrip(), _WIDTH - _LABEL, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False)
