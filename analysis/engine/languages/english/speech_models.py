"""The trained models of English: hama for sounds and spelling, pocketsphinx's "en-us" for times, CMU's dictionary.

The only importer of hama. hama 1.7.0 publishes no call for posteriors, so its weights are read from its package
(`hama_network.py`); `analysis/tests/engine/test_english_models.py` fails if a release changes them.
"""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final

from hama import G2PModel
from hama.vocab import Vocabulary
from pocketsphinx import get_model_path

from analysis.engine.audio import Audio
from analysis.engine.language_profile import SpeechModels, TokenOutput
from analysis.engine.languages.english import hama_network
from analysis.engine.languages.english.phones import ENGLISH_PHONES
from analysis.engine.phones import PhoneSequence

_CONTROL: Final = ("<pad>", "<sos>", "<eos>", "<unk>", " ", "%", ",", "~", "<wb>", "<blank>", "ʔ", "一", "不")
_MODIFIERS: Final = "²³¹ʰʱʲʷˀːˑ˕˞ˤ˥˦˧˨˩꜔ᵝ‿⁰⁴⁵⁻⁽⁾"
_COMBINING: Final = (
    *(0x303, 0x306, 0x308, 0x30A, 0x30C, 0x30D, 0x31A, 0x31D, 0x31E, 0x31F),
    *(0x320, 0x325, 0x329, 0x32A, 0x32C, 0x32F, 0x330),
    *(0x33A, 0x33B, 0x348, 0x34D, 0x35C, 0x361),
)
SILENT_TOKENS: Final = frozenset((*_CONTROL, *_MODIFIERS, *map(chr, _COMBINING)))
"""Tokens without a sound of their own (control, length, tone, tie bars, word boundaries): folded into the blank."""


class HamaAcoustic:
    """hama's acoustic model: 191 IPA tokens of Korean and English."""

    name = "hama-1.7.0"
    silent_tokens = SILENT_TOKENS

    def __init__(self) -> None:
        with resources.as_file(resources.files("hama.assets") / "asr_waveform.hama") as path:
            self._network = hama_network.load(path)
        self.tokens: Sequence[str] = (*Vocabulary.load(None).decoder, "<wb>", "<blank>")

    def run(self, audio: Audio) -> TokenOutput:
        """Returns log probabilities and inner layers of 16 kHz audio, one row for 20 ms."""
        log_probs, layers = self._network(audio)
        return TokenOutput(log_probs.astype("float64"), layers)


class _MappedVocabulary:
    """hama's vocabulary with maps that are made once. hama 1.7.0 makes one of 19,750 tokens twice for each letter."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.encoder: list[str] = vocabulary.encoder
        self.decoder: list[str] = vocabulary.decoder
        self.encoder_token_to_id: dict[str, int] = vocabulary.encoder_token_to_id
        self.decoder_token_to_id: dict[str, int] = vocabulary.decoder_token_to_id
        self.pad_id: int = vocabulary.pad_id
        self.sos_id: int = vocabulary.sos_id
        self.eos_id: int = vocabulary.eos_id


class HamaG2P:
    """hama's grapheme-to-phoneme model, its tokens folded into English phones."""

    def __init__(self) -> None:
        self._model = G2PModel()
        self._model.vocab = self._model.tokenizer.vocab = _MappedVocabulary(self._model.vocab)

    def spell(self, word: str) -> PhoneSequence:
        """Returns the phones guessed from a word's letters; empty when nothing in it can be pronounced."""
        phone_of_token = ENGLISH_PHONES.phone_of_token
        tokens = (step.phoneme for step in self._model.predict(word).alignments)
        return tuple(phone_of_token[token] for token in tokens if token in phone_of_token)


def load() -> SpeechModels:
    """Returns all of them, loaded. The dictionary and the alignment model are files of pocketsphinx's package."""
    return SpeechModels(
        acoustic=HamaAcoustic(),
        spell=HamaG2P().spell,
        dictionary=Path(get_model_path("en-us/cmudict-en-us.dict")),
        alignment=Path(get_model_path("en-us/en-us")),
    )
