"""`Reader`: mappings read strictly, with every fault and the way to it.

May know: keys, companies' names of fields. May not know: what is made of what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from dealerrouting.calendar import parse_instant
from dealerrouting.documents.values.names import COMPANY_FIELDS, Data
from dealerrouting.errors import Fault, LeadRefused, PlanError, did_you_mean, quoted
from dealerrouting.identity import Key
from dealerrouting.model import MAX_FIELD, readable_text

__all__ = ["Reader"]


class Reader:
    """Reads mappings strictly; every fault is noted with the dotted path to it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, place: str, what: str, cure: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(place, what, cure, (place,)))

    # Shapes

    def keys(self, data: Any, place: str, known: tuple[str, ...]) -> Data:
        """The mapping, without keys that are not known."""
        if not isinstance(data, dict):
            self.wrong(place, f"{quoted(type(data).__name__)} is not a mapping")
            return {}
        for name in [name for name in data if name not in known]:
            self.wrong(place, f"unknown key {quoted(name)}", did_you_mean(name, known))
        return {name: data[name] for name in known if name in data}

    def version(self, data: Data) -> None:
        """Only the first version is known here; without one it is meant."""
        if data.get("schema_version", 1) != 1:
            self.wrong("schema_version", f"{quoted(data['schema_version'])} is not known here", "this release reads 1")

    def mapping(self, place: str, value: Any) -> Data:
        """A mapping by text; nothing is an empty one."""
        if value is not None and not isinstance(value, dict):
            self.wrong(place, f"{quoted(type(value).__name__)} is not a mapping")
        found = value if isinstance(value, dict) else {}
        for name in [name for name in found if not isinstance(name, str)]:
            self.wrong(place, f"the key {quoted(name)} is not text")
        return {name: part for name, part in found.items() if isinstance(name, str)}

    def raw(self, data: Any, place: str) -> Data:
        """What could not be read before: text by field."""
        found = self.mapping(place, data)
        if not all(isinstance(text, str) for text in found.values()):
            self.wrong(place, "holds what is not text")
            return {}
        return found

    def company(self, data: Any, place: str) -> Data:
        """The fields of a company."""
        fields = self.keys(data, place, (*COMPANY_FIELDS, "unreadable"))
        return {**fields, "unreadable": self.raw(fields.get("unreadable"), f"{place}.unreadable")}

    def items(self, data: Any, place: str) -> list[Any]:
        """A list; nothing is an empty one."""
        if data is None:
            return []
        if not isinstance(data, list):
            self.wrong(place, f"{quoted(type(data).__name__)} is not a list")
            return []
        return data

    # Values

    def text(self, data: Data, name: str, place: str) -> str:
        """Text, empty where it is none."""
        if not isinstance(data.get(name), str):
            self.wrong(f"{place}.{name}", f"{quoted(data.get(name))} is not text")
            return ""
        return str(data[name])

    def word(self, text: Any, place: str) -> str:
        """Short text that can be stored as it stands; it may be empty."""
        if text == "" or (isinstance(text, str) and len(text) <= MAX_FIELD and readable_text(text) == text):
            return str(text)
        self.wrong(place, f"{quoted(text)} is not readable text", f"give at most {MAX_FIELD:,} characters")
        return ""

    def texts(self, data: Data, name: str, place: str) -> tuple[str, ...]:
        """A list of text."""
        items = self.items(data.get(name), f"{place}.{name}")
        if not all(isinstance(item, str) for item in items):
            self.wrong(f"{place}.{name}", "holds what is not text")
        return tuple(item for item in items if isinstance(item, str))

    def whole(self, data: Data, name: str, place: str) -> int:
        """A whole number, 0 where there is none."""
        value = data.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(f"{place}.{name}", f"{quoted(value)} is not a whole number")
            return 0
        return value

    def part(self, data: Data, name: str, place: str) -> Decimal:
        """A part of a whole, written as text."""
        text: Any = data.get(name)
        try:
            plain = isinstance(text, str) and len(text) <= MAX_FIELD and not set(text) - set("0123456789.")
            found = Decimal(text) if plain else None
        except ArithmeticError:
            found = None
        if found is None or found > 1:
            self.wrong(f"{place}.{name}", f"{quoted(text)} is not a part of a whole", 'write "0.1", from 0 to 1')
            return Decimal(0)
        return found

    def moment(self, value: Any, place: str) -> datetime | None:
        """An instant with its offset, or None where there is none."""
        found = parse_instant(value) if isinstance(value, str) else None
        if found is None and value is not None:
            self.wrong(place, f"{quoted(value)} is not an instant", "write 2027-01-01T09:00:00+01:00")
        return found

    def company_keys(self, data: Data, name: str, place: str) -> tuple[Key, ...]:
        """The keys of a company."""
        texts = self.texts(data, name, place)
        keys = {text: Key.parse(text) for text in texts}
        for text, key in keys.items():
            if key is None:
                self.wrong(f"{place}.{name}", f"{quoted(text)} is not a key")
        return tuple(key for key in keys.values() if key)

    def evidence(self, value: Any, place: str) -> Mapping[str, str]:
        """Ids of notes or documents by what they show; nothing is none."""
        return {self.word(name, place): self.word(id, place) for name, id in self.mapping(place, value).items()}

    # Nouns

    def made(self, place: str, make: Callable[[], Any]) -> list[Any]:
        """What was made, or nothing and what the core says of it."""
        try:
            return [make()]
        except (PlanError, LeadRefused) as error:
            for fault in error.faults:
                self.wrong(".".join(map(str, (place, *fault.path))), fault.what, fault.cure)
            return []
