"""How long it takes to find a claim among very many: `python benchmarks/claims.py [MOST]`.

Prints for 1,000 claims and ten times as many at a time up to MOST (a million): how long the records and the index take
to make, how much memory the index holds, and look-ups a second of leads by number, by domain, by name and postcode, and
of companies that nobody has claimed. The companies are made up.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from dealerrouting import Company, Registration
from dealerrouting.identity import Claims, identify, keys, match

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
ASKED = 2_000
WORDS = ("Metaal", "Bouw", "Transport", "Verpakking", "Techniek", "Advies", "Zuivel", "Glas", "Staal", "Logistiek")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def company(n: int) -> Company:
    """The n-th company: a number, mostly a domain, a name of its own, one of 6,000 postcodes."""
    return Company(
        f"Firma {n // 10} {WORDS[n % 10]} BV",
        number=f"{10_000_000 + n}",
        country="NL",
        postcode=f"{1000 + n % 6000} AB",
        domain=f"firma{n}.example" if n % 3 else None,
    )


def claim(n: int) -> Registration:
    """A standing claim on the n-th company."""
    return Registration(f"R{n:07}", f"d{n % 400}", company(n), status="approved", submitted_at=AT)


def rate(index: Claims[Registration], asked: list[frozenset]) -> float:
    """Look-ups a second: every record under a key of the company is found and compared."""
    start = perf_counter()
    for one in asked:
        for found in index.find(one):
            match(one, found.keys)
    return len(asked) / (perf_counter() - start)


def asked(kind: str, size: int) -> list[frozenset]:
    """The keys of so many companies, of one kind."""
    step = max(size // ASKED, 1)
    known = [company(n) for n in range(0, size, step)][:ASKED]
    if kind == "nobody's":
        return [keys(number=f"{90_000_000 + n}", country="NL", domain=f"other{n}.example") for n in range(ASKED)]
    if kind == "number":
        return [keys(number=one.number, country="NL") for one in known]
    if kind == "domain":
        return [keys(domain=one.domain) for one in known if one.domain]
    return [identify(name=one.name, country="NL", postcode=one.postcode).keys for one in known]


def main(most: int) -> None:
    """Print the table."""
    kinds = ("number", "domain", "name", "nobody's")
    print(f"{'claims':>10} {'records':>9} {'index':>8} {'memory':>9}  look-ups a second by {', '.join(kinds)}")
    size = 1_000
    while size <= most:
        start = perf_counter()
        records = [claim(n) for n in range(size)]
        made = perf_counter() - start
        gc.collect()
        before, start = resident(), perf_counter()
        index = Claims(records, ident=lambda c: c.id, identify=lambda c: c.keys)
        built = perf_counter() - start
        memory = (resident() - before) / 1e6
        rates = "".join(f"{rate(index, asked(kind, size)):>11,.0f}" for kind in kinds)
        print(f"{size:>10,} {made:>8.1f}s {built:>7.2f}s {memory:>6,.0f} MB {rates}")
        del records, index
        gc.collect()
        size *= 10


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
