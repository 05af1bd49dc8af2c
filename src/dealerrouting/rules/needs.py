"""What to load before a lead is routed, and how a stream of leads is.

May know: plans, leads, facts. May not know: where facts are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import frozen

from dealerrouting.calendar import NEVER, instant
from dealerrouting.errors import Fault, PlanError
from dealerrouting.identity import HINT, Key, findable
from dealerrouting.model import Decision, Facts, Lead, Registration
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import NO_FACTS, route

__all__ = ["MODES", "Needs", "needs", "refuse_fixed", "route_all"]

MODES = ("running", "fixed")


@frozen
class Needs:
    """What `route` may ask of the facts for one lead; everything else leaves the decision as it is.

    Registrations by any of `registration_keys` (their keys, and where the plan reviews names that are alike
    their hints too), incumbents by any of `company_keys` (both empty
    where the plan does not ask), counts and shares of `dealers`, credits of `ledgers`, and the
    lead's own past holders and its customer's choice.
    """

    lead: str
    registration_keys: tuple[Key, ...]
    company_keys: tuple[Key, ...]
    dealers: tuple[str, ...]
    ledgers: tuple[str, ...]

    def _claims(self, facts: Facts) -> Iterator[Registration]:
        yield from facts.claims_on(self.registration_keys)
        hints = [key for key in self.registration_keys if key.kind == HINT]
        if hints:
            yield from facts.claims_near(hints)

    def of(self, facts: Facts) -> Facts:
        """The part of `facts` that is needed: what a caller would load."""
        return Facts(
            registrations={claim.id: claim for claim in self._claims(facts)}.values(),
            incumbents=facts.incumbents_of(self.company_keys),
            counts=[facts.counts[name] for name in self.dealers if name in facts.counts],
            ledgers={name: facts.ledgers[name] for name in self.ledgers if name in facts.ledgers},
            shares={name: facts.shares[name] for name in self.dealers if name in facts.shares},
            past_holders=[record for record in facts.past_holders if record.lead == self.lead],
            choices=[facts.choices[self.lead]] if self.lead in facts.choices else (),
        )


def needs(lead: Lead, plan: Plan) -> Needs:
    """What to load for `lead`, whatever the instant it will be decided for."""
    facts = plan.lens.read(lead, None).facts
    known, hinted = plan.recognised(lead.identity)
    keys = tuple(sorted(findable(known.keys), key=str))
    near = known.hints if plan.terms.claims.review_alike else frozenset()
    dealers: set[str] = set()
    ledgers: set[str] = set()
    for rung in plan.precedence:
        if rung.kind == "nearest" and lead.point is not None:
            dealers |= {dealer.id for dealer in plan.dealers if dealer.point is not None}
        for source in plan.sources[rung.name]:
            if source.condition.truth(facts, lambda _: None) is not False:
                dealers |= source.dealers.keys()
                ledgers |= {source.ledger} if source.ledger and "rotation" in rung.pick else set()
        if rung.gives and "rotation" in rung.pick:
            ledgers.add(rung.name)
        if rung.kind == "accounts":
            dealers |= {account.holder for account in plan.accounts_of(keys)}
            ledgers |= {rung.name} if "rotation" in rung.pick else set()
    return Needs(
        lead.id,
        tuple(sorted({*keys, *hinted, *near}, key=str)) if plan.rung("registrations") else (),
        keys if plan.rung("incumbent") else (),
        tuple(sorted(dealers)),
        tuple(sorted(ledgers)),
    )


def refuse_fixed(plan: Plan) -> None:
    """`PlanError` where a plan needs facts that move from lead to lead, naming each thing that does."""
    cure = "route in running mode, or take it out of the plan"
    moving = [
        (f"precedence[{index}].{rung.kind}", f"`{step}`")
        for index, rung in enumerate(plan.precedence)
        for step in rung.pick
        if step in ("rotation", "least_loaded")
    ]
    moving += [
        (f"precedence[{i}]", "`incumbent`") for i, rung in enumerate(plan.precedence) if rung.kind == "incumbent"
    ]
    for dealer in plan.dealers:
        caps = [c for c in ("max_open", "max_per_30_days") if getattr(dealer, c) is not None]
        moving += [(f'dealer "{dealer.id}"', f"`{cap}`") for cap in caps]
    if moving:
        raise PlanError([Fault(place, f"fixed mode cannot have {what}", cure) for place, what in moving])


def route_all(
    leads: Iterable[Lead],
    plan: Plan,
    facts: Facts = NO_FACTS,
    *,
    at: datetime | None = None,
    mode: str = "running",
) -> Iterator[Decision]:
    """The decision for each lead, in order of `(received_at, id)`, whatever order they come in.

    `running`: each lead finds the facts as the decisions before it left them. `fixed`: the same
    facts for all; `PlanError` where the plan needs them to move. Each lead is decided `at` the
    instant given, or when it was received; one without either takes the last instant received
    (`ValueError` where there is none at all).
    """
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}")
    if mode == "fixed":
        refuse_fixed(plan)
    known = list(leads)
    last = max((lead.received_at for lead in known if lead.received_at), default=None)
    if at is None and last is None and known:
        raise ValueError("no lead says when it was received: give at=")
    return _routed(
        sorted(known, key=lambda lead: (lead.received_at or last or NEVER, lead.id)),
        plan,
        facts,
        at or last,
        at,
        mode,
    )


def _routed(
    leads: list[Lead], plan: Plan, facts: Facts, last: datetime | None, at: datetime | None, mode: str
) -> Iterator[Decision]:
    for lead in leads:
        when = at or lead.received_at or last
        assert when is not None  # route_all has refused a stream without any instant
        decision = route(lead, plan, facts, at=instant(when))
        yield decision
        if mode == "running":
            facts = facts.after(decision)
