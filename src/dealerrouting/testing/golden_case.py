"""A golden case: a lead, what has happened, an instant, and who is to hold it; and whether a plan says the same.

May know: leads, facts, decisions, plans. May not know: files, YAML, pytest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import field, frozen

from dealerrouting.errors import Fault
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.rules import Plan, route

__all__ = ["ASPECTS", "OUTCOMES", "Expect", "GoldenCase", "Miss", "Verdict", "aspect", "judge"]

ASPECTS = ("holder", "by", "because", "flags", "outcome")
"""What a case may expect of a decision, in the order in which it is told."""
OUTCOMES = ("assigned", "house")


@frozen
class Expect:
    """What is expected of a decision; None is not checked.

    `holder`, `by` and `outcome` are the words of which the decision's is to be one. `because` and `flags` are to be
    the decision's own, whole, in any order.
    """

    holder: tuple[str, ...] | None = None
    by: tuple[str, ...] | None = None
    because: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    outcome: tuple[str, ...] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is expected at all."""
        return all(getattr(self, name) is None for name in ASPECTS)


@frozen
class GoldenCase:
    """One case of a golden file, read.

    `place` is where it stands, `cases.routing.yaml:12:5`. `index` is its place among the file's cases, from 0.
    `unknown` are names that it expects and that the file's own plan does not have: `judge` does not look at them, for
    a changed plan may lack what the plan of the file has. `notes` is what may be right all the same: facts about
    dealers that the plan does not have.
    """

    name: str
    lead: Lead
    at: datetime
    facts: Facts
    expect: Expect
    place: str = ""
    index: int = 0
    unknown: tuple[Fault, ...] = field(default=(), eq=False)
    notes: tuple[Fault, ...] = field(default=(), eq=False)


@frozen
class Miss:
    """One thing that is not as expected: `name` is one of `ASPECTS`."""

    name: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]


@frozen
class Verdict:
    """What a plan decides in a case, and what of that is not as expected.

    `passed` is False too where the case expects nothing: it would say yes to anything.
    """

    case: GoldenCase
    decision: Decision
    misses: tuple[Miss, ...]

    @property
    def passed(self) -> bool:
        """Whether the plan decides as the case expects."""
        return not self.misses and not self.case.expect.empty


def aspect(decision: Decision, name: str) -> tuple[str, ...]:
    """One aspect of a decision, as words."""
    value = getattr(decision, name)
    return (value,) if isinstance(value, str) else tuple(value)


def judge(case: GoldenCase, plan: Plan) -> Verdict:
    """Whether `plan` decides the case as it expects."""
    decision = route(case.lead, plan, case.facts, at=case.at)
    return Verdict(case, decision, tuple(_misses(case.expect, decision)))


def _misses(expect: Expect, decision: Decision) -> Iterator[Miss]:
    for name in ASPECTS:
        wanted, found = getattr(expect, name), aspect(decision, name)
        if wanted is None:
            continue
        one_of = name not in ("because", "flags")
        if not (set(found) <= set(wanted) if one_of else set(found) == set(wanted)):
            yield Miss(name, wanted, found)
