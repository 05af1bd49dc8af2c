"""What may be wrong with a new claim, or with a move: all of it at once.

May know: the table, terms, what stands. May not know: what a step does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from attrs import fields_dict

from dealerrouting.identity import STRENGTHS, keys
from dealerrouting.model import Company, Registration
from dealerrouting.model.definition import Definition
from dealerrouting.registrations.conflicts import Prospect, is_active, is_over, objections, overlap
from dealerrouting.registrations.now import Move, Now, Reason
from dealerrouting.registrations.table import MOVES
from dealerrouting.terms import ClaimTerms

__all__ = ["in_the_way", "last", "next_due", "wrong_with"]


def last(claim: Registration) -> datetime:
    """The instant of the last step, as far as it is known."""
    return max(claim.submitted_at, claim.decided_at or claim.submitted_at, *(step.at for step in claim.history))


def next_due(claim: Registration, terms: ClaimTerms) -> datetime | None:
    """The instant from which the claim can `expire`; None where time does nothing to it."""
    if claim.status == "approved":
        return claim.expires_at
    if claim.status == "submitted":
        return terms.decide_within.after(claim.submitted_at)
    return terms.complete_within.after(last(claim)) if claim.status == "returned" else None


# A new claim


def wrong_with(claim: Registration, now: Now) -> Iterator[Reason]:
    """Everything that is wrong with a new claim."""
    if claim.id in now.standing.claims:
        yield Reason("repeated_id", "id", "give each claim an id of its own")
    yield from _dates(claim, now.at)
    most = now.terms.per_dealer_per_30_days
    if now.standing.made_by(claim.dealer, now.at) >= most:
        yield Reason("quota", "dealer", f"at most {most:,} in thirty days")
    yield from _claimed(claim, now)


def _claimed(claim: Registration, now: Now) -> Iterator[Reason]:
    """What is wrong with whom is claimed by whom, when a claim is made and when it is completed."""
    yield from _dealer(claim, now)
    yield from _content(claim, now.terms)
    prospect = Prospect.of(claim, now.terms)
    if any(_own(claim, other, prospect, now) for other in now.standing.claims.find(prospect.search)):
        yield Reason("already_yours", "company", "extend the claim that you have")
    share = now.terms.max_share_of_territory
    if share is not None and any(market.too_much(share) for market in now.standing.markets):
        yield Reason("share_of_market", "company", f"at most {share:f} of the known prospects of a territory")


def _dealer(claim: Registration, now: Now) -> Iterator[Reason]:
    if now.standing.dealers is None:
        return
    dealer = now.standing.dealers.get(claim.dealer)
    if dealer is None or dealer.kind != "dealer":
        yield Reason("unknown_dealer", "dealer", "claims are made by dealers of the plan")
    elif not is_active(claim.dealer, now):
        yield Reason("inactive_dealer", "dealer", "claim once it is active")


def _dates(claim: Registration, at: datetime) -> Iterator[Reason]:
    if claim.submitted_at > at:
        yield Reason("future", "submitted_at", "leave it to the server")
    given = {name for name in ("decided_at", "expires_at", "protected_until") if getattr(claim, name) is not None}
    given |= {"status"} if claim.status != "submitted" else set()
    given |= {"history"} if claim.history else set()
    for name in sorted(given):
        yield Reason("server_time", name, "leave it out: a new claim has none")


def _content(claim: Registration, terms: ClaimTerms) -> Iterator[Reason]:
    """What the claim says of its prospect, and shows."""
    yield from _unreadable(claim)
    yield from _numbers(claim)
    if not any(key.kind in STRENGTHS for key in Prospect.of(claim, terms).known.keys):
        cure = "give a number or VAT number with its country, a LEI, a domain of its own, or name and whole postcode"
        yield Reason("no_key", "company", cure)
    for name in terms.needs_evidence:
        if name not in claim.evidence:
            yield Reason("evidence_missing", f"evidence.{name}", "give the id of the note or document that shows it")


_IN_CELLS = frozenset(";\r\n\t")


def _unreadable(claim: Registration) -> Iterator[Reason]:
    """What could not be read, and what no table of claims could hold."""
    company = claim.company
    said = {name: getattr(company, name) or "" for name in fields_dict(Company) if name != "unreadable"}
    unclean = {name for name, text in said.items() if not text.isprintable()}
    for name in sorted({*company.unreadable, *unclean}):
        yield Reason("unreadable", f"company.{name}", "mend it, or leave it out")
    if not (claim.email or "").isprintable():
        yield Reason("unreadable", "email", "mend it, or leave it out")
    if any(_IN_CELLS & set(product) for product in claim.products):
        yield Reason("unreadable", "products", "a product holds no `;` and no line break")


def _numbers(claim: Registration) -> Iterator[Reason]:
    """Each number has to be one, and all of one company."""
    company = claim.company
    for name in ("number", "vat", "lei"):
        said = getattr(company, name)
        if said is not None and not keys(country=company.country, **{name: said}):
            yield Reason("bad_number", f"company.{name}", "mend it, and name its country; or leave it out")
    registers = [(key.kind, key.scope) for key in claim.keys if key.kind in ("number", "lei", "vat")]
    if len(registers) > len(set(registers)):
        yield Reason("two_companies", "company", "give the numbers of one company")


def _own(claim: Registration, other: Registration, prospect: Prospect, now: Now) -> bool:
    """Whether the dealer has a claim on the same prospect that is still open."""
    mine = other.dealer == claim.dealer and other.id != claim.id and overlap(claim, other)
    return mine and not is_over(other, now.at) and prospect.meets(other.keys, now.terms).routes


# A move


def in_the_way(claim: Registration, move: Move, now: Now) -> tuple[Reason, ...]:
    """Why a move is not made: the table, time, want of evidence; and only then what the move itself asks for."""
    reasons = tuple(_forbidden(claim, move, now))
    check = _CHECKS.get(move.do)
    return reasons if reasons or check is None else tuple(check(claim, move, now))


def _forbidden(claim: Registration, move: Move, now: Now) -> Iterator[Reason]:
    row = MOVES[move.do]
    if claim.status not in row.statuses:
        yield Reason("not_allowed", "status", f"`{move.do}` is for {', '.join(map(str, row.statuses))}")
    elif claim.status == "approved" and row.do != "expire" and is_over(claim, now.at):
        yield Reason("protection_over", "expires_at", "let it expire, and claim again")
    if now.at < last(claim):
        yield Reason("back_dated", "at", "time does not run back")
    due = next_due(claim, now.terms)
    if claim.status == "returned" and row.do == "complete" and due is not None and now.at >= due:
        yield Reason("too_late", "history", "let it expire, and claim again")
    yield from _unclean(move)
    if row.who == "person" and not move.actor:
        yield Reason("nobody", "actor", "name who decides")
    if row.evidence and not move.evidence:
        yield Reason("evidence_missing", "evidence", "give the id of the note or document that shows it")


def _unclean(move: Move) -> Iterator[Reason]:
    """Ids that no table could hold."""
    read = Definition("move", move.do)
    if move.actor:
        read.ident("actor", move.actor)
    read.evidence("evidence", move.evidence)
    for fault in read.faults:
        yield Reason("unreadable", str(fault.path[-1]), fault.cure)


def _opposed(claim: Registration, move: Move, now: Now) -> Iterator[Reason]:
    """The rules that no person outweighs."""
    for against in objections(claim, now):
        if against.does != "asks":
            yield Reason(against.rule, "company", "it may be decided once that has ended", against.because)


def _not_extended(claim: Registration, move: Move, now: Now) -> Iterator[Reason]:
    if claim.expires_at is None:
        yield Reason("no_end", "expires_at", "it stands as it is")
    if sum(step.do == "extend" for step in claim.history) >= now.terms.extensions:
        yield Reason("no_extension_left", "history", f"at most {now.terms.extensions} a claim")


def _not_complete(claim: Registration, move: Move, now: Now) -> Iterator[Reason]:
    new = move.completed or claim
    if (new.id, new.dealer) != (claim.id, claim.dealer):
        yield Reason("repeated_id", "id", "complete the claim that was returned")
    yield from _claimed(new, now)


def _not_over(claim: Registration, move: Move, now: Now) -> Iterator[Reason]:
    due = next_due(claim, now.terms)
    if due is None or now.at < due:
        yield Reason("not_yet", "expires_at", "wait for its end")


_CHECKS: Mapping[str, Callable[[Registration, Move, Now], Iterator[Reason]]] = {
    "approve": _opposed,
    "extend": _not_extended,
    "complete": _not_complete,
    "expire": _not_over,
}
