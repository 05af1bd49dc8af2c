"""What is said of a golden case that is not met: what was expected, what came, for which lead, and why.

May know: golden cases, explanations. May not know: files, pytest.
What came from outside is shown without control and direction characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve

from dealerrouting.documents.values.names import COMPANY_FIELDS, LEAD_FIELDS
from dealerrouting.errors import did_you_mean, quoted
from dealerrouting.model import Company, Lead
from dealerrouting.rules import Plan, explain
from dealerrouting.testing.golden_case import ASPECTS, Miss, Verdict, aspect, judge
from dealerrouting.testing.golden_text import flow, lead_fields, shown_instant

__all__ = ["compared", "plainly", "smallest", "told"]

_ONE_OF = " or "


def plainly(text: str) -> str:
    """Text that a terminal only shows: what is not printable is written as its code."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def told(verdict: Verdict, plan: Plan, lang: str = "en") -> str:
    """Why the case is not met, to be read without the manual: several lines, without a line end."""
    return plainly("\n".join(_told(verdict, plan, lang)))


def _told(verdict: Verdict, plan: Plan, lang: str) -> Iterator[str]:
    case = verdict.case
    yield _head(verdict)
    yield case.place
    yield ""
    yield from compared(verdict)
    for fault in (*case.unknown, *case.notes):
        yield f"  {fault}"
    yield ""
    yield f"lead: {_lead(case.lead, verdict)}"
    yield f"at:   {shown_instant(case.at)}"
    small = smallest(verdict, plan)
    if small is not None:
        yield ""
        yield f"The smallest lead that ends the same way: {_lead(small, verdict)}"
    yield ""
    why = explain(case.lead, plan, case.facts, at=case.at)
    yield from why.text(lang).split("\n")
    missed = next((miss for miss in verdict.misses if miss.name == "holder"), None)
    for dealer in missed.expected if missed else ():
        yield ""
        yield f"Why not {dealer}?"
        yield from (f"  {line}" for line in _why_not(dealer, why, plan, lang))


def _head(verdict: Verdict) -> str:
    """What is wrong, in one line."""
    if verdict.case.expect.empty:
        return "The case expects nothing yet: write `expect`, or let --routing-update write what the plan decides"
    said = [f"{m.name} is {_words(m.actual)}, not {_expected(m.name, m.expected)}" for m in verdict.misses]
    return "; ".join(said) or "the case expects what the plan does not have"


def _lead(lead: Lead, verdict: Verdict) -> str:
    """What the lead says; its id only where it is not the name of the case."""
    fields = lead_fields(lead)
    if lead.id == verdict.case.name:
        del fields["id"]
    return flow(fields)


def _why_not(dealer: str, why: Any, plan: Plan, lang: str) -> Iterable[str]:
    if plan.dealer(dealer) is None:
        return [f"The plan has no dealer {quoted(dealer)}; {did_you_mean(dealer, plan.by_id)}"]
    text: str = why.why_not(dealer).text(lang)
    return text.split("\n")


def compared(verdict: Verdict) -> list[str]:
    """What was expected beside what came, a line for each aspect; those that differ are marked."""
    missed = {miss.name: miss for miss in verdict.misses}
    rows, new = [("", "expected", "decided")], verdict.case.expect.empty
    for name in ASPECTS:
        wanted, found = getattr(verdict.case.expect, name), aspect(verdict.decision, name)
        if wanted is None and (name == "outcome" or (name == "flags" and not new)):
            continue
        rows.append((f"{'>' if name in missed else ' '} {name}", _expected(name, wanted), _words(found)))
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    return [f"  {a.ljust(widths[0])}  {b.ljust(widths[1])}  {c}".rstrip() for a, b, c in rows]


def _expected(name: str, wanted: tuple[str, ...] | None) -> str:
    if wanted is None:
        return "(anything)"
    return _words(wanted, ", " if name in ("because", "flags") else _ONE_OF)


def _words(words: tuple[str, ...], between: str = ", ") -> str:
    return between.join(words) or "(none)"


# The smallest lead


def smallest(verdict: Verdict, plan: Plan) -> Lead | None:
    """The case's lead without every field that makes no difference to what is wrong; None where each makes one.

    A field is left out where holder, rung and reasons stay what they are without it, and the same is missed.
    """
    lead = verdict.case.lead
    if not verdict.misses:
        return None
    while True:
        smaller = next((one for one in _smaller(lead) if _same(one, verdict, plan)), None)
        if smaller is None:
            return None if lead == verdict.case.lead else lead
        lead = smaller


def _same(lead: Lead, verdict: Verdict, plan: Plan) -> bool:
    again, was = judge(evolve(verdict.case, lead=lead), plan), verdict.decision
    alike = all(getattr(again.decision, name) == getattr(was, name) for name in ("holder", "by", "because"))
    return alike and _names(again.misses) == _names(verdict.misses)


def _names(misses: tuple[Miss, ...]) -> list[str]:
    return [miss.name for miss in misses]


def _smaller(lead: Lead) -> Iterator[Lead]:
    """The lead without one thing that it says."""
    fields: dict[str, Any] = {name: getattr(lead, name) for name in LEAD_FIELDS if getattr(lead, name) is not None}
    company, own, bad = lead.company, dict(lead.attributes), dict(lead.unreadable)
    for raw in _without_one({name: text for name, text in bad.items() if not name.startswith("company.")}):
        yield Lead(lead.id, company, attributes=own, unreadable=raw, **fields)
    for rest in _without_one(fields):
        yield Lead(lead.id, company, attributes=own, unreadable=bad, **rest)
    for kept in _without_one(own):
        yield Lead(lead.id, company, attributes=kept, unreadable=bad, **fields)
    for without in _smaller_company(company):
        yield Lead(lead.id, without, attributes=own, unreadable=bad, **fields)


def _smaller_company(company: Company) -> Iterator[Company]:
    """The company without one thing that is said of it; what of it is unreadable is its own, and not the lead's."""
    said: dict[str, Any] = {name: getattr(company, name) for name in COMPANY_FIELDS}
    said = {name: value for name, value in said.items() if value is not None}
    for raw in _without_one(dict(company.unreadable)):
        yield Company(**said, unreadable=raw)
    for rest in _without_one(said):
        yield Company(**rest, unreadable=company.unreadable)


def _without_one(things: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in things:
        yield {other: value for other, value in things.items() if other != name}
