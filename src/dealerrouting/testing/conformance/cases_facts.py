"""Checks of the first rung: routing with what a source tells is routing with everything that has happened.

May know: Hypothesis, bench, routing. May not know: any source.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dealerrouting.errors import MissingExtra
from dealerrouting.model import (
    Choice,
    Company,
    Count,
    Dealer,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Registration,
    Territory,
)
from dealerrouting.model.facts import PARTS
from dealerrouting.rules import Needs, Plan, by, explain, needs, route
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.cases_random import tries
from dealerrouting.testing.conformance.lives import AT, HOUSE
from dealerrouting.testing.conformance.registry import Check
from dealerrouting.testing.conformance.routes import COMPANIES, World, a_plan, a_world
from dealerrouting.testing.conformance.said import Broken, NotHere, same, shown

__all__ = ["FACTS"]

FACTS: dict[str, Check] = {}
"""The checks of a source of facts, by name."""
_MOMENT, _DAY = timedelta(microseconds=1), timedelta(days=1)


def _listed(name: str, run: Callable[[Bench], None]) -> None:
    FACTS[name] = Check(name, run, "facts_source")


def _check(run: Callable[[Bench], None]) -> Callable[[Bench], None]:
    _listed(run.__name__, run)
    return run


def _told(bench: Bench, facts: Facts, asked: Needs) -> Facts:
    told = bench.another(facts).facts(asked)
    if not isinstance(told, Facts):
        raise Broken("facts does not tell Facts", 1, "Facts(...)", shown(told))
    return told


# Routing is the same


_PLAN = Plan(
    "facts",
    house=HOUSE,
    dealers=[
        Dealer("delta", max_open=2, max_per_30_days=3),
        Dealer("maas"),
        Dealer("Œuvre & Fils"),
        Dealer(HOUSE, kind="house"),
    ],
    territories=[Territory("nl", {"delta": 1, "maas": 1}, country="NL")],
    precedence=[by.registrations(), by.incumbent(), by.territories(pick=["rotation"])],
)


def _lead(company: Company = COMPANIES[6], **more: Any) -> Lead:
    return Lead("L1", company, country="NL", **more)


def _decides(facts: Facts, lead: Lead, what: str, plan: Plan = _PLAN) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        with_all, without = (route(lead, plan, one, at=AT) for one in (facts, Facts()))
        if with_all == without:
            raise NotHere(f"{what} decides nothing here")
        told = _told(bench, facts, needs(lead, plan))
        same(route(lead, plan, told, at=AT), with_all, f"with what the source tells, {what}: the decision", 1)

    return run


def _claim(company: Company, **more: Any) -> Registration:
    return Registration("R1", "maas", company, **{"status": "approved", "submitted_at": AT - _DAY, **more})


_BY_KEY = {
    "number": (COMPANIES[0], Company("Other", number="24 12 34 56", country="NL")),
    "vat": (COMPANIES[2], Company("Other", vat="BE0403170701")),
    "lei": (COMPANIES[3], Company("Other", lei="724500VNNHZHYDLFMO70")),
    "domain": (COMPANIES[1], Company("Other", domain="https://www.jansen.example/x")),
    "name": (COMPANIES[4], Company("METAAL-GROEP b.v.", country="NL", postcode="3011ab")),
}
for _kind, (_ours, _theirs) in _BY_KEY.items():
    _listed(
        f"a_claim_is_found_by_its_{_kind}",
        _decides(Facts([_claim(_ours)]), _lead(_theirs), f"a claim known by its {_kind}"),
    )
    _listed(
        f"an_incumbent_is_found_by_its_{_kind}",
        _decides(
            Facts(incumbents=[Incumbent(_ours, "Œuvre & Fils", since=AT - _DAY)]),
            _lead(_theirs),
            f"an incumbent known by its {_kind}, under seal",
        ),
    )

_JANSEN = COMPANIES[1]
_FULL = Facts(counts=[Count("delta", open=2), Count("maas")])
_RECENT = Facts(counts=[Count("delta", 0, 3, (AT - 30 * _DAY + _MOMENT, AT - _DAY, AT - _DAY))])
_DECIDING: dict[str, tuple[Facts, Lead]] = {
    "a_claim_is_found_by_the_domain_of_its_mail": (
        Facts([_claim(COMPANIES[6], email="x@jansen.example")]),
        _lead(_JANSEN),
    ),
    "a_claim_is_found_by_the_domain_of_the_lead_s_mail": (Facts([_claim(_JANSEN)]), _lead(email="y@jansen.example")),
    "a_claim_that_ends_a_microsecond_later_stands": (Facts([_claim(_JANSEN, expires_at=AT + _MOMENT)]), _lead(_JANSEN)),
    "of_two_claims_both_are_told": (
        Facts(
            [
                _claim(_JANSEN),
                Registration("R0", "Œuvre & Fils", _JANSEN, status="approved", submitted_at=AT - _DAY - _MOMENT),
            ]
        ),
        _lead(_JANSEN),
    ),
    "open_leads_are_counted": (_FULL, _lead()),
    "leads_of_the_last_thirty_days_are_counted": (_RECENT, _lead()),
    "credits_are_told": (Facts(ledgers={"territories": {"delta": -(10**24), "maas": 10**24}}), _lead()),
    "a_share_of_nothing_is_told": (Facts(shares={"delta": 0}), _lead()),
    "past_holders_are_told": (Facts(past_holders=[PastHolder("L1", "delta", "declined")]), _lead()),
    "the_customer_s_choice_is_told": (
        Facts(choices=[Choice("C1", "L1", "Œuvre & Fils", evidence="e", actor="p", chosen_at=AT - _MOMENT)]),
        _lead(),
    ),
    "a_dealer_that_won_the_company_is_told": (
        Facts(incumbents=[Incumbent(_JANSEN, "Œuvre & Fils", since=AT - _DAY)]),
        _lead(_JANSEN),
    ),
}
for _name, (_facts, _one) in _DECIDING.items():
    _listed(_name, _decides(_facts, _one, _name.replace("_", " ")))


@_check
def names_that_are_alike_are_told_where_the_plan_reviews_them(bench: Bench) -> None:
    try:
        plan = a_plan(1, alike=True)
    except MissingExtra as error:
        raise NotHere(str(error)) from None
    lead = Lead("L1", Company("Jansen Metal", country="NL"), country="NL")
    facts = Facts([_claim(Company("Jansen Metaal", country="NL", number="24123456"))])
    told = _told(bench, facts, needs(lead, plan))
    same(route(lead, plan, told, at=AT), route(lead, plan, facts, at=AT), "names that are alike: the decision", 1)


def _any_world(judge: Callable[[World, Facts], None]) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        @tries(bench.examples)
        @given(st.integers(0, 999))
        def tried(seed: int) -> None:
            world = a_world(seed)
            with Bench(bench.make) as one:
                judge(world, _told(one, world.facts, needs(world.lead, world.plan)))

        tried()

    return run


def _same_decision(world: World, told: Facts) -> None:
    for days in (0, 1, 400):
        at = AT + days * _DAY
        wanted, got = (route(world.lead, world.plan, facts, at=at) for facts in (world.facts, told))
        same(got, wanted, "the decision with what the source tells", 1)


def _same_why(world: World, told: Facts) -> None:
    wanted, got = (explain(world.lead, world.plan, facts, at=AT) for facts in (world.facts, told))
    same(got.text(lang="en"), wanted.text(lang="en"), "the explanation with what the source tells", 1)


_listed("any_lead_is_routed_as_with_all_facts", _any_world(_same_decision))
_listed("any_decision_is_explained_as_with_all_facts", _any_world(_same_why))


# Nothing is left out, nothing is added


def _left_out(part: str) -> Callable[[World, Facts], None]:
    def judge(world: World, told: Facts) -> None:
        asked = needs(world.lead, world.plan)
        wanted, got = (getattr(asked.of(facts), part) for facts in (world.facts, told))
        same(got, wanted, f"of what was asked for, the `{part}` that the source tells", 1)

    return judge


def _added(part: str) -> Callable[[World, Facts], None]:
    def judge(world: World, told: Facts) -> None:
        known, said = getattr(world.facts, part), getattr(told, part)
        if isinstance(said, tuple):
            extra = [one for one in said if one not in known]
        else:
            extra = [(name, one) for name, one in said.items() if name not in known or known[name] != one]
        if extra:
            raise Broken(f"the source tells `{part}` that never were", 1, f"some of {shown(known)}", shown(extra[0]))

    return judge


for _part in PARTS:
    _listed(f"no_{_part}_that_are_needed_are_left_out", _any_world(_left_out(_part)))
    _listed(f"no_{_part}_are_invented", _any_world(_added(_part)))


# How it is asked


@_check
def a_source_without_facts_tells_none(bench: Bench) -> None:
    same(_told(bench, Facts(), needs(_lead(), _PLAN)), Facts(), "what a source without facts tells", 1)


@_check
def a_source_may_be_asked_for_nothing(bench: Bench) -> None:
    told = _told(bench, a_world(1).facts, Needs("nobody", (), (), (), ()))
    same(Needs("nobody", (), (), (), ()).of(told), Facts(), "what is needed of what a source tells, of nothing", 1)


@_check
def a_source_may_be_asked_for_what_it_does_not_know(bench: Bench) -> None:
    keys = tuple(sorted(COMPANIES[0].keys(), key=str))
    told = _told(bench, Facts(), Needs("'; --", keys, keys, ("nobody", "%"), ("no-ledger",)))
    same(told, Facts(), "what a source without facts tells of things that it does not know", 1)


@_check
def a_source_may_be_asked_for_thousands(bench: Bench) -> None:
    dealers = tuple(sorted(f"dealer-{number}" for number in range(3_000)))
    facts = Facts(counts=[Count(dealers[7], 1), Count("delta", 2)], shares={dealers[8]: "0.5"})
    asked = Needs("L1", (), (), dealers, dealers)
    same(asked.of(_told(bench, facts, asked)), asked.of(facts), "what a source tells of 3,000 dealers", 1)


@_check
def a_source_tells_the_same_when_it_is_asked_again(bench: Bench) -> None:
    world = a_world(4)
    source, asked = bench.another(world.facts), needs(world.lead, world.plan)
    first = source.facts(asked)
    source.facts(needs(_lead(), _PLAN))
    same(source.facts(asked), first, "what a source tells the second time, with another question between", 1)


@_check
def two_sources_have_nothing_in_common(bench: Bench) -> None:
    asked = needs(_lead(), _PLAN)
    one, other = bench.another(_FULL), bench.another(Facts())
    same(other.facts(asked), Facts(), "what a source without facts tells, beside one that has some", 1)
    same(asked.of(one.facts(asked)), asked.of(_FULL), "what a source tells, beside one without facts", 1)


@_check
def facts_about_other_leads_are_not_taken_for_this_one_s(bench: Bench) -> None:
    facts = Facts(
        past_holders=[PastHolder("l1", "delta", "declined"), PastHolder("L1 ", "maas"), PastHolder("é", "maas")],
        choices=[Choice("C1", "l1", "Œuvre & Fils", evidence="e", actor="p", chosen_at=AT)],
    )
    asked = needs(_lead(), _PLAN)
    same(
        asked.of(_told(bench, facts, asked)), Facts(), "what is needed of facts that are about leads with alike ids", 1
    )
