"""The month of the demonstration: it adds up, shows what it says, and is the same every time."""

import os
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest

from dealerrouting import network
from dealerrouting.cli import demo
from dealerrouting.cli.month import lived
from dealerrouting.cli.month_page import page
from dealerrouting.cli.month_scene import Scene
from dealerrouting.cli.month_stories import moves, stories, tally
from dealerrouting.documents import load_facts, load_leads, load_plan
from dealerrouting.errors import StoreUnavailable
from dealerrouting.rules import route_all

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world():
    data = network.path()
    plan = load_plan(str(data))
    leads = load_leads(str(data / "leads.csv"), plan)
    return SimpleNamespace(plan=plan, leads=leads, facts=load_facts(str(data / "facts"), plan))


@pytest.fixture(scope="module")
def decisions(world):
    return list(route_all(world.leads, world.plan, world.facts))


@pytest.fixture(scope="module")
def month(world, decisions, tmp_path_factory):
    pytest.importorskip("sqlalchemy")
    return lived(world, decisions, tmp_path_factory.mktemp("month") / "demo.db")


@pytest.fixture(scope="module")
def told(month):
    return list(page(month, "python", "out/demo.db"))


def counted(month):
    return {what: int(number) for what, number, _, _ in tally(month)}


def letters(month, *, lead, does):
    return [one for one in month.letters if (one.message.lead, one.message.does) == (lead, does)]


def story(month, title):
    return next(one for one in stories(month) if one.title == title)


def test_every_lead_is_somewhere_and_has_one_holder(month):
    scene = month.scene
    assert set(month.histories) == {one[1].id for one in (*scene.old, *scene.new)}
    for history in month.histories.values():
        case = history.case
        assert (case.state is None) == (case.linked is not None)
        holder = case.holder if case.linked is None else month.histories[case.linked].case.holder
        assert scene.plan.dealer(holder) is not None


def test_the_table_adds_up(month):
    numbers, survey = counted(month), month.health.survey
    assert numbers["received"] == len(month.scene.new) >= 150
    assert numbers["taken over"] == len(month.scene.old) > 0
    ends = sum(numbers[what] for what in ("linked", "won", "lost", "open"))
    assert numbers["received"] + numbers["taken over"] == len(month.histories) == ends
    assert numbers["open"] == sum(survey.phases.values()) == sum(survey.holders.values())
    assert all(number > 0 for number in numbers.values())
    assert numbers["withdrawn"] + numbers["declined"] + numbers["referred"] >= numbers["returned"]
    assert numbers["reminded"] == len({one.message.lead for one in month.letters if one.message.does == "remind"})
    assert survey.due == 0
    assert not survey.parked


def test_the_folded_records_come_to_what_is_kept(month):
    assert month.same == month.own == sum(one.case.state is not None for one in month.histories.values())


def test_a_silent_dealer_is_reminded_and_then_loses_the_lead(month):
    scene, lead = month.scene, story(month, "silence").lead
    given = month.histories[lead].decisions[0].decision.at
    reminded, gone = letters(month, lead=lead, does="remind")[0], letters(month, lead=lead, does="withdraw")[0]
    assert reminded.message.to == gone.message.to == scene.silent
    assert given + scene.plan.terms.remind_after.delta < reminded.at
    assert given + scene.plan.terms.withdraw_after.delta < gone.at
    assert reminded.at + scene.plan.terms.notice.delta < gone.at
    offered = letters(month, lead=lead, does="offer")[-1].message
    assert offered.assignment == 2
    assert scene.plan.dealer(offered.to).kind == "dealer"
    assert offered.to != scene.silent
    assert not [one for history in month.histories.values() for one in history.records if said_by(one, scene.silent)]


def said_by(record, dealer):
    return record.detail.get("actor") == dealer


def test_a_lead_that_nobody_else_may_have_ends_with_the_house(month):
    history = month.histories[story(month, "end of the line").lead]
    last = list(moves(history))[-1]
    assert (last.why, last.then) == ("silence", "house")
    assert history.case.phase in ("house", "won", "lost")
    assert month.scene.plan.dealer(history.case.holder).kind == "house"


def test_a_lead_waits_for_a_dealer_without_room_and_then_gets_it(month):
    history = month.histories[story(month, "no room").lead]
    first, second = (one.decision for one in history.decisions[:2])
    assert first.outcome == "house"
    assert {(one.dealer, one.condition) for one in first.retry} == {(month.scene.capped, "max_open")}
    assert second.holder == month.scene.capped
    assert second.at > first.at


def test_a_lead_of_a_company_with_an_open_one_goes_with_it(month):
    name = story(month, "same company").lead
    primary = month.histories[month.histories[name].case.linked]
    assert name in primary.case.links
    assert letters(month, lead=name, does="linked")[0].message.to == month.histories[name].decisions[0].decision.holder
    assert letters(month, lead=name, does="linked")[0].message.detail["linked"] == primary.case.lead
    assert not letters(month, lead=name, does="remind")


def test_a_claimant_is_protected_and_the_other_dealer_is_told(month):
    name = story(month, "claimed").lead
    decision = month.histories[name].decisions[0].decision
    claim = next(one for one in month.scene.claims if one.id in decision.because)
    assert decision.holder == claim.dealer
    passed = {one.message.to for one in letters(month, lead=name, does="passed_over")}
    assert passed == {one.dealer for one in decision.passed_over} != set()


def test_whoever_referred_a_lead_hears_what_became_of_it(month):
    referred = [one for one in month.histories.values() if any(r.detail.get("type") == "referred" for r in one.records)]
    heard = [letter for one in referred for letter in letters(month, lead=one.case.lead, does="notify")]
    assert heard
    assert all(month.scene.plan.dealer(one.message.to).kind == "dealer" for one in heard)


def test_the_page_shows_it_all_in_two_screens(month, told):
    text = "\n".join(told)
    assert len(stories(month)) == 5
    for one in stories(month):
        assert any(one.lead in line and one.title in line for line in told)
    assert sum(line.startswith("Inbox of ") for line in told) == 4
    assert f"Inbox of {month.scene.silent}: " in text
    assert f"Inbox of {month.scene.plan.house}: " in text
    assert f"{month.same} of {month.own} leads" in text
    assert len(told) <= 100
    assert max(map(len, told)) <= 130
    assert all(line == line.rstrip() for line in told)


def test_no_personal_data_is_on_the_page(month, told):
    text = "\n".join(told)
    leads = [one[1] for one in (*month.scene.old, *month.scene.new)]
    said = {getattr(lead, name) for lead in leads for name in ("contact_name", "email", "phone", "message")}
    said |= {claim.email for claim in month.scene.claims}
    said |= {lead.company.name for lead in leads if lead.company}
    personal = {word for word in said if word}
    assert len(personal) > 50
    assert not [word for word in personal if word in text]
    assert "@" not in text


def test_another_run_in_another_process_says_the_same(month, tmp_path):
    """Through a pipe, with other hashes of words, and over the database of an earlier run."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "demo.db").write_bytes(b"of an earlier run")
    seed = {**os.environ, "PYTHONHASHSEED": "4711"}
    call = [sys.executable, "-m", "dealerrouting", "demo"]
    done = subprocess.run(call, cwd=tmp_path, env=seed, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = "".join(f"{line}\n" for line in page(month, str(sys.executable), str("out" + os.sep + "demo.db")))
    assert done.stdout.decode().endswith("\n\n" + expected)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["decisions.jsonl", "demo.db"]


def test_without_a_database_library_it_says_what_to_install(world, decisions, tmp_path, monkeypatch, capsys):
    for name in [one for one in sys.modules if one.startswith("dealerrouting.adapters.sql")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    demo._month(world, decisions, tmp_path)
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 1
    assert "pip install 'dealerrouting[sql]'" in lines[0]
    assert not list(tmp_path.iterdir())


def test_a_database_that_cannot_be_made_anew_is_an_error_that_says_so(world, decisions, tmp_path):
    (tmp_path / "demo.db").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be made anew"):
        lived(world, decisions, tmp_path / "demo.db")


def test_the_scene_is_found_not_named(world, decisions):
    scene = Scene.of(world, decisions)
    assert scene.end - scene.start == timedelta(days=31)
    assert world.plan.dealer(scene.capped).max_open is None
    assert scene.plan.dealer(scene.capped).max_open is not None
    assert {one.id for one in scene.plan.dealers} == {one.id for one in world.plan.dealers}
    assert scene.silent != scene.capped
