"""Planted faults: the laws of mutation turn red on a kit that makes, runs or judges mutants wrongly."""

import importlib.util
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from attrs import evolve

import mutation_laws as laws
import mutation_world as world
from dealerrouting import Facts, Lead, PastHolder, Rule, Territory, by, verify, where
from dealerrouting.documents import load_plan
from dealerrouting.postcode import parse_set
from dealerrouting.testing.mutation import (
    Bench,
    Case,
    RedTests,
    Run,
    cases,
    conditions,
    judged,
    mutants,
    nouns,
    running,
    stepping,
    survivors,
    written,
)

PLAN = world.plan()
TESTS = Path(__file__).parents[1]


def _tests(name):
    spec = importlib.util.spec_from_file_location(f"{name}_laws", TESTS / "testing" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


survivor_laws, mutant_laws = _tests("test_mutation_survivors"), _tests("test_mutation_mutants")


def turns_red(law, *given):
    with pytest.raises(AssertionError):
        law(*given)


# Mutants that are made wrongly


@pytest.mark.parametrize("sets", ["NL 3000..3399; 3500", "GB SW1; SW10..SW12"])
@pytest.mark.parametrize("fault", ["inward", "kind", "half open", "fine steps"])
def test_postcodes_that_move_wrongly(monkeypatch, fault, sets):
    true = stepping._moves

    def moves(order, lo, hi):
        for name, kind, message, was, moved in true(order, lo, hi):
            if fault == "inward" and name == "end+":
                yield name, kind, message, was, (lo, max(lo, hi - 1))
            elif fault == "half open" and name == "end+":
                yield name, kind, message, was, (lo, moved[1] - 1)
            elif fault == "fine steps" and name == "start-":
                yield name, kind, message, was, (lo, hi)
            else:
                yield name, "widen" if fault == "kind" else kind, message, was, moved

    codes = parse_set(sets[:2], sets[3:])
    laws.postcodes_move_by_one_code(codes)
    monkeypatch.setattr(stepping, "_moves", moves)
    turns_red(laws.postcodes_move_by_one_code, codes)


@pytest.mark.parametrize(
    ("module", "name", "fault"),
    [
        (nouns, "_dated", lambda noun, column, value: noun),
        (nouns, "_dated", lambda noun, column, value: evolve(noun, valid_from=None, valid_until=None)),
        (nouns, "_dealers", lambda source, weights: source),
        (conditions, "_instead", lambda condition, at, part: condition),
        (nouns, "_column", lambda territory, column, value: evolve(territory, sectors=())),
    ],
)
def test_a_change_that_changes_nothing_or_something_else(monkeypatch, module, name, fault):
    monkeypatch.setattr(module, name, fault)
    turns_red(laws.one_thing_is_changed, PLAN)


@pytest.mark.parametrize("fault", ["not", "ends"])
def test_a_condition_that_is_wider_and_called_narrower(monkeypatch, fault):
    condition = ~(where.value <= 7)
    if fault == "not":
        monkeypatch.setattr(conditions, "_OTHER_WAY", {})
    else:
        monkeypatch.setattr(conditions, "_ORDERED", {"lte": (("start", 0),)})
    plan = world.plan(rules=[Rule("r", when=condition, dealers=["a"])])

    def holds(mutant, lead):
        return _true(mutant.plan, lead)

    found = [one for one in mutants(plan) if one.id.startswith("rule/r/when.not.")]
    leads = [Lead("L", value=value) for value in (6, 7, 8)]
    turns_red(laws.kinds_are_what_they_say, condition, leads, found, holds, lambda _, lead: _true(plan, lead))


def _true(plan, lead):
    return plan.sources["rules"][0].condition.truth(plan.lens.read(lead, world.MAY).facts, lambda _: None) is True


# Tests that are run wrongly: the fault is planted in the worker, a process of its own

NOTHING_IS_PUT = "reaching.Reach.put = lambda self, other: setattr(self, 'asked', 1)"
ONLY_THE_NAME = """
def put(self, other, was=reaching.Reach._in_modules):
    import sys
    setattr(sys.modules["d_shop.plans"], "plan", other)
reaching.Reach._in_modules = put
"""
ONLY_THE_ATTRIBUTE = """
def put(self, other):
    from dealerrouting import documents
    self.asked = 1
    documents.load_plan = reaching.loading.load_plan = lambda path, customs=None, *, say=None: other
reaching.Reach._in_loading = put
"""
A_CACHE = "worker._options = lambda folder: ('-q', '-p', 'no:randomly')"
CHANCE = "worker.Watch.pytest_collection = lambda self: None\nworker.Watch.pytest_configure = lambda self: None"


@pytest.fixture
def planted(monkeypatch):
    """Plants a fault in the process that runs the tests."""

    def plant(code):
        begin = "from dealerrouting.testing.mutation import reaching, worker\n"
        path = "import sys; sys.path.insert(0, '')\n"
        monkeypatch.setattr(running, "_WORKER", ("-c", f"{begin}{path}{code}\nworker.main()"))

    return plant


@pytest.mark.parametrize("fault", [NOTHING_IS_PUT, ONLY_THE_ATTRIBUTE, A_CACHE])
def test_a_mutant_that_does_not_reach_the_goldens_or_a_run_that_writes(planted, tmp_path, fault):
    planted(fault)
    turns_red(laws.goldens_kill_what_they_cover, tmp_path)


def test_a_plan_that_is_replaced_under_one_name_only(planted, tmp_path):
    planted(ONLY_THE_NAME)
    turns_red(laws.a_plan_in_python_is_replaced_under_every_name, tmp_path)


def test_examples_that_are_drawn_by_chance(planted, tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.delenv("CI", raising=False)  # where Hypothesis leaves nothing to chance by itself
    planted(CHANCE)
    turns_red(laws.hypothesis_draws_the_same_every_time, tmp_path, tmp_path_factory.mktemp("seen") / "codes")


def test_a_crash_that_counts_as_green(monkeypatch, tmp_path):
    monkeypatch.setattr(running, "Run", lambda fate, by="": Run("survived") if by == "crash" else Run(fate, by))
    turns_red(laws.a_plan_in_python_is_replaced_under_every_name, tmp_path)


def test_red_tests_that_are_taken_for_green(monkeypatch, tmp_path):
    monkeypatch.setattr(running, "_faults", lambda *_, **__: ())
    world.write(tmp_path, world.FILES)
    world.write(tmp_path, {"tests/test_red.py": "def test_it():\n    assert False\n"})
    with laws.called_from(tmp_path), Bench("plan.yaml", ["tests"]) as bench:
        bench.settle()  # which the true one refuses
    monkeypatch.undo()
    with laws.called_from(tmp_path), Bench("plan.yaml", ["tests"]) as bench, pytest.raises(RedTests):
        bench.settle()


# Survivors that are judged wrongly


def test_a_case_that_does_not_kill(monkeypatch, tmp_path):
    plan = load_plan(world.write(tmp_path, world.FILES) / "plan.yaml")
    one = next(one for one in mutants(plan) if one.id == "territory/city/dealers.b.other")
    lead, facts, at = Lead("w", country="NL", postcode="3000"), Facts(), world.MAY
    witness = SimpleNamespace(lead=lead, facts=facts, at=at)
    monkeypatch.setattr(verify, "equal", lambda *_: SimpleNamespace(holds=False, witness=witness))
    laws.kills(judged(plan, one, Run("survived")).case, plan, one.plan, tmp_path)
    taken = lambda plan, other, witness: Case(lead, at, facts, cases.route(lead, plan, facts, at=at))  # noqa: E731
    monkeypatch.setattr(survivors, "case_of", taken)
    turns_red(laws.kills, judged(plan, one, Run("survived")).case, plan, one.plan, tmp_path)


# Cases that are harder to read than they need be, or of what nobody wrote


def changed_in_may(name="territory/t/drop"):
    """A plan in which the mutant is told at every instant, and was found at midnight before a Sunday."""
    plan = world.plan(territories=[Territory("t", ["a"])], rules=(), accounts=(), rungs=[by.territories()])
    other = next(one.plan for one in mutants(plan) if one.id == name)
    return plan, other, datetime(2027, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("_mornings", lambda plan, near: ([], [])),
        ("_instants", lambda plan, near: [near] * 4),
        ("time", lambda hour: time(hour - 9)),
    ],
)
def test_a_case_that_stands_where_it_was_found(monkeypatch, name, fault):
    plan, other, found = changed_in_may()
    witness = SimpleNamespace(lead=Lead("w"), facts=Facts(), at=found)
    laws.stands_on_a_working_day(cases.case_of(plan, other, witness), plan, other)
    monkeypatch.setattr(cases, name, fault)
    turns_red(laws.stands_on_a_working_day, cases.case_of(plan, other, witness), plan, other)


def test_an_incumbent_that_is_not_asked_for(monkeypatch):
    """Tried before anything else, as if a rung asked for it."""
    law = survivor_laws.test_an_incumbent_that_no_rung_asks_for_is_in_no_case
    law()
    away = Facts(past_holders=[PastHolder("w", "c", "excluded")])
    true = cases.case_of
    monkeypatch.setattr(survivors, "case_of", lambda *given: evolve(true(*given), facts=away))
    turns_red(law)


def test_a_claim_that_stays_behind_when_the_instant_moves(monkeypatch, tmp_path):
    law = survivor_laws.test_a_claim_or_an_open_lead_moves_with_the_instant_of_its_case
    law(tmp_path)
    monkeypatch.setattr(cases, "_later", lambda facts, by: facts)
    turns_red(law, tmp_path)


@pytest.mark.parametrize("fault", ["others only", "territories only"])
def test_a_lead_that_has_moved_on_is_sought_in_too_few_places(monkeypatch, tmp_path, fault):
    if fault == "others only":
        plan, name = world.plan(dealers=survivor_laws.TWO, accounts=(), rules=(), territories=survivor_laws.ONE), "+"
    else:
        rungs = [by.rules(survivor_laws.RULE_OF_A)]
        plan, name = world.plan(dealers=survivor_laws.TWO, accounts=(), rungs=rungs, territories=()), "-"
    law = survivor_laws.test_how_often_a_lead_may_move_has_a_case_on_whatever_rung
    law(plan, name, tmp_path)
    if fault == "others only":
        true = cases._been
        monkeypatch.setattr(cases, "_been", lambda *given: islice(true(*given), 0))
    else:
        monkeypatch.setattr(cases, "mutants", lambda plan, **told: ())
    with pytest.raises(AttributeError):  # there is no case to be held against anything
        law(plan, name, tmp_path)


@pytest.mark.parametrize("fault", ["every term", "no part", "no default"])
def test_terms_that_nobody_wrote(monkeypatch, tmp_path, fault):
    def law(folder):
        mutant_laws.test_terms_are_changed_that_a_file_writes_also_as_they_are_by_default(".json", folder)

    law(tmp_path)
    if fault == "every term":
        monkeypatch.setattr(written, "terms_in", lambda name: load_plan(name).terms.data())
    elif fault == "no part":
        monkeypatch.setattr(written, "_INNER", ())
    else:
        monkeypatch.setattr(mutant_laws, "written_terms", lambda name, plan: written.unlike_default(plan.terms))
    turns_red(law, tmp_path)
