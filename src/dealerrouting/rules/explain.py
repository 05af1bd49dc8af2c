"""`explain`: every rung, every candidate, and the first reason why each did not get the lead.

May know: how a lead is routed. May not know: another way to route it. An explanation is the course
that `route` itself took, laid open, so that the two cannot differ. Data first; the text is made
from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import field, frozen

from dealerrouting.identity import FORM, Key, Match, match
from dealerrouting.model import Account, Decision, Facts, Lead, Registration
from dealerrouting.rules.binding import Leaf, Opaque, implies, leaves
from dealerrouting.rules.case import Case, Heard
from dealerrouting.rules.counterfactual import Counterfactual, why_not
from dealerrouting.rules.offers import CHOICE
from dealerrouting.rules.picks import Candidate, Pick
from dealerrouting.rules.plan import Plan, Source
from dealerrouting.rules.route import NO_FACTS, Course, consider
from dealerrouting.taxonomy import SHIPPED, split
from dealerrouting.telling import Telling, tell

__all__ = ["Considered", "DealerView", "Explanation", "Found", "Missed", "RungReport", "explain"]


@frozen
class Considered:
    """One dealer that one source offered, and the first reason why it does not hold the lead.

    `reason` is `holds` for the one that does. `detail` are the ids, names or numbers that show it:
    the narrower territories, the policy's choice, the rung that decided, the cap.
    """

    dealer: str
    source: str
    reason: str
    detail: tuple[str, ...] = ()


@frozen
class Missed:
    """A source that nearly offered somebody: unknown for want of a field, out of date, a claim that
    does not stand."""

    source: str
    dealers: tuple[str, ...]
    reason: str
    detail: tuple[str, ...] = ()


@frozen
class Found:
    """A registration or an account by its id, its dealer, and what its company and the lead's say of each other."""

    source: str
    dealer: str
    match: Match


@frozen
class RungReport:
    """What one rung said. `verdict` is `decided`, `conflict`, `nobody` or `not_reached`.

    `found`: what the company was found by, for each registration or account that it met.
    """

    rung: str
    verdict: str
    considered: tuple[Considered, ...]
    missed: tuple[Missed, ...]
    found: tuple[Found, ...] = ()


@frozen
class DealerView:
    """What one dealer may read of a lead: whether it holds it, and its own reasons.

    It says nothing that would differ if another dealer's claims, counts or weights did.
    """

    dealer: str
    lead: str
    holds: bool
    own: tuple[Considered, ...]

    def text(self, lang: str = "en") -> str:
        """The same in words, in a language there is a catalogue for (`ValueError` otherwise)."""
        return "\n".join(tell(lang, _told_to_dealer(self)))


@frozen
class Explanation:
    """The full why of one decision.

    `review` are the registrations that only a person can say are on this company, with what speaks for and against.
    """

    decision: Decision
    rungs: tuple[RungReport, ...]
    unreadable: tuple[str, ...]
    absent: tuple[str, ...]
    foreign: str  # the shipped taxonomy that the lead's sector is of, where that is not the plan's
    review: tuple[Found, ...]
    _course: Course = field(eq=False, repr=False, alias="course")

    def why_not(self, dealer: str) -> Counterfactual:
        """The first single change, of a fixed menu, under which `dealer` would have held the lead."""
        return why_not(self._course, dealer)

    def for_dealer(self, dealer: str) -> DealerView:
        """What this dealer may read: its own reasons only."""
        own = tuple(
            Considered(c.dealer, c.source, _own_reason(c.reason), (report.rung,))
            for report in self.rungs
            for c in report.considered
            if c.dealer == dealer
        )
        return DealerView(dealer, self.decision.lead, self.decision.holder == dealer, own)

    def text(self, lang: str = "en", *, keys: bool = False) -> str:
        """The same in words, in a language there is a catalogue for (`ValueError` otherwise).

        With `keys` it says by which number, domain or name a company was found. Those are the company's data: such a
        text is for whoever asked, and not for a log.
        """
        return "\n".join(tell(lang, _told(self, keys=keys)))


def explain(lead: Lead, plan: Plan, facts: Facts = NO_FACTS, *, at: datetime) -> Explanation:
    """Why `route(lead, plan, facts, at=at)` decides as it does."""
    course = consider(lead, plan, facts, at=at)
    reports = tuple(_report(one, course) for one in course.heard)
    absent = {name for report in reports for m in report.missed if m.reason == "unknown" for name in m.detail}
    named, _ = split(lead.sector or "")
    foreign = named if named in SHIPPED and named != plan.taxonomy.id else ""
    review = tuple(Found(one.claim.id, one.claim.dealer, one.match) for one in course.reviewed)
    bad = course.case.reading.unreadable
    return Explanation(course.decision, reports, bad, tuple(sorted(absent)), foreign, review, course=course)


def _report(one: Heard, course: Course) -> RungReport:
    before = course.decided is None or course.heard.index(one) <= course.heard.index(course.decided)
    verdict = "not_reached" if not before else "nobody"
    if one is course.decided:
        verdict = "conflict" if one.conflict else "decided"
    considered = tuple(_considered(candidate, one, course) for candidate in one.offered)
    found = tuple(_found(one, course.case))
    return RungReport(one.rung.name, verdict, considered, tuple(_missed(one, course.case)), found)


def _considered(candidate: Candidate, one: Heard, course: Course) -> Considered:
    reason, detail = _reason(candidate, one, course)
    return Considered(candidate.dealer, candidate.source, reason, detail)


def _reason(candidate: Candidate, one: Heard, course: Course) -> tuple[str, tuple[str, ...]]:
    """The first reason why this candidate does not hold the lead."""
    if candidate.dealer in one.barred:
        reason = one.barred[candidate.dealer]
        return reason, _measure(reason, candidate.dealer, course.case)
    if one is not course.decided:
        return "outranked", (course.decided.rung.name,) if course.decided else ()
    if one.exclusive:
        return "exclusive", tuple(sorted({c.source for c in one.offered if c.exclusive}))
    before = tuple(c for c in one.offered if c.dealer not in one.barred)
    for policy, kept in one.steps:
        if candidate not in kept.pool:
            if policy == "ranked" and kept.pool[0].rank == CHOICE:
                return "customers_choice", (kept.pool[0].source,)
            return _step(policy), _chosen(candidate, policy, before, kept.pool)
        before = kept.pool
    return ("conflict", one.left) if one.conflict else ("holds", ())


def _step(policy: str | Pick) -> str:
    return f"pick:{policy.name}" if isinstance(policy, Pick) else policy


def _chosen(
    loser: Candidate, policy: str | Pick, before: tuple[Candidate, ...], kept: tuple[Candidate, ...]
) -> tuple[str, ...]:
    """Who came before it: the narrower territories, the better sources, or the chosen dealers."""
    if policy == "specific":
        narrower = {c.source for c in before if c.region != loser.region and implies(c.region, loser.region)}
        return tuple(sorted(narrower))
    if policy in ("first", "priority", "ranked"):
        return tuple(sorted({c.source for c in kept}))
    return tuple(sorted({c.dealer for c in kept}))


def _measure(reason: str, name: str, case: Case) -> tuple[str, ...]:
    """The numbers behind a reason."""
    dealer, count = case.plan.by_id.get(name), case.facts.count(name)
    if dealer is not None and reason == "max_open":
        return f"{count.open}", f"{dealer.max_open}"
    if dealer is not None and reason == "max_per_30_days":
        return f"{count.in_30_days(case.at)}", f"{dealer.max_per_30_days}"
    return ()


def _found(one: Heard, case: Case) -> Iterator[Found]:
    """By which keys a registration or an account was found; a customer's choice is not found by any."""
    known: dict[str, Registration | Account] = {}
    if one.rung.kind == "registrations":
        known = {claim.id: claim for claim in case.facts.claims_on(case.keys)}
    elif one.rung.kind == "accounts":
        known = {account.id: account for account in case.plan.accounts_of(case.keys)}
    for source, dealer in sorted({(c.source, c.dealer) for c in one.offered if c.source in known}):
        yield Found(source, dealer, match(case.keys, known[source].keys))


def _missed(one: Heard, case: Case) -> Iterator[Missed]:
    if one.rung.kind == "registrations":
        yield from _missed_claims(case)
    for source in case.plan.sources[one.rung.name]:
        answer = case.asked.holds(source.condition)
        if answer is True and not source.in_force(case.at):
            yield Missed(source.id, tuple(source.dealers), *_dates(source))
        elif answer is None and source.in_force(case.at):
            yield Missed(source.id, tuple(source.dealers), *_unknown(source, case))


def _missed_claims(case: Case) -> Iterator[Missed]:
    for claim in case.facts.claims_on(case.keys):
        met = match(case.keys, claim.keys)
        if not met.routes:
            yield Missed(claim.id, (claim.dealer,), "doubtful" if met.review else "contradicting_number")
        elif claim.status != "approved":
            yield Missed(claim.id, (claim.dealer,), "claim_not_approved", (claim.status,))
        elif not claim.stands(case.at):
            over = claim.expires_at is not None and claim.expires_at <= case.at
            when = claim.expires_at if over else claim.decided_at or claim.submitted_at
            yield Missed(claim.id, (claim.dealer,), "claim_expired" if over else "claim_not_yet", _shown(when))
        elif not claim.covers(case.reading.facts.get("product")):
            yield Missed(claim.id, (claim.dealer,), "claim_other_product", claim.products)


def _shown(when: datetime | None) -> tuple[str, ...]:
    return (_minute(when),) if when else ()


def _dates(source: Source) -> tuple[str, tuple[str, ...]]:
    """Since when or until when it is in force."""
    start, end = source.valid_from, source.valid_until
    which = "between" if start and end else "from" if start else "until"
    return f"in_force_{which}", tuple(_minute(when) for when in (start, end) if when)


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _unknown(source: Source, case: Case) -> tuple[str, tuple[str, ...]]:
    """Why the source's condition is unknown: a custom that failed, fields that are absent, or too coarse."""
    case.asked.holds(source.condition)
    failed = {name for name, _ in case.asked.failed}
    asked = list(leaves(source.condition))
    customs = {part.custom.name for part in asked if isinstance(part, Opaque)}
    fields = {part.field for part in asked if isinstance(part, Leaf) and case.asked.holds(part) is None}
    absent = fields - case.reading.facts.keys()
    for reason, names in (("custom_failed", customs & failed), ("unknown", absent), ("too_coarse", fields)):
        if names:
            return reason, tuple(sorted(names))
    return "custom_unknown", tuple(sorted(customs))


_SAID_TO_DEALER = frozenset(
    {
        "holds",
        "inactive",
        "excluded",
        "declined",
        "past_holder",
        "max_open",
        "max_per_30_days",
        "share",
        "does_not_serve",
    }
)


def _own_reason(reason: str) -> str:
    """A dealer's own reason as it is; whatever depends on others is only that it was not chosen."""
    return reason if reason in _SAID_TO_DEALER else "not_chosen"


def _told(why: Explanation, *, keys: bool) -> Iterator[Telling]:
    """An explanation as a sequence of messages with their values."""
    decision = why.decision
    outcome = (
        "head.house" if decision.by == "house" else "head.conflict" if "conflict" in decision.flags else "head.held"
    )
    yield Telling(
        0,
        outcome,
        {"lead": decision.lead, "holder": decision.holder, "by": decision.by, "because": decision.because},
    )
    for flag in decision.flags:
        name, _, column = flag.partition(":")
        yield Telling(1, f"flag.{name}", {"field": column})
        if flag == "unreadable:sector" and why.foreign:
            yield Telling(2, "sector.foreign", {"field": why.foreign})
    for waiting in decision.retry:
        yield Telling(2, f"retry.{waiting.condition}", {"dealer": waiting.dealer, "at": waiting.at})
    for passed in decision.passed_over:
        yield Telling(1, "passed", {"dealer": passed.dealer, "rung": passed.by, "because": passed.because})
    for due in decision.owed:
        yield Telling(1, "owed", {"dealer": due.dealer, "because": due.because, "credit": f"{due.credit:f}"})
    for one in why.review:
        yield Telling(1, "review", {"source": one.source, "dealer": one.dealer})
        yield from _told_match(one.match, 2, keys=keys)
    for report in why.rungs:
        yield from _told_rung(report, keys=keys)
    if decision.by == "house":
        yield Telling(1, "rung.house", {"holder": decision.holder})


def _told_rung(report: RungReport, *, keys: bool) -> Iterator[Telling]:
    yield Telling(1, f"rung.{report.verdict}", {"rung": report.rung})
    found = {one.source: one.match for one in report.found}
    for c in report.considered:
        reason, _, name = c.reason.partition(":")
        rung = c.detail if reason == "outranked" else ()
        values = {"dealer": c.dealer, "source": c.source, "detail": c.detail, "name": name, "rung": rung}
        yield Telling(2, f"reason.{reason}", values)
        if c.source in found:
            yield from _told_match(found[c.source], 3, keys=keys)
    for m in report.missed:
        yield Telling(2, f"missed.{m.reason}", {"source": m.source, "dealers": m.dealers, "detail": m.detail})


def _told_match(met: Match, depth: int, *, keys: bool) -> Iterator[Telling]:
    """What a company was found by, key by key, and what speaks against it."""
    for key in met.agree:
        if key.kind == FORM:
            continue  # many companies have the same one: it only counts where it differs
        yield Telling(depth, "key.agrees", {"kinds": key.kind, "value": f": {_named(key)}" if keys else ""})
    for key in met.hinted:
        yield Telling(depth, "key.hinted", {"value": f": {_named(key)}" if keys else ""})
    for ours, theirs in met.contradict:
        value = f": {_named(ours)}, {_named(theirs)}" if keys else ""
        yield Telling(depth, "key.contradicts", {"kinds": ours.kind, "value": value})
    if met.likeness is not None:
        yield Telling(depth, "key.alike", {"likeness": met.likeness})


def _named(key: Key) -> str:
    """A key as people write it: with its country, if it has one."""
    return f"{key.scope} {key.value}" if key.scope else key.value


def _told_to_dealer(view: DealerView) -> Iterator[Telling]:
    yield Telling(0, "dealer.holds" if view.holds else "dealer.not", {"lead": view.lead, "dealer": view.dealer})
    if not view.own:
        yield Telling(1, "dealer.nothing", {"dealer": view.dealer})
    for c in view.own:
        reason = "also" if view.holds and c.reason == "not_chosen" else c.reason
        yield Telling(1, f"own.{reason}", {"source": c.source, "rung": c.detail})
