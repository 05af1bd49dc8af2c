"""One number has one key, however it is written; what is not certainly a number has none."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.de import handelsregisternummer

from dealerrouting import identity
from dealerrouting.identity import Key, checks, numbers
from dealerrouting.tables import countries as all_countries
from dealerrouting.tables import registers

pytestmark = pytest.mark.pure

# Spellings of one number: country and key, and below it how people write that number.
GROUPS = """
DE HAMBURGHRB12345
    Hamburg HRB 12345 | HRB 12345, Hamburg | HRB 12345 Amtsgericht Hamburg | AG Hamburg HRB 12345 |
    Amtsgericht Hamburg, HRB 12345 | HRB Nr. 12345 (AG Hamburg) | hamburg hrb-12345 | DE Hamburg HRB 012345 |
    Handelsregister B des Amtsgerichts Hamburg, HRB 12345 | Registergericht: Hamburg; Registernummer: HRB 12.345
DE HAMBURGHRB12346
    Hamburg HRB 12346
DE HAMBURGHRA12345
    Hamburg HRA 12345 | HR A 12345 AG Hamburg
DE HAMBURGVR12345
    VR 12345 Hamburg | Vereinsregister Hamburg VR 12345
DE HAMBURGGNR345
    GnR 345 Hamburg | Hamburg, Gn.R. 345
DE MUNCHENHRB123456
    München HRB 123456 | Muenchen HRB 123456 | AG MÜNCHEN, HRB 123456 | Munchen HRB123456 |
    Amtsgericht Mu\u0308nchen HRB 123456 | HRB123456MUENCHEN | District Court of Munich, HRB 123456 |
    Eingetragen im Handelsregister des Amtsgerichts München unter der Nummer HRB 123456
DE KOLNHRB123456
    Köln HRB 123456 | HRB 123456 (Amtsgericht Koeln) | Cologne HRB 123456
DE NURNBERGHRB9876
    AG Nürnberg HRB 9876 | HRB 9876 Nuernberg
DE GIESSENHRB876
    Gießen HRB 876 | Giessen HRB 876
DE STUTTGARTHRB123456
    Amtsgericht Stuttgart HRB 123456 | Amtsgerichts Stuttgart, HRB 123456
DE BONNHRB876
    Handelsregister Bonn HRB 876 | HRB 876 Handelsregister B Bonn
DE BAMBERGHRB876
    Bamberg HRB 876 | HRB 876 Bamberg
DE AMBERGHRB876
    Amberg HRB 876 | HRB 876 Amtsgericht Amberg
DE CHARLOTTENBURGHRB12345B
    Berlin HRB 12345 B | HRB 12345 B, Amtsgericht Charlottenburg | Berlin HRB 12345 |
    Berlin-Charlottenburg HRB 12345B | Amtsgericht Charlottenburg (Berlin) HRB 12345 B | HRB 12345 B Berlin
DE POTSDAMHRB12345P
    Potsdam HRB 12345 P | AG Potsdam HRB 12345
DE FRANKFURTAMMAINHRB876
    Frankfurt am Main HRB 876 | HRB 876 AG Frankfurt a. M. | Frankfurt/Main HRB 876
DE FRANKFURTODERHRB876FF
    Frankfurt (Oder) HRB 876 FF | Frankfurt/Oder HRB 876 | HRB 876 FF Frankfurt a.d. Oder
DE KIELHRB876KI
    Kiel HRB 876 KI | HRB 876 KI AG Kiel
DE LUDWIGSHAFENHRB8765
    Ludwigshafen am Rhein HRB 8765 | HRB 8765 AG Ludwigshafen (Rhein)
AT 123456A
    FN 123456a | 123456a | 123456 a | FN123456A | Firmenbuchnummer: 123456 a | HG Wien FN 123456 a |
    FN 123456a, Handelsgericht Wien | AT FN 123456a
AT 23456N
    FN 23456n | FN 023456 n
GB 01234567
    01234567 | 1234567 | Company No. 01234567 | Company number: 1234567 | Reg. No. 01234567 |
    Registered in England and Wales No. 01234567 | UK 01234567 | Companies House 01234567 | No. 1234567
GB SC123456
    SC123456 | SC 123456 | Company No. SC123456 | Registered in Scotland SC123456
GB NI012345
    NI012345 | NI12345 | Company number NI012345 | Registered in Northern Ireland, no. NI 012345
GB OC301234
    OC301234 | Reg No OC301234
IE 123456
    123456 | IE 123456 | Company No. 123456 | Registered in Ireland No 123456 | CRO 123456
IE 023456
    23456 | 023456
LU B123456
    B123456 | RCS Luxembourg B123456 | B 123 456 | R.C.S. Luxembourg : B 123.456 | RCSL B123456
LU B12345
    B12345 | B012345
PL 0000123456
    KRS 0000123456 | 0000123456 | KRS: 123456 | 123456 | nr KRS 0000123456 | KRS nr 0000123456
DK 12345674
    CVR-nr. 12345674 | 12345674 | DK12345674 | CVR 12 34 56 74 | DK CVR 12345674
SE 5567037485
    556703-7485 | SE556703748501 | 5567037485 | 16556703-7485 | Org.nr 556703-7485 | SE 556703-7485 |
    Organisationsnummer: 556703-7485 | 556703748501
SE 2120000142
    212000-0142 | SE212000014201 | 16212000-0142
ES A28015865
    ESA28015865 | A-28015865 | A28015865 | CIF: A28015865 | N.I.F. A-28.015.865 | CIF ES A28015865
ES 12345678Z
    12345678-Z | NIF 12345678Z
IT 00743110157
    00743110157 | IT00743110157 | P. IVA 00743110157 | C.F. 00743110157 | C.F. e P.IVA 00743110157 |
    Codice fiscale e Partita IVA: 00743110157 | Reg. Imprese 00743110157
NL 24123456
    KvK-nr. 24123456 | KvK nummer 24123456 | K.v.K. 24123456 | 24.12.34.56 | KvK Rotterdam 24123456 |
    Kamer van Koophandel 24123456 | Handelsregister nr. 24123456 | NL 24123456 | NLNHR.24123456 | CoC 24123456
FR 303265045
    RCS Paris 303 265 045 | RCS 303265045 | SIREN : 303 265 045 | 303 265 045 R.C.S. Nanterre |
    RCS Paris B 303 265 045 | N° SIREN 303265045 | SIRET 303 265 045 00013 | FR 40 303265045 |
    N° TVA FR40303265045 | SIREN 303 265 045, RCS Saint-Étienne
BE 0403170701
    RPR Antwerpen 0403.170.701 | KBO-nummer 0403.170.701 | BCE 0403.170.701 | 403.170.701 |
    Ondernemingsnummer: 0403.170.701 | BE0403170701 | BTW BE 0403.170.701 | Numéro d'entreprise 0403.170.701 |
    TVA BE 0403.170.701 - RPM Bruxelles | RPR Antwerpen, afd. Mechelen 0403170701 | BEKBOBCE.0403170701
CH 123456788
    CHE-123.456.788 MWST | CHE-123.456.788 | UID CHE-123.456.788 TVA | CHE123456788 IVA | CHE-123.456.788 MWST/TVA |
    UID: CHE-123.456.788 | 123.456.788
NO 923609016
    NO 923 609 016 MVA | Org.nr. 923 609 016 | 923609016 | Organisasjonsnummer 923 609 016 |
    Foretaksregisteret NO 923 609 016 MVA
FI 20774740
    FI2077474-0 | 2077474-0 | FI20774740 | Y-tunnus: 2077474-0 | FO-nummer 2077474-0 | Business ID 2077474-0
CZ 27082440
    IČO 27082440 | IČ: 27082440 | 27082440 | DIČ CZ27082440 | I.Č.O. 270 82 440
CZ 00006947
    00006947 | IČO 006947
SK 31333532
    IČO 31333532 | IČO: 31 333 532 | 31333532
PT 500100144
    NIPC 500 100 144 | PT500100144 | 500100144 | NIF: 500100144 | Contribuinte n.º 500 100 144
HR 69435151530
    OIB 69435151530 | HR69435151530 | 69435151530
LV 40003521600
    Reģ. Nr. 40003521600 | LV40003521600 | Reģistrācijas numurs 40003521600
EE 12345678
    Registrikood 12345678 | EE12345678 | Reg. nr 12345678
BG 175074752
    EIK 175074752 | BG175074752 | UIC: 175074752
"""

# What is of another register, or may be two numbers.
NONE = [
    ("DE", "HRB 12345"), ("DE", "HRB 12345 B"), ("DE", "12345"), ("DE", "Frankfurt HRB 876"),
    ("DE", "Kiel HRB 876"), ("DE", "Handelsregister Bamberg HRB 876"), ("DE", "DE136695976"),
    ("DE", "DEK1101R.HRB12345"), ("DE", "Hamburg HRB"), ("DE", "Hamburg HRB 1234567"), ("DE", "Atlantis HRB 12345"),
    ("DE", "Hamburg HRB 12345 XY"), ("DE", "Hamburg"), ("AT", "FN 123456"), ("AT", "FN 123456 HG Wien"),
    ("AT", "ATU12345678"), ("GB", "GB980780684"), ("GB", "12345"), ("GB", "XX123456"), ("IE", "IE1234567FA"),
    ("LU", "123456"), ("LU", "LU12345613"), ("PL", "NIP 526-025-09-95"), ("PL", "5260250995"),
    ("PL", "REGON 000288975"), ("PL", "000288975"), ("PL", "KRS 5260250995"), ("DK", "P-nr. 1012345678"),
    ("SE", "SE 123"), ("SE", "556703748502"), ("ES", "M-12345"), ("IT", "REA MI-1234567"), ("IT", "MI-1234567"),
    ("IT", "MI 1234567"), ("IT", "80012345678"), ("NL", "RSIN 123456782"), ("NL", "24123456 Rotterdam"),
    ("NL", "1234567"), ("FR", "RCS Paris"), ("FR", "RNA W751234567"), ("BE", "2403170701"),
    ("CH", "CH-020.3.030.123-4"), ("CZ", "CZ7103192745"), ("SK", "SK2020317068"), ("HR", "MBS 080123456"),
    ("NO", "92360901"), ("LV", "LV01020312345"), ("NL", "2412345\u0663"), ("DE", "Hamburg HRB 1234\u0665"),
    ("DE", "H\u0430mburg HRB 12345"), ("SE", "556703-748\u096b"),
]  # fmt: skip

# The same of VAT numbers: the country that is told, or a dash, and what is read.
VATS = """
- NL 123456782B90
    BTW NL123456782B90 | btw-nummer: NL 1234.56.782.B90 | Btw-id NL123456782B90 | VAT NL123456782B90 |
    NL123456782B90 | BTW-nr. NL123456782B90 | V.A.T. no: nl123456782b90
NL NL 123456782B90
    123456782B90 | btw nr 123456782B90
- DE 136695976
    USt-IdNr. DE136695976 | USt-ID: DE 136 695 976 | Umsatzsteuer-Identifikationsnummer DE136695976 |
    VAT ID DE136695976 | UID-Nr. DE136695976
- FR 40303265045
    TVA FR40303265045 | N° TVA FR 40 303 265 045 | Numéro de TVA intracommunautaire : FR40303265045
GB GB 980780684
    VAT no. GB980780684 | VAT no. 980780684 | VAT Reg. No. 980 7806 84 | GB 980 7806 84 |
    VAT registration number 980780684
IT IT 00743110157
    P.IVA 00743110157 | Partita IVA: IT00743110157 | P. IVA n. 00743110157
ES ES A28015865
    CIF A28015865 | NIF: ES-A28015865 | CIF: A-28015865
NO NO 923609016
    VAT NO923609016MVA | NO 923 609 016 MVA | VAT no. 923609016
GB NO 923609016
    VAT NO 923609016 | NO923609016MVA
- BE 0403170701
    BTW BE 0403.170.701 | TVA BE403170701
- SE 556703748501
    Momsreg.nr SE556703748501 | Moms SE 556703-7485 01
- AT U40054006
    UID: ATU40054006 | UID-Nr. ATU 400 54 006
- PT 500100144
    NIPC PT500100144
"""

# Which VAT number contains which number in the register.
CONTAINED = """
BE0403170701:0403170701 FR40303265045:303265045 DK13585628:13585628 NO923609016MVA:923609016
CHE123456788MWST:123456788 SE556703748501:5567037485 FI20774740:20774740 PT500100144:500100144 ESA28015865:A28015865
IT00743110157:00743110157 HR69435151530:69435151530 LV40003521600:40003521600 CZ27082440:27082440 CZ7103192745:-
SK2022749619:- BG175074752:175074752 DE136695976:- NL123456782B90:- ATU13585627:- GB980780684:- PL5260250995:-
EL094259216:-
"""


def table(text):
    """Pairs of the words of a head, and the spellings below it."""
    lines = [f"\n{line}" if line[:1].strip() else line for line in text.strip().splitlines()]
    for part in "\n".join(lines).strip().split("\n\n"):
        head, _, spellings = part.partition("\n")
        yield head.split(), [spelling.strip() for spelling in " ".join(spellings.split()).split("|")]


NUMBERS = [(*head, spellings) for head, spellings in table(GROUPS)]
SPELLINGS = [(scope, text, want) for scope, want, spellings in NUMBERS for text in spellings]
VAT_SPELLINGS = [
    (None if country == "-" else country, text, tuple(want))
    for (country, *want), spellings in table(VATS)
    for text in spellings
]


def number_key(country, text):
    found = {key for key in identity.keys(country=country, number=text) if key.kind == "number"}
    assert len(found) < 2
    return next(iter(found), None)


# Laws, as plain functions so that tests/faults can show that they bite


def check_spelling(scope, text, want):
    assert identity.read_number(scope, text) == want


def check_never_two(scope, texts):
    """Spellings of one number never end a match."""
    found = [identity.keys(country=scope, number=text) for text in texts]
    for ours in found:
        for theirs in found:
            assert not identity.match(ours, theirs).contradict


def check_digits_are_written(country, text):
    """The digits of a number stand in what was written, in their order and side by side, but for zeros in front."""
    number = identity.read_number(country, text)
    if number is not None:
        digits = "".join(filter(str.isdigit, number)).lstrip("0")
        assert digits in "".join(sign for sign in normalize("NFKD", text) if sign.isdigit())


def check_contained(text, want):
    found = identity.keys(vat=text)
    scope = next(key.scope for key in found if key.kind == "vat")
    assert {key for key in found if key.kind == "number"} == ({Key("number", scope, want)} if want else set())


def check_unknown_forms_say_nothing(scope):
    ours, theirs = (
        identity.keys(country=scope, number=text, domain="firma.example") for text in ("12345 X", "X-12345")
    )
    assert len(ours) == len(theirs) == 2
    assert identity.match(ours, theirs).strength == "domain"
    assert not identity.match(ours, theirs).contradict
    assert identity.match(ours, ours).strength == "number"


def check_what_was_written_counts(country, number, vat):
    """Sisters share a VAT number, which contains the number of one of them."""
    ours = identity.keys(country=country, number=number, vat=vat)
    theirs = identity.keys(vat=vat)
    assert sum(key.kind == "number" for key in ours) == 1
    assert identity.match(ours, theirs).contradict


# The table


def test_the_table_is_large():
    assert len(SPELLINGS) >= 80
    assert len({(scope, want) for scope, want, _ in NUMBERS}) == len(NUMBERS)
    assert {scope for scope, _, _ in NUMBERS} == set(registers.FORMS)


@pytest.mark.parametrize(("scope", "text", "want"), SPELLINGS)
def test_one_number_in_many_spellings(scope, text, want):
    check_spelling(scope, text, want)


@pytest.mark.parametrize(("scope", "want", "spellings"), NUMBERS)
def test_spellings_of_one_number_never_contradict(scope, want, spellings):
    check_never_two(scope, spellings)


@pytest.mark.parametrize(("scope", "text"), NONE)
def test_no_number(scope, text):
    assert identity.read_number(scope, text) is None


@pytest.mark.parametrize(("country", "text", "want"), VAT_SPELLINGS)
def test_one_vat_number_in_many_spellings(country, text, want):
    assert identity.read_vat(country, text) == want


@pytest.mark.parametrize("pair", CONTAINED.split())
def test_a_vat_number_contains_the_register_number(pair):
    text, _, want = pair.partition(":")
    check_contained(text, None if want == "-" else want)


def test_the_number_that_is_written_counts():
    check_what_was_written_counts("NO", "974760673", "NO923609016MVA")
    both = identity.keys(country="NO", number="923 609 016", vat="NO923609016MVA")
    assert both == identity.keys(vat="NO923609016MVA")
    assert identity.match(both, identity.keys(country="NO", number="Org.nr. 923609016")).strength == "number"
    wrong = identity.keys(country="NO", number="923609017", vat="NO923609016MVA")  # its check fails, so it is none
    assert wrong == both


# Forms, courts


@pytest.mark.parametrize("scope", ["US", "JP", "LT", "HU", "RO", "GR"])
def test_numbers_of_unknown_form_agree_but_never_contradict(scope):
    check_unknown_forms_say_nothing(scope)


def test_sealed_numbers_contradict_as_open_ones_do():
    for scope, ends in (("GB", True), ("US", False)):
        ours, theirs = (Key("number", scope, text) for text in ("01234567", "01234568"))
        for a, b in ((ours, theirs), (identity.sealed(ours), theirs), (identity.sealed(ours), identity.sealed(theirs))):
            assert bool(identity.match(frozenset({a}), frozenset({b})).contradict) is ends


def test_every_country_has_all_its_tables():
    assert set(registers.FORMS) == set(registers.WORDS)
    assert set(registers.FORMS) >= set(registers.IN_VAT) | set(registers.SEATS)
    assert {scope for scope in all_countries.COUNTRIES if numbers.has_form(scope)} == set(registers.FORMS)
    assert set(registers.IN_VAT) <= set(checks._REGISTER)  # what is taken out of another number has a check


def test_the_german_courts():
    courts = numbers._courts()
    names = [line.partition(":")[0] for line in registers.COURTS.split(";")]
    assert len(names) == len(set(courts.values()))  # no two courts have become one
    spellings = [text for line in registers.COURTS.split(";") for text in line.replace(":", ",").split(",")]
    folded = [numbers._compact(text) for text in spellings]
    assert len(folded) == len(set(folded))
    assert set(registers.OWN_LETTERS) | registers.SOME_LETTERS <= set(courts.values())
    # Bad Homburg and Homburg are two; Langenfeld and the branches are no register courts any more.
    unread = {"Homburg", "Langenfeld"} | {name for name in handelsregisternummer.GERMAN_COURTS if "Zweigstelle" in name}
    for court in set(handelsregisternummer.GERMAN_COURTS) - unread:
        for name in court.replace(")", "").split(" ("):
            if "(" not in court or court.startswith(("St.", "Ludwigs", "Berlin")):
                court_read = [identity.read_number("DE", f"{name} HRB 876{letters}") for letters in ("", " HB")]
                assert any(court_read), name


# Any text


def spaced(draw, text):
    size = {"min_size": len(text), "max_size": len(text)}
    gaps = draw(st.lists(st.sampled_from(["", "", "", " ", ".", "-", " - ", "/", "\u00a0", ": "]), **size))
    cases = draw(st.lists(st.booleans(), **size))
    signs = (sign.lower() if low else sign.upper() for sign, low in zip(text, cases, strict=True))
    return "".join(f"{sign}{gap}" for sign, gap in zip(signs, gaps, strict=True))


LABELS = {
    "AT": "FN | Firmenbuch Nr. | AT",
    "BE": "KBO | BCE nr. | BTW BE | RPR Gent, | Ondernemingsnummer",
    "BG": "EIK | BG",
    "CH": "CHE | UID CHE | UID:",
    "CZ": "IČO | ič",
    "DE": "AG | Amtsgericht | Handelsregister des Amtsgerichts",
    "DK": "CVR | CVR-nr. | DK",
    "EE": "Registrikood | EE",
    "ES": "CIF | NIF ES | N.I.F.",
    "FI": "Y-tunnus | FI",
    "FR": "SIREN | N° SIREN | RCS Lyon | RCS Évreux B",
    "GB": "Company No. | Company number | Reg. No. | UK",
    "HR": "OIB | HR",
    "IE": "Company no | CRO",
    "IT": "P.IVA | C.F. | Codice fiscale n.",
    "LU": "RCS Luxembourg | R.C.S.",
    "LV": "Reg. Nr. | LV",
    "NL": "KvK | KvK-nummer | K.v.K. nr. | KvK te Breda",
    "NO": "Org.nr. | NO",
    "PL": "KRS | nr KRS",
    "PT": "NIPC | PT",
    "SE": "Org.nr | SE",
    "SK": "IČO",
}


@given(st.data())
def test_any_way_of_writing_a_number_gives_one_key(data):
    scope, want, _ = data.draw(st.sampled_from(NUMBERS))
    label = data.draw(st.sampled_from(["", *LABELS[scope].split("|")]))
    check_spelling(scope, spaced(data.draw, f"{label.strip()} {want}"), want)


PARTS = [*"0123456789", *"HRB Hamburg KvK RCS N NO FN KRS München SE 16 01 ² ٣".split(), " "]
LONG = ["9" * 10**6, "N" * 1024, "NO" * 64, "AMTSGERICHT" * 11 + "1", "HRB1" + "AG" * 60, "CHE" * 42, "\ufdfa" * 1024]
hostile = st.one_of(
    st.text(max_size=60),
    st.text("0123456789 .-/ABHNRSUV", max_size=24),
    st.text("NL24BE0.-:/ HRBamtsgericht\u0663\u00b2\u0301ßéº№\ud800\x00", max_size=60),
    st.lists(st.sampled_from(PARTS), max_size=20).map("".join),
    st.sampled_from(LONG),
)
anywhere = st.sampled_from([*registers.FORMS, "US", "RO", "XX", "", None])


@given(anywhere, hostile)
def test_no_digit_is_made_up(country, text):
    check_digits_are_written(country, text)


@given(anywhere, hostile)
def test_any_text_can_be_read(country, text):
    number = identity.read_number(country, text)
    assert number is None or (number.isascii() and number.isalnum() and identity.read_number(country, number) == number)
    found = identity.read_vat(country, text)
    assert found is None or identity.read_vat(found[0], "".join(found)) == found
    for value in (7, b"24123456", None, ["24123456"]):
        assert identity.read_number(country, value) is identity.read_vat(country, value) is None


@given(anywhere, hostile, st.sampled_from("0٣۵२³"))
def test_a_digit_of_another_script_is_no_number(country, text, digit):
    foreign = f"{text}{digit}"
    if not digit.isascii() and digit != "³":
        assert identity.read_number(country, foreign) is None


@pytest.mark.parametrize(
    ("number", "want"),
    [("00000000", True), ("01111111", True), ("0000", True), ("11111111", True), ("24123456", False), ("19", False),
     ("00000019", False), ("00000001", False), ("111", False)],
)  # fmt: skip
def test_placeholders(number, want):
    assert numbers.placeholder(number) is want


def test_a_filled_up_placeholder_is_no_key():
    assert number_key("GB", "1111111") is None
    assert number_key("GB", "1234567") == Key("number", "GB", "01234567")
