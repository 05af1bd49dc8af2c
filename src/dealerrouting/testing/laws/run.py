"""`check` and `suite`: the laws asked of one plan, in one line.

May know: pytest, the lists of laws. May not know: what a law does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from dealerrouting.errors import did_you_mean
from dealerrouting.rules import Plan
from dealerrouting.testing.laws.claims import CLAIMS
from dealerrouting.testing.laws.desk import DESK
from dealerrouting.testing.laws.follow_up import FOLLOW_UP
from dealerrouting.testing.laws.law import Breach, Broken, Law, Subject
from dealerrouting.testing.laws.routing import ROUTING

__all__ = ["LAWS", "check", "suite"]

LAWS: tuple[Law, ...] = (*ROUTING, *CLAIMS, *FOLLOW_UP, *DESK)
"""Every law there is: of routing, of claims, of the SLA, of the desk."""
Names = str | Iterable[str]


def check(plan: Plan, *, only: Names = (), skip: Names = (), max_examples: int | None = None) -> None:
    """Ask every law of `plan`; `Broken` with all that do not hold, each with the smallest example that was found.

    `only` and `skip` are names of laws or rooms (`one_holder`, `routing`), `max_examples` how many examples each is
    tried on; from 20 to 60 where nothing is said. A law that cannot be asked of this plan is left out. `ValueError` for
    a name that no law has.
    """
    on = Subject(_a_plan(plan))
    found = [law.breach(on, max_examples=max_examples) for law in _chosen(only, skip)]
    breaches = [one for one in found if one is not None]
    if breaches:
        raise Broken(breaches)


def suite(plan: Plan, *, only: Names = (), skip: Names = (), max_examples: int | None = None) -> Callable[[Law], None]:
    """The laws as a test function for pytest, which counts and names each: `test_plan[one_holder]`.

        test_plan = laws.suite(plan)

    The arguments are those of `check`. A law that cannot be asked of this plan is skipped, and says why.
    """
    on = Subject(_a_plan(plan))

    def holds(law: Law) -> None:
        __tracebackhide__ = True
        if reason := law.unasked(on.plan):
            pytest.skip(reason)
        breach: Breach | None = law.breach(on, max_examples=max_examples)
        if breach is not None:
            pytest.fail(str(breach), pytrace=False)

    chosen = _chosen(only, skip)
    return pytest.mark.parametrize("law", chosen, ids=[law.name for law in chosen])(holds)


def _a_plan(plan: Plan) -> Plan:
    if not isinstance(plan, Plan):
        raise TypeError(f"laws are asked of a Plan, and this is a {type(plan).__name__}")
    return plan


def _chosen(only: Names, skip: Names) -> tuple[Law, ...]:
    """The laws of these names and rooms, without those."""
    wanted, unwanted = _names(only), _names(skip)
    return tuple(
        law for law in LAWS if (not wanted or {law.name, law.room} & wanted) and not {law.name, law.room} & unwanted
    )


def _names(given: Names) -> set[str]:
    names = {given} if isinstance(given, str) else set(given)
    known = {word for law in LAWS for word in (law.name, law.room)}
    for name in sorted(names - known):
        raise ValueError(f"no law and no room is called `{name}`: {did_you_mean(name, known)}")
    return names
