"""`load_facts`: what has happened, from a folder of CSV tables.

May know: facts, rows, places, files. May not know: what the facts decide.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

from dealerrouting.documents import nouns
from dealerrouting.documents.csv_text import Table, read_header, read_table
from dealerrouting.documents.fact_rows import TABLES, FactRows, Row
from dealerrouting.documents.files import MOST_TABLE, Say, bytes_of, silent
from dealerrouting.documents.places import Places, Rows, Trail, Unreadable, Wrongs
from dealerrouting.errors import FactsError, Fault, did_you_mean, quoted
from dealerrouting.model import Facts
from dealerrouting.rules import Plan

__all__ = ["TABLES", "load_facts"]


def load_facts(folder: str | Path, plan: Plan, *, say: Say = silent) -> Facts:
    """The facts in a folder.

    Its tables are `registrations.csv`, `incumbents.csv`, `counts.csv`, `ledgers.csv`, `shares.csv`,
    `past_holders.csv` and `choices.csv`; any may be missing. Instants without an offset are read on the plan's clock.
    `say` hears what was noticed and is not wrong: other files in the folder, dealers that the plan does not have,
    claims without a key. `FactsError` with everything that is wrong at once, each with file, line and column.
    """
    place = Path(folder)
    try:
        names = sorted(os.listdir(place))
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise FactsError([Fault(str(folder), what, "give a folder with registrations.csv, counts.csv, ...")]) from None
    files = {f"{name}.csv": name for name in TABLES}
    for name in names:
        if name not in files and not name.startswith("."):
            say(f"{place / name}: is no table of facts and is left alone; {did_you_mean(name, files)}")
    folderful = _Folder(place, plan, say)
    return folderful.facts([files[name] for name in files if name in names])


@define
class _Folder:
    """One folder of facts being read."""

    path: Path
    plan: Plan
    say: Say
    wrongs: Wrongs = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Places are those of the folder's files."""
        self.wrongs = Wrongs(Places(str(self.path)))

    def facts(self, tables: list[str]) -> Facts:
        """The facts in these tables."""
        rows = FactRows(self.wrongs, self.plan.lens.zone, self.say)
        for table in tables:
            for trail, row in self.rows(table):
                rows.take(row, trail)
        if self.wrongs.faults:
            raise FactsError(self.wrongs.sorted())
        return rows.facts()

    def rows(self, table: str) -> Iterator[tuple[Trail, Row]]:
        """Each row's trail and the columns that say something."""
        path = self.path / f"{table}.csv"
        try:
            found = read_table(bytes_of(path, MOST_TABLE), str(path), self.say)
        except Unreadable as error:
            line, column = error.mark
            self.wrongs.faults.append(Fault(f"{path}:{line}:{column}", error.what, error.cure, (table,)))
            return
        yield from self.cells(table, path, found)

    def cells(self, table: str, path: Path, found: Table) -> Iterator[tuple[Trail, Row]]:
        """The same of a table that could be read; none where a column is missing that it cannot do without."""
        known, needed = TABLES[table]
        header = read_header(found.names, known, needed)
        for column, what, cure in header.wrong:
            self.wrongs.faults.append(Fault(f"{path}:1:{column}", what, cure, (table,)))
        if header.missing:
            return
        lines: dict[str | int, int] = {}
        self.wrongs.places.tables[(table,)] = Rows(str(path), lines)
        for index, row in enumerate(found.rows()):
            lines[index] = row.line
            trail: Trail = (table, index)
            if len(row.cells) > len(header.columns) or row.loose:
                what = "a quote that does not close" if row.loose else "more cells than columns"
                self.wrongs.add((*trail, "row"), what, "quote a cell that holds the delimiter")
            cells = {column: nouns.typed(column, cell) for column, cell in header.cells(row).items()}
            for name in needed:
                if name not in cells:
                    self.wrongs.add((*trail, name), f"`{name}` is missing")
            self.known_dealer(cells.get("dealer"), trail)
            yield trail, cells

    def known_dealer(self, name: object, trail: Trail) -> None:
        """Facts may name a dealer that has left; a slip of the pen looks the same, so it is said."""
        if isinstance(name, str) and self.plan.dealer(name) is None:
            cure = did_you_mean(name, self.plan.by_id)
            self.say(f"{self.wrongs.places.of((*trail, 'dealer'))}: {quoted(name)} is no dealer of this plan; {cure}")
