"""A month of the example network behind a desk on SQLite: lived, not told.

May know: the desk, the store on SQL, what is played. May not know: any lead or dealer by name, a real clock, chance.
The clock is set by hand, and all that happens follows from the scene: so every run is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from dealerrouting import Decision, Registration
from dealerrouting.cli.month_scene import Scene, answers
from dealerrouting.desk import Health, LeadDesk
from dealerrouting.errors import StoreUnavailable
from dealerrouting.ports import History
from dealerrouting.registrations import Move
from dealerrouting.sla import Effect

if TYPE_CHECKING:
    from sqlalchemy import URL

    from dealerrouting.adapters.sql import SqlStore

__all__ = ["Letter", "Lived", "lived"]

SWEEP = timedelta(hours=6)
_PERSON = "sales-desk"
_SAY, _RECEIVE, _SWEEP = range(3)  # what comes first of what comes at one instant


@frozen
class Letter:
    """A message in the inbox of whom it is to."""

    at: datetime
    message: Effect


@frozen
class Lived:
    """What the month came to: every letter, the history of every lead, how the desk is at the end.

    `same`: of how many leads the recorded events, folded again, come to what is kept, of `own` that have a story of
    their own. `late`: answers to an assignment that was over.
    """

    scene: Scene
    letters: tuple[Letter, ...]
    histories: dict[str, History]
    health: Health
    same: int
    own: int
    late: int


def lived(world: Any, decisions: Sequence[Decision], target: Path) -> Lived:
    """Live through the month in a new database at `target`, in the place of the one that was there.

    `MissingExtra` where there is no SQLAlchemy, `StoreUnavailable` where the file cannot be made.
    """
    from dealerrouting.adapters.sql import SqlStore, upgrade  # says what to install, where that is missing

    scene, url = Scene.of(world, decisions), _made_anew(target)
    clock = _Clock(scene.start)
    upgrade(url)
    with SqlStore(url, clock=clock) as store:
        with store.engine.connect() as connection:  # the only one there will be
            connection.exec_driver_sql("PRAGMA synchronous = OFF")  # a demonstration need not outlive a power cut
        month = _Month(scene, clock, LeadDesk(store))
        month.live()
        return month.told(store)


def _made_anew(target: Path) -> URL:
    """Where the database will be, once that of an earlier run is away."""
    from sqlalchemy import URL

    try:
        for end in ("", "-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
    except OSError as error:
        raise StoreUnavailable("read_only", f"{target} cannot be made anew: {error.strerror}") from None
    return URL.create("sqlite+pysqlite", database=str(target))  # a path may hold what an URL may not


class _Read:
    """A store that is only read, and no history twice."""

    def __init__(self, store: SqlStore) -> None:
        self.load, self.history = store.load, cache(store.history)


@define
class _Clock:
    """A clock that is set by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@define(eq=False)
class _Month:
    """The month under way. `coming` is what will happen, by instant."""

    scene: Scene
    clock: _Clock
    desk: LeadDesk
    coming: list[tuple[datetime, int, int, Callable[[], None]]] = field(factory=list)
    letters: list[Letter] = field(factory=list)
    late: int = 0
    planned: int = 0

    def live(self) -> None:
        """From the first instant to the last."""
        self._open()
        while self.coming and self.coming[0][0] < self.scene.end:
            self.clock.now, _, _, do = heappop(self.coming)
            do()
        self.clock.now = self.scene.end
        self._sweep()

    def told(self, store: SqlStore) -> Lived:
        """What is kept of it."""
        names = [one[1].id for one in self.scene.old] + [one[1].id for one in self.scene.new]
        read = _Read(store)
        histories = {name: read.history(name) for name in sorted(names)}
        own = [name for name, one in histories.items() if one.case is not None and one.case.state is not None]
        again = LeadDesk(read)  # type: ignore[arg-type]  # as much of a store as it needs
        same = sum(again.replayed(name).same for name in own)
        return Lived(self.scene, tuple(self.letters), histories, self.desk.health(), same, len(own), self.late)

    def _open(self) -> None:
        """The plan, the leads of before, the claims; and what is to come."""
        scene = self.scene
        self.desk.activate(scene.plan, actor=_PERSON, reason="the first plan of this desk")
        for since, lead, holder in scene.old:
            self.desk.adopt(lead, holder=holder, actor=_PERSON, since=since)
            self._answered(lead.id, 1, holder)
        for claim in scene.claims:
            self.desk.register(_made_now(claim, scene.start), actor=claim.dealer)
            self.desk.decide_registration(claim.id, Move("approve", _PERSON))
        for at, lead in scene.new:
            self._later(at, _RECEIVE, partial(self.desk.receive, lead))
        self._later(scene.start + SWEEP, _SWEEP, self._sweep)

    def _later(self, at: datetime, rank: int, do: Callable[[], Any]) -> None:
        self.planned += 1
        heappush(self.coming, (at, rank, self.planned, do))

    def _sweep(self) -> None:
        """What is due, then what is to be told; and again in a few hours."""
        self.desk.sweep()
        while ready := self.desk.messages():
            for message in ready:
                self.desk.sent(message)
                self.letters.append(Letter(self.clock.now, message))
                if message.does in ("offer", "return_to_house") and message.to:
                    self._answered(message.lead, message.assignment, message.to)
        self._later(self.clock.now + SWEEP, _SWEEP, self._sweep)

    def _answered(self, lead: str, assignment: int, holder: str) -> None:
        """Whoever reads that it has a lead will act in its own time, when it is open."""
        calendar = self.scene.plan.policy.calendar_of(holder)
        for hours, do, word in answers(self.scene, lead, holder):
            at = (self.clock.now + timedelta(hours=hours)).replace(second=0, microsecond=0)
            at = calendar.next_open(at) if calendar else at
            self._later(at, _SAY, partial(self._say, do, word, lead, assignment, holder))

    def _say(self, do: str, word: str, lead: str, assignment: int, holder: str) -> None:
        told = {"accept": {}, "update": {"status": word}}.get(do, {"reason": word})
        outcome = getattr(self.desk, do)(lead, assignment=assignment, actor=holder, **told)
        self.late += outcome.outcome == "late"


def _made_now(claim: Registration, at: datetime) -> Registration:
    """The claim as its dealer would make it at this instant."""
    evidence = {"meeting": f"visit-{claim.id}"}
    return Registration(
        claim.id,
        claim.dealer,
        claim.company,
        submitted_at=at,
        products=claim.products,
        email=claim.email,
        evidence=evidence,
    )
