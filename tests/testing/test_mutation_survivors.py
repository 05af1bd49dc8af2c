"""What came of a mutant, the case that would kill it, and the report."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from attrs import evolve

import mutation_laws as laws
import mutation_world as world
from dealerrouting import (
    Dealer,
    Elapsed,
    Facts,
    Lead,
    Plan,
    Registration,
    Rule,
    Territory,
    by,
    route,
    verify,
    where,
)
from dealerrouting.documents import load_plan
from dealerrouting.testing import golden
from dealerrouting.testing.mutation import Case, Judged, Report, Run, judged, mutants
from dealerrouting.testing.mutation.cases import case_of

SURVIVED = Run("survived")
TWO = (world.HOUSE, Dealer("a"), Dealer("b"))
ONE = (Territory("nl", ["a"], country="NL"),)
RULE_OF_A = Rule("r", when=where.country == "NL", dealers=["a"])
NEAR = (Dealer("d", lat=52.0, lon=4.0), Dealer("e", lat=52.1, lon=4.1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return world.write(tmp_path_factory.mktemp("user"), world.FILES)


@pytest.fixture(scope="module")
def plan(folder):
    return load_plan(folder / "plan.yaml")


TERMS = ("remind_after", "notice", "max_reassignments")


def mutant(plan, name):
    return next(one for one in mutants(plan, terms=TERMS) if one.id == name)


def said(monkeypatch, holds, *witness):
    """`verify.equal` says this."""
    lead, facts, at = witness or (None, None, None)
    shown = SimpleNamespace(lead=lead, facts=facts, at=at) if witness else None
    monkeypatch.setattr(verify, "equal", lambda *_: SimpleNamespace(holds=holds, witness=shown), raising=False)


def test_a_run_that_killed_is_not_asked_further(plan, monkeypatch):
    monkeypatch.setattr(verify, "equal", lambda *_: pytest.fail("asked"), raising=False)
    one = mutant(plan, "territory/city/drop")
    assert judged(plan, one, Run("killed", "test_x")) == Judged(one, "killed", "test_x")
    assert judged(plan, one, Run("invalid")) == Judged(one, "invalid")


def test_what_verify_says_is_taken_at_its_word(plan, monkeypatch):
    one = mutant(plan, "territory/city/drop")
    said(monkeypatch, True)
    assert judged(plan, one, SURVIVED).fate == "equivalent"
    said(monkeypatch, None)
    unknown = judged(plan, one, SURVIVED)
    assert (unknown.fate, unknown.case, unknown.survives) == ("undecided", None, True)
    said(monkeypatch, False, Lead("w", country="NL", postcode="3000"), Facts(), world.MAY)
    found = judged(plan, one, SURVIVED)
    assert (found.fate, found.case.lead.id, found.case.decision.holder) == ("survived", "w", "a")


def test_every_case_of_verify_kills_its_mutant(plan, tmp_path):
    """Every mutant, as if no test had noticed it: equivalent exactly where trying finds nothing, else with a killer."""
    equivalent = []
    for one in mutants(plan):
        other = one.plan
        if other is None:
            continue
        found, tried = judged(plan, one, SURVIVED), world.differing(plan, other)
        assert found.fate != "undecided", one.id
        if found.fate == "equivalent":
            assert tried is None, one.id
            equivalent.append(one.id)
        else:
            assert found.case is not None, one.id
            laws.kills(found.case, plan, other, tmp_path)
            laws.stands_on_a_working_day(found.case, plan, other)
    assert equivalent == EQUIVALENT


EQUIVALENT = [
    "rung/territories/pick.0.drop",  # no territory of this plan lies in another, or meets another
    "territory/city/exclusive",
    "territory/late/exclusive",
    "territory/south/exclusive",
]


def test_weights_are_shown_by_whose_turn_it_is(plan, monkeypatch, tmp_path):
    one = mutant(plan, "territory/city/weights.a")
    said(monkeypatch, False, Lead("w", country="NL", postcode="3000"), Facts(), world.MAY)
    laws.kills(judged(plan, one, SURVIVED).case, plan, one.plan, tmp_path)
    two, three = (
        Plan(
            "p",
            house="office",
            dealers=world.DEALERS,
            territories=[Territory("t", dealers={"a": weight, "b": 1}, country="NL")],
            precedence=[by.territories()],
        )
        for weight in (2, 3)
    )
    case = judged(
        two, evolve(mutant(two, "territory/t/weights.a"), make=lambda: three), SURVIVED
    ).case  # the first lead is a's in both
    assert case.facts.ledgers
    laws.kills(case, two, three, tmp_path)


def test_a_dealer_that_only_counts_when_another_is_away(plan, monkeypatch, tmp_path):
    one = mutant(plan, "territory/city/dealers.b.other")
    said(monkeypatch, False, Lead("w", country="NL", postcode="3000"), Facts(), world.MAY)
    case = judged(plan, one, SURVIVED).case
    assert [past.dealer for past in case.facts.past_holders] == ["a"]
    laws.kills(case, plan, one.plan, tmp_path)


def test_terms_are_no_matter_of_routing_but_for_how_often_a_lead_moves(plan, monkeypatch, tmp_path):
    monkeypatch.setattr(verify, "equal", lambda *_: pytest.fail("asked"), raising=False)
    long = judged(plan, mutant(plan, "terms/remind_after.double"), SURVIVED)
    assert (long.fate, long.case) == ("survived", None)
    fewer = judged(plan, mutant(plan, "terms/max_reassignments-"), SURVIVED)
    laws.kills(fewer.case, plan, fewer.mutant.plan, tmp_path)


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(world.plan(), id="everything"),
        pytest.param(world.plan(dealers=TWO, accounts=(), rules=(), territories=ONE), id="fewer dealers than moves"),
        pytest.param(world.plan(dealers=TWO, accounts=(), rungs=[by.rules(RULE_OF_A)], territories=()), id="rules"),
        pytest.param(
            world.plan(dealers=[world.HOUSE, *NEAR], accounts=(), rungs=[by.nearest(within_km=80)], territories=()),
            id="nearest",
        ),
    ],
)
@pytest.mark.parametrize("sign", "+-")
def test_how_often_a_lead_may_move_has_a_case_on_whatever_rung(plan, sign, tmp_path):
    one = mutant(plan, f"terms/max_reassignments{sign}")
    case = judged(plan, one, SURVIVED).case
    laws.kills(case, plan, one.plan, tmp_path)
    laws.stands_on_a_working_day(case, plan, one.plan)


def test_an_incumbent_that_no_rung_asks_for_is_in_no_case():
    """An account's rung left out is shown by a lead of that company, and by nothing that has happened before."""
    plan = world.plan(rungs=[by.accounts(), by.territories()], rules=())
    case = judged(plan, mutant(plan, "rung/accounts/drop"), SURVIVED).case
    assert (case.facts, case.lead.company) == (Facts(), world.JANSEN)
    assert case.decision.because == ("K1",)


def test_a_case_that_needs_one_day_stands_on_it_at_nine_on_the_clock_of_the_plan():
    """A Monday, of which a plan in Amsterdam's time begins at 22:00 UTC the day before."""
    june = datetime(2027, 5, 31, 22, tzinfo=UTC)
    plan = world.plan(
        territories=[Territory("t", ["a"], valid_until=june)],
        rules=(),
        accounts=(),
        rungs=[by.territories()],
        timezone="Europe/Amsterdam",
    )
    case = judged(plan, mutant(plan, "territory/t/valid_until-"), SURVIVED).case
    assert case.at == datetime(2027, 5, 31, 7, tzinfo=UTC)


def test_a_claim_or_an_open_lead_moves_with_the_instant_of_its_case(tmp_path):
    """What stood where the difference was found stands on the working day too."""
    autumn = datetime(2027, 9, 4, 23, tzinfo=UTC)
    rungs = [by.registrations(), by.territories()]
    one, two = (
        world.plan(dealers=TWO, rungs=rungs[n:], accounts=(), rules=(), territories=[Territory("t", ["a"])])
        for n in (0, 1)
    )
    lead, facts = Lead("w", company=world.JANSEN), claimed("b", autumn)
    case = case_of(one, two, SimpleNamespace(lead=lead, facts=facts, at=autumn))
    assert (case.at, case.decision.by) == (datetime(2027, 1, 4, 9, tzinfo=UTC), "registrations")
    laws.kills(case, one, two, tmp_path)


def claimed(dealer, at):
    day = timedelta(days=1)
    claim = Registration(
        "R1", dealer, world.JANSEN, status="approved", submitted_at=at - day, decided_at=at - day, expires_at=at + day
    )
    return Facts(registrations=[claim])


@pytest.mark.parametrize("name", ["won_within.double", "won_within.half", "won_within.drop", "later"])
def test_what_is_told_by_incumbents_alone(name, tmp_path):
    """A lead won long ago, and an account with an incumbent: beyond what `verify.equal` looks at."""
    rungs = [by.accounts(), by.incumbent(won_within=Elapsed(days=730)), by.territories()]
    plan = world.plan(rungs=rungs if name != "later" else [rungs[1], rungs[0], rungs[2]], rules=())
    one = mutant(plan, f"rung/incumbent/{name}")
    found = judged(plan, one, SURVIVED)
    assert found.fate == "survived"
    laws.kills(found.case, plan, one.plan, tmp_path)


# The report


@pytest.fixture
def report(plan):
    at = world.MAY
    lead = Lead("w", country="NL", postcode="3000")
    case = Case(lead, at, Facts(), route(lead, plan, at=at))
    return Report(
        plan,
        (
            Judged(mutant(plan, "territory/city/drop"), "survived", case=case),
            Judged(mutant(plan, "territory/city/exclusive"), "survived"),
            Judged(mutant(plan, "territory/city/dealers.a.drop"), "survived", case=case),
            Judged(mutant(plan, "territory/south/drop"), "killed", "test_x"),
            Judged(mutant(plan, "rule/big/drop"), "undecided"),
            Judged(mutant(plan, "rule/big/when.0.drop"), "equivalent"),
            Judged(mutant(plan, "terms/notice.half"), "survived"),
            Judged(mutant(plan, "terms/remind_after.double"), "invalid"),
        ),
    )


def test_the_report_lists_survivors_by_place(report):
    text = "\n".join(report.lines())
    assert text.startswith("small: 7 mutants: 1 killed, 4 survived, 1 equivalent, 1 not decided.\n")
    assert text.count('territory "city"') == 1
    assert "\n".join(report.lines())[text.index("\nterms\n") :].splitlines()[1:] == [
        "terms",
        "  notice 12h instead of 24h  [terms/notice.half]",
        "    no golden case shows it: test the terms",
    ]
    wanted = [
        'territory "city"',
        "  is left out  [territory/city/drop]",
        "      - name: territory/city/drop",
        '        lead: {id: w, country: NL, postcode: "3000"}',
        "        at: 2027-05-01T00:00:00Z",
        "        expect: {holder: a, by: territories, because: [city], flags: []}",
        "  is exclusive  [territory/city/exclusive]",
        "    no single golden case shows it",
    ]
    assert "\n".join(wanted) in text
    assert "expect" not in "\n".join(report.lines(cases=False))
    dutch = "\n".join(report.lines("nl"))
    assert 'gebied "city"\n  valt weg' in dutch
    assert "4 overleefden" in dutch


def test_the_report_as_data(report):
    data = report.data()
    assert data["totals"] == {"killed": 1, "survived": 4, "equivalent": 1, "undecided": 1, "invalid": 1}
    row = data["mutants"][0]
    assert row | {"case": None} == {
        "id": "territory/city/drop",
        "kind": "drop",
        "place": 'territory "city"',
        "path": ["territories", 0],
        "text": 'territory "city": is left out',
        "fate": "survived",
        "by": None,
        "case": None,
    }
    assert row["case"].startswith("  - name: territory/city/drop\n")
    assert data["mutants"][3]["by"] == "test_x"


def test_the_golden_file_has_each_case_once(report, tmp_path, folder):
    path = folder / "more.routing.yaml"
    path.write_text(report.golden("plan.yaml"), "utf-8")
    assert [case.name for case in golden.read(path).cases] == ["territory/city/drop"]
    path.unlink()
    assert Report(report.plan, report.mutants[1:2]).golden("plan.yaml") is None


def test_nothing_left_to_cover_and_nothing_covered(report):
    assert list(Report(report.plan, report.mutants[3:4]).lines())[1:] == ["Every change was noticed by a test."]
    none = list(Report(report.plan, report.mutants[1:2]).lines())
    assert none[1] == "No change at all was noticed: do these tests look at this plan?"
