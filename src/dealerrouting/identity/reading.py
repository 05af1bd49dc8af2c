"""`keys` and `identity`: all that a company, a lead or a claim says of itself.

May know: numbers, domains, names. May not know: leads, registrations, dealers. Text that is not certainly a number or a
domain gives no key: it is never repaired. A number that fails its own check is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealerrouting.identity.checks import number_holds, vat_holds
from dealerrouting.identity.domains import after_at, own_domain
from dealerrouting.identity.kinds import FORM, Key
from dealerrouting.identity.matching import Identity
from dealerrouting.identity.names import Called, Folded, fold_name, fold_place
from dealerrouting.identity.numbers import number_in_vat, placeholder, read_country, read_lei, read_number, read_vat

__all__ = ["data_versions", "identify", "keys"]

_AREA = 2
# Elsewhere a group may share a VAT number that is the number of one of them, so a number that is written counts alone.
# Here the two are one number by law: both count, so that a claim with two that differ can be told of it.
_ONE_NUMBER = frozenset({"BE"})
_LEAST_NAME = 3  # a name of one or two letters says too little


def keys(
    *,
    country: str | None = None,
    number: str | None = None,
    vat: str | None = None,
    lei: str | None = None,
    domain: str | None = None,
    email: str | None = None,
    name: str | None = None,
    postcode: str | None = None,
) -> frozenset[Key]:
    """All keys that these texts give; one that cannot be read gives none. Never raises.

    `country` (ISO 3166-1 alpha-2) is where a number without its own prefix is registered. Where the VAT number contains
    the register number, and outside Belgium no other is written, it gives both keys. One digit repeated (00000000) is
    what people type when a form insists, and no key. `domain` may be an address on the web; of `email` only the domain
    counts. A mailbox provider's domain is no key. `name` is a key together with `postcode`, a
    whole code of that country in its normal form.
    """
    found = {*_numbers(country, number, vat, lei), *_domains(domain, email)}
    return frozenset(found.union(_named(read_country(country), fold_name(name, country), postcode)))


def identify(
    *,
    country: str | None = None,
    number: str | None = None,
    vat: str | None = None,
    lei: str | None = None,
    domain: str | None = None,
    email: str | None = None,
    name: str | None = None,
    postcode: str | None = None,
    city: str | None = None,
) -> Identity:
    """The same keys, and what the company is called where. Never raises."""
    scope, folded = read_country(country), fold_name(name, country)
    found = {*_numbers(country, number, vat, lei), *_domains(domain, email), *_named(scope, folded, postcode)}
    places = frozenset(place for place in (_signs(postcode)[:_AREA], "".join(fold_place(city).split())) if place)
    called = Called(folded, scope, places) if scope and folded.tells and places else None
    return Identity(frozenset(found), called)


def _numbers(country: object, number: object, vat: object, lei: object) -> Iterator[Key]:
    scope, taxed = read_country(country), read_vat(country, vat)
    registered = _registered(scope, read_number(country, number))
    if registered:
        yield registered
    if entity := read_lei(lei):
        yield Key("lei", "", entity)
    if taxed and not placeholder(taxed[1]) and vat_holds(*taxed):
        yield Key("vat", *taxed)
        contained = _registered(taxed[0], number_in_vat(*taxed))
        if contained and (contained.scope in _ONE_NUMBER or not (registered and registered.scope == contained.scope)):
            yield contained


def _registered(scope: str | None, number: str | None) -> Key | None:
    if not scope or not number or placeholder(number) or not number_holds(scope, number):
        return None
    return Key("number", scope, number)


def _domains(domain: object, email: object) -> Iterator[Key]:
    for own in (own_domain(domain), own_domain(after_at(email))):
        if own:
            yield Key("domain", "", own)


def _named(scope: str | None, folded: Folded, postcode: object) -> Iterator[Key]:
    place = _signs(postcode)
    if scope and place and folded.tells and len(folded.bare) >= _LEAST_NAME:
        yield Key("name", scope, f"{folded.core}@{place}")
        if folded.form:
            yield Key(FORM, scope, folded.form)


def _signs(text: object) -> str:
    return "".join(sign for sign in text if sign.isalnum()) if isinstance(text, str) else ""


def data_versions() -> dict[str, str]:
    """The versions of the data that decide who is who, for a plan's digest."""
    import publicsuffixlist

    from dealerrouting.tables import freemail, hosts, legal_forms, registers

    return {
        "free-mail": freemail.VERSION,
        "legal-forms": legal_forms.VERSION,
        "registers": registers.VERSION,
        "public-suffixes": str(publicsuffixlist.__version__),
        "shared-hosts": hosts.VERSION,
    }
