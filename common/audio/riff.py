"""The header of a WAV file (RIFF, RF64, BW64)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

# The highest rate that recorders offer; a header that says more is wrong.
MAX_RATE_HZ: Final = 768_000
MAGICS: Final = (b"RIFF", b"RF64", b"BW64")

_MAX_CHUNKS: Final = 100
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FORMAT: Final = struct.Struct("<HHIIHH")
_EXTENSION: Final = struct.Struct("<HHIH")
# Writers that do not know the length leave 0 or a number near the end of the 31 or 32 bits.
_LEAST_PLACEHOLDER: Final = 0x7FFF0000
# Encoders pad, and some count a header with the samples; less than this is no missing sound.
_TOLERANCE_S: Final = 0.25


class OddSamplesError(ValueError):
    """Samples take another number of bytes than their number of bits says, and may lie at either end of them."""


@dataclass(frozen=True, slots=True)
class WavHeader:
    """Format and place of the samples. `codec` is the format tag (WAVE_FORMAT_*), that of an extension if there is one.

    `patches` replace bytes of the header (see FileView): FFmpeg takes the valid bits of a sample for its size.
    """

    codec: int
    channels: int
    rate_hz: int
    frame_bytes: int
    bits: int
    data_start: int
    data_bytes: int
    patches: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def has_length(self) -> bool:
        """False where the writer did not know the length."""
        return 0 < self.data_bytes < _LEAST_PLACEHOLDER

    @property
    def is_pcm(self) -> bool:
        """True for whole numbers of 8 to 32 bits without compression."""
        is_whole = self.frame_bytes == self.channels * self.bits // 8
        return self.codec == _PCM and self.bits in (8, 16, 24, 32) and self.channels > 0 and is_whole

    def is_cut(self, file_bytes: int) -> bool:
        """True where the header promises at least 0.25 s more than the file holds."""
        missing = self.data_start + self.data_bytes - file_bytes
        return self.has_length and missing > max(1, _TOLERANCE_S * self.rate_hz * self.frame_bytes)


def read_header(file: BinaryIO, file_bytes: int) -> WavHeader | None:
    """Reads the chunks up to the samples; None where there is no format, or no samples after it.

    Raises OddSamplesError.
    """
    body, body_at, at = b"", 0, 12
    for _ in range(_MAX_CHUNKS):
        file.seek(at)
        name, size = struct.unpack("<4sI", file.read(8).ljust(8, b"\0"))
        if name == b"data":
            return _header(body, body_at, at + 8, size)
        if name == b"fmt ":
            body, body_at = file.read(min(size, 64)), at + 8
        at += 8 + size + size % 2
        if at >= file_bytes:
            break
    return None


def _header(body: bytes, body_at: int, data_start: int, data_bytes: int) -> WavHeader | None:
    if len(body) < _FORMAT.size:
        return None
    codec, channels, rate_hz, _, frame_bytes, bits = _FORMAT.unpack_from(body)
    patches = {}
    if codec == _EXTENSIBLE and len(body) >= _FORMAT.size + _EXTENSION.size:
        _, valid_bits, _, codec = _EXTENSION.unpack_from(body, _FORMAT.size)
        if codec in (_PCM, _FLOAT) and valid_bits != bits:
            patches = {body_at + _FORMAT.size + 2: struct.pack("<H", bits)}
    if codec == _PCM and channels and frame_bytes != channels * ((bits + 7) // 8):
        raise OddSamplesError
    return WavHeader(codec, channels, rate_hz, frame_bytes, bits, data_start, data_bytes, patches)
