"""The laws of the SLA, each a function of one move as a bystander saw it; AssertionError where it is broken.

A law is given what was known before, the event or tick, its effects, and what is known after, and nothing of the
machine. Numbers are those of the design. What takes more than one move to see is in `sla_courses`.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from attrs import frozen

from dealerrouting.events import Answer, Assigned, Migrate, Reopened
from dealerrouting.sla.table import DEADLINES, TABLE
from sla_bystander import goes_on, is_late, is_premature, leads_to, may_restore
from sla_notes import CLOSED, HOUSE, LAST, MOMENT, Notes

CLOCK_EFFECTS = ("remind", "escalate")


class Broken(AssertionError):
    """At least one law was broken by a move: `laws` says which, and how."""

    def __init__(self, laws, move=""):
        self.laws = laws
        super().__init__("\n".join([str(move), *(f"{name}: {what}" for name, what in laws.items())]))


@contextmanager
def law(name, move=""):
    """Whatever is asserted in here is this law."""
    try:
        yield
    except Broken:
        raise
    except AssertionError as error:
        raise Broken({name: str(error)}, move) from error


@frozen(slots=False)
class Seen:
    """One move. `event` is None for a tick; `place` is where the effects of a tick say that the lead is."""

    before: Notes
    at: datetime
    event: Any
    effects: tuple[Any, ...]
    after: Notes
    place: tuple[str, str | None, int] | None = None

    def of(self, *verbs):
        return [one for one in self.effects if one.does in verbs]

    @cached_property
    def awake(self):
        """What was known before a tick, with the pause over where its bound is past."""
        return self.before.awake(self.at - MOMENT)

    @cached_property
    def silenced(self):
        """Withdrawals for silence, which a clock decides; the others a person does."""
        return [one for one in self.of("withdraw") if one.detail["why"] == "silence"]

    @cached_property
    def records(self):
        """Those of events."""
        return [one for one in self.of("record") if one.detail["type"] != "tick"]

    @cached_property
    def ticks(self):
        """The record of the tick, if it has one."""
        return [one for one in self.of("record") if one.detail["type"] == "tick"]

    @cached_property
    def did(self):
        """What the tick says that it did: `remind:first_status`."""
        return [word for one in self.ticks for word in one.detail["did"].split() if word != "settle"]


def law_9(seen):
    """At most one reminder for each assignment and rule, whatever has become of the terms since."""
    known = {one.rule for one in seen.before.reminders}
    for one in seen.of("remind"):
        assert one.assignment == seen.before.face.number, "a reminder of another assignment"
        assert one.rule not in known, f"{one.rule} again"
        known.add(one.rule)


def law_10(seen):
    """While the lead is paused the clock does nothing, and the next thing due is the end of the pause."""
    now = seen.after if seen.event else seen.awake
    if now.pause is None:
        return
    assert not [*seen.of(*CLOCK_EFFECTS), *seen.silenced], "a clock acts while it stands still"
    if not seen.after.inbox:
        assert seen.after.face.next_due == now.pause[1] + MOMENT, "the pause's bound does not come next"


def law_11(seen):
    """Not before it is due, always at the first tick after that, and `next_due` is the first such instant."""
    if seen.event is None:
        must = {str(deed): deed.at for deed in seen.before.must_do(seen.at)}
        did = [word for word in seen.did if word not in ("ask:routing", "resume:pause")]
        assert sorted(did) == sorted(must), f"did {did}, and had to do {list(must)}"
        assert sorted(did, key=must.get) == did, f"{did} is out of order"
        for one in seen.of(*CLOCK_EFFECTS):
            assert one.due == must[f"{one.does}:{one.rule}"], f"{one.rule} is not due at {one.due}"
    said, know = seen.after.face.next_due, seen.after.next()
    assert said == know, f"next due at {said}, and not at {know}"


def law_12(seen):
    """Withdrawn for silence only after a reminder, which left, notice since, and the whole time that there was."""
    now = seen.awake
    for rule in (word.removeprefix("withdraw:") for word in seen.did if word.startswith("withdraw:")):
        assert rule not in {one.rule for one in seen.of("remind")}, "reminded and withdrawn in one tick"
        reminder = now.reminder(rule)
        assert reminder is not None, "there was no reminder"
        assert reminder.sent is not None, "the reminder has not left"
        ends = now.ends()
        assert ends[f"notice:{rule}"] < seen.at, "notice has not gone by"
        assert ends[LAST[rule.partition("-")[0]][1]] < seen.at, "there was time left"
    assert bool(seen.silenced) == any(word.startswith("withdraw:") for word in seen.did), "whoever lost it is told"


def law_13(seen):
    """Nobody holds a lead twice, unless it is opened again, restored, or a person says so."""
    face = seen.after.face
    if face.number == seen.before.face.number or face.holder in (None, HOUSE):
        return
    by_hand = isinstance(seen.event, Assigned) and seen.event.by_hand
    if not (by_hand or isinstance(seen.event, Reopened) or may_restore(seen.before, seen.event)):
        had = seen.before.had | {seen.before.face.holder}
        assert face.holder not in had, f"{face.holder} has had it"


def law_14(seen):
    """Hops are bounded, and so is what else could go on for ever; and a silent dealer's lead moves on as it may."""
    before, after, terms = seen.before, seen.after, seen.before.terms
    if after.hops > before.hops and not getattr(seen.event, "by_hand", False):
        assert after.hops <= terms.max_reassignments, f"{after.hops} hops"
    assert after.reopened <= max(terms.max_reopens, before.reopened), f"opened again {after.reopened} times"
    assert after.face.number >= before.face.number, "numbers go back"
    if seen.silenced:
        place = goes_on(before) if "reassign" in terms.on_silence else (HOUSE, HOUSE, before.face.number + 1)
        assert after.face.place == place, f"after silence it is at {after.face.place}, and not at {place}"


def law_15(seen):
    """An answer to another assignment changes nothing, except as `late_answer` says, and has one record."""
    before, after, event = seen.before.face, seen.after.face, seen.event
    if isinstance(event, Answer) and may_restore(seen.before, event):
        assert after.number == before.number + 1, "not restored under a new number"
    elif isinstance(event, Answer) and (is_late(seen.before, event) or is_premature(seen.before, event)):
        assert after.place == before.place, "an answer to another assignment moved the lead"
    if event is None:
        for one in (heard for heard in seen.before.inbox if heard.late):
            outcome = "late" if one.after.number == one.before.number else "restored"
            said = [record.detail["outcome"] for record in seen.records if record.detail["event"] == one.id]
            assert said == [outcome], f"{one.id} is recorded as {said}"


def law_18(seen):
    """What was broken, reminded or withdrawn stays so; a broken promise is noted with its exact instant."""
    before, after = seen.before.face, seen.after.face
    known = len(before.broken)
    assert after.broken[:known] == before.broken, "a broken promise is forgotten"
    assert sorted(after.broken[known:]) == sorted(seen.after.news), f"broken: {after.broken[known:]}"
    for one in seen.silenced:
        assert after.holder is None or after.number > one.assignment, "withdrawn, and still there"


def law_19(seen):
    """Something is always due, until the lead is closed; and whoever ticks it was last asked to do so then."""
    face = seen.after.face
    assert (face.next_due is not None) == (face.phase not in CLOSED or bool(seen.after.inbox)), "no end in sight"
    if seen.effects and face.next_due is not None:
        assert seen.after.wake == face.next_due, f"it is to be woken at {seen.after.wake}, and not at {face.next_due}"


def law_21(seen):
    """Terms that change under `keep_due` move nothing."""
    if isinstance(seen.event, Migrate) and seen.event.how == "keep_due":
        assert seen.after.face.next_due == seen.before.face.next_due, "a kept deadline moved"


def law_22(seen):
    """Every event has one record, and every tick that changes something; together they tell each change once."""
    events, ticks = seen.records, seen.ticks
    if isinstance(seen.event, Migrate):
        assert [one.detail["event"] for one in events] == [seen.event.id], "a migration has one record"
        return
    if seen.event is not None:
        assert not seen.effects, "an event does nothing before a tick has settled it"
        return
    heard = seen.before.inbox
    assert [one.detail["event"] for one in events] == [one.id for one in heard], "one record for each event"
    for record, one in zip(events, heard, strict=True):
        told = record.detail["from"], record.detail["to"], record.assignment
        assert told == (one.before.phase, one.after.phase, one.after.number), f"{one.id} is told as {told}"
    assert len(ticks) == bool(seen.effects), "one record for each tick that changes something"
    assert seen.place == seen.after.face.place, f"by its effects it is at {seen.place}"
    for one in ticks:
        assert one.detail["to"] == seen.after.face.phase, "the record of the tick tells another end"
        moved = seen.after.face.place != seen.before.face.place
        moves = any(word.startswith(("withdraw:", "return:")) for word in seen.did)
        assert moved == moves, "what the tick did and where the lead went do not fit"


def law_belief(seen):
    """What can be believed happens, and what cannot moves nothing."""
    if isinstance(seen.event, Answer):
        place = leads_to(seen.before, seen.event)
        assert seen.after.face.place == place, f"{seen.event.type} leads to {seen.after.face.place}, and not to {place}"


def law_table(seen):
    """A lead goes only where a row of the tables says, or back where a late answer restores it."""
    was, now = seen.before.face.phase, seen.after.face.phase
    if was != now:
        assert now in may_lead_to(seen), f"{seen.event.type if seen.event else seen.did} leads from {was} to {now}"


def may_lead_to(seen):
    """The phases that the tables name for what happened."""
    was, event = seen.before.face.phase, seen.event
    if event is None:
        words = {word.partition("-")[0] for word in seen.did}
        rows = (row for row in DEADLINES if was in row.phases and f"{row.does}:{row.rule}" in words)
    elif may_restore(seen.before, event):
        rows = (row for row in TABLE if row.event == event.type)
    else:
        rows = (row for row in TABLE if row.event == event.type and was in row.phases)
    return {to for row in rows for to in row.to}


OF_A_MOVE = (
    law_9,
    law_10,
    law_11,
    law_12,
    law_13,
    law_14,
    law_15,
    law_18,
    law_19,
    law_21,
    law_22,
    law_belief,
    law_table,
)


def judge(seen, only=None):
    """Ask every law about a move, or the only one that is asked for; all that it broke are named together."""
    broken = {}
    for one in OF_A_MOVE:
        try:
            if only in (None, one.__name__):
                one(seen)
        except AssertionError as error:
            broken[one.__name__] = str(error)
    if broken:
        raise Broken(broken, seen.event or f"tick {seen.at}")
