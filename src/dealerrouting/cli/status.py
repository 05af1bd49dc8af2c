"""`status`: what an operator wants to see at two in the morning, as a page and as JSON.

May know: what a desk says of itself. May not know: stores, how anything is decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from attrs import frozen

from dealerrouting.cli.wording import Sheet, age, counted, most, number, short, typed, when
from dealerrouting.desk import Health, Swept
from dealerrouting.ports import Activation, Desk, Hold

__all__ = ["Seen", "as_json", "as_text", "held", "passed", "released", "trouble"]

_BUSIEST, _TOLD = 8, 3
_LATE = timedelta(hours=1)
"""What has been due for longer than this is not being swept."""
_BY_HAND = "--actor ID --reason TEXT"


@frozen
class Seen:
    """What was seen: the store's place, the desk's record, its health, names of plans, what the next pass would do."""

    place: str
    desk: Desk
    health: Health
    names: Mapping[str, str]
    next_pass: Swept | None


# As a page


def as_text(seen: Seen) -> str:
    """The page, 100 columns wide."""
    sheet, health = Sheet(), seen.health
    sheet.row("Store", f"{seen.place}, as of {when(health.survey.at)}")
    sheet.gap()
    _plans(sheet, seen)
    _holds(sheet, health)
    sheet.gap()
    _due(sheet, seen)
    _outbox(sheet, health)
    _parked(sheet, health)
    sheet.gap()
    _numbers(sheet, health)
    return sheet.text()


def _plans(sheet: Sheet, seen: Seen) -> None:
    now, at = seen.health.active, seen.health.survey.at
    if now is None:
        sheet.row("Decides", f"nothing yet; dealerrouting activate PLAN {_BY_HAND}", alarm=True)
    else:
        sheet.row("Decides", _named(seen, now.plan))
        sheet.more(f"since {when(now.since)}, for {age(at - now.since)}, by {now.actor}{_because(now.reason)}")
    before = [one for one in seen.desk.activations if now and one.plan != now.plan and one.since <= at]
    if before:
        sheet.more(f"before it: {_named(seen, before[-1].plan)}; back to it:")
        sheet.more(f"dealerrouting activate --roll-back {_BY_HAND}", indent=2)
    for one in seen.health.planned:
        sheet.row("Planned", _named(seen, one.plan))
        sheet.more(f"from {when(one.since)}, in {age(one.since - at)}, by {one.actor}{_because(one.reason)}")
    if not seen.health.planned:
        sheet.row("Planned", "nothing")


def _named(seen: Seen, digest: str) -> str:
    return f"{seen.names.get(digest, 'a plan that the store does not have')}  {short(digest)}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _holds(sheet: Sheet, health: Health) -> None:
    label = "Held"
    for one in health.holds:
        sheet.row(label, held(one), alarm=True)
        sheet.more(released(one.what), indent=2)
        label = ""
    if not health.holds:
        sheet.row("Held", "nothing")


def held(one: Hold) -> str:
    """What is held, since when, by whom and why."""
    return f"{one.what}, since {when(one.since)}, by {one.actor}{_because(one.reason)}"


def released(what: str) -> str:
    """What to type so that it goes on: of `all`, `lead:L1`, `dealer:delta`, `claim:R1`."""
    kind, _, id = what.partition(":")
    return f"dealerrouting release {f'--{kind} {typed(id)} ' if id else ''}{_BY_HAND}"


def _due(sheet: Sheet, seen: Seen) -> None:
    found = seen.health.survey
    if not found.due or found.oldest_due is None:
        sheet.row("Due", "nothing")
    else:
        due = f"{number(found.due, 'lead or claim') if found.due == 1 else f'{found.due:,} leads and claims'}"
        late = f"{due}, since {when(found.oldest_due)}: {age(seen.health.behind)} behind"
        sheet.row("Due", late, alarm=seen.health.behind > _LATE)
    label = "Next pass"
    for line in _next(seen):
        sheet.row(label, line)
        label = ""


def _next(seen: Seen) -> Iterator[str]:
    """What the next pass would do, and how to keep it from it."""
    one = seen.next_pass
    if one is None:
        yield "not looked at; dealerrouting sweep --dry-run"
        return
    if not one.looked:
        yield "would find nothing to do"
        return
    if one.held is not None:
        yield "would do nothing, for all is held; without the hold it"
    rest = seen.health.survey.due - one.looked
    more = f" (the first of {seen.health.survey.due:,})" if rest > 0 else ""
    yield from passed(one, more=more)
    wrong = {**one.failed, **one.parked}
    if wrong:
        some = "; ".join(trouble(what, why) for what, why in list(wrong.items())[:_TOLD])
        yield f"{len(wrong):,} could not be dealt with: {some}{'; ...' if len(wrong) > _TOLD else ''}"
    if one.held is None:
        yield f"to keep it from that: dealerrouting hold {_BY_HAND}"


def passed(one: Swept, *, more: str = "") -> Iterator[str]:
    """What a pass has done, or would do, in lines."""
    if one.dry_run:
        yield f"would look at {one.looked:,}{more} and change {one.changed:,}"
    else:
        since = f", due since {when(one.oldest)}" if one.oldest else ""
        yield f"looked at {one.looked:,}{since}; changed {one.changed:,}"
    total = sum(one.messages.values())
    if total:
        yield f"{number(total, 'message')} to leave: {counted(one.messages)}"
        yield f"to {counted(one.to)}"
    if one.later:
        few = (
            f"{number(sum(one.later.values()), 'lead')} left for a later pass, so that nobody is told too much at once"
        )
        yield f"{few}: {counted(one.later)}"


def _outbox(sheet: Sheet, health: Health) -> None:
    found = health.survey
    if found.messages and found.oldest_message is not None:
        text = f"{number(found.messages, 'message')} to leave, since {when(found.oldest_message)}"
        late = health.unsent > timedelta(0)
        sheet.row("Outbox", f"{text}: {age(health.unsent)}" if late else text, alarm=health.unsent > _LATE)
    else:
        sheet.row("Outbox", "empty")
    if found.waiting:
        sheet.row("Waiting", f"{number(found.waiting, 'lead')} for a dealer that can take {_them(found.waiting)}")


def _them(n: int) -> str:
    return "it" if n == 1 else "them"


def _parked(sheet: Sheet, health: Health) -> None:
    label = "Parked"
    for what, why in health.survey.parked.items():
        sheet.row(label, trouble(what, why), alarm=True)
        sheet.more(released(what), indent=2)
        label = ""
    if not health.survey.parked:
        sheet.row("Parked", "nothing")


def trouble(what: str, why: str) -> str:
    """What could not be dealt with, and why."""
    return f"{what}: {why.removeprefix(what).strip()}"


def _numbers(sheet: Sheet, health: Health) -> None:
    found = health.survey
    sheet.row("Open leads", f"{sum(found.phases.values()):>9,}")
    sheet.table("  by phase", most(found.phases))
    holders = most({name or "(nobody yet)": n for name, n in found.holders.items()})
    sheet.table("  by holder", holders[:_BUSIEST])
    if len(holders) > _BUSIEST:
        sheet.more(f"{sum(n for _, n in holders[_BUSIEST:]):>9,}  with {len(holders) - _BUSIEST:,} others")
    sheet.row("Claims", f"{sum(found.claims.values()):>9,}")
    sheet.table("  by status", most(found.claims))


# As JSON


def as_json(seen: Seen) -> str:
    """The same as one JSON object; ids, words and numbers only."""
    health, found = seen.health, seen.health.survey
    data = {
        "schema_version": 1,
        "store": seen.place,
        "at": found.at,
        "active": _activation(seen, health.active) if health.active else None,
        "planned": [_activation(seen, one) for one in health.planned],
        "holds": [_fields(one, ("what", "since", "actor", "reason")) for one in health.holds],
        "open": {"leads": sum(found.phases.values()), "phases": dict(found.phases), "holders": dict(found.holders)},
        "claims": dict(found.claims),
        "due": {"count": found.due, "oldest": found.oldest_due, "behind_seconds": health.behind},
        "messages": {"count": found.messages, "oldest": found.oldest_message, "unsent_seconds": health.unsent},
        "waiting": found.waiting,
        "parked": dict(found.parked),
        "next_pass": _pass(seen.next_pass) if seen.next_pass else None,
    }
    return json.dumps(data, indent=2, default=_plain) + "\n"


def _activation(seen: Seen, one: Activation) -> dict[str, Any]:
    return {"name": seen.names.get(one.plan), **_fields(one, ("plan", "since", "actor", "reason"))}


def _pass(one: Swept) -> dict[str, Any]:
    maps = {name: dict(getattr(one, name)) for name in ("messages", "to", "later", "failed", "parked")}
    return {**_fields(one, ("at", "looked", "changed", "oldest", "more", "kept")), "held": one.held is not None, **maps}


def _fields(one: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _plain(value: Any) -> Any:
    """Instants as ISO 8601, lengths in whole seconds."""
    return int(value.total_seconds()) if isinstance(value, timedelta) else value.isoformat()
