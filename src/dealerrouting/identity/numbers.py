"""A company's number in its country's register, and its VAT number, in their normal forms.

May know: countries, and how their numbers are built. May not know: which numbers are given out.
"""

from __future__ import annotations

from unicodedata import normalize

from dealerrouting.identity.checks import lei_holds
from dealerrouting.tables import countries

__all__ = ["placeholder", "read_country", "read_lei", "read_number", "read_vat"]

_MOST_TEXT = 1024
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")


def read_country(text: object) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country, or None."""
    return countries.read_country(text) if isinstance(text, str) else None


def _compact(text: object) -> str | None:
    # Capital letters and digits without what stands between them; None if there is anything else
    # that counts as a letter or digit, since leaving it out would make another number.
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return None
    signs = [sign for sign in normalize("NFKC", text) if sign.isalnum()]
    return "".join(signs).upper() if signs and all(map(str.isascii, signs)) else None


def placeholder(number: str) -> bool:
    """Whether it is one digit repeated, as people type when a form insists."""
    # Very short Romanian numbers may well be of one digit.
    digits = [sign for sign in number if sign.isdigit()]
    return len(digits) > 3 and len(set(digits)) == 1


_LABELS = {
    "BE": ("BE", "KBO", "BCE"),
    "CH": ("CHE",),
    "DK": ("DK", "CVR"),
    "FR": ("FR", "SIREN", "SIRET"),
    "NL": ("NL", "KVK"),
}


def read_number(country: object, text: object) -> str | None:
    """The normal form of a company's number in its country's register, or None.

    NL: the eight digits of the KvK number (a branch number of twelve is none). BE: the ten digits of
    the enterprise number, which begin with 0 or 1; nine digits are the old form, without the 0. FR:
    the nine digits of the SIREN number, also from a SIRET number of fourteen. Elsewhere 4 to 20
    letters and digits; for DE with the court, since `HRB 12345` exists once per court. The country's
    letters may stand in front.
    """
    scope, number = read_country(country), _compact(text)
    if scope is None or number is None:
        return None
    for label in _LABELS.get(scope, (scope,)):
        if number.startswith(label) and number[len(label) :][:1].isdigit():
            number = number.removeprefix(label)
            break
    for ending in _VAT_ENDINGS.get(scope, ()):
        number = number.removesuffix(ending)
    return _register_form(scope, number)


def _register_form(scope: str, number: str) -> str | None:
    size = len(number)
    if scope in {"BE", "FR", "NL"} and not number.isdigit():
        return None
    if scope == "NL":
        return number if size == 8 else None
    if scope == "BE":
        padded = f"0{number}" if size == 9 else number
        return padded if len(padded) == 10 and padded[0] in "01" else None
    if scope == "FR":
        return number[:9] if size in {9, 14} else None
    digits = sum(map(str.isdigit, number))
    # HRB 12345 is given out by every German court anew; without the court's name it is no key.
    if scope == "DE" and digits <= 6 and size - digits < 5:
        return None
    return number if 4 <= size <= 20 and digits else None


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

    A prefix that fits the rest says the scope, whatever `country` is; without prefix `country` does.
    Scopes are ISO codes (Greece is GR, though its prefix is EL), XI for Northern Ireland, EU for the
    one-stop shop. Only the form is checked; in a country without a form here, 4 to 13 letters and
    digits.
    """
    number = _compact(text)
    if number is None:
        return None
    scope = read_country(country)
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
    return _register_form(scope, number) if scope == "BE" else number


def _fits(number: str, form: str) -> bool:
    return len(number) == len(form) and all(map(_sign_fits, number, form))


def _sign_fits(sign: str, form: str) -> bool:
    if form == "*":
        return True
    if form == "#":
        return sign in _DIGITS
    return sign in _UPPER if form == "@" else sign == form
