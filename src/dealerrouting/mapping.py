"""A read-only mapping whose order never matters.

May know: the standard library. May not know: anything of the house.
Frozen nouns need mappings that hash, pickle and compare whatever order they were written in;
`types.MappingProxyType` does none of the three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

__all__ = ["FrozenMap"]

V = TypeVar("V")


class FrozenMap(Mapping[str, V]):
    """An immutable mapping from text to values, iterated in code-point order of its keys."""

    __slots__ = ("_items",)
    _items: dict[str, V]

    def __init__(self, items: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        pairs = items.items() if isinstance(items, Mapping) else items
        object.__setattr__(self, "_items", dict(sorted(pairs, key=lambda pair: pair[0])))

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, FrozenMap) else other)

    def __repr__(self) -> str:
        return repr(self._items)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a FrozenMap cannot be changed (tried to set {name})")

    def __reduce__(self) -> tuple[type, tuple[dict[str, V]]]:
        return type(self), (self._items,)

    def updated(self, items: Mapping[str, V]) -> FrozenMap[V]:
        """This mapping with `items` laid over it."""
        if not items:
            return self
        if not items.keys() <= self._items.keys():
            return FrozenMap({**self._items, **items})
        known: FrozenMap[V] = object.__new__(FrozenMap)
        object.__setattr__(known, "_items", {**self._items, **items})  # the same keys are in order already
        return known
