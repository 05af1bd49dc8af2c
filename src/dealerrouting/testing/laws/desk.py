"""The laws of the desk and its store: whatever is asked in whatever order, what is kept is so, once, and told.

May know: scenes, what must hold of all that is kept. May not know: pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dealerrouting.desk import LeadDesk
from dealerrouting.errors import KeyReused, StoreUnavailable
from dealerrouting.testing.laws import commits, kept
from dealerrouting.testing.laws.commits import Commit, tables
from dealerrouting.testing.laws.drawing import always
from dealerrouting.testing.laws.law import Law, Subject, insist
from dealerrouting.testing.laws.scenes import (
    CANARY,
    Scene,
    Script,
    commands_of,
    play,
    scripts,
    told_script,
)

__all__ = ["DESK"]

AtCommit = Callable[[Commit], None]
OfAll = Callable[[Any, LeadDesk], None]


def _fresh(on: Subject, asked: Sequence[AtCommit] = ()) -> Scene:
    """A scene in which nothing has happened but that the plan was activated."""
    return Scene(on.plan, asked, on.own("scene", lambda: Scene(on.plan, ())))


def _always(at_commit: Sequence[AtCommit], of_all: Sequence[OfAll]) -> Callable[[Subject, Script], None]:
    """What holds at every commit, and of the whole store after each thing that is done."""

    def holds(on: Subject, script: Script) -> None:
        scene = _fresh(on, at_commit)
        for _ in play(scene, script):
            for law in of_all:
                law(scene.store, scene.desk)

    return holds


def _told_once(on: Subject, script: Script) -> None:
    """Whoever is given a lead is told, under a key of its own, and nobody of what is over."""
    scene = _fresh(on, [commits.keys_are_new])
    for _ in play(scene, script):
        kept.everybody_is_told(scene.store, scene.desk)
        kept.nothing_stale_is_told(scene.store, scene.desk.messages(limit=100))


def _nameless(on: Subject, script: Script) -> None:
    scene = _fresh(on)
    for _ in play(scene, script):
        kept.erased_is_nowhere(scene.store, scene.desk)
    kept.nobody_is_named(scene.store, CANARY)


# 23 and 26: once, or not at all


class _Fails:
    """A store that cannot be reached when something is to be committed."""

    def __init__(self, store: Any) -> None:
        self.store, self.tried = store, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, reads: Any, writes: Any) -> None:
        """Fail before anything was done."""
        self.tried = True
        raise StoreUnavailable("unreachable", "planted by the laws")


def _one_commit(on: Subject, script: Script) -> None:
    """The last thing is done first on a store that fails: nothing is kept of it. Counts are what counting gives."""
    scene = _fresh(on)
    for _ in play(scene, script):
        kept.counts_are_counted(scene.store, scene.desk)
    for command, given, told in commands_of(scene, script, script.done[-1]):
        failing = _Fails(scene.store)
        before = tables(scene.store)
        desk = _another(scene, failing)
        try:
            _asked(desk, command, given, {**told, **_key(told, "failing")})
        except StoreUnavailable:
            insist(tables(scene.store) == before, f"{command} could not be committed, and something is kept of it")


def _another(scene: Scene, store: Any) -> LeadDesk:
    desk = LeadDesk(store, secret=scene.desk.config.secret, customs=scene.desk.config.customs)
    desk.config.plans.update(scene.desk.config.plans)
    return desk


def _key(told: dict[str, Any], key: str) -> dict[str, Any]:
    return {} if told.get("keyed") is False else {"key": key}


def _asked(desk: LeadDesk, command: str, given: tuple[Any, ...], told: dict[str, Any]) -> Any:
    from dealerrouting.testing.laws.scenes import ALLOWED

    try:
        return getattr(desk, command)(*given, **{name: one for name, one in told.items() if name != "keyed"})
    except ALLOWED:
        return None


def _keys_answer_once(on: Subject, script: Script) -> None:
    """Every command that has a key is asked twice: the first answer again, and nothing is changed."""
    scene = _fresh(on)
    for number, did in enumerate(script.done):
        for command, given, told in commands_of(scene, script, did):
            key = _key(told, f"c{number}")
            first = _asked(scene.desk, command, given, told | key)
            if first is None or not key:
                continue
            before = tables(scene.store)
            again = _asked(scene.desk, command, given, told | key)
            insist(again.repeated or first.outcome == "erased", f"{command} again is done again")
            said = [(one.outcome, one.holder, one.decision, one.reasons) for one in (first, again)]
            insist(said[0] == said[1], f"{command} again is answered otherwise")
            insist(tables(scene.store) == before, f"{command} again changes something")
            if first.outcome != "erased":  # then nothing is kept, the key neither
                _other_content(scene, command, given, told | key)


def _other_content(scene: Scene, command: str, given: tuple[Any, ...], told: dict[str, Any]) -> None:
    if "reason" not in told:
        return
    before = tables(scene.store)
    try:
        _asked(scene.desk, command, given, told | {"reason": "another"})
    except KeyReused:
        insist(tables(scene.store) == before, "a key is refused, and something changes")
        return
    raise AssertionError(f"the key of {command} is taken for other content")


def _replays(on: Subject, script: Script) -> None:
    """What is kept of each lead, folded again at the end, is what is kept."""
    scene = _fresh(on)
    for _ in play(scene, script):
        pass
    kept.replays(scene.store, scene.desk)


def _law(number: int, name: str, text: str, at_commit: Sequence[AtCommit] = (), of_all: Sequence[OfAll] = (),
         holds: Any = None) -> Law:  # fmt: skip
    return Law(number, name, text, "desk", scripts, holds or _always(at_commit, of_all), told_script, always)


DESK = (
    _law(2, "one_holder_kept", "Every open lead at the desk has one holder, itself or through the lead it goes with.",
         of_all=[kept.exactly_one_holder, kept.links_agree]),
    _law(4, "caps_hold", "Nobody that is full is given a lead, however many come in.", [commits.nobody_above_its_cap]),
    _law(8, "ledgers_are_folds", "A ledger is what the decisions come to, and nobody is owed more leads than there are"
         " dealers in it.", [commits.ledgers_are_folds], [kept.credits_are_bounded]),
    _law(13, "nobody_has_it_twice", "At the desk no dealer is given a lead twice, and no lead moves on too often.",
         of_all=[kept.nobody_has_it_twice]),
    _law(19, "over_is_said", "What is closed says since when, and only what the house holds waits for a dealer.",
         of_all=[kept.what_is_over_is_said_to_be]),
    _law(20, "desk_replays", "What is kept of a lead, folded again, is how it stands.", holds=_replays),
    _law(22, "changes_have_records", "Every change at the desk has an event or a tick that is kept, and its record.",
         [commits.every_change_has_its_record], [kept.ticks_are_logged]),
    _law(23, "one_commit", "A command is kept whole or not at all, and dealers' counts are what counting gives.",
         holds=_one_commit),
    _law(24, "reads_are_named", "Whatever is decided on is among the reads of the commit, so of two at once one wins.",
         [commits.every_change_was_read], [kept.companies_are_found, kept.one_claim_stands]),
    _law(25, "told_once", "Whoever is given a lead is told once, and nobody is told of an assignment that is over.",
         holds=_told_once),
    _law(26, "keys_answer_once", "A command repeated with its key gives the first answer, with other content an error.",
         holds=_keys_answer_once),
    _law(29, "nobody_is_named", "What a person says is in the lead and nowhere else, and what is erased is nowhere.",
         holds=_nameless),
)  # fmt: skip
