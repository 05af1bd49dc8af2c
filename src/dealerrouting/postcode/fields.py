"""The levels of a country's tree: which values stand there, in what order.

May know: the marks of a pattern in `tables.postcodes`. May not know: countries, how fields make a tree, how
codes are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import ascii_uppercase, digits

from attrs import frozen

from dealerrouting.postcode.codes import Interval, merged

__all__ = ["Field", "field_for", "field_of"]


@frozen(eq=False)
class Field:
    """One level of a country's tree: its values in order, and what they can be found by."""

    values: tuple[str, ...]
    place: Mapping[str, int]
    spans: Mapping[str, int]  # how many values a code covers that stops at this value: district 1 has 1, 1A ... 1Z
    starts: Mapping[str, tuple[Interval, ...]]  # by each beginning of a value, the places of the values with it
    lengths: tuple[int, ...]  # of the values, longest first


@lru_cache(maxsize=64)
def field_for(mark: str) -> Field:
    """The field that one mark of a pattern stands for."""
    if mark == "a":
        return field_of(a + b for a in ascii_uppercase for b in ("", *ascii_uppercase))
    if mark == "b":
        return _districts()
    if mark == "k":
        return _routing_keys()
    simple = {"d": digits, "n": digits[1:], "l": ascii_uppercase, "x": digits + ascii_uppercase}
    return field_of(simple.get(mark, mark))


def field_of(values: Iterable[str], spans: Mapping[str, int] | None = None) -> Field:
    """The field of these values, in this order."""
    ordered = tuple(values)
    starts: dict[str, list[Interval]] = {}
    for at, value in enumerate(ordered):
        for end in range(1, len(value) + 1):
            starts.setdefault(value[:end], []).append((at, at))
    return Field(
        ordered,
        {value: at for at, value in enumerate(ordered)},
        spans or {},
        {start: merged(places) for start, places in starts.items()},
        tuple(sorted({len(value) for value in ordered}, reverse=True)),
    )


def _districts() -> Field:
    # A letter follows a single digit only (W1A, EC2M). It is a finer level of the district, and yet part of
    # what is written before the space: so 1, 1A, ..., 1Z, 2 stand in one row, and `1` stands for 27 of them.
    lettered = [number + letter for number in digits for letter in ("", *ascii_uppercase)]
    return field_of([*lettered, *map(str, range(10, 100))], dict.fromkeys(digits, 27))


def _routing_keys() -> Field:
    keys = [f"{letter}{number:02}" for letter in ascii_uppercase for number in range(100)]
    keys.insert(keys.index("D06") + 1, "D6W")  # Dublin 6 West lies between 6 and 7
    return field_of(keys)
