"""Streams a large response while it is produced, without letting a slow client block threads or the shutdown."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

_CHECK_EVERY_S = 0.5


class _Aborted(Exception):
    """Ends a response before it is complete."""


class Download(StreamingResponse):
    """Sends the pieces of a blocking generator; each is produced in a thread under `limiter`.

    The generator is closed when the response ends, also before its time: what it holds must not wait for the garbage
    collector, which finalizes parts that belong together in any order.
    Aborts the connection of a client that accepts no data for `send_timeout_s`, and every connection once `is_stopping`
    returns True.
    """

    def __init__(
        self,
        pieces: Generator[bytes, None, None],
        *,
        limiter: CapacityLimiter,
        send_timeout_s: float,
        is_stopping: Callable[[], bool],
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(_in_threads(pieces, limiter), media_type=media_type, headers=headers)
        self._pieces = pieces
        self._send_timeout_s = send_timeout_s
        self._is_stopping = is_stopping

    async def stream_response(self, send: Send) -> None:
        """Sends the response; returns early when it is aborted."""
        try:
            await super().stream_response(partial(self._send, send))
        except _Aborted:
            return  # the server closes the connection of an incomplete response
        finally:
            self._pieces.close()

    async def _send(self, send: Send, message: Message) -> None:
        sending = asyncio.ensure_future(send(message))
        waited_s = 0.0
        try:
            while not (await asyncio.wait({sending}, timeout=_CHECK_EVERY_S))[0]:
                waited_s += _CHECK_EVERY_S
                if waited_s >= self._send_timeout_s or self._is_stopping():
                    raise _Aborted
            await sending
            if self._is_stopping() and message.get("more_body"):
                raise _Aborted
        finally:
            sending.cancel()


async def _in_threads(pieces: Iterator[bytes], limiter: CapacityLimiter) -> AsyncIterator[bytes]:
    while (piece := await to_thread.run_sync(next, pieces, None, limiter=limiter)) is not None:
        if piece:
            yield piece
