"""The laws of claims, over whatever may happen in a small world."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import claims_laws as laws
import claims_world as world
from dealerrouting import Lead
from dealerrouting import registrations as life
from quick import upto

pytestmark = pytest.mark.pure
pick = st.sampled_from
lists = st.lists(world.deeds, min_size=2, max_size=14)


@settings(max_examples=upto(300), deadline=None)
@given(lists, pick(world.TERMS), st.booleans())
def test_every_story_keeps_every_law(deeds, terms, crowded):
    accounts = world.ACCOUNTS if crowded else ()
    story = world.live(deeds, terms, accounts, world.CUSTOMERS if crowded else ())
    for law in laws.STORY_LAWS:
        law(story, terms)
    laws.check_accounts(story, terms, accounts)


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(st.lists(world.deeds, min_size=8, max_size=40), pick(world.TERMS))
def test_long_stories_keep_every_law(deeds, terms):
    story = world.live(deeds, terms, world.ACCOUNTS, world.CUSTOMERS)
    for law in laws.STORY_LAWS:
        law(story, terms)


claims = st.lists(
    st.builds(
        lambda number, dealer, company, products, wait: world.draft(
            number, dealer, company, products, at=world.START + wait
        ),
        st.integers(0, 9),
        pick(world.DEALERS),
        pick(world.COMPANIES),
        pick(world.PRODUCTS),
        world.waits,
    ),
    max_size=6,
    unique_by=lambda claim: claim.id,
)


@settings(max_examples=upto(150), deadline=None)
@given(claims, pick(world.TERMS[:3]), st.integers(0, 99))
def test_the_order_of_arrival_means_nothing(found, terms, seed):
    laws.check_order_of_arrival(found, terms, seed)


@settings(max_examples=upto(200), deadline=None)
@given(
    pick(world.COMPANIES), pick(world.COMPANIES), world.waits, pick(["approved", "approved", "submitted", "expired"])
)
def test_a_standing_claim_beats_everybody_until_its_end(mine, theirs, wait, status):
    end = world.START + world.waits_end
    claim = evolve(world.draft(1, "a", mine), status=status, decided_at=world.START, expires_at=end)
    for at in (world.START + wait, end - world.TICK, end):
        laws.check_routes_to_claimant(claim, Lead("L1", company=theirs, country=theirs.country), at)


@given(lists, pick(world.TERMS))
@settings(max_examples=upto(60), deadline=None)
def test_a_refusal_changes_nothing_and_says_why(deeds, terms):
    for deed, at, _, after in world.live(deeds, terms).steps:
        if isinstance(after, life.Refusal):
            assert after.reasons
            assert after.at == at
            for reason in after.reasons:
                assert str(reason)
                assert not any(text and text in str(reason) for text in (deed.claim.company.name, deed.claim.email))
            assert not {r.rule for r in after.for_dealer()} & {
                "first_valid",
                "same_instant",
                "account",
                "house_account",
                "customer",
            }
