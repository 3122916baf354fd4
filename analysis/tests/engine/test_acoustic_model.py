"""The adapter to the acoustic model: the private names it relies on, and the map from tokens to sounds."""

from importlib.metadata import version

import numpy as np
import pytest
from hama import ASRModel

from analysis.engine import acoustic_model
from analysis.engine.acoustic_model import Acoustic, UnknownTokenError, fold_matrix
from analysis.engine.phones import BLANK, INDEX, IPA, PHONE_OF_TOKEN, PHONES, SILENT_TOKENS
from analysis.tests.conftest import Recording


@pytest.fixture(scope="module")
def model() -> Acoustic:
    return Acoustic()


def test_hama_still_has_the_private_names_the_adapter_uses() -> None:
    hama = ASRModel()
    assert version("hama") == "1.7.0"
    assert hama._waveform_input_name == "waveform"
    assert hama._waveform_lengths_input_name == "waveform_lengths"
    assert hama._log_probs_output_name == "log_probs"
    assert hama._out_lengths_output_name == "out_lengths"
    assert len(hama.decoder_tokens) == 191
    assert callable(hama.session.run)


def test_every_token_is_mapped_exactly_once_and_none_is_invented() -> None:
    tokens = set(ASRModel().decoder_tokens)
    assert set(PHONE_OF_TOKEN) | SILENT_TOKENS == tokens
    assert not set(PHONE_OF_TOKEN) & SILENT_TOKENS
    assert set(PHONE_OF_TOKEN.values()) == set(PHONES) == set(IPA)
    assert len(PHONES) == 39


def test_an_unknown_token_stops_the_start() -> None:
    with pytest.raises(UnknownTokenError):
        fold_matrix(["ɑ", "a token of another release"])


def test_posteriors_are_log_probabilities_of_forty_classes(model: Acoustic, recordings: list[Recording]) -> None:
    take = recordings[3].audio
    logp = model.hear(take).logp
    assert logp.shape == (len(take) // 320 + 1, BLANK + 1)
    assert np.allclose(np.exp(logp).sum(axis=1), 1.0, atol=1e-3)


def test_a_recording_longer_than_the_model_takes_is_not_cut_short(model: Acoustic, recordings: list[Recording]) -> None:
    take = np.tile(recordings[1].audio, 7)
    logp = model.hear(take).logp
    assert abs(len(logp) * acoustic_model.FRAME_S - len(take) / acoustic_model.SAMPLE_RATE) < 0.2
    heard = logp[:, :BLANK].max(axis=1) > np.log(0.5)
    assert heard[-200:].any()


def test_the_letters_of_an_unknown_word_are_read(model: Acoustic) -> None:
    assert model.spell("dashwood") == ("D", "AE", "SH", "W", "UH", "D")
    assert all(phone in INDEX for phone in model.spell("yousync"))
