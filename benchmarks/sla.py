"""The SLA's `step`, one by one and as a sweep, in one run.

    python benchmarks/sla.py [--leads 100000]

What is measured: a step for each kind of event and tick under elapsed and under business time, as a ratio to a
bare `datetime` comparison that any home-made SLA has to make too; and sweeps over more and more leads, all of
them due and none of them due, whose cost a lead must stay the same. Figures are medians of five rounds;
trust the ratios of one run more than the microseconds.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from dealerrouting import Business, BusinessDays, Calendar, Terms, sla
from dealerrouting.events import Accepted, Assigned, Tick, Updated
from dealerrouting.sla import SlaState
from dealerrouting.terms import Policy

T0 = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = T0 + timedelta(days=3)
OFFICE = Calendar("Europe/Amsterdam", {"mon-fri": ["09:00-12:30", "13:00-17:30"]})
ELAPSED = Policy(Terms(), "house")
OPEN = Policy(
    Terms(calendar="nl", remind_after=Business(hours=16), withdraw_after=BusinessDays(5)), "house", {"nl": OFFICE}
)


def offered(lead: str, policy: Policy) -> SlaState:
    """A lead that a dealer has had since the first of March."""
    state = sla.begin(lead, policy, at=T0)
    events = [Assigned(f"{lead}-1", lead, assignment=1, holder="delta", received_at=T0), Tick(T0)]
    return sla.run(state, events, policy)[0]


def timed(action: Callable[[], object], number: int) -> float:
    """Microseconds a call, the median of five rounds."""
    rounds = []
    for _ in range(5):
        gc.collect()
        start = perf_counter()
        for _ in range(number):
            action()
        rounds.append((perf_counter() - start) / number * 1e6)
    return median(rounds)


def steps() -> None:
    """One step of each kind."""
    due = T0 + timedelta(hours=48)
    bare = timed(lambda: due < LATER, 200_000)
    print(f"a bare comparison of two instants: {bare:.3f} us\n")
    print(f"{'one step':44} {'elapsed us':>10} {'ratio':>8} {'business us':>12} {'ratio':>8}")
    accepted = Accepted("a", "L", assignment=1, received_at=T0)
    contacted = Updated("u", "L", assignment=1, status="contacted", received_at=T0)
    for what, event in (
        ("tick, nothing due", Tick(T0 + timedelta(hours=1))),
        ("tick, a reminder due", Tick(LATER)),
        ("accepted", accepted),
        ("updated: contacted", contacted),
        ("a repeated event", Assigned("L-1", "L", assignment=1, holder="delta", received_at=T0)),
    ):
        found = []
        for policy in (ELAPSED, OPEN):
            state = offered("L", policy)
            found.append(timed(lambda s=state, p=policy, e=event: sla.step(s, e, p), 2_000))  # type: ignore[misc]
        print(f"{what:44} {found[0]:10.1f} {found[0] / bare:8.0f} {found[1]:12.1f} {found[1] / bare:8.0f}")


def sweeps(most: int) -> None:
    """Sweeps over more and more leads."""
    print(f"\n{'a sweep':28} {'leads':>9} {'seconds':>9} {'us a lead':>10} {'effects':>9}")
    states = [offered(f"L{number}", ELAPSED) for number in range(most)]
    for what, at in (("all due", LATER), ("none due", T0 + timedelta(hours=1))):
        for size in (most // 100, most // 10, most):
            gc.collect()
            start = perf_counter()
            effects = sum(len(sla.step(state, Tick(at), ELAPSED)[1]) for state in states[:size])
            took = perf_counter() - start
            print(f"{what:28} {size:9,} {took:9.2f} {took / size * 1e6:10.1f} {effects:9,}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--leads", type=int, default=100_000)
    steps()
    sweeps(parser.parse_args().leads)


if __name__ == "__main__":
    main()
