"""The part of a recording that may hold speech, found by its level: what a room adds around a line is left out.

Costs some 40 ms of CPU for two minutes, before any model runs.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.engine.audio import SAMPLE_RATE, Audio

Levels = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# First frame and the frame after the last one.
Island = tuple[int, int]

_FRAME: Final = 480
_FRAME_S: Final = _FRAME / SAMPLE_RATE
# Voices carry most between these; below lie rumble and mains hum.
_BAND_HZ: Final = (150.0, 4000.0)
# Silence that is kept on both sides at least. Recordings with less around the line stay as they are.
MARGIN_S: Final = 1.0
# A region begins on a common multiple of the frame, the pitch hop (256 samples) and the posterior frame (320).
_GRID: Final = 3840
# Active is what exceeds the room by the first figure and the loudest frames less the second one, in dB.
_OVER_ROOM_DB: Final = 6.0
_BELOW_PEAK_DB: Final = 45.0
# With less between the room and the loudest frames, nothing is left out.
_MIN_CONTRAST_DB: Final = 12.0
_ROOM: Final = 0.05
_SILENCE_DB: Final = -100.0
# Islands with shorter pauses between them belong together: learners pause within a line.
_PAUSE_S: Final = 6.0
# Activity of a click, a door or a cough, and how far below the loudest island a remote voice lies.
_BLIP_S: Final = 0.25
_REMOTE_DB: Final = 20.0


@dataclass(frozen=True, slots=True)
class Region:
    """Samples from `start` to `stop`; the sound that stands out begins at `first` and ends at `last`, None where the
    recording is not cut on that side.
    """

    start: int
    stop: int
    first: int | None = None
    last: int | None = None


def find(audio: Audio) -> Region:
    """Returns the region around the speech; all of the recording where nothing stands out from the room."""
    frames = len(audio) // _FRAME
    if frames * _FRAME_S <= 2 * MARGIN_S:
        return Region(0, len(audio))
    levels = _levels_db(audio[: frames * _FRAME].reshape(-1, _FRAME))
    smooth = np.convolve(np.pad(levels, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    room, peak = float(np.quantile(smooth, _ROOM)), float(smooth.max())
    active = _without_clicks(levels > max(room + _OVER_ROOM_DB, peak - _BELOW_PEAK_DB))
    if peak - room < _MIN_CONTRAST_DB or not active.any():
        return Region(0, len(audio))
    groups = _spoken(_groups(active), active, levels)
    margin = int(MARGIN_S * SAMPLE_RATE)
    first, last = groups[0][0] * _FRAME, groups[-1][1] * _FRAME
    start, stop = max(0, first - margin) // _GRID * _GRID, min(len(audio), last + margin)
    return Region(start, stop, first if start else None, last if stop < len(audio) else None)


def _without_clicks(active: Mask) -> Mask:
    """Drops what is not active in at least three frames of five."""
    density = np.convolve(np.pad(active.astype(np.float64), 2), np.ones(5), mode="valid")
    kept: Mask = active & (density >= 3)
    return kept


def _levels_db(frames: Audio) -> Levels:
    """Level of each frame within the band of voices, dB of full scale."""
    hertz = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE)
    band = (hertz >= _BAND_HZ[0]) & (hertz <= _BAND_HZ[1])
    window = np.hanning(_FRAME).astype(np.float32)
    power = np.concatenate(
        [
            np.square(np.abs(np.fft.rfft(block * window, axis=1)[:, band])).sum(axis=1)
            for block in np.array_split(frames, len(frames) // 500 + 1)
        ]
    )
    decibels: Levels = 10 * np.log10(power / (_FRAME / 2) ** 2 + 10 ** (_SILENCE_DB / 10))
    return decibels


def _groups(active: Mask) -> list[Island]:
    """Returns the runs of active frames, joined over pauses."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    islands = [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
    joined = islands[:1]
    for island in islands[1:]:
        if (island[0] - joined[-1][1]) * _FRAME_S <= _PAUSE_S:
            joined[-1] = (joined[-1][0], island[1])
        else:
            joined.append(island)
    return joined


def _spoken(groups: Sequence[Island], active: Mask, levels: Levels) -> list[Island]:
    """Drops the groups at both ends that are too short or too weak beside the longest one to be a part of the line."""
    lengths = [int(active[start:stop].sum()) for start, stop in groups]
    main = int(np.argmax(lengths))
    loud = [float(np.quantile(levels[start:stop][active[start:stop]], 0.9)) for start, stop in groups]

    def is_spoken(index: int) -> bool:
        is_blip = lengths[index] * _FRAME_S < _BLIP_S
        return index == main or not (is_blip or loud[index] < loud[main] - _REMOTE_DB)

    kept = [index for index in range(len(groups)) if is_spoken(index)]
    return list(itertools.islice(groups, kept[0], kept[-1] + 1))
