"""Checks of the third rung: `pending`, messages, what has left, and the first answer to every key.

May know: bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from datetime import datetime

from dealerrouting.calendar import END
from dealerrouting.ports import Ref, Writes
from dealerrouting.sla import Effect
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.cases_due import ORDERED
from dealerrouting.testing.conformance.lives import AT, life
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import same
from dealerrouting.testing.conformance.worlds import (
    INSTANTS,
    MOMENT,
    TEXTS,
    a_case,
    a_claim,
    a_lead,
    a_message,
    an_answer,
    due_case,
)

LEAD, OTHER, CLAIM = Ref("lead", "L1"), Ref("lead", "L2"), Ref("claim", "R1")


def _pending(bench: Bench, at: datetime, wanted: tuple[Effect, ...], why: str, limit: int = 99, law: int = 25) -> None:
    same(bench.store.pending(at, limit), wanted, f"{why}: what pending({at.time()}, {limit}) tells", law)


def _two_leads(bench: Bench) -> None:
    bench.commit(cases=(due_case("L1", AT), due_case("L2", AT)), contents=(a_lead("L1", 1), a_lead("L2", 1)),
                 claims=(a_claim("R1"),))  # fmt: skip


@check("outbox")
def nothing_is_pending_in_an_empty_store(bench: Bench) -> None:
    _pending(bench, END, (), "in an empty store")


@check("outbox")
def a_message_is_pending_from_its_instant_on(bench: Bench) -> None:
    _two_leads(bench)
    one = a_message("L1", at=AT)
    bench.commit(messages=(one,))
    _pending(bench, AT - MOMENT, (), "a microsecond before it was decided")
    _pending(bench, AT, (one,), "at the instant at which it was decided")


@check("outbox")
def a_message_waits_for_the_instant_it_may_be_sent_from(bench: Bench) -> None:
    _two_leads(bench)
    later, sooner = a_message("L1", "a", AT, AT + MOMENT), a_message("L1", "b", AT, AT - MOMENT)
    bench.commit(messages=(later, sooner))
    _pending(bench, AT, (sooner,), "`send_from` counts where there is one, not `at`")
    _pending(bench, AT + MOMENT, (sooner, later), "at the instant that `send_from` says")


@check("outbox")
def pending_is_in_order_of_time_and_key(bench: Bench) -> None:
    _two_leads(bench)
    early = a_message("L2", "z", AT, AT - MOMENT)
    named = tuple(a_message("L1", name) for name in ORDERED)
    bench.commit(messages=(*reversed(named), early))
    _pending(bench, END, (early, *named), "by `send_from` or `at`, then by key in code-point order")
    for limit in (0, 1, 3):
        _pending(bench, END, (early, *named)[:limit], "at most as many as asked for, the first of them", limit)


@check("outbox")
def pending_takes_nothing_away(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(messages=(a_message("L1"),))
    for _ in range(2):
        _pending(bench, AT, (a_message("L1"),), "a message stays until it is said to have left")


@check("outbox")
def messages_come_back_as_they_were(bench: Bench) -> None:
    for seed in range(12):
        name = f"L{seed}"
        one = life(name, seed, steps=14)
        bench.commit(cases=(a_case(name, seed),), messages=one.messages)
        wanted = tuple((message, False) for message in one.messages)
        same(bench.store.history(name).messages, wanted, f"history({name}).messages", 25)


@check("outbox")
def a_message_that_has_left_is_pending_no_more(bench: Bench) -> None:
    _two_leads(bench)
    one, two = a_message("L1", "a"), a_message("L1", "b")
    bench.commit(messages=(one, two))
    bench.commit(left=(one.key,))
    _pending(bench, END, (two,), "one of two has left")
    bench.commit(left=(one.key, two.key))
    _pending(bench, END, (), "both have left, one of them was said to twice")


@check("outbox")
def a_message_with_a_known_key_is_not_added_again(bench: Bench) -> None:
    _two_leads(bench)
    one, again = a_message("L1"), a_message("L1", at=AT - MOMENT)
    bench.commit(messages=(one,))
    bench.commit(messages=(again, a_message("L1", "new")))
    _pending(bench, END, (one, a_message("L1", "new")), "the same key came twice: the first message stays", law=16)
    same(len(bench.store.history("L1").messages), 2, "how many messages history(L1) has, of two keys", 16)


@check("outbox")
def a_message_that_comes_twice_in_one_commit_is_one(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(messages=(a_message("L1"), a_message("L1", at=AT - MOMENT)))
    _pending(bench, END, (a_message("L1"),), "the same key twice in one commit: the first message stays", law=16)


@check("outbox")
def a_message_that_has_left_does_not_come_again(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(messages=(a_message("L1"),))
    bench.commit(left=(a_message("L1").key,))
    bench.commit(messages=(a_message("L1"),))
    _pending(bench, END, (), "the key of a message that has left came again", law=16)


@check("outbox")
def a_message_may_come_and_need_not_leave_in_one_commit(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(messages=(a_message("L1"), a_message("L1", "b")), left=(a_message("L1").key,))
    _pending(bench, END, (a_message("L1", "b"),), "of two messages one was said to have left in the same commit")


@check("outbox")
def history_tells_which_messages_have_left(bench: Bench) -> None:
    _two_leads(bench)
    sent = tuple(a_message("L1", what) for what in ("c", "a", "b"))
    bench.commit(messages=sent[:2])
    bench.commit(messages=(*sent[2:], a_message("L2")), left=(sent[1].key,))
    wanted = tuple((one, one == sent[1]) for one in sent)
    same(bench.store.history("L1").messages, wanted, "history(L1).messages, in the order of commits", 25)


@check("outbox")
def the_survey_counts_what_waits_to_leave_and_since_when(bench: Bench) -> None:
    _two_leads(bench)
    ready, later = a_message("L1"), a_message("L2", send_from=AT + MOMENT)
    bench.commit(messages=(later, ready, a_message("L1", "gone", AT - MOMENT)), left=(a_message("L1", "gone").key,))
    told = bench.store.survey(AT)
    same((told.messages, told.oldest_message), (2, AT), "survey.messages and oldest_message, one of three has left", 25)


@check("outbox")
def pending_reaches_to_the_ends_of_time(bench: Bench) -> None:
    _two_leads(bench)
    sent = tuple(a_message("L1", number, AT, at) for number, at in enumerate(INSTANTS))
    bench.commit(messages=sent)
    wanted = tuple(sorted(sent, key=lambda one: (one.send_from or one.at, one.key)))
    _pending(bench, END, wanted, "messages from the first year to the last")


# Answers


@check("outbox")
def an_answer_comes_back_as_it_was(bench: Bench) -> None:
    _two_leads(bench)
    for seed in range(len(TEXTS)):
        one = an_answer(f"K{seed}", LEAD, seed)
        bench.commit(answers=(one,))
        bench.is_loaded(Ref("answer", f"K{seed}"), one, "the first answer to a key", 26)


@check("outbox")
def keys_of_answers_are_apart(bench: Bench) -> None:
    _two_leads(bench)
    keys = ("k", "K", "k ", "é", "e\u0301", "😀" * 100, "x" * 200)
    for number, key in enumerate(keys):
        bench.commit(answers=(an_answer(key, LEAD, number),))
    for number, key in enumerate(keys):
        bench.is_loaded(
            Ref("answer", key), an_answer(key, LEAD, number), "keys are compared code point by code point", 26
        )


@check("outbox")
def a_key_that_has_an_answer_is_refused(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K", LEAD),))
    for seed in (0, 1):
        why = "its key has an answer already, and a command is done once"
        bench.refused({}, Writes(answers=(an_answer("K", LEAD, seed),)), why, 26)
    bench.is_loaded(Ref("answer", "K"), an_answer("K", LEAD), "the first answer stays", 26)


@check("outbox")
def one_known_key_of_several_is_refused(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K", LEAD),))
    new = Writes(answers=(an_answer("N", LEAD), an_answer("K", OTHER, 1)))
    bench.refused({}, new, "one of its two keys has an answer already", 26)
    bench.is_loaded(Ref("answer", "N"), None, "the other key of a change that was refused", 23)


@check("outbox")
def answers_are_unique_whatever_they_are_about(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K", LEAD),))
    bench.refused({}, Writes(answers=(an_answer("K", CLAIM, 1),)), "the key has an answer, if about another thing", 26)


# Erased


@check("outbox")
def answers_about_an_erased_lead_are_gone(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K1", LEAD), an_answer("K2", OTHER), an_answer("K3", CLAIM), an_answer("K4", LEAD)))
    bench.commit(erase=(LEAD,))
    for key in ("K1", "K4"):
        bench.is_loaded(Ref("answer", key), None, "an answer about a lead that was erased", 29)
    bench.is_loaded(Ref("answer", "K2"), an_answer("K2", OTHER), "an answer about another lead", 26)
    bench.is_loaded(Ref("answer", "K3"), an_answer("K3", CLAIM), "an answer about a claim", 26)


@check("outbox")
def answers_about_an_erased_claim_are_gone(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(claims=(a_claim("L1"),), answers=(an_answer("K1", LEAD), an_answer("K2", Ref("claim", "L1"))))
    bench.commit(erase=(Ref("claim", "L1"),))
    bench.is_loaded(Ref("answer", "K2"), None, "an answer about a claim that was erased", 29)
    bench.is_loaded(Ref("answer", "K1"), an_answer("K1", LEAD), "an answer about the lead of the same id", 26)


@check("outbox")
def the_key_of_an_erased_answer_is_free_again(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K", LEAD),))
    bench.commit(erase=(LEAD,))
    bench.commit(answers=(an_answer("K", OTHER, 2),))
    bench.is_loaded(Ref("answer", "K"), an_answer("K", OTHER, 2), "the key went with its lead", 29)


@check("outbox")
def an_answer_that_comes_with_the_erasure_goes_with_it(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(answers=(an_answer("K", LEAD),), messages=(a_message("L1"),), erase=(LEAD,))
    bench.is_loaded(Ref("answer", "K"), None, "erasing comes last in its commit", 29)
    _pending(bench, END, (), "erasing comes last in its commit", law=29)


@check("outbox")
def messages_about_an_erased_lead_do_not_leave(bench: Bench) -> None:
    _two_leads(bench)
    gone, waiting, other = a_message("L1", "a"), a_message("L1", "b"), a_message("L2", "c")
    bench.commit(messages=(gone, waiting, other), left=(gone.key,))
    bench.commit(erase=(LEAD,))
    _pending(bench, END, (other,), "a message about a lead that was erased", law=29)
    same(bench.store.history("L1").messages, ((gone, True),), "history(L1).messages: what has left stays told", 29)
    bench.commit(messages=(gone,))
    _pending(bench, END, (other,), "a message that had left before its lead was erased came again", law=16)


@check("outbox")
def erasing_a_claim_takes_no_message(bench: Bench) -> None:
    _two_leads(bench)
    bench.commit(claims=(a_claim("L1"),), messages=(a_message("L1"),))
    bench.commit(erase=(Ref("claim", "L1"), CLAIM))
    _pending(bench, END, (a_message("L1"),), "a claim was erased, not the lead that has its id")
