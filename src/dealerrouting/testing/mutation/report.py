"""The report: totals, what no test covers, and golden cases that would.

May know: mutants and what came of them. May not know: how they were run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from dealerrouting.rules import Plan
from dealerrouting.telling import Telling, tell
from dealerrouting.testing.mutation.cases import Case
from dealerrouting.testing.mutation.survivors import Judged

__all__ = ["FATES", "Report"]

FATES = ("killed", "survived", "equivalent", "undecided", "invalid")


@frozen
class Report:
    """What came of every mutant of a plan, in their order. `survivors` are those that no test noticed."""

    plan: Plan
    mutants: tuple[Judged, ...]

    @property
    def survivors(self) -> tuple[Judged, ...]:
        """What no test covers, as far as is known: survived, or undecided."""
        return tuple(one for one in self.mutants if one.survives)

    @property
    def totals(self) -> dict[str, int]:
        """How many mutants met each fate."""
        counted = Counter(one.fate for one in self.mutants)
        return {fate: counted[fate] for fate in FATES}

    def data(self, lang: str = "en") -> dict[str, Any]:
        """The whole report in JSON's own types."""
        return {
            "schema_version": 1,
            "plan": self.plan.digest,
            "totals": self.totals,
            "mutants": [_row(one, lang) for one in self.mutants],
        }

    def lines(self, lang: str = "en", *, cases: bool = True) -> Iterator[str]:
        """The report for people; without the golden cases where they go elsewhere."""
        totals = self.totals
        told: dict[str, Any] = {"name": self.plan.name, "total": len(self.mutants) - totals["invalid"], **totals}
        yield _said(lang, "mutate.total", told)
        if not self.survivors:
            yield _said(lang, "mutate.covered" if self.mutants else "mutate.nothing")
            return
        if not totals["killed"]:
            yield _said(lang, "mutate.none_killed")
        yield ""
        yield _said(lang, "mutate.uncovered")
        place = None
        for one in self.survivors:
            if one.mutant.where.slug != place:
                place = one.mutant.where.slug
                yield ""
                yield one.mutant.where.text(lang)
            yield from self._survivor(one, lang, cases=cases)

    def _survivor(self, one: Judged, lang: str, *, cases: bool) -> Iterator[str]:
        yield f"  {one.mutant.change(lang)}  [{one.mutant.id}]"
        if one.fate == "undecided":
            yield "    " + _said(lang, "mutate.undecided")
        elif one.case is None:
            yield "    " + _said(lang, "mutate.terms" if one.mutant.kind == "terms" else "mutate.no_case")
        elif cases:
            yield from (f"    {line}" for line in one.case.text(one.mutant.id).splitlines())

    def golden(self, plan: str) -> str | None:
        """A golden file that kills every survivor for which a case was found; None where there is none.

        `plan` is where the plan is, from the file. A case that several survivors share stands in it once.
        """
        found: list[tuple[Case, str]] = []
        for one in self.survivors:
            if one.case is not None and all(one.case != case for case, _ in found):
                found.append((one.case, one.mutant.id))
        if not found:
            return None
        head = f"schema_version: 1\nplan: {_quoted(plan)}\ncases:\n"
        return head + "".join(case.text(name) for case, name in found)


def _row(one: Judged, lang: str) -> dict[str, Any]:
    mutant, case = one.mutant, one.case
    return {
        "id": mutant.id,
        "kind": mutant.kind,
        "place": mutant.place,
        "path": list(mutant.path),
        "text": mutant.text(lang),
        "fate": one.fate,
        "by": one.by or None,
        "case": case.text(mutant.id) if case is not None else None,
    }


def _said(lang: str, message: str, values: dict[str, Any] | None = None) -> str:
    return next(tell(lang, [Telling(0, message, values or {})]))


def _quoted(text: str) -> str:
    """Text as YAML takes it for text, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
