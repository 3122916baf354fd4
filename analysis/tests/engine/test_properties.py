"""Properties of all recordings: ranges, determinism, tolerance of noise, lower scores for more errors."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.engine.engine import Engine
from analysis.engine.result import AnalysisResult
from analysis.tests.conftest import RATE, SPEECH, Audio, Recording


def _check(result: AnalysisResult) -> None:
    """Validating again refuses NaN, infinity and scores outside 0–100."""
    assert AnalysisResult.model_validate_json(result.model_dump_json()) == result
    detailed = result.detailed_feedback
    scored = result.attempt_class in {"scored", "incomplete"}
    assert (result.pronunciation_score is not None) == (result.overall_score is not None) == scored
    assert 1 <= len(detailed.tips) <= 5
    assert len({(tip.code, tip.word, tip.phone) for tip in detailed.tips}) == len(detailed.tips)
    for _, measured in detailed.scores:
        assert (measured.value is None) == (measured.confidence is None)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seconds=st.floats(0.1, 20.0),
    seed=st.integers(0, 1000),
    kind=st.sampled_from(["noise", "speech", "speech", "pieces", "impulses", "square"]),
    gain=st.sampled_from([1e-6, 1e-3, 0.1, 1.0, 30.0]),
    truncated=st.booleans(),
)
def test_any_audio_gives_a_valid_result(
    engine: Engine, recordings: list[Recording], seconds: float, seed: int, kind: str, gain: float, truncated: bool
) -> None:
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    recording = recordings[seed % 7]
    speech = np.resize(recording.audio[seed * 10 :], count)
    made: dict[str, Any] = {
        "noise": rng.normal(size=count),
        "speech": speech,
        "pieces": speech * np.sign(np.sin(np.arange(count) / 9000)).clip(0, 1),
        "impulses": (rng.random(count) > 0.999).astype(float),
        "square": np.sign(np.sin(np.arange(count) / 20)),
    }
    take = np.clip(made[kind] * gain, -1, 1).astype(np.float32)
    reference = engine.features(recordings[3].audio, recordings[3].text) if seed % 7 == 3 else None
    _check(engine.analyze(take, recording.text, reference, truncated=truncated))


def test_the_longest_recording_gives_a_valid_result(engine: Engine, recordings: list[Recording]) -> None:
    long = np.resize(np.concatenate([recordings[6].audio, np.zeros(20 * RATE, dtype=np.float32)]), 120 * RATE)
    _check(engine.analyze(long, recordings[6].text, None))


_HASH = """
import hashlib, sys
from pathlib import Path
from analysis.engine import decode
from analysis.engine.engine import Engine
from analysis.engine.languages.registry import DEFAULT_TAG, profile_for
engine = Engine(profile_for(DEFAULT_TAG))
with Path(sys.argv[1]).open("rb") as file:
    take = decode.decode(file, 60)
reference = engine.features(take, sys.argv[2])
result = engine.analyze(take * 0.8, sys.argv[2], reference)
sys.stdout.write(hashlib.sha256(result.model_dump_json().encode()).hexdigest())
"""


def test_another_process_gives_the_same_bytes(engine: Engine, recordings: list[Recording]) -> None:
    recording = recordings[3]
    reference = engine.features(recording.audio, recording.text)
    result = engine.analyze(recording.audio * 0.8, recording.text, reference)
    expected = hashlib.sha256(result.model_dump_json().encode()).hexdigest()
    completed = subprocess.run(
        [sys.executable, "-c", _HASH, str(recording.path), recording.text],
        env={**os.environ, "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "2"},
        cwd=SPEECH.parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert completed.stdout == expected


def _in_noise(take: Audio, snr_db: float) -> Audio:
    noise = np.random.default_rng(1).normal(size=len(take)).astype(np.float32)
    noise *= np.sqrt(np.mean(np.square(take))) * 10 ** (-snr_db / 20)
    noisy: Audio = np.clip(take + noise, -1, 1)
    return noisy


@pytest.mark.parametrize("index", [0, 3, 4, 6])
def test_noise_lowers_the_confidence_and_hardly_the_score(
    engine: Engine, recordings: list[Recording], index: int
) -> None:
    recording = recordings[index]
    reference = engine.features(recording.audio, recording.text)
    overall, confidences = [], []
    for take in (recording.audio, _in_noise(recording.audio, 20), _in_noise(recording.audio, 10)):
        result = engine.analyze(take, recording.text, reference)
        measured = result.detailed_feedback.scores.overall
        assert result.attempt_class == "scored" and measured.value is not None and measured.confidence is not None
        overall.append(measured.value)
        confidences.append(measured.confidence)
    assert abs(overall[1] - overall[0]) <= 3 and abs(overall[2] - overall[0]) <= 8
    assert confidences[0] > confidences[1] > confidences[2] and confidences[0] - confidences[2] >= 0.2


def test_clipping_lowers_the_confidence(engine: Engine, recordings: list[Recording]) -> None:
    recording = recordings[3]
    confidences = []
    for gain in (1.0, 12.0):
        result = engine.analyze(np.clip(recording.audio * gain, -1, 1), recording.text, None)
        confidences.append(result.detailed_feedback.scores.pronunciation.confidence)
    assert confidences[0] is not None and confidences[1] is not None
    assert confidences[1] <= confidences[0] - 0.1


_SPOKEN = "ˌI ɹˈiᵊli lˈʌv ðɪs fɹˈɛʃ kˈɔfi ɪn ðə mˈɔɹnɪŋ"
_LINE = "I really love this fresh coffee in the morning"
_ERRORS = [("ɹˈi", "lˈi"), ("lˈʌ", "ɹˈʌ"), ("fɹ", "pɹ"), ("kˈɔfi", "kˈɔpi"), ("v ð", "b d"), ("mˈɔɹ", "mˈol")]


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5], [5, 3, 1, 4, 2, 0]])
def test_more_errors_never_raise_the_score(engine: Engine, say: Callable[[str], Audio], order: list[int]) -> None:
    reference = engine.features(say(_SPOKEN), _LINE)
    spoken, scores = _SPOKEN, []
    for place in [None, *order]:
        if place is not None:
            right, wrong = _ERRORS[place]
            spoken = spoken.replace(right, wrong, 1)
        score = engine.analyze(say(spoken), _LINE, reference).pronunciation_score
        assert score is not None
        scores.append(score)
    assert max(np.diff(scores)) <= 1, scores
    ranks = np.argsort(np.argsort(scores))
    assert np.corrcoef(np.arange(len(scores)), ranks)[0, 1] <= -0.9, scores
