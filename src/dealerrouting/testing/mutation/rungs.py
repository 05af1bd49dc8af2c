"""Changes of the precedence: a rung dropped, two swapped, a pick chain shorter or in another order, another reach.

May know: plans and rungs. May not know: what the rungs hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve

from dealerrouting.rules import Plan
from dealerrouting.rules.rungs import Rung
from dealerrouting.testing.mutation.clauses import longer_and_shorter
from dealerrouting.testing.mutation.mutant import Change

__all__ = ["rung_changes", "rungs_dropped", "rungs_swapped", "with_rung"]

_KM = 1_000
_TOTAL = frozenset({"hashed", "rotation"})
"""The steps of a pick that always leave one dealer."""


def with_rung(plan: Plan, at: int, rung: Rung) -> Plan:
    """The plan with another rung in this place."""
    return evolve(plan, precedence=(*plan.precedence[:at], rung, *plan.precedence[at + 1 :]))


def rungs_dropped(plan: Plan, at: int) -> Iterator[Change[Plan]]:
    """The plan without this rung, and without what only this rung asks."""
    kind = plan.precedence[at].kind
    orphans: dict[str, Any] = {kind: ()} if kind in ("territories", "accounts") else {}
    left = (*plan.precedence[:at], *plan.precedence[at + 1 :])
    if left:
        yield Change("drop", "drop", "mutant.drop", {}, partial(evolve, plan, precedence=left, **orphans))


def rungs_swapped(plan: Plan, at: int) -> Iterator[Change[Plan]]:
    """The plan with this rung after the next; registrations stay where they are, first."""
    pair = plan.precedence[at : at + 2]
    if len(pair) == 2 and all(rung.kind != "registrations" for rung in pair):
        order = (*plan.precedence[:at], pair[1], pair[0], *plan.precedence[at + 2 :])
        told = {"rung": pair[1].name}
        yield Change("later", "swap", "mutant.after_rung", told, partial(evolve, plan, precedence=order))


def rung_changes(rung: Rung) -> Iterator[Change[Rung]]:
    """Changes of the rung's own settings."""
    yield from _picks(rung)
    yield from _reach(rung)
    if rung.won_within is not None:
        for change in longer_and_shorter("won_within", rung.won_within):
            yield evolve(change.inside(partial(_with, rung, "won_within")), kind=_wider(change.slug))
        told = {"column": "won_within"}
        yield Change("won_within.drop", "narrow", "mutant.without_column", told, partial(evolve, rung, won_within=None))


def _wider(slug: str) -> str:
    return "widen" if slug.endswith("double") else "narrow"


def _with(rung: Rung, column: str, value: Any) -> Rung:
    return evolve(rung, **{column: value})


def _picks(rung: Rung) -> Iterator[Change[Rung]]:
    """One step less, where there are several; two steps the other way round."""
    chain = rung.pick
    for at in range(len(chain) if len(chain) > 1 else 0):
        told = {"column": "pick", "was": _name(chain[at])}
        left = chain[:at] + chain[at + 1 :]
        yield Change(f"pick.{at}.drop", "pick", "mutant.without", told, partial(evolve, rung, pick=left))
    for at in range(len(chain) - 1):
        if _TOTAL & {chain[at], chain[at + 1]}:
            continue  # what comes after a total step decides nothing, as if it were left out
        order = (*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :])
        told = {"column": "pick", "was": _names(chain), "now": _names(order)}
        yield Change(f"pick.{at}.later", "pick", "mutant.instead", told, partial(evolve, rung, pick=order))


def _names(chain: tuple[Any, ...]) -> str:
    return ", ".join(map(_name, chain))


def _name(step: Any) -> str:
    return step if isinstance(step, str) else str(step.name)


def _reach(rung: Rung) -> Iterator[Change[Rung]]:
    """A kilometre more and less, and no limit."""
    metres = rung.within_metres
    if metres is None:
        return
    for kind, now in (("widen", metres + _KM), ("narrow", metres - _KM)):
        if now >= 0:
            told = {"column": "within_km", "was": f"{metres / _KM:g}", "now": f"{now / _KM:g}"}
            make = partial(evolve, rung, within_metres=now)
            yield Change(f"within_km.{kind}", kind, "mutant.instead", told, make)
    told = {"column": "within_km"}
    yield Change("within_km.any", "widen", "mutant.unlimited", told, partial(evolve, rung, within_metres=None))
