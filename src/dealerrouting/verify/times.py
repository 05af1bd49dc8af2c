"""Sets of instants in few words: stretches of time, and which days of a stretch where not all are meant.

May know: the axis of time, clocks on walls. May not know: places, other attributes, languages.

Stretches that say the same of each kind of day are one: that something else begins or ends between them is no matter.
`2027-03-01..2027-06-30`, `mon-fri~2027-03-01..`, `mon, wed-fri in month 6-8~..`: what `region.Side` tells of. A day of
one clock is two on another: where plans have clocks of their own, only part of a day may be meant, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo
from itertools import chain, product
from typing import Any, TypeAlias

from attrs import define, field

from dealerrouting.calendar import midnight
from dealerrouting.calendar.reading import WEEKDAYS
from dealerrouting.verify.axes import Mask, answers, bits
from dealerrouting.verify.when import When

__all__ = ["MONTHS", "times"]

_DAY = timedelta(days=1)
MONTHS = tuple(str(month) for month in range(1, 13))
"""Months as plans write them."""

Kind: TypeAlias = tuple[Any, ...]
"""How days answer what is asked about months and weekdays."""


@define
class _Run:
    """Stretches from first to last, the kinds of days that are in, and those that occur there and are not."""

    first: int
    last: int
    inside: list[int] = field(factory=list)
    within: set[Kind] = field(factory=set)
    without: set[Kind] = field(factory=set)
    beyond: set[Kind] = field(factory=set)  # of stretches after the last, in which nothing is in

    def takes(self, n: int, within: dict[Kind, int], without: set[Kind]) -> bool:
        """Whether the next stretch says the same of each kind of day; then it is part of the run."""
        if self.without & within.keys() or self.beyond & within.keys() or self.within & without:
            return False
        self.beyond |= without
        if within:
            self.last = n
            self.inside += within.values()
            self.within |= within.keys()
            self.without |= self.beyond
        return True


def times(when: When, mask: Mask, zone: tzinfo) -> Iterator[str]:
    """The classes as stretches, in order of time, on the clocks of that zone."""
    for number, run in enumerate(_runs(when, mask)):
        if not number:
            _from_the_start(when, run)
        told = _stretch(when, run.first, run.last, zone)
        yield f"{_days(when, run)}~{told}" if run.without else told


def _runs(when: When, mask: Mask) -> Iterator[_Run]:
    run = None
    for n in range(len(when.starts)):
        classes = list(bits(when.span_of(n)))
        within = {when.kinds[at]: at for at in classes if mask >> at & 1}
        without = {when.kinds[at] for at in classes} - within.keys()
        if run is None or not run.takes(n, within, without):
            if run is not None:
                yield run
            run = _Run(n, n, list(within.values()), set(within), set(without)) if within else None
    if run is not None:
        yield run


def _from_the_start(when: When, run: _Run) -> None:
    """Where no such day comes before the first run, it need not be said when that begins."""
    before = {kind for n in range(run.first) for kind in when.kinds[when.starts[n] : when.starts[n + 1]]}
    if run.within.isdisjoint(before):
        run.first = 0
        run.without |= before


# --------------------------------------------------------------------------------------------- days


def _days(when: When, run: _Run) -> str:
    """The days of a run by weekday and month, where that says which; else some of them, or of their parts."""
    return _named(when, run) or ", ".join(dict.fromkeys(_like(when, at) for at in sorted(run.inside)[:3]))


def _like(when: When, at: int) -> str:
    """The day of a class; where that is of other classes too, what of the day from its sample on is of this one."""
    sample = when.samples[at]["at"]
    day = when.walls[0][at].date()
    start, end = (midnight(day + days * _DAY, when.zones[0]) for days in (0, 1))
    nights = (midnight(day + days * _DAY, zone) for zone in when.zones for days in (-1, 0, 1, 2))
    inside = sorted({night for night in nights if start < night < end})
    if all(_answers(when, night) == when.kinds[at] for night in (start, *inside)):
        return f"{day}"
    until = next((night for night in inside if night > sample), end)
    return f"{_wall(sample, when.zones[0])}..<{_wall(until, when.zones[0])}"


def _answers(when: When, moment: datetime) -> Kind:
    walls = [moment.astimezone(zone) for zone in when.zones]
    return answers(when.asked, [{"weekday": wall.isoweekday(), "month": wall.month} for wall in walls])


def _named(when: When, run: _Run) -> str:
    if any(zone != when.zones[0] for zone in when.zones):  # one day here is two there
        return ""
    kinds = {(day, month): _kind(when, day, month) for day, month in product(range(7), range(12))}
    within = {pair for pair, kind in kinds.items() if kind in run.within}
    without = {pair for pair, kind in kinds.items() if kind in run.without}
    days, months = ({pair[at] for pair in within} for at in (0, 1))
    if without.isdisjoint(product(days, range(12))):
        return _listed(days, WEEKDAYS)
    if without.isdisjoint(product(range(7), months)):
        return f"month {_listed(months, MONTHS)}"
    told = f"{_listed(days, WEEKDAYS)} in month {_listed(months, MONTHS)}"
    return told if without.isdisjoint(product(days, months)) else ""


def _kind(when: When, day: int, month: int) -> Kind:
    return answers(when.asked, [{"weekday": day + 1, "month": month + 1} for _ in when.zones])


def _listed(numbers: Iterable[int], names: tuple[str, ...]) -> str:
    """`mon, wed-fri`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = ([f"{names[run[0]]}-{names[run[-1]]}"] if len(run) > 2 else [names[n] for n in run] for run in runs)
    return ", ".join(chain.from_iterable(told))


# ---------------------------------------------------------------------------------------- stretches


def _stretch(when: When, first: int, last: int, zone: tzinfo) -> str:
    cuts = when.cuts
    low = "" if first == 0 else _instant(cuts[first], zone)  # the first stretch begins where the question does
    high = "" if last + 1 >= len(cuts) else _instant(cuts[last + 1], zone, end=True)
    return f"{low}..{high}"


def _instant(at: datetime, zone: tzinfo, *, end: bool = False) -> str:
    """A day where it begins on the zone's wall; the end of a stretch is the last day that it holds."""
    wall = at.astimezone(zone)
    if wall.time() == time():
        return f"{wall.date() - timedelta(days=1) if end else wall.date()}"
    return f"<{_wall(at, zone)}" if end else _wall(at, zone)


def _wall(at: datetime, zone: tzinfo) -> str:
    wall = at.astimezone(zone)
    exact = "auto" if wall.second or wall.microsecond else "minutes"
    return f"{wall.replace(tzinfo=None).isoformat(timespec=exact)}{wall:%z}"
