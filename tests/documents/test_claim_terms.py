# a table of wrong text reads best when each case is one line
"""What a plan says of registrations, on disk: read as it is meant, written as it was, and every wrong word told."""

import json
import os
import sys
from decimal import Decimal

import pytest
from attrs import fields
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from dealerrouting import Dealer, Elapsed, MissingExtra, Plan, PlanError, Terms, by
from dealerrouting.cli.commands import commands
from dealerrouting.documents import dump_plan, from_data, load_plan, to_data
from dealerrouting.documents.agreements import _OF_CLAIMS
from dealerrouting.documents.shapes import known_keys
from dealerrouting.terms import ClaimTerms
from quick import upto

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

PLAN = """\
name: small
house: office
dealers: [{id: delta}, {id: office, kind: house}]
precedence: [registrations]
terms:
  remind_after: {elapsed: 24h}
  claims:
    protects: {elapsed: 100d}
    extensions: 2
    extends: {elapsed: 30d}
    activity_within: {elapsed: 45d}
    complete_within: {elapsed: 7d}
    auto_approve: true
    needs_evidence: [quote, meeting]
    per_dealer_per_30_days: 500
    asks_per_dealer_per_day: 5
    max_share_of_territory: 0.3
    credit: 0.1
    covers_group: true
    mailbox_domains: [mail.example]
    shared_domains: park.example
    review_alike: false
"""
SAID = ClaimTerms(
    protects=Elapsed(days=100),
    extensions=2,
    extends=Elapsed(days=30),
    activity_within=Elapsed(days=45),
    complete_within=Elapsed(days=7),
    auto_approve=True,
    needs_evidence=("meeting", "quote"),
    per_dealer_per_30_days=500,
    asks_per_dealer_per_day=5,
    max_share_of_territory=Decimal("0.3"),
    credit=Decimal("0.1"),
    covers_group=True,
    mailbox_domains=("mail.example",),
    shared_domains=("park.example",),
)
TOML = """\
name = "small"
house = "office"
dealers = [{id = "delta"}, {id = "office", kind = "house"}]
precedence = ["registrations"]
[terms]
remind_after = {elapsed = "24h"}
[terms.claims]
protects = {elapsed = "100d"}
extensions = 2
extends = {elapsed = "30d"}
activity_within = {elapsed = "45d"}
complete_within = {elapsed = "7d"}
auto_approve = true
needs_evidence = ["quote", "meeting"]
per_dealer_per_30_days = 500
asks_per_dealer_per_day = 5
max_share_of_territory = 0.3
credit = 0.1
covers_group = true
mailbox_domains = ["mail.example"]
shared_domains = "park.example"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder for plans, called by its short name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def written(home, text, name="plan.yaml"):
    (home / name).write_text(text, "utf-8")
    return f"p/{name}"


def test_a_plan_says_what_holds_for_claims(home):
    plan = load_plan(written(home, PLAN))
    assert plan.terms == Terms(remind_after=Elapsed(hours=24), claims=SAID)
    assert load_plan(written(home, PLAN.split("  claims:", maxsplit=1)[0])).terms.claims == ClaimTerms()
    assert (
        load_plan(
            written(home, PLAN.split("    protects:", maxsplit=1)[0].replace("claims:", "claims: {}"))
        ).terms.claims
        == ClaimTerms()
    )


def test_the_forms_mean_the_same(home):
    plan = load_plan(written(home, PLAN))
    written(home, TOML, "one.toml")
    written(home, dump_plan(plan, form="json"), "one.json")
    written(home, dump_plan(plan), "one.yaml")
    for name in ("one.toml", "one.json", "one.yaml"):
        again = load_plan(home / name)
        assert (again, again.terms.claims, again.digest) == (plan, SAID, plan.digest), name


def test_what_holds_for_claims_moves_no_deadline_and_is_part_of_the_plan(home):
    plan = load_plan(written(home, PLAN))
    other = load_plan(written(home, PLAN.replace("extensions: 2", "extensions: 3")))
    assert plan.digest != other.digest
    assert plan.policy.digest == other.policy.digest


def test_every_term_of_claims_can_be_written():
    names = tuple(attribute.name for attribute in fields(ClaimTerms) if attribute.init)
    assert known_keys(("terms", "claims")) == names
    lengths = {attribute.name for attribute in fields(ClaimTerms) if attribute.init and "Elapsed" in attribute.type}
    assert set(_OF_CLAIMS) == lengths


# What is wrong

WRONG = [
    ("protects: {elapsed: 100d}", "protects: 100d", "8:15: `100d` does not say which time: all of it, or open hours only; write {elapsed: 48h}"),
    ("protects: {elapsed: 100d}", "protects: {business: 100h}", "8:16: only real time can stand here, not `business`; write {elapsed: 48h}"),
    ("protects: {elapsed: 100d}", "protects: {elapsed: 0d}", "8:25: `0d` is not a length of time; write 48h"),
    ("protects: {elapsed: 100d}", "protects: {elapsd: 100d}", "8:16: unknown key `elapsd`; did you mean `elapsed`?"),
    ("protects: {", "protect: {", "8:5: unknown key `protect`; did you mean `protects`?"),
    ("extensions: 2", "extensions: -1", "9:17: `-1` is not a number of extensions; give a whole number from 0 to 100"),
    ("extensions: 2", "extensions: two", "9:17: `two` is not a whole number"),
    ("extensions: 2", "extensions: 1.5", "9:17: `1.5` is not a whole number"),
    ("activity_within: {elapsed: 45d}", "activity_within: 45", "11:22: `45` is not a length of time; write {elapsed: 48h}"),
    ("auto_approve: true", "auto_approve: yes", "13:19: `yes` is not true or false"),
    ("auto_approve: true", "auto_approve: 1", "13:19: `1` is not true or false"),
    ("[quote, meeting]", "[quote, 3]", "14:29: `3` is not text; write it in quotes"),
    ("[quote, meeting]", "{quote: 1}", "14:21: a mapping is not text or a list"),
    ("per_dealer_per_30_days: 500", "per_dealer_per_30_days: 1000001", "15:29: `1000001` is not a number of claims; give a whole number from 0 to 1,000,000"),
    ("per_dealer_per_30_days: 500", "per_dealer_per_day: 500", "15:5: unknown key `per_dealer_per_day`; did you mean `"),
    ("asks_per_dealer_per_day: 5", "asks_per_dealer_per_day: ''", "16:30: `` is not a whole number"),
    ("max_share_of_territory: 0.3", "max_share_of_territory: 30", "17:29: `30` is not a part of a whole; give a number from 0 to 1"),
    ("max_share_of_territory: 0.3", "max_share_of_territory: 30%", "17:29: `30%` is not a number"),
    ("credit: 0.1", "credit: -0.1", "18:13: `-0.1` is not a part of a whole; give a number from 0 to 1"),
    ("credit: 0.1", "credit: true", "18:13: `true` is not a number"),
    ("covers_group: true", "covers_group: both", "19:19: `both` is not true or false"),
    ("[mail.example]", "[gmail.com]", "20:22: `gmail.com` is no domain that could be a key; write `jansen.example`; those of"),
    ("[mail.example]", "['x y', co.uk]", "20:22: `co.uk` is no domain that could be a key"),
    ("park.example", "'park.example; x'", "21:21: `park.example; x` is no domain that could be a key"),
    ("review_alike: false", "review_alike: nee", "22:19: `nee` is not true or false"),
    ("  claims:\n", "  claims: 90d\n  x:\n", "7:11: `90d` is not a mapping"),
    ("  claims:\n", "  claim:\n", "7:3: unknown key `claim`; did you mean `claims`?"),
]  # fmt: skip


def faults(home, text):
    with pytest.raises(PlanError) as caught:
        load_plan(written(home, text))
    return [str(fault).replace(os.sep, "/") for fault in caught.value.faults]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_each_fault_is_told_at_its_own_place(home, right, wrong, said):
    assert PLAN.count(right) == 1
    found = faults(home, PLAN.replace(right, wrong))
    assert any(line.startswith(f"p/plan.yaml:{said}") for line in found), found


def check_all_said(home):
    """Of everything that is wrong with claims, each thing once, from top to bottom, beside the rest of the plan."""
    text = (
        PLAN.replace("24h", "24")
        .replace("100d", "100")
        .replace("extensions: 2", "extensions: -2")
        .replace("30d", "30d, business: 1h")
        .replace("complete_within", "complet_within")
        .replace("0.3", "3")
        .replace("credit: 0.1", "credit: lots")
        .replace("mail.example", "gmail.com")
        .replace("review_alike: false", "review_alike: no")
    )
    assert [line.split(": ")[0] for line in faults(home, text)] == [
        "p/plan.yaml:6:27",
        "p/plan.yaml:8:25",
        "p/plan.yaml:9:17",
        "p/plan.yaml:10:14",
        "p/plan.yaml:12:5",
        "p/plan.yaml:17:29",
        "p/plan.yaml:18:13",
        "p/plan.yaml:20:22",
        "p/plan.yaml:22:19",
    ]


def test_everything_is_said_at_once(home):
    check_all_said(home)


@pytest.mark.parametrize(("form", "place"), [("json", "one.json:"), ("toml", "terms.claims.extensions")])
def test_the_other_forms_say_where_too(home, form, place):
    data = to_data(load_plan(written(home, PLAN)))
    data["terms"]["claims"]["extensions"] = -1
    text = json.dumps(data, indent=1) if form == "json" else TOML.replace("extensions = 2", "extensions = -1")
    written(home, text, f"one.{form}")
    with pytest.raises(PlanError) as caught:
        load_plan(home / f"one.{form}")
    (fault,) = caught.value.faults
    assert place in fault.place
    assert fault.path == ("terms", "claims", "extensions")


# Names that are only alike


@pytest.fixture
def without_rapidfuzz(monkeypatch):
    """As where the extra is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "rapidfuzz"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)


ALIKE = PLAN.replace("review_alike: false", "review_alike: true")


@pytest.mark.usefixtures("without_rapidfuzz")
def test_a_plan_that_reviews_names_without_the_extra_is_refused_when_it_is_made(home):
    with pytest.raises(MissingExtra, match=r"needs an optional package: pip install 'dealerrouting\[match\]'"):
        load_plan(written(home, ALIKE))
    assert load_plan(written(home, PLAN))


@pytest.mark.usefixtures("without_rapidfuzz")
@pytest.mark.parametrize("command", ["route", "explain", "replay"])
def test_the_commands_say_so_and_exit_2(home, command):
    plan = written(home, ALIKE)
    (home / "leads.csv").write_text("id,received_at,country\nL1,2027-01-08T09:00:00Z,NL\n", "utf-8")
    (home / "log.jsonl").write_text("", "utf-8")
    arguments = {
        "route": ["route", plan, "p/leads.csv"],
        "explain": ["explain", plan, "p/leads.csv", "--lead", "L1"],
        "replay": ["replay", "p/log.jsonl", "--plan", plan],
    }
    result = CliRunner().invoke(commands, arguments[command])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "pip install 'dealerrouting[match]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_with_the_extra_the_plan_is_made(home):
    pytest.importorskip("rapidfuzz")
    plan = load_plan(written(home, ALIKE))
    assert plan.terms.claims.review_alike
    assert load_plan(written(home, dump_plan(plan))) == plan


# There and back

NAMES = [attribute.name for attribute in fields(ClaimTerms) if attribute.init]
lengths = st.integers(1, 10**6).map(lambda n: Elapsed(seconds=n)) | st.integers(1, 400).map(lambda n: Elapsed(days=n))
parts_of_one = st.decimals(0, 1, places=4) | st.sampled_from([0, 1, 0.1, "0.25", Decimal("1E-6")])
domains = st.lists(st.sampled_from(["a.example", "b.example", "c.example"]), max_size=3)
claim_terms = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ["protects", "extends", "activity_within", "complete_within", "decide_within", "rest"], lengths
        ),
        "extensions": st.integers(0, 100),
        **dict.fromkeys(["per_dealer_per_30_days", "asks_per_dealer_per_day"], st.integers(0, 1_000_000)),
        **dict.fromkeys(["auto_approve", "covers_group"], st.booleans()),
        **dict.fromkeys(["max_share_of_territory", "credit"], parts_of_one),
        **dict.fromkeys(["mailbox_domains", "shared_domains"], domains),
        "needs_evidence": st.lists(st.sampled_from(["meeting", "quote", "NO", "12.30", "1"]), max_size=3),
    },
)


def plan_with(**said):
    people = [Dealer("d"), Dealer("h", kind="house")]
    terms = Terms(claims=ClaimTerms(**said))
    return Plan("x", house="h", dealers=people, precedence=[by.registrations()], terms=terms)


def check_terms(**said):
    """Terms of claims in a plan come back equal."""
    plan = plan_with(**said)
    again = from_data("plan", json.loads(json.dumps(to_data(plan))))
    assert again == plan
    assert (again.terms.claims, again.digest) == (plan.terms.claims, plan.digest)


@given(claim_terms)
def test_terms_of_claims_come_back(said):
    check_terms(**said)


@settings(max_examples=upto(30), deadline=None)
@given(claim_terms)
def test_terms_of_claims_come_back_from_text(tmp_path_factory, said):
    plan = plan_with(**said)
    for form in ("yaml", "json"):
        path = tmp_path_factory.mktemp("plan", numbered=True) / f"plan.{form}"
        path.write_text(dump_plan(plan, form=form), "utf-8")
        again = load_plan(path)
        assert (again.terms, again.digest) == (plan.terms, plan.digest)


_words = st.sampled_from(
    ["elapsed", "90d", "", "\u202e", "x" * 2_000, "\0", "a.example", "gmail.com", "true", "0.1", "１"]
)
_anything = st.recursive(
    _words | st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=upto(250), deadline=None)
@given(st.sampled_from([*NAMES, "claims"]), _anything)
def test_hostile_terms_are_refused_and_no_more(name, value):
    data = to_data(plan_with())
    data["terms"]["claims"] = value if name == "claims" else {**data["terms"]["claims"], name: value}
    try:
        plan = from_data("plan", data)
    except PlanError as error:
        assert error.faults
        assert all(fault.path[:1] == ("terms",) and "\n" not in str(fault) for fault in error.faults)
    else:
        assert from_data("plan", to_data(plan)) == plan
