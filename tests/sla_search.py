"""The search: every state of a small world, to closure, and every move in it judged by the laws.

`sla_laws` judges one move at a time, `sla_courses` what takes more than one to see. Here are the moves, repeats (law
16), and that the table and `TransitionNotAllowed` say the same. `python -m sla_search` says how large the worlds are.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from datetime import datetime
from time import process_time
from typing import Any

from attrs import define, field

from dealerrouting import sla
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import Assigned, Tick
from dealerrouting.sla.table import ANSWERS
from sla_bystander import from_the_future, hear, is_late, migrate, tick
from sla_courses import law_17, law_19, law_20, law_21
from sla_laws import Broken, Seen, judge, law
from sla_notes import HOUSE, MOMENT, Notes, face_of
from sla_world import HOUR, LEAD, WORLDS, World, arrivals, migrations, mistakes, same


@define(eq=False)
class Node:
    """A state, the notes on it, and what time it is; and how the search came here.

    `by` is the event or tick that led here from `before`, stepped under `policy`, and None where only time went by.
    """

    state: Any
    notes: Notes
    now: datetime
    before: Node | None = None
    by: Any = None
    policy: Any = None
    effects: tuple[Any, ...] = ()
    length: int = 0

    def path(self):
        """The nodes that an event or a tick led to, from the beginning to this one."""
        node, path = self, []
        while node is not None:
            path += [node] if node.by is not None else []
            node = node.before
        return path[::-1]


@define
class Search:
    """The search of one world, by all laws or by the `only` one that is named.

    `known`: every node, by what tells it from the others. `taken`: each way from one phase to another that was gone,
    and by what. `silences`: how long it takes from a node until a person is told.
    """

    world: World
    only: str | None = None
    known: dict[Any, Node] = field(factory=dict)
    waiting: deque[Node] = field(factory=deque)
    moves: int = 0
    taken: set[tuple[str, str, str]] = field(factory=set)
    sorts: Counter[Any] = field(factory=Counter)
    silences: dict[Any, Any] = field(factory=lambda: defaultdict(dict))

    def asks(self, name):
        return self.only in (None, name)

    def run(self):
        """Every node, until there are no new ones."""
        first, start = self.world.policies[0], self.world.begin
        state = sla.begin(LEAD, first, at=start)
        self.add(Node(state, Notes(first.terms, face_of(state), start, ahead=start), start))
        while self.waiting:
            node = self.waiting.popleft()
            try:
                self.expand(node)
                self.follow(node)
            except Broken as error:
                error.add_note("after " + "\n      ".join(str(one.by) for one in node.path()))
                raise
        return self

    def add(self, node):
        key = same(self.world, node.state, node.notes, node.now)
        if key not in self.known:
            self.known[key] = node
            self.waiting.append(node)

    def seldom(self, what, sort, times):
        """Whether this is one of the first so many nodes of its sort; None is all."""
        self.sorts[what, sort] += 1
        return times is None or self.sorts[what, sort] <= times

    # Moves

    def expand(self, node):
        """All that may happen next: time goes by with a tick or without, something arrives, the terms change."""
        policy, due = self.world.pinned(node.state.policy), sla.next_due(node.state)
        self.add(self.tick(node, node.now, policy))
        if due == node.now + MOMENT:  # a tick now is in time, and one in a moment is not
            late = self.tick(node, due, policy)
            if self.world.moments:
                self.add(late)
        if due is not None:
            self.add(Node(node.state, node.notes, self.next_hour(node.now), node, length=node.length))
        if len(node.state.inbox) < self.world.inbox:
            self.listen(node, policy)
        if not node.state.inbox:
            self.migrate(node, policy)

    def next_hour(self, now):
        return now + HOUR - (now - self.world.begin) % HOUR

    def listen(self, node, policy):
        id, face, notes = f"e{node.length:04}", node.notes.face, node.notes
        for event in arrivals(self.world, notes, id, node.now):
            self.hear(node, event, policy)
        sort = face.phase, face.holder, notes.hops, notes.reopened, bool(notes.pause), bool(notes.silent)
        if self.seldom("mistakes", (sort, len(notes.reminders), notes.migrations), self.world.mistakes):
            for event in mistakes(self.world, notes, id, node.now):
                self.hear(node, event, policy)

    def hear(self, node, event, policy):
        """An event arrives, and is settled at once; where it changes what is known it may also have to wait."""
        heard = self.heard(node, event, policy)
        if heard is node:
            return
        settled = self.tick(heard, node.now, policy)
        if self.asks("law_16"):
            with law("law_16", event):
                for after, when in ((heard.state, "before"), (settled.state, "after")):
                    assert sla.step(after, event, policy) == (after, ()), f"a repeat {when} the tick changes something"
        if heard.state.standing != node.state.standing:
            self.add(heard)
            self.add(settled)

    def heard(self, node, event, policy):
        """The node after an event; the same where it is not allowed."""
        self.moves += 1
        try:
            state, effects = sla.step(node.state, event, policy)
        except TransitionNotAllowed:
            state, effects = node.state, ()
        if self.asks("law_table"):
            with law("law_table", event):
                assert (state is node.state) != allowed(node.notes, event), "the table says otherwise"
        if state is node.state:
            return node
        notes = hear(node.notes, event, face_of(state))
        self.judge(Seen(node.notes, node.now, event, effects, notes))
        return Node(state, notes, node.now, node, event, policy, effects, node.length + 1)

    def tick(self, node, at, policy):
        """The node after a tick; the same where there is nothing to do."""
        self.moves += 1
        state, effects = sla.step(node.state, Tick(at), policy)
        notes, place = tick(node.notes, at, effects, face_of(state))
        self.judge(Seen(node.notes, at, None, effects, notes, place))
        if state is node.state:
            return node
        if self.asks("law_16"):
            with law("law_16", f"tick {at}"):
                assert sla.step(state, Tick(at), policy) == (state, ()), "the same tick again changes something"
        return Node(state, notes, at, node, Tick(at), policy, effects, node.length + 1)

    def migrate(self, node, policy):
        for event, other in migrations(self.world, node.notes, policy, f"e{node.length:04}", node.now):
            self.moves += 1
            state, effects = sla.step(node.state, event, other)
            notes = migrate(node.notes, event, other.terms, effects, face_of(state))
            self.judge(Seen(node.notes, node.now, event, effects, notes))
            if self.asks("law_16"):
                with law("law_16", event):
                    assert sla.step(state, event, other) == (state, ()), "a repeated migration changes something"
            self.add(Node(state, notes, node.now, node, event, other, effects, node.length + 1))

    def judge(self, seen):
        judge(seen, self.only)
        was, now = seen.before.face.phase, seen.after.face.phase
        for cause in [seen.event.type] if seen.event else seen.did:
            self.taken.add((was, cause.partition("-")[0], now))

    # Courses

    def follow(self, node):
        """What takes more than one move, from settled nodes: all, or now and then, or the first of each sort."""
        if node.state.inbox or node.by is None:
            return
        policy, notes = self.world.pinned(node.state.policy), node.notes
        if self.asks("law_19"):
            for relay in (True, False):
                for router in (True, False):
                    law_19(self, node, relay=relay, router=router)
        if self.asks("law_20") and len(self.known) % 10 == 0:
            law_20(self.world, node)
        if self.asks("law_21"):
            law_21(node, policy)
        sort = notes.face.phase, notes.face.holder == HOUSE, bool(notes.pause), bool(notes.silent), notes.migrations
        if self.asks("law_17") and self.seldom("orders", sort, self.world.orders):
            law_17(self.world, node, policy, self.world.together)


def allowed(notes, event):
    """Whether the table has this event here; what is late, premature or unbelievable is settled as that."""
    if from_the_future(event, notes.terms) or is_late(notes, event):
        return True
    premature = not isinstance(event, Assigned) and event.assignment > notes.face.number
    return premature or (notes.face.phase, event.type) in ANSWERS


def figures():
    """How large each world is, and how long it took."""
    for world in WORLDS:
        before = process_time()
        search = Search(world).run()
        yield f"{world.name:24} {len(search.known):6} states {search.moves:7} moves {process_time() - before:6.1f} s"


if __name__ == "__main__":
    for line in figures():
        print(line, flush=True)
