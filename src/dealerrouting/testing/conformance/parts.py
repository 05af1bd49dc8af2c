"""Pieces of changes by name, and what there is in the small world in which random sequences are played.

May know: worlds, lives. May not know: stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from dealerrouting.calendar import END, NEVER
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead, Retry
from dealerrouting.ports import (
    DESK,
    Case,
    Known,
    Logged,
    Ref,
    Trouble,
    Watched,
)
from dealerrouting.testing.conformance.lives import AT, HOUSE, begun, closed, held, life
from dealerrouting.testing.conformance.worlds import (
    DAY,
    KEYS,
    MOMENT,
    a_case,
    a_claim,
    a_counter,
    a_decision,
    a_desk,
    a_lead,
    a_message,
    an_act,
    an_answer,
    due_case,
)

LEADS, CLAIMS, DEALERS, LEDGERS = ("L1", "l1", "é😀"), ("L1", "R2"), ("delta", "Delta", HOUSE), ("t", "T")
WHEN = (AT, AT + MOMENT, AT - MOMENT, AT + timedelta(hours=1), AT + 30 * DAY, NEVER + 31 * DAY, AT.replace(year=9999))
LEASES = (MOMENT, timedelta(hours=1), 30 * DAY)
MAILS = ("a@x.example", "A@X.example", "é@x.example")
MESSAGES = {
    f"{lead}/{what}": a_message(lead, what, at, start)
    for lead in LEADS
    for what, at, start in (("a", AT, None), ("b", AT, AT - MOMENT), ("c", AT - DAY, AT + DAY))
}


def _states(lead: str) -> tuple[Any, ...]:
    return begun(lead, AT), held(lead), closed(lead, "won"), closed(lead, "lost"), None


def _parts() -> dict[str, tuple[str, Any]]:
    """Pieces of a change by name: the field of `Writes`, and what is put there."""
    found: dict[str, tuple[str, Any]] = {}

    def put(field: str, about: str, *values: Any) -> None:
        found.update({f"{field} {about} {number}": (field, (one,)) for number, one in enumerate(values)})

    for lead in LEADS:
        one, ref = life(lead, 4), Ref("lead", lead)
        waits = ((), (Retry("delta", "share"), Retry("Delta", "max_open")))
        cases = [
            Case(lead, AT - n * MOMENT, "sha256:p", state, retry=waits[n < 2], over_since=WHEN[n] if n > 1 else None)
            for n, state in enumerate(_states(lead))
        ]
        put("cases", lead, *cases, a_case(lead, 5), a_case(lead, 11), due_case(lead, AT + MOMENT, offer_at=AT))
        put("cases", f"{lead} erased", due_case(lead, AT, erased_at=AT))
        put("contents", lead, *(a_lead(lead, n, MAILS[n % 3]) for n in range(6)), Lead(lead))
        put("events", lead, *(Logged(lead, event) for event in one.log[:4]))
        put("records", lead, *one.records[:3])
        put("decisions", lead, *(a_decision(lead, n, DEALERS[n % 3], WHEN[n]) for n in range(5)))
        put("watched", lead, *(Watched(a_decision(lead, n).decision, "maas") for n in range(2)))
        put("erase", lead, ref)
        put("known", lead, Known(ref, KEYS[:2]), Known(ref, KEYS[1:]), Known(ref, ()))
        put("troubles", lead, (ref, Trouble(1, "x")), (ref, Trouble(3, "é", True)), (ref, None))
        put("answers", lead, an_answer("K1", ref, 1), an_answer("K2", ref, 2), an_answer(f"K {lead}", ref, 5))
        put("touched", lead, ref)
    for name in CLAIMS:
        ref = Ref("claim", name)
        put("claims", name, *(a_claim(name, n, MAILS[n % 3], next_due=(None, AT, END)[n % 3]) for n in range(5)))
        put("claims", f"{name} over", a_claim(name, 1, over_since=AT), a_claim(name, 2, over_since=AT - MOMENT))
        put("known", f"claim {name}", Known(ref, KEYS[:1]), Known(ref, ()))
        put("troubles", f"claim {name}", (ref, Trouble(5, "y", True)), (ref, None))
        put("answers", f"claim {name}", an_answer("K1", ref, 7), an_answer(f"K claim {name}", ref))
        put("erase", f"claim {name}", ref)
    put("messages", "of", *MESSAGES.values())
    put("left", "of", *(one.key for one in MESSAGES.values()))
    put("acts", "by", *(an_act(number) for number in range(3)))
    put("touched", "also", DESK, Ref("prospect", KEYS[0]), Ref("dealer", "delta"), Ref("ledger", "t"))
    put("plans", "of", *((f"sha256:p{n}", f"sha256:q{n}", f'{{"n":{n}}}') for n in range(2)))
    for number in range(4):
        found[f"desk {number}"] = ("desk", a_desk(number))
    for number, name in enumerate(DEALERS):
        for count in (-1, 0, 1, 2):
            found[f"counts {name} {count}"] = ("counts", {name: count})
        found[f"claimants {name}"] = ("claimants", {name: a_counter(number + 4)})
    for name in LEDGERS:
        for number, credits in enumerate(({"delta": 10**24}, {"Delta": -1, HOUSE: 0}, {}, {"delta": 1, "Delta": 2})):
            found[f"ledgers {name} {number}"] = ("ledgers", {name: FrozenMap(credits)})
    return found


PARTS = _parts()
SENT = ("messages", "left", "answers")
REFS = {
    str(ref): ref
    for ref in (
        DESK,
        *(Ref(kind, name) for kind in ("lead", "content") for name in LEADS),
        *(Ref("trouble", str(Ref("lead", name))) for name in LEADS),
        *(Ref("trouble", str(Ref("claim", name))) for name in CLAIMS),
        *(Ref("claim", name) for name in CLAIMS),
        *(Ref("prospect", key) for key in KEYS),
        *(Ref(kind, name) for kind in ("dealer", "claimant", "recent", "waiting") for name in DEALERS),
        *(Ref("ledger", name) for name in LEDGERS),
        *(Ref("plan", f"sha256:{name}") for name in ("p0", "q0", "p1")),
    )
}
ANSWERS = {f"answer:{key}": Ref("answer", key) for key in ("K1", "K2", "K L1", "K claim R2")}
FOLLOWING = [name for name, ref in REFS.items() if ref.kind in ("prospect", "waiting", "recent")]
"""What follows from several changes together."""
VERSIONED = [name for name, ref in REFS.items() if ref.versioned]
_ONE_EACH: dict[str, Callable[[Any], Any]] = {
    "cases": lambda one: one.lead,
    "contents": lambda one: one.id,
    "claims": lambda one: one.claim.id,
    "known": lambda one: one.ref,
    "troubles": lambda one: one[0],
    "answers": lambda one: one.key,
    "plans": lambda one: one[0],
    "erase": lambda one: one,
}


def put_together(names: Iterable[str]) -> dict[str, Any]:
    """One change of several parts; of two that contradict each other, the later one."""
    fields: dict[str, Any] = {}
    for name in names:
        field, value = PARTS[name]
        if field == "desk":
            fields[field] = value
        elif isinstance(value, dict):
            fields[field] = {**fields.get(field, {}), **value}
        else:
            fields[field] = (*fields.get(field, ()), *value)
    for field, of in _ONE_EACH.items():
        if field in fields:
            fields[field] = tuple({of(one): one for one in fields[field]}.values())
    return {name: FrozenMap(value) if isinstance(value, dict) else value for name, value in fields.items()}
