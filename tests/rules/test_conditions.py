"""Conditions: three values, every operator, the closed part first, typed when a plan is made."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import alphabet as abc
import laws
import reference
import strategies as some
from dealerrouting import Custom, Dealer, Facts, Lead, Plan, PlanError, Rule, by, route, where
from dealerrouting.rules import explain
from dealerrouting.rules.binding import Asked, implies
from dealerrouting.rules.conditions import AllOf, AnyOf, Not, Test
from quick import upto

pytestmark = pytest.mark.pure
HOUSE = Dealer("house", kind="house")


def plan_of(*conditions, **more):
    rules = [Rule(f"r{at}", condition, ["a"]) for at, condition in enumerate(conditions)]
    return Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a")],
        precedence=[by.rules(*rules)],
        **{"attributes": abc.ATTRIBUTES} | more,
    )


def answer(condition, at=abc.APRIL, plan=None, **columns):
    """What the plan makes of a condition for one lead."""
    plan = plan or plan_of(condition)
    told = plan.lens.read(Lead("L", **columns), at).facts
    return Asked(told).holds(plan.sources["rules"][0].condition)


# Against a naive interpreter of the conditions as written.


@settings(some.checked, max_examples=upto(200))
@given(some.conditions(depth=3), some.leads(), some.instants)
def test_truth_is_what_a_naive_interpreter_says(condition, lead, at):
    plan = plan_of(condition)
    told, _ = reference.says(lead, plan, at)
    reading = plan.lens.read(lead, at)
    assert reading.facts == told
    assert Asked(reading.facts).holds(plan.sources["rules"][0].condition) is reference.ask(condition, told, plan)[0]


T, F, U = where.country.exists(), where.source.exists(), where.city == "x"  # true, false, unknown for the lead below


@pytest.mark.parametrize(("one", "is_"), [(T, True), (F, False), (U, None)])
def test_not_turns_true_and_false_and_leaves_unknown(one, is_):
    assert answer(one, country="NL") is is_
    assert answer(~one, country="NL") is (None if is_ is None else not is_)
    assert answer(Not(Not(one)), country="NL") is is_


@pytest.mark.parametrize(("one", "a"), [(T, True), (F, False), (U, None)])
@pytest.mark.parametrize(("two", "b"), [(T, True), (F, False), (U, None)])
def test_and_or_are_kleenes(one, a, two, b):
    rank = {False: 0, None: 1, True: 2}
    assert answer(one & two, country="NL") is min(a, b, key=rank.get)
    assert answer(one | two, country="NL") is max(a, b, key=rank.get)


def test_an_empty_and_is_true_an_empty_or_is_false():
    assert answer(AllOf(())) is True
    assert answer(AnyOf(())) is False


@pytest.mark.parametrize("leaf", [leaf for leaf in abc.LEAVES if isinstance(leaf, Test) and leaf.op != "exists"])
def test_an_absent_field_is_unknown_and_so_is_its_negation(leaf):
    if leaf.field not in ("month", "weekday", "date"):
        assert answer(leaf) is None
        assert answer(~leaf) is None


def test_exists_is_never_unknown():
    for name in ("country", "location", "fleet", "tags", "postcode", "received_at", "company_number"):
        assert answer(where[name].exists()) is False
        assert answer(~where[name].exists()) is True
    assert answer(where.country.exists(), country="nowhere at all") is False


def test_a_source_whose_condition_is_unknown_offers_nothing():
    plan = plan_of(~(where.product == "press"))
    why = explain(Lead("L"), plan, at=abc.APRIL)
    assert why.decision.flags == ("nobody_serves",)
    assert why.absent == ("product",)
    assert "product" in why.text("en")
    assert route(Lead("L", product="lathe"), plan, at=abc.APRIL).holder == "a"


# Operators and their ends.


@pytest.mark.parametrize(
    ("condition", "columns", "expected"),
    [
        (where.employees.between(9, 10), {"employees": 9}, True),
        (where.employees.between(9, 10), {"employees": "10"}, True),
        (where.employees.between(9, 10), {"employees": 11}, False),
        (where.employees.between(9, 10), {"employees": 8}, False),
        (where.employees >= 10, {"employees": 10}, True),
        (where.employees <= 10, {"employees": 10}, True),
        (where.employees.gte(10), {"employees": 9}, False),
        (where.employees.lte(9), {"employees": 10}, False),
        (where.value.between(Decimal("0.1"), Decimal("0.3")), {"value": "0.3"}, True),
        (where.value == 0.1, {"value": "0.10"}, True),
        (where.fleet == 10, {"attributes": {"fleet": "10.0"}}, True),
        (where.score == Decimal("1.5"), {"attributes": {"score": "1.50"}}, True),
        (where.score >= 0, {"attributes": {"score": "1e-30"}}, True),
        (where.score >= 0, {"attributes": {"score": "1e-31"}}, None),
        (where.score.exists(), {"attributes": {"score": "0e-400000"}}, False),
        (where.fleet.exists(), {"attributes": {"fleet": "0e-31"}}, False),
        (where.since.between("2027-03-31", "2027-04-01"), {"attributes": {"since": "2027-04-01"}}, True),
        (where.since <= date(2027, 3, 31), {"attributes": {"since": "2027-04-01"}}, False),
        (where.received_at.between(abc.NEW_YEAR, abc.APRIL), {"received_at": abc.APRIL}, True),
        (where.received_at.between(abc.NEW_YEAR, abc.APRIL), {"received_at": abc.APRIL + abc.TICK}, False),
        (where.received_at >= "2027-04-01T00:00:00+02:00", {"received_at": abc.APRIL}, True),
        (where.vip == True, {"attributes": {"vip": "true"}}, True),  # noqa: E712
        (where.vip != True, {"attributes": {"vip": False}}, True),  # noqa: E712
        (where.tags.has("new"), {"attributes": {"tags": ["new", "old"]}}, True),
        (where.tags.has("ne"), {"attributes": {"tags": ["new", "old"]}}, False),
        (where.tags.has("old"), {"attributes": {"tags": "new; old"}}, True),
        (where.city.startswith("Rot"), {"city": "Rotterdam"}, True),
        (where.city.startswith("Rot"), {"city": "Ro"}, False),
        (where.city == "Café", {"city": "Cafe\u0301"}, True),
        (where.city.in_(["b", "a"]), {"city": "a"}, True),
        (where.country == "nl", {"country": "NL"}, True),
        (where.language == "NL", {"language": "nl-BE"}, True),
        (where.month == 4, {}, False),
        (where.weekday == "wed", {}, True),
        (where.weekday.between("mon", "fri"), {}, True),
        (where.date == "2027-03-31", {}, True),
        (where.location.within_km(0, 0, 0), {"lat": 0, "lon": 0}, True),
        (where.location.within_km(0, 180, 1), {"lat": 0, "lon": -180}, True),
        (where.location.within_km(0, 179.999, 1), {"lat": 0, "lon": -179.999}, True),
        (where.location.within_km(0, 179.999, "0.1"), {"lat": 0, "lon": -179.999}, False),
        (where.location.under("s0"), {"lat": "0", "lon": "0"}, True),
        (where.location.under("s0", "7z"), {"lat": -0.001, "lon": -0.001}, True),
        (where.lat == 0, {"lat": 0, "lon": 4}, True),
        (where.lon.between(0, 4), {"lat": 0, "lon": 4}, True),
    ],
)
def test_operators_hold_their_ends(condition, columns, expected):
    if isinstance(condition, Test) and condition.op == "within_km" and isinstance(condition.value[2], str):
        condition = where.location.within_km(*condition.value[:2], float(condition.value[2]))
    assert answer(condition, **columns) is expected


NL, BE, GB = where.country == "NL", where.country == "BE", where.country == "GB"


@pytest.mark.parametrize(
    ("condition", "place", "expected"),
    [
        (NL & where.postcode.between("3000", "3399"), ("NL", "3000 AA"), True),
        (NL & where.postcode.between("3000", "3399"), ("NL", "3399 ZZ"), True),
        (NL & where.postcode.between("3000", "3399"), ("NL", "2999 ZZ"), False),
        (NL & where.postcode.between("3000", "3399"), ("NL", "3400 AA"), False),
        (NL & where.postcode.between("3000", "3399"), ("BE", "3000"), False),
        (NL & where.postcode.between("3000", "3399"), ("NL", None), None),
        (NL & where.postcode.between("3000", "3399"), (None, "3000"), None),
        (NL & where.postcode.under("3011"), ("NL", "3011 AB"), True),
        (NL & where.postcode.under("3011 AB"), ("NL", "3011"), None),
        (NL & (where.postcode == "3011AB"), ("NL", "3011 AB"), True),
        (NL & (where.postcode != "3011AB"), ("NL", "3011 AC"), True),
        (NL & where.postcode.in_(["3011AB", "3012"]), ("NL", "3011 ab"), True),
        (NL & ~where.postcode.between("3000", "3399"), ("NL", "3400"), True),
        (NL & ~where.postcode.between("3000", "3399"), ("NL", None), None),
        (GB & where.postcode.under("SW1"), ("GB", "SW1A 1AA"), True),
        (GB & where.postcode.under("SW1"), ("GB", "SW10 1AA"), False),
        (GB & where.postcode.startswith("SW1"), ("GB", "SW10 1AA"), True),
        ((NL & where.postcode.under("3011")) | (BE & where.postcode.under("3011")), ("BE", "3011"), True),
        (where.country.in_(["NL"]) & where.postcode.under("3011"), ("NL", "3011 AB"), True),
        (NL & (where.postcode.under("3011") | where.postcode.under("3012")), ("NL", "3012 XX"), True),
    ],
)
def test_postcodes_are_read_in_the_country_beside_them(condition, place, expected):
    assert answer(condition, country=place[0], postcode=place[1]) is expected


@pytest.mark.parametrize(
    ("condition", "sector", "expected"),
    [
        (where.sector.under("C25"), "C25.61", True),
        (where.sector.under("C25"), "25.6", True),
        (where.sector.under("C25"), "C", None),
        (where.sector.under("C25"), "C24", False),
        (where.sector.under("C25", "G"), "47.81", True),
        (where.sector.under("C25"), "nace-2:25.11", True),
        (where.sector.under("C25"), "nace-2:25.61", None),
        (where.sector == "47.81", "nace-2:47.81", None),
        (where.sector == "47.81", "nace-2.1:47.81", True),
        (where.sector == "C25.6", "256", True),
        (where.sector != "C25.6", "C25", True),
    ],
)
def test_sectors_are_read_in_the_plans_taxonomy(condition, sector, expected):
    assert answer(condition, sector=sector) is expected


def test_month_weekday_and_date_are_those_of_the_plans_zone():
    midnight = abc.APRIL  # the first of April in Brussels, the last of March in UTC
    for zone, month, day in (("UTC", 3, "2027-03-31"), ("Europe/Brussels", 4, "2027-04-01")):
        plan = plan_of((where.month == month) & (where.date == day), timezone=zone)
        assert answer(None, at=midnight, plan=plan) is True
        assert answer(None, at=midnight - abc.MONTH, plan=plan) is False
    assert answer(None, at=midnight - abc.TICK, plan=plan_of(where.month == 3, timezone="Europe/Brussels")) is True


def test_money_is_in_the_plans_currency():
    plan = plan_of(where.value >= 10, currency="EUR")
    assert answer(None, plan=plan, value=10, currency="EUR") is True
    assert answer(None, plan=plan, value=10) is True
    assert answer(None, plan=plan, value=10, currency="USD") is None
    assert route(Lead("L", value=10, currency="USD"), plan, at=abc.APRIL).flags == ("nobody_serves", "unreadable:value")


# Customs: the closed part first.


def counting(result=True, name="counted", reads=("city",)):
    calls = []

    def fn(lead):
        calls.append(dict(lead))
        if isinstance(result, Exception):
            raise result
        return result

    return Custom(name, fn, reads=reads, version="1"), calls


@settings(some.checked, max_examples=upto(100))
@given(
    some.conditions(depth=2),
    some.conditions(depth=2),
    some.leads(),
    st.sampled_from([True, False, None, ValueError()]),
    st.booleans(),
)
@example(NL, where.city == "x", Lead("L"), True, True)
def test_a_custom_is_called_only_where_the_answer_depends_on_it(one, two, lead, result, both):
    custom, calls = counting(result)
    condition = (AllOf if both else AnyOf)((one, AnyOf((custom, two))))
    plan = plan_of(condition)
    told, _ = reference.says(lead, plan, abc.APRIL)
    others = {c.name: Custom(c.name, lambda _: None, reads=c.reads, version="1") for c in plan.customs}

    def closed(node):
        if isinstance(node, Custom):
            return others[node.name]
        if isinstance(node, Not):
            return Not(closed(node.part))
        return type(node)(tuple(map(closed, node.parts))) if hasattr(node, "parts") else node

    known = reference.ask(closed(condition), told, plan)[0]
    answered = answer_for(lead, plan)
    if known is not None:
        assert calls == []
        assert answered is known
    assert len(calls) <= 1
    assert answered is reference.ask(condition, told, plan)[0]


def answer_for(lead, plan):
    return Asked(plan.lens.read(lead, abc.APRIL).facts).holds(plan.sources["rules"][0].condition)


def test_a_custom_reads_what_it_says_and_is_asked_once_a_lead():
    custom, calls = counting(reads=("city", "fleet"))
    plan = plan_of(custom & (where.country == "BE"), custom & (where.country == "NL"), custom)
    assert route(Lead("L", country="NL", city="Gent"), plan, at=abc.APRIL).because == ("r1",)
    assert calls == [{"city": "Gent", "fleet": None}]


@pytest.mark.parametrize(
    "rubbish", ["yes", 1, 0, [], object(), 1.0, ValueError(), RecursionError(), StopIteration(), KeyError("x")]
)
def test_a_custom_that_fails_is_unknown_and_told_where_it_matters(rubbish):
    custom, _ = counting(rubbish)
    flags = route(Lead("L"), plan_of(custom), at=abc.APRIL).flags
    assert flags == ("nobody_serves", "opaque_error")
    assert route(Lead("L"), plan_of(~custom), at=abc.APRIL).flags == flags
    assert route(Lead("L", country="BE"), plan_of(custom & NL), at=abc.APRIL).flags == ("nobody_serves",)
    assert route(Lead("L", country="NL"), plan_of(custom | NL), at=abc.APRIL).holder == "a"
    silent, _ = counting(None)
    assert route(Lead("L"), plan_of(silent), at=abc.APRIL).flags == ("nobody_serves",)


def test_a_custom_that_changes_what_it_is_given_changes_nothing():
    def greedy(lead):
        lead.clear()
        return True

    plan = plan_of(Custom("greedy", greedy, reads=("city",), version="1") & (where.city == "x"))
    assert route(Lead("L", city="x"), plan, at=abc.APRIL).holder == "a"


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"name": " \t"}, {"fn": 7}, {"version": ""}, {"version": 1}, {"reads": (1,)}, {"name": None}]
)
def test_a_custom_needs_a_name_a_function_and_a_version(bad):
    with pytest.raises(PlanError):
        Custom(**{"name": "c", "fn": bool, "reads": ("city",), "version": "1"} | bad)


# Writing them.


def test_conditions_are_not_true_or_false():
    for wrong in (
        lambda: bool(where.x == 1),
        lambda: not where.x.exists(),
        lambda: (where.x == 1) and (where.y == 2),
        lambda: 1 <= where.x <= 3,
        lambda: where.x & (where.y == 1),
        lambda: (where.y == 1) & where.x,
        lambda: ~where.x,
        lambda: bool(where.x),
        lambda: (where.x == 1) | True,
        lambda: True & (where.x == 1),
        lambda: None | (where.x == 1),
    ):
        with pytest.raises(TypeError, match=r"use & \| ~"):
            wrong()
    with pytest.raises(TypeError):
        hash(where.x)
    with pytest.raises(TypeError):
        dict.fromkeys([where.x])


def test_and_or_flatten_and_not_undoes_itself():
    a, b, c = where.x == 1, where.y == 2, where.z == 3
    assert a & b & c == AllOf((a, b, c)) == a & (b & c)
    assert a | b | c == AnyOf((a, b, c))
    assert a & b | c == AnyOf((AllOf((a, b)), c))
    assert ~~a == a
    assert where["x"] == 1 if False else (where["x"].exists() == where.x.exists())
    assert repr(where.x) == "where.x"


def test_lists_have_no_order_and_one_form():
    assert where.x.in_(["b", "a"]) == where.x.in_({"a", "b"}) == where.x.in_(x for x in "ba") == where.x.in_(("a", "b"))
    assert where.x.under("b", "a") == where.x.under(["a", "b"])


@pytest.mark.parametrize(
    ("one", "same", "another"),
    [
        (1.5, Decimal("1.50"), Decimal("1.6")),
        (12.1, Decimal("12.1"), 12.2),
        (0, Decimal("-0.0"), Decimal("1e-30")),
        (10**14, 1e14, Decimal("100000000000000.00000000000000000001")),
        (date(2027, 4, 1), "2027-04-01", date(2027, 4, 2)),
        (datetime(2027, 4, 1, tzinfo=ZoneInfo("Europe/Amsterdam")), "2027-03-31T22:00:00+00:00", date(2027, 4, 1)),
        (True, True, 1),
        ("1", "1", 1),
        (datetime.min, datetime.min, datetime.max),
        (Decimal("sNaN"), Decimal("sNaN"), "sNaN"),
    ],
)
def test_a_constant_is_the_same_however_it_was_written(one, same, another):
    assert Test("x", "eq", one) == Test("x", "eq", same) != Test("x", "eq", another)
    assert hash(Test("x", "eq", one)) == hash(Test("x", "eq", same))
    assert Test("x", "between", (one, "9")) == Test("x", "between", (same, "9")) != Test("x", "between", (another, "9"))
    assert Test("x", "eq", one) & where.y.exists() == where.y.exists() & Test("x", "eq", same)


# Typed when the plan is made.


@pytest.mark.parametrize(
    ("condition", "what", "cure"),
    [
        (where.contry == "NL", "no field `contry`", "did you mean `country`?"),
        (where.flet >= 1, "no field `flet`", "did you mean `fleet`?"),
        (where.country >= "NL", "takes no `gte`", ""),
        (where.country == "Atlantis", "unknown country `Atlantis`", ""),
        (where.country == 7, "unknown country `7`", ""),
        (where.postcode == "3011", "means nothing without its country", "where.country"),
        (BE & where.postcode.between("2000", "1000"), "runs backward", "1000..2000"),
        (NL & where.postcode.between("3000", "x"), "`x` is not a postcode of NL", ""),
        (NL & (where.postcode == 3011), "`3011` is not a postcode of NL", ""),
        (where.employees.between(10, 9), "`10` comes after `9`", "swap"),
        (where.employees == "10", "`10` is not a number", "without quotes"),
        (where.employees == True, "`True` is not a number", ""),  # noqa: E712
        (where.value.gte(float("nan")), "is not a number", ""),
        (where.value >= float("inf"), "is not a number", ""),
        (where.city == 7, "`7` is not text", ""),
        (where.city == None, "`None` is not text", ""),  # noqa: E711
        (where.city == "", "is not text", ""),
        (where.city == where.source, "is not text", ""),
        (where.city.in_([]), "is not a list of values", "at least one"),
        (where.city.in_("abc"), "is not a list of values", ""),
        (where.language == "Dutch", "is not a language code", ""),
        (where.sector.under("C99"), "unknown sector `C99`", ""),
        (where.sector == "nace-2:47.81", "is a code of `nace-2`; this plan is in `nace-2.1`", ""),
        (where.sector == 47.81, "unknown sector", ""),
        (where.sector.under(), "no code is given", ""),
        (where.vip == "true", "is not true or false", ""),
        (where.since >= "31-12-2027", "is not a date", "2027-08-31"),
        (where.since >= abc.APRIL, "is an instant, not a date", ""),
        (where.received_at >= "2027-01-01", "is not an instant", ""),
        (where.month == 13, "is not a month", ""),
        (where.month == True, "is not a month", ""),  # noqa: E712
        (where.weekday == "someday", "is not a weekday", ""),
        (where.weekday == 0, "is not a weekday", ""),
        (where.tags == "new", "takes no `eq`", ""),
        (where.tags.has(7), "is not text", ""),
        (where.location == (0, 0), "takes no `eq`", ""),
        (where.location.within_km(91, 0, 1), "is not a circle", ""),
        (where.location.within_km(0, 0, -1), "is not a circle", ""),
        (where.location.within_km("x", 0, 1), "is not a circle", ""),
        (where.location.under("ail"), "is not a geohash", ""),
        (where.city.within_km(0, 0, 1), "takes no `within_km`", ""),
        (Test("city", "matches", "x"), "takes no `matches`", ""),
        (Test("city", "exists", False), "`exists` takes no constant", ""),
        (AllOf(("text",)), "`text` is not a condition", ""),
        (Custom("c", bool, reads=("ctiy",), version="1"), "no field `ctiy`", "did you mean `city`?"),
    ],
)
def test_a_condition_that_means_nothing_is_refused_when_the_plan_is_made(condition, what, cure):
    with pytest.raises(PlanError) as refused:
        plan_of(NL, condition)
    (fault,) = refused.value.faults
    assert what in fault.what
    assert cure in fault.cure
    assert "r1" in fault.place
    assert fault.path[:4] == ("precedence", 0, "rules", 1)


def test_all_faults_of_a_condition_are_told_at_once_with_their_path():
    with pytest.raises(PlanError) as refused:
        plan_of((where.contry == "NL") & (NL | (where.month == 13)) & ~(where.city == 1))
    paths = [fault.path[4:] for fault in refused.value.faults]
    assert paths == [
        ("when", "all", 0, "contry"),
        ("when", "all", 1, "any", 1, "month", "eq"),
        ("when", "all", 2, "not", "city", "eq"),
    ]


def nested(depth):
    condition = NL
    for _ in range(depth - 1):
        condition = Not(condition)
    return condition


def test_conditions_have_bounds():
    plan_of(nested(32))
    plan_of(AllOf((NL,) * 9_999))
    plan_of(where.city.in_([f"c{n}" for n in range(10_000)]))
    for large in (nested(33), nested(900), AllOf((NL,) * 10_000), AnyOf((AllOf((NL,) * 5_000), AllOf((NL,) * 5_000)))):
        with pytest.raises(PlanError, match="too deep or too large"):
            plan_of(large)
    with pytest.raises(PlanError, match="10,001 values"):
        plan_of(where.city.in_([f"c{n}" for n in range(10_001)]))


# What follows from what.


@settings(some.checked, max_examples=upto(100))
@given(
    some.conditions(depth=2, customs=False),
    some.conditions(depth=2, customs=False),
    st.lists(st.tuples(some.leads(), some.instants), min_size=4, max_size=8),
)
def test_implies_is_sound(given_, wanted, leads):
    plan = plan_of(given_, wanted)
    one, two = (source.condition for source in plan.sources["rules"])
    if implies(one, two):
        for lead, at in leads:
            asked = Asked(plan.lens.read(lead, at).facts)
            assert asked.holds(one) is not True or asked.holds(two) is True


LADDER = [
    *abc.LEAVES,
    AllOf(()),
    where.employees == 9,
    where.employees.in_([9, 10]),
    where.employees.between(9, 9),
    where.employees != 8,
    where.employees.exists(),
    where.city.startswith("Rotter"),
    where.city.in_(["Rotterdam", "Rijswijk"]),
    where.city != "Gent",
    where.sector.under("C"),
    where.sector.in_(["25.61", "25.62"]),
    where.location.within_km(51.92, 4.48, 5),
    where.location.under("u1"),
    where.location.under("u15p", "u15r"),
    where.location.exists(),
    NL & where.postcode.between("3011", "3012"),
    NL & where.postcode.in_(["3011 AB", "3012"]),
    NL & where.postcode.startswith("3"),
    NL & where.postcode.exists(),
    NL & (where.employees == 9),
    (where.employees == 9) | (where.employees == 10),
    Not(NL),
    Not(BE) & NL,
    (NL & (where.product == "press")) | (where.source == "fair"),
    NL & (where.product == "press"),
    (NL | BE) & where.product.exists(),
    where.date.between("2027-04-01", "2027-04-02"),
    where.tags.exists(),
]


def test_implies_is_sound_and_an_order_on_everything_that_can_be_written():
    plan = plan_of(*LADDER)
    bound = [source.condition for source in plan.sources["rules"]]
    order = {(a, b) for a in range(len(bound)) for b in range(len(bound)) if implies(bound[a], bound[b])}
    assert all((a, a) in order for a in range(len(bound)))
    for a, b in order:
        for c in range(len(bound)):
            assert (b, c) not in order or (a, c) in order, (LADDER[a], LADDER[b], LADDER[c])
    truths = [[Asked(facts).holds(one) for one in bound] for facts in many_readings(plan)]
    for a, b in order:
        assert all(row[b] is True for row in truths if row[a] is True), (LADDER[a], LADDER[b])
    assert len(order) > 150  # it does compare
    seen = {at for row in truths for at, true in enumerate(row) if true is True}
    assert len(seen) > len(bound) * 0.9  # and the leads do meet what is asked


def many_readings(plan):
    from random import Random

    rng = Random(5)
    more = [
        Lead("L", country="NL", postcode="3011 AB", employees=9, city="Rotterdam", sector="25.61", lat=51.92, lon=4.48),
        Lead("L", country="NL", postcode="3012", employees=8, city="Rijswijk", sector="25.62", company="Jansen"),
    ]
    leads = more + [abc.a_lead(rng) for _ in range(300)]
    return [plan.lens.read(lead, rng.choice(abc.INSTANTS)).facts for lead in leads]


# Corners.


def test_implies_answers_whatever_it_is_asked():
    bound = [source.condition for source in plan_of(*LADDER).sources["rules"]]
    for one in bound:
        for two in bound:
            assert implies(one, two) in (True, False)


def test_specific_among_rules_with_postcodes_loses_no_lead():
    rules = [
        Rule("range", NL & where.postcode.between("3000", "3399"), ["a"]),
        Rule("one", NL & (where.postcode == "3011 AB"), ["a"]),
    ]
    plan = Plan(
        "p", house="house", dealers=[HOUSE, Dealer("a")], precedence=[by.rules(*rules, pick=["specific", "first"])]
    )
    laws.law_2(Lead("L", country="NL", postcode="3011 AB"), plan, Facts(), abc.APRIL)


@pytest.mark.parametrize("degrees", [52.1, 52.2, 4.35, 0.1, 0.3])
def test_degrees_hold_both_ends_too(degrees):
    answers = [answer(where.lat.between(degrees, degrees), lat=str(d), lon=0) for d in (52.1, 52.2, 4.35, 0.1, 0.3)]
    assert answers.count(True) == 1
    assert answer(where.lat == degrees, lat=degrees, lon=0) is True
    assert answer(where.lon <= degrees, lat=0, lon=degrees) is True
    assert answer(where.lon >= degrees, lat=0, lon=degrees) is True


def test_an_instant_of_the_doubled_hour_equals_itself():
    doubled = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    assert answer(where.received_at == doubled, received_at=doubled) is True


def test_under_takes_the_mini_language_of_a_territory():
    within = (where.country == "NL") & where.postcode.under("3000..3399; 4900; 50*")
    for code, expected in (("3011 AB", True), ("4900", True), ("5099", True), ("4901", False)):
        assert answer(within, country="NL", postcode=code) is expected
