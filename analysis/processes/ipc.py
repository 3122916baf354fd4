"""Messages between the server and its worker processes: a JSON header and a block of bytes, length-prefixed."""

import json
import struct
from typing import Any, BinaryIO, Final, Protocol

PREFIX: Final = struct.Struct("<II")
Header = dict[str, Any]


class AsyncReader(Protocol):
    """The part of asyncio.StreamReader that is needed here."""

    async def readexactly(self, n: int) -> bytes:
        """Exactly n bytes, or IncompleteReadError."""


def pack(header: Header, blob: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return PREFIX.pack(len(text), len(blob)) + text + blob


def read(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """The next message of a blocking stream; None when the other side is gone."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    text_size, blob_size = PREFIX.unpack(prefix)
    text, blob = stream.read(text_size), stream.read(blob_size)
    if len(text) < text_size or len(blob) < blob_size:
        return None
    header: Header = json.loads(text)
    return header, blob


async def receive(stream: AsyncReader) -> tuple[Header, bytes]:
    """The next message of an asyncio stream; raises IncompleteReadError when the other side is gone."""
    text_size, blob_size = PREFIX.unpack(await stream.readexactly(PREFIX.size))
    header: Header = json.loads(await stream.readexactly(text_size))
    return header, await stream.readexactly(blob_size)
