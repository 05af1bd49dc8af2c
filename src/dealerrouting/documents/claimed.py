"""What a claim in a table shows to be wrong with itself.

May know: the instants, steps and numbers of one claim. May not know: files, plans, terms, clocks, other claims. So
that a claim lies in the future cannot be seen here; that it ended before it began can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from dealerrouting.calendar import is_instant
from dealerrouting.identity import keys
from dealerrouting.model import Company, Registration, Transition

__all__ = ["doubtful_numbers", "early", "impossible"]

Odd = tuple[str, str, str]
"""A column, what is odd about it, the cure."""

_NUMBERS = {"company_number": "number", "vat": "vat", "lei": "lei"}
_ORDER = "give instants in the order in which things happened"


def impossible(moments: Mapping[str, datetime | None], history: Iterable[Transition]) -> Iterator[Odd]:
    """Instants that cannot be: a decision before the claim, an end that is not after its beginning, steps out of
    order.
    """
    submitted, decided = moments.get("submitted_at"), moments.get("decided_at")
    if submitted and decided and decided < submitted:
        yield "decided_at", "lies before `submitted_at`", _ORDER
    for column in ("expires_at", "protected_until"):
        end = moments.get(column)
        if end and submitted and end <= submitted:
            yield column, "does not lie after `submitted_at`", _ORDER
        elif end and decided and end <= decided:
            yield column, "does not lie after `decided_at`", _ORDER
    steps = [step.at for step in history if is_instant(step.at)]
    for number, (before, after) in enumerate(pairwise(steps), start=2):
        if after < before:
            yield (
                "history",
                f"step {number}: lies before step {number - 1}",
                "write the steps in order, the first first",
            )


def early(claim: Registration) -> Iterator[Odd]:
    """A history that ends before the claim was made: each time that it is submitted is a step of its own."""
    if claim.history and claim.history[-1].at < claim.submitted_at:
        yield "submitted_at", "lies after the last step of `history`", "mend it, or add the steps since"


def doubtful_numbers(company: Company) -> Iterator[Odd]:
    """Numbers that give no key: whatever else the company is found by, nobody finds it by these."""
    for column, name in _NUMBERS.items():
        said = getattr(company, name)
        if said is not None and not keys(country=company.country, **{name: said}):
            cure = "mend it, or leave it out" if company.country or name == "lei" else "name its country, or mend it"
            yield column, "gives no key: it has the wrong form or fails its check", cure
