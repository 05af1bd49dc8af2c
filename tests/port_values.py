"""Hypothesis strategies for what a store keeps: every kind of value, at the ends of time as well as between."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

import alphabet as abc
import sla_histories
from dealerrouting import Decision
from dealerrouting.calendar import END, NEVER
from dealerrouting.errors import TransitionNotAllowed
from dealerrouting.events import Tick
from dealerrouting.identity import Key
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Owed, PassedOver, Retry
from dealerrouting.ports import (
    Act,
    Activation,
    Answered,
    Case,
    Claimed,
    Counter,
    Decided,
    Desk,
    Hold,
    Ref,
    Trouble,
    Watched,
)
from strategies import facts, leads, registrations

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
instants = st.sampled_from(
    [
        AT,
        AT + timedelta(microseconds=1),
        NEVER,
        END,
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        *abc.INSTANTS,
    ]
)
maybe = st.none() | instants
ids = st.sampled_from(["L1", "L2", "a", "é", "'; --", "日本", "x:y", "%_", "Z"])
words = st.sampled_from(["", "because", 'with "quotes"', "née\n", "\u2028 \U0001f600", "\\"])
refs = st.builds(Ref, st.sampled_from(["lead", "claim"]), ids)
keys = st.sampled_from(
    [Key("number", "NL", "24123456"), Key("domain", "", "jansen.example"), Key("name", "BE", "~" + "0a" * 16)]
)
retries = st.builds(Retry, ids, st.sampled_from(["active", "max_open"]), maybe)


def lives(size):
    """States and effects that the machine really reaches."""
    rng, found = Random(1), [(None, ())]
    for policy in rng.sample(sla_histories.POLICIES, size):
        state = sla_histories.History(AT, policy, ("zoe",), ()).begin()
        given = [sla_histories.Assigned("1", "L1", assignment=1, holder="ann", received_at=AT)]
        for one in [*given, *(Tick(AT + timedelta(days=days)) for days in (1, 3, 7, 30))]:
            try:
                state, effects, _ = sla_histories.lived(state, one, policy)
            except TransitionNotAllowed:
                continue
            found.append((state, effects))
    return found


LIVES = lives(12)
states = st.sampled_from([state for state, _ in LIVES])
effects = st.sampled_from([effect for _, some in LIVES for effect in some])
events = st.sampled_from([Tick(AT), Tick(END), *(one for state, _ in LIVES if state for one in state.inbox)])
tuples = st.lists(ids, max_size=3, unique=True).map(tuple)
cases = st.builds(
    Case, ids, instants, ids, states, st.lists(keys, max_size=3, unique=True).map(tuple), st.none() | ids, tuples,
    st.none() | ids, tuples, st.lists(retries, max_size=2).map(tuple), maybe, tuples, maybe, maybe, maybe,
)  # fmt: skip
claims = st.builds(Claimed, st.one_of(*registrations.values()), maybe, maybe)
holds = st.builds(Hold, ids, instants, ids, words)
desks = st.builds(
    Desk,
    st.lists(st.builds(Activation, ids, instants, ids, words), max_size=3).map(tuple),
    st.lists(holds, max_size=3).map(tuple),
    words,
)
counters = st.builds(Counter, *[st.lists(instants, max_size=3).map(tuple)] * 2)
credits = st.dictionaries(ids, st.sampled_from([0, -1, 999_999, -(10**15)]), max_size=3).map(FrozenMap)
changes = st.builds(
    Changes, st.none() | ids, st.none() | ids, credits, st.lists(keys, max_size=2, unique=True).map(tuple)
)
decisions = st.builds(
    Decision, ids, instants, st.sampled_from(["assigned", "house"]), ids, ids, tuples, tuples, changes,
    st.lists(retries, max_size=2).map(tuple),
    st.lists(st.builds(PassedOver, ids, ids, tuples, ids), max_size=2).map(tuple),
    st.lists(st.builds(Owed, ids, tuples, ids, st.sampled_from(["0.1", "1"]).map(Decimal)), max_size=2).map(tuple),
    tuples, ids,
)  # fmt: skip
decided = st.builds(Decided, decisions, st.integers(0, 9), facts())
watched = st.builds(Watched, decisions, ids)
acts = st.builds(Act, instants, ids, ids, ids, words)
troubles = st.builds(Trouble, st.integers(0, 9), words, st.booleans())
said = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | words, lambda one: st.lists(one, max_size=2), max_leaves=4
)
answers = st.builds(Answered, ids, refs, ids, words, st.dictionaries(ids, said, max_size=3).map(FrozenMap))
EVERY = {
    "lead": leads(), "case": cases, "claimed": claims, "desk": desks, "counter": counters, "credits": credits,
    "decision": decisions, "decided": decided, "watched": watched, "act": acts, "trouble": troubles,
    "answer": answers, "effect": effects, "event": events, "facts": facts(),
    "registration": st.one_of(*registrations.values()),
}  # fmt: skip
