"""The user's tests on mutants, in processes of their own: what is a kill, what is not, and what must not happen."""

import os

import pytest

import mutation_laws as laws
import mutation_world as world
from dealerrouting import PlanError
from dealerrouting.documents import load_plan
from dealerrouting.testing.mutation import Bench, RedTests
from dealerrouting.testing.mutation.worker import CAN_FORK


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A user's folder, from which the command is called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_golden_files_kill_what_they_cover_and_nothing_is_written(tmp_path):
    laws.goldens_kill_what_they_cover(tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not CAN_FORK, reason="processes cannot fork here")
def test_a_plan_in_python_under_any_name_a_test_that_hangs_and_one_that_crashes(tmp_path):
    laws.a_plan_in_python_is_replaced_under_every_name(tmp_path)


@pytest.mark.slow
def test_without_forks_it_is_the_same(here):
    world.write(here, world.FILES)
    with Bench("plan.yaml", ["tests"], fork=False) as bench:
        bench.settle()
        names = ("territory/south/drop", "territory/city/drop")
        found = laws.fates(bench, load_plan("plan.yaml"), *names)
    assert found == [("killed", "tests/cases.routing.yaml::south low"), ("survived", "")]


@pytest.mark.slow
def test_hypothesis_draws_the_same_every_time_and_keeps_nothing(tmp_path, tmp_path_factory):
    laws.hypothesis_draws_the_same_every_time(tmp_path, tmp_path_factory.mktemp("seen") / "codes")


def test_goldens_and_fixtures_that_name_no_plan_get_this_one(here):
    goldens = world.FILES["tests/cases.routing.yaml"].replace("plan: ../plan.yaml\n", "")
    asks = (
        "def test_rungs(routing_plan):\n    assert [rung.kind for rung in routing_plan.precedence][:1] == ['rules']\n"
    )
    world.write(here, {"plan.yaml": world.FILES["plan.yaml"], "tests/cases.routing.yaml": goldens})
    world.write(here, {"tests/test_asks.py": asks})
    with Bench("plan.yaml", ["tests"]) as bench:
        assert bench.settle() == 4
        found = laws.fates(bench, load_plan("plan.yaml"), "territory/south/drop", "rung/rules/later")
    assert [fate for fate, _ in found] == ["killed", "killed"]
    assert found[0][1] == "tests/cases.routing.yaml::south low"


def red(plan, *tests, **more):
    with Bench(plan, tests, **more) as bench, pytest.raises(RedTests) as error:
        bench.settle()
    return str(error.value)


@pytest.mark.slow
def test_what_cannot_tell_anything_is_refused(here):
    world.write(here, world.FILES)
    wrong = world.FILES["tests/cases.routing.yaml"].replace("[south]", "[city]", 1)
    broken = "import nothing_like_this\n"
    away = "def test_it():\n    assert True\n"
    world.write(here, {"red/cases.routing.yaml": wrong, "red/test_broken.py": broken, "away/test_away.py": away})
    world.write(here, {"none/readme.txt": "no tests", "plugin/conftest.py": "pytest_plugins = ['nothing_like_this']\n"})
    said = red("plan.yaml", "red")
    assert "red/cases.routing.yaml::south low: fails on the plan as it is" in said
    assert "red/test_broken.py: fails on the plan as it is: ModuleNotFoundError" in said
    assert "mend it first" in said
    assert "there are no tests" in red("plan.yaml", "none")
    assert "plan.yaml: the tests never load this plan" in red("plan.yaml", "away")
    assert "pytest ended with code" in red("plan.yaml", "plugin")


def test_a_folder_that_is_not_there_is_said_before_anything_runs(here):
    world.write(here, world.FILES)
    with pytest.raises(PlanError, match=r"nowhere: there is no such file or folder"), Bench("plan.yaml", ["nowhere"]):
        pass
    assert not [name for name in os.listdir(here) if name not in ("plan.yaml", "tests")]


def test_a_plan_that_only_this_process_can_load_is_told(here, monkeypatch):
    world.write(here, world.FILES)
    with Bench("d_nowhere:plan", ["tests"]) as bench, pytest.raises(PlanError, match="no module `d_nowhere`"):
        bench.settle()


def test_pytest_that_breaks_on_a_mutant_is_no_kill(here):
    world.write(here, world.FILES)
    breaks = """
from pathlib import Path
from dealerrouting.documents import load_plan

def pytest_collection_modifyitems(items):
    if len(load_plan(Path(__file__).parents[1] / "plan.yaml").territories) < 3:
        raise RuntimeError("a plugin of the user's")
"""
    world.write(here, {"tests/conftest.py": breaks})
    with Bench("plan.yaml", ["tests"]) as bench:
        bench.settle()
        with pytest.raises(RedTests, match=r"pytest itself broke on the mutant `territory/city/drop`, with code 3"):
            laws.fates(bench, load_plan("plan.yaml"), "territory/city/drop")
