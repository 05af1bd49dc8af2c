"""Nobody's own domain is a key: mailbox providers, hosts that many share, public suffixes, however they are written."""

import csv
import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from dealerrouting.identity import domains, keys, match
from dealerrouting.tables import freemail, hosts

pytestmark = pytest.mark.pure

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "email_domains"
SUFFIXES = PublicSuffixList()
HOSTS = hosts.HOSTS.split()
PLACEHOLDERS = hosts.PLACEHOLDERS.split()
PROVIDERS = freemail.DOMAINS.split()


def lines(name):
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not here")
    with gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as file:
        return file.read().splitlines()


def listed_providers():
    return [row[0] for row in csv.reader(lines("free_mail_domains.csv.gz")[1:])]


def bare_suffixes():
    """Every third rule of the list that is no wildcard and that the installed list still has."""
    rules = [line.strip() for line in lines("public_suffix_list.dat.gz")]
    plain = [rule for rule in rules if rule and not rule.startswith(("//", "*", "!"))]
    return [rule for rule in plain[::3] if SUFFIXES.is_public(rule.encode("idna").decode("ascii"))]


def wide(text):
    """The same in full-width signs, which look like it and mean the same."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spellings(domain):
    """The ways to write a domain as a domain, a web address or a mail address."""
    return (
        domain,
        domain.upper(),
        f"  {domain}.",
        f"https://{domain}",
        f"HTTPS://{domain.title()}:443/jansen.example?own=jansen.example#@jansen.example",
        f"//{domain}\\jansen.example",
        f"https://jansen.example:secret@{domain}/",
        f"jansen.example@{domain}",
        wide(domain),
        domain.replace(".", "\u3002"),
        domain.replace(".", "\u00ad.", 1),
    )


def below(domain):
    """Names below it; below a public suffix there are other people's own domains."""
    if SUFFIXES.is_public(domain):
        return ()
    return (
        f"www.{domain}",
        f"WWW.www.{domain}.",
        f"nl-nl.{domain}",
        f"https://jansen.a-b.{domain}/jansen",
        f"{wide('m.')}{domain}",
    )


def check_no_key(domain, *, subdomains=True):
    """No spelling of the domain, and of what is below it, gives a key. Tells how many were tried."""
    tried = (*spellings(domain), *(below(domain) if subdomains else ()))
    for text in tried:
        assert domains.own_domain(text) is None, text
    return len(tried)


def check_no_meeting(domain):
    """Two companies with their mailboxes and pages there have nothing in common."""
    jansen = keys(domain=f"https://www.{domain}/jansen", email=f"Jansen <jansen@{domain}>")
    pieters = keys(domain=domain, email=f"pieters@MAIL.{domain.upper()}")
    assert not jansen & pieters
    assert match(jansen, pieters).strength is None


def check_told_apart(own, text):
    """A domain of its own stays a key, though it looks like one that is nobody's."""
    assert domains.own_domain(text) == own
    assert not domains.shared_host(text)
    assert not domains.free_mail(text)


# Mailbox providers


@pytest.mark.slow
def test_no_listed_provider_is_a_key():
    tried = sum(check_no_key(domain, subdomains=False) for domain in listed_providers())
    assert tried == 14_125 * 11


@pytest.mark.slow
def test_nothing_below_a_listed_provider_is_a_key():
    found = [text for domain in listed_providers() for text in below(domain)]
    assert len(found) > 5 * 14_000
    assert [text for text in found if domains.own_domain(text)] == []


@pytest.mark.slow
def test_two_companies_never_meet_at_a_provider():
    registrable = [domain for domain in listed_providers() if not SUFFIXES.is_public(domain)]
    for domain in registrable:
        check_no_meeting(domain)
    assert len(registrable) > 14_000


def test_the_list_of_this_project_goes_beyond_the_data():
    added = set(PROVIDERS) - set(listed_providers())
    assert len(added) > 300
    assert all(domains.own_domain(domain) is None and domains.free_mail(domain) for domain in added)


@pytest.mark.parametrize(
    "domain",
    "ziggo.nl kpnmail.nl freedom.nl lijbrandt.nl telenet.be online.be numericable.be t-online.de magenta.de posteo.de"
    " notaris.be notaire.be belnot.be advocaat.be avocat.be t-mobile.nl odido.nl base.be delta.nl"
    " dbmail.com nordnet.fr bluewin.ch hin.ch netplus.ch btinternet.com demon.co.uk zen.co.uk pt.lu email.lu aon.at"
    " drei.at startmail.com mozmail.com".split(),
)
def test_providers_of_our_countries(domain):
    assert check_no_key(domain) == 16
    assert domains.free_mail(domain) is True


# Hosts that many share


def test_no_host_is_a_key():
    tried = 0
    for domain in HOSTS:
        tried += check_no_key(domain)
        assert domains.shared_host(domain) is True
        # Below a public suffix is somebody's own.
        assert domains.shared_host(f"https://jansen.{domain}/") is not SUFFIXES.is_public(domain)
    assert tried == 11 * len(HOSTS) + 5 * sum(not SUFFIXES.is_public(domain) for domain in HOSTS) > 12_000


def test_two_companies_never_meet_at_a_host():
    registrable = [domain for domain in HOSTS if not SUFFIXES.is_public(domain)]
    for domain in registrable:
        check_no_meeting(domain)
    assert len(registrable) > 750


def test_the_table_of_hosts():
    assert len(HOSTS) == len(set(HOSTS)) > 800
    both = " ".join(sorted(HOSTS + PLACEHOLDERS))
    assert hashlib.sha256(both.encode()).hexdigest()[:12] == hosts.VERSION.partition("/")[2]
    # Where an owner has a site of its own beside, one name below it is listed and the rest left alone.
    parts = {domain for domain in HOSTS if SUFFIXES.privatesuffix(domain) not in {domain, None}}
    assert parts == {
        "kbopub.economie.fgov.be",
        "maps.apple.com",
        "tel.search.ch",
        "thephonebook.bt.com",
    }
    for domain in HOSTS:
        assert domain == domain.strip().lower()
        assert domains.own_domain(f"https://{domain}/") is None


@pytest.mark.parametrize(
    "text",
    [
        "https://www.facebook.com/jansenmetaal/",
        "https://nl-nl.facebook.com/pages/Jansen/123",
        "linkedin.com/company/jansen",
        "https://nl.linkedin.com/company/jansen",
        "https://wa.me/31612345678",
        "https://maps.app.goo.gl/abc",
        "https://www.google.com/maps/place/Jansen",
        "https://sites.google.com/view/jansen",
        "https://g.page/jansen",
        "https://www.goudengids.nl/nl/bedrijf/Jansen",
        "https://jansen.jouwweb.nl",
        "https://jansen.webador.nl/",
        "https://jansen.business.site",
        "https://jansen.wordpress.com",
        "https://jansen.weebly.com",
        "info@jansen.onmicrosoft.com",
        "https://jansen.sharepoint.com/sites/x",
        "https://jansen-webshop.webshopapp.com/nl/",
        "https://www.amazon.com.be/jansen",
        "https://kbopub.economie.fgov.be/kbopub/zoeknummerform.html?nummer=0403170701",
    ],
)
def test_pages_of_companies_that_are_not_theirs(text):
    assert domains.own_domain(text) is None
    assert domains.shared_host(text) is True


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("naam.github.io", "naam.github.io"),  # the list of public suffixes gives each its own
        ("jansen.wixsite.com", "https://jansen.wixsite.com/website"),
        ("jansen.myshopify.com", "jansen.myshopify.com"),
        ("apple.com", "https://www.apple.com/nl"),
        ("bt.com", "bt.com"),
        ("myfacebook.com", "myfacebook.com"),
        ("com-jansen.nl", "facebook.com-jansen.nl"),
        ("jansen.nl", "facebook.com.jansen.nl"),
        ("jansen.nl", "https://jansen.nl/facebook.com"),
        ("jansen.nl", "https://facebook.com@jansen.nl/"),
        ("jansen.nl", "jansen.nl?gmail.com"),
        ("xn--acebook-w1b.com", "ƒacebook.com"),
        ("x.company", "x.company"),
        ("x.nl", "x.nl"),
    ],
)
def test_own_domains_that_look_like_others(own, text):
    check_told_apart(own, text)


def test_what_is_no_domain_is_no_host():
    for text in ("", " ", ".", "facebook", "com", None, 7, "\ud800", "facebook .com", "x" * 2000, "@", "https://"):
        assert domains.shared_host(text) is False


@given(st.sampled_from(HOSTS), st.text("abc-.019 @:/?#\\%é\u00ad\u200d．", max_size=20), st.integers(0, 60))
def test_a_host_with_anything_in_it_raises_nothing(domain, text, at):
    spelled = domain[:at] + text + domain[at:]
    found = domains.own_domain(spelled)
    assert found is None or not (domains.shared_host(found) or domains.free_mail(found))
    assert domains.own_domain(f"https://{domain}/{text}") is None


# No domain at all, and what is typed for want of one


@pytest.mark.parametrize(
    "text",
    "n.v.t n.a www.nee nog.niet geen.geen k.v.k jansen.local jansen.test jansen.invalid jansen.lan jansen.corp x.y.z"
    " niet.van.toepassing example jansen.examples jansen.xn--jansen-zz1 jansen.nll".split(),
)
def test_what_has_no_top_level_domain(text):
    check_no_key(text, subdomains=False)
    assert domains.own_domain(f"info@{text}") is None


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("jansen.example", "https://www.jansen.example/"),
        ("jansen.example", "a.b.jansen.example"),
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("xn--e1afmkfd.xn--p1ai", "www.xn--e1afmkfd.xn--p1ai"),
        ("jansen.amsterdam", "jansen.amsterdam"),
        ("geenstijl.nl", "www.geenstijl.nl"),
        ("testa.nl", "testa.nl"),
        ("jansen.company", "jansen.company"),
        ("nvt-techniek.nl", "nvt-techniek.nl"),
    ],
)
def test_domains_that_stay(own, text):
    check_told_apart(own, text)


@pytest.mark.parametrize(
    "domain",
    "example.com example.net example.org test.nl test.com nvt.nl nvt.be geen.nl geen.com onbekend.nl none.com"
    " noemail.com domain.com email.com mail.com company.com bedrijf.nl website.nl xxx.nl".split(),
)
def test_what_is_typed_for_want_of_a_domain(domain):
    assert check_no_key(domain) == 16
    check_no_meeting(domain)


def test_the_table_of_placeholders():
    assert len(PLACEHOLDERS) == len(set(PLACEHOLDERS)) > 100
    for name in PLACEHOLDERS:
        assert name == name.strip().lower()
        check_no_key(name if "." in name else f"{name}.nl")


# Public suffixes


def test_no_public_suffix_is_a_key():
    tried = 0
    for suffix in bare_suffixes():
        texts = [*spellings(suffix), *([f"www.{suffix}"] if "." in suffix else [])]
        for text in texts:
            assert domains.own_domain(text) is None, text
        tried += len(texts)
    assert tried > 3_000 * 11
