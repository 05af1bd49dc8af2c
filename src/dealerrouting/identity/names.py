"""What a company is called, folded so that ways of writing one name are one text.

May know: legal forms, words that join. May not know: which companies there are. Nothing here looks for what is only
alike: two names are one text, or they are not.

What is lost on purpose: case, accents, dots, spaces, `&` and the words for it, and where the legal form stands. What is
kept on purpose: every other word, since `Holding`, `Beheer`, `Nederland` and numbers tell the companies of one group
apart; where one number ends and the next begins, since `Fund 2-3` is not `Fund 23`; and a legal form that its owner
would not leave out, since `Stichting Ajax` is not what `Ajax` is called. `Mueller` stays another name than `Müller`, or
`Bauer` would be `Baur`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from unicodedata import category, combining, normalize

from attrs import frozen

from dealerrouting.identity.kinds import HINT, Key
from dealerrouting.tables import countries

__all__ = ["Called", "Folded", "fold_name", "fold_place", "spelling"]

_MOST_TEXT = 1024
_MOST_WORDS = 3
_PART = 3

# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans("øłđðħŧŋ\u0131", "olddhtni") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
# Dots and apostrophes stand inside words; normalisation would make blanks of some, and letters of the last two.
_SIGNS = str.maketrans(
    dict.fromkeys("'`\u2019\u2018\u201b\u02bc\u02bb\u00b4\u2032\uff07\uff0e\u00b7\u2027\u2122\u2120", ".")
    | dict(zip("[]{}", "()()", strict=True))
)
_BETWEEN_DIGITS = r"(?<=\d)\.+(?=\d)"
# A letter that nobody types and that folds to itself, so that a core is still one word; it looks like a raised dot.
_APART = "\ua78f"
# Invisible, though Unicode calls them letters or marks.
_UNSEEN = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))

_JOINING = frozenset(("en", "and", "und", "et"))
# Elsewhere these are initials: a Dutch `O.G.` deals in real estate.
_ALSO_JOINING = {"ES": "y", "IT": "e", "PT": "e", "DK": "og", "NO": "og", "SE": "och", "FI": "och ja"}
_JOINING_IN = {scope: _JOINING.union(words.split()) for scope, words in _ALSO_JOINING.items()}
_MOST_FORM_WORDS = 8


@frozen
class Folded:
    """A name without how it is written: its words in order, its legal form by the form's code, if it has one.

    `stays` says that the form is part of the name, since its owner would not leave it out. `tells` is false for a name
    that is none: `n.v.t.`, `unknown`, `Holding B.V.`, or nothing but a legal form.
    """

    words: tuple[str, ...]
    form: str | None = None
    stays: bool = False
    tells: bool = True

    @property
    def core(self) -> str:
        """The name as one word, so that spaces and hyphens do not matter, but two numbers never become one."""
        # At the end, for there people write it: `AB Systems` is no `Systems AB`.
        return self.bare + (self.form or "").lower() if self.stays else self.bare

    @property
    def bare(self) -> str:
        """The core without any legal form."""
        return "".join(map(_joined, ("", *self.words), self.words))


def _joined(before: str, word: str) -> str:
    return _APART + word if before[-1:].isdecimal() and word[:1].isdecimal() else word


@frozen
class Called:
    """A folded name, the country, and the places at which it is to be looked for."""

    folded: Folded
    country: str
    places: frozenset[str]

    @property
    def hints(self) -> frozenset[Key]:
        """Hints at each place, at most eight: both ends of the name, and of its longest words."""
        parts = _parts(self.folded) if self.folded.tells else frozenset()
        return frozenset(Key(HINT, self.country, f"{part}@{place}") for part in parts for place in self.places)


def _parts(folded: Folded) -> frozenset[str]:
    # One mistyped letter is not at both ends. Words may have moved, so each long one counts; the long ones say most.
    core = folded.bare  # with the form, all foundations of a place would have an end in common
    if len(core) < 2 * _PART:
        return frozenset({core[:_PART], core[-_PART:], core[: _PART - 1], core[1 - _PART :]} - {""})
    longest = sorted(set(folded.words), key=lambda word: (-len(word), word))[:_MOST_WORDS]
    return frozenset(part for word in (core, *longest) for part in (word[:_PART], word[-_PART:]))


def fold_name(text: object, country: str | None = None) -> Folded:
    """A company's name, folded; no words if there is none or it is too long to be one. Never raises.

    The legal form is looked for at the end, in brackets, and in front where it is one that people write there. First in
    the forms of `country`, then in those that are known abroad. At least one word always stays.
    """
    scope = _scope(country)
    words = list(_words(_plain(text), scope))
    end, form = _end_form(words, _forms(scope), _statuses())
    start, first = _front_form(words[:end], _front(scope))
    # A second form is only taken off if it says the same again: SAS is a name in `SAS Institute B.V.`.
    if first is None or form not in {None, first}:
        return _folded(words[:end], form, scope)
    return _folded(words[start:end], first, scope)


def _folded(words: list[str], form: str | None, scope: str) -> Folded:
    stays = form is not None and form not in _left_out(scope)
    folded = Folded(tuple(words), form, stays, _tells(words, form, scope))
    return folded if len(folded.core) <= _MOST_TEXT else Folded((), tells=False)


def _tells(words: list[str], form: str | None, scope: str) -> bool:
    """Whether it is a name at all."""
    name = "".join(words)
    # `SAP AG` is a name, though in Spain `SAP` is a form.
    if name in _nameless() or (form is None and name in _own_forms(scope)):
        return False
    return not {"x", "0"}.issuperset(name) and not _nameless().issuperset(words)


def fold_place(text: object) -> str:
    """A place's name, folded: its words with a blank between them."""
    return " ".join(_split(_plain(text)))


def spelling(text: str, country: str) -> str:
    """A legal form's name as the table of forms spells it: without blanks, dots and joining words."""
    return "".join(_unjoined(_split(_plain(text)), _scope(country)))


def _scope(country: object) -> str:
    return (countries.read_country(country) if isinstance(country, str) else None) or ""


def _plain(text: object) -> str:
    # Small letters without accents; what is no letter stays, for it may separate words.
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return ""
    written = text.translate(_SIGNS)
    dotted = written.lower() if written.isascii() else _without_accents(written)
    small = re.sub(_BETWEEN_DIGITS, " ", dotted).replace(".", "")
    return small if len(small) <= _MOST_TEXT else ""  # one sign may stand for eighteen


def _without_accents(text: str) -> str:
    # `½` and `²` become digits of their own, and may stand beside one.
    numbered = "".join(f".{sign}." if category(sign) == "No" else sign for sign in text)
    signs = (sign for sign in normalize("NFKD", numbered) if not _is_accent(sign))
    small = normalize("NFKD", "".join(signs).casefold()).translate(_SIGNS).translate(_LETTERS)
    whole = normalize("NFC", "".join(sign for sign in small if not _is_accent(sign)))
    # In scripts where a vowel is a mark, names that differ in one would be the same without it.
    return "".join(f"u{ord(sign):x}" if category(sign) in {"Mn", "Mc"} else sign for sign in whole)


def _is_accent(sign: str) -> bool:
    kind = combining(sign)
    # 200 and up stand above or below a letter, 1 goes through it, 10 to 36 are Hebrew and Arabic points.
    return kind >= 200 or kind == 1 or 10 <= kind <= 36 or category(sign) in {"Cf", "Me"} or sign in _UNSEEN


def _split(plain: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def _words(plain: str, scope: str) -> Iterator[str]:
    words = _split(_brackets_last(plain, _forms(scope)) if "(" in plain else plain)
    return _initials_joined(_unjoined(words, scope), scope)


def _unjoined(words: list[str], scope: str) -> list[str]:
    # `&` is no letter and has gone already.
    joining = _JOINING_IN.get(scope, _JOINING)
    last = len(words) - 1
    return [word for at, word in enumerate(words) if word not in joining or at in {0, last}]


def _brackets_last(plain: str, forms: Mapping[str, str]) -> str:
    # `Jansen (B.V.) Nederland`: a form in brackets counts as one at the end.
    first, *rest = plain.split("(")
    kept, found = [first], []
    for part in rest:
        content, closed, after = part.partition(")")
        is_form = bool(closed) and "".join(_split(content)) in forms
        kept.append(f" {after}" if is_form else f" {part}")
        found += [content] if is_form else []
    return " ".join(kept + found)


def _initials_joined(words: list[str], scope: str) -> Iterator[str]:
    # `J P de Vries` is `J.P. de Vries`, and `B V` is `B.V.`.
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            yield run
        run = ""
        yield word
    if run:
        # In `Jens P A/S` the last letters of the run are the form.
        forms = _forms(scope)
        at = next((at for at in range(1, len(run) - 1) if run not in forms and run[at:] in forms), 0)
        yield from filter(None, (run[:at], run[at:]))


def _end_form(words: list[str], forms: Mapping[str, str], statuses: Mapping[str, bool]) -> tuple[int, str | None]:
    """How many words stay, and the form that stood after them."""
    end, form = len(words), None
    while True:
        count, code = _form_at(words[:end], forms)
        if count and form in {None, code}:
            end, form = end - count, code
        elif status := _status_at(words[:end], forms, statuses):
            end -= status
        else:
            return end, form


def _form_at(words: list[str], forms: Mapping[str, str]) -> tuple[int, str | None]:
    # The longest is the form: `GmbH & Co. KG` is no KG. One word stays, or the company would have no name.
    for count in range(min(len(words) - 1, _MOST_FORM_WORDS), 0, -1):
        if code := forms.get("".join(words[-count:])):
            return count, code
    return 0, None


def _status_at(words: list[str], forms: Mapping[str, str], statuses: Mapping[str, bool]) -> int:
    """How many words at the end say in what state the company is, as `in oprichting` does."""
    for count in (2, 1):
        alone = statuses.get("".join(words[-count:])) if len(words) > count else None
        # `i.o.` says so only after a form: there are names that end in `IO`.
        if alone or (alone is not None and _form_at(words[:-count], forms)[0]):
            return count
    return 0


def _front_form(words: list[str], front: Mapping[str, str]) -> tuple[int, str | None]:
    for count in range(min(len(words) - 1, _MOST_FORM_WORDS), 0, -1):
        if code := front.get("".join(words[:count])):
            return count, code
    return 0, None


@cache
def _forms(scope: str) -> Mapping[str, str]:
    """The forms of a country and those known abroad, by how they are spelled."""
    from dealerrouting.tables import legal_forms

    return {**_spelled(legal_forms.ABROAD.split()), **_own_forms(scope)}


@cache
def _own_forms(scope: str) -> Mapping[str, str]:
    from dealerrouting.tables import legal_forms

    return _spelled(group.partition(":")[2] for group in legal_forms.FORMS.split() if group.startswith(f"{scope}:"))


@cache
def _left_out(scope: str) -> frozenset[str]:
    """The forms that owners leave out when they say what their company is called."""
    from dealerrouting.tables import legal_forms

    listed = {country: codes for country, _, codes in (line.partition(":") for line in legal_forms.LEFT_OUT.split())}
    return frozenset(listed.get(scope, listed["ZZ"]).split(","))


@cache
def _nameless() -> frozenset[str]:
    """What is no company's name."""
    from dealerrouting.tables import legal_forms

    return frozenset(legal_forms.NAMELESS.split())


@cache
def _front(scope: str) -> Mapping[str, str]:
    """The forms that people of a country write in front of a name."""
    from dealerrouting.tables import legal_forms

    return _spelled(group.partition(":")[2] for group in legal_forms.FRONT.split() if group.startswith(f"{scope}:"))


@cache
def _statuses() -> Mapping[str, bool]:
    """Words that say a company's state, and whether they do so on their own."""
    from dealerrouting.tables import legal_forms

    return dict.fromkeys(legal_forms.AFTER.split(), False) | dict.fromkeys(legal_forms.STATUS.split(), True)


def _spelled(groups: Iterable[str]) -> dict[str, str]:
    pairs = (group.partition(":")[::2] for group in groups)
    return {spelling: code for code, spellings in pairs for spelling in spellings.split(",")}
