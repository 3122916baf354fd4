"""The models of English: our run of hama's network beside hama's own, and the map from its tokens to phones."""

from pathlib import Path

import numpy as np
import pytest
from hama import ASRModel, G2PModel

from analysis.engine.audio import SAMPLE_RATE
from analysis.engine.languages.english import hama_network
from analysis.engine.languages.english.hama_network import BLOCKS, WIDTH, UnknownWeightsError
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.languages.english.speech_models import SILENT_TOKENS, HamaAcoustic, HamaG2P
from analysis.tests.conftest import Recording


@pytest.mark.parametrize("seconds", [0.1, 1.0, 5.3, 12.0])
def test_network_agrees_with_the_engine_of_hama(recordings: list[Recording], seconds: float) -> None:
    hama, own = ASRModel(), HamaAcoustic()
    audio = np.resize(recordings[1].audio, int(seconds * SAMPLE_RATE))
    feeds = {"waveform": audio[None], "waveform_lengths": np.array([len(audio)])}
    expected = hama.session.run(["log_probs"], feeds)[0][0]
    output = own.run(audio)
    assert output.log_probs.shape == expected.shape and output.layers.shape == (len(expected), BLOCKS, WIDTH)
    # hama's engine rounds more: single frames at the edge between two tokens differ by up to 0.01.
    differences = np.abs(np.exp(output.log_probs) - np.exp(expected)).max(axis=1)
    assert np.mean(differences < 1e-3) > 0.98 and differences.max() < 0.02
    assert list(own.tokens) == hama.decoder_tokens and len(own.tokens) == 191


def test_weights_of_another_layout_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "asr_waveform.hama"
    other.write_bytes(b"HAMAPK\x01\x02" + bytes(4))
    with pytest.raises(UnknownWeightsError):
        hama_network.load(other)
    other.write_bytes(b"another format")
    with pytest.raises(UnknownWeightsError):
        hama_network.load(other)


def test_every_token_is_mapped_exactly_once() -> None:
    tokens = set(ASRModel().decoder_tokens)
    mapped = ENGLISH_PHONES.phone_of_token
    assert set(mapped) | SILENT_TOKENS == tokens
    assert not set(mapped) & SILENT_TOKENS
    assert set(mapped.values()) == set(ENGLISH_PHONES.names) == set(ENGLISH_PHONES.ipa)
    assert len(ENGLISH_PHONES) == 39


def test_g2p_spells_unknown_words() -> None:
    g2p = HamaG2P()
    assert g2p.spell("dashwood") == ("D", "AE", "SH", "W", "UH", "D")
    assert all(phone in ENGLISH_PHONES.index for phone in g2p.spell("yousync"))


def test_g2p_makes_its_maps_of_letters_once_and_spells_as_hama_does() -> None:
    """hama makes them again for each letter, which takes 24 ms a word."""
    own, hama = HamaG2P(), G2PModel()
    for word in ("dashwood", "yousync", "don't", "zażółć", "x" * 80):
        tokens = [step.phoneme for step in hama.predict(word).alignments]
        phones = tuple(
            ENGLISH_PHONES.phone_of_token[token] for token in tokens if token in ENGLISH_PHONES.phone_of_token
        )
        assert own.spell(word) == phones
    assert own._model.tokenizer.vocab is own._model.vocab
    assert not isinstance(own._model.vocab, type(hama.vocab))
