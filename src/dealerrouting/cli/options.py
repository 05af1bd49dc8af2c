"""Options that several commands take, each declared once: its name, what may follow it, what it is for.

May know: how options are declared. May not know: any command.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

__all__ = ["at", "customs", "form", "lang", "lead_options", "output", "plan_options", "rows", "timezone", "together"]

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: Option) -> Option:
    """Several as one, in the order of the help page."""

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        for add in reversed(options):
            command = add(command)
        return command

    return added


# One by one


def at(what: str) -> Option:
    """`--at`: the instant for which it is asked or done."""
    return click.option("--at", metavar="INSTANT", help=what)


def timezone(of: str = "instants that have no offset") -> Option:
    """`--timezone`: on whose clock an instant without an offset is."""
    return click.option("--timezone", metavar="ZONE", help=f"Zone of {of}.")


def customs(of: str = "plans name") -> Option:
    """`--customs`: the functions that stand in plans by name only."""
    return click.option("--customs", metavar="NAME", help=f"package.module:attribute of the functions that {of}.")


def output(what: str) -> Option:
    """`-o`: into which file."""
    return click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help=what)


def rows(*forms: str) -> Option:
    """`--format` of what may be many rows; where it is left out, the name of the file says it."""
    return click.option("--format", "form", type=click.Choice(forms), help="Default: as -o ends, else table.")


form: Option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
"""`--format` of what is a page."""
lang: Option = click.option("--lang", default="en", show_default=True, help="en or nl.")
"""`--lang`: in which language it is said; `language` in `calling` says whether there is one."""

# Those that go together

lead_options: Option = together(
    click.argument("plan"),
    click.argument("leads"),
    click.option("--facts", metavar="DIR", help="Folder with registrations.csv, counts.csv and the other facts."),
    at("Decide for this instant, not for when each was received."),
    timezone("instants in LEADS that have no offset"),
)
"""What every command takes that routes leads."""

plan_options: Option = together(
    at("Ask of leads from this instant on. Default: now."),
    click.option("--all-time", is_flag=True, help="Ask of all time, also what is over."),
    click.option(
        "--budget",
        metavar="STEPS",
        type=click.IntRange(min=1),
        help="How much work to do before something is called unknown. Default: 20000000.",
    ),
    timezone(),
    customs(),
    lang,
    form,
)
"""What every command takes that asks about plans."""
