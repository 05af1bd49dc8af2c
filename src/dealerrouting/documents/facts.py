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
from dealerrouting.documents.places import MOST_FAULTS, Places, Rows, Trail, Unreadable, Wrongs
from dealerrouting.errors import FactsError, Fault, did_you_mean, quoted
from dealerrouting.model import Facts
from dealerrouting.rules import Plan

__all__ = ["TABLES", "load_facts"]


def load_facts(folder: str | Path, plan: Plan, *, say: Say = silent) -> Facts:
    """The facts in a folder.

    Its tables are `registrations.csv`, `incumbents.csv`, `counts.csv`, `ledgers.csv`, `shares.csv`,
    `past_holders.csv` and `choices.csv`; any may be missing. Instants without an offset are read on the plan's clock.
    `say` hears what was noticed and is not wrong, each line beginning with `note: `: other files in the folder, dealers
    that the plan does not have, claims of the house, claims without a key, numbers that give none, claims and choices
    that the plan will not ask. `FactsError` with everything that is wrong at once, each with file, line and column.
    """
    place, note = Path(folder), _Remarks(say)
    try:
        names = sorted(os.listdir(place))
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise FactsError([Fault(str(folder), what, "give a folder with registrations.csv, counts.csv, ...")]) from None
    files = {f"{name}.csv": name for name in TABLES}
    for name in names:
        if name not in files and not name.startswith("."):
            note(f"{place / name}: is no table of facts and is left alone; {did_you_mean(name, files)}")
    note.done(place)
    folderful = _Folder(place, plan, note)
    return folderful.facts([files[name] for name in files if name in names])


@define
class _Remarks:
    """Says what is not wrong, marked so that nobody takes it for an error; of very many, the first."""

    hears: Say
    count: int = 0

    def __call__(self, text: str) -> None:
        """Say one thing, unless as many have been said as a person reads."""
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.hears(f"note: {text}")

    def done(self, file: Path) -> None:
        """Say how many more there were of one file; the next one has its own."""
        if self.count > MOST_FAULTS:
            self.hears(f"note: {file}: and {self.count - MOST_FAULTS:,} more of these")
        self.count = 0


_ASKED = ("registrations", "choices")  # tables that only the rung of registrations looks at


@define
class _Folder:
    """One folder of facts being read."""

    path: Path
    plan: Plan
    say: _Remarks
    wrongs: Wrongs = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Places are those of the folder's files."""
        self.wrongs = Wrongs(Places(str(self.path)))

    def facts(self, tables: list[str]) -> Facts:
        """The facts in these tables."""
        rows = FactRows(self.wrongs, self.plan.lens.zone, self.say)
        for table in tables:
            trail: Trail | None = None
            for trail, row in self.rows(table):
                rows.take(row, trail)
            if trail is not None:
                self.asked(table)
            self.say.done(self.path / f"{table}.csv")
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
        """Facts may name a dealer that has left; a slip of the pen looks the same, so it is said. And the house may
        hold a claim from before, but nobody makes one for it.
        """
        if not isinstance(name, str):
            return
        place, dealer = self.wrongs.places.of((*trail, "dealer")), self.plan.dealer(name)
        if dealer is None:
            self.say(f"{place}: {quoted(name)} is no dealer of this plan; {did_you_mean(name, self.plan.by_id)}")
        elif dealer.kind == "house" and trail[0] == "registrations":
            cure = "what the house has already is an account"
            self.say(f"{place}: {quoted(name)} is a team of the house, and claims are made by dealers; {cure}")

    def asked(self, table: str) -> None:
        """Whoever gives claims or choices means them to count."""
        if table in _ASKED and self.plan.rung("registrations") is None:
            cure = "put it into the plan's precedence"
            self.say(f"{self.path / table}.csv: will not be asked: the plan has no rung `registrations`; {cure}")
