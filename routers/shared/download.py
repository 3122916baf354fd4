"""A large answer that is made while it is sent, and that neither a slow client nor the server's end is held up by."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

_LOOK_EVERY_S = 0.5


class _Cut(Exception):
    """The rest will not be sent."""


class Download(StreamingResponse):
    """Sends what a blocking iterator makes, each piece in a thread under `limiter`.

    A client that takes nothing for `patience_s` is cut, and every client once `is_stopping` says that the server ends.
    """

    def __init__(
        self,
        pieces: Iterator[bytes],
        *,
        limiter: CapacityLimiter,
        patience_s: float,
        is_stopping: Callable[[], bool],
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(_in_threads(pieces, limiter), media_type=media_type, headers=headers)
        self._patience_s = patience_s
        self._is_stopping = is_stopping

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(partial(self._send, send))
        except _Cut:
            return  # the server closes a connection whose answer is not complete

    async def _send(self, send: Send, message: Message) -> None:
        sending = asyncio.ensure_future(send(message))
        waited_s = 0.0
        try:
            while not (await asyncio.wait({sending}, timeout=_LOOK_EVERY_S))[0]:
                waited_s += _LOOK_EVERY_S
                if waited_s >= self._patience_s or self._is_stopping():
                    raise _Cut
            await sending
            if self._is_stopping() and message.get("more_body"):
                raise _Cut
        finally:
            sending.cancel()


async def _in_threads(pieces: Iterator[bytes], limiter: CapacityLimiter) -> AsyncIterator[bytes]:
    while (piece := await to_thread.run_sync(next, pieces, None, limiter=limiter)) is not None:
        if piece:
            yield piece
