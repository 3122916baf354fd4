"""Reading the text of a line aloud."""

import pytest

from analysis.engine.acoustic_model import Acoustic
from analysis.engine.lexicon import Lexicon
from analysis.engine.text_normalization import read_text


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
def test_text_is_read_as_people_say_it(text: str, spoken: str) -> None:
    assert " ".join(word for display in read_text(text) for word in display.spoken) == spoken


def test_display_words_keep_their_spelling() -> None:
    assert [word.text for word in read_text("“Mr. O’Neil’s 21st, ill-disposed dog!”")] == [
        *("Mr", "O'Neil's", "21st", "ill-disposed", "dog")
    ]


def test_text_without_words_gives_none() -> None:
    assert read_text("… — !?") == []


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(Acoustic().spell)


def _ways(lexicon: Lexicon, text: str) -> list[str]:
    return [" ".join(way.scored) for word in lexicon.read(text) for way in word.pronunciations]


def test_all_dictionary_pronunciations_are_allowed(lexicon: Lexicon) -> None:
    assert {"DH AH", "DH IY"} <= set(_ways(lexicon, "the"))
    assert {"AH", "EY"} <= set(_ways(lexicon, "a"))
    assert {"IY DH ER", "AY DH ER"} <= set(_ways(lexicon, "either"))


def test_unknown_words_and_their_possessives_get_sounds(lexicon: Lexicon) -> None:
    assert _ways(lexicon, "Dashwood's") == ["D AE SH W UH D Z"]
    assert _ways(lexicon, "zorbleflix")


def test_a_guess_never_excuses_a_contrast_worth_learning(lexicon: Lexicon) -> None:
    assert "IY T S" not in _ways(lexicon, "it's")
    assert "D OW" in _ways(lexicon, "do")  # the model's own label for this word
    assert {way.shown for word in lexicon.read("do") for way in word.pronunciations} == {("D", "UW")}


def test_numbers_join_their_words(lexicon: Lexicon) -> None:
    word = lexicon.read("21st")[0]
    assert word.text == "21st"
    assert word.pronunciations[0].scored == ("T", "W", "EH", "N", "T", "IY", "F", "ER", "S", "T")


def _as_good(lexicon: Lexicon, text: str) -> list[frozenset[str]]:
    word = lexicon.read(text)[0]
    return word.as_good(word.pronunciations[0])


def test_weak_forms_and_other_pronunciations_are_no_errors(lexicon: Lexicon) -> None:
    assert _as_good(lexicon, "and")[0] >= {"AE", "AH", "EH"}
    assert {"AH", "IY", "IH"} <= _as_good(lexicon, "the")[1]
    assert {"IH", "IY"} <= _as_good(lexicon, "really")[1]


def test_a_contrast_worth_learning_is_never_excused(lexicon: Lexicon) -> None:
    assert _as_good(lexicon, "bad") == [{"B"}, {"AE"}, {"D"}]
    assert "IY" not in _as_good(lexicon, "ship")[1]
    assert "UW" not in _as_good(lexicon, "should")[1]
