"""Checks of what `load` finds by other things: `recent`, `waiting`, `prospect`, `plan`.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from datetime import timedelta
from typing import Any

from dealerrouting.ports import Desk, Known, Prospect, Ref
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.lives import AT, HOUSE, POLICY, held
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import Broken
from dealerrouting.testing.conformance.worlds import (
    KEYS,
    a_case,
    a_claim,
    a_decision,
    due_case,
)

# Recent, waiting, prospects


@check()
def recent_is_of_the_last_thirty_days(bench: Bench) -> None:
    moment, month = timedelta(microseconds=1), timedelta(days=30)
    inside, outside = (AT, AT - month + moment), (AT - month, AT - month - moment, AT + moment)
    given = tuple(a_decision("L1", 0, "delta", at) for at in (*inside, *outside))
    bench.commit(cases=(due_case("L1", AT),), decisions=given)
    why = "given in the thirty days that end at `at`, the first instant of them left out, the last in"
    bench.is_loaded(Ref("recent", "delta"), tuple(sorted(inside)), why, 2)


@check()
def recent_counts_from_the_instant_given(bench: Bench) -> None:
    bench.commit(cases=(due_case("L1", AT),), decisions=(a_decision("L1", 0, "delta", AT),))
    later = AT + timedelta(days=30)
    bench.is_loaded(
        Ref("recent", "delta"), (AT,), "a moment before thirty days are over", 2, later - timedelta.resolution
    )
    bench.is_loaded(Ref("recent", "delta"), (), "when thirty days are over", 2, later)


@check()
def recent_is_of_that_dealer_alone(bench: Bench) -> None:
    given = tuple(a_decision("L1", 0, name, AT) for name in ("maas", "Delta", "delta", HOUSE))
    bench.commit(cases=(due_case("L1", AT),), decisions=given)
    bench.is_loaded(Ref("recent", "delta"), (AT,), "one lead was given to this dealer, three to others")


@check()
def recent_is_in_order_and_counts_every_time(bench: Bench) -> None:
    day = timedelta(days=1)
    given = tuple(a_decision("L1", 0, "delta", at) for at in (AT - day, AT - 3 * day, AT - day))
    bench.commit(cases=(due_case("L1", AT),), decisions=given)
    wanted = (AT - 3 * day, AT - day, AT - day)
    bench.is_loaded(Ref("recent", "delta"), wanted, "two leads given at one instant are two", 2)


def _waiting(lead: str, days: int, *dealers: str) -> Any:
    from dealerrouting.model import Retry

    retry = tuple(Retry(name, "max_open") for name in dealers)
    return due_case(lead, AT, received_at=AT + timedelta(days=days), retry=retry)


@check()
def waiting_leads_are_told_the_oldest_first(bench: Bench) -> None:
    bench.commit(cases=(_waiting("L3", 2, "maas"), _waiting("L1", 2, "maas", "delta"), _waiting("L2", 1, "maas")))
    bench.is_loaded(Ref("waiting", "maas"), ("L2", "L1", "L3"), "by when they were received, then by id", 2)
    bench.is_loaded(Ref("waiting", "delta"), ("L1",), "only those that wait for this dealer", 2)


@check()
def a_lead_that_is_over_waits_for_nobody(bench: Bench) -> None:
    bench.commit(cases=(_waiting("L1", 0, "maas"), _waiting("L2", 0, "maas"), _waiting("L3", 0, "maas")))
    over = a_case("L1", 1, state=_over("L1"), over_since=AT)
    erased = due_case("L3", AT, retry=_waiting("L3", 0, "maas").retry, erased_at=AT)
    bench.commit(cases=(over, due_case("L2", AT), erased))
    bench.is_loaded(Ref("waiting", "maas"), (), "one was closed, one waits no more, one is erased", 2)


def _over(lead: str) -> Any:
    from dealerrouting.testing.conformance.lives import closed

    return closed(lead, "lost")


@check()
def at_most_twenty_waiting_leads_are_told(bench: Bench) -> None:
    bench.commit(cases=tuple(_waiting(f"L{number:02}", -number, "maas") for number in range(25)))
    wanted = tuple(f"L{number:02}" for number in range(24, 4, -1))
    bench.is_loaded(Ref("waiting", "maas"), wanted, "the twenty oldest, and no more", 2)


@check()
def a_prospect_is_who_is_found_by_its_key(bench: Bench) -> None:
    leads = ("b", "a", "B", "😀", "ﬀ")
    bench.commit(
        cases=tuple(a_case(name, 1, state=held(name)) for name in leads),
        claims=(a_claim("R2"), a_claim("R1")),
        known=(
            *(Known(Ref("lead", name), KEYS[:2]) for name in leads),
            Known(Ref("claim", "R2"), KEYS),
            Known(Ref("claim", "R1"), KEYS[:1]),
        ),
    )
    wanted = Prospect(("B", "a", "b", "ﬀ", "😀"), ("R1", "R2"))
    bench.is_loaded(Ref("prospect", KEYS[0]), wanted, "leads and claims by their key, each in code-point order", 24)
    bench.is_loaded(Ref("prospect", KEYS[2]), Prospect((), ("R2",)), "only what has this very key", 24)


@check()
def only_leads_that_are_open_or_won_are_found_by_a_key(bench: Bench) -> None:
    from dealerrouting.testing.conformance.lives import closed

    bench.commit(
        cases=(
            a_case("open", 1, state=held("open")),
            a_case("won", 1, state=closed("won", "won"), over_since=AT),
            a_case("lost", 1, state=closed("lost", "lost"), over_since=AT),
            a_case("gone", 1, state=held("gone"), erased_at=AT),
            a_case("linked", 1, state=None, linked="open"),
            a_case("over", 1, state=None, linked="lost", over_since=AT),
        ),
        known=tuple(Known(Ref("lead", name), KEYS[:1]) for name in ("open", "won", "lost", "gone", "linked", "over")),
    )
    wanted = Prospect(("linked", "open", "won"))
    why = "a lead is found while it, or what it goes with, is open, and when it was won"
    bench.is_loaded(Ref("prospect", KEYS[0]), wanted, why, 24)


@check()
def a_lead_that_is_reopened_is_found_again(bench: Bench) -> None:
    from dealerrouting.testing.conformance.lives import closed

    bench.commit(cases=(a_case("L1", 1, state=held("L1")),), known=(Known(Ref("lead", "L1"), KEYS[:1]),))
    bench.commit(cases=(a_case("L1", 1, state=closed("L1", "lost")),))
    bench.is_loaded(Ref("prospect", KEYS[0]), Prospect(), "a lead that was lost is not found", 24)
    bench.commit(cases=(a_case("L1", 1, state=held("L1")),))
    bench.is_loaded(Ref("prospect", KEYS[0]), Prospect(("L1",)), "its keys were never taken away", 24)


@check()
def new_keys_take_the_place_of_old_ones(bench: Bench) -> None:
    lead, claim = Ref("lead", "L1"), Ref("claim", "R1")
    bench.commit(cases=(a_case("L1", 1, state=held("L1")),), claims=(a_claim("R1"),), known=(Known(lead, KEYS[:2]),))
    bench.commit(known=(Known(lead, KEYS[1:]), Known(claim, KEYS[:1])))
    bench.is_loaded(Ref("prospect", KEYS[0]), Prospect((), ("R1",)), "a key that a lead no longer has", 24)
    bench.is_loaded(Ref("prospect", KEYS[2]), Prospect(("L1",)), "a key that a lead has from now on", 24)
    bench.commit(known=(Known(lead, ()), Known(claim, ())))
    for key in KEYS:
        bench.is_loaded(Ref("prospect", key), Prospect(), "with no keys nothing is found", 24)


@check()
def a_plan_is_found_by_its_digest_and_by_that_of_its_policy(bench: Bench) -> None:
    bench.commit(plans=(("sha256:p1", POLICY.digest, '{"n": 1}'),))
    bench.is_loaded(Ref("plan", "sha256:p1"), '{"n": 1}', "by the plan's own digest")
    bench.is_loaded(Ref("plan", POLICY.digest), '{"n": 1}', "by the digest of its policy")


@check()
def two_plans_may_have_one_policy(bench: Bench) -> None:
    plans = (("sha256:p1", POLICY.digest, '{"n": 1}'), ("sha256:p2", POLICY.digest, '{"n": 2}'))
    bench.commit(plans=plans[:1])
    bench.commit(plans=plans[1:])
    bench.is_loaded(Ref("plan", "sha256:p1"), '{"n": 1}', "a plan stays as it was when another has its policy")
    bench.is_loaded(Ref("plan", "sha256:p2"), '{"n": 2}', "a plan with the policy of another")
    if bench.value(Ref("plan", POLICY.digest)) not in ('{"n": 1}', '{"n": 2}'):
        raise Broken("a policy that two plans have is found with neither", 2, "one of them", "none")


@check()
def a_plan_may_be_activated_again(bench: Bench) -> None:
    for _ in range(2):
        bench.commit(plans=(("sha256:p1", "sha256:q1", "{}"),), desk=Desk())
    bench.is_loaded(Ref("plan", "sha256:p1"), "{}", "a plan that came twice")
