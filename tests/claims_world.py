"""A small world of claims: few companies that share keys in every way, few dealers, few instants.

Everything that happens is a list of `Deed`s, which `live` does one after the other against the real functions, keeping
what they give back in the way that a caller would. What it keeps, and every step, is there for the laws to look at.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from dealerrouting import Account, Company, Dealer, Elapsed, Incumbent
from dealerrouting import registrations as life
from dealerrouting.registrations import Standing
from dealerrouting.terms import ClaimTerms
from dealerrouting.testing.laws.stories import START, Deed, draft, lived

TICK = timedelta(microseconds=1)
waits_end = timedelta(days=10)
DEALERS = ("a", "b", "c")
PEOPLE = {dealer.id: dealer for dealer in (*map(Dealer, DEALERS), Dealer("house", kind="house"))}
COMPANIES = (
    Company("Jansen Metaal BV", number="24123456", country="NL", postcode="3011 AB", domain="jansen.example"),
    Company("Jansen Metaal", country="NL", postcode="3011 AB"),
    Company("Jansen Metaal NV", country="NL", postcode="3011 AB"),
    Company("Jansen Twee", number="24123457", country="NL", domain="jansen.example"),
    Company(domain="jansen.example"),
    Company(number="24123456", country="NL"),
    Company("Peeters", vat="BE0403170701", country="BE", domain="peeters.example"),
    Company("Peeters SRL", number="0403170701", country="BE"),
)
PRODUCTS = ((), ("press",), ("saw",), ("press", "saw"))
TERMS = (
    ClaimTerms(),
    ClaimTerms(auto_approve=True),
    ClaimTerms(auto_approve=True, activity_within=Elapsed(days=10), protects=Elapsed(days=30), extensions=2),
    ClaimTerms(auto_approve=True, per_dealer_per_30_days=2, complete_within=Elapsed(days=3)),
    ClaimTerms(protects=Elapsed(days=5), extends=Elapsed(days=5), shared_domains=("jansen.example",)),
    ClaimTerms(auto_approve=True, covers_group=True, needs_evidence=("meeting",)),
)
ACCOUNTS = (Account("acc", "house", COMPANIES[6]), Account("own", "a", COMPANIES[3]))
CUSTOMERS = (Incumbent(COMPANIES[7], "b", since=START), Incumbent(COMPANIES[3], "c", since=START, status="won"))
DOS = tuple(do for do in life.MOVES if do != "submit")


def held(kept, accounts=(), customers=()):
    """What stands."""
    return Standing(kept.values(), accounts, customers, PEOPLE)


def live(deeds, terms, accounts=(), customers=(), start=START):
    """Do everything in order, and keep what is to be kept."""
    return lived(deeds, terms, PEOPLE, accounts, customers, start)


pick = st.sampled_from
days = [timedelta(days=number) for number in (0, 0, 1, 5, 10, 31, -1)]
waits = pick([*days, timedelta(days=5) - TICK, -TICK])
"""Sometimes a clock is a little behind another, or a day."""
drafts = st.builds(
    draft,
    st.integers(0, 5),
    pick(DEALERS),
    pick(COMPANIES),
    pick(PRODUCTS),
    pick(["dealer", "dealer", "dealer", "list"]),
)
deeds = st.builds(
    Deed,
    pick(["submit"] * 12 + ["approve"] * 6 + ["settle"] * 3 + list(DOS)),
    drafts,
    waits,
    st.booleans(),
)
stories = st.builds(
    live,
    st.lists(deeds, min_size=2, max_size=14),
    pick(TERMS),
    st.lists(pick(ACCOUNTS), unique=True, max_size=2),
    st.lists(pick(CUSTOMERS), unique=True, max_size=2),
)
