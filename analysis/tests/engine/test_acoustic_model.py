"""The adapter to the acoustic model: the private names it relies on, and the map from tokens to phones."""

from importlib.metadata import version

import numpy as np
import pytest
from hama import ASRModel

from analysis.engine import acoustic_model
from analysis.engine.acoustic_model import SILENT_TOKENS, AcousticModel, HamaG2P, UnknownTokenError, fold_matrix
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.tests.conftest import Recording


@pytest.fixture(scope="module")
def model() -> AcousticModel:
    return AcousticModel(ENGLISH_PHONES)


def test_private_names_of_hama_used_by_the_adapter_exist() -> None:
    hama = ASRModel()
    assert version("hama") == "1.7.0"
    assert hama._waveform_input_name == "waveform"
    assert hama._waveform_lengths_input_name == "waveform_lengths"
    assert hama._log_probs_output_name == "log_probs"
    assert hama._out_lengths_output_name == "out_lengths"
    assert len(hama.decoder_tokens) == 191
    assert callable(hama.session.run)


def test_every_token_is_mapped_exactly_once() -> None:
    tokens = set(ASRModel().decoder_tokens)
    mapped = ENGLISH_PHONES.phone_of_token
    assert set(mapped) | SILENT_TOKENS == tokens
    assert not set(mapped) & SILENT_TOKENS
    assert set(mapped.values()) == set(ENGLISH_PHONES.names) == set(ENGLISH_PHONES.ipa)
    assert len(ENGLISH_PHONES) == 39


def test_unknown_token_is_refused() -> None:
    with pytest.raises(UnknownTokenError):
        fold_matrix(["ɑ", "a token of another release"], ENGLISH_PHONES)


def test_output_holds_log_probabilities_of_phones_and_blank(model: AcousticModel, recordings: list[Recording]) -> None:
    take = recordings[3].audio
    logp = model.run(take).log_probs
    assert logp.shape == (len(take) // 320 + 1, ENGLISH_PHONES.blank + 1)
    assert np.allclose(np.exp(logp).sum(axis=1), 1.0, atol=1e-3)


def test_recording_beyond_the_model_limit_is_processed_whole(model: AcousticModel, recordings: list[Recording]) -> None:
    take = np.tile(recordings[1].audio, 7)
    logp = model.run(take).log_probs
    assert abs(len(logp) * acoustic_model.FRAME_S - len(take) / acoustic_model.SAMPLE_RATE) < 0.2
    has_phone = logp[:, : ENGLISH_PHONES.blank].max(axis=1) > np.log(0.5)
    assert has_phone[-200:].any()


def test_g2p_spells_unknown_words() -> None:
    g2p = HamaG2P(ENGLISH_PHONES.phone_of_token)
    assert g2p.spell("dashwood") == ("D", "AE", "SH", "W", "UH", "D")
    assert all(phone in ENGLISH_PHONES.index for phone in g2p.spell("yousync"))
