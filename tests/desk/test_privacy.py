"""What somebody says is in one table and nowhere else; and once it is erased it is nowhere at all.

Every field of leads and claims holds a canary; they live through every command of a desk, with every log at DEBUG; then
they are looked for in whatever the desk, its store and its files hold.
"""

import asyncio
import base64
import json
import logging
import pickle
import random
import sqlite3
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine

import canary
import servers
from canary import GREEK, Canaries
from dealerrouting import Company, Custom, Dealer, Facts, Lead, Plan, Registration, Rule, Territory, by, where
from dealerrouting.adapters.sql import AsyncSqlStore, SqlStore, dump, restore, upgrade
from dealerrouting.calendar import Elapsed
from dealerrouting.desk import AsyncLeadDesk, LeadDesk
from dealerrouting.documents.values import to_data
from dealerrouting.errors import (
    Conflict,
    CorruptRecord,
    EventError,
    KeyReused,
    LeadRefused,
    NotFound,
    PlanError,
    StoreUnavailable,
    TransitionNotAllowed,
)
from dealerrouting.identity import sealed
from dealerrouting.memory import MemoryStore
from dealerrouting.model import Incumbent
from dealerrouting.ports import Ref, Writes
from dealerrouting.registrations import Move
from dealerrouting.terms import Terms

pytestmark = pytest.mark.slow

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOST = logging.getLogger("host")
LOGGERS = ("", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "alembic", "asyncio", "dealerrouting")
MAY_HOLD = {"content", "_contents", "_claims"}
"""The tables that may hold what somebody says; of the store in memory, the fields."""


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def on(self, **length):
        self.now += timedelta(**length)


class Source:
    """The CRM's own facts: more than was asked for, and trouble in words of the lead's own for some leads."""

    def __init__(self, canaries):
        self.poison = {}
        mail = f"{canaries('facts.email')}@{canaries('facts.mail')}.example"
        told = canary_company(canaries, "facts")
        self.claim = Registration("FR", "b", told, status="approved", submitted_at=START, email=mail)

    def facts(self, needs):
        if needs.lead in self.poison:
            raise RuntimeError(f"cannot read {self.poison[needs.lead]}")
        known = Company("Elders", number="30204462", country="NL", domain="elders-for-years.example")
        return Facts(registrations=[self.claim], incumbents=[Incumbent(known, "b", since=START)])


class AwaitedSource(Source):
    async def facts(self, needs):
        return super().facts(needs)


class Waited:
    """A desk or a store that is awaited, as one that answers at once."""

    def __init__(self, runner, awaited):
        self.runner, self.awaited = runner, awaited

    def __getattr__(self, name):
        return lambda *args, **named: self.runner.run(getattr(self.awaited, name)(*args, **named))


def canary_company(made, of, **known):
    """A company that says a canary in every field that is not given."""
    said = {name: made(f"{of}.company.{name}") for name in ("number", "vat", "lei", "postcode", "city")}
    said |= {"name": f"{made(f'{of}.company.name')} Metaal BV", "domain": f"{made(f'{of}.company.domain')}.example"}
    return Company(**{**said, "country": "NL", **known})


def claimable(made, of, number="24123456"):
    """A company that a claim may be made on: what has a form of its own is right, or not said."""
    return canary_company(made, of, number=number, vat=None, lei=None, postcode="4811 AB")


def canary_lead(made, id, company=None, **known):
    """A lead that says a canary in every field that is not given: read, or kept as it came."""
    unread = ("received_at", "lat", "lon", "value", "currency", "employees", "language", "sector", "phone", "city")
    said = {name: made(f"{id}.{name}") for name in (*unread, "source", "campaign", "product")}
    said |= {
        "country": "NL",
        "postcode": "3011 AB",
        "contact_name": f"{made(f'{id}.contact_name', GREEK)} {made(f'{id}.last_name')}",
        "email": f"{made(f'{id}.email')}@{made(f'{id}.mail_domain')}.example",
        "message": made.long(f"{id}.message"),
        "attributes": {"fleet": made(f"{id}.fleet"), "seen": [made(f"{id}.seen"), made(f"{id}.seen", GREEK)]},
        "unreadable": {"website": made(f"{id}.website")},
    }
    return Lead(id, company if company is not None else canary_company(made, id), **{**said, **known})


def boom(fields):
    raise RuntimeError(f"the CRM knows nobody with {fields['email']} of {fields['company']}")


def plan_of():
    """A plan of everything that reads a lead: rules by a function that fails, rotation, caps, claims, incumbents."""
    dealers = [Dealer("a"), Dealer("b"), Dealer("c", max_open=1), Dealer("h", kind="house")]
    failing = Custom("crm", boom, reads=("email", "company"), version="1")
    return Plan(
        "canaries",
        house="h",
        timezone="Europe/Brussels",
        dealers=dealers,
        attributes={"fleet": "str"},
        territories=[
            Territory("t", ["a"], country="NL", postcodes="3000..3999"),
            Territory("u", ["c"], country="NL", postcodes="4000..4999"),
            Territory("v", {"a": 1, "b": 1}, country="BE"),
        ],
        precedence=[
            by.registrations(),
            by.accounts(),
            by.incumbent(),
            by.rules(Rule("asked", when=failing & (where.country == "NL") & (where.source == "fair"), dealers=["b"])),
            by.territories(),
        ],
        terms=Terms(retention=Elapsed(days=400)),
    )


class Life:
    """A desk, and everybody who uses it once. `said` is all that came back or was raised, as text."""

    def __init__(self, store, desk, clock, source, made):
        self.store, self.desk, self.clock, self.source, self.made = store, desk, clock, source, made
        self.said, self.leads, self.claims, self.warned = {}, {}, {}, []

    def told(self, name, value):
        """What a command answered."""
        HOST.info("%s: %s", name, value)
        self.said[f"{len(self.said)} {name}"] = f"{value!r} {value}"
        return value

    def refused(self, kind, name, *args, **named):
        """What a command raised: in a log, with everything that it came from, and whole, for a queue."""
        try:
            getattr(self.desk, name)(*args, **named)
        except kind as error:
            HOST.exception("%s", error)
            self.said[f"{len(self.said)} {name}"] = f"{error!r} {error} {vars(error)!r} {pickle.dumps(error)!r}"
        else:
            raise AssertionError(f"{name} was not refused")

    def does(self, name, *args, **named):
        return self.told(name, getattr(self.desk, name)(*args, **named))

    def lead(self, id, company=None, **known):
        self.leads[id] = canary_lead(self.made, id, company, **known)
        return self.leads[id]

    def claim(self, id, dealer="b", company=None):
        company = company or claimable(self.made, id)
        mail = f"{self.made(f'{id}.email')}@{self.made(f'{id}.mail_domain')}.example"
        self.claims.setdefault(id, []).append(
            Registration(id, dealer, company, submitted_at=self.clock.now, email=mail)
        )
        return self.claims[id][-1]

    # Every command there is

    def live(self):
        self.does("activate", plan_of(), actor="ops", reason="canaries")
        self.intake()
        self.follow_up()
        self.registering()
        self.waiting()
        self.watching()
        self.weeks()
        self.by_hand()

    def intake(self):
        jansen = canary_company(self.made, "jansen", number="30204462", postcode="3011 AB")
        first = self.lead("L1", jansen)
        self.does("receive", first, key="k1")
        assert self.does("receive", first, key="k1").repeated
        self.refused(KeyReused, "receive", self.lead("L1x", jansen), key="k1")
        self.refused(KeyReused, "receive", self.lead("L1", jansen), key="k1")
        assert self.does("receive", self.lead("L2", jansen), referred_by="b").outcome == "linked"
        assert self.does("receive", self.lead("L3", jansen)).outcome == "linked"
        self.does("receive", self.leads["L1"], key="again")
        del self.leads["L1x"]
        self.leads["L1"] = first
        long = self.made("refused.email") * 100
        with pytest.raises(LeadRefused) as refusal:
            Lead("L0", email=long)
        self.told("Lead", refusal.value)
        self.refused(LeadRefused, "receive", self.lead("L0" * 100))
        del self.leads["L0" * 100]
        self.does("adopt", self.lead("A1"), holder="b", actor="ops", status="attempted")
        self.does("adopt", self.lead("A2"), holder="a", actor="ops", since=START - timedelta(days=3), clock="since")
        self.refused(LeadRefused, "adopt", self.lead("A3"), holder="nobody", actor="ops")
        del self.leads["A3"]
        assert "opaque_error" in self.does("receive", self.lead("O1", source="fair")).decision.flags

    def follow_up(self):
        for n in range(1, 8):
            self.does("receive", self.lead(f"F{n}", country="BE", postcode="2000"))
        holder = {n: self.store.history(f"F{n}").case.holder for n in range(1, 8)}
        self.does("accept", "F1", assignment=1, actor=holder[1])
        self.does("update", "F1", assignment=1, status="contacted", actor=holder[1], evidence="note-1", key="u1")
        self.does("update", "F1", assignment=1, status="contacted", actor=holder[1], evidence="note-1", key="u1")
        self.refused(KeyReused, "update", "F1", assignment=1, status="lost", actor=holder[1], key="u1")
        self.does("decline", "F2", assignment=1, reason="busy", actor=holder[2])
        self.does("refer", "F3", assignment=1, reason="too-big", actor=holder[3])
        self.does("reassign", "F4", to="c", reason="asked", actor="ops")
        self.does("reassign", "F5", reason="asked", actor="ops")
        until = self.clock.now + timedelta(days=2)
        self.does("pause", "F6", assignment=1, until=until, reason="holiday", actor=holder[6])
        self.does("resume", "F6", assignment=1, actor=holder[6])
        self.does("update", "F6", assignment=1, status="won", actor=holder[6])
        self.refused(TransitionNotAllowed, "accept", "F6", assignment=1, actor=holder[6])
        self.does("update", "F7", assignment=1, status="lost", actor=holder[7])
        self.does("reopen", "F7", assignment=1, reason="called", actor=holder[7])
        self.does("update", "F1", assignment=7, status="lost", actor="a")
        self.refused(NotFound, "update", "F0", assignment=1, status="lost", actor="a")
        self.refused(EventError, "reassign", "F4", to="d", reason="asked", actor="ops")

    def registering(self):
        prospect = claimable(self.made, "prospect", number="27101010")
        other = claimable(self.made, "other", number="33014286")
        refused = self.does("register", self.claim("R0", "b", canary_company(self.made, "bad")))
        assert refused.refused
        del self.claims["R0"]
        self.does("register", self.claim("R1", "b", other), actor="b", key="r1")
        self.refused(KeyReused, "register", self.claim("R1", "b", other), actor="b", key="r1")
        self.does("register", self.claim("R1", "b", other), actor="b")
        del self.claims["R1"][1:]
        self.does("decide_registration", "R1", Move("approve", "boss"), key="d1")
        self.does("decide_registration", "R1", Move("approve", "boss"), key="d1")
        assert self.does("receive", self.lead("C1", other)).decision.by == "registrations"
        assert self.does("receive", self.lead("C2", canary_company(self.made, "C2"))).holder == "a"
        self.does("register", self.claim("R2", "a", other))
        self.does("register", self.claim("R3", "a", prospect))
        self.does("decide_registration", "R3", Move("return", "boss", {"note": "note-7"}))
        corrected = self.claim("R3", "a", claimable(self.made, "corrected", number="27101011"))
        completing = Move("complete", "a", completed=corrected)
        self.does("decide_registration", "R3", completing, key="d3")
        self.does("decide_registration", "R3", completing, key="d3")
        self.does("may_claim", other, dealer="a")
        self.does("may_claim", canary_company(self.made, "asked"), dealer="a")
        self.does("decide_registration", "R1", Move("withdraw", "b"))
        self.does("decide_registration", "R1", Move("approve", "boss"))
        self.refused(NotFound, "decide_registration", "R0", Move("approve", "boss"))
        self.does("register", self.claim("R4", "c"))

    def waiting(self):
        self.does("update", "F4", assignment=2, status="lost", actor="c")
        for n in (1, 2, 3):
            self.does("receive", self.lead(f"Q{n}", postcode="4811 AB"))
        assert self.store.history("Q2").case.waits_for == ("c",)
        self.does("update", "Q1", assignment=1, status="lost", actor="c")
        assert self.store.history("Q2").case.holder == "c"

    def watching(self):
        self.does("watch", self.lead("W1"), chosen="b")
        self.does("watch", self.lead("W2"), chosen="a", key="w2")
        self.refused(KeyReused, "watch", self.lead("W2"), chosen="a", key="w2")
        self.told("text", self.does("differences").text())

    def weeks(self):
        """Sweeps and mail; one lead cannot be dealt with, and what it raises says all about it."""
        self.source.poison["O1"] = repr(to_data(self.leads["O1"]))
        self.does("hold", actor="ops", reason="busy", dealer="b")
        self.does("release", actor="ops", dealer="b")
        for day in range(30):
            self.clock.on(days=1)
            self.does("sweep", dry_run=day % 7 == 0)
            for message in self.does("messages"):
                self.does("sent", message)
        self.told("health", self.desk.health())
        assert "lead:O1" in self.desk.health().survey.parked
        self.does("release", actor="ops", lead="O1")
        self.source.poison.clear()

    def by_hand(self):
        self.refused(PlanError, "activate", plan_of(), actor="ops", since=START)
        self.does("hold", actor="ops", reason="audit")
        self.does("sweep")
        self.does("release", actor="ops")
        with pytest.raises(Conflict) as conflict:
            self.store.commit({Ref("lead", "L1"): 99}, Writes(contents=(self.leads["L1"],)))
        self.told("Conflict", conflict.value)
        for lead in self.leads:
            self.told("history", self.store.history(lead).case)

    # And then

    def forget(self):
        """All of them, in each way there is. An open lead first that others go with: one of them has it then."""
        self.does("erase", actor="dpo", leads=["L1"], dry_run=True)
        self.does("erase", actor="dpo", leads=["L1"])
        assert self.store.history("L2").case.open
        self.does("erase", actor="dpo", person=self.leads["F1"].email.upper(), reason="asked")
        self.does("erase", actor="dpo", leads=["W1"], claims=["R4"])
        over = [name for name in self.leads if self.store.history(name).case.over_since is not None]
        self.clock.on(days=401)
        done = self.does("erase_expired", actor="dpo")
        assert {Ref("lead", name) for name in over} - {Ref("lead", n) for n in ("L1", "F1", "W1")} <= set(done.refs)
        rest = [name for name in self.leads if self.store.history(name).case.erased_at is None]
        left = [ref.id for ref in self.store.expired(datetime(2200, 1, 1, tzinfo=UTC), 100) if ref.kind == "claim"]
        self.claims_left = self.store.load([Ref("claim", name) for name in self.claims]).values
        standing = [ref.id for ref, one in self.claims_left.items() if one is not None]
        assert set(left) <= set(standing)
        erased = self.does("erase", actor="dpo", leads=rest, claims=standing)
        self.does("erase", actor="dpo", leads=rest[:1])
        self.does("receive", self.leads["L1"], key="k1")
        self.does("update", "F1", assignment=1, status="won", actor="a")
        return erased

    def seals(self):
        """The company keys of everybody, sealed with no secret: who has a list of companies finds them again."""
        known = [lead.identity for lead in self.leads.values()]
        known += [claim.identity for some in self.claims.values() for claim in some]
        keys = {key for one in known for key in (*one.keys, *one.hints)}
        keys |= Company("Elders", number="30204462", country="NL", domain="elders-for-years.example").keys()
        return {sealed(key).value for key in keys} | {str(key) for key in keys if key.kind == "number"}


@contextmanager
def lived(store, path, awaited=None):
    """A life over a store, with every log at DEBUG in the file and warnings kept."""
    clock, made = Clock(), Canaries()
    with logged(path), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        with store(clock) as opened:
            if awaited is None:
                source = Source(made)
                yield Life(opened, LeadDesk(opened, facts=source, customs=plan_of().customs), clock, source, made)
            else:
                source = AwaitedSource(made)
                desk = AsyncLeadDesk(opened.awaited, facts=source, customs=plan_of().customs)
                yield Life(opened, Waited(awaited, desk), clock, source, made)
        assert not made.found([str(one.message) for one in warned]), "a canary in a warning"


@contextmanager
def logged(path):
    """Everything at DEBUG, in a file."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


# What is held against it


def check_said(life, log):
    """Nothing that came back, was raised or was logged says what a lead says."""
    if life.made.found("\n".join(life.said.values())):
        raise AssertionError(f"a canary in {[name for name, text in life.said.items() if life.made.found(text)]}")
    assert len(life.said) > 150
    assert log.stat().st_size > 10_000
    assert not life.made.found(log.read_bytes()), "a canary in the log"
    assert not life.made.found(life.desk.health()), "a canary in `health`"


def check_tables(life, tables, prefix=""):
    """Everything is in the table for it, and nothing of it in another."""
    held = {name.removeprefix(prefix): text for name, text in tables.items()}
    for name, text in held.items():
        if name not in MAY_HOLD:
            assert not life.made.found(text), f"a canary in the table {name}"
    kept = {name: lead.email for name, lead in life.leads.items() if not name.startswith("W")}
    kept |= {name: some[-1].email for name, some in life.claims.items()}
    there = "".join(text for name, text in held.items() if name in MAY_HOLD)
    missing = [name for name, mail in kept.items() if mail not in there]
    assert not missing, f"this does not find what is there: {missing}"


def check_seals(life, tables):
    """No company stands under a seal that anybody can make."""
    text = "".join(text for name, text in tables.items() if not name.endswith(tuple(MAY_HOLD)))
    assert text.count("~") > 100
    for seal in life.seals():
        assert seal not in text, "a key of a company is sealed with no secret"


def check_replay(life):
    """What was recorded folds to what is kept, for those who are erased too."""
    for name in life.leads:
        if life.store.history(name).events:
            assert life.desk.replayed(name).same, f"{name} replays otherwise"


def check_gone(life, text):
    assert not life.made.found(text)


def tables_of_memory(store):
    """The fields of a store in memory, as text."""
    names = [name for name in store.__slots__ if name.startswith("_") and name not in ("_lock", "__weakref__")]
    return {name: repr(to_text(getattr(store, name))) for name in names}


def to_text(value):
    """All of it: `repr` leaves out what is not to be shown."""
    return pickle.dumps(value).decode("utf-8", "replace") + repr(value)


# In memory


@contextmanager
def memory(clock):
    yield MemoryStore(clock)


def test_in_memory_it_stands_in_one_place_and_then_nowhere(tmp_path):
    log = tmp_path / "log"
    with lived(memory, log) as life:
        life.live()
        check_tables(life, tables_of_memory(life.store))
        check_seals(life, tables_of_memory(life.store))
        life.forget()
        check_replay(life)
        check_gone(life, repr(tables_of_memory(life.store)))
        check_said(life, log)


# SQLite


def sqlite(path, kind=SqlStore, runner=None):
    url = f"sqlite:///{path}"
    path.parent.mkdir(exist_ok=True)

    @contextmanager
    def opened(clock):
        upgrade(url)
        if runner is None:
            with kind(url, clock=clock) as store:
                yield store
        else:
            store = Waited(runner, AsyncSqlStore(url, clock=clock))
            yield store
            store.close()

    return opened


def sqlite_rows(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return canary.rows(connection)
    finally:
        connection.close()


def check_sqlite(path, log, awaited=None):
    with lived(sqlite(path, runner=awaited), log, awaited) as life:
        life.live()
        assert life.made.in_files(path.parent), "this finds nothing that is there"
        check_tables(life, sqlite_rows(path), "dr_")
        check_seals(life, sqlite_rows(path))
        check_said(life, log)
        person = life.leads["C2"].email
        exported = life.desk.export_person(person)
        assert len(life.made.found(json.dumps(exported))) > 20
        earlier = list(dump(f"sqlite:///{path}"))
        check_dump(life, earlier)
        assert life.forget().scrubbed
        check_forgotten(life, path, log)
        assert life.desk.export_person(person)["leads"] == []
        check_gone(life, "".join(dump(f"sqlite:///{path}")))
        restored = restore(f"sqlite:///{path}", earlier, actor="ops", reason="drill")
        assert {f"lead:{name}" for name in life.leads if name[0] != "W"} <= set(restored.forgotten)
        check_gone(life, "".join(dump(f"sqlite:///{path}")))
        check_gone(life, repr(sqlite_rows(path)))
        assert life.store.scrub()
        check_forgotten(life, path, log)
        life.does("release", actor="ops")
        life.does("sweep")
        life.does("messages")
        check_forgotten(life, path, log)


def check_dump(life, lines):
    """A dump says what a lead says in the rows of one table."""
    rows = [line for line in lines if json.loads(line).get("table") == "content"]
    assert len(life.made.found("".join(rows))) > 200
    assert not life.made.found("".join(line for line in lines if line not in rows)), "a canary in another table's rows"


def check_forgotten(life, path, log):
    found = life.made.in_files(path.parent)
    assert not found, f"still there: {[(file.name, len(names), names[:3]) for file, names in found.items()]}"
    check_said(life, log)
    check_seals(life, sqlite_rows(path))
    check_replay(life)


def test_on_sqlite_it_stands_in_one_table_and_then_in_no_file(tmp_path):
    check_sqlite(tmp_path / "db" / "leads.db", tmp_path / "log")


def test_the_same_when_it_is_awaited(tmp_path):
    with asyncio.Runner() as runner:
        check_sqlite(tmp_path / "db" / "leads.db", tmp_path / "log", runner)


@pytest.mark.parametrize("alphabet", [canary.LETTERS, GREEK])
def test_a_canary_is_found_in_every_writing(alphabet):
    made = Canaries("writings")
    for field in "abc":
        made(field, alphabet)
    core = made("looked for", alphabet)
    name = "writings/looked for/3"
    whole = f'{{"ä "{core}", {core}}}'.encode()
    written = [core.encode(), core.upper().encode(), whole.decode().encode("utf-16"), core.encode("utf-16-be")]
    written += [
        core.encode().hex().encode(),
        core.encode().hex().upper().encode(),
        core.encode("utf-16-le").hex().encode(),
    ]
    written += [json.dumps({"é": core}).encode(), quote(f"é {core}").encode(), base64.b64encode(core.encode())]
    if alphabet != GREEK:
        written += [base64.urlsafe_b64encode(b"?" * shift + whole) for shift in range(3)]
    for text in written:
        assert made.found(b"before " + text + b" after") == [name]
    assert made.found(f"{core[:9]} {core[9:]}") == []


# Pages: many leads of many sizes, most of them erased in any order while others stay


def check_pages(path, leads=60):
    """What is erased leaves no part of itself in a page or a log, also when a dump from before is restored."""
    chance, made, ids = random.Random(1), {}, {}
    with sqlite(path)(Clock()) as store:
        for n in range(leads):
            made[n] = Canaries(f"pages {n}")
            text = made[n].long("message", chance.choice([10, 200, 900, 3_000, 9_000]))
            lead = canary_lead(made[n], f"L{chance.randrange(10**6):06}x{n}", message=text)
            ids[n] = lead.id
            store.commit({}, Writes(contents=(lead,)))
        order = chance.sample(range(leads), leads)
        gone, stays = order[leads // 3 :], order[: leads // 3]
        earlier = list(dump(store))
        for n in gone:
            store.commit({}, Writes(erase=(Ref("lead", ids[n]),)))
        assert store.scrub()
        _in_pages(path, made, gone, stays)
        restore(store, earlier)
        assert store.scrub()
        _in_pages(path, made, gone, stays)


def _in_pages(path, made, gone, stays):
    pages = b"".join(file.read_bytes() for file in canary.files(path.parent))
    assert all(made[n].found(pages) for n in stays)
    left = [n for n in gone if made[n].found(pages)]
    assert not left, f"{len(left)} that were erased are still there"


def test_what_is_erased_among_others_is_in_no_page(tmp_path):
    check_pages(tmp_path / "db" / "leads.db")


def test_whoever_reads_keeps_the_log_from_being_cut_and_that_is_said(tmp_path):
    path = tmp_path / "db" / "leads.db"
    with sqlite(path)(Clock()) as store:
        lead = canary_lead(made := Canaries("reader"), "L1")
        store.commit({}, Writes(contents=(lead,)))
        reader = sqlite3.connect(path, isolation_level=None, timeout=0)
        reader.execute("begin")
        reader.execute("select * from dr_content").fetchall()
        store.commit({}, Writes(erase=(Ref("lead", "L1"),)))
        assert made.in_files(path.parent)
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
        with SqlStore(engine) as hasty:
            assert hasty.scrub() is False
        engine.dispose()
        reader.close()
        assert store.scrub() is True
        assert not made.in_files(path.parent)


# A record that cannot be read


def test_a_broken_record_is_named_and_not_quoted(tmp_path):
    path = tmp_path / "db" / "leads.db"
    with lived(sqlite(path), tmp_path / "log") as life:
        life.does("activate", plan_of(), actor="ops")
        life.does("receive", life.lead("L1"))
        broken = json.dumps(to_data(life.leads["L1"]))[:-1]
        connection = sqlite3.connect(path)
        connection.execute("update dr_content set doc = ?", [broken])
        connection.commit()
        connection.close()
        life.refused(CorruptRecord, "decline", "L1", assignment=1, reason="busy", actor="a")
        life.refused(CorruptRecord, "export_person", life.leads["L1"].email)
        assert not life.made.found("".join(life.said.values()))
        assert not life.made.found((tmp_path / "log").read_bytes())


def test_another_secret_is_refused(tmp_path):
    with memory(Clock()) as store:
        LeadDesk(store, secret=b"s" * 16, customs=plan_of().customs).activate(plan_of(), actor="ops")
        life = Life(store, LeadDesk(store, secret=b"t" * 16, customs=plan_of().customs), Clock(), None, Canaries())
        life.refused(StoreUnavailable, "receive", canary_lead(life.made, "L1"))
        assert not life.made.found("".join(life.said.values()))


# PostgreSQL


def test_on_postgresql_it_is_gone_once_the_log_was_switched(postgres_throwaway, tmp_path):
    """Every file of a server. `scrub` clears the tables; the server's own log takes a switch and a checkpoint more."""
    server = postgres_throwaway(wal_recycle="off", autovacuum="off")
    begun = set(canary.seen(server.data).items())

    @contextmanager
    def opened(clock):
        upgrade(server.url())
        with SqlStore(server.url(), clock=clock) as store:
            yield store

    with lived(opened, tmp_path / "log") as life, servers.connect(server.url()) as other:
        life.live()
        other.execute("analyze")
        check_tables(life, canary.postgres_rows(other), "dr_")
        check_seals(life, canary.postgres_rows(other))
        assert life.made.found((server.data / "pg_wal" / "000000010000000000000001").read_bytes())
        assert life.forget().scrubbed
        for command in ("select pg_switch_wal()", "checkpoint"):
            other.execute(command)
        found = life.made.in_files(server.data, server.log, but=begun)
        assert not found, f"still there: {[(file.name, len(names)) for file, names in found.items()]}"
        check_said(life, tmp_path / "log")
        check_seals(life, canary.postgres_rows(other))
        check_replay(life)


def test_an_old_snapshot_keeps_what_is_erased_and_that_is_said(postgres_schema):
    url, _ = postgres_schema
    upgrade(url)
    with SqlStore(url) as store, servers.connect(url) as other:
        store.commit({}, Writes(contents=(canary_lead(Canaries(), "L1"),)))
        other.execute("begin isolation level repeatable read")
        other.execute("select 1")
        store.commit({}, Writes(erase=(Ref("lead", "L1"),)))
        assert store.scrub() is False
        other.execute("rollback")
        assert store.scrub() is True
