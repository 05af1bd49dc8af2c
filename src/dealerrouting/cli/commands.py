"""`route`, `explain`, `replay` and `demo`, as they are called; and all commands under one name.

May know: documents, the core, how output looks. May not know: how anything is decided.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealerrouting import __version__
from dealerrouting.cli import options
from dealerrouting.cli.calling import SOME, Sections, instant_of, said
from dealerrouting.cli.checking import check
from dealerrouting.cli.desk_commands import activate, hold, release, status, sweep
from dealerrouting.cli.diffing import diff
from dealerrouting.cli.mutate import mutate
from dealerrouting.cli.store_commands import db, erase, export_person, restore

if TYPE_CHECKING:
    from dealerrouting import Decision, Facts, Lead, Plan
    from dealerrouting.documents import Leads

__all__ = ["commands"]

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


_SECTIONS = {
    "Leads and plans, in files": ("route", "explain", "check", "diff", "mutate", "replay", "demo"),
    "The desk, in a store": ("status", "sweep", "hold", "release", "activate"),
    "The store itself": ("db", "restore", "erase", "export-person"),
}


@click.group(cls=Sections, sections=_SECTIONS, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="dealerrouting")
def commands() -> None:
    """Route leads to dealers by a plan, and say why.

    PLAN is a folder with plan.yaml, one plan file (.yaml, .json, .toml), or package.module:attribute. LEADS is a
    CSV file or JSON lines; - reads them from stdin. A store is named by --store, or by DEALERROUTING_STORE:
    sqlite:///leads.db or postgresql://HOST/NAME.

    Exit codes: 0 done, 1 some were refused or failed, or something was found, 2 the plan or the call is wrong, 3 more
    is waiting, 4 the store cannot answer.
    """


for _command in (check, diff, mutate, status, sweep, hold, release, activate, db, restore, erase, export_person):
    commands.add_command(_command)


@commands.command()
@options.lead_options
@click.option("--mode", type=click.Choice(["running", "fixed"]), default="running", show_default=True)
@options.rows("table", "jsonl", "csv")
@options.output("Write the decisions here.")
def route(
    plan: str,
    leads: str,
    facts: str | None,
    at: str | None,
    timezone: str | None,
    mode: str,
    form: str | None,
    output: Path | None,
) -> None:
    """Decide who gets each lead: one decision a lead, in order of (received_at, id).

    In running mode each lead finds the facts as the decisions before it left them; in fixed mode all find the
    same. Totals and refused rows go to stderr.
    """
    from dealerrouting.cli.output import note, progress, rendered, totals, write
    from dealerrouting.rules import route_all

    with said():
        world = _World(plan, leads, facts, at, timezone)
        decided = route_all(world.leads, world.plan, world.facts, at=world.at, mode=mode)
        decisions = list(progress(decided, len(world.leads)))
        write(rendered(decisions, form or _form(output)), output)
    if output is not None:
        note(f"written to {output}")
    for line in totals(decisions, world.leads.refused_rows):
        note(line)
    click.get_current_context().exit(world.refused())


def _form(output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    return {"jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "csv": "csv"}.get(suffix, "table")


@commands.command()
@options.lead_options
@click.option("--lead", "ident", metavar="ID", required=True, help="The lead to explain.")
@click.option("--why-not", metavar="DEALER", help="What would have to be different for this dealer to hold it.")
@click.option("--for-dealer", metavar="DEALER", help="Only what this dealer may read.")
@options.lang
@options.form
def explain(
    plan: str,
    leads: str,
    facts: str | None,
    at: str | None,
    timezone: str | None,
    ident: str,
    why_not: str | None,
    for_dealer: str | None,
    lang: str,
    form: str,
) -> None:
    """Say in full why one lead goes where it goes.

    The leads before it in LEADS are routed first, so that it is decided on the same facts as `route` has for it.
    """
    from dealerrouting.cli.explaining import explained
    from dealerrouting.cli.output import write

    with said():
        world = _World(plan, leads, facts, at, timezone)
        lead, before, when = world.found(ident)
        text = explained(lead, world.plan, before, when, why_not=why_not, for_dealer=for_dealer, lang=lang, form=form)
        write(text, None)


@commands.command()
@click.argument("events")
@click.option("--plan", metavar="PLAN", required=True, help="Whose terms and calendars hold.")
@click.option("--until", metavar="INSTANT", help="Let time run to this instant. Default: the last in EVENTS.")
@options.timezone()
@click.option("--lead", metavar="ID", help="Tell the history of this lead.")
@options.rows("table", "jsonl")
@options.output("Write it here.")
def replay(
    events: str,
    plan: str,
    until: str | None,
    timezone: str | None,
    lead: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Step a log of events, and say what the SLA did with each lead.

    EVENTS are JSON lines; - reads them from stdin. Where they hold no ticks, time passes by itself; where they hold
    no reminder_sent, every reminder leaves as soon as it may. Totals and refused rows go to stderr.
    """
    from dealerrouting.cli.output import note, progress, write
    from dealerrouting.cli.replaying import counted, replayed
    from dealerrouting.documents import load_events, load_plan
    from dealerrouting.events import Tick
    from dealerrouting.sla import replay as stories

    with said():
        sys.path.insert(0, os.getcwd())
        policy = load_plan(plan, say=note).policy
        end = instant_of(until, timezone, "--until")
        log = load_events(sys.stdin.buffer if events == "-" else events, timezone, say=note)
        leads = len({event.lead for event in log if not isinstance(event, Tick)})
        told = list(progress(stories(log, policy, until=end), leads, "replaying"))
        by_name = "jsonl" if _form(output) == "jsonl" else "table"
        write(replayed(told, lead=lead, form=form or by_name), output)
    for line in counted(told):
        note(line)
    for row in log.refused:
        note(f"refused: {row}")
    click.get_current_context().exit(SOME if log.refused else 0)


@commands.command()
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Where to write the decisions.",
)
def demo(output: Path) -> None:
    """Route a year of leads for the example network: a fictitious manufacturer on real places."""
    from dealerrouting.cli.demo import shown
    from dealerrouting.network import path

    with said():
        data = path()
        shown(_World(str(data), str(data / "leads.csv"), str(data / "facts"), None, None), output)


class _World:
    """Everything a command was given, read; what is wrong with any of it is said at once."""

    def __init__(self, plan: str, leads: str, facts: str | None, at: str | None, timezone: str | None) -> None:
        from dealerrouting.cli.output import note
        from dealerrouting.documents import load_facts, load_leads, load_plan
        from dealerrouting.model import Facts

        sys.path.insert(0, os.getcwd())  # a plan in Python stands where the user stands
        self.plan: Plan = load_plan(plan, say=note)
        self.at = instant_of(at, timezone)
        self.facts: Facts = load_facts(facts, self.plan, say=note) if facts else Facts()
        stream = sys.stdin.buffer if leads == "-" else leads
        self.leads: Leads = load_leads(stream, self.plan, timezone, say=note)
        if self.at is None and self.leads and not any(lead.received_at for lead in self.leads):
            raise click.UsageError(
                "no lead says when it was received: give --at, or --timezone for times without offset"
            )

    def refused(self) -> int:
        """Say which rows were refused; the exit code that this means."""
        from dealerrouting.cli.output import note

        for row in self.leads.refused:
            note(f"refused: {row}")
        return SOME if self.leads.refused else 0

    def decisions(self) -> Iterator[tuple[Decision, Facts]]:
        """Each decision with the facts it was made on."""
        from dealerrouting.rules import route_all

        facts = self.facts
        for decision in route_all(self.leads, self.plan, facts, at=self.at):
            yield decision, facts
            facts = facts.after(decision)

    def found(self, ident: str) -> tuple[Lead, Facts, datetime]:
        """One lead, and the facts and the instant that `route` would have for it."""
        lead = next((lead for lead in self.leads if lead.id == ident), None)
        if lead is None:
            raise click.UsageError(f"no lead `{ident}` among the {len(self.leads):,} leads")
        return next((lead, facts, decision.at) for decision, facts in self.decisions() if decision.lead == ident)
