"""Check digits: the numbers of a public list, python-stdnum as the oracle, and what a changed digit does."""

import csv
import gzip
from collections import Counter
from importlib import import_module
from pathlib import Path
from string import ascii_uppercase as LETTERS
from string import digits as DIGITS

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import lei, luhn
from stdnum.be import vat as belgian
from stdnum.bg import egn, pnf
from stdnum.bg import vat as bulgarian
from stdnum.cz import dic
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as british
from stdnum.iso7064 import mod_97_10
from stdnum.lt import pvm
from stdnum.lv import pvn
from stdnum.se import orgnr
from stdnum.sk import dph
from stdnum.util import get_cc_module

from dealerrouting.identity import checks
from dealerrouting.identity.numbers import read_number, read_vat

pytestmark = pytest.mark.pure

VATS = Path(__file__).parents[2].parent / "shared" / "data" / "identifiers" / "vat_numbers.csv.gz"

# (a) The public list


def list_rows():
    if not VATS.exists():
        pytest.skip("the list of VAT numbers is not here")
    with gzip.open(VATS, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Where the list is wrong, or asks for more than a check digit. python-stdnum agrees, but where it is said.
NOT_VALID = {
    # Made up to show the form with letters: neither the SIREN number nor the key has the right check.
    "FRA0123456789",
    "FR0A012345678",
    "FRAB012345678",
}
HOLDS_ALL_THE_SAME = {
    # No check digit is published for the one-stop shop; stdnum looks at the country code inside.
    "EU000000000",
    "EU000000001",
    "EU000000002",
    "EU000000003",
    # Nothing but zeros adds up to nothing. It is a placeholder, which `keys` leaves out. stdnum refuses the
    # form of IT and LT, and accepts GB.
    "GB000000000",
    "IT00000000000",
    "LT000000000",
}


def check_row(text, expected):
    scope, number = read_vat(None, text)
    assert checks.vat_holds(scope, number) is ((expected == "valid") != (text in NOT_VALID | HOLDS_ALL_THE_SAME))


def test_the_public_list():
    counts = Counter()
    for row in list_rows():
        if row["expected"] != "invalid":
            check_row(row["vat_number"], row["expected"])
            counts[row["expected"]] += 1
    assert counts == {"valid": 1772, "format_only": 124}
    assert {row["vat_number"] for row in list_rows()} > NOT_VALID | HOLDS_ALL_THE_SAME


def test_what_is_invalid_in_the_list_mostly_fails():
    # The rest is refused there for a form, a range or a date, which are no check digits.
    rows = [row["vat_number"] for row in list_rows() if row["expected"] == "invalid"]
    read = [found for text in rows if (found := read_vat(None, text))]
    failed = [found for found in read if not checks.vat_holds(*found)]
    assert (len(rows), len(read), len(failed)) == (272, 232, 172)


# (b) python-stdnum, country by country: numbers of the right form, with every check sign there is in its place

# The forms, # a digit, @ a letter, * either; where the check signs stand; what they may be.
LAST = ((-1,), DIGITS)
FORMS = {
    "AT": [("U########", *LAST)],
    "BE": [("0#########", (8, 9), DIGITS), ("1#########", (8, 9), DIGITS)],
    "BG": [("#########", *LAST), ("##########", *LAST)],
    "CH": [("#########", *LAST)],
    "CY": [("########@", (-1,), LETTERS)],
    "CZ": [("########", *LAST), ("6########", *LAST), ("#########", *LAST), ("##########", *LAST)],
    "DE": [("#########", *LAST)],
    "DK": [("########", *LAST)],
    "EE": [("#########", *LAST)],
    "ES": [("########@", (-1,), LETTERS), ("@########", *LAST), ("@#######@", (-1,), LETTERS)],
    "FI": [("########", *LAST)],
    "FR": [("###########", (0, 1), DIGITS), ("@*#########", (1,), DIGITS + LETTERS), ("#@#########", (0,), DIGITS)],
    "GB": [("#########", (7, 8), DIGITS), ("############", (7, 8), DIGITS), ("GD###", *LAST), ("HA###", *LAST)],
    "GR": [("#########", *LAST)],
    "HR": [("###########", *LAST)],
    "HU": [("########", *LAST)],
    "IE": [("#######@", (7,), LETTERS), ("#######@@", (7,), LETTERS), ("#@#####@", (7,), LETTERS)],
    "IT": [("###########", *LAST)],
    "LT": [("#########", *LAST), ("############", *LAST)],
    "LU": [("########", (6, 7), DIGITS)],
    "LV": [("###########", *LAST)],
    "MT": [("########", (6, 7), DIGITS)],
    "NL": [("#########B##", (8,), DIGITS), ("#########B##", (10, 11), DIGITS)],
    "NO": [("#########", *LAST)],
    "PL": [("##########", *LAST)],
    "PT": [("#########", *LAST)],
    "RO": [("#" * size, *LAST) for size in range(2, 11)],
    "SE": [("##########01", (9,), DIGITS)],
    "SI": [("########", *LAST)],
    "SK": [("##########", *LAST)],
    "XI": [("#########", (7, 8), DIGITS)],
}
SIGNS = {"#": DIGITS, "@": LETTERS, "*": DIGITS + LETTERS}


def numbers(scope):
    """A number of the scope's form, and the same with every other check sign."""
    return st.sampled_from(FORMS[scope]).flatmap(
        lambda form: st.tuples(*(st.sampled_from(SIGNS.get(sign, sign)) for sign in form[0])).map(
            lambda signs: list(in_every_way(_with_siren(scope, "".join(signs)), form[1], form[2]))
        )
    )


def _with_siren(scope, number):
    # One in ten random SIREN numbers is right; here most are.
    if scope == "FR" and number[5] != "0":
        return number[:10] + luhn.calc_check_digit(number[2:10])
    return number


def in_every_way(number, places, signs):
    if not places:
        yield number
        return
    for sign in signs:
        at = places[0] % len(number)
        yield from in_every_way(number[:at] + sign + number[at + 1 :], places[1:], signs)


ALSO_A_MODULE = {"CH": ("ch.uid", "CHE"), "NO": ("no.orgnr", "")}


def stdnum_says(scope, number):
    """stdnum's word on the check digits; None where it refuses the number for something else."""
    if scope in PARTS:
        return PARTS[scope](number)
    name, prefix = ALSO_A_MODULE.get(scope, (None, scope))
    module = import_module(f"stdnum.{name}") if name else get_cc_module(scope.lower(), "vat")
    try:
        module.validate(prefix + number)
    except InvalidChecksum:
        return False
    except ValidationError:
        return None
    return True


def says_belgian(number):
    # stdnum adds up, so that 98, 99 and 00 would do for 01, 02 and 97, which no subtraction from 97 gives.
    return belgian.is_valid(number) and "01" <= number[8:] <= "97"


def says_bulgarian(number):
    if len(number) == 9:
        return bulgarian.is_valid(number)
    kinds = (egn.calc_check_digit, pnf.calc_check_digit, bulgarian.calc_check_digit_other)
    return any(kind(number[:-1]) == number[-1] for kind in kinds)


def says_czech(number):
    if len(number) == 8:
        return dic.calc_check_digit_legal(number[:-1]) == number[-1]
    if len(number) == 9 and number[0] == "6":
        return dic.calc_check_digit_special(number[1:-1]) == number[-1]
    return len(number) == 9 or dic.is_valid(born(number))


def born(number):
    """A birth number with a date that is one, and the same rest and check digit."""
    rest = int(number[:9]) % 11
    serial = next(each for each in range(11) if int(f"540101{each:03}") % 11 == rest)
    return f"540101{serial:03}{number[9]}"


def says_british(number):
    # stdnum accepts 55 too, without a source; HMRC's second series leaves 42 (55 is what it is made with).
    if number[:1].isdigit() and british.checksum(number[:9]) == 55:
        return False
    try:
        british.validate(number)
    except ValidationError as error:
        return False if isinstance(error, InvalidChecksum) or not number[:1].isdigit() else None
    return True


def says_latvian(number):
    # stdnum checks people's codes with a check "not confirmed by an independent source"; since 2017 they are random.
    return number[0] <= "3" or pvn.is_valid(number)


# Where stdnum looks at more than the check digits, its own functions for those alone.
PARTS = {
    "BE": says_belgian,
    "BG": says_bulgarian,  # dates of birth
    "CZ": says_czech,  # dates of birth, a first digit of 9
    "GB": says_british,
    "IT": luhn.is_valid,  # the province
    "LT": lambda number: pvm.calc_check_digit(number[:-1]) == number[-1],  # the digit before the last is 1
    "LV": says_latvian,
    "SE": lambda number: orgnr.is_valid(number[:10]),
    "SK": lambda number: dph.checksum(number) == 0,  # the third digit; or a birth number with its own check
    "XI": says_british,
}
# What else stdnum refuses a number of the form for, and we do not look at.
ALSO_REFUSED = {
    "CY": lambda number: number.startswith("12"),
    "DE": lambda number: number.startswith("0"),
    "DK": lambda number: number.startswith("0"),
    "MT": lambda number: number.startswith("0"),
    "NL": lambda number: "000000000" in number or number.endswith("B00"),
    "PT": lambda number: number.startswith("0"),
    "RO": lambda number: number.startswith("0"),
    "SI": lambda number: number.startswith("0"),
}
# What we refuse with it: a letter that no rule has.
NO_SUCH_SIGN = {
    "ES": lambda number: number[0] in "IOT",
    "FR": lambda number: {"I", "O"} & set(number[:2]),
    "IE": lambda number: set(number[7:]) & set("XYZ"),
}


def check_as_stdnum(scope, number):
    want = stdnum_says(scope, number)
    if want is None and ALSO_REFUSED.get(scope, lambda number: False)(number):
        return
    if want is None:
        assert NO_SUCH_SIGN[scope](number)
    assert checks.vat_holds(scope, number) is bool(want)


@pytest.mark.parametrize("scope", FORMS)
@given(st.data())
def test_as_stdnum(scope, data):
    for number in data.draw(numbers(scope)):
        check_as_stdnum(scope, number)


@pytest.mark.parametrize("scope", FORMS)
def test_every_scope_is_tried_with_numbers_that_hold_and_that_do_not(scope):
    held = Counter()
    for form, places, signs in FORMS[scope]:
        for seed in range(40):
            number = "".join(SIGNS.get(sign, sign)[(seed * 7 + at * 3) % len(SIGNS.get(sign, sign))]
                             for at, sign in enumerate(form))  # fmt: skip
            for each in in_every_way(_with_siren(scope, number), places, signs):
                held[checks.vat_holds(scope, each)] += 1
    assert held[True]
    assert held[False]


def test_a_scope_without_a_known_check_holds():
    for scope in ("EU", "US", "IS", "LI", "", "nl"):
        assert checks.vat_holds(scope, "123456789") is checks.number_holds(scope, "12345678") is True
    for scope in ("NL", "DE", "GB", "IT"):
        assert checks.number_holds(scope, "12345678") is True


@pytest.mark.parametrize(
    ("scope", "number", "want"),
    [
        ("NL", "004495445B01", True),  # a company
        ("NL", "002455799B11", True),  # a sole trader since 2020
        ("NL", "000099998B57", True),
        ("NL", "002455799B12", False),
        ("GB", "980780684", True),  # modulo 97
        ("GB", "340804329", True),  # modulo 9755
        ("GB", "346270013", True),
        ("GB", "340804329001", True),  # a branch of it
        ("GB", "34080432900A", False),
        ("GB", "340804328", False),
        ("GB", "GD000", True),
        ("GB", "GD499", True),
        ("GB", "GD500", False),
        ("GB", "HA499", False),
        ("GB", "HA500", True),
        ("XI", "340804329", True),
        ("FR", "40303265045", True),
        ("FR", "23334175221", True),
        ("FR", "K7399859412", True),
        ("FR", "84323140392", True),
        ("FR", "81323140391", False),  # the key of a number that is no SIREN
        ("FR", "53000026639", False),
        ("CZ", "682127228", True),  # VIES knows it
        ("IE", "3706224MH", True),  # VIES knows it
        ("DE", "136695976", True),
        ("CH", "109298651", True),
    ],
)
def test_known_numbers(scope, number, want):
    assert checks.vat_holds(scope, number) is want


# (c) Register numbers and LEIs

REGISTERS = {
    "BE": ("be.vat", 10), "CH": ("ch.uid", 9), "CZ": ("cz.dic", 8), "DK": ("dk.cvr", 8), "EE": ("ee.registrikood", 8),
    "FI": ("fi.ytunnus", 8), "FR": ("fr.siren", 9), "NO": ("no.orgnr", 9), "SE": ("se.orgnr", 10),
}  # fmt: skip


def check_register(scope, number):
    """As stdnum says, but where it refuses a first digit."""
    module = import_module(f"stdnum.{REGISTERS[scope][0]}")
    try:
        module.validate(f"CHE{number}" if scope == "CH" else number)
        want = scope != "BE" or says_belgian(number)
    except InvalidChecksum:
        want = False
    except ValidationError:
        assert number[0] in {"CZ": "9", "DK": "0", "EE": "023456", "BE": "0"}[scope]
        return
    assert checks.number_holds(scope, number) is want


@pytest.mark.parametrize("scope", REGISTERS)
@given(st.data())
def test_register_numbers_are_as_stdnum_says(scope, data):
    size = REGISTERS[scope][1]
    first = "01" if scope == "BE" else DIGITS
    body = data.draw(st.sampled_from(first)) + data.draw(st.text(DIGITS, min_size=size - 1, max_size=size - 1))
    for number in in_every_way(body, (size - 2, size - 1), DIGITS):
        check_register(scope, number)
        assert read_number(scope, number) in {number, None}


def test_a_register_number_of_another_form_holds():
    for scope, number in (
        ("SE", "195801011234"),
        ("SE", "123"),
        ("FI", "1234567"),
        ("CH", "02030123456"),
        ("CZ", "C12"),
    ):
        assert checks.number_holds(scope, number) is True
    assert checks.number_holds("SE", "5560004616") is False


def check_lei(text):
    assert checks.lei_holds(text) is lei.is_valid(text)


@given(st.text(DIGITS + LETTERS, min_size=18, max_size=18))
def test_leis_are_as_stdnum_says(body):
    assert checks.lei_holds(body + mod_97_10.calc_check_digits(body)) is True
    for text in in_every_way(body + "00", (18, 19), DIGITS):
        check_lei(text)


@pytest.mark.parametrize("text", ["724500VKKSH9QOLTFR81", "5493001KJTIIGC8Y1R12", "213800WSGIIZCXF1P572"])
def test_leis_of_companies(text):
    check_lei(text)
    assert checks.lei_holds(text) is True
    assert checks.lei_holds(text.lower()) is checks.lei_holds(text + "0") is checks.lei_holds(f"{text[:18]} 1") is False


# (d) Any text


def check_any_text(scope, text):
    """No check raises, and what holds has no sign but digits and capital letters."""
    found = checks.vat_holds(scope, text), checks.number_holds(scope, text), checks.lei_holds(text)
    assert set(map(type, found)) == {bool}
    if scope in FORMS and not set(text) <= set(DIGITS + LETTERS):
        assert not found[0]
    assert not found[2] or set(text) <= set(DIGITS + LETTERS)


HOSTILE = [
    "", " ", "\x00", "-", "+12345678", "-12345678", "1_2345678", "１" * 9, "²" * 9, "٣" * 9, "९" * 10, "U", "B",
    "GD", "HA", "GD²²²", "U²²²²²²²²", "²²²²²²²²²B²²", "ßß123456789", "ŉ1234567A", "Ç" * 9, "X\ud8001234567", "ſ" * 9,
    "1\u01c51234567", "A" * 20, "Ａ" * 20, "a" * 20, "\ud800" * 9, "9" * 1024, "9" * 5000, "B" * 5000, "1A234567é",
]  # fmt: skip


@given(
    st.sampled_from([*FORMS, "EU", "ZZ", "", "\ud800"]), st.one_of(st.text(), st.text("01²٣UBGDHAéſ -+_", max_size=20))
)
def test_no_text_raises(scope, text):
    check_any_text(scope, text)


def test_hostile_text():
    for scope in (*FORMS, "EU", "", "\x00"):
        for text in HOSTILE:
            check_any_text(scope, text)
        for form, _, _ in FORMS.get(scope, ()):
            for at in range(len(form)):
                for sign in "²٣１é \ud800a":
                    check_any_text(scope, form.translate({35: "7", 64: "K"})[:at] + sign + "1" * (len(form) - at - 1))


# (e) One digit changed

# Not these: a rest of 10 shares its check digit with another rest (BG CZ GR LT PT RO SI); of two checks the other may
# hold (BG GB NL XI); numbers of people without a check (CZ LV); a part that is not checked (GB NL SE XI); French keys
# with a letter, which are read otherwise after a digit than after a letter.
EVERY_CHANGE = "AT BE CH CY DE DK EE ES FI HR HU IE IT LU MT NO PL SK"


def check_changed(scope, number, at, sign):
    """A number that holds no longer does with one digit changed."""
    if checks.vat_holds(scope, number) and number[at] in DIGITS and number[at] != sign:
        assert not checks.vat_holds(scope, number[:at] + sign + number[at + 1 :])


def changes(number):
    return [(at, sign) for at, old in enumerate(number) if old in DIGITS for sign in DIGITS if sign != old]


@pytest.mark.parametrize("scope", EVERY_CHANGE.split())
@given(st.data())
def test_a_changed_digit_is_found(scope, data):
    holding = [number for number in data.draw(numbers(scope)) if checks.vat_holds(scope, number)]
    for number in holding[:3]:
        for at, sign in changes(number):
            check_changed(scope, number, at, sign)


@pytest.mark.parametrize("scope", ["FR", "SE"])
@given(st.data())
def test_a_changed_digit_is_found_in_the_part_that_is_checked(scope, data):
    drawn = [number for number in data.draw(numbers(scope)) if number.isdigit()]
    for number in (number for number in drawn if checks.vat_holds(scope, number)):
        for at, sign in changes(number[:10]):
            check_changed(scope, number, at, sign)


def test_how_many_changes_are_found():
    """Elsewhere most are: of a person's number without a check none, of a Dutch company's not those after the B."""
    for scope, least in {"BG": 0.8, "CZ": 0.6, "GB": 0.9, "GR": 0.95, "LT": 0.97, "LV": 0.7, "NL": 0.8, "PT": 0.95,
                         "RO": 0.94, "SI": 0.95}.items():  # fmt: skip
        found = Counter()
        for row in list_rows():
            number = row["vat_number"][2:]
            if row["country"] == scope and row["expected"] == "valid":
                for at, sign in changes(number):
                    found[checks.vat_holds(scope, number[:at] + sign + number[at + 1 :])] += 1
        print(scope, found)
        assert found[False] >= least * found.total() > 0
