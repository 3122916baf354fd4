"""Recordings for tests, made from the shipped ones by the same encoders that browsers and phones use."""

import io
import random
from functools import cache
from typing import cast

import av
import numpy as np

from tests.support.factories import HUMAN_AUDIO

FORMATS = {
    "wav": ("wav", "pcm_s16le", 16_000),
    "flac": ("flac", "flac", 16_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "m4a": ("mp4", "aac", 44_100),
    "aac": ("adts", "aac", 44_100),
    "webm": ("webm", "libopus", 48_000),
    "ogg": ("ogg", "libopus", 48_000),
    "caf": ("caf", "pcm_s16le", 16_000),
    "aiff": ("aiff", "pcm_s16be", 16_000),
    "amr": ("amr", "amrnb", 8_000),
}
# Telephone speech at 12.2 kbit/s: the header of a frame of 20 ms, and its 31 bytes (RFC 4867).
_AMR_FRAME, _AMR_FRAME_BYTES, _AMR_FRAME_S = b"\x3c", 31, 0.02


@cache
def encode(name: str, seconds: float | None = None) -> bytes:
    """Encodes the human line in one of FORMATS, or a silence of `seconds`; noise as AMR, which PyAV cannot encode."""
    if name == "amr":
        return _amr_noise(2.0 if seconds is None else seconds)
    container_format, codec, rate = FORMATS[name]
    target = io.BytesIO()
    with av.open(target, "w", format=container_format) as container:
        stream = cast(av.AudioStream, container.add_stream(codec, rate=rate, layout="mono"))
        for frame in _human_frames(rate) if seconds is None else _silence(seconds, rate):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _amr_noise(seconds: float) -> bytes:
    frames = random.Random(0)
    count = round(seconds / _AMR_FRAME_S)
    return b"#!AMR\n" + b"".join(_AMR_FRAME + frames.randbytes(_AMR_FRAME_BYTES) for _ in range(count))


def _human_frames(rate: int) -> list[av.AudioFrame]:
    resampler = av.AudioResampler("s16", "mono", rate)
    with av.open(str(HUMAN_AUDIO)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return frames + resampler.resample(None)


def _silence(seconds: float, rate: int) -> list[av.AudioFrame]:
    frames = []
    for start in range(0, int(seconds * rate), rate):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, rate), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = rate, start
        frames.append(frame)
    return frames
