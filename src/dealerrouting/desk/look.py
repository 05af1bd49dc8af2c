"""`Look`: what one command has read so far, and the versions its commit will be held against.

May know: ports, plans as text. May not know: what the command is about to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dealerrouting.desk.config import Config
from dealerrouting.desk.sealing import Sealer
from dealerrouting.desk.steps import Steps, store
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.errors import CorruptRecord, DealerRoutingError, NotFound
from dealerrouting.ports import DESK, Case, Desk, Ref, Snapshot
from dealerrouting.rules import Plan

__all__ = ["Look"]


class Look:
    """Values and versions by ref, each read once: what is read twice may be two things."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.versions: dict[Ref, int] = {}
        self.values: dict[Ref, Any] = {}
        self.at: datetime | None = None

    def load(self, refs: Iterable[Ref]) -> Steps[None]:
        """Read what has not been read."""
        fresh = tuple(ref for ref in dict.fromkeys(refs) if ref not in self.values)
        if not fresh:
            return
        found: Snapshot = yield from store("load", fresh, self.config.now())
        self.versions |= found.versions
        self.values |= found.values
        self.at = found.at if self.at is None else max(self.at, found.at)

    @property
    def now(self) -> datetime:
        """The instant by the store's clock, after the last thing that was read."""
        assert self.at is not None, "nothing has been read"
        return self.at

    @property
    def desk(self) -> Desk:
        """The desk as a whole; it is among what every command reads."""
        return self.values[DESK] or Desk()

    @property
    def seal(self) -> Sealer:
        """What keys are sealed with."""
        return Sealer.of(self.desk.seal, self.config.secret)

    def case(self, lead: str) -> Case:
        """The case of a lead that has been loaded; `NotFound` where there is none."""
        found: Case | None = self.values[Ref("lead", lead)]
        if found is None:
            raise NotFound(f"there is no lead {lead!r}")
        return found

    def active(self) -> Steps[Plan]:
        """The plan that decides now; `NotFound` before the first was activated."""
        active = self.desk.active(self.now)
        if active is None:
            raise NotFound("no plan is active: activate one first")
        return (yield from self.plan(active.plan))

    def plan(self, digest: str) -> Steps[Plan]:
        """The plan with this digest, or with a policy of this digest."""
        known = self.config.plans.get(digest)
        if known is not None:
            return known
        ref = Ref("plan", digest)
        yield from self.load([ref])
        text = self.values[ref]
        if text is None:
            raise CorruptRecord(str(ref), "it is not in the store, and something is pinned to it")
        return self.config.know(self._read(ref, text))

    def _read(self, ref: Ref, text: str) -> Plan:
        try:
            return plan_from_data(json.loads(text), self.config.customs)
        except (DealerRoutingError, ValueError) as error:
            raise CorruptRecord(str(ref), f"this release makes no plan of it: {error}") from None
