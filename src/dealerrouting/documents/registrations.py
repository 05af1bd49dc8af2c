"""`dump_registrations`: claims as `registrations.csv`, which `load_facts` reads as equal claims.

May know: registrations, cells, files. May not know: how a claim moves through its life.

What a cell cannot give back is refused with its place, and then nothing is written. What a spreadsheet would take
for a formula is written as it is, and said: data that was changed on the way out would come back as something else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from dealerrouting.documents.claimed import impossible
from dealerrouting.documents.fact_rows import TABLES
from dealerrouting.documents.files import Say, save, silent
from dealerrouting.documents.histories import evidence_cell, history_cell
from dealerrouting.documents.nouns import COMPANY
from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.values.names import MOMENTS
from dealerrouting.errors import Fault, quoted
from dealerrouting.model import Registration

__all__ = ["dump_registrations"]

_COLUMNS = TABLES["registrations"][0]
_FORMULA = ("=", "+", "-", "@", "\t")


def dump_registrations(
    registrations: Iterable[Registration], target: str | Path | TextIO, *, say: Say = silent
) -> None:
    """Write claims as `registrations.csv` to a path, or to a stream of text; sorted by id, instants in UTC.

    `load_facts` makes equal claims of it. `DocumentError` with everything that no cell can hold, each with the id and
    the column: a `;` in one of several products, a line end of another kind, what could not be read in the first
    place, an id that two claims share, instants that cannot be (an end before its beginning). `say` hears of cells that
    a spreadsheet would take for a formula; they are written as they are. A file at the path is replaced as a whole, or
    left as it was.
    """
    faults: list[Fault] = []
    claims = _sorted(registrations, faults)
    rows = [_row(claim, faults) for claim in claims]
    if faults:
        raise DocumentError(faults)
    for line in _formulas(claims, rows):
        say(f"{target if isinstance(target, (str, Path)) else 'registrations.csv'}:{line}")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *rows])
    if isinstance(target, (str, Path)):
        save(Path(target), text.getvalue())
    else:
        target.write(text.getvalue())


def _sorted(registrations: Iterable[Registration], faults: list[Fault]) -> list[Registration]:
    """The claims by id, each once."""
    found: dict[str, Registration] = {}
    for claim in registrations:
        if not isinstance(claim, Registration):
            raise TypeError(f"{quoted(claim)} is not a registration")
        if found.setdefault(claim.id, claim) != claim:
            faults.append(_fault(claim, "id", "is given twice, and differs", "give each once"))
    return [found[name] for name in sorted(found)]


def _fault(claim: Registration, column: str, what: str, cure: str = "") -> Fault:
    """The place says which claim and which column, never whose company it is."""
    return Fault(f"registration {quoted(claim.id)}.{column}", what, cure, (claim.id, column))


def _row(claim: Registration, faults: list[Fault]) -> list[str]:
    """The cells of one claim; what they cannot hold is noted."""
    faults += _not_read(claim)
    cells = _cells(claim, faults)
    for column, cell in cells.items():
        if "\r" in cell:  # any reader of tables takes it for the end of a line, and gives back another
            faults.append(_fault(claim, column, "holds a carriage return", "take it out"))
    return [cells[column] for column in _COLUMNS]


def _cells(claim: Registration, faults: list[Fault]) -> dict[str, str]:
    def wrong(what: str, cure: str) -> None:
        faults.append(_fault(claim, "history", what, cure))

    if any(";" in product for product in claim.products):
        faults.append(_fault(claim, "products", "holds a `;` inside a value", "call the product something else"))
    moments: dict[str, datetime | None] = {name: getattr(claim, name) for name in MOMENTS}
    faults += [_fault(claim, *odd) for odd in impossible(moments, claim.history)]
    return {
        "id": claim.id,
        "dealer": claim.dealer,
        **{column: getattr(claim.company, name) or "" for column, name in COMPANY.items()},
        "email": claim.email or "",
        "products": "; ".join(claim.products),
        "status": claim.status,
        **{name: moment.isoformat() if moment else "" for name, moment in moments.items()},
        "source": claim.source,
        "evidence": evidence_cell(claim.evidence),
        "history": history_cell(claim.history, wrong),
    }


def _not_read(claim: Registration) -> Iterator[Fault]:
    """A table of facts has to be readable, so what a company could not say has no cell."""
    for column, name in COMPANY.items():
        if name in claim.company.unreadable:
            yield _fault(claim, column, "could not be read when the claim was made", "mend it, or leave it out")


def _formulas(claims: list[Registration], rows: list[list[str]]) -> Iterator[str]:
    """Where cells begin as a formula does, column by column."""
    for at, column in enumerate(_COLUMNS):
        found = [claim.id for claim, row in zip(claims, rows, strict=True) if row[at].startswith(_FORMULA)]
        if found:
            count = "1 cell begins" if len(found) == 1 else f"{len(found):,} cells begin"
            yield (
                f"{column}: {count} as a formula does, first of {quoted(found[0])}; written as it is:"
                " have a spreadsheet import the column as text"
            )
