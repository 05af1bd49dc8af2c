"""A small plan on disk and golden files beside it, for the tests of golden cases and of the pytest plugin."""

from textwrap import dedent

PLAN = """\
name: benelux
house: inside-sales
timezone: Europe/Brussels
attributes: {fleet: int}
dealers:
  - {id: antwerp-a, max_open: 2}
  - {id: antwerp-b}
  - {id: delta}
  - {id: inside-sales, kind: house}
territories:
  - {id: antwerp, dealers: {antwerp-a: 2, antwerp-b: 1}, country: BE, postcodes: 2000..2660}
  - {id: nl-south, dealers: [delta], country: NL, postcodes: 3000..3399}
precedence:
  - registrations
  - rules: [{id: fleets, when: {fleet: {gte: 10}}, dealers: [delta]}]
  - territories: {}
"""
PYTHON = """\
from dealerrouting import Custom, Dealer, Plan, Rule, Territory, by, where

big = Custom("big", lambda facts: facts["employees"] > 100, reads=["employees"], version="1")
plan = Plan(
    "in-python", house="hq", dealers=[Dealer("delta"), Dealer("hq", kind="house")],
    territories=[Territory("nl", dealers=["delta"], country="NL")],
    precedence=[by.rules(Rule("large", when=big, dealers=["delta"])), by.territories()],
)
"""
GOOD = """\
# what Benelux expects
plan: ../plan
at: 2027-01-08T09:00:00Z   # a Friday
cases:
  - name: Antwerp goes to one of the two
    lead: {company: Jansen Metaal BV, country: BE, postcode: "2018", sector: C25.6}
    expect: {holder: [antwerp-a, antwerp-b], by: territories, because: [antwerp], flags: [], outcome: assigned}
  - name: a claim goes first
    lead: {company: Jansen Metaal BV, country: NL, company_number: "24123456", postcode: 3011 AB}
    facts:
      registrations:
        - {id: R7, dealer: antwerp-b, company: Jansen, country: NL, company_number: "24123456",
           status: approved, submitted_at: 2027-01-01, expires_at: 2027-07-01}
    expect: {holder: antwerp-b, by: registrations, because: R7}
  - name: nobody serves Dresden
    at: 2027-02-01
    lead: {id: L9, country: DE, postcode: 01067}
    expect: {outcome: house, flags: [nobody_serves]}
"""
WRONG = """\
plan: ../plan
at: 2027-01-08T09:00:00Z
cases:
  - name: Antwerp when a is full   # b takes it
    lead: {company: Jansen Metaal BV, country: BE, postcode: "2018", city: Antwerpen, language: nl, email: x@j.example}
    facts: {counts: [{dealer: antwerp-a, open: 2}]}
    expect:
      holder: antwerp-a   # it is full
      because:
        - antwerpen       # a slip of the pen
      flags: []
  - name: south
    lead: {country: NL, postcode: 3011 AB}
    expect: {holder: delta, by: territories}   # right
"""


def build(folder, name="cases.routing.yaml", text=GOOD):
    """The plan and one golden file in a folder; the file's path."""
    for place in ("plan", "cases"):
        (folder / place).mkdir(exist_ok=True)
    (folder / "plan" / "plan.yaml").write_text(PLAN, "utf-8")
    path = folder / "cases" / name
    path.write_bytes(dedent(text).encode())
    return path
