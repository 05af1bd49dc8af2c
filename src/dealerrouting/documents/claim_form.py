"""`read_registration`: what a dealer sends in as a claim, or everything that keeps it from being one.

May know: registrations and their refusals, companies, steps. May not know: terms, what stands, clocks, files.

Nothing that a dealer says raises. A field is called as `submit` calls it (`company.vat`), however it was sent, and no
reason shows what stood in it. Every field has a bound, and is looked at only within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from dealerrouting.calendar import instant, is_instant, parse_instant
from dealerrouting.documents.fact_rows import TABLES
from dealerrouting.documents.histories import read_history
from dealerrouting.documents.nouns import COMPANY
from dealerrouting.documents.values.names import COMPANY_FIELDS, MOMENTS, Data
from dealerrouting.documents.values.nouns import REGISTRATION, read_steps
from dealerrouting.documents.values.reader import Reader
from dealerrouting.errors import LeadRefused, PlanError, did_you_mean, quoted
from dealerrouting.model import MAX_FIELD, MAX_MESSAGE, Company, Registration, Transition
from dealerrouting.registrations import Reason, Refusal

__all__ = ["read_registration"]

_FLAT = ("schema_version", *TABLES["registrations"][0])
_NESTED = ("schema_version", *REGISTRATION)
_MOST = 10_000  # items of a list, and so steps of a history
_MOST_DEEP = 4  # a history is a list of steps, each with its evidence
_MOST_INT = 10**18
_MOST_TOLD = 20  # keys that are not known
_MEND = "mend it, or leave it out"


def read_registration(data: object, *, at: datetime) -> Registration | Refusal:
    """A claim as it was sent in: a mapping of the columns of `registrations.csv`, or nested as `to_data` writes it.

    What is blank counts as absent; without `submitted_at` the claim was made `at`, the server's instant. Where it
    cannot be a claim: a `Refusal` with the rule `unreadable` for every field that cannot be read, or that is not known.
    It says nothing of whether the claim is taken in: give it to `submit`. `TypeError` where `at` is no aware datetime.
    """
    form = _Form(instant(at))
    row = form.fields(data)
    claim = form.claim(row)
    if claim is not None and not form.reasons:
        return claim
    ident = "" if form.told("id") else form.text(row, "id")
    return Refusal(ident, "submit", form.at, tuple(form.reasons))


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def _fits(value: object, deep: int = _MOST_DEEP) -> bool:
    """Whether a value, with all that is in it, is of the types that JSON has, and within bounds."""
    match value:
        case None | bool() | float():
            return True
        case str():
            return len(value) <= MAX_FIELD
        case int():
            return abs(value) < _MOST_INT
        case Mapping():
            inside = [*value, *value.values()] if deep and len(value) <= _MOST else [...]
        case list() | tuple():
            inside = list(value) if deep and len(value) <= _MOST else [...]
        case _:
            return False
    return all(_fits(part, deep - 1) for part in inside)


@define
class _Form:
    """One claim being read: notes what is wrong with each field, once."""

    at: datetime
    reasons: list[Reason] = field(factory=list)

    def wrong(self, name: str, cure: str) -> None:
        """Note that one field cannot be read."""
        if not name or name not in {reason.field for reason in self.reasons}:
            self.reasons.append(Reason("unreadable", name, cure))

    # Fields

    def fields(self, data: object) -> Data:
        """The fields that say something."""
        if not isinstance(data, Mapping) or len(data) > _MOST:
            self.wrong("", "send a mapping of fields")
            return {}
        row = {name: value for name, value in data.items() if not _blank(value)}
        if row.get("schema_version", 1) != 1:
            self.wrong("schema_version", "this release reads 1")
        return self.known(row, _NESTED if isinstance(row.get("company"), Mapping) else _FLAT)

    def known(self, row: Mapping[Any, Any], names: tuple[str, ...]) -> Data:
        """The fields with these names. Another may be one of them with a slip of the pen: it is told."""
        for name in [name for name in row if name not in names][:_MOST_TOLD]:
            key = name[:MAX_FIELD] if isinstance(name, str) else ""
            self.wrong("", f"{quoted(key)} is not known; {did_you_mean(key, names)}")
        return {name: row[name] for name in names if name in row}

    def text(self, row: Data, name: str, default: str = "") -> str:
        """A short text; the empty one where it is none, and of that the claim complains."""
        value = row.get(name, default)
        return value if isinstance(value, str) and len(value) <= MAX_FIELD else ""

    def within(self, row: Data, name: str, kinds: tuple[type, ...], cure: str) -> Any:
        """A value of one of these types and within bounds, or None."""
        value = row.get(name)
        if value is None or (isinstance(value, kinds) and _fits(value)):
            return value
        self.wrong(name, cure)
        return None

    def moment(self, row: Data, name: str) -> datetime | None:
        """An instant with its offset."""
        value = row.get(name)
        if value is None or is_instant(value):
            return value
        found = parse_instant(value) if isinstance(value, str) and len(value) <= MAX_FIELD else None
        if found is None:
            self.wrong(name, "write 2027-01-01T09:00:00+01:00")
        return found

    # Parts

    def company(self, row: Data) -> Company:
        """Whom the claim is on, read as far as it can be."""
        given = self.about(row)
        for name, value in given.items():
            if not isinstance(value, (str, int, float)) or not _fits(value):
                self.wrong(f"company.{name}", f"write at most {MAX_FIELD:,} characters")
        company = Company(**{name: value for name, value in given.items() if not self.told(f"company.{name}")})
        for name in sorted(company.unreadable):
            self.wrong(f"company.{name}", "write its two-letter code" if name == "country" else _MEND)
        return company

    def about(self, row: Data) -> Data:
        """The fields of the company, from its own mapping or from the claim's columns."""
        given = row.get("company")
        if not isinstance(given, Mapping):
            return {name: row[column] for column, name in COMPANY.items() if column in row}
        if len(given) > _MOST:
            self.wrong("company", "send a mapping of fields")
            return {}
        fields = self.known(given, (*COMPANY_FIELDS, "unreadable"))
        before = fields.pop("unreadable", None)  # what could not be read when it was first made, cannot be read now
        for name in COMPANY_FIELDS if isinstance(before, Mapping) else ():
            if name in before and _blank(fields.get(name)):
                self.wrong(f"company.{name}", _MEND)
        return {name: value for name, value in fields.items() if not _blank(value)}

    def told(self, name: str) -> bool:
        """Whether this field was complained of."""
        return any(reason.field == name for reason in self.reasons)

    def history(self, row: Data) -> tuple[Transition, ...]:
        """The steps of a claim, as a cell or as `to_data` writes them."""
        given = row.get("history")
        if isinstance(given, str) and len(given) <= MAX_MESSAGE:
            return read_history(given, None, lambda _, cure: self.wrong("history", cure))
        steps = self.within(row, "history", (list, tuple), "a new claim has none")
        read = Reader()
        found = read_steps(read, list(steps or ()), "history")
        for fault in read.faults:
            self.wrong("history", fault.cure or _MEND)
        return tuple(found)

    def claim(self, row: Data) -> Registration | None:
        """The claim, or None; everything that is wrong is noted."""
        company, history = self.company(row), self.history(row)
        moments: dict[str, Any] = {name: self.moment(row, name) for name in MOMENTS}
        moments["submitted_at"] = moments["submitted_at"] or self.at
        try:
            return Registration(
                self.text(row, "id"),
                self.text(row, "dealer"),
                company,
                status=self.text(row, "status", "submitted"),
                products=self.within(row, "products", (str, list, tuple), "separate the items with `;`"),
                email=self.within(row, "email", (str,), f"write at most {MAX_FIELD:,} characters"),
                source=self.text(row, "source", "dealer"),
                evidence=self.within(row, "evidence", (str, list, tuple, Mapping), "write meeting:note-17"),
                history=history,
                **moments,
            )
        except (PlanError, LeadRefused) as error:
            for fault in error.faults:
                self.wrong(str(fault.path[-1]) if fault.path else "", fault.cure or _MEND)
            return None
