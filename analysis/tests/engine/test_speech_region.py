"""The line within a long recording: a room around it changes neither the scores nor the cost."""

from typing import Any, Final

import numpy as np
import pytest

from analysis.engine import alignment, recording_quality, speech_region
from analysis.engine.acoustic_model import AcousticOutput
from analysis.engine.alignment import WordTimes
from analysis.engine.engine import Engine
from analysis.engine.prosody import Track
from analysis.engine.recording_quality import Take
from analysis.tests.conftest import RATE, Audio, Recording

LINE: Final = "austen-0880.flac"
NEAR_S: Final = 0.35


def _noise(samples: int, tilt: float, seed: int = 0) -> Audio:
    """Noise of RMS 1 whose amplitude falls with frequency to the power of `tilt`."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=samples))
    hertz = np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 20.0)
    shaped = np.fft.irfft(spectrum / hertz**tilt, samples)
    noise: Audio = (shaped / shaped.std()).astype(np.float32)
    return noise


def in_room(line: Audio, before_s: float, after_s: float, snr_db: float, tilt: float = 0.5) -> Audio:
    """A line with a steady room in front of it, behind it and under it."""
    around = np.pad(line, (int(before_s * RATE), int(after_s * RATE)))
    level = np.sqrt(np.mean(np.square(line))) * 10 ** (-snr_db / 20)
    noisy: Audio = (around + level * _noise(len(around), tilt)).astype(np.float32)
    return noisy


@pytest.fixture(scope="module")
def line(recordings: list[Recording]) -> Recording:
    return next(recording for recording in recordings if recording.path.name == LINE)


@pytest.mark.parametrize(
    ("before_s", "after_s", "snr_db", "tilt"),
    [(58, 58, 35, 0.0), (116, 0.5, 35, 0.5), (3, 110, 35, 1.0), (20, 3, 20, 0.5), (60, 0, 90, 0.0)],
)
def test_room_around_a_line_changes_no_score(
    engine: Engine, line: Recording, before_s: float, after_s: float, snr_db: float, tilt: float
) -> None:
    bare = engine.analyze(line.audio, line.text, None)
    result = engine.analyze(in_room(line.audio, before_s, after_s, snr_db, tilt), line.text, None)
    assert bare.overall_score is not None and result.overall_score is not None
    assert result.overall_score == pytest.approx(bare.overall_score, abs=2)
    start_s = result.detailed_feedback.words[0].start_s
    assert start_s is not None and start_s == pytest.approx(before_s, abs=0.5)


def test_models_hear_the_line_only_in_two_minutes_of_room(
    engine: Engine, line: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[str, float] = {}
    run, track, align = engine.acoustic.run, engine.pitch.track, alignment.align

    def note(name: str, audio: Audio) -> None:
        heard[name] = len(audio) / RATE

    def listen(audio: Audio) -> AcousticOutput:
        note("acoustic", audio)
        return run(audio)

    def track_pitch(take: Take) -> Track:
        note("pitch", take.audio)
        return track(take)

    def align_words(audio: Audio, *others: Any) -> list[WordTimes | None]:
        note("alignment", audio)
        return align(audio, *others)

    monkeypatch.setattr(engine.acoustic, "run", listen)
    monkeypatch.setattr(engine.pitch, "track", track_pitch)
    monkeypatch.setattr(alignment, "align", align_words)
    engine.analyze(in_room(line.audio, 58, 58, 35, 0.0), line.text, None)
    assert heard.keys() == {"acoustic", "pitch", "alignment"}
    assert max(heard.values()) < len(line.audio) / RATE + 2 * NEAR_S


@pytest.mark.parametrize("quiet_db", [-10, -20, -25])
@pytest.mark.parametrize("pause_s", [0.5, 3.0, 5.0])
def test_quiet_word_after_a_pause_stays(line: Recording, quiet_db: float, pause_s: float) -> None:
    quiet = line.audio * 10 ** (quiet_db / 20)
    spoken = np.concatenate([line.audio, np.zeros(int(pause_s * RATE), np.float32), quiet])
    length_s = len(spoken) / RATE
    take = recording_quality.examine(in_room(spoken, 10, 20, 45))
    assert take.offset_s < 10 and take.offset_s > 10 - 3 * NEAR_S
    assert take.offset_s + len(take.audio) / RATE > 10 + length_s - NEAR_S


@pytest.mark.parametrize("at_s", [2.0, 70.0])
def test_click_and_remote_voice_do_not_widen_the_region(line: Recording, at_s: float) -> None:
    audio = in_room(line.audio, 40, 50, 40)
    at = int(at_s * RATE)
    audio[at : at + RATE // 20] += 0.3 * _noise(RATE // 20, 0.0)
    audio[-len(line.audio) :] += line.audio * 10 ** (-30 / 20)
    region = speech_region.find(audio)
    assert region.start > 38 * RATE and region.stop < 45 * RATE


def test_recording_with_little_around_the_line_stays_whole(recordings: list[Recording]) -> None:
    for recording in recordings:
        for around_s in (0.0, 0.3):
            audio = in_room(recording.audio, around_s, around_s, 40)
            region = speech_region.find(audio)
            assert (region.start, region.stop, region.first, region.last) == (0, len(audio), None, None)


@pytest.mark.parametrize("audio", [np.zeros(60 * RATE, np.float32), 0.05 * _noise(60 * RATE, 0.5)])
def test_nothing_is_cut_where_nothing_stands_out(audio: Audio) -> None:
    region = speech_region.find(audio)
    assert (region.start, region.stop) == (0, len(audio))
