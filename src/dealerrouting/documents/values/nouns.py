"""JSON's own types to leads, registrations and facts.

May know: the nouns, the strict reader. May not know: files, how they were written.
"""

from __future__ import annotations

from typing import Any

from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.values.names import LEAD_FIELDS, MOMENTS
from dealerrouting.documents.values.reader import Reader
from dealerrouting.errors import FactsError, LeadRefused, did_you_mean, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import (
    STATUSES,
    Choice,
    Company,
    Count,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Registration,
    Transition,
)

__all__ = ["REGISTRATION", "read_facts", "read_lead", "read_registration", "read_steps"]


def read_lead(data: Any) -> Lead:
    """The lead; `LeadRefused` with everything that is wrong."""
    read = Reader()
    fields = read.keys(data, "lead", ("id", "company", *LEAD_FIELDS, "attributes", "unreadable"))
    about = fields.pop("company", None)
    company: Any = about
    if isinstance(about, dict):
        company = read.company(about, "lead.company")
    own = read.mapping("lead.attributes", fields.pop("attributes", None))
    bad = read.raw(fields.pop("unreadable", None), "lead.unreadable")
    if read.faults:
        raise LeadRefused(read.faults)
    asks = Company(**company) if isinstance(company, dict) else company
    return Lead(fields.pop("id", None), company=asks, attributes=own, unreadable=bad, **fields)


# Registrations


def read_registration(data: Any) -> Registration:
    """The registration; `DocumentError` with everything that is wrong."""
    read = Reader()
    if isinstance(data, dict):
        read.version(data)
        data = {name: part for name, part in data.items() if name != "schema_version"}
    claims = _registration(read, data, "registration")
    if read.faults:
        raise DocumentError(read.faults)
    return claims[0]


REGISTRATION = ("id", "dealer", "company", "status", *MOMENTS, "products", "email", "source", "evidence", "history")
"""The fields of a registration."""


def _registration(read: Reader, row: Any, place: str) -> list[Registration]:
    row = read.keys(row, place, REGISTRATION)
    about = read.company(row.get("company", {}), f"{place}.company")
    moments: dict[str, Any] = {name: read.moment(row.get(name), f"{place}.{name}") for name in MOMENTS}
    evidence = read.mapping(f"{place}.evidence", row.get("evidence"))
    history = read_steps(read, row.get("history"), f"{place}.history")
    return read.made(
        place,
        lambda: Registration(
            row.get("id", ""),
            row.get("dealer", ""),
            Company(**about),
            status=row.get("status", "submitted"),
            products=row.get("products"),
            email=row.get("email"),
            source=row.get("source", "dealer"),
            evidence=evidence,
            history=history,
            **moments,
        ),
    )


def read_steps(read: Reader, data: Any, place: str) -> list[Transition]:
    """The steps in the life of a claim; what is none is noted."""
    return [step for at, one in enumerate(read.items(data, place)) for step in _step(read, one, f"{place}[{at}]")]


def _step(read: Reader, row: Any, place: str) -> list[Transition]:
    """One step in the life of a claim; nothing where it is none, and then that is noted."""
    row = read.keys(row, place, ("do", "status", "at", "actor", "rule", "evidence"))
    at = read.moment(row.get("at"), f"{place}.at")
    if row.get("at") is None:
        read.wrong(f"{place}.at", "is missing", "give the instant of the step")
    if row.get("status") not in STATUSES:
        cure = did_you_mean(row.get("status"), STATUSES)
        read.wrong(f"{place}.status", f"unknown status {quoted(row.get('status'))}", cure)
    words = [read.word(row.get(name, ""), f"{place}.{name}") for name in ("do", "actor", "rule")]
    evidence = FrozenMap(read.evidence(row.get("evidence"), f"{place}.evidence"))
    return [Transition(words[0], str(row.get("status")), at, words[1], words[2], evidence)] if at else []


# Facts


_TABLES = ("registrations", "incumbents", "counts", "ledgers", "shares", "past_holders", "choices")


def read_facts(data: Any) -> Facts:
    """The facts; `FactsError` with everything that is wrong."""
    read = Reader()
    data = read.keys(data, "facts", ("schema_version", *_TABLES))
    read.version(data)

    def rows(name: str) -> list[tuple[Any, str]]:
        return [(row, f"{name}[{at}]") for at, row in enumerate(read.items(data.get(name), name))]

    claims = [claim for row, at in rows("registrations") for claim in _registration(read, row, at)]
    served = [one for row, at in rows("incumbents") for one in _incumbent(read, row, at)]
    counts = [_count(read, row, at) for row, at in rows("counts")]
    past = [_past(read, row, at) for row, at in rows("past_holders")]
    chosen = [choice for row, at in rows("choices") for choice in _choice(read, row, at)]
    ledgers = read.mapping("ledgers", data.get("ledgers"))
    ledgers = {name: read.mapping(f"ledgers.{name}", credits) for name, credits in ledgers.items()}
    shares = read.mapping("shares", data.get("shares"))
    if read.faults:
        raise FactsError(read.faults)
    return Facts(claims, served, counts, ledgers, shares, past, chosen)


def _incumbent(read: Reader, row: Any, place: str) -> list[Incumbent]:
    row = read.keys(row, place, ("company", "dealer", "since", "status"))
    keys, since = read.company_keys(row, "company", place), read.moment(row.get("since"), f"{place}.since")
    dealer, status = row.get("dealer", ""), row.get("status", "open")
    return read.made(place, lambda: Incumbent(keys, dealer, since=since, status=status))  # type: ignore[arg-type]


def _count(read: Reader, row: Any, place: str) -> Count:
    row = read.keys(row, place, ("dealer", "open", "last_30_days", "assigned_at"))
    given = [read.moment(text, f"{place}.assigned_at") for text in read.items(row.get("assigned_at"), place)]
    return Count(
        read.text(row, "dealer", place),
        read.whole(row, "open", place),
        read.whole(row, "last_30_days", place),
        tuple(moment for moment in given if moment),
    )


def _past(read: Reader, row: Any, place: str) -> PastHolder:
    row = read.keys(row, place, ("lead", "dealer", "why"))
    return PastHolder(*(read.text(row, name, place) for name in ("lead", "dealer", "why")))


def _choice(read: Reader, row: Any, place: str) -> list[Choice]:
    row = read.keys(row, place, ("id", "lead", "dealer", "evidence", "actor", "chosen_at"))
    chosen: Any = read.moment(row.get("chosen_at"), f"{place}.chosen_at")
    texts: dict[str, Any] = {name: row.get(name, "") for name in ("id", "lead", "dealer", "evidence", "actor")}
    return read.made(place, lambda: Choice(**texts, chosen_at=chosen))
