"""The demonstration: a year of leads, and a month behind a desk, told on one page.

May know: commands' output, decisions. May not know: any lead of the example by name; what it shows it finds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dealerrouting import Decision, Facts, explain
from dealerrouting.cli.month_page import MEANING, page
from dealerrouting.cli.output import aligned, plain, progress, rendered, write
from dealerrouting.rules import LANGUAGES

__all__ = ["shown"]

Told = tuple[Decision, Facts]


def shown(world: Any, folder: Path) -> None:
    """Route, and show what came of it."""
    told: list[Told] = list(progress(world.decisions(), len(world.leads)))
    decisions = [decision for decision, _ in told]
    _head(world, decisions)
    _by_rung(decisions)
    _by_dealer(world, decisions)
    asked = _some(world, told)
    _flags(decisions)
    _refused(world)
    _written(decisions, folder, asked)
    _month(world, decisions, folder)


def _say(text: str = "") -> None:
    write("".join(plain(line) + "\n" for line in text.split("\n")), None)


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    for line in aligned([tuple(map(plain, row)) for row in rows], right):
        _say("  " + line)


def _head(world: Any, decisions: Sequence[Decision]) -> None:
    plan = world.plan
    dealers = [dealer for dealer in plan.dealers if dealer.kind == "dealer"]
    countries = {dealer.country for dealer in dealers if dealer.country}
    _say(f"{plan.name}: a fictitious manufacturer, {len(dealers)} fictitious dealers in {len(countries)} countries.")
    _say(f"{len(decisions):,} leads of one year, each with exactly one holder and a reason.")


def _by_rung(decisions: Sequence[Decision]) -> None:
    counted = Counter(decision.by for decision in decisions)
    _say("\nWho got what, by rung")
    rows = [
        ("rung", "leads", "share", "because"),
        *((name, f"{n:,}", f"{n / len(decisions):.1%}", MEANING.get(name, "")) for name, n in counted.most_common()),
    ]
    _table(rows, right=(1, 2))


def _by_dealer(world: Any, decisions: Sequence[Decision]) -> None:
    counted = Counter(decision.holder for decision in decisions)
    names = {dealer.id: dealer.name or "" for dealer in world.plan.dealers}
    rows = [(name, f"{n:,}", names[name]) for name, n in counted.most_common(8)]
    _say(f"\nThe busiest holders, of {len(counted)}")
    _table([("holder", "leads", "name"), *rows], right=(1,))


def _some(world: Any, told: Sequence[Told]) -> list[str]:
    """Some leads of different kinds, each in full in one language and in short in the other; who was asked about."""
    asked: list[str] = []
    leads = {lead.id: lead for lead in world.leads}
    kinds: tuple[tuple[str, str, Callable[[Decision], bool]], ...] = (
        ("A claim that beats a territory", "en", lambda d: d.by == "registrations" and bool(d.passed_over)),
        ("Een gebied dat dealers delen", "nl", lambda d: d.by == "territories" and len(d.changes.credits) > 1),
        ("Nobody has room: the house, and when to try again", "en", lambda d: any(r.at for r in d.retry)),
        ("De klant koos zelf, en wie de registratie had krijgt zijn deel", "nl", lambda d: bool(d.owed)),
        ("A claim that only a person can say is on this company", "en", lambda d: bool(d.review)),
    )
    for title, lang, fits in kinds:
        found = next(((decision, facts) for decision, facts in told if fits(decision)), None)
        if found is None:
            continue
        decision, facts = found
        why = explain(leads[decision.lead], world.plan, facts, at=decision.at)
        _say(f"\n{title}")
        for line in why.text(lang).split("\n"):
            _say("  " + line)
        other = _other(decision, why)
        asked += [f"--lead {decision.lead} --why-not {other}"] if other is not None else []
        for spoken in LANGUAGES if other is not None else ():
            if spoken != lang:
                _say(f"  [{spoken}] {why.text(spoken).partition(chr(10))[0]}")
            _say(f"  [{spoken}] {why.why_not(other or '').text(spoken)}")
    return asked


def _other(decision: Decision, why: Any) -> str | None:
    """A dealer that was in the race and lost it."""
    if decision.passed_over:
        return decision.passed_over[0].dealer
    losers = [c.dealer for report in why.rungs for c in report.considered if c.dealer != decision.holder]
    return losers[0] if losers else None


def _flags(decisions: Sequence[Decision]) -> None:
    counted = Counter(flag for decision in decisions for flag in decision.flags)
    example = {flag: decision.lead for decision in reversed(decisions) for flag in decision.flags}
    _say("\nWhat a person should know of: flags")
    rows = [
        (flag, f"{n:,}", example[flag]) for flag, n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    _table([("flag", "leads", "for example"), *rows], right=(1,))


def _refused(world: Any) -> None:
    _say(f"\nRows refused: {world.leads.refused_rows}. Only a missing or repeated id or a broken bound refuses a row.")
    _table([("row", "column", "reason"), *((str(r.row), r.column, r.reason) for r in world.leads.refused)], right=(0,))


def _written(decisions: Sequence[Decision], folder: Path, asked: Sequence[str]) -> None:
    from dealerrouting.errors import Fault, PlanError
    from dealerrouting.network import path

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlanError([Fault(str(folder), f"cannot be made: {error.strerror}", "give another with -o")]) from None
    target = folder / "decisions.jsonl"
    write(rendered(decisions, "jsonl"), target)
    data = _typed(path())
    _say(f"\nEvery decision, a line each:  {target}")
    _say(f"The plan, leads and facts:    {data}")
    _say("Ask about any of them:")
    _say(f"  {_typed(Path(sys.executable))} -m dealerrouting explain {data} {data}/leads.csv --facts {data}/facts \\")
    _say(f"    {asked[0] if asked else '--lead ID'} --lang nl")


def _month(world: Any, decisions: Sequence[Decision], folder: Path) -> None:
    """A month of it behind a desk, in a store of its own; where that cannot be kept, what to install."""
    from dealerrouting.cli.month import lived
    from dealerrouting.errors import MissingExtra

    target = folder / "demo.db"
    try:
        month = lived(world, decisions, target)
    except MissingExtra as error:
        _say(f"\nThe month behind a desk is left out: {error}")
        return
    _say()
    for line in page(month, _typed(Path(sys.executable)), _typed(target)):
        _say(line)


def _typed(path: Path) -> str:
    """A path as it is typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
