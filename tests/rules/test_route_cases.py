"""`route` case by case: what the issue names, told as tables. Each case also reads its explanation."""

from datetime import datetime, timedelta

import pytest

import alphabet as abc
import laws
from dealerrouting import (
    Account,
    Company,
    Count,
    Dealer,
    Elapsed,
    Facts,
    Incumbent,
    Lead,
    PastHolder,
    Plan,
    PlanError,
    Registration,
    Rule,
    Terms,
    Territory,
    by,
    needs,
    route,
    route_all,
    where,
)
from dealerrouting.model import Changes, PassedOver, Retry
from dealerrouting.rules import explain

pytestmark = pytest.mark.pure
AT, TICK, DAY = abc.APRIL, abc.TICK, timedelta(days=1)
HOUSE = Dealer("house", kind="house")
JANSEN = Company("Jansen Metaal BV", number="24123456", country="NL")
ALL_RUNGS = (by.registrations(), by.accounts(), by.incumbent(), by.territories(), by.nearest())


def plan_of(*territories, dealers=("a", "b", "c"), rungs=ALL_RUNGS, accounts=(), **more):
    people = [one if isinstance(one, Dealer) else Dealer(one) for one in dealers]
    return Plan(
        "p",
        house="house",
        dealers=[HOUSE, *people],
        territories=territories,
        accounts=accounts,
        precedence=[r for r in rungs if r.kind != "territories" or territories or len(rungs) == 1],
        **more,
    )


def decide(plan, lead, facts=None, at=AT):
    """The decision, held against every law and told in both languages."""
    case = (lead, plan, facts or Facts(), at)
    for law in (laws.law_1, laws.law_2, laws.law_3, laws.law_4, laws.law_needs, laws.law_reference, laws.law_explained):
        law(*case)
    return route(*case[:3], at=at)


def told(plan, lead, facts=None, at=AT, lang="en"):
    return explain(lead, plan, facts or Facts(), at=at).text(lang)


def claim(id="R1", dealer="a", company=JANSEN, **columns):
    columns = {"status": "approved", "submitted_at": AT - DAY} | columns
    return Registration(id, dealer, company, **columns)


# Places.


@pytest.mark.parametrize(
    ("dealer", "lead"),
    [
        ((0, 0), (0, 0)),
        ((0, 4), (0, 4)),
        ((51, 0), (51, 0)),
        ((10, 180), (10, -180)),
        ((-16, 179.9), (-16, -179.9)),
        ((90, 0), (90, 77)),
    ],
)
def test_zero_and_the_antimeridian_are_ordinary(dealer, lead):
    near = Dealer("a", lat=dealer[0], lon=dealer[1])
    far = Dealer("b", lat=dealer[0] - 5, lon=dealer[1])
    plan = plan_of(dealers=(near, far), rungs=[by.nearest(within_km=30)])
    one = Lead("L", lat=lead[0], lon=lead[1])
    assert decide(plan, one).holder == "a"
    assert "a (a): holds it" in told(plan, one)


@pytest.mark.parametrize(
    ("columns", "flags", "says"),
    [
        ({"country": "PT", "postcode": "1000-001"}, (), "nothing in the plan offers"),
        ({"country": "NL"}, (), "unknown, the lead does not say postcode"),
        ({"country": "NL", "postcode": "3011"}, ("assigned",), "holds it, by territories (south)"),
        ({"country": "NL", "postcode": "30"}, ("unreadable:postcode",), "postcode could not be read"),
        ({"postcode": "3011 AB"}, ("unreadable:postcode",), "does not say country, postcode"),
        (
            {"country": "Narnia", "postcode": "3011"},
            ("unreadable:country", "unreadable:postcode"),
            "country could not be read",
        ),
    ],
)
def test_a_place_that_nobody_serves_or_that_is_not_known(columns, flags, says):
    plan = plan_of(Territory("south", "a", country="NL", postcodes="3000..3399"))
    lead = Lead("L", **columns)
    decision = decide(plan, lead)
    if flags == ("assigned",):
        assert (decision.holder, decision.flags) == ("a", ())
    else:
        assert (decision.holder, decision.by, decision.flags) == (
            "house",
            "house",
            tuple(sorted(("nobody_serves", *flags))),
        )
    assert says in told(plan, lead)
    assert told(plan, lead, lang="nl") != told(plan, lead)


@pytest.mark.parametrize(
    ("sector", "holder", "flags"),
    [
        ("C25.6", "a", ()),
        ("nace-2.1:25.6", "a", ()),
        ("nace-2:25.11", "a", ()),
        ("nace-2:47.81", "house", ("nobody_serves", "unreadable:sector")),
        ("nace-3:25.11", "house", ("nobody_serves", "unreadable:sector")),
        ("C", "house", ("nobody_serves",)),
        ("47.81", "b", ()),
    ],
)
def test_a_sector_of_another_version_is_carried_over_or_absent_never_mixed_up(sector, holder, flags):
    plan = plan_of(Territory("metal", "a", sectors="C25"), Territory("cars", "b", sectors="47.81"))
    decision = decide(plan, Lead("L", sector=sector))
    assert (decision.holder, decision.flags) == (holder, flags)
    if holder == "house":
        assert "sector" in told(plan, Lead("L", sector=sector))


# Instants.


@pytest.mark.parametrize(
    ("at", "holder"),
    [(AT - TICK, "house"), (AT, "a"), (AT + TICK, "a"), (abc.JULY - TICK, "a"), (abc.JULY, "house")],
)
def test_every_validity_is_half_open(at, holder):
    span = {"valid_from": AT, "valid_until": abc.JULY}
    lead = Lead("L", JANSEN, country="NL")
    plans = {
        "territories": plan_of(Territory("t", "a", country="NL", **span), rungs=[by.territories()]),
        "accounts": plan_of(accounts=[Account("k", "a", JANSEN, **span)], rungs=[by.accounts()]),
        "rules": plan_of(rungs=[by.rules(Rule("r", where.country == "NL", ["a"], **span))]),
        "rules-2": plan_of(rungs=[by.rules(), by.rules(Rule("r", where.country == "NL", ["a"], **span))]),
    }
    for by_rung, plan in plans.items():
        decision = decide(plan, lead, at=at)
        assert (decision.holder, decision.by) == (holder, by_rung if holder == "a" else "house")
        if holder == "house" and by_rung != "accounts":
            assert " in force only " in told(plan, lead, at=at)
    active = plan_of(
        Territory("t", "a"), dealers=[Dealer("a", active_from=AT, active_until=abc.JULY)], rungs=[by.territories()]
    )
    assert decide(active, lead, at=at).holder == holder
    paused = plan_of(Territory("t", "b"), dealers=[Dealer("b", paused=[(AT, abc.JULY)])], rungs=[by.territories()])
    assert decide(paused, lead, at=at).holder == ("house" if holder == "a" else "b")
    stands = Facts([claim(submitted_at=AT, expires_at=abc.JULY)])
    assert decide(plan_of(), lead, stands, at=at).holder == holder
    decided = Facts([claim(submitted_at=AT - DAY, decided_at=AT, expires_at=abc.JULY)])
    assert decide(plan_of(), lead, decided, at=at).holder == holder


def test_an_instant_is_aware():
    with pytest.raises(TypeError):
        route(Lead("L"), plan_of(), at=datetime(2027, 1, 1))
    with pytest.raises(TypeError):
        route(Lead("L"), plan_of(), at="2027-01-01T00:00:00Z")


# Registrations.

BUSY = Count("a", 9, 9)


@pytest.mark.parametrize(
    ("dealer", "facts", "says"),
    [
        (Dealer("a", max_open=1, max_per_30_days=1), {"counts": [BUSY]}, "a (R1): holds it"),
        (Dealer("a"), {"shares": {"a": 0}}, "a (R1): holds it"),
        (Dealer("a", serves_languages="fr", serves_products="lathe"), {}, "a (R1): holds it"),
        (Dealer("a"), {"past_holders": [PastHolder("L", name) for name in ("b", "c", "d")]}, "a (R1): holds it"),
    ],
)
def test_caps_shares_service_and_hops_never_touch_a_claim(dealer, facts, says):
    plan = plan_of(Territory("t", "b"), dealers=[dealer, "b"])
    lead = Lead("L", JANSEN, language="nl", product="press")
    world = Facts([claim()], **facts)
    assert decide(plan, lead, world).because == ("R1",)
    assert says in told(plan, lead, world)


@pytest.mark.parametrize(
    ("dealer", "past", "reason"),
    [
        (Dealer("a", active_until=AT), None, "inactive"),
        (Dealer("a", paused=[(AT, AT + TICK)]), None, "inactive"),
        (Dealer("a"), "excluded", "excluded"),
        (Dealer("a"), "declined", "declined"),
        (Dealer("a"), "withdrawn", "past_holder"),
        (Dealer("a"), "returned", "past_holder"),
        (Dealer("z"), None, "unknown_dealer"),
    ],
)
@pytest.mark.parametrize("other", [True, False])
def test_a_claimant_that_cannot_act_is_told_and_never_gives_way_to_the_house_unseen(dealer, past, reason, other):
    plan = plan_of(*([Territory("t", "b")] if other else []), dealers=[dealer, "b"])
    lead = Lead("L", JANSEN)
    facts = Facts([claim()], past_holders=[PastHolder("L", "a", past)] if past else ())
    decision = decide(plan, lead, facts)
    if other:
        assert (decision.holder, decision.flags) == ("b", ("claimant_unavailable",))
    else:
        assert decision.holder == "house"
        assert decision.flags == ("claimant_unavailable", "no_dealer_available", "review")
        assert "a person must look at it" in told(plan, lead, facts)
    assert "the dealer that registered it cannot act" in told(plan, lead, facts)
    if reason == "unknown_dealer":
        assert decision.passed_over == ()
    else:
        assert decision.passed_over == (PassedOver("a", "registrations", ("R1",), reason),)


def test_a_claim_that_goes_to_a_team_of_the_house_is_reviewed_too():
    plan = plan_of(Territory("t", "team"), dealers=[Dealer("a", active_until=AT), Dealer("team", kind="house")])
    assert decide(plan, Lead("L", JANSEN), Facts([claim()])).flags == ("by_plan", "claimant_unavailable", "review")


WEAK = Company("Jansen", domain="jansen.example")
BOTH = Company("Jansen", number="24123456", country="NL", domain="jansen.example")


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({"company": BOTH}, {"company": WEAK, "products": "press", "submitted_at": AT - 9 * DAY}, "key strength"),
        ({"products": "press"}, {"submitted_at": AT - 9 * DAY}, "a named product"),
        ({"products": "press; lathe", "submitted_at": AT - 9 * DAY}, {"products": "press"}, "first submitted"),
        ({"id": "R0"}, {"id": "R2"}, "id"),
        ({"submitted_at": AT - 2 * DAY}, {"decided_at": AT - 9 * DAY}, "submitted, not decided"),
    ],
)
def test_of_several_claims_one_goes_first(first, second, why):
    claims = [claim(dealer="b", **{"id": "R9"} | first), claim(dealer="a", **{"id": "R1"} | second)]
    lead = Lead("L", BOTH, product="press")
    decision = decide(plan_of(), lead, Facts(claims))
    assert decision.holder == "b", why
    assert decision.passed_over == (PassedOver("a", "registrations", (claims[1].id,), "outranked"),)
    if first.get("id", "R9") == "R9":
        asleep = plan_of(dealers=[Dealer("b", active_until=AT), "a"])
        after = decide(asleep, lead, Facts(claims))
        assert (after.holder, after.flags) == ("a", ("claimant_unavailable",))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"status": "submitted"}, "its status is submitted"),
        ({"status": "converted"}, "its status is converted"),
        ({"expires_at": AT}, "ended at"),
        ({"decided_at": AT + TICK}, "stands only from"),
        ({"products": "lathe"}, "is for lathe only"),
        ({"company": Company(number="24123457", country="NL", domain="jansen.example")}, "another company number"),
    ],
)
def test_a_claim_that_does_not_stand_is_told(columns, says):
    lead = Lead("L", BOTH, product="press")
    facts = Facts([claim(**columns)])
    decision = decide(plan_of(), lead, facts)
    assert (decision.holder, decision.flags, decision.passed_over) == ("house", ("nobody_serves",), ())
    assert says in told(plan_of(), lead, facts)


def test_a_mail_address_is_a_key_by_its_own_domain_only():
    facts = Facts(
        [claim(company=Company("x"), email="info@jansen.example"), claim("R2", "b", Company("y"), email="z@gmail.com")]
    )
    assert decide(plan_of(), Lead("L", email="inkoop@jansen.example"), facts).holder == "a"
    assert decide(plan_of(), Lead("L", email="z@gmail.com"), facts).holder == "house"


def test_without_the_rung_a_claim_says_nothing():
    plan = plan_of(Territory("t", "b"), rungs=[by.territories()])
    assert decide(plan, Lead("L", JANSEN), Facts([claim()])).holder == "b"
    assert needs(Lead("L", JANSEN), plan).registration_keys == ()


# Accounts and incumbents.


def test_two_accounts_of_two_dealers_are_a_conflict_and_never_the_next_rung():
    accounts = [Account("k1", "a", JANSEN), Account("k2", "b", WEAK)]
    plan = plan_of(Territory("t", "c"), accounts=accounts)
    decision = decide(plan, Lead("L", BOTH))
    assert (decision.holder, decision.by, decision.because) == ("house", "accounts", ("k1", "k2"))
    assert decision.flags == ("conflict",)
    assert {over.dealer: over.reason for over in decision.passed_over} == {
        "a": "conflict",
        "b": "conflict",
        "c": "outranked",
    }
    assert "ended in a conflict (k1, k2)" in told(plan, Lead("L", BOTH))
    same = plan_of(accounts=[Account("k1", "a", JANSEN), Account("k2", "a", WEAK)])
    assert decide(same, Lead("L", BOTH)).because == ("k1", "k2")


def incumbent(dealer, age, status="open", company=JANSEN):
    return Incumbent(company, dealer, since=AT - age, status=status)


@pytest.mark.parametrize(
    ("records", "holder"),
    [
        ([incumbent("a", DAY)], "a"),
        ([incumbent("a", timedelta(0))], "a"),
        ([incumbent("a", -TICK)], "house"),
        ([incumbent("a", 9000 * DAY)], "a"),
        ([incumbent("a", 30 * DAY - TICK, "won")], "a"),
        ([incumbent("a", 30 * DAY, "won")], "house"),
        ([incumbent("a", 5 * DAY), incumbent("b", DAY)], "b"),
        ([incumbent("b", DAY), incumbent("a", DAY)], "a"),
        ([incumbent("a", DAY, company=WEAK), incumbent("b", 9 * DAY)], "b"),
        ([incumbent("a", DAY, company=Company(number="24123457", country="NL"))], "house"),
        ([incumbent("house", DAY)], "house"),
    ],
)
def test_the_incumbent_is_the_latest_of_the_same_company_and_never_the_house(records, holder):
    plan = plan_of(rungs=[by.incumbent(won_within=Elapsed(days=30))])
    decision = decide(plan, Lead("L", BOTH), Facts(incumbents=records))
    assert decision.holder == holder
    assert decision.by == ("incumbent" if holder != "house" else "house")
    if holder == "house":
        assert decision.flags == ("nobody_serves",)


def test_a_won_lead_counts_only_where_the_plan_says_how_long():
    won = Facts(incumbents=[incumbent("a", TICK, "won")])
    assert decide(plan_of(rungs=[by.incumbent()]), Lead("L", JANSEN), won).holder == "house"


def test_whoever_gets_a_lead_is_the_incumbent_from_then_on():
    plan = plan_of(Territory("t", ["a", "b"]))
    facts = Facts().after(decide(plan, Lead("L1", JANSEN)))
    again = decide(plan, Lead("L2", BOTH), facts, AT + DAY)
    assert (again.holder, again.by) == ("a", "incumbent")
    assert {over.dealer for over in again.passed_over} == {"b"}
    assert decide(plan, Lead("L3", WEAK), facts, AT + DAY).by == "territories"


# Territories.


def test_two_territories_that_cannot_be_compared_share_or_quarrel_by_their_chain():
    place, trade = Territory("place", "a", country="NL"), Territory("trade", "b", sectors="C25")
    lead = Lead("L", country="NL", sector="C25.6")
    quarrel = plan_of(place, trade, rungs=[by.territories(pick="specific")])
    decision = decide(quarrel, lead)
    assert (decision.holder, decision.flags, decision.because) == ("house", ("conflict",), ("place", "trade"))
    assert "a person must decide" in told(quarrel, lead)
    assert "the same right as the others (a, b)" in told(quarrel, lead)
    shared = plan_of(place, trade, rungs=[by.territories()])
    decision = decide(shared, lead)
    assert (decision.holder, decision.flags, decision.because) == ("a", (), ("place",))
    assert "b (trade): it is the turn of a" in told(shared, lead)


def test_an_exclusive_territory_that_meets_another_is_a_conflict():
    plan = plan_of(Territory("mine", "a", country="NL", exclusive=True), Territory("yours", ["a", "b"]))
    decision = decide(plan, Lead("L", country="NL"))
    assert (decision.holder, decision.flags, decision.because) == ("house", ("conflict",), ("mine", "yours"))
    assert "met an exclusive territory (mine)" in told(plan, Lead("L", country="NL"))
    assert decide(plan, Lead("L", country="BE")).because == ("yours",)
    parts = plan_of(
        Territory("mine", "a", country="NL", exclusive=True), Territory("mine", "a", sectors="C25", exclusive=True)
    )
    assert decide(parts, Lead("L", country="NL", sector="25")).because == ("mine",)


def test_a_territory_of_the_house_is_by_plan():
    plan = plan_of(
        Territory("key", "house", products="press"),
        Territory("rest", "team"),
        dealers=["a", Dealer("team", kind="house")],
    )
    decision = decide(plan, Lead("L", product="press"))
    assert (decision.holder, decision.by, decision.outcome, decision.flags) == (
        "house",
        "territories",
        "house",
        ("by_plan",),
    )
    assert "the plan says that the house has this one" in told(plan, Lead("L", product="press"))
    other = decide(plan, Lead("L"))
    assert (other.holder, other.outcome, other.flags) == ("team", "house", ("by_plan",))


def test_an_absent_field_under_not_is_unknown_and_the_text_says_which():
    plan = plan_of(rungs=[by.rules(Rule("not-press", ~(where.product == "press"), ["a"]))])
    assert decide(plan, Lead("L")).flags == ("nobody_serves",)
    assert "not-press (a): unknown, the lead does not say product" in told(plan, Lead("L"))
    assert "product" in told(plan, Lead("L"), lang="nl")
    assert decide(plan, Lead("L", product="lathe")).holder == "a"
    exists = plan_of(rungs=[by.rules(Rule("no-product", ~where.product.exists(), ["a"]))])
    assert decide(exists, Lead("L")).holder == "a"


# Who cannot be given it, and what to wait for.


@pytest.mark.parametrize(
    ("dealer", "facts", "retry", "says"),
    [
        ({"max_open": 2}, {"counts": [Count("a", 2)]}, ("max_open", None), "fewer open leads"),
        ({"max_open": 0}, {}, ("max_open", None), "open leads and cap are 0, 0"),
        ({"max_per_30_days": 0}, {}, ("max_per_30_days", None), "a time not known yet"),
        ({"max_per_30_days": 1}, {"counts": [Count("a", 0, 1)]}, ("max_per_30_days", None), "a time not known yet"),
        (
            {"max_per_30_days": 2},
            {"counts": [Count("a", 0, 3, (AT - 30 * DAY + TICK, AT - DAY, AT - DAY + TICK))]},
            ("max_per_30_days", AT + 29 * DAY),
            "leads in thirty days and cap are 3, 2",
        ),
        ({}, {"shares": {"a": 0}}, ("share", None), "once its share is above zero"),
        ({"active_from": abc.JULY}, {}, ("active", abc.JULY), "once it is active, from 2027-07-01 06:30 UTC"),
        ({"active_until": AT}, {}, None, "not active at this instant"),
        ({"paused": [(AT, AT + DAY), (AT + DAY, AT + 2 * DAY)]}, {}, ("active", AT + 2 * DAY), "once it is active"),
        ({"paused": [(AT, abc.JULY)], "active_until": abc.JULY}, {}, None, "not active at this instant"),
        ({"serves_languages": "fr"}, {}, None, "does not serve this language or product"),
        ({"serves_products": "lathe"}, {}, None, "does not serve this language or product"),
        ({}, {"past_holders": [PastHolder("L", "a", "declined")]}, None, "declined this lead"),
        ({}, {"past_holders": [PastHolder("L", "a", "excluded")]}, None, "excluded for this lead"),
    ],
)
def test_nobody_can_have_it_now_and_whom_to_wait_for(dealer, facts, retry, says):
    plan = plan_of(Territory("t", "a"), dealers=[Dealer("a", **dealer)])
    lead = Lead("L", language="nl", product="press")
    decision = decide(plan, lead, Facts(**facts))
    assert (decision.holder, decision.flags) == ("house", ("no_dealer_available",))
    assert decision.retry == ((Retry("a", *retry),) if retry else ())
    assert says in told(plan, lead, Facts(**facts))
    assert "no_dealer_available" in told(plan, lead, Facts(**facts), lang="nl")
    assert [over.dealer for over in decision.passed_over] == ["a"]
    if retry and retry[1]:
        assert decide(plan, lead, Facts(**facts), retry[1]).holder == "a"
        assert decide(plan, lead, Facts(**facts), retry[1] - TICK).holder == "house"


def test_a_cap_is_full_exactly_at_its_bound_and_frees_at_thirty_days():
    plan = plan_of(Territory("t", "a"), dealers=[Dealer("a", max_per_30_days=1)])
    given = Facts(counts=[Count("a", 0, 1, (AT - 30 * DAY,))])
    assert decide(plan, Lead("L"), given).holder == "a"
    assert decide(plan, Lead("L"), given, AT - TICK).holder == "house"


@pytest.mark.parametrize(
    ("most", "had", "flag"), [(2, "bcd", "hops_exhausted"), (2, "bc", None), (0, "b", "hops_exhausted"), (0, "", None)]
)
def test_hops_are_bounded(most, had, flag):
    plan = plan_of(Territory("t", "a"), dealers="abcd", terms=Terms(max_reassignments=most))
    facts = Facts(past_holders=[*(PastHolder("L", name) for name in had), PastHolder("L", "x", "excluded")])
    decision = decide(plan, Lead("L"), facts)
    assert decision.flags == ((flag,) if flag else ())
    assert decision.holder == ("house" if flag else "a")
    if flag:
        assert "as many dealers as the terms allow" in told(plan, Lead("L"), facts)
    assert decide(plan, Lead("other"), facts).holder == "a"


# Passed over.


def test_a_dealer_passed_over_in_its_own_region_is_told():
    big = Rule("big", where.value >= 1000, ["b"])
    plan = plan_of(
        Territory("t", {"a": 1, "c": 1}), rungs=[by.registrations(), by.rules(big), by.territories(), by.nearest()]
    )
    decision = decide(plan, Lead("L", value=1000))
    assert decision.passed_over == (
        PassedOver("a", "territories", ("t",), "outranked"),
        PassedOver("c", "territories", ("t",), "outranked"),
    )
    assert decide(plan, Lead("L", value=999)).passed_over == ()  # sharing by turns passes nobody over


def test_neither_the_house_nor_the_holder_is_passed_over():
    plan = plan_of(Territory("t", ["house", "a"]), accounts=[Account("k", "a", JANSEN)])
    assert decide(plan, Lead("L", JANSEN)).passed_over == ()


# Changes.


def test_what_a_decision_changes():
    plan = plan_of(Territory("t", ["a", "b"], ledger="own"))
    lead = Lead("L", JANSEN)
    decision = decide(plan, lead)
    assert decision.changes.opened == "a"
    assert decision.changes.ledger == "own"
    assert dict(decision.changes.credits) == {"a": -500_000, "b": 500_000}
    assert all(str(key).startswith("number:NL:~") for key in decision.changes.incumbent)
    nobody = decide(plan_of(), Lead("L", JANSEN))
    assert nobody.changes == Changes(opened="house")


def test_a_decision_names_no_person_and_no_company():
    plan = plan_of(Territory("t", "a"))
    lead = Lead("L", BOTH, contact_name="SECRET", email="SECRET@jansen.example", phone="SECRET", message="SECRET")
    facts = Facts([claim(company=WEAK)])
    for text in (repr(decide(plan, lead, facts)), told(plan, lead, facts), told(plan, lead, facts, lang="nl")):
        assert "SECRET" not in text
        assert "jansen.example" not in text
        assert "24123456" not in text


# Streams.


def test_a_stream_is_routed_in_order_of_receipt_then_id():
    plan = plan_of(Territory("t", ["a", "b"]), rungs=[by.territories()])
    times = {"L3": AT, "L1": AT + DAY, "L2": AT, "L0": None}
    leads = [Lead(name, received_at=when) for name, when in times.items()]
    decisions = list(route_all(leads, plan))
    assert [(d.lead, d.at, d.holder) for d in decisions] == [
        ("L2", AT, "a"),
        ("L3", AT, "b"),
        ("L0", AT + DAY, "a"),
        ("L1", AT + DAY, "b"),
    ]
    assert {d.at for d in route_all(leads, plan, at=AT)} == {AT}


def test_fixed_mode_is_a_pure_map_and_refuses_by_name_what_moves():
    fixed = plan_of(Territory("t", ["a", "b"]), rungs=[by.registrations(), by.territories(pick=["specific", "hashed"])])
    leads = [Lead(f"L{n}", received_at=AT) for n in range(9)]
    assert list(route_all(leads, fixed, mode="fixed")) == [route(lead, fixed, at=AT) for lead in leads]
    moving = plan_of(
        Territory("t", "a"),
        dealers=[Dealer("a", max_open=3, max_per_30_days=9)],
        rungs=[by.incumbent(), by.territories(pick=["least_loaded", "rotation"])],
    )
    with pytest.raises(PlanError) as refused:
        list(route_all(leads, moving, mode="fixed"))
    for word in ("incumbent", "rotation", "least_loaded", "max_open", "max_per_30_days"):
        assert f"`{word}`" in str(refused.value)
    with pytest.raises(ValueError, match="mode is one of"):
        list(route_all(leads, fixed, mode="fast"))
    with pytest.raises(ValueError, match="give at="):
        list(route_all([Lead("L")], fixed))
    assert list(route_all([], fixed)) == []


# Corners.


@pytest.mark.parametrize(
    ("received_at", "zone"),
    [("9999-12-31T23:59:59+00:00", "Europe/Brussels"), ("0001-01-01T00:00:00+00:00", "America/New_York")],
)
def test_a_lead_from_the_end_of_time_is_routed(received_at, zone):
    plan = plan_of(Territory("t", "a"), timezone=zone)
    assert [d.holder for d in route_all([Lead("L", received_at=received_at)], plan)] == ["a"]


def test_two_leads_from_the_last_month_of_time_are_routed():
    plan = plan_of(Territory("t", "a"), dealers=[Dealer("a", max_per_30_days=9)])
    leads = [Lead(name, received_at="9999-12-20T00:00:00+00:00") for name in ("L1", "L2")]
    assert [d.holder for d in route_all(leads, plan)] == ["a", "a"]
