"""The shape of what was agreed: terms and calendars in a plan document.

May know: pydantic. May not know: the rest of a plan, what a value means.
What stands as `Any` has a reader of its own: lengths of time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CalendarShape",
    "ClaimTermsShape",
    "HolidaysShape",
    "HoursShape",
    "HouseTermsShape",
    "Number",
    "Shape",
    "TermsShape",
    "Words",
]


class Shape(BaseModel):
    """Nothing is converted, and nothing unknown is let in."""

    model_config = ConfigDict(extra="forbid", strict=True, protected_namespaces=())


Words = str | list[str] | None
Number = int | float | Decimal


class HouseTermsShape(Shape):
    """What the house has promised."""

    remind_after: Any = None
    escalate_after: Any = None


class ClaimTermsShape(Shape):
    """What holds for every registration; each is what the attribute of `ClaimTerms` with its name is."""

    protects: Any = None
    extensions: int | None = None
    extends: Any = None
    activity_within: Any = None
    complete_within: Any = None
    decide_within: Any = None
    rest: Any = None
    auto_approve: bool | None = None
    needs_evidence: Words = None
    per_dealer_per_30_days: int | None = None
    asks_per_dealer_per_day: int | None = None
    max_share_of_territory: Number | None = None
    credit: Number | None = None
    covers_group: bool | None = None
    mailbox_domains: Words = None
    shared_domains: Words = None
    review_alike: bool | None = None


class TermsShape(Shape):
    """What holds for every lead; each is what the attribute of `Terms` with its name is."""

    max_reassignments: int | None = None
    remind_after: Any = None
    withdraw_after: Any = None
    notice: Any = None
    accept_within: Any = None
    escalate_after: Any = None
    stale_after: Any = None
    on_silence: Words = None
    counts_as_update: Words = None
    needs_evidence: Words = None
    max_resets: int | None = None
    max_reopens: int | None = None
    max_pauses: int | None = None
    max_pause: Any = None
    delivery_bound: Any = None
    late_answer: str | None = None
    backdate_tolerance: Any = None
    skew_tolerance: Any = None
    calendar: str | None = None
    retention: Any = None
    house: HouseTermsShape | None = None
    claims: ClaimTermsShape | None = None


class HolidaysShape(Shape):
    """The national holidays of a country, from the first of the years to the last."""

    country: str
    subdivision: str | None = None
    from_: int | None = Field(default=None, alias="from")
    until: int | None = None
    drop: Words = None
    add: Words = None


Hours = dict[str, str | list[str]]


class HoursShape(Shape):
    """When somebody is open, in wall time."""

    timezone: str
    hours: Hours
    breaks: Hours | None = None
    dates: Hours | None = None
    holidays: str | list[str] | HolidaysShape | None = None


class CalendarShape(HoursShape):
    """A calendar; with `also` it is open only while all of these are."""

    also: list[HoursShape] | None = None
