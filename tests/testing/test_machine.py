"""The public machine: run, collected, added to; and red where a desk breaks what it promises."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from hypothesis.vendor.pretty import pretty

from dealerrouting.desk import deciding, following
from dealerrouting.sla import answers
from dealerrouting.testing import machine
from laws_world import everything, little
from strategies_world import drawn

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


def broken(**told):
    """The steps that broke `Wrong`, as they are shown."""
    with pytest.raises(AssertionError) as found:
        machine.run(Wrong, **told)
    lines = "\n".join(found.value.__notes__).splitlines()
    own = {
        f"state.{one}()" for one in ("lawful", "nobody_has_anything", "nothing_is_lost", "reminded_once", "teardown")
    }
    assert "Explanation:" not in lines
    return [line for line in lines if line.startswith("state.") and line not in own]


def test_an_invariant_that_does_not_hold_is_found():
    """How few of the steps are left is Hypothesis's affair, which stops at some two that it cannot tell apart."""
    steps = broken(examples=40)
    assert any(line.startswith("state.receive") for line in steps)
    assert "=None" not in "".join(steps)  # only what the lead says


def test_the_step_that_breaks_it_says_what_matters():
    """Of one step only there is one shortest; which of the two ways to receive it is, is Hypothesis's to choose."""
    (step,) = broken(steps=1, examples=1_000)
    assert step in (
        "state.receive(lead=Lead('L1', country='NL'))",
        "state.receive_of(company=<Jansen Metaal BV>, lead=Lead('L1', country='NL'))",
    )


@pytest.mark.parametrize("name", ["drawn_leads", "drawn_companies"])
def test_what_was_drawn_is_shown_in_a_few_words(name):
    for one in drawn(getattr(machine.of(everything()), name)(), 50):
        assert pretty(one) == repr(one) == one.shown
        assert one.shown.startswith(("Lead('L", "<"))
        assert "=None" not in one.shown


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


@pytest.mark.parametrize("given", ["plan.yaml", 5, int, machine.LeadMachine, machine.of])
@pytest.mark.parametrize("asked", [machine.run, machine.suite])
def test_what_is_no_plan_and_no_machine_of_one_is_refused_at_once(asked, given):
    name = given.__name__ if isinstance(given, type) else type(given).__name__
    with pytest.raises(TypeError, match=rf"give a Plan, or a subclass of `machine.of\(plan\)`; this is a {name}$"):
        asked(given)


def test_a_machine_is_of_a_plan():
    with pytest.raises(TypeError, match="of a Plan, and this is a str"):
        machine.of("plan.yaml")
