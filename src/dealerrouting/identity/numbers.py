"""A company's number in its country's register, and its VAT number, in their normal forms.

May know: countries, how their numbers are built, what people write around them. May not know: which numbers are given
out.

One number has one normal form, however it is written: two forms of one number would be two companies. So words, courts
and punctuation are left out, and lost zeros come back, only where one number can be meant; else it is none. A country
without a form of its own here has free text, which can be equal but says nothing where it differs (`has_form`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from unicodedata import normalize

from dealerrouting.identity.checks import lei_holds, number_holds, vat_holds
from dealerrouting.tables import countries, registers

__all__ = ["has_form", "number_in_vat", "placeholder", "read_country", "read_lei", "read_number", "read_vat"]

_MOST_TEXT = 1024
_MOST_SIGNS = 128  # a German number with its register and court written out has about ninety
_MOST_FREE = 40
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_UNFOLDED = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Æ": "AE", "Œ": "OE"})  # what Unicode takes no accent from
_DIGRAPHS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE"})


def read_country(text: object) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country, or None."""
    return countries.read_country(text) if isinstance(text, str) else None


def _compact(text: object) -> str | None:
    # Capital letters without accents, and digits, without what stands between them; None if there is anything else
    # that counts as a letter or digit, since leaving it out would make another number.
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return None
    folded = normalize("NFKD", normalize("NFKD", text).upper()).translate(_UNFOLDED)
    signs = "".join(sign for sign in folded if sign.isalnum())
    return signs if 0 < len(signs) <= _MOST_SIGNS and signs.isascii() else None


def placeholder(number: str) -> bool:
    """Whether it is one digit repeated, as people type when a form insists; zeros in front may have been filled in."""
    # Very short Romanian numbers may well be of one digit.
    digits = "".join(sign for sign in number if sign.isdigit())
    typed = digits.lstrip("0") or digits
    return len(typed) > 3 and len(set(typed)) == 1


def has_form(scope: str) -> bool:
    """Whether a country's numbers are read into a form of its own, so that two that differ are two numbers."""
    return scope in registers.FORMS


def read_number(country: object, text: object) -> str | None:
    """The normal form of a company's number in its country's register, or None.

    Labels (`KvK-nr.`, `RCS Paris`), the country's letters and punctuation may stand around it. NL: the eight digits of
    the KvK number (a branch number of twelve is none). BE: the ten digits of the enterprise number; nine are the old
    form, without the 0. FR: the nine digits of the SIREN number, also from a SIRET or VAT number. DE: the court, the
    register and the number, since `HRB 12345` exists once per court. GB, PL and others that fill up with zeros: with
    them. Other registers of a country, as the Italian REA or the Polish NIP, give None. In a country without a form
    here, 4 to 40 letters and digits.
    """
    scope, number = read_country(country), _compact(text)
    if scope is None or number is None:
        return None
    if not has_form(scope):
        return _free(scope, number)
    return _german(number) if scope == "DE" else _bare(scope, number)


def _free(scope: str, number: str) -> str | None:
    if number.startswith(scope) and number[2:3].isdigit():
        number = number.removeprefix(scope)
    return number if 4 <= len(number) <= _MOST_FREE and not _DIGITS.isdisjoint(number) else None


def _bare(scope: str, number: str) -> str | None:
    # What leaves out least comes first, or N would be taken from N1234567X.
    seats = tuple(registers.SEATS.get(scope, "").split())
    parts = _parts(_words(scope), seats, number)
    return next((form for part in parts if (form := _formed(scope, part)) is not None), None)


def _parts(words: Iterable[str], seats: tuple[str, ...], text: str) -> Iterator[str]:
    # The text, and what is left of it without words at its ends. Every way to split the words is tried, since a longer
    # word may hold the first letter of what follows: AMTSGERICHTS and TUTTGART.
    yield text
    backs = _backs(words, seats, text)
    yield from (text[start:end] for start in _fronts(words, seats, text) for end in backs if start < end)


def _fronts(words: Iterable[str], seats: tuple[str, ...], text: str) -> list[int]:
    # Where the rest begins; after a seat comes a town, up to the first digit.
    found = [0]
    digit = next((place for place, sign in enumerate(text) if sign in _DIGITS), 0)
    for start in found:
        ends = {start + len(word) for word in words if text.startswith(word, start)}
        ends |= {digit} if digit > start and text.startswith(seats, start) else set()
        found.extend(ends.difference(found))
    return sorted(found)


def _backs(words: Iterable[str], seats: tuple[str, ...], text: str) -> list[int]:
    found = [len(text)]
    letters = len(text.rstrip("".join(_UPPER)))
    for end in found:
        starts = {end - len(word) for word in words if text.endswith(word, 0, end)}
        found.extend(starts.difference(found))
        if end == len(text):
            found.extend(start for start in range(letters, end) if text.startswith(seats, start) and start not in found)
    return sorted(found, reverse=True)


def _formed(scope: str, number: str) -> str | None:
    for pattern, size in registers.FORMS[scope]:
        if found := re.fullmatch(pattern, number):
            before, digits, after = found.groups()
            return f"{before}{digits.zfill(size)}{after}"
    return _swedish(number) if scope == "SE" and len(number) == 12 and number.isdigit() else None


def _swedish(number: str) -> str | None:
    # Twelve digits are the ten with a century (16 for companies) in front, or those of VAT with 01 behind; where they
    # could be both, the check tells.
    ten = {number[2:]} if number[:2] in {"16", "18", "19", "20"} else set()
    ten |= {number[:10]} if number.endswith("01") else set()
    right = [one for one in ten if number_holds("SE", one)]
    return right[0] if len(right) == 1 else None


@cache
def _words(scope: str) -> frozenset[str]:
    return frozenset(f"{registers.WORDS[scope]} {registers.NUMBER}".split())


_GERMAN = r"([A-Z]*?)(HRA|HRB|GNR|GSR|PR|VR)(?:NR|NO|NUMMER|NUMBER)?0*(\d{1,6})([A-Z]*)"
_MOST_LETTERS = 3


def _german(number: str) -> str | None:
    found = re.fullmatch(_GERMAN, number)
    if found is None:
        return None
    before, register, digits, after = found.groups()
    for size in range(min(len(after), _MOST_LETTERS) + 1):
        # First without letters, or Bamberg would be Amberg with a B.
        court = _court(before + after[size:])
        letters = None if court is None else _letters(court, after[:size])
        if letters is not None:
            return f"{court}{register}{digits}{letters}"
    return None


def _letters(court: str, written: str) -> str | None:
    own = registers.OWN_LETTERS.get(court, "")
    if court in registers.SOME_LETTERS:
        return written or None
    return own if written in {"", own} else None


def _court(text: str) -> str | None:
    if text in _courts():
        return _courts()[text]
    found = {_courts()[part] for part in _parts(_words("DE"), (), text) if part in _courts()}
    return found.pop() if len(found) == 1 else None  # Handelsregister B Amberg, or Handelsregister Bamberg?


@cache
def _courts() -> dict[str, str]:
    # Every way to write a court, also with ue for ü, to its first name without accents.
    found = {}
    for line in registers.COURTS.split(";"):
        name, _, others = line.partition(":")
        for spelling in (name, *others.split(",")):
            for written in (spelling, spelling.upper().translate(_DIGRAPHS)):
                found[_compact(written) or ""] = _compact(name) or ""
    return {spelling: name for spelling, name in found.items() if spelling}


def number_in_vat(scope: str, number: str) -> str | None:
    """The register number that a VAT number, in its normal form without prefix, contains, or None."""
    found = re.fullmatch(registers.IN_VAT[scope], number) if scope in registers.IN_VAT else None
    return read_number(scope, found[1]) if found else None


# What follows the prefix: # is a digit, @ a letter, * either. Source: the structure of VAT
# identification numbers as published for VIES by the European Commission, and by HMRC, Skatteetaten
# and the Swiss Federal Tax Administration; EU is the one-stop shop for sellers from elsewhere.
_BRITISH = ("#" * 9, "#" * 12, "GD###", "HA###")
_VAT_FORMS: dict[str, tuple[str, ...]] = {
    "AT": ("U########",),
    "BE": ("#" * 10, "#" * 9),
    "BG": ("#" * 9, "#" * 10),
    "CH": ("#" * 9,),
    "CY": ("########@",),
    "CZ": ("#" * 8, "#" * 9, "#" * 10),
    "DE": ("#" * 9,),
    "DK": ("#" * 8,),
    "EE": ("#" * 9,),
    "ES": ("*#######*",),
    "EU": ("#" * 9,),
    "FI": ("#" * 8,),
    "FR": ("**#########",),
    "GB": _BRITISH,
    "GR": ("#" * 9,),
    "HR": ("#" * 11,),
    "HU": ("#" * 8,),
    "IE": ("#######@", "#######@@", "#@#####@"),
    "IT": ("#" * 11,),
    "LT": ("#" * 9, "#" * 12),
    "LU": ("#" * 8,),
    "LV": ("#" * 11,),
    "MT": ("#" * 8,),
    "NL": ("#########B##",),
    "NO": ("#" * 9,),
    "PL": ("#" * 10,),
    "PT": ("#" * 9,),
    "RO": tuple("#" * size for size in range(2, 11)),
    "SE": ("#" * 12,),
    "SI": ("#" * 8,),
    "SK": ("#" * 10,),
    "XI": _BRITISH,
}
_VAT_ALIASES = {"EL": "GR"}
# Norway and Switzerland write after the number that it is registered for VAT.
_VAT_ENDINGS = {"CH": ("MWST", "TVA", "IVA", "TPV"), "NO": ("MVA",)}


def read_lei(text: object) -> str | None:
    """A legal entity identifier (ISO 17442): twenty capital letters and digits that pass their check, or None."""
    code = _compact(text)
    return code if code is not None and len(code) == 20 and lei_holds(code) else None


def read_vat(country: object, text: object) -> tuple[str, str] | None:
    """The scope of a VAT number and its normal form without prefix, or None.

    A prefix that fits the rest says the scope, whatever `country` is; without prefix `country` does. Labels (`btw-nr.`,
    `USt-IdNr.`) may stand in front. Scopes are ISO codes (Greece is GR, though its prefix is EL), XI for Northern
    Ireland, EU for the one-stop shop. Only the form is checked; in a country without a form here, 4 to 13 letters and
    digits.
    """
    number, scope = _compact(text), read_country(country)
    if number is None:
        return None
    if (found := _vat(scope, number)) is not None:
        return found
    # VAT NO 123456785 is Norwegian or has a number word in front: the check tells, and then the country.
    starts = _fronts(_vat_words(), (), number)
    read = [found for start in starts if (found := _vat(scope, number[start:])) is not None]
    return max(read, key=lambda one: (vat_holds(*one), one[0] == scope), default=None)


@cache
def _vat_words() -> frozenset[str]:
    return frozenset(f"{registers.VAT_WORDS} {registers.NUMBER}".split())


def _vat(scope: str | None, number: str) -> tuple[str, str] | None:
    prefix = _VAT_ALIASES.get(number[:2], number[:2])
    form = _vat_form(prefix, number[2:]) if prefix in _VAT_FORMS or prefix == scope else None
    if form is not None:
        return prefix, form
    # Another country's letters before a number that does not fit there are not ours to overlook.
    foreign = _UPPER.issuperset(number[:2]) and scope not in _VAT_FORMS
    form = None if scope is None or foreign else _vat_form(scope, number)
    return (scope, form) if scope is not None and form is not None else None


def _vat_form(scope: str, number: str) -> str | None:
    for ending in _VAT_ENDINGS.get(scope, ()):
        number = number.removesuffix(ending)
    if scope == "CH":
        number = number.removeprefix("E")
    forms = _VAT_FORMS.get(scope)
    if forms is None:
        fits = 4 <= len(number) <= 13 and any(map(str.isdigit, number))
    else:
        fits = any(_fits(number, form) for form in forms)
    if not fits:
        return None
    return read_number(scope, number) if scope == "BE" else number


def _fits(number: str, form: str) -> bool:
    return len(number) == len(form) and all(map(_sign_fits, number, form))


def _sign_fits(sign: str, form: str) -> bool:
    if form == "*":
        return True
    if form == "#":
        return sign in _DIGITS
    return sign in _UPPER if form == "@" else sign == form
