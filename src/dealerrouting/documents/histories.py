"""A claim's evidence and its steps as one cell each, and back.

May know: registrations, instants. May not know: files, plans.

`meeting:note-17; quote:Q-3` is evidence. A step is `do,status,at,actor,rule` and then its evidence, pair by pair;
steps are separated by `;`. Ids hold none of `; : ,`, so nothing has to be quoted; an instant has `:` but no comma.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo

from dealerrouting.calendar import instant, is_instant, parse_instant
from dealerrouting.errors import quoted
from dealerrouting.model import STATUSES, Transition
from dealerrouting.model.definition import Definition

__all__ = ["evidence_cell", "history_cell", "read_history", "unnoted"]

_PARTS = ("do", "status", "at", "actor", "rule")
_MOST_STEPS = 10_000
_EXAMPLE = "write submit,submitted,2027-01-08T09:00:00+00:00,delta-jan,,meeting:note-17"

Wrong = Callable[[str, str], None]
"""Hears what is wrong and the cure."""


def unnoted(pairs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with those pairs of evidence that name no note or document."""
    return ((f"{quoted(pair)} names no note", "write meeting:note-17") for pair in pairs if ":" not in pair)


def read_history(cell: str, zone: tzinfo | None, wrong: Wrong) -> tuple[Transition, ...]:
    """The steps in a cell, the first first; nothing, and what is wrong with every one of them, where one is wrong."""
    texts = cell.split(";")
    if len(texts) > _MOST_STEPS:
        wrong(f"{len(texts):,} steps", f"the bound is {_MOST_STEPS:,}")
        return ()
    steps = [_step(text, zone, _of(number, wrong)) for number, text in enumerate(texts, start=1)]
    found = tuple(step for step in steps if step is not None)
    return found if len(found) == len(texts) else ()


def _of(number: int, wrong: Wrong) -> Wrong:
    """What is wrong with one step, with its number."""
    return lambda what, cure: wrong(f"step {number}: {what}", cure)


def _step(text: str, zone: tzinfo | None, wrong: Wrong) -> Transition | None:
    """One step, or None and everything that is wrong with it."""
    given = [part.strip() for part in text.split(",")]
    if len(given) < len(_PARTS):
        wrong(f"has {len(given)} of the parts {', '.join(_PARTS)}", _EXAMPLE)
        return None
    do, status, at, actor, rule = given[: len(_PARTS)]
    read, when = Definition("step", do), parse_instant(at, zone)
    if when is None:
        read.wrong("at", f"{quoted(at)} is not an instant", "write 2027-01-08T09:00:00+00:00")
    ids = _ids(read, do, actor, rule)
    pairs = given[len(_PARTS) :]
    for what, cure in unnoted(pairs):
        read.wrong("evidence", what, cure)
    evidence = read.evidence("evidence", [pair for pair in pairs if ":" in pair])
    status = read.choice("status", status, STATUSES)
    for fault in read.faults:
        wrong(fault.what, fault.cure)
    return None if read.faults or when is None else Transition(ids[0], status, when, ids[1], ids[2], evidence)


def _ids(read: Definition, do: str, actor: str, rule: str) -> tuple[str, str, str]:
    """The three ids of a step; where time did it there is no actor, and perhaps no rule."""
    who, why = (read.ident(name, text) if text else "" for name, text in (("actor", actor), ("rule", rule)))
    return read.ident("do", do), who, why


# And back


def evidence_cell(evidence: Mapping[str, str]) -> str:
    """Evidence as a cell."""
    return "; ".join(_pairs(evidence))


def history_cell(history: Iterable[Transition], wrong: Wrong) -> str:
    """Steps as a cell; `wrong` hears of what no cell can hold."""
    steps = tuple(history)
    if len(steps) > _MOST_STEPS:
        wrong(f"{len(steps):,} steps", f"the bound is {_MOST_STEPS:,}")
        return ""
    return "; ".join(_written(step, _of(number, wrong)) for number, step in enumerate(steps, start=1))


def _written(step: Transition, wrong: Wrong) -> str:
    """One step, if what is read from it is the same step."""
    if not is_instant(step.at):
        wrong(f"{quoted(str(step.at))} is not an instant", "give an aware datetime")
        return ""
    parts = (step.do, step.status, instant(step.at).isoformat(), step.actor, step.rule, *_pairs(step.evidence))
    text = ",".join(map(str, parts))
    told: list[tuple[str, str]] = []
    read = _step(text, None, lambda what, cure: told.append((what, cure)))
    if read != step and not told:
        told.append((f"{quoted(text)} would not be read as it is", "write its ids without ; : , or quotes"))
    for what, cure in told:
        wrong(what, cure)
    return text


def _pairs(evidence: Mapping[str, str]) -> list[str]:
    return [f"{shows}:{note}" for shows, note in evidence.items()]
