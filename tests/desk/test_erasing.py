"""`erase`, `erase_expired`, `export_person`: what is erased is nowhere, and its story still holds (laws 20, 26, 29)."""

import json

import pytest

from dealerrouting.errors import NotFound, PlanError
from dealerrouting.terms import Terms
from desk_laws import all_laws, nobody_is_named
from desk_world import CANARY, World, claim, fresh_scene, lead, plan, plan_one, tables

pytestmark = pytest.mark.pure


@pytest.fixture
def world():
    return World(plan_one())


def everything(store):
    return repr(tables(store)) + repr([(one.facts, one.decision) for one in store._decisions])


def test_nobody_is_named_outside_what_leads_and_claims_say():
    store, _ = fresh_scene()
    nobody_is_named(store, CANARY)
    assert CANARY in repr(list(store._contents.values()))


def test_all_that_is_erased_is_nowhere():
    store, desk = fresh_scene()
    leads = sorted(store._cases)
    done = desk.erase(actor="dpo", reason="asked", leads=leads, claims=sorted(store._claims))
    assert done.scrubbed
    assert len(done.refs) == len(leads) + 3
    assert CANARY not in everything(store)
    assert not [one for one in store._answers.values() if one.command in ("receive", "register")]
    assert not store.survey(store.clock()).holders
    assert desk.messages() == ()
    all_laws(store, desk)


@pytest.mark.parametrize("phase", ["open", "closed", "waits"])
def test_a_lead_that_is_erased_counts_no_more_and_is_found_no_more(world, phase):
    desk = world.desk
    desk.receive(lead("L1", "US" if phase == "waits" else "LU", "acme"))
    if phase == "closed":
        desk.update("L1", assignment=1, status="won", actor="b")
    events = world.store.history("L1").events
    state = world.case("L1").state
    assert [str(ref) for ref in desk.erase(leads=["L1"], actor="dpo").refs] == ["lead:L1"]
    case = world.case("L1")
    assert (case.phase, case.open, case.keys, case.state) == ("erased", False, (), state)
    assert world.store.history("L1").content is None
    assert world.store.history("L1").events == events
    assert desk.replayed("L1").same
    assert world.open("b") == 0
    fresh = desk.receive(lead("L2", "FR", "acme"))
    assert (fresh.outcome, fresh.holder) == ("assigned", "c")  # nobody's customer any more
    world.days(10)
    assert world.case("L1").state == state
    all_laws(world.store, desk)


def test_the_id_of_what_was_erased_is_not_used_again_and_nothing_is_kept_of_who_tries(world):
    world.desk.receive(lead("L1"), key="k")
    world.desk.erase(leads=["L1"], actor="dpo")
    before = tables(world.store)
    for key in ("k", "other", None):
        done = world.desk.receive(lead("L1"), key=key)
        assert (done.outcome, done.refused, done.repeated) == ("erased", True, False)
    for say in (world.desk.accept, world.desk.resume):
        assert say("L1", assignment=1, actor="a", key="said").outcome == "erased"
    assert tables(world.store) == before


def test_erased_twice_it_is_erased_once(world):
    world.desk.receive(lead("L1"))
    world.desk.register(claim("R1", "b", "acme"))
    first = world.desk.erase(leads=["L1"], claims=["R1"], actor="dpo")
    assert len(first.refs) == 2
    before = tables(world.store)
    assert world.desk.erase(leads=["L1"], claims=["R1"], actor="dpo").refs == ()
    assert tables(world.store) == before
    with pytest.raises(NotFound):
        world.desk.erase(leads=["L9"], actor="dpo")


def test_somebody_erases(world):
    world.desk.receive(lead("L1"))
    before = tables(world.store)
    with pytest.raises(TypeError):
        world.desk.erase(leads=["L1"])
    with pytest.raises(ValueError, match="actor"):
        world.desk.erase(leads=["L1"], actor=" ")
    assert tables(world.store) == before
    world.desk.erase(leads=["L1"], actor="dpo", reason="asked")
    act = world.store.acts()[-1]
    assert (act.do, act.what, act.actor, act.reason) == ("erase", "lead:L1", "dpo", "asked")


def test_a_dry_run_says_what_would_be_erased_and_erases_nothing(world):
    world.desk.receive(lead("L1"))
    before = tables(world.store)
    done = world.desk.erase(leads=["L1"], actor="dpo", dry_run=True)
    assert ([str(ref) for ref in done.refs], done.dry_run) == (["lead:L1"], True)
    assert tables(world.store) == before


# Leads that go together


def together(world):
    for ident in ("L1", "L2", "L3"):
        world.clock.go(minutes=1)
        world.desk.receive(lead(ident, "BE", "acme"))
    return world.desk


def test_the_oldest_carries_on_with_the_same_holder(world):
    desk = together(world)
    holder = world.holder("L1")
    world.clock.go(days=1)
    desk.erase(leads=["L1"], actor="dpo")
    case = world.case("L2")
    assert (case.phase, case.holder, case.links, case.linked) == ("offered", holder, ("L3",), None)
    assert case.state.standing.since == world.clock()  # a fresh clock
    assert world.case("L3").linked == "L2"
    assert world.open(holder) == 1
    assert desk.receive(lead("L4", "BE", "acme")).linked == "L2"
    assert desk.replayed("L1").same
    assert desk.replayed("L2").same
    all_laws(world.store, desk)


def test_one_that_goes_with_another_is_erased_by_itself(world):
    desk = together(world)
    desk.erase(leads=["L2"], actor="dpo")
    assert world.case("L1").links == ("L3",)
    assert world.case("L1").open
    assert world.case("L2").phase == "erased"
    desk.update("L1", assignment=1, status="lost", actor="b")
    all_laws(world.store, desk)


def test_all_of_a_company_one_after_the_other(world):
    desk = together(world)
    for ident in ("L1", "L2", "L3"):
        desk.erase(leads=[ident], actor="dpo")
        all_laws(world.store, desk)
    assert not world.desk.health().survey.holders


def test_what_carries_on_for_one_that_waited_waits_in_its_place(world):
    desk = world.desk
    for ident in ("F1", "F2"):
        desk.receive(lead(ident))
    for ident in ("W1", "W2"):
        desk.receive(lead(ident, "NL", "acme"))
    assert world.case("W2").linked == "W1"
    desk.erase(leads=["W1"], actor="dpo")
    assert world.case("W2").waits_for == ("a",)
    desk.update("F1", assignment=1, status="lost", actor="a")
    assert world.holder("W2") == "a"
    all_laws(world.store, desk)


# Claims, persons, what has expired


def test_a_claim_that_is_erased_protects_nobody_and_makes_room(world):
    desk = world.desk
    desk.register(claim("R1", "b", "acme"))
    desk.register(claim("R2", "a", "acme"))
    desk.erase(claims=["R1"], actor="dpo")
    assert "R1" not in world.store._claims
    world.days(2)
    assert world.store._claims["R2"].claim.status == "approved"
    assert desk.receive(lead("L1", "FR", "acme")).holder == "a"


def test_a_person_is_found_by_mail_in_leads_and_claims(world):
    mail = f"{CANARY}.who@gmail.com"
    world.desk.receive(lead("L1", email=mail))
    world.desk.receive(lead("L2", email=mail.upper()))
    world.desk.receive(lead("L3"))
    done = world.desk.erase(person=f" {mail} ", actor="dpo")
    assert [str(ref) for ref in done.refs] == ["lead:L1", "lead:L2"]
    assert world.case("L3").open
    assert world.desk.erase(person=mail, actor="dpo").refs == ()


def test_what_is_over_for_long_is_erased_and_nothing_else(world):
    desk = world.desk
    for ident in ("L1", "L2"):
        desk.receive(lead(ident, "LU", "acme" if ident == "L1" else None))
    desk.register(claim("R1", "b", "other"))
    desk.update("L1", assignment=1, status="lost", actor="b")
    world.clock.go(days=100)
    assert desk.erase_expired(actor="dpo").refs == ()
    world.clock.go(days=1)
    dry = desk.erase_expired(actor="dpo", dry_run=True)
    assert [str(ref) for ref in dry.refs] == ["lead:L1"]
    assert desk.erase_expired(actor="dpo").refs == dry.refs
    assert desk.erase_expired(actor="dpo").refs == ()
    assert world.case("L2").open


def test_a_plan_that_names_no_retention_erases_nothing_by_itself():
    world = World(plan(terms=Terms()))
    with pytest.raises(PlanError, match="retention"):
        world.desk.erase_expired(actor="dpo")


def test_a_person_is_handed_everything_in_json(world):
    mail = f"{CANARY}.L1@gmail.com"
    world.desk.receive(lead("L1", "LU", "acme"))
    world.desk.register(claim("R1", "b", "other"))
    found = world.desk.export_person(mail)
    assert json.loads(json.dumps(found)) == found
    (one,) = found["leads"]
    assert one["lead"]["email"] == mail
    assert (one["holder"], one["phase"], len(one["decisions"]), len(one["messages"])) == ("b", "offered", 1, 1)
    assert one["events"][0]["type"] == "assigned"
    assert world.desk.export_person(f"{CANARY}.R1@gmail.com")["registrations"][0]["id"] == "R1"
    assert world.desk.export_person("nobody@gmail.com")["leads"] == []
