"""`Decision`: who holds the lead, and why, in ids.

May know: identity, time, the mapping. May not know: how a decision is reached.
A decision is kept and sent about, so it carries ids and reasons, never a person's data.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from dealerrouting.identity import Key
from dealerrouting.mapping import FrozenMap

__all__ = ["FLAGS", "Changes", "Decision", "Owed", "PassedOver", "Retry"]

FLAGS = (
    "conflict",
    "nobody_serves",
    "no_dealer_available",
    "hops_exhausted",
    "by_plan",
    "claimant_unavailable",
    "review",
    "review_match",
    "opaque_error",
)
"""The flags a decision may carry; besides them `unreadable:FIELD` for each field that was absent
because it could not be read."""


@frozen
class Changes:
    """What this decision changes in the facts for the next lead.

    `opened`: the dealer that has one more open lead. `credits`: the new credit, in millionths of
    a lead, of each dealer of `ledger` whose credit moved. `incumbent`: the company by sealed keys,
    of which the holder is the incumbent from now on.
    """

    opened: str | None = None
    ledger: str | None = None
    credits: FrozenMap[int] = FrozenMap()
    incumbent: tuple[Key, ...] = ()


@frozen
class Retry:
    """A dealer that would have had the lead, and the condition that keeps it from it.

    `condition` is `active`, `max_open`, `max_per_30_days` or `share`; `at` is the first instant at
    which it may hold, where that can be known.
    """

    dealer: str
    condition: str
    at: datetime | None = None


@frozen
class PassedOver:
    """A dealer whose claim, account, open lead or own region this is, and that did not get it."""

    dealer: str
    by: str
    because: tuple[str, ...]
    reason: str


@frozen
class Owed:
    """What a claimant is owed whose claim stood while the lead went to somebody else by a rule.

    `because` are its registrations, `rule` why the lead went elsewhere, `credit` the part of the commission, from 0
    to 1, that the terms promise. What that is in money is the caller's.
    """

    dealer: str
    because: tuple[str, ...]
    rule: str
    credit: Decimal


@frozen
class Decision:
    """Exactly one holder for one lead, and what decided it.

    `outcome` is `assigned` (a dealer holds it) or `house`. `by` names the rung that decided,
    `house` where none did. `because` are the ids it decided on: registrations, accounts, rules,
    territories or dealers. `flags` are sorted. `retry` says what to wait for where no dealer was
    available. `owed` says what is due to claimants whose claim gave way. `review` are the registrations that a person
    should hold against this lead, with the flag `review_match`. `plan` is the digest of the plan; `at` is the
    instant it was decided for.
    """

    lead: str
    at: datetime
    outcome: str
    holder: str
    by: str
    because: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    changes: Changes = Changes()
    retry: tuple[Retry, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    owed: tuple[Owed, ...] = ()
    review: tuple[str, ...] = ()
    plan: str = ""
