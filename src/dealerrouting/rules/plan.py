"""`Plan`: everything that is decided in advance, versioned as one.

May know: the nouns, conditions, rungs, picks. May not know: any lead, any fact, files.
A plan is checked whole when it is made and says all its faults at once. What passes here has one
meaning; whether that is the meaning its author wanted is for the checks of a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from dealerrouting import taxonomy as taxonomies
from dealerrouting.calendar import Calendar
from dealerrouting.errors import Fault, PlanError, did_you_mean, quoted
from dealerrouting.identity import Identity, Key, require
from dealerrouting.mapping import FrozenMap
from dealerrouting.model import Account, Dealer, Suppression, Territory, in_force
from dealerrouting.rules.binding import All as Every
from dealerrouting.rules.binding import Any_, Binder, Bound, Leaf, Opaque, leaves
from dealerrouting.rules.canonical import canonical_json, digest, territory_data
from dealerrouting.rules.conditions import Custom, Test
from dealerrouting.rules.fields import ATTRIBUTE_TYPES, FIELDS, KINDS, Context, Unfit
from dealerrouting.rules.keeping import calendars_by_id, keeping_faults, policy_of
from dealerrouting.rules.picks import POLICIES, Pick
from dealerrouting.rules.reading import Lens
from dealerrouting.rules.rungs import Rule, Rung
from dealerrouting.taxonomy import Taxonomy
from dealerrouting.terms import Policy, Terms

__all__ = ["Plan", "Source"]

_PYTHON_TYPES = {str: "str", int: "int", bool: "bool", float: "number", list: "list"}


@frozen
class Source:
    """A rule or one part of a territory, ready to be asked: its condition and whom it offers."""

    id: str
    condition: Bound
    dealers: FrozenMap[Any]
    priority: int = 0
    order: int = 0
    ledger: str | None = None
    exclusive: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether it is valid at the instant `at`."""
        return in_force(self.valid_from, self.valid_until, at)


@define(frozen=True, init=False)
class Plan:
    """Dealers, territories, accounts, rules and their order of precedence, versioned as one.

    `house` is the dealer of kind `house` that takes what nobody else can. `precedence` is made
    with `by`; registrations come first, the house is always last. `attributes` declares the
    caller's own lead fields and their types (`str int number bool date list`). `taxonomy` is
    `nace-2.1`, `nace-2` or a `Taxonomy` of the caller's own. `timezone` (IANA) is where month,
    weekday and date are read. `calendars` are known by the ids that dealers and terms name them by;
    `policy` is what a running deadline is pinned to. `suppress` are findings of a check that the plan lives with;
    they route nothing. `digest` is the same for plans that mean the same.

    `PlanError` with all faults at once.
    """

    name: str
    house: str
    dealers: tuple[Dealer, ...]
    territories: tuple[Territory, ...]
    accounts: tuple[Account, ...]
    precedence: tuple[Rung, ...]
    timezone: str
    currency: str | None
    taxonomy: Taxonomy = field(repr=False)
    attributes: FrozenMap[str]
    terms: Terms
    calendars: FrozenMap[Calendar] = field(repr=False)
    suppress: tuple[Suppression, ...] = field(repr=False)
    policy: Policy = field(eq=False, init=False, repr=False)
    digest: str = field(eq=False, init=False)
    customs: tuple[Custom, ...] = field(eq=False, init=False, repr=False)
    by_id: Mapping[str, Dealer] = field(eq=False, init=False, repr=False)
    lens: Lens = field(eq=False, init=False, repr=False)
    sources: Mapping[str, tuple[Source, ...]] = field(eq=False, init=False, repr=False)
    _accounts: Mapping[Key, tuple[Account, ...]] = field(eq=False, init=False, repr=False)

    def __init__(
        self,
        name: str,
        *,
        house: str,
        dealers: Iterable[Dealer],
        precedence: Iterable[Rung],
        territories: Iterable[Territory] = (),
        accounts: Iterable[Account] = (),
        timezone: str = "UTC",
        currency: str | None = None,
        taxonomy: str | Taxonomy = "nace-2.1",
        attributes: Mapping[str, Any] | None = None,
        terms: Terms | None = None,
        calendars: Mapping[str, Calendar] | None = None,
        suppress: Iterable[Suppression] = (),
    ) -> None:
        draft = _Draft(
            name,
            house,
            tuple(dealers or ()),
            tuple(territories or ()),
            tuple(accounts or ()),
            tuple(precedence or ()),
            attributes or {},
        )
        tree, zone = draft.taxonomy(taxonomy), draft.zone(timezone)
        terms = Terms() if terms is None else terms
        if isinstance(terms, Terms) and terms.claims.review_alike:
            require()
        sources = draft.check(tree, currency, terms)
        known = draft.calendars(calendars, terms)
        lived_with = draft.suppressions(suppress)
        if draft.faults:
            raise PlanError(draft.faults)
        self.__attrs_init__(
            name=name,
            house=house,
            dealers=tuple(sorted(draft.dealers, key=lambda d: d.id)),
            territories=tuple(sorted(draft.territories, key=lambda t: (t.id, canonical_json(territory_data(t))))),
            accounts=tuple(sorted(draft.accounts, key=lambda a: a.id)),
            precedence=tuple(map(_settled, draft.rungs)),
            timezone=timezone,
            currency=currency,
            taxonomy=tree,
            attributes=FrozenMap(draft.types),
            terms=terms,
            calendars=FrozenMap(known),
            suppress=lived_with,
        )
        accounts_by_key: dict[Key, tuple[Account, ...]] = {}
        for account in self.accounts:
            for key in account.keys:
                accounts_by_key[key] = (*accounts_by_key.get(key, ()), account)
        derived = {
            "by_id": {dealer.id: dealer for dealer in self.dealers},
            "lens": Lens(tree, zone, currency, self.attributes),
            "sources": sources,
            "policy": policy_of(terms, house, self.calendars, self.dealers),
            "customs": tuple(sorted(draft.customs.values(), key=lambda c: c.name)),
            "_accounts": accounts_by_key,
        }
        for attribute, value in derived.items():
            object.__setattr__(self, attribute, value)
        object.__setattr__(self, "digest", digest(self))

    def dealer(self, name: str) -> Dealer | None:
        """The dealer of this id, if the plan has one."""
        return self.by_id.get(name)

    def recognised(self, known: Identity) -> tuple[Identity, frozenset[Key]]:
        """What a company is known by under this plan, and apart the domains that it says many companies share."""
        return self.terms.claims.recognised(known)

    def accounts_of(self, keys: Iterable[Key]) -> Iterator[Account]:
        """The accounts that share a key, each once, by id."""
        found = {account.id: account for key in keys for account in self._accounts.get(key, ())}
        return (found[name] for name in sorted(found))

    def rung(self, kind: str) -> Rung | None:
        """The first rung of this kind, if the plan has one."""
        return next((rung for rung in self.precedence if rung.kind == kind), None)


class _Draft:
    """A plan being checked: everything wrong with it is noted, nothing stops at the first."""

    def __init__(
        self,
        name: str,
        house: str,
        dealers: tuple[Dealer, ...],
        territories: tuple[Territory, ...],
        accounts: tuple[Account, ...],
        precedence: tuple[Rung, ...],
        attributes: Mapping[str, Any],
    ) -> None:
        self.faults: list[Fault] = []
        self.customs: dict[str, Custom] = {}
        self.picks: dict[str, Pick] = {}
        self.dealers = self._only(dealers, Dealer, "dealers")
        self.territories = self._only(territories, Territory, "territories")
        self.accounts = self._only(accounts, Account, "accounts")
        self.rungs = self._named(self._only(precedence, Rung, "precedence"))
        self.house = house
        self.ids = {dealer.id for dealer in self.dealers}
        self.types = self._types(attributes)
        if not isinstance(name, str) or not name.strip():
            self.wrong("name", f"{quoted(name)} is not a name", "give the plan a name", ("name",))

    def wrong(self, place: str, what: str, cure: str = "", path: tuple[str | int, ...] = ()) -> None:
        self.faults.append(Fault(place, what, cure, path))

    def _only(self, given: tuple[Any, ...], kind: type, path: str) -> tuple[Any, ...]:
        for index, item in enumerate(given):
            if not isinstance(item, kind):
                self.wrong(f"{path}[{index}]", f"{quoted(item)} is not a {kind.__name__}", "", (path, index))
        return tuple(item for item in given if isinstance(item, kind))

    def _named(self, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
        """Each rung under a name of its own; only rules may come several times."""
        seen: dict[str, int] = {}
        named = []
        for index, rung in enumerate(rungs):
            count = seen[rung.kind] = seen.get(rung.kind, 0) + 1
            if count > 1 and rung.kind != "rules":
                self.wrong(f"precedence[{index}]", f"`{rung.kind}` comes twice", "once", ("precedence", index))
            name = rung.kind if count == 1 else f"{rung.kind}-{count}"
            named.append(Rung(rung.kind, rung.pick, rung.rules, rung.within_metres, rung.won_within, name))
        return tuple(named)

    def _types(self, attributes: Mapping[str, Any]) -> dict[str, str]:
        types: dict[str, str] = {}
        for name, kind in attributes.items():
            known = _PYTHON_TYPES.get(kind) if isinstance(kind, type) else kind
            path = ("attributes", name)
            if not isinstance(known, str) or known not in ATTRIBUTE_TYPES:
                self.wrong(
                    f"attributes.{name}",
                    f"{quoted(kind)} is not a type",
                    did_you_mean(kind, ATTRIBUTE_TYPES),
                    path,
                )
            elif (
                not isinstance(name, str) or not name.isidentifier() or name in FIELDS or name in ("all", "any", "not")
            ):
                self.wrong(f"attributes.{name}", "is taken or not a name", "choose another", path)
            else:
                types[name] = known
        return types

    def taxonomy(self, given: str | Taxonomy) -> Taxonomy:
        tree = given if isinstance(given, Taxonomy) else taxonomies.taxonomy(given) if isinstance(given, str) else None
        if tree is None:
            cure = did_you_mean(given, taxonomies.SHIPPED)
            self.wrong("taxonomy", f"unknown taxonomy {quoted(given)}", cure, ("taxonomy",))
        return tree or taxonomies.make("none", {"-": None})

    def zone(self, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, TypeError, OSError):
            self.wrong(
                "timezone",
                f"unknown time zone {quoted(name)}",
                "an IANA name: Europe/Brussels",
                ("timezone",),
            )
            return ZoneInfo("UTC")

    def check(self, tree: Taxonomy, currency: object, terms: object) -> dict[str, tuple[Source, ...]]:
        """Note every fault; return the sources of each rung."""
        if currency is not None and not (isinstance(currency, str) and len(currency) == 3 and currency.isupper()):
            self.wrong("currency", f"{quoted(currency)} is not a currency", "write `EUR`", ("currency",))
        if not isinstance(terms, Terms):
            self.wrong("terms", f"{quoted(terms)} is not Terms", "write Terms(...)", ("terms",))
        self._dealers()
        self._accounts()
        self._parts(tree)
        self._precedence()
        binder = Binder(tree, {**FIELDS, **{n: ATTRIBUTE_TYPES[t] for n, t in self.types.items()}}, self.faults.append)
        sources = {rung.name: self._rules(rung, at, binder) for at, rung in enumerate(self.rungs)}
        lands = tuple(self._territory(index, territory, tree) for index, territory in enumerate(self.territories))
        return {name: lands if name == "territories" else found for name, found in sources.items()}

    def calendars(self, given: Mapping[str, Calendar] | None, terms: Terms) -> dict[str, Calendar]:
        known = calendars_by_id({} if given is None else given, self.faults)
        if isinstance(terms, Terms):
            self.faults += keeping_faults(terms, known, self.dealers)
        return known

    def suppressions(self, given: Iterable[Suppression]) -> tuple[Suppression, ...]:
        known = self._only(tuple(given or ()), Suppression, "suppress")
        return tuple(sorted(set(known), key=lambda one: (one.finding, one.at, one.reason)))

    def _dealers(self) -> None:
        if not self.dealers:
            self.wrong(
                "dealers",
                "the plan is empty: it names no dealers",
                "name the house and a dealer",
                ("dealers",),
            )
            return
        self._repeated(self.dealers, "dealers", "dealer")
        house = next((dealer for dealer in self.dealers if dealer.id == self.house), None)
        if house is None:
            self.wrong(
                "house",
                f"unknown dealer {quoted(self.house)}",
                did_you_mean(self.house, self.ids),
                ("house",),
            )
        elif house.kind != "house":
            self.wrong("house", f"{quoted(house.id)} is a dealer", 'give it kind="house"', ("house",))
        elif (house.active_from, house.active_until, house.max_open, house.max_per_30_days) != (
            None,
        ) * 4 or house.paused:
            cure = "the house always takes what nobody else can: no dates, pauses or caps"
            self.wrong("house", f"{quoted(house.id)} is not always there", cure, ("house",))

    def _repeated(self, items: Iterable[Any], path: str, noun: str) -> None:
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item.id in seen:
                self.wrong(
                    f"{noun} {quoted(item.id)}",
                    "this id comes twice",
                    "give each its own",
                    (path, index, "id"),
                )
            seen.add(item.id)

    def _known(self, name: str, place: str, path: tuple[str | int, ...]) -> None:
        if name not in self.ids:
            self.wrong(place, f"unknown dealer {quoted(name)}", did_you_mean(name, self.ids), path)

    def _accounts(self) -> None:
        self._repeated(self.accounts, "accounts", "account")
        for index, account in enumerate(self.accounts):
            self._known(account.holder, f'account "{account.id}".holder', ("accounts", index, "holder"))

    def _parts(self, tree: Taxonomy) -> None:
        """Parts of one territory may not be the same region at the same time."""
        parts: dict[tuple[Any, ...], list[tuple[int, Territory]]] = {}
        for index, territory in enumerate(self.territories):
            sectors = frozenset(tree.read(taxonomies.split(code)[1]) or code for code in territory.sectors)
            parts.setdefault((territory.id, *territory.region, sectors), []).append((index, territory))
        for same in parts.values():
            for (_, a), (index, b) in combinations(same, 2):
                if _at_once(a, b):
                    what = "two equal parts are in force at the same time"
                    place, path = f"territory {quoted(b.id)}", ("territories", index, "id")
                    self.wrong(place, what, "remove one, or let one end where the other begins", path)

    def _precedence(self) -> None:
        kinds = [rung.kind for rung in self.rungs]
        if not kinds:
            cure = "write [by.registrations(), by.territories()] for example"
            self.wrong("precedence", "is empty: every lead would go to the house", cure, ("precedence",))
        if "registrations" in kinds[1:]:
            index = kinds.index("registrations", 1)
            path = ("precedence", index)
            self.wrong(f"precedence[{index}]", "registrations come first wherever they stand", "move it up", path)
        for kind, held in (("territories", self.territories), ("accounts", self.accounts)):
            if held and kind not in kinds:
                self.wrong("precedence", f"{kind} are given but never asked", f"add by.{kind}()", ("precedence",))
        for index, rung in enumerate(self.rungs):
            self._chain(rung, f"precedence[{index}].{rung.kind}.pick", ("precedence", index, rung.kind, "pick"))

    def _chain(self, rung: Rung, place: str, path: tuple[str | int, ...]) -> None:
        known = sorted(set(POLICIES) - {"ranked"})
        if not rung.pick:
            self.wrong(place, "is empty", "name at least one policy: " + ", ".join(known), path)
        for step in rung.pick:
            if isinstance(step, Pick):
                known_as = self.picks.setdefault(step.name, step)
                if known_as != step or known_as.fn is not step.fn:
                    self.wrong(place, f"two picks are named {quoted(step.name)}", "give each its own name", path)
                continue
            if step == "ranked" and rung.kind in ("registrations", "incumbent"):
                continue
            if step not in known:
                self.wrong(place, f"unknown policy {quoted(step)}", did_you_mean(step, known), path)
            elif step == "first" and rung.kind != "rules":
                self.wrong(place, "`first` only means something among rules", "use `priority`", path)
            elif step == "unique" and step != rung.pick[-1]:
                self.wrong(
                    place,
                    "`unique` decides nothing before another policy",
                    "put it last or leave it out",
                    path,
                )

    def _rules(self, rung: Rung, at: int, binder: Binder) -> tuple[Source, ...]:
        self._repeated(rung.rules, f"precedence.{at}.rules", "rule")
        return tuple(
            self._rule(rule, index, ("precedence", at, "rules", index), binder) for index, rule in enumerate(rung.rules)
        )

    def _rule(self, rule: Rule, order: int, path: tuple[str | int, ...], binder: Binder) -> Source:
        place = f"rule {quoted(rule.id)}"
        for name in rule.dealers:
            self._known(name, f"{place}.dealers", (*path, "dealers"))
        bound = binder.bind(rule.when, f"{place}.when", (*path, "when"))
        for part in leaves(bound):
            if isinstance(part, Opaque):
                self._custom(part.custom, place, path)
        return Source(
            rule.id,
            bound,
            rule.dealers,
            rule.priority,
            order,
            rule.ledger,
            False,
            rule.valid_from,
            rule.valid_until,
        )

    def _custom(self, custom: Custom, place: str, path: tuple[str | int, ...]) -> None:
        known = self.customs.setdefault(custom.name, custom)
        if known != custom or known.fn is not custom.fn:
            self.wrong(place, f"two customs are named {quoted(custom.name)}", "give each its own name", path)

    def _territory(self, index: int, territory: Territory, tree: Taxonomy) -> Source:
        place, path = f"territory {quoted(territory.id)}", ("territories", index)
        for name in territory.dealers:
            self._known(name, f"{place}.dealers", (*path, "dealers"))
        parts: list[Bound] = []
        for column, name in (("country", "country"), ("products", "product"), ("languages", "language")):
            words = getattr(territory, column)
            if words:
                parts.append(Leaf(name, "in", frozenset(words), Test(name, "in", words)))
        parts += _place(territory)
        if territory.sectors:
            try:
                under = KINDS["sector"].ops["under"](territory.sectors, Context(tree))
                parts.append(Leaf("sector", "under", under, Test("sector", "under", territory.sectors)))
            except Unfit as unfit:
                self.wrong(f"{place}.sectors", unfit.what, unfit.cure, (*path, "sectors"))
        return Source(
            territory.id,
            Every(tuple(parts)),
            territory.dealers,
            territory.priority,
            0,
            territory.ledger,
            territory.exclusive,
            territory.valid_from,
            territory.valid_until,
        )


def _settled(rung: Rung) -> Rung:
    """The rung with its rules by id, where their order means nothing."""
    if "first" in rung.pick:
        return rung
    rules = tuple(sorted(rung.rules, key=lambda rule: rule.id))
    return Rung(rung.kind, rung.pick, rules, rung.within_metres, rung.won_within, rung.name)


def _place(territory: Territory) -> list[Bound]:
    """Postcodes and geohash cells are one place together: the lead is in it if it is in either."""
    found: list[Bound] = []
    if territory.postcodes is not None:
        test = Test("postcode", "under", territory.postcodes.items)
        found.append(Leaf("postcode", "under", territory.postcodes, test))
    if territory.geohashes:
        under = KINDS["point"].ops["under"](territory.geohashes, Context(taxonomies.make("none", {"-": None})))
        found.append(Leaf("location", "under", under, Test("location", "under", territory.geohashes)))
    return [Any_(tuple(found))] if len(found) > 1 else found


def _at_once(a: Territory, b: Territory) -> bool:
    """Whether two half-open validities share an instant."""
    return (a.valid_until is None or b.valid_from is None or b.valid_from < a.valid_until) and (
        b.valid_until is None or a.valid_from is None or a.valid_from < b.valid_until
    )
