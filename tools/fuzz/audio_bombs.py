"""Small files that declare or expand to huge content, built by hand because no encoder produces them."""

import struct
from collections.abc import Iterator

_CRC8 = 0x07
_CRC16 = 0x8005


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yields each file with a description."""
    yield "ten hours of silence in 40 KB of flac", flac_silence(5_000, 36_000)
    yield "a day of silence at 1 Hz", flac_silence(1, 86_400)
    yield "a year of silence at 1 Hz", flac_silence(1, 365 * 86_400)
    yield "flac of 655,350 Hz", flac_silence(655_350, 3_600)
    for size in (0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF):
        yield f"wav that declares {size} bytes", wav(b"\0" * 2000, declared=size)
    for channels in (0, 255, 65_535):
        yield f"wav of {channels} channels", wav(b"\0" * 70_000, channels=channels)
    for rate in (0, 1, 2**31 - 1, 2**32 - 1):
        yield f"wav of {rate} Hz", wav(b"\0" * 2000, rate=rate)
    for bits in (0, 1, 7, 24, 64, 65_535):
        yield f"wav of {bits} bits", wav(b"\0" * 2000, bits=bits)
    sizes = struct.pack("<IQQQI", 28, *[2**64 - 1] * 3, 0)
    yield "rf64 of 16 EiB", b"RF64\xff\xff\xff\xffWAVEds64" + sizes + wav()[12:]
    yield "id3 tag of 256 MiB", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\0" * 4000
    yield "flac with a picture of 16 MiB", b"fLaC\x86\xff\xff\xff" + b"\0" * 4000
    yield "flac with 4 billion comments", b"fLaC\x84\0\0\x0c" + struct.pack("<II", 0, 2**32 - 1) + b"\0" * 4
    yield "webm of unknown sizes all the way down", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 3500
    yield "mp4 of nested boxes", nested_boxes(2_000)
    yield "mp4 of a 2**63 byte box", b"\0\0\0\x18ftypM4A \0\0\0\0" + b"\0\0\0\x01moov\x7f" + b"\xff" * 7
    yield "mp4 with 2**32 samples in no bytes", mp4_of_samples(2**32 - 1)
    yield "ogg of 255 empty segments, 200 times", (b"OggS\0\2" + b"\0" * 20 + b"\xff" + b"\0" * 255) * 200


def wav(
    content: bytes = b"\0" * 2000,
    *,
    declared: int | None = None,
    channels: int = 1,
    rate: int = 16_000,
    bits: int = 16,
) -> bytes:
    align = channels * bits // 8 & 0xFFFF
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * align & 0xFFFFFFFF, align, bits)
    size = len(content) if declared is None else declared
    return b"RIFF" + struct.pack("<I", size) + b"WAVE" + form + b"data" + struct.pack("<I", size) + content


def flac_silence(rate: int, seconds: int) -> bytes:
    """Constant subframes of 65,536 samples: 15 bytes a frame. https://www.rfc-editor.org/rfc/rfc9639"""
    block = 65_535
    total = rate * seconds
    packed = (min(rate, 655_350) << 44) | (15 << 36) | (total & (2**36 - 1))
    info = struct.pack(">HH", block, block) + b"\0" * 6 + packed.to_bytes(8, "big") + b"\0" * 16
    frames = (_flac_frame(number, block) for number in range(min(total // block + 1, 3_000)))
    return b"fLaC" + b"\x80\0\0\x22" + info + b"".join(frames)


def _flac_frame(number: int, block: int) -> bytes:
    header = b"\xff\xf8\x70\x08" + chr(number).encode("utf-8", "surrogatepass") + struct.pack(">H", block - 1)
    header += _crc(header, _CRC8, 8).to_bytes(1, "big")
    frame = header + b"\0\0\0"
    return frame + _crc(frame, _CRC16, 16).to_bytes(2, "big")


def _crc(data: bytes, polynomial: int, width: int) -> int:
    remainder = 0
    for byte in data:
        remainder ^= byte << (width - 8)
        for _ in range(8):
            carry = remainder >> (width - 1)
            remainder = (remainder << 1) & ((1 << width) - 1) ^ (polynomial if carry else 0)
    return remainder


def nested_boxes(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = struct.pack(">I", len(content) + 8) + b"moov" + content
    return b"\0\0\0\x14ftypM4A \0\0\0\0M4A " + content


def mp4_of_samples(count: int) -> bytes:
    """An MP4 whose tables declare `count` samples of no bytes, each a second long."""

    def box(kind: bytes, *parts: bytes) -> bytes:
        content = b"".join(parts)
        return struct.pack(">I", len(content) + 8) + kind + content

    entry = box(b"mp4a", b"\0" * 6 + b"\0\1" + b"\0" * 8 + struct.pack(">HHII", 1, 16, 0, 8000 << 16))
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", struct.pack(">IIII", 0, 1, count, 1)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)),
        box(b"stsz", struct.pack(">III", 0, 1, count)),
        box(b"stco", struct.pack(">III", 0, 1, 0)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1, count, 0, 0)),
        box(b"hdlr", struct.pack(">II4s", 0, 0, b"soun") + b"\0" * 13),
        box(b"minf", table),
    )
    track = box(b"trak", box(b"tkhd", struct.pack(">IIII", 7, 0, 0, 1) + b"\0" * 68), media)
    return box(b"ftyp", b"M4A \0\0\0\0M4A ") + box(b"moov", box(b"mvhd", b"\0" * 100), track) + box(b"mdat", b"\0" * 64)
