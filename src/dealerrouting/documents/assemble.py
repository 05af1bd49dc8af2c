"""A document's data to a plan, with everything that is wrong with it at once.

May know: shapes, nouns, conditions, the core. May not know: files.
Each noun is made by itself. Where one cannot be made, a stand-in takes its place under the same id, so
that what refers to it is still checked and nothing is complained of twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field

from dealerrouting import taxonomy as taxonomies
from dealerrouting.documents import nouns
from dealerrouting.documents.agreements import Agreements, stand_in
from dealerrouting.documents.checks import check, pruned
from dealerrouting.documents.conditions import Customs, Reader
from dealerrouting.documents.lengths import REAL_TIME, read_length
from dealerrouting.documents.places import Places, Text, Trail, Wrongs
from dealerrouting.documents.shapes import RUNGS
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.model import Account, Company, Dealer, Suppression, Territory
from dealerrouting.rules import Plan, Rule, Rung, by
from dealerrouting.rules.conditions import Condition, Test
from dealerrouting.taxonomy import Taxonomy

__all__ = ["Assembly", "zone_of"]

_NOUNS: dict[str, Callable[..., Any]] = {
    "dealers": nouns.dealer,
    "territories": nouns.territory,
    "accounts": nouns.account,
}
_CURES = {  # what the core says to a Python programmer, for one who writes a document
    'put (where.country == "..") beside it, joined by &': "put both in {all: [{country: {eq: ..}}, ..]}",
    'give it kind="house"': "give it `house` in its column `kind`",
    "add by.territories()": "add `- territories: {}` to precedence",
    "add by.accounts()": "add `- accounts: {}` to precedence",
    "write [by.registrations(), by.territories()] for example": "write [registrations, territories] for example",
}


def zone_of(name: object) -> tzinfo | None:
    """The IANA time zone of that name, or None."""
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (KeyError, ValueError, OSError):
        return None


@define
class Assembly:
    """One plan in the making."""

    text: Text
    places: Places
    customs: Customs
    wrongs: Wrongs = field(init=False)
    reader: Reader = field(init=False)
    zone: tzinfo = field(init=False, factory=lambda: ZoneInfo("UTC"))
    house: str = field(init=False, default="")
    index: list[int] = field(init=False, factory=list)  # of the rungs that were made: where they stand
    lost: set[str] = field(init=False, factory=set)  # what the core will miss only because it was bad here

    def __attrs_post_init__(self) -> None:
        """Begin with what is wrong with the text."""
        self.wrongs = Wrongs(self.places)
        self.reader = Reader(self.customs, self.wrongs)
        for trail, what, cure in self.text.wrong:
            self.wrongs.add(trail, what, cure)

    def plan(self, data: Any) -> Plan:
        """The plan that `data` means (its tables inline by now); `PlanError` with all faults at once."""
        check(data, self.wrongs)
        data = pruned(data, self.wrongs.bad)
        shapeless = bool(self.wrongs.faults)
        try:
            plan = self.made(data if isinstance(data, dict) else {})
        except (AttributeError, KeyError, TypeError, ValueError):
            if not shapeless:
                raise  # a fault of this program's
            plan = None  # what has not the shape of a plan is told already, and cannot be put together
        if self.wrongs.faults or plan is None:
            raise PlanError(self.wrongs.sorted())
        return plan

    def made(self, data: dict[str, Any]) -> Plan | None:
        """The plan of what is sound in `data`; None where the core finds that it means nothing."""
        self.zone = zone_of(data.get("timezone")) or self.zone
        self.house = data.get("house") or ""
        if not data:
            return None
        parts: dict[str, Any] = {name: self.nouns(name, data.get(name) or ()) for name in _NOUNS}
        parts["precedence"] = tuple(self.rungs(data.get("precedence") or ()))
        parts["taxonomy"] = self.taxonomy(data.get("taxonomy"))
        parts["attributes"] = self.attributes(data.get("attributes") or {})
        agreements = Agreements(self.wrongs, self.hear)
        parts["terms"] = agreements.terms(data.get("terms") or {})
        parts["calendars"] = agreements.calendars(data.get("calendars") or {})
        if ("calendars",) in self.wrongs.bad:
            parts["calendars"] = dict.fromkeys(self.kept(parts), stand_in())
        parts["suppress"] = tuple(self.suppressions(data.get("suppress") or ()))
        if not parts["dealers"]:
            self.wrongs.add(("dealers",), "the plan is empty: it names no dealers", "name the house and a dealer")
        if ("dealers",) in self.wrongs.bad:
            parts["dealers"] = [Dealer(name) for name in sorted(self.named(parts)) if name != self.house]
            parts["dealers"].append(Dealer(self.house or "house", kind="house"))
        try:
            return Plan(
                data.get("name", "unnamed"),
                house=self.house,
                timezone=data.get("timezone") or "UTC",
                currency=data.get("currency"),
                **parts,
            )
        except PlanError as error:
            for fault in error.faults:
                self.hear(fault, self.document_trail(fault.path))
            return None

    def named(self, parts: dict[str, Any]) -> set[str]:
        """Every dealer that something refers to."""
        shared = [*parts["territories"], *(rule for rung in parts["precedence"] for rule in rung.rules)]
        return {name for one in shared for name in one.dealers} | {one.holder for one in parts["accounts"]}

    def kept(self, parts: dict[str, Any]) -> set[str]:
        """Every calendar that something refers to."""
        return {one.calendar for one in (parts["terms"], *parts["dealers"]) if one.calendar is not None}

    # What the core says

    def document_trail(self, path: Trail) -> Trail:
        """The core's path as the document's: rungs that were not made are counted again."""
        if len(path) > 1 and path[0] == "precedence" and isinstance(path[1], int):
            path = ("precedence", self.index[path[1]] if path[1] < len(self.index) else path[1], *path[2:])
        if len(path) == 4 and path[2:] == ("rules", "pick"):
            return (*path[:2], "pick")
        if path[:1] == ("codes",):
            return ("taxonomy", *path)
        for length in range(len(path), 0, -1):
            if path[:length] in self.reader.trails:
                return (*self.reader.trails[path[:length]], *path[length:])
        return path

    def hear(self, fault: Fault, trail: Trail) -> None:
        """One fault of the core's, unless it only follows from another."""
        if fault.what in self.lost or (len(trail) == 1 and f"{trail[0]}: {fault.what}" in self.lost):
            return
        if "sectors" in self.lost and ("sectors" in trail or "sector" in trail):
            return
        what = fault.what if "`" in fault.what or not trail else f"{fault.place}: {fault.what}"
        self.wrongs.say(trail, what, _CURES.get(fault.cure, fault.cure), key=_is_a_key(trail))

    # Nouns

    def nouns(self, table: str, rows: Iterable[Any]) -> list[Any]:
        """The nouns of one table, as many as it has rows."""
        return [self.noun(table, row, (table, at)) for at, row in enumerate(rows)]

    def noun(self, table: str, row: Any, trail: Trail) -> Any:
        """The noun of one row, or a stand-in."""
        row = {name: value for name, value in row.items() if value not in (None, "")} if isinstance(row, dict) else {}
        heard: list[tuple[str, str, str]] = []
        refused = PlanError([])
        try:
            return _NOUNS[table](row, self.zone, lambda *complaint: heard.append(complaint))
        except PlanError as error:
            refused = error
        finally:
            self.refused(heard, refused, trail)
        return self.stand_in(table, row, trail)

    def refused(self, heard: list[tuple[str, str, str]], error: PlanError, trail: Trail) -> None:
        """What is wrong with one noun, first as a document, then by the core; the plan is not to say it again."""
        for column, what, cure in heard:
            self.wrongs.say((*trail, column), what, cure)
        self.wrongs.bad |= {(*trail, column) for column, _, _ in heard}
        if trail[0] == "accounts" and any(column in nouns.COMPANY for column, _, _ in heard):
            self.wrongs.bad.add((*trail, "company"))  # it has no key, because what it has cannot be read
        for fault in error.faults:
            self.hear(fault, (*trail, *fault.path))
        self.wrongs.bad |= {(*trail, *fault.path) for fault in error.faults if fault.path}

    def stand_in(self, table: str, row: dict[str, Any], trail: Trail) -> Any:
        """Something sound under the same id, for others to refer to."""
        name = f"stand-in {trail[1]}"
        if table == "dealers":
            known = row.get("id", "")
            return _or(lambda: Dealer(known, kind="house" if known == self.house else "dealer"), lambda: Dealer(name))
        if table == "accounts":
            some = Company(domain="stand-in.example")
            return _or(lambda: Account(name, row["holder"], some), lambda: Account(name, name, some))
        return _or(lambda: Territory(name, row["dealers"]), lambda: Territory(name, [name]))

    # Rungs

    def rungs(self, items: Any) -> Iterator[Rung]:
        """The rungs that can be made; where one cannot, the core is not to miss it."""
        for at, item in enumerate(items):
            rung = self.rung(item, ("precedence", at))
            if rung is None:
                self.lost |= {f"precedence: {kind} are given but never asked" for kind in ("territories", "accounts")}
                self.lost.add("precedence: is empty: every lead would go to the house")
            else:
                self.index.append(at)
                yield rung

    def rung(self, item: Any, trail: Trail) -> Rung | None:
        """One rung, with its defaults where its settings are wrong; None where its kind is not known."""
        kind = item if isinstance(item, str) else next((name for name in RUNGS if name in (item or {})), None)
        if kind is None:
            return None
        if kind == "rules":
            return self.rules_rung(item, trail)
        settings = (item[kind] if isinstance(item, dict) else None) or {}
        given = self.settings(settings, (*trail, kind))
        try:
            return _rung(kind, given)
        except PlanError as error:
            for fault in error.faults:
                column = fault.place.rpartition(".")[2]
                self.hear(fault, (*trail, kind, *((column,) if column in settings else ())))
        return _rung(kind, {})

    def rules_rung(self, item: dict[str, Any], trail: Trail) -> Rung:
        """A rung of rules."""
        # The core counts the rungs that were made, and so does the path that a condition will have there.
        core = ("precedence", len(self.index), "rules")
        rules = [self.rule(rule, (*trail, "rules", at), (*core, at)) for at, rule in enumerate(item.get("rules") or ())]
        chain = self.reader.chain(item.get("pick"), (*trail, "pick"))
        return by.rules(*rules) if chain is None else by.rules(*rules, pick=chain)

    def settings(self, given: dict[str, Any], trail: Trail) -> dict[str, Any]:
        """A rung's settings as the core takes them."""
        found: dict[str, Any] = {}
        chain = self.reader.chain(given.get("pick"), (*trail, "pick"))
        if chain is not None:
            found["pick"] = chain
        if given.get("within_km") is not None:
            found["within_km"] = given["within_km"]
        if given.get("won_within") is not None:
            found["won_within"] = read_length(given["won_within"], (*trail, "won_within"), self.wrongs, REAL_TIME)
        return {name: value for name, value in found.items() if value is not None}

    def rule(self, row: Any, trail: Trail, core: Trail) -> Rule:
        """One rule, or a stand-in with what is sound of it."""
        row = {name: value for name, value in row.items() if value is not None} if isinstance(row, dict) else {}
        self.reader.trails[core] = trail
        when: Condition | None = None
        if "when" in row:
            when = self.reader.condition(row["when"], (*trail, "when"), (*core, "when"))
        else:
            self.wrongs.say((*trail, "when"), "`when` is missing: nothing is not a condition")
        sound = when if when is not None else Test("id", "exists")
        heard: list[tuple[str, str, str]] = []
        refused = PlanError([])

        def complain(column: str, what: str, cure: str) -> None:
            heard.append((column, what, cure))

        try:
            return Rule(
                row.get("id", ""),
                sound,
                row.get("dealers", ()),
                priority=row.get("priority", 0),
                ledger=row.get("ledger"),
                valid_from=nouns.moment(row, "valid_from", self.zone, complain),
                valid_until=nouns.moment(row, "valid_until", self.zone, complain),
            )
        except PlanError as error:
            refused = error
        finally:
            self.refused(heard, refused, trail)
        name = f"stand-in {'.'.join(map(str, trail))}".replace(":", "")
        stand_in: Rule = _or(lambda: Rule(name, sound, row["dealers"]), lambda: Rule(name, sound, [name]))
        return stand_in

    # The rest

    def taxonomy(self, given: Any) -> str | Taxonomy:
        """The taxonomy named or given; where it is wrong, what is read by it is not complained of."""
        if given is None:
            if ("taxonomy",) in self.wrongs.bad:
                self.lost.add("sectors")
            return "nace-2.1"
        found: str | Taxonomy | None = None
        if isinstance(given, str):
            if taxonomies.taxonomy(given):
                return given
            self.wrongs.add(("taxonomy",), f"unknown taxonomy {quoted(given)}", did_you_mean(given, taxonomies.SHIPPED))
        elif not any(trail[:1] == ("taxonomy",) for trail in self.wrongs.bad):
            found = self.own_taxonomy(given)
        if found is None:
            self.lost.add("sectors")
        return found or "nace-2.1"

    def own_taxonomy(self, given: dict[str, Any]) -> str | Taxonomy | None:
        """A taxonomy of the caller's own, or None where it is wrong."""
        codes, name = given.get("codes"), given["id"]
        if codes is None:
            if taxonomies.taxonomy(name):
                return str(name)
            self.wrongs.add(
                ("taxonomy",), f"the codes of {quoted(name)} are missing", "give `codes`, or a `file` of code,parent"
            )
            return None
        try:
            return taxonomies.make(name, codes)
        except PlanError as error:
            for fault in error.faults:
                trail: Trail = ("taxonomy", *fault.path)
                self.wrongs.say(trail, fault.what if "`" in fault.what else f"{fault.place} {fault.what}", fault.cure)
            return None

    def suppressions(self, rows: Iterable[Any]) -> Iterator[Suppression]:
        """The findings that the plan lives with, as far as they can be made."""
        for at, row in enumerate(rows):
            said: dict[str, Any] = row if isinstance(row, dict) else {}
            try:
                known: dict[str, Any] = {name: said.get(name) or None for name in ("at", "reason")}
                yield Suppression(said.get("finding") or "", **known)
            except PlanError as error:
                for fault in error.faults:
                    self.hear(fault, ("suppress", at, *fault.path))

    def attributes(self, given: dict[str, Any]) -> dict[str, Any]:
        """The declared fields; a bad one is not missed again by the conditions that ask it."""
        bad = [trail[1] for trail in self.wrongs.bad if trail[:1] == ("attributes",) and len(trail) == 2]
        self.lost |= {f"no field {quoted(name)}" for name in bad}
        try:
            Plan(
                "probe",
                house="h",
                dealers=[Dealer("h", kind="house")],
                precedence=[by.registrations()],
                attributes=given,
            )
        except PlanError as error:
            for fault in error.faults:
                self.hear(fault, fault.path)
                self.wrongs.bad.add(fault.path)
                self.lost.add(f"no field {quoted(fault.path[-1])}")
        return {name: kind for name, kind in given.items() if ("attributes", name) not in self.wrongs.bad}


def _is_a_key(trail: Trail) -> bool:
    """Whether what stands there is named by its key: a calendar's id, its weekdays, its dates."""
    match trail:
        case ("calendars", _) | ("calendars", *_, "hours" | "breaks" | "dates", str()):
            return True
    return False


def _rung(kind: str, given: dict[str, Any]) -> Rung:
    made: Rung = getattr(by, kind)(**given)
    return made


def _or(*ways: Callable[[], Any]) -> Any:
    """The first that can be made."""
    for way in ways[:-1]:
        try:
            return way()
        except (PlanError, KeyError):
            continue
    return ways[-1]()
