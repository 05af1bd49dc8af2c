"""Terms say what is wrong with them all at once; a policy is the same when it means the same."""

import pickle
from datetime import timedelta

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError

from dealerrouting import identity
from dealerrouting.calendar import Business, BusinessDays, Calendar, Elapsed
from dealerrouting.errors import Fault, PlanError
from dealerrouting.events import STATUSES
from dealerrouting.terms import LATE_ANSWERS, ON_SILENCE, ClaimTerms, HouseTerms, Policy, Terms, length_data

pytestmark = pytest.mark.pure

OFFICE = Calendar("Europe/Brussels", {"mon-fri": ["09:00-12:00", "12:00-17:00"]})
SAME = Calendar("Europe/Brussels", {"tue-fri": ["09:00-17:00"], "mon": ["09:00-17:00"]})
SHOP = Calendar("Europe/Brussels", {"tue-sat": ["10:00-18:00"]})
LENGTH = "write Elapsed(hours=48), Business(hours=16) or BusinessDays(5)"
REAL = "write Elapsed(hours=48)"


def faults(make, *args, **said):
    with pytest.raises(PlanError) as caught:
        make(*args, **said)
    return list(caught.value.faults)


def fault(name, what, cure="", *, place="terms"):
    return Fault(f"{place}.{name}", what, cure, (*place.split("."), name))


# Terms


def test_the_terms_as_they_come():
    terms = Terms()
    assert terms == Terms(
        max_reassignments=2,
        remind_after=Elapsed(hours=48),
        withdraw_after=Elapsed(days=5),
        notice=Elapsed(hours=24),
        accept_within=None,
        escalate_after=None,
        stale_after=Elapsed(days=21),
        on_silence=("reassign", "return"),
        counts_as_update=("contacted", "uncontactable", "qualified", "quoted", "won", "lost"),
        needs_evidence=("uncontactable",),
        max_resets=12,
        max_reopens=3,
        max_pause=Elapsed(days=7),
        delivery_bound=Elapsed(days=2),
        late_answer="audit_only",
        backdate_tolerance=None,
        skew_tolerance=Elapsed(minutes=5),
        calendar=None,
        house=HouseTerms(Elapsed(hours=48), Elapsed(days=5)),
    )


def test_terms_are_frozen_equal_hashable_and_picklable():
    terms = Terms(accept_within=Business(hours=4), calendar="office", counts_as_update=["won", "contacted"])
    assert terms == Terms(accept_within=Business(minutes=240), calendar="office", counts_as_update=("contacted", "won"))
    assert terms != Terms()
    assert len({terms, pickle.loads(pickle.dumps(terms)), Terms()}) == 2
    with pytest.raises(FrozenInstanceError):
        terms.calendar = None
    with pytest.raises(FrozenInstanceError):
        terms.house.remind_after = Elapsed(hours=1)


@pytest.mark.parametrize("name", ["counts_as_update", "needs_evidence"])
def test_statuses_are_kept_in_one_order_and_once(name):
    assert getattr(Terms(**{name: ["won", "contacted", "won"]}), name) == ("contacted", "won")
    assert getattr(Terms(**{name: iter(reversed(STATUSES))}), name) == STATUSES
    assert getattr(Terms(**{name: "lost"}), name) == ("lost",)
    assert getattr(Terms(**{name: {"lost", "won"}}), name) == ("won", "lost")


def test_nothing_may_need_evidence():
    assert Terms(needs_evidence=()).needs_evidence == ()


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("reassign", ON_SILENCE),
        ("return", ("return",)),
        (["reassign"], ON_SILENCE),
        (["reassign", "return"], ON_SILENCE),
        (["return", "reassign"], ON_SILENCE),
        (["return", "return"], ("return",)),
    ],
)
def test_what_follows_silence(said, means):
    assert Terms(on_silence=said).on_silence == means


LENGTHS = ["remind_after", "withdraw_after", "notice", "accept_within", "escalate_after", "stale_after"]
REALS = ["max_pause", "delivery_bound", "backdate_tolerance", "skew_tolerance"]
OPTIONAL = ["accept_within", "escalate_after", "backdate_tolerance"]


@pytest.mark.parametrize("name", LENGTHS)
@pytest.mark.parametrize("bad", [48, "48h", timedelta(hours=48), True, 0])
def test_a_length_is_never_a_bare_number(name, bad):
    shown = bad if isinstance(bad, str) else repr(bad)
    assert faults(Terms, **{name: bad}) == [fault(name, f"`{shown}` is not a length of time", LENGTH)]


@pytest.mark.parametrize("name", REALS)
@pytest.mark.parametrize("bad", [Business(hours=1), BusinessDays(1), 48])
def test_bounds_and_tolerances_are_real_time(name, bad):
    assert [(one.path, one.cure) for one in faults(Terms, **{name: bad})] == [(("terms", name), REAL)]
    assert " is not a length of real time" in faults(Terms, **{name: bad})[0].what


@pytest.mark.parametrize("name", LENGTHS + REALS)
def test_only_what_may_be_never_may_be_left_out(name):
    if name in OPTIONAL:
        assert getattr(Terms(**{name: None}), name) is None
    else:
        assert [one.path for one in faults(Terms, **{name: None})] == [("terms", name)]


@pytest.mark.parametrize("name", LENGTHS)
@pytest.mark.parametrize("length", [Elapsed(days=4), Business(hours=300), BusinessDays(9)])
def test_every_deadline_is_in_any_time(name, length):
    assert (
        getattr(Terms(**{name: length, **({"withdraw_after": Elapsed(days=9)} if "remind" in name else {})}), name)
        == length
    )


@pytest.mark.parametrize(
    ("name", "least", "what"),
    [
        ("max_reassignments", 0, "a number of reassignments"),
        ("max_resets", 1, "a number of resets"),
        ("max_reopens", 0, "a number of reopenings"),
    ],
)
def test_counts_are_whole_and_bounded(name, least, what):
    for good in (least, 100):
        assert getattr(Terms(**{name: good}), name) == good
    for bad in (least - 1, 101, 1.0, True, None, "2"):
        cure = f"give a whole number from {least} to 100"
        assert faults(Terms, **{name: bad}) == [fault(name, f"`{bad}` is not {what}", cure)]


@pytest.mark.parametrize("length", [Elapsed(hours=48), Business(hours=16), BusinessDays(2)])
def test_the_reminder_comes_before_the_withdrawal(length):
    wrong = fault("withdraw_after", "is not longer than `remind_after`", "make `remind_after` the shorter one")
    assert faults(Terms, remind_after=length, withdraw_after=length) == [wrong]
    wrong = fault(
        "escalate_after",
        "is not longer than `remind_after`",
        "make `remind_after` the shorter one",
        place="terms.house",
    )
    assert faults(HouseTerms, length, length) == [wrong]


def test_lengths_of_two_kinds_are_not_compared():
    assert Terms(remind_after=Elapsed(days=30), withdraw_after=BusinessDays(1)).remind_after == Elapsed(days=30)
    assert HouseTerms(BusinessDays(9), Elapsed(hours=1)).remind_after == BusinessDays(9)


@pytest.mark.parametrize(
    ("name", "bad", "what", "cure"),
    [
        ("counts_as_update", (), "is empty", "name at least one of " + ", ".join(STATUSES)),
        ("on_silence", [], "is empty", "name at least one of reassign, return"),
        ("counts_as_update", 7, "`7` is not a list of words", "name at least one of " + ", ".join(STATUSES)),
        ("needs_evidence", None, "`None` is not a list of words", "name at least one of " + ", ".join(STATUSES)),
        ("counts_as_update", ["won", "contactd"], "unknown word `contactd`", "did you mean `contacted`?"),
        ("needs_evidence", ["wonn"], "unknown word `wonn`", "did you mean `won`?"),
        ("needs_evidence", [7], "unknown word `7`", "known here: " + ", ".join(f"`{one}`" for one in sorted(STATUSES))),
        ("on_silence", "retrun", "unknown word `retrun`", "did you mean `return`?"),
        ("late_answer", "restor", "unknown late_answer `restor`", "did you mean `restore`?"),
        ("late_answer", None, "unknown late_answer `None`", "known here: `audit_only`, `restore`"),
        ("calendar", 7, "`7` is not the id of a calendar", ""),
        ("house", {}, "`{}` is not HouseTerms", "write HouseTerms(...)"),
    ],
)
def test_what_is_wrong_and_how_to_mend_it(name, bad, what, cure):
    assert faults(Terms, **{name: bad}) == [fault(name, what, cure)]


@pytest.mark.parametrize("late_answer", LATE_ANSWERS)
def test_late_answers(late_answer):
    assert Terms(late_answer=late_answer).late_answer == late_answer


def test_everything_that_is_wrong_is_said_at_once():
    wrong = dict.fromkeys((one.name for one in fields(Terms)), object())
    assert {one.path[1] for one in faults(Terms, **wrong)} == set(wrong)
    assert [one.path[2] for one in faults(HouseTerms, 1, None)] == ["remind_after", "escalate_after"]
    text = str(PlanError(faults(HouseTerms, 1, None)))
    assert text.splitlines() == [
        f"terms.house.remind_after: `1` is not a length of time; {LENGTH}",
        f"terms.house.escalate_after: `None` is not a length of time; {LENGTH}",
    ]


# Terms as data


@pytest.mark.parametrize(
    ("length", "data"),
    [
        (Elapsed(hours=48), {"elapsed": "48h"}),
        (Elapsed(hours=72), {"elapsed": "72h"}),
        (Elapsed(days=5), {"elapsed": "5d"}),
        (Elapsed(hours=73), {"elapsed": "73h"}),
        (Elapsed(days=3, seconds=1), {"elapsed": "259201s"}),
        (Elapsed(hours=24), {"elapsed": "24h"}),
        (Elapsed(minutes=90), {"elapsed": "90m"}),
        (Elapsed(seconds=1), {"elapsed": "1s"}),
        (Business(hours=240), {"business": "240h"}),
        (Business(hours=1, minutes=30), {"business": "90m"}),
        (BusinessDays(5), {"business_days": 5}),
    ],
)
def test_a_length_as_a_plan_file_writes_it(length, data):
    assert length_data(length) == data


def test_terms_as_a_plan_file_writes_them():
    terms = Terms(accept_within=Business(hours=4), calendar="office", house=HouseTerms(BusinessDays(1)))
    assert terms.data() == {
        "max_reassignments": 2,
        "remind_after": {"elapsed": "48h"},
        "withdraw_after": {"elapsed": "5d"},
        "notice": {"elapsed": "24h"},
        "accept_within": {"business": "4h"},
        "stale_after": {"elapsed": "21d"},
        "on_silence": ["reassign", "return"],
        "counts_as_update": ["contacted", "uncontactable", "qualified", "quoted", "won", "lost"],
        "needs_evidence": ["uncontactable"],
        "max_resets": 12,
        "max_reopens": 3,
        "max_pauses": 7,
        "max_pause": {"elapsed": "7d"},
        "delivery_bound": {"elapsed": "48h"},
        "late_answer": "audit_only",
        "skew_tolerance": {"elapsed": "5m"},
        "calendar": "office",
        "house": {"remind_after": {"business_days": 1}, "escalate_after": {"elapsed": "5d"}},
        "claims": {
            "protects": {"elapsed": "90d"},
            "extensions": 1,
            "extends": {"elapsed": "60d"},
            "complete_within": {"elapsed": "14d"},
            "decide_within": {"elapsed": "180d"},
            "rest": {"elapsed": "30d"},
            "auto_approve": False,
            "needs_evidence": [],
            "per_dealer_per_30_days": 50,
            "asks_per_dealer_per_day": 20,
            "credit": 0,
            "covers_group": False,
            "mailbox_domains": [],
            "shared_domains": [],
            "review_alike": False,
        },
    }


def test_all_lengths_of_terms():
    house = HouseTerms(Business(hours=1), BusinessDays(9))
    assert list(Terms(accept_within=BusinessDays(3), house=house).lengths()) == [
        *(Elapsed(hours=48), Elapsed(days=5), Elapsed(hours=24), BusinessDays(3), Elapsed(days=21)),
        *(Elapsed(days=7), Elapsed(days=2), Elapsed(minutes=5), Business(hours=1), BusinessDays(9)),
    ]


# Policies


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            (Terms(calendar="ofice"), "hq", {"office": OFFICE}),
            [Fault("terms.calendar", "unknown calendar `ofice`", "did you mean `office`?", ("terms", "calendar"))],
        ),
        (
            (Terms(calendar="office"), "hq"),
            [Fault("terms.calendar", "unknown calendar `office`", "give it in `calendars`", ("terms", "calendar"))],
        ),
        (
            (Terms(), "hq", {"office": OFFICE}, {"ann": "office", "bob": "shop", "cas": "offic"}),
            [
                Fault("dealer `bob`.calendar", "unknown calendar `shop`", "known here: `office`", ("keeps", "bob")),
                Fault("dealer `cas`.calendar", "unknown calendar `offic`", "did you mean `office`?", ("keeps", "cas")),
            ],
        ),
        (
            (Terms(), "hq", {}, {"ann": "shop"}),
            [Fault("dealer `ann`.calendar", "unknown calendar `shop`", "give it in `calendars`", ("keeps", "ann"))],
        ),
    ],
)
def test_a_calendar_that_is_not_there(said, found):
    assert faults(Policy, *said) == found


@pytest.mark.parametrize(
    "terms",
    [
        *(Terms(**{name: BusinessDays(9)}) for name in LENGTHS if name != "remind_after"),
        Terms(house=HouseTerms(Business(hours=1))),
    ],
)
def test_business_time_needs_a_calendar_for_everybody(terms):
    """Also where every dealer of today keeps one: a dealer of tomorrow may not."""
    what = "business time needs a calendar for whoever keeps none of its own"
    wrong = Fault("terms.calendar", what, "name one of `calendars`", ("terms", "calendar"))
    assert faults(Policy, terms, "hq", {"office": OFFICE}, {"ann": "office", "hq": "office"}) == [wrong]
    assert Policy(evolve(terms, calendar="office"), "hq", {"office": OFFICE}).digest


def test_who_keeps_which_calendar():
    policy = Policy(Terms(calendar="office"), "hq", {"office": OFFICE, "shop": SHOP}, {"ann": "shop"})
    assert [policy.calendar_id(one) for one in ("ann", "bob", None)] == ["shop", "office", "office"]
    assert [policy.calendar_of(one) for one in ("ann", "bob", None)] == [SHOP, OFFICE, OFFICE]
    policy = Policy(Terms(), "hq", {"shop": SHOP}, {"ann": "shop"})
    assert [policy.calendar_id(one) for one in ("ann", "bob", None)] == ["shop", None, None]
    assert [policy.calendar_of(one) for one in ("ann", "bob", None)] == [SHOP, None, None]


CALENDARS = {"office": OFFICE, "shop": SHOP}
PLAIN = Policy(Terms(calendar="office"), "hq", CALENDARS, {"ann": "shop"})


@pytest.mark.parametrize(
    "same",
    [
        Policy(Terms(calendar="office"), "hq", dict(reversed(CALENDARS.items())), {"ann": "shop"}),
        Policy(Terms(calendar="office"), "hq", {"shop": SHOP, "office": SAME}, {"ann": "shop"}),
        Policy(Terms(calendar="office"), "hq", {**CALENDARS, "unused": SHOP}, {"ann": "shop"}),
        Policy(Terms(calendar="office"), "hq", CALENDARS, {"ann": "shop", "bob": "office"}),
        Policy(Terms(calendar="office", remind_after=Elapsed(days=2)), "hq", CALENDARS, {"ann": "shop"}),
        Policy(Terms(calendar="office", counts_as_update=STATUSES[:0:-1]), "hq", CALENDARS, {"ann": "shop"}),
        Policy(Terms(calendar="office", on_silence="reassign"), "hq", CALENDARS, {"ann": "shop"}),
    ],
)
def test_policies_that_mean_the_same_have_the_same_digest(same):
    assert same.digest == PLAIN.digest


OTHER = {
    "max_reassignments": 3,
    "remind_after": Elapsed(hours=47),
    "withdraw_after": BusinessDays(5),
    "notice": Business(hours=24),
    "accept_within": Elapsed(hours=48),
    "escalate_after": Elapsed(hours=48),
    "stale_after": Elapsed(days=20),
    "on_silence": "return",
    "counts_as_update": STATUSES,
    "needs_evidence": (),
    "max_resets": 11,
    "max_reopens": 2,
    "max_pauses": 6,
    "max_pause": Elapsed(days=6),
    "delivery_bound": Elapsed(days=1),
    "late_answer": "restore",
    "backdate_tolerance": Elapsed(hours=1),
    "skew_tolerance": Elapsed(minutes=4),
    "calendar": "shop",
    "house": HouseTerms(Elapsed(hours=47)),
}


def test_policies_that_mean_something_else_have_another_digest():
    assert {*OTHER, "claims", "retention"} == {one.name for one in fields(Terms)}
    others = [
        *(evolve(PLAIN, terms=evolve(PLAIN.terms, **{name: value})) for name, value in OTHER.items()),
        evolve(PLAIN, terms=evolve(PLAIN.terms, house=HouseTerms(escalate_after=Elapsed(days=6)))),
        evolve(PLAIN, house="HQ"),
        evolve(PLAIN, keeps={}),
        evolve(PLAIN, keeps={"bob": "shop"}),
        evolve(PLAIN, keeps={"ann": "shop", "bob": "shop"}),
        evolve(PLAIN, calendars={**CALENDARS, "office": SHOP}),
        evolve(PLAIN, calendars={**CALENDARS, "shop": OFFICE}),
    ]
    assert len({PLAIN.digest, *(one.digest for one in others)}) == 1 + len(others)


def test_a_digest_says_what_it_is_made_with():
    kind, _, digits = PLAIN.digest.partition(":")
    assert kind == "sha256"
    assert len(digits) == 64
    # Pinned: leads that are under way are pinned to it too.
    assert Policy(Terms(), "hq").digest == "sha256:9cc6a4f849e64672bf806d9b07c6495224233c3d6c35ef99fc0a59eb6a69bc92"


def test_names_may_be_written_in_any_script():
    policy = Policy(Terms(calendar="bureau d'été"), "Zürich", {"bureau d'été": OFFICE}, {"Ω": "bureau d'été"})
    assert policy.digest != evolve(policy, house="Zurich").digest


def test_policies_are_frozen_equal_hashable_and_picklable():
    again = pickle.loads(pickle.dumps(PLAIN))
    assert again == PLAIN
    assert again.digest == PLAIN.digest
    assert len({again, PLAIN, evolve(PLAIN, house="HQ")}) == 2
    with pytest.raises(FrozenInstanceError):
        PLAIN.house = "HQ"


def test_how_long_a_lead_is_kept_moves_no_deadline():
    assert evolve(PLAIN, terms=evolve(PLAIN.terms, retention=Elapsed(days=9))).digest == PLAIN.digest


def test_terms_of_claims_move_no_deadline():
    assert evolve(PLAIN, terms=evolve(PLAIN.terms, claims=ClaimTerms(extensions=9))).digest == PLAIN.digest


@pytest.mark.parametrize(
    ("terms", "places"),
    [
        ({"protects": 90}, ["protects"]),
        ({"protects": Business(hours=9)}, ["protects"]),
        ({"extensions": -1, "extends": None}, ["extends", "extensions"]),
        ({"extensions": True}, ["extensions"]),
        ({"per_dealer_per_30_days": "many"}, ["per_dealer_per_30_days"]),
        ({"asks_per_dealer_per_day": 1.5}, ["asks_per_dealer_per_day"]),
        ({"auto_approve": "yes", "covers_group": 1}, ["auto_approve", "covers_group"]),
        ({"review_alike": None}, ["review_alike"]),
        ({"credit": "1.01"}, ["credit"]),
        ({"credit": "half"}, ["credit"]),
        ({"credit": None}, ["credit"]),
        ({"credit": "NaN"}, ["credit"]),
        ({"max_share_of_territory": -1}, ["max_share_of_territory"]),
        ({"needs_evidence": 7}, ["needs_evidence"]),
        ({"needs_evidence": ["a", ""]}, ["needs_evidence"]),
        ({"mailbox_domains": ["gmail.com"]}, ["mailbox_domains"]),
        ({"shared_domains": ["co.uk", "nothing"]}, ["shared_domains", "shared_domains"]),
        ({"shared_domains": 5}, ["shared_domains"]),
    ],
)  # fmt: skip
def test_terms_of_claims_say_all_their_faults(terms, places):
    with pytest.raises(PlanError) as told:
        ClaimTerms(**terms)
    assert sorted(fault.path[-1] for fault in told.value.faults) == sorted(places)
    assert all(fault.place.startswith("terms.claims.") for fault in told.value.faults)


def test_domains_of_claim_terms_may_be_written_as_addresses():
    terms = ClaimTerms(shared_domains=["https://www.Accountant.example/"], mailbox_domains="post.example")
    shared, mail, own = (identity.keys(domain=name) for name in ("accountant.example", "post.example", "own.example"))
    known, hinted = terms.recognised(identity.Identity(shared | mail | own))
    assert (known.keys, hinted) == (own, shared)
