"""What must hold of the mutation of a plan, as laws that tests and planted faults ask alike."""

import os
import sys
from contextlib import contextmanager
from datetime import timedelta

from attrs import fields

import mutation_world as world
from dealerrouting import route
from dealerrouting.documents import load_plan
from dealerrouting.postcode import parse, parse_set
from dealerrouting.rules.canonical import plan_data
from dealerrouting.terms import ClaimTerms, HouseTerms, Terms
from dealerrouting.testing import golden
from dealerrouting.testing.mutation import Bench, mutants
from dealerrouting.testing.mutation.stepping import stepped_codes

PYTHON_PLAN = """
from dealerrouting import Dealer, Plan, Territory, by

plan = Plan("py", house="office", dealers=[Dealer("a"), Dealer("b"), Dealer("office", kind="house")],
    territories=[Territory("nl", dealers=["a"], country="NL"), Territory("be", dealers=["b"], country="BE")],
    precedence=[by.territories()])
print("a plan's module may say what it likes")
"""
PYTHON_TEST = """
import os
import time
from datetime import UTC, datetime

from dealerrouting import Lead, route
from d_shop import ours  # another name for the very same plan

AT = datetime(2027, 1, 4, tzinfo=UTC)


def held(country):
    return route(Lead("L", country=country), ours, at=AT).holder


def test_nl():
    holder = held("NL")
    if holder == "b":
        while True:
            time.sleep(60)  # a test that never ends on this mutant
    assert holder in ("a", "office")


def test_be():
    if held("BE") == "a":
        os._exit(9)
"""
DRAWN = """
from hypothesis import given, settings, strategies as st
from dealerrouting import Lead, route
from dealerrouting.documents import load_plan
from pathlib import Path
from datetime import UTC, datetime

PLAN = load_plan(Path(__file__).parents[1] / "plan.yaml")
SEEN = Path("{seen}")


@settings(max_examples=20)
@given(st.integers(1_000, 9_999))
def test_drawn(code):
    decision = route(Lead("L", country="NL", postcode=str(code)), PLAN, at=datetime(2027, 1, 4, tzinfo=UTC))
    with SEEN.open("a") as file:
        file.write(f"{{code}} ")
    assert decision.holder in ("a", "b", "c", "office")
"""


DAY = timedelta(days=1)
TERMS = {
    *(one.name for one in fields(Terms)),
    *(f"{part}.{one.name}" for part, kind in (("house", HouseTerms), ("claims", ClaimTerms)) for one in fields(kind)),
}
"""Every term there is, as if all had been written."""

# Mutants


def one_thing_is_changed(plan):
    """Every mutant changes what its path says and nothing else; only precedence may take along what it alone asks."""
    before = plan_data(plan)
    seen = {}
    for mutant in mutants(plan, terms=TERMS):
        made = mutant.plan
        if made is None:
            continue
        assert seen.setdefault(made.digest, mutant.id) == mutant.id
        after = plan_data(made)
        allowed = {mutant.path[0]}
        if mutant.id in ("rung/territories/drop", "rung/accounts/drop"):
            allowed.add(mutant.id.split("/")[1])
        changed = {name for name in before if before[name] != after[name]}
        assert changed, mutant.id
        assert changed <= allowed, mutant.id
        assert made.digest != plan.digest, mutant.id
        rows = before[mutant.path[0]], after[mutant.path[0]]
        if mutant.kind not in ("drop", "swap", "terms"):
            assert len(rows[0]) == len(rows[1]), mutant.id
            assert sum(row not in rows[0] for row in rows[1]) == 1, mutant.id


def postcodes_move_by_one_code(codes):
    """Each change adds or takes codes at one end, no more than one code of the coarsest kind that ends there."""
    for change in stepped_codes("postcodes", codes):
        moved = change.make()
        assert moved != codes
        assert moved.contains(codes) is (change.kind == "widen")
        assert codes.contains(moved) is (change.kind == "narrow")
        assert parse_set(codes.country, ";".join(moved.items)) == moved
        now = parse(codes.country, change.values["now"]) if "now" in change.values else None
        if now is not None:
            was = parse(codes.country, change.values["was"])
            if change.message == "mutant.start":
                assert any(now.lo == lo for lo, _ in moved.intervals) or change.kind == "widen"
                assert was.lo == now.hi + 1 if change.kind == "widen" else now.lo == was.hi + 1
            else:
                assert any(now.hi == hi for _, hi in moved.intervals) or change.kind == "widen"
                assert now.lo == was.hi + 1 if change.kind == "widen" else was.lo == now.hi + 1


def kinds_are_what_they_say(condition, leads, found, holds, was):
    """No lead that a wider condition loses, none that a narrower one wins."""
    for one in found:
        for lead in leads:
            mine, before = holds(one, lead), was(condition, lead)
            if one.kind == "widen":
                assert mine or not before, one.id
            elif one.kind == "narrow":
                assert before or not mine, one.id


# Runs


@contextmanager
def called_from(folder):
    """A user stands here."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)


def fates(bench, plan, *ids):
    """What the tests made of these mutants."""
    known = {mutant.id: mutant for mutant in mutants(plan)}
    return [(run.fate, run.by) for run in (bench.run(known[name]) for name in ids)]


def goldens_kill_what_they_cover(folder):
    """And nothing of the user's is written."""
    world.write(folder, world.FILES)
    world.write(folder, {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--junitxml=report.xml -q"\n'})
    before = world.snapshot(folder)
    with called_from(folder), Bench("plan.yaml", ["tests"]) as bench:
        assert bench.settle() == 3
        assert fates(
            bench,
            load_plan("plan.yaml"),
            "territory/south/drop",
            "territory/city/drop",
            "territory/south/postcodes.0.end-",
            "territory/late/valid_from+",
            "rule/big/when.0.drop",
            "rung/rules/drop",
        ) == [
            ("killed", "tests/cases.routing.yaml::south low"),
            ("survived", ""),
            ("killed", "tests/cases.routing.yaml::south high"),
            ("survived", ""),
            ("survived", ""),
            ("killed", "tests/cases.routing.yaml::big"),
        ]
    assert world.snapshot(folder) == before


def a_plan_in_python_is_replaced_under_every_name(folder):
    """Also where a test hangs on a mutant, and where it ends the process."""
    world.write(
        folder, {"d_shop/plans.py": PYTHON_PLAN, "d_shop/__init__.py": "from d_shop.plans import plan as ours\n"}
    )
    world.write(folder, {"tests/test_ours.py": PYTHON_TEST, "tests/conftest.py": "import d_shop\n"})
    with called_from(folder), Bench("d_shop.plans:plan", ["tests"], timeout=5) as bench:
        sys.path.insert(0, str(folder))
        try:
            plan = load_plan("d_shop.plans:plan")
        finally:
            sys.path.remove(str(folder))
            for name in ("d_shop", "d_shop.plans"):
                sys.modules.pop(name, None)
        assert bench.settle() == 2
        names = ("territory/nl/dealers.a.other", "territory/be/dealers.b.other", "territory/nl/drop")
        assert fates(bench, plan, *names) == [("killed", "timeout"), ("killed", "crash"), ("survived", "")]


def hypothesis_draws_the_same_every_time(folder, seen):
    """And keeps nothing in the user's folder."""
    world.write(folder, {"plan.yaml": world.FILES["plan.yaml"], "tests/test_drawn.py": DRAWN.format(seen=seen)})
    before = world.snapshot(folder)
    drawn = []
    with called_from(folder):
        plan = load_plan("plan.yaml")
        for _ in range(2):
            with Bench("plan.yaml", ["tests"]) as bench:
                bench.settle()
                assert fates(bench, plan, "territory/city/drop") == [("survived", "")]
            drawn.append(seen.read_text().split())
            seen.unlink()
    assert drawn[0] == drawn[1]
    half = len(drawn[0]) // 2
    assert drawn[0][:half] == drawn[0][half:]  # the plan's run, then the mutant's
    assert world.snapshot(folder) == before


# Cases


def kills(case, plan, other, folder):
    """The golden case, written and read again, is met by the plan and not by the mutant."""
    path = folder / "case.routing.yaml"
    path.write_text("cases:\n" + case.text("a case"), "utf-8")
    (read,) = golden.read(path, plan=plan).cases
    assert golden.judge(read, plan).passed
    assert not golden.judge(read, other).passed


def stands_on_a_working_day(case, plan, other):
    """At nine on the plan's clock, Monday to Friday; unless none of a week's working days shows what the case shows.

    A lead that both decide alike on every working day, with the facts as they are, has to stand somewhere else.
    """
    wall = case.at.astimezone(plan.lens.zone)
    if wall.isoweekday() <= 5 and (wall.hour, wall.minute, wall.second) == (9, 0, 0):
        return
    for start in (world.FEBRUARY - 7 * DAY, world.FEBRUARY, world.MAY, case.at):
        for number in range(7):
            day = (start + number * DAY).astimezone(plan.lens.zone)
            at = day.replace(hour=9, minute=0, second=0, microsecond=0)
            if at.isoweekday() <= 5:
                mine, theirs = (route(case.lead, one, case.facts, at=at) for one in (plan, other))
                assert (mine.holder, mine.by, mine.because) == (theirs.holder, theirs.by, theirs.because), at
