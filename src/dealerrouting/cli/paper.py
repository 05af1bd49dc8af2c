"""A page of text for people: paragraphs under each other, folded, with marks on a terminal only.

May know: how text is made safe to show. May not know: what is written on it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from textwrap import wrap

from attrs import define, field

from dealerrouting.cli.output import plain

__all__ = ["WIDTH", "Paper"]

WIDTH = 110
"""The widest page; on a terminal it is as wide as that, and never narrower than the least."""
_LEAST = 40
_MARKS = {"head": "\x1b[1m", "error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1m", "faint": "\x1b[2m"}


@define
class Paper:
    """Lines, each made safe to show."""

    lines: list[str] = field(factory=list)
    coloured: bool = field(factory=lambda: sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    width: int = field(factory=lambda: _as_wide() if sys.stdout.isatty() else WIDTH)

    def write(self, text: str, indent: int = 0, mark: str = "") -> None:
        """A paragraph: folded, what is folded two further in."""
        lead = " " * indent
        for line in wrap(
            plain(text),
            self.width,
            initial_indent=lead,
            subsequent_indent=f"{lead}  ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self.lines.append(self._marked(line, mark))

    def line(self, text: str, indent: int = 0, mark: str = "") -> None:
        """One line, however long: what is to be copied, or drawn."""
        self.lines.append(self._marked(" " * indent + plain(text), mark))

    def row(self, text: str, indent: int = 0, mark: str = "") -> None:
        """One line, cut where the page ends."""
        shown = " " * indent + plain(text)
        self.lines.append(self._marked(shown if len(shown) <= self.width else f"{shown[: self.width - 4]} ...", mark))

    def gap(self) -> None:
        """An empty line."""
        self.lines.append("")

    def text(self) -> str:
        """The whole page."""
        return "".join(f"{line}\n" for line in self.lines)

    def beside(self, name: str, texts: Iterable[str], width: int, indent: int = 0) -> None:
        """A name, and lines that stand beside it, under each other."""
        for text in texts:
            self.row(f"{plain(name).ljust(width)}  {text}".rstrip(), indent)
            name = ""

    def _marked(self, line: str, mark: str) -> str:
        return f"{_MARKS[mark]}{line}\x1b[0m" if mark and self.coloured else line


def _as_wide() -> int:
    return max(_LEAST, min(WIDTH, get_terminal_size((WIDTH, 24)).columns))
