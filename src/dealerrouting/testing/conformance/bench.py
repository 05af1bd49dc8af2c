"""`Bench`: where one check tries one store: opens it, calls it, asks for what must be so.

May know: the ports, `said`. May not know: pytest, which checks there are.
Async stores are driven here, in one event loop a check, so that no check has to know of it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from threading import Thread
from typing import Any

from attrs import define, field

from dealerrouting.errors import Conflict
from dealerrouting.ports import Reads, Ref, Snapshot, Writes
from dealerrouting.testing.conformance.lives import AT
from dealerrouting.testing.conformance.said import Broken, same, shown
from dealerrouting.testing.conformance.worlds import base, refs

__all__ = ["Bench", "Make", "Store"]

Make = Callable[..., Any]
"""What gives an empty store: the store itself, a context manager or a generator that yields it; each may be async."""
_METHODS = ("load", "facts")


class Store:
    """A store whose every method can be called plainly, whether it is to be awaited or not."""

    def __init__(self, real: Any, loop: _Loop) -> None:
        self.real, self._loop = real, loop

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)

        def call(*given: Any, **named: Any) -> Any:
            try:
                result = method(*given, **named)
                return self._loop.wait(result) if inspect.isawaitable(result) else result
            except Exception as error:
                error.add_note(f"the store raised this in `{name}({', '.join(map(shown, given))})`")
                raise

        return call


class _Loop:
    """One event loop, made when something is to be awaited, closed with the check."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._runner: asyncio.Runner | None = None

    def wait(self, what: Any) -> Any:
        if self._runner is None:
            self._runner = self._stack.enter_context(asyncio.Runner())
        return self._runner.run(_awaited(what))


async def _awaited(what: Any) -> Any:
    return await what


@define(eq=False)
class Bench:
    """One check's stores. `store` is an empty one; `outbox`: whether the third rung is asked for; `shared`: whether
    several may use one store at once; `examples`: how many random ones are tried.
    """

    make: Make
    outbox: bool = True
    shared: bool = False
    examples: int = 100
    _stack: ExitStack = field(factory=ExitStack, init=False)
    _loop: _Loop = field(init=False)
    _store: Store | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Nothing is opened yet."""
        self._loop = _Loop(self._stack)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def store(self) -> Store:
        """The store of this check, empty when it is first asked for."""
        if self._store is None:
            self._store = self.another()
        return self._store

    def another(self, *given: Any) -> Store:
        """One more store, empty, with nothing in common with the others."""
        made = self.make(*given)
        if inspect.isawaitable(made) and not hasattr(made, "__aenter__"):
            made = self._loop.wait(made)
        return Store(self._entered(made), self._loop)

    def _entered(self, made: Any) -> Any:
        if inspect.isgenerator(made):
            return self._stack.enter_context(_once(made))
        if inspect.isasyncgen(made):
            made = asynccontextmanager(lambda: made)()
        if hasattr(made, "__aenter__") and not _is_store(made):
            entered = self._loop.wait(made.__aenter__())
            self._stack.callback(lambda: self._loop.wait(made.__aexit__(None, None, None)))
            return entered
        if hasattr(made, "__enter__") and not _is_store(made):
            return self._stack.enter_context(made)
        return made

    # What checks do and ask

    def commit(self, reads: Reads | None = None, **writes: Any) -> None:
        """A change that must be made; what was read for it is nothing, if not told."""
        self.make_true(Writes(**writes), reads or {})

    def make_true(self, writes: Writes, reads: Reads | None = None) -> None:
        """A whole change that must be made."""
        try:
            self.store.commit(reads or {}, writes)
        except Conflict as error:
            what = f"commit raised Conflict for a change whose reads were all as they are ({fields_of(writes)})"
            raise Broken(what, 24, "the change is made", f"Conflict: {error}") from None

    def populate(self) -> None:
        """One world with something of every sort."""
        self.make_true(base(self.outbox))

    def load(self, *asked: Ref, at: Any = AT) -> Snapshot:
        """The snapshot of what is asked for."""
        snapshot: Snapshot = self.store.load(asked, at)
        return snapshot

    def value(self, ref: Ref, at: Any = AT) -> Any:
        """What is loaded for one ref."""
        values = self.load(ref, at=at).values
        if ref not in values:
            raise Broken(f"load({ref}) told no value for what was asked", 2, "a value, or None", "nothing")
        return values[ref]

    def version(self, ref: Ref) -> int:
        """The version that is loaded for one ref."""
        versions = self.load(ref).versions
        if ref not in versions:
            raise Broken(f"load({ref}) told no version for what has one", 24, "a version, 0 at first", "nothing")
        return versions[ref]

    def versions(self, asked: Iterable[Ref]) -> dict[Ref, int]:
        """The versions of those that have one."""
        return dict(self.load(*(ref for ref in asked if ref.versioned)).versions)

    def refused(self, reads: Reads, writes: Writes, why: str, law: int = 24) -> None:
        """A change that must be refused with `Conflict`."""
        try:
            self.store.commit(reads, writes)
        except Conflict:
            return
        raise Broken(f"commit made a change that it must refuse: {why}", law, "Conflict", "no error")

    def is_loaded(self, ref: Ref, expected: object, why: str, law: int = 2, at: Any = AT) -> None:
        """The value must be this one."""
        same(self.value(ref, at), expected, f"{why}: what load tells of {shown_ref(ref)}", law)

    def view(self) -> dict[str, Any]:
        """All that can be seen of the world of `base`, by what it was asked as."""
        seen: dict[str, Any] = {}
        snapshot = self.load(*refs(self.outbox))
        seen |= {f"load({ref})": snapshot.values.get(ref, "nothing was told") for ref in refs(self.outbox)}
        seen |= {f"the version of {ref}": number for ref, number in snapshot.versions.items()}
        for lead in ("L1", "L2", "L3"):
            history = self.store.history(lead)
            parts = ("case", "content", "events", "records", "decisions", *(["messages"] if self.outbox else []))
            seen |= {f"history({lead}).{name}": getattr(history, name) for name in parts}
        survey = self.store.survey(AT)
        parts = ("phases", "holders", "claims", "due", "oldest_due", "waiting", "parked")
        parts += ("messages", "oldest_message") if self.outbox else ()
        seen |= {f"survey.{name}": getattr(survey, name) for name in parts}
        far = AT.replace(year=9999)
        seen |= {"due": self.store.due(far, 99), "expired": self.store.expired(far, 99)}
        seen |= {f"about({mail})": self.store.about(mail) for mail in ("info@jansen.example", "new@jansen.example")}
        seen |= {"acts": self.store.acts(), "watched": self.store.watched()}
        return seen | ({"pending": self.store.pending(far, 99)} if self.outbox else {})

    def side_by_side(self, jobs: Iterable[Callable[[Any], Any]]) -> list[BaseException]:
        """Do several jobs at once, each on the store itself: tasks for an async store, threads else. Their errors."""
        errors: list[BaseException] = []
        if inspect.iscoroutinefunction(self.store.real.load):
            done = [job(self.store.real) for job in jobs]
            return [one for one in self._loop.wait(_gathered(done)) if isinstance(one, BaseException)]

        def run(job: Callable[[Any], Any]) -> None:
            try:
                _drive(job(Direct(self.store.real)))
            except Exception as error:
                errors.append(error)

        threads = [Thread(target=run, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors


class Direct:
    """A sync store as if it were async, so that a job is written once."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)

        async def call(*given: Any, **named: Any) -> Any:
            return method(*given, **named)

        return call


def _drive(job: Any) -> None:
    """Run a coroutine that never waits to its end."""
    try:
        job.send(None)
    except StopIteration:
        return
    raise RuntimeError("a sync store was awaited")


async def _gathered(jobs: Iterable[Any]) -> list[Any]:
    return await asyncio.gather(*jobs, return_exceptions=True)


def _is_store(made: Any) -> bool:
    return any(hasattr(made, name) for name in _METHODS)


@contextmanager
def _once(steps: Any) -> Generator[Any, None, None]:
    """A generator that yields a store, and cleans up after its yield."""
    yield next(steps)
    next(steps, None)


def fields_of(writes: Writes) -> str:
    """The names of the fields that a change fills."""
    plain = Writes()
    named = [name for name in Writes.__annotations__ if getattr(writes, name) != getattr(plain, name)]
    return ", ".join(f"`{name}`" for name in named) or "nothing"


def shown_ref(ref: Ref) -> str:
    """A ref in backticks, short."""
    text = ascii(str(ref))[1:-1]
    return f"`{text}`" if len(text) <= 60 else f"`{text[:40]}...`"


def unchanged(before: Mapping[str, Any], after: Mapping[str, Any], why: str, law: int = 23) -> None:
    """`Broken` where a change that was refused has left anything."""
    for name, was in before.items():
        same(after[name], was, f"{why}, and yet it has changed {name}: it", law)
