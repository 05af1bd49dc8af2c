"""Planted faults: each law of routing turns red on a core that breaks it.

A fault is put into one function of the core; the law that the properties call is then asked about
generated cases (a fixed series, so that nothing is left to luck) or about one case made for it.
"""

import importlib
from datetime import timedelta
from fractions import Fraction
from itertools import count
from random import Random

import pytest
from attrs import evolve

import alphabet as abc
import laws
from dealerrouting import (
    Company,
    Custom,
    Dealer,
    Facts,
    Lead,
    PastHolder,
    Plan,
    Registration,
    Rule,
    Territory,
    by,
    where,
)
from dealerrouting.model import MILLION
from dealerrouting.rules import binding, picks

# `dealerrouting.rules.route` is the function; its module has to be asked for by name.
route = importlib.import_module("dealerrouting.rules.route")
offers = importlib.import_module("dealerrouting.rules.offers")
needs = importlib.import_module("dealerrouting.rules.needs")
explain = importlib.import_module("dealerrouting.rules.explain")
counterfactual = importlib.import_module("dealerrouting.rules.counterfactual")
lead_module = importlib.import_module("dealerrouting.model.lead")
facts_module = importlib.import_module("dealerrouting.model.facts")
network = importlib.import_module("dealerrouting.model.network")
calendar = importlib.import_module("dealerrouting.calendar")

pytestmark = pytest.mark.pure
AT = abc.APRIL
HOUSE = Dealer("house", kind="house")
NL = where.country == "NL"


def cases(number=400):
    """The same generated cases every time."""
    for seed in range(number):
        rng = Random(seed)
        plan = abc.a_plan(rng)
        yield abc.a_lead(rng), plan, abc.some_facts(rng), rng.choice(abc.INSTANTS)


def turns_red(law, given):
    """The law breaks on one of the cases given; how many it took."""
    for number, case in enumerate(given, 1):
        try:
            law(*case)
        except AssertionError:
            return number
    pytest.fail(f"{law.__name__} stayed green on a broken core")


def one_case(*territories, dealers=("a", "b"), rungs=None, lead=None, facts=None, **more):
    people = [one if isinstance(one, Dealer) else Dealer(one) for one in dealers]
    plan = Plan(
        "p",
        house="house",
        dealers=[HOUSE, *people],
        territories=territories,
        precedence=rungs or [by.registrations(), by.territories()],
        **more,
    )
    return lead or Lead("L", country="NL"), plan, facts or Facts(), AT


@pytest.fixture
def plant(monkeypatch):
    """Put a broken function in the place of a good one."""

    def planted(module, name, broken):
        if isinstance(getattr(module, name, None), dict):
            monkeypatch.setattr(module, name, getattr(module, name) | broken)
        else:
            monkeypatch.setattr(module, name, broken)

    return planted


LAWS = (
    laws.law_1,
    laws.law_2,
    laws.law_3,
    laws.law_3_owed,
    laws.law_4,
    laws.law_7,
    laws.law_needs,
    laws.law_reference,
    laws.law_explained,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_laws_are_green_on_these_cases_without_a_fault(law):
    for case in cases(60):
        law(*case)


# 1. The same again.


def test_1_a_counter(plant):
    tick = count()
    plant(route, "consider", lambda *a, real=route.consider, **k: _by_turns(real(*a, **k), next(tick)))
    turns_red(laws.law_1, cases(20))


def _by_turns(course, number):
    return evolve(course, decision=evolve(course.decision, because=(str(number),)))


def test_1_an_order_by_hash(plant):
    plant(picks, "POLICIES", {"priority": lambda pool, _: picks.Kept(tuple(sorted(pool, key=id)[:1]))})
    lands = [Territory(f"t{n}", name) for n, name in enumerate("abcdefghij")]
    turns_red(laws.law_5_shuffles, [one_case(*lands, dealers="abcdefghij", rungs=[by.territories(pick="priority")])])


def test_1_a_hidden_memory(plant):
    seen = {}
    plant(
        offers,
        "barred",
        lambda name, rung, case, real=offers.barred: real(name, rung, case) or _second_time(seen, name, case),
    )
    plant(route, "barred", offers.barred)
    turns_red(laws.law_1, [one_case(Territory("t", "a"))])


def _second_time(seen, name, case):
    seen[name, case.lead.id] = seen.get((name, case.lead.id), 0) + 1
    return "inactive" if seen[name, case.lead.id] > 1 else None


# 2. One holder, and nothing lost.


def test_2_a_lead_without_a_match_is_dropped(plant):
    plant(route, "_nobody", lambda *_: 1 / 0)
    turns_red(laws.law_2, cases(20))


def test_2_nobody_holds_it(plant):
    plant(route, "_decide", lambda *a, real=route._decide: evolve(real(*a), holder="nobody"))
    turns_red(laws.law_2, cases(5))


def test_2_the_flag_of_an_unreadable_field_is_forgotten(plant):
    plant(route, "_decide", lambda *a, real=route._decide: _without(real(*a), "unreadable"))
    turns_red(laws.law_2, cases(40))


def _without(decision, word):
    return evolve(decision, flags=tuple(flag for flag in decision.flags if not flag.startswith(word)))


def test_2_a_form_field_raises(plant):
    plant(lead_module, "_LEAD", {"value": lambda raw: lead_module.Decimal(raw)})
    turns_red(laws.law_2_reads, [({"id": "L", "value": "1.000,50"},)])


def test_2_the_raw_text_is_lost(plant):
    plant(lead_module, "_raw", lambda raw: "")
    turns_red(laws.law_2_reads, [({"id": "L", "value": "ten"},)])


def test_2_a_guess_is_made(plant):
    plant(lead_module, "_place", lambda values, given, bad: values.update(postcode=given["postcode"] or None))
    turns_red(laws.law_2_reads, [({"id": "L", "country": "NL", "postcode": "99"},)])


def test_2_a_conflict_falls_to_the_next_rung(plant):
    plant(route, "_hear", lambda *a, real=route._hear, **k: _no_quarrel(real(*a, **k)))
    turns_red(laws.law_reference, cases())


def _no_quarrel(heard):
    return evolve(heard, offered=(), steps=()) if heard.conflict else heard


# 3. The claimant first.


def claims(company=abc.COMPANIES[0], **columns):
    return Registration("R", "b", company, **{"status": "approved", "submitted_at": AT - timedelta(days=1)} | columns)


def test_3_claims_come_after_territories(plant):
    plant(route, "consider", lambda lead, plan, *a, real=route.consider, **k: real(lead, _claims_last(plan), *a, **k))
    turns_red(laws.law_3, cases())


def _claims_last(plan):
    late = evolve(plan)
    object.__setattr__(late, "precedence", (*plan.precedence[1:], plan.precedence[0]))
    return late


def test_3_an_absent_claimant_is_not_told(plant):
    plant(route, "_claimant_unavailable", lambda heard: False)
    turns_red(laws.law_3, cases())


def test_3_the_house_takes_it_unseen(plant):
    plant(route, "_decide", lambda *a, real=route._decide: _without(real(*a), "review"))
    turns_red(laws.law_3, cases())


def test_3_caps_touch_claims(plant):
    rungs = importlib.import_module("dealerrouting.rules.rungs")
    plant(rungs, "GIVES", rungs.GIVES | {"registrations"})
    turns_red(laws.law_3, cases())


def test_3_a_claim_stands_at_its_last_instant(plant):
    registration = importlib.import_module("dealerrouting.model.registration")
    half_open = registration.in_force
    plant(registration, "in_force", lambda start, end, at: half_open(start, end, at) or at == end)
    turns_red(
        laws.law_3,
        [one_case(Territory("t", "a"), lead=Lead("L", abc.COMPANIES[0]), facts=Facts([claims(expires_at=AT)]))],
    )
    turns_red(laws.law_3, cases(2_000))


def test_3_a_contradicting_number_is_overlooked(plant):
    identity = importlib.import_module("dealerrouting.identity")
    real = identity.match

    def agree(mine, theirs):
        found = real(mine, theirs)
        return evolve(found, strength=found.agree[0].kind if found.agree else None)

    plant(offers, "match", agree)
    turns_red(laws.law_3, cases())


def test_3_a_choice_is_overlooked(plant):
    real = offers._claims
    plant(offers, "_OFFERS", {"registrations": lambda *a: (c for c in real(*a) if c.rank != offers.CHOICE)})
    turns_red(laws.law_3, cases(2_000))


def test_3_a_doubtful_claim_routes(plant):
    real = offers.match

    def sure(mine, theirs, **also):
        found = real(mine, theirs, **also)
        return evolve(found, strength="name") if found.review else found

    plant(offers, "match", sure)
    turns_red(laws.law_3, cases(2_000))


def test_3_nobody_is_owed(plant):
    plant(route, "owed", lambda *_: ())
    turns_red(laws.law_3_owed, cases(2_000))


def test_3_a_doubt_is_kept_quiet(plant):
    plant(route, "reviews", lambda _: iter(()))
    turns_red(laws.law_3_owed, cases(2_000))


def test_3_a_shared_domain_is_a_key(plant):
    terms = importlib.import_module("dealerrouting.terms.claims")
    plant(terms.ClaimTerms, "recognised", lambda self, known: (known, frozenset()))
    turns_red(laws.law_3_owed, cases(2_000))


# 4. Never who cannot.


def without_bar(name):
    return lambda *a, real=offers._bars, **k: (reason for reason in real(*a, **k) if reason != name)


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
        "hops_exhausted",
    ],
)
def test_4_a_bar_is_forgotten(plant, reason):
    plant(offers, "_bars", without_bar(reason))
    turns_red(laws.law_4, cases(3_000))


def test_4_a_cap_is_full_one_lead_late(plant):
    plant(facts_module.Count, "in_30_days", lambda self, at, real=facts_module.Count.in_30_days: real(self, at) - 1)
    turns_red(laws.law_4, cases())


def test_4_a_pause_holds_its_end_and_not_its_begin(plant):
    plant(
        network.Dealer,
        "active",
        lambda self, at: (
            network.in_force(self.active_from, self.active_until, at)
            and not any(start < at <= end for start, end in self.paused)
        ),
    )
    turns_red(laws.law_4, cases(2_000))


# 5. Order means nothing.


def test_5_the_pick_keeps_the_last_written(plant):
    plant(picks, "POLICIES", {"rotation": lambda pool, _: picks.Kept(pool[-1:])})
    turns_red(laws.law_5_shuffles, [one_case(Territory("x", "a"), Territory("y", "b"))])


def test_5_facts_keep_their_order(plant):
    plant(facts_module, "_once", lambda records, *_: list(records))
    turns_red(laws.law_5_shuffles, cases(60))


def test_5_repeated_facts_count_twice(plant):
    once = facts_module._once

    def twice(records, ident, name, wrong):
        records = list(records)
        if name == "counts":
            return [evolve(c, open=c.open * records.count(c)) for c in once(records, ident, name, wrong)]
        return once(records, ident, name, wrong)

    plant(facts_module, "_once", twice)
    turns_red(laws.law_5_shuffles, cases(60))


def test_5_the_digest_is_of_the_order_of_rules(plant):
    canonical = importlib.import_module("dealerrouting.rules.canonical")
    plant(canonical, "_sorted", list)
    turns_red(laws.law_5_shuffles, cases(200))


# 7. No function of the caller's own loses a lead.


def test_7_an_exception_escapes(plant):
    plant(
        binding.Asked,
        "_call",
        lambda self, key, custom: custom.fn({name: self.facts.get(name) for name in custom.reads}),
    )
    turns_red(laws.law_7, cases())


def test_7_a_failure_is_false(plant):
    real = binding.Asked._call
    plant(binding.Asked, "_call", lambda self, key, custom: bool(real(self, key, custom)))
    turns_red(laws.law_7, [one_case(rungs=[by.rules(Rule("r", ~abc.CUSTOMS[2], ["a"]))])])


def test_7_rubbish_is_taken_for_true(plant):
    plant(
        binding.Asked,
        "_call",
        lambda self, key, custom: _truthy(custom, {name: self.facts.get(name) for name in custom.reads}),
    )
    turns_red(laws.law_7, cases())


def _truthy(custom, told):
    try:
        return bool(custom.fn(told))
    except Exception:
        return None


def test_7_a_failure_is_not_told(plant):
    plant(route, "_decide", lambda *a, real=route._decide: _without(real(*a), "opaque"))
    turns_red(laws.law_7, cases())


def test_7_a_failing_pick_keeps_nobody(plant):
    plant(route, "keep", lambda policy, pool, draw, real=picks.keep: _or_none(real(policy, pool, draw)))
    turns_red(laws.law_7, cases())


def _or_none(kept):
    return evolve(kept, pool=()) if kept.raised else kept


# 8. Fair.


def vectors():
    for vector in (
        [1, 1],
        [1, 1, 1],
        [4, 1, 1],
        [3, 1, 1, 1],
        [10, 10, 3, 1, 1],
        [1, 1, 1, 7, 7, 7],
        [1, 1, 1, 1, 3, 3, 3, 3],
    ):
        yield {name: Fraction(weight) for name, weight in zip("abcdefgh", vector, strict=False)}, 300


def largest_only(credits, due):
    return min(credits, key=lambda name: (-credits[name], name))


def earliest_only(credits, due):
    waiting = [name for name in sorted(credits) if due[name]]
    return min(waiting, key=lambda name: Fraction(MILLION - credits[name], due[name]))


def by_name(credits, due):
    return min(credits)


def first_owed(credits, due):
    return min((name for name in credits if credits[name] > 0), default=min(credits))


@pytest.mark.parametrize("broken", [largest_only, earliest_only, first_owed, by_name])
def test_8_another_turn_drifts(plant, broken):
    plant(picks, "turn", broken)
    turns_red(laws.law_8, vectors())


@pytest.mark.parametrize("broken", [earliest_only, first_owed])
def test_8_another_turn_drifts_far_where_pools_change(plant, broken):
    plant(picks, "turn", broken)
    turns_red(laws.law_8_bounded, [(greedy(5, broken),)])


def greedy(dealers, turn, leads=120):
    """Pools chosen one by one so that the credits grow as far apart as one more lead can bring them."""
    rng, ledger, pools = Random(dealers), dict.fromkeys("abcde"[:dealers], 0), []
    for _ in range(leads):
        best = None
        for _ in range(60):
            pool = {
                name: Fraction(rng.choice((1, 2, 10, 10**4)))
                for name in rng.sample(sorted(ledger), rng.randint(2, dealers))
            }
            due = picks.entitlements(pool)
            after = ledger | {name: ledger[name] + due[name] for name in due}
            after[turn({name: after[name] for name in sorted(due)}, due)] -= MILLION
            if best is None or spread(after) > spread(best[0]):
                best = after, pool
        ledger = best[0]
        pools.append(best[1])
    return pools


def spread(credits):
    return sum(credit * credit for credit in credits.values())


def test_8_entitlements_are_rounded_down(plant):
    plant(
        picks,
        "entitlements",
        lambda shares: {name: int(share * MILLION / sum(shares.values())) for name, share in shares.items()},
    )
    turns_red(laws.law_8, vectors())


def test_8_the_absent_earn_too(plant):
    rotation = picks._rotation

    def broken(pool, draw):
        kept = rotation(pool, draw)
        absent = draw.dealers.keys() - {candidate.dealer for candidate in pool} - {"house"}
        return evolve(kept, credits=kept.credits.updated(dict.fromkeys(sorted(absent), 1_000)))

    plant(picks, "POLICIES", {"rotation": broken})
    stream = [Lead(f"L{n}", country="NL") for n in range(6)]
    plan = one_case(Territory("t", ["a", "b"]), dealers="abc")[1]
    turns_red(laws.law_8_routed, [(plan, stream, "territories", AT)])


def test_8_the_ledger_is_forgotten(plant):
    plant(facts_module.Facts, "after", lambda self, decision: self)
    stream = [Lead(f"L{n}", country="NL") for n in range(6)]
    turns_red(laws.law_8_routed, [(one_case(Territory("t", ["a", "b"]))[1], stream, "territories", AT)])


# Three values, half-open, specific: told by the second `route`.


def test_not_unknown_is_true(plant):
    plant(binding.Flip, "truth", lambda self, facts, ask: self.part.truth(facts, ask) is not True)
    plant(binding.Asked, "_holds", lambda self, bound: bound.truth(self.facts, self._ask))
    turns_red(laws.law_reference, [one_case(rungs=[by.rules(Rule("r", ~(where.city == "x"), ["a"]))])])
    turns_red(laws.law_reference, cases())


def test_unknown_is_true(plant):
    plant(offers, "_holds", lambda source, rung, case: case.asked.holds(source.condition) is not False)
    turns_red(laws.law_reference, cases(40))


def test_a_validity_holds_its_end(plant):
    half_open = network.in_force
    plan_module = importlib.import_module("dealerrouting.rules.plan")
    plant(plan_module, "in_force", lambda start, end, at: half_open(start, end, at) or at == end)
    turns_red(laws.law_reference, [one_case(Territory("t", "a", valid_until=AT))])
    turns_red(laws.law_reference, cases(2_000))


def test_between_holds_its_first_end_only(plant):
    plant(binding, "_ASK", {"between": lambda fact, const: const[0] <= fact < const[1]})
    rule = Rule("r", where.employees.between(1, 9), ["a"])
    turns_red(laws.law_reference, [one_case(rungs=[by.rules(rule)], lead=Lead("L", employees=9))])


def test_specific_keeps_the_wider(plant):
    plant(picks, "implies", lambda given, wanted: binding.implies(wanted, given))
    turns_red(laws.law_reference, [one_case(Territory("w", "a"), Territory("n", "b", country="NL"))])
    turns_red(laws.law_reference, cases(2_000))


def test_a_custom_is_asked_where_the_rest_decides(plant):
    calls = []
    custom = Custom("c", lambda lead: calls.append(lead), reads=(), version="1")

    def never_asked(*case):
        laws.law_2(*case)
        assert not calls

    case = one_case(rungs=[by.rules(Rule("r", custom & NL, ["a"]))], lead=Lead("L", country="BE"))
    never_asked(*case)
    plant(binding.Asked, "holds", lambda self, bound: bound.truth(self.facts, self._ask))
    turns_red(never_asked, [case])


# Needs, explanations, what a dealer may read.


def test_needs_forgets_shares(plant):
    plant(needs.Needs, "of", lambda self, facts, real=needs.Needs.of: evolve_facts(real(self, facts), shares={}))
    turns_red(laws.law_needs, cases())


def test_needs_forgets_past_holders(plant):
    plant(needs.Needs, "of", lambda self, facts, real=needs.Needs.of: evolve_facts(real(self, facts), past_holders=()))
    turns_red(laws.law_needs, cases())


def test_needs_forgets_ledgers(plant):
    plant(needs.Needs, "of", lambda self, facts, real=needs.Needs.of: evolve_facts(real(self, facts), ledgers={}))
    turns_red(laws.law_needs, cases(2_000))


def evolve_facts(facts, **changed):
    names = ("registrations", "incumbents", "ledgers", "shares", "past_holders")
    parts = {name: getattr(facts, name) for name in names} | {"counts": facts.counts.values()}
    return Facts(**parts | changed)


def test_an_explanation_of_another_decision(plant):
    plant(explain, "consider", lambda lead, plan, facts, *, at: route.consider(lead, plan, Facts(), at=at))
    turns_red(laws.law_explained, cases())


def test_a_counterfactual_that_is_not_tried(plant):
    def promised(course, dealer):
        return counterfactual.Counterfactual(dealer, "its_turn", (), course.decision)

    plant(explain, "why_not", promised)
    turns_red(laws.law_why_not, [(*one_case(Territory("t", "a")), "b")])


def test_a_dealer_reads_anothers_reasons(plant):
    plant(explain, "_own_reason", lambda reason: reason)
    plan = one_case(
        Territory("t", ["a", "b"]), dealers="abc", rungs=[by.registrations(), by.territories(pick="priority")]
    )[1]
    worlds = Facts(), Facts([claims(Company(domain="x.example"))], past_holders=[PastHolder("L", "c", "declined")])
    lead = Lead("L", Company(domain="x.example"))
    turns_red(laws.law_two_worlds, [(lead, plan, *worlds, AT, "a")])


def test_the_books_are_kept_wrong(plant):
    real = facts_module.Count.given
    plant(facts_module.Count, "given", lambda self, at: evolve(real(self, at), open=self.open))
    turns_red(laws.law_after, [(one_case(Territory("t", "a"))[1], Facts(), [(Lead("L"), AT)])])
