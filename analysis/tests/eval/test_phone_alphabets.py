"""Spelling of sounds in the alphabets of the synthesizers."""

from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.eval.languages.english import phone_alphabets
from analysis.eval.languages.english.phone_alphabets import bare, from_misaki, misaki, stressed


def test_every_sound_has_a_spelling_in_every_alphabet() -> None:
    for alphabet in (phone_alphabets._MISAKI, phone_alphabets._ESPEAK, phone_alphabets._IPA):
        assert set(alphabet) == set(ENGLISH_PHONES.names)


def test_words_are_stressed_and_spelled_in_both_directions() -> None:
    assert stressed(["AH", "B", "AW", "T"]) == ["AH0", "B", "AW1", "T"]
    assert stressed(["DH", "AH"]) == ["DH", "AH1"]
    assert misaki(["B", "ER1", "D"]) == "bˈɜɹd"
    assert from_misaki("bˈɜɹdz") == ("B", "ER1", "D", "Z")
    assert bare(from_misaki("mˈʌðəɹ")) == ("M", "AH", "DH", "ER")
