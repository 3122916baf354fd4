"""Recordings and media files of the kinds that phones, browsers and editors write and that are easily misread.

All recordings hold the human line of `factories`. The tones of the media files are 300 + 40·k Hz in second k.
"""

import io
import struct
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from tests.support import field_subtitles
from tests.support.factories import HUMAN_AUDIO

Samples = npt.NDArray[np.float64]

RATE_HZ = 16_000
SECONDS = 8
_CP949_TITLE = "제 녹음".encode("cp949")
_PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")


@cache
def human() -> Samples:
    """Returns the human line at 16 kHz, one channel."""
    with av.open(str(HUMAN_AUDIO)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        pieces = [frame.to_ndarray()[0] for frame in [*frames, *resampler.resample(None)]]
    return np.concatenate(pieces).astype(np.float64)


def wav(channels: Samples, *, sizes: int | None = None, chunks: bytes = b"") -> bytes:
    """Encodes (channels, samples) as 16-bit WAV; `sizes` replaces both lengths, `chunks` stand before the samples."""
    data = _pcm(channels, 15, "<i2")
    head = struct.pack("<HHIIHH", 1, len(channels), RATE_HZ, 2 * RATE_HZ * len(channels), 2 * len(channels), 16)
    return _riff(head, data, sizes, chunks)


def wav_24_in_32(channels: Samples) -> bytes:
    """Encodes as WAVE_FORMAT_EXTENSIBLE with 24 valid bits in 32."""
    count = len(channels)
    head = struct.pack("<HHIIHH", 0xFFFE, count, RATE_HZ, 4 * RATE_HZ * count, 4 * count, 32)
    data = (np.frombuffer(_pcm(channels, 31, "<i4"), "<i4") & ~0xFF).astype("<i4").tobytes()
    return _riff(head + struct.pack("<HHI", 22, 24, 0) + _PCM_GUID, data, None, b"")


def _pcm(channels: Samples, bits: int, kind: str) -> bytes:
    scaled = np.clip(channels.T, -1, 1) * (2.0**bits - 1)
    return scaled.astype(kind).tobytes()


def _riff(head: bytes, data: bytes, sizes: int | None, chunks: bytes) -> bytes:
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + chunks + b"data"
    length = len(data) if sizes is None else sizes
    total = len(body) + 4 + len(data) if sizes is None else sizes
    return b"RIFF" + struct.pack("<I", total) + body + struct.pack("<I", length) + data


def encode(
    tracks: Iterable[Samples],
    container_format: str,
    codec: str,
    rate_hz: int = 48_000,
    *,
    title: str | None = None,
    jump: tuple[float, float] | None = None,
    languages: Iterable[str] = (),
    options: dict[str, str] | None = None,
) -> bytes:
    """Encodes tracks of (channels, samples). `jump` moves all time stamps from its first moment on by the second, in s.

    The last of several tracks is marked as default where `languages` are given.
    """
    target, tracks, languages = io.BytesIO(), list(tracks), list(languages)
    with av.open(target, "w", format=container_format, options=options or {}) as container:
        if title:
            container.metadata["title"] = title
        streams: list[Any] = []
        for index, track in enumerate(tracks):
            stream: Any = container.add_stream(codec, rate=rate_hz, layout=_layout(track))
            if languages:
                stream.metadata["language"] = languages[index]
                is_last = index == len(tracks) - 1
                stream.disposition = av.stream.Disposition.default if is_last else av.stream.Disposition(0)
            streams.append(stream)
        packets = [
            packet for stream, track in zip(streams, tracks, strict=True) for packet in _packets(stream, track, rate_hz)
        ]
        for packet in sorted(packets, key=lambda each: float((each.dts or 0) * each.time_base)):
            if jump and packet.pts * packet.time_base >= jump[0]:
                packet.pts += round(jump[1] / packet.time_base)
                packet.dts = packet.pts
            container.mux(packet)
    return target.getvalue()


def _layout(track: Samples) -> str:
    return {1: "mono", 2: "stereo"}[len(track)]


def _packets(stream: Any, track: Samples, rate_hz: int) -> list[Any]:
    interleaved = (np.clip(track.T, -1, 1) * 32_767).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout=_layout(track))
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
    resampler = av.AudioResampler(stream.format, _layout(track), rate_hz, frame_size=stream.frame_size or None)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return [packet for piece in [*frames, None] for packet in stream.encode(piece) if packet.size]


def stereo(left: Samples, right: Samples) -> Samples:
    """Returns two channels, (2, samples)."""
    return np.stack([left, right])


def room(lead_s: float, trail_s: float, snr_db: float = 35.0) -> Samples:
    """Returns the line with a steady room in front of it, behind it and under it, (1, samples)."""
    around = np.pad(human(), (int(lead_s * RATE_HZ), int(trail_s * RATE_HZ)))
    level = np.sqrt(np.mean(np.square(human()))) * 10 ** (-snr_db / 20)
    noisy: Samples = around + level * np.random.default_rng(0).normal(size=len(around))
    return noisy[None]


def _halves() -> tuple[Samples, Samples]:
    middle = len(human()) // 2
    return human()[None, :middle], human()[None, middle:]


def _both(half: Samples) -> Samples:
    return np.repeat(half, 2, axis=0)


def _webm(track: Samples, **options: Any) -> bytes:
    return encode([track], "webm", "libopus", **options)


def _mp3(track: Samples) -> bytes:
    return encode([track], "mp3", "libmp3lame", 44_100, options={"write_xing": "0", "id3v2_version": "0"})


def _webm_with_cp949_title() -> bytes:
    title = "x" * len(_CP949_TITLE)
    return _webm(human()[None], title=title).replace(title.encode(), _CP949_TITLE)


def _wav_with_cp949_title() -> bytes:
    name = _CP949_TITLE + b"\0" * (len(_CP949_TITLE) % 2)
    info = b"INFOINAM" + struct.pack("<I", len(name)) + name
    return wav(human()[None], chunks=b"LIST" + struct.pack("<I", len(info)) + info)


def _chained_ogg() -> bytes:
    first, second = _halves()
    return encode([first], "ogg", "libopus") + encode([_both(second)], "ogg", "libopus")


def _noise_right() -> Samples:
    noise = 0.05 * np.random.default_rng(0).normal(size=len(human()))
    return stereo(human(), noise)


RECORDINGS: dict[str, Callable[[], bytes]] = {
    "list_cp949.wav": _wav_with_cp949_title,
    "title_cp949.webm": _webm_with_cp949_title,
    "id3v1_cp949.mp3": lambda: _mp3(human()[None]) + b"TAG" + _CP949_TITLE.ljust(125, b"\0"),
    "opposite.wav": lambda: wav(stereo(human(), -human())),
    "opposite.webm": lambda: _webm(stereo(human(), -human())),
    "left_only.wav": lambda: wav(stereo(human(), 0 * human())),
    "noise_right.wav": lambda: wav(_noise_right()),
    "11_channels.wav": lambda: wav(np.repeat(human()[None], 11, axis=0)),
    "mono_then_stereo.mp3": lambda: b"".join((_mp3(_halves()[0]), _mp3(_both(_halves()[1])))),
    "44_then_48.aac": lambda: b"".join(
        encode([half], "adts", "aac", rate) for half, rate in zip(_halves(), (44_100, 48_000), strict=True)
    ),
    "chained_1_to_2.ogg": _chained_ogg,
    "24_in_32.wav": lambda: wav_24_in_32(human()[None]),
    "gap_10.webm": lambda: _webm(human()[None], jump=(1.4, 10.0)),
    "gap_180.m4a": lambda: encode([human()[None]], "ipod", "aac", jump=(1.4, 180.0)),
    "7fffffff.wav": lambda: wav(human()[None], sizes=0x7FFFFFFF),
    "two_tracks.m4a": lambda: encode([0 * human()[None], human()[None]], "ipod", "aac"),
    "zeros_first.mp3": lambda: bytes(2000) + _mp3(human()[None]),
    "mid_frame.mp3": lambda: _mp3(np.pad(human(), (RATE_HZ // 4, 0))[None])[777:],
    "room_35_lead_60.ogg": lambda: encode([room(60, 2)], "ogg", "libopus"),
}
"""By name; each is to be scored like the line alone."""


def tones() -> Samples:
    """Returns 300 + 40·k Hz in second k, (samples,)."""
    at = np.arange(RATE_HZ) / RATE_HZ
    return np.concatenate([0.4 * np.sin(2 * np.pi * (300 + 40 * k) * at) for k in range(SECONDS)])


def _without(first_s: float, last_s: float) -> Samples:
    return np.delete(tones(), slice(int(first_s * RATE_HZ), int(last_s * RATE_HZ)))[None]


_LOW = 0.4 * np.sin(2 * np.pi * 120 * np.arange(SECONDS * RATE_HZ) / RATE_HZ)[None]

MEDIA: dict[str, tuple[str, Callable[[], bytes]]] = {
    "start_1.4_s.ts": ("clock", partial(encode, [tones()[None]], "mpegts", "aac", RATE_HZ)),
    "start.mp3": ("clock", partial(encode, [tones()[None]], "mp3", "libmp3lame", RATE_HZ)),
    "gap_2_s.mka": ("gap", partial(encode, [_without(4, 6)], "matroska", "aac", RATE_HZ, jump=(4.0, 2.0))),
    "default_is_2nd.mka": (
        "track",
        partial(encode, [_LOW, tones()[None]], "matroska", "aac", RATE_HZ, languages=("kor", "eng")),
    ),
    "opposite.ogg": ("not silent", partial(encode, [stereo(tones(), -tones())], "ogg", "libopus")),
}
"""The kind and the maker of each file, by name."""


def write(folder: Path) -> dict[str, Any]:
    """Writes all files to folder/recordings and folder/media; returns what is right, in the form of expected.json."""
    for name in ("recordings", "media"):
        (folder / name).mkdir(parents=True)
    for name, make in RECORDINGS.items():
        (folder / "recordings" / name).write_bytes(make())
    for name, (_, make) in MEDIA.items():
        (folder / "media" / name).write_bytes(make())
    recordings = [{"file": name, "class": "scored", "overall_min": 96.5, "truncated": False} for name in RECORDINGS]
    return {
        "subtitles": field_subtitles.write_subtitles(folder),
        "recordings": recordings,
        "media": [{"file": name, "kind": kind} for name, (kind, _) in MEDIA.items()],
    }
