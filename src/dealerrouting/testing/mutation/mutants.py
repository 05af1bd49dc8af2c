"""All mutants of a plan, in one order that never changes.

May know: every change of every part. May not know: tests, which mutants matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from attrs import evolve

from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.model import Territory
from dealerrouting.rules import Plan, Rule
from dealerrouting.rules.rungs import Rung
from dealerrouting.terms import Terms
from dealerrouting.testing.mutation.clauses import terms_changes
from dealerrouting.testing.mutation.mutant import KINDS, Change, Mutant, Place, placed
from dealerrouting.testing.mutation.nouns import account_changes, rule_changes, territory_changes
from dealerrouting.testing.mutation.rungs import rung_changes, rungs_dropped, rungs_swapped, with_rung
from dealerrouting.testing.mutation.written import unlike_default

__all__ = ["mutants"]

T = TypeVar("T")


def _dropped(make: Callable[[], T]) -> Change[T]:
    return Change("drop", "drop", "mutant.drop", {}, make)


def mutants(
    plan: Plan, *, only: Iterable[str] = (), limit: int | None = None, terms: Container[str] | None = None
) -> tuple[Mutant, ...]:
    """Every mutant of `plan`: one change each, with the same ids in the same order in every run.

    `only` keeps these kinds. `limit` keeps at most so many, spread evenly over the kinds, and in each kind over the
    plan. `terms` are those that the plan's author has written (`remind_after`, `claims.protects`), and only these are
    changed; where they are not known, those that differ from the defaults. No plan is made yet: `Mutant.plan` makes
    it, and is None where the change leaves no valid plan. `PlanError` for a kind that there is none of.
    """
    kinds = tuple(only)
    faults = [Fault("only", f"unknown kind {quoted(k)}", did_you_mean(k, KINDS)) for k in kinds if k not in KINDS]
    if faults:
        raise PlanError(faults)
    found = [mutant for mutant in _named(_all(plan, terms)) if not kinds or mutant.kind in kinds]
    return tuple(found if limit is None or limit >= len(found) else _spread(found, limit))


def _all(plan: Plan, terms: Container[str] | None) -> Iterator[Mutant]:
    for at, rung in enumerate(plan.precedence):
        yield from _of_rung(plan, at, rung)
    yield from _of_territories(plan)
    yield from _of_accounts(plan)
    yield from _of_terms(plan, unlike_default(plan.terms) if terms is None else terms)


def _named(found: Iterable[Mutant]) -> Iterator[Mutant]:
    """Each under an id of its own: ids of a plan's parts may hold what separates them here."""
    seen: Counter[str] = Counter()
    for mutant in found:
        seen[mutant.id] += 1
        yield mutant if seen[mutant.id] == 1 else mutant.named(f"{mutant.id}~{seen[mutant.id]}")


def _spread(found: list[Mutant], limit: int) -> list[Mutant]:
    """At most `limit`, as evenly as the kinds allow: what one kind has too few of, the others share."""
    rows: dict[str, list[int]] = {}
    for at, mutant in enumerate(found):
        rows.setdefault(mutant.kind, []).append(at)
    kept: list[int] = []
    for left, row in zip(range(len(rows), 0, -1), sorted(rows.values(), key=len), strict=True):
        share = min(len(row), -(-(limit - len(kept)) // left))
        kept += [row[at * len(row) // share] for at in range(share)]
    return [found[at] for at in sorted(kept)]


def _of_rung(plan: Plan, at: int, rung: Rung) -> Iterator[Mutant]:
    place = Place(f"rung/{rung.name}", "mutant.place.rung", {"rung": rung.name}, ("precedence", at))
    yield from placed(place, rungs_dropped(plan, at), _whole)
    yield from placed(place, rungs_swapped(plan, at), _whole)
    yield from placed(place, rung_changes(rung), partial(with_rung, plan, at))
    sources = {source.id: source for source in plan.sources[rung.name]}
    for index, rule in enumerate(rung.rules):
        slug = f"rule/{rule.id}" if rung.name == "rules" else f"rule/{rung.name}/{rule.id}"
        here = Place(slug, "mutant.place.rule", {"id": rule.id}, ("precedence", at, "rules", index))
        yield from placed(here, _rules_moved(rung, index), partial(with_rung, plan, at))
        changes = rule_changes(rule, sources[rule.id].condition, plan, priority="priority" in rung.pick)
        yield from placed(here, changes, partial(_with_rule, plan, at, rung, index))


def _whole(plan: Plan) -> Plan:
    return plan


def _with_rule(plan: Plan, at: int, rung: Rung, index: int, rule: Rule) -> Plan:
    rules = (*rung.rules[:index], rule, *rung.rules[index + 1 :])
    return with_rung(plan, at, evolve(rung, rules=rules))


def _rules_moved(rung: Rung, index: int) -> Iterator[Change[Rung]]:
    """The rung without this rule; and, where the first of several decides, with this rule after the next."""
    rules = rung.rules
    yield _dropped(partial(evolve, rung, rules=(*rules[:index], *rules[index + 1 :])))
    if "first" in rung.pick and index + 1 < len(rules):
        after = rules[index + 1]
        order = (*rules[:index], after, rules[index], *rules[index + 2 :])
        yield Change("later", "swap", "mutant.after_rule", {"now": after.id}, partial(evolve, rung, rules=order))


def _of_territories(plan: Plan) -> Iterator[Mutant]:
    parts = Counter(territory.id for territory in plan.territories)
    seen: Counter[str] = Counter()
    for at, territory in enumerate(plan.territories):
        name, path = territory.id, ("territories", at)
        seen[name] += 1
        place = Place(f"territory/{name}", "mutant.place.territory", {"id": name}, path)
        if parts[name] > 1:
            told = {"id": name, "number": str(seen[name])}
            place = Place(f"territory/{name}#{seen[name]}", "mutant.place.part", told, path)
        yield from placed(place, _territories_moved(plan, at), _whole)
        yield from placed(place, territory_changes(territory, plan), partial(_with_territory, plan, at))


def _with_territory(plan: Plan, at: int, territory: Territory) -> Plan:
    return evolve(plan, territories=(*plan.territories[:at], territory, *plan.territories[at + 1 :]))


def _territories_moved(plan: Plan, at: int) -> Iterator[Change[Plan]]:
    """The plan without this territory; and with its dealers and those of the next the other way round."""
    held = plan.territories
    yield _dropped(partial(evolve, plan, territories=(*held[:at], *held[at + 1 :])))
    if at + 1 < len(held) and held[at].dealers != held[at + 1].dealers:
        one, two = held[at], held[at + 1]
        pair = (evolve(one, dealers=two.dealers), evolve(two, dealers=one.dealers))
        moved = (*held[:at], *pair, *held[at + 2 :])
        yield Change("dealers.swap", "swap", "mutant.swap", {"now": two.id}, partial(evolve, plan, territories=moved))


def _of_accounts(plan: Plan) -> Iterator[Mutant]:
    held = plan.accounts
    for at, account in enumerate(held):
        place = Place(f"account/{account.id}", "mutant.place.account", {"id": account.id}, ("accounts", at))
        left = (*held[:at], *held[at + 1 :])
        yield from placed(place, [_dropped(partial(evolve, plan, accounts=left))], _whole)
        for change in account_changes(account, plan):
            yield from placed(place, [change], partial(_with_account, plan, at))


def _with_account(plan: Plan, at: int, account: Any) -> Plan:
    return evolve(plan, accounts=(*plan.accounts[:at], account, *plan.accounts[at + 1 :]))


def _of_terms(plan: Plan, written: Container[str]) -> Iterator[Mutant]:
    for name, change in terms_changes(plan.terms):
        if name not in written:
            continue
        place = Place("terms", "mutant.place.terms", {}, ("terms", *name.split(".")))
        head, _, column = name.rpartition(".")
        slug = change.slug if change.slug.startswith(column) else f"{column}{change.slug}"
        told = {**change.values, "column": name}
        whole = evolve(change, slug=f"{head}.{slug}" if head else slug, values=told)
        yield from placed(place, [whole], partial(_with_terms, plan))


def _with_terms(plan: Plan, terms: Terms) -> Plan:
    return evolve(plan, terms=terms)
