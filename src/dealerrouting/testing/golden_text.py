"""Golden cases as text: YAML that our own reader reads back as it was, and that a person can go on writing.

May know: leads, facts, decisions, how plain words are read. May not know: files, pytest.
Words that some reader of YAML takes for something else (`NO`, `01067`, `12:30`) stand in quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dealerrouting.calendar import instant
from dealerrouting.documents.claimed import impossible
from dealerrouting.documents.nouns import COMPANY
from dealerrouting.documents.scalars import plain
from dealerrouting.documents.values import to_data
from dealerrouting.documents.values.names import LEAD_FIELDS, MOMENTS
from dealerrouting.model import Decision, Facts, Lead, Registration
from dealerrouting.testing.golden_case import ASPECTS, aspect

__all__ = ["case_text", "expected_data", "flow", "lead_fields", "shown_instant"]

_WIDE = 110
_OTHERS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that other readers of YAML do not take for text."""


_MOMENTS = frozenset({*MOMENTS, "since", "chosen_at"})


class _Bare(str):
    """Text that is written as it stands."""

    __slots__ = ()


def shown_instant(at: datetime) -> str:
    """An instant as people write it: in UTC, with a `Z`."""
    return instant(at).isoformat().replace("+00:00", "Z")


# Words


def _safe(text: str) -> bool:
    """Whether every reader of YAML takes the bare word for this text, in a list of one line too."""
    return (
        text.isascii()
        and text[:1].isalpha()
        and not text.endswith(" ")
        and all(sign.isalnum() or sign in "-_./ " for sign in text)
        and text.lower() not in _OTHERS
        and plain(text) == text
    )


def _quoted(text: str) -> str:
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    code = ord(sign)
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable() and code != 0xFEFF:
        return sign
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """A value on one line."""
    match value:
        case _Bare():
            return value
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return value if _safe(value) else _quoted(value)
        case Mapping():
            return "{" + ", ".join(f"{flow(str(name))}: {flow(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


def _lines(name: str, value: Any, indent: int) -> Iterator[str]:
    """A key and its value: on one line where they fit, else what is in it below."""
    head, line = " " * indent + flow(name) + ":", flow(value)
    if len(head) + len(line) < _WIDE or not isinstance(value, (Mapping, list, tuple)) or not value:
        yield f"{head} {line}"
    elif isinstance(value, Mapping):
        yield head
        for key, part in value.items():
            yield from _lines(str(key), part, indent + 2)
    else:
        yield head
        for part in value:
            yield from _item(part, indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    """One item of a list: on one line where it fits, else each key on its own."""
    line = " " * indent + f"- {flow(value)}"
    if len(line) <= _WIDE or not isinstance(value, Mapping) or not value:
        yield line
        return
    inside = [line for name, part in value.items() for line in _lines(str(name), part, indent + 2)]
    yield " " * indent + f"- {inside[0].lstrip()}"
    yield from inside[1:]


# Leads, facts, what is expected


def lead_fields(lead: Lead) -> dict[str, Any]:
    """A lead's fields as a golden file has them, absent ones left out: what a company is known by among the others,
    where it lies where the inquiry does.
    """
    company = lead.company
    same = all(getattr(company, name) in (None, getattr(lead, name)) for name in ("country", "postcode", "city"))
    if not same or company.unreadable or lead.unreadable:
        data = to_data(lead)
        own = data.pop("attributes", {})
        data = data if data.get("company") else {name: part for name, part in data.items() if name != "company"}
    else:
        data = {"id": lead.id}
        data |= {column: getattr(company, name) for column, name in COMPANY.items() if column not in LEAD_FIELDS}
        data |= {name: part for name, part in to_data(lead).items() if name in LEAD_FIELDS}
        own = dict(lead.attributes)
    if "received_at" in data and lead.received_at is not None:
        data["received_at"] = _Bare(shown_instant(lead.received_at))
    data |= {f"x_{name}": list(part) if isinstance(part, tuple) else part for name, part in own.items()}
    return {name: part for name, part in data.items() if part is not None}


def _facts_data(facts: Facts) -> dict[str, Any]:
    """The tables that hold something, as rows of what they say."""
    data = {name: table for name, table in to_data(facts).items() if table and name != "schema_version"}
    odd = {claim.id for claim in facts.registrations if not _in_cells(claim)}
    return {
        name: [_row(row, flat=name == "registrations" and row["id"] not in odd) for row in table]
        if isinstance(table, list)
        else table
        for name, table in data.items()
    }


def _in_cells(claim: Registration) -> bool:
    """Whether the columns of a table can hold this claim, and their reader takes it."""
    moments = {name: getattr(claim, name) for name in MOMENTS}
    return not (claim.history or claim.evidence or claim.company.unreadable or any(impossible(moments, ())))


def _row(row: Mapping[str, Any], *, flat: bool) -> dict[str, Any]:
    """One row; what a company is known by stands among its columns, as in a table."""
    said = {name: part for name, part in row.items() if part not in ([], {}, "")}
    about = said.get("company")
    if flat and isinstance(about, Mapping):
        columns = {name: column for column, name in COMPANY.items()}
        told = {columns[name]: part for name, part in about.items()}
        said = {name: part for name, part in said.items() if name != "company"} | told
    return {name: _Bare(part.replace("+00:00", "Z")) if name in _MOMENTS else part for name, part in said.items()}


def expected_data(decision: Decision) -> dict[str, Any]:
    """What to expect of a decision, so that nothing else passes: its holder, rung, reasons and flags."""
    found = {name: aspect(decision, name) for name in ASPECTS if name != "outcome"}
    return {name: words[0] if name in ("holder", "by") else list(words) for name, words in found.items()}


def case_text(name: str, lead: Lead, at: datetime, decision: Decision, facts: Facts | None = None) -> str:
    """A golden case as it stands under `cases:`, ready to be put there: two spaces in, with a line end.

    It expects the holder, rung, reasons and flags of `decision`.
    """
    facts = Facts() if facts is None else facts
    lines = [f"  - name: {flow(name)}", *_lines("lead", lead_fields(lead), 4)]
    lines.append(f"    at: {shown_instant(at)}")
    if data := _facts_data(facts):
        lines += _lines("facts", data, 4)
    lines += _lines("expect", expected_data(decision), 4)
    return "\n".join(lines) + "\n"
