"""A set of postcodes of one country, and what it covers.

May know: intervals, and the order that gives a number its text. May not know: how a set is written.
"""

from __future__ import annotations

from attrs import field, frozen

from dealerrouting.errors import Fault, quoted
from dealerrouting.postcode.codes import Interval, Postcode, PostcodeError, holds, merged
from dealerrouting.postcode.trees import order_of

__all__ = ["PostcodeSet"]


@frozen
class PostcodeSet:
    """Postcodes of one country. Make one with `parse_set`, `code_set`, `between` or `prefix`.

    `intervals` are inclusive, sorted, and never touch; two sets are equal when country and intervals are,
    however they were written. `items` are the parts as written, in normal form and sorted; joined by `;` they
    give the same set again.
    """

    country: str
    intervals: tuple[Interval, ...]
    items: tuple[str, ...] = field(eq=False)

    def covers(self, code: Postcode) -> bool | None:
        """Is this code inside? None: it is too coarse to tell, a part of it is inside and a part is not."""
        if code.country != self.country:
            return False
        return holds(self.intervals, code.lo, code.hi)

    def contains(self, other: PostcodeSet) -> bool:
        """Is every code of `other` in this set? A set contains itself."""
        mine = self.intervals
        return self.country == other.country and all(holds(mine, lo, hi) is True for lo, hi in other.intervals)

    def overlaps(self, other: PostcodeSet) -> bool:
        """Is there a code in both?"""
        few, many = sorted((self.intervals, other.intervals), key=len)
        return self.country == other.country and any(holds(many, lo, hi) is not False for lo, hi in few)

    def union(self, other: PostcodeSet) -> PostcodeSet:
        """The codes in either; PostcodeError where the countries differ."""
        if self.country != other.country:
            what = f"postcodes of {self.country} and of {other.country} do not go into one set"
            raise PostcodeError([Fault(quoted(other.country), what, "keep one set for each country")])
        items = (*self.items, *other.items)
        return PostcodeSet(self.country, merged((*self.intervals, *other.intervals)), tuple(sorted(set(items))))

    def sample(self) -> str:
        """The first of the finest codes in the set, in normal form: well-formed, not always in use."""
        return order_of(self.country).write(self.intervals[0][0])
