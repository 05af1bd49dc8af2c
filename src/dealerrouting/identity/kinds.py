"""`Key`: one exact sign by which a company is known, and how a key is sealed.

May know: nothing but text. May not know: how keys are read from what people write, or what two of them say.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

__all__ = ["FORM", "HINT", "KINDS", "STRENGTHS", "Key", "findable", "is_sealed", "rank", "sealed"]

STRENGTHS: tuple[str, ...] = ("number", "lei", "vat", "domain", "name")
"""The kinds of key by which a company is found, strongest first: its number in a register, its legal entity identifier,
its VAT number, a domain of its own, its exact name at a postcode."""

FORM = "form"
"""The legal form that a name was written with: no company is found by it, but two that differ contradict each other."""

HINT = "hint"
"""A part of a name at a place: only where to look for names that are alike."""

KINDS: tuple[str, ...] = (*STRENGTHS[:-1], FORM, STRENGTHS[-1], HINT)
"""All kinds, in the order in which they are asked."""

_MOST_TEXT = 1024
_MOST_VALUE = 1200
_MOST_DOMAIN = 253
_SEAL = "~"
_SEAL_DIGITS = 32
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_EVERYWHERE = frozenset({"domain", "lei"})


@frozen(cache_hash=True)
class Key:
    """One exact key: its kind, the country it is valid in (`""` for a domain and a LEI), its normal form.

    Written `number:NL:24123456`, `vat:NL:123456782B90`, `domain:jansen.example`, `name:NL:jansenmetaal@3011AB`.
    """

    kind: str
    scope: str
    value: str

    def __str__(self) -> str:
        """The key as text, which `parse` reads back."""
        return f"{self.kind}:{self.scope}:{self.value}" if self.scope else f"{self.kind}:{self.value}"

    @staticmethod
    def parse(text: object) -> Key | None:
        """The key that `str` wrote, or None; only the form is looked at, not whether it makes sense."""
        if not isinstance(text, str) or len(text) > _MOST_TEXT + _MOST_VALUE:
            return None
        kind, _, rest = text.partition(":")
        scope, colon, value = rest.rpartition(":")
        if kind not in KINDS or bool(colon) == (kind in _EVERYWHERE):
            return None
        scoped = kind in _EVERYWHERE or (len(scope) == 2 and _UPPER.issuperset(scope))
        return Key(kind, scope, value) if scoped and _well_formed(kind, value) else None


def _well_formed(kind: str, value: str) -> bool:
    if value.startswith(_SEAL):
        return len(value) == 1 + _SEAL_DIGITS and (_DIGITS | set("abcdef")).issuperset(value[1:])
    if kind in ("name", HINT):
        name, at, place = value.rpartition("@")
        return len(value) <= _MOST_VALUE and bool(at) and name.isalnum() and place.isalnum()
    letters = _LOWER | {".", "-"} if kind == "domain" else _UPPER
    return 0 < len(value) <= _MOST_DOMAIN and (_DIGITS | letters).issuperset(value)


def findable(keys: Iterable[Key]) -> frozenset[Key]:
    """The keys by which a company is found: what a store queries by. A legal form is only compared."""
    return frozenset(key for key in keys if key.kind in STRENGTHS)


def rank(key: Key) -> tuple[int, str, str]:
    """An order of keys, the strongest kind first."""
    return KINDS.index(key.kind), key.scope, key.value


def sealed(key: Key) -> Key:
    """The key under a pseudonym, for records that must not name a company; sealing twice is sealing once.

    The value becomes `~` and 32 hexadecimal digits of BLAKE2b over the key's text. Who has a list of
    companies, or the patience to try every number, can find the company again.
    """
    if is_sealed(key):
        return key
    from hashlib import blake2b

    text = str(key).encode("utf-8", "surrogatepass")
    return Key(key.kind, key.scope, _SEAL + blake2b(text, digest_size=_SEAL_DIGITS // 2).hexdigest())


def is_sealed(key: Key) -> bool:
    """Whether the key stands under a pseudonym."""
    return key.value.startswith(_SEAL)
