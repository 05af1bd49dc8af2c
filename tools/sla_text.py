"""The machine as plain text, for a terminal: phase by phase, what may come, and what happens when nothing does.

May know: the table of `sla`, the words of the pages. May not know: files, the other pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_words import BESIDES, MADE, default_of, groups, places

from dealerrouting.sla import table
from dealerrouting.sla.table import Deadline

__all__ = ["after", "text"]


def text() -> str:
    """All phases, one after another."""
    return "\n".join([*_head(), *(line for phase in table.PHASES for line in _phase(phase)), *_foot()])


def after(one: Deadline) -> dict[str, str]:
    """The terms that a deadline waits for, each with its default."""
    clock = next(clock for clock in table.CLOCKS if clock.name == one.clock)
    return {term: default_of(term) for term in (clock.term, *(["notice"] if one.noticed else []))}


def _head() -> Iterator[str]:
    yield "Where a lead can be, and what moves it"
    yield MADE.replace("`", "")
    yield ""
    for name, inside in groups().items():
        yield f"{name:<8} is {', '.join(inside[:-1])} or {inside[-1]}"


def _phase(phase: str) -> Iterator[str]:
    yield from ("", f"{phase}: {table.PHASES[phase]}", "  may come")
    rows = [row for row in table.TABLE if phase in row.phases]
    yield from (f"    {row.event:<14} {_to(row.to):<21} {row.why}" for row in rows)
    yield "  when nothing does"
    lines = [_deadline(one) for one in table.DEADLINES if phase in one.phases]
    yield from lines or ["    nothing: it is over"]


def _to(phases: tuple[str, ...]) -> str:
    return f"-> {', '.join(places(phases))}" if phases else "stays"


def _deadline(one: Deadline) -> str:
    terms = " and ".join(f"{term} ({default})" for term, default in after(one).items())
    again = ", again and again" if one.again else ""
    to = f" {_to(one.to)}" if one.to else ""
    return f"    {one.rule:<14} {one.does + to:<28} after {terms}: {one.why}{again}"


def _foot() -> Iterator[str]:
    yield from ("", *(line.replace("`", "") for line in BESIDES), "")
