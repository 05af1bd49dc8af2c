"""`dealerrouting check` as a user types it: what it finds, how it is told, what the plan lives with, the exit code."""

import json
import shlex
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from click.testing import CliRunner

from dealerrouting import network, route, verify
from dealerrouting.cli import check_page, checking
from dealerrouting.cli.bands import picture
from dealerrouting.cli.commands import commands
from dealerrouting.cli.findings import figure, part
from dealerrouting.documents import from_data, load_plan
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.telling import LANGUAGES
from dealerrouting.verify import CODES, Band, Finding, Region

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

DEALERS = "id,kind,calendar\na,,nl\nb,,nl\noffice,house,\n"
TERRITORIES = """\
id,dealers,country,postcodes,valid_until
city,a,BE,2000..2660,
port,b,BE,2030..2070; 9120,
old,a,NL,1000..1999,2027-07-01
"""
PLAN = """\
name: small
house: office
dealers: dealers.csv
territories: territories.csv
calendars: {nl: {timezone: Europe/Amsterdam, hours: {mon-fri: 09:00-17:00}}}
precedence:
  - rules:
      - {id: wide, when: {product: {in: [x, y]}}, dealers: [b]}
      - {id: narrow, when: {product: {eq: x}}, dealers: [a]}
  - territories: {pick: [specific, rotation]}
terms: {withdraw_after: {elapsed: 5d}}
"""
WHOLE = "id,dealers,country\nall,a:1;b:1,NL\n"
CLEAN = """\
name: clean
house: office
dealers: dealers.csv
territories: territories.csv
calendars: {nl: {timezone: Europe/Amsterdam, hours: {mon-fri: 09:00-17:00}}}
precedence: [territories]
terms: {withdraw_after: {business_days: 5}, calendar: nl}
"""
AT = "2027-01-04T08:00:00Z"


def written(folder, plan=PLAN, territories=TERRITORIES, dealers=DEALERS):
    for name, text in (("plan.yaml", plan), ("territories.csv", territories), ("dealers.csv", dealers)):
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return written(tmp_path)


def run(*arguments, **given):
    result = CliRunner().invoke(commands, [str(one) for one in arguments], **given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def check(*arguments, at=AT):
    return run("check", "plan.yaml", *(("--at", at) if at else ()), *arguments)


def found(result):
    return json.loads(result.stdout)["findings"]


# For people


def test_a_finding_says_what_where_why_and_shows_a_lead(here):
    result = check()
    assert result.exit_code == 1
    assert (
        "DR102 overlapping-territory, warning: 1\n"
        "  Territories with different dealers, or parts of one, match the same lead, and neither the narrower region\n"
        "    nor the priority decides.\n"
        "\n"
        '  territory "city" (territories.csv:2), territory "port" (territories.csv:3)\n'
        "    BE 2030..2070 (but for what narrow; wide serve)\n"
    ) in result.stdout
    assert "    they take turns (rotation)\n" in result.stdout
    assert (
        "    A lead with country BE, postcode 2030, at 2027-01-04 08:00 UTC: a, by territories (city)\n"
        in result.stdout
    )
    assert 'rule "narrow" (plan.yaml:9)\n' in result.stdout
    assert "    always before it: wide\n    it decides only while b is away\n" in result.stdout
    assert "clock terms.withdraw_after (plan.yaml:11)\n" in result.stdout
    assert "5d from Monday 2027-01-04 09:00 CET is over on Saturday 2027-01-09 09:00 CET (calendars nl)" in (
        result.stdout.replace("\n      ", " ")
    )
    assert 'territory "old" (territories.csv:4)\n' in result.stdout
    assert "    it ends at 2027-07-01 00:00 UTC\n" in result.stdout
    assert "    in 88.9% of the postcodes of NL\n" in result.stdout


def test_a_rule_of_several_dealers_that_nothing_chooses_between_is_an_error(here):
    written(here, plan=PLAN.replace("dealers: [b]", "dealers: [a, b]"))
    result = check()
    assert result.exit_code == 1
    assert (
        "DR106 undecided-dealers, error: 1\n"
        "  Several dealers are named here, and no pick chooses between them: a conflict, which goes to the house.\n"
        "\n"
        '  rule "wide" (plan.yaml:8)\n'
        "    product x; y\n"
        "    nothing chooses between a, b; the lead goes to the house, office\n"
    ) in result.stdout
    assert "    always before it: wide\n" in result.stdout
    assert result.stdout.count('rule "wide"') == 1  # what follows from it is not told besides


def test_everybody_in_whose_absence_it_decides_is_named_and_the_sentence_of_json_reads_on(here):
    rules = "{id: one, when: {product: {eq: x}}, dealers: [a]}", "{id: two, when: {product: {eq: y}}, dealers: [b]}"
    whole = PLAN.replace("dealers: [b]", "dealers: [c]").replace("{id: wide", "\n      - ".join((*rules, "{id: wide")))
    written(here, whole, dealers=f"{DEALERS}c,,nl\n")
    (told,) = [one for one in found(check("--format", "json")) if one["at"] == ["wide"]]
    assert told["values"]["only_without"] == ["a", "b"]
    assert told["text"] == (
        "This rule is true for leads and never decides: others come first, or nothing chooses; "
        "always before it: one, two; it decides only while one of a, b is away."
    )


def test_of_a_territory_of_several_parts_the_one_that_is_meant_is_named(here):
    parts = ("z,a,NL,1000..1999,", "z,a,NL,2000..2999,2020-01-01", "z,b,NL,1900..2500,", "")
    parts = "\n".join(("id,dealers,country,postcodes,valid_until", *parts))
    written(here, territories=parts)
    result = check()
    assert '  territory "z" (territories.csv:3)\n    part 2 of it\n    it is never true' in result.stdout
    assert '  territory "z" (territories.csv:2, territories.csv:4)\n    NL 1900..1999' in result.stdout
    assert "    parts 1, 3 of it meet\n    they take turns (rotation)\n" in result.stdout
    (never,) = [one for one in found(check("--format", "json")) if one["code"] == "DR204"]
    assert never["about"] == [{"kind": "territory", "id": "z", "place": "territories.csv:3"}]
    assert never["values"]["part"] == 2


def test_the_totals_stand_last_and_count_what_is_listed(here):
    result = check()
    heads = [line for line in result.stdout.splitlines() if line.startswith("DR")]
    levels = [(line.split(", ")[1].split(":")[0], int(line.rpartition(": ")[2])) for line in heads]
    counted = {level: sum(n for name, n in levels if name == level) for level in ("error", "warning", "note")}
    said = ", ".join(f"{name}s {n}" for name, n in counted.items())
    assert result.stdout.splitlines()[-2:] == [
        f"small, from 2027-01-04 08:00 UTC on: {said}, suppressed 0",
        "Notes fail nothing. Each code has a page in docs/reference/findings.",
    ]
    assert counted["warning"] > 3
    assert counted["note"] > 1


def test_notes_are_folded_to_a_line_each(here):
    written(here, territories=TERRITORIES + "".join(f"t{n},a,DE,{n}*,\n" for n in range(1, 9, 2)))
    lines = check().stdout.split("DR302 lone-dealer, note: ")[1].splitlines()
    count = int(lines[0])
    told = lines[3 : lines.index("", 3)]
    assert [line[:5] for line in told if line[2] != " "] == ["  b  ", "  a  "]
    assert count == 2
    assert len(told) > count  # they have several regions each
    assert all(line.startswith("     ") for line in told if line[2] == " ")
    assert all(len(line) <= 110 for line in told)


@pytest.mark.parametrize(("count", "last"), [(1, "00001"), (3, "00003"), (4, "and 1 more"), (9, "and 6 more")])
def test_of_the_regions_of_a_note_a_few_are_told(here, count, last):
    regions = tuple(Region((Band("DE", "codes", n, n),), ()) for n in range(1, count + 1))
    page = check_page.CheckPage(load_plan("plan.yaml"), {}, [Finding("lone-dealer", ("a",), "note", regions)], None)
    told = page.text().split("\n\n")[1].splitlines()
    assert len(told) == min(count, 4)
    assert told[0] == "  a  DE 00001"
    assert told[-1].endswith(last)


def test_of_many_sources_that_are_no_part_of_a_note_their_number_is_said(here):
    rules = "".join(f"      - {{id: r{n}, when: {{product: {{eq: p{n}}}}}, dealers: [office]}}\n" for n in range(3))
    written(
        here,
        CLEAN.replace("[territories]", "\n  - rules:\n" + rules + "  - territories"),
        "id,dealers,country\nall,a,NL\n",
    )
    assert "  a  NL 1000..9999 (but for what 3 others serve)\n" in check().stdout


@pytest.mark.parametrize(("count", "more"), [(3, None), (5, "    and 2 more; --format json has them all\n")])
def test_of_many_regions_a_few_are_told(here, count, more):
    plan = load_plan("plan.yaml")
    regions = tuple(Region((Band("BE", "codes", n, n),), ()) for n in range(1, count + 1))
    values = {"end": datetime(2027, 1, 1, tzinfo=UTC)}
    finding = Finding("ending-service", ("old",), "warning", regions, values=values)
    page = check_page.CheckPage(plan, {}, [finding], None)
    assert [f"    BE {n:04}\n" in page.text() for n in range(1, 6)] == [True] * 3 + [False] * 2
    assert ("more" in page.text()) == (more is not None)
    assert more is None or more in page.text()
    assert len(json.loads(page.json())["findings"][0]["regions"]) == count


def test_leads_of_no_country_that_is_named_are_other_countries(here):
    plan = load_plan("plan.yaml")
    finding = Finding("unserved-region", ("elsewhere",), "warning", values={"codes": Fraction(0)})
    text = check_page.CheckPage(plan, {}, [finding], None).text()
    assert "\n  other countries\n" in text
    assert "postcodes of" not in text


def test_what_it_says_to_type_shows_the_same_lead(here):
    """Each command on the page, typed, comes to the decision that the page tells of."""
    typed = [line.strip() for line in check().stdout.splitlines() if line.strip().startswith("echo ")]
    shown = [one["witness"] for one in found(check("--format", "json")) if one["witness"]]
    assert len(typed) >= 4
    for line in typed:
        words = shlex.split(line)
        assert (words[0], words[2:4]) == ("echo", ["|", "dealerrouting"])
        result = run(*words[4:], "--format", "json", input=words[1])
        assert result.exit_code == 0, result.output
        same = [one["decision"] for one in shown if one["lead"] == json.loads(words[1]) and one["facts"] is None]
        assert json.loads(result.stdout)["decision"] in same


def test_it_is_told_in_dutch(here):
    result = check("--lang", "nl")
    assert "DR102 overlapping-territory, waarschuwing: 1\n" in result.stdout
    assert 'gebied "city" (territories.csv:2), gebied "port" (territories.csv:3)\n' in result.stdout
    assert "    ze krijgen hem om beurten (rotation)\n" in result.stdout
    assert "Om te zien waarom:" in result.stdout
    assert "small, vanaf 2027-01-04 08:00 UTC: fouten 0, waarschuwingen" in result.stdout
    assert not [word for word in ("warning", "nobody", 'territory "', "they take turns") if word in result.stdout]


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_wrong_is_said_and_ends_well(here, form):
    written(here, CLEAN, WHOLE)
    result = check("--format", form)
    assert result.exit_code == 0, result.output
    if form == "text":
        assert result.stdout.splitlines() == [
            "Nothing to mend.",
            "clean, from 2027-01-04 08:00 UTC on: errors 0, warnings 0, notes 0, suppressed 0",
        ]
    else:
        assert json.loads(result.stdout)["findings"] == []


def test_notes_fail_nothing(here):
    written(here, CLEAN, "id,dealers,country\nall,a,NL\nb,b,BE\n")
    result = check()
    assert result.exit_code == 0
    assert "DR302 lone-dealer, note: 2\n" in result.stdout
    assert "Nothing to mend.\n" in result.stdout
    assert "errors 0, warnings 0, notes 2" in result.stdout


# JSON


def test_json_has_everything_in_a_shape_that_stays(here):
    data = json.loads(check("--format", "json").stdout)
    plan = load_plan("plan.yaml")
    assert list(data) == ["schema_version", "name", "plan", "from", "totals", "leads", "brought_forward", "findings"]
    assert (data["schema_version"], data["name"], data["plan"]) == (1, "small", plan.digest)
    assert data["from"] == "2027-01-04T08:00:00+00:00"
    keys = "code name level at about text values regions volume leads witness exact opaque suppressed".split()
    assert all(list(one) == keys for one in data["findings"])
    (pair,) = [one for one in data["findings"] if one["code"] == "DR102"]
    assert pair["at"] == ["city", "port"]
    assert pair["about"][1] == {"kind": "territory", "id": "port", "place": "territories.csv:3"}
    assert pair["values"] == {"decided_by": "rotation", "rung": "territories"}
    region = pair["regions"][0]
    assert list(region) == ["text", "bands", "sides", "but_for"]
    assert region["text"].startswith("BE 2030..2070")
    assert region["bands"] == [{"country": "BE", "kind": "codes", "text": "2030..2070", "lo": 2030, "hi": 2070}]
    assert (pair["exact"], pair["opaque"], pair["suppressed"], pair["leads"]) == (True, [], None, None)
    totals = {level: sum(one["level"] == level for one in data["findings"]) for level in verify.LEVELS}
    assert data["totals"] == {**totals, "suppressed": 0}


def test_every_witness_routes_as_it_says(here):
    plan = load_plan("plan.yaml")
    shown = [one["witness"] for one in found(check("--format", "json")) if one["witness"] is not None]
    assert len(shown) >= 6
    for one in shown:
        lead, facts = from_data("lead", one["lead"]), one["facts"] and from_data("facts", one["facts"])
        decision = route(lead, plan, *([facts] if facts else []), at=datetime.fromisoformat(one["at"]))
        assert decision == from_data("decision", one["decision"])
        assert one["planned"] is None


def test_the_same_is_found_as_in_python(here):
    plan = load_plan("plan.yaml")
    by_hand = verify.check(plan, at=datetime(2027, 1, 4, 8, tzinfo=UTC))
    assert [(one["code"], tuple(one["at"])) for one in found(check("--format", "json"))] == [
        (one.code, one.at) for one in by_hand
    ]


def test_past_leads_say_how_many_lie_in_a_gap(here):
    rows = ["L1,2027-01-05T09:00:00Z,BE,2000", "L2,2027-01-05T09:00:00Z,BE,3000", "L3,2027-01-05T09:00:00Z,BE,4000"]
    (here / "leads.csv").write_text("\n".join(["id,received_at,country,postcode", *rows, ",,BE,1"]) + "\n", "utf-8")
    result = check("--leads", "leads.csv", "--format", "json")
    gaps = {tuple(one["at"]): one["leads"] for one in found(result) if one["code"] == "DR101"}
    assert gaps[("BE",)] == 2
    assert json.loads(result.stdout)["leads"] == 3
    assert "refused: leads.csv:5:id:" in result.stderr
    assert "    2 of 3 past leads\n" in check("--leads", "leads.csv").stdout
    (codes,) = {one["values"]["codes"] for one in found(result) if one["at"] == ["NL"] and one["code"] == "DR101"}
    assert codes == pytest.approx(8 / 9)
    assert result.exit_code == 1


def test_past_leads_that_are_brought_forward_are_counted_and_said(here):
    """A gap of next year is held against last year's leads, as if they came then: that is said, and in JSON."""
    rows = ["L1,2025-01-05T09:00:00Z,BE,3000", "L2,2026-12-05T09:00:00Z,BE,3000", "L3,2027-01-05T09:00:00Z,BE,4000"]
    (here / "leads.csv").write_text(
        "\n".join(["id,received_at,country,postcode", *rows, "L4,,BE,3000"]) + "\n", "utf-8"
    )
    said = "2 of the past leads came before that: each counts as if it came 52 weeks later"
    page = check("--leads", "leads.csv").stdout
    assert said in page
    assert page.index(said) > page.index("small, from 2027-01-04")
    assert json.loads(check("--leads", "leads.csv", "--format", "json").stdout)["brought_forward"] == 2
    always = run("check", "plan.yaml", "--all-time", "--leads", "leads.csv")
    assert "52 weeks" not in always.stdout
    assert json.loads(check("--format", "json").stdout)["brought_forward"] == 0


def test_a_note_that_is_not_exact_says_what_was_only_tried(here):
    """A gap that may have been missed fails nothing, but is no silence."""
    items = ", ".join(f"{{t: {{has: x{n}}}}}" for n in range(9))
    most = f"{{all: [{{country: {{eq: NL}}}}, {{not: {{all: [{items}, {{not: {{t: {{has: x9}}}}}}]}}}}]}}"
    none = "{all: [{country: {eq: NL}}, {not: {t: {exists: true}}}]}"
    rules = f"{{rules: [{{id: most, when: {most}, dealers: [a]}}, {{id: none, when: {none}, dealers: [a]}}]}}"
    plan = CLEAN.replace("precedence: [territories]", f"attributes: {{t: list}}\nprecedence: [{rules}]")
    written(here, plan.replace("territories: territories.csv\n", ""), dealers="id,kind\na,\noffice,house\n")
    result = check()
    assert result.exit_code == 0, result.stderr
    assert "DR901 unknown-region, note: 1\n" in result.stdout
    assert "\n    no lead was found that shows it, nor that it cannot be\n" in result.stdout
    assert "\n    not exact: t can only be tried\n" in result.stdout


# What the plan lives with

SUPPRESS = """\
suppress:
  - {finding: overlapping-territory, at: port, reason: "both work the docks"}
  - {finding: DR201, at: narrow, reason: "for when b is away"}
"""


def test_what_the_plan_lives_with_is_counted_and_listed_when_asked(here):
    every = found(check("--format", "json"))
    written(here, PLAN + SUPPRESS)
    plain, listed = check(), check("--suppressed")
    assert "DR102" not in plain.stdout
    assert "DR201" not in plain.stdout
    assert ", suppressed 2\n" in plain.stdout
    assert "    lived with: both work the docks\n" in listed.stdout
    assert "    lived with: for when b is away\n" in listed.stdout
    told = found(check("--format", "json"))
    assert [one["suppressed"] for one in told][-2:] == ["both work the docks", "for when b is away"]
    assert sorted(one["code"] for one in told) == sorted(one["code"] for one in every)


def test_a_plan_that_lives_with_all_of_it_passes(here):
    data = found(check("--format", "json"))
    rows = {(one["name"], one["at"][0]) for one in data}
    lines = [json.dumps({"finding": name, "at": at, "reason": "meant"}) for name, at in sorted(rows)]
    written(here, PLAN + "suppress:\n" + "".join(f"  - {line}\n" for line in lines))
    result = check()
    assert result.exit_code == 0, result.stdout
    assert result.stdout.startswith("Nothing to mend.\n")


def test_a_suppression_that_fits_nothing_is_a_finding(here):
    written(
        here,
        CLEAN + "suppress:\n  - {finding: DR102, at: a, reason: r}\n  - {finding: lone-deeler, at: b, reason: r}\n",
        WHOLE,
    )
    result = check()
    assert result.exit_code == 1
    assert "DR902 unused-suppression, warning: 2\n" in result.stdout
    assert 'suppressed at "a" (plan.yaml:9)\n    no DR102 is found there any more\n' in result.stdout
    assert (
        'suppressed at "b" (plan.yaml:10)\n    lone-deeler is no finding; did you mean `lone-dealer`?\n'
        in result.stdout
    )


NEAR = "  - {finding: lone-deeler, at: b, reason: r}\n"
FAR = "  - {finding: xxxx, at: b, reason: r}\n"


def test_what_a_suppression_may_have_meant_is_told_in_the_language(here):
    written(here, CLEAN + "suppress:\n" + NEAR + FAR, WHOLE)
    dutch = unfolded(check("--lang", "nl").stdout)
    assert "lone-deeler is geen bevinding; bedoelde u `lone-dealer`?" in dutch
    assert "xxxx is geen bevinding; bekend zijn: broken-exclusive, " in dutch
    assert not [word for word in ("did you mean", "known are") if word in dutch]
    assert "xxxx is no finding; known are: broken-exclusive, " in unfolded(check().stdout)


VALUED = "  - rules: [{id: big, when: {all: [{country: {eq: NL}}, {value: {gte: 10}}]}, dealers: [a]}]\n"


def test_fields_of_a_region_are_told_in_the_language(here):
    written(
        here,
        CLEAN.replace("precedence: [territories]", f"precedence:\n{VALUED}  - territories"),
        WHOLE.replace("NL", "BE"),
    )
    assert "NL 1000..9999, waarde 10..\n" in check("--lang", "nl").stdout
    assert "NL 1000..9999, value 10..\n" in check().stdout


def test_a_dealer_that_is_named_in_vain_is_said_to_get_no_lead_from_there(here):
    rules = "  - rules: [{id: one, when: {country: {eq: NL}}, dealers: [a]}]\n"
    rules += "  - territories: {}\n"
    plan = CLEAN.replace("precedence: [territories]", f"precedence:\n{rules}")
    written(here, plan, "id,dealers,country\nall,b,NL\n")
    assert "    named by all, but no lead comes to it from there\n" in check().stdout
    assert "    genoemd door all, maar daarvan komt geen lead bij hem\n" in check("--lang", "nl").stdout


def unfolded(text):
    return " ".join(text.split())


def test_a_star_is_all_of_a_kind(here):
    star = '  - {finding: %s, at: "*", reason: "one dealer each"}\n'
    written(here, CLEAN + "suppress:\n" + star % "lone-dealer", "id,dealers,country\nall,a,NL\nmore,b,BE\n")
    result = check()
    assert result.exit_code == 0
    assert "DR302" not in result.stdout
    assert result.stdout.endswith("notes 0, suppressed 2\n")
    listed = check("--suppressed").stdout
    assert "DR302 lone-dealer, note, lived with: 2\n" in listed
    assert "  a  NL 1000..9999\n  b  BE 0000..9999\n  lived with: one dealer each\n" in listed
    written(here, CLEAN + "suppress:\n" + star % "DR302", WHOLE)
    assert '  suppressed at "*" (plan.yaml:9)\n    no DR302 is found anywhere any more\n' in check().stdout


def test_notes_with_different_reasons_are_listed_apart(here):
    rows = "".join(f'  - {{finding: lone-dealer, at: {at}, reason: "sole {at}"}}\n' for at in "ab")
    written(here, CLEAN + "suppress:\n" + rows, "id,dealers,country\nall,a,NL\nmore,b,BE\n")
    listed = check("--suppressed").stdout
    assert listed.count("DR302 lone-dealer, note, lived with: 1\n") == 2
    assert "  a  NL 1000..9999\n  lived with: sole a\n" in listed


HARD = """\
name: hard
house: office
dealers: [%s, {id: office, kind: house}]
territories:
%s
precedence: [territories]
"""


def hard(folder, name="hard", skipped=0):
    """Eight territories on top of each other that differ in places, products and languages."""
    dealers = ", ".join(f"{{id: d{n}, serves_languages: [nl]}}" for n in range(8))
    row = "  - {{id: t{0}, dealers: [d{0}], country: NL, postcodes: {1}..{2}, products: [p{0}, all]}}"
    rows = "\n".join(row.format(n, 1000 + n, 9000 + n + skipped) for n in range(8))
    (folder / f"{name}.yaml").write_text(HARD % (dealers, rows), "utf-8")


def test_a_budget_says_how_much_work_to_do(here):
    hard(here)
    tight = run("check", "hard.yaml", "--at", AT, "--budget", 1, "--format", "json")
    assert tight.exit_code == 1
    assert "DR901" in {one["code"] for one in found(tight)}
    assert "--budget allows more" in run("check", "hard.yaml", "--at", AT, "--budget", 1).stdout
    for given in ([], ["--budget", 20_000_000]):
        assert "DR901" not in {
            one["code"] for one in found(run("check", "hard.yaml", "--at", AT, "--format", "json", *given))
        }


def test_a_budget_grows_in_all_and_in_one_place():
    usual = verify.Budget()
    same, tenfold = checking.allowed(usual.left), checking.allowed(10 * usual.left)
    assert (same.left, same.stretch) == (usual.left, usual.stretch)
    assert (tenfold.left, tenfold.stretch) == (10 * usual.left, 10 * usual.stretch)
    assert checking.allowed(1).stretch == 1
    assert checking.allowed(None) is None


def test_what_is_not_known_is_listed_and_fails_whatever_the_plan_says(here, monkeypatch):
    written(here, CLEAN + "suppress: [{finding: unknown-region, at: unserved-region, reason: r}]\n", WHOLE)
    monkeypatch.setattr(verify, "check", _tight(verify.check))
    result = check()
    assert result.exit_code == 1
    assert "DR901 unknown-region, warning: 1\n" in result.stdout
    assert "  question unserved-region\n" in result.stdout


def _tight(check):
    lost = Finding("unknown-region", ("unserved-region",), "warning", suppressed="r")
    return lambda plan, **given: (*(one for one in check(plan, **given) if one.code != "DR902"), lost)


# When


def test_it_asks_of_leads_from_now_on(here, monkeypatch):
    monkeypatch.setattr(checking, "now", lambda: datetime(2027, 7, 2, tzinfo=UTC))
    result = check(at=None)
    assert "ending-service" not in result.stdout
    assert "from 2027-07-02 00:00 UTC on" in result.stdout
    every = check("--all-time", at=None)
    assert "ending-service" in every.stdout
    assert "small, at all times: " in every.stdout
    assert json.loads(check("--all-time", "--format", "json", at=None).stdout)["from"] is None
    assert "from 2027-01-31 23:00 UTC on" in check("--timezone", "Europe/Brussels", at="2027-02-01").stdout


# Wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "Missing argument"),
        (["check", "plan.yaml", "--at", AT, "--all-time"], "--at and --all-time contradict each other"),
        (["check", "plan.yaml", "--at", "soon"], "`soon` is not an instant"),
        (["check", "plan.yaml", "--lang", "de"], "--lang: no catalogue for `de`"),
        (["check", "nowhere.yaml"], "nowhere.yaml"),
        (["check", "plan.yaml", "--leads", "nowhere.csv"], "nowhere.csv"),
        (["check", "plan.yaml", "--format", "xml"], "xml"),
        (["check", "plan.yaml", "--budget", "0"], "--budget"),
        (["check", "plan.yaml", "--budget", "lots"], "--budget"),
        (["check", "broken.yaml"], "broken.yaml:2:8: unknown dealer `x`"),
    ],
)
def test_a_wrong_call_is_said_and_nothing_is_found(here, arguments, said):
    (here / "broken.yaml").write_text(PLAN.replace("house: office", "house: x"), "utf-8")
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "DR1" not in result.output


def test_help_says_that_notes_fail_nothing():
    result = run("check", "--help")
    assert result.exit_code == 0
    assert "notes fail nothing" in result.stdout


# Marks, and text from outside


def test_marks_are_for_terminals_only(here, monkeypatch):
    assert "\x1b" not in check().stdout
    monkeypatch.setattr("dealerrouting.cli.paper.sys", _Terminal)
    assert "\x1b[1;33mDR102 overlapping-territory, warning: 1\x1b[0m" in check().stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in check().stdout


@pytest.mark.parametrize(("columns", "width"), [(60, 60), (100, 100), (400, 110), (10, 40)])
def test_a_page_is_as_wide_as_its_terminal(here, monkeypatch, columns, width):
    monkeypatch.setattr("dealerrouting.cli.paper.sys", _Terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = [line for line in check().stdout.splitlines() if "echo " not in line]
    assert width - 12 < max(map(len, lines)) <= width
    if columns == 60:
        assert f"    0000 |{'·' * 8}▒▒{'·' * 34}| 9999" in lines
    monkeypatch.undo()


def test_what_is_piped_is_as_wide_whatever_the_terminal(here, monkeypatch):
    piped = check().stdout
    monkeypatch.setenv("COLUMNS", "60")
    assert check().stdout == piped


class _Terminal:
    class stdout:
        @staticmethod
        def isatty():
            return True


def test_a_reason_cannot_write_on_the_terminal(here):
    written(here, PLAN + 'suppress: [{finding: DR102, at: port, reason: "\\e[2Jgone\\u202e"}]\n')
    result = check("--suppressed")
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "lived with: \\x1b[2Jgone\\u202e" in result.stdout


# Every code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CODES)
def test_every_code_can_be_told(lang, name):
    values = {
        "decided_by": "conflict",
        "by": ("x",),
        "conflict": ("x", "z"),
        "dealers": ("a", "b"),
        "only_without": "y",
        "why": "never",
        "offered_by": (),
        "end": datetime(2027, 1, 1, tzinfo=UTC),
        "length": ("elapsed", "5d"),
        "codes": Fraction(1, 3),
        "calendars": ("nl",),
        "start": datetime(2027, 1, 1, tzinfo=UTC),
        "when": datetime(2027, 1, 6, tzinfo=UTC),
        "finding": "DR102",
        "cure": "",
    }
    plan = plan_from_data(
        {"name": "n", "house": "h", "dealers": [{"id": "h", "kind": "house"}], "precedence": ["registrations"]}
    )
    finding = Finding(name, ("x",), CODES[name].level, values=values, exact=False, opaque=("location",))
    page = check_page.CheckPage(plan, {}, [finding], None, lang)
    text = page.text()
    assert f"{CODES[name].code} {name}, " in text
    assert "{" not in text
    assert json.loads(page.json())["findings"][0]["text"]


# Postcodes as a line


@pytest.mark.parametrize(
    ("country", "runs", "line"),
    [
        ("BE", [(0, 4_999)], "0000 |" + "█" * 30 + "·" * 30 + "| 9999"),
        ("BE", [(9_999, 9_999)], "0000 |" + "·" * 59 + "▒" + "| 9999"),
        ("BE", [(0, 0), (5_000, 5_099)], "0000 |▒" + "·" * 29 + "▒" + "·" * 29 + "| 9999"),
        ("BE", [(0, 9_999)], None),
        ("XX", [(1, 9)], None),
    ],
)
def test_postcodes_are_drawn_over_their_country(country, runs, line):
    region = Region(tuple(Band(country, "codes", lo, hi) for lo, hi in runs), ())
    assert picture([region]) == line
    if line is not None:
        plain = picture([region], encoding="ascii")
        assert plain == line.replace("█", "#").replace("▒", "+").replace("·", ".")
        assert picture([region], encoding=None) == plain


@pytest.mark.parametrize(
    "bands",
    [(), (Band("BE", "country"),), (Band("BE", "no_code"),), (Band("BE", "codes", 1, 2), Band("NL", "codes", 1, 2))],
)
def test_what_shows_nothing_is_not_drawn(bands):
    assert picture([Region(bands, ())]) is None


@pytest.mark.parametrize("room", [21, 22, 40, 72, 200])
def test_a_line_keeps_within_its_room(room):
    line = picture([Region((Band("BE", "codes", 0, 4_999),), ())], room=room)
    if room < 22:
        assert line is None
    else:
        assert len(line) == min(room, 72)
        assert abs(line.count("█") - line.count("·")) <= 1


def test_figures_are_written_as_people_write_them_there():
    assert [figure(Decimal("1234567.50"), lang) for lang in LANGUAGES] == ["1,234,567.50", "1.234.567,50"]
    assert [figure(12_000, lang) for lang in LANGUAGES] == ["12,000", "12.000"]
    parts = [Fraction(0), Fraction(1), Fraction(1, 8), Fraction(1, 800), Fraction(1, 10**6), Fraction(99_999, 100_000)]
    assert [part(one) for one in parts] == ["0%", "100%", "12.5%", "0.125%", "< 0.001%", "> 99.9%"]
    assert [part(one, "nl") for one in parts] == ["0%", "100%", "12,5%", "0,125%", "< 0,001%", "> 99,9%"]


# The example network


def test_the_example_network_passes_and_says_what_it_lives_with():
    plan = network.path()
    result = run("check", plan, "--at", "2026-12-01T00:00:00Z", "--format", "json")
    assert result.exit_code == 0, [one for one in found(result) if one["level"] != "note" and not one["suppressed"]]
    data = json.loads(result.stdout)
    assert data["totals"]["suppressed"] == sum(one["suppressed"] is not None for one in data["findings"]) > 30
    assert [one for one in data["findings"] if one["suppressed"] is None] == []
    assert run("check", plan, "--at", "2026-12-01T00:00:00Z").stdout.count("\n") == 2
    told = {(one["name"], name) for one in data["findings"] for name in one["at"] if one["suppressed"]}
    readme = (plan / "README.md").read_text("utf-8")
    assert "lone-dealer" in {name for name, _ in told}
    assert "`lone-dealer`" in readme
    for name, at in (("ending-service", "nl-utrecht"), ("broken-exclusive", "lu")):
        assert (name, at) in told
        assert f"`{name}` at `{at}`" in readme
