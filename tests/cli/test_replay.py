"""`replay` as a user types it."""

import json

import pytest
from click.testing import CliRunner

from dealerrouting import network
from dealerrouting.cli.commands import commands

pytestmark = pytest.mark.pure
DATA = network.path()
PLAN = """
schema_version: 1
name: small
house: office
dealers: [{id: delta}, {id: maas}, {id: office, kind: house}]
territories: [{id: all, dealers: [delta, maas]}]
precedence: [territories]
"""


def line(id, type, at, lead="L1", number=1, **data):
    said = {"id": id, "type": type, "lead": lead, "assignment": number, "received_at": f"2027-03-{at}Z", "data": data}
    return json.dumps({name: value for name, value in said.items() if value not in (None, {})}) + "\n"


GIVEN = line("e1", "assigned", "01T09:00:00", holder="delta")


@pytest.fixture
def replay(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, "utf-8")

    def run(text, *options, plan=plan):
        file = tmp_path / "events.jsonl"
        file.write_text(text, "utf-8")
        return CliRunner().invoke(commands, ["replay", str(file), "--plan", str(plan), *map(str, options)])

    return run


def test_a_lead_that_lies_still(replay):
    result = replay(GIVEN, "--until", "2027-03-20T00:00:00Z")
    assert result.exit_code == 0, result.stderr
    head, row = result.stdout.splitlines()
    assert head.split() == "LEAD PHASE HOLDER NO REMINDED WITHDRAWN RETURNED ESCALATED BREACHED REFUSED NEXT".split()
    assert row.split() == "L1 house office 2 2 1 1 2 2 escalate after 2027-03-23 09:00".split()
    assert result.stderr.splitlines() == [
        (
            "1 lead: 2 reminded, 1 withdrawn, 1 returned to the house, 2 told to a person;"
            " 2 promises broken, 0 events refused"
        ),
        "at the end: house 1",
    ]


def test_time_stops_with_the_log(replay):
    result = replay(GIVEN + line("e2", "accepted", "02T09:00:00"))
    assert result.stdout.splitlines()[1].split() == [
        "L1",
        "accepted",
        "delta",
        "1",
        *"remind after 2027-03-03 09:00".split(),
    ]


def test_the_history_of_one_lead(replay):
    text = (
        GIVEN
        + line("e2", "paused", "01T10:00:00", reason="fair", until="2027-03-02T10:00:00Z")
        + line("e3", "updated", "05T09:00:00", status="contacted")
        + line("e4", "updated", "06T09:00:00", number=7, status="won")
        + line("e5", "declined", "07T09:00:00", reason="no-capacity")
        + line("e6", "accepted", "07T10:00:00")
        + line("x1", "assigned", "01T09:00:00", lead="L2", holder="maas")
    )
    result = replay(text, "--lead", "L1")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "L1: waiting, held by nobody (times in UTC)",
        "  2027-03-01 09:00:00  1 assigned delta: waiting -> offered",
        "  2027-03-01 10:00:00  1 paused fair: offered",
        "  2027-03-02 10:00:00    the pause is over",
        "  2027-03-04 09:00:00    remind delta (first_status)",
        "  2027-03-04 09:00:00  1 reminder_sent: offered",
        "  2027-03-05 09:00:00  1 updated contacted: offered -> contacted",
        "  2027-03-06 09:00:00  1 updated won: contacted, refused:unknown_assignment",
        "  2027-03-07 09:00:00  1 declined no-capacity: contacted -> waiting",
        "  2027-03-07 09:00:00    request next without delta next 2",
        "  2027-03-07 10:00:00  1 accepted: waiting, late",
        "  broken promise: first_status of assignment 1, due 2027-03-04 09:00:00",
    ]


def test_what_is_not_allowed_is_said(replay):
    text = GIVEN + line("e2", "updated", "01T10:00:00", status="won") + line("e3", "accepted", "01T11:00:00")
    result = replay(text, "--lead", "L1")
    assert result.stdout.splitlines()[-1] == (
        "  2027-03-01 11:00:00  refused accepted e3: `accepted` is not allowed for a lead that is `won`"
    )
    assert "1 event refused" in result.stderr
    data = json.loads(replay(text, "--format", "jsonl").stdout)
    assert data["refused"] == ["e3: `accepted` is not allowed for a lead that is `won`"]


def test_json_lines_hold_every_effect(replay):
    data = json.loads(replay(GIVEN, "--format", "jsonl", "--until", "2027-03-04T00:00:00Z").stdout)
    assert data["schema_version"] == 1
    assert (data["lead"], data["phase"], data["holder"], data["assignment"]) == ("L1", "offered", "delta", 1)
    assert data["breached"] == [{"assignment": 1, "rule": "first_status", "due": "2027-03-03T09:00:00+00:00"}]
    told = [effect for effect in data["effects"] if effect["does"] == "remind"]
    assert [(effect["key"], effect["to"], effect["due"]) for effect in told] == [
        ("L1/1/remind:first_status", "delta", "2027-03-03T09:00:00+00:00")
    ]


def test_a_log_with_ticks_acts_only_at_them(replay):
    tick = '{"type": "tick", "received_at": "2027-03-%sT00:00:00Z"}\n'
    late = replay(GIVEN + tick % "15", "--lead", "L1")
    assert "    remind delta (first_status)" in late.stdout
    assert "withdraw" not in late.stdout  # ten days late it reminds, and withdraws nothing


def test_some_lines_refused_is_exit_1_and_the_rest_is_replayed(replay):
    result = replay(GIVEN + "{nonsense\n" + line("e2", "acepted", "01T10:00:00"))
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "did you mean `accepted`?" in result.stderr
    assert result.stderr.count("refused: ") == 2


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (GIVEN, ["--lead", "L2"], "--lead: no lead `L2` in the log; known here: `L1`"),
        (GIVEN, ["--until", "soon"], "--until `soon` is not an instant"),
        (GIVEN, ["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_a_wrong_call_is_exit_2(replay, text, options, said):
    result = replay(text, *options)
    assert result.exit_code == 2 or result.exception is not None
    assert said in result.stderr or said in str(result.exception)
    assert "Traceback" not in result.output


def test_a_missing_file_and_a_missing_plan(replay, tmp_path):
    result = replay(GIVEN, plan=tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert "none.yaml: there is no such file or folder; did you mean `plan.yaml`?" in result.stderr
    result = CliRunner().invoke(commands, ["replay", str(tmp_path / "none"), "--plan", str(DATA)])
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr


def test_an_empty_log(replay):
    result = replay("")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[0].startswith("0 leads: ")


def test_from_stdin_and_to_a_file(tmp_path):
    target = tmp_path / "out.jsonl"
    call = ["replay", "-", "--plan", str(DATA), "--format", "jsonl", "-o", str(target)]
    result = CliRunner().invoke(commands, call, input=GIVEN)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert json.loads(target.read_text("utf-8"))["lead"] == "L1"


def test_the_example_log_is_replayed_without_a_refusal():
    result = CliRunner().invoke(commands, ["replay", str(DATA / "events.jsonl"), "--plan", str(DATA)])
    assert result.exit_code == 0, result.stderr
    assert "110 leads: " in result.stderr
    assert ", 0 events refused" in result.stderr
