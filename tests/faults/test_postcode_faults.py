"""Broken postcodes must not pass: each planted fault turns the checks of `test_postcode.py` red."""

import importlib.util
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase

import pytest

from dealerrouting import postcode

pytestmark = pytest.mark.pure


def _checks():
    spec = importlib.util.spec_from_file_location("postcode_checks", Path(__file__).parents[1] / "test_postcode.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checks = _checks()

CELLS = {
    "DK": [["8000..8099"], ["80*"], ["80*", "81*"], ["8000..8199"], ["8100"], ["8050..8150"], ["8*"]],
    "NL": [["3011"], ["3011 A*"], ["3011 AA..3011 MZ", "3011 NA..3011 ZZ"], ["3011..3012"], ["3012 AB..3013"]],
}
BRITISH = [["SW1"], ["SW"], ["S"], ["SW1*"], ["S*"], ["SW11*"], ["SW1 1"], ["SW2..SW10"], ["SW1A"], ["SW..SY9"]]
IRISH = [["D05..D07"], ["D6*"], ["D0*"], ["D06"]]


def order():
    for country, world in checks.WORLDS.items():
        checks.check_order(country, world)


def sets():
    for country, cells in CELLS.items():
        world = checks.WORLDS[country]
        for cell in cells:
            checks.check_set(country, cell, [*world[::37], *(text[:4] for text in world[::101])], world, complete=True)
    for country, cells in (("IE", IRISH), ("GB", BRITISH)):
        world = checks.WORLDS[country]
        coarse = sorted({text.split()[0] for text in world})
        for cell in cells:
            checks.check_set(country, cell, [*world[::5], *coarse], world, complete=False)


def algebra():
    for country, cells in CELLS.items():
        for one, other in combinations(cells, 2):
            checks.check_algebra(country, one, other, checks.WORLDS[country])


def readings():
    for case in checks.TABLE:
        checks.check_table(*case)


def refusals():
    for case in checks.UNREADABLE:
        checks.check_unreadable(*case)


@pytest.fixture(autouse=True)
def _fresh():
    """What a planted fault built must not stay in the caches, nor what was built before it."""
    caches = (postcode._country, postcode._field_for)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize("check", [order, sets, algebra, readings, refusals], ids=lambda check: check.__name__)
def test_the_checks_pass_on_the_code_as_it_is(check):
    check()


tokens, holds, merged = postcode._tokens, postcode._holds, postcode._merged
tree_read, tree_runs, ranged, overlaps = (
    postcode._Tree.read,
    postcode._Tree._runs,
    postcode._range,
    postcode.PostcodeSet.overlaps,
)


def pads_a_lost_zero(folded):
    return [token.zfill(5) if token.isdigit() and len(token) == 4 else token for token in tokens(folded)]


def guesses_when_partly_inside(intervals, lo, hi):
    return holds(intervals, lo, hi) is not False


def partly_inside_is_outside(intervals, lo, hi):
    return holds(intervals, lo, hi) is True


def leaves_neighbours_apart(intervals):
    return tuple(sorted(set(intervals)))


def districts_in_text_order():
    texts = [f"{n}{letter}" for n in range(10) for letter in ("", *ascii_uppercase)]
    return postcode._field_of(sorted([*texts, *map(str, range(10, 100))]), dict.fromkeys("0123456789", 27))


def a_district_without_its_letters():
    texts = [f"{n}{letter}" for n in range(10) for letter in ("", *ascii_uppercase)]
    return postcode._field_of([*texts, *map(str, range(10, 100))])


def dublin_6w_at_the_end():
    keys = [f"{letter}{number:02}" for letter in ascii_uppercase for number in range(100)]
    return postcode._field_of([*keys, "D6W"])


def deaf_to_spaces(self, text, marks):
    return self._walk(text)


def drops_any_letters_in_front(self, pieces):
    found = tree_read(self, pieces)
    return found or tree_read(self, ["".join(pieces).lstrip(ascii_uppercase)])


def never_a_number(folded, normal):
    return False


def a_range_without_its_last(known, item, first, last):
    piece = ranged(known, item, first, last)
    if isinstance(piece, tuple):
        return piece
    ((lo, hi),) = piece.intervals
    return postcode._Piece(piece.text, ((lo, max(lo, hi - 1)),))


def finds_one_reading_only(self, rest, depth, value):
    return tree_runs(self, rest, depth, value)[:1]


def overlaps_only_where_wholly_inside(self, other):
    return self.contains(other) or other.contains(self)


def unites_without_looking(self, other):
    return postcode.PostcodeSet(self.country, self.intervals + other.intervals, self.items)


FAULTS = [
    (postcode, "_tokens", pads_a_lost_zero, refusals),
    (postcode, "_is_number", never_a_number, refusals),
    (postcode._Tree, "read", drops_any_letters_in_front, refusals),
    (postcode._Tree, "_spaced", deaf_to_spaces, refusals),
    (postcode._Tree, "_spaced", deaf_to_spaces, readings),
    (postcode, "_districts", districts_in_text_order, order),
    (postcode, "_routing_keys", dublin_6w_at_the_end, order),
    (postcode, "_routing_keys", dublin_6w_at_the_end, sets),
    (postcode, "_districts", a_district_without_its_letters, sets),
    (postcode, "_holds", guesses_when_partly_inside, sets),
    (postcode, "_holds", partly_inside_is_outside, sets),
    (postcode, "_range", a_range_without_its_last, sets),
    (postcode._Tree, "_runs", finds_one_reading_only, sets),
    (postcode, "_merged", leaves_neighbours_apart, algebra),
    (postcode, "_holds", guesses_when_partly_inside, algebra),
    (postcode.PostcodeSet, "overlaps", overlaps_only_where_wholly_inside, algebra),
    (postcode.PostcodeSet, "union", unites_without_looking, algebra),
]


@pytest.mark.parametrize(
    ("where", "name", "broken", "check"),
    FAULTS,
    ids=[f"{broken.__name__}-{check.__name__}" for *_, broken, check in FAULTS],
)
def test_a_planted_fault_is_seen(monkeypatch, where, name, broken, check):
    monkeypatch.setattr(where, name, broken)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check()
