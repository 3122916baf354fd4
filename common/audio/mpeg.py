"""Frames of MP3 and of AAC without a container (ADTS), found behind bytes that are none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SEARCHED_BYTES: Final = 64 * 1024

_FRAMES_IN_A_ROW: Final = 4
_VERSION_1: Final = 3
_RATES_HZ: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
# Bit rates of layer III in kbit/s by index, for MPEG 1 and for MPEG 2 and 2.5 (ISO 11172-3, ISO 13818-3).
_KBPS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# The headers of the length lie within this much of the first frame.
_TAGGED_BYTES: Final = 192

# The header of a frame → what all frames of a stream have in common, and the length in bytes; None for no header.
Parse = Callable[[bytes], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Found:
    """The offset of the first frame; `kind` is "mp3" or "aac"."""

    offset: int
    kind: str


def find_frames(head: bytes) -> Found | None:
    """Returns the place of the first four frames in a row of one kind and rate; None without any."""
    at = head.find(b"\xff")
    while at >= 0:
        for kind, parse in (("mp3", _mp3_frame), ("aac", _adts_frame)):
            if _is_row(head, at, parse):
                return Found(at, kind)
        at = head.find(b"\xff", at + 1)
    return None


def stated_length_s(head: bytes) -> float | None:
    """Returns the length of an MP3 file by its Xing, Info or VBRI header; None without one.

    FFmpeg makes a guess then, and also where the file holds more bytes than the header says. `head` begins with the
    first frame, or with an ID3 tag that is followed by it.
    """
    start = tag_bytes(head)
    frame = head[start : start + _TAGGED_BYTES]
    header = _mp3_frame(frame[:7])
    if header is None:
        return None
    version, rate_index = frame[1] >> 3 & 3, frame[2] >> 2 & 3
    frame_s = (1152 if version == _VERSION_1 else 576) / _RATES_HZ[version][rate_index]
    for tag in (b"Xing", b"Info"):
        at = frame.find(tag)
        if at > 0 and frame[at + 7] & 1:
            return int.from_bytes(frame[at + 8 : at + 12], "big") * frame_s
    at = frame.find(b"VBRI")
    return int.from_bytes(frame[at + 14 : at + 18], "big") * frame_s if at > 0 else None


def tag_bytes(head: bytes) -> int:
    """Returns the length of the ID3 tag at the start of a file; 0 without one."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _is_row(head: bytes, at: int, parse: Parse) -> bool:
    streams = set()
    for _ in range(_FRAMES_IN_A_ROW):
        frame = parse(head[at : at + 7])
        if frame is None:
            return False
        streams.add(frame[0])
        at += frame[1]
    return len(streams) == 1


def _mp3_frame(header: bytes) -> tuple[int, int] | None:
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, rate_index, rate_kbps_index = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version not in _RATES_HZ or rate_index == 3 or rate_kbps_index in (0, 15):
        return None
    kbps = (_KBPS_1 if version == _VERSION_1 else _KBPS_2)[rate_kbps_index]
    factor = 144_000 if version == _VERSION_1 else 72_000
    size = factor * kbps // _RATES_HZ[version][rate_index] + (header[2] >> 1 & 1)
    return header[1] << 2 | rate_index, size


def _adts_frame(header: bytes) -> tuple[int, int] | None:
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
        return None
    size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return (header[1] << 8 | header[2] & 0xFC, size) if size > 7 else None
