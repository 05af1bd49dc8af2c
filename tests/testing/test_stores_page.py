"""The worked examples of the page about stores pass the whole kit, and the messages it shows are those of the kit."""

import sqlite3
from pathlib import Path

import pytest
from attrs import evolve

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "stores.md"
if not PAGE.exists():
    pytest.skip("the pages are not beside these tests", allow_module_level=True)


def blocks(language):
    parts = PAGE.read_text("utf-8").split("```")[1::2]
    return [part.split("\n", 1)[1] for part in parts if part.split("\n", 1)[0] == language]


space = {"__name__": "page"}
for block in blocks("python"):
    exec(compile(block, str(PAGE), "exec"), space)
TestCrmFacts, TestJournalStore = space["TestCrmFacts"], space["TestJournalStore"]


def test_the_journal_is_there_for_the_next_process(tmp_path):
    from dealerrouting.testing.conformance.worlds import AT, base, refs

    first, second = (space["JournalStore"](str(tmp_path / "desk.db")) for _ in range(2))
    first.commit({}, base())
    told = second.load(refs(), AT)
    assert told == first.load(refs(), AT)
    second.commit(dict(list(told.versions.items())[:3]), base().__class__(erase=(refs()[1],)))
    assert first.load(refs(), AT) == second.load(refs(), AT) != told
    third = space["JournalStore"](str(tmp_path / "desk.db"))
    assert third.load(refs(), AT) == first.load(refs(), AT)
    for one in (first, second, third):
        one.close()


def test_what_is_erased_is_not_in_the_file(tmp_path):
    from dealerrouting import Lead
    from dealerrouting.ports import Ref, Writes
    from dealerrouting.testing.conformance.worlds import AT, a_claim, an_answer, due_case

    path = tmp_path / "desk.db"
    lead, claim = Ref("lead", "L1"), Ref("claim", "R1")
    store = space["JournalStore"](str(path))
    writes = Writes(
        cases=(due_case("L1", AT),),
        contents=(Lead("L1", message="canary-one"),),
        claims=(a_claim("R1", 1, "canary@two.example"),),
        answers=(an_answer("K", lead),),
    )
    store.commit({}, writes)
    assert b"canary" in path.read_bytes()
    store.commit({lead: 1}, Writes(erase=(lead, claim)))
    assert b"canary" not in path.read_bytes()
    assert store.load((lead, claim), AT).versions == {lead: 2, claim: 2}
    store.close()
    with sqlite3.connect(path) as rows:
        assert rows.execute("SELECT count(*) FROM changes").fetchone() == (2,)
    rows.close()


def test_the_messages_are_those_of_the_kit():
    from dealerrouting.mapping import FrozenMap
    from dealerrouting.memory import MemoryStore
    from dealerrouting.testing import conformance

    class ForgetsAbsence(MemoryStore):
        def commit(self, reads, writes):
            super().commit({ref: version for ref, version in reads.items() if version}, writes)

    with pytest.raises(pytest.fail.Exception) as told:
        conformance.outbox(ForgetsAbsence)().test_absence_of_a_prospect_is_a_version()
    assert str(told.value) == blocks("text")[0].strip()

    class MergesLedgers(MemoryStore):
        def commit(self, reads, writes):
            merged = {
                name: self._ledgers.get(name, FrozenMap()).updated(entry) for name, entry in writes.ledgers.items()
            }
            super().commit(reads, evolve(writes, ledgers=FrozenMap(merged)))

    suite = conformance.outbox(MergesLedgers)
    with pytest.raises(pytest.fail.Exception) as told:
        suite().test_any_sequence_of_changes_and_questions_is_answered_as_by_the_model()
    assert str(told.value) == blocks("text")[1].strip()
