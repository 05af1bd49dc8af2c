"""Trees of codes with a version: NACE 2 and NACE 2.1, or a caller's own.

May know: the errors and the table of NACE codes. May not know: plans, territories, leads.
A code means nothing without its version: 47.81 is food on market stalls in NACE 2 and motor vehicles
in NACE 2.1, section J is information and communication in one and publishing and broadcasting in the
other. So a code is read, compared and shown by one `Taxonomy`, and `translate` alone crosses over.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.tables import nace

__all__ = [
    "DATA_VERSION",
    "MAX_CODE",
    "MAX_DEPTH",
    "MAX_NODES",
    "SHIPPED",
    "Taxonomy",
    "counterparts",
    "make",
    "near",
    "split",
    "taxonomy",
    "translate",
]

SHIPPED: tuple[str, ...] = ("nace-2", "nace-2.1")
"""The ids of the taxonomies inside the package."""
DATA_VERSION: str = nace.VERSION
"""Changes whenever the shipped codes or their correspondence do; part of a plan's digest."""
MAX_NODES = 10_000
MAX_CODE = 64
MAX_DEPTH = 32
_MOST_TEXT = 1024
_FEW = 6

_Parents = Mapping[str, str | None]


def _read_only(parents: _Parents) -> _Parents:
    return MappingProxyType(dict(sorted(parents.items())))


@frozen
class Taxonomy:
    """A tree of codes: each code in its normal form and the code it is part of (None for a root).

    Taxonomies are made by `taxonomy` and `make`. The order in which codes were given does not
    matter. The normal form of a NACE code is the letter of a section (`C`), else its digits without
    the dot (`25`, `256`, `2561`); of a caller's own code, the code as it was declared.
    """

    id: str
    parents: _Parents = field(converter=_read_only, repr=False)

    def __eq__(self, other: object) -> bool:
        """By id and codes; most plans hold the same one, and a thousand codes need not be looked through."""
        if self is other:
            return True
        if not isinstance(other, Taxonomy):
            return NotImplemented
        return (self.id, self.parents) == (other.id, other.parents)

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> tuple[type[Taxonomy], tuple[str, dict[str, str | None]]]:
        """By value, since a read-only mapping cannot be pickled."""
        return Taxonomy, (self.id, dict(self.parents))

    def read(self, text: object) -> str | None:
        """The normal form of a code as people write it, or None where it is not certain to be one.

        NACE codes are read with or without section letter, dot and blanks (`C25.6`, `25.6`, `256`,
        `C 25.61`, `c`). A section letter must be that of the division in this version. A code that
        lost its leading zero is not repaired, and a number is no code: both would be guesses.
        A caller's own codes are matched exactly, but for surrounding blanks.
        """
        if not isinstance(text, str) or len(text) > _MOST_TEXT:
            return None
        written = text.strip()
        if self.id in SHIPPED:
            return self._read_nace(written)
        return written if written in self.parents else None

    def _read_nace(self, written: str) -> str | None:
        if not written or not written.isascii():
            return None
        letter = written[0].upper() if written[0].isalpha() else ""
        digits = written[len(letter) :].lstrip()
        if digits[2:3] == ".":
            digits = digits[:2] + digits[3:] if len(digits) > 3 else ""
        elif letter and not digits:
            return letter if letter in self.parents else None
        if digits not in self.parents or not digits.isdigit():
            return None
        return digits if letter in {"", self.ancestors(digits)[-1]} else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself, what it is part of, and so on up to its root; at most `MAX_DEPTH` codes."""
        chain = [code]
        while (parent := self.parents.get(chain[-1])) is not None and len(chain) < MAX_DEPTH:
            chain.append(parent)
        return tuple(chain)

    def under(self, code: str, ancestor: str) -> bool | None:
        """Whether what `code` means is part of `ancestor`, both in normal form.

        True if `ancestor` is the code or above it; None if it is strictly below, so that the code
        is too coarse to tell; else False, also for a code that the tree does not hold.
        """
        if ancestor in self.ancestors(code):
            return True
        return None if code in self.ancestors(ancestor) else False

    def children(self, code: str | None = None) -> tuple[str, ...]:
        """The codes directly below one, or without argument the roots; sorted."""
        return _children(self).get(code, ())

    def codes(self) -> tuple[str, ...]:
        """All codes in normal form, sorted."""
        return tuple(self.parents)

    def display(self, code: str) -> str:
        """A code as people write it: `C25.61` for NACE, a caller's own code as it is."""
        if self.id not in SHIPPED or not code.isdigit():
            return code
        return self.ancestors(code)[-1] + _dotted(code)


@lru_cache(maxsize=32)
def _children(tree: Taxonomy) -> Mapping[str | None, tuple[str, ...]]:
    below: dict[str | None, list[str]] = {}
    for code, parent in tree.parents.items():
        below.setdefault(parent, []).append(code)
    return {code: tuple(children) for code, children in below.items()}


def _dotted(code: str) -> str:
    return f"{code[:2]}.{code[2:]}" if len(code) > 2 else code


def split(text: object) -> tuple[str | None, str]:
    """A qualified code taken apart: `nace-2:47.81` is `("nace-2", "47.81")`, `47.81` is `(None, "47.81")`.

    Neither part is checked. What is not text is `(None, "")`.
    """
    if not isinstance(text, str):
        return None, ""
    version, colon, code = text.partition(":")
    if not colon:
        return None, text.strip()
    return version.strip() or None, code.strip()


# The shipped versions


def taxonomy(id: str) -> Taxonomy | None:
    """The shipped taxonomy of that id, or None."""
    return _shipped(id) if id in SHIPPED else None


@lru_cache(maxsize=len(SHIPPED))
def _shipped(version: str) -> Taxonomy:
    parents: dict[str, str | None] = {}
    section = ""
    for code in (nace.REV_2 if version == "nace-2" else nace.REV_2_1).split():
        if code.isalpha():
            section = code
            parents[code] = None
        else:
            parents[code] = code[:-1] if len(code) > 2 else section
    return Taxonomy(version, parents)


def translate(code: str, source: Taxonomy, target: Taxonomy) -> str | None:
    """The one code of the target, on the same level, that holds everything the code means; else None.

    Only between the two shipped versions, both ways; within one taxonomy a code stays itself. A
    class needs exactly one counterpart; for a group, division or section all its classes must lie
    below one code of that level. What lies below the result need not all lie below `code`.
    """
    if source == target:
        return code if code in source.parents else None
    meets = counterparts(code, source, target)
    return meets[0] if len(meets) == 1 and code not in _partly_lost(source.id, target.id) else None


def counterparts(code: str, source: Taxonomy, target: Taxonomy) -> tuple[str, ...]:
    """All codes of the other shipped version, on the same level, that share activities with the code."""
    if {source.id, target.id} != set(SHIPPED):
        return ()
    return _correspondence(source.id, target.id).get(code, ())


def _class_pairs(source: str) -> list[tuple[str, str]]:
    # From the classes of `source` to those of the other version.
    pairs = []
    for entry in nace.CLASSES.split():
        new, colon, olds = entry.partition(":")
        pairs += [(new, old) for old in (olds if colon else new).split(",") if old]
    return pairs if source == "nace-2.1" else [(old, new) for new, old in pairs]


@lru_cache(maxsize=len(SHIPPED))
def _correspondence(source: str, target: str) -> Mapping[str, tuple[str, ...]]:
    here, there = _shipped(source), _shipped(target)
    meets: dict[str, set[str]] = {}
    for code, other in _class_pairs(source):
        for above, other_above in zip(here.ancestors(code), there.ancestors(other), strict=True):
            meets.setdefault(above, set()).add(other_above)
    return {code: tuple(sorted(others)) for code, others in meets.items()}


@lru_cache(maxsize=len(SHIPPED))
def _partly_lost(source: str, target: str) -> frozenset[str]:
    # Codes that hold a class without any counterpart, themselves included.
    here = _shipped(source)
    found = _correspondence(source, target)
    classes = (code for code in here.parents if not here.children(code))
    return frozenset(above for code in classes if code not in found for above in here.ancestors(code))


# A caller's own


def make(id: str, codes: _Parents) -> Taxonomy:
    """A taxonomy of the caller's own, from each code to the code it is part of (None for a root).

    Raises `PlanError` with all faults: an id that is empty, too long, shipped or has a colon; no
    codes or more than `MAX_NODES`; a code that is empty, longer than `MAX_CODE`, or written so that
    a list of codes could not hold it; an unknown parent; a cycle; more than `MAX_DEPTH` levels.
    """
    place = f"taxonomy {_shown(id)}"
    faults = _id_faults(place, id)
    # Each question means something only where the one before it found nothing.
    faults += _size_faults(place, codes) or _spelling_faults(place, codes) or _tree_faults(place, codes)
    if faults:
        raise PlanError(faults)
    return Taxonomy(id, codes)


def _id_faults(place: str, name: object) -> list[Fault]:
    if name in SHIPPED:
        return [Fault(place, "is the id of a taxonomy in the package", "give your own another id", ("id",))]
    if not _spelled_well(name):
        return [Fault(place, "is no id for a taxonomy", _SPELLING, ("id",))]
    return []


def _size_faults(place: str, codes: object) -> list[Fault]:
    if not isinstance(codes, Mapping):
        what = f"{quoted(type(codes).__name__)} is no mapping from code to parent"
        return [Fault(place, what, path=("codes",))]
    if not 1 <= len(codes) <= MAX_NODES:
        return [Fault(place, f"has {len(codes)} codes", f"give 1 to {MAX_NODES}", ("codes",))]
    return []


_SPELLING = f"write 1 to {MAX_CODE} visible characters without `:` and `;`, no blank at either end"


def _shown(value: object) -> str:
    return quoted(value) if isinstance(value, str) else f"a value of type {quoted(type(value).__name__)}"


def _spelled_well(text: object) -> bool:
    # A colon would read as a version before a code, a semicolon as the end of a list's item.
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_CODE:
        return False
    return text == text.strip() and text.isprintable() and not {":", ";"} & set(text)


def _spelling_faults(place: str, codes: Mapping[Any, Any]) -> list[Fault]:
    faults = []
    for code, parent in codes.items():
        path = ("codes", code[:MAX_CODE]) if isinstance(code, str) else ("codes",)
        if not _spelled_well(code):
            faults.append(Fault(place, f"{_shown(code)} is no code", _SPELLING, path))
        if not (parent is None or isinstance(parent, str)):
            what = f"the parent of {_shown(code)} is {_shown(parent)}"
            faults.append(Fault(place, what, "give a code, or null for a root", path))
    return faults


def _tree_faults(place: str, codes: _Parents) -> list[Fault]:
    return [*_parent_faults(place, codes), *_depth_faults(place, codes)]


def _parent_faults(place: str, codes: _Parents) -> list[Fault]:
    faults: list[Fault] = []
    for code, parent in sorted(codes.items()):
        if parent is not None and parent not in codes:
            # Looking for the nearest of ten thousand codes takes a while, so only the first few get it.
            cure = did_you_mean(parent, codes) if len(faults) < _FEW else ""
            what = f"{quoted(code)} is part of {quoted(parent)}, which is not among the codes"
            faults.append(Fault(place, what, cure, ("codes", code)))
    return faults


def _depth_faults(place: str, codes: _Parents) -> list[Fault]:
    faults = []
    depth: dict[str, int] = {}
    for start in sorted(codes):
        chain: list[str] = []
        at: str | None = start
        while at is not None and at not in depth and at in codes:
            # Marked while on the way, so that a cycle ends here and is found once.
            depth[at] = 0
            chain.append(at)
            at = codes[at]
        if at in chain:
            cycle = [*chain[chain.index(at) :], at]
            what = f"{' > '.join(map(quoted, cycle[: _FEW + 1]))}{' ...' if len(cycle) > _FEW + 1 else ''}"
            faults.append(Fault(place, f"{what} is a cycle", "make one of them a root", ("codes", at)))
        above = depth.get(at, 0) if at is not None else 0
        for code in reversed(chain):
            above = depth[code] = above + 1
            if above == MAX_DEPTH + 1 and at not in chain:
                what = f"{quoted(code)} lies more than {MAX_DEPTH} levels deep"
                faults.append(Fault(place, what, "use fewer levels", ("codes", code)))
    return faults


# Cures


def near(code_text: object, taxonomy: Taxonomy) -> str:
    """What to do about a code of a definition that `taxonomy` does not know: one line of text.

    Where it is a code of the other shipped version, that version and the counterparts are named.
    """
    if not isinstance(code_text, str):
        return "write the code as text, in quotes: a number may have lost a zero"
    text = code_text.strip()[:MAX_CODE]
    if taxonomy.read(text) is not None:
        return ""
    if taxonomy.id not in SHIPPED:
        return did_you_mean(text, taxonomy.parents)
    cures = [cure for cure in (_elsewhere(text, taxonomy), _letter(text, taxonomy), _zero(text, taxonomy)) if cure]
    if cures:
        return "; ".join(cures)
    lettered = text[:1].isalpha()
    return did_you_mean(text, map(taxonomy.display if lettered else _dotted, taxonomy.parents))


def _elsewhere(text: str, here: Taxonomy) -> str:
    other = _shipped(next(version for version in SHIPPED if version != here.id))
    code = other.read(text)
    if code is None:
        return ""
    meets = [f"`{here.display(found)}`" for found in counterparts(code, other, here)]
    there = f"{', '.join(meets[:_FEW])}{', ...' if len(meets) > _FEW else ''}" if meets else "nothing"
    return f"`{other.display(code)}` is a code of {other.id}, in {here.id} it corresponds to {there}"


def _letter(text: str, here: Taxonomy) -> str:
    code = here.read(text[1:]) if text[:1].isalpha() else None
    return f"here that division is in another section: `{here.display(code)}`" if code else ""


def _zero(text: str, here: Taxonomy) -> str:
    code = here.read(f"0{text}")
    return f"if a leading zero was lost, write `{here.display(code)}`" if code else ""
