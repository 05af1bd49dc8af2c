"""Law 8: rotation is fair. Every small weight vector by brute force, changing pools by search.

In one pool this is uniprocessor proportional fairness: each next lead of a dealer has a window, from
the lead that makes its credit positive to the lead that would make it a whole one, and taking the
earliest deadline among the open windows meets them all (Baruah, Cohen, Plaxton and Varvel,
Proportionate progress, 1996). With changing pools the bound is searched, not proved.
"""

from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import alphabet as abc
import laws
import strategies as some
from dealerrouting import Dealer, Facts, Lead, PastHolder, Plan, Rule, Territory, by, route, where
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import MILLION
from dealerrouting.rules.picks import entitlements, turn
from quick import upto

pytestmark = pytest.mark.pure
NAMES = "abcdefgh"
HOUSE = Dealer("house", kind="house")


def weighed(vector):
    return {name: Fraction(weight) for name, weight in zip(NAMES, vector, strict=False)}


# In one pool.


SMALL = [(1, range(1, 7)), (2, range(1, 31)), (3, range(1, 10)), (4, range(1, 7)), (5, range(1, 4)), (6, (1, 2))]
TELLING = [(5, (1, 3, 10)), (6, (1, 7)), (7, (1, 5)), (8, (1, 3))]  # where the largest credit alone is a lead off


@pytest.mark.parametrize(("dealers", "weights"), [*SMALL, *TELLING])
def test_every_small_weight_vector_is_fair_after_every_lead(dealers, weights):
    worst = 0
    for vector in product(weights, repeat=dealers):
        worst = max(worst, laws.law_8(weighed(vector), 2 * sum(vector) + 2))
    assert (worst == 0) == (dealers == 1)


def test_a_cycle_that_millionths_can_hold_closes_at_zero():
    for vector in product(range(1, 7), repeat=4):
        total = sum(vector)
        if MILLION % total == 0:
            credits, due = dict.fromkeys("abcd", 0), entitlements(weighed(vector))
            for _ in range(total):
                credits = {name: credits[name] + due[name] for name in credits}
                credits[turn(credits, due)] -= MILLION
            assert set(credits.values()) == {0}


@settings(some.checked, max_examples=upto(60))
@given(
    st.lists(
        st.one_of(st.integers(1, 9), st.integers(1, 10**6), st.fractions(Fraction(1, 10**6), 3)), min_size=1, max_size=8
    )
)
@example([4, 1, 1])
@example([6, 1, 1, 1])
@example([3, 2, 1, 1, 1, 1])
@example([10, 10, 3, 1, 1])
@example([1, 1, 1, 7, 7, 7])
@example([5, 12, 950, 51, 4, 51, 4, 16_278])
@example([10**6, 1])
@example([Fraction(1, 10**6), 1, 10**6])
@example([333_334, 333_333, 333_333])
def test_any_weights_are_fair(vector):
    laws.law_8(weighed(vector), 200)


@given(
    st.dictionaries(
        st.text("abcxyz", min_size=1, max_size=3), st.fractions(Fraction(1, 10**6), 10**6), min_size=1, max_size=9
    )
)
@settings(some.checked, max_examples=upto(100))
def test_entitlements_are_whole_millionths_by_largest_remainder(shares):
    due = entitlements(shares)
    total = sum(shares.values())
    assert sum(due.values()) == MILLION
    exact = {name: share * MILLION / total for name, share in shares.items()}
    assert all(0 <= due[name] - int(exact[name]) <= 1 for name in due)
    up = [(exact[name] - int(exact[name]), name) for name in due if due[name] > int(exact[name])]
    down = [(exact[name] - int(exact[name]), name) for name in due if due[name] == int(exact[name])]
    assert all(more > less or (more == less and a < b) for more, a in up for less, b in down)
    assert due == entitlements(dict(reversed(shares.items())))


def test_the_whole_lead_first_then_the_earliest_then_the_largest():
    assert turn({"a": MILLION, "b": MILLION + 1}, {"a": 1, "b": 1}) == "b"
    assert turn({"a": 900_000, "b": 500_000}, {"a": 10_000, "b": 500_000}) == "b"
    assert turn({"a": 500_000, "b": 500_000}, {"a": 250_000, "b": 250_000}) == "a"
    assert turn({"b": 600_000, "a": 200_000}, {"b": 200_000, "a": 400_000}) == "b"  # both in two leads: larger credit
    assert turn({"a": -5, "b": -3, "c": -3}, {"a": 1, "b": 1, "c": 1}) == "b"
    assert turn({"a": 0, "b": 0}, {"a": 0, "b": MILLION}) == "a"


# With pools that change.

pools_of = st.dictionaries(
    st.sampled_from(NAMES[:6]), st.sampled_from([1, 1, 2, 3, 100, 10**6, Fraction(1, 10**6)]).map(Fraction), min_size=1
)


@settings(some.checked, max_examples=upto(60))
@given(st.lists(pools_of, min_size=1, max_size=80))
def test_changing_pools_stay_within_the_number_of_dealers(pools):
    laws.law_8_bounded(pools)


def test_random_pools_stay_within_the_number_of_dealers():
    rng = Random(8)
    for dealers in (2, 3, 4, 5, 7):
        names = NAMES[:dealers]
        for _ in range(8):
            pools = [
                {
                    name: Fraction(rng.choice((1, 1, 2, 5, 1000, 10**6)))
                    for name in rng.sample(names, rng.randint(1, dealers))
                }
                for _ in range(150)
            ]
            laws.law_8_bounded(pools)


def greedy(dealers, leads, power, rng):
    """Pools chosen one by one so that the credits grow as far apart as one more lead can bring them."""
    weights = [(1,) * dealers] + [tuple(rng.choice((1, 2, 10, 10**4)) for _ in range(dealers)) for _ in range(3)]
    menu = [
        {NAMES[at]: Fraction(vector[at]) for at in chosen}
        for size in range(2, dealers + 1)
        for chosen in combinations(range(dealers), size)
        for vector in weights
    ]
    due = [entitlements(pool) for pool in menu]
    ledger, pools = dict.fromkeys(NAMES[:dealers], 0), []
    for _ in range(leads):
        outcomes = []
        for at, parts in enumerate(due):
            after = ledger | {name: ledger[name] + part for name, part in parts.items()}
            after[turn({name: after[name] for name in sorted(parts)}, parts)] -= MILLION
            outcomes.append((sum(abs(credit / MILLION) ** power for credit in after.values()), -at, after))
        _, at, ledger = max(outcomes, key=lambda outcome: outcome[:2])
        pools.append(menu[-at])
    return pools


@pytest.mark.parametrize(("dealers", "leads"), [(2, 120), (3, 120), (4, 60), (5, 40)])
@pytest.mark.parametrize("power", [1.5, 6])
def test_a_greedy_adversary_stays_within_the_number_of_dealers(dealers, leads, power):
    worst = laws.law_8_bounded(greedy(dealers, leads, power, Random(dealers)))
    assert worst > MILLION // 2  # it does try


# Whole decisions.


def plan_of(weights, **dealers):
    people = [Dealer(name, **dealers.get(name, {})) for name in weights]
    return Plan(
        "p",
        house="house",
        dealers=[HOUSE, *people],
        territories=[Territory("t", weights)],
        precedence=[by.territories(pick="rotation")],
    )


@pytest.mark.parametrize(
    "weights", [{"a": 1}, {"a": 2, "b": 1}, {"a": 4, "b": 1, "c": 1}, {"a": "0.5", "b": "1.5", "c": 7}]
)
def test_whole_decisions_are_fair(weights):
    laws.law_8_routed(plan_of(weights), [Lead(f"L{n}") for n in range(60)], "territories", abc.APRIL)


def test_a_share_counts_like_a_weight():
    leads = [Lead(f"L{n}") for n in range(12)]

    def holders(plan, facts):
        for lead in leads:
            decision = route(lead, plan, facts, at=abc.APRIL)
            facts = facts.after(decision)
            yield decision.holder

    by_share = list(holders(plan_of({"a": 1, "b": 1}), Facts(shares={"b": 3})))
    assert by_share == list(holders(plan_of({"a": 1, "b": 3}), Facts()))
    assert by_share.count("b") == 9


def test_newcomers_start_at_nothing_and_the_absent_neither_earn_nor_lose():
    plan = plan_of({"a": 1, "b": 1, "c": 2}, b={"active_until": abc.APRIL}, c={"active_from": abc.APRIL})
    ledger = {"a": 250_000, "b": -250_000}
    first = route(Lead("L1"), plan, Facts(ledgers={"territories": ledger}), at=abc.APRIL)
    assert first.holder == "c"
    assert first.changes.credits == FrozenMap({"a": 583_333, "c": -333_333})  # b is asleep, c earned 666,667
    assert "b" not in first.changes.credits


def test_declined_and_withdrawn_leads_are_not_refunded():
    plan = plan_of({"a": 1, "b": 1})
    first = route(Lead("L1"), plan, at=abc.APRIL)
    after = Facts().after(first)
    again = route(
        Lead("L1"), plan, Facts(ledgers=after.ledgers, past_holders=[PastHolder("L1", first.holder)]), at=abc.APRIL
    )
    assert again.holder != first.holder
    assert again.changes.credits == FrozenMap()  # alone in its pool it earns one lead and pays one


def test_a_dealer_in_several_territories_counts_once_with_its_largest_weight():
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        territories=[Territory("t1", {"a": 1, "b": 1}), Territory("t2", {"a": 3})],
        precedence=[by.territories(pick="rotation")],
    )
    decision = route(Lead("L"), plan, at=abc.APRIL)
    assert decision.holder == "a"
    assert decision.changes.credits == FrozenMap({"a": -250_000, "b": 250_000})
    assert decision.because == ("t1", "t2")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [(None, None, "territories"), ("own", None, "territories"), ("own", "own", "own"), ("own", "other", "territories")],
)
def test_a_pool_of_one_ledger_uses_it(one, two, expected):
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        territories=[Territory("t1", "a", ledger=one), Territory("t2", "b", ledger=two)],
        precedence=[by.territories(pick="rotation")],
    )
    assert route(Lead("L"), plan, at=abc.APRIL).changes.ledger == expected


def test_each_rules_rung_has_a_ledger_of_its_own():
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        precedence=[
            by.rules(Rule("r1", where.country == "NL", ["a", "b"]), pick="rotation"),
            by.rules(Rule("r2", where.country == "BE", ["a", "b"]), pick="rotation"),
        ],
    )
    assert route(Lead("L", country="NL"), plan, at=abc.APRIL).changes.ledger == "rules"
    assert route(Lead("L", country="BE"), plan, at=abc.APRIL).changes.ledger == "rules-2"


def test_a_conflict_moves_no_ledger():
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        territories=[Territory("t1", {"a": 1, "b": 1}), Territory("t2", "b", exclusive=True)],
        precedence=[by.territories(pick="rotation")],
    )
    decision = route(Lead("L"), plan, at=abc.APRIL)
    assert "conflict" in decision.flags
    assert (decision.changes.ledger, decision.changes.credits) == (None, FrozenMap())
