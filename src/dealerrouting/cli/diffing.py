"""`dealerrouting diff`: what moves from one plan to another, and whether that is more than was allowed.

May know: differences of plans, how they are told. May not know: how anything is compared.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click

from dealerrouting.cli import options
from dealerrouting.cli.calling import DONE, SOME, fault, language, said
from dealerrouting.cli.checking import allowed, past, placed, span

__all__ = ["diff", "percentage"]


@click.command()
@click.argument("active")
@click.argument("planned")
@click.option("--leads", metavar="LEADS", help="Past leads: how many of them move, and what they are worth.")
@click.option("--max-moved", metavar="PERCENT", help="Exit with 1 if more of the past leads move: 5%, 0.5%.")
@click.option("--away", is_flag=True, help="List also what changes only while one dealer is away.")
@click.option(
    "--list",
    "most",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many of the leads that move to name.",
)
@options.plan_options
def diff(
    active: str,
    planned: str,
    *,
    leads: str | None,
    max_moved: str | None,
    away: bool,
    most: int,
    at: str | None,
    all_time: bool,
    budget: int | None,
    timezone: str | None,
    customs: str | None,
    lang: str,
    form: str,
) -> None:
    """Say what changes between two plans: where, from whom to whom, and because of what.

    With past LEADS also how many of them move: which dealers could have each of them under either plan, at the
    instant at which it was received, without any facts.

    Regions that took too much work are listed as unknown. They have no part in --max-moved, which is about past leads
    only: each of these was looked at.

    Exit codes: 0 compared, 1 more past leads move than --max-moved allows, 2 a plan or the call is wrong.
    """
    from dealerrouting import verify
    from dealerrouting.cli.diff_page import DiffPage
    from dealerrouting.cli.output import write

    with said():
        language(lang)
        limit = None if max_moved is None else percentage(max_moved)
        if limit is not None and leads is None:
            raise fault("--max-moved", "is a part of the past leads, and there are none", "give --leads LEADS")
        since = span(at, all_time, timezone)
        before, after = placed(active, customs)[0], placed(planned, customs)[0]
        fields = max(before, after, key=lambda plan: len(plan.attributes))  # whose lead fields there are more of
        known = past(leads, fields, timezone) if leads is not None else []
        if limit is not None and not known:
            raise fault(str(leads), "holds no lead that can be read, so none can move", "give past leads")
        found = verify.diff(before, after, known, at=since, budget=allowed(budget))
        page = DiffPage(before, after, found, since, lang, None if leads is None else known, limit)
        write(page.json() if form == "json" else page.text(away=away, most=most), None)
    click.get_current_context().exit(SOME if page.over else DONE)


def percentage(text: str) -> Fraction:
    """`5%` as a part of one; an error with its cure for anything else."""
    cure = "write --max-moved 5%, a part from 0% to 100%"
    number, sign, rest = text.strip().partition("%")
    if not sign or rest.strip():
        raise fault("--max-moved", f"`{text}` is not a percentage", cure)
    try:
        share = Decimal(number.strip())
    except InvalidOperation:
        raise fault("--max-moved", f"`{text}` is not a percentage", cure) from None
    if not share.is_finite() or not 0 <= share <= 100:
        raise fault("--max-moved", f"`{text}` is no part of a whole", cure)
    return Fraction(share) / 100
