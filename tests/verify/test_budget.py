"""`Budget`: what cannot be a number of steps is refused, all of it at once."""

import pytest

from dealerrouting.errors import Faulty
from dealerrouting.verify import Budget

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("bad", [0, -1, True, False, "1000", "", 1.0, float("nan"), float("inf"), None, [1]])
@pytest.mark.parametrize("name", ["left", "stretch"])
def test_what_is_no_number_of_steps_is_refused(name, bad):
    with pytest.raises(ValueError, match="is not a number of steps; give a whole number from 1") as raised:
        Budget(**{name: bad})
    assert isinstance(raised.value, Faulty)
    assert [(fault.place, fault.path) for fault in raised.value.faults] == [(f"Budget.{name}", (name,))]


def test_both_faults_are_said_at_once():
    with pytest.raises(Faulty) as raised:
        Budget(0, "many")
    assert str(raised.value).split("\n") == [
        "Budget.left: `0` is not a number of steps; give a whole number from 1",
        "Budget.stretch: `many` is not a number of steps; give a whole number from 1",
    ]


@pytest.mark.parametrize(("left", "stretch"), [(1, 1), (1, 10**30), (10**30, 1)])
def test_any_whole_number_from_one_is_a_budget(left, stretch):
    made = Budget(left, stretch)
    assert (made.left, made.stretch) == (left, stretch)


def test_a_budget_can_be_used_up():
    from dealerrouting.verify.cells import Exhausted

    mine = Budget(1)
    mine.begin()
    mine.step()
    with pytest.raises(Exhausted):
        mine.step()
    assert mine.left == -1  # what it counts down to is not checked, only what it is made of
