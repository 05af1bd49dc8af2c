"""One step wider or narrower: postcodes, sectors, words, numbers, dates.

May know: postcodes, taxonomies, how a change is written down. May not know: which part of a plan has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from dealerrouting import postcode
from dealerrouting.postcode import Postcode, PostcodeSet
from dealerrouting.postcode.trees import Tree, order_of
from dealerrouting.taxonomy import Taxonomy, split
from dealerrouting.testing.mutation.mutant import Change

__all__ = ["DAY", "next_value", "stepped_cells", "stepped_codes", "stepped_sectors", "without_one"]

DAY = timedelta(days=1)
Interval = tuple[int, int]
Words = tuple[str, ...]


def stepped_codes(column: str, codes: PostcodeSet) -> Iterator[Change[PostcodeSet]]:
    """Each end of each run of codes one coarse step further out, and one further in; or one run less."""
    order = order_of(codes.country)
    if not isinstance(order, Tree):
        for change in without_one(column, codes.items):
            yield change.inside(partial(postcode.parse_set, codes.country))
        return
    for at, (lo, hi) in enumerate(codes.intervals):
        for name, kind, message, was, moved in _moves(order, lo, hi):
            spans = [*codes.intervals[:at], *([moved] if moved else []), *codes.intervals[at + 1 :]]
            if not spans:
                continue
            side = "start" if message == "mutant.start" else "end"
            told = {"column": column, "was": was}
            if moved:
                told["now"] = (_first if side == "start" else _last)(order, *moved)[0]
            yield Change(
                f"{column}.{at}.{name}",
                kind,
                message if moved else "mutant.without",
                told,
                partial(_set_of, order, tuple(spans)),
            )


def _moves(order: Tree, lo: int, hi: int) -> Iterator[tuple[str, str, str, str, Interval | None]]:
    """Name, kind, message, the old end, and the new run; None where nothing of it is left."""
    first, low = _first(order, lo, hi)
    last, high = _last(order, lo, hi)
    whole = first if first == last else f"{first}..{last}"
    if lo > 0:
        yield "start-", "widen", "mutant.start", first, (_code(order, lo - 1, low)[0], hi)
    if (later := _code(order, lo, low)[1] + 1) <= hi:
        yield "start+", "narrow", "mutant.start", first, (later, hi)
    if (earlier := _code(order, hi, high)[0] - 1) >= lo:
        yield "end-", "narrow", "mutant.end", last, (lo, earlier)
    else:
        yield "drop", "narrow", "mutant.end", whole, None
    if hi < order.sizes[0] - 1:
        yield "end+", "widen", "mutant.end", last, (lo, _code(order, hi + 1, high)[1])


def _codes(order: Tree, number: int, depth: int) -> Iterator[Postcode]:
    """The codes at this depth that hold `number`, the coarsest first: British `SW1` holds `SW1Z` at the same depth."""
    text = order.write(number, depth)
    lettered = order.elastic and text[-1:].isalpha() and text[-2:-1].isdigit()
    for written in (text[:-1], text) if lettered else (text,):
        code = postcode.parse(order.country, written)
        if code is not None and code.lo <= number <= code.hi:
            yield code


def _code(order: Tree, number: int, depth: int) -> Interval:
    """The first and last number of the code at this depth that holds `number`."""
    code = next(_codes(order, number, depth), None)
    return (number, number) if code is None else (code.lo, code.hi)


def _first(order: Tree, lo: int, hi: int) -> tuple[str, int]:
    """The coarsest code that a run begins with and holds whole; and its depth."""
    return _coarsest(order, lo, lambda code: code.lo == lo and code.hi <= hi)


def _last(order: Tree, lo: int, hi: int) -> tuple[str, int]:
    """The coarsest code that a run ends with and holds whole; and its depth."""
    return _coarsest(order, hi, lambda code: code.hi == hi and code.lo >= lo)


def _coarsest(order: Tree, number: int, fits: Callable[[Postcode], bool]) -> tuple[str, int]:
    for depth in sorted(order.stops):
        for code in _codes(order, number, depth):
            if fits(code):
                return code.text, depth
    return order.write(number), len(order.fields)


def _set_of(order: Tree, spans: tuple[Interval, ...]) -> PostcodeSet:
    texts = [f"{_first(order, *span)[0]}..{_last(order, *span)[0]}" for span in spans]
    return postcode.parse_set(order.country, texts)


def stepped_sectors(column: str, sectors: Words, tree: Taxonomy) -> Iterator[Change[Words]]:
    """Each sector to what it is part of, and to the first of its parts; or one sector less."""
    yield from without_one(column, sectors)
    for at, written in enumerate(sectors):
        code = tree.read(split(written)[1])
        others = sectors[:at] + sectors[at + 1 :]
        if code is None:
            continue
        above, below = tree.parents.get(code), tree.children(code)
        for kind, other in (("widen", above), ("narrow", below[0] if below else None)):
            if other is not None:
                now = tree.display(other)
                told = {"column": column, "was": tree.display(code), "now": now}
                yield Change(f"{column}.{at}.{kind}", kind, "mutant.instead", told, partial(_with, others, now))


def stepped_cells(column: str, cells: Words) -> Iterator[Change[Words]]:
    """Each geohash cell to the one around it, and to a corner of its own; or one cell less."""
    yield from without_one(column, cells)
    for at, cell in enumerate(cells):
        others = cells[:at] + cells[at + 1 :]
        for kind, now in (("widen", cell[:-1]), ("narrow", f"{cell}0")):
            if 1 <= len(now) <= 12:
                told = {"column": column, "was": cell, "now": now}
                yield Change(f"{column}.{at}.{kind}", kind, "mutant.instead", told, partial(_with, others, now))


def _with(others: Words, one: str) -> Words:
    return (*others, one)


def without_one(column: str, values: tuple[Any, ...]) -> Iterator[Change[tuple[Any, ...]]]:
    """One value less, where there are several."""
    for at, value in enumerate(values if len(values) > 1 else ()):
        left = values[:at] + values[at + 1 :]
        told = {"column": column, "was": str(value)}
        yield Change(f"{column}.{at}.drop", "narrow", "mutant.without", told, partial(_same, left))


def _same(value: Any) -> Any:
    return value


def next_value(value: Any, way: int) -> Any:
    """The next value up (`way` 1) or down (-1): a day, or one in the last decimal place that was written."""
    if isinstance(value, (date, datetime)):
        return value + way * DAY
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return value + way * Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))
    return value + way
