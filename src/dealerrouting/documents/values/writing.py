"""Leads, registrations, facts, decisions and explanations in JSON's own types.

May know: the nouns, decisions, facts, explanations. May not know: how any of it is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from dealerrouting.calendar import instant
from dealerrouting.documents.values.names import COMPANY_FIELDS, LEAD_FIELDS, MOMENTS, Data
from dealerrouting.identity import Key
from dealerrouting.model import Choice, Company, Decision, Facts, Lead, Registration, Transition
from dealerrouting.rules import Explanation, Found
from dealerrouting.rules.explain import RungReport

__all__ = ["decision_data", "explanation_data", "facts_data", "lead_data", "registration_data"]


def _plain(value: Any) -> Any:
    """A value in JSON's own types."""
    match value:
        case datetime():
            return instant(value).isoformat()
        case Decimal() | Key():
            return str(value)
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
    return value


def _said(**fields: Any) -> Data:
    """The fields that say something, in the order given."""
    return {name: _plain(value) for name, value in fields.items() if value is not None and value not in ((), {})}


def _company_data(company: Company) -> Data:
    return _said(**{name: getattr(company, name) for name in COMPANY_FIELDS}, unreadable=dict(company.unreadable))


def lead_data(lead: Lead) -> Data:
    """A lead, absent fields left out."""
    fields = {name: getattr(lead, name) for name in LEAD_FIELDS}
    if lead.value is not None:
        fields["value"] = _amount(lead.value)
    own = {"attributes": dict(lead.attributes), "unreadable": dict(lead.unreadable)}
    return _said(id=lead.id, company=_company_data(lead.company), **fields, **own)


def _amount(value: Decimal) -> str:
    """An amount as text that is read back as it was: three decimals alone may be thousands."""
    text = f"{value:f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


# Facts


def registration_data(claim: Registration) -> Data:
    """A registration with all its steps, absent fields left out."""
    return _said(
        id=claim.id,
        dealer=claim.dealer,
        company=_company_data(claim.company),
        status=claim.status,
        **{name: getattr(claim, name) for name in MOMENTS},
        products=claim.products,
        email=claim.email,
        source=claim.source,
        evidence=claim.evidence,
        history=tuple(map(_step_data, claim.history)),
    )


def _step_data(step: Transition) -> Data:
    """All of one step: an empty actor says that time did it."""
    return {
        "do": step.do,
        "status": step.status,
        "at": _plain(step.at),
        "actor": step.actor,
        "rule": step.rule,
        "evidence": _plain(step.evidence),
    }


def _choice_data(choice: Choice) -> Data:
    return {
        "id": choice.id,
        "lead": choice.lead,
        "dealer": choice.dealer,
        "evidence": choice.evidence,
        "actor": choice.actor,
        "chosen_at": _plain(choice.chosen_at),
    }


def facts_data(facts: Facts) -> Data:
    """All facts, a list or a mapping for each table."""
    return {
        "schema_version": 1,
        "registrations": [registration_data(claim) for claim in facts.registrations],
        "incumbents": [
            {"company": _plain(i.company), "dealer": i.dealer, "since": _plain(i.since), "status": i.status}
            for i in facts.incumbents
        ],
        "counts": [
            {"dealer": c.dealer, "open": c.open, "last_30_days": c.last_30_days, "assigned_at": _plain(c.assigned_at)}
            for c in facts.counts.values()
        ],
        "ledgers": _plain(facts.ledgers),
        "shares": _plain(facts.shares),
        "past_holders": [{"lead": p.lead, "dealer": p.dealer, "why": p.why} for p in facts.past_holders],
        "choices": [_choice_data(choice) for choice in facts.choices.values()],
    }


# Decisions


def decision_data(decision: Decision) -> Data:
    """A decision as the line of the contract."""
    return {
        "schema_version": 1,
        "lead": decision.lead,
        "at": _plain(decision.at),
        "outcome": decision.outcome,
        "holder": decision.holder,
        "by": decision.by,
        "because": list(decision.because),
        "flags": list(decision.flags),
        "passed_over": [
            {"dealer": p.dealer, "by": p.by, "because": list(p.because), "reason": p.reason}
            for p in decision.passed_over
        ],
        "owed": [
            {"dealer": o.dealer, "because": list(o.because), "rule": o.rule, "credit": f"{o.credit:f}"}
            for o in decision.owed
        ],
        "review": list(decision.review),
        "retry": [{"dealer": r.dealer, "condition": r.condition, "at": _plain(r.at)} for r in decision.retry] or None,
        "changes": _changes_data(decision),
        "plan": decision.plan,
    }


def _changes_data(decision: Decision) -> Data:
    changes = decision.changes
    return {
        "opened": changes.opened,
        "ledger": changes.ledger,
        "credits": dict(changes.credits),
        "incumbent": _plain(changes.incumbent),
    }


# Explanations


def explanation_data(why: Explanation) -> Data:
    """The full why in JSON's own types; the decision as `to_data` gives it."""
    return {
        "schema_version": 1,
        "decision": decision_data(why.decision),
        "rungs": [_rung_data(report) for report in why.rungs],
        "review": [_found_data(one) for one in why.review],
        "unreadable": list(why.unreadable),
        "absent": list(why.absent),
    }


def _rung_data(report: RungReport) -> Data:
    return {
        "rung": report.rung,
        "verdict": report.verdict,
        "considered": [
            {"dealer": c.dealer, "source": c.source, "reason": c.reason, "detail": list(c.detail)}
            for c in report.considered
        ],
        "missed": [
            {"source": m.source, "dealers": list(m.dealers), "reason": m.reason, "detail": list(m.detail)}
            for m in report.missed
        ],
        "found": [_found_data(one) for one in report.found],
    }


def _found_data(found: Found) -> Data:
    """What a company was found by, key by key, and what speaks against it."""
    return {
        "source": found.source,
        "dealer": found.dealer,
        "strength": found.match.strength,
        "agree": _plain(found.match.agree),
        "hinted": _plain(found.match.hinted),
        "contradict": _plain(found.match.contradict),
        "likeness": found.match.likeness,
    }
