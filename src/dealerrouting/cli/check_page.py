"""What a check found, as a page for people and as JSON.

May know: findings and how one is told, how a page looks. May not know: the command, how anything is found.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import define, evolve, field

from dealerrouting.cli.bands import picture
from dealerrouting.cli.finding_data import finding_data, moment_data
from dealerrouting.cli.findings import Sites, about, details, explaining, figure, pronounced, witnessed
from dealerrouting.cli.paper import Paper
from dealerrouting.rules import Plan
from dealerrouting.telling import moment
from dealerrouting.verify import LEVELS, Finding, Region

__all__ = ["CheckPage", "drawn", "spanned"]

_REGIONS = 3
"""So many regions of one finding are told on a page."""
_NAMED = 2
"""Up to so many sources that are no part of a region are named where it has one line."""
_NAME = 30
"""What is folded stands under each other, behind names up to this long."""


@define
class CheckPage:
    """The findings of one plan, in the words of one language.

    `since` is the instant asked from, None for all time; `leads` the number of past leads, and `forward` how many of
    them came before that instant; `command` what the plan is called on the command line, None where `explain` could not
    load it.
    """

    plan: Plan
    sites: Sites
    every: Sequence[Finding]
    since: datetime | None
    lang: str = "en"
    leads: int = 0
    command: str | None = None
    forward: int = 0
    found: list[Finding] = field(init=False)
    lived_with: list[Finding] = field(init=False)
    counts: Counter[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """What counts and what the plan lives with."""
        self.found = [one for one in self.every if _counts(one)]
        self.lived_with = [one for one in self.every if not _counts(one)]
        self.counts = Counter(one.level for one in self.found)

    @property
    def fails(self) -> bool:
        """Whether there is an error, a warning, or something that is not known."""
        return any(one.level != "note" for one in self.found)

    @property
    def totals(self) -> dict[str, int]:
        """How many of each level, and how many the plan lives with."""
        return {**{level: self.counts[level] for level in LEVELS}, "suppressed": len(self.lived_with)}

    def json(self) -> str:
        """One object; what the plan lives with stands at the end, each with its reason."""
        told = [
            finding_data(one, self.plan, self.sites, self.lang, self.leads) for one in (*self.found, *self.lived_with)
        ]
        data = {
            "schema_version": 1,
            "name": self.plan.name,
            "plan": self.plan.digest,
            "from": moment_data(self.since),
            "totals": self.totals,
            "leads": self.leads,
            "brought_forward": self.forward,
            "findings": told,
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def text(self, *, listed: bool = False) -> str:
        """The page; `listed`: with what the plan lives with. The totals stand last, where one looks first."""
        paper = self.listed(self.lived_with if listed else ())
        if not self.fails:
            paper.write(self._say("check.clean"))
        span = spanned(self.since, self.plan, self.lang)
        paper.write(self._say("check.head", plan=self.plan.name, span=span, **self.totals), mark="head")
        if self.forward:
            paper.write(self._say("diff.forward", count=figure(self.forward, self.lang)))
        if self.counts["note"]:
            paper.write(self._say("check.notes"), mark="faint")
        return paper.text()

    def listed(self, besides: Sequence[Finding] = ()) -> Paper:
        """All that counts, and what is named besides, by code."""
        paper = Paper()
        for group in (*_groups(self.found), *_groups(besides)):
            self._group(paper, group)
        return paper

    def _group(self, paper: Paper, group: Sequence[Finding]) -> None:
        first = group[0]
        counts = _counts(first)
        level = self._say(f"level.{first.level}") + ("" if counts else self._say("check.besides"))
        paper.write(f"{first.code} {first.name}, {level}: {len(group)}", mark=first.level if counts else "head")
        paper.write(self._say(f"finding.{first.name}"), 2)
        if first.level == "note":
            self._folded(paper, group)
        else:
            for finding in group:
                self._finding(paper, finding)
        self._try(paper, group)
        paper.gap()

    def _folded(self, paper: Paper, group: Sequence[Finding]) -> None:
        """A few lines for each finding: what it is about, and where; then why the plan lives with them."""
        names = [", ".join(one.at) for one in group]
        width = min(_NAME, max(map(len, names)))
        paper.gap()
        for name, one in zip(names, group, strict=True):
            paper.beside(name, self._places(one.regions), width, 2)
            for detail in () if one.exact else details(one, self.plan, self.lang):
                paper.write(detail, 4)
        if group[0].suppressed is not None:
            paper.write(self._say("check.reason", reason=group[0].suppressed), 2)

    def _places(self, regions: Sequence[Region]) -> Iterator[str]:
        """Regions on a line each; of what is no part of one, how many sources serve it."""
        if not regions:
            yield ""
        for one in regions[:_REGIONS]:
            if len(one.but_for) <= _NAMED:
                yield one.text(self.lang)
            else:
                yield evolve(one, but_for=()).text(self.lang) + self._say("check.but_for", count=len(one.but_for))
        if len(regions) > _REGIONS:
            yield self._say("check.more", count=len(regions) - _REGIONS)

    def _finding(self, paper: Paper, finding: Finding) -> None:
        paper.gap()
        paper.write(about(finding, self.plan, self.sites, self.lang), 2, "head")
        drawn(paper, finding.regions, self.lang)
        for detail in details(finding, self.plan, self.lang, self.leads):
            paper.write(detail, 4)
        if finding.suppressed is not None:
            paper.write(self._say("check.reason", reason=finding.suppressed), 4)
        if finding.witness is not None:
            paper.write(witnessed(finding.witness, self.plan, self.lang), 4)

    def _try(self, paper: Paper, group: Sequence[Finding]) -> None:
        """What to type for the first finding whose witness can be explained."""
        if self.command is None:
            return
        typed = (explaining(one.witness, self.command) for one in group if one.witness is not None)
        line = next((line for line in typed if line is not None), None)
        if line is not None:
            paper.gap()
            paper.write(self._say("check.try"), 2)
            paper.line(line, 4)

    def _say(self, message: str, **values: Any) -> str:
        return pronounced(self.lang, message, **values)


def drawn(paper: Paper, regions: Sequence[Region], lang: str) -> None:
    """Regions in words, the largest first, each with its postcodes as a line."""
    for region in regions[:_REGIONS]:
        paper.write(region.text(lang), 4)
        line = picture([region], encoding=sys.stdout.encoding, room=paper.width - 4)
        if line is not None:
            paper.line(line, 4)
    if len(regions) > _REGIONS:
        paper.write(pronounced(lang, "check.regions", count=len(regions) - _REGIONS), 4)


def spanned(since: datetime | None, plan: Plan, lang: str) -> str:
    """`from 2027-01-01 00:00 CET on`, on the plan's clock."""
    if since is None:
        return pronounced(lang, "check.always")
    return pronounced(lang, "check.from", at=moment(since, plan.lens.zone))


def _counts(finding: Finding) -> bool:
    """Whether the plan does not live with it; that something is not known, no plan can live with."""
    return finding.suppressed is None or finding.name == "unknown-region"


def _groups(found: Sequence[Finding]) -> Iterator[list[Finding]]:
    """The findings of one code and level, in the order in which they come; notes also by why the plan has them."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in found:
        reason = (one.suppressed,) if one.level == "note" and one.suppressed else ()
        groups.setdefault((one.code, one.level, *reason), []).append(one)
    yield from groups.values()
