"""`may_claim` says free, taken or ask, always in one length, always with the same work, and not too often."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import claims_world as world
from claims_world import PEOPLE, START, draft
from dealerrouting import Account, Company, Incumbent
from dealerrouting import registrations as life
from dealerrouting.identity import Claims
from dealerrouting.registrations import Answer, Refusal, Standing, conflicts
from dealerrouting.terms import ClaimTerms
from quick import upto

pytestmark = pytest.mark.pure
JANSEN, NAMED, NV, TWEE, DOMAIN, NUMBER, PEETERS, SRL = world.COMPANIES
AUTO = ClaimTerms(auto_approve=True, asks_per_dealer_per_day=3)
TAKEN = life.submit(draft(1, "a", JANSEN), [], AUTO, at=START)


def ask(company, standing=(), terms=AUTO, **also):
    stands = standing if isinstance(standing, Standing) else Standing(standing, dealers=PEOPLE)
    return life.may_claim(company, stands, terms, **{"dealer": "b", "at": START + timedelta(days=1), **also})


@pytest.mark.parametrize(
    ("company", "also", "word"),
    [
        (NUMBER, {}, "taken"),
        (NAMED, {}, "taken"),
        (DOMAIN, {}, "taken"),
        (NV, {}, "ask"),
        (TWEE, {}, "ask"),
        (Company(number="24123457", country="NL"), {}, "free"),
        (PEETERS, {}, "free"),
        (Company("No key"), {}, "ask"),
        (NUMBER, {"at": TAKEN.expires_at}, "free"),
        (NUMBER, {"at": TAKEN.expires_at - timedelta(microseconds=1)}, "taken"),
    ],
)
def test_answers(company, also, word):
    answer = ask(company, [TAKEN], **also)
    assert (answer.word, str(answer)) == (word, word.ljust(5))


def test_products_accounts_customers_and_groups():
    press = life.submit(draft(1, "a", JANSEN, ("press",)), [], AUTO, at=START)
    assert ask(NUMBER, [press], products=["saw"]).word == "free"
    assert ask(NUMBER, [press]).word == "taken"
    assert ask(NUMBER, Standing(accounts=[Account("k", "house", NAMED), Account("l", "c", NUMBER)])).word == "taken"
    assert ask(NUMBER, Standing(accounts=[Account("k", "b", NUMBER)])).word == "free"
    assert ask(NUMBER, Standing(customers=[Incumbent(NUMBER, "c", since=START)])).word == "taken"
    group = Standing([TAKEN], related=TAKEN.keys, dealers=PEOPLE)
    assert ask(PEETERS, group).word == "ask"
    assert ask(PEETERS, group, evolve(AUTO, covers_group=True)).word == "taken"
    assert ask(PEETERS, group, dealer="a").word == "free"
    waiting = life.submit(draft(1, "a", JANSEN), [], ClaimTerms(), at=START)
    assert ask(NUMBER, [waiting]).word == "taken"


def test_a_crowded_key_is_for_a_person():
    many = [life.submit(draft(n, "a", Company(number=f"{40_000_000 + n}", country="NL", domain="jansen.example")),
                        [], AUTO, at=START) for n in range(9)]  # fmt: skip
    assert ask(Company(number="24999999", country="NL", domain="jansen.example"), many).word == "ask"


def test_claims_that_are_over_crowd_nothing():
    over = [evolve(TAKEN, id=f"R{n}", expires_at=START + timedelta(hours=n + 1)) for n in range(9)]
    over += [evolve(TAKEN, id=f"W{n}", status="withdrawn") for n in range(9)]
    assert ask(NUMBER, over).word == "free"


def test_every_question_counts():
    asked = ()
    for hours in range(3):
        answer = ask(PEETERS, at=START + timedelta(hours=hours), asked=asked)
        assert isinstance(answer, Answer)
        asked = answer.asked
    assert len(asked) == 3
    refusal = ask(NUMBER, at=START + timedelta(hours=23), asked=asked)
    assert isinstance(refusal, Refusal)
    assert refusal.rules == ("quota",) == tuple(reason.rule for reason in refusal.for_dealer())
    after = ask(NUMBER, at=START + timedelta(hours=24), asked=asked)
    assert len(after.asked) == 3


worlds = st.builds(
    lambda claims, accounts, customers: Standing(claims, accounts, customers, PEOPLE),
    st.lists(
        st.builds(
            lambda number, dealer, company, status: evolve(
                draft(number, dealer, company), status=status, decided_at=START
            ),
            st.integers(0, 9), st.sampled_from(("a", "c")), st.sampled_from(world.COMPANIES),
            st.sampled_from(("approved", "submitted", "expired", "returned")),
        ),
        max_size=9,
    ),
    st.lists(st.sampled_from(world.ACCOUNTS), max_size=2),
    st.lists(st.sampled_from(world.CUSTOMERS), max_size=2),
)  # fmt: skip


def work(company, standing, terms=AUTO):
    """How often companies are compared, and how often an index is asked, for one answer; and the answer's length."""
    counted = {"compared": 0, "looked": 0}
    real_meets, real_find = conflicts.Prospect.meets, Claims.find

    def meets(self, other, terms):
        counted["compared"] += 1
        return real_meets(self, other, terms)

    def find(self, keys):
        counted["looked"] += 1
        return real_find(self, keys)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conflicts.Prospect, "meets", meets)
        patch.setattr(Claims, "find", find)
        answer = ask(company, standing, terms)
    return counted["compared"], counted["looked"], len(str(answer))


def check_same_work(company, here, there):
    """What others have changes neither the length of an answer nor the work that is done for it."""
    assert work(company, here) == work(company, there)


@settings(max_examples=upto(150), deadline=None)
@given(st.sampled_from(world.COMPANIES), worlds, worlds)
def test_the_work_tells_nothing(company, here, there):
    check_same_work(company, here, there)
    assert work(company, here)[0] > 0


@settings(max_examples=upto(150), deadline=None)
@given(st.sampled_from(world.COMPANIES), worlds)
def test_the_answer_is_what_a_claim_would_meet(company, standing):
    """Free means that a claim is taken in and nothing exact speaks against it; taken, that something does."""
    at = START + timedelta(days=1)
    claim = draft(77, "b", company, at=at)
    against = {life.RULES[o.rule].dealer for o in conflicts.objections(claim, life.Now.of(standing, AUTO, at))}
    word = ask(company, standing).word
    assert word in {"taken" if "taken" in against else "ask" if against else "free", "ask"}
    assert word != "free" or not against
