"""Mutants of a plan: one change each, named, told in both languages, in one order."""

from collections import Counter
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import mutation_laws as laws
import mutation_world as world
from dealerrouting import Dealer, Elapsed, Lead, PlanError, Rule, Territory, by, where
from dealerrouting.calendar import BusinessDays
from dealerrouting.documents import load_plan
from dealerrouting.model import Suppression
from dealerrouting.postcode import parse_set
from dealerrouting.terms import ClaimTerms, Terms
from dealerrouting.testing.mutation import KINDS, mutants, written_terms
from dealerrouting.testing.mutation.clauses import longer_and_shorter
from dealerrouting.testing.mutation.stepping import stepped_codes

PLAN = world.plan(terms=Terms(remind_after=Elapsed(hours=24), claims=ClaimTerms(protects=Elapsed(days=30))))
MUTANTS = {mutant.id: mutant for mutant in mutants(PLAN)}


def of(plan, start, **told):
    return {mutant.id.removeprefix(start): mutant for mutant in mutants(plan, **told) if mutant.id.startswith(start)}


def ruled(condition, **more):
    """The mutants of one rule's condition, by what follows `when.`."""
    return of(world.plan(rules=[Rule("r", when=condition, dealers=["a"])], **more), "rule/r/when.")


def holds(mutant, lead, at=world.MAY):
    """Whether the rule of the mutant is true for the lead."""
    plan = mutant.plan
    source = next(source for source in plan.sources["rules"] if source.id == "r")
    return source.condition.truth(plan.lens.read(lead, at).facts, lambda _: None) is True


def test_what_is_made_of_one_of_everything():
    assert [name for name in MUTANTS if name.startswith(("rung/", "account/"))] == [
        "rung/registrations/drop",
        "rung/accounts/drop",
        "rung/accounts/later",
        "rung/incumbent/drop",
        "rung/incumbent/later",
        "rung/incumbent/won_within.double",
        "rung/incumbent/won_within.half",
        "rung/incumbent/won_within.drop",
        "rung/rules/drop",
        "rung/rules/later",
        "rung/territories/drop",
        "rung/territories/later",
        "rung/territories/pick.0.drop",
        "rung/territories/pick.1.drop",
        "rung/territories/pick.2.drop",
        "rung/territories/pick.0.later",
        "rung/nearest/drop",
        "rung/nearest/pick.0.drop",
        "rung/nearest/pick.1.drop",
        "rung/nearest/within_km.widen",
        "rung/nearest/within_km.narrow",
        "rung/nearest/within_km.any",
        "account/K1/drop",
        "account/K1/holder",
        "account/K1/valid_from-",
        "account/K1/valid_from+",
        "account/K1/valid_from.drop",
    ]
    assert [name.removeprefix("rule/") for name in MUTANTS if name.startswith("rule/")] == [
        "big/drop",
        "big/later",
        "big/when.0.drop",
        "big/when.1.drop",
        "big/when.1.value.start-",
        "big/when.1.value.start+",
        "big/dealers.c.other",
        "north/drop",
        "north/later",
        "north/when.0.drop",
        "north/when.1.drop",
        "north/when.1.postcode.0.start-",
        "north/when.1.postcode.0.start+",
        "north/when.1.postcode.0.end-",
        "north/dealers.a.other",
        "august/drop",
        "august/when.0.drop",
        "august/when.1.drop",
        "august/when.0.month.0.drop",
        "august/when.0.month.1.drop",
        "august/when.1.not",
        "august/when.1.not.sector.0.widen",
        "august/when.1.not.sector.0.narrow",
        "august/dealers.b.other",
        "august/valid_until-",
        "august/valid_until+",
        "august/valid_until.drop",
    ]
    territories = [name.removeprefix("territory/") for name in MUTANTS if name.startswith("territory/")]
    assert [name for name in territories if name.startswith(("city", "food", "cells"))] == [
        "cells/drop",
        "cells/dealers.swap",
        "cells/geohashes.0.widen",
        "cells/geohashes.0.narrow",
        "cells/geohashes.any",
        "cells/postcodes.0.start-",
        "cells/postcodes.0.end+",
        "cells/postcodes.any",
        "cells/dealers.a.other",
        "cells/priority+",
        "cells/priority-",
        "cells/exclusive",
        "city/drop",
        "city/dealers.swap",
        "city/postcodes.0.start-",
        "city/postcodes.0.start+",
        "city/postcodes.0.end-",
        "city/postcodes.0.end+",
        "city/postcodes.1.start-",
        "city/postcodes.1.drop",
        "city/postcodes.1.end+",
        "city/postcodes.any",
        "city/dealers.a.other",
        "city/dealers.a.drop",
        "city/dealers.b.other",
        "city/dealers.b.drop",
        "city/weights.a",
        "city/priority+",
        "city/priority-",
        "city/exclusive",
        "food/drop",
        "food/dealers.swap",
        "food/country.any",
        "food/sectors.0.widen",
        "food/sectors.0.narrow",
        "food/sectors.any",
        "food/products.0.drop",
        "food/products.1.drop",
        "food/products.any",
        "food/languages.any",
        "food/dealers.b.other",
        "food/priority+",
        "food/priority-",
        "food/exclusive",
    ]
    assert "south#1/valid_from+" in territories or "south#2/valid_from+" in territories
    assert [name for name in MUTANTS if name.startswith("terms/")] == [
        "terms/remind_after.double",
        "terms/remind_after.half",
        "terms/claims.protects.double",
        "terms/claims.protects.half",
    ]
    assert {mutant.kind for mutant in MUTANTS.values()} == set(KINDS)


def test_each_has_a_place_and_a_sentence_in_both_languages():
    mutant = MUTANTS["territory/city/postcodes.0.end+"]
    assert mutant.place == 'territory "city"'
    assert mutant.path == ("territories", 1)
    assert PLAN.territories[1].id == "city"
    assert mutant.text() == 'territory "city": postcodes up to 3400, not up to 3399'
    assert mutant.text("nl") == 'gebied "city": postcodes tot en met 3400, niet tot en met 3399'
    for one in MUTANTS.values():
        assert one.text("en") != one.text("nl")
        assert "{" not in one.text("en") + one.text("nl")
        assert "\n" not in one.text()
    assert len({one.text() for one in MUTANTS.values()}) == len(MUTANTS)


def test_each_changes_what_its_path_says_and_nothing_else():
    laws.one_thing_is_changed(PLAN)


def test_what_is_no_rule_stays_as_it_is():
    plan = evolve(
        PLAN, suppress=[Suppression("overlapping-territory", "city", "shared on purpose")], timezone="Europe/Paris"
    )
    for mutant in mutants(plan, limit=40):
        made = mutant.plan
        assert made is None or (made.suppress, made.timezone, made.attributes) == (
            plan.suppress,
            plan.timezone,
            plan.attributes,
        )


def test_the_order_and_the_ids_never_change():
    shuffled = evolve(
        PLAN,
        territories=PLAN.territories[::-1],
        dealers=PLAN.dealers[::-1],
        accounts=PLAN.accounts[::-1],
    )
    assert [mutant.id for mutant in mutants(shuffled)] == list(MUTANTS)
    assert all(one.plan == MUTANTS[one.id].plan for one in mutants(shuffled))
    assert len(mutants(PLAN)) == len(MUTANTS)


def test_ids_are_their_own_even_where_parts_are_named_alike():
    rungs = [by.rules(Rule("rules-2/x", when=where.value >= 1, dealers=["a"])), by.territories()]
    rungs.insert(1, by.rules(Rule("x", when=where.value >= 1, dealers=["a"])))
    found = mutants(world.plan(rungs=rungs, accounts=()))
    assert len({one.id for one in found}) == len(found)
    assert "rule/rules-2/x/drop~2" in {one.id for one in found}


def test_a_change_that_leaves_no_plan_makes_none():
    # the postcode of a condition means nothing without its country beside it; two equal parts would share a day
    assert MUTANTS["rule/north/when.0.drop"].plan is None
    parts = [
        name for name in MUTANTS if name.startswith("territory/south#") and name.endswith((".drop", "valid_from-"))
    ]
    assert {MUTANTS[name].plan for name in parts} == {None}


# Postcodes


SETS = st.sampled_from(
    ["NL 3000..3399; 3500", "NL 3011 AB..3011 AX", "GB SW1; SW10..SW12; M1 1AA", "PL 00-001..05-999"]
)


@given(
    SETS.map(lambda text: parse_set(text[:2], text[3:]))
    | st.tuples(st.integers(1_000, 9_998), st.integers(0, 99)).map(
        lambda pair: parse_set("NL", f"{pair[0]}..{min(9_999, pair[0] + pair[1])}")
    )
)
def test_postcodes_move_by_one_code_at_one_end(codes):
    laws.postcodes_move_by_one_code(codes)


def test_a_country_without_an_order_loses_a_code():
    codes = parse_set("AR", "C1425; B*")
    changes = list(stepped_codes("postcodes", codes))
    assert {change.kind for change in changes} == {"narrow"}
    assert sorted(change.make().items for change in changes) == [("B*",), ("C1425",)]


def test_the_ends_of_a_country_stay():
    ids = [change.slug for change in stepped_codes("postcodes", parse_set("NL", "1000..9999"))]
    assert ids == ["postcodes.0.start+", "postcodes.0.end-"]


# Conditions


@pytest.mark.parametrize(
    ("condition", "field", "values", "expected"),
    [
        (
            where.value.between(10, 20),
            "value",
            (9, 10, 20, 21),
            {
                "value.start-": (1, 1, 1, 0),
                "value.start+": (0, 0, 1, 0),
                "value.end-": (0, 1, 0, 0),
                "value.end+": (0, 1, 1, 1),
            },
        ),
        (where.value >= 1.5, "value", (1.4, 1.5, 1.6), {"value.start-": (1, 1, 1), "value.start+": (0, 0, 1)}),
        (where.value <= 7, "value", (6, 7, 8), {"value.end-": (1, 0, 0), "value.end+": (1, 1, 1)}),
        (
            ~(where.value <= 7),
            "value",
            (6, 7, 8),
            {"not": (1, 1, 0), "not.value.end-": (0, 1, 1), "not.value.end+": (0, 0, 0)},
        ),
        (where.product.in_(["x", "y"]), "product", ("x", "y"), {"product.0.drop": (0, 1), "product.1.drop": (1, 0)}),
        (where.source.startswith("fair-"), "source", ("fair-1", "fair", "fai"), {"source.widen": (1, 1, 0)}),
        (
            where.sector.under("C10.1"),
            "sector",
            ("C10", "C10.2", "C10.1", "C10.11"),
            {"sector.0.widen": (1, 1, 1, 1), "sector.0.narrow": (0, 0, 0, 1)},
        ),
        (
            (where.value >= 5) | (where.fleet >= 5),
            "value",
            (4, 5),
            {
                "0.drop": (0, 0),
                "1.drop": (0, 1),
                "0.value.start-": (1, 1),
                "0.value.start+": (0, 0),
                "1.fleet.start-": (0, 1),
                "1.fleet.start+": (0, 1),
            },
        ),
    ],
)
def test_a_condition_moves_by_one_step(condition, field, values, expected):
    found = ruled(condition)
    leads = [Lead("L", **{field: value}) for value in values]
    assert {name: tuple(int(holds(one, lead)) for lead in leads) for name, one in found.items()} == expected
    laws.kinds_are_what_they_say(condition, leads, found.values(), holds, _was)


def _was(condition, lead):
    plan = world.plan(rules=[Rule("r", when=condition, dealers=["a"])])
    return plan.sources["rules"][0].condition.truth(plan.lens.read(lead, world.MAY).facts, lambda _: None) is True


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ((where.country == "NL") & where.postcode.under("3000..3399", "35*"), {"widen": 6, "narrow": 4}),
        ((where.country == "NL") & where.postcode.startswith("30"), {"widen": 3}),
        (where.location.within_km(52, 4, 10), {"widen": 1, "narrow": 1}),
        (where.location.under("u15", "u1hz"), {"narrow": 4, "widen": 2}),
        (where.date.between("2027-07-01", "2027-08-31"), {"widen": 2, "narrow": 2}),
        (where.received_at.gte("2027-07-01T00:00:00Z"), {"widen": 1, "narrow": 1}),
        (where.weekday.in_(["mon", "tue"]), {"narrow": 2}),
        (where.fleet.exists(), {}),
        (where.country == "NL", {}),
    ],
)
def test_every_kind_of_field_has_its_steps(condition, kinds):
    found = ruled(condition)
    assert Counter(one.kind for one in found.values()) == kinds
    valid = [name for name, one in found.items() if one.plan is not None]
    assert [name for name in found if name not in valid] in ([], ["0.drop"])


def test_a_month_does_not_leave_the_year():
    found = ruled(where.month.between(1, 12))
    assert {name for name, one in found.items() if one.plan is None} == {"month.start-", "month.end+"}


# Dealers, dates, terms


def test_another_dealer_is_one_that_is_not_there_yet():
    found = of(PLAN, "territory/city/dealers.")
    assert dict(found["a.other"].plan.territories[1].dealers) == {"b": 1, "c": 2}
    assert dict(found["b.other"].plan.territories[1].dealers) == {"a": 2, "c": 1}
    two = world.plan(dealers=[world.HOUSE, Dealer("a")], territories=[Territory("t", ["a"])], rules=(), accounts=())
    assert dict(of(two, "territory/t/dealers.")["a.other"].plan.territories[0].dealers) == {"office": 1}


def test_dates_move_by_a_day():
    found = of(PLAN, "rule/august/valid_until")
    day = timedelta(days=1)
    ends = [one.plan and one.plan.precedence[3].rules[2].valid_until for one in found.values()]
    assert ends == [world.MAY - day, world.MAY + day, None]


def test_every_length_of_the_terms_is_doubled_and_halved():
    terms = Terms(accept_within=Elapsed(hours=8), retention=Elapsed(days=100), max_reassignments=0)
    found = of(world.plan(terms=terms), "terms/", terms=laws.TERMS)
    assert found["accept_within.double"].plan.terms.accept_within == Elapsed(hours=16)
    assert found["claims.protects.half"].plan.terms.claims.protects == Elapsed(days=45)
    assert found["house.remind_after.half"].plan.terms.house.remind_after == Elapsed(hours=24)
    assert found["retention.double"].plan.terms.retention == Elapsed(days=200)
    assert found["on_silence.other"].plan.terms.on_silence == ("return",)
    assert "max_reassignments-" not in found
    assert found["max_reassignments+"].plan.terms.max_reassignments == 1
    halves = [change.make() for change in longer_and_shorter("x", BusinessDays(1))]
    assert halves == [BusinessDays(2)]
    assert found["remind_after.double"].text() == "terms: remind_after 4d instead of 48h"


# Only what was written


WRITTEN = {
    ".yaml": "terms:\n  remind_after: {elapsed: 48h}\n  notice: {elapsed: 30h}\n  stale_after:\n"
    "  house: {escalate_after: {elapsed: 5d}}\n  claims: {}\n",
    ".json": '"terms": {"remind_after": {"elapsed": "48h"}, "notice": {"elapsed": "30h"}, "stale_after": null, '
    '"house": {"escalate_after": {"elapsed": "5d"}}, "claims": {}}',
    ".toml": '[terms]\nremind_after = {elapsed = "48h"}\nnotice = {elapsed = "30h"}\n'
    '[terms.house]\nescalate_after = {elapsed = "5d"}\n[terms.claims]\n',
}
REST = {
    ".yaml": "name: p\nhouse: h\ndealers: [{id: h, kind: house}]\nprecedence: [registrations]\n",
    ".json": '"name": "p", "house": "h", "dealers": [{"id": "h", "kind": "house"}], "precedence": ["registrations"], ',
    ".toml": 'name = "p"\nhouse = "h"\nprecedence = ["registrations"]\ndealers = [{id = "h", kind = "house"}]\n',
}


@pytest.mark.parametrize("suffix", WRITTEN)
def test_terms_are_changed_that_a_file_writes_also_as_they_are_by_default(suffix, tmp_path):
    text = REST[suffix] + WRITTEN[suffix]
    (tmp_path / f"plan{suffix}").write_text(f"{{{text}}}" if suffix == ".json" else text, "utf-8")
    plan = load_plan(tmp_path)
    terms = written_terms(str(tmp_path), plan)
    assert terms == {"remind_after", "notice", "house.escalate_after"}
    assert list(of(plan, "terms/", terms=terms)) == [
        "remind_after.double",
        "remind_after.half",
        "notice.double",
        "notice.half",
        "house.escalate_after.double",
        "house.escalate_after.half",
    ]


@pytest.mark.parametrize("suffix", REST)
def test_no_terms_are_changed_where_none_are_written(suffix, tmp_path):
    text = REST[suffix].rstrip(", ")
    (tmp_path / f"plan{suffix}").write_text(f"{{{text}}}" if suffix == ".json" else text, "utf-8")
    assert written_terms(str(tmp_path), load_plan(tmp_path)) == frozenset()


def test_in_python_those_count_that_are_not_as_they_are_by_default():
    """A plan there does not tell what was written: also a term with the value of the default is left alone."""
    plan = world.plan(terms=Terms(remind_after=Elapsed(hours=48), notice=Elapsed(hours=30)))
    assert written_terms("d_plans:plan", plan) == {"notice"}
    assert list(of(plan, "terms/")) == ["notice.double", "notice.half"]
    assert not of(world.plan(), "terms/")


# Fewer


def test_a_limit_spreads_over_the_kinds():
    for limit in (1, 5, 12, 40, 90):
        some = mutants(PLAN, limit=limit)
        assert len(some) == limit
        counted, every = Counter(one.kind for one in some), Counter(one.kind for one in MUTANTS.values())
        least = min((counted[kind] for kind in KINDS if counted[kind] < every[kind]), default=limit)
        assert max(counted.values()) <= least + 1
        assert [one.id for one in some] == [name for name in MUTANTS if name in {one.id for one in some}]
    assert len(mutants(PLAN, limit=10_000)) == len(MUTANTS)


def test_only_these_kinds():
    assert {one.kind for one in mutants(PLAN, only=["date", "drop"])} == {"date", "drop"}
    with pytest.raises(PlanError, match="unknown kind `dropp`; did you mean `drop`"):
        mutants(PLAN, only=["dropp"])
