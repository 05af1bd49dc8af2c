# a table of wrong lines reads best when each case is one line
"""Events as JSON lines: there and back equal; no line is lost without a word, and no word says what stood in it."""

import io
import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from attrs import NOTHING, fields
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
from dealerrouting.documents import DocumentError, Events, Refused, from_data, load_events, to_data
from dealerrouting.documents import event_log as room
from dealerrouting.documents.events import _HEAD, _MOMENTS
from dealerrouting.errors import EventError
from dealerrouting.events import EVENTS, HOW_TO_MIGRATE, STATUSES, Event, Tick, Updated
from quick import upto

pytestmark = pytest.mark.pure

AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
SECRET = "Zuster Clementine"
LINE = {
    "schema_version": 1,
    "id": "e1",
    "type": "updated",
    "lead": "L1",
    "assignment": 1,
    "received_at": "2027-01-08T09:00:00+00:00",
    "occurred_at": "2027-01-08T08:30:00+00:00",
    "actor": "maas-jan",
    "data": {"status": "contacted", "evidence": "call-17"},
}
TICK = {"schema_version": 1, "type": "tick", "received_at": "2027-01-08T09:00:00+00:00"}


def as_lines(rows):
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def read(*rows, **more):
    return load_events(io.BytesIO(as_lines(rows)), **more)


def refused(*rows, **more):
    return [str(one) for one in read(*rows, **more).refused]


def but(**changes):
    """The line with other keys; those that are None are left out, and those of `data` go there."""
    inner = {"status", "evidence"}
    data = {**LINE["data"], **{name: value for name, value in changes.items() if name in inner}}
    line = {**LINE, "data": data, **{name: value for name, value in changes.items() if name not in inner}}
    return {name: value for name, value in line.items() if value is not None}


# There and back


def test_an_event_is_the_line_of_the_contract():
    event = Updated(
        "e1",
        "L1",
        received_at=AT,
        occurred_at=AT - timedelta(minutes=30),
        actor="maas-jan",
        assignment=1,
        status="contacted",
        evidence="call-17",
    )
    assert to_data(event) == LINE
    assert list(to_data(event)) == list(LINE)
    assert from_data("event", LINE) == event
    assert to_data(Tick(AT)) == TICK
    assert from_data("event", TICK) == Tick(AT)


def test_what_an_event_does_not_say_is_left_out():
    event = EVENTS["accepted"]("e", "L", received_at=AT, assignment=2)
    assert list(to_data(event)) == ["schema_version", "id", "type", "lead", "assignment", "received_at"]
    bare = {"type": "accepted", "id": "e", "lead": "L", "assignment": 2, "received_at": "2027-01-08T10:00:00+01:00"}
    assert from_data("event", bare) == from_data("event", {**bare, "actor": None, "data": {}}) == event


words = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1, max_size=6
)
moments = st.sampled_from(abc.INSTANTS) | st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))
CHOICES = {
    "status": st.sampled_from(STATUSES),
    "outcome": st.sampled_from(["assigned", "house"]),
    "then": st.sampled_from(["reassign", "return"]),
    "how": st.sampled_from(HOW_TO_MIGRATE),
    "assignment": st.integers(1, 10**6),
    "by_hand": st.booleans(),
}


@st.composite
def events(draw):
    """An event of any type, with what it may leave out or without."""
    kind = draw(st.sampled_from(list(EVENTS.values())))
    given = {}
    for attribute in fields(kind):
        name = attribute.name
        if attribute.default is NOTHING or draw(st.booleans()) or name in ("actor", "reason"):
            given[name] = draw(moments if name in _MOMENTS else CHOICES.get(name, words))
    return kind(**given)


def check_there_and_back(event):
    """JSON there and back, and as a line of a file, gives an equal event, and the same bytes again."""
    text = json.dumps(to_data(event), allow_nan=False)
    again = from_data("event", json.loads(text))
    assert again == event
    assert type(again) is type(event)
    assert json.dumps(to_data(again)) == text
    (row,) = load_events(io.BytesIO(text.encode()))
    assert row == event


@settings(max_examples=upto(300), deadline=None)
@given(events() | moments.map(Tick))
def test_events_come_back(event):
    check_there_and_back(event)


def test_every_type_and_field_is_among_the_events_that_come_back():
    assert set(CHOICES) | set(_MOMENTS) | set(_HEAD) >= {
        attribute.name
        for kind in EVENTS.values()
        for attribute in fields(kind)
        if attribute.type not in ("str", "str | None", "")
    }


def test_only_the_events_that_there_are_have_a_form():
    class Odd(Event):
        """An event of somebody's own."""

    with pytest.raises(TypeError, match="is not a plan, lead, registration, facts, decision, event, state or effect"):
        to_data(Odd("e", "L", received_at=AT))
    assert pickle.loads(pickle.dumps(read(LINE, TICK))) == read(LINE, TICK)


# What is wrong


ID = "give 1 to 200 printable characters"
WHEN = "is not an instant; write 2027-01-01T09:00:00+01:00"
WRONG = [
    (but(id=""), [f"id: is not an id; {ID}"]),
    (but(id=None), ["id: is missing; add it"]),
    (but(id=7), [f"id: is not an id; {ID}"]),
    (but(id=" e"), [f"id: is not an id; {ID}"]),
    (but(id="e\u202e"), [f"id: is not an id; {ID}"]),
    (but(id="\ud800"), [f"id: is not an id; {ID}"]),
    (but(id="x" * 201), [f"id: is not an id; {ID}"]),
    (but(lead=["L1"]), [f"lead: is not an id; {ID}"]),
    (but(actor={}), [f"actor: is not an id; {ID}"]),
    (but(type=None), ["type: is not the type of an event; known here: `accepted`, `assigned`, "]),
    (but(type=["updated"]), ["type: is not the type of an event"]),
    (but(type="updatd"), ["type: unknown type `updatd`; did you mean `updated`?"]),
    (but(type="updatd", ledd="L"), ["type: unknown type `updatd`", "ledd: unknown key `ledd`; did you mean `lead`?"]),
    (but(schema_version=2), ["schema_version: `2` is not known here; this release reads 1"]),
    (but(schema_version=True), ["schema_version: `True` is not known here"]),
    (but(schema_version="1"), ["schema_version: `1` is not known here"]),
    (but(assignment=None), ["assignment: is missing; add it"]),
    (but(assignment=0), ["assignment: is not the number of an assignment; give its number, from 1"]),
    (but(assignment="1"), ["assignment: is not the number of an assignment"]),
    (but(assignment=True), ["assignment: is not the number of an assignment"]),
    (but(assignment=1.5), ["assignment: is not the number of an assignment"]),
    (but(received_at=None), ["received_at: is missing; add it"]),
    (but(received_at="soon"), [f"received_at: {WHEN}"]),
    (but(received_at="2027-01-08T09:00"), [f"received_at: {WHEN}"]),
    (but(received_at=1_799_000_000), [f"received_at: {WHEN}"]),
    (but(occurred_at="2027-02-30T09:00Z"), [f"occurred_at: {WHEN}"]),
    (but(data=None), ["data.status: is missing; add it"]),
    (but(data=[]), ["data: `list` is not a mapping; write {status: ..}"]),
    (but(data={"statos": "won"}), ["data.statos: unknown key `statos`; did you mean `status`?", "data.status: is missing"]),
    (but(data={"status": "won", "lead": "L1"}), ["data.lead: unknown key `lead`; put it beside `data`"]),
    (but(status="contactd"), ["data.status: unknown status `contactd`; did you mean `contacted`?"]),
    (but(status=["won"]), ["data.status: unknown status"]),
    (but(evidence="Called him.\nAnd again."), [f"data.evidence: is not an id; {ID}"]),
    ({**but(data=None), "status": "won"}, ["status: unknown key `status`; put it in `data`"]),
    (but(leed="L1"), ["leed: unknown key `leed`; did you mean `lead`?"]),
    (but(id="", status="x", received_at="", extra=1),
     ["extra: unknown key `extra`", f"received_at: {WHEN}", f"id: is not an id; {ID}", "data.status: unknown status `x`"]),
    ({**TICK, "lead": "L1"}, ["lead: unknown key `lead`; leave it out: a tick is for all leads"]),
    ({**TICK, "id": "t", "data": {}}, ["id: unknown key `id`; leave it out", "data: unknown key `data`; leave it out"]),
    ({**TICK, "at": "x"}, ["at: unknown key `at`; known here: `received_at`, `schema_version`, `type`"]),
    ({"type": "tick"}, ["received_at: is missing; add it"]),
    ({"type": "tick", "received_at": "noon"}, [f"received_at: {WHEN}"]),
    (but(type="migrate", data={"to": "sha256:1", "how": "keep"}),
     ["assignment: unknown key `assignment`; leave it out: a `migrate` has none", "data.how: unknown how `keep`; did you mean `keep_due`?"]),
    (but(type="paused", data={"reason": "fair"}), ["data.until: is missing; add it"]),
    (but(type="paused", data={"reason": "fair", "until": "2027-02-01"}), [f"data.until: {WHEN}"]),
    (but(type="assigned", data={"holder": "maas", "by_hand": True}, actor=None), ["data.reason: is missing", "actor: is missing; by hand needs who"]),
    (but(type="assigned", data={"holder": "maas", "by_hand": "yes"}), ["data.by_hand: is not true or false", "data.reason: is missing"]),
    (but(type="withdrawn", data={"reason": "moved", "then": "x"}), ["data.then: unknown then `x`"]),
    (but(type="accepted", data=[1]), ["data: `list` is not a mapping; leave it out"]),
    (but(type="reminder_sent", data={"effect": 3}), ["data.effect: is not the key of an effect"]),
    ('{"id": "e1"', ["12: the line is not JSON"]),
    ("[1]", ["1: the line is not a JSON object"]),
    ("null", ["1: the line is not a JSON object"]),
    ("[" * 60_000, ["1: the line is nested too deep"]),
    ('{"id": "a", "id": "b", "type": "accepted", "lead": "L", "assignment": 1, "received_at": "2027-01-08T09:00Z"}',
     ["id: is given twice; keep one of them"]),
    ('{"id": "a", "type": "updated", "lead": "L", "assignment": 1, "received_at": "2027-01-08T09:00Z", "data": {"status": "won", "status": "lost"}}',
     ["data.status: is given twice"]),
    ('{"id": "' + "x" * 70_000 + '"}', ["1: 70,010 bytes; the bound is 65,536"]),
    ('{"id": "' + "é" * 33_000 + '"}', ["1: 66,010 bytes; the bound is 65,536"]),
    ("{" + '"assignment": ' + "9" * 30_000 + "}", ["type: is not the type"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_line_that_is_no_event_is_refused_and_the_others_are_kept(line, said):
    found = load_events(io.BytesIO(as_lines([LINE, "", line, TICK])), file="log.jsonl")
    assert found.events == (from_data("event", LINE), Tick(AT))
    told = [str(one) for one in found.refused]
    assert len(told) == len(said), told
    for one, part in zip(told, said, strict=True):
        assert one.startswith(f"log.jsonl:3:{part}"), told
    assert found.refused_rows == 1


@pytest.mark.parametrize(("line", "said"), [case for case in WRONG if isinstance(case[0], dict)])
def test_data_that_is_no_event_is_refused_with_all_that_is_wrong(line, said):
    with pytest.raises(EventError) as caught:
        from_data("event", line)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == len(said), told
    assert all(one.startswith(part) for one, part in zip(told, said, strict=True)), told


@pytest.mark.parametrize("data", [None, [], "updated", 7, [LINE]])
def test_what_is_no_mapping_is_no_event(data):
    with pytest.raises(EventError, match="is not a mapping"):
        from_data("event", data)


def check_secrets():
    """What is told of a wrong line has nothing of what stood in it."""
    secrets = [
        but(**{name: [SECRET]})
        for name in ("id", "lead", "actor", "assignment", "received_at", "occurred_at", "evidence")
    ]
    secrets += [but(evidence=f"{SECRET}\n"), but(actor=f" {SECRET}"), but(data=[SECRET]), f"{{{SECRET}"]
    found = read(*secrets)
    assert found.refused_rows == len(secrets)
    assert not [one for one in found.refused if SECRET in str(one)]


def test_no_word_says_what_stood_there():
    check_secrets()


# Files


def test_events_stand_in_the_order_of_the_file_and_twice_where_they_came_twice():
    lines = [LINE, TICK, but(id="e0"), LINE, TICK]
    found = read(*lines)
    assert [to_data(event) for event in found] == lines
    assert (len(found), found.refused, found.notes, found.refused_rows) == (5, (), (), 0)


def test_a_file_a_stream_and_a_name(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + as_lines([LINE, "x"]).replace(b"\n", b"\r\n"))
    for source in (path, str(path)):
        found = load_events(source)
        assert len(found) == 1
        assert found.refused == (Refused(2, "1", "the line is not JSON", str(path)),)
    assert str(read("x").refused[0]) == "stdin:1:1: the line is not JSON"
    assert load_events(io.BytesIO(b"")) == Events((), (), ())


def test_instants_without_an_offset_are_on_the_clock_given():
    found = read(but(received_at="2027-07-08T09:00", occurred_at="2027-07-08"), timezone="Europe/Brussels")
    (event,) = found
    assert event.received_at == datetime(2027, 7, 8, 7, tzinfo=UTC)
    assert event.occurred_at == datetime(2027, 7, 7, 22, tzinfo=UTC)
    with pytest.raises(DocumentError, match="unknown time zone `Mars`; write Europe/Brussels"):
        read(LINE, timezone="Mars")


def test_what_cannot_be_read_as_a_whole(tmp_path, monkeypatch):
    with pytest.raises(DocumentError, match="there is no such file"):
        load_events(tmp_path / "events.jsonl")
    with pytest.raises(DocumentError, match="is a folder"):
        load_events(tmp_path)
    with pytest.raises(DocumentError, match="log:1:1: is in UTF-16"):
        load_events(io.BytesIO("x".encode("utf-16")), file="log")
    monkeypatch.setattr(room, "MOST_LEADS", 10)
    with pytest.raises(DocumentError, match="stdin:1:1: has more than 10 bytes; split it"):
        read(LINE)


def test_another_encoding_is_said():
    heard = []
    line = json.dumps(but(actor="andré"), ensure_ascii=False).encode("cp1252")
    found = load_events(io.BytesIO(line + b"\n" + as_lines([TICK])), say=heard.append)
    assert [event.type for event in found] == ["updated", "tick"]
    assert found.events[0].actor == "andré"
    assert list(found.notes) == heard == ["stdin: 1 line is not UTF-8 and read as cp1252"]


def check_no_line_is_lost(lines):
    """Every line with content is an event, or refused with its number."""
    found = load_events(io.BytesIO(as_lines(lines)))
    rows = {row for row, line in enumerate(as_lines(lines).decode().split("\n"), start=1) if line.strip()}
    lost = {one.row for one in found.refused}
    assert lost <= rows
    assert len(found) + len(lost) == len(rows)
    assert all(one.reason and one.column for one in found.refused)


_keys = st.sampled_from([*_HEAD, "status", "until", "reason", "holder", "to", "how", "", "é", "\ud800"])
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 10**40)
    | st.floats()
    | st.sampled_from(
        [*EVENTS, "tick", "L1", "2027-01-08T09:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00", *STATUSES]
    )
    | st.sampled_from([word for word in abc.HOSTILE if isinstance(word, str)]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=8,
)
_rows = st.dictionaries(_keys, _values, max_size=8) | st.builds(
    lambda base, changes: {**base, **changes},
    st.sampled_from([LINE, TICK]),
    st.dictionaries(_keys, _values, max_size=3),
)


@settings(max_examples=upto(200), deadline=None)
@given(st.lists(_rows | st.sampled_from(["", " ", "{", "{}", "[", '"', "nul", "{" * 100, '{"id": 1e999}']), max_size=4))
def test_hostile_lines_are_refused_and_no_more(lines):
    check_no_line_is_lost(lines)


@settings(max_examples=upto(200), deadline=None)
@given(_rows)
def test_hostile_data_is_an_event_or_is_refused(data):
    try:
        event = from_data("event", data)
    except EventError as error:
        assert error.faults
    else:
        assert from_data("event", to_data(event)) == event


def test_every_field_that_is_told_has_a_path_of_keys():
    with pytest.raises(EventError) as caught:
        from_data("event", but(id="", status="x"))
    assert [fault.path for fault in caught.value.faults] == [("id",), ("data", "status")]


def test_the_names_of_the_events_tell_their_fields_apart():
    """No field of one type has the name of what stands beside `data`, but the number of the assignment."""
    for kind in EVENTS.values():
        own = {attribute.name for attribute in fields(kind)} - {attribute.name for attribute in fields(Event)}
        assert own & set(_HEAD) <= {"assignment"}
