"""Explanations: every rung, every candidate, why not, what one dealer may read, and the words for it."""

import pickle
from string import Formatter

import pytest
from hypothesis import given

import alphabet as abc
import laws
import strategies as some
from dealerrouting import (
    Account,
    Choice,
    Company,
    Count,
    Custom,
    Dealer,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Pick,
    Plan,
    Registration,
    Rule,
    Terms,
    Territory,
    by,
    route,
    where,
)
from dealerrouting.catalogues import en, nl
from dealerrouting.model import FLAGS
from dealerrouting.rules import LANGUAGES, MENU, explain
from dealerrouting.telling import Telling, tell

pytestmark = pytest.mark.pure
AT, DAY = abc.APRIL, abc.MONTH / 30
HOUSE = Dealer("house", kind="house")
JANSEN = Company(number="24123456", country="NL")
RUNGS = (by.registrations(), by.accounts(), by.incumbent(), by.territories(), by.nearest())


def plan_of(*territories, dealers=("a", "b", "c"), rungs=RUNGS, **more):
    people = [one if isinstance(one, Dealer) else Dealer(one) for one in dealers]
    return Plan("p", house="house", dealers=[HOUSE, *people], territories=territories, precedence=rungs, **more)


def why(plan, lead, facts=None, at=AT):
    return explain(lead, plan, facts or Facts(), at=at)


def reasons(plan, lead, facts=None, at=AT):
    return {
        (report.rung, one.dealer, one.source): (one.reason, one.detail)
        for report in why(plan, lead, facts, at).rungs
        for one in report.considered
    }


def claim(id="R1", dealer="a", company=JANSEN, **columns):
    return Registration(id, dealer, company, **{"status": "approved", "submitted_at": AT - DAY} | columns)


# Data.


def test_every_rung_is_reported_also_those_not_reached():
    found = why(plan_of(Territory("t", "b")), Lead("L", JANSEN), Facts([claim()]))
    verdicts = [(report.rung, report.verdict) for report in found.rungs]
    assert verdicts == [
        ("registrations", "decided"),
        ("accounts", "not_reached"),
        ("incumbent", "not_reached"),
        ("territories", "not_reached"),
        ("nearest", "not_reached"),
    ]
    assert reasons(plan_of(Territory("t", "b")), Lead("L", JANSEN), Facts([claim()])) == {
        ("registrations", "a", "R1"): ("holds", ()),
        ("territories", "b", "t"): ("outranked", ("registrations",)),
    }


def test_nobody_is_a_verdict_before_the_house():
    assert {report.verdict for report in why(plan_of(), Lead("L")).rungs} == {"nobody"}


LEAD = Lead("L", JANSEN, country="NL", postcode="3011 AB", sector="C25", lat=0, lon=0, language="nl", product="press")


@pytest.mark.parametrize(
    ("plan", "facts", "at_key", "reason"),
    [
        (
            plan_of(Territory("w", "a"), Territory("n", "b", country="NL")),
            {},
            ("territories", "a", "w"),
            ("specific", ("n",)),
        ),
        (
            plan_of(
                Territory("w", "a"),
                Territory("n", "b", country="NL"),
                Territory("m", "c", sectors="C"),
                rungs=[by.territories()],
            ),
            {},
            ("territories", "a", "w"),
            ("specific", ("m", "n")),
        ),
        (
            plan_of(Territory("x", "a"), Territory("y", "b", priority=1)),
            {},
            ("territories", "a", "x"),
            ("priority", ("y",)),
        ),
        (plan_of(Territory("x", ["a", "b"])), {}, ("territories", "b", "x"), ("rotation", ("a",))),
        (
            plan_of(Territory("x", ["a", "b"]), rungs=[by.territories(pick="hashed")]),
            {},
            ("territories", "b", "x"),
            ("hashed", ("a",)),
        ),
        (
            plan_of(Territory("x", ["a", "b"]), rungs=[by.territories(pick="least_loaded")]),
            {"counts": [Count("a", 1)]},
            ("territories", "a", "x"),
            ("least_loaded", ("b",)),
        ),
        (
            plan_of(dealers=[Dealer("a", lat=0, lon=1), Dealer("b", lat=0, lon=0)]),
            {},
            ("nearest", "a", "a"),
            ("nearest", ("b",)),
        ),
        (
            plan_of(rungs=[by.rules(Rule("r1", where.country == "NL", ["b"]), Rule("r2", where.lat == 0, ["a"]))]),
            {},
            ("rules", "a", "r2"),
            ("first", ("r1",)),
        ),
        (
            plan_of(Territory("x", ["a", "b"]), rungs=[by.territories(pick=[Pick("second", lambda _, d: d[1:])])]),
            {},
            ("territories", "a", "x"),
            ("pick:second", ("b",)),
        ),
        (
            plan_of(Territory("x", ["a", "b"]), rungs=[by.territories(pick="unique")]),
            {},
            ("territories", "a", "x"),
            ("conflict", ("a", "b")),
        ),
        (
            plan_of(Territory("x", "a"), Territory("y", "b", exclusive=True)),
            {},
            ("territories", "a", "x"),
            ("exclusive", ("y",)),
        ),
        (plan_of(), {"registrations": [claim(), claim("R0", "b")]}, ("registrations", "a", "R1"), ("ranked", ("R0",))),
        (
            plan_of(),
            {"incumbents": [Incumbent(JANSEN, "a", since=AT - DAY), Incumbent(JANSEN, "b", since=AT)]},
            ("incumbent", "a", "a"),
            ("ranked", ("b",)),
        ),
        (
            plan_of(Territory("x", "a"), dealers=[Dealer("a", max_open=1)]),
            {"counts": [Count("a", 3)]},
            ("territories", "a", "x"),
            ("max_open", ("3", "1")),
        ),
        (
            plan_of(Territory("x", "a"), dealers=[Dealer("a", max_per_30_days=2)]),
            {"counts": [Count("a", 0, 3, (AT - abc.MONTH,))]},
            ("territories", "a", "x"),
            ("max_per_30_days", ("2", "2")),
        ),
        (plan_of(Territory("x", "a")), {"shares": {"a": 0}}, ("territories", "a", "x"), ("share", ())),
        (
            plan_of(Territory("x", "a"), dealers=[Dealer("a", active_until=AT)]),
            {},
            ("territories", "a", "x"),
            ("inactive", ()),
        ),
        (
            plan_of(Territory("x", "a"), dealers=[Dealer("a", serves_languages="fr")]),
            {},
            ("territories", "a", "x"),
            ("does_not_serve", ()),
        ),
        (
            plan_of(Territory("x", "a")),
            {"past_holders": [PastHolder("L", "a", "returned")]},
            ("territories", "a", "x"),
            ("past_holder", ()),
        ),
        (
            plan_of(Territory("x", "a"), terms=Terms(max_reassignments=0)),
            {"past_holders": [PastHolder("L", "b")]},
            ("territories", "a", "x"),
            ("hops_exhausted", ()),
        ),
        (plan_of(), {"registrations": [claim(dealer="z")]}, ("registrations", "z", "R1"), ("unknown_dealer", ())),
    ],
)
def test_the_first_reason_of_every_candidate(plan, facts, at_key, reason):
    world = Facts(**facts)
    assert reasons(plan, LEAD, world)[at_key] == reason
    for lang in LANGUAGES:
        told = why(plan, LEAD, world).text(lang)
        (line,) = [one for one in told.splitlines() if f"{at_key[1]} ({at_key[2]}):" in one]
        for word in reason[1]:
            assert word in line
        assert why(plan, LEAD, world).for_dealer(at_key[1]).text(lang)


def test_the_keys_by_which_a_company_was_found_are_told():
    both = Company(number="24123456", country="NL", domain="jansen.example")
    plan = plan_of(accounts=[Account("k", "b", Company(domain="jansen.example"))], rungs=(*RUNGS[:2],))
    told = why(plan, Lead("L", both), Facts([claim(company=both)]))
    assert "the same company number\n" in told.text()
    assert "24123456" not in told.text()
    assert "the same company number: NL 24123456" in told.text(keys=True)
    assert "the same own domain: jansen.example" in told.text(keys=True)
    assert "gelijk: bedrijfsnummer: NL 24123456" in told.text(lang="nl", keys=True)
    (found,) = told.rungs[0].found
    assert (found.source, found.match.strength) == ("R1", "number")
    assert "24123456" not in told.for_dealer("b").text()


def test_what_was_absent_is_listed_once():
    plan = plan_of(
        Territory("t1", "a", country="NL", sectors="C"), Territory("t2", "b", products="x"), rungs=[by.territories()]
    )
    found = why(plan, Lead("L", country="NL"))
    assert found.absent == ("product", "sector")
    assert [(m.source, m.reason, m.detail) for m in found.rungs[0].missed] == [
        ("t1", "unknown", ("sector",)),
        ("t2", "unknown", ("product",)),
    ]


def test_an_explanation_is_data_that_compares():
    case = Lead("L", JANSEN), plan_of(Territory("t", ["a", "b"])), Facts([claim()])
    assert why(case[1], case[0], case[2]) == why(case[1], case[0], case[2])
    assert "Lead L: a holds it" in why(case[1], case[0], case[2]).text()


# Why not.


def test_the_counterfactual_of_the_first_page():
    plan = plan_of(Territory("nl-south", "b", country="NL", postcodes="3000..3399"))
    found = why(plan, LEAD, Facts([claim("R7")])).why_not("b")
    assert (found.change, found.detail) == ("without_registration", ("R7",))
    assert (found.decision.by, found.decision.because) == ("territories", ("nl-south",))
    assert found.text("en") == "Registration R7 stands; without it b would hold it, by territories (nl-south)."
    assert "R7" in found.text("nl")


T = Territory("t", "a")
FIRST_OF_3 = Pick("first-of-3", lambda _, dealers: dealers[:1] if len(dealers) == 3 else dealers[-1:])


@pytest.mark.parametrize(
    ("change", "plan", "lead", "facts"),
    [
        ("holds", plan_of(T), LEAD, {}),
        ("without_registration", plan_of(T), LEAD, {"registrations": [claim(dealer="b")]}),
        ("not_past_holder", plan_of(T), LEAD, {"past_holders": [PastHolder("L", "a", "declined")]}),
        ("fewer_hops", plan_of(T), LEAD, {"past_holders": [PastHolder("L", x) for x in ("b", "c", "d")]}),
        ("fewer_leads", plan_of(T, dealers=[Dealer("a", max_open=1), "b"]), LEAD, {"counts": [Count("a", 1)]}),
        ("share_of_one", plan_of(T), LEAD, {"shares": {"a": 0}}),
        ("without_incumbent", plan_of(T), LEAD, {"incumbents": [Incumbent(JANSEN, "b", since=AT)]}),
        (
            "its_turn",
            plan_of(Territory("t", ["a", "b"])),
            LEAD,
            {"ledgers": {"territories": {"a": -500_000, "b": 500_000}}},
        ),
        ("without_territory", plan_of(T, Territory("n", "b", country="NL")), LEAD, {}),
        ("other_unavailable", plan_of(dealers=[Dealer("a", lat=1, lon=0), Dealer("b", lat=0, lon=0)]), LEAD, {}),
        ("lead_says", plan_of(Territory("t", "a", sectors="G")), LEAD, {}),
        ("another_time", plan_of(Territory("t", "a", valid_until=AT)), LEAD, {}),
        (
            "always_active",
            plan_of(
                T,
                dealers=[
                    Dealer("a", active_from=AT + DAY, active_until=AT + 2 * DAY, paused=[(AT + DAY, AT + 2 * DAY)])
                ],
            ),
            LEAD,
            {},
        ),
        ("serves_all", plan_of(T, dealers=[Dealer("a", serves_languages="fr", serves_products="lathe")]), LEAD, {}),
        (
            "without_account",  # where b could not have it at all, c would come before a: few plans are such
            plan_of(
                Territory("t", ["a", "b", "c"]),
                accounts=[Account("k", "b", JANSEN)],
                rungs=(*RUNGS[:2], by.territories(pick=FIRST_OF_3)),
            ),
            LEAD,
            {},
        ),
        (
            "without_rule",
            plan_of(T, rungs=(by.rules(Rule("r", where.lat == 0, ["b", "c"]), pick="rotation"), by.territories())),
            LEAD,
            {},
        ),
        ("without_territory", plan_of(T, Territory("n", ["b", "c"], country="NL")), LEAD, {}),
        ("named_in_territory", plan_of(Territory("t", "house")), LEAD, {}),
        (
            "without_choice",
            plan_of(T, rungs=(by.registrations(), by.territories())),
            LEAD,
            {"choices": [Choice("C1", LEAD.id, "b", evidence="letter", actor="desk", chosen_at=AT)]},
        ),
        ("none_of_these", plan_of(), Lead("L"), {}),
    ],
)
def test_every_change_on_the_menu_is_found(change, plan, lead, facts):
    assert laws.law_why_not(lead, plan, Facts(**facts), AT, "a") == change


def test_every_change_on_the_menu_has_a_case():
    cases = {
        mark.args[1][at][0]
        for mark in test_every_change_on_the_menu_is_found.pytestmark
        if mark.name == "parametrize"
        for at in range(len(mark.args[1]))
    }
    assert cases == {*MENU, "holds", "none_of_these"}


def test_the_menu_has_a_fixed_order_facts_first():
    assert list(MENU)[:3] == ["without_choice", "without_registration", "not_past_holder"]
    plan = plan_of(Territory("t", "a", valid_until=AT), Territory("t", "a", valid_from=AT + DAY), dealers=["a", "b"])
    facts = Facts([claim(dealer="b", expires_at=AT + DAY)])
    assert why(plan, LEAD, facts).why_not("a").change == "another_time"


def test_what_the_lead_should_say_is_told():
    plan = plan_of(Territory("t", "a", country="BE", postcodes="2000..2660"))
    found = why(plan, LEAD).why_not("a")
    assert found.detail == ("t", "country=BE", "postcode=2000")
    assert found.decision.holder == "a"
    assert why(plan, LEAD).why_not("stranger").change == "unknown_dealer"


# For one dealer.


def test_a_dealer_reads_its_own_reasons_and_no_others():
    plan = plan_of(
        Territory("t", {"a": 1, "b": 1}),
        Territory("n", "c", country="NL"),
        rungs=[by.registrations(), by.territories()],
    )
    facts = Facts([claim(dealer="c")])
    view = why(plan, LEAD, facts).for_dealer("b")
    assert [(one.source, one.reason, one.detail) for one in view.own] == [("t", "not_chosen", ("territories",))]
    text = view.text()
    assert text == "Lead L: not yours, b.\n  t (territories): matches; the plan chose otherwise"
    assert "R1" not in text
    assert why(plan, LEAD, facts).for_dealer("c").holds
    nothing = why(plan, Lead("L", country="BE"), Facts()).for_dealer("c")
    assert nothing.own == ()
    assert "No registration, account, rule or territory of yours" in nothing.text()


@pytest.mark.parametrize(
    "reason",
    [
        "inactive",
        "excluded",
        "declined",
        "past_holder",
        "max_open",
        "max_per_30_days",
        "share",
        "does_not_serve",
        "holds",
    ],
)
def test_a_dealers_own_reasons_have_words(reason):
    assert f"own.{reason}" in en.MESSAGES


# Words.


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogues_say_the_same_things():
    assert LANGUAGES == ("en", "nl")
    assert en.MESSAGES.keys() == nl.MESSAGES.keys()
    for name, text in en.MESSAGES.items():
        assert placeholders(text) == placeholders(nl.MESSAGES[name]), name
        assert nl.MESSAGES[name].strip()
        assert (
            name.startswith("word.")
            or name in ("nothing", "keys", "length.elapsed", "region.in")
            or nl.MESSAGES[name] != text
        ), name


def test_every_flag_reason_and_change_has_words():
    for flag in FLAGS:
        assert f"flag.{flag}" in en.MESSAGES
    for change in (*MENU, "holds", "none_of_these", "unknown_dealer"):
        assert f"why_not.{change}" in en.MESSAGES
    for verdict in ("decided", "conflict", "nobody", "not_reached"):
        assert f"rung.{verdict}" in en.MESSAGES


def test_an_unknown_language_is_refused():
    for lang in ("de", "", "EN", "../en"):
        with pytest.raises(ValueError, match="no catalogue"):
            why(plan_of(), Lead("L")).text(lang)


def test_braces_and_percents_in_ids_are_text():
    lead = Lead("{holder} %s {0.__class__}")
    assert "{holder} %s {0.__class__}" in why(plan_of(), lead).text()
    assert list(tell("en", [Telling(1, "rung.house", {"holder": "{x}"})])) == ["  Last of all, the house: {x}."]


@some.checked
@given(some.cases())
def test_every_text_has_a_line_for_each_candidate(case):
    lead, plan, facts, at = case
    found = explain(lead, plan, facts, at=at)
    lines = found.text("en").splitlines()
    for report in found.rungs:
        for one in report.considered:
            assert any(line.strip().startswith(f"{one.dealer} ({one.source}): ") for line in lines)
        for missed in report.missed:
            assert any(missed.source in line for line in lines)


def test_explaining_changes_nothing():
    custom, calls = Custom("c", lambda lead: calls.append(1) or 1 / 0, reads=(), version="1"), []
    asleep = Rule("asleep", custom, ["a"], valid_until=AT)
    plan = plan_of(T, rungs=(by.rules(asleep), by.territories()))
    decision = route(LEAD, plan, at=AT)
    assert calls == []  # out of its dates it is not asked
    assert why(plan, LEAD).decision == decision
    assert decision.flags == ()
    assert pickle.loads(pickle.dumps(decision)) == decision


# Corners.


@pytest.mark.parametrize("name", ["vat", "nearest", "house", "rules-2"])
def test_an_id_is_told_as_it_is(name):
    plan = plan_of(
        Territory("t", {name: 2, "zz": 1}),
        dealers=[name, "zz"] if name != "house" else ["zz"],
        rungs=[by.territories()],
    )
    assert f"it is the turn of {name}" in why(plan, LEAD).text("en")
    assert name in why(plan, LEAD).text("nl").split("zz (t)")[1]
