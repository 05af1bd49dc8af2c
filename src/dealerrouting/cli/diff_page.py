"""What changes between two plans, as a page for people and as JSON.

May know: changes, how findings and regions are told, how a page looks. May not know: the command, how plans are
compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from dealerrouting.cli.check_page import CheckPage, drawn, spanned
from dealerrouting.cli.checking import brought_forward
from dealerrouting.cli.finding_data import change_data, finding_data, moment_data
from dealerrouting.cli.findings import figure, part, pronounced, witnessed
from dealerrouting.cli.paper import Paper
from dealerrouting.model import Lead
from dealerrouting.rules import Plan
from dealerrouting.verify import Change, Moved, Outcome, PlanDiff
from dealerrouting.verify.outcome import ELSEWHERE

__all__ = ["DiffPage"]

_NAMED = 5
"""So many dealers that could have one lead are named; of more, their number."""


@frozen
class DiffPage:
    """The difference of two plans, in the words of one language.

    `since` is the instant asked from, None for all time; `past` are the past leads, None where none were asked about;
    `limit` is the part of them that may move. Instants are told on the active plan's clock, and amounts count in its
    currency, as it reads them.
    """

    active: Plan
    planned: Plan
    found: PlanDiff
    since: datetime | None
    lang: str = "en"
    past: Sequence[Lead] | None = None
    limit: Fraction | None = None

    @property
    def asked(self) -> bool:
        """Whether past leads were given."""
        return self.past is not None

    @property
    def forward(self) -> int:
        """How many past leads came before the instant asked from, and count as coming after it."""
        return brought_forward(self.past or (), self.since)

    @property
    def over(self) -> bool:
        """Whether more of the past leads move than may."""
        return self.limit is not None and self.found.share > self.limit

    @property
    def here(self) -> list[Change]:
        """What changes with everybody there, the largest first."""
        return [change for change in self.found.changes if change.away is None]

    @property
    def absent(self) -> list[Change]:
        """What changes only while one dealer is away."""
        return [change for change in self.found.changes if change.away is not None]

    # JSON

    def json(self) -> str:
        """One object, with every change and every lead that moves."""
        houses = (self.active.house, self.planned.house)
        data = {
            "schema_version": 1,
            "active": {"name": self.active.name, "plan": self.active.digest},
            "planned": {"name": self.planned.name, "plan": self.planned.digest},
            "from": moment_data(self.since),
            "changes": [change_data(change, self.lang, houses) for change in (*self.here, *self.absent)],
            "besides": list(self.found.besides),
            "unknown": [finding_data(one, self.active, {}, self.lang) for one in self.found.unknown],
            "exact": self.found.exact,
            "leads": self._leads_data() if self.asked else None,
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def _leads_data(self) -> dict[str, Any]:
        return {
            "count": self.found.leads,
            "moved": len(self.found.moved),
            "share": float(self.found.share),
            "value": f"{self.found.value:f}",
            "currency": self.active.currency,
            "other_currencies": {name: f"{value:f}" for name, value in self._left_out().items()},
            "brought_forward": self.forward,
            "limit": None if self.limit is None else float(self.limit),
            "over": self.over,
            "list": [
                {
                    "lead": one.lead,
                    "before": list(one.before),
                    "after": list(one.after),
                    "value": None if (value := one.worth(self.found.currency)) is None else f"{value:f}",
                }
                for one in self.found.moved
            ],
        }

    # For people

    def text(self, *, away: bool = False, most: int = 10) -> str:
        """The page: changes first, then past leads, at most so many by name; what it comes to stands last."""
        paper = Paper()
        for change in (*self.here, *(self.absent if away else ())):
            self._change(paper, change)
        if self.absent and not away:
            paper.write(self._say("diff.away", count=len(self.absent)))
            paper.gap()
        if self.found.unknown:
            paper.lines += CheckPage(self.active, {}, self.found.unknown, self.since, self.lang).listed().lines
        if self.found.opaque:
            paper.write(self._say("diff.tried", names=self.found.opaque))
            paper.gap()
        if self.found.besides:
            paper.write(self._say("diff.besides", names=self.found.besides))
            paper.gap()
        if self.asked and self.found.moved:
            self._moved(paper, most)
        self._end(paper)
        return paper.text()

    def _end(self, paper: Paper) -> None:
        span = spanned(self.since, self.active, self.lang)
        if not self.found:
            paper.write(self._say("diff.same" if self.found.exact else "diff.none", span=span))
        counts = {"here": len(self.here), "away": len(self.absent), "span": span}
        paper.write(self._say("diff.head", active=self.active.name, planned=self.planned.name, **counts), mark="head")
        if not self.asked:
            return
        figures = {"moved": self._figure(len(self.found.moved)), "count": self._figure(self.found.leads)}
        worth = {"share": part(self.found.share, self.lang), "value": self._money(self.found.value)}
        paper.write(self._say("diff.leads", **figures, **worth), mark="head")
        if self.forward:
            paper.write(self._say("diff.forward", count=self._figure(self.forward)))
        left = tuple(self._money(value, name) for name, value in self._left_out().items())
        if left:
            paper.write(self._say("diff.left_out", amounts=left))
        if self.limit is not None:
            limit = self._figure(f"{float(self.limit * 100):g}%")
            paper.write(self._say("diff.over" if self.over else "diff.within", limit=limit), mark=self._alarm)

    @property
    def _alarm(self) -> str:
        return "error" if self.over else "head"

    def _change(self, paper: Paper, change: Change) -> None:
        before, after = self._outcome(change.before, self.active), self._outcome(change.after, self.planned)
        paper.write(f"{before}  ->  {after}", mark="warning")
        if change.why:
            paper.write(self._say("diff.why", ids=change.why), 2)
        for line in self._besides(change):
            paper.write(line, 2)
        drawn(paper, change.regions, self.lang)
        if change.opaque:
            paper.write(self._say("finding.tried", names=change.opaque), 4)
        if change.witness is not None:
            paper.write(witnessed(change.witness, self.active, self.lang), 4)
        paper.gap()

    def _besides(self, change: Change) -> Iterator[str]:
        """What has happened besides the lead, and who is away."""
        if change.scenario.kind in ("registrations", "incumbent"):  # an account is named by its region
            yield self._say(f"diff.scenario.{change.scenario.kind}", dealer=change.scenario.dealer)
        if change.away is not None:
            yield self._say("diff.scenario.away", dealer=change.away)

    def _outcome(self, outcome: Outcome, plan: Plan) -> str:
        """Who may get the lead, and by what."""
        if outcome == ELSEWHERE:
            return self._say("diff.elsewhere")
        if not outcome.pool:
            return self._say("diff.house", house=plan.house)
        if outcome.open:
            few = ", ".join(outcome.pool) if len(outcome.pool) <= _NAMED else None
            dealers = few or self._say("word.dealers", count=self._figure(len(outcome.pool)))
            return self._say("diff.nearest", dealers=dealers, house=plan.house)
        dealers = ", ".join(_parts(outcome))
        if outcome.conflict:
            return self._say("diff.conflict", house=plan.house, dealers=dealers, by=outcome.rung)
        if not outcome.left or len(outcome.pool) == 1:
            return self._say("diff.one", dealers=dealers, by=outcome.rung)
        told = self._say("diff.several", dealers=dealers, picks=", ".join(outcome.left), by=outcome.rung)
        other = outcome.ledger not in (None, outcome.rung)
        return told + (self._say("diff.ledger", ledger=outcome.ledger) if other else "")

    # Past leads

    def _moved(self, paper: Paper, most: int) -> None:
        """From whom to whom, the most leads first; then some of the leads by name."""
        paper.write(self._say("diff.moved"))
        for group in _by_move(self.found.moved):
            first = group[0]
            form = "diff.parts" if first.before == first.after else "diff.some"
            told = {"count": self._figure(len(group)), **self._ways(first)}
            paper.write(self._valued(form, self._worth(group), None, told), 2)
        if most:
            paper.gap()
        for one in self.found.moved[:most]:
            told = {"lead": one.lead, **self._ways(one)}
            paper.write(self._valued("diff.lead", one.value, one.currency, told), 2)
        if most and len(self.found.moved) > most:
            paper.write(self._say("diff.more", count=self._figure(len(self.found.moved) - most)), 2)
        paper.gap()

    def _worth(self, moved: Sequence[Moved]) -> Decimal | None:
        """What leads are worth together, in the plan's currency; None where none of them says so."""
        said = [value for one in moved if (value := one.worth(self.found.currency)) is not None]
        return sum(said, Decimal(0)) if said else None

    def _left_out(self) -> dict[str, Decimal]:
        """What else the leads that move are worth, by currency."""
        found: dict[str, Decimal] = {}
        for one in self.found.moved:
            if one.value is not None and one.currency is not None and one.worth(self.found.currency) is None:
                found[one.currency] = found.get(one.currency, Decimal(0)) + one.value
        return dict(sorted(found.items()))

    def _valued(self, form: str, value: Decimal | None, currency: str | None, told: Mapping[str, str]) -> str:
        """The sentence with what it is worth, or without where nobody says so."""
        if value is None:
            return self._say(f"{form}_only", **told)
        return self._say(form, value=self._money(value, currency), **told)

    def _money(self, value: Decimal | int, currency: str | None = None) -> str:
        """An amount, in the plan's currency where none is named."""
        return f"{self._figure(value)} {currency or self.active.currency or ''}".rstrip()

    def _figure(self, number: int | Decimal | str) -> str:
        return figure(number, self.lang)

    def _ways(self, one: Moved) -> dict[str, str]:
        return {"before": self._few(one.before), "after": self._few(one.after)}

    def _few(self, dealers: Sequence[str]) -> str:
        """Dealers by name, or how many."""
        return (
            ", ".join(dealers) if len(dealers) <= _NAMED else self._say("diff.many", count=self._figure(len(dealers)))
        )

    def _say(self, message: str, **values: Any) -> str:
        return pronounced(self.lang, message, **values)


def _parts(outcome: Outcome) -> Iterator[str]:
    """The dealers; with their parts where these are not alike."""
    alike = len(set(outcome.pool.values())) == 1
    yield from (name if alike else f"{name} {share}" for name, share in outcome.pool.items())


def _by_move(moved: Sequence[Moved]) -> list[list[Moved]]:
    groups: dict[tuple[Any, ...], list[Moved]] = {}
    for one in moved:
        groups.setdefault((one.before, one.after), []).append(one)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].before, group[0].after))
