"""What the conformance kit cannot see: how the two databases are used."""

import asyncio
import json
import logging
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.ext.asyncio import create_async_engine

import port_values
from dealerrouting import Company, Lead
from dealerrouting.adapters.sql import AsyncSqlStore, SqlStore, upgrade
from dealerrouting.adapters.sql.statements import statements
from dealerrouting.adapters.sql.tables import Instant, tables
from dealerrouting.calendar import END, NEVER
from dealerrouting.errors import Conflict, CorruptRecord
from dealerrouting.mapping import FrozenMap
from dealerrouting.memory import MemoryStore
from dealerrouting.model import Registration
from dealerrouting.ports import (
    DESK,
    Answered,
    AsyncCaseStore,
    AsyncOutbox,
    Case,
    CaseStore,
    Claimed,
    Counter,
    Desk,
    Due,
    Known,
    Logged,
    Outbox,
    Ref,
    Trouble,
    Writes,
)
from dealerrouting.sla import Effect, begin
from dealerrouting.terms import Policy, Terms

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAR = AT + timedelta(days=30)
SECRET = "Xq7Zanary"
POLICY = Policy(Terms(), "house")


def case(lead="L1", at=AT):
    return Case(lead, at, "sha256:1", begin(lead, POLICY, at=at, claimants=()))


def claim(id="R1", due=AT):
    return Claimed(Registration(id, "delta", Company("Jansen"), submitted_at=AT), next_due=due)


def said(lead="L1", word="hello"):
    return Lead(lead, Company(f"{word} BV"), email=f"{word}@a.example", contact_name=word, message=word)


def asked(key="k", about="L1"):
    return Answered(key, Ref("lead", about), "receive", "hash", FrozenMap({"lead": about}))


def one(store, kind, id):
    return store.load([Ref(kind, id)]).values[Ref(kind, id)]


def test_it_is_on_every_rung(store):
    assert isinstance(store, CaseStore)
    assert isinstance(store, Outbox)
    for rung in (AsyncCaseStore, AsyncOutbox):
        assert {name for name in vars(rung) if name[0] != "_"} <= set(dir(AsyncSqlStore))


ANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_value_comes_back_as_it_was(store):
    by = port_values.EVERY

    @ANY
    @given(
        *(by[name] for name in ("case", "claimed", "desk", "counter", "credits", "lead", "trouble", "decided", "act"))
    )
    def run(case, claimed, desk, counter, credits, lead, trouble, decided, act):
        model, refs = MemoryStore(), [
            DESK, Ref("lead", case.lead), Ref("claim", claimed.claim.id), Ref("claimant", "a"), Ref("ledger", "l"),
            Ref("content", lead.id), Ref("trouble", "lead:x"),
        ]  # fmt: skip
        writes = Writes(
            desk=desk, cases=(case,), contents=(lead,), claims=(claimed,), ledgers=FrozenMap({"l": credits}),
            claimants=FrozenMap({"a": counter}), troubles=((Ref("lead", "x"), trouble),),
            decisions=(decided,), acts=(act,),
        )  # fmt: skip
        for it in (store, model):
            it.commit({}, writes)
        assert store.load(refs, AT).values == model.load(refs, AT).values
        assert store.history(decided.decision.lead).decisions[-1] == decided
        assert store.acts()[-1] == act

    run()


@ANY
@given(port_values.events, port_values.effects, port_values.answers)
def test_what_is_appended_comes_back_as_it_was(store, what, effect, answer):
    key = f"{answer.key}{id(answer)}{len(store.acts())}{datetime.now(UTC).isoformat()}"
    answer = Answered(key, answer.about, answer.command, answer.content, answer.answer)
    store.commit({}, Writes(events=(Logged("L1", what),), records=(effect,), answers=(answer,)))
    history = store.history("L1")
    assert (history.events[-1], history.records[-1]) == (what, effect)
    assert one(store, "answer", key) == answer


INSTANTS = [NEVER, NEVER + timedelta(microseconds=1), datetime(1969, 1, 1, microsecond=9, tzinfo=UTC), AT, END]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_instants_are_kept_to_the_microsecond_and_in_order_in_any_zone(url, zone):
    engine = create_engine(url)
    acts = tables("dr_", None).act
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"set time zone '{zone}'")
        for at in reversed(INSTANTS):
            connection.execute(acts.insert().inline(), {"at": at, "doc": "{}"})
        assert list(connection.execute(select(acts.c.at).order_by(acts.c.at)).scalars()) == INSTANTS
    engine.dispose()


def test_an_instant_of_another_zone_is_the_same_instant():
    there = AT.astimezone(datetime.fromisoformat("2027-01-01T00:00:00+05:30").tzinfo)
    dialect = create_engine("sqlite://").dialect
    assert Instant().process_bind_param(there, dialect) == "2027-01-11T09:00:00.000000Z"


def test_the_clock_is_read_after_the_versions_and_goes_on(store):
    first, second = store.load([DESK]).at, store.load([]).at
    assert first.utcoffset() == timedelta(0)
    assert first <= second
    assert store.load([], AT).at == AT


def test_a_clock_of_the_callers_is_asked_instead(url):
    with SqlStore(url, clock=lambda: AT) as store:
        assert store.load([DESK]).at == AT


# How often the database is asked


@contextmanager
def counted(store):
    said = []

    def note(connection, cursor, statement, *rest):
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


def test_a_load_is_one_statement_but_for_what_depends_on_the_clock(store):
    plain = [
        DESK,
        *(Ref(kind, "x") for kind in ("lead", "prospect", "claim", "claimant", "ledger", "dealer", "content")),
    ]
    store.load(plain)
    with counted(store) as said:
        store.load([*plain, *(Ref(kind, "x") for kind in ("plan", "answer", "trouble"))])
        assert len([one for one in said if one != "BEGIN"]) == 1
        said.clear()
        store.load([*plain, Ref("recent", "a"), Ref("recent", "b"), Ref("waiting", "a")])
        assert len([one for one in said if one != "BEGIN"]) == 3


def test_a_commit_says_only_what_there_is_to_say(store):
    store.commit({}, Writes(cases=(case(),)))
    with counted(store) as said:
        store.commit({Ref("lead", "L1"): 1, DESK: 0}, Writes(cases=(case(),)))
    assert len(said) <= 8, said


def test_thousands_of_ids_are_one_statement(store):
    refs = [Ref("lead", f"L{n}") for n in range(40_000)]
    store.load([])
    with counted(store) as said:
        assert set(store.load(refs).values.values()) == {None}
    assert len([one for one in said if one != "BEGIN"]) == 1


def plans_of(store, statement, parameters):
    """How the database would run a statement of the store's, made with nothing in the tables."""
    explain = {"sqlite": "explain query plan ", "postgresql": "explain "}[store.engine.dialect.name]
    compiled = statement.compile(store.engine)
    with store.engine.connect() as connection:
        if explain == "explain ":
            connection.exec_driver_sql("set enable_seqscan = off")
        bind = {name: _bound(value, store) for name, value in compiled.construct_params(parameters).items()}
        given = tuple(bind[name] for name in compiled.positiontup) if compiled.positional else bind
        rows = connection.exec_driver_sql(explain + str(compiled), given)
        return "\n".join(str(row) for row in rows)


def _bound(value, store):
    return Instant().process_bind_param(value, store.engine.dialect) if isinstance(value, datetime) else value


@pytest.mark.parametrize("many", [0, 400])
@pytest.mark.parametrize(
    ("name", "kind", "given", "index"),
    [
        ("free", "lead", {"at": AT, "most": 5}, "dr_case_due"),
        ("free", "claim", {"at": AT, "most": 5}, "dr_claim_due"),
        ("take", "lead", {"at": AT, "most": 5}, "dr_case_due"),
        ("pending", None, {"at": AT, "most": 5}, "dr_message_leaves"),
        ("about", None, {"mail": "a"}, "dr_content_mail"),
        ("waiting", None, {"dealer": "a", "most": 20}, "dr_waiting_first"),
        ("recent", None, {"ids": "?", "since": AT, "now": FAR}, "dr_decision_holder"),
        ("expired", "lead", {"before": AT, "most": 5}, "dr_case_over"),
        ("expired", "claim", {"before": AT, "most": 5}, "dr_claim_over"),
        ("open", None, {}, "dr_case_open"),
    ],
)
def test_what_is_looked_for_is_found_by_an_index(store, name, kind, given, index, many):
    made = statements("dr_", None, store.engine.dialect.name)
    statement = getattr(made, name)
    statement = statement[kind] if kind else statement
    store.commit({}, Writes(cases=tuple(case(f"L{n}", AT + n * HOUR) for n in range(many))))
    given = {key: made.say.many(["a"]) if value == "?" else value for key, value in given.items()}
    plan = plans_of(store, statement, given)
    assert index in plan, plan
    assert not any(line.startswith("SCAN dr_") and "INDEX" not in line for line in plan.splitlines()), plan


# Whose transaction it is


def test_the_callers_rollback_takes_everything_back(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        mine = SqlStore.on(connection)
        mine.commit({}, Writes(cases=(case(),), contents=(said(),), counts=FrozenMap({"delta": 1})))
        assert one(mine, "lead", "L1") == case()
        mine.due(FAR, 5, lease=HOUR)
        assert mine.scrub() is False
        connection.rollback()
    with SqlStore(url) as store:
        assert store.load([Ref("lead", "L1")]).versions[Ref("lead", "L1")] == 0
        assert (one(store, "lead", "L1"), one(store, "content", "L1"), one(store, "dealer", "delta")) == (None, None, 0)
    engine.dispose()


def test_the_callers_commit_keeps_what_is_the_callers_and_ours(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table crm (name text)"))
    with engine.connect() as connection:
        connection.execute(text("insert into crm values ('before')"))
        mine = SqlStore.on(connection)
        mine.commit({DESK: 0}, Writes(cases=(case(),)))
        with pytest.raises(Conflict):
            mine.commit({Ref("lead", "L1"): 7}, Writes(cases=(case("L2"),)))
        mine.commit({}, Writes(answers=(asked(),)))
        with pytest.raises(Conflict):
            mine.commit({}, Writes(cases=(case("L3"),), answers=(asked(),)))
        connection.execute(text("insert into crm values ('after')"))
        connection.commit()
    with SqlStore(url) as store, engine.connect() as connection:
        assert [one(store, "lead", id) for id in ("L1", "L2", "L3")] == [case(), None, None]
        assert list(connection.execute(text("select name from crm")).scalars()) == ["before", "after"]
    engine.dispose()


def test_reading_on_a_connection_ends_nothing_of_the_callers(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        mine = SqlStore.on(connection)
        mine.commit({}, Writes(cases=(case(),)))
        SqlStore.on(connection).load([DESK])  # another store, that looks at the tables for the first time
        SqlStore.on(connection).survey(AT)
        connection.rollback()
    with SqlStore(url) as store:
        assert one(store, "lead", "L1") is None
    engine.dispose()


async def _async_rollback(url):
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        mine = AsyncSqlStore.on(connection)
        await mine.commit({}, Writes(cases=(case(),), claims=(claim(),)))
        with pytest.raises(Conflict):
            await mine.commit({DESK: 3}, Writes())
        assert await mine.due(AT, 1) == (Due(AT, Ref("claim", "R1")),)
        assert await mine.scrub() is False
        await connection.rollback()
    async with AsyncSqlStore(engine) as store:
        assert (await store.load([Ref("lead", "L1")])).values == {Ref("lead", "L1"): None}
    await engine.dispose()


def test_the_callers_async_rollback_takes_everything_back(postgres_schema):
    upgrade(postgres_schema.url)
    asyncio.run(_async_rollback(postgres_schema.url))


def test_stores_under_two_prefixes_know_nothing_of_each_other(url):
    upgrade(url, prefix="other_")
    with SqlStore(url) as mine, SqlStore(url, prefix="other_") as other:
        mine.commit({}, Writes(cases=(case(),), desk=Desk()))
        assert one(other, "lead", "L1") is None
        assert other.load([DESK]).versions == {DESK: 0}
        other.commit({DESK: 0}, Writes(desk=Desk(seal="s")))
        assert one(mine, "desk", "") == Desk()


def test_a_schema_of_its_own_without_a_prefix(postgres_schema):
    where = {"schema": f"{postgres_schema.name}_x", "prefix": ""}
    try:
        upgrade(postgres_schema.url, **where)
        upgrade(postgres_schema.url, **where)
        with SqlStore(postgres_schema.url, **where) as store:
            store.commit({DESK: 0}, Writes(cases=(case(),), known=(Known(Ref("lead", "L1"), ("k",)),)))
            store.commit({}, Writes(erase=(Ref("lead", "L1"),)))
            assert one(store, "lead", "L1") == case()
            assert store.scrub()
        engine = create_engine(postgres_schema.url)
        with engine.connect() as connection:
            names = connection.execute(text("select relname from pg_class where relnamespace = :s ::regnamespace"),
                                       {"s": where["schema"]}).scalars()  # fmt: skip
            assert {"case", "version", "case_due"} <= set(names)
            here = connection.execute(text("select count(*) from pg_class where relnamespace = :s ::regnamespace"),
                                      {"s": postgres_schema.name})  # fmt: skip
            assert here.scalar() == 0
        engine.dispose()
    finally:
        engine = create_engine(postgres_schema.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"drop schema if exists {where['schema']} cascade"))
        engine.dispose()


def test_an_engine_of_the_callers_stays_open(url):
    engine = create_engine(url)
    with SqlStore(engine) as store:
        store.commit({}, Writes(cases=(case(),)))
    assert engine.pool.checkedout() == 0
    with SqlStore(engine) as store:
        assert one(store, "lead", "L1") == case()
    engine.dispose()


@pytest.mark.parametrize(
    "given", ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///x.db", "mysql://h/x", "sqlite+pysqlcipher:///x"]
)
def test_what_is_no_database_of_ours_is_refused(given):
    with pytest.raises((ValueError, ImportError)) as caught:
        SqlStore(given)
    assert str(caught.value)


def test_sqlite_in_memory_is_refused_with_the_cure():
    with pytest.raises(ValueError, match="in memory there is `MemoryStore`"):
        SqlStore("sqlite://")


# Leases and locks


def test_a_lease_hides_what_is_due_from_the_next_sweep_until_it_ends(store):
    store.commit({}, Writes(claims=(claim("R1"), claim("R2", AT + HOUR), claim("R3", FAR))))
    first = store.due(AT + HOUR, 1, lease=HOUR)
    assert first == (Due(AT, Ref("claim", "R1")),)
    assert store.due(AT + HOUR, 5, lease=HOUR) == (Due(AT + HOUR, Ref("claim", "R2")),)
    assert store.due(AT + HOUR, 5) == ()
    store.unlease([Ref("claim", "R1")])
    assert store.due(AT + HOUR, 5) == first
    assert len(store.due(AT + 2 * HOUR, 5)) == 2
    store.commit({}, Writes(touched=(Ref("claim", "R2"),)))
    assert len(store.due(AT + HOUR, 5)) == 2


def test_what_another_worker_holds_is_skipped_and_not_waited_for(postgres_schema):
    upgrade(postgres_schema.url)
    engine = create_engine(postgres_schema.url)
    with SqlStore(engine) as store, engine.connect() as other:
        store.commit({}, Writes(claims=(claim("R1"), claim("R2", AT + HOUR))))
        SqlStore.on(other).due(FAR, 1, lease=HOUR)  # and does not commit
        assert store.due(FAR, 5, lease=HOUR) == (Due(AT + HOUR, Ref("claim", "R2")),)
        assert len(store.due(FAR, 5)) == 1
    engine.dispose()


def test_changes_on_one_thing_side_by_side_lose_nothing(store):
    ref, count, lost = Ref("dealer", "delta"), 12, []

    def work():
        for _ in range(count):
            while True:
                seen = store.load([ref])
                try:
                    store.commit(seen.versions, Writes(counts=FrozenMap({"delta": 1})))
                    break
                except Conflict:
                    lost.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one(store, "dealer", "delta") == 8 * count
    assert store.load([ref]).versions[ref] == 8 * count


def test_two_that_met_nothing_before_cannot_both_be_first(postgres_schema):
    """Absence is read, and held against whoever comes with the same."""
    upgrade(postgres_schema.url)
    engine = create_engine(postgres_schema.url)
    prospect = Ref("prospect", "k")
    with SqlStore(engine) as store, engine.connect() as connection:
        first, done = SqlStore.on(connection), []
        first.commit({prospect: 0}, Writes(known=(Known(Ref("lead", "L1"), ("k",)),)))

        def second():
            try:
                store.commit({prospect: 0}, Writes(known=(Known(Ref("lead", "L2"), ("k",)),)))
            except Conflict as error:
                done.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        connection.commit()
        thread.join()
        assert len(done) == 1
        assert store.load([prospect]).versions[prospect] == 1
    engine.dispose()


def test_a_deadlock_is_a_conflict(postgres_schema):
    """Two that hold what the other wants, because each has done one commit in its transaction and goes on."""
    upgrade(postgres_schema.url)
    engine = create_engine(postgres_schema.url)
    a, b = (Writes(counts=FrozenMap({name: 1})) for name in "ab")
    with SqlStore(engine) as store, engine.connect() as one_connection, engine.connect() as other:
        store.commit({}, Writes(counts=FrozenMap({"a": 1, "b": 1})))
        first, second, wrong = SqlStore.on(one_connection), SqlStore.on(other), []
        first.commit({}, a)
        second.commit({}, b)

        def cross(it, writes, connection):
            try:
                it.commit({}, writes)
                connection.commit()
            except Conflict as error:
                wrong.append(error)
                connection.rollback()

        threads = [
            threading.Thread(target=cross, args=given) for given in ((first, b, one_connection), (second, a, other))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(wrong) == 1
    engine.dispose()


# What is said, and to whom


def everything(word):
    effect = Effect("remind", "L1/1/remind", "L1", 1, AT)
    return Writes(
        cases=(case(),),
        contents=(said(word=word),),
        claims=(Claimed(Registration("R1", "d", Company(word), submitted_at=AT, email=f"{word}@a.example"), AT),),
        known=(Known(Ref("claim", "R1"), ("k",)),),
        messages=(effect,),
        answers=(asked(),),
    )


@pytest.mark.parametrize("own", [True, False])
def test_no_log_line_holds_a_value_of_a_lead(url, own, caplog):
    engine = url if own else create_engine(url, echo="debug")
    with caplog.at_level(logging.DEBUG, "sqlalchemy"), SqlStore(engine) as store:
        store.commit({}, everything(SECRET))
        store.load([Ref("content", "L1"), Ref("claim", "R1")])
        store.history("L1")
        assert store.about(f"{SECRET}@A.example") == (Ref("claim", "R1"), Ref("lead", "L1"))
        with pytest.raises(Conflict):
            store.commit({}, everything(SECRET))
    if not own:
        engine.dispose()
    assert any(record.name.startswith("sqlalchemy.engine") for record in caplog.records)
    assert SECRET.lower() not in caplog.text.lower()


def test_no_log_line_of_the_async_store_does_either(url, caplog):
    async def run():
        async with AsyncSqlStore(url) as store:
            await store.commit({}, everything(SECRET))
            await store.history("L1")

    with caplog.at_level(logging.DEBUG, "sqlalchemy"):
        asyncio.run(run())
    assert SECRET.lower() not in caplog.text.lower()


def test_what_is_erased_is_in_no_table(store):
    store.commit({}, everything(SECRET))
    store.commit({}, Writes(erase=(Ref("lead", "L1"), Ref("claim", "R1"))))
    made = statements("dr_", None, store.engine.dialect.name)
    with store.engine.connect() as connection:
        for table in made.t.all.values():
            rows = [str(row) for row in connection.execute(select(table))]
            assert SECRET not in "".join(rows)
            if table.name in ("dr_answer", "dr_message", "dr_claim", "dr_known", "dr_content"):
                assert rows == []
    assert store.scrub()


@pytest.mark.parametrize("given", [True, False])
def test_what_is_erased_is_in_no_file_of_sqlite(tmp_path, given):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    engine = create_engine(url)
    with SqlStore(engine if given else url) as store:
        for n in range(200):
            store.commit({}, Writes(contents=tuple(said(f"L{n}-{k}", SECRET * (1 + n % 40)) for k in range(5))))
            store.commit({}, Writes(erase=tuple(Ref("lead", f"L{n - n % 3}-{k}") for k in range(5))))
        found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert SECRET.encode() in found
        store.commit({}, Writes(erase=tuple(Ref("lead", f"L{n}-{k}") for n in range(200) for k in range(5))))
        assert store.scrub()
        found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert SECRET.lower().encode() not in found.lower()
    engine.dispose()


def test_a_checkpoint_that_somebody_holds_up_is_said(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    upgrade(url)
    engine = create_engine(url, connect_args={"timeout": 0})
    with SqlStore(engine) as store, engine.connect() as reader:
        reader.exec_driver_sql("begin")
        reader.exec_driver_sql("select count(*) from dr_case").all()
        store.commit({}, everything(SECRET))
        assert store.scrub() is False
    engine.dispose()


def test_a_user_who_may_not_rewrite_tables_is_told_so(postgres_schema):
    upgrade(postgres_schema.url)
    role = f"{postgres_schema.name}_clerk"
    engine = create_engine(postgres_schema.url)
    with engine.begin() as connection:
        connection.execute(text(f"create role {role}"))
        connection.execute(text(f"grant usage on schema {postgres_schema.name} to {role}"))
        connection.execute(
            text(f"grant select, insert, update, delete on all tables in schema {postgres_schema.name} to {role}")
        )
    event.listen(engine, "connect", lambda dbapi, _: dbapi.execute(f"set role {role}").connection.commit())
    engine.dispose()
    try:
        with SqlStore(engine) as store:
            store.commit({}, everything(SECRET))
            assert store.scrub() is False
    finally:
        engine.dispose()
        owner = create_engine(postgres_schema.url)
        with owner.begin() as connection:
            connection.execute(text(f"drop owned by {role}"))
            connection.execute(text(f"drop role {role}"))
        owner.dispose()


@pytest.mark.parametrize("table", ["case", "content", "desk", "ledger", "claimant", "trouble", "answer"])
def test_a_record_that_cannot_be_read_is_named_without_what_it_says(store, table):
    trouble = ((Ref("lead", "L1"), Trouble(1, "why")),)
    more = Writes(
        desk=Desk(), ledgers=FrozenMap({"L1": FrozenMap({"a": 1})}), claimants=FrozenMap({"L1": Counter()}),
        troubles=trouble, answers=(asked("L1"),), cases=(case(),), contents=(said(),),
    )  # fmt: skip
    store.commit({}, more)
    with store.engine.begin() as connection:
        connection.execute(text(f"update dr_{table} set doc = :doc"), {"doc": json.dumps({"lead": SECRET, SECRET: 1})})
    kind = "lead" if table == "case" else table
    ref = DESK if table == "desk" else Ref(kind, "lead:L1" if table == "trouble" else "L1")
    if table == "ledger":  # any mapping is one
        return
    with pytest.raises(CorruptRecord) as caught:
        store.load([ref])
    assert caught.value.what == str(ref)
    assert SECRET not in str(caught.value)
    assert store.load([Ref("lead", "other")]).values
