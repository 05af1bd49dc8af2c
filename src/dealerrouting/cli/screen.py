"""What goes to the screen: safe, aligned, readable when piped.

May know: the standard library, errors. May not know: what is shown.
A lead may hold anything, and a terminal obeys some characters: what does not print is written as its
escape, so that nothing can colour, erase or turn round what stands beside it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dealerrouting.errors import DealerRoutingError, Fault

__all__ = ["Stop", "cell", "note", "row", "safe", "saved", "steady", "table", "told"]


class Stop(Exception):  # noqa: N818  # the end of a command, not a mistake in this program
    """The end of a command, with lines for stderr and an exit code."""

    def __init__(self, lines: Iterable[str], code: int = 2) -> None:
        self.lines, self.code = tuple(lines), code
        super().__init__(*self.lines)


def steady() -> None:
    """Let no character that the terminal cannot show end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def safe(text: str) -> str:
    """The text on one line, with an escape for every character that does not print."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in text)


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"


def cell(text: str) -> str:
    """A cell for a spreadsheet: what it would take for a formula gets an apostrophe before it."""
    text = safe(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def note(text: str) -> None:
    """A line on stderr."""
    print(safe(text), file=sys.stderr)


def told(error: DealerRoutingError) -> list[str]:
    """An error as lines, one for each thing that is wrong."""
    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    return [str(fault) for fault in faults] or [str(error)]


def row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Cells under each other; the last is as wide as it is."""
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, *cells[len(widths) :]]).rstrip()


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = (), indent: str = "  ") -> Iterator[str]:
    """Rows with their columns aligned, those in `right` to the right."""
    widths = [max(len(line[at]) for line in rows) for at in range(len(rows[0]))]
    flush = set(right)
    for line in rows:
        cells = [c.rjust(w) if at in flush else c.ljust(w) for at, (c, w) in enumerate(zip(line, widths, strict=True))]
        yield (indent + "  ".join(cells)).rstrip()


@contextmanager
def saved(path: Path) -> Iterator[IO[str]]:
    """A file that is there whole or not at all: written beside its place, then moved there.

    `Stop` where it cannot be written. What is no ordinary file, such as a pipe, is written to directly.
    """
    if path.is_dir():
        raise Stop([f"{path}: is a folder; give the name of a file"])
    if not path.parent.is_dir():
        raise Stop([f"{path}: there is no folder `{path.parent}`; make it first"])
    straight = path.exists() and not path.is_file()
    new = path if straight else path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            yield stream
        if not straight:
            new.replace(path)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Stop([f"{path}: cannot be written: {error.strerror or error}"]) from None
    finally:
        if not straight:
            new.unlink(missing_ok=True)
