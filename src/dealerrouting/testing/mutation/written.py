"""Which terms of a plan its author has written: those that stand in its file, or that differ from what they would be.

May know: terms, how files of plans are read. May not know: mutants, tests.
What a plan does not write is the library's own default; a test of that would test the library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dealerrouting.documents.plans import terms_in
from dealerrouting.rules import Plan
from dealerrouting.terms import Terms

__all__ = ["unlike_default", "written_terms"]

_INNER = ("house", "claims")


def written_terms(name: str, plan: Plan) -> frozenset[str]:
    """The terms that the plan called `name` writes: `remind_after`, `claims.protects`.

    A plan in Python keeps no word of what was written; there it is those that differ from the defaults.
    """
    if ":" in name and not Path(name).exists():
        return unlike_default(plan.terms)
    return frozenset(term for term, value in _named(terms_in(name)) if value is not None)


def unlike_default(terms: Terms) -> frozenset[str]:
    """The terms that are not what they are where nothing is said."""
    mine, usual = terms.data(), dict(_named(Terms().data()))
    return frozenset(name for name, value in _named(mine) if usual.get(name) != value)


def _named(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each term with its value; those of the house and of claims as `house.remind_after`."""
    for name, value in said.items():
        if name not in _INNER:
            yield name, value
        elif isinstance(value, Mapping):
            yield from ((f"{name}.{below}", part) for below, part in value.items())
