"""Text normalisation, and the pronunciations of the words of a line."""

import pytest

from analysis.engine.engine import Engine
from analysis.engine.languages.english.lexicon import equal_phones
from analysis.engine.languages.english.text_normalization import read_text
from analysis.engine.lexicon import Lexicon


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Mr. Dashwood met Mrs. Smith, Dr. Who!", "mister dashwood met missus smith doctor who"),
        ("Don’t — you know… stop--now", "don't you know stop now"),
        ("ill-disposed", "ill disposed"),
        ("in 1961, in 2005", "in nineteen sixty one in two thousand five"),
        ("2024, 1900", "twenty twenty four nineteen hundred"),
        ("the 21st, 3rd and 12th", "the twenty first third and twelfth"),
        ("1,250 people", "one thousand two hundred fifty people"),
        ("$5.50 & 50%", "five dollars fifty and fifty percent"),
        ("3.14 at 7:05", "three point one four at seven oh five"),
        ("FBI", "fbi"),
        ("HBO said “hello”", "hbo said hello"),
        ("the 1980s", "the nineteen eighties"),
        ("naïve café 👍", "naive cafe"),
    ],
)  # fmt: skip
def test_text_becomes_spoken_words(text: str, spoken: str) -> None:
    assert " ".join(word for display in read_text(text) for word in display.spoken) == spoken


def test_display_words_keep_their_spelling() -> None:
    assert [word.text for word in read_text("“Mr. O’Neil’s 21st, ill-disposed dog!”")] == [
        *("Mr", "O'Neil's", "21st", "ill-disposed", "dog")
    ]


def test_text_without_words_is_empty() -> None:
    assert read_text("… — !?") == []


@pytest.fixture(scope="module")
def lexicon(engine: Engine) -> Lexicon:
    return engine.lexicon


def _pronunciations(lexicon: Lexicon, text: str) -> list[str]:
    return [" ".join(variant.scored) for word in lexicon.read(text) for variant in word.pronunciations]


def test_all_dictionary_pronunciations_are_allowed(lexicon: Lexicon) -> None:
    assert {"DH AH", "DH IY"} <= set(_pronunciations(lexicon, "the"))
    assert {"AH", "EY"} <= set(_pronunciations(lexicon, "a"))
    assert {"IY DH ER", "AY DH ER"} <= set(_pronunciations(lexicon, "either"))


def test_unknown_words_and_their_possessives_get_pronunciations(lexicon: Lexicon) -> None:
    assert _pronunciations(lexicon, "Dashwood's") == ["D AE SH W UH D Z"]
    assert _pronunciations(lexicon, "zorbleflix")


def test_guessed_pronunciation_keeps_contrasts_worth_learning(lexicon: Lexicon) -> None:
    assert "IY T S" not in _pronunciations(lexicon, "it's")
    assert "D OW" in _pronunciations(lexicon, "do")  # the model's own label for this word
    assert {variant.shown for word in lexicon.read("do") for variant in word.pronunciations} == {("D", "UW")}


def test_words_of_a_number_are_joined(lexicon: Lexicon) -> None:
    word = lexicon.read("21st")[0]
    assert word.text == "21st"
    assert word.pronunciations[0].scored == ("T", "W", "EH", "N", "T", "IY", "F", "ER", "S", "T")


def _acceptable(lexicon: Lexicon, text: str) -> list[frozenset[str]]:
    word = lexicon.read(text)[0]
    return word.acceptable_phones(word.pronunciations[0])


def test_weak_forms_and_other_pronunciations_are_no_errors(lexicon: Lexicon) -> None:
    assert _acceptable(lexicon, "and")[0] >= {"AE", "AH", "EH"}
    assert {"AH", "IY", "IH"} <= _acceptable(lexicon, "the")[1]
    assert {"IH", "IY"} <= _acceptable(lexicon, "really")[1]


def test_acceptable_phones_exclude_contrasts_worth_learning(lexicon: Lexicon) -> None:
    assert _acceptable(lexicon, "bad") == [{"B"}, {"AE"}, {"D"}]
    assert "IY" not in _acceptable(lexicon, "ship")[1]
    assert "UW" not in _acceptable(lexicon, "should")[1]


@pytest.mark.parametrize(
    ("word", "phones", "place", "equal"),
    [
        ("here", "HH IY R", 1, {"IH"}),
        ("fears", "F IH R Z", 1, {"IY"}),
        ("tour", "T UH R", 1, {"UW"}),
        ("merry", "M EH R IY", 1, {"AE"}),
        ("four", "F AO R", 1, {"OW"}),
        ("food", "F UW D", 1, set()),
        ("water", "W AO T ER", 2, {"D"}),
        ("party", "P AA R T IY", 3, {"D"}),
        ("hotel", "HH OW T EH L", 2, set()),
        ("ladder", "L AE D ER", 2, set()),
        ("prepare", "P R IY P EH R", 2, {"IH", "AH"}),
        ("return", "R IH T ER N", 1, {"IY", "AH"}),
        ("decide", "D IH S AY D", 1, {"IY", "AH"}),
        ("because", "B IH K AO Z", 1, {"IY", "AH"}),
        ("recent", "R IY S AH N T", 1, set()),
        ("reading", "R IY D IH NG", 1, set()),
        ("red", "R EH D", 1, set()),
    ],
)
def test_variants_of_native_speakers_are_equal(word: str, phones: str, place: int, equal: set[str]) -> None:
    assert {*equal_phones(word, tuple(phones.split()))[place]} == equal


@pytest.mark.parametrize(("word", "vowel", "weak"), [("there's", "EH", "AH"), ("to", "UW", "AH"), ("and", "AE", "AH")])
def test_weak_forms_are_acceptable(lexicon: Lexicon, word: str, vowel: str, weak: str) -> None:
    (found,) = lexicon.read(word)
    pronunciation = next(own for own in found.pronunciations if vowel in own.shown)
    assert weak in found.acceptable_phones(pronunciation)[pronunciation.shown.index(vowel)]
