"""The key index finds what looking at every record would find, whatever came and went."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting import identity
from dealerrouting.identity import Claims, Identity, Key

pytestmark = pytest.mark.pure

KEYS = [Key("number", "NL", letter) for letter in "ABC"] + [Key("domain", "", f"{letter}.nl") for letter in "abc"]
KEYS += [Key("form", "NL", "BV"), Key("name", "NL", "jansen@3011AB")]
records = st.tuples(st.sampled_from("pqrs"), st.frozensets(st.sampled_from(KEYS), max_size=4))
steps = st.lists(st.one_of(records, st.sampled_from("pqrs")), max_size=20)


def first(record):
    return record[0]


def second(record):
    return record[1]


def lived(given_steps):
    """An index and a plain dictionary after the same steps: a record is put in, an id is taken out."""
    index, plain = Claims(ident=first, identify=second), {}
    for one in given_steps:
        if isinstance(one, tuple):
            index.add(one)
            plain[one[0]] = one
        else:
            index.discard(one)
            plain.pop(one, None)
    return index, plain


def check_finds(given_steps, asked):
    """Each record that shares a key once, in order of ids; a legal form finds nobody."""
    index, plain = lived(given_steps)
    wanted = {key for key in asked if key.kind != "form"}
    assert list(index.find(asked)) == [plain[name] for name in sorted(plain) if plain[name][1] & wanted]
    assert len(index) == len(plain)
    assert sorted(index, key=first) == [plain[name] for name in sorted(plain)]
    assert all(index.get(name) == plain.get(name) and (name in index) == (name in plain) for name in "pqrs")


@given(steps, st.frozensets(st.sampled_from(KEYS), max_size=4))
def test_the_index_finds_what_a_search_would(given_steps, asked):
    check_finds(given_steps, asked)


@given(steps)
def test_nothing_is_left_of_what_was_taken_out(given_steps):
    index, plain = lived(given_steps)
    for name in list(plain):
        index.discard(name)
    assert not index._found


def test_look_alikes_are_found_by_hints_where_they_are_kept():
    jansen = identity.identify(name="Jansen Metaal BV", country="NL", city="Rotterdam")
    typed = identity.identify(name="Jansen Metal", country="NL", city="ROTTERDAM")
    elsewhere = identity.identify(name="Jansen Metaal BV", country="NL", city="Utrecht")
    for hints, found in ((True, ["R1"]), (False, [])):
        index = Claims([("R1", jansen)], ident=first, identify=second, hints=hints)
        assert [name for name, _ in index.find(typed.hints)] == found
        assert not list(index.find(elsewhere.hints))
    assert Identity().hints == frozenset()


def test_an_index_can_be_sent_elsewhere():
    index = Claims([("p", frozenset(KEYS))], ident=first, identify=second)
    assert list(pickle.loads(pickle.dumps(index)).find(KEYS[:1])) == [("p", frozenset(KEYS))]
