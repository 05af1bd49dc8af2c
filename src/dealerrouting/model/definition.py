"""How the parts of a plan are read: strictly, with all their faults at once.

May know: errors, time, geography, the mapping. May not know: any particular noun.
A lead is forgiven what a web form holds; a definition is not: it decides who gets what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from dealerrouting import geo
from dealerrouting.calendar import instant, is_instant
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.mapping import FrozenMap
from dealerrouting.model.lead import readable_text
from dealerrouting.tables.countries import COUNTRIES, read_country

__all__ = ["Definition"]

_MAX_ID = 100
_MAX_LIST = 10_000
_MAX_WEIGHT = Decimal(1_000_000)
_RESERVED = frozenset(";:,`\"'")


class Definition:
    """The reader of one definition: every method returns a value and notes what is wrong with it."""

    def __init__(self, kind: str, name: object) -> None:
        unnamed = name is None or (isinstance(name, str) and not name)
        self.place = kind if unnamed else f"{kind} {quoted(name)}"
        self.faults: list[Fault] = []

    def wrong(self, column: str, what: str, cure: str = "") -> None:
        """Note one fault in one column."""
        self.faults.append(Fault(f"{self.place}.{column}", what, cure, (column,)))

    def done(self) -> None:
        """Raise `PlanError` with everything that was noted."""
        if self.faults:
            raise PlanError(self.faults)

    def ident(self, column: str, value: object) -> str:
        """A name that cells, flags and files can carry."""
        text = readable_text(value) if isinstance(value, str) else None
        if text is None or len(text) > _MAX_ID or not text.isprintable() or _RESERVED & set(text):
            self.wrong(
                column,
                f"{quoted(value)} is not an id",
                f"an id is 1 to {_MAX_ID} printable characters without ; : , or quotes",
            )
            return ""
        return text

    def maybe_ident(self, column: str, value: object) -> str | None:
        """An id, or None where there is none."""
        return None if value is None else self.ident(column, value)

    def choice(self, column: str, value: object, known: Iterable[str]) -> str:
        """One of a closed list of words."""
        if not isinstance(value, str) or value not in (names := tuple(known)):
            self.wrong(column, f"unknown {column} {quoted(value)}", did_you_mean(value, known))
            return ""
        return names[names.index(value)]

    def text(self, column: str, value: object) -> str | None:
        """Free text for people."""
        if value is None:
            return None
        text = readable_text(value)
        if text is None or len(text) > 1_024:
            self.wrong(column, f"{quoted(value)} is not readable text", "give at most 1,024 characters")
        return text

    def words(self, column: str, value: object) -> tuple[str, ...]:
        """A list, or a cell separated by `;`, as sorted words; nothing where there is none."""
        if value is None or value in ("", (), []):
            return ()
        items = value.split(";") if isinstance(value, str) else value
        if not isinstance(items, Iterable) or isinstance(items, Mapping):
            self.wrong(column, f"{quoted(value)} is not a list", "separate the items with `;`")
            return ()
        words = [readable_text(item) if isinstance(item, str) else None for item in items]
        if None in words or len(words) > _MAX_LIST or any(len(w or "") > 1_024 for w in words):
            self.wrong(column, f"{quoted(value)} has an empty or unreadable item", "separate the items with one `;`")
        return tuple(sorted({word for word in words if word}))

    def countries(self, column: str, value: object) -> tuple[str, ...]:
        """ISO 3166 alpha-2 codes."""
        codes = {word: read_country(word) for word in self.words(column, value)}
        for word, code in codes.items():
            if code is None:
                self.wrong(column, f"unknown country {quoted(word)}", did_you_mean(word.upper(), COUNTRIES))
        return tuple(sorted({code for code in codes.values() if code}))

    def languages(self, column: str, value: object) -> tuple[str, ...]:
        """Two- or three-letter language codes."""
        words = self.words(column, value)
        for word in words:
            if len(word) not in (2, 3) or not word.isascii() or not word.isalpha():
                self.wrong(column, f"{quoted(word)} is not a language code", "write `nl`, `fr`, `de`")
        return tuple(sorted({word.lower() for word in words}))

    def whole(self, column: str, value: object, *, least: int = 0) -> int | None:
        """A whole number."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 10**9:
            self.wrong(column, f"{quoted(value)} is not a whole number from {least}")
            return None
        return value

    def weights(self, column: str, value: object) -> FrozenMap[Decimal]:
        """Dealers and their weights: `a:2; b:1`, a list of ids, or a mapping of ids to weights."""
        pairs = list(value.items()) if isinstance(value, Mapping) else self._pairs(column, value)
        if not pairs:
            self.wrong(column, "no dealer is named", "name at least one")
        found: dict[str, Decimal] = {}
        for name, weight in pairs:
            dealer = self.ident(column, name)
            if dealer in found:
                self.wrong(column, f"{quoted(dealer)} is named twice", "give each dealer one weight")
            found[dealer] = self._weight(column, dealer, weight)
        found.pop("", None)
        return FrozenMap(found)

    def _pairs(self, column: str, value: object) -> list[tuple[object, object]]:
        if value is None:
            return []
        items = value.split(";") if isinstance(value, str) else value
        if not isinstance(items, Iterable):
            self.wrong(column, f"{quoted(value)} is not a list of dealers", "write `a` or `a:2; b:1`")
            return []
        pairs: list[tuple[object, object]] = []
        for item in items:
            name, colon, weight = item.partition(":") if isinstance(item, str) else (item, "", "")
            pairs.append((name, weight.strip() if colon else 1))
        return pairs

    def evidence(self, column: str, value: object) -> FrozenMap[str]:
        """Ids of notes or documents by what they show: `meeting:note-17; quote:Q-3`, or a mapping."""
        pairs = list(value.items()) if isinstance(value, Mapping) else self._pairs(column, value)
        if any(note == 1 for _, note in pairs):
            self.wrong(column, "names what is shown without the id that shows it", "write `meeting:note-17`")
            return FrozenMap({})
        found: dict[str, str] = {}
        for name, note in pairs:
            shows = self.ident(column, name)
            if shows in found:
                self.wrong(column, f"{quoted(shows)} is named twice", "give each one id")
            found[shows] = self.ident(column, note)
        found.pop("", None)
        return FrozenMap(found)

    def _weight(self, column: str, dealer: str, value: object) -> Decimal:
        try:
            weight = Decimal(str(value))
        except ArithmeticError:
            weight = Decimal(0)
        if not weight.is_finite() or not 0 < weight <= _MAX_WEIGHT or -int(weight.as_tuple().exponent) > 6:
            self.wrong(
                column,
                f"the weight {quoted(value)} of {quoted(dealer)} is not a weight",
                "give a number above 0 and up to 1,000,000, with at most six decimals",
            )
            return Decimal(1)
        return weight.normalize()

    def point(self, lat: object, lon: object) -> tuple[float | None, float | None]:
        """Degrees, both or neither."""
        if lat is None and lon is None:
            return None, None
        known = isinstance(lat, (int, float)) and isinstance(lon, (int, float))
        if not known or geo.valid_point(float(lat), float(lon)) is None:  # type: ignore[arg-type]
            self.wrong(
                "lat",
                f"{quoted(lat)}, {quoted(lon)} is not a place",
                "give both: -90..90 and -180..180 degrees",
            )
            return None, None
        return float(lat) + 0.0, float(lon) + 0.0  # type: ignore[arg-type]  # minus nothing is nothing

    def moment(self, column: str, value: object) -> datetime | None:
        """An instant, in UTC."""
        if value is None:
            return None
        if not is_instant(value):
            self.wrong(column, f"{quoted(value)} is not an instant", "give an aware datetime, or text with an offset")
            return None
        return instant(value)

    def span(self, start: object, end: object, columns: tuple[str, str]) -> tuple[datetime | None, datetime | None]:
        """A half-open stretch of time: `start <= at < end`."""
        first, last = self.moment(columns[0], start), self.moment(columns[1], end)
        if first is not None and last is not None and first >= last:
            self.wrong(columns[1], f"ends at `{last}`, before it begins at `{first}`", "swap them, or mend one")
        return first, last

    def spans(self, column: str, value: Any) -> tuple[tuple[datetime, datetime], ...]:
        """Several half-open stretches of time, in order."""
        found: list[tuple[datetime, datetime]] = []
        for pair in value or ():
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                self.wrong(column, f"{quoted(pair)} is not a stretch of time", "give pairs of (from, until)")
                continue
            first, last = self.span(pair[0], pair[1], (column, column))
            if first and last:
                found.append((first, last))
        return tuple(sorted(set(found)))
