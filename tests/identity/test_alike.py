"""Names that are alike are one name with typing errors; a word, number, initial or form too many is another company."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealerrouting.errors import MissingExtra
from dealerrouting.identity import ENOUGH, Called, alike, fold_name

HERE = frozenset({"10", "amsterdam", "denhaag"})
fuzzy = pytest.importorskip("rapidfuzz")

pieces = st.sampled_from(
    [
        *("Jansen", "Janssen", "Bakkerij", "Bakerij", "Group", "Holding", "and", "amd", "de", "I", "II", "3", "4", "J"),
        *("B.V.", "LLC", "LLK", "GmbH & Co. KG", "x", "\u0301", "é", "\x00", "&"),
    ]
)
spaced, glued = st.lists(pieces, max_size=8).map(" ".join), st.lists(pieces, max_size=5).map("".join)
names = st.one_of(spaced, glued, st.text(max_size=40))


def called(text, country="NL", places=HERE):
    return Called(fold_name(text, country), country, frozenset(places))


def likeness(a, b):
    return alike.likeness(called(a), called(b))


# Laws, as plain functions so that tests/faults can show that they bite


def check_symmetric(a, b):
    assert likeness(a, b) == likeness(b, a)


def check_range(a, b):
    assert 0 <= likeness(a, b) <= 100
    if fold_name(a, "NL").words:
        assert likeness(a, a) == 100


def check_alike(a, b):
    check_symmetric(a, b)
    assert likeness(a, b) >= ENOUGH, likeness(a, b)


def check_not_alike(a, b):
    check_symmetric(a, b)
    assert likeness(a, b) < ENOUGH, likeness(a, b)


def check_place(a, b):
    """What is not at one place, or in one country, is not compared."""
    assert alike.likeness(called(a), called(b, places={"20"})) == 0
    assert alike.likeness(called(a), called(b, country="BE")) == 0
    assert alike.likeness(called(a), called(b, places={"20", "10"})) == likeness(a, b)
    assert alike.likeness(None, called(b)) == alike.likeness(called(a), None) == alike.likeness(None, None) == 0


def check_needs_rapidfuzz(monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(MissingExtra, match=r"dealerrouting\[match\]"):
        alike.require()
    with pytest.raises(MissingExtra):
        likeness("Jansen", "Janssen")


ALIKE = {
    "one letter wrong": ("Bakkerij de Vries B.V.", "Bakkerij de Vrues B.V."),
    "one word, one error": ("Hettinger", "Hextinger"),
    "one letter lost": ("Bakkerij de Vries", "Bakerij de Vries"),
    "two letters changed places": ("Bakkerij de Vries", "Bakkerij de Vires"),
    "an error in each long word": ("Installatietechniek Bakkerij", "Instalatietechniek Bakkery"),
    "an umlaut spelled out": ("Müller Maschinenbau GmbH", "Mueller Maschinenbau GmbH"),
    "a letter doubled": ("Jansen Techniek", "Janssen Techniek"),
    "words in another order": ("Group Quitzon", "Quitzon Group"),
    "another order and an error": ("Quitzon Installaties Zwolle", "Zwolle Instalaties Quitzon"),
    "a blank too many": ("Beckerklein", "Bec kerklein"),
    "a blank too few and an error": ("Bakkerij Vries", "Bakkerijvrjes"),
    "an article": ("Bakkerij de Vries", "Bakkerij Vries"),
    "a joining word mistyped": ("Terry and Sons", "Terry aud Sons"),
    "a joining word moved": ("Bayer and Sons", "and Sons Bayer"),
    "a form that grew to the name": ("Schumm PLC", "SchummPLC"),
    "a form mistyped": ("Hettinger LLC", "Hettinger 7LC"),
    "a form and the name mistyped": ("Hettinger LLC", "Hetinger LLK"),
    "no form": ("Bakkerij de Vries B.V.", "Bakerij de Vries"),
    "a digit for a letter": ("McClure Kunze", "Mc8lure Kunze"),
    "equal": ("Bakkerij de Vries", "Bakkerij de Vries"),
    "a form that stays, left out": ("Stichting Ajax", "Ajax"),
    "a form that stays, for another": ("Stichting Ajax", "Ajax B.V."),
    "the general partner": ("Maschinenbau Meier GmbH", "Maschinenbau Meier GmbH & Co. KG"),
    "brothers": ("Gebr. Bos", "Gebroeders Bos"),
    "Bruder": ("Gebr. Maier", "Gebrüder Maier"),
    "brothers and an error": ("Gebr. Janssen", "Gebroeders Jansen"),
    "sons": ("Jansen & Zn.", "Jansen en Zonen"),
    "v.d.": ("Garage v.d. Ven", "Garage van der Ven"),
    "v.": ("Garage v. Dam", "Garage van Dam"),
    "'t": ("'t Hoekje", "Het Hoekje"),
    "fa.": ("Fa. Jansen", "Jansen"),
    "firma": ("Firma Jansen", "Jansen"),
    "dr.": ("Dr. Maier", "Maier"),
    "ing.": ("Ing. de Vries", "De Vries"),
    "ir.": ("Ir. Bos Advies", "Bos Advies"),
    "two words for one": ("Ing.-Büro Maier", "Ingenieurbüro Maier"),
    "ets": ("Ets Dupont", "Établissements Dupont"),
    "ste": ("Sté Dupont", "Société Dupont"),
    "cie": ("Dupont & Cie", "Dupont et Compagnie"),
    "saint": ("Garage St-Jean", "Garage Saint-Jean"),
    "sint": ("Apotheek St. Jan", "Apotheek Sint-Jan"),
    "bros": ("Smith Bros", "Smith Brothers"),
    "co": ("Smith & Co.", "Smith and Company"),
    "int.": ("Bos Int. B.V.", "Bos International B.V."),
    "ned.": ("Bos Ned. B.V.", "Bos Nederland"),
    "trading as": ("J. Jansen t/a Bakkerij Zon", "Bakkerij Zon"),
    "trading as, the first": ("J. Jansen h/o Bakkerij Zon", "J. Jansen"),
    "o.g.": ("Jansen O.G. B.V.", "Jansen Onroerend Goed B.V."),
    "the town": ("Jansen (Amsterdam) B.V.", "Jansen"),
    "the town after the form": ("Jansen B.V. (Amsterdam)", "Jansen"),
    "a town of two words": ("Jansen Den Haag", "Jansen"),
}

NOT_ALIKE = {
    "a word too many": ("Bakkerij Jansen B.V.", "Bakkerij Jansen Holding B.V."),
    "another word": ("Bakkerij Jansen Holding", "Bakkerij Jansen Beheer"),
    "a direction": ("Installatiebedrijf Kennemerland Noord", "Installatiebedrijf Kennemerland Zuid"),
    "another number": ("Vastgoedfonds Nederland 3", "Vastgoedfonds Nederland 4"),
    "a number too many": ("Vastgoedfonds Nederland", "Vastgoedfonds Nederland 4"),
    "another number in a word": ("Vastgoedfonds3", "Vastgoedfonds4"),
    "another year": ("Participatiemaatschappij 2019", "Participatiemaatschappij 2020"),
    "a Roman number": ("M7 I Dutch Holdco", "M7 II Dutch Holdco"),
    "a Roman number too many": ("Participatiemaatschappij Delft", "Participatiemaatschappij Delft II"),
    "another initial": ("H. Roosendaal Beheer B.V.", "S. Roosendaal Beheer B.V."),
    "an initial too many": ("Roosendaal Beheer B.V.", "H. Roosendaal Beheer B.V."),
    "another short word": ("Kia Installatietechniek", "Kip Installatietechniek"),
    "another legal form": ("Bakkerij Jansen B.V.", "Bakkerij Jansen N.V."),
    "another partner": ("Maschinenbau Meier GmbH", "Maschinenbau Meyer GmbH & Co. KG"),
    "another town": ("Jansen (Utrecht)", "Jansen"),
    "a number that a postcode begins with": ("Jansen 10", "Jansen"),
    "nothing but a town": ("Holding Amsterdam", "Beheer Amsterdam"),
    "a Roman number before a word": ("Fund V Beheer", "Fund Beheer"),
    "an abbreviation too many": ("Jansen & Zn.", "Jansen"),
    "brothers too many": ("Gebr. Jansen", "Jansen"),
    "two names with one part": ("J. Jansen t/a Bakkerij Zon", "Bakkerij Maan"),
    "two numbers for one": ("Solarpark 1.1", "Solarpark 11"),
    "a short name": ("Hema B.V.", "Kema B.V."),
    "two errors in one word": ("Bokali Bakkerijen", "Boboli Bakkerijen"),
    "another family name": ("Van Herpen Investments B.V.", "Van Herk Investments B.V."),
    "another trade": ("Matanga Advies B.V.", "Matanga B.V."),
    "a short word within a longer one": ("SaM Solutions", "Cimsolutions"),
    "a word said twice": ("Grady Grady", "Grady"),
    "two abbreviations": ("Garage St. Dam", "Garage Bros Dam"),
    "nothing": ("", "Jansen"),
}


@pytest.mark.parametrize(("a", "b"), ALIKE.values(), ids=ALIKE)
def test_alike(a, b):
    check_alike(a, b)


@pytest.mark.parametrize(("a", "b"), NOT_ALIKE.values(), ids=NOT_ALIKE)
def test_not_alike(a, b):
    check_not_alike(a, b)


@given(names, names)
def test_symmetry(a, b):
    check_symmetric(a, b)


@given(names, names)
def test_range(a, b):
    check_range(a, b)


@given(names, names)
def test_only_at_one_place(a, b):
    check_place(a, b)


def test_more_errors_are_less_alike():
    written = ["Installatietechniek Bakkerij", "Instalatietechniek Bakkerij", "Instalatietechniek Bakkery"]
    assert [likeness(written[0], text) for text in written] == [100, 96, 88]


@pytest.mark.parametrize("text", ["a" * 1024, "a " * 512, "ab " * 341, "e\u0301 " * 340, "\ufdfa" * 50, "abc1 " * 200])
def test_long_names_cost_little(text):
    check_symmetric(text, text[:-1] + "b")
    check_symmetric(text, "Jansen B.V.")
    check_symmetric(text[::-1], text)


def test_without_rapidfuzz(monkeypatch):
    check_needs_rapidfuzz(monkeypatch)


def test_rapidfuzz_is_loaded_when_names_are_compared():
    code = (
        "import sys; from dealerrouting import identity; identity.fold_name('Jansen B.V.', 'NL');"
        "assert 'rapidfuzz' not in sys.modules; identity.require(); assert 'rapidfuzz' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
