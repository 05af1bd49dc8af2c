"""Where something of a person is left, the checks of `test_privacy.py` see it: each planted fault turns one red."""

import importlib
import importlib.util
import logging
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import evolve

from dealerrouting.errors import Conflict
from dealerrouting.mapping import FrozenMap
from dealerrouting.memory import MemoryStore
from dealerrouting.ports import Act

_path = Path(__file__).parents[1] / "desk" / "test_privacy.py"
_spec = importlib.util.spec_from_file_location("privacy_checks", _path)
checks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(checks)

deciding, sealing, following = (
    importlib.import_module(f"dealerrouting.desk.{name}") for name in ("deciding", "sealing", "following")
)
sql = {name: importlib.import_module(f"dealerrouting.adapters.sql.{name}") for name in (
    "dialects", "engines", "work", "writing", "restoring")}  # fmt: skip


# Stores that say too much, each under the checks in memory


class WritesAnAct(MemoryStore):
    def commit(self, reads, writes):
        told = tuple(Act(self.clock(), "receive", lead.id, lead.email or "") for lead in writes.contents)
        super().commit(reads, evolve(writes, acts=(*writes.acts, *told)))


class AnswersWithTheLead(MemoryStore):
    def commit(self, reads, writes):
        said = {lead.id: lead.phone or lead.email for lead in writes.contents}
        answers = tuple(
            evolve(one, answer=FrozenMap({**one.answer, "phone": said.get(one.about.id)})) for one in writes.answers
        )
        super().commit(reads, evolve(writes, answers=answers))


class DecidesOnTheCompany(MemoryStore):
    """The facts of a decision keep what a claim says."""

    def commit(self, reads, writes):
        claims = tuple(one.claim for one in self._claims.values())
        kept = tuple(evolve(one, facts=evolve(one.facts, registrations=claims)) for one in writes.decisions)
        super().commit(reads, evolve(writes, decisions=kept))


class TellsTheMail(MemoryStore):
    """A message that is to leave has the contact in it."""

    def commit(self, reads, writes):
        said = {lead.id: lead.email for lead in writes.contents}
        told = tuple(evolve(m, detail=m.detail.updated({"mail": said.get(m.lead, "")})) for m in writes.messages)
        super().commit(reads, evolve(writes, messages=told))


class NotesWhatFailed(MemoryStore):
    def commit(self, reads, writes):
        said = {f"lead:{name}": lead.email for name, lead in self._contents.items()}
        notes = tuple((r, one and evolve(one, reason=said.get(str(r), ""))) for r, one in writes.troubles)
        super().commit(reads, evolve(writes, troubles=notes))


class Logs(MemoryStore):
    def commit(self, reads, writes):
        for lead in writes.contents:
            logging.getLogger("dealerrouting").debug("to be written: %s", lead)
        super().commit(reads, writes)


class QuotesInErrors(MemoryStore):
    def commit(self, reads, writes):
        try:
            super().commit(reads, writes)
        except Conflict:
            raise Conflict(f"not written: {writes.contents}") from None


class ErasesNothing(MemoryStore):
    def _erase(self, ref):
        pass


class ErasesClaimsOnly(MemoryStore):
    def _erase(self, ref):
        if ref.kind == "claim":
            super()._erase(ref)


class ForgetsToReplay(MemoryStore):
    """With what was said goes what was done."""

    def _erase(self, ref):
        super()._erase(ref)
        if ref.kind == "lead":
            self._events[ref.id] = self._events.get(ref.id, [])[:1]


def in_memory(kind, tmp_path):
    @contextmanager
    def opened(clock):
        yield kind(clock)

    log = tmp_path / "log"
    with checks.lived(opened, log) as life:
        life.live()
        checks.check_tables(life, tables(life.store))
        checks.check_seals(life, tables(life.store))
        life.forget()
        checks.check_replay(life)
        checks.check_gone(life, repr(tables(life.store)))
        checks.check_said(life, log)


def tables(store):
    names = [name for name in MemoryStore.__slots__ if name.startswith("_") and name not in ("_lock", "__weakref__")]
    return {name: repr(checks.to_text(getattr(store, name))) for name in names}


def test_a_sound_store_passes(tmp_path):
    in_memory(MemoryStore, tmp_path)


@pytest.mark.parametrize(
    "kind",
    [
        WritesAnAct, AnswersWithTheLead, DecidesOnTheCompany, TellsTheMail, NotesWhatFailed, Logs, QuotesInErrors,
        ErasesNothing, ErasesClaimsOnly, ForgetsToReplay,
    ],
)  # fmt: skip
def test_a_store_that_says_too_much_is_found(kind, tmp_path):
    with pytest.raises(AssertionError):
        in_memory(kind, tmp_path)


@pytest.mark.parametrize(
    ("room", "name", "fault"),
    [
        (sealing.Sealer, "decision", lambda sealer, decision, seals: decision),
        (sealing.Sealer, "key", lambda sealer, key: deciding.sealed(key)),
        (following, "pseudonymous", lambda facts, found, seal: facts),
    ],
)
def test_keys_that_are_sealed_with_no_secret_are_found(room, name, fault, monkeypatch, tmp_path):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(AssertionError):
        in_memory(MemoryStore, tmp_path)


# Files


def _left_as_it_is(monkeypatch):
    """Nothing that is deleted is overwritten."""

    def begin(self, connection, write):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    def tell(connection, _record):
        connection.execute("pragma secure_delete = off")

    monkeypatch.setattr(sql["engines"], "_tell_sqlite", tell)
    monkeypatch.setattr(sql["dialects"].Sqlite, "begin", begin)


def _no_checkpoint(monkeypatch):
    monkeypatch.setattr(sql["work"].Work, "scrub", lambda self, on: True)


def _content_stays(monkeypatch):
    gone = sql["writing"].Writing._gone
    monkeypatch.setattr(
        sql["writing"].Writing, "_gone", lambda self, on, name, ids: name == "content" or gone(self, on, name, ids)
    )


def _restores_all(monkeypatch):
    monkeypatch.setattr(sql["restoring"]._Restoring, "_remember", lambda self: None)


@pytest.mark.parametrize("plant", [_left_as_it_is, _no_checkpoint, _content_stays, _restores_all])
def test_what_is_left_in_files_is_found(plant, monkeypatch, tmp_path):
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        checks.check_pages(tmp_path / "db" / "leads.db")
