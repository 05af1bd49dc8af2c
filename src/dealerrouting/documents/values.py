"""Values to JSON's own types and back: leads, facts, decisions, plans, events, states.

May know: the nouns, decisions, facts, plans, events, states. May not know: files.
Amounts and shares are text, because a float would change them; instants are ISO 8601 in UTC. There and
back gives an equal value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from dealerrouting.calendar import parse_instant
from dealerrouting.documents.events import event_data, read_event
from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.plans import plan_from_data
from dealerrouting.documents.states import effect_data, read_effect, read_state, state_data
from dealerrouting.errors import FactsError, Fault, LeadRefused, PlanError, did_you_mean, quoted
from dealerrouting.events import EVENTS, Event, Tick
from dealerrouting.identity import Key
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import (
    Changes,
    Company,
    Count,
    Decision,
    Facts,
    Incumbent,
    Lead,
    PassedOver,
    PastHolder,
    Registration,
    Retry,
)
from dealerrouting.rules import Explanation, Plan
from dealerrouting.rules.canonical import plan_data
from dealerrouting.sla import Effect, SlaState

__all__ = ["KINDS", "LEAD_FIELDS", "explanation_data", "from_data", "to_data"]

Data = dict[str, Any]

LEAD_FIELDS = (
    "received_at",
    "country",
    "postcode",
    "city",
    "lat",
    "lon",
    "sector",
    "product",
    "language",
    "source",
    "campaign",
    "value",
    "currency",
    "employees",
    "contact_name",
    "email",
    "phone",
    "message",
)
"""The fields of a lead besides its id, its company and the caller's own."""
_COMPANY_FIELDS = ("name", "number", "vat", "domain", "country", "postcode", "city")


# To JSON


def _plain(value: Any) -> Any:
    """A value in JSON's own types."""
    match value:
        case datetime():
            return value.isoformat()
        case Decimal() | Key():
            return str(value)
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
    return value


def _said(**fields: Any) -> Data:
    """The fields that say something, in the order given."""
    return {name: _plain(value) for name, value in fields.items() if value is not None and value not in ((), {})}


def _company_data(company: Company) -> Data:
    return _said(**{name: getattr(company, name) for name in _COMPANY_FIELDS}, unreadable=dict(company.unreadable))


def _lead_data(lead: Lead) -> Data:
    fields = {name: getattr(lead, name) for name in LEAD_FIELDS}
    if lead.value is not None:
        fields["value"] = _amount(lead.value)
    own = {"attributes": dict(lead.attributes), "unreadable": dict(lead.unreadable)}
    return _said(id=lead.id, company=_company_data(lead.company), **fields, **own)


def _amount(value: Decimal) -> str:
    """An amount as text that is read back as it was: three decimals alone may be thousands."""
    text = f"{value:f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def _registration_data(claim: Registration) -> Data:
    return _said(
        id=claim.id,
        dealer=claim.dealer,
        company=_company_data(claim.company),
        status=claim.status,
        submitted_at=claim.submitted_at,
        decided_at=claim.decided_at,
        expires_at=claim.expires_at,
        products=claim.products,
        email=claim.email,
    )


def _facts_data(facts: Facts) -> Data:
    return {
        "schema_version": 1,
        "registrations": [_registration_data(claim) for claim in facts.registrations],
        "incumbents": [
            {"company": _plain(i.company), "dealer": i.dealer, "since": _plain(i.since), "status": i.status}
            for i in facts.incumbents
        ],
        "counts": [
            {"dealer": c.dealer, "open": c.open, "last_30_days": c.last_30_days, "assigned_at": _plain(c.assigned_at)}
            for c in facts.counts.values()
        ],
        "ledgers": _plain(facts.ledgers),
        "shares": _plain(facts.shares),
        "past_holders": [{"lead": p.lead, "dealer": p.dealer, "why": p.why} for p in facts.past_holders],
    }


def _decision_data(decision: Decision) -> Data:
    changes = decision.changes
    return {
        "schema_version": 1,
        "lead": decision.lead,
        "at": _plain(decision.at),
        "outcome": decision.outcome,
        "holder": decision.holder,
        "by": decision.by,
        "because": list(decision.because),
        "flags": list(decision.flags),
        "passed_over": [
            {"dealer": p.dealer, "by": p.by, "because": list(p.because), "reason": p.reason}
            for p in decision.passed_over
        ],
        "retry": [{"dealer": r.dealer, "condition": r.condition, "at": _plain(r.at)} for r in decision.retry] or None,
        "changes": {
            "opened": changes.opened,
            "ledger": changes.ledger,
            "credits": dict(changes.credits),
            "incumbent": _plain(changes.incumbent),
        },
        "plan": decision.plan,
    }


def explanation_data(why: Explanation) -> Data:
    """The full why in JSON's own types; the decision as `to_data` gives it."""
    return {
        "schema_version": 1,
        "decision": _decision_data(why.decision),
        "rungs": [
            {
                "rung": report.rung,
                "verdict": report.verdict,
                "considered": [
                    {"dealer": c.dealer, "source": c.source, "reason": c.reason, "detail": list(c.detail)}
                    for c in report.considered
                ],
                "missed": [
                    {"source": m.source, "dealers": list(m.dealers), "reason": m.reason, "detail": list(m.detail)}
                    for m in report.missed
                ],
                "found_by": {source: sorted({key.kind for key in keys}) for source, keys in report.agreed},
            }
            for report in why.rungs
        ],
        "unreadable": list(why.unreadable),
        "absent": list(why.absent),
    }


def to_data(value: Plan | Lead | Facts | Decision | Event | Tick | SlaState | Effect) -> Data:
    """The value in JSON's own types; `from_data` makes an equal one of it.

    A plan's custom functions are written by name. `TypeError` for anything else.
    """
    match value:
        case Plan():
            return plan_data(value)
        case Lead():
            return _lead_data(value)
        case Facts():
            return _facts_data(value)
        case Decision():
            return _decision_data(value)
        case Event() | Tick() if type(value) in (Tick, *EVENTS.values()):
            return event_data(value)
        case SlaState():
            return state_data(value)
        case Effect():
            return effect_data(value)
    raise TypeError(f"{quoted(value)} is not a plan, lead, facts, decision, event, state or effect")


# And back


class _Reader:
    """Reads mappings strictly; every fault is noted with the dotted path to it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, place: str, what: str, cure: str = "") -> None:
        self.faults.append(Fault(place, what, cure, (place,)))

    def keys(self, data: Any, place: str, known: tuple[str, ...]) -> Data:
        """The mapping, without keys that are not known."""
        if not isinstance(data, dict):
            self.wrong(place, f"{quoted(type(data).__name__)} is not a mapping")
            return {}
        for name in [name for name in data if name not in known]:
            self.wrong(place, f"unknown key {quoted(name)}", did_you_mean(name, known))
        return {name: data[name] for name in known if name in data}

    def raw(self, data: Any, place: str) -> Data:
        """What could not be read before: text by field."""
        found = _mapping(self, place, data)
        if not all(isinstance(text, str) for text in found.values()):
            self.wrong(place, "holds what is not text")
            return {}
        return found

    def company(self, data: Any, place: str) -> Data:
        fields = self.keys(data, place, (*_COMPANY_FIELDS, "unreadable"))
        return {**fields, "unreadable": self.raw(fields.get("unreadable"), f"{place}.unreadable")}

    def list(self, data: Any, place: str) -> list[Any]:
        if data is None:
            return []
        if not isinstance(data, list):
            self.wrong(place, f"{quoted(type(data).__name__)} is not a list")
            return []
        return data

    def text(self, data: Data, name: str, place: str) -> str:
        if not isinstance(data.get(name), str):
            self.wrong(f"{place}.{name}", f"{quoted(data.get(name))} is not text")
            return ""
        return str(data[name])

    def texts(self, data: Data, name: str, place: str) -> tuple[str, ...]:
        items = self.list(data.get(name), f"{place}.{name}")
        if not all(isinstance(item, str) for item in items):
            self.wrong(f"{place}.{name}", "holds what is not text")
        return tuple(item for item in items if isinstance(item, str))

    def whole(self, data: Data, name: str, place: str) -> int:
        value = data.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(f"{place}.{name}", f"{quoted(value)} is not a whole number")
            return 0
        return value

    def moment(self, value: Any, place: str) -> datetime | None:
        found = parse_instant(value) if isinstance(value, str) else None
        if found is None and value is not None:
            self.wrong(place, f"{quoted(value)} is not an instant", "write 2027-01-01T09:00:00+01:00")
        return found

    def company_keys(self, data: Data, name: str, place: str) -> tuple[Key, ...]:
        texts = self.texts(data, name, place)
        keys = {text: Key.parse(text) for text in texts}
        for text, key in keys.items():
            if key is None:
                self.wrong(f"{place}.{name}", f"{quoted(text)} is not a key")
        return tuple(key for key in keys.values() if key)


def _lead(data: Any) -> Lead:
    read = _Reader()
    fields = read.keys(data, "lead", ("id", "company", *LEAD_FIELDS, "attributes", "unreadable"))
    about = fields.pop("company", None)
    company: Any = about
    if isinstance(about, dict):
        company = read.company(about, "lead.company")
    own = _mapping(read, "lead.attributes", fields.pop("attributes", None))
    bad = read.raw(fields.pop("unreadable", None), "lead.unreadable")
    if read.faults:
        raise LeadRefused(read.faults)
    asks = Company(**company) if isinstance(company, dict) else company
    return Lead(fields.pop("id", None), company=asks, attributes=own, unreadable=bad, **fields)


def _made(read: _Reader, place: str, make: Callable[[], Any]) -> list[Any]:
    """What was made, or nothing and what the core says of it."""
    try:
        return [make()]
    except (PlanError, LeadRefused) as error:
        for fault in error.faults:
            read.wrong(".".join(map(str, (place, *fault.path))), fault.what, fault.cure)
        return []


def _registration(read: _Reader, row: Any, place: str) -> list[Registration]:
    known = (
        "id", "dealer", "company", "status", "submitted_at", "decided_at", "expires_at", "products", "email",
    )  # fmt: skip
    row = read.keys(row, place, known)
    about = read.company(row.get("company", {}), f"{place}.company")
    moments: dict[str, Any] = {
        n: read.moment(row.get(n), f"{place}.{n}") for n in ("submitted_at", "decided_at", "expires_at")
    }
    return _made(
        read,
        place,
        lambda: Registration(
            row.get("id", ""),
            row.get("dealer", ""),
            Company(**about),
            status=row.get("status", "submitted"),
            products=row.get("products"),
            email=row.get("email"),
            **moments,
        ),
    )


def _incumbent(read: _Reader, row: Any, place: str) -> list[Incumbent]:
    row = read.keys(row, place, ("company", "dealer", "since", "status"))
    keys, since = read.company_keys(row, "company", place), read.moment(row.get("since"), f"{place}.since")
    dealer, status = row.get("dealer", ""), row.get("status", "open")
    return _made(read, place, lambda: Incumbent(keys, dealer, since=since, status=status))  # type: ignore[arg-type]


def _count(read: _Reader, row: Any, place: str) -> Count:
    row = read.keys(row, place, ("dealer", "open", "last_30_days", "assigned_at"))
    given = [read.moment(text, f"{place}.assigned_at") for text in read.list(row.get("assigned_at"), place)]
    return Count(
        read.text(row, "dealer", place),
        read.whole(row, "open", place),
        read.whole(row, "last_30_days", place),
        tuple(moment for moment in given if moment),
    )


def _past(read: _Reader, row: Any, place: str) -> PastHolder:
    row = read.keys(row, place, ("lead", "dealer", "why"))
    return PastHolder(*(read.text(row, name, place) for name in ("lead", "dealer", "why")))


def _facts(data: Any) -> Facts:
    read = _Reader()
    tables = ("registrations", "incumbents", "counts", "ledgers", "shares", "past_holders")
    data = read.keys(data, "facts", ("schema_version", *tables))
    _version(read, data)

    def rows(name: str) -> list[tuple[Any, str]]:
        return [(row, f"{name}[{at}]") for at, row in enumerate(read.list(data.get(name), name))]

    claims = [claim for row, at in rows("registrations") for claim in _registration(read, row, at)]
    served = [one for row, at in rows("incumbents") for one in _incumbent(read, row, at)]
    counts = [_count(read, row, at) for row, at in rows("counts")]
    past = [_past(read, row, at) for row, at in rows("past_holders")]
    ledgers = {
        name: _mapping(read, f"ledgers.{name}", c) for name, c in _mapping(read, "ledgers", data.get("ledgers")).items()
    }
    shares = _mapping(read, "shares", data.get("shares"))
    if read.faults:
        raise FactsError(read.faults)
    return Facts(claims, served, counts, ledgers, shares, past)


def _mapping(read: _Reader, place: str, value: Any) -> Data:
    if value is not None and not isinstance(value, dict):
        read.wrong(place, f"{quoted(type(value).__name__)} is not a mapping")
    found = value if isinstance(value, dict) else {}
    for name in [name for name in found if not isinstance(name, str)]:
        read.wrong(place, f"the key {quoted(name)} is not text")
    return {name: part for name, part in found.items() if isinstance(name, str)}


def _version(read: _Reader, data: Data) -> None:
    if data.get("schema_version", 1) != 1:
        read.wrong("schema_version", f"{quoted(data['schema_version'])} is not known here", "this release reads 1")


_DECISION = (
    "schema_version", "lead", "at", "outcome", "holder", "by", "because", "flags", "passed_over", "retry", "changes",
    "plan",
)  # fmt: skip


def _changes(read: _Reader, data: Any) -> Changes:
    data = read.keys(data or {}, "changes", ("opened", "ledger", "credits", "incumbent"))
    credits = _mapping(read, "changes.credits", data.get("credits"))
    names = [data.get(name) for name in ("opened", "ledger")]
    if not all(name is None or isinstance(name, str) for name in names):
        read.wrong("changes", "`opened` and `ledger` are ids")
    numbers = {name: read.whole(credits, name, "changes.credits") for name in credits}
    return Changes(names[0], names[1], FrozenMap(numbers), read.company_keys(data, "incumbent", "changes"))


def _retry(read: _Reader, row: Any) -> Retry:
    row = read.keys(row, "retry", ("dealer", "condition", "at"))
    dealer, condition = read.text(row, "dealer", "retry"), read.text(row, "condition", "retry")
    return Retry(dealer, condition, read.moment(row.get("at"), "retry.at"))


def _passed(read: _Reader, row: Any) -> PassedOver:
    row = read.keys(row, "passed_over", ("dealer", "by", "because", "reason"))
    dealer, by, reason = (read.text(row, name, "passed_over") for name in ("dealer", "by", "reason"))
    return PassedOver(dealer, by, read.texts(row, "because", "passed_over"), reason)


def _decision(data: Any) -> Decision:
    read = _Reader()
    data = read.keys(data, "decision", _DECISION)
    _version(read, data)
    at = read.moment(data.get("at"), "at")
    words = {name: read.text(data, name, "decision") for name in ("lead", "outcome", "holder", "by", "plan")}
    lists = {name: read.texts(data, name, "decision") for name in ("because", "flags")}
    changes = _changes(read, data.get("changes"))
    retry = tuple(_retry(read, row) for row in read.list(data.get("retry"), "retry"))
    passed = tuple(_passed(read, row) for row in read.list(data.get("passed_over"), "passed_over"))
    if at is None and not read.faults:
        read.wrong("at", "is missing")
    if read.faults or at is None:
        raise DocumentError(read.faults)
    return Decision(at=at, changes=changes, retry=retry, passed_over=passed, **words, **lists)  # type: ignore[arg-type]


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "plan": plan_from_data,
    "lead": _lead,
    "facts": _facts,
    "decision": _decision,
    "event": read_event,
    "state": read_state,
    "effect": read_effect,
}
"""What can be made of data, by name."""


def from_data(kind: str, data: Any) -> Any:
    """The `plan`, `lead`, `facts`, `decision`, `event`, `state` or `effect` of which `to_data` gave `data`.

    `PlanError`, `LeadRefused`, `FactsError`, `DocumentError` or `EventError` with all faults; `ValueError` for
    another kind. A plan with custom functions is loaded by `load_plan`, which takes them.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")
    return KINDS[kind](data)
