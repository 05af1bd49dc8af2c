"""How commands are called and how they end: exit codes, errors one a line, instants, a help page in sections.

May know: errors, how a line is printed. May not know: any command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

__all__ = [
    "DONE",
    "MORE",
    "SOME",
    "UNAVAILABLE",
    "WRONG",
    "Sections",
    "fault",
    "instant_of",
    "language",
    "now",
    "said",
    "say",
]

DONE = 0
SOME = 1
"""Done, but for some: rows that were refused, leads that failed or were parked."""
WRONG = 2
"""The call, a plan or a file is wrong: nothing was done."""
MORE = 3
"""Something is left to be done: call it again."""
UNAVAILABLE = 4
"""The store cannot answer, or something failed that should not have."""

_CURES = {
    "unreachable": "check that it is there, and that --store names it",
    "busy": "try again in a moment",
    "full": "make room, then repeat the command",
    "read_only": "give this user the right to write the file and its folder, or the database",
    "denied": "give this user the right, or use one that has it",
    "failed": "see the log of the database",
    "unknown": "look with `dealerrouting status`, then repeat the command if it was not done",
}


class Sections(click.Group):
    """A group whose help lists its commands under headings."""

    def __init__(self, *args: Any, sections: Mapping[str, tuple[str, ...]] | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.sections = dict(sections or {})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command under its heading, each of a group by itself; those without a heading under the last."""
        placed = {name for names in self.sections.values() for name in names}
        rest = tuple(name for name in self.list_commands(ctx) if name not in placed)
        for title, names in {**self.sections, **({"Others": rest} if rest else {})}.items():
            found = [row for name in names for row in self._rows(ctx, name)]
            room = formatter.width - 6 - max((len(name) for name, _ in found), default=0)
            with formatter.section(title):
                formatter.write_dl([(name, one.get_short_help_str(room)) for name, one in found])

    def _rows(self, ctx: click.Context, name: str) -> Iterator[tuple[str, click.Command]]:
        one = self.get_command(ctx, name)
        if isinstance(one, click.Group):
            yield from ((f"{name} {below}", one.commands[below]) for below in one.commands)
        elif one is not None:
            yield name, one


def fault(place: str, what: str, cure: str = "") -> Exception:
    """What is wrong with a call, to be raised inside `said`: place, fault and cure on one line, exit 2."""
    from dealerrouting.errors import Fault, Faulty

    return Faulty([Fault(place, what, cure)])


def instant_of(text: str | None, timezone: str | None = None, option: str = "--at") -> datetime | None:
    """The instant of an option, on the clock of `--timezone` where it has no offset."""
    from dealerrouting.calendar import parse_instant
    from dealerrouting.documents.assemble import zone_of

    if text is None:
        return None
    zone = zone_of(timezone)
    if timezone is not None and zone is None:
        raise click.UsageError(f"--timezone `{timezone}` is no time zone: write an IANA name, Europe/Amsterdam")
    instant = parse_instant(text, zone)
    if instant is None:
        raise click.UsageError(
            f"{option} `{text}` is not an instant: write it with an offset, 2027-03-01T09:00:00+01:00"
        )
    return instant


def now() -> datetime:
    """The instant at which a command is called."""
    return datetime.now(UTC)


def language(lang: str) -> None:
    """Nothing, where there is a catalogue for the language."""
    from dealerrouting.errors import did_you_mean, quoted
    from dealerrouting.telling import LANGUAGES

    if lang not in LANGUAGES:
        raise fault("--lang", f"no catalogue for {quoted(lang)}", did_you_mean(lang, LANGUAGES))


def say(*lines: str) -> None:
    """Lines on stdout, made safe to show."""
    from dealerrouting.cli.output import plain, write

    write("".join(f"{plain(line)}\n" for line in lines), None)


@contextmanager
def said(store: str = "the store") -> Iterator[None]:
    """Errors that the library raises on purpose, one fault a line on stderr; exit 2, or 4 where it is the store's."""
    from dealerrouting.cli.output import note
    from dealerrouting.errors import DealerRoutingError, StoreError

    try:
        yield
    except StoreError as error:
        note(f"{store}: {_of_the_store(error)}")
        raise click.exceptions.Exit(UNAVAILABLE) from None
    except DealerRoutingError as error:
        for line in str(error).split("\n"):
            note(line)
        raise click.exceptions.Exit(WRONG) from None


def _of_the_store(error: Exception) -> str:
    """What the store says, and what to do about it where it does not say so itself."""
    reason, what = getattr(error, "reason", ""), str(error).replace("\n", "; ")
    if "secret" in what:
        return f"{what}; set DEALERROUTING_SECRET to it, in hexadecimal"
    cure = "" if any(mark in what for mark in ("`", ":", ";")) else _CURES.get(reason, "")
    return f"{what}; {cure}" if cure else what
