"""Changes of the terms: every length of time doubled and halved, what follows silence, how often a lead may move on.

May know: terms and lengths of time. May not know: routing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve, fields

from dealerrouting.calendar import Business, BusinessDays, Elapsed, Length
from dealerrouting.terms import ON_SILENCE, Terms, length_data
from dealerrouting.testing.mutation.mutant import Change

__all__ = ["longer_and_shorter", "terms_changes"]


def terms_changes(terms: Terms) -> Iterator[tuple[str, Change[Terms]]]:
    """Every single change of the terms, each with the name of its term: `claims.protects`."""
    yield from _lengths(terms)
    for name in ("house", "claims"):
        for below, change in _lengths(getattr(terms, name)):
            yield f"{name}.{below}", change.inside(partial(_with, terms, name))
    said = ("return",) if "reassign" in terms.on_silence else ON_SILENCE
    yield "on_silence", _instead(terms, "on_silence", ".other", ", ".join(terms.on_silence), ", ".join(said), said)
    for sign, now in (("+", terms.max_reassignments + 1), ("-", terms.max_reassignments - 1)):
        if now >= 0:
            was = str(terms.max_reassignments)
            yield "max_reassignments", _instead(terms, "max_reassignments", sign, was, str(now), now)


def _instead(terms: Terms, name: str, slug: str, was: str, now: str, value: Any) -> Change[Terms]:
    told = {"column": name, "was": was, "now": now}
    return Change(slug, "terms", "mutant.instead", told, partial(_with, terms, name, value))


def _lengths(terms: Any) -> Iterator[tuple[str, Change[Any]]]:
    kind: Any = type(terms)
    for column in fields(kind):
        value = getattr(terms, column.name)
        if column.init and isinstance(value, (Elapsed, Business, BusinessDays)):
            for change in longer_and_shorter(column.name, value):
                yield column.name, change.inside(partial(_with, terms, column.name))


def _with(terms: Any, name: str, value: Any) -> Any:
    return evolve(terms, **{name: value})


def longer_and_shorter(column: str, length: Length) -> Iterator[Change[Length]]:
    """Twice the length, and half of it as far as it can be halved."""
    amount = length.days if isinstance(length, BusinessDays) else length.seconds
    for slug, now in (("double", amount * 2), ("half", amount // 2)):
        if now > 0:
            other = _length(type(length), now)
            told = {"column": column, "was": _said(length), "now": _said(other)}
            yield Change(f"{column}.{slug}", "terms", "mutant.instead", told, partial(_length, type(length), now))


def _length(kind: type[Length], amount: int) -> Length:
    if kind is BusinessDays:
        return BusinessDays(amount)
    return Business(seconds=amount) if kind is Business else Elapsed(seconds=amount)


def _said(length: Length) -> str:
    """`48h`, `16h business`, `5 business_days`."""
    unit, amount = next(iter(length_data(length).items()))
    return str(amount) if unit == "elapsed" else f"{amount} {unit}"
