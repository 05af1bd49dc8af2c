"""`health`, `messages`: how the desk is, and what is to be sent.

May know: ports, what the SLA still wants to be said. May not know: how anything is sent.
"""

from __future__ import annotations

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
    planned = tuple(one for one in desk.activations if one.since > look.now)
    behind = look.now - found.oldest_due if found.oldest_due else timedelta(0)
    unsent = look.now - found.oldest_message if found.oldest_message else timedelta(0)
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
    found: tuple[Effect, ...] = yield from store("pending", look.now, limit)
    yield from look.load([Ref("lead", one.lead) for one in found])
    change, ready = Change(look.now), list[Effect]()
    for one in found:
        case: Case | None = look.values[Ref("lead", one.lead)]
        if look.desk.held(f"lead:{one.lead}") or look.desk.held(f"dealer:{one.to}"):
            continue
        if _wanted(case, one):
            ready.append(one)
        else:
            change.left.append(one.key)
    if change.left:
        yield from commit(config, Look(config), change)
    return tuple(ready)


def _wanted(case: Case | None, message: Effect) -> bool:
    """Whether the message still has something to say."""
    if case is None or case.erased_at is not None:
        return False
    if case.state is None:
        return True  # that it goes with another lead
    current = message.does not in ("offer", "linked") or message.assignment == case.state.assignment
    return current and wanted(case.state, message)
