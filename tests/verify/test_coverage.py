"""Who serves what: what ends on some days only, what may have been missed, who is alone and where that is seen."""

from datetime import UTC, date, datetime
from random import Random

import pytest

import verify_held as held
from dealerrouting import Dealer, Lead, Plan, Rule, Territory, by, verify, where
from dealerrouting.rules.route import consider
from verify_world import world

pytestmark = pytest.mark.pure
A, B, HOUSE = Dealer("a"), Dealer("b"), Dealer("h", kind="house")
NL = where.country == "NL"
AT = datetime(2027, 1, 1, tzinfo=UTC)


def ruled(*rules, name="rules", **more):
    return Plan(name, house="h", dealers=[A, B, HOUSE], precedence=[by.rules(*rules)], **more)


def named(found, name):
    return [one for one in found if one.name == name]


# What ends


@pytest.mark.parametrize(
    "still",
    [
        where.weekday.in_(["sat", "sun"]),
        where.month.in_([7, 8]),
        where.weekday.in_(["sat"]) & where.date.gte(date(2027, 3, 1)),
    ],
)
def test_a_rule_ends_on_the_days_on_which_it_does_though_it_goes_on_on_others(still):
    half = where.date.between(date(2027, 1, 1), date(2027, 6, 30))
    (found,) = named(verify.cliffs(ruled(Rule("r", NL & (half | still), ["a"])), at=AT), "ending-service")
    assert found.at == ("r",)
    assert found.values["end"] == datetime(2027, 7, 1, tzinfo=UTC)


def test_what_goes_on_is_not_said_to_end():
    half = where.date.between(date(2027, 1, 1), date(2027, 6, 30))
    ends, on = Rule("ends", NL & half, ["a"]), Rule("on", NL & where.weekday.in_(["sat", "sun"]) & ~half, ["a"])
    (found,) = named(verify.cliffs(ruled(ends, on), at=AT), "ending-service")
    assert found.at == ("ends",)


def of_days(rng):
    """One to three rules that ask for dates or weekdays, or for both."""
    days = [
        where.date.between(date(2027, 1, 5), date(2027, 1, 20)),
        where.date <= date(2027, 1, 12),
        where.date >= date(2027, 1, 9),
        where.weekday.in_([6, 7]),
        where.weekday == 1,
        where.weekday <= 5,
    ]
    found = []
    for n in range(rng.choice((1, 1, 2, 3))):
        one, other = rng.sample(days, 2)
        both = rng.choice((one | other, one | other, one & other, one | ~other, one))
        found.append(Rule(f"r{n}", NL & both, [rng.choice("ab")]))
    return ruled(*found)


@pytest.mark.parametrize("seed", range(30))
def test_ends_by_dates_and_weekdays_are_those_of_every_lead(seed):
    plan = of_days(Random(seed))
    with held.boxes_kept():
        held.hold_endings(held.asked(plan, world(plan, cap=60)), verify.cliffs(plan))


# What may have been missed

ITEMS = [where.t.has(f"x{n}") for n in range(10)]
HARD = ITEMS[0] & ITEMS[1] & ITEMS[2] & ~ITEMS[3]
ANY = ITEMS[4] | ITEMS[5] | ITEMS[6] | ITEMS[7] | ITEMS[8] | ITEMS[9]


def of_lists(*more):
    """A gap that takes three items together, of ten: none of the choices that are tried is it."""
    belgium = [Rule("s", (where.country == "BE") & ANY, ["b"]), Rule("be", where.country == "BE", ["b"])]
    nothing = Rule("none", NL & ~where.t.exists(), ["a"])
    return ruled(Rule("r", NL & ~HARD, ["a"]), *belgium, nothing, *more, attributes={"t": "list"})


@pytest.mark.parametrize("ask", [verify.gaps, verify.check])
def test_a_gap_that_may_have_been_missed_is_said(ask):
    found = [one for one in ask(of_lists()) if one.name != "lone-dealer"]
    assert [(one.name, one.at, one.level, one.exact) for one in found] == [
        ("unknown-region", ("unserved-region",), "note", False)
    ]
    assert found[0].opaque == ("t",)
    assert [region.text() for region in found[0].regions] == ["NL 1000..9999"]


def test_an_end_that_may_have_been_missed_is_said():
    (found,) = named(verify.cliffs(of_lists()), "unknown-region")
    assert (found.at, found.level, found.opaque) == (("ending-service",), "note", ("t",))


@pytest.mark.parametrize("ask", [verify.gaps, verify.cliffs, verify.check])
def test_where_somebody_serves_whatever_the_lead_says_nothing_was_missed(ask):
    assert not named(ask(of_lists(Rule("rest", NL, ["b"]))), "unknown-region")
    assert not named(ask(of_lists(Rule("rest", NL & (where.t.exists() | HARD), ["b"]))), "unknown-region")


def test_where_nobody_may_serve_nothing_was_missed():
    """Of Germany one product may be served: the others are a gap, and told."""
    rule = Rule("de", (where.country == "DE") & (where.product == "p") & HARD, ["b"])
    (found,) = named(verify.gaps(of_lists(rule)), "unknown-region")
    assert {region.text() for region in found.regions} == {"NL 1000..9999", "DE 00000..99999, product p"}


@pytest.mark.parametrize(("among", "missed"), [(NL, True), (NL & HARD, True), (where.country == "BE", False)])
def test_what_is_asked_of_may_be_missed_too(among, missed):
    found = named(verify.gaps(of_lists(), among=among), "unknown-region")
    assert bool(found) == missed


def test_circles_that_touch_may_hide_a_gap_but_where_somebody_serves_besides():
    near, beside = (where.location.within_km(lat, 5.0, 20) for lat in (52.0, 52.1))
    rules = [Rule("near", NL & near, ["a"]), Rule("beside", NL & beside, ["b"])]
    (found,) = named(verify.gaps(ruled(*rules)), "unknown-region")
    assert found.opaque == ("location",)
    assert not named(verify.gaps(ruled(*rules, Rule("rest", NL, ["a"]))), "unknown-region")


def near_or(*rules, **near):
    dealers = [Dealer("b", lat=52, lon=5, country="NL"), A, HOUSE]
    return Plan("near", house="h", dealers=dealers, precedence=[by.rules(*rules), by.nearest(**near)])


def test_whoever_is_near_nobody_may_be_a_gap():
    """A lead that does not say where it is is served, and one that does, far from all dealers, is not."""
    nowhere = Rule("nowhere", NL & ~where.location.exists(), ["a"])
    (found,) = verify.gaps(near_or(nowhere, within_km=40))
    assert (found.name, found.opaque, found.level) == ("unknown-region", ("nearest",), "note")
    assert [region.text() for region in found.regions] == ["NL 1000..9999"]
    assert named(verify.check(near_or(nowhere, within_km=40)), "unknown-region") == [found]
    assert not verify.gaps(near_or(nowhere, Rule("rest", NL, ["a"]), within_km=40))
    told = verify.gaps(near_or(Rule("one", NL & (where.product == "p"), ["a"]), within_km=40))
    assert [one.name for one in told] == ["unserved-region"]  # but for what is near
    (only,) = verify.gaps(near_or(Rule("one", NL & (where.product == "p"), ["a"])), among=NL & where.location.exists())
    assert only.opaque == ("nearest",)


def test_a_plan_of_which_nothing_is_tried_has_no_such_note():
    few = ITEMS[0] & ~ITEMS[1]
    plan = ruled(
        Rule("r", NL & few, ["a"]),
        Rule("s", NL & where.location.within_km(52.0, 5.0, 20), ["b"]),
        attributes={"t": "list"},
    )
    assert not named(verify.check(plan), "unknown-region")


def of_many_items(rng):
    """Rules that ask for items of ten, and serve whoever names none."""
    rules = [Rule("none", NL & ~where.t.exists(), ["a"])]
    for n in range(rng.choice((1, 2, 3))):
        some = rng.sample(ITEMS, rng.choice((2, 3, 4)))
        hard = some[0]
        for item in some[1:]:
            hard &= item if rng.random() < 0.7 else ~item
        part = NL if rng.random() < 0.6 else NL & (where.product == rng.choice("pq"))
        rules.append(Rule(f"r{n}", part & (~hard if rng.random() < 0.7 else hard | where.t.has("x9")), ["b"]))
    return ruled(*rules, Rule("all", NL & ANY & HARD, ["a"]), attributes={"t": "list"})


@pytest.mark.parametrize("seed", range(30))
def test_no_lead_that_nobody_serves_lies_outside_of_what_is_told(seed):
    """By product: what is told of a product, or of all, is a gap or that one may have been missed."""
    rng = Random(seed)
    plan = of_many_items(rng)
    told = [region for one in verify.gaps(plan) for region in one.regions]
    for number in range(150):
        product = rng.choice("pqr")
        items = rng.sample([f"x{n}" for n in range(10)], rng.choice((1, 2, 3, 4, 8)))
        lead = Lead(f"L{number}", country="NL", postcode="1000 AA", product=product, attributes={"t": items})
        if consider(lead, plan, at=AT).decided is None:
            assert any(_of_product(region, product) for region in told), f"{lead}: {told}"


def _of_product(region, product):
    sides = [side for side in region.sides if side.field == "product"]
    return all((product in side.values) is not side.but for side in sides)


# Who is alone


def nearby(*, dealers=None, territories=()):
    dealers = dealers or [Dealer("b", lat=52, lon=5, country="NL"), A, HOUSE]
    land = Territory("t", ["b"], country="NL", products=["p"], valid_from=datetime(2029, 1, 1, tzinfo=UTC))
    circle = Rule("q", (where.country == "BE") & where.location.within_km(50, 5, 10), ["a"])
    rungs = [by.rules(circle), by.territories(), by.nearest(within_km=40)]
    return Plan("near", house="h", dealers=dealers, territories=[land, *territories], precedence=rungs)


OTHER = Territory("other", ["a"], country="NL", products=["p"])


@pytest.mark.parametrize("territories", [[], [OTHER]])
def test_a_lone_dealer_is_shown_by_a_lead_that_it_serves(territories):
    """Of leads that only nearness gives it: from its door, and not from wherever."""
    plan = nearby(territories=territories)
    (found,) = [one for one in named(verify.cliffs(plan, at=AT), "lone-dealer") if one.at == ("b",)]
    assert (found.exact, found.opaque) == (False, ("nearest",))
    witness = found.witness
    assert consider(witness.lead, plan, witness.facts, at=witness.at).decision.by == "house"
    assert consider(witness.lead, plan, at=witness.at).decision.holder == "b"


def test_a_lone_dealer_that_a_source_names_is_told_exactly():
    territories = [Territory("all", ["b"], country="NL")]
    (found,) = [one for one in named(verify.cliffs(nearby(territories=territories)), "lone-dealer") if one.at == ("b",)]
    assert (found.exact, found.opaque) == (True, ())
