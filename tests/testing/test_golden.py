"""Golden cases: what is read, what is said of a slip, what is judged, told, and written back."""

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

import golden_world as world
import strategies
from dealerrouting import Choice, Company, Count, Facts, Incumbent, Lead, PastHolder, Registration, route
from dealerrouting.documents import DocumentError, load_plan
from dealerrouting.documents.values.names import COMPANY_FIELDS, LEAD_FIELDS
from dealerrouting.testing import golden
from dealerrouting.testing.golden_tell import _smaller
from dealerrouting.testing.golden_text import flow
from dealerrouting.testing.strategies import leads

pytest.importorskip("yaml")
AT = datetime(2027, 1, 8, 9, tzinfo=UTC)
HEAD = "plan: ../plan\nat: 2027-01-08T09:00:00Z\ncases:\n"


@pytest.fixture
def read(tmp_path, monkeypatch):
    def reading(text, **given):
        return golden.read(world.build(tmp_path, text=text).relative_to(tmp_path), **given)

    monkeypatch.chdir(tmp_path)
    return reading


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return load_plan(world.build(tmp_path_factory.mktemp("plan")).parents[1] / "plan")


def faults(read, text, **given):
    with pytest.raises(DocumentError) as caught:
        read(text, **given)
    return [str(fault).removeprefix("cases/cases.routing.yaml:") for fault in caught.value.faults]


def verdicts(file):
    return [golden.judge(case, file.plan) for case in file.cases]


# Reading


def test_a_good_file_passes(read):
    file = read(world.GOOD)
    assert [(v.case.name, v.passed, v.case.unknown) for v in verdicts(file)] == [
        ("Antwerp goes to one of the two", True, ()),
        ("a claim goes first", True, ()),
        ("nobody serves Dresden", True, ()),
    ]


def test_a_case_is_what_is_written(read):
    first, claim, last = read(world.GOOD).cases
    assert (first.lead.id, first.at, first.facts) == ("Antwerp goes to one of the two", AT, Facts())
    assert first.expect == golden.Expect(("antwerp-a", "antwerp-b"), ("territories",), ("antwerp",), (), ("assigned",))
    assert (claim.expect.because, claim.expect.flags) == (("R7",), None)
    assert [one.submitted_at.isoformat() for one in claim.facts.registrations] == ["2026-12-31T23:00:00+00:00"]
    assert (last.lead.postcode, last.at.isoformat()) == ("01067", "2027-01-31T23:00:00+00:00")
    assert (last.place, last.index) == ("cases/cases.routing.yaml:15:5", 2)


def test_the_lead_is_read_as_a_line_of_leads_is(read):
    text = HEAD + (
        "  - {name: a, lead: {id: 7, country: NO, postcode: '0150', language: no, value: 250000.50, x_fleet: 12}}\n"
        "  - {name: b, lead: {company: {name: Jansen, country: NL}, attributes: {fleet: 3}, country: Belgum}}\n"
    )
    a, b = (case.lead for case in read(text).cases)
    assert a == Lead(
        7, company=Company(country="NO", postcode="0150"), country="NO", postcode="0150", language="no",
        value="250000.5", attributes={"fleet": 12},
    )  # fmt: skip
    assert (b.company, dict(b.attributes), dict(b.unreadable)) == (
        Company("Jansen", country="NL"),
        {"fleet": 3},
        {"country": "Belgum"},
    )


def test_the_instant_is_the_cases_the_files_or_when_the_lead_came(read):
    text = "plan: ../plan\ncases:\n  - {name: a, lead: {received_at: 2027-03-01T10:00:00+01:00}}\n"
    assert read(text).cases[0].at.isoformat() == "2027-03-01T09:00:00+00:00"
    text = text.replace("plan: ../plan", "plan: ../plan\nat: 2027-01-08T09:00:00Z")
    assert read(text).cases[0].at == AT
    assert faults(read, "plan: ../plan\ncases:\n  - {name: a, lead: {country: NL}}\n") == [
        "3:5: no instant; add `at:` to the case or to the file"
    ]


FACTS = """\
    facts:
      registrations:
        - {id: R1, dealer: delta, company: Jansen, country: NL, company_number: 24123456, status: approved,
           submitted_at: 2027-01-01T00:00:00Z, products: [press]}
        - id: R2
          dealer: delta
          company: {name: Smit, country: NL, domain: smit.example}
          status: approved
          submitted_at: 2027-01-01T00:00:00Z
      incumbents: [{company: Jansen, country: NL, company_number: 24123456, dealer: delta, since: 2027-01-01}]
      counts: [{dealer: antwerp-a, open: 2, last_30_days: 3}]
      ledgers: {territories: {antwerp-a: -250000, antwerp-b: 250000}}
      shares: {antwerp-a: 0.1}
      past_holders: [{lead: L1, dealer: delta, why: declined}]
      choices: [{id: C1, lead: L1, dealer: delta, evidence: note-1, actor: jo, chosen_at: 2027-01-02}]
"""


def test_facts_are_written_as_tables_of_rows(read):
    facts = read(HEAD + "  - name: a\n    lead: {id: L1}\n" + FACTS).cases[0].facts
    jansen = Company("Jansen", number="24123456", country="NL")
    first, day = datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
    smit = Company("Smit", country="NL", domain="smit.example")
    assert facts == Facts(
        [
            Registration("R1", "delta", jansen, status="approved", submitted_at=first, products=["press"]),
            Registration("R2", "delta", smit, status="approved", submitted_at=first),
        ],
        [Incumbent(jansen, "delta", since=day)],
        [Count("antwerp-a", 2, 3)],
        {"territories": {"antwerp-a": -250_000, "antwerp-b": 250_000}},
        {"antwerp-a": "0.1"},
        [PastHolder("L1", "delta", "declined")],
        [Choice("C1", "L1", "delta", evidence="note-1", actor="jo", chosen_at=day.replace(month=1, day=1, year=2027))],
    )


def test_facts_may_be_a_folder_and_of_the_whole_file(read, tmp_path):
    (tmp_path / "cases" / "full").mkdir(parents=True, exist_ok=True)
    (tmp_path / "cases" / "full" / "counts.csv").write_text("dealer,open\nantwerp-a,2\n")
    text = HEAD.replace("cases:", "facts: full\ncases:") + (
        "  - {name: a, lead: {country: BE, postcode: 2018}}\n  - {name: b, lead: {country: BE}, facts: {}}\n"
    )
    a, b = read(text).cases
    assert (a.facts.count("antwerp-a").open, b.facts) == (2, Facts())


SLIPS = [
    ("", ["1:1: the file is empty; begin with `cases:`"]),
    ("- a\n", ["1:1: a list is no mapping; begin with `cases:`"]),
    ("plan: ../plan\n", ["1:1: there are no cases; begin each with `- name:`"]),
    ("plan: ../plan\ncases: {a: 1}\n", ["2:8: a mapping is no list of cases; begin each with `- name:`"]),
    ("plan: [1]\ncases: [{name: a, lead: {}}]\n",
     ["1:7: a list is not text; name a folder, a file or module:attribute"]),
    ("cases: [{name: a, lead: {}}]\n",
     ["1:1: no plan is named; add `plan: FOLDER`, or give --routing-plan or the ini option `routing_plan`"]),
    ("schema_version: 2\nplan: ../plan\ncases: [{name: a, lead: {country: NL}, at: 2027-01-01}]\n",
     ["1:17: this version is not known here; this release reads 1"]),
    (HEAD + "  - {name: a, led: {country: NL}}\n",
     ["4:5: `lead` is missing; say who asks, from where, for what", "4:15: unknown key `led`; did you mean `lead`?"]),
    (HEAD + "  - {name: 12, lead: {country: NL}}\n", ["4:12: `12` is not text; write it in quotes"]),
    (HEAD + "  - {lead: {country: NL}}\n", ["4:5: `name` is missing; say in a few words what the case shows"]),
    (HEAD + '  - {name: "a::b", lead: {country: NL}}\n',
     ["4:12: `a::b` is no name; one line of at most 200 characters, without `::`"]),
    (HEAD + "  - {name: a, lead: {country: NL}}\n  - {name: a, lead: {country: NL}}\n",
     ["5:12: `a` is also the case of line 4; name each once"]),
    (HEAD + "  - {name: a, lead: {contry: NL, company: {nam: X}}}\n",
     ["4:22: unknown key `contry`; did you mean `country`?", "4:44: unknown key `nam`; did you mean `name`?"]),
    (HEAD + "  - {name: a, lead: {x_flee: 3}}\n", ["4:22: unknown key `x_flee`; did you mean `x_fleet`?"]),
    (HEAD + "  - {name: a, lead: {x_colour: 3, sektor: C25}}\n",
     ["4:22: unknown key `x_colour`; declare it in the plan, under `attributes`",
      "4:35: unknown key `sektor`; did you mean `sector`?"]),
    (HEAD + "  - {name: a, lead: {country: NL}, expect: {holdr: delta, flags: [conflct], outcome: houze}}\n",
     ["4:45: unknown key `holdr`; did you mean `holder`?", "4:67: there is no flag `conflct`; did you mean `conflict`?",
      "4:86: there is no outcome `houze`; did you mean `house`?"]),
    (HEAD + "  - {name: a, lead: {country: NL}, expect: {holder: , by: [], because: [12], flags: true}}\n",
     ["4:53: `holder` says nothing; write a word, or leave the line out",
      "4:59: an empty list can never be met; name at least one, or leave the line out",
      "4:73: `12` is not text; write it in quotes", "4:85: `true` is not text; write it in quotes"]),
    (HEAD + "  - {name: a, lead: {country: NL}, at: tomorrow}\n",
     ["4:40: `tomorrow` is not an instant; write 2027-03-01T09:00:00+01:00"]),
    (HEAD + "  - {name: a, lead: {country: NL}, facts: {cuonts: [], counts: [{dealr: delta, open: many}]}}\n",
     ["4:44: unknown key `cuonts`; did you mean `counts`?", "4:65: `dealer` is missing; add it",
      "4:66: unknown column `dealr`; did you mean `dealer`?"]),
    (HEAD + "  - {name: a, lead: {country: NL}, facts: {counts: [{dealer: delta, open: true}], shares: 3}}\n",
     ["4:75: `true` is not text; write it in quotes", "4:91: `3` is no list of rows; begin each row with a `-`"]),
    (HEAD + "  - {name: a, lead: {country: NL}, facts: {registrations: [{id: R, dealer: a, company: {numbr: 3}}]}}\n",
     ["4:60: `submitted_at` is missing; give the instant at which the claim was made",
      "4:88: unknown key `numbr`; did you mean `number`?"]),
    (HEAD + "  - {name: a, lead: {country: NL}, facts: none}\n",
     ["cases/none: cannot be read: No such file or directory; give a folder with registrations.csv, counts.csv, ..."]),
    (HEAD + "  - {name: a, lead: &x {country: NL}}\n",
     ["4:21: anchors (`&x`) are not read; write the value out where it is used"]),
    (HEAD + "  - {name: a, lead: {country: NL}\n", "this is not YAML"),
]  # fmt: skip


@pytest.mark.parametrize("slip", range(len(SLIPS)))
def test_a_slip_is_said_with_its_place_and_cure(read, slip):
    text, said = SLIPS[slip]
    found = faults(read, text)
    assert found == said or (isinstance(said, str) and said in found[0])


def test_what_is_wrong_with_plan_facts_and_cases_is_said_at_once(read, tmp_path):
    path = world.build(tmp_path)
    (tmp_path / "plan" / "plan.yaml").write_text(world.PLAN.replace("house: inside-sales", "hous: inside-sales"))
    path.write_text(HEAD + "  - {name: a, leed: {}}\n")
    with pytest.raises(DocumentError) as caught:
        golden.read(path.relative_to(tmp_path))
    text = str(caught.value)
    assert "did you mean `lead`" in text
    assert "did you mean `house`" in text


def test_a_field_beyond_its_bound_is_said_where_it_stands(read):
    long = "x" * 1_025
    assert faults(read, HEAD + f"  - name: a\n    lead: {{country: NL, city: {long}}}\n") == [
        "5:31: `city` 1,025 characters; the bound is 1,024"
    ]


def test_a_plan_may_be_given_instead(read, plan):
    file = read("at: 2027-01-08T09:00:00Z\ncases: [{name: a, lead: {country: NL}}]\n", plan=plan)
    assert file.plan is plan


WORDS = [
    "",
    "true",
    "12",
    "1.5",
    "-1e400",
    "~",
    "'x'",
    '"\\ud800"',
    '"\\0"',
    "&a b",
    "*a",
    "!t x",
    "? x",
    "::",
    "'",
    "|",
]
SHAPES = ["[1]", "[[]]", "{a: 1}", "{}", "- -", "<<: x", "{<<: {}}", "[true, {x: [1]}]", "9" * 41]
TIMES = ["2027-99-01", "0001-01-01", "9999-12-31T23:59:59-14:00", "é\u202e", '"' + "x" * 1_100 + '"']
HOSTILE = WORDS + SHAPES + TIMES
WHOLE = (
    world.GOOD
    + "  - name: b\n    lead: {id: L1, company: {name: Jansen}, attributes: {fleet: 3}, x_fleet: 2}\n"
    + FACTS
)


def places(text):
    """Where a value or a key stands: from and to."""
    words = [(at, at + 1) for at, sign in enumerate(text) if sign in ":,{}[]\n "]
    return [(a[1], b[0]) for a, b in pairwise(words) if a[1] < b[0]]


@given(st.lists(st.tuples(st.sampled_from(places(WHOLE)), st.sampled_from(HOSTILE)), min_size=1, max_size=3))
def test_whatever_stands_there_only_faults_are_raised(tmp_path_factory, plan, changes):
    text = WHOLE.replace("plan: ../plan\n", " " * 13 + "\n")
    for (start, end), word in sorted(dict(changes).items(), reverse=True):
        text = text[:start] + word + text[end:]
    path = tmp_path_factory.getbasetemp() / "hostile.routing.yaml"
    path.write_text(text, "utf-8")
    try:
        file = golden.read(path, plan=plan)
    except DocumentError as error:
        assert all(fault.place and fault.what for fault in error.faults)
    else:
        for verdict in verdicts(file):
            assert golden.told(verdict, plan)


# Judging


def test_what_is_not_written_is_not_checked(plan):
    case = golden.GoldenCase("a", Lead("L", country="DE"), AT, Facts(), golden.Expect(by=("house",)))
    assert golden.judge(case, plan).passed


@pytest.mark.parametrize(
    ("expect", "missed"),
    [
        ({"holder": ("antwerp-b",)}, "holder"),
        ({"by": ("rules", "registrations")}, "by"),
        ({"because": ()}, "because"),
        ({"because": ("antwerp", "nl-south")}, "because"),
        ({"flags": ("conflict",)}, "flags"),
        ({"outcome": ("house",)}, "outcome"),
    ],
)
def test_each_aspect_is_held_against_the_decision(plan, expect, missed):
    lead = Lead("L", country="BE", postcode="2018")
    verdict = golden.judge(golden.GoldenCase("a", lead, AT, Facts(), golden.Expect(**expect)), plan)
    assert [miss.name for miss in verdict.misses] == [missed]
    assert not verdict.passed


def test_a_flag_that_nobody_expects_fails(plan):
    case = golden.GoldenCase("a", Lead("L", country="Belgum"), AT, Facts(), golden.Expect(flags=("nobody_serves",)))
    assert golden.judge(case, plan).misses == (
        golden.Miss("flags", ("nobody_serves",), ("nobody_serves", "unreadable:country")),
    )


def test_a_case_that_expects_nothing_does_not_pass(plan):
    verdict = golden.judge(golden.GoldenCase("a", Lead("L"), AT, Facts(), golden.Expect()), plan)
    assert (verdict.misses, verdict.passed) == ((), False)


# Telling


def test_a_failure_is_told_in_full(read):
    file = read(world.WRONG)
    wrong = verdicts(file)[0]
    assert golden.told(wrong, file.plan).split("\n") == [
        "holder is antwerp-b, not antwerp-a; because is antwerp, not antwerpen",
        "cases/cases.routing.yaml:4:5",
        "",
        "             expected    decided",
        "  > holder   antwerp-a   antwerp-b",
        "    by       (anything)  territories",
        "  > because  antwerpen   antwerp",
        "    flags    (none)      (none)",
        (
            "  cases/cases.routing.yaml:10:11: the plan has no rule, territory, account, claim or dealer `antwerpen`;"
            " did you mean `antwerp`?"
        ),
        "",
        (
            'lead: {company: Jansen Metaal BV, country: BE, postcode: "2018", city: Antwerpen, language: nl, '
            'email: "x@j.example"}'
        ),
        "at:   2027-01-08T09:00:00Z",
        "",
        'The smallest lead that ends the same way: {country: BE, postcode: "2018"}',
        "",
        "Lead Antwerp when a is full: antwerp-b holds it, by territories (antwerp).",
        "  Passed over: antwerp-a, whose own it is by territories (antwerp).",
        "  By registrations: nobody.",
        "  By rules: nobody.",
        "    fleets (delta): unknown, the lead does not say fleet",
        "  By territories: decided.",
        "    antwerp-a (antwerp): full, open leads and cap are 2, 2",
        "    antwerp-b (antwerp): holds it",
        "",
        "Why not antwerp-a?",
        "  antwerp-a has 2, 0 leads (open, in thirty days); with none it would hold it, by territories (antwerp).",
    ]


def test_what_the_plan_does_not_have_is_told(read):
    text = HEAD + "  - {name: a, lead: {country: NL, postcode: 3011}, expect: {holder: dleta, by: teritories}}\n"
    file = read(text)
    said = golden.told(verdicts(file)[0], file.plan)
    assert "4:69: the plan has no dealer `dleta`; did you mean `delta`?" in said
    assert "4:80: the plan has no rung `teritories`; did you mean `territories`?" in said
    assert "Why not dleta?\n  The plan has no dealer `dleta`; did you mean `delta`?" in said


def test_a_stranger_in_the_facts_is_told(read):
    text = HEAD + "  - {name: a, lead: {country: NL}, facts: {counts: [{dealer: dleta}]}, expect: {holder: delta}}\n"
    file = read(text)
    assert "4:62: `dleta` is no dealer of this plan; did you mean `delta`?" in golden.told(verdicts(file)[0], file.plan)


def test_the_smallest_lead_fails_alike_and_nothing_more_can_go(plan):
    lead = Lead("L", "Jansen", country="NL", postcode="3011", city="?", lat="x", attributes={"fleet": 20})
    case = golden.GoldenCase("a", lead, AT, Facts(), golden.Expect(holder=("antwerp-a",)))
    small = golden.smallest(golden.judge(case, plan), plan)
    assert small == Lead("L", attributes={"fleet": 20})
    again = golden.judge(evolve(case, lead=small), plan)
    assert (again.decision.holder, again.decision.because) == ("delta", ("fleets",))
    assert golden.smallest(again, plan) is None


def things_said(lead):
    """How many things a lead says, readable or not; its id apart."""
    said = [getattr(lead, name) for name in LEAD_FIELDS] + [getattr(lead.company, name) for name in COMPANY_FIELDS]
    return len([one for one in said if one is not None]) + len(lead.attributes) + len(lead.unreadable)


ODD = Lead("L", Company("Jansen", number="\0", country="?"), country="NL", postcode="3011", lat=51, lon=4, value="x")


@example(ODD)
@given(leads(hostile=True))
def test_a_smaller_lead_says_less_so_that_the_smallest_is_reached(lead):
    smaller = list(_smaller(lead))
    assert len(smaller) == things_said(lead)
    assert all(things_said(one) < things_said(lead) for one in smaller)


@pytest.mark.parametrize(("flags", "left"), [(None, {}), ((), {"number": "\0"})])
def test_what_nobody_can_read_of_a_company_goes_unless_it_is_what_is_missed(plan, flags, left):
    assert set(ODD.company.unreadable) == {"number", "country"}
    case = golden.GoldenCase("a", ODD, AT, Facts(), golden.Expect(holder=("antwerp-a",), flags=flags))
    small = golden.smallest(golden.judge(case, plan), plan)
    assert small.company == Company(unreadable=left)


def test_nothing_of_a_lead_writes_on_the_terminal(read):
    text = HEAD + '  - {name: a, lead: {id: "a\\e[31mb\\u202e", city: "\\e[0m"}, expect: {holder: delta}}\n'
    file = read(text)
    assert all(c.isprintable() or c == "\n" for c in golden.told(verdicts(file)[0], file.plan))


# Writing


@pytest.mark.parametrize(
    "value", ["NO", "no", "01067", "12:30", "a: b", "true", "1.50", "", " x", "#", "é", "a\u2028b", "\x7f", "~", "a,b"]
)
def test_a_word_is_read_back_as_it_was(value):
    from dealerrouting.documents.yaml_text import read_yaml

    for text in (f"a: {flow(value)}\n", f"a: [{flow(value)}, {{b: {flow(value)}}}]\n"):
        assert read_yaml(text).data["a"] in (value, [value, {"b": value}])
        assert not read_yaml(text).wrong


def test_a_case_is_written_to_be_read(plan):
    text = golden.case_text("Antwerp", Lead("L1", country="BE", postcode="2018"), AT, decision=route(
        Lead("L1", country="BE", postcode="2018"), plan, at=AT))  # fmt: skip
    assert text == (
        "  - name: Antwerp\n"
        '    lead: {id: L1, country: BE, postcode: "2018"}\n'
        "    at: 2027-01-08T09:00:00Z\n"
        "    expect: {holder: antwerp-a, by: territories, because: [antwerp], flags: []}\n"
    )


@given(strategies.leads(), strategies.facts())
def test_a_written_case_decides_the_same_when_read(tmp_path_factory, plan, lead, facts):
    own = {name: part for name, part in lead.attributes.items() if name in plan.attributes}
    lead = evolve_lead(lead, own)
    decision = route(lead, plan, facts, at=AT)
    path = tmp_path_factory.getbasetemp() / "written.routing.yaml"
    path.write_text("cases:\n" + golden.case_text("a", lead, AT, decision, facts), "utf-8")
    (case,) = golden.read(path, plan=plan).cases
    assert case.facts == facts
    assert case.lead.identity == lead.identity
    assert case.expect.flags is not None
    verdict = golden.judge(case, plan)
    assert verdict.passed, golden.told(verdict, plan)


def evolve_lead(lead, own):
    from dealerrouting.documents import from_data, to_data

    data = json.loads(json.dumps(to_data(lead)))
    return from_data("lead", {**data, "attributes": own})


# Updating


def updated(read, text):
    file = read(text)
    change = golden.update(file, verdicts(file))
    golden.write(change)
    assert all(verdict.passed for verdict in verdicts(golden.read(file.path)))
    return file.path.read_bytes().decode()


def test_only_what_is_expected_changes(read):
    before = world.WRONG
    after = updated(read, before)
    assert after == before.replace("holder: antwerp-a ", "holder: antwerp-b ").replace("- antwerpen ", "- antwerp ")


LAYOUTS = [
    ("{name: a, lead: {country: BE, postcode: 2018}, expect: {holder: delta, by: [rules]}}",
     "{name: a, lead: {country: BE, postcode: 2018}, expect: {holder: antwerp-a, by: territories}}"),
    ("{name: a, lead: {country: DE}}",
     "{name: a, lead: {country: DE}, expect: {holder: inside-sales, by: house, because: [], flags: [nobody_serves]}}"),
    ("{name: a, lead: {country: DE}, expect: {}}",
     "{name: a, lead: {country: DE}, expect: {holder: inside-sales, by: house, because: [], flags: [nobody_serves]}}"),
    ("name: a\n    expect:   # later\n    lead: {country: DE}",
     ("name: a\n    expect: {holder: inside-sales, by: house, because: [], flags: [nobody_serves]}   # later\n"
     "    lead: {country: DE}")),
    ("name: a # one\n    lead:\n      country: DE # two\n    # three",
     ("name: a # one\n    lead:\n      country: DE # two\n"
     "    expect: {holder: inside-sales, by: house, because: [], flags: [nobody_serves]}\n    # three")),
    (("name: a\n    lead: {country: BE, postcode: 2018}\n    expect:\n      because:\n      - x # x\n      - y # y\n"
     "      # end\n      'holder': 'delta' # z"),
     ("name: a\n    lead: {country: BE, postcode: 2018}\n    expect:\n      because:\n      - antwerp # y\n"
     "      # end\n      'holder': 'antwerp-a' # z")),
    ("name: a\n    lead: {country: BE, postcode: 2018}\n    expect: {flags: [conflict, review], holder: antwerp-a}",
     "name: a\n    lead: {country: BE, postcode: 2018}\n    expect: {flags: [], holder: antwerp-a}"),
    ("name: a\n    lead: {country: Belgum}\n    expect:\n      flags:\n        - conflict # why",
     ("name: a\n    lead: {country: Belgum}\n    expect:\n      flags:\n        - nobody_serves\n"
     "        - \"unreadable:country\" # why")),
    ("name: a\n    lead: {country: BE, postcode: 2018}\n    expect:\n      holder: >-\n        delta\n      by: rules",
     "name: a\n    lead: {country: BE, postcode: 2018}\n    expect:\n      holder: antwerp-a\n      by: territories"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LAYOUTS, ids=range(len(LAYOUTS)))
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_layout_comments_and_line_ends_stay(read, before, after, ending, mark):
    head = (
        mark
        + "# é😀\n"
        + HEAD
        + "  - {name: south, lead: {country: NL, postcode: 3011}, expect: {holder: delta}}\n  - "
    )
    tail = "\n# the end\n"
    found = updated(read, (head + before + tail).replace("\n", ending))
    assert found == (head + after + tail).replace("\n", ending)


def test_a_file_whose_cases_pass_has_no_update(read):
    file = read(world.GOOD)
    assert golden.update(file, verdicts(file)) is None


def test_what_changes_is_shown(read):
    file = read(world.WRONG)
    assert golden.update(file, verdicts(file)).changes.split("\n")[:3] == [
        "cases/cases.routing.yaml:4:5: Antwerp when a is full",
        "             expected    decided",
        "  > holder   antwerp-a   antwerp-b",
    ]


def test_a_file_that_was_changed_in_the_meantime_is_not_written(read):
    file = read(world.WRONG)
    change = golden.update(file, verdicts(file))
    file.path.write_text(world.GOOD)
    with pytest.raises(DocumentError, match="was changed in the meantime"):
        golden.write(change)
    assert file.path.read_text() == world.GOOD
    file.path.unlink()
    with pytest.raises(DocumentError, match="no such file"):
        golden.write(change)


def test_an_edit_that_would_touch_more_is_refused(read, monkeypatch):
    from dealerrouting.testing import golden_update

    file = read(world.WRONG)
    monkeypatch.setattr(golden_update, "_end", lambda _, node: node.end_mark.index + 40)
    with pytest.raises(DocumentError, match="by hand"):
        golden.update(file, verdicts(file))
