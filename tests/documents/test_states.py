"""States and effects to JSON and back."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from dealerrouting import Business, BusinessDays, Calendar, Elapsed, Terms, sla
from dealerrouting.documents import DocumentError, load_events, load_plan
from dealerrouting.documents.states import effect_data, read_effect, read_state, state_data
from dealerrouting.events import Assigned, Migrate, Paused, Tick, Updated
from dealerrouting.network import path
from dealerrouting.terms import Policy

pytestmark = pytest.mark.pure
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
OFFICE = Calendar("Europe/Amsterdam", {"mon-fri": ["09:00-17:00"]})
POLICY = Policy(
    Terms(calendar="nl", remind_after=Business(hours=16), withdraw_after=BusinessDays(5)), "house", {"nl": OFFICE}
)


def there_and_back(state):
    return read_state(json.loads(json.dumps(state_data(state))))


def a_state():
    """With something in every corner: paused, reminded, kept dues, an event that no tick has settled."""
    state = sla.begin("L", POLICY, at=AT, claimants=["zed"])
    hours = [AT + timedelta(hours=n) for n in range(600)]
    state, _ = sla.run(
        state,
        [
            Assigned("1", "L", assignment=1, holder="a", received_at=hours[0]),
            Tick(hours[100]),
            Tick(hours[200]),
            Paused("2", "L", assignment=1, reason="away", until=hours[220], received_at=hours[201]),
            Tick(hours[202]),
        ],
        POLICY,
    )
    new = Policy(Terms(notice=Elapsed(hours=3)), "house")
    state, _ = sla.step(state, Migrate("3", "L", received_at=hours[203], to=new.digest, how="keep_due"), new)
    update = Updated("4", "L", assignment=1, status="contacted", received_at=hours[204], occurred_at=hours[203])
    return sla.step(state, update, new)[0]


def test_a_state_with_something_in_every_corner():
    state = a_state()
    assert state.settled.pause
    assert state.settled.kept
    assert state.settled.told
    assert state.inbox
    assert there_and_back(state) == state


def test_every_state_and_effect_of_the_example_log():
    folder = path()
    stories = list(sla.replay(load_events(folder / "events.jsonl"), load_plan(folder).policy))
    assert len(stories) > 100
    for story in stories:
        assert there_and_back(story.state) == story.state
        for effect in story.effects:
            assert read_effect(json.loads(json.dumps(effect_data(effect)))) == effect


def changed(data, way, value):
    inner = data
    for step in way[:-1]:
        inner = inner[step]
    if value is None:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    return data


@pytest.mark.parametrize(
    ("way", "value", "said"),
    [
        (["schema_version"], 2, "state.schema_version: `2` is not known here; this release reads 1"),
        (["schema_version"], True, "state.schema_version: `True` is not known here; this release reads 1"),
        (["lead"], 3, "state.lead: `3` is not text"),
        (["lead"], None, "state.lead: `lead` is missing; add it"),
        (["ticks"], "3", "state.ticks: `3` is not a whole number"),
        (["ticks"], True, "state.ticks: `True` is not a whole number"),
        (["seen"], "1", "state.seen: `str` is not a list"),
        (["settled"], [], "state.settled: `list` is not a mapping of names"),
        (["settled", "hopps"], 3, "state.settled.hopps: unknown key `hopps`; did you mean `hops`?"),
        (["settled", "since"], "x", "state.settled.since: `x` is not an instant; write 2027-01-01T09:00:00+01:00"),
        (["settled", "kept", "silence"], ["x"], "state.settled.kept.silence: has 1 items; it takes 2"),
        (["inbox", 0, "type"], "updatet", "state.inbox[0].type: unknown type `updatet`; did you mean `updated`?"),
        (["legs", 0, "length"], {"elapsed": "4"}, "state.legs[0].length.elapsed: `4` is not a length of time"),
    ],
)
def test_what_is_wrong_is_said_with_the_way_to_it(way, value, said):
    with pytest.raises(DocumentError) as caught:
        read_state(changed(state_data(a_state()), way, value))
    assert said in str(caught.value)


@pytest.mark.parametrize("used", [{"microseconds": "3"}, {"microseconds": True}, {}, {"microseconds": 10**30}])
def test_a_stretch_of_time_is_whole_and_bounded(used):
    data = state_data(
        sla.step(a_state(), Tick(AT + timedelta(hours=600)), Policy(Terms(notice=Elapsed(hours=3)), "house"))[0]
    )
    leg = next(leg for leg in data["legs"] if leg.get("segments"))
    leg["segments"][0]["used"] = used
    with pytest.raises(DocumentError, match="is not a stretch of time"):
        read_state(data)


def test_several_things_at_once():
    data = {**state_data(a_state()), "lead": 3, "policy": 4, "extra": 5}
    with pytest.raises(DocumentError) as caught:
        read_state(data)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}])
def test_nonsense_is_no_traceback(nonsense):
    with pytest.raises(DocumentError):
        read_state(nonsense)
    with pytest.raises(DocumentError):
        read_effect(nonsense)
