"""Postcodes: one normal form, an order, ranges, prefixes, and which code covers which.

May know: how each country builds its codes (`tables.postcodes`), and which countries there are. May not
know: which codes are in use, where they lie, leads, plans or dealers.

A country's codes are a tree. Each level is a *field* (a Dutch digit, a British district) with its values in
order; a finest code goes through all fields, a coarse one stops above. Counting the finest codes from left
to right gives each a number without gaps, so that every code, coarse or fine, is one interval of numbers, a
range is one interval, and a set is a few of them. A text prefix is found by walking the same tree.

A country without a row in the table gets a plain order of all texts of up to 12 letters and digits: there a
code stands for itself alone, separators are dropped, a prefix works, and a range is refused.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, islice
from operator import mul
from string import ascii_uppercase, digits
from typing import TypeAlias
from unicodedata import normalize

from attrs import field, frozen

from dealerrouting.errors import DealerRoutingError, Fault, quoted
from dealerrouting.tables.countries import COUNTRIES, read_country
from dealerrouting.tables.postcodes import DELIVERY_WORDS, ROWS, TABLE_VERSION

__all__ = [
    "TABLE_VERSION",
    "Postcode",
    "PostcodeError",
    "PostcodeSet",
    "between",
    "code_set",
    "countries",
    "parse",
    "parse_set",
    "prefix",
]

_Interval: TypeAlias = tuple[int, int]
_Path: TypeAlias = tuple[int, int, int, int]  # first and last number, how many fields, where the separator goes

_MAX_CELL = 64 * 1024
_MAX_ITEMS = 10_000
_MAX_ITEM = 64
_MAX_FREE = 12
_ABOVE_ALL = 1 << 128
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# Marks that nobody sees come along when a code is copied from a page or a sheet; they separate nothing.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SEPARATORS = str.maketrans(dict.fromkeys(_DASHES + ".", " ") | dict.fromkeys(_INVISIBLE))


class PostcodeError(DealerRoutingError, ValueError):
    """A postcode definition that cannot mean anything; `faults` holds all of them at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """The message is the faults, one a line."""
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type, tuple[tuple[Fault, ...]]]:
        """Pickled with its faults, not with its message."""
        return type(self), (self.faults,)


@frozen
class Postcode:
    """One postcode, coarse or fine.

    `text` is the normal form as people write it (`3011 AB`, `SW1A 1AA`, `00-001`), without a country sign.
    `lo` and `hi` are the first and the last of the finest codes that it covers, both held, numbered in its
    country's order; they mean nothing across countries, or across values of `TABLE_VERSION`.
    """

    country: str
    text: str
    lo: int
    hi: int


@frozen
class PostcodeSet:
    """Postcodes of one country. Make one with `parse_set`, `code_set`, `between` or `prefix`.

    `intervals` are inclusive, sorted, and never touch; two sets are equal when country and intervals are,
    however they were written. `items` are the parts as written, in normal form and sorted; joined by `;` they
    give the same set again.
    """

    country: str
    intervals: tuple[_Interval, ...]
    items: tuple[str, ...] = field(eq=False)

    def covers(self, code: Postcode) -> bool | None:
        """Is this code inside? None: it is too coarse to tell, a part of it is inside and a part is not."""
        if code.country != self.country:
            return False
        return _holds(self.intervals, code.lo, code.hi)

    def contains(self, other: PostcodeSet) -> bool:
        """Is every code of `other` in this set? A set contains itself."""
        mine = self.intervals
        return self.country == other.country and all(_holds(mine, lo, hi) is True for lo, hi in other.intervals)

    def overlaps(self, other: PostcodeSet) -> bool:
        """Is there a code in both?"""
        few, many = sorted((self.intervals, other.intervals), key=len)
        return self.country == other.country and any(_holds(many, lo, hi) is not False for lo, hi in few)

    def union(self, other: PostcodeSet) -> PostcodeSet:
        """The codes in either; PostcodeError where the countries differ."""
        if self.country != other.country:
            what = f"postcodes of {self.country} and of {other.country} do not go into one set"
            raise PostcodeError([Fault(quoted(other.country), what, "keep one set for each country")])
        items = (*self.items, *other.items)
        return PostcodeSet(self.country, _merged((*self.intervals, *other.intervals)), tuple(sorted(set(items))))

    def sample(self) -> str:
        """The first of the finest codes in the set, in normal form: well-formed, not always in use."""
        return _known(self.country).write(self.intervals[0][0])


def _holds(intervals: tuple[_Interval, ...], lo: int, hi: int) -> bool | None:
    at = bisect_right(intervals, (hi, _ABOVE_ALL)) - 1
    if at < 0 or intervals[at][1] < lo:
        return False
    return True if intervals[at][0] <= lo and hi <= intervals[at][1] else None


def _merged(intervals: Iterable[_Interval]) -> tuple[_Interval, ...]:
    done: list[_Interval] = []
    for lo, hi in sorted(intervals):
        if done and lo <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(hi, done[-1][1]))
        else:
            done.append((lo, hi))
    return tuple(done)


# ---------------------------------------------------------------------- how a country builds its codes


@frozen(eq=False)
class _Field:
    """One level of a country's tree: its values in order, and what they can be found by."""

    values: tuple[str, ...]
    place: Mapping[str, int]
    spans: Mapping[str, int]  # how many values a code covers that stops at this value: district 1 has 1, 1A ... 1Z
    starts: Mapping[str, tuple[_Interval, ...]]  # by each beginning of a value, the places of the values with it
    lengths: tuple[int, ...]  # of the values, longest first


def _field_of(values: Iterable[str], spans: Mapping[str, int] | None = None) -> _Field:
    ordered = tuple(values)
    starts: dict[str, list[_Interval]] = {}
    for at, value in enumerate(ordered):
        for end in range(1, len(value) + 1):
            starts.setdefault(value[:end], []).append((at, at))
    return _Field(
        ordered,
        {value: at for at, value in enumerate(ordered)},
        spans or {},
        {start: _merged(places) for start, places in starts.items()},
        tuple(sorted({len(value) for value in ordered}, reverse=True)),
    )


def _districts() -> _Field:
    # A letter follows a single digit only (W1A, EC2M). It is a finer level of the district, and yet part of
    # what is written before the space: so 1, 1A, ..., 1Z, 2 stand in one row, and `1` stands for 27 of them.
    plain = [str(number) for number in range(10)]
    lettered = [number + letter for number in plain for letter in ("", *ascii_uppercase)]
    return _field_of([*lettered, *map(str, range(10, 100))], dict.fromkeys(plain, 27))


def _routing_keys() -> _Field:
    keys = [f"{letter}{number:02}" for letter in ascii_uppercase for number in range(100)]
    keys.insert(keys.index("D06") + 1, "D6W")  # Dublin 6 West lies between 6 and 7
    return _field_of(keys)


@lru_cache(maxsize=64)
def _field_for(mark: str) -> _Field:
    if mark == "a":
        return _field_of(a + b for a in ascii_uppercase for b in ("", *ascii_uppercase))
    if mark == "b":
        return _districts()
    if mark == "k":
        return _routing_keys()
    simple = {"d": digits, "n": digits[1:], "l": ascii_uppercase, "x": digits + ascii_uppercase}
    return _field_of(simple.get(mark, mark))


@frozen(eq=False)
class _Tree:
    """A country whose codes have a structure."""

    country: str
    example: str
    signs: tuple[str, ...]
    fields: tuple[_Field, ...]
    stops: frozenset[int]  # after how many fields a code may end
    gap: int  # the separator is written before this field
    mark: str  # ... and is this; empty where there is none
    sizes: tuple[int, ...]  # how many finest codes there are below a value of so many fields
    elastic: bool  # some field has values of several lengths

    def read(self, tokens: list[str]) -> Postcode | None:
        """The code that these pieces spell, a country sign before it or not."""
        text = self._without_delivery("".join(tokens))
        marks = tuple(accumulate(map(len, tokens[:-1]))) if self.elastic else ()
        if self._is_bare_sign(text):
            return None
        if (code := self._spelt(text, marks)) is not None:
            return code
        for sign in self.signs:
            size = len(sign) if text.startswith(sign) else 0
            if size and (code := self._spelt(text[size:], tuple(at - size for at in marks if at > size))):
                return code
        return None

    def _is_bare_sign(self, text: str) -> bool:
        return text in self.signs and self._walk(text) is not None  # `UK` says the country and is no area

    def _without_delivery(self, text: str) -> str:
        for word in DELIVERY_WORDS.get(self.country, ()):
            code, found, number = text.partition(word)
            if found and len(number) <= 2 and (not number or number.isdigit()):
                return code
        return text

    def _spelt(self, text: str, marks: tuple[int, ...]) -> Postcode | None:
        path = self._spaced(text, marks) if marks and self.elastic else self._walk(text)
        if path is None:
            return None
        lo, hi, _, cut = path
        return Postcode(self.country, f"{text[:cut]}{self.mark}{text[cut:]}" if cut else text, lo, hi)

    def _spaced(self, text: str, marks: tuple[int, ...]) -> _Path | None:
        # `SW11` is a district, `SW1 1` a sector of another, and `SW11 AA` lacks a digit: a separator that
        # stands behind a whole district is taken at its word.
        heads = [(at, head) for at in marks if (head := self._walk(text[:at])) and head[2] == self.gap]
        if not heads:
            return self._walk(text)
        size = self.sizes[self.gap]
        tails = (self._walk(text, at, self.gap, head[0] // size, at) for at, head in heads)
        return next(filter(None, tails), None)

    def _walk(self, text: str, at: int = 0, depth: int = 0, value: int = 0, cut: int = 0) -> _Path | None:
        fields, end = self.fields, len(text)
        while at < end:
            if depth == len(fields):
                return None
            if depth == self.gap:
                cut = at
            here = fields[depth]
            if len(here.lengths) > 1:
                return self._fork(text, at, depth, value, cut)
            length = here.lengths[0]
            place = here.place.get(text[at : at + length])
            if place is None:
                return None
            value = value * len(here.values) + place
            at += length
            depth += 1
        return self._stop(depth, value, 1, cut)

    def _fork(self, text: str, at: int, depth: int, value: int, cut: int) -> _Path | None:
        here = self.fields[depth]
        for length in here.lengths:
            word = text[at : at + length]
            place = here.place.get(word) if len(word) == length else None
            if place is None:
                continue
            below, end = value * len(here.values) + place, at + length
            if end == len(text):
                path = self._stop(depth + 1, below, here.spans.get(word, 1), cut)
            else:
                path = self._walk(text, end, depth + 1, below, cut)
            if path is not None:
                return path
        return None

    def _stop(self, depth: int, value: int, span: int, cut: int) -> _Path | None:
        if depth not in self.stops:
            return None
        size = self.sizes[depth]
        return value * size, (value + span) * size - 1, depth, cut

    def begins(self, text: str) -> _Piece | None:
        """All codes whose letters and digits begin so; None where no code can."""
        for sign in () if self._is_bare_sign(text) else ("", *self.signs):
            if text.startswith(sign) and (runs := self._runs(text[len(sign) :], 0, 0)):
                return _Piece(self._dressed(text[len(sign) :]) + "*", tuple(runs))
        return None

    def _runs(self, rest: str, depth: int, value: int) -> list[_Interval]:
        if depth == len(self.fields):
            return []
        here, size = self.fields[depth], self.sizes[depth + 1]
        base = value * len(here.values)
        runs = [((base + lo) * size, (base + hi + 1) * size - 1) for lo, hi in here.starts.get(rest, ())]
        for length in here.lengths:
            place = here.place.get(rest[:length]) if length < len(rest) else None
            if place is not None:
                runs += self._runs(rest[length:], depth + 1, base + place)
        return runs

    def _dressed(self, start: str) -> str:
        # The start of a British code does not tell where its space will be.
        cut = sum(here.lengths[0] for here in self.fields[: self.gap])
        return start if self.elastic or len(start) <= cut else f"{start[:cut]}{self.mark}{start[cut:]}"

    def write(self, number: int, depth: int | None = None) -> str:
        """The normal form of the finest code with this number, or of what it lies in after so many fields."""
        depth = len(self.fields) if depth is None else depth
        number //= self.sizes[depth]
        words: list[str] = []
        for at in range(depth - 1, -1, -1):
            number, place = divmod(number, len(self.fields[at].values))
            words.append((self.mark if at == self.gap else "") + self.fields[at].values[place])
        return "".join(reversed(words))

    def full(self, number: int) -> str:
        """The coarsest whole code that holds this number."""
        return self.write(number, min(self.stops))


@frozen(eq=False)
class _Plain:
    """A country without a row: texts of 1 to 12 letters and digits, in the order of a dictionary."""

    country: str
    example: str = "C1425"

    def read(self, tokens: list[str]) -> Postcode | None:
        """The letters and digits as one word, standing for itself alone."""
        text = "".join(tokens)
        if not 0 < len(text) <= _MAX_FREE:
            return None
        number = self._number(text)
        return Postcode(self.country, text, number, number)

    def begins(self, text: str) -> _Piece | None:
        """The text itself and all longer ones that begin with it."""
        if not 0 < len(text) <= _MAX_FREE:
            return None
        number = self._number(text)
        return _Piece(text + "*", ((number, number + _LONGER[_MAX_FREE - len(text)] - 1),))

    def write(self, number: int) -> str:
        """The text with this number."""
        word, left = "", _MAX_FREE
        while number:
            left -= 1
            place, number = divmod(number - 1, _LONGER[left])
            word += _ALPHABET[place]
        return word

    def _number(self, text: str) -> int:
        left = range(_MAX_FREE - 1, -1, -1)
        return sum(1 + _PLACES[sign] * _LONGER[room] for sign, room in zip(text, left, strict=False))


_ALPHABET = digits + ascii_uppercase
_PLACES = {sign: place for place, sign in enumerate(_ALPHABET)}
# How many texts begin with a given one (itself counted) when so many more characters have room behind it.
_LONGER = tuple((36 ** (room + 1) - 1) // 35 for room in range(_MAX_FREE + 1))


@lru_cache(maxsize=512)
def _country(code: str) -> _Tree | _Plain | None:
    if code not in COUNTRIES:
        return None
    return _tree(code, *ROWS[code]) if code in ROWS else _Plain(code)


def _tree(country: str, pattern: str, example: str, signs: tuple[str, ...]) -> _Tree:
    fields: list[_Field] = []
    stops, gap, mark = set[int](), -1, ""
    for sign in pattern:
        if sign == "/":
            stops.add(len(fields))
        elif sign in " -":
            gap, mark = len(fields), sign
        else:
            fields.append(_field_for(sign))
    stops.add(len(fields))
    radices = (len(here.values) for here in reversed(fields))
    sizes = tuple(accumulate(radices, mul, initial=1))[::-1]
    elastic = any(len(here.lengths) > 1 for here in fields)
    all_signs = (country, *signs)
    return _Tree(country, example, all_signs, tuple(fields), frozenset(stops), gap, mark, sizes, elastic)


# -------------------------------------------------------------------------------------- reading a code


def countries() -> tuple[str, ...]:
    """The countries whose codes have a structure here: ISO alpha-2, sorted. Others are read as plain text."""
    return tuple(sorted(ROWS))


def parse(country: str | None, text: object) -> Postcode | None:
    """The postcode that somebody wrote, or None where it cannot be read for certain.

    Lower case, missing or extra spaces, dashes and dots, full-width characters, a country sign (`NL-`, `L-`)
    and a French `CEDEX 9` make no difference. Nothing is guessed: a lost zero stays lost, a code with another
    country's sign is unreadable. Never raises; None also for what is no text, is longer than 64 characters,
    or has no country of ISO 3166-1 (`GB`, not `UK`).
    """
    if not isinstance(country, str) or not isinstance(text, str) or len(country) != 2 or len(text) > _MAX_ITEM:
        return None
    known = _country(country)
    return None if known is None else _read(known, _folded(text))


def _folded(text: str) -> str:
    return text if text.isascii() else normalize("NFKC", text)


def _tokens(folded: str) -> list[str]:
    plain = folded.translate(_SEPARATORS)
    # Upper case only in ASCII: elsewhere it makes two letters of one, or a plain letter of a strange one.
    tokens = plain.upper().split() if plain.isascii() else []
    return tokens if "".join(tokens).isalnum() else []


def _read(known: _Tree | _Plain, folded: str) -> Postcode | None:
    code = known.read(_tokens(folded))
    return None if code is not None and "." in folded and _is_number(folded, code.text) else code


def _is_number(folded: str, normal: str) -> bool:
    # `1067.0` is 01067 after a spreadsheet took it for a number, and not 10670; but `200.00` may be 200 00.
    tail = folded.strip().rpartition(".")[2]
    return ".." in folded or (tail in ("0", "00") and normal[-len(tail) - 1 : -len(tail)] not in (" ", "-"))


# ---------------------------------------------------------------------------------------- reading sets


@frozen
class _Piece:
    """One readable item of a set."""

    text: str
    intervals: tuple[_Interval, ...]


_Faults: TypeAlias = tuple[Fault, ...]


def parse_set(country: str, cell: str | Iterable[str]) -> PostcodeSet:
    """The set that a cell (items between `;`) or a list of items means.

    An item is a code (`3011`, which covers `3011 AB`), a range with both ends held (`3000..3399`), or a plain
    prefix (`50*`: every code whose letters and digits begin so). Bounds: 65,536 characters a cell, 10,000
    items, 64 characters an item. Raises PostcodeError with all faults at once.
    """
    known = _known(country)
    pieces = [_item(known, item) for item in _items(cell)]
    return _made(country, pieces)


def code_set(country: str, code: str) -> PostcodeSet:
    """The set of one code and the finer ones below it. Raises PostcodeError."""
    known = _known(country)
    return _made(country, [_unfit(code) or _code(known, code, _folded(code).strip())])


def between(country: str, first: str, last: str) -> PostcodeSet:
    """The codes from `first` to `last`, both held with all below them. PostcodeError if it runs backward."""
    known = _known(country)
    unfit = (*_unfit(first), *_unfit(last))
    return _made(country, [unfit or _range(known, f"{first}..{last}", _folded(first), _folded(last))])


def prefix(country: str, text: str) -> PostcodeSet:
    """The codes whose letters and digits begin with `text` (written without `*`). Raises PostcodeError."""
    known = _known(country)
    if isinstance(text, str) and "*" in text:
        raise PostcodeError([Fault(quoted(text), "a prefix given by itself has no `*`", "leave the `*` out")])
    return _made(country, [_unfit(text) or _prefix(known, text, _folded(text))])


def _known(country: str) -> _Tree | _Plain:
    known = _country(country) if isinstance(country, str) and len(country) == 2 else None
    if known is None:
        meant = read_country(country) if isinstance(country, str) else None
        cure = f"write `{meant}`" if meant else "use the two capital letters of ISO 3166, such as `NL`"
        raise PostcodeError([Fault(quoted(country), "no country has this code", cure)])
    return known


def _made(country: str, pieces: Iterable[_Piece | _Faults]) -> PostcodeSet:
    faults: list[Fault] = []
    good: list[_Piece] = []
    for piece in pieces:
        if isinstance(piece, _Piece):
            good.append(piece)
        else:
            faults.extend(piece)
    if faults:
        raise PostcodeError(faults)
    intervals = _merged(interval for piece in good for interval in piece.intervals)
    return PostcodeSet(country, intervals, tuple(sorted({piece.text for piece in good})))


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


_SPLIT = "use ranges and prefixes, or several rows"


def _unfit(item: object) -> _Faults:
    if not isinstance(item, str):
        what = f"a postcode is a text, and this is of type {type(item).__name__}"
        return (Fault(quoted(item), what, "put quotes around it: a number loses its leading zeros"),)
    if len(item) > _MAX_ITEM:
        return (Fault(quoted(item), f"an item of {len(item)} characters; the most is {_MAX_ITEM}", _BETWEEN),)
    return ()


_BETWEEN = "put a `;` between items"


def _item(known: _Tree | _Plain, item: object) -> _Piece | _Faults:
    unfit = _unfit(item)
    if unfit or not isinstance(item, str):
        return unfit
    text = _folded(item).strip()
    if not text:
        return (Fault(quoted(item), "an empty item", "take out the `;` with nothing beside it"),)
    if ".." in text:
        first, _, last = text.partition("..")
        return _range(known, item, first, last)
    if "*" in text:
        return _starred(known, item, text)
    return _code(known, item, text)


def _code(known: _Tree | _Plain, item: str, text: str) -> _Piece | _Faults:
    code = _read(known, text)
    if code is None:
        return (Fault(quoted(item), f"not a postcode of {known.country}", _cure(known, text)),)
    return _Piece(code.text, ((code.lo, code.hi),))


def _starred(known: _Tree | _Plain, item: str, text: str) -> _Piece | _Faults:
    if text.index("*") < len(text) - 1:
        return (Fault(quoted(item), "a `*` may stand at the end only", "put one `*` behind the prefix"),)
    return _prefix(known, item, text[:-1])


def _prefix(known: _Tree | _Plain, item: str, text: str) -> _Piece | _Faults:
    begin = "".join(_tokens(text))
    piece = known.begins(begin)
    if piece is not None:
        return piece
    if not text.strip():
        cure = "leave the postcodes out for a whole country, or write its first letters or digits"
        return (Fault(quoted(item), "a prefix of nothing", cure),)
    return (Fault(quoted(item), f"no postcode of {known.country} begins so", _looks(known)),)


def _range(known: _Tree | _Plain, item: str, first: str, last: str) -> _Piece | _Faults:
    if isinstance(known, _Plain):
        what = f"a range needs an order, and none is known for {known.country}"
        return (Fault(quoted(item), what, f"write whole codes or a prefix, such as `{known.example[:3]}*`"),)
    first, last = first.strip(), last.strip()
    if "*" in first + last or first[-1:] in ("", ".") or last[:1] in ("", ".") or ".." in last:
        whole = f"{known.full(0)}..{known.full(known.sizes[0] - 1)}"
        return (Fault(quoted(item), "not a range of two codes", f"write it like `{whole}`"),)
    low, high = _read(known, first), _read(known, last)
    if low is None or high is None:
        ends = ((low, first, False), (high, last, True))
        return tuple(_bad_end(known, item, text, upper) for code, text, upper in ends if code is None)
    if low.lo > high.hi:
        return (Fault(quoted(item), "this range runs backward", f"write `{high.text}..{low.text}`"),)
    return _Piece(f"{low.text}..{high.text}", ((low.lo, high.hi),))


def _bad_end(known: _Tree, item: str, text: str, upper: bool) -> Fault:
    piece = known.begins("".join(_tokens(text)))
    if piece is None:
        cure = _looks(known)
    else:
        cure = f"write whole codes: `{known.full(piece.intervals[-1][1] if upper else piece.intervals[0][0])}`"
    return Fault(quoted(item), f"{quoted(text)} is not a postcode of {known.country}", cure)


def _looks(known: _Tree | _Plain) -> str:
    if isinstance(known, _Plain):
        return f"write letters and digits only, {_MAX_FREE} at most"
    return f"one looks like `{known.example}`"


def _cure(known: _Tree | _Plain, text: str) -> str:
    """What its writer may have meant by an item that cannot be read."""
    for parts in (text.split(","), text.split("/"), text.split()):
        if len(parts) > 1 and all(_read(known, part) for part in parts):
            return _BETWEEN
    for at in [at for at, sign in enumerate(text) if sign in _DASHES][:5]:
        low, high = _read(known, text[:at]), _read(known, text[at + 1 :])
        if low and high:
            return f"write a range as `{low.text}..{high.text}`"
    begin = "".join(_tokens(text))
    piece = None if known.read([begin]) else known.begins(begin)
    if piece is None:
        return _looks(known)
    zero = ", or give its leading zero back" if known.read([f"0{begin}"]) else ""
    return f"write `{piece.text}` for all that begins so{zero}"
