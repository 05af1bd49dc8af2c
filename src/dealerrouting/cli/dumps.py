"""What a dump holds, in numbers: of a file, or of a store as it is now.

May know: the form of a dump. May not know: how one is made or put back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import define, field

from dealerrouting.cli.wording import number, when

__all__ = ["Contents", "contents"]

_COUNTED = (("case", "lead"), ("claim", "claim"), ("event", "event"), ("decision", "decision"), ("plan", "plan"))
_INSTANTS = (("case", "received_at"), ("decision", "at"), ("act", "at"))
_NOT_CONTENT = frozenset({"aggregate", "erased"})
"""What stays where all else is replaced."""


@define
class Contents:
    """Rows by table, the newest instant in them, and the revision of the tables."""

    revision: str = ""
    rows: Counter[str] = field(factory=Counter)
    newest: datetime | None = None
    whole: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be lost."""
        return not any(n for name, n in self.rows.items() if name not in _NOT_CONTENT)

    def words(self) -> str:
        """`12 leads, 3 claims, 40 events, 14 decisions; the newest of 2027-01-14 02:00 UTC; tables at 0001`."""
        if self.empty:
            return f"nothing; tables at {self.revision}"
        counts = ", ".join(number(self.rows[table], word) for table, word in _COUNTED if self.rows[table])
        newest = f"; the newest of {when(self.newest)}" if self.newest else ""
        return f"{counts or 'no leads'}{newest}; tables at {self.revision}"


def contents(lines: Iterable[str]) -> Contents:
    """What these lines hold. `ValueError` with a line's number and what is wrong, where it is none of a dump."""
    found = Contents()
    for n, data in _objects(lines):
        if n == 1:
            found.revision = str(data.get("revision"))
            if "format" not in data:
                raise ValueError(n, "this is not the dump of a store")
        elif isinstance(data.get("row"), dict):
            table = str(data.get("table"))
            found.rows[table] += table != "plan" or "doc" in data["row"]  # a policy has a row as well
            found.newest = max(filter(None, (found.newest, _instant(table, data["row"]))), default=None)
        elif "end" in data:
            found.whole = True
    return found


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for n, line in enumerate(lines, 1):
        try:
            data = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise ValueError(n, "this is no line of a dump")
        yield n, data


def _instant(table: str, row: dict[str, Any]) -> datetime | None:
    column = dict(_INSTANTS).get(table)
    try:
        at = datetime.fromisoformat(str(row.get(column))) if column else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
