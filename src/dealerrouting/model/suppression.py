"""A finding of a check that a plan lives with, and why.

May know: how definitions are read. May not know: which findings there are.
"""

from __future__ import annotations

from attrs import define

from dealerrouting.model.definition import Definition

__all__ = ["Suppression"]


@define(frozen=True, init=False)
class Suppression:
    """That the finding of this name (or code) about `at` is meant so, for a `reason` that people can read.

    `at` is an id that the finding names: a territory, a rule, a dealer, a country, a clock of the terms; `*` is all of
    this kind.
    """

    finding: str
    at: str
    reason: str

    def __init__(self, finding: str, at: str, reason: str) -> None:
        read = Definition("suppression", finding)
        if reason is None:
            read.wrong("reason", "is missing", "say why the plan lives with it")
        if at is None:
            read.wrong("at", "is missing", "name what the finding is about")
        said, place = read.text("reason", reason), read.text("at", at)
        self.__attrs_init__(finding=read.ident("finding", finding), at=place or "", reason=said or "")
        read.done()
