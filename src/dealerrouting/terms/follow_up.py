"""`Terms`: what holds for every lead under a plan, and for every claim.

May know: time, the statuses of a lead, errors. May not know: plans, routing, where one lead stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from dealerrouting.calendar import Elapsed, Length
from dealerrouting.errors import Fault, did_you_mean, quoted
from dealerrouting.events import STATUSES
from dealerrouting.terms.agreed import Agreed, words
from dealerrouting.terms.claims import ClaimTerms

__all__ = ["LATE_ANSWERS", "ON_SILENCE", "HouseTerms", "Terms"]

ON_SILENCE = ("reassign", "return")
"""What may follow silence: another dealer, the house."""
LATE_ANSWERS = ("audit_only", "restore")
"""What an answer after a withdrawal may do: be recorded, or get the lead back while nobody holds it."""


@frozen
class HouseTerms(Agreed):
    """What the house has promised on the leads it holds: those that dealers referred, and those for want of a dealer.

    `remind_after` the last status: the house is reminded. `escalate_after`: its manager is told, and
    again each time as much has gone by.
    """

    remind_after: Length = Elapsed(hours=48)
    escalate_after: Length = Elapsed(days=5)
    _place = "terms.house"

    def _faults(self) -> Iterator[Fault]:
        yield from self._lengths("remind_after", "escalate_after")
        yield from self._ordered("remind_after", "escalate_after")


@frozen
class Terms(Agreed):
    """What holds for every lead under a plan. `PlanError` with all faults at once.

    Deadlines of a dealer, each a `Elapsed`, `Business` or `BusinessDays`:

    `accept_within` the assignment (None: nobody has to accept). `remind_after` and `withdraw_after` the
    assignment without a status that counts. `stale_after` the last status that counts. `escalate_after` the
    assignment without one: its manager is told (None: never). No lead is withdrawn for silence before
    `notice` has gone by since the reminder was sent.

    `on_silence`: `reassign` (another dealer, after the last hop the house) or `return` (the house).
    `max_reassignments`: how often one lead may move on to another dealer.

    `counts_as_update`: the statuses that stop the clock; `needs_evidence`: those that count only with some.
    `max_resets`: how often the holder may start its own clock anew in one assignment. `max_reopens`: how
    often a closed lead may be opened again. `max_pauses` and `max_pause`: how often, and for how long in all, one
    assignment may pause.

    `delivery_bound`: how long a reminder, or the router's answer, may be under way before a person is told.
    `late_answer`: `audit_only`, or `restore` while nobody holds the lead. `backdate_tolerance`: how far back
    an event may say that it occurred (None: the time of receipt counts). `skew_tolerance`: how far ahead.

    `calendar` names the plan's calendar for whoever keeps none of its own. `retention`: how long what a lead or a claim
    says is kept once it is over (None: until somebody erases it). `house` are the terms of the leads that the
    house holds, `claims` those of registrations.

    With the terms as they come no lead lies still for a month: 21 days, a week's pause, a day's notice.
    """

    max_reassignments: int = 2
    remind_after: Length = Elapsed(hours=48)
    withdraw_after: Length = Elapsed(days=5)
    notice: Length = Elapsed(hours=24)
    accept_within: Length | None = None
    escalate_after: Length | None = None
    stale_after: Length = Elapsed(days=21)
    on_silence: tuple[str, ...] = field(default=ON_SILENCE, converter=words)
    counts_as_update: tuple[str, ...] = field(default=STATUSES[1:], converter=words)
    needs_evidence: tuple[str, ...] = field(default=("uncontactable",), converter=words)
    max_resets: int = 12
    max_reopens: int = 3
    max_pauses: int = 7
    max_pause: Elapsed = Elapsed(days=7)
    delivery_bound: Elapsed = Elapsed(days=2)
    late_answer: str = "audit_only"
    backdate_tolerance: Elapsed | None = None
    skew_tolerance: Elapsed = Elapsed(minutes=5)
    calendar: str | None = None
    retention: Elapsed | None = None
    house: HouseTerms = HouseTerms()
    claims: ClaimTerms = ClaimTerms()

    def __attrs_post_init__(self) -> None:
        """Check, and settle what has no order."""
        super().__attrs_post_init__()
        for name in ("counts_as_update", "needs_evidence"):
            said = getattr(self, name)
            object.__setattr__(self, name, tuple(status for status in STATUSES if status in said))
        object.__setattr__(self, "on_silence", ON_SILENCE if "reassign" in self.on_silence else ("return",))

    def _faults(self) -> Iterator[Fault]:
        yield from self._whole("max_reassignments", 0, "a number of reassignments")
        yield from self._whole("max_resets", 1, "a number of resets")
        yield from self._whole("max_reopens", 0, "a number of reopenings")
        yield from self._whole("max_pauses", 0, "a number of pauses")
        yield from self._lengths("remind_after", "withdraw_after", "notice", "accept_within", "escalate_after")
        yield from self._lengths("stale_after")
        yield from self._lengths("max_pause", "delivery_bound", "backdate_tolerance", "skew_tolerance", real=True)
        yield from self._lengths("retention", real=True)
        yield from self._ordered("remind_after", "withdraw_after")
        yield from self._words_of("counts_as_update", STATUSES)
        yield from self._words_of("needs_evidence", STATUSES, empty=True)
        yield from self._words_of("on_silence", ON_SILENCE)
        if self.late_answer not in LATE_ANSWERS:
            cure = did_you_mean(self.late_answer, LATE_ANSWERS)
            yield self._fault("late_answer", f"unknown late_answer {quoted(self.late_answer)}", cure)
        if self.calendar is not None and not isinstance(self.calendar, str):
            yield self._fault("calendar", f"{quoted(self.calendar)} is not the id of a calendar")
        if not isinstance(self.house, HouseTerms):
            yield self._fault("house", f"{quoted(self.house)} is not HouseTerms", "write HouseTerms(...)")
        if not isinstance(self.claims, ClaimTerms):
            yield self._fault("claims", f"{quoted(self.claims)} is not ClaimTerms", "write ClaimTerms(...)")
