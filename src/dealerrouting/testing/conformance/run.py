"""The checks of a rung as a class of tests: one method a check, named after what it demands.

May know: pytest, the lists of checks. May not know: what a check does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from dealerrouting.testing.conformance import (  # noqa: F401  # each puts its checks on the list
    cases_commit,
    cases_due,
    cases_erased,
    cases_found,
    cases_load,
    cases_random,
    cases_sent,
    cases_shared,
    cases_told,
    cases_versions,
    machine,
)
from dealerrouting.testing.conformance.bench import Bench, Make
from dealerrouting.testing.conformance.cases_facts import FACTS
from dealerrouting.testing.conformance.registry import CHECKS, Check
from dealerrouting.testing.conformance.said import Broken, NotHere

__all__ = ["case_store", "facts_source", "outbox"]

EXAMPLES = 100


def facts_source(make: Make, *, examples: int = EXAMPLES) -> type:
    """Tests of the first rung, sync or async: that routing with what the source tells is routing with everything.

    `make(facts)` gives a source that has these facts, or a context manager or generator that yields one. `examples`:
    how many random worlds are tried a check.
    """
    return _tests("FactsSource", FACTS.values(), lambda: Bench(make, examples=examples))


def case_store(make_store: Make, *, shared: bool = False, examples: int = EXAMPLES) -> type:
    """Tests of the second rung, sync or async.

    `make_store()` gives an empty store, or a context manager or generator that yields one and cleans up after it; it
    is called for each test, and for each random sequence. `shared`: several threads, or for an async store several
    tasks, may use one store at once; without it what may go wrong between them is not looked at. `examples`: how many
    random sequences are tried.
    """
    found = [one for one in CHECKS.values() if one.rung == "case_store"]
    return _tests("CaseStore", found, lambda: Bench(make_store, False, shared, examples))


def outbox(make_store: Make, *, shared: bool = False, examples: int = EXAMPLES) -> type:
    """Tests of the second and third rung together, sync or async; as `case_store`, with messages and answers."""
    return _tests("Outbox", CHECKS.values(), lambda: Bench(make_store, True, shared, examples))


def _tests(name: str, checks: Iterable[Check], open: Callable[[], Bench]) -> type:
    """A class that pytest collects, whatever name it is given."""
    methods: dict[str, Any] = {f"test_{one.name}": _test(one, open) for one in checks}
    return type(name, (), {"__doc__": f"What is demanded of every {name}.", "__test__": True, **methods})


def _test(one: Check, open: Callable[[], Bench]) -> Callable[[Any], None]:
    def test(self: Any) -> None:
        __tracebackhide__ = True
        with open() as bench:
            if one.shared and not bench.shared:
                pytest.skip("asked of stores that several may use at once: say shared=True")
            try:
                one.run(bench)
            except Broken as error:
                broken = error
            except NotHere as reason:
                pytest.skip(str(reason))
            else:
                return
        pytest.fail(_told(one, broken), pytrace=False)

    test.__name__ = test.__qualname__ = f"test_{one.name}"
    test.__doc__ = f"{one.name.replace('_', ' ')}.".capitalize()
    return test


def _told(one: Check, error: Broken) -> str:
    """What is wrong, and the shortest sequence of steps that shows it, where it was found by chance."""
    notes = "\n".join(getattr(error, "__notes__", ()))
    steps = f"\n  shown by:\n{_indented(notes)}" if notes else ""
    return f"{one.name.replace('_', ' ')}: no\n{error}{steps}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines() if line.strip())
