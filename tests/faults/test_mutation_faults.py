"""Planted faults: the laws of mutation turn red on a kit that makes, runs or judges mutants wrongly."""

from types import SimpleNamespace

import pytest
from attrs import evolve

import mutation_laws as laws
import mutation_world as world
from dealerrouting import Facts, Lead, Rule, verify, where
from dealerrouting.documents import load_plan
from dealerrouting.postcode import parse_set
from dealerrouting.testing.mutation import (
    Bench,
    Case,
    RedTests,
    Run,
    conditions,
    judged,
    mutants,
    nouns,
    running,
    stepping,
    survivors,
)

PLAN = world.plan()


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


def test_examples_that_are_drawn_by_chance(planted, tmp_path, tmp_path_factory):
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
    taken = lambda plan, other, witness: Case(lead, at, facts, survivors.route(lead, plan, facts, at=at))  # noqa: E731
    monkeypatch.setattr(survivors, "_case", taken)
    turns_red(laws.kills, judged(plan, one, Run("survived")).case, plan, one.plan, tmp_path)
