"""What goes wrong, said so that it can be mended.

May know: nothing but the standard library and attrs. May not know: plans, leads, files, or any
other room of the house. Every room raises these, so they live on the lowest floor.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Conflict",
    "CorruptRecord",
    "DealerRoutingError",
    "EventError",
    "FactsError",
    "Fault",
    "Faulty",
    "KeyReused",
    "LeadRefused",
    "MissingExtra",
    "NotFound",
    "PlanError",
    "PolicyMismatch",
    "StoreError",
    "StoreUnavailable",
    "TransitionNotAllowed",
    "did_you_mean",
    "nearest",
    "quoted",
]

_SHOWN = 60


@frozen
class Fault:
    """One thing that is wrong: where, what, and what to do about it.

    `place` is for people (`territories.csv:7:postcodes` or `territory "antwerp"`); `path` says
    the same as keys and indexes, so that a reader of files can turn it into a line and a column.
    """

    place: str
    what: str
    cure: str = ""
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        """Place, fault and cure on one line."""
        return ": ".join(part for part in (self.place, self.what) if part) + (f"; {self.cure}" if self.cure else "")


class DealerRoutingError(Exception):
    """The root of every error that this library raises on purpose."""


class Faulty(DealerRoutingError, ValueError):
    """An error that says everything that is wrong at once: `faults`, one a line in its text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type, tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class PlanError(Faulty):
    """A plan, or a part of one, that cannot mean anything; `faults` holds all of them at once."""


class FactsError(Faulty):
    """Facts that contradict each other; `faults` holds all of them at once."""


class LeadRefused(Faulty):
    """A lead without an id, or with a field beyond its bound. Nothing else refuses a lead."""


class EventError(Faulty):
    """An event that cannot be a fact at all; `faults` holds everything that is wrong with it."""


class TransitionNotAllowed(DealerRoutingError):
    """The table has no such event in this phase: nothing was changed. `state` and `event` are what met."""

    def __init__(self, state: Any, event: Any) -> None:
        self.state, self.event = state, event
        super().__init__(f"`{event.type}` is not allowed for a lead that is `{state.phase}`")

    def __reduce__(self) -> tuple[type, tuple[Any, Any]]:
        return type(self), (self.state, self.event)


class PolicyMismatch(DealerRoutingError, ValueError):
    """A state is pinned to one policy, and another was given: only `Migrate` changes it."""


class StoreError(DealerRoutingError):
    """The root of what goes wrong between a desk and its store. Its text holds ids and words, nobody's data."""


class Conflict(StoreError):
    """Somebody was faster: nothing was changed. The desk loads again and decides again."""


class StoreUnavailable(StoreError):
    """The store cannot answer: nothing was lost that it had said it has.

    `reason` is a word: `unreachable`, `busy`, `full`, `read_only`, `outdated` (`db upgrade` first), `failed`; or
    `unknown`, where the connection broke while a change was being committed. Whoever then repeats the command with
    its key is safe.
    """

    def __init__(self, reason: str, what: str) -> None:
        self.reason, self.what = reason, what
        super().__init__(what)

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.reason, self.what)


class CorruptRecord(StoreError):
    """A record of the store that cannot be read: `what` is its kind and id, `lead:L1`."""

    def __init__(self, what: str, why: str) -> None:
        self.what, self.why = what, why
        super().__init__(f"{what} cannot be read: {why}")

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.what, self.why)


class KeyReused(DealerRoutingError, ValueError):
    """A command came with the key of another one: the same key is for the same command with the same content."""


class NotFound(DealerRoutingError, LookupError):
    """There is no such lead, claim or plan."""


class MissingExtra(DealerRoutingError, ImportError):
    """Something was asked for that needs an optional package."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} needs an optional package: pip install 'dealerrouting[{extra}]'")


def quoted(value: object) -> str:
    """A value in backticks, on one line and short enough to read."""
    text = value if isinstance(value, str) else _repr(value)
    text = "".join(c if c.isprintable() and c != "`" else "?" for c in text[: _SHOWN + 1])
    return f"`{text[:_SHOWN]}...`" if len(text) > _SHOWN else f"`{text}`"


def _repr(value: object) -> str:
    """Python's own writing of a value; one that cannot be written so is named by its type."""
    try:
        return repr(value)
    except Exception:  # a number with too many digits, or an object of somebody's that will not be shown
        return f"a {type(value).__name__} that cannot be shown"


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that is nearest; None where none is near."""
    return next(iter(get_close_matches(str(word)[:_SHOWN], sorted(set(known)), n=1, cutoff=0.6)), None)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The nearest known word as a cure, or the known words where none is near."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near is not None:
        return f"did you mean `{near}`?"
    few = ", ".join(f"`{name}`" for name in names[:12])
    return f"known here: {few}{', ...' if len(names) > 12 else ''}" if names else ""
