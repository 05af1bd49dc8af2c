"""One mutant: a plan with one thing changed, where it was changed, and a sentence that says so.

May know: plans, the catalogues. May not know: what can be changed, tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import evolve, field, frozen

from dealerrouting.rules import Plan
from dealerrouting.telling import Telling, tell

__all__ = ["KINDS", "Change", "Mutant", "Place", "placed"]

KINDS = (
    "drop",
    "widen",
    "narrow",
    "negate",
    "swap",
    "dealer",
    "weight",
    "priority",
    "pick",
    "exclusive",
    "date",
    "terms",
)
"""What a mutant may change, a closed list."""

T = TypeVar("T")
U = TypeVar("U")


@frozen
class Change(Generic[T]):
    """One change of a part of a plan, not made yet.

    `slug` tells it from the other changes of the same part; `message` and `values` are its half of the sentence.
    `make` gives the changed part, or raises `PlanError` or `ValueError` where there is no such part.
    """

    slug: str
    kind: str
    message: str
    values: Mapping[str, Any]
    make: Callable[[], T]

    def inside(self, put: Callable[[T], U], slug: str = "") -> Change[U]:
        """The same change of what holds the part."""
        return Change(slug + self.slug, self.kind, self.message, self.values, lambda: put(self.make()))


@frozen
class Place:
    """Where something stands in a plan: `territory/antwerp`, how to say it, and the path to it."""

    slug: str
    message: str
    values: Mapping[str, Any]
    path: tuple[str | int, ...]

    def text(self, lang: str = "en") -> str:
        """`territory "antwerp"`."""
        return next(tell(lang, [Telling(0, self.message, self.values)]))


@frozen
class Mutant:
    """A plan with one thing changed.

    `id` is the same in every run: `territory/antwerp/drop`. `kind` is one of `KINDS`.
    """

    id: str
    kind: str
    where: Place
    _message: str
    _values: Mapping[str, Any]
    _make: Callable[[], Plan] = field(repr=False, eq=False)

    @property
    def place(self) -> str:
        """`territory "antwerp"`, in English, as errors of a plan say it."""
        return self.where.text()

    @property
    def path(self) -> tuple[str | int, ...]:
        """The way to it in the plan: `("territories", 3)`."""
        return self.where.path

    def change(self, lang: str = "en") -> str:
        """What was changed there, without the place."""
        return next(tell(lang, [Telling(0, self._message, self._values)]))

    def text(self, lang: str = "en") -> str:
        """One sentence: the place, and what was changed there."""
        return f"{self.where.text(lang)}: {self.change(lang)}"

    @property
    def plan(self) -> Plan | None:
        """The changed plan, made each time it is asked for; None where the change leaves no valid plan."""
        from dealerrouting.errors import Faulty

        try:
            return self._make()
        except (Faulty, ValueError):
            return None

    def named(self, id: str) -> Mutant:
        """The same under another id."""
        return evolve(self, id=id)


def placed(place: Place, changes: Iterable[Change[T]], put: Callable[[T], Plan]) -> Iterator[Mutant]:
    """The changes of one part as mutants of the plan; `put` is the plan with the changed part in its place."""
    for change in changes:
        whole = change.inside(put)
        yield Mutant(f"{place.slug}/{change.slug}", change.kind, place, change.message, change.values, whole.make)
