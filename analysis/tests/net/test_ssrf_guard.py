"""The SSRF guard: callers reach through this server only public addresses and the networks that are configured."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from analysis.net.download import make_client
from analysis.net.ssrf_guard import AddressRefusedError, GuardedTransport
from analysis.settings import Settings
from analysis.tests.support.analysis_server import AnalysisServer, run_analysis_server
from analysis.tests.support.api_stub import ApiStub
from analysis.tests.support.polling import wait_until

PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127。0。0。1",
    "localhost",
    "localhost.",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[fd00::1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[ff02::1]",
]


class Canary:
    """A server on every loopback address that counts requests; /to/X redirects to X."""

    def __init__(self) -> None:
        self.requests = 0
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.requests += 1
                target = self.path.removeprefix("/to/")
                self.send_response(200 if target == self.path else 302)
                self.send_header("location", target)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Logs nothing."""

        self._server = HTTPServer(("0.0.0.0", 0), Handler)
        self.port = self._server.server_port

    @contextmanager
    def serving(self) -> Iterator["Canary"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary().serving() as running:
        yield running


async def _get(url: str, networks: Sequence[str] = (), *, follow: bool = False) -> httpx.Response:
    async with make_client([ip_network(network) for network in networks]) as client:
        return await client.get(url, follow_redirects=follow)


def get(url: str, networks: Sequence[str] = (), *, follow: bool = False) -> httpx.Response:
    return asyncio.run(_get(url, networks, follow=follow))


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_no_spelling_of_a_private_address_is_reached(canary: Canary, host: str) -> None:
    before = canary.requests
    with pytest.raises((httpx.RequestError, httpx.InvalidURL)) as refusal:
        get(f"http://{host}:{canary.port}/")
    assert canary.requests == before
    assert isinstance(refusal.value, AddressRefusedError | httpx.InvalidURL | httpx.ConnectError)


def test_only_a_configured_private_network_is_reached(canary: Canary) -> None:
    assert get(f"http://127.0.0.1:{canary.port}/", ["127.0.0.1/32"]).status_code == 200
    assert get(f"http://[::ffff:127.0.0.1]:{canary.port}/", ["127.0.0.1/32"]).status_code == 200
    before = canary.requests
    with pytest.raises(AddressRefusedError):
        get(f"http://127.0.0.2:{canary.port}/", ["127.0.0.1/32", "10.0.0.0/8"])
    assert canary.requests == before


def test_a_redirect_cannot_bypass_the_guard(canary: Canary) -> None:
    url = f"http://127.0.0.1:{canary.port}/to/http://127.0.0.2:{canary.port}/"
    assert get(url, ["127.0.0.1/32"]).status_code == 302
    before = canary.requests
    with pytest.raises(AddressRefusedError):
        get(url, ["127.0.0.1/32"], follow=True)
    assert canary.requests == before + 1


@pytest.mark.parametrize("url", ["ftp://192.0.2.1/x", "file:///etc/passwd", "gopher://192.0.2.1/"])
def test_non_http_schemes_are_refused(url: str) -> None:
    with pytest.raises((AddressRefusedError, httpx.UnsupportedProtocol)):
        get(url)


def test_connection_uses_the_checked_address() -> None:
    """A second DNS query could return another address. The certificate is still verified for the name."""
    seen: list[httpx.Request] = []

    async def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    async def send() -> None:
        transport = GuardedTransport(httpx.MockTransport(respond), [ip_network("127.0.0.0/8"), ip_network("::1/128")])
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get("https://localhost:8443/x?y=1")

    asyncio.run(send())
    (request,) = seen
    assert request.url.host in ("127.0.0.1", "::1")
    assert request.extensions["sni_hostname"] == "localhost"
    assert request.headers["host"] == "localhost:8443"
    assert (request.url.port, request.url.raw_path) == (8443, b"/x?y=1")


def test_no_private_network_is_allowed_by_default() -> None:
    assert Settings(_env_file=None).analysis_private_networks == []
    configured = Settings(_env_file=None, analysis_private_networks="10.0.0.0/8, fd00::/8")
    assert configured.analysis_private_networks == [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.fixture(scope="module")
def guarded_server() -> Iterator[AnalysisServer]:
    """A server without access to private networks, to this machine in particular."""
    with run_analysis_server(ANALYSIS_PRIVATE_NETWORKS="", ANALYSIS_WORKERS="1") as running:
        yield running


def test_the_server_neither_downloads_nor_posts_to_a_private_address(
    guarded_server: AnalysisServer, api: ApiStub
) -> None:
    webhooks = len(api.webhooks)
    job = api.job()
    guarded_server.submit(job)
    wait_until(lambda: guarded_server.state(job["job_id"])["status"] == "failed")
    assert guarded_server.state(job["job_id"])["error"]["code"] == "audio_fetch_failed"
    assert len(api.webhooks) == webhooks
    features = guarded_server.post("/features", {"audio_url": job["audio_url"], "text": job["text"]})
    assert (features.status_code, features.json()["code"]) == (422, "audio_fetch_failed")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.test/x", "//a.test/x", "http:///x", "gopher://a/"])
def test_job_with_a_non_http_url_is_refused(guarded_server: AnalysisServer, api: ApiStub, url: str) -> None:
    for name in ("audio_url", "reference_audio_url", "webhook_url"):
        assert guarded_server.post("/analyze", api.job(**{name: url})).status_code == 422


def test_all_endpoints_but_health_require_a_signature(guarded_server: AnalysisServer, api: ApiStub) -> None:
    server = guarded_server
    for path in ("/analyze", "/features"):
        assert server.client.post(server.url + path, json=api.job()).status_code == 401
    job_id = server.submit(api.job())
    assert server.client.get(f"{server.url}/analyze/{job_id}").status_code == 401
    assert server.get(f"/analyze/{job_id}").status_code == 200
