"""The models of English: the private names of hama that the adapter uses, and the map from its tokens to phones."""

from importlib.metadata import version

from hama import ASRModel

from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.languages.english.speech_models import SILENT_TOKENS, HamaG2P


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


def test_g2p_spells_unknown_words() -> None:
    g2p = HamaG2P()
    assert g2p.spell("dashwood") == ("D", "AE", "SH", "W", "UH", "D")
    assert all(phone in ENGLISH_PHONES.index for phone in g2p.spell("yousync"))
