"""The desk as an operator has it in hand: status, sweep, hold, release, activate; after days without a sweep."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from cli_store import PLAN, fill
from dealerrouting.cli.wording import Sheet, age, counted
from dealerrouting.desk import LeadDesk

BY_HAND = ("--actor", "anna", "--reason", "look first")
LONG_AGO, FAR_AHEAD = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"


def opened(database):
    from dealerrouting.adapters.sql import SqlStore

    return SqlStore(f"sqlite:///{database}")


def state(database):
    """What the desk has on record, and how its leads stand: all that a command might leave half done."""
    with opened(database) as store:
        desk = LeadDesk(store)
        leads = [store.history(f"L{n}") for n in range(6)]
        return desk.health().holds, store.acts(), [(one.case, one.events, one.messages) for one in leads]


# Status


def test_status_says_what_decides_what_is_due_and_what_comes_next(on, database, monkeypatch):
    monkeypatch.chdir(database.parent)
    result = on("sqlite:///leads.db", "status")
    assert (result.exit_code, result.stderr) == (0, "")
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "THEN", result.stdout)
    text = re.sub(r"sha256:[0-9a-f]{12}", "sha256:X", text)
    assert text == (
        "Store        leads.db, as of THEN UTC\n"
        "\n"
        "Decides      first  sha256:X\n"
        "             since THEN UTC, for 8 days 23 hours, by ops: spring\n"
        "             before it: zeroth  sha256:X; back to it:\n"
        "               dealerrouting activate --roll-back --actor ID --reason TEXT\n"
        "Planned      nothing\n"
        "Held         nothing\n"
        "\n"
        "Due          7 leads and claims, since THEN UTC: 7 days 22 hours behind\n"
        "Next pass    would look at 7 and change 7\n"
        "             6 messages to leave: remind 6\n"
        "             to delta 4, maas 2\n"
        "             to keep it from that: dealerrouting hold --actor ID --reason TEXT\n"
        "Outbox       empty\n"
        "Parked       nothing\n"
        "\n"
        "Open leads           6\n"
        "  by phase           6  offered\n"
        "  by holder          4  delta\n"
        "                     2  maas\n"
        "Claims               1\n"
        "  by status          1  submitted\n"
    )


def test_status_changes_nothing(on, database):
    before = state(database)
    assert on(database, "status").stdout.splitlines()[1:] == on(database, "status").stdout.splitlines()[1:]
    assert state(database) == before


def test_status_as_json(on, database):
    data = json.loads(on(database, "status", "--format", "json").stdout)
    assert data["schema_version"] == 1
    assert (data["active"]["name"], data["active"]["actor"], data["active"]["reason"]) == ("first", "ops", "spring")
    assert data["open"] == {"leads": 6, "phases": {"offered": 6}, "holders": {"delta": 4, "maas": 2}}
    assert data["due"]["count"] == 7
    assert data["due"]["behind_seconds"] // 3_600 == 7 * 24 + 22
    assert datetime.fromisoformat(data["at"]) - datetime.fromisoformat(data["due"]["oldest"]) < timedelta(days=8)
    assert data["next_pass"]["messages"] == {"remind": 6}
    assert (data["holds"], data["parked"], data["planned"], data["waiting"]) == ([], {}, [], 0)


def test_status_of_an_empty_store_says_how_to_begin(on, tmp_path):
    path = tmp_path / "leads.db"
    assert on(path, "db", "upgrade").exit_code == 0
    result = on(path, "status")
    assert result.exit_code == 0
    assert "Decides      nothing yet; dealerrouting activate PLAN --actor ID --reason TEXT" in result.stdout
    assert "Due          nothing\nNext pass    would find nothing to do" in result.stdout
    assert json.loads(on(path, "status", "--format", "json").stdout)["active"] is None


def test_status_is_bounded(on, database):
    assert "would look at 2 (the first of 7) and change 2" in on(database, "status", "--look", "2").stdout
    text = on(database, "status", "--look", "0").stdout
    assert "Next pass    not looked at; dealerrouting sweep --dry-run" in text
    assert json.loads(on(database, "status", "--look", "0", "--format", "json").stdout)["next_pass"] is None
    assert on(database, "status", "--look", "-1").exit_code == 2


def test_status_fits_on_a_hundred_columns_and_shows_no_control_characters(on, database):
    reason = "two days without a sweep " * 20 + "\x1b[31m\u202e"
    on(database, "hold", "--actor", "anna", "--reason", reason)
    on(database, "hold", "--actor", "anna", "--reason", "away", "--dealer", "delta")
    text = on(database, "status").stdout
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.replace("\n             ", " ").count("two days without a sweep") == 20
    assert "dealer:delta, since" in text
    assert "dealerrouting release --dealer delta --actor ID --reason TEXT" in text
    assert "would do nothing, for all is held; without the hold it" in text


def test_status_says_what_is_parked_and_how_to_try_it_again(on, database):
    park(database, "lead:L 1")
    park(database, "claim:R1")
    text = on(database, "status").stdout
    assert (
        "Parked       claim:R1: KeyError\n               dealerrouting release --claim R1 --actor ID --reason TEXT"
        in text
    )
    assert "lead:L 1: KeyError\n               dealerrouting release --lead 'L 1' --actor ID --reason TEXT" in text
    assert "Due          6 leads and claims" in text


def park(database, what):
    from dealerrouting.ports import Ref, Trouble, Writes

    with opened(database) as store:
        kind, _, id = what.partition(":")
        store.commit({}, Writes(troubles=((Ref(kind, id), Trouble(3, "KeyError", True)),)))


def test_status_on_a_terminal_is_marked_and_says_the_same(process, on_a_terminal, database):
    piped = process(database, "status")
    assert (piped.returncode, "\x1b" in piped.stdout) == (0, False)
    code, shown = on_a_terminal("status", "--store", database)
    assert code == 0
    assert "\x1b[1mDecides" in shown
    assert "\x1b[33m7 leads and claims" in shown
    bare = re.sub(r"\x1b\[\d+m", "", shown)
    assert bare.splitlines()[1:] == piped.stdout.splitlines()[1:]
    code, shown = on_a_terminal("status", "--store", database, NO_COLOR="1")
    assert (code, "\x1b" in shown) == (0, False)


def test_status_says_what_the_next_pass_could_not_deal_with(on, database):
    spoil(database, "L0")
    result = on(database, "status")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "would look at 7 and change 6" in text
    assert "1 could not be dealt with: lead:L0: cannot be read: it does not read as a Case" in text


# Sweep


def test_sweep_does_what_is_due_and_a_second_one_finds_nothing(on, database):
    first = on(database, "sweep")
    assert (first.exit_code, first.stderr) == (0, "")
    assert re.fullmatch(
        r".* UTC: looked at 7, due since .* UTC; changed 7\n  6 messages to leave: remind 6\n  to delta 4, maas 2\n",
        first.stdout,
    )
    again = on(database, "sweep")
    assert again.exit_code == 0
    assert again.stdout.endswith(" UTC: found nothing to do\n")
    assert "Outbox       6 messages to leave" in on(database, "status").stdout


def test_sweep_in_bounds_says_that_more_is_waiting(on, database):
    first = on(database, "sweep", "--limit", "4")
    assert (first.exit_code, "looked at 4" in first.stdout, "more is due: call again" in first.stdout) == (
        3,
        True,
        True,
    )
    second = on(database, "sweep", "--per-dealer", "1")
    assert second.exit_code == 3
    assert "left for a later pass, so that nobody is told too much at once: maas 1" in second.stdout
    assert on(database, "sweep").exit_code == 0


def test_a_dry_run_changes_nothing_and_exits_as_the_pass_would(on, database):
    before = state(database)
    for bounds, code in (((), 0), (("--limit", "4"), 3), (("--per-dealer", "1"), 3)):
        result = on(database, "sweep", "--dry-run", *bounds)
        assert result.exit_code == code
        assert "would look at" in result.stdout
    assert state(database) == before


def test_what_fails_and_what_is_parked_exit_1(on, database):
    spoil(database, "L0")
    first = on(database, "sweep")
    assert first.exit_code == 1
    assert "failed, and is tried again: lead:L0: cannot be read: it does not read as a Case" in first.stdout
    assert "changed 6" in first.stdout
    unlease(database)
    assert on(database, "sweep").exit_code == 1
    unlease(database)
    last = on(database, "sweep")
    assert last.exit_code == 1
    assert "parked, and left alone from now on: lead:L0: " in last.stdout
    assert "to try it again: dealerrouting release --lead L0 --actor ID --reason TEXT" in last.stdout
    assert on(database, "sweep").exit_code == 0
    assert on(database, "release", "--lead", "L0", *BY_HAND).stdout.startswith("lead:L0 goes on")
    unlease(database)
    assert on(database, "sweep").exit_code == 1


def spoil(database, lead):
    """Make the record of a lead one that cannot be read."""
    import sqlite3

    connection = sqlite3.connect(database)
    connection.execute("update dr_case set doc = '{}' where lead = ?", (lead,))
    connection.commit()
    connection.close()


def unlease(database):
    """As if the minute were over for which a pass has what it took."""
    from dealerrouting.ports import Ref

    with opened(database) as store:
        store.unlease([Ref("lead", "L0")])


def test_what_is_printed_is_not_logged_beside_it(process, database):
    spoil(database, "L0")
    result = process(database, "sweep")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.count("lead:L0") == 1


@pytest.mark.parametrize(
    "wrong", [("--at", "yesterday"), ("--limit", "0"), ("--per-dealer", "0"), ("--at", "2027-01-01")]
)
def test_a_wrong_call_of_sweep_exits_2(on, database, wrong):
    before = state(database)
    result = on(database, "sweep", *wrong)
    assert (result.exit_code, result.stdout) == (2, "")
    assert wrong[0] in result.stderr
    assert state(database) == before


def test_a_pass_ahead_of_the_clock_is_not_made_by_a_slip(on, database):
    before = state(database)
    ahead = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    result = on(database, "sweep", "--at", ahead)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "ahead of the store's clock; look with --dry-run first; what is done cannot be undone, so say --yes"
        in result.stderr
    )
    assert on(database, "sweep", "--at", ahead, "--dry-run").exit_code == 0
    assert state(database) == before
    assert on(database, "sweep", "--at", ahead, "--yes").exit_code == 0
    assert state(database) != before


def test_a_pass_as_of_an_earlier_instant_does_what_was_due_then(on, database):
    assert "found nothing to do" in on(database, "sweep", "--at", LONG_AGO).stdout


# Hold and release


def test_what_is_held_is_not_swept_and_says_by_whom_and_why(on, database):
    told = on(database, "hold", *BY_HAND)
    assert told.exit_code == 0
    assert "all is held from " in told.stdout
    before = state(database)
    result = on(database, "sweep")
    assert result.exit_code == 3
    assert ", by anna: look first\n" in result.stdout
    assert "to go on: dealerrouting release --actor ID --reason TEXT" in result.stdout
    assert "nothing was done; something is due" in result.stdout
    assert state(database) == before
    dry = on(database, "sweep", "--dry-run")
    assert (dry.exit_code, "would look at 7" in dry.stdout) == (3, True)
    assert on(database, "release", *BY_HAND).exit_code == 0
    assert on(database, "sweep").exit_code == 0


def test_whoever_is_held_twice_is_held_once_and_the_first_one_is_named(on, database):
    on(database, "hold", *BY_HAND)
    again = on(database, "hold", "--actor", "bert", "--reason", "me too")
    assert again.exit_code == 0
    assert "all is held already, since " in again.stdout
    assert "by anna: look first" in again.stdout
    assert len(state(database)[0]) == 1
    assert on(database, "release", *BY_HAND).stdout.startswith("all goes on")
    twice = on(database, "release", *BY_HAND)
    assert (twice.exit_code, twice.stdout) == (0, "all was not held: nothing is changed\n")


def test_one_dealer_or_one_lead_is_held(on, database):
    assert on(database, "hold", "--dealer", "delta", *BY_HAND).exit_code == 0
    assert on(database, "hold", "--lead", "L4", *BY_HAND).exit_code == 0
    result = on(database, "sweep")
    assert result.exit_code == 0  # what is held is no reason to call again
    assert "to maas 1\n" in result.stdout
    assert "what is held stays due: dealer:delta, since" in result.stdout
    assert "what is held stays due: lead:L4, since" in result.stdout
    still = on(database, "release", "--lead", "L4", *BY_HAND)
    assert "still held: dealer:delta" in still.stdout


@pytest.mark.parametrize("command", ["hold", "release"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--lead", "L99"), "--lead: there is no lead `L99`"),
        (("--dealer", "delt"), "--dealer: no plan here has a dealer `delt`; did you mean `delta`?"),
        (("--lead", "L1", "--dealer", "delta"), "--lead and --dealer: at once; give one of them"),
        (("--lead", ""), "there is no lead"),
    ],
)
def test_what_is_not_there_is_not_held_and_not_released(on, database, command, wrong, said):
    before = state(database)
    result = on(database, command, *wrong, *BY_HAND)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert state(database) == before


@pytest.mark.parametrize("command", ["hold", "release", "activate", "erase"])
@pytest.mark.parametrize("actor", [(), ("--actor", ""), ("--actor", "  ")])
def test_by_hand_needs_an_actor(on, database, plan_file, command, actor):
    before = state(database)
    more = {"activate": (plan_file,), "erase": ("--lead", "L1")}.get(command, ())
    result = on(database, command, *more, "--reason", "x", *actor)
    assert result.exit_code == 2
    assert "--actor" in result.stderr
    assert state(database) == before


@pytest.mark.parametrize("command", ["hold", "release"])
@pytest.mark.parametrize("reason", [(), ("--reason", " ")])
def test_by_hand_needs_a_reason(on, database, command, reason):
    result = on(database, command, "--actor", "anna", *reason)
    assert result.exit_code == 2
    assert "--reason" in result.stderr


def test_a_claim_that_is_not_there_is_not_released(on, database):
    assert "there is no claim `R9`" in on(database, "release", "--claim", "R9", *BY_HAND).stderr
    park(database, "claim:R1")
    assert on(database, "release", "--claim", "R1", *BY_HAND).stdout.startswith("claim:R1 goes on")
    assert "Parked       nothing" in on(database, "status").stdout


# Activate


def test_activate_says_from_when_what_it_replaces_and_who_is_not_known(on, database, plan_file):
    leads = state(database)[2]
    result = on(database, "activate", plan_file, "--actor", "anna")
    assert result.exit_code == 0, result.stderr
    first, *rest = result.stdout.splitlines()
    assert re.fullmatch(r"second \(sha256:[0-9a-f]{12}\) decides from .* UTC on", first)
    assert re.fullmatch(r"  it replaces first \(sha256:[0-9a-f]{12}\)", rest[0])
    assert rest[1:] == [
        "  no deadline moves: every open lead stays under the terms it began with",
        "  4 open leads with holders that this plan does not have: delta 4",
        "    they stay there until somebody reassigns them, or their time is up",
    ]
    assert state(database)[2] == leads
    assert "Decides      second" in on(database, "status").stdout
    again = on(database, "activate", plan_file, "--actor", "anna")
    assert again.exit_code == 0
    assert "decides already, from" in again.stdout
    assert len([act for act in state(database)[1] if act.do == "activate"]) == 3


def test_activate_later_and_plan_it_once(on, database, plan_file):
    for _ in range(2):
        result = on(database, "activate", plan_file, "--actor", "anna", "--at", FAR_AHEAD)
        assert result.exit_code == 0
    assert "is planned already, from 2999-01-01 00:00 UTC on" in result.stdout
    text = on(database, "status").stdout
    assert "Decides      first" in text
    assert text.count("Planned      second") == 1
    assert "from 2999-01-01 00:00 UTC, in " in text
    wall = on(
        database, "activate", plan_file, "--actor", "anna", "--at", "2998-07-01T00:00", "--timezone", "Europe/Paris"
    )
    assert "decides from 2998-06-30 22:00 UTC on" in wall.stdout


def test_a_dry_run_of_activate_changes_nothing(on, database, plan_file):
    before = state(database)
    result = on(database, "activate", plan_file, "--actor", "anna", "--dry-run")
    assert result.exit_code == 0
    assert "second (sha256:" in result.stdout
    assert "would decide from" in result.stdout
    assert result.stdout.endswith("  nothing was changed\n")
    back = on(database, "activate", "--roll-back", *BY_HAND, "--dry-run")
    assert back.stdout.startswith("zeroth (")
    assert state(database) == before
    assert "Decides      first" in on(database, "status").stdout


def test_the_way_back(on, database, plan_file):
    on(database, "activate", plan_file, "--actor", "anna")
    result = on(database, "activate", "--roll-back", *BY_HAND)
    assert result.exit_code == 0
    assert result.stdout.startswith("first (")
    assert "it replaces second (" in result.stdout
    assert "open leads with holders" not in result.stdout
    text = on(database, "status").stdout
    assert "Decides      first" in text
    assert "by anna: look first" in text


def test_there_may_be_no_way_back(on, tmp_path, plan_file):
    path = tmp_path / "new.db"
    on(path, "db", "upgrade")
    nothing = on(path, "activate", "--roll-back", *BY_HAND)
    assert (nothing.exit_code, nothing.stderr) == (2, "there is no plan to go back to\n")
    first = on(path, "activate", plan_file, "--actor", "anna")
    assert "it is the first plan of this store" in first.stdout
    assert on(path, "activate", "--roll-back", *BY_HAND).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.yaml",), "none.yaml"),
        ((), "PLAN: is missing"),
        (("PLAN", "--at", LONG_AGO), "--at: `2020-01-01T00:00:00+00:00` is past"),
        (("PLAN", "--at", "tomorrow"), "--at `tomorrow` is not an instant"),
        (("PLAN", "--at", "2999-01-01T00:00", "--timezone", "Mars/Base"), "Mars/Base"),
        (("PLAN", "--roll-back", "--reason", "x"), "--roll-back: goes with neither PLAN nor --at"),
        (("--roll-back", "--reason", "x", "--at", FAR_AHEAD), "--roll-back: goes with neither PLAN nor --at"),
        (("--roll-back",), "--roll-back: wants to know why"),
        (("PLAN", "--customs", "no.module:customs"), "no.module"),
        (("nowhere:plan",), "nowhere"),
    ],
)
def test_a_wrong_call_of_activate_exits_2_and_changes_nothing(on, database, plan_file, arguments, said):
    before = state(database)
    given = [plan_file if one == "PLAN" else one for one in arguments]
    result = on(database, "activate", *given, "--actor", "anna")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert state(database) == before


def test_a_broken_plan_is_told_with_all_its_faults(on, database, plan_file):
    plan_file.write_text(PLAN.replace("[maas]", "[mass]").replace("house: office", "house: ofice"), "utf-8")
    result = on(database, "activate", plan_file, "--actor", "anna")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) >= 2
    assert all(line.startswith(f"{plan_file}:") for line in result.stderr.splitlines())


def test_a_plan_with_functions_needs_them_at_every_pass_and_parks_nothing_without(process, tmp_path):
    (tmp_path / "own.py").write_text(
        "from dealerrouting import Custom, Dealer, Plan, Rule, Territory, by\n"
        "big = Custom('big', lambda lead: True, version='1', reads=['value'])\n"
        "customs = {'big': big}\n"
        "plan = Plan('own', house='h', dealers=[Dealer('h', kind='house'), Dealer('d')],\n"
        "            precedence=[by.rules(Rule('r', when=big, dealers=['d'])), by.territories()],\n"
        "            territories=[Territory('all', ['d'], country='NL')])\n",
        "utf-8",
    )
    path = tmp_path / "own.db"
    assert process(path, "db", "upgrade").returncode == 0
    without = process(path, "activate", "own:plan", "--actor", "anna")
    assert (without.returncode, without.stdout) == (2, "")
    assert "customs" in without.stderr
    given = process(path, "activate", "own:plan", "--actor", "anna", "--customs", "own:customs")
    assert given.returncode == 0, given.stderr
    bare = process(path, "sweep")
    assert (bare.returncode, bare.stdout) == (2, "")
    assert "`big`" in bare.stderr
    assert process(path, "sweep", env={"DEALERROUTING_CUSTOMS": "own:customs"}).returncode == 0


# On PostgreSQL


def test_the_same_on_postgresql(on, postgres_schema):
    url = postgres_schema.url.replace("postgresql+psycopg://", "postgresql://")
    fill(url)
    text = on(url, "status").stdout
    assert "7 leads and claims" in text
    assert "search_path" not in text
    assert on(url, "hold", "--dealer", "delta", *BY_HAND).exit_code == 0
    assert "held: see" in on(url, "sweep").stdout
    assert on(url, "release", "--dealer", "delta", *BY_HAND).exit_code == 0
    assert on(url, "sweep").exit_code == 0
    assert on(url, "activate", "--roll-back", *BY_HAND).stdout.startswith("zeroth (")


def test_a_schema_of_ones_own_on_postgresql(on, postgres_schema):
    own = ("--schema", f"{postgres_schema.name}_own", "--prefix", "x_")
    try:
        assert on(postgres_schema.url, "status", *own).exit_code == 4
        assert on(postgres_schema.url, "db", "upgrade", *own).exit_code == 0
        assert "nothing yet" in on(postgres_schema.url, "status", *own).stdout
    finally:
        import servers

        with servers.connect(postgres_schema.url) as connection:
            connection.execute(f"drop schema if exists {own[1]} cascade")


# Words


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1, minutes=1), "1 hour 1 minute"),
        (timedelta(days=2, minutes=5), "2 days"),
        (timedelta(days=2, hours=3, minutes=5), "2 days 3 hours"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_lengths_in_words(length, said):
    assert age(length) == said


def test_the_largest_are_named_and_the_rest_is_counted():
    assert counted({"a": 1, "b": 2_000, "c": 2_000}) == "b 2,000, c 2,000, a 1"
    assert counted({f"d{n}": n for n in range(12)}).endswith(", d4 4, and 4 more")


def test_a_sheet_folds_what_is_long_whatever_it_is():
    sheet = Sheet()
    sheet.row("Label", "x" * 500)
    sheet.more("- a - b" * 40, indent=2)
    lines = sheet.text().splitlines()
    assert max(map(len, lines)) <= 100
    assert "".join(line.strip().removeprefix("Label").strip() for line in lines[:6]) == "x" * 500
    assert all(line.startswith(" " * 15) for line in lines[6:])
