"""The checks of check digits turn red on planted faults."""

import importlib.util
from pathlib import Path

import pytest

from dealerrouting.identity import checks

pytestmark = pytest.mark.pure

SPEC = importlib.util.spec_from_file_location("digit_checks", Path(__file__).parents[1] / "identity" / "test_checks.py")
CHECKS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECKS)

VAT = dict(checks._VAT)


def as_stdnum(scope):
    """A few dozen numbers of every form, each with every check sign."""
    for form, places, signs in CHECKS.FORMS[scope]:
        for seed in range(20):
            # Several steps through the signs, so that no number is one sign repeated.
            some = (CHECKS.SIGNS.get(sign, sign) for sign in form)
            number = "".join(each[(seed * 7 + at * at * 3 + 5) % len(each)] for at, each in enumerate(some))
            for each in CHECKS.in_every_way(CHECKS._with_siren(scope, number), places, signs):
                CHECKS.check_as_stdnum(scope, each)


def red(monkeypatch, where, name, planted, check, *arguments):
    check(*arguments)
    plant = monkeypatch.setitem if isinstance(where, dict) else monkeypatch.setattr
    plant(where, name, planted)
    with pytest.raises((AssertionError, ValueError)):
        check(*arguments)


def no_second_series(number):
    return VAT["GB"](number) and (not number.isdigit() or checks._GB_97(number[:9]))


def any_series(number):
    return VAT["GB"](number) or (number.isdigit() and CHECKS.british.checksum(number[:9]) == 55)


def no_branches(number):
    return VAT["GB"](number[:9] if len(number) == 12 else number) and len(number) != 12


def key_alone(number):
    siren = number[2:]
    return int(siren + "12") % 97 == int(number[:2]) if number.isdigit() else VAT["FR"](number)


def any_letters(number):
    return VAT["FR"](number) if number.isdigit() else checks._LUHN_9(number[2:])


@pytest.mark.parametrize(
    ("scope", "planted"),
    [
        ("AT", lambda number: checks._crossed(1, 2, 1, 2, 1, 2, 1, 1)(number[1:])),  # without the 4
        ("BE", lambda number: 95 - int(number[:8]) % 95 == int(number[8:])),
        ("BG", checks._twice((1, 2, 3, 4, 5, 6, 7, 8), (3, 4, 5, 6, 7, 8, 9, 10))),  # nine digits alone
        ("CZ", lambda number: len(number) == 9 or VAT["CZ"](number)),  # the special numbers not checked
        ("DE", checks._crossed(1, 2, 1, 2, 1, 2, 1, 2, 1)),
        ("DK", checks._whole(11, 7, 6, 5, 4, 3, 2, 1, 1)),  # shifted by one
        ("ES", lambda number: number[8].isalpha() or VAT["ES"](number)),
        ("FI", checks._whole(10, 7, 9, 10, 5, 8, 4, 2, 1)),
        ("FR", any_letters),
        ("GB", no_second_series),
        ("GB", any_series),
        ("GB", no_branches),
        ("GR", checks._last(lambda total: total % 11, 256, 128, 64, 32, 16, 8, 4, 2)),  # 10 is no digit
        ("IE", lambda number: VAT["IE"](number[:8])),  # the second letter does not count
        ("LV", checks._LV_COMPANY),
        ("NL", lambda number: checks._NL_COMPANY(number[:9])),
        ("NL", lambda number: checks._iso_97("NL" + number)),
        ("PT", checks._last(lambda total: 11 - total % 11, 9, 8, 7, 6, 5, 4, 3, 2)),
        ("RO", lambda number: checks._RO_DIGITS(number.ljust(10, "0"))),  # filled up on the wrong side
        ("SE", lambda number: checks._crossed(1, 2, 1, 2, 1, 2, 1, 2, 1, 2)(number[:10])),
        ("SI", checks._last(lambda total: -total % 11 % 10, 8, 7, 6, 5, 4, 3, 2)),
        ("XI", None),
    ],
)
def test_wrong_arithmetic(monkeypatch, scope, planted):
    red(monkeypatch, checks._VAT, scope, planted or (lambda number: True), as_stdnum, scope)


def adds_up(number):
    return (int(number[:8]) + int(number[8:])) % 97 == 0


@pytest.mark.parametrize(
    ("scope", "planted", "number"), [("BE", adds_up, "0542132899"), ("FR", key_alone, "81323140391")]
)
def test_arithmetic_that_is_wrong_for_few(monkeypatch, scope, planted, number):
    red(monkeypatch, checks._VAT, scope, planted, CHECKS.check_as_stdnum, scope, number)


def test_the_check_ignored(monkeypatch):
    red(monkeypatch, checks, "vat_holds", lambda scope, number: True, CHECKS.check_row, "DE000000000", "format_only")


def test_the_check_too_strict(monkeypatch):
    only_new = {**VAT, "NL": lambda number: checks._iso_97("NL" + number)}
    red(monkeypatch, checks, "_VAT", only_new, CHECKS.check_row, "NL004495445B01", "valid")


def every_change(scope, number):
    for at, sign in CHECKS.changes(number):
        CHECKS.check_changed(scope, number, at, sign)


@pytest.mark.parametrize(
    ("scope", "number", "planted"),
    [
        (
            "EE",
            "100207415",
            lambda number: number[0] != "0" and sum(map(int, number[::2])) % 10 == 2,
        ),  # every other digit
        ("MT", "15121333", checks._whole(7, 3, 4, 6, 7, 8, 9, 10, 1)),  # too small a modulus
    ],
)
def test_a_check_that_overlooks_a_digit(monkeypatch, scope, number, planted):
    assert VAT[scope](number)
    every_change(scope, number)
    monkeypatch.setitem(checks._VAT, scope, planted)
    holding = [each for each in CHECKS.in_every_way(number, (-2, -1), CHECKS.DIGITS) if planted(each)]
    assert holding
    with pytest.raises(AssertionError):
        every_change(scope, holding[0])


@pytest.mark.parametrize("planted", [(9, lambda number: True), (9, checks._whole(11, 1, 3, 2, 7, 6, 5, 4, 3, 2))])
def test_wrong_register_numbers(monkeypatch, planted):
    def every_last_digit():
        for number in CHECKS.in_every_way("12345678", (), ""):
            for digit in CHECKS.DIGITS:
                CHECKS.check_register("NO", number + digit)

    red(monkeypatch, checks._REGISTER, "NO", planted, every_last_digit)


def not_ascii(number, *sizes):
    return len(number) in sizes and number.isdigit()


@pytest.mark.parametrize("text", ["²" * 9, "٠" * 9])
def test_signs_that_are_no_digits(monkeypatch, text):
    red(monkeypatch, checks, "_numeric", not_ascii, CHECKS.check_any_text, "NO", text)


@pytest.mark.parametrize(
    "planted",
    [
        lambda text: len(text) == 20,
        lambda text: len(text) == 20 and int("".join(str(int(sign, 36)) for sign in text)) % 97 == 0,
        lambda text: len(text) == 20 and int("".join(str(ord(sign) - 48) for sign in text)) % 97 == 1,  # A is 17
    ],
)
def test_wrong_lei(monkeypatch, planted):
    def every_check():
        for text in CHECKS.in_every_way("724500VKKSH9QOLTFR81", (18, 19), CHECKS.DIGITS):
            CHECKS.check_lei(text)

    red(monkeypatch, checks, "lei_holds", planted, every_check)


def test_lower_case_in_a_lei(monkeypatch):
    red(monkeypatch, checks, "_capital", str.isalnum, CHECKS.test_leis_of_companies, "724500VKKSH9QOLTFR81")
