"""The pronunciations of the words of a line, in each of its readings."""

import pytest

from analysis.engine.engine import Engine
from analysis.engine.languages.english.lexicon import equal_phones
from analysis.engine.lexicon import Lexicon, join


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


def _readings(lexicon: Lexicon, text: str) -> list[list[str]]:
    return [[" ".join(own.text for own in reading) for reading in word.readings] for word in lexicon.read(text)]


def test_known_words_are_preferred_among_readings(lexicon: Lexicon) -> None:
    assert _readings(lexicon, "Nooo, pleeease!") == [["no"], ["please"]]
    assert _readings(lexicon, "doin' café") == [["doin'"], ["cafe"]]
    assert _readings(lexicon, "Łukasz") == [["lukasz", "wukash"]]


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("F.A.", "EH F EY"),
        ("TVs", "T IY V IY Z"),
        ("textin'", "T EH K S T IH N"),
        ("I'd've", "AY D AH V"),
        ("B-but", "B AH B AH T"),
        ("rosé", "R OW Z EY"),
        ("Hmm", "HH M"),
    ],
)
def test_letters_contractions_and_fragments_have_pronunciations(lexicon: Lexicon, text: str, phones: str) -> None:
    assert phones in _pronunciations(lexicon, text)


def test_words_within_a_number_keep_their_weak_forms(lexicon: Lexicon) -> None:
    (word,) = lexicon.read("150")
    reading = next(own for own in word.readings if [part.text for part in own][:3] == ["one", "hundred", "and"])
    spoken = join(reading, [part.pronunciations[0] for part in reading])
    vowel = sum(len(part.pronunciations[0].shown) for part in reading[:2])
    assert {"AE", "AH", "EH"} <= word.acceptable_phones(spoken)[vowel]


def test_corrected_reading_replaces_the_usual_ones(lexicon: Lexicon) -> None:
    words = lexicon.read("Room 237 now", "room two three seven now")
    assert [(word.text, [" ".join(part.text for part in own) for own in word.readings]) for word in words] == [
        *(("Room", ["room"]), ("237", ["two three seven"]), ("now", ["now"]))
    ]


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
