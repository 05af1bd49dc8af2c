"""Checks of versions: what a change was decided on, absence included, and what it takes the place of.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from collections.abc import Callable

from dealerrouting.errors import Conflict
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import DESK, Desk, Known, Ref, Trouble, Writes
from dealerrouting.testing.conformance.bench import Bench, shown_ref, unchanged
from dealerrouting.testing.conformance.lives import AT, held
from dealerrouting.testing.conformance.registry import check, named
from dealerrouting.testing.conformance.said import Broken, same
from dealerrouting.testing.conformance.worlds import (
    KEYS,
    a_case,
    a_claim,
    a_counter,
    a_desk,
    a_lead,
    base,
    due_case,
    refs,
)

LEAD = Ref("lead", "L1")


# Versions


@check()
def versions_grow_one_by_one(bench: Bench) -> None:
    for number in range(5):
        same(bench.version(LEAD), number, f"the version after {number} changes", 24)
        bench.commit({LEAD: number}, cases=(a_case("L1", number),))


@check()
def several_changes_of_one_thing_in_one_commit_are_one(bench: Bench) -> None:
    bench.commit(
        cases=(a_case("L1", 1, state=held("L1")), a_case("L2", 1, state=held("L2"))),
        known=(Known(LEAD, KEYS[:1]), Known(Ref("lead", "L2"), KEYS[:1])),
        touched=(LEAD, Ref("prospect", KEYS[0])),
    )
    same(bench.version(LEAD), 1, "the version of a lead that is in `cases` and in `touched` of one commit", 24)
    same(bench.version(Ref("prospect", KEYS[0])), 1, "the version of a prospect that two leads are known by", 24)


@check()
def reading_alone_raises_no_version(bench: Bench) -> None:
    bench.populate()
    asked = [ref for ref in refs(bench.outbox) if ref.versioned]
    before = bench.versions(asked)
    bench.make_true(Writes(), before)
    same(bench.versions(asked), before, "a commit that reads and writes nothing changes nothing: the versions", 24)


@check()
def what_is_only_touched_has_a_version_and_no_value(bench: Bench) -> None:
    bench.commit(touched=(Ref("lead", "L9"), Ref("dealer", "delta"), Ref("prospect", "k"), DESK))
    wanted = {Ref("lead", "L9"): 1, Ref("dealer", "delta"): 1, Ref("prospect", "k"): 1, DESK: 1, Ref("claim", "R"): 0}
    same(bench.versions(wanted), wanted, "the versions of what was touched", 24)
    bench.is_loaded(Ref("lead", "L9"), None, "a lead that was only touched", 24)
    bench.is_loaded(Ref("dealer", "delta"), 0, "a dealer that was only touched", 24)


@check()
def a_count_that_adds_nothing_raises_the_version(bench: Bench) -> None:
    bench.commit(counts=FrozenMap({"delta": 0}))
    same(bench.version(Ref("dealer", "delta")), 1, "the version of a dealer with a count of 0 in `counts`", 24)


@check()
def an_erased_thing_keeps_its_version(bench: Bench) -> None:
    bench.populate()
    claim = Ref("claim", "R1")
    bench.commit(erase=(claim,))
    same(bench.version(claim), 2, "the version of a claim after it was erased", 24)
    bench.refused({claim: 0}, Writes(claims=(a_claim("R1"),)), "the claim was read as never there; it is erased")
    bench.commit({claim: 2}, claims=(a_claim("R1"),))
    same(bench.version(claim), 3, "the version of a claim that is made again after it was erased", 24)


# Reads


def _absence(ref: Ref, first: Writes) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        bench.make_true(first, {ref: 0})
        bench.refused({ref: 0}, first, f"{shown_ref(ref)} was read as absent, and it is there by now")

    return run


def _two(ref: Ref, before: Writes, one: Writes, other: Writes) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        bench.make_true(before)
        version = bench.version(ref)
        bench.make_true(one, {ref: version})
        bench.refused({ref: version}, other, f"two changes were decided on one {ref.kind}: one wins")
        same(bench.version(ref), version + 1, f"the version of {shown_ref(ref)} after one of two changes", 24)

    return run


_EACH: dict[str, tuple[Ref, Writes, Writes]] = {
    "desk": (DESK, Writes(desk=a_desk(1)), Writes(desk=a_desk(2))),
    "lead": (LEAD, Writes(cases=(a_case("L1", 1),)), Writes(cases=(a_case("L1", 2),))),
    "prospect": (
        Ref("prospect", KEYS[0]),
        Writes(cases=(a_case("L1", 1),), known=(Known(LEAD, KEYS[:1]),)),
        Writes(cases=(a_case("L2", 1),), known=(Known(Ref("lead", "L2"), KEYS[:1]),)),
    ),
    "claim": (Ref("claim", "R1"), Writes(claims=(a_claim("R1", 1),)), Writes(claims=(a_claim("R1", 2),))),
    "claimant": (
        Ref("claimant", "delta"),
        Writes(claimants=FrozenMap({"delta": a_counter(1)})),
        Writes(claimants=FrozenMap({"delta": a_counter(2)})),
    ),
    "ledger": (
        Ref("ledger", "t"),
        Writes(ledgers=FrozenMap({"t": FrozenMap({"a": 1})})),
        Writes(ledgers=FrozenMap({"t": FrozenMap({"b": 1})})),
    ),
    "dealer": (Ref("dealer", "delta"), Writes(counts=FrozenMap({"delta": 1})), Writes(counts=FrozenMap({"delta": 2}))),
}
for _kind, (_ref, _first, _second) in _EACH.items():
    named(f"absence_of_a_{_kind}_is_a_version", _absence(_ref, _first))
    named(f"two_first_changes_on_one_{_kind}_one_wins", _two(_ref, Writes(), _first, _second))
    named(f"two_later_changes_on_one_{_kind}_one_wins", _two(_ref, _first, _second, _first))


@check()
def a_version_from_the_future_is_refused(bench: Bench) -> None:
    bench.populate()
    bench.refused({LEAD: 2}, Writes(acts=()), "the lead was read at version 2, and is at 1")
    bench.refused({Ref("lead", "nobody"): 1}, Writes(), "a lead that was never there was read at version 1")


@check()
def a_stale_read_of_what_is_not_changed_is_refused(bench: Bench) -> None:
    bench.populate()
    writes = Writes(cases=(a_case("L2", 3),))
    bench.refused(
        {Ref("lead", "L2"): 1, Ref("ledger", "territories"): 0}, writes, "a ledger was read that is changed by now"
    )


@check()
def a_change_without_reads_is_made(bench: Bench) -> None:
    bench.populate()
    bench.commit(cases=(a_case("L1", 3),))
    bench.is_loaded(LEAD, a_case("L1", 3), "a change that was decided on nothing is never a conflict", 24)


@check()
def a_change_is_made_again_with_the_versions_of_a_new_load(bench: Bench) -> None:
    bench.populate()
    bench.refused({LEAD: 0}, Writes(cases=(a_case("L1", 3),)), "a stale version")
    bench.commit({LEAD: bench.version(LEAD)}, cases=(a_case("L1", 3),))
    bench.is_loaded(LEAD, a_case("L1", 3), "after a conflict, a load and a second try", 24)


@check()
def absence_that_lasts_is_accepted(bench: Bench) -> None:
    bench.populate()
    absent = [Ref(kind, "nobody") for kind in ("lead", "prospect", "claim", "claimant", "ledger", "dealer")]
    bench.make_true(Writes(cases=(a_case("L1", 3),)), dict.fromkeys(absent, 0))
    same(bench.versions(absent), dict.fromkeys(absent, 0), "reading absence makes nothing there: the versions", 24)


@check()
def a_conflict_says_nothing_that_a_person_said(bench: Bench) -> None:
    canary = "kept-7f3a"
    bench.populate()
    lead = Lead("L1", canary, email=f"{canary}@canary.example", message=canary, contact_name=canary)
    try:
        bench.store.commit({LEAD: 0}, Writes(contents=(lead,), claims=(a_claim("R1", 1, f"{canary}@x.example"),)))
    except Conflict as error:
        chain: list[BaseException | None] = [error, error.__cause__]
        if any(canary in str(one) for one in chain):
            raise Broken("the text of a Conflict holds what a person said", 29, "ids and words", str(error)) from None
        return
    raise Broken("commit made a change that was decided on a stale lead", 24, "Conflict", "no error")


# Replaced, added, forgotten


@check()
def counts_are_added(bench: Bench) -> None:
    for number, total in ((3, 3), (-1, 2), (0, 2), (5, 7)):
        bench.commit(counts=FrozenMap({"delta": number, "maas": 1}))
        bench.is_loaded(Ref("dealer", "delta"), total, "`counts` are added to what was there", 24)
    bench.is_loaded(Ref("dealer", "maas"), 4, "each dealer's count for itself", 24)


@check()
def two_changes_of_one_count_need_not_wait(bench: Bench) -> None:
    read = {LEAD: bench.version(LEAD)}, {Ref("lead", "L2"): 0}
    bench.commit(read[0], cases=(a_case("L1"),), counts=FrozenMap({"delta": 1}))
    bench.commit(read[1], cases=(a_case("L2"),), counts=FrozenMap({"delta": 1}))
    bench.is_loaded(Ref("dealer", "delta"), 2, "both were decided before either was made, and read no dealer", 24)


@check()
def a_ledger_is_replaced_whole(bench: Bench) -> None:
    bench.commit(ledgers=FrozenMap({"t": FrozenMap({"a": 1, "b": 2}), "u": FrozenMap({"a": 9})}))
    bench.commit(ledgers=FrozenMap({"t": FrozenMap({"b": 3})}))
    bench.is_loaded(Ref("ledger", "t"), FrozenMap({"b": 3}), "a dealer that is not in the new ledger is gone", 24)
    bench.is_loaded(Ref("ledger", "u"), FrozenMap({"a": 9}), "another ledger stays", 24)
    bench.commit(ledgers=FrozenMap({"t": FrozenMap()}))
    bench.is_loaded(Ref("ledger", "t"), FrozenMap(), "an empty ledger takes the place of the old one", 24)


@check()
def what_is_replaced_leaves_nothing_of_the_old(bench: Bench) -> None:
    bench.commit(
        desk=a_desk(2), cases=(a_case("L1", 5),), contents=(a_lead("L1", 3),), claims=(a_claim("R1", 2),),
        claimants=FrozenMap({"delta": a_counter(7)}),
    )  # fmt: skip
    sparse = due_case("L1", AT)
    bench.commit(
        desk=Desk(), cases=(sparse,), contents=(Lead("L1"),), claims=(a_claim("R1", 0),),
        claimants=FrozenMap({"delta": a_counter(0)}),
    )  # fmt: skip
    bench.is_loaded(DESK, Desk(), "a desk takes the place of what was there, whole")
    bench.is_loaded(LEAD, sparse, "a case takes the place of what was there, whole")
    bench.is_loaded(Ref("content", "L1"), Lead("L1"), "contents take the place of what was there, whole")
    bench.is_loaded(Ref("claim", "R1"), a_claim("R1", 0), "a claim takes the place of what was there, whole")
    bench.is_loaded(Ref("claimant", "delta"), a_counter(0), "a counter takes the place of what was there, whole")


@check()
def what_a_change_does_not_name_stays(bench: Bench) -> None:
    bench.populate()
    before = bench.view()
    bench.commit(touched=(Ref("lead", "L9"),))
    unchanged(before, bench.view(), "a commit that names none of this was made")


@check()
def troubles_are_kept_replaced_and_forgotten(bench: Bench) -> None:
    one, asked = Ref("lead", "L1"), Ref("trouble", "lead:L1")
    bench.commit(cases=(due_case("L1", AT),), troubles=((one, Trouble(1, "x")),))
    bench.commit(troubles=((one, Trouble(2, "y", True)),))
    bench.is_loaded(asked, Trouble(2, "y", True), "the last trouble of a lead")
    bench.commit(troubles=((one, None),))
    bench.is_loaded(asked, None, "trouble that was forgotten")
    bench.commit(troubles=((one, None),))
    bench.is_loaded(asked, None, "trouble that is forgotten twice")


@check()
def troubles_of_a_lead_and_a_claim_with_one_id_are_apart(bench: Bench) -> None:
    bench.commit(cases=(due_case("X", AT),), claims=(a_claim("X"),), troubles=((Ref("lead", "X"), Trouble(1, "x")),))
    bench.is_loaded(Ref("trouble", "claim:X"), None, "the trouble of a claim that has the id of a lead")
    bench.is_loaded(Ref("trouble", "lead:X"), Trouble(1, "x"), "the trouble of the lead")


@check()
def the_order_of_changes_is_kept_across_things(bench: Bench) -> None:
    bench.make_true(base(bench.outbox))
    for number in range(3):
        bench.commit({LEAD: number + 1}, cases=(a_case("L1", number),), counts=FrozenMap({"delta": number}))
    bench.is_loaded(Ref("dealer", "delta"), 2 + 0 + 1 + 2, "counts after four changes", 24)
    bench.is_loaded(LEAD, a_case("L1", 2), "a case after four changes", 24)
