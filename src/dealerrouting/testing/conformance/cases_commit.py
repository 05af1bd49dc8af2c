"""Checks of `commit`: versions, absence, atomicity field by field, and what each field does to what was there.

May know: bench, worlds, the model store as a yardstick for what a field does. May not know: any other store.
"""

# a check is named after what it demands
# ruff: noqa: D103  # a check is named after what it demands
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dealerrouting.memory import MemoryStore
from dealerrouting.ports import DESK, Ref, Writes
from dealerrouting.testing.conformance.bench import Bench, fields_of, shown_ref, unchanged
from dealerrouting.testing.conformance.registry import check, named
from dealerrouting.testing.conformance.said import same
from dealerrouting.testing.conformance.worlds import (
    an_answer,
    changes,
    refs,
)

SENT = frozenset({"messages", "left", "answers"})
"""The fields of the third rung."""
LEAD = Ref("lead", "L1")


def _filled(rung: str = "outbox") -> Writes:
    """A change with every field of the rung filled."""
    return Writes(**{name: value for name, value in changes().items() if rung == "outbox" or name not in SENT})


# Atomic, field by field: whatever makes a change a conflict, nothing of it is there


def _atomic(writes: Writes, reads: dict[Ref, int], why: str) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        bench.populate()
        before = bench.view()
        what = f"a change of {fields_of(writes)}, {why}"
        bench.refused(reads, writes, what)
        unchanged(before, bench.view(), f"commit refused {what}")

    return run


def _known_answer(writes: Writes) -> Writes:
    from attrs import evolve

    return evolve(writes, answers=(*writes.answers, an_answer("K1", Ref("lead", "L2"), 9)))


for _name, _change in changes().items():
    _rung = "outbox" if _name in SENT else "case_store"
    _one = Writes(**{_name: _change})
    named(f"a_stale_read_leaves_nothing_of_{_name}", _atomic(_one, {LEAD: 0}, "decided on a stale lead"), _rung)
    _late = {LEAD: 1, DESK: 1, Ref("prospect", "new"): 0, Ref("ledger", "territories"): 2}
    named(f"the_last_of_many_reads_leaves_nothing_of_{_name}", _atomic(_one, _late, "one read of four stale"), _rung)
    named(
        f"a_known_answer_leaves_nothing_of_{_name}",
        _atomic(_known_answer(_one), {LEAD: 1}, "with a known key"),
        "outbox",
    )


# Each field does what it does, and raises the versions of what it changes and of nothing else


def _does(name: str, value: Any) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        model = Bench(MemoryStore, bench.outbox)
        for one in (bench, model):
            one.populate()
            one.commit(**{name: value})
        seen, wanted = bench.view(), model.view()
        law = 22 if name in ("events", "records", "decisions", "acts") else 23
        for what, value_of in wanted.items():
            if "version" not in what:
                same(seen[what], value_of, f"after a commit of `{name}`: {what}", law)

    return run


def _raises_versions(name: str, value: Any) -> Callable[[Bench], None]:
    writes = Writes(**{name: value})

    def run(bench: Bench) -> None:
        bench.populate()
        asked = [ref for ref in {*refs(bench.outbox), *writes.changed()} if ref.versioned]
        before = bench.versions(asked)
        bench.make_true(writes)
        after = bench.versions(asked)
        for ref in sorted(asked):
            step = int(ref in writes.changed())
            must = "grow by exactly one with this change" if step else "stay, for nothing of it was changed"
            what = f"the version of {shown_ref(ref)} must {must} (`{name}`, not read): it"
            same(after[ref], before[ref] + step, what, 24)

    return run


for _name, _change in changes().items():
    _rung = "outbox" if _name in SENT else "case_store"
    named(f"a_commit_of_{_name}_is_seen", _does(_name, _change), _rung)
    named(f"a_commit_of_{_name}_raises_the_right_versions", _raises_versions(_name, _change), _rung)


def _read(reads: bool) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        bench.populate()
        writes = _filled("outbox" if bench.outbox else "case_store")
        asked = [ref for ref in {*refs(bench.outbox), *writes.changed()} if ref.versioned]
        before = bench.versions(asked)
        bench.make_true(writes, before if reads else {})
        wanted = {ref: number + (ref in writes.changed()) for ref, number in before.items()}
        how = "that was read" if reads else "that was not read"
        same(bench.versions(asked), wanted, f"everything in `changed()` grows by one, {how}: the versions", 24)

    return run


named("a_change_of_everything_that_was_read_raises_each_version_once", _read(True))
named("a_change_of_everything_that_was_not_read_raises_each_version_once", _read(False))


@check()
def a_change_with_every_field_at_once_is_seen(bench: Bench) -> None:
    model = Bench(MemoryStore, bench.outbox)
    writes = _filled("outbox" if bench.outbox else "case_store")
    for one in (bench, model):
        one.populate()
        one.make_true(writes)
    seen = bench.view()
    for what, wanted in model.view().items():
        same(seen[what], wanted, f"after a commit of every field at once: {what}", 23)
