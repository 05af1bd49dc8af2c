"""Real regions as territories: the codes that lie in two are the overlaps, the codes that lie in none are the gaps."""

from datetime import UTC, datetime

import pytest

import verify_real as real
from dealerrouting import Lead, route, where

pytestmark = [pytest.mark.pure, pytest.mark.skipif(not real.there(), reason=real.MISSING)]
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
FIGURES = {  # codes in use, regions, codes in two regions, codes in none
    "NL": (4_086, 40, 42, 16),
    "BE": (1_146, 11, 0, 0),
    "LU": (4_330, 1, 0, 0),
    "DE": (10_814, 400, 0, 2_503),
    "FR": (20_414, 101, 0, 14_358),
    "GB": (3_002, 4, 21, 22),
    "LU cantons": (4_330, 12, 23, 0),
    "DE Länder": (10_814, 16, 32, 1),
}
every_plan = pytest.mark.parametrize("name", real.PLANS)


def some(codes, most=60):
    """A few from all over."""
    ordered = sorted(codes)
    return ordered[:: max(1, len(ordered) // most)]


def decide(name, text):
    return route(Lead("L", country=real.PLANS[name][0], postcode=text), real.plan(name), at=AT)


@every_plan
def test_the_rows_say_what_the_docs_say(name):
    country = real.PLANS[name][0]
    found = len(real.places(country)), len(real.regions(name)), len(real.in_two(name)), len(real.unassigned(name))
    assert found == FIGURES[name]


@every_plan
def test_a_lead_from_a_code_in_two_regions_is_a_conflict_of_those_two(name):
    for text in some(real.in_two(name)):
        decision = decide(name, text)
        assert (decision.flags, tuple(sorted(decision.because))) == (("conflict",), real.in_two(name)[text])


@every_plan
def test_a_lead_from_a_code_in_no_region_has_nobody(name):
    assert {decide(name, text).flags for text in some(real.unassigned(name))} <= {("nobody_serves",)}


@every_plan
def test_a_lead_from_any_other_code_goes_to_its_region(name):
    regions = real.regions(name)
    region_of = {text: region for region, codes in regions.items() for text in codes}
    for text in some(set(region_of) - set(real.in_two(name))):
        assert decide(name, text).because == (region_of[text],)


@pytest.mark.slow
@every_plan
def test_the_codes_in_two_regions_are_the_overlaps_and_nothing_else(name):
    assert real.overlaps(name) == real.in_two(name)


@pytest.mark.slow
@every_plan
def test_the_codes_in_no_region_are_the_gaps_among_those_in_use(name):
    assert real.gaps(name) == real.unassigned(name)


def test_only_the_codes_that_are_asked_about_are_told():
    among = (where.country == "NL") & where.postcode.under(["1000..1999"])
    assert real.gaps("NL", among=among) == {text for text in real.unassigned("NL") if text.startswith("1")}


@every_plan
def test_every_code_that_is_found_has_the_name_of_its_place(name):
    country = real.PLANS[name][0]
    lines = real.report(country, real.unassigned(name) | set(real.in_two(name)), most=20_000)
    assert len(lines) == len(real.unassigned(name)) + len(real.in_two(name))
    assert not [line for line in lines if "no place known" in line]


def test_places_as_people_know_them():
    assert real.report("NL", ["1234", "1188"]) == ["NL 1188  Amstelveen", "NL 1234  Lemiers"]
    assert real.report("GB", ["GY1"]) == ["GB GY1  St Peter Port"]
    assert real.report("NL", ["1011", "1012", "1013"], most=2)[-1] == "... and 1 more"
