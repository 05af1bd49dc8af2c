"""Every pair of commands, in the interleavings of their calls that can differ (laws 2, 4, 8, 24).

Calls that only read commute with each other, so what matters is between which reads of the one a commit of the other
falls. The first command makes `i` calls; the second then runs up to one of its commits, or to its end; then the first
goes on, and then the second. All `i` and all commits, for all ordered pairs: on a store in memory, that checks each
commit.
"""

from functools import cache

import pytest
from hypothesis import settings

from dealerrouting.errors import Conflict, DealerRoutingError
from desk_laws import all_laws
from desk_world import commands, differing, fresh_scene, meaning

COMMANDS = commands()
NAMES = sorted(COMMANDS)
MANY = 8
"""Calls of one command, up to which it is interrupted before each outside `make long`."""
THOROUGH = settings().max_examples > 100
CLOSE = (
    {"receive, last room", "receive, last room too", "receive, one ledger too"},
    {"receive, one ledger", "receive, one ledger too", "receive, referred", "watch"},
    {"receive, first of a company", "receive, first of a company too", "register a company at work"},
    {"register", "register too", "may_claim"},
    {"withdraw R1", "withdraw R2", "receive, claimed", "erase a claim", "sweep"},
    {"receive, linked", "erase B1", "erase B2", "erase a person", "update B1, lost", "decline B1", "adopt"},
    {
        "update A2, lost",
        "update A1, won",
        "receive, no room",
        "erase W1",
        "erase A1",
        "sweep",
        "reassign",
        "decline A2",
    },
    {"activate", "receive, no room", "receive, one ledger", "hold all", "register"},
)

pytestmark = pytest.mark.pure
"""Those that have something in common: all their interleavings, outside `make long` too."""


class Worker:
    """A command under way: it makes one call of the store at a time."""

    def __init__(self, name, desk, store):
        self.steps, self.store = COMMANDS[name](desk.config), store
        self.call, self.answer, self.error = None, None, None
        self.commits, self.made = 0, 0
        self._send(lambda: next(self.steps))

    def _send(self, resume):
        try:
            self.call = resume()
        except StopIteration as done:
            self.call, self.answer = None, done.value
        except DealerRoutingError as error:
            assert not isinstance(error, Conflict), "a command gave up"
            self.call, self.error = None, error

    def step(self):
        call, given, raised = self.call, None, None
        self.made += 1
        try:
            given = getattr(self.store, call.method)(*call.args, **call.named)
            self.commits += call.method == "commit"
        except DealerRoutingError as error:
            raised = error
        self._send(lambda: self.steps.send(given) if raised is None else self.steps.throw(raised))

    def go(self, calls=10**6, commits=10**6):
        """So many calls more, or up to the commit with this number."""
        while self.call is not None and calls > 0 and self.commits < commits:
            self.step()
            calls -= 1
        return self


def interleaved(first, second, calls, commits):
    store, desk = fresh_scene()
    one, two = Worker(first, desk, store), Worker(second, desk, store)
    one.go(calls=calls)
    two.go(commits=commits)
    one.go()
    two.go()
    return store, desk, one, two


@cache
def alone(name):
    """How many calls it makes, which of them are commits, when nobody is in its way."""
    store, desk = fresh_scene()
    worker, commits = Worker(name, desk, store), []
    while worker.call is not None:
        if worker.call.method == "commit":
            commits.append(worker.made)
        worker.step()
    return worker.made, tuple(commits)


@cache
def one_after_the_other(first, second):
    """What this order comes to, and whether each was one commit."""
    store, _, one, two = interleaved(first, second, 10**6, 10**6)
    return meaning(store), one.commits <= 1 and two.commits <= 1


def close(first, second):
    return THOROUGH or any(first in group and second in group for group in CLOSE)


def points(first, second):
    """After how many calls the first is interrupted: each; or before its last commit, with all that it read old."""
    calls, commits = alone(first)
    if not close(first, second):
        return commits[-1:] if first < second else ()
    return range(1, calls) if THOROUGH or calls <= MANY else sorted({1, 2, *commits[:3], *commits[-1:]})


def stops(name):
    """At which of its commits a command is held up."""
    most = max(1, len(alone(name)[1]))
    return range(1, 1 + most) if THOROUGH or most <= 3 else (1, 2, most)


@pytest.mark.slow
@pytest.mark.parametrize("first", NAMES)
def test_two_at_once_are_as_one_after_the_other(first):
    for second in NAMES:
        if second == first:
            continue
        orders = _orders(first, second) if close(first, second) else []
        for calls in points(first, second):
            for commits in stops(second):
                store, desk, *_ = interleaved(first, second, calls, commits)
                where = f"{calls} calls of {first!r}, {commits} commits of {second!r}"
                try:
                    all_laws(store, desk)
                except AssertionError as broken:
                    raise AssertionError(f"{broken}; after {where}") from None
                found = meaning(store) if orders else None
                assert found in orders or not orders, (where, [differing(found, one) for one in orders])


def _orders(first, second):
    """What the two orders come to; nothing where a command is more than one commit, and may be interrupted between."""
    orders = [one_after_the_other(first, second), one_after_the_other(second, first)]
    return [order for order, _ in orders] if all(single for _, single in orders) else []


@pytest.mark.slow
def test_the_same_command_twice_at_once_is_done_once():
    for name in NAMES:
        calls, commits = alone(name)
        once, *_ = interleaved(name, name, 10**6, 10**6)
        for i in range(1, calls):
            store, desk, *_ = interleaved(name, name, i, 10**6)
            all_laws(store, desk)
            if len(commits) == 1:
                assert meaning(store) == meaning(once), (name, i)


def test_the_close_ones_are_mostly_commands_of_one_commit():
    pairs = [(a, b) for a in NAMES for b in NAMES if a < b and any({a, b} <= group for group in CLOSE)]
    single = [pair for pair in pairs if _orders(*pair)]
    assert len(single) > len(pairs) / 2
