"""How a store is named, and what is said where it is not there, is none, or may not be used."""

import os
import shutil
import subprocess
import sys
import tempfile

import pytest

from cli_store import fill
from dealerrouting.cli.storing import Given, place_of
from dealerrouting.errors import DealerRoutingError, MissingExtra

PASSWORD = "s3cr3t-Pa55"


def lines(text):
    return text.splitlines()


@pytest.mark.parametrize("command", ["status", "sweep", "hold", "release", "activate", "restore", "erase", "export"])
def test_without_a_store_every_command_says_what_to_set(on, command, plan_file):
    by_hand = ("--actor", "a", "--reason", "b")
    more = {
        "hold": by_hand, "release": by_hand, "activate": (plan_file, *by_hand), "restore": (plan_file,),
        "erase": ("--lead", "L1", *by_hand), "export": ("x@mail.example",),
    }  # fmt: skip
    result = on(None, "export-person" if command == "export" else command, *more.get(command, ()))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert lines(result.stderr) == [
        "--store: no store is given; set DEALERROUTING_STORE, or write sqlite:///leads.db, or postgresql://HOST/NAME"
    ]


def test_without_a_store_the_commands_of_db_say_so_too(on, tmp_path):
    assert on(None, "db", "upgrade").exit_code == 2
    assert on(None, "db", "dump", "-o", tmp_path / "x").exit_code == 2
    assert "DEALERROUTING_STORE" in on("", "status").stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "a store on SQLite is a file"),
        ("sqlite:///:memory:", "a store on SQLite is a file"),
        (":memory:", "no URL"),
        ("sqlite:leads.db", "no URL"),
        ("postgresql:leads", "no URL"),
        ("mysql://user:s3cr3t-Pa55@db.example/leads", "there is no store on mysql"),
        ("postgresql+asyncpg://user:s3cr3t-Pa55@db.example/leads", "there is no store on postgresql+asyncpg"),
        ("sqlite+aiosqlite:///leads.db", "there is no store on sqlite+aiosqlite"),
        ("nonsense+s3cr3t-Pa55;://x", "cannot be read"),
        ("postgresql://user:s3cr3t-Pa55:5@db.example:s3cr3t-Pa55/leads", "write @ as %40"),
        ("://s3cr3t-Pa55", "cannot be read"),
    ],
)
def test_a_url_that_is_none_exits_2_and_is_not_repeated(on, url, said):
    for result in (on(url, "status"), on(None, "status", "--store", url)):
        assert result.exit_code == 2
        assert said in result.stderr
        assert len(lines(result.stderr)) == 1
        assert PASSWORD not in result.output


def test_where_a_store_is_is_shown_without_user_and_password():
    def shown(url):
        return place_of(Given(url, None, "dr_", None)).shown

    for url in (
        f"postgresql://u:{PASSWORD}@db.example:5433/leads",
        f"postgres://db.example:5433/leads?password={PASSWORD}&user=u",
        f"postgresql+psycopg://u:{PASSWORD}@db.example:5433/leads?sslpassword={PASSWORD}",
    ):
        place = place_of(Given(url, None, "dr_", None))
        assert place.shown == "postgresql://db.example:5433/leads"
        assert place.url.drivername == "postgresql+psycopg"
        assert PASSWORD not in repr(place)
        assert PASSWORD not in repr(Given(url, None, "dr_", None))
    assert shown("postgresql:///leads?host=/run/postgres") == "postgresql:///run/postgres/leads"
    assert shown("postgresql:///leads") == "postgresql://the local socket/leads"
    assert shown("some folder/leads?.db") == "some folder/leads?.db"


def test_patience_with_a_server_is_the_urls_or_the_environments_or_ten_seconds(monkeypatch):
    def patience(url):
        return place_of(Given(url, None, "dr_", None)).url.query.get("connect_timeout")

    assert patience("postgresql://db.example/leads") == "10"
    assert patience("postgresql://db.example/leads?connect_timeout=3") == "3"
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "2")
    assert patience("postgresql://db.example/leads") is None


def test_a_server_that_is_not_there_exits_4_without_the_password(on, tmp_path):
    url = f"postgresql://u:{PASSWORD}@/leads?host={tmp_path}"
    result = on(url, "status")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert result.stderr.startswith(f"postgresql://{tmp_path}/leads: the database cannot be reached; check")
    assert PASSWORD not in result.output


def test_a_file_that_is_not_there_exits_4_and_is_not_made(on, tmp_path):
    path = tmp_path / "none.db"
    for arguments in (("status",), ("sweep",), ("db", "dump", "-o", tmp_path / "x"), ("export-person", "x@y.example")):
        result = on(path, *arguments)
        assert result.exit_code == 4
        assert result.stderr == f"{path}: there is no such file; `dealerrouting db upgrade` makes it\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_exits_4_and_stays_as_it_is(on, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("these are notes and no database at all", "utf-8")
    for arguments in (("status",), ("db", "upgrade")):
        result = on(path, *arguments)
        assert result.exit_code == 4
        assert "is no SQLite database" in result.stderr
    assert path.read_text("utf-8") == "these are notes and no database at all"


def test_a_damaged_database_exits_4(on, tmp_path):
    path = tmp_path / "leads.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4_000)
    result = on(path, "status")
    assert result.exit_code == 4
    assert len(lines(result.stderr)) == 1


def test_a_folder_is_no_store(on, tmp_path):
    assert on(tmp_path, "status").exit_code == 4
    assert on(tmp_path / "none" / "leads.db", "db", "upgrade").exit_code == 4


def test_a_database_without_tables_is_outdated_and_says_the_cure(on, tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    result = on(path, "status")
    assert result.exit_code == 4
    assert "run `dealerrouting db upgrade`" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_what_may_only_be_read_exits_4_and_says_so(database):
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(database, folder)
        os.chmod(copy, 0o444)
        os.chmod(folder, 0o555)
        arguments = ["hold", "--store", copy, "--actor", "a", "--reason", "b"]
        done = unprivileged(f"from dealerrouting.cli import main; import sys; sys.argv[1:] = {arguments}; main()")
        os.chmod(folder, 0o755)
    assert done.returncode == 4
    assert done.stdout == ""
    assert len(lines(done.stderr)) == 1
    assert done.stderr.startswith(f"{copy}: the database ")
    assert "give this user the right" in done.stderr or "check that it is there" in done.stderr


def unprivileged(code):
    """Run it as somebody who may not write everything: root is somebody else for it."""
    if os.geteuid() == 0:
        # All is imported first: somebody else may be unable to read where it is.
        every = "dealerrouting.cli.commands, dealerrouting.adapters.sql, dealerrouting.desk, dealerrouting.cli.status"
        code = f"import os, {every}; os.setgroups([]); os.setgid(65534); os.setuid(65534); {code}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")


def test_schema_is_postgresqls(on, database):
    result = on(database, "status", "--schema", "crm")
    assert result.exit_code == 2
    assert result.stderr == "--schema: SQLite has no schemas; use --prefix\n"


def test_under_another_prefix_there_is_another_store(on, database):
    assert on(database, "status", "--prefix", "other_").exit_code == 4
    assert on(database, "db", "upgrade", "--prefix", "other_").exit_code == 0
    assert "nothing yet" in on(database, "status", "--prefix", "other_").stdout
    assert "nothing yet" not in on(database, "status").stdout


# Secrets


@pytest.mark.parametrize("text", ["xyz", "00", "00" * 65, "geheim-geheim-geheim-geheim"])
def test_a_secret_that_is_none_exits_2_and_is_not_repeated(on, database, text):
    result = on(database, "status", env={"DEALERROUTING_SECRET": text})
    assert result.exit_code == 2
    assert result.stderr.startswith("DEALERROUTING_SECRET: a secret is 16 to 64 bytes in hexadecimal; make one with")
    assert text == "00" or text not in result.stderr


def test_a_store_that_was_made_with_a_secret_wants_the_same_one(on, tmp_path):
    path, right, wrong = tmp_path / "leads.db", "0a" * 32, "0b" * 32
    fill(f"sqlite:///{path}", bytes.fromhex(right))
    for secret in (None, wrong):
        result = on(path, "erase", "--claim", "R1", "--actor", "a", env={"DEALERROUTING_SECRET": secret})
        assert result.exit_code == 4
        assert "give the same one; set DEALERROUTING_SECRET" in result.stderr
        assert wrong not in result.output
    assert (
        "erased: claim:R1"
        in on(path, "erase", "--claim", "R1", "--actor", "a", env={"DEALERROUTING_SECRET": right}).stdout.splitlines()
    )


# What fails that should not


def test_what_fails_unexpectedly_shows_nothing_of_what_it_says(on, database, monkeypatch):
    from dealerrouting.adapters.sql import SqlStore

    def broken(*_):
        raise RuntimeError("Canary Person said so")

    monkeypatch.setattr(SqlStore, "survey", broken)
    result = on(database, "status")
    assert result.exit_code == 4
    assert "failed unexpectedly: RuntimeError at " in result.stderr
    assert result.stdout == ""


def test_a_missing_extra_is_told_with_the_line_to_type(on, database, monkeypatch):
    from dealerrouting.cli import storing

    def missing(given):
        raise MissingExtra("a store on SQL", "sql")

    monkeypatch.setattr(storing, "place_of", missing)
    result = on(database, "status")
    assert result.exit_code == 2
    assert result.stderr == "a store on SQL needs an optional package: pip install 'dealerrouting[sql]'\n"
    assert issubclass(MissingExtra, DealerRoutingError)


def test_without_sqlalchemy_the_command_says_what_to_install(process, database, tmp_path):
    (tmp_path / "sqlalchemy.py").write_text("raise ModuleNotFoundError(name='sqlalchemy')\n", "utf-8")
    result = process(database, "status", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 2
    assert result.stderr.endswith("pip install 'dealerrouting[sql]'\n")


# Help


def test_help_lists_the_commands_under_headings(on):
    text = on(None, "--help").stdout
    heads = [line for line in lines(text) if line.endswith(":") and not line.startswith((" ", "Options"))]
    assert heads == ["Leads and plans, in files:", "The desk, in a store:", "The store itself:"]
    for command in ("route", "status", "db upgrade", "db dump", "export-person"):
        assert f"\n  {command} " in text
    assert all(len(line) <= 80 for line in lines(text))
    assert "...\n" not in text.partition("The desk")[2]


def test_help_needs_no_database_library():
    code = (
        "import sys; sys.argv = ['dealerrouting', '--help']\n"
        "from dealerrouting.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'alembic', 'psycopg', 'pydantic', 'yaml', 'rich', 'sqlite3'} & set(sys.modules)\n"
        "sys.exit(','.join(heavy) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
