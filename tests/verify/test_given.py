"""What a question is handed that is no plan, no lead, no budget is refused by every question, with what to give."""

import inspect

import pytest

from dealerrouting import Dealer, Lead, Plan, Territory, by, verify, where
from dealerrouting.verify import Budget

pytestmark = pytest.mark.pure

NL = where.country == "NL"
PLAN = Plan(
    "p",
    house="office",
    dealers=[Dealer("a"), Dealer("office", kind="house")],
    territories=[Territory("t", ["a"], country="NL")],
    precedence=[by.territories()],
)
BESIDES = {
    "always": {"when": NL, "kind": "dealer"},
    "never": {"when": NL, "kind": "house"},
    "diff": {"planned": PLAN},
    "equal": {"b": PLAN},
}
QUESTIONS = {
    name: inspect.signature(getattr(verify, name)).parameters
    for name in verify.__all__
    if inspect.isfunction(getattr(verify, name))
}


def ask(name, plan=PLAN, **more):
    return getattr(verify, name)(plan, **BESIDES.get(name, {}), **more)


def test_these_are_the_questions():
    assert len(QUESTIONS) >= 13
    assert {name for name, takes in QUESTIONS.items() if "leads" in takes} == {"check", "gaps", "diff"}
    assert {name for name, takes in QUESTIONS.items() if "budget" not in takes} <= {"deadlines"}
    for name in QUESTIONS:
        ask(name)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("bad", ["plan.yaml", None, 5])
def test_what_is_no_plan(name, bad):
    with pytest.raises(TypeError, match=r"a Plan is asked, not `.*`; read one with dealerrouting.documents.load_plan"):
        ask(name, bad)


@pytest.mark.parametrize("name", [name for name, takes in QUESTIONS.items() if "budget" in takes])
@pytest.mark.parametrize("bad", [5, 0, "5", (5, 5), Budget])
def test_what_is_no_budget(name, bad):
    with pytest.raises(TypeError, match=r"a budget is verify.Budget\(left=..., stretch=...\), not `"):
        ask(name, budget=bad)


@pytest.mark.parametrize("name", [name for name, takes in QUESTIONS.items() if "leads" in takes])
@pytest.mark.parametrize("bad", ["jansen@klant.example", {"id": "jansen@klant.example"}, None])
def test_what_is_no_lead(name, bad):
    """Its place and type are told, never what it says: that may be a person's."""
    with pytest.raises(
        TypeError, match=r"leads\[1\] is of type \w+, not a Lead; read them with .*load_leads"
    ) as raised:
        ask(name, leads=[Lead("L1"), bad])
    assert "jansen" not in str(raised.value)


@pytest.mark.parametrize("name", [name for name, takes in QUESTIONS.items() if "leads" in takes])
@pytest.mark.parametrize("bad", [5, None, Lead("jansen@klant.example")])
def test_what_are_no_leads(name, bad):
    with pytest.raises(TypeError, match=r"leads are several, not one \w+; give a list of Lead") as raised:
        ask(name, leads=bad)
    assert "jansen" not in str(raised.value)
