"""Words of a line recorded alone: cut from real recordings, judged with the readings and the actor of the line."""

import numpy as np
import pytest

from analysis.engine.engine import Engine
from analysis.engine.line_part import WordRange, WordsOutsideLineError
from analysis.engine.result import AnalysisResult, ReferenceFeatures
from analysis.tests.conftest import RATE, Audio, Recording

_SILENCE = np.zeros(RATE // 4, dtype=np.float32)


@pytest.fixture(scope="module")
def references(engine: Engine, recordings: list[Recording]) -> list[ReferenceFeatures]:
    return [engine.features(recording.audio, recording.text) for recording in recordings]


def _cut(recording: Recording, reference: ReferenceFeatures, part: WordRange) -> Audio:
    """The audio of some words, between pauses, as somebody records them."""
    first, last = reference.words[part.first], reference.words[part.last]
    assert first.start_s is not None and last.end_s is not None
    spoken = recording.audio[int((first.start_s - 0.04) * RATE) : int((last.end_s + 0.04) * RATE)]
    return np.concatenate([_SILENCE, spoken, _SILENCE])


def _value(result: AnalysisResult, name: str) -> float:
    value = getattr(result.detailed_feedback.scores, name).value
    assert value is not None
    return float(value)


def test_three_words_are_judged_as_words_of_their_line(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    part = WordRange(1, 3)
    for recording, reference in zip(recordings, references, strict=True):
        result = engine.analyze(_cut(recording, reference, part), recording.text, reference, part=part)
        detailed, line = result.detailed_feedback, reference.words[1:4]
        assert result.attempt_class == "scored", recording.path.name
        assert detailed.first_word == 1
        assert [word.text for word in detailed.words] == [word.text for word in line]
        # The actor's times are those of the whole line.
        assert [word.ref_start_s for word in detailed.words] == [word.start_s for word in line]
        assert _value(result, "pronunciation") >= 75, recording.path.name  # "fellow" ends within a glide
        assert _value(result, "completeness") == 100
        # The scores of a line stay empty.
        assert (result.overall_score, result.pronunciation_score) == (None, None)


def test_the_actors_pitch_is_that_of_the_words(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    part = WordRange(1, 3)
    result = engine.analyze(_cut(recordings[0], references[0], part), recordings[0].text, references[0], part=part)
    contours, words = result.detailed_feedback.contours, references[0].words
    assert contours is not None and contours.reference_st is not None
    voiced = [place * contours.hop_s for place, value in enumerate(contours.reference_st) if value is not None]
    start_s, end_s = words[1].start_s, words[3].end_s
    assert start_s is not None and end_s is not None
    assert start_s - 0.11 <= min(voiced) and max(voiced) <= end_s + 0.11
    assert len(contours.reference_st) == len(references[0].pitch_st)


def test_one_word_is_scored(engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]) -> None:
    longest = [max(range(len(ref.words)), key=lambda place: len(ref.words[place].phones)) for ref in references]
    for recording, reference, place in zip(recordings, references, longest, strict=True):
        part = WordRange(place, place)
        result = engine.analyze(_cut(recording, reference, part), recording.text, reference, part=part)
        assert result.attempt_class == "scored", recording.path.name
        assert result.detailed_feedback.first_word == place


def test_other_words_of_the_line_are_told(
    engine: Engine, recordings: list[Recording], references: list[ReferenceFeatures]
) -> None:
    for recording, reference in zip(recordings, references, strict=True):
        said, expected = WordRange(0, 1), WordRange(len(reference.words) - 2, len(reference.words) - 1)
        result = engine.analyze(_cut(recording, reference, said), recording.text, reference, part=expected)
        assert result.attempt_class == "wrong_sentence", recording.path.name


def test_words_that_the_line_does_not_have_are_refused(engine: Engine, recordings: list[Recording]) -> None:
    for part in (WordRange(0, 99), WordRange(99, 99), WordRange(2, 1)):
        with pytest.raises(WordsOutsideLineError):
            engine.analyze(recordings[0].audio, recordings[0].text, None, part=part)
