"""The life of a lead told a second time, from the design and not from the code: short, slow, plain.

It knows the nouns (events, terms, policies) and when a calendar is open, which have tests of their own, and
nothing of how the machine does it: nothing is settled once for all, no clock is kept, and what is due is found
by walking over the time that counts. `tell` is given all that arrived, in order of arrival, and tells the whole of
it again each time: where the lead is, what was broken, what comes next, and the keys of all that was to be done.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from itertools import groupby, islice
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from dealerrouting.calendar import END, BusinessDays, Elapsed
from dealerrouting.events import Assigned, Tick

FIRST, WORK, CLOSED = ("offered", "accepted"), ("contacted", "qualified", "quoted"), ("won", "lost", "uncontactable")
FAR, MOMENT, NOTHING = timedelta(days=400), timedelta(microseconds=1), timedelta(0)
RANK = ("remind", "escalate", "silence", "routing", "undelivered", "resume")
"""Of two things that are due at one instant, this comes first."""


def tell(lead, begun, policy, arrived, followers=()):
    """Fold all that arrived: events, ticks, and pairs of a migration and the policy that it leads to."""
    s = SimpleNamespace(lead=lead, keys=set(), n=0, hops=0, past=[], broken={}, reopens=0, changes=-1)
    s.followers, inbox, seen, ticks, wake, s.next = set(followers), [], set(), 0, None, begun
    anew(s, "waiting", None, None, begun)
    for one in arrived:
        what, new = one if isinstance(one, tuple) else (one, None)
        record = None
        if isinstance(what, Tick) and s.next is not None and what.at >= s.next:
            come = in_order(e for e in inbox if e.received_at <= what.at)
            inbox, ticks = [e for e in inbox if e not in come], ticks + 1
            for e in come:
                hear(s, e, policy)
                s.keys.add(f"{lead}/record:{e.id}")
            while act(s, what.at, policy):
                pass
            record = f"tick:{ticks}"
        elif new and what.id not in seen:
            migrate(s, what, policy)
            seen, policy, record = seen | {what.id}, new, f"record:{what.id}"
        elif not new and not isinstance(what, Tick) and what.id not in seen:
            seen, inbox = seen | {what.id}, [*inbox, what]
        s.next = soonest(s, inbox, policy)
        if record:
            s.keys.add(f"{lead}/{record}")
            if s.next not in (None, wake):
                wake = s.next
                s.keys.add(f"{lead}/wake:{wake.isoformat()}")
    s.known, s.unheard = deepcopy(s), set()
    for e in in_order(inbox):
        hear(s.known, e, policy)
        s.unheard |= {e.id} if s.known.unheard else set()
    s.upcoming = sorted((due, rule) for due, rule, _ in upcoming(s.known, policy))
    return s


def in_order(events):
    return sorted(events, key=lambda e: (e.received_at, e.id))


def soonest(s, inbox, policy):
    """The first instant at which a tick changes anything: at once, by itself, or because something has come."""
    unasked = [s.since] if s.phase == "waiting" and not s.asked else []
    acts = [due + MOMENT for due, _, _ in upcoming(s, policy)]
    return min([*unasked, *acts, *(e.received_at for e in inbox)], default=None)


def migrate(s, move, old):
    """The ends of all clocks stay as they are, or are counted again, or the clocks begin anew."""
    at, keep = move.received_at, move.how == "keep_due"
    kept = {name: (start, moved(due, start, at, s.pauses, -1)) for name, (start, due) in clocks(s, old).items()}
    s.kept, s.kept_at = (kept or None) if keep else None, at
    if move.how == "recompute_from_now":
        s.start, s.asked = at, s.asked and at


# ------------------------------------------------------------------------------ what an event does


def hear(s, e, policy):
    """Believe an event as far as the terms do. What was due before it, and is moved by it, is a broken promise."""
    terms, at, said = policy.terms, e.received_at, e.occurred_at or e.received_at
    if said < at and terms.backdate_tolerance and at - said <= terms.backdate_tolerance.delta:
        at = said
    s.paused = s.paused and at < s.pauses[-1][1]
    before, changes = (s.phase, s.start, s.n), s.changes
    late = [(s.n, rule, due) for due, rule, verb in dues(s, policy) if verb == "remind" and due < at]
    s.unheard = False
    if said - e.received_at <= terms.skew_tolerance.delta:
        answer(s, e, at, policy)
    if (s.phase, s.start, s.n) != before:
        for number, rule, due in late:
            s.broken.setdefault((number, rule), due)
    notify(s, changes)


def answer(s, e, at, policy):  # noqa: PLR0912  # one branch for each event
    """What an event does; `unheard` where it has no place."""
    terms, ours = policy.terms, e.assignment - isinstance(e, Assigned)  # the router answers for the next number
    place = s.phase if s.phase in ("waiting", "house") else "closed" if s.phase in CLOSED else "dealer"
    match e.type, place:
        case _ if ours < s.n or (place == "waiting" and e.type != "assigned" and ours == s.n):
            restore(s, e, at, terms)
        case "assigned", "waiting" | "dealer" | "house":
            if ours == s.n:
                assign(s, e, at, policy)
        case _ if ours > s.n and e.type != "assigned":
            pass
        case "accepted", "dealer" | "house":
            if s.phase == "offered":
                s.phase, s.changes = "accepted", s.changes + 1
        case "updated", "dealer" | "house":
            status(s, e, at, terms)
        case "declined", "dealer":
            move_on(s, "declined", "reassign", at, policy)
        case "referred", "dealer":
            s.followers.add(s.holder)
            move_on(s, "referred", "return", at, policy)
        case "withdrawn", "dealer" | "house":
            if place == "dealer" or e.then == "reassign":
                move_on(s, "withdrawn", e.then, at, policy)
        case "paused", "dealer" | "house":
            begin = max([at, *(until for _, until in s.pauses)])
            until = min(e.until, begin + terms.max_pause.delta - sum((q - p for p, q in s.pauses), NOTHING))
            if not s.paused and begin < until:
                s.pauses, s.paused = [*s.pauses, (begin, until)], True
        case "resumed", "dealer" | "house":
            resume(s, at)
        case "reopened", "closed":
            if s.reopens < terms.max_reopens:
                s.reopens += 1
                end(s, "reopened")
                give(s, "house" if s.kind == "house" else "accepted", s.holder, s.kind, at, back=True)
        case "reminder_sent", _:
            for key, one in s.reminders.items():
                one["sent"] = one["sent"] or (at if f"{s.lead}/{s.n}/remind:{key}" == e.effect else None)
        case _:
            s.unheard = True


def assign(s, e, at, policy):
    """The router gives away what nobody has, or what the house has for want of a dealer; a person gives anything."""
    dealer, had = e.outcome == "assigned", held_by_dealers(s)
    free = s.kind is None or (s.kind == "house" and dealer)
    barred = dealer and (e.holder in had or (had and s.hops >= policy.terms.max_reassignments))
    if (e.by_hand or (free and not barred)) and not (dealer and e.holder == policy.house):
        end(s, "reassigned")
        s.hops += dealer and bool(held_by_dealers(s))
        give(s, "offered" if dealer else "house", e.holder, e.outcome, at)


def counts(e, terms):
    return e.status in terms.counts_as_update and (e.status not in terms.needs_evidence or e.evidence is not None)


def status(s, e, at, terms):
    if not counts(e, terms):
        return
    phase = "contacted" if e.status == "attempted" else e.status
    s.phase, s.changes = ("house" if s.kind == "house" and phase not in CLOSED else phase), s.changes + 1
    if s.phase in CLOSED:
        resume(s, at)
    if s.resets < terms.max_resets:
        s.resets, s.start, s.kept = s.resets + 1, max(at, s.start), None


def resume(s, at):
    if s.paused:
        (*before, (begin, until)), s.paused = s.pauses, False
        s.pauses = [*before, (begin, min(at, until))] if begin < at else before


def restore(s, e, at, terms):
    """An answer to what is over changes nothing; but who was too late may have it back, while nobody has it."""
    number, holder, kind, why = s.past[-1] if s.past else (0, None, None, None)
    alive = e.type == "accepted" or (e.type == "updated" and counts(e, terms))
    lost = s.phase == "waiting" and why == "silence" and number == e.assignment
    if alive and lost and terms.late_answer == "restore" and s.hops < terms.max_reassignments:
        s.hops += 1
        give(s, "accepted", holder, kind, at)
        if e.type == "updated":
            status(s, e, at, terms)


# ------------------------------------------------------------------------------ who has it


def held_by_dealers(s):
    return {holder for _, holder, kind, _ in s.past if kind == "assigned"}


def anew(s, phase, holder, kind, at):
    s.phase, s.holder, s.kind, s.since, s.start, s.changes = phase, holder, kind, at, at, s.changes + 1
    s.asked, s.kept, s.resets, s.pauses, s.paused, s.reminders, s.told = None, None, 0, [], False, {}, {}


def give(s, phase, holder, kind, at, *, back=False):
    s.n += 1
    anew(s, phase, holder, kind, at)
    if phase == "house" and back:
        s.keys.add(f"{s.lead}/{s.n}/return_to_house")


def end(s, why):
    if s.holder is not None:
        s.past.append((s.n, s.holder, s.kind, why))
        if why in ("silence", "withdrawn", "reassigned"):
            s.keys.add(f"{s.lead}/{s.n}/withdraw")


def move_on(s, why, then, at, policy):
    """The router is asked, or the house has it: at once, or because it went from dealer to dealer often enough."""
    end(s, why)
    if then == "return" or (held_by_dealers(s) and s.hops >= policy.terms.max_reassignments):
        give(s, "house", policy.house, "house", at, back=True)
    else:
        anew(s, "waiting", None, None, at)


def notify(s, changes):
    if s.changes != changes:
        s.keys |= {f"{s.lead}/{s.n}/notify:{one}:{s.changes}" for one in s.followers if one != s.holder}


# ------------------------------------------------------------------------------ what a tick does


def act(s, at, policy):
    """Do the first thing that is overdue; False where nothing is."""
    name, changes = f"{s.lead}/{s.n}", s.changes
    if s.phase == "waiting" and not s.asked:
        s.asked = at
        s.keys.add(f"{name}/request_next")
        return True
    due, rule, verb = next(iter(upcoming(s, policy)), (END, "", ""))
    if at <= due:
        return False
    match verb:
        case "remind":
            calendar = policy.calendar_of(s.holder)
            s.reminders[rule] = {"leaves": calendar.next_open(at) if calendar else at, "sent": None}
            s.broken.setdefault((s.n, rule), due)
            s.keys.add(f"{name}/remind:{rule}")
        case "escalate" | "undelivered":
            s.told[rule] = [*s.told.get(rule, []), at]
            s.keys.add(f"{name}/escalate:{rule}:{len(s.told[rule])}")
        case "silence" | "routing":
            move_on(s, verb, policy.terms.on_silence[0] if verb == "silence" else "return", at, policy)
        case "resume":
            s.paused = False
    notify(s, changes)
    return True


def upcoming(s, policy):
    """While a pause runs, only its end is to come."""
    return [(s.pauses[-1][1], "pause", "resume")] if s.paused else dues(s, policy)


def dues(s, policy):
    """What is to be done when nothing happens: (the last instant in time, the rule, the verb), the first first."""
    runs, found = clocks(s, policy), []
    for (rule, verb), (_, due) in runs.items():
        said = {"remind": rule in s.reminders, "escalate": rule in s.told and s.phase != "house", "notice": True}
        if not said.get(verb):
            noticed = verb == "silence" or (verb == "escalate" and s.phase == "house")
            _, notice = runs.get((rule, "notice"), (None, None)) if noticed else (None, due)
            name = f"undelivered:{rule}" if verb == "undelivered" else rule
            found += [(max(due, notice), name, verb)] if notice else []
    return sorted(found, key=lambda one: (one[0], RANK.index(one[2])))


# ------------------------------------------------------------------------------ time


def lengths(s, terms):
    """Which clocks run in this phase: for which rule, what is done after it, and its length."""
    house, stale = f"house-{s.resets}", f"stale-{s.resets}"
    accept = {("acceptance", "remind"): terms.accept_within, ("acceptance", "silence"): terms.accept_within}
    first = {
        ("first_status", "remind"): terms.remind_after,
        ("first_status", "escalate"): terms.escalate_after,
        ("first_status", "silence"): terms.withdraw_after,
    }
    return {
        "waiting": {("routing", "routing"): terms.delivery_bound if s.asked else None},
        "offered": accept | first,
        "accepted": first,
        "house": {(house, "remind"): terms.house.remind_after, (house, "escalate"): terms.house.escalate_after},
        **{work: {(stale, "remind"): terms.stale_after, (stale, "silence"): terms.stale_after} for work in WORK},
    }.get(s.phase, {})


def clocks(s, policy):
    """Every clock that runs: when it began, and its last instant."""
    terms, found = policy.terms, {}
    runs = {name: (s.asked or s.start, length) for name, length in lengths(s, terms).items()}
    for rule in sorted({rule for rule, _ in runs}):
        if rule in s.told and s.phase == "house":
            again = max(s.told[rule][-1], s.start)
            runs[rule, "escalate"] = again, terms.house.escalate_after
        if rule in s.reminders:
            leaves, sent = s.reminders[rule]["leaves"], s.reminders[rule]["sent"]
            told = s.told.get(f"undelivered:{rule}", [leaves])
            notice, undelivered = (max(sent or leaves, leaves), terms.notice), (told[-1], terms.delivery_bound)
            runs |= {(rule, "notice"): notice} if sent else {(rule, "undelivered"): undelivered}
    for name, (start, length) in runs.items():
        if s.kept and name in s.kept and s.kept[name][0] == start:
            found[name] = start, moved(s.kept[name][1], start, s.kept_at, s.pauses)
        elif length and (not s.kept or name in s.kept or name[1] in ("notice", "undelivered")):
            found[name] = start, last_instant(start, length, s.pauses, policy.calendar_of(s.holder))
    return found


def moved(due, start, since, pauses, sign=1):
    """An instant that was kept moves with what is paused from then on, in real time."""
    for begin, until in pauses[::sign]:
        if begin < due:
            due += sign * max(until - max(begin, start, since), NOTHING)
    return due


def last_instant(start, length, pauses, calendar):
    """Walk over the time that counts, pauses left out, until the length is used up."""
    if isinstance(length, BusinessDays):
        return next(islice(whole_days(start, pauses, calendar), length.days - 1, None))
    left = length.delta
    for begin, end in [(start, END)] if isinstance(length, Elapsed) else calendar.spans(start, start + FAR):
        for first, last in without(pauses, begin, end):
            if left <= last - first:
                return first + left
            left -= last - first
    raise AssertionError(f"not over after {FAR}: {length}")


def without(pauses, begin, end):
    """What a stretch of time is without the pauses."""
    for off, on in pauses:
        if begin < min(off, end):
            yield begin, min(off, end)
        begin = max(begin, on)
    if begin < end:
        yield begin, end


def whole_days(start, pauses, calendar):
    """The closing of each date that opens at or after `start` and is touched by no pause."""
    zone = ZoneInfo(calendar.timezone)
    for _, day in groupby(calendar.spans(start - FAR / 100, start + FAR), lambda span: span[0].astimezone(zone).date()):
        (opens, closes), *more = day
        closes = more[-1][1] if more else closes
        if opens >= start and not any(begin < closes and opens < until for begin, until in pauses):
            yield closes
