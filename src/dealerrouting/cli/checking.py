"""`dealerrouting check`: what is wrong with a plan before it goes live, as a page and as JSON.

May know: the checks of a plan, how findings are told. May not know: how anything is found.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from dealerrouting.cli import options
from dealerrouting.cli.calling import DONE, SOME, instant_of, language, now, said

if TYPE_CHECKING:
    from dealerrouting import Lead, Plan
    from dealerrouting.cli.findings import Sites
    from dealerrouting.verify import Budget

__all__ = ["allowed", "brought_forward", "check", "past", "placed", "span"]


@click.command()
@click.argument("plan")
@click.option("--leads", metavar="LEADS", help="Past leads: each gap says how many of them lie in it.")
@click.option("--suppressed", is_flag=True, help="List also what the plan says it lives with, and why.")
@options.plan_options
def check(
    plan: str,
    *,
    leads: str | None,
    suppressed: bool,
    at: str | None,
    all_time: bool,
    budget: int | None,
    timezone: str | None,
    customs: str | None,
    lang: str,
    form: str,
) -> None:
    """Find what is wrong with a plan: who is served by nobody, what quarrels, what never decides, what ends.

    Every finding has a code, what it is about, where it holds, and a lead that was routed to show it. What is meant
    so is named in the plan, under `suppress`, with a reason.

    Exit codes: 0 no errors and no warnings (notes fail nothing), 1 some, or something that could not be worked out,
    2 the plan or the call is wrong.
    """
    from dealerrouting import verify
    from dealerrouting.cli.check_page import CheckPage
    from dealerrouting.cli.output import write

    with said():
        language(lang)
        since = span(at, all_time, timezone)
        whole, sites = placed(plan, customs)
        known = past(leads, whole, timezone) if leads is not None else []
        found = verify.check(whole, at=since, leads=known, suppressed=True, budget=allowed(budget))
        command = None if customs else plan
        page = CheckPage(whole, sites, found, since, lang, len(known), command, brought_forward(known, since))
        write(page.json() if form == "json" else page.text(listed=suppressed), None)
    click.get_current_context().exit(SOME if page.fails else DONE)


def span(at: str | None, all_time: bool, timezone: str | None) -> datetime | None:
    """From when on to ask: an instant, now, or None for all time."""
    if at is not None and all_time:
        raise click.UsageError("--at and --all-time contradict each other: give one of them")
    if all_time:
        return None
    return instant_of(at, timezone) or now()


def allowed(steps: int | None) -> Budget | None:
    """So many steps in all, and in one place the part of them that it is without being asked for."""
    from dealerrouting.verify import Budget

    usual = Budget()
    return None if steps is None else Budget(steps, max(1, steps * usual.stretch // usual.left))


def brought_forward(leads: Iterable[Lead], since: datetime | None) -> int:
    """How many past leads came before the instant asked from, and count as coming after it."""
    return 0 if since is None else sum(one.received_at is not None and one.received_at < since for one in leads)


def placed(plan: str, customs: str | None) -> tuple[Plan, Sites]:
    """A plan, and where its parts stand."""
    from dealerrouting.cli.output import note
    from dealerrouting.documents.plans import load_placed

    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # a plan in Python stands where the user stands
    return load_placed(plan, customs, say=note)


def past(leads: str, plan: Plan, timezone: str | None) -> list[Lead]:
    """The past leads; what was refused is said, and is not counted."""
    from dealerrouting.cli.output import note
    from dealerrouting.documents import load_leads

    found = load_leads(sys.stdin.buffer if leads == "-" else leads, plan, timezone, say=note)
    for row in found.refused:
        note(f"refused: {row}")
    return list(found)
