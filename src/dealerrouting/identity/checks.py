"""Check digits of VAT numbers, register numbers and LEIs.

May know: the arithmetic that each country publishes. May not know: which numbers are given out.

Only the check is made, and no rule on which digit may come first, or which dates a person's number may hold. Where a
country has numbers without a check, they hold: a real number that is refused costs more than a wrong one that is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import mul

__all__ = ["lei_holds", "number_holds", "vat_holds"]

_Check = Callable[[str], bool]


def vat_holds(scope: str, number: str) -> bool:
    """Whether a VAT number, in its normal form without prefix, passes its country's check.

    In a scope without a known check every number does.
    """
    check = _VAT.get(scope)
    return check is None or check(number)


def number_holds(scope: str, number: str) -> bool:
    """Whether a register number, in its normal form, passes its country's check.

    Numbers of a country without a known check do, and so do those of another form than the one with the check: they may
    be of an older register, or of a person.
    """
    size, check = _REGISTER.get(scope, (0, None))
    return check is None or len(number) != size or check(number)


def lei_holds(text: str) -> bool:
    """Whether a LEI of eighteen capital letters and digits, and two digits, passes its check (ISO 17442: modulo 97)."""
    # 00, 01 and 99 are never reckoned, since 97, 98 and 02 say the same; they pass, as in other readers.
    return len(text) == 20 and _capital(text) and _numeric(text[18:], 2) and _iso_97(text)


# What the checks are made of. Each takes any text: what is not of the right form does not hold.


def _numeric(number: str, *sizes: int) -> bool:
    # Not str.isdigit alone: other scripts' digits are digits too, and a superscript is none that can be reckoned with.
    return len(number) in sizes and number.isascii() and number.isdigit()


def _capital(text: str) -> bool:
    return text.isascii() and text.isalnum() and text == text.upper()


def _total(number: str, weights: tuple[int, ...]) -> int:
    return sum(map(mul, map(int, number), weights))


def _whole(modulus: int, *weights: int, rest: int = 0) -> _Check:
    # The weighted sum of all digits, the check digit among them, leaves this rest.
    return lambda number: _numeric(number, len(weights)) and _total(number, weights) % modulus == rest


def _last(rule: Callable[[int], int], *weights: int) -> _Check:
    # The last digit follows by this rule from the weighted sum of those before.
    size = len(weights) + 1
    return lambda number: _numeric(number, size) and rule(_total(number, weights)) == int(number[-1])


def _twice(first: tuple[int, ...], second: tuple[int, ...]) -> _Check:
    # Modulo 11 with a second row of weights for when the first leaves 10, which is no digit.
    def check(number: str) -> bool:
        if not _numeric(number, len(first) + 1):
            return False
        rest = _total(number, first) % 11
        return (_total(number, second) % 11 % 10 if rest == 10 else rest) == int(number[-1])

    return check


def _crossed(*weights: int, rest: int = 0) -> _Check:
    # As in Luhn's check (ISO/IEC 7812-1, annex B): of each product the digits are added up.
    def check(number: str) -> bool:
        if not _numeric(number, len(weights)):
            return False
        products = map(mul, map(int, number), weights)
        return sum(sum(divmod(product, 10)) for product in products) % 10 == rest

    return check


def _iso_11_10(size: int) -> _Check:
    # ISO 7064, the hybrid system MOD 11,10.
    def check(number: str) -> bool:
        if not _numeric(number, size):
            return False
        carried = 10
        for digit in map(int, number[:-1]):
            carried = ((carried + digit) % 10 or 10) * 2 % 11
        return (carried + int(number[-1])) % 10 == 1

    return check


def _iso_97(text: str) -> bool:
    # ISO 7064, MOD 97-10, over digits and capital letters: A is 10, Z is 35.
    return int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1


def _any(*checks: _Check) -> _Check:
    return lambda number: any(check(number) for check in checks)


_LUHN_8 = _crossed(2, 1, 2, 1, 2, 1, 2, 1)
_LUHN_9 = _crossed(1, 2, 1, 2, 1, 2, 1, 2, 1)
_LUHN_10 = _crossed(2, 1, 2, 1, 2, 1, 2, 1, 2, 1)

# Countries whose numbers are of several forms or hold letters. The source, where no other is named: European
# Commission, DG TAXUD, "VIES - VAT number construction rules", version 15.0; for CH, NO and GB after 2009 their own tax
# administrations.

_AT_DIGITS = _crossed(1, 2, 1, 2, 1, 2, 1, 1, rest=6)


def _at(number: str) -> bool:
    return number[:1] == "U" and _AT_DIGITS(number[1:])


def _be(number: str) -> bool:
    return _numeric(number, 10) and 97 - int(number[:8]) % 97 == int(number[8:])


_CY_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)


def _cy(number: str) -> bool:
    if not _numeric(number[:8], 8):
        return False
    total = sum(_CY_ODD[int(digit)] for digit in number[:8:2]) + sum(map(int, number[1:8:2]))
    return number[8:] == chr(ord("A") + total % 26)


_CZ_COMPANY = _last(lambda total: (11 - total % 11) % 10, 8, 7, 6, 5, 4, 3, 2)
_CZ_SPECIAL = _last(lambda total: (total % 11 - 2) % 10, 8, 7, 6, 5, 4, 3, 2)


def _cz(number: str) -> bool:
    # People have a birth number of ten digits (up to 1985 one that leaves 10 ends in 0), one of nine without a check if
    # born before 1954, or nine digits that begin with 6.
    if _numeric(number, 10):
        return int(number[:9]) % 11 % 10 == int(number[9])
    if _numeric(number, 9):
        return number[0] != "6" or _CZ_SPECIAL(number[1:])
    return _CZ_COMPANY(number)


_ES_PERSON = str.maketrans("KLMXYZ", "000012")
_ES_LETTER = str.maketrans("JABCDEFGHI", "0123456789")


def _es(number: str) -> bool:
    # Of others than people the last is a digit or the letter for it; sources differ on which of them has which.
    if len(number) != 9 or not _numeric(number[1:8], 7):
        return False
    if number[0] in "ABCDEFGHJNPQRSUVW":
        return _LUHN_8(number[1:].translate(_ES_LETTER))
    whole = number[:8].translate(_ES_PERSON)
    return _numeric(whole, 8) and number[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(whole) % 23]


_FR_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _fr(number: str) -> bool:
    # A key and the SIREN number; in Monaco the number begins with 000 and is no SIREN.
    key, siren = number[:2], number[2:]
    if not (_LUHN_9(siren) or (_numeric(siren, 9) and siren.startswith("000"))):
        return False
    return int(siren + "12") % 97 == int(key) if _numeric(key, 2) else _fr_letters(key, int(siren))


def _fr_letters(key: str, siren: int) -> bool:
    # The newer keys: one of the two signs is a letter, but not I or O.
    if not set(_FR_SIGNS).issuperset(key):
        return False
    first, second = map(_FR_SIGNS.index, key)
    value = first * 24 + second - 10 if first < 10 else first * 34 + second - 100
    return (siren + value // 11 + 1) % 11 == value % 11


# Since 2009 there is a second series, from 100 0000 up, whose check digits are reckoned with 55 more: 97 - 55 = 42.
_GB_97 = _whole(97, 8, 7, 6, 5, 4, 3, 2, 10, 1)
_GB_9755 = _whole(97, 8, 7, 6, 5, 4, 3, 2, 10, 1, rest=42)


def _gb(number: str) -> bool:
    # Government departments are GD000 to GD499, health authorities HA500 to HA999. The last three of twelve digits are
    # a branch.
    if number[:2] in {"GD", "HA"}:
        return _numeric(number[2:], 3) and (number[0] == "H") == (number[2:] >= "500")
    main = number[:9] if _numeric(number, 12) else number
    return _GB_97(main) or (main[:1] != "0" and _GB_9755(main))


_IE_SIGNS = "WABCDEFGHIJKLMNOPQRSTUV"


def _ie(number: str) -> bool:
    # In the old form the second sign is a letter, and the first digit counts as the last. The ninth sign came in 2013.
    if len(number) == 8 and "A" <= number[1] <= "Z":
        number = f"0{number[2:7]}{number[0]}{number[7]}"
    extra = _IE_SIGNS.find(number[8:] or "W")
    if len(number) not in {8, 9} or not _numeric(number[:7], 7) or extra < 0:
        return False
    return number[7] == _IE_SIGNS[(_total(number[:7], (8, 7, 6, 5, 4, 3, 2)) + 9 * extra) % 23]


_LV_COMPANY = _whole(11, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1, rest=3)


def _lv(number: str) -> bool:
    # With 0 to 3 in front it is a person's code; since 2017 its digits are drawn at random.
    return _LV_COMPANY(number) or (_numeric(number, 11) and number[0] <= "3")


_NL_COMPANY = _whole(11, 9, 8, 7, 6, 5, 4, 3, 2, -1)


def _nl(number: str) -> bool:
    # Companies: nine digits with their own check, the RSIN. Sole traders since 2020 (Belastingdienst): the whole.
    if number[9:10] != "B" or not _numeric(number[:9] + number[10:], 11):
        return False
    return _NL_COMPANY(number[:9]) or _iso_97("NL" + number)


_RO_DIGITS = _last(lambda total: total * 10 % 11 % 10, 7, 5, 3, 2, 1, 7, 5, 3, 2)

_BG_COMPANY = _twice((1, 2, 3, 4, 5, 6, 7, 8), (3, 4, 5, 6, 7, 8, 9, 10))

# One arithmetic for the register and for VAT, as the registers publish it: the Swiss Federal Statistical Office (UID),
# Erhvervsstyrelsen (CVR), the Finnish Tax Administration (Y-tunnus) and Brønnøysundregistrene.
_CH = _whole(11, 5, 4, 3, 2, 7, 6, 5, 4, 1)
_DK = _whole(11, 2, 7, 6, 5, 4, 3, 2, 1)
_FI = _whole(11, 7, 9, 10, 5, 8, 4, 2, 1)
_NO = _whole(11, 3, 2, 7, 6, 5, 4, 3, 2, 1)

# EU, the one-stop shop, publishes no check.
_VAT: dict[str, _Check] = {
    "AT": _at,
    "BE": _be,
    "BG": _any(
        _BG_COMPANY,
        _last(lambda total: total % 11 % 10, 2, 4, 8, 5, 10, 9, 7, 3, 6),  # citizens
        _last(lambda total: total % 10, 21, 19, 17, 13, 11, 9, 7, 3, 1),  # foreigners
        _last(lambda total: -total % 11, 4, 3, 2, 7, 6, 5, 4, 3, 2),  # others
    ),
    "CH": _CH,
    "CY": _cy,
    "CZ": _cz,
    "DE": _iso_11_10(9),
    "DK": _DK,
    "EE": _whole(10, 3, 7, 1, 3, 7, 1, 3, 7, 1),
    "ES": _es,
    "FI": _FI,
    "FR": _fr,
    "GB": _gb,
    "GR": _last(lambda total: total % 11 % 10, 256, 128, 64, 32, 16, 8, 4, 2),
    "HR": _iso_11_10(11),
    "HU": _whole(10, 9, 7, 3, 1, 9, 7, 3, 1),
    "IE": _ie,
    "IT": _crossed(1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1),
    "LT": _any(
        _twice((1, 2, 3, 4, 5, 6, 7, 8), (3, 4, 5, 6, 7, 8, 9, 1)),
        _twice((1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4)),
    ),
    "LU": lambda number: _numeric(number, 8) and int(number[:6]) % 89 == int(number[6:]),
    "LV": _lv,
    "MT": _whole(37, 3, 4, 6, 7, 8, 9, 10, 1),
    "NL": _nl,
    "NO": _NO,
    "PL": _whole(11, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1),
    "PT": _last(lambda total: -total % 11 % 10, 9, 8, 7, 6, 5, 4, 3, 2),
    "RO": lambda number: 2 <= len(number) <= 10 and _RO_DIGITS(number.zfill(10)),
    "SE": lambda number: _numeric(number, 12) and _LUHN_10(number[:10]),
    "SI": _last(lambda total: (11 - total % 11) % 10 if total % 11 else -1, 8, 7, 6, 5, 4, 3, 2),  # no number leaves 0
    "SK": _whole(11, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1),
    "XI": _gb,
}

# How many signs, and their check. Of these countries it is certain that the register number is the one with the check.
_REGISTER: dict[str, tuple[int, _Check]] = {
    "BE": (10, _be),
    "BG": (9, _BG_COMPANY),
    "CH": (9, _CH),
    "CZ": (8, _CZ_COMPANY),
    "DK": (8, _DK),
    "EE": (8, _twice((1, 2, 3, 4, 5, 6, 7), (3, 4, 5, 6, 7, 8, 9))),
    "ES": (9, _es),
    "FI": (8, _FI),
    "FR": (9, _LUHN_9),
    "HR": (11, _VAT["HR"]),
    "IT": (11, _VAT["IT"]),
    "LV": (11, _VAT["LV"]),
    "NO": (9, _NO),
    "PT": (9, _VAT["PT"]),
    "SE": (10, _LUHN_10),
}
