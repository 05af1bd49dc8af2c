"""The commands as click knows them: arguments, options, help. The work is imported when one runs.

May know: click. May not know: what a command does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from dealerrouting import __version__

__all__ = ["group"]

_EXIT_BROKEN_PIPE = 141
_EXIT_INTERRUPTED = 130


def _finish(work: Callable[[], int]) -> None:
    """Run a command; end with its exit code, and with plain words where something is wrong."""
    from dealerrouting.cli.screen import Stop, note, told
    from dealerrouting.errors import DealerRoutingError

    try:
        code = work()
        sys.stdout.flush()
    except Stop as stop:
        for line in stop.lines:
            note(line)
        code = stop.code
    except DealerRoutingError as error:
        for line in told(error):
            note(line)
        code = 2
    except BrokenPipeError:
        _silence()
        code = _EXIT_BROKEN_PIPE
    except KeyboardInterrupt:
        note("interrupted")
        code = _EXIT_INTERRUPTED
    click.get_current_context().exit(code)


def _silence() -> None:
    """Nobody reads any more: what is still in the buffer goes nowhere, without a word at exit."""
    import os

    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dealerrouting")
def group() -> None:
    """Route leads to dealers by a plan, and say why."""


def _given(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options that `route` and `explain` share."""
    for add in (
        click.option("--timezone", metavar="ZONE", help="Whose clock instants without an offset are on: Europe/Brussels."),
        click.option("--at", metavar="INSTANT", help="Decide every lead for this instant, not for when it was received."),
        click.option("--facts", metavar="DIR", help="A folder with registrations.csv, incumbents.csv, counts.csv, ..."),
        click.argument("leads", metavar="LEADS"),
        click.argument("plan", metavar="PLAN"),
    ):
        command = add(command)
    return command


@group.command(short_help="A decision a lead.")
@_given
@click.option("--mode", type=click.Choice(["running", "fixed"]), default="running", show_default=True,
              help="Whether each lead finds the facts as those before it left them.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]),
              help="By default a table, or what the suffix of -o says. CSV is for spreadsheets, JSON lines for programs.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
def route(**given: Any) -> None:
    """Route LEADS (CSV or JSON lines; - for stdin) by PLAN, in order of (received_at, id).

    PLAN is a folder with plan.yaml, such a file, or package.module:attribute. Decisions go to stdout, notes and
    totals to stderr.

    Exit: 0 all routed; 1 some rows refused (each listed, the rest routed); 2 plan or call wrong.
    """

    def work() -> int:
        from dealerrouting.cli.routing import run

        return run(**given)

    _finish(work)


@group.command(short_help="The full why of one lead.")
@_given
@click.option("--lead", metavar="ID", required=True, help="The lead to explain.")
@click.option("--why-not", metavar="DEALER", help="Also: what would have to be different for this dealer to hold it.")
@click.option("--for-dealer", metavar="DEALER", help="Only what this dealer may read.")
@click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language of the text.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain(**given: Any) -> None:
    """Explain the decision that `route` makes of one lead of LEADS, given the same PLAN, --facts, --at and --timezone.

    The leads before it are routed first, in running mode, so that it meets the facts it met there.

    Exit: 0; 2 plan or call wrong.
    """

    def work() -> int:
        from dealerrouting.cli.explaining import run

        return run(**given)

    _finish(work)


@group.command(short_help="A year of leads for an example network.")
@click.option("-o", "--output", metavar="DIR", default="out", show_default=True, help="Where to write the decisions.")
def demo(output: str) -> None:
    """Route the example network that comes with the package: who got what, three leads explained, what was wrong."""

    def work() -> int:
        from dealerrouting.cli.demonstration import run

        return run(output)

    _finish(work)
