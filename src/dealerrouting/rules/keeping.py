"""Who keeps which calendar: that part of a plan, checked.

May know: dealers, calendars, terms. May not know: when anything is open, routing, files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dealerrouting.calendar import Calendar
from dealerrouting.errors import Fault, quoted
from dealerrouting.model import Dealer
from dealerrouting.model.definition import Definition
from dealerrouting.terms import Policy, Terms, calendar_faults

__all__ = ["calendars_by_id", "keeping_faults", "policy_of"]


def policy_of(terms: Terms, house: str, calendars: Any, dealers: Sequence[Dealer]) -> Policy:
    """What a running deadline under this plan is pinned to."""
    keeps: Any = _kept_by(dealers)
    return Policy(terms, house, calendars, keeps)


def _kept_by(dealers: Sequence[Dealer]) -> dict[str, str]:
    """The calendar of each dealer that keeps one of its own."""
    return {dealer.id: dealer.calendar for dealer in dealers if dealer.calendar is not None}


def calendars_by_id(given: Any, faults: list[Fault]) -> dict[str, Calendar]:
    """The calendars of a plan; a bad one is noted and still counts as known, so that it is told once."""
    if not isinstance(given, Mapping):
        cure = "write {id: Calendar(...)}"
        faults.append(Fault("calendars", f"{quoted(given)} is not a mapping of calendars", cure, ("calendars",)))
        return {}
    found: dict[str, Calendar] = {}
    for name, calendar in given.items():
        read = Definition("calendar", name)
        known_as = read.ident("id", name) or str(name)
        if known_as in found:
            read.wrong("id", "this id comes twice", "give each its own")
        found_wrong = list(read.faults)
        if not isinstance(calendar, Calendar):
            found_wrong.append(Fault(read.place, f"{quoted(calendar)} is not a Calendar", "write Calendar(...)"))
        faults += [Fault(fault.place, fault.what, fault.cure, ("calendars", name)) for fault in found_wrong]
        found[known_as] = calendar
    return found


def keeping_faults(terms: Terms, calendars: Mapping[str, Calendar], dealers: Sequence[Dealer]) -> Iterator[Fault]:
    """Calendars that the terms or a dealer ask for and that are not there."""
    at = {dealer.id: index for index, dealer in enumerate(dealers)}
    for fault in calendar_faults(terms, calendars, _kept_by(dealers)):
        path = fault.path
        if path[0] == "keeps":
            path = ("dealers", at[str(path[1])], "calendar")
        yield Fault(fault.place, fault.what, fault.cure, path)
