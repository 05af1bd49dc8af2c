"""Random sequences of commits and questions, step by step beside the model: `memory.MemoryStore`.

May know: bench, worlds, parts, the model store. May not know: any other store.
Steps are drawn by name, from fixed seeds: whoever runs it again gets the same sequences, and the shortest one that
shows a fault can be read. Hypothesis draws values only: its shrinking of long sequences takes minutes on a slow store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from attrs import evolve

from dealerrouting.calendar import END
from dealerrouting.errors import Conflict
from dealerrouting.mapping import FrozenMap
from dealerrouting.memory import MemoryStore
from dealerrouting.ports import (
    Known,
    Ref,
    Writes,
)
from dealerrouting.testing.conformance.bench import Bench
from dealerrouting.testing.conformance.lives import AT
from dealerrouting.testing.conformance.parts import (
    ANSWERS,
    CLAIMS,
    DEALERS,
    FOLLOWING,
    LEADS,
    LEASES,
    MAILS,
    PARTS,
    REFS,
    SENT,
    VERSIONED,
    WHEN,
    put_together,
)
from dealerrouting.testing.conformance.registry import check
from dealerrouting.testing.conformance.said import Broken, same, shown
from dealerrouting.testing.conformance.worlds import (
    KEYS,
    a_claim,
    due_case,
)

_AS_READ: dict[str, Callable[[int], int]] = {
    "now": lambda version: version,
    "before": lambda version: max(version - 1, 0),
    "never": lambda _: 0,
    "next": lambda version: version + 1,
}
DEALT_WITH = (*(f"lead:{name}" for name in LEADS), *(f"claim:{name}" for name in CLAIMS))
Step = tuple[str, dict[str, Any]]
"""What is done next: the name of a method of `Beside`, and what it is given, in texts, numbers and instants."""


def a_step(chance: Random) -> Step:
    """A step by seeded chance; every second one is a change."""
    some = chance.choice
    name = some((*["commit"] * 9, "load", "due", "due", *_ASKED))
    given: dict[str, Any] = {}
    if name == "commit":
        given["parts"] = [some(_BY_FIELD[some(_FIELDS)]) for _ in range(chance.choice((1, 2, 3, 5, 8)))]
        given["reads"] = [(some(VERSIONED), some(_READ)) for _ in range(chance.choice((0, 1, 2, 3)))]
    elif name in ("load", "unlease"):
        names = [*REFS, *ANSWERS] if name == "load" else DEALT_WITH
        given["names"] = [some(names) for _ in range(chance.choice((0, 1, 3)))]
    elif name in ("about", "history"):
        given["of"] = some(
            (*MAILS, "\u00c9@X.EXAMPLE", "x.example", "info@jansen.example") if name == "about" else LEADS
        )
    else:
        given["at"] = some((*WHEN, END) if name in ("survey", "expired") else WHEN)
    if name in ("due", "pending", "expired"):
        given["limit"] = some((1, 2, 99, 99))
    if name == "due" and given["at"].year < END.year:
        given["lease"] = some((None, *LEASES))
    return name, given


_ASKED = ("unlease", "survey", "pending", "expired", "about", "history")
_READ = ("now", "now", "now", "now", "now", "before", "never", "next")
_BY_FIELD = {field: [name for name, part in PARTS.items() if part[0] == field] for field, _ in PARTS.values()}
_FIELDS = [*sorted(_BY_FIELD), "cases", "cases", "cases", "known", "messages", "messages", "left"]


class Beside:
    """A store beside the model: the same steps on both, and the same answers."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.store, self.model = bench, bench.store, MemoryStore()
        self.messages: set[str] = set()
        self.counts = dict.fromkeys(DEALERS, 0)

    def play(self, steps: Iterable[Step]) -> None:
        """All the leads and claims are there, the leads by one key; then the steps; then a look at everything."""
        cases, claims = (tuple(due_case(name, AT) for name in LEADS), tuple(map(a_claim, CLAIMS)))
        known = tuple(Known(Ref("lead", name), KEYS[:1]) for name in LEADS)
        self._commit({}, Writes(cases=cases, claims=claims, known=known))
        for name, given in steps:
            getattr(self, name)(**given)
        self._look_at_everything()

    def commit(self, parts: list[str], reads: list[tuple[str, str]]) -> None:
        """A change of several parts, decided on what is so now, was so before, or never was."""
        fields = put_together(parts)
        if not self.bench.outbox:
            fields = {name: value for name, value in fields.items() if name not in SENT}
        self._sensible(fields)
        asked = [REFS[name] for name, _ in reads]
        versions = self.model.load(asked, AT).versions
        self._commit({REFS[name]: _AS_READ[how](versions[REFS[name]]) for name, how in reads}, Writes(**fields))

    def _sensible(self, fields: dict[str, Any]) -> None:
        """Leave out what no desk does: fewer than no open leads, a message that has left and never was."""
        if "counts" in fields:
            fields["counts"] = FrozenMap({n: d for n, d in fields["counts"].items() if self.counts[n] + d >= 0})
        if "left" in fields:
            known = self.messages | {one.key for one in fields.get("messages", ())}
            fields["left"] = tuple(key for key in fields["left"] if key in known)

    def _commit(self, reads: dict[Ref, int], writes: Writes) -> None:
        wanted, got = (_outcome(one, reads, writes) for one in (self.model, self.store))
        if wanted != got:
            law = 24 if wanted == "Conflict" or got == "Conflict" else 23
            raise Broken("a commit does not end as it must", law, wanted, got)
        if wanted == "made":
            self.messages |= {one.key for one in writes.messages}
            for name, delta in writes.counts.items():
                self.counts[name] += delta
        self.load([*(str(ref) for ref in sorted(writes.changed()) if str(ref) in REFS), *FOLLOWING])

    def load(self, names: list[str], at: datetime = AT) -> None:
        """Some values and versions."""
        known = REFS | ANSWERS if self.bench.outbox else REFS
        asked = [known[name] for name in names if name in known]
        wanted, got = self.model.load(asked, at), self.store.load(asked, at)
        same(dict(got.versions), dict(wanted.versions), "the versions told by load", 24)
        same(set(got.values), set(wanted.values), "the refs that load tells values of", 2)
        for ref in asked:
            same(got.values[ref], wanted.values[ref], f"what load tells of {ascii(str(ref))[1:-1]}", 2)

    def due(self, at: datetime, limit: int, lease: timedelta | None = None) -> None:
        """What is due, perhaps leased."""
        self._asked("due", at, limit, lease=lease, law=19)

    def unlease(self, names: list[str]) -> None:
        """Some are given back."""
        refs = [REFS[name] for name in names]
        self.model.unlease(refs)
        self.store.unlease(refs)

    def survey(self, at: datetime) -> None:
        """The numbers."""
        got, wanted = self.store.survey(at), self.model.survey(at)
        if not self.bench.outbox:
            wanted = evolve(wanted, messages=got.messages, oldest_message=got.oldest_message)
        same(got, wanted, "the survey", 2)

    def pending(self, at: datetime, limit: int) -> None:
        """What may leave."""
        if self.bench.outbox:
            self._asked("pending", at, limit, law=25)

    def expired(self, at: datetime, limit: int) -> None:
        """What has been over for long."""
        self._asked("expired", at, limit, law=29)

    def about(self, of: str) -> None:
        """Where a person is named."""
        self._asked("about", of, law=29)

    def history(self, of: str) -> None:
        """All of one lead."""
        got, wanted = self.store.history(of), self.model.history(of)
        if not self.bench.outbox:
            wanted = evolve(wanted, messages=got.messages)
        same(got, wanted, f"history({shown(of)})", 17)

    def _asked(self, name: str, *given: Any, law: int, **named: Any) -> None:
        wanted, got = getattr(self.model, name)(*given, **named), getattr(self.store, name)(*given, **named)
        same(got, wanted, f"what {name}({', '.join(map(shown, given))}) tells", law)

    def _look_at_everything(self) -> None:
        self.load([*REFS, *ANSWERS])
        for lead in LEADS:
            self.history(lead)
        self.survey(AT)
        for at in (AT, AT.replace(year=9999)):
            self.due(at, 99)
            self.expired(at, 99)
            self.pending(at, 99)
        for mail in MAILS:
            self.about(mail)
        self._asked("acts", law=22)
        self._asked("watched", law=22)


def _outcome(store: Any, reads: dict[Ref, int], writes: Writes) -> str:
    try:
        store.commit(reads, writes)
    except Conflict:
        return "Conflict"
    return "made"


def _played(bench: Bench, steps: list[Step]) -> Broken | None:
    """What is wrong after these steps with a store of its own, if anything is."""
    with Bench(bench.make, bench.outbox) as own:
        try:
            Beside(own).play(steps)
        except Broken as error:
            return error
    return None


@check()
def any_sequence_of_changes_and_questions_is_answered_as_by_the_model(bench: Bench) -> None:
    for seed in range(bench.examples):
        chance = Random(f"steps {seed}")  # noqa: S311  # examples, not secrets
        steps = [a_step(chance) for _ in range(30)]
        if error := _played(bench, steps):
            steps, error = _shortest(bench, steps, error)
            error.add_note("\n".join(f"{name}({_given(given)})" for name, given in steps) or "an empty store")
            raise error


def _given(given: dict[str, Any]) -> str:
    return ", ".join(
        f"{name}={str(one) if isinstance(one, (datetime, timedelta)) else repr(one)}" for name, one in given.items()
    )


def _shortest(bench: Bench, steps: list[Step], error: Broken, tries: int = 300) -> tuple[list[Step], Broken]:
    """The steps without those that are not needed to go wrong, found in at most so many tries."""
    size = max(len(steps) // 2, 1)
    while tries > 0:
        for shorter in _without(steps, size):
            tries -= 1
            if (found := _played(bench, shorter)) is not None:
                steps, error = shorter, found
                break
            if tries <= 0:
                break
        else:
            if size == 0:
                break
            size //= 2
    return steps, error


def _without(steps: list[Step], size: int) -> Iterator[list[Step]]:
    """The steps without so many in a row, the last first; with `size` 0, without a part or a read of one change."""
    if size:
        for start in range(len(steps) - size, -size, -size):
            yield steps[: max(start, 0)] + steps[start + size :]
        return
    for index, (name, given) in enumerate(steps):
        for key, listed in given.items():
            for left_out in range(len(listed) if isinstance(listed, list) else 0):
                fewer = {**given, key: listed[:left_out] + listed[left_out + 1 :]}
                yield [*steps[:index], (name, fewer), *steps[index + 1 :]]
