"""What laws of routing are tried on, and how it is shown.

May know: the strategies, the core. May not know: what any law says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st

from dealerrouting import rules
from dealerrouting.model import PARTS, Facts, Lead
from dealerrouting.rules import Plan
from dealerrouting.testing import strategies
from dealerrouting.testing.laws.law import Subject

__all__ = ["Example", "always", "cases", "streams", "told_case", "told_lead", "told_stream"]


@frozen
class Example:
    """A lead, what has happened, an instant; and by what chance things are shuffled."""

    lead: Lead
    facts: Facts
    at: datetime
    seed: int = 0


def cases(on: Subject) -> st.SearchStrategy[Example]:
    """Single leads at the bounds of the plan, with facts."""
    return on.own("cases", lambda: st.builds(_example, strategies.cases(on.plan), st.integers(0, 255)))


def _example(case: Any, seed: int) -> Example:
    lead, _, facts, at = case
    return Example(lead, facts, at, seed)


def streams(on: Subject) -> st.SearchStrategy[tuple[Example, ...]]:
    """A few leads with ids of their own; the facts and the instant of the first are those of all."""
    several = st.lists(cases(on), min_size=1, max_size=4)
    return several.map(lambda them: tuple(_numbered(one, number) for number, one in enumerate(them)))


def _numbered(one: Example, number: int) -> Example:
    return evolve(one, lead=evolve(one.lead, id=f"L{number + 1}"))


def always(_: Plan) -> str:
    """Nothing is in the way of asking."""
    return ""


# How they are shown


def told_case(on: Subject, one: Example) -> str:
    """The lead as it can be typed, its facts, and the explanation."""
    return f"shown by\n{told_lead(one.lead)}\n  at {one.at.isoformat()}{_facts(one.facts)}\n{_explained(on.plan, one)}"


def told_stream(on: Subject, stream: Sequence[Example]) -> str:
    """The leads as they can be typed, the facts that they begin with, and the explanation of the first."""
    first = stream[0]
    leads = "\n".join(told_lead(one.lead) for one in stream)
    return f"shown by\n{leads}\n  at {first.at.isoformat()}{_facts(first.facts)}\n{_explained(on.plan, first)}"


def told_lead(lead: Lead) -> str:
    """Only what the lead says."""
    said = [f"{name}={value!r}" for name in _FIELDS if (value := getattr(lead, name)) not in (None, {}, ())]
    company = lead.company
    known = [f"{name}={value!r}" for name in _OF_COMPANY if (value := getattr(company, name, None)) is not None]
    said += [f"company=Company({', '.join(known)})"] if known else []
    said += [f"attributes={dict(lead.attributes)!r}"] if lead.attributes else []
    return f"  Lead({', '.join([repr(lead.id), *said])})"


_FIELDS = (
    "received_at", "country", "postcode", "city", "lat", "lon", "sector", "product", "language", "source", "campaign",
    "value", "currency", "employees", "contact_name", "email", "phone", "message", "unreadable",
)  # fmt: skip
_OF_COMPANY = ("name", "number", "vat", "lei", "domain", "country", "postcode", "city")


def _facts(facts: Facts) -> str:
    """The facts, part by part, where there are any."""
    said = []
    for name in PARTS:
        held = getattr(facts, name)
        if held:
            said.append(f"  {name}: {', '.join(map(_fact, held.items() if hasattr(held, 'items') else held))}")
    return "\n" + "\n".join(said) if said else ""


def _fact(fact: Any) -> str:
    if isinstance(fact, tuple):
        name, value = fact
        return f"{name} {dict(value)}" if hasattr(value, "items") else _fact(value) if hasattr(value, "dealer") else (
            f"{name} {value}"
        )  # fmt: skip
    return repr(fact)


def _explained(plan: Plan, one: Example) -> str:
    try:
        return "\n".join(
            f"  | {line}" for line in rules.explain(one.lead, plan, one.facts, at=one.at).text().splitlines()
        )
    except Exception as error:  # a broken core may not be able to explain itself
        return f"  | explain raised {type(error).__name__}: {error}"
