"""Stores and desks that are planted with a fault: the crash campaigns or the races turn red, and say what is wrong."""

import pytest
from attrs import evolve

from crashing import campaign
from cutting import cut_run
from dealerrouting.adapters.sql import SqlStore, upgrade
from dealerrouting.adapters.sql.writing import Writing
from dealerrouting.errors import StoreUnavailable
from dealerrouting.ports import Writes
from race_pairs import PAIRS
from racing import hold_against, race
from servers import own_schema

# Stores


class CommitsTwice(SqlStore):
    """Leads in one transaction, what is to be told and answered in the next."""

    def commit(self, reads, writes):
        super().commit(reads, evolve(writes, messages=(), answers=()))
        super().commit({}, Writes(messages=writes.messages, answers=writes.answers))


class KeepsCountsApart(SqlStore):
    """Open leads are counted after the commit."""

    def commit(self, reads, writes):
        super().commit(reads, evolve(writes, counts={}))
        super().commit({}, Writes(counts=writes.counts))


class ForgetsAnswers(SqlStore):
    """No answer is kept: what comes again is done again."""

    def commit(self, reads, writes):
        super().commit(reads, evolve(writes, answers=()))


class TriesAgain(SqlStore):
    """A commit that was broken off is made again without looking at what was read."""

    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except StoreUnavailable:
            super().commit({}, evolve(writes, answers=()))


class SendsNoReads(SqlStore):
    """As from a desk that does not say what it has read."""

    def commit(self, reads, writes):
        super().commit({}, writes)


class SeesNoAbsence(SqlStore):
    """What was not there is not held against what is there now."""

    def commit(self, reads, writes):
        super().commit({ref: version for ref, version in reads.items() if version}, writes)


class SeesLeadsOnly(SqlStore):
    """Only the leads' own versions are compared."""

    def commit(self, reads, writes):
        super().commit({ref: version for ref, version in reads.items() if ref.kind in ("lead", "desk")}, writes)


class ComparesUnlocked(Writing):
    """Versions are compared by a read that locks nothing."""

    def _lock(self, connection, reads, changed, refs):
        self._compare(connection, self.say.versions, reads, refs)


class RaisesNoVersion(Writing):
    """What changes has the same version as before."""

    def _hold(self, connection, reads, changed):
        super()._hold(connection, reads, [])


class TakesAnyAnswer(Writing):
    """A key that is known already is no conflict."""

    def _many(self, connection, statement, rows):
        if statement is self.say.add["answer"]:
            statement = self.say.say.insert(self.say.t.answer).on_conflict_do_nothing()
        super()._many(connection, statement, rows)


def writing(kind):
    """A store that writes so."""

    class Store(SqlStore):
        def __init__(self, *args, **named):
            super().__init__(*args, **named)
            self.work.writing = kind(self.work.writing.say, self.work.writing.clock)

    Store.__name__ = kind.__name__
    return Store


# Crashes


@pytest.mark.parametrize("planted", [CommitsTwice, KeepsCountsApart, ForgetsAnswers], ids=lambda kind: kind.__name__)
def test_killed_workers_show_it(tmp_path, planted):
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("worked", "calm")]
    report = campaign("statements", urls[0], calm=urls[1], store=(__file__, planted.__name__), length=10)
    assert report["faults"], "nothing turned red"


def test_a_cut_connection_shows_it(postgres_schema):
    report = cut_run(postgres_schema.url, "unanswered", kind=TriesAgain)
    assert report.faults


# Races

SHOWN = {
    "receive, receive: one company": (SendsNoReads, SeesNoAbsence, SeesLeadsOnly),
    "receive, receive: one ledger": (SendsNoReads, SeesLeadsOnly),
    "register, register: one claimant": (SendsNoReads, SeesNoAbsence),
    "update, update: one lead": (SendsNoReads, writing(ComparesUnlocked), writing(RaisesNoVersion)),
    "receive, receive: one key": (writing(TakesAnyAnswer),),
}
CASES = [pytest.param(name, kind, id=f"{kind.__name__}: {name}") for name, kinds in SHOWN.items() for kind in kinds]


@pytest.mark.parametrize(("name", "planted"), CASES)
def test_two_at_once_show_it(postgres_url, name, planted):
    pair = next(pair for pair in PAIRS if pair.name == name)
    with own_schema(postgres_url) as schema:
        upgrade(schema.url)
        with race(schema.url, planted) as made:
            assert hold_against(made, pair, 1).faults
