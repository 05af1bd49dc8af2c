"""Write `network/data/events.jsonl`: what became of half a month's leads of the example network, a log to replay.

    python tools/make_events.py

Everything in it is made up. Dealers and the house behave by lot, with a seed that is the id of the lead, so that
every run gives the same bytes; what the SLA does to them is the machine itself, and who is next is `route`.
The change of the clocks lies in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from attrs import evolve

from dealerrouting import Decision, Facts, Lead, PastHolder, Plan, sla
from dealerrouting.documents import load_facts, load_leads, load_plan
from dealerrouting.documents.events import event_data
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import EVENTS, Event, Tick
from dealerrouting.network import path
from dealerrouting.rules import route, route_all

FIRST, LAST = datetime(2027, 3, 15, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
HORIZON = timedelta(days=75)
Move = tuple[float, str, dict[str, Any]]
"""After how many hours since the assignment, which event, and what it says."""

WORK: tuple[Move, ...] = (
    (70, "updated", {"status": "qualified"}),
    (170, "updated", {"status": "quoted", "evidence": "offer"}),
)
MANNERS: tuple[tuple[int, tuple[Move, ...]], ...] = (
    (26, ((3, "accepted", {}), (20, "updated", {"status": "contacted"}), *WORK, (400, "updated", {"status": "won"}))),
    (22, ((5, "accepted", {}), (30, "updated", {"status": "contacted"}), *WORK, (500, "updated", {"status": "lost"}))),
    (8, ((75, "updated", {"status": "contacted"}), *WORK, (600, "updated", {"status": "won"}))),
    (14, ()),
    (6, ((8, "accepted", {}), (26, "updated", {"status": "attempted"}))),
    (5, ((170, "updated", {"status": "contacted"}),)),
    (8, ((6, "declined", {"reason": "no-capacity"}),)),
    (4, ((9, "accepted", {}), (28, "referred", {"reason": "other-product"}))),
    (4, ((4, "accepted", {}), (40, "updated", {"status": "uncontactable", "evidence": "calls"}))),
    (3, ((12, "paused", {"reason": "away", "until": 96}), (120, "updated", {"status": "contacted"}))),
    (5, ((2, "accepted", {}), (22, "updated", {"status": "contacted"}))),
)  # fmt: skip
"""How often, and how: from prompt ones by way of silent ones to those that start and fall asleep."""


class Life:
    """One lead from its decision on: what everybody does, and the events that come of it."""

    def __init__(self, lead: Lead, decision: Decision, plan: Plan, facts: Facts) -> None:
        self.lead, self.plan, self.facts, self.policy = lead, plan, facts, plan.policy
        self.random = Random(lead.id)
        claimants = sorted({passed.dealer for passed in decision.passed_over if passed.by == "registrations"})
        self.state = sla.begin(lead.id, self.policy, at=decision.at, claimants=claimants)
        self.planned: list[Event] = []
        self.assign(decision, 1, decision.at)

    def events(self) -> Iterator[Event]:
        """Everything that was said of this lead, until nothing more comes or the horizon is reached."""
        end = self.state.standing.since + HORIZON
        while True:
            self.planned.sort(key=lambda event: (event.received_at, event.id))
            heard = self.planned[0].received_at if self.planned else None
            due = sla.next_due(self.state)
            at = min((when for when in (heard, due) if when is not None), default=None)
            if at is None or at > end:
                return
            if heard == at:
                event = self.planned.pop(0)
                before = self.state.assignment
                try:
                    self.state, _ = sla.step(self.state, event, self.policy)
                except TransitionNotAllowed:
                    continue
                yield event
                if self.state.assignment != before:
                    self.behave()
            else:
                self.tick(at)

    def tick(self, at: datetime) -> None:
        """Time passes; the router is asked, reminders leave."""
        before = self.state.assignment
        self.state, effects = sla.step(self.state, Tick(at), self.policy)
        for effect in effects:
            if effect.does == "request_next":
                past = [PastHolder(self.lead.id, dealer, "withdrawn") for dealer in effect.exclude]
                decision = route(self.lead, self.plan, evolve(self.facts, past_holders=past), at=at)
                self.assign(decision, int(effect.detail["next"]), at + timedelta(minutes=1))
            if effect.does == "remind" and effect.send_from is not None:
                sent = {"assignment": effect.assignment, "effect": effect.key}
                self.plan_event("reminder_sent", effect.send_from + timedelta(seconds=20), sent)
        if self.state.assignment != before:
            self.behave()

    def assign(self, decision: Decision, number: int, at: datetime) -> None:
        """The router's answer is on its way."""
        given = {"assignment": number, "holder": decision.holder, "outcome": decision.outcome}
        self.plan_event("assigned", at, given)

    def behave(self) -> None:
        """Whoever has it now does as it does."""
        now = self.state.standing
        if now.holder is None:
            return
        house = now.kind == "house"
        shares = [share for share, _ in MANNERS]
        moves = MANNERS[
            0 if house and self.random.random() < 0.6 else self.random.choices(range(len(shares)), shares)[0]
        ][1]
        slower = self.random.uniform(0.7, 1.6)
        for hours, kind, says in moves:
            if house and kind in ("accepted", "declined", "referred"):
                continue
            at = now.since + timedelta(seconds=round(hours * slower * 3_600))
            more = dict(says)
            if "until" in more:
                more["until"] = at + timedelta(hours=more["until"])
            if "evidence" in more:
                more["evidence"] = f"{more['evidence']}-{self.lead.id}"
            self.plan_event(kind, at, {"assignment": now.assignment, "actor": now.holder, **more})

    def plan_event(self, kind: str, at: datetime, says: dict[str, Any]) -> None:
        """Something that will be said, to the second."""
        name = f"{self.lead.id}-{says['assignment']}-{kind}-{at:%m%d%H%M}"
        self.planned.append(EVENTS[kind](name, self.lead.id, received_at=at.replace(microsecond=0), **says))


def main() -> None:
    """Write the log."""
    folder = path()
    plan = load_plan(folder)
    facts = load_facts(str(folder / "facts"), plan)
    leads = load_leads(str(folder / "leads.csv"), plan)
    by_id = {lead.id: lead for lead in leads}
    decided = [d for d in route_all(leads, plan, facts) if FIRST <= d.at < LAST]
    said = [event for decision in decided for event in Life(by_id[decision.lead], decision, plan, facts).events()]
    said.sort(key=lambda event: (event.received_at, event.id))
    lines = [json.dumps(event_data(event), separators=(",", ":")) + "\n" for event in said]
    Path(folder / "events.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{len(said):,} events of {len(decided):,} leads, {sum(map(len, lines)):,} bytes")


if __name__ == "__main__":
    main()
