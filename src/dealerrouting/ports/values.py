"""What a store keeps, as values: a case a lead, and what leads have in common.

May know: the nouns, states of the SLA. May not know: how anything is kept, what a command does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from dealerrouting.identity import Key
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Registration, Retry
from dealerrouting.sla import FINAL, HELD, SlaState, next_due

__all__ = [
    "DESK",
    "KINDS",
    "MOST_WAITING",
    "RECENT",
    "Activation",
    "Answered",
    "Case",
    "Claimed",
    "Counter",
    "Desk",
    "Due",
    "Hold",
    "Known",
    "Prospect",
    "Ref",
    "Trouble",
]

KINDS: Mapping[str, str] = {
    "desk": "the plans' activations and what is held: `Desk`, or None",
    "lead": "how a lead stands: `Case`, or None",
    "prospect": "who has asked and who claims, under one sealed key: `Prospect`",
    "claim": "`Claimed`, or None",
    "claimant": "what a dealer has claimed and asked of late: `Counter`",
    "ledger": "the credits of one rotation, in millionths of a lead, by dealer: a mapping",
    "dealer": "how many open leads a dealer has: a whole number",
    "content": "what the lead with this id says: `Lead`, or None once it is erased. It has no version but its lead's",
    "recent": "when a dealer was given leads in the last thirty days. It has no version but its dealer's",
    "waiting": "the ids of leads that wait for a dealer, the oldest first, at most `MOST_WAITING`. It has no version",
    "plan": "a plan as JSON text, by its digest or the digest of its policy, or None. It never changes",
    "answer": "the first answer to a key: `Answered`, or None. It never changes, and goes with its lead",
    "trouble": "how often a lead or claim (`lead:L1`) could not be dealt with: `Trouble`, or None. It has no version",
}
"""What can be loaded, and what it is. Those without a word about it have a version: it grows with every change, and is
0 for what has never been there."""

MOST_WAITING = 20
"""How many of the leads that wait for a dealer `waiting` tells at once."""
RECENT = timedelta(days=30)
"""How far back `recent` tells what a dealer was given, and a `Counter` what it claimed."""
VERSIONED = frozenset({"desk", "lead", "prospect", "claim", "claimant", "ledger", "dealer"})


@frozen(order=True, cache_hash=True)
class Ref:
    """One thing that a store keeps: its kind, one of `KINDS`, and its id among its kind."""

    kind: str
    id: str

    def __str__(self) -> str:
        """`lead:L1`, for logs and places: an id, never a person."""
        return f"{self.kind}:{self.id}"

    @property
    def versioned(self) -> bool:
        """Whether it has a version of its own."""
        return self.kind in VERSIONED


DESK = Ref("desk", "")
"""The desk as a whole: which plan is active, what is held."""


# The desk as a whole


@frozen
class Activation:
    """From `since` on the plan with this digest decides. `back`: it did so before, and somebody went back to it."""

    plan: str
    since: datetime
    actor: str
    reason: str = ""
    back: bool = False


@frozen
class Hold:
    """What is held, since when, by whom, and why: `all`, or `lead:L1`, or `dealer:delta`."""

    what: str
    since: datetime
    actor: str
    reason: str


@frozen
class Desk:
    """The activations in the order in which they were made, what is held, and by what secret keys are sealed.

    `seal` is the secret itself in hexadecimal, or where the caller keeps it `check:` and a check of it.
    """

    activations: tuple[Activation, ...] = ()
    holds: tuple[Hold, ...] = ()
    seal: str = field(default="", repr=False)

    def active(self, at: datetime) -> Activation | None:
        """What decides at the instant `at`: of the activations that have begun, the one made last."""
        return next((one for one in reversed(self.activations) if one.since <= at), None)

    def planned(self, at: datetime) -> tuple[Activation, ...]:
        """What will decide later, as far as is known at `at`: what nothing that was made after it outlasts."""
        later = [one for one in self.activations if one.since > at]
        return tuple(sorted((one for one in later if self.active(one.since) is one), key=lambda one: one.since))

    def course(self, at: datetime) -> tuple[str, ...]:
        """The plans by which it came to the one that is active at `at`, that one last; what was gone back from is not
        among them.
        """
        course: list[str] = []
        for one in self.activations:
            if one.since > at:
                continue
            if one.back and len(course) > 1:
                course.pop()
            elif course[-1:] != [one.plan]:
                course.append(one.plan)
        return tuple(course)

    def held(self, what: str) -> Hold | None:
        """The hold on exactly this, if there is one."""
        return next((one for one in self.holds if one.what == what), None)


# A lead


@frozen
class Case:
    """How one lead stands.

    `plan` is the digest of the plan that decided last. `state` is the SLA's; None for a lead that is `linked` to
    another one of its company, whose holder is its holder, and for one that is only `watched`, whose holder is that of
    others. `keys` are those of the company, sealed. `links` are the leads that are linked to this one. `followers`
    were to hear of it from the beginning. `retry` says for whom it waits, and `offer_at` when to try again at the
    latest. `had` are dealers that had it before, when it went with another one. `changed_at` is the instant of its
    last change, `over_since` when it was closed.
    """

    lead: str
    received_at: datetime
    plan: str
    state: SlaState | None = None
    keys: tuple[Key, ...] = ()
    linked: str | None = None
    links: tuple[str, ...] = ()
    watched: str | None = None
    followers: tuple[str, ...] = ()
    retry: tuple[Retry, ...] = ()
    offer_at: datetime | None = None
    had: tuple[str, ...] = ()
    changed_at: datetime | None = None
    over_since: datetime | None = None
    erased_at: datetime | None = None

    @property
    def holder(self) -> str | None:
        """Who holds it; None where that is to be seen in the lead it is linked to."""
        return self.state.holder if self.state else self.watched

    @property
    def phase(self) -> str:
        """Where it is: a phase of the SLA, or `linked`, `watched`, `erased`."""
        if self.erased_at is not None:
            return "erased"
        return self.state.phase if self.state else "linked" if self.linked else "watched"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.erased_at is None and self.state is not None and self.state.phase not in FINAL

    @property
    def served(self) -> bool:
        """Whether a dealer is at work on it."""
        return self.open and self.state is not None and self.state.phase in HELD

    @property
    def known(self) -> bool:
        """Whether its company is to be found by it: as long as it, or what it goes with, is open; and when it was
        won.
        """
        if self.linked is not None:
            return self.erased_at is None and self.over_since is None
        return self.open or (self.erased_at is None and self.state is not None and self.state.phase == "won")

    @property
    def next_due(self) -> datetime | None:
        """The first instant at which a sweep has something to do with it."""
        if not self.open or self.state is None:
            return None
        when = [at for at in (next_due(self.state), self.offer_at) if at is not None]
        return min(when, default=None)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The dealers for which it waits."""
        return tuple(sorted({one.dealer for one in self.retry})) if self.open else ()


@frozen
class Claimed:
    """A claim as it stands, when a sweep has something to do with it, and since when it is over."""

    claim: Registration
    next_due: datetime | None = None
    over_since: datetime | None = None


@frozen
class Prospect:
    """Who asked and who claims under one key: ids of leads that are open or were won, and of claims; each sorted."""

    leads: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@frozen
class Known:
    """By which sealed keys a lead or a claim is found from now on; by none, where there are none."""

    ref: Ref
    keys: tuple[str, ...] = ()


@frozen
class Counter:
    """When a dealer made its claims of the last thirty days, and asked its questions of the last day."""

    made: tuple[datetime, ...] = ()
    asked: tuple[datetime, ...] = ()

    def claimed(self, at: datetime) -> tuple[datetime, ...]:
        """When it made those of its claims that still count at the instant `at`."""
        return tuple(made for made in self.made if at - made < RECENT)


@frozen
class Trouble:
    """A lead or claim that could not be dealt with: how often, and why the last time. `parked`: it is left alone."""

    tries: int
    reason: str
    parked: bool = False


@frozen
class Answered:
    """The first answer to a key. `content` is a keyed hash of what was asked, and goes when its lead goes."""

    key: str
    about: Ref
    command: str
    content: str
    answer: FrozenMap[object]


@frozen(order=True)
class Due:
    """Something to be looked at: when it became due, and what. Ordered, so that every store gives the same order."""

    at: datetime
    ref: Ref
