"""Pitch direction and stress of single words, on contours made for it and on real recordings."""

import numpy as np
import pytest

from analysis.engine import word_prosody
from analysis.engine.alignment import Span, WordTimes
from analysis.engine.engine import Engine
from analysis.engine.prosody import HOP_S, Floats, Track
from analysis.engine.word_prosody import WordTune
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
        (0.1, 2.5, "flat"),  # 0.32 / 0.1 s = 3.2 st: too quick a glide to be heard
        (0.2, 2.5, "rise"),
    ],
)
def test_a_glide_has_the_direction_that_is_heard(length_s: float, movement_st: float, direction: str) -> None:
    frames = round(length_s / HOP_S)
    (tune,) = word_prosody.tunes(_track(np.linspace(0, movement_st, frames)), _words(length_s))
    assert tune.direction == direction
    assert tune.movement_st == pytest.approx(movement_st, abs=0.3)


def test_a_whispered_word_and_an_omitted_one_have_no_direction() -> None:
    whispered, omitted = word_prosody.tunes(_track(np.full(60, np.nan)), [*_words(0.5), None])
    assert whispered == omitted == WordTune(None, None, None)


def test_the_long_loud_high_word_is_the_stressed_one() -> None:
    pitch, energy = np.zeros(120), np.full(120, -6.0)
    pitch[30:60], energy[30:60] = 5.0, 4.0
    words = _words(15 * HOP_S, 15 * HOP_S, 30 * HOP_S, 15 * HOP_S, 15 * HOP_S, 15 * HOP_S)
    tunes = word_prosody.tunes(_track(pitch, energy), words)
    assert [tune.stressed for tune in tunes] == [False, False, True, False, False, False]
    assert word_prosody.stress_correlation(tunes, tunes) == pytest.approx(1.0)


def test_agreement_is_full_with_oneself_and_low_upside_down() -> None:
    tunes = [WordTune(st, "rise" if st > 0 else "fall", None) for st in (5.0, -6.0, 4.0)]
    inverted = [WordTune(-(tune.movement_st or 0), "fall", None) for tune in tunes]
    level = [WordTune(0.0, "flat", None)] * 3
    assert word_prosody.agreement(tunes, tunes) == 1.0
    assert (word_prosody.agreement(inverted, tunes) or 0) < (word_prosody.agreement(level, tunes) or 0) < 0.6
    assert word_prosody.agreement(tunes[:1], tunes[:1]) is None


def test_the_words_a_president_stresses(engine: Engine, recordings: list[Recording]) -> None:
    """“Ask not what your country can do for you”, a sentence that lives by its stresses."""
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


def test_without_an_actor_nothing_is_compared(engine: Engine, recordings: list[Recording]) -> None:
    detailed = engine.analyze(recordings[3].audio, recordings[3].text, None).detailed_feedback
    assert detailed.scores.stress.value is None and detailed.scores.pitch_direction.confidence is None
    assert all(word.stress and word.stress.reference is None for word in detailed.words)
    assert any(word.pitch and word.pitch.user for word in detailed.words)
