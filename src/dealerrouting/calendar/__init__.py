"""Instants, lengths of time, and calendars that say when somebody is open.

May know: errors, time zones, and (in `holidays` alone, when asked) the package of that name. May not
know: the present time, plans, leads, dealers, deadlines.

A calendar is written in wall time and counted in instants. Opening hours of all days are laid on one line
of wall-clock minutes and merged there; every end of what remains becomes an instant once; from then on
there are only instants, in UTC, so a change of clocks is nothing special. A year of them is kept as a
table with running totals, and a question about two instants is two look-ups.

Inside, each module imports only those named before it: `instants`, `lengths`, `shifts`, `reading`,
`holidays`, `years`, `timeline`, `opening`.
"""

from dealerrouting.calendar.holidays import national_holidays
from dealerrouting.calendar.instants import END, NEVER, instant, is_instant, midnight, parse_instant
from dealerrouting.calendar.lengths import Business, BusinessDays, Elapsed, Length
from dealerrouting.calendar.opening import Calendar

__all__ = [
    "END",
    "NEVER",
    "Business",
    "BusinessDays",
    "Calendar",
    "Elapsed",
    "Length",
    "instant",
    "is_instant",
    "midnight",
    "national_holidays",
    "parse_instant",
]
