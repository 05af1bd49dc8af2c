"""`LeadMachine`: leads, claims, answers, sweeps and time in any order, on a desk under a plan of yours.

    test_machine = machine.suite(plan)      # in a test module
    machine.run(plan, steps=50, examples=100)

To add what is your own, subclass it with Hypothesis's `rule` and `invariant`:

    class Mine(machine.of(plan)):
        @invariant()
        def delta_keeps_its_leads(self): ...

    test_mine = machine.suite(Mine)

May know: laws, scenes, Hypothesis. May not know: any database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.vendor.pretty import RepresentationPrinter

from dealerrouting.desk import LeadDesk
from dealerrouting.model import Company, Facts, Lead, Registration
from dealerrouting.ports import Case
from dealerrouting.rules import Plan
from dealerrouting.testing import strategies
from dealerrouting.testing.laws import kept
from dealerrouting.testing.laws.drawing import told_lead
from dealerrouting.testing.laws.routing import can_act, claims_on
from dealerrouting.testing.laws.scenes import SAID, STARTED, WAITS, Clock, Scene
from dealerrouting.testing.strategies.drawing import companies_of

__all__ = ["EXAMPLES", "STEPS", "LeadMachine", "of", "run", "suite"]

STEPS, EXAMPLES = 25, 15
"""How many steps a run has at most, and how many runs there are, where nobody says otherwise."""
IDS = tuple(f"L{number}" for number in range(1, 9))
"""The ids that drawn leads have: few, so that what comes later is about them."""
_PHASES = [phase for phase in Phase if phase is not Phase.explain]  # it names lines of ours, and traces all of them
CLAIMS = ("R1", "R2", "R3", "R4")


@frozen(repr=False)
class Drawn:
    """A lead, a claim, a company or a dealer as it was drawn; it shows only what it says."""

    value: Any
    shown: str

    def __repr__(self) -> str:
        return self.shown

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Hypothesis shows the fields of any attrs class, whatever its repr says, unless it has this."""
        printer.text(self.shown)


def _lead(lead: Lead) -> Drawn:
    return Drawn(lead, told_lead(lead).strip())


def _of(name: str) -> st.SearchStrategy[Any]:
    """What the machine's plan has to draw from."""
    return st.runner().flatmap(lambda machine: getattr(machine, name)())


leads = _of("drawn_leads")
dealers = _of("drawn_dealers")
companies = _of("drawn_companies")
ids = st.sampled_from(IDS)
"""For rules of your own: a drawn lead or company (`.value`), the id of a dealer, the id of a lead."""


class LeadMachine(RuleBasedStateMachine):
    """A desk under `plan` on a store in memory, and everything that may happen to it.

    `scene` has the store, the desk and the clock; `ask(command, ...)` gives the desk a command, or None where it is
    not allowed now; `received` are the ids of the leads that came in. After each step the invariants hold; so does
    what the store asks at each commit.
    """

    plan: ClassVar[Plan]
    __test__ = False  # pytest would take a subclass called Test... for a class of tests: see `suite`

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(self.plan)
        self.received: set[str] = set()

    # What there is to draw from

    @classmethod
    def drawn_leads(cls) -> st.SearchStrategy[Drawn]:
        """Leads at the bounds of the plan."""
        return strategies.leads(cls.plan, ids=IDS).map(_lead)

    @classmethod
    def drawn_dealers(cls) -> st.SearchStrategy[str]:
        """Dealers of the plan, and teams of the house."""
        return st.sampled_from([one.id for one in cls.plan.dealers])

    @classmethod
    def drawn_companies(cls) -> st.SearchStrategy[Drawn]:
        """Companies that can be known again: those of the accounts, and a few more."""
        known = [one for one in companies_of(cls.plan) if one.keys()]
        return st.sampled_from([Drawn(one, f"<{one.name or one.domain or one.number}>") for one in known])

    # What there is to use

    @property
    def desk(self) -> LeadDesk:
        """The desk."""
        return self.scene.desk

    @property
    def clock(self) -> Clock:
        """The time, which moves when it is told to."""
        return self.scene.clock

    def case(self, ident: str) -> Case | None:
        """How a lead stands."""
        return self.scene.case(ident)

    def ask(self, command: str, *given: Any, **told: Any) -> Any:
        """A command of the desk; None where it is not allowed now, or what it is about is not there."""
        return self.scene.ask(command, *given, **told)

    def say(self, command: str, ident: str, *, back: int = 0, **told: Any) -> Any:
        """What the holder of the present assignment says of a lead, or of one that is over."""
        number = max(1, self.scene.number(ident) - back)
        return self.ask(command, ident, assignment=number, actor="ann", **told)

    # Leads and claims come in

    @rule(lead=leads)
    def receive(self, lead: Drawn) -> None:
        """A lead comes in; a claim on its company protects."""
        self._received(lead.value)

    @rule(lead=leads, dealer=dealers)
    def receive_referred(self, lead: Drawn, dealer: str) -> None:
        """A lead that a dealer brought in."""
        self._received(lead.value, referred_by=dealer)

    @rule(lead=leads, company=companies)
    def receive_of(self, lead: Drawn, company: Drawn) -> None:
        """A lead of a company that may be known already."""
        self._received(evolve(lead.value, company=company.value))

    def _received(self, lead: Lead, **told: Any) -> None:
        known = lead.id in self.received
        claims = [] if known else self._claims_on(lead)
        outcome = self.ask("receive", lead, **told)
        self.received.add(lead.id)
        if not known and claims:
            got = outcome.decision.holder
            kept.insist(3, got == claims[0].dealer, f"{claims[0].id} stands, and {lead.id} goes to {got}")

    def _claims_on(self, lead: Lead) -> list[Registration]:
        """The claims in the store that stand on its company, of dealers that can act."""
        at, store = self.clock(), self.scene.store
        facts = Facts([one.claim for one in store._claims.values()])
        return [one for one in claims_on(lead, self.plan, facts, at) if can_act(one.dealer, lead, self.plan, facts, at)]

    @rule(ident=st.sampled_from(CLAIMS), dealer=dealers, company=companies)
    def register(self, ident: str, dealer: str, company: Drawn) -> None:
        """A dealer claims a company."""
        of: Company = company.value
        self.ask("register", Registration(ident, dealer, of, submitted_at=STARTED))

    @rule(ident=st.sampled_from(CLAIMS), do=st.sampled_from(["approve", "withdraw", "convert", "reject", "settle"]))
    def decide(self, ident: str, do: str) -> None:
        """Somebody decides on a claim."""
        from dealerrouting.registrations import Move

        self.ask("decide_registration", ident, Move(do, "boss"))

    # What holders and people say

    @rule(ident=ids, status=st.sampled_from(SAID), back=st.sampled_from([0, 0, 0, 1]))
    def update(self, ident: str, status: str, back: int) -> None:
        """A status, or one of an assignment that is over."""
        self.say("update", ident, back=back, status=status, evidence="call-1")

    @rule(ident=ids, back=st.sampled_from([0, 0, 0, 1]))
    def accept(self, ident: str, back: int) -> None:
        """It is taken on."""
        self.say("accept", ident, back=back)

    @rule(ident=ids, what=st.sampled_from(["decline", "refer", "reopen"]))
    def answer(self, ident: str, what: str) -> None:
        """It is not wanted, handed to the house, or alive again."""
        self.say(what, ident, reason="so")

    @rule(ident=ids, hours=st.sampled_from(WAITS[1:]))
    def pause(self, ident: str, hours: int) -> None:
        """The clock is to stand still."""
        from datetime import timedelta

        self.say("pause", ident, until=self.clock() + timedelta(hours=hours), reason="so")

    @rule(ident=ids)
    def resume(self, ident: str) -> None:
        """The clock goes on."""
        self.say("resume", ident)

    @rule(ident=ids, to=st.none() | dealers)
    def reassign(self, ident: str, to: str | None) -> None:
        """A person gives it to somebody, or to whomever the plan says."""
        self.ask("reassign", ident, to=to, reason="so", actor="boss")

    # The desk and time

    @rule(what=st.sampled_from(["", "lead", "dealer"]), ident=ids, dealer=dealers, held=st.booleans())
    def hold(self, what: str, ident: str, dealer: str, held: bool) -> None:
        """All, a lead or a dealer is held, or released."""
        about: dict[str, str] = {"lead": ident, "dealer": dealer}
        told = {what: about[what]} if what else {}
        self.ask("hold" if held else "release", actor="ops", reason="so", keyed=False, **told)

    @rule(hours=st.sampled_from(WAITS[1:]))
    def time_passes(self, hours: int) -> None:
        """Nothing else happens."""
        self.clock.go(hours=hours)

    @rule(limit=st.sampled_from([100, 1]))
    def sweep(self, limit: int) -> None:
        """What is due is done."""
        self.ask("sweep", limit=limit, keyed=False)

    @rule()
    def relay(self) -> None:
        """What is to be sent is sent, and nothing of it is about what is over."""
        kept.nothing_stale_is_told(self.scene.store, self.scene.relay())

    @rule(ident=ids)
    def erase(self, ident: str) -> None:
        """What a lead says is erased."""
        self.ask("erase", leads=[ident], actor="dpo", keyed=False)

    # What holds after each

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every lead that came in is there."""
        lost = sorted(ident for ident in self.received if self.case(ident) is None)
        kept.insist(2, not lost, f"received, and not there: {lost}")

    @invariant()
    def reminded_once(self) -> None:
        """One reminder for each assignment and rule."""
        told = [one for one in self.scene.store._messages.values() if one.does == "remind"]
        twice = [what for what, n in Counter((one.lead, one.assignment, one.rule) for one in told).items() if n > 1]
        kept.insist(9, not twice, f"reminded twice: {twice}")

    @invariant()
    def lawful(self) -> None:
        """One holder, nobody twice, replay gives what is kept, and what else holds of all that is kept."""
        for law in kept.OF_ALL:
            law(self.scene.store, self.desk)


def of(plan: Plan) -> type[LeadMachine]:
    """The machine of a plan, to subclass or to run; `TypeError` for what is no plan."""
    if not isinstance(plan, Plan):
        raise TypeError(f"a machine is of a Plan, and this is a {type(plan).__name__}")
    return type("LeadMachine", (LeadMachine,), {"plan": plan, "__doc__": LeadMachine.__doc__})


def run(machine: Plan | type[LeadMachine], *, steps: int = STEPS, examples: int = EXAMPLES) -> None:
    """Run the machine of a plan, or one of your own; AssertionError with the shortest sequence of steps found."""
    made = _made(machine)
    settled = settings(
        stateful_step_count=steps,
        max_examples=examples,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=_PHASES,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(made, settings=settled)


def suite(machine: Plan | type[LeadMachine], *, steps: int = STEPS, examples: int = EXAMPLES) -> Callable[[], None]:
    """The machine as a test function for pytest: `test_machine = machine.suite(plan)`."""
    made = _made(machine)

    def holds() -> None:
        __tracebackhide__ = True
        run(made, steps=steps, examples=examples)

    return holds


def _made(machine: object) -> type[LeadMachine]:
    """The machine of a plan, or one of somebody's own; `TypeError` for anything else."""
    if isinstance(machine, Plan):
        return of(machine)
    if not (isinstance(machine, type) and issubclass(machine, LeadMachine) and hasattr(machine, "plan")):
        given = machine.__name__ if isinstance(machine, type) else type(machine).__name__
        raise TypeError(f"give a Plan, or a subclass of `machine.of(plan)`; this is a {given}")
    return machine
