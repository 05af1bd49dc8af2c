"""What must hold of a desk's store on SQL whenever nobody is at work, read from its tables and held against its laws.

May know: the tables, what a desk keeps. May not know: who worked, who was killed, pytest.
`audit` gives every fault as a line of text, none where all is well. `portrait` is all that is stored, to be compared:
append-only tables in the order of each lead's own story, for the order between leads is nobody's.
"""

from collections import Counter, defaultdict

from sqlalchemy import select

from dealerrouting.documents.stored import read_stored
from dealerrouting.errors import NotFound
from dealerrouting.events import Assigned, Event
from dealerrouting.ports import Case, Decided
from dealerrouting.sla import Effect

APPENDED = ("event", "record", "decision", "act", "watched")
PASSING = {"n", "lease_until"}
"""Columns that say nothing of the desk: an order between leads, a courtesy between sweeps."""


def portrait(store):
    """Every row of every table, by table."""
    found = {}
    with store.engine.connect() as connection:
        for name, table in store.work.t.all.items():
            columns = [column for column in table.c if column.name not in PASSING]
            query = select(*columns)
            rows = connection.execute(query.order_by(table.c.n) if "n" in table.c else query)
            listed = [tuple(map(str, row)) for row in rows]
            story = "n" in table.c and "lead" in table.c
            found[name] = sorted(listed, key=(lambda row: row[0]) if story and name in APPENDED else None)
    return found


def differences(one, other):
    """In which rows two portraits differ, in words."""
    lines = []
    for name in one:
        left, right = Counter(one[name]), Counter(other[name])
        lines += [f"{name}: only here {row}" for row in (left - right)]
        lines += [f"{name}: only there {row}" for row in (right - left)]
        if left == right and one[name] != other[name]:
            lines.append(f"{name}: in another order")
    return lines


class Tables:
    """The rows that an audit looks at, read as what they are."""

    def __init__(self, store):
        self.rows = {}
        with store.engine.connect() as connection:
            for name, table in store.work.t.all.items():
                query = select(table).order_by(table.c.n) if "n" in table.c else select(table)
                self.rows[name] = connection.execute(query).mappings().all()
        self.cases = {row["lead"]: self._read(Case, row) for row in self.rows["case"]}
        self.claims = {row["id"]: row for row in self.rows["claim"]}
        self.decisions = [self._read(Decided, row) for row in self.rows["decision"]]
        self.events = self._stories("event", Event)
        self.records = self._stories("record", Effect)
        self.known = defaultdict(list)
        for row in self.rows["known"]:
            self.known[row["ref"]].append(row["key"])

    def _read(self, kind, row):
        return read_stored(kind, row["doc"], "here")

    def _stories(self, name, kind):
        found = defaultdict(list)
        for row in self.rows[name]:
            found[row["lead"]].append(self._read(kind, row))
        return found


def audit(desk, store, leads, claims=None, caps=None):
    """Every fault of the store after these leads (and claims, where given) were sent in, each a line.

    `caps`: the most open leads of a dealer, where nobody gives leads but the plan.
    """
    t = Tables(store)
    return [
        *_there(t, leads, claims),
        *_held(t),
        *_found(t),
        *_counted(t, caps or {}),
        *_ledgers(t),
        *_told(t),
        *_unique(t),
        *_replayed(desk, t),
    ]


def _there(t, leads, claims):
    """Every lead sent in is there once, with what it says, and nothing else is."""
    yield from (f"lead:{name} is lost" for name in sorted(set(leads) - set(t.cases)))
    yield from (f"lead:{name} was never sent" for name in sorted(set(t.cases) - set(leads)))
    contents = {row["ref"] for row in t.rows["content"]}
    for name, case in t.cases.items():
        if (f"lead:{name}" in contents) != (case.erased_at is None):
            yield f"lead:{name}: what it says is {'there' if case.erased_at else 'gone'}"
        begun = [one for one in t.events[name] if isinstance(one, Assigned) and one.assignment == 1]
        if len(begun) != (1 if case.state is not None else 0):
            yield f"lead:{name} was begun {len(begun)} times"
    if claims is not None:
        yield from (f"claim:{name} is lost or too many" for name in sorted(set(claims) ^ set(t.claims)))
    for name in t.claims:
        if f"claim:{name}" not in contents:
            yield f"claim:{name}: what it says is gone"


def _held(t):
    """Exactly one holder each; what is linked goes with a lead that says so; one open lead a company and holder."""
    for row in t.rows["case"]:
        case = t.cases[row["lead"]]
        said = (case.phase, case.holder, case.open, case.known, case.next_due)
        if said != (row["phase"], row["holder"], row["open"], row["known"], row["next_due"]):
            yield f"lead:{case.lead}: columns and text differ"
        if case.open and not case.holder:
            yield f"lead:{case.lead} has no holder"
        if case.linked and case.erased_at is None:
            primary = t.cases.get(case.linked)
            if primary is None or (primary.erased_at is None and case.lead not in primary.links):
                yield f"lead:{case.lead} goes with {case.linked}, which does not know"
    numbers = ((name, one.assignment) for name, story in t.events.items() for one in story if isinstance(one, Assigned))
    records = Counter((one.lead, one.key) for story in t.records.values() for one in story)
    for (name, number), n in Counter(numbers).items():
        if n > 1:
            yield f"lead:{name}: assignment {number} was given {n} times"
    yield from (f"{key} is recorded {n} times" for (_, key), n in records.items() if n > 1)


def doubled(store):
    """Two open leads of one company that the same holder has, side by side: for runs where nobody gives by hand."""
    t, seen = Tables(store), {}
    for name, case in sorted(t.cases.items()):
        for key in case.keys if case.open else ():
            other = seen.setdefault((key, case.holder), name)
            if other != name:
                yield f"lead:{name} and lead:{other} of one company are both open with {case.holder}"


def _found(t):
    """Leads and claims are found by their keys, once, and nothing else is; who waits is listed."""
    for name, case in t.cases.items():
        keys = sorted(map(str, case.keys)) if case.known else []
        if keys != sorted(t.known[f"lead:{name}"]):
            yield f"lead:{name} is not found by its keys"
    for ref in t.known:
        kind, _, name = ref.partition(":")
        if name not in (t.cases if kind == "lead" else t.claims):
            yield f"{ref} is found, and is not there"
    waiting = sorted((row["lead"], row["dealer"]) for row in t.rows["waiting"])
    if waiting != sorted((case.lead, dealer) for case in t.cases.values() for dealer in case.waits_for):
        yield "who waits for whom is not what the leads say"


def _counted(t, caps):
    """The number of open leads of every dealer is that of its open leads; and within its cap."""
    kept = {row["id"]: row["open"] for row in t.rows["dealer"] if row["open"]}
    real = Counter(case.holder for case in t.cases.values() if case.open)
    yield from (f"{name}: {kept.get(name)} counted, {real.get(name)} open" for name in {*kept, *real}
                if kept.get(name, 0) != real[name])  # fmt: skip
    yield from (f"{name} has {real[name]} of at most {cap}" for name, cap in caps.items() if real[name] > cap)


def _ledgers(t):
    """Each decision was made on the credits that the one before it left, and the ledger is what the last one left."""
    folded = defaultdict(dict)
    for one in t.decisions:
        made = one.decision.changes
        if made.ledger and made.credits:
            used = {name: credit for name, credit in one.facts.ledgers.get(made.ledger, {}).items() if credit}
            if used != {name: credit for name, credit in folded[made.ledger].items() if credit}:
                yield f"{made.ledger}: lead:{one.decision.lead} was decided on credits that were not so"
            folded[made.ledger] |= dict(made.credits)
    kept = {row["id"]: dict(read_stored(dict, row["doc"], "ledger")) for row in t.rows["ledger"]}
    yield from (f"{name}: the ledger is not the fold of its decisions" for name in {*folded, *kept}
                if folded.get(name, {}) != kept.get(name, {}))  # fmt: skip
    yield from (f"{name}: credits do not come to nought" for name, credits in kept.items() if sum(credits.values()))


def _told(t):
    """Who was given a lead is told, once; whatever is to be told or recorded has a key of its own."""
    keys = Counter(row["key"] for row in t.rows["message"])
    yield from (f"message {key} is there {n} times" for key, n in keys.items() if n > 1)
    for name, story in t.events.items():
        if t.cases[name].erased_at is not None:
            continue  # what had not left was dropped
        for one in story:
            silent = isinstance(one, Assigned) and one.by_hand and one.reason in ("adopted", "erased")
            told = silent or f"{name}/{one.assignment}/offer" in keys if isinstance(one, Assigned) else True
            if not told and _applied(t, name, one):
                yield f"lead:{name}: nobody was told of assignment {one.assignment}"
    decided = {one.decision.lead for one in t.decisions}
    for case in t.cases.values():
        if case.linked and case.erased_at is None and case.lead in decided:  # what is taken over is told to nobody
            told = [key for key in keys if key.startswith((f"{case.lead}/linked:", f"{case.lead}/1/offer"))]
            if not told:
                yield f"lead:{case.lead}: nobody was told that it goes with {case.linked}"


def _applied(t, lead, event):
    return any(one.detail.get("event") == event.id and one.detail["outcome"] == "applied" for one in t.records[lead])


def _unique(t):
    """No event, answer, key or reference is there twice."""
    for name, columns in {"answer": ["key"], "known": ["key", "ref"], "case": ["lead"], "content": ["ref"]}.items():
        seen = Counter(tuple(row[column] for column in columns) for row in t.rows[name])
        yield from (f"{name} {key} is there {n} times" for key, n in seen.items() if n > 1)
    events = Counter((lead, one.id) for lead, story in t.events.items() for one in story if hasattr(one, "id"))
    yield from (f"event {key} is there {n} times" for key, n in events.items() if n > 1)
    assigned = Counter((one.decision.lead, one.assignment) for one in t.decisions)
    yield from (f"decision {key} is there {n} times" for key, n in assigned.items() if n > 1)
    given = {lead for lead, case in t.cases.items() if case.state is None and case.linked is None and not case.watched}
    yield from (f"lead:{lead} is nowhere" for lead in given if t.cases[lead].erased_at is None)


def _replayed(desk, t):
    """What is recorded of a lead, folded again, is how it stands."""
    for name in t.cases:
        try:
            if not desk.replayed(name).same:
                yield f"lead:{name}: the fold of its events is not how it stands"
        except NotFound:
            if t.cases[name].state is not None:
                yield f"lead:{name} has a state and no story"


__all__ = ["audit", "differences", "doubled", "portrait"]
