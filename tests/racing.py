"""Two workers of one PostgreSQL, and a scheduler that says whose next statement it is.

May know: the desk, the store on SQL, PostgreSQL's view of who waits for whom. May not know: pytest, what a command
does.

Each worker has a thread, an engine and a connection of its own, and stops at a *gate* before every statement and before
every COMMIT. The scheduler lets one through and then waits until that worker is at its next gate, is done, or is
waiting for a lock, which the server is asked (`pg_blocking_pids`); no time is guessed. Who waits for a lock goes on
when the other has let go, and the switch that it forces is free.

`schedules` goes through all interleavings with at most so many *preemptions* (switches from a worker that could have
gone on), depth first: a schedule is who begins and the steps at which the other takes over. A preemption may be at any
gate, or with `chosen` only where the two can meet: before a statement outside a transaction, before the first
statement of one, before one that locks rows, and before COMMIT. Between those a transaction writes what it has locked.

What comes of every schedule must be what comes of one order of the two commands' *parts*: a part ends with a COMMIT,
and most commands are one part, so that there are two orders. A sweep is more (what it leases, each batch), and so is
what offers a freed place to a lead that waits. Answers and all rows are held against those of the orders.
"""

import itertools
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from attrs import define, evolve, field, frozen
from sqlalchemy import event, select

import desk_audit
import servers
from dealerrouting.adapters.sql import SqlStore
from dealerrouting.desk import LeadDesk
from dealerrouting.errors import DealerRoutingError
from dealerrouting.ports import DESK

SECRET = b"sixteen bytes or more"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
_LOCKS = ("FOR UPDATE", "FOR SHARE", "ON CONFLICT")
MOST_STEPS, MOST_PARTS, MOST_LOOKS = 2_000, 8, 30_000


@frozen
class Schedule:
    """Who begins, and the steps at which the other takes over."""

    first: int
    preemptions: tuple[int, ...] = ()


@define
class Step:
    """One step of a run: who took it, at what gate, and whether the other could have been let through instead."""

    worker: int
    gate: str
    free: bool
    meets: bool


class Worker:
    """One of the two: its desk, its thread, and where it stands: `idle`, `gate`, `going` or `done`."""

    def __init__(self, number, url, kind, clock, told):
        self.number, self.told, self.stands, self.gate, self.meets = number, told, "idle", "", True
        self.store = kind(url, clock=clock)
        self.desk = LeadDesk(self.store, secret=SECRET, clock=clock)
        self.pid, self.free, self.gated, self.begun = None, threading.Semaphore(0), False, False
        self.work, self.answer, self.waiting = None, None, threading.Semaphore(0)
        event.listen(self.store.engine, "before_cursor_execute", self._before)
        self.commit, self.store.engine.dialect.do_commit = self.store.engine.dialect.do_commit, self._do_commit
        self.rollback = self.store.engine.dialect.do_rollback
        self.store.engine.dialect.do_rollback = self._do_rollback
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while True:
            self.waiting.acquire()
            if self.work is None:
                return
            try:
                self.answer = self.work(self.desk)
            except DealerRoutingError as error:
                self.answer = type(error).__name__
            except Exception as error:
                self.answer = error
            self._stand("done", "done")

    def _stand(self, where, gate):
        with self.told:
            self.stands, self.gate = where, gate
            self.told.notify_all()

    def _stop(self, gate, meets):
        if self.gated:
            self.meets = meets
            self._stand("gate", gate)
            self.free.acquire()

    def _before(self, connection, cursor, statement, parameters, context, executemany):
        self.pid = connection.connection.dbapi_connection.info.backend_pid
        alone = connection.connection.dbapi_connection.autocommit
        meets = alone or not self.begun or any(word in statement for word in _LOCKS[:2])
        self.begun = not alone
        self._stop(statement, meets)

    def _do_commit(self, connection):
        self._stop("COMMIT", True)
        self.begun = False
        self.commit(connection)

    def _do_rollback(self, connection):
        self.begun = False
        self.rollback(connection)

    def start(self, work):
        self.work, self.answer, self.gated, self.begun = work, None, True, False
        self.stands = "going"
        self.waiting.release()

    def go(self):
        self.stands = "going"
        self.free.release()

    def plain(self, work):
        """Do it at once, in this thread, past all gates."""
        self.gated = False
        try:
            return work(self.desk)
        except DealerRoutingError as error:
            return type(error).__name__

    def close(self):
        self.work = None
        self.waiting.release()
        self.thread.join()
        self.store.close()


@define(eq=False, slots=False)
class Race:
    """Two workers on one schema, with tables made by `upgrade`."""

    url: str
    kind: type = SqlStore
    at: datetime = NOW
    told: threading.Condition = field(factory=threading.Condition)
    workers: list = field(factory=list)
    watch: object = None
    store: object = None
    deadlocks: int = 0

    def __attrs_post_init__(self):
        self.watch, self.store = servers.connect(self.url), SqlStore(self.url, clock=self.clock)
        self.rows = " union all ".join(_rows(name, table) for name, table in self.store.work.t.all.items())
        self.desk = LeadDesk(self.store, secret=SECRET, clock=self.clock)
        self.workers = [Worker(n, self.url, self.kind, self.clock, self.told) for n in (0, 1)]
        for worker in self.workers:
            worker.store.load([DESK])

    def clock(self):
        return self.at

    def close(self):
        for worker in self.workers:
            worker.close()
        self.store.close()
        self.watch.close()

    def portrait(self):
        """As `desk_audit.portrait`, by one question."""
        found = {name: [] for name in self.store.work.t.all}
        for name, _, _, row in sorted(self.watch.execute(self.rows).fetchall()):
            found[name].append(row)
        return found

    # One run

    def run(self, works, schedule):
        """Both at once by this schedule: the answers, and the steps that were taken."""
        for worker, work in zip(self.workers, works, strict=True):
            worker.start(work)
        for worker in self.workers:
            self._settle(worker)
        current, steps = schedule.first, []
        while not all(worker.stands == "done" for worker in self.workers):
            current = self._next(current, steps, schedule)
            self._step(current, steps)
            if len(steps) > MOST_STEPS:
                raise RuntimeError("the two go on without end")
        return [worker.answer for worker in self.workers], steps

    def _next(self, current, steps, schedule):
        """Whose step it is: the other's where it is to take over, or where the present one cannot go on."""
        here, there = (self.workers[n].stands == "gate" for n in (current, 1 - current))
        if (len(steps) in schedule.preemptions or not here) and there:
            return 1 - current
        return current

    def _step(self, current, steps):
        worker, other = self.workers[current], self.workers[1 - current]
        if worker.stands == "gate":
            steps.append(Step(current, worker.gate, other.stands == "gate", worker.meets))
            worker.go()
        self._settle(worker)
        if other.stands == "going":
            self._settle(other)

    def _settle(self, worker):
        """Wait until it stands somewhere, or waits for a lock that the other holds while the other stands still."""
        other = self.workers[1 - worker.number]
        for _ in range(MOST_LOOKS):
            with self.told:
                if worker.stands != "going" or self.told.wait_for(lambda: worker.stands != "going", 0.002):
                    return
            if self._blocked(worker, other):
                if other.stands == "gate":
                    return
                self.deadlocks += other.stands == "going" and self._blocked(other, worker)
        raise RuntimeError("a worker neither goes on nor waits for the other")

    def _blocked(self, worker, by):
        asked = "select %s::int = any(pg_blocking_pids(%s::int))"
        return bool(self.watch.execute(asked, [by.pid, worker.pid]).fetchone()[0])

    # All runs

    def schedules(self, bound, run, at="any"):
        """Call `run(schedule)`, which returns the steps taken, for every schedule with at most so many preemptions:
        at `any` gate, at those that are `chosen`, or between the `parts` of commands.
        """
        stack, n = [Schedule(0), Schedule(1)], 0
        while stack:
            schedule = stack.pop()
            steps, n = run(schedule), n + 1
            if len(schedule.preemptions) < bound:
                stack += reversed(list(self._children(schedule, steps, at)))
        return n

    def _children(self, schedule, steps, at):
        after = max(schedule.preemptions, default=0)
        for i, step in enumerate(steps):
            goes_on = i > 0 and steps[i - 1].worker == step.worker
            parts = i > 0 and steps[i - 1].gate == "COMMIT"
            if i > after and goes_on and step.free and {"any": True, "chosen": step.meets, "parts": parts}[at]:
                yield evolve(schedule, preemptions=(*schedule.preemptions, i))


def _rows(name, table):
    """Each row of a table without what passes, and where it stands: in its lead's story, or anywhere."""
    story = name in desk_audit.APPENDED and "lead" in table.c
    place = "lead, n" if story else "'', 0"
    without = "".join(f" - '{column}'" for column in desk_audit.PASSING)
    return f"select '{name}', {place}, (to_jsonb(t){without})::text from {table.name} t"


@contextmanager
def race(url, kind=SqlStore):
    """A race on the tables at this URL."""
    with closing(Race(url, kind)) as made:
        yield made


class Saved:
    """The rows of all tables, to be put back before every run."""

    def __init__(self, race):
        self.race = race
        tables = [table.name for table in race.store.work.t.all.values()]
        for table in tables:
            race.watch.execute(f"create table saved_{table} as table {table}")
        full = [t for t in tables if race.watch.execute(f"select count(*) from saved_{t}").fetchone()[0]]
        self.back = ";".join([
            "begin",
            *(f"delete from {table}" for table in tables),
            *(f"insert into {table} overriding system value table saved_{table}" for table in full),
            "commit",
        ])  # fmt: skip
        self.drop = ";".join(f"drop table saved_{table}" for table in tables)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.put_back()
        self.race.watch.execute(self.drop)

    def put_back(self):
        self.race.watch.execute(self.back)


# Pairs of commands


@frozen
class Pair:
    """Two commands on what `before` has made, the second of them so many hours later."""

    name: str
    before: tuple
    works: tuple
    hours: float = 1
    by_hand: bool = False


@frozen
class Held:
    """What came of a pair: how many schedules, orders of parts, and switches forced by locks; and faults."""

    schedules: int
    orders: int
    waits: int
    steps: int
    faults: tuple[str, ...]


def hold_against(race, pair, bound, at="any"):
    """Run a pair under every schedule, and hold what comes of it against the orders of the parts; up to the first that
    is wrong.
    """
    _begin(race, pair)
    faults, waits, longest, allowed = [], 0, 0, []
    with Saved(race) as saved:

        def in_order(schedule):
            saved.put_back()
            answers, steps = race.run(pair.works, schedule)
            faults.extend(_audited(race, pair, schedule))
            result = answers, race.portrait()
            allowed.extend([] if result in allowed else [result])
            return steps

        def run(schedule):
            nonlocal waits, longest
            if faults:
                return []
            saved.put_back()
            answers, steps = race.run(pair.works, schedule)
            waits += _waits(steps)
            longest = max(longest, len(steps))
            faults.extend(f"{schedule}: {line}" for line in _judged(race, answers, allowed))
            return steps

        orders = race.schedules(MOST_PARTS, in_order, "parts")
        n = race.schedules(bound, run, at)
    return Held(n, orders, waits, longest, tuple(faults))


def _waits(steps):
    """How often one had to let the other go on, because it held what this one wanted."""
    last = {step.worker: n for n, step in enumerate(steps)}
    pairs = enumerate(itertools.pairwise(steps))
    return sum(a.worker != b.worker and not b.free and last[a.worker] > n for n, (a, b) in pairs)


def _begin(race, pair):
    """An empty store, and what was there before the two."""
    race.watch.execute(";".join(f"delete from {t.name}" for name, t in race.store.work.t.all.items()
                                if name != "version"))  # fmt: skip
    race.at = NOW
    for number, step in enumerate(pair.before):
        race.at = NOW + timedelta(minutes=number)
        step(race.desk)
    race.at = hours(pair.hours)


def _audited(race, pair, order):
    with race.store.engine.connect() as connection:
        leads = connection.execute(select(race.store.work.t.case.c.lead)).scalars().all()
    found = [*desk_audit.audit(race.desk, race.store, leads), *([] if pair.by_hand else desk_audit.doubled(race.store))]
    return [f"in order, {order}: {line}" for line in found]


def _judged(race, answers, allowed):
    for answer in answers:
        if isinstance(answer, Exception):
            yield f"{type(answer).__name__} reached the caller: {answer}"
        if answer in ("Conflict", "StoreUnavailable"):
            yield f"{answer} reached the caller"
    if race.deadlocks:
        yield "both waited for each other"
        race.deadlocks = 0
    found = race.portrait()
    if not any(answers == said and found == rows for said, rows in allowed):
        shown = [f"answers {answers}, and in order {[said for said, _ in allowed]}"]
        for said, rows in allowed:
            if answers == said:
                shown += desk_audit.differences(found, rows)[:6]
        yield "in no order: " + "; ".join(shown)


def hours(n):
    return NOW + timedelta(hours=n)
