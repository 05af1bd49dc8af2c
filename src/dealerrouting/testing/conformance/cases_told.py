"""Checks of what a store tells as a whole (`history`, `survey`, `expired`, `about`, `acts`, `watched`), and of erasing.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dealerrouting.calendar import END
from dealerrouting.model import Retry
from dealerrouting.ports import Logged, Ref, Trouble, Watched
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.cases_due import ORDERED
from dealerrouting.testing.conformance.lives import AT, HOUSE, closed, held, life
from dealerrouting.testing.conformance.registry import check, named
from dealerrouting.testing.conformance.said import Broken, same, shown
from dealerrouting.testing.conformance.worlds import (
    MOMENT,
    TEXTS,
    a_case,
    a_claim,
    a_decision,
    a_lead,
    an_act,
    due_case,
)

MAIL = "Info@Jansen.example"
LEAD = Ref("lead", "L1")


# History


@check()
def the_history_of_nobody_is_empty(bench: Bench) -> None:
    bench.populate()
    told = bench.store.history("nobody")
    same((told.case, told.content, told.events, told.records, told.decisions), (None, None, (), (), ()),
         "the history of a lead that was never there", 17)  # fmt: skip


def _in_order(name: str) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        one = life("L1", 11, steps=16)
        bench.commit(cases=(a_case("L1", 11), a_case("L2", 11)))
        kept: tuple[Any, ...] = {
            "events": one.log,
            "records": one.records,
            "decisions": tuple(a_decision("L1", n, at=AT - n * MOMENT) for n in range(12)),
        }[name]
        for start in range(0, len(kept), 3):
            some = kept[start : start + 3]
            writes: Any = {name: tuple(Logged("L1", event) for event in some) if name == "events" else some}
            other: Any = {"decisions": (a_decision("L2"),)} if name != "decisions" else {"events": ()}
            bench.commit(**writes)
            bench.commit(**other)
        same(getattr(bench.store.history("L1"), name), kept, f"history(L1).{name}, in the order of commits", 17)

    return run


for _name in ("events", "records", "decisions"):
    named(f"{_name}_are_told_in_the_order_of_commits", _in_order(_name))


@check()
def equal_events_are_kept_each_time(bench: Bench) -> None:
    event = life("L1", 0).log[0]
    bench.commit(cases=(a_case("L1", 0),), events=(Logged("L1", event), Logged("L1", event)))
    bench.commit(events=(Logged("L1", event),))
    same(
        bench.store.history("L1").events, (event,) * 3, "what is appended is kept, equal or not: history(L1).events", 20
    )


@check()
def a_history_is_of_one_lead_alone(bench: Bench) -> None:
    for name in ("L1", "l1", "L1 0"):
        one = life(name, 4)
        logged = tuple(Logged(name, event) for event in one.log)
        bench.commit(cases=(a_case(name, 4),), contents=(a_lead(name, 3),), events=logged, records=one.records,
                     decisions=(a_decision(name, 3),))  # fmt: skip
    for name in ("L1", "l1", "L1 0"):
        told, one = bench.store.history(name), life(name, 4)
        wanted = (a_case(name, 4), a_lead(name, 3), one.log, one.records, (a_decision(name, 3),))
        same((told.case, told.content, told.events, told.records, told.decisions), wanted, f"history({name})", 22)


# Survey


@check()
def the_survey_of_an_empty_store_is_zero(bench: Bench) -> None:
    told = bench.store.survey(AT)
    same(told.at, AT, "the survey's `at`", 2)
    numbers = (dict(told.phases), dict(told.holders), dict(told.claims), told.due, told.waiting, dict(told.parked))
    same(numbers, ({}, {}, {}, 0, 0, {}), "the numbers of a survey of an empty store", 2)
    same((told.oldest_due, told.messages, told.oldest_message), (None, 0, None), "what is oldest in an empty store", 2)


def _some_leads(bench: Bench) -> None:
    bench.commit(
        cases=(
            a_case("L1", 1, state=held("L1"), offer_at=None, retry=()),
            a_case("L2", 1, state=held("L2", HOUSE), offer_at=None, retry=(Retry("maas", "share"),)),
            due_case("L3", AT - MOMENT, retry=(Retry("maas", "share"), Retry("delta", "max_open"))),
            due_case("L4", AT),
            due_case("L5", AT + MOMENT),
            due_case("L6", AT - 2 * MOMENT, erased_at=AT, retry=(Retry("maas", "share"),)),
            a_case("L7", 1, state=closed("L7", "won"), over_since=AT, retry=(Retry("maas", "share"),)),
            a_case("L8", 1, state=None, linked="L1", retry=()),
        ),
        claims=(a_claim("R1", 0, next_due=AT), a_claim("R2", 1, next_due=None), a_claim("R3", 3, next_due=END)),
    )


@check()
def the_survey_counts_open_leads_by_phase_and_holder(bench: Bench) -> None:
    _some_leads(bench)
    told = bench.store.survey(AT)
    phases: dict[str, int] = {}
    for phase in (held("L1").phase, held("L2", HOUSE).phase, *["waiting"] * 3):
        phases[phase] = phases.get(phase, 0) + 1
    same(dict(told.phases), phases, "survey.phases: of open leads, neither erased, closed nor linked", 2)
    same(
        dict(told.holders), {"delta": 1, HOUSE: 1, "": 3}, "survey.holders: of open leads, '' where nobody holds it", 2
    )
    same(told.waiting, 2, "survey.waiting: open leads that wait for a dealer, each once", 2)


@check()
def the_survey_counts_claims_by_status(bench: Bench) -> None:
    _some_leads(bench)
    same(dict(bench.store.survey(AT).claims), {"approved": 2, "submitted": 1}, "survey.claims", 2)


@check()
def the_survey_counts_what_is_due_and_since_when(bench: Bench) -> None:
    _some_leads(bench)
    for at, due, oldest in ((AT, 3, AT - MOMENT), (AT - MOMENT, 1, AT - MOMENT), (AT - 2 * MOMENT, 0, None)):
        told = bench.store.survey(at)
        same((told.due, told.oldest_due), (due, oldest), f"survey.due and oldest_due at {at.time()}", 2)


@check()
def the_survey_counts_what_is_leased_as_due(bench: Bench) -> None:
    _some_leads(bench)
    bench.store.due(AT, 99, lease=timedelta(hours=1))
    same(bench.store.survey(AT).due, 3, "survey.due while all is leased", 2)


@check()
def the_survey_tells_what_is_parked_and_why(bench: Bench) -> None:
    _some_leads(bench)
    parked = (Ref("lead", "L3"), Trouble(3, "cannot be read", True)), (Ref("claim", "R1"), Trouble(4, "é", True))
    bench.commit(troubles=(*parked, (Ref("lead", "L4"), Trouble(1, "once"))))
    told = bench.store.survey(AT)
    same(dict(told.parked), {"lead:L3": "cannot be read", "claim:R1": "é"}, "survey.parked", 2)
    same((told.due, told.oldest_due), (1, AT), "survey.due and oldest_due, what is parked left out", 2)


# Expired


@check()
def expired_is_what_was_over_before_the_instant(bench: Bench) -> None:
    over = {"L1": AT, "L2": AT - MOMENT, "L3": AT + MOMENT, "L4": None}
    bench.commit(
        cases=tuple(a_case(n, 1, state=closed(n, "lost"), over_since=since) for n, since in over.items()),
        claims=(a_claim("R1", over_since=AT - MOMENT), a_claim("R2", over_since=AT), a_claim("R3")),
    )
    wanted = (Ref("claim", "R1"), Ref("lead", "L2"))
    same(bench.store.expired(AT, 99), wanted, "expired: over before the instant, not at it", 29)
    same(bench.store.expired(AT - MOMENT, 99), (), "expired, a microsecond earlier", 29)


@check()
def expired_is_in_order_up_to_its_limit(bench: Bench) -> None:
    bench.commit(
        cases=tuple(a_case(n, 1, state=closed(n, "lost"), over_since=AT - k * MOMENT) for k, n in enumerate(ORDERED)),
        claims=tuple(a_claim(name, over_since=AT) for name in reversed(ORDERED[4:])),
    )
    wanted = (*(Ref("claim", name) for name in ORDERED[4:]), *(Ref("lead", name) for name in ORDERED))
    for limit in (0, 1, 4, 99):
        same(bench.store.expired(END, limit), wanted[:limit], f"expired, by kind and id, at most {limit}", 29)


@check()
def what_is_erased_is_not_expired(bench: Bench) -> None:
    bench.commit(
        cases=(a_case("L1", 1, state=closed("L1", "lost"), over_since=AT, erased_at=AT),),
        claims=(a_claim("R1", over_since=AT),),
    )
    bench.commit(erase=(Ref("claim", "R1"),))
    same(bench.store.expired(END, 99), (), "expired, when all of it is erased", 29)


# About a person


def _mails(bench: Bench, *mails: str) -> None:
    for number, mail in enumerate(mails):
        bench.commit(cases=(due_case(f"L{number}", AT),), contents=(a_lead(f"L{number}", 1, mail),))


@check()
def about_finds_a_mail_address_whatever_its_case(bench: Bench) -> None:
    _mails(bench, MAIL, "info@jansen.example", "other@jansen.example")
    for person in (MAIL, MAIL.lower(), MAIL.upper()):
        same(bench.store.about(person), (Ref("lead", "L0"), Ref("lead", "L1")), f"about({person})", 29)


@check()
def about_folds_the_case_of_every_alphabet(bench: Bench) -> None:
    _mails(bench, "Zoë@É.example", "straße@x.example", "ΣΟΦΟΣ@x.example")
    asked = {"ZOË@é.EXAMPLE": "L0", "STRASSE@X.EXAMPLE": "L1", "σοφος@x.example": "L2"}
    for person, lead in asked.items():
        same(bench.store.about(person), (Ref("lead", lead),), f"about({person!a}), by Unicode's case folding", 29)


@check()
def about_finds_whole_addresses_only(bench: Bench) -> None:
    _mails(bench, "a_b%c@x.example", "axbyc@x.example", "'; --@x.example")
    same(
        bench.store.about("a_b%c@x.example"),
        (Ref("lead", "L0"),),
        "about(a_b%c@x.example): no pattern, the address",
        29,
    )
    same(bench.store.about("'; --@x.example"), (Ref("lead", "L2"),), "about('; --@x.example)", 29)
    for part in ("x.example", "%", "", "a_b"):
        same(bench.store.about(part), (), f"about({shown(part)}), which is nobody's whole address", 29)


@check()
def about_finds_leads_and_claims_in_order(bench: Bench) -> None:
    names = ("b", "a", "é", "B")
    bench.commit(
        cases=tuple(due_case(name, AT) for name in names),
        contents=tuple(a_lead(name, 1, MAIL) for name in names),
        claims=(a_claim("R2", 1, MAIL), a_claim("R1", 2, MAIL.upper()), a_claim("R0", 1, None)),
    )
    wanted = (Ref("claim", "R1"), Ref("claim", "R2"), *(Ref("lead", name) for name in sorted(names)))
    same(bench.store.about(MAIL), wanted, "about, by kind and id in code-point order", 29)


@check()
def about_finds_the_address_that_holds_now(bench: Bench) -> None:
    _mails(bench, MAIL)
    bench.commit(contents=(a_lead("L0", 1, "new@jansen.example"),))
    same(bench.store.about(MAIL), (), "about an address that the lead has no more", 29)
    same(bench.store.about("NEW@jansen.example"), (Ref("lead", "L0"),), "about the address that the lead has now", 29)


# Acts, watched, scrub


@check()
def acts_are_told_in_the_order_of_commits(bench: Bench) -> None:
    acts = tuple(an_act(number) for number in range(len(TEXTS)))
    for start in range(0, len(acts), 2):
        bench.commit(acts=acts[start : start + 2])
    same(bench.store.acts(), acts, "acts, the first committed first, whatever their instants", 22)


@check()
def watched_is_told_in_the_order_of_commits(bench: Bench) -> None:
    watched = tuple(Watched(a_decision("L1", n, at=AT - n * MOMENT).decision, "maas") for n in range(7))
    bench.commit(cases=(a_case("L1", 1, state=None, watched="maas"),))
    for one in watched:
        bench.commit(watched=(one,))
    same(bench.store.watched(), watched, "watched, the first committed first, whatever its instant", 22)


@check()
def what_was_only_watched_is_no_decision(bench: Bench) -> None:
    bench.commit(
        cases=(a_case("L1", 1, state=None, watched="maas", retry=()),),
        watched=(Watched(a_decision("L1").decision, "maas"),),
    )
    same(bench.store.history("L1").decisions, (), "history(L1).decisions, of a lead that was only watched", 22)
    bench.is_loaded(Ref("recent", "delta"), (), "a lead that was only watched was given to nobody", 2)


@check()
def scrub_says_whether_it_could(bench: Bench) -> None:
    bench.populate()
    before = bench.view()
    told = bench.store.scrub()
    if not isinstance(told, bool):
        raise Broken("scrub does not say whether it could", 29, "True or False", repr(told))
    after = bench.view()
    for name, was in before.items():
        same(after[name], was, f"scrub clears away what is erased, and nothing that is kept: {name}", 23)
