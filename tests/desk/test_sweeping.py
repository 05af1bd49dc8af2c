"""`sweep`, `hold`, `release`: one bounded pass, in order, fair, and stopped by nobody (laws 11, 12, 19)."""

from datetime import timedelta

import pytest

from dealerrouting.desk import LeadDesk
from dealerrouting.errors import CorruptRecord
from desk_laws import Lawful, all_laws
from desk_world import DAY, SECRET, START, Contested, World, claim, copied, lead, plan_one, tables

pytestmark = pytest.mark.pure


class Poisoned(Lawful):
    """A store that cannot read some of its leads."""

    poison = frozenset()

    def load(self, refs, at=None):
        for ref in refs:
            if ref.kind == "lead" and ref.id in self.poison:
                raise CorruptRecord(str(ref), "planted")
        return super().load(refs, at)


@pytest.fixture
def world():
    return World(plan_one())


def several(world, n=6, country="LU"):
    for i in range(n):
        world.desk.receive(lead(f"L{i}", country))
        world.clock.go(minutes=1)


def test_nothing_is_due_so_nothing_is_done(world):
    several(world)
    before = tables(world.store)
    done = world.desk.sweep()
    assert (done.looked, done.changed, done.more, done.oldest) == (0, 0, False, None)
    assert tables(world.store) == before


def test_silence_is_reminded_then_withdrawn_and_goes_to_another(world):
    several(world, 1, "BE")
    world.send()
    assert [one.does for one in world.days(3)] == ["remind"]
    later = world.days(3)
    assert {(one.does, one.to) for one in later} == {("offer", "a"), ("withdraw", "b")}
    assert world.holder("L0") == "a"
    all_laws(world.store, world.desk)


def test_silence_alone_always_ends_at_a_person(world):
    several(world, 1, "DE")
    world.days(45)
    assert world.holder("L0") == "house"
    assert any(one.does == "escalate" for one, _ in world.store.history("L0").messages)
    assert world.case("L0").next_due is not None
    all_laws(world.store, world.desk)


def test_a_pass_ten_days_late_reminds_and_takes_nothing_away(world):
    several(world, 3)
    world.clock.go(days=10)
    done = world.desk.sweep()
    assert done.messages == {"remind": 3}
    assert {world.holder(f"L{i}") for i in range(3)} == {"b"}
    assert all(not world.case(f"L{i}").state.standing.past for i in range(3))


def test_notice_runs_from_when_the_reminder_left(world):
    several(world, 1, "BE")
    world.clock.go(days=6)
    world.desk.sweep()
    world.clock.go(days=1, hours=12)  # it has not left
    world.desk.sweep()
    assert world.holder("L0") == "b"
    world.send()
    world.clock.go(hours=23)
    world.desk.sweep()
    assert world.holder("L0") == "b"
    world.clock.go(hours=2)
    world.desk.sweep()
    assert world.holder("L0") == "a"


def test_a_limit_takes_the_longest_due_and_says_that_there_is_more(world):
    several(world, 5)
    world.clock.go(days=3)
    first = world.desk.sweep(limit=2)
    assert (first.looked, first.more, first.oldest) == (2, True, START + 2 * DAY + timedelta(microseconds=1))
    assert sorted(one.lead for one in world.desk.messages() if one.does == "remind") == ["L0", "L1"]
    assert (world.desk.sweep(limit=2).more, world.desk.sweep(limit=2).more) == (True, False)


@pytest.mark.parametrize("n", [1, 7, 60])
def test_a_dry_run_changes_nothing_and_says_what_the_next_pass_does(world, n):
    several(world, n)
    world.desk.register(claim("R1", "b", "acme"))
    world.clock.go(days=3)
    before = tables(world.store)
    said = world.desk.sweep(dry_run=True)
    assert tables(world.store) == before
    assert not world.store._leases
    done = world.desk.sweep()
    for name in ("at", "looked", "changed", "oldest", "messages", "to", "later", "failed", "parked"):
        assert getattr(said, name) == getattr(done, name), name
    assert said.dry_run
    assert not done.dry_run


@pytest.mark.parametrize("per_dealer", [1, 2, 5])
def test_a_dry_run_says_what_a_bounded_pass_does(world, per_dealer):
    several(world, 9, "DE")
    world.clock.go(days=3)
    said = world.desk.sweep(per_dealer=per_dealer, dry_run=True)
    done = world.desk.sweep(per_dealer=per_dealer)
    assert (said.messages, said.to, said.later) == (done.messages, done.to, done.later)
    assert max(done.to.values()) <= per_dealer


def test_what_cannot_be_told_in_one_pass_is_told_in_later_ones_once_each(world):
    several(world, 7)
    world.clock.go(days=3)
    told = []
    for _ in range(4):
        done = world.desk.sweep(per_dealer=2)
        told.append(done.messages.get("remind", 0))
        assert done.later == ({"b": 7 - sum(told)} if sum(told) < 7 else {})
    assert told == [2, 2, 2, 1]
    all_laws(world.store, world.desk)


def test_who_is_contested_is_counted_once_among_those_for_later(world):
    several(world, 4)
    world.clock.go(days=3)
    world.desk.ports = {"store": Contested(world.store, 1), "facts": None}
    done = world.desk.sweep(per_dealer=3)
    assert (dict(done.to), dict(done.later)) == ({"b": 3}, {"b": 1})


def test_claims_expire_and_make_room_for_who_waited(world):
    desk = world.desk
    assert desk.register(claim("R1", "b", "acme")).outcome == "approved"
    assert desk.register(claim("R2", "a", "acme")).outcome == "submitted"
    world.days(89)
    assert world.store._claims["R1"].claim.status == "approved"
    world.days(2)
    assert world.store._claims["R1"].claim.status == "expired"
    assert world.store._claims["R2"].claim.status == "approved"
    all_laws(world.store, desk)


# Poison


def poisoned(park_after=3):
    world = World(plan_one(), Poisoned, park_after=park_after)
    several(world, 4)
    world.clock.go(days=3)
    world.store.poison = frozenset({"L1"})
    return world


def test_a_lead_that_cannot_be_dealt_with_is_parked_with_its_reason_and_stops_nobody():
    world = poisoned()
    first = world.desk.sweep()
    assert first.messages == {"remind": 3}
    assert set(first.failed) == {"lead:L1"}
    world.clock.go(minutes=2)
    assert set(world.desk.sweep().failed) == {"lead:L1"}
    world.clock.go(minutes=2)
    third = world.desk.sweep()
    assert "planted" in third.parked["lead:L1"]
    world.clock.go(minutes=2)
    assert world.desk.sweep().looked == 0
    assert set(world.desk.health().survey.parked) == {"lead:L1"}


def test_what_was_parked_is_tried_again_when_it_is_released_and_forgotten_when_it_goes_well():
    world = poisoned(park_after=1)
    assert set(world.desk.sweep().parked) == {"lead:L1"}
    world.store.poison = frozenset()
    world.clock.go(minutes=2)
    assert world.desk.sweep().looked == 0
    assert world.desk.release(actor="ops", lead="L1")
    done = world.desk.sweep()
    assert done.messages == {"remind": 1}
    assert not world.desk.health().survey.parked
    assert not world.store._troubles
    assert [act.do for act in world.store.acts()].count("release") == 1


# Held


def test_while_all_is_held_nothing_is_done_and_nothing_is_sent(world):
    several(world, 2)
    world.clock.go(days=3)
    held = world.desk.hold(actor="ops", reason="look")
    before = tables(world.store)
    done = world.desk.sweep()
    assert (done.held, done.looked, done.more) == (held, 0, True)
    assert world.desk.messages() == ()
    assert tables(world.store) == before
    assert world.desk.sweep(dry_run=True).messages == {"remind": 2}  # what it would do
    assert world.desk.update("L0", assignment=1, status="contacted", actor="b").outcome == "applied"
    assert world.desk.release(actor="ops")
    assert world.desk.sweep().messages == {"remind": 1}


@pytest.mark.parametrize("what", [{"lead": "L0"}, {"dealer": "b"}])
def test_what_is_held_is_left_alone_and_the_rest_goes_on(world, what):
    several(world, 1)
    world.desk.receive(lead("F1", "FR"))
    world.desk.hold(actor="ops", reason="look", **what)
    world.clock.go(days=9)
    done = world.desk.sweep()
    assert done.messages == {"remind": 1}
    assert (done.more, done.kept) == (False, 1)  # what is held is no reason to call again
    assert {one.lead for one in world.desk.messages()} == {"F1"}
    assert world.desk.release(actor="ops", **what)
    assert world.desk.sweep().messages == {"remind": 1}  # reminded first, late as it is
    assert world.holder("L0") == "b"


def test_a_hold_that_comes_while_a_pass_is_under_way_ends_it():
    said = [True]

    class Held(Lawful):
        """Somebody holds all when the first of a pass have been dealt with."""

        def commit(self, reads, writes):
            super().commit(reads, writes)
            if writes.messages and not said:
                said.append(True)
                LeadDesk(self, secret=SECRET).hold(actor="ops", reason="stop")

    world = World(plan_one(), store=Held)
    several(world, 120)
    world.desk.receive(lead("F1", "FR"))
    world.clock.go(days=9)
    said.clear()
    done = world.desk.sweep()
    assert done.held is not None
    assert 0 < done.changed <= 50  # what was under way is one commit
    assert world.desk.messages() == ()


def test_leads_that_are_held_do_not_use_up_the_limit(world):
    several(world, 4)
    world.desk.receive(lead("F1", "FR"))
    world.desk.hold(actor="ops", reason="look", dealer="b")
    world.clock.go(days=3)
    for _ in range(3):
        world.desk.sweep(limit=2)
    assert [one.does for one in world.desk.messages() if one.to == "c"] == ["offer", "remind"]


def test_held_twice_it_is_held_once_and_released_once(world):
    first = world.desk.hold(actor="ops", reason="look", dealer="b")
    world.clock.go(hours=1)
    assert world.desk.hold(actor="other", reason="again", dealer="b") == first
    assert world.desk.release(actor="ops", dealer="b")
    assert not world.desk.release(actor="ops", dealer="b")
    assert [act.do for act in world.store.acts()] == ["activate", "hold", "release"]


def test_one_thing_at_a_time_is_held(world):
    with pytest.raises(ValueError, match="one at a time"):
        world.desk.hold(actor="ops", reason="look", dealer="b", lead="L1")


# Two passes at once


def test_two_passes_at_once_share_the_work_and_do_it_once(world):
    several(world, 6)
    world.clock.go(days=3)
    other = copied(world.store)
    taken = world.store.due(world.clock(), 3, lease=timedelta(minutes=1))
    done = world.desk.sweep()
    assert done.looked == 3
    world.store.unlease([one.ref for one in taken])
    assert world.desk.sweep().looked == 3
    whole = World(clock=world.clock)
    whole.desk.ports = {"store": other, "facts": None}
    whole.desk.sweep()
    assert {n: c.state for n, c in other._cases.items()} == {n: c.state for n, c in world.store._cases.items()}


def test_a_pass_at_another_instant(world):
    several(world, 1)
    done = world.desk.sweep(at=world.clock() + 3 * DAY)
    assert done.messages == {"remind": 1}
    with pytest.raises(TypeError):
        world.desk.sweep(at=START.replace(tzinfo=None))
