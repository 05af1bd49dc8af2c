"""One explanation, as text or JSON.

May know: explanations. May not know: where the lead came from.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from dealerrouting import Facts, Lead, Plan, explain
from dealerrouting.cli.output import plain
from dealerrouting.documents import explanation_data, to_data
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.rules import LANGUAGES, Counterfactual, DealerView

__all__ = ["explained"]


def explained(
    lead: Lead,
    plan: Plan,
    facts: Facts,
    at: datetime,
    *,
    why_not: str | None,
    for_dealer: str | None,
    lang: str,
    form: str,
) -> str:
    """What the command says; `PlanError` for a dealer or a language that there is not."""
    faults = [
        Fault(option, f"unknown dealer {quoted(name)}", did_you_mean(name, plan.by_id))
        for option, name in (("--why-not", why_not), ("--for-dealer", for_dealer))
        if name is not None and plan.dealer(name) is None
    ]
    if why_not is not None and for_dealer is not None:
        what = "cannot be asked together: what would have to be different may tell of other dealers"
        faults.append(Fault("--why-not and --for-dealer", what, "ask one of them"))
    if lang not in LANGUAGES:
        faults.append(Fault("--lang", f"no catalogue for {quoted(lang)}", did_you_mean(lang, LANGUAGES)))
    if faults:
        raise PlanError(faults)
    why = explain(lead, plan, facts, at=at)
    view = why.for_dealer(for_dealer) if for_dealer is not None else None
    other = why.why_not(why_not) if why_not is not None else None
    if form == "json":
        data = _view_data(view) if view is not None else explanation_data(why)
        if other is not None:
            data["why_not"] = _counterfactual_data(other)
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    parts = [view.text(lang) if view is not None else why.text(lang, keys=True)]
    if other is not None:
        parts.append(other.text(lang))
    return "".join(plain(line) + "\n" for part in parts for line in part.split("\n"))


def _view_data(view: DealerView) -> dict[str, Any]:
    own = [{"source": c.source, "reason": c.reason} for c in view.own]
    return {"schema_version": 1, "lead": view.lead, "dealer": view.dealer, "holds": view.holds, "own": own}


def _counterfactual_data(other: Counterfactual) -> dict[str, Any]:
    return {
        "dealer": other.dealer,
        "change": other.change,
        "detail": list(other.detail),
        "decision": to_data(other.decision) if other.decision is not None else None,
    }
