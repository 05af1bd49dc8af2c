"""What the pages of registrations say and no table of the code does.

May know: the vocabulary of `registrations`. May not know: how a page is written.
Every word here is held against the code by `tests/test_claim_pages.py`: a status, a call or a term that the code has
and that is not here, or the other way round, is a red test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sla_words import MADE

from dealerrouting.registrations import (
    OPEN,
    OVER,
    Answer,
    Market,
    Move,
    Now,
    Objection,
    Reason,
    Refusal,
    Row,
    Standing,
    table,
)
from dealerrouting.terms import ClaimTerms

__all__ = [
    "BESIDES",
    "CALLS",
    "DOES",
    "MADE",
    "NEW",
    "STATUSES",
    "TERMS",
    "VALUES",
    "WHO",
    "choosing",
    "default_of",
    "groups",
    "places",
    "rules_that",
]

NEW = "new"
"""What there is before the first move."""

STATUSES: Mapping[str, str] = {
    "submitted": "taken in; the rules or a person are to decide",
    "returned": "data are missing; it protects nobody until they are there",
    "approved": "it stands: leads of the prospect are its dealer's, until `expires_at`",
    "rejected": "a rule or a person said no",
    "expired": "its time is over",
    "withdrawn": "the dealer gave it up, or it gave way to the customer's choice",
    "converted": "the prospect has bought",
}
"""What it means that a claim is there."""

WHO: Mapping[str, str] = {
    "dealer": "the dealer whose claim it is",
    "person": "a person of the manufacturer, named as `actor`",
    "time": "nobody: a sweep",
}
"""Who makes a move."""

DOES: Mapping[str, str] = {
    "rejects": "ends a submitted claim",
    "waits": "holds it up as long as it is so; nobody outweighs it",
    "asks": "leaves it to a person, who may approve it all the same",
    "allows": "names why a step was made",
    "refuses": "the step is not made, and nothing is to be kept",
}
"""What a rule does, in the order in which rules weigh."""

BESIDES = (
    "Approved by rule: only where `auto_approve` is on and nothing speaks against it; otherwise a person approves.",
    "An approved claim stands until just before `expires_at`, whether or not `expire` has been done since.",
    "What the table does not have is refused as `not_allowed`, and changes nothing.",
)
"""What holds besides the rows."""

CALLS: Mapping[str, str] = {
    "submit(claim, standing, terms, at=, actor=)": "a new claim as it is once it was taken in, or a `Refusal`",
    "step(claim, move, standing, terms, at=)": "the claim after a move, the move in its history; or a `Refusal`",
    "may_claim(company, standing, terms, dealer=, at=, asked=, products=)": (
        "an `Answer`: `free`, `taken` or `ask`; or a `Refusal` where the dealer has asked too often"
    ),
    "next_due(claim, terms)": "the instant from which the claim can `expire`; None where time does nothing to it",
    "owed(claim, terms)": "what the claimant is owed where its claim gave way to the customer's choice; else None",
    "index(claims, alike=)": "an index of claims by their keys; with `alike` also of where to look for similar names",
    "objections(claim, now)": "all that speaks against a claim now, the weightiest first, with ids: for the house",
    "rule_for_dealer(rule)": "the word that a dealer reads for a rule",
}
"""What the room does, and what comes back."""

VALUES = (Standing, Market, Move, Refusal, Reason, Answer, Objection, Now)
"""What goes in and comes back, besides `Registration`."""

TERMS: Mapping[str, str] = {
    "protects": "how long an approved claim stands, from its approval",
    "extensions": "how often one claim may be extended",
    "extends": "by how much each time, from the end of the protection",
    "activity_within": "how long it stands without activity of the dealer; off: no activity is asked for",
    "complete_within": "how long a returned claim may wait for its data",
    "decide_within": "how long a claim may wait to be decided",
    "rest": "how long a dealer that claims a prospect again, after a claim of its own on it ended, has to ask a person",
    "auto_approve": "a claim that nothing speaks against is approved at once; never one that came in a list",
    "needs_evidence": "what every claim must show, by name: `[meeting, quote]`",
    "per_dealer_per_30_days": "how many claims one dealer may make in any thirty days",
    "asks_per_dealer_per_day": "how often a dealer may ask in any 24 hours whether a company is free",
    "max_share_of_territory": "the part of a territory's known prospects that one dealer may hold; off: no limit",
    "credit": "the part of the commission that a claimant is owed when the customer chose somebody else",
    "covers_group": "a claim on a company keeps others off the companies of its group",
    "mailbox_domains": "further domains of mailbox providers: no key at all",
    "shared_domains": "domains known to serve many companies: only a hint, for a person",
    "review_alike": "names that are only alike are shown to a person; it needs the extra `match`",
}
"""What each term sets, in the order of the terms."""


def groups() -> dict[str, tuple[str, ...]]:
    """The statuses of each group."""
    return {"open": OPEN, "over": OVER}


def places(statuses: Iterable[str | None]) -> Iterator[str]:
    """The fewest groups and statuses that are these statuses and no others."""
    left = {status or NEW for status in statuses}
    for name, inside in groups().items():
        if left.issuperset(inside):
            yield name
            left.difference_update(inside)
    yield from (status for status in (NEW, *STATUSES) if status in left)


def choosing() -> list[Row]:
    """The moves of which the rules say where they lead."""
    return [row for row in table.TABLE if len(row.to) > 1]


def rules_that(does: str) -> dict[str, str]:
    """The rules that do this, and why."""
    return {name: rule.why for name, rule in table.RULES.items() if rule.does == does}


def default_of(term: str) -> str:
    """What a term is where nobody gives it, as a plan file writes it."""
    match ClaimTerms().data().get(term):
        case None:
            return "off"
        case bool() as value:
            return str(value).lower()
        case float() as value:
            return f"{value:g}"
        case list() as value:
            return " ".join(value) or "none"
        case dict() as value:
            return " ".join(map(str, value.values()))
        case value:
            return str(value)
