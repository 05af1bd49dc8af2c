"""Picks: each policy alone, chains of them, and picks of the caller's own."""

from decimal import Decimal
from math import log2
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
import laws
import strategies as some
from dealerrouting import (
    Account,
    Company,
    Count,
    Dealer,
    Facts,
    Lead,
    Pick,
    Plan,
    PlanError,
    Rule,
    Territory,
    by,
    route,
    where,
)
from dealerrouting.rules import picks
from quick import upto

pytestmark = pytest.mark.pure
HOUSE = Dealer("house", kind="house")
NAMES = ("a", "b", "c", "d", "e")


def plan_of(*territories, pick=("rotation",), dealers=NAMES, **columns):
    people = [one if isinstance(one, Dealer) else Dealer(one) for one in dealers]
    return Plan(
        "p", house="house", dealers=[HOUSE, *people], territories=territories, precedence=[by.territories(pick=pick)]
    )


def decide(plan, lead=None, facts=None):
    return route(lead or Lead("L", country="NL"), plan, facts or Facts(), at=abc.APRIL)


def shared(pick, weights, dealers=NAMES):
    return plan_of(Territory("t", weights), pick=pick, dealers=dealers)


# Every policy keeps a non-empty part of what it is given.

candidates = st.lists(
    st.builds(
        picks.Candidate,
        source=st.sampled_from("stu"),
        dealer=st.sampled_from(NAMES),
        weight=st.sampled_from([Decimal(1), Decimal(2), Decimal("0.000001")]),
        priority=st.integers(-1, 1),
        order=st.integers(0, 2),
        ledger=st.sampled_from([None, "x", "y"]),
        rank=st.tuples(st.integers(0, 2)),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


def draw_of(lead="L", facts=None, metres=lambda _: None):
    return picks.Draw(Lead(lead), facts or Facts(), {}, metres, "rung")


@settings(some.checked, max_examples=upto(60))
@given(candidates, st.sampled_from(sorted(picks.POLICIES)), st.permutations(range(6)))
def test_a_policy_keeps_some_whatever_their_order(pool, policy, order):
    away = {"a": 5, "b": 5, "c": 0, "d": None, "e": None}
    facts = Facts(
        counts=[Count("a", 1), Count("b", 2)], shares={"b": "2.5"}, ledgers={"x": {"a": 3}, "rung": {"b": -7}}
    )
    drawn = draw_of(facts=facts, metres=away.get)
    kept = picks.keep(policy, pool, drawn)
    assert kept.pool
    assert set(kept.pool) <= set(pool)
    mixed = tuple(pool[at] for at in order if at < len(pool))
    again = picks.keep(policy, mixed, drawn)
    assert (set(again.pool), again.ledger, again.credits) == (set(kept.pool), kept.ledger, kept.credits)
    if policy in ("hashed", "rotation"):
        assert len({one.dealer for one in kept.pool}) == 1
    if policy in ("nearest", "least_loaded", "hashed", "rotation"):  # of a dealer all its sources, or none
        gone = {one.dealer for one in pool} - {one.dealer for one in kept.pool}
        assert len(kept.pool) == len([one for one in pool if one.dealer not in gone])


# One by one.


def test_priority_takes_the_highest_and_leaves_a_tie():
    one, two, three = Territory("1", "a"), Territory("2", "b", priority=7), Territory("3", "c", priority=7)
    assert decide(plan_of(one, two, pick=["priority"])).holder == "b"
    tie = decide(plan_of(one, two, three, pick=["priority"]))
    assert (tie.holder, tie.flags, tie.because) == ("house", ("conflict",), ("2", "3"))
    assert decide(plan_of(one, Territory("0", "b", priority=-1), pick=["priority"])).holder == "a"


def test_unique_is_a_conflict_where_two_are_left_and_none_where_one_dealer_is():
    one, two = Territory("1", "a"), Territory("2", "b")
    assert decide(plan_of(one, two, pick="unique")).flags == ("conflict",)
    assert decide(plan_of(one, Territory("2", "a"), pick="unique")).because == ("1", "2")


def test_nearest_is_in_whole_metres_and_leaves_a_tie():
    here = Lead("L", lat=0, lon=0)
    away = [
        Dealer("a", lat=0, lon=0.00001),
        Dealer("b", lat=0.00001, lon=0),
        Dealer("c", lat=0, lon=0.00002),
        Dealer("d"),
    ]
    lands = [Territory(name, name) for name in "abcd"]
    assert decide(plan_of(*lands[2:], pick="nearest", dealers=away), here).holder == "c"
    assert decide(plan_of(lands[3], pick="nearest", dealers=away), here).holder == "d"
    assert decide(plan_of(*lands, pick="nearest", dealers=away), here).because == ("a", "b")
    assert decide(plan_of(*lands, pick="nearest", dealers=away), Lead("L")).because == ("a", "b", "c", "d")


def test_nearest_rung_holds_its_radius_and_knows_no_house():
    dealers = [HOUSE, Dealer("a", lat=0, lon=0), Dealer("team", kind="house", lat=0, lon=0.01)]

    def holder(km, lon):
        plan = Plan("p", house="house", dealers=dealers, precedence=[by.nearest(within_km=km)])
        return route(Lead("L", lat=0, lon=lon), plan, at=abc.APRIL).holder

    degree = 111.195
    assert holder(degree, 1) == "a"
    assert holder(degree - 0.001, 1) == "house"
    assert holder(0, 0) == "a"
    assert holder(None, 180) == holder(None, -180) == "a"


def test_least_loaded_counts_open_leads():
    facts = Facts(counts=[Count("a", 2), Count("b", 1, 40)])
    plan = shared("least_loaded", ["a", "b"])
    assert decide(plan, facts=facts).holder == "b"
    assert decide(shared("least_loaded", ["a", "b", "c"]), facts=facts).holder == "c"
    assert decide(plan).flags == ("conflict",)


# Specific: strictly contained regions win, what cannot be compared stays.

NESTED = (
    ({}, {"country": "NL"}),
    ({"country": ["NL", "BE"]}, {"country": "NL"}),
    ({"country": "NL"}, {"country": "NL", "postcodes": "3000..3399"}),
    ({"country": "NL", "postcodes": "3000..3399"}, {"country": "NL", "postcodes": "3000..3398"}),
    ({"country": "NL", "postcodes": "30*"}, {"country": "NL", "postcodes": "3011 AB"}),
    ({"country": "NL", "postcodes": "3011"}, {"country": "NL", "postcodes": "3011", "sectors": "C"}),
    ({"sectors": "C"}, {"sectors": "C25"}),
    ({"sectors": "C; G"}, {"sectors": "C25; C26"}),
    ({"products": "x; y"}, {"products": "x"}),
    ({"languages": "nl; fr"}, {"languages": "nl"}),
    ({"country": "NL", "geohashes": "u1"}, {"country": "NL", "geohashes": "u15; u17"}),
    ({"country": "NL", "geohashes": "u1", "postcodes": "3011"}, {"country": "NL", "postcodes": "3011"}),
    ({"country": "NL", "geohashes": "u1", "postcodes": "3011"}, {"country": "NL", "geohashes": "u15"}),
)
APART = (
    ({"country": "NL"}, {"sectors": "C25"}),
    ({"country": "NL", "postcodes": "3000..3200"}, {"country": "NL", "postcodes": "3100..3399"}),
    ({"sectors": "C25"}, {"products": "x"}),
    ({"sectors": "C25"}, {"sectors": "C24"}),
    ({"country": "NL", "postcodes": "3011"}, {"country": "NL", "geohashes": "u15"}),
    ({"country": "NL", "sectors": "C25.6"}, {"country": "NL", "postcodes": "3011", "sectors": "C"}),
    ({"country": "NL"}, {"country": "NL"}),
    ({"country": "NL", "postcodes": "3000..3399"}, {"country": "NL", "postcodes": "3000..3200; 3201..3399"}),
    ({"sectors": "C25"}, {"sectors": "25"}),
)


def kept(*regions, eligible=NAMES):
    """Which of these territories' dealers `specific` keeps, by their place in the list."""
    pool = []
    plan = plan_of(*[Territory(f"t{at}", NAMES[at], **region) for at, region in enumerate(regions)])
    for source in plan.sources["territories"]:
        (dealer,) = source.dealers
        if dealer in eligible:
            pool.append(picks.Candidate(source.id, dealer, region=source.condition))
    return {NAMES.index(one.dealer) for one in picks.keep("specific", tuple(pool), draw_of()).pool}


@pytest.mark.parametrize(("wide", "narrow"), NESTED)
def test_specific_drops_what_contains_another(wide, narrow):
    assert kept(wide, narrow) == {1}
    assert kept(narrow, wide) == {0}
    assert kept(narrow, wide, eligible="b") == {1}  # only what is eligible counts


@pytest.mark.parametrize(("one", "two"), APART)
def test_specific_keeps_what_cannot_be_compared_and_what_is_equal(one, two):
    assert kept(one, two) == kept(two, one) == {0, 1}


def test_dates_priority_and_weights_are_no_part_of_a_region():
    wide = Territory("wide", {"a": 1}, country="NL", valid_from=abc.NEW_YEAR, valid_until=abc.JULY)
    same = Territory("same", {"b": 900}, country="NL", priority=9)
    assert decide(plan_of(wide, same, pick="specific")).because == ("same", "wide")


def test_specific_of_a_chain_of_three_keeps_the_innermost():
    assert kept(
        {}, {"country": "NL"}, {"country": "NL", "postcodes": "30*"}, {"country": "NL", "postcodes": "3011"}
    ) == {3}
    assert kept({}, {"sectors": "C"}, {"country": "NL"}) == {1, 2}


@settings(some.checked, max_examples=upto(100))
@given(st.lists(some.conditions(customs=False), min_size=2, max_size=5))
def test_specific_never_drops_everybody(conditions):
    bound = bind_all(conditions)
    pool = tuple(picks.Candidate(f"r{at}", "a", region=region) for at, region in enumerate(bound))
    assert picks.keep("specific", pool, draw_of()).pool


def bind_all(conditions):
    rules = [Rule(f"r{at}", condition, ["a"]) for at, condition in enumerate(conditions)]
    plan = Plan(
        "p", house="house", dealers=[HOUSE, Dealer("a")], precedence=[by.rules(*rules)], attributes=abc.ATTRIBUTES
    )
    return [source.condition for source in plan.sources["rules"]]


def test_specific_sees_that_an_and_lies_in_an_or_of_it():
    both = (where.country == "NL") & (where.product == "x")
    wide = both | (where.source == "fair")
    a, b = bind_all([both, wide])
    pool = (picks.Candidate("narrow", "a", region=a), picks.Candidate("wide", "b", region=b))
    assert [one.source for one in picks.keep("specific", pool, draw_of()).pool] == ["narrow"]


# Hashed.


def pool_of(weights):
    return tuple(picks.Candidate("t", name, Decimal(weight)) for name, weight in weights.items())


def hashed(pool, lead, facts=None):
    return picks.keep("hashed", pool, draw_of(lead, facts)).pool[0].dealer


@pytest.mark.slow
def test_hashed_shares_are_about_right():
    pool = pool_of({"a": 1, "b": 2, "c": 5})
    count = 20_000
    drawn = [hashed(pool, f"lead-{number}") for number in range(count)]
    for name, weight in {"a": 1, "b": 2, "c": 5}.items():
        assert abs(drawn.count(name) / count - weight / 8) < 0.01


def test_hashed_shares_follow_the_scorecards():
    pool = pool_of({"a": 1, "b": 1})
    drawn = [hashed(pool, f"lead-{number}", Facts(shares={"a": 3})) for number in range(4_000)]
    assert abs(drawn.count("a") / 4_000 - 0.75) < 0.03


def test_hashed_moves_only_the_leads_of_a_dealer_that_leaves():
    before, after = pool_of({"a": 1, "b": 2, "c": 5}), pool_of({"a": 1, "b": 2})
    moved = 0
    for number in range(2_000):
        one, two = hashed(before, f"lead-{number}"), hashed(after, f"lead-{number}")
        moved += one != two
        assert one in (two, "c")
    assert moved > 1_000


def test_hashed_moves_leads_only_to_a_dealer_whose_weight_grows():
    before, after = pool_of({"a": 1, "b": 2, "c": 5}), pool_of({"a": 3, "b": 2, "c": 5})
    for number in range(2_000):
        one, two = hashed(before, f"lead-{number}"), hashed(after, f"lead-{number}")
        assert two in (one, "a")


def test_hashed_draws_are_the_same_for_ever():
    pool = pool_of({"a": 1, "b": 1, "c": 1})
    assert "".join(hashed(pool, f"L{number}") for number in range(24)) == "aaabcbccbcabcacaaabbaccc"


def test_log2_is_that_of_mathematics():
    rng = Random(2)
    numbers = [1, 2, 3, 2**32, 2**63, 2**64 - 1, *(rng.getrandbits(rng.randint(1, 64)) | 1 for _ in range(3_000))]
    for number in numbers:
        exact = log2(number) * 2**32
        assert exact - 1.01 < picks._log2(number) < exact + 0.01
    ordered = sorted(numbers)
    assert [picks._log2(n) for n in ordered] == sorted(picks._log2(n) for n in ordered)


# Chains.


def test_a_chain_narrows_step_by_step():
    plan = plan_of(
        Territory("t1", {"a": 1, "b": 1}, country="NL"),
        Territory("t2", {"c": 1, "d": 1}),
        pick=["specific", "least_loaded", "rotation"],
    )
    assert decide(plan, facts=Facts(counts=[Count("a", 1)])).holder == "b"
    both = decide(plan)
    assert (both.holder, both.changes.ledger) == ("a", "territories")


# Picks of the caller's own.


def own(fn, *then):
    return shared([Pick("own", fn), *then], ["a", "b", "c"])


def test_an_own_pick_keeps_what_it_names():
    assert decide(own(lambda lead, dealers: dealers[1:2])).holder == "b"
    seen = []
    decide(own(lambda lead, dealers: seen.append((lead.id, dealers)) or dealers[:1]))
    assert seen == [("L", ("a", "b", "c"))]
    assert decide(own(lambda lead, dealers: (name for name in ("b", "stranger")))).flags == ()


@pytest.mark.parametrize(
    "fn",
    [
        lambda lead, dealers: 1 / 0,
        lambda lead, dealers: None,
        lambda lead, dealers: [],
        lambda lead, dealers: ["stranger"],
        lambda lead, dealers: 42,
        lambda lead, dealers: [["a"]],
        lambda lead, dealers: [None, object()],
        lambda: ["a"],
        lambda lead, dealers: (x for x in [1 / 0]),
        lambda lead, dealers: fails_deep(),
    ],
)
def test_an_own_pick_that_fails_keeps_all_and_says_so(fn):
    decision = decide(own(fn, "rotation"))
    assert (decision.holder, decision.flags) == ("a", ("opaque_error",))
    assert decide(own(fn)).flags == ("conflict", "opaque_error")


def fails_deep():
    return fails_deep()


def test_an_own_pick_below_the_deciding_rung_is_not_called():
    def never(lead, dealers):
        raise AssertionError("called")

    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        territories=[Territory("t", ["a", "b"])],
        precedence=[by.rules(Rule("r", where.country == "NL", ["a"])), by.territories(pick=Pick("own", never))],
    )
    assert decide(plan).flags == ()


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": " "}, {"fn": None}, {"version": ""}])
def test_an_own_pick_needs_a_name_a_function_and_a_version(bad):
    with pytest.raises(PlanError):
        Pick(**{"name": "own", "fn": len, "version": "1"} | bad)


def test_name_and_version_of_a_pick_are_in_the_digest_its_code_is_not():
    def digest(*own):
        return shared([Pick(*own), "rotation"], ["a", "b"]).digest

    def one(lead, dealers):
        return dealers

    def two(lead, dealers):
        return dealers[:1]

    assert digest("own", one, "1") == digest("own", two, "1")
    assert len({digest("own", one, "1"), digest("own", one, "2"), digest("other", one, "1")}) == 3


# Corners.


@pytest.mark.parametrize("pick", ["hashed", "rotation"])
def test_share_0_loses_no_lead_among_accounts(pick):
    company = Company(domain="jansen.example")
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a"), Dealer("b")],
        accounts=[Account("1", "a", company), Account("2", "b", company)],
        precedence=[by.accounts(pick=pick)],
    )
    laws.law_2(Lead("L", company), plan, Facts(shares={"a": 0, "b": 0}), abc.APRIL)


def test_two_different_picks_of_one_name_are_refused():
    with pytest.raises(PlanError):
        Plan(
            "p",
            house="house",
            dealers=[HOUSE, Dealer("a"), Dealer("b")],
            territories=[Territory("t", ["a", "b"])],
            precedence=[
                by.rules(Rule("r", where.id.exists(), ["a", "b"]), pick=Pick("own", lambda lead, dealers: ["a"])),
                by.territories(pick=Pick("own", lambda lead, dealers: ["b"])),
            ],
        )


def test_an_own_pick_that_answers_with_a_text_is_not_taken_apart():
    assert "opaque_error" in decide(own(lambda lead, dealers: "ab")).flags
