"""Every answer about small plans equals brute force over the whole small world.

Ten thousand generated plans, their worlds a few dozen leads each, in portions: a fifth of them with every change, all
of them, and larger ones, in `make long`.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import verify_brute as brute
import verify_held as held
from dealerrouting import verify
from verify_edits import edited
from verify_plans import an_opaque_plan
from verify_world import a_tiny_plan, cells, world

PORTIONS, HERE = 40, 4  # of which so many run with every change, all of them in the long runs
EACH = 250


@pytest.fixture(autouse=True)
def _boxes_kept():
    with held.boxes_kept():
        yield


def one(seed, most=60):
    """One generated plan; what went wrong says which."""
    try:
        held.by_seed(seed, most)
    except AssertionError as wrong:
        raise AssertionError(f"seed {seed}: {wrong}") from wrong


@pytest.mark.parametrize(
    "portion", [pytest.param(n, marks=pytest.mark.slow if n < HERE else pytest.mark.long) for n in range(PORTIONS)]
)
def test_ten_thousand_small_plans(portion):
    for seed in range(portion * EACH, (portion + 1) * EACH):
        one(seed)


@pytest.mark.long
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_larger_worlds(portion):
    for seed in range(100_000 + portion * 50, 100_000 + (portion + 1) * 50):
        one(seed, 1_500)


def test_some_small_plans():
    for seed in range(40):
        one(seed, 40)


plans = st.randoms(use_true_random=False).map(lambda rng: a_tiny_plan(rng, 30))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans)
def test_drawn_plans(plan):
    with held.boxes_kept():
        held.hold_plan(plan, world(plan, cap=30))


def test_leaving_is_seen_where_it_matters():
    """The short way of the brute force, by the rungs alone, is the long way by a call for each dealer."""
    for seed in range(10):
        rng = Random(seed)
        plan = a_tiny_plan(rng)
        cases = world(plan, cap=60, rng=rng)
        for short, long in zip(brute.seen(plan, cases), brute.seen(plan, cases, slowly=True), strict=True):
            assert short.open == long.open
            assert all(short.without(dealer.id) == long.without(dealer.id) for dealer in plan.dealers)


@pytest.mark.slow
def test_the_plans_are_worth_asking():
    """Enough of the generated plans have something to be found, and enough have not."""
    found: Counter[str] = Counter()
    for seed in range(200):
        rng = Random(seed)
        plan = a_tiny_plan(rng, 60)
        seen = brute.seen(plan, world(plan, cap=60, rng=rng))
        here = [
            ("gaps", bool(seen.gaps())),
            ("no gaps", not seen.gaps()),
            ("quarrels", bool(seen.quarrels())),
            ("undecided", bool(seen.undecided())),
            ("own", bool(seen.own())),
            ("lone", bool(seen.alone())),
            ("unreachable", bool(set(seen.sources) - {source for _, source in seen.reached()})),
            ("shadowed", bool(seen.reached() - seen.deciding())),
            (
                "barred",
                any(one.course.decided is None and "nobody_serves" not in one.course.decision.flags for one in seen),
            ),
            ("exclusive", any(one.course.decided and one.course.decided.exclusive for one in seen)),
            ("several rungs", len({one.open.rung for one in seen} - {None}) > 1),
        ]
        found.update(name for name, is_so in here if is_so)
        planned = edited(rng, plan)
        if cells(plan, planned) <= 120:
            found["moved"] += bool(brute.changed(plan, planned, world(plan, planned, cap=60, rng=rng)))
    assert all(found[name] >= 5 for name in ("unreachable", "exclusive")), found
    assert found["own"] >= 3, found
    assert all(
        found[n] >= 20 for n in ("gaps", "no gaps", "quarrels", "undecided", "lone", "shadowed", "barred", "moved")
    ), found


@pytest.mark.parametrize("seed", range(12))
def test_what_is_opaque_is_said_to_be(seed):
    """Nothing is called proved that hangs on a custom, a circle or a distance; and whatever is found is real."""
    rng = Random(seed)
    plan = an_opaque_plan(rng)
    planned = edited(rng, plan)
    verdict = verify.equal(plan, planned)
    apart = brute.changed(plan, planned, world(plan, planned, cap=40, rng=rng))
    assert verdict.holds is not True or not apart
    if verdict.holds is False:
        held.hold_witness(plan, planned, verdict.witness)
    for finding in verify.check(plan):
        assert finding.exact == (not finding.opaque), finding
        if finding.witness is not None:
            held.hold_decision(plan, finding.witness)


@pytest.mark.parametrize("seed", range(20))
def test_a_budget_loses_nothing_in_silence(seed):
    """Where the steps run out, a lead that nobody serves lies in a region told, or in one that is unknown."""
    rng = Random(seed)
    plan = a_tiny_plan(rng, 60)
    asked = held.asked(plan, world(plan, cap=60, rng=rng))
    for left in (1, 2, 3, 10, 40):
        found = verify.gaps(plan, among=held.EVERYBODY, budget=verify.Budget(left, left))
        held.hold_gaps_or_unknown(asked, found)
