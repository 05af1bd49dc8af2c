"""The laws of a desk, held against a store in memory: at every commit, and of all that is kept.

`Lawful` is a `MemoryStore` that looks at each commit before and after; `Broken` names the law, by its number in the
design.
"""

from __future__ import annotations

import json
from collections import Counter

from dealerrouting.desk import LeadDesk
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.events import Assigned, Reopened, Tick
from dealerrouting.memory import MemoryStore
from dealerrouting.model.facts import MILLION
from dealerrouting.ports import DESK, Ref
from dealerrouting.sla import FINAL

GIVES = ("rules", "territories", "nearest")


class Broken(AssertionError):
    """A law is broken."""

    def __init__(self, law, why):
        self.law = law
        super().__init__(f"law {law}: {why}")


def insist(law, so, why):
    if not so:
        raise Broken(law, why)


# At every commit


class Lawful(MemoryStore):
    """A store in memory that refuses to be told what no law allows."""

    def commit(self, reads, writes):
        before = {one.lead: self._cases.get(one.lead) for one in writes.cases}
        ledgers, open_before = dict(self._ledgers), Counter(self._counts)
        known = set(self._messages)
        super().commit(reads, writes)
        every_change_was_read(reads, writes)
        every_change_has_its_record(before, writes)
        nobody_above_its_cap(self, writes, open_before)
        ledgers_are_folds(ledgers, writes)
        keys_are_new(known, before, writes)


def every_change_was_read(reads, writes):
    """24: what is replaced was read; what is decided on was read."""
    if writes.cases or writes.claims or writes.claimants or writes.ledgers or writes.desk:
        insist(24, DESK in reads, "a change that does not know which plan was active")
    needed = [Ref("lead", one.lead) for one in writes.cases]
    needed += [Ref("claim", one.claim.id) for one in writes.claims]
    needed += [Ref("ledger", name) for name in writes.ledgers]
    needed += [Ref("claimant", name) for name in writes.claimants]
    needed += [Ref("dealer", count.dealer) for one in writes.decisions for count in one.facts.counts.values()]
    needed += [Ref("claim", claim.id) for one in writes.decisions for claim in one.facts.registrations]
    missing = sorted(str(ref) for ref in needed if ref not in reads)
    insist(24, not missing, f"written or decided on, and not read: {missing}")


def every_change_has_its_record(before, writes):
    """22: events, ticks and records come in pairs; a new state has an event or a tick."""
    logged = Counter(one.lead for one in writes.events)
    recorded = Counter(one.lead for one in writes.records)
    insist(22, logged == recorded, f"{logged} are logged, {recorded} are recorded")
    acted = {act.what for act in writes.acts}
    decided = {one.decision.lead for one in writes.decisions} | {one.decision.lead for one in writes.watched}
    for case in writes.cases:
        was = before[case.lead]
        if was is None or was.state != case.state:
            why = logged[case.lead] or case.lead in decided or (case.linked and f"lead:{case.lead}" in acted)
            insist(22, why, f"{case.lead} has changed, and nothing says why")
        if case.erased_at is not None and (was is None or was.erased_at is None):
            insist(22, f"lead:{case.lead}" in acted, f"{case.lead} is erased, and nobody did it")


def nobody_above_its_cap(store, writes, before):
    """4: who is given a lead by a rung that gives had room for it."""
    linked = {one.lead for one in writes.cases if one.linked}
    for one in writes.decisions:
        decision = one.decision
        if decision.by not in GIVES or decision.outcome != "assigned" or decision.lead in linked:
            continue
        dealer = plan_of(store, decision.plan).dealer(decision.holder)
        if dealer.max_open is not None:
            insist(4, before[dealer.id] < dealer.max_open, f"{dealer.id} is full and was given {decision.lead}")
        if dealer.max_per_30_days is not None:
            given = len(list(store._given(dealer.id, decision.at)))
            insist(4, given <= dealer.max_per_30_days, f"{dealer.id} was given {given} in thirty days")


_PLANS = {}
CUSTOMS = []
"""The functions that plans of the tests name."""


def plan_of(store, digest):
    if digest not in _PLANS:
        _PLANS[digest] = plan_from_data(json.loads(store._plans[digest]), CUSTOMS or None)
    return _PLANS[digest]


def ledgers_are_folds(before, writes):
    """8: a ledger is what it was, and the credits that the decisions say."""
    told = [one.decision.changes for one in (*writes.decisions, *writes.watched)]
    for name, credits in writes.ledgers.items():
        expected = dict(before.get(name, {}))
        for changes in told:
            if changes.ledger == name:
                expected |= changes.credits
        insist(8, dict(credits) == expected, f"ledger {name} is not what the decisions come to")
    paid = {changes.ledger for changes in told if changes.ledger and changes.credits}
    insist(8, paid <= set(writes.ledgers), "a decision was kept and its ledger was not")


def keys_are_new(known, before, writes):
    """25: a message with a key that is known would never leave; so every new message has a key of its own."""
    keys = [one.key for one in writes.messages if one.does != "passed_over"]  # told once a lead, and meant so
    again = sorted(key for key in keys if key in known)
    insist(25, not again and len(set(keys)) == len(keys), f"messages that nobody will ever be sent: {again or keys}")


# Of all that is kept


def all_laws(store, desk=None, secret=None):
    """Every law that can be seen in what is kept."""
    desk = desk or LeadDesk(store, secret=secret)
    for law in LAWS:
        law(store, desk)


def exactly_one_holder(store, desk):
    """2: every lead that is open has exactly one holder, itself or through the lead it goes with."""
    for case in store._cases.values():
        if case.open:
            insist(2, case.holder and case.phase != "waiting", f"nobody holds {case.lead}")
        elif case.linked and case.erased_at is None:
            primary = store._cases.get(case.linked)
            insist(2, primary is not None and primary.linked is None, f"{case.lead} goes with nobody")
            if primary.open:
                insist(2, case.lead in primary.links, f"{primary.lead} does not know of {case.lead}")
                insist(2, case.over_since is None, f"{case.lead} is over before the lead it goes with")
        insist(2, case.erased_at or case.state or case.linked or case.watched, f"{case.lead} is nothing")


def counts_are_counted(store, desk):
    """23: the number of open leads of each dealer is what counting gives."""
    kept = {name: n for name, n in store._counts.items() if n}
    counted = dict(Counter(case.holder for case in store._cases.values() if case.open))
    insist(23, kept == counted, f"kept {kept}, counted {counted}")


def credits_are_bounded(store, desk):
    """8: nobody is owed more leads than there are dealers in the ledger; and the ledger is the fold of decisions."""
    folded = {}
    for one in (*store._decisions, *store._watched):
        changes = one.decision.changes
        if changes.ledger and changes.credits:
            folded.setdefault(changes.ledger, {}).update(changes.credits)
    for name, credits in store._ledgers.items():
        worst = max(map(abs, credits.values()), default=0)
        insist(8, worst <= len(credits) * MILLION, f"{name} is off by {worst / MILLION:.2f} leads")
        insist(8, set(credits) == set(folded.get(name, {})), f"{name} has credits that no decision gave")


def nobody_has_it_twice(store, desk):
    """13: nobody holds a lead twice, unless it was reopened or a person says so. 14: hops are bounded."""
    for case in store._cases.values():
        if case.state is None:
            continue
        events = store._events[case.lead]
        had, hops = set(), 0
        holder = None
        for event in events:
            if isinstance(event, Assigned) and _taken(store, case.lead, event):
                if event.outcome == "assigned" and not event.by_hand:
                    insist(13, event.holder not in had, f"{event.holder} has {case.lead} twice")
                    hops += bool(had)
                if event.outcome == "assigned":
                    had.add(event.holder)
                holder = event.holder
        reopened = any(isinstance(event, Reopened) for event in events)
        by_hand = any(isinstance(event, Assigned) and event.by_hand for event in events)
        most = plan_of(store, case.state.policy).terms.max_reassignments
        insist(14, hops <= most, f"{case.lead} moved {hops} times")
        if not reopened and not by_hand and case.state.standing.kind == "assigned":
            insist(13, case.holder == holder, f"{case.lead} is not with whom it was given to")


def _taken(store, lead, event):
    return any(
        one.detail.get("event") == event.id and one.detail["outcome"] == "applied" for one in store._records[lead]
    )


def replays(store, desk):
    """20: what is kept, folded again, is what is kept; of erased leads too."""
    for case in store._cases.values():
        events = store._events.get(case.lead, ())
        if case.state is None or _REPLAYED.get(case.lead) == (id(case), len(events)):
            continue
        insist(20, desk.replayed(case.lead).same, f"{case.lead} is not what its events come to")
        _REPLAYED[case.lead] = (id(case), len(events))
        _KEPT.append(case)  # or its id would be another's


_REPLAYED, _KEPT = {}, []
"""What was replayed last of each lead: stores that are copies of one another share most of their cases."""


def everybody_is_told(store, desk):
    """25: whoever is given a lead by the plan or by hand is told, in the outbox."""
    for name, events in store._events.items():
        case = store._cases[name]
        if case.erased_at is not None or case.state is None:
            continue
        for event in events:
            quiet = isinstance(event, Assigned) and event.reason in ("adopted", "erased")
            if isinstance(event, Assigned) and not quiet and _taken(store, name, event):
                told = [one for one in store._messages.values() if one.lead == name and one.does == "offer"]
                found = any(one.assignment == event.assignment and one.to == event.holder for one in told)
                insist(25, found, f"{event.holder} was never told of {name}/{event.assignment}")


def links_agree(store, desk):
    """2: who goes with a lead says so, and the lead knows it."""
    for case in store._cases.values():
        for name in case.links:
            insist(2, store._cases[name].linked == case.lead, f"{name} does not go with {case.lead}")


def companies_are_found(store, desk):
    """24: what is open or won is found by all its keys, and nothing that is erased is."""
    for case in store._cases.values():
        keys = store._known.get(Ref("lead", case.lead), ())
        expected = tuple(map(str, case.keys)) if case.known else ()
        insist(24, keys == expected, f"{case.lead} is found by {len(keys)} keys and has {len(expected)}")


def one_claim_stands(store, desk):
    """24: of the claims on one prospect one stands."""
    standing = [one.claim for one in store._claims.values() if one.claim.status == "approved"]
    seen = Counter(str(key) for claim in standing for key in claim.keys if not claim.products)
    twice = [n for n in seen.values() if n > 1]
    insist(24, not twice, "two claims on one prospect stand")


def ticks_are_logged(store, desk):
    """17: a tick that changed something is itself recorded, and so is every event."""
    for name, case in store._cases.items():
        if case.state is not None:
            ticks = sum(isinstance(event, Tick) for event in store._events[name])
            insist(17, ticks == case.state.ticks, f"{name} has had {case.state.ticks} ticks, {ticks} are logged")


def what_is_over_is_said_to_be(store, desk):
    """19: what is closed says since when, and waits for nobody; only what the house holds waits for a dealer."""
    for case in store._cases.values():
        if case.state is None or case.erased_at is not None:
            continue
        insist(19, (case.over_since is not None) == (case.phase in FINAL), f"{case.lead}: over since {case.over_since}")
        waits = bool(case.retry) or case.offer_at is not None
        insist(19, not waits or case.phase == "house", f"{case.lead} is {case.phase}, and waits")


def erased_is_nowhere(store, desk):
    """29: of what is erased there is no content, no answer, no message that waits."""
    for case in store._cases.values():
        if case.erased_at is None:
            continue
        ref = Ref("lead", case.lead)
        insist(29, case.lead not in store._contents, f"{case.lead} is erased and still says something")
        insist(26, not any(one.about == ref for one in store._answers.values()), f"an answer about {case.lead} is kept")
        waiting = [key for key, one in store._messages.items() if one.lead == case.lead and key not in store._left]
        insist(29, not waiting, f"{waiting} still wait")
    abouts = {one.about for one in store._answers.values() if one.command == "register" and _stood(one)}
    gone = sorted(ref.id for ref in abouts if ref.id not in store._claims)
    insist(26, not gone, f"answers about claims that are erased: {gone}")


def _stood(answer):
    return answer.answer["outcome"] != "refused"


LAWS = (
    exactly_one_holder,
    counts_are_counted,
    credits_are_bounded,
    nobody_has_it_twice,
    replays,
    everybody_is_told,
    links_agree,
    companies_are_found,
    one_claim_stands,
    ticks_are_logged,
    what_is_over_is_said_to_be,
    erased_is_nowhere,
)


def nothing_stale_is_told(store, messages):
    """25: a message about an assignment is about the one that is current."""
    for one in messages:
        case = store._cases[one.lead]
        insist(25, case.erased_at is None, f"{one.key} is about an erased lead")
        if one.does in ("offer", "linked", "remind", "escalate"):
            holds = store._cases[case.linked] if case.linked else case
            if one.does == "linked" and not case.linked:
                insist(25, one.to == case.holder, f"{one.key} goes to whom does not hold it")
                continue
            insist(25, (holds.state is not None and holds.open) or one.does != "remind", f"{one.key}: it is over")
            insist(25, one.assignment == holds.state.assignment, f"{one.key} is about an assignment that is over")
            if one.does in ("offer", "linked", "remind"):
                insist(25, one.to == holds.holder, f"{one.key} goes to whom does not hold it")


def nobody_is_named(store, canary):
    """29: what a person or company said is in contents and claims, and nowhere else."""
    for name in ("_cases", "_known", "_ledgers", "_claimants", "_events", "_records", "_decisions", "_watched", "_acts",
                 "_messages", "_answers", "_troubles", "_versions"):  # fmt: skip
        text = repr([getattr(store, name), _deep(getattr(store, name))])
        insist(29, canary not in text.casefold(), f"{name} holds what a person said")


def _deep(table):
    """Fields that do not show themselves are looked into as well."""
    values = table.values() if hasattr(table, "values") else table
    return [repr(getattr(one, "facts", None)) for one in values]
