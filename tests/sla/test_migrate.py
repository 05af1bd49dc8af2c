"""Another policy for a lead that is under way, in the three ways that there are."""

import pytest

from dealerrouting.calendar import END, Elapsed
from dealerrouting.events import Paused, Referred, Resumed, Updated
from dealerrouting.sla import Breach, Leg, next_due
from dealerrouting.terms import HouseTerms
from sla_life import MOMENT, OFFICE, T0, Life, at, effect, offered, record, reminded

pytestmark = pytest.mark.pure


def test_without_a_migration_no_other_policy_is_taken():
    """And so no change of plan, terms or calendar moves a deadline that runs."""
    life = offered()
    life.migrates(at(hours=1), "keep_due", remind_after=Elapsed(hours=1))
    assert life.state.policy == life.policy.digest
    assert life.dues() == [("first_status", "remind", at(hours=48))]


@pytest.mark.parametrize(
    ("how", "due"),
    [
        ("keep_due", at(hours=48)),
        ("recompute_from_start", at(hours=24)),
        ("recompute_from_now", at(hours=34)),
    ],
)
def test_a_running_clock_ends_as_the_migration_says(how, due):
    life = offered()
    effects = life.migrates(at(hours=10), how, remind_after=Elapsed(hours=24))
    said = {"event": "e2", "type": "migrate", "outcome": "applied", "how": how}
    moved = record("e2", 1, at(hours=10), "offered", "offered", at(hours=10), **said)
    wake = effect("wake", f"wake:{(due + MOMENT).isoformat()}", 1, at(hours=10), due=due + MOMENT)
    assert effects == ([moved] if how == "keep_due" else [moved, wake])
    assert life.dues() == [("first_status", "remind", due)]
    assert life.state.standing.since == T0
    assert "e2" in life.state.seen


@pytest.mark.parametrize(
    ("how", "due"),
    [
        ("keep_due", at(hours=48)),
        ("recompute_from_start", at(hours=6)),
        ("recompute_from_now", at(hours=7)),
    ],
)
def test_the_clock_on_the_router_ends_as_the_migration_says(how, due):
    life = Life()
    life.ticks(T0)
    life.migrates(at(hours=1), how, delivery_bound=Elapsed(hours=6))
    assert life.dues() == [("routing", "return", due)]
    assert life.told(at(hours=2)) == []  # it has been asked


@pytest.mark.parametrize("how", ["keep_due", "recompute_from_start", "recompute_from_now"])
def test_a_router_that_was_not_asked_yet_is_asked_by_the_next_tick(how):
    life = Life()
    life.migrates(at(hours=1), how, delivery_bound=Elapsed(hours=6))
    assert next_due(life.state) == T0
    assert life.told(at(hours=2)) == ["0/request_next"]
    assert life.dues() == [("routing", "return", at(hours=8))]


@pytest.mark.parametrize("how", ["keep_due", "recompute_from_start", "recompute_from_now"])
def test_no_migration_reminds_a_second_time(how):
    life = reminded()
    life.migrates(at(hours=50), how, remind_after=Elapsed(hours=60), withdraw_after=Elapsed(days=6))
    due = {"keep_due": at(days=5), "recompute_from_start": at(days=6), "recompute_from_now": at(days=8, hours=2)}[how]
    assert life.dues() == [("first_status", "withdraw", due)]
    assert life.told(due) == []
    assert life.told(due + MOMENT) == ["1/withdraw", "1/request_next"]


def test_what_did_not_run_when_the_dues_were_kept_does_not_begin():
    life = offered()
    life.migrates(at(hours=1), "keep_due", accept_within=Elapsed(hours=2), escalate_after=Elapsed(hours=3))
    assert life.dues() == [("first_status", "remind", at(hours=48))]
    life = offered()
    life.migrates(at(hours=1), "recompute_from_start", accept_within=Elapsed(hours=2))
    assert life.dues()[0] == ("acceptance", "remind", at(hours=2))


def test_what_begins_after_a_migration_goes_by_the_new_policy():
    life = offered()
    life.migrates(at(hours=1), "keep_due", notice=Elapsed(hours=100), stale_after=Elapsed(hours=7))
    life.ticks(at(hours=48, late=1))
    life.sent(at(hours=49))
    assert life.dues() == [("first_status", "withdraw", at(hours=149))]
    life.settles(Updated, at(hours=50), status="contacted")
    assert (life.state.standing.kept, life.state.standing.kept_at) == (None, None)
    assert life.dues() == [("stale-1", "remind", at(hours=57))]


def test_a_notice_that_runs_is_kept_too():
    life = reminded(withdraw_after=Elapsed(hours=50))
    life.migrates(at(hours=50), "keep_due", notice=Elapsed(hours=1), withdraw_after=Elapsed(hours=50))
    assert life.dues() == [("first_status", "withdraw", at(hours=73))]


def test_the_bound_on_delivery_is_kept_until_it_has_run_out():
    life = offered()
    life.ticks(at(hours=48))
    life.ticks(at(hours=49))
    life.migrates(at(hours=50), "keep_due", delivery_bound=Elapsed(hours=5))
    assert life.dues() == [("undelivered:first_status", "escalate", at(hours=97))]
    life.ticks(at(hours=98))
    assert life.dues() == [("undelivered:first_status", "escalate", at(hours=103))]  # anew, by the new policy


def test_the_second_word_to_the_manager_of_the_house_goes_by_the_new_policy():
    life = offered()
    life.settles(Referred, T0, reason="too big")
    life.ticks(at(hours=49))
    life.sent(at(hours=49), "L1/2/remind:house-0")
    life.migrates(at(hours=50), "keep_due", house=HouseTerms(Elapsed(hours=1), Elapsed(hours=9)))
    assert life.dues() == [("house-0", "escalate", at(days=5))]
    life.ticks(at(days=6))
    assert life.dues() == [("house-0", "escalate", at(days=6, hours=9))]


@pytest.mark.parametrize(
    ("how", "due"),
    [
        ("keep_due", at(days=11)),
        ("recompute_from_start", at(days=9)),
        ("recompute_from_now", at(days=10)),
    ],
)
def test_the_next_word_to_the_manager_of_the_house_comes_as_the_migration_says(how, due):
    life = offered()
    life.settles(Referred, T0, reason="too big")
    life.ticks(at(hours=49))
    life.sent(at(hours=49), "L1/2/remind:house-0")
    life.ticks(at(days=6))
    life.migrates(at(days=7), how, house=HouseTerms(Elapsed(hours=1), Elapsed(days=3)))
    assert life.dues() == [("house-0", "escalate", due)]


def test_a_kept_end_moves_with_a_pause_in_real_time():
    life = offered()
    life.migrates(at(hours=1), "keep_due")
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    assert life.settles(Resumed, at(hours=20)) == "applied"
    assert life.dues() == [("first_status", "remind", at(hours=58))]
    assert life.state.dues[0].legs == (Leg("first_status", T0, None, at(hours=58), kept=True),)
    life.settles(Paused, at(hours=58), until=at(hours=60), reason="holiday")  # that is too late to move it
    life.ticks(at(hours=61))
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=58)),)


@pytest.mark.parametrize(
    ("resumed", "due"),
    [
        (at(hours=34, late=1), at(hours=72)),  # at its bound: as it would have been
        (at(hours=24), at(hours=62)),
        (at(hours=20), at(hours=58)),
    ],
)
def test_a_migration_during_a_pause_does_not_pause_twice(resumed, due):
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    life.migrates(at(hours=20), "keep_due")
    assert next_due(life.state) == at(hours=34, late=1)
    life.settles(Resumed, resumed)
    assert life.dues() == [("first_status", "remind", due)]


def test_what_was_used_up_as_a_pause_began_is_kept_there():
    life = offered()
    life.settles(Paused, at(hours=48), until=at(hours=60), reason="holiday")
    life.migrates(at(hours=50), "keep_due")
    life.ticks(at(hours=61))
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)


def test_a_second_migration_keeps_what_the_first_has_kept():
    life = offered()
    life.migrates(at(hours=1), "keep_due", remind_after=Elapsed(hours=2))
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    life.migrates(at(hours=20), "keep_due", remind_after=Elapsed(hours=3))
    life.ticks(at(hours=35))
    assert life.dues() == [("first_status", "remind", at(hours=72))]
    life.migrates(at(hours=36), "recompute_from_start", remind_after=Elapsed(hours=60))
    assert (life.state.standing.kept, life.state.standing.kept_at) == (None, None)
    assert life.dues() == [("first_status", "remind", at(hours=84))]


def test_a_pause_that_was_over_is_in_the_kept_end_already():
    life = offered()
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    life.ticks(at(hours=35))
    life.migrates(at(hours=36), "keep_due")
    assert life.dues() == [("first_status", "remind", at(hours=72))]


def test_a_pause_before_a_notice_begins_does_not_move_it():
    """A reminder of the evening may leave in the morning; what is paused in between is no part of its clock."""
    terms = {"remind_after": Elapsed(hours=10), "withdraw_after": Elapsed(hours=12), "notice": Elapsed(hours=3)}
    life = offered(calendars={"office": OFFICE}, **terms, calendar="office")
    life.ticks(at(hours=10, late=1))
    life.sent(at(hours=11))
    assert life.dues() == [("first_status", "withdraw", at(hours=26))]  # three hours from nine o'clock
    life.settles(Paused, at(hours=11), until=at(hours=20), reason="holiday")
    life.migrates(at(hours=12), "keep_due", **terms, calendar="office")
    life.ticks(at(hours=21))
    assert life.dues() == [("first_status", "withdraw", at(hours=26))]
    life.settles(Paused, at(hours=22), until=at(hours=24), reason="holiday")
    life.ticks(at(hours=24, late=1))
    assert life.dues() == [("first_status", "withdraw", at(hours=27))]


def test_an_end_beyond_all_time_is_kept_there():
    far = {"remind_after": Elapsed(days=3_000_000), "withdraw_after": Elapsed(days=3_100_000)}
    life = offered(**far)
    life.migrates(at(hours=1), "keep_due")
    life.settles(Paused, at(hours=10), until=at(hours=34), reason="holiday")
    life.ticks(at(hours=35))
    assert life.dues() == [("first_status", "remind", END)]


def test_a_repeated_migration_changes_nothing():
    life = offered()
    life.migrates(at(hours=1), "recompute_from_now")
    before = life.state
    life.events -= 1
    assert life.migrates(at(hours=9), "recompute_from_now") == []
    assert life.state is before
