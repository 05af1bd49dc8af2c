"""`register`, `decide_registration`, `may_claim`: the life of a claim, kept.

May know: what a claim is held against, the core's life of claims. May not know: leads that come in, sweeps.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.deciding import standing_for
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, Work, once
from dealerrouting.desk.outcome import Outcome
from dealerrouting.desk.steps import Steps
from dealerrouting.documents.values import to_data
from dealerrouting.errors import NotFound, StoreUnavailable
from dealerrouting.identity import findable
from dealerrouting.model import Company, Registration
from dealerrouting.ports import Claimed, Counter, Known, Ref
from dealerrouting.registrations import OVER, Move, Refusal, next_due, step, submit
from dealerrouting.registrations import may_claim as may
from dealerrouting.rules import Plan

__all__ = ["decide_registration", "may_claim", "register", "settle", "tend"]

LOG = logging.getLogger("dealerrouting")
_ENDS = frozenset({"withdraw", "yield", "convert", "expire", "reject"})


def register(config: Config, claim: Registration, *, actor: str = "", key: str | None = None) -> Steps[Outcome]:
    """A dealer claims a prospect: decided by the rules, at the store's time. A refusal is an outcome, and nothing is
    kept of the claim.
    """
    content = {"claim": to_data(claim), "actor": actor}
    asked = Asked.of_new("register", Ref("claim", claim.id), content, key)

    def work(look: Look) -> Steps[Done]:
        if look.values[asked.about] is None and look.versions[asked.about]:  # it was there, and was erased
            return Outcome(asked.about, "erased"), Change(look.now)
        plan = yield from look.active()
        at = _at(look, None)
        standing = yield from standing_for(config, look, plan, claim, at)
        made = submit(claim, standing, plan.terms, at=at, actor=actor)
        change = Change(at)
        if isinstance(made, Refusal):
            return _refused(asked.about, made), change
        _put(config, look, change, made, plan)
        counter: Counter = look.values[Ref("claimant", claim.dealer)]
        change.claimants[claim.dealer] = evolve(counter, made=(*counter.claimed(at), at))
        return _outcome(made), change

    outcome, _ = yield from once(config, asked, work)
    return outcome


def decide_registration(config: Config, claim: str, move: Move, *, key: str | None = None) -> Steps[Outcome]:
    """A move in the life of a claim: `approve reject return complete extend act withdraw yield convert`, or what time
    does: `settle expire`. Claims that waited for its end are looked at again.
    """
    completed = to_data(move.completed) if move.completed else None
    content = {"do": move.do, "actor": move.actor, "evidence": dict(move.evidence), "completed": completed}
    asked = Asked(move.do, Ref("claim", claim), content, key)

    def work(look: Look) -> Steps[Done]:
        return (yield from _moved(config, look, claim, move))

    return (yield from _with_others(config, asked, work))


def tend(config: Config, claim: str) -> Steps[Outcome]:
    """What time does to a claim: its end, where that has come; else the rules are asked again if it waits."""

    def work(look: Look) -> Steps[Done]:
        known = _claim(look, claim)
        plan = yield from look.active()
        due = next_due(known, plan.terms)
        do = "expire" if due is not None and due <= _at(look, known) else "settle"
        if do == "settle" and known.status != "submitted":  # it is due at another time under these terms
            change = Change(_at(look, known))
            _put(config, look, change, known, plan)
            return _outcome(known), change
        return (yield from _moved(config, look, claim, Move(do)))

    return (yield from _with_others(config, Asked("tend", Ref("claim", claim), None), work))


def _moved(config: Config, look: Look, claim: str, move: Move) -> Steps[Done]:
    """One move, collected; a refusal changes nothing."""
    known = _claim(look, claim)
    plan = yield from look.active()
    at = _at(look, known)
    standing = yield from standing_for(config, look, plan, move.completed or known, at)
    made = step(known, move, standing, plan.terms, at=at)
    change = Change(at)
    if isinstance(made, Refusal):
        return _refused(Ref("claim", claim), made), change
    if made != known or move.do == "settle":  # looked at, it is to be looked at again tomorrow
        _put(config, look, change, made, plan)
    if move.do in _ENDS:
        change.settle |= {one.id for one in standing.claims if one.id != claim and one.status == "submitted"}
    return _outcome(made), change


def _with_others(config: Config, asked: Asked, work: Work) -> Steps[Outcome]:
    """The move; then the claims that waited for it, by id: what stood in their way may have ended."""
    outcome, change = yield from once(config, asked, work)
    yield from settle(config, change)
    return outcome


def settle(config: Config, change: Change) -> Steps[None]:
    """After a commit: claims that waited are looked at again. Should the store fail, a sweep does so within a day."""
    for name in sorted(change.settle):
        try:
            yield from decide_registration(config, name, Move("settle"))
        except NotFound:
            continue  # erased meanwhile
        except StoreUnavailable as error:
            LOG.warning("claims that wait could not be settled: %s", error.reason)
            return


def may_claim(config: Config, company: Company, *, dealer: str, products: Iterable[str] = ()) -> Steps[Outcome]:
    """Whether a dealer may claim a company: `free`, `taken` or `ask`; or `refused` where it has asked too often today.

    Every question counts.
    """
    wanted = tuple(products)

    def work(look: Look) -> Steps[Done]:
        plan = yield from look.active()
        at = _at(look, None)
        draft = Registration("draft", dealer, company, submitted_at=at, products=wanted)
        standing = yield from standing_for(config, look, plan, draft, at)
        counter: Counter = look.values[Ref("claimant", dealer)]
        told = may(company, standing, plan.terms, dealer=dealer, at=at, asked=counter.asked, products=wanted)
        change = Change(at)
        if isinstance(told, Refusal):
            return _refused(Ref("claimant", dealer), told), change
        change.claimants[dealer] = evolve(counter, asked=told.asked)
        return Outcome(Ref("claimant", dealer), told.word), change

    outcome, _ = yield from once(config, Asked("may_claim", Ref("claimant", dealer), None), work)
    return outcome


# All of them alike


def _claim(look: Look, ident: str) -> Registration:
    found: Claimed | None = look.values[Ref("claim", ident)]
    if found is None:
        raise NotFound(f"there is no registration {ident!r}")
    return found.claim


def _at(look: Look, claim: Registration | None) -> datetime:
    """The instant of what is done now: time does not run back for a claim."""
    steps = [step.at for step in claim.history] if claim else []
    return max([look.now, *steps])


def _put(config: Config, look: Look, change: Change, claim: Registration, plan: Plan) -> None:
    """The claim as it is now, when a sweep is to look at it, and by what it is found."""
    over = claim.history[-1].at if claim.status in OVER and claim.history else None
    due = next_due(claim, plan.terms)
    if claim.status == "submitted" and due is not None:
        due = min(due, change.at + config.retry_every)
    change.claims.append(Claimed(claim, due, over))
    keys = look.seal.keys({*findable(claim.keys), *claim.identity.hints})
    ref = Ref("claim", claim.id)
    change.known[ref] = Known(ref, tuple(map(str, keys)))


def _outcome(claim: Registration) -> Outcome:
    rule = claim.history[-1].rule if claim.history else None
    return Outcome(Ref("claim", claim.id), claim.status, claim.dealer, rule=rule)


def _refused(about: Ref, refusal: Refusal) -> Outcome:
    return Outcome(about, "refused", reasons=refusal.reasons)
