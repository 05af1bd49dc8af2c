"""The terms and the calendars of a plan, as documents write them.

May know: terms, calendars, lengths of time, places. May not know: who keeps which; the plan checks that.
What cannot be made is told, and a stand-in takes its place, so that what refers to it is still checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from attrs import define

from dealerrouting.calendar import Calendar, national_holidays
from dealerrouting.documents.lengths import ANY_TIME, REAL_TIME, read_length
from dealerrouting.documents.places import Trail, Wrongs
from dealerrouting.errors import Fault, PlanError
from dealerrouting.terms import ClaimTerms, HouseTerms, Terms

__all__ = ["Agreements", "stand_in"]

T = TypeVar("T")

_LENGTHS = {
    **dict.fromkeys(("remind_after", "withdraw_after", "notice", "accept_within"), ANY_TIME),
    **dict.fromkeys(("escalate_after", "stale_after"), ANY_TIME),
    **dict.fromkeys(("max_pause", "delivery_bound", "backdate_tolerance", "skew_tolerance", "retention"), REAL_TIME),
}
_OF_CLAIMS = {
    **dict.fromkeys(("protects", "extends", "activity_within"), REAL_TIME),
    **dict.fromkeys(("complete_within", "decide_within", "rest"), REAL_TIME),
}
_INNER: Mapping[str, Callable[..., Any]] = {"house": HouseTerms, "claims": ClaimTerms}
_YEARS = (2020, 2045)  # where a plan does not say which, as `national_holidays` itself
_MOST_YEARS = 200
_MOST_CALENDARS = 1_000
_MOST_ALSO = 20


def stand_in() -> Calendar:
    """A calendar that is sound, for others to refer to."""
    return Calendar("UTC", {"mon-fri": ["09:00-17:00"]})


@define
class Agreements:
    """Reads terms and calendars; `hear` takes what the core says, with its place in the document."""

    wrongs: Wrongs
    hear: Callable[[Fault, Trail], None]

    # Terms

    def terms(self, given: Mapping[str, Any]) -> Terms:
        """The terms, by default where they are wrong."""
        parts = {name: given[name] for name in _INNER if isinstance(given.get(name), dict)}
        inner = {name: self.made(_INNER[name], part, ("terms", name)) for name, part in parts.items()}
        return self.made(Terms, {**given, **inner}, ("terms",))

    def made(self, kind: Callable[..., T], given: Mapping[str, Any], trail: Trail) -> T:
        """Terms of what is sound; the core is not heard on a length that it compares with one that is lost."""
        parts = {name: self.part(name, value, (*trail, name)) for name, value in given.items() if value is not None}
        bad = {name for name, value in parts.items() if value is None}
        lost = {f"is not longer than `{name}`" for name in bad}
        try:
            return kind(**{name: part for name, part in parts.items() if name not in bad})
        except PlanError as error:
            for fault in error.faults:
                bad.add(str(fault.path[-1]))
                if fault.what not in lost:
                    self.hear(fault, fault.path)
        try:
            return kind(**{name: part for name, part in parts.items() if name not in bad})
        except PlanError:
            return kind()

    def part(self, name: str, value: Any, trail: Trail) -> Any:
        """One term, a length of time as what it is; None where it is bad."""
        kinds = _LENGTHS.get(name) or _OF_CLAIMS.get(name)
        return read_length(value, trail, self.wrongs, kinds) if kinds else value

    # Calendars

    def calendars(self, given: Mapping[str, Any]) -> dict[str, Calendar]:
        """The calendars by id; those that have not even the shape of one are stood in for too."""
        if len(given) > _MOST_CALENDARS:
            self.wrongs.add(("calendars",), f"{len(given):,} calendars", f"the bound is {_MOST_CALENDARS:,}")
            return {}
        shapeless = [str(trail[1]) for trail in self.wrongs.bad if trail[:1] == ("calendars",) and len(trail) == 2]
        made = {name: self.calendar(data, ("calendars", name)) for name, data in given.items()}
        return {name: made.get(name) or stand_in() for name in (*made, *shapeless)}

    def calendar(self, data: Any, trail: Trail) -> Calendar | None:
        """One calendar, or None where it is none; that is told."""
        data = data if isinstance(data, dict) else {}
        others = _list(data.get("also"))
        if len(others) > _MOST_ALSO:
            self.wrongs.add((*trail, "also"), f"{len(others):,} further calendars", f"the bound is {_MOST_ALSO}")
            return None
        holidays = self.holidays(data.get("holidays"), (*trail, "holidays"))
        also = [self.calendar(one, (*trail, "also", at)) for at, one in enumerate(others)]
        try:
            return Calendar(
                data.get("timezone", ""),
                _listed(data.get("hours")),
                breaks=_listed(data.get("breaks")),
                dates=_listed(data.get("dates")),
                holidays=holidays,
                also=[one for one in also if one is not None],
            )
        except PlanError as error:
            for fault in error.faults:
                closed = fault.path in (("hours",), ("also",))  # perhaps only for want of what was bad
                if not closed or not self.told_in((*trail, "hours")):
                    self.hear(fault, (*trail, *fault.path))
            return None

    def told_in(self, trail: Trail) -> bool:
        """Whether something in what stands at `trail` was told already."""
        return any(bad[: len(trail)] == trail for bad in self.wrongs.bad)

    def holidays(self, given: Any, trail: Trail) -> Iterable[Any]:
        """A list of dates as it is written; of a country, its national ones, as dates."""
        if not isinstance(given, dict):
            return _list(given)
        years = self.years(given, trail)
        if years is None or not isinstance(given.get("country"), str):
            return ()
        try:
            return national_holidays(
                given["country"],
                subdivision=given.get("subdivision"),
                years=years,
                add=_list(given.get("add")),
                drop=_list(given.get("drop")),
            )
        except PlanError as error:
            for fault in error.faults:
                self.hear(fault, (*trail, *(("from",) if fault.path[:1] == ("years",) else fault.path)))
            return ()

    def years(self, given: Mapping[str, Any], trail: Trail) -> range | None:
        """The years from the first to the last, both included."""
        first, last = (given.get(name) for name in ("from", "until"))
        first, last = _YEARS[0] if first is None else first, _YEARS[1] if last is None else last
        if 1 <= last - first + 1 <= _MOST_YEARS:
            return range(first, last + 1)
        what = f"from `{first}` until `{last}` is not a stretch of years"
        self.wrongs.say((*trail, "until"), what, f"write the first and the last year, at most {_MOST_YEARS} apart")
        return None


def _list(value: Any) -> list[Any]:
    """One thing, several or none, as a list."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _listed(hours: Any) -> Any:
    """Hours with each day's as a list, also where only one stretch is written."""
    return {day: _list(one) for day, one in hours.items()} if isinstance(hours, dict) else hours
