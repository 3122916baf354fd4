"""The acoustic model: 16 kHz audio → log probabilities of the phones of a language and of the CTC blank.

The trained model belongs to the language (`SpeechModels.acoustic`). Here its tokens are folded into phones, and long
recordings are cut into pieces that it accepts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine.audio import SAMPLE_RATE, Audio
from analysis.engine.language_profile import TokenModel
from analysis.engine.phones import PhoneSet

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]

FRAME_S: Final = 0.02
# Longer recordings are cut in the quietest place of a window.
_CHUNK_S: Final = 20.0
_CUT_SEARCH_S: Final = 4.0
# Below this a probability is noise of the softmax, and its logarithm would outweigh whole words.
_PROBABILITY_FLOOR: Final = 1e-8
_TOKEN_FLOOR: Final = -12.0


@dataclass(frozen=True)
class AcousticOutput:
    """The model's output for a recording of T frames of 20 ms.

    `log_probs`: float64 (T, P + 1), log probabilities of the P phones in the order of `PhoneSet.names`, then blank.
    `token_log_probs`: float32 (T, tokens), log probabilities of the tokens with a sound, given that one is present.
    `layers`: float32 (T, layers, channels), the model's inner layers.
    """

    log_probs: Floats
    token_log_probs: Floats32
    layers: Floats32


class UnknownTokenError(RuntimeError):
    """The model's token inventory is not the one that the language profile was written for."""


def fold_matrix(tokens: Sequence[str], silent: frozenset[str], phones: PhoneSet) -> Floats:
    """Returns the 0/1 matrix (tokens, P + 1) that sums token probabilities into phones; the last column is the blank.

    Raises UnknownTokenError for a token that is neither silent nor mapped.
    """
    matrix = np.zeros((len(tokens), len(phones) + 1))
    for row, token in enumerate(tokens):
        if token in silent:
            matrix[row, phones.blank] = 1.0
        elif token in phones.phone_of_token:
            matrix[row, phones.index[phones.phone_of_token[token]]] = 1.0
        else:
            raise UnknownTokenError(f"the acoustic model has a token that is not mapped: {token!r}")
    return matrix


class AcousticModel:
    """The loaded model, its output folded into the phones of a language. Deterministic."""

    def __init__(self, model: TokenModel, phones: PhoneSet) -> None:
        self._model = model
        self._fold = fold_matrix(model.tokens, model.silent_tokens, phones)
        self._sounding = np.flatnonzero(self._fold[:, phones.blank] == 0)

    def run(self, audio: Audio) -> AcousticOutput:
        """Computes the output for 16 kHz audio of any length."""
        parts = [self._run_chunk(chunk) for chunk in _chunks(audio)]
        if not parts:
            none = np.zeros((0, len(self.tokens)), np.float32)
            return AcousticOutput(np.zeros((0, self._fold.shape[1])), none, np.zeros((0, 0, 0), np.float32))
        return AcousticOutput(
            np.concatenate([part.log_probs for part in parts]),
            np.concatenate([part.token_log_probs for part in parts]),
            np.concatenate([part.layers for part in parts]),
        )

    @property
    def name(self) -> str:
        """Name and release of the trained model."""
        return self._model.name

    @property
    def tokens(self) -> tuple[str, ...]:
        """Names of the columns of `AcousticOutput.token_log_probs`."""
        return tuple(self._model.tokens[int(index)] for index in self._sounding)

    def _run_chunk(self, audio: Audio) -> AcousticOutput:
        output = self._model.run(audio)
        folded: Floats = np.log(np.maximum(np.exp(output.log_probs) @ self._fold, _PROBABILITY_FLOOR))
        sounding = condition_on_sound(output.log_probs[:, self._sounding]).astype(np.float32)
        return AcousticOutput(folded, sounding, output.layers)


def condition_on_sound(log_probs: Floats) -> Floats:
    """Log probabilities (T, tokens) of the tokens with a sound, normalised to sum to 1 without the silent ones.

    Floored at −12.
    """
    highest = log_probs.max(axis=1, keepdims=True)
    total = highest + np.log(np.exp(log_probs - highest).sum(axis=1, keepdims=True))
    floored: Floats = np.maximum(log_probs - total, _TOKEN_FLOOR)
    return floored


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
    # A tail shorter than the model's receptive field holds no phone that could be scored.
    return [*pieces, audio] if len(audio) >= 5 * frame else pieces
