"""Requests that callers could make through this server: to the public internet, and where the operator allows it."""

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
from analysis.tests.support.live_server import Server, World, job_for, server, wait_for

INWARD = [
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
    """A server on every loopback address that counts who comes; /to/X redirects to X."""

    def __init__(self) -> None:
        self.visits = 0
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.visits += 1
                target = self.path.removeprefix("/to/")
                self.send_response(200 if target == self.path else 302)
                self.send_header("location", target)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Silent."""

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
    with Canary().serving() as one:
        yield one


async def _get(url: str, networks: Sequence[str] = (), *, follow: bool = False) -> httpx.Response:
    async with make_client([ip_network(network) for network in networks]) as client:
        return await client.get(url, follow_redirects=follow)


def get(url: str, networks: Sequence[str] = (), *, follow: bool = False) -> httpx.Response:
    return asyncio.run(_get(url, networks, follow=follow))


@pytest.mark.parametrize("host", INWARD)
def test_no_spelling_of_an_inward_address_is_reached(canary: Canary, host: str) -> None:
    before = canary.visits
    with pytest.raises((httpx.RequestError, httpx.InvalidURL)) as refusal:
        get(f"http://{host}:{canary.port}/")
    assert canary.visits == before
    assert isinstance(refusal.value, AddressRefusedError | httpx.InvalidURL | httpx.ConnectError)


def test_a_network_that_the_operator_names_is_reached_and_no_other(canary: Canary) -> None:
    assert get(f"http://127.0.0.1:{canary.port}/", ["127.0.0.1/32"]).status_code == 200
    assert get(f"http://[::ffff:127.0.0.1]:{canary.port}/", ["127.0.0.1/32"]).status_code == 200
    before = canary.visits
    with pytest.raises(AddressRefusedError):
        get(f"http://127.0.0.2:{canary.port}/", ["127.0.0.1/32", "10.0.0.0/8"])
    assert canary.visits == before


def test_a_redirect_leads_nowhere_else(canary: Canary) -> None:
    outward = f"http://127.0.0.1:{canary.port}/to/http://127.0.0.2:{canary.port}/"
    assert get(outward, ["127.0.0.1/32"]).status_code == 302
    before = canary.visits
    with pytest.raises(AddressRefusedError):
        get(outward, ["127.0.0.1/32"], follow=True)
    assert canary.visits == before + 1


@pytest.mark.parametrize("url", ["ftp://192.0.2.1/x", "file:///etc/passwd", "gopher://192.0.2.1/"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises((AddressRefusedError, httpx.UnsupportedProtocol)):
        get(url)


def test_the_address_checked_is_the_address_connected_to() -> None:
    """No second look-up that could answer differently; the certificate is still asked of the name."""
    seen: list[httpx.Request] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    async def ask() -> None:
        transport = GuardedTransport(httpx.MockTransport(answer), [ip_network("127.0.0.0/8"), ip_network("::1/128")])
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get("https://localhost:8443/x?y=1")

    asyncio.run(ask())
    (request,) = seen
    assert request.url.host in ("127.0.0.1", "::1")
    assert request.extensions["sni_hostname"] == "localhost"
    assert request.headers["host"] == "localhost:8443"
    assert (request.url.port, request.url.raw_path) == (8443, b"/x?y=1")


def test_nothing_private_is_allowed_unless_it_is_set() -> None:
    assert Settings(_env_file=None).analysis_private_networks == []
    told = Settings(_env_file=None, analysis_private_networks="10.0.0.0/8, fd00::/8")
    assert told.analysis_private_networks == [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    with server(ANALYSIS_PRIVATE_NETWORKS="", ANALYSIS_WORKERS="1") as one:
        yield one


def test_the_server_fetches_and_reports_nowhere_inward(strict: Server, here: World) -> None:
    reports = len(here.webhooks)
    job = job_for(here)
    assert strict.post("/analyze", job).status_code == 202

    def ended() -> Any:
        state = strict.get(f"/analyze/{job['job_id']}").json()
        return state if state["status"] == "failed" else None

    assert wait_for(ended)["error"]["code"] == "audio_fetch_failed"
    assert len(here.webhooks) == reports
    features = strict.post("/features", {"audio_url": job["audio_url"], "text": job["text"]})
    assert (features.status_code, features.json()["code"]) == (422, "audio_fetch_failed")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.test/x", "//a.test/x", "http:///x", "gopher://a/"])
def test_a_job_with_another_kind_of_address_is_refused(strict: Server, here: World, url: str) -> None:
    for name in ("audio_url", "reference_audio_url", "webhook_url"):
        assert strict.post("/analyze", job_for(here, **{name: url})).status_code == 422


def test_every_address_of_the_server_but_health_wants_a_signature(strict: Server, here: World) -> None:
    for path in ("/analyze", "/features"):
        assert strict.client.post(strict.url + path, json=job_for(here)).status_code == 401
    job = job_for(here)
    assert strict.post("/analyze", job).status_code == 202
    assert strict.client.get(f"{strict.url}/analyze/{job['job_id']}").status_code == 401
    assert strict.get(f"/analyze/{job['job_id']}").status_code == 200
