"""A company's own internet domain: what is registered, and nobody else's.

May know: the tables of mailbox domains and of hosts that many share, and publicsuffixlist; they are loaded when a
domain is first asked for. May not know: whose a domain is.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = ["after_at", "free_mail", "own_domain", "shared_host"]

_MOST_TEXT = 1024
_MOST_VALUE = 253
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")

# On no list, since nobody can register there (RFC 2606); left in, so that examples work.
_EXAMPLE = "example"
# A top-level domain for machines only, though the list of public suffixes has it.
_MACHINES = "arpa"
_JOINERS = frozenset("\u200c\u200d")


def own_domain(text: object) -> str | None:
    """The registrable domain in a domain name, web address or mail address; None if it is no key.

    `https://www.jansen.example/over-ons` gives `jansen.example`. International names become their
    ASCII form. By the public suffix list `shop.firma.co.uk` gives `firma.co.uk`, and under a suffix of
    its private part `naam.github.io` itself. No key are IP addresses, names without a dot, bare
    suffixes, names under a top level that the list does not have (`n.v.t.`, private networks), domains
    of mailbox providers, those under which many have a page, such as `facebook.com`, and what people
    type when they have none, such as `geen.nl`.
    """
    host = _host(text)
    registrable = None if host is None else _registrable(host)
    if host is None or registrable is None or _listed(host, registrable) or _shared(host, registrable):
        return None
    return None if _placeholder(registrable) else registrable


def free_mail(domain: object) -> bool:
    """Whether a domain, or the registrable domain it is part of, belongs to a mailbox provider."""
    host = _host(domain)
    return host is not None and _listed(host, _registrable(host) or host)


def shared_host(domain: object) -> bool:
    """Whether under a domain, or the registrable domain it is part of, many companies have a page or a shop."""
    host = _host(domain)
    return host is not None and _shared(host, _registrable(host) or host)


def _listed(host: str, registrable: str) -> bool:
    return _within(host, registrable, _free_mail_domains())


def _shared(host: str, registrable: str) -> bool:
    return _within(host, registrable, _shared_hosts())


def _placeholder(registrable: str) -> bool:
    names = _placeholders()
    return registrable in names or registrable.partition(".")[0] in names


def _within(host: str, registrable: str, names: frozenset[str]) -> bool:
    # What lies above the registrable domain is a public suffix, which says nothing of this one.
    while host and host != registrable and host not in names:
        host = host.partition(".")[2]
    return host in names


def _registrable(host: str) -> str | None:
    found = _public_suffixes().privatesuffix(host)
    above, _, top = host.rpartition(".")
    if above and top == _EXAMPLE:
        return f"{above.rpartition('.')[2]}.{top}"
    return None if found is None else str(found)


@cache
def _free_mail_domains() -> frozenset[str]:
    from dealerrouting.tables import freemail

    return frozenset(freemail.DOMAINS.split())


@cache
def _shared_hosts() -> frozenset[str]:
    from dealerrouting.tables import hosts

    return frozenset(hosts.HOSTS.split())


@cache
def _placeholders() -> frozenset[str]:
    from dealerrouting.tables import hosts

    return frozenset(hosts.PLACEHOLDERS.split())


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # The list has every top-level domain there is; another one is no domain, but text with a dot in it.
    return PublicSuffixList(accept_unknown=False)


def after_at(email: object) -> str | None:
    """What stands after the last @ of a mail address, or None."""
    # Several addresses in one field may be of several companies.
    if not isinstance(email, str) or len(email) > _MOST_TEXT or {",", ";"} & set(email):
        return None
    _, at, domain = email.rpartition("@")
    return domain.strip().removesuffix(">") if at else None


def _host(text: object) -> str | None:
    # The host in ASCII and lower case. Addresses are taken apart as written, before any
    # normalisation: some signs turn into a slash by it.
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return None
    name = text.strip()
    scheme, colon, rest = name.partition("://")
    if colon and scheme.isascii() and scheme.replace("+", "").isalnum():
        name = rest
    name = name.removeprefix("//")
    for stop in "/?#\\":
        name = name.partition(stop)[0]
    name, colon, port = name.rpartition("@")[2].partition(":")
    if port and not (port.isascii() and port.isdigit()):
        return None
    labels = normalize("NFKC", name).lower().replace("。", ".").rstrip(".").split(".")
    return _joined([_ascii_label(label) for label in labels])


def _joined(labels: list[str | None]) -> str | None:
    host = ".".join(label or "" for label in labels)
    top = labels[-1] or ""
    # No top-level domain has a digit, except in its ASCII form: this leaves out IPv4 addresses.
    named = _LOWER.issuperset(top) or top.startswith("xn--")
    if None in labels or len(labels) < 2 or len(host) > _MOST_VALUE or not named or top == _MACHINES:
        return None
    # Else the website of a public suffix, some of which give out mailboxes, would be a company's.
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def _ascii_label(label: str) -> str | None:
    if not 1 <= len(label) <= 63:
        return None
    if not label.isascii():
        return _ascii_label(_encoded(label))
    well_formed = (_LOWER | _DIGITS | {"-"}).issuperset(label) and label[0] != "-" != label[-1]
    return label if well_formed else None


def _encoded(label: str) -> str:
    # The ASCII form of an international label, or "" if it has none. The standard library knows
    # IDNA 2003, which turns the German sharp s and the Greek final sigma into other letters, and so
    # into another company's name; registries that allow the two register them as they are.
    try:
        if "ß" in label or "ς" in label:
            plain = label.replace("ß", "s").replace("ς", "s")
            # IDNA 2003 still says whether the rest is fit for a name.
            plain.encode("idna")
            return "xn--" + label.encode("punycode").decode("ascii")
        return "" if _JOINERS & set(label) else label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
