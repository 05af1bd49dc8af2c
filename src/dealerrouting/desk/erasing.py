"""`erase`, `export_person`: what somebody said is nowhere any more; or is handed to whom it is about.

May know: ports, documents' text of what is kept. May not know: how a lead is decided or followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from dealerrouting.desk.change import Change
from dealerrouting.desk.claims import settle
from dealerrouting.desk.config import Config
from dealerrouting.desk.following import at_of
from dealerrouting.desk.linking import carry_on
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, once
from dealerrouting.desk.outcome import Outcome, with_effects
from dealerrouting.desk.steps import Steps, store
from dealerrouting.desk.waiting import offer_freed
from dealerrouting.documents.values import to_data
from dealerrouting.errors import Fault, NotFound, PlanError
from dealerrouting.model import readable_text
from dealerrouting.ports import DESK, Case, Claimed, History, Known, Ref
from dealerrouting.sla import Effect

__all__ = ["Erased", "address", "erase", "erase_expired", "export_person"]


@frozen
class Erased:
    """What was erased. `scrubbed`: nothing of it is left in files either; False where that is still to be done.
    `effects` are what is to be told because of it, where the store keeps no outbox.
    """

    refs: tuple[Ref, ...]
    scrubbed: bool
    dry_run: bool = False
    effects: tuple[Effect, ...] = field(default=(), repr=False)


def erase(
    config: Config,
    *,
    actor: str,
    reason: str = "",
    leads: Iterable[str] = (),
    claims: Iterable[str] = (),
    person: str | None = None,
    dry_run: bool = False,
) -> Steps[Erased]:
    """What these leads and claims say, and everything that holds this mail address, is removed for good.

    What was decided and done stays, in ids; so a replay of it still holds. An open lead is over with it, and messages
    about it that have not left are dropped; if others go with it, the oldest of them carries on with the same holder
    and a fresh clock. A claim that stood protects nobody any more. What is erased already is erased once.
    """
    if isinstance(leads, str) or isinstance(claims, str):
        raise TypeError("`leads` and `claims` are lists of ids: write leads=[...]")
    refs = {*(Ref("lead", name) for name in leads), *(Ref("claim", name) for name in claims)}
    if not refs and person is None:
        raise ValueError("name what is to be erased: leads, claims or a person")
    look = Look(config)
    yield from look.load(sorted(refs))
    for ref in sorted(refs):  # all or none: a mistyped id is no reason to stop half-way
        if look.values[ref] is None and not look.versions[ref]:  # what was erased has a version still
            raise NotFound(f"there is no {'lead' if ref.kind == 'lead' else 'registration'} {ref.id!r}")
    if person is not None:
        refs |= {*(yield from store("about", address(person)))}
    return (yield from _erased(config, sorted(refs), actor, reason, dry_run))


def erase_expired(config: Config, *, actor: str, limit: int = 1_000, dry_run: bool = False) -> Steps[Erased]:
    """What has been over for longer than the active plan's `terms.retention`. `PlanError` where it names none."""
    look = Look(config)
    yield from look.load([DESK])
    plan = yield from look.active()
    if plan.terms.retention is None:
        cure = "add it: retention: {elapsed: 730d}"
        raise PlanError([Fault("terms.retention", "the active plan does not say how long anything is kept", cure)])
    refs: tuple[Ref, ...] = yield from store("expired", look.now - plan.terms.retention.delta, limit)
    return (yield from _erased(config, refs, actor, "retention", dry_run))


def _erased(config: Config, refs: Iterable[Ref], actor: str, reason: str, dry_run: bool) -> Steps[Erased]:
    done, told = list[Ref](), list[Effect]()
    for ref in refs:
        if dry_run:
            done.append(ref)
            continue
        outcome = yield from _one(config, ref, actor, reason)
        done += [ref] if outcome.outcome == "erased" else []
        told += outcome.effects
    scrubbed = True if dry_run else bool((yield from store("scrub")))
    return Erased(tuple(done), scrubbed, dry_run, tuple(told))


def _one(config: Config, ref: Ref, actor: str, reason: str) -> Steps[Outcome]:
    def work(look: Look) -> Steps[Done]:
        if ref.kind == "claim":
            return (yield from _claim(look, ref, actor, reason))
        return (yield from _lead(look, ref, actor, reason))

    outcome, change = yield from once(config, Asked("erase", ref, None), work)
    told = yield from offer_freed(config, change)
    yield from settle(config, change)
    return with_effects(outcome, told)


def _claim(look: Look, ref: Ref, actor: str, reason: str) -> Steps[Done]:
    found: Claimed | None = look.values[ref]
    if found is None:
        return Outcome(ref, "nothing"), Change(look.now)  # of a claim that was erased nothing is left to tell it by
    change = Change(look.now, erase=[ref])
    seals = look.seal.keys(found.claim.keys | found.claim.identity.hints)
    prospects = [Ref("prospect", str(key)) for key in seals]
    yield from look.load(prospects)
    change.touched += prospects
    change.settle |= {name for prospect in prospects for name in look.values[prospect].claims} - {ref.id}
    change.act("erase", str(ref), actor, reason)
    return Outcome(ref, "erased"), change


def _lead(look: Look, ref: Ref, actor: str, reason: str) -> Steps[Done]:
    case = look.case(ref.id)
    change = Change(at_of(look, case))
    if case.erased_at is not None:
        return Outcome(ref, "nothing"), change.again(case)
    yield from look.load([Ref("lead", name) for name in (*case.links, *([case.linked] if case.linked else []))])
    over = case.over_since or change.at
    change.put(case, evolve(case, erased_at=change.at, over_since=over, keys=(), links=(), retry=(), offer_at=None))
    change.known[ref] = Known(ref)
    change.erase.append(ref)
    change.act("erase", str(ref), actor, reason)
    primary: Case | None = look.values.get(Ref("lead", case.linked or ""))
    if primary is not None:
        change.put(primary, evolve(primary, links=tuple(name for name in primary.links if name != case.lead)))
    others = [look.values[Ref("lead", name)] for name in case.links]
    rest = [one for one in others if one is not None and one.erased_at is None]
    if case.open and rest:
        yield from carry_on(look, change, case, rest, actor)
    return Outcome(ref, "erased"), change


# To whom it is about


def export_person(config: Config, person: str) -> Steps[dict[str, Any]]:
    """Everything that is kept of the person with this mail address, in JSON's own types."""
    refs: tuple[Ref, ...] = yield from store("about", address(person))
    leads = list[dict[str, Any]]()
    for ref in refs:
        if ref.kind == "lead":
            found: History = yield from store("history", ref.id)
            leads.append(_exported(found))
    claims = [ref for ref in refs if ref.kind == "claim"]
    look = Look(config)
    yield from look.load(claims)
    held = [look.values[ref] for ref in claims]
    return {
        "schema_version": 1,
        "person": address(person),
        "leads": leads,
        "registrations": [to_data(one.claim) for one in held if one is not None],
    }


def _exported(found: History) -> dict[str, Any]:
    case = found.case
    return {
        "lead": to_data(found.content) if found.content else None,
        "received_at": _text(case.received_at) if case else None,
        "phase": case.phase if case else None,
        "holder": case.holder if case else None,
        "linked": case.linked if case else None,
        "events": [to_data(event) for event in found.events],
        "decisions": [to_data(one.decision) for one in found.decisions],
        "messages": [dict(_message(to_data(one), gone)) for one, gone in found.messages],
    }


def _message(data: Mapping[str, Any], gone: bool) -> Iterator[tuple[str, Any]]:
    yield from data.items()
    yield "left", gone


def address(person: str) -> str:
    """A mail address as leads and claims hold it; `ValueError` where it is none that they could."""
    text = readable_text(person)
    if text is None:
        raise ValueError("give a mail address")
    return text


def _text(at: datetime) -> str:
    return at.isoformat()
