"""Levels of lines: each part of the difficulty, and the languages without a vocabulary."""

from dataclasses import asdict, replace

import pytest

from common.line_text.english.vocabulary import RARE_ZIPF, count_sounds, describe_word
from services.levels import ease_rank
from services.line_levels import EASIEST, HARDEST, LineMeasures, difficulty, is_starter, level_of, measure_line

MIDDLE = LineMeasures(rate=4.0, mean_zipf=5.0, least_zipf=4.0, syllables=10, hard_share=0.7)
HARDER = {
    **{"rate": (0.5, 2.5, 3.5, 5.0, 6.4, 12.0), "mean_zipf": (7.5, 6.0, 5.0, 4.0, 2.5)},
    **{"least_zipf": (7.0, 5.0, 4.0, 3.0, 2.5), "syllables": (1, 4, 8, 12, 19, 80), "hard_share": (0, 0.5, 1, 1.4, 3)},
}


@pytest.mark.parametrize(("measure", "values"), HARDER.items(), ids=HARDER)
def test_each_measure_makes_a_line_harder(measure: str, values: tuple[float, ...]) -> None:
    lines = [LineMeasures(**asdict(MIDDLE) | {measure: value}) for value in values]
    found, levels = [difficulty(line) for line in lines], [level_of(line) for line in lines]
    assert found == sorted(found) and found[0] < found[2] < found[-1]
    assert levels == sorted(levels)
    assert all(0 <= each <= 1 for each in found)


def test_levels_reach_from_the_easiest_to_the_hardest() -> None:
    assert level_of(LineMeasures(1, 7, 7, 1, 0)) == EASIEST
    assert level_of(LineMeasures(9, 2.5, 2.5, 40, 3)) == HARDEST


def level(text: str, duration_s: float, language: str = "en-US", spoken_form: str | None = None) -> int:
    line = measure_line(text, spoken_form, language, duration_s)
    assert line
    return level_of(line)


def test_the_same_line_is_harder_when_it_is_faster() -> None:
    line = "He was looking for the perfect present."
    assert level(line, 5.0) < level(line, 2.5) < level(line, 1.2)


def test_rare_words_are_harder_than_common_ones_of_the_same_length() -> None:
    assert level("We saw a big tree in the park.", 2.4) < level("We saw a squat yew in the glade.", 2.4)


def test_a_long_line_is_harder_than_its_beginning_at_the_same_rate() -> None:
    assert level("Come with me.", 1.0) < level("Come with me to the place where we used to sit and talk.", 4.3)


def test_the_spoken_form_counts() -> None:
    written, spoken = "Room 12.", "the extraordinarily unnecessary refrigerator"
    assert level(written, 3.0) < level(written, 3.0, spoken_form=spoken)


def test_other_languages_and_lines_without_words_have_no_level() -> None:
    assert measure_line("40分も遅刻だよ。", None, "ja", 2.0) is None
    assert measure_line("J'ai faim.", None, "fr-FR", 1.0) is None
    assert measure_line("(laughs)", None, "en", 1.0) is None
    assert measure_line("Hello.", None, "en", 0.0) is None


@pytest.mark.parametrize("text", ["F.B.I.", "1234567890", "zxqv bbbb", "a" * 1900, "$5", "o'clock's"])
def test_any_text_has_a_level(text: str) -> None:
    assert EASIEST <= level(text, 0.1) <= HARDEST


def test_a_first_line_is_easy_short_and_not_fast() -> None:
    line = measure_line("What do you think?", None, "en", 1.2)
    assert line and level_of(line) <= 2
    assert is_starter(line, 2, 1.2)
    assert not is_starter(line, 3, 1.2)
    assert not is_starter(line, 2, 0.3)
    assert not is_starter(line, 2, 9.0)
    assert not is_starter(replace(line, rate=7.0), 2, 1.2)


def test_the_newcomers_order_is_by_start_then_level_then_length() -> None:
    ranks = [
        *(ease_rank(1, 1.0, is_good_start=True), ease_rank(2, 0.9, is_good_start=True)),
        *(ease_rank(1, 8.0, is_good_start=False), ease_rank(1, 8.1, is_good_start=False)),
        *(ease_rank(5, 1e9, is_good_start=False), ease_rank(None, 0.5, is_good_start=False)),
    ]
    assert ranks == sorted(set(ranks))


def test_words_are_described_by_the_vocabulary_or_their_spelling() -> None:
    the, coffee, unknown = describe_word("the"), describe_word("coffee"), describe_word("dashwoodly")
    assert the.zipf > coffee.zipf > unknown.zipf == RARE_ZIPF
    assert coffee.syllables == 2
    assert unknown.syllables == 3
    assert describe_word("coffee's") == coffee
    assert describe_word("don't").zipf > 6


def test_hard_sounds_are_those_that_korean_lacks_and_clusters() -> None:
    assert count_sounds(["K", "AE", "T"]) == (1, 0)
    assert count_sounds(["TH", "IH", "NG", "K"]) == (1, 2)
    assert count_sounds(["S", "T", "R", "IY", "T"]) == (1, 2)
    assert count_sounds(["V", "EH", "R", "IY"]) == (2, 2)
