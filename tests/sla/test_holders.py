"""Who has a lead next: another dealer, the house, the one that had it before."""

import pytest

from dealerrouting.calendar import Elapsed
from dealerrouting.events import (
    Accepted,
    Assigned,
    Declined,
    Paused,
    Referred,
    ReminderSent,
    Reopened,
    Resumed,
    Updated,
    Withdrawn,
)
from dealerrouting.sla import Breach, Past, next_due
from dealerrouting.terms import HouseTerms
from sla_life import BY_EVE, REMINDER, T0, Life, at, effect, offered, record, reminded

pytestmark = pytest.mark.pure


# From dealer to dealer, and to the house


def test_who_declines_is_not_asked_again():
    life = offered("bob")
    life.settles(Declined, at(hours=1), reason="busy")
    said = {"event": "e2", "type": "declined", "outcome": "applied", "reason": "busy"}
    assert life.effects[-4:-2] == [
        record("e2", 1, at(hours=1), "offered", "waiting", at(hours=1), **said),
        effect("request_next", "1/request_next", 1, at(hours=1), exclude=("bob",), next="2"),
    ]
    life.settles(Assigned, at(hours=2), holder="ann")
    life.hears(Declined, at(hours=3), reason="busy")
    (ask,) = life.ticks(at(hours=3))
    assert ask.exclude == ("ann", "bob")
    assert life.state.standing.past == (Past(1, "bob", "assigned", "declined"), Past(2, "ann", "assigned", "declined"))


def test_after_the_last_hop_it_is_the_house():
    life = offered("ann")
    for hour, dealer in [(1, "bob"), (2, "cas")]:
        life.settles(Declined, at(hours=hour), reason="busy")
        assert life.state.phase == "waiting"
        assert life.settles(Assigned, at(hours=hour), holder=dealer) == "applied"
        assert life.state.standing.hops == hour
    life.hears(Declined, at(hours=3), reason="busy")
    assert life.ticks(at(hours=3)) == [
        effect("return_to_house", "4/return_to_house", 4, at(hours=3), "hq", "inbox", why="declined")
    ]
    assert (life.state.phase, life.state.holder, life.state.assignment) == ("house", "hq", 4)
    assert life.dues()[0] == ("house-0", "remind", at(hours=51))


def test_without_any_hop_it_is_the_house_at_once():
    life = offered(max_reassignments=0)
    life.settles(Declined, at(hours=1), reason="busy")
    assert (life.state.phase, life.state.holder) == ("house", "hq")


def test_the_first_dealer_after_the_house_is_no_hop():
    life = Life(max_reassignments=0)
    life.settles(Assigned, at(hours=1), holder="team", outcome="house")
    life.settles(Withdrawn, at(hours=2), **BY_EVE)
    assert life.state.phase == "waiting"
    assert life.settles(Assigned, at(hours=3), holder="ann") == "applied"
    assert life.state.standing.hops == 0


def test_silence_leads_to_the_house_where_the_terms_say_so():
    life = reminded(on_silence="return")
    assert life.ticks(at(days=5, late=1)) == [
        effect("withdraw", "1/withdraw", 1, at(days=5, late=1), "ann", "inbox", why="silence"),
        effect("return_to_house", "2/return_to_house", 2, at(days=5, late=1), "hq", "inbox", why="silence"),
    ]
    assert life.state.standing.past == (Past(1, "ann", "assigned", "silence"),)


def test_what_a_dealer_refers_has_a_clock_at_the_house_and_the_dealer_hears_of_each_change():
    life = offered()
    life.hears(Referred, at(hours=1), reason="too big")
    assert life.ticks(at(hours=1)) == [
        effect("return_to_house", "2/return_to_house", 2, at(hours=1), "hq", "inbox", why="referred"),
        effect("notify", "2/notify:ann:2", 2, at(hours=1), "ann", "inbox", phase="house"),
    ]
    life.hears(Updated, at(hours=2), status="quoted")
    (word,) = life.ticks(at(hours=2))
    assert (word.key, word.to, word.detail) == ("L1/2/notify:ann:3", "ann", {"phase": "house", "status": "quoted"})
    life.hears(Updated, at(hours=3), status="won")
    (word,) = life.ticks(at(hours=3))
    assert (word.key, word.to, word.detail) == ("L1/2/notify:ann:4", "ann", {"phase": "won", "status": "won"})
    assert life.state.phase == "won"


def test_those_who_referred_or_claimed_a_lead_hear_of_it_but_not_of_what_they_do_themselves():
    life = Life(referred_by="zoe", claimants=["bob", "ann", "bob"])
    assert life.state.standing.followers == ("ann", "bob", "zoe")
    assert Life(referred_by="zoe", claimants=["zoe"]).state.standing.followers == ("zoe",)
    assert Life().state.standing.followers == ()
    life.hears(Assigned, at(hours=1), holder="bob")
    assert life.told(at(hours=1)) == ["1/notify:ann:1", "1/notify:zoe:1"]
    life.hears(Paused, at(hours=2), until=at(hours=3), reason="holiday")
    assert life.told(at(hours=2)) == []  # no change of status


def test_the_house_is_reminded_and_its_manager_is_told_again_and_again():
    life = offered()
    life.settles(Referred, T0, reason="too big")
    reminder = "L1/2/remind:house-0"
    (told,) = life.ticks(at(hours=48, late=1))
    assert (told.key, told.to, told.role, told.rule, told.due) == (reminder, "hq", "inbox", "house-0", at(hours=48))
    life.sent(at(hours=49), reminder)
    assert life.dues() == [("house-0", "escalate", at(days=5))]
    assert life.ticks(at(days=6)) == [
        effect("escalate", "2/escalate:house-0:1", 2, at(days=6), "hq", "manager", "house-0", at(days=5), at(days=6))
    ]
    assert life.dues() == [("house-0", "escalate", at(days=11))]
    assert life.told(at(days=11, late=1)) == ["2/escalate:house-0:2"]
    assert life.told(at(days=16, late=2)) == ["2/escalate:house-0:3"]
    assert life.state.holder == "hq"
    life.settles(Updated, at(days=17), status="contacted")  # a word of the house, and its clock is new
    assert life.state.phase == "house"
    assert life.dues() == [("house-1", "remind", at(days=19))]
    assert life.state.standing.breached == (Breach(2, "house-0", at(hours=48)),)


def test_the_manager_of_the_house_is_told_only_after_notice():
    life = offered(house=HouseTerms(Elapsed(hours=1), Elapsed(hours=2)))
    life.settles(Referred, T0, reason="too big")
    life.ticks(at(hours=1, late=1))
    life.sent(at(hours=4), "L1/2/remind:house-0")
    assert life.dues() == [("house-0", "escalate", at(hours=28))]


def test_a_person_takes_a_lead_away():
    life = offered()
    life.hears(Withdrawn, at(hours=1), then="return", **BY_EVE)
    (withdrawn, back) = life.ticks(at(hours=1))
    assert withdrawn == effect("withdraw", "1/withdraw", 1, at(hours=1), "ann", "inbox", why="withdrawn")
    assert (back.key, back.detail) == ("L1/2/return_to_house", {"why": "withdrawn"})
    assert life.outcome("e2") == "applied"
    assert life.state.standing.clock_from == at(hours=1)
    assert life.settles(Withdrawn, at(hours=2), then="return", **BY_EVE) == "nothing"  # it is with the house
    assert life.state.assignment == 2
    life.hears(Withdrawn, at(hours=3), then="reassign", **BY_EVE)
    assert life.told(at(hours=3)) == ["2/withdraw", "2/request_next"]
    assert life.state.standing.past[-1] == Past(2, "hq", "house", "withdrawn")


def test_a_person_gives_a_lead_to_whom_they_like():
    life = offered("ann", max_reassignments=0)
    life.hears(Assigned, at(hours=1), holder="bob", by_hand=True, **BY_EVE)
    assert life.ticks(at(hours=1)) == [
        effect("withdraw", "1/withdraw", 1, at(hours=1), "ann", "inbox", why="reassigned")
    ]
    assert life.settles(Assigned, at(hours=2), holder="ann", by_hand=True, **BY_EVE) == "applied"  # had it before
    assert (life.state.phase, life.state.holder, life.state.assignment) == ("offered", "ann", 3)
    assert life.state.standing.hops == 2
    assert life.settles(Assigned, at(hours=3), holder="hq", outcome="house", by_hand=True, **BY_EVE) == "applied"
    assert (life.state.phase, life.state.standing.kind, life.state.standing.hops) == ("house", "house", 2)
    assert [one.why for one in life.state.standing.past] == ["reassigned"] * 3


def test_the_house_gives_a_lead_to_a_dealer_that_has_room_by_now():
    life = Life()
    life.hears(Assigned, at(hours=1), holder="hq", outcome="house")
    assert life.told(at(hours=1)) == []  # the router knows what it said
    life.hears(Assigned, at(hours=2), holder="ann")
    assert life.told(at(hours=2)) == ["1/withdraw"]
    assert (life.state.holder, life.state.assignment) == ("ann", 2)


# The router's answer


def test_the_router_is_asked_once_and_its_answer_may_be_there_first():
    life = Life()
    assert next_due(life.state) == T0
    assert life.told(at(hours=-1)) == []
    assert life.told(T0) == ["0/request_next"]
    assert life.told(at(hours=1)) == []
    life = Life()
    life.hears(Assigned, T0, holder="ann")
    assert life.told(T0) == []
    assert life.state.phase == "offered"


def test_a_router_that_does_not_answer_is_the_house():
    life = Life()
    life.ticks(at(hours=1))
    assert life.dues() == [("routing", "return", at(hours=49))]
    assert life.told(at(hours=49)) == []
    assert life.ticks(at(hours=49, late=1)) == [
        effect("return_to_house", "1/return_to_house", 1, at(hours=49, late=1), "hq", "inbox", why="routing")
    ]
    assert life.state.standing.since == at(hours=49, late=1)
    assert life.settles(Assigned, at(hours=50), number=1, holder="ann") == "late"
    assert life.state.holder == "hq"
    assert life.state.standing.past == ()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"holder": "cas"}, "applied"),
        ({"holder": "hq", "outcome": "house"}, "applied"),
        ({"holder": "cas", "number": 3}, "refused:unknown_assignment"),
        ({"holder": "cas", "number": 1}, "late"),
        ({"holder": "ann"}, "refused:past_holder"),
        ({"holder": "ann", "by_hand": True, **BY_EVE}, "applied"),
        ({"holder": "ann", "outcome": "house"}, "applied"),
        ({"holder": "hq"}, "refused:house_is_no_dealer"),
        ({"holder": "hq", "by_hand": True, **BY_EVE}, "refused:house_is_no_dealer"),
    ],
)
def test_what_the_router_may_answer(said, outcome):
    life = offered("ann")
    life.settles(Declined, at(hours=1), reason="busy")
    before = life.state.standing
    assert life.settles(Assigned, at(hours=2), **said) == outcome
    assert (life.state.standing == before) == (outcome != "applied")
    assert life.state.assignment == 1 + (outcome == "applied")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"holder": "bob"}, "refused:somebody_holds_it"),
        ({"holder": "hq", "outcome": "house"}, "refused:somebody_holds_it"),
        ({"holder": "bob", "by_hand": True, **BY_EVE}, "applied"),
    ],
)
def test_what_a_dealer_holds_only_a_person_gives_to_another(said, outcome):
    life = offered("ann")
    life.settles(Updated, at(hours=1), status="contacted")
    assert life.settles(Assigned, at(hours=2), **said) == outcome


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"holder": "bob"}, "applied"),
        ({"holder": "team", "outcome": "house"}, "refused:somebody_holds_it"),
        ({"holder": "team", "outcome": "house", "by_hand": True, **BY_EVE}, "applied"),
        ({"holder": "ann"}, "refused:past_holder"),
    ],
)
def test_what_the_house_holds_the_router_gives_to_dealers_alone(said, outcome):
    life = offered("ann")
    assert life.settles(Referred, at(hours=1), reason="too big") == "applied"
    assert life.settles(Assigned, at(hours=2), **said) == outcome


def test_the_router_cannot_go_on_for_ever():
    life = offered("ann", max_reassignments=1)
    life.settles(Declined, at(hours=1), reason="busy")
    life.settles(Assigned, at(hours=2), holder="bob")
    life.settles(Referred, at(hours=3), reason="too big")
    assert life.settles(Assigned, at(hours=4), holder="cas") == "refused:hops_exhausted"
    assert life.settles(Assigned, at(hours=5), holder="cas", by_hand=True, **BY_EVE) == "applied"
    assert life.state.standing.hops == 2


# Reopened


def test_a_closed_lead_is_reopened_with_whoever_held_it():
    life = reminded(max_reopens=2)
    life.settles(Updated, at(hours=50), status="lost")
    assert life.settles(Reopened, at(days=30), reason="called back") == "applied"
    standing = life.state.standing
    assert (standing.phase, standing.holder, standing.assignment, standing.status) == ("accepted", "ann", 2, None)
    assert (standing.past, standing.reopens) == ((Past(1, "ann", "assigned", "reopened"),), 1)
    assert (standing.kind, standing.hops) == ("assigned", 0)
    assert life.dues() == [("first_status", "remind", at(days=32))]  # a clock of its own, and a reminder
    assert life.state.standing.breached == (Breach(1, "first_status", at(hours=48)),)  # is not forgotten
    assert not any(one.does == "withdraw" for one in life.effects)


def test_a_lead_is_reopened_only_so_often():
    life = offered(max_reopens=1)
    life.settles(Updated, at(hours=1), status="lost")
    life.settles(Reopened, at(hours=2), reason="called back")
    life.settles(Updated, at(hours=3), status="lost")
    assert life.settles(Reopened, at(hours=4), reason="called back") == "refused:reopened_too_often"
    assert life.state.phase == "lost"


def test_who_closes_it_the_second_time_does_not_matter():
    life = offered(max_reopens=1)
    life.settles(Updated, at(hours=1), status="lost")
    life.settles(Reopened, at(hours=2), reason="called back")
    life.settles(Declined, at(hours=3), reason="busy")
    life.settles(Assigned, at(hours=4), holder="bob")
    life.settles(Updated, at(hours=5), status="lost")
    assert life.settles(Reopened, at(hours=6), reason="called back") == "refused:reopened_too_often"


def test_what_the_house_had_closed_is_reopened_at_the_house():
    life = Life()
    life.settles(Assigned, T0, holder="team", outcome="house")
    life.settles(Updated, at(hours=1), status="lost")
    life.hears(Reopened, at(hours=2), reason="called back")
    (back,) = life.ticks(at(hours=2))
    assert (back.key, back.to, back.detail) == ("L1/2/return_to_house", "team", {"why": "reopened"})
    assert life.state.standing.past == (Past(1, "team", "house", "reopened"),)


# Late answers


def lost_for_silence(**terms):
    life = reminded(**terms)
    life.ticks(at(days=5, late=1))
    return life


def test_a_late_answer_is_recorded_and_changes_nothing():
    life = lost_for_silence()
    before = life.state.standing
    assert life.settles(Updated, at(days=6), status="won") == "late"
    assert life.state.standing == before
    life.settles(Assigned, at(days=6), holder="bob")
    for kind, said in [(Accepted, {}), (Declined, {"reason": "busy"}), (Resumed, {}), (Assigned, {"holder": "ann"})]:
        assert life.settles(kind, at(days=6), number=1, **said) == "late"
    assert life.sent(at(days=6), number=1) == "late"
    assert (life.state.phase, life.state.holder) == ("offered", "bob")


def test_a_late_answer_is_recorded_even_when_the_lead_is_closed():
    life = lost_for_silence()
    life.settles(Assigned, at(days=6), holder="bob")
    life.settles(Updated, at(days=6), status="won")
    assert life.settles(Updated, at(days=7), number=1, status="contacted") == "late"
    assert life.settles(Assigned, at(days=7), number=1, holder="ann") == "late"
    assert life.settles(Assigned, at(days=7), number=2, holder="ann") == "late"
    assert life.state.phase == "won"


@pytest.mark.parametrize(
    ("kind", "said", "phase", "status"),
    [(Accepted, {}, "accepted", None), (Updated, {"status": "quoted"}, "quoted", "quoted")],
)
def test_restore_gives_the_lead_back_while_nobody_holds_it(kind, said, phase, status):
    life = lost_for_silence(late_answer="restore")
    assert life.settles(kind, at(days=6), **said) == "restored"
    standing = life.state.standing
    assert (standing.phase, standing.holder, standing.kind, standing.assignment) == (phase, "ann", "assigned", 2)
    assert (standing.status, standing.hops, standing.clock_from) == (status, 1, at(days=6))
    assert life.settles(Assigned, at(days=7), number=2, holder="bob") == "late"  # the router had been asked


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Updated, {"status": "attempted"}),
        (Updated, {"status": "uncontactable"}),
        (Declined, {"reason": "busy"}),
        (Paused, {"until": at(days=9), "reason": "holiday"}),
        (ReminderSent, {"effect": REMINDER}),
    ],
)
def test_restore_is_for_answers_that_count(kind, said):
    assert lost_for_silence(late_answer="restore").settles(kind, at(days=6), **said) == "late"


def test_restore_is_for_evidence_where_it_is_needed():
    life = lost_for_silence(late_answer="restore")
    assert life.settles(Updated, at(days=6), status="uncontactable", evidence="call-7") == "restored"
    assert life.state.phase == "uncontactable"


def test_nothing_is_restored_that_another_holds_or_that_was_given_away():
    life = lost_for_silence(late_answer="restore")
    life.settles(Assigned, at(days=6), holder="bob")
    assert life.settles(Accepted, at(days=7), number=1) == "late"
    assert life.state.holder == "bob"
    life.settles(Declined, at(days=7), reason="busy")
    assert life.settles(Accepted, at(days=8), number=2) == "late"  # bob gave it away
    assert life.settles(Accepted, at(days=8), number=1) == "late"  # and ann was not the last
    assert life.state.phase == "waiting"


def test_a_lead_is_restored_only_so_often():
    life = lost_for_silence(late_answer="restore", max_reassignments=1)
    assert life.settles(Accepted, at(days=6)) == "restored"
    life.ticks(at(days=8, late=1))
    life.sent(at(days=8, late=1), "L1/2/remind:first_status")
    assert life.told(at(days=12)) == ["2/withdraw", "3/return_to_house"]
    assert life.settles(Accepted, at(days=12), number=2) == "late"


def test_only_the_last_to_be_silent_may_have_it_back():
    life = lost_for_silence(late_answer="restore")
    life.settles(Assigned, at(days=6), holder="bob")
    life.ticks(at(days=8, late=1))
    life.sent(at(days=8, late=1), "L1/2/remind:first_status")
    life.ticks(at(days=11, late=1))
    assert life.state.phase == "waiting"
    assert life.settles(Accepted, at(days=12), number=1) == "late"
    assert life.settles(Accepted, at(days=12), number=2) == "restored"


def test_nothing_is_restored_where_the_terms_allow_fewer_hops_by_now():
    life = lost_for_silence(late_answer="restore")
    life.migrates(at(days=6), "keep_due", late_answer="restore", max_reassignments=0)
    assert life.settles(Accepted, at(days=6)) == "late"


def test_nothing_is_restored_where_there_are_no_hops():
    life = lost_for_silence(late_answer="restore", max_reassignments=1)
    life.settles(Assigned, at(days=6), holder="bob")
    assert life.state.standing.hops == 1
    assert life.settles(Accepted, at(days=6), number=1) == "late"


def test_an_answer_to_an_assignment_that_never_was_is_refused():
    life = offered()
    assert life.settles(Accepted, at(hours=1), number=2) == "refused:unknown_assignment"
    assert life.state.phase == "offered"
