"""What all terms have in common: they check themselves, and can be written down.

May know: lengths of time, errors. May not know: what any term is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from attrs import Attribute, fields

from dealerrouting.calendar import Business, BusinessDays, Elapsed, Length
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted

__all__ = ["Agreed", "length_data", "words"]

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def length_data(length: Length) -> dict[str, Any]:
    """A length of time as a plan file writes it: `{"elapsed": "48h"}`, `{"business_days": 5}`."""
    if isinstance(length, BusinessDays):
        return {"business_days": length.days}
    # Open time is never written in days, for a day of it has no fixed length; and people say 48 hours.
    units = _UNITS[1:] if isinstance(length, Business) or length.seconds <= 72 * 3_600 else _UNITS
    unit, seconds = next((u, n) for u, n in units if length.seconds % n == 0)
    return {"business" if isinstance(length, Business) else "elapsed": f"{length.seconds // seconds}{unit}"}


def words(value: Any) -> Any:
    """One word or several, as a tuple; anything else stays, to be refused."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Iterable) else value


def _said(value: Any) -> Any:
    """A term as a plan file writes it."""
    if isinstance(value, Agreed):
        return value.data()
    if isinstance(value, (Elapsed, Business, BusinessDays)):
        return length_data(value)
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


class Agreed:
    """What both kinds of terms have in common: they check themselves, and can be written down."""

    _place = "terms"

    def __attrs_post_init__(self) -> None:
        found = list(self._faults())
        if found:
            raise PlanError(found)

    def _faults(self) -> Iterator[Fault]:
        raise NotImplementedError

    def _columns(self) -> tuple[Attribute[Any], ...]:
        kind: Any = type(self)
        return tuple(column for column in fields(kind) if column.init)

    def _fault(self, name: str, what: str, cure: str = "") -> Fault:
        return Fault(f"{self._place}.{name}", what, cure, (*self._place.split("."), name))

    def _lengths(self, *names: str, real: bool = False) -> Iterator[Fault]:
        """A length of time has a type of its own, so that nobody has to guess the unit."""
        types = (Elapsed,) if real else (Elapsed, Business, BusinessDays)
        for name in names:
            value = getattr(self, name)
            optional = next(a for a in self._columns() if a.name == name).default is None
            if not isinstance(value, types) and not (optional and value is None):
                cure = "write Elapsed(hours=48)" + ("" if real else ", Business(hours=16) or BusinessDays(5)")
                yield self._fault(name, f"{quoted(value)} is not a length of {'real ' if real else ''}time", cure)

    def _ordered(self, first: str, second: str) -> Iterator[Fault]:
        a, b = getattr(self, first), getattr(self, second)
        if type(a) is type(b) and isinstance(a, (Elapsed, Business, BusinessDays)) and not a < b:
            yield self._fault(second, f"is not longer than `{first}`", f"make `{first}` the shorter one")

    def _whole(self, name: str, least: int, what: str, most: int = 100) -> Iterator[Fault]:
        value = getattr(self, name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield self._fault(name, f"{quoted(value)} is not {what}", f"give a whole number from {least} to {most:,}")

    def _words_of(self, name: str, known: Iterable[str], *, empty: bool = False) -> Iterator[Fault]:
        words = getattr(self, name)
        if not isinstance(words, tuple) or not (words or empty):
            what = "is empty" if words == () else f"{quoted(words)} is not a list of words"
            yield self._fault(name, what, "name at least one of " + ", ".join(known))
            return
        for word in words:
            if word not in known:
                yield self._fault(name, f"unknown word {quoted(word)}", did_you_mean(word, known))

    def data(self) -> dict[str, Any]:
        """The terms as a plan file writes them, in JSON's own types."""
        named = {a.name: getattr(self, a.name) for a in self._columns()}
        return {name: _said(value) for name, value in named.items() if value is not None}

    def lengths(self) -> Iterator[Length]:
        """Every length of time that a deadline of a lead hangs on."""
        for column in self._columns():
            value = getattr(self, column.name)
            if isinstance(value, Agreed):
                yield from value.lengths()
            elif isinstance(value, (Elapsed, Business, BusinessDays)):
                yield value
