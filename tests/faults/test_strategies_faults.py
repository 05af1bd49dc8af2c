"""Planted faults in the public strategies: what `test_strategies` asks of them must turn red."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealerrouting import Facts, Lead, route
from dealerrouting.testing.strategies import (
    bounds,
    drawing,
    ends,
    facts,
    happenings,
    hostile,
    hostile_text,
    inquiries,
    instants,
    leads,
    values,
)
from planted import gridded, planted
from strategies_world import APRIL, INSTANTS, PLAN, barred, drawn, first, missed


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    """No boundaries are kept from before, nor those of a planted fault for later."""
    monkeypatch.setattr(bounds, "_KNOWN", {})
    ends.ends_of.cache_clear()
    yield
    ends.ends_of.cache_clear()


def _without(kept):
    """Values beside a constant, of which only those are kept."""
    honest = values.beside
    return lambda *given: (said for said in honest(*given) if kept(said))


def test_one_step_before_a_postcode_is_never_drawn(monkeypatch):
    monkeypatch.setattr(bounds, "beside", _without(lambda said: said.get("postcode") not in ("2999", "2999 ZZ")))
    assert "before the first code" in missed("nl")


def test_one_step_after_a_postcode_is_never_drawn(monkeypatch):
    monkeypatch.setattr(bounds, "beside", _without(lambda said: said.get("postcode") not in ("3400", "3400 AA")))
    assert "after the last code" in missed("nl")


def test_nothing_outside_is_drawn(monkeypatch):
    monkeypatch.setattr(inquiries, "_WAYS", ("inside", "inside"))
    assert {"after the last code", "sector before", "no sector"} <= missed("nl")
    assert {"value above", "employees below"} <= missed("big")


def test_pairs_are_not_drawn_together(monkeypatch):
    """Each coordinate from a source of its own, as independent bounds are."""

    def apart(draw, known, box):
        return {
            key: value
            for name in known.apart
            for key, value in inquiries._within(draw, known, drawing.one_of(draw, known.apart[name]), name).items()
        }

    monkeypatch.setattr(inquiries, "_inside", apart)
    monkeypatch.setattr(inquiries, "_WAYS", ("inside", "aside"))
    plan = gridded()
    assert None in [first(leads(plan), planted, run, 400) for run in range(2)]


def test_corners_without_a_source_are_not_drawn(monkeypatch):
    monkeypatch.setattr(inquiries, "ends_of", lambda _: ())
    plan = gridded()
    assert None in [first(leads(plan), planted, run, 400) for run in range(2)]


def test_every_corner_is_taken_for_held(monkeypatch):
    monkeypatch.setattr(ends._Cover, "holds", lambda *_: True)
    assert ends.ends_of(bounds.bounds_of(gridded())) == ()


def test_corners_are_looked_up_without_the_codes_above(monkeypatch):
    """Then what a coarser sector serves seems to be served by nobody."""
    honest = ends._Index.asked

    def deaf(index, said, known):
        return [limit for limit in honest(index, said, known) if "sector" not in said]

    right = {repr(said) for said in ends.ends_of(bounds.bounds_of(gridded()))}
    monkeypatch.setattr(ends._Index, "asked", deaf)
    ends.ends_of.cache_clear()
    wrong = {repr(said) for said in ends.ends_of(bounds.bounds_of(gridded()))}
    assert len(wrong) > 100 * len(right)


def test_absent_is_never_drawn(monkeypatch):
    monkeypatch.setattr(inquiries, "_beside", _outside)
    monkeypatch.setattr(inquiries, "_WAYS", ("inside", "aside"))
    monkeypatch.setattr(bounds.Bounds, "extras", ({"city": "Elders"},))
    assert {"no sector", "no place"} <= missed("nl")
    assert "employees absent" in missed("big")


def _outside(draw, known, box, name):
    side = known.side(box, name)
    return drawing.one_of(draw, side.outside or side.inside or ({},))


@pytest.mark.parametrize(
    ("source", "field", "lost"),
    [
        ("nl", "sector", {"sector before", "sector after", "parent of the sector"}),
        ("cell", "lat", {"south of the cell", "on its northern edge"}),
        ("big", "value", {"value below", "value above"}),
        ("own", "x_since", {"day before"}),
        ("more", "city", {"shorter than the prefix"}),
        ("be", "received_at", {"not yet valid"}),
        ("spring", "received_at", {"last of the month before", "after the month"}),
    ],
)
def test_a_field_has_no_outside(monkeypatch, source, field, lost):
    honest = bounds.Bounds.side

    def blind(self, box, name):
        side = honest(self, box, name)
        known = (*side.inside, *side.outside)
        return bounds.Side(side.inside, (), ()) if known and field in known[0] else side

    monkeypatch.setattr(bounds.Bounds, "side", blind)
    monkeypatch.setattr(bounds.Bounds, "instants", ())
    assert lost <= missed(source)


def test_a_microsecond_is_forgotten(monkeypatch):
    monkeypatch.setattr(values, "TICK", timedelta(0))
    assert not INSTANTS <= set(drawn(instants(PLAN), 300))


def test_the_clock_of_the_plan_is_forgotten(monkeypatch):
    monkeypatch.setattr(values, "_midnights", lambda *_: ())
    assert not INSTANTS <= set(drawn(instants(PLAN), 300))


# Facts


def test_claims_are_of_other_companies_than_the_leads(monkeypatch):
    from dealerrouting import Company

    strangers = (Company("Nobody", number="99999999", country="SE"),)
    mine = Lead("mine", Company("Dekker", number="0012345", country="PL"), country="PL")
    monkeypatch.setattr(happenings, "companies_of", lambda _: strangers)
    assert "registrations" not in {route(mine, PLAN, known, at=APRIL).by for known in drawn(facts(PLAN), 200)}
    assert "registrations" in {route(mine, PLAN, known, at=APRIL).by for known in drawn(facts(PLAN, [mine]), 200)}


@pytest.mark.parametrize(
    ("part", "reason"), [("counts", "max_open"), ("shares", "share"), ("past_holders", "excluded")]
)
def test_a_kind_of_fact_is_never_drawn(monkeypatch, part, reason):
    def bare(**given):
        return Facts(**{name: value for name, value in given.items() if name != part})

    monkeypatch.setattr(happenings, "Facts", bare)
    assert reason not in barred()


def test_counts_are_never_above_the_caps(monkeypatch):
    monkeypatch.setattr(happenings, "_near", lambda draw, cap: cap or 0)
    counts = [one for known in drawn(facts(PLAN), 200) for one in known.counts.values()]
    assert {one.open for one in counts if one.dealer == "delta"} == {1}


# Hostile texts


def test_hostile_texts_are_tame(monkeypatch):
    monkeypatch.setattr(hostile, "HOSTILE", ("x", "y"))
    monkeypatch.setattr(hostile, "_SIGNS", "ab")
    assert not {"\u202e", "\0", "\ud800"} & set("".join(drawn(hostile_text(), 100)))


def test_hostile_texts_reach_no_field(monkeypatch):
    monkeypatch.setattr(inquiries, "_spoilt", lambda draw, said, company: (said, company))
    found = drawn(leads(PLAN, hostile=True), 300)
    assert not {"sector", "value", "email"} & {name for lead in found for name in lead.unreadable}
