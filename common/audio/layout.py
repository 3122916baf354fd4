"""What a demuxer is given of a file: its parts, with what FFmpeg misreads taken out."""

import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from common.audio import mpeg, ogg, riff
from common.audio.views import FileView

_MATROSKA, _MP4 = b"\x1a\x45\xdf\xa3", b"ftyp"
_CONTAINERS: Final = (_MATROSKA, b"fLaC", b"caff", b"FORM", b"#!AMR", b"\x30\x26\xb2\x75", b"FLV")


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a file, each with a header of its own; `is_cut` where its headers promise more bytes than it has.

    No part is left of a file without a sound. `mp3_length_s` is what the header of an MP3 file states; None without it.
    """

    parts: tuple[FileView, ...]
    is_cut: bool = False
    is_wav: bool = False
    mp3_length_s: float | None = None


def read_layout(file: BinaryIO) -> Layout:
    """Looks at the headers of a seekable file. Raises riff.OddSamplesError."""
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        return Layout(())
    file.seek(0)
    head = file.read(mpeg.SEARCHED_BYTES)
    if head[:4] in riff.MAGICS and head[8:12] == b"WAVE":
        return _wav_layout(file, size)
    if head[:4] == ogg.MAGIC:
        links = ogg.read_links(file, size)
        return Layout(tuple(FileView(file, *span) for span in links.spans), links.is_cut)
    if head.startswith(_CONTAINERS) or head[4:8] == _MP4:
        return Layout((FileView(file),))
    tag_bytes = mpeg.tag_bytes(head)
    if tag_bytes:
        parts = (FileView(file),) if tag_bytes < size else ()
        return Layout(parts, mp3_length_s=mpeg.stated_length_s(head))
    found = mpeg.find_frames(head)
    start = found.offset if found else 0
    return Layout((FileView(file, start),), mp3_length_s=mpeg.stated_length_s(head[start:]))


def _wav_layout(file: BinaryIO, size: int) -> Layout:
    header = riff.read_header(file, size)
    view = FileView(file, patches=header.patches if header else {})
    return Layout((view,), header is not None and header.is_cut(size), is_wav=True)
