"""The checks of company keys turn red on planted faults."""

import importlib.util
from pathlib import Path

import pytest

from dealerrouting import identity
from dealerrouting.identity import Key, Match, domains, reading

pytestmark = pytest.mark.pure

SPEC = importlib.util.spec_from_file_location(
    "identity_checks", Path(__file__).parents[1] / "identity" / "test_keys.py"
)
CHECKS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECKS)

MATCH, READ_NUMBER, KEYS = identity.match, identity.read_number, identity.keys
ONE, TWO = Key("number", "NL", "1"), Key("number", "NL", "2")
VAT, DOMAIN = Key("vat", "NL", "9"), Key("domain", "", "a.nl")


def red(monkeypatch, name, planted, check, *arguments, room=identity):
    check(*arguments)
    monkeypatch.setattr(room, name, planted)
    with pytest.raises(AssertionError):
        check(*arguments)


def any_key_will_do(a, b):
    found = MATCH(a, b)
    return Match(found.agree[0].kind if found.agree else None, found.agree, found.contradict)


def only_vat_is_overruled(a, b):
    found = MATCH(a, b)
    domain = DOMAIN in found.agree
    return Match("domain" if domain and found.strength is None else found.strength, found.agree, found.contradict)


@pytest.mark.parametrize("planted", [any_key_will_do, only_vat_is_overruled])
def test_contradicting_numbers(monkeypatch, planted):
    red(monkeypatch, "match", planted, CHECKS.check_contradiction, frozenset({ONE, DOMAIN}), frozenset({TWO, DOMAIN}))


def in_order_of_arguments(a, b):
    found = MATCH(a, b)
    pairs = tuple(tuple(sorted(pair, key=lambda key: key not in a)) for pair in found.contradict)
    return Match(found.strength, found.agree, pairs)


def weighs_the_first(a, b):
    return Match("domain", (), ()) if len(a) > len(b) else MATCH(a, b)


@pytest.mark.parametrize("planted", [in_order_of_arguments, weighs_the_first])
def test_symmetry(monkeypatch, planted):
    red(monkeypatch, "match", planted, CHECKS.check_symmetric, frozenset({ONE, DOMAIN}), frozenset({TWO}))


def counts_keys(a, b):
    found = MATCH(a, b)
    strength = "number" if found.agree and ONE in a | b else found.strength
    return Match(strength, found.agree, found.contradict)


def test_strengthening(monkeypatch):
    side = frozenset({DOMAIN})
    red(monkeypatch, "match", counts_keys, CHECKS.check_contradiction_never_strengthens, side, side, ONE)


@pytest.mark.parametrize("domain", ["gmail.com", "zeelandnet.nl"])
@pytest.mark.parametrize("planted", [lambda: frozenset(), lambda: frozenset({"hotmail.com"})])
def test_a_lost_free_mail_list(monkeypatch, planted, domain):
    red(monkeypatch, "_free_mail_domains", planted, CHECKS.check_free_mail, domain, room=domains)


def test_only_the_full_name_looked_up(monkeypatch):
    def full_name_only(host, registrable):
        return host in domains._free_mail_domains()

    red(monkeypatch, "_listed", full_name_only, CHECKS.check_free_mail, "gmail.com", room=domains)


def pads(country, text):
    return READ_NUMBER(country, text) or (READ_NUMBER(country, f"0{text}") and f"00{text}")


def fills_with_nines(country, text):
    return READ_NUMBER(country, text.ljust(8, "9"))


@pytest.mark.parametrize("planted", [pads, fills_with_nines])
def test_invented_digits(monkeypatch, planted):
    red(monkeypatch, "read_number", planted, CHECKS.check_digits_kept, "NL", "2412345")


def test_placeholders(monkeypatch):
    red(
        monkeypatch,
        "placeholder",
        lambda number: False,
        CHECKS.check_unkeyed_placeholder,
        "NL",
        "00000000",
        room=reading,
    )


PLACE = Path(__file__).parents[1] / "identity" / "test_index.py"
SPEC_INDEX = importlib.util.spec_from_file_location("index_checks", PLACE)
INDEX = importlib.util.module_from_spec(SPEC_INDEX)
SPEC_INDEX.loader.exec_module(INDEX)
ONE_IN_TWO = [("p", frozenset({ONE})), ("q", frozenset({ONE, DOMAIN})), ("p", frozenset({DOMAIN}))]


def keeps_what_was_taken_out(self, ident):
    self._records.pop(ident, None)


def finds_the_first(self, keys):
    return iter([self._records[name] for name in sorted(self._records)][:1])


def finds_all(self, keys):
    return iter([self._records[name] for name in sorted(self._records)])


@pytest.mark.parametrize(
    ("name", "planted"), [("discard", keeps_what_was_taken_out), ("find", finds_the_first), ("find", finds_all)]
)
def test_the_index(monkeypatch, name, planted):
    red(monkeypatch, name, planted, INDEX.check_finds, ONE_IN_TWO, frozenset({ONE}), room=identity.Claims)
