"""How alike two names at one place are: for a person to look at, never to decide by.

May know: folded names, rapidfuzz (the extra `match`). May not know: keys, or who is asking.

Two names are alike if they are one name with typing errors. So it is not how much they have in common that counts: a
word too many, another number, another initial or another legal form is another company (X Holding and X Beheer, Fund 3
and Fund 4), however long the rest. What is forgiven is one letter in four of a word and one in five of the name, so
nothing in a short word; the order of the words; blanks in the wrong place; a joining word or an article; a legal form
that is mistyped or has grown together with the name; everyday abbreviations (`Gebr.`, `v.d.`, `Ets`), a title in front,
the town behind, and a second name after `t/a`. Nothing of this may make a key: `St.` is not always `Sint`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import evolve

from dealerrouting.errors import MissingExtra
from dealerrouting.identity.names import Called, Folded, fold_name

__all__ = ["ENOUGH", "likeness", "require"]

ENOUGH = 80
"""From here on a person is asked: four letters of five agree, and no word is another one."""

_OF_A_WORD = 4
_FAR = 60
_MOST_WORDS = 32
_LEAST_FORM = 3
_JOINING = frozenset(("en", "and", "und", "et"))
# Articles and prepositions that people leave out or put in.
_SMALL = frozenset(("t", "het", "de", "den", "der", "ten", "ter", "van", "von", "the", "of", "la", "le", "les", "du"))
# Ways of writing one word, as folded; the first is the one that is compared, where both names have one of them.
_WRITTEN = (
    "gebroeders gebr gebrs gebruder gebrueder",
    "zonen zn zoon",
    "vd van_der van_de van_den",
    "van v",
    "het t",
    "etablissements etablissement ets",
    "societe ste",
    "company co compagnie cie",
    "sint st saint sankt",
    "brothers bros",
    "international internationaal int intl",
    "nederland ned nederlandse",
    "maatschappij mij",
    "weduwe wed",
    "onroerendgoed onroerend_goed og",
    "ingenieurburo ingenieurbuero ing_buro ing_buero",
    "ingenieursbureau ing_bureau ingenieurs_bureau",
)
_ONE_WAY = {way: ways.split()[0] for ways in _WRITTEN for way in ways.split()}
# In front of a name, they say what somebody is.
_TITLES = frozenset(("dr", "drs", "ing", "ir", "mr", "mw", "dhr", "prof", "fa", "firma", "fam"))
_TRADING_AS = frozenset(("ta", "ho"))
_MOST_TOWN_WORDS = 4
_ROMAN = frozenset(
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
)


def require() -> None:
    """`MissingExtra` where names cannot be compared."""
    try:
        import rapidfuzz  # noqa: F401
    except ImportError:
        raise MissingExtra("looking for names that are alike", "match") from None


def likeness(a: Called | None, b: Called | None) -> int:
    """How alike the names are, 0 to 100; 0 where they are not at one place."""
    if a is None or b is None or a.country != b.country or a.places.isdisjoint(b.places):
        return 0
    require()
    # Which name comes first must not matter, and below the first of several equal ways is taken.
    one, other = sorted((a, b), key=lambda name: (name.folded.words, name.folded.form or ""))
    resemblance = _resemblance(one.folded.bare, other.folded.bare)
    # Most names at a place have no word and few letters in common, and are done with cheaply.
    far = resemblance < _FAR and set(one.folded.words).isdisjoint(other.folded.words)
    return max(min(ENOUGH - 1, resemblance), 0 if far else _agreement(one, other))


def _agreement(a: Called, b: Called) -> int:
    """How many letters of a hundred agree, where what makes the names differ are typing errors; else 0."""
    towns, most = a.places | b.places, 0
    for one in _names(a, towns):
        for other in _names(b, towns):
            errors = _errors(one, other)
            letters = max(len(one.bare), len(other.bare), 1)
            most = max(most, 0 if errors is None else 100 * (letters - errors) // letters)
    return most


def _names(called: Called, towns: frozenset[str]) -> Iterator[Folded]:
    """The name, and each shorter one that it says the company goes by."""
    yield called.folded
    for words in _shorter(called.folded.words, towns):
        # `Jansen B.V. (Rotterdam)` has its form at the end only now.
        found = fold_name(" ".join(words), called.country)
        if found.tells:
            yield evolve(found, form=found.form or called.folded.form)


def _shorter(words: tuple[str, ...], towns: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for many in range(1, min(_MOST_TOWN_WORDS, len(words) - 1) + 1):
        town = "".join(words[-many:])
        # A place may also be the beginning of a postcode, and a number tells companies apart.
        if town in towns and town.isalpha():
            yield words[:-many]
    for at in range(1, len(words) - 1):
        if words[at] in _TRADING_AS:
            yield words[:at]
            yield words[at + 1 :]
            return


def _resemblance(a: str, b: str) -> int:
    from rapidfuzz import fuzz

    return int(fuzz.ratio(a, b))


def _errors(a: Folded, b: Folded) -> int | None:
    """How many typing errors make one name of the other; None if that is not what makes them differ."""
    if a.form and b.form and a.form != b.form:
        # Whether somebody took one form for the other only a person can say, but not if the name differs as well.
        return 0 if a.bare == b.bare and (a.stays or b.stays) else None
    ways = (
        errors(ours, theirs, form)
        for ours, theirs, form in _readings(a, b)
        if _same_numbers(ours, theirs)
        for errors in (_word_errors, _letter_errors)
    )
    return min((found for found in ways if found is not None), default=None)


def _readings(a: Folded, b: Folded) -> Iterator[tuple[list[str], list[str], str]]:
    """The words of both, and the legal form if it is one of them."""
    yield _without_joining(a.words, b.words), _without_joining(b.words, a.words), ""
    ours, theirs = _spelled_out(a.words, b.words), _spelled_out(b.words, a.words)
    if (ours, theirs) != (a.words, b.words):
        yield _without_joining(ours, theirs), _without_joining(theirs, ours), ""
    form = (a.form or b.form or "").lower()
    if len(form) < _LEAST_FORM or (a.form and b.form):
        return
    # One has a form and the other none: it may be written there so that it was not seen as one.
    ours, theirs = ((*name.words, form) if name.form else name.words for name in (a, b))
    yield _without_joining(ours, theirs), _without_joining(theirs, ours), form


def _spelled_out(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """The words, spelled in one way where the other name has the same word, and without a title that it lacks."""
    there = {way for _, way in _ways(others)} - {""}
    spelled = [word for ours, way in _ways(words) for word in ((way,) if way in there else ours)]
    while len(spelled) > 1 and spelled[0] in _TITLES and spelled[0] not in others:
        del spelled[0]
    return tuple(spelled)


def _ways(words: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    """The words, two together where they are one, each with the way of writing it that is compared."""
    found, at = [], 0
    while at < len(words):
        many = 2 if "_".join(words[at : at + 2]) in _ONE_WAY and at + 1 < len(words) else 1
        ours = words[at : at + many]
        found.append((ours, _ONE_WAY.get("_".join(ours), "")))
        at += many
    return found


def _without_joining(words: Sequence[str], others: Sequence[str]) -> list[str]:
    # Between two words, `amd` is `and`; at an end a joining word stands only where words have moved.
    last = len(words) - 1
    return [
        word
        for at, word in enumerate(words)
        if word in others or not (word in _JOINING or (0 < at < last and _is_joining_mistyped(word)))
    ]


def _is_joining_mistyped(word: str) -> bool:
    from rapidfuzz.distance import OSA

    return 1 < len(word) <= 3 and any(OSA.distance(word, joining) == 1 for joining in ("and", "und"))


def _same_numbers(a: list[str], b: list[str]) -> bool:
    # A digit among letters may be a typing error, but not where the other name has one as well.
    ours, theirs = (sorted(sign for word in words for sign in word if sign.isdigit()) for words in (a, b))
    return _numbers(a) == _numbers(b) and (not ours or not theirs or ours == theirs)


def _numbers(words: list[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit() or word in _ROMAN)


def _forgiven(form: str, *written: str) -> int:
    """How many errors a word may have, by how it is written in each name."""
    # A form is mistyped in one letter although it is short: what it stands for is known.
    if form in written:
        return 1
    short, long = (choose(map(len, written)) // _OF_A_WORD for choose in (min, max))
    # Part of a word that fell apart may hold an error; with more, a part as short as that is a word of its own.
    return long if short else min(long, 1)


def _word_errors(a: list[str], b: list[str], form: str) -> int | None:
    """Errors where the words may stand in any order, but none is too many."""
    more, fewer = Counter(a), Counter(b)
    rest = [*(more - fewer).elements()], [*(fewer - more).elements()]
    small = sum(word in _SMALL for side in rest for word in side)
    ours, theirs = ([word for word in side if word not in _SMALL] for side in rest)
    if len(ours) != len(theirs) or len(ours) > _MOST_WORDS:
        return None
    from rapidfuzz.distance import OSA

    errors = 0
    for distance, one, other in sorted((OSA.distance(one, other), one, other) for one in ours for other in theirs):
        if one in ours and other in theirs and distance <= _forgiven(form, one, other):
            ours.remove(one)
            theirs.remove(other)
            errors += distance
    return None if ours or theirs else errors + small


def _letter_errors(a: list[str], b: list[str], form: str) -> int | None:
    """Errors where blanks do not matter, but the letters stand in order."""
    from rapidfuzz.distance import Levenshtein

    one, other = "".join(a), "".join(b)
    most = max(len(one), len(other)) // _OF_A_WORD
    if not a or not b or Levenshtein.distance(one, other, score_cutoff=most) > most:
        return None
    here, there = _word_of_letter(a), _word_of_letter(b)
    seen: Counter[tuple[str, int]] = Counter()
    operations = Levenshtein.editops(one, other)
    for operation in operations:
        kind, at, to = operation.tag, operation.src_pos, operation.dest_pos
        seen.update((("a", here[at]), ("b", there[to])))
        # A letter too few or too many is weighed by the word that has it: a short word is never one error.
        touched = ([a[here[at]]] if kind != "insert" else []) + ([b[there[to]]] if kind != "delete" else [])
        if max(seen["a", here[at]], seen["b", there[to]]) > _forgiven(form, *touched):
            return None
    return len(operations)


def _word_of_letter(words: list[str]) -> list[int]:
    # A letter may also be put in at the end.
    return [at for at, word in enumerate(words) for _ in word] + [len(words) - 1]
