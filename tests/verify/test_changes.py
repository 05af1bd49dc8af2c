"""Two plans beside each other: what is read otherwise, who is not there, past leads, how much of everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting import (
    Account,
    Calendar,
    Company,
    Dealer,
    Lead,
    Plan,
    Rule,
    Territory,
    by,
    route,
    taxonomy,
    verify,
    where,
)
from dealerrouting.verify.past import later

pytestmark = pytest.mark.pure

HOUSE = Dealer("house", kind="house")
DEALERS = [Dealer("a"), Dealer("b"), HOUSE]
NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)


def plan_of(*rules, pick=("first", "rotation"), dealers=DEALERS, **more):
    return Plan("p", house="house", dealers=dealers, precedence=[by.rules(*rules, pick=pick)], **more)


def trees(*parents):
    return [taxonomy.make("goods", one) for one in parents]


# ------------------------------------------------------------------------------------ read otherwise


MACHINES = {"machines": None, "food": None, "presses": "machines"}


@pytest.mark.parametrize(
    "other", [MACHINES | {"presses": "food"}, {"machines": None, "food": None}], ids=["moved", "gone"]
)
def test_another_tree_of_the_same_name_is_another(other):
    rule = Rule("m", where.sector.under("machines"), ["a"])
    active, planned = (
        plan_of(rule, Rule("all", where.country.exists(), ["b"]), taxonomy=t) for t in trees(MACHINES, other)
    )
    lead = Lead("L", country="NL", sector="presses")
    assert route(lead, active, at=NOW).holder != route(lead, planned, at=NOW).holder
    verdict = verify.equal(active, planned)
    assert verdict.holds is False
    assert "taxonomy" in verdict.besides
    assert verify.diff(active, planned).changes


@pytest.mark.parametrize(
    ("types", "condition"),
    [
        (("int", "number"), where.fleet >= 5),
        (("number", "int"), where.fleet <= 5),
        (("int", "str"), where.fleet.exists()),
        (("str", "list"), where.fleet.exists()),
        (("bool", "str"), where.fleet.exists()),
        (("date", "str"), where.fleet.exists()),
    ],
)
def test_an_attribute_of_another_type_is_read_otherwise(types, condition):
    active, planned = (plan_of(Rule("m", condition, ["a"]), attributes={"fleet": one}) for one in types)
    verdict = verify.equal(active, planned)
    assert verdict.holds is False
    assert verdict.besides == ("attributes",)
    one, two = verdict.witness.decision, verdict.witness.planned
    assert (one.holder, one.because) != (two.holder, two.because)


def test_a_type_that_nothing_asks_for_leaves_it_open():
    rule = Rule("m", where.country == "NL", ["a"])
    active, planned = (plan_of(rule, attributes={"fleet": one}) for one in ("int", "str"))
    assert verify.equal(active, planned).holds is None


# --------------------------------------------------------------------------------------- who is there


def test_who_is_not_the_same_is_why_a_claim_goes_elsewhere():
    plan = Plan("p", house="house", dealers=DEALERS, precedence=[by.registrations()])
    away = evolve(plan.by_id["a"], paused=((NOW, NOW + timedelta(days=7)),))
    planned = Plan("p", house="house", dealers=[away, *DEALERS[1:]], precedence=[by.registrations()])
    found = verify.diff(plan, planned)
    assert {change.why for change in found.changes} == {("a",)}


def with_first(first, *, a="dealer", **more):
    """The first rung, then a territory of b; a is a dealer or a team of the house."""
    dealers = [Dealer("a", kind=a, **more), Dealer("b"), HOUSE] if a else [Dealer("b"), HOUSE]
    nl = Territory("nl", ["b"], country="NL")
    return Plan("p", house="house", dealers=dealers, territories=[nl], precedence=[first, by.territories()])


def test_open_leads_of_a_team_of_the_house_hold_nothing():
    active, planned = with_first(by.incumbent()), with_first(by.incumbent(), a="house")
    verdict = verify.equal(active, planned)
    assert verdict.holds is False
    assert (verdict.witness.decision.by, verdict.witness.planned.by) == ("incumbent", "territories")
    assert verify.equal(planned, with_first(by.incumbent(), a=None)).holds


def test_claims_of_a_team_of_the_house_do():
    active = with_first(by.registrations(), a="house")
    change = next(one for one in verify.diff(active, with_first(by.registrations(), a=None)).changes if not one.away)
    assert (change.witness.decision.holder, change.witness.planned.holder) == ("a", "b")
    away = with_first(by.registrations(), a="house", paused=((NOW, NOW + timedelta(days=7)),))
    assert verify.equal(active, away).holds is False


def test_a_rung_that_gives_nothing_is_why():
    nl, rungs = [Territory("nl", ["b"], country="NL")], [by.territories()]
    active, planned = (
        Plan("p", house="house", dealers=DEALERS, territories=nl, precedence=[*first, *rungs])
        for first in ([], [by.incumbent()])
    )
    changes = verify.diff(active, planned).changes
    assert changes
    assert {change.why for change in changes} == {("precedence",)}


def test_a_company_that_several_tellings_mean_is_counted_once():
    wide = Account("wide", "a", Company("Anvil", domain="anvil.example"))
    narrow = Account("narrow", "a", Company("Anvil", domain="anvil.example", number="24123456", country="NL"))
    nl = [Territory("nl", ["b"], country="NL")]
    active, planned = (
        Plan(
            "p",
            house="house",
            dealers=DEALERS,
            territories=nl,
            accounts=some,
            precedence=[by.accounts(), by.territories()],
        )
        for some in ([wide, narrow], [evolve_holder(wide), evolve_holder(narrow)])
    )
    assert all(change.volume <= 1 for change in verify.diff(active, planned).changes)


def evolve_holder(account):
    return Account(account.id, "b", account.company)


def test_a_word_that_a_condition_names_is_said_where_companies_are_recognised():
    rule = Rule("d", where.domain == "anvil.example", ["a"])
    account = Account("k", "b", Company("Brick", domain="brick.example"))
    active, planned = (
        Plan("p", house="house", dealers=DEALERS, accounts=[account], precedence=[by.accounts(), by.rules(one)])
        for one in (rule, evolve(rule, dealers={"b": 1}))
    )
    verdict = verify.equal(active, planned)
    assert verdict.holds is False
    assert verdict.witness.lead.company.domain == "anvil.example"


def test_a_dealer_whose_hours_change_is_told_beside_the_regions():
    rule = Rule("m", where.country == "NL", ["a"])
    hours = {"office": Calendar("Europe/Amsterdam", {"mon": ["09:00-17:00"]})}
    active = plan_of(rule, calendars=hours)
    planned = plan_of(rule, dealers=[Dealer("a", calendar="office"), *DEALERS[1:]], calendars=hours)
    assert verify.diff(active, planned).besides == ("a.calendar",)


# ---------------------------------------------------------------------------------------- how much


def test_a_change_of_everything_is_all_of_it():
    rules = [
        Rule("m", where.country.in_(["NL", "BE", "DE"]), ["a"]),
        Rule("m", where.country.in_(["NL", "BE", "DE"]), ["b"]),
    ]
    (everybody, _) = sorted(verify.diff(plan_of(rules[0]), plan_of(rules[1])).changes, key=lambda c: c.away or "")[:2]
    assert everybody.volume == 1


def test_where_no_country_is_named_the_other_attributes_count():
    one, two = Rule("m", where.language == "nl", ["a"]), Rule("m", where.language.exists(), ["a"])
    changes = verify.diff(plan_of(one), plan_of(two)).changes
    assert [change.volume for change in changes if change.away is None] == [Fraction(1, 3)]


# -------------------------------------------------------------------------------------- past leads


def past(*leads, active, planned, at=None):
    return [(one.lead, one.before, one.after) for one in verify.diff(active, planned, leads, at=at).moved]


LEAD = Lead("L", country="NL", received_at=datetime(2025, 6, 3, 9, tzinfo=UTC))
NL = Rule("m", where.country == "NL", {"a": 1, "b": 1})


@pytest.mark.parametrize(
    "planned",
    [
        plan_of(evolve(NL, ledger="other")),
        plan_of(NL, pick=("first", "hashed")),
    ],
    ids=["another ledger", "by hash"],
)
def test_a_lead_that_the_same_dealers_share_alike_has_not_moved(planned):
    assert past(LEAD, active=plan_of(NL), planned=planned) == []


def test_a_conflict_and_nobody_are_both_the_house():
    conflict = plan_of(NL, pick="unique")
    assert past(LEAD, active=conflict, planned=plan_of(Rule("m", where.country == "BE", ["a"]))) == []


def test_other_parts_move_a_lead():
    assert past(LEAD, active=plan_of(NL), planned=plan_of(evolve(NL, dealers={"a": 2, "b": 1})))


def test_a_past_lead_counts_as_one_to_come():
    next_year = Territory("nl", ["a"], country="NL", valid_from=datetime(2027, 1, 1, tzinfo=UTC))
    plans = [
        Plan("p", house="house", dealers=DEALERS, territories=[one], precedence=[by.territories()])
        for one in (next_year, evolve(next_year, dealers={"b": 1}))
    ]
    assert past(LEAD, active=plans[0], planned=plans[1]) == []
    assert past(LEAD, active=plans[0], planned=plans[1], at=NOW) == [("L", ("a",), ("b",))]


def test_amounts_in_another_currency_are_in_no_sum():
    leads = [worth("A", 10, "EUR"), worth("B", 9_000_000, "JPY"), worth("C", 5, None)]
    other = plan_of(evolve(NL, dealers={"b": 1}), currency="EUR")
    found = verify.diff(plan_of(NL, currency="EUR"), other, leads)
    assert [(one.value, one.currency) for one in found.moved] == [(10, "EUR"), (9_000_000, "JPY"), (5, None)]
    assert found.value == 15


def worth(name, value, currency):
    return Lead(name, country="NL", value=value, currency=currency)


@given(st.datetimes(), st.datetimes())
def test_it_comes_in_its_season_on_its_day_of_the_week(came, at):
    came, at = came.replace(tzinfo=UTC), at.replace(tzinfo=UTC)
    then = later(came, at)
    assert then >= at or then >= came
    assert then == at or (then - came) % timedelta(weeks=52) == timedelta(0)
    assert then == came or then - at < timedelta(weeks=52)


def test_a_gap_counts_past_leads_as_leads_to_come():
    until_june = Territory("nl", ["a"], country="NL", valid_until=datetime(2027, 6, 1, tzinfo=UTC))
    plan = Plan("p", house="house", dealers=DEALERS, territories=[until_june], precedence=[by.territories()])
    march, june = (
        Lead(f"L{n}", country="NL", postcode="3011 AB", received_at=LEAD.received_at.replace(month=n)) for n in (3, 6)
    )
    (gap,) = verify.gaps(plan, at=NOW, leads=[march, june])
    assert gap.leads == 1
