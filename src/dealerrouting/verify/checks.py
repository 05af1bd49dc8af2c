"""`check`: every question about one plan at once, without what the plan itself says it lives with.

May know: all questions about one plan. May not know: a second plan, files, words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import evolve

from dealerrouting.errors import did_you_mean
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead, Suppression
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.cells import Budget
from dealerrouting.verify.coverage import (
    asking,
    cliffs_of,
    missing,
    only_from_the_start,
    placeless,
    served_by,
    told,
    uncovered,
)
from dealerrouting.verify.deadlines import deadlines_of
from dealerrouting.verify.finding import CODES, LEVELS, Finding
from dealerrouting.verify.given import leads_of
from dealerrouting.verify.meeting import exclusive_of, overlaps_of
from dealerrouting.verify.missed import doubt
from dealerrouting.verify.proof import unknown
from dealerrouting.verify.reach import Reach, idle_of, shadowed_of, unreachable_of

__all__ = ["check"]


def check(
    plan: Plan,
    *,
    at: datetime | None = None,
    leads: Iterable[Lead] = (),
    suppressed: bool = False,
    budget: Budget | None = None,
) -> tuple[Finding, ...]:
    """Everything worth knowing about a plan, the worst first; from the instant `at` on, if given.

    What the plan suppresses is left out, or, if asked for, comes with the reason in `Finding.suppressed`. A
    suppression that fits nothing is a finding itself. With past `leads` a gap says how many of them lie in it.
    """
    found = [_lived_with(plan, finding) for finding in _all(plan, at, leads_of(leads), budget)]
    kept = [finding for finding in found if suppressed or finding.suppressed is None]
    return tuple(sorted((*kept, *_unused(plan, found)), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    return LEVELS.index(finding.level), finding.code, -finding.volume, finding.at


def _all(plan: Plan, at: datetime | None, leads: Sequence[Lead], budget: Budget | None) -> Iterator[Finding]:
    asked, where = asking(plan, None, at, budget)
    found, lost = uncovered(asked, served_by(asked), where)
    yield from told(asked, only_from_the_start(asked, found), where, leads)
    yield from unknown(asked, "unserved-region", lost)
    yield from cliffs_of(asked, list(placeless(asked.space, where)))
    yield from overlaps_of(asked)
    yield from exclusive_of(asked)
    reach = Reach(asked)
    yield from shadowed_of(reach)
    yield from unreachable_of(reach)
    yield from idle_of(reach)
    yield from deadlines_of(asked)
    yield from missing("unserved-region", doubt(asked))  # who serves, and so also what ends, may hang on it


def _asked_by(unknown: Finding) -> Iterator[str]:
    """The names and codes of what could be found where this is unknown: rules are asked about with territories."""
    head, _, noun = str(unknown.values["question"]).rpartition("-")
    for name in (f"{head}-{one}" for one in ({"territory", "rule"} if noun == "territory" else {noun})):
        if name in CODES:
            yield from (name, CODES[name].code)


def _lived_with(plan: Plan, finding: Finding) -> Finding:
    """The finding with the reason for living with it, if the plan gives one."""
    for one in plan.suppress:
        if _fits(one, finding):
            return evolve(finding, suppressed=one.reason)
    return finding


def _fits(one: Suppression, finding: Finding) -> bool:
    """By name or code, and by an id that it is about; `*` fits all of a kind."""
    return one.finding in (finding.name, finding.code) and (one.at == "*" or one.at in finding.at)


def _unused(plan: Plan, found: Sequence[Finding]) -> Iterator[Finding]:
    """Suppressions that fit nothing: the finding is gone, or was never called so.

    Where something of the kind is unknown, nobody knows whether it is gone.
    """
    known = {*CODES, *(code.code for code in CODES.values())}
    lost = {name for finding in found if finding.name == "unknown-region" for name in _asked_by(finding)}
    for one in plan.suppress:
        if one.finding in lost or any(_fits(one, finding) for finding in found):
            continue
        cure = "" if one.finding in known else did_you_mean(one.finding, CODES)
        values = FrozenMap({"finding": one.finding, "cure": cure})
        yield Finding("unused-suppression", (one.at,), CODES["unused-suppression"].level, values=values)
