"""For a small plan, every kind of lead that there is.

Knows: `verify_plans`, `verify_axes`. Does not know: `dealerrouting.verify`, which is held against it.

`world(plan)` is its small world: one lead for every cell that the plan's constants cut lead space into, at the bound
itself and one step on each side, with every field absent too, at every instant around each bound, and for each thing
that the facts may say (nothing; an account; a claim; an open lead of the company).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import product
from random import Random
from typing import Any

from attrs import frozen

from dealerrouting import Company, Facts, Incumbent, Lead, Registration
from dealerrouting import Plan as RealPlan
from verify_axes import Axis, Value, field_axes, instants
from verify_plans import ASKED_FOR, a_plan

NOTHING = Facts()


@frozen
class Case:
    """One lead of the world, with what the facts say, at one instant; `scene` is what they say, by name."""

    lead: Lead
    facts: Facts
    at: datetime
    scene: str


def world(
    *plans: RealPlan, cap: int = 400, rng: Random | None = None, since: datetime | None = None
) -> tuple[Case, ...]:
    """A lead for every cell that the constants of these plans cut lead space into, at most about `cap` of them.

    Cells are never dropped. Where there would be more leads than `cap`, each cell keeps its first and its last lead,
    then only one of them, drawn by `rng`.
    """
    rng = rng or Random(0)
    axes = (*field_axes(plans), instants(plans, since))
    for how in (0, 1, 2):
        kept = [_thinned(axis, how, rng) for axis in axes]
        if _size(kept) <= cap:
            break
    return tuple(_cases(kept, _scenes(plans), rng))


def cells(*plans: RealPlan) -> int:
    """How many leads the least world of these plans has: one in each cell, and again for all that facts may say."""
    least = [_thinned(axis, 2) for axis in (*field_axes(plans), instants(plans, None))]
    return _size(least) * (1 + len(_scenes(plans)))


def a_tiny_plan(rng: Random, most: int = 120) -> RealPlan:
    """A small plan whose world has few leads."""
    return next(plan for plan in iter(lambda: a_plan(rng), None) if cells(plan) <= most)


def _size(axes: Iterable[tuple[Any, ...]]) -> int:
    total = 1
    for axis in axes:
        total *= len(axis)
    return total


def _thinned(axis: Axis, how: int, rng: Random | None = None) -> Axis:
    if how == 0:
        return axis
    cells: dict[Any, list[Value]] = {}
    for value in axis:
        cells.setdefault(value[0], []).append(value)
    if how == 1:
        return tuple(one for cell in cells.values() for one in ([cell[0], cell[-1]] if len(cell) > 1 else cell))
    return tuple((rng or Random(0)).choice(cell) for cell in cells.values())


def _cases(axes: list[Axis], scenes: Axis, rng: Random) -> Iterator[Case]:
    for values in product(*axes[:-1]):
        said: dict[str, Any] = {}
        for _, fields in values:
            said |= (
                fields
                if "attributes" not in fields
                else {"attributes": said.get("attributes", {}) | fields["attributes"]}
            )
        lead = Lead("L", **said)
        for _, clock in axes[-1]:
            yield Case(lead, NOTHING, clock["at"], "")
    few = [_thinned(axis, 2, rng) for axis in axes]
    for (name, scene), values in product(scenes, product(*few)):
        said = {"company": scene["company"]}
        for _, fields in values[:-1]:
            said |= (
                fields
                if "attributes" not in fields
                else {"attributes": said.get("attributes", {}) | fields["attributes"]}
            )
        yield Case(Lead("L", **said), scene["facts"], values[-1][1]["at"], name)


def _scene(name: str, company: Company) -> Value:
    return name, {"facts": facts_of(name), "company": company}


_LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@cache
def facts_of(scene: str) -> Facts:
    """What the facts say in a scene, by its name: `claim a`, `incumbent b`; nothing otherwise."""
    kind, _, dealer = scene.partition(" ")
    if kind == "claim":
        claim = Registration("claim", dealer, ASKED_FOR, status="approved", submitted_at=_LONG_AGO)
        return Facts(registrations=[claim])
    return Facts(incumbents=[Incumbent(ASKED_FOR, dealer, since=_LONG_AGO)]) if kind == "incumbent" else NOTHING


def _scenes(plans: tuple[RealPlan, ...]) -> Axis:
    kinds = {rung.kind for plan in plans for rung in plan.precedence}
    companies = dict.fromkeys(account.company for plan in plans for account in plan.accounts)
    dealers = {dealer.id: dealer.kind for plan in plans for dealer in plan.dealers}
    found = [_scene(f"account {one.domain}", one) for one in companies]
    for name, kind in sorted(dealers.items()):
        if "registrations" in kinds:
            found.append(_scene(f"claim {name}", ASKED_FOR))
        if "incumbent" in kinds and kind == "dealer":
            found.append(_scene(f"incumbent {name}", ASKED_FOR))
    return tuple(found)
