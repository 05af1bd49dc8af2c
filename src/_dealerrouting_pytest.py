"""The pytest plugin of dealerrouting, asleep: options, the names of its files, fixtures.

May know: pytest, the standard library. May not know: dealerrouting, until a golden file is collected or a fixture is
asked for; what is awake then is `dealerrouting.testing.plugin`.
It stands beside the package and not in it, because pytest loads it in every run of every project that has
dealerrouting installed: from inside, the whole package would be loaded with it, before anybody measures coverage.
It asserts nothing: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dealerrouting import Plan
    from dealerrouting.desk import LeadDesk
    from dealerrouting.testing.plugin import Clock

__all__ = ["ENDINGS", "GoldenCollector"]

ENDINGS = (".routing.yaml", ".routing.yml")
"""How the names of golden files end."""
_OPTIONS = {
    "plan": "the plan for golden files that name none, and for the fixture routing_plan: a folder, a file, or "
    "package.module:attribute",
    "customs": "package.module:attribute of the functions that plans name",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--routing-plan`, `--routing-customs`, `--routing-update`; the first two also as `routing_plan` in the ini."""
    group = parser.getgroup("dealerrouting", "golden cases of lead routing")
    for name, help in _OPTIONS.items():
        group.addoption(f"--routing-{name}", metavar="PLAN" if name == "plan" else "NAME", help=help)
        parser.addini(f"routing_{name}", help, type="string", default="")
    group.addoption(
        "--routing-update",
        action="store_true",
        default=False,
        help="write what the plan decides into the golden cases that fail, after showing what changes",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Files are written by one process, which has shown what changes."""
    many = getattr(config.option, "dist", "no") != "no" or getattr(config.option, "tx", None)
    if config.getoption("--routing-update") and (many or hasattr(config, "workerinput")):
        raise pytest.UsageError("--routing-update writes files and needs one process: add `-n 0`")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A golden file is a collector of its cases."""
    if not file_path.name.lower().endswith(ENDINGS):
        return None
    found: pytest.Collector = GoldenCollector.from_parent(parent, path=file_path)
    return found


class GoldenCollector(pytest.File):
    """A golden file: a test for each of its cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases; here dealerrouting wakes up, and not where pytest only passes by in the same folder."""
        from dealerrouting.testing.plugin import cases

        return cases(self)


def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport,
) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    """A case that is to be written is neither passed nor failed."""
    if report.when == "call" and ("dealerrouting", "updated") in getattr(report, "user_properties", ()):
        return "updated", "U", ("UPDATED", {"yellow": True})
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what changes in golden files, then write it."""
    if config.getoption("--routing-update"):
        from dealerrouting.testing.plugin import show_and_write

        show_and_write(terminalreporter, config)


@pytest.fixture(scope="session")
def routing_plan(pytestconfig: pytest.Config) -> Plan:
    """The plan of --routing-plan, or of `routing_plan` in the ini. Override it to give another."""
    from dealerrouting.testing.plugin import the_plan

    return the_plan(pytestconfig)


@pytest.fixture
def routing_clock() -> Clock:
    """A clock that stands still: `set(instant)`, `advance(hours=48)`. It begins on 4 January 2027, 09:00 UTC."""
    from dealerrouting.testing.plugin import Clock

    return Clock()


@pytest.fixture
def routing_desk(routing_plan: Plan, routing_clock: Clock) -> LeadDesk:
    """A `LeadDesk` on a store in memory, by the clock `routing_clock`, with `routing_plan` active."""
    from dealerrouting.testing.plugin import desk

    return desk(routing_plan, routing_clock)
