"""The laws of routing, over generated plans, facts and leads. Each is shown to turn red in `faults/`."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import alphabet as abc
import laws
import strategies as some
from dealerrouting import (
    Dealer,
    Facts,
    Lead,
    LeadRefused,
    PastHolder,
    Plan,
    Rule,
    Territory,
    by,
    route,
    route_all,
    where,
)
from dealerrouting.rules import explain
from quick import upto

pytestmark = pytest.mark.pure
HOUSE = Dealer("house", kind="house")


@some.checked
@given(some.cases())
def test_1_the_same_again(case):
    laws.law_1(*case)


@some.checked
@given(some.cases())
def test_2_one_holder(case):
    laws.law_2(*case)


@settings(some.checked, max_examples=upto(400))
@given(some.hostile_leads())
def test_2_whatever_a_form_holds_is_read_or_absent_and_kept(arguments):
    laws.law_2_reads(arguments)


@some.checked
@given(some.hostile_leads(), some.plans(), some.facts(), some.instants)
def test_2_hostile_leads_have_one_holder_and_an_explanation(arguments, plan, facts, at):
    lead = Lead(**arguments)
    laws.law_2(lead, plan, facts, at)
    laws.law_needs(lead, plan, facts, at)
    laws.law_explained(lead, plan, facts, at)


@some.checked
@given(some.cases(claims=True))
def test_3_the_claimant_goes_first(case):
    laws.law_3(*case)


@some.checked
@given(some.cases(claims=True))
def test_3_who_gave_way_is_owed_and_doubts_are_only_shown(case):
    laws.law_3_owed(*case)


@some.checked
@given(some.cases())
def test_4_nobody_who_cannot(case):
    laws.law_4(*case)


@some.checked
@given(some.cases(), st.randoms(use_true_random=False))
def test_5_order_means_nothing(case, rng):
    laws.law_5(*case, Random(rng.getrandbits(32)))


@some.checked
@given(some.cases())
def test_7_no_function_of_the_callers_loses_a_lead(case):
    laws.law_7(*case)


@some.checked
@given(some.cases())
def test_needs_names_all_that_matters(case):
    laws.law_needs(*case)


@some.checked
@given(some.cases())
def test_a_second_route_written_from_the_design_agrees(case):
    laws.law_reference(*case)


@pytest.mark.slow
def test_a_second_route_agrees_on_many_more():
    for seed in range(600):
        rng = Random(seed)
        case = abc.a_lead(rng), abc.a_plan(rng), abc.some_facts(rng), rng.choice(abc.INSTANTS)
        try:
            laws.law_reference(*case)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error


@some.checked
@given(some.cases())
def test_every_decision_is_explained(case):
    laws.law_explained(*case)


@some.checked
@given(some.cases(), st.sampled_from((*abc.DEALERS, abc.DIRECT, abc.HOUSE, abc.STRANGER)))
def test_a_counterfactual_is_true(case, dealer):
    laws.law_why_not(*case, dealer)


@some.checked
@given(some.leads(), some.plans(), some.worlds(), some.instants)
def test_27_a_dealer_reads_its_own_reasons_only(lead, plan, world, at):
    dealer, here, there = world
    laws.law_two_worlds(lead, plan, here, there, at, dealer)


streams = st.lists(st.tuples(some.leads(ids=("L4", "L5", "L6", "L7")), some.instants), min_size=1, max_size=6)


@settings(some.checked, max_examples=upto(50))
@given(some.plans(), some.facts(), streams.map(lambda pairs: sorted(pairs, key=lambda pair: pair[1])))
def test_facts_after_a_stream_are_plain_bookkeeping(plan, facts, stream):
    laws.law_after(plan, facts, stream)


@settings(some.checked, max_examples=upto(50))
@given(
    some.plans(),
    some.facts(),
    st.lists(some.leads(ids=[f"S{n}" for n in range(9)]), max_size=6, unique_by=lambda lead: lead.id),
    some.instants,
)
def test_a_running_stream_is_a_left_fold_in_order_of_receipt(plan, facts, leads, at):
    last = max((lead.received_at for lead in leads if lead.received_at), default=at)
    expected, folded = [], facts
    for lead in sorted(leads, key=lambda lead: (lead.received_at or last, lead.id)):
        expected.append(route(lead, plan, folded, at=at))
        folded = folded.after(expected[-1])
    assert list(route_all(reversed(leads), plan, facts, at=at)) == expected


# 2. The bounds, and nothing else, refuse.


@given(
    st.sampled_from([*some.COLUMNS, "company"]),
    st.sampled_from(["x", " ", "\0", "e\u0301", "\u202e", "9", "\ud800", "\u0316\u0301"]),
    st.sampled_from([1_023, 1_024, 1_025, 10_000, 65_536, 65_537, 100_000]),
)
@settings(some.checked, max_examples=upto(60))
@example("message", "x", 65_537)
@example("message", "x", 65_536)
def test_2_a_field_is_refused_for_its_length_alone(column, character, length):
    text = (character * length)[:length]
    if "\u0316" in text:
        text = text[:4_096]  # a longer flood of marks takes seconds to put in order
    bound = 65_536 if column == "message" else 1_024
    if len(text) <= bound:
        lead = Lead("L", **{column: text})
        assert lead.id == "L"
    else:
        with pytest.raises(LeadRefused) as refused:
            Lead("L", **{column: text})
        assert [fault.path[-1] for fault in refused.value.faults] == [column]
        assert text[:20] not in str(refused.value)


@pytest.mark.parametrize("nothing", [None, "", "  ", "\0", "\ud800", b"x", [], True, object()])
def test_2_a_lead_without_an_id_is_refused(nothing):
    with pytest.raises(LeadRefused) as refused:
        Lead(nothing, country="NL")
    assert [fault.path for fault in refused.value.faults] == [("id",)]


# 5. What order does mean.


def test_5_rules_have_an_order_under_first_only():
    rules = [Rule("one", where.country == "NL", ["a"]), Rule("two", where.country == "NL", ["b"])]
    lead = Lead("L", country="NL")

    def holder(*order, pick):
        plan = Plan(
            "p", house="house", dealers=[HOUSE, Dealer("a"), Dealer("b")], precedence=[by.rules(*order, pick=pick)]
        )
        return route(lead, plan, at=abc.APRIL).holder, plan.digest

    assert holder(*rules, pick="first")[0] == "a"
    assert holder(*reversed(rules), pick="first")[0] == "b"
    assert holder(*rules, pick="first")[1] != holder(*reversed(rules), pick="first")[1]
    for chain in ("priority", "rotation", "hashed", "unique", ["specific", "rotation"]):
        assert holder(*rules, pick=chain) == holder(*reversed(rules), pick=chain)


def test_5_rungs_have_an_order():
    def plan(*rungs):
        return Plan(
            "p",
            house="house",
            dealers=[HOUSE, Dealer("a"), Dealer("b", lat=0, lon=0)],
            territories=[Territory("t", "a")],
            precedence=rungs,
        )

    lead = Lead("L", lat=0, lon=0)
    one, two = plan(by.territories(), by.nearest()), plan(by.nearest(), by.territories())
    assert route(lead, one, at=abc.APRIL).holder == "a"
    assert route(lead, two, at=abc.APRIL).holder == "b"
    assert one.digest != two.digest


# Corners.


def test_opaque_error_does_not_depend_on_the_order_of_rules():
    fails, always = abc.CUSTOMS[2], abc.CUSTOMS[4]
    needs_city = Rule("needs-city", (where.city == "X") | ((where.country == "NL") & fails), ["a"])
    known = Rule("known", fails | always, ["a"])

    def flags(*rules):
        plan = Plan("p", house="house", dealers=[HOUSE, Dealer("a")], precedence=[by.rules(*rules, pick="priority")])
        return route(Lead("L", country="BE"), plan, at=abc.APRIL).flags

    assert flags(needs_city, known) == flags(known, needs_city)


def test_27_the_number_of_past_holders_does_not_hide_a_dealers_own_reason():
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, Dealer("a", max_open=0), Dealer("b"), Dealer("c"), Dealer("d")],
        territories=[Territory("t", "a")],
        precedence=[by.territories()],
    )
    had = Facts(past_holders=[PastHolder("L", name) for name in "bcd"])
    views = [explain(Lead("L"), plan, facts, at=abc.APRIL).for_dealer("a") for facts in (Facts(), had)]
    assert views[0] == views[1]
