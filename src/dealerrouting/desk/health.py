"""`health`, `messages`: how the desk is, and what is to be sent.

May know: ports, what the SLA still wants to be said. May not know: how anything is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from attrs import frozen

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import commit
from dealerrouting.desk.plans import ALL
from dealerrouting.desk.steps import Steps, store
from dealerrouting.ports import DESK, Activation, Case, Desk, Hold, Ref, Survey
from dealerrouting.sla import Effect, wanted

__all__ = ["Health", "health", "messages"]


@frozen
class Health:
    """The desk at one instant: what decides, what will, what is held, and the store in numbers (`Survey`).

    `behind` is how long the longest due has been waiting for a sweep, `unsent` how long the longest waiting message.
    """

    survey: Survey
    active: Activation | None
    planned: tuple[Activation, ...]
    holds: tuple[Hold, ...]
    behind: timedelta = timedelta(0)
    unsent: timedelta = timedelta(0)


def health(config: Config) -> Steps[Health]:
    """How the desk is. Everything in it is ids, words and numbers."""
    look = Look(config)
    yield from look.load([DESK])
    found: Survey = yield from store("survey", look.now)
    desk: Desk = look.desk
    planned = desk.planned(look.now)
    behind = look.now - found.oldest_due if found.oldest_due else timedelta(0)
    unsent = look.now - found.oldest_message if found.oldest_message else timedelta(0)
    unsent = max(unsent, timedelta(0))  # it may be waiting for its recipient to open
    return Health(found, desk.active(look.now), planned, desk.holds, behind, unsent)


def messages(config: Config, *, limit: int = 100) -> Steps[tuple[Effect, ...]]:
    """What is to be sent now, the first first, at most `limit`; nothing while all is held.

    A message that has nothing to say any more, because its assignment is over or its promise was kept meanwhile, is
    dropped. Whoever sends one says so with `sent`; what was not said to be sent comes again.
    """
    if not config.keeps_answers:
        raise TypeError("this store keeps no outbox: what is to be told is in each outcome's `effects`")
    look = Look(config)
    yield from look.load([DESK])
    if look.desk.held(ALL):
        return ()
    size, ready, over = limit, list[Effect](), list[str]()
    while True:  # those that are held, or over, keep nobody else waiting
        found: tuple[Effect, ...] = yield from store("pending", look.now, size)
        ready, over = yield from _sorted_out(look, found)
        if len(ready) >= limit or len(found) < size:
            break
        size *= 2
    if over:
        yield from commit(config, Look(config), Change(look.now, left=over))
    return tuple(ready[:limit])


def _sorted_out(look: Look, found: Sequence[Effect]) -> Steps[tuple[list[Effect], list[str]]]:
    """Which of the messages may leave now, and the keys of those that need not any more."""
    yield from look.load([Ref("lead", one.lead) for one in found])
    cases: list[Case | None] = [look.values[Ref("lead", one.lead)] for one in found]
    yield from look.load([Ref("lead", case.linked) for case in cases if case is not None and case.linked])
    ready, over = list[Effect](), list[str]()
    for case, one in zip(cases, found, strict=True):
        if look.desk.held(f"lead:{one.lead}") or look.desk.held(f"dealer:{one.to}"):
            continue
        if _wanted(look, case, one):
            ready.append(one)
        else:
            over.append(one.key)
    return ready, over


def _wanted(look: Look, case: Case | None, message: Effect) -> bool:
    """Whether the message still has something to say."""
    if case is None or case.erased_at is not None:
        return False
    if message.does == "linked":
        other: Case | None = look.values[Ref("lead", case.linked)] if case.linked else None
        if other is None or other.state is None or message.detail.get("linked") != case.linked:
            return False  # it goes with another one by now, or carries on itself
        return (message.assignment, message.to) == (other.state.assignment, other.state.holder)
    if case.state is None:
        return True  # that it passed somebody over
    current = message.does != "offer" or message.assignment == case.state.assignment
    return current and wanted(case.state, message)
