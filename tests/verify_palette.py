"""What small plans speak of: few places, words, numbers, dates and dealers, so that their parts meet.

Knows: taxonomies. Does not know: any part of a plan, `dealerrouting.verify`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from attrs import frozen

from dealerrouting.taxonomy import make

SECTORS = make("trades", {"M": None, "M1": "M", "M11": "M1", "M12": "M1", "M2": "M", "W": None})
"""Three levels, and a root by itself."""
EDGES = tuple(datetime(2027, month, 1, tzinfo=UTC) for month in (1, 3, 6))
PLACES: Mapping[str, tuple[str, ...]] = {
    "NL": (
        "3000..3004",
        "3004..3007",
        "3008..3010",
        "3005",
        "3002..3003",
        "3000..3010",
        "30*",
        "3004 AB..3004 BZ",
        "3004 BZ..3005",
        "3004 AA..3004 MZ",
        "3004 NA..3004 ZZ",
        "3004 AB",
        "3000..3003; 3005..3010",
    ),
    "DE": ("01067", "01067..01069", "01069..01079", "01070..01079", "0106*", "01*", "01068; 01079", "01000..01999"),
    "GB": ("SW1", "SW1..SW3", "SW3..SW10", "SW", "SW1A", "SW1A 1", "SW1A 1AA..SW1A 1ZZ", "SW1*", "SW1 1AA", "SW2..SW4"),
    "PL": ("00-001..00-005", "00-005..00-009", "00-006..00-009", "00-0*", "00-004", "00-001..00-009", "00-003; 00-005"),
    "PT": ("1234", "1234-500..1234-999", "1233..1234", "1234-500", "1234-000..1234-500", "123*", "1235..1240"),
    "AR": ("C1425", "C14*", "C1426", "C1425; C1426", "C*"),  # no structure: a code stands for itself
}
PRODUCTS = ("press", "lathe", "saw")
LANGUAGES = ("nl", "fr", "de")
OWN = {"fleet": "int", "ratio": "number", "vip": "bool", "needs": "list", "since": "date", "segment": "str"}
TEXTS: Mapping[str, tuple[str, ...]] = {
    "product": PRODUCTS,
    "source": ("fair", "fairs", "web"),
    "campaign": ("spring", "spring-2", "Spring"),
    "segment": ("gold", "golden", "tin"),
}
NUMBERS: Mapping[str, tuple[Any, ...]] = {
    "employees": (0, 10, 11, 12, 50),
    "value": (Decimal("0"), Decimal("100"), Decimal("100.5"), Decimal("101"), Decimal("-1")),
    "fleet": (-1, 0, 3, 4),
    "ratio": (Decimal("-0.5"), Decimal("0"), Decimal("0.5")),
}
DATES = (date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 2))
DEALERS = ("a", "b", "c", "d")
HOUSES = ("house", "team")
RULE_CHAINS = (
    *([["first"]] * 6),
    ["priority"],
    ["priority", "first"],
    ["specific"],
    ["specific", "first"],
    ["unique"],
    ["specific", "priority", "unique"],
    ["priority", "rotation"],
    ["rotation"],
    ["hashed"],
    ["least_loaded"],
    ["first", "hashed"],
    ["priority", "specific", "rotation"],
)
TERRITORY_CHAINS = (
    *([["specific", "priority", "rotation"]] * 5),
    ["specific"],
    ["priority"],
    ["unique"],
    ["specific", "unique"],
    ["priority", "specific", "rotation"],
    ["priority", "unique"],
    ["rotation"],
    ["hashed"],
    ["specific", "hashed"],
    ["least_loaded", "rotation"],
    ["specific", "least_loaded"],
    ["nearest", "rotation"],
)


@frozen
class Palette:
    """What one plan speaks of: few things, so that its parts meet."""

    countries: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]  # the few postcode texts of each country
    fields: frozenset[str]  # the fields that parts may limit
    edges: tuple[datetime, ...]
    dealers: tuple[str, ...]

    def has(self, name: str) -> bool:
        return name in self.fields


_KINDS = ("place", "place", "place", "sector", "sector", "product", "language", "number", "text", "own", "clock")
_OWN_FIELDS = tuple(OWN)


def a_palette(rng: Random) -> Palette:
    chosen: set[str] = set()
    for kind in sorted({rng.choice(_KINDS) for _ in range(rng.choice((1, 2, 2, 3)))}):
        chosen.add(
            {
                "number": rng.choice(("employees", "value")),
                "text": rng.choice(("source", "campaign")),
                "own": rng.choice(_OWN_FIELDS),
                "clock": rng.choice(("month", "weekday", "date")),
            }.get(kind, kind)
        )
    if rng.random() < 0.5:
        chosen.add("place")
    countries = tuple(rng.sample(("NL", "NL", "NL", "DE", "GB", "PL", "PT", "AR"), rng.choice((1, 1, 2))))
    countries = tuple(dict.fromkeys(countries))
    items = {c: tuple(rng.sample(PLACES[c], rng.choice((2, 3)))) for c in countries}
    edges = tuple(sorted(rng.sample(EDGES, rng.choice((1, 2))))) if rng.random() < 0.4 else ()
    dealers = DEALERS[: rng.choice((1, 2, 2, 3, 3, 4))]
    return Palette(countries, items, frozenset(chosen), edges, dealers)


def a_span(rng: Random, palette: Palette, often: float = 0.4) -> dict[str, datetime | None]:
    if not palette.edges or rng.random() > often:
        return {}
    start, end = rng.choice((None, *palette.edges)), rng.choice((None, *palette.edges))
    if start and end and start >= end:
        start, end = (end, start) if end < start else (start, None)
    return {"valid_from": start, "valid_until": end}


def some_dealers(rng: Random, palette: Palette) -> dict[str, int]:
    names = (*palette.dealers, "team") if rng.random() < 0.1 else palette.dealers
    picked = rng.sample(names, min(len(names), rng.choice((1, 1, 1, 2, 2, 3))))
    return {name: rng.choice((1, 1, 1, 2)) for name in picked}
