"""On plans of twenty to sixty territories and rules, what z3 says: is one left out, what decides, are two the same."""

from collections import Counter
from random import Random

import pytest

import verify_brute as brute
import verify_z3 as oracle
from dealerrouting import verify
from verify_edits import edited
from verify_world import a_tiny_plan, world

PORTIONS = 20
EACH = 50
SLOW = 4
"""So many portions are asked in `make test`, all of them in `make long`."""
EVERYBODY = verify.ANY_LEAD


def found_in(plan):
    """What `verify` says of one plan, in z3's words."""
    sources = Counter((rung, source.id) for rung, parts in plan.sources.items() for source in parts)
    never = Counter((f.values["rung"], f.at[0]) for f in verify.unreachable(plan) if f.values["why"] == "never")
    shadowed = verify.shadowed(plan)
    idle = Counter((f.values["rung"], f.at[0]) for f in (*shadowed, *verify.unreachable(plan)))
    return set(sources - never), set(sources - idle)


def hold(seed):
    """One larger plan and a small edit of it."""
    rng = Random(seed)
    plan = oracle.a_large_plan(rng)
    opinion = oracle.Opinion((plan,))
    gaps = verify.gaps(plan, among=EVERYBODY)
    assert all(f.name == "unserved-region" and f.exact for f in gaps)
    assert bool(gaps) == opinion.has_gap(), seed
    reached, left = found_in(plan)
    assert reached == opinion.reached(), seed
    assert left == opinion.left(), seed
    planned = edited(rng, plan)
    if oracle.fits(planned):
        verdict, same = verify.equal(plan, planned), oracle.Opinion((plan, planned)).equal()
        # The order of claims, accounts and open leads differs: only two facts at once could tell.
        assert verdict.holds is same or (verdict.holds is None and verdict.besides and same), seed


@pytest.mark.parametrize(
    "portion", [pytest.param(n, marks=pytest.mark.slow if n < SLOW else pytest.mark.long) for n in range(PORTIONS)]
)
def test_a_thousand_larger_plans(portion):
    for seed in range(portion * EACH, (portion + 1) * EACH):
        hold(seed)


def test_a_few_larger_plans():
    for seed in range(3):
        hold(seed)


@pytest.mark.slow
def test_the_two_oracles_agree():
    """z3 and brute force, on small plans that both can take."""
    asked = 0
    for seed in range(120):
        rng = Random(seed)
        plan = a_tiny_plan(rng, 60)
        planned = edited(rng, plan)
        if not (oracle.fits(plan) and oracle.fits(planned)) or plan.timezone != planned.timezone:
            continue
        asked += 1
        opinion = oracle.Opinion((plan,))
        seen = brute.seen(plan, [case for case in world(plan, cap=60, rng=rng) if not case.scene])
        assert opinion.has_gap() == bool(seen.gaps())
        assert opinion.reached() == seen.reached()
        assert opinion.deciding() == seen.deciding()
        same = not brute.changed(plan, planned, world(plan, planned, cap=60, rng=rng))
        assert oracle.Opinion((plan, planned)).equal() == same
    assert asked > 20
