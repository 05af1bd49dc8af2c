"""Checks of `load`: what is not there, versions, the instant, that ids are apart, and that values come back equal.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealerrouting.calendar import is_instant
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import DESK, KINDS, Counter, Logged, Prospect, Ref, Trouble, Writes
from dealerrouting.testing.conformance.bench import Bench, fields_of
from dealerrouting.testing.conformance.lives import AT, HOUSE, life
from dealerrouting.testing.conformance.registry import check, named
from dealerrouting.testing.conformance.said import Broken, same
from dealerrouting.testing.conformance.worlds import (
    INSTANTS,
    LEAD_IDS,
    NAMES,
    TEXTS,
    a_case,
    a_claim,
    a_counter,
    a_decision,
    a_desk,
    a_lead,
    an_act,
    base,
    due_case,
    refs,
)

_ABSENT: dict[str, Any] = {
    "prospect": Prospect(),
    "claimant": Counter(),
    "ledger": FrozenMap(),
    "dealer": 0,
    "recent": (),
    "waiting": (),
}
"""What is told of what was never there; None of the others."""


def _absent(kind: str) -> Callable[[Bench], None]:
    ref = DESK if kind == "desk" else Ref(kind, "lead:L1" if kind == "trouble" else "nobody")

    def run(bench: Bench) -> None:
        bench.is_loaded(ref, _ABSENT.get(kind), "in an empty store", 24)
        told = bench.load(ref)
        if ref.versioned:
            same(dict(told.versions), {ref: 0}, "the versions of what was never there", 24)
        else:
            same(dict(told.versions), {}, f"`{kind}` has no version of its own; the versions told", 24)

    return run


for _kind in KINDS:
    named(f"absent_{_kind}_is_told_as_absent", _absent(_kind), "outbox" if _kind == "answer" else "case_store")


def _absent_beside_others(kind: str) -> Callable[[Bench], None]:
    ref = Ref(kind, "lead:nobody" if kind == "trouble" else "nobody")

    def run(bench: Bench) -> None:
        bench.populate()
        bench.is_loaded(ref, _ABSENT.get(kind), "of something that was never there, beside others that are", 24)

    return run


for _kind in sorted(set(KINDS) - {"desk"}):
    _rung = "outbox" if _kind == "answer" else "case_store"
    named(f"absent_{_kind}_is_not_mistaken_for_another", _absent_beside_others(_kind), _rung)


@check()
def loading_nothing_tells_nothing(bench: Bench) -> None:
    told = bench.load()
    same((dict(told.versions), dict(told.values)), ({}, {}), "what load tells when nothing is asked", 24)


@check()
def loading_tells_of_what_was_asked_and_of_nothing_else(bench: Bench) -> None:
    bench.populate()
    told = bench.load(Ref("lead", "L1"), Ref("content", "L1"))
    same(set(told.values), {Ref("lead", "L1"), Ref("content", "L1")}, "the refs that load tells values of", 24)
    same(set(told.versions), {Ref("lead", "L1")}, "the refs that load tells versions of", 24)


@check()
def a_ref_asked_twice_is_told_once(bench: Bench) -> None:
    bench.populate()
    told = bench.load(Ref("lead", "L1"), Ref("lead", "L1"))
    same(dict(told.versions), {Ref("lead", "L1"): 1}, "the versions, of a ref that is asked for twice", 24)


@check()
def everything_can_be_asked_for_at_once(bench: Bench) -> None:
    bench.populate()
    asked = refs(bench.outbox)
    same(set(bench.load(*asked).values), set(asked), "the refs that one load of everything tells of", 24)


@check()
def many_refs_can_be_asked_for_at_once(bench: Bench) -> None:
    asked = tuple(Ref("lead", f"L{number}") for number in range(2_000))
    same(len(bench.load(*asked).values), 2_000, "how many of 2,000 refs load tells of", 24)


@check()
def the_snapshot_is_of_the_instant_given(bench: Bench) -> None:
    for at in INSTANTS:
        same(bench.load(DESK, at=at).at, at, "the snapshot's `at`, where the desk has a clock of its own,", 11)


@check()
def the_store_has_a_clock_of_its_own(bench: Bench) -> None:
    first, second = bench.store.load((DESK,)).at, bench.store.load((DESK,)).at
    if not is_instant(first):
        raise Broken("load without `at` tells a time that is no instant", 11, "an aware datetime", repr(first))
    if second < first:
        raise Broken("the store's clock goes back between two loads", 11, f"{first} or later", str(second))


@check()
def loading_changes_nothing(bench: Bench) -> None:
    bench.populate()
    first, second = bench.view(), bench.view()
    for name, seen in first.items():
        same(second[name], seen, f"asking changes what is kept: the second time {name}", 23)


# Ids are apart


def _apart(
    kind: str, ids: tuple[str, ...], writes: Callable[[str, int], Writes], value: Callable[[str, int], Any]
) -> Any:
    def run(bench: Bench) -> None:
        for number, id in enumerate(ids):
            bench.make_true(writes(id, number))
        told = bench.load(*(Ref(kind, id) for id in ids)).values
        for number, id in enumerate(ids):
            what = f"ids are compared code point by code point: {kind} {ascii(id)[:60]}"
            same(told[Ref(kind, id)], value(id, number), what, 2)

    return run


def _a_content(id: str, number: int) -> Writes:
    return Writes(cases=(a_case(id, number),), contents=(a_lead(id, number),))


_ONE = FrozenMap({"delta": 1})
named("lead_ids_are_apart", _apart("lead", LEAD_IDS, lambda i, n: Writes(cases=(a_case(i, n),)), a_case))
named("content_ids_are_apart", _apart("content", LEAD_IDS, _a_content, a_lead))
named("claim_ids_are_apart", _apart("claim", NAMES, lambda i, n: Writes(claims=(a_claim(i, n),)), a_claim))
named(
    "ledger_ids_are_apart",
    _apart("ledger", NAMES, lambda i, n: Writes(ledgers=FrozenMap({i: FrozenMap({"a": n})})), lambda _, n: {"a": n}),
)
named(
    "dealer_ids_are_apart",
    _apart("dealer", NAMES, lambda i, n: Writes(counts=FrozenMap({i: n + 1})), lambda _, n: n + 1),
)
named(
    "claimant_ids_are_apart",
    _apart("claimant", NAMES, lambda i, n: Writes(claimants=FrozenMap({i: a_counter(n)})), lambda _, n: a_counter(n)),
)


@check()
def dealers_in_one_ledger_are_apart(bench: Bench) -> None:
    ledger = FrozenMap({name: number - 4 for number, name in enumerate(NAMES)})
    bench.commit(ledgers=FrozenMap({"L": ledger}))
    bench.is_loaded(Ref("ledger", "L"), ledger, "a ledger whose dealers have alike names")


@check()
def kinds_with_one_id_are_apart(bench: Bench) -> None:
    bench.commit(
        cases=(a_case("delta", 1),),
        claims=(a_claim("delta", 1),),
        counts=FrozenMap({"delta": 3}),
        ledgers=FrozenMap({"delta": _ONE}),
    )
    bench.commit(counts=FrozenMap({"delta": 1}))
    kinds = {"lead": 1, "claim": 1, "dealer": 2, "ledger": 1, "claimant": 0, "prospect": 0}
    wanted = {Ref(kind, "delta"): number for kind, number in kinds.items()}
    same(bench.versions(wanted), wanted, "versions of different kinds under one id", 24)


# Values come back as they were


def _comes_back(
    kind: str, ref: Callable[[int], Ref], value: Callable[[int], Any], writes: Callable[[int], Writes]
) -> Any:
    def run(bench: Bench) -> None:
        for seed in range(len(TEXTS)):
            change = writes(seed)
            bench.make_true(change)
            why = f"a {kind} must come back equal (committed in {fields_of(change)})"
            bench.is_loaded(ref(seed), value(seed), why)

    return run


def _writes_case(seed: int) -> Writes:
    return Writes(cases=(a_case(f"L{seed}", seed),))


def _writes_lead(seed: int) -> Writes:
    return Writes(cases=(due_case(f"L{seed}", AT),), contents=(a_lead(f"L{seed}", seed),))


_ROUND: dict[str, tuple[Callable[[int], Ref], Callable[[int], Any], Callable[[int], Writes]]] = {
    "case": (lambda n: Ref("lead", f"L{n}"), lambda n: a_case(f"L{n}", n), _writes_case),
    "lead": (lambda n: Ref("content", f"L{n}"), lambda n: a_lead(f"L{n}", n), _writes_lead),
    "claim": (
        lambda n: Ref("claim", f"R{n}"),
        lambda n: a_claim(f"R{n}", n),
        lambda n: Writes(claims=(a_claim(f"R{n}", n),)),
    ),
    "desk": (lambda _: DESK, a_desk, lambda n: Writes(desk=a_desk(n))),
    "counter": (
        lambda _: Ref("claimant", "delta"),
        a_counter,
        lambda n: Writes(claimants=FrozenMap({"delta": a_counter(n)})),
    ),
    "trouble": (
        lambda _: Ref("trouble", "lead:L1"),
        lambda n: Trouble(n, TEXTS[n], n % 2 == 0),
        lambda n: Writes(
            cases=(due_case("L1", AT),), troubles=((Ref("lead", "L1"), Trouble(n, TEXTS[n], n % 2 == 0)),)
        ),
    ),
    "plan": (
        lambda n: Ref("plan", f"sha256:p{n}"),
        lambda n: f'{{"name":"{TEXTS[n]}"}}' * 40,
        lambda n: Writes(plans=((f"sha256:p{n}", f"sha256:q{n}", f'{{"name":"{TEXTS[n]}"}}' * 40),)),
    ),
}
for _what, (_ref, _value, _writes) in _ROUND.items():
    named(f"a_{_what}_comes_back_as_it_was", _comes_back(_what, _ref, _value, _writes))


@check()
def a_linked_and_a_watched_lead_come_back_as_they_were(bench: Bench) -> None:
    linked = a_case("L2", 1, state=None, linked="L1", retry=())
    watched = a_case("L3", 2, state=None, watched=HOUSE, over_since=AT, erased_at=INSTANTS[1])
    bench.commit(cases=(due_case("L1", AT, links=("L2",)), linked, watched))
    bench.is_loaded(Ref("lead", "L2"), linked, "a lead without a state, linked to another")
    bench.is_loaded(Ref("lead", "L3"), watched, "a lead without a state, only watched")


@check()
def a_lead_whose_raw_text_cannot_be_printed_is_kept(bench: Bench) -> None:
    lead = Lead("L1", city="a\0b", postcode="\ud800\x1b[0m", product="\x7f\u2028\ufffe", attributes={"x": "\0"})
    bench.commit(cases=(due_case("L1", AT),), contents=(lead,))
    bench.is_loaded(Ref("content", "L1"), lead, "what a form sent that nobody can read stays as raw text")


@check()
def what_events_records_and_decisions_said_comes_back_as_it_was(bench: Bench) -> None:
    for seed in range(12):
        name = f"L{seed}"
        one = life(name, seed)
        kept = tuple(a_decision(name, seed + n, NAMES[n]) for n in range(4))
        logged = tuple(Logged(name, event) for event in one.log)
        bench.commit(cases=(a_case(name, seed),), events=logged, records=one.records, decisions=kept)
        told = bench.store.history(name)
        same(told.events, one.log, f"history({name}).events", 20)
        same(told.records, one.records, f"history({name}).records", 20)
        same(told.decisions, kept, f"history({name}).decisions", 20)


@check()
def instants_keep_their_microseconds(bench: Bench) -> None:
    for number, at in enumerate(INSTANTS):
        case = due_case(f"L{number}", at, received_at=at)
        bench.commit(cases=(case,), acts=(an_act(number),))
        bench.is_loaded(Ref("lead", f"L{number}"), case, "an instant is in whole microseconds", 11)


@check()
def credits_may_be_of_any_size(bench: Bench) -> None:
    ledger = FrozenMap({"a": 10**30, "b": -(10**30), "c": 0, "d": 2**63, "e": -(2**63) - 1})
    bench.commit(ledgers=FrozenMap({"big": ledger, "empty": FrozenMap()}))
    bench.is_loaded(Ref("ledger", "big"), ledger, "whole millionths have no bound")
    bench.is_loaded(Ref("ledger", "empty"), FrozenMap(), "a ledger in which nobody is owed")


@check()
def stores_have_nothing_in_common(bench: Bench) -> None:
    bench.populate()
    asked = refs(bench.outbox)
    told = bench.another().load(asked, AT).versions
    if any(told.values()):
        raise Broken(
            "`make_store` gave a store that is not empty: what one test keeps, another sees", 23, "empty", str(told)
        )
    wanted = {ref: int(ref in base(bench.outbox).changed()) for ref in asked if ref.versioned}
    same(bench.versions(asked), wanted, "the versions in the first store, once there is a second,", 23)
