"""JSON's own types to a decision.

May know: decisions, the strict reader. May not know: how a decision is reached.
What a decision of an older release does not say (`owed`, `review`) is empty.
"""

from __future__ import annotations

from typing import Any

from dealerrouting.documents.places import DocumentError
from dealerrouting.documents.values.reader import Reader
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Changes, Decision, Owed, PassedOver, Retry

__all__ = ["read_decision"]

_DECISION = (
    "schema_version", "lead", "at", "outcome", "holder", "by", "because", "flags", "passed_over", "owed", "review",
    "retry", "changes", "plan",
)  # fmt: skip


def read_decision(data: Any) -> Decision:
    """The decision; `DocumentError` with everything that is wrong."""
    read = Reader()
    data = read.keys(data, "decision", _DECISION)
    read.version(data)
    at = read.moment(data.get("at"), "at")
    words = {name: read.text(data, name, "decision") for name in ("lead", "outcome", "holder", "by", "plan")}
    lists = {name: read.texts(data, name, "decision") for name in ("because", "flags", "review")}
    changes = _changes(read, data.get("changes"))
    retry = tuple(_retry(read, row) for row in read.items(data.get("retry"), "retry"))
    passed = tuple(_passed(read, row) for row in read.items(data.get("passed_over"), "passed_over"))
    owed = tuple(_owed(read, row) for row in read.items(data.get("owed"), "owed"))
    if at is None and not read.faults:
        read.wrong("at", "is missing")
    if read.faults or at is None:
        raise DocumentError(read.faults)
    told: dict[str, Any] = {**words, **lists}
    return Decision(at=at, changes=changes, retry=retry, passed_over=passed, owed=owed, **told)


def _changes(read: Reader, data: Any) -> Changes:
    data = read.keys(data or {}, "changes", ("opened", "ledger", "credits", "incumbent"))
    credits = read.mapping("changes.credits", data.get("credits"))
    names = [data.get(name) for name in ("opened", "ledger")]
    if not all(name is None or isinstance(name, str) for name in names):
        read.wrong("changes", "`opened` and `ledger` are ids")
    numbers = {name: read.whole(credits, name, "changes.credits") for name in credits}
    return Changes(names[0], names[1], FrozenMap(numbers), read.company_keys(data, "incumbent", "changes"))


def _retry(read: Reader, row: Any) -> Retry:
    row = read.keys(row, "retry", ("dealer", "condition", "at"))
    dealer, condition = read.text(row, "dealer", "retry"), read.text(row, "condition", "retry")
    return Retry(dealer, condition, read.moment(row.get("at"), "retry.at"))


def _passed(read: Reader, row: Any) -> PassedOver:
    row = read.keys(row, "passed_over", ("dealer", "by", "because", "reason"))
    dealer, by, reason = (read.text(row, name, "passed_over") for name in ("dealer", "by", "reason"))
    return PassedOver(dealer, by, read.texts(row, "because", "passed_over"), reason)


def _owed(read: Reader, row: Any) -> Owed:
    row = read.keys(row, "owed", ("dealer", "because", "rule", "credit"))
    dealer, rule = (read.text(row, name, "owed") for name in ("dealer", "rule"))
    return Owed(dealer, read.texts(row, "because", "owed"), rule, read.part(row, "credit", "owed"))
