"""Postcodes: one normal form, an order, ranges, prefixes, and which code covers which.

May know: how each country builds its codes (`tables.postcodes`), and which countries there are. May not
know: which codes are in use, where they lie, leads, plans or dealers.

A country's codes are a tree. Each level is a *field* (a Dutch digit, a British district) with its values in
order; a finest code goes through all fields, a coarse one stops above. Counting the finest codes from left
to right gives each a number without gaps, so that every code, coarse or fine, is one interval of numbers, a
range is one interval, and a set is a few of them. A text prefix is found by walking the same tree.

A country without a row in the table gets a plain order of all texts of up to 12 letters and digits: there a
code stands for itself alone, separators are dropped, a prefix works, and a range is refused.

Inside, each module imports only those named before it: `codes`, `fields`, `trees`, `reading`, `sets`, `cells`,
`spans`.
"""

from dealerrouting.postcode.cells import between, code_set, parse_set, prefix
from dealerrouting.postcode.codes import Postcode, PostcodeError
from dealerrouting.postcode.reading import parse
from dealerrouting.postcode.sets import PostcodeSet
from dealerrouting.postcode.spans import coarse_across, finest, told, whole
from dealerrouting.postcode.trees import countries
from dealerrouting.tables.postcodes import TABLE_VERSION

__all__ = [
    "TABLE_VERSION",
    "Postcode",
    "PostcodeError",
    "PostcodeSet",
    "between",
    "coarse_across",
    "code_set",
    "countries",
    "finest",
    "parse",
    "parse_set",
    "prefix",
    "told",
    "whole",
]
