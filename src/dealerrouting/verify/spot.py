"""The axis of points on the globe: geohash cells, circles, latitudes, and the dealers that `nearest` may offer.

May know: geohashes, leaves about location. May not know: countries (a lead's point and its address are two things).

Cells are exact: they nest or are apart; so are circles that touch neither each other nor a cell. Others, and plain
degrees, are tried at points: in their centre, just inside and just outside their edge, in each cell, far away. What is
found so is real; what is not found is not proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import cos, radians
from typing import Any

from dealerrouting import geo
from dealerrouting.rules.binding import Leaf
from dealerrouting.rules.fields import Around, Cells
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.axes import ABSENT, Sample, Sampled, sampled

__all__ = ["MAX_POINTS", "spots"]

MAX_POINTS = 600
"""The most points that are tried."""
_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
_FAR = ((0.0, 0.0), (-48.9, -123.4), (80.0, 170.0), (-75.0, 20.0), (35.0, -40.0), (10.0, 100.0))
_M_PER_DEGREE = 111_195.0


def spots(plans: Sequence[Plan], leaves: Sequence[Iterable[Leaf]]) -> Sampled:
    """The axis for leaves about location, lat and lon."""
    mine = [list(some) for some in leaves]
    everything = [leaf for some in mine for leaf in some]
    cells = sorted({cell for leaf in everything if isinstance(leaf.const, Cells) for cell in leaf.const.cells})
    inside = [_alone(cell, cells) for cell in cells]
    points = [*_FAR, *(p for p in inside if p is not None), *_edges(everything)]
    circles = sorted({leaf.const for leaf in everything if isinstance(leaf.const, Around)}, key=str)
    no_degrees = all(leaf.field == "location" for leaf in everything)
    exact = no_degrees and _apart(circles, cells) and any(not _held(p, cells) for p in _FAR)
    samples: list[Sample] = [ABSENT, *({"lat": lat, "lon": lon} for lat, lon in dict.fromkeys(_thinned(points)))]
    return sampled("location", plans, samples, mine, exact=exact)


def _apart(circles: Sequence[Around], cells: Sequence[str]) -> bool:
    """Whether no two circles touch, and no circle a cell: then each is told apart by a point of its own."""
    for a, b in combinations(circles, 2):
        if geo.distance_m((a.lat, a.lon), (b.lat, b.lon)) <= a.metres + b.metres + 2:
            return False
    return not any(_reaches(circle, cell) for circle in circles for cell in cells)


def _reaches(circle: Around, cell: str) -> bool:
    """Whether a circle may touch a cell: its centre is no farther from the cell's own than both reach."""
    south, north, west, east = geo.cell_box(cell)
    middle = ((south + north) / 2, (west + east) / 2)
    corners = [(lat, lon) for lat in (south, north) for lon in (west, east)]
    reach = max(geo.distance_m(middle, corner) for corner in corners)
    return geo.distance_m((circle.lat, circle.lon), middle) <= circle.metres + reach + 2


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    step = -(-len(points) // MAX_POINTS)
    return points[::step]


def _held(point: tuple[float, float], cells: list[str]) -> bool:
    return any(geo.in_geohash(point, cell) for cell in cells)


def _alone(cell: str, cells: list[str]) -> tuple[float, float] | None:
    """A point of this cell that lies in none of the finer ones; None where they fill it."""
    finer = [other for other in cells if other != cell and other.startswith(cell)]
    todo = [cell]
    while todo:
        here = todo.pop()
        below = [other for other in finer if other.startswith(here)]
        if not below:
            return geo.sample_point(here)
        if here not in below and len(here) < 12:
            todo += [here + sign for sign in reversed(_ALPHABET)]
    return None


def _edges(leaves: Iterable[Leaf]) -> Iterator[tuple[float, float]]:
    """Points in, on and around each circle, and on both sides of each degree."""
    degrees: dict[str, set[float]] = {"lat": {0.0}, "lon": {0.0}}
    for leaf in leaves:
        if isinstance(leaf.const, Around):
            yield from _circle(leaf.const)
        elif leaf.field in degrees and leaf.op != "exists":
            many = leaf.const if leaf.op in ("in", "between") else (leaf.const,)
            degrees[leaf.field] |= {float(value) + step for value in many for step in (-0.001, 0.0, 0.001)}
    if any(len(values) > 1 for values in degrees.values()):
        yield from (p for a in sorted(degrees["lat"]) for b in sorted(degrees["lon"]) if (p := geo.valid_point(a, b)))


def _circle(circle: Around) -> Iterator[tuple[float, float]]:
    yield circle.lat, circle.lon
    for part in (0.999, 1.001):
        height = part * circle.metres / _M_PER_DEGREE
        width = height / max(0.01, cos(radians(circle.lat)))
        for lat, lon in ((height, 0.0), (-height, 0.0), (0.0, width), (0.0, -width)):
            point: Any = geo.valid_point(circle.lat + lat, (circle.lon + lon + 180.0) % 360.0 - 180.0)
            if point is not None:
                yield point
