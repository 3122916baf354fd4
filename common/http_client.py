"""An HTTP client that reports a connection reset right after it was made as an error of httpx, on every event loop.

httpcore asks the new connection for its TLS state, and anyio for its peer; uvloop has no socket any more by then.
"""

from typing import Any

import httpx


class HttpClient(httpx.AsyncClient):
    """An AsyncClient for programs that run on uvloop."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Raises httpx.ConnectError for a connection that ended at once, and what AsyncClient raises."""
        try:
            return await super().send(request, **options)
        except AttributeError as error:
            if error.obj is not None:
                raise
            raise httpx.ConnectError("the connection was reset", request=request) from error
