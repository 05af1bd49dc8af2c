"""Dumps: whole, portable, checked, and nobody who was forgotten comes back by one."""

import json
from datetime import UTC, datetime

import pytest
from attrs import evolve

from adapters.test_sql_store import AT, FAR, HOUR, SECRET, asked, case, claim, everything, one, said
from dealerrouting import Company
from dealerrouting.adapters.sql import SqlStore, dump, restore, upgrade
from dealerrouting.errors import CorruptRecord, StoreUnavailable
from dealerrouting.events import Assigned
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Decision, Facts, Registration
from dealerrouting.ports import (
    DESK,
    Act,
    Activation,
    Claimed,
    Counter,
    Decided,
    Desk,
    Hold,
    Known,
    Logged,
    Ref,
    Trouble,
    Watched,
    Writes,
)
from dealerrouting.sla import Effect, begin, step
from dealerrouting.terms import Policy, Terms

POLICY = Policy(Terms(), "house")


@pytest.fixture
def other(request, database, tmp_path):
    """A store on the other database."""
    if database.startswith("sqlite"):
        url = request.getfixturevalue("postgres_schema").url
    else:
        url = f"sqlite:///{tmp_path}/other.db"
    upgrade(url)
    with SqlStore(url) as store:
        yield store


def served(lead):
    """A lead that the dealer `delta` has."""
    state = begin(lead, POLICY, at=AT, claimants=())
    state, _ = step(state, Assigned("e", lead, assignment=1, holder="delta", received_at=AT), POLICY)
    return evolve(case(lead), state=state)


def filled(store):
    """Something in every table."""
    store.commit({}, everything("jansen"))
    effect = Effect("remind", "L2/1/remind", "L2", 1, AT, send_from=AT + HOUR)
    decision = Decision("L2", AT, "assigned", "delta", "territories")
    more = Writes(
        desk=Desk((Activation("sha256:1", AT, "eve"),), (Hold("lead:L1", AT, "eve", "odd"),), "seal"),
        cases=(served("L2"),), contents=(said("L2", SECRET),), claims=(claim("R2"),),
        ledgers=FrozenMap({"l": FrozenMap({"delta": -5})}), claimants=FrozenMap({"delta": Counter((AT,), (AT,))}),
        counts=FrozenMap({"delta": 1}), known=(Known(Ref("lead", "L2"), ("k", "m")),), plans=(("p", "q", "{}"),),
        events=(Logged("L2", Assigned("e", "L2", assignment=1, holder="delta", received_at=AT)),), records=(effect,),
        decisions=(Decided(decision, 1, Facts()),), watched=(Watched(decision, "maas"),),
        acts=(Act(AT, "hold", "x", "eve"),),
        messages=(effect,), left=("L1/1/remind", "gone"), answers=(asked("k2", "L2"),),
        troubles=((Ref("lead", "L1"), Trouble(3, "odd", True)),),
    )  # fmt: skip
    store.commit({}, more)
    store.commit({}, Writes(contents=(said("L9"),)))
    store.commit({}, Writes(erase=(Ref("lead", "L9"),)))


REFS = [
    *(Ref(kind, id) for kind in ("lead", "content") for id in ("L1", "L2", "L9")),
    *(Ref("prospect", key) for key in "km"), Ref("claim", "R1"), Ref("claim", "R2"), Ref("claimant", "delta"),
    Ref("ledger", "l"), Ref("dealer", "delta"), Ref("recent", "delta"), Ref("plan", "p"), Ref("plan", "q"),
    Ref("answer", "k"), Ref("answer", "k2"), Ref("trouble", "lead:L1"),
]  # fmt: skip


def seen(store):
    """All that can be asked, but for versions and the desk."""
    told = store.history("L2"), store.history("L1"), store.survey(FAR), store.due(FAR, 9), store.pending(FAR, 9)
    return store.load(REFS, AT).values, told, store.watched(), store.about("JANSEN@a.example")


def test_it_goes_from_one_database_to_the_other_and_back(store, other):
    filled(store)
    before, lines = seen(store), list(dump(store))
    assert restore(other, iter(lines)).rows["case"] == 2
    assert seen(other) == before
    again = restore(store, dump(other))
    assert seen(store) == before
    assert again.forgotten == ()
    assert all(json.loads(line) for line in lines)


def test_a_dump_is_taken_from_what_was_there_when_it_began(store):
    filled(store)
    lines = dump(store)
    first = next(lines)
    store.commit({}, Writes(contents=(said("L3"),)))
    assert '"L3"' not in "".join([first, *lines])


def test_afterwards_everything_is_held_and_it_is_written_down(store):
    filled(store)
    restore(store, list(dump(store)), actor="ops", reason="disk lost")
    desk = one(store, "desk", "")
    hold = desk.held("all")
    assert (hold.actor, hold.reason) == ("ops", "disk lost")
    assert abs(hold.since - datetime.now(UTC)) < HOUR
    assert desk.held("lead:L1")
    assert desk.seal == "seal"
    assert store.acts()[-1] == Act(hold.since, "restore", "all", "ops", "disk lost")
    restore(store, list(dump(store)))
    assert one(store, "desk", "") == desk


def test_a_store_without_a_desk_is_held_too(store):
    restore(store, list(dump(store)))
    assert one(store, "desk", "").held("all")
    assert store.load([DESK]).versions[DESK] > 0


def test_every_version_is_greater_than_any_before(store):
    filled(store)
    lines = list(dump(store))
    versioned = [ref for ref in REFS if ref.versioned and ref != Ref("lead", "L9")] + [DESK, Ref("lead", "L9")]
    at_dump = store.load(versioned).versions
    for _ in range(3):
        store.commit({}, Writes(cases=(served("L2"),), touched=(Ref("claim", "new"),)))
    before = store.load([*versioned, Ref("claim", "new")]).versions
    restore(store, lines)
    after = store.load([*versioned, Ref("claim", "new")]).versions
    assert all(after[ref] > version for ref, version in before.items() if version)
    assert all(after[ref] > version for ref, version in at_dump.items() if version)


def test_who_was_forgotten_since_stays_forgotten(store):
    filled(store)
    lines = list(dump(store))
    assert SECRET in "".join(lines)
    gone = evolve(served("L2"), erased_at=FAR)
    store.commit({}, Writes(cases=(gone,), known=(Known(Ref("lead", "L2"), ()),), counts=FrozenMap({"delta": -1}),
                            erase=(Ref("lead", "L2"), Ref("claim", "R1"))))  # fmt: skip
    done = restore(store, lines)
    assert done.forgotten == ("claim:R1", "lead:L2")
    assert one(store, "lead", "L2") == gone
    assert (one(store, "content", "L2"), one(store, "claim", "R1"), one(store, "answer", "k2")) == (None, None, None)
    assert one(store, "prospect", "m").leads == ()
    assert one(store, "prospect", "k").claims == ()
    assert one(store, "dealer", "delta") == 0
    assert store.due(FAR, 9)[0].ref == Ref("claim", "R2")
    assert SECRET not in "".join(dump(store))
    assert one(store, "content", "L1") == said("L1", "jansen")
    again = restore(store, lines)
    assert again.forgotten == done.forgotten


def test_what_came_after_an_older_dump_is_not_taken_for_forgotten(store):
    older = list(dump(store))
    filled(store)
    newer = list(dump(store))
    restore(store, older)
    assert one(store, "claim", "R1") is None
    restore(store, newer)
    assert one(store, "claim", "R1") is not None
    assert one(store, "content", "L2") == said("L2", SECRET)


def test_a_claim_that_was_forgotten_and_made_again_is_there(store):
    filled(store)
    store.commit({}, Writes(erase=(Ref("claim", "R1"),)))
    again = Claimed(Registration("R1", "delta", Company("Again"), submitted_at=AT))
    store.commit({}, Writes(claims=(again,)))
    restore(store, list(dump(store)))
    assert one(store, "claim", "R1") == again


def broken(lines):
    head, *rows, last = lines
    row = next(n for n, line in enumerate(rows) if '"table":"content"' in line)
    case_row = next(n for n, line in enumerate(rows) if '"table":"case"' in line)

    def with_row(at, **changes):
        data = json.loads(rows[at])
        data["row"] |= changes
        return [head, *rows[:at], json.dumps(data), *rows[at + 1 :], last]

    yield "cut off", lines[:-1], "its last line is missing"
    yield "empty", [], "its last line is missing"
    yield "a row less", [head, *rows[1:], last], "rows are missing"
    yield "a row more", [head, *rows, rows[row], last], "the same key|rows are missing"
    yield "no head", [*rows, last], "does not begin as"
    yield "another format", ['{"format": "x"}', *rows, last], "does not begin as"
    yield "newer", [json.dumps({**json.loads(head), "revision": "0009"}), *rows, last], "of another release"
    yield "no JSON", [head, SECRET, *rows, last], "line 2.*no JSON object"
    yield "deep", [head, "[" * 99_999, *rows, last], "line 2.*no JSON object"
    yield "no row", [head, json.dumps({"x": SECRET}), *rows, last], "line 2.*no row of a dump"
    yield "no table", [head, json.dumps({"table": SECRET, "row": {}}), *rows, last], "no such table"
    yield "a column", with_row(row, **{SECRET: 1}), "a column that is not known"
    yield "a type", with_row(row, mail=[SECRET]), "content.mail is not"
    yield "an instant", with_row(case_row, next_due=SECRET), "case.next_due is not"
    yield "a truth", with_row(case_row, open=SECRET), "case.open is not"
    yield "a document", with_row(row, doc=SECRET), "no JSON of ours"
    yield "a case", with_row(case_row, doc=json.dumps({"lead": SECRET})), "does not read as a Case"
    yield "no key", with_row(row, ref=None), "does not read as a Lead"


def test_a_broken_dump_changes_nothing_and_is_said_where(store):
    filled(store)
    before, lines = seen(store), list(dump(store))
    versions = store.load([DESK, Ref("lead", "L2")]).versions
    for name, given, why in broken(lines):
        with pytest.raises(CorruptRecord, match=why) as caught:
            restore(store, given)
        assert SECRET not in str(caught.value), name
        assert caught.value.__context__ is None, name
        assert seen(store) == before, name
        assert store.load([DESK, Ref("lead", "L2")]).versions == versions, name


def test_without_tables_nothing_is_dumped_or_restored(database):
    with SqlStore(database) as store:
        for do in (lambda: list(dump(store)), lambda: restore(store, [])):
            with pytest.raises(StoreUnavailable) as caught:
                do()
            assert caught.value.reason == "outdated"
