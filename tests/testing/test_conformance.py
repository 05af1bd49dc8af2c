"""The kit is green on the model store, sync and async, and on a source of facts; and it is as large as it says."""

import os
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager

import pytest

from dealerrouting.memory import MemoryStore
from dealerrouting.testing import conformance


class AsyncMemoryStore:
    """The model store, every method to be awaited."""

    def __init__(self):
        self._store = MemoryStore()

    async def load(self, refs, at=None):
        return self._store.load(refs, at)

    async def commit(self, reads, writes):
        self._store.commit(reads, writes)

    async def due(self, at, limit, *, lease=None):
        return self._store.due(at, limit, lease=lease)

    async def unlease(self, refs):
        self._store.unlease(refs)

    async def history(self, lead):
        return self._store.history(lead)

    async def survey(self, at):
        return self._store.survey(at)

    async def expired(self, before, limit):
        return self._store.expired(before, limit)

    async def about(self, person):
        return self._store.about(person)

    async def acts(self):
        return self._store.acts()

    async def watched(self):
        return self._store.watched()

    async def scrub(self):
        return self._store.scrub()

    async def pending(self, at, limit):
        return self._store.pending(at, limit)


class Source:
    def __init__(self, facts):
        self._facts = facts

    def facts(self, needs):
        return needs.of(self._facts)


class AsyncSource(Source):
    async def facts(self, needs):
        return needs.of(self._facts)


TestMemory = conformance.outbox(MemoryStore, shared=True)
TestAsyncMemory = conformance.outbox(AsyncMemoryStore, shared=True, examples=5)
TestMemoryAsCaseStore = conformance.case_store(MemoryStore, shared=True, examples=5)
TestSource = conformance.facts_source(Source)
TestAsyncSource = conformance.facts_source(AsyncSource, examples=5)


def checks(suite):
    return [name for name in vars(suite) if name.startswith("test_")]


def test_it_is_as_large_as_it_says():
    assert len(checks(TestMemory)) >= 240
    assert len(checks(TestMemoryAsCaseStore)) >= 190
    assert len(checks(TestSource)) >= 40
    assert set(checks(TestMemoryAsCaseStore)) < set(checks(TestMemory))
    assert all(len(name) <= 100 for name in checks(TestMemory))


class Opened:
    """A store that notes how it was opened and closed."""

    log = []  # noqa: RUF012  # of all of them

    def __enter__(self):
        self.log.append("open")
        return MemoryStore()

    def __exit__(self, *error):
        self.log.append("close")


@contextmanager
def managed():
    Opened.log.append("open")
    yield MemoryStore()
    Opened.log.append("close")


def generated():
    Opened.log.append("open")
    yield MemoryStore()
    Opened.log.append("close")


@asynccontextmanager
async def managed_async():
    Opened.log.append("open")
    yield AsyncMemoryStore()
    Opened.log.append("close")


async def generated_async():
    Opened.log.append("open")
    yield AsyncMemoryStore()
    Opened.log.append("close")


async def made_async():
    return AsyncMemoryStore()


@pytest.mark.parametrize("make", [Opened, managed, generated, managed_async, generated_async])
def test_a_store_is_cleaned_up_however_it_is_given(make):
    Opened.log.clear()
    suite = conformance.outbox(make)
    suite().test_stores_have_nothing_in_common()
    assert Opened.log == ["open", "open", "close", "close"]


@pytest.mark.parametrize("make", [Opened, managed, generated, managed_async, generated_async])
def test_a_store_that_fails_a_check_is_cleaned_up(make, monkeypatch):
    monkeypatch.setattr(MemoryStore, "acts", lambda self: ("nonsense",))
    Opened.log.clear()
    with pytest.raises(pytest.fail.Exception, match="acts, the first committed first"):
        conformance.outbox(make)().test_acts_are_told_in_the_order_of_commits()
    assert Opened.log == ["open", "close"]


def test_a_store_may_be_made_by_a_coroutine():
    conformance.outbox(made_async)().test_counts_are_added()


def test_a_store_that_is_bound_to_its_loop_stays_in_it():
    import asyncio

    class Bound(AsyncMemoryStore):
        loop = None

        async def load(self, refs, at=None):
            self.loop = self.loop or asyncio.get_running_loop()
            assert self.loop is asyncio.get_running_loop()
            return await super().load(refs, at)

    conformance.outbox(Bound, shared=True)().test_no_change_is_lost_between_writers_side_by_side()


def test_what_is_asked_of_shared_stores_is_skipped_with_a_reason():
    with pytest.raises(pytest.skip.Exception, match="say shared=True"):
        conformance.outbox(MemoryStore)().test_no_change_is_lost_between_writers_side_by_side()


def run(folder, text):
    (folder / "test_mine.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "test_mine.py"]
    plain = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=plain)


GOOD = """
from dealerrouting.memory import MemoryStore
from dealerrouting.testing import conformance
TestMine = conformance.outbox(MemoryStore, examples=2)
"""
BAD = """
from dealerrouting.memory import MemoryStore
from dealerrouting.testing import conformance

class Forgetful(MemoryStore):
    def commit(self, reads, writes):
        super().commit({ref: version for ref, version in reads.items() if version}, writes)

TestMine = conformance.case_store(Forgetful, examples=2)
"""


@pytest.mark.slow
def test_one_line_of_pytest_is_enough(tmp_path):
    told = run(tmp_path, GOOD)
    assert told.returncode == 0, told.stdout
    assert f"{len(checks(TestMemory)) - 2} passed, 2 skipped" in told.stdout


@pytest.mark.slow
def test_what_is_wrong_is_told_without_a_traceback(tmp_path):
    told = run(tmp_path, BAD)
    assert told.returncode == 1
    assert (
        "commit made a change that it must refuse: `lead:L1` was read as absent, and it is there by now" in told.stdout
    )
    assert "expected: Conflict" in told.stdout
    assert "law 24: `commit(reads, writes)` is made if" in told.stdout
    assert ".py:" not in told.stdout.split("short test summary")[0]


HIDDEN = """
import sys
sys.modules["hypothesis"] = None
try:
    from dealerrouting.testing import conformance
except ImportError as error:
    print(type(error).__name__, error)
"""


def test_without_its_packages_it_says_what_to_install():
    told = subprocess.run([sys.executable, "-c", HIDDEN], capture_output=True, text=True, check=True)
    what = "MissingExtra the conformance kit needs an optional package: pip install 'dealerrouting[testing]'"
    assert told.stdout.strip() == what
