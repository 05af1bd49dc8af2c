"""Seventy-seven thousand changes of a real process, replayed as leads with 48 hours and five days."""

from random import Random

import pytest
from attrs import evolve

import incident_log as log
from dealerrouting import Elapsed, sla
from dealerrouting.terms import Policy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not log.LOG.exists(), reason="../shared/data is not beside this checkout"),
]


@pytest.fixture(scope="module")
def rows():
    return log.rows()


@pytest.fixture(scope="module")
def stories(rows):
    return list(sla.replay(log.events(rows), log.POLICY, until=log.END))


def test_nothing_is_refused_and_every_lead_is_told(rows, stories):
    assert len(rows) == 77_018
    assert len(stories) == 12_461
    assert [story.refused for story in stories if story.refused] == []
    assert all(not effect.detail.get("outcome", "").startswith("refused") for s in stories for effect in s.effects)


def test_the_counts_agree_with_sql(rows, stories):
    assert log.counts_of(stories) == log.counts_in_sql(rows) == (3_619, 263, 1_752, 244)


def test_a_count_that_is_off_would_be_seen(rows):
    """The query can fail: the same log, an hour less patience, other counts."""
    few = [row for row in rows if row["number"] < "INC0002000"]
    policy = Policy(evolve(log.TERMS, remind_after=Elapsed(hours=40)), "house")
    impatient = log.counts_of(sla.replay(log.events(few), policy, until=log.END))
    assert impatient != log.counts_in_sql(few) == log.counts_of(sla.replay(log.events(few), log.POLICY, until=log.END))


def test_again_and_shuffled_inside_each_lead(rows, stories):
    """Whatever the order in which a lead's events arrive in the log, its story is the same, to every effect."""
    by_lead: dict[str, list] = {}
    for event in log.events(rows):
        by_lead.setdefault(event.lead, []).append(event)
    for number, events in enumerate(by_lead.values()):
        Random(number).shuffle(events)
    mixed = [event for events in by_lead.values() for event in events]
    assert list(sla.replay(mixed, log.POLICY, until=log.END)) == stories
