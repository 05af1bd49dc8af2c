"""One text as somebody wrote it, read as a postcode.

May know: the orders of the countries. May not know: sets, the mini-language of a cell, faults.
"""

from __future__ import annotations

from unicodedata import normalize

from dealerrouting.postcode.codes import Postcode
from dealerrouting.postcode.trees import Order, find_order

__all__ = ["DASHES", "MAX_ITEM", "fold", "parse", "read", "tokens_of"]

MAX_ITEM = 64
"""The most characters of one code, range or prefix as written."""

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""What people write for a dash."""

# Marks that nobody sees come along when a code is copied from a page or a sheet; they separate nothing.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SEPARATORS = str.maketrans(dict.fromkeys(DASHES + ".", " ") | dict.fromkeys(_INVISIBLE))


def parse(country: str | None, text: object) -> Postcode | None:
    """The postcode that somebody wrote, or None where it cannot be read for certain.

    Lower case, missing or extra spaces, dashes and dots, full-width characters, a country sign (`NL-`, `L-`)
    and a French `CEDEX 9` make no difference. Nothing is guessed: a lost zero stays lost, a code with another
    country's sign is unreadable. Never raises; None also for what is no text, is longer than 64 characters,
    or has no country of ISO 3166-1 (`GB`, not `UK`).
    """
    order = find_order(country)
    if order is None or not isinstance(text, str) or len(text) > MAX_ITEM:
        return None
    return read(order, fold(text))


def fold(text: str) -> str:
    """The text with full-width and other compatible characters as plain ones. Bound the text before."""
    return text if text.isascii() else normalize("NFKC", text)


def read(order: Order, folded: str) -> Postcode | None:
    """The postcode that a folded text means in this order, or None."""
    code = order.read(tokens_of(folded))
    return None if code is not None and "." in folded and _is_number(folded, code.text) else code


def tokens_of(folded: str) -> list[str]:
    """The runs of capital letters and digits between separators; none at all where anything else is there."""
    plain = folded.translate(_SEPARATORS)
    # Upper case only in ASCII: elsewhere it makes two letters of one, or a plain letter of a strange one.
    tokens = plain.upper().split() if plain.isascii() else []
    return tokens if "".join(tokens).isalnum() else []


def _is_number(folded: str, normal: str) -> bool:
    # `1067.0` is 01067 after a spreadsheet took it for a number, and not 10670; but `200.00` may be 200 00.
    tail = folded.strip().rpartition(".")[2]
    return ".." in folded or (tail in ("0", "00") and normal[-len(tail) - 1 : -len(tail)] not in (" ", "-"))
