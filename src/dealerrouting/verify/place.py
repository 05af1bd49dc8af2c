"""The axis of places: countries and their postcodes, cut into runs of codes between which no condition can tell.

May know: postcodes, leaves about country and postcode. May not know: other attributes, rungs, questions.

Unlike other axes this one may have hundreds of thousands of classes, so a set of them is a few runs of class numbers
instead of a mask. In order of each country: no postcode said, then runs of finest codes by number; before a run stand
the coarse codes that begin with it and are not wholly inside one run (`3011`, where a condition cuts at `3011 AB`):
for a lead that says no more, such a condition is unknown. After the named countries come all others, without and with a
postcode, and no country.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

from attrs import define, field, frozen

from dealerrouting import postcode
from dealerrouting.postcode import Postcode, PostcodeSet
from dealerrouting.rules.binding import Leaf
from dealerrouting.tables.countries import COUNTRIES

__all__ = ["EVERYWHERE", "Block", "Place", "Runs", "minus", "overlap", "place", "touches", "union"]

Runs: TypeAlias = tuple[tuple[int, int], ...]
"""Class numbers from first to last, both held, sorted, never touching."""


# ------------------------------------------------------------------------------------ runs of classes


def union(runs: Iterable[tuple[int, int]]) -> Runs:
    """The classes in any of the runs."""
    done: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if done and first <= done[-1][1] + 1:
            done[-1] = (done[-1][0], max(last, done[-1][1]))
        else:
            done.append((first, last))
    return tuple(done)


def overlap(a: Runs, b: Runs) -> Runs:
    """The classes in both."""
    if len(a) > len(b):
        a, b = b, a
    found = []
    for first, last in a:
        at = bisect_left(b, (first, -1))
        at -= at > 0 and b[at - 1][1] >= first
        while at < len(b) and b[at][0] <= last:
            found.append((max(first, b[at][0]), min(last, b[at][1])))
            at += 1
    return tuple(found)


def touches(a: Runs, b: Runs) -> bool:
    """Whether some class is in both."""
    for first, last in a:
        at = bisect_right(b, (last, last))
        if (at and b[at - 1][1] >= first) or (at < len(b) and b[at][0] <= last):
            return True
    return False


def minus(a: Runs, b: Runs) -> Runs:
    """The classes of the first that are not in the second."""
    found = []
    for first, last in a:
        at = first
        for start, end in overlap(((first, last),), b):
            if at < start:
                found.append((at, start - 1))
            at = end + 1
        if at <= last:
            found.append((at, last))
    return tuple(found)


EVERYWHERE: Runs = ((0, 1 << 60),)
"""Every class of every axis of places."""


# ------------------------------------------------------------------------------------------ the axis


@frozen(eq=False)
class Block:
    """One country: its classes from `first` (no postcode) to `last`."""

    country: str
    first: int
    last: int
    keys: Sequence[tuple[int, int]] = field(repr=False)  # (lo, -hi) of each class after the first, rising
    coarse: Sequence[int] = field(repr=False)  # the classes of coarse codes, rising
    exact: Mapping[str, int] = field(repr=False)  # the classes of coarse codes, and of codes named by themselves
    wide: frozenset[int] = field(init=False, repr=False)

    upto: Sequence[int] = field(init=False, repr=False)  # how many finest codes there are up to each class

    @upto.default
    def _upto(self) -> Sequence[int]:
        """The class without a postcode, and coarse codes, hold none of their own."""
        runs = range(self.first + 1, self.last + 1)
        sizes = (0 if at in self.wide else 1 - hi - lo for at, (lo, hi) in zip(runs, self.keys, strict=True))
        return (0, *accumulate(sizes))

    @wide.default
    def _wide(self) -> frozenset[int]:
        return frozenset(self.coarse)

    @property
    def codes(self) -> Runs:
        """The classes in which a postcode is said."""
        return ((self.first + 1, self.last),) if self.last > self.first else ()

    def around(self, lo: int, hi: int) -> Runs:
        """The classes that begin in this interval of numbers."""
        start = bisect_left(self.keys, (lo, -_ABOVE_ALL))
        end = bisect_right(self.keys, (hi, _ABOVE_ALL)) - 1
        return ((self.first + 1 + start, self.first + 1 + end),) if end >= start else ()

    def inside(self, lo: int, hi: int) -> Runs:
        """The classes that lie wholly in this interval of numbers."""
        runs = self.around(lo, hi)
        if not runs or not self.coarse:
            return runs
        return minus(runs, tuple((at, at) for at in self._wider(runs, hi)))

    def touching(self, lo: int, hi: int) -> Runs:
        """The classes that share a number with this interval."""
        start = bisect_left(self.keys, (lo, -_ABOVE_ALL))
        end = bisect_right(self.keys, (hi, _ABOVE_ALL)) - 1
        runs = ((self.first + 1 + start, self.first + 1 + end),) if end >= start else ()
        before = self.coarse[: bisect_left(self.coarse, self.first + 1 + start)]
        return union((*runs, *((at, at) for at in before if -self.keys[at - self.first - 1][1] >= lo)))

    def _wider(self, runs: Runs, hi: int) -> Iterator[int]:
        for first, last in runs:
            for at in self.coarse[bisect_left(self.coarse, first) : bisect_right(self.coarse, last)]:
                if -self.keys[at - self.first - 1][1] > hi:
                    yield at


_ABOVE_ALL = 1 << 128


@frozen(eq=False)
class Place:
    """Countries in order, and what each leaf says of their classes."""

    blocks: Mapping[str, Block]
    other: str | None  # a country that no condition names
    size: int
    exact: bool = True

    everywhere: Runs = field(init=False)  # all classes
    said: Runs = field(init=False)  # those of leads that name a country: the last class is of those that do not
    named: Runs = field(init=False)  # those of leads with a postcode in a country that some condition names
    coded: Runs = field(init=False)  # those of all leads that say a postcode

    @everywhere.default
    def _everywhere(self) -> Runs:
        return ((0, self.size - 1),)

    @said.default
    def _said(self) -> Runs:
        return ((0, self.size - 2),)

    @coded.default
    def _coded(self) -> Runs:
        other = () if self.other is None else ((self.size - 2, self.size - 2),)
        return union((*self.named, *other))

    @named.default
    def _of_blocks(self) -> Runs:
        return union(run for block in self.blocks.values() for run in block.codes)

    def true(self, leaf: Leaf) -> Runs:
        """The classes where a leaf about country or postcode is true."""
        if leaf.op == "exists":
            return self.said if leaf.field == "country" else self.coded
        if isinstance(leaf.const, PostcodeSet):
            return self.covered(leaf.const)
        return self._unnamed(leaf) if leaf.op == "ne" else self._named(leaf)

    def false(self, leaf: Leaf) -> Runs:
        """The classes where it is false: not those where it is unknown."""
        if leaf.op == "exists":
            return minus(self.everywhere, self.true(leaf))
        if isinstance(leaf.const, PostcodeSet):
            return minus(self.coded, self.touched(leaf.const))
        return self._named(leaf) if leaf.op == "ne" else self._unnamed(leaf)

    def _named(self, leaf: Leaf) -> Runs:
        """The classes of the constants themselves."""
        values = leaf.const if leaf.op == "in" else (leaf.const,)
        if leaf.field == "country":
            return union(run for name in values for run in self.of(name))
        return union((at, at) for at in map(self._exactly, values) if at is not None)

    def _unnamed(self, leaf: Leaf) -> Runs:
        """All others of those that say something."""
        return minus(self.said if leaf.field == "country" else self.coded, self._named(leaf))

    def of(self, country: str) -> Runs:
        """The classes of one country."""
        block = self.blocks[country]
        return ((block.first, block.last),)

    def meets(self, leaf: Leaf, places: Runs) -> bool:
        """Whether a leaf may be true in some of these places; it may say so too often, where that is quicker."""
        if not isinstance(leaf.const, PostcodeSet):
            return touches(self.true(leaf), places)
        block = self.blocks[leaf.const.country]
        return any(touches(block.around(lo, hi), places) for lo, hi in leaf.const.intervals)

    def covered(self, codes: PostcodeSet) -> Runs:
        """The classes that a set of codes covers."""
        block = self.blocks[codes.country]
        return union(run for lo, hi in codes.intervals for run in block.inside(lo, hi))

    def touched(self, codes: PostcodeSet) -> Runs:
        """The classes that share a code with a set."""
        block = self.blocks[codes.country]
        return union(run for lo, hi in codes.intervals for run in block.touching(lo, hi))

    def _exactly(self, code: Postcode) -> int | None:
        return self.blocks[code.country].exact.get(code.text)

    def block_of(self, at: int) -> Block | None:
        """The country in which a class lies, if it is a named one."""
        return next((b for b in self.blocks.values() if b.first <= at <= b.last), None)

    def locate(self, facts: Mapping[str, Any]) -> int:
        """The class of a lead by what a plan reads in it."""
        country, code = facts.get("country"), facts.get("postcode")
        if country is None:
            return self.size - 1
        block = self.blocks.get(country)
        if block is None:
            return self.size - 2 - (code is None)
        if code is None:
            return block.first
        if code.text in block.exact:
            return block.exact[code.text]
        at = block.first + bisect_right(block.keys, (code.lo, _ABOVE_ALL))
        while at in block.wide:
            at -= 1
        return at

    def sample(self, at: int) -> Mapping[str, Any]:
        """What to write into a lead so that it lies in this class."""
        block = self.block_of(at)
        if block is None:
            return self._elsewhere(at)
        if at == block.first:
            return {"country": block.country}
        return {"country": block.country, "postcode": self.code(block, at)}

    def _elsewhere(self, at: int) -> Mapping[str, Any]:
        if self.other is None or at == self.size - 1:
            return {}
        first, _ = postcode.whole(self.other)
        code = {"postcode": postcode.finest(self.other, first)} if at == self.size - 2 else {}
        return {"country": self.other, **code}

    def code(self, block: Block, at: int) -> str:
        """A postcode in this class: the first of a run, or the coarse code itself."""
        lo, _ = self.numbers(block, at)
        if at in block.wide:
            return next(text for text, where in block.exact.items() if where == at)
        return postcode.finest(block.country, lo)

    def numbers(self, block: Block, at: int) -> tuple[int, int]:
        """The first and the last number of a class in which a code is said."""
        lo, negative = block.keys[at - block.first - 1]
        return lo, -negative

    def weight(self, runs: Runs) -> Fraction:
        """How many countries' worth of codes these classes hold: a country counts as one, its codes alike.

        Where no country is named there are no codes to count, and all classes count alike.
        """
        if not self.blocks:
            return Fraction(sum(last - first + 1 for first, last in runs), self.size)
        found = Fraction(0)
        for block in self.blocks.values():
            mine = overlap(runs, block.codes)
            if mine:
                codes = sum(
                    block.upto[last - block.first] - block.upto[first - block.first - 1] for first, last in mine
                )
                begin, end = postcode.whole(block.country)
                found += Fraction(codes, end - begin + 1)
        return found


@define
class _Cuts:
    """What the conditions name of one country."""

    before: set[int] = field(factory=set)  # numbers before which a run ends
    named: set[Postcode] = field(factory=set)

    def interval(self, lo: int, hi: int) -> None:
        self.before |= {lo, hi + 1}


def place(leaves: Iterable[Leaf]) -> Place:
    """The axis for all leaves about country and postcode."""
    cuts: dict[str, _Cuts] = {}
    for leaf in leaves:
        _note(leaf, cuts)
    blocks: dict[str, Block] = {}
    at = 0
    for country in sorted(cuts):
        blocks[country] = block = _block(country, cuts[country], at)
        at = block.last + 1
    other = next((name for name in (*_PLAIN, *sorted(COUNTRIES)) if name not in blocks), None)
    return Place(blocks, other, at + 2 * (other is not None) + 1)


_PLAIN = ("NL", "BE", "DE", "FR", "GB", "US", "JP")


def _note(leaf: Leaf, cuts: dict[str, _Cuts]) -> None:
    if leaf.op == "exists":
        return
    if isinstance(leaf.const, PostcodeSet):
        mine = cuts.setdefault(leaf.const.country, _Cuts())
        for lo, hi in leaf.const.intervals:
            mine.interval(lo, hi)
        return
    for value in leaf.const if leaf.op == "in" else (leaf.const,):
        if isinstance(value, Postcode):
            mine = cuts.setdefault(value.country, _Cuts())
            mine.named.add(value)
            if value.lo == value.hi:
                mine.interval(value.lo, value.hi)
        else:
            cuts.setdefault(value, _Cuts())


def _block(country: str, cuts: _Cuts, first: int) -> Block:
    begin, end = postcode.whole(country)
    ordered = sorted({begin, *(n for n in cuts.before if begin <= n <= end), end + 1})
    runs = [(lo, hi - 1) for lo, hi in pairwise(ordered)]
    wide = {code for number in cuts.before for code in postcode.coarse_across(country, number)}
    wide |= {code for code in cuts.named if code.lo < code.hi}
    texts = {(code.lo, -code.hi): code.text for code in wide}
    taken = {(lo, -hi) for lo, hi in runs} - {(code.lo, -code.hi) for code in cuts.named}
    # A coarse code that is a whole run differs from its finest codes only for conditions that name it by itself.
    keys = sorted([*((lo, -hi, 1) for lo, hi in runs), *((*key, 0) for key in texts if key not in taken)])
    coarse = tuple(first + 1 + at for at, key in enumerate(keys) if key[2] == 0)
    exact = {texts[key[0], key[1]]: first + 1 + at for at, key in enumerate(keys) if key[2] == 0}
    exact |= _finest(country, cuts, keys, first)
    return Block(country, first, first + len(keys), tuple(key[:2] for key in keys), coarse, exact)


def _finest(country: str, cuts: _Cuts, keys: Sequence[tuple[int, int, int]], first: int) -> dict[str, int]:
    """The classes of finest codes that a condition names by themselves: a run of one."""
    where = {key: first + 1 + at for at, key in enumerate(keys)}
    fine = (code for code in cuts.named if code.lo == code.hi)
    return {code.text: where[code.lo, -code.hi, 1] for code in fine}
