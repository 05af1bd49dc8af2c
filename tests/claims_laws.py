"""The laws of claims, as plain functions, so that planted faults can show that they bite.

Written from the design: companies are compared key by key here, without the index and without `match`.
"""

from __future__ import annotations

from random import Random

from attrs import evolve

from claims_world import PEOPLE, START, held
from dealerrouting import Account, Facts, Incumbent, Plan, Registration, Territory, by, route
from dealerrouting import registrations as life
from dealerrouting.testing.laws.claims import accounts_stay as check_accounts
from dealerrouting.testing.laws.claims import claims_are_told as check_history
from dealerrouting.testing.laws.claims import claims_end as check_time
from dealerrouting.testing.laws.claims import first_goes_first as check_first_goes_first
from dealerrouting.testing.laws.claims import lists_wait as check_never_alone
from dealerrouting.testing.laws.claims import one_stands as check_one_stands
from dealerrouting.testing.laws.claims import quota_holds as check_quota
from dealerrouting.testing.laws.claims import same

__all__ = ["STORY_LAWS", "check_accounts", "check_order_of_arrival", "check_routes_to_claimant"]

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
