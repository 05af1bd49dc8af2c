"""`route` beside a hand-written lookup, at 40, 1,000 and 10,000 territories, in one run.

    python benchmarks/route.py [--leads 200]

What is compared: Dutch leads over equal bands of four-digit postcodes, a quarter of them split by sector.
The rival is what a developer would write for exactly this plan and nothing else: a sorted list
of band starts, `bisect`, and a dictionary by division. It has no registrations, dates, caps, fair
shares, three-valued conditions, reasons or `passed_over`; it answers one question and cannot say why. It
is here as the floor, so that the price of a reason is known.

`route` is the readable meaning: it asks every source, so its cost grows with the plan. A compiled
router over the same meaning is work of its own. Figures are medians of five rounds; trust the
ratios of one run more than the microseconds.
"""

from __future__ import annotations

import argparse
import gc
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter

from dealerrouting import Dealer, Facts, Lead, Plan, Territory, by, route

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
DIVISIONS = ("10", "25", "28", "43")


def network(size: int) -> tuple[Plan, list[int], list[dict[str, str]]]:
    """A plan of `size` territories, and the same as band starts and dictionaries."""
    bands = max(1, size // 4)  # each band: three sectors of its own, and one for the rest
    starts = [1000 + band * 9000 // bands for band in range(bands)]
    dealers = [Dealer("house", kind="house"), *(Dealer(f"d{number}") for number in range(size))]
    territories, tables = [], []
    for band, start in enumerate(starts):
        last = (starts[band + 1] if band + 1 < bands else 10_000) - 1
        span = f"{start}..{max(start, last)}"
        table = {division: f"d{band * 4 + i}" for i, division in enumerate((*DIVISIONS[:3], ""))}
        tables.append(table)
        territories += [
            Territory(
                f"t{band}-{division}", [dealer], country="NL", postcodes=span, sectors=[division] if division else None
            )
            for division, dealer in table.items()
        ]
    plan = Plan(
        "bench",
        house="house",
        dealers=dealers,
        territories=territories,
        precedence=[by.registrations(), by.territories(pick=["specific", "priority"])],
    )
    return plan, starts, tables


def by_hand(lead: Lead, starts: list[int], tables: list[dict[str, str]]) -> str:
    """The hand-written rival."""
    if lead.country != "NL" or lead.postcode is None:
        return "house"
    table = tables[bisect_right(starts, int(lead.postcode[:4])) - 1]
    division = lead.sector[1:3] if lead.sector else ""
    return table.get(division) or table.get("") or "house"


def leads(count: int) -> list[Lead]:
    """Leads all over the country, in sectors of which some are split."""
    random = Random(7)
    classes = ("C10.51", "C25.62", "C28.22", "F43.21", "G46.64", "C22.12")
    return [
        Lead(f"L{n}", country="NL", postcode=f"{random.randint(1000, 9999)} AB", sector=random.choice(classes))
        for n in range(count)
    ]


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median time of one round."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=200)
    asked = leads(parser.parse_args().leads)
    facts = Facts()
    print(f"{'territories':>11} {'route, us a lead':>17} {'by hand, us':>12} {'ratio':>8} {'plan made in, ms':>17}")
    for size in (40, 1_000, 10_000):
        start = perf_counter()
        plan, starts, tables = network(size)
        made = perf_counter() - start
        wrong = [lead.id for lead in asked if route(lead, plan, facts, at=AT).holder != by_hand(lead, starts, tables)]
        assert not wrong, f"the two disagree on {wrong[:5]}"
        ours = seconds(lambda p=plan: [route(lead, p, facts, at=AT) for lead in asked]) / len(asked) * 1e6
        rival = seconds(lambda s=starts, t=tables: [by_hand(lead, s, t) for lead in asked]) / len(asked) * 1e6
        print(f"{size:>11,} {ours:>17,.1f} {rival:>12.2f} {ours / rival:>8,.0f} {made * 1e3:>17,.0f}")


if __name__ == "__main__":
    main()
