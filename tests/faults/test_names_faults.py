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
    tables = (names._forms, names._front, names._statuses)
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


def unbounded(text):
    return (
        "".join(names._without_accents(text[at : at + 1]) for at in range(len(text))) if isinstance(text, str) else ""
    )


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
        ("_plain", unbounded, NAMES.check_text, ("a" * 1025, "NL")),
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


@pytest.mark.parametrize(
    ("name", "planted", "check", "arguments"),
    [
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
)
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
