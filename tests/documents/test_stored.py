"""What a store keeps, as text and back."""

import json
import traceback

import pytest
from hypothesis import given

import port_values
from dealerrouting.calendar import END, NEVER
from dealerrouting.documents.stored import read_stored, stored_text
from dealerrouting.errors import CorruptRecord
from dealerrouting.events import Event
from dealerrouting.mapping import FrozenMap
from dealerrouting.ports import Case, Claimed, Desk, Hold
from strategies import checked

pytestmark = pytest.mark.pure
AT = port_values.AT


def kind_of(value):
    if isinstance(value, FrozenMap):
        return dict
    return Event if hasattr(value, "type") else type(value)


@pytest.mark.parametrize("name", port_values.EVERY)
def test_there_and_back(name):
    @checked
    @given(port_values.EVERY[name])
    def run(value):
        text = stored_text(value)
        assert text.isascii()
        assert read_stored(kind_of(value), text, "it") == value

    run()


@pytest.mark.parametrize("at", [NEVER, END])
def test_the_ends_of_time_survive(at):
    desk = Desk(holds=(Hold("all", at, "eve", ""),))
    assert read_stored(Desk, stored_text(desk), "desk:") == desk


def test_what_no_store_keeps_is_refused():
    with pytest.raises(TypeError, match="a set is nothing that a store keeps"):
        stored_text({1})


GOOD = json.loads(stored_text(Case("L1", AT, "sha256:1", over_since=AT)))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no JSON of ours"),
        ("[" * 100_000, "it is no JSON of ours"),
        ("[1]", "it does not read as a Case: see lead, plan, received_at"),
        (json.dumps({**GOOD, "received_at": "SECRET"}), "it does not read as a Case: see received_at"),
        (json.dumps({**GOOD, "SECRET": 1}), "it does not read as a Case"),
        (json.dumps({**GOOD, "links": ["a", {"SECRET": 1}], "plan": 3}), "it does not read as a Case: see links, plan"),
        (json.dumps({"lead": "SECRET"}), "it does not read as a Case: see plan, received_at"),
        (json.dumps({**GOOD, "schema_version": 9}), "it does not read as a Case"),
    ],
)
def test_a_broken_record_says_where_and_never_what(text, why):
    with pytest.raises(CorruptRecord) as caught:
        read_stored(Case, text, "lead:L1")
    error = caught.value
    assert (error.what, error.why) == ("lead:L1", why)
    assert error.__context__ is None
    assert "SECRET" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("kind", [Claimed, dict, Event, *map(kind_of, [FrozenMap()])])
@pytest.mark.parametrize("text", ["null", "3", "[]", '"x"', '{"claim": {"id": "SECRET"}}', '{"a": true}'])
def test_anything_else_is_corrupt_or_a_mapping(kind, text):
    if kind is dict and text.startswith("{"):
        assert read_stored(dict, text, "ledger:x") == json.loads(text)
        return
    with pytest.raises(CorruptRecord) as caught:
        read_stored(kind, text, "x")
    assert "SECRET" not in str(caught.value)
