"""The life of a claim, step by step: every row of the table, every rule, every refusal."""

import json
from datetime import timedelta

import pytest
from attrs import evolve

import claims_world as world
from claims_world import START, draft, held
from dealerrouting import (
    Account,
    Company,
    Elapsed,
    Facts,
    Incumbent,
    Lead,
    Plan,
    Registration,
    Terms,
    Territory,
    by,
    route,
)
from dealerrouting import registrations as life
from dealerrouting.model import STATUSES
from dealerrouting.registrations import MOVES, OPEN, OVER, RULES, TABLE, Market, Move, Refusal, Standing
from dealerrouting.terms import ClaimTerms

pytestmark = pytest.mark.pure

JANSEN, NAMED, NV, TWEE, DOMAIN, NUMBER, PEETERS, SRL = world.COMPANIES
DAY = timedelta(days=1)
NOTE = {"visit": "note-1"}
AUTO, HAND = ClaimTerms(auto_approve=True), ClaimTerms()


def submitted(claim=None, *others, terms=HAND, at=START, **standing):
    """A claim taken in, beside others."""
    stands = Standing(others, dealers=world.PEOPLE, **standing)
    return life.submit(claim or draft(1, "a", JANSEN), stands, terms, at=at)


def moved(claim, do, *others, terms=HAND, at=START + DAY, actor="ann", evidence=None, completed=None, **standing):
    """A claim after a move, beside others."""
    move = Move(do, actor, NOTE if evidence is None else evidence, completed)
    return life.step(claim, move, Standing([claim, *others], dealers=world.PEOPLE, **standing), terms, at=at)


def approved(claim=None, terms=HAND, at=START):
    first = submitted(claim, terms=terms, at=at)
    return first if first.status == "approved" else moved(first, "approve", terms=terms, at=at)


def rules(refusal):
    assert isinstance(refusal, Refusal), refusal
    return refusal.rules


def last(claim):
    assert isinstance(claim, Registration), claim
    return claim.status, claim.history[-1].rule


# The table


def test_the_table_names_every_status_and_every_rule_is_of_a_known_kind():
    assert {*OPEN, *OVER} == set(STATUSES)
    assert {status for row in TABLE for status in (*row.statuses, *row.to)} - {None} == set(STATUSES)
    assert {rule.does for rule in RULES.values()} == {"allows", "rejects", "waits", "asks", "refuses"}
    assert len({row.do for row in TABLE}) == len(TABLE) == len(MOVES)
    assert {row.who for row in TABLE} == {"dealer", "person", "time"}


def in_status(status):
    """A claim that is in this status by steps of the table."""
    first = submitted()
    return {
        "submitted": lambda: first,
        "returned": lambda: moved(first, "return", at=START),
        "approved": lambda: approved(),
        "rejected": lambda: moved(first, "reject", at=START),
        "withdrawn": lambda: moved(first, "withdraw", at=START),
        "expired": lambda: moved(approved(), "expire", at=START + 90 * DAY),
        "converted": lambda: moved(approved(), "convert", at=START),
    }[status]()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("do", [do for do in MOVES if do != "submit"])
def test_every_move_in_every_status(do, status):
    claim = in_status(status)
    assert claim.status == status
    at = {"expire": START + 200 * DAY}.get(do, START + 2 * DAY if status != "expired" else START + 91 * DAY)
    after = moved(claim, do, at=at)
    if status in MOVES[do].statuses:
        assert isinstance(after, Registration)
        assert after.status in MOVES[do].to
    else:
        assert "not_allowed" in rules(after)


def test_a_move_that_is_none_is_a_mistake_of_the_caller():
    for do in ("submit", "steal", ""):
        with pytest.raises(ValueError, match="a move is one of settle, approve"):
            moved(submitted(), do)
    with pytest.raises(TypeError):
        moved(submitted(), "approve", at=START.replace(tzinfo=None))


# Taken in


def test_a_claim_has_the_time_of_the_server():
    early = submitted(draft(1, "a", JANSEN, at=START - 30 * DAY))
    assert early.submitted_at == START
    assert last(early) == ("submitted", "unopposed")
    assert rules(submitted(draft(1, "a", JANSEN, at=START + timedelta(microseconds=1)))) == ("future",)


def test_a_claim_that_comes_again_is_given_back_and_another_of_its_id_is_not():
    first = approved()
    assert submitted(draft(1, "a", JANSEN), first, at=START + DAY) is first
    assert rules(submitted(draft(1, "a", PEETERS), first, at=START + DAY)) == ("repeated_id",)


@pytest.mark.parametrize(
    ("change", "want"),
    [
        ({"dealer": "stranger"}, {"unknown_dealer"}),
        ({"dealer": "house"}, {"unknown_dealer"}),
        ({"company": Company("Nobody", country="NL")}, {"no_key"}),
        ({"company": Company("Nobody", country="NL", postcode="3011")}, {"no_key"}),
        ({"company": Company(domain="gmail.com")}, {"no_key"}),
        ({"company": Company(vat="NL123456789B01", country="NL")}, {"no_key", "bad_number"}),
        ({"company": Company(vat="NL123456789B01", domain="own.example")}, {"bad_number"}),
        ({"company": Company(number="24123456")}, {"no_key", "bad_number"}),
        ({"company": Company(number="2412345", country="NL", domain="own.example")}, {"bad_number"}),
        ({"company": Company(lei="724500VNNHZHYDLFMO71", domain="own.example")}, {"bad_number"}),
        ({"company": Company("a\0b", number="24123456", country="Narnia")}, {"unreadable", "bad_number", "no_key"}),
        ({"company": Company(number="0403170701", vat="BE0203430576", country="BE")}, {"two_companies"}),
        ({"company": Company(number="garbage", vat="BE0403170701", country="BE")}, {"bad_number"}),
        ({"company": Company("two\nlines", number="24123456", country="NL")}, {"unreadable"}),
        ({"products": ["a;b"]}, {"unreadable"}),
        ({"expires_at": START, "decided_at": START}, {"server_time"}),
        ({"status": "approved"}, {"server_time"}),
        (
            {"submitted_at": START + DAY, "dealer": "stranger", "status": "converted"},
            {"future", "unknown_dealer", "server_time"},
        ),
    ],
)  # fmt: skip
def test_bad_claims_are_refused_with_everything_that_is_wrong(change, want):
    refusal = submitted(evolve(draft(1, "a", JANSEN), **change))
    assert set(rules(refusal)) == want
    assert all(reason.cure and reason.field for reason in refusal.reasons)
    assert {reason.rule for reason in refusal.for_dealer()} == want
    assert all(str(reason) for reason in refusal.for_dealer())


def test_an_inactive_dealer_cannot_claim():
    people = {"a": evolve(world.PEOPLE["a"], active_until=START)}
    assert rules(life.submit(draft(1, "a", JANSEN), Standing(dealers=people), HAND, at=START)) == ("inactive_dealer",)
    assert life.submit(draft(1, "a", JANSEN), Standing(dealers=people), HAND, at=START - timedelta(microseconds=1))


def test_a_dealer_that_is_not_active_any_more_is_not_approved():
    claim, gone = submitted(), {"a": evolve(world.PEOPLE["a"], active_until=START + DAY)}
    for do, want in (("approve", Refusal), ("settle", Registration)):
        after = life.step(claim, Move(do, "ann"), Standing([claim], dealers=gone), AUTO, at=START + DAY)
        assert isinstance(after, want)
        rule = after.rules[0] if want is Refusal else last(after)[1]
        assert rule == "inactive_dealer"


def test_a_sweep_that_changes_nothing_leaves_no_trace():
    first = approved(terms=AUTO)
    second = submitted(draft(2, "b", NUMBER), first, terms=AUTO, at=START + DAY)
    assert moved(second, "settle", first, terms=AUTO, at=START + 2 * DAY) is second


def test_a_claim_that_was_completed_counts_from_when_it_was_made():
    terms = ClaimTerms(per_dealer_per_30_days=1)
    back = moved(submitted(terms=terms), "return", terms=terms, at=START)
    done = moved(back, "complete", terms=terms, at=START + 10 * DAY, completed=draft(1, "a", JANSEN))
    assert rules(submitted(draft(2, "a", PEETERS), done, terms=terms, at=START + 30 * DAY - timedelta(microseconds=1)))
    assert last(submitted(draft(2, "a", PEETERS), done, terms=terms, at=START + 30 * DAY)) == ("submitted", "unopposed")


def test_a_move_holds_only_what_a_table_can_hold():
    for actor, evidence, fields in (
        ("ann; bob", NOTE, {"actor"}),
        ("ann", {"a;b": "n1"}, {"evidence"}),
        ("ann", {"visit": "n 1, n 2"}, {"evidence"}),
        ("a,b", {"visit": ""}, {"actor", "evidence"}),
    ):
        refusal = moved(submitted(), "reject", actor=actor, evidence=evidence)
        assert {reason.field for reason in refusal.reasons} == fields
        assert set(rules(refusal)) == {"unreadable"}


def test_what_a_claim_must_show():
    terms = ClaimTerms(needs_evidence=["meeting", "quote"])
    assert rules(submitted(terms=terms)) == ("evidence_missing",)
    shown = evolve(draft(1, "a", JANSEN), evidence={"meeting": "n1", "quote": "q1"})
    claim = submitted(shown, terms=terms)
    assert claim.history[0].evidence == {"meeting": "n1", "quote": "q1"}


def test_a_dealer_has_one_claim_on_a_prospect():
    first = approved()
    assert rules(submitted(draft(2, "a", NAMED), first, at=START + DAY)) == ("already_yours",)
    assert last(submitted(draft(2, "a", NAMED), first, at=first.expires_at)) == ("submitted", "claimed_before")
    assert last(submitted(draft(2, "a", NV), first, at=START + DAY)) == ("submitted", "unopposed")


def test_terms_may_be_those_of_the_plan():
    claim = life.submit(draft(1, "a", JANSEN), [], Terms(claims=AUTO), at=START)
    assert last(claim) == ("approved", "unopposed")


# Rules between claims


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        (draft(2, "b", NUMBER), "first_valid"),
        (draft(2, "b", NAMED), "first_valid"),
        (draft(2, "b", DOMAIN), "first_valid"),
        (draft(2, "b", NV), "alike"),
        (draft(2, "b", TWEE), "another_number"),
        (draft(2, "b", evolve(TWEE, domain=None)), "unopposed"),
        (draft(2, "b", PEETERS), "unopposed"),
        (draft(2, "b", NUMBER, source="list"), "first_valid"),
        (draft(2, "b", PEETERS, source="list"), "list_import"),
    ],
)
def test_a_second_claim(second, rule):
    first = approved(terms=AUTO)
    after = submitted(second, first, terms=AUTO, at=START + DAY)
    assert last(after) == ("approved" if rule == "unopposed" else "submitted", rule)


def test_the_second_may_follow_when_the_first_ends():
    first = approved()
    second = submitted(draft(2, "b", NUMBER), first, at=START + DAY)
    last_instant = first.expires_at - timedelta(microseconds=1)
    refusal = moved(second, "approve", first, at=last_instant)
    assert rules(refusal) == ("first_valid",)
    assert refusal.reasons[0].because == ("R1",)
    (told,) = refusal.for_dealer()
    assert (told.rule, told.because, str(told)) == ("taken", (), "it is taken")
    assert "R1" not in str(refusal.reasons[0])
    assert last(moved(second, "approve", first, at=first.expires_at)) == ("approved", "by_hand")
    assert last(moved(second, "settle", first, terms=AUTO, at=first.expires_at)) == ("approved", "unopposed")
    given_up = moved(first, "withdraw", at=START + 2 * DAY)
    assert last(moved(second, "approve", given_up, at=START + 2 * DAY)) == ("approved", "by_hand")


@pytest.mark.parametrize(("one", "two", "rule"), [(1, 2, "same_instant"), (2, 1, "unopposed")])
def test_two_claims_of_one_instant(one, two, rule):
    first, second = submitted(draft(one, "a", JANSEN)), submitted(draft(two, "b", NUMBER))
    after = moved(second, "settle", first, terms=AUTO, at=START)
    assert last(after)[1] == rule


def test_other_products_are_another_claim():
    first = approved(draft(1, "a", JANSEN, ("press",)))
    assert last(submitted(draft(2, "b", NUMBER, ("saw",)), first, terms=AUTO)) == ("approved", "other_product")
    assert last(submitted(draft(2, "b", NUMBER, ("saw", "press")), first, terms=AUTO))[1] == "first_valid"
    assert last(submitted(draft(2, "b", NUMBER), first, terms=AUTO))[1] == "first_valid"


def test_accounts_and_customers():
    claim = draft(1, "a", JANSEN)
    house, other = Account("h", "house", NUMBER), Account("o", "b", NAMED)
    assert last(submitted(claim, accounts=[house], terms=AUTO)) == ("rejected", "house_account")
    assert last(submitted(claim, accounts=[other, house], terms=AUTO)) == ("rejected", "house_account")
    assert last(submitted(claim, accounts=[other])) == ("rejected", "account")
    assert last(submitted(claim, accounts=[evolve(other, holder="a")])) == ("submitted", "unopposed")
    assert last(submitted(claim, accounts=[evolve(other, valid_until=START)])) == ("submitted", "unopposed")
    assert last(submitted(claim, accounts=[Account("n", "b", NV)])) == ("submitted", "alike")
    served = Incumbent(NUMBER, "b", since=START)
    assert last(submitted(claim, customers=[served])) == ("rejected", "customer")
    assert last(submitted(claim, customers=[Incumbent(NUMBER, "a", since=START)])) == ("submitted", "unopposed")
    assert last(submitted(claim, customers=[Incumbent(NUMBER, "b", since=START + DAY)])) == ("submitted", "unopposed")
    assert last(submitted(claim, customers=[Incumbent(NUMBER, "house", since=START)])) == ("rejected", "customer")
    assert submitted(claim, customers=[served]).decided_at == START


def test_companies_of_one_group():
    parent = approved(draft(1, "a", PEETERS))
    child = draft(2, "b", JANSEN)
    standing = {"related": parent.keys}
    waits = submitted(child, parent, terms=AUTO, at=START + DAY, **standing)
    assert last(waits) == ("submitted", "parent_company")
    assert last(moved(waits, "approve", parent, **standing)) == ("approved", "parent_company")
    covered = ClaimTerms(auto_approve=True, covers_group=True)
    held_up = submitted(child, parent, terms=covered, at=START + DAY, **standing)
    assert last(held_up) == ("submitted", "parent_group")
    assert rules(moved(held_up, "approve", parent, terms=covered, **standing)) == ("parent_group",)


def test_a_person_decides_what_only_a_person_can():
    first = approved()
    doubtful = submitted(draft(2, "b", NV), first, terms=AUTO, at=START + DAY)
    assert last(moved(doubtful, "approve", first)) == ("approved", "alike")
    assert rules(moved(doubtful, "approve", first, actor="")) == ("nobody",)


def test_a_shared_domain_is_only_a_hint():
    terms = ClaimTerms(auto_approve=True, shared_domains=["jansen.example"])
    first = approved(terms=terms)
    by_domain = evolve(
        draft(2, "b", DOMAIN), company=Company("Other", domain="jansen.example", country="NL", postcode="1011 AA")
    )
    assert last(submitted(by_domain, first, terms=terms)) == ("submitted", "alike")
    assert rules(submitted(draft(3, "b", DOMAIN), first, terms=terms)) == ("no_key",)


def test_names_that_are_alike_are_for_a_person():
    pytest.importorskip("rapidfuzz")
    terms = ClaimTerms(auto_approve=True, review_alike=True)
    first = approved(draft(1, "a", Company("Metaalbewerking Jansen BV", country="NL", postcode="3011 AB")), terms=terms)
    typed = draft(2, "b", Company("Metaalbewerkng Jansen BV", country="NL", postcode="3012 XX"))
    assert last(submitted(typed, first, terms=terms, at=START + DAY)) == ("submitted", "alike")
    assert last(submitted(typed, first, terms=AUTO, at=START + DAY)) == ("approved", "unopposed")


# Time


def test_a_claim_protects_to_the_microsecond():
    claim = approved()
    end = START + 90 * DAY
    assert (claim.decided_at, claim.expires_at, claim.protected_until) == (START, end, end)
    assert claim.stands(end - timedelta(microseconds=1))
    assert not claim.stands(end)
    assert life.next_due(claim, HAND) == end
    assert rules(moved(claim, "expire", at=end - timedelta(microseconds=1))) == ("not_yet",)
    assert last(moved(claim, "expire", at=end)) == ("expired", "protection_over")
    for do in ("extend", "act", "convert", "withdraw", "yield"):
        assert rules(moved(claim, do, at=end)) == ("protection_over",)


def test_a_claim_is_extended_on_evidence_and_so_often():
    claim = approved()
    assert rules(moved(claim, "extend", evidence={})) == ("evidence_missing",)
    longer = moved(claim, "extend", at=START + 89 * DAY)
    assert (last(longer), longer.expires_at) == (("approved", "evidence"), START + 150 * DAY)
    assert rules(moved(longer, "extend", at=START + 89 * DAY)) == ("no_extension_left",)
    endless = Registration("R9", "a", JANSEN, status="approved", submitted_at=START)
    assert rules(moved(endless, "extend")) == ("no_end",)


def test_a_claim_needs_activity():
    terms = ClaimTerms(activity_within=Elapsed(days=10), protects=Elapsed(days=25))
    claim = approved(terms=terms)
    assert claim.expires_at == START + 10 * DAY
    assert last(moved(claim, "expire", terms=terms, at=START + 10 * DAY)) == ("expired", "no_activity")
    active = moved(claim, "act", terms=terms, at=START + 9 * DAY, actor="a")
    assert active.expires_at == START + 19 * DAY
    again = moved(active, "act", terms=terms, at=START + 18 * DAY)
    assert again.expires_at == again.protected_until == START + 25 * DAY
    assert last(moved(again, "expire", terms=terms, at=START + 25 * DAY)) == ("expired", "protection_over")
    shorter = moved(again, "act", terms=ClaimTerms(activity_within=Elapsed(days=1)), at=START + 19 * DAY)
    assert shorter.expires_at == START + 25 * DAY


def test_a_returned_claim_is_as_old_as_its_completion():
    back = moved(submitted(), "return", at=START + DAY, evidence={"missing": "company_number"})
    other = submitted(draft(2, "b", NUMBER), back, terms=AUTO, at=START + 2 * DAY)
    assert last(other) == ("approved", "unopposed")
    whole = evolve(draft(1, "a", JANSEN), products=("press",))
    late = moved(back, "complete", other, at=START + 3 * DAY, actor="a", completed=whole)
    assert (last(late), late.submitted_at, late.products) == (("submitted", "first_valid"), START + 3 * DAY, ("press",))
    assert [step.do for step in late.history] == ["submit", "return", "complete"]
    wrong = evolve(whole, company=Company("Nobody"))
    assert rules(moved(back, "complete", at=START + 3 * DAY, completed=wrong)) == ("no_key",)
    assert rules(moved(back, "complete", at=START + 3 * DAY, completed=draft(3, "a", JANSEN)))[0] == "repeated_id"
    assert rules(moved(back, "complete", at=START + 15 * DAY, completed=whole)) == ("too_late",)
    listed = moved(submitted(draft(1, "a", JANSEN, source="list")), "return", at=START)
    assert last(moved(listed, "complete", terms=AUTO, completed=whole)) == ("submitted", "list_import")
    mine = approved(draft(5, "a", PEETERS))
    assert rules(moved(back, "complete", mine, at=START + 3 * DAY, completed=draft(1, "a", SRL))) == ("already_yours",)
    assert life.next_due(back, HAND) == START + 15 * DAY
    assert last(moved(back, "expire", at=START + 15 * DAY)) == ("expired", "not_completed")
    assert rules(moved(back, "expire", at=START + 15 * DAY - timedelta(microseconds=1))) == ("not_yet",)
    assert rules(moved(submitted(), "return", evidence={})) == ("evidence_missing",)


def test_time_does_not_run_back():
    claim = approved(at=START + DAY)
    assert rules(moved(claim, "act", at=START)) == ("back_dated",)
    assert last(moved(claim, "act", at=START + DAY)) == ("approved", "active")
    assert life.next_due(moved(claim, "withdraw"), HAND) is None


def test_a_claim_that_nobody_decides_ends():
    claim, due = submitted(), START + 180 * DAY
    assert life.next_due(claim, HAND) == due
    assert rules(moved(claim, "expire", at=due - timedelta(microseconds=1))) == ("not_yet",)
    assert last(moved(claim, "expire", at=due)) == ("expired", "not_decided")


def test_a_claim_of_a_dealer_that_is_gone_holds_up_nobody():
    people = {**world.PEOPLE, "a": evolve(world.PEOPLE["a"], active_until=START + DAY)}
    first, second = submitted(), draft(2, "b", NUMBER)
    for at, rule in ((START + DAY - timedelta(microseconds=1), "first_valid"), (START + DAY, "unopposed")):
        assert last(life.submit(second, Standing([first], dealers=people), HAND, at=at))[1] == rule


def test_requests_that_are_served_in_another_order_than_their_clocks():
    """B was approved a moment later than A's clock says, and is in the books when A comes."""
    later = submitted(draft(2, "b", NUMBER), terms=AUTO, at=START + timedelta(milliseconds=1))
    assert last(submitted(draft(1, "a", JANSEN), later, terms=AUTO, at=START)) == ("submitted", "first_valid")
    waiting = submitted(draft(1, "a", JANSEN), terms=HAND, at=START)
    assert rules(moved(waiting, "approve", later, at=START)) == ("first_valid",)
    assert rules(submitted(draft(3, "b", JANSEN), later, terms=AUTO, at=START)) == ("already_yours",)


def test_an_invented_number_is_for_a_person():
    """A register number that nobody has makes another company of it, so that it cannot be told from a sister's."""
    invented = Company("Jansen Metaal BV", number="99999998", country="NL", postcode="3011 AB", domain="jansen.example")
    claim = draft(2, "b", invented, ("press",))
    assert last(submitted(claim, approved(), terms=AUTO, at=START + DAY)) == ("submitted", "another_number")
    assert last(submitted(claim, accounts=[Account("h", "house", JANSEN)], terms=AUTO))[1] == "another_number"
    served = Incumbent(JANSEN, "c", since=START)
    assert last(submitted(claim, customers=[served], terms=AUTO))[1] == "another_number"
    assert last(submitted(claim, approved(draft(1, "b", JANSEN)), terms=AUTO, at=START + DAY))[0] == "approved"


def test_a_dealer_cannot_go_on_without_end_by_claiming_again():
    given_up = moved(approved(terms=AUTO), "withdraw", at=START + 89 * DAY)
    again = submitted(draft(2, "a", NUMBER), given_up, terms=AUTO, at=START + 89 * DAY)
    assert last(again) == ("submitted", "claimed_before")
    assert last(submitted(draft(3, "b", NUMBER), given_up, terms=AUTO, at=START + 89 * DAY))[0] == "approved"
    for at, status in ((START + 119 * DAY - timedelta(microseconds=1), "submitted"), (START + 119 * DAY, "approved")):
        assert submitted(draft(2, "a", NUMBER), given_up, terms=AUTO, at=at).status == status


def test_an_extension_never_shortens():
    claim = approved()
    terms = ClaimTerms(activity_within=Elapsed(days=10))
    assert moved(claim, "extend", terms=terms, at=START + DAY).expires_at == claim.expires_at


def test_web_and_mail_domain_that_differ_are_for_a_person():
    two = evolve(draft(1, "a", Company(domain="jansen.example")), email="jan@other.example")
    assert last(submitted(two, terms=AUTO)) == ("submitted", "two_domains")
    assert last(submitted(evolve(two, email="jan@mail.jansen.example"), terms=AUTO)) == ("approved", "unopposed")


# The customer's word


def test_the_customers_choice_ends_a_claim_and_is_owed_for():
    terms = ClaimTerms(credit="0.25")
    claim = approved(terms=terms)
    assert rules(moved(claim, "yield", evidence={}, actor="")) == ("nobody", "evidence_missing")
    ended = moved(claim, "yield", terms=terms, evidence={"letter": "doc-7"})
    assert last(ended) == ("withdrawn", "customers_choice")
    due = life.owed(ended, terms)
    assert (due.dealer, due.because, due.rule, str(due.credit)) == ("a", ("R1",), "customers_choice", "0.25")
    assert life.owed(claim, terms) is None
    assert life.owed(Registration("R9", "a", JANSEN, submitted_at=START), terms) is None
    assert last(moved(submitted(draft(2, "b", NUMBER), claim), "approve", ended)) == ("approved", "by_hand")


# Against fencing


@pytest.mark.slow
def test_a_dealer_that_claims_everything_gets_its_quota():
    claims = life.index(alike=False)
    standing = Standing(claims, dealers=world.PEOPLE)
    other = life.submit(draft(0, "b", JANSEN), standing, AUTO, at=START)
    claims.add(other)
    refused = 0
    for number in range(10_000):
        claim = draft(number + 1, "a", Company(number=f"{30_000_000 + number}", country="NL"))
        after = life.submit(claim, standing, AUTO, at=START + number * timedelta(seconds=8))
        if isinstance(after, Registration):
            claims.add(after)
        else:
            refused += after.rules == ("quota",)
    assert (len(claims), refused) == (51, 9_950)
    everybody = [JANSEN, PEETERS, *(Company(number=f"{30_000_000 + n}", country="NL") for n in (0, 49, 50, 9_999))]
    holders = [_holder(one, claims) for one in everybody]
    assert holders == ["b", "c", "a", "a", "c", "c"]
    assert [_holder(one, [other]) for one in everybody] == ["b", "c", "c", "c", "c", "c"]
    later = life.submit(draft(99_999, "a", PEETERS), standing, AUTO, at=START + timedelta(days=30))
    assert last(later) == ("approved", "unopposed")
    assert life.submit(draft(77, "c", PEETERS), standing, AUTO, at=START + DAY).status == "approved"


def _holder(company, claims):
    """Who gets a lead of this company, in a plan in which everything is in the territory of c."""
    plan = Plan(
        "fenced",
        house="house",
        dealers=world.PEOPLE.values(),
        territories=[Territory("all", ["c"], country=["NL", "BE"])],
        precedence=[by.registrations(), by.territories()],
    )
    lead = Lead("L1", company=company, country=company.country)
    return route(lead, plan, Facts(claims), at=START + DAY).holder


def test_the_caller_may_count_for_itself():
    assert rules(submitted(made=50)) == ("quota",)
    assert last(submitted(made=49)) == ("submitted", "unopposed")


def test_no_dealer_holds_more_than_its_part_of_a_territory():
    terms = ClaimTerms(max_share_of_territory="0.2", auto_approve=True)
    for prospects, claimed, full in ((10, 1, False), (10, 2, True), (0, 0, True), (5, 0, False), (4, 0, True)):
        after = submitted(terms=terms, markets=[Market("city", prospects, claimed)])
        assert (isinstance(after, Refusal) and after.rules == ("share_of_market",)) == full
    claim = submitted(terms=HAND)
    crowded = {"markets": [Market("city", 10, 2), Market("land", 100, 2)]}
    refusal = moved(claim, "approve", terms=terms, **crowded)
    assert refusal.rules == ("share_of_market",)
    assert refusal.reasons[0].because == ("city",)
    assert [reason.rule for reason in refusal.for_dealer()] == ["share_of_market"]


def test_what_came_in_a_list_waits_for_a_person():
    claim = submitted(draft(1, "a", JANSEN, source="list"), terms=AUTO)
    assert last(claim) == ("submitted", "list_import")
    assert last(moved(claim, "settle", terms=AUTO)) == ("submitted", "list_import")
    assert last(moved(claim, "approve", terms=AUTO)) == ("approved", "list_import")


def test_refusals_name_no_company():
    refusal = submitted(evolve(draft(1, "stranger", Company("Secret NV", number="SECRET", country="NL"))))
    assert "secret" not in json.dumps([str(reason) for reason in refusal.reasons]).lower()


def test_what_stands_is_held_as_given():
    claim = submitted()
    for given in ([claim], (claim,), iter([claim]), life.index([claim]), Standing([claim]), held({"R1": claim})):
        assert life.submit(draft(1, "a", JANSEN), given, HAND, at=START) is claim
