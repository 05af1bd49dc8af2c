"""Leads of one company go together: one holder who knows of all of them, whatever becomes of the first."""

import pytest

from dealerrouting import Company
from dealerrouting.errors import LeadRefused, NotFound
from desk_laws import all_laws
from desk_world import World, claim, lead, plan_one

pytestmark = pytest.mark.pure

NUMBER = "24123456"


@pytest.fixture
def world():
    return World(plan_one())


def two(world, **more):
    world.desk.receive(lead("L1", "DE", "acme"))
    world.desk.receive(lead("L2", "DE", "acme", **more))


def numbered(ident, country="DE"):
    return lead(ident, country, company=Company(number=NUMBER, country="NL"))


def known_by_both(ident):
    return lead(ident, "DE", company=Company("Acme", domain="zq7canary-acme.example", number=NUMBER, country="NL"))


def told(world, lead_id):
    return [(one.does, one.to) for one in world.desk.messages(limit=1_000) if one.lead == lead_id]


def test_a_linked_lead_is_found_by_its_own_keys(world):
    world.desk.receive(lead("L1", "DE", "acme"))
    world.desk.receive(known_by_both("L2"))
    assert world.case("L2").linked == "L1"
    third = world.desk.receive(numbered("L3", "FR"))
    assert (third.outcome, third.linked, third.holder) == ("linked", "L1", world.holder("L1"))
    world.desk.update("L1", assignment=1, status="lost", actor="x")
    assert world.desk.receive(numbered("L4", "FR")).holder == "c"  # all that is over
    all_laws(world.store, world.desk)


def test_a_new_holder_is_told_of_what_goes_with_its_lead(world):
    two(world)
    first = world.holder("L1")
    world.send()
    world.desk.decline("L1", assignment=1, reason="busy", actor=first)
    second = world.holder("L1")
    assert told(world, "L2") == [("linked", second)]
    world.desk.reassign("L1", to=first, reason="asked", actor="boss")
    assert told(world, "L2") == [("linked", first)]  # the other one's word was dropped
    all_laws(world.store, world.desk)


def test_whoever_brought_a_linked_lead_in_hears_of_it(world):
    world.desk.receive(lead("L1", "LU", "acme"))
    world.desk.receive(lead("L2", "LU", "acme"), referred_by="c")
    world.send()
    world.desk.update("L1", assignment=1, status="quoted", actor="b")
    assert told(world, "L2") == [("notify", "c")]
    with pytest.raises(LeadRefused, match="did you mean `c`|known here"):
        world.desk.receive(lead("L3", "LU"), referred_by="nobody")


def test_when_the_first_is_erased_the_next_carries_on_as_itself(world):
    world.desk.receive(known_by_both("L1"))
    world.desk.receive(lead("L2", "DE", "acme"), referred_by="c")
    world.desk.receive(lead("L3", "DE", "acme"))
    first = world.holder("L1")
    world.desk.decline("L1", assignment=1, reason="busy", actor=first)
    second = world.holder("L1")
    world.desk.update("L1", assignment=2, status="quoted", actor=second)
    world.desk.erase(leads=["L1"], actor="dpo")
    case = world.case("L2")
    assert (case.holder, case.phase, case.linked) == (second, "quoted", None)
    assert world.case("L3").linked == "L2"
    assert ("offer", second) in told(world, "L2")
    assert [one for one in told(world, "L3") if one[0] == "linked"] == [("linked", second)]
    assert world.desk.replayed("L2").same
    assert world.desk.receive(numbered("L4", "FR")).outcome == "assigned"  # what was erased is found no more
    world.desk.decline("L2", assignment=1, reason="busy", actor=second)
    assert world.holder("L2") not in (first, second)  # nobody has it twice
    all_laws(world.store, world.desk)


def test_a_lead_that_is_taken_over_goes_with_the_one_its_holder_has(world):
    world.desk.adopt(lead("L1", "DE", "acme"), holder="c", actor="ops")
    done = world.desk.adopt(lead("L2", "DE", "acme"), holder="c", actor="ops")
    assert (done.outcome, done.linked) == ("linked", "L1")
    assert world.desk.adopt(lead("L3", "DE", "acme"), holder="b", actor="ops").outcome == "adopted"
    assert world.desk.messages() == ()
    all_laws(world.store, world.desk)


def test_what_is_erased_stays_erased(world):
    world.desk.register(claim("R1", "b", "acme"))
    world.desk.erase(claims=["R1"], actor="dpo")
    assert world.desk.register(claim("R1", "b", "acme")).outcome == "erased"
    assert world.desk.erase(claims=["R1"], actor="dpo").refs == ()


def test_nothing_named_and_nothing_known_is_said(world):
    with pytest.raises(ValueError, match="name what is to be erased"):
        world.desk.erase(actor="dpo")
    with pytest.raises(TypeError, match="lists of ids"):
        world.desk.erase(leads="L1", actor="dpo")
    with pytest.raises(NotFound, match="no registration 'R9'"):
        world.desk.erase(claims=["R9"], actor="dpo")
    for what, match in (({"lead": "L9"}, "no lead"), ({"dealer": "nobody"}, "no dealer")):
        with pytest.raises(NotFound, match=match):
            world.desk.hold(actor="ops", reason="look", **what)
    with pytest.raises(ValueError, match="reason"):
        world.desk.hold(actor="ops", reason=" ")


def test_a_mail_address_is_found_however_it_was_typed(world):
    typed, composed = "zoe\u0308@mail.example", "zo\u00eb@mail.example"
    world.desk.receive(lead("L1", "LU", email=f" {typed} "))
    for said in (typed, composed, composed.upper()):
        assert [one["holder"] for one in world.desk.export_person(said)["leads"]] == ["b"]


def test_keys_of_the_callers_are_no_ids_of_ours(world):
    world.desk.receive(lead("L1", "LU"))
    said = [
        world.desk.update("L1", assignment=1, status="contacted", actor="b", key=key)
        for key in ("L1/received", "L1/v3")
    ]
    assert [one.outcome for one in said] == ["applied", "applied"]
    assert world.desk.update("L1", assignment=1, status="won", actor="b").outcome == "applied"


def test_ids_may_be_as_long_as_they_are_allowed(world):
    long = "x" * 120
    world.desk.receive(lead(long, "LU"), referred_by="c")
    for status in ("contacted", "quoted"):
        world.desk.update(long, assignment=1, status=status, actor="b", key=f"{status}:{'y' * 150}")
    assert len(world.send()) > 2
    assert world.desk.messages() == ()


def test_without_an_outbox_a_lead_that_comes_again_is_known_by_what_it_says():
    world = World(plan_one())
    world.desk.config.keeps_answers = False
    first = world.desk.receive(lead("L1", "LU"))
    assert [(one.does, one.to) for one in first.effects] == [("offer", "b")]
    again = world.desk.receive(lead("L1", "LU"))
    assert (again.outcome, again.holder, again.repeated) == ("repeated", "b", True)
    assert world.desk.receive(lead("L1", "FR")).outcome == "refused:repeated_id"
    world.clock.go(days=3)
    reminder = world.desk.sweep().effects[0]
    assert world.desk.sent(reminder).outcome == "applied"
    world.clock.go(days=4)
    assert "withdraw" in [one.does for one in world.desk.sweep().effects]
