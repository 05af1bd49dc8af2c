"""The desk on real databases: leads received a second, and sweeps with one, two and four workers.

`python benchmarks/desk.py [OPEN ...]`: with so many open leads in the store, by default 10,000 and 100,000; a million
takes a quarter of an hour and a few gigabytes. Durability is on: SQLite with WAL and synchronous=FULL, PostgreSQL with
fsync and synchronous_commit. The PostgreSQL is the one that the tests start, or DEALERROUTING_TEST_POSTGRES.

Ratios say more than seconds: what matters is that the cost of a lead does not grow with how many are open.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from attrs import evolve

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from dealerrouting import Company, Dealer, Lead, Plan, Territory, by
from dealerrouting.adapters.sql import SqlStore, upgrade
from dealerrouting.desk import LeadDesk
from dealerrouting.mapping import FrozenMap
from dealerrouting.ports import Case, Writes

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
DEALERS = [f"dealer-{n}" for n in range(40)]
RECEIVED = 400
DUE = 4_000


def plan() -> Plan:
    """Forty dealers by postcode, two to a region, with the usual rungs."""
    lands = [
        Territory(
            f"t{n}", [DEALERS[n], DEALERS[(n + 1) % 40]], country="NL", postcodes=f"{1000 + n * 200}..{1199 + n * 200}"
        )
        for n in range(40)
    ]
    return Plan(
        "bench",
        house="house",
        dealers=[*map(Dealer, DEALERS), Dealer("house", kind="house")],
        territories=lands,
        precedence=[by.registrations(), by.accounts(), by.incumbent(), by.territories()],
    )


def lead(n: int) -> Lead:
    """The n-th lead: a company of its own, somewhere."""
    company = Company(f"Bedrijf {n} BV", domain=f"bedrijf-{n}.example", country="NL")
    return Lead(
        f"N{n}", company=company, country="NL", postcode=f"{1000 + n * 37 % 8000} AB", email=f"info@bedrijf-{n}.example"
    )


def fill(store: SqlStore, open_leads: int, due: int) -> Case:
    """So many open leads, as many of them due now, the others in the days to come."""
    desk = LeadDesk(store, clock=lambda: NOW - timedelta(days=2, seconds=1))
    desk.activate(plan(), actor="bench")
    desk.receive(lead(0))
    pattern = store.history("N0").case
    assert pattern is not None
    assert pattern.state is not None
    for start in range(0, open_leads, 2_000):
        cases = [_like(pattern, n, n < due) for n in range(start, min(start + 2_000, open_leads))]
        store.commit({}, Writes(cases=tuple(cases), counts=FrozenMap({DEALERS[start // 2_000 % 40]: len(cases)})))
    return pattern


def _like(pattern: Case, n: int, due: bool) -> Case:
    assert pattern.state is not None
    shift = timedelta(0) if due else timedelta(days=1, seconds=n % 86_400)
    move = pattern.state.standing
    holder = DEALERS[n % 40]
    now = evolve(move, since=move.since + shift, clock_from=move.clock_from + shift, holder=holder)
    dues = tuple(evolve(one, at=one.at + shift, legs=()) for one in pattern.state.dues)
    settled_due = (pattern.state.settled_due or NOW) + shift
    state = evolve(
        pattern.state, lead=f"O{n}", standing=now, settled=now, dues=dues, settled_due=settled_due, wake=None
    )
    return evolve(pattern, lead=f"O{n}", state=state, keys=(), received_at=pattern.received_at + shift)


def received(url: str, prefix: str) -> float:
    """Leads received a second, end to end, one commit each."""
    with SqlStore(url, prefix=prefix) as store:
        desk = LeadDesk(store, clock=lambda: NOW)
        desk.receive(lead(1))
        start = perf_counter()
        for n in range(2, 2 + RECEIVED):
            desk.receive(lead(n))
        return RECEIVED / (perf_counter() - start)


def swept(url: str, prefix: str) -> int:
    """One worker's pass over what is due."""
    with SqlStore(url, prefix=prefix) as store:
        return LeadDesk(store, clock=lambda: NOW).sweep(limit=1_000_000, per_dealer=1_000_000).changed


def sweeping(url: str, prefix: str, workers: int) -> tuple[int, float]:
    """So many workers at once: leads dealt with, and how many a second."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_ready, range(workers * 4)))  # the processes have imported all before the clock starts
        start = perf_counter()
        done = sum(pool.map(swept, [url] * workers, [prefix] * workers))
        return done, done / (perf_counter() - start)


def _ready(_: int) -> bool:
    return hasattr(LeadDesk, "sweep")


def rewind(url: str, prefix: str, pattern: Case) -> None:
    """The leads that were swept are due again, for the next number of workers."""
    with SqlStore(url, prefix=prefix) as store:
        for start in range(0, DUE, 2_000):
            store.commit({}, Writes(cases=tuple(_like(pattern, n, True) for n in range(start, start + 2_000))))


@contextmanager
def sqlite() -> Iterator[str]:
    """A file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/desk.db"


@contextmanager
def postgres() -> Iterator[str]:
    """The server that is named, or one that the tests would start, with durability on."""
    named = os.environ.get("DEALERROUTING_TEST_POSTGRES")
    if named:
        yield named
        return
    from servers import Server

    server = Server(fsync="on", synchronous_commit="on", shared_buffers="512MB", max_wal_size="4GB")
    try:
        yield server.url("postgres")
    finally:
        server.close()


def bench(url: str, size: int) -> tuple[float, float]:
    """One size of store: filled, received into, swept. Leads a second received, and swept by one."""
    prefix = f"b{size}_"
    upgrade(url, prefix=prefix)
    start = perf_counter()
    with SqlStore(url, prefix=prefix) as store:
        pattern = fill(store, size, DUE)
    print(f"  {size:>9,} open leads, filled in {perf_counter() - start:.0f} s")
    came = received(url, prefix)
    print(f"            received: {came:7,.0f} leads a second")
    alone = 0.0
    for workers in (1, 2, 4):
        done, rate = sweeping(url, prefix, workers)
        alone = alone or rate
        print(f"            swept by {workers}: {rate:7,.0f} leads a second, {rate / alone:.2f} of one ({done:,} due)")
        rewind(url, prefix, pattern)
    return came, alone


def main(sizes: list[int]) -> None:
    """Every size on both databases, and how the last compares with the first."""
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        print(f"{name}, durability on")
        with database() as url:
            told = [bench(url, size) for size in sizes]
        if len(told) > 1:
            ratios = [last / first for last, first in zip(told[-1], told[0], strict=True)]
            print(f"  {sizes[-1]:,} to {sizes[0]:,}: received {ratios[0]:.2f} as fast, swept {ratios[1]:.2f} as fast")


if __name__ == "__main__":
    main([int(word.replace(",", "").replace("_", "")) for word in sys.argv[1:]] or [10_000, 100_000])
