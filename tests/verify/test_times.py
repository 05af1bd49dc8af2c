"""Stretches of time in findings: in few words, on the plan's clock, and what ends in them by name."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dealerrouting import Dealer, Plan, Rule, Territory, by, verify, where
from dealerrouting.errors import Faulty
from dealerrouting.model import Suppression
from dealerrouting.rules.route import consider

pytestmark = pytest.mark.pure
NL = where.country == "NL"
YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def plan(*rules, territories=(), **given):
    dealers = [Dealer("a"), Dealer("b"), Dealer("office", kind="house")]
    rungs = [by.rules(*rules), by.territories()] if territories else [by.rules(*rules)]
    return Plan("times", house="office", dealers=dealers, territories=territories, precedence=rungs, **given)


def day(month, number):
    return datetime(2027, month, number, tzinfo=UTC)


ELSEWHEN = Rule("old", NL & (where.product == "p"), ["b"], valid_from=day(3, 1), valid_until=day(5, 1))


def gap(whole, at=YEAR):
    """How the first gap is told, in both languages; and in what form the time stands in its region."""
    region = verify.gaps(whole, at=at)[0].regions[0]
    times = [value for side in region.sides if side.field == "when" for value in side.values]
    return region.text(), region.text("nl"), times


# Days


def test_dates_that_do_not_matter_cut_nothing():
    english, dutch, times = gap(plan(Rule("w", where.weekday.in_(["sat", "sun"]), ["a"]), ELSEWHEN))
    assert english == "NL 1000..9999, on Monday to Friday (but for what old serve)"
    assert dutch.startswith("NL 1000..9999, op maandag tot en met vrijdag (")
    assert times == ["mon-fri~.."]


@pytest.mark.parametrize(
    ("served", "told", "form"),
    [
        (where.weekday.in_(["tue", "thu", "fri", "sat", "sun"]), "on Monday, Wednesday", "mon, wed~.."),
        (~where.month.in_([7, 8]), "in July, August", "month 7, 8~.."),
        (where.month.in_([1, 2, 3, 4, 5, 6, 10, 11, 12]), "in July to September", "month 7-9~.."),
        (~(where.month.in_([8]) & where.weekday.in_(["sun"])), "on Sunday in August", "sun in month 8~.."),
    ],
)
def test_days_are_told_by_weekday_and_month(served, told, form):
    english, _, times = gap(plan(Rule("s", NL & served, ["a"]), ELSEWHEN))
    assert f", {told}" in english
    assert times == [form]


def test_days_that_weekdays_and_months_do_not_tell_are_shown():
    unlike = (where.month.in_([8]) & where.weekday.in_(["sun"])) | (where.month.in_([9]) & where.weekday.in_(["mon"]))
    english, _, times = gap(plan(Rule("s", NL & ~unlike, ["a"])))
    assert english == "NL 1000..9999, on days like 2027-08-01, 2027-09-06"
    assert times == ["2027-08-01, 2027-09-06~.."]


def test_what_differs_from_stretch_to_stretch_is_told_apart():
    """At weekends always; until March on weekdays too."""
    weekend = Rule("w", NL & where.weekday.in_(["sat", "sun"]), ["a"])
    week = Rule("d", NL & where.weekday.in_(["mon", "tue", "wed", "thu", "fri"]), ["b"], valid_from=day(3, 1))
    assert gap(plan(weekend, week))[2] == ["mon-fri~..2027-02-28"]


def clocks(one, other, weekday):
    """What `diff` tells of a rule for one weekday when the plan's clock moves, with the times in its regions."""
    rules = by.rules(Rule("w", NL & (where.weekday == weekday), ["a"]), Rule("n", NL, ["b"]))
    dealers = [Dealer("a"), Dealer("b"), Dealer("office", kind="house")]
    two = [Plan("p", house="office", timezone=zone, dealers=dealers, precedence=[rules]) for zone in (one, other)]
    changes = [c for c in verify.diff(*two, at=YEAR).changes if c.away is None]
    return [(region.text(), side.values) for c in changes for region in c.regions for side in region.sides]


def test_where_an_hour_of_a_day_changes_that_hour_is_told():
    after, before = clocks("UTC", "Europe/Amsterdam", "mon")
    assert after[0] == "NL, at times like 2027-01-04 23:00 UTC to 2027-01-05 00:00 UTC"
    assert before[0] == "NL, at times like 2027-01-03 23:00 UTC to 2027-01-04 00:00 UTC"
    assert before[1] == ("2027-01-03T23:00+0000..<2027-01-04T00:00+0000~..",)


def test_every_instant_of_a_part_that_is_told_is_of_the_class():
    """On clocks on both sides of UTC, half an hour apart, and a day apart."""
    zones = ("America/St_Johns", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")
    told = [text for one in zones for other in zones if one != other for text in _parts_told(one, other)]
    assert len(told) > 30


def _parts_told(one, other):
    for _, values in clocks(one, other, "wed"):
        for part in (part for value in values for part in value.rpartition("~")[0].split(", ")):
            first, _, last = part.partition("..<")
            start = datetime.fromisoformat(first)
            start = start if last else start.replace(tzinfo=ZoneInfo(one))
            ends = datetime.fromisoformat(last) if last else start + timedelta(days=1)
            hours = [start + timedelta(minutes=30 * n) for n in range(int((ends - start) / timedelta(minutes=30)))]
            assert hours
            answers = {tuple(at.astimezone(ZoneInfo(zone)).isoweekday() == 3 for zone in (one, other)) for at in hours}
            assert len(answers) == 1
            assert answers & {(True, False), (False, True)}
            yield part


def test_one_day_is_told_as_one():
    first, last = datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 7, 2, tzinfo=UTC)
    english, dutch, times = gap(plan(Rule("w", NL, ["a"], valid_until=first), Rule("d", NL, ["a"], valid_from=last)))
    assert (english, dutch) == ("NL 1000..9999, on 2027-07-01", "NL 1000..9999, op 2027-07-01")
    assert times == ["2027-07-01..2027-07-01"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (~where.t.has("x") & ~where.t.has("y"), "NL, t none of x; y"),
        (where.t.has("x") | where.t.has("y"), "NL, t any of x; y"),
        (where.t.has("x") & where.t.has("y"), "NL, t x+y"),
    ],
)
def test_lists_are_told_by_what_they_have(asked, told):
    (found,) = verify.overlaps(plan(Rule("r", NL & asked, ["a", "b"]), attributes={"t": "list"}))
    assert [region.text() for region in found.regions] == [told]


def test_a_hole_of_a_microsecond_can_be_read():
    until = datetime(2027, 6, 1, tzinfo=UTC)
    after = until + timedelta(microseconds=1)
    parts = [
        Territory("t", ["a"], country="NL", valid_until=until),
        Territory("t", ["b"], country="NL", valid_from=after),
    ]
    whole = Plan(
        "hole",
        house="office",
        timezone="Europe/Brussels",
        dealers=[Dealer("a"), Dealer("b"), Dealer("office", kind="house")],
        territories=parts,
        precedence=[by.territories()],
    )
    (found,) = [one for one in verify.cliffs(whole, at=YEAR) if one.name == "ending-service"]
    assert found.regions[0].text() == (
        "NL 1000..9999, from 2027-06-01 02:00 CEST until just before 2027-06-01 02:00:00.000001 CEST"
    )


# What ends


def endings(whole, at=YEAR):
    return [one for one in verify.cliffs(whole, at=at) if one.name == "ending-service"]


def test_a_rule_whose_dates_run_out_is_named():
    first = Rule("m1", NL & where.date.between(date(2027, 1, 1), date(2027, 6, 30)), ["a"])
    (found,) = endings(plan(first, Rule("m2", NL & where.date.gte(date(2027, 7, 2)), ["b"])))
    assert (found.at, found.values["end"]) == (("m1",), day(7, 1))


def test_a_rule_whose_dates_go_on_is_not_named():
    """Of two with dates only the one that served there and ends."""
    first = Rule("m1", NL & where.date.lte(date(2027, 6, 30)), ["a"])
    other = Rule("m2", (where.country == "BE") & where.date.lte(date(2027, 6, 30)), ["b"])
    later = Rule("m3", NL & (where.product == "p") & where.date.lte(date(2027, 7, 31)), ["b"])
    at = {one.at for one in endings(plan(first, other, later))}
    assert at == {("m1",), ("m2",), ("m3",)}


def test_service_that_ends_at_weekends_only_is_seen_where_the_week_was_never_served():
    weekend = Rule("w", NL & where.weekday.in_(["sat", "sun"]), ["a"], valid_until=day(6, 1))
    (found,) = endings(plan(weekend))
    assert (found.at, found.values["end"]) == (("w",), day(6, 1))
    assert found.regions[0].text() == "NL 1000..9999, on Saturday, Sunday from 2027-06-01"
    assert found.witness.at == day(6, 5)


def test_a_day_that_was_never_served_does_not_end_because_a_stretch_has_no_such_day():
    """From Saturday to Monday something else is in force; Monday is unserved before and after."""
    weekend = Rule("w", NL & where.weekday.in_(["sat", "sun"]), ["a"])
    other = Rule("x", NL & (where.product == "p"), ["b"], valid_from=day(3, 6), valid_until=day(3, 8))
    whole = plan(weekend, other)
    assert endings(whole) == []
    assert gap(whole)[2] == ["mon-fri~.."]


def test_what_ended_before_the_last_such_day_is_named():
    """A rule ends on a Saturday, and on Monday something else begins; weekdays end with the rule."""
    weekend = Rule("w", NL & where.weekday.in_(["sat", "sun"]), ["a"])
    week = Rule("d", NL, ["b"], valid_until=day(3, 6))
    other = Rule("x", (where.country == "BE"), ["b"], valid_from=day(3, 8))
    (found,) = [one for one in endings(plan(weekend, week, other)) if one.regions[0].bands[0].country == "NL"]
    assert (found.at, found.values["end"]) == (("d",), day(3, 6))


# Suppressions, and the ends of time


def test_a_suppression_is_not_called_unused_where_nobody_knows():
    some = {"products": ["p"], "postcodes": "1000..2000"}, {"languages": ["nl"]}
    served = [Territory(name, ["a"], country="NL", **one) for name, one in zip("tu", some, strict=True)]
    kept = [Suppression(name, "NL", "meant so") for name in ("unserved-region", "DR203", "shadowed-rule")]
    whole = plan(territories=served, suppress=kept)
    found = verify.check(whole, budget=verify.Budget(1, 1))
    lost = {one.at for one in found if one.name == "unknown-region"}
    unused = {one.values["finding"] for one in found if one.name == "unused-suppression"}
    assert ("unserved-region",) in lost
    assert ("shadowed-territory",) in lost
    assert unused == {"DR203"}
    known = verify.check(whole)
    assert {one.values["finding"] for one in known if one.name == "unused-suppression"} == {"DR203", "shadowed-rule"}


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Brussels"])
@pytest.mark.parametrize("hours", [0, 1, 25, 47, 49, 24 * 40, 24 * 300, 24 * 500])
@pytest.mark.parametrize("end", [True, False])
def test_any_instant_can_be_asked_from(zone, hours, end):
    weekend = Rule("w", NL & where.weekday.in_(["sat"]) & where.month.in_([2]), ["a"], valid_until=_LATE)
    early = Rule("e", NL, ["b"], valid_until=_EARLY)
    whole = plan(weekend, early, timezone=zone)
    at = _END - timedelta(hours=hours) if end else _START + timedelta(hours=hours)
    try:
        found = verify.check(whole, at=at)
    except Faulty as error:
        assert end
        assert hours < 49
        assert error.faults[0].place == "at"
        return
    assert found
    assert all(consider(w.lead, whole, w.facts, at=w.at).decision == w.decision for one in found if (w := one.witness))


_START, _END = (edge.replace(tzinfo=UTC) for edge in (datetime.min, datetime.max))
_EARLY, _LATE = _START + timedelta(days=40), _END - timedelta(days=40)
