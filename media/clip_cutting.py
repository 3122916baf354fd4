"""Cuts the sound of a scene into its lines, in a process of its own (see isolated_main.py). Imports nothing of ours."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

Samples = np.ndarray[Any, np.dtype[np.int16]]

RATE_HZ = 24_000
# Subtitle times are a little off; a line that is cut short is worse than some extra silence.
PADDING_S = 0.05
MAX_SOUND_S = 3600.0


class NoSound(Exception):
    """The file holds no sound that can be decoded."""


def handle(request: bytes) -> bytes:
    """Runs cut_lines with the arguments of a JSON object; replies with its result as JSON, null for NoSound."""
    try:
        return json.dumps(cut_lines(**json.loads(request))).encode()
    except NoSound:
        return b"null"


def cut_lines(media: str, times_s: Sequence[tuple[float, float]], folder: str) -> float:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, … (24 kHz, mono, 16 bit).

    `times_s` is sorted by start; lines may overlap. Returns the length of the sound in seconds. Raises NoSound.
    """
    open_lines: dict[int, list[Samples]] = {}
    spans = [
        (round(max(0.0, start - PADDING_S) * RATE_HZ), round((end + PADDING_S) * RATE_HZ)) for start, end in times_s
    ]
    waiting, at = 0, 0
    for block in _samples(media):
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


def _samples(media: str) -> Iterator[Samples]:
    """Yields the sound in blocks, from the start of the file: silence first where the picture starts earlier."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    max_samples, total = round(MAX_SOUND_S * RATE_HZ), 0
    try:
        with av.open(media, metadata_errors="ignore") as container:
            if not container.streams.audio:
                return
            for frame in container.decode(container.streams.audio[0]):
                if not total and frame.time and frame.time > 0:
                    total = min(round(frame.time * RATE_HZ), max_samples)
                    yield np.zeros(total, "int16")
                for part in resampler.resample(frame):
                    total += part.samples
                    yield part.to_ndarray()[0]
                if total > max_samples:
                    return
            for part in resampler.resample(None):
                yield part.to_ndarray()[0]
    except (FFmpegError, ValueError, EOFError):
        # The caller judges what could be decoded up to here by its length.
        return


def _write(path: Path, samples: Samples) -> None:
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
