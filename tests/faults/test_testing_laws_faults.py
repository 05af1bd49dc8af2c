"""Planted faults: each public law turns red on a core that breaks it, and no other law of its room does.

A fault is put into one function of the core; then every law of the room is asked about a fixed series of examples.
Some faults are against laws of two rooms, where the desk keeps what the core has decided: those are named.
"""

import importlib
from datetime import timedelta
from functools import cache

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings

from dealerrouting import sla
from dealerrouting.calendar import Elapsed
from dealerrouting.desk import change, deciding, following, health, once, replaying
from dealerrouting.mapping import FrozenMap
from dealerrouting.registrations import RULES, Standing, conflicts, life
from dealerrouting.rules import picks
from dealerrouting.rules.reading import Lens
from dealerrouting.sla import answers, clocks, deadlines
from dealerrouting.testing.laws import LAWS
from dealerrouting.testing.laws.law import Subject, _examples, _Hidden
from laws_world import everything

pytestmark = pytest.mark.pure

# `dealerrouting.rules.route` is the function; its module has to be asked for by name. So are those of the SLA.
route = importlib.import_module("dealerrouting.rules.route")
offers = importlib.import_module("dealerrouting.rules.offers")
needs = importlib.import_module("dealerrouting.rules.needs")
stepping = importlib.import_module("dealerrouting.sla.step")
MOMENT = timedelta(microseconds=1)


# Routing


def zone_of_the_caller(patch):
    """Weekday and month are those where the instant was told, not those of the plan."""
    patch.setattr(route, "instant", lambda at: at)
    patch.setattr(Lens, "_clock", lambda self, at: {"month": at.month, "weekday": at.isoweekday(), "date": at.date()})


def no_reason_for_the_house(patch, real=route._flags):
    patch.setattr(route, "_flags", lambda *given: (flag for flag in real(*given) if flag != "nobody_serves"))


def the_last_claim_first(patch, real=offers._claims):
    def claims(rung, case):
        for number, one in enumerate(reversed(list(real(rung, case)))):
            yield evolve(one, rank=(number,))

    patch.setitem(offers._OFFERS, "registrations", claims)


def given_to_the_inactive(patch, real=offers.barred):
    def barred(name, rung, case):
        reason = real(name, rung, case)
        return None if rung.gives and reason == "inactive" else reason

    patch.setattr(route, "barred", barred)


def the_first_written_first(patch):
    patch.setitem(picks.POLICIES, "specific", lambda pool, _: picks.Kept(pool[:1]))


def facts_stand_still(patch):
    def routed(leads, plan, facts, last, at, mode):
        return (route.route(lead, plan, facts, at=at or lead.received_at or last) for lead in leads)

    patch.setattr(needs, "_routed", routed)


def a_pick_that_fails_picks(patch, real=picks.keep):
    def keep(policy, pool, draw):
        kept = real(policy, pool, draw)
        return evolve(kept, pool=kept.pool[:1]) if kept.raised else kept

    patch.setattr(route, "keep", keep)


def the_winner_pays_less(patch, real=picks._rotation):
    def rotation(pool, draw):
        kept = real(pool, draw)
        name = kept.pool[0].dealer
        return evolve(kept, credits=kept.credits.updated({name: kept.credits.get(name, 0) + 1}))

    patch.setitem(picks.POLICIES, "rotation", rotation)


# Claims


def a_list_is_approved(patch, real=life.objections):
    patch.setattr(life, "objections", lambda *given: tuple(one for one in real(*given) if one.rule != "list_import"))


def no_quota(patch):
    patch.setattr(Standing, "made_by", lambda self, dealer, at: 0)


def a_day_too_long(patch, real=life._protected):
    def protected(*given):
        claim = real(*given)
        more = claim.protected_until + timedelta(days=1)
        return evolve(claim, protected_until=more, expires_at=more)

    patch.setattr(life, "_protected", protected)


def moved_by_a_rule_that_refuses(patch, real=life._noted):
    refuses = next(name for name, rule in RULES.items() if rule.does == "refuses")
    patch.setattr(life, "_noted", lambda claim, move, status, rule, now: real(claim, move, status, refuses, now))


def standing_claims_overlooked(patch, real=conflicts._ahead):
    def ahead(other, claim, now):
        return None if other.status == "approved" else real(other, claim, now)

    patch.setattr(conflicts, "_ahead", ahead)


def older_claims_overlooked(patch, real=conflicts._ahead):
    def ahead(other, claim, now):
        return None if other.status == "submitted" else real(other, claim, now)

    patch.setattr(conflicts, "_ahead", ahead)


def accounts_overlooked(patch):
    patch.setattr(conflicts, "by_account", lambda *given: None)


# The SLA


def reminded_again(patch, real=clocks._due):
    """Once a reminder has left, the same rule may remind once more."""

    def due(one, now, legs):
        yield from real(one, now, legs)
        rule = clocks.numbered(one.rule, now)
        had = [told for told in now.reminders if told.rule == rule]
        leg = legs.get(one.clock)
        if one.does == "remind" and leg is not None and len(had) == 1 and had[0].sent_at is not None:
            yield sla.Due(rule, "remind", leg.due, (leg,))

    patch.setattr(clocks, "_due", due)


def paused_and_due(patch):
    def schedule(now, policy):
        legs = {leg.name: leg for leg in clocks._legs(now, policy)}
        dues = clocks._dues(now, legs) + ([clocks._pause_ends(now)] if now.pause else [])
        return tuple(legs.values()), tuple(sorted(dues, key=lambda due: due.at))

    for place in (clocks, stepping):
        patch.setattr(place, "schedule", schedule)


def an_hour_early(patch, real=clocks._run):
    """A clock of real time runs out an hour before it should."""

    def run(calendar, start, length, pauses):
        due, segments = real(calendar, start, length, pauses)
        early = isinstance(length, Elapsed) and length.delta == timedelta(hours=48)
        return due - timedelta(hours=early), segments

    patch.setattr(clocks, "_run", run)


def notice_from_the_decision(patch):
    """Notice runs from when the reminder was decided, not from when it left."""

    def after(one, now, policy):
        length = policy.terms.notice if one.sent_at else policy.terms.delivery_bound
        name = f"notice:{one.rule}" if one.sent_at else f"delivery:{one.rule}"
        told = now.told_of(f"undelivered:{one.rule}")
        return clocks._leg(name, one.at if one.sent_at or not told else told.at, length, now, policy)

    patch.setattr(clocks, "_after", after)


def without(reason):
    """The router's answer is not refused for this reason."""

    def planted(patch, real=answers._objection):
        def objection(now, event, policy):
            found = real(now, event, policy)
            if found != reason:
                return found
            moved_on = reason == "past_holder" and now.hops >= policy.terms.max_reassignments
            return "hops_exhausted" if moved_on else None

        patch.setattr(answers, "_objection", objection)

    return planted


def late_is_believed(patch, real=answers.late):
    def late(now, event, at, policy):
        after, word = real(now, event, at, policy)
        return (evolve(now, phase="accepted"), word) if now.phase == "offered" else (after, word)

    patch.setattr(answers, "late", late)


def repeats_are_heard(patch, real=stepping._hear):
    """An event whose id is known is taken for a new one."""

    def hear(state, event, policy):
        if event.id not in state.seen:
            return real(state, event, policy)
        return real(evolve(state, seen=state.seen - {event.id}), event, policy)

    patch.setattr(stepping, "_hear", hear)


def in_order_of_arrival(patch):
    """What came first counts first, whenever it was received."""
    patch.setattr(stepping, "_order", lambda event: 0)


def forgiven(patch, real=answers.declined):
    """Whoever declines has broken no promise."""

    def fold(now, event, policy, known=stepping._fold):
        after, word = known(now, event, policy)
        return (evolve(after, breached=()), word) if event.type == "declined" else (after, word)

    patch.setattr(stepping, "_fold", fold)


def nobody_is_told(patch, real=deadlines._escalate):
    """A reminder that cannot be delivered is nobody's trouble; nor does the house have anybody to tell."""

    def escalate(lead, now, due, policy, at):
        after, _ = real(lead, now, due, policy, at)
        return after, []

    patch.setitem(deadlines._ACTS, "escalate", escalate)


def keys_of_the_moment(patch, real=sla.step):
    """A key that hangs on which copy of the policy is at hand."""

    def step(state, event, policy):
        after, effects = real(state, event, policy)
        return after, tuple(evolve(one, key=f"{one.key}/{id(policy)}") if one.does in ("notify", "record")
                            else one for one in effects)  # fmt: skip

    patch.setattr(sla, "step", step)


def any_policy(patch, real=sla.step):
    def step(state, event, policy):
        other = event.type != "migrate" and state.policy != policy.digest
        return real(evolve(state, policy=policy.digest) if other else state, event, policy)

    patch.setattr(sla, "step", step)


def unrecorded_ticks(patch, real=stepping._ticked):
    """The record of a tick that did nothing but settle is not written; the tick says so by waking."""

    def tick(state, at, policy, known=stepping._tick):
        after, effects = known(state, at, policy)
        return after, tuple(one for one in effects if one.detail.get("did") != "settle")

    patch.setattr(stepping, "_tick", tick)


# The desk


def leaving(name, value):
    """`Change.writes`, but that something is left out of it."""

    def planted(patch, real=change.Change.writes):
        patch.setattr(
            change.Change, "writes", lambda self, *, outbox: evolve(real(self, outbox=outbox), **{name: value})
        )

    return planted


def links_one_way(patch):
    def writes(self, *, outbox, real=change.Change.writes):
        made = real(self, outbox=outbox)
        return evolve(made, cases=tuple(evolve(one, links=()) for one in made.cases))

    patch.setattr(change.Change, "writes", writes)


def counts_are_not_asked_for(patch):
    patch.setattr(deciding, "_counted", lambda plan, asked: iter(()))


def ledgers_in_part(patch, real=following.Follower.keep):
    def keep(self, decision, facts, found, number):
        real(self, decision, facts, found, number)
        if decision.changes.ledger:
            part = dict(list(decision.changes.credits.items())[:1])
            self.change.ledgers[decision.changes.ledger] = FrozenMap(part)

    patch.setattr(following.Follower, "keep", keep)


def past_holders_forgotten(patch):
    patch.setattr(following, "past_holders", lambda case: ())
    without("past_holder")(patch)


def over_for_ever(patch):
    patch.setattr(following, "_settled", lambda case, at: case)


def replays_nothing(patch):
    patch.setattr(replaying, "run", lambda state, events, policy: (state, ()))


def recorded_twice(patch, real=following.Follower._collect):
    def collect(self, effects):
        return real(self, [*effects, *(one for one in effects if one.does == "record")])

    patch.setattr(following.Follower, "_collect", collect)


def counts_not_lowered(patch, real=change.Change.put):
    def put(self, before, after):
        counts = self.counts.copy()
        real(self, before, after)
        if before is not None:
            self.counts = counts

    patch.setattr(change.Change, "put", put)


def reads_are_left_out(patch):
    def commit(config, look, change):
        from dealerrouting.desk import steps

        yield from steps.store("commit", {}, change.writes(outbox=True))

    patch.setattr(once, "commit", commit)


def stale_is_told(patch):
    patch.setattr(health, "_wanted", lambda *given: True)


def facts_unsealed(patch):
    patch.setattr(following, "pseudonymous", lambda facts, *more: facts)


FAULTS = {
    "same_decision": zone_of_the_caller,
    "one_holder": no_reason_for_the_house,
    "claimant_first": the_last_claim_first,
    "only_who_can": given_to_the_inactive,
    "order_means_nothing": the_first_written_first,
    "one_by_one": facts_stand_still,
    "functions_lose_nothing": a_pick_that_fails_picks,
    "fair_turns": the_winner_pays_less,
    "lists_wait": a_list_is_approved,
    "quota_holds": no_quota,
    "claims_end": a_day_too_long,
    "claims_are_told": moved_by_a_rule_that_refuses,
    "one_claim_stands": standing_claims_overlooked,
    "first_goes_first": older_claims_overlooked,
    "accounts_stay": accounts_overlooked,
    "one_reminder": reminded_again,
    "pauses_hold": paused_and_due,
    "never_early": an_hour_early,
    "fair_after_an_outage": notice_from_the_decision,
    "never_twice": without("past_holder"),
    "hops_bounded": without("hops_exhausted"),
    "old_answers_move_nothing": late_is_believed,
    "duplicates_change_nothing": repeats_are_heard,
    "order_of_arrival": in_order_of_arrival,
    "never_undone": forgiven,
    "silence_ends": nobody_is_told,
    "sla_replays": keys_of_the_moment,
    "policies_are_pinned": any_policy,
    "one_record_each": unrecorded_ticks,
    "one_holder_kept": links_one_way,
    "caps_hold": counts_are_not_asked_for,
    "ledgers_are_folds": ledgers_in_part,
    "nobody_has_it_twice": past_holders_forgotten,
    "over_is_said": over_for_ever,
    "desk_replays": replays_nothing,
    "changes_have_records": recorded_twice,
    "one_commit": counts_not_lowered,
    "reads_are_named": reads_are_left_out,
    "told_once": stale_is_told,
    "keys_answer_once": leaving("answers", ()),
    "nobody_is_named": facts_unsealed,
}

OTHERS, MOST = 60, 3_000
"""How many examples the other laws of the room are asked about, and at most the one that is to turn red."""


@cache
def subject():
    return Subject(everything())


def ask(law, hold, examples):
    """Ask about a fixed series of examples, to the first that raises."""
    plain = settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    @plain
    @given(_examples(_Hidden(law.drawn(subject()))))
    def holds(example):
        hold(example)

    holds()


@cache
def drawn(law):
    found = []
    ask(law, found.append, OTHERS)
    return found


def is_red(law):
    """Whether some of the few examples, drawn with a core that was whole, breaks the law."""
    for example in drawn(law):
        try:
            law.holds(subject(), example)
        except Exception:
            return True
    return False


def turns_red(law):
    try:
        ask(law, lambda example: law.holds(subject(), example), MOST)
    except Exception:
        return True
    return False


def test_every_law_has_its_fault():
    assert list(FAULTS) == [law.name for law in LAWS]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_without_a_fault_every_law_is_green(law):
    assert not is_red(law)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_turns_exactly_its_law_red(name, monkeypatch):
    its = next(law for law in LAWS if law.name == name)
    others = [law for law in LAWS if law.room == its.room and law is not its]
    for law in others:
        drawn(law)
    FAULTS[name](monkeypatch)
    assert turns_red(its)
    assert [law.name for law in others if is_red(law)] == []
