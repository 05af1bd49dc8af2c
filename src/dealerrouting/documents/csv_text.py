"""CSV text to rows with their lines.

May know: places, files. May not know: what columns mean.
Not the standard reader: it has one bound for the whole process, takes everything after a quote that
does not close for one cell, and does not say where a row began. Here such a quote is a character like
any other, the rows after it are rows, and what was noticed is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen

from dealerrouting.documents.files import Say, table_text
from dealerrouting.documents.places import Unreadable
from dealerrouting.errors import did_you_mean, quoted

__all__ = ["Header", "Row", "Table", "read_header", "read_table"]


@frozen
class Row:
    """One row: the line on which it begins, and its cells; `loose` where a quote did not close."""

    line: int
    cells: tuple[str, ...]
    loose: bool = False


@define
class Table:
    """The text of a table, its delimiter, and the cells of its first row."""

    text: str
    delimiter: str
    names: tuple[str, ...]
    _body: tuple[int, int] = (0, 1)
    blank: int = field(default=0, init=False)

    def rows(self) -> Iterator[Row]:
        """The rows below the first; rows without any content are left out and counted in `blank`."""
        at, line = self._body
        while at < len(self.text):
            row, after = _row(self.text, at, self.delimiter, line, len(self.names))
            line += self.text.count("\n", at, after)
            at = after
            if any(cell and not cell.isspace() for cell in row.cells):
                yield row
            elif len(row.cells) > 1:
                self.blank += 1


def _row(text: str, at: int, delimiter: str, line: int, width: int) -> tuple[Row, int]:
    """The row that begins at `at`, and where the next one does."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if text.find('"', at, end) < 0:
        return Row(line, tuple(text[at:end].split(delimiter))), end + 1
    cells, loose, after = _quoted(text, at, delimiter, span=True)
    if after > end + 1 and len(cells) != width:  # over several lines, and it does not even fit: try the one
        single, _, within = _quoted(text, at, delimiter, span=False)
        if len(single) == width:
            cells, loose, after = single, True, within
    return Row(line, tuple(cells), loose), after


def _quoted(text: str, at: int, delimiter: str, *, span: bool) -> tuple[list[str], bool, int]:
    """The cells of a row with quotes; with `span` a quoted cell may hold line ends."""
    cells: list[str] = []
    loose = False
    while True:
        close = _close(text, at + 1, delimiter, span=span) if text[at : at + 1] == '"' else -1
        if close >= 0:
            cells.append(text[at + 1 : close].replace('""', '"'))
            stop = close + 1
        else:
            loose = loose or text[at : at + 1] == '"'
            stop = _stop(text, at, delimiter)
            cells.append(text[at:stop])
        if text[stop : stop + 1] != delimiter:
            return cells, loose, stop + 1
        at = stop + 1


def _stop(text: str, at: int, delimiter: str) -> int:
    """Where an unquoted cell ends."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    comma = text.find(delimiter, at, end)
    return end if comma < 0 else comma


def _close(text: str, at: int, delimiter: str, *, span: bool) -> int:
    """The quote that closes a cell, or -1.

    A quote in the middle of a cell is let be on the cell's first line only: on a later one it shows that
    the cell was never meant to go that far. That also bounds the search.
    """
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    stray = False
    while True:
        quote = text.find('"', at)
        if quote < 0 or (quote > end and (stray or not span)):
            return -1
        follows = text[quote + 1 : quote + 2]
        if follows in ("", delimiter, "\n"):
            return quote
        if follows == '"':
            at = quote + 2
            continue
        if quote > end:
            return -1
        stray, at = True, quote + 1


def read_table(data: bytes, file: str, say: Say) -> Table:
    """The table in `data`; says which delimiter and which encoding it found where they are not the usual."""
    text, other = table_text(data)
    if not text.strip():
        raise Unreadable("is empty", "its first line names the columns")
    if other:
        say(f"{file}: {other:,} {'line is' if other == 1 else 'lines are'} not UTF-8 and read as cp1252")
    start = line = 0
    while text[start : text.find("\n", start) if "\n" in text[start:] else len(text)].strip() == "":
        start, line = text.find("\n", start) + 1, line + 1
    comma, semicolon = (_row(text, start, sign, line + 1, 0) for sign in (",", ";"))
    delimiter = ";" if len(semicolon[0].cells) > len(comma[0].cells) else ","
    if delimiter == ";":
        say(f"{file}: cells are separated by `;`")
    row, after = semicolon if delimiter == ";" else comma
    below = line + 1 + text.count("\n", start, after)
    return Table(text, delimiter, tuple(name.strip() for name in row.cells), (after, below))


@frozen
class Header:
    """The known columns by their position, and what is wrong with the others: position, what, cure."""

    columns: tuple[str | None, ...]
    wrong: tuple[tuple[int, str, str], ...]
    missing: tuple[str, ...]

    def cells(self, row: Row) -> dict[str, str]:
        """The row's cells that say something, by column."""
        return {
            name: cell
            for name, cell in zip(self.columns, row.cells, strict=False)
            if name is not None and cell and not cell.isspace()
        }


def read_header(names: tuple[str, ...], known: tuple[str, ...], needed: tuple[str, ...]) -> Header:
    """Which column stands where; an unknown, repeated or missing one is wrong."""
    columns: list[str | None] = []
    wrong: list[tuple[int, str, str]] = []
    for at, name in enumerate(names, start=1):
        column = name if name in known and name not in columns else None
        columns.append(column)
        if column is None and name in known:
            wrong.append((at, f"the column {quoted(name)} comes twice", "keep one of them"))
        elif column is None and name:
            wrong.append((at, f"unknown column {quoted(name)}", did_you_mean(name, known)))
    missing = tuple(name for name in needed if name not in columns)
    wrong += [(1, f"the column `{name}` is missing", "its first line names the columns") for name in missing]
    return Header(tuple(columns), tuple(wrong), missing)
