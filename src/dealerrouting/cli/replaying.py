"""`replay`: what the SLA made of a log, as text, a table or JSON lines.

May know: stories, how output looks. May not know: how a step is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from dealerrouting.cli.output import aligned, plain
from dealerrouting.documents import to_data
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.sla import Effect, Story

__all__ = ["counted", "replayed"]

_COLUMNS = (
    "LEAD",
    "PHASE",
    "HOLDER",
    "NO",
    "REMINDED",
    "WITHDRAWN",
    "RETURNED",
    "ESCALATED",
    "BREACHED",
    "REFUSED",
    "NEXT",
)
_NUMBERS = (3, 4, 5, 6, 7, 8, 9)
_WHAT = ("remind", "withdraw", "return_to_house", "escalate")


def replayed(stories: Sequence[Story], *, lead: str | None, form: str) -> str:
    """All leads as a table or as JSON lines; one lead as its history. `PlanError` for a lead that is not there."""
    if lead is not None:
        story = next((one for one in stories if one.lead == lead), None)
        if story is None:
            cure = did_you_mean(lead, [one.lead for one in stories])
            raise PlanError([Fault("--lead", f"no lead {quoted(lead)} in the log", cure)])
        stories = [story]
        if form == "table":
            return "".join(plain(line) + "\n" for line in _history(story))
    if form == "jsonl":
        return "".join(json.dumps(_data(story)) + "\n" for story in stories)
    rows = [_COLUMNS, *(_row(story) for story in stories)]
    return "".join(line + "\n" for line in aligned(rows, _NUMBERS))


def _row(story: Story) -> tuple[str, ...]:
    state = story.state
    counts = [str(story.count(does) or "") for does in _WHAT]
    due = state.dues[0] if state.dues else None
    then = f"{due.does} after {due.at:%Y-%m-%d %H:%M}" if due else ""
    said = (state.phase, state.holder or "-", str(state.assignment), *counts)
    ends = (str(len(state.standing.breached) or ""), str(len(_refusals(story)) or ""), then)
    return tuple(map(plain, (story.lead, *said, *ends)))


def _refusals(story: Story) -> list[str]:
    """Every event that came to nothing because it could not be believed, and why."""
    settled = [
        f"{effect.detail['event']}: {effect.detail['outcome'].partition(':')[2]}"
        for effect in story.effects
        if effect.detail.get("outcome", "").startswith("refused:")
    ]
    return [*settled, *(f"{event.id}: {why}" for event, why in story.refused)]


def _history(story: Story) -> Iterator[str]:
    """One lead from its first event to now, a line for each thing that happened."""
    state = story.state
    yield f"{story.lead}: {state.phase}, held by {state.holder or 'nobody'} (times in UTC)"
    for effect in story.effects:
        said = _said(effect)
        if said is not None:
            yield f"  {effect.at:%Y-%m-%d %H:%M:%S}  {said}"
    for event, why in story.refused:
        yield f"  {event.received_at:%Y-%m-%d %H:%M:%S}  refused {event.type} {event.id}: {why}"
    for breach in state.standing.breached:
        yield f"  broken promise: {breach.rule} of assignment {breach.assignment}, due {breach.due:%Y-%m-%d %H:%M:%S}"


def _said(effect: Effect) -> str | None:
    """One effect in words; nothing for what a reader of a history has no use for."""
    if effect.does == "record":
        return _recorded(dict(effect.detail), effect.assignment)
    if effect.does == "wake":
        return None
    words = [effect.does.replace("_", " "), effect.to or "", f"({effect.rule})" if effect.rule else ""]
    words += [f"without {', '.join(effect.exclude)}"] if effect.exclude else []
    words += [f"{name} {word}" for name, word in effect.detail.items()]
    if effect.send_from is not None and effect.send_from != effect.at:
        words.append(f"from {effect.send_from:%Y-%m-%d %H:%M}")
    return "  " + " ".join(word for word in words if word)


def _recorded(detail: dict[str, str], assignment: int) -> str | None:
    if detail["type"] == "tick":  # what it did stands there as effects, but for the end of a pause
        return "  the pause is over" if "resume:pause" in detail["did"].split() else None
    moved = f"{detail['from']} -> {detail['to']}" if detail["from"] != detail["to"] else detail["to"]
    outcome = "" if detail["outcome"] == "applied" else f", {detail['outcome']}"
    by = f" by {detail['actor']}" if "actor" in detail else ""
    said = " ".join(detail[name] for name in ("status", "holder", "reason", "how") if name in detail)
    return f"{assignment} {detail['type']}{f' {said}' if said else ''}{by}: {moved}{outcome}"


def _data(story: Story) -> dict[str, Any]:
    state = story.state
    return {
        "schema_version": 1,
        "lead": story.lead,
        "phase": state.phase,
        "holder": state.holder,
        "assignment": state.assignment,
        "breached": [
            {"assignment": one.assignment, "rule": one.rule, "due": one.due.isoformat()}
            for one in state.standing.breached
        ],
        "refused": _refusals(story),
        "effects": [to_data(effect) for effect in story.effects],
    }


def counted(stories: Sequence[Story]) -> Iterator[str]:
    """What it came to, in a few lines."""
    total = Counter(effect.does for story in stories for effect in story.effects)
    phases = Counter(story.state.phase for story in stories)
    breached = sum(len(story.state.standing.breached) for story in stories)
    refused = sum(len(_refusals(story)) for story in stories)
    yield (
        f"{_so_many(len(stories), 'lead')}: {total['remind']:,} reminded, {total['withdraw']:,} withdrawn,"
        f" {total['return_to_house']:,} returned to the house, {total['escalate']:,} told to a person;"
        f" {_so_many(breached, 'promise')} broken, {_so_many(refused, 'event')} refused"
    )
    if phases:
        yield "at the end: " + ", ".join(f"{phase} {n:,}" for phase, n in phases.most_common())


def _so_many(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
