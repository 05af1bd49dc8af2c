"""Whatever is given to the machine: never a hang, never a changed state, and always a reason."""

import pickle
from datetime import datetime

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from dealerrouting.calendar import Elapsed
from dealerrouting.errors import DealerRoutingError, EventError, Fault, PolicyMismatch, TransitionNotAllowed
from dealerrouting.events import (
    EVENTS,
    Accepted,
    Assigned,
    Migrate,
    Paused,
    Referred,
    Reopened,
    Tick,
    Updated,
)
from dealerrouting.sla import FINAL, HELD, PHASES, begin, step
from dealerrouting.terms import Policy, Terms
from sla_life import REMINDER, T0, Life, at, offered

pytestmark = pytest.mark.pure

OTHER = Policy(Terms(notice=Elapsed(hours=1)), "hq")
SAID = {
    "assigned": {"holder": "bob"},
    "declined": {"reason": "busy"},
    "updated": {"status": "quoted"},
    "paused": {"until": at(days=9), "reason": "holiday"},
    "referred": {"reason": "too big"},
    "reopened": {"reason": "called back"},
    "withdrawn": {"reason": "asked", "actor": "eve"},
    "reminder_sent": {"effect": REMINDER},
}
TAKEN = {
    "waiting": set(EVENTS),  # for what is said there of an assignment is late
    **{phase: set(EVENTS) - {"reopened"} for phase in HELD},
    "house": set(EVENTS) - {"declined", "referred", "reopened"},
    **{phase: {"reopened", "reminder_sent", "migrate"} for phase in FINAL},
}
"""Which events may come in which phase, written a second time."""


def in_phase(phase):
    """A lead that has got there."""
    if phase == "waiting":
        return Life()
    life = offered()
    if phase == "house":
        life.settles(Referred, T0, reason="too big")
    elif phase == "accepted":
        life.settles(Accepted, T0)
    elif phase != "offered":
        life.settles(Updated, T0, status=phase, evidence="call-7")
    assert life.state.phase == phase
    return life


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("type", [one for one in EVENTS if one != "migrate"])
def test_an_event_that_the_table_does_not_have_is_refused_and_changes_nothing(phase, type):
    life = in_phase(phase)
    number = max(1, life.state.assignment + (type == "assigned"))
    event = life.event(EVENTS[type], at(hours=1), number, **SAID.get(type, {}))
    before = life.state
    if type in TAKEN[phase]:
        assert life.step(event) == []
        assert life.state.inbox == (event,)
        return
    with pytest.raises(TransitionNotAllowed) as caught:
        life.step(event)
    assert life.state is before
    assert (caught.value.state, caught.value.event) == (before, event)
    assert str(caught.value) == f"`{type}` is not allowed for a lead that is `{phase}`"
    assert isinstance(caught.value, DealerRoutingError)


def test_a_refusal_pickles_with_the_state_and_the_event():
    life = in_phase("won")
    event = life.event(Accepted, at(hours=1))
    with pytest.raises(TransitionNotAllowed) as caught:
        step(life.state, event, life.policy)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.state, again.event, str(again)) == (life.state, event, str(caught.value))


def test_a_refused_event_may_come_again_when_it_has_a_place():
    life = offered()
    event = life.event(Reopened, at(hours=3), reason="called back")
    with pytest.raises(TransitionNotAllowed):
        life.step(event)
    life.hears(Updated, at(hours=2), status="won")
    life.step(event)
    life.ticks(at(hours=3))
    assert life.outcome(event.id) == "applied"


def test_an_event_that_loses_its_place_to_one_that_came_late_is_recorded():
    life = offered()
    life.hears(Paused, at(hours=3), until=at(hours=9), reason="holiday")
    life.hears(Updated, at(hours=2), status="won")
    life.ticks(at(hours=3))
    assert life.outcome("e2") == "not_allowed"
    assert (life.state.phase, life.state.standing.pause) == ("won", None)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("ahead", [1, 99])
def test_an_event_about_an_assignment_that_never_was_is_recorded_as_a_refusal(phase, ahead):
    life = in_phase(phase)
    number = life.state.assignment + ahead
    assert life.settles(Updated, at(hours=1), number, status="won") == "refused:unknown_assignment"
    assert life.state.phase == phase


def test_an_event_of_another_lead_is_refused():
    life = offered()
    event = Accepted("e7", "L2", assignment=1, received_at=at(hours=1))
    before = life.state
    with pytest.raises(EventError) as caught:
        life.step(event)
    assert caught.value.faults == (Fault("accepted `e7`.lead", "is not `L1`", "load the state of that lead"),)
    assert life.state is before


# Policies


@pytest.mark.parametrize("what", [Tick(at(hours=1)), Accepted("e7", "L1", assignment=1, received_at=at(hours=1))])
def test_another_policy_is_refused(what):
    state = offered().state
    with pytest.raises(PolicyMismatch) as caught:
        step(state, what, OTHER)
    assert str(caught.value) == (
        f"lead `L1` is pinned to {state.policy[:15]}..., and this policy is {OTHER.digest[:15]}...: "
        "give that one, or step a Migrate event"
    )
    assert isinstance(caught.value, ValueError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_policy_that_means_the_same_is_the_same():
    life = offered()
    same = Policy(Terms(withdraw_after=Elapsed(hours=120)), "hq")
    assert step(life.state, Tick(at(hours=49)), same) == step(life.state, Tick(at(hours=49)), life.policy)


@pytest.mark.parametrize(
    ("lead", "to", "policy", "text"),
    [
        ("L1", "sha256:nothing", OTHER, "this migration is of lead `L1` to sha256:nothing...: give that policy"),
    ],
)
def test_a_migration_goes_with_the_policy_that_it_names(lead, to, policy, text):
    event = Migrate("m1", lead, received_at=at(hours=1), to=to, how="keep_due")
    with pytest.raises(PolicyMismatch) as caught:
        step(offered().state, event, policy)
    assert str(caught.value) == text


def test_a_migration_comes_when_everything_is_settled():
    life = offered()
    life.hears(Accepted, at(hours=1))
    event = Migrate("m1", "L1", received_at=at(hours=1), to=OTHER.digest, how="keep_due")
    with pytest.raises(PolicyMismatch) as caught:
        step(life.state, event, OTHER)
    assert str(caught.value) == "events have come that no tick has settled: tick under the old policy first"
    life.ticks(at(hours=1))
    assert step(life.state, event, OTHER)[0].policy == OTHER.digest


# Time and values


@pytest.mark.parametrize("naive", [datetime(2026, 6, 1, 8), "2026-06-01T08:00Z", None])
def test_a_naive_datetime_begins_nothing(naive):
    with pytest.raises(TypeError):
        begin("L1", Policy(Terms(), "hq"), at=naive)


def test_time_may_go_backwards():
    life = offered()
    life.ticks(at(hours=49))
    before = life.state
    assert life.step(Tick(at(hours=1))) == []
    assert life.state is before
    assert life.settles(Updated, at(hours=-9), status="contacted") == "applied"  # from a server whose clock is slow
    assert life.state.standing.clock_from == T0


def test_states_are_values():
    life = offered()
    life.ticks(at(hours=49))
    life.hears(Accepted, at(hours=50))
    again = pickle.loads(pickle.dumps(life.state))
    assert again == life.state
    assert len({again, life.state, evolve(again, lead="L2")}) == 2
    assert step(again, Tick(at(hours=50)), life.policy) == step(life.state, Tick(at(hours=50)), life.policy)
    with pytest.raises(FrozenInstanceError):
        life.state.lead = "L2"
    effects = pickle.loads(pickle.dumps(life.effects))
    assert effects == life.effects
    assert len({*effects, *life.effects}) == len(effects)


def test_a_refusal_does_not_depend_on_what_has_come_before():
    """An event that is refused leaves nothing behind that could refuse another."""
    life = in_phase("won")
    for _ in range(3):
        with pytest.raises(TransitionNotAllowed):
            life.hears(Assigned, at(hours=1), holder="bob")
    assert life.state.inbox == ()
    assert life.settles(Reopened, at(hours=2), reason="called back") == "applied"


def test_a_migration_of_another_lead_is_an_event_of_another_lead():
    event = Migrate("m1", "L2", received_at=at(hours=1), to=OTHER.digest, how="keep_due")
    with pytest.raises(EventError, match="is not `L1`; load the state of that lead"):
        step(offered().state, event, OTHER)
