"""Sets as people write them: codes, ranges and prefixes, and what is wrong with them.

May know: how one text is read, and the orders of the countries. May not know: where a cell comes from, or
what its set is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeAlias

from dealerrouting.errors import Fault, quoted
from dealerrouting.postcode.codes import Piece, PostcodeError, merged
from dealerrouting.postcode.reading import DASHES, MAX_ITEM, fold, read, tokens_of
from dealerrouting.postcode.sets import PostcodeSet
from dealerrouting.postcode.trees import MAX_PLAIN, Order, PlainOrder, Tree, order_of

__all__ = ["between", "code_set", "parse_set", "prefix"]

_Faults: TypeAlias = tuple[Fault, ...]

_MAX_CELL = 64 * 1024
_MAX_ITEMS = 10_000
_SPLIT = "use ranges and prefixes, or several rows"
_BETWEEN = "put a `;` between items"


def parse_set(country: str, cell: str | Iterable[str]) -> PostcodeSet:
    """The set that a cell (items between `;`) or a list of items means.

    An item is a code (`3011`, which covers `3011 AB`), a range with both ends held (`3000..3399`), or a plain
    prefix (`50*`: every code whose letters and digits begin so). Bounds: 65,536 characters a cell, 10,000
    items, 64 characters an item. Raises PostcodeError with all faults at once.
    """
    order = order_of(country)
    return _made(country, [_item(order, item) for item in _items(cell)])


def code_set(country: str, code: str) -> PostcodeSet:
    """The set of one code and the finer ones below it. Raises PostcodeError."""
    order = order_of(country)
    return _made(country, [_unfit(code) or _code(order, code, fold(code))])


def between(country: str, first: str, last: str) -> PostcodeSet:
    """The codes from `first` to `last`, both held with all below them. PostcodeError if it runs backward."""
    order = order_of(country)
    unfit = (*_unfit(first), *_unfit(last))
    return _made(country, [unfit or _range(order, f"{first}..{last}", fold(first), fold(last))])


def prefix(country: str, text: str) -> PostcodeSet:
    """The codes whose letters and digits begin with `text` (written without `*`). Raises PostcodeError."""
    order = order_of(country)
    if isinstance(text, str) and "*" in text:
        raise PostcodeError([Fault(quoted(text), "a prefix given by itself has no `*`", "leave the `*` out")])
    return _made(country, [_unfit(text) or _prefix(order, text, fold(text))])


def _made(country: str, pieces: Iterable[Piece | _Faults]) -> PostcodeSet:
    faults: list[Fault] = []
    good: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Piece):
            good.append(piece)
        else:
            faults.extend(piece)
    if faults:
        raise PostcodeError(faults)
    intervals = merged(interval for piece in good for interval in piece.intervals)
    return PostcodeSet(country, intervals, tuple(sorted({piece.text for piece in good})))


# -------------------------------------------------------------------------------- from a cell to items


def _items(cell: object) -> list[object]:
    if isinstance(cell, str):
        fault = _too_much(cell)
        items: list[object] = [] if fault else list(cell.split(";"))
    elif isinstance(cell, Iterable) and not isinstance(cell, bytes | bytearray | Mapping):
        items = list(islice(cell, _MAX_ITEMS + 1))
        fault = _too_many(quoted(type(cell).__name__), len(items))
        if isinstance(cell, set | frozenset):  # the order of its faults must not depend on the hash seed
            items.sort(key=str)
    else:
        cure = "write `3000..3399; 50*`, or a list of such texts"
        fault = Fault(quoted(type(cell).__name__), "neither a text nor a list of texts", cure)
    if fault:
        raise PostcodeError([fault])
    return items


def _too_much(cell: str) -> Fault | None:
    if len(cell) > _MAX_CELL:
        return Fault(quoted(cell), f"a cell of {len(cell)} characters; the most is {_MAX_CELL}", _SPLIT)
    if not cell.strip():
        return Fault(quoted(cell), "an empty cell has no postcodes", "leave the postcodes out, or name some")
    return _too_many(quoted(cell), cell.count(";") + 1)


def _too_many(place: str, count: int) -> Fault | None:
    if count > _MAX_ITEMS:
        return Fault(place, f"more than {_MAX_ITEMS} items", _SPLIT)
    return None if count else Fault(place, "an empty list has no postcodes", "leave the postcodes out, or name some")


def _unfit(item: object) -> _Faults:
    if not isinstance(item, str):
        what = f"a postcode is a text, and this is of type {type(item).__name__}"
        return (Fault(quoted(item), what, "put quotes around it: a number loses its leading zeros"),)
    if len(item) > MAX_ITEM:
        return (Fault(quoted(item), f"an item of {len(item)} characters; the most is {MAX_ITEM}", _BETWEEN),)
    return ()


# ------------------------------------------------------------------------------------------- one item


def _item(order: Order, item: object) -> Piece | _Faults:
    unfit = _unfit(item)
    if unfit or not isinstance(item, str):
        return unfit
    text = fold(item).strip()
    if not text:
        return (Fault(quoted(item), "an empty item", "take out the `;` with nothing beside it"),)
    if ".." in text:
        first, _, last = text.partition("..")
        return _range(order, item, first, last)
    if "*" in text:
        return _starred(order, item, text)
    return _code(order, item, text)


def _code(order: Order, item: str, text: str) -> Piece | _Faults:
    code = read(order, text)
    if code is None:
        return (Fault(quoted(item), f"not a postcode of {order.country}", _cure(order, text)),)
    return Piece(code.text, ((code.lo, code.hi),))


def _starred(order: Order, item: str, text: str) -> Piece | _Faults:
    if text.index("*") < len(text) - 1:
        return (Fault(quoted(item), "a `*` may stand at the end only", "put one `*` behind the prefix"),)
    return _prefix(order, item, text[:-1])


def _prefix(order: Order, item: str, text: str) -> Piece | _Faults:
    piece = _begun(order, text)
    if piece is not None:
        return piece
    if not text.strip():
        cure = "leave the postcodes out for a whole country, or write its first letters or digits"
        return (Fault(quoted(item), "a prefix of nothing", cure),)
    return (Fault(quoted(item), f"no postcode of {order.country} begins so", _looks(order)),)


def _begun(order: Order, text: str) -> Piece | None:
    return order.begins("".join(tokens_of(text)))


def _range(order: Order, item: str, first: str, last: str) -> Piece | _Faults:
    if isinstance(order, PlainOrder):
        what = f"a range needs an order, and none is known for {order.country}"
        return (Fault(quoted(item), what, f"write whole codes or a prefix, such as `{order.example[:3]}*`"),)
    first, last = first.strip(), last.strip()
    if "*" in first + last or first[-1:] in ("", ".") or last[:1] in ("", ".") or ".." in last:
        whole = f"{order.full(0)}..{order.full(order.sizes[0] - 1)}"
        return (Fault(quoted(item), "not a range of two codes", f"write it like `{whole}`"),)
    low, high = read(order, first), read(order, last)
    if low is None or high is None:
        ends = ((low, first, False), (high, last, True))
        return tuple(_bad_end(order, item, text, upper) for code, text, upper in ends if code is None)
    if low.lo > high.hi:
        return (Fault(quoted(item), "this range runs backward", f"write `{high.text}..{low.text}`"),)
    return Piece(f"{low.text}..{high.text}", ((low.lo, high.hi),))


# ------------------------------------------------------------------------- what its writer may have meant


def _bad_end(order: Tree, item: str, text: str, upper: bool) -> Fault:
    piece = _begun(order, text)
    if piece is None:
        cure = _looks(order)
    else:
        cure = f"write whole codes: `{order.full(piece.intervals[-1][1] if upper else piece.intervals[0][0])}`"
    return Fault(quoted(item), f"{quoted(text)} is not a postcode of {order.country}", cure)


def _looks(order: Order) -> str:
    if isinstance(order, PlainOrder):
        return f"write letters and digits only, {MAX_PLAIN} at most"
    return f"one looks like `{order.example}`"


def _cure(order: Order, text: str) -> str:
    for parts in (text.split(","), text.split("/"), text.split()):
        if len(parts) > 1 and all(read(order, part) for part in parts):
            return _BETWEEN
    for at in [at for at, sign in enumerate(text) if sign in DASHES][:5]:
        low, high = read(order, text[:at]), read(order, text[at + 1 :])
        if low and high:
            return f"write a range as `{low.text}..{high.text}`"
    begin = "".join(tokens_of(text))
    piece = None if order.read([begin]) else order.begins(begin)
    if piece is None:
        return _looks(order)
    zero = ", or give its leading zero back" if order.read([f"0{begin}"]) else ""
    return f"write `{piece.text}` for all that begins so{zero}"
