"""Cuts the sound of a scene into its lines, in a process of its own (isolated_main.py). Imports of ours: `common`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import numpy as np

from common.audio.cut import PADDING_S, WAVEFORM_HZ, Cut, waveform_path
from common.audio.errors import AudioEmptyError, AudioTooLongError, UndecodableAudioError
from common.audio.source import Block, SoundSource, TrackMissingError, TrackWish
from common.audio.tracks import MEDIA

Samples = np.ndarray[Any, np.dtype[np.int16]]

RATE_HZ = 24_000
MAX_SOUND_S = 3600.0
# Smaller differences between the time stamps and the length of the sound are jitter.
_JITTER_S = 0.05
# A longer jump, or one backwards, is a clock that was set again and no pause.
_MAX_PAUSE_S = 600.0
# -70 dB of full scale: lower than the noise of any recording, higher than the rounding of a codec.
_SILENT = 10


class NoSound(Exception):
    """The file holds no sound that can be decoded."""


def handle(request: bytes) -> bytes:
    """Runs cut_lines with the arguments of a JSON object; replies with a JSON object.

    `cut` has the fields of its result, null for NoSound; `tracks` is how many there are where the one asked for is
    missing.
    """
    cut, tracks = None, None
    try:
        cut = asdict(cut_lines(**json.loads(request)))
    except NoSound:
        pass
    except TrackMissingError as error:
        tracks = error.count
    return json.dumps({"cut": cut, "tracks": tracks}).encode()


def cut_lines(
    media: str,
    times_s: Sequence[tuple[float, float]],
    folder: str,
    language: str | None = None,
    track: int | None = None,
    *,
    is_whole: bool = True,
) -> Cut:
    """Writes the sound between each pair of times to folder/0.flac, folder/1.flac, … (24 kHz, mono, 16 bit).

    Also writes the waveform of all that was read to folder/waveform. Unless `is_whole`, nothing is read after the last
    of the times, and `length_s` is that of the part.

    `times_s` counts from the start of the file's clock and is sorted by start; lines may overlap. Of several tracks,
    `track` counts from 1; without it the one in `language` is taken, else the default one. Raises NoSound or
    TrackMissingError.
    """
    clips, peaks = _Clips(times_s, Path(folder)), _Peaks()
    sound = _Sound(Path(media), TrackWish(track, language, prefers_default=True))
    for block in sound.blocks():
        clips.add(block)
        peaks.add(block)
        if clips.is_complete and not is_whole:
            break
    if clips.at == 0:
        raise NoSound
    clips.close()
    waveform_path(Path(folder)).write_bytes(peaks.close())
    return Cut(clips.at / RATE_HZ, sound.track, sound.tracks, sorted(clips.silent))


class _Clips:
    """Collects the samples of lines, and writes each line once it is complete. `at` counts the samples so far."""

    def __init__(self, times_s: Sequence[tuple[float, float]], folder: Path) -> None:
        self._spans = [
            (round(max(0.0, start - PADDING_S) * RATE_HZ), round((end + PADDING_S) * RATE_HZ)) for start, end in times_s
        ]
        self._folder = folder
        self._open: dict[int, list[Samples]] = {}
        self._waiting = 0
        self.at = 0
        self.silent: list[int] = []

    def add(self, block: Samples) -> None:
        """Takes the next samples."""
        end = self.at + len(block)
        while self._waiting < len(self._spans) and self._spans[self._waiting][0] < end:
            self._open[self._waiting] = []
            self._waiting += 1
        for index in tuple(self._open):
            first, last = self._spans[index]
            self._open[index].append(block[max(0, first - self.at) : max(0, last - self.at)])
            if last <= end:
                self._write(index)
        self.at = end

    @property
    def is_complete(self) -> bool:
        """True once every line is written."""
        return self._waiting == len(self._spans) and not self._open

    def close(self) -> None:
        """Writes the lines that the sound does not reach the end of."""
        for index in tuple(self._open):
            self._write(index)

    def _write(self, index: int) -> None:
        samples = np.concatenate(self._open.pop(index))
        _write(self._folder / f"{index}.flac", samples)
        if not np.any(np.abs(samples) > _SILENT):
            self.silent.append(index)


class _Peaks:
    """Collects the largest amplitude of each 1 / WAVEFORM_HZ seconds."""

    _SPAN = RATE_HZ // WAVEFORM_HZ

    def __init__(self) -> None:
        self._peaks = bytearray()
        self._rest = np.zeros(0, "int16")

    def add(self, block: Samples) -> None:
        """Takes the next samples."""
        samples = np.concatenate([self._rest, block])
        full = len(samples) - len(samples) % self._SPAN
        self._append(samples[:full].reshape(-1, self._SPAN))
        self._rest = samples[full:]

    def close(self) -> bytes:
        """Returns all peaks, the last one of a shorter span."""
        if len(self._rest):
            self._append(self._rest.reshape(1, -1))
        return bytes(self._peaks)

    def _append(self, spans: Samples) -> None:
        loudest = np.abs(spans.astype(np.int32)).max(axis=1, initial=0)
        self._peaks += np.minimum((loudest + 127) // 128, 255).astype(np.uint8).tobytes()


class _Sound:
    """One track of a file. `track`, from 1, and `tracks` are known after the first block."""

    def __init__(self, media: Path, wish: TrackWish) -> None:
        self._media = media
        self._wish = wish
        self.track = 0
        self.tracks = 0

    def blocks(self) -> Iterator[Samples]:
        """Yields the samples from the start of the file's clock: silence where that has no sound."""
        timeline, max_samples = _Timeline(), round(MAX_SOUND_S * RATE_HZ)
        # The caller judges what could be decoded up to an error by its length.
        with suppress(UndecodableAudioError, AudioEmptyError, AudioTooLongError), self._media.open("rb") as file:
            source = SoundSource(file, MEDIA, rate_hz=RATE_HZ, sample_format="s16", wish=self._wish)
            self.track, self.tracks = source.track, source.tracks
            for block in source.blocks(MAX_SOUND_S):
                for part in (np.zeros(timeline.silence_before(block), "int16"), block.samples):
                    timeline.at += len(part)
                    yield part
                if timeline.at > max_samples:
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
