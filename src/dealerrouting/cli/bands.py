"""A region's postcodes drawn as one line over all codes of their country.

    2000 |··················▒██···········| 9999

May know: regions, the order of postcodes. May not know: what the region is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dealerrouting import postcode
from dealerrouting.verify import Region

__all__ = ["picture"]

_WIDTH = 60
_LEAST = 10
_FULL, _PART, _NONE = "█", "▒", "·"
_PLAIN = str.maketrans({_FULL: "#", _PART: "+", _NONE: "."})


def picture(regions: Iterable[Region], *, encoding: str | None = "utf-8", room: int = 110) -> str | None:
    """The line, in so much room.

    None where it would show nothing: no country, several, all of it, one without an order, or too little room.
    """
    bands = [band for region in regions for band in region.bands]
    countries = {band.country for band in bands}
    if len(countries) != 1 or any(band.kind == "country" for band in bands):
        return None
    country = next(iter(countries))
    runs = [(band.lo, band.hi) for band in bands if band.kind == "codes"]
    if country not in postcode.countries() or not runs:
        return None
    first, last = postcode.whole(country)
    start, _, end = postcode.told(country, first, last).partition("..")
    width = min(_WIDTH, room - len(f"{start} || {end}"))
    drawn = "".join(_drawn(runs, first, last, width)) if width >= _LEAST else ""
    if set(drawn) <= {_FULL}:
        return None
    line = f"{start} |{drawn}| {end}"
    return line if _can_show(line, encoding) else line.translate(_PLAIN)


def _drawn(runs: Sequence[tuple[int, int]], first: int, last: int, width: int) -> Iterable[str]:
    """One sign for each part of the country: wholly in the runs, partly, or not at all."""
    count = last - first + 1
    for at in range(width):
        low, high = first + count * at // width, first + count * (at + 1) // width - 1
        inside = sum(max(0, min(high, hi) - max(low, lo) + 1) for lo, hi in runs)
        yield _NONE if not inside else _FULL if inside > high - low else _PART


def _can_show(line: str, encoding: str | None) -> bool:
    try:
        line.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
