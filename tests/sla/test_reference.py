"""The machine against the reference: whatever arrives in whatever order, both say the same."""

import pytest
from hypothesis import given

import sla_histories as some
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.sla import next_due
from sla_reference import tell

pytestmark = [pytest.mark.pure, pytest.mark.slow]


def told(where):
    """What the reference says of a lead."""
    return where.phase, where.holder, where.kind, where.n, where.hops, tuple(where.past), where.broken


def kept(where):
    """The same as the machine says it."""
    past = tuple((one.assignment, one.holder, one.kind, one.why) for one in where.past)
    broken = {(one.assignment, one.rule): one.due for one in where.breached}
    return where.phase, where.holder, where.kind, where.assignment, where.hops, past, broken


@some.many
@given(some.histories())
def test_the_machine_does_what_the_reference_says(life):
    state, policy, arrived, keys, ids = life.begin(), life.policy, [], set(), set()
    for one in life.arrived:
        fresh = getattr(one, "id", None) not in {None, *ids}
        reference = tell(some.LEAD, life.begun, life.policy, [*arrived, one], life.followers)
        try:
            state, effects, policy = some.lived(state, one, policy)
        except TransitionNotAllowed:
            assert fresh
            assert one.id in reference.unheard
            continue
        assert not fresh or one.id not in reference.unheard
        arrived.append(one)
        ids |= {one.id} if fresh else set()
        keys |= {effect.key for effect in effects}
        assert kept(state.settled) == told(reference)
        assert kept(state.standing) == told(reference.known)
        assert sorted((due.at, due.rule) for due in state.dues) == reference.upcoming
        assert next_due(state) == reference.next
        assert keys == reference.keys
