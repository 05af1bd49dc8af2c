"""`messages`, `sent`, `health`, `watch`: what leaves, and never what is over (laws 12, 25)."""

import pytest

from dealerrouting.errors import KeyReused, NotFound
from desk_laws import all_laws, nothing_stale_is_told
from desk_world import CANARY, DAY, World, lead, plan_one, tables

pytestmark = pytest.mark.pure


@pytest.fixture
def world():
    return World(plan_one())


def told(world, **how):
    found = world.desk.messages(**how)
    nothing_stale_is_told(world.store, found)
    return [(one.does, one.to, one.lead) for one in found]


def test_a_message_comes_again_until_it_was_said_to_be_sent(world):
    world.desk.receive(lead("L1", "LU"))
    assert told(world) == told(world) == [("offer", "b", "L1")]
    world.send()
    assert told(world) == []


def test_a_message_about_an_assignment_that_is_over_is_dropped(world):
    world.desk.receive(lead("L1", "BE"))
    world.desk.decline("L1", assignment=1, reason="busy", actor="b")
    assert told(world) == [("offer", "a", "L1")]
    assert world.store._left == {"L1/1/offer"}


@pytest.mark.parametrize("end", ["decline", "lost", "away", "erase"])
def test_word_of_a_linked_lead_is_for_whoever_has_it_now(world, end):
    world.desk.receive(lead("L1", "BE", "acme"))
    world.desk.receive(lead("L2", "BE", "acme"))
    {
        "decline": lambda: world.desk.decline("L1", assignment=1, reason="busy", actor="b"),
        "lost": lambda: None,
        "away": lambda: world.desk.reassign("L1", to="c", reason="asked", actor="boss"),
        "erase": lambda: world.desk.erase(leads=["L2"], actor="dpo"),
    }[end]()
    linked = [one for one in told(world) if one[0] == "linked"]
    holder = {"decline": "a", "lost": "b", "away": "c"}.get(end)
    assert linked == ([("linked", holder, "L2")] if holder else [])  # whoever has it now is told, and nobody else


def test_a_reminder_is_dropped_once_its_promise_was_kept(world):
    world.desk.receive(lead("L1", "LU"))
    world.send()
    world.clock.go(days=3)
    world.desk.sweep()
    assert told(world) == [("remind", "b", "L1")]
    world.desk.update("L1", assignment=1, status="contacted", actor="b")
    assert told(world) == []


def test_notice_runs_from_sent_and_sent_twice_is_sent_once(world):
    world.desk.receive(lead("L1", "LU"))
    world.send()
    world.clock.go(days=3)
    world.desk.sweep()
    (reminder,) = world.desk.messages()
    done = world.desk.sent(reminder)
    assert done.outcome == "applied"
    sent_at = world.clock()
    assert world.case("L1").state.standing.reminders[0].sent_at == sent_at
    world.clock.go(hours=5)
    before = tables(world.store)
    assert world.desk.sent(reminder).repeated
    assert tables(world.store) == before
    assert world.case("L1").state.standing.reminders[0].sent_at == sent_at


def test_sent_of_a_lead_that_is_erased_or_unknown(world):
    world.desk.receive(lead("L1", "LU"))
    (offer,) = world.desk.messages()
    world.desk.erase(leads=["L1"], actor="dpo")
    assert world.desk.sent(offer).outcome == "erased"
    assert told(world) == []
    other = World(plan_one())
    with pytest.raises(NotFound):
        other.desk.sent(offer)


def test_messages_of_those_that_are_held_keep_nobody_waiting(world):
    for i in range(5):
        world.desk.receive(lead(f"L{i}", "LU"))
    world.desk.receive(lead("Z1", "FR"))
    world.desk.hold(actor="ops", reason="look", dealer="b")
    assert told(world, limit=2) == [("offer", "c", "Z1")]
    world.desk.release(actor="ops", dealer="b")
    assert len(told(world, limit=2)) == 2
    assert len(told(world)) == 6


def test_messages_that_are_over_keep_nobody_waiting(world):
    for i in range(5):
        world.desk.receive(lead(f"L{i}", "LU"))
        world.desk.decline(f"L{i}", assignment=1, reason="busy", actor="b")
    world.clock.go(minutes=1)
    world.desk.receive(lead("F1", "LU"))
    assert len(told(world, limit=3)) == 3
    assert ("offer", "b", "F1") in told(world)
    all_laws(world.store, world.desk)


def test_a_lead_that_carries_on_is_offered_anew_when_it_moves(world):
    """The message that it goes with another has a key of its own."""
    desk = world.desk
    desk.receive(lead("L1", "DE", "acme"))
    first = world.holder("L1")
    desk.decline("L1", assignment=1, reason="busy", actor=first)
    assert desk.receive(lead("L2", "DE", "acme")).outcome == "linked"
    holder = world.holder("L1")
    desk.erase(leads=["L1"], actor="dpo")
    assert world.holder("L2") == holder
    desk.decline("L2", assignment=1, reason="busy", actor=holder)
    now = world.holder("L2")
    assert ("offer", now, "L2") in told(world)
    all_laws(world.store, desk)


# How the desk is


def test_health_says_what_is_so():
    world = World(plan_one())
    for i in range(3):
        world.desk.receive(lead(f"L{i}", "LU"))
    for i in range(3):
        world.desk.receive(lead(f"A{i}"))
    world.desk.hold(actor="ops", reason="look", dealer="b")
    world.clock.go(days=4)
    found = world.desk.health()
    assert dict(found.survey.holders) == {"b": 3, "a": 2, "house": 1}
    assert dict(found.survey.phases) == {"offered": 5, "house": 1}
    assert found.survey.due == 6
    assert (found.survey.messages, found.survey.waiting) == (len(world.store._messages), 1)
    assert found.behind > DAY
    assert found.unsent == 4 * DAY
    assert [one.what for one in found.holds] == ["dealer:b"]
    assert found.active.plan == plan_one().digest
    assert CANARY not in repr(found)


# In the shadow


def test_what_is_watched_is_written_down_and_nothing_else_happens(world):
    done = world.desk.watch(lead("S1", "LU"), chosen="c")
    assert (done.outcome, done.decision.holder) == ("other", "b")
    assert world.desk.watch(lead("S2", "LU"), chosen="b").outcome == "same"
    assert world.desk.messages() == ()
    assert world.open("b") == world.open("c") == 0
    assert not world.store._contents
    found = world.desk.differences()
    assert (found.leads, found.same, dict(found.moved)) == (2, 1, {"c -> b": 1})
    assert found.which == (("S1", "c", "b", "territories"),)
    assert "2 leads watched; 1 (50.0%)" in found.text()
    assert CANARY not in found.text()


def test_watched_twice_it_is_watched_once(world):
    world.desk.watch(lead("S1", "BE"), chosen="c")
    assert world.desk.watch(lead("S1", "BE"), chosen="c").repeated
    assert world.desk.watch(lead("S1", "LU"), chosen="c").outcome == "refused:repeated_id"
    with pytest.raises(KeyReused):
        world.desk.watch(lead("S2", "LU"), chosen="c", key="watch:S1")
    assert world.desk.differences().leads == 1
    assert world.desk.update("S1", assignment=1, status="won", actor="c").outcome == "refused:watched"


def test_rotation_runs_on_in_the_shadow(world):
    holders = [world.desk.watch(lead(f"S{i}", "BE"), chosen="a").decision.holder for i in range(6)]
    assert sorted(holders) == ["a", "a", "b", "b", "b", "b"]
    all_laws(world.store, world.desk)
