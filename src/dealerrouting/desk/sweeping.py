"""`sweep`: one bounded pass over what is due. It may be broken off anywhere, run late, and run twice at once.

May know: following, waiting, claims. May not know: how anything is sent.
Leads are taken in small batches: one load, one tick each, one commit. A lead that needs the router, or whose batch was
contested or ran into trouble, is dealt with by itself; one that fails is noted, and left alone after a few tries.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from attrs import define, field, frozen

from dealerrouting.calendar import instant
from dealerrouting.desk.change import Change
from dealerrouting.desk.claims import tend
from dealerrouting.desk.config import Config
from dealerrouting.desk.following import Follower, at_of
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import commit
from dealerrouting.desk.plans import ALL
from dealerrouting.desk.steps import Steps, store
from dealerrouting.desk.waiting import offer_freed, offered
from dealerrouting.errors import Conflict, CorruptRecord, NotFound, StoreUnavailable
from dealerrouting.mapping import FrozenMap
from dealerrouting.ports import DESK, Case, Due, Hold, Ref, Trouble, Writes
from dealerrouting.sla import Effect

__all__ = ["Swept", "sweep"]

LOG = logging.getLogger("dealerrouting")
_BATCH = 50


@frozen
class Swept:
    """What one pass has done, or with `dry_run` would do.

    `looked` at so many things that were due since `oldest`, of which `changed` so many. `messages` by what they do and
    `to` whom. `later`: by dealer, how many leads were left for the next pass, because a dealer is told only so much at
    once. `failed`: what could not be dealt with and will be tried again; `parked`: what is left alone from now on, and
    why. `held`: by what hold the pass was kept back, or ended. `kept`: how many that are due are held one by one.
    `more`: something due is left that is not. `effects`: what is to be told, where the store keeps no outbox.
    """

    at: datetime
    looked: int = 0
    changed: int = 0
    oldest: datetime | None = None
    messages: FrozenMap[int] = FrozenMap()
    to: FrozenMap[int] = FrozenMap()
    later: FrozenMap[int] = FrozenMap()
    failed: FrozenMap[str] = FrozenMap()
    parked: FrozenMap[str] = FrozenMap()
    held: Hold | None = None
    more: bool = False
    dry_run: bool = False
    kept: int = 0
    effects: tuple[Effect, ...] = field(default=(), repr=False)


@define(eq=False)
class _Pass:
    """One pass under way."""

    config: Config
    per_dealer: int
    dry_run: bool
    looked: int = 0
    changed: int = 0
    oldest: datetime | None = None
    verbs: Counter[str] = field(factory=Counter)
    to: Counter[str] = field(factory=Counter)
    later: Counter[str] = field(factory=Counter)
    left: list[Ref] = field(factory=list)
    kept: set[Ref] = field(factory=set)
    held: Hold | None = None
    failed: dict[str, str] = field(factory=dict)
    parked: dict[str, str] = field(factory=dict)
    effects: list[Effect] = field(factory=list)

    # A batch

    def batch(self, items: Sequence[Due]) -> Steps[None]:
        """All of them in one commit, where that goes; else each by itself."""
        self.looked += len(items)
        self.oldest = min([one.at for one in items] + ([self.oldest] if self.oldest else []))
        leads = [one.ref for one in items if one.ref.kind == "lead"]
        alone = [one.ref for one in items if one.ref.kind != "lead"]
        try:
            alone += yield from self._together(leads)
        except (StoreUnavailable, NotFound):
            raise
        except Exception:  # whichever it was will fail alone, and be noted
            alone += leads
        for ref in alone:
            yield from self._alone(ref)

    def _together(self, refs: Sequence[Ref]) -> Steps[list[Ref]]:
        """Tick them all and commit once; those that have to be dealt with alone are given back."""
        if len(refs) < 2 or self.dry_run:
            return list(refs)
        look = Look(self.config)
        yield from look.load([DESK, *refs, *(Ref("trouble", str(ref)) for ref in refs)])
        whole, alone, told = Change(look.now), list[Ref](), Counter[str]()
        for ref in refs:
            case: Case | None = look.values[ref]
            if case is None or not case.open or self._held(look, case):
                continue
            change = Change(at_of(look, case))
            if case.offer_at is not None or look.values[Ref("trouble", str(ref))] is not None:
                alone.append(ref)
                continue
            follower = yield from Follower.of(self.config, look, change, case)
            if not (yield from follower.ticked()):
                alone.append(ref)
            elif self._allowed(case, change, told):
                whole.merge(change)
        yield from commit(self.config, look, whole)
        self._count(whole)
        self.effects += yield from offer_freed(self.config, whole)
        return alone

    # One by itself

    def _alone(self, ref: Ref) -> Steps[None]:
        try:
            if ref.kind == "claim":
                yield from self._claim(ref)
            else:
                yield from self._lead(ref)
        except StoreUnavailable:
            raise
        except Conflict:
            self.left.append(ref)  # whoever is at it will see to it; the next pass looks again
        except Exception as error:
            yield from self._trouble(ref, error)

    def _lead(self, ref: Ref) -> Steps[None]:
        for _ in range(self.config.most_tries):
            look = Look(self.config)
            trouble = Ref("trouble", str(ref))
            yield from look.load([DESK, ref, trouble])
            case: Case | None = look.values[ref]
            if case is None or not case.open or self._held(look, case):  # by now it may be over
                return
            change = Change(at_of(look, case))
            yield from self._dealt(look, case, change)
            if not self._allowed(case, change, Counter()):
                return
            if look.values[trouble] is not None:
                change.troubles.append((ref, None))
            if self.dry_run:
                self._count(change)
                return
            try:
                yield from commit(self.config, look, change)
            except Conflict:
                continue
            self._count(change)
            self.effects += yield from offer_freed(self.config, change)
            return
        raise Conflict(str(ref))

    def _dealt(self, look: Look, case: Case, change: Change) -> Steps[None]:
        """What is due: an offer to a dealer that has room by now, or a tick."""
        if case.offer_at is not None and case.offer_at <= change.at:
            done, _ = yield from offered(self.config, look, case, change)
            if done.outcome == "assigned":
                return
            case = change.cases.get(case.lead, case)
        follower = yield from Follower.of(self.config, look, change, case)
        follower.before = look.values[Ref("lead", case.lead)]
        yield from follower.hear()

    def _claim(self, ref: Ref) -> Steps[None]:
        if self.dry_run:
            self.changed += 1
            return
        look = Look(self.config)
        yield from look.load([DESK])
        if self._stopped(look):
            self.looked -= self._leave(ref)
            return
        outcome = yield from tend(self.config, ref.id)
        if outcome.refused:
            self.left.append(ref)
        else:
            self.changed += 1

    # Keeping within bounds

    def _held(self, look: Look, case: Case) -> bool:
        """Whether a person has said to leave it alone."""
        names = (f"lead:{case.lead}", f"dealer:{case.holder}")
        if self._stopped(look) or any(look.desk.held(name) for name in names):
            self.looked -= self._leave(Ref("lead", case.lead))  # or it would keep others from their turn
            self.kept.add(Ref("lead", case.lead))
            return True
        return False

    def _stopped(self, look: Look) -> bool:
        """Whether all is held, since before this pass or since it began: then nothing more is done in it."""
        self.held = look.desk.held(ALL) if not self.dry_run else None
        return self.held is not None

    def _leave(self, ref: Ref) -> bool:
        """It stays due; whether that is new: what was contested together is looked at again alone."""
        fresh = ref not in self.left
        self.left += [ref] if fresh else []
        return fresh

    def _allowed(self, case: Case, change: Change, told: Counter[str]) -> bool:
        """Whether everybody it tells may be told that much in one pass; if not, it stays due."""
        more = Counter(message.to for message in change.messages if message.to)
        over = [name for name, n in more.items() if self.to[name] + told[name] + n > max(self.per_dealer, n)]
        if over:
            self.later.update(dict.fromkeys(over[:1], int(self._leave(Ref("lead", case.lead)))))
            return False
        told.update(more)
        return True

    def _count(self, change: Change) -> None:
        self.changed += len(change.cases)
        self.verbs.update(message.does for message in change.messages)
        self.to.update(message.to for message in change.messages if message.to)
        self.effects += change.messages

    def _trouble(self, ref: Ref, error: Exception) -> Steps[None]:
        """Note it by the kind of the error alone: its text may hold what a lead says."""
        reason = str(error) if isinstance(error, CorruptRecord) else type(error).__name__
        LOG.warning("%s could not be dealt with: %s", ref, reason)
        self._leave(ref)
        if isinstance(error, CorruptRecord) and error.what.startswith("plan:"):
            self.failed[str(ref)] = reason  # a fault of the desk, not of the lead: it is never left alone for that
            return
        known = Ref("trouble", str(ref))
        look = Look(self.config)
        yield from look.load([known])
        before: Trouble | None = look.values[known]
        tries = (before.tries if before else 0) + 1
        parked = tries >= self.config.park_after
        if not self.dry_run:
            yield from store("commit", {}, Writes(troubles=((ref, Trouble(tries, reason, parked)),)))
        (self.parked if parked else self.failed)[str(ref)] = reason


def sweep(
    config: Config, *, at: datetime | None = None, limit: int = 10_000, per_dealer: int = 50, dry_run: bool = False
) -> Steps[Swept]:
    """Look at what is due, the longest due first: at most `limit` leads and claims, and at most `per_dealer` messages
    to one dealer; what would be more stays due, and the pass says so.

    `at` takes the place of the clock. `dry_run` changes nothing and says what would be done.
    """
    config = config.at(instant(at)) if at is not None else config
    look = Look(config)
    yield from look.load([DESK])
    now, run = look.now, _Pass(config, per_dealer, dry_run)
    held = look.desk.held(ALL)
    if held is not None and not dry_run:
        more = yield from store("due", now, 1)
        return Swept(now, held=held, more=bool(more))
    lease = None if dry_run else config.lease
    seen = 0
    while run.looked < limit and run.held is None:
        size = limit - run.looked if dry_run else min(_BATCH, limit - run.looked)
        found: tuple[Due, ...] = yield from store("due", now, seen + size, lease=lease)
        items = found[seen:]
        if not items:
            break
        seen += len(items) if dry_run else 0  # nobody has leased them: the next question gives them again
        yield from run.batch(items)
    if not dry_run and run.left:
        yield from store("unlease", tuple(run.left))
    left: tuple[Due, ...] = yield from store("due", now, len(run.kept) + 1)
    more = any(one.ref not in run.kept for one in left) if not dry_run else run.looked >= limit
    LOG.info("sweep: looked at %d, changed %d", run.looked, run.changed)
    return _told(run, now, held or run.held, more)


def _told(run: _Pass, now: datetime, held: Hold | None, more: bool) -> Swept:
    return Swept(
        now,
        run.looked,
        run.changed,
        run.oldest,
        FrozenMap(run.verbs),
        FrozenMap(run.to),
        FrozenMap(run.later),
        FrozenMap(run.failed),
        FrozenMap(run.parked),
        held,
        more,
        run.dry_run,
        len(run.kept),
        () if run.config.keeps_answers else tuple(run.effects),
    )
