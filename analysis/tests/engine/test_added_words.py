"""Added words: speech between the words of a line, repeats, and recognized phones that belong to the line."""

from dataclasses import replace
from typing import Final

import pytest

from analysis.engine import added_words
from analysis.engine.languages.english.profile import ENGLISH
from analysis.engine.result import AddedWord
from analysis.tests.support import hand_made
from analysis.tests.support.hand_made import Heard

LINE: Final = {"see": "S IY", "cat": "K AE T"}
SAID: Final = {20: "S", 26: "IY", 80: "K", 86: "AE", 92: "T"}


def _find(heard: Heard, offset_s: float = 0.0) -> list[AddedWord]:
    attempt = hand_made.attempt(hand_made.goodness(LINE, heard), offset_s)
    return added_words.find(attempt, ENGLISH.phones)


def test_the_line_alone_has_no_added_word() -> None:
    assert _find(SAID) == []


def test_phones_between_two_words_are_an_added_word() -> None:
    (added,) = _find({**SAID, 45: "N", 55: "OW"}, offset_s=0.5)
    assert (added.after_word, added.heard_ipa, added.repeats) == (0, "noʊ", None)
    assert [added.start_s, added.end_s] == pytest.approx([1.4, 1.66])


@pytest.mark.parametrize(("frames", "after_word"), [((3, 12), -1), ((100, 110), 1)])
def test_speech_around_the_line_is_added_too(frames: tuple[int, int], after_word: int) -> None:
    (added,) = _find({**SAID, frames[0]: "N", frames[1]: "OW"})
    assert (added.after_word, added.heard_ipa) == (after_word, "noʊ")


@pytest.mark.parametrize(
    ("phones", "repeats"), [(("k", "ae"), 1), (("s", "iy"), 0), (("n", "ow"), None)], ids=["begun", "again", "other"]
)
def test_a_neighbour_that_is_begun_or_said_again_is_named(phones: tuple[str, str], repeats: int | None) -> None:
    """The repeat is the less sure of both: where both are equal, the line itself has no place."""
    (added,) = _find({**SAID, 45: phones[0], 52: phones[1]})
    assert (added.after_word, added.repeats) == (0, repeats)


def test_phones_at_the_peaks_of_the_line_are_none() -> None:
    assert _find({**SAID, 17: "SH", 29: "EY"}) == []
    assert _find({**SAID, 77: "G", 83: "EH", 95: "D"}) == []


def test_phones_inside_a_word_belong_to_the_word() -> None:
    wide = {20: "S", 26: "IY", 60: "K", 80: "AE", 100: "T"}
    assert _find({**wide, 68: "N", 73: "OW"}) == []


@pytest.mark.parametrize("extra", [{50: "N"}, {50: "N", 51: "OW"}], ids=["one phone", "80 ms"])
def test_less_than_a_syllable_is_no_word(extra: Heard) -> None:
    assert _find({**SAID, **extra}) == []


def test_a_long_pause_separates_added_words() -> None:
    first, second = _find({20: "S", 26: "IY", 32: "N", 38: "OW", 70: "AA", 77: "M", 100: "K", 106: "AE", 112: "T"})
    assert [first.heard_ipa, second.heard_ipa] == ["noʊ", "ɑm"]
    assert first.after_word == second.after_word == 0
    assert first.end_s < second.start_s


def test_places_count_the_omitted_words_of_the_line() -> None:
    line = {"the": "DH AH", "see": "S IY", "a": "AH", "cat": "K AE T"}
    measured = hand_made.goodness(line, {**SAID, 45: "k", 52: "ae"}, omitted=("the", "a"))
    (added,) = added_words.find(hand_made.attempt(measured), ENGLISH.phones)
    assert (added.after_word, added.repeats) == (1, 3)


def test_nothing_is_added_without_evidence() -> None:
    measured = replace(hand_made.goodness(LINE, {**SAID, 45: "N", 55: "OW"}), evidence=None)
    assert added_words.find(hand_made.attempt(measured), ENGLISH.phones) == []
