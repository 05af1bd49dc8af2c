"""The month of the example network, told: a table, some inboxes, one lead day by day, and what is due next.

May know: what was lived, how output looks. May not know: how it was lived; any lead or dealer by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from dealerrouting.cli.month import Letter, Lived
from dealerrouting.cli.month_scene import CAP
from dealerrouting.cli.month_stories import stories, tally
from dealerrouting.cli.output import aligned, plain
from dealerrouting.ports import Case, History
from dealerrouting.sla import Effect, explain_due
from dealerrouting.telling import LANGUAGES

__all__ = ["MEANING", "page"]

MEANING = {
    "registrations": "a dealer had claimed the prospect",
    "accounts": "a named customer with a fixed holder",
    "incumbent": "a dealer was serving the company already",
    "rules": "a rule of the plan",
    "territories": "the dealer's region and sector",
    "nearest": "the nearest dealer within reach",
    "house": "nobody else: the house",
}
_AHEAD, _SOON = timedelta(days=2), 3
_OF = {"accepted": "takes it on", "declined": "does not want it", "referred": "hands it to the house"}


def page(lived: Lived, python: str, target: str) -> Iterator[str]:
    """The whole of it, line by line. `python` and `target` are how the interpreter and the store are typed."""
    yield from _head(lived, target)
    yield from _table(("what", "leads", "for example", ""), tally(lived), right=(1,))
    yield from ("", "What it shows")
    told = stories(lived)
    yield from _table((), [(one.title, one.lead, one.text) for one in told])
    yield from _inboxes(lived)
    yield from _days(lived, told[0].lead) if told else ()
    yield from _status(lived)
    yield from _next(lived, python, target)


def _head(lived: Lived, target: str) -> Iterator[str]:
    scene = lived.scene
    yield f"A month behind a desk: {scene.start:%B %Y}, on SQLite, in {target}"
    made = f"{len(scene.claims)} claims are made, {len(scene.new)} leads come in"
    yield f"{len(scene.old)} open leads are taken over, {made}."
    yield "Nothing waits for the disk here, unlike in use. What a dealer does follows from its id and the lead's,"
    yield "and the clock is set by hand. Two things are arranged:"
    capped = f"{scene.capped} may have {CAP} open leads at most (the plan itself sets no cap)"
    yield f"{scene.silent} never answers, and {capped}."
    yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    cells = [tuple(map(plain, row)) for row in ([head] if head else []) + list(rows)]
    return (f"  {line}" for line in aligned(cells, right))


# Inboxes


def _offered(one: Effect) -> str:
    if one.detail.get("outcome") == "house":
        return "with you: no dealer could have it" if one.detail["by"] == "house" else "with you: the plan says so"
    return "yours: " + MEANING[one.detail["by"]]


def _why(word: str) -> str:
    known = {"silence": "reminded, and no word in time", "reassigned": "another has it"}
    return {**known, "referred": "a dealer handed it in"}.get(word, word)


def _own(rung: str) -> str:
    return {"territories": "region", "registrations": "claim", "nearest": "reach"}.get(rung, rung)


def _passed(reason: str) -> str:
    known = {
        "outranked": "another right came first",
        "inactive": "you were closed",
        "max_open": "you had no room",
        "max_per_30_days": "you had your number for thirty days",
        "conflict": "another has an equal right, and a person decides",
    }
    return known.get(reason, reason.replace("_", " "))


_SAID: dict[str, Callable[[Effect], str]] = {
    "offer": _offered,
    "linked": lambda one: f"a new lead of the same company: it goes with {one.detail['linked']}",
    "remind": lambda one: "a status is due",
    "withdraw": lambda one: "yours no more: " + _why(one.detail["why"]),
    "return_to_house": lambda one: "back to you: " + _why(one.detail["why"]),
    "escalate": lambda one: f"to the manager: reminded, and still no status ({one.rule})",
    "notify": lambda one: f"how it stands: {one.detail.get('status') or one.detail['phase']}",
    "passed_over": lambda one: f"not for you, though in your {_own(one.detail['by'])}: {_passed(one.detail['reason'])}",
}


def _inboxes(lived: Lived) -> Iterator[str]:
    """Of the two dealers that something was arranged for, the one with the most kinds of letters, and the house."""
    scene, boxes = lived.scene, dict[str, list[Letter]]()
    for one in lived.letters:
        boxes.setdefault(one.message.to or "", []).append(one)
    others = {name for name in boxes if scene.plan.by_id[name].kind == "dealer"} - {scene.silent, scene.capped}
    third = min(others, key=lambda name: (not _hears(boxes[name]), -len(_latest(boxes[name])), name), default="")
    for name in filter(None, (scene.silent, scene.capped, third, scene.plan.house)):
        letters = boxes.get(name, [])
        yield from ("", f"Inbox of {name}: {len(letters)} messages, the last of each kind")
        yield from _table((), [_letter(lived, one) for one in _latest(letters)])


def _hears(letters: Sequence[Letter]) -> bool:
    """Whether somebody is told what became of a lead that it handed on."""
    return any(one.message.does == "notify" for one in letters)


def _latest(letters: Sequence[Letter]) -> list[Letter]:
    """The last letter of each kind, in order."""
    last = {one.message.does: one for one in letters}
    return sorted(last.values(), key=lambda one: (one.at, one.message.key))


def _letter(lived: Lived, one: Letter) -> tuple[str, ...]:
    return _at(lived, one.at), one.message.lead, _SAID[one.message.does](one.message)


def _at(lived: Lived, when: datetime) -> str:
    return f"{when.astimezone(lived.scene.zone):%a %d %b %H:%M}"


# One lead


def _days(lived: Lived, lead: str) -> Iterator[str]:
    one = lived.histories[lead]
    yield from ("", f"Lead {lead}, day by day")
    lines = [(record.at, text) for record in one.records if (text := _happened(record, one))]
    lines += [(got.at, f"{got.message.to} is reminded") for got in lived.letters if _is_reminder(got, lead)]
    yield from _table((), [(_at(lived, at), text) for at, text in sorted(lines, key=lambda line: line[0])])
    yield from _comes_next(one.case)


def _is_reminder(letter: Letter, lead: str) -> bool:
    return letter.message.lead == lead and letter.message.does == "remind"


def _happened(record: Effect, one: History) -> str:
    """A record of the lead in words; nothing for what is told elsewhere."""
    said = record.detail
    who = said.get("actor", "")
    match said["type"]:
        case "assigned":
            kept = {decided.assignment: decided.decision.by for decided in one.decisions}
            by = MEANING.get(kept.get(record.assignment, ""), "taken over")
            return f"assignment {record.assignment}: {said['holder']} has it ({by})"
        case "updated":
            late = " (too late: recorded, and changes nothing)" if said["outcome"] == "late" else ""
            return f"{who} says: {said['status']}{late}"
        case "tick" if "withdraw:" in said["did"]:
            return "withdrawn: reminded, and no word in time"
    return f"{who} {_OF[said['type']]}" if said["type"] in _OF else ""


def _comes_next(case: Case | None) -> Iterator[str]:
    """What will be done with it if nothing happens, in every language there is."""
    due = explain_due(case.state) if case and case.state else None
    for lang in LANGUAGES if due else ():
        yield f"  [{lang}] {due.text(lang).partition(chr(10))[0]}" if due else ""


# How it stands


def _status(lived: Lived) -> Iterator[str]:
    health, survey = lived.health, lived.health.survey
    phases = ", ".join(f"{name} {n}" for name, n in sorted(survey.phases.items()))
    yield from ("", f"Status at the end, {_at(lived, survey.at)}")
    yield f"  open: {sum(survey.phases.values())} ({phases})"
    yield f"  due now: {survey.due}; to be sent: {survey.messages}; waiting for a dealer: {survey.waiting}"
    yield f"  parked: {len(survey.parked)}; held: {len(health.holds)}; answers that came too late: {lived.late}"
    yield "  due next:"
    yield from (f"  {line}" for line in _table((), _soonest(lived)))
    yield f"  Replayed from what is kept: {lived.same} of {lived.own} leads come to the same state and messages."


def _soonest(lived: Lived) -> list[tuple[str, ...]]:
    cases = [one.case for one in lived.histories.values() if one.case is not None]
    dues = sorted((case.next_due, case.lead, case) for case in cases if case.next_due is not None)
    return [(_at(lived, at), lead, _does(case), case.holder or "") for at, lead, case in dues[:_SOON]]


def _does(case: Case) -> str:
    first = case.state.dues[0] if case.state and case.state.dues else None
    return "offered again" if case.next_due == case.offer_at or first is None else f"{first.does} ({first.rule})"


def _next(lived: Lived, python: str, target: str) -> Iterator[str]:
    """What to type, as of two days after the month: the clock of whoever types it is not that of the month."""
    later = (lived.scene.end + _AHEAD).isoformat()
    yield from ("", "The same store by hand, two days later: how it stands, and what a sweep would do:")
    yield f"  {python} -m dealerrouting status --store {target} --at {later}"
    yield f"  {python} -m dealerrouting sweep --store {target} --at {later} --dry-run"
