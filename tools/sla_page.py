"""The reference page of the SLA, in Markdown.

May know: the table of `sla`, events, terms, the words of the pages. May not know: files, the other pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import NOTHING, fields
from sla_text import after
from sla_words import BESIDES, CALLS, KEYS, MADE, OUTCOMES, REFUSALS, TERMS, default_of, groups, places

from dealerrouting.events import EVENTS, Answer, Event, Tick
from dealerrouting.sla import VERBS, table

__all__ = ["page"]

INTRO = """\
What `dealerrouting.sla` does with a lead that somebody is to follow up. [Why it is so](../explanation/sla.md);
[how to embed it](../how-to/follow-up.md).

![The phases of a lead as cards: waiting, held by a dealer, with the house, closed; and what moves it](sla-states.svg)

The same [as plain text](sla-states.txt), phase by phase."""
RAISES = """\
`step` raises, and changes nothing: `TransitionNotAllowed` for an event that the table does not have in this phase,
`PolicyMismatch` for a policy that the lead is not pinned to, `EventError` for an event of another lead."""


def page() -> str:
    """The whole page."""
    parts = [f"<!-- {MADE} -->\n# Following up: states, events, deadlines", INTRO, "## Calls", _calls(), RAISES]
    parts += ["## Phases", _groups(), _phases(), "## Events", EVENTS_SAY, _events()]
    parts += ["## Transitions", TABLE_SAYS, _transitions(), "## Deadlines", DEADLINES_SAY, _deadlines(), _besides()]
    parts += ["## Clocks", CLOCKS_SAY, _clocks(), "## Effects", EFFECTS_SAY, _effects()]
    parts += ["## Records", RECORDS_SAY, _outcomes(), "## Terms", TERMS_SAY, _terms()]
    return "\n\n".join(parts) + "\n"


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; `head` names its columns, separated by bars."""
    columns = [name.strip() for name in head.split("|")]
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: Iterable[str], between: str = " ") -> str:
    return between.join(f"`{word}`" for word in words)


def _named(phases: Iterable[str]) -> str:
    """Groups in italics, phases as code."""
    return ", ".join(f"*{one}*" if one in groups() else f"`{one}`" for one in places(phases))


# Calls, phases, events


def _calls() -> str:
    return _table("call | what it gives", ((f"`sla.{call}`", gives) for call, gives in CALLS.items()))


def _groups() -> str:
    return "; ".join(f"*{name}* is {_code(inside, ', ')}" for name, inside in groups().items()) + "."


def _phases() -> str:
    rows = ((f"`{phase}`", meaning, _code(_rules(phase)) or "-") for phase, meaning in table.PHASES.items())
    return _table("phase | a lead is there while | rules that watch over it", rows)


def _rules(phase: str) -> Iterator[str]:
    yield from dict.fromkeys(one.rule for one in table.DEADLINES if phase in one.phases)


EVENTS_SAY = """\
A fact about one lead, from `dealerrouting.events`. Every event has `id`, `lead` and `received_at`, and may have
`occurred_at` and `actor`; those marked * are about one assignment and have its number as `assignment`.
[As JSON](documents.md#events)."""


def _events() -> str:
    rows = [(f"`{kind.type}`{_star(kind)}", f"`{kind.__name__}`", _own(kind), _doc(kind)) for kind in EVENTS.values()]
    rows.append((f"`{Tick.type}`", f"`{Tick.__name__}`", "`at`", _doc(Tick)))
    return _table("type | class | fields of its own | what it says", rows)


def _star(kind: type[Event]) -> str:
    return " *" if issubclass(kind, Answer) else ""


def _doc(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _own(kind: Any) -> str:
    """The fields that not every event has, each with its default."""
    common = {column.name for column in fields(Answer)}
    return ", ".join(_field(column) for column in fields(kind) if column.name not in common) or "-"


def _field(column: Any) -> str:
    if column.default is NOTHING:
        return f"`{column.name}`"
    return f"`{column.name}` ({'none' if column.default is None else str(column.default).lower()})"


# What moves


TABLE_SAYS = """\
Where an event may come, and what it can lead to. What is not here raises `TransitionNotAllowed`; but an answer to an
assignment that is over, or to any while nobody holds the lead, is no error: it is recorded as `late`."""


def _transitions() -> str:
    rows = ((_named(row.phases), f"`{row.event}`", _named(row.to) or "no change", row.why) for row in table.TABLE)
    return _table("in | event | to | when", rows)


DEADLINES_SAY = """\
What a tick does when nothing came, once it is later than the last instant in time. While a lead is paused none of it
happens. `notice` runs from when the reminder of the same rule has left."""


def _deadlines() -> str:
    rows = (
        (
            f"`{one.rule}`",
            _named(one.phases),
            " and ".join(f"`{term}` ({default})" for term, default in after(one).items()),
            f"`{one.does}`" + (", again and again" if one.again else ""),
            _named(one.to) or "no change",
            one.why,
        )
        for one in table.DEADLINES
    )
    return _table("rule | in | after | does | to | when", rows)


def _besides() -> str:
    return " ".join(BESIDES)


CLOCKS_SAY = """\
Each runs from the beginning of the assignment or from the last status that counted, and where its term is business
time, on the calendar of the holder. From a reminder run `delivery:RULE` until it has left, and `notice:RULE` from then
on."""


def _clocks() -> str:
    rows = (
        (f"`{one.name}`", _named(one.phases), f"`{one.term}`", default_of(one.term), _begins_anew(one.again))
        for one in table.CLOCKS
    )
    return _table("clock | runs in | for | default | begins anew", rows)


def _begins_anew(rule: str) -> str:
    return f"whenever the rule `{rule}` told a person" if rule else "-"


# What comes of it


EFFECTS_SAY = """\
What the caller must do, as data. Every effect has `does`, `key`, `lead`, `assignment`, and `at`, when it was decided.
Whoever does the same history again gets the same keys: do what has a key once. `send_from` is when the recipient
opens, `due` the exact instant that made it due."""


def _effects() -> str:
    rows = ((f"`{verb}`", means, _code(KEYS[verb][0].split(", ")), KEYS[verb][1]) for verb, means in VERBS.items())
    return _table("verb | asks to | key | and fills", rows)


RECORDS_SAY = """\
Every event that is settled leaves one `record`, and its `outcome` says what came of it. A tick that changed something
leaves one too: it `did` `VERB:RULE` for each thing, or `settle` where it only settled events."""


def _outcomes() -> str:
    said = [(f"`{word}`", means) for word, means in OUTCOMES.items()]
    return _table("outcome | meaning", [*said, *((f"`refused:{word}`", means) for word, means in REFUSALS.items())])


TERMS_SAY = (
    "`Terms(...)` in Python, [`terms:` in a plan file](documents.md#terms). A length of time says which time it is."
)


def _terms() -> str:
    return _table("term | default | what it sets", ((f"`{t}`", default_of(t), means) for t, means in TERMS.items()))
