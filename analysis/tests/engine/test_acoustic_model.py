"""The acoustic model: tokens folded into phones, and recordings beyond the limit of the trained model."""

import numpy as np
import pytest

from analysis.engine import acoustic_model
from analysis.engine.acoustic_model import AcousticModel, UnknownTokenError, fold_matrix
from analysis.engine.audio import SAMPLE_RATE
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.languages.english.speech_models import HamaAcoustic
from analysis.tests.conftest import Recording


@pytest.fixture(scope="module")
def model() -> AcousticModel:
    return AcousticModel(HamaAcoustic(), ENGLISH_PHONES)


def test_unknown_token_is_refused() -> None:
    with pytest.raises(UnknownTokenError):
        fold_matrix(["ɑ", "a token of another release"], frozenset(), ENGLISH_PHONES)


def test_output_holds_log_probabilities_of_phones_and_blank(model: AcousticModel, recordings: list[Recording]) -> None:
    take = recordings[3].audio
    logp = model.run(take).log_probs
    assert logp.shape == (len(take) // 320 + 1, ENGLISH_PHONES.blank + 1)
    assert np.allclose(np.exp(logp).sum(axis=1), 1.0, atol=1e-3)


def test_recording_beyond_the_model_limit_is_processed_whole(model: AcousticModel, recordings: list[Recording]) -> None:
    take = np.tile(recordings[1].audio, 7)
    logp = model.run(take).log_probs
    assert abs(len(logp) * acoustic_model.FRAME_S - len(take) / SAMPLE_RATE) < 0.2
    has_phone = logp[:, : ENGLISH_PHONES.blank].max(axis=1) > np.log(0.5)
    assert has_phone[-200:].any()
