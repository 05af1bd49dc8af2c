"""Checks of one store that several use at once: no change is lost between them.

May know: bench. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from typing import Any

from dealerrouting.errors import Conflict
from dealerrouting.ports import Ref, Writes
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import Broken, same
from dealerrouting.testing.conformance.worlds import (
    a_case,
)

LEAD = Ref("lead", "L1")


# Side by side


@check(shared=True)
def no_change_is_lost_between_writers_side_by_side(bench: Bench) -> None:
    ledger, workers, each = Ref("ledger", "t"), 4, 8
    bench.commit(cases=(a_case("L1", 1),))

    async def writer(store: Any) -> None:
        for _ in range(each):
            await _added(store, ledger)

    _without_errors(bench.side_by_side([writer] * workers))
    got = bench.value(ledger).get("a", 0)
    what = f"{workers} writers added 1 to one ledger {each} times each, every time by load and commit: the sum"
    same(got, workers * each, f"{what} (a snapshot's version was younger than its value, or two changes both won)", 24)
    same(bench.version(ledger), workers * each, "the version of a ledger after as many changes", 24)


async def _added(store: Any, ledger: Ref) -> None:
    from dealerrouting.mapping import FrozenMap

    for _ in range(10_000):
        told = await store.load((ledger,))
        entry = FrozenMap({"a": told.values[ledger].get("a", 0) + 1})
        try:
            await store.commit({ledger: told.versions[ledger]}, Writes(ledgers=FrozenMap({"t": entry})))
        except Conflict:
            continue
        return
    raise Broken("a writer was refused 10,000 times: somebody must win", 24, "one of the writers wins", "Conflict")


@check(shared=True)
def a_snapshot_s_versions_are_no_younger_than_its_values(bench: Bench) -> None:
    ledger = Ref("ledger", "t")

    async def writer(store: Any) -> None:
        for _ in range(30):
            await _added(store, ledger)

    async def reader(store: Any) -> None:
        for _ in range(60):
            told = await store.load((ledger,))
            version, value = told.versions[ledger], told.values[ledger].get("a", 0)
            if version > value:
                what = "load told a version that is younger than its value: whoever changes it loses a change"
                raise Broken(what, 24, f"version {value} or before", f"version {version} beside the value of {value}")

    _without_errors(bench.side_by_side([writer, reader]))


def _without_errors(errors: list[BaseException]) -> None:
    for error in errors:
        raise error
