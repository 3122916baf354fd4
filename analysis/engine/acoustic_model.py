"""The acoustic model: 16 kHz audio → log-probabilities of 39 ARPAbet sounds and the CTC blank.

The only importer of hama. hama 1.7.0 publishes no call for posteriors, so private names are used here and
nowhere else; `tests/test_acoustic.py` fails loudly if a release changes them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from hama import ASRModel, G2PModel

from analysis.engine import rescoring
from analysis.engine.phones import BLANK, INDEX, PHONE_OF_TOKEN, SILENT_TOKENS

Floats = npt.NDArray[np.float64]
Audio = npt.NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
FRAME_S: Final = 0.02
MODEL: Final = "hama-1.7.0"
# The model answers for at most 30 s at once; longer recordings are cut in the quietest place of a window.
_CHUNK_S: Final = 20.0
_CUT_SEARCH_S: Final = 4.0
# Below this a probability is noise of the softmax, and its logarithm would outweigh whole words.
_FLOOR: Final = 1e-8


@dataclass(frozen=True)
class Hearing:
    """What the model made of a recording, one frame per 20 ms: `logp` (T, 40) as `phones.PHONES`, then blank;
    `tokens` (T, n) the log-probabilities of the model's sounding tokens, given that one of them is heard."""

    logp: Floats
    tokens: Audio


class UnknownTokenError(RuntimeError):
    """The model's token inventory is not the one `phones.py` was written for."""


def fold_matrix(tokens: list[str]) -> Floats:
    """A 0/1 matrix (tokens × 40) that sums token probabilities into sounds; the last column is the blank."""
    matrix = np.zeros((len(tokens), BLANK + 1))
    for row, token in enumerate(tokens):
        if token in SILENT_TOKENS:
            matrix[row, BLANK] = 1.0
        elif token in PHONE_OF_TOKEN:
            matrix[row, INDEX[PHONE_OF_TOKEN[token]]] = 1.0
        else:
            raise UnknownTokenError(f"the acoustic model has a token that is not mapped: {token!r}")
    return matrix


class Acoustic:
    """The loaded model. One per process; calls are deterministic and single-threaded."""

    def __init__(self) -> None:
        self._asr = ASRModel()
        self._g2p = G2PModel()
        self._fold = fold_matrix(list(self._asr.decoder_tokens))
        self._sounding = np.flatnonzero(self._fold[:, BLANK] == 0)

    def hear(self, audio: Audio) -> Hearing:
        """Listens to 16 kHz audio of any length."""
        parts = [self._run(chunk) for chunk in _chunks(audio)]
        if not parts:
            return Hearing(np.zeros((0, BLANK + 1)), np.zeros((0, len(self.tokens)), np.float32))
        return Hearing(np.concatenate([part.logp for part in parts]), np.concatenate([part.tokens for part in parts]))

    @property
    def tokens(self) -> tuple[str, ...]:
        """The names of the sounding tokens, in the order of `Hearing.tokens`."""
        return tuple(self._asr.decoder_tokens[index] for index in self._sounding)

    def spell(self, word: str) -> tuple[str, ...]:
        """The sounds of a written word, guessed from its letters; empty when nothing pronounceable is in it."""
        tokens = (step.phoneme for step in self._g2p.predict(word).alignments)
        return tuple(PHONE_OF_TOKEN[token] for token in tokens if token in PHONE_OF_TOKEN)

    def _run(self, audio: Audio) -> Hearing:
        outputs, lengths = self._asr.session.run(
            [self._asr._log_probs_output_name, self._asr._out_lengths_output_name],
            {
                self._asr._waveform_input_name: audio[None],
                self._asr._waveform_lengths_input_name: np.array([len(audio)], dtype=np.int64),
            },
        )
        frames = np.asarray(outputs[0][: int(lengths[0])], dtype=np.float64)
        folded: Floats = np.log(np.maximum(np.exp(frames) @ self._fold, _FLOOR))
        return Hearing(folded, rescoring.sharpen(frames[:, self._sounding]).astype(np.float32))


def _chunks(audio: Audio) -> list[Audio]:
    """Pieces of at most 20 s, cut at the quietest 100 ms of each piece's last 4 s, on a frame boundary."""
    frame = int(SAMPLE_RATE * FRAME_S)
    longest = int(_CHUNK_S * SAMPLE_RATE)
    pieces = []
    while len(audio) > longest:
        start = longest - int(_CUT_SEARCH_S * SAMPLE_RATE)
        window = audio[start:longest].astype(np.float64).reshape(-1, frame)
        energy = np.convolve(np.square(window).sum(axis=1), np.ones(5), mode="same")
        cut = start + int(np.argmin(energy)) * frame
        pieces.append(audio[:cut])
        audio = audio[cut:]
    # A tail shorter than the model's receptive field carries no sound that could be judged.
    return [*pieces, audio] if len(audio) >= 5 * frame else pieces
