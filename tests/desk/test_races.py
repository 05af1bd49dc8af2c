"""Two commands at once on PostgreSQL, statement by statement: what comes of it is what comes of one after the other.

The pairs are in `race_pairs`, the scheduler is in `racing`. Every pair is run under all schedules with at most one
preemption, at whatever statement: 18 to 60 a pair, about 1,600 together. Some pairs, one for each thing that two may
meet on, under all with at most two where the two can meet: 24 to 160. `long`: all pairs with two of either kind, and
these some with three. A switch that a lock forces is no preemption, and is not counted.
"""

import pytest

from dealerrouting.adapters.sql import upgrade
from race_pairs import PAIRS
from racing import hold_against, race

pytestmark = [pytest.mark.slow]
AT_LEAST = 9
"""The fewest schedules that a pair has with one preemption; there are about thirty."""
MEETINGS = {
    "receive, receive: one company", "receive, receive: one ledger", "receive, receive: one cap",
    "approve, approve: one prospect", "update, update: one lead", "decline, decline: one ledger",
    "update, update: one cap", "update, sweep: one lead",
}  # fmt: skip
SOME = [pair for pair in PAIRS if pair.name in MEETINGS]


@pytest.fixture(scope="module")
def two(postgres_url):
    from servers import own_schema

    with own_schema(postgres_url) as schema:
        upgrade(schema.url)
        with race(schema.url) as made:
            yield made


def held(two, pair, bound, at):
    found = hold_against(two, pair, bound, at)
    assert found.faults == ()
    assert found.orders >= 2
    assert found.schedules >= AT_LEAST


@pytest.mark.postgres
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_one_preemption_anywhere(two, pair):
    held(two, pair, 1, "any")


@pytest.mark.postgres
@pytest.mark.parametrize("pair", SOME, ids=lambda pair: pair.name)
def test_two_preemptions_where_they_can_meet(two, pair):
    held(two, pair, 2, "chosen")


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
@pytest.mark.parametrize("at", ["chosen", "any"])
def test_two_preemptions(two, pair, at):
    held(two, pair, 2, at)


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("pair", SOME, ids=lambda pair: pair.name)
def test_three_preemptions_where_they_can_meet(two, pair):
    held(two, pair, 3, "chosen")
