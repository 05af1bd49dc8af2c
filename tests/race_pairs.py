"""Pairs of commands that may meet: on one lead, one company, one ledger, one dealer's cap, one claim, one key.

May know: the desk's commands. May not know: any store, who schedules them.
"""

from datetime import timedelta

from dealerrouting import Company, Dealer, Lead, Plan, Registration, Territory, by
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.registrations import Move
from racing import NOW, Pair

WORKS = Company("X", domain="works.example")
DUE, SILENT = 49, 6 * 24
"""Hours after which a reminder is due, and a lead is withdrawn whose reminder has left."""


def plan(name="races"):
    """`few` takes two leads; `east` and `south` share a ledger; `west` is alone."""
    return Plan(
        name,
        house="house",
        dealers=[Dealer("few", max_open=2), *map(Dealer, ("east", "south", "west")), Dealer("house", kind="house")],
        territories=[
            Territory("nl", ["few"], country="NL"),
            Territory("be", {"east": 1, "south": 2}, country="BE"),
            Territory("de", ["west"], country="DE"),
        ],
        precedence=[by.registrations(), by.accounts(), by.incumbent(), by.territories()],
    )


def asked(command, *args, **named):
    """A command to be carried out by whoever's desk; its answer in words, the same however often it is asked."""

    def work(desk):
        try:
            return words(getattr(desk, command)(*args, **named))
        except TransitionNotAllowed as refused:
            return f"not allowed: {refused.event.type}"

    return work


def words(answer):
    if not hasattr(answer, "outcome"):
        return type(answer).__name__
    said = (answer.outcome, answer.holder, answer.assignment, answer.phase, answer.linked)
    return " ".join(map(str, said))


def lead(ident, country="BE", company=None):
    more = {"company": company} if company else {}
    return Lead(ident, country=country, postcode="3011 AB" if country == "NL" else "2000", **more)


def receive(ident, country="BE", company=None, key=None):
    return asked("receive", lead(ident, country, company), key=key)


def said(command, ident, number=1, key=None, **more):
    return asked(command, ident, assignment=number, actor="somebody", key=key, **more)


def update(ident, status="contacted", number=1, key=None):
    return said("update", ident, number, key, status=status)


def decline(ident, number=1, key=None):
    return said("decline", ident, number, key, reason="too far")


def reassign(ident, to=None, key=None):
    return asked("reassign", ident, to=to, reason="asked for", actor="boss", key=key)


def claim(ident, dealer, company=WORKS):
    return asked("register", Registration(ident, dealer, company, submitted_at=NOW, email=f"{ident}@works.example"))


def decide(ident, do, key=None):
    return asked("decide_registration", ident, Move(do, "boss"), key=key)


def adopt(ident, holder="west", company=None):
    return asked("adopt", lead(ident, company=company), holder=holder, actor="ops")


def erase(ident):
    return asked("erase", leads=[ident], actor="officer")


def relay(desk):
    """Everything that is to leave leaves."""
    for message in desk.messages(limit=1000):
        desk.sent(message)
    return "relayed"


def sweep(desk):
    """One pass. What it says of itself depends on who came first with each lead: the rows tell what it did."""
    desk.sweep()
    return "swept"


def sent_reminder(desk):
    """The reminder has left, said as it is known to whoever sent it."""
    for message in desk.ports["store"].history("L1").messages:
        if message[0].does == "remind":
            desk.sent(message[0])
    return "sent"


class Hand:
    """What a relay has in hand: taken before the race, and said to have left in it."""

    def take(self, desk):
        self.messages = desk.messages(limit=1000)

    def send(self, desk):
        return ", ".join(words(desk.sent(one)) for one in self.messages)


def swept_at(hours):
    """A sweep of so many hours later, before the race."""
    return lambda desk: desk.sweep(at=NOW + timedelta(hours=hours))


ACTIVE = asked("activate", plan(), actor="ops")
OTHER = asked("activate", plan("races-2"), actor="ops")
HOLD = asked("hold", actor="ops", reason="stop")
HOLD_LEAD = asked("hold", actor="ops", reason="stop", lead="L1")


def pair(name, before, first, second, hours=1, by_hand=False):
    return Pair(name, (ACTIVE, *before), (first, second), hours, by_hand)


L1, L2, HAND = receive("L1"), receive("L2"), Hand()
FEW = [receive(f"F{n}", "NL") for n in (1, 2)]

PAIRS = [
    pair("receive, receive: one company", [], receive("L1", company=WORKS), receive("L2", company=WORKS)),
    pair("receive, receive: one ledger", [], L1, L2),
    pair("receive, receive: one cap", FEW[:1], receive("F3", "NL"), receive("F4", "NL")),
    pair("receive, receive: one lead", [], L1, L1),
    pair("receive, receive: one lead, other words", [], L1, receive("L1", "NL")),
    pair("receive, receive: one key", [], receive("L1", "DE", key="k"), receive("L2", "DE", key="k")),
    pair("receive, update: one company", [receive("L1", company=WORKS)], receive("L2", company=WORKS),
         update("L1", "lost")),
    pair("receive, update: one cap", FEW, receive("F3", "NL"), update("F1", "lost")),
    pair("receive, decline: one ledger", [L1], L2, decline("L1")),
    pair("update, update: one lead", [L1], update("L1"), update("L1", "qualified")),
    pair("update, update: one key", [L1], update("L1", key="k"), update("L1", key="k")),
    pair("update, update: one key, two leads", [L1, L2], update("L1", key="k"), update("L2", key="k")),
    pair("update, update: one company", [receive("L1", company=WORKS), receive("L2", company=WORKS)],
         update("L1", "won"), update("L2")),
    pair("update, update: one cap", [*FEW, receive("F3", "NL")], update("F1", "lost"), update("F2", "lost")),
    pair("accept, decline: one lead", [L1], said("accept", "L1"), decline("L1")),
    pair("accept, accept: two leads", [L1, L2], said("accept", "L1"), said("accept", "L2")),
    pair("decline, decline: one lead", [L1], decline("L1", key="a"), decline("L1", key="b")),
    pair("decline, decline: one ledger", [L1, L2], decline("L1"), decline("L2")),
    pair("decline, sweep: one lead", [L1], decline("L1"), sweep, DUE),
    pair("decline, sweep: one ledger", [L1, L2, swept_at(DUE), relay], decline("L1"), sweep, SILENT),
    pair("sweep, sweep: two leads", [L1, L2], sweep, sweep, DUE),
    pair("sweep, sweep: one ledger", [L1, L2, swept_at(DUE), relay], sweep, sweep, SILENT),
    pair("receive, sweep: one ledger", [L1, swept_at(DUE), relay], L2, sweep, SILENT),
    pair("update, sweep: one lead", [L1], update("L1"), sweep, DUE),
    pair("reassign, sweep: one lead", [L1], reassign("L1", "west"), sweep, DUE, by_hand=True),
    pair("reassign, sweep: one ledger", [L1, L2, swept_at(DUE), relay], reassign("L1"), sweep, SILENT, by_hand=True),
    pair("reassign, reassign: one lead", [L1], reassign("L1", "west", "a"), reassign("L1", "few", "b"), by_hand=True),
    pair("refer, update: one lead", [L1], said("refer", "L1", reason="too big"), update("L1")),
    pair("register, register: one prospect", [], claim("R1", "east"), claim("R2", "west")),
    pair("register, register: one claim", [], claim("R1", "east"), claim("R1", "east")),
    pair("register, register: one claimant", [], claim("R1", "east"),
         claim("R2", "east", Company("Y", domain="other.example"))),
    pair("register, receive: one prospect", [], claim("R1", "west"), receive("L1", company=WORKS)),
    pair("approve, receive: one claim", [claim("R1", "west")], decide("R1", "approve"), receive("L1", company=WORKS)),
    pair("approve, reject: one claim", [claim("R1", "west")], decide("R1", "approve"), decide("R1", "reject")),
    pair("approve, approve: one prospect", [claim("R1", "east"), claim("R2", "west")], decide("R1", "approve"),
         decide("R2", "approve")),
    pair("erase, update: one lead", [L1], erase("L1"), update("L1")),
    pair("erase, erase: one lead", [L1], erase("L1"), erase("L1")),
    pair("erase, receive: one company", [receive("L1", company=WORKS)], erase("L1"), receive("L2", company=WORKS)),
    pair("erase, update: one company", [receive("L1", company=WORKS), receive("L2", company=WORKS)], erase("L1"),
         update("L1", "lost")),
    pair("erase, sweep: one lead", [L1], erase("L1"), sweep, DUE),
    pair("erase, receive: one cap", [*FEW, receive("F3", "NL")], erase("F1"), receive("F4", "NL")),
    pair("activate, receive", [], OTHER, L1),
    pair("activate, activate", [], OTHER, asked("activate", plan("races-3"), actor="ops")),
    pair("hold, sweep: all", [L1], HOLD, sweep, DUE),
    pair("hold, sweep: one lead", [L1, L2], HOLD_LEAD, sweep, DUE),
    pair("hold, hold", [L1], HOLD, HOLD_LEAD),
    pair("adopt, receive: one lead", [], adopt("L1"), L1, by_hand=True),
    pair("adopt, receive: one company", [], adopt("L1", company=WORKS), receive("L2", company=WORKS), by_hand=True),
    pair("adopt, receive: one cap", FEW[:1], asked("adopt", lead("F9", "NL"), holder="few", actor="ops"),
         receive("F3", "NL"), by_hand=True),
    pair("adopt, adopt: one lead", [], adopt("L1"), adopt("L1"), by_hand=True),
    pair("sent, sent: one message", [L1, swept_at(DUE)], sent_reminder, sent_reminder, DUE + 1),
    pair("sent, sweep: one lead", [L1, swept_at(DUE)], sent_reminder, sweep, SILENT),
    pair("sent, decline: one message", [L1, HAND.take], HAND.send, decline("L1")),
    pair("messages, messages", [L1, L2], relay, relay),
]  # fmt: skip
