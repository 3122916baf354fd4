"""A take whose recording begins or ends in mid-speech."""

import numpy as np
import pytest

from analysis.engine import recording_quality
from analysis.tests.conftest import RATE, Recording
from analysis.tests.support import hand_made


@pytest.mark.parametrize(("offset_s", "cut"), [(-0.3, True), (-0.25, True), (-0.2, False), (0.0, False), (1.0, False)])
def test_speech_at_the_first_sample_is_cut_before(offset_s: float, cut: bool) -> None:
    assert hand_made.take(offset_s, cut_s=2.0, duration_s=4.0).cut_before is cut


@pytest.mark.parametrize(("after_s", "cut"), [(0.3, True), (0.25, True), (0.2, False), (0.0, False), (-1.0, False)])
def test_speech_at_the_last_sample_is_cut_after(after_s: float, cut: bool) -> None:
    take = hand_made.take(1.0, cut_s=2.0, duration_s=3.0 - after_s)
    assert take.cut_after is cut


def test_only_the_end_that_was_cut_in_mid_speech_counts(recordings: list[Recording]) -> None:
    for recording in recordings:
        silence = np.zeros(RATE // 2, dtype=np.float32)
        whole = np.concatenate([silence, recording.audio, silence])
        loudest = int(np.convolve(np.square(whole), np.ones(RATE // 50), mode="same").argmax())
        edges = [
            (take.cut_before, take.cut_after)
            for take in map(recording_quality.examine, (whole, whole[loudest:], whole[:loudest]))
        ]
        assert edges == [(False, False), (True, False), (False, True)], recording.path.name
