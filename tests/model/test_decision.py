"""Decisions: frozen records of ids."""

import copy
import pickle

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

import strategies as some
from dealerrouting import route
from dealerrouting.model import FLAGS, Decision

pytestmark = pytest.mark.pure


@some.checked
@given(some.cases())
def test_decisions_survive_pickle_copy_and_evolve(case):
    lead, plan, facts, at = case
    decision = route(lead, plan, facts, at=at)
    for again in (pickle.loads(pickle.dumps(decision)), copy.copy(decision), copy.deepcopy(decision), evolve(decision)):
        assert again == decision
        assert hash(again) == hash(decision)
    with pytest.raises(FrozenInstanceError):
        decision.holder = "me"


def test_the_flags_are_a_closed_list():
    assert len(set(FLAGS)) == len(FLAGS)
    assert all(flag.isidentifier() for flag in FLAGS)


def test_a_decision_without_more_is_plain():
    decision = Decision("L", None, "house", "h", "house")
    assert (decision.because, decision.flags, decision.retry, decision.passed_over) == ((), (), (), ())
    assert decision.changes.opened is None
