# a table of wrong text reads best when each case is one line
"""Plans on disk: everything wrong is said at once, with place, words and cure; what is right comes back equal."""

import json
import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import alphabet as abc
import strategies
from dealerrouting import Dealer, Elapsed, Plan, PlanError, Rule, Territory, by, where
from dealerrouting.documents import dump_plan, from_data, load_plan, to_data
from dealerrouting.rules.canonical import plan_data
from dealerrouting.rules.conditions import AllOf
from quick import upto

pytestmark = pytest.mark.pure
yaml = pytest.importorskip("yaml")

PLAN = """\
schema_version: 1
name: small
house: office
timezone: Europe/Amsterdam
attributes: {fleet: int}
dealers: dealers.csv
territories: territories.csv
accounts: [{id: A1, holder: maas, company: X, domain: x.example}]
precedence:
  - registrations
  - accounts
  - rules:
      - {id: r1, when: {country: {eq: NL}}, dealers: [maas]}
  - territories: {pick: [specific, rotation]}
  - nearest: {within_km: 80}
"""
DEALERS = "id,kind,country\ndelta,,NL\nmaas,,NL\noffice,house,\n"
TERRITORIES = "id,dealers,country,postcodes\nzuid,delta,NL,3000..3399\nant,delta:2; maas:1,BE,2000..2660\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder for plans, called by its short name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def written(home, plan=PLAN, dealers=DEALERS, territories=TERRITORIES, name="plan.yaml"):
    (home / name).write_bytes(plan if isinstance(plan, bytes) else plan.encode("utf-8"))
    (home / "dealers.csv").write_text(dealers, "utf-8")
    (home / "territories.csv").write_text(territories, "utf-8")
    return "p"


def faults(home, **parts):
    """What is wrong, as lines, with a plan of these parts."""
    with pytest.raises(PlanError) as caught:
        load_plan(written(home, **parts))
    return [str(fault).replace(os.sep, "/") for fault in caught.value.faults]


def test_a_folder_is_a_plan(home):
    heard = []
    plan = load_plan(written(home), say=heard.append)
    assert [dealer.id for dealer in plan.dealers] == ["delta", "maas", "office"]
    assert [land.id for land in plan.territories] == ["ant", "zuid"]
    assert [rung.name for rung in plan.precedence] == ["registrations", "accounts", "rules", "territories", "nearest"]
    assert plan.attributes == {"fleet": "int"}
    assert heard == []


def test_the_forms_mean_the_same(home):
    plan = load_plan(written(home))
    data = plan_data(plan)
    (home / "plan.json").write_text(json.dumps(data), "utf-8")
    (home / "one.yml").write_text(dump_plan(plan), "utf-8")
    (home / "plan.toml").write_text(
        'name = "small"\nhouse = "office"\ntimezone = "Europe/Amsterdam"\ndealers = "dealers.csv"\n'
        'territories = "territories.csv"\nprecedence = ["registrations", "accounts", {rules = [{id = "r1", dealers = '
        '["maas"], when = {country = "NL"}}]}, {territories = {pick = ["specific", "rotation"]}}, '
        '{nearest = {within_km = 80}}]\n[attributes]\nfleet = "int"\n[[accounts]]\nid = "A1"\nholder = "maas"\n'
        'company = "X"\ndomain = "x.example"\n',
        "utf-8",
    )
    for name in ("plan.json", "one.yml", "plan.toml", "plan.yaml"):
        other = load_plan(home / name)
        assert other == plan, name
        assert other.digest == plan.digest


WRONG_PLAN = [
    ("country: {eq: NL}", "contry: {eq: NL}", "p/plan.yaml:13:33: no field `contry`; did you mean `country`?"),
    ("country: {eq: NL}", "fleet: {gte: big}", "p/plan.yaml:13:38: `big` is not a number; write it without quotes"),
    ("country: {eq: NL}", "fleet: {gte: 1, lte: big}", "p/plan.yaml:13:46: `big` is not a number"),
    ("country: {eq: NL}", "fleet: {startswith: 1}", "p/plan.yaml:13:32: `fleet` is a number and takes no `startswith`"),
    ("country: {eq: NL}", "country: {equal: NL}", "p/plan.yaml:13:35: unknown comparison `equal`"),
    ("country: {eq: NL}", "country: [NL]", "p/plan.yaml:13:34: a list is not a comparison; write {country: {in: [..]}}"),
    ("country: {eq: NL}", "country: {exists: false}", "p/plan.yaml:13:43: `exists` takes no constant, not `false`"),
    ("country: {eq: NL}", "fleet: {between: [1]}", "p/plan.yaml:13:42: `between` takes two ends, not a list"),
    ("country: {eq: NL}", "location: {within_km: {lat: 1}}", "`within_km` takes `lat`, `lon` and `km`; write {lat"),
    ("country: {eq: NL}", "country: {in: [[NL]]}", "p/plan.yaml:13:39: a list in a list; write plain values"),
    ("country: {eq: NL}", "all: NL", "p/plan.yaml:13:30: `all` takes a list of conditions, not `NL`; write {all: [..]}"),
    ("country: {eq: NL}", "any: [{all: [true]}]", "p/plan.yaml:13:38: `true` is not a condition"),
    ("country: {eq: NL}", "country: NL, fleet: 1", "a condition asks one thing, and here are `country`, `fleet`; write"),
    ("country: {eq: NL}", "", "p/plan.yaml:13:24: an empty mapping is not a condition"),
    ("country: {eq: NL}", "custom: big", "p/plan.yaml:13:33: no custom function `big` is given; load the plan in Python"),
    ("{country: {eq: NL}}", "true", "p/plan.yaml:13:24: `true` is not a condition; write {country: {eq: NL}}"),
    ("{country: {eq: NL}}", "", "`when` is missing"),
    ("when: {country: {eq: NL}}, ", "", "p/plan.yaml:13:9: `when` is missing; add it"),
    ("{country: {eq: NL}}", "{postcode: {between: ['1', '2']}}", "put both in {all: [{country: {eq: ..}}, ..]}"),
    ("[maas]}", "[mas]}", "p/plan.yaml:13:54: unknown dealer `mas`; did you mean `maas`?"),
    ("id: r1", "id: 'a;b'", "p/plan.yaml:13:14: `a;b` is not an id"),
    ("[maas]}", "[maas], valid_from: soon}", "`soon` is not an instant; write 2027-01-01"),
    ("- nearest", "- nerest", "p/plan.yaml:15:5: unknown rung `nerest`; did you mean `nearest`?"),
    ("- registrations", "- registratons", "p/plan.yaml:10:5: unknown rung `registratons`; did you mean `registrations`?"),
    ("- registrations", "- rules", "p/plan.yaml:10:5: `rules` needs its list of rules"),
    ("- registrations", "- 7", "p/plan.yaml:10:5: `7` is not a rung"),
    ("- registrations", "- {registrations: {}, incumbent: {}}", "p/plan.yaml:10:5: two rungs in one item; begin each"),
    ("- registrations", "- registrations: {days: 3}", "p/plan.yaml:10:21: unknown key `days`"),
    ("  - registrations\n  - accounts", "  - accounts\n  - registrations", "p/plan.yaml:11:5: precedence[1]: registr"),
    ("[specific, rotation]", "[specifik]", "p/plan.yaml:14:25: unknown policy `specifik`; did you mean `specific`?"),
    ("[specific, rotation]", "[{custom: x}]", "p/plan.yaml:14:26: no custom pick `x` is given"),
    ("[specific, rotation]", "[]", "p/plan.yaml:14:25: precedence[3].territories.pick: is empty; name at least one"),
    ("within_km: 80", "within_km: far", "p/plan.yaml:15:26: `far` is not a number"),
    ("within_km: 80", "within_km: -1", "p/plan.yaml:15:26: `-1` is not a distance; give 0 to 20,100 km"),
    ("- accounts", "- accounts\n  - incumbent: {won_within: {elapsed: 2 weeks}}", "`2 weeks` is not a length of time; write 48h"),
    ("  - territories: {pick: [specific, rotation]}\n", "", "territories are given but never asked; add `- territories: {}`"),
    ("house: office", "house: ofice", "p/plan.yaml:3:8: unknown dealer `ofice`; did you mean `office`?"),
    ("house: office", "hous: office", "p/plan.yaml:3:1: unknown key `hous`; did you mean `house`?"),
    ("name: small", "name: 12", "p/plan.yaml:2:7: `12` is not text; write it in quotes"),
    ("name: small", "name: ' '", "p/plan.yaml:2:7: ` ` is not a name; give the plan a name"),
    ("schema_version: 1", "schema_version: 2", "p/plan.yaml:1:17: schema_version `2` is not known here; this release reads 1"),
    ("Europe/Amsterdam", "Europe/Amsterdm", "p/plan.yaml:4:11: unknown time zone `Europe/Amsterdm`"),
    ("fleet: int", "fleet: integer", "p/plan.yaml:5:21: `integer` is not a type; did you mean `int`?"),
    ("fleet: int", "country: str", "p/plan.yaml:5:23: attributes.country: is taken or not a name; choose another"),
    ("fleet: int", "1: str", 'p/plan.yaml:5:14: the key `1` is not text; write it in quotes: "1"'),
    ("dealers: dealers.csv", "dealers: dealer.csv", "p/plan.yaml:6:10: `dealer.csv`: there is no such file; did you mean `deal"),
    ("dealers: dealers.csv", "dealers: ../dealers.csv", "p/plan.yaml:6:10: `../dealers.csv` is not a file beside the plan"),
    ("dealers: dealers.csv", "dealers: /etc/hosts", "p/plan.yaml:6:10: `/etc/hosts` is not a file beside the plan"),
    ("dealers: dealers.csv", "dealers: 'C:\\x.csv'", "is not a file beside the plan; name a file in the plan's own folder"),
    ("dealers: dealers.csv", "dealers: .", "and a file belongs here"),
    ("dealers: dealers.csv", "dealers: []", "p/plan.yaml:6:10: the plan is empty: it names no dealers; name the house"),
    ("dealers: dealers.csv", "dealers: [{id: office, kind: house, lat: 91}, {id: delta}, {id: maas}]", "is not a place; give both: -90..90"),
    ("domain: x.example", "domain: gmail.com", "account `A1`.company: has no key by which it can be found; give a number"),
    ("domain: x.example", "country: Nederlnd", "p/plan.yaml:8:56: `Nederlnd` cannot be read; write its two-letter code"),
    ("holder: maas", "holder: mas", "p/plan.yaml:8:29: unknown dealer `mas`; did you mean `maas`?"),
    ("precedence:", "terms: {max_reassignments: -1}\nprecedence:", "p/plan.yaml:9:28: `-1` is not a number of reassignments"),
    ("precedence:", "taxonomy: nace-3\nprecedence:", "p/plan.yaml:9:11: unknown taxonomy `nace-3`; did you mean `nace-2`?"),
    ("precedence:", "taxonomy: {id: own}\nprecedence:", "the codes of `own` are missing; give `codes`, or a `file`"),
    ("precedence:", "taxonomy: {id: own, codes: {a: b}}\nprecedence:", "p/plan.yaml:9:32: `a` is part of `b`, which is not among"),
    ("precedence:", "calendar: {}\nprecedence:", "p/plan.yaml:9:1: unknown key `calendar`; did you mean `calendars`?"),
    ("precedence:", "name: again\nprecedence:", "p/plan.yaml:9:1: the key `name` comes twice, first on line 2; keep one of them"),
    ("precedence:", "<<: {a: 1}\nprecedence:", "p/plan.yaml:9:1: merge keys (`<<`) are not read; write the keys out"),
    ("name: small", "name: !!python/object/apply:os.getcwd []", "p/plan.yaml:2:7: tags (`tag:yaml.org,2002:python/object/app"),
    ("name: small", "name: &n small", "p/plan.yaml:2:7: anchors (`&n`) are not read"),
    ("name: small", "name: 12345678901234567890123456789012345678901", "a number of more than 40 digits; write it in quotes"),
    ("dealers: dealers.csv", "dealers: dealers.csv\n---\na: b", "p/plan.yaml:7:1: a second document begins here; keep one"),
    ("name: small", "name: [small", "this is not YAML: "),
    ("name: small", "name: 'a\x07b'", "this is not YAML: "),
    ("name: small", "? [a]\n: small", "p/plan.yaml:2:3: a key that is not text; write keys as plain words"),
    ("name: small", "name: " + "[" * 100_000, "nested more than 64 deep; write it flatter"),
    (PLAN, "", "p/plan.yaml:1:1: the file is empty; begin with `name`, `house`, `dealers` and `precedence`"),
    (PLAN, "# only words\n", "p/plan.yaml:1:1: the file is empty"),
    (PLAN, "{}", "p/plan.yaml:1:1: `dealers` is missing; add it"),
    (PLAN, "- a", "p/plan.yaml:1:1: a list is not a mapping; a plan begins with `name`"),
    (PLAN, "text", "p/plan.yaml:1:1: `text` is not a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG_PLAN, ids=[str(n) for n in range(len(WRONG_PLAN))])
def test_a_wrong_plan_is_told_once_with_its_place(home, right, wrong, said):
    assert right in PLAN
    told = faults(home, plan=PLAN.replace(right, wrong, 1))
    assert any(said in line for line in told), told
    if right != PLAN and "house" not in right:
        assert len(told) == 1, told


WRONG_TABLE = [
    ("territories", "id,dealer,country\nx,delta,NL\n", "p/territories.csv:1:2: unknown column `dealer`; did you mean `dealers`?"),
    ("territories", "id,id,dealers\nx,x,delta\n", "p/territories.csv:1:2: the column `id` comes twice; keep one of them"),
    ("territories", "id,dealers\n\nx,dleta\n", "p/territories.csv:3:dealers: unknown dealer `dleta`; did you mean `delta`?"),
    ("territories", "id,dealers\nx,delta:0\n", "p/territories.csv:2:dealers: the weight `0` of `delta` is not a weight"),
    ("territories", "id,dealers\nx,\n", "p/territories.csv:2:dealers: `dealers` is missing; add it"),
    ("territories", "id,dealers,country,postcodes\nx,delta,NL,9..1\n", "p/territories.csv:2:postcodes: `9..1`"),
    ("territories", "id,dealers,country,postcodes\nx,delta,NL,3399..3000\n", "runs backward; write `3000..3399`"),
    ("territories", "id,dealers,country,postcodes\nx,delta,,3000\n", "p/territories.csv:2:country: territory `x`.country: post"),
    ("territories", "id,dealers,country\nx,delta,NL\nx,maas,NL\n", "p/territories.csv:3:id: territory `x`: two equal parts"),
    ("territories", "id,dealers,priority\nx,delta,high\n", "p/territories.csv:2:priority: `high` is not a whole number"),
    ("territories", "id,dealers,exclusive\nx,delta,ja\n", "p/territories.csv:2:exclusive: `ja` is not true or false"),
    ("territories", "id,dealers,valid_from\nx,delta,soon\n", "p/territories.csv:2:valid_from: `soon` is not an instant"),
    ("territories", "id,dealers,sectors\nx,delta,C99\n", "p/territories.csv:2:sectors: unknown sector `C99`"),
    ("territories", "id,dealers\nx,delta,NL\n", "p/territories.csv:2:1: 3 cells under 2 columns; quote a cell"),
    ("territories", 'id,dealers\nx,"delta\n', "p/territories.csv:2:1: a quote that does not close; close it"),
    ("territories", "", "p/territories.csv:1:1: is empty; its first line names the columns"),
    ("dealers", "id,kind\ndelta,\nmaas,\nmaas,\noffice,house\n", "p/dealers.csv:4:id: dealer `maas`: this id comes twice"),
    ("dealers", "id,kind\ndelta,shop\nmaas,\noffice,house\n", "p/dealers.csv:2:kind: unknown kind `shop`; known here: `dealer`"),
    ("dealers", "id,kind,lat,lon\ndelta,,\"51,9\",4\nmaas,,,\noffice,house,,\n", "p/dealers.csv:2:lat: `51,9` is not a number"),
    ("dealers", "id,kind,paused\ndelta,,2027-08-01..2027-07-01\nmaas,,\noffice,house,\n", "write `2027-07-01..2027-08-01`"),
    ("dealers", "id,kind,paused\ndelta,,summer\nmaas,,\noffice,house,\n", "p/dealers.csv:2:paused: `summer` is not a stretch"),
    ("dealers", "id,kind\ndelta,\nmaas,\noffice,\n", "p/plan.yaml:3:8: `office` is a dealer; give it `house` in its column"),
    ("dealers", "id,kind\n", "p/dealers.csv:1:1: the plan is empty: it names no dealers; name the house and a dealer"),
    ("dealers", "id,kind,lat,lon\ndelta,,1.2.3,4\nmaas,,,\noffice,house,,\n", "p/dealers.csv:2:lat: `1.2.3` is not a number"),
    ("dealers", "id,kind,paused\ndelta,,2027-13-01\nmaas,,\noffice,house,\n", "p/dealers.csv:2:paused: `2027-13-01` is not a stretch"),
    ("dealers", "name,kind\nx,\n", "p/dealers.csv:1:1: the column `id` is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "said"), WRONG_TABLE, ids=[str(n) for n in range(len(WRONG_TABLE))])
def test_a_wrong_table_is_told_with_file_row_and_column(home, table, text, said):
    told = faults(home, **{table: text})
    assert any(said in line for line in told), told
    assert len(told) <= 3, told


def test_everything_is_said_at_once_from_top_to_bottom(home):
    told = faults(
        home,
        plan=PLAN.replace("house: office", "house: ofice").replace("eq: NL", "eq: XX").replace("name: small", "nam: s"),
        dealers=DEALERS.replace("maas,,NL", "maas,shop,XX"),
        territories=TERRITORIES.replace("3000..3399", "9..1").replace("delta:2", "dleta:2"),
    )
    places = [line.split(": ")[0] for line in told]
    assert places == [
        "p/dealers.csv:3:country",
        "p/dealers.csv:3:kind",
        "p/plan.yaml:1:1",
        "p/plan.yaml:2:1",
        "p/plan.yaml:3:8",
        "p/plan.yaml:13:39",
        "p/territories.csv:2:postcodes",
        "p/territories.csv:2:postcodes",
        "p/territories.csv:3:dealers",
    ]


def test_what_only_follows_from_a_fault_is_not_said(home):
    lands = "id,dealers,sectors\nx,delta,C10\n"
    assert len(faults(home, plan=PLAN.replace("precedence", "taxonomy: x\nprecedence"), territories=lands)) == 1
    asks = PLAN.replace("fleet: int", "fleet: integer").replace("country: {eq: NL}", "fleet: {gte: 3}")
    assert len(faults(home, plan=asks)) == 1
    assert len(faults(home, dealers="id,kind\n")) == 1
    assert len(faults(home, plan=PLAN.replace("- territories", "- teritories"))) == 1
    assert len(faults(home, plan=PLAN.replace("house: office\n", ""))) == 1


def test_very_many_faults_are_cut(home):
    told = faults(home, territories="id,dealers\n" + "x,nobody\n" * 300)
    assert len(told) == 201
    assert told[-1].startswith("and ")


def test_json_says_places_too(home):
    text = '{"name": "a",\n "name": "b",\n "house": NaN, "dealers": [{"id": "h", "kid": 1}], "precedence": [{}]}'
    assert faults(home, plan=text, name="plan.json") == [
        "p/plan.json:2:2: the key `name` comes twice, first on line 1; keep one of them",
        "p/plan.json:3:11: `NaN` is not a number; write a number, or leave it out",
        "p/plan.json:3:40: unknown key `kid`; did you mean `kind`?",
        "p/plan.json:3:67: unknown rung `nothing`; known here: `accounts`, `incumbent`, `nearest`, `registrations`, `rules`, `territories`",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("{", "1:2: this is not JSON: a key in double quotes belongs here"),
        ('{"a"', "1:5: this is not JSON: a `:` belongs here"),
        ('{"a": ', "1:7: this is not JSON: it ends too early"),
        ('{"a": 1 "b"', "1:9: this is not JSON: a `,` or `}` belongs here"),
        ('{"a": "x', "1:7: this is not JSON: a text without its closing quote"),
        ('{"a": "\\x"}', "has an escape or a character that no text may"),
        ('{"a": 01}', "`01`; put text in double quotes"),
        ('{"a": yes}', "`yes`; put text in double quotes"),
        ("{} {}", "1:4: this is not JSON: something follows the end"),
        ("[" * 100_000, "nested more than 64 deep"),
        ('{"a": ' + "9" * 5_000 + "}", "a number of more than 40 digits"),
    ],
)
def test_broken_json_is_told(home, text, said):
    assert any(said in line for line in faults(home, plan=text, name="plan.json"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x\n', "p/plan.toml:1:"),
        ("name = inf\n", "p/plan.toml: name: `inf` is a number beyond all bounds"),
        ("name = nan\n", "p/plan.toml: name: `nan` is a number"),
        ("name = 2027-01-01\n", "p/plan.toml: house: `house` is missing"),
        (f"name = {'9' * 5_000}\n", "p/plan.toml"),
        ('[[dealers]]\nid = "h"\nkid = 1\n', "p/plan.toml: dealers[0].kid: unknown key `kid`; did you mean `kind`?"),
        ("a = " + "[" * 5_000, "p/plan.toml"),
    ],
)
def test_toml_is_told_by_trail(home, text, said):
    assert any(said in line for line in faults(home, plan=text, name="plan.toml"))


def test_an_alias_bomb_is_refused(home):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    told = faults(home, plan=bomb + PLAN)
    assert told[0] == "p/plan.yaml:1:1: unknown key `a`; known here: " + told[0].partition("known here: ")[2] or told
    assert any("anchors (`&a`) are not read" in line for line in told)
    assert len(told) <= 40


def test_not_a_plan_at_all(home):
    with pytest.raises(PlanError, match="this folder has no"):
        load_plan("p")
    (home / "plan.yml").write_text(PLAN, "utf-8")
    (home / "plan.yaml").write_text(PLAN, "utf-8")
    with pytest.raises(PlanError, match="more than one plan"):
        load_plan("p")
    (home / "notes.txt").write_text(PLAN, "utf-8")
    for path, said in (
        ("p/notes.txt", "^p/notes.txt:1:1: `notes.txt` is no form of a plan"),
        ("a\0b.yaml", "cannot be read"),
    ):
        with pytest.raises(PlanError, match=said):
            load_plan(path)
    (home / "plan.yaml").write_bytes(PLAN.replace("small", "caf\xe9").encode("latin-1"))
    with pytest.raises(PlanError, match=r"plan.yaml:2:10: is not in UTF-8"):
        load_plan(home / "plan.yaml")
    (home / "plan.yaml").write_bytes(PLAN.encode("utf-16"))
    with pytest.raises(PlanError, match="is in UTF-16"):
        load_plan(home / "plan.yaml")


HOW = "give a folder with plan.yaml, a .yaml, .json or .toml file, or package.module:attribute"
MISSING = {
    "p/none.yaml": "p/none.yaml: there is no such file or folder; did you mean `plan.yaml`?",
    "p/plan.ini": "p/plan.ini: there is no such file or folder; did you mean `plan.yml`?",
    "p/plan": "p/plan: there is no such file or folder; did you mean `plan.yml`?",
    "p/note.txt": f"p/note.txt: there is no such file or folder; {HOW}",
    "p/plan.yaml/x": f"p/plan.yaml/x: there is no such file or folder; {HOW}",
    "p/plan.yam/x": f"p/plan.yam: there is no such folder; {HOW}",
    "plans": "plans: there is no such file or folder; did you mean `plan`?",
    "plans/plan.yaml": "plans: there is no such folder; did you mean `plan`?",
    "no/such/plan.yaml": f"no: there is no such folder; {HOW}",
    "nowhere": f"nowhere: there is no such file or folder; {HOW}",
    "package.module": f"package.module: there is no such file or folder; {HOW}",
}


def test_a_plan_that_is_not_there_is_said_with_what_there_is(home):
    (home.parent / "plan").mkdir()
    for name in ("plan.yml", "plan.yaml", "notes.txt"):
        (home / name).write_text(PLAN, "utf-8")
    for path, said in MISSING.items():
        with pytest.raises(PlanError) as raised:
            load_plan(path)
        assert str(raised.value) == said


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("path", ["p/link.yaml", "p/link.yaml/more"])
def test_a_link_to_nothing_is_named(home, path):
    (home / "link.yaml").symlink_to("nothing")
    with pytest.raises(PlanError, match=r"^p/link.yaml: is a link to nothing; mend it$"):
        load_plan(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_does_not_lead_out_of_the_folder(home, tmp_path):
    (tmp_path / "secret.csv").write_text(DEALERS, "utf-8")
    written(home)
    (home / "dealers.csv").unlink()
    (home / "dealers.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(PlanError, match="leads out of the plan's folder"):
        load_plan("p")


def test_tables_with_semicolons_and_cp1252_are_read_and_it_is_said(home):
    written(home)
    text = "id;kind;name\ndelta;;Caf\xe9\nmaas;;\noffice;house;\n"
    (home / "dealers.csv").write_bytes(text.encode("cp1252"))
    heard = []
    plan = load_plan("p", say=heard.append)
    assert plan.by_id["delta"].name == "Caf\xe9"
    assert sorted(line.replace(os.sep, "/") for line in heard) == [
        "p/dealers.csv: 1 line is not UTF-8 and read as cp1252",
        "p/dealers.csv: cells are separated by `;`",
    ]


def test_dates_are_days_of_the_plan(home):
    written(
        home,
        dealers="id,kind,active_from,paused\ndelta,,2027-03-28,2027-03-28..2027-03-28; 2027-12-24\nmaas,,,\noffice,house,,\n",
        territories="id,dealers,valid_from,valid_until\nx,delta,2027-01-01T09:00,2027-07-01T00:00:00Z\n",
    )
    plan = load_plan("p")
    delta, land = plan.by_id["delta"], plan.territories[0]
    assert delta.active_from.isoformat() == "2027-03-27T23:00:00+00:00"
    assert [[end.isoformat() for end in pause] for pause in delta.paused] == [
        ["2027-03-27T23:00:00+00:00", "2027-03-28T22:00:00+00:00"],  # the day of the change of clocks
        ["2027-12-23T23:00:00+00:00", "2027-12-24T23:00:00+00:00"],
    ]
    assert land.valid_from.isoformat() == "2027-01-01T08:00:00+00:00"
    assert land.valid_until.isoformat() == "2027-07-01T00:00:00+00:00"


def test_a_taxonomy_of_ones_own(home):
    asks = "taxonomy: {id: own, file: codes.csv}\nprecedence:"
    written(home, plan=PLAN.replace("precedence:", asks), territories="id,dealers,sectors\nx,delta,presses\n")
    (home / "codes.csv").write_text("code,parent\nmachines,\npresses,machines\n", "utf-8")
    assert load_plan("p").taxonomy.under("presses", "machines") is True
    for text, said in (
        ("code,parent\na,\na,\n", "codes.csv:3:code: the code `a` comes twice"),
        ("code,parent\na,b\n", "codes.csv:2:1: `a` is part of `b`"),
        ("parent\na\n", "codes.csv:1:1: the column `code` is missing"),
    ):
        (home / "codes.csv").write_text(text, "utf-8")
        with pytest.raises(PlanError) as caught:
            load_plan("p")
        assert said in str(caught.value)
        assert "unknown sector" not in str(caught.value)


CONDITIONS = [
    ("{country: NL}", where.country == "NL"),
    ("{country: {ne: NL}}", where.country != "NL"),
    ("{fleet: {gte: 3, lte: 5}}", AllOf((where.fleet.gte(3), where.fleet.lte(5)))),
    ("{fleet: 2.5}", where.fleet == 2.5),
    ("{not: {month: {in: [8, 7]}}}", ~where.month.in_([7, 8])),
    ("{any: [{country: {exists: true}}, {city: Rotterdam}]}", where.country.exists() | (where.city == "Rotterdam")),
    ("{all: [{country: NL}, {postcode: {under: '3000..3399; 4900'}}]}",
     (where.country == "NL") & where.postcode.under("3000..3399", "4900")),
    ("{all: [{country: NL}, {postcode: {between: ['3000', '3399']}}]}",
     (where.country == "NL") & where.postcode.between("3000", "3399")),
    ("{all: [{country: NL}, {postcode: {startswith: '30', ne: '3011'}}]}",
     AllOf((where.country == "NL", AllOf((where.postcode.startswith("30"), where.postcode != "3011"))))),
    ("{location: {within_km: {lat: 51.9, lon: 4, km: 30}}}", where.location.within_km(51.9, 4, 30)),
    ("{sector: {under: [C25, G]}}", where.sector.under("C25", "G")),
    ("{company: {eq: 'NO'}}", where.company == "NO"),
    ("{company: {eq: NO}}", where.company == "NO"),
    ("{postcode: {exists: true}}", where.postcode.exists()),
    ("{custom: knows}", abc.CUSTOMS[1]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), CONDITIONS)
def test_conditions_are_read_as_written(home, text, meant):
    written(home, plan=PLAN.replace("{country: {eq: NL}}", text).replace("{fleet: int}", "{fleet: number}"))
    plan = load_plan("p", customs={"knows": abc.CUSTOMS[1]})
    assert plan.rung("rules").rules[0].when == meant


def test_customs_and_picks_by_name(home, monkeypatch, tmp_path):
    text = PLAN.replace("{country: {eq: NL}}", "{custom: always}").replace(
        "[specific, rotation]", "[{custom: last}, rotation]"
    )
    written(home, plan=text)
    (tmp_path / "own_customs.py").write_text("from alphabet import CUSTOMS, PICKS\nALL = (*CUSTOMS, *PICKS)\nONE = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    plan = load_plan("p", customs="own_customs:ALL")
    assert plan.rung("rules").rules[0].when == abc.CUSTOMS[4]
    assert plan.rung("territories").pick == (abc.PICKS[0], "rotation")
    with pytest.raises(PlanError, match="no custom function `always` is given; did you mean `alway`"):
        load_plan("p", customs={"alway": abc.CUSTOMS[4]})
    for wrong in ("own_customs:ONE", "nothing", {"a": 1}, "own_customs:NONE"):
        with pytest.raises(PlanError):
            load_plan("p", customs=wrong)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "plan", "there is no `plan`"),
        ("plam = 1", "plan", "there is no `plan`; did you mean `plam`?"),
        ("plan = 1", "plan", "is of type `int`; name a Plan"),
        ("1/0", "plan", "importing it raised ZeroDivisionError: `division by zero`; mend the module"),
        ("import nothing_of_that_name", "plan", "importing it raised ModuleNotFoundError"),
        ("raise SystemExit(3)", "plan", "importing it raised SystemExit"),
        ("import os; os.nothing", "plan", "importing it raised AttributeError"),
        ("from dealerrouting import Dealer; Dealer('')", "plan", "`` is not an id"),
    ],
)
def test_python_that_is_no_plan(tmp_path, monkeypatch, text, name, said):
    module = f"own_{abs(hash(text))}"
    (tmp_path / f"{module}.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PlanError) as caught:
        load_plan(f"{module}:{name}")
    assert said in str(caught.value)


def test_a_plan_in_python(tmp_path, monkeypatch):
    (tmp_path / "own_plan_module.py").write_text(
        "from dealerrouting import Dealer, Plan, by\n"
        "class box:\n    plan = Plan('x', house='h', dealers=[Dealer('h', kind='house')], precedence=[by.registrations()])\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert load_plan("own_plan_module:box.plan").name == "x"
    with pytest.raises(PlanError, match="there is no module `no_such_module`"):
        load_plan("no_such_module:plan")


# There and back

CUSTOMS = (*abc.CUSTOMS, *abc.PICKS)


@settings(max_examples=upto(60), deadline=None)
@given(strategies.plans())
def test_a_plan_comes_back_with_its_digest(tmp_path_factory, plan):
    home = tmp_path_factory.mktemp("plan", numbered=True)
    for form in ("json", "yaml"):
        path = home / f"plan.{form}"
        path.write_text(dump_plan(plan, form=form), "utf-8")
        once = load_plan(path, customs=CUSTOMS)
        assert once.digest == plan.digest
        path.write_text(dump_plan(once, form=form), "utf-8")
        assert load_plan(path, customs=CUSTOMS) == once
        assert plan_data(once) == plan_data(plan)


def test_a_plan_without_dates_in_conditions_comes_back_equal():
    plan = Plan(
        "all of it",
        house="h",
        timezone="Europe/Brussels",
        currency="EUR",
        attributes={"tags": list, "vip": bool},
        dealers=[
            Dealer("h", kind="house"),
            Dealer("NO", "No: yes", country="NO", postcode="0150", city="Oslo", lat=-0.0, lon=180, serves_languages="nb",
                   serves_products=["a", "b"], max_open=0, max_per_30_days=3, active_from=abc.NEW_YEAR, active_until=abc.JULY,
                   paused=[(abc.NEW_YEAR, abc.APRIL)], calendar="night"),
        ],
        territories=[
            Territory("t", {"NO": "1.5", "h": 1}, country="NL", postcodes="3000..3399; 50*", geohashes="u15", sectors="C10",
                      products="p", languages="nl", priority=-3, exclusive=True, ledger="l", valid_from=abc.NEW_YEAR),
            Territory("t", "NO", country=["NL", "BE"], valid_until=abc.NEW_YEAR),
        ],
        accounts=[abc.Account("A", "NO", abc.COMPANIES[1], valid_until=abc.JULY)],
        precedence=[
            by.registrations(), by.accounts(pick="hashed"), by.incumbent(won_within=Elapsed(days=30, seconds=1)),
            by.rules(Rule("r", (where.value >= 0.1) & where.vip.exists(), ["NO"], priority=2, ledger="x", valid_until=abc.JULY)),
            by.territories(pick=["specific"]), by.nearest(within_km=0.5),
        ],
        terms=abc.Terms(max_reassignments=0, **abc.AGREED[2]),
        calendars=abc.CALENDARS,
    )  # fmt: skip
    twin = from_data("plan", json.loads(json.dumps(to_data(plan))))
    assert twin == plan
    assert twin.digest == plan.digest


def test_dump_refuses_another_form():
    plan = Plan("x", house="h", dealers=[Dealer("h", kind="house")], precedence=[by.registrations()])
    with pytest.raises(ValueError, match="form is yaml or json"):
        dump_plan(plan, form="toml")


def test_yaml_without_pyyaml_is_a_missing_extra(monkeypatch, home):
    from dealerrouting import MissingExtra

    plan = load_plan(written(home))
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtra, match=r"dealerrouting\[yaml\]"):
        load_plan("p")
    with pytest.raises(MissingExtra, match=r"dealerrouting\[yaml\]"):
        dump_plan(plan)
    assert json.loads(dump_plan(plan, form="json"))["name"] == "small"


# Hostile text

_pieces = st.sampled_from(
    ["{", "}", "[", "]", ":", ": ", ",", "\n", "\n  ", "- ", "name", "house", "dealers", "precedence", "rules", "when", "all",
     "not", "id", "&a", "*a", "!!x", "<<", "calendars", "terms", "---", "...", "|", ">", "'", '"', "#", "\t", "\0", "\ufeff", "é", "\u202e", "01", "1e9",
     "NaN", "null", "true", "%", "@", "`", "? ", "\\", "\u2028", "2027-01-01", "=", "[[", "]]", "custom", "taxonomy", "codes"]
)  # fmt: skip


@settings(max_examples=upto(150))
@given(st.lists(_pieces, max_size=30).map("".join), st.sampled_from(["yaml", "json", "toml"]))
def test_hostile_text_is_refused_and_no_more(tmp_path_factory, text, form):
    path = tmp_path_factory.mktemp("hostile", numbered=True) / f"plan.{form}"
    path.write_bytes(text.encode("utf-8"))
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert caught.value.faults


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**19),
    st.floats(),
    st.sampled_from(abc.HOSTILE[:20]),
    st.text(max_size=3),
)
_keys = st.sampled_from(
    ["id", "name", "house", "dealers", "precedence", "rules", "when", "all", "any", "not", "custom", "country", "eq", "in", "between",
     "within_km", "pick", "territories", "nearest", "incumbent", "won_within", "elapsed", "registrations", "taxonomy", "codes",
     "calendars", "calendar", "hours", "dates", "holidays", "mon", "also", "business", "remind_after",
     "attributes", "terms", "kind", "postcodes", "paused", "file", "accounts", "holder", "timezone", "schema_version", "x"]
)  # fmt: skip
_data = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4), max_leaves=25
)
_NEAR = to_data(Plan("x", house="h", dealers=[Dealer("h", kind="house"), Dealer("d")], territories=[Territory("t", "d")],
                     precedence=[by.rules(Rule("r", where.country == "NL", "d")), by.territories(), by.nearest()]))  # fmt: skip


@settings(max_examples=upto(200))
@given(st.dictionaries(_keys, _data, max_size=4))
def test_hostile_data_is_a_plan_or_is_refused(changes):
    try:
        plan = from_data("plan", {**_NEAR, **changes})
    except PlanError as error:
        assert error.faults
    else:
        assert from_data("plan", to_data(plan)) == plan


@settings(max_examples=upto(100))
@given(_data)
def test_any_data_is_a_plan_or_is_refused(data):
    with pytest.raises(PlanError):
        from_data("plan", data)
