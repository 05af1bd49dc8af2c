"""The checks of names turn red on planted faults."""

import importlib.util
from pathlib import Path
from unicodedata import normalize

import pytest

from dealerrouting.identity import alike, names

TESTS = Path(__file__).parents[1] / "identity"


def _checks(file):
    spec = importlib.util.spec_from_file_location(f"{file}_checks", TESTS / f"test_{file}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = _checks("names")
ALIKE = _checks("alike")  # skips all of these where rapidfuzz is not there


def red(monkeypatch, room, name, planted, check, *arguments):
    check(*arguments)
    monkeypatch.setattr(room, name, planted)
    with pytest.raises(AssertionError):
        check(*arguments)


@pytest.fixture(autouse=True)
def afresh():
    """The tables of forms are kept once they are read."""
    tables = (names._forms, names._own_forms, names._front, names._statuses, names._left_out, names._nameless)
    for table in tables:
        table.cache_clear()
    yield
    for table in tables:
        table.cache_clear()


FORMS, FRONT, STATUSES, PLAIN = names._forms, names._front, names._statuses, names._plain
WORD_ERRORS, ERRORS = alike._word_errors, alike._errors


def group_words_are_forms(scope):
    return {**FORMS(scope), "holding": "BV", "beheer": "BV"}


def every_form_in_front(scope):
    return {**FRONT(scope), **FORMS(scope)}


def the_last_word_only(words, forms):
    code = forms.get(words[-1]) if len(words) > 1 else None
    return (1, code) if code else (0, None)


def the_last_word_too(words, forms):
    code = forms.get(words[-1]) if words else None
    return (1, code) if code else (0, None)


def any_form_is_one(scope):
    return dict.fromkeys(FORMS(scope), "BV")


def states_stand_alone():
    return dict.fromkeys(STATUSES(), True)


def without_marks(text):
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if sign.isalnum() or sign == " ")


def umlauts_spelled_out(text):
    return PLAIN(text.replace("ü", "ue")) if isinstance(text, str) else ""


def unbounded(words, form, scope):
    return names.Folded(tuple(words), form, form is not None and form not in names._left_out(scope))


def dots_left_out(text):
    return PLAIN(text.replace(".", "")) if isinstance(text, str) else ""


def numbers_that_are_letters(text, plain=names._without_accents):
    return plain(normalize("NFKD", text))


def every_form_left_out(scope):
    return frozenset(FORMS(scope).values())


def by_letters_only(words, form, scope):
    return bool(words)


def a_placeholder_in_it(words, form, scope):
    return names._nameless().isdisjoint(words)


def a_form_by_any_name(words, form, scope):
    return "".join(words) not in names._own_forms("ES")


def case_left(text):
    return text if isinstance(text, str) else ""


@pytest.mark.parametrize(
    ("name", "planted", "check", "arguments"),
    [
        ("_forms", group_words_are_forms, NAMES.check_other_names, NAMES.OTHER_NAMES[0]),
        ("_front", every_form_in_front, NAMES.check_folds, ("AB Systems", "SE", "ab systems", None)),
        ("_front", lambda scope: {}, NAMES.check_one_name, NAMES.ONE_NAME[4]),
        ("_form_at", the_last_word_only, NAMES.check_folds, ("Meier GmbH & Co. KG", "DE", "meier", "GMBHCOKG")),
        ("_form_at", the_last_word_too, NAMES.check_folds, ("B.V.", "NL", "bv", None)),
        ("_forms", any_form_is_one, NAMES.check_other_forms, NAMES.OTHER_FORMS[1]),
        ("_statuses", states_stand_alone, NAMES.check_folds, ("Studio IO", "NL", "studio io", None)),
        ("_brackets_last", lambda plain, forms: plain, NAMES.check_folds,
         ("Jansen (B.V.) Nederland", "NL", "jansen nederland", "BV")),
        ("_unjoined", lambda words, scope: words, NAMES.check_one_name, NAMES.ONE_NAME[0]),
        ("_initials_joined", lambda words, scope: iter(words), NAMES.check_folds,
         ("J. P. de Vries Beheer", "NL", "jp de vries beheer", None)),
        ("_without_accents", without_marks, NAMES.check_other_names, ("NL", "कि B.V.", "का B.V.", "क B.V.")),
        ("_plain", umlauts_spelled_out, NAMES.check_other_names, ("DE", "Müller GmbH", "Mueller GmbH")),
        ("_plain", case_left, NAMES.check_one_name, NAMES.ONE_NAME[6]),
        ("_folded", unbounded, NAMES.check_text, ("a" * 1021 + " ua", "NL")),
        ("_plain", dots_left_out, NAMES.check_other_names, ("DE", "Solarpark 1.1 GmbH", "Solarpark 11 GmbH")),
        ("_joined", lambda before, word: word, NAMES.check_other_names, ("NL", "Unit 1 2", "Unit 12")),
        ("_joined", lambda before, word: f"x{word}" if before else word, NAMES.check_one_name, NAMES.ONE_NAME[3]),
        ("_APART", "x", NAMES.check_other_names, ("NL", "Fonds 2-3", "Fonds 2x3")),
        ("_APART", " ", NAMES.check_text, ("Unit 1 2", "NL")),
        ("_without_accents", numbers_that_are_letters, NAMES.check_other_names, ("NL", "Bureau 9½", "Bureau 91/2")),
        ("_left_out", every_form_left_out, NAMES.check_form_stays, NAMES.STAYING[0]),
        ("_left_out", every_form_left_out, NAMES.check_form_stays, NAMES.STAYING[5]),
        ("_left_out", lambda scope: frozenset(), NAMES.check_form_left_out, NAMES.LEFT_OUT[0]),
        ("_left_out", lambda scope: frozenset(("BV", "NV")), NAMES.check_form_left_out, NAMES.LEFT_OUT[4]),
        ("_tells", by_letters_only, NAMES.check_tells, ("nvt", "NL", False)),
        ("_tells", by_letters_only, NAMES.check_tells, ("SARL", "FR", False)),
        ("_nameless", frozenset, NAMES.check_tells, ("Holding BV", "NL", False)),
        ("_tells", a_placeholder_in_it, NAMES.check_tells, ("Jansen Holding", "NL", True)),
        ("_tells", a_form_by_any_name, NAMES.check_tells, ("SAP", "DE", True)),
        ("_JOINING_IN", {"NL": names._JOINING | {"og"}}, NAMES.check_other_names,
         ("NL", "Jansen O.G. B.V.", "Jansen B.V.")),
        ("_split", str.split, NAMES.check_text, ("De Jong & Laan", "NL")),
        ("_parts", lambda folded: frozenset(folded.words), NAMES.check_hints, (" ".join(map(str, range(99))), "NL")),
        ("_parts", lambda folded: frozenset(), NAMES.check_hints, ("Jansen", "NL")),
    ],
)  # fmt: skip
def test_folding(monkeypatch, name, planted, check, arguments):
    red(monkeypatch, names, name, planted, check, *arguments)


def test_a_core_that_folds_on(monkeypatch):
    def eats(text, country=None, fold=names.fold_name):
        folded = fold(text, country)
        return names.Folded(tuple(word.removesuffix("bv") or word for word in folded.words), folded.form)

    red(monkeypatch, NAMES, "fold_name", eats, NAMES.check_idempotent, "Jansenbvbv", "NL")


def most_in_common(a, b, form):
    from rapidfuzz import fuzz

    return 0 if fuzz.token_set_ratio(" ".join(a), " ".join(b)) > 90 else WORD_ERRORS(a, b, form)


def one_more_is_forgiven(a, b):
    found = ERRORS(a, b)
    return found and found - 1


def forms_do_not_matter(a, b):
    return ERRORS(alike.Folded(a.words), alike.Folded(b.words))


def every_way_is_one(words, others):
    return tuple("st" if word in alike._ONE_WAY else word for word in words)


def titles_anywhere(words, others):
    return tuple(word for word in words if word not in alike._ONE_WAY)


def any_ending(words, towns):
    yield words[:-1]


def a_postcode_for_a_town(words, towns):
    if len(words) > 1 and words[-1] in towns:
        yield words[:-1]


@pytest.mark.parametrize(
    ("name", "planted", "check", "arguments"),
    [
        ("_ONE_WAY", {}, ALIKE.check_alike, ALIKE.ALIKE["brothers"]),
        ("_ONE_WAY", {}, ALIKE.check_alike, ALIKE.ALIKE["two words for one"]),
        ("_TITLES", frozenset(), ALIKE.check_alike, ALIKE.ALIKE["dr."]),
        ("_TRADING_AS", frozenset(), ALIKE.check_alike, ALIKE.ALIKE["trading as"]),
        ("_shorter", lambda words, towns: iter(()), ALIKE.check_alike, ALIKE.ALIKE["the town after the form"]),
        ("_shorter", any_ending, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["another town"]),
        ("_shorter", a_postcode_for_a_town, ALIKE.check_not_alike,
         ALIKE.NOT_ALIKE["a number that a postcode begins with"]),
        ("_spelled_out", titles_anywhere, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["brothers too many"]),
        ("_spelled_out", every_way_is_one, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["two abbreviations"]),
        ("_word_errors", most_in_common, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["a word too many"]),
        ("_same_numbers", lambda a, b: True, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["another number in a word"]),
        ("_forgiven", lambda form, *written: 2, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["another initial"]),
        ("_forgiven", lambda form, *written: 2, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["two errors in one word"]),
        ("_forgiven", lambda form, *written: 0, ALIKE.check_alike, ALIKE.ALIKE["one letter wrong"]),
        ("_errors", forms_do_not_matter, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["another legal form"]),
        ("_errors", one_more_is_forgiven, ALIKE.check_not_alike, ALIKE.NOT_ALIKE["a short name"]),
        ("_word_errors", lambda a, b, form: None, ALIKE.check_alike, ALIKE.ALIKE["words in another order"]),
        ("_letter_errors", lambda a, b, form: None, ALIKE.check_alike, ALIKE.ALIKE["a blank too few and an error"]),
        ("_LEAST_FORM", 99, ALIKE.check_alike, ALIKE.ALIKE["a form that grew to the name"]),
        ("_is_joining_mistyped", lambda word: False, ALIKE.check_alike, ALIKE.ALIKE["a joining word mistyped"]),
        ("_SMALL", frozenset(), ALIKE.check_alike, ALIKE.ALIKE["an article"]),
        ("_FAR", 101, ALIKE.check_alike, ALIKE.ALIKE["one word, one error"]),
    ],
)  # fmt: skip
def test_likeness(monkeypatch, name, planted, check, arguments):
    red(monkeypatch, alike, name, planted, check, *arguments)


def test_the_order_of_arguments(monkeypatch):
    kept = alike.likeness

    def of_the_first(a, b):
        return kept(a, b) // (1 + (len(a.folded.core) > len(b.folded.core)))

    red(monkeypatch, alike, "likeness", of_the_first, ALIKE.check_symmetric, "Bakkerij Jansen", "Bakerij Jansen")


def test_places_left_out(monkeypatch):
    kept = alike.likeness

    def anywhere(a, b):
        both = [c and alike.Called(c.folded, "NL", frozenset({"10"})) for c in (a, b)]
        return kept(*both)

    red(monkeypatch, alike, "likeness", anywhere, ALIKE.check_place, "Bakkerij Jansen", "Bakerij Jansen")


def test_a_stand_in_for_rapidfuzz(monkeypatch):
    ALIKE.check_needs_rapidfuzz(monkeypatch)
    monkeypatch.setattr(alike, "likeness", lambda a, b: 0)
    with pytest.raises(pytest.fail.Exception):
        ALIKE.check_needs_rapidfuzz(monkeypatch)
