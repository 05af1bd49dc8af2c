"""The public holidays of a country, frozen into dates.

May know: errors, dates, and the package `holidays`, which is optional and imported here alone, when
asked. May not know: calendars, opening hours. What can decide must not depend on a package that may change or be
missing: the dates go into a calendar, and its version says which they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from types import ModuleType

from dealerrouting.calendar.reading import Reading
from dealerrouting.errors import MissingExtra, did_you_mean, quoted

__all__ = ["national_holidays"]

_MOST_YEARS = 200


def national_holidays(
    country: str,
    *,
    subdivision: str | None = None,
    years: Iterable[int] = range(2020, 2046),
    add: Iterable[date | str] = (),
    drop: Iterable[date | str] = (),
) -> tuple[date, ...]:
    """The whole public holidays of a country (ISO 3166, two letters) in some years, as dates in order.

    `subdivision` is a part of it that has more of them (`BY`, Bavaria). `add` and `drop` are the plan's own: a
    bridging day, a feast that is worked on. `PlanError` for an unknown country or subdivision, for years that
    the package does not know, and for dropping what is no holiday; `MissingExtra` without the package.
    """
    package, draft = _package(), Reading("holidays")
    found = _known(draft, package, country, subdivision, _years(draft, years))
    sound = not draft.faults
    added, dropped = draft.days("add", add), draft.days("drop", drop)
    for number, day in enumerate(dropped if sound else ()):
        if day and day not in found:
            cure = did_you_mean(day, map(str, found))
            draft.wrong(("drop", number), f"`{day}` is no holiday of {quoted(country)} in these years", cure)
    draft.done()
    return tuple(sorted(day for day in found.union(added).difference(dropped) if day))


def _package() -> ModuleType:
    try:
        import holidays
    except ImportError:
        raise MissingExtra("reading national holidays", "calendars") from None
    return holidays


def _years(draft: Reading, years: object) -> list[int]:
    """Some years, in order."""
    asked = list(islice(years, _MOST_YEARS + 1)) if isinstance(years, Iterable) else []
    if not asked or len(asked) > _MOST_YEARS or not all(type(year) is int for year in asked):
        draft.wrong(("years",), f"these are not 1 to {_MOST_YEARS} years", "give range(2020, 2046)")
        return []
    return sorted(asked)


def _known(draft: Reading, package: ModuleType, country: object, part: object, years: list[int]) -> set[date | None]:
    """What the package says."""
    countries: dict[str, list[str]] = package.list_supported_countries(include_aliases=False)
    if not isinstance(country, str) or country not in countries:
        draft.wrong(("country",), f"unknown country {quoted(country)}", did_you_mean(str(country).upper(), countries))
        return set()
    if part is not None and part not in countries[country]:
        cure = did_you_mean(part, countries[country])
        draft.wrong(("subdivision",), f"unknown subdivision {quoted(part)} of `{country}`", cure)
        return set()
    known = package.country_holidays(country)
    if years and not known.start_year <= years[0] <= years[-1] <= known.end_year:
        span = f"{known.start_year} to {known.end_year}"
        draft.wrong(("years",), f"the holidays of `{country}` are known from {span}", "ask for those years only")
        return set()
    return set(package.country_holidays(country, subdiv=part, years=years))
