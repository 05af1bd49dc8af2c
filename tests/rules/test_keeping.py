"""Calendars and terms in a plan: who keeps what is checked whole, and decides under one digest."""

import copy
import pickle
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
from dealerrouting import Business, BusinessDays, Calendar, Dealer, Elapsed, HouseTerms, Plan, PlanError, Terms, by
from dealerrouting.errors import Fault
from dealerrouting.rules.canonical import canonical_json, plan_data
from dealerrouting.terms import Policy

pytestmark = pytest.mark.pure

HOURS = {"mon-fri": ["09:00-12:30", "13:00-17:30"]}
OFFICE, SHOP = Calendar("Europe/Amsterdam", HOURS), Calendar("Europe/Amsterdam", {"tue-sat": ["10:00-18:00"]})
HOUSE = Dealer("house", kind="house")


def make(**changed):
    """A small plan in which the terms, one dealer and the house keep calendars."""
    parts = {
        "house": "house",
        "dealers": [HOUSE, Dealer("delta", calendar="shop"), Dealer("maas")],
        "precedence": [by.registrations()],
        "terms": Terms(calendar="office"),
        "calendars": {"office": OFFICE, "shop": SHOP},
    }
    return Plan(**{"name": "p"} | parts | changed)


def faults(**changed):
    with pytest.raises(PlanError) as caught:
        make(**changed)
    return caught.value.faults


def test_the_policy_of_a_plan_has_its_terms_calendars_and_keepers():
    plan = make()
    policy = Policy(plan.terms, "house", {"office": OFFICE, "shop": SHOP}, {"delta": "shop"})
    assert plan.policy == policy
    assert plan.policy.digest == policy.digest
    assert [plan.policy.calendar_id(name) for name in ("delta", "maas", "house", None)] == ["shop", *["office"] * 3]
    assert plan.policy.calendar_of("delta") is SHOP
    assert plan.calendars == {"shop": SHOP, "office": OFFICE}
    assert plan.dealer("delta").calendar == "shop"


def test_without_calendars_nobody_keeps_one():
    plan = make(dealers=[HOUSE], terms=None, calendars=None)
    assert plan.policy == Policy(Terms(), "house")
    assert (plan.calendars, plan.policy.calendar_of("house")) == ({}, None)


TERMS, BOTH = ("terms", "calendar"), {"office": OFFICE, "shop": SHOP}
UNHELD = "business time needs a calendar"
REFUSED = [
    ({"terms": Terms(calendar="ofice")}, "terms.calendar", "unknown calendar `ofice`", "mean `office`?", TERMS),
    ({"dealers": [HOUSE, Dealer("maas"), Dealer("delta", calendar="shopp")]}, "dealer `delta`.calendar",
     "unknown calendar `shopp`", "did you mean `shop`?", ("dealers", 2, "calendar")),
    ({"dealers": [HOUSE, Dealer("d", calendar="x")], "terms": None, "calendars": None}, "dealer `d`.calendar",
     "unknown calendar `x`", "give it in `calendars`", ("dealers", 1, "calendar")),
    ({"terms": Terms(accept_within=Business(hours=8))}, "terms.calendar", UNHELD, "name one of `calendars`", TERMS),
    ({"terms": Terms(house=HouseTerms(BusinessDays(1)))}, "terms.calendar", UNHELD, "", TERMS),
    ({"calendars": [OFFICE]}, "calendars", "is not a mapping of calendars", "{id: Calendar(...)}", ("calendars",)),
    ({"calendars": {"office": OFFICE, "shop": "10:00-18:00"}}, "calendar `shop`", "`10:00-18:00` is not a Calendar",
     "write Calendar(...)", ("calendars", "shop")),
    ({"calendars": {**BOTH, "a;b": SHOP}}, "calendar `a;b`.id", "`a;b` is not an id", "1 to 100", ("calendars", "a;b")),
    ({"calendars": {**BOTH, 7: SHOP}}, "calendar `7`.id", "`7` is not an id", "", ("calendars", 7)),
    ({"calendars": {**BOTH, " shop": SHOP}}, "calendar ` shop`.id", "this id comes twice", "give each its own",
     ("calendars", " shop")),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "place", "what", "cure", "path"), REFUSED)
def test_a_wrong_calendar_is_told_once_with_its_path(changed, place, what, cure, path):
    said = faults(**changed)
    mine = [fault for fault in said if fault.path == path]
    (fault,) = mine
    assert (fault.place, what in fault.what, cure in fault.cure) == (place, True, True), fault
    assert said == tuple(mine) or path == ("calendars",), "and nothing else, unless there are no calendars at all"


def test_a_dealer_names_its_calendar_by_an_id():
    with pytest.raises(PlanError) as caught:
        Dealer("d", calendar="a;b")
    assert [(fault.place, fault.path) for fault in caught.value.faults] == [("dealer `d`.calendar", ("calendar",))]


def test_all_of_it_is_said_at_once():
    said = faults(
        name=" ",
        dealers=[HOUSE, Dealer("a", calendar="x"), Dealer("b", calendar="y")],
        terms=Terms(calendar="z"),
        calendars={"a;b": OFFICE, "office": 3},
    )
    paths = [("name",), ("calendars", "a;b"), ("calendars", "office"), ("terms", "calendar")]
    assert {fault.path for fault in said} == {*paths, ("dealers", 1, "calendar"), ("dealers", 2, "calendar")}
    assert all(isinstance(fault, Fault) for fault in said)
    assert len(said) == 6


def test_terms_that_are_none_do_not_hide_the_rest():
    said = faults(terms={"calendar": "x"}, calendars={"office": OFFICE, "shop": 1})
    assert {fault.path for fault in said} == {("terms",), ("calendars", "shop")}


# The digest: a plan is all that is decided in advance, versioned as one.


def digest(**changed):
    return make(**changed).digest


DIFFERENT = [
    {},
    {"terms": Terms(calendar="shop")},
    {"terms": Terms(calendar="office", remind_after=Elapsed(hours=47))},
    {"terms": Terms(calendar="office", notice=BusinessDays(1))},
    {"terms": Terms(calendar="office", notice=Business(hours=24))},
    {"terms": Terms(calendar="office", counts_as_update=["won"])},
    {"terms": Terms(calendar="office", house=HouseTerms(Elapsed(hours=47)))},
    {"terms": Terms(calendar="office", on_silence="return")},
    {"terms": Terms(calendar="office", late_answer="restore")},
    {"dealers": [HOUSE, Dealer("delta"), Dealer("maas")]},
    {"dealers": [HOUSE, Dealer("delta", calendar="shop"), Dealer("maas", calendar="shop")]},
    {"dealers": [Dealer("house", kind="house", calendar="shop"), Dealer("delta", calendar="shop"), Dealer("maas")]},
    {"calendars": {"office": SHOP, "shop": SHOP}},
    {"calendars": {"office": OFFICE, "shop": OFFICE}},
    {"calendars": {"office": OFFICE, "shop": Calendar("Europe/Brussels", {"tue-sat": ["10:00-18:00"]})}},
    {"calendars": {"office": Calendar("Europe/Amsterdam", HOURS, holidays=["2027-04-27"]), "shop": SHOP}},
    {"calendars": {"office": Calendar("Europe/Amsterdam", HOURS, dates={"2027-12-24": []}), "shop": SHOP}},
]


def test_whatever_decides_is_in_the_digest():
    assert len({digest(**changed) for changed in DIFFERENT}) == len(DIFFERENT)
    assert len({make(**changed).policy.digest for changed in DIFFERENT}) == len(DIFFERENT)


WITH_A_BREAK = Calendar("Europe/Amsterdam", {"mon-fri": ["09:00-17:30"]}, breaks={"mon-fri": ["12:30-13:00"]})


def test_what_decides_nothing_is_not():
    same = [
        {"calendars": {"shop": SHOP, "office": OFFICE}},
        {"calendars": {"office": OFFICE, "shop": SHOP, "spare": SHOP}},
        {"calendars": {"office": WITH_A_BREAK, "shop": Calendar(**SHOP.data())}},
        {"terms": Terms(calendar="office", counts_as_update=Terms().counts_as_update[::-1])},
        {"dealers": [Dealer("maas"), Dealer("delta", calendar="shop"), HOUSE]},
    ]
    assert {digest(**changed) for changed in same} == {digest()}
    assert make(calendars={"office": OFFICE, "shop": SHOP, "spare": SHOP}) != make(), "but it is another plan"
    named = {"dealers": [HOUSE, Dealer("delta", calendar="office"), Dealer("maas")]}
    assert digest(**named) == digest(dealers=[HOUSE, Dealer("delta"), Dealer("maas")]), (
        "the calendar of the terms, said twice"
    )


@given(st.permutations(list(abc.CALENDARS)), st.sampled_from(abc.AGREED), st.integers(0, 9))
def test_the_order_of_calendars_means_nothing(names, agreed, seed):
    people = [Dealer(name, calendar=name) for name in names]

    def plan(order, calendars):
        terms = Terms(**agreed)
        return make(dealers=[HOUSE, *order], terms=terms, calendars=calendars)

    one = plan(people, abc.CALENDARS)
    two = plan(Random(seed).sample(people, len(people)), {name: abc.CALENDARS[name] for name in names})
    assert (one, one.digest, hash(one)) == (two, two.digest, hash(two))
    assert (one.policy, one.policy.digest) == (two.policy, two.policy.digest)
    assert canonical_json(plan_data(one)) == canonical_json(plan_data(two))


def test_a_plan_with_calendars_survives_pickle_and_copy():
    plan = make()
    for again in (pickle.loads(pickle.dumps(plan)), copy.copy(plan), copy.deepcopy(plan)):
        assert again == plan
        assert again.policy == plan.policy
        assert (again.digest, again.policy.digest) == (plan.digest, plan.policy.digest)
        assert again.policy.calendar_of("delta") == SHOP


def test_a_plan_is_written_with_its_calendars_and_terms():
    data = plan_data(make())
    assert data["calendars"] == {"office": OFFICE.data(), "shop": SHOP.data()}
    assert data["terms"] == Terms(calendar="office").data()
    assert [dealer.get("calendar") for dealer in data["dealers"]] == ["shop", None, None]
    assert "calendars" not in plan_data(make(dealers=[HOUSE], terms=None, calendars={}))
