"""`leads`: at the boundaries of a plan, or hostile.

May know: boundaries, hostile texts. May not know: facts, who gets a lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import fields
from hypothesis import strategies as st

from dealerrouting.model import Company, Lead
from dealerrouting.rules import Plan
from dealerrouting.testing.strategies.bounds import Bounds, as_lead, bounds_of
from dealerrouting.testing.strategies.boxes import Box
from dealerrouting.testing.strategies.drawing import companies_of, one_of, plan_of
from dealerrouting.testing.strategies.ends import ends_of
from dealerrouting.testing.strategies.hostile import hostile_text

__all__ = ["IDS", "leads"]

IDS = ("L1", "L2", "L3")
"""The ids of drawn leads: few, so that facts about them hit."""
_WAYS = ("inside", "aside", "aside", "aside", "two aside", "borrow", "end")
_STEPS = {"aside": 1, "two aside": 2}
_HOSTILE_IDS = ("L1", "L\u202e1", "=L1", "\U0001f600", "\uff2c\uff11", "x" * 1_024)
_COMPANY_TEXTS = tuple(one.name for one in fields(Company) if one.name != "unreadable")
_TEXTS = tuple(one.name for one in fields(Lead) if one.name not in ("id", "company", "attributes", "unreadable"))
_HOSTILE = hostile_text()
_HOSTILE_COMPANIES = _HOSTILE | st.dictionaries(st.sampled_from(_COMPANY_TEXTS), _HOSTILE, max_size=3)


def leads(
    plan: Plan | None = None, *, ids: Sequence[str] | None = None, hostile: bool = False
) -> st.SearchStrategy[Lead]:
    """Leads at the boundaries of `plan`: inside of one of its sources, or beside it in one coordinate or two.

    What belongs together is drawn together: a lead starts inside one rule, territory, account or dealer's circle.
    Then one or two of its coordinates move one step outside or become absent, or come from another source. Corners
    one step outside of a source where no other source holds have a share of their own. Half of the leads say when
    they were received: at a boundary in time.

    `ids` are the ids to draw from: `L1 L2 L3`, and those that the plan asks for, where none are given. `hostile` puts
    hostile texts wherever a text may stand. Without a plan: at the boundaries of a small example. `TypeError` for
    what is no plan.
    """
    bounds = bounds_of(plan_of(plan))
    ends_of(bounds)  # once, and not while an example is drawn
    return _leads(bounds, tuple(ids or ()), companies_of(bounds.plan), hostile)


@st.composite
def _leads(draw: st.DrawFn, bounds: Bounds, ids: Sequence[str], companies: Sequence[Company], hostile: bool) -> Lead:
    said, box = _said(draw, bounds)
    for _ in range(draw(st.integers(0, 2))):
        said = {**one_of(draw, bounds.extras), **said}
    company: Any = one_of(draw, _near(box.company) if box.company else (None, *companies))
    if draw(st.booleans()) and bounds.instants:  # drawn in any case: what is shorter to draw would seem plainer
        said.setdefault("received_at", one_of(draw, bounds.instants))
    name = one_of(draw, ids or (_HOSTILE_IDS if hostile else IDS))
    if ids:
        said.pop("id", None)
    if hostile:
        said, company = _spoilt(draw, said, company)
    return as_lead(said, name, company)


def _said(draw: st.DrawFn, bounds: Bounds) -> tuple[dict[str, Any], Box]:
    """What a lead says, and the box that it began in."""
    way, ends = one_of(draw, _WAYS), ends_of(bounds)
    if way == "end" and ends:
        return dict(one_of(draw, ends)), bounds.boxes[0]
    box = one_of(draw, bounds.boxes)
    said = _inside(draw, bounds, box)
    for _ in range(_STEPS.get(way, 0) if box.coordinates else 0):
        name = one_of(draw, box.coordinates)
        _forget(said, bounds, box, name)
        said.update(_beside(draw, bounds, box, name))
    if way == "borrow" and box.coordinates:
        said.update(_borrowed(draw, bounds, box, one_of(draw, box.coordinates)))
    return said, box


def _borrowed(draw: st.DrawFn, bounds: Bounds, box: Box, name: str) -> Mapping[str, Any]:
    """This coordinate as any other source says it; or another coordinate of a source that says this one the same."""
    if draw(st.booleans()):
        return _within(draw, bounds, one_of(draw, bounds.apart[name]), name)
    other = one_of(draw, bounds.sharing(box, name))
    return _beside(draw, bounds, other, one_of(draw, other.coordinates))


def _near(company: Company) -> tuple[Company | None, ...]:
    """An account's company; what has only its name; nobody."""
    return company, company, Company(company.name), None


def _inside(draw: st.DrawFn, bounds: Bounds, box: Box) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in box.coordinates:
        said.update(_within(draw, bounds, box, name))
    return said


def _within(draw: st.DrawFn, bounds: Bounds, box: Box, name: str) -> Mapping[str, Any]:
    return one_of(draw, bounds.side(box, name).inside or ({},))


def _beside(draw: st.DrawFn, bounds: Bounds, box: Box, name: str) -> Mapping[str, Any]:
    """One step outside; now and then what is too coarse to tell, or nothing at all."""
    side = bounds.side(box, name)
    choice = one_of(draw, (side.outside, side.outside, side.outside, side.vague, ()))
    return one_of(draw, choice or ({},))


_HELD = {"place": ("country", "postcode"), "point": ("lat", "lon"), "time": ("received_at",)}


def _forget(said: dict[str, Any], bounds: Bounds, box: Box, name: str) -> None:
    side = bounds.side(box, name)
    for key in {key for one in (*side.inside[:1], *side.outside[:1]) for key in one} | set(_HELD.get(name, ())):
        said.pop(key, None)


def _spoilt(draw: st.DrawFn, said: dict[str, Any], company: Any) -> tuple[dict[str, Any], Any]:
    """The same with hostile texts in some fields, and perhaps for the company or some of what it says."""
    for _ in range(draw(st.integers(1, 3))):
        said = {**said, one_of(draw, _TEXTS): draw(_HOSTILE)}
    for name in [name for name in said if name.startswith("x_")]:
        said = {**said, name: draw(_HOSTILE)} if draw(st.booleans()) else said
    if not any(name.startswith("company.") for name in said) and draw(st.booleans()):
        company = draw(_HOSTILE_COMPANIES)
    return said, company
