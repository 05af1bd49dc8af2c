"""A fictitious plan of 1,000 territories over postcode and sector, in which one pair is served by nobody.

77 stretches of Dutch postcodes by 13 groups of sectors are 1,001 cells; the one of postcode 4382 and sector C25.62 is
left out. `scattered` cuts the same space into 1,000 uneven boxes instead, so that hardly two share a side.
"""

from __future__ import annotations

from functools import cache
from random import Random

from dealerrouting import Dealer, Plan, Territory, by
from dealerrouting.taxonomy import taxonomy

NACE = taxonomy("nace-2.1")
CODE, SECTOR = "4382", "2562"
CLASSES = tuple(code for code in NACE.codes() if not NACE.children(code))
DEALERS = tuple(f"d{number}" for number in range(12))


def beside(code):
    """The codes that together hold everything but this one: what stands beside it and beside each above it."""
    chain = NACE.ancestors(code)
    return [one for here in chain for one in NACE.children(NACE.parents[here]) if one != here]


def groups():
    """13 groups of sectors that never overlap and hold all; the first is the planted one alone."""
    rest = beside(SECTOR)
    return [[SECTOR], *(rest[number::12] for number in range(12))]


def stretches(seed=0, many=77):
    """Stretches of postcodes that never overlap and hold all; one is the planted code alone."""
    cuts = Random(seed).sample([code for code in range(1001, 10_000) if code not in (4382, 4383)], many - 3)
    starts = sorted({1000, 4382, 4383, *cuts})
    return list(zip(starts, [*(start - 1 for start in starts[1:]), 9999], strict=True))


def a_plan(lands):
    dealers = [Dealer("inside-sales", kind="house"), *map(Dealer, DEALERS)]
    return Plan("planted", house="inside-sales", dealers=dealers, territories=lands, precedence=[by.territories()])


def land(number, first, last, sectors):
    shown = [NACE.display(code) for code in sectors]
    return Territory(f"t{number}", [DEALERS[number % 12]], country="NL", postcodes=f"{first}..{last}", sectors=shown)


def gridded(seed=0):
    """1,000 territories of a grid of 1,001 cells."""
    cells = [(lo, hi, group) for lo, hi in stretches(seed) for group in groups() if (lo, group) != (4382, [SECTOR])]
    return a_plan(land(number, *cell) for number, cell in enumerate(cells))


def scattered(seed=0, many=1_000):
    """`many` boxes cut at random, the planted pair cut out of the one that had it."""
    rng = Random(seed)
    leaves, home = list(CLASSES), CLASSES.index(SECTOR)
    boxes = [(1000, 4381, 0, len(leaves)), (4383, 9999, 0, len(leaves)), (4382, 4382, 0, home)]
    boxes.append((4382, 4382, home + 1, len(leaves)))
    while len(boxes) < many:
        lo, hi, left, right = boxes.pop(rng.randrange(len(boxes)))
        if rng.random() < 0.5 and hi > lo:
            cut = rng.randint(lo + 1, hi)
            boxes += [(lo, cut - 1, left, right), (cut, hi, left, right)]
        elif right - left > 1:
            cut = rng.randint(left + 1, right - 1)
            boxes += [(lo, hi, left, cut), (lo, hi, cut, right)]
        else:
            boxes.append((lo, hi, left, right))
    return a_plan(land(number, lo, hi, whole(leaves[left:right])) for number, (lo, hi, left, right) in enumerate(boxes))


def whole(classes):
    """The fewest codes that together hold these classes."""
    held, found = set(classes), []
    for code in NACE.codes():
        above = NACE.parents[code]
        if held.issuperset(_below(code)) and (above is None or not held.issuperset(_below(above))):
            found.append(code)
    return found


@cache
def _below(code):
    return frozenset(one for one in CLASSES if code in NACE.ancestors(one))


def planted(lead):
    """Whether a lead lies in the pair that nobody serves."""
    return (lead.country, (lead.postcode or "")[:4]) == ("NL", CODE) and NACE.read(lead.sector) == SECTOR


def uniform(rng):
    """A lead of any Dutch postcode and any class."""
    letters = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=2))
    return {"country": "NL", "postcode": f"{rng.randint(1000, 9999)} {letters}", "sector": rng.choice(CLASSES)}
