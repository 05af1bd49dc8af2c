"""`Config`: what a desk was given when it was made, and the plans it has read.

May know: plans, ports. May not know: any command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from attrs import define, evolve, field

from dealerrouting.model import Registration
from dealerrouting.registrations import Market
from dealerrouting.rules import Custom, Pick, Plan

__all__ = ["Config"]


def _no_markets(claim: Registration) -> Iterable[Market]:
    return ()


@define(eq=False)
class Config:
    """How a desk works.

    `clock` takes the place of the store's own. `secret` (16 bytes or more) seals the keys of companies; without one the
    store keeps its own, which protects what leaves the store and not the store itself. `customs` are the functions that
    plans name. `markets` counts the known prospects of the territories in which a claim lies. `most_tries`: how often a
    command starts again when somebody was faster. `park_after`: how often a lead may fail before it is left alone.
    `retry_every`: how long a lead waits at most before its dealers are asked again. `lease`: how long a sweep has what
    it took. `keeps_answers`: the store has an outbox and keeps keys.
    """

    clock: Callable[[], datetime] | None = None
    secret: bytes | None = field(default=None, repr=False)
    customs: Mapping[str, Custom | Pick] | Iterable[Custom | Pick] | None = None
    markets: Callable[[Registration], Iterable[Market]] = _no_markets
    has_facts: bool = False
    keeps_answers: bool = True
    most_tries: int = 20
    park_after: int = 3
    retry_every: timedelta = timedelta(days=1)
    lease: timedelta = timedelta(seconds=60)
    plans: dict[str, Plan] = field(factory=dict, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a secret that is none."""
        if self.secret is not None and (not isinstance(self.secret, bytes) or not 16 <= len(self.secret) <= 64):
            raise ValueError("a secret is 16 to 64 bytes: take those of secrets.token_bytes(32)")

    def now(self) -> datetime | None:
        """The desk's own clock, where it has one."""
        return self.clock() if self.clock else None

    def at(self, instant: datetime) -> Config:
        """The same at one instant, for a pass that is to be made as of then."""
        return evolve(self, clock=lambda: instant)

    def know(self, plan: Plan) -> Plan:
        """Keep a plan by its digest, and by that of its policy: whichever plan it came with, the policy is equal."""
        self.plans.setdefault(plan.policy.digest, plan)
        return self.plans.setdefault(plan.digest, plan)
