"""The life of a claim as plain text, for a terminal: status by status what may be done, and then every rule.

May know: the tables of `registrations`, the words of the pages. May not know: files, the other pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from claim_words import BESIDES, DOES, MADE, NEW, STATUSES, groups, places, rules_that

from dealerrouting.registrations import Row, rule_for_dealer, table

__all__ = ["text"]

WIDTH = 112


def text() -> str:
    """All statuses, one after another, and the rules."""
    parts = [*_head(), *_status(None), *(line for status in STATUSES for line in _status(status))]
    return "\n".join([*parts, *(line for does in DOES for line in _rules(does)), *_foot()])


def _head() -> Iterator[str]:
    yield "Where a claim can be, and what moves it"
    yield MADE.replace("`", "")
    yield ""
    for name, inside in groups().items():
        yield f"{name:<5} is {', '.join(inside[:-1])} or {inside[-1]}"


def _status(status: str | None) -> Iterator[str]:
    said = STATUSES[status] if status else "there is no claim yet"
    yield from ("", f"{status or NEW}: {said.replace('`', '')}")
    rows = [row for row in table.TABLE if status in row.statuses]
    yield from (_row(row, status) for row in rows)
    if not rows:
        yield "  nothing: it is over"


def _row(row: Row, status: str | None) -> str:
    to = "stays" if row.to == (status,) else f"-> {', '.join(places(row.to))}"
    evidence = "; with evidence" if row.evidence else ""
    return f"  {row.do:<9} {row.who:<7} {to:<34} {row.why.replace('`', '')}{evidence}"


def _rules(does: str) -> Iterator[str]:
    yield from ("", f"a rule that {does}: {DOES[does]}")
    for name, why in rules_that(does).items():
        read = rule_for_dealer(name)
        yield f"  {name:<17} {why}" + (f" (a dealer reads: {read})" if read != name else "")


def _foot() -> Iterator[str]:
    yield ""
    for line in BESIDES:
        yield from wrap(line.replace("`", ""), WIDTH)
    yield ""
