"""What a bystander knows of one lead: clocks and counters of its own, and what is due by them.

The notes share no field and no function with the machine. `sla_bystander` keeps them from what anybody can see:
events, effects, and the face of a state. From them and the terms they say what a tick must do before it does it;
`sla_laws` holds one against the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from attrs import frozen

from dealerrouting.sla import next_due
from dealerrouting.terms import Terms

MOMENT, NOTHING = timedelta(microseconds=1), timedelta(0)
HOUSE = "house"
WORK, CLOSED = ("contacted", "qualified", "quoted"), ("won", "lost", "uncontactable")


@frozen
class Face:
    """All that a bystander is shown of a state."""

    phase: str
    holder: str | None
    number: int
    broken: tuple[tuple[int, str, datetime], ...]
    next_due: datetime | None

    @property
    def place(self):
        """Where the lead is, with whom, under which number."""
        return self.phase, self.holder, self.number


def face_of(state):
    """The only look that is ever taken at a state."""
    broken = tuple((one.assignment, one.rule, one.due) for one in state.standing.breached)
    return Face(state.phase, state.holder, state.assignment, broken, next_due(state))


@frozen
class Reminder:
    """A reminder that was decided: when it may leave, and when the relay said that it had."""

    rule: str
    key: str
    leaves: datetime
    sent: datetime | None = None

    @property
    def since(self):
        """From when notice runs, or until it has left the bound on its delivery."""
        return self.leaves if self.sent is None else max(self.sent, self.leaves)


@frozen
class Deed:
    """What a tick must do, for which rule, and the last instant at which it must not yet."""

    at: datetime
    does: str
    rule: str

    def __str__(self):
        return f"{self.does}:{self.rule}"


@frozen
class Heard:
    """An event that no tick has settled, with the face before and after it. `late`: about what is over."""

    id: str
    received: datetime
    before: Face
    after: Face
    late: bool


LAST = {
    "acceptance": ("withdraw", "acceptance"),
    "first_status": ("withdraw", "silence"),
    "stale": ("withdraw", "stale"),
    "house": ("escalate", "house_silence"),
}
"""What follows a reminder that left and had no answer, and the clock that must have run out, too."""
AT_ONE_INSTANT = {"remind": 0, "escalate": 1, "withdraw": 2, "return": 2}
"""Which is done first; what could not be delivered is told last."""


@frozen(slots=False)
class Notes:
    """The notes on one lead. `hands` and `migrations` count what the world of the search has to bound."""

    terms: Terms
    face: Face
    clock: datetime
    asked: datetime | None = None
    pause: tuple[datetime, datetime] | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    reminders: tuple[Reminder, ...] = ()
    told: tuple[tuple[str, datetime], ...] = ()
    resets: int = 0
    hops: int = 0
    reopened: int = 0
    had: frozenset[str] = frozenset()
    silent: tuple[int, str] | None = None
    broken: frozenset[str] = frozenset()
    news: tuple[tuple[int, str, datetime], ...] = ()
    kept: tuple[tuple[str, datetime, datetime, timedelta], ...] | None = None
    kept_at: datetime | None = None
    inbox: tuple[Heard, ...] = ()
    ahead: datetime | None = None
    wake: datetime | None = None
    hands: int = 0
    migrations: int = 0

    def but(self, **changes):
        """The same but for `changes`: `evolve`, at the speed that a search needs."""
        other = object.__new__(Notes)
        other.__dict__.update(self.__dict__, **changes)
        other.__dict__.pop("deeds", None)
        return other

    def anew(self, face, at):
        """The notes on the next assignment, or on none: nothing of the old clocks is left."""
        had = self.had | ({self.face.holder} - {None, HOUSE})
        counted = {"hops": self.hops, "reopened": self.reopened, "hands": self.hands, "migrations": self.migrations}
        return Notes(self.terms, face, at, had=had, inbox=self.inbox, ahead=self.ahead, wake=self.wake, **counted)

    # Clocks

    def reminder(self, rule):
        return next((one for one in self.reminders if one.rule == rule), None)

    def last_told(self, rule):
        return next((at for what, at in self.told if what == rule), None)

    def rules(self):
        """The promises that the holder has made in this phase."""
        if self.face.phase in WORK:
            return (f"stale-{self.resets}",)
        if self.face.phase == HOUSE:
            return (f"house-{self.resets}",)
        return {"offered": ("acceptance", "first_status"), "accepted": ("first_status",)}.get(self.face.phase, ())

    def clocks(self):
        """Every clock that may run now: its name, its start, its length, None where the terms know of none.

        That one does not run, unless it was kept from other terms.
        """
        terms, phase, start = self.terms, self.face.phase, self.clock
        if phase == "waiting" and self.asked is not None:
            yield "routing", self.asked, terms.delivery_bound
        if phase == "offered":
            yield "acceptance", start, terms.accept_within
        if phase in ("offered", "accepted"):
            yield "first_status", start, terms.remind_after
            yield "silence", start, terms.withdraw_after
            yield "escalation", start, terms.escalate_after
        if phase in WORK:
            yield "stale", start, terms.stale_after
        if phase == HOUSE:
            again = self.last_told(f"house-{self.resets}")
            yield "house", start, terms.house.remind_after
            yield "house_silence", max(again or start, start), terms.house.escalate_after
        for one in self.reminders:
            if one.sent is None:
                yield (
                    f"delivery:{one.rule}",
                    self.last_told(f"undelivered:{one.rule}") or one.since,
                    terms.delivery_bound,
                )
            else:
                yield f"notice:{one.rule}", one.since, terms.notice

    def ends(self):
        """The last instant of each clock: its length after its start, and whatever was paused in between.

        A clock that ran when the terms changed under `keep_due` has left what it had then, whatever its length is
        now; one that did not run then does not begin, but for those that a reminder starts.
        """
        spans = (*self.pauses, self.pause) if self.pause else self.pauses
        if self.kept is None:
            return {name: around(start, length.delta, spans) for name, start, length in self.clocks() if length}
        kept, found = {name: rest for name, *rest in self.kept}, {}
        for name, start, length in self.clocks():
            began, due, left = kept.get(name, (None, None, None))
            if began == start:
                found[name] = due if left <= NOTHING else around(self.kept_at, left, spans)
            elif length and (name in kept or ":" in name):
                found[name] = around(start, length.delta, spans)
        return found

    @cached_property
    def deeds(self):
        """What is due by the clocks alone, the earliest first; a running pause is not looked at."""
        ends, found = self.ends(), []

        def due(does, rule, *clocks):
            when = [ends.get(clock) for clock in clocks]
            if None not in when:
                found.append(Deed(max(when), does, rule))

        for rule in self.rules():
            word, reminder = rule.partition("-")[0], self.reminder(rule)
            if reminder is None:
                due("remind", rule, word)
            elif reminder.sent is None:
                due("escalate", f"undelivered:{rule}", f"delivery:{rule}")
            else:
                does, last = LAST[word]
                due(does, rule, last, f"notice:{rule}")
            if word == "first_status" and not self.last_told(rule):
                due("escalate", rule, "escalation")
        due("return", "routing", "routing")
        return sorted(found, key=lambda deed: (deed.at, ":" in deed.rule, AT_ONE_INSTANT[deed.does]))

    def missed(self, at):
        """The promises that were broken before `at`, whether paused by now or not."""
        return [deed for deed in self.deeds if deed.does == "remind" and deed.at < at]

    def must_do(self, at):
        """What a tick at `at` must do, in order: after a withdrawal all clocks are those of another assignment."""
        now = self.awake(at - MOMENT)
        deeds = [] if now.pause else [deed for deed in now.deeds if deed.at < at]
        last = next((n for n, deed in enumerate(deeds) if deed.does in ("withdraw", "return")), len(deeds))
        return deeds[: last + 1]

    def next(self):
        """The first instant at which a tick does anything: settles an event, ends a pause, or acts.

        A tick that comes late, of before the first event was received, acts on what was settled before it.
        """
        when = [self.ahead, *(one.received for one in self.inbox)]
        return min((one for one in when if one is not None), default=None)

    def settled(self):
        """The same notes where no event waits: what is ahead is by the clocks."""
        if self.face.phase == "waiting" and self.asked is None:
            return self  # not asked yet: nothing but a tick is waited for
        if self.pause:
            return self.but(ahead=self.pause[1] + MOMENT)
        return self.but(ahead=next((deed.at + MOMENT for deed in self.deeds), None))

    # Pauses

    def awake(self, at):
        """A pause is over at its bound, whoever notices, and when."""
        return self.resumed(at) if self.pause and self.pause[1] <= at else self

    def resumed(self, at):
        if self.pause is None:
            return self
        start, end = self.pause[0], min(at, self.pause[1])
        return self.but(pause=None, pauses=(*self.pauses, (start, end)) if start < end else self.pauses)

    def to_pause(self, at, until):
        """From when to when, for no time is paused twice nor more than there is left; None where that is no time."""
        begin = max([at, *(end for _, end in self.pauses)])
        left = self.terms.max_pause.delta - sum((end - start for start, end in self.pauses), NOTHING)
        return (begin, min(until, begin + left)) if self.pause is None and until > begin and left > NOTHING else None


def around(start, length, pauses):
    """The end of a length of real time from `start`, pushed on by each pause that begins before it is over."""
    end = start + length
    for begin, until in pauses:
        if until > start and begin < end:
            end += until - max(begin, start)
    return end
