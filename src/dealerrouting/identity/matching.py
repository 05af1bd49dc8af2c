"""`match`: what two companies' keys and names say of each other.

May know: keys, names. May not know: whose they are, or who profits.

The kinds of key are asked in their order, and the first that speaks decides: where both have a number in one
register, that they are equal or that they differ settles it, whatever weaker keys say. So a number that
contradicts can only end a match. Numbers of a country whose form is not known may be one number in two spellings: they
can agree, but never contradict. A legal form stands before the name: equal names at one postcode with
different forms (X B.V. and X N.V.) are two companies until a person has looked.
"""

from __future__ import annotations

from attrs import evolve, frozen

from dealerrouting.identity import alike
from dealerrouting.identity.kinds import FORM, KINDS, STRENGTHS, Key, is_sealed, rank, sealed
from dealerrouting.identity.names import Called
from dealerrouting.identity.numbers import has_form

__all__ = ["ALIKE", "Identity", "Match", "match"]

ALIKE = "alike"
"""The strength of what only a person may decide."""

_ONE_OF_EACH = frozenset({"number", "lei", "vat", FORM})  # a company has one in each country, but several domains
_FINAL = frozenset({"number", "lei"})  # where these differ there is nothing left to ask a person


@frozen
class Identity:
    """All that a company is known by: its keys, and what it is called and where, where that is known."""

    keys: frozenset[Key] = frozenset()
    called: Called | None = None

    @property
    def hints(self) -> frozenset[Key]:
        """Where to look for names that are alike."""
        return frozenset() if self.called is None else self.called.hints


@frozen
class Match:
    """What two companies say of each other.

    `strength` is one of `STRENGTHS` where they are the same company, `alike` where a person has to look, None
    where nothing says so. `agree` are all keys that both have, `contradict` one pair of keys for each kind and
    country in which both have keys but none in common (domains cannot contradict: a company may have several). Both
    are sorted, the strongest kind first. `likeness` is how alike the names are, 0 to 100, where that was asked.
    `hinted` are keys that both have and that are only a hint.
    """

    strength: str | None
    agree: tuple[Key, ...] = ()
    contradict: tuple[tuple[Key, Key], ...] = ()
    likeness: int | None = None
    hinted: tuple[Key, ...] = ()

    @property
    def routes(self) -> bool:
        """Whether it is the same company as far as a lead goes."""
        return self.strength in STRENGTHS

    @property
    def disputed(self) -> bool:
        """Whether they would be one company, but for another register number or LEI."""
        final = any(first.kind in _FINAL for first, _ in self.contradict)
        return final and any(key.kind in STRENGTHS for key in (*self.agree, *self.hinted))

    @property
    def review(self) -> bool:
        """Whether a person has to look."""
        return self.strength == ALIKE


def match(
    a: Identity | frozenset[Key],
    b: Identity | frozenset[Key],
    *,
    fuzzy: bool = False,
    shared: frozenset[Key] = frozenset(),
) -> Match:
    """How strongly two companies agree; `match(a, b) == match(b, a)`.

    Register numbers of one country, or LEIs, that differ are never a match, whatever else agrees: companies of one
    group share a VAT number, a domain and an address. That goes for countries whose numbers have a form of their own
    (`numbers.has_form`); of another, numbers that differ say nothing. Differing VAT numbers or legal forms leave it to
    a person.
    `shared` are keys that are only a hint, because many companies have them: what agrees by them alone is for a
    person. `fuzzy` also compares names at one place, for which the extra `match` is needed (`MissingExtra`). Sealed
    keys are compared with open ones by sealing those.
    """
    left, right = _identity(a), _identity(b)
    found = _hinted(_exact(left.keys - shared, right.keys - shared), left.keys & right.keys & shared)
    if not fuzzy or found.strength or any(first.kind in _FINAL for first, _ in found.contradict):
        return found
    likeness = alike.likeness(left.called, right.called)
    return evolve(found, strength=ALIKE if likeness >= alike.ENOUGH else None, likeness=likeness)


def _hinted(found: Match, hints: frozenset[Key]) -> Match:
    """The match with the hints beside it, by which a person has to look where nothing else says anything."""
    if not hints:
        return found
    final = any(first.kind in _FINAL for first, _ in found.contradict)
    return evolve(found, strength=found.strength or (None if final else ALIKE), hinted=tuple(sorted(hints, key=rank)))


def _identity(given: Identity | frozenset[Key]) -> Identity:
    return given if isinstance(given, Identity) else Identity(frozenset(given))


def _exact(a: frozenset[Key], b: frozenset[Key]) -> Match:
    if any(map(is_sealed, a)) or any(map(is_sealed, b)):
        a, b = frozenset(map(sealed, a)), frozenset(map(sealed, b))
    agree = tuple(sorted(a & b, key=rank))
    contradict = tuple(_contradictions(a, b))
    return Match(_strength({key.kind for key in agree}, {first.kind for first, _ in contradict}), agree, contradict)


def _strength(agree: set[str], contradict: set[str]) -> str | None:
    """What the first kind that speaks says."""
    for kind in KINDS:
        if kind in contradict:
            return None if kind in _FINAL or agree.isdisjoint(STRENGTHS) else ALIKE
        if kind in agree and kind in STRENGTHS:
            return kind
    return None


def _contradictions(a: frozenset[Key], b: frozenset[Key]) -> list[tuple[Key, Key]]:
    ours, theirs = _by_register(a), _by_register(b)
    pairs = []
    for register in sorted(ours.keys() & theirs.keys()):
        if ours[register].isdisjoint(theirs[register]):
            first, second = sorted((min(side[register], key=rank) for side in (ours, theirs)), key=rank)
            pairs.append((first, second))
    return pairs


def _by_register(found: frozenset[Key]) -> dict[tuple[int, str], set[Key]]:
    registers: dict[tuple[int, str], set[Key]] = {}
    for key in found:
        if key.kind in _ONE_OF_EACH and (key.kind != "number" or has_form(key.scope)):
            registers.setdefault(rank(key)[:2], set()).add(key)
    return registers
