"""The order of a country's codes: from letters and digits to numbers, and back to a normal form.

May know: the rows of `tables.postcodes`, and which countries there are. May not know: the separators and
strange characters that people write, sets, the mini-language of a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul
from string import ascii_uppercase, digits
from typing import TypeAlias

from attrs import frozen

from dealerrouting.errors import Fault, quoted
from dealerrouting.postcode.codes import Interval, Piece, Postcode, PostcodeError
from dealerrouting.postcode.fields import Field, field_for
from dealerrouting.tables.countries import COUNTRIES, read_country
from dealerrouting.tables.postcodes import DELIVERY_WORDS, ROWS

__all__ = ["MAX_PLAIN", "Order", "PlainOrder", "Tree", "countries", "find_order", "order_of"]

MAX_PLAIN = 12
"""The most letters and digits of a code in a country without a row."""

_Path: TypeAlias = tuple[int, int, int, int]  # first and last number, how many fields, where the separator goes


@frozen(eq=False)
class Tree:
    """A country whose codes have a structure."""

    country: str
    example: str
    signs: tuple[str, ...]  # what may stand before a code; nothing is the first of them
    fields: tuple[Field, ...]
    stops: frozenset[int]  # after how many fields a code may end
    gap: int  # the separator is written before this field
    mark: str  # ... and is this; empty where there is none
    sizes: tuple[int, ...]  # how many finest codes there are below a value of so many fields
    elastic: bool  # some field has values of several lengths

    def read(self, tokens: list[str]) -> Postcode | None:
        """The code that these pieces spell, a country sign before it or not."""
        text = self._without_delivery("".join(tokens))
        if self._is_bare_sign(text):
            return None
        marks = tuple(accumulate(map(len, tokens[:-1]))) if self.elastic else ()
        for sign in self.signs:
            if text.startswith(sign):
                size = len(sign)
                code = self._spelt(text[size:], marks and [at - size for at in marks if at > size])
                if code is not None:
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

    def _spelt(self, text: str, marks: Sequence[int]) -> Postcode | None:
        path = self._spaced(text, marks) if marks else self._walk(text)
        if path is None:
            return None
        lo, hi, _, cut = path
        return Postcode(self.country, f"{text[:cut]}{self.mark}{text[cut:]}" if cut else text, lo, hi)

    def _spaced(self, text: str, marks: Sequence[int]) -> _Path | None:
        # `SW11` is a district, `SW1 1` a sector of another, and `SW11 AA` lacks a digit: a separator that
        # stands behind a whole district is taken at its word.
        heads = [(at, head) for at in marks if (head := self._walk(text[:at])) and head[2] == self.gap]
        if not heads:
            return self._walk(text)
        size = self.sizes[self.gap]
        tails = (self._walk(text, at, self.gap, head[0] // size, at) for at, head in heads)
        return next(filter(None, tails), None)

    def _walk(
        self, text: str, at: int = 0, depth: int = 0, value: int = 0, cut: int = 0, span: int = 1
    ) -> _Path | None:
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
            span = 1
        if depth not in self.stops:
            return None
        size = self.sizes[depth]
        return value * size, (value + span) * size - 1, depth, cut

    def _fork(self, text: str, at: int, depth: int, value: int, cut: int) -> _Path | None:
        here = self.fields[depth]
        for length in here.lengths:
            word = text[at : at + length]
            place = here.place.get(word)
            if place is None:
                continue
            below, span = value * len(here.values) + place, here.spans.get(word, 1)
            path = self._walk(text, at + length, depth + 1, below, cut, span)
            if path is not None:
                return path
        return None

    def begins(self, text: str) -> Piece | None:
        """All codes whose letters and digits begin so; None where no code can."""
        for sign in () if self._is_bare_sign(text) else self.signs:
            if text.startswith(sign) and (runs := self._runs(text[len(sign) :], 0, 0)):
                return Piece(self._dressed(text[len(sign) :]) + "*", tuple(runs))
        return None

    def _runs(self, rest: str, depth: int, value: int) -> list[Interval]:
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


_ALPHABET = digits + ascii_uppercase
_PLACES = {sign: place for place, sign in enumerate(_ALPHABET)}
# How many texts begin with a given one (itself counted) when so many more characters have room behind it.
_LONGER = tuple((36 ** (room + 1) - 1) // 35 for room in range(MAX_PLAIN + 1))


@frozen(eq=False)
class PlainOrder:
    """A country without a row: texts of 1 to 12 letters and digits, in the order of a dictionary."""

    country: str
    example: str = "C1425"
    last: int = 36 * _LONGER[MAX_PLAIN - 1]  # the number of the last text in the dictionary

    def read(self, tokens: list[str]) -> Postcode | None:
        """The letters and digits as one word, standing for itself alone."""
        text = "".join(tokens)
        if not 0 < len(text) <= MAX_PLAIN:
            return None
        number = self._number(text)
        return Postcode(self.country, text, number, number)

    def begins(self, text: str) -> Piece | None:
        """The text itself and all longer ones that begin with it."""
        if not 0 < len(text) <= MAX_PLAIN:
            return None
        number = self._number(text)
        return Piece(text + "*", ((number, number + _LONGER[MAX_PLAIN - len(text)] - 1),))

    def write(self, number: int) -> str:
        """The text with this number."""
        word, left = "", MAX_PLAIN
        while number:
            left -= 1
            place, number = divmod(number - 1, _LONGER[left])
            word += _ALPHABET[place]
        return word

    def _number(self, text: str) -> int:
        left = range(MAX_PLAIN - 1, -1, -1)
        return sum(1 + _PLACES[sign] * _LONGER[room] for sign, room in zip(text, left, strict=False))


# ------------------------------------------------------------------------------ which country has which

Order: TypeAlias = Tree | PlainOrder


def countries() -> tuple[str, ...]:
    """The countries whose codes have a structure here: ISO alpha-2, sorted. Others are read as plain text."""
    return tuple(sorted(ROWS))


def find_order(country: object) -> Order | None:
    """The order of this country's codes, or None for what is no country of ISO 3166-1."""
    return _order(country) if isinstance(country, str) and country in COUNTRIES else None


def order_of(country: str) -> Order:
    """The order of this country's codes; PostcodeError for what is no country of ISO 3166-1."""
    order = find_order(country)
    if order is None:
        meant = read_country(country) if isinstance(country, str) else None
        cure = f"write `{meant}`" if meant else "use the two capital letters of ISO 3166, such as `NL`"
        raise PostcodeError([Fault(quoted(country), "no country has this code", cure)])
    return order


@lru_cache(maxsize=512)
def _order(country: str) -> Order:
    return _tree(country, *ROWS[country]) if country in ROWS else PlainOrder(country)


def _tree(country: str, pattern: str, example: str, signs: tuple[str, ...]) -> Tree:
    fields: list[Field] = []
    stops, gap, mark = set[int](), -1, ""
    for sign in pattern:
        if sign == "/":
            stops.add(len(fields))
        elif sign in " -":
            gap, mark = len(fields), sign
        else:
            fields.append(field_for(sign))
    stops.add(len(fields))
    radices = (len(here.values) for here in reversed(fields))
    sizes = tuple(accumulate(radices, mul, initial=1))[::-1]
    elastic = any(len(here.lengths) > 1 for here in fields)
    all_signs = ("", country, *signs)
    return Tree(country, example, all_signs, tuple(fields), frozenset(stops), gap, mark, sizes, elastic)
