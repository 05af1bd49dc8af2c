"""Planted faults: each turns a law or a case of the desk red.

A fault is put into one function of the desk; then one small story is told, and the laws are asked. Without a fault
each story is green.
"""

import sys

import pytest
from attrs import evolve

from dealerrouting.desk import (
    change,
    claims,
    deciding,
    following,
    health,
    hearing,
    intake,
    linking,
    once,
    replaying,
    steps,
    sweeping,
    waiting,
)
from dealerrouting.errors import CorruptRecord, NotFound
from dealerrouting.mapping import FrozenMap
from dealerrouting.ports import Ref, Writes
from desk_laws import Broken, all_laws, insist, nobody_is_named, nothing_stale_is_told
from desk_world import CANARY, World, changed, claim, commands, fresh_scene, lead, plan_one, tables

pytestmark = [pytest.mark.pure, pytest.mark.slow]


# Stories


def world():
    return World(plan_one())


def several():
    """Everything that the scene offers, one command after the other."""
    for make in commands().values():
        store, desk = fresh_scene()
        try:
            steps.drive(make(desk.config), {"store": store, "facts": None})
        except LookupError:
            continue
        all_laws(store, desk)


def life():
    w = world()
    for ident, country in (("L1", "BE"), ("L2", "BE"), ("A1", "NL"), ("A2", "NL"), ("W1", "NL")):
        w.desk.receive(lead(ident, country))
    w.days(9)
    all_laws(w.store, w.desk)


def again():
    w = world()
    first = w.desk.receive(lead("L1"), key="k")
    before = tables(w.store)
    second = w.desk.receive(lead("L1"), key="k")
    insist(26, second.repeated and second.decision == first.decision, "it was not the first answer")
    insist(26, tables(w.store) == before, "it was done twice")


def other_content():
    w = world()
    w.desk.receive(lead("L1"), key="k")
    try:
        w.desk.receive(lead("L1", "BE"), key="k")
    except ValueError:
        return
    raise Broken(26, "the same key with other content")


def order():
    w = world()
    for ident in ("F1", "F2", "W1", "W2"):
        w.clock.go(minutes=1)
        w.desk.receive(lead(ident))
    w.desk.update("F1", assignment=1, status="lost", actor="a")
    insist(2, w.holder("W1") == "a" and w.holder("W2") == "house", "the newer one came first")


def newer():
    w = world()
    for ident in ("F1", "F2", "W1"):
        w.desk.receive(lead(ident))
    w.desk.activate(changed("a", max_open=3), actor="ops")
    w.desk.receive(lead("N1"))
    insist(2, w.holder("W1") == "a", "the newer one came first")


def held():
    w = world()
    w.desk.receive(lead("L1", "LU"))
    w.desk.hold(actor="ops", reason="look", lead="L1")
    w.clock.go(days=3)
    insist(12, not w.desk.sweep().changed and not w.desk.messages(), "held, and something was done")


def linked():
    w = world()
    w.desk.receive(lead("L1", "BE", "acme"))
    w.desk.receive(lead("L2", "BE", "acme"))
    insist(2, w.case("L2").state is None and w.open("b") == 1, "two clocks for one company")
    w.desk.update("L1", assignment=1, status="lost", actor="b")
    all_laws(w.store, w.desk)


def stale():
    w = world()
    w.desk.receive(lead("L1", "BE"))
    w.desk.decline("L1", assignment=1, reason="busy", actor="b")
    nothing_stale_is_told(w.store, w.desk.messages())


def carries_on():
    w = world()
    w.desk.receive(lead("L1", "DE", "acme"))
    w.desk.decline("L1", assignment=1, reason="busy", actor="x")
    w.desk.receive(lead("L2", "DE", "acme"))
    w.desk.erase(leads=["L1"], actor="dpo")
    w.desk.decline("L2", assignment=1, reason="busy", actor="x")
    all_laws(w.store, w.desk)


def erased():
    store, desk = fresh_scene()
    desk.erase(leads=["B1", "W1", "A1"], claims=["R1"], actor="dpo")
    all_laws(store, desk)
    insist(29, f"{CANARY}.A1" not in repr(tables(store)), "what was erased is still there")
    insist(26, not [one for one in store._answers.values() if one.about.id in ("A1", "R1")], "an answer was kept")


def unnamed():
    store, _ = fresh_scene()
    w = world()
    w.desk.receive(lead("L1", "BE", "acme"))
    w.desk.register(claim("R1", "b", "beta"))
    w.desk.receive(lead("L2", "BE", "beta"))
    nobody_is_named(w.store, CANARY)
    nobody_is_named(store, CANARY)


def declined():
    w = world()
    w.desk.receive(lead("L1", "LU"))
    w.desk.decline("L1", assignment=1, reason="busy", actor="b")
    all_laws(w.store, w.desk)


def poison():
    w = world()
    for ident in ("L1", "L2"):
        w.desk.receive(lead(ident, "BE"))
    w.send()
    w.days(3)
    del w.store._contents["L1"]  # its next holder cannot be found
    for _ in range(8):
        w.clock.go(days=1)
        w.desk.sweep()
        w.send()
    insist(19, set(w.desk.health().survey.parked) == {"lead:L1"}, "it is tried for ever")
    insist(19, w.holder("L2") == "a", "one that cannot be dealt with stops another")


def poison_waits():
    w = world()
    for ident in ("F1", "F2", "W1", "W2"):
        w.clock.go(minutes=1)
        w.desk.receive(lead(ident))
    del w.store._contents["W1"]
    w.desk.update("F1", assignment=1, status="lost", actor="a")
    insist(19, w.holder("W2") == "a", "one that cannot be offered stops another")


def bounded():
    w = world()
    for i in range(5):
        w.desk.receive(lead(f"L{i}", "LU"))
    w.clock.go(days=3)
    done = w.desk.sweep(per_dealer=2)
    insist(12, done.to == {"b": 2} and done.later == {"b": 3}, "more than it may be told at once")


def dry():
    w = world()
    w.desk.receive(lead("L1", "LU"))
    w.clock.go(days=3)
    before = tables(w.store)
    w.desk.sweep(dry_run=True)
    insist(23, tables(w.store) == before, "a dry run has changed something")


def notice():
    w = world()
    w.desk.receive(lead("L1", "LU"))
    w.days(3)
    insist(12, w.case("L1").state.standing.reminders[0].sent_at is not None, "notice does not run")


def waits():
    w = world()
    w.desk.register(claim("R1", "b", "acme"))
    w.desk.register(claim("R2", "a", "acme"))
    w.desk.decide_registration("R1", claims.Move("withdraw", "b"))
    insist(24, w.store._claims["R2"].claim.status == "approved", "nobody looked at who waited")


def quota():
    w = world()
    for n in range(9):
        w.desk.register(claim(f"R{n}", "b", f"co{n}"))
    insist(24, len(w.store._claims) == 5, "more claims than the terms allow")


def meanwhile():
    """Two first leads of one company at once."""
    store, desk = fresh_scene()
    first = intake.receive(desk.config, lead("P1", "BE", "pco"))
    call, ports = next(first), {"store": store, "facts": None}
    while call.method != "commit":
        call = first.send(getattr(store, call.method)(*call.args, **call.named))
    desk.receive(lead("P2", "BE", "pco"))
    try:
        answer, error = store.commit(*call.args), None
    except Exception as raised:
        answer, error = None, raised
    try:
        call = first.throw(error) if error else first.send(answer)
        while True:
            call = first.send(getattr(ports[call.port], call.method)(*call.args, **call.named))
    except StopIteration:
        pass
    all_laws(store, desk)
    insist(24, bool(store._cases["P1"].linked) != bool(store._cases["P2"].linked), "one company, two clocks")


STORIES = (
    several, life, again, other_content, order, newer, held, linked, stale, carries_on, erased, unnamed, declined,
    poison, poison_waits, bounded, dry, notice, waits, quota, meanwhile,
)  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_without_a_fault_every_story_is_green(story):
    story()


# Faults


def leaving(name, value):
    """`Change.writes`, but that something is left out of it."""

    def planted(self, *, outbox, real=change.Change.writes):
        return evolve(real(self, outbox=outbox), **{name: value})

    return planted


def unread(config, look, change):
    """Nothing that was read is sent with the commit."""
    yield from steps.store("commit", {}, change.writes(outbox=True))


def partly_read(config, look, change):
    """What companies are found by is not sent with the commit."""
    reads = {ref: n for ref, n in look.versions.items() if ref.kind != "prospect"}
    yield from steps.store("commit", reads, change.writes(outbox=True))


def partial(self, decision, facts, found, number, real=following.Follower.keep):
    real(self, decision, facts, found, number)
    if decision.changes.ledger:
        self.change.ledgers[decision.changes.ledger] = FrozenMap(dict(list(decision.changes.credits.items())[:1]))


def unsealed(self, decision, facts, found, number, real=following.Follower.keep):
    real(self, decision, facts, found, number)
    self.change.decisions[-1] = evolve(self.change.decisions[-1], facts=facts)


def uncounted(self, before, after, real=change.Change.put):
    counts = self.counts.copy()
    real(self, before, after)
    if before is not None:
        self.counts = counts


def unticked(self, lead, events, real=change.Change.log):
    real(self, lead, [event for event in events if hasattr(event, "received_at")])


def unrecorded(self, effects, real=following.Follower._collect):
    return real(self, [effect for effect in effects if effect.does != "record"])


def newest_first(steps_of=waiting.offer_freed):
    def planted(config, change):
        for dealer in sorted(change.freed):
            look = waiting.Look(config)
            yield from look.load([Ref("waiting", dealer)])
            for name in reversed(look.values[Ref("waiting", dealer)]):
                yield from waiting.offer(config, name)
        return ()

    return planted


def nobody_first(config, look, plan, decision, tried):
    return
    yield


def no_counts(plan, asked):
    return iter(())


def never_parked(self, ref, error, real=sweeping._Pass._trouble):
    self.failed[str(ref)] = type(error).__name__
    return
    yield


def offered_bare(config, name):
    return (yield from waiting.offer(config, name)).outcome


def key_of_an_offer(linked, primary, at, real=linking._told):
    for one in real(linked, primary, at):
        yield evolve(one, key=f"{linked.lead}/{one.assignment}/offer")


def unerased(self, *, outbox, real=change.Change.writes):
    return evolve(real(self, outbox=outbox), erase=())


def always(*given, **told):
    return True


def never(*given, **told):
    return False


def told_all(self, case, change, told):
    return True


def followed_for_ever(case, at):
    """What is over goes on waiting, and is never over."""
    return case


def sent_for_nothing(config, message):
    yield from steps.store("commit", {}, Writes(left=(message.key,)))


def nothing_waits(config, asked, work):
    outcome, _ = yield from once.once(config, asked, work)
    return outcome


FAULTS = {
    "reads are not sent to the commit": ((once, "commit"), unread, "several"),
    "prospects are not among the reads": ((once, "commit"), partly_read, "meanwhile"),
    "an answer is not kept": ((change.Change, "writes"), leaving("answers", ()), "again"),
    "the content of a key is not compared": ((once, "_is_same"), always, "other_content"),
    "counts are not lowered": ((change.Change, "put"), uncounted, "several"),
    "counts are not kept": ((change.Change, "writes"), leaving("counts", FrozenMap()), "several"),
    "companies are not found": ((change.Change, "writes"), leaving("known", ()), "linked"),
    "events are not kept": ((change.Change, "writes"), leaving("events", ()), "several"),
    "decisions are not kept": ((change.Change, "writes"), leaving("decisions", ()), "life"),
    "messages are not kept": ((change.Change, "writes"), leaving("messages", ()), "several"),
    "a linked lead has its own clock": ((deciding.Near, "same"), lambda *given: None, "linked"),
    "the newest is offered first": ((hearing, "offer_freed"), newest_first(), "order"),
    "newer leads come first": ((intake, "give_first"), nobody_first, "newer"),
    "counts are not asked for": ((deciding, "_counted"), no_counts, "life"),
    "what is held is not left alone": ((sweeping._Pass, "_held"), never, "held"),
    "trouble is not noted": ((sweeping._Pass, "_trouble"), never_parked, "poison"),
    "one that cannot be offered stops the rest": ((waiting, "_tried"), offered_bare, "poison_waits"),
    "what is over is told": ((health, "_wanted"), always, "stale"),
    "a linked lead is told under the key of an offer": ((linking, "_told"), key_of_an_offer, "carries_on"),
    "erased, it still says something": ((change.Change, "writes"), unerased, "erased"),
    "a tick is not logged": ((change.Change, "log"), unticked, "several"),
    "an event has no record": ((following.Follower, "_collect"), unrecorded, "several"),
    "a ledger is overwritten by a part": ((following.Follower, "keep"), partial, "life"),
    "the facts of a decision are not sealed": ((following, "pseudonymous"), lambda facts, *more: facts, "unnamed"),
    "whoever had it may have it again": ((following, "past_holders"), lambda case: (), "declined"),
    "a dealer is told any number of times": ((sweeping._Pass, "_allowed"), told_all, "bounded"),
    "a dry run is made": ((sweeping, "_Pass"), lambda c, n, d, real=sweeping._Pass: real(c, n, False), "dry"),
    "that a reminder left is not heard": ((steps, "sent"), sent_for_nothing, "notice"),
    "who waits for a claim is not looked at": ((claims, "_with_others"), nothing_waits, "waits"),
    "claims are not counted": ((change.Change, "writes"), leaving("claimants", FrozenMap()), "quota"),
    "a replay is not compared": ((replaying, "run"), lambda state, events, policy: (state, ()), "several"),
    "what is over is not said to be over": ((following, "_settled"), followed_for_ever, "several"),
}  # fmt: skip


FOUND = (Broken, NotFound, CorruptRecord, StopIteration, KeyError)
"""A law that is broken; or the desk, or a law, that does not find what it should."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    (where, name), broken, story = FAULTS[fault]
    for place in places(where, name):
        monkeypatch.setattr(place, name, broken)
    if fault == "that a reminder left is not heard":
        monkeypatch.setattr("dealerrouting.desk.LeadDesk.sent", steps.asked(sent_for_nothing))
    with pytest.raises(FOUND):
        globals()[story]()


def places(where, name):
    """Everywhere that the desk has this function by name."""
    if where is steps:
        return ()
    if isinstance(where, type):
        return (where,)
    rooms = [room for path, room in sys.modules.items() if path.startswith("dealerrouting.desk.")]
    return [room for room in rooms if getattr(room, name, None) is getattr(where, name)]
