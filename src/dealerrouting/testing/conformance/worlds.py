"""What is put into a store: ids, texts and instants at their bounds, and a rich value of every kind.

May know: the ports' values, the nouns, lives. May not know: stores, checks.
Everything here is something that the model permits and a desk may therefore be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from dealerrouting.calendar import END, NEVER
from dealerrouting.identity import Key, sealed
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import (
    Changes,
    Company,
    Count,
    Decision,
    Facts,
    Incumbent,
    Lead,
    Owed,
    PassedOver,
    PastHolder,
    Registration,
    Retry,
    Transition,
)
from dealerrouting.model import Choice as Chosen
from dealerrouting.ports import (
    DESK,
    Act,
    Activation,
    Answered,
    Case,
    Claimed,
    Counter,
    Decided,
    Desk,
    Hold,
    Known,
    Logged,
    Ref,
    Trouble,
    Watched,
    Writes,
)
from dealerrouting.sla import Effect
from dealerrouting.sla.effects import key as effect_key
from dealerrouting.testing.conformance.lives import AT, DEALERS, HOUSE, begun, closed, held, life

__all__ = [
    "DAY",
    "INSTANTS",
    "KEYS",
    "LEAD_IDS",
    "MOMENT",
    "NAMES",
    "TEXTS",
    "a_case",
    "a_claim",
    "a_counter",
    "a_decision",
    "a_desk",
    "a_lead",
    "a_message",
    "an_act",
    "an_answer",
    "base",
    "changes",
    "due_case",
    "refs",
]

MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)
MONTH = 30 * DAY

TEXTS = (
    "plain",
    'it\'s a "quoted" `text` \\ with \\n no newline',
    "two\nlines\tand a tab",
    "'; DROP TABLE leads; --",
    "100% _under_ {braces} %s $1 :name ?",
    "Œuvre Ünïcödé ß İstanbul ǆ",
    "e\u0301 is not \u00e9",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "😀👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "\u00a0no-break\u2003em\u200bzero",
    "null",
    "0123",
    "1e400",
    "x" * 1_024,
    "😀" * 1_024,
)
"""Texts that a person may write and a careless store changes, cuts or trips over."""

LEAD_IDS = (
    "L1",
    "l1",
    "L01",
    "L1 0",
    "l:1/2",
    'O\'Neil "x"',
    "%_\\",
    "é",
    "É",
    "ß",
    "ss",
    "שלום",
    "ﬀ",
    "😀",
    "x" * 200,
    "x" * 199 + "y",
    "😀" * 200,
)
"""Ids of leads that are all different, up to the bound of an event's `lead`."""

NAMES = ("delta", "Delta", "maas", "Œuvre & Fils", "מעלה", "a_b%c", "n" * 100, "😀" * 100)
"""Ids of dealers, ledgers and claims that are all different, up to their bound."""

INSTANTS = (
    AT,
    AT + MOMENT,
    AT - MOMENT,
    AT.replace(microsecond=0),
    AT.replace(microsecond=999_999),
    AT.replace(year=1970, month=1, day=1),
    AT.replace(year=2038, month=1, day=19),
    AT.replace(year=9999, month=12, day=31),
    END,
    NEVER + MONTH,
    NEVER + MONTH + MOMENT,
)
"""Instants at which a store that counts in other units than microseconds, or from another year, goes wrong."""

_COMPANIES = (
    Company("Jansen Metaal BV", number="24123456", country="NL", postcode="3011 AB", city="Rotterdam"),
    Company('Peeters & Zn. "De \'s-Gravenzande"', vat="BE 0403.170.701", country="BE"),
    Company("Œuvre e\u0301 😀 ﷺ", domain="oeuvre.example", lei="724500VNNHZHYDLFMO70", number="e\u0301"),
    Company(),
)
_KEYS = tuple(
    sealed(Key(kind, scope, value))
    for kind, scope, value in (("number", "NL", "24123456"), ("vat", "BE", "BE0403170701"), ("domain", "", "o.example"))
)
KEYS = tuple(map(str, _KEYS))
"""Sealed keys of companies, as text."""


def _of(options: Any, seed: int) -> Any:
    return options[seed % len(options)]


def a_lead(id: str, seed: int = 0, email: str | None = "Info@Jansen.example") -> Lead:
    """What a lead says: every field, some of them unreadable; sparse where the seed is even."""
    text = _of(TEXTS, seed)
    if seed % 2 == 0:
        return Lead(id, _of(_COMPANIES, seed // 2), email=email, message=text, city="0123", source=text)
    return Lead(
        id,
        _of(_COMPANIES, seed // 2),
        received_at=_of(INSTANTS, seed),
        country="NL",
        postcode=_of(("3011 AB", "not a postcode \U0001f600", "01067"), seed),
        city=text,
        lat=_of((51.9244201, 0, -0.0, 89.99999999999999), seed),
        lon=_of((4.4777325, -180, 0.1 + 0.2, 1e-9), seed),
        sector="C25.6",
        product="press-500",
        language="nl-BE",
        source="e\u0301 web",
        campaign="0007",
        value=_of((Decimal("250000.10"), "0.000001", "999999999999999.99", "250.000"), seed),
        currency="EUR",
        employees=_of((0, 250, "many"), seed),
        contact_name=text,
        email=email,
        phone="+31 10 123 45 67",
        message=text * 64 if len(text) == 1_024 else text,
        attributes={"fleet": 10**18 - 1, "vip": True, "none": 0, "tags": ["b", "a", "Ž"], "null": text, "bad": b"\xff"},
    )


def a_case(lead: str, seed: int = 0, **more: Any) -> Case:
    """How a lead stands after a life of its own, with everything else that a case may hold."""
    state = life(lead, seed).state
    extra: dict[str, Any] = {
        "keys": _KEYS[: seed % 4],
        "links": LEAD_IDS[3 : 3 + seed % 3],
        "followers": ("Œuvre & Fils", "maas")[: seed % 3],
        "retry": (Retry("maas", "max_open"), Retry("delta", "active", _of(INSTANTS, seed)))[: seed % 3],
        "offer_at": _of((None, *INSTANTS), seed),
    }
    return Case(lead, AT, f"sha256:{seed:064x}", **{"state": state, **extra, **more})


def due_case(lead: str, at: datetime, **more: Any) -> Case:
    """A lead that is due at the very instant `at`."""
    return Case(lead, more.pop("received_at", AT), "sha256:plan", begun(lead, at), **more)


def a_claim(id: str, seed: int = 0, email: str | None = "Info@Jansen.example", **more: Any) -> Claimed:
    """A claim with a history."""
    steps = [
        Transition("submit", "submitted", AT, "delta", "unopposed"),
        Transition("approve", "approved", AT + MOMENT, "Zoë", "by_hand", FrozenMap({"meeting": "note-😀", "a": "b"})),
    ]
    claim = Registration(
        id,
        _of(NAMES, seed),
        _of(_COMPANIES[:3], seed),
        status=_of(("approved", "submitted", "converted"), seed),
        submitted_at=AT,
        decided_at=_of((AT + MOMENT, None), seed),
        expires_at=_of((AT + 90 * DAY, END, None), seed),
        products=_of(((), ("press", "lathe 'x'")), seed),
        email=email,
        source=_of(("dealer", "list"), seed),
        evidence={"meeting": "note-17"},
        protected_until=_of((None, AT + 91 * DAY), seed),
        history=steps[: seed % 3],
    )
    return Claimed(claim, **{"next_due": claim.expires_at, "over_since": None, **more})


def some_facts(lead: str, seed: int = 0) -> Facts:
    """Facts that a decision used, nobody's data among them; nothing where the seed is a multiple of four."""
    if seed % 4 == 0:
        return Facts()
    return Facts(
        registrations=[Registration("R9", "maas", Company(), submitted_at=AT, status="approved")],
        incumbents=[Incumbent(_KEYS[:2], "delta", since=AT - MOMENT, status=_of(("won", "open"), seed))],
        counts=[Count("delta", 3, 2, (AT - DAY, AT - MOMENT)), Count("maas")],
        ledgers={"territories": {"delta": -(10**24), "maas": 10**24, "Œuvre & Fils": 0}},
        shares={"delta": "0.25", "maas": 0, "Œuvre & Fils": "2.500000"},
        past_holders=[PastHolder(lead, "maas", "declined")],
        choices=[Chosen("C1", lead, "delta", evidence="letter-1", actor="desk", chosen_at=AT)],
    )


def a_decision(lead: str, seed: int = 0, holder: str = "delta", at: datetime = AT) -> Decided:
    """A decision with every field, and the facts that it used."""
    changes = Changes(holder, "territories", FrozenMap({"delta": 10**24, "maas": -1}), _KEYS[:2])
    decision = Decision(
        lead,
        at,
        "house" if holder == HOUSE else "assigned",
        holder,
        "territories",
        ("nl-south", "it's"),
        ("conflict", "unreadable:postcode"),
        changes if seed % 2 else Changes(),
        (Retry("maas", "active", END), Retry("Œuvre & Fils", "share")),
        (PassedOver("maas", "registrations", ("R1", "R2"), "outranked"),),
        (Owed("maas", ("R1",), "customers_choice", Decimal("0.250")),),
        ("R1",),
        "sha256:plan",
    )
    if seed % 3 == 2:
        decision = Decision(lead, at, decision.outcome, holder, "house")
    return Decided(decision, seed + 1, some_facts(lead, seed))


def a_desk(seed: int = 0) -> Desk:
    """Plans that were activated, things that are held."""
    activations = tuple(
        Activation(f"sha256:{n}", _of(INSTANTS, seed + n), "Zoë", _of(TEXTS, n)) for n in range(seed % 4)
    )
    holds = (Hold("all", AT, "p-1", 'audit "now"'), Hold("dealer:maas", AT + MOMENT, "p-2", "é"))
    return Desk(activations, holds[: seed % 3], _of(("", "00ff" * 16, "check:é"), seed))


def a_counter(seed: int = 0) -> Counter:
    """When a dealer claimed and asked; the same instant may come twice."""
    made = tuple(sorted((AT - DAY, AT - DAY, AT, *INSTANTS[: seed % 5])))
    return Counter(made[: seed % 8], (AT, AT + MOMENT)[: seed % 3])


def a_message(lead: str, what: object = "", at: datetime = AT, send_from: datetime | None = None) -> Effect:
    """A message with every field; `what` makes its key another one."""
    key = effect_key(lead, 1, "remind", what)
    detail = FrozenMap({"rule": "first_status", "e\u0301": "it's"})
    return Effect("remind", key, lead, 1, at, "delta", "inbox", "stale", at - MOMENT, send_from, ("maas",), detail)


def an_answer(key: str, about: Ref, seed: int = 0) -> Answered:
    """A first answer, of everything that JSON has."""
    inside = FrozenMap({"holder": "delta", "ok": True, "none": None, "n": 10**15, "text": _of(TEXTS, seed)})
    return Answered(key, about, "receive", f"{seed:064x}", inside)


def an_act(seed: int = 0) -> Act:
    """What a person did."""
    return Act(_of(INSTANTS, seed), "hold", "lead:L1", "Zoë", _of(TEXTS, seed))


# One world, and one change of each sort to it


def base(outbox: bool = True) -> Writes:
    """Something of every sort: the leads L1 and L2, the claim R1, and all that hangs on them."""
    one = life("L1", 4)
    sent: dict[str, Any] = {
        "messages": (a_message("L1"), a_message("L1", "sent"), a_message("L2", send_from=AT + DAY)),
        "left": (a_message("L1", "sent").key,),
        "answers": (an_answer("K1", Ref("lead", "L1")), an_answer("K2", Ref("claim", "R1"), 3)),
    }
    return Writes(
        desk=a_desk(1),
        cases=(a_case("L1", 1, state=held("L1"), retry=(Retry("maas", "share"),)), a_case("L2", 7)),
        contents=(a_lead("L1", 1), a_lead("L2", 2, "other@peeters.example")),
        claims=(a_claim("R1", 1),),
        ledgers=FrozenMap({"territories": FrozenMap({"delta": 5, "maas": -5})}),
        claimants=FrozenMap({"delta": a_counter(3)}),
        counts=FrozenMap({"delta": 2, HOUSE: 1}),
        known=(Known(Ref("lead", "L1"), KEYS[:2]), Known(Ref("claim", "R1"), KEYS[:1])),
        plans=(("sha256:p1", "sha256:q1", '{"name": "é"}'),),
        events=tuple(Logged("L1", event) for event in one.log[:3]),
        records=one.records[:2],
        decisions=(a_decision("L1", 1), a_decision("L2", 0)),
        watched=(Watched(a_decision("L2").decision, "maas"),),
        acts=(an_act(1),),
        troubles=((Ref("lead", "L2"), Trouble(1, "once")), (Ref("claim", "R1"), Trouble(3, "thrice", True))),
        **(sent if outbox else {}),
    )


def changes() -> Mapping[str, Any]:
    """For each field of `Writes`, a value that changes the world of `base` and that shows."""
    more = life("L1", 11)
    return {
        "desk": a_desk(2),
        "cases": (a_case("L1", 2, state=closed("L1", "won"), over_since=AT + MOMENT), due_case("L3", AT)),
        "contents": (a_lead("L1", 3, "new@jansen.example"),),
        "claims": (a_claim("R1", 2, over_since=AT), a_claim("R2", 0)),
        "ledgers": FrozenMap({"territories": FrozenMap({"maas": 10**24}), "nearest": FrozenMap({"delta": -1})}),
        "claimants": FrozenMap({"delta": a_counter(6), "maas": a_counter(1)}),
        "counts": FrozenMap({"delta": -1, "maas": 4}),
        "known": (Known(Ref("lead", "L1"), KEYS[1:]), Known(Ref("claim", "R1"), ())),
        "plans": (("sha256:p2", "sha256:q2", '{"name": "second"}'),),
        "events": tuple(Logged("L1", event) for event in more.log[:2]),
        "records": more.records[:2],
        "decisions": (a_decision("L1", 3, "maas", AT - DAY),),
        "watched": (Watched(a_decision("L1", 5).decision, HOUSE),),
        "acts": (an_act(2), an_act(3)),
        "messages": (a_message("L1", "new"), a_message("L1")),
        "left": (a_message("L1").key,),
        "answers": (an_answer("K3", Ref("lead", "L1"), 5),),
        "troubles": ((Ref("lead", "L1"), Trouble(5, "é", True)), (Ref("lead", "L2"), None)),
        "erase": (Ref("lead", "L1"), Ref("claim", "R1")),
        "touched": (Ref("prospect", KEYS[2]), Ref("dealer", "maas")),
    }


def refs(outbox: bool = True) -> tuple[Ref, ...]:
    """All that can be loaded of that world, and some that is not there."""
    names: dict[str, tuple[str, ...]] = {
        "lead": ("L1", "L2", "L3"),
        "content": ("L1", "L2", "L3"),
        "claim": ("R1", "R2"),
        "prospect": KEYS,
        "claimant": DEALERS,
        "ledger": ("territories", "nearest"),
        "dealer": (*DEALERS, HOUSE),
        "recent": (*DEALERS, HOUSE),
        "waiting": DEALERS,
        "plan": ("sha256:p1", "sha256:q1", "sha256:p2", "sha256:q2"),
        "trouble": ("lead:L1", "lead:L2", "claim:R1"),
        **({"answer": ("K1", "K2", "K3")} if outbox else {}),
    }
    return (DESK, *(Ref(kind, id) for kind, ids in names.items() for id in ids))
