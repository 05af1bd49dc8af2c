"""Broken postcodes must not pass: each planted fault turns the checks of `test_postcode.py` red."""

import importlib.util
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase

import pytest

from dealerrouting.postcode import cells, codes, fields, reading, sets, trees

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


def membership():
    for country, written in CELLS.items():
        world = checks.WORLDS[country]
        for cell in written:
            checks.check_set(country, cell, [*world[::37], *(text[:4] for text in world[::101])], world, complete=True)
    for country, written in (("IE", IRISH), ("GB", BRITISH)):
        world = checks.WORLDS[country]
        coarse = sorted({text.split()[0] for text in world})
        for cell in written:
            checks.check_set(country, cell, [*world[::5], *coarse], world, complete=False)


def algebra():
    for country, written in CELLS.items():
        for one, other in combinations(written, 2):
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
    caches = (trees._order, fields.field_for)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize("check", [order, membership, algebra, readings, refusals], ids=lambda check: check.__name__)
def test_the_checks_pass_on_the_code_as_it_is(check):
    check()


MODULES = (codes, fields, trees, reading, sets, cells)
tokens_of, holds = reading.tokens_of, codes.holds
tree_read, tree_runs, ranged = trees.Tree.read, trees.Tree._runs, cells._range


def pads_a_lost_zero(folded):
    return [token.zfill(5) if token.isdigit() and len(token) == 4 else token for token in tokens_of(folded)]


def guesses_when_partly_inside(intervals, lo, hi):
    return holds(intervals, lo, hi) is not False


def partly_inside_is_outside(intervals, lo, hi):
    return holds(intervals, lo, hi) is True


def leaves_neighbours_apart(intervals):
    return tuple(sorted(set(intervals)))


def districts_in_text_order():
    texts = [f"{n}{letter}" for n in range(10) for letter in ("", *ascii_uppercase)]
    return fields.field_of(sorted([*texts, *map(str, range(10, 100))]), dict.fromkeys("0123456789", 27))


def a_district_without_its_letters():
    texts = [f"{n}{letter}" for n in range(10) for letter in ("", *ascii_uppercase)]
    return fields.field_of([*texts, *map(str, range(10, 100))])


def dublin_6w_at_the_end():
    keys = [f"{letter}{number:02}" for letter in ascii_uppercase for number in range(100)]
    return fields.field_of([*keys, "D6W"])


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
    return codes.Piece(piece.text, ((lo, max(lo, hi - 1)),))


def finds_one_reading_only(self, rest, depth, value):
    return tree_runs(self, rest, depth, value)[:1]


def overlaps_only_where_wholly_inside(self, other):
    return self.contains(other) or other.contains(self)


def unites_without_looking(self, other):
    return sets.PostcodeSet(self.country, self.intervals + other.intervals, self.items)


FAULTS = [
    (reading, "tokens_of", pads_a_lost_zero, refusals),
    (reading, "_is_number", never_a_number, refusals),
    (trees.Tree, "read", drops_any_letters_in_front, refusals),
    (trees.Tree, "_spaced", deaf_to_spaces, refusals),
    (trees.Tree, "_spaced", deaf_to_spaces, readings),
    (fields, "_districts", districts_in_text_order, order),
    (fields, "_routing_keys", dublin_6w_at_the_end, order),
    (fields, "_routing_keys", dublin_6w_at_the_end, membership),
    (fields, "_districts", a_district_without_its_letters, membership),
    (codes, "holds", guesses_when_partly_inside, membership),
    (codes, "holds", partly_inside_is_outside, membership),
    (cells, "_range", a_range_without_its_last, membership),
    (trees.Tree, "_runs", finds_one_reading_only, membership),
    (codes, "merged", leaves_neighbours_apart, algebra),
    (codes, "holds", guesses_when_partly_inside, algebra),
    (sets.PostcodeSet, "overlaps", overlaps_only_where_wholly_inside, algebra),
    (sets.PostcodeSet, "union", unites_without_looking, algebra),
]


def plant(monkeypatch, where, name, broken):
    """The broken function stands wherever the sound one is called: in its module and in those that import it."""
    sound = getattr(where, name)
    for place in {where, *MODULES}:
        if getattr(place, name, None) is sound:
            monkeypatch.setattr(place, name, broken)


@pytest.mark.parametrize(
    ("where", "name", "broken", "check"),
    FAULTS,
    ids=[f"{broken.__name__}-{check.__name__}" for *_, broken, check in FAULTS],
)
def test_a_planted_fault_is_seen(monkeypatch, where, name, broken, check):
    plant(monkeypatch, where, name, broken)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check()
