"""One channel out of several at unchanged level: their mean, or the best one where the mean would lose the voice."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Levels = npt.NDArray[np.float64]

SILENCE_DB: Final = -80.0
"""Loudest frames of a track that holds no sound, in dB of full scale."""

# The mean of two channels of which one is silent is 6 dB weaker than the other one; of two unlike ones, 3 dB.
_MIX_MAY_LOSE_DB: Final = 4.5
# Contrast of loud and quiet frames tells a voice from noise and hum.
_CONTRAST_MAY_LOSE_DB: Final = 6.0
_MAX_CONTRAST_DB: Final = 40.0
_LOUD, _QUIET = 0.95, 0.1
_FLOOR: Final = 1e-10
_SCALES: Final = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31}


def channels_of(frame: Any) -> Samples:
    """Returns the samples of a frame as float32 (channels, samples) of full scale 1, finite."""
    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    scale = _SCALES.get(values.dtype.str[1:])
    if scale is None:
        return np.nan_to_num(values.astype(np.float32), posinf=1.0, neginf=-1.0)
    middle = 128.0 if values.dtype == np.uint8 else 0.0
    return ((values.astype(np.float64) - middle) / scale).astype(np.float32)


class ChannelLevels:
    """Mean squares of all channels and of their mean, frame by frame."""

    def __init__(self) -> None:
        self._powers: list[Levels] = []

    def add(self, channels: Samples) -> None:
        """Measures a frame, float32 (channels, samples)."""
        if channels.shape[1]:
            with_mean = np.vstack([channels, channels.mean(axis=0, keepdims=True)]).astype(np.float64)
            self._powers.append(np.square(with_mean).mean(axis=1))

    @property
    def loudest_db(self) -> float:
        """Level of the loud frames of the loudest channel, in dB of full scale."""
        return float(self._loud_db()[:-1].max()) if self._powers else -np.inf

    def weights(self) -> Samples:
        """Returns the share of each channel in the mix, float32 (channels,)."""
        loud = self._loud_db()
        contrast = np.minimum(loud - self._decibels(_QUIET), _MAX_CONTRAST_DB)
        best = int(np.argmax(contrast[:-1] + (loud[:-1] - loud[:-1].max()) / 2))
        count = len(loud) - 1
        is_weak = loud[-1] < loud[best] - _MIX_MAY_LOSE_DB
        if is_weak or contrast[-1] < contrast[best] - _CONTRAST_MAY_LOSE_DB:
            return np.eye(count, dtype=np.float32)[best]
        return even_weights(count)

    def _loud_db(self) -> Levels:
        return self._decibels(_LOUD)

    def _decibels(self, quantile: float) -> Levels:
        powers = np.quantile(np.array(self._powers), quantile, axis=0)
        decibels: Levels = 10 * np.log10(powers + _FLOOR)
        return decibels


def even_weights(count: int) -> Samples:
    """Returns the weights of the mean of `count` channels."""
    return np.full(count, 1 / count, np.float32)


def weights_by_count(levels: Mapping[int, ChannelLevels]) -> dict[int, Samples]:
    """Returns the weights for each number of channels that was met."""
    return {count: each.weights() for count, each in levels.items()}


def loudest_db(levels: Sequence[ChannelLevels]) -> float:
    """Returns the highest level of them all, in dB of full scale; -inf for none."""
    return max((each.loudest_db for each in levels), default=-np.inf)
