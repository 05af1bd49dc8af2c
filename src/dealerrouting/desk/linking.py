"""Leads that go with another lead of their company: one holder, one clock, and everybody who is to know is told.

May know: cases, changes, the SLA's machine. May not know: how a lead is decided, any command.
A lead that is linked has no state of its own: its holder is that of the lead it goes with. It is found by its own
keys, and should the other be erased, the oldest of those that went with it carries on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from dealerrouting.desk.change import Change
from dealerrouting.desk.look import Look
from dealerrouting.desk.steps import Steps
from dealerrouting.events import Assigned, Tick, Updated
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision
from dealerrouting.ports import Case, Ref
from dealerrouting.sla import Effect, SlaState, begin, run

__all__ = ["carry_on", "link", "tell_links"]


def link(change: Change, case: Case, primary: Case, decision: Decision | None) -> Case:
    """The case as one that goes with `primary`, collected; its holder is told, and whom the decision passed over."""
    linked = evolve(case, state=None, linked=primary.lead, retry=(), offer_at=None)
    change.put(None, linked)
    change.put(primary, evolve(primary, links=tuple(sorted({*primary.links, case.lead}))))
    told = [message for message in change.messages if message.does != "offer"]
    change.messages[:] = [*_told(linked, primary, change.at), *told] if decision else []
    return linked


def _told(linked: Case, primary: Case, at: datetime) -> Iterator[Effect]:
    """Who holds the lead that this one goes with is told of this one, under each assignment once."""
    state = primary.state
    if state is not None and state.holder is not None:
        key = f"{linked.lead}/linked:{primary.lead}:{state.assignment}"
        detail = FrozenMap({"linked": primary.lead})
        yield Effect("linked", key, linked.lead, state.assignment, at, state.holder, "inbox", detail=detail)


def tell_links(look: Look, change: Change, before: Case | None, after: Case) -> Steps[None]:
    """What a change of one lead means for those that go with it: over when it is, and open again when it is; told to a
    new holder, and to whoever brought one of them in.
    """
    if before is None or before.state is None or after.state is None or not after.links:
        return
    closed = before.over_since != after.over_since
    moved = before.state.assignment != after.state.assignment
    changed = before.state.standing.changes != after.state.standing.changes
    if not (closed or moved or changed):
        return
    refs = [Ref("lead", name) for name in after.links]
    yield from look.load(refs)
    for ref in refs:
        one: Case | None = change.cases.get(ref.id, look.values[ref])
        if one is None or one.erased_at is not None:
            continue
        if closed:
            change.put(one, evolve(one, over_since=after.over_since))
        change.messages += _told(one, after, change.at) if moved and after.open else ()
        change.messages += _followed(one, after.state, change.at) if changed else ()


def _followed(linked: Case, state: SlaState, at: datetime) -> Iterator[Effect]:
    """Who brought in a lead that goes with another one is told how that one stands."""
    now = state.standing
    said = {"phase": now.phase, "status": now.status}
    detail = FrozenMap({name: word for name, word in said.items() if word is not None})
    for dealer in linked.followers:
        if dealer != now.holder:
            name = f"{linked.lead}/notify:{dealer}:{state.lead}:{now.changes}"
            yield Effect("notify", name, linked.lead, now.assignment, at, dealer, "inbox", detail=detail)


# When the lead that they went with is erased


def carry_on(look: Look, change: Change, gone: Case, rest: Sequence[Case], actor: str) -> Steps[None]:
    """The oldest of the leads that went with it has its holder and its status from now on, and a fresh clock; the
    others go with that one. Who had the lead that is gone does not get this one.
    """
    first, *others = sorted(rest, key=lambda one: (one.received_at, one.lead))
    assert gone.state is not None
    plan = yield from look.plan(gone.state.policy)
    events = [*_taken_over(gone.state, first.lead, gone.holder or plan.house, actor, change.at), Tick(change.at)]
    state = begin(first.lead, plan.policy, at=change.at, claimants=first.followers)
    state, effects = run(state, events, plan.policy)
    change.log(first.lead, events)
    change.records += [effect for effect in effects if effect.does == "record"]
    change.messages += [effect for effect in effects if effect.does == "notify"]
    had = tuple(sorted({*gone.had, *gone.state.standing.had()} - {state.holder or ""}))
    names = tuple(one.lead for one in others)
    carried = evolve(first, state=state, linked=None, links=names, had=had, over_since=None)
    carried = evolve(carried, retry=gone.retry, offer_at=gone.offer_at)
    change.put(first, carried)
    change.messages += _offered(carried, change.at)
    for one in others:
        moved = evolve(one, linked=first.lead)
        change.put(one, moved)
        change.messages += _told(moved, carried, change.at)


def _taken_over(gone: SlaState, lead: str, holder: str, actor: str, at: datetime) -> Iterable[Assigned | Updated]:
    """What the machine has to know: who has it, and the last status of the lead that is gone."""
    told: dict[str, Any] = {"assignment": 1, "received_at": at, "actor": actor}
    kind = gone.standing.kind or "house"
    yield Assigned(f"{lead}/carries-on", lead, holder=holder, outcome=kind, by_hand=True, reason="erased", **told)
    if gone.standing.status is not None:
        yield Updated(f"{lead}/carries-on-status", lead, status=gone.standing.status, evidence="erased", **told)


def _offered(case: Case, at: datetime) -> Iterator[Effect]:
    """Its holder is told that this is the lead to speak of from now on."""
    assert case.state is not None
    kind = case.state.standing.kind or "house"
    detail = FrozenMap({"by": "carries_on", "outcome": kind})
    yield Effect("offer", f"{case.lead}/1/offer", case.lead, 1, at, case.state.holder, "inbox", detail=detail)
