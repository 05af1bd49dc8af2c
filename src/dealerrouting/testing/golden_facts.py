"""What has happened before a golden case, as it is written there: the tables of facts, as lists of rows.

May know: facts, the readers of their rows, places. May not know: files, what the facts decide.
A row has the columns of its CSV table. Where it holds more than a cell can (the steps of a claim, sealed keys), it is
read as `to_data` writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dealerrouting.documents.checks import shown
from dealerrouting.documents.fact_rows import TABLES, FactRows
from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.documents.values import from_data
from dealerrouting.errors import FactsError, Fault, did_you_mean, quoted
from dealerrouting.model import Facts
from dealerrouting.rules import Plan

__all__ = ["facts_in"]

_WHOLE = frozenset({"open", "last_30_days", "credit"})
_NESTED = {"registrations": ("company", "evidence", "history"), "incumbents": ("company",), "counts": ("assigned_at",)}
_PAIRS = {"shares": "share", "ledgers": "credit"}
"""Tables that may be written as a mapping from dealers."""


Note = Callable[[Fault], None]
"""Hears of what may be right all the same."""


def facts_in(data: Any, trail: Trail, plan: Plan, wrongs: Wrongs, note: Note) -> Facts:
    """The facts in `data`, which stands at `trail`; what is wrong is noted, and then they are not whole.

    `note` hears of dealers that the plan does not have: they may have left, or be a slip of the pen.
    """
    if data is None:
        return Facts()
    if not isinstance(data, dict):
        wrongs.add(
            trail, f"{shown(data)} are no facts", "write tables: {counts: [{dealer: .., open: ..}]}, or a folder"
        )
        return Facts()
    before = len(wrongs.faults)
    rows = FactRows(_Under(wrongs, trail), plan.lens.zone, lambda _: None)  # type: ignore[arg-type]
    for table, content in data.items():
        if table not in TABLES:
            wrongs.add((*trail, table), f"unknown key {quoted(table)}", did_you_mean(table, TABLES), key=True)
            continue
        for row, place in _rows(table, content, (*trail, table), wrongs):
            _take(rows, table, row, place, wrongs, trail)
            if isinstance(name := row.get("dealer"), str) and plan.dealer(name) is None:
                what, cure = f"{quoted(name)} is no dealer of this plan", did_you_mean(name, plan.by_id)
                note(Fault(wrongs.places.of((*place, "dealer")), what, cure))
    if len(wrongs.faults) > before:
        return Facts()
    try:
        return rows.facts()
    except FactsError as error:
        for fault in error.faults:
            wrongs.say(trail, f"{fault.place}: {fault.what}", fault.cure)
        return Facts()


class _Under:
    """Hears of rows by table and index, and notes it where they stand in the whole document."""

    def __init__(self, wrongs: Wrongs, trail: Trail) -> None:
        self._wrongs, self._trail = wrongs, trail
        self.places = wrongs.places

    def add(self, trail: Trail, what: str, cure: str = "") -> None:
        """What is wrong with one part, which is bad then."""
        self._wrongs.add((*self._trail, *trail), what, cure)

    def say(self, trail: Trail, what: str, cure: str = "") -> None:
        """What is wrong with one part."""
        self._wrongs.say((*self._trail, *trail), what, cure)


def _rows(table: str, content: Any, trail: Trail, wrongs: Wrongs) -> Iterator[tuple[dict[str, Any], Trail]]:
    """The rows of one table, and where each stands."""
    if table in _PAIRS and isinstance(content, dict):
        yield from _pairs(table, content, trail, wrongs)
    elif isinstance(content, list):
        for at, row in enumerate(content):
            if isinstance(row, dict):
                yield row, (*trail, at)
            else:
                columns = ", ".join(f"{name}: .." for name in TABLES[table][1])
                wrongs.add((*trail, at), f"{shown(row)} is no row", f"write {{{columns}}}")
    elif content is not None:
        wrongs.add(trail, f"{shown(content)} is no list of rows", "begin each row with a `-`")


def _pairs(
    table: str, content: Mapping[str, Any], trail: Trail, wrongs: Wrongs
) -> Iterator[tuple[dict[str, Any], Trail]]:
    """`shares: {delta: "0.5"}`, `ledgers: {territories: {delta: 250000}}`."""
    column = _PAIRS[table]
    for name, value in content.items():
        if table == "shares":
            yield {"dealer": name, column: value}, (*trail, name)
        elif isinstance(value, dict):
            for dealer, credit in value.items():
                yield {"ledger": name, "dealer": dealer, column: credit}, (*trail, name, dealer)
        else:
            wrongs.add((*trail, name), f"{shown(value)} is no ledger", "write {dealer: millionths of a lead}")


def _take(rows: FactRows, table: str, row: dict[str, Any], place: Trail, wrongs: Wrongs, trail: Trail) -> None:
    nested = [name for name in _NESTED.get(table, ()) if isinstance(row.get(name), (dict, list))]
    if nested:
        _whole(rows, table, row, place, wrongs)
        return
    known, needed = TABLES[table]
    bad = len(wrongs.faults)
    cells = {name: _cell(name, value, (*place, name), wrongs) for name, value in row.items() if value is not None}
    for name in row:
        if name not in known:
            wrongs.add((*place, name), f"unknown column {quoted(name)}", did_you_mean(name, known), key=True)
    for name in needed:
        if cells.get(name) in (None, ""):
            wrongs.say((*place, name), f"`{name}` is missing", "add it")
    if len(wrongs.faults) == bad:
        rows.take(cells, place[len(trail) :])


def _cell(name: str, value: Any, trail: Trail, wrongs: Wrongs) -> Any:
    """A value as the row's reader takes it: text, but for whole numbers and lists of products."""
    texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(value, str) or (name == "products" and texts):
        return value
    if isinstance(value, (bool, dict, list)):
        wrongs.add(trail, f"{shown(value)} is not text", "write it in quotes" if isinstance(value, bool) else "")
        return ""
    return value if name in _WHOLE and isinstance(value, int) else str(value)


def _whole(rows: FactRows, table: str, row: dict[str, Any], place: Trail, wrongs: Wrongs) -> None:
    """A row with parts of its own, as `to_data` writes it."""
    try:
        found = from_data("facts", {table: [_texts(row)]})
    except FactsError as error:
        for fault in error.faults:
            below = _below(fault.place, table)
            subject = f"`{below[0]}` " if below and fault.what.startswith("is ") else ""
            wrongs.say((*place, *below), subject + fault.what, fault.cure)
        return
    for one in getattr(found, table) if table != "counts" else found.counts.values():
        _keep(rows, table, one, place)


def _texts(data: Any) -> Any:
    """Numbers as text, but for whole ones that count."""
    if isinstance(data, dict):
        return {name: part if name in _WHOLE else _texts(part) for name, part in data.items()}
    if isinstance(data, list):
        return [_texts(part) for part in data]
    return data if isinstance(data, (str, bool)) or data is None else str(data)


def _below(place: str, table: str) -> Trail:
    """`registrations[0].company` as the way below the row."""
    rest = place.removeprefix(f"{table}[0]").lstrip(".")
    name = rest.partition(".")[0].partition("[")[0]
    return (name,) if name else ()


_KEPT: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "registrations": ("claims", lambda one: one.id),
    "counts": ("counts", lambda one: one.dealer),
}


def _keep(rows: FactRows, table: str, one: Any, place: Trail) -> None:
    if table == "incumbents":
        rows.served.append(one)
        return
    into, ident = _KEPT[table]
    rows.once(getattr(rows, into), ident(one), one, place[-2:])
