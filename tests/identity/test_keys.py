"""Keys are exact, free-mail is none, and a contradicting company number is never a match."""

import csv
import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from dealerrouting import identity
from dealerrouting.identity import Key, Match
from dealerrouting.tables import freemail

pytestmark = pytest.mark.pure

DATA = Path(__file__).parents[2].parent / "shared" / "data"
PROVIDERS = freemail.DOMAINS.split()
SUFFIXES = PublicSuffixList()

hostile = st.one_of(
    st.text(max_size=60),
    st.text("NL24BE0.-:/@?#[] \\%_\x00\u200d\u200f\u0301ßς。．２\u00b2\u2100\ud800éxn", max_size=40),
    st.sampled_from(
        ["9" * 10**6, "a." * 5 * 10**5, "@" * 10**6, "é" * 1024, "xn--" + "9" * 59 + ".nl", "a\u0301" * 500 + ".nl",
         "\ufdfa" * 1024, "\ufdfa" * 60 + ".nl", "ß" * 63 + ".de", "ß" * 64 + ".de", "\ud800.nl", "\x00",
         "\u202enl.amrif", "." * 1024, "a" * 63 + "." + "b" * 63 + ".nl", "[::1]", "xn--é.nl",
         "\u00ad.nl", "\u3002.nl", "http://", "//", "@"]
    ),
)  # fmt: skip
countries = st.sampled_from(
    ["NL", "BE", "FR", "DE", "CH", "GR", "EL", "GB", "UK", "SE", "US", "nl", " be ", "XI", "ZZ", "", None, 7]
)

LETTERS = "ABC"
scopes = st.sampled_from(["NL", "BE"])
made_keys = st.one_of(
    st.builds(Key, st.just("number"), scopes, st.sampled_from(LETTERS)),
    st.builds(Key, st.just("vat"), scopes, st.sampled_from(LETTERS)),
    st.builds(Key, st.just("lei"), st.just(""), st.sampled_from(LETTERS)),
    st.builds(Key, st.just("domain"), st.just(""), st.sampled_from("abc")),
    st.builds(Key, st.just("form"), scopes, st.sampled_from(["BV", "NV"])),
    st.builds(Key, st.just("name"), scopes, st.sampled_from(["a@1", "b@1"])),
)
key_sets = st.frozensets(made_keys, max_size=5)


def rows(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Laws, as plain functions so that tests/faults can show that they bite


def check_symmetric(a, b):
    assert identity.match(a, b) == identity.match(b, a)


def check_contradiction(a, b):
    """Register numbers of one country, or LEIs, on both sides and none in common: no match, not even for a person."""
    for kind, scope in {(key.kind, key.scope) for key in a | b if key.kind in ("number", "lei")}:
        ours, theirs = ({key for key in side if (key.kind, key.scope) == (kind, scope)} for side in (a, b))
        stronger = {key.kind for key in a & b} & {"number"} if kind == "lei" else set()
        if ours and theirs and not ours & theirs and not stronger:
            assert identity.match(a, b).strength is None


def check_contradiction_never_strengthens(a, b, key):
    """A number, LEI, VAT number or form that the other does not have changes nothing, weakens, or ends the match."""
    order = {strength: place for place, strength in enumerate((*identity.STRENGTHS, "alike", None))}
    if key not in b:
        before, after = identity.match(a, b), identity.match(a | {key}, b)
        assert order[after.strength] >= order[before.strength]
        assert after.agree == before.agree


def check_free_mail(domain):
    # Below a public suffix, which a few providers are, there are other people's own domains.
    below = () if SUFFIXES.is_public(domain) else (f"mail.{domain}", f"a.b.{domain}")
    for text in (domain, f"www.{domain}", f"https://{domain.upper()}/", f"{domain}.", *below):
        assert identity.own_domain(text) is None
        assert identity.free_mail(text) is True
        assert identity.keys(domain=text, email=f"a@{text}") == frozenset()


def check_digits_kept(country, text):
    """A number that was read holds only signs that were written, in their order: nothing is invented but BE's 0."""
    number = identity.read_number(country, text)
    if number is not None:
        written = iter("0" + "".join(text.upper().split()))
        assert all(sign in written for sign in number)


def check_unkeyed_placeholder(country, text):
    assert identity.keys(country=country, number=text) == frozenset()


# Register numbers


@pytest.mark.parametrize(
    ("country", "text", "want"),
    [
        ("NL", "24123456", "24123456"),
        ("nl", " 24.12.34.56 ", "24123456"),
        ("NL", "KvK: 24123456", "24123456"),
        ("NL", "NL24123456", "24123456"),
        ("NL", "01234567", "01234567"),
        ("NL", "２４１２３４５６", "24123456"),
        ("NL", "1234567", None),  # a zero may be lost, but where?
        ("NL", "241234567", None),
        ("NL", "000012345678", None),  # a branch
        ("NL", "24123456 Rotterdam", None),
        ("NL", "2412345\u0663", None),  # an Arabic 3: leaving it out would make another number
        ("NL", "24123456\u0663", None),
        ("BE", "0403.170.701", "0403170701"),
        ("BE", "BE 0403.170.701", "0403170701"),
        ("BE", "403170701", "0403170701"),
        ("BE", "1003170701", "1003170701"),
        ("BE", "2403170701", None),
        ("BE", "04031707011", None),
        ("BE", "KBO 0403.170.701", "0403170701"),
        ("FR", "552 100 554", "552100554"),
        ("FR", "55210055400013", "552100554"),
        ("FR", "SIRET 552 100 554 00013", "552100554"),
        ("FR", "FR552100554", "552100554"),
        ("FR", "5521005540", None),
        ("DE", "HRB 12345", None),  # every court gives out this number
        ("DE", "12345", None),
        ("DE", "Hamburg HRB 12345", "HAMBURGHRB12345"),
        ("SE", "556000-4615", "5560004615"),
        ("SE", "SE5560004615", "5560004615"),
        ("SE", "123", None),
        ("SE", "1" * 21, None),
        ("GB", "SC123456", "SC123456"),
        ("UK", "01234567", "01234567"),
        ("GB", "ABCDEF", None),
        ("CH", "CHE-123.456.789", "123456789"),
        (None, "24123456", None),
        ("Nederland", "24123456", None),
        ("NL", None, None),
        ("NL", 24123456, None),
        (24, "24123456", None),
        ("NL", "", None),
        ("NL", "-", None),
    ],
)
def test_read_number(country, text, want):
    assert identity.read_number(country, text) == want


@given(countries, hostile)
def test_reading_a_number_twice_is_reading_it_once(country, text):
    number = identity.read_number(country, text)
    assert number is None or identity.read_number(country, number) == number


@given(st.sampled_from(["NL", "BE", "FR", "SE"]), st.text("0123456789 .-", max_size=20))
def test_no_digit_is_invented(country, text):
    check_digits_kept(country, text)


@pytest.mark.parametrize(
    ("country", "text"), [("NL", "00000000"), ("NL", "99999999"), ("BE", "0000.000.000"), ("SE", "1111")]
)
def test_a_repeated_digit_is_no_key(country, text):
    check_unkeyed_placeholder(country, text)


def test_a_placeholder_vat_number_is_no_key():
    assert identity.keys(vat="NL000000000B00") == identity.keys(vat="BE0000000000") == frozenset()
    assert identity.keys(vat="RO19") == {Key("vat", "RO", "19")}


# VAT numbers


@pytest.mark.parametrize(
    ("country", "text", "want"),
    [
        ("NL", "NL 1234.56.789.B01", ("NL", "123456789B01")),
        ("NL", "123456789b01", ("NL", "123456789B01")),
        ("NL", "123456789", None),
        ("NL", "BE0403170701", ("BE", "0403170701")),
        ("NL", "DE123456789", ("DE", "123456789")),
        ("NL", "DE12345678", None),
        ("FR", "DE123456789", ("DE", "123456789")),  # would also fit as a French number
        ("FR", "FRDE123456789", ("FR", "DE123456789")),
        ("FR", "40303265045", ("FR", "40303265045")),
        (None, "123456789B01", None),
        (None, "NL123456789B01", ("NL", "123456789B01")),
        ("BE", "403.170.701", ("BE", "0403170701")),
        (None, "BE403170701", ("BE", "0403170701")),
        (None, "BE2403170701", None),
        ("GR", "EL123456789", ("GR", "123456789")),
        ("EL", "123456789", ("GR", "123456789")),
        (None, "GR123456789", ("GR", "123456789")),
        (None, "XI123456789", ("XI", "123456789")),
        ("GB", "XI123456789", ("XI", "123456789")),
        ("GB", "GBGD001", ("GB", "GD001")),
        ("GB", "123456789012", ("GB", "123456789012")),
        (None, "CHE-123.456.788 MWST", ("CH", "123456788")),
        ("CH", "CHE-123.456.788", ("CH", "123456788")),
        (None, "NO123456785MVA", ("NO", "123456785")),
        (None, "ATU12345678", ("AT", "U12345678")),
        ("AT", "12345678", None),
        (None, "IE1234567FA", ("IE", "1234567FA")),
        (None, "ESB12345678", ("ES", "B12345678")),
        (None, "EU372000041", ("EU", "372000041")),
        ("US", "12-3456789", ("US", "123456789")),
        ("US", "US123456789", ("US", "123456789")),
        ("US", "CA123456789", None),
        ("US", "123", None),
        ("US", "12345678901234", None),
        (None, "US123456789", None),
        ("NL", None, None),
        ("NL", 123456789, None),
        ("NL", "", None),
    ],
)
def test_read_vat(country, text, want):
    assert identity.read_vat(country, text) == want


@given(countries, hostile)
def test_reading_a_vat_number_twice_is_reading_it_once(country, text):
    found = identity.read_vat(country, text)
    assert found is None or identity.read_vat(found[0], "".join(found)) == found


def test_vat_numbers_of_europe():
    counts = Counter()
    for row in rows("identifiers/vat_numbers.csv.gz"):
        found = identity.read_vat(None, row["vat_number"])
        counts[row["expected"], found is not None] += 1
        if row["expected"] != "invalid":
            assert found is not None, row
        if found is not None:
            scope = found[0]
            assert scope == row["country"], row
            if scope != "EU":  # which is no country
                assert identity.read_vat(scope, row["vat_number"][2:]) == found
            given = identity.keys(vat=row["vat_number"])
            assert {key for key in given if key.kind == "vat"} <= {Key("vat", *found)}
            assert all(key.scope == scope and key.value in found[1] for key in given)
    assert counts["valid", False] == counts["format_only", False] == 0
    # By form alone most of the wrong ones are readable too: they are wrong in a check digit.
    wrong = counts["invalid", True] + counts["invalid", False]
    print(f"invalid, but of the right form: {counts['invalid', True]} of {wrong}")


# Domains


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("jansen.example", "jansen.example"),
        ("https://www.jansen.example/over-ons?x=1#top", "jansen.example"),
        ("HTTP://WWW.Jansen.EXAMPLE.:8080/a@b.nl", "jansen.example"),
        ("//jansen.example", "jansen.example"),
        ("www.jansen.example:443", "jansen.example"),
        ("jansen.example:", "jansen.example"),
        ("jansen.example:x", None),
        ("jansen.example\\evil.nl", "jansen.example"),
        ("jansen.example/?next=http://other.nl", "jansen.example"),
        ("https://jansen.example?next=http://other.nl", "jansen.example"),
        ("user:secret@shop.firma.co.uk", "firma.co.uk"),
        ("mailto:info@firma.be", "firma.be"),
        ("shop.firma.co.uk", "firma.co.uk"),
        ("co.uk", None),
        ("nl", None),
        ("naam.github.io", "naam.github.io"),
        ("www.naam.github.io", "naam.github.io"),
        ("github.io", None),
        ("www.github.io", None),
        ("www.nl", "www.nl"),
        ("www.www.nl", "www.nl"),
        ("firma.net.ua", "firma.net.ua"),  # net.ua is on the free-mail list, but a public suffix
        ("net.ua", None),
        ("müller.de", "xn--mller-kva.de"),
        ("MÜLLER.DE", "xn--mller-kva.de"),
        ("mu\u0308ller.de", "xn--mller-kva.de"),
        ("xn--mller-kva.de", "xn--mller-kva.de"),
        ("straße.de", "xn--strae-oqa.de"),  # another company than
        ("strasse.de", "strasse.de"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("ｆｉｒｍａ．ｎｌ", "firma.nl"),
        ("evil.c\u2100.example.com", None),  # normalising makes a slash of it
        ("fir\u200dma.nl", None),
        ("-firma.nl", None),
        ("firma-.nl", None),
        ("fir_ma.nl", None),
        ("fir ma.nl", None),
        ("a..nl", None),
        (".nl", None),
        ("a" * 63 + ".nl", "a" * 63 + ".nl"),
        ("a" * 64 + ".nl", None),
        (".".join(["a" * 50] * 6) + ".nl", None),
        ("1.2.3.4", None),
        ("http://1.2.3.4:80/", None),
        ("0x7f.1", None),
        ("[2001:db8::1]", None),
        ("http://[::1]:80/", None),
        ("localhost", None),
        ("printer.local", None),
        ("1.168.192.in-addr.arpa", None),
        ("gmail.com", None),
        ("mail.gmail.com", None),
        ("zeelandnet.nl", None),
        ("gmx.fr", None),
        ("", None),
        (" ", None),
        (None, None),
        (7, None),
        ("a.nl/" + "x" * 1024, None),
    ],
)
def test_own_domain(text, want):
    assert identity.own_domain(text) == want


@given(st.one_of(hostile, hostile.map(lambda text: f"{text}.nl"), hostile.map(lambda text: f"https://www.{text}")))
def test_reading_a_domain_twice_is_reading_it_once(text):
    domain = identity.own_domain(text)
    assert domain is None or (
        identity.own_domain(domain) == domain and not identity.free_mail(domain) and domain.isascii()
    )


@given(st.sampled_from(PROVIDERS))
def test_free_mail_is_never_a_key(domain):
    check_free_mail(domain)


def test_no_provider_at_all_is_a_key():
    for domain in PROVIDERS:
        assert identity.own_domain(domain) is None
        assert identity.own_domain(f"www.{domain}") is None
        assert identity.free_mail(domain)


EUROPEAN = """
zeelandnet.nl caiway.nl ziggo.nl kpnmail.nl home.nl planet.nl hetnet.nl telenet.be skynet.be t-online.de web.de gmx.de
gmx.net gmx.at gmx.ch gmx.fr gmx.info orange.fr wanadoo.fr laposte.net bluewin.ch hotmail.com outlook.com icloud.com
"""


@pytest.mark.parametrize("domain", EUROPEAN.split())
def test_european_providers_are_known(domain):
    check_free_mail(domain)


def test_free_mail_lists_no_company():
    for text in ("jansen.example", "firma.net.ua", "", None, "co.uk", "\ud800"):
        assert identity.free_mail(text) is False
    assert identity.free_mail("net.ua") is True


@pytest.mark.parametrize(
    ("email", "want"),
    [
        ("info@jansen.example", "jansen.example"),
        ("Jan Jansen <jan@mail.jansen.example>", "jansen.example"),
        ("a/b@jansen.example", "jansen.example"),
        ('"a@b"@jansen.example', "jansen.example"),
        ("jan@gmail.com", None),
        ("jansen.example", None),
        ("a@firma.nl, b@other.nl", None),
        ("a@firma.nl;b@other.nl", None),
        ("@", None),
        ("jan@[1.2.3.4]", None),
        ("x" * 1024 + "@firma.nl", None),
        (None, None),
        (7, None),
    ],
)
def test_domain_of_an_address(email, want):
    assert {key.value for key in identity.keys(email=email)} == ({want} if want else set())


# Keys


def test_all_keys_of_a_company():
    found = identity.keys(
        country="NL",
        number="24123456",
        vat="NL123456782B90",
        lei="7245 00VN NHZH YDLF MO70",
        domain="https://www.jansen.example",
        email="jan@metaal.example",
        name="Jansen & Zonen B.V.",
        postcode="3011 AB",
    )
    assert [str(one) for one in sorted(found, key=identity.rank)] == [
        "number:NL:24123456", "lei:724500VNNHZHYDLFMO70", "vat:NL:123456782B90", "domain:jansen.example",
        "domain:metaal.example", "form:NL:BV", "name:NL:jansenzonen@3011AB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"vat": "NL123456789B01"}, "its check fails"),
        ({"country": "BE", "number": "0403170702"}, "its check fails"),
        ({"country": "FR", "number": "552100555"}, "its check fails"),
        ({"lei": "724500VNNHZHYDLFMO71"}, "its check fails"),
        ({"lei": "724500VNNHZHYDLFMO7"}, "nineteen signs"),
        ({"country": "NL", "name": "Jansen BV"}, "no postcode"),
        ({"name": "Jansen BV", "postcode": "3011AB"}, "no country"),
        ({"country": "NL", "name": "J BV", "postcode": "3011AB"}, "a name of one letter"),
        ({"country": "NL", "name": "???", "postcode": "3011AB"}, "no letters"),
        ({"country": "NL", "name": "x" * 10**6, "postcode": "3011AB"}, "far too long"),
        ({"country": "NL", "name": "\u0301" * 1000, "postcode": "3011AB"}, "nothing but marks"),
    ],
)
def test_what_gives_no_key(said, why):
    assert identity.keys(**said) == frozenset(), why


def test_a_belgian_vat_number_is_the_enterprise_number():
    assert identity.keys(vat="BE 0403.170.701") == {Key("number", "BE", "0403170701"), Key("vat", "BE", "0403170701")}
    assert identity.keys(country="BE", number="0403.170.701") == {Key("number", "BE", "0403170701")}
    assert identity.keys(country="GB", vat="GB980780684") == {Key("vat", "GB", "980780684")}
    assert identity.keys() == frozenset()


@given(countries, hostile, hostile, hostile, hostile)
def test_any_text_gives_keys_that_can_be_written_and_read(country, number, vat, domain, email):
    for key in identity.keys(country=country, number=number, vat=vat, domain=domain, email=email):
        assert Key.parse(str(key)) == key
        assert Key.parse(str(identity.sealed(key))) == identity.sealed(key)
        assert key.kind in identity.STRENGTHS
        assert (key.scope == "") == (key.kind == "domain")


@pytest.mark.parametrize(
    "text",
    ["", "number", "number:", "number:24123456", "number:nl:24123456", "number:NL:", "number:NLD:1", "number:NL:24 1",
     "name:NL:1", "vat:NL:é", "vat::1", "domain:", "domain:NL:a.nl", "domain:A.nl", "domain:a/b", "domain:~12",
     "number:NL:~" + "g" * 32,
     "number:NL:" + "1" * 254, "1" * 10**6, None, 7, "\ud800", "domain:\x00"],
)  # fmt: skip
def test_what_is_no_key_as_text(text):
    assert Key.parse(text) is None


@given(made_keys)
def test_seals(key):
    seal = identity.sealed(key)
    assert identity.sealed(seal) == seal
    assert (seal.kind, seal.scope) == (key.kind, key.scope)
    assert seal.value[0] == "~"
    assert len(seal.value) == 33


def test_a_seal_is_the_same_everywhere():
    assert str(identity.sealed(Key("number", "NL", "24123456"))) == "number:NL:~26fb2d8a8cb622df634d3477e689e3ce"
    assert identity.sealed(Key("number", "NL", "1")) != identity.sealed(Key("number", "NL", "2"))
    assert identity.sealed(Key("number", "NL", "1")).value != identity.sealed(Key("vat", "NL", "1")).value


# Matching


def reference(a, b):
    """Matching from its definition: the first kind that speaks decides, a contradiction before an agreement."""
    both = [key.kind for key in a & b]
    for kind in ("number", "lei", "vat", "domain", "form", "name"):
        for scope in ("", "NL", "BE"):
            mine, theirs = ([key for key in side if (key.kind, key.scope) == (kind, scope)] for side in (a, b))
            if kind not in ("domain", "name") and mine and theirs and not set(mine) & set(theirs):
                open_to_doubt = kind in ("vat", "form") and any(one != "form" for one in both)
                return "alike" if open_to_doubt else None
        if kind in both and kind != "form":
            return kind
    return None


@given(key_sets, key_sets)
def test_match_against_its_definition(a, b):
    found = identity.match(a, b)
    assert found.strength == reference(a, b)
    assert set(found.agree) == a & b
    assert list(found.agree) == sorted(found.agree, key=identity.rank)
    for first, second in found.contradict:
        assert (first.kind, first.scope) == (second.kind, second.scope)
        assert first != second
        assert first.kind not in ("domain", "name")
        assert {first, second} <= a | b
        assert {first, second}.isdisjoint(a & b)


@given(key_sets, key_sets)
def test_match_is_symmetric(a, b):
    check_symmetric(a, b)


@given(key_sets, key_sets)
def test_contradicting_numbers_are_never_a_match(a, b):
    check_contradiction(a, b)


@given(key_sets, key_sets, made_keys.filter(lambda key: key.kind not in ("domain", "name")))
def test_a_contradicting_number_never_strengthens(a, b, key):
    check_contradiction_never_strengthens(a, b, key)


@given(key_sets, key_sets)
def test_sealing_changes_no_match(a, b):
    sealed_a, sealed_b = frozenset(map(identity.sealed, a)), frozenset(map(identity.sealed, b))
    want = identity.match(a, b).strength
    assert identity.match(sealed_a, sealed_b).strength == want
    assert identity.match(sealed_a, b).strength == identity.match(a, sealed_b).strength == want


def key(text):
    return Key.parse(text)


@pytest.mark.parametrize(
    ("a", "b", "want"),
    [
        ("number:NL:1 domain:a.nl", "number:NL:1 domain:a.nl", "number"),
        ("number:NL:1 domain:a.nl", "domain:a.nl", "domain"),
        ("number:NL:1 domain:a.nl", "number:NL:2 domain:a.nl", None),
        ("number:NL:1 vat:NL:9", "number:NL:2 vat:NL:9", None),
        ("number:NL:1 domain:a.nl", "number:BE:1 domain:a.nl", "domain"),
        ("vat:NL:1 domain:a.nl", "vat:NL:2 domain:a.nl", "alike"),
        ("vat:NL:1", "vat:NL:2", None),
        ("number:NL:1 vat:NL:1", "number:NL:1 vat:NL:2", "number"),
        ("lei:A vat:NL:1", "lei:A vat:NL:2", "lei"),
        ("lei:A vat:NL:1", "lei:B vat:NL:1", None),
        ("number:NL:1 lei:A", "number:NL:1 lei:B", "number"),
        ("name:NL:jansen@3011AB", "name:NL:jansen@3011AB", "name"),
        ("name:NL:jansen@3011AB", "name:NL:jansen@3012AB", None),
        ("name:NL:jansen@3011AB form:NL:BV", "name:NL:jansen@3011AB form:NL:BV", "name"),
        ("name:NL:jansen@3011AB form:NL:BV", "name:NL:jansen@3011AB", "name"),
        ("name:NL:jansen@3011AB form:NL:BV", "name:NL:jansen@3011AB form:NL:NV", "alike"),
        ("name:NL:jansen@3011AB form:NL:BV domain:a.nl", "name:NL:jansen@3011AB form:NL:NV domain:a.nl", "domain"),
        ("form:NL:BV", "form:NL:BV", None),
        ("form:NL:BV", "form:NL:NV", None),
        ("number:NL:1 number:NL:2", "number:NL:2", "number"),
        ("number:NL:1 number:BE:1", "number:NL:1 number:BE:2", None),
        ("number:NL:1", "vat:NL:1", None),
        ("domain:a.nl", "domain:b.nl", None),
        ("", "", None),
    ],
)
def test_match(a, b, want):
    a, b = (frozenset(map(key, side.split())) for side in (a, b))
    assert identity.match(a, b).strength == want


def test_what_a_match_tells():
    a = frozenset(map(key, ["number:NL:1", "vat:NL:8", "domain:a.nl", "domain:b.nl"]))
    b = frozenset(map(key, ["number:NL:2", "vat:NL:7", "domain:b.nl", "domain:a.nl"]))
    assert identity.match(a, b) == Match(
        None,
        (key("domain:a.nl"), key("domain:b.nl")),
        ((key("number:NL:1"), key("number:NL:2")), (key("vat:NL:7"), key("vat:NL:8"))),
    )


# The house


def test_large_data_wait_until_asked():
    code = """
import sys
from dealerrouting import identity
large = {"publicsuffixlist", "dealerrouting.tables.freemail", "encodings.idna"}
found = identity.keys(country="NL", number="24123456", vat="NL123456782B90")
identity.match(found, found)
assert not large & set(sys.modules), large & set(sys.modules)
assert identity.own_domain("www.jansen.example") == "jansen.example"
assert "publicsuffixlist" in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_versions_of_the_data():
    versions = identity.data_versions()
    assert sorted(versions) == ["free-mail", "legal-forms", "public-suffixes", "registers", "shared-hosts"]
    assert versions["free-mail"] == freemail.VERSION
    assert all(versions.values())
