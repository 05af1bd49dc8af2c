"""`activate`, `roll_back`, `hold`, `release`: what a person decides about the desk as a whole.

May know: plans, ports. May not know: leads, claims.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from attrs import evolve, frozen

from dealerrouting.calendar import instant
from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import commit
from dealerrouting.desk.sealing import Sealer
from dealerrouting.desk.steps import Steps, store
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.documents.values import to_data
from dealerrouting.errors import Conflict, Fault, NotFound, PlanError, did_you_mean
from dealerrouting.ports import DESK, Activation, Hold, Ref, Survey
from dealerrouting.rules import Plan

__all__ = ["ALL", "Activated", "activate", "hold", "release", "roll_back"]

ALL = "all"
T = TypeVar("T")


@frozen
class Activated:
    """Which plan decides from when on; which one did before; and what a person should know of it.

    `changed` is False where it was active already. `missing` are holders of open leads, with how many, that the plan
    does not have.
    """

    plan: str
    since: datetime
    before: str | None
    changed: bool
    missing: tuple[tuple[str, int], ...] = ()


def activate(
    config: Config, plan: Plan, *, actor: str, reason: str = "", since: datetime | None = None, dry_run: bool = False
) -> Steps[Activated]:
    """From `since` on (now, where it is not given) this plan decides; the old ones are kept.

    No running deadline moves: every lead stays under the policy that it began with. `PlanError` where the plan cannot
    be kept and read again, or `since` is past. `dry_run` checks, and changes nothing.
    """
    text = _text(config, plan)

    def work(look: Look) -> Steps[tuple[Activated, Change]]:
        start = _start(since, look.now)
        active = look.desk.active(look.now)
        missing = yield from _missing(look, plan)
        before = active.plan if active else None
        planned = any(one.since > look.now for one in look.desk.activations)  # then this one is to outlast it
        if before == plan.digest and since is None and not planned:
            return Activated(plan.digest, active.since if active else start, before, False, missing), Change(look.now)
        seal = look.desk.seal or Sealer.new(config.secret)
        entry = Activation(plan.digest, start, actor, reason)
        change = Change(look.now, desk=evolve(look.desk, activations=(*look.desk.activations, entry), seal=seal))
        change.plans.append((plan.digest, plan.policy.digest, text))
        change.act("activate", plan.digest, actor, reason)
        return Activated(plan.digest, start, before, True, missing), change

    done = yield from _decided(config, work, dry_run=dry_run)
    config.know(plan)
    return done


def roll_back(config: Config, *, actor: str, reason: str, dry_run: bool = False) -> Steps[Activated]:
    """The plan that was active before the present one decides again, from now on; said again, the one before that.
    `NotFound` where there is none, `ValueError` without a reason.

    `dry_run` checks, and changes nothing.
    """

    if not reason.strip():
        raise ValueError("say why it goes back: a reason")

    def work(look: Look) -> Steps[tuple[Activated, Change]]:
        *others, now = look.desk.course(look.now) or ("",)
        if not others:
            raise NotFound("there is no plan to go back to")
        plan = yield from look.plan(others[-1])
        missing = yield from _missing(look, plan)
        entry = Activation(plan.digest, look.now, actor, reason, back=True)
        change = Change(look.now, desk=evolve(look.desk, activations=(*look.desk.activations, entry)))
        change.act("roll_back", entry.plan, actor, reason)
        return Activated(entry.plan, look.now, now, True, missing), change

    return (yield from _decided(config, work, dry_run=dry_run))


def hold(config: Config, *, actor: str, reason: str, lead: str | None = None, dealer: str | None = None) -> Steps[Hold]:
    """Nothing is done by itself and nothing is sent: for all, or for one lead, or for one dealer's leads.

    Clocks run on, and what people say is heard. Whoever is held twice is held once, since the first time.
    """
    what = _what(lead, dealer)
    if not reason.strip():
        raise ValueError("say why it is held: a reason")

    def work(look: Look) -> Steps[tuple[Hold, Change]]:
        yield from _exists(look, lead, dealer)
        known = look.desk.held(what)
        if known is not None:
            return known, Change(look.now)
        entry = Hold(what, look.now, actor, reason)
        change = Change(look.now, desk=evolve(look.desk, holds=(*look.desk.holds, entry)))
        change.act("hold", what, actor, reason)
        return entry, change

    return (yield from _decided(config, work))


def release(
    config: Config,
    *,
    actor: str,
    reason: str = "",
    lead: str | None = None,
    dealer: str | None = None,
    claim: str | None = None,
) -> Steps[bool]:
    """What was held goes on; a lead or claim that was parked is tried again. Whether there was anything to release."""
    what = _what(lead, dealer, claim)

    def work(look: Look) -> Steps[tuple[bool, Change]]:
        known = look.desk.held(what)
        ref = Ref("claim", claim) if claim is not None else Ref("lead", lead or "")
        trouble = Ref("trouble", what)
        if ref.id:
            yield from look.load([trouble])
        parked = look.values.get(trouble) is not None
        change = Change(look.now)
        if known is not None:
            change.desk = evolve(look.desk, holds=tuple(one for one in look.desk.holds if one is not known))
        if parked:
            change.troubles.append((ref, None))
        if known is not None or parked:
            change.act("release", what, actor, reason)
        return known is not None or parked, change

    return (yield from _decided(config, work))


# All of them alike


def _exists(look: Look, lead: str | None, dealer: str | None) -> Steps[None]:
    """`NotFound` for what there is not: a slip of the finger would hold nothing, and say that it did."""
    if lead is not None:
        yield from look.load([Ref("lead", lead)])
        look.case(lead)
    if dealer is not None:
        plan = yield from look.active()
        found: Survey = yield from store("survey", look.now)
        if plan.dealer(dealer) is None and dealer not in found.holders:
            cure = did_you_mean(dealer, plan.by_id)
            raise NotFound(f"there is no dealer {dealer!r}; {cure}")


def _missing(look: Look, plan: Plan) -> Steps[tuple[tuple[str, int], ...]]:
    """Holders of open leads, with how many, that the plan does not have."""
    found: Survey = yield from store("survey", look.now)
    return tuple((name, n) for name, n in found.holders.items() if name and plan.dealer(name) is None)


def _what(lead: str | None, dealer: str | None, claim: str | None = None) -> str:
    named = [f"{kind}:{id}" for kind, id in (("lead", lead), ("dealer", dealer), ("claim", claim)) if id is not None]
    if len(named) > 1:
        raise ValueError("a lead, or a dealer, or a claim, or all: one at a time")
    return named[0] if named else ALL


def _decided(config: Config, work: Callable[[Look], Steps[tuple[T, Change]]], *, dry_run: bool = False) -> Steps[T]:
    """Load the desk, decide, commit; again where somebody was faster."""
    for _ in range(config.most_tries):
        look = Look(config)
        yield from look.load([DESK])
        done, change = yield from work(look)
        if dry_run:
            return done
        try:
            yield from commit(config, look, change)
        except Conflict:
            continue
        return done
    raise Conflict("the desk is changed by others all the time: nothing was done, try again")


def _start(since: datetime | None, now: datetime) -> datetime:
    start = now if since is None else instant(since)
    if start < now:
        raise PlanError([Fault("since", f"`{start.isoformat()}` is past", "a plan decides from now on, or later")])
    return start


def _text(config: Config, plan: Plan) -> str:
    """The plan as text, of which an equal one is made again: or it could not be explained in a year."""
    text = json.dumps(to_data(plan), ensure_ascii=False, separators=(",", ":"))
    if plan_from_data(json.loads(text), config.customs).digest != plan.digest:
        what = "what is read back of it is another plan"
        raise PlanError([Fault("plan", what, "give the desk the same `customs` as the plan was made with")])
    return text
