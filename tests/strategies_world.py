"""What the public strategies are held against: a fictitious plan, and by hand all that leads for it must come upon.

Knows: the package, the strategies, to draw. Each predicate says for itself what it means, in the words of a lead;
nothing of it is taken from the boundaries that the strategies found.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, Phase, given, seed, settings

from dealerrouting import Account, Company, Dealer, Elapsed, Plan, Rule, Territory, by, route, where
from dealerrouting.testing.strategies import cases, leads

APRIL = datetime(2027, 3, 31, 22, tzinfo=UTC)
JULY = datetime(2027, 7, 1, 6, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)
PEETERS = Company("Peeters NV", vat="BE 0403.170.701", country="BE")

PLAN = Plan(
    "kinds",
    house="inside",
    timezone="Europe/Brussels",
    attributes={"fleet": int, "segment": str, "vip": bool, "since": "date", "tags": list, "score": "number"},
    dealers=[
        Dealer("inside", kind="house"),
        Dealer("delta", lat=52.0, lon=4.5, max_open=1, serves_languages=["nl"], active_until=JULY),
        Dealer("maas", max_per_30_days=2, paused=[(APRIL, JULY)]),
    ],
    territories=[
        Territory("nl", ["delta"], country="NL", postcodes="3000..3399", sectors=["C25.6"]),
        Territory("be", ["maas"], country="BE", postcodes="2000; 26*", products=["press"], valid_from=APRIL),
        Territory("cell", ["maas"], country="FR", geohashes=["u09"]),
    ],
    accounts=[Account("peeters", "maas", PEETERS, valid_until=JULY)],
    precedence=[
        by.registrations(),
        by.accounts(),
        by.incumbent(won_within=Elapsed(days=30)),
        by.rules(
            Rule("big", (where.employees >= 10) & where.value.between(100, 200), ["delta"]),
            Rule("own", (where.fleet >= 5) & ~(where.segment == "gold") & (where.since >= "2027-01-01"), ["maas"]),
            Rule(
                "more", where.city.startswith("Rot") | where.tags.has("new") | (where.score == Decimal("1.5")), ["maas"]
            ),
            Rule("spring", where.month.in_([4]) & (where.source == "fair"), ["delta"]),
            Rule("near", where.location.within_km(51.0, 4.0, 2), ["delta"]),
        ),
        by.territories(),
        by.nearest(within_km=25),
    ],
)


def _nl(code, sector):
    """The two together: where `sector` begins so, and the postcode is just this one."""
    return lambda one: (one.country, one.postcode) == ("NL", code) and (one.sector or "").startswith(sector)


def _inside(lead):
    return lead.country == "NL" and "3000" <= (lead.postcode or "")[:4] <= "3399"


def _belgian(lead):
    return lead.country == "BE" and (lead.postcode == "2000" or (lead.postcode or "").startswith("26"))


def _own(**wanted):
    return lambda one: all(one.attributes.get(name) == value for name, value in wanted.items())


def _far(lead, lat, lon):
    return lead.point is not None and abs(lead.lat - lat) < 0.2 and abs(lead.lon - lon) < 0.2


MET = {
    "nl": {
        "first code": _nl("3000 AA", "C25.6"),
        "last code": _nl("3399 ZZ", "C25.6"),
        "before the first code": _nl("2999 ZZ", "C25.6"),
        "after the last code": _nl("3400 AA", "C25.6"),
        "coarse code": _nl("3000", "C25.6"),
        "no code": lambda one: one.country == "NL" and one.postcode is None and (one.sector or "").startswith("C25.6"),
        "other country": lambda one: one.country not in (None, "NL") and (one.sector or "").startswith("C25.6"),
        "no place": lambda one: one.country is None and (one.sector or "").startswith("C25.6"),
        "child of the sector": lambda one: one.sector == "C25.61" and _inside(one),
        "parent of the sector": lambda one: one.sector == "C25" and _inside(one),
        "sector before": lambda one: one.sector == "C25.5" and _inside(one),
        "sector after": lambda one: one.sector == "C25.9" and _inside(one),
        "no sector": lambda one: one.sector is None and _inside(one),
    },
    "be": {
        "code alone": lambda one: (one.postcode, one.product) == ("2000", "press"),
        "beside a code alone": lambda one: (one.postcode, one.product) == ("2001", "press"),
        "prefix": lambda one: (one.postcode, one.product) == ("2699", "press"),
        "beside a prefix": lambda one: (one.postcode, one.product) == ("2700", "press"),
        "other product": lambda one: _belgian(one) and one.product not in (None, "press"),
        "no product": lambda one: _belgian(one) and one.product is None,
        "valid": lambda one: _belgian(one) and one.received_at == APRIL,
        "not yet valid": lambda one: _belgian(one) and one.received_at == APRIL - TICK,
    },
    "big": {
        "employees at": lambda one: one.employees == 10 and one.value is not None,
        "employees below": lambda one: one.employees == 9 and one.value is not None,
        "employees absent": lambda one: one.employees is None and one.value in (100, 200),
        "value below": lambda one: one.value == Decimal("99.99") and one.employees in (10, 11),
        "value at the first": lambda one: one.value == 100 and one.employees in (10, 11),
        "value at the last": lambda one: one.value == 200 and one.employees in (10, 11),
        "value above": lambda one: one.value == Decimal("200.01") and one.employees in (10, 11),
    },
    "own": {
        "fleet at": _own(fleet=5, since="2027-01-01"),
        "fleet below": _own(fleet=4, since="2027-01-01"),
        "day before": _own(fleet=5, since="2026-12-31"),
        "segment": _own(fleet=5, segment="gold"),
        "other segment": _own(fleet=5, segment="goldx"),
    },
    "more": {
        "prefix of a text": lambda one: one.city == "Rot",
        "longer than the prefix": lambda one: (one.city or "").startswith("Rotx"),
        "shorter than the prefix": lambda one: one.city == "Ro",
        "tag": _own(tags=("new",)),
        "tag among others": _own(tags=("new", "other")),
        "other tag": _own(tags=("other",)),
        "score": _own(score="1.5"),
        "score above": _own(score="1.51"),
    },
    "spring": {
        "first of the month": lambda one: one.source == "fair" and one.received_at == APRIL,
        "last of the month before": lambda one: one.source == "fair" and one.received_at == APRIL - TICK,
        "after the month": lambda one: one.source == "fair" and one.received_at == APRIL + timedelta(days=30),
    },
    "cell": {
        "in the cell": lambda one: one.country == "FR" and _far(one, 48.5, 2.1),
        "south of the cell": lambda one: one.country == "FR" and one.point is not None and 47.8 < one.lat < 47.8125,
        "on its northern edge": lambda one: one.country == "FR" and one.point is not None and one.lat == 49.21875,
    },
    "near": {
        "in the circle": lambda one: one.point == (51.0, 4.0),
    },
    "delta": {
        "around a dealer": lambda one: one.point == (52.0, 4.5) and one.language == "nl",
        "not the dealer's language": lambda one: one.point == (52.0, 4.5) and one.language not in (None, "nl"),
    },
    "peeters": {
        "account": lambda one: one.company == PEETERS,
        "stranger": lambda one: one.company != PEETERS and not one.company.keys(),
        "nothing at all": lambda one: (one.country, one.sector, one.product, one.employees) == (None,) * 4,
    },
}
"""What leads at the boundaries of one source of `PLAN` come upon, by source and name: both ends and one step outside of
each, together with what belongs to it; what is coarse, and what is absent."""

INSTANTS = {
    *(edge + step for edge in (APRIL, JULY) for step in (-TICK, timedelta(0), TICK)),
    *(APRIL + timedelta(days=30) + step for step in (-TICK, timedelta(0), TICK)),  # the month is over in Brussels
}


def drawn(strategy, many=2_000, run=0):
    """So many values, of a seed."""
    found = []

    @seed(run)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


def alone(source):
    """`PLAN` with this one source of its rules, territories and accounts; with a dealer's id only its circles."""
    rules = [rule for rung in PLAN.precedence for rule in rung.rules if rule.id == source]
    return Plan(
        "alone",
        house="inside",
        timezone=PLAN.timezone,
        attributes=PLAN.attributes,
        dealers=PLAN.dealers,
        territories=[land for land in PLAN.territories if land.id == source],
        accounts=[account for account in PLAN.accounts if account.id == source],
        precedence=[
            by.accounts(),
            by.rules(*rules),
            by.territories(),
            *[by.nearest(within_km=25)][: source == "delta"],
        ],
    )


def missed(source, many=None):
    """The names of what leads at the boundaries of this source do not come upon."""
    found = drawn(leads(alone(source)), many or (1_200 if source in ("nl", "be", "delta") else 400))
    return {name for name, meets in MET[source].items() if not any(map(meets, found))}


CAPPED = Plan(
    "capped",
    house="inside",
    dealers=[Dealer("inside", kind="house"), Dealer("delta", max_open=1, max_per_30_days=2)],
    territories=[Territory("all", ["delta"])],
    precedence=[by.territories()],
)
"""Nothing but facts keeps a lead from its dealer."""


def barred(many=250):
    """Why the dealer of `CAPPED` did not get its leads."""
    found = [route(lead, plan, facts, at=at) for lead, plan, facts, at in drawn(cases(CAPPED), many)]
    reasons = {one.reason for decision in found for one in decision.passed_over}
    return reasons | {one.condition for decision in found for one in decision.retry or ()}


class Found(Exception):
    """What was looked for has been drawn."""


def first(strategy, wanted, run, many=2_000):
    """After how many examples the strategy draws what is wanted; None where it does not."""
    number = count(1)

    @seed(run)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def look(value):
        at = next(number)
        if wanted(value):
            raise Found(at)

    try:
        look()
    except Found as found:
        return found.args[0]
    return None
