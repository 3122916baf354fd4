"""Pitch direction and stress of single words, on synthetic contours and on real recordings."""

import numpy as np
import pytest

from analysis.engine import word_prosody
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.engine import Engine
from analysis.engine.prosody import HOP_S, Floats, Track
from analysis.engine.word_prosody import WordContour
from analysis.tests.conftest import Recording


def _track(pitch: Floats, energy: Floats | None = None) -> Track:
    return Track(pitch, np.zeros(len(pitch)) if energy is None else energy, 120.0, None)


def _words(*lengths_s: float) -> list[WordTimes | None]:
    ends = np.cumsum(lengths_s)
    spans = [Span(float(end - length), float(end)) for end, length in zip(ends, lengths_s, strict=True)]
    return [WordTimes(span, (span, span)) for span in spans]


@pytest.mark.parametrize(
    ("length_s", "movement_st", "direction"),
    [
        (0.4, 4.0, "rise"),
        (0.4, -4.0, "fall"),
        (0.4, 1.0, "flat"),
        (0.4, 0.0, "flat"),
        (0.1, 2.5, "flat"),  # 0.32 / 0.1 s = 3.2 st: too short a glide to be perceived
        (0.2, 2.5, "rise"),
    ],
)
def test_glide_has_its_perceived_direction(length_s: float, movement_st: float, direction: str) -> None:
    frames = round(length_s / HOP_S)
    (contour,) = word_prosody.measure(_track(np.linspace(0, movement_st, frames)), _words(length_s))
    assert contour.direction == direction
    assert contour.movement_st == pytest.approx(movement_st, abs=0.3)


def test_whispered_and_omitted_words_have_no_direction() -> None:
    whispered, omitted = word_prosody.measure(_track(np.full(60, np.nan)), [*_words(0.5), None])
    assert whispered == omitted == WordContour(None, None, None)


def test_long_loud_high_word_is_stressed() -> None:
    pitch, energy = np.zeros(120), np.full(120, -6.0)
    pitch[30:60], energy[30:60] = 5.0, 4.0
    words = _words(15 * HOP_S, 15 * HOP_S, 30 * HOP_S, 15 * HOP_S, 15 * HOP_S, 15 * HOP_S)
    contours = word_prosody.measure(_track(pitch, energy), words)
    assert [contour.stressed for contour in contours] == [False, False, True, False, False, False]
    assert word_prosody.stress_correlation(contours, contours) == pytest.approx(1.0)


def test_direction_agreement_is_full_for_equal_low_for_inverted_contours() -> None:
    contours = [WordContour(st, "rise" if st > 0 else "fall", None) for st in (5.0, -6.0, 4.0)]
    inverted = [WordContour(-(contour.movement_st or 0), "fall", None) for contour in contours]
    level = [WordContour(0.0, "flat", None)] * 3
    assert word_prosody.direction_agreement(contours, contours) == 1.0
    assert (
        (word_prosody.direction_agreement(inverted, contours) or 0)
        < (word_prosody.direction_agreement(level, contours) or 0)
        < 0.6
    )
    assert word_prosody.direction_agreement(contours[:1], contours[:1]) is None


def test_stressed_words_of_a_speech(engine: Engine, recordings: list[Recording]) -> None:
    """The stressed words of “Ask not what your country can do for you” are known."""
    recording = recordings[1]
    reference = engine.features(recording.audio, recording.text)
    detailed = engine.analyze(recording.audio, recording.text, reference).detailed_feedback
    stress = [(word.text, word.stress.user) for word in detailed.words if word.stress]
    assert [text for text, stressed in stress[5:14] if stressed] == ["ask", "not", "country", "you"]
    for word in detailed.words:
        assert word.stress and word.stress.user == word.stress.reference
        assert word.pitch and word.pitch.user == word.pitch.reference
    assert detailed.scores.stress.value == detailed.scores.pitch_direction.value == 100
    assert detailed.raw["stress_correlation"] == detailed.raw["pitch_direction_agreement"] == 1


def test_without_a_reference_nothing_is_compared(engine: Engine, recordings: list[Recording]) -> None:
    detailed = engine.analyze(recordings[3].audio, recordings[3].text, None).detailed_feedback
    assert detailed.scores.stress.value is None and detailed.scores.pitch_direction.confidence is None
    assert all(word.stress and word.stress.reference is None for word in detailed.words)
    assert any(word.pitch and word.pitch.user for word in detailed.words)
