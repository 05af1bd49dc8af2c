"""`Policy`: what a running deadline is pinned to: the terms, the calendars and who keeps which, under one digest.

May know: terms, calendars. May not know: plans, where one lead stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

from attrs import field, frozen

from dealerrouting.calendar import Business, BusinessDays, Calendar
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.terms.follow_up import Terms

__all__ = ["Policy", "calendar_faults"]


def _calendars(given: Mapping[str, Calendar]) -> FrozenMap[Calendar]:
    return FrozenMap(given)


def _ids(given: Mapping[str, str]) -> FrozenMap[str]:
    return FrozenMap(given)


@frozen
class Policy:
    """What a running deadline is pinned to: terms, calendars by id, and who keeps which calendar.

    `house` is the team that takes what no dealer can. `keeps` says which calendar a dealer keeps; the
    others keep `terms.calendar`, or none. `digest` is the same for policies that mean the same.
    `PlanError` where a calendar that is asked for is not there.
    """

    terms: Terms
    house: str
    calendars: FrozenMap[Calendar] = field(factory=FrozenMap, converter=_calendars, repr=False)
    keeps: FrozenMap[str] = field(factory=FrozenMap, converter=_ids, repr=False)
    digest: str = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Check that every clock can be read, and seal the whole."""
        found = list(calendar_faults(self.terms, self.calendars, self.keeps))
        if found:
            raise PlanError(found)
        used = {self.terms.calendar, *self.keeps.values()} - {None}
        data = {
            # What holds for claims, and how long what is over is kept, moves no deadline of a lead.
            "terms": {n: term for n, term in self.terms.data().items() if n not in ("claims", "retention")},
            "house": self.house,
            "calendars": {name: one.version for name, one in self.calendars.items() if name in used},
            "keeps": {dealer: name for dealer, name in self.keeps.items() if name != self.terms.calendar},
        }
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        object.__setattr__(self, "digest", "sha256:" + sha256(text.encode("ascii")).hexdigest())

    def calendar_id(self, holder: str | None) -> str | None:
        """The id of the calendar that this holder keeps, if any."""
        return self.keeps.get(holder or "", self.terms.calendar)

    def calendar_of(self, holder: str | None) -> Calendar | None:
        """The calendar that this holder keeps, if any."""
        name = self.calendar_id(holder)
        return None if name is None else self.calendars[name]


def calendar_faults(terms: Terms, calendars: Mapping[str, Calendar], keeps: Mapping[str, str]) -> Iterator[Fault]:
    """Calendars that are asked for and not there."""
    if terms.calendar is not None and terms.calendar not in calendars:
        cure = did_you_mean(terms.calendar, calendars) or "give it in `calendars`"
        yield Fault("terms.calendar", f"unknown calendar {quoted(terms.calendar)}", cure, ("terms", "calendar"))
    for dealer, name in keeps.items():
        if name not in calendars:
            cure = did_you_mean(name, calendars) or "give it in `calendars`"
            yield Fault(
                f"dealer {quoted(dealer)}.calendar", f"unknown calendar {quoted(name)}", cure, ("keeps", dealer)
            )
    if terms.calendar is None and any(isinstance(length, (Business, BusinessDays)) for length in terms.lengths()):
        what = "business time needs a calendar for whoever keeps none of its own"
        yield Fault("terms.calendar", what, "name one of `calendars`", ("terms", "calendar"))
