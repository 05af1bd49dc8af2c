"""The laws of routing as plain functions: each raises AssertionError where its law is broken.

The properties in `rules/` call them on whatever Hypothesis draws, the planted faults in `faults/` call
the same functions on a core that has been broken on purpose. Numbers are those of the design.
"""

from __future__ import annotations

import pickle
from datetime import timedelta, timezone
from random import Random

from attrs import evolve

import dealerrouting.rules as core
import reference
from dealerrouting import Facts, Lead
from dealerrouting.calendar import NEVER
from dealerrouting.model import FLAGS, MILLION
from dealerrouting.rules import picks as policies
from dealerrouting.tables.countries import read_country
from dealerrouting.testing.laws.routing import can_act
from dealerrouting.testing.laws.shuffling import quiet_plan, shuffled_facts, shuffled_plan

GIVING = ("rules", "territories", "nearest")


def decide(lead, plan, facts, at):
    """The decision; a lead that is lost to an exception breaks whatever law was asked."""
    try:
        return core.route(lead, plan, facts, at=at)
    except Exception as error:
        raise AssertionError(f"the lead is lost: {error!r}") from error


def gives(rung):
    """Whether the rung of this name gives a lead away."""
    return rung.partition("-")[0] in GIVING


# 1. Same lead, plan, facts, instant: same decision.


def law_1(lead, plan, facts, at):
    """Twice, from pickled twins, and with the instant told in another zone."""
    first = decide(lead, plan, facts, at)
    assert decide(lead, plan, facts, at) == first
    twins = pickle.loads(pickle.dumps((lead, plan, facts)))
    assert twins == (lead, plan, facts)
    assert twins[1].digest == plan.digest == first.plan
    assert decide(*twins, at) == first
    assert decide(lead, plan, facts, at.astimezone(timezone(timedelta(hours=-9, minutes=-30)))) == first


# 2. Every lead has exactly one holder; what cannot be read is absent, kept and flagged.


def law_2(lead, plan, facts, at):
    """One holder that the plan knows, an outcome and flags that fit it."""
    decision = decide(lead, plan, facts, at)
    kinds = {dealer.id: dealer.kind for dealer in plan.dealers}
    assert decision.lead == lead.id
    assert decision.at == at
    assert decision.holder in kinds
    assert decision.outcome == ("house" if kinds[decision.holder] == "house" else "assigned")
    assert decision.by in {"house", *(rung.name for rung in plan.precedence)}
    assert decision.by != "house" or decision.holder == plan.house
    assert list(decision.flags) == sorted(set(decision.flags))
    assert all(flag in FLAGS or flag.startswith("unreadable:") for flag in decision.flags)
    assert {flag for flag in decision.flags if ":" in flag} == reference.says(lead, plan, at)[1]
    why = {"by_plan", "conflict", "nobody_serves", "no_dealer_available", "hops_exhausted"} & set(decision.flags)
    assert len(why) == (1 if decision.outcome == "house" else 0)
    assert not decision.retry or "no_dealer_available" in decision.flags


def blank(raw):
    """Whether a field was left empty."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def law_2_reads(arguments):
    """Each field of a lead is read, or absent with its raw text kept; reading its own fields changes nothing."""
    try:
        lead = Lead(**arguments)
    except Exception as error:
        raise AssertionError(f"refused or lost: {error!r}") from error
    company = arguments.get("company")
    given = {name: arguments.get(name) for name in reference.COLUMNS[1:]}
    held = {name: getattr(lead, name) for name in reference.COLUMNS[1:]}
    given |= {f"x_{name}": raw for name, raw in (arguments.get("attributes") or {}).items()}
    held |= {name: lead.attributes.get(name[2:]) for name in given if name.startswith("x_")}
    if isinstance(company, dict):
        known = {name: raw for name, raw in company.items() if hasattr(lead.company, name)}
        given |= {f"company.{name}": raw for name, raw in known.items()}
        held |= {f"company.{name}": getattr(lead.company, name) for name in known}
    for name, raw in given.items():
        assert (name in lead.unreadable) == (held[name] is None and not blank(raw)), name
        if name in lead.unreadable and isinstance(raw, str):
            assert lead.unreadable[name] == raw.encode("utf-8", "backslashreplace").decode()[:1024]
    for text in (*held.values(), *lead.unreadable.values()):
        for word in text if isinstance(text, tuple) else (text,):
            assert not isinstance(word, str) or word.encode("utf-8"), "what is kept can be stored"
    assert lead.country is None or read_country(lead.country) == lead.country
    code = reference.postcode.parse(lead.country, lead.postcode)
    assert lead.postcode == (code.text if code else None)
    assert lead.received_at is None or lead.received_at.utcoffset() == timedelta(0)
    assert lead.point is None or (-90 <= lead.lat <= 90 and -180 <= lead.lon <= 180)
    assert (lead.lat is None) == (lead.lon is None)
    assert lead.value is None or 0 <= lead.value < 10**15
    assert lead.employees is None or lead.employees == int(lead.employees) >= 0
    assert lead.language is None or (lead.language.isalpha() and lead.language == lead.language.lower())
    assert lead.currency is None or (len(lead.currency) == 3 and lead.currency.isupper())
    assert evolve(lead) == lead
    assert pickle.loads(pickle.dumps(lead)) == lead


# 3. Who registered the prospect gets it; if it cannot act, a person is asked before the house.


def law_3(lead, plan, facts, at):
    """The first standing claim whose dealer can act decides; an absent claimant is told."""
    decision = decide(lead, plan, facts, at)
    first, claims = plan.precedence[0], []
    if first.kind == "registrations":
        told, _ = reference.says(lead, plan, at)
        claims = reference.standing(lead, plan, facts, told, at)
    able = [claim for claim in claims if can_act(claim.dealer, lead, plan, facts, at)]
    if able:
        assert (decision.holder, decision.because) == (able[0].dealer, (able[0].id,))
    assert (decision.by == "registrations") == bool(able)
    assert ("claimant_unavailable" in decision.flags) == bool(claims and able[:1] != claims[:1])
    house = decision.outcome == "house"
    assert ("review" in decision.flags) == (house and "claimant_unavailable" in decision.flags)
    named = {(over.dealer, source) for over in decision.passed_over for source in over.because}
    for claim in claims:
        dealer = plan.dealer(claim.dealer)
        mine = dealer is None or dealer.kind == "house" or claim.dealer == decision.holder
        assert mine or (claim.dealer, claim.id) in named


def law_3_owed(lead, plan, facts, at):
    """Where the customer's choice decided, every other claimant is owed; else nobody is. Doubts are only shown."""
    decision = decide(lead, plan, facts, at)
    told, _ = reference.says(lead, plan, at)
    chosen = facts.choices.get(lead.id)
    claims = [c for c in reference.standing(lead, plan, facts, told, at) if c != chosen]
    owed = {}
    if decision.by == "registrations" and chosen is not None and decision.because == (chosen.id,):
        for claim in claims:
            if claim.dealer != decision.holder:
                owed.setdefault(claim.dealer, []).append(claim.id)
    assert {one.dealer: one.because for one in decision.owed} == {n: tuple(sorted(ids)) for n, ids in owed.items()}
    assert all(one.credit == plan.terms.claims.credit for one in decision.owed)
    doubtful = {
        claim.id for claim in reference.doubtful(lead, plan, facts, told, at) if claim.dealer != decision.holder
    }
    shown = doubtful if plan.precedence[0].kind == "registrations" and decision.by != "registrations" else set()
    assert set(decision.review) == shown
    assert ("review_match" in decision.flags) == bool(shown)
    assert shown.isdisjoint(decision.because)


# 4. Never a holder that cannot act; never a full one from a rung that gives.


def law_4(lead, plan, facts, at):
    """Whoever a rung chose could act; whoever was given it had room, a share and the language."""
    decision = decide(lead, plan, facts, at)
    if decision.by == "house" or "conflict" in decision.flags:
        return
    name = decision.holder
    assert can_act(name, lead, plan, facts, at)
    if not gives(decision.by):
        return
    dealer, count = plan.dealer(name), facts.count(name)
    recent = count.last_30_days - len([t for t in count.assigned_at if at - t >= timedelta(days=30)])
    assert dealer.max_open is None or count.open < dealer.max_open
    assert dealer.max_per_30_days is None or recent < dealer.max_per_30_days
    assert facts.share(name) > 0
    assert not dealer.serves_languages or lead.language is None or lead.language in dealer.serves_languages
    assert not dealer.serves_products or lead.product is None or lead.product in dealer.serves_products
    had = [p for p in facts.past_holders if p.lead == lead.id and p.why != "excluded"]
    assert dealer.kind == "house" or len(had) <= plan.terms.max_reassignments


# 5. Order means nothing, but for rungs, and rules under `first`.


def law_5(lead, plan, facts, at, rng):
    """Shuffled parts and facts, facts given twice: the same plan, digest, facts and decision."""
    other, again = shuffled_plan(plan, rng), shuffled_facts(facts, rng)
    assert again == facts
    assert other == plan
    assert other.digest == plan.digest
    assert decide(lead, other, again, at) == decide(lead, plan, facts, at)


def law_5_shuffles(lead, plan, facts, at):
    """Some shuffles of one case, the same ones every time."""
    for seed in range(8):
        law_5(lead, plan, facts, at, Random(seed))


# 7. A function of the caller's own never loses a lead.


def law_7(lead, plan, facts, at):
    """One that fails is as if it had answered nothing, and `opaque_error` says where that mattered."""
    decision = decide(lead, plan, facts, at)
    quiet = decide(lead, quiet_plan(plan), facts, at)
    assert "opaque_error" not in quiet.flags
    assert evolve(decision, flags=tuple(flag for flag in decision.flags if flag != "opaque_error")) == quiet
    assert ("opaque_error" in decision.flags) == ("opaque_error" in reference.route(lead, plan, facts, at)[3])


# 8. Rotation is fair.


def law_8(weights, leads):
    """From zero, in one pool, nobody is ever a lead or more from its entitlement; returns the worst drift."""
    worst = 0
    due = policies.entitlements(weights)
    assert sum(due.values()) == MILLION
    credits = dict.fromkeys(due, 0)
    for _ in range(leads):
        credits = {name: credits[name] + due[name] for name in credits}
        credits[policies.turn(credits, due)] -= MILLION
        worst = max(worst, *map(abs, credits.values()))
        assert worst < MILLION, (weights, credits)
        assert sum(credits.values()) == 0
    return worst


def law_8_bounded(pools):
    """With pools that change, nobody drifts as many leads as there are dealers; returns the worst drift."""
    ledger, worst = {}, 0
    for weights in pools:
        due = policies.entitlements(weights)
        credits = {name: ledger.get(name, 0) + due[name] for name in sorted(due)}
        credits[policies.turn(credits, due)] -= MILLION
        ledger.update(credits)
        worst = max(worst, *map(abs, ledger.values()))
        assert worst < MILLION * len(ledger), (weights, ledger)
        assert sum(ledger.values()) == 0
    return worst


def law_8_routed(plan, leads, ledger, at):
    """The same for whole decisions: the ledger that `Facts.after` keeps says who has had how many."""
    facts, won, earned = Facts(), {}, {}
    for lead in leads:
        decision = decide(lead, plan, facts, at)
        before, facts = facts.ledgers.get(ledger, {}), facts.after(decision)
        after = facts.ledgers.get(ledger, {})
        assert (decision.changes.ledger, decision.by) == (ledger, ledger)
        assert dict(after) == {**before, **decision.changes.credits}
        won[decision.holder] = won.get(decision.holder, 0) + 1
        for name in after:
            paid = MILLION if name == decision.holder else 0
            earned[name] = earned.get(name, 0) + after[name] - before.get(name, 0) + paid
        assert sum(after.values()) == 0
        for name in after:
            assert abs(earned[name] - won.get(name, 0) * MILLION) < MILLION
            assert after[name] == earned[name] - won.get(name, 0) * MILLION
    return earned


# What else must hold of every case.


def law_needs(lead, plan, facts, at):
    """What `needs` names is all that matters."""
    assert decide(lead, plan, core.needs(lead, plan).of(facts), at) == decide(lead, plan, facts, at)


def law_reference(lead, plan, facts, at):
    """The second, naive `route` says the same."""
    decision = decide(lead, plan, facts, at)
    found = decision.holder, decision.by, decision.because, decision.flags
    assert found == reference.route(lead, plan, facts, at)


def law_explained(lead, plan, facts, at):
    """The explanation is of this decision, gives everybody a reason, and can be said in every language."""
    why = core.explain(lead, plan, facts, at=at)
    assert why.decision == decide(lead, plan, facts, at)
    verdicts = [report.verdict for report in why.rungs]
    assert [report.rung for report in why.rungs] == [rung.name for rung in plan.precedence]
    decided = [report for report in why.rungs if report.verdict in ("decided", "conflict")]
    assert [report.rung for report in decided] == ([why.decision.by] if why.decision.by != "house" else [])
    assert "not_reached" not in verdicts[: verdicts.index(decided[0].verdict)] if decided else True
    for report in why.rungs:
        for one in report.considered:
            assert one.reason
            holds = one.reason == "holds"
            assert not holds or (one.dealer, report.rung) == (why.decision.holder, why.decision.by)
    for lang in core.LANGUAGES:
        said = why.text(lang)
        assert lead.id in said
        assert why.decision.holder in said
        assert len(said.splitlines()) >= 1 + len(why.decision.flags) + len(why.rungs)


def law_why_not(lead, plan, facts, at, dealer):
    """The counterfactual is true: there the dealer holds the lead, or nothing on the menu helps."""
    why = core.explain(lead, plan, facts, at=at)
    found = why.why_not(dealer)
    assert found.dealer == dealer
    if why.decision.holder == dealer:
        assert (found.change, found.decision) == ("holds", why.decision)
    elif plan.dealer(dealer) is None:
        assert found.change == "unknown_dealer"
    elif found.change == "none_of_these":
        assert found.decision is None
    else:
        assert found.change in core.MENU
        assert found.decision.holder == dealer
    for lang in core.LANGUAGES:
        assert dealer in found.text(lang)
        assert why.for_dealer(dealer).text(lang)
    return found.change


def law_two_worlds(lead, plan, facts, other, at, dealer):
    """What a dealer reads does not tell it what others' facts are, as long as it does (not) hold the lead."""
    here, there = (core.explain(lead, plan, world, at=at).for_dealer(dealer) for world in (facts, other))
    if here.holds != there.holds:
        return
    # A holder may see another of its own sources decide: `specific` compares with whoever can act.
    chosen = {"holds": "matches", "not_chosen": "matches"} if here.holds else {}
    mine, theirs = ([(c.source, chosen.get(c.reason, c.reason), c.detail) for c in view.own] for view in (here, there))
    assert mine == theirs
    assert here.holds or all(here.text(lang) == there.text(lang) for lang in core.LANGUAGES)


def law_after(plan, facts, stream):
    """A running fold keeps the same counts, ledger and incumbents as plain lists would."""
    opened, given, ledgers, served = _books(facts)
    for lead, at in stream:
        decision = decide(lead, plan, facts, at)
        facts = facts.after(decision)
        name, changes = decision.holder, decision.changes
        assert changes.opened == name
        opened[name] = opened.get(name, 0) + 1
        given.setdefault(name, [0, []])[1].append(at)
        if changes.ledger:
            ledgers.setdefault(changes.ledger, {}).update(changes.credits)
        if plan.dealer(name).kind == "dealer" and plan.rung("incumbent") and reference.keys_of(lead, plan)[0]:
            known, _ = reference.keys_of(lead, plan)
            key = (tuple(sorted(map(reference.identity.sealed, known), key=str)), name, "open")
            if at > max(served.get(key, [NEVER])):
                served[key] = [at]
        assert {n: c.open for n, c in facts.counts.items() if c.open} == {n: o for n, o in opened.items() if o}
        for n, (known, times) in given.items():
            recent = [t for t in times if at - t < timedelta(days=30)]
            assert facts.count(n).in_30_days(at) == known + len(recent)
        assert {k: dict(v) for k, v in facts.ledgers.items() if any(v.values())} == {
            k: v for k, v in ledgers.items() if any(v.values())
        }
        found = {}
        for one in facts.incumbents:
            found.setdefault((one.company, one.dealer, one.status), []).append(one.since)
        assert found == served
        rebuilt = Facts(
            facts.registrations,
            facts.incumbents,
            facts.counts.values(),
            facts.ledgers,
            facts.shares,
            facts.past_holders,
            facts.choices,
        )
        assert rebuilt == facts
        assert decide(lead, plan, rebuilt, at) == decide(lead, plan, facts, at)
    return facts


def _books(facts):
    opened = {name: count.open for name, count in facts.counts.items()}
    given = {
        name: [count.last_30_days - len(count.assigned_at), list(count.assigned_at)]
        for name, count in facts.counts.items()
    }
    served = {}
    for one in facts.incumbents:
        served.setdefault((one.company, one.dealer, one.status), []).append(one.since)
    return opened, given, {name: dict(ledger) for name, ledger in facts.ledgers.items()}, served
