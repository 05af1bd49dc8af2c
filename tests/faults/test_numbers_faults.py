"""The checks of register numbers turn red on planted faults."""

import importlib.util
from pathlib import Path

import pytest

from dealerrouting import identity
from dealerrouting.identity import matching, numbers, reading
from dealerrouting.tables import registers

pytestmark = pytest.mark.pure

SPEC = importlib.util.spec_from_file_location(
    "number_checks", Path(__file__).parents[1] / "identity" / "test_numbers.py"
)
CHECKS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECKS)

READ, BARE, COMPACT, COURT = identity.read_number, numbers._bare, numbers._compact, numbers._court


def red(monkeypatch, room, name, planted, check, *arguments):
    check(*arguments)
    plant = monkeypatch.setitem if isinstance(room, dict) else monkeypatch.setattr
    plant(room, name, planted)
    with pytest.raises(AssertionError):
        check(*arguments)


def no_word_is_left_out(words, seats, text):
    return iter([text])


def the_longest_word_only(words, seats, text):
    while True:
        yield text
        word = max((word for word in words if text.startswith(word)), key=len, default="")
        if not word:
            return
        text = text.removeprefix(word)


@pytest.mark.parametrize(
    ("planted", "scope", "texts"),
    [
        (no_word_is_left_out, "GB", ["Company No. 01234567", "01234567"]),
        (no_word_is_left_out, "DE", ["Amtsgericht Hamburg HRB 12345", "Hamburg HRB 12345"]),
        (the_longest_word_only, "DE", ["Amtsgericht Stuttgart HRB 12345", "Stuttgart HRB 12345"]),
        (the_longest_word_only, "LU", ["RCS Luxembourg B123456", "B123456"]),
    ],
)
def test_words(monkeypatch, planted, scope, texts):
    def check(*texts):
        assert len({identity.read_number(scope, text) for text in texts}) == 1

    red(monkeypatch, numbers, "_parts", planted, check, *texts)


def test_any_place_is_a_court(monkeypatch):
    def any_place(text):
        return COURT(text) or text or None

    texts = ["Hamburg HRB 12345", "Hamburg-Mitte HRB 12345"]
    red(monkeypatch, numbers, "_court", any_place, CHECKS.check_never_two, "DE", texts)


def test_a_letter_is_lost(monkeypatch):
    texts = ["Berlin HRB 12345", "Berlin HRB 12345 B"]
    red(monkeypatch, numbers, "_letters", lambda court, written: written, CHECKS.check_never_two, "DE", texts)


def test_a_zero_is_not_filled_in(monkeypatch):
    shorter = ((r"()(\d{6,8})()", 0),)
    texts = ["01234567", "1234567"]
    red(monkeypatch, registers.FORMS, "GB", shorter, CHECKS.check_never_two, "GB", texts)


def test_another_register_is_read_too(monkeypatch):
    both = (*registers.FORMS["IT"], (r"([A-Z]{2})(\d{6,7})()", 7))
    texts = ["00743110157", "REA MI-1234567", "MI 1234567"]
    red(monkeypatch, registers.FORMS, "IT", both, CHECKS.check_never_two, "IT", texts)


def fills_with_nines(country, text):
    return READ(country, text) or READ(country, f"{text}9")


def leaves_out_what_it_cannot_read(text):
    return COMPACT("".join(filter(str.isascii, text)))


@pytest.mark.parametrize(
    ("room", "name", "planted", "text"),
    [
        (identity, "read_number", fills_with_nines, "2412345"),
        (numbers, "_compact", leaves_out_what_it_cannot_read, "2412\u06633456"),
    ],
)
def test_a_digit_is_made_up(monkeypatch, room, name, planted, text):
    red(monkeypatch, room, name, planted, CHECKS.check_digits_are_written, "NL", text)


@pytest.mark.parametrize("planted", [lambda scope, number: number, lambda scope, number: None])
def test_what_a_vat_number_contains(monkeypatch, planted):
    red(monkeypatch, reading, "number_in_vat", planted, CHECKS.check_contained, "SE556703748501", "5567037485")


def test_a_polish_vat_number_is_no_register_number(monkeypatch):
    red(
        monkeypatch,
        reading,
        "number_in_vat",
        lambda scope, number: number,
        CHECKS.check_contained,
        "PL5260250995",
        None,
    )


def test_unknown_forms_contradict(monkeypatch):
    red(monkeypatch, matching, "has_form", lambda scope: True, CHECKS.check_unknown_forms_say_nothing, "US")


def test_the_vat_number_counts_beside_the_one_written(monkeypatch):
    def both(country, number, vat, lei):
        yield from NUMBERS(country, number, None, lei)
        yield from NUMBERS(country, None, vat, None)

    arguments = ("NO", "974760673", "NO923609016MVA")
    red(monkeypatch, reading, "_numbers", both, CHECKS.check_what_was_written_counts, *arguments)


NUMBERS = reading._numbers
