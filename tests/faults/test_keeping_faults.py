"""A plan that forgets what was agreed must not pass: each planted fault turns a check of `test_keeping.py` red."""

import importlib
import importlib.util
from pathlib import Path

import pytest

from dealerrouting.terms import Policy, calendar_faults

pytestmark = pytest.mark.pure

plan_room, keeping, canonical = (
    importlib.import_module(f"dealerrouting.rules.{name}") for name in ("plan", "keeping", "canonical")
)
_path = Path(__file__).parents[1] / "rules" / "test_keeping.py"
_spec = importlib.util.spec_from_file_location("keeping_checks", _path)
checks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(checks)

CHECKS = (
    checks.test_whatever_decides_is_in_the_digest,
    checks.test_what_decides_nothing_is_not,
    checks.test_all_of_it_is_said_at_once,
)


@pytest.mark.parametrize("check", CHECKS)
def test_a_sound_plan_passes(check):
    check()


def _nobody_keeps(terms, house, calendars, dealers):
    return Policy(terms, house, calendars)


def _terms_alone(terms, house, calendars, dealers):
    """The policy of no calendars but that of the terms."""
    return Policy(terms, house, {name: one for name, one in calendars.items() if name == terms.calendar})


def _under_their_own_path(terms, calendars, dealers):
    return calendar_faults(terms, calendars, keeping._kept_by(dealers))


def _the_first(terms, calendars, dealers):
    return list(KEEPING_FAULTS(terms, calendars, dealers))[:1]


def _known_anyway(given, faults):
    """No calendar is ever wrong."""
    return dict(given)


KEEPING_FAULTS = keeping.keeping_faults
IN_THE_DIGEST, NOT_IN_IT, SAID = CHECKS


@pytest.mark.parametrize(
    ("check", "room", "name", "fault"),
    [
        (IN_THE_DIGEST, plan_room, "policy_of", _nobody_keeps),
        (IN_THE_DIGEST, plan_room, "policy_of", _terms_alone),
        (NOT_IN_IT, canonical, "_TOLD_OTHERWISE", ("schema_version", "name", "terms")),
        (SAID, plan_room, "keeping_faults", _under_their_own_path),
        (SAID, plan_room, "keeping_faults", _the_first),
        (SAID, plan_room, "calendars_by_id", _known_anyway),
    ],
)
def test_a_planted_fault_turns_a_check_red(check, room, name, fault, monkeypatch):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(AssertionError):
        check()
