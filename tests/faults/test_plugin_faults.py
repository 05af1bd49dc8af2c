"""Broken golden cases and a broken plugin must not pass: each planted fault turns a check of `tests/testing` red."""

import importlib.util
from datetime import UTC, timedelta
from pathlib import Path

import pytest

import dealerrouting.testing.plugin as awake
import golden_world as world
from dealerrouting import Facts, route
from dealerrouting.desk import LeadDesk
from dealerrouting.documents import DocumentError
from dealerrouting.documents.places import Unreadable
from dealerrouting.memory import MemoryStore
from dealerrouting.testing import golden, golden_case, golden_read, golden_tell, golden_text, golden_update

pytest.importorskip("yaml")
pytest_plugins = ["pytester"]
SLEEPING = Path(__file__).parents[2] / "src" / "_dealerrouting_pytest.py"


def _checks(name):
    path = Path(__file__).parents[1] / "testing" / f"test_{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_checks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cases, plugin = _checks("golden"), _checks("plugin")
read, plan, run = cases.read, cases.plan, plugin.run
RED = (AssertionError, DocumentError, Unreadable, pytest.fail.Exception)


@pytest.fixture
def plant(monkeypatch):
    return monkeypatch.setattr


# Judging and telling


def _misses(matches):
    def misses(expect, decision):
        for name in golden_case.ASPECTS:
            wanted, found = getattr(expect, name), golden_case.aspect(decision, name)
            if wanted is not None and not matches(set(found), set(wanted)):
                yield golden_case.Miss(name, wanted, found)

    return misses


JUDGES = {
    "flags are ignored": (
        lambda plant: plant(golden_case, "ASPECTS", ("holder", "by", "because", "outcome")),
        lambda read, plan: cases.test_a_flag_that_nobody_expects_fails(plan),
    ),
    "some of the reasons are enough": (
        lambda plant: plant(golden_case, "_misses", _misses(set.__le__)),
        lambda read, plan: cases.test_each_aspect_is_held_against_the_decision(
            plan, {"because": ("antwerp", "nl-south")}, "because"
        ),
    ),
    "one of several holders is not enough": (
        lambda plant: plant(golden_case, "_misses", _misses(set.__eq__)),
        lambda read, plan: cases.test_a_good_file_passes(read),
    ),
    "to expect nothing passes": (
        lambda plant: plant(golden_case.Verdict, "passed", property(lambda verdict: not verdict.misses)),
        lambda read, plan: cases.test_a_case_that_expects_nothing_does_not_pass(plan),
    ),
    "the facts are left out": (
        lambda plant: plant(golden_case, "route", lambda lead, plan, _, *, at: route(lead, plan, at=at)),
        lambda read, plan: cases.test_a_good_file_passes(read),
    ),
    "the smallest lead may end otherwise": (
        lambda plant: plant(golden_tell, "_same", lambda *_: True),
        lambda read, plan: cases.test_the_smallest_lead_fails_alike_and_nothing_more_can_go(plan),
    ),
    "the smallest lead is only a smaller one": (
        lambda plant: plant(golden_tell, "_smaller", lambda lead, of=golden_tell._smaller: list(of(lead))[:1]),
        lambda read, plan: cases.test_the_smallest_lead_fails_alike_and_nothing_more_can_go(plan),
    ),
    "a lead writes on the terminal": (
        lambda plant: plant(golden_tell, "plainly", lambda text: text),
        lambda read, plan: cases.test_nothing_of_a_lead_writes_on_the_terminal(read),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", JUDGES)
def test_a_broken_judge_turns_a_check_red(read, plan, plant, fault):
    planted, check = JUDGES[fault]
    check(read, plan)
    planted(plant)
    with pytest.raises(RED):
        check(read, plan)


# Reading


def _slip(words):
    at = next(at for at, (text, _) in enumerate(cases.SLIPS) if words in text)
    return lambda read: cases.test_a_slip_is_said_with_its_place_and_cure(read, at)


READERS = {
    "unknown keys are left out": ("unknown", lambda *_: None, _slip("contry")),
    "names may come twice": ("name", lambda *_: None, _slip("- {name: a, lead: {country: NL}}\n  - {name: a")),
    "what is expected is not looked at": ("words", lambda *_, **__: None, _slip("because: [12]")),
    "names that the plan lacks are fine": (
        "strangers", lambda *_: (), cases.test_what_the_plan_does_not_have_is_told),
    "the instant of a case does not count": (
        "moment", lambda self, data, trail, plan, of=golden_read._Reading.moment: of(self, self.text.data, (), plan),
        cases.test_a_case_is_what_is_written),
    "facts in a folder are not read": (
        "facts", lambda *_: Facts(),
        lambda read: cases.test_facts_may_be_a_folder_and_of_the_whole_file(read, Path.cwd())),
    "a plan is looked for from here": (
        "beside", lambda self, name: name, cases.test_a_good_file_passes),
}  # fmt: skip


@pytest.mark.parametrize("fault", READERS)
def test_a_broken_reader_turns_a_check_red(read, plant, fault):
    name, broken, check = READERS[fault]
    check(read)
    plant(golden_read._Reading, name, broken)
    with pytest.raises(RED):
        check(read)


def test_instants_on_another_clock_turn_a_check_red(read, plant):
    parse = golden_read.parse_instant
    plant(golden_read, "parse_instant", lambda text, zone: parse(text, UTC))
    with pytest.raises(RED):
        cases.test_a_case_is_what_is_written(read)


# Writing


def _layouts(read):
    for before, after in cases.LAYOUTS:
        for ending in ("\n", "\r\n"):
            cases.test_layout_comments_and_line_ends_stay(read, before, after, ending, "\ufeff")


def _words(read):
    for word in ("NO", "01067", "12:30", "a: b", "#", "a,b"):
        cases.test_a_word_is_read_back_as_it_was(word)


def _refused(read):
    with pytest.MonkeyPatch.context() as patch:
        cases.test_an_edit_that_would_touch_more_is_refused(read, patch)


WRITERS = {
    "comments behind a block are taken with it": (
        golden_update, "_end", lambda text, node: node.end_mark.index, _layouts),
    "line ends are mixed": (golden_update, "_ended", lambda text, new: new, _layouts),
    "words under a list are all written anew": (
        golden_update, "_value",
        lambda text, node, new: [(node.start_mark.index, golden_update._end(text, node), golden_text.flow(new))],
        _layouts),
    "what comes out is not looked at": (
        golden_update, "_only", lambda *_: True,
        _refused),
    "whatever the file is now is replaced": (
        golden_update, "bytes_of", lambda *_: world.WRONG.encode(),
        cases.test_a_file_that_was_changed_in_the_meantime_is_not_written),
    "every word goes bare": (golden_text, "_safe", lambda text: True, _words),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRITERS)
def test_a_broken_writer_turns_a_check_red(read, plant, fault):
    module, name, broken, check = WRITERS[fault]
    check(read)
    plant(module, name, broken)
    with pytest.raises(RED):
        check(read)


def test_facts_that_are_not_written_turn_a_check_red(tmp_path_factory, plan, plant):
    plant(golden_text, "_facts_data", lambda facts: {})
    with pytest.raises(RED):
        cases.test_a_written_case_decides_the_same_when_read.hypothesis.inner_test(
            tmp_path_factory, plan, cases.Lead("L"), Facts(shares={"delta": "0.5"})
        )


# The plugin


def _twice(collector, of=awake.cases):
    found = list(of(collector))
    yield from found
    yield from found


def _writes_first(terminal, config):
    for file, verdicts in awake._run(config).wrong.values():
        change = golden.update(file, verdicts)
        golden.write(change)
        terminal.write_line(change.changes)


def _writes_unasked(item):
    verdict = golden.judge(item.case, item.file.plan)
    if not verdict.passed:
        golden.write(golden.update(item.file, [verdict]))


def _tolerant(item):
    verdict = golden.judge(item.case, item.file.plan)
    if not verdict.passed:
        raise awake.NotMet(verdict)


def _by_the_wall(plan, clock):
    desk = LeadDesk(MemoryStore(), customs=plan.customs)
    desk.activate(plan, actor="pytest")
    return desk


def _without_customs(plan, clock):
    desk = LeadDesk(MemoryStore(clock=clock))
    desk.activate(plan, actor="pytest")
    return desk


PLUGINS = {
    "cases are collected twice": (
        awake, "cases", _twice, lambda run, pytester, patch: plugin.test_every_case_is_one_test(run)),
    "files are written before they are shown": (
        awake, "show_and_write", _writes_first,
        lambda run, pytester, patch: plugin.test_it_is_shown_before_it_is_written(run, pytester, patch)),
    "files are written unasked": (
        awake.GoldenItem, "runtest", _writes_unasked,
        lambda run, pytester, patch: plugin.test_nothing_is_written_without_being_asked(run, pytester)),
    "a name that the plan lacks passes among others": (
        awake.GoldenItem, "runtest", _tolerant,
        lambda run, pytester, patch: plugin.test_a_name_that_the_plan_does_not_have_fails_even_among_others(run)),
    "failures are tracebacks": (
        awake.GoldenItem, "repr_failure", pytest.Item.repr_failure,
        lambda run, pytester, patch: plugin.test_a_failure_reads_without_the_manual(run)),
    "what cannot be written is no failure": (
        awake, "_failed", lambda config: None,
        lambda run, pytester, patch: plugin.test_what_cannot_be_written_fails_the_run(run, pytester, patch)),
    "a plan is read for every file": (
        awake._Run, "load", lambda run, where, customs: awake.load_plan(where, customs),
        lambda run, pytester, patch: plugin.test_a_plan_is_read_once_a_run(run, pytester, patch)),
    "the desk has a clock of its own": (
        awake, "desk", _by_the_wall,
        lambda run, pytester, patch: plugin.test_a_desk_runs_by_the_clock(run, pytester)),
    "the desk does not know the plan's functions": (
        awake, "desk", _without_customs,
        lambda run, pytester, patch: plugin.test_a_desk_has_the_functions_of_the_plan(run, pytester)),
    "the clock goes back": (
        awake.Clock, "advance", lambda clock, by=timedelta(0), **units: clock.set(clock.now + by + timedelta(**units)),
        lambda run, pytester, patch: plugin.test_the_clock_is_set_and_advances()),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLUGINS)
def test_a_broken_plugin_turns_a_check_red(run, pytester, monkeypatch, fault):
    module, name, broken, check = PLUGINS[fault]
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(RED):
        check(run, pytester, monkeypatch)


# The part that sleeps: in a process of its own, where a broken copy stands before it


def _copy(pytester, old, new):
    text = SLEEPING.read_text("utf-8")
    assert old in text
    (pytester.path / SLEEPING.name).write_text(text.replace(old, new), "utf-8")


def test_a_plugin_that_wakes_at_once_turns_a_check_red(pytester):
    _copy(pytester, "import pytest\n", "import pytest\n\nimport dealerrouting\n")
    with pytest.raises(RED):
        plugin.test_the_plugin_loads_pytest_and_nothing_else(pytester)
    with pytest.raises(RED):
        plugin.test_a_run_without_golden_files_never_wakes_it(pytester)


def test_a_plugin_that_wakes_for_a_file_beside_turns_a_check_red(pytester):
    _copy(pytester, "    found: pytest.Collector =", "    import dealerrouting\n    found: pytest.Collector =")
    with pytest.raises(RED):
        plugin.test_a_run_without_golden_files_never_wakes_it(pytester)


def test_workers_that_write_turn_a_check_red(run, pytester):
    _copy(pytester, "raise pytest.UsageError", "print")
    with pytest.raises(RED):
        plugin.test_workers_do_not_write(run, pytester)
