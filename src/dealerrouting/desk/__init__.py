"""`LeadDesk`: the thin shell. Load, call the core, commit once.

May know: everything below. May not know: any database; what a store has to offer is in `ports`.
Every command is written once, as steps; `LeadDesk` takes them with ports that answer at once, `AsyncLeadDesk` with
ports that are awaited, and there is no other difference. Each takes its time from the store, is decided by the active
plan, and ends in one commit; where somebody was faster it starts again from loading. What a store raises goes through
untouched.

Inside, each module imports only those named before it: `config`, `steps`, `sealing`, `look`, `outcome`, `change`,
`once`, `linking`, `deciding`, `following`, `waiting`, `intake`, `hearing`, `claims`, `plans`, `sweeping`, `erasing`,
`health`, `reading`, `shadow`, `replaying`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from dealerrouting.desk import claims, erasing, health, hearing, intake, plans, reading, replaying, shadow, sweeping
from dealerrouting.desk.config import Config
from dealerrouting.desk.erasing import Erased
from dealerrouting.desk.health import Health
from dealerrouting.desk.outcome import Outcome
from dealerrouting.desk.plans import Activated
from dealerrouting.desk.replaying import Replayed
from dealerrouting.desk.shadow import Differences
from dealerrouting.desk.steps import asked, awaited
from dealerrouting.desk.sweeping import Swept
from dealerrouting.model import Decision, Lead, Registration
from dealerrouting.ports import AsyncCaseStore, AsyncFactsSource, CaseStore, FactsSource
from dealerrouting.registrations import Market
from dealerrouting.rules import Custom, Pick, Plan, needs, route

__all__ = [
    "Activated",
    "AsyncLeadDesk",
    "Differences",
    "Erased",
    "Health",
    "LeadDesk",
    "Outcome",
    "Replayed",
    "Swept",
    "decide",
    "decide_async",
]


def decide(lead: Lead, plan: Plan, source: FactsSource, *, at: datetime) -> Decision:
    """Route one lead on the caller's own facts: the first rung of the ladder, and nothing is kept."""
    return route(lead, plan, source.facts(needs(lead, plan)), at=at)


async def decide_async(lead: Lead, plan: Plan, source: AsyncFactsSource, *, at: datetime) -> Decision:
    """The same on facts that are awaited."""
    return route(lead, plan, await source.facts(needs(lead, plan)), at=at)


S = TypeVar("S")
F = TypeVar("F")


class _Desk(Generic[S, F]):
    """What both kinds of desk are made of.

    A `store` without an outbox is enough for all but `messages`. `facts` adds what the CRM knows besides:
    shares, customers' choices, who served a company before. `clock` takes the place of the store's; `secret` (16 to 64
    bytes) seals the keys of companies; `customs` are the functions that plans name; `markets` counts the known
    prospects around a claim; `park_after` so many failures a lead is left alone; `retry_every` at the latest a lead
    that waits is offered again.
    """

    def __init__(
        self,
        store: S,
        *,
        facts: F | None = None,
        clock: Callable[[], datetime] | None = None,
        secret: bytes | None = None,
        customs: Mapping[str, Custom | Pick] | Iterable[Custom | Pick] | None = None,
        markets: Callable[[Registration], Iterable[Market]] | None = None,
        park_after: int = 3,
        retry_every: timedelta = timedelta(days=1),
    ) -> None:
        more: dict[str, Any] = {} if markets is None else {"markets": markets}
        self.config = Config(
            clock=clock,
            secret=secret,
            customs=customs,
            has_facts=facts is not None,
            keeps_answers=hasattr(store, "pending"),
            park_after=park_after,
            retry_every=retry_every,
            **more,
        )
        self.ports: Mapping[str, Any] = {"store": store, "facts": facts}


class LeadDesk(_Desk[CaseStore, FactsSource]):
    """A desk over a store that answers at once."""

    activate = asked(plans.activate)
    roll_back = asked(plans.roll_back)
    receive = asked(intake.receive)
    adopt = asked(intake.adopt)
    accept = asked(hearing.accept)
    decline = asked(hearing.decline)
    update = asked(hearing.update)
    refer = asked(hearing.refer)
    pause = asked(hearing.pause)
    resume = asked(hearing.resume)
    reopen = asked(hearing.reopen)
    reassign = asked(hearing.reassign)
    register = asked(claims.register)
    decide_registration = asked(claims.decide_registration)
    may_claim = asked(claims.may_claim)
    hold = asked(plans.hold)
    release = asked(plans.release)
    sweep = asked(sweeping.sweep)
    messages = asked(health.messages)
    sent = asked(hearing.sent)
    erase = asked(erasing.erase)
    erase_expired = asked(erasing.erase_expired)
    export_person = asked(erasing.export_person)
    health = asked(health.health)
    lead = asked(reading.lead)
    claim = asked(reading.claim)
    watch = asked(shadow.watch)
    differences = asked(shadow.differences)
    replayed = asked(replaying.replayed)


class AsyncLeadDesk(_Desk[AsyncCaseStore, AsyncFactsSource]):
    """The same desk over a store that is awaited; every command has the same name and arguments."""

    activate = awaited(plans.activate)
    roll_back = awaited(plans.roll_back)
    receive = awaited(intake.receive)
    adopt = awaited(intake.adopt)
    accept = awaited(hearing.accept)
    decline = awaited(hearing.decline)
    update = awaited(hearing.update)
    refer = awaited(hearing.refer)
    pause = awaited(hearing.pause)
    resume = awaited(hearing.resume)
    reopen = awaited(hearing.reopen)
    reassign = awaited(hearing.reassign)
    register = awaited(claims.register)
    decide_registration = awaited(claims.decide_registration)
    may_claim = awaited(claims.may_claim)
    hold = awaited(plans.hold)
    release = awaited(plans.release)
    sweep = awaited(sweeping.sweep)
    messages = awaited(health.messages)
    sent = awaited(hearing.sent)
    erase = awaited(erasing.erase)
    erase_expired = awaited(erasing.erase_expired)
    export_person = awaited(erasing.export_person)
    health = awaited(health.health)
    lead = awaited(reading.lead)
    claim = awaited(reading.claim)
    watch = awaited(shadow.watch)
    differences = awaited(shadow.differences)
    replayed = awaited(replaying.replayed)
