"""The laws of routing, 1 to 8: who gets a lead, whatever the plan.

May know: the core, Hypothesis. May not know: the desk, what becomes of a lead, pytest.
What a law expects is worked out here from plan, lead and facts, never taken from what `route` is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from attrs import evolve

from dealerrouting import rules
from dealerrouting.errors import PlanError
from dealerrouting.identity import STRENGTHS, match
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import FLAGS, MILLION, Decision, Facts, Lead, Registration
from dealerrouting.rules import Pick, Plan
from dealerrouting.rules.rungs import GIVES
from dealerrouting.testing.laws.drawing import Example, always, cases, streams, told_case, told_stream
from dealerrouting.testing.laws.law import Law, Subject, insist, listed
from dealerrouting.testing.laws.shuffling import failing_plan, quiet_plan, shuffled_facts, shuffled_plan

__all__ = ["ROUTING", "can_act", "claims_on"]

_ELSEWHERE = timezone(timedelta(hours=-9, minutes=-30))
_MONTH = timedelta(days=30)
_SHUFFLES = 4
_WHY_HOUSE = frozenset({"by_plan", "conflict", "nobody_serves", "no_dealer_available", "hops_exhausted"})


def _same_decision(on: Subject, one: Example) -> None:
    """Again, from twins, and with the instant told in another zone."""
    plan = on.plan
    first = rules.route(one.lead, plan, one.facts, at=one.at)
    insist(rules.route(one.lead, plan, one.facts, at=one.at) == first, "asked again, another decision")
    twin = on.own("twin", lambda: evolve(plan))
    again = Facts(*(getattr(one.facts, name) for name in _PARTS))
    insist(twin.digest == plan.digest == first.plan, "the same plan has another digest")
    insist(rules.route(evolve(one.lead), twin, again, at=one.at) == first, "from equal values, another decision")
    there = one.at.astimezone(_ELSEWHERE)
    insist(rules.route(one.lead, plan, one.facts, at=there) == first, "the instant told in another zone, another one")


_PARTS = ("registrations", "incumbents", "counts", "ledgers", "shares", "past_holders", "choices")


def _one_holder(on: Subject, one: Example) -> None:
    plan = on.plan
    decision = rules.route(one.lead, plan, one.facts, at=one.at)
    dealer = plan.dealer(decision.holder)
    insist(dealer is not None, f"{decision.holder} holds it, whom the plan does not know")
    kind = "house" if dealer is not None and dealer.kind == "house" else "assigned"
    insist(
        (decision.lead, decision.outcome) == (one.lead.id, kind), f"{decision.holder} holds it as {decision.outcome}"
    )
    insist(decision.by in {"house", *(rung.name for rung in plan.precedence)}, f"no rung is called {decision.by}")
    insist(decision.by != "house" or decision.holder == plan.house, "the house is not the plan's")
    strange = [flag for flag in decision.flags if flag not in FLAGS and not flag.startswith("unreadable:")]
    insist(not strange, f"flags that nobody knows: {listed(strange)}")
    unsaid = [name for name in one.lead.unreadable if f"unreadable:{name}" not in decision.flags]
    insist(not unsaid, f"unreadable, and not flagged: {listed(unsaid)}")
    why = _WHY_HOUSE & set(decision.flags)
    insist(len(why) == (kind == "house"), f"{kind}, and the reasons for the house are {listed(sorted(why))}")


# 3 and 4: who may have it


def claims_on(lead: Lead, plan: Plan, facts: Facts, at: datetime) -> list[Registration]:
    """The claims that stand on the lead's prospect, the one that goes first first; what the customer chose apart."""
    known, _ = plan.recognised(lead.identity)
    found = []
    for claim in facts.registrations if plan.rung("registrations") else ():
        strength = match(known.keys, claim.keys).strength
        if strength in STRENGTHS and claim.stands(at) and claim.covers(lead.product):
            rank = (STRENGTHS.index(strength), not claim.products, claim.submitted_at, claim.id)
            found.append((rank, claim))
    return [claim for _, claim in sorted(found, key=lambda pair: pair[0])]


def _in_order(lead: Lead, plan: Plan, facts: Facts, at: datetime) -> Iterator[tuple[str, str]]:
    """Claimants with the id of what they hold by: the customer's choice goes before every claim."""
    choice = facts.choices.get(lead.id) if plan.rung("registrations") else None
    if choice is not None and choice.chosen_at <= at:
        yield choice.dealer, choice.id
    for claim in claims_on(lead, plan, facts, at):
        yield claim.dealer, claim.id


def can_act(name: str, lead: Lead, plan: Plan, facts: Facts, at: datetime) -> bool:
    """Known and active, and not excluded, nor one that declined or had the lead."""
    dealer = plan.dealer(name)
    if dealer is None:
        return False
    starts, ends = dealer.active_from, dealer.active_until
    awake = (starts is None or starts <= at) and (ends is None or at < ends)
    asleep = any(start <= at < end for start, end in dealer.paused)
    return awake and not asleep and not any((p.lead, p.dealer) == (lead.id, name) for p in facts.past_holders)


def _claimant_first(on: Subject, one: Example) -> None:
    """The first whose dealer can act; where none can, a person is asked before the house has it."""
    plan = on.plan
    decision = rules.route(one.lead, plan, one.facts, at=one.at)
    claims = list(_in_order(one.lead, plan, one.facts, one.at))
    able = [(dealer, ident) for dealer, ident in claims if can_act(dealer, one.lead, plan, one.facts, one.at)]
    for dealer, ident in able[:1]:
        got = decision.holder, decision.because
        insist(got == (dealer, (ident,)), f"{ident} of {dealer} stands, and it goes to {decision.holder}")
    insist(
        (decision.by == "registrations") == bool(able), f"decided by {decision.by}, with {len(able)} claims to act on"
    )
    missed = bool(claims and able[:1] != claims[:1])
    insist(("claimant_unavailable" in decision.flags) == missed, "`claimant_unavailable` does not say what is so")
    asked = missed and decision.outcome == "house"
    insist(("review" in decision.flags) == asked, "the house has it, and no person is asked")


def _only_who_can(on: Subject, one: Example) -> None:
    plan = on.plan
    decision = rules.route(one.lead, plan, one.facts, at=one.at)
    name, dealer = decision.holder, plan.dealer(decision.holder)
    if decision.by == "house" or "conflict" in decision.flags or dealer is None:
        return
    insist(can_act(name, one.lead, plan, one.facts, one.at), f"{name} cannot have this lead")
    rung = next(rung for rung in plan.precedence if rung.name == decision.by)
    if rung.kind not in GIVES:
        return
    count = one.facts.count(name)
    recent = count.last_30_days - len([when for when in count.assigned_at if one.at - when >= _MONTH])
    insist(dealer.max_open is None or count.open < dealer.max_open, f"{name} is full: {count.open} open")
    insist(dealer.max_per_30_days is None or recent < dealer.max_per_30_days, f"{name} is full: {recent} in 30 days")
    insist(one.facts.share(name) > 0, f"{name} has no share")


# 5: order


def _order_means_nothing(on: Subject, one: Example) -> None:
    plan = on.plan
    seed = one.seed % _SHUFFLES
    other = on.own(f"shuffled {seed}", lambda: shuffled_plan(plan, Random(seed)))  # noqa: S311  # no secret
    again = shuffled_facts(one.facts, Random(one.seed))  # noqa: S311  # no secret
    insist(other == plan and other.digest == plan.digest, "written in another order, another plan")
    insist(again == one.facts, "told in another order, other facts")
    first, then = (rules.route(one.lead, *two, at=one.at) for two in ((plan, one.facts), (other, again)))
    insist(first == then, f"in another order it goes to {then.holder} instead of {first.holder}")


# 6: many at once


def _one_by_one(on: Subject, stream: Sequence[Example]) -> None:
    """`route_all` is a map in fixed mode and a left fold in running mode, whatever order the leads come in."""
    plan = on.plan
    leads, facts, at = [one.lead for one in stream], stream[0].facts, stream[0].at
    ordered = sorted(leads, key=lambda lead: (_received(lead, leads), lead.id))
    running, now = [], facts
    for lead in ordered:
        running.append(rules.route(lead, plan, now, at=at))
        now = now.after(running[-1])
    _agree("running", list(rules.route_all(leads[::-1], plan, facts, at=at)), running)
    try:
        fixed = list(rules.route_all(leads, plan, facts, at=at, mode="fixed"))
    except PlanError:
        return  # this plan has what moves from lead to lead, and is refused by name
    _agree("fixed", fixed, [rules.route(lead, plan, facts, at=at) for lead in ordered])


def _received(lead: Lead, leads: Sequence[Lead]) -> Any:
    last = max((one.received_at for one in leads if one.received_at), default=None)
    return lead.received_at or last or 0


def _agree(mode: str, got: Sequence[Decision], wanted: Sequence[Decision]) -> None:
    insist(len(got) == len(wanted), f"{len(wanted)} leads, and {len(got)} decisions in {mode} mode")
    for one, other in zip(got, wanted, strict=True):
        insist(one == other, f"{mode} mode gives {one.lead} to {one.holder}, one by one {other.lead} to {other.holder}")


# 7: functions of the plan's own


def _customs_lose_nothing(on: Subject, one: Example) -> None:
    """What fails is as if it had answered nothing; and so is everything, where everything fails."""
    plan = on.plan
    quiet = on.own("quiet", lambda: quiet_plan(plan))
    for failing in (plan, on.own("failing", lambda: failing_plan(plan))):
        expected = quiet if failing is plan else on.own("all quiet", lambda: quiet_plan(failing_plan(plan)))
        decision = rules.route(one.lead, failing, one.facts, at=one.at)
        without = rules.route(one.lead, expected, one.facts, at=one.at)
        insist("opaque_error" not in without.flags, "nothing failed, and `opaque_error` says so")
        rest = tuple(flag for flag in decision.flags if flag != "opaque_error")
        insist(evolve(decision, flags=rest) == without, f"{decision.holder} has it, and {without.holder} by no answer")


def _no_functions(plan: Plan) -> str:
    picks = any(isinstance(step, Pick) for rung in plan.precedence for step in rung.pick)
    return "" if plan.customs or picks else "the plan has no functions of its own"


# 8: fair turns


def _fair_turns(on: Subject, stream: Sequence[Example]) -> None:
    """Each lead of the stream comes in over and over: first the one, then the next, so that pools change."""
    plan = on.plan
    facts, ledgers = Facts(shares=stream[0].facts.shares), dict[str, _Account]()
    for round_ in range(3):
        for number, one in enumerate(stream):
            for turn in range(_TURNS // len(stream)):
                lead = evolve(one.lead, id=f"{number}-{round_}-{turn}")
                decision = rules.route(lead, plan, facts, at=stream[0].at)
                before, facts = facts, facts.after(decision)
                if decision.changes.ledger and decision.changes.credits:
                    account = ledgers.setdefault(decision.changes.ledger, _Account())
                    account.draw(decision, before, facts)


_TURNS = 12


class _Account:
    """Who was to have how much of one ledger, by its own entries."""

    def __init__(self) -> None:
        self.pools: set[tuple[tuple[str, int], ...]] = set()

    def draw(self, decision: Decision, before: Facts, after: Facts) -> None:
        name = decision.changes.ledger or ""
        none: FrozenMap[int] = FrozenMap()
        old, new = before.ledgers.get(name, none), after.ledgers.get(name, none)
        paid = {dealer: MILLION * (dealer == decision.holder) for dealer in new}
        earned = {dealer: new[dealer] - old.get(dealer, 0) + paid[dealer] for dealer in new}
        self.pools.add(tuple(sorted((dealer, part) for dealer, part in earned.items() if part)))
        insist(sum(new.values()) == 0, f"the credits of {name} do not add up to nothing")
        insist(
            sum(earned.values()) == MILLION, f"one lead of {name} is shared out as {sum(earned.values())} millionths"
        )
        most = MILLION if len(self.pools) == 1 else MILLION * len(new)
        worst = max(new, key=lambda dealer: (abs(new[dealer]), dealer))
        where = "an unchanged pool" if len(self.pools) == 1 else f"a ledger of {len(new)}"
        insist(abs(new[worst]) < most, f"{worst} is {abs(new[worst]) / MILLION:.2f} leads from its due, in {where}")


def _no_rotation(plan: Plan) -> str:
    turns = any("rotation" in rung.pick for rung in plan.precedence)
    return "" if turns else "nobody takes turns in this plan: no rung has `rotation`"


def _no_claims(plan: Plan) -> str:
    return "" if plan.rung("registrations") else "the plan asks for no registrations"


def _law(number: int, name: str, text: str, holds: Any, drawn: Any = cases, told: Any = told_case,
         unasked: Any = always) -> Law:  # fmt: skip
    return Law(number, name, text, "routing", drawn, holds, told, unasked)


ROUTING = (
    _law(1, "same_decision", "The same lead, plan, facts and instant give the same decision.", _same_decision),
    _law(2, "one_holder", "Every lead has exactly one holder that the plan knows, and a reason.", _one_holder),
    _law(3, "claimant_first", "A lead on which a registration stands goes to the claimant; if it cannot act, a person"
         " is asked before the house has it.", _claimant_first, unasked=_no_claims),
    _law(4, "only_who_can", "Nobody that is inactive, excluded, declined or had the lead before gets it, and nobody"
         " that is full is given one.", _only_who_can),
    _law(5, "order_means_nothing", "The order of dealers, territories, accounts and facts does not matter.",
         _order_means_nothing),
    _law(6, "one_by_one", "Many leads at once are decided as one by one: fixed facts are a map, running ones a fold.",
         _one_by_one, streams, told_stream),
    _law(7, "functions_lose_nothing", "A function of the plan's own that fails is as if it had answered nothing.",
         _customs_lose_nothing, unasked=_no_functions),
    _law(8, "fair_turns", "Who takes turns is never a lead or more from its due in an unchanged pool, nor as many leads"
         " as there are dealers in any.", _fair_turns, streams, told_stream, _no_rotation),
)  # fmt: skip
