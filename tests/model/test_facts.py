"""Facts are sets: order and repetition mean nothing, contradictions are told, `after` keeps the books."""

import copy
import pickle
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import laws
import strategies as some
from dealerrouting import Company, Count, Facts, FactsError, Incumbent, PastHolder, PlanError, Registration
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Decision

pytestmark = pytest.mark.pure
AT = abc.APRIL
JANSEN = Company("Jansen", number="24123456", country="NL", domain="jansen.example")
KEYS = Incumbent(JANSEN, "a", since=AT).company


@some.checked
@given(some.facts(), st.integers(0, 2**32))
def test_order_and_repetition_mean_nothing(facts, seed):
    again = laws.shuffled_facts(facts, Random(seed))
    assert again == facts
    assert hash(again) == hash(facts)
    assert repr(again) == repr(facts)


@some.checked
@given(some.facts())
def test_facts_survive_pickle_and_copy(facts):
    for again in (pickle.loads(pickle.dumps(facts)), copy.copy(facts), copy.deepcopy(facts)):
        assert again == facts
        assert [again.past(lead) for lead in abc.LEAD_IDS] == [facts.past(lead) for lead in abc.LEAD_IDS]
        keys = JANSEN.keys()
        assert list(again.claims_on(keys)) == list(facts.claims_on(keys))
        assert again.incumbents_of(keys) == facts.incumbents_of(keys)


def refused(**facts):
    with pytest.raises(FactsError) as error:
        Facts(**facts)
    return [fault.place for fault in error.value.faults]


def claim(id="R", **columns):
    return Registration(id, "a", JANSEN, submitted_at=AT, **columns)


def test_contradictions_are_told_all_at_once():
    places = refused(
        registrations=[claim(), claim(status="approved")],
        counts=[Count("a", 1), Count("a", 2), Count("b", -1), Count("c", 0, 1, (AT, AT)), Count("d", "1")],
        ledgers={"x": {"a": 1.5, "b": True}},
        shares={"a": -1, "b": "x", "c": float("nan"), "d": "0.0000001", "e": 10**7},
        past_holders=[
            PastHolder("L", "a", "declined"),
            PastHolder("L", "a", "returned"),
            PastHolder("L", "b", "bored"),
        ],
    )
    assert sorted(places) == sorted(
        ["registrations", "counts", "counts", "counts", "counts", "ledgers.x", "ledgers.x"]
        + [f"shares.{name}" for name in "abcde"]
        + ["past_holders", "past_holders"]
    )


def test_the_same_told_twice_is_no_contradiction():
    facts = Facts(
        [claim(), claim()],
        [Incumbent(JANSEN, "a", since=AT)] * 2,
        [Count("a", 1)] * 2,
        past_holders=[PastHolder("L", "a")] * 2,
    )
    assert (len(facts.registrations), len(facts.incumbents), len(facts.counts), len(facts.past_holders)) == (1, 1, 1, 1)


def test_what_is_not_known_counts_nothing():
    facts = Facts(shares={"b": "0.50"})
    assert facts.count("a") == Count("a")
    assert facts.share("a") == 1
    assert facts.share("b") == Decimal("0.5")
    assert facts.past("L") == {}
    assert list(facts.claims_on(JANSEN.keys())) == facts.incumbents_of(JANSEN.keys()) == []
    assert Facts(ledgers={"x": {}}) == Facts()


def test_shares_are_one_number_however_written():
    assert Facts(shares={"a": "1.0"}) == Facts(shares={"a": 1}) == Facts(shares={"a": Decimal("1e0")})
    assert Facts(shares={"a": 0}).shares == Facts(shares={"a": "-0.0"}).shares


def test_an_incumbent_names_nobody():
    record = Incumbent(JANSEN, "a", since=AT)
    assert all(key.value.startswith("~") for key in record.company)
    assert "24123456" not in repr(record)
    assert Incumbent(record.company, "a", since=AT) == record == Incumbent(JANSEN.keys(), "a", since=AT)
    with pytest.raises(PlanError, match="is missing"):
        Incumbent(JANSEN, "a", since=None)
    with pytest.raises(PlanError, match="unknown status"):
        Incumbent(JANSEN, "a", since=AT, status="opn")


# Thirty days.


def test_a_lead_leaves_the_count_after_thirty_days_to_the_microsecond():
    count = Count("a", 0, 3, (AT, AT + timedelta(days=1)))
    month = timedelta(days=30)
    assert [
        count.in_30_days(AT + step) for step in (timedelta(0), month - abc.TICK, month, month + timedelta(days=1))
    ] == [3, 3, 2, 1]


def test_one_more_forgets_what_is_over():
    count = Count("a", 4, 2, (AT - timedelta(days=30), AT - timedelta(days=29)))
    assert count.given(AT) == Count("a", 5, 2, (AT - timedelta(days=29), AT))


# After.


def decision(holder="a", at=AT, **changes):
    return Decision("L", at, "assigned", holder, "territories", changes=Changes(opened=holder, **changes))


def test_after_keeps_the_rest_as_it_was():
    facts = Facts([claim()], [], [Count("b", 3)], {"x": {"a": 1}}, {"a": 2}, [PastHolder("L", "b")])
    after = facts.after(decision(ledger="x", credits=FrozenMap({"b": -1}), incumbent=KEYS))
    assert after.registrations == facts.registrations
    assert after.shares == facts.shares
    assert after.past_holders == facts.past_holders
    assert dict(after.counts) == {"a": Count("a", 1, 1, (AT,)), "b": Count("b", 3)}
    assert after.ledgers == {"x": {"a": 1, "b": -1}}
    assert after.incumbents == (Incumbent(JANSEN, "a", since=AT),)
    assert facts == Facts([claim()], [], [Count("b", 3)], {"x": {"a": 1}}, {"a": 2}, [PastHolder("L", "b")])
    assert after.past("L") == {"b": "withdrawn"}
    assert list(after.claims_on(JANSEN.keys())) == [claim()]
    assert after.incumbents_of(JANSEN.keys()) == [Incumbent(JANSEN, "a", since=AT)]


def test_after_takes_the_place_of_an_older_record_of_the_same_dealer_and_company():
    first = Facts().after(decision(incumbent=KEYS))
    later = first.after(decision(at=AT + abc.TICK, incumbent=KEYS))
    assert later.incumbents == (Incumbent(JANSEN, "a", since=AT + abc.TICK),)
    assert later.after(decision(at=AT, incumbent=KEYS)).incumbents == later.incumbents
    both = later.after(decision("b", incumbent=KEYS))
    assert {record.dealer for record in both.incumbents} == {"a", "b"}
    won = Facts(incumbents=[Incumbent(JANSEN, "a", since=AT, status="won")]).after(
        decision(at=AT + abc.TICK, incumbent=KEYS)
    )
    assert {record.status for record in won.incumbents} == {"open", "won"}


def test_after_without_changes_is_the_same():
    assert Facts().after(Decision("L", AT, "house", "h", "house")) == Facts()


# Corners.


def test_facts_without_changes_are_equal():
    facts = Facts(counts=[Count("a", 1)])
    assert evolve(facts) == facts


def test_the_order_of_a_counts_instants_means_nothing():
    one, two = (Count("a", 0, 2, times) for times in ((AT, AT + abc.TICK), (AT + abc.TICK, AT)))
    assert one == two


def test_a_naive_instant_in_a_count_is_refused():
    with pytest.raises(FactsError):
        Facts(counts=[Count("a", 0, 1, (AT.replace(tzinfo=None),))])
