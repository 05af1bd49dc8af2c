"""A small world in which things meet: few companies, few dealers, places at the edges of regions.

Knows: the package, no Hypothesis, so that a plain script can build plans from it too. Every value
stands on or beside a boundary of another: the first and the last postcode of a range and one
outside, a sector, its parent and its child, an instant and one microsecond before and after it.
The functions at the end make whole things by a `random.Random` that the caller has seeded;
`strategies` draws from pools of what they make.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dealerrouting import (
    Account,
    Business,
    BusinessDays,
    Calendar,
    Choice,
    ClaimTerms,
    Company,
    Count,
    Custom,
    Dealer,
    Elapsed,
    Facts,
    HouseTerms,
    Incumbent,
    Lead,
    PastHolder,
    Pick,
    Plan,
    Registration,
    Rule,
    Terms,
    Territory,
    by,
    where,
)
from dealerrouting.rules.conditions import AllOf, AnyOf, Not

TICK = timedelta(microseconds=1)
MONTH = timedelta(days=30)

# Instants. The second is midnight in Brussels, the first of April; the clocks changed on 28 March.
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
APRIL = datetime(2027, 3, 31, 22, tzinfo=UTC)
JULY = datetime(2027, 7, 1, 6, 30, tzinfo=UTC)
EDGES = (NEW_YEAR, APRIL, JULY)
AROUND = tuple(edge + step for edge in EDGES for step in (-TICK, timedelta(0), TICK))
BETWEEN = (NEW_YEAR + timedelta(days=40), APRIL + timedelta(days=40))
INSTANTS = (*AROUND, *BETWEEN)
SPANS = (
    (None, None),
    (NEW_YEAR, None),
    (None, APRIL),
    (APRIL, None),
    (NEW_YEAR, APRIL),
    (APRIL, JULY),
    (APRIL, APRIL + TICK),
)

# Calendars, and terms in every kind of time.
CALENDARS = {
    "office": Calendar(
        "Europe/Amsterdam",
        {"mon-fri": ["09:00-12:30", "13:00-17:30"]},
        dates={"2027-12-24": ["09:00-12:00"], "2027-12-31": []},
        holidays=["2027-04-27", "2027-12-25"],
    ),
    "night": Calendar("UTC", {"sun-thu": ["22:00-06:00"]}, breaks={"mon": ["02:00-02:30"]}),
}
AGREED = (
    {},
    {"remind_after": Elapsed(hours=47), "on_silence": "return", "late_answer": "restore"},
    {"calendar": "office", "accept_within": Business(hours=8, seconds=1), "house": HouseTerms(BusinessDays(2))},
    {"calendar": "night", "notice": BusinessDays(1), "counts_as_update": ["won", "lost"], "needs_evidence": ()},
    {"claims": ClaimTerms(credit="0.5", shared_domains=["jansen.example"], mailbox_domains=["peeters.example"])},
)

# Dealers: the house, a second team of it, five others, and one that no plan has.
HOUSE, DIRECT, STRANGER = "inside", "direct", "stranger"
DEALERS = ("delta", "maas", "rijn", "schelde", "waal")
WHY = ("declined", "withdrawn", "returned", "excluded")

# Places as leads say them: in a region's first and last code, one outside, coarse, foreign, absent.
POINTS = (
    (0.0, 0.0),
    (0.0, 180.0),
    (0.0, -180.0),
    (52.0, 0.0),
    (0.0, 4.5),
    (51.92, 4.48),
    (51.93, 4.5),
    (-16.5, 179.99),
    (90.0, 12.0),
)
PLACES = (
    {},
    {"country": "NL"},
    {"country": "NL", "postcode": "2999 ZZ"},
    {"country": "NL", "postcode": "3000 AA"},
    {"country": "NL", "postcode": "3011"},
    {"country": "NL", "postcode": "3011 AB"},
    {"country": "NL", "postcode": "3011AC"},
    {"country": "NL", "postcode": "3399 ZZ"},
    {"country": "NL", "postcode": "3400"},
    {"country": "BE", "postcode": "1999"},
    {"country": "BE", "postcode": "2000"},
    {"country": "BE", "postcode": "B-2660"},
    {"country": "BE", "postcode": "2661"},
    {"country": "GB", "postcode": "SW1A 1AA"},
    {"country": "GB", "postcode": "SW11 1AA"},
    {"country": "IE", "postcode": "R32 A1B2"},
    {"country": "PT", "postcode": "1000-001"},
    {"country": "ZZ", "postcode": "3011"},
    {"postcode": "3011 AB"},
    *({"lat": lat, "lon": lon} for lat, lon in POINTS),
    {"country": "NL", "postcode": "3011 AB", "lat": "51.92", "lon": "4.48"},
    {"country": "FR", "lat": "91", "lon": "4.48"},
    {"country": "FR", "lat": "51.92"},
)
REGIONS = (
    {},
    {"country": "NL"},
    {"country": ("NL", "BE")},
    {"country": "NL", "postcodes": "3000..3399"},
    {"country": "NL", "postcodes": "3011"},
    {"country": "NL", "postcodes": "3011 AB"},
    {"country": "NL", "postcodes": "30*; 3399"},
    {"country": "BE", "postcodes": "2000..2660"},
    {"country": "BE", "postcodes": "1000..2000"},
    {"country": "GB", "postcodes": "SW1"},
    {"country": "GB", "postcodes": "SW1; SW11"},
    {"country": "NL", "geohashes": "u15"},
    {"country": "NL", "postcodes": "3011", "geohashes": "u15; s0"},
)
SECTORS = ((), (), (), ("C",), ("C25",), ("25.6",), ("C25.61", "G"), ("47.81",), ("J", "C25"))
LEAD_SECTORS = (
    None,
    "C",
    "25",
    "C25.6",
    "25.61",
    "24",
    "nace-2:25.11",
    "nace-2:25.61",
    "nace-2:47.81",
    "nace-2.1:47.81",
    "47.81",
    "G",
    "J",
    "99.9",
    "welding",
)
PRODUCTS = ("press", "lathe")
LEAD_LANGUAGES = (None, "nl", "fr", "nl-BE", "FR_fr", "de", "?")
SIZES = (None, "9", 10, "10.0", "1e1", 11, "ten", "1.000,00", "-1")
VALUES = (None, "250000", "249999.99", "12.5", "1.000,50", "nan")
CURRENCIES = (None, "EUR", "eur", "USD", "euro")
ATTRIBUTES = {"fleet": int, "segment": str, "vip": bool, "since": "date", "tags": list, "score": "number"}
OWN = (
    {},
    {"fleet": 10, "segment": "gold", "vip": True, "since": "2027-04-01", "tags": ["new", "export"], "score": "1.5"},
    {"fleet": "9", "segment": "silver", "vip": "no", "tags": "new;export"},
    {"fleet": "1.5", "vip": "true", "since": "1 april", "tags": [], "score": "x", "undeclared": "y"},
    {"fleet": True, "segment": ["gold"], "since": "2027-03-31", "score": 2},
)
CITIES = (None, "Rotterdam", "Antwerpen")
SOURCES = (None, "web", "fair")

# Companies: alike by number, by domain and VAT, contradicting, without any key.
COMPANIES = (
    Company("Jansen Metaal BV", number="24123456", country="NL"),
    Company("Jansen", number="KvK 24.12.34.56", country="NL", domain="www.jansen.example"),
    Company("Jansen Twee", number="24123457", country="NL", domain="jansen.example"),
    Company("Jansen", domain="https://jansen.example/over-ons"),
    Company("Peeters NV", vat="BE 0403.170.701", country="BE"),
    Company("Peeters", number="0403170701", country="BE", domain="peeters.example"),
    Company("Dekker", number="0012345", country="PL", vat="PL5260250995"),
    Company("Anybody", domain="gmail.com"),
    Company("No keys at all"),
    Company(number="00000000", country="NL"),
    Company("Jansen-Metaal b.v.", country="NL", postcode="3011 AB"),
    Company("JANSEN METAAL NV", country="NL", postcode="3011ab", domain="jansen.example"),
    Company("Jansen Metaal", country="NL", postcode="3011 AB", vat="NL123456782B90"),
    Company("Jansen Metaal BV", country="NL", postcode="3011 AB", vat="NL004495408B01"),
    Company("Dekker", lei="724500VNNHZHYDLFMO70", domain="jansen.example"),
)
KEYED = tuple(company for company in COMPANIES if company.keys())
EMAILS = (None, "sales@jansen.example", "x@peeters.example", "someone@gmail.com", "no address")


# Customs and picks of the caller's own, good and bad. Functions of this module, so that they pickle.


def _big_fleet(lead):
    return lead["fleet"] >= 10  # raises where the fleet is absent


def _knows(lead):
    return None if lead["city"] is None else lead["city"] == "Rotterdam"


def _raises(_):
    raise ZeroDivisionError("a custom's own fault")


def _rubbish(_):
    return "yes"


def _always(_):
    return True


CUSTOMS = (
    Custom("big-fleet", _big_fleet, reads=("fleet",), version="1"),
    Custom("knows", _knows, reads=("city", "country"), version="1"),
    Custom("raises", _raises, reads=(), version="1"),
    Custom("rubbish", _rubbish, reads=("id",), version="1"),
    Custom("always", _always, reads=(), version="1"),
)


def _last(_, dealers):
    return dealers[-1:]


def _by_name(lead, dealers):
    return {name for name in dealers if len(name) % 2 == len(lead.id) % 2}


def _none(_, __):
    return ()


def _nobody(_, __):
    return ["nobody", 7]


def _pick_raises(_, __):
    raise KeyError("a pick's own fault")


def _number(_, __):
    return 42


PICKS = (
    Pick("last", _last),
    Pick("by-name", _by_name),
    Pick("none", _none),
    Pick("nobody", _nobody),
    Pick("raises", _pick_raises),
    Pick("number", _number),
)

_NL, _BE = where.country == "NL", where.country == "BE"
LEAVES = (
    _NL,
    _BE,
    where.country != "NL",
    where.country.in_(["BE", "NL"]),
    where.country.exists(),
    _NL & where.postcode.between("3000", "3399"),
    _NL & where.postcode.under("3011"),
    _NL & (where.postcode == "3011 AB"),
    _BE & where.postcode.startswith("26"),
    where.sector.under("C25"),
    where.sector.under("C25.6", "G"),
    where.sector == "C25.61",
    where.sector.in_(["C25.61", "47.81"]),
    where.product == "press",
    where.product.in_(["press", "lathe"]),
    where.product.exists(),
    where.language == "nl",
    where.employees.between(9, 10),
    where.employees >= 10,
    where.employees <= 9,
    where.value.gte(250_000),
    where.value.lte(Decimal("12.5")),
    where.currency == "EUR",
    where.city.startswith("Rot"),
    where.city == "Rotterdam",
    where.source != "web",
    where.location.within_km(51.92, 4.48, 2),
    where.location.within_km(0, 180, 1),
    where.location.under("u15"),
    where.lat.between(0, 52),
    where.lon == 0,
    where.month.in_([4]),
    where.month.between(1, 3),
    where.weekday == "wed",
    where.date >= "2027-04-01",
    where.received_at.lte(APRIL),
    where.company == "Jansen",
    where.company_number.exists(),
    where.fleet >= 10,
    where.fleet.between(9, 10),
    where.segment == "gold",
    where.vip == True,  # noqa: E712  # a condition, not a comparison
    where.since.lte("2027-03-31"),
    where.tags.has("new"),
    where.score == Decimal("1.5"),
)

RULE_CHAINS = (
    ("first",),
    ("first",),
    ("first", "rotation"),
    ("priority", "rotation"),
    ("priority",),
    ("rotation",),
    ("hashed",),
    ("unique",),
    ("least_loaded", "rotation"),
    ("specific", "first"),
)
TERRITORY_CHAINS = (
    ("specific", "priority", "rotation"),
    ("specific", "priority", "rotation"),
    ("specific",),
    ("priority", "hashed"),
    ("least_loaded", "nearest", "rotation"),
    ("specific", "unique"),
    ("nearest", "hashed"),
)
NEAREST_CHAINS = (("nearest", "rotation"), ("nearest",), ("least_loaded", "hashed"), ("rotation",))
ACCOUNT_CHAINS = (("unique",), ("unique",), ("nearest",), ("least_loaded", "unique"), ("hashed",), ("rotation",))

# What a web form may hold in any field.
HOSTILE = (
    "",
    "   ",
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    "\u202e3011 AB",
    "\u200b",
    "３０１１ＡＢ",
    "e\u0301" * 100,
    "a" + "\u0316\u0301" * 500,
    "\ufb2c" * 300,
    "ﷺ" * 50,
    "1e400",
    "-0",
    "0x10",
    "1_000",
    "NaN",
    "Infinity",
    "1e-400000",
    "9" * 1000,
    "{dealer}",
    "%s %(a)s",
    "`;:,\"'",
    "=cmd|' /C calc'!A0",
    "<script>",
    "' OR 1=1 --",
    b"bytes",
    b"\xff",
    True,
    False,
    0,
    -1,
    10**17,
    float("nan"),
    float("inf"),
    -0.0,
    1e308,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    Decimal("1E+400"),
    [],
    ["a", ["b"]],
    [None],
    {"a": 1},
    (),
    {"x"},
    object,
    datetime(2027, 1, 1),
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2027-02-30",
    "2027-01-01T00:00:00",
)


# Whole things, by a generator that the caller has seeded. `rare` is how often something is unusual.

LEAD_IDS = ("L1", "L2", "L3")
HOLDERS = (*DEALERS, DIRECT, HOUSE)
WEIGHTS = (1, 1, 1, 2, "0.5", 3, "1000000", "0.000001")
LEDGERS = ("territories", "rules", "rules-2", "nearest", "shared", "accounts")
CREDITS = (0, 1, -1, 333_333, 999_999, -999_999, 1_000_000, -1_500_000)
KINDS = ("accounts", "incumbent", "rules", "territories", "nearest", "rules")


def _rare(rng, usual, unusual, rare=0.25):
    return rng.choice(unusual) if rng.random() < rare else usual


def _shared(rng, names):
    chosen = rng.sample(names, rng.choice((1, 1, 2, 3)))
    return {name: rng.choice(WEIGHTS) for name in chosen}


def a_lead(rng, ids=LEAD_IDS):
    """A lead in, on or outside the regions, with one thing or another absent or unreadable."""
    return Lead(
        rng.choice(ids),
        company=rng.choice((*COMPANIES[:4], *COMPANIES)),
        received_at=rng.choice((None, *INSTANTS)),
        sector=rng.choice(LEAD_SECTORS),
        product=rng.choice((None, *PRODUCTS)),
        language=_rare(rng, "nl", LEAD_LANGUAGES, 0.5),
        email=_rare(rng, None, EMAILS),
        employees=_rare(rng, 10, SIZES, 0.5),
        value=_rare(rng, "250000", VALUES, 0.5),
        currency=_rare(rng, "EUR", CURRENCIES, 0.3),
        city=rng.choice(CITIES),
        source=rng.choice(SOURCES),
        attributes=rng.choice(OWN),
        **_rare(rng, rng.choice(PLACES[2:13]), PLACES, 0.5),
    )


def a_condition(rng, depth=2, customs=True):
    """A condition of any field and operator, nested a few deep, with customs that may fail."""
    shape = rng.choice(["leaf", "leaf", "leaf", "all", "any", "not"]) if depth else "leaf"
    if shape == "leaf":
        return rng.choice(CUSTOMS if customs and rng.random() < 0.15 else LEAVES)
    if shape == "not":
        return Not(a_condition(rng, depth - 1, customs))
    parts = tuple(a_condition(rng, depth - 1, customs) for _ in range(rng.choice((1, 2, 2, 3))))
    return (AllOf if shape == "all" else AnyOf)(parts)


PAUSES = (((APRIL, JULY),), ((NEW_YEAR, APRIL), (JULY, JULY + TICK)))


def a_dealer(rng, name, kind="dealer"):
    """A dealer with caps, dates, pauses, a place and languages, or without."""
    start, end = _rare(rng, (None, None), SPANS)
    lat, lon = rng.choice(((None, None), *POINTS))
    return Dealer(
        name,
        kind=kind,
        lat=lat,
        lon=lon,
        max_open=_rare(rng, None, (0, 1, 2)),
        max_per_30_days=_rare(rng, None, (0, 1, 2)),
        active_from=start,
        active_until=end,
        paused=_rare(rng, (), PAUSES, 0.15),
        serves_languages=_rare(rng, (), (("nl",), ("fr", "nl"))),
        serves_products=_rare(rng, (), (("press",),)),
        calendar=_rare(rng, None, tuple(CALENDARS)),
    )


def a_territory(rng, names=HOLDERS):
    """A territory over one of the regions, perhaps with sectors, dates, a ledger of its own."""
    start, end = _rare(rng, (None, None), SPANS)
    return Territory(
        rng.choice(("t1", "t2", "t3", "t4")),
        _shared(rng, names),
        **rng.choice(REGIONS),
        sectors=_rare(rng, (), SECTORS, 0.4),
        products=_rare(rng, (), (("press",), ("lathe", "press")), 0.15),
        languages=_rare(rng, (), (("nl",), ("fr", "nl")), 0.15),
        priority=rng.choice((0, 0, 1)),
        exclusive=rng.random() < 0.08,
        ledger=rng.choice((None, None, "shared", "territories")),
        valid_from=start,
        valid_until=end,
    )


def a_rule(rng, name, names=HOLDERS):
    """A rule with a condition of any shape."""
    start, end = _rare(rng, (None, None), SPANS)
    return Rule(
        name,
        a_condition(rng),
        _shared(rng, names),
        priority=rng.choice((0, 0, 1)),
        ledger=rng.choice((None, None, "shared")),
        valid_from=start,
        valid_until=end,
    )


def an_account(rng, name, names=HOLDERS):
    """An account of one of the companies that have a key."""
    start, end = _rare(rng, (None, None), SPANS)
    return Account(name, rng.choice(names), rng.choice(KEYED), valid_from=start, valid_until=end)


def a_chain(rng, chains):
    """A pick chain, some with a pick of the caller's own before it."""
    return (*_rare(rng, (), [(own,) for own in PICKS], 0.15), *rng.choice(chains))


def some_rungs(rng, rules):
    """Registrations first where they stand; the others in any order, rules perhaps twice."""
    kinds = rng.sample(KINDS, rng.randint(1, 6))
    kinds += [kind for kind in ("accounts", "territories") if kind not in kinds]
    rungs = [by.registrations()] if rng.random() < 0.8 else []
    for kind in kinds:
        if kind == "accounts":
            rungs.append(by.accounts(pick=a_chain(rng, ACCOUNT_CHAINS)))
        elif kind == "incumbent":
            rungs.append(by.incumbent(won_within=rng.choice((None, Elapsed(days=30), Elapsed(days=365)))))
        elif kind == "rules":
            chosen = rng.sample(rules, min(len(rules), rng.randint(0, 3)))
            rungs.append(by.rules(*chosen, pick=a_chain(rng, RULE_CHAINS)))
        elif kind == "territories":
            rungs.append(by.territories(pick=a_chain(rng, TERRITORY_CHAINS)))
        else:
            within = rng.choice((None, 0, 2, 20_000))
            rungs.append(by.nearest(within_km=within, pick=a_chain(rng, NEAREST_CHAINS)))
    return rungs


def make_plan(people, lands, accounts, rungs, zone="UTC", currency=None, hops=2, agreed=AGREED[0]):
    """A plan of these parts; of several parts of one territory with one region, the last."""
    return Plan(
        "generated",
        house=HOUSE,
        dealers=[Dealer(HOUSE, kind="house"), *people],
        territories={(land.id, land.region): land for land in lands}.values(),
        accounts=accounts,
        precedence=rungs,
        timezone=zone,
        currency=currency,
        attributes=ATTRIBUTES,
        terms=Terms(max_reassignments=hops, **agreed),
        calendars=CALENDARS,
    )


def a_plan(rng):
    """A whole plan: five dealers, the house and a second team of it, up to five territories."""
    rules = [a_rule(rng, f"u{number}") for number in range(5)]
    return make_plan(
        [*(a_dealer(rng, name) for name in DEALERS), a_dealer(rng, DIRECT, "house")],
        [a_territory(rng) for _ in range(rng.randint(0, 5))],
        [an_account(rng, f"a{number}") for number in range(rng.randint(0, 3))],
        some_rungs(rng, rules),
        rng.choice(("UTC", "Europe/Brussels")),
        rng.choice((None, "EUR")),
        rng.choice((0, 1, 2)),
        rng.choice(AGREED),
    )


def a_registration(rng, name):
    """A claim on one of the companies; most are approved and stand."""
    return Registration(
        name,
        rng.choice((*DEALERS, *DEALERS, DIRECT, STRANGER)),
        rng.choice((*COMPANIES[:4], *COMPANIES)),
        status=_rare(rng, "approved", ("submitted", "expired", "withdrawn")),
        submitted_at=rng.choice((NEW_YEAR - MONTH, NEW_YEAR - MONTH, NEW_YEAR, APRIL)),
        decided_at=_rare(rng, None, AROUND),
        expires_at=_rare(rng, None, AROUND),
        products=_rare(rng, (), (("press",), ("lathe", "press")), 0.3),
        email=_rare(rng, None, EMAILS),
    )


def a_choice(rng, lead):
    """The customer's own choice of a dealer, perhaps one that cannot have it."""
    dealer, when = rng.choice((*DEALERS, STRANGER)), rng.choice(AROUND)
    return Choice(f"C{lead}", lead, dealer, evidence="letter-1", actor="desk", chosen_at=when)


def a_count(rng, name):
    """A count at, below or above the caps, some of whose leads leave the thirty days at an edge."""
    given = sorted(rng.choices([edge - MONTH for edge in AROUND] + list(BETWEEN), k=rng.randint(0, 2)))
    return Count(name, rng.randint(0, 2), len(given) + rng.choice((0, 0, 1)), tuple(given))


def an_incumbent(rng):
    """A dealer, or the house by mistake, with an open or a won lead of one of the companies."""
    return Incumbent(
        rng.choice((*KEYED[:4], *KEYED)),
        rng.choice((*DEALERS, *DEALERS, DIRECT, STRANGER)),
        since=rng.choice((*AROUND, *(edge - MONTH for edge in AROUND))),
        status=rng.choice(("open", "won")),
    )


def some_facts(rng):
    """What has happened: claims, incumbents, counts, ledgers, shares, past holders."""
    anybody = (*DEALERS, DIRECT, STRANGER)
    past = {(rng.choice(LEAD_IDS), rng.choice(anybody)): rng.choice(WHY) for _ in range(rng.randint(0, 3))}
    return Facts(
        registrations=[a_registration(rng, f"R{number}") for number in range(rng.randint(0, 3))],
        incumbents=[an_incumbent(rng) for _ in range(rng.randint(0, 3))],
        counts=[a_count(rng, name) for name in rng.sample(anybody, rng.randint(0, 3))],
        ledgers={
            ledger: {name: rng.choice(CREDITS) for name in rng.sample(DEALERS, 3)}
            for ledger in rng.sample(LEDGERS, rng.randint(0, 2))
        },
        shares={name: rng.choice((0, 1, "0.25", "2.5")) for name in rng.sample(anybody, rng.randint(0, 2))},
        past_holders=[PastHolder(lead, dealer, why) for (lead, dealer), why in past.items()],
        choices=[a_choice(rng, lead) for lead in rng.sample(LEAD_IDS, rng.randint(0, 1))],
    )
