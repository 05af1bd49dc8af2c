"""Checks of erasing: what a person said is gone, what happened stays.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from dealerrouting.ports import Known, Logged, Prospect, Ref, Writes
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.lives import AT, closed, held, life
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import same
from dealerrouting.testing.conformance.worlds import (
    KEYS,
    a_case,
    a_claim,
    a_decision,
    a_lead,
)

MAIL = "Info@Jansen.example"
LEAD = Ref("lead", "L1")


# Erasing


def _erasable(bench: Bench) -> None:
    one = life("L1", 11)
    bench.commit(
        cases=(a_case("L1", 1, state=closed("L1", "won"), over_since=AT), a_case("L2", 1, state=held("L2"))),
        contents=(a_lead("L1", 1, MAIL), a_lead("L2", 1, MAIL)),
        claims=(a_claim("R1", 0, MAIL), a_claim("L1", 0, MAIL)),
        known=(Known(Ref("claim", "R1"), KEYS[:1]), Known(LEAD, KEYS[:1]), Known(Ref("lead", "L2"), KEYS[:1])),
        events=tuple(Logged("L1", event) for event in one.log),
        records=one.records,
        decisions=(a_decision("L1", 1),),
    )


@check()
def what_a_lead_said_is_gone_when_it_is_erased(bench: Bench) -> None:
    _erasable(bench)
    bench.commit(erase=(LEAD,))
    bench.is_loaded(Ref("content", "L1"), None, "the lead was erased", 29)
    same(bench.store.history("L1").content, None, "history(L1).content, when the lead was erased", 29)
    wanted = (Ref("claim", "L1"), Ref("claim", "R1"), Ref("lead", "L2"))
    same(bench.store.about(MAIL), wanted, "about the address of a lead that was erased", 29)


@check()
def what_happened_to_a_lead_stays_when_it_is_erased(bench: Bench) -> None:
    _erasable(bench)
    before = bench.store.history("L1")
    bench.commit(erase=(LEAD,))
    after = bench.store.history("L1")
    for name in ("case", "events", "records", "decisions"):
        what = f"history(L1).{name} of an erased lead: replay of what was decided still holds, so it"
        same(getattr(after, name), getattr(before, name), what, 20)
    bench.is_loaded(Ref("recent", "delta"), (AT,), "that a dealer was given an erased lead still counts", 2)


@check()
def an_erased_lead_takes_the_case_that_comes_with_it(bench: Bench) -> None:
    _erasable(bench)
    gone = a_case("L1", 1, state=closed("L1", "won"), over_since=AT, erased_at=AT, keys=())
    bench.commit(cases=(gone,), known=(Known(LEAD, ()),), erase=(LEAD,))
    bench.is_loaded(LEAD, gone, "the case that is committed with `erase` is kept", 29)
    bench.is_loaded(Ref("prospect", KEYS[0]), Prospect(("L2",), ("R1",)), "an erased lead is found by no key", 29)


@check()
def erasing_comes_last_in_its_commit(bench: Bench) -> None:
    bench.commit(cases=(a_case("L1", 1),), contents=(a_lead("L1", 1, MAIL),), erase=(LEAD,))
    bench.is_loaded(Ref("content", "L1"), None, "content that comes in the commit that erases its lead", 29)


@check()
def an_erased_claim_is_nowhere(bench: Bench) -> None:
    _erasable(bench)
    bench.commit(erase=(Ref("claim", "R1"),))
    bench.is_loaded(Ref("claim", "R1"), None, "the claim was erased", 29)
    bench.is_loaded(Ref("prospect", KEYS[0]), Prospect(("L1", "L2")), "an erased claim is found by no key", 29)
    wanted = (Ref("claim", "L1"), LEAD, Ref("lead", "L2"))
    same(bench.store.about(MAIL), wanted, "about the address of a claim that was erased", 29)
    same(dict(bench.store.survey(AT).claims), {"approved": 1}, "survey.claims when one of two was erased", 29)


@check()
def erasing_one_leaves_the_others(bench: Bench) -> None:
    _erasable(bench)
    bench.commit(erase=(LEAD,))
    bench.is_loaded(Ref("content", "L2"), a_lead("L2", 1, MAIL), "another lead was erased")
    bench.is_loaded(Ref("claim", "L1"), a_claim("L1", 0, MAIL), "a lead with the id of this claim was erased")
    bench.commit(erase=(Ref("claim", "L1"),))
    bench.is_loaded(Ref("content", "L2"), a_lead("L2", 1, MAIL), "a claim was erased")
    bench.is_loaded(LEAD, a_case("L1", 1, state=closed("L1", "won"), over_since=AT), "a claim with its id was erased")


@check()
def erasing_what_is_erased_does_nothing_more(bench: Bench) -> None:
    _erasable(bench)
    for number in (2, 3):
        bench.commit(erase=(LEAD, Ref("claim", "nobody")))
        same(bench.version(LEAD), number, "the version of a lead that was erased again", 24)
    bench.is_loaded(Ref("content", "L1"), None, "the lead was erased twice", 29)


@check()
def a_refused_erasure_erases_nothing(bench: Bench) -> None:
    _erasable(bench)
    bench.refused({LEAD: 0}, Writes(erase=(LEAD, Ref("claim", "R1"))), "the lead was read at another version")
    bench.is_loaded(Ref("content", "L1"), a_lead("L1", 1, MAIL), "its erasure was refused", 23)
    bench.is_loaded(Ref("claim", "R1"), a_claim("R1", 0, MAIL), "its erasure was refused", 23)
