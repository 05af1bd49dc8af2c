"""The public machine: run, collected, added to; and red where a desk breaks what it promises."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from dealerrouting.desk import deciding, following
from dealerrouting.sla import answers
from dealerrouting.testing import machine
from laws_world import everything, little

pytestmark = pytest.mark.pure

test_everything = machine.suite(everything(), examples=5)
test_little = machine.suite(little(), steps=15, examples=3)


class Mine(machine.of(little())):
    """With a rule and an invariant of its own."""

    seen = 0

    @rule(ident=machine.ids)
    def won(self, ident):
        type(self).seen += 1
        self.say("update", ident, status="won")

    @invariant()
    def only_ours(self):
        for ident in self.received:
            assert self.case(ident).holder in ("a", "house", None)


test_mine = machine.suite(Mine, steps=15, examples=5)
TestMine = machine.of(little()).TestCase
TestMine.settings = settings(max_examples=2, stateful_step_count=5, deadline=None)


def test_rules_of_ones_own_are_run():
    machine.run(Mine, steps=15, examples=5)
    assert Mine.seen


class Wrong(machine.of(little())):
    """An invariant that does not hold."""

    @invariant()
    def nobody_has_anything(self):
        for ident in self.received:
            assert self.case(ident).holder != "a"


def test_an_invariant_that_does_not_hold_is_found():
    with pytest.raises(AssertionError) as found:
        machine.run(Wrong, examples=40)
    told = "\n".join(found.value.__notes__)
    steps = [line for line in told.splitlines() if line.startswith("state.receive")]
    assert len(steps) == 1  # which of the two ways to receive it is, is Hypothesis's to choose
    assert "country='NL'" in told
    assert "=None" not in told  # only what the lead says


def claims_overlooked(patch):
    import importlib

    patch.setitem(
        importlib.import_module("dealerrouting.rules.offers")._OFFERS, "registrations", lambda rung, case: iter(())
    )


def twice(patch, real=answers._objection):
    patch.setattr(following, "past_holders", lambda case: ())

    def objection(now, event, policy):
        found = real(now, event, policy)
        return None if found == "past_holder" else found

    patch.setattr(answers, "_objection", objection)


def caps_overlooked(patch):
    patch.setattr(deciding, "_counted", lambda plan, asked: iter(()))


@pytest.mark.slow
@pytest.mark.parametrize("fault", [claims_overlooked, twice, caps_overlooked], ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(fault, monkeypatch):
    unshrunk = settings(max_examples=500, stateful_step_count=30, phases=[Phase.generate], derandomize=True,
                        database=None, deadline=None, suppress_health_check=list(HealthCheck))  # fmt: skip
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine.of(everything()), settings=unshrunk)
