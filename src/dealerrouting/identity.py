"""Exact keys of a company: its register number, its VAT number and its own internet domain.

May know: the tables of countries and of mailbox domains, and publicsuffixlist; the large ones are
loaded when a domain is first asked for. May not know: leads, registrations, dealers, and names of
companies. Two companies that share a key are the same as far as the key is strong; what is only
alike is no key. Text that is not certainly a number or a domain gives no key: it is never repaired.

Check digits are not verified here. The packages that know them are optional extras, and what can
route may not depend on an extra: the same lead would go to another dealer on another machine. A
mistyped number is a key that nobody else has.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from attrs import frozen

from dealerrouting.tables.countries import read_country

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = [
    "STRENGTHS",
    "Key",
    "Match",
    "data_versions",
    "free_mail",
    "keys",
    "match",
    "own_domain",
    "read_number",
    "read_vat",
    "sealed",
]

STRENGTHS: tuple[str, ...] = ("number", "vat", "domain")
"""The kinds of key, strongest first."""

_MOST_TEXT = 1024
_MOST_VALUE = 253
_SEAL = "~"
_SEAL_DIGITS = 32
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")


# Keys


@frozen
class Key:
    """One exact key: its kind, the country it is valid in (`""` for a domain), its normal form.

    Written `number:NL:24123456`, `vat:NL:123456789B01`, `domain:jansen.example`.
    """

    kind: str
    scope: str
    value: str

    def __str__(self) -> str:
        """The key as text, which `parse` reads back."""
        return ":".join(part for part in (self.kind, self.scope, self.value) if part)

    @staticmethod
    def parse(text: object) -> Key | None:
        """The key that `str` wrote, or None; only the form is looked at, not whether it makes sense."""
        if not isinstance(text, str) or len(text) > _MOST_TEXT:
            return None
        kind, _, rest = text.partition(":")
        scope, colon, value = rest.rpartition(":")
        if kind not in STRENGTHS or bool(colon) == (kind == "domain"):
            return None
        scoped = kind == "domain" or (len(scope) == 2 and _UPPER.issuperset(scope))
        return Key(kind, scope, value) if scoped and _well_formed(kind, value) else None


def _well_formed(kind: str, value: str) -> bool:
    if value.startswith(_SEAL):
        return len(value) == 1 + _SEAL_DIGITS and (_DIGITS | set("abcdef")).issuperset(value[1:])
    letters = _LOWER | {".", "-"} if kind == "domain" else _UPPER
    return 0 < len(value) <= _MOST_VALUE and (_DIGITS | letters).issuperset(value)


def keys(
    *,
    country: str | None = None,
    number: str | None = None,
    vat: str | None = None,
    domain: str | None = None,
    email: str | None = None,
) -> frozenset[Key]:
    """All keys that these texts give; one that cannot be read gives none. Never raises.

    `country` (ISO 3166-1 alpha-2) is where a number without its own prefix is registered. A Belgian
    VAT number is the enterprise number, so it gives both keys. One digit repeated (00000000) is what
    people type when a form insists, and no key. `domain` may be an address on the web; of `email`
    only the domain counts. A mailbox provider's domain is no key.
    """
    found = set()
    registered, scope = read_number(country, number), _country(country)
    if registered and scope and not _placeholder(registered):
        found.add(Key("number", scope, registered))
    if (taxed := read_vat(country, vat)) and not _placeholder(taxed[1]):
        found.add(Key("vat", *taxed))
        if taxed[0] == "BE":
            found.add(Key("number", *taxed))
    for own in (own_domain(domain), own_domain(_after_at(email))):
        if own:
            found.add(Key("domain", "", own))
    return frozenset(found)


def sealed(key: Key) -> Key:
    """The key under a pseudonym, for records that must not name a company; sealing twice is sealing once.

    The value becomes `~` and 32 hexadecimal digits of BLAKE2b over the key's text. Who has a list of
    companies, or the patience to try every number, can find the company again.
    """
    if _is_sealed(key):
        return key
    from hashlib import blake2b

    text = str(key).encode("utf-8", "surrogatepass")
    return Key(key.kind, key.scope, _SEAL + blake2b(text, digest_size=_SEAL_DIGITS // 2).hexdigest())


def _is_sealed(key: Key) -> bool:
    return key.value.startswith(_SEAL)


def data_versions() -> dict[str, str]:
    """The versions of the data that decide what is a domain of one's own, for a plan's digest."""
    import publicsuffixlist

    from dealerrouting.tables import freemail

    return {"free-mail": freemail.VERSION, "public-suffixes": str(publicsuffixlist.__version__)}


# Matching


@frozen
class Match:
    """What two companies' keys say of each other.

    `strength` is the kind of the strongest key that both have, or None for no match. `agree` are all
    keys that both have, `contradict` one pair of keys for each kind and country in which both have
    keys but none in common (domains cannot contradict: a company may have several). Both are sorted,
    the strongest kind first.
    """

    strength: str | None
    agree: tuple[Key, ...] = ()
    contradict: tuple[tuple[Key, Key], ...] = ()


def match(a: frozenset[Key], b: frozenset[Key]) -> Match:
    """How strongly two sets of keys agree; `match(a, b) == match(b, a)`.

    Register numbers of one country that differ are never a match, whatever else agrees: companies of
    one group share a VAT number or a domain. Differing VAT numbers are only told, since a company
    may be given a new one. Sealed keys are compared with open ones by sealing those.
    """
    if any(map(_is_sealed, a)) or any(map(_is_sealed, b)):
        a, b = frozenset(map(sealed, a)), frozenset(map(sealed, b))
    agree = tuple(sorted(a & b, key=_rank))
    contradict = tuple(_contradictions(a, b))
    refused = any(first.kind == "number" for first, _ in contradict)
    return Match(agree[0].kind if agree and not refused else None, agree, contradict)


def _rank(key: Key) -> tuple[int, str, str]:
    return STRENGTHS.index(key.kind), key.scope, key.value


def _contradictions(a: frozenset[Key], b: frozenset[Key]) -> list[tuple[Key, Key]]:
    ours, theirs = _by_register(a), _by_register(b)
    pairs = []
    for register in sorted(ours.keys() & theirs.keys()):
        if ours[register].isdisjoint(theirs[register]):
            first, second = sorted((min(side[register], key=_rank) for side in (ours, theirs)), key=_rank)
            pairs.append((first, second))
    return pairs


def _by_register(found: frozenset[Key]) -> dict[tuple[int, str], set[Key]]:
    registers: dict[tuple[int, str], set[Key]] = {}
    for key in found:
        if key.kind != "domain":
            registers.setdefault(_rank(key)[:2], set()).add(key)
    return registers


# Numbers


def _country(text: object) -> str | None:
    return read_country(text) if isinstance(text, str) else None


def _compact(text: object) -> str | None:
    # Capital letters and digits without what stands between them; None if there is anything else
    # that counts as a letter or digit, since leaving it out would make another number.
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return None
    signs = [sign for sign in normalize("NFKC", text) if sign.isalnum()]
    return "".join(signs).upper() if signs and all(map(str.isascii, signs)) else None


def _placeholder(number: str) -> bool:
    # Very short Romanian numbers may well be of one digit.
    digits = [sign for sign in number if sign.isdigit()]
    return len(digits) > 3 and len(set(digits)) == 1


_LABELS = {
    "BE": ("BE", "KBO", "BCE"),
    "CH": ("CHE",),
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
    scope, number = _country(country), _compact(text)
    if scope is None or number is None:
        return None
    for label in _LABELS.get(scope, (scope,)):
        if number.startswith(label) and number[len(label) :][:1].isdigit():
            number = number.removeprefix(label)
            break
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
    scope = _country(country)
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


# Domains

# Names that every network may use for itself (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal), and
# those in wide private use. The names for examples are left in, so that examples work.
_PRIVATE = frozenset(
    (
        "arpa",
        "corp",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
    )
)
_JOINERS = frozenset("\u200c\u200d")


def own_domain(text: object) -> str | None:
    """The registrable domain in a domain name, web address or mail address; None if it is no key.

    `https://www.jansen.example/over-ons` gives `jansen.example`. International names become their
    ASCII form. By the public suffix list `shop.firma.co.uk` gives `firma.co.uk`, and under a suffix of
    its private part `naam.github.io` itself. No key are IP addresses, names without a dot, bare
    suffixes, names of private networks, and domains of mailbox providers.
    """
    host = _host(text)
    registrable = None if host is None else _registrable(host)
    return None if host is None or registrable is None or _listed(host, registrable) else registrable


def free_mail(domain: object) -> bool:
    """Whether a domain, or the registrable domain it is part of, belongs to a mailbox provider."""
    host = _host(domain)
    return host is not None and _listed(host, _registrable(host) or host)


def _listed(host: str, registrable: str) -> bool:
    # What lies above the registrable domain is a public suffix, which says nothing of this one.
    providers = _free_mail_domains()
    while host not in providers and host != registrable:
        host = host.partition(".")[2]
    return host in providers


def _registrable(host: str) -> str | None:
    found = _public_suffixes().privatesuffix(host)
    return None if found is None else str(found)


@cache
def _free_mail_domains() -> frozenset[str]:
    from dealerrouting.tables import freemail

    return frozenset(freemail.DOMAINS.split())


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _after_at(email: object) -> str | None:
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
    if None in labels or len(labels) < 2 or len(host) > _MOST_VALUE or not named or top in _PRIVATE:
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
