"""Leads and companies: whatever a form holds is read, or absent with its raw text kept."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given, settings
from hypothesis import strategies as st

import alphabet as abc
import laws
import strategies as some
from dealerrouting import Company, Lead, LeadRefused
from dealerrouting.model import MAX_FIELD, MAX_MESSAGE, readable_text
from quick import upto

pytestmark = pytest.mark.pure


# What is read, and what becomes of what is not.


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ("country", "nl", "NL"),
        ("country", " NL ", "NL"),
        ("postcode", "3011ab", "3011 AB"),
        ("city", "  Den  Haag ", "Den  Haag"),
        ("city", "Cafe\u0301", "Café"),
        ("city", 7, "7"),
        ("lat", "51.92", 51.92),
        ("lat", Decimal("51.92"), 51.92),
        ("lat", 0, 0.0),
        ("lat", "-0", 0.0),
        ("sector", "welding", "welding"),
        ("language", "nl-BE", "nl"),
        ("language", "NL_nl", "nl"),
        ("language", "nds", "nds"),
        ("value", "250000", Decimal(250_000)),
        ("value", "250.00", Decimal(250)),
        ("value", 12.5, Decimal("12.5")),
        ("value", " 1e3 ", Decimal(1_000)),
        ("value", "1e-30", Decimal("1e-30")),
        ("value", 0.1 + 0.2, Decimal("0.30000000000000004")),
        ("value", 0, Decimal(0)),
        ("currency", "eur", "EUR"),
        ("employees", "10", 10),
        ("employees", 10.0, 10),
        ("employees", "1e1", 10),
        ("received_at", "2027-03-31T22:00:00Z", abc.APRIL),
        ("received_at", "2027-04-01 00:00+02:00", abc.APRIL),
        ("received_at", abc.APRIL.astimezone(timezone(timedelta(hours=9))), abc.APRIL),
        ("message", "a\r\nb\tc", "a\r\nb\tc"),
    ],
)
def test_what_can_be_read(column, raw, value):
    lead = Lead("L", **{"country": "NL", "lon": 4.5 if column == "lat" else None, column: raw})
    assert getattr(lead, column) == value
    assert type(getattr(lead, column)) is type(value)
    assert lead.unreadable == {}


@pytest.mark.parametrize(
    ("column", "raw", "kept"),
    [
        ("value", "250.000", "250.000"),
        ("value", "1.500", "1.500"),
        ("country", "Narnia", "Narnia"),
        ("country", ["NL"], "['NL']"),
        ("postcode", "99", "99"),
        ("postcode", 3011.5, "3011.5"),
        ("city", "a\0b", "a\0b"),
        ("city", "\ud800", "\\ud800"),
        ("city", b"\xff", "b'\\xff'"),
        ("city", True, "True"),
        ("city", {"a": [1]}, "{'a': [1]}"),
        ("lat", "north", "north"),
        ("lat", "91", "91"),
        ("lat", float("nan"), "nan"),
        ("lat", "1e999", "1e999"),
        ("lat", Decimal("sNaN"), "Decimal('sNaN')"),
        ("language", "Dutch", "Dutch"),
        ("language", "?", "?"),
        ("value", "1.000,50", "1.000,50"),
        ("value", "-1", "-1"),
        ("value", "EUR 10", "EUR 10"),
        ("value", "1e15", "1e15"),
        ("value", "1e-31", "1e-31"),
        ("value", "1e-400000", "1e-400000"),
        ("value", "0e-400000", "0e-400000"),
        ("value", "0." + "1" * 31, "0." + "1" * 31),
        ("value", 5e-324, "5e-324"),
        ("employees", "0e-31", "0e-31"),
        ("value", "NaN", "NaN"),
        ("value", True, "True"),
        ("currency", "euro", "euro"),
        ("employees", "10.5", "10.5"),
        ("employees", "ten", "ten"),
        ("received_at", "yesterday", "yesterday"),
        ("received_at", "2027-03-31T22:00:00", "2027-03-31T22:00:00"),
        ("received_at", datetime(2027, 3, 31), "datetime.datetime(2027, 3, 31, 0, 0)"),
        ("received_at", "2027-02-30T00:00Z", "2027-02-30T00:00Z"),
        ("received_at", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"),
    ],
)
def test_what_cannot_be_read_is_absent_and_kept(column, raw, kept):
    lead = Lead("L", **{"country": "NL", "lon": 4.5 if column == "lat" else None, column: raw})
    assert getattr(lead, column) is None
    assert lead.unreadable[column] == kept


@pytest.mark.parametrize("nothing", [None, "", "   ", "\t\n", "\u00a0"])
def test_an_empty_field_is_absent_and_no_fault(nothing):
    lead = Lead("L", nothing, **dict.fromkeys(some.COLUMNS, nothing), attributes={"fleet": nothing})
    assert lead == Lead("L")
    assert lead.unreadable == {}


def test_latitude_and_longitude_mean_something_together_only():
    assert Lead("L", lat=0, lon=0).point == (0.0, 0.0)
    assert Lead("L", lat=-90, lon=180).point == (-90.0, 180.0)
    for given_ in ({"lat": 51}, {"lon": 4}, {"lat": 51, "lon": "x"}, {"lat": 51, "lon": 180.1}, {"lat": "", "lon": 4}):
        lead = Lead("L", **given_)
        assert lead.point is lead.lat is lead.lon is None
        assert set(lead.unreadable) == {name for name, raw in given_.items() if raw != ""}


def test_a_postcode_needs_its_country():
    assert Lead("L", country="NL", postcode="3011 AB").postcode == "3011 AB"
    assert Lead("L", postcode="3011 AB").unreadable == {"postcode": "3011 AB"}
    both = Lead("L", country="Narnia", postcode="3011 AB").unreadable
    assert both == {"country": "Narnia", "postcode": "3011 AB"}


def test_own_fields_are_text_numbers_truths_and_lists():
    lead = Lead(
        "L",
        attributes={
            "text": " a ",
            "int": 7,
            "truth": False,
            "real": 1.5,
            "list": ["b", "a", "a"],
            "day": datetime(2027, 1, 1, tzinfo=UTC).date(),
            "set": {"x"},
            "bad": b"x",
            "worse": [["a"]],
            "nothing": None,
        },
    )
    assert lead.attributes == {
        "text": "a",
        "int": 7,
        "truth": False,
        "real": "1.5",
        "list": ("a", "b"),
        "day": "2027-01-01",
        "set": ("x",),
    }
    assert lead.unreadable == {"x_bad": "b'x'", "x_worse": "[['a']]"}


def test_a_company_may_be_a_name_a_mapping_or_itself():
    assert Lead("L", "Jansen").company == Company("Jansen")
    assert Lead("L", {"name": "Jansen", "country": "??"}).company == Company("Jansen", country="??")
    assert Lead("L", {"country": "??"}).unreadable == {"company.country": "??"}
    assert Lead("L", Company("Jansen")).company == Company("Jansen")
    assert Lead("L", b"x").unreadable == {"company.name": "b'x'"}
    assert Lead("L").company == Company()


def test_the_keys_of_a_lead_are_its_companys_and_its_own_mail_domain():
    lead = Lead("L", Company(number="24123456"), country="NL", email="a@jansen.example")
    assert set(map(str, lead.keys())) == {"number:NL:24123456", "domain:jansen.example"}
    assert {str(key) for key in Company(number="24123456").keys(country="NL")} == {"number:NL:24123456"}
    assert Company(number="24123456", country="BE").keys(country="NL") == frozenset()
    assert Lead("L", email="a@gmail.com").keys() == frozenset()


# Refused.


def refusal(*arguments, **columns):
    with pytest.raises(LeadRefused) as refused:
        Lead(*arguments, **columns)
    return refused.value.faults


def test_every_bound_is_told_at_once_and_no_text_of_the_lead():
    found = refusal(None, city="c" * 1_025, message="m" * 65_537, attributes={"long": "x" * 1_025, "y" * 65: "z"})
    assert [fault.path[0] for fault in found] == ["id", "city", "message", "x_long", f"x_{'y' * 65}"]
    assert "ccc" not in str(LeadRefused(found))
    assert "1,025 characters; the bound is 1,024" in str(found[1])


def test_the_bounds_are_exact():
    assert len(Lead("L", city="x" * MAX_FIELD, message="x" * MAX_MESSAGE).message) == 65_536
    assert Lead("x" * MAX_FIELD).id == "x" * 1_024
    assert Lead("L", "n" * MAX_FIELD, attributes={"a" * 64: ["x" * MAX_FIELD] * 256}).attributes
    for columns in (
        {"company": "n" * 1_025},
        {"company": {"vat": "n" * 1_025}},
        {"attributes": {"a": ["x" * 1_025]}},
        {"attributes": {"a": ["x"] * 257}},
        {"attributes": {"a": 10**18}},
        {"attributes": {"a": -(10**18)}},
        {"attributes": {f"a{n}": "x" for n in range(257)}},
    ):
        assert len(refusal("L", **columns)) == 1
    assert refusal("x" * 1_025)[0].path == ("id",)
    with pytest.raises(LeadRefused):
        Company(domain="x" * 1_025)


def test_a_refusal_pickles():
    with pytest.raises(LeadRefused) as refused:
        Lead(None)
    assert pickle.loads(pickle.dumps(refused.value)).faults == refused.value.faults


# Values.


@settings(some.checked, max_examples=upto(150))
@given(some.leads())
def test_leads_survive_pickle_copy_and_reading_themselves_again(lead):
    for again in (pickle.loads(pickle.dumps(lead)), copy.copy(lead), copy.deepcopy(lead), evolve(lead)):
        assert again == lead
        assert hash(again) == hash(lead)
        assert again.unreadable == lead.unreadable


@settings(some.checked, max_examples=upto(200))
@given(some.hostile)
@example("\ufb2c" * 200)
@example(" \u0301")
def test_readable_text_is_read_once(value):
    text = readable_text(value)
    if text is not None:
        assert readable_text(text) == text == text.strip()
        assert text.encode("utf-8")
        assert "\0" not in text


def test_leads_are_frozen_and_hide_the_person():
    lead = Lead("L", contact_name="SECRET", email="SECRET@x.example", phone="SECRET", message="SECRET", city="\0SECRET")
    with pytest.raises(FrozenInstanceError):
        lead.country = "NL"
    with pytest.raises(TypeError):
        lead.attributes["a"] = 1
    assert "SECRET" not in repr(lead)


def test_the_order_of_own_fields_and_their_lists_means_nothing():
    one = Lead("L", attributes={"a": ["x", "y"], "b": 1})
    two = Lead("L", attributes={"b": 1, "a": ("y", "x", "x")})
    assert one == two
    assert hash(one) == hash(two)
    assert list(one.attributes) == list(two.attributes)


@some.checked
@given(st.text(max_size=40))
def test_json_there_and_back_reads_the_same(text):
    lead = Lead("L", text, city=text, sector=text, attributes={"segment": text})
    told = json.loads(json.dumps({"city": lead.city, "sector": lead.sector, "attributes": dict(lead.attributes)}))
    assert Lead("L", lead.company, unreadable=lead.unreadable, **told) == lead


@pytest.mark.parametrize(
    "columns", [{"city": "a" + "\u0316\u0301" * 511}, {"message": "\u0344" * 20_000}, {"city": "ﷺ" * 1_024}]
)
def test_floods_of_marks_are_text_like_any_other(columns):
    laws.law_2_reads({"id": "L", **columns})


# Corners.


@pytest.mark.parametrize("column", ["city", "value", "employees", "lat", "received_at"])
def test_a_number_too_long_to_write_is_absent(column):
    lead = Lead("L", **{column: 10**5_000, "lon": 4})
    assert getattr(lead, column) is None
    assert column in lead.unreadable


@pytest.mark.parametrize("place", ["field", "attribute", "company"])
def test_lists_nested_beyond_reason_are_absent(place):
    deep = []
    for _ in range(50_000):
        deep = [deep]
    columns = {"field": {"city": deep}, "attribute": {"attributes": {"a": deep}}, "company": {"company": deep}}[place]
    assert len(Lead("L", **columns).unreadable) == 1


def test_text_that_grows_when_composed_can_be_read_again():
    lead = Lead("L", city="\ufb2c" * 1_024)
    assert evolve(lead) == lead


def test_a_truth_is_no_degree():
    assert Lead("L", lat=True, lon=False).unreadable == {"lat": "True", "lon": "False"}


def test_another_company_brings_its_own_unreadable_fields():
    lead = Lead("L", Company(country="??"))
    assert evolve(lead, company=Company(country="NL")).unreadable == {}


def test_every_flag_can_be_stored():
    for name in ("\ud800", "a\0b", "\u202e"):
        for flag in Lead("L", attributes={name: b"x"}).unreadable:
            assert flag.encode("utf-8")
