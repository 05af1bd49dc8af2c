"""Running the user's tests on the plan and on its mutants, in a process of their own.

May know: mutants, how a worker is asked. May not know: pytest, which mutants are equivalent.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import IO, Any

from attrs import define, field, frozen

from dealerrouting.errors import Fault, Faulty, PlanError, quoted
from dealerrouting.testing.mutation.mutant import Mutant

__all__ = ["Bench", "RedTests", "Run"]

_TESTS_PASSED, _NO_TESTS = 0, 5
_BROKEN = (3, 4)
"""An internal error, a wrong call: nothing about the plan."""
_LEAST_SECONDS = 10.0
_TIMES = 10
_WHY = 200
_PATIENCE = 5.0
_WORKER = ("-m", "dealerrouting.testing.mutation.worker")


class RedTests(Faulty):
    """The tests cannot say anything about mutants: they fail on the plan as it is, or do not look at it."""


@frozen
class Run:
    """What the tests made of one mutant.

    `fate` is `survived`, `killed` or `invalid` (the change leaves no valid plan). `by` is the test that killed it, or
    `timeout`, `crash`, or `collection` where no test was left.
    """

    fate: str
    by: str = ""


def _words(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@define
class Bench:
    """The user's tests, ready to be run on a plan; a context manager, for it keeps a process and a temporary folder.

    `plan` is as on the command line, `tests` are paths. `timeout` is in seconds for one mutant; by default ten times
    what the tests take on the plan as it is, and not less than ten seconds. `fork` False starts a process for each
    run, as is done where processes cannot fork.

        with Bench("plan", ["tests"]) as bench:
            bench.settle()
            for mutant in mutants(plan):
                bench.run(mutant)
    """

    plan: str
    tests: tuple[str, ...] = field(converter=_words)
    customs: str | None = field(default=None, kw_only=True)
    only: tuple[str, ...] = field(default=(), kw_only=True, converter=_words)
    timeout: float | None = field(default=None, kw_only=True)
    fork: bool = field(default=hasattr(os, "fork"), kw_only=True)
    seconds: float | None = field(default=None, init=False)
    _folder: str = field(default="", init=False)
    _worker: subprocess.Popen[str] | None = field(default=None, init=False)

    def __enter__(self) -> Bench:
        missing = [path for path in self.tests if not Path(path.partition("::")[0]).exists()]
        if missing or not self.tests:
            raise PlanError([Fault(path, "there is no such file or folder", "name your tests") for path in missing])
        self._folder = tempfile.mkdtemp(prefix="dealerrouting-mutate-")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def settle(self) -> int:
        """Run the tests on the plan as it is; how many there were. `RedTests` unless they are green."""
        begun = monotonic()
        answer = self._ask(None, None)
        took = monotonic() - begun
        faults = list(_faults(answer, in_python=":" in self.plan and not Path(self.plan).exists(), plan=self.plan))
        if faults:
            raise RedTests(faults)
        self.seconds = self.timeout or max(_LEAST_SECONDS, _TIMES * took)
        return int(answer["ran"])

    def run(self, mutant: Mutant) -> Run:
        """Run the tests on a mutant, until one fails."""
        answer = self._ask(mutant.id, self.seconds)
        fate = answer.get("fate")
        if fate == "invalid":
            return Run("invalid")
        if fate is not None:
            return Run("killed", {"timeout": "timeout"}.get(fate, "crash"))
        if answer["code"] == _TESTS_PASSED:
            return Run("survived")
        if answer["code"] in _BROKEN:
            what = f"pytest itself broke on the mutant {quoted(mutant.id)}, with code {answer['code']}"
            raise RedTests([Fault("--tests", what, "mend its plugins, or leave them out")])
        failed: list[list[str]] = answer["failed"]
        return Run("killed", failed[0][0] if failed else "collection")

    # The worker

    def _ask(self, id: str | None, seconds: float | None) -> dict[str, Any]:
        worker = self._started()
        _write(worker.stdin, {"id": id, "seconds": seconds if self.fork else None})
        answer = self._answer(worker, None if self.fork else seconds)
        if not self.fork:
            self._stop()
        return answer

    def _started(self) -> subprocess.Popen[str]:
        if self._worker is None:
            self._worker = worker = self._start()
            _write(worker.stdin, self._job())
            hello = self._answer(worker, None)
            if "mutants" not in hello:
                raise PlanError([Fault(self.plan, hello.get("wrong", "cannot be loaded for the tests"))])
        return self._worker

    def _start(self) -> subprocess.Popen[str]:
        own = {
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(self._folder, "hypothesis")),
        }
        with Path(self._folder, "log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603  # our own module, in our own interpreter
                [sys.executable, *_WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **own},
                encoding="utf-8",
            )

    def _log(self) -> str:
        return Path(self._folder, "log").read_text("utf-8", "replace")

    def _job(self) -> dict[str, Any]:
        given = {"plan": self.plan, "customs": self.customs, "only": self.only, "tests": self.tests}
        return {**given, "folder": self._folder, "fork": self.fork}

    def _answer(self, worker: subprocess.Popen[str], seconds: float | None) -> dict[str, Any]:
        """One answer; a worker of one run that takes too long is ended."""
        if seconds is not None:
            try:
                out, _ = worker.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                return {"fate": "timeout"}
            line = out.splitlines()[0] if out else ""
        else:
            assert worker.stdout is not None
            line = worker.stdout.readline()
        if not line.strip() and self.fork:  # not a run has ended without a word, but what starts them
            what = f"the process that runs the tests has ended: {_last(self._log())}"
            raise RedTests([Fault("--tests", what, "run pytest by itself")])
        answer: dict[str, Any] = json.loads(line) if line.strip() else {"fate": "crashed"}
        return answer

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.terminate()
            try:
                worker.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.communicate()


def _write(stream: IO[str] | None, line: dict[str, Any]) -> None:
    assert stream is not None
    try:
        stream.write(json.dumps(line) + "\n")
        stream.flush()
    except BrokenPipeError:  # what it had to say before it ended is told by its answer
        pass


def _faults(answer: dict[str, Any], *, in_python: bool, plan: str) -> Iterable[Fault]:
    """Why the tests cannot say anything about mutants."""
    cure = "mend it first: mutants are told from a plan whose tests are green"
    for test, why in answer.get("failed", ()):
        yield Fault(test, f"fails on the plan as it is: {_last(why)}", cure)
    if answer.get("failed"):
        return
    if "fate" in answer:
        yield Fault("--tests", "pytest ended without an answer on the plan as it is", "run pytest by itself")
    elif answer["code"] not in (_TESTS_PASSED, _NO_TESTS):
        yield Fault("--tests", f"pytest ended with code {answer['code']} on the plan as it is", "run pytest by itself")
    elif not answer["ran"]:
        yield Fault("--tests", "there are no tests", "name a folder with test files or golden files")
    elif not in_python and not answer["asked"]:
        what = "the tests never load this plan, so they cannot tell it from a mutant"
        yield Fault(plan, what, "load it in them with `load_plan`, or name it in the golden files")


def _last(why: str) -> str:
    """What says most of a failure: the first line that pytest marks as the error, else the last one."""
    lines = [line for line in why.splitlines() if line.strip()]
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    text = (marked or lines[-1:] or [""])[0].strip()
    return text if len(text) <= _WHY else f"{text[:_WHY]}..."
