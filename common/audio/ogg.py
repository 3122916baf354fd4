"""The links of a chained Ogg file: streams that follow one another, each with headers of its own (RFC 3533)."""

from dataclasses import dataclass
from typing import BinaryIO, Final

MAGIC: Final = b"OggS"

_HEADER_BYTES: Final = 27
_FIRST_PAGE: Final = 2
_MAX_LINKS: Final = 100


@dataclass(frozen=True, slots=True)
class Links:
    """`spans` holds the first byte of each link and that after its end; `is_cut` where the last page is not whole."""

    spans: tuple[tuple[int, int], ...]
    is_cut: bool


def read_links(file: BinaryIO, file_bytes: int) -> Links:
    """Walks over the headers of the pages. Damaged pages, and all links after a hundred, belong to the last link."""
    starts, at, is_first_before = [0], 0, True
    while header := _page(file, at):
        is_first, page_bytes = header
        if is_first and not is_first_before and len(starts) < _MAX_LINKS:
            starts.append(at)
        is_first_before = is_first
        at += page_bytes
        if at > file_bytes:
            break
    return Links(tuple(zip(starts, [*starts[1:], file_bytes], strict=True)), is_cut=at > file_bytes)


def _page(file: BinaryIO, at: int) -> tuple[bool, int] | None:
    """Returns whether the page begins a stream, and its length in bytes; None where there is no page."""
    file.seek(at)
    header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or header[:4] != MAGIC:
        return None
    lengths = file.read(header[26])
    return bool(header[5] & _FIRST_PAGE), _HEADER_BYTES + header[26] + sum(lengths)
