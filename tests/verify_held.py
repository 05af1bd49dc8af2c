"""The answers of `verify` held against what routing every lead of the small world shows.

Knows: `verify`'s questions, the brute force, in which class of a space a lead lies. Each function raises
`AssertionError`, with the lead, where an answer is wrong; so a planted fault turns it red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from fractions import Fraction
from importlib import import_module
from random import Random
from typing import Any

import pytest
from attrs import frozen

import verify_brute as brute
from dealerrouting import Plan, Rule, by, verify, where
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.route import consider
from dealerrouting.verify import Finding, Outcome, Region
from dealerrouting.verify.boxes import ALL, Box
from dealerrouting.verify.contest import contest
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.proof import bind
from dealerrouting.verify.space import Space
from verify_brute import NOBODY, Result, Seen, Shown
from verify_classes import Located
from verify_world import (
    EDGES,
    Case,
    a_condition,
    a_tiny_plan,
    bounds,
    cells,
    edited,
    leaves_of,
    palette_of,
    remade,
    world,
)

EVERYBODY = where.country.exists() | ~where.country.exists()
"""True of every lead."""


@frozen
class Kept(Region):
    """A region that still knows the box it was drawn from."""

    here: Space | None = None
    box: Box = ALL


@contextmanager
def boxes_kept() -> Iterator[None]:
    """While it lasts, every region remembers its box."""
    drawing = import_module("dealerrouting.verify.drawing")
    real = drawing.region

    def region(here: Space, box: Box, *more: Any) -> Region:
        told = real(here, box, *more)
        return Kept(told.bands, told.sides, told.but_for, here=here, box=box)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "region", region)
        yield


@frozen(eq=False)
class Asked:
    """A plan, its world, and what happens in it."""

    plan: Plan
    seen: Seen
    _located: dict[int, Located]
    also: Condition | None = None  # what was asked besides, so that regions may be cut by it

    @property
    def plain(self) -> list[Shown]:
        """What happens where the facts say nothing."""
        return [one for one in self.seen if not one.case.scene]

    def inside(self, region: Region, case: Case) -> bool:
        """Whether the lead lies in the region, but for what is said to serve a part of it."""
        assert isinstance(region, Kept)
        assert region.here is not None
        if id(region.here) not in self._located:
            self._located[id(region.here)] = Located(region.here, region.here.plans, self._bound())
        return self._located[id(region.here)].inside(region.box, case)

    def _bound(self) -> tuple[Leaf, ...]:
        if self.also is None:
            return ()
        found = leaves(bind(self.plan, self.also))
        return tuple(leaf for leaf in found if isinstance(leaf, Leaf))


def asked(plan: Plan, cases: Iterable[Case], also: Condition | None = None) -> Asked:
    return Asked(plan, brute.seen(plan, cases), {}, also)


def _serves(one: Shown, names: Iterable[str], *, away: str | None = None) -> bool:
    """Whether one of these sources offers the lead to somebody eligible."""
    wanted = set(names)
    return any(
        c.source in wanted and c.dealer not in h.barred and c.dealer != away
        for h in one.course.heard
        for c in h.offered
    )


def _matches(one: Shown, names: Iterable[str]) -> bool:
    """Whether one of these sources offers the lead to anybody."""
    wanted = set(names)
    return any(c.source in wanted for h in one.course.heard for c in h.offered)


def _agree(told: bool, real: bool, what: str, one: Shown) -> None:
    assert told == real, f"{what}: told {told}, but it is {real} for {one.case.lead} at {one.case.at}: {one.open}"


def _among(found: Sequence[Finding], name: str) -> list[Finding]:
    return [finding for finding in found if finding.name == name]


def _proved(found: Iterable[Finding], plan: Plan, shows: Callable[[Finding, brute.Course], bool]) -> None:
    """Every finding has a witness that, routed again, is decided as it says and shows what it should."""
    for finding in found:
        witness = finding.witness
        assert witness is not None, f"no witness for {finding.name} {finding.at} {finding.regions}"
        course = consider(witness.lead, plan, witness.facts, at=witness.at)
        assert course.decision == witness.decision
        assert shows(finding, course), f"the witness of {finding.name} {finding.at} shows nothing: {witness.lead}"


def nothing_unknown(found: Sequence[Finding]) -> None:
    """A small plan never exhausts a budget, and nothing in it is opaque."""
    for finding in found:
        assert finding.name != "unknown-region", finding
        assert finding.exact, finding


# The results themselves.


def as_result(told: Outcome) -> Result:
    if told.rung == "house":
        return NOBODY
    pool = tuple((name, Fraction(part)) for name, part in sorted(told.pool.items()))
    return Result(told.rung, pool, tuple(told.left), told.ledger, told.conflict)


def hold_outcomes(asked: Asked) -> None:
    """In every cell every lead has the result that is told for the cell, with everybody there and with each away."""
    battle = contest(asked.plan)
    located = Located(battle.space, (asked.plan,))
    found = []
    for stretch in battle.stretches:
        battle.budget.begin()
        found.append((stretch, list(battle.cells(stretch))))
    for one in asked.plain:
        place, _ = located.classes(one.case)
        cells = next(cells for stretch, cells in found if stretch.first <= place <= stretch.last)
        mine = [met for sides, met in cells if located.within(sides, one.case)]
        assert len(mine) <= 1, f"{one.case.lead} lies in {len(mine)} cells"
        for away in (None, *(dealer.id for dealer in asked.plan.dealers)):
            want = one.open if away is None else one.without(away)
            told = as_result(battle.outcome(mine[0], away=away)) if mine else NOBODY
            assert told == want, f"told {told}, but it is {want} without {away} for {one.case.lead} at {one.case.at}"


# Who serves.


def hold_gaps(asked: Asked, found: Sequence[Finding], *, coded: bool) -> None:
    """A lead lies in a region that nobody serves just where nobody does. `coded`: only those with a postcode."""
    nothing_unknown(found)
    here = contest(asked.plan).space
    for one in asked.plain:
        lead = one.case.lead
        if coded and (lead.postcode is None or lead.country not in here.place.blocks):
            continue
        told = any(
            asked.inside(region, one.case) and not _serves(one, region.but_for)
            for finding in found
            for region in finding.regions
        )
        _agree(told, one.open.rung is None, "a gap", one)
    _proved(found, asked.plan, lambda _, course: course.decided is None)


def hold_lone(asked: Asked, found: Sequence[Finding]) -> None:
    """A dealer is alone just where it serves a lead and nobody does without it."""
    mine = _among(found, "lone-dealer")
    here = contest(asked.plan).space
    for one in asked.plain:
        if one.case.lead.postcode is None or one.case.lead.country not in here.place.blocks:
            continue
        for dealer in asked.plan.dealers:
            if dealer.kind == "house":
                continue
            told = any(
                asked.inside(region, one.case) and not _serves(one, region.but_for, away=dealer.id)
                for finding in mine
                if finding.at == (dealer.id,)
                for region in finding.regions
            )
            real = one.open.rung is not None and one.without(dealer.id).rung is None
            assert told or not real, f"{dealer.id} is alone for {one.case.lead} at {one.case.at}, and nothing says so"
            nobody = one.without(dealer.id).rung is None
            assert nobody or not told, f"{dealer.id} is not alone for {one.case.lead} at {one.case.at}: {one.open}"
    for finding in mine:
        witness = finding.witness
        assert witness is not None
        assert consider(witness.lead, asked.plan, witness.facts, at=witness.at).decided is None
        everybody = consider(witness.lead, asked.plan, at=witness.at)
        assert everybody.decided is not None, f"nobody serves {witness.lead} even with {finding.at}"


def hold_endings(asked: Asked, found: Sequence[Finding], since: datetime | None = None) -> None:
    """Service ends at an instant just where somebody serves a lead just before it and nobody does then."""
    mine = _among(found, "ending-service")
    if any(leaf.field in ("month", "weekday", "date") for leaf in leaves_of(asked.plan)):
        return
    here = contest(asked.plan).space
    for one in asked.plain:
        lead, at = one.case.lead, one.case.at
        if at not in bounds(asked.plan) or lead.postcode is None or lead.country not in here.place.blocks:
            continue
        if since is not None and at <= since:
            continue
        before = consider(lead, asked.plan, at=at - timedelta(microseconds=1)).decided
        real = before is not None and one.open.rung is None
        told = any(
            asked.inside(region, one.case) and not _serves(one, region.but_for)
            for finding in mine
            if finding.values["end"] == at
            for region in finding.regions
        )
        assert told or not real, f"service ends at {at} for {lead}, and nothing says so"
        assert not told or one.open.rung is None, f"service is told to end at {at} for {lead}: {one.open}"
    _proved(mine, asked.plan, lambda _, course: course.decided is None)


# Where sources meet.


def _parts_left(one: Shown) -> list[Any]:
    """The sources left on the rung that decides: rules, or parts of territories."""
    heard = one.course.decided
    if heard is None:
        return []
    left = {(c.source, c.region, c.priority, c.order, c.ledger) for c in brute.determined(heard)}
    return [p for p in _matched(one, heard.rung.name) if (p.id, p.condition, p.priority, p.order, p.ledger) in left]


def _matched(one: Shown, rung: str) -> list[Any]:
    """The sources of a rung that are in force and true."""
    case = one.course.case
    return [p for p in case.plan.sources.get(rung, ()) if p.in_force(case.at) and case.asked.holds(p.condition) is True]


def hold_overlaps(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the leads for which different sources with different dealers are left lie in an overlap of those."""
    nothing_unknown(found)
    mine = [f for f in found if f.name in ("overlapping-territory", "overlapping-rule")]
    for one in asked.plain:
        want = None
        dealers = {frozenset(part.dealers) for part in _parts_left(one)}
        exclusive = one.course.decided is not None and one.course.decided.exclusive
        if len(one.open.pool) > 1 and len(one.open.sources) > 1 and len(dealers) > 1 and not exclusive:
            want = (tuple(sorted(one.open.sources)), one.open.left[0] if one.open.left else "conflict", one.open.rung)
        told = {
            (f.at, f.values["decided_by"], f.values["rung"])
            for f in mine
            for region in f.regions
            if asked.inside(region, one.case) and not _matches(one, region.but_for)
        }
        assert told == ({want} if want else set()), f"told {told}, but {want} for {one.case.lead} at {one.case.at}"
    for f in mine:
        assert f.level == ("error" if f.values["decided_by"] == "conflict" else "warning")
    _proved(mine, asked.plan, lambda f, course: set(f.at) <= set(brute.result(course).sources))
    _hold_accounts(asked, _among(found, "overlapping-account"))


def _hold_accounts(asked: Asked, found: Sequence[Finding]) -> None:
    """Accounts overlap just where one lead is offered by both, to different holders."""
    real = set()
    for one in asked.seen:
        for heard in one.course.heard:
            if heard.rung.kind == "accounts":
                there = [one for one in heard.offered if one.dealer not in heard.barred]
                pairs = [(a, b) for a in there for b in there if a.source < b.source]
                real |= {(a.source, b.source) for a, b in pairs if a.dealer != b.dealer}
    assert {finding.at for finding in found} == real
    _proved(found, asked.plan, lambda f, course: _both_offered(f, course, "accounts"))


def hold_exclusive(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the leads that an exclusive territory and another match lie in the region of that pair."""
    for one in asked.plain:
        matched = {part.id: part for part in _matched(one, "territories")}
        alone = {part.id for part in _matched(one, "territories") if part.exclusive}
        real = {tuple(sorted((a, b))) for a in alone for b in matched if a != b}
        told = {f.at for f in found for region in f.regions if asked.inside(region, one.case)}
        assert told == real, f"told {told}, but {real} for {one.case.lead} at {one.case.at}"
    _proved(found, asked.plan, lambda f, course: _both_offered(f, course, "territories"))


def _both_offered(f: Finding, course: brute.Course, rung: str) -> bool:
    offered = {c.source for h in course.heard if h.rung.kind == rung for c in h.offered}
    return set(f.at) <= offered


# What never decides.


def _parts(plan: Plan) -> list[tuple[str, Any]]:
    return [(rung, part) for rung, parts in plan.sources.items() for part in parts]


def hold_unreachable(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the sources that are true for no lead, or for none that one of their dealers can take."""
    usable = _usable(asked)
    real = Counter(
        (f"unreachable-{_noun(rung)}", (p.id,)) for rung, p in _parts(asked.plan) if (rung, id(p)) not in usable
    )
    assert Counter((f.name, f.at) for f in found) == real
    true = {(rung, id(p)) for one in asked.plain for rung, p in _true(one)}
    never = Counter((p.id,) for rung, p in _parts(asked.plan) if (rung, id(p)) not in true)
    assert Counter(f.at for f in found if f.values["why"] == "never") == never


def _noun(rung: str) -> str:
    return "territory" if rung == "territories" else "rule"


def _true(one: Shown) -> Iterator[tuple[str, Any]]:
    for heard in one.course.heard:
        if heard.rung.kind in ("rules", "territories"):
            for part in _matched(one, heard.rung.name):
                yield heard.rung.name, part


def _usable(asked: Asked) -> set[tuple[str, int]]:
    found = set()
    for one in asked.plain:
        barred = {h.rung.name: set(h.barred) for h in one.course.heard}
        found |= {(rung, id(part)) for rung, part in _true(one) if set(part.dealers) - barred[rung]}
    return found


def hold_shadowed(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the sources that somebody could take leads of, and that are never left on the rung that decides."""
    nothing_unknown(found)
    usable, deciding, without = _usable(asked), set(), {}
    for one in asked.plain:
        for rung, part in _true(one):
            if _decides(one.open, rung, part):
                deciding.add((rung, id(part)))
            for name, away in one.away.items():
                if _decides(away, rung, part):
                    without.setdefault((rung, id(part)), set()).add(name)
    real = [(rung, p) for rung, p in _parts(asked.plan) if (rung, id(p)) in usable - deciding]
    assert Counter((f.name, f.at) for f in found) == Counter((f"shadowed-{_noun(rung)}", (p.id,)) for rung, p in real)
    for f in found:
        names = [without.get((rung, id(p)), set()) for rung, p in real if (p.id,) == f.at]
        only = f.values["only_without"]
        assert any(only in some if only else not some for some in names), f"{f.at}: only without {only}, but {names}"


def _decides(res: Result, rung: str, part: Any) -> bool:
    return res.rung == rung and part.id in res.sources and bool(set(part.dealers) & set(res.dealers))


def hold_idle(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the dealers that are in no pool, and hold no account."""
    pools = {name for one in asked.plain for name in one.open.dealers}
    kept = {account.holder for account in asked.plan.accounts} | {asked.plan.house} | pools
    assert sorted(f.at for f in found) == sorted((d.id,) for d in asked.plan.dealers if d.id not in kept)


# Two plans.


def pair(active: Plan, planned: Plan, cases: Iterable[Case]) -> tuple[Asked, Asked]:
    """The same leads under both plans."""
    cases = tuple(cases)
    return asked(active, cases), asked(planned, cases)


def hold_equal(two: tuple[Asked, Asked], verdict: Any) -> None:
    """Two plans are equal just where no lead of the world has another result."""
    active, planned = two
    apart = [(a, b) for a, b in zip(active.seen, planned.seen, strict=True) if brute.differs(a, b)]
    some = apart[0] if apart else None
    said = f"told {verdict.holds}, but {some and (some[0].case, some[0].open, some[1].open)}"
    if verdict.holds is None:  # something differs that needs two facts at once, or counts
        assert verdict.besides, said
        assert not apart, said
    else:
        assert verdict.holds is (not apart), said
    if verdict.holds is False:
        _shows(two, verdict.witness, None)


def _shows(two: tuple[Asked, Asked], witness: Any, change: Any) -> None:
    """The witness of a difference has these two results; both decisions are those of the core."""
    assert witness is not None, f"no witness for {change}"
    courses = [consider(witness.lead, one.plan, witness.facts, at=witness.at) for one in two]
    assert [c.decision for c in courses] == [witness.decision, witness.planned]
    found = tuple(map(brute.result, courses))
    if change is None:
        assert found[0] != found[1], f"{witness.lead} has one result: {found}"
    else:
        for told, real in zip((change.before, change.after), found, strict=True):
            elsewhere = told.rung == "elsewhere" and real.rung != "accounts"
            assert elsewhere or real == as_result(told), f"{witness.lead}: {found}"


def hold_diff(two: tuple[Asked, Asked], found: Any) -> None:
    """A lead lies in a change just where its result changes so: with everybody there, or with one dealer away."""
    assert not found.unknown
    assert found.exact
    for change in found.changes:
        _shows(two, change.witness, change)
    for a, b in zip(*(one.seen for one in two), strict=True):
        told = _told(two[0], found, (a, b), a.case.scene)
        plain = _told(two[0], found, (a, b), "") if a.case.scene else []
        for name in (None, *sorted({*a.away, *b.away, *(name for name, *_ in told if name)})):
            was, now = (a.open, b.open) if name is None else (a.without(name), b.without(name))
            mine = [(before, after) for away, before, after in told if away == name]
            if name is not None and was != now and (was, now) == (a.open, b.open):
                continue  # it changes so with everybody there already
            if was != now and not mine and any(away in (name, None) for away, *_ in plain):
                continue  # it is seen where nothing has happened besides
            want = [(was, now)] if was != now else []
            if len(mine) == len(want) == 1 and _fits(mine[0], want[0]):
                continue
            open_too = [(before, after) for away, before, after in told if away is None]
            if want and not mine and any(_fits(pair, want[0]) for pair in open_too):
                continue  # a company whose account is not the same is told once, whoever else is away
            where = f"without {name} for {a.case.lead} at {a.case.at} {a.case.scene}"
            assert mine == want, f"told {mine}, but {want} {where}"


def _fits(told: tuple[Result, Result], real: tuple[Result, Result]) -> bool:
    """Whether that is what was told; what rungs other than accounts make of a company is told as `elsewhere`."""
    elsewhere = Result("elsewhere", (), (), None, False)
    return all(t == r or (t == elsewhere and r.rung != "accounts") for t, r in zip(told, real, strict=True))


_KINDS = {"claim": "registrations", "incumbent": "incumbent"}


def _told(asked: Asked, found: Any, two: tuple[Shown, Shown], scene: str) -> list[tuple[str | None, Result, Result]]:
    """Who is away, the result before, and after, of each change in which the lead lies."""
    kind, _, dealer = scene.partition(" ")
    return [
        (c.away, as_result(c.before), as_result(c.after))
        for c in found.changes
        if _is_scene(c.scenario, kind, dealer) and any(_lies(asked, region, two) for region in c.regions)
    ]


def _lies(asked: Asked, region: Region, two: tuple[Shown, Shown]) -> bool:
    """Whether the lead lies in a region, and what is taken out of it takes it under neither plan."""
    return asked.inside(region, two[0].case) and not any(_matches(one, region.but_for) for one in two)


def _is_scene(scenario: Scenario, kind: str, dealer: str) -> bool:
    if not kind:
        return scenario.kind == "none"
    if kind == "account":
        return scenario.kind == "accounts" and scenario.company.domain == dealer
    return (scenario.kind, scenario.dealer) == (_KINDS.get(kind, kind), dealer)


# Promises.


@frozen
class Promise:
    """Arguments of `always` or `never`, without the plan."""

    always: bool
    when: Condition
    holder: tuple[str, ...] | None
    by: tuple[str, ...] | None
    kind: str | None
    claimed: bool
    away: bool

    def ask(self, plan: Plan) -> tuple[Finding, ...]:
        question = verify.always if self.always else verify.never
        said = {"holder": self.holder, "by": self.by, "kind": self.kind, "claimed": self.claimed, "away": self.away}
        return question(plan, self.when, **said)

    def plan(self, plan: Plan) -> Plan:
        """The plan with the condition asked first, so that its world is cut by it too."""
        first = [rung for rung in plan.precedence if rung.kind == "registrations"]
        rest = [rung for rung in plan.precedence if rung.kind != "registrations"]
        house = [Rule("promised", self.when, [plan.house])]
        return remade(plan, precedence=[*first, by.rules(*house), *rest])

    def kept(self, plan: Plan, res: Result) -> bool:
        """Whether whatever comes of a result is as promised."""
        holders = (plan.house,) if res.conflict or not res.pool else res.dealers
        told = [self._is(plan, holder, res.rung or "house") for holder in holders]
        return all(told) if self.always else not any(told)

    def _is(self, plan: Plan, holder: str, rung: str) -> bool:
        kind = self.kind is None or plan.by_id[holder].kind == self.kind
        return kind and holder in (self.holder or (holder,)) and rung in (self.by or (rung,))


def a_promise(rng: Random, plan: Plan) -> Promise:
    """A promise that may well be broken, about leads that the plan speaks of."""
    dealers = [dealer.id for dealer in plan.dealers]
    rungs = [*(rung.name for rung in plan.precedence), "house"]
    what = rng.choice(("holder", "by", "kind", "both"))
    return Promise(
        rng.random() < 0.5,
        a_condition(rng, palette_of(plan), 1) if rng.random() < 0.8 else verify.ANY_LEAD,
        tuple(rng.sample(dealers, rng.randint(1, len(dealers)))) if what in ("holder", "both") else None,
        tuple(rng.sample(rungs, rng.randint(1, len(rungs)))) if what in ("by", "both") else None,
        rng.choice(("dealer", "house")) if what == "kind" else None,
        rng.random() < 0.4,
        rng.random() < 0.4,
    )


def hold_promise(asked: Asked, promise: Promise, found: Sequence[Finding]) -> None:
    """A lead lies in a broken promise just where what comes of it is not as promised."""
    nothing_unknown(found)
    when = bind(asked.plan, promise.when)
    for one in asked.seen:
        if one.case.scene.partition(" ")[0] != ("claim" if promise.claimed else ""):
            continue
        claimant = one.case.scene.partition(" ")[2] or None
        real = set()
        if when.truth(one.course.case.reading.facts, lambda _: None) is True:
            heard = one.course.decided
            offered = sorted({c.dealer for c in heard.offered}) if heard and promise.away else []
            for away in (None, *offered):
                res = one.open if away is None else one.without(away)
                if not promise.kept(asked.plan, res):
                    real.add((res.rung or "house", away, claimant))
        told = {
            (f.values["by"], f.values["away"], f.values["claimant"])
            for f in found
            if f.values["claimant"] == claimant
            for region in f.regions
            if asked.inside(region, one.case) and not _matches(one, region.but_for)
        }
        assert told == real, f"{promise}: told {told}, but {real} for {one.case.lead} at {one.case.at} {one.case.scene}"
    _proved(found, asked.plan, lambda f, course: not promise.kept(asked.plan, brute.result(course)))


# Everything about one plan, about two, about what is promised.


def hold_plan(plan: Plan, cases: Iterable[Case], **more: Any) -> None:
    """Every question about one plan. `at=` asks of what holds from an instant on."""
    one = asked(plan, cases)
    hold_outcomes(one)
    hold_gaps(one, verify.gaps(plan, among=EVERYBODY, **more), coded=False)
    hold_gaps(one, verify.gaps(plan, **more), coded=True)
    cliffs = verify.cliffs(plan, **more)
    nothing_unknown(cliffs)
    hold_lone(one, cliffs)
    hold_endings(one, cliffs, more.get("at"))
    hold_overlaps(one, verify.overlaps(plan, **more))
    hold_exclusive(one, verify.exclusive(plan, **more))
    hold_unreachable(one, verify.unreachable(plan, **more))
    hold_shadowed(one, verify.shadowed(plan, **more))
    hold_idle(one, verify.idle(plan, **more))


def hold_pair(active: Plan, planned: Plan, cases: Iterable[Case]) -> None:
    """Every question about two plans."""
    two = pair(active, planned, cases)
    hold_equal(two, verify.equal(active, planned))
    hold_diff(two, verify.diff(active, planned))


def by_seed(seed: int, most: int = 60) -> None:
    """One generated plan; every other time two plans, and a promise."""
    rng = Random(seed)
    plan = a_tiny_plan(rng, most)
    hold_plan(plan, world(plan, cap=most, rng=rng))
    if seed % 4 == 0:
        planned = next((p for p in (edited(rng, plan) for _ in range(4)) if cells(plan, p) <= 2 * most), plan)
        hold_pair(plan, planned, world(plan, planned, cap=most, rng=rng))
    elif seed % 4 == 2:
        promise = next(p for p in iter(lambda: a_promise(rng, plan), None) if cells(plan, p.plan(plan)) <= 2 * most)
        cases = world(plan, promise.plan(plan), cap=most, rng=rng)
        hold_promise(asked(plan, cases, promise.when), promise, promise.ask(plan))
    elif seed % 4 == 3:
        since = rng.choice(EDGES)
        hold_plan(plan, world(plan, cap=most, rng=rng, since=since), at=since)


def hold_decision(plan: Plan, witness: Any) -> None:
    """The witness's decision is the core's."""
    assert consider(witness.lead, plan, witness.facts, at=witness.at).decision == witness.decision


def hold_witness(active: Plan, planned: Plan, witness: Any) -> None:
    """The witness of a difference really has two results."""
    _shows((asked(active, ()), asked(planned, ())), witness, None)


def hold_gaps_or_unknown(asked: Asked, found: Sequence[Finding]) -> None:
    """A lead that nobody serves lies in a region told or in an unknown one, and what is told is real."""
    known, unknown = _among(found, "unserved-region"), _among(found, "unknown-region")
    for one in asked.plain:
        told = any(
            asked.inside(region, one.case) and not _serves(one, region.but_for)
            for finding in known
            for region in finding.regions
        )
        lost = any(asked.inside(region, one.case) for finding in unknown for region in finding.regions)
        gap = one.open.rung is None
        assert gap or not told, f"told as a gap: {one.case.lead} at {one.case.at}"
        assert told or lost or not gap, f"lost in silence: {one.case.lead} at {one.case.at}"
