"""Events: facts that cannot be wrong in themselves. What follows from them is tested with the machine."""

import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs.exceptions import FrozenInstanceError

from dealerrouting.errors import EventError, Fault
from dealerrouting.events import (
    EVENTS,
    HOW_TO_MIGRATE,
    STATUSES,
    Accepted,
    Answer,
    Assigned,
    Declined,
    Event,
    Migrate,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Tick,
    Updated,
    Withdrawn,
)

pytestmark = pytest.mark.pure

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
MORE = {
    "assigned": {"assignment": 1, "holder": "ann"},
    "accepted": {"assignment": 1},
    "declined": {"assignment": 1, "reason": "busy"},
    "updated": {"assignment": 1, "status": "contacted"},
    "paused": {"assignment": 1, "until": AT, "reason": "holiday"},
    "resumed": {"assignment": 1},
    "referred": {"assignment": 1, "reason": "too big"},
    "reopened": {"assignment": 1, "reason": "called back"},
    "withdrawn": {"assignment": 1, "reason": "asked", "actor": "eve"},
    "reminder_sent": {"assignment": 1, "effect": "L1/1/remind:stale-1"},
    "migrate": {"to": "sha256:0", "how": "keep_due"},
}
"""What each event needs besides the id, the lead and the receipt."""
NO_ID = "give 1 to 200 printable characters"

all_events = pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))


def an_event(kind, **said):
    return kind("e1", "L1", **{"received_at": AT, **MORE[kind.type], **said})


def faults(kind, **said):
    """What is wrong with an event, as (where, what, cure)."""
    with pytest.raises(EventError) as caught:
        an_event(kind, **said)
    return [(fault.path[0], fault.what, fault.cure) for fault in caught.value.faults]


def test_every_event_has_a_type_and_is_known_by_it():
    assert set(EVENTS) == set(MORE)
    assert all(kind.type == name for name, kind in EVENTS.items())
    assert [name for name, kind in EVENTS.items() if not issubclass(kind, Answer)] == ["migrate"]
    assert Tick.type == "tick"
    assert Event.type == ""


@all_events
def test_events_are_frozen_equal_hashable_and_picklable(kind):
    event = an_event(kind)
    assert (event.id, event.lead, event.received_at, event.occurred_at) == ("e1", "L1", AT, None)
    assert event == an_event(kind)
    assert event != an_event(kind, received_at=AT + timedelta(microseconds=1))
    assert len({event, an_event(kind)}) == 1
    assert pickle.loads(pickle.dumps(event)) == event
    with pytest.raises(FrozenInstanceError):
        event.id = "e2"


def test_what_may_be_left_out():
    assert an_event(Assigned) == an_event(Assigned, outcome="assigned", by_hand=False, reason=None, actor=None)
    assert an_event(Updated).evidence is None
    assert an_event(Withdrawn).then == "reassign"


@all_events
def test_every_time_is_an_instant_in_utc(kind):
    tokyo = timezone(timedelta(hours=9))
    event = an_event(kind, received_at=AT.astimezone(tokyo), occurred_at=AT.astimezone(tokyo))
    assert (event.received_at, event.occurred_at) == (AT, AT)
    assert event.received_at.tzinfo is event.occurred_at.tzinfo is UTC
    assert Tick(AT.astimezone(tokyo)) == Tick(AT)


@all_events
@pytest.mark.parametrize("naive", [datetime(2026, 6, 1, 8), AT.isoformat(), AT.date(), 0])
def test_a_naive_datetime_is_no_time(kind, naive):
    text = "an instant is an aware datetime, for example datetime(..., tzinfo=UTC), not "
    for name in ("received_at", "occurred_at"):
        with pytest.raises(TypeError) as caught:
            an_event(kind, **{name: naive})
        assert str(caught.value) == text + repr(naive)
    with pytest.raises(TypeError):
        an_event(Paused, until=naive)
    with pytest.raises(TypeError):
        Tick(naive)


@all_events
def test_an_event_says_when_it_was_received(kind):
    with pytest.raises(TypeError):
        an_event(kind, received_at=None)
    with pytest.raises(TypeError):
        kind("e1", "L1", **MORE[kind.type])


@all_events
@pytest.mark.parametrize(
    "bad", ["", " ", "e1 ", "\te1", "a\nb", "x" * 201, "\ud800", "a\u202eb", 7, None, b"e1", ["e1"]]
)
def test_an_id_is_short_and_printable(kind, bad):
    with pytest.raises(EventError) as caught:
        kind(bad, "L1", received_at=AT, **MORE[kind.type])
    assert [fault.path for fault in caught.value.faults] == [("id",)]
    with pytest.raises(EventError) as caught:
        kind("e1", bad, received_at=AT, **MORE[kind.type])
    assert [fault.path for fault in caught.value.faults] == [("lead",)]
    if bad is not None:
        assert [path for path, _, _ in faults(kind, actor=bad)] == ["actor"]


@pytest.mark.parametrize("good", ["e", "x" * 200, "L 1", "é-7", "tick:2026"])
def test_an_id_may_be_anything_that_can_be_read(good):
    event = Accepted(good, good, received_at=AT, assignment=1, actor=good)
    assert (event.id, event.lead, event.actor) == (good, good, good)


@pytest.mark.parametrize("kind", [kind for kind in EVENTS.values() if kind is not Migrate])
@pytest.mark.parametrize("bad", [0, -1, True, 1.0, "1", None])
def test_assignments_are_numbered_from_one(kind, bad):
    what = f"`{bad}` is not the number of an assignment"
    assert faults(kind, assignment=bad) == [("assignment", what, "give its number, from 1")]


@pytest.mark.parametrize("kind", [Declined, Paused, Referred, Reopened, Withdrawn])
@pytest.mark.parametrize("bad", [None, "", 7, "x" * 201])
def test_who_gives_a_lead_away_or_pauses_says_why(kind, bad):
    assert [(path, cure) for path, _, cure in faults(kind, reason=bad)] == [("reason", NO_ID)]


@pytest.mark.parametrize(
    ("kind", "said", "found"),
    [
        (Updated, {"status": "contactd"}, ("status", "unknown status `contactd`", "did you mean `contacted`?")),
        (Updated, {"status": ["won"]}, ("status", "unknown status `['won']`", "did you mean `won`?")),
        (Updated, {"evidence": ""}, ("evidence", "`` is not an id", NO_ID)),
        (Updated, {"evidence": 7}, ("evidence", "`7` is not an id", NO_ID)),
        (Assigned, {"holder": ""}, ("holder", "`` is not an id", NO_ID)),
        (Assigned, {"holder": None}, ("holder", "`None` is not an id", NO_ID)),
        (Assigned, {"outcome": "hose"}, ("outcome", "unknown outcome `hose`", "did you mean `house`?")),
        (Assigned, {"reason": ""}, ("reason", "`` is not an id", NO_ID)),
        (Assigned, {"by_hand": 0}, ("by_hand", "`0` is not true or false", "")),
        (
            Assigned,
            {"by_hand": True, "reason": "r"},
            ("actor", "is missing", "by hand needs who did it"),
        ),
        (Assigned, {"by_hand": True, "actor": "eve"}, ("reason", "`None` is not an id", NO_ID)),
        (Withdrawn, {"actor": None}, ("actor", "is missing", "by hand needs who did it")),
        (Withdrawn, {"then": "house"}, ("then", "unknown then `house`", "known here: `reassign`, `return`")),
        (ReminderSent, {"effect": ""}, ("effect", "`` is not the key of an effect", "")),
        (ReminderSent, {"effect": None}, ("effect", "`None` is not the key of an effect", "")),
        (ReminderSent, {"effect": "k" * 801}, ("effect", f"`{'k' * 60}...` is not the key of an effect", "")),
        (Migrate, {"to": ""}, ("to", "`` is not an id", NO_ID)),
        (Migrate, {"how": "keep"}, ("how", "unknown how `keep`", "did you mean `keep_due`?")),
    ],
)
def test_what_is_wrong_and_how_to_mend_it(kind, said, found):
    assert faults(kind, **said) == [found]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        *((Updated, {"status": status}) for status in STATUSES),
        *((Migrate, {"how": how}) for how in HOW_TO_MIGRATE),
        (Updated, {"evidence": "call-7"}),
        (Assigned, {"outcome": "house"}),
        (Assigned, {"by_hand": True, "actor": "eve", "reason": "r"}),
        (Assigned, {"reason": "by plan"}),
        (Withdrawn, {"then": "return"}),
        (ReminderSent, {"effect": "k"}),
        (ReminderSent, {"effect": "k" * 800}),
        (Accepted, {"assignment": 10**30}),
        (Resumed, {"occurred_at": AT}),
    ],
)
def test_what_is_right(kind, said):
    event = an_event(kind, **said)
    assert {name: getattr(event, name) for name in said} == said


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(EventError) as caught:
        Assigned("e 7\n", "", received_at=AT, assignment=0, holder=7, outcome="x", by_hand=True, reason="", actor="")
    assert [fault.path for fault in caught.value.faults] == [
        ("id",),
        ("lead",),
        ("actor",),
        ("assignment",),
        ("holder",),
        ("outcome",),
        ("reason",),
    ]
    assert caught.value.faults[0] == Fault("assigned `e 7?`.id", "`e 7?` is not an id", NO_ID, ("id",))
    assert str(caught.value).splitlines()[3] == (
        "assigned `e 7?`.assignment: `0` is not the number of an assignment; give its number, from 1"
    )
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_a_tick_is_its_instant():
    assert Tick(AT).at is not None
    assert Tick(AT) == Tick(AT)
    assert len({Tick(AT), Tick(AT), Tick(AT + timedelta(microseconds=1))}) == 2
    assert pickle.loads(pickle.dumps(Tick(AT))) == Tick(AT)
    with pytest.raises(FrozenInstanceError):
        Tick(AT).at = AT
