"""Recordings: from any container a browser or a phone makes to 16 kHz mono float.

Runs only inside the decoder process (see `tasks/worker.py`), which has limits on memory and time.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer

Audio = npt.NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
# What browsers and phones record. Anything else (playlists, network streams, images) is refused before it is
# opened, and no demuxer may open a second file or address.
_FORMATS: Final = "wav,w64,mp3,mov,matroska,webm,ogg,flac,aac,aiff,caf"
_OPTIONS: Final = {"format_whitelist": _FORMATS, "protocol_whitelist": ""}


# How much less than its header promises a whole file may hold: encoders pad, and count their delay differently.
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
    """The samples of `read`."""
    return read(file, max_s).samples


def read(file: BinaryIO, max_s: float) -> Decoded:
    """Decodes a seekable file; stops reading as soon as max_s is exceeded.

    Raises UndecodableAudioError, AudioTooLongError or AudioEmptyError.
    """
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise AudioEmptyError
    file.seek(0)
    truncated = _promises_more_bytes(file.read(8), size)
    file.seek(0)
    limit = int(max_s * SAMPLE_RATE)
    pieces: list[Audio] = []
    count, promised_s = 0, 0.0
    try:
        with av.open(file, mode="r", options=dict(_OPTIONS)) as container:
            # No codec: FFmpeg has no decoder for it, as for a WAV file of 0 bits per sample.
            if not container.streams.audio or container.streams.audio[0].codec_context is None:
                raise UndecodableAudioError
            promised_s = (container.duration or 0) / av.time_base
            for piece in _samples(container):
                pieces.append(piece)
                count += len(piece)
                if count > limit:
                    raise AudioTooLongError
    except (av.FFmpegError, ValueError, OverflowError) as error:
        # A recording that breaks off (a phone call, a closed tab) is judged by what there is.
        if count < SAMPLE_RATE // 2:
            raise UndecodableAudioError from error
        truncated = True
    if not count:
        raise AudioEmptyError
    samples = np.concatenate(pieces)
    finite = np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0).astype(np.float32)
    return Decoded(finite, truncated or promised_s - count / SAMPLE_RATE > _SHORT_S)


def _promises_more_bytes(start: bytes, size: int) -> bool:
    """A WAV file says at its beginning how long it is; the demuxer believes the file system instead."""
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
