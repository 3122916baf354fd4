"""The effects on recordings, and the sounds without speech."""

import numpy as np
import pytest

from analysis.eval import signals

SPEECH = (0.1 * np.sin(np.arange(32_000) / 9) * (np.arange(32_000) % 8000 < 5000)).astype(np.float32)


@pytest.mark.parametrize("name", signals.CONDITIONS)
def test_a_changed_recording_is_valid_audio(name: str) -> None:
    changed = signals.CONDITIONS[name](SPEECH, [SPEECH[::-1], np.roll(SPEECH, 999)])
    assert changed.dtype == np.float32 and np.isfinite(changed).all() and np.abs(changed).max() <= 1.0


@pytest.mark.parametrize("name", signals.HARMLESS_COPIES | signals.WORSE_COPIES)
def test_a_copy_has_nearly_the_same_length_and_no_clipping(name: str) -> None:
    changed = (signals.HARMLESS_COPIES | signals.WORSE_COPIES)[name](SPEECH)
    assert changed.dtype == np.float32 and np.abs(changed).max() < 0.985
    assert -400 <= len(changed) - len(SPEECH) <= 8_000


def test_resampling_there_and_back_changes_little() -> None:
    back = signals.HARMLESS_COPIES["44.1 kHz and back"](SPEECH)
    count = min(len(back), len(SPEECH))
    best = max(np.corrcoef(SPEECH[64 : count - 64], back[64 + lag : count - 64 + lag])[0, 1] for lag in range(-40, 41))
    assert best > 0.99


def test_noise_is_added_at_the_wanted_ratio() -> None:
    added = signals.with_noise(SPEECH, signals.white(2), 10) - SPEECH
    assert 20 * np.log10(signals.level(SPEECH) / np.std(added)) == pytest.approx(10, abs=0.3)


def test_sounds_without_speech_are_valid_audio() -> None:
    for sound in signals.no_speech().values():
        assert np.isfinite(sound).all() and np.abs(sound).max() <= 1.0
