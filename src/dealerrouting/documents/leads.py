"""`load_leads`: what came in, from CSV or JSON lines; no row is ever lost without a word.

May know: leads, places, files. May not know: how a lead is routed.
A row is refused only for want of an id, for one that repeats, or for a field beyond its bound. What else
is wrong with it is the lead's own affair: the value is absent, and flagged when it is routed. What is said
here of a row names its line and columns, never what stands there: that may be a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import IO, Any

from attrs import define, field, frozen

from dealerrouting.calendar import parse_instant
from dealerrouting.documents.assemble import zone_of
from dealerrouting.documents.csv_text import Row, read_header, read_table
from dealerrouting.documents.files import MOST_LEADS, Say, data_of, silent, table_text
from dealerrouting.documents.json_lines import numbered, read_line
from dealerrouting.documents.places import DocumentError, Unreadable
from dealerrouting.documents.values import LEAD_FIELDS
from dealerrouting.documents.values.names import COMPANY_FIELDS
from dealerrouting.errors import Fault, LeadRefused, did_you_mean, quoted
from dealerrouting.model import MAX_FIELD, MAX_MESSAGE, Company, Lead, readable_text
from dealerrouting.rules import Plan

__all__ = ["Leads", "Refused", "clock", "load_leads"]

_COMPANY = {"company": "name", "company_number": "number", "vat": "vat", "lei": "lei", "domain": "domain"}
_BOTH = ("country", "postcode", "city")  # of the inquiry, and of the company that asks
_AUDIT = ("holder", "first_status_at", "outcome", "won_value")
COLUMNS = ("id", "received_at", *_COMPANY, *LEAD_FIELDS[1:], *_AUDIT)


@frozen
class Refused:
    """One reason why a row is no lead: its line (the first is 1, with the columns), the column, the reason."""

    row: int
    column: str
    reason: str
    file: str = ""

    def __str__(self) -> str:
        """`leads.csv:12:id: is missing`."""
        return f"{self.file}:{self.row}:{self.column}: {self.reason}"


@frozen
class Leads:
    """The leads of a file in its order, what was refused, and what was noticed on the way."""

    leads: tuple[Lead, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]

    def __iter__(self) -> Iterator[Lead]:
        return iter(self.leads)

    def __len__(self) -> int:
        return len(self.leads)

    @property
    def refused_rows(self) -> int:
        """How many rows were refused; one may have several reasons."""
        return len({refused.row for refused in self.refused})


def load_leads(
    source: str | Path | IO[bytes], plan: Plan, timezone: str | None = None, *, file: str = "", say: Say = silent
) -> Leads:
    """The leads in a CSV file or in JSON lines, at a path or in a binary stream.

    The plan says which fields of the caller's own there are (`x_...`). `timezone` (IANA) is that of instants
    written without an offset; without it they are unreadable. `file` is the name to call a stream by.
    `say` hears each note as it comes. `DocumentError` where the file as a whole cannot be read: an unknown
    column, no `id`, no text.
    """
    zone = clock(timezone)
    name = file or (str(source) if isinstance(source, (str, Path)) else "stdin")
    try:
        data = data_of(source, MOST_LEADS)
        notes: list[str] = []

        def note(text: str) -> None:
            notes.append(text)
            say(text)

        intake = _Intake(name, plan, zone, note)
        (_lines if _is_json(name, data) else _table)(intake, data)
    except Unreadable as error:
        line, column = error.mark
        raise DocumentError([Fault(f"{name}:{line}:{column}", error.what, error.cure)]) from None
    intake.tell()
    return Leads(tuple(intake.leads), tuple(intake.refused), tuple(notes))


def clock(timezone: str | None) -> tzinfo | None:
    """The zone of instants that are written without an offset; `DocumentError` where there is no such zone."""
    zone = zone_of(timezone)
    if timezone is not None and zone is None:
        raise DocumentError([Fault("timezone", f"unknown time zone {quoted(timezone)}", "write Europe/Brussels")])
    return zone


def _is_json(name: str, data: bytes) -> bool:
    """JSON lines by their name, or by beginning as no table of ours can."""
    return name.lower().endswith((".jsonl", ".ndjson")) or data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


@define
class _Intake:
    """Makes leads of rows, and keeps account of what is refused and what was noticed."""

    file: str
    plan: Plan
    zone: tzinfo | None
    note: Say
    leads: list[Lead] = field(factory=list)
    refused: list[Refused] = field(factory=list)
    seen: dict[str, int] = field(factory=dict)
    odd: dict[str, list[int]] = field(factory=dict)
    blank: int = 0

    def take(self, row: int, fields: dict[str, Any], own: dict[str, Any]) -> None:
        """One row: a lead, or refused."""
        faults = _over_bounds(fields, own)
        if faults:
            self.refuse(row, faults)
            return
        try:
            lead = _lead(fields, own, self.zone)
        except LeadRefused as error:
            self.refuse(row, [(str(f.path[0] if f.path else f.place), _reason(f)) for f in error.faults])
            return
        if lead.id in self.seen:
            self.refuse(row, [("id", f"repeats the id of row {self.seen[lead.id]}")])
        else:
            self.seen[lead.id] = row
            self.leads.append(lead)

    def refuse(self, row: int, faults: list[tuple[str, str]]) -> None:
        self.refused += [Refused(row, column, reason, self.file) for column, reason in faults]

    def notice(self, what: str, row: int) -> None:
        """Something odd that loses nothing; said once, with how often and where first."""
        self.odd.setdefault(what, []).append(row)

    def tell(self) -> None:
        """Say what was noticed."""
        for what, rows in self.odd.items():
            count = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
            self.note(f"{self.file}:{rows[0]}: {what} ({count})")
        if self.blank:
            self.note(
                f"{self.file}: {self.blank:,} {'row' if self.blank == 1 else 'rows'} without any content left out"
            )


def _reason(fault: Fault) -> str:
    return f"{fault.what}; {fault.cure}" if fault.cure else fault.what


def _over_bounds(fields: dict[str, Any], own: dict[str, Any]) -> list[tuple[str, str]]:
    """Texts beyond their bounds, found before anything is done with them."""
    return [
        (name, f"{len(value):,} characters; the bound is {bound:,}")
        for name, value in (*fields.items(), *((f"x_{name}", value) for name, value in own.items()))
        if isinstance(value, str) and len(value) > (bound := MAX_MESSAGE if name == "message" else MAX_FIELD)
    ]


def _lead(fields: dict[str, Any], own: dict[str, Any], zone: tzinfo | None) -> Lead:
    received = fields.get("received_at")
    if zone is not None and isinstance(received, str):
        received = parse_instant(received, zone) or received
    company = fields.get("company")
    if not isinstance(company, dict):
        company = {of: fields.get(column) for column, of in _COMPANY.items()} | _where(fields)
    asked = {name: fields.get(name) for name in LEAD_FIELDS[1:]}
    return Lead(
        fields.get("id"),
        company=Company(**company),
        received_at=received,
        attributes=own,
        unreadable=fields.get("unreadable"),
        **asked,
    )


def _where(fields: dict[str, Any]) -> dict[str, Any]:
    """Where the company is, as far as it can be read: what cannot be is flagged once, as the inquiry's."""
    place = Company(**{name: fields.get(name) for name in _BOTH})
    return {name: getattr(place, name) for name in _BOTH}


# Tables


def _table(intake: _Intake, data: bytes) -> None:
    table = read_table(data, intake.file, intake.note)
    known = (*COLUMNS, *(f"x_{name}" for name in intake.plan.attributes))
    header = read_header(table.names, known, ("id",))
    if header.wrong:
        raise DocumentError([Fault(f"{intake.file}:1:{at}", what, cure) for at, what, cure in header.wrong])
    for row in table.rows():
        _oddities(intake, row, len(header.columns))
        cells = header.cells(row)
        own = {name[2:]: cell for name, cell in cells.items() if name.startswith("x_")}
        intake.take(row.line, {name: cell for name, cell in cells.items() if not name.startswith("x_")}, own)
    intake.blank = table.blank


def _oddities(intake: _Intake, row: Row, width: int) -> None:
    if len(row.cells) > width:
        intake.notice("more cells than columns; those beyond the last column are left out", row.line)
    elif len(row.cells) < width:
        intake.notice("fewer cells than columns; the others are absent", row.line)
    if row.loose:
        intake.notice("a quote that does not close is read as a character", row.line)


# JSON lines


def _lines(intake: _Intake, data: bytes) -> None:
    text, other = table_text(data)
    if other:
        intake.note(f"{intake.file}: {other:,} {'line is' if other == 1 else 'lines are'} not UTF-8 and read as cp1252")
    known = {*COLUMNS, *(f"x_{name}" for name in intake.plan.attributes), "attributes", "unreadable"}
    strange: dict[str, Fault] = {}
    rows: list[tuple[int, Any]] = []
    for row, line in numbered(text):
        value = read_line(line)
        rows.append((row, value))
        for name in _strange(value, known, intake.plan) if isinstance(value, dict) else ():
            cure = did_you_mean(name, known)
            strange.setdefault(name, Fault(f"{intake.file}:{row}:1", f"unknown key {quoted(name)}", cure))
    if strange:
        raise DocumentError(list(strange.values())[:50])
    for row, value in rows:
        if isinstance(value, dict):
            _object(intake, row, value)
        else:
            intake.refuse(row, [("id", f"is missing: {value}")])


def _strange(value: dict[str, Any], known: set[str], plan: Plan) -> Iterator[str]:
    yield from (name for name in value if name not in known)
    own = value.get("attributes")
    if isinstance(own, dict):
        yield from (f"x_{name}" for name in own if name not in plan.attributes)


def _object(intake: _Intake, row: int, value: dict[str, Any]) -> None:
    """A lead as an object: the columns as keys, or nested as `to_data` writes it."""
    own = value.pop("attributes", None)
    if own is not None and not isinstance(own, dict):
        intake.notice("`attributes` is no mapping and is left out", row)
    own = dict(own) if isinstance(own, dict) else {}
    own |= {name[2:]: value.pop(name) for name in list(value) if name.startswith("x_")}
    value["unreadable"] = _kept(value.get("unreadable"))
    company = value.get("company")
    if isinstance(company, dict):
        if any(isinstance(company.get(name), str) and len(company[name]) > MAX_FIELD for name in COMPANY_FIELDS):
            intake.refuse(row, [("company", f"more than {MAX_FIELD:,} characters; the bound is {MAX_FIELD:,}")])
            return
        kept = _kept(company.get("unreadable"))
        value["company"] = {name: company.get(name) for name in COMPANY_FIELDS} | {"unreadable": kept}
    intake.take(row, value, own)


def _kept(given: Any) -> dict[str, str]:
    """What could not be read when the lead was first made, as `to_data` writes it; only what can be stored."""
    kept = given.items() if isinstance(given, dict) else ()
    return {
        name: text.encode("utf-8", "backslashreplace").decode()[:MAX_FIELD]
        for name, text in kept
        if isinstance(text, str) and len(name) <= MAX_FIELD and readable_text(name) == name
    }
