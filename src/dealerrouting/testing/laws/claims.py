"""The laws of claims: what a dealer registers is its own, in an order that everybody can check.

May know: claims, the core. May not know: stores, pytest.
Companies are compared key by key here, without the index and without `match`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from dealerrouting.identity import Key
from dealerrouting.model import Account, Registration
from dealerrouting.registrations import MOVES, RULES, Refusal
from dealerrouting.rules import Plan
from dealerrouting.terms import ClaimTerms
from dealerrouting.testing.laws.law import Law, Subject, insist, listed
from dealerrouting.testing.laws.stories import Deed, Story, lived, stories, told_story

__all__ = [
    "CLAIMS",
    "accounts_stay",
    "claims_are_told",
    "claims_end",
    "first_goes_first",
    "lists_wait",
    "meet",
    "one_stands",
    "quota_holds",
    "same",
    "seen",
]

_STRONGEST_FIRST = ("number", "lei", "vat", "domain", "form", "name")
_MAY_DIFFER = ("domain", "name")


def same(mine: Iterable[Key], theirs: Iterable[Key]) -> bool:
    """Whether two sets of keys are one company: the first kind that speaks decides."""
    ours, others = set(mine), set(theirs)
    for kind in _STRONGEST_FIRST:
        for scope in {key.scope for key in ours | others}:
            a, b = ({key for key in side if (key.kind, key.scope) == (kind, scope)} for side in (ours, others))
            if kind not in _MAY_DIFFER and a and b and not a & b:
                return False
        if kind != "form" and {key for key in ours & others if key.kind == kind}:
            return True
    return False


def seen(claim: Registration, terms: ClaimTerms) -> set[Key]:
    """The keys of a claim that the terms let count."""
    without = {*terms.shared_domains, *terms.mailbox_domains}
    return {key for key in claim.keys if key.kind != "domain" or key.value not in without}


def meet(a: Registration, b: Registration, terms: ClaimTerms) -> bool:
    """Whether two claims are on one prospect and a product in common."""
    products = not a.products or not b.products or set(a.products) & set(b.products)
    return bool(products) and same(seen(a, terms), seen(b, terms))


def one_stands(story: Story, terms: ClaimTerms) -> None:
    """Of the claims that meet, one stands at a time; ever, also at instants that nobody asked about."""
    kept: dict[str, Registration] = {}
    for after in _taken(story):
        kept[after.id] = after
        standing = [claim for claim in kept.values() if claim.status == "approved"]
        for one in standing:
            others = [two for two in standing if two.id > one.id and meet(one, two, terms)]
            both = [two.id for two in others if _together(one, two)]
            insist(not both, f"{one.id} stands, and so does {listed(both)} on the same prospect")


def _taken(story: Story) -> Iterator[Registration]:
    return (after for _, _, _, after in story.steps if isinstance(after, Registration))


def _together(one: Any, two: Any) -> bool:
    return bool(one.decided_at < two.expires_at and two.decided_at < one.expires_at)


def first_goes_first(story: Story, terms: ClaimTerms) -> None:
    """Nobody is approved while an older claim that meets it waits for its decision."""
    kept: dict[str, Registration] = {}
    for _, _, before, after in story.steps:
        if isinstance(after, Registration):
            if _now_approved(before, after):
                mine = (after.submitted_at, after.id)
                waiting = [c for c in kept.values() if c.status == "submitted" and (c.submitted_at, c.id) < mine]
                first = [c.id for c in waiting if c.id != after.id and meet(c, after, terms)]
                insist(not first, f"{after.id} is approved, and {listed(first)} was there first")
            kept[after.id] = after


def _now_approved(before: Registration | None, after: Registration) -> bool:
    return after.status == "approved" and (before is None or before.status != "approved")


def claims_are_told(story: Story, terms: ClaimTerms) -> None:
    """Every step is one of the table, names its rule, and comes after the one before; nothing is taken back."""
    for deed, at, before, after in story.steps:
        if isinstance(after, Refusal):
            insist(after.reasons, f"{deed.claim.id} is refused without a reason")
            unknown = [reason.rule for reason in after.reasons if reason.rule not in RULES]
            insist(not unknown, f"refused by rules that nobody knows: {listed(unknown)}")
        elif before is None or before != after:  # else submitted again, or settled as it was
            _one_step_more(deed, at, before, after)


def _one_step_more(deed: Deed, at: Any, before: Registration | None, after: Registration) -> None:
    old, new = (before.history if before else ()), after.history
    insist(len(new) == len(old) + 1 and new[:-1] == old, f"the history of {after.id} is not one step longer")
    row, taken = MOVES[deed.do], new[-1]
    told, so = (taken.do, taken.status, taken.at), (deed.do, after.status, at)
    insist(told == so, f"{after.id} is told as {told}, and it was {so}")
    insist(RULES[taken.rule].does != "refuses", f"{after.id} was moved by {taken.rule}, which refuses")
    insist(taken.actor or row.who == "time", f"{after.id}: nobody did it")
    insist(after.status in row.to, f"{deed.do} does not lead to {after.status}")
    insist((before.status if before else None) in row.statuses, f"{deed.do} is not for this status")
    insist(not row.evidence or taken.evidence, f"{deed.do} needs evidence")
    insist(all(a.at <= b.at for a, b in pairwise(new)), f"the history of {after.id} goes back in time")


def claims_end(story: Story, terms: ClaimTerms) -> None:
    """A claim has the server's time, protects from its approval until its end, and is extended as often as agreed."""
    for deed, at, before, after in story.steps:
        if isinstance(after, Refusal):
            continue
        if before is None or deed.do == "complete":
            insist(after.submitted_at == at, f"{after.id} was not submitted when it came")
        elif after != before:
            insist(after.submitted_at == before.submitted_at, f"{after.id} is submitted at another time")
        if after.status == "approved":
            _protects(before, after, terms)
        if deed.do == "expire" and before is not None and before.status == "approved":
            insist(before.expires_at is not None and at >= before.expires_at, f"{after.id} has expired before its end")
        extended = sum(step.do == "extend" for step in after.history)
        insist(extended <= terms.extensions, f"{after.id} is extended {extended} times")


def _protects(before: Registration | None, after: Any, terms: ClaimTerms) -> None:
    until = terms.protects.after(after.decided_at)
    for _ in range(sum(step.do == "extend" for step in after.history)):
        until = terms.extends.after(until)
    insist(after.protected_until == until, f"{after.id} protects until {after.protected_until}, and not {until}")
    insist(after.decided_at < after.expires_at <= until, f"{after.id} ends at {after.expires_at}")
    insist(not after.stands(after.expires_at), f"{after.id} stands at its end")
    was: Any = before
    shorter = was is not None and was.status == "approved" and after.expires_at < was.expires_at
    insist(not shorter, f"{after.id} ends sooner than it did")


def quota_holds(story: Story, terms: ClaimTerms) -> None:
    """No dealer has made more claims in any thirty days than the terms allow; completing one makes no other."""
    made: dict[str, list[Any]] = {}
    for deed, _, before, after in story.steps:
        if deed.do == "submit" and before is None and isinstance(after, Registration):
            made.setdefault(after.dealer, []).append(after.submitted_at)
    for dealer, ats in made.items():
        most = max(sum(0 <= (at - other).days < 30 for other in ats) for at in ats)
        insist(most <= terms.per_dealer_per_30_days, f"{dealer} has made {most} claims in thirty days")


def lists_wait(story: Story, terms: ClaimTerms) -> None:
    """What came in a list is never approved by rule, nor anything without a name where a person has to decide."""
    for after in _taken(story):
        by_rule = [s for s in after.history if s.status == "approved" and s.do in ("submit", "settle")]
        insist(not by_rule or after.source != "list", f"{after.id} came in a list, and no person has approved it")
        unnamed = [step.do for step in after.history if MOVES[step.do].who == "person" and not step.actor]
        insist(not unnamed, f"{after.id}: nobody's name is under {listed(unnamed)}")


def accounts_stay(story: Story, terms: ClaimTerms, accounts: Iterable[Account]) -> None:
    """Nobody is approved on an account of somebody else."""
    known = tuple(accounts)
    for _, _, before, after in story.steps:
        if isinstance(after, Registration) and _now_approved(before, after):
            mine = seen(after, terms)
            theirs = [one.id for one in known if one.holder != after.dealer and same(mine, one.keys)]
            insist(not theirs, f"{after.id} is approved on the account {listed(theirs)} of somebody else")


Judge = Callable[[Story, ClaimTerms], None]


def _law(number: int, name: str, text: str, judge: Judge) -> Law:
    def holds(on: Subject, deeds: Sequence[Deed]) -> None:
        judge(_story(on, deeds), on.plan.terms.claims)

    return Law(number, name, text, "claims", stories, holds, told_story, _no_claims)


def _story(on: Subject, deeds: Sequence[Deed]) -> Story:
    return lived(deeds, on.plan.terms.claims, on.plan.by_id, on.plan.accounts)


def _accounts(on: Subject, deeds: Sequence[Deed]) -> None:
    accounts_stay(_story(on, deeds), on.plan.terms.claims, on.plan.accounts)


def _no_claims(plan: Plan) -> str:
    return "" if plan.rung("registrations") else "the plan asks for no registrations"


def _no_accounts(plan: Plan) -> str:
    return _no_claims(plan) or ("" if plan.accounts else "the plan has no accounts")


CLAIMS = (
    _law(3, "lists_wait", "A claim that came in a list is approved by a person, never by rule.", lists_wait),
    _law(4, "quota_holds", "No dealer makes more claims in thirty days than the terms allow.", quota_holds),
    _law(11, "claims_end", "A claim stands from its approval to its end, and is extended as often as agreed.",
         claims_end),
    _law(22, "claims_are_told", "Every step of a claim is one of the table, has its rule, its actor and its time.",
         claims_are_told),
    _law(24, "one_claim_stands", "Of the claims on one prospect one stands at a time.", one_stands),
    _law(24, "first_goes_first", "Nobody is approved while an older claim on the same prospect waits.",
         first_goes_first),
    Law(24, "accounts_stay", "No claim is approved on an account of somebody else.", "claims", stories, _accounts,
        told_story, _no_accounts),
)  # fmt: skip
