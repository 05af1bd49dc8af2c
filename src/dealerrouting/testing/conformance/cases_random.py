"""Checks with random values: any text, any instant, any number comes back as it was.

May know: Hypothesis, bench, worlds. May not know: any store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from dealerrouting.calendar import END, NEVER
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead, Retry
from dealerrouting.ports import (
    DESK,
    Act,
    Activation,
    Desk,
    Ref,
    Trouble,
)
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.lives import AT
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import same
from dealerrouting.testing.conformance.worlds import (
    INSTANTS,
    a_claim,
    due_case,
)

DEALERS = ("delta", "Delta", "maas")


def tries(examples: int) -> settings:
    """How long Hypothesis tries, and that it does not explain: the message does."""
    return settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)
_instants = st.datetimes(NEVER.replace(tzinfo=None), END.replace(tzinfo=None)).map(
    lambda at: at.replace(tzinfo=AT.tzinfo)
)


@check()
def any_text_comes_back_as_it_was(bench: Bench) -> None:
    @tries(bench.examples * 3)
    @drawn(_texts)
    def tried(text: str) -> None:
        lead = Lead("L1", text, city=text, message=text, value=text, email=text, attributes={"own": text, "n": [text]})
        case = due_case("L1", AT, followers=(text,), links=(text, text), retry=(Retry(text, "share"),))
        desk = Desk((Activation(text, AT, text, text),), (), text)
        trouble = Trouble(2, text)
        bench.commit(
            cases=(case,),
            contents=(lead,),
            desk=desk,
            troubles=((Ref("lead", "L1"), trouble),),
            acts=(Act(AT, text, text, text, text),),
            ledgers=FrozenMap({text: FrozenMap({text: 1})}),
        )
        for ref, value in {
            Ref("content", "L1"): lead,
            Ref("lead", "L1"): case,
            DESK: desk,
            Ref("trouble", "lead:L1"): trouble,
            Ref("ledger", text): FrozenMap({text: 1}),
        }.items():
            bench.is_loaded(ref, value, f"any text must come back, code point by code point ({ascii(text)[:60]})")
        same(bench.store.acts()[-1], Act(AT, text, text, text, text), "the last act", 22)

    tried()


@check()
def any_instant_comes_back_as_it_was(bench: Bench) -> None:
    @tries(bench.examples * 3)
    @drawn(_instants, st.sampled_from(INSTANTS))
    def tried(at: datetime, other: datetime) -> None:
        case = due_case("L1", at, received_at=at, offer_at=at, over_since=at)
        desk = Desk((Activation("p", at, "a"),))
        claim = a_claim("R1", 1, next_due=at, over_since=other)
        bench.commit(cases=(case,), desk=desk, claims=(claim,))
        why = f"any instant must come back, to the microsecond ({at})"
        for ref, value in {Ref("lead", "L1"): case, DESK: desk, Ref("claim", "R1"): claim}.items():
            bench.is_loaded(ref, value, why, 11)
        same([one.at for one in bench.store.due(at, 9)], [at, at], f"{why}: what due({at}) tells", 11)

    tried()


@check()
def any_numbers_come_back_as_they_were(bench: Bench) -> None:
    @tries(bench.examples * 3)
    @drawn(st.dictionaries(st.sampled_from(DEALERS), st.integers(-(10**30), 10**30)), st.integers(0, 2**31 - 1))
    def tried(credits: dict[str, int], tries: int) -> None:
        bench.commit(ledgers=FrozenMap({"t": FrozenMap(credits)}), cases=(due_case("L1", AT),),
                     troubles=((Ref("lead", "L1"), Trouble(tries, "x")),))  # fmt: skip
        bench.is_loaded(Ref("ledger", "t"), FrozenMap(credits), "whole numbers must come back")
        bench.is_loaded(Ref("trouble", "lead:L1"), Trouble(tries, "x"), "whole numbers must come back")

    tried()
