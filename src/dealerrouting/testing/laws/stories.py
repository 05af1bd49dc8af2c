"""Stories of claims: what dealers and people of the house do with claims, done one after the other by the real rules.

May know: the life of claims, Hypothesis. May not know: what any law says, stores.
What a story keeps is what a caller would keep, and every step is there for the laws to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from attrs import evolve, field, frozen
from hypothesis import strategies as st

from dealerrouting import registrations as life
from dealerrouting.model import Account, Company, Dealer, Incumbent, Registration
from dealerrouting.registrations import Move, Refusal, Standing
from dealerrouting.rules import Plan
from dealerrouting.terms import ClaimTerms
from dealerrouting.testing.laws.law import Subject

__all__ = ["START", "Deed", "Step", "Story", "draft", "lived", "stories", "told_story"]

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@frozen
class Deed:
    """After `wait`, do `do`: submit `claim`, or move the claim of its id."""

    do: str
    claim: Registration
    wait: timedelta = timedelta(0)
    evidence: bool = True


Step: TypeAlias = tuple[Deed, datetime, Registration | None, Registration | Refusal]
"""A deed, its instant, the claim before, and what came back."""


@frozen
class Story:
    """What was kept, and each step."""

    kept: Mapping[str, Registration]
    steps: Sequence[Step] = field(factory=list)
    at: datetime = START


def draft(
    number: int, dealer: str, company: Company, products: Sequence[str] = (), source: str = "dealer",
    at: datetime = START, shows: Iterable[str] = ("meeting",),
) -> Registration:  # fmt: skip
    """A new claim; its id says nothing of the order in which claims come."""
    evidence = dict.fromkeys(shows, f"note-{number}")
    return Registration(
        f"R{number}", dealer, company, submitted_at=at, products=products, source=source, evidence=evidence
    )


def lived(
    deeds: Iterable[Deed],
    terms: ClaimTerms,
    people: Mapping[str, Dealer],
    accounts: Iterable[Account] = (),
    customers: Iterable[Incumbent] = (),
    start: datetime = START,
) -> Story:
    """Do everything in order, and keep what is to be kept."""
    kept: dict[str, Registration] = {}
    steps: list[Step] = []
    at, accounts, customers = start, tuple(accounts), tuple(customers)
    for deed in deeds:
        at += deed.wait
        before = kept.get(deed.claim.id)
        stands = Standing(kept.values(), accounts, customers, people)
        after: Registration | Refusal
        if deed.do == "submit":
            after = life.submit(evolve(deed.claim, submitted_at=at), stands, terms, at=at)
        elif before is None:
            continue
        else:
            proof = {"visit": "note-9"} if deed.evidence else {}
            after = life.step(before, Move(deed.do, "ann", proof), stands, terms, at=at)
        steps.append((deed, at, before, after))
        if isinstance(after, Registration):
            kept[after.id] = after
    return Story(kept, steps, at)


# Drawn from a plan


def stories(on: Subject) -> st.SearchStrategy[tuple[Deed, ...]]:
    """Deeds of the plan's dealers, on companies that share keys; the first deeds are claims."""
    return on.own("stories", lambda: _stories(on.plan))


def _stories(plan: Plan) -> st.SearchStrategy[tuple[Deed, ...]]:
    from dealerrouting.testing.strategies.drawing import companies_of

    some, terms = st.sampled_from, plan.terms.claims
    dealers = [one.id for one in plan.dealers if one.kind == "dealer"][:3] or [plan.house]
    end = terms.protects.delta
    waits = [*(timedelta(days=number) for number in (0, 0, 1, 10, 31)), end - _TICK, end, -_TICK]
    products = [(), (), ("press",), ("saw",)]
    claims = st.builds(
        draft,
        st.integers(0, 5),
        some(dealers),
        some([company for company in companies_of(plan)[:8] if company.keys()]),
        some(products),
        some(["dealer", "dealer", "dealer", "list"]),
        shows=st.just(terms.needs_evidence or ("meeting",)),
    )
    dos = ["submit"] * 12 + ["approve"] * 6 + ["settle"] * 3 + [do for do in life.MOVES if do != "submit"]
    deeds = st.builds(Deed, some(dos), claims, some(waits), st.booleans())
    return st.lists(deeds, min_size=1, max_size=14).map(tuple)


def told_story(on: Subject, deeds: Iterable[Deed]) -> str:
    """Each deed and what came of it."""
    plan = on.plan
    try:
        steps = lived(deeds, plan.terms.claims, plan.by_id, plan.accounts).steps
    except Exception as error:  # broken rules may not be able to live it again
        return f"shown by claims that raised {type(error).__name__}: {error}"
    return "shown by\n" + "\n".join(f"  {_line(*step)}" for step in steps)


def _line(deed: Deed, at: datetime, _: Registration | None, after: Registration | Refusal) -> str:
    came = f"refused: {', '.join(after.rules)}" if isinstance(after, Refusal) else after.status
    on = ", ".join(sorted(map(str, deed.claim.keys)))
    products = f", {'; '.join(deed.claim.products)}" if deed.claim.products else ""
    return f"{at.isoformat()}  {deed.do} {deed.claim.id} of {deed.claim.dealer} ({on}{products}): {came}"
