"""A window on a file: what a demuxer gets to see of it."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO

_NO_PATCHES: Mapping[int, bytes] = MappingProxyType({})


class FileView:
    """The bytes from `start` to `stop` of a seekable file, as a file for PyAV.

    `patches` maps an offset in the underlying file to the bytes that replace those found there.
    """

    def __init__(
        self, file: BinaryIO, start: int = 0, stop: int | None = None, patches: Mapping[int, bytes] = _NO_PATCHES
    ) -> None:
        self._file = file
        self._start = start
        self._stop = file.seek(0, io.SEEK_END) if stop is None else stop
        self._patches = patches
        self._at = 0

    def reopened(self) -> "FileView":
        """Returns another view of the same bytes, with a position of its own."""
        return FileView(self._file, self._start, self._stop, self._patches)

    def __len__(self) -> int:
        return max(0, self._stop - self._start)

    def read(self, size: int = -1) -> bytes:
        """Returns at most `size` bytes; empty at the end."""
        left = max(0, len(self) - self._at)
        wanted = left if size < 0 else min(size, left)
        if not wanted:  # a damaged header may have led to a place that no file can have
            return b""
        at = self._start + self._at
        self._file.seek(at)
        content = self._file.read(wanted)
        self._at += len(content)
        return self._patched(at, content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves to `offset` and returns the new position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Returns the position."""
        return self._at

    def _patched(self, at: int, content: bytes) -> bytes:
        touched = [where for where in self._patches if at - 8 < where < at + len(content)]
        if not touched:
            return content
        changed = bytearray(content)
        for where in touched:
            for offset, byte in enumerate(self._patches[where], where - at):
                if 0 <= offset < len(changed):
                    changed[offset] = byte
        return bytes(changed)
