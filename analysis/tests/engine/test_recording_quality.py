"""Classes of takes that are not scored: laughter, hum, music, another language, other sentences, noise."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from analysis.engine.engine import Engine
from analysis.engine.result import AnalysisResult
from analysis.eval import signals
from analysis.tests.conftest import RATE, Audio, Recording

MAIN: Final = ("pronunciation_score", "intonation_score", "emotion_score", "overall_score")
SECONDS: Final = 4


def _resonant(source: Audio, hertz: float, width_hz: float) -> Audio:
    """One formant: a two-pole resonance."""
    radius = np.exp(-np.pi * width_hz / RATE)
    a, b = 2 * radius * np.cos(2 * np.pi * hertz / RATE), -radius * radius
    out, last, before = np.empty(len(source)), 0.0, 0.0
    for index, value in enumerate(source.tolist()):
        last, before = (1 - radius) * value + a * last + b * before, last
        out[index] = last
    return out.astype(np.float32)


def laughter(pitch_hz: float, per_second: float) -> Audio:
    """Bursts of a voiced open vowel with falling pitch, breath in between."""
    rng = np.random.default_rng(0)
    at = np.arange(SECONDS * RATE) / RATE
    within = (at * per_second) % 1
    phase = np.cumsum(pitch_hz * (1 + 0.3 * np.exp(-3 * within)) / RATE)
    voice = (np.diff(np.floor(phase), prepend=0) + 0.02 * rng.normal(size=len(at))).astype(np.float32)
    for hertz in (700.0, 1200.0, 2500.0):
        voice = _resonant(voice, hertz, 90.0)
    envelope = np.clip(np.sin(2 * np.pi * per_second * at), 0, 1) ** 0.6
    breath = 0.004 * rng.normal(size=len(at)) * (1 - envelope)
    bursts: Audio = (0.5 * voice / np.abs(voice).max() * envelope + breath).astype(np.float32)
    return bursts


def hum() -> Audio:
    """Mains hum with its harmonics."""
    at = np.arange(SECONDS * RATE) / RATE
    tones: Audio = np.sum([0.2 / k * np.sin(2 * np.pi * 60 * k * at) for k in range(1, 8)], axis=0).astype(np.float32)
    return tones


def music() -> Audio:
    """Plucked notes of a chord, one every quarter of a second."""
    rng = np.random.default_rng(0)
    out = np.zeros(SECONDS * RATE)
    at = np.arange(RATE // 2) / RATE
    for start in range(0, len(out) - len(at), RATE // 4):
        note = rng.choice([261.6, 329.6, 392.0, 523.3])
        tone = np.sum([np.sin(2 * np.pi * note * k * at) / k**1.5 for k in range(1, 6)], axis=0)
        out[start : start + len(at)] += 0.15 * tone * np.exp(-5 * at)
    return out.astype(np.float32)


def _unscored(result: AnalysisResult) -> bool:
    return [getattr(result, name) for name in MAIN] == [None] * 4


@pytest.mark.parametrize(
    ("sound", "classes"),
    [
        (laughter(220, 5.0), {"wrong_sentence", "no_speech"}),
        (laughter(320, 4.5), {"wrong_sentence", "no_speech"}),
        (hum(), {"no_speech"}),
        (music(), {"no_speech", "too_noisy"}),
    ],
    ids=["laughter", "high laughter", "hum", "music"],
)
def test_sounds_without_speech_are_not_scored(
    engine: Engine, recordings: list[Recording], sound: Audio, classes: set[str]
) -> None:
    for recording in (recordings[0], recordings[2], recordings[3]):
        result = engine.analyze(sound, recording.text, None)
        assert result.attempt_class in classes and _unscored(result), recording.path.name


@pytest.mark.parametrize(
    "spoken",
    [
        "ʌnɯl nɑlsi ka tʃʰɑm tʃoʊnɛjo pɑp mʌɡʌsʌjo",
        "ɡˈɑbu zˈimo tˈɑku nˈɛpo lˈufi sˈɑdo mˈɪku",
        "hɑ hɑ hɑ hɑ hɑ hɑ hɑ hɑ",
    ],
    ids=["Korean", "nonsense", "ha ha"],
)
def test_speech_in_another_language_is_a_wrong_sentence(
    engine: Engine, recordings: list[Recording], say: Callable[[str], Audio], spoken: str
) -> None:
    take = say(spoken)
    for recording in (recordings[0], recordings[2], recordings[3]):
        result = engine.analyze(take, recording.text, None)
        assert result.attempt_class == "wrong_sentence" and _unscored(result), recording.path.name


def _over_babble(recordings: list[Recording], index: int, snr_db: float) -> Audio:
    others = [recording.audio for at, recording in enumerate(recordings) if at != index]
    return signals.with_noise(recordings[index].audio, signals.babble(others), snr_db)


def test_other_voices_in_the_room_are_too_noisy(engine: Engine, recordings: list[Recording]) -> None:
    for index, recording in enumerate(recordings):
        loud = engine.analyze(_over_babble(recordings, index, 5), recording.text, None)
        assert loud.attempt_class == "too_noisy" and _unscored(loud), recording.path.name
        assert [tip.code for tip in loud.detailed_feedback.tips] == ["too_noisy"]
        faint = engine.analyze(_over_babble(recordings, index, 20), recording.text, None)
        assert faint.attempt_class == "scored", recording.path.name


def test_wrong_sentence_in_a_quiet_room_is_not_too_noisy(engine: Engine, recordings: list[Recording]) -> None:
    for index, recording in enumerate(recordings):
        other = recordings[(index + 1) % len(recordings)]
        assert engine.analyze(recording.audio, other.text, None).attempt_class == "wrong_sentence"


def test_clipped_recording_gets_its_own_tip(engine: Engine, recordings: list[Recording]) -> None:
    recording = next(other for other in recordings if other.path.name == "jfk.flac")
    result = engine.analyze(signals.gained(recording.audio, 20), recording.text, None)
    assert result.attempt_class == "too_noisy"
    assert [tip.code for tip in result.detailed_feedback.tips] == ["clipped"]
