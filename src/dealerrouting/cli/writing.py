"""Decisions as lines: a table to read, JSON lines for machines, CSV for spreadsheets.

May know: decisions, the screen. May not know: files of leads, how anything is decided.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dealerrouting.cli.screen import cell, row, safe
from dealerrouting.documents import Leads, to_data
from dealerrouting.model import Decision, Lead
from dealerrouting.rules import Plan

__all__ = ["FORMATS", "json_line", "lines", "totals"]

_HEAD = ("lead", "at", "holder", "by", "because", "flags")
_CSV = ("lead", "at", "outcome", "holder", "by", "because", "flags", "passed_over", "retry", "plan")


def json_line(data: Mapping[str, Any]) -> str:
    """One line of JSON in ASCII: the same bytes on every terminal, and none of them does anything to it."""
    return json.dumps(data, ensure_ascii=True)


def _table(decisions: Iterable[Decision], plan: Plan, leads: Sequence[Lead]) -> Iterator[str]:
    """Aligned columns; their widths are known before the first decision is."""
    widths = (
        min(max([4, *(len(safe(lead.id)) for lead in leads)]), 40),
        len("2027-01-08 09:00:00Z"),
        max([6, *map(len, plan.by_id)]),
        max([5, *(len(rung.name) for rung in plan.precedence)]),
        max([7, *(len(land.id) for land in plan.territories)]),
    )
    yield row(_HEAD, widths)
    for one in decisions:
        when = f"{one.at:%Y-%m-%d %H:%M:%S}Z"
        because = "; ".join(one.because) or "-"
        yield row((safe(one.lead), when, one.holder, one.by, because, "; ".join(map(safe, one.flags))), widths)


def _jsonl(decisions: Iterable[Decision], _: Plan, __: Sequence[Lead]) -> Iterator[str]:
    for one in decisions:
        yield json_line(to_data(one))


def _csv(decisions: Iterable[Decision], _: Plan, __: Sequence[Lead]) -> Iterator[str]:
    yield ",".join(_CSV)
    for one in decisions:
        cells = (
            one.lead,
            one.at.isoformat(),
            one.outcome,
            one.holder,
            one.by,
            "; ".join(one.because),
            "; ".join(one.flags),
            "; ".join(sorted({passed.dealer for passed in one.passed_over})),
            "; ".join(f"{retry.dealer}: {retry.condition}" for retry in one.retry),
            one.plan,
        )
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow([cell(value) for value in cells])
        yield text.getvalue()


FORMATS: Mapping[str, Callable[[Iterable[Decision], Plan, Sequence[Lead]], Iterator[str]]] = {
    "table": _table,
    "jsonl": _jsonl,
    "csv": _csv,
}
"""Every form that decisions are written in, by name."""


def lines(form: str, decisions: Iterable[Decision], plan: Plan, leads: Sequence[Lead]) -> Iterator[str]:
    """The decisions as lines of one form."""
    return FORMATS[form](decisions, plan, leads)


def totals(outcomes: Counter[str], flagged: int, leads: Leads) -> str:
    """How many went where, on one line."""
    count = sum(outcomes.values())
    parts = [
        f"{count:,} {'lead' if count == 1 else 'leads'} routed",
        f"{outcomes['assigned']:,} to dealers",
        f"{outcomes['house']:,} to the house",
        f"{flagged:,} flagged",
    ]
    if leads.refused:
        parts.append(f"{leads.refused_rows:,} {'row' if leads.refused_rows == 1 else 'rows'} refused")
    return f"{parts[0]}: {', '.join(parts[1:])}"
