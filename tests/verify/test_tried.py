"""What could only be tried is never told to decide nothing: long lists and circles that touch, against routed leads.

A small world of such leads cannot be had. So for each plan leads are made that ask for just what each rule asks, and
many more besides; whatever is told to decide never must decide for none of them.
"""

from datetime import UTC, datetime
from random import Random

import pytest

from dealerrouting import Dealer, Lead, Plan, Rule, Territory, by, verify, where
from dealerrouting.rules.route import consider
from dealerrouting.verify.outcome import of_course

pytestmark = pytest.mark.pure
AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
ITEMS = [f"x{n}" for n in range(10)]
CENTRES = [(51.9, 4.5), (51.95, 4.55), (51.9, 4.7), (52.3, 4.9)]
CHAINS = (["first"], ["first"], ["priority", "first"], ["specific", "first"], ["unique"], ["specific", "rotation"])


def a_list(rng, wanted):
    """Some items that must be there, and perhaps one that must not; what must is noted."""
    chosen = rng.sample(ITEMS, rng.choice((1, 2, 3, 4)))
    parts = [where.needs.has(item) for item in chosen]
    without = rng.random() < 0.4
    parts[-1] = ~parts[-1] if without else parts[-1]
    wanted.append(chosen[: len(chosen) - without])
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part if rng.random() < 0.9 else whole | part
    return whole


def a_circle(rng, _):
    lat, lon = rng.choice(CENTRES)
    return where.location.within_km(lat, lon, rng.choice((5, 10, 25)))


def a_condition(rng, strange, wanted):
    plain = rng.choice((where.country == "NL", where.country.in_(["NL", "BE"]), where.value.gte(100)))
    dice = rng.random()
    return plain if dice < 0.2 else strange(rng, wanted) if dice < 0.7 else strange(rng, wanted) & plain


def a_plan(rng, wanted):
    strange = rng.choice((a_list, a_circle))
    rules = [
        Rule(
            f"r{n}",
            a_condition(rng, strange, wanted),
            rng.sample("abc", rng.choice((1, 1, 2))),
            priority=rng.choice((0, 0, 1)),
        )
        for n in range(rng.randint(2, 7))
    ]
    if strange is a_list:  # so that there are more items than are told apart
        rules.append(Rule("every", where.needs.has(ITEMS[0]) & _all(ITEMS[1:]), ["a"]))
    rungs = [by.rules(*rules, pick=rng.choice(CHAINS)), by.territories()]
    if strange is a_circle and rng.random() < 0.3:
        rungs.insert(rng.randint(0, 2), by.nearest(within_km=20))
    lands = [Territory("nl", ["b"], country="NL"), Territory("be", ["c"], country="BE")]
    dealers = [Dealer("a", lat=51.9, lon=4.5), *map(Dealer, "bc"), Dealer("house", kind="house")]
    return Plan(
        "tried", house="house", dealers=dealers, territories=lands, precedence=rungs, attributes={"needs": "list"}
    )


def _all(items):
    return where.needs.has(items[0]) & _all(items[1:]) if len(items) > 1 else where.needs.has(items[0])


def leads(rng, wanted, count=100):
    for number in range(count):
        said = {"country": rng.choice((None, "NL", "BE", "DE")), "value": rng.choice((None, 50, 100))}
        lat, lon = rng.choice(CENTRES)
        if rng.random() < 0.9:
            said |= {"lat": lat + rng.uniform(-0.3, 0.3), "lon": lon + rng.uniform(-0.3, 0.3)}
        needs = rng.choice(wanted) if wanted and number % 2 else rng.sample(ITEMS, rng.choice((1, 2, 3, 4, 5, 9)))
        yield Lead(f"L{number}", attributes={"needs": needs} if rng.random() < 0.9 else {}, **said)


def hold(seed):
    """Nothing that is told never to decide, to be true or to have a lead does so for any of many leads."""
    rng = Random(seed)
    wanted: list[list[str]] = []
    plan = a_plan(rng, wanted)
    told = {(f.name.partition("-")[0], f.at[0]) for f in (*verify.shadowed(plan), *verify.unreachable(plan))}
    idle = {f.at[0] for f in verify.idle(plan)}
    for lead in leads(rng, wanted):
        course = consider(lead, plan, at=AT)
        outcome = of_course(course)
        if course.decided is None:
            continue
        said = f"seed {seed}: {lead}: {course.decision}"
        if not outcome.conflict:
            assert not idle & set(outcome.pool), said
            assert not {("shadowed", name) for name in outcome.because} & told, said
        able = {c.source for h in course.heard for c in h.offered if c.dealer not in h.barred}
        assert not {("unreachable", name) for name in able} & told, said
    return told


def test_what_is_told_never_to_decide_never_does():
    found = [hold(seed) for seed in range(40)]
    assert sum(map(bool, found)) > 5  # and what does not hang on it is told all the same


def test_a_long_list_hides_nothing():
    """Of ten items no choice of just three is tried, and yet each rule has its leads."""
    rules = [
        Rule(
            f"r{n}", where.t.has(ITEMS[n]) & where.t.has(ITEMS[(n + 1) % 10]) & where.t.has(ITEMS[(n + 2) % 10]), ["a"]
        )
        for n in range(10)
    ]
    dealers = [Dealer("a"), Dealer("house", kind="house")]
    plan = Plan("list", house="house", dealers=dealers, precedence=[by.rules(*rules)], attributes={"t": "list"})
    assert not any(f.level != "note" for f in verify.check(plan))


def two_rules(first, second, **more):
    dealers = [Dealer("a"), Dealer("b"), Dealer("house", kind="house")]
    rules = [Rule("far", a_circle(Random(1), None), ["a"]), Rule("one", first, ["a"]), Rule("two", second, ["b"])]
    return Plan("circles", house="house", dealers=dealers, precedence=[by.rules(*rules)], **more)


def around(km, lat=52.0):
    return where.location.within_km(lat, 5.0, km)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (where.country == "NL", (where.country == "NL") & where.value.gte(5), True),
        (where.country == "NL", (where.country == "NL") & around(20), True),
        (around(20), (where.country == "NL") & around(20), True),  # the one is true wherever the other is
        (around(20), around(10, 52.05), False),  # inside it, but only trying could tell
        (around(20) | (where.country == "NL"), (where.country == "NL") & around(10, 52.2), True),
        (where.location.exists(), around(10), True),
    ],
)
def test_what_is_proved_is_told_in_spite_of_circles(first, second, told):
    found = verify.shadowed(two_rules(first, second))
    assert {f.at for f in found} == ({("two",)} if told else set())
    assert [f.at for f in verify.idle(two_rules(first, second))] == ([("b",)] if told else [])


def test_what_can_be_true_only_where_nothing_was_tried_is_not_called_impossible():
    lonely = around(1) & ~around(1, 52.001) & where.lat.between(52.0086, 52.0088)
    assert not verify.unreachable(two_rules(where.country == "NL", lonely))
    never = lonely & (where.country == "NL") & (where.country == "BE")
    (found,) = verify.unreachable(two_rules(where.country == "NL", never))
    assert (found.at, found.values["why"], found.exact) == (("two",), "never", True)


def test_what_comes_where_nobody_is_near_decides():
    """The rung `nearest` may have nobody for a lead that says where it is."""
    rule = Rule("placed", where.location.exists(), ["b"])
    dealers = [Dealer("a", lat=52.0, lon=5.0), Dealer("b"), Dealer("house", kind="house")]
    plan = Plan("near", house="house", dealers=dealers, precedence=[by.nearest(within_km=10), by.rules(rule)])
    assert not verify.shadowed(plan)
    assert not verify.idle(plan)
