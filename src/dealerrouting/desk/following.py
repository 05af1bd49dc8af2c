"""One lead followed: events stepped, the router asked where the SLA asks, and what comes of both collected.

May know: the SLA, deciding, changes. May not know: any command.
Nothing here is kept half: an event, the tick after it, the router's answer to it and the tick after that are one
change. So no lead is ever `waiting` in a store, unless the router could not be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import define, evolve

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.deciding import Near, decide, past_holders, pseudonymous
from dealerrouting.desk.linking import tell_links
from dealerrouting.desk.look import Look
from dealerrouting.desk.steps import Steps
from dealerrouting.errors import CorruptRecord
from dealerrouting.events import Assigned, Event, Tick
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.ports import Case, Decided, Ref
from dealerrouting.sla import FINAL, Effect, SlaState, run
from dealerrouting.terms import Policy

__all__ = ["Follower", "at_of", "outcome_of"]

_HAD_IT = frozenset({"declined", "past_holder", "excluded"})


def at_of(look: Look, case: Case | None) -> datetime:
    """The instant of what is done now: time does not run back for a lead, whatever the clock does."""
    last = case.changed_at if case is not None else None
    return look.now if last is None else max(look.now, last)


@define(eq=False)
class Follower:
    """The lead of one case under its own policy, and under the plan that is active where the router is asked."""

    config: Config
    look: Look
    change: Change
    case: Case
    before: Case | None = None
    policy: Policy | None = None
    lead: Lead | None = None

    @staticmethod
    def of(config: Config, look: Look, change: Change, case: Case) -> Steps[Follower]:
        """With the policy that the lead is pinned to."""
        assert case.state is not None, "a lead that goes with another one is not followed"
        plan = yield from look.plan(case.state.policy)
        return Follower(config, look, change, case, case, plan.policy)

    def hear(self, *events: Event, at: datetime | None = None) -> Steps[Case]:
        """The events and a tick at once (`at`: an earlier one); then the router's answer, as often as it is asked.

        `TransitionNotAllowed` for an event that has no place in this phase: then nothing is to be committed.
        """
        asks = self._step(events, at or self.change.at)
        while asks is not None:
            answer = yield from self._answer(asks)
            asks = self._step([answer], self.change.at)
        yield from self._done()
        return self.case

    def _done(self) -> Steps[None]:
        self.case = _settled(self.case, self.change.at)
        self.change.put(self.before, self.case)
        yield from tell_links(self.look, self.change, self.before, self.case)

    def ticked(self) -> Steps[bool]:
        """A tick alone, if that is all there is to it; False where the router is to be asked, and nothing is to be
        kept.
        """
        if self._step((), self.change.at) is not None:
            return False
        yield from self._done()
        return True

    # Stepping

    def _step(self, events: Iterable[Event], at: datetime) -> Effect | None:
        """Step them and a tick, collect what comes of it, and return the question to the router, if there is one."""
        state = self._state()
        tick = Tick(at)
        heard = tuple(events)
        assert self.policy is not None
        after, effects = run(state, [*heard, tick], self.policy)
        ticked = [tick] if after.ticks != state.ticks or heard else []
        self.change.log(self.case.lead, [*heard, *ticked])
        self.case = evolve(self.case, state=after)
        return self._collect(effects)

    def _collect(self, effects: Iterable[Effect]) -> Effect | None:
        asks = None
        for effect in effects:
            if effect.does == "record":
                self.change.records.append(effect)
            elif effect.does == "request_next":
                asks = effect
            elif effect.does != "wake":  # `next_due` wakes
                self.change.messages.append(effect)
        return asks

    def _state(self) -> SlaState:
        assert self.case.state is not None
        return self.case.state

    # Asking the router

    def _answer(self, ask: Effect) -> Steps[Assigned]:
        """Route again without those that had it, under the plan that is active now."""
        decision, facts, found = yield from self.decided()
        number = int(ask.detail["next"])
        self.keep(decision, facts, found, number)
        return Assigned(
            f"{ask.key}/answer",
            self.case.lead,
            assignment=number,
            holder=decision.holder,
            outcome=decision.outcome,
            received_at=self.change.at,
        )

    def decided(self) -> Steps[tuple[Decision, Facts, Near]]:
        """What the active plan says of this lead now."""
        plan = yield from self.look.active()
        lead = yield from self.content()
        past = tuple(past_holders(self.case))
        return (yield from decide(self.config, self.look, plan, lead, self.change.at, past))

    def content(self) -> Steps[Lead]:
        """What the lead says."""
        if self.lead is None:
            ref = Ref("content", self.case.lead)
            yield from self.look.load([ref])
            self.lead = self.look.values[ref]
        if self.lead is None:
            raise CorruptRecord(f"lead:{self.case.lead}", "what it says is not in the store, and it is still open")
        return self.lead

    def keep(self, decision: Decision, facts: Facts, found: Near, number: int) -> None:
        """Collect a decision, and what follows from it for the next lead and for the dealers."""
        kept = self.look.seal.decision(decision, found.plain)
        self.change.decisions.append(Decided(kept, number, pseudonymous(facts, found, self.look.seal)))
        ledger = decision.changes.ledger
        if ledger and decision.changes.credits:
            known = self.change.ledgers.get(ledger) or self.look.values.get(Ref("ledger", ledger)) or FrozenMap()
            self.change.ledgers[ledger] = known.updated(decision.changes.credits)
        self.case = evolve(self.case, plan=decision.plan)
        self.wait_on(decision)
        self.change.messages += told(decision, number, self.change.at)

    def wait_on(self, decision: Decision) -> None:
        """For whom the lead waits from now on, by this decision."""
        if decision.outcome == "assigned" or not decision.retry:
            self.case = evolve(self.case, retry=(), offer_at=None)
            return
        whens = [one.at for one in decision.retry if one.at is not None and one.at > self.change.at]
        latest = self.change.at + self.config.retry_every
        self.case = evolve(self.case, retry=decision.retry, offer_at=min([*whens, latest]))


def _settled(case: Case, at: datetime) -> Case:
    """What follows from the phase: since when it is over, and that what is over waits for nobody."""
    over = case.state is not None and case.state.phase in FINAL
    since = (case.over_since or at) if over else None
    dealer = case.state is not None and case.state.phase != "house"
    if over or dealer:
        case = evolve(case, retry=(), offer_at=None)
    return evolve(case, over_since=since)


def told(decision: Decision, number: int, at: datetime) -> Iterator[Effect]:
    """Who has the lead is told so; and a dealer that may call it its own and did not get it is told why."""
    lead = decision.lead
    detail = FrozenMap({"by": decision.by, "outcome": decision.outcome})
    yield Effect("offer", f"{lead}/{number}/offer", lead, number, at, decision.holder, "inbox", detail=detail)
    passed = {one.dealer: one for one in reversed(decision.passed_over) if one.reason not in _HAD_IT}
    for one in passed.values():
        name = f"{lead}/passed_over:{one.dealer}"  # once a lead, however often it is decided anew
        detail = FrozenMap({"by": one.by, "reason": one.reason})
        yield Effect("passed_over", name, lead, number, at, one.dealer, "inbox", detail=detail)


def outcome_of(change: Change, event: Event) -> str:
    """What the SLA made of an event: the word of its record; `nothing` for one that it knew already."""
    records = (one for one in change.records if one.detail.get("event") == event.id)
    return next((one.detail["outcome"] for one in records), "nothing")
