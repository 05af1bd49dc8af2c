"""`route`: a decision a lead.

May know: inputs, the screen, writing, the core. May not know: how anything is decided.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from dealerrouting.cli.inputs import Inputs, gather
from dealerrouting.cli.screen import note, saved
from dealerrouting.cli.writing import lines, totals
from dealerrouting.model import Decision
from dealerrouting.rules import route_all

__all__ = ["run", "tally"]

_LONG = 2_000
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


def run(
    plan: str, leads: str, facts: str | None, at: str | None, mode: str, timezone: str | None, form: str | None,
    output: str | None,
) -> int:  # fmt: skip
    """Route everything; the exit code is 1 where rows were refused."""
    given = gather(plan, leads, facts, at, timezone)
    path = None if output is None or output == "-" else Path(output)
    form = form or (_SUFFIXES.get(path.suffix.lower(), "table") if path else "table")
    outcomes: Counter[str] = Counter()
    made = tally(route_all(given.leads, given.plan, given.facts, at=given.at, mode=mode), outcomes)
    if path is None:
        for line in lines(form, _shown(made, given, sys.stdout.isatty()), given.plan, given.leads.leads):
            print(line)
        sys.stdout.flush()
    else:
        with saved(path) as stream:
            for line in lines(form, _shown(made, given, False), given.plan, given.leads.leads):
                stream.write(line + "\n")
    for refused in given.leads.refused:
        note(f"{refused}; the row is refused")
    flagged = outcomes.pop("flagged", 0)
    note(totals(outcomes, flagged, given.leads) + (f"; written to {path}" if path else ""))
    return 1 if given.leads.refused else 0


def tally(decisions: Iterable[Decision], outcomes: Counter[str]) -> Iterator[Decision]:
    """The same decisions, counted by outcome on the way."""
    for decision in decisions:
        outcomes[decision.outcome] += 1
        outcomes["flagged"] += bool(decision.flags)
        yield decision


def _shown(decisions: Iterator[Decision], given: Inputs, same_screen: bool) -> Iterable[Decision]:
    """The decisions under a progress bar, where the input is long and somebody is looking.

    Where the lines go to the screen that the bar is on, they wait until it is gone.
    """
    if len(given.leads) < _LONG or not sys.stderr.isatty():
        return decisions
    moving = _under_a_bar(decisions, len(given.leads))
    return list(moving) if same_screen else moving


def _under_a_bar(decisions: Iterator[Decision], total: int) -> Iterator[Decision]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("routing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("routing", total=total)
        for decision in decisions:
            yield decision
            progress.advance(task)
