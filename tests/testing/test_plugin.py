"""The pytest plugin: asleep until used, a test for each case, readable failures, updates that are shown first."""

import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import dealerrouting.testing.plugin  # noqa: F401 - an inner run forgets whatever it is the first to import
import golden_world as world
from dealerrouting.testing.plugin import Clock

pytest.importorskip("yaml")
pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]
NAME = "_dealerrouting_pytest"


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest in a folder with a plan and one golden file; nothing but our plugin is loaded."""

    def running(*arguments, text=world.GOOD):
        world.build(pytester.path, text=text)
        return pytester.runpytest_inprocess("-p", NAME, "-p", "no:cacheprovider", *arguments)

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return running


def outside(pytester, *arguments, code=None):
    """The same in a process of its own."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    call = ["-c", code] if code else ["-m", "pytest", "-p", NAME, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        [sys.executable, *call], cwd=pytester.path, env=environment, capture_output=True, text=True, check=False
    )


# Asleep


LOADED = f"import sys, pytest; before = set(sys.modules); import {NAME}; print(sorted(set(sys.modules) - before))"


def test_the_plugin_loads_pytest_and_nothing_else(pytester):
    assert outside(pytester, code=LOADED).stdout.strip() == f"['{NAME}']"


def test_a_run_without_golden_files_never_wakes_it(pytester):
    pytester.makepyfile(
        "import sys\n"
        "def test_asleep():\n"
        "    heavy = ('dealerrouting', 'hypothesis', 'pydantic', 'yaml', 'attr')\n"
        "    assert not [name for name in sys.modules if name.partition('.')[0] in heavy]\n"
    )
    world.build(pytester.path).rename(pytester.path / "beside.routing.yaml")
    found = outside(pytester, "-q", "test_a_run_without_golden_files_never_wakes_it.py")
    assert "1 passed" in found.stdout, found.stdout


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="the sources are not beside these tests")
def test_pytest_finds_it_by_its_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["pytest11"] == {"dealerrouting": NAME}
    built = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert f"src/{NAME}.py" in [*built.get("packages", ()), *built.get("only-include", ())]


# Cases are tests


def test_every_case_is_one_test(run):
    result = run("-v")
    result.assert_outcomes(passed=3)
    assert "collecting ... collected 3 items" in result.outlines
    assert [line.partition(" PASSED")[0] for line in result.outlines if "::" in line] == [
        "cases/cases.routing.yaml::Antwerp goes to one of the two",
        "cases/cases.routing.yaml::a claim goes first",
        "cases/cases.routing.yaml::nobody serves Dresden",
    ]


FILE = "cases/cases.routing.yaml"


@pytest.mark.parametrize(
    ("chosen", "passed"),
    [(["-k", "claim"], 1), ([f"{FILE}::a claim goes first"], 1), ([f"--deselect={FILE}::nobody serves Dresden"], 2)],
)
def test_cases_are_chosen_as_tests_are(run, chosen, passed):
    assert run(*chosen).parseoutcomes()["passed"] == passed


def test_a_file_named_twice_is_collected_once(run):
    run("cases", "cases/cases.routing.yaml", ".").assert_outcomes(passed=3)


def test_other_yaml_is_left_alone(run, pytester):
    (pytester.path / "other.yaml").write_text("{")
    (pytester.path / "SHOUTED.ROUTING.YML").write_text(world.GOOD.replace("../plan", "plan"))
    run().assert_outcomes(passed=6)


@pytest.mark.slow
def test_workers_share_the_cases(run, pytester):
    pytest.importorskip("xdist")
    world.build(pytester.path)
    found = outside(pytester, "-p", "xdist", "-n", "2", "-q")
    assert "3 passed" in found.stdout, found.stdout + found.stderr


# Failures


def test_a_failure_reads_without_the_manual(run):
    result = run(text=world.WRONG)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ Antwerp when a is full _*",
            "holder is antwerp-b, not antwerp-a; because is antwerp, not antwerpen",
            "cases/cases.routing.yaml:4:5",
            "  > holder   antwerp-a   antwerp-b",
            "lead: *",
            "The smallest lead that ends the same way: *",
            "Lead Antwerp when a is full: antwerp-b holds it, by territories (antwerp).",
            "Why not antwerp-a?",
            "FAILED cases/cases.routing.yaml::Antwerp when a is full - holder is antwerp-b*",
        ]
    )
    assert not [line for line in result.outlines if "Traceback" in line or ".py:" in line]


def test_everything_wrong_with_a_file_is_said_at_once(run):
    text = world.GOOD.replace("country: DE", "contry: DE").replace("because: [", "becuse: [")
    result = run(text=text)
    result.assert_outcomes(errors=1)
    said = [line for line in result.outlines if line.startswith("cases/cases.routing.yaml:")]
    assert said == [
        "cases/cases.routing.yaml:7:63: unknown key `becuse`; did you mean `because`?",
        "cases/cases.routing.yaml:17:20: unknown key `contry`; did you mean `country`?",
    ]
    assert not [line for line in result.outlines if "Traceback" in line or ".py:" in line]


def test_a_name_that_the_plan_does_not_have_fails_even_among_others(run):
    result = run(text=world.GOOD.replace("antwerp-b]", "antwerp-bb]"))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*:7:34: the plan has no dealer `antwerp-bb`; did you mean `antwerp-b`?"])


# The plan


BARE = world.GOOD.replace("plan: ../plan\n", "")
NO_PLAN = [
    ("plan: ../plam", "cases/cases.routing.yaml:1:7: there is no file or folder `../plam`; did you mean `plan`?"),
    ("plan: planned:plan", "planned:plan: there is no module `planned`; run from its folder, or install it"),
    (
        "customs: nowhere:x\nplan: ../plan",
        "nowhere:x: there is no module `nowhere`; run from its folder, *",
    ),
]


@pytest.mark.parametrize(("named", "said"), NO_PLAN)
def test_a_plan_that_is_not_there_is_said(run, named, said):
    result = run(text=f"{named}\n{BARE}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])


USES = "def test_it(routing_plan):\n    assert routing_plan.name == {!r}\n"


def test_without_a_plan_it_says_how_to_name_one(run):
    result = run(text=BARE)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no plan is named; add `plan: FOLDER`, or give --routing-plan or the ini option*"])


@pytest.mark.parametrize("given", ["plan", "plan/plan.yaml"])
def test_the_plan_of_the_option(run, pytester, given):
    pytester.makepyfile(USES.format("benelux"))
    run(f"--routing-plan={given}", text=BARE).assert_outcomes(passed=4)


def test_the_plan_of_the_ini_lies_beside_it(run, pytester, monkeypatch):
    pytester.makeini("[pytest]\nrouting_plan = plan\n")
    pytester.makepyfile(USES.format("benelux"))
    world.build(pytester.path, text=BARE)
    monkeypatch.chdir(pytester.path / "cases")
    run("..", text=BARE).assert_outcomes(passed=4)


def test_a_plan_in_python_stands_where_the_user_stands(run, pytester):
    (pytester.path / "planned.py").write_text(world.PYTHON)
    pytester.makepyfile(USES.format("in-python"))
    text = "at: 2027-01-08T09:00:00Z\ncases: [{name: a, lead: {country: NL}, expect: {holder: delta}}]\n"
    run("--routing-plan=planned:plan", text=text).assert_outcomes(passed=2)
    assert str(pytester.path) not in sys.path


@pytest.mark.parametrize(
    ("arguments", "names"), [(["--routing-customs=planned:customs"], ""), ([], "customs: planned:customs\n")]
)
def test_customs_of_a_plan_are_named(run, pytester, monkeypatch, arguments, names):
    (pytester.path / "planned.py").write_text(world.PYTHON + "customs = [big]\n")
    monkeypatch.setattr(world, "PLAN", world.PLAN.replace("{fleet: {gte: 10}}", "{custom: big}"))
    text = "at: 2027-01-08T09:00:00Z\ncases: [{name: a, lead: {employees: 500}, expect: {because: fleets}}]\n"
    run(*arguments, text=f"plan: ../plan\n{names}{text}").assert_outcomes(passed=1)


def test_a_plan_is_read_once_a_run(run, pytester, monkeypatch):
    from dealerrouting.testing import plugin

    read = []
    monkeypatch.setattr(plugin, "load_plan", lambda *given, load=plugin.load_plan: read.append(given) or load(*given))
    world.build(pytester.path, "more.routing.yaml")
    run().assert_outcomes(passed=6)
    assert len(read) == 1


def test_a_plan_that_is_not_there_fails_the_test_that_asks(run, pytester):
    pytester.makepyfile(USES.format("benelux"))
    result = run("--routing-plan=plam", "test_a_plan_that_is_not_there_fails_the_test_that_asks.py")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["routing_plan: there is no file or folder `plam`; did you mean `plan`?"])
    assert not [line for line in result.outlines if "exception" in line]
    result = run("test_a_plan_that_is_not_there_fails_the_test_that_asks.py")
    result.stdout.fnmatch_lines(["*no plan is named: give --routing-plan PLAN*"])


# Clock and desk


DESK = """\
from dealerrouting import Lead

def test_silence_is_reminded_of(routing_desk, routing_clock):
    assert routing_desk.receive(Lead("L1", country="NL", postcode="3011"), key="web-1").holder == "delta"
    told = len(routing_desk.messages())
    routing_clock.advance(hours=47)
    routing_desk.sweep()
    assert len(routing_desk.messages()) == told
    routing_clock.advance(hours=2)
    routing_desk.sweep()
    assert len(routing_desk.messages()) > told

def test_each_test_has_its_own(routing_desk, routing_clock):
    assert routing_clock().isoformat() == "2027-01-04T09:00:00+00:00"
    assert routing_desk.health().survey.holders == {}
    assert routing_desk.health().active.since == routing_clock()
"""


def test_a_desk_runs_by_the_clock(run, pytester):
    pytester.makepyfile(DESK)
    run("--routing-plan=plan", "test_a_desk_runs_by_the_clock.py").assert_outcomes(passed=2)


def test_a_desk_has_the_functions_of_the_plan(run, pytester):
    (pytester.path / "planned.py").write_text(world.PYTHON)
    pytester.makeconftest(
        "import pytest\nimport planned\n\n@pytest.fixture\ndef routing_plan():\n    return planned.plan\n"
    )
    pytester.makepyfile(
        "from dealerrouting import Lead\n"
        "def test_it(routing_desk):\n"
        "    assert routing_desk.receive(Lead('L1', employees=500)).decision.because == ('large',)\n"
    )
    pytester.syspathinsert()
    run(text=world.GOOD).assert_outcomes(passed=4)


def test_the_clock_is_set_and_advances():
    clock = Clock()
    assert clock.advance(timedelta(hours=1), minutes=30) == clock() == datetime(2027, 1, 4, 10, 30, tzinfo=UTC)
    assert clock.set(datetime(2026, 1, 1, tzinfo=UTC)) == clock()
    with pytest.raises(ValueError, match="set it"):
        clock.advance(hours=-1)
    with pytest.raises(TypeError):
        clock.set(datetime(2026, 1, 1))
    assert repr(clock) == "Clock(2026-01-01T00:00:00+00:00)"


# Updates


def golden_file(pytester):
    return pytester.path / "cases" / "cases.routing.yaml"


def test_an_update_shows_what_changes_and_writes_it(run, pytester):
    result = run("--routing-update", text=world.WRONG)
    assert result.ret == 0
    assert result.parseoutcomes() == {"passed": 1, "updated": 1}
    result.stdout.fnmatch_lines(
        [
            "*= golden cases =*",
            "*:4:5: Antwerp when a is full",
            "  > holder   antwerp-a   antwerp-b",
            "written: cases/*",
        ]
    )
    text = golden_file(pytester).read_text()
    assert text == world.WRONG.replace("holder: antwerp-a ", "holder: antwerp-b ").replace("- antwerpen ", "- antwerp ")
    pytester.runpytest_inprocess("-p", NAME).assert_outcomes(passed=2)


def test_an_update_writes_only_the_cases_that_were_run(run, pytester):
    result = run("--routing-update", "-k", "south", text=world.WRONG)
    result.assert_outcomes(passed=1, deselected=1)
    assert golden_file(pytester).read_text() == world.WRONG


def test_nothing_is_written_without_being_asked(run, pytester):
    run(text=world.WRONG)
    assert golden_file(pytester).read_text() == world.WRONG


def test_nothing_is_written_where_nothing_can_be_shown(run, pytester):
    run("--routing-update", "-p", "no:terminal", text=world.WRONG)
    assert golden_file(pytester).read_text() == world.WRONG


def test_it_is_shown_before_it_is_written(run, pytester, monkeypatch):
    from dealerrouting.testing import golden

    shown = []
    line = pytest.TerminalReporter.write_line
    monkeypatch.setattr(pytest.TerminalReporter, "write_line", lambda *a, **b: (shown.append(a[1]), line(*a, **b))[1])
    write = golden.write

    def writing(change):
        assert change.changes in shown
        assert golden_file(pytester).read_text() == world.WRONG
        write(change)

    monkeypatch.setattr(golden, "write", writing)
    assert run("--routing-update", text=world.WRONG).ret == 0
    assert golden_file(pytester).read_text() != world.WRONG


def test_a_file_with_a_fault_is_not_written(run, pytester):
    text = world.WRONG + "  - nmae: x\n"
    result = run("--routing-update", text=text)
    result.assert_outcomes(errors=1)
    assert golden_file(pytester).read_text() == text


def test_what_cannot_be_written_fails_the_run(run, pytester, monkeypatch):
    from dealerrouting.documents import DocumentError
    from dealerrouting.errors import Fault
    from dealerrouting.testing import golden

    def full(change):
        raise DocumentError([Fault("cases.routing.yaml", "cannot be written: no space", "check the folder")])

    monkeypatch.setattr(golden, "write", full)
    result = run("--routing-update", text=world.WRONG)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["not written: cases.routing.yaml: cannot be written: no space; check the folder"])


def test_workers_do_not_write(run, pytester):
    pytest.importorskip("xdist")
    world.build(pytester.path, text=world.WRONG)
    found = outside(pytester, "-p", "xdist", "-n", "1", "--routing-update")
    assert found.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: --routing-update writes files and needs one process: add `-n 0`" in found.stderr
    assert golden_file(pytester).read_text() == world.WRONG


def test_options_and_fixtures_explain_themselves(run):
    result = run("--help")
    result.stdout.fnmatch_lines(["golden cases of lead routing:", "*--routing-plan=PLAN*", "*--routing-update*"])
    result = run("--fixtures")
    result.stdout.fnmatch_lines(
        ["routing_desk -- *", "routing_plan *", "*The plan of --routing-plan*", "routing_clock *"]
    )
