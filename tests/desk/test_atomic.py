"""Every call of the store made to fail in turn, for every command: the old or the new, never between (laws 23, 26).

A command that is made of several commits (an erasure of two leads, a sweep) is broken off between two of them at the
worst, each of which is whole.
"""

from contextlib import suppress
from datetime import timedelta

import pytest

from dealerrouting.errors import DealerRoutingError, StoreUnavailable
from desk_laws import Lawful, all_laws
from desk_world import Contested, Faulty, commands, copied, differing, fresh_scene, now, run, tables

pytestmark = pytest.mark.pure

NAMES = sorted(commands())
MOST = 60
LATER = {"sweep", "withdraw R1", "erase a claim", "erase several"}
"""What follows their commits, where it was broken off, is for the next day's sweep to do."""
UNREPEATABLE = {"may_claim"}
"""It has no key, and every question counts."""


def undisturbed(name):
    """What the command comes to, and the tables before, after each commit, and in the end."""
    store, desk = fresh_scene()
    states = [tables(store)]
    commit = type(store).commit

    class Noting(Lawful):
        def commit(self, reads, writes):
            commit(self, reads, writes)
            states.append(tables(self))

    noting = copied(store, Noting)
    answer = attempt(name, desk, noting)
    return answer, states, tables(noting)


def attempt(name, desk, store):
    """The answer, or the error that the command gives on purpose."""
    try:
        return run(commands()[name], desk, store)
    except StoreUnavailable:
        raise
    except DealerRoutingError as error:
        return repr(error)


def word(answer):
    """What an answer says, whether it is the first or the first given again."""
    return answer if isinstance(answer, str) else getattr(answer, "outcome", type(answer).__name__)


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "once it is done"])
@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_fails_leaves_the_old_or_the_new(name, after):
    answer, states, end = undisturbed(name)
    for n in range(1, MOST):
        store, desk = fresh_scene()
        faulty = Faulty(store, n, after)
        passed = False
        with suppress(StoreUnavailable):
            attempt(name, desk, faulty)
            passed = True  # what failed was only to follow
        if faulty.failed is None:
            assert n > 1
            return
        broken = tables(store)
        assert passed or broken in states, (faulty.failed, n, differing(broken, states[-1]))
        if name in UNREPEATABLE and after and faulty.failed == "commit":
            continue
        again = attempt(name, desk, store)
        assert word(again) == word(answer)
        all_laws(store, desk)
        if name in LATER:
            assert a_day_on(store, desk) == a_day_on(*undisturbed_store(name)), (faulty.failed, n)
        else:
            found = tables(store, but=("_versions",))
            assert found == {one: end[one] for one in found}, (faulty.failed, n, differing(found, end))
    pytest.fail("the command never passes")


def undisturbed_store(name):
    store, desk = fresh_scene()
    attempt(name, desk, store)
    return store, desk


def a_day_on(store, desk):
    """Where everything stands after a pass a day and a bit later."""
    for days in (4, 5):
        sweep_of(desk, store, now() + timedelta(days=days, hours=days))
    stands = {case.lead: (case.phase, case.holder) for case in store._cases.values()}
    return stands, {name: one.claim.status for name, one in store._claims.items()}


def sweep_of(desk, store, at):
    store._leases.clear()  # as if a minute had gone by
    return desk.sweep(at=at)


@pytest.mark.parametrize("k", [1, 3, 19])
@pytest.mark.parametrize("name", NAMES)
def test_who_is_not_the_fastest_gets_there_all_the_same(name, k):
    answer, _, end = undisturbed(name)
    store, desk = fresh_scene()
    assert attempt(name, desk, Contested(store, k)) == answer
    found = tables(store)
    assert found == end, differing(found, end)


def test_who_is_never_the_fastest_is_told_so_and_nothing_is_done():
    store, desk = fresh_scene()
    before = tables(store)
    assert "Conflict" in attempt("update A2, lost", desk, Contested(store, 10**6))
    assert tables(store) == before


def test_the_scene_is_lawful():
    store, desk = fresh_scene()
    all_laws(store, desk)
    assert store.clock() == now()
