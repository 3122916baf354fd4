"""Functions of small neural networks on float32 rows, in numpy."""

from typing import Final

import numpy as np
import numpy.typing as npt

Floats32 = npt.NDArray[np.float32]

_EPSILON: Final = np.float32(1e-5)
_ONE: Final = np.float32(1.0)
_HALF: Final = np.float32(0.5)
_CUBIC: Final = np.float32(0.044715)
_SCALE: Final = np.float32((2 / np.pi) ** 0.5)


def layer_norm(rows: Floats32, gain: Floats32, bias: Floats32) -> Floats32:
    """Normalizes each row (n, channels) to mean 0 and variance 1, then applies `gain` and `bias` (channels,)."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.mean(np.square(centred), axis=1, keepdims=True) + _EPSILON)
    normed: Floats32 = centred / deviation * gain + bias
    return normed


def sigmoid(values: Floats32) -> Floats32:
    """The logistic function."""
    return np.asarray(_ONE / (_ONE + np.exp(-values)), dtype=np.float32)


def silu(values: Floats32) -> Floats32:
    """x · sigmoid(x)."""
    return values * sigmoid(values)


def gelu(values: Floats32) -> Floats32:
    """The tanh form of the Gaussian error linear unit (Hendrycks and Gimpel 2016)."""
    inner = (values + values * values * values * _CUBIC) * _SCALE
    return np.asarray(values * (np.tanh(inner) + _ONE) * _HALF, dtype=np.float32)


def softmax(scores: Floats32) -> Floats32:
    """Shares over the last axis that sum to 1."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats32 = powers / powers.sum(axis=-1, keepdims=True)
    return shares
