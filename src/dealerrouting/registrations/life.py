"""`submit` and `step`: a claim and what is done with it, to the claim as it is after, or to the reasons why not.

May know: the table, the rules, what may be wrong. May not know: a clock, where claims are kept, what a lead is.
Nothing here raises for what a dealer says: a step is made whole, or refused with everything that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from attrs import evolve

from dealerrouting.model import Owed, Registration, Transition
from dealerrouting.registrations import faults
from dealerrouting.registrations.conflicts import Prospect, objections, overlap
from dealerrouting.registrations.now import Move, Now, Refusal
from dealerrouting.registrations.standing import Standing
from dealerrouting.terms import ClaimTerms, Terms

__all__ = ["next_due", "owed", "step", "submit"]


def submit(
    claim: Registration,
    standing: Standing | Iterable[Registration],
    terms: Terms | ClaimTerms,
    *,
    at: datetime,
    actor: str = "",
) -> Registration | Refusal:
    """A new claim as it stands at the server's instant `at`, or everything that is wrong with it.

    The claim comes as `submitted` and without dates: the server's time is its time, whatever `submitted_at` says (in
    the future it is refused). A claim that was taken in before, with the same content, is given back as it is.
    """
    now = Now.of(standing, terms, at)
    known = now.standing.claims.get(claim.id)
    if known is not None and _same(known, claim):
        return known
    reasons = tuple(faults.wrong_with(claim, now))
    if reasons:
        return Refusal(claim.id, "submit", now.at, reasons)
    return _settle(evolve(claim, submitted_at=now.at), Move("submit", actor or claim.dealer, claim.evidence), now)


def step(
    claim: Registration,
    move: Move,
    standing: Standing | Iterable[Registration],
    terms: Terms | ClaimTerms,
    *,
    at: datetime,
) -> Registration | Refusal:
    """The claim after a move, with the move in its history; or why the move is not made.

    `TypeError` where `at` is no aware datetime, `ValueError` for a move that the table does not have or that is
    `submit`.
    """
    if move.do not in _STEPS:
        raise ValueError(f"a move is one of {', '.join(_STEPS)}, not {move.do!r}")
    now = Now.of(standing, terms, at)
    reasons = faults.in_the_way(claim, move, now)
    return Refusal(claim.id, move.do, now.at, reasons) if reasons else _STEPS[move.do](claim, move, now)


def next_due(claim: Registration, terms: Terms | ClaimTerms) -> datetime | None:
    """The instant from which the claim can `expire`; None where time does nothing to it."""
    return faults.next_due(claim, ClaimTerms.of(terms))


def owed(claim: Registration, terms: Terms | ClaimTerms) -> Owed | None:
    """What the claimant is owed, where its claim gave way to the customer's choice."""
    if not claim.history or claim.history[-1].rule != "customers_choice":
        return None
    return Owed(claim.dealer, (claim.id,), "customers_choice", ClaimTerms.of(terms).credit)


def _same(a: Registration, b: Registration) -> bool:
    return (a.dealer, a.company, a.products, a.email, a.source) == (b.dealer, b.company, b.products, b.email, b.source)


def _noted(claim: Registration, move: Move, status: str, rule: str, now: Now) -> Registration:
    """The claim with one more step in its history."""
    taken = Transition(move.do, status, now.at, move.actor, rule, move.evidence)
    return evolve(claim, status=status, history=(*claim.history, taken))


def _settle(claim: Registration, move: Move, now: Now) -> Registration:
    """What the rules make of a submitted claim by themselves."""
    against = objections(claim, now)
    rule = against[0].rule if against else "unopposed"
    if against and against[0].does == "rejects":
        return evolve(_noted(claim, move, "rejected", rule, now), decided_at=now.at)
    if now.terms.auto_approve and not against:
        return _protected(claim, move, "other_product" if _beside(claim, now) else rule, now)
    if move.do == "settle" and claim.history and claim.history[-1].rule == rule:
        return claim  # as before: a sweep every night is no news
    return _noted(claim, move, "submitted", rule, now)


def _beside(claim: Registration, now: Now) -> bool:
    """Whether another claim stands on the prospect, for other products."""
    prospect = Prospect.of(claim, now.terms)
    others = (o for o in now.standing.claims.find(prospect.search) if o.id != claim.id and o.stands(now.at))
    return any(not overlap(claim, other) and prospect.meets(other.keys, now.terms).routes for other in others)


def _protected(claim: Registration, move: Move, rule: str, now: Now) -> Registration:
    until = now.terms.protects.after(now.at)
    approved = _noted(claim, move, "approved", rule, now)
    return evolve(approved, decided_at=now.at, protected_until=until, expires_at=_end(until, now))


def _end(until: datetime, now: Now) -> datetime:
    """When a claim that is active now ends: with its protection, or sooner for want of activity."""
    within = now.terms.activity_within
    return until if within is None else min(until, within.after(now.at))


def _approve(claim: Registration, move: Move, now: Now) -> Registration:
    """By the rule that asked a person, if one did."""
    asked = objections(claim, now)
    rule = asked[0].rule if asked else "other_product" if _beside(claim, now) else "by_hand"
    return _protected(claim, move, rule, now)


def _reject(claim: Registration, move: Move, now: Now) -> Registration:
    return evolve(_noted(claim, move, "rejected", "by_hand", now), decided_at=now.at)


def _complete(claim: Registration, move: Move, now: Now) -> Registration:
    """As if it were submitted now: what was not valid could not be first."""
    new = move.completed or claim
    return _settle(
        evolve(
            new,
            source=claim.source,
            status="submitted",
            submitted_at=now.at,
            decided_at=None,
            expires_at=None,
            protected_until=None,
            history=claim.history,
        ),
        move,
        now,
    )


def _extend(claim: Registration, move: Move, now: Now) -> Registration:
    """The protection goes on from its end; whoever extends is active."""
    until = now.terms.extends.after(claim.protected_until or claim.expires_at or now.at)
    longer = _noted(claim, move, "approved", "evidence", now)
    return evolve(longer, protected_until=until, expires_at=max(claim.expires_at or now.at, _end(until, now)))


def _act(claim: Registration, move: Move, now: Now) -> Registration:
    """Activity moves the end on, never back, and never past the protection."""
    noted, until = _noted(claim, move, "approved", "active", now), claim.protected_until or claim.expires_at
    if until is None or claim.expires_at is None:
        return noted
    return evolve(noted, protected_until=until, expires_at=max(claim.expires_at, _end(until, now)))


def _expire(claim: Registration, move: Move, now: Now) -> Registration:
    late = {"submitted": "not_decided", "returned": "not_completed"}.get(claim.status)
    if late:
        return _noted(claim, move, "expired", late, now)
    early = claim.expires_at and claim.protected_until and claim.expires_at < claim.protected_until
    return _noted(claim, move, "expired", "no_activity" if early else "protection_over", now)


def _to(status: str, rule: str) -> Callable[[Registration, Move, Now], Registration]:
    """A step that changes the status and nothing else."""
    return lambda claim, move, now: _noted(claim, move, status, rule, now)


_STEPS: Mapping[str, Callable[[Registration, Move, Now], Registration]] = {
    "settle": _settle,
    "approve": _approve,
    "reject": _reject,
    "return": _to("returned", "data_missing"),
    "complete": _complete,
    "extend": _extend,
    "act": _act,
    "withdraw": _to("withdrawn", "given_up"),
    "yield": _to("withdrawn", "customers_choice"),
    "convert": _to("converted", "sold"),
    "expire": _expire,
}
