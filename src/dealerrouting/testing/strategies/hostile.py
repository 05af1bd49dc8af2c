"""Texts as a web form, a copied sheet or an attacker may send them.

May know: Hypothesis. May not know: leads, plans, which field a text ends up in.
"""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["HOSTILE", "hostile_text"]

HOSTILE: tuple[str, ...] = (
    "",
    "   ",
    "=cmd|' /C calc'!A0",
    "+31;2",
    "@SUM(1)",
    "a\nb",
    "a\r\n\tb",
    "\0",
    "a\0b",
    "\ud800",
    "x\udfff",
    "\u202e3011 AB",
    "\u20663011\u2069",
    "\u200b",
    "30\u200b11",
    "\ufeffNL",
    "\u00a0NL\u00a0",
    "\uff13\uff10\uff11\uff11\uff21\uff22",
    "\u0663\u0660\u0661\u0661",
    "\u041dL",
    "p\u0430ypal",
    "\u212a",
    "\u0130stanbul",
    "stra\u00dfe",
    "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1f3\U0001f1f1",
    "e\u0301" * 100,
    "a" + "\u0316\u0301" * 500,
    "\ufb2c" * 300,
    "\ufdfa" * 50,
    "x" * 1_024,
    "9" * 1_000,
    "NaN",
    "Infinity",
    "1e400",
    "-0",
    "0x10",
    "1_000",
    "1.000,50",
    "{dealer}",
    "%s %(a)s",
    "`;:,\"'",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "2027-02-30",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
)
"""Texts that have broken readers: marks that nobody sees, look-alikes, floods, formulas, halves of characters."""

_SIGNS = "aN0 \0\n;=\u0301\u0316\u200b\u200d\u200f\u202e\u2066\ud800\udfff\uff13\u0663\u0430\u212a\U0001f600"


def hostile_text(max_size: int = 1_024) -> st.SearchStrategy[str]:
    """A text out of `HOSTILE`, or one of hostile signs; at most `max_size` characters."""
    known = st.sampled_from(HOSTILE).map(lambda text: text[:max_size])
    return known | st.text(st.sampled_from(_SIGNS), max_size=min(12, max_size))
