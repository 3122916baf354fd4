"""The certificates of Google's ID tokens: fetched once for all who wait, and kept while Google cannot be reached."""

import asyncio
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from google.auth import transport

from core.errors import GoogleUnavailable

log = logging.getLogger("yousync.google")

FETCH_TIMEOUT_S = 5.0
# How long certificates are used after their max-age while new ones cannot be fetched; Google itself lets them be kept
# for about as long.
STALE_S = 6 * 3600.0
_MAX_AGE = re.compile(r"max-age=(\d+)")


@dataclass(frozen=True, slots=True)
class FetchedCertificates(transport.Request):
    """A response that google-auth asks for and reads (google.auth.transport.Request and Response)."""

    status: int
    headers: Mapping[str, str]
    data: bytes
    fresh_until: float

    def __call__(self, *_: Any, **__: Any) -> "FetchedCertificates":
        return self


class GoogleCertificates:
    """Fetches the certificates at `url`. Used by one event loop, whose requests hold nothing while they wait."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url
        self._kept: FetchedCertificates | None = None
        self._fetching: asyncio.Task[FetchedCertificates] | None = None

    async def get(self) -> FetchedCertificates:
        """Returns certificates: fresh ones, else those kept while new ones are fetched, else the fetched ones.

        Raises GoogleUnavailable.
        """
        kept, now = self._kept, time.monotonic()
        if kept and now < kept.fresh_until:
            return kept
        fetching = self._begin()
        if kept and now < kept.fresh_until + STALE_S:
            return kept
        try:
            return await asyncio.shield(fetching)
        except (httpx.HTTPError, TimeoutError) as error:
            raise GoogleUnavailable from error

    async def close(self) -> None:
        """Ends a fetch that is going on, and the connections."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
        await self._client.aclose()

    def _begin(self) -> "asyncio.Task[FetchedCertificates]":
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._end)
        return self._fetching

    def _end(self, fetching: "asyncio.Task[FetchedCertificates]") -> None:
        self._fetching = None
        if not fetching.cancelled() and (error := fetching.exception()):
            log.warning("Google's certificates cannot be fetched: %s", type(error).__name__)

    async def _fetch(self) -> FetchedCertificates:
        async with asyncio.timeout(FETCH_TIMEOUT_S):
            response = await self._client.get(self._url)
        response.raise_for_status()
        max_age = _MAX_AGE.search(response.headers.get("cache-control", ""))
        fresh_until = time.monotonic() + (int(max_age[1]) if max_age else 0)
        self._kept = FetchedCertificates(response.status_code, response.headers, response.content, fresh_until)
        return self._kept
