"""Planted faults: brute force over small worlds turns red on a `verify` that answers wrongly.

A fault is put into one function; then generated plans are asked about in a fixed series, until one is answered wrongly
that is answered rightly without the fault.
"""

from __future__ import annotations

import importlib
from itertools import count, islice
from random import Random

import pytest
from attrs import evolve

import verify_held as held
from dealerrouting import Dealer, Rule, by, verify, where
from dealerrouting.rules.binding import Flip
from dealerrouting.verify.place import EVERYWHERE
from verify_plans import apart, built, remade
from verify_world import a_tiny_plan, world

pytestmark = pytest.mark.pure


def room(name):
    return importlib.import_module(f"dealerrouting.verify.{name}")


axes, ordered, boxes, cells = map(room, ("axes", "ordered", "boxes", "cells"))
when, place, space = map(room, ("when", "place", "space"))
contest, outcome, coverage, meeting, reach = map(room, ("contest", "outcome", "coverage", "meeting", "reach"))
changes, promises, compact, sharing = map(room, ("changes", "promises", "compact", "sharing"))
doubles, roughly = map(room, ("doubles", "roughly"))
MOST = 400


def turns_red(plant, seeds=None, ask=held.by_seed):
    """The first seed whose plan is answered wrongly with the fault, and rightly without."""
    for seed in islice(seeds or count(), MOST):
        with pytest.MonkeyPatch.context() as patch:
            plant(patch.setattr)
            red = held.wrongly(ask, seed)
        if red and not held.wrongly(ask, seed):
            return seed
    pytest.fail("the comparison stayed green on a broken verifier")


PAIRS, PROMISES, SINCE = (range(start, 4 * MOST, 4) for start in (0, 2, 3))


def swapped(target, name, make):
    """Puts `make(the real one)` in the place of what is there."""
    real = getattr(target, name)
    return lambda put: put(target, name, make(real))


# Time.


def test_a_validity_holds_its_end():
    def closed(self, start, end):
        first = 0 if start is None else self._class(start)
        return axes.span(first, self.size - 1 if end is None else min(self.size - 1, self._class(end)))

    turns_red(lambda put: put(when.When, "valid", closed))


def test_a_validity_does_not_hold_its_start():
    def opened(self, start, end):
        first = 0 if start is None else self._class(start) + 1
        return axes.span(first, (self.size if end is None else self._class(end)) - 1)

    turns_red(lambda put: put(when.When, "valid", opened))


def test_validity_is_forgotten():
    turns_red(lambda put: put(when.When, "valid", lambda self, start, end: self.full))


def test_months_and_weekdays_are_forgotten():
    def only_first(real):
        return lambda *stretch: islice(real(*stretch), 1)

    turns_red(swapped(when, "_kinds", only_first))


def test_the_end_of_a_day_is_forgotten():
    turns_red(swapped(when, "_days", lambda real: lambda leaf, zone: islice(real(leaf, zone), 0, None, 2)))


def test_days_are_those_of_another_zone():
    def in_utc(real):
        return lambda zones, *more: real([when.UTC for _ in zones], *more)

    turns_red(swapped(space, "when", in_utc))


def test_what_is_asked_from_an_instant_on_is_asked_of_all_time():
    turns_red(
        swapped(space, "when", lambda real: lambda zones, marks, leaves, _: real(zones, marks, leaves, None)), SINCE
    )


# Numbers, words, sectors.


def test_between_does_not_hold_its_last_end():
    def opened(self, low, high):
        start = 0 if low is None else ordered.bisect_left(self.values, low)
        end = len(self.values) if high is None else ordered.bisect_left(self.values, high)
        return axes.span(self.first + start, self.first + end - 1)

    turns_red(lambda put: put(ordered.Ordered, "between", opened))


def test_at_least_does_not_hold_its_bound():
    def opened(self, low, high):
        start = 0 if low is None else ordered.bisect_right(self.values, low)
        end = len(self.values) if high is None else ordered.bisect_right(self.values, high)
        return axes.span(self.first + start, self.first + end - 1)

    turns_red(lambda put: put(ordered.Ordered, "between", opened))


def test_nothing_lies_between_two_numbers():
    turns_red(lambda put: put(ordered, "_inside", lambda low, high, whole: None))


def test_but_one_holds_the_one():
    def every(real):
        return lambda self, leaf: self.present if leaf.op == "ne" else real(self, leaf)

    turns_red(swapped(axes.Texts, "_true", every))


def test_a_prefix_is_only_the_known_words():
    def known(self, leaf):
        return axes.union(1 << at for word, at in self.words.items() if word.startswith(leaf.const))

    def only_known(real):
        return lambda self, leaf: known(self, leaf) if leaf.op == "startswith" else real(self, leaf)

    turns_red(swapped(axes.Texts, "_true", only_known))


def test_what_is_absent_is_forgotten():
    turns_red(lambda put: put(axes.Axis, "present", property(lambda self: self.full)))


def test_the_tree_of_sectors_is_ignored():
    def flat(real):
        def truth(self, plan, leaf):
            if leaf.op != "under":
                return real(self, plan, leaf)
            yes = axes.union(1 << self.places[code] for code in leaf.const.codes)
            return yes, self.present & ~yes

        return truth

    turns_red(swapped(axes.Sectors, "truth", flat))


def test_a_coarse_sector_is_outside():
    def sure(real):
        def truth(self, plan, leaf):
            yes, _ = real(self, plan, leaf)
            return yes, self.present & ~yes

        return truth

    turns_red(swapped(axes.Sectors, "truth", sure))


# Places.


def test_a_coarse_postcode_is_inside():
    turns_red(lambda put: put(place.Block, "_wider", lambda self, runs, hi: iter(())))


def test_a_coarse_postcode_is_outside():
    def ask(_):
        beside = (where.country == "NL") & ~where.postcode.under("3004 AB..3004 BZ")
        dealers = [Dealer("house", kind="house"), Dealer("a")]
        plan = built(dealers=dealers, precedence=[by.rules(Rule("r", beside, ["a"]))])
        held.hold_plan(plan, world(plan))

    turns_red(lambda put: put(place.Block, "touching", place.Block.inside), ask=ask)


def test_coarse_postcodes_are_forgotten():
    turns_red(lambda put: put(place.postcode, "coarse_across", lambda country, number: ()))


def test_the_last_code_of_a_range_is_forgotten():
    def short(real):
        return lambda self, lo, hi: real(self, lo, max(lo, hi - 1))

    turns_red(swapped(place.Block, "inside", short))


def test_the_second_country_is_forgotten():
    def only_first(real):
        return lambda self, country: () if country != min(self.blocks) else real(self, country)

    turns_red(swapped(place.Place, "of", only_first))


def test_a_stretch_of_places_ends_late():
    def late(real):
        def stretches(boxes, size):
            longer = [
                evolve(b, place=b.place if b.place is EVERYWHERE else tuple((a, z + 1) for a, z in b.place))
                for b in boxes
            ]
            return real(longer, size)

        return stretches

    turns_red(swapped(contest, "stretches", late))


# Conditions.


def test_not_unknown_is_true():
    def either(real):
        def _boxes(self, plan, bound, yes):
            if not isinstance(bound, Flip) or not yes:
                return real(self, plan, bound, yes)
            inside = self._boxes(plan, bound.part, True)
            parts = [()]
            for box in inside:
                parts = [rest for part in parts for rest in boxes.sides_minus(part, box.sides, self.full)]
            placed = any(box.place is not EVERYWHERE for box in inside)
            return real(self, plan, bound, yes) if placed else [boxes.Box(sides=part) for part in parts]

        return _boxes

    turns_red(swapped(space.Space, "_boxes", either))


def test_and_is_or():
    turns_red(lambda put: put(space.Space, "_both", space.Space._either))


def test_boxes_are_merged_over_places():
    def careless(boxes_, axis, full):
        masks = {}
        for box in boxes_:
            rest = tuple(side for side in box.sides if side[0] != axis)
            known = masks.setdefault(rest, [box.place, 0])
            known[1] |= dict(box.sides).get(axis, full)
        return [
            boxes.Box(where, rest if mask == full else tuple(sorted((*rest, (axis, mask)))))
            for rest, (where, mask) in masks.items()
        ]

    turns_red(lambda put: put(boxes, "_along", careless))


# Who has the lead.


def test_a_rung_is_skipped():
    def skipping(real):
        def judge(self, matched, **more):
            return real(self, {name: found for name, found in matched.items() if name != "rules"}, **more)

        return judge

    turns_red(swapped(outcome.Ladder, "judge", skipping))


def test_the_rungs_are_asked_the_other_way_round():
    def turned(real):
        def judge(self, matched, **more):
            plan = self.plan
            other = outcome.Ladder(plan)
            said = {"precedence": plan.precedence[::-1], "by_id": plan.by_id, "house": plan.house}
            turned_plan = type("Turned", (), said)
            object.__setattr__(other, "plan", turned_plan)
            return real(other, matched, **more)

        return judge

    turns_red(swapped(outcome.Ladder, "judge", turned))


@pytest.mark.parametrize("ignored", ["specific", "priority", "first"])
def test_a_pick_is_ignored(ignored):
    def blind(real):
        return lambda policy, pool, draw: outcome_kept(pool) if policy == ignored else real(policy, pool, draw)

    def outcome_kept(pool):
        return type("Kept", (), {"pool": pool})

    if ignored == "specific":
        turns_red(lambda put: put(outcome.Ladder, "_specific", lambda self, pool: pool))
    else:
        turns_red(swapped(outcome, "keep", blind))


def test_weights_are_ignored():
    turns_red(swapped(outcome, "_parts", lambda real: lambda pool, left: real(pool, ())), PAIRS)


def test_weights_are_ignored_in_every_cell():
    turns_red(swapped(outcome, "_parts", lambda real: lambda pool, left: real(pool, ())))


def test_an_exclusive_territory_is_like_any_other():
    def shared(real):
        def _picked(self, rung, offered, pool):
            plain = [tuple(evolve(c, exclusive=False) for c in some) for some in (offered, pool)]
            return real(self, rung, *plain)

        return _picked

    turns_red(swapped(outcome.Ladder, "_picked", shared))


@pytest.mark.parametrize(
    "forgotten",
    [{"serves_languages": (), "serves_products": ()}, {"paused": ()}, {"active_from": None}, {"active_until": None}],
    ids=["serves", "paused", "from", "until"],
)
def test_a_dealers_limit_is_forgotten(forgotten):
    turns_red(swapped(contest, "_standing", lambda real: lambda dealer, here: real(evolve(dealer, **forgotten), here)))


def test_a_dealer_that_may_have_none_is_given_some():
    def generous(self, name, rung, unserving):
        return not rung.gives or name not in unserving

    turns_red(lambda put: put(outcome.Ladder, "_takes", generous))


def test_a_single_dealer_away_is_ignored():
    def stubborn(real):
        return lambda self, met, *, away=None, **more: real(self, met, **more)

    turns_red(swapped(contest.Contest, "outcome", stubborn))


# Questions.


def test_a_gap_is_only_what_no_source_matches():
    def whoever(self, entry, plan=0, *, without=None):
        yield from entry.boxes

    turns_red(lambda put: put(contest.Contest, "served", whoever))


def test_the_last_part_of_a_hole_is_lost():
    turns_red(swapped(coverage, "holes", lambda real: lambda *sides, **more: real(*sides, **more)[:-1]))


def test_regions_are_told_wider_than_they_are():
    turns_red(lambda put: put(compact, "_same", lambda *_: True), PAIRS)


def test_the_budget_drops_regions_in_silence():
    def ask(seed):
        rng = Random(seed)
        plan = a_tiny_plan(rng, 60)
        asked = held.asked(plan, world(plan, cap=60, rng=rng))
        for left in (1, 2, 3, 10):
            budget = verify.Budget(left, left)
            held.hold_gaps_or_unknown(asked, verify.gaps(plan, among=held.EVERYBODY, budget=budget))

    turns_red(lambda put: put(coverage, "unknown", lambda *_: ()), ask=ask)


def test_exclusive_ones_never_meet():
    turns_red(lambda put: put(meeting, "exclusive_of", lambda asked: iter(())))


def test_exclusive_ones_meet_wherever_they_lie():
    def anyhow(real):
        def _meets(asked, stretch):
            found = {}
            alone = [asked.owner[box] for box in stretch.active if asked.entries[asked.owner[box]].source.exclusive]
            others = [n for n in {asked.owner[box] for box in stretch.active} if asked.entries[n].rung == "territories"]
            for a, b in ((asked.entries[a], asked.entries[b]) for a in alone for b in others):
                if a.id != b.id:
                    for cell in asked.cells(stretch, need=[(a.number, b.number)]):
                        found.setdefault(tuple(sorted((a.id, b.id))), []).append(cell)
            return found

        return _meets

    turns_red(swapped(meeting, "_meets", anyhow))


def test_a_conflict_of_one_source_is_none():
    turns_red(lambda put: put(meeting, "_undecided", lambda asked, entry: False))


def test_what_follows_from_a_missing_pick_is_told_besides():
    turns_red(lambda put: put(reach, "undecided", lambda *_: False))


def test_every_conflict_is_of_a_missing_pick():
    turns_red(lambda put: put(reach, "undecided", lambda asked, met, outcome: outcome.conflict))


def test_one_dealer_in_whose_absence_it_decides_is_enough():
    def one(real):
        return lambda *said: list(real(*said))[:1]

    turns_red(swapped(reach.Reach, "without", one))


def test_no_part_that_comes_first_is_named():
    turns_red(lambda put: put(reach, "left", lambda *_: ()))


def test_parts_of_one_territory_never_overlap():
    def apart(real):
        return lambda asked, a, b: a.id != b.id and real(asked, a, b)

    turns_red(swapped(meeting, "_may_tie", apart))


def test_a_part_is_left_wherever_its_territory_is():
    def any_part(self, source):
        return any(one.source == source.id for one in self.kept)

    def ask(seed):
        rng = Random(seed)
        plan = a_tiny_plan(rng, 60)
        one = {territory.id: "t" for territory in plan.territories}
        plan = remade(plan, territories=apart([evolve(t, id=one[t.id]) for t in plan.territories]))
        held.hold_plan(plan, world(plan, cap=60, rng=rng))

    turns_red(lambda put: put(outcome.Outcome, "keeps", any_part), ask=ask)


def test_a_conflict_decides():
    def whoever(self, entry, outcome, dealer=None):
        mine = outcome.rung == entry.rung and outcome.keeps(entry.source)
        return mine and (dealer is None or dealer in outcome.pool)

    turns_red(lambda put: put(reach.Reach, "wins", whoever))


def test_an_account_holds_for_ever():
    turns_red(lambda put: put(reach, "_holders", lambda asked: (one.holder for one in asked.plans[0].accounts)), SINCE)


def test_accounts_are_asked_before_everything():
    def anyhow(real):
        def _shown(asked, both, said, lost):
            found = (doubles.twice(asked.plans[0], *both, one, asked.space.when.cuts[0]) for one in said)
            return next((witness for witness in found if witness is not None), None)

        return _shown

    turns_red(swapped(doubles, "_shown", anyhow))


@pytest.mark.parametrize(
    "plant",
    [
        lambda put: put(reach, "roughly", lambda asked: None),
        lambda put: put(roughly.Rough, "choices", lambda self, met, entry: [met]),
        lambda put: put(roughly._Either, "truth", lambda self, plan, leaf: (0b10, 0b01)),
    ],
    ids=["what was not tried is not there", "all match that may", "it is true wherever it is said"],
)
def test_what_was_not_tried_is_not_there(plant):
    tried = importlib.import_module("verify.test_tried")
    turns_red(plant, range(40), ask=tried.hold)


def test_sources_with_one_dealer_in_common_do_not_overlap():
    def lenient(real):
        def _may_tie(asked, a, b):
            return not set(a.source.dealers) & set(b.source.dealers) and real(asked, a, b)

        return _may_tie

    turns_red(swapped(meeting, "_may_tie", lenient))


def test_whatever_matches_decides():
    turns_red(lambda put: put(reach.Reach, "decides", lambda self, entry, **_: True))


def test_a_standing_claim_is_forgotten():
    turns_red(lambda put: put(promises, "claims", lambda plan: [outcome.Scenario()]), PROMISES)


def test_a_dealer_that_is_not_the_same_is_taken_for_the_same():
    turns_red(lambda put: put(changes, "dealers_unlike", lambda active, planned: frozenset()), PAIRS)


def test_only_what_differs_is_looked_at():
    turns_red(lambda put: put(sharing, "_touches", lambda here, condition, places: False), PAIRS)


def test_the_last_class_of_a_run_touches_nothing():
    real = place.touches

    def short(a, b):
        return real(tuple((first, last - 1) for first, last in a if first < last), b)

    turns_red(lambda put: put(place, "touches", short), PAIRS)


def test_rungs_in_another_order_are_taken_for_the_same():
    turns_red(lambda put: put(changes, "ladders_unlike", lambda active, planned: False), PAIRS)


def test_rules_in_another_order_are_taken_for_the_same():
    def ask(seed):
        rng = Random(seed)
        plan = a_tiny_plan(rng, 60)
        turned = [evolve(rung, rules=rung.rules[::-1]) for rung in plan.precedence]
        planned = remade(plan, precedence=turned)
        held.hold_pair(plan, planned, world(plan, planned, cap=60, rng=rng))

    turns_red(lambda put: put(sharing, "_same_order", lambda plans: True), ask=ask)
