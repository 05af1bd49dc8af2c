"""The commands as a user types them: what comes out, what goes to stderr, and the exit code."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dealerrouting import network
from dealerrouting.cli import main, output
from dealerrouting.cli.commands import commands

pytestmark = pytest.mark.pure
DATA = network.path()
LEADS = DATA / "leads.csv"
PLAN = """
schema_version: 1
name: small
house: office
timezone: Europe/Amsterdam
attributes: {fleet: int}
dealers: [{id: a}, {id: b}, {id: office, kind: house}]
territories:
  - {id: city, dealers: {a: 2, b: 1}, country: NL, postcodes: "3000..3399"}
precedence: [registrations, territories]
"""


def ruled(when):
    return f"precedence: [registrations, {{rules: [{{id: r, when: {when}, dealers: [a]}}]}}, territories]"


HEAD = "id,received_at,country,postcode\n"


def run(*arguments, **kwargs):
    return CliRunner().invoke(commands, [str(a) for a in arguments], **kwargs)


def call(*arguments, cwd, text=None, env=None):
    """The installed command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from dealerrouting.cli import main; main()", *map(str, arguments)],
        input=text,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=False,
    )


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, "utf-8")
    return path


@pytest.fixture
def leads(tmp_path):
    def written(rows, head=HEAD):
        path = tmp_path / "leads.csv"
        path.write_text(head + rows, "utf-8")
        return path

    return written


def test_route_says_one_decision_a_lead_in_order_of_time(plan, leads):
    file = leads(
        "L2,2027-01-02T09:00:00Z,NL,3011 AB\nL1,2027-01-01T09:00:00Z,nl,3011ab\nL3,2027-01-03T09:00:00Z,SE,11122\n"
    )
    result = run("route", plan, file, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(d["lead"], d["holder"], d["by"]) for d in lines] == [
        ("L1", "a", "territories"),
        ("L2", "a", "territories"),
        ("L3", "office", "house"),
    ]
    columns = "schema_version lead at outcome holder by because flags passed_over owed review retry changes plan"
    assert list(lines[0]) == columns.split()
    assert lines[2]["flags"] == ["nobody_serves"]
    assert lines[2]["retry"] is None
    assert "3 leads routed: 2 to dealers, 1 to the house; 0 rows refused" in result.stderr


def test_refused_rows_are_listed_and_the_rest_is_routed(plan, leads):
    file = leads(
        "L1,2027-01-01T09:00:00Z,NL,3011\n,2027-01-01T09:00:00Z,NL,3011\nL1,2027-01-01T09:00:00Z,NL,3011\nL2,x,NL,9\n"
    )
    result = run("route", plan, file, "--format", "csv")
    assert result.exit_code == 1
    rows = result.stdout.splitlines()
    assert [row.split(",")[0] for row in rows] == ["lead", "L1", "L2"]
    assert rows[2].endswith("nobody_serves; unreadable:postcode; unreadable:received_at")
    assert f"{file}:3:id: is missing" in result.stderr
    assert f"{file}:4:id: repeats the id of row 2" in result.stderr


def test_ten_megabytes_in_a_cell_refuse_one_row(plan, leads):
    file = leads(f"L1,2027-01-01T09:00:00Z,NL,{'9' * 10_000_000}\nL2,2027-01-01T09:00:00Z,NL,3011\n")
    result = run("route", plan, file, "--format", "jsonl")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["lead"] == "L2"
    assert f"{file}:2:postcode:" in result.stderr
    assert len(result.stderr) < 2_000


@pytest.mark.slow
def test_ten_thousand_leads_with_broken_values_are_all_routed(plan, leads):
    dirt = ("3011 AB,NL", "n/a,NL", "3011,XX", "\u202e3011,NL", "3011,")
    rows, wanted = [], 0
    for n in range(10_000):
        code, country = (dirt[n % 5] if n % 33 == 0 else "3011 AB,NL").split(",")
        rows.append(f"L{n},2027-01-01T09:{n % 60:02}:00Z,{country},{code}")
        wanted += n % 33 == 0 and n % 5 in (1, 2, 4)
    rows += ["L5,,NL,3011", ",,NL,3011"]
    result = run("route", plan, leads("\n".join(rows) + "\n"), "--format", "jsonl")
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(told) == 10_000
    assert sum(any(flag.startswith("unreadable:") for flag in d["flags"]) for d in told) == wanted
    assert result.stderr.count("refused: ") == 2


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("dealers: {a: 2, b: 1}", "dealers: {a: 2, bb: 1}", "plan.yaml:9:"),
        ("dealers: {a: 2, b: 1}", "dealers: {a: 2, bb: 1}", "`bb`"),
        ("3000..3399", "3399..3000", "3399..3000"),
        ("{id: b}", "{id: a}", "`a`"),
        ("country: NL, ", "", "exactly one country"),
        ("precedence: [registrations, territories]", "precedence: []", "precedence"),
        ("timezone: Europe/Amsterdam", "timezon: Europe/Amsterdam", "did you mean `timezone`?"),
        ("precedence: [registrations, territories]", ruled("true"), "`true`"),
        ("precedence: [registrations, territories]", ruled("{colour: {eq: x}}"), "`colour`"),
        ("precedence: [registrations, territories]", ruled("{fleet: {gte: big}}"), "`big`"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_told_with_place_and_cure(plan, leads, wrong, right, said):
    assert wrong in PLAN
    plan.write_text(PLAN.replace(wrong, right), "utf-8")
    result = run("route", plan, leads("L1,2027-01-01T09:00:00Z,NL,3011\n"))
    assert result.exit_code == 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert said in result.stderr
    assert "plan.yaml:" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_everything_wrong_is_said_at_once(plan, leads):
    plan.write_text(
        PLAN.replace("{id: b}", "{id: b, kind: shop}").replace("3000..3399", "9..1").replace("office\n", "ofice\n"),
        "utf-8",
    )
    result = run("route", plan, leads(""))
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) >= 3


def test_equal_parts_at_once_are_refused(plan, leads):
    plan.write_text(
        PLAN.replace("precedence", '  - {id: city, dealers: b, country: NL, postcodes: "3000..3399"}\nprecedence'),
        "utf-8",
    )
    result = run("route", plan, leads(""))
    assert result.exit_code == 2
    assert "two equal parts" in result.stderr


def test_an_alias_bomb_is_refused_before_it_goes_off(plan, leads):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{n}: &{n} [*{m},*{m},*{m},*{m},*{m},*{m},*{m},*{m}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    plan.write_text(bomb, "utf-8")
    result = run("route", plan, leads(""))
    assert result.exit_code == 2
    assert "plan.yaml:" in result.stderr


@pytest.mark.parametrize("text", ["", "\n\n", "name: x\n", "[]", "- a\n", "\x00", "{", "a: b: c", "house: 1\nname: 2"])
def test_an_empty_or_broken_plan_is_told(plan, leads, text):
    plan.write_text(text, "utf-8")
    result = run("route", plan, leads("L1,2027-01-01T09:00:00Z,NL,3011\n"))
    assert result.exit_code == 2
    assert "plan.yaml" in result.stderr
    assert isinstance(result.exception, SystemExit | None)


def test_unknown_columns_are_told_with_the_near_ones(plan, leads):
    result = run("route", plan, leads("L1,NL\n", head="id,contry\n"))
    assert result.exit_code == 2
    assert "`contry`" in result.stderr
    assert "did you mean `country`?" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("route",),
        ("route", "nowhere", "nothing"),
        ("route", "PLAN", "nothing.csv"),
        ("route", "PLAN", "."),
        ("route", "PLAN", "LEADS", "--at", "yesterday"),
        ("route", "PLAN", "LEADS", "--timezone", "Mars/Base"),
        ("route", "PLAN", "LEADS", "--facts", "nothing"),
        ("route", "PLAN", "LEADS", "--mode", "fixed"),
        ("route", "PLAN", "LEADS", "--mode", "sideways"),
        ("route", "PLAN", "LEADS", "-o", "nowhere/out.csv"),
        ("route", "no.module:plan", "LEADS"),
        ("explain", "PLAN", "LEADS"),
        ("explain", "PLAN", "LEADS", "--lead", "L9"),
        ("explain", "PLAN", "LEADS", "--lead", "L1", "--why-not", "nobody"),
        ("explain", "PLAN", "LEADS", "--lead", "L1", "--for-dealer", "nobody"),
        ("explain", "PLAN", "LEADS", "--lead", "L1", "--lang", "xx"),
        ("explain", "PLAN", "LEADS", "--lead", "L1", "--for-dealer", "a", "--why-not", "b"),
    ],
)
def test_a_wrong_call_exits_2_and_says_so(plan, leads, arguments, monkeypatch):
    file = leads("L1,2027-01-01T09:00:00Z,NL,3011\n")
    monkeypatch.chdir(plan.parent)
    result = run(*({"PLAN": plan, "LEADS": file}.get(a, a) for a in arguments))
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.strip()
    assert result.stdout == ""


def test_leads_without_any_instant_need_one(plan, leads):
    file = leads("L1,,NL,3011\n")
    assert "--at" in run("route", plan, file).stderr
    assert run("route", plan, file, "--at", "2027-01-01T09:00:00+01:00").exit_code == 0
    assert run("route", plan, leads("L1,2027-01-01 09:00,NL,3011\n"), "--timezone", "Europe/Paris").exit_code == 0


def test_a_file_is_written_whole_or_not_at_all(plan, leads, tmp_path):
    target = tmp_path / "out.jsonl"
    result = run("route", plan, leads("L1,2027-01-01T09:00:00Z,NL,3011\n"), "-o", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads(target.read_text("utf-8"))["holder"] == "a"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["leads.csv", "out.jsonl", "plan.yaml"]


def test_a_table_is_aligned_and_shows_no_control_characters(plan, leads):
    file = leads("L1,2027-01-01T09:00:00Z,NL,3011\nlonger-name,2027-01-01T09:00:00Z,NL,3012\n")
    result = run("route", plan, file)
    head, *rows = result.stdout.splitlines()
    assert all(row[head.index("HOLDER") - 2 : head.index("HOLDER")] == "  " for row in rows)
    assert "\x1b" not in result.stdout


def test_remarks_on_facts_are_notes_and_errors_are_none(plan, leads, tmp_path):
    facts = tmp_path / "facts"
    facts.mkdir()
    table, head = (
        facts / "registrations.csv",
        "id,dealer,domain,country,company_number,status,submitted_at,expires_at\n",
    )
    file = leads("L1,2027-01-01T09:00:00Z,NL,3011\n")
    table.write_text(f"{head}R1,office,x.example,NL,241234567,approved,2026-12-31,\n", "utf-8")
    odd = run("route", plan, file, "--facts", facts)
    assert odd.exit_code == 0
    assert [line.startswith("note: ") for line in odd.stderr.splitlines() if "registrations.csv" in line] == [
        True,
        True,
    ]
    table.write_text(f"{head}R1,a,x.example,NL,24123456,approved,2026-12-31,2026-12-30\n", "utf-8")
    wrong = run("route", plan, file, "--facts", facts)
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith(f"{table}:2:expires_at: does not lie after `submitted_at`")


@pytest.mark.slow
@pytest.mark.parametrize("lead", ["L0005", "L0234", "L1522", "L2150"])
def test_explain_tells_of_the_decision_that_route_made(lead):
    routed = run("route", DATA, LEADS, "--facts", DATA / "facts", "--format", "jsonl")
    told = {d["lead"]: d for d in map(json.loads, routed.stdout.splitlines())}
    result = run("explain", DATA, LEADS, "--facts", DATA / "facts", "--lead", lead, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["decision"] == told[lead]


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_explain_in_words(plan, leads, lang):
    file = leads("L1,2027-01-01T09:00:00Z,NL,3011\n")
    result = run("explain", plan, file, "--lead", "L1", "--lang", lang, "--why-not", "b")
    assert result.exit_code == 0
    assert result.stdout.startswith("Lead L1: ")
    assert "city" in result.stdout
    assert "b" in result.stdout.splitlines()[-1]
    own = run("explain", plan, file, "--lead", "L1", "--lang", lang, "--for-dealer", "b").stdout
    assert "city" in own
    assert "L1" in own


@pytest.mark.slow
def test_the_demo_tells_a_year_on_one_page(tmp_path):
    result = run("demo", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    for said in (
        "2,156 leads",
        "registrations",
        "Van" if False else "van",
        "Rows refused: 4",
        "nobody_serves",
        "decisions.jsonl",
    ):
        assert said in result.stdout
    lines = (tmp_path / "out" / "decisions.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2_156
    assert len({json.loads(line)["lead"] for line in lines}) == 2_156
    assert max(len(line) for line in result.stdout.splitlines() if os.sep not in line) <= 130


@pytest.mark.slow
def test_leads_from_a_pipe_and_output_to_a_closed_one(plan):
    rows = HEAD + "".join(f"L{n},2027-01-01T09:00:00Z,NL,3011\n" for n in range(3_000))
    code = f"{sys.executable} -c 'from dealerrouting.cli import main; main()' route {plan.name} - | head -n 2"
    result = subprocess.run(code, shell=True, input=rows, capture_output=True, text=True, cwd=plan.parent, check=False)
    assert len(result.stdout.splitlines()) == 2
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


@pytest.mark.slow
def test_a_plan_in_python_stands_where_the_user_stands(tmp_path, leads):
    (tmp_path / "own_plan.py").write_text(
        "from dealerrouting import Dealer, Plan, Territory, by\n"
        "plan = Plan('own', house='h', dealers=[Dealer('h', kind='house'), Dealer('d')],\n"
        "            territories=[Territory('all', ['d'])], precedence=[by.territories()])\n",
        "utf-8",
    )
    file = leads("L1,2027-01-01T09:00:00Z,NL,3011\n")
    result = call("route", "own_plan:plan", file, "--format", "jsonl", cwd=tmp_path)
    assert json.loads(result.stdout)["holder"] == "d"
    assert "did you mean `plan`?" in call("route", "own_plan:plam", file, cwd=tmp_path).stderr


def test_text_from_outside_cannot_write_on_the_terminal(plan, tmp_path):
    file = tmp_path / "leads.jsonl"
    file.write_text(
        json.dumps({"id": "L\u202e1", "received_at": "2027-01-01T09:00:00Z", "country": "NL"}) + "\n", "utf-8"
    )
    result = run("route", plan, file)
    assert "\u202e" not in result.stdout
    assert "L\\u202e1" in result.stdout


@pytest.mark.slow
def test_an_ascii_terminal_is_no_reason_to_stop(tmp_path, plan, leads):
    file = leads("Lé,2027-01-01T09:00:00Z,NL,3011\n")
    result = call("route", plan, file, cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert "L\\xe9" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["route"], 2), (["explain", "no", "no", "--lead", "x"], 2), (["--nothing"], 2)],
)
def test_the_entry_point_exits_with_a_code(monkeypatch, capsys, arguments, code):
    monkeypatch.setattr(sys, "argv", ["dealerrouting", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == code
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("signal", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_exits_130(monkeypatch, signal):
    def interrupted(**_):
        raise signal

    monkeypatch.setattr(commands, "main", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 130


def test_a_long_input_has_a_progress_bar_on_a_terminal(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Screen())
    assert list(output.progress(iter(range(2_000)), 2_000)) == list(range(2_000))
    assert "routing" in sys.stderr.getvalue()


def test_help_and_version_are_said_without_reading_anything():
    assert "dealerrouting" in run("--version").stdout
    for command in ((), ("route",), ("explain",), ("demo",)):
        assert run(*command, "--help").exit_code == 0


def test_without_click_the_command_says_what_to_install(tmp_path):
    (tmp_path / "click.py").write_text("raise ModuleNotFoundError(name='click')\n", "utf-8")
    result = call("--help", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 2
    assert "pip install 'dealerrouting[cli]'" in result.stderr


def test_the_network_says_where_it_comes_from():
    text = (DATA / "README.md").read_text("utf-8")
    assert "GeoNames" in text
    assert "fictitious" in text
    size = sum(path.stat().st_size for path in Path(DATA).rglob("*") if path.is_file())
    assert size < 1_000_000


def test_a_device_is_written_to_and_never_replaced(plan, leads, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    result = run("route", plan, leads("L1,2027-01-01T09:00:00Z,NL,3011\n"), "-o", pipe, "--format", "jsonl")
    assert result.exit_code == 0, result.stderr
    assert json.loads(reader.communicate(timeout=30)[0])["holder"] == "a"
    assert pipe.is_fifo()


def test_at_without_an_offset_is_on_the_clock_of_timezone(plan, leads):
    file = leads("L1,,NL,3011\n")
    given = ("route", plan, file, "--format", "jsonl", "--at", "2027-07-01T09:00")
    assert run(*given).exit_code == 2
    told = run(*given, "--timezone", "Europe/Amsterdam")
    assert json.loads(told.stdout)["at"] == "2027-07-01T07:00:00+00:00"
