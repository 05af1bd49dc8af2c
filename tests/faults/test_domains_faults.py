"""The checks of domains that are nobody's own turn red on planted faults."""

import importlib.util
from pathlib import Path

import pytest

from dealerrouting.identity import domains

pytestmark = pytest.mark.pure

SPEC = importlib.util.spec_from_file_location(
    "domain_checks", Path(__file__).parents[1] / "identity" / "test_domains.py"
)
CHECKS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECKS)

HOST, WITHIN = domains._host, domains._within


def red(monkeypatch, name, planted, check, *arguments):
    check(*arguments)
    monkeypatch.setattr(domains, name, planted)
    with pytest.raises(AssertionError):
        check(*arguments)


@pytest.mark.parametrize("domain", ["facebook.com", "jouwweb.nl", "google.co.uk"])
@pytest.mark.parametrize("check", [CHECKS.check_no_key, CHECKS.check_no_meeting])
def test_a_lost_list_of_hosts(monkeypatch, domain, check):
    # facebook.com is on the list of mailboxes too.
    monkeypatch.setattr(domains, "_listed", lambda host, registrable: False)
    red(monkeypatch, "_shared_hosts", frozenset, check, domain)


@pytest.mark.parametrize("domain", ["gmail.com", "hin.ch"])
@pytest.mark.parametrize("check", [CHECKS.check_no_key, CHECKS.check_no_meeting])
def test_a_lost_list_of_providers(monkeypatch, domain, check):
    red(monkeypatch, "_free_mail_domains", lambda: frozenset({"hotmail.com"}), check, domain)


def only_the_full_name(host, registrable, names):
    return host in names


@pytest.mark.parametrize("domain", ["gmail.com", "linkedin.com"])
def test_only_the_full_name_looked_up(monkeypatch, domain):
    red(monkeypatch, "_within", only_the_full_name, CHECKS.check_no_key, domain)


def only_the_registrable(host, registrable, names):
    return registrable in names


def test_only_the_registrable_domain_looked_up(monkeypatch):
    red(monkeypatch, "_within", only_the_registrable, CHECKS.check_no_key, "maps.apple.com")


def up_to_the_top(host, registrable, names):
    return WITHIN(host, host.rpartition(".")[2], names)


def by_its_ending(host, registrable, names):
    return any(host.endswith(name) for name in names)


@pytest.mark.parametrize(("planted", "own"), [(up_to_the_top, "jansen.wixsite.com"), (by_its_ending, "myfacebook.com")])
def test_somebodys_own_taken_for_shared(monkeypatch, planted, own):
    red(monkeypatch, "_within", planted, CHECKS.check_told_apart, own, own)


def as_written(text):
    return text.strip() if isinstance(text, str) and "." in text else None


def user_for_host(text):
    return HOST(text.partition("@")[0]) if isinstance(text, str) else None


@pytest.mark.parametrize("planted", [as_written, user_for_host])
def test_a_careless_reader(monkeypatch, planted):
    red(monkeypatch, "_host", planted, CHECKS.check_no_key, "xing.com")


def any_top_level():
    return CHECKS.PublicSuffixList()


@pytest.mark.parametrize("text", ["n.v.t", "www.nee", "jansen.local"])
def test_any_text_with_a_dot_in_it(monkeypatch, text):
    red(monkeypatch, "_public_suffixes", any_top_level, CHECKS.test_what_has_no_top_level_domain, text)


def test_examples_left_out(monkeypatch):
    red(monkeypatch, "_EXAMPLE", "none", CHECKS.check_told_apart, "jansen.example", "www.jansen.example")


@pytest.mark.parametrize("domain", ["geen.nl", "example.com"])
@pytest.mark.parametrize("check", [CHECKS.check_no_key, CHECKS.check_no_meeting])
def test_placeholders_for_somebodys_own(monkeypatch, domain, check):
    red(monkeypatch, "_placeholders", frozenset, check, domain)


def by_its_beginning(registrable):
    return registrable.startswith("geen")


def test_a_name_that_begins_like_a_placeholder(monkeypatch):
    red(monkeypatch, "_placeholder", by_its_beginning, CHECKS.check_told_apart, "geenstijl.nl", "geenstijl.nl")


@pytest.mark.parametrize("suffix", ["co.uk", "github.io"])
def test_a_bare_suffix_registered(monkeypatch, suffix):
    red(monkeypatch, "_registrable", lambda host: host, CHECKS.check_no_key, suffix)
