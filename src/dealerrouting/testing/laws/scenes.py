"""Scenes: a desk under the plan on a store in memory, and what may be asked of it; scripts of that, drawn.

May know: the desk, the store in memory, the strategies. May not know: what any law says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from dealerrouting.desk import LeadDesk
from dealerrouting.errors import NotFound, TransitionNotAllowed
from dealerrouting.model import Company, Lead, Registration
from dealerrouting.ports import Case
from dealerrouting.registrations import Move
from dealerrouting.rules import Pick, Plan
from dealerrouting.testing import strategies
from dealerrouting.testing.laws.commits import Commit, Lawful, copied
from dealerrouting.testing.laws.law import Subject
from dealerrouting.testing.strategies.drawing import companies_of

__all__ = ["SAID", "STARTED", "Clock", "Did", "Scene", "Script", "functions_of", "scripts", "told_script"]

STARTED = datetime.fromisoformat("2027-01-04T09:00:00+00:00")
SECRET = b"only-for-the-laws"
ALLOWED = (TransitionNotAllowed, NotFound)
"""What a caller may be told by way of an error; anything else is a fault."""
SAID = ("contacted", "qualified", "quoted", "won", "lost", "uncontactable", "attempted")
WAITS = (0, 1, 11, 26, 49, 121, 700)
"""Hours that go by."""
CANARY = "zq7canary"
"""In every field of a drawn lead or claim that says something of a person; a free mailbox is nobody's key."""


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, at: datetime = STARTED) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """What time it is."""
        return self.at

    def go(self, **by: float) -> None:
        """So much later."""
        self.at += timedelta(**by)


def functions_of(plan: Plan) -> tuple[Any, ...]:
    """The functions of the plan's own, as a desk wants them."""
    picks = {step.name: step for rung in plan.precedence for step in rung.pick if isinstance(step, Pick)}
    return (*plan.customs, *picks.values())


class Scene:
    """A desk on which `plan` is active. `asked`: the laws that its store asks at every commit; all where None."""

    def __init__(
        self, plan: Plan, asked: Sequence[Callable[[Commit], None]] | None = None, of: Scene | None = None
    ) -> None:
        self.plan, self.clock, self.keys = plan, Clock(), 0
        self.store: Any = Lawful(self.clock) if of is None else copied(of.store)
        self.store.clock, self.store.asked = self.clock, None if asked is None else tuple(asked)
        self.desk = LeadDesk(self.store, secret=SECRET, customs=functions_of(plan) or None)
        self.sent: list[Any] = []
        if of is None:
            self.desk.activate(plan, actor="ops")
        else:
            self.desk.config.plans.update(of.desk.config.plans)

    def case(self, ident: str) -> Case | None:
        """How a lead stands."""
        found: Case | None = self.store.history(ident).case
        return found

    def number(self, ident: str) -> int:
        """The number of the present assignment, or the only one that there could be."""
        case = self.case(ident)
        return case.state.assignment if case is not None and case.state is not None else 1

    def ask(self, command: str, *given: Any, keyed: bool = True, **told: Any) -> Any:
        """A command of the desk; None where it is not allowed now."""
        if keyed and "key" not in told:
            self.keys += 1
            told["key"] = f"k{self.keys}"
        try:
            return getattr(self.desk, command)(*given, **told)
        except ALLOWED:
            return None

    def relay(self, limit: int = 100) -> list[Any]:
        """What is to be sent, sent."""
        found = list(self.desk.messages(limit=limit))
        for one in found:
            self.desk.sent(one)
        return found


# Scripts


@frozen
class Did:
    """What is done next: `what`, to which of the leads, claims, dealers, how said, and after how many hours."""

    what: str
    lead: int = 0
    who: int = 0
    said: int = 0
    wait: int = 0


@frozen
class Script:
    """Things to do on a scene, with the leads and claims that they are about."""

    leads: tuple[Lead, ...] = field(repr=False)
    claims: tuple[Registration, ...] = field(repr=False)
    done: tuple[Did, ...]


def play(scene: Scene, script: Script) -> Iterable[Did]:
    """Do it, one after the other; each is told once it is done."""
    for did in script.done:
        scene.clock.go(hours=WAITS[did.wait % len(WAITS)])
        for command, given, told in commands_of(scene, script, did):
            scene.ask(command, *given, **told)
        yield did


Commands = list[tuple[str, tuple[Any, ...], dict[str, Any]]]


def commands_of(scene: Scene, script: Script, did: Did) -> Commands:  # noqa: PLR0912  # one for each that there is
    """The commands that it comes to, with everything that they are given."""
    lead, claim = script.leads[did.lead % len(script.leads)], script.claims[did.lead % len(script.claims)]
    dealers = [one.id for one in scene.plan.dealers]
    number, who = scene.number(lead.id), dealers[did.who % len(dealers)]
    now = {"assignment": number, "actor": "ann"}
    match did.what:
        case "receive":
            return [("receive", (lead,), {})]
        case "refer in":
            return [("receive", (lead,), {"referred_by": who})]
        case "accept" | "resume":
            return [(did.what, (lead.id,), now)]
        case "decline" | "refer" | "reopen":
            return [(did.what, (lead.id,), now | {"reason": "so"})]
        case "update":
            said = SAID[did.said % len(SAID)]
            return [("update", (lead.id,), now | {"status": said, "evidence": "call-1"})]
        case "late":
            return [("accept", (lead.id,), now | {"assignment": max(1, number - 1)})]
        case "pause":
            until = scene.clock() + timedelta(hours=WAITS[did.said % len(WAITS)] + 1)
            return [("pause", (lead.id,), now | {"until": until, "reason": "so"})]
        case "reassign":
            return [("reassign", (lead.id,), {"to": who, "reason": "so", "actor": "boss"})]
        case "take away":
            return [("reassign", (lead.id,), {"reason": "so", "actor": "boss"})]
        case "register":
            return [("register", (claim,), {})]
        case "decide":
            do = ("withdraw", "approve", "convert", "reject", "settle")[did.said % 5]
            return [("decide_registration", (claim.id, Move(do, "boss")), {})]
        case "hold" | "release":
            what = ({}, {"lead": lead.id}, {"dealer": who})[did.said % 3]
            return [(did.what, (), what | {"actor": "ops", "reason": "so", "keyed": False})]
        case "erase":
            return [("erase", (), {"leads": [lead.id], "actor": "dpo", "keyed": False})]
        case "relay":
            return [("sent", (one,), {"keyed": False}) for one in scene.desk.messages(limit=100)]
    return [("sweep", (), {"keyed": False})]


DOES = (
    *["receive"] * 6, *["sweep"] * 6, *["relay"] * 3, *["register"] * 2, *["decline"] * 2, *["update"] * 2, "accept",
    "take away", "refer in", "refer", "reassign", "pause", "resume", "reopen", "late", "decide", "hold", "release",
    "erase",
)  # fmt: skip


def scripts(on: Subject) -> st.SearchStrategy[Script]:
    """Scripts on leads at the bounds of the plan; the first lead comes in first."""
    return on.own("scripts", lambda: _scripts(on.plan))


def _scripts(plan: Plan) -> st.SearchStrategy[Script]:
    companies = [company for company in companies_of(plan)[:6] if company.keys()]
    dealers = [one.id for one in plan.dealers if one.kind == "dealer"][:4] or [plan.house]
    small = st.integers(0, 6)
    did = st.builds(Did, st.sampled_from(DOES), small, st.integers(0, len(plan.dealers) - 1), small, small)
    first = st.builds(Did, st.just("receive"), st.just(0))
    done = st.tuples(first, st.lists(did, max_size=10)).map(lambda pair: (pair[0], *pair[1]))
    leads = st.lists(strategies.leads(plan), min_size=1, max_size=4).map(_numbered)
    claims = st.lists(st.tuples(st.sampled_from(dealers), st.sampled_from(companies)), min_size=1, max_size=3)
    # what is done is drawn first, and so made smaller first
    return st.tuples(done, leads, claims.map(_claimed)).map(lambda drawn: Script(drawn[1], drawn[2], drawn[0]))


def _numbered(leads: Sequence[Lead]) -> tuple[Lead, ...]:
    """Each under an id of its own, with a person that can be looked for."""
    of: dict[str, Any] = {"contact_name": f"{CANARY} person", "message": f"{CANARY} writes"}
    return tuple(evolve(lead, id=f"L{n}", email=f"{CANARY}.l{n}@gmail.com", **of) for n, lead in enumerate(leads, 1))


def _claimed(pairs: Sequence[tuple[str, Company]]) -> tuple[Registration, ...]:
    """Claims that name a person as well; the company is known by its number or domain all the same."""
    named = [(dealer, evolve(company, name=f"{CANARY} works")) for dealer, company in pairs]
    return tuple(
        Registration(f"R{n}", dealer, company, submitted_at=STARTED, email=f"{CANARY}.r{n}@gmail.com")
        for n, (dealer, company) in enumerate(named, 1)
    )


def told_script(on: Subject, script: Script) -> str:
    """The commands in order, and the leads that they are about."""
    from dealerrouting.testing.laws.drawing import told_lead

    lines = [f"  {_line(on.plan, script, did)}" for did in script.done]
    named = {script.leads[did.lead % len(script.leads)].id for did in script.done}
    about = [told_lead(lead) for lead in script.leads if lead.id in named]
    return "\n".join(["shown by", *lines, "with", *about])


def _line(plan: Plan, script: Script, did: Did) -> str:
    hours = WAITS[did.wait % len(WAITS)]
    lead, claim = script.leads[did.lead % len(script.leads)].id, script.claims[did.lead % len(script.claims)]
    who = plan.dealers[did.who % len(plan.dealers)].id
    about: Mapping[str, str] = {
        "sweep": "", "relay": "", "register": f" {claim.id} of {claim.dealer}", "decide": f" {claim.id}",
        "update": f" {lead} {SAID[did.said % len(SAID)]}", "reassign": f" {lead} to {who}",
    }  # fmt: skip
    return f"after {hours} hours: {did.what}{about.get(did.what, f' {lead}')}"
