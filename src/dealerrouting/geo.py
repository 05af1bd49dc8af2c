"""Points on the earth, the distance between them, and the cells of the geohash grid.

May know: pygeohash, which no other room imports, and that only when a geohash is asked for. May not
know: addresses, postcodes, dealers, leads.
A point is `(latitude, longitude)` in degrees (WGS 84). Latitude 0, longitude 0 and the antimeridian
are ordinary: -180 and 180 are the same meridian, and at a pole all meridians meet.
"""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "EARTH_RADIUS_M",
    "cell_box",
    "cell_contains",
    "distance_m",
    "geohash",
    "in_geohash",
    "read_geohash",
    "sample_point",
    "valid_point",
]

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius R1 of the WGS 84 ellipsoid (Moritz, Geodetic Reference System 1980)."""

_PI = "3.14159265358979323846264338327950288419716939937510582097494459"
_DIGITS = 60
_MOST_TEXT = 1024
_MOST_CELL = 12
_ALPHABET = frozenset("0123456789bcdefghjkmnpqrstuvwxyz")


def valid_point(lat: object, lon: object) -> tuple[float, float] | None:
    """The point, or None unless both are finite numbers with -90 <= lat <= 90 and -180 <= lon <= 180."""
    if not (_within(lat, 90) and _within(lon, 180)):
        return None
    return float(lat) + 0.0, float(lon) + 0.0  # type: ignore[arg-type]  # + 0.0 turns -0.0 into 0.0


def _within(value: object, bound: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -bound <= value <= bound


# Distance


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> int:
    """The great-circle distance in whole metres between two valid points, halves rounded up.

    The haversine formula on a sphere with the earth's mean radius; up to 0.6 % off the distance on
    the ellipsoid. Symmetric, and 0 for the same place. Libraries of mathematics differ in the last
    digit of a sine from platform to platform, so a result too near a rounding boundary to be sure of
    is settled in decimal arithmetic, which is the same everywhere.
    """
    half_height = sin(radians(b[0] - a[0]) / 2)
    half_width = sin(radians(b[1] - a[1]) / 2)
    haversine = half_height * half_height + cos(radians(a[0])) * cos(radians(b[0])) * half_width * half_width
    about = 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, haversine)))
    # Near the antipode the arc sine magnifies errors: 1e-15 in the haversine can be decimetres.
    doubt = 1e-6 if haversine < 0.999 else 0.25
    low, high = floor(about - doubt + 0.5), floor(about + doubt + 0.5)
    return low if low == high or not _reaches(a, b, high) else high


def _reaches(a: tuple[float, float], b: tuple[float, float], metres: int) -> bool:
    # Whether the distance is at least `metres` less half a metre: both sides as haversines, with
    # some forty digits to spare, so that no arc sine is needed.
    from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

    with localcontext(Context(prec=_DIGITS, rounding=ROUND_HALF_EVEN, traps=[])):
        (lat_a, lon_a), (lat_b, lon_b) = (map(Decimal, point) for point in (a, b))
        degree = Decimal(_PI) / 180
        height = _sine((lat_b - lat_a).copy_abs() * degree / 2)
        width = _sine((lon_b - lon_a).copy_abs() * degree / 2)
        cosines = _sine((90 - lat_a) * degree) * _sine((90 - lat_b) * degree)
        half_angle = (Decimal(metres) - Decimal("0.5")) / (2 * Decimal(str(EARTH_RADIUS_M)))
        # Nothing lies beyond the antipode, where the sine would fall again.
        beyond = half_angle > Decimal(_PI) / 2
        return not beyond and height * height + cosines * width * width >= _sine(half_angle) ** 2


def _sine(angle: Decimal) -> Decimal:
    # The Taylor series at 0, for angles from 0 to pi in the decimal context in force.
    total = term = angle
    square, n = angle * angle, 1
    while total + term != total or n < 4:
        term = -term * square / ((n + 1) * (n + 2))
        total, n = total + term, n + 2
    return total


# Geohash cells


def read_geohash(text: object) -> str | None:
    """A geohash of 1 to 12 characters in lower case, or None if `text` is not one."""
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return None
    cell = text.strip()
    # Only ASCII has a case here: the Kelvin sign is no k.
    if not cell.isascii() or not 1 <= len(cell) <= _MOST_CELL:
        return None
    cell = cell.lower()
    return cell if _ALPHABET.issuperset(cell) else None


def geohash(point: tuple[float, float], precision: int = _MOST_CELL) -> str:
    """The cell of `precision` (1 to 12) characters that holds a valid point.

    A cell holds its southern and western edge; the northern and eastern edge belong to its
    neighbours, except that latitude 90 and longitude 180 belong to the last cells.
    """
    from pygeohash import encode

    return str(encode(float(point[0]), float(point[1]), precision))


def in_geohash(point: tuple[float, float], cell: str) -> bool:
    """Whether a valid point lies in the cell (a geohash in normal form)."""
    return geohash(point, len(cell)) == cell


def cell_box(cell: str) -> tuple[float, float, float, float]:
    """The edges of a cell in degrees, without rounding error: lat_min, lat_max, lon_min, lon_max."""
    lat, lon, half_height, half_width = _centre(cell)
    return lat - half_height, lat + half_height, lon - half_width, lon + half_width


def cell_contains(a: str, b: str) -> bool:
    """Whether cell `b` lies wholly in cell `a`; every cell contains itself."""
    return b.startswith(a)


def sample_point(cell: str) -> tuple[float, float]:
    """The centre of a cell, a point that surely lies in it."""
    return _centre(cell)[:2]


def _centre(cell: str) -> tuple[float, float, float, float]:
    from pygeohash import decode_exactly

    lat, lon, half_height, half_width = decode_exactly(cell)
    return float(lat), float(lon), float(half_height), float(half_width)
