"""What is played in the month of the example network: which leads, which claims, and how dealers are.

May know: the plan, leads and decisions of the example. May not know: any lead or dealer of it by name, the desk,
chance: what a dealer does follows from its id and the lead's alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from dealerrouting import Decision, Lead, Plan, Registration

__all__ = ["CAP", "Scene", "answers"]

_YEAR, _MONTH = 2027, 8
_BEFORE = timedelta(days=10)
_EVERY = 3  # of the leads from before, so many are still open
_CLAIMS = 2
CAP = 3
Answer = tuple[float, str, str]
"""So many hours after the letter: what is done, and the word with it."""


def _share(*words: str) -> float:
    """A number from 0 to 1 that follows from the words."""
    return int.from_bytes(blake2b("/".join(words).encode(), digest_size=4).digest(), "big") / 2**32


# What is played


@frozen
class Scene:
    """Who and what is in the month: leads at their instants, those taken over with their holder, claims that are made.

    `silent` is the dealer that never answers: the one that has most of the leads which dealers share. `capped` is the
    busiest of the others without a cap; `plan` is the example's, with at most `CAP` open leads for it.
    """

    plan: Plan
    zone: ZoneInfo
    start: datetime
    end: datetime
    new: tuple[tuple[datetime, Lead], ...]
    old: tuple[tuple[datetime, Lead, str], ...]
    claims: tuple[Registration, ...]
    silent: str
    capped: str

    @classmethod
    def of(cls, world: Any, decisions: Sequence[Decision]) -> Scene:
        """From the example and what was decided in its year."""
        plan, leads = world.plan, {lead.id: lead for lead in world.leads}
        zone = ZoneInfo(plan.timezone)
        start, end = datetime(_YEAR, _MONTH, 1, tzinfo=zone), datetime(_YEAR, _MONTH + 1, 1, tzinfo=zone)
        month = [one for one in decisions if start <= one.at < end]
        before = [one for one in decisions if start - _BEFORE <= one.at < start and one.outcome == "assigned"]
        silent = _most(one.holder for one in month if len(one.changes.credits) > 1)
        capped = _most(one.holder for one in month if _has_no_cap(plan, one.holder) and one.holder != silent)
        return cls(
            _with_cap(plan, capped),
            zone,
            start,
            end,
            tuple((one.at, leads[one.lead]) for one in month),
            tuple((one.at, leads[one.lead], one.holder) for one in before[::_EVERY]),
            tuple(_claims(month, world.facts.registrations)),
            silent,
            capped,
        )


def _most(names: Iterable[str]) -> str:
    counted = Counter(names)
    return min(counted, key=lambda name: (-counted[name], name))


def _has_no_cap(plan: Plan, name: str) -> bool:
    dealer = plan.dealer(name)
    return dealer is not None and dealer.kind == "dealer" and dealer.max_open is None and dealer.max_per_30_days is None


def _with_cap(plan: Plan, name: str) -> Plan:
    dealers = [evolve(one, max_open=CAP) if one.id == name else one for one in plan.dealers]
    return evolve(plan, dealers=dealers)


def _claims(month: Sequence[Decision], known: Iterable[Registration]) -> Iterator[Registration]:
    """The first claims by which a lead of the month passes over the dealer of a territory."""
    by_id = {one.id: one for one in known}
    ids = dict.fromkeys(one.because[0] for one in month if one.by == "registrations" and one.passed_over)
    yield from [by_id[name] for name in ids if name in by_id][:_CLAIMS]


# How dealers are


def answers(scene: Scene, lead: str, holder: str) -> Iterator[Answer]:
    """What a holder does with a lead: some are prompt, some are slow, one is silent."""
    luck, end = _share(lead, holder), _share(lead, holder, "end")
    dealer = scene.plan.dealer(holder)
    if dealer is not None and dealer.kind == "house":
        return _of_the_house(luck, end)
    if holder == scene.silent:
        return iter(())
    return _prompt(luck, end) if _share(holder) < 0.6 else _slow(luck, end)


def _of_the_house(luck: float, end: float) -> Iterator[Answer]:
    if luck < 0.7:
        yield 4 + 20 * luck, "update", "contacted"
        yield 90 + 250 * end, "update", "won" if end < 0.3 else "lost"


def _prompt(luck: float, end: float) -> Iterator[Answer]:
    first = 2 + 30 * luck
    if luck < 0.07:
        yield first, "decline", "no_capacity"
        return
    if luck < 0.3:
        yield first / 2, "accept", ""
    yield first, "update", "contacted"
    if luck > 0.9:
        yield first + 48, "refer", "too_large"
        return
    yield from _worked(first, end)


def _slow(luck: float, end: float) -> Iterator[Answer]:
    first = 52 + 60 * luck
    if luck > 0.85:
        yield 30, "accept", ""  # and then nothing
        return
    yield first, "update", "contacted"
    yield from _worked(first, end)


def _worked(first: float, end: float) -> Iterator[Answer]:
    yield first + 100 + 60 * end, "update", "quoted" if end < 0.6 else "qualified"
    yield first + 190 + 240 * end, "update", "won" if end < 0.4 else "lost"
