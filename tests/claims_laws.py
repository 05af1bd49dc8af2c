"""The laws of claims, as plain functions, so that planted faults can show that they bite.

Written from the design: companies are compared key by key here, without the index and without `match`.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from attrs import evolve

from claims_world import PEOPLE, START, held
from dealerrouting import Account, Facts, Incumbent, Plan, Registration, Territory, by, route
from dealerrouting import registrations as life
from dealerrouting.registrations import MOVES, RULES, Refusal

STRONGEST_FIRST = ("number", "lei", "vat", "domain", "form", "name")


def same(mine, theirs):
    """Whether two sets of keys are one company: the first kind that speaks decides."""
    for kind in STRONGEST_FIRST:
        for scope in {key.scope for key in mine | theirs}:
            a, b = ({key for key in side if (key.kind, key.scope) == (kind, scope)} for side in (mine, theirs))
            if kind not in ("domain", "name") and a and b and not a & b:
                return False
        if kind != "form" and {key for key in mine & theirs if key.kind == kind}:
            return True
    return False


def seen(claim, terms):
    """The keys of a claim that the terms let count."""
    return {key for key in claim.keys if key.kind != "domain" or key.value not in terms.shared_domains}


def meet(a, b, terms):
    """Whether two claims are on one prospect and a product in common."""
    products = not a.products or not b.products or set(a.products) & set(b.products)
    return bool(products) and same(seen(a, terms), seen(b, terms))


def check_one_stands(story, terms):
    """Of the claims that meet, one stands at a time; ever, also at instants that nobody asked about."""
    kept = {}
    for _, _, _, after in story.steps:
        if isinstance(after, Registration):
            kept[after.id] = after
        standing = [claim for claim in kept.values() if claim.status == "approved"]
        for one in standing:
            others = [two for two in standing if two.id > one.id and meet(one, two, terms)]
            assert not [t.id for t in others if one.decided_at < t.expires_at and t.decided_at < one.expires_at]


def check_first_goes_first(story, terms):
    """Nobody is approved while an older claim that meets it waits for its decision."""
    kept = {}
    for _, _, before, after in story.steps:
        if isinstance(after, Registration):
            if after.status == "approved" and (before is None or before.status != "approved"):
                mine = (after.submitted_at, after.id)
                waiting = [c for c in kept.values() if c.status == "submitted" and (c.submitted_at, c.id) < mine]
                assert not [c.id for c in waiting if c.id != after.id and meet(c, after, terms)]
            kept[after.id] = after


def check_history(story, terms):
    """Every step is one of the table, names its rule, and comes after the one before; nothing is taken back."""
    for deed, at, before, after in story.steps:
        if isinstance(after, Refusal):
            assert after.reasons
            assert all(reason.rule in RULES for reason in after.reasons)
            continue
        old, new = (before.history if before else ()), after.history
        if before is not None and before == after:
            continue  # submitted again with the same content, or settled as before
        assert len(new) == len(old) + 1
        assert new[:-1] == old
        row, taken = MOVES[deed.do], new[-1]
        assert (taken.do, taken.status, taken.at) == (deed.do, after.status, at)
        assert RULES[taken.rule].does != "refuses"
        assert taken.actor or row.who == "time"
        assert after.status in row.to
        assert (before.status if before else None) in row.statuses
        assert not row.evidence or taken.evidence
        assert all(a.at <= b.at for a, b in pairwise(new))


def check_time(story, terms):
    """A claim has the server's time, protects from its approval until its end, and is extended as often as agreed."""
    for deed, at, before, after in story.steps:
        if isinstance(after, Refusal):
            continue
        if before is None or deed.do == "complete":
            assert after.submitted_at == at
        elif after != before:
            assert after.submitted_at == before.submitted_at
        if after.status == "approved":
            until = terms.protects.after(after.decided_at)
            for _ in range(sum(step.do == "extend" for step in after.history)):
                until = terms.extends.after(until)
            assert after.protected_until == until
            assert after.decided_at < after.expires_at <= until
            assert not after.stands(after.expires_at)
            assert not before or before.status != "approved" or after.expires_at >= before.expires_at
        if deed.do == "expire" and before.status == "approved":
            assert at >= before.expires_at
        assert sum(step.do == "extend" for step in after.history) <= terms.extensions


def check_quota(story, terms):
    """No dealer has made more claims in any thirty days than the terms allow; completing one makes no other."""
    most = terms.per_dealer_per_30_days
    for dealer in PEOPLE:
        made = sorted(after.submitted_at for deed, _, before, after in story.steps
                      if deed.do == "submit" and before is None and isinstance(after, Registration)
                      and after.dealer == dealer)  # fmt: skip
        for at in made:
            assert sum(0 <= (at - other).days < 30 for other in made) <= most


def check_never_alone(story, terms):
    """What came in a list is never approved by rule, nor without a name where a person has to decide."""
    for _, _, _, after in story.steps:
        if isinstance(after, Registration):
            approvals = [
                step for step in after.history if step.status == "approved" and step.do in ("submit", "settle")
            ]
            assert not (approvals and after.source == "list")
            assert all(step.actor for step in after.history if MOVES[step.do].who == "person")


def check_accounts(story, terms, accounts):
    """Nobody is approved on an account of somebody else."""
    for _, _, before, after in story.steps:
        if (
            isinstance(after, Registration)
            and after.status == "approved"
            and (not before or before.status != "approved")
        ):
            mine = seen(after, terms)
            assert not [a.id for a in accounts if a.holder != after.dealer and same(mine, a.keys)]


STORY_LAWS = (
    check_one_stands,
    check_first_goes_first,
    check_history,
    check_time,
    check_quota,
    check_never_alone,
)


def check_order_of_arrival(claims, terms, seed):
    """Claims of the same instants end alike, in whatever order a sweep looks at them."""
    taken = []
    for claim in claims:
        after = life.submit(
            claim, held({c.id: c for c in taken}), evolve(terms, auto_approve=False), at=claim.submitted_at
        )
        if isinstance(after, Registration):
            taken.append(after)
    at = max((claim.submitted_at for claim in claims), default=START)
    ends = []
    for shuffled in (taken, Random(seed).sample(taken, len(taken)), taken[::-1]):
        kept = {claim.id: claim for claim in shuffled}
        for _ in shuffled:  # until nothing changes any more
            for ident in list(kept):
                if kept[ident].status == "submitted":
                    after = life.step(
                        kept[ident], life.Move("settle"), held(kept), evolve(terms, auto_approve=True), at=at
                    )
                    kept[ident] = after
        ends.append({ident: claim.status for ident, claim in kept.items()})
    assert ends[0] == ends[1] == ends[2]


def check_routes_to_claimant(claim, lead, at):
    """A lead that matches a standing claim goes to the claimant, whoever has territory, account or incumbency.

    And never after its end.
    """
    plan = Plan(
        "claims",
        house="house",
        dealers=PEOPLE.values(),
        territories=[Territory("all", ["b"], country=["NL", "BE"])],
        accounts=[Account("acc", "c", lead.company)] if lead.company.keys() else [],
        precedence=[by.registrations(), by.accounts(), by.incumbent(), by.territories()],
    )
    facts = Facts([claim], [Incumbent(lead.keys(), "b", since=START)])
    decision = route(lead, plan, facts, at=at)
    stands = claim.status == "approved" and claim.decided_at <= at < claim.expires_at
    if same(set(lead.keys()), set(claim.keys)) and stands and not claim.products:
        assert (decision.holder, decision.because) == (claim.dealer, (claim.id,))
    else:
        assert decision.by != "registrations"
