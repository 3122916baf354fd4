"""Cuts the sound of a scene into its lines, in a process of its own (isolated_main.py). Imports of ours: `common`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np

from common.audio.errors import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from common.audio.source import Block, SoundSource, TrackMissingError, TrackWish
from common.audio.tracks import MEDIA

Samples = np.ndarray[Any, np.dtype[np.int16]]

RATE_HZ = 24_000
# Subtitle times are a little off; a line that is cut short is worse than some extra silence.
PADDING_S = 0.05
MAX_SOUND_S = 3600.0
# Smaller differences between the time stamps and the length of the sound are jitter.
_JITTER_S = 0.05
# A longer jump, or one backwards, is a clock that was set anew and no pause.
_MAX_PAUSE_S = 600.0


class NoSound(Exception):
    """The file holds no sound that can be decoded."""


def handle(request: bytes) -> bytes:
    """Runs cut_lines with the arguments of a JSON object; replies with a JSON object.

    `length_s` is its result, null for NoSound; `tracks` is how many there are where the one asked for is missing.
    """
    length_s, tracks = None, None
    try:
        length_s = cut_lines(**json.loads(request))
    except NoSound:
        pass
    except TrackMissingError as error:
        tracks = error.count
    return json.dumps({"length_s": length_s, "tracks": tracks}).encode()


def cut_lines(
    media: str,
    times_s: Sequence[tuple[float, float]],
    folder: str,
    language: str | None = None,
    track: int | None = None,
) -> float:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, … (24 kHz, mono, 16 bit).

    `times_s` counts from the start of the file's clock and is sorted by start; lines may overlap. Of several tracks,
    `track` counts from 1; without it the one in `language` is taken, else the default one. Returns the length of the
    sound in seconds. Raises NoSound or TrackMissingError.
    """
    open_lines: dict[int, list[Samples]] = {}
    spans = [
        (round(max(0.0, start - PADDING_S) * RATE_HZ), round((end + PADDING_S) * RATE_HZ)) for start, end in times_s
    ]
    waiting, at = 0, 0
    for block in _samples(media, TrackWish(track, language, prefers_default=True)):
        end = at + len(block)
        while waiting < len(spans) and spans[waiting][0] < end:
            open_lines[waiting] = []
            waiting += 1
        for index in tuple(open_lines):
            first, last = spans[index]
            open_lines[index].append(block[max(0, first - at) : max(0, last - at)])
            if last <= end:
                _write(Path(folder) / f"{index}.flac", np.concatenate(open_lines.pop(index)))
        at = end
    if at == 0:
        raise NoSound
    for index, pieces in open_lines.items():
        _write(Path(folder) / f"{index}.flac", np.concatenate(pieces))
    return at / RATE_HZ


def _samples(media: str, wish: TrackWish) -> Iterator[Samples]:
    """Yields the sound in blocks, from the start of the file's clock: silence where that has no sound."""
    timeline, max_samples = _Timeline(), round(MAX_SOUND_S * RATE_HZ)
    try:
        with Path(media).open("rb") as file:
            for block in SoundSource(file, MEDIA, rate_hz=RATE_HZ, sample_format="s16", wish=wish).blocks(MAX_SOUND_S):
                for part in (np.zeros(timeline.silence_before(block), "int16"), block.samples):
                    timeline.at += len(part)
                    yield part
                if timeline.at > max_samples:
                    return
    except (UndecodableAudioError, AudioEmptyError, AudioTooLongError):
        # The caller judges what could be decoded up to here by its length.
        return


class _Timeline:
    """Compares the samples so far, `at`, with the time stamps of the file."""

    def __init__(self) -> None:
        self.at = 0
        self._shift = 0

    def silence_before(self, block: Block) -> int:
        """Returns how many samples of silence the time stamps leave before a block."""
        if block.start_s is None:
            return 0
        gap = round(block.start_s * RATE_HZ) + self._shift - self.at
        if gap < -_JITTER_S * RATE_HZ or gap > _MAX_PAUSE_S * RATE_HZ:
            self._shift -= gap
            return 0
        return gap if gap > 0 and (self.at == 0 or gap > _JITTER_S * RATE_HZ) else 0


def _write(path: Path, samples: Samples) -> None:
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
