"""The answers of `verify` held against what routing every lead of the small world shows.

Knows: `verify`'s questions, the brute force, in which class of a space a lead lies. Each function raises
`AssertionError`, with the lead, where an answer is wrong; so a planted fault turns it red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib import import_module
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen

import verify_brute as brute
from dealerrouting import Account, Company, Plan, Rule, by, verify, where
from dealerrouting.rules.binding import Leaf, leaves
from dealerrouting.rules.conditions import Condition
from dealerrouting.rules.route import consider
from dealerrouting.verify import Finding, Outcome, Region
from dealerrouting.verify.boxes import ALL, Box
from dealerrouting.verify.contest import contest
from dealerrouting.verify.outcome import Scenario
from dealerrouting.verify.proof import bind
from dealerrouting.verify.space import Space
from dealerrouting.verify.witness import but_for
from verify_brute import NOBODY, Result, Seen, Shown
from verify_classes import Located
from verify_conditions import a_condition
from verify_edits import edited, palette_of
from verify_palette import EDGES
from verify_plans import ASKED_FOR, PROSPECTS, bounds, leaves_of, remade
from verify_world import Case, a_tiny_plan, cells, world

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


def wrongly(ask: Callable[[int], object], seed: int) -> bool:
    """Whether the plan of this seed is answered wrongly."""
    with boxes_kept():
        try:
            ask(seed)
        except AssertionError:
            return True
    return False


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
    assert all(finding.at for finding in mine), f"what ends is not named: {mine}"
    _proved(mine, asked.plan, lambda _, course: course.decided is None)
    fields = {leaf.field for leaf in leaves_of(asked.plan)} & {"month", "weekday", "date"}
    if fields:
        _hold_days(asked, mine, since, complete="month" not in fields)
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


def _hold_days(asked: Asked, found: Sequence[Finding], since: datetime | None, *, complete: bool) -> None:
    """The same by weekdays: served a week before, and not any more."""
    here = contest(asked.plan).space
    for one in asked.plain:
        lead, at = one.case.lead, one.case.at
        if lead.postcode is None or lead.country not in here.place.blocks:
            continue
        told = any(
            asked.inside(region, one.case) and not _serves(one, region.but_for)
            for finding in found
            for region in finding.regions
        )
        assert not told or one.open.rung is None, f"service is told to have ended for {lead} at {at}: {one.open}"
        earlier = _week_before(at, asked.plan)
        if complete and one.open.rung is None and (since is None or earlier >= since):
            before = consider(lead, asked.plan, at=earlier).decided
            assert told or before is None, f"service ends in the week before {at} for {lead}, and nothing says so"


def _week_before(at: datetime, plan: Plan) -> datetime:
    """The same time on the plan's wall, whatever the clocks did in between."""
    return (at.astimezone(ZoneInfo(plan.timezone)) - timedelta(weeks=1)).astimezone(UTC)


# Where sources meet.


def _parts_left(one: Shown) -> list[Any]:
    """The sources left on the rung that decides: rules, or parts of territories."""
    rung = one.open.rung
    return [p for p in _matched(one, rung) if (p.id, id(p.condition)) in one.open.parts] if rung is not None else []


def _matched(one: Shown, rung: str) -> list[Any]:
    """The sources of a rung that are in force and true."""
    case = one.course.case
    return [p for p in case.plan.sources.get(rung, ()) if p.in_force(case.at) and case.asked.holds(p.condition) is True]


def hold_overlaps(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the leads for which different sources with different dealers are left lie in an overlap of those."""
    nothing_unknown(found)
    mine = [f for f in found if f.name != "overlapping-account"]
    for one in asked.plain:
        want = _tied(one)
        told = {
            (f.name, f.at, f.values.get("decided_by", "conflict"), f.values["rung"])
            for f in mine
            for region in f.regions
            if asked.inside(region, one.case) and not _matches(one, region.but_for)
        }
        assert told == ({want} if want else set()), f"told {told}, but {want} for {one.case.lead} at {one.case.at}"
    for f in mine:
        assert f.level == ("error" if f.values.get("decided_by", "conflict") == "conflict" else "warning")
    _proved(mine, asked.plan, lambda f, course: _shows_tie(f, brute.result(course)))
    _hold_accounts(asked, _among(found, "overlapping-account"))


def _tied(one: Shown) -> tuple[str, tuple[str, ...], str, str] | None:
    """What is told of a lead for which several dealers are left: the finding, the sources, what decides, the rung."""
    res, heard = one.open, one.course.decided
    if heard is None or heard.exclusive or len(res.pool) < 2:
        return None
    decides = res.left[0] if res.left else "conflict"
    if len({frozenset(part.dealers) for part in _parts_left(one)}) > 1:
        return f"overlapping-{_noun(res.rung)}", tuple(sorted(res.sources)), decides, res.rung
    return ("undecided-dealers", tuple(sorted(res.sources)), decides, res.rung) if res.conflict else None


def _shows_tie(f: Finding, res: Result) -> bool:
    decides = f.values.get("decided_by", "conflict")
    return (
        len(res.pool) > 1
        and set(f.at) <= set(res.sources)
        and (res.left[0] if res.left else "conflict") == decides
        and set(f.values.get("dealers", ())) >= ({*res.dealers} if "dealers" in f.values else set())
    )


def _hold_accounts(asked: Asked, found: Sequence[Finding]) -> None:
    """Accounts overlap just where both offer one lead to different holders, and no rung before them takes it."""
    real = {pair for one in asked.seen for pair in _doubles(one.course)}
    assert {finding.at for finding in found} == real
    _proved(found, asked.plan, lambda f, course: f.at in _doubles(course))


def _doubles(course: brute.Course) -> set[tuple[str, ...]]:
    """The accounts of different holders that are left where accounts decide."""
    heard = course.decided
    if heard is None or heard.rung.kind != "accounts":
        return set()
    there = [c for c in heard.offered if c.dealer not in heard.barred]
    return {(a.source, b.source) for a in there for b in there if a.source < b.source and a.dealer != b.dealer}


def hold_exclusive(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the leads that are a conflict of an exclusive territory and another lie in the region of that pair."""
    nothing_unknown(found)
    for one in asked.plain:
        real = set()
        if one.course.decided is not None and one.course.decided.exclusive:
            matched = {part.id for part in _matched(one, "territories")}
            alone = {part.id for part in _matched(one, "territories") if part.exclusive}
            real = {tuple(sorted((a, b))) for a in alone for b in matched if a != b}
        told = {
            f.at
            for f in found
            for region in f.regions
            if asked.inside(region, one.case) and not _matches(one, region.but_for)
        }
        assert told == real, f"told {told}, but {real} for {one.case.lead} at {one.case.at}"
    _proved(found, asked.plan, _broken)


def _broken(f: Finding, course: brute.Course) -> bool:
    exclusive = course.decided is not None and course.decided.exclusive
    return exclusive and set(f.at) <= set(course.decision.because)


# What never decides.


def _parts(plan: Plan) -> list[tuple[str, Any]]:
    return [(rung, part) for rung, parts in plan.sources.items() for part in parts]


def hold_unreachable(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the sources that are true for no lead, or for none that one of their dealers can take."""
    usable = _usable(asked)
    never_taken = [(rung, p) for rung, p in _parts(asked.plan) if (rung, id(p)) not in usable]
    real = [(f"unreachable-{_noun(rung)}", (p.id,), _number(asked.plan, p)) for rung, p in never_taken]
    assert sorted(map(_of_part, found), key=str) == sorted(real, key=str)
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
        barred = _barred(one)
        found |= {(rung, id(part)) for rung, part in _true(one) if set(part.dealers) - barred[rung]}
    return found


def hold_shadowed(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the sources that somebody could take leads of, and that are never left on the rung that decides; but for
    those that are left somewhere among dealers between whom nothing chooses, which `hold_overlaps` is about."""
    nothing_unknown(found)
    usable, deciding, without = _usable(asked), set(), {}
    for one in asked.plain:
        for rung, part in _true(one):
            if _decides(one.open, rung, part):
                deciding.add((rung, id(part)))
            for name, away in one.away.items():
                if _decides(away, rung, part):
                    without.setdefault((rung, id(part)), set()).add(name)
    never = usable - deciding - _told_undecided(asked)
    real = [(rung, p) for rung, p in _parts(asked.plan) if (rung, id(p)) in never]
    by_part = {(f"shadowed-{_noun(rung)}", (p.id,), _number(asked.plan, p)): (rung, id(p)) for rung, p in real}
    assert sorted(map(_of_part, found), key=str) == sorted(by_part, key=str)
    for f in found:
        some, only = without.get(by_part[_of_part(f)], set()), f.values["only_without"]
        assert set(only) == some, f"{f.at}: only without {only}, but {some}"
        _hold_causes(asked, f, by_part[_of_part(f)])
    _proved(found, asked.plan, _shows_shadow)


def _hold_causes(asked: Asked, f: Finding, part: tuple[str, int]) -> None:
    """Just what is left, with its parts, for the leads that it could take."""
    real: dict[str, set[Any]] = {"by": set(), "conflict": set(), "by_parts": set(), "conflict_parts": set()}
    for one in asked.plain:
        able = any((rung, id(p)) == part and set(p.dealers) - _barred(one)[rung] for rung, p in _true(one))
        if able:
            left = any((one.open.rung, id(p)) == part for p in _parts_left(one))
            mine = one.open.conflict and left
            name = "conflict" if mine else "by"
            real[name] |= one.open.sources
            if one.course.decided is not None and not one.course.decided.exclusive:
                numbers = {(p.id, _number(asked.plan, p)) for p in _parts_left(one)}
                real[f"{name}_parts"] |= {pair for pair in numbers if pair[1] is not None}
    told = {name: set(f.values[name]) for name in ("by", "conflict")}
    for name in ("by_parts", "conflict_parts"):
        told[name] = {(one, number) for one, numbers in f.values.get(name, {}).items() for number in numbers}
    assert told == real, f"{f.at} {f.values}: {real}"


def _told_undecided(asked: Asked) -> set[tuple[str, int]]:
    """The sources that are left for some lead among dealers between whom nothing chooses."""
    return {(rung, id(p)) for one in asked.plain if _is_undecided(one) for rung, p in _left(one)}


def _left(one: Shown) -> Iterator[tuple[str, Any]]:
    yield from ((one.open.rung, part) for part in _parts_left(one))


def _is_undecided(one: Shown) -> bool:
    tie = _tied(one)
    return tie is not None and tie[0] == "undecided-dealers"


def _barred(one: Shown) -> dict[str, set[str]]:
    return {heard.rung.name: set(heard.barred) for heard in one.course.heard}


def _shows_shadow(f: Finding, course: brute.Course) -> bool:
    """Whether the lead is offered by what never decides, and something else comes of it, as the finding says."""
    res, offered = brute.result(course), {c.source for h in course.heard for c in h.offered}
    return f.at[0] in offered and res.sources <= {*f.values["conflict" if res.conflict else "by"], *f.values["by"]}


def _number(plan: Plan, part: Any) -> int | None:
    """Which part of a territory it is, from 1 on; None where it is all of it, or a rule."""
    mine = [id(one) for one in plan.sources.get("territories", ()) if one.id == part.id]
    return mine.index(id(part)) + 1 if len(mine) > 1 and id(part) in mine else None


def _of_part(f: Finding) -> tuple[str, tuple[str, ...], int | None]:
    return f.name, f.at, f.values.get("part")


def _decides(res: Result, rung: str, part: Any) -> bool:
    return res.rung == rung and not res.conflict and (part.id, id(part.condition)) in res.parts


def hold_idle(asked: Asked, found: Sequence[Finding]) -> None:
    """Just the dealers that are in no pool from which one can be chosen, and that no account is for while they are
    there, and in none between whom nothing chooses, which `hold_overlaps` is about."""
    told = (one for one in asked.plain if not one.open.conflict or _is_undecided(one))
    kept = {asked.plan.house} | {name for one in told for name in one.open.dealers}
    for heard in (heard for one in asked.seen for heard in one.course.heard if heard.rung.kind == "accounts"):
        kept |= {c.dealer for c in heard.offered} - set(heard.barred)
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
    open_lead: bool = False

    def ask(self, plan: Plan) -> tuple[Finding, ...]:
        question = verify.always if self.always else verify.never
        said = {"holder": self.holder, "by": self.by, "kind": self.kind, "claimed": self.claimed, "away": self.away}
        return question(plan, self.when, **said, open_lead=self.open_lead)

    def asks(self, plan: Plan, scene: str) -> bool:
        """Whether it speaks of the leads of a scene."""
        rungs = {"claim": "registrations", "incumbent": "incumbent"}
        told = {kind for kind, is_so in (("claim", self.claimed), ("incumbent", self.open_lead)) if is_so}
        kind, _, name = scene.partition(" ")
        if kind == "claim" and plan.by_id[name].kind != "dealer":
            return False  # a claim of a team of the house protects no dealer
        any_lead = not told or any(plan.rung(rungs[one]) is None for one in told)
        return kind in told or (any_lead and kind in ("", "account"))

    def about(self, course: brute.Course) -> bool:
        """Whether it speaks of a lead that was routed."""
        when = bind(course.case.plan, self.when)
        return when.truth(course.case.reading.facts, lambda _: None) is True

    def plan(self, plan: Plan) -> Plan:
        """The plan with the condition asked first, so that its world is cut by it too."""
        first = [rung for rung in plan.precedence if rung.kind == "registrations"]
        rest = [rung for rung in plan.precedence if rung.kind != "registrations"]
        house = [Rule("promised", self.when, [plan.house])]
        return remade(plan, precedence=[*first, by.rules(*house), *rest])

    def kept(self, plan: Plan, res: Result) -> bool:
        """Whether whatever comes of a result is as promised."""
        holders = (plan.house,) if res.conflict or not res.pool else res.dealers
        if len(res.pool) > 1 and res.left and res.left[-1] not in ("rotation", "hashed"):
            holders = (*holders, plan.house)  # the last pick may leave several, who then quarrel
        return not any(self.broken(plan, holder, res.rung or "house") for holder in holders)

    def broken(self, plan: Plan, holder: str, rung: str) -> bool:
        """Whether it is broken by a lead that this rung gives to this holder."""
        return self._is(plan, holder, rung) is not self.always

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
        rng.random() < 0.3,
    )


def hold_promise(asked: Asked, promise: Promise, found: Sequence[Finding]) -> None:
    """A lead lies in a broken promise just where what comes of it is not as promised."""
    nothing_unknown(found)
    for one in asked.seen:
        if not promise.asks(asked.plan, one.case.scene):
            continue
        besides, real = _besides(one), set()
        if promise.about(one.course):
            heard = one.course.decided
            offered = sorted({c.dealer for c in heard.offered}) if heard and promise.away else []
            for away in (None, *offered):
                res = one.open if away is None else one.without(away)
                if not promise.kept(asked.plan, res):
                    real.add((res.rung or "house", away))
        told = {
            (f.values["by"], f.values["away"])
            for f in found
            if _told_besides(asked.plan, f) == besides
            for region in f.regions
            if asked.inside(region, one.case) and not _matches(one, region.but_for)
        }
        assert told == real, f"{promise}: told {told}, but {real} for {one.case.lead} at {one.case.at} {one.case.scene}"
    hold_broken(asked.plan, promise, found)


def hold_broken(plan: Plan, promise: Promise, found: Iterable[Finding]) -> None:
    """Every witness is a lead of those promised about, and with its own facts it really goes where it must not."""
    mine = _among(tuple(found), "broken-promise")
    _proved(
        mine,
        plan,
        lambda f, course: (
            promise.about(course)
            and promise.broken(plan, course.decision.holder, course.decision.by)
            and not promise.kept(plan, brute.result(course))
            and _of_whom(f, course)
        ),
    )
    for f in mine:
        facts = f.witness.facts
        told = [{f.values[name]} - {None} for name in ("claimant", "incumbent", "away")]
        said = [{one.dealer for one in part} for part in (facts.registrations, facts.incumbents, facts.past_holders)]
        assert told == said, f"the facts of {f.at} are {facts}, but it says {told}"


def _of_whom(f: Finding, course: brute.Course) -> bool:
    """Whether the accounts that were asked for before it was decided are those that the finding names."""
    reached = course.heard if course.decided is None else course.heard[: course.heard.index(course.decided) + 1]
    known = [heard.offered for heard in reached if heard.rung.kind == "accounts"]
    return all(tuple(sorted(c.source for c in offered)) == f.values["accounts"] for offered in known)


def a_company_promise(rng: Random, plan: Plan) -> Promise:
    """A promise about companies, by their domains, names or numbers."""
    domains = [company.domain for company in (*PROSPECTS, ASKED_FOR)]
    one, other = rng.sample(domains, 2)
    about = rng.choice(
        (
            where.domain == one,
            where.domain == one,
            where.domain != one,
            where.domain.in_([one, other]),
            where.domain.startswith(one[:3]),
            ~where.domain.exists(),
            (where.domain == one) & (where.company_number == "24123456"),
            (where.domain == one) | where.company.startswith("Jan"),
        )
    )
    promise = a_promise(rng, plan)
    return evolve(promise, when=about if rng.random() < 0.5 else about & promise.when, away=False)


def asking(cases: Iterable[Case]) -> Iterator[Case]:
    """The leads of a world as companies ask them: those of accounts, one that the facts know, and others."""
    more = (Company(domain="other.example"), Company("Jansen", number="24123456", country="NL"))
    for case in cases:
        yield case
        for company in () if case.scene else (*PROSPECTS, ASKED_FOR, *more):
            yield evolve(case, lead=but_for(case.lead, company=company), scene=f"account {company.domain}")
        if case.scene:
            company = Company("Jansen", domain=case.lead.company.domain, number="24123456", country="NL")
            yield evolve(case, lead=but_for(case.lead, company=company))


def hold_company_promise(plan: Plan, cases: Iterable[Case], promise: Promise, found: Sequence[Finding]) -> None:
    """Who a company is can only be tried: what is told is real, and what breaks it lies in what is told or unknown."""
    hold_broken(plan, promise, found)
    for case in asking(cases):
        if not promise.asks(plan, case.scene):
            continue
        course = consider(case.lead, plan, case.facts, at=case.at)
        decision = course.decision
        if promise.about(course) and promise.broken(plan, decision.holder, decision.by):
            kept = [region for finding in found for region in finding.regions]
            told = any(region.here.inside(region.box, region.here.locate(case.lead, case.at)) for region in kept)
            assert told, f"{promise}: nothing is said of {case.lead} at {case.at} {case.scene}: {decision}"


def by_company(seed: int, most: int = 40) -> None:
    """One generated plan that recognises companies, some of its rules by what they are called, and a promise."""
    rng = Random(seed)
    plan = next(p for p in iter(lambda: a_tiny_plan(rng, most), None) if {r.kind for r in p.precedence} & _RECOGNISING)
    cases = world(plan, cap=most, rng=rng)
    if rng.random() < 0.4:
        rule = by.rules(Rule("named", a_company_promise(rng, plan).when, [rng.choice(plan.dealers).id]))
        at = 1 if plan.precedence[0].kind == "registrations" else 0
        plan = remade(plan, precedence=[*plan.precedence[:at], rule, *plan.precedence[at:]])
    promise = a_company_promise(rng, plan)
    hold_company_promise(plan, cases, promise, promise.ask(plan))


def by_account(seed: int, most: int = 40) -> None:
    """One generated plan with an account of each company, some for a time or with a dealer that is away then."""
    rng = Random(seed)
    plan = a_tiny_plan(rng, most)
    whole: dict[str, Any] = {}
    spans = (whole, whole, {"valid_from": EDGES[0]}, {"valid_until": EDGES[1]})
    holders = rng.choices([dealer.id for dealer in plan.dealers if dealer.kind == "dealer"], k=len(PROSPECTS))
    known = [
        Account(f"k{n}", name, company, **rng.choice(spans))
        for n, (name, company) in enumerate(zip(holders, PROSPECTS, strict=True))
    ]
    away = rng.random() < 0.5
    dealers = [evolve(d, paused=[tuple(EDGES[:2])]) if away and d.id == holders[0] else d for d in plan.dealers]
    rungs = [rung for rung in plan.precedence if rung.kind not in _RECOGNISING]
    at = rng.choice((0, 0, len(rungs)))
    plan = remade(plan, dealers=dealers, accounts=known, precedence=[*rungs[:at], by.accounts(), *rungs[at:]])
    promise = evolve(a_company_promise(rng, plan), claimed=False, open_lead=False)
    hold_company_promise(plan, world(plan, cap=most, rng=rng), promise, promise.ask(plan))


_RECOGNISING = {"registrations", "accounts", "incumbent"}


def _besides(one: Shown) -> tuple[str, Any]:
    """What has happened besides the lead; a company without an account at the time is like any other."""
    kind, _, dealer = one.case.scene.partition(" ")
    if kind == "account":
        offered = frozenset(c.dealer for h in one.course.heard if h.rung.kind == "accounts" for c in h.offered)
        return ("accounts", offered) if offered else ("", None)
    return ({"claim": "claimant"}.get(kind, kind), dealer or None)


def _told_besides(plan: Plan, f: Finding) -> tuple[str, Any]:
    holders = {account.id: account.holder for account in plan.accounts}
    for name in ("claimant", "incumbent"):
        if f.values[name] is not None:
            return name, f.values[name]
    accounts = frozenset(holders[name] for name in f.values["accounts"])
    return ("accounts", accounts) if accounts else ("", None)


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


def promised(rng: Random, plan: Plan, most: int) -> None:
    """A promise about a plan."""
    promise = next(p for p in iter(lambda: a_promise(rng, plan), None) if cells(plan, p.plan(plan)) <= 2 * most)
    cases = world(plan, promise.plan(plan), cap=most, rng=rng)
    hold_promise(asked(plan, cases, promise.when), promise, promise.ask(plan))


def by_promise(seed: int, most: int = 60) -> None:
    """One generated plan, and a promise; every third time territories are for whoever has the least to do."""
    rng = Random(seed)
    plan = a_tiny_plan(rng, most)
    if seed % 3 == 1:
        least = [by.territories(pick="least_loaded") if r.kind == "territories" else r for r in plan.precedence]
        plan = remade(plan, precedence=least)
    promised(rng, plan, most)


def by_seed(seed: int, most: int = 60) -> None:
    """One generated plan; every other time two plans, and a promise."""
    rng = Random(seed)
    plan = a_tiny_plan(rng, most)
    hold_plan(plan, world(plan, cap=most, rng=rng))
    if seed % 4 == 0:
        planned = next((p for p in (edited(rng, plan) for _ in range(4)) if cells(plan, p) <= 2 * most), plan)
        hold_pair(plan, planned, world(plan, planned, cap=most, rng=rng))
    elif seed % 4 == 2:
        promised(rng, plan, most)
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
