"""`dealerrouting diff` as a user types it: what moves, from whom to whom and why, and when that is too much."""

import json
from datetime import datetime
from fractions import Fraction

import pytest
from attrs import evolve
from click.testing import CliRunner

from dealerrouting import Lead, route, verify
from dealerrouting.cli.commands import commands
from dealerrouting.cli.diff_page import DiffPage
from dealerrouting.cli.diffing import percentage
from dealerrouting.documents import from_data, load_plan
from dealerrouting.errors import DealerRoutingError

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

PLAN = """\
name: {name}
house: office
currency: EUR
dealers: [{{id: a}}, {{id: b}}, {{id: office, kind: house}}]
territories:
  - {{id: north, dealers: [a], country: BE, postcodes: 1000..4999}}
  - {{id: south, dealers: [b], country: BE, postcodes: {south}}}
  - {{id: city, dealers: {city}, country: NL}}
precedence: [{rungs}]
terms: {{max_reassignments: {hops}}}
"""
SAME = {"south": "5000..9999", "city": "{a: 2, b: 1}", "rungs": "accounts, territories", "hops": "2"}
LEADS = """\
id,received_at,country,postcode,value,currency
L1,2027-01-05T09:00:00Z,BE,5000,1000,EUR
L2,2027-01-05T09:00:00Z,BE,5999,,
L3,2027-01-05T09:00:00Z,BE,6000,70,EUR
L4,2027-01-05T09:00:00Z,NL,1000,500.50,EUR
"""
AT = "2027-01-04T08:00:00Z"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan(tmp_path, "active")
    (tmp_path / "leads.csv").write_text(LEADS, "utf-8")
    return tmp_path


def plan(folder, name, **given):
    (folder / f"{name}.yaml").write_text(PLAN.format(name=name, **{**SAME, **given}), "utf-8")


def run(*arguments, **given):
    result = CliRunner().invoke(commands, [str(one) for one in arguments], **given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def diff(*arguments, planned="planned", at=AT):
    return run("diff", "active.yaml", f"{planned}.yaml", "--at", at, *arguments)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_same_plan_moves_nothing(here, form):
    result = diff("--leads", "leads.csv", "--max-moved", "0%", "--format", form, planned="active")
    assert result.exit_code == 0, result.output
    if form == "text":
        assert result.stdout.splitlines() == [
            "Every lead has the same result in both, from 2027-01-04 08:00 UTC on.",
            "active to active, from 2027-01-04 08:00 UTC on: changes 0, only with a dealer away 0",
            "Past leads: 0 of 4 move (0%), worth 0 EUR",
            "That is within the limit of 0%.",
        ]
    else:
        data = json.loads(result.stdout)
        assert (data["changes"], data["besides"], data["unknown"], data["exact"]) == ([], [], [], True)
        assert data["leads"]["list"] == []


def test_a_change_says_from_whom_to_whom_why_and_shows_a_lead(here):
    plan(here, "planned", south="6000..9999", hops="3")
    result = diff()
    assert result.exit_code == 0
    assert (
        "b by territories  ->  the house, office\n"
        "  because of south\n"
        "    BE 5000..5999\n"
        f"    0000 |{'·' * 30}{'█' * 6}{'·' * 24}| 9999\n"
        "    A lead with country BE, postcode 5000, at 2027-01-04 08:00 UTC: was b, by territories (south); will be"
        " the\n      house, office\n"
    ) in result.stdout
    assert "Settings that differ besides: terms.max_reassignments\n" in result.stdout
    assert result.stdout.endswith("changes 1, only with a dealer away 0\n")
    assert "Past leads" not in result.stdout


def test_parts_picks_and_rungs_are_told(here):
    plan(here, "planned", city="{a: 1, b: 1}")
    assert "a 2/3, b 1/3 (rotation) by territories  ->  a, b (rotation) by territories\n" in diff().stdout
    plan(here, "planned", rungs="accounts, {territories: {pick: [hashed]}}")
    assert "a 2/3, b 1/3 (rotation) by territories  ->  a 2/3, b 1/3 (hashed) by territories\n" in diff().stdout
    plan(here, "planned", south="4000..9999", rungs="accounts, {territories: {pick: [priority]}}")
    text = diff().stdout
    assert "a by territories  ->  the house, office, for a conflict of a, b by territories\n" in text
    assert "  because of south\n    BE 4000..4999\n" in text


def test_what_changes_only_with_a_dealer_away_is_counted_until_it_is_asked_for(here):
    plan(here, "planned", rungs="accounts, territories, {rules: [{id: r, when: {country: {eq: BE}}, dealers: [b]}]}")
    plain, listed = diff(), diff("--away")
    assert "while a is away" not in plain.stdout
    assert "Changes besides, only while a dealer is away: 1; --away lists them.\n" in plain.stdout
    assert "--away" not in listed.stdout
    assert "the house, office  ->  b by rules\n  because of r\n  while a is away\n    BE 1000..4999\n" in listed.stdout
    data = json.loads(diff("--format", "json").stdout)
    assert [one["away"] for one in data["changes"]] == [None, "a"]
    assert plain.stdout.endswith("changes 1, only with a dealer away 1\n")


def test_json_has_everything_in_a_shape_that_stays(here):
    plan(here, "planned", south="6000..9999", hops="3")
    data = json.loads(diff("--leads", "leads.csv", "--max-moved", "5%", "--format", "json").stdout)
    assert list(data) == "schema_version active planned from changes besides unknown exact leads".split()
    assert data["schema_version"] == 1
    one, two = load_plan("active.yaml"), load_plan("planned.yaml")
    assert (data["active"], data["planned"]) == (
        {"name": "active", "plan": one.digest},
        {"name": "planned", "plan": two.digest},
    )
    assert data["besides"] == ["terms.max_reassignments"]
    (change,) = data["changes"]
    assert list(change) == "before after why away scenario regions volume witness exact opaque".split()
    outcome = {"by": "territories", "holders": ["b"], "pool": {"b": "1"}, "left": [], "ledger": None, "conflict": False}
    assert change["before"] == outcome
    assert change["after"] == {**outcome, "by": "house", "holders": ["office"], "pool": {}}
    assert change["scenario"] == {"kind": "none", "dealer": None, "source": None}
    assert 0 < change["volume"] < 1
    lead, at = from_data("lead", change["witness"]["lead"]), datetime.fromisoformat(change["witness"]["at"])
    assert route(lead, one, at=at) == from_data("decision", change["witness"]["decision"])
    assert route(lead, two, at=at) == from_data("decision", change["witness"]["planned"])
    assert data["leads"] == {
        "count": 4,
        "moved": 2,
        "share": 0.5,
        "value": "1000",
        "currency": "EUR",
        "other_currencies": {},
        "brought_forward": 0,
        "limit": 0.05,
        "over": True,
        "list": [
            {"lead": "L1", "before": ["b"], "after": ["office"], "value": "1000"},
            {"lead": "L2", "before": ["b"], "after": ["office"], "value": None},
        ],
    }
    assert json.loads(diff("--format", "json").stdout)["leads"] is None


# Past leads and the limit


def test_past_leads_are_counted_and_named(here):
    plan(here, "planned", south="6000..9999", city="{a: 1, b: 1}")
    text = diff("--leads", "leads.csv").stdout
    assert "Past leads that move:\n  2, worth 1,000 EUR: b to office\n" in text
    assert "  1, worth 500.50 EUR: a, b as before, but by other parts or picks\n" in text
    assert "  lead L1, 1,000 EUR: b to office\n  lead L2: b to office\n  lead L4, 500.50 EUR: a, b to a, b\n" in text
    assert text.endswith("Past leads: 3 of 4 move (75.0%), worth 1,500.50 EUR\n")
    short = diff("--leads", "leads.csv", "--list", "1").stdout
    assert "  lead L1, 1,000 EUR: b to office\n  and 2 more; --format json has them all\n" in short
    assert "lead L2" not in short
    assert "lead L" not in diff("--leads", "leads.csv", "--list", "0").stdout


@pytest.mark.parametrize(
    ("limit", "code", "said"),
    [
        ("49.9%", 1, "over the limit of 49.9%"),
        ("50%", 0, "within the limit of 50%"),
        (" 50 % ", 0, "within the limit of 50%"),
        ("100%", 0, "within the limit of 100%"),
        ("0%", 1, "over the limit of 0%"),
    ],
)
def test_more_than_the_limit_is_one(here, limit, code, said):
    plan(here, "planned", south="6000..9999")
    result = diff("--leads", "leads.csv", "--max-moved", limit)
    assert result.exit_code == code
    assert result.stdout.splitlines()[-1] == f"That is {said}."


def test_without_a_limit_whatever_moves_is_no_fault(here):
    plan(here, "planned", south="9000..9999")
    assert diff("--leads", "leads.csv").exit_code == 0


def test_leads_are_read_by_the_plan_that_has_more_fields(here):
    (here / "planned.yaml").write_text((here / "active.yaml").read_text() + "attributes: {fleet: int}\n", "utf-8")
    (here / "leads.csv").write_text("id,received_at,country,postcode,x_fleet\nL1,2027-01-05T09:00:00Z,BE,5000,3\n")
    result = diff("--leads", "leads.csv", "--max-moved", "0%")
    assert result.exit_code == 0, result.output


def test_refused_rows_are_said_and_not_counted(here):
    plan(here, "planned", south="6000..9999")
    (here / "leads.csv").write_text(LEADS + ",,BE,5000,,\n", "utf-8")
    result = diff("--leads", "leads.csv")
    assert "refused: leads.csv:6:id:" in result.stderr
    assert "Past leads: 2 of 4 move" in result.stdout


# Wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-moved", "5%"], "--max-moved: is a part of the past leads, and there are none; give --leads LEADS"),
        (["--leads", "empty.csv", "--max-moved", "5%"], "empty.csv: holds no lead that can be read"),
        (["--leads", "leads.csv", "--max-moved", "5"], "--max-moved: `5` is not a percentage; write --max-moved 5%"),
        (["--leads", "leads.csv", "--max-moved", "0,5%"], "`0,5%` is not a percentage"),
        (["--leads", "leads.csv", "--max-moved", "101%"], "`101%` is no part of a whole"),
        (["--leads", "leads.csv", "--max-moved", "-1%"], "`-1%` is no part of a whole"),
        (["--leads", "leads.csv", "--max-moved", "nan%"], "`nan%` is no part of a whole"),
        (["--leads", "nowhere.csv"], "nowhere.csv"),
        (["--lang", "de"], "--lang: no catalogue for `de`"),
        (["--all-time"], "--at and --all-time contradict each other"),
        (["--list", "-1"], "--list"),
        (["--budget", "0"], "--budget"),
    ],
)
def test_a_wrong_call_is_said_with_its_cure(here, arguments, said):
    (here / "empty.csv").write_text("id,country\n", "utf-8")
    result = diff(*arguments, planned="active")
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_plan_that_is_not_there_is_said(here):
    result = diff(planned="nowhere")
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.stderr


@pytest.mark.parametrize("text", ["5%%", "%", "", "5% of them", "1e999%", "½%"])
def test_other_texts_are_no_percentages(text):
    with pytest.raises(DealerRoutingError, match="--max-moved"):
        percentage(text)


def test_percentages_are_exact():
    assert percentage("0.1%") == Fraction(1, 1_000)
    assert percentage("33.3%") == Fraction(333, 1_000)


# The rest


def test_it_is_told_in_dutch(here):
    plan(here, "planned", south="6000..9999")
    text = diff("--leads", "leads.csv", "--max-moved", "5%", "--lang", "nl").stdout
    assert "b door gebieden  ->  het huis, office\n  vanwege south\n" in text
    assert "Eerdere leads: 2 van 4 verschuiven (50,0%), waarde 1.000 EUR\n" in text
    assert text.splitlines()[-1] == "Dat is meer dan de grens van 5%."


def test_what_was_too_much_is_listed(here, monkeypatch):
    plan(here, "planned", south="6000..9999")
    lost = verify.Finding("unknown-region", ("diff",), "warning", exact=False)
    asked = verify.diff
    monkeypatch.setattr(verify, "diff", lambda *plans, **given: evolve(asked(*plans, **given), unknown=(lost,)))
    result = diff("--leads", "leads.csv")
    assert result.exit_code == 0
    assert "DR901 unknown-region, warning: 1\n" in result.stdout
    assert "Every lead has the same result" not in result.stdout
    assert "Past leads: 2 of 4 move" in result.stdout
    data = json.loads(diff("--format", "json").stdout)
    assert [one["code"] for one in data["unknown"]] == ["DR901"]
    assert data["exact"] is False


def test_claims_accounts_and_the_nearest_are_told(here):
    (here / "active.yaml").write_text(
        "name: active\nhouse: office\ndealers: [{id: a, lat: 51, lon: 4}, {id: b, lat: 52, lon: 5}, "
        "{id: office, kind: house}]\nprecedence: [registrations, {nearest: {within_km: 50}}]\n",
        "utf-8",
    )
    (here / "planned.yaml").write_text(
        (here / "active.yaml").read_text("utf-8").replace("{id: b, lat: 52, lon: 5}, ", ""), "utf-8"
    )
    text = diff().stdout
    near = "the nearest of {}, or where nobody is near the house, office"
    assert f"{near.format('a, b')}  ->  {near.format('a')}\n" in text.replace("\n  the", " the")
    assert "  for a company that b has registered\n" in text


ACCOUNTS = """\
name: {name}
house: office
dealers: [{{id: a}}, {{id: b}}, {{id: office, kind: house}}]
accounts: [{{id: K1, holder: {holder}, company: Jansen BV, domain: jansen.example, country: NL}}{more}]
territories: [{{id: north, dealers: [a], country: BE}}]
precedence: [{rungs}]
"""
SECOND = ", {id: K2, holder: b, company: Smit BV, domain: smit.example, country: NL}"


def accounts(folder, name, holder="a", more="", rungs="accounts, territories"):
    text = ACCOUNTS.format(name=name, holder=holder, more=more, rungs=rungs)
    (folder / f"{name}.yaml").write_text(text, "utf-8")


def test_accounts_that_change_hands_are_told(here):
    accounts(here, "active", more=SECOND)
    accounts(here, "planned", holder="b")
    text = diff().stdout
    assert "a by accounts  ->  b by accounts\n  because of K1\n" in text
    assert "was a, by accounts (K1); will be b, by accounts (K1)\n" in text.replace("\n      ", " ")
    assert "b by accounts  ->  whoever the other rungs give it to\n  because of K2\n" in text
    assert "account K2\n" in text
    assert "for account" not in text  # its region names it
    assert "vaste klant K2\n" in diff("--lang", "nl").stdout
    changes = json.loads(diff("--format", "json").stdout)["changes"]
    (gone,) = [one for one in changes if one["scenario"]["source"] == "K2" and one["away"] is None]
    assert gone["scenario"]["kind"] == "accounts"
    assert (gone["before"]["holders"], gone["before"]["by"]) == (["b"], "accounts")
    assert (gone["after"]["holders"], gone["after"]["by"], gone["after"]["pool"]) == ([], "elsewhere", {})
    assert "account" in [side["field"] for side in gone["regions"][0]["sides"]]


def test_a_lead_that_goes_to_the_same_dealer_in_both_is_told_so(here):
    """Where parts or picks change it may be the same dealer's turn; only what differs is said to move."""
    plan(here, "planned", city="{a: 1, b: 1}")
    text = diff().stdout
    assert "at 2027-01-04 08:00 UTC: a, by territories (city), under both plans\n" in text.replace("\n      ", " ")
    assert "was a" not in text
    assert ", onder beide plannen\n" in diff("--lang", "nl").stdout.replace("\n      ", " ")


def test_a_budget_says_how_much_work_to_do(here):
    """Unknown regions are listed, and a limit on past leads is kept all the same."""
    plan(here, "planned", south="6000..9999")
    tight = diff("--budget", 1, "--leads", "leads.csv", "--max-moved", "50%")
    assert tight.exit_code == 0
    assert "DR901 unknown-region, warning: 1\n" in tight.stdout
    assert "--budget allows more" in tight.stdout
    assert tight.stdout.endswith("That is within the limit of 50%.\n")
    assert "DR901" not in diff("--budget", 20_000_000).stdout


def test_help_says_what_unknown_regions_have_to_do_with_the_limit():
    said = " ".join(run("diff", "--help").stdout.split())
    assert "listed as unknown. They have no part in --max-moved" in said


# What past leads are worth, and when they came


def test_an_amount_in_another_currency_is_in_no_sum(here):
    """The plan reads it as absent; it is told beside the sum."""
    plan(here, "planned", south="6000..9999")
    (here / "leads.csv").write_text(
        LEADS.replace("L2,2027-01-05T09:00:00Z,BE,5999,,", "L2,,BE,5999,9000000,JPY"), "utf-8"
    )
    text = diff("--leads", "leads.csv").stdout
    assert "  2, worth 1,000 EUR: b to office\n" in text
    assert "  lead L2, 9,000,000 JPY: b to office\n" in text
    assert text.endswith("worth 1,000 EUR\nNot in that sum, for it is in another currency: 9,000,000 JPY\n")
    data = json.loads(diff("--leads", "leads.csv", "--format", "json").stdout)["leads"]
    assert (data["value"], data["currency"], data["other_currencies"]) == ("1000", "EUR", {"JPY": "9000000"})
    assert [one["value"] for one in data["list"]] == ["1000", None]


def test_leads_that_have_one_id_keep_each_their_own_currency(here):
    """Leads given in Python may have one id twice; a table of them may not."""
    plan(here, "planned", south="6000..9999")
    before, after = load_plan("active.yaml"), load_plan("planned.yaml")
    sums = ((1_000, "EUR"), (9_000_000, "JPY"))
    past = [Lead("L1", country="BE", postcode="5000", value=value, currency=name) for value, name in sums]
    page = DiffPage(before, after, verify.diff(before, after, past), None, past=past)
    text = page.text()
    assert "  2, worth 1,000 EUR: b to office\n" in text
    assert "  lead L1, 1,000 EUR: b to office\n  lead L1, 9,000,000 JPY: b to office\n" in text
    assert text.endswith("worth 1,000 EUR\nNot in that sum, for it is in another currency: 9,000,000 JPY\n")
    data = json.loads(page.json())["leads"]
    assert (data["value"], data["other_currencies"]) == ("1000", {"JPY": "9000000"})
    assert [one["value"] for one in data["list"]] == ["1000", None]


def test_an_amount_without_a_currency_is_in_the_plans(here):
    plan(here, "planned", south="6000..9999")
    (here / "leads.csv").write_text(LEADS.replace("5999,,", "5999,70,"), "utf-8")
    text = diff("--leads", "leads.csv").stdout
    assert text.endswith("worth 1,070 EUR\n")


def test_leads_that_came_before_the_instant_are_said_to_count_as_coming_later(here):
    plan(here, "planned", south="6000..9999")
    text = diff("--leads", "leads.csv", at="2028-01-01T00:00:00Z").stdout
    assert " ".join(text.split()).endswith(
        "4 of the past leads came before that: each counts as if it came 52 weeks later, or as many times 52 weeks as"
        " it takes."
    )
    assert "came before" not in diff("--leads", "leads.csv").stdout
    data = json.loads(diff("--leads", "leads.csv", "--format", "json", at="2028-01-01T00:00:00Z").stdout)["leads"]
    assert data["brought_forward"] == 4


def test_every_instant_is_on_the_clock_of_the_active_plan(here):
    """A region begins on a day; so does the lead that shows it, and what is asked from."""
    for name, until in (("active", ""), ("planned", ", valid_until: 2027-06-01")):
        (here / f"{name}.yaml").write_text(
            f"name: {name}\nhouse: office\ntimezone: Europe/Brussels\n"
            "dealers: [{id: a}, {id: office, kind: house}]\n"
            f"territories: [{{id: t, dealers: [a], country: NL{until}}}]\nprecedence: [territories]\n",
            "utf-8",
        )
    text = diff(at="2027-01-01T00:00:00+01:00").stdout
    assert "NL, from 2027-06-01\n" in text
    assert "at 2027-06-01 00:00 CEST: was a" in text
    assert "from 2027-01-01 00:00 CET on" in text
    assert "UTC" not in text


def test_what_could_only_be_tried_is_said_and_nothing_is_called_the_same(here):
    wide = "  - {id: wide, holder: a, domain: anvil.example}\n"
    narrow = "  - {id: narrow, holder: a, domain: anvil.example, country: NL, company_number: '24123456'}\n"
    for name, companies in (("active", wide + narrow), ("planned", narrow)):
        plan(here, name)
        with (here / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(f"accounts:\n{companies}")
    result = diff()
    assert result.exit_code == 0, result.stderr
    said = result.stdout
    assert "No lead was found whose result changes" in said
    assert "Only tried, so that a change may have been missed: accounts" in said
    assert "Every lead has the same result" not in said
