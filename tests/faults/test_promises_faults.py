"""Planted faults: promises held against brute force turn red where a lead shows nothing, or something is not asked."""

from __future__ import annotations

import importlib

import pytest

import verify_held as held
from dealerrouting.model import Facts
from dealerrouting.verify.outcome import Scenario, agrees

pytestmark = pytest.mark.pure

breaches, promises, tries = (
    importlib.import_module(f"dealerrouting.verify.{name}") for name in ("breaches", "promises", "tries")
)
MOST = 150


def turns_red(ask, target, name, planted):
    """Some seed is answered wrongly with the fault, and rightly without."""
    for seed in range(MOST):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(target, name, planted)
            red = held.wrongly(ask, seed)
        if red and not held.wrongly(ask, seed):
            return
    pytest.fail("the comparison stayed green on a broken verifier")


def comes_out_so(self, how, when, besides, course, real):
    return agrees(how.outcome, real)


@pytest.mark.parametrize("ask", [held.by_promise, held.by_company], ids=["picks", "companies"])
def test_a_lead_that_comes_out_so_is_enough(ask):
    turns_red(ask, breaches.Promise, "_shows", comes_out_so)


def test_of_whom_it_was_promised_is_forgotten():
    def anybody(self, how, when, besides, course, real):
        decision = course.decision
        return agrees(how.outcome, real) and self.wanted.broken(decision.holder, decision.by)

    turns_red(held.by_company, breaches.Promise, "_shows", anybody)


def test_a_company_with_an_account_shows_what_is_promised_of_others():
    turns_red(held.by_account, breaches, "while_known", lambda here, scenario, lead, by: here.when.full)


def test_the_account_that_was_asked_is_named_whoever_shows_it():
    turns_red(held.by_account, breaches, "known", lambda here, lead: [])


def test_nothing_else_is_tried():
    turns_red(held.by_promise, breaches.Promise, "_tries", lambda self, how, proof, plan: iter(()))


def test_facts_favour_nobody():
    turns_red(held.by_promise, tries, "_favoured", lambda facts, plan, outcome, dealer: facts)


def test_facts_of_what_has_happened_are_lost():
    real = tries._favoured

    def alone(facts, *more):
        found = real(facts, *more)
        return Facts(counts=found.counts, ledgers=found.ledgers)

    turns_red(held.by_company, tries, "_favoured", alone)


def test_a_hash_is_tried_with_one_id():
    turns_red(held.by_promise, tries, "_idents", lambda outcome, lead: iter((lead.id,)))


def test_picks_are_taken_to_leave_one():
    turns_red(held.by_promise, breaches, "may_tie", lambda outcome: False)


def test_an_open_lead_is_forgotten():
    turns_red(held.by_promise, promises, "incumbents", lambda plan: [Scenario()])


def test_companies_with_an_account_are_forgotten():
    turns_red(held.by_promise, promises, "companies", lambda here: iter(()))


def test_what_could_not_be_shown_is_left_out():
    def nowhere(self, found):
        return breaches.Finding("unknown-region", ("broken-promise",), "note", exact=False)

    with pytest.MonkeyPatch.context() as patch:  # whatever is found, little is shown; and yet nothing is lost
        patch.setattr(breaches.Promise, "_tries", lambda self, how, proof, plan: iter(()))
        turns_red(held.by_company, breaches.Promise, "_unshown", nowhere)
