"""Who is it? The keys of a company, what two companies' keys say of each other, and an index to find one by.

May know: the tables of countries, legal forms, mailbox domains and shared hosts, publicsuffixlist, and rapidfuzz where
names are only alike. May not know: leads, registrations, dealers. Two companies that share a key are the same
as far as the key is strong; what is only alike is no key, and never routes.

Check digits are verified by arithmetic of our own: what can route may not depend on an optional package, or the same
lead would go to another dealer on another machine.

Inside, each module imports only those named before it: `kinds`, `checks`, `numbers`, `domains`, `names`, `alike`,
`matching`, `reading`, `index`.
"""

from dealerrouting.identity.alike import ENOUGH, require
from dealerrouting.identity.domains import free_mail, own_domain, shared_host
from dealerrouting.identity.index import Claims
from dealerrouting.identity.kinds import FORM, HINT, KINDS, STRENGTHS, Key, findable, is_sealed, rank, sealed
from dealerrouting.identity.matching import ALIKE, Identity, Match, match
from dealerrouting.identity.names import Called, Folded, fold_name, fold_place
from dealerrouting.identity.numbers import read_lei, read_number, read_vat
from dealerrouting.identity.reading import data_versions, identify, keys

__all__ = [
    "ALIKE",
    "ENOUGH",
    "FORM",
    "HINT",
    "KINDS",
    "STRENGTHS",
    "Called",
    "Claims",
    "Folded",
    "Identity",
    "Key",
    "Match",
    "data_versions",
    "findable",
    "fold_name",
    "fold_place",
    "free_mail",
    "identify",
    "is_sealed",
    "keys",
    "match",
    "own_domain",
    "rank",
    "read_lei",
    "read_number",
    "read_vat",
    "require",
    "sealed",
    "shared_host",
]
