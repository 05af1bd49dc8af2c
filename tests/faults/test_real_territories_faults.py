"""A check that reads places wrongly must not agree with the data: each planted fault turns a real country red."""

from collections.abc import Callable

import pytest
from attrs import evolve

import verify_real as real
from dealerrouting.verify import place

pytestmark = [pytest.mark.pure, pytest.mark.skipif(not real.there(), reason=real.MISSING)]


def open_end(monkeypatch):
    """Places are cut before the last code of a range instead of behind it."""
    monkeypatch.setattr(place._Cuts, "interval", lambda self, lo, hi: self.before.update((lo, hi)))


def open_start(monkeypatch):
    """The first code of a range is left out."""
    inside = place.Block.inside
    monkeypatch.setattr(place.Block, "inside", lambda self, lo, hi: inside(self, lo + 1, hi))


def lost_range(monkeypatch):
    """Of several ranges the last is forgotten."""
    covered = place.Place.covered
    monkeypatch.setattr(
        place.Place, "covered", lambda self, codes: covered(self, evolve(codes, intervals=codes.intervals[:-1]))
    )


def hull(monkeypatch):
    """Ranges are taken for one long one."""
    covered = place.Place.covered

    def whole(self, codes):
        return covered(self, evolve(codes, intervals=((codes.intervals[0][0], codes.intervals[-1][1]),)))

    monkeypatch.setattr(place.Place, "covered", whole)


FAULTS = (open_end, open_start, lost_range, hull)


def agrees(name):
    try:
        return real.gaps(name) == real.unassigned(name) and real.overlaps(name) == real.in_two(name)
    except AssertionError:
        return False


@pytest.mark.parametrize("name", ["NL", "GB"])
def test_without_a_fault_they_agree(name):
    assert agrees(name)


@pytest.mark.parametrize("name", ["NL", "GB"])
@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_seen(plant: Callable[[pytest.MonkeyPatch], None], name, monkeypatch):
    plant(monkeypatch)
    assert not agrees(name)


def test_a_code_that_a_region_forgot_is_a_gap():
    regions = dict(real.regions("NL"))
    code = min(regions["NL366"] - set(real.in_two("NL")))
    regions["NL366"] = regions["NL366"] - {code}
    assert real.gaps("NL", asked=real.plan_of("NL", regions)) == real.unassigned("NL") | {code}


def test_a_code_that_a_second_region_took_is_an_overlap():
    regions = dict(real.regions("NL"))
    code = min(regions["NL366"] - set(real.in_two("NL")))
    regions["NL112"] = regions["NL112"] | {code}
    assert real.overlaps("NL", asked=real.plan_of("NL", regions)) == {**real.in_two("NL"), code: ("NL112", "NL366")}
