"""Plain words of a document as values: the same whatever the format they stand in.

May know: the standard library. May not know: files, plans.
Numbers are numbers only where there is no doubt: `01067` has a leading zero that means something,
`12:30` and `NO` are text. What a float cannot hold exactly stays a Decimal.
"""

from __future__ import annotations

from decimal import Decimal

__all__ = ["MOST_DIGITS", "number", "plain"]

MOST_DIGITS = 40


def number(text: str) -> int | float | Decimal | None:
    """A number in JSON's own notation, or None where the text is not one; `ValueError` beyond the bounds."""
    digits = text[1:] if text.startswith("-") else text
    if not digits[:1].isdigit() or not digits.isascii():
        return None
    whole, dot, rest = digits.partition(".")
    if not dot:
        return _whole(text, digits)
    fraction, mark, power = _split(rest)
    if not whole.isdigit() or _zero_led(whole) or not fraction.isdigit():
        return None
    if mark and not (power[1:] if power[:1] in ("+", "-") else power).isdigit():
        return None
    return _broken(text)


def _zero_led(whole: str) -> bool:
    return len(whole) > 1 and whole[0] == "0"


def _split(rest: str) -> tuple[str, str, str]:
    for mark in ("e", "E"):
        if mark in rest:
            return rest.partition(mark)
    return rest, "", ""


def _whole(text: str, digits: str) -> int | None:
    if not digits.isdigit() or _zero_led(digits):
        return None
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number of more than 40 digits")
    return int(text)


def _broken(text: str) -> float | Decimal:
    if len(text) > MOST_DIGITS:
        raise ValueError("a number of more than 40 digits")
    near, exact = float(text), Decimal(text)
    if near in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return near if Decimal(repr(near)) == exact else exact


_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def plain(text: str) -> str | int | float | bool | Decimal | None:
    """An unquoted word: null, true, false, a number, or else text. `ValueError` beyond the bounds."""
    if text in _WORDS:
        return _WORDS[text]
    found = number(text)
    return text if found is None else found
