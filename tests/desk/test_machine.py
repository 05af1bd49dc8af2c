"""Any commands in any order, while time goes by: after each the laws hold (laws 2, 4, 8, 13 to 25).

The same run is made by `AsyncLeadDesk` over a store that is awaited: it comes to the same.
"""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from dealerrouting.errors import DealerRoutingError, NotFound, TransitionNotAllowed
from dealerrouting.registrations import Move
from desk_laws import Lawful, all_laws, insist, nobody_is_named, nothing_stale_is_told
from desk_world import (
    CANARY,
    HOUR,
    SECRET,
    Clock,
    World,
    async_desk,
    changed,
    claim,
    company,
    differing,
    lead,
    plan_one,
    plan_two,
    tables,
)

pytestmark = pytest.mark.pure

LEADS = [f"L{i}" for i in range(12)]
CLAIMS = [f"R{i}" for i in range(5)]
COUNTRIES = ("NL", "BE", "FR", "DE", "GB", "LU", "US")
COMPANIES = (None, None, "acme", "beta", "gamma")
PLANS = (plan_one, plan_two, lambda: changed("d", max_open=0), lambda: changed("a", max_per_30_days=1))
STATUSES = ("attempted", "contacted", "uncontactable", "qualified", "quoted", "won", "lost")
ALLOWED = (TransitionNotAllowed, NotFound)
"""What the caller may be told; anything else is a fault."""


class Life(RuleBasedStateMachine):
    """A desk, and its twin that is awaited."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.world = World(plan_one(), clock=self.clock)
        self.twin_store = Lawful(self.clock)
        self.twin = async_desk(self.twin_store)
        self.keys = 0
        asyncio.run(self.twin.activate(plan_one(), actor="ops"))

    def do(self, command, *given, keyed=True, **told):
        """The same on both; what they say is the same."""
        if keyed:
            self.keys += 1
            told["key"] = f"k{self.keys}"
        here = self._said(lambda: getattr(self.world.desk, command)(*given, **told))
        there = self._said(lambda: asyncio.run(_awaited(getattr(self.twin, command)(*given, **told))))
        assert here == there, command
        return here

    @staticmethod
    def _said(call):
        try:
            return call()
        except ALLOWED as error:
            return type(error).__name__
        except DealerRoutingError as error:
            raise AssertionError(f"{type(error).__name__}: {error}") from error

    def number(self, ident):
        """The number of the present assignment, or the only one that there could be."""
        case = self.world.case(ident)
        return case.state.assignment if case is not None and case.state is not None else 1

    # What comes in

    @rule(ident=st.sampled_from(LEADS), country=st.sampled_from(COUNTRIES), of=st.sampled_from(COMPANIES))
    def receive(self, ident, country, of):
        self.do("receive", lead(ident, country, of))

    @rule(ident=st.sampled_from(LEADS), of=st.sampled_from(COMPANIES), by=st.sampled_from("abc"))
    def receive_referred(self, ident, of, by):
        self.do("receive", lead(ident, "BE", of), referred_by=by)

    @rule(ident=st.sampled_from(LEADS), holder=st.sampled_from("abd"), of=st.sampled_from(COMPANIES))
    def adopt(self, ident, holder, of):
        self.do("adopt", lead(ident, "BE", of), holder=holder, actor="ops")

    # What is said

    @rule(ident=st.sampled_from(LEADS), status=st.sampled_from(STATUSES), old=st.booleans())
    def update(self, ident, status, old):
        number = max(1, self.number(ident) - old)
        self.do("update", ident, assignment=number, status=status, actor="x")

    @rule(ident=st.sampled_from(LEADS), what=st.sampled_from(["accept", "resume"]))
    def accept(self, ident, what):
        self.do(what, ident, assignment=self.number(ident), actor="x")

    @rule(ident=st.sampled_from(LEADS), what=st.sampled_from(["decline", "refer", "reopen"]), old=st.booleans())
    def decline(self, ident, what, old):
        self.do(what, ident, assignment=max(1, self.number(ident) - old), reason="so", actor="x")

    @rule(ident=st.sampled_from(LEADS), hours=st.integers(1, 60))
    def pause(self, ident, hours):
        until = self.clock().replace(minute=0)
        self.do("pause", ident, assignment=self.number(ident), until=until + hours * HOUR, reason="so", actor="x")

    @rule(ident=st.sampled_from(LEADS), to=st.sampled_from(["a", "b", "c", "d", "house", None, None]))
    def reassign(self, ident, to):
        self.do("reassign", ident, to=to, reason="so", actor="boss")

    # Claims

    @rule(ident=st.sampled_from(CLAIMS), dealer=st.sampled_from("abc"), of=st.sampled_from(COMPANIES[2:]))
    def register(self, ident, dealer, of):
        self.do("register", claim(ident, dealer, of))

    @rule(ident=st.sampled_from(CLAIMS), do=st.sampled_from(["withdraw", "convert", "approve", "reject", "settle"]))
    def decide(self, ident, do):
        self.do("decide_registration", ident, Move(do, "boss"))

    @rule(dealer=st.sampled_from("abc"), of=st.sampled_from(COMPANIES[2:]))
    def may_claim(self, dealer, of):
        self.do("may_claim", company(of), dealer=dealer, keyed=False)

    # The desk

    @rule(n=st.sampled_from(range(len(PLANS))))
    def activate(self, n):
        self.do("activate", PLANS[n](), actor="ops", keyed=False)

    @rule()
    def roll_back(self):
        self.do("roll_back", actor="ops", reason="so", keyed=False)

    @rule(what=st.sampled_from([{}, {"lead": "L0"}, {"dealer": "b"}]), held=st.booleans())
    def hold(self, what, held):
        self.do("hold" if held else "release", actor="ops", reason="so", keyed=False, **what)

    @rule(ident=st.sampled_from(LEADS))
    def erase(self, ident):
        self.do("erase", leads=[ident], actor="dpo", keyed=False)

    @rule(ident=st.sampled_from(CLAIMS))
    def erase_a_claim(self, ident):
        self.do("erase", claims=[ident], actor="dpo", keyed=False)

    @rule()
    def erase_expired(self):
        self.do("erase_expired", actor="dpo", keyed=False)

    # Time

    @rule(
        hours=st.sampled_from([1, 11, 30, 49, 121, 700]),
        per_dealer=st.sampled_from([1, 3, 50]),
        limit=st.integers(1, 60),
    )
    def sweep(self, hours, per_dealer, limit):
        self.clock.go(hours=hours)
        self.do("sweep", per_dealer=per_dealer, limit=limit, keyed=False)

    @rule(limit=st.sampled_from([1, 5, 100]), sent=st.booleans())
    def messages(self, limit, sent):
        found = self.do("messages", limit=limit, keyed=False)
        nothing_stale_is_told(self.world.store, found)
        for one in found if sent else ():
            self.do("sent", one, keyed=False)

    @precondition(lambda self: self.world.desk.health().survey.due)
    @rule()
    def dry(self):
        before = tables(self.world.store)
        self.do("sweep", dry_run=True, keyed=False)
        assert tables(self.world.store) == before

    @invariant()
    def lawful(self):
        all_laws(self.world.store, self.world.desk)

    def teardown(self):
        nobody_is_named(self.world.store, CANARY)
        here, there = tables(self.world.store), tables(self.twin_store)
        assert here == there, differing(here, there)
        while_nobody_says_anything(self.world)


def while_nobody_says_anything(world):
    """19: silence alone ends at a person, whatever was said before."""
    for what in ({}, {"lead": "L0"}, {"dealer": "b"}):
        world.desk.release(actor="ops", **what)
    for _ in range(30):
        world.clock.go(days=3)
        world.desk.sweep()
        world.send()
    for case in world.store._cases.values():
        if case.open:
            standing = case.state.standing
            lately = world.clock() - standing.clock_from < timedelta(days=30)  # offered again, when there was room
            insist(19, standing.kind == "house" or lately, f"{case.lead} is forgotten")
            insist(19, case.next_due is not None, f"{case.lead} waits for nothing")
    all_laws(world.store, world.desk)


async def _awaited(what):
    return await what


def test_any_commands_in_any_order():
    run_state_machine_as_test(Life, settings=settings(stateful_step_count=30, deadline=None))


def test_the_twin_is_another_store_with_the_same_secret():
    life = Life()
    assert life.twin_store is not life.world.store
    assert life.world.desk.config.secret == life.twin.config.secret == SECRET
