"""Axes: one attribute of a lead, cut into classes between which no condition of a plan can tell.

May know: leads, how a plan reads them, leaves of conditions. May not know: numbers and dates, postcodes, time (rooms of
their own), rungs, questions.

A class is shown by a sample: what to write into a lead so that it lies in it. A set of classes is a mask, a whole
number with a bit for each. What a leaf says is a pair of masks, the classes where it is true and those where it is
false; in the others it is unknown, because the lead leaves the field out, or says it too coarsely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, TypeAlias

from attrs import field, frozen

from dealerrouting.calendar import NEVER
from dealerrouting.model import Lead
from dealerrouting.rules.binding import Leaf
from dealerrouting.rules.plan import Plan
from dealerrouting.verify.region import NONE

__all__ = ["ABSENT", "Axis", "Sampled", "Sectors", "Texts", "Truth", "bits", "sampled", "span", "union"]

Mask: TypeAlias = int
Truth: TypeAlias = tuple[Mask, Mask]
Sample: TypeAlias = Mapping[str, Any]

ABSENT: Sample = {}
"""What shows the class of leads that leave the field out."""


def span(first: int, last: int) -> Mask:
    """The classes from `first` to `last`, both held; none where `last` comes before."""
    return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def bits(mask: Mask) -> Iterator[int]:
    """The classes of a mask, the least first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def union(masks: Iterable[Mask]) -> Mask:
    """The classes of any of them."""
    found = 0
    for mask in masks:
        found |= mask
    return found


@frozen(eq=False)
class Axis:
    """One attribute: its `name`, a sample of each class, and whether the classes are all there are."""

    name: str
    samples: Sequence[Sample]
    exact: bool = True

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.samples)

    @property
    def full(self) -> Mask:
        """All classes."""
        return (1 << len(self.samples)) - 1

    @property
    def present(self) -> Mask:
        """The classes in which the lead says something; the absent one, where there is one, is the first."""
        return self.full & ~1 if self.samples and not self.samples[0] else self.full

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """The classes where the leaf of that plan is true, and where it is false."""
        raise NotImplementedError

    def locate(self, facts: Sequence[Mapping[str, Any]]) -> int | None:
        """The class of a lead by what each plan reads in it; None where that cannot be told."""
        raise NotImplementedError


def sample_of(name: str, value: Any, own: bool) -> Sample:
    """What to write into a lead so that this field has this value."""
    return {f"x_{name}" if own else name: value}


# ---------------------------------------------------------------------------------------------- texts


@frozen(eq=False)
class Texts(Axis):
    """Words: each constant a class, and one for all others; with prefixes, one for the others under each."""

    words: Mapping[str, int] = field(factory=dict)
    others: tuple[tuple[str, int], ...] = ()  # words that stand for all other ones, and their classes
    prefixes: tuple[str, ...] = ()  # by other word: what all that it stands for begin with

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """Looked up: a class for each word that any condition names."""
        if leaf.op == "exists":
            return self.present, self.full & ~self.present
        yes = self._true(leaf)
        return yes, self.present & ~yes

    def locate(self, facts: Sequence[Mapping[str, Any]]) -> int | None:
        """The class of the word, else that of the others under its longest prefix."""
        word = facts[0].get(self.name)
        if word is None:
            return 0
        if word in self.words:
            return self.words[word]
        under = [(len(p), at) for p, (_, at) in zip(self.prefixes, self.others, strict=True) if word.startswith(p)]
        return max(under)[1] if under else None

    def of(self, words: Iterable[str]) -> Mask:
        """The classes of these words."""
        return union(1 << self.words[word] for word in words if word in self.words)

    def _true(self, leaf: Leaf) -> Mask:
        match leaf.op:
            case "eq":
                return self.of((leaf.const,))
            case "ne":
                return self.present & ~self.of((leaf.const,))
            case "in":
                return self.of(leaf.const)
        known = (*self.words.items(), *self.others)
        return union(1 << at for word, at in known if word.startswith(leaf.const))


_TAILS = ("", *(c + d for c in ("x", "q", "7", "-z", "zq") for d in ("", "x", "77", "q-", "zzq")))
_LANGUAGES = [a + b for a in "zxqj" for b in "qxzjwk"]


def texts(name: str, words: Iterable[str], prefixes: Iterable[str], *, own: bool) -> Texts:
    """An axis of words. What its field cannot hold (a currency of five letters) is no class."""
    starts = sorted(set(prefixes))
    samples: list[Sample] = [] if name == "id" else [ABSENT]
    known: dict[str, int] = {}
    for word in sorted(set(words)):
        sample = sample_of(name, word, own)
        if reads_as(name, sample, own) == word:
            known[word] = len(samples)
            samples.append(sample)
    others: list[tuple[str, int]] = []
    under, exact = [], True
    for prefix in ("", *starts):
        other = _another(name, prefix, known, [p for p in starts if p != prefix and p.startswith(prefix)], own)
        if other is None:
            exact = exact and len(prefix) > 1_000
            continue
        others.append((other, len(samples)))
        under.append(prefix)
        samples.append(sample_of(name, other, own))
    return Texts(name, tuple(samples), exact, known, tuple(others), tuple(under))


def _another(name: str, prefix: str, words: Mapping[str, int], longer: list[str], own: bool) -> str | None:
    """A word with this beginning that no condition names."""
    tails: Iterable[str] = _TAILS[1:] if prefix else ("other", *_TAILS[1:])
    if name in ("language", "currency"):
        tails = _LANGUAGES if name == "language" else (f"{pair.upper()}X" for pair in _LANGUAGES)
    for tail in tails:
        word = prefix + tail if name not in ("language", "currency") else tail
        if word in words or any(word.startswith(p) for p in longer) or not word.startswith(prefix):
            continue
        if reads_as(name, sample_of(name, word, own), own) == word:
            return word
    return None


_OF_COMPANY = {"company": "name", "company_number": "number", "vat": "vat", "lei": "lei", "domain": "domain"}


def lead_of(sample: Sample, ident: str = "witness") -> Lead:
    """A lead that says what the sample says and nothing else."""
    said = {k: v for k, v in sample.items() if not k.startswith("x_") and k not in _OF_COMPANY and k != "at"}
    company = {_OF_COMPANY[k]: v for k, v in sample.items() if k in _OF_COMPANY}
    own = {k[2:]: v for k, v in sample.items() if k.startswith("x_")}
    return Lead(said.pop("id", ident), company or None, **said, attributes=own)


def reads_as(name: str, sample: Sample, own: bool) -> Any:
    """What a lead made of the sample says in that field."""
    lead = lead_of(sample)
    if own:
        return lead.attributes.get(name)
    return getattr(lead.company, _OF_COMPANY[name]) if name in _OF_COMPANY else getattr(lead, name)


# -------------------------------------------------------------------------------------------- sectors


@frozen(eq=False)
class Sectors(Axis):
    """A code of a taxonomy, on whatever level: a code too coarse for a condition leaves it unknown."""

    places: Mapping[str, int] = field(factory=dict)
    below: Mapping[str, Mask] = field(factory=dict)  # the code and all below it
    above: Mapping[str, Mask] = field(factory=dict)  # strictly above it

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """By the tree: true below, unknown above, false elsewhere."""
        match leaf.op:
            case "exists":
                return self.present, self.full & ~self.present
            case "under":
                yes = union(self.below[code] for code in leaf.const.codes)
                coarse = union(self.above[code] for code in leaf.const.codes) & ~yes
                return yes, self.present & ~yes & ~coarse
        codes = leaf.const if leaf.op == "in" else (leaf.const,)
        yes = union(1 << self.places[code] for code in codes)
        return (self.present & ~yes, yes) if leaf.op == "ne" else (yes, self.present & ~yes)

    def locate(self, facts: Sequence[Mapping[str, Any]]) -> int | None:
        """The class of the code."""
        code = facts[0].get("sector")
        return 0 if code is None else self.places.get(code)


def sectors(plan: Plan) -> Sectors:
    """An axis of all codes of the plan's taxonomy."""
    tree = plan.taxonomy
    codes = tree.codes()
    places = {code: at for at, code in enumerate(codes, 1)}
    below: dict[str, Mask] = dict.fromkeys(codes, 0)
    above: dict[str, Mask] = dict.fromkeys(codes, 0)
    for code in codes:
        chain = tree.ancestors(code)
        for ancestor in chain:
            below[ancestor] |= 1 << places[code]
        above[code] = union(1 << places[ancestor] for ancestor in chain[1:])
    samples = (ABSENT, *({"sector": tree.display(code)} for code in codes))
    return Sectors("sector", samples, True, places, below, above)


# ---------------------------------------------------------------------------- whatever is asked by trying


@frozen(eq=False)
class Sampled(Axis):
    """Classes found by trying: each sample answers the leaves itself, as a lead would."""

    readings: Sequence[Sequence[Mapping[str, Any]]] = ()  # by plan, then by class
    leaves: Sequence[Sequence[Leaf]] = ()  # by plan: what tells two samples apart
    kinds: Mapping[tuple[Any, ...], int] = field(factory=dict)  # the class of each way to answer them

    def truth(self, plan: int, leaf: Leaf) -> Truth:
        """Asked of each sample."""
        yes = no = 0
        for at, facts in enumerate(self.readings[plan]):
            answer = leaf.truth(facts, _nobody)
            if answer is True:
                yes |= 1 << at
            elif answer is False:
                no |= 1 << at
        return yes, no

    def locate(self, facts: Sequence[Mapping[str, Any]]) -> int | None:
        """The class that answers all leaves alike; None where no sample does."""
        return self.kinds.get(answers(self.leaves, facts))


def answers(leaves: Sequence[Iterable[Leaf]], facts: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    """What each plan's leaves say of what the plan reads."""
    return tuple(leaf.truth(facts[n], _nobody) for n, mine in enumerate(leaves) for leaf in mine)


def _nobody(_: object) -> None:
    return None


def sampled(
    name: str, plans: Sequence[Plan], samples: Iterable[Sample], leaves: Sequence[Iterable[Leaf]], *, exact: bool
) -> Sampled:
    """An axis of samples, one for each way to answer all leaves; the first that answers so is kept."""
    at = datetime(2027, 1, 4, 12, tzinfo=NEVER.tzinfo)
    asked = tuple(tuple(mine) for mine in leaves)
    found: dict[tuple[Any, ...], tuple[Sample, list[Mapping[str, Any]]]] = {}
    for sample in samples:
        lead = lead_of(sample)
        read = [plan.lens.read(lead, at).facts for plan in plans]
        found.setdefault(answers(asked, read), (sample, read))
    kept = dict(sorted(found.items(), key=lambda one: bool(one[1][0])))  # the absent one first
    readings = tuple(tuple(read[n] for _, read in kept.values()) for n in range(len(plans)))
    kinds = {kind: at for at, kind in enumerate(kept)}
    return Sampled(name, tuple(sample for sample, _ in kept.values()), exact, readings, asked, kinds)


def listed(name: str, items: Iterable[str], most: int) -> Iterator[Sample]:
    """Samples of a list: left out, and every choice of items; of more than `most` items up to two of them, and all."""
    known = sorted(set(items))
    yield ABSENT
    sizes = range(len(known) + 1) if len(known) <= most else (0, 1, 2, len(known))
    for size in sizes:
        for kept in combinations(known, size):
            yield {f"x_{name}": list(kept) or [NONE]}
