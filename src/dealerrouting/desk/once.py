"""`once`: a command done once, however often it is sent and whoever is faster.

May know: what a command reads and writes. May not know: what it decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from attrs import evolve, frozen

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.look import Look
from dealerrouting.desk.outcome import Outcome, outcome_data, read_outcome
from dealerrouting.desk.steps import Steps, store
from dealerrouting.errors import Conflict, KeyReused
from dealerrouting.ports import DESK, Answered, Ref

__all__ = ["Asked", "Done", "Work", "commit", "once", "short"]

LOG = logging.getLogger("dealerrouting")

_LONGEST = 180
Done = tuple[Outcome, Change]
Work = Callable[[Look], Steps[Done]]


@frozen
class Asked:
    """A command as it was asked: its name, what it is about, what it said, and under which key, if any.

    `implied`: the caller gave no key, and the id of what is new serves as one. Then the same id with other content is
    an id that comes twice, which is for the command to refuse; and a refusal binds nobody.
    """

    command: str
    about: Ref
    content: Any
    key: str | None = None
    implied: bool = False

    @staticmethod
    def of_new(command: str, about: Ref, content: Any, key: str | None) -> Asked:
        """A command about something new, with the caller's key or its own id for one."""
        return Asked(command, about, content, key or short(f"{command}:{about.id}"), key is None)

    def __attrs_post_init__(self) -> None:
        """A key is an id of the caller's."""
        if self.key is not None and not (isinstance(self.key, str) and 0 < len(self.key) <= _LONGEST):
            raise ValueError("a key is 1 to 180 characters of text")


def short(text: str) -> str:
    """A key or id of ours that may have grown too long: then a hash of it, which is as good."""
    return text if len(text) <= _LONGEST else blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def once(config: Config, asked: Asked, work: Work) -> Steps[Done]:
    """Load, decide, commit; again from the start where somebody was faster. The first answer, if there is one.

    `KeyReused` where the key came with something else, `Conflict` where it stays contested after all tries.
    """
    key = Ref("answer", asked.key) if asked.key and config.keeps_answers else None
    for _ in range(config.most_tries):
        look = Look(config)
        yield from look.load([DESK, asked.about, *([key] if key else [])])
        first: Answered | None = look.values[key] if key else None
        if first is not None and (_is_same(asked, first, look) or not asked.implied):
            case = look.values[asked.about] if asked.about.kind == "lead" else None
            return _again(asked, first, look), Change(look.now).again(case)
        try:
            outcome, change = yield from work(look)
            kept = outcome.outcome != "erased" and not (asked.implied and outcome.refused)
            if key and first is None and kept:  # of what is erased nothing is kept, not even a hash
                content = look.seal.content(asked.command, asked.content)
                answer = outcome_data(outcome)
                change.answers.append(Answered(key.id, asked.about, asked.command, content, answer))
            yield from commit(config, look, change)
        except Conflict:
            continue
        LOG.info("%s %s: %s", asked.command, asked.about, outcome.outcome)
        return (outcome if config.keeps_answers else evolve(outcome, effects=tuple(change.messages))), change
    raise Conflict(f"{asked.about} is changed by others all the time: nothing was done, try again")


def commit(config: Config, look: Look, change: Change) -> Steps[None]:
    """Make the change true, if what it was decided on still is."""
    yield from store("commit", dict(look.versions), change.writes(outbox=config.keeps_answers))


def _again(asked: Asked, first: Answered, look: Look) -> Outcome:
    if _is_same(asked, first, look):
        return read_outcome(first.about, first.answer)
    what = f"the key {asked.key!r} is of another command, or of one that said something else"
    raise KeyReused(f"{what}: use a new one")


def _is_same(asked: Asked, first: Answered, look: Look) -> bool:
    same = first.command == asked.command and first.about == asked.about
    return same and first.content == look.seal.content(asked.command, asked.content)
