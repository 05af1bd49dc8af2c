"""`replayed`: what is kept of a lead, folded again; and held against how it stands.

May know: ports, the SLA. May not know: routing: a decision that was recorded is never made again.
"""

from __future__ import annotations

from attrs import frozen

from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.steps import Steps, store
from dealerrouting.errors import NotFound
from dealerrouting.events import Assigned
from dealerrouting.ports import History
from dealerrouting.sla import Effect, SlaState, begin, run

__all__ = ["Replayed", "replayed"]


@frozen
class Replayed:
    """The state and the effects that the recorded events come to, and whether that is what is kept."""

    state: SlaState
    effects: tuple[Effect, ...]
    same: bool


def replayed(config: Config, lead: str) -> Steps[Replayed]:
    """Fold the recorded events of a lead again. Holds for erased leads too: nothing of it is anybody's data.

    `NotFound` for a lead that is not there, or that goes with another and has no story of its own.
    """
    found: History = yield from store("history", lead)
    case = found.case
    if case is None or case.state is None or not found.events:
        raise NotFound(f"there is no story of a lead {lead!r}")
    plan = yield from Look(config).plan(case.state.policy)
    first = next(event for event in found.events if isinstance(event, Assigned))
    state = begin(lead, plan.policy, at=first.received_at, claimants=case.followers)
    state, effects = run(state, found.events, plan.policy)
    kept = {one.key for one in found.records} | {message.key for message, _ in found.messages}
    told = {effect.key for effect in effects if effect.does not in ("wake", "request_next")}
    gone = case.erased_at is not None  # then messages that had not left were dropped
    return Replayed(state, effects, state == case.state and (gone or told <= kept))
