"""Every law of claims turns red on an error that is planted in what it is about."""

from datetime import timedelta
from random import Random

import pytest
from attrs import evolve

import claims_laws as laws
import claims_world as world
from claims_world import START, Deed, draft
from dealerrouting import Company, Lead, Registration
from dealerrouting.model import Transition
from dealerrouting.registrations import Standing, asking, conflicts, faults, life
from dealerrouting.terms import ClaimTerms

pytestmark = pytest.mark.pure
WAITS = [timedelta(0), timedelta(0), timedelta(days=1), timedelta(days=5), timedelta(days=31), -timedelta(days=1)]


def a_story(seed):
    """Deeds, terms and accounts, drawn by a seeded chance."""
    rng = Random(seed)
    dos = ["submit"] * 12 + ["approve"] * 6 + ["settle"] * 3 + list(world.DOS)

    def a_deed():
        claim = draft(rng.randint(0, 5), rng.choice(world.DEALERS), rng.choice(world.COMPANIES),
                      rng.choice(world.PRODUCTS), rng.choice(["dealer", "dealer", "list"]))  # fmt: skip
        return Deed(rng.choice(dos), claim, rng.choice(WAITS), rng.random() < 0.8)

    return [a_deed() for _ in range(14)], rng.choice(world.TERMS), world.ACCOUNTS if rng.random() < 0.5 else ()


ONE, DAY = draft(1, "a", world.COMPANIES[0]), timedelta(days=1)
TELLING = (
    # One that is extended twice; one that ends half a day early; three claims of which two are allowed.
    ([Deed(do, ONE) for do in ("submit", "approve", "extend", "extend")], world.TERMS[0], ()),
    ([Deed("submit", ONE), Deed("expire", ONE, timedelta(hours=90 * 24 - 12))], world.TERMS[1], ()),
    ([Deed("submit", draft(n, "a", world.COMPANIES[n]), 2 * DAY) for n in (3, 5, 6)], world.TERMS[3], ()),
)


def broken(law, stories=300):
    """Whether some story breaks the law."""
    for deeds, terms, accounts in (*TELLING, *map(a_story, range(stories))):
        try:
            story = world.live(deeds, terms, accounts)
            law(story, terms, accounts) if law is laws.check_accounts else law(story, terms)
        except AssertionError:
            return True
    return False


@pytest.mark.parametrize("law", [*laws.STORY_LAWS, laws.check_accounts])
def test_no_story_breaks_a_law_that_is_kept(law):
    assert not broken(law, 60)


def turns_red(law):
    assert broken(law)


def test_products_never_overlap(monkeypatch):
    monkeypatch.setattr(conflicts, "overlap", lambda a, b: False)
    turns_red(laws.check_one_stands)


def test_a_standing_claim_is_overlooked(monkeypatch):
    real = conflicts._ahead

    def only_waiting(other, claim, now):
        return None if other.status == "approved" else real(other, claim, now)

    monkeypatch.setattr(conflicts, "_ahead", only_waiting)
    turns_red(laws.check_one_stands)


def test_a_claim_that_was_approved_a_moment_later_is_overlooked(monkeypatch):
    real = conflicts._ahead

    def only_standing(other, claim, now):
        late = other.status == "approved" and not other.stands(now.at)
        return None if late else real(other, claim, now)

    monkeypatch.setattr(conflicts, "_ahead", only_standing)
    turns_red(laws.check_one_stands)


def test_only_the_same_number_is_the_same_company(monkeypatch):
    real = conflicts.match

    def only_numbers(a, b, **also):
        found = real(a, b, **also)
        return found if found.strength == "number" else evolve(found, strength=None)

    monkeypatch.setattr(conflicts, "match", only_numbers)
    turns_red(laws.check_one_stands)


def test_a_person_outweighs_every_rule(monkeypatch):
    monkeypatch.delitem(faults._CHECKS, "approve")
    turns_red(laws.check_one_stands)


def test_the_last_goes_first(monkeypatch):
    def youngest(other, claim, now):
        if other.stands(now.at):
            return "first_valid"
        waits = other.status == "submitted" and (other.submitted_at, other.id) > (claim.submitted_at, claim.id)
        return "first_valid" if waits else None

    monkeypatch.setattr(conflicts, "_ahead", youngest)
    turns_red(laws.check_first_goes_first)


def test_a_claim_does_not_wait_for_an_older_one(monkeypatch):
    monkeypatch.setattr(conflicts, "_ahead", lambda other, claim, now: "first_valid" if other.stands(now.at) else None)
    turns_red(laws.check_first_goes_first)


def test_a_list_is_approved_by_rule(monkeypatch):
    real = life.objections
    monkeypatch.setattr(life, "objections", lambda *given: tuple(o for o in real(*given) if o.rule != "list_import"))
    turns_red(laws.check_never_alone)


def test_the_quota_is_not_counted(monkeypatch):
    monkeypatch.setattr(Standing, "made_by", lambda self, dealer, at: 0)
    turns_red(laws.check_quota)


def test_the_quota_is_of_a_day(monkeypatch):
    def today(self, dealer, at):
        return sum(c.dealer == dealer and at - c.submitted_at < timedelta(days=1) for c in self.claims)

    monkeypatch.setattr(Standing, "made_by", today)
    turns_red(laws.check_quota)


def test_a_claim_protects_a_day_too_long(monkeypatch):
    real = life._protected

    def longer(*given):
        claim = real(*given)
        more = claim.protected_until + timedelta(days=1)
        return evolve(claim, protected_until=more, expires_at=more)

    monkeypatch.setattr(life, "_protected", longer)
    turns_red(laws.check_time)


def test_a_claim_expires_a_day_early(monkeypatch):
    real = faults.next_due

    def early(claim, terms):
        due = real(claim, terms)
        return due and due - timedelta(days=1)

    monkeypatch.setattr(faults, "next_due", early)
    turns_red(laws.check_time)


def test_the_dealers_clock_counts(monkeypatch):
    real = life._settle
    monkeypatch.setattr(life, "_settle", lambda claim, *rest: real(evolve(claim, submitted_at=START), *rest))
    turns_red(laws.check_time)


def test_claims_are_extended_without_end(monkeypatch):
    monkeypatch.setitem(faults._CHECKS, "extend", lambda *given: ())
    turns_red(laws.check_time)


def test_activity_is_never_asked_for(monkeypatch):
    real = life._act
    monkeypatch.setitem(life._STEPS, "act", lambda claim, move, now: evolve(real(claim, move, now), expires_at=START))
    turns_red(laws.check_time)


def test_a_step_leaves_no_trace(monkeypatch):
    monkeypatch.setattr(life, "_noted", lambda claim, move, status, rule, now: evolve(claim, status=status))
    turns_red(laws.check_history)


def test_history_begins_anew(monkeypatch):
    def forgets(claim, move, status, rule, now):
        return evolve(claim, status=status, history=(Transition(move.do, status, now.at, move.actor, rule),))

    monkeypatch.setattr(life, "_noted", forgets)
    turns_red(laws.check_history)


def test_no_evidence_is_asked_for(monkeypatch):
    real = faults._forbidden
    monkeypatch.setattr(faults, "_forbidden", lambda *given: (r for r in real(*given) if r.rule != "evidence_missing"))
    turns_red(laws.check_history)


def test_everything_is_allowed_in_every_status(monkeypatch):
    real = faults._forbidden
    monkeypatch.setattr(faults, "_forbidden", lambda *given: (r for r in real(*given) if r.rule != "not_allowed"))
    turns_red(laws.check_history)


def test_an_account_of_another_is_overlooked(monkeypatch):
    monkeypatch.setattr(conflicts, "by_account", lambda *given: None)
    turns_red(laws.check_accounts)


def test_who_is_looked_at_first_wins(monkeypatch):
    claims = [draft(2, "a", world.COMPANIES[0]), draft(1, "b", world.COMPANIES[5])]
    laws.check_order_of_arrival(claims, ClaimTerms(), 1)
    monkeypatch.setattr(conflicts, "_ahead", lambda other, claim, now: "first_valid" if other.stands(now.at) else None)
    with pytest.raises(AssertionError):
        laws.check_order_of_arrival(claims, ClaimTerms(), 1)


def test_a_claim_stands_at_its_end(monkeypatch):
    end = START + timedelta(days=9)
    claim = evolve(draft(1, "a", world.COMPANIES[5]), status="approved", decided_at=START, expires_at=end)
    lead = Lead("L1", company=world.COMPANIES[5], country="NL")
    laws.check_routes_to_claimant(claim, lead, end)
    monkeypatch.setattr(Registration, "stands", lambda self, at: at <= self.expires_at)
    with pytest.raises(AssertionError):
        laws.check_routes_to_claimant(claim, lead, end)


def check_same_work(here, there):
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    place = Path(__file__).parents[1] / "registrations" / "test_asking.py"
    spec = spec_from_file_location("asking_checks", place)
    checks = module_from_spec(spec)
    spec.loader.exec_module(checks)
    checks.check_same_work(Company(number="24123456", country="NL"), here, there)


def test_an_answer_takes_less_work_where_nobody_is(monkeypatch):
    taken = life.submit(draft(1, "a", world.COMPANIES[0]), [], ClaimTerms(auto_approve=True), at=START)
    here, there = Standing([taken]), Standing()
    check_same_work(here, there)

    def unpadded(records, blank, rule):
        return [told for one in records if (told := rule(one))]

    monkeypatch.setattr(asking, "_compared", unpadded)
    with pytest.raises(AssertionError):
        check_same_work(here, there)
