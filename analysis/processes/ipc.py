"""Messages between the server and its child processes: a JSON header and a block of bytes, both length-prefixed."""

import json
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import Any, BinaryIO, Final, Protocol

PREFIX: Final = struct.Struct("<II")
Header = dict[str, Any]
Message = tuple[Header, bytes]
Send = Callable[[Header], None]
Handler = Callable[[Header, bytes, Send], Message]


class Role(StrEnum):
    """The two kinds of child processes."""

    DECODER = "decoder"
    ENGINE = "engine"


class MessageType(StrEnum):
    """The `type` of a message from a child process."""

    READY = "ready"
    RECEIVED = "received"
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"


class Operation(StrEnum):
    """The `op` of a message to an engine process."""

    ANALYZE = "analyze"
    FEATURES = "features"


class AsyncReader(Protocol):
    """The part of asyncio.StreamReader that `receive` needs."""

    async def readexactly(self, n: int) -> bytes:
        """Returns exactly n bytes, or raises IncompleteReadError."""


def pack(header: Header, blob: bytes = b"") -> bytes:
    """Returns one message as bytes."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return PREFIX.pack(len(text), len(blob)) + text + blob


def read(stream: BinaryIO) -> Message | None:
    """Returns the next message of a blocking stream, or None when the other side has closed it."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    text_size, blob_size = PREFIX.unpack(prefix)
    text, blob = stream.read(text_size), stream.read(blob_size)
    if len(text) < text_size or len(blob) < blob_size:
        return None
    header: Header = json.loads(text)
    return header, blob


async def receive(stream: AsyncReader) -> Message:
    """Returns the next message of an asyncio stream; raises IncompleteReadError when the other side has closed it."""
    text_size, blob_size = PREFIX.unpack(await stream.readexactly(PREFIX.size))
    header: Header = json.loads(await stream.readexactly(text_size))
    return header, await stream.readexactly(blob_size)
