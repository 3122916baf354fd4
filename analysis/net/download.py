"""Fetches recordings from the addresses a job names: bounded in size and time, no redirects, no private networks."""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import httpx

from analysis.failures import AnalysisFailedError
from analysis.net.ssrf_guard import AddressRefusedError, GuardedTransport, IPNetwork

log = logging.getLogger(__name__)

_ATTEMPTS: Final = 3
_FIRST_DELAY_S: Final = 0.3


def make_client(private_networks: Sequence[IPNetwork]) -> httpx.AsyncClient:
    """The client for all that this server fetches and reports."""
    # Connections are pooled by address, not by the name that their certificate was checked for: none is used twice.
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
    transport = GuardedTransport(httpx.AsyncHTTPTransport(limits=limits, trust_env=False), private_networks)
    timeout = httpx.Timeout(10.0, connect=3.0)
    return httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)


@dataclass(frozen=True)
class Fetched:
    """A file on local disk, and the SHA-256 of its content."""

    path: Path
    sha256: str


@asynccontextmanager
async def fetched(
    client: httpx.AsyncClient, url: str, max_bytes: int, timeout_s: float, failed: str
) -> AsyncIterator[Fetched]:
    """The content of an address as a temporary file that is gone afterwards.

    Raises AnalysisFailedError with the code `failed`, or audio_too_large, or audio_empty.
    """
    with tempfile.NamedTemporaryFile(prefix="yousync-") as file:
        sha256 = await _download_with_retries(client, url, file, max_bytes, timeout_s, failed)
        yield Fetched(Path(file.name), sha256)


async def _download_with_retries(
    client: httpx.AsyncClient, url: str, file: IO[bytes], max_bytes: int, timeout_s: float, failed: str
) -> str:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            async with asyncio.timeout(timeout_s):
                return await _download(client, url, file, max_bytes)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
            # The address is a secret (it is signed): only its host is logged.
            log.warning("fetch from %s failed (%s, %s)", urlsplit(url).hostname, type(error).__name__, status)
            refused = status is not None and status < 500 and status not in {408, 425, 429}
            if refused or isinstance(error, AddressRefusedError) or attempt == _ATTEMPTS:
                raise AnalysisFailedError(failed) from error
            await asyncio.sleep(_FIRST_DELAY_S * 2 ** (attempt - 1))
    raise AnalysisFailedError(failed)


async def _download(client: httpx.AsyncClient, url: str, file: IO[bytes], max_bytes: int) -> str:
    file.seek(0)
    file.truncate()
    digest, size = hashlib.sha256(), 0
    async with client.stream("GET", url, headers={"accept-encoding": "identity"}) as response:
        if response.status_code != httpx.codes.OK:
            raise httpx.HTTPStatusError("not 200", request=response.request, response=response)
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > max_bytes:
                raise AnalysisFailedError("audio_too_large")
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise AnalysisFailedError("audio_empty")
    file.flush()
    return digest.hexdigest()
