"""`receive`, `adopt`, and leads that wait: who gets a new lead, once; and who gets it later (laws 2, 4, 24, 26)."""

from datetime import timedelta

import pytest

from dealerrouting import Elapsed, Lead
from dealerrouting.errors import KeyReused, LeadRefused, NotFound
from desk_laws import all_laws
from desk_world import DAY, DEALERS, START, TERMS, World, changed, claim, lead, plan, plan_one, plan_two, tables

pytestmark = pytest.mark.pure


@pytest.fixture
def world():
    return World(plan_one())


def offers(world, ident):
    return [(one.to, one.assignment) for one, _ in world.store.history(ident).messages if one.does == "offer"]


# Who gets it


def test_a_dealer_of_its_region_gets_it_and_is_told(world):
    done = world.desk.receive(lead("L1"))
    assert (done.outcome, done.holder, done.assignment, done.phase) == ("assigned", "a", 1, "offered")
    assert offers(world, "L1") == [("a", 1)]
    assert world.open("a") == 1


def test_nobody_serves_it_so_the_house_does(world):
    done = world.desk.receive(lead("L1", "US"))
    assert (done.outcome, done.holder, done.phase) == ("house", "house", "house")
    assert done.decision.flags == ("nobody_serves",)
    assert world.case("L1").waits_for == ()
    assert offers(world, "L1") == [("house", 1)]


def test_a_lead_of_a_company_with_an_open_lead_goes_with_it(world):
    world.desk.receive(lead("L1", "BE", "acme"))
    holder = world.holder("L1")
    done = world.desk.receive(lead("L2", "DE", "acme"))
    assert (done.outcome, done.holder, done.linked, done.phase) == ("linked", holder, "L1", "linked")
    assert world.case("L2").next_due is None  # no second clock
    assert world.open(holder) == 1
    assert world.desk.receive(lead("L3", "BE", "other")).outcome == "assigned"
    world.desk.update("L1", assignment=1, status="lost", actor=holder)
    assert world.desk.receive(lead("L4", "BE", "acme")).outcome == "assigned"  # the other is over
    all_laws(world.store, world.desk)


def test_a_lead_that_goes_with_another_is_spoken_of_there(world):
    world.desk.receive(lead("L1", "BE", "acme"))
    world.desk.receive(lead("L2", "BE", "acme"))
    said = world.desk.update("L2", assignment=1, status="won", actor="x")
    assert (said.outcome, said.linked) == ("refused:linked", "L1")
    assert world.case("L1").phase == "offered"


def test_a_claimed_prospect_goes_to_the_claimant_though_it_is_full(world):
    for ident in ("L1", "L2"):
        world.desk.receive(lead(ident))
    world.desk.register(claim("R1", "a", "acme"))
    done = world.desk.receive(lead("L3", "BE", "acme"))
    assert (done.holder, done.decision.by) == ("a", "registrations")
    assert world.open("a") == 3


def test_who_brought_it_in_hears_of_every_change(world):
    world.desk.receive(lead("L1", "NL"), referred_by="b")
    world.desk.update("L1", assignment=1, status="contacted", actor="a")
    told = [one.to for one in world.desk.messages() if one.does == "notify"]
    assert told
    assert set(told) == {"b"}


def test_what_cannot_be_read_refuses_no_lead(world):
    odd = Lead("L1", country="NL", postcode="x" * 40, sector="???", value="many", lat="north", email="nobody")
    done = world.desk.receive(odd)
    assert done.outcome in ("assigned", "house")
    assert any(flag.startswith("unreadable:") for flag in done.decision.flags)


@pytest.mark.parametrize("ident", ["x" * 121, "a\nb", "a\x00b"])
def test_an_id_that_no_key_can_be_made_of_is_refused_and_nothing_is_kept(world, ident):
    before = tables(world.store)
    with pytest.raises(LeadRefused, match="id"):
        world.desk.receive(Lead(ident, country="NL"))
    assert tables(world.store) == before


def test_without_a_plan_nothing_is_received():
    world = World()
    with pytest.raises(NotFound, match="activate"):
        world.desk.receive(lead("L1"))
    assert world.case("L1") is None


# Once


def test_sent_again_it_gives_the_first_answer_and_nothing_else(world):
    first = world.desk.receive(lead("L1"), key="k")
    world.clock.go(hours=1)
    before = tables(world.store)
    again = world.desk.receive(lead("L1"), key="k")
    assert (again.outcome, again.holder, again.decision, again.repeated) == ("assigned", "a", first.decision, True)
    assert not first.repeated
    assert tables(world.store) == before


def test_the_key_of_another_content_is_an_error(world):
    world.desk.receive(lead("L1"), key="k")
    before = tables(world.store)
    for other in (lead("L1", "BE"), lead("L2")):
        with pytest.raises(KeyReused):
            world.desk.receive(other, key="k")
    with pytest.raises(KeyReused):
        world.desk.receive(lead("L1"), key="k", referred_by="b")
    with pytest.raises(KeyReused):
        world.desk.accept("L1", assignment=1, actor="a", key="k")
    assert tables(world.store) == before


def test_an_id_that_is_there_already_is_refused_under_another_key(world):
    world.desk.receive(lead("L1"), key="k")
    events = world.store.history("L1").events
    done = world.desk.receive(lead("L1", "BE"), key="other")
    assert done.outcome == "refused:repeated_id"
    assert done.refused
    assert world.store.history("L1").events == events
    assert world.store.history("L1").content == lead("L1")
    assert world.desk.receive(lead("L1", "BE")).outcome == "refused:repeated_id"


@pytest.mark.parametrize("key", ["", "x" * 201, 7])
def test_a_key_is_a_text_of_some_length(world, key):
    with pytest.raises(ValueError, match="key"):
        world.desk.accept("L1", assignment=1, actor="a", key=key)


# Taken over


@pytest.mark.slow
def test_a_thousand_that_are_taken_over_fresh_are_reminded_by_nobody_on_day_one():
    world = World(plan_one())
    for n in range(1_000):
        done = world.desk.adopt(lead(f"L{n}"), holder="b", actor="ops", since=START - 90 * DAY)
    assert (done.outcome, done.holder, done.phase) == ("adopted", "b", "offered")
    assert world.desk.messages() == ()
    world.clock.go(hours=47)
    assert world.desk.sweep().looked == 0
    assert world.desk.messages() == ()
    assert world.open("b") == 1_000


def test_taken_over_since_then_they_are_reminded_so_many_a_pass_and_the_rest_later():
    world = World(plan_one())
    for n in range(30):
        holder = "b" if n % 3 else "c"
        world.desk.adopt(lead(f"L{n:02}"), holder=holder, actor="ops", since=START - (30 + n) * DAY, clock="since")
    first = world.desk.sweep(per_dealer=8)
    assert (dict(first.to), dict(first.later)) == ({"b": 8, "c": 8}, {"b": 12, "c": 2})
    assert first.more
    assert first.messages == {"remind": 16}
    told = [first]
    while told[-1].more:
        told.append(world.desk.sweep(per_dealer=8))
    assert [dict(one.to) for one in told[1:]] == [{"b": 8, "c": 2}, {"b": 4}]
    assert sum(one.messages.get("remind", 0) for one in told) == 30
    all_laws(world.store, world.desk)


def test_the_longest_due_is_told_first():
    world = World(plan_one())
    for n in (3, 1, 2):
        world.desk.adopt(lead(f"L{n}"), holder="b", actor="ops", since=START - (10 + n) * DAY, clock="since")
    for expected in ("L3", "L2", "L1"):
        world.desk.sweep(per_dealer=1)
        assert [one.lead for one in world.send() if one.does == "remind"] == [expected]


def test_a_status_that_is_known_is_taken_over(world):
    world.desk.adopt(lead("L1"), holder="b", actor="ops", since=START - 3 * DAY, status="quoted", clock="since")
    assert world.case("L1").phase == "quoted"
    assert world.store.acts()[-1].do == "adopt"
    assert world.desk.replayed("L1").same


def test_a_holder_taken_over_is_the_company_s(world):
    world.desk.adopt(lead("L1", "NL", "acme"), holder="b", actor="ops")
    assert world.desk.receive(lead("L2", "NL", "acme")).linked == "L1"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"holder": "nobody"}, "holder"),
        ({"clock": "later"}, "clock"),
        ({"clock": "since"}, "since"),
        ({"status": "done"}, "status"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_with_its_place(world, told, field):
    before = tables(world.store)
    with pytest.raises(LeadRefused) as refused:
        world.desk.adopt(lead("L1"), **({"holder": "b", "actor": "ops"} | told))
    assert [one.place for one in refused.value.faults] == [field]
    assert tables(world.store) == before


def test_taken_over_twice_it_is_taken_over_once(world):
    world.desk.adopt(lead("L1"), holder="b", actor="ops")
    assert world.desk.adopt(lead("L1"), holder="b", actor="ops").repeated
    assert world.desk.receive(lead("L1")).outcome == "refused:repeated_id"


# Later, when somebody has room


def full(world, dealer="a", country="NL", n=2):
    for i in range(n):
        assert world.desk.receive(lead(f"F{i}", country)).holder == dealer


@pytest.mark.parametrize("end", ["lost", "declined", "withdrawn", "erased", "reassigned", "referred", "silence"])
def test_room_that_comes_free_is_for_the_lead_that_has_waited_longest(world, end):
    desk = world.desk
    full(world)
    for ident in ("W1", "W2"):
        world.clock.go(minutes=1)
        assert desk.receive(lead(ident)).holder == "house"
        assert world.case(ident).waits_for == ("a",)
    {
        "lost": lambda: desk.update("F0", assignment=1, status="lost", actor="a"),
        "declined": lambda: desk.decline("F0", assignment=1, reason="busy", actor="a"),
        "withdrawn": lambda: desk.reassign("F0", reason="slow", actor="boss"),
        "erased": lambda: desk.erase(leads=["F0"], actor="dpo"),
        "reassigned": lambda: desk.reassign("F0", to="b", reason="asked", actor="boss"),
        "referred": lambda: desk.refer("F0", assignment=1, reason="large", actor="a"),
        "silence": lambda: (desk.update("F1", assignment=1, status="quoted", actor="a"), world.days(8)),
    }[end]()
    assert world.holder("W1") == "a"
    assert world.holder("W2") == "house"
    assert (("a", 2)) in offers(world, "W1")
    all_laws(world.store, desk)


def test_a_dealer_that_is_back_gets_what_waited_for_it_and_before_newer_leads():
    away = changed("a", paused=[(START, START + 3 * DAY)])
    world = World(away)
    world.desk.receive(lead("W1"))
    assert world.case("W1").retry[0].at == START + 3 * DAY
    world.clock.go(days=3, hours=1)
    newer = world.desk.receive(lead("N1"))
    assert world.holder("W1") == "a"
    assert newer.holder == "a"
    order = [one.decision.lead for one in world.store._decisions if one.decision.holder == "a"]
    assert order == ["W1", "N1"]


def test_a_dealer_that_is_back_gets_it_by_a_sweep_alone():
    world = World(changed("a", paused=[(START, START + timedelta(hours=30))]))
    world.desk.receive(lead("W1"))
    world.clock.go(hours=29)
    world.desk.sweep()
    assert world.holder("W1") == "house"
    world.clock.go(hours=1)
    world.desk.sweep()
    assert world.holder("W1") == "a"


def test_after_thirty_days_there_is_room_again():
    world = World(changed("a", max_per_30_days=1))
    world.desk.receive(lead("L1"))
    world.desk.update("L1", assignment=1, status="lost", actor="a")
    world.clock.go(days=1)
    assert world.desk.receive(lead("W1")).holder == "house"
    for _ in range(28):
        world.clock.go(days=1)
        world.desk.sweep()
    assert world.holder("W1") == "house"
    world.clock.go(days=1)
    world.desk.sweep()
    assert world.holder("W1") == "a"


@pytest.mark.parametrize("room", [4, None], ids=["more room", "no bound any more"])
def test_a_new_plan_with_more_room_offers_again_within_a_day_and_before_newer_leads(world, room):
    full(world)
    world.desk.receive(lead("W1"))
    wider = changed("a", max_open=room) if room else changed("a")
    world.desk.activate(wider, actor="ops")
    world.clock.go(hours=1)
    if room is None:
        newer = world.desk.receive(lead("N1"))
        assert (world.holder("W1"), newer.holder) == ("a", "a")
        order = [one.decision.lead for one in world.store._decisions if one.decision.holder == "a"]
        assert order.index("W1") < order.index("N1")
    world.clock.go(hours=23)
    world.desk.sweep()
    assert world.holder("W1") == "a"


def test_the_last_room_is_for_who_waits_and_not_for_who_comes():
    world = World(plan_one())
    full(world)
    world.desk.receive(lead("W1"))
    world.desk.activate(changed("a", max_open=3), actor="ops")
    assert world.desk.receive(lead("N1")).holder == "house"
    assert world.holder("W1") == "a"


def test_a_lead_that_waits_and_is_answered_by_the_house_waits_no_more(world):
    full(world)
    world.desk.receive(lead("W1"))
    world.desk.update("W1", assignment=1, status="won", actor="house")
    assert world.case("W1").waits_for == ()
    world.desk.update("F0", assignment=1, status="lost", actor="a")
    assert world.case("W1").phase == "won"


def test_a_poison_lead_that_waits_stops_nobody_else(world):
    full(world)
    for ident in ("W1", "W2"):
        world.clock.go(minutes=1)
        world.desk.receive(lead(ident))
    del world.store._contents["W1"]  # it cannot be read any more
    done = world.desk.update("F0", assignment=1, status="lost", actor="a")
    assert done.outcome == "applied"
    assert world.holder("W2") == "a"
    world.desk.update("F1", assignment=1, status="lost", actor="a")
    assert world.desk.receive(lead("N1")).holder == "a"


def test_what_is_held_is_not_offered(world):
    full(world)
    for ident in ("W1", "W2"):
        world.clock.go(minutes=1)
        world.desk.receive(lead(ident))
    world.desk.hold(actor="ops", reason="look", lead="W1")
    world.desk.update("F0", assignment=1, status="lost", actor="a")
    assert (world.holder("W1"), world.holder("W2")) == ("house", "a")
    world.desk.hold(actor="ops", reason="look")
    world.desk.update("F1", assignment=1, status="lost", actor="a")
    assert world.holder("W1") == "house"
    world.desk.release(actor="ops", lead="W1")
    world.desk.release(actor="ops")
    world.clock.go(days=1)
    world.desk.sweep()
    assert world.holder("W1") == "a"


def test_the_wider_plan_of_the_scene_is_another():
    assert plan_two().digest != plan_one().digest
    assert plan(terms=TERMS, dealers=DEALERS).digest == plan_one().digest
    assert Elapsed(days=5) == TERMS.withdraw_after
