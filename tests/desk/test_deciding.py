"""`activate`, `roll_back`, `register`, `decide_registration`, `may_claim`: plans and claims (laws 21, 22, 24)."""

from datetime import timedelta

import pytest

from dealerrouting import Custom, Plan, Rule, by
from dealerrouting.errors import NotFound, PlanError
from dealerrouting.registrations import Move
from desk_laws import all_laws
from desk_world import DAY, DEALERS, START, World, changed, claim, company, lead, plan, plan_one, plan_two, tables

pytestmark = pytest.mark.pure


@pytest.fixture
def world():
    return World(plan_one())


# Plans


def test_the_first_plan_and_the_same_again():
    world = World()
    done = world.desk.activate(plan_one(), actor="ops", reason="go")
    assert (done.plan, done.since, done.before, done.changed) == (plan_one().digest, START, None, True)
    world.clock.go(days=1)
    again = world.desk.activate(plan_one(), actor="ops")
    assert (again.changed, again.since) == (False, START)
    assert len(world.store.acts()) == 1


def test_a_plan_decides_from_its_instant_on(world):
    world.desk.activate(plan_two(), actor="ops", since=START + DAY)
    assert world.desk.health().planned[0].plan == plan_two().digest
    world.clock.go(hours=23)
    assert world.desk.receive(lead("L1")).decision.plan == plan_one().digest
    world.clock.go(hours=1)
    assert world.desk.receive(lead("L2")).decision.plan == plan_two().digest
    assert world.desk.health().planned == ()


def test_a_plan_that_would_have_begun_in_the_past_is_refused(world):
    before = tables(world.store)
    with pytest.raises(PlanError, match="since"):
        world.desk.activate(plan_two(), actor="ops", since=START - timedelta(microseconds=1))
    with pytest.raises(TypeError):
        world.desk.activate(plan_two(), actor="ops", since=START.replace(tzinfo=None))
    assert tables(world.store) == before


def test_back_to_the_plan_before_and_forth(world):
    with pytest.raises(NotFound):
        world.desk.roll_back(actor="ops", reason="no")
    world.desk.activate(plan_two(), actor="ops")
    world.clock.go(days=1)
    back = world.desk.roll_back(actor="ops", reason="better before")
    assert (back.plan, back.before) == (plan_one().digest, plan_two().digest)
    assert world.desk.receive(lead("L1")).decision.plan == plan_one().digest
    with pytest.raises(NotFound):  # there is none before the first
        world.desk.roll_back(actor="ops", reason="no")
    assert [act.do for act in world.store.acts()] == ["activate", "activate", "roll_back"]


def test_a_dry_run_checks_and_changes_nothing(world):
    before = tables(world.store)
    done = world.desk.activate(plan_two(), actor="ops", dry_run=True)
    assert done.changed
    assert tables(world.store) == before


def test_a_new_plan_says_whose_leads_it_does_not_know(world):
    world.desk.receive(lead("L1", "LU"))
    rungs = [by.registrations()]
    without = Plan("small", house="house", dealers=[DEALERS[0], DEALERS[-1]], precedence=rungs)
    done = world.desk.activate(without, actor="ops")
    assert done.missing == (("b", 1),)
    assert world.holder("L1") == "b"
    assert world.desk.update("L1", assignment=1, status="won", actor="b").outcome == "applied"


def test_a_new_plan_moves_no_running_deadline(world):
    world.desk.receive(lead("L1", "LU"))
    due = world.case("L1").state.dues
    world.desk.activate(plan_two(), actor="ops")
    world.desk.accept("L1", assignment=1, actor="b")
    assert world.case("L1").state.dues == due
    world.desk.receive(lead("L2", "LU"))
    assert world.case("L2").state.policy != world.case("L1").state.policy
    world.days(20)
    all_laws(world.store, world.desk)


def customs_plan(fn):
    fleet = Custom("fleet", fn, reads=("source",), version="1")
    rule = Rule("fleets", when=fleet, dealers=["c"])
    return fleet, plan("customs", rungs=[by.rules(rule), by.territories()])


def test_a_plan_with_functions_needs_them_to_be_read_again():
    fleet, custom = customs_plan(lambda told: told["source"] == "fleet")
    world = World(custom, customs=[fleet])
    assert world.desk.receive(lead("L1", "LU", source="fleet")).holder == "c"
    assert world.desk.receive(lead("L2", "LU", source="web")).holder == "b"
    with pytest.raises(PlanError):
        World(custom)


def test_a_function_that_raises_loses_no_lead():
    def broken(told):
        raise RuntimeError("planted")

    fleet, custom = customs_plan(broken)
    world = World(custom, customs=[fleet])
    done = world.desk.receive(lead("L1", "LU"))
    assert (done.holder, done.decision.flags) == ("b", ("opaque_error",))


def test_who_decides_is_named():
    world = World()
    for told in ({}, {"actor": ""}):
        with pytest.raises((TypeError, ValueError)):
            world.desk.activate(plan_one(), **told)
    assert world.store.acts() == ()


def test_a_store_that_was_made_with_a_secret_is_read_with_no_other():
    from dealerrouting.desk import LeadDesk
    from dealerrouting.errors import StoreUnavailable

    world = World(plan_one())
    for secret in (None, b"another secret of some length"):
        with pytest.raises(StoreUnavailable):
            LeadDesk(world.store, secret=secret).receive(lead("L1"))
    with pytest.raises(ValueError, match="secret"):
        LeadDesk(world.store, secret=b"short")


# Claims


def test_of_two_claims_on_one_prospect_one_stands_and_the_other_waits_for_its_end(world):
    desk = world.desk
    assert desk.register(claim("R1", "b", "acme")).outcome == "approved"
    second = desk.register(claim("R2", "a", "acme"))
    assert (second.outcome, second.rule) == ("submitted", "first_valid")
    assert desk.receive(lead("L1", "FR", "acme")).holder == "b"
    world.desk.update("L1", assignment=1, status="lost", actor="b")
    assert desk.decide_registration("R1", Move("withdraw", "b")).outcome == "withdrawn"
    assert world.store._claims["R2"].claim.status == "approved"
    all_laws(world.store, desk)


@pytest.mark.parametrize("do", ["approve", "settle"])
def test_what_waits_is_not_approved_past_what_stands(world, do):
    world.desk.register(claim("R1", "b", "acme"))
    world.desk.register(claim("R2", "a", "acme"))
    done = world.desk.decide_registration("R2", Move(do, "boss"))
    assert done.outcome in ("refused", "submitted")
    assert world.store._claims["R2"].claim.status == "submitted"


def test_a_refusal_keeps_nothing_of_the_claim(world):
    for n in range(5):
        world.desk.register(claim(f"R{n}", "b", f"co{n}"))
    before = tables(world.store)
    done = world.desk.register(claim("R9", "b", "co9"))
    assert (done.outcome, [one.rule for one in done.reasons]) == ("refused", ["quota"])
    assert done.refused
    assert tables(world.store) == before
    world.clock.go(days=30)
    assert world.desk.register(claim("R9", "b", "co9")).outcome == "approved"  # the same id, later


def test_a_claim_twice_and_an_id_twice(world):
    world.desk.register(claim("R1", "b", "acme"))
    before = tables(world.store)
    assert world.desk.register(claim("R1", "b", "acme")).repeated
    assert [one.rule for one in world.desk.register(claim("R1", "b", "other")).reasons] == ["repeated_id"]
    assert tables(world.store) == before


@pytest.mark.parametrize(
    ("dealer", "rule"), [("nobody", "unknown_dealer"), ("b", "no_key")], ids=["unknown dealer", "no company"]
)
def test_a_claim_that_cannot_be(world, dealer, rule):
    one = claim("R1", dealer, "acme")
    if rule == "no_key":
        from attrs import evolve

        from dealerrouting import Company

        one = evolve(one, company=Company(), email=None)
    done = world.desk.register(one)
    assert rule in [reason.rule for reason in done.reasons]


@pytest.mark.parametrize(
    ("do", "outcome"),
    [
        ("withdraw", "withdrawn"),
        ("convert", "converted"),
        ("expire", "refused"),
        ("reject", "refused"),
        ("return", "refused"),
        ("extend", "refused"),
    ],
)
def test_a_move_of_an_approved_claim(world, do, outcome):
    world.desk.register(claim("R1", "b", "acme"))
    known = world.store._claims["R1"].claim
    done = world.desk.decide_registration("R1", Move(do, "boss"), key="k")
    assert done.outcome == outcome
    assert (world.store._claims["R1"].claim == known) == (outcome == "refused")
    again = world.desk.decide_registration("R1", Move(do, "boss"), key="k")
    assert (again.outcome, again.repeated) == (outcome, True)


def test_a_move_of_an_unknown_claim(world):
    with pytest.raises(NotFound, match="R9"):
        world.desk.decide_registration("R9", Move("withdraw", "b"))


def test_a_question_counts_and_there_is_an_end_to_them(world):
    ask = world.desk.may_claim
    world.desk.register(claim("R1", "b", "acme"))
    assert ask(company("acme"), dealer="a").outcome == "taken"
    assert ask(company("free"), dealer="a").outcome == "free"
    assert ask(company("acme"), dealer="a").outcome == "taken"
    refused = ask(company("free"), dealer="a")
    assert (refused.outcome, refused.reasons[0].rule) == ("refused", "quota")
    assert ask(company("free"), dealer="c").outcome == "free"
    world.clock.go(days=1)
    assert ask(company("free"), dealer="a").outcome == "free"


def test_a_dealer_that_is_served_already_is_no_prospect(world):
    world.desk.receive(lead("L1", "LU", "acme"))
    done = world.desk.register(claim("R1", "c", "acme"))
    assert done.outcome in ("rejected", "refused", "submitted")
    assert done.rule in ("customer", "alike", "another_number") or done.reasons


def test_a_plan_with_another_cap_is_another():
    assert changed("a", max_open=9).digest != plan_one().digest
