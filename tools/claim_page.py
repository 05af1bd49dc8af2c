"""The reference page of registrations, in Markdown.

May know: the tables of `registrations`, terms, the words of the pages. May not know: files, the other pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import NOTHING, Factory, fields
from claim_words import CALLS, DOES, MADE, NEW, STATUSES, TERMS, VALUES, WHO, default_of, groups, rules_that
from sla_page import _code, _doc, _table

from dealerrouting.registrations import rule_for_dealer, table

__all__ = ["page"]

INTRO = """\
What `dealerrouting.registrations` does with a dealer's claim on a prospect. [Why it is
so](../explanation/registrations.md); [how to embed it](../how-to/claims.md).

![The statuses of a claim as cards, open ones and those that are over, and what moves it](registration-states.svg)

The same [as plain text](registration-states.txt), status by status and rule by rule."""


def page() -> str:
    """The whole page."""
    parts = [f"<!-- {MADE} -->\n# Registrations: statuses, moves, rules", INTRO, "## Calls", CALLS_SAY, _calls()]
    parts += [EXAMPLES, "## Values", VALUES_SAY, _values(), "## Statuses", _groups(), _statuses()]
    parts += ["## Moves", MOVES_SAY, _moves(), "## Rules", RULES_SAY, _does(), *_rules()]
    parts += ["## Terms", TERMS_SAY, _terms()]
    return "\n\n".join(parts) + "\n"


# Calls and values

CALLS_SAY = """\
All from `dealerrouting.registrations`. `terms` are a plan's `Terms` or the `ClaimTerms` in them, `standing` is a
`Standing` or simply the claims, `at` is the server's instant. They raise for mistakes of the caller only: `TypeError`
for an `at` that is no aware datetime, `ValueError` for a move that there is not. Whatever a dealer says comes back as
a value."""

EXAMPLES = """\
```python
from datetime import UTC, datetime, timedelta
from dealerrouting import ClaimTerms, Company, Dealer, Registration
from dealerrouting.registrations import Market, Move, Refusal, Standing, index, may_claim, next_due, owed, step, submit

terms = ClaimTerms(auto_approve=True, credit="0.25", max_share_of_territory="0.2")
at = datetime(2027, 1, 4, 9, tzinfo=UTC)
jansen = Company("Jansen Metaal BV", number="24123456", country="NL", domain="jansen.example")
```

`submit` and `next_due`:

```python
claim = submit(Registration("R1", "delta", jansen, submitted_at=at), [], terms, at=at)
assert (claim.status, claim.history[-1].rule) == ("approved", "unopposed")
assert next_due(claim, terms) == claim.expires_at == at + timedelta(days=90)
```

`index`, `Standing` and `Market`, what a claim is held against; and a claim that has to wait:

```python
claims = index([claim])                           # give it what shares a key; `add` and `discard` keep it up to date
dealers = [Dealer("delta"), Dealer("maas")]
standing = Standing(claims, dealers=dealers, markets=[Market("south", prospects=40, claimed=3)], made=12)
second = submit(Registration("R2", "maas", Company(domain="jansen.example"), submitted_at=at), standing, terms, at=at)
assert (second.status, second.history[-1].rule) == ("submitted", "first_valid")
```

`Move` and `step`, and a `Refusal`:

```python
tried = step(second, Move("approve", "anna"), standing, terms, at=at + timedelta(days=1))
assert isinstance(tried, Refusal) and tried.rules == ("first_valid",)
assert (tried.reasons[0].because, [str(reason) for reason in tried.for_dealer()]) == (("R1",), ["it is taken"])
```

`may_claim`:

```python
answer = may_claim(jansen, standing, terms, dealer="maas", at=at, asked=[])
assert (answer.word, answer.asked) == ("taken", (at,))
```

`owed`, once the customer has chosen another:

```python
ended = step(claim, Move("yield", "anna", {"letter": "doc-7"}), standing, terms, at=at + timedelta(days=2))
assert (ended.status, str(owed(ended, terms).credit)) == ("withdrawn", "0.25")
```"""

VALUES_SAY = "What goes in and comes back besides a `Registration`. All are frozen."


def _calls() -> str:
    return _table("call | what it gives", ((f"`{call}`", gives) for call, gives in CALLS.items()))


def _values() -> str:
    rows = ((f"`{kind.__name__}`", _fields(kind), _doc(kind)) for kind in VALUES)
    return _table("value | fields | what it says", rows)


def _fields(kind: Any) -> str:
    return ", ".join(f"`{column.name}`{_optional(column.default)}" for column in fields(kind))


def _optional(default: Any) -> str:
    if default is NOTHING:
        return ""
    empty = isinstance(default, Factory) or not default  # type: ignore[arg-type]
    return " (none)" if empty else f" ({default})"


# Where a claim can be, and what moves it


def _groups() -> str:
    return "; ".join(f"*{name}* is {_code(inside, ', ')}" for name, inside in groups().items()) + "."


def _statuses() -> str:
    rows = ((f"`{status}`", meaning, _code(_moves_from(status)) or "-") for status, meaning in STATUSES.items())
    return _table("status | a claim is there while | moves", rows)


def _moves_from(status: str) -> Iterable[str]:
    return (row.do for row in table.TABLE if status in row.statuses)


MOVES_SAY = """\
Everything that may be done with a claim, in `table.TABLE`. What is not here is refused as `not_allowed`. Where
several statuses are named the rules say which."""


def _moves() -> str:
    rows = (
        (
            f"`{row.do}`",
            _code((status or NEW for status in row.statuses), ", "),
            _code(row.to, ", "),
            row.who,
            "needed" if row.evidence else "-",
            row.why,
        )
        for row in table.TABLE
    )
    who = "; ".join(f"*{who}*: {said}" for who, said in WHO.items())
    return _table("move | from | to | who | evidence | why", rows) + f"\n\nWho: {who}."


RULES_SAY = """\
Every step names the rule by which it was made, in the claim's history, and every reason of a refusal names one. A
dealer reads another word where the name would tell of others: `rule_for_dealer` and `Refusal.for_dealer` give it.
Rules weigh in the order of this page: of several that speak against a claim the first is named."""


def _does() -> str:
    return _table("a rule that | does this", ((f"`{does}`", said) for does, said in DOES.items()))


def _rules() -> Iterable[str]:
    """A table for each thing that rules do."""
    for does in DOES:
        rows = ((f"`{name}`", why, f"`{rule_for_dealer(name)}`") for name, why in rules_that(does).items())
        yield f"### What {does}"
        yield _table("rule | because | a dealer reads", rows)
    yield SHARE_SAYS


SHARE_SAYS = """\
Three rules say more than one thing. `share_of_market` refuses a new claim and makes a submitted one wait. The rules
that make a claim wait refuse `approve`. And `protection_over` is why a claim expired, and why nothing else can be
done with one whose time is over and that nobody has expired yet."""

TERMS_SAY = """\
`ClaimTerms(...)` in Python, as `Terms(claims=...)`; [`claims:` among the terms in a plan file](documents.md#claims).
Lengths of time are real time."""


def _terms() -> str:
    return _table("term | default | what it sets", ((f"`{t}`", default_of(t), means) for t, means in TERMS.items()))
