"""`dealerrouting mutate`: which rules of a plan does no test cover?

May know: the mutation of plans, how output looks. May not know: how a mutant is made, run or judged.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dealerrouting.cli import options
from dealerrouting.cli.calling import DONE, SOME, fault, said

if TYPE_CHECKING:
    from dealerrouting.testing.mutation import Mutant, Report

__all__ = ["mutate"]


@click.command()
@click.argument("plan")
@click.option("--tests", "tests", metavar="PATH", multiple=True, required=True, help="Tests and golden files; repeat.")
@click.option("--only", metavar="KIND", multiple=True, help="Only mutants of this kind: drop, widen, ...; repeat.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="At most N mutants, spread over the kinds.")
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(0, min_open=True), help="For one mutant.")
@options.customs("the plan names")
@options.lang
@options.form
@options.output("Write the golden cases here.")
def mutate(
    plan: str,
    tests: tuple[str, ...],
    only: tuple[str, ...],
    limit: int | None,
    timeout: float | None,
    customs: str | None,
    lang: str,
    form: str,
    output: Path | None,
) -> None:
    """Change a plan in one place at a time, run its tests, and list the changes that none of them notices.

    The tests are run by pytest: test files, and golden files (*.routing.yaml). They must be green on the plan as it
    is. Every change that they miss comes with a golden case that would not; -o FILE writes those cases, as
    NAME.routing.yaml. Changes that make no difference to any lead are left out.

    Exit codes: 0 every change was noticed, 1 some were not, 2 the plan, the tests or the call is wrong.
    """
    from dealerrouting.cli.output import note, write

    with said():
        _checked(lang, output)
        report = _reported(plan, tests, only, limit, timeout, customs)
        golden = None if output is None else report.golden(_from(output, plan))
        if output is not None and golden is not None:
            write(golden, output)
        write(_text(report, lang, form, cases=output is None), None)
    if output is not None:
        note(f"written to {output}" if golden is not None else "no golden case to write")
    click.get_current_context().exit(SOME if report.survivors else DONE)


def _checked(lang: str, output: Path | None) -> None:
    from dealerrouting.telling import LANGUAGES

    if lang not in LANGUAGES:
        raise fault("--lang", f"there is no language `{lang}`", f"write {' or '.join(LANGUAGES)}")
    if output is not None and not output.name.lower().endswith((".routing.yaml", ".routing.yml")):
        raise fault("-o", f"`{output.name}` is not the name of a golden file", "write NAME.routing.yaml")


def _reported(
    plan: str, tests: tuple[str, ...], only: tuple[str, ...], limit: int | None, timeout: float | None, customs: Any
) -> Report:
    """Every mutant, run and judged."""
    from importlib.util import find_spec

    from dealerrouting.documents import load_plan
    from dealerrouting.errors import MissingExtra

    if find_spec("pytest") is None or find_spec("hypothesis") is None:
        raise MissingExtra("mutating a plan", "testing")
    from dealerrouting.testing.mutation import Bench, Report, judged, mutants, written_terms

    sys.path.insert(0, os.getcwd())  # a plan in Python stands where the user stands
    whole = load_plan(plan, customs)
    chosen = mutants(whole, only=only, limit=limit, terms=written_terms(plan, whole))
    with Bench(plan, tests, customs=customs, only=only, timeout=timeout) as bench:
        bench.settle()
        return Report(whole, tuple(judged(whole, one, bench.run(one)) for one in _counted(chosen)))


def _counted(chosen: tuple[Mutant, ...]) -> Iterator[Mutant]:
    from dealerrouting.cli.output import progress

    return progress(chosen, len(chosen), "mutating", least=2)


def _from(output: Path, plan: str) -> str:
    """The plan as a golden file names it: a path from where the file is, or its name in Python."""
    if not Path(plan).exists():
        return plan
    try:
        return Path(os.path.relpath(Path(plan).absolute(), output.absolute().parent)).as_posix()
    except ValueError:  # on another drive
        return Path(plan).absolute().as_posix()


def _text(report: Report, lang: str, form: str, *, cases: bool) -> str:
    import json

    from dealerrouting.cli.output import plain

    if form == "json":
        return json.dumps(report.data(lang), indent=1, ensure_ascii=False) + "\n"
    return "".join(f"{plain(line)}\n" for line in report.lines(lang, cases=cases))
