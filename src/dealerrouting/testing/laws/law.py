"""`Law`: something that holds of every plan, as a value; `Broken`: where one does not, shown by the smallest example.

May know: plans, Hypothesis. May not know: pytest, what any law says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from attrs import define, field, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from dealerrouting.rules import Plan

__all__ = ["EXAMPLES", "ROOMS", "Breach", "Broken", "Law", "Subject", "insist", "listed"]

T = TypeVar("T")
EXAMPLES: Mapping[str, int] = {"routing": 60, "claims": 20, "sla": 40, "desk": 20}
"""How many examples a law of each room is tried on where nobody says otherwise: more where one costs less."""
ROOMS = ("routing", "claims", "sla", "desk")
"""What laws are about: who gets a lead, the life of a claim, what happens after, and the desk with its store."""
_PHASES = [phase for phase in Phase if phase is not Phase.explain]


class Broken(AssertionError):
    """At least one law does not hold. `breaches`: which, and by what that is shown; the text says it all."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n\n".join(map(str, self.breaches)))


class _Found(Exception):
    """What Hypothesis is shown: one kind of failure in one place, so that it looks for one smallest example."""

    def __init__(self, example: Any, why: str) -> None:
        self.example, self.why = example, why
        super().__init__(why)


@define(eq=False)
class Subject:
    """The plan that laws are asked about, and what is made of it once."""

    plan: Plan
    _made: dict[str, Any] = field(factory=dict, init=False)

    def own(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


@frozen(repr=False)
class Law:
    """One law: its `number` in the design, its `name`, and the one sentence `text` that says it.

    `room` is one of `ROOMS`. `drawn` gives the examples and `holds` raises AssertionError for one of which
    the law does not hold; `told` shows such an example. `unasked` says why the law cannot be asked of a plan, or
    nothing.
    """

    number: int
    name: str
    text: str
    room: str
    drawn: Callable[[Subject], st.SearchStrategy[Any]] = field(eq=False)
    holds: Callable[[Subject, Any], None] = field(eq=False)
    told: Callable[[Subject, Any], str] = field(eq=False)
    unasked: Callable[[Plan], str] = field(eq=False)

    def __repr__(self) -> str:
        return f"<law {self.number} {self.name}>"

    def breach(self, on: Subject, *, max_examples: int | None = None) -> Breach | None:
        """The smallest example found of which it does not hold; None where none was, or where it cannot be asked."""
        if self.unasked(on.plan):
            return None
        found: list[_Found] = []
        try:
            self._tried(on, max_examples or EXAMPLES[self.room], found)
        except (_Found, Flaky):  # flaky: it was broken, and was not when the same was tried again
            return Breach(self, found[-1].why, self.told(on, found[-1].example))
        return None

    def _tried(self, on: Subject, max_examples: int, found: list[_Found]) -> None:
        def holds(example: Any) -> None:
            try:
                self.holds(on, example)
            except Exception as error:
                found.append(_Found(example, _why(error)))
                raise found[-1] from error

        holds.__name__ = holds.__qualname__ = self.name  # what is known of one law is no example for another
        settled = settings(
            max_examples=max_examples,
            deadline=None,
            report_multiple_bugs=False,
            print_blob=False,
            phases=_PHASES,
            suppress_health_check=list(HealthCheck),
        )
        settled(given(_examples(_Hidden(self.drawn(on))))(holds))()


@define(eq=False, repr=False)
class _Hidden:
    """A strategy that does not show itself: the text of a whole plan in it helps nobody."""

    strategy: st.SearchStrategy[Any]


@st.composite
def _examples(draw: st.DrawFn, of: _Hidden) -> Any:
    return draw(of.strategy)


def _why(error: Exception) -> str:
    """What the law says of it; and whatever else is raised has lost the lead."""
    return str(error) if isinstance(error, AssertionError) else f"raised {type(error).__name__}: {error}"


@frozen
class Breach:
    """A law that does not hold: `why`, and the smallest example that shows it, as text."""

    law: Law
    why: str
    shown: str

    def __str__(self) -> str:
        return f"law {self.law.number}, {self.law.name}: {self.law.text}\nbroken: {self.why}\n{self.shown}"


def insist(so: object, why: str) -> None:
    """What a law demands; an AssertionError that says why, whatever the optimisation of the interpreter."""
    if not so:
        raise AssertionError(why)


def listed(things: Iterable[object]) -> str:
    """Some ids in a sentence."""
    return ", ".join(map(str, things)) or "nobody"
