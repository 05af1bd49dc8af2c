"""Plans: what is refused, all at once and with its place; equality and digest; bounds."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import alphabet as abc
import strategies as some
from dealerrouting import (
    Account,
    Company,
    Custom,
    Dealer,
    Elapsed,
    Lead,
    Pick,
    Plan,
    PlanError,
    Registration,
    Rule,
    Terms,
    Territory,
    by,
    route,
    where,
)
from dealerrouting import taxonomy as taxonomies
from dealerrouting.rules import canonical

pytestmark = pytest.mark.pure
HOUSE = Dealer("house", kind="house")
NL = where.country == "NL"
JANSEN = Company(number="24123456", country="NL")


def make(**changed):
    parts = {
        "name": "p",
        "house": "house",
        "dealers": [HOUSE, Dealer("delta"), Dealer("maas")],
        "territories": [Territory("t", "delta")],
        "accounts": [Account("k", "maas", JANSEN)],
        "precedence": [by.registrations(), by.accounts(), by.rules(Rule("r", NL, ["maas"])), by.territories()],
    } | changed
    name = parts.pop("name")
    return Plan(name, **parts)


def faults(**changed):
    with pytest.raises(PlanError) as refused:
        make(**changed)
    assert refused.value.faults
    assert str(refused.value) == "\n".join(map(str, refused.value.faults))
    return refused.value.faults


def test_a_good_plan_is_made():
    assert make().digest.startswith("sha256:")


# Refused, one by one: part, what, cure, path.

REFUSED = [
    ({"name": " "}, "name", "is not a name", "", ("name",)),
    ({"name": None}, "name", "is not a name", "", ("name",)),
    ({"house": "hous"}, "house", "unknown dealer `hous`", "did you mean `house`?", ("house",)),
    ({"house": "delta"}, "house", "`delta` is a dealer", 'kind="house"', ("house",)),
    ({"dealers": []}, "dealers", "is empty: it names no dealers", "", ("dealers",)),
    (
        {"dealers": [HOUSE, Dealer("delta"), Dealer("maas"), Dealer("delta", "again")]},
        "delta",
        "comes twice",
        "",
        ("dealers", 3, "id"),
    ),
    (
        {"dealers": [HOUSE, Dealer("delta"), Dealer("maas"), "text"]},
        "dealers[3]",
        "is not a Dealer",
        "",
        ("dealers", 3),
    ),
    ({"dealers": [HOUSE, Dealer("maas")]}, '"t"|`t`', "unknown dealer `delta`", "", ("territories", 0, "dealers")),
    (
        {"territories": [Territory("t", {"delta": 1, "mass": 2})]},
        "`t`",
        "unknown dealer `mass`",
        "did you mean `maas`?",
        ("territories", 0, "dealers"),
    ),
    ({"territories": [Dealer("x")]}, "territories[0]", "is not a Territory", "", ("territories", 0)),
    (
        {"accounts": [Account("k", "mas", JANSEN)]},
        'account "k"',
        "unknown dealer `mas`",
        "did you mean `maas`?",
        ("accounts", 0, "holder"),
    ),
    (
        {"accounts": [Account("k", "maas", JANSEN), Account("k", "delta", JANSEN)]},
        "`k`",
        "comes twice",
        "",
        ("accounts", 1, "id"),
    ),
    ({"precedence": []}, "precedence", "is empty", "", ("precedence",)),
    (
        {"precedence": [by.accounts(), by.territories(), by.registrations()]},
        "precedence[2]",
        "registrations come first",
        "move it up",
        ("precedence", 2),
    ),
    (
        {"precedence": [by.accounts(), by.territories(), by.territories()]},
        "precedence[2]",
        "comes twice",
        "",
        ("precedence", 2),
    ),
    (
        {"precedence": [by.registrations(), by.accounts()]},
        "precedence",
        "territories are given but never asked",
        "by.territories()",
        ("precedence",),
    ),
    (
        {"precedence": [by.registrations(), by.territories()]},
        "precedence",
        "accounts are given but never asked",
        "by.accounts()",
        ("precedence",),
    ),
    (
        {"precedence": [by.accounts(), by.territories(), "house"]},
        "precedence[2]",
        "is not a Rung",
        "",
        ("precedence", 2),
    ),
    (
        {"precedence": [by.accounts(), by.territories(pick="specifc")]},
        "precedence[1]",
        "unknown policy `specifc`",
        "did you mean `specific`?",
        ("precedence", 1, "territories", "pick"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(pick=[])]},
        "precedence[1]",
        "is empty",
        "rotation",
        ("precedence", 1, "territories", "pick"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(pick="first")]},
        "precedence[1]",
        "`first` only means something among rules",
        "priority",
        ("precedence", 1, "territories", "pick"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(pick=["unique", "rotation"])]},
        "precedence[1]",
        "decides nothing before another",
        "",
        ("precedence", 1, "territories", "pick"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(pick="ranked")]},
        "precedence[1]",
        "unknown policy `ranked`",
        "",
        ("precedence", 1, "territories", "pick"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(), by.rules(Rule("r", NL, ["mas"]))]},
        "rule `r`",
        "unknown dealer `mas`",
        "did you mean `maas`?",
        ("precedence", 2, "rules", 0, "dealers"),
    ),
    (
        {"precedence": [by.accounts(), by.territories(), by.rules(Rule("r", NL, ["maas"]), Rule("r", ~NL, ["maas"]))]},
        "rule `r`",
        "comes twice",
        "",
        ("precedence.2.rules", 1, "id"),
    ),
    ({"timezone": "Europe/Brusels"}, "timezone", "unknown time zone `Europe/Brusels`", "IANA", ("timezone",)),
    ({"timezone": "../../etc/passwd"}, "timezone", "unknown time zone", "", ("timezone",)),
    ({"timezone": None}, "timezone", "unknown time zone", "", ("timezone",)),
    ({"timezone": "Europe"}, "timezone", "unknown time zone", "", ("timezone",)),
    ({"currency": "eur"}, "currency", "`eur` is not a currency", "`EUR`", ("currency",)),
    ({"currency": 7}, "currency", "is not a currency", "", ("currency",)),
    ({"taxonomy": "nace-2.2"}, "taxonomy", "unknown taxonomy `nace-2.2`", "did you mean `nace-2.1`?", ("taxonomy",)),
    ({"taxonomy": 7}, "taxonomy", "unknown taxonomy", "", ("taxonomy",)),
    (
        {"taxonomy": "nace-2", "territories": [Territory("t", "delta", sectors="N82.99; X1")]},
        "`t`.sectors",
        "unknown sector `X1`",
        "",
        ("territories", 0, "sectors"),
    ),
    (
        {"territories": [Territory("t", "delta", sectors="nace-2:47.81")]},
        "`t`.sectors",
        "is a code of `nace-2`",
        "",
        ("territories", 0, "sectors"),
    ),
    (
        {"attributes": {"fleet": "integer"}},
        "attributes.fleet",
        "`integer` is not a type",
        "did you mean `int`?",
        ("attributes", "fleet"),
    ),
    ({"attributes": {"fleet": []}}, "attributes.fleet", "is not a type", "", ("attributes", "fleet")),
    ({"attributes": {"country": "str"}}, "attributes.country", "taken", "", ("attributes", "country")),
    ({"attributes": {"a b": "str"}}, "attributes.a b", "not a name", "", ("attributes", "a b")),
    ({"attributes": {"all": "str"}}, "attributes.all", "taken", "", ("attributes", "all")),
    ({"terms": {"max_reassignments": 2}}, "terms", "is not Terms", "", ("terms",)),
]


@pytest.mark.parametrize(("changed", "place", "what", "cure", "path"), REFUSED)
def test_a_plan_that_cannot_mean_anything_is_refused(changed, place, what, cure, path):
    (fault,) = [fault for fault in faults(**changed) if what in fault.what][:1]
    assert any(word in fault.place for word in place.split("|"))
    assert cure in fault.cure
    assert fault.path == path


@pytest.mark.parametrize(
    "stay",
    [
        {"active_from": abc.APRIL},
        {"active_until": abc.APRIL},
        {"max_open": 9},
        {"max_per_30_days": 0},
        {"paused": [(abc.APRIL, abc.JULY)]},
    ],
)
def test_the_house_is_always_there(stay):
    (fault,) = faults(dealers=[Dealer("house", kind="house", **stay), Dealer("delta"), Dealer("maas")])
    assert "not always there" in fault.what
    make(dealers=[HOUSE, Dealer("delta"), Dealer("maas"), Dealer("team", kind="house", **stay)])


def test_all_faults_are_told_at_once():
    found = faults(
        name="",
        house="hous",
        territories=[Territory("t", "dleta"), Territory("t2", "mas")],
        accounts=[],
        precedence=[by.territories(pick="x"), by.rules(Rule("r", where.contry == "NL", ["delta"])), by.registrations()],
        timezone="Mars",
        currency="euro",
        attributes={"id": "str"},
    )
    once = ["attributes", "currency", "house", "name", "timezone"]
    assert sorted(fault.path[0] for fault in found) == sorted([*once, *["precedence"] * 3, *["territories"] * 2])


def test_a_plan_error_pickles_with_its_faults():
    with pytest.raises(PlanError) as refused:
        make(house="x", currency="y")
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.faults == refused.value.faults
    assert str(again) == str(refused.value)


@pytest.mark.parametrize(
    ("one", "two", "refused"),
    [
        ({}, {}, True),
        ({"dealers": "maas"}, {"priority": 9}, True),
        ({"country": "NL", "postcodes": "3000..3399"}, {"country": "NL", "postcodes": "3000..3200; 3201..3399"}, True),
        ({"sectors": "C25; G"}, {"sectors": "G; C25"}, True),
        ({"country": "NL"}, {"country": "BE"}, False),
        ({"valid_until": abc.APRIL}, {"valid_from": abc.APRIL}, False),
        ({"valid_until": abc.APRIL + abc.TICK}, {"valid_from": abc.APRIL}, True),
        ({"valid_from": abc.APRIL}, {"valid_until": abc.APRIL}, False),
        ({"valid_from": abc.NEW_YEAR, "valid_until": abc.APRIL}, {"valid_from": abc.JULY}, False),
        (
            {"valid_from": abc.NEW_YEAR, "valid_until": abc.JULY},
            {"valid_from": abc.APRIL, "valid_until": abc.JULY},
            True,
        ),
    ],
)
def test_equal_parts_of_a_territory_may_follow_but_not_overlap(one, two, refused):
    parts = [Territory("t", **{"dealers": "delta"} | columns) for columns in (one, two)]
    for order in (parts, parts[::-1]):
        if refused:
            (fault,) = faults(territories=order)
            assert "two equal parts are in force at the same time" in fault.what
            assert fault.path == ("territories", 1, "id")
        else:
            make(territories=order)
    make(territories=[parts[0], evolve(parts[1], id="other")])


# Parts refuse by themselves.


@pytest.mark.parametrize(
    ("part", "column", "what"),
    [
        (lambda: Rule("r", True, ["a"]), "when", "`True` is not a condition"),
        (lambda: Rule("r", where.country, ["a"]), "when", "is not a condition"),
        (lambda: Rule("r", None, ["a"]), "when", "is not a condition"),
        (lambda: Rule("r", NL, []), "dealers", "no dealer is named"),
        (lambda: Rule("r", NL, {"a": 0}), "dealers", "is not a weight"),
        (lambda: Rule("r;", NL, ["a"]), "id", "is not an id"),
        (lambda: Rule("r", NL, ["a"], valid_from=abc.JULY, valid_until=abc.APRIL), "valid_until", "before it begins"),
        (lambda: Rule("r", NL, ["a"], priority=1.5), "priority", "is not a whole number"),
        (lambda: Territory("t", "a", country="NL", postcodes="3399..3000"), "postcodes", "runs backward"),
        (lambda: Territory("t", "a", postcodes="3000"), "country", "need exactly one country"),
        (lambda: Territory("t", "a", geohashes="u15"), "country", "need exactly one country"),
        (lambda: Territory("t", "a", country="NL; BE", postcodes="3000"), "country", "need exactly one country"),
        (lambda: Territory("t", "a", country="NLL"), "country", "unknown country `NLL`"),
        (lambda: Territory("t", "a; a"), "dealers", "is named twice"),
        (lambda: Territory("t", "a:x"), "dealers", "is not a weight"),
        (lambda: Territory("t", "a", exclusive="yes"), "exclusive", "is not true or false"),
        (lambda: Territory("t", "a", languages="Dutch"), "languages", "is not a language code"),
        (lambda: Territory("t", "a", valid_from=datetime(2027, 1, 1)), "valid_from", "is not an instant"),
        (lambda: Account("k", "a", Company("name only")), "company", "has no key"),
        (lambda: Account("k", "a", Company(domain="gmail.com")), "company", "has no key"),
        (
            lambda: Registration("R", "a", JANSEN, status="aproved", submitted_at=abc.APRIL),
            "status",
            "unknown status `aproved`",
        ),
        (lambda: Registration("R", "a", JANSEN, submitted_at=None), "submitted_at", "is missing"),
        (lambda: Registration("R", "a", "Jansen", submitted_at=abc.APRIL), "company", "is not a Company"),
        (lambda: Dealer("a", kind="deler"), "kind", "unknown kind `deler`"),
        (lambda: Dealer("a", lat=91, lon=0), "lat", "is not a place"),
        (lambda: Dealer("a", lat=51), "lat", "is not a place"),
        (lambda: Dealer("a", country="NL", postcode="x"), "postcode", "cannot be read"),
        (lambda: Dealer("a", max_open=-1), "max_open", "is not a whole number"),
        (lambda: Dealer("a", max_open=True), "max_open", "is not a whole number"),
        (lambda: Dealer("a", paused=["2027"]), "paused", "is not a stretch of time"),
        (lambda: Dealer("a", paused=[(abc.APRIL, abc.APRIL)]), "paused", "before it begins"),
        (lambda: Dealer("a" * 101), "id", "is not an id"),
        (lambda: Dealer("a\u202eb"), "id", "is not an id"),
        (lambda: Dealer("\ud800"), "id", "is not an id"),
        (lambda: Dealer(""), "id", "is not an id"),
        (lambda: Dealer(7), "id", "is not an id"),
        (lambda: Terms(max_reassignments=101), "max_reassignments", "is not a number of reassignments"),
        (lambda: Terms(max_reassignments=True), "max_reassignments", "is not a number of reassignments"),
        (lambda: by.nearest(within_km=-1), "nearest.within_km", "is not a distance"),
        (lambda: by.nearest(within_km=True), "nearest.within_km", "is not a distance"),
        (lambda: by.nearest(within_km=float("nan")), "nearest.within_km", "is not a distance"),
        (lambda: by.incumbent(won_within=30), "incumbent.won_within", "is not a length of time"),
        (lambda: by.rules("r"), "rules", "is not a Rule"),
    ],
)
def test_a_part_that_cannot_mean_anything_is_refused(part, column, what):
    with pytest.raises(PlanError) as refused:
        part()
    assert any(what in fault.what and column in fault.place for fault in refused.value.faults), refused.value


def test_all_faults_of_a_part_are_told_at_once():
    with pytest.raises(PlanError) as refused:
        Territory("t;", "", country="XX; YY", postcodes="x", priority="high", exclusive=1)
    assert {fault.path[0] for fault in refused.value.faults} == {"id", "dealers", "country", "priority", "exclusive"}


@some.checked
@given(some.hostile)
def test_whatever_is_written_in_a_plan_raises_plan_errors_only(value):
    for column in ("dealers", "country", "sectors", "products", "languages", "priority", "valid_from", "ledger"):
        found = refusal(lambda column=column: Territory(**{"id": "t", "dealers": "a"} | {column: value}))
        assert all(fault.path[0] in (column, "country") for fault in found)
    for name in ("country", "employees", "received_at", "city", "sector", "language", "location", "month"):
        for op in ("eq", "in", "between", "under", "within_km", "startswith", "has"):
            changed = with_rule(canonical.Test(name, op, value))
            assert sum(len(str(fault)) for fault in refusal(lambda changed=changed: make(**changed))) < 2_000


def refusal(define):
    """The faults of what is defined; none where it is good."""
    try:
        define()
    except PlanError as refused:
        return refused.faults
    return ()


# Equality, copies, digest.


@some.checked
@given(some.plans())
def test_plans_survive_pickle_copy_and_evolve(plan):
    for again in (pickle.loads(pickle.dumps(plan)), copy.copy(plan), copy.deepcopy(plan), evolve(plan)):
        assert again == plan
        assert again.digest == plan.digest
        assert hash(again) == hash(plan)


def digest(**changed):
    return make(**changed).digest


def test_what_cannot_route_is_no_part_of_the_digest():
    same = {
        digest(),
        digest(name="another name"),
        digest(
            dealers=[
                Dealer("maas", "Maas BV", country="NL", postcode="3011 AB", city="Rotterdam"),
                Dealer("delta"),
                HOUSE,
            ]
        ),
        digest(accounts=[Account("k", "maas", Company("Jansen", number="24123456", country="NL", city="x"))]),
        digest(territories=[Territory("t", {"delta": Decimal("1.0")})]),
        digest(territories=[Territory("t", {"delta": "1"}, priority=0, exclusive=False)]),
        digest(
            precedence=[
                by.registrations(),
                by.accounts(),
                by.rules(Rule("r", where.country == "NL", {"maas": 1.0})),
                by.territories(),
            ]
        ),
        digest(terms=Terms()),
        digest(taxonomy=taxonomies.taxonomy("nace-2.1")),
    }
    assert len(same) == 1
    parts = {
        digest(territories=[Territory("t", "delta", country="NL", postcodes=codes, sectors=sectors)])
        for codes, sectors in (
            ("3000..3399", "C25.6; G"),
            ("3000..3200;3201 .. 3399", "G; 25.6"),
            (["3000..3399"], ["256", "g"]),
        )
    }
    assert len(parts) == 1


RULES = (by.registrations(), by.accounts(), by.territories())


def with_rule(condition, **columns):
    return {"precedence": [*RULES, by.rules(Rule("r", condition, ["maas"], **columns))], "attributes": abc.ATTRIBUTES}


def with_land(**columns):
    return {"territories": [Territory("t", **{"dealers": "delta", "country": "NL"} | columns)]}


def with_dealer(**columns):
    return {"dealers": [HOUSE, Dealer("delta", **columns), Dealer("maas")]}


def with_rungs(*rungs):
    return {"precedence": [by.accounts(), *rungs]}


def custom(version="1", reads=("city",), name="c"):
    return Custom(name, bool, reads=reads, version=version)


ALL_DIFFERENT = [
    {},
    {"house": "team", "dealers": [HOUSE, Dealer("team", kind="house"), Dealer("delta"), Dealer("maas")]},
    {"dealers": [HOUSE, Dealer("team", kind="house"), Dealer("delta"), Dealer("maas")]},
    {"timezone": "Europe/Brussels"},
    {"currency": "EUR"},
    {"taxonomy": "nace-2"},
    {"taxonomy": taxonomies.make("own", {"a": None})},
    {"taxonomy": taxonomies.make("own", {"a": None, "b": "a"})},
    {"attributes": {"fleet": int}},
    {"attributes": {"fleet": str}},
    {"terms": Terms(max_reassignments=3)},
    *[
        with_dealer(**c)
        for c in ({"lat": 0, "lon": 0}, {"lat": 0, "lon": 1}, {"max_open": 0}, {"max_open": 1}, {"max_per_30_days": 1})
    ],
    *[
        with_dealer(**c)
        for c in ({"active_from": abc.APRIL}, {"active_until": abc.APRIL}, {"paused": [(abc.APRIL, abc.JULY)]})
    ],
    *[with_dealer(**c) for c in ({"serves_languages": "nl"}, {"serves_products": "nl"}, {"kind": "house"})],
    *[
        with_land(**c)
        for c in ({}, {"dealers": "maas"}, {"dealers": "delta:2"}, {"dealers": "delta; maas"}, {"country": "BE"})
    ],
    *[
        with_land(**c)
        for c in ({"postcodes": "3000..3399"}, {"postcodes": "3000..3398"}, {"geohashes": "u15"}, {"sectors": "C25"})
    ],
    *[
        with_land(**c)
        for c in ({"products": "nl"}, {"languages": "nl"}, {"priority": 1}, {"priority": -1}, {"exclusive": True})
    ],
    *[
        with_land(**c)
        for c in (
            {"ledger": "x"},
            {"valid_from": abc.APRIL},
            {"valid_until": abc.APRIL},
            {"valid_from": abc.APRIL + abc.TICK},
        )
    ],
    {"accounts": [Account("k", "delta", JANSEN)]},
    {"accounts": [Account("k2", "maas", JANSEN)]},
    {"accounts": [Account("k", "maas", JANSEN, valid_from=abc.APRIL)]},
    {"accounts": [Account("k", "maas", Company(number="24123457", country="NL"))]},
    {"accounts": [Account("k", "maas", Company(domain="jansen.example"))]},
    with_rungs(by.territories()),
    with_rungs(by.territories(pick="rotation")),
    with_rungs(by.territories(pick=["rotation", "specific"])),
    with_rungs(by.territories(pick=Pick("own", max))),
    with_rungs(by.territories(pick=Pick("own", max, "2"))),
    with_rungs(by.territories(), by.incumbent()),
    with_rungs(by.territories(), by.incumbent(won_within=Elapsed(days=1))),
    with_rungs(by.territories(), by.incumbent(won_within=Elapsed(days=1, seconds=1))),
    with_rungs(by.territories(), by.nearest()),
    with_rungs(by.territories(), by.nearest(within_km=0)),
    with_rungs(by.territories(), by.nearest(within_km=0.001)),
    with_rungs(by.nearest(), by.territories()),
    *[
        with_rule(c)
        for c in (NL, ~NL, NL & NL, NL | NL, where.country != "NL", where.country.exists(), custom(), custom("2"))
    ],
    *[
        with_rule(c)
        for c in (custom(reads=("city", "id")), custom(name="d"), where.value >= 1, where.value >= Decimal("1.5"))
    ],
    *[
        with_rule(c)
        for c in (
            where.value >= 0,
            where.value <= 0,
            where.value.between(0, 1),
            where.city == "1",
            where.vip.in_([True]),
        )
    ],
    *[
        with_rule(c)
        for c in (where.vip.in_([False]), where.location.within_km(0, 0, 1), where.location.within_km(0, 0, 1.5))
    ],
    *[with_rule(c) for c in (where.date >= date(2027, 4, 1), where.received_at >= datetime(2027, 4, 1, tzinfo=UTC))],
    *[
        with_rule(NL, **c)
        for c in ({"priority": 1}, {"ledger": "x"}, {"valid_from": abc.APRIL}, {"valid_until": abc.APRIL})
    ],
    {"precedence": [*RULES, by.rules(Rule("r", NL, ["maas"]), Rule("s", ~NL, ["delta"]))]},
    {"precedence": [*RULES, by.rules(Rule("s", ~NL, ["delta"]), Rule("r", NL, ["maas"]))]},
    {"precedence": [*RULES, by.rules(Rule("r", NL, ["maas"])), by.rules(Rule("s", ~NL, ["delta"]))]},
    {"precedence": [*RULES, by.rules(Rule("r", NL, ["maas"]), Rule("s", ~NL, ["delta"]), pick="priority")]},
]


def test_whatever_can_route_is_in_the_digest():
    digests = [digest(**changed) for changed in ALL_DIFFERENT]
    for at, one in enumerate(digests):
        assert digests.index(one) == at, (ALL_DIFFERENT[digests.index(one)], ALL_DIFFERENT[at])


def test_a_plan_is_written_in_one_form():
    data = canonical.plan_data(make())
    assert canonical.canonical_json(data).isascii()
    assert data["precedence"][2] == {
        "rules": [{"id": "r", "when": {"country": {"eq": "NL"}}, "dealers": {"maas": 1}, "priority": 0}],
        "pick": ["first"],
    }
    assert data["territories"] == [{"id": "t", "dealers": {"delta": 1}, "priority": 0}]


def test_a_plan_is_frozen():
    plan = make()
    for name in ("name", "dealers", "digest", "house"):
        with pytest.raises(AttributeError):
            setattr(plan, name, "x")
    with pytest.raises(AttributeError):
        plan.attributes.anything = 1
    assert plan.dealer("delta").id == "delta"
    assert plan.dealer("nobody") is None
    assert plan.rung("territories").name == "territories"
    assert plan.rung("nearest") is None


def test_two_rungs_of_rules_have_names_of_their_own():
    plan = make(precedence=[by.accounts(), by.rules(), by.territories(), by.rules(), by.rules()])
    assert [rung.name for rung in plan.precedence] == ["accounts", "rules", "territories", "rules-2", "rules-3"]


def test_customs_of_one_name_are_one_function():
    one = custom()
    make(**with_rule(one & (NL | one)))
    (fault,) = faults(**with_rule(one & Custom("c", all, reads=("city",), version="1")))
    assert "two customs are named `c`" in fault.what
    (fault,) = faults(**with_rule(one & custom("2")))
    assert "two customs are named `c`" in fault.what


def test_an_own_taxonomy_routes():
    tree = taxonomies.make("trade", {"metal": None, "welding": "metal", "wood": None})
    plan = make(taxonomy=tree, territories=[Territory("t", "delta", sectors="metal")], accounts=[])
    assert route(Lead("L", sector="welding"), plan, at=abc.APRIL).holder == "delta"
    assert route(Lead("L", sector="trade:welding"), plan, at=abc.APRIL).holder == "delta"
    assert route(Lead("L", sector="wood"), plan, at=abc.APRIL).holder == "house"
    assert "unreadable:sector" in route(Lead("L", sector="C25"), plan, at=abc.APRIL).flags


# Corners.


def test_equal_plans_have_equal_digests_at_minus_nothing_too():
    one, two = (make(**with_dealer(lat=zero, lon=5)) for zero in (0.0, -0.0))
    assert one == two
    assert one.digest == two.digest


def test_equal_parts_are_seen_however_their_sectors_are_written():
    with pytest.raises(PlanError):
        make(territories=[Territory("t", "delta", sectors="C25.6"), Territory("t", "maas", sectors="256")])


def test_plans_that_mean_the_same_are_equal():
    one, two = Rule("one", NL & where.city.exists(), ["maas"]), Rule("two", NL, ["delta"])
    three = Rule("one", where.city.exists() & NL, ["maas"])
    plans = [make(precedence=[*RULES, by.rules(*rules, pick="priority")]) for rules in ((one, two), (two, three))]
    assert plans[0].digest == plans[1].digest
    assert plans[0] == plans[1]


def test_an_attribute_type_of_any_sort_is_refused_as_a_fault():
    faults(attributes={"fleet": {1, 2}})


@some.checked
@given(st.sampled_from(["precedence", "dealers", "territories", "accounts"]))
def test_parts_may_come_as_any_iterable(name):
    parts = {"precedence": [*RULES], "dealers": [HOUSE, Dealer("delta"), Dealer("maas")]}
    parts |= {"territories": [Territory("t", "delta")], "accounts": [Account("k", "maas", JANSEN)]}
    assert make(**{name: iter(parts[name])}) == make(**{name: tuple(parts[name])})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (where.value == 1, where.value == 1.0),
        (where.received_at >= abc.APRIL, where.received_at >= abc.APRIL.astimezone(timezone(timedelta(hours=2)))),
    ],
)
def test_equal_constants_have_one_digest(one, two):
    plans = [make(**with_rule(condition)) for condition in (one, two)]
    assert plans[0] == plans[1]
    assert plans[0].digest == plans[1].digest
