"""Hypothesis strategies for everything that routes: valid by construction, drawn at the boundaries.

All values come from `alphabet`, so that registrations, accounts and incumbents really hit and every
region, validity and cap is met exactly, just inside and just outside. The parts of a plan are drawn
from pools of ready ones, the plainest first, and put together freely: an example costs a few dozen
draws, and shrinking leaves few and plain parts.
"""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import alphabet as abc
from dealerrouting import Facts, PastHolder
from dealerrouting.rules.conditions import AllOf, AnyOf, Not
from quick import upto

__all__ = [
    "accounts",
    "cases",
    "checked",
    "conditions",
    "counts",
    "dealers",
    "facts",
    "hostile",
    "hostile_leads",
    "incumbents",
    "instants",
    "leads",
    "plans",
    "registrations",
    "rules",
    "territories",
    "worlds",
]

checked = settings(max_examples=upto(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long a property is tried: for a whole case, whose making takes some milliseconds."""

pick = st.sampled_from
instants = pick(abc.INSTANTS)


def pool(make, size, seed=0):
    """So many different things that `make` makes, the shortest to write first."""
    rng = Random(seed)
    return sorted(dict.fromkeys(make(rng) for _ in range(size)), key=lambda one: len(repr(one)))


def pools(make, names, size=30):
    """A strategy for each name, from a pool of what `make` makes of it."""
    return {name: pick(pool(lambda rng, name=name: make(rng, name), size)) for name in names}


# Parts

dealers = pools(abc.a_dealer, abc.DEALERS) | {
    abc.DIRECT: pick(pool(lambda rng: abc.a_dealer(rng, abc.DIRECT, "house"), 10))
}
territories = pick(pool(abc.a_territory, 250))
rules = pools(abc.a_rule, [f"u{number}" for number in range(5)], 60)
accounts = pools(abc.an_account, ["a0", "a1", "a2"])
registrations = pools(abc.a_registration, ["R0", "R1", "R2"], 60)
counts = pools(abc.a_count, (*abc.DEALERS, abc.DIRECT, abc.STRANGER), 12)
incumbents = pick(pool(abc.an_incumbent, 60))
choices = pick(pool(lambda rng: abc.a_choice(rng, rng.choice(abc.LEAD_IDS)), 30))
chains = {
    "accounts": abc.ACCOUNT_CHAINS,
    "rules": abc.RULE_CHAINS,
    "territories": abc.TERRITORY_CHAINS,
    "nearest": abc.NEAREST_CHAINS,
}


# Leads


@st.composite
def leads(draw, ids=abc.LEAD_IDS):
    """Leads in, on and outside the regions, some with one thing or another absent or unreadable."""
    return abc.Lead(
        draw(pick(ids)),
        company=draw(pick((*abc.COMPANIES[:4], *abc.COMPANIES))),
        received_at=draw(pick((None, *abc.INSTANTS))),
        sector=draw(pick(abc.LEAD_SECTORS)),
        product=draw(pick((None, *abc.PRODUCTS))),
        language=draw(pick(("nl", *abc.LEAD_LANGUAGES))),
        email=draw(pick((None, None, *abc.EMAILS))),
        employees=draw(pick((10, *abc.SIZES))),
        value=draw(pick(abc.VALUES)),
        currency=draw(pick(("EUR", *abc.CURRENCIES))),
        attributes=draw(pick(abc.OWN)),
        **draw(pick((*abc.PLACES[2:13], *abc.PLACES))),
    )


COLUMNS = [
    "received_at",
    "country",
    "postcode",
    "city",
    "lat",
    "lon",
    "sector",
    "product",
    "language",
    "source",
    "campaign",
    "value",
    "currency",
    "employees",
    "contact_name",
    "email",
    "phone",
    "message",
]
hostile = st.one_of(pick(abc.HOSTILE), st.text(st.characters(exclude_categories=()), max_size=8))
_hostile_columns = st.dictionaries(pick(COLUMNS), hostile, max_size=4)
_hostile_companies = st.one_of(
    hostile,
    st.dictionaries(pick(["name", "number", "vat", "domain", "country", "postcode", "city"]), hostile, max_size=3),
)


@st.composite
def hostile_leads(draw):
    """The arguments of a lead as a web form may fill them in: anything, anywhere but in the id."""
    return {
        "id": draw(pick(("L1", " L1 ", "L\u202e1", 7, "é" * 1024))),
        "company": draw(_hostile_companies),
        **draw(pick(abc.PLACES)),
        **draw(_hostile_columns),
        "attributes": draw(st.dictionaries(pick((*abc.ATTRIBUTES, "undeclared")), hostile, max_size=2)),
    }


# Conditions


@st.composite
def conditions(draw, depth=2, customs=True):
    """Conditions of every field and operator, nested a few deep, with customs that may fail."""
    shape = draw(st.integers(0, 5)) if depth else 0
    if shape <= 2:
        return draw(pick((*abc.LEAVES, *abc.CUSTOMS) if customs else abc.LEAVES))
    if shape == 3:
        return Not(draw(conditions(depth - 1, customs)))
    parts = [draw(conditions(depth - 1, customs)) for _ in range(draw(st.integers(1, 3)))]
    return (AllOf if shape == 4 else AnyOf)(tuple(parts))


# Plans

_orders = pick(pool(lambda rng: tuple(rng.sample(abc.KINDS, rng.randint(1, 6))), 40))


@st.composite
def _rungs(draw, claims):
    """Registrations first where they stand; the others in any order, rules perhaps twice."""
    kinds = draw(_orders)
    kinds += tuple(kind for kind in ("territories", "accounts") if kind not in kinds)
    chosen = [abc.by.registrations()] if claims or draw(st.integers(0, 4)) else []
    names = list(rules)
    for kind in kinds:
        chain = draw(pick(chains[kind])) if kind in chains else ()
        if chain and draw(st.integers(0, 7)) == 7:
            chain = (draw(pick(abc.PICKS)), *chain)
        if kind == "accounts":
            chosen.append(abc.by.accounts(pick=chain))
        elif kind == "incumbent":
            chosen.append(abc.by.incumbent(won_within=draw(pick((None, abc.Elapsed(days=30), abc.Elapsed(days=365))))))
        elif kind == "rules":
            mine = [draw(rules[names.pop()]) for _ in range(draw(st.integers(0, 2)))]
            chosen.append(abc.by.rules(*mine, pick=chain))
        elif kind == "territories":
            chosen.append(abc.by.territories(pick=chain))
        else:
            chosen.append(abc.by.nearest(within_km=draw(pick((None, 0, 2, 20_000))), pick=chain))
    return chosen


@st.composite
def plans(draw, claims=False):
    """Whole plans: five dealers, the house and a second team of it, up to five territories."""
    return abc.make_plan(
        [draw(dealers[name]) for name in dealers],
        draw(st.lists(territories, max_size=5)),
        [draw(accounts[name]) for name in list(accounts)[: draw(st.integers(0, 3))]],
        draw(_rungs(claims)),
        draw(pick(("UTC", "Europe/Brussels"))),
        draw(pick((None, "EUR"))),
        draw(pick((2, 1, 0))),
        draw(pick(abc.AGREED)),
    )


# Facts

_people = (*abc.DEALERS, abc.DIRECT, abc.STRANGER)
_credits = pick(pool(lambda rng: tuple((name, rng.choice(abc.CREDITS)) for name in rng.sample(abc.DEALERS, 3)), 40))
_ledgers = st.dictionaries(pick(abc.LEDGERS), _credits.map(dict), max_size=2)
_shares = st.dictionaries(pick(_people), pick((1, 0, "0.25", "2.5")), max_size=2)
_past = st.dictionaries(st.tuples(pick(abc.LEAD_IDS[:2]), pick(_people)), pick(abc.WHY), max_size=3)


@st.composite
def facts(draw):
    """What has happened: claims, incumbents, counts, ledgers, shares, past holders."""
    return Facts(
        registrations=[draw(registrations[name]) for name in list(registrations)[: draw(st.integers(0, 3))]],
        incumbents=draw(st.lists(incumbents, max_size=3)),
        counts=[draw(counts[name]) for name in draw(st.lists(pick(_people), unique=True, max_size=3))],
        ledgers=draw(_ledgers),
        shares=draw(_shares),
        past_holders=[PastHolder(lead, dealer, why) for (lead, dealer), why in draw(_past).items()],
        choices=draw(st.lists(choices, max_size=1)),
    )


@st.composite
def cases(draw, claims=False):
    """A lead, a plan, facts and an instant."""
    return draw(leads()), draw(plans(claims)), draw(facts()), draw(instants)


@st.composite
def worlds(draw):
    """A dealer and two sets of facts that differ only in what is known of the others."""
    dealer, here, there = draw(pick(abc.DEALERS)), draw(facts()), draw(facts())

    def mine(things):
        return [one for one in things if one.dealer == dealer]

    def others(things):
        return [one for one in things if one.dealer != dealer]

    claims = {one.id: one for one in (*others(there.registrations), *mine(here.registrations))}
    shares = {name: share for name, share in there.shares.items() if name != dealer}
    own = {name: share for name, share in here.shares.items() if name == dealer}
    other = Facts(
        claims.values(),
        mine(here.incumbents) + others(there.incumbents),
        mine(here.counts.values()) + others(there.counts.values()),
        there.ledgers,
        shares | own,
        here.past_holders,
        here.choices,
    )
    return dealer, here, other
