"""The files of WebM or Matroska that follow one another in one: FFmpeg reads only the first two."""

from typing import BinaryIO, Final

MAGIC: Final = b"\x1a\x45\xdf\xa3"

# The header that begins a file names its kind within its first bytes.
_HEADER_BYTES: Final = 64
_KINDS: Final = (b"webm", b"matroska")
_BLOCK_BYTES: Final = 1 << 20
_MAX_FILES: Final = 100


def read_spans(file: BinaryIO, file_bytes: int) -> tuple[tuple[int, int], ...]:
    """Returns the first byte of each file and that after its end; all after a hundred belong to the last one."""
    starts: list[int] = []
    for block_at in range(0, file_bytes, _BLOCK_BYTES):
        file.seek(block_at)
        block = file.read(_BLOCK_BYTES + _HEADER_BYTES)
        at = block.find(MAGIC)
        while 0 <= at < _BLOCK_BYTES and len(starts) < _MAX_FILES:
            if any(kind in block[at : at + _HEADER_BYTES] for kind in _KINDS):
                starts.append(block_at + at)
            at = block.find(MAGIC, at + 1)
    starts[:1] = [0]
    return tuple(zip(starts, [*starts[1:], file_bytes], strict=True))
