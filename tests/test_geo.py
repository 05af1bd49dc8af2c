"""Distances are whole metres on a sphere, the same everywhere; geohash cells tile the earth."""

import math
import subprocess
import sys
from decimal import Context, Decimal, localcontext
from itertools import pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dealerrouting import geo

pytestmark = pytest.mark.pure

RADIUS = 6_371_008.8
HALF_ROUND = 20_015_114  # from a point to its antipode
ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"

latitudes = st.one_of(st.sampled_from([-90.0, -45.0, -1e-9, 0.0, 5e-324, 45.0, 89.999999, 90.0]), st.floats(-90, 90))
longitudes = st.one_of(st.sampled_from([-180.0, -179.999999, -90.0, 0.0, 1e-9, 90.0, 180.0]), st.floats(-180, 180))
points = st.tuples(latitudes, longitudes).map(lambda point: (point[0] + 0.0, point[1] + 0.0))
near_points = st.builds(
    lambda point, north, east: (
        point,
        (max(-90.0, min(90.0, point[0] + north)), max(-180.0, min(180.0, point[1] + east))),
    ),
    points,
    st.floats(-0.01, 0.01),
    st.floats(-0.01, 0.01),
)
antipodes = st.builds(
    lambda point, north: (point, (max(-90.0, min(90.0, north - point[0])), point[1] - math.copysign(180, point[1]))),
    points,
    st.floats(-0.01, 0.01),
)
pairs = st.one_of(st.tuples(points, points), near_points, antipodes)
cells = st.text(ALPHABET, min_size=1, max_size=12)
hostile = st.one_of(
    st.text(max_size=20),
    st.text("u1KIlo0\u212a\u0131 \x00\u200f\ud800", max_size=14),
    st.sampled_from(["u" * 10**6, " " * 10**6, "\x00", "\ud800", "\u202eu17", "u\u0301" * 5, "ｕ", "u17\n"]),
)


def oracle(a, b):
    """Vincenty's formula for a sphere, in metres: another formula, stable at every distance."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    dlon = lon_b - lon_a
    east = math.cos(lat_b) * math.sin(dlon)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(dlon)
    along = math.sin(lat_a) * math.sin(lat_b) + math.cos(lat_a) * math.cos(lat_b) * math.cos(dlon)
    return RADIUS * math.atan2(math.hypot(east, north), along)


def chord(a, b):
    """The straight line through the earth between two points, in metres."""
    xyz = [
        (math.cos(math.radians(lat)) * math.cos(math.radians(lon)),
         math.cos(math.radians(lat)) * math.sin(math.radians(lon)),
         math.sin(math.radians(lat)))
        for lat, lon in (a, b)
    ]  # fmt: skip
    return RADIUS * math.dist(*xyz)


def settled(a, b):
    """The distance found by decimal arithmetic alone, one digit of the answer after the other."""
    low, high = 0, HALF_ROUND + 2
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if geo._reaches(a, b, middle) else (low, middle - 1)
    return low


def box(cell):
    """The edges of a cell by halving the earth bit after bit, as the geohash is defined."""
    sides = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
    bits = "".join(f"{ALPHABET.index(sign):05b}" for sign in cell)
    for at, bit in enumerate(bits):
        side = "lat" if at % 2 else "lon"
        low, high = sides[side]
        sides[side] = ((low + high) / 2, high) if bit == "1" else (low, (low + high) / 2)
    return *sides["lat"], *sides["lon"]


# Points


@pytest.mark.parametrize(
    ("lat", "lon", "want"),
    [
        (0, 0, (0.0, 0.0)),
        (-0.0, -0.0, (0.0, 0.0)),
        (90, -180, (90.0, -180.0)),
        (-90.0, 180, (-90.0, 180.0)),
        (90.0000001, 0, None),
        (0, 180.0000001, None),
        (math.nan, 0, None),
        (0, math.nan, None),
        (math.inf, 0, None),
        (0, -math.inf, None),
        ("51.2", 4, None),
        (None, None, None),
        (True, 4, None),
        (51.2, False, None),
        pytest.param(10**400, 0, None, id="huge"),
        (Decimal("51.2"), 4, None),
    ],
)
def test_valid_point(lat, lon, want):
    point = geo.valid_point(lat, lon)
    assert point == want
    assert point is None or [math.copysign(1, part) for part in point if part == 0] == [1] * point.count(0)


@given(points)
def test_a_valid_point_stays_itself(point):
    assert geo.valid_point(*point) == point


# Distance


@given(pairs)
@example(((0.0, 0.0), (0.0, 180.0)))
@example(((90.0, 13.0), (-90.0, -4.0)))
@example(((0.0, 179.9999), (0.0, -179.9999)))
def test_distance_against_other_formulas(pair):
    a, b = pair
    metres = geo.distance_m(a, b)
    assert isinstance(metres, int)
    assert abs(metres - oracle(a, b)) <= 0.5 + 1e-6
    assert abs(2 * RADIUS * math.sin(metres / (2 * RADIUS)) - chord(a, b)) <= 0.5 + 1e-6
    assert 0 <= metres <= HALF_ROUND
    assert metres == geo.distance_m(b, a)


@given(pairs)
def test_rounding_against_decimal_arithmetic(pair):
    assert geo.distance_m(*pair) == settled(*pair)


def test_decimal_sine_against_the_series_of_the_cosine():
    with localcontext(Context(prec=geo._DIGITS)):
        for angle in (Decimal(0), Decimal("1e-30"), Decimal("0.5"), Decimal("1.5707963267948966"), Decimal("3.14159")):
            cosine = term = Decimal(1)
            for n in range(1, 200, 2):
                term = -term * angle * angle / (n * (n + 1))
                cosine += term
            assert abs(geo._sine(angle) ** 2 + cosine**2 - 1) < Decimal("1e-55")
            assert float(geo._sine(angle)) == pytest.approx(math.sin(float(angle)), abs=1e-15)
        assert abs(geo._sine(Decimal(geo._PI))) < Decimal("1e-55")


@given(points)
def test_nothing_between_a_place_and_itself(point):
    assert geo.distance_m(point, point) == 0


@given(latitudes)
def test_both_sides_of_the_antimeridian_are_one_meridian(lat):
    assert geo.distance_m((lat, 180.0), (lat, -180.0)) == 0
    assert geo.distance_m((lat, 179.9), (lat, -179.9)) == geo.distance_m((lat, 0.1), (lat, -0.1))


@given(longitudes, longitudes)
def test_all_meridians_meet_at_a_pole(lon, other):
    assert geo.distance_m((90.0, lon), (90.0, other)) == geo.distance_m((-90.0, lon), (-90.0, other)) == 0
    assert geo.distance_m((90.0, lon), (-90.0, other)) == HALF_ROUND


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (1, 0), 111_195),
        ((0, 0), (0, 0), 0),
        ((0, 0), (0.000004, 0), 0),
        ((0, 0), (0.000005, 0), 1),
        ((0, 0), (0, 90), 10_007_557),
        ((0, 0), (0, -180), HALF_ROUND),
        ((60, 179), (60, -179), 111_191),
    ],
)
def test_known_distances(a, b, metres):
    assert geo.distance_m(a, b) == metres


def boundary_pairs():
    # Northward from the equator the distance is exactly radius times angle, so these latitudes put
    # a distance as near to half a metre as two neighbouring floats allow.
    for metres in (0, 1, 1000, 12_345, 400_000, 9_999_999):
        lat = math.degrees((metres + 0.5) / RADIUS)
        yield from (((0.0, 4.0), (near, 4.0)) for near in (math.nextafter(lat, 0), lat, math.nextafter(lat, 90)))


@pytest.mark.parametrize("pair", list(boundary_pairs()))
def test_at_half_a_metre_decimals_decide(pair):
    with localcontext(Context(prec=60)):
        exact = Decimal(geo._PI) / 180 * Decimal(pair[1][0]) * Decimal("6371008.8")
        want = int((exact + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))
    assert geo.distance_m(*pair) == want


@pytest.mark.parametrize("error", [-3, 3])
def test_a_sine_of_another_platform_changes_nothing(monkeypatch, error):
    want = [geo.distance_m(*pair) for pair in boundary_pairs()]
    monkeypatch.setattr(geo, "sin", lambda angle: math.sin(angle) * (1 + error * sys.float_info.epsilon))
    assert [geo.distance_m(*pair) for pair in boundary_pairs()] == want


def test_the_callers_decimal_context_does_not_matter():
    pair = next(iter(boundary_pairs()))
    want = geo.distance_m(*pair)
    with localcontext() as context:
        context.prec = 2
        context.traps = dict.fromkeys(context.traps, True)
        assert geo.distance_m(*pair) == want


# Cells


@given(cells)
def test_box_against_the_definition(cell):
    edges = geo.cell_box(cell)
    assert edges == box(cell)
    lat, lon = geo.sample_point(cell)
    assert edges[0] < lat < edges[1]
    assert edges[2] < lon < edges[3]
    assert geo.in_geohash((lat, lon), cell)


@given(points, cells)
def test_membership_against_the_box(point, cell):
    lat_min, lat_max, lon_min, lon_max = box(cell)
    lat_fits = lat_min <= point[0] < lat_max or point[0] == lat_max == 90
    lon_fits = lon_min <= point[1] < lon_max or point[1] == lon_max == 180
    assert geo.in_geohash(point, cell) == (lat_fits and lon_fits)


@given(points, st.integers(1, 12))
def test_a_point_lies_in_its_cell_and_all_above(point, precision):
    cell = geo.geohash(point, precision)
    assert len(cell) == precision
    assert geo.in_geohash(point, cell)
    assert all(geo.in_geohash(point, cell[:size]) for size in range(1, precision + 1))
    lat_min, lat_max, lon_min, lon_max = box(cell)
    assert lat_min <= point[0] <= lat_max
    assert lon_min <= point[1] <= lon_max


@given(cells)
def test_corners(cell):
    lat_min, lat_max, lon_min, lon_max = geo.cell_box(cell)
    assert geo.in_geohash((lat_min, lon_min), cell)
    assert geo.in_geohash((lat_max, lon_max), cell) == (lat_max == 90 and lon_max == 180)


@pytest.mark.parametrize("size", [1, 2])
def test_cells_tile_the_earth(size):
    boxes = sorted(geo.cell_box("".join(signs)) for signs in product(ALPHABET, repeat=size))
    assert sum((north - south) * (east - west) for south, north, west, east in boxes) == 180 * 360
    assert all(first[:2] < second[:2] or first[3] == second[2] for first, second in pairwise(boxes))


@given(cells, cells)
def test_containment_is_that_of_boxes(a, b):
    outer, inner = geo.cell_box(a), geo.cell_box(b)
    inside = outer[0] <= inner[0] and inner[1] <= outer[1] and outer[2] <= inner[2] and inner[3] <= outer[3]
    assert geo.cell_contains(a, b) == inside
    assert geo.cell_contains(a, a + b)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("u17", "u17"),
        (" U17 ", "u17"),
        ("EZS42", "ezs42"),
        ("0", "0"),
        ("u" * 12, "u" * 12),
        ("u" * 13, None),
        ("", None),
        (" ", None),
        ("a", None),
        ("u1i", None),
        ("\u212a", None),
        ("u 1", None),
        ("u17*", None),
        (None, None),
        (17, None),
        (b"u17", None),
    ],
)
def test_read_geohash(text, want):
    assert geo.read_geohash(text) == want


@given(hostile)
def test_reads_any_text_without_raising(text):
    cell = geo.read_geohash(text)
    assert cell is None or (geo.read_geohash(cell) == cell and geo.in_geohash(geo.sample_point(cell), cell))


@pytest.mark.parametrize(
    ("point", "cell"), [((0, 0), "s00000000000"), ((90, 180), "zzzzzzzzzzzz"), ((-90, -180), "000000000000")]
)
def test_zero_poles_and_antimeridian_have_cells(point, cell):
    assert geo.geohash(point) == cell


def test_pygeohash_waits_until_asked():
    code = "import sys; from dealerrouting import geo; geo.distance_m((0, 0), (1, 1)); geo.read_geohash('u17')"
    code += "; sys.exit(any(name.startswith('pygeohash') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
