"""The table of the machine is whole, and speaks of nothing that there is not."""

import pytest

from dealerrouting.events import EVENTS, STATUSES
from dealerrouting.sla import CLOCKS, DEADLINES, FINAL, HELD, PHASES, TABLE, WORKING, table
from dealerrouting.terms import Terms

pytestmark = pytest.mark.pure


def test_the_phases_are_waiting_held_the_house_and_closed():
    assert tuple(PHASES) == ("waiting", *HELD, "house", *FINAL)
    assert HELD == ("offered", "accepted", *WORKING)


def test_every_status_but_an_attempt_is_a_phase():
    assert set(STATUSES) - {"attempted"} == {*WORKING, *FINAL}


@pytest.mark.parametrize("row", [*TABLE, *DEADLINES], ids=lambda row: f"{row.phases[0]}-{row.why}")
def test_a_row_is_about_phases_that_there_are(row):
    assert row.phases
    assert {*row.phases, *row.to} <= PHASES.keys()
    assert row.why


def test_every_event_but_a_migration_has_a_row_and_none_has_two_in_one_phase():
    assert {row.event for row in TABLE} == EVENTS.keys() - {"migrate"}
    pairs = [(phase, row.event) for row in TABLE for phase in row.phases]
    assert len(pairs) == len(set(pairs))
    assert table.ANSWERS.keys() == set(pairs)


def test_a_closed_lead_may_be_opened_again_and_hears_that_a_reminder_left_and_no_more():
    for phase in FINAL:
        assert {event for was, event in table.ANSWERS if was == phase} == {"reopened", "reminder_sent"}


def test_every_phase_that_is_not_closed_has_a_deadline_and_no_other():
    assert {phase for row in DEADLINES for phase in row.phases} == PHASES.keys() - set(FINAL)


def test_every_deadline_hangs_on_a_clock_that_runs_in_its_phases():
    clocks = {clock.name: clock for clock in CLOCKS}
    assert len(clocks) == len(CLOCKS)
    assert {row.clock for row in DEADLINES} == clocks.keys()
    for row in DEADLINES:
        assert set(row.phases) <= set(clocks[row.clock].phases)


def test_what_takes_a_lead_away_waits_for_a_reminder_and_only_the_router_does_not():
    for row in DEADLINES:
        reminds = any(other.does == "remind" and other.rule == row.rule for other in DEADLINES)
        assert row.noticed <= reminds
        assert (row.does == "withdraw") <= row.noticed
        assert bool(row.to) == (row.does in ("withdraw", "return"))


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock.name)
def test_a_clock_runs_as_long_as_the_term_that_it_names(clock):
    """Read by its name, the term is what `length` gives, whatever it says."""
    for terms in (Terms(), Terms(accept_within=Terms().notice, escalate_after=Terms().stale_after)):
        value = terms
        for name in clock.term.split("."):
            value = getattr(value, name)
        assert clock.length(terms) == value


def test_a_clock_that_begins_anew_does_so_after_a_deadline_that_may_happen_again():
    again = {row.rule for row in DEADLINES if row.again}
    assert {clock.again for clock in CLOCKS} - {""} == again


@pytest.mark.parametrize("word", ["phases", "Events and ticks", "Clocks", "Fairness", "Why it ends"])
def test_the_theory_stands_above_the_table(word):
    assert word in table.__doc__
