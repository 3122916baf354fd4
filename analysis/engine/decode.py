"""Decoding of recordings: from the containers that browsers and phones make to 16 kHz mono float.

Runs only inside the decoder process (`analysis/processes/decoder_handler.py`), which has limits on memory and time.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import av
import numpy as np
from av.container import InputContainer

from analysis.engine.audio import SAMPLE_RATE, Audio

# Formats that browsers and phones record. Anything else (playlists, network streams, images) is refused before it is
# opened, and no demuxer may open a second file or address.
_FORMATS: Final = "wav,w64,mp3,mov,matroska,webm,ogg,flac,aac,aiff,caf"
_OPTIONS: Final = {"format_whitelist": _FORMATS, "protocol_whitelist": ""}
# A complete file may be shorter than its header promises by this much: encoders pad, and count their delay differently.
_SHORT_S: Final = 0.25
_UNKNOWN_SIZES: Final = (0, 0xFFFFFFFF)


@dataclass(frozen=True)
class Decoded:
    """16 kHz mono float32 in [-1, 1]; `truncated` when the file breaks off before its end."""

    samples: Audio
    truncated: bool


class UndecodableAudioError(Exception):
    """No audio can be read from these bytes."""


class AudioTooLongError(Exception):
    """The recording is longer than the limit."""


class AudioEmptyError(Exception):
    """The recording holds no samples."""


def decode(file: BinaryIO, max_s: float) -> Audio:
    """Returns the samples that `read` decodes. Raises the same errors."""
    return read(file, max_s).samples


def read(file: BinaryIO, max_s: float) -> Decoded:
    """Decodes a seekable file; stops as soon as max_s is exceeded.

    Raises UndecodableAudioError, AudioTooLongError or AudioEmptyError.
    """
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise AudioEmptyError
    file.seek(0)
    truncated = _promises_more_bytes(file.read(8), size)
    file.seek(0)
    pieces: list[Audio] = []
    promised_s = 0.0
    try:
        with av.open(file, mode="r", options=dict(_OPTIONS)) as container:
            # FFmpeg has no decoder for some files, such as WAV of 0 bits per sample.
            if not container.streams.audio or container.streams.audio[0].codec_context is None:
                raise UndecodableAudioError
            promised_s = (container.duration or 0) / av.time_base
            _collect(container, pieces, int(max_s * SAMPLE_RATE))
    except (av.FFmpegError, ValueError, OverflowError) as error:
        # A recording that breaks off (a phone call, a closed tab) is assessed as far as it goes.
        if sum(map(len, pieces)) < SAMPLE_RATE // 2:
            raise UndecodableAudioError from error
        truncated = True
    return _join(pieces, truncated, promised_s)


def _collect(container: InputContainer, pieces: list[Audio], limit: int) -> None:
    """Appends the decoded pieces, also those before an error. Raises AudioTooLongError beyond `limit` samples."""
    count = 0
    for piece in _samples(container):
        pieces.append(piece)
        count += len(piece)
        if count > limit:
            raise AudioTooLongError


def _join(pieces: list[Audio], truncated: bool, promised_s: float) -> Decoded:
    """The pieces as one recording of finite samples. Raises AudioEmptyError without samples."""
    if not sum(map(len, pieces)):
        raise AudioEmptyError
    samples = np.concatenate(pieces)
    finite = np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0).astype(np.float32)
    return Decoded(finite, truncated or promised_s - len(samples) / SAMPLE_RATE > _SHORT_S)


def _promises_more_bytes(start: bytes, size: int) -> bool:
    """True for a WAV file whose header promises more than its size; the demuxer ignores that field."""
    promised = int.from_bytes(start[4:8], "little")
    return start[:4] == b"RIFF" and promised not in _UNKNOWN_SIZES and promised + 8 > size + 1


def _samples(container: InputContainer) -> Iterator[Audio]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1
    for frame in container.decode(stream):
        for out in resampler.resample(frame):
            yield out.to_ndarray()[0]
    for out in resampler.resample(None):
        yield out.to_ndarray()[0]
