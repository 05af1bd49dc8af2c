"""The pytest plugin, awake: golden files as tests, what `--routing-update` writes, the clock and the desk of tests.

May know: pytest, golden cases, plans, the desk. May not know: Hypothesis.
It is imported when a golden file is collected or a fixture is asked for, and not before; what pytest loads is
`_dealerrouting_pytest`, which stands beside the package.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dealerrouting.calendar import instant
from dealerrouting.desk import LeadDesk
from dealerrouting.documents.plans import load_plan
from dealerrouting.errors import DealerRoutingError, quoted
from dealerrouting.memory import MemoryStore
from dealerrouting.rules import Custom, Pick, Plan
from dealerrouting.testing import golden
from dealerrouting.testing.golden_read import missing
from dealerrouting.testing.golden_tell import plainly

__all__ = ["Clock", "GoldenItem", "NotMet", "cases", "desk", "show_and_write", "the_plan"]

_NO_PLAN = (
    "no plan is named: give --routing-plan PLAN, or write `routing_plan = PLAN` in the ini; or override the fixture"
)
_SECRET = b"a desk of tests seals nothing"


class _Run:
    """What one run of pytest keeps: plans that were loaded, and cases that are to be written."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.plans: dict[tuple[str, str | None], Plan | DealerRoutingError] = {}
        self.wrong: dict[Path, tuple[golden.GoldenFile, list[golden.Verdict]]] = {}

    def load(self, where: str, customs: str | None) -> Plan:
        """The plan at a place, read once a run."""
        key = (where, customs)
        if key not in self.plans:
            try:
                with _importable(self.config.invocation_params.dir):
                    self.plans[key] = load_plan(where, customs)
            except DealerRoutingError as error:
                self.plans[key] = error
        found = self.plans[key]
        if isinstance(found, DealerRoutingError):
            raise found.with_traceback(None)
        return found

    def named(self, name: str) -> str | None:
        """What the option says, or else the ini; a path is one from where pytest was called, or from the ini."""
        config = self.config
        given, folder = config.getoption(f"--routing-{name}"), config.invocation_params.dir
        if not given:
            given, folder = config.getini(f"routing_{name}"), (config.inipath or config.rootpath / "ini").parent
        if not given:
            return None
        path = folder / given
        return _short(path) if name == "plan" and (path.exists() or ":" not in given) else str(given)

    def note(self, file: golden.GoldenFile, verdict: golden.Verdict) -> None:
        """A case to be written."""
        self.wrong.setdefault(file.path, (file, []))[1].append(verdict)


_RUN = pytest.StashKey[_Run]()


def _run(config: pytest.Config) -> _Run:
    return config.stash.setdefault(_RUN, _Run(config))


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """A plan in Python stands where the user stands, as on the command line."""
    text = str(folder)
    sys.path.insert(0, text)
    try:
        yield
    finally:
        sys.path.remove(text)


def _short(path: Path) -> str:
    """A path as it is read most easily: from here, where it lies below."""
    try:
        return os.path.relpath(path) if path.absolute().is_relative_to(Path.cwd()) else str(path)
    except (OSError, ValueError):
        return str(path)


# Golden files


def cases(collector: pytest.File) -> Iterator[GoldenItem]:
    """The cases of a golden file; where anything in it is wrong, everything that is."""
    run = _run(collector.config)
    try:
        name = _short(collector.path)
        file = golden.read(name, plan=run.named("plan"), customs=run.named("customs"), load=run.load)
    except DealerRoutingError as error:
        raise collector.CollectError(plainly(str(error))) from None
    for case in file.cases:
        yield GoldenItem.from_parent(collector, name=case.name, case=case, file=file)


class NotMet(Exception):
    """A golden case is not met; `verdict` says how."""

    def __init__(self, verdict: golden.Verdict) -> None:
        super().__init__(verdict.case.name)
        self.verdict = verdict


class GoldenItem(pytest.Item):
    """One golden case."""

    def __init__(self, *, case: golden.GoldenCase, file: golden.GoldenFile, **more: Any) -> None:
        super().__init__(**more)
        self.case, self.file = case, file

    def runtest(self) -> None:
        """Hold the plan's decision against the case; with --routing-update, note what is to be written."""
        verdict = golden.judge(self.case, self.file.plan)
        if verdict.passed and not self.case.unknown:
            return
        if verdict.passed or not self.config.getoption("--routing-update"):
            raise NotMet(verdict)
        _run(self.config).note(self.file, verdict)
        self.user_properties.append(("dealerrouting", "updated"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected, what came, and why; no traceback, for no code of the reader's is wrong."""
        if isinstance(excinfo.value, NotMet):
            return golden.told(excinfo.value.verdict, self.file.plan)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        line = self.case.place.rpartition(":")[0].rpartition(":")[2]
        return self.path, int(line) - 1, self.name


def show_and_write(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What changes in golden files, case by case; and only then each file."""
    wrong = _run(config).wrong
    if not wrong:
        return
    terminal.section("golden cases")
    for file, verdicts in wrong.values():
        try:
            change = golden.update(file, verdicts)
            if change is not None:
                terminal.write_line(change.changes)
                terminal.flush()
                golden.write(change)
                terminal.write_line(f"written: {_short(file.path)}", yellow=True)
        except DealerRoutingError as error:
            terminal.write_line(plainly(f"not written: {error}"), red=True)
            _failed(config)


def _failed(config: pytest.Config) -> None:
    """What could not be written is a failure of the run."""
    session: Any = config.pluginmanager.get_plugin("session")
    if session is not None:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# Fixtures


def the_plan(config: pytest.Config) -> Plan:
    """The plan of the option or the ini; the test that asks for it fails with what is wrong, where it is."""
    run = _run(config)
    where = run.named("plan")
    if where is None:
        pytest.fail(_NO_PLAN, pytrace=False)
    if gone := missing(where):
        pytest.fail(plainly(f"routing_plan: there is no file or folder {quoted(where)}; {gone}"), pytrace=False)
    try:
        return run.load(where, run.named("customs"))
    except DealerRoutingError as error:
        said = plainly(str(error))
    pytest.fail(said, pytrace=False)


class Clock:
    """A clock for tests: it stands still until it is told otherwise. Called, it says what time it is."""

    def __init__(self, now: datetime = datetime(2027, 1, 4, 9, tzinfo=UTC)) -> None:
        self.now = instant(now)

    def __call__(self) -> datetime:
        """The present instant, in UTC."""
        return self.now

    def set(self, now: datetime) -> datetime:
        """It is this instant now, earlier or later; `TypeError` unless it is an aware datetime."""
        self.now = instant(now)
        return self.now

    def advance(self, by: timedelta = timedelta(0), **units: float) -> datetime:
        """So much later: a timedelta, or its units (`days=2, hours=3`). `ValueError` for a step back."""
        step = by + timedelta(**units)
        if step < timedelta(0):
            raise ValueError("a clock advances; to go back, set it")
        self.now += step
        return self.now

    def __repr__(self) -> str:
        return f"Clock({self.now.isoformat()})"


def desk(plan: Plan, clock: Clock) -> LeadDesk:
    """A desk on a store in memory, by this clock, with this plan active."""
    picks = [one for rung in plan.precedence for one in rung.pick if isinstance(one, Pick)]
    customs: list[Custom | Pick] = [*plan.customs, *picks]
    found = LeadDesk(MemoryStore(clock=clock), secret=_SECRET, customs=customs)
    found.activate(plan, actor="pytest")
    return found
