"""A desk in the shadow: what it would decide is written down beside what the CRM did, and nothing else happens.

May know: deciding, ports. May not know: follow-up, messages.
Nothing of what a lead says is kept. Rotations run on what this desk would have decided; who serves a company, and
what a dealer has open, are the CRM's to say, as `facts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from dealerrouting.desk.change import Change
from dealerrouting.desk.config import Config
from dealerrouting.desk.deciding import decide
from dealerrouting.desk.look import Look
from dealerrouting.desk.once import Asked, Done, once
from dealerrouting.desk.outcome import Outcome
from dealerrouting.desk.steps import Steps, store
from dealerrouting.documents.values import to_data
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Lead
from dealerrouting.ports import Case, Ref, Watched

__all__ = ["Differences", "differences", "watch"]


def watch(config: Config, lead: Lead, *, chosen: str, key: str | None = None) -> Steps[Outcome]:
    """What the plan says of a lead that the CRM gives to `chosen`: written down, and nobody is told."""
    content = {"lead": to_data(lead), "chosen": chosen}
    asked = Asked.of_new("watch", Ref("lead", lead.id), content, key)

    def work(look: Look) -> Steps[Done]:
        if look.values[asked.about] is not None:
            return Outcome(asked.about, "refused:repeated_id"), Change(look.now)
        plan = yield from look.active()
        decision, _, found = yield from decide(config, look, plan, lead, look.now)
        change = Change(look.now)
        change.put(None, Case(lead.id, look.now, plan.digest, watched=chosen, over_since=look.now))
        kept = look.seal.decision(decision, found.plain)
        change.watched.append(Watched(kept, chosen))
        ledger = decision.changes.ledger
        if ledger and decision.changes.credits:
            known = look.values.get(Ref("ledger", ledger)) or FrozenMap()
            change.ledgers[ledger] = known.updated(decision.changes.credits)
        word = "same" if decision.holder == chosen else "other"
        return Outcome(asked.about, word, chosen, decision=kept), change

    outcome, _ = yield from once(config, asked, work)
    return outcome


@frozen
class Differences:
    """Where the plan and the CRM differ: how many of `leads` go to the same holder, and from whom to whom the others
    would go, by what rung, and which leads those are.
    """

    leads: int
    same: int
    moved: FrozenMap[int]
    by: FrozenMap[int]
    flags: FrozenMap[int]
    which: tuple[tuple[str, str, str, str], ...]

    def text(self, *, most: int = 20) -> str:
        """The report for people: totals, the largest streams, and some of the leads."""
        share = f"{self.same / self.leads:.1%}" if self.leads else "none"
        lines = [f"{self.leads:,} leads watched; {self.same:,} ({share}) at the holder that the plan says"]
        lines += [f"  {n:6,}  {stream}" for stream, n in _most(self.moved)[:most]]
        lines += [f"  by {rung}: {n:,} would go elsewhere" for rung, n in _most(self.by)]
        lines += [f"  flag {flag}: {n:,}" for flag, n in _most(self.flags)]
        lines += [f"  {lead}: {old} -> {new}, by {rung}" for lead, old, new, rung in self.which[:most]]
        if len(self.which) > most:
            lines.append(f"  and {len(self.which) - most:,} more leads")
        return "\n".join(lines) + "\n"


def differences(config: Config) -> Steps[Differences]:
    """What was watched so far, compared."""
    found: tuple[Watched, ...] = yield from store("watched")
    return _compared(found)


def _compared(found: Iterable[Watched]) -> Differences:
    told = list(found)
    other = [one for one in told if one.decision.holder != one.chosen]
    return Differences(
        len(told),
        len(told) - len(other),
        FrozenMap(Counter(f"{one.chosen} -> {one.decision.holder}" for one in other)),
        FrozenMap(Counter(one.decision.by for one in other)),
        FrozenMap(Counter(flag for one in told for flag in one.decision.flags)),
        tuple((one.decision.lead, one.chosen, one.decision.holder, one.decision.by) for one in other),
    )


def _most(counted: FrozenMap[int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
