"""Conditions over what a small plan speaks of: at its bounds, inside them and around them.

Knows: `verify_palette`, the package's front door. Does not know: `dealerrouting.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from dealerrouting import where
from dealerrouting.rules.conditions import AllOf, AnyOf, Condition
from verify_palette import DATES, LANGUAGES, NUMBERS, SECTORS, TEXTS, Palette


def a_test(rng: Random, palette: Palette) -> Condition:
    name = rng.choice(sorted(palette.fields))
    return _tests()[_kind(name)](rng, palette, name)


def _kind(name: str) -> str:
    if name in TEXTS or name == "language":
        return "text"
    return "number" if name in NUMBERS or name in ("month", "weekday") else {"since": "date"}.get(name, name)


@cache
def _tests() -> Mapping[str, Callable[[Random, Palette, str], Condition]]:
    return {
        "place": _place_test,
        "sector": _sector_test,
        "text": _text_test,
        "number": _number_test,
        "date": _number_test,
        "vip": _truth_test,
        "needs": _list_test,
    }


def _place_test(rng: Random, palette: Palette, _: str) -> Condition:
    country = rng.choice(palette.countries)
    here: Condition = where.country == country
    item = rng.choice(palette.items[country])
    how = rng.choice(("country", "not", "in", "under", "under", "between", "eq", "startswith", "exists", "elsewhere"))
    ends = item.split(";")[0].strip().split("..")
    whole = "*" not in ends[0]
    match how:
        case "country":
            return here
        case "not":
            return where.country != country
        case "in":
            return where.country.in_([*palette.countries, "BE"])
        case "between" if country != "AR" and whole:
            return here & where.postcode.between(ends[0], ends[-1])
        case "eq" if whole:
            return here & (where.postcode == ends[0]) if rng.random() < 0.6 else here & (where.postcode != ends[0])
        case "startswith":
            return here & where.postcode.startswith(ends[0].strip("*")[:2])
        case "exists":
            return rng.choice((where.postcode, where.country)).exists()
        case "elsewhere":
            return here & ~where.postcode.under(item)
    return here & where.postcode.under(item)


def _sector_test(rng: Random, _: Palette, __: str) -> Condition:
    code, other = rng.sample(SECTORS.codes(), 2)
    ref = where.sector
    under = ref.under(code)
    return rng.choice(
        (under, under, ref.under(code, other), ref == code, ref != code, ref.in_([code, other]), ref.exists())
    )


def _text_test(rng: Random, _: Palette, name: str) -> Condition:
    one, other = rng.sample(TEXTS.get(name, LANGUAGES), 2)
    ref = where[name]
    found = [ref == one, ref == one, ref != one, ref.in_([one, other]), ref.exists()]
    if name in TEXTS and name != "product":
        found.append(ref.startswith(one[:4]))
    return rng.choice(found)


def _number_test(rng: Random, palette: Palette, name: str) -> Condition:
    pool = {"month": (1, 2, 3, 12), "weekday": (1, 5, 6, 7)}.get(name) or NUMBERS.get(name, DATES)
    low, high = sorted(rng.choices(pool, k=2))
    ref = where[name]
    how = rng.choice(("between", "between", "gte", "lte", "eq", "ne", "in", "exists"))
    match how:
        case "between":
            return ref.between(low, high)
        case "in":
            return ref.in_([low, high])
        case "exists":
            return ref.exists()
        case "eq":
            return ref == low
        case "ne":
            return ref != low
    return ref >= low if how == "gte" else ref <= low


def _truth_test(rng: Random, _: Palette, name: str) -> Condition:
    ref = where[name]
    return rng.choice((ref == True, ref == False, ref != True, ref.in_([True]), ref.exists()))  # noqa: E712


def _list_test(rng: Random, _: Palette, name: str) -> Condition:
    ref = where[name]
    return rng.choice((ref.has("crane"), ref.has("van"), ref.exists()))


def a_condition(rng: Random, palette: Palette, depth: int = 2) -> Condition:
    dice = rng.random()
    if depth == 0 or dice < 0.45:
        return a_test(rng, palette)
    if dice < 0.6:
        return ~a_condition(rng, palette, depth - 1)
    kind = AllOf if dice < 0.82 else AnyOf
    return kind(tuple(a_condition(rng, palette, depth - 1) for _ in range(2)))
