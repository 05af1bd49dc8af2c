"""`lead`, `claim`: how one stands, read and not changed.

May know: ports. May not know: anything that is decided.
What a lead or a claim says is somebody's data: whoever reads it here is to see to it who may.
"""

from __future__ import annotations

from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.steps import Steps, store
from dealerrouting.errors import NotFound
from dealerrouting.model import Registration
from dealerrouting.ports import Claimed, History, Ref

__all__ = ["claim", "lead"]


def lead(config: Config, lead: str) -> Steps[History]:
    """All that is kept of a lead, in order; `NotFound` where there is none. `content` is None once it was erased."""
    found: History = yield from store("history", lead)
    if found.case is None:
        raise NotFound(f"there is no lead {lead!r}")
    return found


def claim(config: Config, claim: str) -> Steps[Registration]:
    """A registration as it stands, with its history; `NotFound` where there is none, or none any more."""
    look, ref = Look(config), Ref("claim", claim)
    yield from look.load([ref])
    found: Claimed | None = look.values[ref]
    if found is None:
        raise NotFound(f"there is no registration {claim!r}")
    return found.claim
