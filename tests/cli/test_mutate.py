"""`dealerrouting mutate` as a user types it: what it finds, what it writes, and the exit code."""

import json

import pytest
from click.testing import CliRunner

import mutation_world as world
from dealerrouting.cli.commands import commands
from dealerrouting.documents import load_plan
from dealerrouting.testing import golden
from dealerrouting.testing.mutation import KINDS, mutants

ROUTING = [word for kind in KINDS if kind != "terms" for word in ("--only", kind)]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return world.write(tmp_path, world.FILES)


def mutate(*arguments):
    result = CliRunner().invoke(commands, ["mutate", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.mark.slow
def test_goldens_for_half_of_a_plan_then_those_that_it_writes(here):
    """The cases written for the survivors, put with the tests, kill every one of them."""
    before = world.snapshot(here)
    first = mutate("plan.yaml", "--tests", "tests", *ROUTING, "-o", "more.routing.yaml")
    assert first.exit_code == 1, first.output
    assert "written to more.routing.yaml" in first.stderr
    assert 'territory "city"\n  is left out  [territory/city/drop]\n' in first.stdout
    assert 'territory "late"\n' in first.stdout
    assert 'territory "south"\n  is left out' not in first.stdout
    assert "expect:" not in first.stdout
    cases = golden.read("more.routing.yaml").cases
    assert 0 < len(cases) < first.stdout.count("  [")  # one case may kill several
    assert world.snapshot(here).keys() == {*before, "more.routing.yaml"}

    second = mutate("plan.yaml", "--tests", "tests", "--tests", "more.routing.yaml", *ROUTING)
    assert second.exit_code == 0, second.output
    assert "0 survived" in second.stdout
    assert second.stdout.endswith("Every change was noticed by a test.\n")


def test_json_says_what_came_of_every_mutant(here):
    result = mutate("plan.yaml", "--tests", "tests", "--only", "drop", "--limit", 5, "--format", "json")
    assert result.exit_code == 1, result.output
    data = json.loads(result.stdout)
    plan = load_plan("plan.yaml")
    chosen = mutants(plan, only=["drop"], limit=5)
    assert [row["id"] for row in data["mutants"]] == [one.id for one in chosen]
    assert data["plan"] == plan.digest
    assert sum(data["totals"].values()) == 5
    rows = {row["id"]: row for row in data["mutants"]}
    assert rows["rule/big/drop"]["by"] == "tests/cases.routing.yaml::big"
    assert rows["territory/city/drop"]["case"].startswith("  - name: territory/city/drop\n")


def test_text_is_told_in_dutch(here):
    result = mutate("plan.yaml", "--tests", "tests", "--only", "weight", "--lang", "nl")
    assert result.exit_code == 1
    assert 'gebied "city"\n  de gewichten van a en b wisselen van plaats' in result.stdout
    assert "      - name: territory/city/weights.a\n" in result.stdout


def test_terms_that_the_plan_does_not_write_are_not_changed(here):
    """And then nothing is claimed to be covered."""
    result = mutate("plan.yaml", "--tests", "tests", "--only", "terms")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ["The plan has nothing of this kind to change."]
    (here / "plan.yaml").write_text(world.FILES["plan.yaml"] + "terms: {max_reassignments: 2}\n", "utf-8")
    result = mutate("plan.yaml", "--tests", "tests", "--only", "terms", "--format", "json")
    rows = json.loads(result.stdout)["mutants"]
    assert [(row["id"], row["fate"]) for row in rows] == [
        ("terms/max_reassignments+", "survived"),
        ("terms/max_reassignments-", "survived"),
    ]
    assert all("past_holders" in row["case"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan.yaml"], "--tests"),
        (["nowhere.yaml", "--tests", "tests"], "nowhere.yaml: there is no such file or folder"),
        (["plan.yaml", "--tests", "nowhere"], "nowhere: there is no such file or folder"),
        (["plan.yaml", "--tests", "tests", "--only", "dropp"], "did you mean `drop`"),
        (["plan.yaml", "--tests", "tests", "--lang", "de"], "there is no language `de`"),
        (["plan.yaml", "--tests", "tests", "-o", "more.yaml"], "write NAME.routing.yaml"),
        (["plan.yaml", "--tests", "tests", "--limit", "0"], "--limit"),
        (["plan.yaml", "--tests", "red"], "red/cases.routing.yaml::south low: fails on the plan as it is"),
    ],
)
def test_a_wrong_call_is_told_and_exits_two(here, arguments, said):
    wrong = world.FILES["tests/cases.routing.yaml"].replace("[south]", "[city]", 1)
    world.write(here, {"red/cases.routing.yaml": wrong})
    result = CliRunner().invoke(commands, ["mutate", *arguments], standalone_mode=True)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_without_the_extra_it_says_what_to_install(here, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = mutate("plan.yaml", "--tests", "tests")
    assert result.exit_code == 2
    assert "pip install 'dealerrouting[testing]'" in result.stderr


def test_a_plan_is_named_as_the_golden_file_sees_it(here):
    from dealerrouting.cli.mutate import _from

    assert _from(here / "tests" / "more.routing.yaml", "plan.yaml") == "../plan.yaml"
    assert _from(here / "more.routing.yaml", "d_plans:plan") == "d_plans:plan"
