"""`load_events`: what happened, from JSON lines; no line is ever lost without a word.

May know: events, places, files. May not know: leads, plans, what follows from an event.
A line that cannot be an event is refused and listed, the others are kept, in the order of the file.
An event that comes twice is kept twice: that duplicates change nothing is the affair of whoever folds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import IO

from attrs import define, field, frozen

from dealerrouting.documents.events import read_event
from dealerrouting.documents.files import MOST_LEADS, MOST_LINE, Say, data_of, silent, table_text
from dealerrouting.documents.json_lines import Broken, numbered, read_line
from dealerrouting.documents.leads import Refused, clock
from dealerrouting.documents.places import DocumentError, Unreadable
from dealerrouting.errors import EventError, Fault
from dealerrouting.events import Event, Tick

__all__ = ["Events", "load_events"]


@frozen
class Events:
    """The events of a file in its order, what was refused, and what was noticed on the way."""

    events: tuple[Event | Tick, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]

    def __iter__(self) -> Iterator[Event | Tick]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    @property
    def refused_rows(self) -> int:
        """How many rows were refused; one may have several reasons."""
        return len({refused.row for refused in self.refused})


def load_events(
    source: str | Path | IO[bytes], timezone: str | None = None, *, file: str = "", say: Say = silent
) -> Events:
    """The events in JSON lines, at a path or in a binary stream.

    `timezone` (IANA) is that of instants written without an offset; without it they are none. `file` is the
    name to call a stream by. `say` hears each note as it comes. `DocumentError` where the file as a whole
    cannot be read.
    """
    name = file or (str(source) if isinstance(source, (str, Path)) else "stdin")
    intake = _Intake(name, clock(timezone))
    try:
        text, other = table_text(data_of(source, MOST_LEADS))
    except Unreadable as error:
        line, column = error.mark
        raise DocumentError([Fault(f"{name}:{line}:{column}", error.what, error.cure)]) from None
    for row, words in numbered(text):
        intake.take(row, words)
    notes = (
        [f"{name}: {other:,} {'line is' if other == 1 else 'lines are'} not UTF-8 and read as cp1252"] if other else []
    )
    for note in notes:
        say(note)
    return Events(tuple(intake.events), tuple(intake.refused), tuple(notes))


@define
class _Intake:
    """Makes events of lines, and keeps account of what is refused."""

    file: str
    zone: tzinfo | None
    events: list[Event | Tick] = field(factory=list)
    refused: list[Refused] = field(factory=list)

    def take(self, row: int, line: str) -> None:
        """One line: an event, or refused."""
        size = len(line) if line.isascii() else len(line.encode("utf-8"))
        if size > MOST_LINE:
            self.refuse(row, "1", f"{size:,} bytes; the bound is {MOST_LINE:,}")
            return
        found = read_line(line)
        if isinstance(found, Broken):
            self.refuse(row, str(found.column or 1), found.what)
            return
        try:
            self.events.append(read_event(found, self.zone))
        except EventError as error:
            for fault in error.faults:
                self.refuse(row, fault.place, f"{fault.what}; {fault.cure}" if fault.cure else fault.what)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.refused.append(Refused(row, column, reason, self.file))
