"""`always` and `never`: what is called broken is shown broken, by a lead of those promised about and its own facts."""

from datetime import UTC, datetime
from random import Random

import pytest

import verify_held as held
from dealerrouting import Account, Company, Dealer, Lead, Plan, Rule, Territory, by, route, verify, where
from dealerrouting.errors import PlanError
from dealerrouting.rules.picks import Pick
from verify_plans import an_opaque_plan

pytestmark = pytest.mark.pure

HOUSE = Dealer("office", kind="house")
NL = where.country == "NL"
POOL = Territory("t", ["a", "b"], country="NL")


def a_plan(*rungs, dealers=("a", "b", "c"), **more):
    known = [Dealer(one) if isinstance(one, str) else one for one in dealers]
    return Plan("p", house="office", dealers=[*known, HOUSE], precedence=rungs, **more)


def broken(found):
    """The finding's decision again, routed; what could not be shown is no finding here."""
    assert [one.name for one in found if one.name != "broken-promise"] == []
    return found


def ends(plan, found):
    """Whom the leads that show it end up with, routed again with their facts, and by which rung."""
    seen = []
    for one in broken(found):
        witness = one.witness
        decision = route(witness.lead, plan, witness.facts, at=witness.at)
        assert decision == witness.decision
        seen.append((decision.holder, decision.by))
    return seen


@pytest.mark.parametrize("seed", range(20))
def test_small_plans_and_what_is_promised_of_them(seed):
    with held.boxes_kept():
        held.by_promise(seed, 40)


@pytest.mark.parametrize("seed", range(12))
def test_small_plans_and_what_is_promised_of_companies(seed):
    with held.boxes_kept():
        held.by_company(seed)


@pytest.mark.parametrize("seed", range(8))
def test_small_plans_and_what_is_promised_of_companies_with_an_account(seed):
    with held.boxes_kept():
        held.by_account(seed)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_what_is_promised_of_opaque_plans(seed):
    """Where customs, circles and distances are in play, what is called broken is broken all the same."""
    rng = Random(seed)
    plan = an_opaque_plan(rng)
    promise = held.a_promise(rng, plan)
    found = promise.ask(plan)
    held.hold_broken(plan, promise, found)
    assert all(one.exact == (not one.opaque) for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("portion", range(4))
def test_many_plans_and_what_is_promised(portion):
    with held.boxes_kept():
        for seed in range(100 + portion * 25, 125 + portion * 25):
            held.by_account(seed)
            held.by_company(seed)
            held.by_promise(seed)


# Who is chosen.

PICKS = {
    "rotation": ["rotation"],
    "hashed": ["hashed"],
    "least loaded": ["least_loaded", "rotation"],
    "the nearest": ["nearest", "rotation"],
}


@pytest.mark.parametrize("picks", PICKS)
@pytest.mark.parametrize("dealer", ["a", "b"])
def test_the_lead_that_shows_it_goes_to_whoever_must_not_have_it(picks, dealer):
    dealers = [Dealer("a", lat=52, lon=5), Dealer("b", lat=51, lon=4)]
    plan = a_plan(by.territories(pick=PICKS[picks]), dealers=dealers, territories=[POOL])
    assert ends(plan, verify.never(plan, NL, holder=dealer)) == [(dealer, "territories")]
    other = {"a": "b", "b": "a"}[dealer]
    assert ends(plan, verify.always(plan, NL, holder=other)) == [(dealer, "territories")]
    assert verify.always(plan, NL, holder=["a", "b"]) == ()


def test_credit_goes_into_the_ledger_of_the_territory():
    plan = a_plan(by.territories(), territories=[Territory("t", {"a": 9, "b": 1}, country="NL", ledger="north")])
    (found,) = verify.never(plan, NL, holder="b")
    assert found.witness.decision.holder == "b"
    assert set(found.witness.facts.ledgers) == {"north"}


def test_a_dealer_that_takes_but_one_lead_is_not_filled_up():
    dealers = [Dealer("a", max_open=1), Dealer("b")]
    plan = a_plan(by.territories(pick=["least_loaded", "rotation"]), dealers=dealers, territories=[POOL])
    assert ends(plan, verify.never(plan, NL, holder="b")) == [("b", "territories")]


@pytest.mark.parametrize("picks", [["least_loaded"], ["nearest"], ["specific", "nearest", "least_loaded"]])
def test_whom_no_pick_parts_go_to_the_house(picks):
    dealers = [Dealer("a", lat=52, lon=5), Dealer("b", lat=51, lon=4)]
    plan = a_plan(by.territories(pick=picks), dealers=dealers, territories=[POOL])
    assert ends(plan, verify.never(plan, NL, kind="house")) == [("office", "territories")]
    assert ends(plan, verify.always(plan, NL, holder=["a", "b"])) == [("office", "territories")]
    assert ends(plan, verify.never(plan, NL, holder="b")) == [("b", "territories")]
    (found,) = verify.always(plan, NL, kind="dealer")
    assert found.values["holders"] == found.at == ("a", "b", "office")


def test_between_two_that_are_as_near_is_nobody():
    dealers = [Dealer("a", lat=52, lon=5), Dealer("b", lat=51, lon=4)]
    plan = a_plan(by.territories(pick="nearest"), dealers=dealers, territories=[POOL])
    assert ends(plan, verify.never(plan, NL & where.location.exists(), kind="house")) == [("office", "territories")]


def test_the_nearest_and_nobody_near():
    dealers = [Dealer("a", lat=52, lon=5), Dealer("b", lat=51, lon=5)]
    plan = a_plan(by.nearest(within_km=50), dealers=dealers)
    near = NL & where.location.exists()
    assert ends(plan, verify.never(plan, near, holder="b")) == [("b", "nearest")]
    assert ends(plan, verify.never(plan, near, kind="house")) == [("office", "house")]


def test_a_pick_of_ones_own_that_never_chooses_so_is_unknown():
    mine = Pick("mine", lambda lead, dealers: ["a"])
    plan = a_plan(by.territories(pick=[mine]), territories=[POOL])
    (found,) = verify.never(plan, NL, holder="b")
    assert (found.name, found.level, found.opaque) == ("unknown-region", "note", ("mine@1",))
    assert found.regions[0].text() == "NL"
    assert ends(plan, verify.never(plan, NL, holder="a")) == [("a", "territories")]


def test_a_pick_of_ones_own_that_looks_at_the_lead_is_tried_with_several():
    odd = Pick("odd", lambda lead, dealers: ["b"] if lead.id.endswith("7") else ["a"])
    plan = a_plan(by.territories(pick=[odd]), territories=[POOL])
    assert ends(plan, verify.never(plan, NL, holder="b")) == [("b", "territories")]


# Who the company is.

X, Y = (Company(name, domain=f"{name}.example", country="NL") for name in ("x", "y"))
AT_X = where.domain == "x.example"


def accounts(*paused):
    dealers = [Dealer("a", paused=paused), "b", "c"]
    known = [Account("A1", "a", X), Account("A2", "b", Y)]
    return a_plan(
        by.accounts(),
        by.territories(),
        dealers=dealers,
        accounts=known,
        territories=[Territory("t", ["c"], country="NL")],
    )


def test_a_lead_of_another_company_breaks_nothing():
    plan = accounts()
    (found,) = verify.always(plan, AT_X, holder="a")
    assert (found.name, found.level, found.at) == ("unknown-region", "note", ("broken-promise",))
    assert (found.exact, found.opaque, found.witness) == (False, ("where.domain",), None)


def test_a_lead_is_made_of_the_company_that_is_promised_about():
    july = (datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 8, 1, tzinfo=UTC))
    plan = accounts(july)
    found, unknown = verify.always(plan, NL & AT_X, holder="a")
    assert (found.values["by"], found.values["accounts"]) == ("territories", ("A1",))
    assert [region.text() for region in found.regions] == ["NL, from 2027-07-01 until 2027-07-31, where.domain true"]
    assert found.witness.lead.company.domain == "x.example"
    assert route(found.witness.lead, plan, found.witness.facts, at=found.witness.at).holder == "c"
    assert (unknown.name, unknown.opaque) == ("unknown-region", ("where.domain",))  # of companies without an account


Y2028 = datetime(2028, 1, 1, tzinfo=UTC)


def told(when, known, **promise):
    """What is promised never to be of companies with these accounts: by which, where, and shown by whom."""
    plan = a_plan(by.accounts(), by.territories(), accounts=known, territories=[Territory("t", ["c"], country="NL")])
    return [
        (one.values["accounts"], [region.text() for region in one.regions], one.witness.lead.company.domain)
        for one in verify.never(plan, when, **promise)
        if one.name == "broken-promise"
    ]


def test_of_two_accounts_of_one_dealer_the_one_that_breaks_it_is_named():
    known = [Account("A1", "a", X), Account("A2", "a", Y)]
    assert told(where.domain == "y.example", known, holder="a") == [(("A2",), ["where.domain true"], "y.example")]


def test_it_is_told_while_the_account_that_breaks_it_is_in_force():
    known = [Account("A1", "a", X), Account("A2", "a", Y, valid_from=Y2028)]
    from_then = [(("A2",), ["from 2028-01-01, where.domain true"], "y.example")]
    assert told(where.domain == "y.example", known, holder="a") == from_then


def test_a_company_whose_account_ended_is_told_from_then_on():
    known = [Account("A1", "a", X, valid_until=Y2028)]
    assert told(AT_X, known, holder="c") == [((), ["NL, from 2028-01-01, where.domain true"], "x.example")]


def test_a_company_that_breaks_it_all_the_time_is_told_before_one_that_does_for_some():
    known = [Account("A1", "a", X, valid_from=Y2028)]
    either = where.domain.in_(["x.example", "y.example"])
    assert told(either, known, holder="c") == [((), ["NL, where.domain true"], "y.example")]


def test_what_decides_before_accounts_are_asked_is_shown_by_any_company():
    rule = by.rules(Rule("r", AT_X, ["b"]))
    plan = a_plan(rule, by.accounts(), accounts=[Account("A1", "a", X)])
    assert set(ends(plan, verify.never(plan, AT_X, holder="b"))) == {("b", "rules")}


def test_a_lead_that_says_what_two_accounts_are_known_by_apart_is_not_asked_about():
    """As `always`, `never` and their pages say: it is a conflict that no promise speaks of."""
    numbered = Company("x", number="24123456", country="NL")
    plan = a_plan(by.accounts(), accounts=[Account("A1", "a", numbered), Account("A2", "b", Y)])
    both = Lead("L", Company("x", number="24123456", domain="y.example", country="NL"))
    assert route(both, plan, at=Y2028).flags == ("conflict",)
    assert verify.never(plan, verify.ANY_LEAD, by="accounts", kind="house") == ()
    assert verify.overlaps(plan) == ()
    assert all("apart" in promise.__doc__ for promise in (verify.always, verify.never))


@pytest.mark.parametrize(
    ("when", "field", "said"),
    [
        (AT_X, "domain", "x.example"),
        (where.domain.startswith("shop"), "domain", "shop.example"),
        (where.company_number.in_(["24123456", "24000009"]), "number", "24000009"),
        (where.company == "Jansen", "name", "Jansen"),
        (~where.domain.exists(), "domain", None),
    ],
)
@pytest.mark.parametrize("asked", [{}, {"claimed": True}, {"open_lead": True}])
def test_words_of_the_condition_are_tried(when, field, said, asked):
    plan = a_plan(by.registrations(), by.incumbent(), by.territories(), dealers=["a"], territories=[POOL_OF_A])
    found = verify.never(plan, NL & when, holder="a", **asked)
    assert len(broken(found)) == 1
    assert getattr(found[0].witness.lead.company, field) == said
    assert len(ends(plan, found)) == 1


POOL_OF_A = Territory("t", ["a"], country="NL")


def test_words_of_a_rule_are_tried():
    plan = a_plan(by.registrations(), by.rules(Rule("r", AT_X, ["b"])), by.territories(), territories=[POOL_OF_A])
    assert ends(plan, verify.never(plan, NL, holder="b")) == [("b", "rules")]


# What has happened besides.


def test_an_open_lead_is_asked_for():
    plan = a_plan(
        by.incumbent(), by.territories(), dealers=["a", "b"], territories=[Territory("t", ["b"], country="NL")]
    )
    assert verify.always(plan, NL, holder="b") == ()
    (found,) = verify.always(plan, NL, holder="b", open_lead=True)
    assert (found.values["by"], found.values["incumbent"], found.values["claimant"]) == ("incumbent", "a", None)
    assert ends(plan, [found]) == [("a", "incumbent")]
    assert verify.always(plan, NL, by="incumbent", open_lead=True) == ()
    assert verify.always(plan, NL, holder=["a", "b"], open_lead=True) == ()


def test_an_open_lead_below_a_territory_changes_nothing_there():
    plan = a_plan(
        by.territories(), by.incumbent(), dealers=["a", "b"], territories=[Territory("t", ["b"], country="NL")]
    )
    assert verify.always(plan, NL, holder="b", open_lead=True) == ()
    found = verify.always(plan, where.country == "BE", kind="house", open_lead=True)
    assert ends(plan, found) == [("a", "incumbent"), ("b", "incumbent")]


def test_a_claim_and_an_open_lead_are_asked_for_together():
    plan = a_plan(by.registrations(), by.incumbent(), dealers=["a"])
    found = verify.never(plan, NL, holder="a", claimed=True, open_lead=True)
    assert ends(plan, found) == [("a", "registrations"), ("a", "incumbent")]


@pytest.mark.parametrize("asked", [{"claimed": True}, {"open_lead": True}, {"claimed": True, "open_lead": True}])
def test_where_the_plan_asks_for_none_such_a_lead_is_any_lead(asked):
    plan = a_plan(by.accounts(), by.territories(), accounts=[Account("A1", "a", X)], territories=[POOL])
    found = verify.never(plan, verify.ANY_LEAD, kind="house", **asked)
    assert ends(plan, found) == [("office", "house")]
    assert ends(plan, verify.never(plan, verify.ANY_LEAD, by="accounts", **asked)) == [("a", "accounts")]


# What it is asked with.


@pytest.mark.parametrize("asked", [{"claimed": True}, {"open_lead": True}, {}])
def test_a_budget_that_ends_is_told(asked):
    rules = [Rule(f"r{n}", where.value.lte(n) & where.employees.lte(n), ["a"]) for n in range(6)]
    plan = a_plan(by.registrations(), by.incumbent(), by.rules(*rules), by.territories(), territories=[POOL])
    found = verify.never(plan, NL, kind="house", **asked, budget=verify.Budget(1, 1))
    assert "unknown-region" in {one.name for one in found}


@pytest.mark.parametrize("name", ["holder", "by"])
@pytest.mark.parametrize(("bad", "said"), [([], "names nobody"), (5, "`5` is no id"), ([5], "`[5]` is no id")])
def test_a_promise_about_nobody_is_refused(name, bad, said):
    with pytest.raises(PlanError, match=rf"{name}: .*{said.replace('[', '.').replace(']', '.')}"):
        verify.never(a_plan(by.territories(), territories=[POOL]), NL, **{name: bad})
