"""What the commands print: tables, lines, totals, refusals, progress.

May know: decisions and leads. May not know: plans on disk, how anything is decided.
Whatever came from outside is shown without control and direction characters, so that a lead cannot
write on the terminal of whoever looks at it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from dealerrouting.documents import to_data
from dealerrouting.errors import Fault, PlanError
from dealerrouting.model import Decision

__all__ = ["FORMATS", "aligned", "note", "plain", "progress", "rendered", "totals", "write"]

T = TypeVar("T")
FORMATS = ("table", "jsonl", "csv")
_LONG = 1_000
_COLUMNS = ("lead", "at", "outcome", "holder", "by", "because", "flags")


def plain(text: str) -> str:
    """Text that a terminal only shows: what is not printable is written as its code."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def note(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(plain(text) + "\n")


def progress(items: Iterable[T], total: int, what: str = "routing", *, least: int = _LONG) -> Iterator[T]:
    """The items; on a terminal, and where there are at least so many, with a bar on stderr."""
    if total < least or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, total, console=Console(stderr=True), transient=True)


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Rows as lines with their columns under each other; those in `right` end under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ends = set(right)
    for row in rows:
        cells = [c.rjust(w) if i in ends else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(cells).rstrip()


def _cells(decision: Decision) -> tuple[str, ...]:
    because, flags = "; ".join(decision.because), "; ".join(decision.flags)
    return decision.lead, decision.at.isoformat(), decision.outcome, decision.holder, decision.by, because, flags


def rendered(decisions: Sequence[Decision], form: str) -> str:
    """All decisions in one of the formats."""
    if form == "jsonl":
        return "".join(json.dumps(to_data(decision)) + "\n" for decision in decisions)
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([_COLUMNS, *map(_cells, decisions)])
        return text.getvalue()
    rows = [("LEAD", "HOLDER", "BY", "BECAUSE", "FLAGS")]
    for decision in decisions:
        lead, _, _, *rest = _cells(decision)
        rows.append((plain(lead), *map(plain, rest)))  # type: ignore[arg-type]
    return "".join(line + "\n" for line in aligned(rows))


def totals(decisions: Sequence[Decision], refused: int) -> Iterator[str]:
    """What it came to, in a few lines."""
    assigned = sum(decision.outcome == "assigned" for decision in decisions)
    yield (
        f"{len(decisions):,} leads routed: {assigned:,} to dealers, {len(decisions) - assigned:,} to the house;"
        f" {refused:,} rows refused"
    )
    for title, counted in (
        ("by rung", Counter(decision.by for decision in decisions)),
        ("flags", Counter(flag for decision in decisions for flag in decision.flags)),
    ):
        if counted:
            yield f"{title}: " + ", ".join(f"{name} {n:,}" for name, n in sorted(counted.items(), key=_most))


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def write(text: str, target: Path | None) -> None:
    """The text to a file, whole or not at all, or to stdout."""
    if target is None:
        try:
            _to_stdout(text)
        except BrokenPipeError:  # whoever read it has seen enough
            raise
        except OSError as error:
            raise PlanError([Fault("stdout", f"cannot be written: {error.strerror}", "make room")]) from None
        return
    whole = target.is_file() or not target.exists()  # a device or a pipe is written to, never replaced
    name = target.with_name(f".{target.name}.{os.getpid()}.part") if whole else target
    try:
        with open(name, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        if whole:
            os.replace(name, target)
    except OSError as error:
        raise PlanError([Fault(str(target), f"cannot be written: {error.strerror}", "check the folder")]) from None


def _to_stdout(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
