"""`explain`: the full why of one lead in a file.

May know: inputs, the screen, the core. May not know: how anything is decided.
The leads before it are routed first, as `route` does in running mode, so that the facts are those it met
there and the decision explained is the one that `route` prints.
"""

from __future__ import annotations

import json
from typing import Any

from dealerrouting.cli.inputs import Inputs, dealer, gather
from dealerrouting.cli.screen import Stop, safe
from dealerrouting.documents import explanation_data, to_data
from dealerrouting.errors import did_you_mean, quoted
from dealerrouting.model import Decision, Facts, Lead
from dealerrouting.rules import Counterfactual, DealerView, Explanation, explain, route_all

__all__ = ["explained", "run", "spoken"]

_MANY = 20_000


def run(
    plan: str, leads: str, lead: str, facts: str | None, at: str | None, timezone: str | None, why_not: str | None,
    for_dealer: str | None, lang: str, form: str,
) -> int:  # fmt: skip
    """Explain one lead."""
    if why_not is not None and for_dealer is not None:
        cure = "what a dealer may read says nothing of others; give one of them"
        raise Stop([f"--why-not and --for-dealer do not go together; {cure}"])
    given = gather(plan, leads, facts, at, timezone)
    for name, option in ((why_not, "--why-not"), (for_dealer, "--for-dealer")):
        if name is not None:
            dealer(name, given.plan, option)
    why = explained(_wanted(lead, given), given)
    if form == "json":
        print(json.dumps(_data(why, why_not, for_dealer), indent=1))
    else:
        print(_text(why, why_not, for_dealer, lang))
    return 0


def _wanted(name: str, given: Inputs) -> Lead:
    found = next((lead for lead in given.leads if lead.id == name.strip()), None)
    if found is not None:
        return found
    cure = did_you_mean(name, [lead.id for lead in given.leads]) if len(given.leads) <= _MANY else ""
    refused = [f"{refused}; the row is refused" for refused in given.leads.refused]
    raise Stop([*refused, f"{given.name}: no lead {quoted(name)} among the {len(given.leads):,} read; {cure}"])


def explained(lead: Lead, given: Inputs) -> Explanation:
    """The why of the decision that `route` makes of this lead, after all that come before it."""
    facts: Facts = given.facts
    for decision in route_all(given.leads, given.plan, given.facts, at=given.at):
        if decision.lead == lead.id:
            return explain(lead, given.plan, facts, at=decision.at)
        facts = facts.after(decision)
    raise AssertionError("every lead is routed")


def spoken(text: str, lead: str) -> str:
    """Text for a screen: a lead's own id is the only word in it that may hold anything."""
    return "\n".join(map(safe, text.replace(lead, safe(lead)).split("\n")))


def _text(why: Explanation, why_not: str | None, for_dealer: str | None, lang: str) -> str:
    lead = why.decision.lead
    if for_dealer is not None:
        return spoken(why.for_dealer(for_dealer).text(lang), lead)
    text = why.text(lang)
    if why_not is not None:
        text += "\n" + why.why_not(why_not).text(lang)
    return spoken(text, lead)


def _data(why: Explanation, why_not: str | None, for_dealer: str | None) -> dict[str, Any]:
    if for_dealer is not None:
        return _view(why.for_dealer(for_dealer))
    data = explanation_data(why)
    if why_not is not None:
        data["why_not"] = _counterfactual(why.why_not(why_not))
    return data


def _view(view: DealerView) -> dict[str, Any]:
    own = [{"source": c.source, "reason": c.reason} for c in view.own]
    return {"schema_version": 1, "dealer": view.dealer, "lead": view.lead, "holds": view.holds, "own": own}


def _counterfactual(found: Counterfactual) -> dict[str, Any]:
    decision: Decision | None = found.decision
    return {
        "dealer": found.dealer,
        "change": found.change,
        "detail": list(found.detail),
        "decision": None if decision is None else to_data(decision),
    }
