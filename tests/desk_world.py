"""A small world for desks: one plan, one scene that everything can be done in, and every command as steps.

The scene has a lead in every state that a command could meet, on a store in memory; `tables` says all that is in it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from attrs import evolve

from dealerrouting import ClaimTerms, Company, Dealer, Elapsed, Lead, Plan, Registration, Terms, Territory, by
from dealerrouting.desk import AsyncLeadDesk, LeadDesk, claims, erasing, health, hearing, intake, plans, shadow
from dealerrouting.desk.steps import drive
from dealerrouting.desk.sweeping import sweep
from dealerrouting.errors import Conflict, StoreUnavailable
from dealerrouting.registrations import Move
from dealerrouting.testing.laws.commits import copied, tables
from desk_laws import Lawful

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = b"only-for-the-tests"
CANARY = "zq7canary"
"""In every field that says something of a person or a company."""


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, at=START):
        self.at = at

    def __call__(self):
        return self.at

    def go(self, **by):
        self.at += timedelta(**by)


DEALERS = (
    Dealer("a", max_open=2),
    Dealer("b"),
    Dealer("c", max_per_30_days=2),
    Dealer("d", max_open=1),
    Dealer("house", kind="house"),
)
TERRITORIES = (
    Territory("north", ["a"], country="NL"),
    Territory("west", {"a": 1, "b": 2}, country="BE", ledger="shared"),
    Territory("south", ["c"], country="FR"),
    Territory("east", ["b", "c", "d"], country="DE", ledger="shared"),
    Territory("isles", ["d"], country="GB"),
    Territory("duchy", ["b"], country="LU"),
)
CLAIM_TERMS = ClaimTerms(auto_approve=True, per_dealer_per_30_days=5, asks_per_dealer_per_day=3)
TERMS = Terms(claims=CLAIM_TERMS, retention=Elapsed(days=100))


def plan(name="one", dealers=DEALERS, territories=TERRITORIES, terms=TERMS, rungs=None):
    rungs = rungs or [by.registrations(), by.accounts(), by.incumbent(), by.territories()]
    return Plan(name, house="house", dealers=dealers, territories=territories, precedence=rungs, terms=terms)


@cache
def plan_one():
    return plan()


@cache
def plan_two():
    """The dealer `a` has more room, and may take a fortnight."""
    return plan(
        "two", dealers=(Dealer("a", max_open=4), *DEALERS[1:]), terms=evolve(TERMS, withdraw_after=Elapsed(days=14))
    )


def changed(dealer, **how):
    """The first plan, but for one dealer."""
    others = [one for one in DEALERS if one.id != dealer]
    return plan(f"with another {dealer}", dealers=[Dealer(dealer, **how), *others])


def company(name):
    """A company that is known by its domain."""
    return Company(f"{CANARY} {name}", domain=f"{CANARY}-{name}.example")


def lead(ident, country="NL", of=None, **more):
    """A lead; all that is personal in it holds the canary."""
    told = {
        "company": company(of) if of else None,
        "contact_name": f"{CANARY} person",
        "email": f"{CANARY}.{ident}@gmail.com",
        "message": f"{CANARY} writes",
    }
    return Lead(ident, country=country, **(told | more))


def claim(ident, dealer, of, **more):
    return Registration(ident, dealer, company(of), submitted_at=START, email=f"{CANARY}.{ident}@gmail.com", **more)


class World:
    """A store, its clock, and a desk on it."""

    def __init__(self, first=None, store=Lawful, clock=None, **settings):
        self.clock = clock or Clock()
        self.store = store(self.clock)
        self.desk = LeadDesk(self.store, **{"secret": SECRET, **settings})
        if first is not None:
            self.desk.activate(first, actor="ops")

    def case(self, ident):
        return self.store.history(ident).case

    def holder(self, ident):
        return self.case(ident).holder

    def open(self, dealer):
        return self.store.survey(self.clock()).holders.get(dealer, 0)

    def send(self):
        """All that is to be sent, sent."""
        sent = self.desk.messages(limit=1_000)
        for one in sent:
            self.desk.sent(one)
        return sent

    def sweep(self, **told):
        """Passes until nothing is left but what has to wait for another day."""
        return self.desk.sweep(**told)

    def days(self, n, send=True):
        """So many days go by, each with a pass and with what it says sent."""
        said = []
        for _ in range(n):
            self.clock.go(days=1)
            self.desk.sweep()
            said += self.send() if send else ()
        return said


# All that is in a store


def differing(one, other):
    """The names of the tables that differ: for messages of tests."""
    return sorted(name for name in one if one[name] != other[name])


def meaning(store):
    """The store without versions and instants of writing: what two orders of the same commands can have in common."""
    found = tables(store, but=("_versions",))
    for name in ("_decisions", "_acts", "_watched"):
        found[name] = frozenset(map(repr, found[name]))
    found["_events"] = {key: value for key, value in found["_events"].items() if value}
    return found


# A scene in which everything can be done


def scene(store=Lawful, **settings):
    """`a` is full: A1 accepted and A2 are its; W1 and W2 wait for it. B1 of a company is at work, with B2 linked to it.
    C1 and C2 have used up `c`, K1 is lost. R1 stands, R2 waits for its end, R3 is another. S1 is watched only. E1 is
    reminded.
    """
    world = World(plan_one(), store, **settings)
    desk = world.desk
    desk.receive(lead("E1", "BE"))
    world.clock.go(days=2, hours=1)
    desk.sweep()
    for ident, country, of in (
        ("A1", "NL", None), ("A2", "NL", "two"), ("W1", "NL", None), ("W2", "NL", "wait"),
        ("B1", "BE", "xco"), ("B2", "BE", "xco"), ("C1", "FR", None), ("C2", "FR", None), ("W3", "FR", None),
        ("K1", "BE", "kco"), ("D1", "BE", None),
    ):  # fmt: skip
        desk.receive(lead(ident, country, of))
    if world.holder("A1") != "a":
        raise AssertionError("the scene is not what it is said to be")
    desk.accept("A1", assignment=1, actor="a", key="scene-accept")
    desk.update("B1", assignment=1, status="contacted", actor="x", key="scene-contacted")
    desk.update("K1", assignment=1, status="lost", actor="x", key="scene-lost")
    desk.register(claim("R1", "b", "yco"))
    desk.register(claim("R2", "a", "yco"))
    desk.register(claim("R3", "b", "zco"))
    desk.watch(lead("S1", "BE"), chosen="a")
    return world


@cache
def _scene():
    return scene()


def fresh_scene(kind=Lawful):
    """A copy of the scene: a store, and the configuration of a desk on it."""
    known = _scene()
    store = copied(known.store, kind)
    desk = LeadDesk(store, secret=SECRET)
    desk.config.plans.update(known.desk.config.plans)
    return store, desk


def now():
    """The instant of the scene."""
    return _scene().clock()


def _reminder(store):
    return next(one for one in store._messages.values() if one.does == "remind")


def commands():
    """Every command, by name, in the scene: from the configuration of a desk to its steps.

    Two of a kind are about two leads that have something in common: a company, a ledger, a cap, a prospect.
    """
    until, later = now() + 3 * DAY, now() + 3 * DAY
    first = _reminder(_scene().store)
    say = hearing
    return {
        "activate": lambda c: plans.activate(c, plan_two(), actor="ops"),
        "roll_back": lambda c: plans.roll_back(c, actor="ops", reason="better before"),
        "receive, no room": lambda c: intake.receive(c, lead("N1", "NL"), key="n1"),
        "receive, last room": lambda c: intake.receive(c, lead("G1", "GB"), key="g1"),
        "receive, last room too": lambda c: intake.receive(c, lead("G2", "GB"), key="g2"),
        "receive, one ledger": lambda c: intake.receive(c, lead("Q1", "BE"), key="q1"),
        "receive, one ledger too": lambda c: intake.receive(c, lead("Q2", "DE"), key="q2"),
        "receive, first of a company": lambda c: intake.receive(c, lead("P1", "BE", "pco"), key="p1"),
        "receive, first of a company too": lambda c: intake.receive(c, lead("P2", "BE", "pco"), key="p2"),
        "receive, linked": lambda c: intake.receive(c, lead("B3", "BE", "xco"), key="b3"),
        "receive, claimed": lambda c: intake.receive(c, lead("Y1", "NL", "yco"), key="y1"),
        "receive, referred": lambda c: intake.receive(c, lead("F1", "BE"), key="f1", referred_by="c"),
        "adopt": lambda c: intake.adopt(c, lead("O1", "NL", "xco"), holder="b", actor="ops", key="o1"),
        "accept": lambda c: say.accept(c, "B1", assignment=1, actor="x", key="k-accept"),
        "accept A2": lambda c: say.accept(c, "A2", assignment=1, actor="a", key="k-accept2"),
        "decline A2": lambda c: say.decline(c, "A2", assignment=1, reason="busy", actor="a", key="k-decline"),
        "decline B1": lambda c: say.decline(c, "B1", assignment=1, reason="busy", actor="x", key="k-decline-b"),
        "decline D1": lambda c: say.decline(c, "D1", assignment=1, reason="busy", actor="x", key="k-decline-d"),
        "update A1, won": lambda c: say.update(c, "A1", assignment=1, status="won", actor="a", key="k-won"),
        "update A2, lost": lambda c: say.update(c, "A2", assignment=1, status="lost", actor="a", key="k-lost"),
        "update B1": lambda c: say.update(c, "B1", assignment=1, status="quoted", actor="x", key="k-quoted"),
        "update B1, lost": lambda c: say.update(c, "B1", assignment=1, status="lost", actor="x", key="k-lost-b"),
        "refer": lambda c: say.refer(c, "A1", assignment=1, reason="too large", actor="a", key="k-refer"),
        "pause": lambda c: say.pause(c, "B1", assignment=1, until=until, reason="fair", actor="x", key="k-pause"),
        "resume": lambda c: say.resume(c, "B1", assignment=1, actor="x", key="k-resume"),
        "reopen": lambda c: say.reopen(c, "K1", assignment=1, reason="called", actor="x", key="k-reopen"),
        "reassign": lambda c: say.reassign(c, "A2", to="b", reason="asked for", actor="boss", key="k-to"),
        "reassign by the plan": lambda c: say.reassign(c, "B1", reason="too slow", actor="boss", key="k-away"),
        "sent": lambda c: say.sent(c, first),
        "register": lambda c: claims.register(c, claim("R7", "a", "vco"), key="r7"),
        "register too": lambda c: claims.register(c, claim("R8", "b", "vco"), key="r8"),
        "register a company at work": lambda c: claims.register(c, claim("R9", "c", "pco"), key="r9"),
        "withdraw R1": lambda c: claims.decide_registration(c, "R1", Move("withdraw", "b"), key="k-r1"),
        "withdraw R2": lambda c: claims.decide_registration(c, "R2", Move("withdraw", "a"), key="k-r2"),
        "may_claim": lambda c: claims.may_claim(c, company("vco"), dealer="a"),
        "hold": lambda c: plans.hold(c, actor="ops", reason="look", lead="A2"),
        "hold all": lambda c: plans.hold(c, actor="ops", reason="look"),
        "release": lambda c: plans.release(c, actor="ops"),
        "sweep": lambda c: sweep(c, at=later),
        "messages": lambda c: health.messages(c),
        "erase A1": lambda c: erasing.erase(c, actor="dpo", leads=["A1"]),
        "erase B1": lambda c: erasing.erase(c, actor="dpo", leads=["B1"]),
        "erase B2": lambda c: erasing.erase(c, actor="dpo", leads=["B2"]),
        "erase W1": lambda c: erasing.erase(c, actor="dpo", leads=["W1"]),
        "erase a claim": lambda c: erasing.erase(c, actor="dpo", claims=["R1"]),
        "erase several": lambda c: erasing.erase(c, actor="dpo", claims=["R1", "R3"], leads=["A1", "K1"]),
        "erase a person": lambda c: erasing.erase(c, actor="dpo", person=f"{CANARY}.B1@gmail.com"),
        "erase_expired": lambda c: erasing.erase_expired(c.at(now() + 200 * DAY), actor="dpo"),
        "watch": lambda c: shadow.watch(c, lead("S2", "BE"), chosen="a", key="s2"),
    }  # fmt: skip


# Stores that fail


class Faulty:
    """A store of which the `n`-th call fails: before it does anything, or (`after`) once it has done it."""

    def __init__(self, store, n, after=False):
        self.store, self.left, self.after, self.failed = store, n, after, None

    def __getattr__(self, name):
        method = getattr(self.store, name)

        def call(*given, **named):
            self.left -= 1
            if self.left != 0:
                return method(*given, **named)
            self.failed = name
            if self.after:
                method(*given, **named)
            raise StoreUnavailable("unknown" if self.after else "unreachable", "planted")

        return call if callable(method) else method


class Contested:
    """A store in which somebody else is faster `k` times at every commit."""

    def __init__(self, store, k):
        self.store, self.k, self.left = store, k, k

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, reads, writes):
        if reads and self.left > 0:
            self.left -= 1
            raise Conflict("planted")
        self.store.commit(reads, writes)
        self.left = self.k


class Awaited:
    """A store in memory, to be awaited."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        method = getattr(self.store, name)

        async def call(*given, **named):
            return method(*given, **named)

        return call


def run(make, desk, store):
    """A command on another store than the desk's own."""
    return drive(make(desk.config), {"store": store, "facts": None})


def async_desk(store, **settings):
    return AsyncLeadDesk(Awaited(store), **{"secret": SECRET, **settings})
