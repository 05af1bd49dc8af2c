"""Where the parts of a plan stand, for whoever has to look at one: `territories.csv:7` for territory `antwerp`.

May know: places. May not know: what is asked about a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dealerrouting.documents.places import Places, Trail

__all__ = ["Sites", "sites"]

Sites = Mapping[tuple[str, str], str]
"""`file:line` by what it is (`territory`, `rule`, `account`, `dealer`, `terms`) and its id.

Of a territory of several parts each besides, as `part` and its id with the number of the part: `antwerp 2`.
"""
_TABLES = {"territory": "territories", "account": "accounts", "dealer": "dealers"}


def sites(data: Mapping[str, Any], places: Places) -> Sites:
    """The places of everything that has an id in a document with its tables inline; of several parts the first.

    A format that does not tell where its parts stand gives none.
    """
    found: dict[tuple[str, str], str] = {}
    for kind, name, trail in _named(data):
        place = _line(places.of(trail))
        if place:
            found.setdefault((kind, name), place)
    return found


def _named(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Trail]]:
    for kind, table in _TABLES.items():
        for at, row in enumerate(data.get(table) or ()):
            yield kind, row["id"], (table, at)
    parts: dict[str, list[int]] = {}
    for at, row in enumerate(data.get("territories") or ()):
        parts.setdefault(row["id"], []).append(at)
    for name, rows in parts.items():
        yield from (("part", f"{name} {n}", ("territories", at)) for n, at in enumerate(rows, 1) if len(rows) > 1)
    for at, rung in enumerate(data["precedence"]):
        for n, rule in enumerate((rung.get("rules") or ()) if isinstance(rung, dict) else ()):
            yield "rule", rule["id"], ("precedence", at, "rules", n)
    yield from (("terms", name, ("terms", name)) for name in data.get("terms") or ())
    for at, one in enumerate(data.get("suppress") or ()):
        yield "suppress", f"{one['finding']} {one['at']}", ("suppress", at)


def _line(place: str) -> str:
    """`file:line` of a place, or nothing where it has none."""
    head, _, _ = place.rpartition(":")
    return head if head.rpartition(":")[2].isdecimal() else ""
