"""`Claims`: the key index, by which a company is found among many records at the cost of one look-up a key.

May know: keys, and what a match is. May not know: what the records are; they have an id and an identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from dealerrouting.identity.kinds import FORM, Key
from dealerrouting.identity.matching import Identity

__all__ = ["Claims"]

T = TypeVar("T")


class Claims(Generic[T]):
    """Records by their keys, and by the hints where names that are alike are to be looked for.

    The keys are the ones that a store keeps beside a record and queries by, as text. `ident` says by which id a record
    is known: one of the same id takes the place of the other. `identify` says what its company is known by. With
    `hints`, look-alikes can be found too; they take more room than everything else. Whoever makes it owns it: what
    is handed out as a value must not be changed any more.
    """

    __slots__ = ("_found", "_hints", "_ident", "_identify", "_records")

    def __init__(
        self,
        records: Iterable[T] = (),
        *,
        ident: Callable[[T], str],
        identify: Callable[[T], Identity | frozenset[Key]],
        hints: bool = False,
    ) -> None:
        self._ident, self._identify, self._hints = ident, identify, hints
        self._records: dict[str, T] = {}
        self._found: dict[Key, str | dict[str, None]] = {}  # nearly every key is of one record, which needs no room
        for record in records:
            self.add(record)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        """The records, in no order that means anything."""
        return iter(self._records.values())

    def __contains__(self, ident: object) -> bool:
        """Whether there is a record of this id."""
        return ident in self._records

    def get(self, ident: str) -> T | None:
        """The record of this id, if there is one."""
        return self._records.get(ident)

    def add(self, record: T) -> None:
        """Take a record in, in place of the one of the same id."""
        ident = self._ident(record)
        self.discard(ident)
        self._records[ident] = record
        for key in self._keys(record):
            known = self._found.setdefault(key, ident)
            if isinstance(known, dict):
                known[ident] = None
            elif known != ident:
                self._found[key] = {known: None, ident: None}

    def discard(self, ident: str) -> None:
        """Take the record of this id out, if there is one."""
        if ident not in self._records:
            return
        for key in self._keys(self._records.pop(ident)):
            known = self._found[key]
            if isinstance(known, dict) and len(known) > 1:
                del known[ident]
            else:
                del self._found[key]

    def find(self, keys: Iterable[Key]) -> Iterator[T]:
        """The records that share a key, each once, in order of their ids."""
        found: set[str] = set()
        for key in keys:
            known = self._found.get(key, ())
            found.update((known,) if isinstance(known, str) else known)
        return (self._records[ident] for ident in sorted(found))

    def at(self, key: Key) -> Iterator[T]:
        """The records that have this key, one by one as they came in: for who needs only a few of them."""
        known = self._found.get(key, ())
        return (self._records[ident] for ident in ((known,) if isinstance(known, str) else known))

    def _keys(self, record: T) -> Iterator[Key]:
        known = self._identify(record)
        keys = known.keys if isinstance(known, Identity) else known
        yield from (key for key in keys if key.kind != FORM)
        if self._hints and isinstance(known, Identity):
            yield from known.hints
