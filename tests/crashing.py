"""Workers that are killed: this file, run as a script, starts them one after the other and looks at what they leave.

May know: the desk, the store on SQL, `desk_audit`. May not know: pytest, how a store does what it does.

Every worker is a fork with connections of its own; the process that forks has none, and no threads. What can be warmed
before is (the statements are compiled, the plan is read): a worker is then there in milliseconds. A worker is killed
by itself (SIGKILL: nothing is closed, nothing is flushed) at a *point*: just before or just after a statement, just
before or just after a COMMIT. Whoever comes next repeats the command with its key.

`statements`: the commands of one script in a fixed order, each killed at its points in turn until it comes through;
in the end all that is stored equals what an undisturbed run stores, to the letter, and every answer too. Sweeps take no
lease here, for the next one comes at the same instant.
`random`: workers that run on through a script and are killed after so many points. Caps and leases are on; a
sweep that comes again comes when the lease is over.
`writers`, `sweepers`: processes side by side, and nobody is killed.
"""

import gc
import importlib.util
import itertools
import json
import os
import pickle
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve, field, frozen
from sqlalchemy import event

import desk_audit
from dealerrouting import Company, Dealer, Lead, Plan, Registration, Territory, by
from dealerrouting.adapters.sql import SqlStore, upgrade
from dealerrouting.desk import LeadDesk
from dealerrouting.errors import Conflict, NotFound, TransitionNotAllowed
from dealerrouting.ports import DESK
from dealerrouting.registrations import Move

HERE = Path(__file__)
START = datetime(2027, 1, 4, 9, tzinfo=UTC)
STRIDE = timedelta(hours=5, minutes=7)
SECRET = b"sixteen bytes or more"
CAP = 3
WARM = 40
"""So many commands come before anybody is killed: with them all statements are compiled."""


def plan(capped, name="crashes"):
    """A territory of one dealer, one of three in rotation, incumbents, claims; `capped`: the first takes only a few."""
    cap = CAP if capped else None
    return Plan(
        name,
        house="house",
        dealers=[Dealer("north", max_open=cap), *map(Dealer, ("east", "south", "west")), Dealer("house", kind="house")],
        territories=[
            Territory("nl", ["north"], country="NL"),
            Territory("be", {"east": 1, "south": 2, "west": 1}, country="BE"),
        ],
        precedence=[by.registrations(), by.accounts(), by.incumbent(), by.territories()],
    )


# Commands as data


@frozen
class Step:
    """One command: what, about what, and with which key it is repeated."""

    do: str
    about: str
    at: timedelta
    key: str
    more: dict = field(factory=dict)


def script(seed, length, capped, prefix=""):
    """So many mixed commands from this seed, each about something that was sent in before. Those with a `prefix` come
    before those without.
    """
    first = 0 if prefix else WARM
    rng, steps = random.Random(seed), [Step("activate", "", first * STRIDE, "plan", {"capped": capped})]
    leads, claims = [], []
    for i in range(1, length):
        known = rng.choice(leads[-12:]) if leads else ""
        do = rng.choice(_WEIGHTS if leads else ["receive"])
        if do == "approve" and not claims:
            do = "register"
        if do == "receive":
            known = f"{prefix}L{i}"
            leads.append(known)
        elif do in ("register", "approve"):
            known = rng.choice(claims) if do == "approve" else f"{prefix}R{i}"
            claims += [known] if do == "register" else []
        elif do == "adopt":
            known = f"{prefix}A{i}"
            leads.append(known)
        more = {"n": rng.choice([1, 1, 1, 2]), "roll": rng.randrange(1000), "capped": capped}
        steps.append(Step(do, known, (first + i) * STRIDE, f"{prefix}key-{i}", more))
    return steps


_WEIGHTS = [
    *["receive"] * 8, *["update"] * 4, *["decline"] * 2, *["sweep"] * 3, *["relay"] * 2, "accept", "register",
    "register", "approve", "erase", "reassign", "adopt", "refer", "hold", "release",
]  # fmt: skip


def lead(ident, roll):
    """A lead made from its number: every second one of a company that asks again and again."""
    country = ("NL", "BE", "BE")[roll % 3]
    company = Company("X", domain=f"works-{roll % 5}.example") if roll % 2 else None
    more = {"company": company, "email": f"{ident}@{company.domain}"} if company else {}
    return Lead(ident, country=country, postcode="3011 AB" if country == "NL" else "2000", **more)


def do(desk, step):
    """Carry the command out; its answer in words, the same however often it is asked."""
    try:
        return _do(desk, step, step.more.get("n", 1), step.more.get("roll", 0))
    except TransitionNotAllowed as refused:
        return f"not allowed: {refused.event.type}"


def _do(desk, step, number, roll):  # noqa: PLR0912 - a command a branch
    about, said = step.about, {"actor": "somebody", "key": step.key}
    match step.do:
        case "activate":
            return desk.activate(plan(step.more.get("capped", False)), actor="ops").plan
        case "receive":
            return _words(desk.receive(lead(about, roll)))
        case "adopt":
            return _words(desk.adopt(lead(about, roll), holder="west", **said))
        case "update":
            status = ("contacted", "qualified", "quoted", "won", "lost", "lost")[roll % 6]
            return _words(desk.update(about, assignment=number, status=status, **said))
        case "accept":
            return _words(desk.accept(about, assignment=number, **said))
        case "decline" | "refer":
            return _words(getattr(desk, step.do)(about, assignment=number, reason="too far", **said))
        case "reassign":
            return _words(desk.reassign(about, to=("east", None)[roll % 2], reason="asked for", **said))
        case "register":
            company = Company("X", domain=f"works-{roll % 5}.example")
            claim = Registration(about, "west", company, submitted_at=START)
            return _words(desk.register(claim))
        case "approve":
            try:
                return _words(desk.decide_registration(about, Move("approve", "boss"), key=step.key))
            except NotFound:
                return "no claim"  # it was refused
        case "erase":
            desk.erase(leads=[about], actor="officer")
        case "hold":
            desk.hold(dealer="south", actor="ops", reason="stocktaking")
        case "release":
            desk.release(dealer="south", actor="ops")
        case "sweep":
            desk.sweep(limit=50)
        case "relay":
            while ready := desk.messages(limit=1000):  # asked anew: one that has left may make another needless
                desk.sent(ready[0])
    return "done"


def _words(outcome):
    return f"{outcome.outcome} {outcome.holder} {outcome.assignment} {outcome.phase} {outcome.linked}"


# Points


class Points:
    """Counts the points of one engine, and calls `at` with each: its number, and `before` or `after` at the COMMIT of
    something written.
    """

    def __init__(self, engine, at):
        self.n, self.commits, self.wrote, self.at = 0, 0, False, at
        event.listen(engine, "before_cursor_execute", lambda *given: self.before(given[2]))
        event.listen(engine, "after_cursor_execute", lambda *_: self.pass_())
        self.commit, engine.dialect.do_commit = engine.dialect.do_commit, self.do_commit

    def pass_(self, commit=None):
        self.n += 1
        self.at(self.n, commit)

    def before(self, statement):
        self.wrote |= statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        self.pass_()

    def do_commit(self, connection):
        wrote, self.wrote = self.wrote, False
        self.commits += wrote
        self.pass_(("before", self.commits) if wrote else None)
        self.commit(connection)
        self.pass_(("after", self.commits) if wrote else None)


def kill_at(where):
    """Die at this point: a number, or before or after the n-th COMMIT; never, where it is None."""

    def at(number, commit):
        if where is not None and where in (number, commit):
            os.kill(os.getpid(), signal.SIGKILL)

    return at


# Workers


class World:
    """Where workers work: one store, which every fork connects to anew, and the time."""

    def __init__(self, url, kind=SqlStore):
        self.at = START
        self.store = kind(url, clock=self.clock)
        self.desk = LeadDesk(self.store, secret=SECRET, clock=self.clock)

    def clock(self):
        return self.at

    def lease(self, length):
        self.desk.config = evolve(self.desk.config, lease=length)

    def all(self, steps):
        """All of these in this process, undisturbed, and then no connection is left open: what each answered."""
        answers = []
        for step in steps:
            self.at = START + step.at
            answers.append(do(self.desk, step))
        self.store.engine.dispose()
        return answers


def in_child(work):
    """What `work` returns in a fork, or None where it was killed; what it raised is raised here as text."""
    (told, tell), child = os.pipe(), os.fork()
    if child == 0:
        try:
            os.close(told)
            try:
                answer = (work(), None)
            except Exception as error:
                answer = (None, f"{type(error).__name__}: {error}")
            with os.fdopen(tell, "wb") as pipe:
                pickle.dump(answer, pipe)
        finally:
            os._exit(0)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    answer, error = pickle.loads(data)
    if error is not None:
        raise RuntimeError(error)
    return answer


def run_step(world, step, where=None, late=timedelta(0)):
    """One command in a worker of its own, killed at this point."""

    def work():
        world.at = START + step.at + late
        world.store.load([DESK])  # the connection, and the look at the tables
        Points(world.store.engine, kill_at(where))
        return do(world.desk, step)

    return in_child(work)


def inspect(world, steps, caps=None):
    """The faults of the store after these commands were answered."""
    leads = [one.about for one in steps if one.do in ("receive", "adopt")]
    return in_child(lambda: desk_audit.audit(world.desk, world.store, leads, caps=caps))


def stored(world):
    """All that is stored."""
    return in_child(lambda: desk_audit.portrait(world.store))


# Campaigns


def attempts(rng, every):
    """Where to die, one attempt after the other: everywhere, or at a few points and around the first COMMITs."""
    if every:
        yield from itertools.count(1)
    yield ("before", 1)
    yield from sorted(rng.sample(range(1, 30), 2))
    yield from (("after", 1), ("after", 2), None)


def warmed(seed, capped, *worlds):
    """The commands that come before anybody is killed; each of the worlds has answered them."""
    before = script(seed + 1000, WARM, capped, "p")
    for world in worlds:
        world.all(before)
    return before


def begun(seed, length, capped, *worlds):
    """What came before, the commands of the campaign, and chance."""
    return warmed(seed, capped, *worlds), script(seed, length, capped), random.Random(seed)


def statements(world, calm, seed=1, length=30, every=False):
    """Kill each command at its points in turn; compare with a run where nobody was killed."""
    for one in (world, calm):
        one.lease(timedelta(0))
    before, steps, rng = begun(seed, length, False, world, calm)
    kills, around, faults = 0, 0, []
    expected = calm.all(steps)
    for i, step in enumerate(steps):
        for where in attempts(rng, every):
            answer = run_step(world, step, where)
            if answer is not None:
                break
            kills, around = kills + 1, around + isinstance(where, tuple)
        if answer != expected[i]:
            faults.append(f"{step.key} {step.do}: answered {answer}, and undisturbed {expected[i]}")
        if i % 10 == 9:
            faults += [f"after {step.key}: {line}" for line in inspect(world, [*before, *steps[: i + 1]])]
        if faults:
            break
    faults = faults or [*inspect(world, [*before, *steps]), *desk_audit.differences(stored(world), stored(calm))]
    return {"kills": kills, "around_commit": around, "commands": len(steps), "faults": faults[:20]}


def at_random(world, seed=1, kills=100, length=2_000):
    """Kill workers that run on, after so many points; whoever comes next begins with the command that was broken off,
    and now and then with one before it that was answered already.
    """
    before, steps, rng = begun(seed, length, True, world)
    done, position, faults = 0, 0, []
    while done < kills and position < len(steps) and not faults:
        start = max(0, position - rng.choice([0, 0, 1]))
        came, killed = run_on(world, steps, start, rng.randrange(1, 160), timedelta(seconds=61 * done))
        done, position = done + killed, max(position, came)
        if killed and done % 25 == 0:
            faults = check_broken(world, [*before, *steps], len(before) + position)
    for step in steps[position : position + 1]:
        run_step(world, step, late=timedelta(days=2))
    faults = faults or inspect(world, [*before, *steps[: position + 1]])
    return {"kills": done, "commands": position, "faults": faults[:20]}


def check_broken(world, steps, position):
    """All that was answered is there; what was broken off may be."""
    broken = steps[position].about if position < len(steps) else ""
    found = inspect(world, steps[:position])
    return [line for line in found if line != f"lead:{broken} was never sent"]


def run_on(world, steps, start, points, late):
    """Commands from `start` on in one worker until it dies; how far it came, and whether it was killed."""
    (told, tell), child = os.pipe(), os.fork()
    if child == 0:
        try:
            os.close(told)
            _run_on(world, steps, start, points, late, tell)
        except Exception as error:
            os.write(tell, f"!{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if b"!" in said:
        raise RuntimeError(said.partition(b"!")[2].decode())
    return start + len(said), os.WIFSIGNALED(status)


def _run_on(world, steps, start, points, late, tell):
    world.store.load([DESK])
    Points(world.store.engine, kill_at(points))
    for step in steps[start:]:
        world.at = START + step.at + late
        do(world.desk, step)
        os.write(tell, b".")


# Side by side


def together(works):
    """Run all of these at once, each in a fork; what each returned."""
    pipes = []
    for work in works:
        (told, tell), child = os.pipe(), os.fork()
        if child == 0:
            try:
                os.close(told)
                try:
                    answer = (work(), None)
                except Exception as error:
                    answer = (None, f"{type(error).__name__}: {error}")
                with os.fdopen(tell, "wb") as pipe:
                    pickle.dump(answer, pipe)
            finally:
                os._exit(0)
        os.close(tell)
        pipes.append((child, told))
    answers = []
    for child, told in pipes:
        with os.fdopen(told, "rb") as pipe:
            answers.append(pickle.loads(pipe.read()))
        os.waitpid(child, 0)
    return answers


def writers(world, seed=1, many=8, length=40):
    """So many writers in one store, each with leads of its own, all with the same companies, dealers and ledger."""
    before = warmed(seed, True, world)
    mine = [[_of(step, w) for step in script(seed + w, length, True)[1:]] for w in range(many)]

    def work(steps):
        world.at = START + (WARM + 20) * STRIDE
        return Counter(_at_last(world.desk, step).partition(" ")[0] for step in steps)

    answers = together([lambda steps=steps: work(steps) for steps in mine])
    faults = [error for _, error in answers if error]
    everything = [step for steps in mine for step in steps]
    total = sum((said for said, _ in answers if said), Counter())
    faults = faults or inspect(world, [*before, *everything])
    return {"commands": len(everything), "answers": dict(total), "faults": faults[:20]}


def _at_last(desk, step, tries=50):
    """What is contested after all of a desk's tries comes again with its key, as the error tells the caller to."""
    for _ in range(tries):
        try:
            return do(desk, step)
        except Conflict:
            continue
    raise RuntimeError(f"{step.key} {step.do} was contested {tries} times")


def _of(step, writer):
    about = f"w{writer}-{step.about}" if step.about else ""
    return evolve(step, about=about, key=f"w{writer}-{step.key}")


def sweepers(world, seed=1, many=4, leads=160):
    """So many sweeps of one store at once: everything due is dealt with once."""
    before = [script(seed, 1, False, "p")[0]]
    before += [Step("receive", f"L{i}", timedelta(0), f"key-{i}", {"roll": 2 * i}) for i in range(leads)]
    world.all(before)

    def work():
        world.at = START + timedelta(hours=49)
        return world.desk.sweep(per_dealer=10 * leads)

    answers = together([work] * many)
    faults = [error for _, error in answers if error]
    swept = [one for one, _ in answers if one]
    reminded, told = sum(one.messages.get("remind", 0) for one in swept), in_child(lambda: _reminders(world))
    if (reminded, told) != (leads, leads):
        faults.append(f"{leads} were due, the sweeps say that they reminded of {reminded}, {told} messages are there")
    faults = faults or inspect(world, before)
    return {"swept": [one.changed for one in swept], "looked": [one.looked for one in swept], "faults": faults[:20]}


def _reminders(world):
    late = START + timedelta(hours=400)
    return sum(one.does == "remind" for one in world.store.pending(late, 100_000))


# From outside

CAMPAIGNS = {"statements": statements, "random": at_random, "writers": writers, "sweepers": sweepers}


def campaign(name, url, calm=None, store=None, **options):
    """Run a campaign in a process of its own, on new tables at this URL; its report.

    `store` is `(file, class)` of a store to be used instead of `SqlStore`.
    """
    order = {"name": name, "url": url, "calm": calm, "store": store, "options": options}
    for one in filter(None, (url, calm)):
        upgrade(one)
    done = subprocess.run([sys.executable, str(HERE), json.dumps(order)], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"kills": 0, "faults": [done.stderr.strip().splitlines()[-1]]}
    return json.loads(done.stdout)


def _store(order):
    if not order["store"]:
        return SqlStore
    file, name = order["store"]
    spec = importlib.util.spec_from_file_location("planted", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def main():
    """Obey the order on the command line, and print the report."""
    order = json.loads(sys.argv[1])
    world = World(order["url"], _store(order))
    calm = {"calm": World(order["calm"])} if order["calm"] else {}
    gc.collect()
    gc.freeze()
    print(json.dumps(CAMPAIGNS[order["name"]](world, **calm, **order["options"])))


if __name__ == "__main__":
    main()
