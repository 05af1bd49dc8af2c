"""Where several dealers are left, by whatever: told, with a lead that shows it, and only where it comes to that."""

from datetime import UTC, datetime

import pytest

from dealerrouting import Account, Company, Dealer, Plan, Rule, Territory, by, verify, where

pytestmark = pytest.mark.pure
DEALERS = [Dealer("a"), Dealer("b"), Dealer("c"), Dealer("house", kind="house")]
NL = where.country == "NL"
DECIDED = (["first"], ["priority"], ["specific"], ["unique"], ["specific", "priority"])
CHOOSING = (["rotation"], ["hashed"], ["least_loaded"], ["first", "rotation"], ["priority", "nearest"])


def plan(*rungs, **more):
    return Plan("p", house="house", dealers=more.pop("dealers", DEALERS), precedence=rungs, **more)


def told(found):
    return [(f.name, f.level, f.at) for f in found]


# One source, several dealers


@pytest.mark.parametrize("pick", DECIDED)
def test_a_rule_among_whose_dealers_nothing_chooses_is_an_error(pick):
    asked = plan(by.rules(Rule("r", NL, ["a", "b"]), pick=pick))
    (found,) = verify.overlaps(asked)
    assert told([found]) == [("undecided-dealers", "error", ("r",))]
    assert found.values["dealers"] == ("a", "b")
    assert found.witness.decision.flags == ("conflict",)
    assert not verify.shadowed(asked)  # one missing pick is told once
    assert [f.at for f in verify.idle(asked)] == [("c",)]


@pytest.mark.parametrize("pick", CHOOSING)
def test_what_may_choose_is_no_error(pick):
    asked = plan(by.rules(Rule("r", NL, ["a", "b"]), pick=pick))
    assert not verify.overlaps(asked)
    assert not verify.shadowed(asked)
    assert [f.at for f in verify.idle(asked)] == [("c",)]


def test_by_default_a_rule_of_several_dealers_is_a_conflict():
    assert told(verify.overlaps(plan(by.rules(Rule("r", NL, ["a", "b", "c"]))))) == [
        ("undecided-dealers", "error", ("r",))
    ]


def test_it_is_told_only_where_several_can_take_the_lead():
    dealers = [Dealer("a", serves_languages=["nl"]), Dealer("b"), Dealer("house", kind="house")]
    asked = plan(by.rules(Rule("r", NL, ["a", "b"])), dealers=dealers)
    (found,) = verify.overlaps(asked)
    assert [region.text() for region in found.regions] == ["NL, language nl or none"]
    assert not verify.shadowed(asked)  # in other languages b has it
    assert not verify.idle(asked)  # a is among those between whom nothing chooses


def test_what_an_earlier_rung_takes_is_no_conflict():
    asked = plan(by.rules(Rule("all", NL, ["c"])), by.territories(pick=["unique"]), **lands(["a", "b"]))
    assert not verify.overlaps(asked)


def test_two_that_name_the_same_dealers_are_told_together_where_they_meet():
    two = [Territory("x", ["a", "b"], country="NL"), Territory("y", ["a", "b"], country=["NL", "BE"])]
    found = verify.overlaps(plan(by.territories(pick=["unique"]), territories=two))
    assert told(found) == [("undecided-dealers", "error", ("x", "y")), ("undecided-dealers", "error", ("y",))]


def test_of_a_territory_the_parts_that_nothing_chooses_for_are_named():
    (found,) = verify.overlaps(plan(by.territories(pick=["priority"]), **lands(["a"], ["b", "c"], priority=1)))
    assert (found.name, found.at, found.values["parts"]) == ("undecided-dealers", ("x",), (2,))


def test_what_a_conflict_of_others_takes_is_told():
    second = Rule("s", NL & (where.product == "p"), ["c"])
    asked = plan(by.rules(Rule("r", NL, ["a", "b"]), second))
    assert [(f.at, f.values["by"], f.values["conflict"]) for f in verify.shadowed(asked)] == [(("s",), ("r",), ())]
    assert [f.at for f in verify.idle(asked)] == [("c",)]


def test_a_pick_that_is_missing_in_a_corner_is_told_once():
    """Elsewhere others come first; if anything chose in the corner, it would decide there."""
    asked = plan(by.rules(Rule("first", NL & ~(where.product == "p"), ["c"]), Rule("r", NL, ["a", "b"])))
    assert told(verify.overlaps(asked)) == [("undecided-dealers", "error", ("r",))]
    assert not verify.shadowed(asked)
    assert not verify.idle(asked)


def test_every_dealer_in_whose_absence_it_would_decide_is_named():
    two = [Rule("r", NL, ["a"]), Rule("s", NL, ["b"])]
    found = verify.shadowed(plan(by.rules(*two, pick=["unique"])))
    assert [(f.at, f.values["conflict"], f.values["only_without"]) for f in found] == [
        (("r",), ("r", "s"), ("b",)),
        (("s",), ("r", "s"), ("a",)),
    ]
    (both,) = verify.shadowed(plan(by.rules(Rule("n", NL, ["a"]), Rule("m", NL, ["a", "b"]), pick=["first"])))
    assert (both.at, both.values["only_without"]) == (("m",), ("a",))
    lux = where.country == "LU"
    (last,) = verify.shadowed(
        plan(by.rules(Rule("n", NL, ["a"]), Rule("l", lux, ["b"]), Rule("both", NL | lux, ["c"])))
    )
    assert (last.at, last.values["by"], last.values["only_without"]) == (("both",), ("l", "n"), ("a", "b"))


# Parts of one territory


def lands(one, two=None, **more):
    parts = [Territory("x", one, country="NL", postcodes="1000..2000")]
    parts += [Territory("x", two, country="NL", postcodes="1500..3000", **more)] if two else []
    return {"territories": parts}


@pytest.mark.parametrize(("pick", "level"), [(["rotation"], "warning"), (["unique"], "error")])
def test_parts_of_one_territory_with_different_dealers_overlap(pick, level):
    (found,) = verify.overlaps(plan(by.territories(pick=pick), **lands(["a"], ["b"])))
    assert told([found]) == [("overlapping-territory", level, ("x",))]
    assert found.values["parts"] == (1, 2)
    assert [region.text() for region in found.regions] == ["NL 1500..2000"]


@pytest.mark.parametrize(
    ("pick", "one", "two", "more"),
    [
        (["rotation"], ["a"], ["a"], {}),  # shared by design
        (["rotation"], ["a", "b"], ["a", "b"], {}),
        (["priority", "rotation"], ["a"], ["b"], {"priority": 1}),
    ],
)
def test_parts_that_are_shared_or_set_apart_do_not(pick, one, two, more):
    assert not verify.overlaps(plan(by.territories(pick=pick), **lands(one, two, **more)))


def test_a_part_that_another_part_always_beats_is_shadowed_though_they_share_a_dealer():
    parts = [
        Territory("x", ["a", "b"], country="NL", sectors="C24"),
        Territory("x", ["b", "c"], country="NL", priority=1),
    ]
    asked = plan(by.territories(pick=["priority", "rotation"]), territories=parts)
    assert not verify.overlaps(asked)
    (found,) = verify.shadowed(asked)
    assert (found.at, found.values["part"], found.values["by"]) == (("x",), 1, ("x",))
    assert (found.values["by_parts"], "conflict_parts" in found.values) == ({"x": (2,)}, False)
    assert [f.at for f in verify.idle(asked)] == [("a",)]


def test_parts_that_quarrel_before_another_part_come_first():
    parts = [Territory("x", ["a"], country="NL", postcodes="1000..1999")]
    parts += [Territory("x", [name], country=["NL", land], priority=1) for name, land in (("b", "BE"), ("c", "LU"))]
    (found,) = verify.shadowed(plan(by.territories(pick=["priority"]), territories=parts))
    assert (found.values["part"], found.values["by_parts"]) == (1, {"x": (2, 3)})
    assert not found.values["conflict"]


def test_parts_that_quarrel_are_named():
    parts = [Territory("x", ["a"], country="NL"), Territory("x", ["b"], country=["NL", "BE"])]
    parts.append(Territory("y", ["c"], country="BE"))
    found = verify.shadowed(plan(by.territories(pick=["unique"]), territories=parts))
    assert [(f.values.get("part"), f.values["conflict"], f.values["conflict_parts"]) for f in found] == [
        (1, ("x",), {"x": (1, 2)}),
        (2, ("x", "y"), {"x": (1, 2)}),
        (None, ("x", "y"), {"x": (2,)}),
    ]


# What an earlier rung takes


def exclusive(*rules):
    lux = [Territory("x", ["a"], country="LU", exclusive=True), Territory("y", ["b"], country=["LU", "BE"])]
    rungs = [by.rules(*rules)] if rules else []
    return plan(*rungs, by.territories(), territories=lux)


def test_an_exclusive_territory_is_broken_only_where_it_comes_to_that():
    assert not verify.exclusive(exclusive(Rule("r", where.country == "LU", ["c"])))
    (found,) = verify.exclusive(exclusive(Rule("r", (where.country == "LU") & where.value.gte(5), ["c"])))
    assert found.regions[0].text() == "LU (but for what r serve)"
    assert found.witness.decision.flags == ("conflict",)
    assert found.witness.decision.because == ("x", "y")
    assert verify.exclusive(exclusive())[0].regions[0].text() == "LU"


def test_what_never_decides_does_not_decide_in_a_conflict_while_another_is_away():
    found = verify.shadowed(exclusive(Rule("r", where.country == "LU", ["c"])))
    assert [(f.at, f.values["by"], f.values["only_without"]) for f in found] == [(("x",), ("r",), ())]


def accounts(*rules, **more):
    both = [
        Account("A1", "a", Company("X", domain="x.example", country="NL")),
        Account("A2", "b", Company("X", domain="x.example", country="NL"), **more),
    ]
    return plan(by.rules(*rules), by.accounts(), accounts=both)


def test_accounts_quarrel_only_where_no_rung_before_them_takes_the_lead():
    assert not verify.overlaps(accounts(Rule("r", verify.ANY_LEAD, ["c"])))
    (found,) = verify.overlaps(accounts(Rule("r", NL | ~where.country.exists(), ["c"])))
    assert (found.name, found.witness.decision.flags) == ("overlapping-account", ("conflict",))
    assert found.witness.decision.because == ("A1", "A2")


def test_accounts_quarrel_where_the_rung_before_them_is_there_for_a_while_only():
    ends, starts = datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    rule = Rule("r", verify.ANY_LEAD, ["c"], valid_until=ends)
    (found,) = verify.overlaps(accounts(rule))
    assert found.witness.at >= ends
    assert not verify.overlaps(accounts(rule, valid_until=ends))
    assert verify.overlaps(accounts(rule, valid_from=starts))


# What has ended


def test_an_account_that_has_ended_leads_to_nobody():
    at = datetime(2027, 1, 4, tzinfo=UTC)
    company = Company("X", domain="x.example", country="NL")

    def idle(dealers=DEALERS, **more):
        asked = plan(
            by.accounts(),
            by.territories(),
            dealers=dealers,
            accounts=[Account("A1", "b", company, **more)],
            territories=[Territory("t", ["a", "c"], country="NL")],
        )
        return [f.at for f in verify.idle(asked, at=at)]

    assert idle() == []
    assert idle(valid_until=at) == [("b",)]
    assert idle(valid_until=datetime(2027, 1, 5, tzinfo=UTC)) == []
    gone = [DEALERS[0], Dealer("b", active_until=datetime(2027, 3, 1, tzinfo=UTC)), *DEALERS[2:]]
    assert idle(gone) == []
    assert idle(gone, valid_from=datetime(2027, 3, 1, tzinfo=UTC)) == [("b",)]
