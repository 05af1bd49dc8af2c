"""`suppress` in plan files: read with all its faults in place, written, read again, and no part of the digest."""

import json

import pytest

from dealerrouting import PlanError
from dealerrouting.documents import dump_plan, load_plan
from dealerrouting.documents.plans import load_placed, plan_from_data
from dealerrouting.documents.shapes import PlanShape, SuppressionShape
from dealerrouting.model import Suppression
from dealerrouting.verify import CODES, check

pytestmark = pytest.mark.pure
pytest.importorskip("yaml")

YAML = """\
name: small
house: h
dealers: [{id: h, kind: house}, {id: d}]
territories: [{id: antwerp, dealers: [d], country: BE, postcodes: 2000..2660}]
precedence: [territories]
"""
HEAD = 'name = "small"\nhouse = "h"\nprecedence = ["territories"]\ndealers = [{id = "h", kind = "house"}, {id = "d"}]\n'
TOML = HEAD + 'territories = [{id = "antwerp", dealers = ["d"], country = "BE", postcodes = "2000..2660"}]\n'
ONE = Suppression("overlapping-territory", "antwerp", "shared on purpose")
TWO = Suppression("DR101", "BE", "only the city: the rest is sold by the house")
ROWS = [{"finding": one.finding, "at": one.at, "reason": one.reason} for one in (ONE, TWO)]


def written(folder, text, name="plan.yaml"):
    (folder / name).write_text(text, "utf-8")
    return folder / name


def in_toml(row):
    return "[[suppress]]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in row.items())


def told(path):
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    return [str(fault).replace(f"{path}:", "") for fault in caught.value.faults]


def data(**given):
    return {
        "name": "small",
        "house": "h",
        "dealers": [{"id": "h", "kind": "house"}, {"id": "d"}],
        "territories": [{"id": "antwerp", "dealers": ["d"], "country": "BE", "postcodes": "2000..2660"}],
        "precedence": ["territories"],
        **given,
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.yaml", YAML + f"suppress: {json.dumps(ROWS)}\n"),
        ("plan.json", json.dumps(data(suppress=ROWS))),
        (
            "plan.toml",
            TOML + "".join(map(in_toml, ROWS)),
        ),
    ],
)
def test_every_form_says_what_the_plan_lives_with(tmp_path, name, text):
    assert load_plan(written(tmp_path, text, name)).suppress == (TWO, ONE)  # in order of the finding


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_what_is_written_is_read_again(tmp_path, form):
    plan = plan_from_data(data(suppress=ROWS))
    again = load_plan(written(tmp_path, dump_plan(plan, form=form), f"again.{form}"))
    assert again.suppress == plan.suppress == (TWO, ONE)
    assert again == plan
    assert "suppress" not in dump_plan(plan_from_data(data()), form=form)


def test_nothing_of_it_is_in_the_digest():
    bare, told = plan_from_data(data()), plan_from_data(data(suppress=ROWS))
    assert bare.digest == told.digest
    assert bare != told
    assert plan_from_data(data(suppress=[*ROWS, ROWS[0]])).suppress == told.suppress


FAULTS = [
    ("suppress: [{finding: x, at: d}]", ["6:12: `reason` is missing; add it"]),
    ("suppress: [{finding: x, reason: r}]", ["6:12: `at` is missing; add it"]),
    ('suppress: [{finding: x, at: "", reason: r}]', ["6:29: suppression `x`.at: is missing; name what the finding is"]),
    ("suppress: [{finding: 'a;b', at: d, reason: r}]", ["6:22: `a;b` is not an id; an id is 1 to 100 printable"]),
    ("suppress: [{finding: x, at: d, reason: r, why: z}]", ["6:43: unknown key `why`; known here: `at`, `finding`"]),
    (
        "suppress: [{finding: 5, at: d, reason: ''}]",
        ["6:22: `5` is not text", "6:40: suppression.reason: is missing; say why the plan lives with it"],
    ),
    ("suppress: {x: d}", ["6:11: a mapping is not a list"]),
    ("suppress: [x]", ["6:12: `x` is not a mapping"]),
    ("suppress: [{finding: x, at: 3, reason: [r]}]", ["6:29: `3` is not text", "6:40: a list is not text"]),
    (
        "suppress:\n  - {finding: '', at: d, reason: r}\n  - {finding: x, at: d, reason: ''}",
        ["7:15: `` is not an id", "8:33: suppression `x`.reason: is missing; say why the plan lives with it"],
    ),
    ("suppress: [{finding: x, at: d, reason: " + "r" * 1_025 + "}]", ["6:40: `rrrr"]),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_wrong_one_is_told_once_with_its_place(tmp_path, text, said):
    found = told(written(tmp_path, YAML + text + "\n"))
    assert len(found) == len(said)
    assert all(line.startswith(wanted) for line, wanted in zip(found, said, strict=True)), found


def test_it_is_told_with_everything_else(tmp_path):
    text = YAML.replace("house: h", "house: nobody") + "suppress: [{finding: x, at: d}]\n"
    assert [line.partition(" ")[0] for line in told(written(tmp_path, text))] == ["2:8:", "6:12:"]


def test_a_name_that_no_check_knows_is_told_by_the_check(tmp_path):
    text = (
        YAML
        + "suppress: [{finding: overlaping-territory, at: antwerp, reason: r}, {finding: DR101, at: BE, reason: r}]\n"
    )
    found = check(load_plan(written(tmp_path, text)))
    unused = [one for one in found if one.name == "unused-suppression"]
    assert [one.at for one in unused] == [("antwerp",)]
    assert unused[0].values["cure"] == "did you mean `overlapping-territory`?"
    assert "unserved-region" not in {one.name for one in found}


def test_the_json_schema_says_what_belongs_there():
    schema = PlanShape.model_json_schema()
    assert set(schema["$defs"]["SuppressionShape"]["required"]) == {"finding", "at", "reason"}
    assert schema["properties"]["suppress"]["anyOf"][0]["items"] == {"$ref": "#/$defs/SuppressionShape"}
    assert schema["$defs"]["SuppressionShape"]["additionalProperties"] is False
    assert set(SuppressionShape.model_fields) == {"finding", "at", "reason"}
    assert all(code.name == name for name, code in CODES.items())


def test_where_the_parts_of_a_plan_stand(tmp_path):
    (tmp_path / "t.csv").write_text("id,dealers,country\nfirst,d,NL\ntwice,d,BE\ntwice,d,LU\n", "utf-8")
    text = YAML.replace(
        "territories: [{id: antwerp, dealers: [d], country: BE, postcodes: 2000..2660}]", "territories: t.csv"
    )
    text = text.replace(
        "[territories]", "\n  - rules:\n      - {id: r, when: {country: {eq: NL}}, dealers: [d]}\n  - territories"
    )
    path = written(
        tmp_path, text + "terms: {withdraw_after: {elapsed: 5d}}\nsuppress: [{finding: x, at: d, reason: r}]\n"
    )
    plan, sites = load_placed(path)
    assert plan == load_plan(path)
    places = {key: place.replace(f"{tmp_path}/", "") for key, place in sites.items()}
    assert places == {
        ("territory", "first"): "t.csv:2",
        ("territory", "twice"): "t.csv:3",
        ("part", "twice 1"): "t.csv:3",
        ("part", "twice 2"): "t.csv:4",
        ("dealer", "h"): "plan.yaml:3",
        ("dealer", "d"): "plan.yaml:3",
        ("rule", "r"): "plan.yaml:7",
        ("terms", "withdraw_after"): "plan.yaml:9",
        ("suppress", "x d"): "plan.yaml:10",
    }
    assert load_placed(written(tmp_path, TOML, "plan.toml"))[1] == {}


def test_what_has_no_name_is_called_by_what_it_is():
    """And not by two backticks around nothing."""
    for name in ("", None):
        with pytest.raises(PlanError) as said:
            Suppression(name, "d", None)
        assert [fault.place for fault in said.value.faults] == ["suppression.reason", "suppression.finding"]
