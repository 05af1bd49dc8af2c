"""`why_not`: the first single change under which a dealer would have held the lead.

May know: how a lead is routed. May not know: any other way to tell. The menu is fixed and listed
below; each change is tried by routing again, so what is said here is true, and where nothing on
the menu helps, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, frozen

from dealerrouting import geo
from dealerrouting.calendar import NEVER
from dealerrouting.errors import DealerRoutingError
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import MILLION, PARTS, Count, Decision, Facts, Lead, PastHolder
from dealerrouting.postcode import PostcodeSet
from dealerrouting.rules.binding import Any_, Bound, Leaf, leaves
from dealerrouting.rules.case import Case
from dealerrouting.rules.fields import Cells, Under
from dealerrouting.rules.plan import Plan
from dealerrouting.rules.route import Course, route
from dealerrouting.rules.rungs import Rung
from dealerrouting.telling import Telling, tell

__all__ = ["MENU", "Counterfactual", "why_not"]


@frozen
class Counterfactual:
    """What would have to be different, in one respect, for `dealer` to hold the lead.

    `change` is a name from `MENU`, `holds` where the dealer has it anyway, or `none_of_these`.
    `detail` are the ids or values it is about; `decision` is the one that routing again gave.
    """

    dealer: str
    change: str
    detail: tuple[str, ...] = ()
    decision: Decision | None = None

    def text(self, lang: str = "en") -> str:
        """The same in words, in a language there is a catalogue for (`ValueError` otherwise)."""
        values: dict[str, Any] = {"dealer": self.dealer, "detail": self.detail, "by": "", "because": ()}
        if self.decision is not None:
            values |= {"by": self.decision.by, "because": self.decision.because}
        return "\n".join(tell(lang, [Telling(0, f"why_not.{self.change}", values)]))


@frozen
class World:
    """One lead, plan, set of facts and instant, of which a change makes another."""

    lead: Lead
    plan: Plan
    facts: Facts
    at: datetime


Change = tuple[tuple[str, ...], Callable[[], World]]
"""What is changed, and how the world looks then (made only when it is tried)."""


def why_not(course: Course, dealer: str) -> Counterfactual:
    """The first change of the menu under which `dealer` would hold the lead."""
    case = course.case
    if course.decision.holder == dealer:
        return Counterfactual(dealer, "holds", (), course.decision)
    if case.dealer(dealer) is None:
        return Counterfactual(dealer, "unknown_dealer")
    world = World(case.lead, case.plan, case.facts, case.at)
    for name, changes in MENU.items():
        for detail, changed in changes(world, course, dealer):
            decision = _tried(changed)
            if decision is not None and decision.holder == dealer:
                return Counterfactual(dealer, name, detail, decision)
    return Counterfactual(dealer, "none_of_these")


def _tried(changed: Callable[[], World]) -> Decision | None:
    """The decision in the changed world; None where such a plan could not be made."""
    try:
        world = changed()
    except DealerRoutingError:
        return None
    return route(world.lead, world.plan, world.facts, at=world.at)


# Changes to the facts.


def _without_registration(world: World, course: Course, _: str) -> Iterator[Change]:
    for claim in world.facts.claims_on(course.case.keys):
        rest = [c for c in world.facts.registrations if c.id != claim.id]
        yield (claim.id,), lambda rest=rest: _with_facts(world, registrations=rest)  # type: ignore[misc]


def _without_choice(world: World, _: Course, __: str) -> Iterator[Change]:
    choice = world.facts.choices.get(world.lead.id)
    if choice is not None:
        rest = [c for c in world.facts.choices.values() if c.id != choice.id]
        yield (choice.id,), lambda: _with_facts(world, choices=rest)


def _not_past_holder(world: World, _: Course, dealer: str) -> Iterator[Change]:
    why = world.facts.past(world.lead.id).get(dealer)
    if why:
        rest = [p for p in world.facts.past_holders if (p.lead, p.dealer) != (world.lead.id, dealer)]
        yield (why,), lambda: _with_facts(world, past_holders=rest)


def _fewer_hops(world: World, _: Course, __: str) -> Iterator[Change]:
    past = world.facts.past(world.lead.id)
    if past:
        rest = [p for p in world.facts.past_holders if p.lead != world.lead.id]
        yield tuple(sorted(past)), lambda: _with_facts(world, past_holders=rest)


def _fewer_leads(world: World, _: Course, dealer: str) -> Iterator[Change]:
    count = world.facts.count(dealer)
    if count.open or count.last_30_days:
        rest = [c for c in world.facts.counts.values() if c.dealer != dealer]
        yield (
            (f"{count.open}", f"{count.in_30_days(world.at)}"),
            lambda: _with_facts(world, counts=[*rest, Count(dealer)]),
        )


def _share_of_one(world: World, _: Course, dealer: str) -> Iterator[Change]:
    if world.facts.share(dealer) != 1:
        shares = {**world.facts.shares, dealer: 1}
        yield (f"{world.facts.share(dealer)}",), lambda: _with_facts(world, shares=shares)


def _without_incumbent(world: World, course: Course, _: str) -> Iterator[Change]:
    for name in sorted({record.dealer for record in world.facts.incumbents_of(course.case.keys)}):
        rest = [i for i in world.facts.incumbents if i.dealer != name]
        yield (name,), lambda rest=rest: _with_facts(world, incumbents=rest)  # type: ignore[misc]


def _its_turn(world: World, course: Course, dealer: str) -> Iterator[Change]:
    """The dealer's credit raised to two leads above the largest: then it is its turn, whatever is due."""
    ledger = course.decision.changes.ledger
    if ledger:
        credits = world.facts.ledgers.get(ledger, FrozenMap())
        most = max((*credits.values(), 0))
        ledgers = {**world.facts.ledgers, ledger: credits.updated({dealer: most + 2 * MILLION})}
        yield (ledger,), lambda: _with_facts(world, ledgers=ledgers)


def _other_unavailable(world: World, course: Course, dealer: str) -> Iterator[Change]:
    for name in course.decided.left if course.decided else ():
        if name != dealer:
            past = [p for p in world.facts.past_holders if (p.lead, p.dealer) != (world.lead.id, name)]
            out = [*past, PastHolder(world.lead.id, name, "excluded")]
            yield (name,), lambda out=out: _with_facts(world, past_holders=out)  # type: ignore[misc]


def _with_facts(world: World, **changed: Any) -> World:
    """The same world with some of its facts replaced."""
    parts = {name: getattr(world.facts, name) for name in PARTS}
    return evolve(world, facts=Facts(**(parts | changed)))


# Changes to the lead.


def _lead_says(world: World, course: Course, dealer: str) -> Iterator[Change]:
    """One field of the lead as one of the dealer's sources wants it; country and postcode are one place."""
    for sources in world.plan.sources.values():
        for source in sources:
            if dealer not in source.dealers:
                continue
            wanted = _wanted(source.condition, course.case)
            if (
                wanted
                and len(wanted.keys() - {"country", "postcode"}) + bool(wanted.keys() & {"country", "postcode"}) == 1
            ):
                detail = (source.id, *(f"{name}={value}" for name, value in sorted(wanted.items())))
                yield detail, lambda wanted=wanted: _with_lead(world, wanted)  # type: ignore[misc]


def _wanted(condition: Bound, case: Case) -> dict[str, Any] | None:
    """Values that would make every failing part of an *and* true, by field; None where that is unclear."""
    wanted: dict[str, Any] = {}
    parts = condition.parts if not isinstance(condition, (Leaf, Any_)) and hasattr(condition, "parts") else (condition,)
    for part in parts:
        if case.asked.holds(part) is True:
            continue
        leaf = next(leaves(part), None) if isinstance(part, Any_) else part
        value = _value(leaf) if isinstance(leaf, Leaf) else None
        if not isinstance(leaf, Leaf) or value is None or leaf.field in wanted:
            return None
        wanted[leaf.field] = value
    return wanted


def _value(leaf: Leaf) -> Any:
    """A value for which the leaf is true, where that is easily said."""
    match leaf.const:
        case PostcodeSet():
            return leaf.const.sample()
        case Under():
            return f"{leaf.const.taxonomy.id}:{leaf.const.codes[0]}"
        case Cells():
            return geo.sample_point(leaf.const.cells[0])
    match leaf.op:
        case "eq" | "gte" | "lte":
            return getattr(leaf.const, "text", leaf.const)
        case "in":
            return min((getattr(value, "text", value) for value in leaf.const), key=str)
        case "between":
            return leaf.const[0]
    return None


def _with_lead(world: World, wanted: Mapping[str, Any]) -> World:
    names = {"company_number": "number", "company": "name", "vat": "vat", "lei": "lei", "domain": "domain"}
    about = {names[name]: value for name, value in wanted.items() if name in names}
    own = {name: value for name, value in wanted.items() if name in world.plan.attributes}
    rest = {name: value for name, value in wanted.items() if name not in names and name not in own}
    if "location" in rest:
        rest["lat"], rest["lon"] = rest.pop("location")
    lead = evolve(
        world.lead,
        company=evolve(world.lead.company, **about),
        attributes={**world.lead.attributes, **own},
        **{name: value for name, value in rest.items() if hasattr(world.lead, name)},
    )
    return evolve(world, lead=lead)


def _another_time(world: World, _: Course, dealer: str) -> Iterator[Change]:
    """The first and the last instant of each stretch of time that the plan names for the dealer."""
    mine = world.plan.by_id[dealer]
    starts = [mine.active_from, *(end for _, end in mine.paused)]
    ends = [mine.active_until, *(start for start, _ in mine.paused)]
    for sources in world.plan.sources.values():
        for source in sources:
            if dealer in source.dealers:
                starts.append(source.valid_from)
                ends.append(source.valid_until)
    times = {t for t in starts if t} | {t - timedelta(microseconds=1) for t in ends if t and t > NEVER}
    for when in sorted(times, key=lambda t: (abs(t - world.at), t)):
        yield (when.isoformat(),), lambda when=when: evolve(world, at=when)  # type: ignore[misc]


# Changes to the plan.


def _always_active(world: World, _: Course, dealer: str) -> Iterator[Change]:
    mine = world.plan.by_id[dealer]
    if not mine.active(world.at):
        yield (), lambda: _with_dealer(world, dealer, active_from=None, active_until=None, paused=())


def _serves_all(world: World, _: Course, dealer: str) -> Iterator[Change]:
    mine = world.plan.by_id[dealer]
    if mine.serves_languages or mine.serves_products:
        yield (), lambda: _with_dealer(world, dealer, serves_languages=None, serves_products=None)


def _with_dealer(world: World, name: str, **changed: Any) -> World:
    return _with_plan(world, dealers=[evolve(d, **changed) if d.id == name else d for d in world.plan.dealers])


def _without_account(world: World, course: Course, _: str) -> Iterator[Change]:
    for account in world.plan.accounts_of(course.case.keys):
        rest = [a for a in world.plan.accounts if a.id != account.id]
        yield (account.id,), lambda rest=rest: _with_plan(world, accounts=rest)  # type: ignore[misc]


def _without_rule(world: World, course: Course, _: str) -> Iterator[Change]:
    for one in course.heard:
        for name in sorted({c.source for c in one.offered}) if one.rung.kind == "rules" else ():
            rungs = [_without(r, name) if r.name == one.rung.name else r for r in world.plan.precedence]
            yield (name,), lambda rungs=rungs: _with_plan(world, precedence=rungs)  # type: ignore[misc]


def _without(rung: Rung, rule: str) -> Rung:
    return evolve(rung, rules=tuple(known for known in rung.rules if known.id != rule))


def _without_territory(world: World, course: Course, _: str) -> Iterator[Change]:
    for one in course.heard:
        for name in sorted({c.source for c in one.offered}) if one.rung.kind == "territories" else ():
            rest = [t for t in world.plan.territories if t.id != name]
            yield (name,), lambda rest=rest: _with_plan(world, territories=rest)  # type: ignore[misc]


def _named_in_territory(world: World, course: Course, dealer: str) -> Iterator[Change]:
    """The dealer alone in a territory that the lead lies in."""
    for one in course.heard:
        for name in sorted({c.source for c in one.offered}) if one.rung.kind == "territories" else ():
            parts = [evolve(t, dealers={dealer: 1}) if t.id == name else t for t in world.plan.territories]
            yield (name,), lambda parts=parts: _with_plan(world, territories=parts)  # type: ignore[misc]


def _with_plan(world: World, **changed: Any) -> World:
    return evolve(world, plan=evolve(world.plan, **changed))


MENU: Mapping[str, Callable[[World, Course, str], Iterator[Change]]] = {
    "without_choice": _without_choice,
    "without_registration": _without_registration,
    "not_past_holder": _not_past_holder,
    "fewer_hops": _fewer_hops,
    "fewer_leads": _fewer_leads,
    "share_of_one": _share_of_one,
    "without_incumbent": _without_incumbent,
    "its_turn": _its_turn,
    "lead_says": _lead_says,
    "another_time": _another_time,
    "always_active": _always_active,
    "serves_all": _serves_all,
    "without_account": _without_account,
    "without_rule": _without_rule,
    "without_territory": _without_territory,
    "named_in_territory": _named_in_territory,
    "other_unavailable": _other_unavailable,
}
"""The changes that are tried, in this order: what has happened, what the lead says and when it came, the
plan; and last, because it explains least, that those who were chosen could not have it."""
