"""Companies with accounts: what their leads leave out decides, too, and every choice of it is asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealerrouting import Account, Company, verify
from quick import upto
from verify_accounts import LAWS, a_plan

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=upto(150), deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_choice_of_what_a_lead_may_say_is_asked(law, seed):
    law(seed)


def test_a_number_that_no_account_has_tells_two_plans_apart():
    """Removing an account that another covers: a lead with a number of its own was its company, and is not now."""
    wide = Account("wide", "a", Company("Anvil", domain="anvil.example"))
    narrow = Account("narrow", "a", Company("Anvil Works", domain="anvil.example", number="24123456", country="NL"))
    plans = a_plan([wide, narrow], "unique"), a_plan([narrow], "unique")
    verdict = verify.equal(*plans)
    assert verdict.holds is None
    assert verdict.opaque == ("accounts",)
    assert verify.diff(*plans).exact is False


def test_another_pick_among_accounts_is_told():
    account = Account("k", "a", Company("Anvil", domain="anvil.example"))
    active, planned = (a_plan([account], pick) for pick in ("unique", "hashed"))
    verdict = verify.equal(active, planned)
    assert (verdict.holds, verdict.besides) == (None, ("accounts.pick",))
    assert verify.diff(active, planned).besides == ("accounts.pick",)
