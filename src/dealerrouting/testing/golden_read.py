"""`read`: a golden file, from YAML to cases; everything that is wrong with it is said at once, with its place.

May know: the readers of documents, plans, leads, facts. May not know: pytest, what a plan decides.

    plan: ../plan                     # a folder, a file, or package.module:attribute
    at: 2027-01-08T09:00:00Z
    cases:
      - name: Antwerp goes to one of the two
        lead: {company: Jansen Metaal BV, country: BE, postcode: "2018"}
        expect: {holder: [antwerp-a, antwerp-b], by: territories, because: [antwerp], flags: []}
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from dealerrouting.calendar import parse_instant
from dealerrouting.documents.checks import shown
from dealerrouting.documents.facts import load_facts
from dealerrouting.documents.files import MOST_PLAN, bytes_of, text_of
from dealerrouting.documents.leads import COLUMNS, load_leads
from dealerrouting.documents.places import DocumentError, Places, Text, Trail, Unreadable, Wrongs
from dealerrouting.documents.plans import load_plan
from dealerrouting.documents.values.names import COMPANY_FIELDS
from dealerrouting.documents.yaml_text import read_yaml
from dealerrouting.errors import FactsError, Fault, PlanError, did_you_mean, quoted
from dealerrouting.model import FLAGS, Facts, Lead
from dealerrouting.rules import Plan
from dealerrouting.testing.golden_case import ASPECTS, OUTCOMES, Expect, GoldenCase
from dealerrouting.testing.golden_facts import facts_in

__all__ = ["MOST_CASES", "GoldenFile", "Load", "missing", "read"]

MOST_CASES = 10_000
_TOP = ("plan", "customs", "at", "facts", "cases", "schema_version")
_CASE = ("name", "lead", "at", "facts", "expect")
_LEAD = tuple(name for name in COLUMNS if name not in ("holder", "first_status_at", "outcome", "won_value"))
"""What a lead may say; what became of it is no part of it."""
Load = Callable[[str, str | None], Plan]
"""Loads the plan at a path or name, with the customs at another."""


@frozen
class GoldenFile:
    """A golden file as it was read: its plan, its cases in order, and the text they were read from."""

    path: Path
    plan: Plan
    cases: tuple[GoldenCase, ...]
    data: bytes = field(repr=False)


def read(
    path: str | Path, *, plan: Plan | str | Path | None = None, customs: str | None = None, load: Load = load_plan
) -> GoldenFile:
    """The golden cases in the YAML file at `path`.

    `plan` is the plan (or where it is) for a file that does not name its own; `customs` is
    `package.module:attribute` of the functions that plans name. `load` takes the place of `load_plan`, for a caller
    who keeps plans. `DocumentError` with everything that is wrong at once, each with file, line and column;
    `MissingExtra` without PyYAML.
    """
    file = Path(path)
    try:
        data = bytes_of(file, MOST_PLAN)
        text = read_yaml(text_of(data))
        if text.data is None:
            raise Unreadable("the file is empty", "begin with `cases:`")
    except Unreadable as error:
        line, column = error.mark
        raise DocumentError([Fault(f"{path}:{line}:{column}", error.what, error.cure)]) from None
    reading = _Reading(file, text, Wrongs(Places(str(path), text.marks, text.keys)))
    reading.shape()
    found = reading.plan(plan, customs, load)
    cases = tuple(reading.cases(found)) if found is not None else ()
    if reading.wrongs.faults:
        raise DocumentError(reading.wrongs.sorted())
    assert found is not None
    return GoldenFile(file.absolute(), found, cases, data)


@define
class _Reading:
    """One golden file being read."""

    file: Path
    text: Text
    wrongs: Wrongs
    names: dict[str, int] = field(factory=dict)

    # Its shape, for which no plan is needed

    def shape(self) -> None:
        """Note what is no YAML of ours, unknown keys, and what is missing."""
        for trail, what, cure in self.text.wrong:
            self.wrongs.add(trail, what, cure)
        if self.keys(self.text.data, (), _TOP, "begin with `cases:`"):
            if self.text.data.get("schema_version", 1) != 1:
                self.wrongs.add(("schema_version",), "this version is not known here", "this release reads 1")
            self.listed(self.text.data.get("cases"))

    def keys(self, data: Any, trail: Trail, known: tuple[str, ...], cure: str) -> bool:
        """Whether it is a mapping; its unknown keys are noted."""
        if not isinstance(data, dict):
            self.wrongs.add(trail, f"{shown(data)} is no mapping", cure)
            return False
        for name in data:
            if name not in known:
                self.unknown((*trail, name), name, known)
        return True

    def unknown(self, trail: Trail, name: str, known: Iterable[str]) -> None:
        """A key that there is not; a field of the caller's own is declared in the plan."""
        cure = did_you_mean(name, known)
        if name.startswith("x_") and not cure.startswith("did you mean"):
            cure = "declare it in the plan, under `attributes`"
        self.wrongs.add(trail, f"unknown key {quoted(name)}", cure, key=True)

    def listed(self, cases: Any) -> None:
        """The cases have the keys they need, and names of their own."""
        if not isinstance(cases, list) or not cases:
            what = "there are no cases" if cases in (None, []) else f"{shown(cases)} is no list of cases"
            self.wrongs.add(("cases",), what, "begin each with `- name:`")
            return
        if len(cases) > MOST_CASES:
            self.wrongs.add(("cases", MOST_CASES), f"more than {MOST_CASES:,} cases", "put them in several files")
        for at, case in enumerate(cases[:MOST_CASES]):
            if self.keys(case, ("cases", at), _CASE, "write `name`, `lead` and `expect`"):
                self.name(case.get("name"), ("cases", at, "name"))
                self.expect(case.get("expect"), ("cases", at, "expect"))

    def name(self, name: Any, trail: Trail) -> None:
        """What the case is called, by which it is also chosen on the command line."""
        if name is None:
            self.wrongs.add(trail, "`name` is missing", "say in a few words what the case shows")
        elif not isinstance(name, str):
            self.wrongs.add(trail, f"{shown(name)} is not text", "write it in quotes")
        elif not name.isprintable() or not name.strip() or "::" in name or len(name) > 200:
            self.wrongs.add(trail, f"{quoted(name)} is no name", "one line of at most 200 characters, without `::`")
        elif name in self.names:
            self.wrongs.add(trail, f"{quoted(name)} is also the case of line {self.names[name]}", "name each once")
        else:
            self.names[name] = self.text.marks.get(trail, (1, 1))[0]

    def expect(self, data: Any, trail: Trail) -> None:
        """What is expected is words; what they mean is asked when the plan is known."""
        if data is None or not self.keys(data, trail, ASPECTS, "write {holder: .., by: .., because: [..]}"):
            return
        for name in ASPECTS:
            if name in data and not self.wrongs.known((*trail, name)):
                self.words(data[name], (*trail, name), many=name in ("because", "flags"))
        closed = ("flags", (*FLAGS, "unreadable")), ("outcome", OUTCOMES)
        for name, known in closed:
            for place, word in self.each(data.get(name), (*trail, name)):
                if word.partition(":")[0] not in known:
                    self.wrongs.add(place, f"there is no {name.rstrip('s')} {quoted(word)}", did_you_mean(word, known))

    def words(self, value: Any, trail: Trail, *, many: bool) -> None:
        items = value if isinstance(value, list) else [value]
        if not items and not many:
            self.wrongs.add(trail, "an empty list can never be met", "name at least one, or leave the line out")
        for at, item in enumerate(items):
            place = (*trail, at) if isinstance(value, list) else trail
            if item is None:
                self.wrongs.add(place, f"`{trail[-1]}` says nothing", "write a word, or leave the line out")
            elif not isinstance(item, str):
                cure = "" if isinstance(item, (dict, list)) else "write it in quotes"
                self.wrongs.add(place, f"{shown(item)} is not text", cure)

    def each(self, value: Any, trail: Trail) -> Iterator[tuple[Trail, str]]:
        """The words of one aspect, and where each stands."""
        if isinstance(value, str):
            yield trail, value
        elif isinstance(value, list):
            yield from (((*trail, at), word) for at, word in enumerate(value) if isinstance(word, str))

    # Its plan

    def plan(self, given: Plan | str | Path | None, customs: str | None, load: Load) -> Plan | None:
        """The plan that the file names, or else the one given; what is wrong with it is noted."""
        data = self.text.data if isinstance(self.text.data, dict) else {}
        named = {name: data.get(name) for name in ("plan", "customs")}
        for name, value in named.items():
            if value is not None and not isinstance(value, str):
                self.wrongs.add((name,), f"{shown(value)} is not text", "name a folder, a file or module:attribute")
        where = self.beside(named["plan"]) if isinstance(named["plan"], str) else given
        if where is None or self.wrongs.known(("plan",)) or self.wrongs.known(("customs",)):
            if not self.wrongs.faults:
                cure = "add `plan: FOLDER`, or give --routing-plan or the ini option `routing_plan`"
                self.wrongs.add((), "no plan is named", cure)
            return None
        if isinstance(where, Plan):
            return where
        if gone := missing(str(where)):
            what = f"there is no file or folder {quoted(named['plan'] or str(where))}"
            place = self.wrongs.places.of(("plan",)) if named["plan"] else "plan"
            self.wrongs.faults.append(Fault(place, what, gone))
            return None
        try:
            return load(str(where), named["customs"] or customs)
        except PlanError as error:
            self.wrongs.faults += error.faults
            return None

    def beside(self, name: str) -> str:
        """A path that begins at this file; a name in Python stays one."""
        return name if _python(name) else str(self.file.parent / name)

    # Its cases

    def cases(self, plan: Plan) -> Iterator[GoldenCase]:
        """Every case that can be read; what is wrong with the others is noted."""
        data = self.text.data if isinstance(self.text.data, dict) else {}
        noted: list[Fault] = []
        default, facts = self.moment(data, (), plan), self.facts(data, (), plan, noted.append)
        cases = data.get("cases")
        for at, case in enumerate(cases[:MOST_CASES] if isinstance(cases, list) else ()):
            trail: Trail = ("cases", at)
            if not isinstance(case, dict):
                continue
            lead = self.lead(case, trail, plan)
            notes = [] if "facts" in case else noted
            own = self.facts(case, trail, plan, notes.append) if "facts" in case else facts
            when = self.moment(case, trail, plan) or default or (lead.received_at if lead else None)
            if lead is not None and when is None and not self.wrongs.known((*trail, "at")):
                self.wrongs.add((*trail, "at"), "no instant", "add `at:` to the case or to the file")
            elif lead is not None and when is not None:
                yield self.case(case, trail, lead, own, when, plan, notes)

    def case(
        self, data: Any, trail: Trail, lead: Lead, facts: Facts, at: datetime, plan: Plan, notes: Iterable[Fault]
    ) -> GoldenCase:
        """The case with what it expects."""
        said = data.get("expect") if isinstance(data.get("expect"), dict) else {}
        words = {
            name: tuple(word for _, word in self.each(said[name], ())) for name in ASPECTS if said.get(name) is not None
        }
        unknown = tuple(self.strangers(said, (*trail, "expect"), plan, facts))
        place, index = self.wrongs.places.of(trail), int(trail[-1])
        name, expect = str(data.get("name")), Expect(**words)
        return GoldenCase(name, lead, at, facts, expect, place, index, unknown, tuple(notes))

    def strangers(self, said: dict[str, Any], trail: Trail, plan: Plan, facts: Facts) -> Iterator[Fault]:
        """Expected names that the plan does not have: a slip of the pen would never be met, or never be missed."""
        sources = {source.id for found in plan.sources.values() for source in found}
        sources |= {account.id for account in plan.accounts} | set(plan.by_id)
        sources |= {claim.id for claim in facts.registrations} | {choice.id for choice in facts.choices.values()}
        rungs = {rung.name for rung in plan.precedence} | {"house"}
        for name, what, known in (
            ("holder", "dealer", set(plan.by_id)),
            ("by", "rung", rungs),
            ("because", "rule, territory, account, claim or dealer", sources),
        ):
            for place, word in self.each(said.get(name), (*trail, name)):
                if word not in known:
                    where, cure = self.wrongs.places.of(place), did_you_mean(word, known)
                    yield Fault(where, f"the plan has no {what} {quoted(word)}", cure, place)

    def moment(self, data: Any, trail: Trail, plan: Plan) -> datetime | None:
        """The instant `at`; without an offset it is of the plan's clock."""
        value = data.get("at")
        found = parse_instant(value, plan.lens.zone) if isinstance(value, str) else None
        if value is not None and found is None:
            self.wrongs.add((*trail, "at"), f"{shown(value)} is not an instant", "write 2027-03-01T09:00:00+01:00")
        return found

    def facts(self, data: Any, trail: Trail, plan: Plan, note: Callable[[Fault], None]) -> Facts:
        """What has happened: inline, or in a folder beside the file."""
        value, place = data.get("facts"), (*trail, "facts")
        if not isinstance(value, str):
            return facts_in(value, place, plan, self.wrongs, note)
        try:
            return load_facts(self.file.parent / value, plan)
        except FactsError as error:
            self.wrongs.faults += error.faults
            return Facts()

    def lead(self, case: Any, trail: Trail, plan: Plan) -> Lead | None:
        """The lead of a case; it has the name of the case for an id where it says none."""
        given, place = case.get("lead"), (*trail, "lead")
        known = (*_LEAD, *(f"x_{name}" for name in plan.attributes), "attributes", "unreadable")
        if given is None:
            self.wrongs.add(place, "`lead` is missing", "say who asks, from where, for what")
            return None
        if not self.keys(given, place, known, "write {company: .., country: .., postcode: ..}"):
            return None
        parts = ("company", (*COMPANY_FIELDS, "unreadable")), ("attributes", tuple(plan.attributes))
        for name, inside in parts:
            if isinstance(given.get(name), dict):
                self.keys(given[name], (*place, name), inside, "")
        return None if self.bad(place) else self.taken({"id": case.get("name") or "?", **given}, place, plan)

    def bad(self, trail: Trail) -> bool:
        return any(bad[: len(trail)] == trail for bad in self.wrongs.bad)

    def taken(self, fields: dict[str, Any], place: Trail, plan: Plan) -> Lead | None:
        """The lead as the reader of leads makes it; why it is none is noted where it stands."""
        line = json.dumps(fields, default=_number, ensure_ascii=False)
        try:
            read = load_leads(
                io.BytesIO(line.encode("utf-8", "backslashreplace")), plan, plan.timezone, file="lead.jsonl"
            )
        except DocumentError as error:
            for fault in error.faults:
                self.wrongs.say(place, fault.what, fault.cure)
            return None
        for one in read.refused:
            self.wrongs.say((*place, one.column), f"`{one.column}` {one.reason}")
        return read.leads[0] if read.leads and not read.refused else None


def _python(name: str) -> bool:
    """Whether it looks like `package.module:attribute`."""
    module, colon, attribute = name.partition(":")
    return bool(colon) and all(part.isidentifier() for part in (*module.split("."), *attribute.split(".")))


def missing(where: str) -> str | None:
    """Where nothing is at the place of a plan, the cure; None where something is, or a module is meant."""
    path = Path(where)
    try:
        if _python(where) or path.exists():
            return None
        beside = [entry.name for entry in path.parent.iterdir()][:1_000]
    except (OSError, ValueError):
        beside = []
    return did_you_mean(path.name, beside) or "name another"


def _number(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else ""
