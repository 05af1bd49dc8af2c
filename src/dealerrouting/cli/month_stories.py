"""The month of the example network in numbers, and a lead for each thing that it was to show.

May know: what was lived. May not know: how it was lived; how a page looks; any lead or dealer by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise

from attrs import frozen

from dealerrouting.cli.month import Lived
from dealerrouting.ports import History

__all__ = ["Move", "Story", "day", "moves", "stories", "tally"]


@frozen
class Move:
    """From whom a lead went to whom, and why. A kind is `assigned` (a dealer) or `house`."""

    holder: str
    kind: str
    why: str
    to: str
    then: str


def day(lived: Lived, when: datetime) -> str:
    """A day on the wall where the plan is at home."""
    return f"{when.astimezone(lived.scene.zone):%a %d %b}"


# The month in numbers


def moves(history: History) -> Iterator[Move]:
    """How a lead went from holder to holder; one that goes with another has no way of its own."""
    state = history.case.state if history.case else None
    if state is None:
        return
    now = state.standing
    held = [(one.holder, one.kind, one.why) for one in now.past] + [(now.holder or "", now.kind or "", "")]
    for (holder, kind, why), (to, then, _) in pairwise(held):
        yield Move(holder, kind, why, to, then)


def tally(lived: Lived) -> list[tuple[str, str, str, str]]:
    """What happened, to how many leads, the first of them, and what that means."""
    found = [(what, [name for name, one in lived.histories.items() if fits(one)], so) for what, fits, so in _ROWS]
    return [(what, f"{len(leads):,}", min(leads, default="-"), so) for what, leads, so in found]


_Fits = Callable[[History], bool]


def _moved(kind: str, then: str) -> _Fits:
    return lambda one: any((move.kind, move.then) == (kind, then) for move in moves(one))


def _is(*phases: str) -> _Fits:
    return lambda one: one.case is not None and one.case.phase in phases


def _said(name: str, word: str) -> _Fits:
    return lambda one: any(record.detail.get(name) == word for record in one.records)


def _silent(one: History) -> bool:
    return any(move.why == "silence" for move in moves(one))


def _open(one: History) -> bool:
    return one.case is not None and one.case.open


_adopted = _said("reason", "adopted")
_ROWS: tuple[tuple[str, _Fits, str], ...] = (
    ("taken over", _adopted, "open leads of the CRM there was before; nobody was told"),
    ("received", lambda one: not _adopted(one), "decided, kept and told in one commit each"),
    ("linked", _is("linked"), "of a company with an open lead: the same holder, no second clock"),
    ("reminded", _said("type", "reminder_sent"), "a status was due, and none had come"),
    ("withdrawn", _silent, "reminded, and still silent: the dealer lost it"),
    ("declined", _said("type", "declined"), "the dealer did not want it"),
    ("referred", _said("type", "referred"), "handed to the house by a dealer that wants to hear of it"),
    ("reassigned", _moved("assigned", "assigned"), "another dealer has it after that"),
    ("returned", _moved("assigned", "house"), "the house has it after that"),
    ("waited", _moved("house", "assigned"), "the house kept it until a dealer could have it"),
    ("won", _is("won"), "closed: sold"),
    ("lost", _is("lost", "uncontactable"), "closed: not sold"),
    ("open", _open, "still with somebody, and looked at when it is due"),
)


# What it shows


@frozen
class Story:
    """One thing that the month was to show, the lead that shows it, and who had to do with it."""

    title: str
    lead: str
    text: str
    dealer: str


def stories(lived: Lived) -> list[Story]:
    """The first lead of each kind, the one that is told day by day before all others."""
    tellers: tuple[tuple[str, Callable[[Lived, History], tuple[str, str] | None]], ...] = (
        ("silence", _silence),
        ("end of the line", _to_the_house),
        ("no room", _waited),
        ("same company", _linked),
        ("claimed", _claimed),
    )
    found = []
    for title, teller in tellers:
        told = ((name, teller(lived, one)) for name, one in _open_first(lived))
        first = next(((name, text) for name, text in told if text), None)
        if first is not None:
            found.append(Story(title, first[0], first[1][1], first[1][0]))
    return found


def _open_first(lived: Lived) -> list[tuple[str, History]]:
    """Leads whose story goes on have more to show."""
    return sorted(lived.histories.items(), key=lambda pair: (not (pair[1].case and pair[1].case.open), pair[0]))


def _silence(lived: Lived, one: History) -> tuple[str, str] | None:
    now = next((move for move in moves(one) if move.holder == lived.scene.silent and move.why == "silence"), None)
    if now is None or now.then != "assigned" or not (one.case and one.case.served):
        return None
    return now.holder, f"{now.holder} was reminded, said nothing, and lost it; {now.to} has it, and is at it"


def _to_the_house(lived: Lived, one: History) -> tuple[str, str] | None:
    gone = [*moves(one)]
    if not gone or (gone[-1].why, gone[-1].then) != ("silence", "house") or not one.decisions:
        return None
    last = gone[-1]
    flags = ", ".join(one.decisions[-1].decision.flags)
    return last.holder, f"{last.holder} lost it by silence, and nobody else may have it ({flags}): {last.to} has it"


def _waited(lived: Lived, one: History) -> tuple[str, str] | None:
    first = one.decisions[0].decision if one.decisions else None
    now = next((move for move in moves(one) if (move.kind, move.then) == ("house", "assigned")), None)
    if first is None or now is None or {retry.condition for retry in first.retry} != {"max_open"}:
        return None
    given = next(kept.decision.at for kept in one.decisions if kept.assignment == 2)
    waited = f"{day(lived, first.at)} to {day(lived, given)}"
    return now.to, f"{now.to} was full: it waited at {now.holder} from {waited}, until there was room"


def _linked(lived: Lived, one: History) -> tuple[str, str] | None:
    if one.case is None or one.case.linked is None:
        return None
    holder = lived.histories[one.case.linked].case
    name = (holder.holder if holder else None) or ""
    return name, f"goes with {one.case.linked} of the same company, at {name}: one holder, one clock"


def _claimed(lived: Lived, one: History) -> tuple[str, str] | None:
    first = one.decisions[0].decision if one.decisions else None
    if first is None or first.by != "registrations" or not first.passed_over:
        return None
    others = ", ".join(other.dealer for other in first.passed_over)
    return first.holder, f"in the region of {others}, but {first.holder} had claimed the company ({first.because[0]})"
