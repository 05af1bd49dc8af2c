"""A small timed world for the machine: what can happen in it, and when two of its states are the same.

Time goes by in whole hours from a fixed instant, and every length in the terms is one to three of them, so that all
that can be told apart is finite. Everybody may answer at any time: the holder, whoever held the lead before, the
router, the relay, a person. Nobody has to.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

from attrs import frozen

from dealerrouting.calendar import Elapsed
from dealerrouting.events import (
    HOW_TO_MIGRATE,
    Accepted,
    Assigned,
    Declined,
    Migrate,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Updated,
    Withdrawn,
)
from dealerrouting.terms import HouseTerms, Policy, Terms
from sla_notes import CLOSED, HOUSE, LAST, MOMENT, NOTHING, WORK

HOUR = timedelta(hours=1)
LEAD = "L"


def hours(number):
    return Elapsed(hours=number)


def agreed(**more):
    """Terms as short as they can be with all clocks still apart."""
    small = {
        "max_reassignments": 1,
        "remind_after": hours(1),
        "withdraw_after": hours(3),
        "notice": hours(1),
        "stale_after": hours(1),
        "max_resets": 1,
        "max_reopens": 1,
        "max_pause": hours(1),
        "delivery_bound": hours(1),
        "house": HouseTerms(hours(1), hours(2)),
    }
    return Policy(Terms(**small | more), HOUSE)


STRICT = agreed(accept_within=hours(1))
LENIENT = agreed(
    withdraw_after=hours(2),
    notice=hours(2),
    escalate_after=hours(2),
    late_answer="restore",
    backdate_tolerance=hours(1),
)
KIND = agreed(late_answer="restore")
ONE_DEALER = {"max_reassignments": 0, "max_reopens": 0, "on_silence": "return"}
FIRST = agreed(accept_within=hours(1), **ONE_DEALER)
SECOND = agreed(remind_after=hours(2), **ONE_DEALER)

EVERYBODY = ("assigned", "accepted", "declined", "updated", "resumed", "referred", "reopened", "reminder_sent")
FEW = ("assigned", "accepted", "updated", "reminder_sent")
AT_WORK, AT_THE_END = ("contacted", "qualified", "quoted"), ("won", "lost", "uncontactable")


@frozen
class World:
    """What there is. The numbers bound what no law bounds: how many events may wait for a tick, how often a person
    steps in, and how often the terms change.

    `mistakes`: of how many nodes of each sort the mistaken and the late answers are tried, of which next to none may do
    anything; None is of all. `orders`: the same for orders of arrival, of so many events `together`. `moments`: whether
    ticks come a moment after each due instant, too, and not only on the hour. `covers`: the rows of the tables that
    must all have been taken here, by event or by deed.
    """

    name: str
    policies: tuple[Policy, ...]
    moves: tuple[str, ...] = EVERYBODY
    dealers: tuple[str, ...] = ("a", "b")
    statuses: tuple[str, ...] = ("contacted", "won")
    mistakes: int | None = 1
    inbox: int = 1
    hands: int = 0
    migrations: int = 0
    orders: int = 0
    together: int = 2
    moments: bool = False
    covers: tuple[str, ...] = ()
    begin: datetime = datetime(2027, 3, 1, tzinfo=UTC)

    def pinned(self, digest):
        return next(one for one in self.policies if one.digest == digest)


WORLDS = (
    World("every moment", (STRICT,), inbox=2, moments=True, covers=("remind:acceptance", "withdraw:acceptance")),
    World(
        "every status",
        (agreed(),),
        statuses=(*AT_WORK, *AT_THE_END),
        covers=(
            *("accepted", "declined", "updated", "referred", "reopened", "reminder_sent"),
            *("remind:first_status", "withdraw:first_status", "remind:stale", "withdraw:stale"),
            *("remind:house", "escalate:house", "return:routing"),
        ),
    ),
    World("late answers", (LENIENT,), (*EVERYBODY, "backdated"), orders=1, covers=("escalate:first_status",)),
    World("pauses", (FIRST,), (*FEW, "paused", "resumed"), ("a",), AT_WORK, orders=1, covers=("paused", "resumed")),
    World("by hand", (KIND,), (*FEW, "by_hand"), statuses=AT_WORK, hands=1, covers=("assigned", "withdrawn")),
    World("new terms", (STRICT, LENIENT), FEW, statuses=("contacted",), migrations=1),
    World(
        "old terms", (LENIENT, STRICT), ("assigned", "updated", "reminder_sent"), statuses=("contacted",), migrations=1
    ),
    World("new terms in a pause", (FIRST, SECOND), ("assigned", "paused"), ("a",), migrations=1),
)
"""Together they have everything, and each closes in seconds."""

WIDE = (
    World("strict", (STRICT,), (*EVERYBODY, "paused"), mistakes=None, moments=True, orders=2),
    World("lenient", (LENIENT,), (*EVERYBODY, "paused", "backdated", "by_hand"), hands=1, orders=2),
    World("two at once", (STRICT,), (*FEW, "declined", "paused"), inbox=2, orders=1, together=3),
    World("there and back", (FIRST, SECOND), (*FEW, "paused"), ("a",), ("contacted",), migrations=2, orders=1),
    World("a person twice", (KIND,), (*EVERYBODY, "by_hand"), ("a", "b", "c"), hands=2),
)
"""The same with more at once, for long runs."""


# What may arrive


def arrivals(world, notes, id, now):
    """What may arrive now and make sense, under the id given."""
    at = {"id": id, "lead": LEAD, "received_at": now}
    for kind in world.moves:
        yield from _ARRIVALS[kind](world, notes, notes.face.number, at)


def _assigned(world, notes, n, at):
    """The router names a dealer that has not had it (one stands for all), or the house; nobody is silence."""
    fresh = [name for name in world.dealers if name not in notes.had and name != notes.face.holder]
    for name in fresh[:1]:
        yield Assigned(**at, assignment=n + 1, holder=name)
    yield Assigned(**at, assignment=n + 1, holder=HOUSE, outcome="house")


def _now(kind, **more):
    """An answer about the assignment that is, where there has been one."""

    def arrive(world, notes, n, at):
        if n:
            yield kind(**at, assignment=n, **more)

    return arrive


def _updated(world, notes, n, at):
    for status in world.statuses:
        if n:
            yield Updated(**at, assignment=n, status=status, evidence="call" if status == "uncontactable" else None)


def _paused(world, notes, n, at):
    """As long as may be, which is an hour or more, and longer."""
    longest = notes.terms.max_pause.delta
    for length in sorted({HOUR, longest + HOUR}):
        if n:
            yield Paused(**at, assignment=n, until=at["received_at"] + length, reason="r")


def _reminder_sent(world, notes, n, at):
    for one in notes.reminders:
        yield ReminderSent(**at, assignment=n, effect=one.key)


def _by_hand(world, notes, n, at):
    """A person gives it to anybody, or takes it away."""
    if notes.hands < world.hands:
        by = {"actor": "p", "reason": "r"}
        for name in world.dealers:
            yield Assigned(**at, assignment=n + 1, holder=name, by_hand=True, **by)
        yield Assigned(**at, assignment=n + 1, holder=HOUSE, outcome="house", by_hand=True, **by)
        for then in ("reassign", "return"):
            if n:
                yield Withdrawn(**at, assignment=n, then=then, **by)


def _backdated(world, notes, n, at):
    """Received now, and said to have happened before; or received before, and only now brought here."""
    before = at["received_at"] - HOUR
    if n:
        yield Updated(**at, assignment=n, status="contacted", occurred_at=before)
        belated = at | {"received_at": before}
        yield Accepted(**belated, assignment=n)
        yield Updated(**belated, assignment=n, status="contacted")
        yield Declined(**belated, assignment=n, reason="r")


_ARRIVALS = {
    "assigned": _assigned,
    "accepted": _now(Accepted),
    "declined": _now(Declined, reason="r"),
    "updated": _updated,
    "paused": _paused,
    "resumed": _now(Resumed),
    "referred": _now(Referred, reason="r"),
    "reopened": _now(Reopened, reason="r"),
    "reminder_sent": _reminder_sent,
    "by_hand": _by_hand,
    "backdated": _backdated,
}


def mistakes(world, notes, id, now):
    """What may arrive all the same: about what is over or has never been, out of order, or not to be believed."""
    n, at, later = notes.face.number, {"id": id, "lead": LEAD, "received_at": now}, now + HOUR
    yield Assigned(**at, assignment=n + 1, holder=HOUSE)
    yield Assigned(**at, assignment=n + 2, holder="a")
    for name in sorted(notes.had):
        yield Assigned(**at, assignment=n + 1, holder=name)
    if n:
        yield Assigned(**at, assignment=n, holder="b")
        yield Paused(**at, assignment=n, until=now, reason="r")
        yield Updated(**at, assignment=n, status="uncontactable")
        yield Updated(**at, assignment=n, status="attempted")
        for when in (later, now + MOMENT, now - HOUR):  # refused; as good as now; and as far back as one may
            yield Updated(**at, assignment=n, status="contacted", occurred_at=when)
        yield ReminderSent(**at, assignment=n, effect="unknown")
    for number in (n - 1, n + 1):
        if number > 0:
            about = at | {"assignment": number}
            yield from (Accepted(**about), Resumed(**about), Updated(**about, status="won"))
            yield from (kind(**about, reason="r") for kind in (Declined, Referred, Reopened))
            yield Paused(**about, until=later, reason="r")
            yield Withdrawn(**about, actor="p", reason="r")
            yield ReminderSent(**about, effect=f"{LEAD}/{number}/remind:first_status")


def migrations(world, notes, policy, id, now):
    """To each other policy, in each of the three ways."""
    if notes.migrations < world.migrations:
        others = (one for one in world.policies if one is not policy)
        for other, how in product(others, HOW_TO_MIGRATE):
            yield Migrate(id, LEAD, received_at=now, to=other.digest, how=how), other


# When two states are the same


def same(world, state, notes, now):
    """What tells this node of the search from another: nodes with one key have one future.

    The notes are part of it: what a law has counted must not be forgotten where the machine has. Of both only that
    is kept which has a say in what comes:

    - Of a clock, when it ends, and not where it began or stood still: with the time that was spent on pauses that is
      all that it ever does. While the terms may still change, when it would end under the others, too; and whether
      it began within the last hour, which is as far back as an update may reach.
    - Of ends that are past, only their order: a tick does what is due in that order, however late it is. So no bound
      on how late a tick may be is needed; beyond the last end all lateness is the same.
    - Of deadlines that have been seen to, that they were.
    - Of assignments that are over, who held them, and how the last one ended while nobody has the lead.
    - Of what is settled, where events wait, its phase. The standing is what these events make of it, and each of them
      is also settled at once where it is heard, whatever was settled before; only late ticks share one.
    - Of closed leads no clock: none runs, and whoever opens one again starts all of them anew.

    Left out are the ids of events (each has a new one; repeats are tried at once), the numbers of assignments (answers
    are about this one, the last, the next), and `changes`, `status` and `followers`, which are for messages only.

    A key that is too coarse could make the search look at one of two states that differ only by a fault. It can never
    blame a machine that keeps the laws.
    """
    return state.policy, _of_machine(state, now), _of_notes(world, notes, now)


def _of_machine(state, now):
    it = state.standing
    reminded = {one.rule: one.sent_at is not None for one in it.reminders}
    told = {one.rule for one in it.told}
    broken = {one.rule for one in it.breached if one.assignment == it.assignment}
    ends = {leg.name: leg.due for leg in state.legs}
    over = it.past[-1] if it.past and it.phase == "waiting" else None
    return (
        (it.phase, it.holder, it.kind, it.hops, it.reopens, it.had(), over and (over.holder, over.why)),
        (len(state.inbox), state.settled.phase) if state.inbox else None,
        _clockwork(it.phase, it.resets, it.clock_from, reminded, told, broken, ends, now),
        _stood_still(it.phase, it.pause and (it.pause.start, it.pause.until), it.pauses, now),
    )


def _of_notes(world, notes, now):
    face, reminded = notes.face, {one.rule: one.sent is not None for one in notes.reminders}
    told = {rule for rule, _ in notes.told}
    may_be = [one.terms for one in world.policies if notes.migrations < world.migrations and one.terms != notes.terms]
    return (
        (face.holder, notes.hops, notes.reopened, notes.had, notes.silent and notes.silent[1]),
        (notes.hands, notes.migrations, tuple(one.late for one in notes.inbox)),
        *(
            _clockwork(face.phase, notes.resets, notes.clock, reminded, told, notes.broken, one.ends(), now)
            for one in (notes, *(notes.but(terms=terms, kept=None) for terms in may_be))
        ),
        _stood_still(face.phase, notes.pause, notes.pauses, now),
    )


def _clockwork(phase, resets, clock, reminded, told, broken, ends, now):
    """What is still to come: for each promise how far it is, and when its clocks end, seen from now."""
    rules, when = _RULES.get(phase, ()), [ends.get("routing")]
    far = []
    for word in rules:
        rule = word if phase in _FIRST else f"{word}-{resets}"
        far.append((rule in broken, rule in told, reminded.get(rule)))
        last, notice = ends.get(LAST[word][1]), ends.get(f"notice:{rule}")
        if rule not in reminded:
            when += [ends.get(word), last and max(last, now)]  # notice will end later than now
        elif notice is None:
            when += [ends.get(f"delivery:{rule}"), last and max(last, now)]
        else:
            when += [last and max(notice, last), None]
        when.append(None if rule in told else ends.get("escalation"))
    past = sorted({end for end in when if end and end < now}, reverse=True)
    seen = tuple(end and (end - now if end >= now else -1 - past.index(end)) for end in when)
    recent = bool(rules) and now - clock < HOUR and now - clock
    return resets, recent, tuple(far), seen


_FIRST = ("offered", "accepted")
_RULES = {"offered": ("acceptance", "first_status"), "accepted": ("first_status",), "house": ("house",)}
_RULES |= dict.fromkeys(WORK, ("stale",))


def _stood_still(phase, pause, pauses, now):
    """How much of the pause is over and how much there is to come; once it is over, only how much it was."""
    if phase in CLOSED:
        return None
    spent = sum((end - start for start, end in pauses), NOTHING)
    if pause and pause[1] < now:
        return "over", spent + (pause[1] - pause[0])
    return spent, pause and (now - pause[0], pause[1] - now)
