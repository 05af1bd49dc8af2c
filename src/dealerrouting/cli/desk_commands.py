"""`status`, `sweep`, `hold`, `release`, `activate`: the desk, as an operator has it in hand.

May know: the desk, a store that was opened, how output looks. May not know: how anything is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dealerrouting.cli import options
from dealerrouting.cli.calling import DONE, MORE, SOME, fault, instant_of, said, say
from dealerrouting.cli.storing import Given, Opened, opened, store_options

if TYPE_CHECKING:
    from dealerrouting import Plan
    from dealerrouting.desk import Activated, Swept
    from dealerrouting.ports import Hold

__all__ = ["activate", "by_hand", "hold", "release", "status", "sweep"]


def by_hand(*, reason: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Who does it, and why: `--actor`, always, and `--reason`, which may be left out where nobody has to be told."""

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        why = "Why; it is kept." if reason else "Why; it is kept. May be left out."
        more: dict[str, Any] = {"required": True} if reason else {"default": ""}
        command = click.option("--reason", metavar="TEXT", help=why, callback=_words(reason), **more)(command)
        who = "Who does it: an id, which is kept."
        return click.option("--actor", metavar="ID", required=True, help=who, callback=_words(True))(command)

    return added


def _words(needed: bool) -> Callable[[click.Context, click.Parameter, str], str]:
    def stripped(context: click.Context, parameter: click.Parameter, value: str) -> str:
        text = value.strip()
        if needed and not text:
            raise click.BadParameter("is empty", ctx=context, param=parameter)
        return text

    return stripped


# Looking


@click.command()
@store_options
@options.form
@click.option(
    "--look",
    metavar="N",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="How many of the leads that are due to try, for what the next pass would do.",
)
@options.at("As of this instant, in place of the store's clock.")
@options.timezone("an instant that has no offset")
def status(given: Given, form: str, look: int, at: str | None, timezone: str | None) -> None:
    """Say what decides, is held, is due and comes next.

    It changes nothing.
    """
    from dealerrouting.cli.output import write

    with said():
        as_of = instant_of(at, timezone)
    with opened(given) as found:
        from dealerrouting.cli.status import Seen, as_json, as_text

        if as_of is not None:
            found.desk.config = found.desk.config.at(as_of)

        desk = found.state()
        names = {
            digest: str(plan.get("name")) for digest, plan in found.plans({a.plan for a in desk.activations}).items()
        }
        next_pass = found.desk.sweep(limit=look, dry_run=True) if look else None
        seen = Seen(found.place.shown, desk, found.desk.health(), names, next_pass)
        write(as_json(seen) if form == "json" else as_text(seen), None)


# Going on, and stopping


@click.command()
@store_options
@options.at("Sweep as of this instant, in place of the store's clock.")
@options.timezone("an instant that has no offset")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=10_000, show_default=True, help="At most.")
@click.option(
    "--per-dealer",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Tell nobody more than this in one pass; the rest stays due.",
)
@click.option("--dry-run", is_flag=True, help="Change nothing, and say what would be done.")
@click.option("--yes", is_flag=True, help="Also where --at has not come yet.")
def sweep(
    given: Given, at: str | None, timezone: str | None, limit: int, per_dealer: int, dry_run: bool, yes: bool
) -> None:
    """Do what is due, in one bounded pass.

    The longest due is done first. It may be repeated at any time, and run twice at once.

    Exit codes: 0 nothing is left, 1 some failed or are parked, 3 more is due or all is held: call again.
    """
    with said():
        as_of = instant_of(at, timezone)
    with opened(given) as found:
        if as_of is not None and not (dry_run or yes):
            _not_ahead(found, as_of)
        _readable(found)
        swept = found.desk.sweep(at=as_of, limit=limit, per_dealer=per_dealer, dry_run=dry_run)
        say(*_swept(swept, found.state().holds))
    click.get_current_context().exit(_code(swept))


def _not_ahead(found: Opened, as_of: datetime) -> None:
    """What is done for time that has not gone by cannot be undone: it is not done by a slip of the finger."""
    from dealerrouting.cli.wording import age

    ahead = as_of - found.store.load([]).at
    if ahead.total_seconds() > 0:
        cure = "look with --dry-run first; what is done cannot be undone, so say --yes"
        raise fault("--at", f"is {age(ahead)} ahead of the store's clock", cure)


def _readable(found: Opened) -> None:
    """The active plan is read first: if its functions are not given, no lead is to be parked for it."""
    from dealerrouting.documents.plans import plan_from_data

    active = found.state().active(found.store.load([]).at)
    text = found.plans({active.plan}).get(active.plan) if active else None
    if text is not None:
        found.desk.config.know(plan_from_data(text, found.desk.config.customs))


def _code(swept: Swept) -> int:
    if swept.failed or swept.parked:
        return SOME
    return MORE if swept.more or swept.later or swept.held is not None else DONE


def _swept(swept: Swept, holds: tuple[Hold, ...]) -> Iterator[str]:
    from dealerrouting.cli.status import held, passed, released, trouble
    from dealerrouting.cli.wording import when

    all_held = swept.held
    if all_held is not None:
        yield f"all is held, since {when(all_held.since)}, by {all_held.actor}: {all_held.reason}"
        yield f"  to go on: {released('all')}"
    if all_held is not None and not swept.dry_run and not swept.looked:
        yield "nothing was done; " + ("something is due" if swept.more else "nothing is due")
        return
    first, *rest = passed(swept) if swept.looked else ["found nothing to do"]
    yield f"{when(swept.at)}: {first}"
    yield from (f"  {line}" for line in rest)
    for what, why in swept.failed.items():
        yield f"  failed, and is tried again: {trouble(what, why)}"
    for what, why in swept.parked.items():
        yield f"  parked, and left alone from now on: {trouble(what, why)}"
        yield f"    to try it again: {released(what)}"
    if swept.kept:
        verb = "is" if swept.kept == 1 else "are"
        yield f"  {swept.kept:,} that {verb} due {verb} held: see `dealerrouting status`"
    if swept.more:
        yield "  more is due: call again"
    if swept.kept:
        yield from (f"  what is held stays due: {held(one)}" for one in holds if one is not all_held)


@click.command()
@store_options
@click.option("--lead", metavar="ID", help="Only this lead.")
@click.option("--dealer", metavar="ID", help="Only the leads of this dealer.")
@by_hand(reason=True)
def hold(given: Given, lead: str | None, dealer: str | None, actor: str, reason: str) -> None:
    """Do nothing and send nothing until released.

    For all, or for one lead, or for one dealer's leads. Clocks run on, and what people say is heard.
    """
    from dealerrouting.cli.wording import when

    with opened(given) as found:
        _one_of(lead=lead, dealer=dealer)
        _known(found, lead=lead, dealer=dealer)
        before = found.state()
        done = found.desk.hold(actor=actor, reason=reason, lead=lead, dealer=dealer)
        if before.held(done.what) is not None:
            say(f"{done.what} is held already, since {when(done.since)}, by {done.actor}: {done.reason}")
            return
        from dealerrouting.cli.status import released

        say(f"{done.what} is held from {when(done.since)} on; to go on: {released(done.what)}")


@click.command()
@store_options
@click.option("--lead", metavar="ID", help="Only this lead; if it is parked it is tried again.")
@click.option("--dealer", metavar="ID", help="Only the leads of this dealer.")
@click.option("--claim", metavar="ID", help="Only this claim, that is parked.")
@by_hand(reason=True)
def release(given: Given, lead: str | None, dealer: str | None, claim: str | None, actor: str, reason: str) -> None:
    """Let what was held, or is parked, go on."""
    with opened(given) as found:
        what = _one_of(lead=lead, dealer=dealer, claim=claim)
        if found.state().held(what) is None:
            _known(found, lead=lead, dealer=dealer, claim=claim)
        done = found.desk.release(actor=actor, reason=reason, lead=lead, dealer=dealer, claim=claim)
        say(
            f"{what} goes on: what is due is done by the next pass"
            if done
            else f"{what} was not held: nothing is changed"
        )
        for one in found.state().holds:
            from dealerrouting.cli.status import held

            say(f"still held: {held(one)}")


def _one_of(**named: str | None) -> str:
    """What is named, as holds name it; not two of them."""
    given = [f"{kind}:{id}" for kind, id in named.items() if id is not None]
    if len(given) > 1:
        both = " and ".join(f"--{kind}" for kind, id in named.items() if id is not None)
        raise fault(both, "at once", "give one of them")
    return given[0] if given else "all"


def _known(found: Opened, *, lead: str | None = None, dealer: str | None = None, claim: str | None = None) -> None:
    """What is named must be there: a slip of the finger would hold nothing, and nobody would see it."""
    from dealerrouting.errors import did_you_mean, quoted

    for kind, word, id in (("lead", "lead", lead), ("claim", "claim", claim)):
        if id is not None and found.missing(kind, (id,)):
            raise fault(f"--{kind}", f"there is no {word} {quoted(id)}", "see its id in the portal or the CRM")
    if dealer is None:
        return
    plans = found.plans({one.plan for one in found.state().activations}).values()
    known = {str(row.get("id")) for plan in plans for row in plan.get("dealers", ())} | {*found.survey().holders}
    if dealer not in known:
        raise fault("--dealer", f"no plan here has a dealer {quoted(dealer)}", did_you_mean(dealer, known))


# Plans


@click.command()
@store_options
@click.argument("plan", required=False)
@by_hand(reason=False)
@options.at("From this instant on. Default: now.")
@options.timezone("an instant that has no offset")
@click.option("--roll-back", is_flag=True, help="Back to the plan that decided before; give no PLAN, and a --reason.")
@click.option("--dry-run", is_flag=True, help="Check it, say what would change, and change nothing.")
def activate(
    given: Given,
    plan: str | None,
    actor: str,
    reason: str,
    at: str | None,
    timezone: str | None,
    roll_back: bool,
    dry_run: bool,
) -> None:
    """Let a plan decide from now on.

    Or from an instant on. No deadline moves; the old plans are kept, and --roll-back goes back to the last one.
    """
    with said():
        _called_well(plan, at, reason, roll_back)
        since = instant_of(at, timezone)
    with opened(given) as found:
        if roll_back:
            done = found.desk.roll_back(actor=actor, reason=reason, dry_run=dry_run)
        else:
            done = _activated(found, str(plan), actor, reason, since, dry_run)
        names = {digest: str(kept.get("name")) for digest, kept in found.plans({done.plan, done.before or ""}).items()}
        names |= {digest: one.name for digest, one in found.desk.config.plans.items() if digest == done.plan}
        say(*_told(done, names, later=since is not None, dry_run=dry_run))


def _called_well(plan: str | None, at: str | None, reason: str, roll_back: bool) -> None:
    if roll_back and (plan is not None or at is not None):
        raise fault("--roll-back", "goes with neither PLAN nor --at", "leave them out")
    if roll_back and not reason:
        raise fault("--roll-back", "wants to know why", "give --reason TEXT")
    if not roll_back and plan is None:
        raise fault("PLAN", "is missing", "give a plan, or --roll-back")


def _activated(found: Opened, path: str, actor: str, reason: str, since: datetime | None, dry_run: bool) -> Activated:
    """Activate the plan at `path`; one that is planned for this instant already is not planned twice."""
    from attrs import evolve

    from dealerrouting.cli.output import note
    from dealerrouting.documents import load_plan
    from dealerrouting.errors import PlanError

    plan: Plan = load_plan(path, found.given.customs, say=note)
    again = any(one.plan == plan.digest and one.since == since for one in found.desk.health().planned)
    try:
        done = found.desk.activate(plan, actor=actor, reason=reason, since=since, dry_run=dry_run or again)
    except PlanError as error:
        raise PlanError(
            evolve(one, place={"since": "--at"}.get(one.place, one.place)) for one in error.faults
        ) from None
    return evolve(done, changed=done.changed and not again)


def _told(done: Activated, names: dict[str, str], *, later: bool, dry_run: bool) -> Iterator[str]:
    """What was activated, what it replaces, and what a person should know."""
    from dealerrouting.cli.wording import counted, number, short, when

    def named(digest: str) -> str:
        return f"{names.get(digest, 'a plan')} ({short(digest)})"

    if not done.changed:
        yield f"{named(done.plan)} {'is planned' if later else 'decides'} already, from {when(done.since)} on"
    else:
        yield f"{named(done.plan)} {'would decide' if dry_run else 'decides'} from {when(done.since)} on"
        yield f"  it replaces {named(done.before)}" if done.before else "  it is the first plan of this store"
        yield "  no deadline moves: every open lead stays under the terms it began with"
    if done.missing:
        total = sum(n for _, n in done.missing)
        yield f"  {number(total, 'open lead')} with holders that this plan does not have: {counted(dict(done.missing))}"
        yield "    they stay there until somebody reassigns them, or their time is up"
    if dry_run:
        yield "  nothing was changed"
