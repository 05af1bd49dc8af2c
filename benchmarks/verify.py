"""What a plan can be asked before rollout, at growing sizes, in one process: seconds, growth, memory, what was found.

    python benchmarks/verify.py [40 1000 10000 100000] [--rounds 1] [--only NAME] [--z3] [--profile]

The plans are those of `plausible.py`: territories and rules over postcode, sector tree, product, language, size of the
company and validity, with faults planted in them that must be found. `diff` is asked of an edit of one row in a
hundred; `equal` of the same meaning in other rows, which must be proved, and of the edit, which must be refuted.
`growth` is the time beside that of the size before, and in brackets how much larger the plan is: the same is linear.

Memory is the highest the process has ever held (its maximum resident set), so it can only rise from line to line; for
small plans `traced` is what Python allocated at most during the question, from a second run of it.

Then two crafted plans in which cells explode: the answer must be `unknown-region`, within the budget.

`--z3` sets the z3 solver beside `equal`, where it is installed: same rows, same question, same run.
Seconds are those of the processor, medians where `--rounds` is more than one; trust the ratios of one run more.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import resource
import tracemalloc
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any

import crafted
import plausible

from dealerrouting import Plan, postcode, verify, where

TRACED = 1_000  # above this a second run under tracemalloc takes too long
SAID = where.country.in_(list(plausible.COUNTRIES)) & where.postcode.exists() & where.sector.exists()


def held() -> float:
    """The most that the process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    """The answer, and the median of the processor seconds of one round: what else the machine does counts less."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        answer = work()
        times.append(process_time() - start)
    return answer, median(times)


def traced(work: Callable[[], Any]) -> float:
    """The most that Python allocated during the work, in MB."""
    gc.collect()
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most


# ---------------------------------------------------------------------------------- whether it was found


def hole_found(findings: tuple[Any, ...], network: plausible.Network) -> str:
    """Whether a gap lies in the tile that leaves out a section."""
    hole = next(row for row in network.rows if row.id == network.planted.hole)
    inside = postcode.parse_set(hole.country, hole.postcodes())
    low, high = inside.intervals[0]
    hits = [
        region
        for finding in findings
        for region in finding.regions
        if any(b.country == hole.country and b.kind == "codes" and low <= b.lo <= b.hi <= high for b in region.bands)
    ]
    return f"the hole {'found' if hits else 'MISSED'}"


def ids_found(findings: tuple[Any, ...], ids: tuple[str, ...]) -> str:
    """How many of the planted ids are named by a finding."""
    named = {name for finding in findings for name in finding.at}
    found = sum(name in named for name in ids)
    return f"{found} of {len(ids)} planted{'' if found == len(ids) else ' MISSED'}"


def pairs_found(findings: tuple[Any, ...], pairs: tuple[tuple[str, str], ...]) -> str:
    """How many of the planted pairs are named together."""
    together = [frozenset(finding.at) for finding in findings]
    found = sum(any(set(pair) <= both for both in together) for pair in pairs)
    return f"{found} of {len(pairs)} planted{'' if found == len(pairs) else ' MISSED'}"


def unknowns(findings: tuple[Any, ...]) -> int:
    return sum(finding.name == "unknown-region" for finding in findings)


def told(findings: tuple[Any, ...], planted: str) -> str:
    unknown = unknowns(findings)
    return f"{len(findings) - unknown:,} findings, {planted}" + (f", {unknown} UNKNOWN" if unknown else "")


# ------------------------------------------------------------------------------------------ the questions


def questions(
    network: plausible.Network, active: Plan, planned: Plan, same: Plan
) -> Iterator[tuple[str, Callable[[], Any], Callable[[Any], str]]]:
    """Name, work, and what to say of the answer."""
    planted = network.planted
    yield "gaps", lambda: verify.gaps(active), lambda a: told(a, hole_found(a, network))
    yield "gaps, said", lambda: verify.gaps(active, among=SAID), lambda a: told(a, hole_found(a, network))
    yield "shadowed", lambda: verify.shadowed(active), lambda a: told(a, ids_found(a, planted.shadowed))
    yield "unreachable", lambda: verify.unreachable(active), lambda a: told(a, ids_found(a, planted.never))
    yield "overlaps", lambda: verify.overlaps(active), lambda a: told(a, pairs_found(a, planted.overlaps))
    yield "diff of 1 %", lambda: verify.diff(active, planned), lambda a: f"{len(a.changes):,} changes, exact {a.exact}"
    yield "equal, yes", lambda: verify.equal(active, same), lambda a: f"holds {a.holds}"
    yield "equal, no", lambda: verify.equal(active, planned), lambda a: f"holds {a.holds}"
    yield "check, all", lambda: verify.check(active), lambda a: told(a, hole_found(a, network))


def profiled(name: str, size: int, work: Callable[[], Any]) -> None:
    """Where the time of one question goes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    print(f"\n---- {name} at {size:,}")
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def measured(sizes: list[int], rounds: int, only: str, profile: bool) -> None:
    """One line for each question and size."""
    print(f"{'size':>8} {'question':<13} {'seconds':>8} {'growth':>15} {'held, MB':>9} {'traced, MB':>11}  found")
    last: dict[str, tuple[int, float]] = {}
    for size in sizes:
        network = plausible.network(size)
        active, made = timed(network.plan, 1)
        planned, same = plausible.edited(network)[0].plan(), plausible.recut(network).plan()
        line(last, size, "plan made", made, None, f"{len(network.rows):,} rows, {len(network.dealers):,} dealers")
        for name, work, tell in questions(network, active, planned, same):
            if only and only not in name:
                continue
            if profile:
                profiled(name, size, work)
                continue
            answer, seconds = timed(work, rounds)
            line(last, size, name, seconds, traced(work) if size <= TRACED else None, tell(answer))


def line(
    last: dict[str, tuple[int, float]], size: int, name: str, seconds: float, most: float | None, found: str
) -> None:
    """Print one, and keep it for the next size."""
    before = last.get(name)
    growth = f"x{seconds / before[1]:.1f} (x{size / before[0]:.0f})" if before else ""
    last[name] = size, seconds
    peak = "" if most is None else f"{most:.1f}"
    print(f"{size:>8,} {name:<13} {seconds:>8.2f} {growth:>15} {held():>9.0f} {peak:>11}  {found}", flush=True)


# ----------------------------------------------------------------------------------------- what gives up


def exploding() -> None:
    """Plans made to explode: they end, and say what they do not know."""
    hard, rest, tangled = crafted.explosive(), crafted.explosive(rest=True), crafted.tangled()
    said = crafted.complete()
    asked = (
        ("a hard formula: gaps", lambda budget: verify.gaps(hard, among=said, budget=budget)),
        ("a hard formula: shadowed", lambda budget: verify.shadowed(rest, budget=budget)),
        ("a hard formula: diff", lambda budget: verify.diff(hard, rest, budget=budget).unknown),
        ("400 everywhere: gaps", lambda budget: verify.gaps(tangled, budget=budget)),
        ("400 everywhere: shadowed", lambda budget: verify.shadowed(tangled, budget=budget)),
        ("400 everywhere: overlaps", lambda budget: verify.overlaps(tangled, budget=budget)),
    )
    print(f"\n{'crafted':<26} {'budget, steps':>14} {'seconds':>8} {'us a step':>10}  answer")
    for name, work in asked:
        for steps in (10_000, 100_000):
            budget = verify.Budget(steps, steps)
            found, seconds = timed(lambda w=work, b=budget: w(b), 1)
            known = len(found) - unknowns(found)
            each = seconds / (steps - budget.left) * 1e6 if budget.left < steps else 0
            print(
                f"{name:<26} {steps:>14,} {seconds:>8.2f} {each:>10.1f}  {known} known, {unknowns(found)} unknown",
                flush=True,
            )


def beside_z3(sizes: list[int]) -> None:
    """The same question to a solver, for as long as it answers."""
    import verify_z3

    print(f"\n{'size':>8} {'equal':>10} {'z3':>10} {'ratio':>8}")
    for size in sizes:
        if size > 1_000:
            break
        network = plausible.network(size)
        other = plausible.recut(network)
        ours, mine = timed(lambda n=network, o=other: verify.equal(n.plan(), o.plan()), 1)
        theirs, rival = timed(lambda n=network, o=other: verify_z3.equal(n, o), 1)
        assert ours.holds is theirs is True, (ours.holds, theirs)
        print(f"{size:>8,} {mine:>9.2f}s {rival:>9.2f}s {rival / mine:>7.0f}x", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[40, 1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="only the questions whose name holds this")
    parser.add_argument("--z3", action="store_true", help="z3 beside `equal`, up to 1,000")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead of the table")
    parser.add_argument("--plain", action="store_true", help="without the crafted plans")
    given = parser.parse_args()
    measured(given.sizes, given.rounds, given.only, given.profile)
    if not given.plain and not given.profile:
        exploding()
    if given.z3:
        beside_z3(given.sizes)


if __name__ == "__main__":
    main()
