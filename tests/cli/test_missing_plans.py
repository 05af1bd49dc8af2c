"""A plan that is not there: every command that takes one says so, and what there is instead."""

import pytest

pytestmark = pytest.mark.pure
LEADS = "leads.csv"

COMMANDS = {
    "route": ("route", "PLAN", LEADS),
    "explain": ("explain", "PLAN", LEADS, "--lead", "L1"),
    "replay": ("replay", LEADS, "--plan", "PLAN"),
    "check": ("check", "PLAN"),
    "diff, active": ("diff", "PLAN", "second.yaml"),
    "diff, planned": ("diff", "second.yaml", "PLAN"),
    "mutate": ("mutate", "PLAN", "--tests", "tests"),
    "activate": ("activate", "PLAN", "--actor", "anna"),
}
HOW = "give a folder with plan.yaml, a .yaml, .json or .toml file, or package.module:attribute"
GONE = {
    "second.yml": "second.yml: there is no such file or folder; did you mean `second.yaml`?",
    "secnd": "secnd: there is no such file or folder; did you mean `second.yaml`?",
    "notes.txt": f"notes.txt: there is no such file or folder; {HOW}",
    "nowhere": f"nowhere: there is no such file or folder; {HOW}",
    "plan/": "plan: there is no such file or folder; did you mean `plans`?",
    "plans/first.jsn": "plans/first.jsn: there is no such file or folder; did you mean `first.json`?",
    "plan/first.json": "plan: there is no such folder; did you mean `plans`?",
    "no/such/folder/plan.yaml": f"no: there is no such folder; {HOW}",
    "second.yaml/plan.yaml": f"second.yaml/plan.yaml: there is no such file or folder; {HOW}",
}


@pytest.fixture
def here(tmp_path, plan_file, monkeypatch):
    """A folder with `second.yaml`, `plans/first.json` and a file that is no plan."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "first.json").write_text("{}", "utf-8")
    (tmp_path / "notes.md").write_text("no plan", "utf-8")
    return tmp_path


def called(command, path):
    return [path if one == "PLAN" else one for one in COMMANDS[command]]


@pytest.mark.parametrize("path", GONE)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_plan_that_is_not_there_is_said_with_what_there_is(here, on, database, command, path):
    result = on(database, *called(command, path))
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{GONE[path]}\n")


@pytest.mark.slow  # a process each
@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_terminal_it_is_said_alike(here, on_a_terminal, database, command):
    code, shown = on_a_terminal(*called(command, "secnd"), DEALERROUTING_STORE=str(database))
    assert (code, shown) == (2, f"{GONE['secnd']}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_of_another_form_is_not_said_to_be_missing(here, on, database, command):
    result = on(database, *called(command, "notes.md"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "notes.md:1:1: `notes.md` is no form of a plan; give .yaml, .json or .toml, or a folder\n"
