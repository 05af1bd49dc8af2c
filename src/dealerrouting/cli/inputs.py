"""What a command is given, as values: the plan, the leads, the facts, the instant.

May know: documents. May not know: what is done with them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from dealerrouting.calendar import parse_instant
from dealerrouting.cli.screen import Stop, note, told
from dealerrouting.documents import Leads, load_facts, load_leads, load_plan
from dealerrouting.documents.assemble import zone_of
from dealerrouting.errors import DealerRoutingError, did_you_mean, quoted
from dealerrouting.model import Facts
from dealerrouting.rules import Plan

__all__ = ["Inputs", "gather"]

T = TypeVar("T")


@frozen
class Inputs:
    """Everything that a lead is routed with."""

    plan: Plan
    leads: Leads
    facts: Facts
    at: datetime | None
    name: str  # of the file of leads


def gather(plan: str, leads: str, facts: str | None, at: str | None, timezone: str | None) -> Inputs:
    """Read what was given; `Stop` with everything that is wrong, in whichever of them."""
    wrong: list[str] = []

    def tried(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DealerRoutingError as error:
            wrong.extend(told(error))
        except Stop as stop:
            wrong.extend(stop.lines)
        return None

    if "" not in sys.path:
        sys.path.insert(0, "")  # `package.module:attribute` is looked for where the command is run, too
    moment = tried(lambda: _instant(at, timezone))
    known = tried(lambda: load_plan(plan, say=note))
    if known is None:
        raise Stop([*wrong, _count(wrong)])
    happened = tried(lambda: load_facts(facts, known, say=note)) if facts is not None else Facts()
    name = "stdin" if leads == "-" else leads
    came = tried(lambda: _leads(leads, known, timezone))
    if wrong or came is None or happened is None:
        raise Stop([*wrong, _count(wrong)])
    if came.leads and moment is None and all(lead.received_at is None for lead in came):
        raise Stop([f"{name}: no lead says when it was received; give --at, or --timezone where the offset is missing"])
    return Inputs(known, came, happened, moment, name)


def _count(wrong: list[str]) -> str:
    return "1 error" if len(wrong) == 1 else f"{len(wrong)} errors"


def _leads(leads: str, plan: Plan, timezone: str | None) -> Leads:
    if leads == "-":
        return load_leads(sys.stdin.buffer, plan, timezone, file="stdin", say=note)
    return load_leads(Path(leads), plan, timezone, say=note)


def _instant(text: str | None, timezone: str | None) -> datetime | None:
    """`--at`: with an offset, or a wall time of `--timezone`."""
    if text is None:
        return None
    found = parse_instant(text, zone_of(timezone))
    if found is None:
        raise Stop([f"--at: {quoted(text)} is not an instant; write 2027-01-08T09:00:00+01:00, or give --timezone"])
    return found


def dealer(name: str, plan: Plan, option: str) -> str:
    """A dealer of the plan; `Stop` where it is none."""
    if plan.dealer(name) is None:
        raise Stop([f"{option}: unknown dealer {quoted(name)}; {did_you_mean(name, plan.by_id)}"])
    return name
