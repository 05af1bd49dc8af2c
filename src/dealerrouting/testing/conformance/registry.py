"""The list of checks: each a function with a name that says what it demands.

May know: nothing of stores. May not know: pytest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from dealerrouting.testing.conformance.bench import Bench

__all__ = ["CHECKS", "Check", "check", "named"]

Run = Callable[["Bench"], None]


@frozen
class Check:
    """One thing that is demanded of every store of a rung: `case_store` or `outbox`."""

    name: str
    run: Run
    rung: str = "case_store"
    shared: bool = False


CHECKS: dict[str, Check] = {}
"""Every check by its name, in the order in which a store is best mended."""


def named(name: str, run: Run, rung: str = "case_store", *, shared: bool = False) -> None:
    """Put a check on the list under a name of its own."""
    if name in CHECKS:
        raise ValueError(f"two checks are called {name}")
    CHECKS[name] = Check(name, run, rung, shared)


def check(rung: str = "case_store", *, shared: bool = False) -> Callable[[Run], Run]:
    """Put a function on the list under its own name."""

    def listed(run: Run) -> Run:
        named(run.__name__, run, rung, shared=shared)
        return run

    return listed
