"""`route`: who gets the lead. This page is the meaning; everything faster is held against it.

May know: plans, leads, facts. May not know: a clock, chance, files, or what happens next.

1. The rungs of the precedence are asked in order. A rung offers candidates: a dealer and the
   source that offers it (a registration, an account, a rule, a territory, the dealer itself). A
   source offers only where its condition is true, not where it is unknown.
2. Candidates that cannot have the lead are barred, each for its first reason.
3. The rung's pick chain narrows those that are left.
4. One dealer left: it holds the lead. None: the next rung. Several: the house, in `conflict`.
5. After the last rung: the house, and why.

    claims ──▶ accounts ──▶ incumbent ──▶ rules ──▶ territories ──▶ nearest ──▶ the house
      └ offered ─ barred ─ picked: one dealer? ┘ no: next

Source of the shape: decision tables' hit policies (OMG, Decision Model and Notation 1.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import frozen

from dealerrouting.calendar import instant
from dealerrouting.model import Dealer, Decision, Facts, Lead
from dealerrouting.rules.aftermath import changes, owed, passed_over, retry
from dealerrouting.rules.binding import Asked
from dealerrouting.rules.case import Case, Heard, Reviewed
from dealerrouting.rules.offers import barred, offers, reviews
from dealerrouting.rules.picks import Draw, Kept, Pick, keep
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.rungs import Rung

__all__ = ["NO_FACTS", "Course", "consider", "route"]

NO_FACTS = Facts()


def route(lead: Lead, plan: Plan, facts: Facts = NO_FACTS, *, at: datetime) -> Decision:
    """The one holder of `lead` under `plan`, given `facts`, at the instant `at`, and why.

    The same arguments give the same decision, everywhere and always. `at` is an aware datetime
    (`TypeError` otherwise). Nothing about the lead or the facts raises.
    """
    return consider(lead, plan, facts, at=at).decision


@frozen
class Course:
    """The whole way of one lead: what every rung said, and the decision."""

    case: Case
    heard: tuple[Heard, ...]
    decided: Heard | None
    decision: Decision
    reviewed: tuple[Reviewed, ...] = ()


def consider(lead: Lead, plan: Plan, facts: Facts = NO_FACTS, *, at: datetime) -> Course:
    """The decision and everything that led to it."""
    at = instant(at)
    reading = plan.lens.read(lead, at)
    case = Case(lead, plan, facts, at, *plan.recognised(lead.identity), reading, Asked(reading.facts))
    heard: list[Heard] = []
    decided: Heard | None = None
    for rung in plan.precedence:
        one = _hear(rung, case, reached=decided is None)
        heard.append(one)
        decided = decided or (one if one.pool else None)
    doubtful = tuple(_doubtful(case, heard, decided))
    return Course(case, tuple(heard), decided, _decide(case, tuple(heard), decided, doubtful), doubtful)


def _doubtful(case: Case, heard: Iterable[Heard], decided: Heard | None) -> Iterator[Reviewed]:
    """The claims that a person should look at: none where a claim decided, or where the claimant has the lead
    anyway.
    """
    claims = next((one for one in heard if one.rung.kind == "registrations"), None)
    if claims is None or claims is decided:
        return iter(())
    holder = _holder(case, decided)
    return (one for one in reviews(case) if one.claim.dealer != holder)


def _holder(case: Case, decided: Heard | None) -> str:
    return case.plan.house if decided is None or decided.conflict else decided.left[0]


def _hear(rung: Rung, case: Case, *, reached: bool) -> Heard:
    """What one rung says; below the one that decided nobody is picked, only offered."""
    known = len(case.opaque)
    offered = tuple(offers(rung, case))
    reasons = {c.dealer: barred(c.dealer, rung, case) for c in offered}
    out = {dealer: reason for dealer, reason in sorted(reasons.items()) if reason}
    pool = tuple(c for c in offered if c.dealer not in out)
    exclusive = bool(pool) and any(c.exclusive for c in offered) and len({c.source for c in offered}) > 1
    steps: list[tuple[str | Pick, Kept]] = []
    if reached and pool and not exclusive:
        draw = Draw(case.lead, case.facts, case.plan.by_id, case.metres, rung.name, rung.gives)
        for policy in rung.pick:
            kept = keep(policy, pool, draw)
            steps.append((policy, kept))
            pool = kept.pool
    opaque = len(case.opaque) > known or any(kept.raised for _, kept in steps)
    return Heard(rung, offered, out, tuple(steps), exclusive, reached and opaque)


def _decide(case: Case, heard: tuple[Heard, ...], decided: Heard | None, doubtful: tuple[Reviewed, ...]) -> Decision:
    holder = _holder(case, decided)
    dealer = case.plan.by_id[holder]
    flags = {f"unreadable:{name}" for name in case.reading.unreadable}
    flags |= set(_flags(case, heard, decided, dealer))
    if any(one.opaque for one in heard):
        flags.add("opaque_error")
    if doubtful:
        flags.add("review_match")
    return Decision(
        lead=case.lead.id,
        at=case.at,
        outcome="house" if dealer.kind == "house" else "assigned",
        holder=holder,
        by=decided.rung.name if decided else "house",
        because=_because(decided),
        flags=tuple(sorted(flags)),
        changes=changes(case, decided, dealer),
        retry=retry(case, heard) if "no_dealer_available" in flags else (),
        passed_over=tuple(passed_over(case, heard, decided, holder)),
        owed=tuple(owed(case, heard, decided, holder)),
        review=tuple(one.claim.id for one in doubtful),
        plan=case.plan.digest,
    )


def _because(decided: Heard | None) -> tuple[str, ...]:
    if decided is None:
        return ()
    named = decided.offered if decided.exclusive else decided.pool
    return tuple(sorted({candidate.source for candidate in named}))


def _flags(case: Case, heard: tuple[Heard, ...], decided: Heard | None, holder: Dealer) -> Iterator[str]:
    if decided is None:
        yield _nobody(case, heard)
    elif decided.conflict:
        yield "conflict"
    elif holder.kind == "house":
        yield "by_plan"
    if _claimant_unavailable(heard):
        yield "claimant_unavailable"
        if holder.kind == "house":
            yield "review"


def _nobody(case: Case, heard: Iterable[Heard]) -> str:
    """Why no rung had a dealer."""
    if not any(one.barred for one in heard):
        return "nobody_serves"
    given = any(one.barred for one in heard if one.rung.gives)
    return "hops_exhausted" if given and case.exhausted else "no_dealer_available"


def _claimant_unavailable(heard: Iterable[Heard]) -> bool:
    """Whether the claim that stands first is of a dealer that cannot act."""
    for one in heard:
        if one.rung.kind == "registrations" and one.offered:
            return min(one.offered, key=lambda candidate: candidate.rank).dealer in one.barred
    return False
