"""The public strategies: what they draw is valid, lies at the boundaries of a plan, hits its facts, and shrinks."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import alphabet
from dealerrouting import Company, Dealer, Facts, Lead, Plan, Registration, Territory, by, route, sla
from dealerrouting.documents import from_data, to_data
from dealerrouting.events import Event, Tick
from dealerrouting.model import readable_text
from dealerrouting.taxonomy import make
from dealerrouting.terms import Policy, Terms
from dealerrouting.testing import strategies
from dealerrouting.testing.strategies import HOSTILE, cases, conditions, facts, histories, hostile_text, instants, leads
from planted import gridded, planted, scattered
from strategies_world import APRIL, INSTANTS, MET, PEETERS, PLAN, alone, barred, drawn, first, missed

some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS = {Plan: "plan", Lead: "lead", Registration: "registration", Facts: "facts"}


@pytest.mark.parametrize("name", [name for name in strategies.__all__ if name != "HOSTILE"])
def test_each_strategy_draws_without_an_argument(name):
    assert drawn(getattr(strategies, name)(), 20)


@some
@given(st.one_of(strategies.plans(), leads(), leads(hostile=True), facts(), strategies.registrations()))
def test_what_is_drawn_survives_its_document(value):
    data = json.loads(json.dumps(to_data(value)))
    assert from_data(KINDS[type(value)], data) == value


@some
@given(st.data())
def test_parts_fit_into_one_plan(data):
    ids = ["one", "two"]
    plan = Plan(
        "parts",
        house="inside",
        dealers=[Dealer("inside", kind="house"), *(data.draw(strategies.dealers([name])) for name in ids)],
        territories=[data.draw(strategies.territories(ids, ["NL"]))],
        accounts=[data.draw(strategies.accounts(ids))],
        precedence=[by.accounts(), by.rules(data.draw(strategies.rules(ids))), by.territories()],
        attributes=strategies.rulings.ATTRIBUTES,
    )
    assert set(plan.territories[0].country) <= {"NL"}


@pytest.mark.parametrize("source", MET)
def test_leads_come_upon_every_boundary_of_a_source(source):
    assert missed(source) == set()


def test_plain_leads_come_upon_hardly_any():
    """What is asked for could not be met by chance."""
    met = {name for wanted in MET.values() for name, meets in wanted.items() if meets(Lead("L1"))}
    assert met == {"stranger", "nothing at all"}


def test_instants_are_those_at_which_the_plan_changes():
    assert set(drawn(instants(PLAN), 300)) >= INSTANTS


@pytest.mark.parametrize("make_plan", [gridded, scattered])
def test_the_one_pair_that_nobody_serves_is_found(make_plan):
    plan = make_plan()
    assert len(plan.territories) == 1_000
    found = [first(leads(plan), planted, run) for run in range(5)]
    assert None not in found


@pytest.mark.long
@pytest.mark.parametrize("make_plan", [gridded, scattered])
def test_it_is_found_in_95_of_100_runs(make_plan):
    plan = make_plan()
    found = [first(leads(plan), planted, run) for run in range(100)]
    assert sum(one is not None for one in found) >= 95, found


def test_nobody_serves_the_planted_pair():
    lead = Lead("L1", country="NL", postcode="4382 AB", sector="C25.62")
    beside = [Lead("L1", country="NL", postcode="4383 AB", sector="C25.62")]
    beside.append(Lead("L1", country="NL", postcode="4382 AB", sector="C25.63"))
    for plan in (gridded(), scattered()):
        assert route(lead, plan, at=APRIL).flags == ("nobody_serves",)
        assert all(route(one, plan, at=APRIL).by == "territories" for one in beside)
    assert list(map(planted, [lead, *beside])) == [True, False, False]


@settings(some, max_examples=100)
@given(st.data(), leads(PLAN, hostile=True))
def test_hostile_leads_are_routed(data, lead):
    plan = PLAN if data.draw(st.booleans()) else data.draw(strategies.plans())
    assert route(lead, plan, data.draw(facts(plan, [lead])), at=data.draw(instants(plan))).holder in plan.by_id


def test_hostile_texts_stand_wherever_a_text_may():
    found = drawn(leads(PLAN, hostile=True), 700)
    spoilt = {name for lead in found for name in lead.unreadable}
    for name in ("country", "postcode", "lat", "sector", "value", "email", "company.name", "x_fleet"):
        texts = {getattr(lead, name, lead.attributes.get(name[2:])) for lead in found}
        assert name in spoilt or texts & set(map(readable_text, HOSTILE)), name


def test_hostile_texts_hold_what_breaks_readers():
    texts = drawn(hostile_text(), 600)
    marks = {"\u202e", "\u200b", "\0", "\ud800", "\n", "\uff13", "\U0001f600", "\u0301"}
    assert {mark for text in texts for mark in marks & set(text)} == marks
    assert any(text.startswith("=cmd") for text in texts)
    assert max(map(len, texts)) >= 1_000


def test_ids_are_those_that_were_asked_for():
    assert {lead.id for lead in drawn(leads(PLAN, ids=["A", "B"]), 100)} == {"A", "B"}


# Facts


def test_facts_hit():
    """Each rung of a plan decides some case."""
    every = [*drawn(cases(PLAN), 600), *drawn(cases(alone("nl")), 200)]
    found = [route(lead, plan, known, at=at) for lead, plan, known, at in every]
    assert {one.by for one in found} == {rung.name for rung in PLAN.precedence} | {"house"}


def test_facts_bar():
    """Each kind of fact keeps a lead from a dealer that would have it else."""
    assert barred() >= {"max_open", "max_per_30_days", "share", "excluded", "declined", "past_holder"}


def test_facts_are_of_the_companies_of_the_leads():
    mine = Lead("mine", Company("Dekker", number="0012345", country="PL"), country="PL")
    found = [route(mine, PLAN, known, at=APRIL) for known in drawn(facts(PLAN, [mine]), 250)]
    assert {"registrations", "incumbent"} <= {one.by for one in found}


def test_counts_lie_at_below_and_above_the_caps():
    counts = [one for known in drawn(facts(PLAN), 250) for one in known.counts.values()]
    assert {one.open for one in counts if one.dealer == "delta"} >= {0, 1, 2}
    assert {one.last_30_days for one in counts if one.dealer == "maas"} >= {1, 2, 3}


# Any plan


def test_leads_can_be_drawn_for_any_plan():
    for number in range(40):
        plan = alphabet.a_plan(Random(number))
        for lead in drawn(leads(plan), 5, number):
            assert route(lead, plan, at=APRIL).holder in plan.by_id
        assert drawn(facts(plan), 2, number)
        assert drawn(conditions(plan), 2, number)


def test_a_plan_of_nothing_but_a_house_has_leads():
    plan = Plan("bare", house="inside", dealers=[Dealer("inside", kind="house")], precedence=[by.territories()])
    assert len(drawn(leads(plan), 20)) > 5
    assert drawn(facts(plan), 5)


def test_a_taxonomy_of_ones_own_has_its_family():
    tree = make("own", {"all": None, "a": "all", "b": "all", "a1": "a", "a2": "a"})
    dealers = [Dealer("inside", kind="house"), Dealer("delta")]
    lands = [Territory("t", ["delta"], sectors=["a"])]
    plan = Plan("own", house="inside", dealers=dealers, territories=lands, precedence=[by.territories()], taxonomy=tree)
    assert {lead.sector for lead in drawn(leads(plan), 200)} == {None, "all", "a", "a1", "a2", "b"}


@some
@given(st.data())
def test_conditions_of_a_plan_are_conditions_for_it(data):
    dealers = [Dealer("inside", kind="house")]
    rule = data.draw(strategies.rules(["inside"], when=conditions(PLAN)))
    again = Plan(
        "again",
        house="inside",
        dealers=dealers,
        precedence=[by.rules(rule)],
        attributes=PLAN.attributes,
    )
    assert again.sources["rules"]


# Histories


@some
@given(histories())
def test_histories_run(history):
    policy = Policy(Terms(), "inside-sales")
    state, _ = sla.run(sla.begin("L1", policy, at=history[0].received_at), history, policy)
    assert state.assignment >= 1
    assert [from_data("event", to_data(one)) for one in history] == history


def test_histories_meet_what_is_due():
    done, told = set(), set()
    for history in drawn(histories(), 250):
        policy = Policy(Terms(), "inside-sales")
        _, effects = sla.run(sla.begin("L1", policy, at=history[0].received_at), history, policy)
        done |= {one.does for one in effects}
        told |= {one.type for one in history if isinstance(one, (Event, Tick))}
    assert done >= {"remind", "request_next"}
    assert told >= {"assigned", "accepted", "updated", "declined", "paused", "reminder_sent", "reopened", "tick"}


# Shrinking


def test_leads_shrink_to_what_matters():
    assert find(leads(PLAN), lambda _: True) == Lead("L1")
    found = find(
        leads(PLAN), lambda lead: (lead.sector or "").startswith("C25.6") and (lead.postcode or "") > "3399 ZZ"
    )
    assert (found.id, found.country, found.postcode, found.company) == ("L1", "NL", "3400 AA", Company())
    assert (found.received_at, dict(found.attributes)) == (None, {})


def test_plans_and_facts_shrink_to_plain_ones():
    plan = find(strategies.plans(), lambda plan: plan.territories)
    assert (len(plan.territories), len(plan.dealers), plan.accounts) == (1, 2, ())
    claims = find(facts(PLAN), lambda known: known.registrations)
    assert claims == Facts(claims.registrations[:1])


def test_an_account_is_met_by_its_company():
    found = drawn(leads(PLAN), 200)
    assert PEETERS in {lead.company for lead in found}
    assert "accounts" in {route(lead, PLAN, at=APRIL - timedelta(days=1)).by for lead in found}


# What is no plan


@pytest.mark.parametrize("given", ["plan.yaml", 5, Lead("L1")])
@pytest.mark.parametrize(
    "strategy",
    [leads, facts, strategies.instants, strategies.conditions, strategies.cases, strategies.registrations],
    ids=lambda strategy: strategy.__name__,
)
def test_what_is_no_plan_is_refused_when_it_is_given_and_not_when_something_is_drawn(strategy, given):
    with pytest.raises(TypeError, match=f"boundaries of a Plan, and this is a {type(given).__name__}") as said:
        strategy(given)
    assert ("; load it with `load_plan`" in str(said.value)) is isinstance(given, str)


def test_histories_are_of_terms():
    with pytest.raises(TypeError, match="of Terms, a Policy or a Plan, and this is a str"):
        strategies.histories("48h")
