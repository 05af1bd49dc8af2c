"""Checks of `due` and `unlease`: what is due, in a total order, and how two sweeps share it.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from datetime import datetime, timedelta

from dealerrouting.calendar import END
from dealerrouting.ports import Due, Ref, Trouble, Writes
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.lives import AT, closed, held
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import same
from dealerrouting.testing.conformance.worlds import INSTANTS, MOMENT, a_case, a_claim, due_case

HOUR = timedelta(hours=1)
ORDERED = ("L1", "L10", "L2", "Z", "a", "é", "ﬀ", "😀")
"""Ids in code-point order, as no collation of a language has it, nor UTF-16."""


def _is_due(bench: Bench, at: datetime, wanted: tuple[Due, ...], why: str, limit: int = 99, law: int = 19) -> None:
    same(bench.store.due(at, limit), wanted, f"{why}: what due({at.time()}, {limit}) tells", law)


def _lead(name: str, at: datetime = AT) -> Due:
    return Due(at, Ref("lead", name))


def _three(bench: Bench) -> tuple[Due, ...]:
    bench.commit(cases=tuple(due_case(name, AT) for name in ("L1", "L2", "L3")))
    return tuple(map(_lead, ("L1", "L2", "L3")))


@check()
def nothing_is_due_in_an_empty_store(bench: Bench) -> None:
    _is_due(bench, END, (), "in an empty store")


@check()
def a_lead_is_due_at_its_instant_and_not_a_microsecond_before(bench: Bench) -> None:
    bench.commit(cases=(due_case("L1", AT),))
    _is_due(bench, AT - MOMENT, (), "a microsecond before the lead is due", law=11)
    _is_due(bench, AT, (_lead("L1"),), "at the very instant at which the lead is due", law=11)
    _is_due(bench, AT + MOMENT, (_lead("L1"),), "a microsecond after the lead was due", law=11)


@check()
def a_claim_is_due_at_its_instant_and_not_a_microsecond_before(bench: Bench) -> None:
    bench.commit(claims=(a_claim("R1", next_due=AT), a_claim("R2", next_due=None)))
    _is_due(bench, AT - MOMENT, (), "a microsecond before the claim is due", law=11)
    _is_due(bench, AT, (Due(AT, Ref("claim", "R1")),), "at the very instant at which the claim is due", law=11)
    _is_due(bench, END, (Due(AT, Ref("claim", "R1")),), "a claim with which time does nothing is never due")


@check()
def due_is_in_order_of_time_whatever_the_order_of_commits(bench: Bench) -> None:
    order = sorted(INSTANTS)
    for number, at in enumerate(INSTANTS):
        bench.commit(cases=(due_case(f"L{number}", at),))
    wanted = tuple(_lead(f"L{INSTANTS.index(at)}", at) for at in order)
    _is_due(bench, END, wanted, "the first due comes first")
    _is_due(bench, AT, tuple(one for one in wanted if one.at <= AT), "nothing from after the instant")


@check()
def due_at_one_instant_is_in_order_of_kind_and_id(bench: Bench) -> None:
    bench.commit(
        cases=tuple(due_case(name, AT) for name in reversed(ORDERED)),
        claims=tuple(a_claim(name, next_due=AT) for name in ORDERED[3:]),
    )
    claims = tuple(Due(AT, Ref("claim", name)) for name in ORDERED[3:])
    why = "at one instant claims before leads, each by id in code-point order"
    _is_due(bench, AT, (*claims, *map(_lead, ORDERED)), why)


@check()
def due_tells_the_first_of_many_up_to_its_limit(bench: Bench) -> None:
    found = _three(bench)
    bench.commit(claims=(a_claim("R1", next_due=AT + MOMENT),))
    for limit in (0, 1, 2, 3):
        _is_due(bench, END, found[:limit], "at most as many as asked for, and the first of them", limit)


@check()
def a_limit_counts_leads_and_claims_together(bench: Bench) -> None:
    bench.commit(
        cases=(due_case("L1", AT), due_case("L2", AT + 2 * MOMENT)),
        claims=(a_claim("R1", next_due=AT + MOMENT), a_claim("R2", next_due=AT + 3 * MOMENT)),
    )
    wanted = (_lead("L1"), Due(AT + MOMENT, Ref("claim", "R1")), _lead("L2", AT + 2 * MOMENT))
    _is_due(bench, END, wanted, "leads and claims in one order of time", 3)


@check()
def due_goes_by_the_earlier_of_deadline_and_offer(bench: Bench) -> None:
    bench.commit(cases=(due_case("L1", AT + HOUR, offer_at=AT), due_case("L2", AT + HOUR, offer_at=END)))
    _is_due(bench, AT, (_lead("L1"),), "a lead that is to be offered again before its deadline", law=2)
    both = (_lead("L1"), _lead("L2", AT + HOUR))
    _is_due(bench, AT + HOUR, both, "a lead whose deadline comes before its next offer", law=2)


@check()
def what_is_over_is_not_due(bench: Bench) -> None:
    bench.commit(
        cases=(
            a_case("L1", 1, state=closed("L1", "won"), offer_at=AT, over_since=AT),
            due_case("L2", AT, erased_at=AT),
            a_case("L3", 1, state=None, linked="L1", offer_at=AT),
        )
    )
    _is_due(bench, END, (), "one lead is won, one erased, one linked to another")


@check()
def a_change_moves_what_is_due(bench: Bench) -> None:
    bench.commit(cases=(due_case("L1", AT),), claims=(a_claim("R1", next_due=AT),))
    bench.commit(cases=(due_case("L1", AT + HOUR),), claims=(a_claim("R1", next_due=None),))
    _is_due(bench, AT, (), "the lead is due later now, the claim never")
    _is_due(bench, AT + HOUR, (_lead("L1", AT + HOUR),), "the lead is due at its new instant")


@check()
def what_was_dealt_with_is_due_no_more(bench: Bench) -> None:
    _three(bench)
    bench.commit({Ref("lead", "L2"): 1}, cases=(a_case("L2", 1, state=closed("L2", "lost"), over_since=AT),))
    _is_due(bench, AT, (_lead("L1"), _lead("L3")), "the lead between them was closed")


@check()
def a_refused_change_moves_nothing_that_is_due(bench: Bench) -> None:
    found = _three(bench)
    bench.refused({Ref("lead", "L1"): 0}, Writes(cases=(due_case("L1", END),)), "a stale version")
    _is_due(bench, AT, found, "the change was refused", law=23)


@check()
def an_erased_claim_is_not_due(bench: Bench) -> None:
    bench.commit(claims=(a_claim("R1", next_due=AT),))
    bench.commit(erase=(Ref("claim", "R1"),))
    _is_due(bench, END, (), "the claim was erased", law=29)


@check()
def what_is_parked_is_left_out(bench: Bench) -> None:
    _three(bench)
    bench.commit(claims=(a_claim("R1", next_due=AT),))
    parked = Trouble(3, "poison", parked=True)
    bench.commit(troubles=((Ref("lead", "L2"), parked), (Ref("claim", "R1"), parked)))
    _is_due(bench, AT, (_lead("L1"), _lead("L3")), "a parked lead and a parked claim are left alone")
    _is_due(bench, AT, (_lead("L1"), _lead("L3")), "what is parked takes no place within the limit", 2)


@check()
def trouble_alone_parks_nothing(bench: Bench) -> None:
    found = _three(bench)
    bench.commit(troubles=((Ref("lead", "L1"), Trouble(2, "twice")), (Ref("claim", "L2"), Trouble(9, "a claim", True))))
    _is_due(bench, AT, found, "tried twice is not parked, and a parked claim is no lead of the same id", law=2)


@check()
def what_is_parked_no_more_is_due_again(bench: Bench) -> None:
    found = _three(bench)
    one, two = Ref("lead", "L1"), Ref("lead", "L2")
    bench.commit(troubles=((one, Trouble(3, "x", parked=True)), (two, Trouble(3, "x", parked=True))))
    bench.commit(troubles=((one, None), (two, Trouble(4, "x"))))
    _is_due(bench, AT, found, "trouble was forgotten for one, and is no longer parked for the other", law=2)


# Leases


@check()
def what_is_leased_is_given_to_nobody_else(bench: Bench) -> None:
    found = _three(bench)
    same(bench.store.due(AT, 2, lease=HOUR), found[:2], "what a sweep is given under a lease", 19)
    same(bench.store.due(AT, 99, lease=HOUR), found[2:], "what a second sweep is given: not what the first has", 16)
    _is_due(bench, AT, (), "all is leased, and who asks without a lease is given none of it either", law=16)


@check()
def asking_without_a_lease_takes_nothing(bench: Bench) -> None:
    found = _three(bench)
    for _ in range(2):
        _is_due(bench, AT, found, "nobody has leased anything", law=2)


@check()
def a_lease_is_over_when_its_time_has_gone_by(bench: Bench) -> None:
    found = _three(bench)
    bench.store.due(AT, 99, lease=HOUR)
    _is_due(bench, AT + HOUR - MOMENT, (), "a microsecond before the lease is over", law=16)
    _is_due(
        bench, AT + HOUR, found, "when the lease is over, to the microsecond: else a sweep that died loses leads", law=2
    )


@check()
def a_lease_counts_from_the_instant_that_was_asked_for(bench: Bench) -> None:
    found = _three(bench)
    late = AT + 100 * HOUR
    bench.store.due(late, 1, lease=HOUR)
    _is_due(
        bench, late + HOUR - MOMENT, found[1:], "a lease that was taken late, a microsecond before it is over", law=16
    )
    _is_due(bench, late + HOUR, found, "a lease that was taken late, when it is over", law=2)


@check()
def a_lease_can_be_taken_again_when_it_is_over(bench: Bench) -> None:
    found = _three(bench)
    for number in range(3):
        told = bench.store.due(AT + number * HOUR, 99, lease=HOUR)
        same(told, found, f"what is leased anew after {number} leases are over", 2)


@check()
def unlease_gives_back_what_it_names(bench: Bench) -> None:
    found = _three(bench)
    bench.store.due(AT, 99, lease=HOUR)
    bench.store.unlease((found[1].ref,))
    _is_due(bench, AT, found[1:2], "one of three was given back", law=2)
    bench.store.unlease([one.ref for one in found])
    _is_due(bench, AT, found, "all were given back", law=2)


@check()
def unlease_of_what_is_not_leased_does_nothing(bench: Bench) -> None:
    found = _three(bench)
    bench.store.unlease(())
    bench.store.unlease((Ref("lead", "nobody"), found[0].ref, Ref("claim", "L1")))
    _is_due(bench, AT, found, "nothing was leased, and an unknown lead was given back", law=2)


@check()
def a_commit_ends_the_lease_of_what_it_changes(bench: Bench) -> None:
    found = _three(bench)
    bench.store.due(AT, 99, lease=HOUR)
    bench.commit({found[0].ref: 1}, cases=(due_case("L1", AT),))
    _is_due(
        bench, AT, found[:1], "the lead was committed, and is due again at once; the others are leased still", law=2
    )


@check()
def a_refused_commit_ends_no_lease(bench: Bench) -> None:
    found = _three(bench)
    bench.store.due(AT, 99, lease=HOUR)
    bench.refused({found[0].ref: 0}, Writes(cases=(due_case("L1", AT),)), "a stale version")
    _is_due(bench, AT, (), "the change was refused: nothing of it is made, and the lease stays", law=23)


@check()
def a_lease_is_no_lock(bench: Bench) -> None:
    _three(bench)
    before = bench.version(Ref("lead", "L1"))
    bench.store.due(AT, 99, lease=HOUR)
    same(bench.version(Ref("lead", "L1")), before, "a lease is no change: the version of a leased lead", 24)
    bench.commit({Ref("lead", "L1"): 1}, cases=(a_case("L1", 1, state=held("L1")),))
    bench.is_loaded(Ref("lead", "L1"), a_case("L1", 1, state=held("L1")), "a leased lead can be changed by anybody", 24)


@check()
def leases_of_leads_and_claims_are_apart(bench: Bench) -> None:
    bench.commit(cases=(due_case("X", AT + MOMENT),), claims=(a_claim("X", next_due=AT),))
    claim, lead = Due(AT, Ref("claim", "X")), _lead("X", AT + MOMENT)
    same(bench.store.due(AT + MOMENT, 1, lease=HOUR), (claim,), "the first that is due", 19)
    _is_due(bench, AT + MOMENT, (lead,), "a claim is leased, and the lead of the same id is not", law=2)
