"""The plan of the example network, tested like code: its laws, what is promised of it, and what a check finds.

Beside it stands `network.routing.yaml`, the golden cases; `ci.yaml` runs all of it.
"""

from datetime import UTC, datetime

import pytest

from dealerrouting import network, verify, where
from dealerrouting.documents import load_plan
from dealerrouting.testing import laws

plan = load_plan(network.path())
FROM = datetime(2026, 12, 1, tzinfo=UTC)  # fixed, so that the same plan gives the same answer tomorrow

# Each law on few examples: seconds, at every push. `laws.suite(plan)` tries ten times as many, once a night.
test_laws = laws.suite(plan, max_examples=3)

ANTWERP = (where.country == "BE") & where.postcode.between("2000", "2660")
HOUSE_TEAMS = ["inside-sales", "key-accounts", "tenders"]
ALWAYS = {
    "what a public body asks for goes to a tender": (where.segment == "public", {"holder": "tenders"}),
    "no dealer sells a press of a quarter of a million": (
        where.product.in_(["press-500"]) & where.value.gte(250_000),
        {"holder": ["key-accounts", "tenders"]},
    ),
    "pharma in the Netherlands is never a dealer's": (
        (where.country == "NL") & where.sector.under("C21"),
        {"holder": HOUSE_TEAMS},
    ),
}


@pytest.mark.parametrize("promise", ALWAYS)
def test_always(promise):
    when, so = ALWAYS[promise]
    assert not verify.always(plan, when, at=FROM, accounts=False, **so)  # an account goes before every rule


def test_nobody_sends_leads_to_a_hall_that_is_closed():
    """While antwerp-a is there. With `away=True` this is red: without antwerp-a the territory gives it to antwerp-b."""
    assert not verify.never(plan, ANTWERP & where.month.in_([8]), holder="antwerp-b", at=FROM, accounts=False)


def test_nothing_is_found_that_the_plan_does_not_live_with():
    assert [(found.code, found.at) for found in verify.check(plan, at=FROM)] == []
