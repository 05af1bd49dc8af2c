"""The store itself: made, dumped, put back, and cleared of persons."""

import json
import os
import re
import stat
import subprocess
import sys
from datetime import timedelta

import pytest

from cli_store import SAID, Clock, fill

BY_HAND = ("--actor", "anna", "--reason", "look first")


def kept(database):
    """All rows of a store on SQLite, but who is at work on what."""
    from dealerrouting.adapters.sql import dump

    return list(dump(f"sqlite:///{database}"))


def seen(text):
    """A page of status without its clock, its holds and ages."""
    numbers = text.partition("\nOpen leads")[2]
    return re.findall(r"Decides +(\S+)", text), numbers


# Made


def test_upgrade_makes_the_tables_and_may_be_repeated(on, tmp_path):
    path = tmp_path / "leads.db"
    first, again = (on(path, "db", "upgrade") for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert re.fullmatch(re.escape(str(path)) + r": the tables are at \d{4}\n", first.stdout)
    assert re.fullmatch(re.escape(str(path)) + r": the tables were at \d{4} already\n", again.stdout)
    assert on(path, "status").exit_code == 0


def test_upgrade_leaves_what_is_stored(on, database):
    before = kept(database)
    assert on(database, "db", "upgrade").exit_code == 0
    assert kept(database) == before


def test_tables_of_a_newer_release_exit_4(on, database):
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.execute("update dr_version set version_num = '9999'")
    connection.close()
    for command in (("status",), ("db", "upgrade")):
        result = on(database, *command)
        assert result.exit_code == 4
        assert "use the release that made them" in result.stderr


# Dumped and put back


def test_a_dump_is_its_owners_and_comes_back_whole(on, database, tmp_path):
    file = tmp_path / "leads.jsonl"
    result = on(database, "db", "dump", "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert re.fullmatch(
        re.escape(f"written to {file}: 6 leads, 1 claim, ")
        + r"\d+ events, 6 decisions, 2 plans; the newest of .* UTC; tables at \d{4}\n",
        result.stderr,
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text("utf-8").splitlines() == kept(database)
    before = on(database, "status").stdout
    assert on(database, "sweep").exit_code == 0
    back = on(database, "restore", file, "--yes")
    assert back.exit_code == 0, back.stderr
    after = on(database, "status").stdout
    assert seen(after) == seen(before)
    assert "Due          7 leads and claims" in after


def test_a_dump_replaces_an_older_one_and_leaves_nothing_beside_it(on, database, tmp_path):
    file = tmp_path / "leads.jsonl"
    file.write_text("old", "utf-8")
    file.chmod(0o644)
    assert on(database, "db", "dump", "-o", file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if not one.name.startswith("leads.db")) == ["leads.jsonl"]


def test_a_dump_to_stdout_is_the_same(on, process, database):
    result = process(database, "db", "dump", "-o", "-")
    assert result.returncode == 0
    assert result.stdout.splitlines() == kept(database)
    assert result.stderr.startswith("dumped: 6 leads, 1 claim, ")


def test_a_dump_into_a_closed_pipe_ends_quietly(database):
    code = f"{sys.executable} -c 'from dealerrouting.cli import main; main()' db dump -o - | head -n 1"
    env = {**os.environ, "DEALERROUTING_STORE": str(database)}
    done = subprocess.run(code, shell=True, capture_output=True, text=True, env=env, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("end", ["", "-wal"])
def test_a_dump_never_overwrites_the_store(on, database, end):
    file, before = database.with_name(database.name + end), kept(database)
    for arguments in (("db", "dump", "-o", file), ("export-person", "x@mail.example", "-o", file)):
        result = on(database, *arguments)
        assert result.exit_code == 2
        assert "is a file of the store itself" in result.stderr
    assert kept(database) == before


def test_a_dump_that_cannot_be_written_leaves_nothing(on, database, tmp_path):
    result = on(database, "db", "dump", "-o", tmp_path / "none" / "x.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written: No such file or directory" in result.stderr
    assert on(database, "db", "dump").exit_code == 2
    assert on(database, "db", "dump", "-o", tmp_path).exit_code == 2


def test_a_dump_that_fails_midway_leaves_no_part_of_it(on, database, tmp_path, monkeypatch):
    from dealerrouting.adapters import sql
    from dealerrouting.errors import StoreUnavailable

    def broken(store):
        yield json.dumps({"format": "x", "revision": "0001"})
        raise StoreUnavailable("unreachable", "the database cannot be reached")

    monkeypatch.setattr(sql, "dump", broken)
    file = tmp_path / "leads.jsonl"
    file.write_text("the last good one", "utf-8")
    assert on(database, "db", "dump", "-o", file).exit_code == 4
    assert file.read_text("utf-8") == "the last good one"
    assert not list(tmp_path.glob(".*"))


def test_restore_says_what_is_lost_and_does_nothing_without_yes(on, database, tmp_path):
    file = tmp_path / "leads.jsonl"
    on(database, "db", "dump", "-o", file)
    on(database, "sweep")
    before = kept(database)
    result = on(database, "restore", file)
    assert result.exit_code == 2
    now, then = result.stdout.splitlines()
    assert now.startswith(f"{database} holds 6 leads, 1 claim, ")
    assert then.startswith(f"{file} holds 6 leads, 1 claim, ")
    assert re.search(r"the newest of \d{4}-\d\d-\d\d \d\d:\d\d UTC; tables at \d{4}$", then)
    assert result.stderr == "restore: nothing was changed, for what the store holds would be lost; say --yes\n"
    assert kept(database) == before


def test_after_restore_all_is_held_until_somebody_says_release(on, database, tmp_path):
    file = tmp_path / "leads.jsonl"
    on(database, "db", "dump", "-o", file)
    for _ in range(2):
        result = on(database, "restore", file, "--yes", "--actor", "anna")
        assert result.exit_code == 0
        assert "  all is held: nothing is done by itself, nothing is sent\n" in result.stdout
        assert "then go on with: dealerrouting release --actor ID --reason TEXT" in result.stdout
    status = on(database, "status").stdout
    assert "Held         all, since" in status
    assert "by anna: restored from leads.jsonl" in status
    assert on(database, "sweep").exit_code == 3
    assert on(database, "release", *BY_HAND).exit_code == 0
    assert on(database, "sweep").exit_code == 0


def test_restore_into_an_empty_store_needs_no_yes_but_tables(on, database, tmp_path):
    file, new = tmp_path / "leads.jsonl", tmp_path / "new.db"
    on(database, "db", "dump", "-o", file)
    assert on(new, "restore", file).exit_code == 4
    assert on(new, "db", "upgrade").exit_code == 0
    result = on(new, "restore", file)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{new} holds nothing; tables at ")
    assert seen(on(new, "status").stdout) == seen(on(database, "status").stdout)


def test_whoever_was_erased_since_the_dump_stays_erased(on, database, tmp_path):
    file = tmp_path / "leads.jsonl"
    on(database, "db", "dump", "-o", file)
    on(database, "erase", "--lead", "L1", "--claim", "R1", "--actor", "anna")
    result = on(database, "restore", file, "--yes")
    assert "erased since then, and stays so: claim:R1, lead:L1" in result.stdout
    assert json.loads(on(database, "export-person", "canary@prospect-1.example").stdout)["leads"] == []
    assert len(json.loads(on(database, "export-person", "canary@prospect-2.example").stdout)["leads"]) == 1


def broken_dumps(lines):
    yield "nothing", []
    yield "no-json", ["this is no dump"]
    yield "a-list", ["[]"]
    yield "other-json", ['{"a": 1}', *lines[1:]]
    yield "cut-off", lines[:-1]
    yield "one-less", [*lines[:5], *lines[6:]]
    yield "twice", [*lines[:5], *lines[4:]]
    yield "newer", [lines[0].replace('"revision": "0001"', '"revision": "9999"'), *lines[1:]]
    yield "bad-row", [*lines[:3], '{"table":"case","row":{"lead":5}}', *lines[3:]]
    yield "bad-table", [*lines[:3], '{"table":"drop table","row":{}}', *lines[3:]]
    yield "bad-text", [*lines[:3], '{"table":"event","row":{"lead":"L1","doc":"{}"}}', *lines[3:]]
    yield "binary", ["\x00\x01"]


def test_what_is_no_whole_dump_is_refused_and_changes_nothing(on, database, tmp_path):
    before = kept(database)
    for name, lines in broken_dumps(before):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        result = on(database, "restore", file, "--yes")
        assert result.exit_code == 2, name
        assert result.stderr.startswith(f"{file}"), name
        assert len(result.stderr.splitlines()) == 1, name
        assert kept(database) == before, name


def test_what_cannot_be_read_is_refused(on, database, tmp_path):
    assert "cannot be read: No such file" in on(database, "restore", tmp_path / "none", "--yes").stderr
    assert on(database, "restore", tmp_path, "--yes").exit_code == 2
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"format": "\xe9"}\n')
    result = on(database, "restore", latin, "--yes")
    assert (result.exit_code, "UTF-8" in result.stderr) == (2, True)
    assert on(database, "restore", database, "--yes").exit_code == 2


# Cleared of persons


def test_erase_prints_ids_and_leaves_nothing_in_the_file(on, database):
    mails = [b"canary@prospect-1.example", b"claim@canary-works.example"]
    assert all(mail in database.read_bytes() for mail in mails)
    result = on(database, "erase", "--lead", "L1", "--claim", "R1", "--actor", "anna", "--reason", "asked")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "erased: claim:R1",
        "erased: lead:L1",
        "erased: 1 lead, 1 claim",
        "nothing of it is left in the files of the database; backups and dumps are yours to see to",
    ]
    for file in database.parent.glob("leads.db*"):
        assert not any(mail in file.read_bytes() for mail in mails)
    assert b"canary@prospect-2.example" in database.read_bytes()


def test_a_lead_is_erased_once_and_the_command_may_be_repeated(on, database):
    assert on(database, "erase", "--lead", "L1", "--actor", "anna").exit_code == 0
    before = kept(database)
    again = on(database, "erase", "--lead", "L1", "--actor", "anna")
    assert again.exit_code == 0
    assert again.stdout.startswith("nothing to erase: no lead or claim holds that, or it was erased before\n")
    assert kept(database) == before


def test_erase_by_person_whatever_the_case(on, database):
    result = on(database, "erase", "--person", " Canary@Prospect-3.EXAMPLE ", "--actor", "anna")
    assert result.stdout.startswith("erased: lead:L3\nerased: 1 lead, 0 claims\n")
    nobody = on(database, "erase", "--person", "nobody@prospect.example", "--actor", "anna")
    assert (nobody.exit_code, "nothing to erase" in nobody.stdout) == (0, True)


def test_a_dry_run_of_erase_changes_nothing(on, database):
    before = kept(database)
    result = on(database, "erase", "--lead", "L1", "--claim", "R1", "--actor", "anna", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "would be erased: claim:R1",
        "would be erased: lead:L1",
        "would be erased: 1 lead, 1 claim",
        "nothing was changed",
    ]
    assert kept(database) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "erase: nothing is named; give --lead"),
        (("--lead", "L1", "--expired"), "erase: two things at once"),
        (("--expired", "--scrub"), "erase: two things at once"),
        (("--lead", "L1", "--lead", "L99"), "--lead: there is no lead `L99`\nerase: nothing was erased"),
        (("--lead", "L1", "--claim", "R9"), "--claim: there is no claim `R9`; a claim that was erased is gone"),
        (("--lead", "L97", "--lead", "L98"), "`L97`\n--lead: there is no lead `L98`"),
        (("--expired",), "the active plan does not say how long anything is kept"),
    ],
)
def test_a_wrong_call_of_erase_exits_2_and_erases_nothing(on, database, arguments, said):
    before = kept(database)
    result = on(database, "erase", *arguments, "--actor", "anna")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert kept(database) == before


def test_what_is_over_for_long_enough_is_erased(on, database, plan_file):
    from dealerrouting.adapters.sql import SqlStore
    from dealerrouting.desk import LeadDesk

    with SqlStore(f"sqlite:///{database}", clock=Clock(timedelta(days=8))) as store:
        desk = LeadDesk(store)
        desk.update("L0", assignment=1, status="lost", actor="delta")
        desk.update("L4", assignment=1, status="won", actor="maas")
    plan_file.write_text(plan_file.read_text("utf-8") + "terms: {retention: {elapsed: 7d}}\n", "utf-8")
    activated = on(database, "activate", plan_file, "--actor", "anna")
    assert activated.exit_code == 0, activated.stderr
    dry = on(database, "erase", "--expired", "--actor", "cron", "--dry-run")
    assert dry.stdout.splitlines()[:2] == ["would be erased: lead:L0", "would be erased: lead:L4"]
    result = on(database, "erase", "--expired", "--actor", "cron")
    assert result.stdout.splitlines()[:3] == ["erased: lead:L0", "erased: lead:L4", "erased: 2 leads, 0 claims"]
    assert "nothing to erase" in on(database, "erase", "--expired", "--actor", "cron").stdout


def test_traces_that_cannot_be_cleared_now_exit_3_and_say_how(on, database):
    import sqlite3

    reader = sqlite3.connect(database)
    reader.execute("begin")
    reader.execute("select count(*) from dr_case").fetchone()
    try:
        result = on(database, "erase", "--lead", "L1", "--actor", "anna")
    finally:
        reader.close()
    assert result.exit_code == 3
    assert "erased: lead:L1" in result.stdout
    assert "dealerrouting erase --scrub --actor ID" in result.stdout
    scrubbed = on(database, "erase", "--scrub", "--actor", "anna")
    assert scrubbed.exit_code == 0
    assert scrubbed.stdout.startswith("nothing of it is left in the files")


# Handed out


def test_what_is_kept_of_a_person_is_handed_out(on, database, tmp_path):
    result = on(database, "export-person", "canary@prospect-5.example")
    assert (result.exit_code, result.stderr) == (0, "1 lead, 0 claims\n")
    data = json.loads(result.stdout)
    assert data["leads"][0]["lead"]["contact_name"] == SAID
    assert data["leads"][0]["holder"] == "maas"
    file = tmp_path / "person.json"
    written = on(database, "export-person", "canary@prospect-5.example", "-o", file)
    assert (written.exit_code, written.stdout) == (0, "")
    assert written.stderr == f"written to {file}\n1 lead, 0 claims\n"
    assert file.read_text("utf-8") == result.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    claim = json.loads(on(database, "export-person", "claim@canary-works.example").stdout)
    assert [one["id"] for one in claim["registrations"]] == ["R1"]


def test_of_whom_nothing_is_kept_nothing_is_handed_out(on, database):
    result = on(database, "export-person", "nobody@prospect.example")
    assert (result.exit_code, result.stderr) == (0, "nothing is kept of this person\n")
    data = json.loads(result.stdout)
    assert (data["leads"], data["registrations"]) == ([], [])


# On PostgreSQL


def test_from_sqlite_to_postgresql_and_back(on, database, postgres_schema, tmp_path):
    there, back = tmp_path / "there.jsonl", tmp_path / "back.jsonl"
    on(database, "db", "dump", "-o", there)
    assert on(postgres_schema.url, "db", "upgrade").exit_code == 0
    assert on(postgres_schema.url, "restore", there).exit_code == 0
    assert seen(on(postgres_schema.url, "status").stdout) == seen(on(database, "status").stdout)
    erased = on(postgres_schema.url, "erase", "--lead", "L1", "--actor", "anna")
    assert erased.exit_code == 0, erased.stdout
    assert on(postgres_schema.url, "db", "dump", "-o", back).exit_code == 0
    assert on(database, "restore", back, "--yes").exit_code == 0
    assert json.loads(on(database, "export-person", "canary@prospect-1.example").stdout)["leads"] == []


def test_a_second_fill_is_another_store(on, tmp_path):
    fill(f"sqlite:///{tmp_path}/other.db")
    assert "7 leads and claims" in on(tmp_path / "other.db", "status").stdout
