"""Dealers, territories, accounts, registrations: strict, frozen, equal whatever the order."""

import copy
import pickle
from datetime import timedelta, timezone
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies as some
from dealerrouting import Account, Company, Dealer, PlanError, Registration, Rule, Territory, where
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import in_force
from dealerrouting.postcode import parse_set

pytestmark = pytest.mark.pure
AT = abc.APRIL
JANSEN = Company("Jansen", number="24123456", country="NL")

nouns = st.one_of(
    *some.dealers.values(),
    some.territories,
    *some.accounts.values(),
    *some.registrations.values(),
    some.incumbents,
    *some.counts.values(),
    *some.rules.values(),
)


@some.checked
@given(nouns)
def test_nouns_survive_pickle_copy_and_evolve(noun):
    for again in (pickle.loads(pickle.dumps(noun)), copy.copy(noun), copy.deepcopy(noun), evolve(noun)):
        assert again == noun
        assert hash(again) == hash(noun)
        assert repr(again) == repr(noun)
        assert getattr(again, "keys", None) == getattr(noun, "keys", None) or callable(noun.keys)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        noun.id = "other"


@pytest.mark.parametrize(
    "same",
    [
        [Territory("t", "b:2; a"), Territory("t", {"a": 1, "b": "2.0"}), Territory("t", {"b": Decimal(2), "a": 1.0})],
        [
            Territory("t", "a;b"),
            Territory("t", ["b", "a"]),
            Territory("t", ("a", "b")),
            Territory("t", {"a": 1, "b": 1}),
        ],
        [
            Territory("t", "a", country="NL", postcodes="3000..3399;4900"),
            Territory("t", "a", country=["nl"], postcodes=["4900", "3000 .. 3399"]),
            Territory("t", "a", country="NL", postcodes=parse_set("NL", "4900; 3000..3200; 3201..3399")),
        ],
        [
            Territory("t", "a", sectors="G;C25", products="y;x", languages="nl;FR", country="BE;NL"),
            Territory(
                "t", "a", sectors=["C25", "G", "G"], products={"x", "y"}, languages=("fr", "NL"), country=("NL", "BE")
            ),
        ],
        [
            Territory("t", "a", country="NL", geohashes="u15;s0"),
            Territory("t", "a", country="NL", geohashes=["S0", "U15"]),
        ],
        [Territory("t", "a", postcodes="", country="NL"), Territory("t", "a", country="NL", sectors=(), products=[])],
        [
            Dealer("a", serves_languages="nl;fr", paused=[(AT, abc.JULY), (abc.NEW_YEAR, AT)]),
            Dealer("a", serves_languages=["FR", "nl"], paused=((abc.NEW_YEAR, AT), (AT, abc.JULY), (AT, abc.JULY))),
        ],
        [Dealer("a", active_from=AT), Dealer("a", active_from=AT.astimezone(timezone(timedelta(hours=5))))],
        [Dealer("a", lat=0, lon=4), Dealer("a", lat=0.0, lon=4.0)],
        [
            Registration("R", "a", JANSEN, submitted_at=AT, products="y;x"),
            Registration("R", "a", JANSEN, submitted_at=AT, products={"x", "y"}),
        ],
        [Rule("r", where.city.in_(["b", "a"]), "b;a"), Rule("r", where.city.in_({"a", "b"}), {"a": 1, "b": 1})],
    ],
)
def test_nouns_are_equal_whatever_the_order(same):
    assert len(set(same)) == 1
    assert len({repr(one) for one in same}) == 1 or isinstance(same[0], Territory)


def test_every_instant_is_held_in_utc():
    dealer = Dealer("a", active_from=AT.astimezone(timezone(timedelta(hours=5))))
    assert dealer.active_from.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (None, None, [-1, 0, 1, 2, 3]),
        (AT, None, [0, 1, 2, 3]),
        (None, AT + 2 * abc.TICK, [-1, 0, 1]),
        (AT, AT + 2 * abc.TICK, [0, 1]),
    ],
)
def test_stretches_of_time_are_half_open(start, end, inside):
    steps = range(-1, 4)
    assert [step for step in steps if in_force(start, end, AT + step * abc.TICK)] == inside
    dealer = Dealer("a", active_from=start, active_until=end)
    assert [step for step in steps if dealer.active(AT + step * abc.TICK)] == inside
    if start and end:
        paused = Dealer("a", paused=[(start, end)])
        assert [step for step in steps if not paused.active(AT + step * abc.TICK)] == inside


@pytest.mark.parametrize("status", ["submitted", "returned", "rejected", "expired", "withdrawn", "converted"])
def test_only_an_approved_registration_stands(status):
    assert not Registration("R", "a", JANSEN, status=status, submitted_at=AT).stands(AT)
    assert Registration("R", "a", JANSEN, status="approved", submitted_at=AT).stands(AT)


def test_a_registration_stands_from_its_decision_where_that_is_known():
    claim = Registration(
        "R", "a", JANSEN, status="approved", submitted_at=AT, decided_at=AT + abc.MONTH, expires_at=abc.JULY
    )
    assert [
        claim.stands(at) for at in (AT, AT + abc.MONTH - abc.TICK, AT + abc.MONTH, abc.JULY - abc.TICK, abc.JULY)
    ] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_registration_hides_its_contact():
    claim = Registration("R", "a", JANSEN, submitted_at=AT, email="SECRET@jansen.example")
    assert "SECRET" not in repr(claim)
    assert {str(key) for key in claim.keys} == {"number:NL:24123456", "domain:jansen.example"}


def test_an_account_is_found_by_its_company_only():
    assert {str(key) for key in Account("k", "a", JANSEN).keys} == {"number:NL:24123456"}


def test_weights():
    assert Territory("t", "a: 0.5 ; b").dealers == FrozenMap({"a": Decimal("0.5"), "b": Decimal(1)})
    for bad in (
        "a:0",
        "a:-1",
        "a:1000001",
        "a:0.0000001",
        "a:nan",
        "a:inf",
        "a:",
        "a:1:2",
        {"a": None},
        {"a": []},
        {},
        "",
        None,
        [7],
        7,
    ):
        with pytest.raises(PlanError):
            Territory("t", bad)
    assert Territory("t", "a:1000000; b:0.000001").dealers["b"] == Decimal("0.000001")


@some.checked
@given(st.integers(0, 2**32))
def test_ids_are_printable_and_can_stand_in_a_cell(seed):
    rng = Random(seed)
    text = "".join(
        chr(rng.choice([rng.randrange(32, 127), rng.randrange(0x300), rng.randrange(0x11000)])) for _ in range(3)
    )
    try:
        known = Dealer(text).id
    except PlanError:
        return
    assert known.isprintable()
    assert not set(known) & set(";:,`\"'")
    assert Dealer(known).id == known


# Frozen mappings.


def test_a_frozen_map_has_no_order_and_cannot_be_changed():
    one, two = FrozenMap({"b": 1, "a": 2}), FrozenMap([("a", 2), ("b", 1)])
    assert one == two == {"a": 2, "b": 1}
    assert hash(one) == hash(two)
    assert list(one) == ["a", "b"]
    assert repr(one) == repr(two)
    assert one != FrozenMap({"a": 2})
    assert one != 7
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert again == one
    with pytest.raises(AttributeError):
        one.anything = 1
    with pytest.raises(TypeError):
        one["a"] = 1
    with pytest.raises(KeyError):
        one["z"]


@some.checked
@given(st.dictionaries(st.text(max_size=2), st.integers()), st.dictionaries(st.text(max_size=2), st.integers()))
def test_updated_is_laid_over_and_stays_in_order(base, over):
    updated = FrozenMap(base).updated(over)
    assert updated == FrozenMap({**base, **over})
    assert list(updated) == sorted({**base, **over})
    assert FrozenMap(base) == base
