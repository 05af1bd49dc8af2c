"""The public laws: asked in one line, collected by pytest as it comes, and readable where one does not hold."""

import subprocess
import sys
from random import Random

import pytest

import dealerrouting.rules as core
from dealerrouting import Dealer, Pick, Plan, Territory, by
from dealerrouting.testing import laws
from dealerrouting.testing.laws.law import Subject
from laws_world import everything, hundred, little

pytestmark = pytest.mark.pure

test_everything = laws.suite(everything(), max_examples=5)
test_little = laws.suite(little(), max_examples=5)
test_hundred = laws.suite(hundred(), only=["fair_turns", "order_means_nothing"], max_examples=5)


def test_every_law_says_what_it_is():
    names = [law.name for law in laws.LAWS]
    assert len(names) == len(set(names))
    for law in laws.LAWS:
        assert law.name.isidentifier()
        assert law.text.endswith(".")
        assert 1 <= law.number <= 29
        assert law.room in laws.ROOMS
    assert not [number for number in range(1, 27) if number not in {law.number for law in laws.LAWS}]


def test_laws_are_chosen_by_name_or_room():
    def chosen(**told):
        return laws.suite(little(), **told).pytestmark[0].args[1]

    assert [law.name for law in chosen(only="one_holder")] == ["one_holder"]
    assert {law.room for law in chosen(skip=["desk", "sla"])} == {"routing", "claims"}
    with pytest.raises(ValueError, match="`one_holdr`.*`one_holder`"):
        laws.check(little(), only="one_holdr")
    with pytest.raises(TypeError, match="a Plan, and this is a str"):
        laws.suite("plan.yaml")


def moody(chance):
    """A pick that draws lots, which a plan must not."""
    return Pick("moody", lambda lead, dealers: [chance.choice(dealers)])


def a_moody_plan():
    return Plan(
        "moody",
        house="house",
        dealers=[Dealer("a"), Dealer("b"), Dealer("house", kind="house")],
        territories=[Territory("nl", ["a", "b"], country="NL")],
        precedence=[by.territories(pick=[moody(Random(1))])],
    )


def test_a_function_that_draws_lots_is_found():
    with pytest.raises(laws.Broken) as found:
        laws.check(a_moody_plan(), only="same_decision", max_examples=200)
    (breach,) = found.value.breaches
    assert breach.law.name == "same_decision"
    assert "country='NL'" in breach.shown
    assert "Lead " in breach.shown


def test_what_is_broken_is_shown_by_the_smallest_lead(monkeypatch):
    real = core.route

    def lost(lead, plan, facts, *, at):
        if lead.country == "NL":
            raise KeyError("planted")
        return real(lead, plan, facts, at=at)

    monkeypatch.setattr(core, "route", lost)
    with pytest.raises(laws.Broken) as found:
        laws.check(little(), only="one_holder")
    said = str(found.value).splitlines()
    assert said[0].startswith("law 2, one_holder: Every lead has exactly one holder")
    assert said[1] == "broken: raised KeyError: 'planted'"
    assert said[3].startswith("  Lead('L1', ")
    assert len(said) < 15


def test_laws_that_cannot_be_asked_are_left_out():
    unasked = {law.name for law in laws.LAWS if law.unasked(little())}
    assert {"claimant_first", "functions_lose_nothing", "quota_holds"} <= unasked
    assert not [law.name for law in laws.LAWS if law.unasked(everything())]
    for law in laws.LAWS:
        assert law.name not in unasked or law.breach(Subject(little())) is None


MODULE = """
from dealerrouting import Dealer, Plan, Pick, Territory, by
from dealerrouting.testing import laws
chosen = {}
def fickle(lead, dealers):
    chosen[lead.id] = chosen.get(lead.id, 0) + 1
    return [dealers[chosen[lead.id] % len(dealers)]]
plan = Plan("p", house="h", dealers=[Dealer("a"), Dealer("b"), Dealer("h", kind="house")],
            territories=[Territory("t", ["a", "b"], country="NL")],
            precedence=[by.territories(pick=[Pick("fickle", fickle)])])
test_plan = laws.suite(plan, only=["one_holder", "same_decision", "fair_turns"], max_examples=200)
"""


@pytest.mark.slow
def test_pytest_collects_a_suite_as_it_comes(tmp_path):
    (tmp_path / "test_plan.py").write_text(MODULE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    call = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-p", "no:randomly", "test_plan.py"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "PASSED test_plan.py::test_plan[one_holder]" in done.stdout
    assert "FAILED test_plan.py::test_plan[same_decision]" in done.stdout
    assert "SKIPPED" in done.stdout
    assert "nobody takes turns in this plan" in done.stdout
    assert "asked again, another decision" in done.stdout
    assert "Traceback" not in done.stdout
