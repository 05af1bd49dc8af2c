"""What holders and people of the house say of a lead, with the right and with a stale number (laws 13 to 16, 22)."""

from datetime import timedelta

import pytest

from dealerrouting.errors import EventError, NotFound, TransitionNotAllowed
from desk_laws import all_laws
from desk_world import DAY, World, lead, plan_one, tables

pytestmark = pytest.mark.pure


@pytest.fixture
def world():
    """L1 is with `b`, under its first assignment."""
    world = World(plan_one())
    assert world.desk.receive(lead("L1", "BE")).holder == "b"
    world.clock.go(hours=1)
    return world


def say(world, what, number=1, ident="L1"):
    """One answer to an assignment."""
    desk, until = world.desk, world.clock() + DAY
    told = {"assignment": number, "actor": "b"}
    return {
        "accept": lambda: desk.accept(ident, **told),
        "decline": lambda: desk.decline(ident, reason="busy", **told),
        "contacted": lambda: desk.update(ident, status="contacted", **told),
        "attempted": lambda: desk.update(ident, status="attempted", **told),
        "uncontactable": lambda: desk.update(ident, status="uncontactable", **told),
        "won": lambda: desk.update(ident, status="won", **told),
        "refer": lambda: desk.refer(ident, reason="large", **told),
        "pause": lambda: desk.pause(ident, until=until, reason="fair", **told),
        "resume": lambda: desk.resume(ident, **told),
        "reopen": lambda: desk.reopen(ident, reason="called", **told),
    }[what]()


ANSWERS = ("accept", "decline", "contacted", "refer", "pause", "resume")


@pytest.mark.parametrize(
    ("what", "outcome", "phase", "holder", "number"),
    [
        ("accept", "applied", "accepted", "b", 1),
        ("decline", "applied", "offered", "a", 2),
        ("contacted", "applied", "contacted", "b", 1),
        ("attempted", "not_counted", "offered", "b", 1),
        ("uncontactable", "refused:no_evidence", "offered", "b", 1),
        ("won", "applied", "won", "b", 1),
        ("refer", "applied", "house", "house", 2),
        ("pause", "applied", "offered", "b", 1),
        ("resume", "nothing", "offered", "b", 1),
    ],
)
def test_an_answer_to_the_current_assignment(world, what, outcome, phase, holder, number):
    done = say(world, what)
    assert (done.outcome, done.phase, done.holder, done.assignment) == (outcome, phase, holder, number)
    case = world.case("L1")
    assert (case.phase, case.holder, case.state.assignment) == (phase, holder, number)
    all_laws(world.store, world.desk)


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_to_an_assignment_that_is_over_changes_nothing_and_is_recorded(world, what):
    say(world, "decline")
    before = world.case("L1").state.standing
    done = say(world, what)
    assert (done.outcome, done.holder, done.assignment) == ("late", "a", 2)
    assert world.case("L1").state.standing == before
    assert world.store.history("L1").records[-2].detail["outcome"] == "late"
    assert world.desk.replayed("L1").same


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_to_an_assignment_that_never_was_is_recorded_as_refused(world, what):
    before = world.case("L1").state.standing
    assert say(world, what, 2).outcome == "refused:unknown_assignment"
    assert world.case("L1").state.standing == before


@pytest.mark.parametrize("what", ["accept", "decline", "contacted", "refer", "pause", "resume"])
def test_what_has_no_place_in_the_phase_raises_and_changes_nothing(world, what):
    say(world, "won")
    before = tables(world.store)
    with pytest.raises(TransitionNotAllowed, match="won"):
        say(world, what)
    assert tables(world.store) == before
    with pytest.raises(TransitionNotAllowed):
        world.desk.reassign("L1", to="c", reason="asked", actor="boss")
    assert tables(world.store) == before


def test_only_what_is_closed_is_reopened_and_goes_back_to_its_holder(world):
    before = tables(world.store)
    with pytest.raises(TransitionNotAllowed):
        say(world, "reopen")
    assert tables(world.store) == before
    say(world, "won")
    assert world.open("b") == 0
    done = say(world, "reopen")
    assert (done.phase, done.holder, done.assignment) == ("accepted", "b", 2)
    assert world.open("b") == 1
    assert world.case("L1").over_since is None
    assert world.desk.replayed("L1").same


@pytest.mark.parametrize("what", [*ANSWERS, "reopen"])
def test_of_an_unknown_lead_nothing_is_heard(world, what):
    before = tables(world.store)
    with pytest.raises(NotFound, match="L9"):
        say(world, what, ident="L9")
    assert tables(world.store) == before


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"status": "done"}, "status"),
        ({"assignment": 0}, "assignment"),
        ({"actor": " "}, "actor"),
        ({"evidence": ""}, "evidence"),
    ],
)
def test_what_can_be_no_fact_is_an_error_with_its_place(world, told, place):
    before = tables(world.store)
    with pytest.raises(EventError, match=place):
        world.desk.update("L1", **({"assignment": 1, "status": "won", "actor": "b"} | told))
    assert tables(world.store) == before


def test_a_status_with_evidence_and_one_from_the_future(world):
    future = world.clock() + timedelta(hours=2)
    done = world.desk.update("L1", assignment=1, status="contacted", actor="b", occurred_at=future)
    assert done.outcome == "refused:from_the_future"
    done = world.desk.update("L1", assignment=1, status="uncontactable", actor="b", evidence="calls-7")
    assert (done.outcome, done.phase) == ("applied", "uncontactable")
    assert world.open("b") == 0


def test_said_twice_under_one_key_it_is_said_once(world):
    told = {"assignment": 1, "status": "contacted", "actor": "b", "key": "k"}
    first = world.desk.update("L1", **told)
    events = world.store.history("L1").events
    world.clock.go(days=1)
    again = world.desk.update("L1", **told)
    assert (again.outcome, again.phase, again.repeated) == (first.outcome, first.phase, True)
    assert world.store.history("L1").events == events


def test_whoever_declined_never_has_it_again_by_the_plan(world):
    for holder, number in (("b", 1), ("a", 2)):
        assert world.holder("L1") == holder
        world.desk.decline("L1", assignment=number, reason="busy", actor=holder)
    assert world.holder("L1") == "house"
    assert world.case("L1").waits_for == ()
    all_laws(world.store, world.desk)


def test_hops_are_bounded():
    world = World(plan_one())
    world.desk.receive(lead("L1", "DE"))
    had = []
    for number in range(1, 4):
        had.append(world.holder("L1"))
        world.desk.decline("L1", assignment=number, reason="busy", actor="x")
    assert sorted(had) == ["b", "c", "d"]
    assert world.holder("L1") == "house"
    all_laws(world.store, world.desk)


# By hand


def test_by_hand_it_goes_to_whom_a_person_says_a_past_holder_too(world):
    say(world, "decline")
    done = world.desk.reassign("L1", to="b", reason="asked-for", actor="boss")
    assert (done.outcome, done.holder, done.assignment) == ("applied", "b", 3)
    told = [(one.does, one.to) for one in world.desk.messages()]
    assert ("offer", "b") in told
    assert ("withdraw", "a") in told
    assert ("offer", "a") not in told
    all_laws(world.store, world.desk)


def test_by_hand_to_the_house_and_from_it(world):
    assert world.desk.reassign("L1", to="house", reason="large", actor="boss").phase == "house"
    assert world.desk.reassign("L1", to="c", reason="small", actor="boss").phase == "offered"
    assert world.holder("L1") == "c"
    assert (world.open("b"), world.open("house"), world.open("c")) == (0, 0, 1)


def test_by_hand_over_a_cap(world):
    for ident in ("F1", "F2"):
        world.desk.receive(lead(ident))
    assert world.desk.reassign("L1", to="a", reason="asked", actor="boss").holder == "a"
    assert world.open("a") == 3
    all_laws(world.store, world.desk)


def test_by_hand_needs_an_actor_a_reason_and_a_dealer_that_there_is(world):
    before = tables(world.store)
    with pytest.raises(EventError, match="no such dealer"):
        world.desk.reassign("L1", to="nobody", reason="asked", actor="boss")
    for told in ({"reason": "", "actor": "boss"}, {"reason": "asked", "actor": ""}):
        for to in ("a", None):
            with pytest.raises(EventError):
                world.desk.reassign("L1", to=to, **told)
    with pytest.raises(TypeError):
        world.desk.reassign("L1", to="a", reason="asked")
    with pytest.raises(TypeError):
        world.desk.reassign("L1", to="a", actor="boss")
    assert tables(world.store) == before


def test_taken_away_it_goes_where_the_plan_says_and_not_back(world):
    done = world.desk.reassign("L1", reason="slow", actor="boss")
    assert (done.holder, done.decision.by) == ("a", "territories")
    assert ("withdraw", "b") in [(one.does, one.to) for one in world.desk.messages()]


def test_the_leads_that_go_with_it_are_over_and_open_with_it():
    world = World(plan_one())
    for ident in ("L1", "L2", "L3"):
        world.desk.receive(lead(ident, "BE", "acme"))
    world.desk.update("L1", assignment=1, status="lost", actor="b")
    assert world.case("L3").over_since == world.clock()
    world.desk.reopen("L1", assignment=1, reason="called", actor="b")
    assert world.case("L3").over_since is None
    all_laws(world.store, world.desk)


def test_the_clock_may_run_back_and_time_does_not(world):
    world.clock.go(days=-3)
    done = world.desk.accept("L1", assignment=1, actor="b")
    assert done.outcome == "applied"
    events = [event.received_at for event in world.store.history("L1").events if hasattr(event, "received_at")]
    assert events == sorted(events)
    assert world.desk.replayed("L1").same
