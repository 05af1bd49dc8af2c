"""How well companies are recognised by name: labelled pairs, a national register, and its names a few months earlier.

    python benchmarks/identity.py [--register]

Knows `../shared/data/company_names` (its README says where each file comes from). What becomes of a pair of names, put
at one postcode: it *routes* if they are equal once folded and no two legal forms contradict; a person is asked because
they are *alike*, or because they are equal but for a legal *form* that tells companies apart; or it is *missed*. A pair
that is not one company and routes is a false merge. All false pairs are listed with their causes.

Each set is cut in two by the SHA-256 of the row's id. The rules and thresholds were made on half A only; a false pair
of two rows counts in a half if both rows are in it. The made-up names with typing errors are compared once in the
country that each row has, and once as if all stood at one Dutch postcode: 500 companies with few surnames among them.

`--register` also compares all names of the register with each other, as if all had one address, through the index of
hints that a search uses. It takes about a minute.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import combinations
from pathlib import Path

from dealerrouting.identity import ENOUGH, Called, fold_name
from dealerrouting.identity.alike import likeness

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "company_names"
HALVES = ("A", "B")
REACHABLE = ("ampersand_or_spacing", "legal_form_or_punctuation")
AS_ISO = {"SP": "ES", "UK": "GB"}
ANYWHERE = frozenset({"anywhere"})
ROUTES, ALIKE, FORM, MISSED = "routes", "alike", "form", "missed"
# Rows in which the mistyped name is that of another name (`Hilltop Inc`, `Hills Inc`): it seems that the source changed
# a name that it had twice, and left its twin as it was.
RENAMED = frozenset({"74", "183", "374", "392", "454"})


@dataclass(frozen=True)
class Name:
    """A name with the id of its row, the half that the row is in, and how it is called."""

    row: str
    half: str
    text: str
    called: Called


@dataclass
class Figures:
    """What became of the pairs of one set in one half: of the same company, and of others."""

    same: Counter[str] = field(default_factory=Counter)
    false: list[tuple[Name, Name, str]] = field(default_factory=list)
    blocked: int = 0  # found by name, but not by any hint that both have

    @property
    def found(self) -> int:
        return self.same.total() - self.same[MISSED]

    @property
    def recall(self) -> float:
        return self.found / max(1, self.same.total())

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + len(self.false))

    def falsely(self, result: str) -> int:
        return sum(pair[2] == result for pair in self.false)

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.same + other.same, self.false + other.false, self.blocked + other.blocked)


Halves = dict[str, Figures]


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def half(row: str) -> str:
    return HALVES[sha256(row.encode()).digest()[0] % 2]


def name(row: str, text: str, country: str = "NL") -> Name:
    return Name(row, half(row), text, Called(fold_name(text, country), country, ANYWHERE))


def outcome(a: Called, b: Called) -> str:
    """What `match` makes of two names at one postcode."""
    one, other = a.folded, b.folded
    if a.country == b.country and one.tells and other.tells and one.bare == other.bare:
        contradict = one.form and other.form and one.form != other.form
        return ROUTES if one.core == other.core and not contradict else FORM
    return ALIKE if likeness(a, b) >= ENOUGH else MISSED


def weigh(same: Iterable[tuple[Name, Name]], others: Iterable[tuple[Name, Name]]) -> Halves:
    """The figures of both halves, and of false pairs across them."""
    figures = {part: Figures() for part in (*HALVES, "across")}
    for one, other in same:
        result = outcome(one.called, other.called)
        figures[one.half].same[result] += 1
        figures[one.half].blocked += result != MISSED and one.called.hints.isdisjoint(other.called.hints)
    for one, other in others:
        if (result := outcome(one.called, other.called)) != MISSED:
            figures[one.half if one.half == other.half else "across"].false.append((one, other, result))
    return figures


def labelled() -> Halves:
    """Candidate pairs from the trade register, each with the answer."""
    pairs = [
        (row["same_company"] == "1", name(key := f"{row['name_id']}/{row['register_id']}", row["name"]),
         name(key, row["register_name"]))
        for row in rows("nl_kvk_name_pairs")
    ]  # fmt: skip
    return weigh(((a, b) for same, a, b in pairs if same), ((a, b) for same, a, b in pairs if not same))


def typos(own_country: bool) -> Halves:
    """Made-up names with and without typing errors; no two rows are one company."""
    written, mistyped = [], []
    for row in rows("synthetic_typos"):
        country = AS_ISO.get(row["country"], row["country"]) if own_country else "NL"
        written.append(name(row["id"], row["name"], country))
        mistyped.append(name(row["id"], row["name_perturbed"], country))
    others = ((a, b) for a in written for b in mistyped if a.row != b.row)
    return weigh(zip(written, mistyped, strict=True), others)


def changes(kinds: Iterable[str] = REACHABLE) -> Halves:
    """Companies under an earlier name, looked up by hints in the register as it is now."""
    changed = [row for row in rows("nl_register_name_changes") if row["change"] in kinds]
    same = [(name(row["kvk_number"], row["name_old"]), name(row["kvk_number"], row["name_new"])) for row in changed]
    by_hint = index(register())
    others = ((old, other) for old, _ in same for other in candidates(old, by_hint) if other.row != old.row)
    return weigh(same, others)


@cache
def register() -> tuple[Name, ...]:
    return tuple(name(row["kvk_number"], row["name"]) for row in rows("nl_register_2024"))


def index(names: Iterable[Name]) -> dict[object, list[Name]]:
    found: dict[object, list[Name]] = defaultdict(list)
    for one in names:
        for hint in one.called.hints:
            found[hint].append(one)
    return found


def candidates(one: Name, by_hint: dict[object, list[Name]]) -> Iterable[Name]:
    return {other.row: other for hint in one.called.hints for other in by_hint.get(hint, ())}.values()


def merges() -> Iterator[tuple[Name, Name]]:
    """Companies of the register with different numbers that would be one, were they at one postcode."""
    by_core: dict[str, list[Name]] = defaultdict(list)
    for one in register():
        by_core[one.called.folded.core].append(one)
    for names in by_core.values():
        yield from ((a, b) for a, b in combinations(names, 2) if outcome(a.called, b.called) == ROUTES)


def cause(a: Name, b: Name, result: str = ROUTES) -> str:
    """Why two companies are taken for one, or a person has to look."""
    if result == FORM:
        return "one name, but for the legal form: a person is to look"
    if result == ALIKE:
        renamed = {a.row, b.row} & RENAMED
        return "wrong label: the source renamed the row" if renamed else "a typing error in what tells them apart"
    if a.text == b.text:
        return "the same name to the letter"
    if a.called.folded.form == b.called.folded.form:
        return "the same name, written another way"
    return "the same name, one without its legal form"


def asked_in_register() -> tuple[int, list[tuple[Name, Name]]]:
    """How many pairs share a hint, and which of them a person would be asked about."""
    earlier: dict[object, list[Name]] = defaultdict(list)
    compared, found = 0, []
    for one in register():
        for other in candidates(one, earlier):
            compared += 1
            if outcome(one.called, other.called) in {ALIKE, FORM}:
                found.append((other, one))
        for hint in one.called.hints:
            earlier[hint].append(one)
    return compared, found


SETS = {
    "labelled pairs": labelled,
    "typing errors, own country": lambda: typos(own_country=True),
    "typing errors, one place": lambda: typos(own_country=False),
    "register, names before": changes,
}
COUNTED = ("labelled pairs", "typing errors, own country", "register, names before")


WIDTHS = (-27, -5, 6, 7, 7, 7, 8, 7, 6, 6, 8, 8)
HEAD = (
    ("", "", "one", "company", "", "", "", "two", "comp.", "", "", "no hint"),
    ("", "half", "pairs", ROUTES, ALIKE, FORM, "recall", ROUTES, ALIKE, FORM, "precise", "shared"),
)


def line(title: str, part: str, found: Figures) -> tuple[object, ...]:
    same = (found.same[result] for result in (ROUTES, ALIKE, FORM))
    false = (found.falsely(result) for result in (ROUTES, ALIKE, FORM))
    recall, precision = f"{found.recall:.1%}", f"{found.precision:.2%}"
    return title, part, found.same.total(), *same, recall, *false, precision, found.blocked


def written(cells: Iterable[object]) -> str:
    return " ".join(
        f"{cell:{'<' if width < 0 else '>'}{abs(width)}}" for cell, width in zip(cells, WIDTHS, strict=True)
    )


def show(title: str, halves: Halves) -> None:
    for part in HALVES:
        print(written(line(title, part, halves[part])))
    print(written(line(title, "both", sum(halves.values(), Figures()))))


def show_false(title: str, halves: Halves) -> None:
    for part, found in halves.items():
        for a, b, result in found.false:
            print(f"  {title}, {part}: {result}: {a.text!r} / {b.text!r}: {cause(a, b, result)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="How well companies are recognised by name.")
    parser.add_argument("--register", action="store_true", help="compare all names of the register with each other")
    whole = parser.parse_args().register
    figures = {title: weighed() for title, weighed in SETS.items()}
    for cells in HEAD:
        print(written(cells))
    for title, halves in figures.items():
        show(title, halves)
    together = {part: sum((figures[title][part] for title in COUNTED), Figures()) for part in (*HALVES, "across")}
    show("all, in own country", together)
    print("\nFalse pairs:")
    for title, halves in figures.items():
        show_false(title, halves)
    print("\nNot to be found by name alone:")
    for kind in ("partial_change", "rebrand"):
        found = sum(changes([kind]).values(), Figures())
        print(f"  {kind}: {found.found} of {found.same.total()} found")
    print(f"\nFalse merges among the {len(register())} names of the register, all at one postcode:")
    for a, b in merges():
        print(f"  {a.row} {a.text!r} / {b.row} {b.text!r}: {cause(a, b)}")
    if whole:
        compared, found = asked_in_register()
        print(
            f"\nAll names of the register at one address: {compared} pairs share a hint, {len(found)} are asked about:"
        )
        for a, b in found:
            print(f"  {a.row} {a.text!r} / {b.row} {b.text!r}: {likeness(a.called, b.called)}")


if __name__ == "__main__":
    main()
