"""Planted faults: companies with accounts, really routed, turn red on a `verify` that asks too little of them."""

from __future__ import annotations

import pytest

from dealerrouting.verify import accounts, changes, doubles
from verify_accounts import LAWS

pytestmark = pytest.mark.pure


def holds(seed):
    for law in LAWS:
        law(seed)


def turns_red():
    for seed in range(1_500):
        try:
            holds(seed)
        except AssertionError:
            return
    pytest.fail("the laws stayed green on a broken verifier")


def only_all(company):
    return iter((company,))


FAULTS = {
    "a company says all it is known by": (accounts, "tellings", only_all),
    "accounts overlap only by all they are known by": (doubles, "tellings", only_all),
    "what two accounts are known by apart is forgotten": (changes, "mixed", lambda here: False),
    "accounts that are alike are left out": (accounts, "_beside", accounts._unlike),
    "the other accounts of a company are not found": (accounts, "_of", lambda plan, company: iter(())),
    "nothing differs between accounts": (accounts, "_unlike", lambda here: []),
    "the pick among accounts is not compared": (accounts, "_asking", lambda plan: ()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_turns_the_laws_red(monkeypatch, fault):
    room, name, broken = FAULTS[fault]
    monkeypatch.setattr(room, name, broken)
    turns_red()
