"""Planted faults: each law of the SLA turns red on a machine that breaks it.

A fault is put into one function, row or rule of the machine; the search of a small world is then run with one law
alone, so that it is this law that finds it and not another that stands before it.
"""

import importlib
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from dealerrouting import sla
from dealerrouting.sla import answers, clocks, deadlines, state
from sla_laws import Broken
from sla_search import Search
from sla_world import FEW, FIRST, LENIENT, SECOND, STRICT, World

# `dealerrouting.sla.step` is the function; its module has to be asked for by name.
step = importlib.import_module("dealerrouting.sla.step")

pytestmark = [pytest.mark.pure, pytest.mark.slow]
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
FIRST_STATUS = ("contacted",)
BRUSSELS = ZoneInfo("Europe/Brussels")

SILENCE = World("silence", (STRICT,), ("assigned", "reminder_sent"))
TALK = World("talk", (STRICT,), (*FEW, "declined", "reopened"), orders=1)
HOPS = World("hops", (STRICT,), ("assigned", "declined"), ("a", "b", "c"))
PAUSES = World("pauses", (FIRST,), ("assigned", "paused"), ("a",))
LATE = World("late", (LENIENT,), FEW, statuses=FIRST_STATUS)
TERMS = World("terms", (FIRST, SECOND), ("assigned", "reminder_sent"), ("a",), migrations=1)
NIGHT = World("night", (LENIENT,), ("assigned", "reminder_sent"), begin=datetime(2027, 3, 28, tzinfo=UTC))
"""It begins an hour before the clocks of Europe go forward."""
ALL = (SILENCE, TALK, HOPS, PAUSES, LATE, TERMS, NIGHT)


@pytest.mark.parametrize("world", ALL, ids=lambda world: world.name)
def test_the_laws_are_green_in_these_worlds_without_a_fault(world):
    Search(world).run()


def turns_red(law, world):
    """This law, asked alone, is broken somewhere in the world."""
    with pytest.raises(Broken) as broken:
        Search(world, only=law).run()
    assert set(broken.value.laws) == {law}


@pytest.fixture
def plant(monkeypatch):
    """Put something broken in the place of something good; of a table, only the rows that are given."""

    def planted(where, name, broken):
        good = getattr(where, name)
        monkeypatch.setattr(where, name, good | broken if isinstance(good, dict) else broken)

    return planted


def anew(**broken):
    """`given`, but some of the old assignment stays: a name of a field, or what it is worked out by."""

    def given(now, *rest, real=answers.given, **more):
        return evolve(real(now, *rest, **more), **{name: make(now) for name, make in broken.items()})

    return given


def rows(change):
    """The deadlines of each phase, changed or left out."""
    return {phase: tuple(new for one in rows if (new := change(one))) for phase, rows in clocks.DEADLINES_OF.items()}


def under(answer, **terms):
    """An answer as under other terms."""

    def broken(now, event, at, policy):
        return answer(now, event, at, evolve(policy, terms=evolve(policy.terms, **terms)))

    return broken


def test_9_a_migration_re_arms_the_reminder(plant):
    def migrated(*given, real=step._migrate):
        after, effects = real(*given)
        policy = given[-1]
        return step._known(after, evolve(after.settled, reminders=()), (), policy), effects

    plant(step, "_migrate", migrated)
    turns_red("law_9", TERMS)


def test_10_a_clock_acts_while_it_stands_still(plant):
    def schedule(now, policy, real=clocks.schedule):
        return real(now if now.pause is None else answers.closed(now, now.pause.until), policy)

    plant(step, "schedule", schedule)
    turns_red("law_10", PAUSES)


def test_11_on_the_dot_is_too_late(plant):
    """`>=` for `>`."""
    plant(state.Due, "acts", property(lambda due: due.at))
    plant(step, "ready", lambda now, dues, at, real=deadlines.ready: real(now, dues, at + MOMENT))
    turns_red("law_11", SILENCE)


def test_11_a_moment_more_than_there_was(plant):
    plant(step, "ready", lambda now, dues, at, real=deadlines.ready: real(now, dues, at - MOMENT))
    turns_red("law_11", SILENCE)


def test_11_the_clock_is_carried_over_to_the_next_holder(plant):
    plant(answers, "given", anew(clock_from=lambda before: before.clock_from))
    turns_red("law_11", HOPS)


def test_11_a_pause_is_part_of_the_clock(plant):
    plant(state.Standing, "stretches", lambda now: ())
    turns_red("law_11", PAUSES)


def test_11_every_status_starts_the_clock_anew(plant):
    plant(step, "ANSWERS", {("contacted", "updated"): under(answers.updated, max_resets=100)})
    turns_red("law_11", TALK)


def test_11_the_clock_on_the_wall(plant):
    """Naive arithmetic: the hours of a night in which the clocks go forward."""

    def plus(start, length):
        return (start.astimezone(BRUSSELS) + length).astimezone(UTC)

    plant(clocks, "_plus", plus)
    turns_red("law_11", NIGHT)
    Search(evolve(NIGHT, begin=NIGHT.begin - timedelta(days=1))).run()  # in any other night nobody would know


def test_12_a_withdrawal_without_notice(plant):
    plant(clocks, "DEADLINES_OF", rows(lambda one: evolve(one, noticed=False)))
    turns_red("law_12", SILENCE)


def test_12_notice_runs_before_the_reminder_has_left(plant):
    def reminder(rule, key, at, leaves, real=deadlines.Reminder):
        return real(rule, key, at, leaves, at)

    plant(deadlines, "Reminder", reminder)
    turns_red("law_12", SILENCE)


def test_12_the_reminder_of_another_assignment_is_enough(plant):
    """The flag is kept from one assignment to the next."""
    plant(answers, "given", anew(reminders=lambda before: before.reminders))
    plant(answers, "let_go", _reminded_still)
    turns_red("law_12", SILENCE)


def _reminded_still(now, *rest, real=answers.let_go):
    return evolve(real(now, *rest), reminders=now.reminders)


def test_13_the_same_dealer_again(plant):
    def objection(*given, real=answers._objection):
        said = real(*given)
        return None if said == "past_holder" else said

    plant(answers, "_objection", objection)
    turns_red("law_13", HOPS)


def test_14_hops_that_nobody_counts(plant):
    plant(answers, "given", anew(hops=lambda before: 0))
    turns_red("law_14", HOPS)


def test_14_opened_again_and_again(plant):
    plant(step, "ANSWERS", {("won", "reopened"): under(answers.reopened, max_reopens=100)})
    turns_red("law_14", TALK)


def test_15_an_old_number_is_as_good_as_the_present_one(plant):
    def answer(now, event, *rest, real=step._answer):
        old = getattr(event, "assignment", now.assignment) < now.assignment
        return real(now, evolve(event, assignment=now.assignment) if old else event, *rest)

    plant(step, "_answer", answer)
    turns_red("law_15", TALK)


def test_15_a_late_answer_always_restores(plant):
    plant(answers, "late", under(answers.late, late_answer="restore"))
    turns_red("law_15", TALK)


def test_15_a_late_answer_never_restores(plant):
    plant(answers, "late", under(answers.late, late_answer="audit_only"))
    turns_red("law_15", LATE)


def test_16_what_was_seen_is_forgotten(plant):
    def forgetful(it, real=evolve, **changes):
        return real(it, **changes | ({"seen": frozenset()} if "seen" in changes else {}))

    plant(step, "evolve", forgetful)
    turns_red("law_16", TALK)


def test_17_events_count_in_order_of_arrival(plant):
    plant(step, "_order", lambda event: 0)
    turns_red("law_17", TALK)


def test_18_a_broken_promise_is_forgotten_with_its_holder(plant):
    plant(answers, "given", anew(breached=lambda before: ()))
    turns_red("law_18", HOPS)


def test_18_a_promise_is_broken_when_somebody_notices(plant):
    plant(deadlines, "Breach", lambda number, rule, due, real=state.Breach: real(number, rule, due + MOMENT))
    turns_red("law_18", SILENCE)


def test_18_a_status_hides_that_it_came_too_late(plant):
    plant(step, "missed", lambda *given: ())
    turns_red("law_18", TALK)


def test_19_a_router_may_be_silent_for_ever(plant):
    plant(clocks, "DEADLINES_OF", rows(lambda one: one if one.does != "return" else None))
    turns_red("law_19", SILENCE)


def test_19_a_reminder_that_never_leaves_is_nobodys_business(plant):
    def dues(*given, real=clocks._dues):
        return [due for due in real(*given) if not due.rule.startswith("undelivered:")]

    plant(clocks, "_dues", dues)
    turns_red("law_19", SILENCE)


def test_19_the_manager_of_the_house_is_told_once_and_never_again(plant):
    plant(clocks, "DEADLINES_OF", rows(lambda one: evolve(one, again=False)))
    turns_red("law_19", SILENCE)


def test_19_nobody_is_woken(plant):
    plant(step, "_woken", lambda it, effects, at: (it, tuple(effects)))
    turns_red("law_19", SILENCE)


def test_19_a_wait_that_is_longer_than_all_bounds(plant):
    plant(clocks, "_plus", lambda start, length: start + 5 * length)
    turns_red("law_19", SILENCE)


def test_20_a_hidden_counter(plant):
    turn = count()
    plant(deadlines, "key", lambda *about, real=deadlines.key: f"{real(*about)}#{next(turn)}")
    turns_red("law_20", SILENCE)


def test_21_whatever_policy_is_given_will_do(plant):
    plant(sla, "step", lambda it, event, policy, real=sla.step: real(evolve(it, policy=policy.digest), event, policy))
    turns_red("law_21", SILENCE)


def test_21_a_kept_deadline_moves(plant):
    plant(step, "keep", lambda *given: None)
    turns_red("law_21", TERMS)


def test_22_a_refusal_leaves_no_record(plant):
    def settle(*given, real=step._settle):
        now, effects = real(*given)
        return now, [one for one in effects if not one.detail.get("outcome", "").startswith("refused")]

    plant(step, "_settle", settle)
    turns_red("law_22", TALK)


def test_22_what_a_tick_did_is_not_told(plant):
    plant(step, "_ticked", lambda it, after, did, at, real=step._ticked: real(it, after, [], at))
    turns_red("law_22", SILENCE)


def test_22_the_house_is_not_told_that_it_has_the_lead(plant):
    plant(deadlines, "_returned", lambda *given: ())
    turns_red("law_22", SILENCE)


def test_belief_a_status_without_evidence(plant):
    plant(step, "ANSWERS", {("offered", "updated"): under(answers.updated, needs_evidence=())})
    turns_red("law_belief", TALK)


def test_table_what_is_not_in_it_is_allowed(plant):
    plant(step, "ANSWERS", {("won", "updated"): answers.updated})
    turns_red("law_table", TALK)


def test_table_a_way_that_is_not_in_it(plant):
    def accepted(now, *rest, real=answers.accepted):
        return evolve(now, phase="contacted"), "applied"

    plant(step, "ANSWERS", {("offered", "accepted"): accepted})
    turns_red("law_table", TALK)
