"""Downloads recordings from the URLs in a request: bounded in size and time, no redirects, no private networks."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import httpx

from analysis.failures import AnalysisFailedError, FailureCode
from analysis.net.http import RETRIED_4XX
from analysis.net.ssrf_guard import AddressRefusedError, GuardedTransport, IPNetwork
from common.http_client import HttpClient
from common.temporary_folder import temporary_file

log = logging.getLogger(__name__)

_TRIES: Final = 3
_FIRST_DELAY_S: Final = 0.3


def make_client(private_networks: Sequence[IPNetwork]) -> httpx.AsyncClient:
    """Returns the HTTP client for all downloads and webhooks of this server."""
    # httpx pools connections by IP address, not by the name that the certificate was checked for: none is reused.
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
    transport = GuardedTransport(httpx.AsyncHTTPTransport(limits=limits, trust_env=False), private_networks)
    timeout = httpx.Timeout(10.0, connect=3.0)
    return HttpClient(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)


@dataclass(frozen=True)
class DownloadedFile:
    """A file on local disk, and the SHA-256 of its content."""

    path: Path
    sha256: str


@asynccontextmanager
async def download(
    client: httpx.AsyncClient, url: str, max_bytes: int, timeout_s: float, failed: FailureCode
) -> AsyncIterator[DownloadedFile]:
    """Yields the content of a URL as a temporary file that is deleted afterwards.

    Raises AnalysisFailedError with the code `failed`, or AUDIO_TOO_LARGE, or AUDIO_EMPTY.
    """
    with temporary_file() as file:
        sha256 = await _download_with_retries(client, url, file, max_bytes, timeout_s, failed)
        yield DownloadedFile(Path(file.name), sha256)


async def _download_with_retries(
    client: httpx.AsyncClient, url: str, file: IO[bytes], max_bytes: int, timeout_s: float, failed: FailureCode
) -> str:
    for attempt in range(1, _TRIES + 1):
        try:
            async with asyncio.timeout(timeout_s):
                return await _download_once(client, url, file, max_bytes)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
            # The URL is signed and therefore a secret: only its host is logged.
            log.warning("fetch from %s failed (%s, %s)", urlsplit(url).hostname, type(error).__name__, status)
            if attempt == _TRIES or _is_permanent(error, status):
                raise AnalysisFailedError(failed) from error
            await asyncio.sleep(_FIRST_DELAY_S * 2 ** (attempt - 1))
    raise AnalysisFailedError(failed)


def _is_permanent(error: Exception, status: int | None) -> bool:
    """True when another try would fail in the same way."""
    if isinstance(error, AddressRefusedError):
        return True
    return status is not None and status < 500 and status not in RETRIED_4XX


async def _download_once(client: httpx.AsyncClient, url: str, file: IO[bytes], max_bytes: int) -> str:
    """Writes the content to `file` and returns its SHA-256."""
    file.seek(0)
    file.truncate()
    digest, size = hashlib.sha256(), 0
    async with client.stream("GET", url, headers={"accept-encoding": "identity"}) as response:
        if response.status_code != httpx.codes.OK:
            raise httpx.HTTPStatusError("not 200", request=response.request, response=response)
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > max_bytes:
                raise AnalysisFailedError(FailureCode.AUDIO_TOO_LARGE)
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise AnalysisFailedError(FailureCode.AUDIO_EMPTY)
    file.flush()
    return digest.hexdigest()
