"""The process that runs the user's tests, once on the plan as it is and once on each mutant.

May know: pytest, Hypothesis' settings, how a mutant reaches the tests. May not know: why somebody asks.

It reads one line of JSON that says what to run on, then one line for each run, and answers each with a line. Where
processes can fork, every run is a fork of this one, which has loaded the plan and imported pytest and what its
plugins need, but none of the user's tests; elsewhere it runs once, and whoever asks starts another.

A run changes nothing of the user's: caches, Hypothesis' examples and temporary folders lie in the folder that it is
given. It repeats: Hypothesis draws the same examples every time, and has no deadline, for a slow computer finds
nothing.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import settings

from dealerrouting.errors import DealerRoutingError
from dealerrouting.testing.mutation.mutants import mutants
from dealerrouting.testing.mutation.reaching import Reach
from dealerrouting.testing.mutation.written import written_terms

__all__ = ["CAN_FORK", "Watch", "main", "tested"]

CAN_FORK = hasattr(os, "fork")
_PROFILE = "dealerrouting-mutate"
_MOST_TOLD = 20
_GREEN, _NONE = int(pytest.ExitCode.OK), int(pytest.ExitCode.NO_TESTS_COLLECTED)


class Watch:
    """A plugin that settles how tests run here, and keeps what failed: `(test, why)`."""

    def __init__(self, plan: str) -> None:
        self.plan = plan
        self.failed: list[tuple[str, str]] = []
        self.ran = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Nothing of the user's is written; a golden file that names no plan gets this one."""
        for name, value in (("xmlpath", None), ("log_file", None), ("routing_update", False), ("hypothesis_seed", 0)):
            if hasattr(config.option, name):
                setattr(config.option, name, value)
        with contextlib.suppress(ValueError, KeyError):
            if not config.getoption("--routing-plan", None) and not config.getini("routing_plan"):
                config.option.routing_plan = self.plan

    def pytest_collection(self) -> None:
        """The user's own settings of Hypothesis, but the same examples every time."""
        settings.register_profile(_PROFILE, settings(), derandomize=True, database=None, deadline=None)
        settings.load_profile(_PROFILE)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What could not be collected has failed."""
        if report.failed:
            self.failed.append((report.nodeid, report.longreprtext))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that failed, or could not be set up or taken down."""
        self.ran += report.when == "call"
        if report.failed:
            self.failed.append((report.nodeid, report.longreprtext))


def tested(reach: Reach, tests: list[str], folder: str, *, first: bool) -> dict[str, Any]:
    """Run the tests in this process. `first`: stop at the first that fails."""
    watch = Watch(reach.name)
    how_far = "-x" if first else "--continue-on-collection-errors"
    code = int(pytest.main([*_options(folder), how_far, *tests], plugins=[watch]))
    return {"code": code, "failed": watch.failed[:_MOST_TOLD], "ran": watch.ran, "asked": reach.asked}


def _options(folder: str) -> Iterator[str]:
    """What every run is called with, after the user's own options."""
    yield from ("-q", "--tb=short", "--color=no", f"--basetemp={folder}/temporary", "-o", f"cache_dir={folder}/cache")
    yield from ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # our own plugin is imported already
    known = {point.name for point in entry_points(group="pytest11")}
    if "xdist" in known:
        yield from ("-n", "0")
    if "pytest_cov" in known:
        yield "--no-cov"
    if "randomly" in known:
        yield from ("-p", "no:randomly")
    if "dealerrouting" not in known:
        yield from ("-p", "_dealerrouting_pytest")  # where plugins do not load themselves, ours is asked for


# One process for each run


def _forked(work: Callable[[], dict[str, Any]], seconds: float | None) -> dict[str, Any]:
    """What `work` answers in a fork of this process; `{"fate": ...}` where it gives none, or not in time."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  # measured by nobody: it leaves without a word
        _alone(work, write)
    os.close(write)
    try:
        line, late = _line(read, seconds)
    finally:
        os.close(read)
        _ended(child)
    if line:
        answer: dict[str, Any] = json.loads(line)
        return answer
    return {"fate": "timeout" if late else "crashed"}


def _alone(work: Callable[[], dict[str, Any]], write: int) -> None:  # pragma: no cover  # in a fork only
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _quiet()
        os.write(write, json.dumps(work()).encode() + b"\n")
    finally:
        os._exit(0)


def _quiet() -> None:  # pragma: no cover  # in a fork only
    """Nothing to read: what is asked next is for the process that forked."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)


def _line(read: int, seconds: float | None) -> tuple[bytes, bool]:
    """One line of a pipe; empty where it ends before, or time runs out: then True."""
    end = None if seconds is None else time.monotonic() + seconds
    found = b""
    while not found.endswith(b"\n"):
        left = None if end is None else max(0.0, end - time.monotonic())
        if not select.select([read], [], [], left)[0]:
            return b"", True
        part = os.read(read, 65_536)
        if not part:
            return b"", False
        found += part
    return found, False


def _ended(child: int) -> None:
    """End the fork and what it has started, all in a session of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


# What is asked


def main() -> None:
    """Answer until nothing more is asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks is interrupted too, and ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a plan's own module prints is no answer
    job = json.loads(sys.stdin.readline())
    try:
        reach = Reach.of(job["plan"], job["customs"])
    except DealerRoutingError as error:
        _say(answers, {"wrong": str(error)})
        return
    terms = written_terms(reach.name, reach.plan)
    known = {mutant.id: mutant for mutant in mutants(reach.plan, only=job["only"], terms=terms)}
    if CAN_FORK:
        _warm(job["folder"])
    _say(answers, {"mutants": len(known)})
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        mutant = known.get(asked["id"])

        def work(mutant: Any = mutant) -> dict[str, Any]:
            plan = reach.plan if mutant is None else mutant.plan
            if plan is None:
                return {"fate": "invalid"}
            reach.put(plan)
            return tested(reach, job["tests"], job["folder"], first=mutant is not None)

        _say(answers, _forked(work, asked["seconds"]) if job["fork"] else work())


def _warm(folder: str) -> None:
    """Import what every run would, by a run of nothing; what cannot be imported is pytest's to complain of later."""
    empty = Path(folder, "nothing")
    empty.mkdir(exist_ok=True)
    pytest.main([*_options(folder), "-c", os.devnull, f"--rootdir={empty}", str(empty)])
    for name in ("hypothesis.strategies", "dealerrouting.testing.plugin", "dealerrouting.testing.laws", "yaml"):
        with contextlib.suppress(Exception):
            __import__(name)
    gc.collect()
    gc.freeze()


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))  # a plan in Python stands where the user stands
    main()
