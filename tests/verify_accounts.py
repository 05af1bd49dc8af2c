"""Companies with accounts, and every lead of theirs really routed, as the answers of `verify` are held against.

Knows: plans with accounts, what their leads may say of the company. Each law takes a seed, and raises `AssertionError`
where an answer about the plans of that seed is wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from random import Random

from dealerrouting import Account, Company, Dealer, Lead, Plan, Territory, by, verify, where
from dealerrouting.rules.route import NO_FACTS, consider
from dealerrouting.verify.outcome import agrees, of_course

NOW = datetime(2027, 1, 8, 9, tzinfo=UTC)
ENDED = datetime(2026, 6, 1, tzinfo=UTC)
DEALERS = [Dealer("a"), Dealer("b"), Dealer("c"), Dealer("house", kind="house")]
DOMAINS, NUMBERS = (None, "anvil.example", "brick.example"), (None, "24123456", "33031431")
LEADS = [
    Lead("L", Company("Prospect", domain=domain, number=number, country="NL"), country="NL")
    for domain, number in product(DOMAINS, NUMBERS)
]
EVERYBODY = where.country.exists() | ~where.country.exists()


def said(company):
    return {(name, value) for name in ("domain", "number") if (value := getattr(company, name))}


def told(lead, *plans):
    """Whether a lead says nothing but what one account of these plans is known by."""
    mine = said(lead.company)
    return bool(mine) and any(mine <= said(one.company) for plan in plans for one in plan.accounts)


def an_account(rng, name):
    domain, number = rng.choice([pair for pair in product(DOMAINS, NUMBERS) if any(pair)])
    company = Company(f"Company {name}", domain=domain, number=number, country="NL")
    return Account(name, rng.choice("aab"), company, valid_until=rng.choice((None, None, None, ENDED)))


def a_plan(accounts, pick, first=True):
    rungs = [by.accounts(pick=pick), by.territories()]
    return Plan(
        "accounts",
        house="house",
        dealers=DEALERS,
        accounts=accounts,
        territories=[Territory("nl", ["c"], country="NL")],
        precedence=rungs if first else rungs[::-1],
    )


def two_plans(seed):
    rng = Random(seed)
    before = [an_account(rng, f"k{n}") for n in range(rng.randint(0, 3))]
    after = [one for one in before if rng.random() < 0.8]
    after += [an_account(rng, f"n{n}") for n in range(rng.randint(0, 1))]
    after = [an_account(rng, one.id) if rng.random() < 0.3 else one for one in after]
    pick, other = rng.choice(("unique", "rotation")), rng.choice(("unique", "rotation"))
    first = rng.random() < 0.7
    planned = a_plan(after, other if rng.random() < 0.3 else pick, first ^ (rng.random() < 0.1))
    return a_plan(before, pick, first), planned


def result(lead, plan):
    return of_course(consider(lead, plan, NO_FACTS, at=NOW))


def equal_only_where_no_lead_tells_them_apart(seed):
    plans = two_plans(seed)
    differ = [lead for lead in LEADS if result(lead, plans[0]) != result(lead, plans[1])]
    verdict = verify.equal(*plans, at=NOW)
    if verdict.holds:
        assert not differ, (differ[0].company, plans)
    if any(told(lead, *plans) for lead in differ):
        assert verdict.holds is False
    if verdict.holds is False:
        shown = verdict.witness
        one, two = (of_course(consider(shown.lead, plan, shown.facts, at=shown.at)) for plan in plans)
        assert one != two
    if verdict.holds is None:
        assert verdict.opaque or verdict.besides


def every_change_is_told(seed):
    plans = two_plans(seed)
    found = verify.diff(*plans, at=NOW)
    changes = [(one.before, one.after) for one in found.changes if one.away is None]
    for lead in (lead for lead in LEADS if told(lead, *plans)):
        pair = result(lead, plans[0]), result(lead, plans[1])
        if pair[0] != pair[1]:
            assert any(fits(change, pair) for change in changes), (lead.company, pair, changes)
    for change in found.changes:
        witness = change.witness
        real = [of_course(consider(witness.lead, plan, witness.facts, at=witness.at)) for plan in plans]
        assert fits((change.before, change.after), real)


def fits(told, real):
    return all(map(agrees, told, real))


def a_promise_is_broken_where_a_company_breaks_it(seed):
    plan, _ = two_plans(seed)
    rng = Random(seed)
    name, always = rng.choice(("a", "b", "c", "house")), rng.random() < 0.5
    question = verify.always if always else verify.never
    found = question(plan, EVERYBODY, holder=name, at=NOW)
    for lead in (lead for lead in LEADS if told(lead, plan)):
        held = {*result(lead, plan).holders("house")}
        broken = held != {name} if always else name in held
        assert not broken or found, (lead.company, held)


def accounts_overlap_where_a_company_is_both(seed):
    plan, _ = two_plans(seed)
    found = {one.at for one in verify.overlaps(plan, at=NOW) if one.name == "overlapping-account"}
    met, here = set(), [said(one.company) for one in plan.accounts if one.valid_until is None]
    for lead in (lead for lead in LEADS if any(said(lead.company) <= mine for mine in here)):
        course = consider(Lead("L", lead.company), plan, NO_FACTS, at=NOW)  # from nowhere: no territory takes it before
        heard = next((one for one in course.heard if one.rung.kind == "accounts"), None)
        offered = [(one.source, one.dealer) for one in heard.offered] if heard else []
        pairs = {tuple(sorted((a, b))) for a, one in offered for b, two in offered if one != two}
        assert not pairs or found & pairs, (lead.company, pairs)
        met |= pairs
    assert found <= met


LAWS = (
    equal_only_where_no_lead_tells_them_apart,
    every_change_is_told,
    a_promise_is_broken_where_a_company_breaks_it,
    accounts_overlap_where_a_company_is_both,
)
